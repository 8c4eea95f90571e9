//! What a word is found by.
//!
//! One field holds three kinds of term, all at the position of their word:
//!
//! 1. the exact form, as `fold` makes it;
//! 2. the search form, where it differs: without accents, and in French and Italian without the small word glued on
//!    (`l'état` → `etat`); behind a marker;
//! 3. the stem of the search form, behind the marker of its language.
//!
//! A marker is three control characters. No word holds a control character, so a prefix never reaches from one kind
//! into another, and neither does an edit distance of two: all three would have to be edited away. (Letters in the
//! marker would not do: `entrust` is one edit from a marker that ends in `en` before `trust`.)

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::fold;
use super::language::Language;
use super::words::{Words, words};

/// The marker of search forms.
pub(super) const SEARCH: &str = "\u{1}\u{2}\u{1f}";

/// How many words each language's cache holds before it starts anew; a study has tens of thousands.
const CACHED: usize = 100_000;

/// What a word is found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Forms {
    pub(super) exact: String,
    /// Marked; `None` where it is the exact form.
    pub(super) search: Option<String>,
    /// Marked.
    pub(super) stem: String,
}

impl Forms {
    /// The search form without its marker.
    pub(super) fn plain(&self) -> &str {
        self.search.as_deref().map_or(&self.exact, unmarked)
    }
}

/// A term without its marker.
pub(super) fn unmarked(term: &str) -> &str {
    term.get(SEARCH.len()..).unwrap_or_default()
}

fn stem_marker(language: Language) -> [char; 3] {
    // Numbers stay below the mark of search forms and are few, so every one is a control character.
    ['\u{1}', '\u{3}', char::from(language.number() + 1)]
}

/// Finds what words are found by. Stemming is what costs, so it remembers.
#[derive(Default)]
pub(super) struct Analyser {
    /// By the number of the language.
    caches: Vec<Cache>,
    lower: String,
}

#[derive(Default)]
struct Cache {
    numbers: HashMap<Box<str>, usize, BuildHasherDefault<WordHasher>>,
    forms: Vec<Forms>,
}

/// Where the forms of a word are kept, until the next word is looked for.
#[derive(Clone, Copy, Default)]
struct Kept {
    language: usize,
    number: usize,
}

/// A cache is not worth copying.
impl Clone for Analyser {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Analyser {
    /// The forms of one word of a language.
    pub(super) fn forms(&mut self, word: &str, language: Language) -> &Forms {
        let kept = self.find(word, language);
        self.kept(kept)
    }

    fn kept(&self, kept: Kept) -> &Forms {
        &self.caches[kept.language].forms[kept.number]
    }

    fn find(&mut self, word: &str, language: Language) -> Kept {
        // ASCII is looked up in lower case, so that a word at the start of a sentence is no other word.
        self.lower.clear();
        self.lower.push_str(word);
        self.lower.make_ascii_lowercase();
        let at = usize::from(language.number());
        if self.caches.len() <= at {
            self.caches.resize_with(at + 1, Cache::default);
        }
        let cache = &mut self.caches[at];
        if let Some(&number) = cache.numbers.get(self.lower.as_str()) {
            return Kept {
                language: at,
                number,
            };
        }
        if cache.forms.len() >= CACHED {
            cache.numbers.clear();
            cache.forms.clear();
        }
        let number = cache.forms.len();
        cache.numbers.insert(self.lower.as_str().into(), number);
        cache.forms.push(make_forms(&self.lower, language));
        Kept {
            language: at,
            number,
        }
    }
}

fn make_forms(word: &str, language: Language) -> Forms {
    let mut exact = String::new();
    fold::exact_form(word, &mut exact);
    let plain = search_form(&exact, language);
    let base = if language == Language::ENGLISH {
        plain
            .strip_suffix("'s")
            .filter(|rest| !rest.is_empty())
            .unwrap_or(&plain)
    } else {
        &plain
    };
    let mut stem: String = stem_marker(language).iter().collect();
    match language.stemmer() {
        Some(stemmer) => stem.push_str(&stemmer.stem(base)),
        None => stem.push_str(base),
    }
    let search = (plain != exact).then(|| format!("{SEARCH}{plain}"));
    Forms {
        exact,
        search,
        stem,
    }
}

/// The search form of an exact form, without a marker.
pub(super) fn search_form(exact: &str, language: Language) -> String {
    let plain = fold::folded(exact);
    match elided(&plain) {
        Some(rest) if language.elides() => rest.to_owned(),
        _ => plain,
    }
}

/// What stands after an article, pronoun or preposition that has lost its vowel.
fn elided(word: &str) -> Option<&str> {
    const SHORT: [&str; 34] = [
        "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu",
        "presqu", "un", "all", "dall", "dell", "nell", "sull", "coll", "pell", "gl", "agl", "dagl",
        "degl", "negl", "sugl", "quell", "quest", "bell", "sant", "tutt", "anch",
    ];
    let (head, rest) = word.split_once('\'')?;
    (SHORT.contains(&head) && rest.chars().any(char::is_alphanumeric)).then_some(rest)
}

/// The words of a text as index terms: a stream for tantivy.
#[derive(Clone, Default)]
pub(super) struct IndexTokenizer {
    analyser: Analyser,
    token: tantivy::tokenizer::Token,
}

/// A text with its language in front, as the tokenizer wants it: a field has one tokenizer, a study several languages.
pub(super) fn with_language(text: &str, language: Language) -> String {
    let mut value = String::with_capacity(text.len() + 1);
    value.push(char::from(language.number() + 1));
    value.push_str(text);
    value
}

pub(super) struct IndexTokens<'a> {
    analyser: &'a mut Analyser,
    token: &'a mut tantivy::tokenizer::Token,
    text: &'a str,
    words: Words<'a>,
    language: Language,
    word: Kept,
    /// How many of the present word's forms are still to come.
    left: u8,
}

