//! `erase`: earlier texts, people who came back with an older copy, and the search for what may be left.

use clap::Subcommand;
use serde::Serialize;

use super::output::{Exit, count, thousands};
use super::{Context, io_error};
use crate::error::Result;
use crate::governance::erase::{
    self, Clean, Finished, Lock, RevisionsGone, Unassigned, come_back, doomed, erase_revisions,
    reach_revisions, to_go, verify_person,
};
use crate::governance::key;
use crate::store::Access;
use crate::study::Study;

#[derive(Subcommand)]
pub(super) enum EraseCommand {
    /// Look for a person who was erased: in every file of the study, the index's words and the record
    Verify {
        /// The code that they had
        participant: String,
    },
    /// Erase again who was erased and came back with an older copy of the study
    Again {
        /// Whose the words are under labels that nobody is assigned to: theirs or others
        #[arg(long, value_name = "WHOSE")]
        unassigned: Option<Unassigned>,
        /// Only show what it reaches
        #[arg(long)]
        dry_run: bool,
        /// Do it without asking
        #[arg(long, short)]
        yes: bool,
    },
    /// Erase what transcripts said before they were corrected or pseudonymised
    Revisions {
        /// The transcripts
        #[arg(required_unless_present = "all")]
        transcript: Vec<String>,
        /// All of them
        #[arg(long, conflicts_with = "transcript")]
        all: bool,
        /// Only show what goes
        #[arg(long)]
        dry_run: bool,
        /// Do it without asking
        #[arg(long, short)]
        yes: bool,
    },
}

#[derive(Serialize)]
struct Verified {
    participant: String,
    /// The event that erased.
    event: i64,
    at: String,
    #[serde(flatten)]
    clean: Clean,
}

#[derive(Serialize)]
struct Revised {
    transcripts: Vec<RevisionsGone>,
    /// Files that go, or went.
    files: Vec<String>,
    finished: Option<Finished>,
    event: Option<i64>,
}

impl Context {
    pub(super) fn erase_command(&self, command: &EraseCommand) -> Result<Exit> {
        match command {
            EraseCommand::Verify { participant } => self.erase_verify(participant),
            EraseCommand::Again {
                unassigned,
                dry_run,
                yes,
            } => self.erase_again(*unassigned, *dry_run, *yes),
            EraseCommand::Revisions {
                transcript,
                all,
                dry_run,
                yes,
            } => self.erase_revisions(transcript, *all, *dry_run, *yes),
        }
    }

    fn erase_verify(&self, code: &str) -> Result<Exit> {
        let study = self.write()?;
        let (withdrawal, clean) = verify_person(&study, code, &|line| self.out.say(line))?;
        let view = Verified {
            participant: withdrawal.code,
            event: withdrawal.event,
            at: withdrawal.at,
            clean,
        };
        self.out
            .text(&view, || {
                format!(
                    "{} · erased by event {} on {}\n{}",
                    view.participant,
                    view.event,
                    view.at,
                    clean_lines(&view.clean)
                )
            })
            .map_err(io_error)?;
        Ok(if view.clean.clean {
            Exit::Done
        } else {
            Exit::Damaged
        })
    }

    fn erase_again(
        &self,
        unassigned: Option<Unassigned>,
        dry_run: bool,
        yes: bool,
    ) -> Result<Exit> {
        let study = self.open_with_anybody(Access::Write)?;
        let codes = come_back(&study.store)?;
        if codes.is_empty() {
            self.out
                .say("Nobody who was erased is in the study: nothing to do.");
            return Ok(Exit::Done);
        }
        let mut worst = Exit::Done;
        for code in codes {
            let exit = self.erase_person_again(&study, &code, unassigned, yes, dry_run)?;
            if exit != Exit::Done {
                worst = exit;
            }
        }
        Ok(worst)
    }

