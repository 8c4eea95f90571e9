//! Hostile spreadsheets, and what holds for any table.

use proptest::prelude::*;

use super::table::CELLS;
use super::{Options, TableError, limits};
use crate::import::error::What;
use crate::import::fixtures::zip_of;
use crate::import::{Error, Imported, read_all};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// A workbook with one sheet, from what is inside `sheetData` and behind it, and its shared texts.
fn xlsx(rows: &str, behind: &str, shared: &str) -> Vec<u8> {
    let sheet =
        format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData>{behind}</worksheet>");
    let relations = "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"sheet.xml\"/><Relationship Id=\"r2\" Type=\"x/sharedStrings\" Target=\"texts.xml\"/></Relationships>";
    let book =
        "<workbook><sheets><sheet name=\"S\" r:id=\"r1\" xmlns:r=\"x\"/></sheets></workbook>";
    zip_of(&[
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/sheet.xml", sheet.as_bytes()),
        ("xl/texts.xml", shared.as_bytes()),
    ])
}

fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><table:table>{rows}</table:table></office:document-content>"
    );
    zip_of(&[("content.xml", content.as_bytes())])
}

fn cell(text: &str) -> String {
    format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

fn refusal(name: &str, bytes: &[u8], error: Error) {
    let found = read_all(name, bytes, &Options::default());
    assert_eq!(found, Err(error), "{name}");
}

fn refused(name: &str, bytes: &[u8], error: &TableError) {
    refusal(name, bytes, error.clone().into());
}

fn texts(name: &str, bytes: &[u8]) -> Vec<String> {
    let all = read_all(name, bytes, &Options::default()).expect("a table");
    all.into_iter().map(|imported| imported.text).collect()
}

#[test]
fn what_a_sheet_claims_costs_nothing() {
    let header = format!("<row>{}</row>", cell("text"));
    let far = format!("{header}<row r=\"1048576\"><c r=\"A1048576\" t=\"s\"><v>0</v></c></row>");
    let shared = "<sst count=\"1\" uniqueCount=\"18446744073709551615\"><si><t>far</t></si></sst>";
    assert_eq!(texts("a.xlsx", &xlsx(&far, "", shared)), ["far"]);
    let rows = "<row r=\"18446744073709551615\"><c t=\"s\"><v>0</v></c></row><row><c t=\"s\"><v>0</v></c></row>";
    let last = format!("{header}{rows}");
    assert_eq!(texts("a.xlsx", &xlsx(&last, "", shared)).len(), 1);
    let merged = "<mergeCells><mergeCell ref=\"A1:A18446744073709551615\"/><mergeCell ref=\"A1\"/><mergeCell/></mergeCells>";
    assert_eq!(texts("a.xlsx", &xlsx(&far, merged, shared)), ["far"]);
    let wide = format!("{header}<row><c r=\"ZZZ2\"><v>1</v></c></row>");
    refused("a.xlsx", &xlsx(&wide, "", ""), &TableError::TooManyColumns);
    let lost = format!("{header}<row><c t=\"s\"><v>1</v></c></row>");
    refusal(
        "a.xlsx",
        &xlsx(&lost, "", shared),
        Error::Damaged {
            file: What::Excel,
            part: "a sheet",
        },
    );
}

#[test]
fn one_text_in_many_cells_does_not_fill_the_memory() {
    let shared = format!("<sst><si><t>{}</t></si></sst>", "long ".repeat(200_000));
    let header = format!("<row>{}</row>", cell("text"));
    let rows = "<row><c t=\"s\"><v>0</v></c></row>".repeat(1_000);
    refused(
        "a.xlsx",
        &xlsx(&(header + &rows), "", &shared),
        &TableError::TooLong,
    );
    let words = "x".repeat(10_000);
    let row = format!(
        "<table:table-row><table:table-cell><text:p>text</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated=\"100000\"><table:table-cell table:number-columns-repeated=\"9\"><text:p>{words}</text:p></table:table-cell></table:table-row>"
    );
    refused("a.ods", &ods(&row), &TableError::TooLong);
    let row = row.replace("columns-repeated=\"9\"", "columns-repeated=\"16000\"");
    refused("a.ods", &ods(&row), &TableError::TooLong);
    let row = row.replace(&words, "x");
    refused("a.ods", &ods(&row), &TableError::TooManyCells);
    // More rows than a sheet has are not made to be counted.
    let endless = row.replace("16000", "1").replace("100000", "1048577");
    refused("a.ods", &ods(&endless), &TableError::TooManyCells);
    let row = row.replace("16000", "18446744073709551615");
    refused("a.ods", &ods(&row), &TableError::TooManyColumns);
}

#[test]
fn bombs_and_deep_nests_are_refused() {
    const BOTH: [(&str, What); 2] = [("a.xlsx", What::Excel), ("a.ods", What::OpenSpreadsheet)];
    let zeros = vec![b' '; 65 << 20];
    let bomb = zip_of(&[("xl/workbook.xml", &zeros), ("content.xml", b"")]);
    assert!(bomb.len() < 1 << 20);
    refusal("a.xlsx", &bomb, Error::Bomb { file: What::Excel });
    let bomb = zip_of(&[("content.xml", &zeros)]);
    let file = What::OpenSpreadsheet;
    refusal("a.ods", &bomb, Error::Bomb { file });
    let deep = "<a>".repeat(100_000);
    let many: Vec<String> = (0..5_000).map(|n| format!("f{n}")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let many = zip_of(&many);
    for ((name, file), deep) in BOTH.into_iter().zip([xlsx(&deep, "", ""), ods(&deep)]) {
        let most = limits::XML_DEPTH;
        refusal(name, &deep, Error::TooDeep { file, most });
        refusal(name, &many, Error::TooManyEntries { file });
        for other in [&zip_of(&[("a", b"")])[..], b"PK\x03\x04", b"text\nwords"] {
            refusal(name, other, Error::NotOne { file });
        }
    }
    let manifest = "<m:manifest xmlns:m=\"m\"><m:encryption-data/></m:manifest>";
    let locked = zip_of(&[("META-INF/manifest.xml", manifest.as_bytes())]);
    refusal("a.ods", &locked, Error::Encrypted { file });
    refused("a.xlsx", &xlsx("", "", ""), &TableError::NoSheet);
    refused("a.ods", &ods(""), &TableError::NoSheet);
}

#[test]
fn wide_and_long_text_files() {
    let wide = format!("text{}\nwords\n", ",x".repeat(100_000));
    refused("a.csv", wide.as_bytes(), &TableError::TooManyColumns);
    let commas = format!("text\n{}\n", ",".repeat(1 << 20));
    refused("a.csv", commas.as_bytes(), &TableError::NoRows);
    let long = "word ".repeat(200_000);
    let found = texts("a.csv", format!("speaker,text\nAda,{long}\n").as_bytes());
    assert_eq!(found[0].len(), "Ada: ".len() + long.len() - 1);
    let cells = ",".repeat(16_000) + "x\n";
    let many = format!("text\n{}", cells.repeat(CELLS / 16_000 + 1));
    refused("a.csv", many.as_bytes(), &TableError::TooManyCells);
    for (bytes, error) in [
        (&b"a,\0b\n1,2"[..], Error::Binary),
        (b" \n ", Error::Blank),
        (b"", Error::Empty),
    ] {
        assert_eq!(read_all("a.csv", bytes, &Options::default()), Err(error));
    }
    refused("a.csv", b"text\n", &TableError::NoRows);
    refused(
        "a.csv",
        b"text,speaker\n,Ada\n",
        &TableError::NoShape {
            looked_for: super::looked_for(),
        },
    );
}

#[test]
fn columns_can_be_named() {
    let survey = b"id,text,Mood\n1,a,well\n2,b,well\n";
    let options = |questions: &[&str], attributes: &[&str]| Options {
        questions: questions.iter().map(|&s| s.to_owned()).collect(),
        attributes: attributes.iter().map(|&s| s.to_owned()).collect(),
        ..Options::default()
    };
    assert_eq!(texts("a.csv", survey), ["a\nb"]);
    let read = |q: &[&str], a: &[&str]| read_all("a.csv", survey, &options(q, a));
    let all = read(&["mood"], &["text"]).expect("a survey");
    let found: Vec<(&str, &str)> = all
        .iter()
        .map(|i| (i.text.as_str(), i.attributes[1].1.as_str()))
        .collect();
    assert_eq!(found, [("# Mood\n\nwell", "a"), ("# Mood\n\nwell", "b")]);
    let unknown = TableError::UnknownColumn {
        name: "mode".to_owned(),
        suggestion: Some("Mood".to_owned()),
    };
    assert_eq!(read(&["mode"], &[]), Err(unknown.into()));
    assert!(read(&["Mood"], &["C"]).is_err());
}

/// Cells as tables have them.
fn any_cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z ]{0,12}",
        1 => "text|speaker|time|id|What\\?|Name|start",
        1 => "[0-9]{1,3}(:[0-5][0-9])?([.,][0-9])?",
        1 => "\"[a-z,;\n]{0,5}\"?",
        1 => "[\u{feff}\r\né😀\t ]{0,3}",
    ]
}

