//! Reading a table of figures by its mapping: every row once, checked, and kept without its texts until it is written.

mod amount;
mod fits;
mod row;

use std::collections::{BTreeMap, HashMap, HashSet};

use rust_decimal::Decimal;

use super::cell::Words;
use super::constant::Constants;
use super::found::{Finding, Findings};
use super::layout::Layout;
use super::mapping::{By, Mapping};
use super::which_case::Cases;
use super::{periods, which_case};
use crate::domain::figure::{State, canonical};
use crate::domain::period::Period;
use crate::error::Result;
use crate::import::grid::Grid;
use crate::store::{Indicator, Store};

/// A measure that was read, in numbers: places in the lists of [`Taken`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    pub indicator: u32,
    pub case: u32,
    pub period: u32,
    pub state: State,
    pub value: Value,
    pub numerator: Option<Decimal>,
    pub denominator: Option<Decimal>,
    /// From 1; 0: the reading's.
    pub as_of: u32,
    pub line: u32,
    pub column: u16,
    /// Which part of a figure it is, where parts are added up.
    pub part: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    None,
    Number(Decimal),
    /// Its place in the indicator's bands.
    Band(u16),
}

/// What a table gave.
pub struct Taken {
    pub figures: Vec<Figure>,
    pub indicators: Vec<Indicator>,
    pub cases: Vec<crate::store::Case>,
    pub periods: Vec<Period>,
    pub as_of: Vec<String>,
    pub findings: Vec<Finding>,
    /// What was done that a reader should know.
    pub notes: Vec<String>,
    /// How cases were matched.
    pub by: By,
    /// Rows under the heads that hold something.
    pub rows: u64,
    /// Rows that `where` left out.
    pub left_out: u64,
    /// Values that were not taken, for what was found.
    pub refused: u64,
}

impl Taken {
    /// State to how many.
    pub fn states(&self) -> BTreeMap<&'static str, u64> {
        let mut states = BTreeMap::new();
        for f in &self.figures {
            *states.entry(f.state.word()).or_default() += 1;
        }
        states
    }

    /// A value as it is kept.
    pub fn shown(&self, f: &Figure) -> Option<String> {
        match f.value {
            Value::None => None,
            Value::Number(n) => Some(canonical(n)),
            Value::Band(n) => self.indicators[f.indicator as usize]
                .bands
                .get(usize::from(n))
                .cloned(),
        }
    }
}

/// Texts that were met, and the periods that they are.
#[derive(Default)]
struct Periods {
    all: Vec<Period>,
    of: HashMap<String, Option<u32>>,
    last: (String, Option<u32>),
    lengths: Vec<(&'static str, String, u64)>,
}

impl Periods {
    fn add(&mut self, period: Period) -> u32 {
        let at = self
            .all
            .iter()
            .position(|p| p.same_days(&period))
            .unwrap_or_else(|| {
                self.all.push(period);
                self.all.len() - 1
            });
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    fn read(&mut self, cell: &str, mapping: &Mapping, line: u64) -> Option<u32> {
        if self.last.0 == cell && self.last.1.is_some() {
            return self.last.1;
        }
        let at = match self.of.get(cell) {
            Some(at) => *at,
            None => {
                let at = periods::read(cell, mapping.period.read_as).map(|p| {
                    let length = periods::length(&p);
                    if !self.lengths.iter().any(|(l, ..)| *l == length) {
                        self.lengths.push((length, p.label().to_owned(), line));
                    }
                    self.add(p)
                });
                self.of.insert(cell.to_owned(), at);
                at
            }
        };
        cell.clone_into(&mut self.last.0);
        self.last.1 = at;
        at
    }
}

struct Reader<'a> {
    mapping: &'a Mapping,
    layout: &'a Layout,
    words: Words,
    by: By,
    cases: Cases,
    /// Text and period to case, of texts whose meaning depends on the day.
    dated: HashMap<(u32, u32), Result<u32, ()>>,
    periods: Periods,
    indicators: Vec<Indicator>,
    by_slug: HashMap<String, Option<u32>>,
    known: Vec<Indicator>,
    as_of: Vec<String>,
    parts: HashMap<String, u32>,
    names: HashMap<i64, Vec<String>>,
    named: HashSet<(u32, String)>,
    factor: Option<Decimal>,
    figures: Vec<Figure>,
    findings: Findings,
    constants: Constants,
    rows: u64,
    left_out: u64,
    refused: u64,
    /// Rows at the end of the table whose cells of values are empty: (first, how many).
    tail: Option<(u64, u64)>,
    last_figure: u64,
    /// Of percentages by column of values: how many lie within one of nought, how many do not, whether any is no whole number.
    scales: BTreeMap<usize, (u64, u64, bool)>,
}

/// Reads a table. What stands in the way is in the findings; the figures are those that nothing stands in the way of.
pub fn read(grid: &Grid, mapping: &Mapping, store: &Store, tick: &dyn Fn()) -> Result<Taken> {
    let mut findings = Findings::default();
    let layout = Layout::of(grid, mapping, store, &mut findings)?;
    let by = match mapping.case.by {
        Some(by) => by,
        None => {
            let texts = sample(grid, &layout, layout.case, 400)?;
            which_case::told(store, mapping.case.scheme.as_deref(), &texts)?.0
        }
    };
    let mut reader = Reader {
        words: Words::of(mapping),
        by,
        cases: Cases::new(store, by, mapping.case.scheme.as_deref())?,
        dated: HashMap::new(),
        periods: Periods::default(),
        indicators: Vec::new(),
        by_slug: HashMap::new(),
        known: store.indicators()?,
        as_of: Vec::new(),
        parts: HashMap::new(),
        names: if layout.name.is_some() {
            which_case::names(store)?
        } else {
            HashMap::new()
        },
        named: HashSet::new(),
        factor: mapping
            .factor
            .as_ref()
            .and_then(|f| f.as_str().trim().parse().ok()),
        figures: Vec::new(),
        findings,
        constants: Constants::of(grid, &layout)?,
        rows: 0,
        left_out: 0,
        refused: 0,
        tail: None,
        last_figure: layout.header,
        scales: BTreeMap::new(),
        mapping,
        layout: &layout,
    };
    reader.check_scales();
    grid.rows(|line, row| -> Result<bool> {
        if line > layout.last_row {
            return Ok(false);
        }
        if line > layout.header {
            reader.row(line, row);
            if reader.rows.is_multiple_of(1_000) {
                tick();
            }
        }
        Ok(true)
    })?;
    Ok(reader.done(grid, by))
}

/// Texts of a column under the heads, each once.
pub(super) fn sample(
    grid: &Grid,
    layout: &Layout,
    column: usize,
    most: usize,
) -> Result<Vec<String>> {
    let mut texts: Vec<String> = Vec::new();
    let mut seen = 0;
    grid.rows(|line, row| -> Result<bool> {
        if line > layout.header {
            let text = row.cell(column).trim();
            if !text.is_empty() && !texts.iter().any(|t| t == text) {
                texts.push(text.to_owned());
            }
            seen += 1;
        }
        Ok(seen < most && line <= layout.last_row)
    })?;
    Ok(texts)
}

pub(super) fn count(n: u64, one: &str) -> String {
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{n} {one}s")
    }
}
