//! A transcript with very many codings, corrected in three ways.

use std::collections::HashSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::Fallible;
use crate::book::{Book, tell};
use crate::corpus::{Interview, Sentences};
use crate::measure::{Side, output, pair};
use crate::random::Random;
use crate::site::{Site, replace, text};
use crate::table::{Value, seconds};

const WORDS: usize = 100_000;
const CODINGS: usize = 5_000;
const TYPOS: usize = 200;
/// Seconds.
const BAR: f64 = 1.0;
const WAITING: &str = "revise: a paragraph moved, half of the codings waiting for their place";
/// How often a revision runs at most before it is the import's turn.
const FEW: u32 = 4;

/// Revisions beside the import of the same text.
pub(crate) fn revise(book: &mut Book, site: &Site) -> Fallible<()> {
    let dir = site.dir.join("revise");
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    fs::create_dir_all(&dir)?;
    let mut random = Random::new(11);
    let interview = Sentences::read()?.interview(0, WORDS, &mut random);
    let clean = &interview.text;
    let slips = with_slips(clean, &mut random);
    let first = dir.join("long.txt");
    fs::write(&first, &slips)?;
    let (base, run) = (dir.join("base"), dir.join("run"));
    let empty = site.dir.join("product-empty");
    replace(&empty, &base)?;
    output(&mut site.product_in(&base, &["import", &text(&first)]))?;
    let codings = dir.join("codings.csv");
    fs::write(&codings, coded(site, &interview, &mut random)?)?;
    output(&mut site.product_in(&base, &["code", "--from", &text(&codings)]))?;
    for (job, corrected) in [
        (
            "revise: 200 typos mended, one paragraph on top",
            format!(
                "Interviewer: Before we go on, a word on what this visit is for and who will read it.\n\n{clean}"
            ),
        ),
        ("revise: all speaker labels renamed", renamed(&slips)),
        ("revise: a paragraph moved", moved(&slips)),
        // Last: it changes what is revised.
        (WAITING, moved(&half_anew(&slips))),
    ] {
        let file = dir.join("corrected.txt");
        fs::write(&file, corrected)?;
        let command = ["transcript", "revise", "T01", &text(&file)];
        if job == WAITING {
            let half = dir.join("half.txt");
            fs::write(&half, half_anew(&slips))?;
            output(&mut site.product_in(
                &base,
                &["transcript", "revise", "T01", &text(&half), "--yes"],
            ))?;
        }
        placed(site, &base, &command, job)?;
        let product = Side::of(|_| Ok(site.product_in(&run, &[&command[..], &["--yes"]].concat())))
            .before(|_| replace(&base, &run));
        let scale = Side::of(|_| Ok(site.product_in(&run, &["import", &text(&first)])))
            .before(|_| replace(&empty, &run));
        let measured = pair(&product, &scale, FEW)?;
        book.line(
            &format!("{job}, to its import"),
            site.size,
            [seconds(measured.product.wall), seconds(measured.floor.wall)],
            Value::Seconds(measured.product.wall, measured.ratio),
            Some(BAR),
        );
    }
    fs::remove_dir_all(&dir)?;
    Ok(())
}

/// Says so where codings find no place: then little was written.
fn placed(site: &Site, base: &Path, command: &[&str], job: &str) -> Fallible<()> {
    let said = output(&mut site.product_in(base, &[command, &["--dry-run", "--json"]].concat()))?;
    let said: serde_json::Value = serde_json::from_slice(&said)?;
    tell(&format!("{job}: {}", said["grades"]));
    Ok(())
}

/// The text with one letter of some long words changed, at equal length.
fn with_slips(clean: &str, random: &mut Random) -> String {
    let mut places = Vec::new();
    let mut start = None;
    for (at, byte) in clean.bytes().enumerate() {
        match (byte.is_ascii_lowercase(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                // Neither beside letters that are not ASCII nor the rest of a name.
                let alone = clean[..from].ends_with(' ') && matches!(byte, b' ' | b'.' | b',');
                if alone && at - from >= 6 {
                    places.push(from + 2);
                }
                start = None;
            }
            _ => {}
        }
    }
    random.shuffle(&mut places);
    let mut text = clean.to_owned();
    for at in places.into_iter().take(TYPOS) {
        text.replace_range(at..=at, "x");
    }
    text
}

fn renamed(text: &str) -> String {
    format!("\n\n{text}")
        .replace("\n\nInterviewer: ", "\n\nMarguerite: ")
        .replace("\n\nP00: ", "\n\nAgnes: ")
        .trim_start()
        .to_owned()
}

/// The longest paragraph of the first half, put into the second.
fn moved(text: &str) -> String {
    let mut all: Vec<&str> = text.trim_end().split("\n\n").collect();
    let longest = (0..all.len() / 2)
        .max_by_key(|n| all[*n].len())
        .unwrap_or_default();
    let paragraph = all.remove(longest);
    all.insert(all.len() * 3 / 4, paragraph);
    all.join("\n\n") + "\n"
}

/// Every second thing that a participant says in other words, not all of them ASCII.
fn half_anew(text: &str) -> String {
    let mut random = Random::new(13);
    let mut anew = |paragraph: &str| {
        let (who, said) = paragraph.split_once(": ").unwrap_or(("", paragraph));
        let words: Vec<String> = said
            .split(' ')
            .map(|_| format!("wört{}", random.below(5_000)))
            .collect();
        format!("{who}: {}", words.join(" "))
    };
    let all: Vec<String> = text
        .trim_end()
        .split("\n\n")
        .enumerate()
        .map(|(n, paragraph)| {
            if n % 4 == 1 {
                anew(paragraph)
            } else {
                paragraph.to_owned()
            }
        })
        .collect();
    all.join("\n\n") + "\n"
}

/// Codings of whole sentences by two coders, as a table.
fn coded(site: &Site, interview: &Interview, random: &mut Random) -> Fallible<String> {
    let mut themes = Vec::new();
    for row in csv::Reader::from_path(site.inputs.codebook())?.records() {
        themes.push(row?[0].to_owned());
    }
    let mut table = "place,theme,coder\n".to_owned();
    let mut seen = HashSet::new();
    while seen.len() < CODINGS {
        let places = random.pick(&interview.turns);
        let from = random.below(places.len());
        let to = (from + random.pick(&[0, 0, 1, 1, 2, 3])).min(places.len() - 1);
        let (start, end) = (places[from].0, places[to].1);
        let (theme, coder) = (random.pick(&themes), random.pick(&["ana", "ben"]));
        let row = format!("T01@{start}-{end},{theme},{coder}");
        if seen.insert(row.clone()) {
            writeln!(table, "{row}")?;
        }
    }
    Ok(table)
}