fn holds(all: &[Imported]) -> Result<(), TestCaseError> {
    prop_assert!(!all.is_empty());
    for imported in all {
        crate::import::properties::holds(imported)?;
        prop_assert_eq!(&imported.sha256, &all[0].sha256);
        prop_assert!(all.len() == 1 || imported.part.is_some());
    }
    Ok(())
}

fn grid() -> impl Strategy<Value = Vec<Vec<String>>> {
    proptest::collection::vec(proptest::collection::vec(any_cell(), 0..5), 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_table(grid in grid(), sign in "[,;\t|]", name in "a\\.(csv|tsv)") {
        let rows: Vec<String> = grid.iter().map(|row| row.join(&sign)).collect();
        let found = read_all(&name, rows.join("\n").as_bytes(), &Options::default());
        if let Ok(all) = found {
            holds(&all)?;
        }
    }

    #[test]
    fn any_sheet(grid in grid(), merge in "[A-D][0-9]:[A-D][0-9]", damage in any::<(proptest::sample::Index, u8, bool)>()) {
        let mut rows = String::new();
        for row in &grid {
            rows += "<row>";
            for text in row {
                match text.parse::<f64>() {
                    Ok(_) => rows += &format!("<c s=\"1\"><v>{text}</v></c>"),
                    Err(_) => rows += &cell(&text.replace('<', "")),
                }
            }
            rows += "</row>";
        }
        let mut bytes = xlsx(&rows, &format!("<mergeCells><mergeCell ref=\"{merge}\"/></mergeCells>"), "");
        if let Ok(all) = read_all("a.xlsx", &bytes, &Options::default()) {
            holds(&all)?;
        }
        let (at, byte, cut) = damage;
        let at = at.index(bytes.len());
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] = byte;
        }
        if let Ok(all) = read_all("a.xlsx", &bytes, &Options::default()) {
            holds(&all)?;
        }
    }

    #[test]
    fn any_open_document(grid in grid(), repeat in 0_u64..4, damage in any::<(proptest::sample::Index, u8)>()) {
        let mut rows = String::new();
        for row in &grid {
            rows += &format!("<table:table-row table:number-rows-repeated=\"{repeat}\">");
            for text in row {
                rows += &format!("<table:table-cell table:number-rows-spanned=\"{repeat}\"><text:p>{text}</text:p></table:table-cell>");
            }
            rows += "</table:table-row>";
        }
        let mut bytes = ods(&rows);
        if let Ok(all) = read_all("a.ods", &bytes, &Options::default()) {
            holds(&all)?;
        }
        let at = damage.0.index(bytes.len());
        bytes[at] = damage.1;
        if let Ok(all) = read_all("a.ods", &bytes, &Options::default()) {
            holds(&all)?;
        }
    }

    /// The XML itself damaged, not only its packing.
    #[test]
    fn any_xml(part in "(<(/?)(row|c|v|f|t|is|si|table:table-row|table:table-cell|text:p|text:s)( (r|t|s|table:number-columns-repeated)=\"[A-Z0-9se]{0,4}\")?(/?)>|[a-z0-9&;]{0,4}){0,20}") {
        for (name, bytes) in [("a.xlsx", xlsx(&part, "", &part)), ("a.ods", ods(&part))] {
            if let Ok(all) = read_all(name, &bytes, &Options::default()) {
                holds(&all)?;
            }
        }
    }
}
