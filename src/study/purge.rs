//! The index without a trace of what was taken out of the study, and proof of it.

use std::collections::HashMap;
use std::fs;

use super::Study;
use crate::domain::span::Codepoints;
use crate::error::{Failure, Result};
use crate::search::{self, Doc, Index, Language, Terms, sets};

impl Study {
    /// Brings the index into step and takes deleted words out of its files. One that can't be used is made anew; where
    /// there is none, none is made.
    pub fn purge_index(&self) -> Result<()> {
        let folder = self.index_folder();
        if !folder.exists() {
            return Ok(());
        }
        // Sets of turns are derived in no time, and name turns that are gone.
        fs::remove_file(folder.join(sets::FILE)).ok();
        let purged = self.index().and_then(|index| {
            index.reload()?;
            index.purge()?;
            Ok(())
        });
        match purged {
            Ok(()) => Ok(()),
            Err(error) if error.to_string() == search::Error::Busy.to_string() => Err(error),
            Err(_) => {
                fs::remove_dir_all(&folder).ok();
                self.rebuild_index().map(drop)
            }
        }
    }

    /// Looks at every term of the index: each must stand in a turn or memo of today.
    pub fn unfounded_terms(&self) -> Result<Terms> {
        if !self.index_folder().exists() {
            return Ok(Terms::default());
        }
        let index: Index = self.index()?;
        let study: Language = self.store.study()?.language.parse()?;
        // Turns of one text come one after the other.
        let mut texts: HashMap<i64, (i64, Language, String)> = HashMap::new();
        index.unfounded(|doc| match doc {
            Doc::Memo(id) => Ok::<_, Failure>(
                self.store
                    .memo(i64::from(id))?
                    .map(|memo| (study, memo.text)),
            ),
            Doc::Turn(id) => {
                let id = i64::from(id);
                let Some(turn) = self.store.turn(id)? else {
                    return Ok(None);
                };
                let Some(transcript) = self.store.transcript_of_turn(id)? else {
                    return Ok(None);
                };
                let revision = transcript.revision.id;
                if !texts.contains_key(&revision) {
                    if texts.len() > 16 {
                        texts.clear();
                    }
                    let language = match transcript.language.as_deref() {
                        Some(own) => own.parse()?,
                        None => study,
                    };
                    texts.insert(revision, (revision, language, self.store.text(revision)?));
                }
                Ok(texts.get(&revision).map(|(_, language, text)| {
                    (*language, Codepoints::new(text).slice(turn.span).to_owned())
                }))
            }
        })
    }
}
