//! A value of a row: what its cells say, as its indicator takes it.

use rust_decimal::Decimal;

use super::{Figure, Reader, Value};
use crate::domain::figure::{Scale, State, canonical};
use crate::domain::span::printable;
use crate::import::grid::Row;
use crate::indicator::cell::Said;
use crate::indicator::layout::{ValueAt, is_deficit_positive};
use crate::indicator::mapping::WrittenAs;
use crate::indicator::value;

impl Reader<'_> {
    pub(super) fn value(&mut self, line: u64, row: Row, at: &ValueAt, text: u32) {
        let taken = self.taken(line, row, at, text);
        if taken.is_none() {
            self.refused += 1;
        }
    }

    /// One value of a row. None: something stands in its way, which is among the findings by now.
    pub(super) fn taken(&mut self, line: u64, row: Row, at: &ValueAt, text: u32) -> Option<()> {
        let layout = self.layout;
        let period = self.period_of(line, row, at)?;
        let case = self.case_of(line, text, row.cell(layout.case).trim(), period)?;
        let indicator = self.indicator_of(line, row, at)?;
        self.about_case(line, row, case)?;
        self.level(line, indicator, case)?;
        self.same_basis(line, row, indicator)?;
        let column = at.column.or(layout.numerator).unwrap_or(layout.case);
        let mut figure = Figure {
            indicator,
            case,
            period,
            state: State::Final,
            value: Value::None,
            numerator: None,
            denominator: None,
            as_of: self.as_of(line, row)?,
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u16::try_from(column).unwrap_or(u16::MAX),
            part: self.part(row),
        };
        let mut provisional = layout
            .provisional
            .is_some_and(|n| self.words.marks_provisional(row.cell(n)));
        let mut unknown: Option<State> = None;
        for (n, slot) in [(layout.numerator, 0), (layout.denominator, 1)] {
            let Some(n) = n else { continue };
            match self.words.read(row.cell(n)) {
                Said::Suppressed => unknown = Some(State::Suppressed),
                Said::Missing => unknown = unknown.or(Some(State::Missing)),
                Said::Value(words, p) => {
                    provisional |= p;
                    let number = self.number(line, n, words)?;
                    if slot == 0 {
                        figure.numerator = Some(number.value);
                    } else {
                        figure.denominator = Some(number.value);
                    }
                }
            }
        }
        if layout.short
            && let (Some(short), Some(of)) = (figure.numerator, figure.denominator)
        {
            figure.numerator = Some(self.in_reach(line, column, of.checked_sub(short))?);
        }
        if let Some(n) = at.column {
            match self.words.read(row.cell(n)) {
                Said::Suppressed => unknown = Some(State::Suppressed),
                Said::Missing if figure.numerator.is_some() => {}
                Said::Missing => unknown = unknown.or(Some(State::Missing)),
                Said::Value(words, p) => {
                    provisional |= p;
                    figure.value = self.own_value(line, row, n, words, indicator, at.deficit)?;
                    unknown = None;
                }
            }
        }
        if let Some(state) = unknown {
            figure.state = state;
            figure.value = Value::None;
            figure.numerator = None;
            figure.denominator = None;
        } else if provisional {
            figure.state = State::Provisional;
        }
        self.figures.push(figure);
        Some(())
    }

    pub(super) fn number(
        &mut self,
        line: u64,
        column: usize,
        words: &str,
    ) -> Option<crate::indicator::cell::Number> {
        let found = self.words.number(words);
        if found.is_none() {
            self.findings
                .row(format!("number {column}"), line, column, || {
                    (
                        format!("`{}` is no number", printable(words)),
                        "numbers have a point and commas at thousands; a word for what is not known is declared with --missing WORD or --suppressed WORD, a mark of provisional figures with --provisional WORD".into(),
                    )
                });
        }
        found
    }

    /// The value of a cell, as its indicator takes it.
    pub(super) fn own_value(
        &mut self,
        line: u64,
        row: Row,
        column: usize,
        words: &str,
        indicator: u32,
        head_says_deficit: bool,
    ) -> Option<Value> {
        let of = &self.indicators[indicator as usize];
        if of.scale == Scale::Bands {
            return match value::band(of, words) {
                Ok(band) => {
                    let n = of.bands.iter().position(|b| b == band).unwrap_or_default();
                    Some(Value::Band(u16::try_from(n).unwrap_or(u16::MAX)))
                }
                Err(e) => {
                    let hint = crate::error::Problem::hint(&e).unwrap_or_default();
                    self.findings
                        .row(format!("band {words}"), line, column, || {
                            (e.to_string(), hint)
                        });
                    None
                }
            };
        }
        let scale = of.scale;
        let number = self.number(line, column, words)?;
        let mut n = number.value;
        let deficit_positive = is_deficit_positive(self.mapping);
        let cell_says = number.deficit.or_else(|| self.sign_beside(row));
        if n > Decimal::ZERO && self.mapping.sign.is_none() && cell_says == Some(true) {
            self.findings.row(format!("sign {column}"), line, column, || {
                (
                    format!("it is called a deficit, and {} has the sign of a surplus", canonical(number.value)),
                    "say --sign deficit-positive where such a number is a deficit (it is kept with a minus), or --sign as-written".into(),
                )
            });
            return None;
        }
        if deficit_positive {
            if number.deficit == Some(true) && n < Decimal::ZERO {
                self.findings.row(format!("deficit {column}"), line, column, || {
                    (
                        "it is called a deficit and has a minus, and deficits are said to be written without one".into(),
                        "say --sign as-written where a minus is a deficit".into(),
                    )
                });
                return None;
            }
            if number.parentheses {
                self.findings.row(format!("parentheses {column}"), line, column, || {
                    (
                        "parentheses are a minus, and deficits are said to be written without one".into(),
                        "say --sign as-written where parentheses are deficits".into(),
                    )
                });
                return None;
            }
            // A word beside the number says more than the column as a whole.
            if head_says_deficit && cell_says != Some(false)
                || cell_says == Some(true)
                || cell_says.is_none()
            {
                n = -n;
            }
        }
        if scale == Scale::Percentage {
            n = self.percentage(line, column, n, number.percent)?;
        } else if number.percent {
            let slug = self.indicators[indicator as usize].slug.clone();
            self.findings
                .row(format!("per cent {column}"), line, column, || {
                    (
                        format!("a number of per cent, and `{slug}` is no percentage"),
                        "name another column, or the indicator that it is of".into(),
                    )
                });
            return None;
        }
        if let Some(factor) = self.factor {
            n = self.in_reach(line, column, n.checked_mul(factor))?;
        }
        Some(Value::Number(n))
    }

    /// A number that was reckoned, unless it has more digits than are kept.
    pub(super) fn in_reach(
        &mut self,
        line: u64,
        column: usize,
        n: Option<Decimal>,
    ) -> Option<Decimal> {
        if n.is_none() {
            self.findings
                .row(format!("reach {column}"), line, column, || {
                    (
                        "the number is too large: more than 28 digits".into(),
                        "look whether the column holds figures, and at --factor".into(),
                    )
                });
        }
        n
    }

    /// What a column of signs says of the row: whether it is a deficit.
    pub(super) fn sign_beside(&self, row: Row) -> Option<bool> {
        self.layout.signs.iter().find_map(|n| {
            let cell = row.cell(*n).trim();
            if cell.eq_ignore_ascii_case("deficit") {
                Some(true)
            } else if cell.eq_ignore_ascii_case("surplus") {
                Some(false)
            } else {
                None
            }
        })
    }

    pub(super) fn percentage(
        &mut self,
        line: u64,
        column: usize,
        n: Decimal,
        sign: bool,
    ) -> Option<Decimal> {
        let fraction = self.mapping.written_as == Some(WrittenAs::Fraction) && !sign;
        if fraction {
            if n.abs() > Decimal::ONE {
                self.findings
                    .row(format!("fraction {column}"), line, column, || {
                        (
                            format!("{} is no fraction of one", canonical(n)),
                            "say --as percent where 88.3 means 88.3 %".into(),
                        )
                    });
                return None;
            }
            return n.checked_mul(Decimal::ONE_HUNDRED);
        }
        let (within, beyond, broken) = self.scales.entry(column).or_default();
        if !sign && !n.is_zero() {
            if n.abs() <= Decimal::ONE {
                *within += 1;
                *broken |= !n.fract().is_zero();
            } else {
                *beyond += 1;
            }
        } else if sign {
            *beyond += 1;
        }
        Some(n)
    }
}
