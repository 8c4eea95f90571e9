//! What must hold whatever a file holds: the readers, how fuzzed bytes become a file for each, and what is asserted of
//! the result. The fuzz targets and `cargo test` (tests/it/fuzz.rs) both call [`check`].

use casebook::domain::section::SectionKind;
use casebook::domain::span::{Codepoints, Span};
use casebook::error::Problem as _;
use casebook::import::{self, Error, Imported, Options, reflow};

use self::parts::Package;

pub mod parts;
pub mod revised;

/// A word that stands in seeds and dictionaries and in no message of the program: a warning or an error that holds it
/// has repeated somebody's words.
pub const SAID: &str = "Xanthippe";

/// A target: what fuzzed bytes are made into before they are read.
pub struct Reader {
    /// The target's name, and that of its folders in `corpus` and `regressions`.
    pub name: &'static str,
    /// The endings under which the bytes are read, one after the other.
    pub read_as: &'static [&'static str],
    /// The endings of the fixtures that are its first inputs.
    pub seeds: &'static [&'static str],
    pub form: Form,
}

/// How fuzzed bytes become a file.
#[derive(Clone, Copy)]
pub enum Form {
    /// They are the file.
    Raw,
    /// The first byte chooses the encoding that the user names; the rest is the file.
    Named,
    /// They are the parts of a sound archive, so that what is inside is fuzzed and not its checksums.
    Parts(&'static Package),
    /// They are the lines of a PDF's pages, which another process takes from the file.
    PdfLines,
    /// They are a table of attributes.
    Sheet,
    /// They are two texts with a line between them: one that was coded, and its revision.
    Revised,
}

/// Every target there is.
pub const READERS: &[Reader] = &[
    // Markdown is read by the same reader.
    reader("txt", &["txt"], &["txt", "md"], Form::Raw),
    reader("encoding", &["txt"], &["txt", "md"], Form::Named),
    reader("vtt", &["vtt"], &["vtt"], Form::Raw),
    reader("srt", &["srt"], &["srt"], Form::Raw),
    reader("sbv", &["sbv"], &["sbv"], Form::Raw),
    reader("lrc", &["lrc"], &["lrc"], Form::Raw),
    reader("json", &["json"], &["json"], Form::Raw),
    reader("csv", &["csv", "tsv"], &["csv", "tsv"], Form::Raw),
    reader("xlsx", &["xlsx"], &["xlsx"], Form::Parts(&parts::XLSX)),
    reader("ods", &["ods"], &["ods"], Form::Parts(&parts::ODS)),
    reader("docx", &["docx"], &["docx"], Form::Parts(&parts::DOCX)),
    reader("odt", &["odt"], &["odt"], Form::Parts(&parts::ODT)),
    reader("epub", &["epub"], &["epub"], Form::Parts(&parts::EPUB)),
    // The archive itself, as every reader of archives opens it.
    reader(
        "zip",
        &["docx", "odt", "epub", "xlsx", "ods"],
        &["docx", "odt", "epub", "xlsx", "ods"],
        Form::Raw,
    ),
    reader("html", &["html"], &["html", "htm"], Form::Raw),
    reader("rtf", &["rtf"], &["rtf"], Form::Raw),
    reader("pdf", &[], &["txt"], Form::PdfLines),
    reader("sheet", &["csv", "tsv"], &["csv", "tsv"], Form::Sheet),
    reader("revised", &[], &["txt", "md"], Form::Revised),
];

/// What `--encoding` may say, and what it may not.
const ENCODINGS: [&str; 12] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1252",
    "macintosh",
    "windows-1251",
    "koi8-r",
    "iso-2022-jp",
    "gb18030",
    "big5",
    "shift_jis",
    "no such thing",
];

const fn reader(
    name: &'static str,
    read_as: &'static [&'static str],
    seeds: &'static [&'static str],
    form: Form,
) -> Reader {
    Reader {
        name,
        read_as,
        seeds,
        form,
    }
}

