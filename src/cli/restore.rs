//! `restore`: a study brought back from a backup, under a name of its own.

use std::path::{Path, PathBuf};

use clap::Args;

use super::output::{Exit, count};
use super::progress::Bar;
use super::study::with_ending;
use super::{CliError, Context, io_error};
use crate::error::Result;
use crate::governance::{carry::carry, erase::come_back};
use crate::store::{Access, Store};
use crate::study::Study;
use crate::study::restore::{Differs, differs, forgotten, restore, restored_name};

#[derive(Args)]
pub(super) struct RestoreArgs {
    /// The backup
    backup: PathBuf,
    /// The file to restore to, which must not exist; without it, NAME.restored-DATE.casebook beside the study
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

impl Context {
    pub(super) fn restore(&self, args: &RestoreArgs) -> Result<Exit> {
        let present = self.present(&args.backup)?;
        let session = self.session()?;
        let to = match (&args.to, &present) {
            (Some(to), _) => with_ending(to.clone()),
            (None, Some(study)) => restored_name(study.path(), &session.now),
            (None, None) => restored_name(&args.backup, &session.now),
        };
        if to.exists() {
            return Err(CliError::refused(
                format!("`{}` exists already", to.display()),
                "choose another name with --to; restoring never replaces a file",
            )
            .into());
        }
        let bar = Bar::new("checking", self.out.quiet);
        let folders = around(&args.backup, &to, present.as_ref());
        // Compared with the study as it is before this restoring is on its record.
        let mut compared = (Vec::new(), None);
        let mut done = restore(
            &args.backup,
            &to,
            present.as_ref().map(Study::path),
            &bar,
            |store| {
                if let Some(study) = &present {
                    compared = (
                        forgotten(store, &study.store)?,
                        differs(store, &study.store)?,
                    );
                }
                carry(&store.uuid()?, &folders, &to).map(drop)
            },
            |sha256| {
                if let Some(study) = &present {
                    self.register_copy(study, "restored", &to, sha256);
                }
            },
        )?;
        drop(bar);
        (done.forgotten, done.differs) = compared;
        done.come_back = come_back(&Store::open(&to, Access::Read)?)?;
        self.out
            .text(&done, || format!("Restored to {}\n", done.restored))
            .map_err(io_error)?;
        let day = done.at.get(..10).unwrap_or_default();
        self.out.say(&format!(
            "It is sound, with {} and {}, as of event {} of {day}.",
            count(done.transcripts, "transcript"),
            count(done.codings, "coding"),
            done.event
        ));
        if let Some(format) = done.older_format {
            self.out.say(&format!(
                "It had format {format} and was taken up to the present one; the backup stays as it was."
            ));
        }
        if !done.come_back.is_empty() {
            self.out.warn(&format!(
                "{} {} erased since this backup was made, and {} in it: casebook --study \"{}\" erase again",
                done.come_back.join(", "),
                if done.come_back.len() == 1 { "was" } else { "were" },
                if done.come_back.len() == 1 { "is" } else { "are" },
                done.restored
            ));
        }
        for f in &done.forgotten {
            self.out.warn(&format!(
                "{} withdrew ({}) on {}, and this backup does not know it: casebook --study \"{}\" withdraw {} --mode {} --asked {}",
                f.participant, f.mode, f.asked, done.restored, f.participant, f.mode, f.asked
            ));
        }
        match &done.differs {
            Some(differs) => self.out.say(&told(differs)),
            None => self
                .out
                .say("There is no other copy of this study here to compare it with."),
        }
        self.out.say(&format!(
            "To work on it: casebook --study \"{}\" status",
            done.restored
        ));
        Ok(Exit::Done)
    }

    /// The study that the backup is of, where it is here. That there is none, or another one, is no mistake: it may be what is
    /// lost.
    fn present(&self, backup: &Path) -> Result<Option<Study>> {
        let Ok(path) = self.study_path() else {
            return Ok(None);
        };
        let canonical = |p: &Path| std::fs::canonicalize(p).ok();
        if canonical(&path).is_some() && canonical(&path) == canonical(backup) {
            return Ok(None);
        }
        let (Ok(of), Ok(study)) = (
            Store::open_as_it_is(backup).and_then(|copy| copy.uuid()),
            Study::open(&path, Access::Read, self.session()?),
        ) else {
            return Ok(None);
        };
        Ok((study.store.uuid()? == of).then_some(study))
    }
}

/// Where records of erasures may lie: beside the study, the backup, the folder of backups, and the restored file.
fn around(backup: &Path, to: &Path, present: Option<&Study>) -> Vec<PathBuf> {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let backup = absolute(backup);
    let to = absolute(to);
    let study = present.map(|study| absolute(study.path()));
    [
        backup.parent(),
        backup.parent().and_then(Path::parent),
        to.parent(),
        study.as_deref().and_then(Path::parent),
    ]
    .into_iter()
    .flatten()
    .map(Path::to_owned)
    .collect()
}

/// How the restored study differs from the one that there is.
fn told(differs: &Differs) -> String {
    let missing = || {
        let until = differs
            .missing_until
            .as_deref()
            .and_then(|at| at.get(..10))
            .unwrap_or_default();
        format!(
            "{} of {} {} not in it, the last of {until}",
            count(differs.missing, "event"),
            differs.study,
            if differs.missing == 1 { "is" } else { "are" }
        )
    };
    match (differs.missing, differs.more) {
        (0, 0) => format!("{} has the same events.", differs.study),
        (_, 0) => format!("{}.", missing()),
        (0, more) => format!(
            "It has {} more than {}.",
            count(more, "event"),
            differs.study
        ),
        (_, more) => format!(
            "Up to event {} they are the same; then each went on by itself: {}, and {} only in it.",
            differs.common,
            missing(),
            count(more, "event")
        ),
    }
}
