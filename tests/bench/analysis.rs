//! Calculations over all codings, the frame, and the way from a finding down.

use std::process::Command;

use serde_json::Value as Json;

use crate::Fallible;
use crate::book::{Book, tell};
use crate::measure::{Side, output, pair};
use crate::site::{Site, text};

/// How many runs at most; each takes seconds on a large study.
const RUNS: u32 = 20;

/// Everything on one study.
pub(crate) fn analysis(book: &mut Book, site: &Site) -> Fallible<()> {
    let everyone = ["--speaker", "all", "--json"];
    let jobs: [(&str, &[&str], &str, Option<&str>); 3] = [
        (
            "co-occurrence of all themes",
            &["cooccur", "--limit", "1"],
            "cooccur",
            None,
        ),
        (
            "matrix, case by theme",
            &["matrix", "--rows", "case", "--cols", "theme"],
            "matrix",
            Some("total"),
        ),
        (
            "agreement, all pairs and themes, by characters",
            &[
                "agreement",
                "--unit",
                "character",
                "--pairs",
                "--statistic",
                "kappa,alpha",
                "--disagreements",
                "0",
            ],
            "agreement",
            None,
        ),
    ];
    for (job, command, floor, total) in jobs {
        let all = [command, &everyone].concat();
        if let Some(key) = total {
            same(site, job, &all, key, site.floor(floor, &[]))?;
        }
        let bare = || Side::of(|_| Ok(site.floor(floor, &[])));
        let measured = pair(&Side::of(|_| Ok(site.product(&all))), &bare(), RUNS);
        book.pair(job, site.size, measured, (site.size == "L").then_some(1.3));
        let plain = [command, &["--json"]].concat();
        let measured = pair(&Side::of(|_| Ok(site.product(&plain))), &bare(), RUNS);
        book.pair(
            &format!("{job}, without interviewers"),
            site.size,
            measured,
            None,
        );
    }
    // What one relation costs, to the same quotes without it: it grows with the codings, not with their square.
    for relation in [
        &["--near", "money", "--distance", "2turns"][..],
        &["--within", "money"],
        &["--overlap-whole", "money"],
        &["--follows", "money", "--distance", "30words"],
        &["--same-turn", "money"],
        &["--alone"],
    ] {
        let quotes = ["quotes", "--theme", "trust", "--limit", "1", "--json"];
        let related = [&quotes, relation].concat();
        let measured = pair(
            &Side::of(|_| Ok(site.product(&related))),
            &Side::of(|_| Ok(site.product(&quotes))),
            RUNS,
        );
        let name = relation[0].trim_start_matches('-');
        book.pair(
            &format!("quotes, {name}, to without"),
            site.size,
            measured,
            None,
        );
    }
    evidence(book, site)
}

/// Jobs whose times are compared between sizes.
pub(crate) const GROWING: [&str; 7] = [
    "co-occurrence of all themes",
    "quotes, near, to without",
    "quotes, within, to without",
    "quotes, overlap-whole, to without",
    "quotes, follows, to without",
    "quotes, same-turn, to without",
    "quotes, alone, to without",
];

/// A frame of eight columns and a finding of many passages, made once.
fn evidence(book: &mut Book, site: &Site) -> Fallible<()> {
    let study = text(&site.study());
    let found: Json =
        serde_json::from_slice(&output(&mut site.product(&["finding", "list", "--json"]))?)?;
    if found["findings"].as_array().is_none_or(Vec::is_empty) {
        let trusted = codings(
            site,
            &["quotes", "--theme", "trust", "--limit", "200", "--json"],
        )?;
        output(&mut site.product(&["finding", "add", "People trust whom they have met."]))?;
        let mut support = vec!["finding", "support", "1", "--coding"];
        support.extend(trusted.iter().map(String::as_str));
        output(&mut site.product(&support))?;
        let matrix: Json = serde_json::from_slice(&output(&mut site.product(&[
            "matrix", "--rows", "case", "--cols", "theme", "--depth", "1", "--json",
        ]))?)?;
        let names = |key: &str| -> Vec<String> {
            let all = matrix[key].as_array().into_iter().flatten();
            all.filter_map(Json::as_str).map(str::to_owned).collect()
        };
        for case in names("rows") {
            for theme in names("cols") {
                let of = [
                    "quotes", "--case", &case, "--theme", &theme, "--limit", "3", "--json",
                ];
                let codings = codings(site, &of)?;
                let mut set = vec![
                    "frame",
                    "set",
                    &case,
                    &theme,
                    "What was said there, in short.",
                ];
                set.extend(codings.iter().flat_map(|c| ["--coding", c.as_str()]));
                output(&mut site.product(&set))?;
            }
        }
    }
    let bare = |job: &'static str| {
        let study = study.clone();
        Side::of(move |_| {
            let mut command = Command::new(&site.programs.floor);
            command.args(["floor", job, &study]);
            Ok(command)
        })
    };
    for (job, command, floor) in [
        (
            "trace of a finding",
            &["trace", "finding", "1", "--json"][..],
            "trace",
        ),
        ("the frame, whole", &["frame", "show", "--json"], "frame"),
    ] {
        let measured = pair(&Side::of(|_| Ok(site.product(command))), &bare(floor), RUNS);
        book.pair(job, site.size, measured, Some(2.0));
    }
    Ok(())
}

/// Numbers of the codings that a command quotes.
fn codings(site: &Site, command: &[&str]) -> Fallible<Vec<String>> {
    let quotes: Json = serde_json::from_slice(&output(&mut site.product(command))?)?;
    let all = quotes["quotes"].as_array().into_iter().flatten();
    Ok(all.map(|q| q["coding"].to_string()).collect())
}

/// Says so where the two do not count as many: then they did not do the same work.
fn same(site: &Site, job: &str, ours: &[&str], key: &str, mut floor: Command) -> Fallible<()> {
    let read = |command: &mut Command| -> Fallible<Json> {
        Ok(serde_json::from_slice(&output(command)?)?)
    };
    let (ours, floors) = (read(&mut site.product(ours))?, read(&mut floor)?);
    if ours[key] != floors["total"] {
        tell(&format!(
            "{job}, {}: the product counts {}, the floor {}",
            site.size, ours[key], floors["total"]
        ));
    }
    Ok(())
}
