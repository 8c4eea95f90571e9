//! The older coefficient for spans, in which passages with different codes may overlap.
//!
//! Krippendorff, On the reliability of unitizing continuous data, Sociological Methodology 25 (1995) 47-76; Content
//! Analysis (2nd ed. 2004), ch. 11. It squares how far ends are apart, so long misses weigh heavily. Its author has
//! since put the family of [`super::unitizing`] in its place; it is here for what was published with it.

use super::ratings::{size, to_f64};
use super::unitizing::Unit;
use super::{Reason, Value};

/// What is observed and what is expected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disagreement {
    pub observed: f64,
    pub expected: f64,
}

impl Disagreement {
    /// `1 - Do / De`; over several codes, of the sums of both.
    pub fn alpha(of: &[Self]) -> Value {
        let expected: f64 = of.iter().map(|d| d.expected).sum();
        if expected <= 0.0 {
            return Value::Undefined(Reason::NothingCoded);
        }
        let observed: f64 = of.iter().map(|d| d.observed).sum();
        Value::of(1.0 - observed / expected, Reason::NothingCoded)
    }
}

/// A unit or a gap.
#[derive(Clone, Copy)]
struct Section {
    start: u64,
    long: u64,
    unit: bool,
}

/// One code: the units of each coder, in order and without overlap, on a line from 0 to `length`.
pub fn disagreement(coders: &[Vec<Unit>], length: u32) -> Disagreement {
    let m = size(coders.len());
    let line = f64::from(length);
    let sections: Vec<Vec<Section>> = coders.iter().map(|units| cut(units, length)).collect();
    let mut observed = 0.0;
    for (n, first) in sections.iter().enumerate() {
        for second in &sections[n + 1..] {
            for a in first {
                for b in second {
                    observed += 2.0 * apart(*a, *b);
                }
            }
        }
    }
    let all: Vec<Section> = sections.into_iter().flatten().collect();
    let units = all.iter().filter(|s| s.unit);
    let count = size(units.clone().count());
    let (mut top, mut alike) = (0.0, 0.0);
    for unit in units {
        let long = to_f64(unit.long);
        let fits: f64 = all
            .iter()
            .filter(|s| !s.unit && s.long >= unit.long)
            .map(|s| to_f64(s.long - unit.long + 1))
            .sum();
        top += (count - 1.0) / 3.0 * (2.0 * long.powi(3) - 3.0 * long.powi(2) + long)
            + long.powi(2) * fits;
        alike += long * (long - 1.0);
    }
    let bottom = m * line * (m * line - 1.0) - alike;
    Disagreement {
        observed: observed / (m * (m - 1.0) * line * line),
        expected: 2.0 / line * top / bottom,
    }
}

fn cut(units: &[Unit], length: u32) -> Vec<Section> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut put = |from: u32, to: u32, unit: bool| {
        if from < to {
            found.push(Section {
                start: u64::from(from),
                long: u64::from(to - from),
                unit,
            });
        }
    };
    for unit in units {
        put(at, unit.start, false);
        put(unit.start, unit.end, true);
        at = unit.end;
    }
    put(at, length, false);
    found
}

/// How far two coders' sections are apart, squared: of two units that overlap, the distances of their ends; of a unit
/// that lies wholly in the other's gap, its length.
fn apart(a: Section, b: Section) -> f64 {
    let (a_end, b_end) = (a.start + a.long, b.start + b.long);
    let square = |n: u64| to_f64(n) * to_f64(n);
    match (a.unit, b.unit) {
        (true, true) if a.start < b_end && b.start < a_end => {
            square(a.start.abs_diff(b.start)) + square(a_end.abs_diff(b_end))
        }
        (true, false) if b.start <= a.start && a_end <= b_end => square(a.long),
        (false, true) if a.start <= b.start && b_end <= a_end => square(b.long),
        _ => 0.0,
    }
}
