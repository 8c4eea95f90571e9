//! Words one or two slips away: a letter too many, too few, another one, or two neighbours swapped.
//!
//! The distance is that of optimal string alignment, in characters. It is worked out one character at a time within
//! two cells of the diagonal, so the same few lines serve a word in memory and a walk through the index's dictionary,
//! where whole branches are left as soon as they are too far away.

use tantivy_fst::Automaton;

use super::analyser::SEARCH;

/// The farthest distance that can be asked for.
pub(super) const FARTHEST: u8 = 2;
const BAND: usize = 2 * FARTHEST as usize + 1;
const TOO_FAR: u8 = FARTHEST + 1;

/// A word to be near to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    letters: Vec<char>,
    distance: u8,
}

/// How far the characters seen so far are from each beginning of the target that is near the diagonal:
/// cell `k` is about the beginning of `seen + k - FARTHEST` letters.
#[derive(Clone, Copy)]
pub(super) struct Row {
    seen: usize,
    cells: [u8; BAND],
    before: [u8; BAND],
    last: char,
}

impl Target {
    pub(super) fn new(word: &str, distance: u8) -> Self {
        Self {
            letters: word.chars().collect(),
            distance: distance.min(FARTHEST),
        }
    }

    /// Whether a word is near enough.
    pub(super) fn is_near(&self, word: &str) -> bool {
        let mut row = self.first_row();
        for letter in word.chars() {
            row = self.step(&row, letter);
            if !self.can_be_near(&row) {
                return false;
            }
        }
        self.is_end(&row)
    }

    fn first_row(&self) -> Row {
        let mut cells = [TOO_FAR; BAND];
        for distance in 0..=FARTHEST {
            if usize::from(distance) <= self.letters.len() {
                cells[usize::from(FARTHEST + distance)] = distance;
            }
        }
        Row {
            seen: 0,
            cells,
            before: [TOO_FAR; BAND],
            last: '\0',
        }
    }

    /// How many letters of the target cell `k` is about, if there are as many.
    fn letters_at(&self, seen: usize, k: usize) -> Option<usize> {
        (seen + k)
            .checked_sub(usize::from(FARTHEST))
            .filter(|&n| n <= self.letters.len())
    }

    fn step(&self, row: &Row, letter: char) -> Row {
        let seen = row.seen + 1;
        let mut cells = [TOO_FAR; BAND];
        for k in 0..BAND {
            let Some(n) = self.letters_at(seen, k) else {
                continue;
            };
            let mut best = if k + 1 < BAND {
                row.cells[k + 1] + 1
            } else {
                TOO_FAR
            };
            if n > 0 {
                if k > 0 {
                    best = best.min(cells[k - 1] + 1);
                }
                best = best.min(row.cells[k] + u8::from(self.letters[n - 1] != letter));
            }
            if n > 1 && seen > 1 && self.letters[n - 1] == row.last && self.letters[n - 2] == letter
            {
                best = best.min(row.before[k] + 1);
            }
            cells[k] = best.min(TOO_FAR);
        }
        Row {
            seen,
            cells,
            before: row.cells,
            last: letter,
        }
    }

    fn can_be_near(&self, row: &Row) -> bool {
        row.cells.iter().any(|&cell| cell <= self.distance)
    }

    fn is_end(&self, row: &Row) -> bool {
        (0..BAND).any(|k| {
            self.letters_at(row.seen, k) == Some(self.letters.len())
                && row.cells[k] <= self.distance
        })
    }
}

/// Where a walk through the dictionary stands: exact forms from the start, search forms behind their marker.
#[derive(Clone, Copy)]
pub(super) enum Walk {
    Dead,
    /// So many bytes of the marker of search forms.
    Marker(usize),
    /// In a word, with the bytes of a character that is not whole yet.
    Word {
        row: Row,
        bytes: [u8; 4],
        filled: u8,
    },
}

