//! `transcript edit`: what is known of one transcript, of several, or of all.

use clap::Args;

use super::output::{Exit, count};
use super::revise::ReplaceArgs;
use super::{CliError, Context, date, pair};
use crate::domain::Date;
use crate::domain::attribute::Owner;
use crate::domain::span::printable;
use crate::domain::words::{SourceKind, SpeakerRole, TranscriptKind};
use crate::error::Result;
use crate::search::Language;
use crate::store::{OwnerId, Store, Transcript, Tx};
use crate::study::records::{check_name, set_attributes};
use crate::study::{Assigned, assign, parse_assignment, plan_assignments};

#[derive(Args)]
pub(super) struct EditArgs {
    /// The transcripts; with --replace one, or a turn of it, as in T01:12
    #[arg(value_name = "ID", required_unless_present = "all")]
    ids: Vec<String>,
    /// All transcripts
    #[arg(long, conflicts_with = "ids")]
    all: bool,
    /// Another id, of one transcript
    #[arg(long = "id", value_name = "ID")]
    new_id: Option<String>,
    /// Another case
    #[arg(long, value_name = "SLUG")]
    case: Option<String>,
    /// Another phase
    #[arg(long, value_name = "SLUG")]
    phase: Option<String>,
    /// Another day
    #[arg(long, value_name = "DATE", value_parser = date)]
    date: Option<Date>,
    /// Another kind: interview, focus-group, field-notes or document
    #[arg(long, value_name = "KIND")]
    kind: Option<TranscriptKind>,
    /// The kind of source, where its kind doesn't say it: document, archival-record, interview, direct-observation,
    /// participant-observation or physical-artefact; "" leaves it to the kind again
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Another language
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// Who it is with, all of them anew (can be repeated)
    #[arg(long, value_name = "ID")]
    participant: Vec<String>,
    /// Who speaks under a label: a participant's id, interviewer, participant or unknown (can be repeated)
    #[arg(long, value_name = "LABEL=WHO")]
    speaker: Vec<String>,
    /// A value of an attribute; KEY= takes it away (can be repeated)
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    attr: Vec<(String, String)>,
    #[command(flatten)]
    text: ReplaceArgs,
}

impl Context {
    pub(super) fn transcript_edit(&self, args: &EditArgs) -> Result<Exit> {
        if !args.text.replace.is_empty() {
            return match &args.ids[..] {
                [one] => self.transcript_replace(one, &args.text),
                _ => Err(CliError::refused(
                    "words are replaced in one transcript at a time",
                    "name one: casebook transcript edit T01 --replace OLD --with NEW",
                )
                .into()),
            };
        }
        if let Some(id) = &args.new_id {
            check_name("transcript", id)?;
            if args.all || args.ids.len() > 1 {
                return Err(CliError::refused(
                    "several transcripts can't have one id",
                    "leave --id out, or edit one transcript",
                )
                .into());
            }
        }
        if let Some(language) = &args.language {
            language.parse::<Language>()?;
        }
        let speakers = args
            .speaker
            .iter()
            .map(|s| parse_assignment(s))
            .collect::<Result<Vec<_>, _>>()?;
        let wanted = |store: &Store| -> Result<Vec<Transcript>> {
            if args.all {
                return Ok(store.transcripts()?);
            }
            let mut found: Vec<Transcript> = Vec::new();
            for id in &args.ids {
                let one = store.transcript(id)?;
                if !found.iter().any(|t| t.id == one.id) {
                    found.push(one);
                }
            }
            Ok(found)
        };
        if args.text.show.dry_run {
            let study = self.read()?;
            let transcripts = wanted(&study.store)?;
            let planned = plan_assignments(&study.store, &transcripts, &speakers)?;
            self.say_labels(&planned, transcripts.len());
            self.out.say(&format!(
                "Would edit {}.",
                count(transcripts.len(), "transcript")
            ));
            return Ok(Exit::Done);
        }
        let ((name, planned, n), event) = self.write()?.change("transcript edit", |tx| {
            let transcripts = wanted(tx)?;
            let planned = plan_assignments(tx, &transcripts, &speakers)?;
            for transcript in &transcripts {
                edit(tx, transcript, args)?;
            }
            assign(tx, &planned)?;
            let name = match &transcripts[..] {
                [one] => format!("transcript {}", args.new_id.as_ref().unwrap_or(&one.slug)),
                several => count(several.len(), "transcript"),
            };
            tx.summary(format!("edit {name}"));
            Ok((name, planned, transcripts.len()))
        })?;
        if n > 1 && event.is_some() {
            self.say_labels(&planned, n);
        }
        self.done(&format!("Edited {name}."), event);
        Ok(Exit::Done)
    }

    /// In how many transcripts each label stands, and who speaks under it.
    fn say_labels(&self, planned: &[Assigned], of: usize) {
        for one in planned {
            let who = match (&one.assignment.participant, one.assignment.role) {
                (Some(code), _) => printable(code).into_owned(),
                (None, SpeakerRole::Interviewer) => "an interviewer".into(),
                (None, SpeakerRole::Participant) => "a participant".into(),
                (None, SpeakerRole::Unknown) => "nobody".into(),
            };
            self.out.say(&format!(
                "{} stands in {} of {}: {who}, which is new in {}.",
                printable(&one.assignment.label),
                one.transcripts,
                count(of, "transcript"),
                one.changes
            ));
        }
    }
}

fn edit(tx: &Tx, before: &Transcript, args: &EditArgs) -> Result<()> {
    let mut after = before.clone();
    if let Some(id) = &args.new_id {
        after.slug.clone_from(id);
    }
    if let Some(case) = &args.case {
        after.case = Some(tx.case(case)?.id);
    }
    if let Some(phase) = &args.phase {
        after.phase = Some(tx.phase(phase)?.id);
    }
    if let Some(date) = args.date {
        after.date = Some(date.to_string());
    }
    if let Some(kind) = args.kind {
        after.kind = kind.word().into();
    }
    if let Some(language) = &args.language {
        after.language = Some(language.clone());
    }
    if let Some(source) = &args.source {
        after.source = match source.trim() {
            "" => None,
            word => Some(word.parse::<SourceKind>()?.word().to_owned()),
        };
    }
    if after != *before {
        tx.put_transcript(&after)?;
    }
    if !args.participant.is_empty() {
        let ids = args
            .participant
            .iter()
            .map(|p| Ok(tx.participant(p)?.id))
            .collect::<Result<Vec<_>>>()?;
        tx.set_transcript_participants(before.id, &ids)?;
    }
    set_attributes(tx, OwnerId(Owner::Transcript, before.id), &args.attr)
}
