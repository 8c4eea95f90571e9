//! The house's rules, read from its source: who may use whom, who may name which library, who may print, and that
//! every file says what it is for.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::root;

/// The areas, and which others each may use. Everybody may use `error` and `domain`.
const MAY_USE: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("domain", &[]),
    ("store", &[]),
    ("search", &[]),
    ("import", &[]),
    ("anchor", &[]),
    ("study", &["store", "search", "import", "anchor"]),
    (
        "analysis",
        &["study", "store", "search", "import", "anchor"],
    ),
    (
        "governance",
        &["study", "store", "search", "import", "anchor"],
    ),
    (
        "coding",
        &[
            "analysis",
            "governance",
            "study",
            "store",
            "search",
            "import",
            "anchor",
        ],
    ),
    (
        "evidence",
        &[
            "coding",
            "analysis",
            "governance",
            "study",
            "store",
            "search",
            "import",
            "anchor",
        ],
    ),
    (
        "indicator",
        &[
            "coding",
            "analysis",
            "governance",
            "study",
            "store",
            "search",
            "import",
            "anchor",
        ],
    ),
    (
        "report",
        &[
            "evidence",
            "indicator",
            "coding",
            "analysis",
            "governance",
            "study",
            "store",
            "search",
            "import",
            "anchor",
        ],
    ),
    (
        "cli",
        &[
            "report",
            "evidence",
            "indicator",
            "coding",
            "analysis",
            "governance",
            "study",
            "store",
            "search",
            "import",
            "anchor",
        ],
    ),
];

/// Libraries that only one area may name, or only some of its files.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("rusqlite", &["store/"]),
    ("tantivy", &["search/"]),
    ("tantivy_fst", &["search/"]),
    ("frostem", &["search/"]),
    ("roaring", &["search/"]),
    (
        "quick_xml",
        &["import/", "report/chart/svg.rs", "report/docx/"],
    ),
    ("zip", &["import/", "report/docx/"]),
    ("age", &["governance/key/", "cli/passphrase.rs"]),
    ("rpassword", &["cli/"]),
    ("chardetng", &["import/"]),
    ("encoding_rs", &["import/"]),
    ("comrak", &["report/"]),
    ("rust_xlsxwriter", &["report/xlsx.rs"]),
    ("rand_chacha", &["analysis/chance.rs"]),
    ("pdf_extract", &["import/pdf/extract.rs"]),
    ("rlimit", &["import/pdf/extract.rs"]),
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/"]),
    ("clap_mangen", &["cli/"]),
    ("indicatif", &["cli/"]),
    ("anstream", &["cli/"]),
    ("anstyle", &["cli/"]),
];

/// What prints.
const PRINTS: &[&str] = &[
    "println!",
    "print!(",
    "eprintln!",
    "eprint!(",
    "dbg!",
    "io::stdout",
    "io::stderr",
];

struct Source {
    /// As `cli/mod.rs`.
    name: String,
    text: String,
    /// Without comments and strings' harmless mentions: lines of code only.
    code: String,
}

impl Source {
    fn area(&self) -> &str {
        self.name
            .split('/')
            .next()
            .unwrap_or_default()
            .trim_end_matches(".rs")
    }
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            // The fuzz targets are a package of their own and are built beside their source.
            if !path.ends_with("fuzz/target") {
                rust_files(&path, found);
            }
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found.sort();
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    assert!(files.len() > 50, "the source is somewhere else");
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a source file");
        let code = text
            .lines()
            .filter(|l| !l.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n");
        Source {
            name: path
                .strip_prefix(&src)
                .expect("below src")
                .to_string_lossy()
                .replace('\\', "/"),
            text,
            code,
        }
    };
    files.iter().map(read).collect()
}

