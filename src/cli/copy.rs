//! `copy`: the register of files with contents of the study that are no reports. Every command that writes such a file
//! does it through here.

use std::io::Write;
use std::path::Path;

use clap::Subcommand;
use serde::Serialize;

use super::output::{Exit, Mode, Table};
use super::release::Readers;
use super::report::{write_checked, write_through};
use super::{Context, io_error};
use crate::error::Result;
use crate::report::Written;
use crate::study::Study;
use crate::study::copies::{CopyState, CopyView};

#[derive(Subcommand)]
pub(super) enum CopyCommand {
    /// List the files that were written, and whether each is still there and unchanged
    List,
}

#[derive(Serialize)]
struct CopyList {
    copies: Vec<CopyView>,
}

impl Context {
    /// Writes a file with contents of the study, whole or not at all, and puts it on the register of copies. `kind` is
    /// one word for what it holds. What others than the team read is read again first, as reports are.
    pub(super) fn write_copy(
        &self,
        study: &Study,
        kind: &str,
        path: &Path,
        readers: &Readers,
        write: impl FnOnce(&mut dyn Write) -> Result<()>,
    ) -> Result<()> {
        let sha256 = match readers {
            Readers::Team | Readers::Themselves => write_through(path, write)?,
            Readers::Others(about, codings) => {
                let names = self.names_for_release(study, about)?;
                let written = Written {
                    codings: codings.to_vec(),
                    ..Written::default()
                };
                let check = |(): &(), bytes: &[u8]| {
                    let file = (Some(path), bytes);
                    self.may_leave(study, names.as_ref(), about, &written, file)
                };
                write_checked(path, write, check)?.1
            }
        };
        self.register_copy(study, kind, path, sha256);
        Ok(())
    }

    /// Puts a file that was written on the register of copies; says so where that can't be. Tells whether it is on it.
    pub(super) fn register_copy(
        &self,
        study: &Study,
        kind: &str,
        path: &Path,
        sha256: [u8; 32],
    ) -> bool {
        match study.register_copy(kind, path, sha256) {
            Ok(_) => true,
            Err(failure) => {
                self.out.warn(&format!(
                    "the file is written, but not on the register of copies: {failure}"
                ));
                false
            }
        }
    }

    pub(super) fn copy(&self, command: &CopyCommand) -> Result<Exit> {
        let CopyCommand::List = command;
        let list = CopyList {
            copies: self.read()?.copies()?,
        };
        self.out
            .table(
                &list,
                || {
                    let mut heads = vec![">copy", "kind", "state", "at", "coder", "file"];
                    // Nobody compares it by eye.
                    let hash = self.out.mode == Mode::Csv;
                    if hash {
                        heads.push("sha256");
                    }
                    let mut table = Table::new(&heads);
                    for c in &list.copies {
                        let row = [
                            c.copy.to_string(),
                            c.kind.clone(),
                            c.state.to_string(),
                            c.at.clone(),
                            c.coder.clone(),
                            c.path.clone(),
                        ];
                        table.row(row.into_iter().chain(hash.then(|| c.sha256.clone())));
                    }
                    table
                },
                "No copy was written yet. Reports have a register of their own: casebook report list",
            )
            .map_err(io_error)?;
        if list.copies.iter().any(|c| c.state == CopyState::Gone) {
            self.out.say(
                "What is gone was removed, moved, or written over; where it went is not on record.",
            );
        }
        Ok(Exit::Done)
    }
}
