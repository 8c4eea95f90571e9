//! What a report is asked for, and what it says of itself when it is done.

use super::Format;
use crate::domain::filter::Filter;
use crate::governance::gate::{Audience, HeldBack};

/// How many quotes stand under each theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteChoice {
    None,
    /// At most so many for each theme, spread over cases and participants.
    Some(usize),
    /// Every passage that may be quoted.
    All,
}

impl Default for QuoteChoice {
    fn default() -> Self {
        Self::Some(5)
    }
}

#[derive(Clone, Debug)]
pub struct ReportOptions {
    pub filter: Filter,
    pub quotes: QuoteChoice,
    /// Who is going to read it; a debrief is always for its participant.
    pub audience: Audience,
    pub format: Format,
    /// Of the program; it stands in the part that says how the report was made.
    pub version: &'static str,
}

impl ReportOptions {
    /// Five quotes for each theme, of the whole study, for anyone to read.
    pub fn new(format: Format, version: &'static str) -> Self {
        Self {
            filter: Filter::default(),
            quotes: QuoteChoice::default(),
            audience: Audience::Public,
            format,
            version,
        }
    }
}

/// What went into a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Quotes printed.
    pub quotes: usize,
    /// Coded passages that might have been quoted but for a promise; each counts once for each theme. What is off the
    /// record is in no count, nor in this one.
    pub held_back: HeldBack,
    /// Summaries of the frame that were held back, each counted once.
    pub summaries_held_back: HeldBack,
    /// What is not told of cases that stand under code names, by what it is: figures, dates, sources.
    pub code_named_held_back: std::collections::BTreeMap<&'static str, usize>,
    /// Themes that have a section.
    pub themes: usize,
    /// What whoever asked for the report should know before sending it.
    pub warnings: Vec<String>,
    /// The codings that are quoted, ascending.
    pub codings: Vec<i64>,
    /// The findings that are printed, ascending.
    pub findings: Vec<i64>,
    /// The counts of people that are printed outside the team, by what they count.
    pub counts: std::collections::BTreeMap<String, u64>,
}
