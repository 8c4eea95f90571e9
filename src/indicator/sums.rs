//! One figure for each key: parts are added up, the same twice is taken once, what differs is refused; and what only the
//! whole figure can be checked by.

use rust_decimal::Decimal;

use super::found::Findings;
use super::read::{Figure, Value, count};
use super::value;
use super::which_case::Cases;
use crate::domain::figure::{Scale, State, canonical};
use crate::domain::period::Period;
use crate::store::Indicator;

pub(super) struct About<'a> {
    /// Whether rows of one key are parts of one figure.
    pub adds: bool,
    pub indicators: &'a [Indicator],
    pub cases: &'a Cases,
    pub periods: &'a [Period],
    pub unit: &'static str,
}

impl About<'_> {
    fn key(&self, f: &Figure) -> String {
        format!(
            "{} of {} in {}",
            self.indicators[f.indicator as usize].slug,
            self.cases.slug(f.case),
            self.periods[f.period as usize]
        )
    }
}

/// Whether two rows say the same.
fn same(a: &Figure, b: &Figure) -> bool {
    (a.state, a.value, a.numerator, a.denominator, a.as_of)
        == (b.state, b.value, b.numerator, b.denominator, b.as_of)
}

/// Leaves one figure for each key, in the order of the file, whole and checked.
pub(super) fn settle(
    figures: &mut Vec<Figure>,
    about: &About,
    findings: &mut Findings,
    notes: &mut Vec<String>,
    refused: &mut u64,
) {
    let key = |f: &Figure| (f.indicator, f.case, f.period);
    let mut order: Vec<(u32, u32, u32, u32)> = Vec::with_capacity(figures.len());
    for (n, f) in figures.iter().enumerate() {
        order.push((
            f.indicator,
            f.case,
            f.period,
            u32::try_from(n).unwrap_or(u32::MAX),
        ));
    }
    if !order.is_sorted() {
        order.sort_unstable();
    }
    let mut keep = vec![true; figures.len()];
    let (mut again, mut first_again) = (0_u64, None);
    let mut start = 0;
    let mut sums: Vec<(usize, Figure)> = Vec::new();
    while start < order.len() {
        let first = order[start].3 as usize;
        let mut end = start + 1;
        while end < order.len() && key(&figures[order[end].3 as usize]) == key(&figures[first]) {
            end += 1;
        }
        if end - start > 1 {
            let places: Vec<usize> = order[start..end].iter().map(|o| o.3 as usize).collect();
            let mut differs = None;
            let mut parts: Vec<usize> = Vec::new();
            for at in &places {
                let twin = if about.adds {
                    parts
                        .iter()
                        .find(|p| figures[**p].part == figures[*at].part)
                } else {
                    parts.first()
                };
                match twin {
                    Some(twin) if same(&figures[*twin], &figures[*at]) => {
                        keep[*at] = false;
                        again += 1;
                        first_again = first_again.or(Some(figures[*at].line));
                    }
                    Some(twin) => differs = differs.or(Some((*twin, *at))),
                    None => parts.push(*at),
                }
            }
            if let Some((a, b)) = differs {
                let (a, b) = (figures[a], figures[b]);
                findings.row(
                    "twice".to_owned(),
                    u64::from(b.line),
                    usize::from(b.column),
                    || {
                        (
                            format!(
                                "{} stands in the file twice with different values ({}s {} and {})",
                                about.key(&a),
                                about.unit,
                                a.line,
                                b.line
                            ),
                            "where such rows are parts of one figure: --add-over COLUMN, which tells them apart; where one is meant: --where COLUMN=VALUE".into(),
                        )
                    },
                );
                *refused += places.len() as u64;
                for at in &places {
                    keep[*at] = false;
                }
            } else if let Some((at, reason, hint)) =
                about.adds.then(|| odd(&parts, figures, about)).flatten()
            {
                let f = figures[at];
                findings.row(
                    format!("part {}", f.column),
                    u64::from(f.line),
                    usize::from(f.column),
                    || (reason, hint),
                );
                *refused += places.len() as u64;
                for at in &places {
                    keep[*at] = false;
                }
            } else if about.adds && parts.len() > 1 {
                let sum = added(&parts.iter().map(|p| figures[*p]).collect::<Vec<_>>());
                for at in &places {
                    keep[*at] = false;
                }
                keep[first] = true;
                sums.push((first, sum));
            }
        }
        start = end;
    }
    let added = sums.len() as u64;
    for (at, sum) in sums {
        figures[at] = sum;
    }
    let mut of_nothing = 0;
    for (n, f) in figures.iter_mut().enumerate() {
        if !keep[n] {
            continue;
        }
        match whole(f, about) {
            Whole::Fits => {}
            Whole::OfNothing => {
                keep[n] = false;
                of_nothing += 1;
            }
            Whole::Refused(reason, hint) => {
                keep[n] = false;
                *refused += 1;
                let key = format!(
                    "value {} {}",
                    f.column,
                    hint.split(" --").next().unwrap_or_default()
                );
                findings.row(key, u64::from(f.line), usize::from(f.column), || {
                    (reason, hint)
                });
            }
        }
    }
    let mut kept = keep.into_iter();
    figures.retain(|_| kept.next().unwrap_or(false));
    if added > 0 {
        notes.push(format!(
            "{} added up from several rows",
            count(added, "figure")
        ));
    }
    if of_nothing > 0 {
        notes.push(format!(
            "{} left out: the denominator is 0, and a share of nothing is no figure",
            count(of_nothing, "row")
        ));
    }
    if again > 0 {
        notes.push(format!(
            "{} that say the same once more ({} {} first) taken once",
            count(again, "row"),
            about.unit,
            first_again.unwrap_or_default()
        ));
    }
}

