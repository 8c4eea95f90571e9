//! Where a text repeats somebody's words: runs of five words and more that stand in what that person said and in nobody
//! else's text. A word is a run of letters and digits, without regard to case and accents, in whatever form Unicode has them; what stands
//! between words does not count.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How many words in a row are somebody's own: fewer are anybody's.
pub(super) const RUN: usize = 5;

/// Stands where words were taken out of somebody else's text.
pub(super) const ERASED: &str = "[erased]";

/// Bits of the table that passes over nearly every run at once.
const BITS: u32 = 20;

/// Runs of words, known by their hashes.
pub(super) struct Said {
    runs: HashSet<u64>,
    quick: Vec<u64>,
    seed: u64,
}

impl Default for Said {
    fn default() -> Self {
        Self {
            runs: HashSet::new(),
            quick: vec![0; 1 << (BITS - 6)],
            seed: RandomState::new().hash_one(0),
        }
    }
}

fn mark(hash: u64) -> (usize, u64) {
    let at = hash >> (64 - BITS);
    (usize::try_from(at >> 6).unwrap_or_default(), 1 << (at & 63))
}

impl Said {
    /// Takes in what the person said.
    pub(super) fn add(&mut self, text: &str) {
        let (runs, quick) = (&mut self.runs, &mut self.quick);
        each_run(self.seed, text, |hash, _| {
            let (at, bit) = mark(hash);
            quick[at] |= bit;
            runs.insert(hash);
        });
    }

    fn has(&self, hash: u64) -> bool {
        let (at, bit) = mark(hash);
        self.quick[at] & bit != 0 && self.runs.contains(&hash)
    }

    /// How many runs there are.
    pub(super) fn len(&self) -> usize {
        self.runs.len()
    }

    /// Leaves out what somebody else says too. Gives how many runs the two share.
    pub(super) fn take_out(&mut self, text: &str) -> usize {
        if self.runs.is_empty() {
            return 0;
        }
        let (runs, quick) = (&mut self.runs, &self.quick);
        let mut shared = 0;
        each_run(self.seed, text, |hash, _| {
            let (at, bit) = mark(hash);
            if quick[at] & bit != 0 {
                shared += usize::from(runs.remove(&hash));
            }
        });
        shared
    }

    /// How many runs of the text are the person's.
    pub(super) fn count(&self, text: &str) -> usize {
        if self.runs.is_empty() {
            return 0;
        }
        let mut found = 0;
        each_run(self.seed, text, |hash, _| {
            found += usize::from(self.has(hash));
        });
        found
    }

    /// The places, in bytes, where a text repeats the person, each as long as it can be.
    pub(super) fn places(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        if self.runs.is_empty() {
            return found;
        }
        each_run(self.seed, text, |hash, range| {
            if !self.has(hash) {
                return;
            }
            match found.last_mut() {
                Some(last) if range.start <= last.end => last.end = range.end,
                _ => found.push(range),
            }
        });
        found
    }

    /// The text without the person's words; none where it has none of them.
    pub(super) fn without(&self, text: &str) -> Option<(String, usize)> {
        let places = self.places(text);
        if places.is_empty() {
            return None;
        }
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for place in &places {
            out.push_str(&text[at..place.start]);
            out.push_str(ERASED);
            at = place.end;
        }
        out.push_str(&text[at..]);
        Some((out, places.len()))
    }
}

/// Of each byte what it is as a letter or digit in lower case; 0 where it is none.
const LOWER: [u8; 128] = {
    let mut table = [0; 128];
    let mut b: u8 = 0;
    while b < 128 {
        if b.is_ascii_alphanumeric() {
            table[b as usize] = b.to_ascii_lowercase();
        }
        b += 1;
    }
    table
};

fn mix(hash: u64, next: u64) -> u64 {
    (hash ^ next).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The last words of a text, in a ring.
struct Last {
    seed: u64,
    hashes: [u64; RUN],
    starts: [usize; RUN],
    words: usize,
}

impl Last {
    /// Takes a word in. Gives the hash of the run that ends with it, and where that run begins.
    fn take(&mut self, hash: u64, start: usize) -> Option<(u64, usize)> {
        let at = self.words % RUN;
        self.hashes[at] = hash ^ (hash >> 29);
        self.starts[at] = start;
        self.words += 1;
        if self.words < RUN {
            return None;
        }
        let mut run = self.seed;
        for n in 1..=RUN {
            run = mix(run.rotate_left(23), self.hashes[(at + n) % RUN]);
        }
        Some((run ^ (run >> 32), self.starts[(at + 1) % RUN]))
    }
}

/// Calls `each` for every run of [`RUN`] words with its hash and place in bytes.
fn each_run(seed: u64, text: &str, mut each: impl FnMut(u64, Range<usize>)) {
    let bytes = text.as_bytes();
    let mut last = Last {
        seed,
        hashes: [0; RUN],
        starts: [0; RUN],
        words: 0,
    };
    let (mut at, mut start, mut hash, mut within) = (0, 0, seed, false);
    while at < bytes.len() {
        let here = at;
        let byte = bytes[at];
        let letter = if byte < 128 {
            at += 1;
            let lower = LOWER[usize::from(byte)];
            if lower == 0 {
                false
            } else {
                if !within {
                    hash = seed;
                }
                hash = mix(hash, u64::from(lower));
                true
            }
        } else {
            let Some(c) = text[at..].chars().next() else {
                break;
            };
            at += c.len_utf8();
            if is_combining_mark(c) {
                within
            } else if c.is_alphanumeric() {
                if !within {
                    hash = seed;
                }
                for lower in folded(c) {
                    hash = mix(hash, u64::from(lower));
                }
                true
            } else {
                // A mark belongs to the letter before it.
                within && is_mark(c)
            }
        };
        if letter && !within {
            start = here;
        } else if within
            && !letter
            && let Some((run, from)) = last.take(hash, start)
        {
            each(run, from..here);
        }
        within = letter;
    }
    if within && let Some((run, from)) = last.take(hash, start) {
        each(run, from..bytes.len());
    }
}

/// The words of a text, as they are compared.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric() && !is_mark(c))
        .map(|word| word.chars().flat_map(folded).collect::<String>())
        .filter(|word| !word.is_empty())
}