impl tantivy::tokenizer::Tokenizer for IndexTokenizer {
    type TokenStream<'a> = IndexTokens<'a>;

    fn token_stream<'a>(&'a mut self, value: &'a str) -> IndexTokens<'a> {
        self.token.reset();
        let (language, text) = match value.as_bytes().first() {
            Some(&number @ 1..0x80) => (Language::numbered(number - 1), &value[1..]),
            _ => (Language::NONE, value),
        };
        IndexTokens {
            analyser: &mut self.analyser,
            token: &mut self.token,
            text,
            words: words(text),
            language,
            word: Kept::default(),
            left: 0,
        }
    }
}

impl tantivy::tokenizer::TokenStream for IndexTokens<'_> {
    fn advance(&mut self) -> bool {
        if self.left == 0 {
            let Some(word) = self.words.next() else {
                return false;
            };
            self.token.position = self.token.position.wrapping_add(1);
            self.token.offset_from = word.start;
            self.token.offset_to = word.end;
            self.word = self.analyser.find(&self.text[word], self.language);
            self.left = 3;
        }
        let forms = self.analyser.kept(self.word);
        self.left -= 1;
        let form = match (self.left, &forms.search) {
            (2, _) => &forms.exact,
            (1, Some(search)) => search,
            _ => {
                self.left = 0;
                &forms.stem
            }
        };
        self.token.text.clear();
        self.token.text.push_str(form);
        true
    }

    fn token(&self) -> &tantivy::tokenizer::Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut tantivy::tokenizer::Token {
        self.token
    }
}

/// Words are short and nobody attacks with them; the standard hasher takes longer than the rest of the look-up.
#[derive(Default)]
pub(super) struct WordHasher(u64);

impl Hasher for WordHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.mix(u64::from_le_bytes(chunk.try_into().unwrap_or_default()));
        }
        let mut last = [0; 8];
        let rest = chunks.remainder();
        last[..rest.len()].copy_from_slice(rest);
        self.mix(u64::from_le_bytes(last) ^ ((rest.len() as u64) << 56));
    }
}

