//! casebook keeps a qualitative case study together: the cases, the people, the transcripts, the themes and every coded
//! passage, searchable, undoable and on record, with the reports that come out of it.
//!
//! The map of the house, in reading order; each part may use those above it, and none below:
//!
//! - [`error`]: what can go wrong, and the hint that goes with it
//! - [`domain`]: what things are
//! - [`store`], [`search`], [`import`], [`anchor`]: SQLite, Tantivy, files, and where words stand in a changed text; none
//!   knows the others
//! - [`study`]: the open study: the one door for change, selecting, keeping the index in step
//! - [`coding`], [`analysis`], [`governance`]: themes and passages, calculations, the gate
//! - [`evidence`]: the frame, findings, and the way from a claim down to a turn and back
//! - [`indicator`]: figures beside them: indicators, measures, roll-ups; cohorts, maturity, goals
//! - [`report`]: values to Markdown and HTML
//! - [`cli`]: the only part that prints

pub mod analysis;
pub mod anchor;
pub mod cli;
pub mod coding;
pub mod domain;
pub mod error;
pub mod evidence;
pub mod governance;
pub mod import;
pub mod indicator;
pub mod report;
pub mod search;
pub mod store;
pub mod study;
