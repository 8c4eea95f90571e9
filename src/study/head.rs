//! A copy of the record's head that was kept elsewhere, compared with the record as it is: whoever rewrites the study and
//! its whole chain can't rewrite that copy.

use std::path::Path;
use std::str::FromStr;

use serde::Serialize;

use super::restore::parting;
use super::{Error, Study};
use crate::error::Result;
use crate::store::{SHORT, Store};

/// A head as somebody kept it: the event's number and its hash, whole or the beginning of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptHead {
    pub event: i64,
    /// At least [`SHORT`] characters of hex, in lower case.
    pub hash: String,
}

impl FromStr for KeptHead {
    type Err = String;
    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let wrong = || {
            format!(
                "write it as NUMBER:HASH, with at least {SHORT} characters of the hash, as `casebook log head` prints it"
            )
        };
        let (event, hash) = typed.trim().split_once(':').ok_or_else(wrong)?;
        // As people write it down: `3f2a 91bc 44d0`.
        let hash: String = hash
            .chars()
            .filter(|c| !c.is_whitespace())
            .flat_map(char::to_lowercase)
            .collect();
        let event = event.trim().parse().ok().filter(|n| *n > 0);
        match event {
            Some(event)
                if (SHORT..=64).contains(&hash.len())
                    && hash.bytes().all(|b| b.is_ascii_hexdigit()) =>
            {
                Ok(Self { event, hash })
            }
            _ => Err(wrong()),
        }
    }
}

/// The heads that stand in a text: numbers and hashes with a colon between them, as reports and `log head` print them.
pub fn heads_in(text: &str) -> Vec<KeptHead> {
    let mut found: Vec<KeptHead> = Vec::new();
    let bytes = text.as_bytes();
    for (colon, _) in text.match_indices(':') {
        let digits = bytes[..colon]
            .iter()
            .rev()
            .take_while(|b| b.is_ascii_digit())
            .count();
        let hex = bytes[colon + 1..]
            .iter()
            .take_while(|b| b.is_ascii_hexdigit())
            .count();
        let whole_word = |b: Option<&u8>| b.is_none_or(|b| !b.is_ascii_alphanumeric());
        let first = colon - digits;
        let parts = whole_word(first.checked_sub(1).and_then(|n| bytes.get(n)))
            && whole_word(bytes.get(colon + 1 + hex));
        // Fewer characters are a time of day or a place in a text.
        if digits > 0
            && hex >= SHORT
            && parts
            && let Ok(head) = text[first..=colon + hex].parse::<KeptHead>()
            && !found.contains(&head)
        {
            found.push(head);
        }
    }
    found
}

/// What a comparison came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// The event whose hash was compared.
    pub event: i64,
    /// How many characters of the hash, of 64.
    pub characters: usize,
    pub same: bool,
    /// What differs, where something does.
    pub what: Option<String>,
}

impl Study {
    /// Compares the record with a head that was kept.
    ///
    /// # Errors
    /// A study that can't be read.
    pub fn compare_head(&self, kept: &KeptHead) -> Result<Compared> {
        let what = match self.store.head_at(kept.event)? {
            None => Some(format!(
                "the record ends at event {}: event {} is not in it",
                self.store.last_event()?,
                kept.event
            )),
            Some(head) if head.hex().starts_with(&kept.hash) => None,
            Some(head) => Some(format!(
                "event {} has the hash {}, not {}: the record up to it is another one",
                kept.event,
                &head.hex()[..SHORT],
                kept.hash.get(..SHORT).unwrap_or_default()
            )),
        };
        Ok(Compared {
            event: kept.event,
            characters: kept.hash.len(),
            same: what.is_none(),
            what,
        })
    }

    /// Compares the record with all heads that a file holds; with a copy of the study, with its whole record.
    ///
    /// # Errors
    /// A file that can't be read, or with no head in it; a copy of another study.
    pub fn compare_file(&self, path: &Path) -> Result<Vec<Compared>> {
        let unreadable = |source| Error::Unreadable {
            path: path.to_owned(),
            source,
        };
        if let Ok(copy) = Store::open_as_it_is(path) {
            return Ok(vec![self.compare_copy(&copy)?]);
        }
        let bytes = std::fs::read(path).map_err(unreadable)?;
        let heads = heads_in(&String::from_utf8_lossy(&bytes));
        if heads.is_empty() {
            return Err(Error::refused(
                format!("no head of a record stands in `{}`", path.display()),
                "name what `casebook log head` printed, a report, or a backup; or type the head: casebook log verify --head NUMBER:HASH",
            )
            .into());
        }
        heads.iter().map(|head| self.compare_head(head)).collect()
    }

    fn compare_copy(&self, copy: &Store) -> Result<Compared> {
        if copy.uuid()? != self.store.uuid()? {
            return Err(Error::refused(
                format!("`{}` is another study", copy.path().display()),
                "name a backup of this one",
            )
            .into());
        }
        let theirs = copy.heads()?;
        let parted = parting(&theirs, &self.store.heads()?);
        let event = theirs.last().map_or(0, |h| h.event);
        let what = match (parted.first, parted.second) {
            (0, _) => None,
            (n, 0) => Some(format!(
                "the record ends at event {}: the copy has {n} more",
                parted.common
            )),
            _ => Some(format!(
                "the two are the same up to event {}; event {} is another one in the copy",
                parted.common,
                parted.common + 1
            )),
        };
        Ok(Compared {
            event,
            characters: 64,
            same: what.is_none(),
            what,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "3f2a91bc44d03f2a91bc44d03f2a91bc44d03f2a91bc44d03f2a91bc44d0abcd";

    #[test]
    fn heads_are_found_where_they_were_printed() {
        let found = |text: &str| {
            heads_in(text)
                .iter()
                .map(|h| (h.event, h.hash.len()))
                .collect::<Vec<_>>()
        };
        assert_eq!(found(&format!("head  412:{HASH}\n")), [(412, 64)]);
        assert_eq!(found(&format!("<code>412:{HASH}</code>.")), [(412, 64)]);
        assert_eq!(found("Version 7:3F2A91BC44D0, of May"), [(7, 12)]);
        assert_eq!(found(&format!("412:{HASH} 412:{HASH} 9:{HASH}")).len(), 2);
        for none in [
            "at 09:00:00",
            "T01:12-15",
            "412:3f2a91bc44d",
            "x412:3f2a91bc44d0",
            "412:3f2a91bc44d0x",
            ":3f2a91bc44d0",
            "0:3f2a91bc44d0",
            &format!("412:{HASH}a"),
            "",
        ] {
            assert_eq!(found(none), [], "{none}");
        }
    }

    #[test]
    fn a_head_as_people_write_it_down() {
        let head: KeptHead = "412: 3F2A 91bc 44d0".parse().expect("a head");
        assert_eq!((head.event, head.hash.as_str()), (412, "3f2a91bc44d0"));
        for wrong in ["412", "412:3f2a", "x:3f2a91bc44d0", "412:3f2a91bc44dz", ""] {
            assert!(wrong.parse::<KeptHead>().is_err(), "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC*[0-9]{0,3}:[0-9a-f]{0,70}\\PC*") {
            for head in heads_in(&text) {
                proptest::prop_assert!(head.hash.len() >= SHORT && head.event > 0);
            }
        }
    }
}
