//! One file of an import on its way: its bytes, and what is read of them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::RefusedFile;
use super::files::{Unread, bytes_of};
use super::rewrite::{Rewrite, rewrite_import};
use crate::domain::span::Codepoints;
use crate::error::{Problem, Result};
use crate::import::{self, Imported};

/// A file on its way from the reading thread.
pub(super) struct Read {
    pub(super) path: PathBuf,
    pub(super) outcome: Outcome,
}

pub(super) enum Outcome {
    /// Never empty; several where a table holds a respondent in each row.
    Parsed(Vec<Parsed>),
    Known([u8; 32]),
    Failed(RefusedFile),
}

pub(super) struct Parsed {
    pub(super) file_sha256: [u8; 32],
    pub(super) text_sha256: [u8; 32],
    pub(super) characters: u32,
    pub(super) imported: Imported,
}

impl Parsed {
    /// Rewrites the text before anything is stored of it. Gives in how many places.
    pub(super) fn rewrite(&mut self, rewrite: &dyn Rewrite) -> Result<usize> {
        let places = rewrite_import(&mut self.imported, rewrite)?;
        if places > 0 {
            self.text_sha256 = Sha256::digest(&self.imported.text).into();
            self.characters = Codepoints::new(&self.imported.text).len();
        }
        Ok(places)
    }
}

/// Reads and parses one file of an import; one whose bytes are in already is not parsed.
pub(super) fn read_file(
    path: &Path,
    options: &import::Options,
    known: &HashSet<[u8; 32]>,
) -> Outcome {
    let file = path.display().to_string();
    let refuse = |problem: &dyn Problem| {
        Outcome::Failed(RefusedFile {
            file: file.clone(),
            reason: problem.to_string(),
            hint: problem.hint(),
        })
    };
    let fail = |reason: String, hint: &str| {
        Outcome::Failed(RefusedFile {
            file: file.clone(),
            reason,
            hint: Some(hint.into()),
        })
    };
    let bytes = match bytes_of(path) {
        Ok(bytes) => bytes,
        Err(Unread::NoFile) => {
            return fail(
                "it is no file".into(),
                "name files, or folders that hold them",
            );
        }
        Err(Unread::Io(source)) => {
            return fail(
                format!("it can't be read: {source}"),
                "check that the file is there and may be read",
            );
        }
        Err(Unread::TooLarge(error)) => return refuse(&error),
    };
    let file_sha256: [u8; 32] = Sha256::digest(&bytes).into();
    if known.contains(&file_sha256) {
        return Outcome::Known(file_sha256);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match import::read_all(&name, &bytes, options) {
        Err(error) => refuse(&error),
        Ok(parts) => Outcome::Parsed(
            parts
                .into_iter()
                .map(|imported| {
                    // Plain UTF-8 is stored to the byte: hashed once.
                    let text_sha256 = if imported.text.as_bytes() == bytes {
                        file_sha256
                    } else {
                        Sha256::digest(&imported.text).into()
                    };
                    Parsed {
                        file_sha256,
                        text_sha256,
                        characters: Codepoints::new(&imported.text).len(),
                        imported,
                    }
                })
                .collect(),
        ),
    }
}
