//! Whether a replacement is a word of the texts already.

use super::find::{Doubt, Names};
use crate::error::Result;
use crate::governance::key::{Entity, EntityKind, Key};
use crate::store::Store;

/// The transcripts whose present texts hold these words, other than in brackets, as a participant's code or in a label.
pub fn stands_as_word(store: &Store, words: &str) -> Result<Vec<String>> {
    if store.find_participant(words)?.is_some() {
        return Ok(Vec::new());
    }
    let names = Names::new(&Key {
        entities: vec![Entity {
            number: 1,
            kind: EntityKind::Other,
            real: words.to_owned(),
            aliases: Vec::new(),
            // Brackets with these words in them are passed over.
            replacement: words.to_owned(),
            participant: None,
            case: None,
            contact: None,
        }],
        ..Key::default()
    });
    let mut there = Vec::new();
    for transcript in store.transcripts()? {
        let stands = store.with_text(transcript.revision.id, |text| {
            // Looking for the letters first is many times quicker than looking at every word.
            let written = |doubt| {
                matches!(
                    doubt,
                    None | Some(Doubt::LowerCase | Doubt::OrdinaryWord | Doubt::Hyphenated)
                )
            };
            text.contains(words) && names.find(text).iter().any(|h| written(h.doubt))
        })?;
        if !stands {
            continue;
        }
        let labels = store.speakers(Some(transcript.id))?;
        if !labels.iter().any(|s| s.label == words) {
            there.push(transcript.slug);
        }
    }
    Ok(there)
}