/// A letter as it is compared: the same in each of Unicode's forms, in capitals, and with or without marks.
fn folded(c: char) -> impl Iterator<Item = char> {
    // By way of capitals, so that `ß` and `SS`, `ς` and `σ` are one.
    std::iter::once(c)
        .nfkd()
        .filter(|c| !is_mark(*c))
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|c| !is_mark(*c))
}

/// Marks on letters, and what can't be seen inside a word. Vowels that are written as marks are letters.
fn is_mark(c: char) -> bool {
    !c.is_ascii()
        && (matches!(
            c,
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}'
        ) || (is_combining_mark(c) && !c.is_alphabetic()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(texts: &[&str]) -> Said {
        let mut said = Said::default();
        for text in texts {
            said.add(text);
        }
        said
    }

    #[test]
    fn five_words_are_somebodys_and_four_are_anybodys() {
        let said = said(&["We had eleven beds and no nurse."]);
        assert_eq!(
            said.without("They said: \u{201c}we had Eleven beds, and no nurse\u{201d} twice."),
            Some(("They said: \u{201c}[erased]\u{201d} twice.".into(), 1))
        );
        assert_eq!(said.without("We had eleven beds."), None);
        assert_eq!(said.without(""), None);
    }

    #[test]
    fn accents_are_the_same_in_every_form() {
        let said = said(&["le caf\u{e9} \u{e9}tait ferm\u{e9} et nous"]);
        for text in [
            "elle: le cafe\u{301} e\u{301}tait ferme\u{301} et nous partons",
            "elle: Le Caf\u{e9} \u{c9}tait ferm\u{e9} et nous partons",
        ] {
            assert_eq!(
                said.without(text),
                Some(("elle: [erased] partons".into(), 1))
            );
        }
    }

    #[test]
    fn what_others_say_too_is_nobodys_own() {
        let mut said = said(&["at the end of the day it is money and nothing else"]);
        assert_eq!(said.take_out("So, at the end of the day, what is it?"), 2);
        assert_eq!(said.without("At the end of the day!"), None);
        assert_eq!(
            said.without("it is money and nothing").map(|w| w.0),
            Some("[erased]".into())
        );
    }

    #[test]
    fn the_form_of_unicode_is_no_difference() {
        let composed = "elle : le caf\u{e9} \u{e9}tait ferm\u{e9} et nous \u{e9}tions d\u{e9}sol\u{e9}s, vraiment.";
        let decomposed: String = composed.nfd().collect();
        assert_ne!(composed, decomposed);
        let others = [
            decomposed.clone(),
            decomposed.to_uppercase(),
            composed.to_uppercase(),
            composed.replace("caf", "ca\u{ad}f"),
        ];
        for other in &others {
            for (own, text) in [(composed, other.as_str()), (other.as_str(), composed)] {
                let (left, places) = said(&[own])
                    .without(&format!("\u{e9}: {text}e\u{301}"))
                    .expect("it is found");
                assert_eq!(places, 1);
                assert_eq!(left, "\u{e9}: [erased].e\u{301}");
            }
        }
        assert!(said(&["Stra\u{df}e und Platz und Haus"]).count("STRASSE UND PLATZ UND HAUS") == 1);
        assert!(
            said(&["\u{fb01}ve o\u{fb03}ces closed last year"])
                .count("five offices closed last year")
                == 1
        );
    }

    proptest! {
        /// In whichever form a text is written, what is left of it is on the boundaries of its characters and without the words.
        #[test]
        fn every_form_is_found(own in prop::collection::vec("[a-zàéîõüçñ]{1,6}", 5..20), before in "[ ,.é\n]{0,9}") {
            let said = said(&[&own.join(" ")]);
            for text in [own.join(" ").nfd().collect::<String>(), own.join(" ").nfkc().collect()] {
                let (left, _) = said.without(&format!("{before} {text}")).expect("the words are there");
                prop_assert_eq!(said.count(&left), 0);
                prop_assert!(left.ends_with(ERASED));
            }
        }

        /// Whatever stands around it, no run of the person's words is left, and the rest is as it was.
        #[test]
        fn nothing_of_it_is_left(own in prop::collection::vec("[a-zé]{1,6}", 5..20), before in "[x ,.é\n]{0,30}", after in "[x ,.é\n]{0,30}", glue in "[ ,.\n]{1,3}") {
            let own_text = own.join(" ");
            let said = said(&[&own_text]);
            let text = format!("{before} {} {after}", own.join(&glue));
            let (left, _) = said.without(&text).expect("the words are there");
            prop_assert_eq!(said.count(&left), 0);
            prop_assert!(left.starts_with(&before) || before.contains(['x', 'é']));
            prop_assert!(left.contains(ERASED));
        }
    }
}