/// Reads fuzzed bytes as the target `name` does, and panics where something does not hold.
pub fn check(name: &str, data: &[u8]) {
    let reader = READERS
        .iter()
        .find(|reader| reader.name == name)
        .expect("every target is in the list");
    let mut options = Options::default();
    let bytes = match reader.form {
        Form::Raw => data.to_vec(),
        Form::Named => {
            let Some((first, rest)) = data.split_first() else {
                return;
            };
            options.encoding = Some(ENCODINGS[usize::from(*first) % ENCODINGS.len()].to_owned());
            rest.to_vec()
        }
        Form::Parts(package) => package.zip(data),
        Form::PdfLines => return pdf_lines(data),
        Form::Sheet => return reader.read_as.iter().for_each(|ending| sheet(ending, data)),
        Form::Revised => return revised::check(data),
    };
    options.no_reflow = data.len() % 8 == 3;
    // Some tables are read as a user reads them who names the columns.
    if data.len() % 8 == 7 {
        options.questions = vec!["B".to_owned()];
        options.attributes = vec!["C".to_owned()];
    }
    for ending in reader.read_as {
        file(&format!("a.{ending}"), &bytes, &options);
    }
}

/// Reads one file, and looks at what comes out.
fn file(name: &str, bytes: &[u8], options: &Options) {
    let result = import::read_all(name, bytes, options);
    // Reading takes its time; some inputs are enough to see whether it comes out the same again, asked for reasons or not.
    if bytes.len().is_multiple_of(4) {
        let mut options = options.clone();
        options.explain = bytes.len().is_multiple_of(8);
        let mut again = import::read_all(name, bytes, &options);
        for imported in again.iter_mut().flatten() {
            let explained = imported.explained.take();
            assert_eq!(
                explained.is_some(),
                options.explain,
                "reasons unasked for, or none"
            );
        }
        assert_eq!(result, again, "read twice, two results");
    }
    match result {
        Ok(all) => {
            assert!(!all.is_empty(), "read, and no transcript");
            for imported in &all {
                sound(imported);
                if options.encoding.is_none() {
                    kept(imported, bytes);
                }
                // Prose is its own text already.
                if !prose(imported) || bytes.len() % 4 == 1 {
                    again(imported);
                }
            }
        }
        Err(error) => refusal(&error),
    }
}

/// Makes paragraphs of the lines of pages.
fn pdf_lines(data: &[u8]) {
    match import::read_pdf_lines(&String::from_utf8_lossy(data)) {
        Ok(imported) => {
            sound(&imported);
            again(&imported);
        }
        Err(error) => refusal(&error),
    }
}

/// Reads a table of attributes: rows in order, with something in them, and no blanks around a cell.
fn sheet(ending: &str, data: &[u8]) {
    match import::sheet::rows(&format!("a.{ending}"), data) {
        Ok(rows) => {
            let ordered = rows.windows(2).all(|pair| pair[0].number < pair[1].number);
            assert!(ordered, "rows are out of order");
            for row in rows {
                assert!(row.number >= 1, "rows are counted from 1");
                assert!(
                    row.cells.iter().any(|cell| !cell.is_empty()),
                    "an empty row"
                );
                let trimmed = row.cells.iter().all(|cell| cell.trim() == cell);
                assert!(trimmed, "blanks around a cell");
            }
        }
        Err(error) => {
            message(&error.to_string());
            message(&error.hint().expect("every refusal says what to do"));
        }
    }
}

/// What holds of everything that was read.
fn sound(imported: &Imported) {
    let text = Codepoints::new(&imported.text);
    assert!(!imported.text.trim().is_empty(), "a text without text");
    assert!(
        !imported.text.contains(['\r', '\0']),
        "line breaks are LF, and there is no NUL"
    );
    assert!(!imported.text.starts_with('\u{feff}'), "there is no BOM");
    let (mut end, mut sum, mut labels) = (0, 0, 0);
    for turn in &imported.turns {
        let span = turn.span;
        assert!(span.start >= end, "turns overlap or are out of order");
        assert!(span.start < span.end, "an empty turn");
        assert!(span.end <= text.len(), "a turn beyond the text");
        let slice = text.slice(span);
        assert!(
            !slice.starts_with(char::is_whitespace) && !slice.ends_with(char::is_whitespace),
            "a turn begins or ends blank"
        );
        assert_eq!(turn.words, words(slice), "words of a turn");
        assert!(turn.time_ms.is_none_or(|ms| ms >= 0), "a time below zero");
        if let Some(label) = turn.label {
            assert!(
                usize::from(label) <= labels,
                "labels stand in the order of their first turn"
            );
            labels = labels.max(usize::from(label) + 1);
        }
        end = span.end;
        sum += turn.words;
    }
    let joins = imported
        .reflow
        .windows(2)
        .all(|pair| pair[0].at < pair[1].at);
    assert!(joins, "joins are out of order");
    for join in &imported.reflow {
        assert!(join.at < text.len(), "a join beyond the text");
        let blank = text.slice(Span::new(join.at, join.at + 1)) == " ";
        assert!(blank && join.was.contains('\n'), "a join that is none");
    }
    sections(imported, &text);
    assert_eq!(labels, imported.labels.len(), "a label without a turn");
    assert_eq!(sum, imported.words, "words of all turns");
    for label in &imported.labels {
        assert!(
            !label.is_empty() && label.trim() == label && !label.contains('\n'),
            "a label is trimmed and stands on one line"
        );
    }
    for (key, _) in &imported.attributes {
        assert!(!key.trim().is_empty(), "an attribute without a name");
    }
    assert_eq!(imported.sha256.len(), 64);
    for warning in &imported.warnings {
        message(warning);
    }
}