/// The first part that can't be so by itself, whatever the whole is: breaches above attendances are no less wrong where
/// other parts make up for them.
fn odd(parts: &[usize], figures: &[Figure], about: &About) -> Option<(usize, String, String)> {
    parts.iter().find_map(|at| {
        let mut part = figures[*at];
        let is_fraction = part.numerator.is_some() && part.denominator.is_some();
        match is_fraction.then(|| whole(&mut part, about)) {
            Some(Whole::Refused(reason, hint)) => Some((*at, reason, hint)),
            _ => None,
        }
    })
}

/// The sum of parts. Of which one is not known, the whole is not known either.
fn added(parts: &[Figure]) -> Figure {
    let mut sum = parts[0];
    for state in [State::Suppressed, State::Missing] {
        if parts.iter().any(|p| p.state == state) {
            sum.state = state;
            sum.value = Value::None;
            sum.numerator = None;
            sum.denominator = None;
            return sum;
        }
    }
    let add = |a: Option<Decimal>, b: Option<Decimal>| a.zip(b).and_then(|(a, b)| a.checked_add(b));
    for p in &parts[1..] {
        sum.numerator = add(sum.numerator, p.numerator);
        sum.denominator = add(sum.denominator, p.denominator);
        sum.value = match (sum.value, p.value) {
            (Value::Number(a), Value::Number(b)) => {
                a.checked_add(b).map_or(Value::None, Value::Number)
            }
            _ => Value::None,
        };
        if p.state == State::Provisional {
            sum.state = State::Provisional;
        }
    }
    sum
}

enum Whole {
    Fits,
    OfNothing,
    Refused(String, String),
}

/// Reckons a percentage from its fraction, and looks whether the figure may be so.
fn whole(f: &mut Figure, about: &About) -> Whole {
    let of = &about.indicators[f.indicator as usize];
    if matches!(f.state, State::Suppressed | State::Missing) || of.scale == Scale::Bands {
        return Whole::Fits;
    }
    if let (Some(n), Some(d)) = (f.numerator, f.denominator) {
        if n.is_zero() && d.is_zero() {
            return Whole::OfNothing;
        }
        let reckoned = match value::share(n, d) {
            Ok(reckoned) => reckoned,
            Err(e) => {
                return Whole::Refused(
                    format!("{}: {e}", about.key(f)),
                    crate::error::Problem::hint(&e).unwrap_or_default(),
                );
            }
        };
        match f.value {
            Value::Number(printed) if !value::agrees(printed, reckoned) => {
                return Whole::Refused(
                    format!(
                        "{}: {} of {} is {} %, and the file says {}",
                        about.key(f),
                        canonical(n),
                        canonical(d),
                        reckoned.round_dp(4).normalize(),
                        canonical(printed)
                    ),
                    "look which of the three columns is another one: read the value alone, or the fraction alone".into(),
                );
            }
            Value::Number(_) => {}
            _ => f.value = Value::Number(reckoned),
        }
    }
    let Value::Number(n) = f.value else {
        return Whole::Refused(
            format!("{} has no value", about.key(f)),
            "look at the columns of the mapping".into(),
        );
    };
    match value::within(of, n) {
        Ok(()) => Whole::Fits,
        Err(e) => Whole::Refused(
            format!("{}: {e}", about.key(f)),
            crate::error::Problem::hint(&e).unwrap_or_default(),
        ),
    }
}
