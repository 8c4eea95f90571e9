//! Word: the paragraphs of a docx, one after the other, with a blank line between.
//!
//! Headings begin with `#`, list items with `- `; a table is a line for each row with tabs between its cells; breaks in
//! a paragraph are line breaks; text boxes stand behind the paragraph that they hang on; footnotes and endnotes stand
//! at the end, numbered. Tracked changes are read as accepted. What Word shows and this text has not (comments, headers,
//! pictures) is counted.

use super::{Draft, Error, count, encoding, limits, speakers};

mod body;
mod package;
mod styles;
mod xml;

use body::Left;

pub(super) fn read(bytes: &[u8]) -> Result<Draft, Error> {
    let mut package = package::open(bytes)?;
    let styles = match package.parts("styles", "word/styles.xml")?.first() {
        Some(xml) => styles::read(xml)?,
        None => styles::Styles::default(),
    };
    let document = package.document()?;
    let body = body::read(&document, "word/document.xml", &styles)?;
    drop(document);
    let mut left = body.left;
    let mut notes = Vec::new();
    for (kind, name) in [("footnotes", "word/footnotes.xml"), ("endnotes", "word/endnotes.xml")] {
        for xml in package.parts(kind, name)? {
            let part = body::read(&xml, name, &styles)?;
            left.add(part.left);
            notes.extend(part.notes);
        }
    }
    for xml in package.parts("comments", "word/comments.xml")? {
        left.comments += body::read(&xml, "word/comments.xml", &styles)?.left.comments;
    }
    let mut headers = 0;
    for (kind, name) in [("header", "a header"), ("footer", "a footer")] {
        for xml in package.parts(kind, name)? {
            headers += usize::from(!body::read(&xml, name, &styles)?.blocks.is_empty());
        }
    }
    let mut text = body.blocks.join("\n\n");
    let end = text.len();
    for (n, note) in notes.iter().enumerate() {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&format_note(n, note));
    }
    limits::text(&text)?;
    let mut warnings = Vec::new();
    encoding::signs(&text, &mut warnings)?;
    let spoken = speakers::turns(&text, end);
    warnings.extend(warn(left, headers, if spoken.labels.is_empty() { 0 } else { notes.len() }));
    warnings.extend(spoken.warnings);
    Ok(Draft {
        text,
        turns: spoken.turns,
        labels: spoken.labels,
        attributes: Vec::new(),
        encoding: "UTF-8".to_owned(),
        warnings,
    })
}

fn format_note(n: usize, note: &str) -> String {
    format!("[{}] {note}", n + 1)
}

fn warn(left: Left, headers: usize, notes: usize) -> Vec<String> {
    let mut out = Vec::new();
    let mut say = |n: usize, one: &str, many: &str, what: &str| {
        if n > 0 {
            out.push(format!("{} {what}", count(n, one, many)));
        }
    };
    say(left.changes, "tracked change", "tracked changes", "read as accepted");
    say(left.comments, "comment", "comments", "left out");
    say(headers, "header or footer", "headers and footers", "left out");
    say(left.pictures, "picture", "pictures", "left out");
    say(left.objects, "embedded object", "embedded objects", "left out");
    say(left.symbols, "sign of a symbol font", "signs of symbol fonts", "became U+FFFD");
    say(notes, "footnote", "footnotes", "at the end of the text, in no turn");
    out
}
