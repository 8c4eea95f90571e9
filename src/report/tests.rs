//! The reports on small studies, as their readers get them.

mod small;
mod whole;

use small::{Small, two_systems};

use super::options::{QuoteChoice, ReportOptions, Written};
use super::{Format, case, codebook, debrief, summary, theme};
use crate::governance::gate::Audience;

fn options() -> ReportOptions {
    ReportOptions::new(Format::Markdown, "0.1.0")
}

fn text(write: impl FnOnce(&mut Vec<u8>) -> crate::error::Result<Written>) -> (String, Written) {
    let mut out = Vec::new();
    let written = write(&mut out).expect("a report");
    (String::from_utf8(out).expect("text"), written)
}

#[test]
fn look() {
    let small = two_systems();
    let (s, w) = text(|out| summary(&small.study, &options(), out, &()));
    println!("{s}\n{w:?}\n=========");
    for p in ["P01", "P03", "P04", "P05"] {
        let (s, w) = text(|out| debrief(&small.study, p, &options(), out));
        println!("{s}\n{w:?}\n=========");
    }
    let (s, w) = text(|out| theme(&small.study, "governance", &options(), out));
    println!("{s}\n{w:?}\n=========");
    let (s, w) = text(|out| case(&small.study, "alder", &options(), out));
    println!("{s}\n{w:?}\n=========");
    let (s, w) = text(|out| codebook(&small.study, &options(), out));
    println!("{s}\n{w:?}\n=========");
    let (s, w) = text(|out| summary(&Small::empty().study, &options(), out, &()));
    println!("{s}\n{w:?}\n=========");
}

#[test]
fn pictures() {
    let small = whole::whole();
    let mut o = options();
    o.format = Format::Html;
    let t = std::time::Instant::now();
    std::fs::write("/tmp/rp/summary.html", text(|out| summary(&small.study, &o, out, &())).0).expect("w");
    std::fs::write("/tmp/rp/debrief.html", text(|out| debrief(&small.study, "P05", &o, out)).0).expect("w");
    std::fs::write("/tmp/rp/theme.html", text(|out| theme(&small.study, "consensus", &o, out)).0).expect("w");
    std::fs::write("/tmp/rp/codebook.html", text(|out| codebook(&small.study, &o, out)).0).expect("w");
    let (s, w) = text(|out| case(&small.study, "alder", &o, out));
    std::fs::write("/tmp/rp/case.html", s).expect("w");
    println!("{w:?} {:?}", t.elapsed());
    o.quotes = QuoteChoice::All;
    o.format = Format::Markdown;
    let (s, w) = text(|out| summary(&small.study, &o, out, &()));
    std::fs::write("/tmp/rp/all.md", s).expect("w");
    println!("{w:?}");
}
