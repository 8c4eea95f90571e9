//! The key: who and what stands behind the pseudonyms. A file of its own beside the study, `NAME.casebook-key`, encrypted
//! with a passphrase in the format of `age`, which other programs open too. Nothing of it is ever in the study file, the
//! index, the record, an error or a log.

mod applied;
mod entities;
mod file;
mod table;

pub use applied::{Applied, Mark};
pub use entities::NewEntity;
pub use table::{HEADS, TableRow, read_table};

pub use file::{WORK_FACTOR, path_of};

use serde::{Deserialize, Serialize};

use crate::domain::words::words;

words! {
    /// What a name is of.
    EntityKind, "kind of entity" {
        Person = "person",
        Organisation = "organisation",
        Place = "place",
        Case = "case",
        Other = "other",
    }
}

impl<'de> Deserialize<'de> for EntityKind {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}

/// One real name and what stands for it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// By which people call it without saying its name: entity 3.
    pub number: u32,
    pub kind: EntityKind,
    pub real: String,
    /// Other names and misspellings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// What is written instead, without the brackets: `Hospital A`.
    pub replacement: String,
    /// The participant's code, where it is one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant: Option<String>,
    /// The case's slug, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Where a participant is written to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// All that the key holds.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The study's uuid, in hex.
    pub study: String,
    pub entities: Vec<Entity>,
    /// Which forms of a name stood where, text by text, so that they are had back as they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applied: Vec<Applied>,
    /// Words that look like names and are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
}

// Neither is ever printed by a program that stumbles.
impl std::fmt::Debug for Entity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "entity {}", self.number)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a key of {} entities", self.entities.len())
    }
}

impl Entity {
    /// The real name and all that stands for it elsewhere.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.real.as_str()).chain(self.aliases.iter().map(String::as_str))
    }
}
