//! `backup`: the study copied whole while it is open, and the copy checked.

use std::path::{Path, PathBuf};

use clap::Args;

use super::output::{Exit, count, thousands};
use super::progress::Bar;
use super::study::with_ending;
use super::{CliError, Context, io_error};
use crate::error::Result;
use crate::governance::key::path_of;
use crate::study::backup::{backup_folder, free_name};

#[derive(Args)]
pub(super) struct BackupArgs {
    /// The file to copy to, which must not exist; or a folder, where it is named after the study and the time. Without it: the folder NAME.casebook-backups beside the study
    #[arg(value_name = "FILE|FOLDER")]
    to: Option<PathBuf>,
    /// How many backups of this study to leave in the folder, the new one included; the oldest go
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    keep: Option<u32>,
}

impl Context {
    pub(super) fn backup(&self, args: &BackupArgs) -> Result<Exit> {
        let study = self.read()?;
        let folder = match &args.to {
            None => {
                let folder = backup_folder(study.path());
                std::fs::create_dir_all(&folder).map_err(|source| CliError::Io {
                    what: format!("`{}`", folder.display()),
                    source,
                })?;
                Some(folder)
            }
            Some(to) => to.is_dir().then(|| to.clone()),
        };
        let file = match (&folder, &args.to) {
            (Some(folder), _) => free_name(folder, study.path(), &study.session.now),
            (None, to) => with_ending(to.clone().unwrap_or_default()),
        };
        if args.keep.is_some() && folder.is_none() {
            return Err(CliError::refused(
                "`--keep` counts the backups in a folder, and a file was named",
                "name a folder that is there, as in: casebook backup backups --keep 10",
            )
            .into());
        }
        if file.exists() {
            return Err(CliError::refused(
                format!("`{}` exists already", file.display()),
                "choose another name; a backup never replaces a file",
            )
            .into());
        }
        if in_an_index(&file) {
            return Err(CliError::refused(
                format!("`{}` would stand in the folder of an index", file.display()),
                "what stands there is thrown away when the index is built anew; name another folder",
            )
            .into());
        }
        let bar = Bar::new("checking", self.out.quiet);
        let mut made = study.back_up(&file, &bar, |sha256| {
            self.register_copy(&study, "backup", &file, sha256)
        })?;
        drop(bar);
        if let (Some(folder), Some(keep)) = (&folder, args.keep) {
            made.removed = study
                .rotate(folder, keep as usize, &file)?
                .iter()
                .map(|path| path.display().to_string())
                .collect();
        }
        self.out
            .text(&made, || {
                format!(
                    "Copied to {} ({} bytes)\n",
                    made.backup,
                    thousands(made.bytes)
                )
            })
            .map_err(io_error)?;
        self.out.say(&format!(
            "It is sound, with {} and {} as of event {}; its SHA-256 is {}.",
            count(made.transcripts, "transcript"),
            count(made.codings, "coding"),
            made.event,
            made.sha256
        ));
        if path_of(study.path()).exists() {
            self.out
                .say("The key is a file of its own and is not in it: keep a copy of it elsewhere.");
        }
        for gone in &made.removed {
            self.out.say(&format!("Removed the older backup {gone}."));
        }
        Ok(Exit::Done)
    }
}

/// Whether a file would stand in a folder `NAME.casebook-index`.
fn in_an_index(file: &Path) -> bool {
    std::path::absolute(file)
        .unwrap_or_else(|_| file.to_owned())
        .ancestors()
        .skip(1)
        .any(|folder| folder.extension().is_some_and(|e| e == "casebook-index"))
}
