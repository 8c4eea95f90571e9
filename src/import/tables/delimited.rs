//! Text files with a delimiter: comma, semicolon or tab.

use super::error::TableError;
use super::table::Table;
use crate::import::Format;

/// What parts the cells: sniffed among these, in this order where two do equally well.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Whisper's own table; it never puts quotation marks around a cell.
const WHISPER: &str = "start\tend\ttext\n";

/// How a text is parted into cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::import) struct Parted {
    pub delimiter: u8,
    /// Bytes and lines before the table, which say what parts it.
    pub bytes: usize,
    pub lines: u64,
    /// The line on which a cell begins whose quotation mark is not closed.
    pub open_quote: Option<u64>,
}

pub(in crate::import) fn parted(text: &str, format: Format) -> Parted {
    let (delimiter, rest, lines) = delimiter(text, format);
    Parted {
        delimiter,
        bytes: text.len() - rest.len(),
        lines,
        open_quote: open_quote(rest, delimiter).map(|line| line + lines),
    }
}

/// What parts the cells, the text behind a line that says so, and how many lines that takes.
fn delimiter(text: &str, format: Format) -> (u8, &str, u64) {
    match told(text) {
        Some((delimiter, rest)) => (delimiter, rest, 1),
        None if format == Format::Tsv && text.contains('\t') => (b'\t', text, 0),
        None => (sniff(text), text, 0),
    }
}

pub(super) fn read(text: &str, format: Format) -> Result<Table, TableError> {
    let mut table = Table::default();
    let (delimiter, text, skipped) = delimiter(text, format);
    let quoting = !text.starts_with(WHISPER);
    let mut reader = reader(delimiter, quoting, text);
    let mut record = csv::StringRecord::new();
    // The text is UTF-8 and any number of cells is taken, so nothing is left that could fail.
    while reader.read_record(&mut record).unwrap_or(false) {
        let line = record.position().map_or(0, csv::Position::line) + skipped;
        for (column, cell) in record.iter().enumerate() {
            table.put(line, column, cell)?;
        }
    }
    if quoting {
        table.open_quote = open_quote(text, delimiter).map(|line| line + skipped);
    }
    if quoting && text.bytes().filter(|&b| b == b'"').count() % 2 == 1 {
        table.warnings.push(
            "a quotation mark is not closed; look whether a cell holds several rows".to_owned(),
        );
    }
    Ok(table)
}

/// The line, from 1, on which a cell begins whose quotation mark is not closed. A mark opens a cell only as its first
/// sign; doubled, it is one of the cell's own.
fn open_quote(text: &str, delimiter: u8) -> Option<u64> {
    let (mut line, mut begins, mut opened) = (1, true, None);
    let mut bytes = text.bytes().peekable();
    while let Some(b) = bytes.next() {
        line += u64::from(b == b'\n');
        match (b, opened) {
            (b'"', None) if begins => opened = Some(line),
            (b'"', Some(_)) if bytes.next_if_eq(&b'"').is_none() => opened = None,
            _ => {}
        }
        begins = opened.is_none() && (b == delimiter || matches!(b, b'\n' | b'\r'));
    }
    opened
}

/// What Excel writes on the first line to say it itself: `sep=;`.
fn told(text: &str) -> Option<(u8, &str)> {
    let rest = text.strip_prefix("sep=")?;
    let (sign, rest) = rest.split_once('\n')?;
    match sign.as_bytes() {
        [b] if DELIMITERS.contains(b) => Some((*b, rest)),
        _ => None,
    }
}

fn reader(delimiter: u8, quoting: bool, text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .quoting(quoting)
        .from_reader(text.as_bytes())
}

/// Whether quotation marks stand only where they may with this delimiter: around whole cells, or doubled in such.
fn is_quoted_well(text: &str, delimiter: u8) -> bool {
    const SAMPLE: usize = 1 << 16;
    let (mut begins, mut opened) = (true, false);
    let mut bytes = text.bytes().take(SAMPLE).peekable();
    while let Some(b) = bytes.next() {
        let breaks = |b: u8| b == delimiter || matches!(b, b'\n' | b'\r');
        match b {
            b'"' if !opened && !begins => return false,
            b'"' if !opened => opened = true,
            b'"' if bytes.next_if_eq(&b'"').is_some() => {}
            b'"' => {
                opened = false;
                if bytes.peek().is_some_and(|next| !breaks(*next)) {
                    return false;
                }
            }
            _ => {}
        }
        begins = !opened && breaks(b);
    }
    true
}

