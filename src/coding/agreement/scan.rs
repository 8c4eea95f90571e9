//! One pass over the codings, transcript by transcript: who coded which theme for how long, and who did not.

use std::collections::BTreeMap;

use super::Unit;
use super::line::Line;
use crate::analysis::agreement::sweep::{Stretch, patterns};
use crate::analysis::agreement::unitizing::{self, Unitizing};
use crate::error::{Failure, Result};
use crate::search::TurnSet;
use crate::store::{Mark, Transcript};
use crate::study::Study;

/// What is drawn again for intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blocks {
    None,
    Transcripts,
    Turns,
}

/// What the pass is to look for.
pub(super) struct Plan<'a> {
    pub(super) unit: Unit,
    /// Each theme's column, by the theme's id, ascending.
    pub(super) columns: Vec<(i64, usize)>,
    pub(super) column_count: usize,
    /// Each coder's bit, by the coder's id, ascending.
    pub(super) coders: Vec<(i64, u32)>,
    /// Sets of coders that are compared, the main one first.
    pub(super) teams: Vec<u64>,
    /// Only transcripts that all coders coded.
    pub(super) complete: bool,
    pub(super) exclusive: bool,
    pub(super) blocks: Blocks,
    /// How many disagreements are kept.
    pub(super) limit: usize,
    /// Transcripts that may count, by id, ascending.
    pub(super) transcripts: &'a [&'a Transcript],
    /// Whether those are not all.
    pub(super) narrowed: bool,
    /// Turns that count; none: all.
    pub(super) turns: Option<&'a TurnSet>,
}

/// Transcripts that the same coders coded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub(super) present: u64,
    /// Places on their lines.
    pub(super) length: u64,
}

/// A stretch on which coders disagree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Apart {
    pub(super) transcript: i64,
    /// Numbers of the first and last turn, from 1.
    pub(super) turns: (i64, i64),
    pub(super) column: usize,
    pub(super) coded: u64,
    pub(super) present: u64,
    pub(super) places: u32,
}

/// A pattern of a block, for drawing again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) block: u32,
    pub(super) column: usize,
    pub(super) group: usize,
    pub(super) coded: u64,
    pub(super) places: u32,
}

/// What the pass found.
#[derive(Default)]
pub(super) struct Scan {
    pub(super) groups: Vec<Group>,
    /// By column, then by group: who coded, and on how many places.
    pub(super) patterns: Vec<Vec<Vec<(u64, u64)>>>,
    /// Ids of the transcripts that count.
    pub(super) transcripts: Vec<i64>,
    /// Blocks: group and length of each.
    pub(super) blocks: Vec<(usize, u32)>,
    pub(super) parts: Vec<Part>,
    /// By column, then by team: of spans only.
    pub(super) spans: Vec<Vec<Unitizing>>,
    /// Of spans only: the sums that each block adds for the main team, by column.
    pub(super) span_parts: Vec<(u32, usize, Unitizing)>,
    /// Where themes exclude each other: the main team's values (0: none of the themes) by group, and how long.
    pub(super) values: BTreeMap<(usize, Vec<u32>), u64>,
    /// Where themes exclude each other and spans are asked for: by team.
    pub(super) whole: Vec<Unitizing>,
    pub(super) whole_parts: Vec<(u32, Unitizing)>,
    /// Coders who gave one place two themes.
    pub(super) overlapping: u64,
    pub(super) apart: Vec<Apart>,
    pub(super) apart_total: u64,
}

impl Scan {
    pub(super) fn run(study: &Study, plan: &Plan) -> Result<Self> {
        let columns = plan.column_count;
        let mut pass = Pass {
            study,
            plan,
            line: Line::default(),
            stretches: vec![Vec::new(); columns],
            touched: Vec::new(),
            open: Vec::new(),
            marks: Vec::new(),
            found: Self {
                patterns: vec![Vec::new(); columns],
                ..Self::default()
            },
        };
        if plan.unit == Unit::Span {
            pass.found.spans = vec![vec![Unitizing::new(1); plan.teams.len()]; columns];
            pass.found.whole = vec![Unitizing::new(columns); plan.teams.len()];
        }
        if plan.narrowed {
            for transcript in plan.transcripts {
                study
                    .store
                    .each_mark::<Failure>(Some(transcript.id), |mark| {
                        pass.marks.push(mark);
                        Ok(())
                    })?;
                pass.transcript()?;
            }
        } else {
            study.store.each_mark::<Failure>(None, |mark| {
                if pass
                    .marks
                    .last()
                    .is_some_and(|m| m.transcript != mark.transcript)
                {
                    pass.transcript()?;
                }
                pass.marks.push(mark);
                Ok(())
            })?;
            pass.transcript()?;
        }
        Ok(pass.found)
    }
}

