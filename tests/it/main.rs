//! The tests that drive the program as a user does, and those that hold the house to its rules. One binary, so that
//! it links once.

#![expect(
    clippy::needless_raw_string_hashes,
    reason = "expectations are written by the test itself, in one form"
)]

mod agreement;
mod backups;
mod bad_input;
mod cases;
mod charts;
mod checklists;
mod claims;
mod codebook_versions;
mod codings;
mod cohorts;
mod concurrent;
mod consent;
mod crash;
mod debriefs;
mod disclosure;
mod double_coding;
mod erase_reach;
mod erasing;
mod erasing_reach;
mod examples;
mod explain;
mod facesheets;
mod figure_charts;
mod figures;
mod figures_in_reports;
mod findings;
mod frame;
mod frequency;
mod fuzz;
mod gate;
mod given_away;
mod grid_charts;
mod guide;
mod harness;
mod house;
mod indicators;
mod joint;
mod lookups;
mod losses;
mod matrix;
mod maturity;
mod measures;
mod names;
mod off_record;
mod parts;
mod pdf;
mod progress;
mod pseudonyms;
mod reference;
mod reflow;
mod relations;
mod reports;
mod rests;
mod retention;
mod revising;
mod sar;
mod saturation;
mod search_oracle;
mod searching;
mod sections;
mod speakers;
mod study;
mod summaries;
mod systems;
mod table_files;
mod tables;
mod themes;
mod transcripts;
mod turn_counts;
mod undo;
mod withdrawal;
