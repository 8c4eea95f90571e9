//! From the study to bubbles and slopes: which figures are asked for, of which cases, and why one is not known.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::Chart;
use super::bubble::{Bubble, Bubbles, Join, Reference, Standing, bubble};
use super::figures_words::notes;
use super::quantity::{Bands, Quantity};
use super::slope::{End, Slope, Sloped, slope};
use crate::domain::Date;
use crate::domain::figure::{Rule, Scale};
use crate::domain::period::Period;
use crate::error::Result;
use crate::indicator::Error;
use crate::indicator::column::{Column, columns, one_basis};
use crate::indicator::figures::{FigureTable, Head, Question, Row, Which, table};
use crate::indicator::shown::Shown;
use crate::report::phrase::{capital, list};
use crate::study::Study;

/// What is asked of a bubble chart; figures as they are typed, `I@P`.
#[derive(Clone, Debug)]
pub struct BubbleAsked {
    pub x: String,
    pub y: String,
    /// An indicator of bands.
    pub colour: Option<String>,
    pub size: Option<String>,
    /// A later period of the same indicators.
    pub then: Option<Period>,
    pub join: Join,
    pub references: Vec<Reference>,
    pub which: Which,
    pub as_of: Option<Date>,
}

/// What is asked of a slope chart.
#[derive(Clone, Debug)]
pub struct SlopeAsked {
    pub indicator: String,
    pub from: Period,
    pub to: Period,
    pub which: Which,
    pub as_of: Option<Date>,
}

/// Reads the figures, and draws them as bubbles.
pub fn bubble_of(study: &Study, asked: &BubbleAsked) -> Result<Chart> {
    let one = |typed: &String| -> Result<Column> {
        let found = columns(study, std::slice::from_ref(typed), None)?;
        found.into_iter().next().ok_or_else(|| nothing(typed))
    };
    let (x, y) = (one(&asked.x)?, one(&asked.y)?);
    let colour = asked.colour.as_ref().map(one).transpose()?;
    let size = asked.size.as_ref().map(one).transpose()?;
    for (column, what) in [
        (Some(&x), "an axis"),
        (Some(&y), "an axis"),
        (size.as_ref(), "a size"),
    ] {
        if let Some(column) = column {
            measurable(study, column, what)?;
        }
    }
    if let Some(column) = &colour
        && column.indicator.scale != Scale::Bands
    {
        return Err(Error::refused(
            format!("`{}` has no bands to colour by", column.indicator.slug),
            format!(
                "colour says bands; a figure can be the area of bubbles: --size {}",
                column.name()
            ),
        )
        .into());
    }
    let firsts: Vec<&Column> = [Some(&x), Some(&y), colour.as_ref(), size.as_ref()]
        .into_iter()
        .flatten()
        .collect();
    one_basis(firsts.iter().map(|c| &c.indicator))?;
    if let Some(then) = &asked.then
        && let Some(late) = [&x, &y].iter().find(|c| c.period.from() >= then.from())
    {
        return Err(Error::refused(
            format!("{then} does not come after {}", late.name()),
            "name the earlier period with --x and --y and the later with --then, as in: --x four-hour@2017/18 --y deficit@2017/18 --then 2018/19",
        )
        .into());
    }
    let later = asked.then.as_ref().map(&at);
    let mut all: Vec<Column> = firsts.iter().map(|c| (*c).clone()).collect();
    if let Some(later) = &later {
        all.extend(firsts.iter().map(|c| later(c)));
    }
    let mut single: Vec<Column> = Vec::new();
    for column in all {
        if !single.contains(&column) {
            single.push(column);
        }
    }
    let found = read(study, single.clone(), &asked.which, asked.as_of)?;
    let place = |column: &Column| single.iter().position(|c| c == column);
    let mut told = Vec::new();
    for column in firsts.iter().filter_map(|c| place(c)) {
        for note in notes(&found, column) {
            if !told.contains(&note) {
                told.push(note);
            }
        }
    }
    // What was measured once only, as people in 2017, is taken for both periods, and that is said.
    let mut in_period = |column: &Column| -> Option<usize> {
        let then = later.as_ref().map(|l| l(column)).and_then(|c| place(&c))?;
        let first = place(column)?;
        let is_known = found.columns.get(then).is_some_and(|h| h.known > 0);
        if is_known {
            return Some(then);
        }
        told.push(format!(
            "{} has no figures for {}: that of {} stands in both periods.",
            capital(&column.indicator.name),
            found.columns[then].period,
            column.period
        ));
        Some(first)
    };
    let first = Places {
        x: place(&x),
        y: place(&y),
        colour: colour.as_ref().and_then(place),
        size: size.as_ref().and_then(place),
    };
    let mut places = vec![first];
    if let Some(later) = &later {
        places.push(Places {
            x: place(&later(&x)),
            y: place(&later(&y)),
            colour: colour.as_ref().and_then(&mut in_period),
            size: size.as_ref().and_then(&mut in_period),
        });
    }
    let bubbles: Vec<Bubble> = found
        .rows
        .iter()
        .map(|row| Bubble {
            case: row.name.clone(),
            standing: places
                .iter()
                .map(|p| p.standing(row, colour.as_ref()))
                .collect(),
        })
        .collect();
    let is_both = |s: &Standing| s.x.is_some() && s.y.is_some();
    let times = std::iter::once((x.clone(), y.clone()));
    let times = times.chain(later.as_ref().map(|l| (l(&x), l(&y))));
    for (n, (x, y)) in times.enumerate() {
        if !bubbles.iter().any(|b| is_both(&b.standing[n])) {
            return Err(Error::refused(
                format!("no case has both {} and {}", x.name(), y.name()),
                format!(
                    "see what there is with: casebook figures {} {}",
                    x.indicator.slug, y.indicator.slug
                ),
            )
            .into());
        }
    }
    told.extend(provisional(&found));
    let head = |column: &Column| place(column).and_then(|n| found.columns.get(n));
    let both = asked.then.is_some();
    let named =
        |column: &Column| head(column).map_or_else(|| unread(column), |h| quantity(h, !both));
    let label = if x.period == y.period {
        x.period.to_string()
    } else {
        format!("{} and {}", x.period, y.period)
    };
    let mut periods = vec![label];
    periods.extend(asked.then.as_ref().map(ToString::to_string));
    Ok(bubble(&Bubbles {
        title: format!(
            "{} against {}, {}",
            capital(&y.indicator.name),
            x.indicator.name,
            periods.join(" to ")
        ),
        x: named(&x),
        y: named(&y),
        colour: colour.as_ref().map(|c| Bands {
            name: if both {
                c.indicator.name.clone()
            } else {
                format!("{}, {}", c.indicator.name, c.period)
            },
            bands: c.indicator.bands.clone(),
        }),
        size: size.as_ref().map(named),
        periods,
        join: asked.join,
        bubbles,
        references: asked.references.clone(),
        notes: told,
    }))
}

