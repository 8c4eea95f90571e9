//! `sar`: all that is held about a person, for that person.

use std::path::{Path, PathBuf};

use clap::Args;

use super::output::{Exit, Mode, count};
use super::release::Readers;
use super::report::spare;
use super::{CliError, Context, io_error};
use crate::error::Result;
use crate::governance::key::{Key, path_of};
use crate::governance::sar::{Held, SUBJECT_ACCESS, held};
use crate::report::Format;
use crate::report::subject_access::{Turns, own_turns, subject_access};
use crate::study::Study;

#[derive(Args)]
pub(super) struct SarArgs {
    /// The participant
    participant: String,
    /// A folder that is new or empty, for a page, the data as JSON, and a file per transcript; or one file: .md, .html or .docx. Without it, Markdown on stdout
    #[arg(long, short, value_name = "FOLDER|FILE")]
    output: Option<PathBuf>,
    /// Leave the key shut, also where its passphrase is at hand: names of others that stand in the texts stay
    #[arg(long)]
    without_key: bool,
}

impl Context {
    pub(super) fn sar(&self, args: &SarArgs) -> Result<Exit> {
        let study = self.read()?;
        let code = study.store.participant(&args.participant)?.code;
        let format = args
            .output
            .as_deref()
            .and_then(|path| path.extension().map(|_| Format::of(path)))
            .transpose()?;
        if let Some(path) = &args.output {
            match format {
                Some(_) => spare(&study, path)?,
                None => empty_folder(path)?,
            }
        }
        let key = self.key_for(&study, args.without_key)?;
        let held = held(&study, &code, key.as_ref())?;
        match (&args.output, format) {
            (None, _) if self.out.mode == Mode::Json => {
                self.out.text(&held, String::new).map_err(io_error)?;
            }
            (None, _) => {
                let mut page = Vec::new();
                subject_access(&held, Turns::Here, Format::Markdown, &mut page)?;
                self.out.write(&page).map_err(io_error)?;
            }
            (Some(path), Some(format)) => {
                self.write_copy(&study, SUBJECT_ACCESS, path, &Readers::Themselves, |out| {
                    subject_access(&held, Turns::Here, format, out)
                })?;
                self.out.say(&format!(
                    "Wrote what is held about {code} to {}.",
                    path.display()
                ));
            }
            (Some(folder), None) => {
                let files = self.sar_folder(&study, &held, folder)?;
                self.out.say(&format!(
                    "Wrote what is held about {code} to {}: {}.",
                    folder.display(),
                    count(files, "file")
                ));
            }
        }
        let withheld: usize = held.withheld.iter().map(|w| w.count).sum();
        if withheld > 0 {
            self.out.say(&format!(
                "Withheld, with the reasons: {}.",
                count(withheld, "thing")
            ));
        }
        if key.is_none() && path_of(study.path()).exists() {
            self.out.warn("the key was not opened: names of others that stand in the texts are not taken out; look through them before this is handed over");
        }
        Ok(Exit::Done)
    }

    /// The key beside the study, where there is one and it may be opened.
    fn key_for(&self, study: &Study, without: bool) -> Result<Option<Key>> {
        let path = path_of(study.path());
        if without || !path.exists() {
            return Ok(None);
        }
        let passphrase = self.passphrase(&path, false)?;
        Ok(Some(Key::open(&path, &passphrase, &study.store.uuid()?)?))
    }

    /// A page, the data, and a file per transcript.
    fn sar_folder(&self, study: &Study, held: &Held, folder: &Path) -> Result<usize> {
        let name = file_name(&held.participant);
        self.write_copy(
            study,
            SUBJECT_ACCESS,
            &folder.join(format!("{name}.html")),
            &Readers::Themselves,
            |out| subject_access(held, Turns::InFiles, Format::Html, out),
        )?;
        self.write_copy(
            study,
            SUBJECT_ACCESS,
            &folder.join(format!("{name}.json")),
            &Readers::Themselves,
            |out| super::output::write_json(held, out).map_err(io_error),
        )?;
        for transcript in &held.transcripts {
            let file = folder.join(format!("{}.md", file_name(&transcript.transcript)));
            self.write_copy(study, SUBJECT_ACCESS, &file, &Readers::Themselves, |out| {
                own_turns(held, transcript, Format::Markdown, out)
            })?;
        }
        Ok(2 + held.transcripts.len())
    }
}

/// What no file system minds.
fn file_name(code: &str) -> String {
    code.chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '-' || c == '_' {
                c
            } else {
                '-'
            }
        })
        .collect()
}

/// Makes the folder, or takes one that is empty: nobody's files are to be mixed with another person's.
fn empty_folder(path: &Path) -> Result<()> {
    let fail = |source| CliError::Io {
        what: format!("`{}`", path.display()),
        source,
    };
    if path.exists() && !path.is_dir() {
        return Err(CliError::refused(
            format!("`{}` is a file", path.display()),
            "name a folder, or a file that ends in .md, .html or .docx",
        )
        .into());
    }
    std::fs::create_dir_all(path).map_err(fail)?;
    if std::fs::read_dir(path).map_err(fail)?.next().is_some() {
        return Err(CliError::refused(
            format!("there is something in `{}` already", path.display()),
            "name a folder that is new or empty, so that nothing of somebody else is handed over with it",
        )
        .into());
    }
    Ok(())
}
