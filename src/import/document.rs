//! A document's blocks → its text with turns: what all office formats have in common behind their readers.
//!
//! Blocks are parted by one blank line; notes stand at the end, numbered, where nobody speaks. What the program that
//! wrote the file shows and this text has not is counted.

use super::blocks::Gathered;
use super::{Draft, Error, count, limits, signs, speakers};

/// What was not taken, or not as it stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Left {
    pub changes: usize,
    pub comments: usize,
    /// Headers and footers that say something.
    pub headers: usize,
    pub hidden: usize,
    pub pictures: usize,
    pub objects: usize,
    pub symbols: usize,
    /// Bytes or codes that stand for no character.
    pub undecodable: usize,
}

impl Left {
    pub(super) fn add(&mut self, other: Self) {
        self.changes += other.changes;
        self.comments += other.comments;
        self.headers += other.headers;
        self.hidden += other.hidden;
        self.pictures += other.pictures;
        self.objects += other.objects;
        self.symbols += other.symbols;
        self.undecodable += other.undecodable;
    }
}

/// Puts the text together and finds who speaks. `warnings` is what the reader has to say beforehand.
pub(super) fn finish(
    gathered: &Gathered,
    left: Left,
    encoding: String,
    mut warnings: Vec<String>,
) -> Result<Draft, Error> {
    let mut text = gathered.blocks.join("\n\n");
    // A mark of the byte order is none in a text, however many there are; nor are the breaks behind them.
    let lead = text.len() - text.trim_start_matches(['\u{feff}', '\n']).len();
    text.drain(..lead);
    let end = text.len();
    let notes = gathered.notes.len() + gathered.endnotes.len();
    for (n, note) in gathered.notes.iter().chain(&gathered.endnotes).enumerate() {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&format!("[{}] {note}", n + 1));
    }
    // Character references may give what no text has.
    if text.contains('\r') {
        text = text.replace('\r', " ");
    }
    limits::text(&text)?;
    signs::check(&text, &mut warnings)?;
    let spoken = speakers::turns(&text, end);
    let notes = if spoken.labels.is_empty() { 0 } else { notes };
    warnings.extend(warn(left, notes));
    warnings.extend(spoken.warnings);
    Ok(Draft {
        text,
        turns: spoken.turns,
        sections: spoken.sections,
        labels: spoken.labels,
        attributes: Vec::new(),
        encoding,
        warnings,
        ..Draft::default()
    })
}

fn warn(left: Left, notes: usize) -> Vec<String> {
    [
        (
            left.changes,
            "tracked change",
            "tracked changes",
            "read as accepted",
        ),
        (left.comments, "comment", "comments", "left out"),
        (
            left.headers,
            "header or footer",
            "headers and footers",
            "left out",
        ),
        (left.hidden, "hidden passage", "hidden passages", "left out"),
        (left.pictures, "picture", "pictures", "left out"),
        (
            left.objects,
            "embedded object",
            "embedded objects",
            "left out",
        ),
        (
            left.symbols,
            "sign of a symbol font",
            "signs of symbol fonts",
            "became U+FFFD",
        ),
        (
            left.undecodable,
            "sign that cannot be decoded",
            "signs that cannot be decoded",
            "became U+FFFD",
        ),
        (
            notes,
            "footnote",
            "footnotes",
            "at the end of the text, in no turn",
        ),
    ]
    .into_iter()
    .filter(|(n, ..)| *n > 0)
    .map(|(n, one, many, what)| format!("{} {what}", count(n, one, many)))
    .collect()
}
