//! Every file in `fixtures/import` beside what it must become: `NAME` and `NAME.expected`. A Word file or a
//! spreadsheet stands there as a folder with its parts, so that it can be read and changed; it is zipped here.

use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;

use super::{Imported, Options, read, read_all};
use crate::domain::span::Codepoints;
use crate::error::Problem as _;

#[test]
fn fixtures_become_what_stands_beside_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/import");
    let mut names: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the fixtures")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    names.sort();
    let is_expected = |path: &Path| path.extension().is_some_and(|ending| ending == "expected");
    let expected: Vec<&PathBuf> = names.iter().filter(|path| is_expected(path)).collect();
    let mut used = Vec::new();
    for path in names.iter().filter(|path| !is_expected(path)) {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a name in UTF-8");
        let bytes = if path.is_dir() {
            zipped(path)
        } else {
            fs::read(path).expect("a fixture")
        };
        let beside = folder.join(format!("{name}.expected"));
        let actual = match read_all(name, &bytes, &Options::default()) {
            Ok(all) => all.iter().map(show).collect::<Vec<_>>().join("\n"),
            Err(error) => format!(
                "error: {error}\nhint: {}\n",
                error.hint().unwrap_or_default()
            ),
        };
        snapbox::Assert::new()
            .action_env("SNAPSHOTS")
            .normalize_paths(false)
            .eq(
                snapbox::Data::text(actual).raw(),
                snapbox::Data::read_from(&beside, Some(snapbox::data::DataFormat::Text)).raw(),
            );
        used.push(beside);
    }
    let unused: Vec<_> = expected
        .iter()
        .filter(|path| !used.contains(path))
        .collect();
    assert!(unused.is_empty(), "no fixture for {unused:?}");
}

/// Everything about an import but its hash, and each turn with its words.
fn show(imported: &Imported) -> String {
    let mut out = String::new();
    let mut line = |key: &str, value: &str| {
        writeln!(out, "{key}: {value}").expect("a string takes everything");
    };
    line("format", imported.format.as_str());
    line("encoding", &imported.encoding);
    if let Some(part) = &imported.part {
        line("part", part);
    }
    for column in &imported.columns {
        let taken_as = column.taken_as.word();
        line(
            "column",
            &format!(
                "{} {} = {taken_as}: {}",
                column.column, column.name, column.why
            ),
        );
    }
    for (key, value) in &imported.attributes {
        line("attribute", &format!("{key} = {value}"));
    }
    for warning in &imported.warnings {
        line("warning", warning);
    }
    line("words", &imported.words.to_string());
    let text = Codepoints::new(&imported.text);
    for turn in &imported.turns {
        let label = turn
            .label
            .map_or("-", |label| imported.labels[usize::from(label)].as_str());
        let time = turn
            .time_ms
            .map_or_else(String::new, |ms| format!(" at {ms} ms"));
        line(
            "turn",
            &format!(
                "{label}{time}, {}, {} words: {:?}",
                turn.span,
                turn.words,
                text.slice(turn.span)
            ),
        );
    }
    for section in &imported.sections {
        let turns = if section.turns.is_empty() {
            "no turn".to_owned()
        } else {
            format!("turns {}-{}", section.turns.start + 1, section.turns.end)
        };
        line(
            "section",
            &format!(
                "{} {}, {}, {turns}: {:?}",
                section.kind,
                section.level,
                section.span,
                text.slice(section.title)
            ),
        );
    }
    if imported.format == super::Format::Text || imported.format == super::Format::Markdown {
        return out;
    }
    // The other formats' texts are made, so they are shown whole.
    out + "text:\n" + &imported.text + "\n"
}

pub(super) fn zipped(folder: &Path) -> Vec<u8> {
    let mut parts = Vec::new();
    gather(folder, folder, &mut parts);
    parts.sort();
    // OpenDocument and e-books say first of all what they are.
    parts.sort_by_key(|(name, _)| name != "mimetype");
    let parts: Vec<(&str, &[u8])> = parts
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    zip_of(&parts)
}

fn gather(root: &Path, folder: &Path, out: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("a folder of the fixture") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            gather(root, &path, out);
        } else {
            let name = path
                .strip_prefix(root)
                .expect("inside")
                .to_str()
                .expect("a name in UTF-8")
                .replace('\\', "/");
            out.push((name, fs::read(&path).expect("a part")));
        }
    }
}

pub(super) fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let options = if *name == "mimetype" {
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)
        } else {
            SimpleFileOptions::default()
        };
        zip.start_file(*name, options).expect("a new part");
        zip.write_all(bytes).expect("memory");
    }
    zip.finish().expect("a whole archive").into_inner()
}

#[test]
fn one_interview_is_the_same_in_every_format() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/import");
    let imported = |ending: &str| {
        let name = format!("interview.{ending}");
        let path = folder.join(&name);
        let bytes = if path.is_dir() {
            zipped(&path)
        } else {
            fs::read(&path).expect("a fixture")
        };
        read(&name, &bytes, &Options::default()).expect("an interview")
    };
    let turns = |imported: &Imported| {
        let text = Codepoints::new(&imported.text);
        let turn = |turn: &super::Turn| {
            let words = text.slice(turn.span).split_whitespace().map(str::to_owned);
            (turn.label, words.collect::<Vec<_>>())
        };
        imported.turns.iter().map(turn).collect::<Vec<_>>()
    };
    let (plain, word) = (imported("md"), imported("docx"));
    for ending in ["docx", "odt", "rtf", "epub", "html"] {
        let other = imported(ending);
        assert_eq!(other.format.as_str(), ending);
        assert_eq!(other.text, word.text, "{ending}");
        assert_eq!(
            (&other.labels, turns(&other)),
            (&plain.labels, turns(&plain)),
            "{ending}"
        );
        assert_eq!(other.warnings, plain.warnings, "{ending}");
    }
}
