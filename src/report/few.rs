//! Counts of people in a report that leaves the house: a small one is not printed, nor what would give it away; and those
//! that are printed are kept for the register, so that a later report can't tell by the difference.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::document::{Block, Inline};
use super::draft::Draft;
use super::gather::Tally;
use super::phrase::{count, number};
use super::source::Source;
use crate::domain::filter::Filter;
use crate::governance::gate::Audience;
use crate::governance::suppress::line;
use crate::store::K_COUNTS;

/// The filters that make counts others, in a word that is the same for the same filters. Themes don't: each count names
/// its own.
fn narrowed(filter: &Filter) -> String {
    let parts = [
        ("case", &filter.cases),
        ("participant", &filter.participants),
        ("role", &filter.roles),
        ("phase", &filter.phases),
        ("transcript", &filter.transcripts),
        ("coder", &filter.coders),
        ("section", &filter.sections),
    ];
    let mut said = String::new();
    for (what, values) in parts {
        if !values.is_empty() {
            said.push_str(&format!("{what} {} · ", values.join(", ")));
        }
    }
    for (key, value) in &filter.attributes {
        said.push_str(&format!("{key} {value} · "));
    }
    said
}

/// Stands where a number is hidden.
const STAR: &str = "*";

/// The threshold of a report, and what it printed.
#[derive(Default)]
pub(super) struct Few {
    /// Counts of fewer people are not printed. For the team there is none.
    k: u64,
    /// What the report is narrowed to, which makes its counts others than the whole study's.
    narrowed: String,
    printed: RefCell<BTreeMap<String, u64>>,
}

impl Few {
    pub(super) fn new(audience: Audience, k_counts: Option<i64>, filter: &Filter) -> Self {
        let k = u64::try_from(k_counts.unwrap_or(K_COUNTS)).unwrap_or(1);
        Self {
            k: if audience == Audience::Team { 1 } else { k },
            narrowed: narrowed(filter),
            printed: RefCell::default(),
        }
    }

    /// Whether a count of people is too small to be printed.
    pub(super) fn is(&self, people: usize) -> bool {
        people > 0 && (people as u64) < self.k
    }

    /// The counts of people that were printed, by what they count.
    pub(super) fn printed(&self) -> BTreeMap<String, u64> {
        self.printed.borrow().clone()
    }

    fn keep(&self, of: &str, people: usize) {
        if self.k > 1 {
            let mut printed = self.printed.borrow_mut();
            printed.insert(format!("{}{of}", self.narrowed), people as u64);
        }
    }

    /// `8 participants`, or `fewer than 5 participants`. `of` names what is counted, in slugs and paths.
    pub(super) fn words(&self, of: &str, people: usize) -> String {
        if self.is(people) {
            return format!("fewer than {} participants", self.k);
        }
        self.keep(of, people);
        count(people, "participant", "participants")
    }

    /// `8`, or `fewer than 5`.
    pub(super) fn number(&self, of: &str, people: usize) -> String {
        if self.is(people) {
            return format!("fewer than {}", self.k);
        }
        self.keep(of, people);
        number(people)
    }

    /// Which counts of people are hidden, where `total` is printed elsewhere.
    pub(super) fn hidden(&self, people: &[usize], total: usize) -> Vec<bool> {
        let small: Vec<bool> = people.iter().map(|n| self.is(*n)).collect();
        self.hidden_with(people, &small, total)
    }

    /// Which numbers are hidden where some must be, and `total` is printed elsewhere.
    pub(super) fn hidden_with(&self, values: &[usize], small: &[bool], total: usize) -> Vec<bool> {
        let total = total as u64;
        let values: Vec<u64> = values.iter().map(|n| *n as u64).collect();
        let adds_up = values.iter().sum::<u64>() == total;
        let printed = (total >= self.k).then_some(total);
        line(&values, small, printed, adds_up, self.k).0
    }

    /// The cell of a count of people.
    pub(super) fn cell(&self, of: &str, people: usize, hidden: bool) -> String {
        if hidden {
            return STAR.to_owned();
        }
        self.keep(of, people);
        number(people)
    }
}

/// A number that is not of people, but hidden with them.
pub(super) fn starred(n: impl TryInto<u64>, hidden: bool) -> String {
    if hidden { STAR.to_owned() } else { number(n) }
}

/// A line of a table of tallies: what the register calls it, what the reader reads, and the tally.
pub(super) type Line<'t> = (String, String, &'t Tally);

/// Rows of codings, transcripts and participants. Where people are few, their number is hidden and the number of their
/// transcripts, which is nearly the same; `by_people`: in a table by what people are, their codings too.
pub(super) fn rows(
    source: &Source,
    lines: &[Line],
    whole: Whole,
    by_people: bool,
) -> Vec<Vec<String>> {
    let few = &source.few;
    let tallies: Vec<&Tally> = lines.iter().map(|(_, _, tally)| *tally).collect();
    let of = |count: fn(&Tally) -> usize| tallies.iter().map(|t| count(t)).collect::<Vec<usize>>();
    let people = of(|t| t.participants.len().try_into().unwrap_or(usize::MAX));
    let transcripts = of(|t| t.transcripts.len().try_into().unwrap_or(usize::MAX));
    let codings = of(|t| t.codings.try_into().unwrap_or(usize::MAX));
    let no_people = few.hidden(&people, whole.people);
    let no_transcripts = few.hidden_with(&transcripts, &no_people, whole.transcripts);
    let no_codings = if by_people {
        few.hidden_with(&codings, &no_people, whole.codings)
    } else {
        vec![false; lines.len()]
    };
    lines
        .iter()
        .enumerate()
        .map(|(n, (of, name, _))| {
            vec![
                name.clone(),
                starred(codings[n], no_codings[n]),
                starred(transcripts[n], no_transcripts[n]),
                few.cell(of, people[n], no_people[n]),
            ]
        })
        .collect()
}

/// What is printed elsewhere of all lines together.
#[derive(Clone, Copy)]
pub(super) struct Whole {
    pub(super) people: usize,
    pub(super) transcripts: usize,
    pub(super) codings: usize,
}

impl Whole {
    pub(super) fn of(tally: &Tally) -> Self {
        Self {
            people: tally.participants.len().try_into().unwrap_or(usize::MAX),
            transcripts: tally.transcripts.len().try_into().unwrap_or(usize::MAX),
            codings: tally.codings.try_into().unwrap_or(usize::MAX),
        }
    }

    pub(super) fn of_report(source: &Source) -> Self {
        Self {
            people: source.participants(&source.transcripts).len(),
            transcripts: source.transcripts.len(),
            codings: usize::MAX,
        }
    }
}

/// Says what a star means, beneath a table that has one.
pub(super) fn note(draft: &mut Draft, source: &Source, rows: &[Vec<String>]) {
    if rows.iter().flatten().any(|cell| cell == STAR) {
        draft.push(Block::Paragraph(vec![Inline::emphasis(format!(
            "* stands for fewer than {} people, or for a number from which such a one could be worked out.",
            source.few.k
        ))]));
    }
}
