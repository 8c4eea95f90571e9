//! A query on one text in memory: does it match, and where. It agrees with the index about every text.

use std::collections::HashMap;

use super::analyser::Analyser;
use super::language::Language;
use super::query::Query;
use super::slot::{Clause, Row, Slot, clause};
use super::spans::{Side, Stretch, Want, phrase, phrase_words};
use super::words::words;
use crate::domain::span::{Codepoints, Span};

/// A query made ready for one text after the other.
pub struct Matcher {
    part: Part,
    slots: Vec<Slot>,
    /// The slots of each term, so that a word is looked up once and not compared with each.
    by_term: HashMap<String, Vec<usize>>,
    analyser: Analyser,
}

/// A clause with its slots by number.
enum Part {
    Row {
        slots: Vec<usize>,
        gap: u32,
    },
    Near {
        left: Box<Part>,
        within: u32,
        right: Box<Part>,
    },
    And(Vec<Part>, Vec<Part>),
    Or(Vec<Part>),
}

impl Matcher {
    /// Reads a query for texts in these languages, as [`super::Index::search`] does.
    pub fn new(query: &Query, languages: &[Language]) -> Self {
        let mut analyser = Analyser::default();
        let clause = clause(&query.root, languages, &mut analyser);
        let mut slots = Vec::new();
        let part = number(&clause, &mut slots);
        let mut by_term: HashMap<String, Vec<usize>> = HashMap::new();
        for (n, slot) in slots.iter().enumerate() {
            if let Slot::Terms(terms) = slot {
                for term in terms {
                    by_term.entry(term.clone()).or_default().push(n);
                }
            }
        }
        Self {
            part,
            slots,
            by_term,
            analyser,
        }
    }

    /// Where the query matches a text of that language: `None` if it does not; else the spans of the words that made
    /// it match, in order, none overlapping. Words side by side in a phrase are one span.
    pub fn find(&mut self, text: &str, language: Language) -> Option<Vec<Span>> {
        let words: Vec<_> = words(text).collect();
        let mut found: Vec<Vec<u32>> = vec![Vec::new(); self.slots.len()];
        for (at, word) in (0u32..).zip(&words) {
            let forms = self.analyser.forms(&text[word.clone()], language);
            for term in [&forms.exact, &forms.stem] {
                for &n in self.by_term.get(term).into_iter().flatten() {
                    found[n].push(at);
                }
            }
            for (slot, found) in self.slots.iter().zip(&mut found) {
                if !matches!(slot, Slot::Terms(_)) && slot.matches(forms) {
                    found.push(at);
                }
            }
        }
        let mut stretches = Vec::new();
        if !matches(&self.part, &found, &mut stretches) {
            return None;
        }
        stretches.sort_unstable();
        let points = Codepoints::new(text);
        let mut spans: Vec<Span> = Vec::new();
        let mut last: Option<Stretch> = None;
        for stretch in stretches {
            let from = points.point(words[stretch.first as usize].start);
            let to = points.point(words[stretch.last as usize].end);
            match (last, spans.last_mut()) {
                (Some(before), Some(span)) if stretch.first <= before.last => {
                    span.end = span.end.max(to);
                    last = Some(Stretch {
                        first: before.first,
                        last: before.last.max(stretch.last),
                    });
                }
                _ => {
                    spans.push(Span::new(from, to));
                    last = Some(stretch);
                }
            }
        }
        Some(spans)
    }
}

fn number(clause: &Clause, slots: &mut Vec<Slot>) -> Part {
    let mut row = |row: &Row| Part::Row {
        slots: row
            .slots
            .iter()
            .map(|slot| {
                slots
                    .iter()
                    .position(|known| known == slot)
                    .unwrap_or_else(|| {
                        slots.push(slot.clone());
                        slots.len() - 1
                    })
            })
            .collect(),
        gap: row.gap,
    };
    match clause {
        Clause::Row(one) => row(one),
        Clause::Near {
            left,
            within,
            right,
        } => Part::Near {
            left: Box::new(row(left)),
            within: *within,
            right: Box::new(row(right)),
        },
        Clause::And(wanted, unwanted) => Part::And(
            wanted.iter().map(|clause| number(clause, slots)).collect(),
            unwanted
                .iter()
                .map(|clause| number(clause, slots))
                .collect(),
        ),
        Clause::Or(clauses) => {
            Part::Or(clauses.iter().map(|clause| number(clause, slots)).collect())
        }
    }
}

/// Whether a part matches; if so, adds the stretches that made it.
fn matches(part: &Part, found: &[Vec<u32>], stretches: &mut Vec<Stretch>) -> bool {
    match part {
        Part::Row { slots, gap } => {
            let lists = lists(slots, found);
            let mut rows = Vec::new();
            phrase(&lists, *gap, Want::Shortest, &mut rows);
            for row in &rows {
                add(&lists, *row, stretches);
            }
            !rows.is_empty()
        }
        Part::Near {
            left,
            within,
            right,
        } => {
            let (
                Part::Row {
                    slots: left,
                    gap: left_gap,
                },
                Part::Row {
                    slots: right,
                    gap: right_gap,
                },
            ) = (&**left, &**right)
            else {
                return false;
            };
            let (left, right) = (lists(left, found), lists(right, found));
            let (mut lefts, mut rights) = (Vec::new(), Vec::new());
            phrase(&left, *left_gap, Want::All, &mut lefts);
            phrase(&right, *right_gap, Want::All, &mut rights);
            let (mut left_side, mut right_side) = (Side::default(), Side::default());
            left_side.fill(&lefts);
            right_side.fill(&rights);
            let before = stretches.len();
            for stretch in lefts
                .into_iter()
                .filter(|&stretch| right_side.is_near(stretch, *within))
            {
                add(&left, stretch, stretches);
            }
            for stretch in rights
                .into_iter()
                .filter(|&stretch| left_side.is_near(stretch, *within))
            {
                add(&right, stretch, stretches);
            }
            stretches.len() > before
        }
        Part::And(wanted, unwanted) => {
            let before = stretches.len();
            let all =
                !wanted.is_empty() && wanted.iter().all(|part| matches(part, found, stretches));
            let matched = all
                && !unwanted
                    .iter()
                    .any(|part| matches(part, found, &mut Vec::new()));
            if !matched {
                stretches.truncate(before);
            }
            matched
        }
        Part::Or(parts) => {
            // Every side that matches is shown, not only the first.
            let matched = parts.iter().filter(|part| matches(part, found, stretches));
            matched.count() > 0
        }
    }
}

fn lists<'f>(slots: &[usize], found: &'f [Vec<u32>]) -> Vec<&'f [u32]> {
    slots.iter().map(|&n| found[n].as_slice()).collect()
}

/// Adds the words of a stretch, those side by side as one.
fn add(lists: &[&[u32]], stretch: Stretch, stretches: &mut Vec<Stretch>) {
    let mut run: Option<Stretch> = None;
    phrase_words(lists, stretch, |at| match &mut run {
        Some(run) if run.last + 1 == at => run.last = at,
        _ => stretches.extend(run.replace(Stretch {
            first: at,
            last: at,
        })),
    });
    stretches.extend(run);
}
