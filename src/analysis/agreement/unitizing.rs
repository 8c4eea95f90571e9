//! Krippendorff's alpha for unitizing: coders choose their own spans.
//!
//! Krippendorff, Content Analysis (4th ed. 2019), section 12.6, equations 32-38; Krippendorff, Mathet, Bouvry &
//! Widlöcher, On the reliability of unitizing textual continua, Quality & Quantity 50 (2016) 2347-2364.
//!
//! Each coder parts the text into units, which have a code, and gaps, which have none. Coincidences are lengths: how
//! much text one coder gave the code c and another k. All that the coefficients need are sums over texts, so several
//! texts are one continuum, and texts can be drawn again.

use super::ratings::{size, to_f64};
use super::{Reason, Value};

/// A span that a coder chose, with its code; the end exclusive. A coder's units don't overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    pub start: u32,
    pub end: u32,
    /// From 0.
    pub code: usize,
}

/// The sums over texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Unitizing {
    codes: usize,
    /// Coincidences between labels (0 is a gap, code c is c + 1), row by row; then what each label pairs with itself
    /// within a unit; then the same on shared text.
    sums: Vec<f64>,
}

impl Unitizing {
    pub fn new(codes: usize) -> Self {
        Self {
            codes,
            sums: vec![0.0; Self::length(codes)],
        }
    }

    /// How many sums there are.
    const fn length(codes: usize) -> usize {
        (codes + 1) * (codes + 3)
    }

    /// The sums, for adding those of other texts.
    pub fn sums(&self) -> &[f64] {
        &self.sums
    }

    pub fn sums_mut(&mut self) -> &mut [f64] {
        &mut self.sums
    }

    fn labels(&self) -> usize {
        self.codes + 1
    }

    fn coincidence(&self, a: usize, b: usize) -> f64 {
        self.sums[a * self.labels() + b]
    }

    fn own(&self, label: usize) -> f64 {
        self.sums[self.labels() * self.labels() + label]
    }

    fn own_shared(&self, label: usize) -> f64 {
        self.sums[self.labels() * (self.labels() + 1) + label]
    }

    /// Adds a text of this length with the units of each of its coders, in the order of the text.
    ///
    /// Coders may differ from text to text: each text pairs those it has. (The sources have the same ones throughout;
    /// with them this is theirs.)
    pub fn add(&mut self, coders: &[&[Unit]], length: u32) {
        if coders.len() < 2 {
            return;
        }
        let labels = self.labels();
        let (own, own_shared) = (labels * labels, labels * (labels + 1));
        let others = size(coders.len() - 1);
        // How much of each coder's unit another coder coded too.
        let mut shared = vec![0_u64; coders.len()];
        let mut next = vec![0; coders.len()];
        walk(coders, length, |from, to, now| {
            let long = f64::from(to - from);
            for (n, a) in now.iter().enumerate() {
                for b in &now[n + 1..] {
                    self.sums[a * labels + b] += long / others;
                    self.sums[b * labels + a] += long / others;
                }
            }
            let coding = now.iter().filter(|label| **label > 0).count();
            for (n, label) in now.iter().enumerate() {
                if *label == 0 {
                    self.sums[own] += long;
                    continue;
                }
                if coding > 1 {
                    shared[n] += u64::from(to - from);
                }
                if let Some(unit) = coders[n].get(next[n])
                    && unit.end <= to
                {
                    let whole = f64::from(unit.end - unit.start);
                    self.sums[own + label] += whole * whole;
                    self.sums[own_shared + label] += to_f64(shared[n]) * to_f64(shared[n]);
                    shared[n] = 0;
                    next[n] += 1;
                }
            }
        });
    }

    fn row(&self, label: usize) -> f64 {
        (0..self.labels()).map(|b| self.coincidence(label, b)).sum()
    }

    fn total(&self) -> f64 {
        (0..self.labels()).map(|a| self.row(a)).sum()
    }

    /// Where and what: `uα = 1 - Σ(c≠k) observed / Σ(c≠k) expected`, over units and gaps. A unit isn't paired with itself
    /// for what is expected; a gap only character by character.
    pub fn u(&self) -> Value {
        let rows: Vec<f64> = (0..self.labels()).map(|a| self.row(a)).collect();
        let mut observed = 0.0;
        let mut expected = 0.0;
        for a in 0..self.labels() {
            for b in 0..self.labels() {
                if a != b {
                    observed += self.coincidence(a, b);
                    expected += rows[a] * rows[b];
                }
            }
        }
        self.set_against(observed, expected, &rows)
    }

    /// Where alone (printed |u): coded or not, whatever the code.
    pub fn bar_u(&self) -> Value {
        let rows: Vec<f64> = (0..self.labels()).map(|a| self.row(a)).collect();
        let coded: f64 = rows[1..].iter().sum();
        let observed: f64 = 2.0
            * (1..self.labels())
                .map(|b| self.coincidence(0, b))
                .sum::<f64>();
        self.set_against(observed, 2.0 * rows[0] * coded, &rows)
    }

