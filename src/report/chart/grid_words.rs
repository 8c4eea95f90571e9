//! Words that pictures of figures, cohorts and stages share.

use unicode_segmentation::UnicodeSegmentation;

use super::quantity::Quantity;
use crate::report::phrase::capital;

/// What is measured, in a sentence.
pub(super) fn unit_sentence(of: &Quantity) -> String {
    let name = capital(&of.name);
    let mut words = match of.unit.as_str() {
        "" => name,
        unit => format!("{name}, in {unit}"),
    };
    if let Some(period) = &of.period {
        words.push_str(&format!(", {period}"));
    }
    words + "."
}

/// Words for a place on a terminal, with a sign where they were cut.
pub(super) fn shortened(words: &str, room: usize) -> String {
    let letters: Vec<&str> = words.graphemes(true).collect();
    if letters.len() <= room {
        return words.to_owned();
    }
    letters[..room.saturating_sub(1)].concat() + "…"
}