/// The areas that a text names: `crate::store::…`, `use crate::{study, store::Tx}`.
fn areas_named(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        if code[..at].ends_with(|c: char| word(c) || c == '$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut name = String::new();
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => found.extend(Some(std::mem::take(&mut name))),
                    c if depth == 0 => name.push(c),
                    _ => {}
                }
            }
            found.insert(name);
        } else {
            found.insert(rest.chars().take_while(|c| word(*c)).collect());
        }
    }
    found
        .into_iter()
        .map(|n| {
            n.trim()
                .split([':', ' '])
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .filter(|n| !n.is_empty())
        .collect()
}

#[test]
fn areas_use_only_what_is_below_them() {
    let mut wrong = Vec::new();
    for source in sources() {
        if matches!(&*source.name, "lib.rs" | "main.rs") {
            continue;
        }
        let area = source.area();
        let Some((_, allowed)) = MAY_USE.iter().find(|(a, _)| *a == area) else {
            wrong.push(format!(
                "{}: `{area}` has no place in the house",
                source.name
            ));
            continue;
        };
        for used in areas_named(&source.code) {
            let known = MAY_USE.iter().any(|(a, _)| *a == used);
            let free = used == area || used == "error" || (used == "domain" && area != "error");
            if known && !free && !allowed.contains(&&*used) {
                wrong.push(format!("{} uses `{used}`", source.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_reader_of_uses_reads_every_form() {
    let named = |code: &str| areas_named(code).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(named("use crate::store::{Tx, Store};"), "store");
    assert_eq!(
        named("use crate::{study, store::{A, B}, cli::x};"),
        "cli store study"
    );
    assert_eq!(named("let x = crate::search::parse(q);"), "search");
    assert_eq!(named("pub(crate) fn x() {} mycrate::y"), "");
}

#[test]
fn libraries_are_named_in_their_own_area() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (library, places) in ONLY_IN {
            let named = source
                .code
                .match_indices(&format!("{library}::"))
                .any(|(at, _)| {
                    !source.code[..at]
                        .ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                });
            if named && !places.iter().any(|p| source.name.starts_with(p)) {
                wrong.push(format!("{} names `{library}`", source.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_command_line_prints() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|s| s.area() != "cli") {
        for (n, line) in source.code.lines().enumerate() {
            if let Some(what) = PRINTS.iter().find(|p| line.contains(**p)) {
                wrong.push(format!(
                    "{} prints ({what}) in line {} of its code",
                    source.name,
                    n + 1
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_says_what_it_is_for() {
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    rust_files(&root().join("tests"), &mut files);
    let silent: Vec<_> = files
        .iter()
        .filter(|f| {
            !fs::read_to_string(f)
                .expect("a source file")
                .starts_with("//!")
        })
        .collect();
    assert!(
        silent.is_empty(),
        "these do not begin with `//!`: {silent:#?}"
    );
}

#[test]
fn nothing_is_left_for_later() {
    let mut wrong = Vec::new();
    for source in sources() {
        for mark in [
            "todo!",
            "unimplemented!",
            "TODO",
            "FIXME",
            "XXX",
            "#[ignore",
            "unsafe {",
        ] {
            if source.text.contains(mark) {
                wrong.push(format!("{} holds `{mark}`", source.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_test_file_is_forgotten() {
    let folder = root().join("tests/it");
    let main = fs::read_to_string(folder.join("main.rs")).expect("main.rs");
    for entry in fs::read_dir(&folder).expect("the tests") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        assert!(
            name == "main" || main.lines().any(|l| l == format!("mod {name};")),
            "`{}` is not in main.rs",
            path.display()
        );
    }
}

#[test]
fn the_schema_speaks_the_words_of_the_design() {
    let schema = fs::read_to_string(root().join("schema.sql")).expect("schema.sql");
    let tables: BTreeSet<&str> = schema
        .lines()
        .filter_map(|l| l.strip_prefix("CREATE TABLE "))
        .filter_map(|l| l.split(' ').next())
        .collect();
    for word in [
        "study",
        "cases",
        "phases",
        "participants",
        "transcripts",
        "turns",
        "themes",
        "codings",
        "coders",
        "memos",
        "events",
        "changes",
        "revisions",
    ] {
        assert!(tables.contains(word), "there is no table `{word}`");
    }
    // Second words for the same things.
    for word in [
        "project",
        "document",
        "segment",
        "node",
        "tag",
        "interviewee",
        "respondent",
        "note",
        "annotation",
        "category",
        "user",
    ] {
        let plural = format!("{word}s");
        assert!(
            !tables.contains(word) && !tables.contains(&*plural),
            "the schema says `{word}`"
        );
    }
}
