//! What was replaced in a text: kept in the key alone, so that only who can open it can put it back.

use serde::{Deserialize, Serialize};

use super::Key;
use crate::domain::span::Span;

/// What was replaced in one text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applied {
    /// SHA-256 of the text with the replacements in it, in hex: by it, the text is known again.
    pub text: String,
    /// In the order of the text.
    pub marks: Vec<Mark>,
}

/// One place of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u32, u32, u32, String)", into = "(u32, u32, u32, String)")]
pub struct Mark {
    /// Of what stands there now.
    pub span: Span,
    pub entity: u32,
    /// What stood there.
    pub form: String,
}

impl From<(u32, u32, u32, String)> for Mark {
    fn from((start, end, entity, form): (u32, u32, u32, String)) -> Self {
        Self {
            span: Span::new(start, end),
            entity,
            form,
        }
    }
}

impl From<Mark> for (u32, u32, u32, String) {
    fn from(mark: Mark) -> Self {
        (mark.span.start, mark.span.end, mark.entity, mark.form)
    }
}

impl std::fmt::Debug for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "entity {} at {}", self.entity, self.span)
    }
}

impl std::fmt::Debug for Applied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} replacements", self.marks.len())
    }
}

impl Key {
    /// What was replaced in a text of that hash, as far as the key knows.
    pub fn applied_in(&self, text_sha256: &str) -> Option<&[Mark]> {
        self.applied
            .iter()
            .find(|a| a.text == text_sha256)
            .map(|a| &a.marks[..])
    }

    /// Keeps what was replaced in a text.
    pub fn keep_applied(&mut self, new: Applied) {
        self.applied.retain(|a| a.text != new.text);
        self.applied.push(new);
    }
}