    fn erase_revisions(
        &self,
        slugs: &[String],
        all: bool,
        dry_run: bool,
        yes: bool,
    ) -> Result<Exit> {
        let study = self.write()?;
        let transcripts = if all {
            study.store.transcripts()?
        } else {
            slugs
                .iter()
                .map(|slug| Ok(study.store.transcript(slug)?))
                .collect::<Result<Vec<_>>>()?
        };
        let found = reach_revisions(&study.store, &transcripts)?;
        // Backups hold the earlier texts too; what was exported holds texts of then only where passages were quoted.
        let going = to_go(&doomed(
            &study.store,
            "",
            &std::collections::BTreeSet::new(),
        )?);
        let mut view = Revised {
            transcripts: found,
            files: going.iter().map(|f| f.path.clone()).collect(),
            finished: None,
            event: None,
        };
        if view.transcripts.is_empty() {
            self.out.say("There are no earlier texts: nothing to do.");
            return Ok(Exit::Done);
        }
        if !dry_run {
            let texts: usize = view.transcripts.iter().map(|t| t.revisions.len()).sum();
            if !yes {
                self.out.say(&revised_lines(&view));
            }
            self.confirm(
                yes,
                &format!(
                    "Erasing {} of {}, which nothing can take back",
                    count(texts, "earlier text"),
                    count(view.transcripts.len(), "transcript")
                ),
            )?;
            let lock = Lock::take(study.path())?;
            let (gone, event) = erase_revisions(&study, &transcripts, &going)?;
            view.transcripts = gone;
            view.event = event;
            view.finished = Some(erase::finish(&study, &|line| self.out.say(line))?);
            drop(lock);
        }
        self.out
            .text(&view, || revised_lines(&view))
            .map_err(io_error)?;
        Ok(match &view.finished {
            Some(finished) if !finished.verified.clean => Exit::Damaged,
            _ => Exit::Done,
        })
    }

    /// Takes a person's names out of the key, where there is one and its passphrase is at hand.
    pub(super) fn forget_name(&self, study: &Study, code: &str) -> Result<()> {
        let path = key::path_of(study.path());
        if !path.exists() {
            return Ok(());
        }
        let still = format!(
            "the key still holds the name of {code}, if it held it: see it with: casebook pseudonym list"
        );
        let mut open = match self.open_key(study) {
            Ok(open) => open,
            Err(error) => {
                self.out.warn(&format!("{error}; {still}"));
                return Ok(());
            }
        };
        let theirs: Vec<u32> = open
            .key
            .entities
            .iter()
            .filter(|e| {
                e.participant
                    .as_deref()
                    .map_or(e.replacement.as_str(), |p| p)
                    .eq_ignore_ascii_case(code)
            })
            .map(|e| e.number)
            .collect();
        for number in &theirs {
            open.key.remove(*number);
        }
        let gone = theirs.len();
        if gone > 0 {
            open.save()?;
        }
        self.out.say(&format!(
            "{} of {code} taken out of the key.",
            count(gone, "entry")
        ));
        Ok(())
    }

    /// Opens whatever the record of erasures says of the study.
    pub(super) fn open_with_anybody(&self, access: Access) -> Result<Study> {
        let path = self.study_path()?;
        let study = Study::open(&path, access, self.session()?)?;
        let unfinished = study.store.erasing()?;
        if unfinished.is_empty() {
            return self.with_record(study);
        }
        if unfinished.iter().all(|e| e.stage == erase::FOUND) {
            self.warn_of_found(&study)?;
            return self.with_record(study);
        }
        // The key may not have been reached; where it was, nothing is found in it.
        let withdrawals = study.store.withdrawals()?;
        for withdrawal in &withdrawals {
            if unfinished
                .iter()
                .any(|e| e.event == withdrawal.event && e.stage != erase::FOUND)
            {
                self.forget_name(&study, &withdrawal.code)?;
            }
        }
        drop(study);
        let finished = erase::resume(&path, &self.session()?, &|line| self.out.say(line))?;
        if let Some(finished) = finished {
            let lines = finished_lines(&finished);
            if finished.verified.clean {
                self.out.say(lines.trim_end());
            } else {
                self.out.warn(lines.trim_end());
            }
        }
        self.with_record(Study::open(&path, access, self.session()?)?)
    }

