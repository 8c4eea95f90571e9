//! The whole check: the file, and the derived files against it.

use serde::Serialize;

use super::Study;
use super::import::Progress;
use crate::error::Result;
use crate::search::Index;
use crate::store::Damage;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Whether nothing is wrong.
    pub sound: bool,
    pub transcripts: usize,
    pub codings: i64,
    pub events: i64,
    pub damage: Vec<Damage>,
}

impl Study {
    /// Looks at everything. With `repair`, the index is made anew first: it is derived, so nothing can be lost.
    pub fn check(&self, repair: bool, progress: &dyn Progress) -> Result<Health> {
        if repair {
            std::fs::remove_dir_all(self.index_folder()).ok();
            self.rebuild_index()?;
        }
        let transcripts = self.store.transcripts()?;
        progress.total(transcripts.len() as u64);
        let mut damage = self.store.damage(|| progress.step())?;
        damage.extend(self.check_index()?);
        Ok(Health {
            sound: damage.is_empty(),
            transcripts: transcripts.len(),
            codings: self.store.count("codings")?,
            events: self.store.last_event()?,
            damage,
        })
    }

    /// Compares the index with the store: the same turns and memos, none twice.
    fn check_index(&self) -> Result<Vec<Damage>> {
        let mut found = Vec::new();
        let mut add = |what: String| {
            found.push(Damage {
                area: "index",
                what,
            });
        };
        let index: Index = match self.index() {
            Ok(index) => index,
            Err(error) => {
                add(format!("{error}; mend it with: casebook check --repair"));
                return Ok(found);
            }
        };
        if let Err(error) = index.verify() {
            add(format!("{error}; mend it with: casebook check --repair"));
            return Ok(found);
        }
        let mut wanted: u64 = 0;
        for (_, _, n) in self.store.turn_ranges(None)? {
            wanted += u64::try_from(n).unwrap_or_default();
        }
        wanted += self.store.memos()?.len() as u64;
        if index.len() != wanted {
            add(format!(
                "it holds {} turns and memos where the study has {}; mend it with: casebook check --repair",
                index.len(),
                wanted
            ));
        }
        Ok(found)
    }
}
