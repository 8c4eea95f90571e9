//! The words of a text as searching tells them apart, for counting them: what is counted here under a word is what a
//! search for that word finds.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::analyser::{Analyser, WordHasher};
use super::language::Language;
use super::words::words;

/// A word that was met, by numbers that begin at 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Met {
    /// What is counted as one word.
    pub word: u32,
    /// Its exact form here; where words are not stemmed, every form is a word.
    pub form: u32,
}

type Known = HashMap<Box<str>, Met, BuildHasherDefault<WordHasher>>;

/// Gives words their numbers. A word is looked up by its letters once: texts say the same ones again and again.
pub struct Lexicon {
    stem: bool,
    analyser: Analyser,
    /// By language, then by the word in lower case.
    known: Vec<(Language, Known)>,
    /// Numbers of stems, with the marker of their language.
    stems: HashMap<Box<str>, u32>,
    forms: HashMap<Box<str>, u32>,
    /// Exact forms by their numbers.
    exact: Vec<Box<str>>,
    lower: String,
}

impl Lexicon {
    /// `stem`: whether all forms of a word are one (`decision`, `decisions`), as in a search without `=`.
    pub fn new(stem: bool) -> Self {
        Self {
            stem,
            analyser: Analyser::default(),
            known: Vec::new(),
            stems: HashMap::new(),
            forms: HashMap::new(),
            exact: Vec::new(),
            lower: String::new(),
        }
    }

    /// Runs `each` over the words of a text, with where each begins, in bytes.
    pub fn each(&mut self, text: &str, language: Language, mut each: impl FnMut(usize, Met)) {
        for range in words(text) {
            let start = range.start;
            let met = self.meet(&text[range], language);
            each(start, met);
        }
    }

    fn meet(&mut self, word: &str, language: Language) -> Met {
        self.lower.clear();
        self.lower.push_str(word);
        self.lower.make_ascii_lowercase();
        let at = match self.known.iter().position(|(of, _)| *of == language) {
            Some(at) => at,
            None => {
                self.known.push((language, Known::default()));
                self.known.len() - 1
            }
        };
        let known = &mut self.known[at].1;
        if let Some(met) = known.get(self.lower.as_str()) {
            return *met;
        }
        let forms = self.analyser.forms(&self.lower, language);
        let next = u32::try_from(self.exact.len()).unwrap_or(u32::MAX);
        let form = *self
            .forms
            .entry(forms.exact.as_str().into())
            .or_insert(next);
        if form == next {
            self.exact.push(forms.exact.as_str().into());
        }
        let word = if self.stem {
            let next = u32::try_from(self.stems.len()).unwrap_or(u32::MAX);
            *self.stems.entry(forms.stem.as_str().into()).or_insert(next)
        } else {
            form
        };
        let met = Met { word, form };
        known.insert(self.lower.as_str().into(), met);
        met
    }

    /// The exact form of that number: `search =FORM` finds it.
    pub fn form(&self, number: u32) -> &str {
        self.exact.get(number as usize).map_or("", |f| f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(lexicon: &mut Lexicon, text: &str) -> Vec<(String, u32)> {
        let mut found = Vec::new();
        lexicon.each(text, Language::ENGLISH, |_, met| found.push(met));
        found
            .into_iter()
            .map(|m| (lexicon.form(m.form).to_owned(), m.word))
            .collect()
    }

    #[test]
    fn words_are_told_apart_as_a_search_does() {
        let mut exact = Lexicon::new(false);
        let found = met(&mut exact, "Don’t decide: DECISIONS, decision; don't.");
        let forms: Vec<&str> = found.iter().map(|(form, _)| form.as_str()).collect();
        assert_eq!(forms, ["don't", "decide", "decisions", "decision", "don't"]);
        assert_eq!(found[0].1, found[4].1);
        assert_ne!(found[2].1, found[3].1);
        let mut stems = Lexicon::new(true);
        let found = met(&mut stems, "Decisions and a decision. And AND.");
        assert_eq!(found[0].1, found[3].1);
        assert_eq!(found[1].1, found[4].1);
        assert_ne!(found[0].0, found[3].0);
    }

    #[test]
    fn it_says_where_each_begins() {
        let mut lexicon = Lexicon::new(false);
        let mut starts = Vec::new();
        lexicon.each("é b, c", Language::ENGLISH, |at, _| starts.push(at));
        assert_eq!(starts, [0, 3, 6]);
    }
}
