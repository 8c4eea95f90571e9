//! Tables as files: read back by the program's own readers, the same to the byte a second time, and hostile words.

use proptest::prelude::*;

use super::*;
use crate::import::sheet::rows;

fn sample() -> Sheet {
    let mut sheet = Sheet::new("Codings: case × theme", ["case", "wait/long", "share"]);
    sheet.row(["north".into(), 3usize.into(), Cell::decimal(42.857_142, 1)]);
    sheet.row(["=1+1".into(), 0usize.into(), Cell::decimal(f64::NAN, 1)]);
    sheet.row([
        "south | *east*\nand <west>".into(),
        Cell::Empty,
        Cell::decimal(-0.04, 1),
    ]);
    sheet.note("Cells count codings.");
    sheet
}

fn written(sheets: &[Sheet], kind: Kind) -> Vec<u8> {
    let book = Book {
        study: "A <study> of *waiting*".into(),
        language: "en".into(),
        date: "2021-05-01".parse().ok(),
        event: 12,
        sheets,
    };
    let mut out = Vec::new();
    write(&book, kind, &mut out).expect("written");
    out
}

fn text(sheets: &[Sheet], kind: Kind) -> String {
    String::from_utf8(written(sheets, kind)).expect("UTF-8")
}

fn read_back(name: &str, bytes: &[u8]) -> Vec<Vec<String>> {
    rows(name, bytes)
        .expect("a table")
        .into_iter()
        .map(|row| row.cells)
        .collect()
}

#[test]
fn a_kind_is_known_by_its_ending() {
    use crate::error::Problem;
    for (name, kind) in [
        ("a.XLSX", Kind::Xlsx),
        ("b/a.csv", Kind::Csv),
        ("a.b.md", Kind::Markdown),
        ("a.htm", Kind::Html),
        ("a.json", Kind::Json),
    ] {
        assert_eq!(Kind::of(Path::new(name)).expect("known"), kind);
    }
    for name in ["a.xls", "a", ".csv"] {
        let error = Kind::of(Path::new(name)).expect_err("no such kind");
        assert!(error.hint().is_some_and(|h| h.contains(".xlsx")), "{name}");
    }
}

#[test]
fn markdown_and_html_keep_words_as_words() {
    assert_eq!(
        text(&[sample()], Kind::Markdown),
        r"# Codings: case × theme

**Study:** A \<study\> of \*waiting\*\
**As it stood after:** event 12, 1 May 2021

| case | wait/long | share |
| --- | --: | --: |
| north | 3 | 42.9 |
| =1+1 | 0 | n/a |
| south \| \*east\* and \<west\> |  | 0.0 |

- Cells count codings.
"
    );
    let page = text(&[sample()], Kind::Html);
    for part in [
        "<h1>Codings: case × theme</h1>",
        "A &lt;study&gt; of *waiting*",
        "<th scope=\"row\">south | *east* and &lt;west&gt;</th>",
        "<td class=\"number\">n/a</td>",
        "<td class=\"number\">0.0</td>",
        "<li>Cells count codings.</li>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[test]
fn several_tables_stand_under_their_titles_and_in_their_tabs() {
    let mut second = Sheet::new("Second", ["a"]);
    second.row(["x".into()]);
    let both = [sample(), second];
    let page = text(&both, Kind::Markdown);
    assert!(
        page.starts_with("# A \\<study\\> of \\*waiting\\*\n"),
        "{page}"
    );
    assert!(page.contains("\n## Second\n"), "{page}");
    assert_eq!(written(&both, Kind::Xlsx), written(&both, Kind::Xlsx));
    let book = Book {
        study: String::new(),
        language: "en".into(),
        date: None,
        event: 1,
        sheets: &both,
    };
    assert!(matches!(
        write(&book, Kind::Csv, &mut Vec::new()),
        Err(Error::SeveralTables { n: 2 })
    ));
}

#[test]
fn csv_is_the_table_alone() {
    assert_eq!(
        text(&[sample()], Kind::Csv),
        "case,wait/long,share\nnorth,3,42.9\n'=1+1,0,n/a\n\"south | *east*\nand <west>\",,0.0\n"
    );
}

#[test]
fn a_workbook_is_read_back_by_the_program_itself() {
    let bytes = written(&[sample()], Kind::Xlsx);
    assert_eq!(bytes, written(&[sample()], Kind::Xlsx));
    assert_eq!(
        read_back("t.xlsx", &bytes),
        [
            vec!["case", "wait/long", "share"],
            vec!["north", "3", "42.857142"],
            vec!["=1+1", "0", "n/a"],
            vec!["south | *east*\nand <west>", "", "-0.04"],
        ]
    );
}

#[test]
fn what_no_spreadsheet_takes_is_refused() {
    let wide = Sheet::new("wide", (0..16_385).map(|n| n.to_string()));
    let book = Book {
        study: String::new(),
        language: "en".into(),
        date: None,
        event: 1,
        sheets: &[wide],
    };
    assert!(matches!(
        write(&book, Kind::Xlsx, &mut Vec::new()),
        Err(Error::TooLarge)
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_words_and_numbers_come_back(
        cells in proptest::collection::vec(("[ -~éß😀\n]{0,12}", -1_000_000_000i64..1_000_000_000), 1..6),
    ) {
        let mut sheet = Sheet::new("t", ["words", "number"]);
        for (words, n) in &cells {
            sheet.row([words.as_str().into(), (*n).into()]);
        }
        let bytes = written(&[sheet.clone()], Kind::Xlsx);
        let found = read_back("t.xlsx", &bytes);
        prop_assert_eq!(found.len(), cells.len() + 1);
        for (row, (words, n)) in found[1..].iter().zip(&cells) {
            prop_assert_eq!(row, &vec![words.trim().to_owned(), n.to_string()]);
        }
        // Nothing begins a line of CSV that a program would run.
        let lines = written(&[sheet], Kind::Csv);
        for record in ::csv::Reader::from_reader(&lines[..]).records().flatten() {
            let first = record.get(0).unwrap_or_default().trim_start();
            let number = first.trim().parse::<f64>().is_ok();
            prop_assert!(number || !first.starts_with(['=', '+', '-', '@']), "{}", first);
        }
    }
}
