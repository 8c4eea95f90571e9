//! The floor's own tokenizer: the same three kinds of term as the product's (the word, the word without accents, the
//! stem), straight on, for English.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use frostem::{Algorithm, Stemmer};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What parts the kinds of term; no word holds control characters.
const FOLDED: &str = "\u{1}\u{2}\u{1f}";
const STEM: &str = "\u{1}\u{3}\u{5}";

/// What a word is found by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forms {
    pub(crate) exact: String,
    pub(crate) folded: Option<String>,
    pub(crate) stem: String,
}

#[derive(Default)]
pub(crate) struct Words {
    numbers: HashMap<Box<str>, usize, BuildHasherDefault<Mix>>,
    forms: Vec<Forms>,
    lower: String,
    token: Token,
}

/// What it remembers is not worth copying.
impl Clone for Words {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Words {
    pub(crate) fn forms(&mut self, word: &str) -> &Forms {
        self.lower.clear();
        self.lower.push_str(word);
        self.lower.make_ascii_lowercase();
        if let Some(&number) = self.numbers.get(self.lower.as_str()) {
            return &self.forms[number];
        }
        let exact = if self.lower.is_ascii() {
            self.lower.clone()
        } else {
            self.lower.replace('’', "'").to_lowercase()
        };
        let plain: String = if exact.is_ascii() {
            exact.clone()
        } else {
            exact.nfd().filter(|c| !is_combining_mark(*c)).collect()
        };
        let stem = format!(
            "{STEM}{}",
            Stemmer::new(Algorithm::English).stem(plain.strip_suffix("'s").unwrap_or(&plain))
        );
        let folded = (plain != exact).then(|| format!("{FOLDED}{plain}"));
        self.numbers
            .insert(self.lower.as_str().into(), self.forms.len());
        self.forms.push(Forms {
            exact,
            folded,
            stem,
        });
        &self.forms[self.forms.len() - 1]
    }
}

/// The byte range of the next word at or after `from`.
pub(crate) fn next_word(text: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let letter = |at: usize| match bytes.get(at) {
        Some(b) if b.is_ascii() => b.is_ascii_alphanumeric() || *b == b'_',
        Some(_) => text[at..].chars().next().is_some_and(char::is_alphanumeric),
        None => false,
    };
    let width = |at: usize| {
        if bytes[at].is_ascii() {
            1
        } else {
            text[at..].chars().next().map_or(1, char::len_utf8)
        }
    };
    let mut at = from;
    while at < bytes.len() && !letter(at) {
        at += width(at);
    }
    if at >= bytes.len() {
        return None;
    }
    let start = at;
    let mut last = at;
    while at < bytes.len() {
        if letter(at) {
            last = at;
            at += width(at);
            continue;
        }
        let joins = match bytes[at] {
            b'\'' | b'.' => {
                bytes[last].is_ascii_digit() == bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
            }
            b',' => {
                bytes[last].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
            }
            0xe2 => text[at..].starts_with('’'),
            _ => false,
        };
        if !joins || !letter(at + width(at)) {
            break;
        }
        at += width(at);
    }
    Some((start, at))
}

pub(crate) struct Stream<'a> {
    words: &'a mut Words,
    text: &'a str,
    word: (usize, usize),
    /// Which form comes next: 0 the word, 1 without accents, 2 the stem, 3 none of this word.
    next: u8,
}

impl Tokenizer for Words {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        self.token.reset();
        Stream {
            words: self,
            text,
            word: (0, 0),
            next: 3,
        }
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        if self.next == 3 {
            let Some(word) = next_word(self.text, self.word.1) else {
                return false;
            };
            self.word = word;
            let token = &mut self.words.token;
            token.position = token.position.wrapping_add(1);
            (token.offset_from, token.offset_to) = word;
            self.next = 0;
        }
        let mut text = std::mem::take(&mut self.words.token.text);
        text.clear();
        let forms = self.words.forms(&self.text[self.word.0..self.word.1]);
        match (self.next, &forms.folded) {
            (0, folded) => {
                text.push_str(&forms.exact);
                self.next = if folded.is_some() { 1 } else { 2 };
            }
            (1, Some(folded)) => {
                text.push_str(folded);
                self.next = 2;
            }
            _ => {
                text.push_str(&forms.stem);
                self.next = 3;
            }
        }
        self.words.token.text = text;
        true
    }

    fn token(&self) -> &Token {
        &self.words.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.words.token
    }
}

/// A hasher for short words that nobody chose to collide.
#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word))
                .wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }
}