impl WordHasher {
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.0.rotate_left(5) ^ word) * 0x9e37_79b9_7f4a_7c15;
        let bytes = product.to_le_bytes();
        let (low, high) = bytes.split_at(8);
        let half = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap_or_default());
        self.0 = half(low) ^ half(high);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::tokenizer::{TokenStream, Tokenizer};

    use super::*;

    fn language(code: &str) -> Language {
        code.parse().expect("a known language")
    }

    fn forms(word: &str, code: &str) -> (String, String, String) {
        let mut analyser = Analyser::default();
        let forms = analyser.forms(word, language(code));
        (
            forms.exact.clone(),
            forms.plain().to_owned(),
            unmarked(&forms.stem).to_owned(),
        )
    }

    #[test]
    fn the_three_forms() {
        for (word, code, exact, plain, stem) in [
            ("Decisions", "en", "decisions", "decisions", "decis"),
            (
                "supervisor’s",
                "en",
                "supervisor's",
                "supervisor's",
                "supervisor",
            ),
            ("Cafés", "en", "cafés", "cafes", "cafe"),
            ("l’autonomie", "fr", "l'autonomie", "autonomie", "autonom"),
            (
                "L’autonomie",
                "en",
                "l'autonomie",
                "l'autonomie",
                "l'autonomi",
            ),
            (
                "dell'autonomia",
                "it",
                "dell'autonomia",
                "autonomia",
                "autonom",
            ),
            (
                "aujourd'hui",
                "fr",
                "aujourd'hui",
                "aujourd'hui",
                "aujourd'hui",
            ),
            ("Qu’elle", "fr", "qu'elle", "elle", "elle"),
            ("Häuser", "de", "häuser", "hauser", "haus"),
            ("running", "none", "running", "running", "running"),
        ] {
            assert_eq!(
                forms(word, code),
                (exact.into(), plain.into(), stem.into()),
                "{word} in {code}"
            );
        }
    }

    #[test]
    fn a_stream_gives_every_form_at_one_position_with_its_place_in_the_text() {
        let mut tokenizer = IndexTokenizer::default();
        let value = with_language("Les cafés, non.", language("fr"));
        let mut stream = tokenizer.token_stream(&value);
        let mut seen = Vec::new();
        while stream.advance() {
            let token = stream.token();
            seen.push((
                token.position,
                token.offset_from..token.offset_to,
                token.text.clone(),
            ));
        }
        let stem = |text: &str| stem_marker(language("fr")).iter().collect::<String>() + text;
        assert_eq!(
            seen,
            [
                (0, 0..3, "les".to_owned()),
                (0, 0..3, stem("le")),
                (1, 4..10, "cafés".to_owned()),
                (1, 4..10, format!("{SEARCH}cafes")),
                (1, 4..10, stem("caf")),
                (2, 12..15, "non".to_owned()),
                (2, 12..15, stem("non")),
            ]
        );
    }

    #[test]
    fn a_text_that_begins_with_a_control_character_keeps_its_language() {
        let mut tokenizer = IndexTokenizer::default();
        let value = with_language("\u{2}running", Language::ENGLISH);
        let mut stream = tokenizer.token_stream(&value);
        assert!(stream.advance());
        assert_eq!(stream.token().text, "running");
        assert!(stream.advance());
        assert_eq!(unmarked(&stream.token().text), "run");
    }

    #[test]
    fn markers_are_three_control_characters_and_all_differ() {
        let mut markers: Vec<String> = Language::all()
            .map(|l| stem_marker(l).iter().collect())
            .collect();
        markers.push(SEARCH.to_owned());
        for marker in &markers {
            assert_eq!(marker.len(), 3);
            assert!(marker.chars().all(char::is_control));
        }
        markers.sort();
        markers.dedup();
        assert_eq!(markers.len(), 20);
    }

    #[test]
    fn a_full_cache_starts_anew() {
        let mut analyser = Analyser::default();
        for n in 0..CACHED + 10 {
            analyser.forms(&format!("w{n}"), Language::NONE);
        }
        assert_eq!(analyser.forms("W3", Language::NONE).exact, "w3");
    }

    proptest! {
        #[test]
        fn no_form_holds_a_control_character_but_in_its_marker(text in ".{0,30}", code in 0u8..19) {
            let language = Language::numbered(code);
            let mut analyser = Analyser::default();
            for word in words(&text) {
                let forms = analyser.forms(&text[word], language).clone();
                prop_assert!(!forms.exact.is_empty());
                for form in [&*forms.exact, forms.plain(), unmarked(&forms.stem)] {
                    prop_assert!(!form.chars().any(char::is_control));
                }
            }
        }

        #[test]
        fn the_cache_changes_nothing(words in prop::collection::vec("[a-cA-CéÉ']{1,4}", 1..20)) {
            let mut analyser = Analyser::default();
            for word in words {
                let once = analyser.forms(&word, Language::FRENCH).clone();
                prop_assert_eq!(&once, analyser.forms(&word, Language::FRENCH));
                prop_assert_eq!(once, make_forms(&word, Language::FRENCH));
            }
        }
    }
}