/// The pass under way, with room that is used again.
struct Pass<'p, 'a> {
    study: &'p Study,
    plan: &'p Plan<'a>,
    line: Line,
    /// By column.
    stretches: Vec<Vec<Stretch>>,
    touched: Vec<usize>,
    open: Vec<(u32, u64)>,
    marks: Vec<Mark>,
    found: Scan,
}

impl Pass<'_, '_> {
    /// Takes in the marks of one transcript, which are all there.
    fn transcript(&mut self) -> Result<()> {
        let marks = std::mem::take(&mut self.marks);
        let took = self.take_in(&marks);
        self.marks = marks;
        self.marks.clear();
        took
    }

    fn take_in(&mut self, marks: &[Mark]) -> Result<()> {
        let plan = self.plan;
        let bit_of = |coder: i64| {
            let at = plan.coders.binary_search_by_key(&coder, |c| c.0).ok()?;
            Some(1_u64 << plan.coders[at].1)
        };
        let Some(any) = marks.first() else {
            return Ok(());
        };
        let mut present = 0;
        let mut last = (any.coder, bit_of(any.coder));
        for mark in marks {
            if mark.coder != last.0 {
                last = (mark.coder, bit_of(mark.coder));
            }
            present |= last.1.unwrap_or(0);
        }
        if present.count_ones() < 2 || (plan.complete && present != plan.teams[0]) {
            return Ok(());
        }
        let Ok(at) = plan
            .transcripts
            .binary_search_by_key(&any.transcript, |t| t.id)
        else {
            return Ok(());
        };
        let transcript = plan.transcripts[at];
        self.line
            .lay(&self.study.store, transcript, plan.turns, plan.unit)?;
        let length = self.line.length();
        if length == 0 {
            return Ok(());
        }
        for mark in marks {
            if let Ok(at) = plan.columns.binary_search_by_key(&mark.theme, |c| c.0)
                && let Some(coder) = bit_of(mark.coder)
                && let Some((start, end)) = self.line.stretch(mark)
            {
                let column = plan.columns[at].1;
                if self.stretches[column].is_empty() {
                    self.touched.push(column);
                }
                self.stretches[column].push(Stretch { start, end, coder });
            }
        }
        self.touched.sort_unstable();
        let group = self.group(present);
        self.found.groups[group].length += u64::from(length);
        self.found.transcripts.push(any.transcript);
        let base = u32::try_from(self.found.blocks.len()).unwrap_or(u32::MAX);
        match plan.blocks {
            Blocks::None => {}
            Blocks::Transcripts => self.found.blocks.push((group, length)),
            Blocks::Turns => {
                let mut turns = vec![(group, 0); self.line.turns()];
                self.line
                    .each_turn(0, length, |turn, places| turns[turn].1 += places);
                self.found.blocks.extend(turns);
            }
        }
        for n in 0..self.touched.len() {
            self.column(self.touched[n], group, present, any.transcript, base);
        }
        if plan.unit == Unit::Span || plan.exclusive {
            self.spans(group, present, length, base);
        }
        for column in self.touched.drain(..) {
            self.stretches[column].clear();
        }
        Ok(())
    }

    /// The group of transcripts that these coders coded.
    fn group(&mut self, present: u64) -> usize {
        if let Some(known) = self.found.groups.iter().position(|g| g.present == present) {
            return known;
        }
        self.found.groups.push(Group { present, length: 0 });
        for column in &mut self.found.patterns {
            column.push(Vec::new());
        }
        self.found.groups.len() - 1
    }

