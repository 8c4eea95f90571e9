//! Pseudonyms: names found in texts, replaced by what stands for them, and put back with the key; and what in a text
//! still looks as though it said who somebody is.

mod apply;
#[cfg(test)]
mod apply_tests;
mod audit;
mod find;
#[cfg(test)]
mod find_tests;
mod numbers;
mod ordinary;
mod patterns;
mod reveal;
mod spelled;
mod suspects;
mod texts;
mod tokens;
mod words;

pub use apply::{Found, Replaced, Where, hash, look, replace, replace_in_words};
pub use audit::{Asked, Doubtful, audit};
pub use find::{Doubt, Hit, Names};
pub use patterns::{Sign, SignKind, patterns};
pub use reveal::{Revealed, reveal, standing};
pub use suspects::{Knowledge, Sureness, Suspect, SuspectKind, Usage, suspects};
pub use texts::{NoteHit, Shown, TextHits, Written, find_in_notes, find_in_texts, write};
pub use words::stands_as_word;

/// The words of a name without capitals, accents and what stands between them: two names are the same if these are.
pub fn folded_words(name: &str) -> Vec<String> {
    tokens::tokens(name, &[])
        .iter()
        .map(|t| tokens::fold(t.of(name)))
        .collect()
}
