//! The product beside the same work with no product around it, in turn, in one run.
//!
//! ```text
//! cargo bench --bench floors -- S M           sizes: S 60, M 2,000, L 20,000 interviews, or ALL
//!     --corpus DIR                            a corpus made elsewhere, laid out as corpus.rs says
//!     --only search,quotes                    some groups of jobs: start import docx revise size search quotes
//!                                             report analysis small figures
//!     --markdown                              the table as docs/performance.md has it
//! ```
//! `CASEBOOK_BENCH_DIR` says where the studies are made and kept (L takes 12 GB; without it, a temporary folder that
//! goes again), `CASEBOOK_BIN` which program is measured. Only the ratios mean anything: machines drift by a factor of
//! two between minutes.

mod analysis;
mod book;
mod corpus;
mod figures;
mod floor;
mod inputs;
mod jobs;
mod measure;
mod office;
mod random;
mod revise;
mod rollup;
mod site;
mod table;

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use book::Book;
use corpus::Corpus;
use inputs::Inputs;
use jobs::GROUPS;
use site::{Programs, Site};

type Fallible<T> = Result<T, Box<dyn Error>>;

const SIZES: [(&str, u64); 3] = [("S", 60), ("M", 2_000), ("L", 20_000)];

/// What is asked for.
#[derive(Default)]
struct Asked {
    sizes: Vec<(&'static str, u64)>,
    corpora: Vec<PathBuf>,
    groups: Vec<String>,
    markdown: bool,
}

fn main() -> Fallible<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let Some((first, rest)) = arguments.split_first()
        && first == "floor"
    {
        return floor::run(rest);
    }
    let asked = read(arguments)?;
    let programs = Programs {
        product: env::var_os("CASEBOOK_BIN").map_or_else(
            || PathBuf::from(env!("CARGO_BIN_EXE_casebook")),
            PathBuf::from,
        ),
        floor: env::current_exe()?,
        empty: build_empty()?,
    };
    let temporary = tempfile::tempdir()?;
    let base = env::var_os("CASEBOOK_BENCH_DIR")
        .map_or_else(|| temporary.path().to_owned(), PathBuf::from);
    fs::create_dir_all(&base)?;
    let base = fs::canonicalize(base)?;
    let mut book = Book::new(asked.groups);
    jobs::start(&mut book, &programs);
    if book.wants("figures") {
        figures::figures(&mut book, &programs, &base)?;
        rollup::rollup(&mut book, &programs, &base)?;
    }
    for (size, interviews) in asked.sizes {
        let dir = base.join(size);
        let corpus = Corpus::make(&dir.join("corpus"), interviews)?;
        measure(&mut book, size, dir, corpus, &programs)?;
    }
    for folder in asked.corpora {
        let corpus = Corpus::open(&folder)?;
        // It is judged as the largest of the three sizes that it fills.
        let size = SIZES
            .iter()
            .rev()
            .find(|(_, n)| corpus.interviews >= *n)
            .map_or("S", |(size, _)| size);
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        measure(
            &mut book,
            size,
            base.join(format!("of-{name}")),
            corpus,
            &programs,
        )?;
    }
    book.across();
    let table = if asked.markdown {
        table::markdown(&book.lines)
    } else {
        table::plain(&book.lines)
    };
    writeln!(std::io::stdout(), "{}\n\n{table}", machine())?;
    Ok(())
}

fn measure(
    book: &mut Book,
    size: &'static str,
    dir: PathBuf,
    corpus: Corpus,
    programs: &Programs,
) -> Fallible<()> {
    let inputs = Inputs::make(&dir.join("inputs"), &corpus)?;
    jobs::all(
        book,
        &Site {
            size,
            dir,
            corpus,
            inputs,
            programs,
        },
    )
}

fn read(arguments: Vec<String>) -> Fallible<Asked> {
    let mut asked = Asked::default();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--bench" => {} // cargo says so to every benchmark
            "--markdown" => asked.markdown = true,
            "--corpus" => asked
                .corpora
                .push(arguments.next().ok_or("--corpus needs a folder")?.into()),
            "--only" => {
                let groups = arguments.next().ok_or("--only needs groups of jobs")?;
                asked.groups.extend(groups.split(',').map(str::to_owned));
            }
            "ALL" => asked.sizes.extend(SIZES),
            other => match SIZES.iter().find(|(size, _)| *size == other) {
                Some(size) => asked.sizes.push(*size),
                None if Path::new(other).is_dir() => asked.corpora.push(other.into()),
                None => {
                    return Err(
                        format!("`{other}` is neither a size (S, M, L, ALL) nor a folder").into(),
                    );
                }
            },
        }
    }
    if let Some(odd) = asked.groups.iter().find(|g| !GROUPS.contains(&g.as_str())) {
        return Err(format!(
            "no group of jobs is called `{odd}`; there are {}",
            GROUPS.join(", ")
        )
        .into());
    }
    if asked.groups.is_empty() {
        asked.groups = GROUPS.map(str::to_owned).to_vec();
    }
    // Figures are measured without interviews.
    let figures_alone = asked.groups == ["figures"];
    if asked.sizes.is_empty() && asked.corpora.is_empty() && !figures_alone {
        asked.sizes.push(SIZES[0]);
    }
    Ok(asked)
}

/// Builds the empty program, if it is not yet, and says where it is: cargo puts a hash into its name.
fn build_empty() -> Fallible<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args([
            "bench",
            "--bench",
            "empty",
            "--no-run",
            "--quiet",
            "--message-format",
            "json",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    let said = measure::output(&mut command)?;
    let artifact = |line: &str| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        let is_it = message["target"]["name"] == "empty";
        is_it.then(|| message["executable"].as_str().map(PathBuf::from))?
    };
    String::from_utf8_lossy(&said)
        .lines()
        .find_map(artifact)
        .ok_or_else(|| "cargo built no empty program".into())
}

/// The day and the machine.
fn machine() -> String {
    let from = |file: &str, key: &str| {
        let text = fs::read_to_string(file).ok()?;
        let line = text.lines().find(|line| line.starts_with(key))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let processor =
        from("/proc/cpuinfo", "model name").unwrap_or_else(|| env::consts::ARCH.to_owned());
    let memory = from("/proc/meminfo", "MemTotal")
        .and_then(|m| m.split(' ').next()?.parse::<u64>().ok())
        .map_or_else(String::new, |kb| {
            format!(", {} GB of memory", kb / 1_000_000)
        });
    format!(
        "Measured on {} on {}: {processor}, {cores} cores{memory}.",
        jiff::Zoned::now().date(),
        env::consts::OS
    )
}
