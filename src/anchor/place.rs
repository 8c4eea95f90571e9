//! Where a span of the old text stands in the new one.

use super::align::{Alignment, CLOSE};
use crate::domain::span::Span;
use crate::domain::words::words;

words! {
    /// How sure it is where a passage stands in a changed text.
    Grade, "grade" {
        /// The same words in the same surroundings.
        Same = "same",
        /// The same words in other surroundings.
        Moved = "moved",
        /// In its surroundings, or moved; some of its words went or were changed.
        Reworded = "reworded",
        /// Too little of it is left, or too scattered, to be put anywhere without a look.
        Unsure = "unsure",
        /// Nothing of its words is left.
        Lost = "lost",
    }
}

/// What became of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub grade: Grade,
    /// Where it stands, for the first three grades: from its first surviving character to its last.
    pub span: Option<Span>,
    /// Where it might stand, the likeliest first; for the lost, what stands in its stead.
    pub candidates: Vec<Span>,
}

/// Words are the same but for a slip when so much of their letters agrees (Damerau–Levenshtein, normalised).
const SLIP: f64 = 0.6;
/// No more places than this are proposed.
const CANDIDATES: usize = 3;
/// Where a passage has more words than this, letters are not compared: a slip is no longer one.
const LETTERS: usize = 40;

/// Finds a span of the old text in the new one.
pub fn place(alignment: &Alignment, span: Span) -> Placed {
    let (first, behind) = alignment.old.touched(span);
    if first == behind {
        return Placed {
            grade: Grade::Lost,
            span: None,
            candidates: Vec::new(),
        };
    }
    let passage = Passage {
        alignment,
        span,
        first,
        behind,
    };
    let parts = passage.parts();
    let Some(part) = parts
        .iter()
        .max_by_key(|part| (part.found, usize::MAX - part.new.0))
    else {
        return passage.replaced();
    };
    let words = behind - first;
    if part.found == words && part.new.1 - part.new.0 + 1 == words {
        let moved = alignment.moved[first..behind].iter().any(|m| *m);
        return Placed {
            grade: if moved { Grade::Moved } else { Grade::Same },
            span: Some(passage.image(*part)),
            candidates: Vec::new(),
        };
    }
    let grown = passage.with_replaced_edges(*part);
    let image = passage.image(grown);
    let inserted = grown.new.1 + 1 - grown.new.0 - part.found;
    // A third must be there still, what came in must not outweigh what was, and no other part may stand elsewhere.
    let alone = parts.len() == 1;
    let enough = (part.found + passage.slips(grown)) * 3 >= words;
    if alone && enough && inserted <= words.max(CLOSE) {
        return Placed {
            grade: Grade::Reworded,
            span: Some(image),
            candidates: Vec::new(),
        };
    }
    let mut candidates = vec![image];
    candidates.extend(
        parts
            .iter()
            .filter(|other| other.new != part.new)
            .map(|other| passage.image(*other)),
    );
    candidates.extend(passage.elsewhere());
    passage.unsure(candidates)
}

/// Words of a passage that stand together in the new text, in their order.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// First and last of them in the old text.
    old: (usize, usize),
    /// … and in the new one.
    new: (usize, usize),
    found: usize,
}

struct Passage<'a, 't> {
    alignment: &'a Alignment<'t>,
    span: Span,
    /// Its words in the old text: the first, and the one behind the last.
    first: usize,
    behind: usize,
}

impl Passage<'_, '_> {
    fn words(&self) -> usize {
        self.behind - self.first
    }

    /// The words that are there still, in groups that stand together.
    fn parts(&self) -> Vec<Part> {
        // As much may have come in between as the passage is long itself.
        let room = self.words().max(CLOSE);
        let mut parts: Vec<Part> = Vec::new();
        for i in self.first..self.behind {
            let Some(j) = self.alignment.map[i] else {
                continue;
            };
            match parts.last_mut() {
                Some(part)
                    if j > part.new.1
                        && j - part.new.1 <= room + (i - part.old.1)
                        // What came in between must be new, not other words that moved here.
                        && !self.alignment.taken[part.new.1 + 1..j].contains(&true) =>
                {
                    part.old.1 = i;
                    part.new.1 = j;
                    part.found += 1;
                }
                _ => parts.push(Part {
                    old: (i, i),
                    new: (j, j),
                    found: 1,
                }),
            }
        }
        parts
    }

    /// The characters of a part: where the passage begins or ends within a word that is there still, so does its image.
    fn image(&self, part: Part) -> Span {
        let Alignment { old, new, map, .. } = self.alignment;
        let all = new.over(part.new.0, part.new.1);
        let first = old.span(part.old.0);
        let last = old.span(part.old.1);
        let cut_start = if map[part.old.0] == Some(part.new.0) {
            self.span.start.saturating_sub(first.start)
        } else {
            0
        };
        let cut_end = if map[part.old.1] == Some(part.new.1) {
            last.end.saturating_sub(self.span.end)
        } else {
            0
        };
        Span::new(all.start + cut_start, all.end - cut_end)
    }

