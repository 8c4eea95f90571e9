//! What a mapping does not say, guessed from the heads and the first rows. A guess is shown, and somebody must say yes.

use super::layout;
use super::mapping::{Mapping, Text};
use super::{Error, periods, which_case};
use crate::error::Result;
use crate::import::grid::Grid;
use crate::store::Store;

/// Rows that are looked at.
const ROWS: usize = 300;

/// Fills in what the mapping leaves open. Gives what was guessed, in words; empty: nothing was.
pub fn fill(grid: &Grid, mapping: &mut Mapping, store: &Store) -> Result<Vec<String>> {
    let mut guessed = Vec::new();
    let open = mapping.case.column.is_empty()
        || is_open_period(mapping)
        || is_open_indicator(mapping)
        || is_open_value(mapping);
    if !open {
        return Ok(guessed);
    }
    let columns = Columns::read(grid, mapping)?;
    if mapping.case.column.is_empty()
        && let Some((n, by)) = columns.case(store, mapping)?
    {
        mapping.case.column.clone_from(&columns.heads[n]);
        mapping.case.by = Some(by);
        guessed.push(format!("`{}` names the cases, by {by}", columns.heads[n]));
    }
    let case = columns.place(&mapping.case.column);
    if is_open_period(mapping) {
        let wide = columns.of_periods();
        if let Some(n) = columns.period(case) {
            mapping.period.column = Some(columns.heads[n].clone());
            guessed.push(format!("`{}` holds the periods", columns.heads[n]));
        } else if wide.len() > 1 && is_open_value(mapping) {
            mapping.period.columns = wide
                .iter()
                .map(|n| Text(columns.heads[*n].clone()))
                .collect();
            guessed.push(format!(
                "{} columns hold values of one period each",
                wide.len()
            ));
        }
    }
    if is_open_indicator(mapping) && mapping.period.columns.is_empty() && is_open_value(mapping) {
        for (n, head) in columns.heads.iter().enumerate() {
            let found = store
                .indicators()?
                .into_iter()
                .find(|i| i.slug.eq_ignore_ascii_case(head) || super::define::same(&i.name, head));
            if let (Some(i), false) = (found, Some(n) == case) {
                mapping.indicator.columns.insert(Text(head.clone()), i.slug);
            }
        }
        if !mapping.indicator.columns.is_empty() {
            guessed.push(format!(
                "{} hold values of one indicator each",
                super::read::count(mapping.indicator.columns.len() as u64, "column")
            ));
        }
    }
    if is_open_indicator(mapping)
        && let Some(n) = columns.indicator(store)?
    {
        mapping.indicator.column = Some(columns.heads[n].clone());
        guessed.push(format!("`{}` names the indicators", columns.heads[n]));
    }
    if is_open_value(mapping)
        && let Some(n) = columns.value(mapping)
    {
        mapping.value = Some(columns.heads[n].clone());
        guessed.push(format!("`{}` holds the values", columns.heads[n]));
    }
    Ok(guessed)
}

fn is_open_period(m: &Mapping) -> bool {
    m.period.column.is_none() && m.period.all.is_none() && m.period.columns.is_empty()
}

fn is_open_indicator(m: &Mapping) -> bool {
    let i = &m.indicator;
    i.all.is_none() && i.column.is_none() && i.pattern.is_none() && i.columns.is_empty()
}

fn is_open_value(m: &Mapping) -> bool {
    m.value.is_none()
        && m.denominator.is_none()
        && m.period.columns.is_empty()
        && m.indicator.columns.is_empty()
}

struct Columns {
    heads: Vec<String>,
    /// Texts of the first rows, each once.
    texts: Vec<Vec<String>>,
}

impl Columns {
    fn read(grid: &Grid, mapping: &Mapping) -> Result<Self, Error> {
        let (header, heads) = layout::heads(grid, mapping)?;
        let mut texts: Vec<Vec<String>> = vec![Vec::new(); heads.len()];
        let mut seen = 0;
        grid.rows(|line, row| -> Result<bool, Error> {
            if line > header {
                seen += 1;
                for (n, of) in texts.iter_mut().enumerate() {
                    let text = row.cell(n).trim();
                    if !text.is_empty() && !of.iter().any(|t| t == text) {
                        of.push(text.to_owned());
                    }
                }
            }
            Ok(seen < ROWS)
        })?;
        Ok(Self { heads, texts })
    }

    fn place(&self, name: &str) -> Option<usize> {
        layout::column(&self.heads, name).ok()
    }

    /// The column of which most texts mean a case.
    fn case(
        &self,
        store: &Store,
        mapping: &Mapping,
    ) -> Result<Option<(usize, super::mapping::By)>> {
        let mut best = None;
        let mut most = 0.5;
        for (n, texts) in self.texts.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            let (by, known) = which_case::told(store, mapping.case.scheme.as_deref(), texts)?;
            #[expect(clippy::cast_precision_loss, reason = "a few hundred texts")]
            let share = known as f64 / texts.len() as f64;
            if share > most {
                most = share;
                best = Some((n, by));
            }
        }
        Ok(best)
    }

    fn period(&self, case: Option<usize>) -> Option<usize> {
        let all_periods = |n: &usize| {
            Some(*n) != case
                && !self.texts[*n].is_empty()
                && self.texts[*n].iter().all(|t| {
                    periods::read(t, None)
                        .is_some_and(|p| p.from().year() > 1900 && p.from().year() < 2200)
                })
        };
        let named = |n: &usize| {
            let head = self.heads[*n].to_lowercase();
            ["period", "year", "month", "quarter", "date", "fy"]
                .iter()
                .any(|w| head.contains(w))
        };
        let fitting: Vec<usize> = (0..self.heads.len()).filter(all_periods).collect();
        match fitting[..] {
            [one] if named(&one) => Some(one),
            _ => {
                let mut called = fitting
                    .iter()
                    .filter(|n| self.heads[**n].to_lowercase().contains("period"));
                let first = called.next().copied();
                let only = fitting.iter().copied().filter(named).collect::<Vec<_>>();
                first
                    .filter(|_| called.next().is_none())
                    .or(match only[..] {
                        [one] => Some(one),
                        _ => None,
                    })
            }
        }
    }

    /// Columns whose heads are periods.
    fn of_periods(&self) -> Vec<usize> {
        (0..self.heads.len())
            .filter(|n| periods::read(&self.heads[*n], None).is_some())
            .collect()
    }

    fn indicator(&self, store: &Store) -> Result<Option<usize>> {
        let slugs: Vec<String> = store.indicators()?.into_iter().map(|i| i.slug).collect();
        Ok((0..self.heads.len()).find(|n| {
            !self.texts[*n].is_empty()
                && self.texts[*n]
                    .iter()
                    .all(|t| slugs.iter().any(|s| s.eq_ignore_ascii_case(t)))
        }))
    }

    /// The column that is called like a value, or is called as the indicator is.
    fn value(&self, mapping: &Mapping) -> Option<usize> {
        let slug = mapping.indicator.all.as_deref().unwrap_or_default();
        [
            "value",
            "figure",
            "measure",
            "score",
            "rating",
            "percentage",
            slug,
        ]
        .iter()
        .filter(|w| !w.is_empty())
        .find_map(|w| {
            self.heads
                .iter()
                .position(|head| head.eq_ignore_ascii_case(w))
        })
    }
}

/// The heads of a table.
pub fn heads(grid: &Grid, mapping: &Mapping) -> Result<Vec<String>, Error> {
    Ok(layout::heads(grid, mapping)?.1)
}