impl Target {
    fn accept_byte(&self, row: Row, mut bytes: [u8; 4], filled: u8, byte: u8) -> Walk {
        let Some(slot) = bytes.get_mut(usize::from(filled)) else {
            return Walk::Dead;
        };
        *slot = byte;
        let filled = filled + 1;
        let wanted = match bytes[0] {
            0..=0x7f => 1,
            0xc0..=0xdf => 2,
            0xe0..=0xef => 3,
            _ => 4,
        };
        if filled < wanted {
            return Walk::Word { row, bytes, filled };
        }
        let letter = std::str::from_utf8(&bytes[..usize::from(filled)])
            .ok()
            .and_then(|text| text.chars().next());
        let Some(letter) = letter else {
            return Walk::Dead;
        };
        let row = self.step(&row, letter);
        if self.can_be_near(&row) {
            Walk::Word {
                row,
                bytes: [0; 4],
                filled: 0,
            }
        } else {
            Walk::Dead
        }
    }
}

impl Automaton for &Target {
    type State = Walk;

    fn start(&self) -> Walk {
        Walk::Marker(0)
    }

    fn is_match(&self, state: &Walk) -> bool {
        matches!(state, Walk::Word { row, filled: 0, .. } if self.is_end(row))
    }

    fn can_match(&self, state: &Walk) -> bool {
        !matches!(state, Walk::Dead)
    }

    fn accept(&self, state: &Walk, byte: u8) -> Walk {
        match *state {
            Walk::Marker(seen) if SEARCH.as_bytes().get(seen) == Some(&byte) => {
                Walk::Marker(seen + 1)
            }
            Walk::Marker(seen) if seen == 0 || seen == SEARCH.len() => {
                self.accept_byte(self.first_row(), [0; 4], 0, byte)
            }
            Walk::Word { row, bytes, filled } => self.accept_byte(row, bytes, filled, byte),
            Walk::Dead | Walk::Marker(_) => Walk::Dead,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same distance, by the book: the whole table.
    fn by_the_book(a: &str, b: &str) -> usize {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                table[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let other = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let mut best = other.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        best = best.min(table[i - 2][j - 2] + 1);
                    }
                    best
                };
            }
        }
        table[a.len()][b.len()]
    }

    fn walk(target: &Target, term: &str) -> bool {
        let mut state = Automaton::start(&target);
        for byte in term.bytes() {
            state = Automaton::accept(&target, &state, byte);
        }
        Automaton::is_match(&target, &state)
    }

    #[test]
    fn slips() {
        let target = Target::new("accountable", 1);
        for (word, near) in [
            ("accountable", true),
            ("acountable", true),
            ("accountabel", true),
            ("accountably", true),
            ("accountables", true),
            ("acountabel", false),
            ("", false),
        ] {
            assert_eq!(target.is_near(word), near, "{word}");
        }
        assert!(Target::new("accountable", 2).is_near("acountabel"));
    }

    #[test]
    fn a_walk_sees_exact_and_search_forms_but_no_stems() {
        let target = Target::new("entrust", 2);
        assert!(walk(&target, "entrust"));
        assert!(walk(&target, &format!("{SEARCH}entrusté")));
        assert!(!walk(&target, "\u{1}\u{3}\u{5}entrust"));
        assert!(!walk(&target, "\u{1}\u{2}"));
        assert!(!walk(&target, SEARCH));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn distances_are_by_the_book(a in "[abé字]{0,7}", b in "[abé字]{0,7}", distance in 1u8..=2) {
            let target = Target::new(&a, distance);
            let near = by_the_book(&a, &b) <= usize::from(distance);
            prop_assert_eq!(target.is_near(&b), near);
            if !b.is_empty() {
                prop_assert_eq!(walk(&target, &b), near);
                let marked = format!("{SEARCH}{b}");
                prop_assert_eq!(walk(&target, &marked), near);
            }
        }
    }
}
