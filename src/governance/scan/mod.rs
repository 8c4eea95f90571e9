//! A file that is to leave the house, read as it was written: whatever could tell who somebody is, is found, and the file
//! is not given out. What made the file has asked the gate already; nothing of that is taken on trust here.
//!
//! [`read()`] makes paragraphs of Markdown, HTML and Word files; `said` holds them to what people said and may be quoted
//! with; `phrases` looks for what singles somebody out. A finding says what was found and where, and never a real name.

mod codes;
mod markup;
mod phrases;
mod read;
mod said;

use serde::Serialize;

pub use read::{Document, Kind, Paragraph, read};
pub use said::Said;

use super::pseudonym::{Names, SignKind, patterns};
use crate::domain::words::words;

words! {
    /// What a file that leaves the house must not hold.
    Rule, "rule" {
        /// A name or an alias in the key.
        RealName = "real-name",
        /// What may be one: misspelt, or as well somebody else's.
        Spelling = "name-perhaps",
        /// A participant's code.
        Code = "participant-code",
        /// An e-mail address, a telephone number and the like.
        Sign = "telling-number",
        /// A quote that the gate has not cleared.
        NotCleared = "quote-not-cleared",
        /// Words of somebody who may not be quoted.
        HeldBack = "words-held-back",
        /// One of few in a role.
        SingleOut = "single-out",
        /// A count of few people.
        SmallCount = "small-count",
        /// A count that tells of few people by what it was before.
        Difference = "difference",
        /// What the file says of itself and of this computer.
        Metadata = "metadata",
    }
}

/// One thing that must not leave the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub rule: Rule,
    /// Where in the file: its paragraph and the heading above it.
    pub place: String,
    /// What it is, without saying it: `entity 3`, `e-mail`, `P07`.
    pub what: String,
    /// The words as they stand, for whoever allows them.
    #[serde(skip)]
    pub words: String,
    /// What is typed to allow it: its words, or `entity 3` where they are a name; none where it can't be allowed.
    #[serde(rename = "words")]
    pub shown: Option<String>,
}

impl Finding {
    /// Whether somebody may say that it is no matter. What is certain can only be mended.
    pub fn may_be_allowed(&self) -> bool {
        !matches!(
            self.rule,
            Rule::RealName | Rule::NotCleared | Rule::HeldBack
        )
    }

    /// Says its words, where they hold no name.
    pub fn show(&mut self, names: Option<&Names>) {
        self.shown = match self.rule {
            Rule::Spelling => Some(self.what.clone()),
            _ if !self.may_be_allowed() => None,
            _ => {
                let named = names.is_some_and(|names| !names.find_bare(&self.words).is_empty());
                (!named).then(|| self.words.clone())
            }
        };
    }

    /// Whether one of these words, as they were typed, is what was found.
    pub fn is_allowed(&self, allowed: &[String]) -> bool {
        let plain = |words: &str| {
            words
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .to_lowercase()
        };
        let found = plain(&self.words);
        let number = (self.rule == Rule::Spelling).then(|| plain(&self.what));
        self.may_be_allowed()
            && allowed
                .iter()
                .map(|a| plain(a))
                .any(|a| a == found || Some(&a) == number.as_ref())
    }
}

/// What a file is held to.
#[derive(Default)]
pub struct Watch<'a> {
    /// The names of the key, if there is one.
    pub names: Option<&'a Names>,
    /// Codes of participants that must not stand in it.
    pub codes: Vec<String>,
    /// The classes of people whose counts single somebody out.
    pub roles: Vec<String>,
    /// Words that may stand although they look like an address: whom to write to.
    pub contact: Option<String>,
    /// Counts of fewer people are small.
    pub k_counts: i64,
    /// Paths and names of files of this study.
    pub paths: Vec<String>,
}

/// Looks through a file. What people said is looked through apart, by [`Said`].
pub fn scan(document: &Document, watch: &Watch) -> Vec<Finding> {
    let mut found = Vec::new();
    for (n, paragraph) in document.paragraphs.iter().enumerate() {
        let place = document.place(n, watch.names);
        look(&paragraph.text, &place, true, watch, &mut found);
        if paragraph.kind != Kind::Quote {
            phrases::look(document, n, watch, |rule, words| {
                found.push(Finding {
                    rule,
                    place: place.clone(),
                    what: words.clone(),
                    words,
                    shown: None,
                });
            });
        }
    }
    for (of, text) in &document.about {
        let written = matches!(
            of.as_str(),
            "the name of the file" | "comment" | "title" | "subject" | "description" | "keywords"
        ) || of.starts_with("alt");
        look(text, of, written, watch, &mut found);
        if matches!(
            of.as_str(),
            "author" | "creator" | "lastModifiedBy" | "Company" | "Manager"
        ) && !matches!(text.trim(), "" | "casebook")
        {
            found.push(Finding {
                rule: Rule::Metadata,
                place: of.clone(),
                what: "who made it".into(),
                words: text.clone(),
                shown: None,
            });
        }
    }
    for finding in &mut found {
        finding.show(watch.names);
    }
    found
}

/// Names, codes, signs and paths in one text; where it is `written` by people, codes in any dress.
fn look(text: &str, place: &str, written: bool, watch: &Watch, found: &mut Vec<Finding>) {
    let mut put = |rule, what: String, words: &str| {
        found.push(Finding {
            rule,
            place: place.to_owned(),
            what,
            words: words.to_owned(),
            shown: None,
        });
    };
    for hit in watch.names.iter().flat_map(|names| names.find_bare(text)) {
        let rule = if hit.sure() {
            Rule::RealName
        } else {
            Rule::Spelling
        };
        put(rule, format!("entity {}", hit.entity), &text[hit.span]);
    }
    let contact = watch.contact.as_deref().unwrap_or_default();
    for sign in patterns(text) {
        // Days and web addresses stand in every report and are nobody's.
        // So do the `@media` of a style.
        if matches!(sign.kind, SignKind::Date | SignKind::Url)
            || (place == "style" && sign.kind == SignKind::Handle)
        {
            continue;
        }
        let words = &text[sign.span];
        if !contact.contains(words) {
            put(Rule::Sign, sign.kind.to_string(), words);
        }
    }
    for code in &watch.codes {
        if has_word(text, code) || (written && codes::stands(text, code)) {
            put(Rule::Code, code.clone(), code);
        }
    }
    for path in &watch.paths {
        if text.contains(path.as_str()) {
            put(Rule::Metadata, "a path of this computer".into(), path);
        }
    }
}

/// Whether a word stands in a text as a word, in these letters.
fn has_word(text: &str, word: &str) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            !letter(text[..at].chars().next_back())
                && !letter(text[at + word.len()..].chars().next())
        })
}

/// Codes that can be told from words and numbers: those with a letter and a digit, or several letters.
pub fn tellable(code: &str) -> bool {
    let letters = code.chars().filter(|c| c.is_alphabetic()).count();
    let digits = code.chars().filter(char::is_ascii_digit).count();
    (letters > 0 && digits > 0) || letters > 2
}

#[cfg(test)]
mod tests;
