//! Writing what was read: one reading, one event.

use crate::domain::figure::canonical;
use crate::error::Result;
use crate::store::{NewMeasure, NewReading};
use crate::study::Study;

use super::read::{Taken, Value};

/// Writes the figures as a reading, and keeps the mapping under a name where one is given. Gives the reading's number and
/// the event's.
pub fn write(
    study: &Study,
    taken: &Taken,
    new: &NewReading,
    keep: Option<(&str, &str)>,
    tick: &dyn Fn(),
) -> Result<(i64, Option<i64>)> {
    study.change("measure import", |tx| {
        let coder = tx.coder(&study.session.coder)?;
        let mut periods = Vec::with_capacity(taken.periods.len());
        let mut used = vec![false; taken.periods.len()];
        for f in &taken.figures {
            used[f.period as usize] = true;
        }
        for (period, used) in taken.periods.iter().zip(used) {
            periods.push(if used { tx.period(period)? } else { 0 });
        }
        if let Some((slug, text)) = keep {
            tx.put_mapping(slug, text)?;
        }
        // In the order of the index of places, which is then written from its beginning to its end; where each was read
        // stands with it.
        let mut order: Vec<(i64, i64, i64, u32)> = Vec::with_capacity(taken.figures.len());
        for (n, f) in (0_u32..).zip(&taken.figures) {
            let (of, case) = (
                &taken.indicators[f.indicator as usize],
                &taken.cases[f.case as usize],
            );
            order.push((of.id, case.id, periods[f.period as usize], n));
        }
        order.sort_unstable();
        let mut writer = tx.begin_reading()?;
        for (n, (.., at)) in order.into_iter().enumerate() {
            let f = &taken.figures[at as usize];
            let of = &taken.indicators[f.indicator as usize];
            let number = match f.value {
                Value::Number(d) => Some(canonical(d)),
                Value::Band(_) | Value::None => None,
            };
            let value = match f.value {
                Value::Band(n) => of.bands.get(usize::from(n)).map(String::as_str),
                _ => number.as_deref(),
            };
            let numerator = f.numerator.map(canonical);
            let denominator = f.denominator.map(canonical);
            writer.add(&NewMeasure {
                indicator: of.id,
                case: taken.cases[f.case as usize].id,
                period: periods[f.period as usize],
                state: f.state,
                value,
                numerator: numerator.as_deref(),
                denominator: denominator.as_deref(),
                as_of: (f.as_of as usize)
                    .checked_sub(1)
                    .and_then(|n| taken.as_of.get(n))
                    .map(String::as_str),
                line: Some(i64::from(f.line)),
                col: Some(i64::from(f.column) + 1),
            })?;
            if n.is_multiple_of(1_000) {
                tick();
            }
        }
        let n = writer.written();
        let id = writer.finish(coder, new)?;
        tx.summary(format!(
            "reading {id}: {n} measure{} imported",
            if n == 1 { "" } else { "s" }
        ));
        Ok(id)
    })
}
