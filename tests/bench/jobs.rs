//! The jobs, in the order in which they are done, and the bar of each.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value as Json;

use crate::Fallible;
use crate::book::{Book, tell};
use crate::corpus::{Sentences, WORDS};
use crate::measure::{Cost, Side, once, output, pair};
use crate::random::Random;
use crate::site::{Programs, Site, bytes, text};
use crate::table::{Value, megabytes, seconds};

/// How many short runs go together at most.
const MANY: u32 = 200;
/// The same for runs that change the study.
const FEW: u32 = 4;

const THEME: &str = "trust";
const CASE: &str = "fernley";
const ROLE: &str = "nurse";

/// The groups that can be asked for.
pub(crate) const GROUPS: [&str; 11] = [
    "start", "import", "docx", "revise", "size", "search", "quotes", "report", "analysis", "small",
    "figures",
];

/// The bar of a size, where there is one.
fn at<const N: usize>(size: &str, bars: [(&str, f64); N]) -> Option<f64> {
    bars.iter().find(|(at, _)| *at == size).map(|(_, bar)| *bar)
}

/// Starting, whatever the study.
pub(crate) fn start(book: &mut Book, programs: &Programs) {
    if !book.wants("start") {
        return;
    }
    let version = |program: &Path| {
        let mut command = Command::new(program);
        command.arg("--version");
        command
    };
    let measured = pair(
        &Side::of(|_| Ok(version(&programs.product))),
        &Side::of(|_| Ok(version(&programs.empty))),
        MANY,
    );
    book.pair_cpu("--version, CPU, to an empty program", "", measured, 1.5);
}

/// Everything on one size.
pub(crate) fn all(book: &mut Book, site: &Site) -> Fallible<()> {
    let built = site.dir.join("built");
    if book.wants("import") || !built.is_file() {
        fs::remove_file(&built).ok();
        site.prepare()?;
        if book.wants("import") {
            import(book, site)?;
        } else {
            site.reset_product()?;
            site.reset_floor()?;
            output(&mut import_command(site))?;
            output(&mut site.floor(
                "import",
                &[&text(&site.texts()), &text(&site.dir.join("inputs"))],
            ))?;
        }
        codings(book, site)?;
        fs::write(&built, "")?;
    }
    // The index and the sets of turns catch up before anything is timed.
    output(&mut site.product(&["search", "people", "--theme", THEME]))?;
    for (group, jobs) in GROUPED {
        if book.wants(group)
            && let Err(error) = jobs(book, site)
        {
            book.fail(group, site.size, &*error, None);
        }
    }
    Ok(())
}

/// A group of jobs on one study.
type Jobs = fn(&mut Book, &Site) -> Fallible<()>;

/// The last ones change the study.
const GROUPED: [(&str, Jobs); 9] = [
    ("docx", crate::office::docx),
    ("revise", crate::revise::revise),
    ("size", size),
    ("start", status),
    ("search", search),
    ("quotes", quotes),
    ("report", report),
    ("analysis", crate::analysis::analysis),
    ("small", small),
];

#[expect(clippy::unnecessary_wraps, reason = "a group like the others")]
fn status(book: &mut Book, site: &Site) -> Fallible<()> {
    let empty = || {
        let mut command = Command::new(&site.programs.empty);
        command.arg("--version");
        command
    };
    let measured = pair(
        &Side::of(|_| Ok(site.product(&["status"]))),
        &Side::of(|_| Ok(empty())),
        MANY,
    );
    book.pair_cpu("status, CPU, to an empty program", site.size, measured, 3.0);
    Ok(())
}

fn import_command(site: &Site) -> Command {
    site.product(&[
        "import",
        &text(&site.texts()),
        "--details",
        &text(&site.inputs.transcripts()),
    ])
}

fn import(book: &mut Book, site: &Site) -> Fallible<()> {
    let (texts, inputs) = (text(&site.texts()), text(&site.dir.join("inputs")));
    let product = || Side::of(|_| Ok(import_command(site))).before(|_| site.reset_product());
    let floor =
        Side::of(|_| Ok(site.floor("import", &[&texts, &inputs]))).before(|_| site.reset_floor());
    let measured = pair(&product(), &floor, 1);
    if let Some(pair) = book.pair("import", site.size, measured, Some(1.4)) {
        book.peaks(
            "import, peak memory",
            site.size,
            &pair,
            at(site.size, [("M", 500e6), ("L", 1_200e6)]),
        );
        // What is there now is what the last run of each left.
        match again(site) {
            Ok(cost) => book.line(
                "the same folder again, to the first time",
                site.size,
                [seconds(cost.wall), seconds(pair.product.wall)],
                Value::Ratio(cost.wall / pair.product.wall),
                Some(0.15),
            ),
            Err(error) => book.fail(
                "the same folder again, to the first time",
                site.size,
                &*error,
                Some(0.15),
            ),
        }
    } else {
        return Err("without an import there is nothing to measure".into());
    }
    if site.size != "L" {
        let plain = site.dir.join("plain");
        let command = || {
            let mut command = Command::new(&site.programs.floor);
            command
                .args(["floor", "import-plain"])
                .arg(&plain)
                .arg(&texts);
            command
        };
        let clear = |_| {
            if plain.exists() {
                fs::remove_dir_all(&plain)?;
            }
            Ok(())
        };
        let measured = pair(&product(), &Side::of(|_| Ok(command())).before(clear), 1);
        book.pair(
            "import, to one plain loop",
            site.size,
            measured,
            at(site.size, [("M", 2.0)]),
        );
        clear(0)?;
    }
    Ok(())
}

