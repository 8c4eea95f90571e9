//! The examples of `docs/examples` are run: every ```` ```console ```` block of a page, command by command, on the files of
//! `fixtures/examples`, and what comes out is compared whole; `CASEBOOK_BLESS=1` writes it into the page. And
//! `demo --example` rebuilds each from nothing, to the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::guide::{Shell, play};
use crate::harness::{Folder, copy, dump, root};

/// After the last of the fieldwork that the examples tell of.
const DAY: &str = "2022-03-01T09:00:00Z";

/// The files that an example begins with.
fn begin(name: &str, folder: &Path) {
    let files = root().join("fixtures/examples");
    copy(&files.join(name), folder);
    if name != "in-depth" {
        copy(&files.join("systems"), &folder.join("systems"));
    }
}

/// Plays the page, and then rebuilds the example by its one command: the two studies and all that was written must be
/// the same.
fn example(name: &str) {
    let path = root().join(format!("docs/examples/{name}.md"));
    let page = fs::read_to_string(&path).expect("the page");
    let mut shell = Shell::new();
    shell.export("CASEBOOK_CLOCK", DAY);
    begin(name, shell.folder.path());
    let (played, wrong) = play(&page, &mut shell);
    if std::env::var_os("CASEBOOK_BLESS").is_some_and(|v| v == "1") {
        fs::write(&path, played).expect("the page is written");
    } else {
        assert!(
            wrong.is_empty(),
            "docs/examples/{name}.md does not say what comes out; CASEBOOK_BLESS=1 writes it there:\n\n{}",
            wrong.join("\n")
        );
    }
    let rebuilt = Folder::empty();
    let mut demo = rebuilt.command();
    demo.env("CASEBOOK_CLOCK", DAY)
        .args(["demo", "here", "--example", name]);
    let run = rebuilt.finish(&mut demo).done();
    for line in page.lines().filter(|l| l.starts_with("$ casebook ")) {
        let line = line.trim_end_matches('\\');
        assert!(run.stdout.contains(line), "not run: {line}");
    }
    let here = rebuilt.join("here");
    let study = format!("{name}.casebook");
    assert_eq!(
        same_again(&dump(&shell.folder.join(&study))),
        same_again(&dump(&here.join(&study))),
        "the rebuilt study is another"
    );
    let (played, again) = (files(shell.folder.path()), files(&here));
    assert!(played.keys().eq(again.keys()), "other files were written");
    for (name, text) in &played {
        assert_eq!(text, &again[name], "{name} is another");
    }
}

/// A text without what is as long as a hash, whole or as it is shown: random ids are in their making, and those are
/// others in each study.
fn same_again(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_hexdigit() {
            run.push(c);
            continue;
        }
        out.push_str(if matches!(run.len(), 8 | 12 | 64) {
            "HASH"
        } else {
            &run
        });
        run.clear();
        out.push(c);
    }
    out
}

/// Each file of a folder with what is in it, but the study and its index.
fn files(folder: &Path) -> BTreeMap<String, String> {
    fn walk(folder: &Path, base: &Path, all: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(base).expect("below it");
            let name = name.to_string_lossy().replace('\\', "/");
            if name.contains(".casebook") {
                continue;
            }
            if path.is_dir() {
                walk(&path, base, all);
            } else {
                let bytes = fs::read(&path).expect("a file");
                all.insert(name, same_again(&String::from_utf8_lossy(&bytes)));
            }
        }
    }
    let mut all = BTreeMap::new();
    walk(folder, folder, &mut all);
    all
}

#[test]
fn three_cases_in_depth() {
    example("in-depth");
}

#[test]
fn the_waves() {
    example("waves");
}

#[test]
fn the_ratings() {
    example("ratings");
}

#[test]
fn the_race_to_the_deadline() {
    example("deadline");
}

#[test]
fn the_performance_of_systems() {
    example("performance");
}

/// Months of trusts, rolled up to the systems as they stood before three merged, are each system's figure as it was
/// reckoned elsewhere, to the last attendance.
#[test]
fn every_system_has_its_figure() {
    let folder = Folder::empty();
    begin("performance", folder.path());
    for line in [
        "init study",
        "case import systems/cases.csv",
        "case link import systems/mergers.csv",
        "case code import systems/codes.csv",
        "case import trusts.csv",
        "indicator import indicators.csv",
        "measure import ae.csv --mapping ae.yaml --source NHS-England --yes",
        "indicator rule ae-4h ratio --over-time sum --why numbers-add-up",
    ] {
        folder.line(line).done();
    }
    let slugs: BTreeMap<String, String> = rows(&folder.read("systems/codes.csv"))
        .into_iter()
        .map(|mut r| (r.remove(2), r.remove(0)))
        .collect();
    let expected: BTreeMap<(String, String), (String, String)> = rows(include_str!(
        "../../fixtures/examples/waves/ae-by-system.csv"
    ))
    .into_iter()
    .map(|r| {
        let slug = slugs.get(&r[0]).expect("a code that is known").clone();
        ((slug, r[2].clone()), (r[3].clone(), r[4].clone()))
    })
    .collect();
    assert_eq!(expected.len(), 88, "44 systems in two years");
    let mut found = BTreeMap::new();
    for year in ["2017/18", "2018/19"] {
        let args = "figures roll ae-4h --to system --as-of 2018-06-06 --parts --json --period";
        let run = folder.line(&format!("{args} {year}")).done();
        let value: serde_json::Value = run.json();
        for row in value["rows"].as_array().expect("rows") {
            // What the three merged into was there for the rest of the second year, and had no parts on that day.
            let Some(parts) = row["parts"].as_array() else {
                assert_eq!(row["case"], "cumbria-and-north-east");
                continue;
            };
            let mut sums = (0_i64, 0_i64);
            for part in parts {
                let number = |key: &str| -> i64 {
                    let text = part[key].as_str().expect("a number");
                    text.parse().expect("a whole number")
                };
                sums.0 += number("numerator");
                sums.1 += number("denominator");
            }
            let case = row["case"].as_str().expect("a case").to_owned();
            found.insert(
                (case, year.to_owned()),
                (sums.0.to_string(), sums.1.to_string()),
            );
        }
    }
    assert_eq!(found, expected);
}

/// The rows of a CSV after its head.
fn rows(text: &str) -> Vec<Vec<String>> {
    csv::Reader::from_reader(text.as_bytes())
        .records()
        .map(|r| {
            let row = r.expect("a row");
            row.iter().map(str::to_owned).collect()
        })
        .collect()
}

/// Each page is listed, and nothing that is kept to ourselves stands in them.
#[test]
fn the_pages_are_listed() {
    let list = fs::read_to_string(root().join("docs/examples/README.md")).expect("the list");
    for entry in fs::read_dir(root().join("docs/examples")).expect("the pages") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_string_lossy();
        if name != "README.md" {
            assert!(list.contains(&format!("]({name})")), "{name} is not listed");
        }
    }
    for entry in fs::read_dir(root().join("fixtures/examples")).expect("the folders") {
        let folder = entry.expect("an entry").path();
        let readme = fs::read_to_string(folder.join("README.md")).expect("each has a README");
        assert!(
            readme.to_lowercase().contains("licence") || readme.contains("public facts"),
            "{}: no licence",
            folder.display()
        );
    }
}