/// The same indicator in another period.
fn at(period: &Period) -> impl Fn(&Column) -> Column + use<'_> {
    move |column| Column {
        indicator: column.indicator.clone(),
        period: period.clone(),
    }
}

/// Where the figures of a period stand among the columns.
struct Places {
    x: Option<usize>,
    y: Option<usize>,
    colour: Option<usize>,
    size: Option<usize>,
}

impl Places {
    fn standing(&self, row: &Row, colour: Option<&Column>) -> Standing {
        let shown = |n: Option<usize>| n.and_then(|n| row.figures.get(n));
        let mut whys: Vec<String> = Vec::new();
        let mut number = |n: Option<usize>, name: &str, is_area: bool| {
            let shown = shown(n)?;
            let value = number(shown);
            if value.is_none() {
                whys.push(format!("{name}: {}", why(shown)));
            }
            if is_area && value.is_some_and(|v| v.is_sign_negative() && !v.is_zero()) {
                whys.push(format!("{name}: less than nothing has no area"));
                return None;
            }
            value
        };
        let (x, y) = (
            number(self.x, "across", false),
            number(self.y, "upwards", false),
        );
        let size = number(self.size, "area", true);
        let band = shown(self.colour).zip(colour).and_then(|(shown, of)| {
            let word = shown.value.as_ref();
            let band = word.and_then(|w| of.indicator.bands.iter().position(|b| b == w));
            if band.is_none() {
                whys.push(format!("shade: {}", why(shown)));
            }
            band
        });
        Standing {
            x,
            y,
            band,
            size,
            why: whys.join("; "),
        }
    }
}

/// Reads the figures, and draws them as slopes.
pub fn slope_of(study: &Study, asked: &SlopeAsked) -> Result<Chart> {
    let of = study.store.indicator(&asked.indicator)?;
    if asked.from.from() >= asked.to.from() {
        return Err(Error::refused(
            format!("{} does not come after {}", asked.to, asked.from),
            "name the earlier period with --from and the later with --to",
        )
        .into());
    }
    let both: Vec<Column> = [&asked.from, &asked.to]
        .into_iter()
        .map(|period| Column {
            indicator: of.clone(),
            period: period.clone(),
        })
        .collect();
    measurable(study, &both[0], "an axis")?;
    let found = read(study, both, &asked.which, asked.as_of)?;
    let end = |row: &Row, n: usize| {
        let shown = row.figures.get(n);
        let value = shown.and_then(number);
        End {
            value,
            why: match shown {
                Some(shown) if value.is_none() => why(shown),
                _ => String::new(),
            },
        }
    };
    let cases: Vec<Sloped> = found
        .rows
        .iter()
        .map(|row| Sloped {
            case: row.name.clone(),
            ends: [end(row, 0), end(row, 1)],
        })
        .collect();
    if !cases
        .iter()
        .any(|c| c.ends.iter().any(|e| e.value.is_some()))
    {
        return Err(Error::refused(
            format!(
                "no case has a figure of `{}` in {} or {}",
                of.slug, asked.from, asked.to
            ),
            format!(
                "see its measures with: casebook measure list --indicator {}",
                of.slug
            ),
        )
        .into());
    }
    let mut told = notes(&found, 0);
    told.extend(provisional(&found));
    Ok(slope(&Slope {
        of: match found.columns.first() {
            Some(head) => quantity(head, false),
            None => return Err(nothing(&of.slug)),
        },
        periods: [asked.from.to_string(), asked.to.to_string()],
        cases,
        notes: told,
    }))
}

