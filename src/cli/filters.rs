//! The filters, the same on every command that shows passages.

use clap::Args;

use super::{date, pair};
use crate::domain::Date;
use crate::domain::filter::{Filter, Speakers};

#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Filters (the same kind widens, different kinds narrow)")]
pub(super) struct FilterArgs {
    /// Only this case, with all that is part of it (can be repeated)
    #[arg(long, value_name = "SLUG")]
    case: Vec<String>,
    /// Only this theme, with its sub-themes (can be repeated)
    #[arg(long, value_name = "PATH")]
    theme: Vec<String>,
    /// Only what this participant says (can be repeated)
    #[arg(long, value_name = "ID")]
    participant: Vec<String>,
    /// Only participants in this role (can be repeated)
    #[arg(long, value_name = "ROLE")]
    role: Vec<String>,
    /// Only this phase of fieldwork (can be repeated)
    #[arg(long, value_name = "SLUG")]
    phase: Vec<String>,
    /// Only this transcript (can be repeated)
    #[arg(long, value_name = "ID")]
    transcript: Vec<String>,
    /// Only codings by this coder, as --coder on commands that only read (can be repeated)
    #[arg(long = "by", value_name = "CODER")]
    by: Vec<String>,
    /// Only where an attribute of the case, participant or transcript has this value (can be repeated)
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    attr: Vec<(String, String)>,
    /// Only under this heading or question: its words, a part of them, or its number (can be repeated)
    #[arg(long, value_name = "TEXT")]
    section: Vec<String>,
    /// Whose words: participant (everyone but the interviewers), interviewer or all
    #[arg(long, value_name = "WHO", default_value = "participant")]
    speaker: Option<Speakers>,
    /// Read the links between cases as they stood on this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
}

impl FilterArgs {
    pub(super) fn filter(&self) -> Filter {
        Filter {
            cases: self.case.clone(),
            themes: self.theme.clone(),
            participants: self.participant.clone(),
            roles: self.role.clone(),
            phases: self.phase.clone(),
            transcripts: self.transcript.clone(),
            coders: self.by.clone(),
            attributes: self.attr.clone(),
            sections: self.section.clone(),
            speakers: self.speaker.unwrap_or(Speakers::Participant),
            as_of: self.as_of,
            ..Filter::default()
        }
    }

    /// Whether none was given.
    pub(super) fn is_plain(&self) -> bool {
        let lists = [
            &self.case,
            &self.theme,
            &self.participant,
            &self.role,
            &self.phase,
            &self.transcript,
            &self.by,
            &self.section,
        ];
        lists.iter().all(|list| list.is_empty())
            && self.attr.is_empty()
            && self.as_of.is_none()
            && self.speaker.is_none_or(|s| s == Speakers::Participant)
    }
}
