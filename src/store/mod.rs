//! The study's SQLite file; the only part that names rusqlite.
//!
//! One file per group of tables, its SQL beside its rows. Reading is on [`Store`]; writing is on [`Tx`], which only
//! [`Store::change`] hands out: the one door. Functions that touch many rows prepare once and run in id order.

mod agreement;
mod assessments;
mod attributes;
mod case_codes;
mod case_names;
mod cases;
mod check;
mod checklist;
mod claims;
mod codings;
mod cohorts;
mod conflicts;
mod consents;
mod copies;
mod door;
mod erase;
mod erase_words;
mod erasing;
mod erasures;
mod error;
mod fieldwork;
mod figures;
mod findings;
mod frame;
mod goals;
mod head;
mod held;
mod history;
mod hold;
mod indicators;
mod leans;
mod limits;
mod mappings;
mod marks;
mod maturities;
mod meanings;
mod memos;
mod notes;
mod open;
mod participants;
mod phases;
mod populations;
mod readings;
mod releases;
mod responses;
mod retention;
mod revisions;
mod schema;
mod sections;
mod select;
mod study;
mod themes;
mod transcripts;
mod undo;
mod unfinished;
mod versions;
mod withdrawals;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

pub use agreement::{NewSettlement, Sample, Sampled, Settlement, Threshold};
pub use assessments::{Assessment, RestsOn};
pub use attributes::{Attribute, AttributeValue, OwnerId};
pub use case_codes::CaseCode;
pub use case_names::CaseName;
pub use cases::{Case, CaseLink};
pub use check::Damage;
pub use checklist::ChecklistItem;
pub use claims::Claim;
pub use codings::{
    Among, CODINGS_PER_TRANSCRIPT, Coded, Coding, Light, NewCoding, Pending, transcript_of,
};
pub use cohorts::{Cohort, Member};
pub use conflicts::SettledFigure;
pub use consents::{Consent, Items, NewConsent, Withdrawn};
pub use copies::WrittenCopy;
pub use door::{Tx, Who};
pub use erase::{FREE_TEXT, Fate, Past};
pub use erase_words::ErasedReason;
pub use erasing::{Erasing, FileToGo};
pub use error::Error;
pub use fieldwork::{Milestone, Quota};
pub use figures::{FigureRow, SettledRow};
pub use findings::{CellRow, Evidence, EvidenceOn, Finding, NewEvidence, Prediction, Rival};
pub use frame::{Cell, CellDraft, CellThen, SizedCoding, TouchedCoding};
pub use goals::{Goal, Reached};
pub use head::{Head, SHORT};
pub use held::{Former, HeldResponse, RowOf, Touch};
pub use history::{Change, ChangeOp, Event, EventFilter};
pub use indicators::{Indicator, Rollup};
pub use leans::{Resting, Sources};
pub use limits::{Limit, LimitOn, LimitedPassage};
pub use mappings::KeptMapping;
pub use marks::Mark;
pub use maturities::{Maturity, MaturityDomain};
pub use meanings::Meaning;
pub use memos::{Memo, MemoOn};
pub use notes::Note;
pub use open::{Access, study_in};
pub use participants::{Agreed, Participant, Setting};
pub use phases::Phase;
pub use populations::Population;
pub use readings::{Measure, MeasureFilter, NewMeasure, NewReading, Reading, ReadingWriter};
pub use releases::{COPY_WRITE, NewRelease, REPORT_WRITE, Release};
pub use responses::{Decision, NewResponse, NotWritten, Response};
pub use retention::{Days, Kept, RETENTION_DELETE, RetentionRule};
pub use revisions::{NewRevision, NewSection, NewTurn, Revision, Section, Turn};
pub use schema::{APPLICATION_ID, SCHEMA, VERSION};
pub use select::Resolved;
pub use study::{Coder, K_COUNTS, K_LABELS, StudyRow};
pub use themes::Theme;
pub use transcripts::{GONE, NewTranscript, Speaker, Transcript};
pub use versions::{CodingChange, EventOp, ThemesThen, Version};
pub use withdrawals::{ERASE, ERASE_REVISIONS, NewWithdrawal, PersonsRows, Withdrawal};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An open study file.
pub struct Store {
    conn: Connection,
    path: PathBuf,
    /// The day against which consents run out; empty: none does.
    today: String,
}

impl Store {
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What day it is, `YYYY-MM-DD` with or without a time behind it: what a person agreed to holds until one.
    #[must_use]
    pub fn on_day(mut self, day: &str) -> Self {
        self.today = day.chars().take(10).collect();
        self
    }

    /// The day that [`Store::on_day`] said; empty where none was.
    pub fn today(&self) -> &str {
        &self.today
    }
}