/// The figures of the cases that are drawn.
fn read(
    study: &Study,
    columns: Vec<Column>,
    which: &Which,
    as_of: Option<Date>,
) -> Result<FigureTable> {
    let which = level(study, &columns, which, as_of)?;
    table(
        study,
        &Question {
            columns,
            which,
            as_of,
            ..Question::default()
        },
    )
}

/// Bands have no place on an axis and no area, unless scores were declared that they are averaged by.
fn measurable(study: &Study, column: &Column, what: &str) -> Result<()> {
    let of = &column.indicator;
    if of.scale != Scale::Bands {
        return Ok(());
    }
    let scored = study
        .store
        .rollup(of.id)?
        .is_some_and(|r| r.rule == Rule::MeanScore);
    if scored {
        return Ok(());
    }
    Err(Error::refused(
        format!("`{}` has bands, which are no measure for {what}", of.slug),
        format!("bands can be shown as colour: --colour {}", column.name()),
    )
    .into())
}

fn nothing(typed: &str) -> crate::error::Failure {
    Error::refused(
        format!(
            "`{}` has no figures yet",
            crate::domain::span::printable(typed)
        ),
        "add some with: casebook measure import FILE",
    )
    .into()
}

/// A number for an axis: a band among scores is none.
fn number(shown: &Shown) -> Option<Decimal> {
    let is_number = shown
        .value
        .as_ref()
        .is_some_and(|v| v.parse::<Decimal>().is_ok());
    shown.number.filter(|_| is_number)
}

/// Why there is no figure to draw.
fn why(shown: &Shown) -> String {
    if !shown.conflict.is_empty() {
        let values: Vec<&str> = shown.conflict.iter().map(|s| s.value.as_str()).collect();
        return format!("conflict, {}", values.join(" | "));
    }
    match (&shown.reason, &shown.value) {
        (Some(reason), _) => reason.clone(),
        (None, Some(value)) => format!("{value} is on another scale"),
        (None, None) => "unknown".to_owned(),
    }
}

fn provisional(found: &FigureTable) -> Option<String> {
    let cases: Vec<String> = found
        .rows
        .iter()
        .filter(|r| r.figures.iter().any(|f| f.provisional))
        .map(|r| r.name.clone())
        .collect();
    (!cases.is_empty()).then(|| format!("Provisional figures: {}.", list(&cases)))
}

fn quantity(head: &Head, with_period: bool) -> Quantity {
    let unit = match head.scale {
        Scale::Percentage => "%".to_owned(),
        Scale::Bands => "score".to_owned(),
        Scale::Number => head.unit.clone(),
    };
    Quantity {
        name: head.name.clone(),
        unit,
        decimals: head.decimals,
        better: head.better,
        period: with_period.then(|| head.period.clone()),
    }
}

fn unread(column: &Column) -> Quantity {
    Quantity {
        name: column.indicator.name.clone(),
        unit: column.indicator.unit.clone(),
        decimals: 1,
        better: column.indicator.better,
        period: None,
    }
}

/// Which cases are drawn where nobody said: those of the one kind that has figures, so that those without are known too.
/// A part is never drawn beside its whole.
fn level(study: &Study, columns: &[Column], which: &Which, as_of: Option<Date>) -> Result<Which> {
    if !which.cases.is_empty() || which.level.is_some() || which.cohort.is_some() {
        return Ok(which.clone());
    }
    let of_level = |level: &str| Which {
        level: Some(level.to_owned()),
        ..Which::default()
    };
    let there: BTreeSet<String> = study.store.cases()?.into_iter().map(|c| c.kind).collect();
    let declared: BTreeSet<&String> = columns
        .iter()
        .filter_map(|c| c.indicator.level.as_ref())
        .filter(|l| there.contains(*l))
        .collect();
    if let [one] = declared.iter().collect::<Vec<_>>()[..] {
        return Ok(of_level(one));
    }
    let found = table(
        study,
        &Question {
            columns: columns.to_vec(),
            as_of,
            ..Question::default()
        },
    )?;
    let kinds: BTreeSet<&str> = found.rows.iter().map(|r| r.kind.as_str()).collect();
    match kinds.iter().collect::<Vec<_>>()[..] {
        [] => Ok(which.clone()),
        [one] => Ok(of_level(one)),
        [first, ..] => Err(Error::refused(
            format!(
                "cases of {} kinds have such figures: {}",
                kinds.len(),
                list(&kinds.iter().map(ToString::to_string).collect::<Vec<_>>())
            ),
            format!("a part can't stand beside its whole; say which, as in: --level {first}"),
        )
        .into()),
    }
}
