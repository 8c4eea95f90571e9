//! The languages whose words can be stemmed.

use std::fmt;
use std::str::FromStr;

use frostem::{Algorithm, Stemmer};

/// The language of a text, as far as searching is concerned: which stemmer its words go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(u8);

/// Code and stemmer. A language's place here is its marker in the index (see `analyser`), so a new one goes last.
const TABLE: [(&str, Option<Algorithm>); 19] = [
    ("none", None),
    ("ar", Some(Algorithm::Arabic)),
    ("da", Some(Algorithm::Danish)),
    ("nl", Some(Algorithm::Dutch)),
    ("en", Some(Algorithm::English)),
    ("fi", Some(Algorithm::Finnish)),
    ("fr", Some(Algorithm::French)),
    ("de", Some(Algorithm::German)),
    ("el", Some(Algorithm::Greek)),
    ("hu", Some(Algorithm::Hungarian)),
    ("it", Some(Algorithm::Italian)),
    ("no", Some(Algorithm::Norwegian)),
    ("pt", Some(Algorithm::Portuguese)),
    ("ro", Some(Algorithm::Romanian)),
    ("ru", Some(Algorithm::Russian)),
    ("es", Some(Algorithm::Spanish)),
    ("sv", Some(Algorithm::Swedish)),
    ("ta", Some(Algorithm::Tamil)),
    ("tr", Some(Algorithm::Turkish)),
];

impl Language {
    /// No stemming: a word finds itself, whatever its accents and case.
    pub const NONE: Self = Self(0);
    pub const ENGLISH: Self = Self(4);
    pub(super) const FRENCH: Self = Self(6);
    pub(super) const ITALIAN: Self = Self(10);

    /// Every language, `none` first.
    pub fn all() -> impl Iterator<Item = Self> {
        (0u8..).take(TABLE.len()).map(Self)
    }

    /// The two-letter code, or `none`.
    pub fn code(self) -> &'static str {
        TABLE[usize::from(self.0)].0
    }

    /// Whether a small word glued on with an apostrophe is a word of its own: `l'autonomie`, `dell'anno`.
    pub(super) fn elides(self) -> bool {
        self == Self::FRENCH || self == Self::ITALIAN
    }

    pub(super) fn stemmer(self) -> Option<Stemmer> {
        TABLE[usize::from(self.0)].1.map(Stemmer::new)
    }

    pub(super) fn number(self) -> u8 {
        self.0
    }

    /// The language of that number; `none` for a number that no language has.
    pub(super) fn numbered(number: u8) -> Self {
        if usize::from(number) < TABLE.len() {
            Self(number)
        } else {
            Self::NONE
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A language that is not in the list; the list is in the message.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("no stemmer for language `{0}`; there is one for {known}", known = codes())]
pub struct UnknownLanguage(String);

impl crate::error::Problem for UnknownLanguage {
    fn hint(&self) -> Option<String> {
        Some("use `none` for a language without a stemmer".into())
    }
}

fn codes() -> String {
    let codes: Vec<&str> = TABLE[1..].iter().map(|(code, _)| *code).collect();
    codes.join(", ")
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    /// Reads a code as [`Language::code`] writes it, in either case; `en-GB` is `en`.
    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        let lower = text.trim().to_lowercase();
        let head = lower.split(['-', '_']).next().unwrap_or_default();
        Self::all()
            .find(|language| language.code() == head)
            .ok_or_else(|| UnknownLanguage(text.trim().to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip() {
        for language in Language::all() {
            assert_eq!(language.code().parse(), Ok(language));
            assert_eq!(Language::numbered(language.number()), language);
        }
        assert_eq!(Language::all().count(), 19);
        assert_eq!("en-GB".parse(), Ok(Language::ENGLISH));
        assert_eq!(Language::FRENCH.code(), "fr");
        assert_eq!(Language::ITALIAN.code(), "it");
        assert_eq!(Language::numbered(200), Language::NONE);
    }

    #[test]
    fn an_unknown_one_is_refused_with_the_list() {
        let error = "xx".parse::<Language>().expect_err("no such stemmer");
        assert!(error.to_string().contains("`xx`"), "{error}");
        assert!(error.to_string().contains("sv"), "{error}");
    }
}
