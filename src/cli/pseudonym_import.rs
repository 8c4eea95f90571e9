//! `import --pseudonyms`: the key's names replaced in each text before anything is stored of it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::Context;
use super::pseudonym_key::OpenKey;
use crate::error::Result;
use crate::governance::key::{Applied, Key};
use crate::governance::pseudonym::{Found, Names, look, replace, replace_in_words};
use crate::study::draft::Draft;
use crate::study::rewrite::{Edit, Rewrite};
use crate::study::{ImportOptions, Study};

struct Pseudonyms {
    open: Mutex<OpenKey>,
    key: Key,
    names: Names,
    /// What is kept of each text, until all are read.
    applied: Mutex<Vec<Applied>>,
}

// Never what it holds.
impl fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("pseudonyms")
    }
}

impl Rewrite for Pseudonyms {
    fn edits(&self, draft: &Draft) -> Result<(Vec<Edit>, Vec<String>)> {
        let found = look(&self.names, draft);
        let sure: Vec<&Found> = found.iter().filter(|f| f.doubt.is_none()).collect();
        let done = replace(&self.key, draft.clone(), &sure, &[])?;
        if !done.edits.is_empty() {
            self.applied
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(done.applied);
        }
        Ok((done.edits, done.labels))
    }

    fn words(&self, words: &str) -> String {
        replace_in_words(&self.key, &self.names, words, false)
    }

    fn finish(&self) -> Result<()> {
        let mut applied = self.applied.lock().unwrap_or_else(PoisonError::into_inner);
        if applied.is_empty() {
            return Ok(());
        }
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        for one in applied.drain(..) {
            open.key.keep_applied(one);
        }
        open.save()
    }
}

impl Context {
    /// Puts the key's names before an import. Labels that were typed mean those of the files.
    pub(super) fn pseudonymise_import(
        &self,
        study: &Study,
        options: &mut ImportOptions,
    ) -> Result<()> {
        let open = self.open_key(study)?;
        let key = open.key.clone();
        let names = Names::new(&key);
        let details = options.details.values_mut().flat_map(|d| &mut d.speakers);
        for assignment in options.speakers.iter_mut().chain(details) {
            assignment.label = replace_in_words(&key, &names, &assignment.label, true);
        }
        options.rewrite = Some(Arc::new(Pseudonyms {
            open: Mutex::new(open),
            key,
            names,
            applied: Mutex::default(),
        }));
        Ok(())
    }
}