    /// Brings back what the record of erasures lacks, and says so.
    fn with_record(&self, study: Study) -> Result<Study> {
        for line in erase::mend(&study.store)? {
            self.out.warn(&line);
        }
        Ok(study)
    }

    /// Says that an erase is not finished, and how to go on with it.
    fn warn_of_found(&self, study: &Study) -> Result<()> {
        let withdrawals = study.store.withdrawals()?;
        for unfinished in study.store.erasing()? {
            let code = withdrawals
                .iter()
                .find(|w| w.event == unfinished.event)
                .or(withdrawals.iter().rev().find(|w| w.mode == "erase"));
            self.out.warn(&format!(
                "the erase of event {} is not finished: something of it was found afterwards; see where with: {}",
                unfinished.event,
                code.map_or_else(
                    || "casebook erase revisions --all".to_owned(),
                    |w| format!("casebook erase verify {}", w.code)
                ),
            ));
        }
        Ok(())
    }

    /// Opens a study in which nobody is who was erased.
    pub(super) fn open_without_erased(&self, access: Access) -> Result<Study> {
        let study = self.open_with_anybody(access)?;
        erase::refuse_come_back(&study.store)?;
        Ok(study)
    }
}

fn revised_lines(view: &Revised) -> String {
    let mut out = String::new();
    for t in &view.transcripts {
        let numbers: Vec<String> = t.revisions.iter().map(ToString::to_string).collect();
        out.push_str(&format!(
            "{}  texts {}; {} of the record\n",
            t.transcript,
            if numbers.is_empty() {
                "-".to_owned()
            } else {
                numbers.join(", ")
            },
            count(t.images, "state")
        ));
    }
    for file in &view.files {
        out.push_str(&format!("file  {}  goes\n", from_here(file)));
    }
    if let Some(finished) = &view.finished {
        out.push_str(&finished_lines(finished));
    }
    out
}

/// A path as it reads from the folder in which one works.
pub(super) fn from_here(path: &str) -> &str {
    let Ok(here) = std::env::current_dir() else {
        return path;
    };
    path.strip_prefix(&*here.to_string_lossy())
        .and_then(|rest| rest.strip_prefix(std::path::MAIN_SEPARATOR))
        .unwrap_or(path)
}

/// What was done after the change, line by line.
pub(super) fn finished_lines(finished: &Finished) -> String {
    let mut out = String::new();
    for file in &finished.files {
        out.push_str(&format!("removed       {}\n", from_here(file)));
    }
    for file in &finished.left {
        out.push_str(&format!("not removed   {file}\n"));
    }
    out + &clean_lines(&finished.verified)
}

fn clean_lines(clean: &Clean) -> String {
    let bytes: u64 = clean.files.iter().map(|f| f.bytes).sum();
    let mut out = format!(
        "searched      {} ({} bytes) for {}, and {} of the index\n",
        count(clean.files.len(), "file"),
        thousands(bytes),
        count(clean.windows, "piece"),
        count(clean.terms, "term"),
    );
    for place in &clean.places {
        out.push_str(&format!(
            "found         {} in {} ({})\n",
            count(place.pieces, "piece"),
            place.file,
            place.place
        ));
    }
    if clean.unfounded > 0 {
        out.push_str(&format!(
            "found         {} of the index that no text has\n",
            count(clean.unfounded, "term")
        ));
    }
    if clean.rows > 0 {
        out.push_str(&format!(
            "found         {} or states of the record\n",
            count(clean.rows, "row")
        ));
    }
    out.push_str(if clean.clean {
        "clean: nothing of it is left\n"
    } else {
        "NOT clean\n"
    });
    out
}
