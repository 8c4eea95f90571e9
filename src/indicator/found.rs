//! What stands in the way of reading figures: gathered, so that one mistake in a thousand rows is said once.

use std::collections::HashMap;

use serde::Serialize;

/// What was found in a file, where, and what may be done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The first row that it is in; null where it is of the file as a whole.
    pub line: Option<u64>,
    /// The column's letters.
    pub column: Option<String>,
    pub reason: String,
    pub hint: Option<String>,
    /// How many rows it is in.
    pub rows: u64,
    /// Whether nothing of the file can be read before it is decided.
    pub whole: bool,
}

/// Findings while they are gathered.
#[derive(Debug, Default)]
pub(super) struct Findings {
    all: Vec<Finding>,
    known: HashMap<String, usize>,
}

/// Findings that are kept; a file where everything is wrong is told by fewer.
const KEPT: usize = 1_000;

impl Findings {
    /// Notes what is wrong with a row. What is known by `key` already is counted.
    pub(super) fn row(
        &mut self,
        key: String,
        line: u64,
        column: usize,
        say: impl FnOnce() -> (String, String),
    ) {
        if let Some(at) = self.known.get(&key) {
            self.all[*at].rows += 1;
            return;
        }
        if self.all.len() >= KEPT {
            self.all[KEPT - 1].rows += 1;
            return;
        }
        let (reason, hint) = say();
        self.known.insert(key, self.all.len());
        self.all.push(Finding {
            line: Some(line),
            column: Some(crate::import::grid::letters(column)),
            reason,
            hint: Some(hint),
            rows: 1,
            whole: false,
        });
    }

    /// Notes what is wrong with the file as a whole.
    pub(super) fn whole(
        &mut self,
        line: Option<u64>,
        column: Option<usize>,
        reason: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.all.push(Finding {
            line,
            column: column.map(crate::import::grid::letters),
            reason: reason.into(),
            hint: Some(hint.into()),
            rows: 0,
            whole: true,
        });
    }

    /// Those of the whole file first, then as they stand in it.
    pub(super) fn done(mut self) -> Vec<Finding> {
        self.all
            .sort_by_key(|f| (!f.whole, f.line, f.column.clone().map(|c| (c.len(), c))));
        self.all
    }
}
