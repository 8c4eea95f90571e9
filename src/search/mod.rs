//! Finding words in texts: the query language, the full-text index, and sets of turns to search within.
//!
//! The only part that names tantivy and roaring. It knows no database and no study: texts and numbers go in, numbers
//! come out. The index and the turn sets are derived from the study and can be made anew at any time; each carries a
//! [`Stamp`] of what it was made from.
//!
//! A query goes through four hands: `parse` reads it, `slot` turns its words into terms of the index for the
//! languages of the study, and then either `plan` makes a query for the index or [`Matcher`] asks one text in memory.
//! The two agree about every text; a test compares them.

mod analyser;
mod collect;
mod error;
mod fold;
mod fuzzy;
mod index;
mod language;
mod lexer;
mod lexicon;
mod matcher;
mod near;
mod parse;
mod plan;
mod purge;
mod query;
pub mod sets;
mod slot;
mod spans;
mod terms;
#[cfg(test)]
mod tests;
mod turns;
mod words;

pub use collect::{Doc, Filter, Found, Hit};
pub use error::{Error, QueryError};
pub use index::{Index, Owner, Stamp, Writer, fingerprint};
pub use language::{Language, UnknownLanguage};
pub use lexicon::{Lexicon, Met};
pub use matcher::Matcher;
pub use purge::Terms;
pub use query::{Query, parse};
/// A compressed set of small numbers, for whoever counts transcripts or people by the thousand.
pub use roaring::RoaringBitmap as IdSet;
pub use turns::{Bits, TurnSet};
