//! Counts of people in a report that leaves the house: a small one is not printed, nor what would give it away; and those
//! that are printed are kept for the register, so that a later report can't tell by the difference.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::document::{Block, Inline};
use super::draft::Draft;
use super::gather::Tally;
use super::phrase::{count, number};
use super::source::Source;
use crate::governance::gate::Audience;
use crate::governance::suppress::line;
use crate::store::K_COUNTS;

/// Stands where a number is hidden.
const STAR: &str = "*";

/// The threshold of a report, and what it printed.
#[derive(Default)]
pub(super) struct Few {
    /// Counts of fewer people are not printed. For the team there is none.
    k: u64,
    /// What the report is narrowed to, which makes its counts others than the whole study's: `case System Alder`.
    narrowed: String,
    printed: RefCell<BTreeMap<String, u64>>,
}

impl Few {
    pub(super) fn new(audience: Audience, k_counts: Option<i64>) -> Self {
        let k = u64::try_from(k_counts.unwrap_or(K_COUNTS)).unwrap_or(1);
        Self {
            k: if audience == Audience::Team { 1 } else { k },
            narrowed: String::new(),
            printed: RefCell::default(),
        }
    }

    pub(super) fn narrow(&mut self, to: String) {
        self.narrowed = to;
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
            // The people of a case are the same in its own report and in a row of another's.
            let of = match (of, &*self.narrowed) {
                (of, "") => of.to_owned(),
                ("participants", to) => to.to_owned(),
                (of, to) => format!("{of} {to}"),
            };
            self.printed.borrow_mut().insert(of, people as u64);
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
        let printed = (total as u64 >= self.k).then_some(total);
        self.hidden_beside(values, small, printed).0
    }

    /// Likewise, where the total is printed or not; and whether it must not be.
    pub(super) fn hidden_beside(
        &self,
        values: &[usize],
        small: &[bool],
        total: Option<usize>,
    ) -> (Vec<bool>, bool) {
        let total = total.map(|n| n as u64);
        let values: Vec<u64> = values.iter().map(|n| *n as u64).collect();
        let adds_up = total.is_none_or(|total| values.iter().sum::<u64>() == total);
        line(&values, small, total, adds_up, self.k)
    }

    /// Whether a number of passages, transcripts or the like would tell how few the people behind it are: there are no
    /// more of them.
    pub(super) fn bounds(&self, n: impl TryInto<u64>, people: usize) -> bool {
        self.is(people) && n.try_into().is_ok_and(|n| n < self.k)
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
    // Elsewhere they are hidden where they are so few that there are no more people.
    let few_codings: Vec<bool> = if by_people {
        no_people.clone()
    } else {
        let both = codings.iter().zip(&people);
        both.map(|(n, people)| few.bounds(*n, *people)).collect()
    };
    let no_codings = few.hidden_with(&codings, &few_codings, whole.codings);
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

/// Which numbers of people, and of their transcripts, are hidden of each case at the top, wherever they are printed: in
/// one table as in the next.
pub(super) fn of_cases(source: &Source) -> CaseCounts {
    let tops = 0..source.tops.len();
    let transcripts: Vec<usize> = tops
        .clone()
        .map(|top| source.transcripts_of(top).count())
        .collect();
    let people: Vec<usize> = tops
        .map(|top| source.participants(source.transcripts_of(top)).len())
        .collect();
    let few = &source.few;
    let all = source.participants(&source.transcripts).len();
    let no_people = few.hidden(&people, all);
    let no_transcripts = few.hidden_with(&transcripts, &no_people, source.transcripts.len());
    CaseCounts {
        transcripts,
        people,
        no_transcripts,
        no_people,
    }
}

pub(super) struct CaseCounts {
    pub(super) transcripts: Vec<usize>,
    pub(super) people: Vec<usize>,
    pub(super) no_transcripts: Vec<bool>,
    pub(super) no_people: Vec<bool>,
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

    /// `codings` are those of the whole report.
    pub(super) fn of_report(source: &Source, codings: u64) -> Self {
        Self {
            people: source.participants(&source.transcripts).len(),
            transcripts: source.transcripts.len(),
            codings: codings.try_into().unwrap_or(usize::MAX),
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