/// The delimiter with which quotation marks stand where they may; of several the one that gives most rows of one and the
/// same width, and of those the one that gives the most columns.
fn sniff(text: &str) -> u8 {
    const SAMPLE: usize = 50;
    let score = |delimiter: u8| {
        let widths: Vec<usize> = reader(delimiter, true, text)
            .into_byte_records()
            .map_while(Result::ok)
            .take(SAMPLE)
            .map(|record| record.len())
            .collect();
        widths
            .iter()
            .filter(|&&width| width > 1)
            .map(|width| (widths.iter().filter(|w| *w == width).count(), *width))
            .max()
            .map(|(rows, width)| (is_quoted_well(text, delimiter), rows, width))
            .unwrap_or_default()
    };
    let mut best = (b',', (false, 0, 0));
    for delimiter in DELIMITERS {
        let found = score(delimiter);
        if found > best.1 {
            best = (delimiter, found);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, format: Format) -> Vec<(u64, Vec<String>)> {
        let table = read(text, format).expect("a table");
        table
            .rows
            .into_iter()
            .map(|row| (row.number, row.cells))
            .collect()
    }

    fn check(text: &str, expected: &[(u64, &[&str])]) {
        let found = rows(text, Format::Csv);
        let found: Vec<(u64, Vec<&str>)> = found
            .iter()
            .map(|(n, cells)| (*n, cells.iter().map(String::as_str).collect()))
            .collect();
        let found: Vec<(u64, &[&str])> = found.iter().map(|(n, c)| (*n, c.as_slice())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn delimiters_are_told_apart() {
        let expected: &[(u64, &[&str])] = &[(1, &["speaker", "text"]), (2, &["A", "yes, and; no"])];
        check("speaker,text\nA,\"yes, and; no\"\n", expected);
        check("speaker;text\nA;\"yes, and; no\"\n", expected);
        check("speaker\ttext\nA\tyes, and; no\n", expected);
        check(
            "sep=;\nspeaker;text\nA;b",
            &[(2, &["speaker", "text"]), (3, &["A", "b"])],
        );
        check("text\none, two", &[(1, &["text"]), (2, &["one", "two"])]);
        let bars = "a,\"|\n|\n|\"\nb,|\nc,|\n";
        check(
            bars,
            &[(1, &["a", "|\n|\n|"]), (4, &["b", "|"]), (5, &["c", "|"])],
        );
    }

    #[test]
    fn rows_may_be_ragged_and_cells_hold_lines() {
        check(
            "a,b,c\n1,\"two\nlines\"\n\n,,\n4,5,6,7\n",
            &[
                (1, &["a", "b", "c"]),
                (2, &["1", "two\nlines"]),
                (6, &["4", "5", "6", "7"]),
            ],
        );
    }

    #[test]
    fn whisper_writes_no_quotation_marks() {
        let text = "start\tend\ttext\n0\t10\t\"So\" he said\n10\t20\tand 5\" more\n";
        let found = rows(text, Format::Tsv);
        assert_eq!(found[1].1, ["0", "10", "\"So\" he said"]);
        assert_eq!(found[2].1, ["10", "20", "and 5\" more"]);
    }

    #[test]
    fn an_open_quotation_mark_has_its_line() {
        for (text, line) in [
            ("a,b\n1,\"two\n3,4\n", Some(2)),
            ("a,b\n1,\"two\n3\"\n\"4", Some(4)),
            ("sep=,\na,b\n1,\"two\n", Some(3)),
            ("a,b\n1,\"two \"\"so\"\"\"\n3,4\n", None),
            ("a,b\n1,5\" more\n3,4\n", None),
            ("a,b\n1,\"\"\n3,4", None),
            ("\"", Some(1)),
            ("a,b\n1,\"x\"\"", Some(2)),
        ] {
            let table = read(text, Format::Csv).expect("a table");
            assert_eq!(table.open_quote, line, "{text:?}");
        }
    }

    #[test]
    fn an_open_quotation_mark_is_said() {
        let table = read("a,b\n1,\"two\n3,4\n", Format::Csv).expect("a table");
        assert_eq!(table.warnings.len(), 1);
    }
}