/// Importing the same folder into the same study. Files that are in are refused by name, so that 1 is as it should be.
fn again(site: &Site) -> Fallible<Cost> {
    let side = Side::of(|_| Ok(import_command(site))).accepting(&[0, 1]);
    let mut costs = [once(&side)?, once(&side)?, once(&side)?];
    costs.sort_by(|a, b| a.wall.total_cmp(&b.wall));
    Ok(costs[1])
}

/// Codings come in files of half a million, one after the other, on both sides.
fn codings(book: &mut Book, site: &Site) -> Fallible<()> {
    let (mut ours, mut floors) = (0.0, 0.0);
    for file in site.inputs.codings()? {
        ours += once(&Side::of(|_| {
            Ok(site.product(&["code", "--from", &text(&file)]))
        }))?
        .wall;
        floors += once(&Side::of(|_| Ok(site.floor("codings", &[&text(&file)]))))?.wall;
    }
    if book.wants("import") {
        book.line(
            "codings from CSV",
            site.size,
            [seconds(ours), seconds(floors)],
            Value::Ratio(ours / floors),
            None,
        );
    }
    Ok(())
}

fn size(book: &mut Book, site: &Site) -> Fallible<()> {
    let of_text = |bytes: u64| {
        #[expect(clippy::cast_precision_loss, reason = "no study is that large")]
        let ratio = bytes as f64 / site.corpus.bytes as f64;
        Value::Ratio(ratio)
    };
    let whole = megabytes(site.corpus.bytes);
    // The sets of turns lie in the same folder and are no index of the text.
    let index = index_bytes(&site.index())?;
    book.line(
        "size of the index, to the text",
        site.size,
        [megabytes(index), whole.clone()],
        of_text(index),
        Some(0.45),
    );
    book.line(
        "size of the index, for each kind of term (words, stems)",
        site.size,
        [megabytes(index / 2), whole.clone()],
        of_text(index / 2),
        None,
    );
    let bare = index_bytes(&site.floor_dir().join("index"))?;
    book.line(
        "size of the floor's index, to the text",
        site.size,
        [String::new(), megabytes(bare)],
        of_text(bare),
        None,
    );
    let study = bytes(&site.study())?;
    book.line(
        "size of the study file, to the text",
        site.size,
        [megabytes(study), whole],
        of_text(study),
        at(site.size, [("M", 1.5)]),
    );
    Ok(())
}

/// The bytes of the files that tantivy keeps in a folder.
fn index_bytes(folder: &Path) -> Fallible<u64> {
    const OF_SEGMENTS: [&str; 7] = ["idx", "pos", "term", "store", "fast", "fieldnorm", "del"];
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|e| OF_SEGMENTS.iter().any(|known| e == *known))
        {
            sum += bytes(&path)?;
        }
    }
    Ok(sum)
}

/// What is looked for: the kind, the query for the floor and for the product.
const SEARCHES: [(&str, &str, &str); 5] = [
    ("word", "people", "people"),
    ("phrase", "felt like nobody", "\"felt like nobody\""),
    ("prefix", "comm", "comm*"),
    ("fuzzy", "peaple", "peaple~1"),
    ("word", "the", "the"),
];

fn search(book: &mut Book, site: &Site) -> Fallible<()> {
    for (kind, bare, query) in SEARCHES {
        let job = if bare == "the" {
            "search, word `the`".to_owned()
        } else {
            format!("search, {kind}")
        };
        // The floor does not know interviewers from others.
        let everyone = ["search", query, "--json", "--speaker", "all"];
        same_total(site, &job, &everyone, site.floor("search", &[kind, bare]))?;
        let plain = |_| Ok(site.product(&["search", query, "--json"]));
        let measured = pair(
            &Side::of(plain),
            &Side::of(|_| Ok(site.floor("search", &[kind, bare]))),
            MANY,
        );
        book.pair(&job, site.size, measured, Some(1.5));
        let filtered =
            |_| Ok(site.product(&["search", query, "--json", "--theme", THEME, "--case", CASE]));
        let measured = pair(&Side::of(filtered), &Side::of(plain), MANY);
        book.pair(
            &format!("{job}, in a theme and a case, to without"),
            site.size,
            measured,
            Some(2.0),
        );
    }
    Ok(())
}

