//! The tables of a Word file, cell by cell: what a filled form is read from.
//!
//! Tracked changes are read as accepted, like everywhere; a table within a cell is words of that cell.

use super::super::error::{Error, What};
use super::super::symbols;
use super::super::xml::{self, Part, Space, Step};
use super::parts;

/// A table: its rows, each with the words of its cells. Paragraphs and line breaks in a cell are line breaks.
pub(in super::super) type Table = Vec<Vec<String>>;

/// What a box of Word's older forms says that is ticked.
const TICKED: &str = "☒";

pub(in super::super) fn tables(bytes: &[u8]) -> Result<Vec<Table>, Error> {
    const NAME: &str = "word/document.xml";
    let text = parts::open(bytes)?.document()?;
    let mut found: Vec<Table> = Vec::new();
    // Tables that are open, elements open within what is left out, and whether words are being read.
    let (mut depth, mut skipped, mut in_text) = (0_usize, 0_usize, false);
    let say = |found: &mut Vec<Table>, depth: usize, words: &str| {
        let cell = found
            .last_mut()
            .filter(|_| depth > 0)
            .and_then(|table| table.last_mut()?.last_mut());
        if let Some(cell) = cell {
            cell.push_str(words);
        }
    };
    xml::walk(&text, Part::new(What::Word, NAME), |step| match step {
        Step::Open(..) if skipped > 0 => skipped += 1,
        Step::Close(..) if skipped > 0 => skipped -= 1,
        Step::Open(Space::Word, name, tag) => match name {
            "del" | "moveFrom" => skipped = 1,
            name if name.ends_with("Change") => skipped = 1,
            "tbl" => {
                depth += 1;
                if depth == 1 {
                    found.push(Table::new());
                }
            }
            "tr" if depth == 1 => {
                if let Some(table) = found.last_mut() {
                    table.push(Vec::new());
                }
            }
            "tc" if depth == 1 => {
                if let Some(row) = found.last_mut().and_then(|table| table.last_mut()) {
                    row.push(String::new());
                }
            }
            "t" => in_text = true,
            "br" | "cr" => say(&mut found, depth, "\n"),
            "tab" if in_text => say(&mut found, depth, " "),
            "noBreakHyphen" => say(&mut found, depth, "\u{2011}"),
            "sym" => {
                let code =
                    xml::attribute(tag, "char").and_then(|hex| u32::from_str_radix(&hex, 16).ok());
                let font = xml::attribute(tag, "font").unwrap_or_default();
                let sign = code.and_then(|code| symbols::sign(&font, code));
                let sign = sign.unwrap_or(char::REPLACEMENT_CHARACTER);
                say(&mut found, depth, sign.encode_utf8(&mut [0; 4]));
            }
            "checked" => {
                let value = xml::attribute(tag, "val").unwrap_or_default();
                if !matches!(value.as_str(), "0" | "false" | "off") {
                    say(&mut found, depth, TICKED);
                }
            }
            _ => {}
        },
        Step::Close(Space::Word, "tbl") => depth = depth.saturating_sub(1),
        Step::Close(Space::Word, "t") => in_text = false,
        Step::Close(Space::Word, "p") => say(&mut found, depth, "\n"),
        Step::Text(words) if in_text => say(&mut found, depth, &words.replace(['\n', '\r'], " ")),
        _ => {}
    })?;
    for cell in found.iter_mut().flatten().flatten() {
        *cell = trimmed(cell);
    }
    Ok(found)
}

/// Without blanks around its lines, and without empty lines.
fn trimmed(cell: &str) -> String {
    let lines: Vec<&str> = cell
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures::zip_of;
    use super::*;

    fn read(body: &str) -> Vec<Table> {
        let xml = format!(
            "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
        );
        tables(&zip_of(&[("word/document.xml", xml.as_bytes())])).expect("a Word file")
    }

    fn cell(inside: &str) -> String {
        format!("<w:tc><w:p><w:r>{inside}</w:r></w:p></w:tc>")
    }

    #[test]
    fn cells_are_read_and_nothing_beside_them() {
        let row = format!(
            "<w:p><w:r><w:t>before</w:t></w:r></w:p><w:tbl><w:tr>{}{}</w:tr><w:tr>{}</w:tr></w:tbl><w:p><w:r><w:t>after</w:t></w:r></w:p>",
            cell("<w:t> Finding </w:t><w:t>3</w:t>"),
            "<w:tc><w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t></w:r></w:p><w:p/><w:p><w:r><w:t>c &lt;d&gt;</w:t></w:r></w:p></w:tc>",
            cell("")
        );
        assert_eq!(
            read(&row),
            [vec![
                vec!["Finding 3".to_owned(), "a\nb\nc <d>".to_owned()],
                vec![String::new()]
            ]]
        );
    }

    #[test]
    fn what_was_struck_out_is_gone_and_boxes_of_old_forms_count() {
        let row = format!(
            "<w:tbl><w:tr>{}{}{}{}</w:tr></w:tbl>",
            "<w:tc><w:p><w:del><w:r><w:delText>no</w:delText><w:t>x</w:t></w:r></w:del><w:ins><w:r><w:t>yes</w:t></w:r></w:ins></w:p></w:tc>",
            cell(
                "<w:fldChar><w:ffData><w:checkBox><w:default w:val=\"0\"/><w:checked/></w:checkBox></w:ffData></w:fldChar>"
            ),
            cell(
                "<w:fldChar><w:ffData><w:checkBox><w:checked w:val=\"0\"/></w:checkBox></w:ffData></w:fldChar>"
            ),
            cell("<w:sym w:font=\"Wingdings\" w:char=\"F0FC\"/>")
        );
        let found = read(&row);
        assert_eq!(found[0][0][..3], ["yes", TICKED, ""]);
        assert_eq!(found[0][0][3], "✓");
    }

    #[test]
    fn a_table_in_a_cell_is_words_of_the_cell() {
        let inner = format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", cell("<w:t>inner</w:t>"));
        let found = read(&format!(
            "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>outer</w:t></w:r></w:p>{inner}</w:tc></w:tr></w:tbl>"
        ));
        assert_eq!(found, [vec![vec!["outer\ninner".to_owned()]]]);
    }
}