    fn set_against(&self, observed: f64, products: f64, rows: &[f64]) -> Value {
        let total = self.total();
        if total <= 0.0 {
            return Value::Undefined(Reason::NoUnits);
        }
        if products <= 0.0 {
            return Value::Undefined(if rows[0] > 0.0 {
                Reason::NothingCoded
            } else {
                Reason::AllCoded
            });
        }
        let own: f64 = (0..self.labels()).map(|label| self.own(label)).sum();
        let pairs = total - own / total;
        if pairs <= 0.0 {
            return Value::Undefined(Reason::AllCoded);
        }
        Value::of(1.0 - observed * pairs / products, Reason::AllCoded)
    }

    /// What alone, on the text that at least two coders coded: `cuα`.
    ///
    /// A unit isn't paired with itself there either; with more than two coders its part that any other coder coded is
    /// what can't be.
    pub fn cu(&self) -> Value {
        let shared = match self.shared() {
            Ok(shared) => shared,
            Err(reason) => return Value::Undefined(reason),
        };
        let (mut observed, mut products) = (0.0, 0.0);
        for a in 0..self.codes {
            for b in 0..self.codes {
                if a != b {
                    observed += self.coincidence(a + 1, b + 1);
                    products += shared.rows[a] * shared.rows[b];
                }
            }
        }
        if products <= 0.0 || shared.pairs <= 0.0 {
            return Value::Undefined(Reason::OneCode);
        }
        Value::of(1.0 - observed * shared.pairs / products, Reason::OneCode)
    }

    /// One code of it: `(k)uα = 1 - (ε.k / ℓ.k) (ℓ.k - ℓkk) / (ε.k - εkk)`.
    pub fn ku(&self, code: usize) -> Value {
        let shared = match self.shared() {
            Ok(shared) => shared,
            Err(reason) => return Value::Undefined(reason),
        };
        let used = shared.rows.iter().filter(|row| **row > 0.0).count();
        let row = shared.rows[code];
        if row <= 0.0 {
            return Value::Undefined(Reason::NoSharedText);
        }
        if used < 2 || shared.pairs <= 0.0 {
            return Value::Undefined(Reason::OneCode);
        }
        let expected = |other: usize| {
            let own = if other == code {
                self.own_shared(code + 1)
            } else {
                0.0
            };
            (shared.rows[other] * row - own) / shared.pairs
        };
        let all: f64 = (0..self.codes).map(expected).sum();
        let elsewhere = all - expected(code);
        if elsewhere <= 0.0 {
            return Value::Undefined(Reason::OneCode);
        }
        let apart = row - self.coincidence(code + 1, code + 1);
        Value::of(1.0 - all / row * apart / elsewhere, Reason::OneCode)
    }

    /// The share of the text, counted once per coder, that two coders coded.
    pub fn coverage(&self) -> Option<f64> {
        let shared: f64 = (0..self.codes).map(|code| self.row_shared(code)).sum();
        let total = self.total();
        (total > 0.0).then(|| shared / total)
    }

    /// The share of a code's text that another coder coded too, with whatever code.
    pub fn coverage_of(&self, code: usize) -> Option<f64> {
        let row = self.row(code + 1);
        (row > 0.0).then(|| self.row_shared(code) / row)
    }

    fn row_shared(&self, code: usize) -> f64 {
        (0..self.codes)
            .map(|b| self.coincidence(code + 1, b + 1))
            .sum()
    }

    fn shared(&self) -> Result<Shared, Reason> {
        let rows: Vec<f64> = (0..self.codes).map(|code| self.row_shared(code)).collect();
        let total: f64 = rows.iter().sum();
        if total <= 0.0 {
            return Err(Reason::NoSharedText);
        }
        let own: f64 = (0..self.codes).map(|code| self.own_shared(code + 1)).sum();
        Ok(Shared {
            rows,
            pairs: total - own / total,
        })
    }
}

/// Runs `each` over the parts of a text on which no coder's label changes: start, end, and each coder's label (0 is a
/// gap, code c is c + 1).
pub fn walk(coders: &[&[Unit]], length: u32, mut each: impl FnMut(u32, u32, &[usize])) {
    let mut next = vec![0; coders.len()];
    let mut now = vec![0; coders.len()];
    let mut at = 0;
    while at < length {
        let mut to = length;
        for ((units, next), now) in coders.iter().zip(&mut next).zip(&mut now) {
            while units.get(*next).is_some_and(|unit| unit.end <= at) {
                *next += 1;
            }
            *now = 0;
            if let Some(unit) = units.get(*next) {
                if unit.start <= at {
                    *now = unit.code + 1;
                    to = to.min(unit.end);
                } else {
                    to = to.min(unit.start);
                }
            }
        }
        each(at, to, &now);
        at = to;
    }
}

/// What two coders coded.
struct Shared {
    rows: Vec<f64>,
    /// What is left to pair when no unit is paired with itself.
    pairs: f64,
}