/// Sections stand in the order of their titles, nest by level, and know their turns; a question is no turn.
fn sections(imported: &Imported, text: &Codepoints<'_>) {
    let mut open: Vec<(u8, Span)> = Vec::new();
    let mut end = 0;
    for section in &imported.sections {
        let (title, whole) = (section.title, section.span);
        assert!(section.level >= 1, "the highest level is 1");
        assert!(whole.start >= end, "titles are out of order");
        assert!(
            whole.contains(title) && whole.end <= text.len(),
            "a section beyond its text or without its title"
        );
        let words = text.slice(title);
        assert!(
            !words.is_empty() && words.trim() == words && !words.contains('\n'),
            "a title is trimmed and stands on one line"
        );
        while open
            .last()
            .is_some_and(|(level, _)| *level >= section.level)
        {
            open.pop();
        }
        let around = open.last().map_or(whole.end, |(_, around)| around.end);
        assert!(whole.end <= around, "sections overlap");
        open.push((section.level, whole));
        end = title.end;
        for (n, turn) in imported.turns.iter().enumerate() {
            let inside = whole.start <= turn.span.start && turn.span.start < whole.end;
            assert_eq!(section.turns.contains(&n), inside, "turns of a section");
            assert!(
                section.kind == SectionKind::Heading || !turn.span.overlaps(title),
                "a question is no turn"
            );
        }
    }
}

/// Words as the documentation defines them, counted the plain way.
fn words(text: &str) -> u32 {
    let words = text
        .split_whitespace()
        .filter(|token| token.contains(char::is_alphanumeric));
    u32::try_from(words.count()).expect("inputs are small")
}

/// Whether the text is the file's own, and was not made from cues or paragraphs.
fn prose(imported: &Imported) -> bool {
    let made = |warning: &String| warning.starts_with("read as captions");
    matches!(imported.format.as_str(), "txt" | "md") && !imported.warnings.iter().any(made)
}

/// Prose is stored as it was read, wrapped lines apart, which can be had back: what is kept is the end of the file, line
/// breaks aside.
fn kept(imported: &Imported, bytes: &[u8]) {
    let Ok(file) = str::from_utf8(bytes) else {
        return;
    };
    if prose(imported) && !file.contains('\0') {
        let file = file.replace("\r\n", "\n").replace('\r', "\n");
        let original = reflow::original(&imported.text, &imported.reflow);
        assert!(file.ends_with(&original), "prose has been changed");
        if let Some(stored) = reflow::stored(&imported.reflow) {
            let restored = reflow::restored(&imported.text, &stored);
            assert!(
                restored == Some(original),
                "joins that were stored are others"
            );
        }
    }
}

/// The text as a file of its own: whatever was made of it before, it is read, and soundly, or refused.
fn again(imported: &Imported) {
    match import::read_all("again.txt", imported.text.as_bytes(), &Options::default()) {
        Ok(all) => all.iter().for_each(sound),
        Err(error) => refusal(&error),
    }
}

/// An error has words and a hint.
fn refusal(error: &Error) {
    message(&error.to_string());
    let hint = error.hint().expect("every refusal says what to do");
    message(&hint);
}

/// One line, no full stop, nobody's words.
fn message(text: &str) {
    assert!(
        !text.is_empty() && !text.contains('\n') && !text.ends_with('.'),
        "a message is one sentence without full stop"
    );
    assert!(!text.contains(SAID), "a message repeats words of the text");
}