    /// A part with the words that came in the stead of the passage's first or last ones: those between the last word
    /// before the passage and its first one that is there still, if all that went there was the passage's and it is on one
    /// line.
    fn with_replaced_edges(&self, part: Part) -> Part {
        let map = &self.alignment.map;
        let mut grown = part;
        if part.old.0 > self.first {
            let before = self.first.checked_sub(1).map(|n| map[n]);
            let from = match before {
                None => Some(0),
                Some(at) => at.map(|at| at + 1),
            };
            if let Some(from) = from
                && from < part.new.0
                && part.new.0 - from <= (part.old.0 - self.first).max(3) * 2
                && !self.alignment.taken[from..part.new.0].contains(&true)
                && !(from + 1..=part.new.0).any(|n| self.alignment.new.opens(n))
            {
                grown.new.0 = from;
                grown.old.0 = self.first;
            }
        }
        if part.old.1 + 1 < self.behind {
            let to = match map.get(self.behind) {
                None => Some(self.alignment.new.len()),
                Some(at) => *at,
            };
            if let Some(to) = to
                && to > part.new.1 + 1
                && to - part.new.1 - 1 <= (self.behind - 1 - part.old.1).max(3) * 2
                && !self.alignment.taken[part.new.1 + 1..to].contains(&true)
                && !(part.new.1 + 1..to).any(|n| self.alignment.new.opens(n))
            {
                grown.new.1 = to - 1;
                grown.old.1 = self.behind - 1;
            }
        }
        grown
    }

    /// Words of the passage that are not there but for a slip: between two that are, as many others of like letters.
    fn slips(&self, part: Part) -> usize {
        let Alignment { old, new, map, .. } = self.alignment;
        let mut found = 0;
        let mut i = part.old.0;
        let mut j = part.new.0;
        while i <= part.old.1 {
            if let Some(at) = map[i] {
                j = at + 1;
                i += 1;
                continue;
            }
            let end = (i..=part.old.1)
                .find(|n| map[*n].is_some())
                .unwrap_or(part.old.1 + 1);
            let until = map
                .get(end)
                .copied()
                .flatten()
                .filter(|_| end <= part.old.1)
                .unwrap_or(part.new.1 + 1);
            if until.checked_sub(j) == Some(end - i) && end - i <= LETTERS {
                found += (0..end - i)
                    .filter(|n| like(old.word(i + n), new.word(j + n)))
                    .count();
            }
            i = end;
            j = until;
        }
        found
    }

    /// None of its words are there: what stands in its stead, and where its words stand elsewhere.
    fn replaced(&self) -> Placed {
        let Alignment { old, new, map, .. } = self.alignment;
        let before = (0..self.first).rev().find_map(|n| Some((n, map[n]?)));
        let after = (self.behind..map.len()).find_map(|n| Some((n, map[n]?)));
        let (i, from) = before.map_or((0, 0), |(n, at)| (n + 1, at + 1));
        let (k, to) = after.unwrap_or((map.len(), new.len()));
        let mut candidates = self.elsewhere();
        let somewhere = !candidates.is_empty();
        if from < to && !self.alignment.taken[from..to].contains(&true) {
            // All that went was the passage, and what came is like it: a slip was mended.
            let whole = i == self.first && k == self.behind;
            let short = self.words().max(to - from) <= LETTERS;
            if whole
                && short
                && like(
                    old.slice(self.first, self.behind - 1),
                    new.slice(from, to - 1),
                )
            {
                return Placed {
                    grade: Grade::Reworded,
                    span: Some(new.over(from, to - 1)),
                    candidates: Vec::new(),
                };
            }
            // The passage was most of what went, and something of about its length stands where it stood.
            if self.words() * 2 >= k - i && to - from <= self.words() * 2 + CLOSE {
                candidates.insert(0, new.over(from, to - 1));
            }
        }
        if somewhere {
            return self.unsure(candidates);
        }
        Placed {
            grade: Grade::Lost,
            span: None,
            candidates,
        }
    }

    /// Where exactly the passage's words stand in the new text and are not, all of them, those of another passage.
    fn elsewhere(&self) -> Vec<Span> {
        let Alignment {
            new,
            old_numbers,
            places,
            taken,
            ..
        } = self.alignment;
        let words = &old_numbers[self.first..self.behind];
        // The rarest word says where to look.
        let Some((offset, at)) = words
            .iter()
            .enumerate()
            .map(|(n, word)| (n, places.get(word).map_or(&[][..], Vec::as_slice)))
            .min_by_key(|(_, at)| at.len())
        else {
            return Vec::new();
        };
        let mut found: Vec<usize> = Vec::new();
        for at in at.iter().take(10_000) {
            let Some(from) = at.checked_sub(offset) else {
                continue;
            };
            let fits = words.iter().enumerate().all(|(n, word)| {
                places
                    .get(word)
                    .is_some_and(|all| all.binary_search(&(from + n)).is_ok())
            });
            if fits && taken[from..from + words.len()].contains(&false) {
                found.push(from);
                if found.len() == CANDIDATES {
                    break;
                }
            }
        }
        found
            .into_iter()
            .map(|from| new.over(from, from + words.len() - 1))
            .collect()
    }

    fn unsure(&self, mut candidates: Vec<Span>) -> Placed {
        let mut seen = Vec::new();
        candidates.retain(|span| {
            let new = !seen.contains(span);
            seen.push(*span);
            new
        });
        candidates.truncate(CANDIDATES);
        Placed {
            grade: Grade::Unsure,
            span: None,
            candidates,
        }
    }
}

/// Whether two pieces are one but for a slip of the pen.
fn like(a: &str, b: &str) -> bool {
    strsim::normalized_damerau_levenshtein(a, b) >= SLIP
}