/// Says so where the two do not find as many: then they did not do the same work.
fn same_total(site: &Site, job: &str, ours: &[&str], mut floor: Command) -> Fallible<()> {
    let total = |command: &mut Command| -> Fallible<u64> {
        let said: Json = serde_json::from_slice(&output(command)?)?;
        said["total"].as_u64().ok_or_else(|| "no total".into())
    };
    let (ours, floors) = (total(&mut site.product(ours))?, total(&mut floor)?);
    if ours != floors {
        tell(&format!(
            "{job}, {}: the product finds {ours}, the floor {floors}",
            site.size
        ));
    }
    Ok(())
}

fn quotes(book: &mut Book, site: &Site) -> Fallible<()> {
    let (ours, bare) = (site.dir.join("quotes.md"), site.dir.join("quotes-floor.md"));
    let product = Side::of(|_| {
        Ok(site.product(&[
            "quotes",
            "--theme",
            THEME,
            "--role",
            ROLE,
            "-o",
            &text(&ours),
        ]))
    })
    .before(|_| remove(&ours));
    let floor = Side::of(|_| Ok(site.floor("quotes", &[THEME, ROLE, &text(&bare)])));
    let (job, counted) = ("quotes of a theme in one role", ["--json", "--limit", "1"]);
    let same = ["quotes", "--theme", THEME, "--role", ROLE];
    same_total(
        site,
        job,
        &[&same[..], &counted].concat(),
        site.floor("quotes", &[THEME, ROLE, &text(&bare)]),
    )?;
    let measured = pair(&product, &floor, MANY);
    book.pair(
        job,
        site.size,
        measured,
        at(site.size, [("M", 1.5), ("L", 1.5)]),
    );
    Ok(())
}

/// Removes what the run before wrote, so that every run writes a new file.
fn remove(file: &Path) -> Fallible<()> {
    if file.exists() {
        fs::remove_file(file)?;
    }
    Ok(())
}

fn report(book: &mut Book, site: &Site) -> Fallible<()> {
    let (ours, bare) = (
        site.dir.join("summary.md"),
        site.dir.join("summary-floor.md"),
    );
    let product = || {
        Side::of(|_| {
            Ok(site.product(&["report", "summary", "--quotes", "all", "-o", &text(&ours)]))
        })
        .before(|_| remove(&ours))
    };
    let floor = |job: &'static str| Side::of(|_| Ok(site.floor(job, &[&text(&bare)])));
    let job = "report summary, all quotes";
    same_total(
        site,
        job,
        &["quotes", "--json", "--limit", "1"],
        site.floor("summary", &[&text(&bare)]),
    )?;
    let measured = pair(&product(), &floor("summary"), MANY);
    if let Some(pair) = book.pair(job, site.size, measured, at(site.size, [("M", 1.5)])) {
        book.peaks(
            "report summary, peak memory",
            site.size,
            &pair,
            at(site.size, [("M", 128e6), ("L", 256e6)]),
        );
    }
    let measured = pair(&product(), &floor("summary-tree"), MANY);
    book.pair(
        "report summary, to quotes through comrak",
        site.size,
        measured,
        None,
    );
    Ok(())
}

fn small(book: &mut Book, site: &Site) -> Fallible<()> {
    // What is added must be new each time, also where a study is measured again.
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let span = |run: u32| {
        let start = 100 + (now * 31 + u64::from(run) * 7) % 20_000;
        (start.to_string(), (start + 80).to_string())
    };
    let product = Side::of(|run| {
        let (start, end) = span(run);
        Ok(site.product(&["code", &format!("T17@{start}-{end}"), "trust/barriers"]))
    });
    let floor = Side::of(|run| {
        let (start, end) = span(run);
        Ok(site.floor("code", &["T17", &start, &end, "trust/barriers", "bench"]))
    });
    let measured = pair(&product, &floor, FEW);
    book.pair(
        "one coding added",
        site.size,
        measured,
        at(site.size, [("L", 2.0)]),
    );

    let sentences = Sentences::read()?;
    let extra = site.dir.join("extra");
    if extra.exists() {
        fs::remove_dir_all(&extra)?;
    }
    fs::create_dir_all(&extra)?;
    let participant = {
        let mut rows = csv::Reader::from_path(site.inputs.participants())?;
        let mut first = csv::StringRecord::new();
        rows.read_record(&mut first)?;
        first.get(0).unwrap_or_default().to_owned()
    };
    let file = |run: u32| extra.join(format!("{run}.txt"));
    let write = |run: u32| {
        let doc = now * 1_000 + u64::from(run);
        fs::write(
            file(run),
            sentences.interview(doc, WORDS, &mut Random::new(doc)).text,
        )?;
        Ok(())
    };
    let product = Side::of(|run| {
        Ok(site.product(&[
            "import",
            &text(&file(run)),
            "--case",
            CASE,
            "--participant",
            &participant,
        ]))
    })
    .before(write);
    let floor =
        Side::of(|run| Ok(site.floor("interview", &[&text(&file(run)), CASE, &participant])))
            .before(write);
    let measured = pair(&product, &floor, FEW);
    book.pair(
        "one interview added",
        site.size,
        measured,
        at(site.size, [("L", 2.0)]),
    );
    Ok(())
}