    /// One theme of one transcript.
    fn column(&mut self, column: usize, group: usize, present: u64, transcript: i64, base: u32) {
        let (line, found, plan) = (&self.line, &mut self.found, self.plan);
        let here = &mut found.patterns[column][group];
        patterns(
            &mut self.stretches[column],
            &mut self.open,
            |from, to, coded| {
                let places = to - from;
                match here.iter_mut().find(|(known, _)| *known == coded) {
                    Some((_, sum)) => *sum += u64::from(places),
                    None => here.push((coded, u64::from(places))),
                }
                let part = |block: u32, places: u32| Part {
                    block,
                    column,
                    group,
                    coded,
                    places,
                };
                match plan.blocks {
                    Blocks::None => {}
                    Blocks::Transcripts => found.parts.push(part(base, places)),
                    Blocks::Turns => line.each_turn(from, to, |turn, places| {
                        found
                            .parts
                            .push(part(base + u32::try_from(turn).unwrap_or(u32::MAX), places));
                    }),
                }
                if coded != present {
                    found.apart_total += 1;
                    if found.apart.len() < plan.limit {
                        let number = |place| i64::try_from(line.turn_at(place)).unwrap_or(0) + 1;
                        found.apart.push(Apart {
                            transcript,
                            turns: (number(from), number(to - 1)),
                            column,
                            coded,
                            present,
                            places,
                        });
                    }
                }
            },
        );
    }

    /// The same transcript as spans: each theme by itself, and all together where they exclude each other.
    fn spans(&mut self, group: usize, present: u64, length: u32, base: u32) {
        let plan = self.plan;
        let mut whole: BTreeMap<u64, Vec<unitizing::Unit>> = BTreeMap::new();
        for column in 0..plan.column_count {
            let units = units(&self.stretches[column], present);
            if plan.unit == Unit::Span {
                for (team, sums) in plan.teams.iter().zip(&mut self.found.spans[column]) {
                    add(sums, &units, *team, length);
                }
                if plan.blocks == Blocks::Transcripts {
                    let mut sums = Unitizing::new(1);
                    add(&mut sums, &units, plan.teams[0], length);
                    self.found.span_parts.push((base, column, sums));
                }
            }
            if plan.exclusive {
                for (coder, mut units) in units {
                    for unit in &mut units {
                        unit.code = column;
                    }
                    whole.entry(coder).or_default().append(&mut units);
                }
            }
        }
        if !plan.exclusive {
            return;
        }
        for (coder, units) in &mut whole {
            units.sort_unstable_by_key(|u| (u.start, u.end));
            if units.windows(2).any(|pair| pair[1].start < pair[0].end) {
                self.found.overlapping |= coder;
            }
        }
        if self.found.overlapping & present != 0 {
            return;
        }
        let whole: Vec<(u64, Vec<unitizing::Unit>)> = whole.into_iter().collect();
        if plan.unit == Unit::Span {
            for (team, sums) in plan.teams.iter().zip(&mut self.found.whole) {
                add(sums, &whole, *team, length);
            }
            if plan.blocks == Blocks::Transcripts {
                let mut sums = Unitizing::new(plan.column_count);
                add(&mut sums, &whole, plan.teams[0], length);
                self.found.whole_parts.push((base, sums));
            }
        } else {
            let units: Vec<&[unitizing::Unit]> = whole.iter().map(|w| w.1.as_slice()).collect();
            unitizing::walk(&units, length, |from, to, now| {
                let row = now
                    .iter()
                    .map(|label| u32::try_from(*label).unwrap_or(u32::MAX));
                *self.found.values.entry((group, row.collect())).or_default() +=
                    u64::from(to - from);
            });
        }
    }
}

fn add(sums: &mut Unitizing, units: &[(u64, Vec<unitizing::Unit>)], team: u64, length: u32) {
    let ours: Vec<&[unitizing::Unit]> = units
        .iter()
        .filter(|(coder, _)| coder & team != 0)
        .map(|(_, units)| units.as_slice())
        .collect();
    sums.add(&ours, length);
}

/// Each coder's passages with a theme as units; what overlaps is one. Every coder who is present has a list, in the
/// order of their bits.
fn units(stretches: &[Stretch], present: u64) -> Vec<(u64, Vec<unitizing::Unit>)> {
    let mut found: Vec<(u64, Vec<unitizing::Unit>)> = (0..64)
        .map(|bit| 1 << bit)
        .filter(|coder| present & coder != 0)
        .map(|coder| (coder, Vec::new()))
        .collect();
    let mut sorted: Vec<&Stretch> = stretches.iter().collect();
    sorted.sort_unstable();
    for stretch in sorted {
        let Some((_, units)) = found.iter_mut().find(|(coder, _)| *coder == stretch.coder) else {
            continue;
        };
        match units.last_mut() {
            Some(last) if stretch.start < last.end => last.end = last.end.max(stretch.end),
            _ => units.push(unitizing::Unit {
                start: stretch.start,
                end: stretch.end,
                code: 0,
            }),
        }
    }
    found
}
