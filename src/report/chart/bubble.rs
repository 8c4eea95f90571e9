//! The bubble chart: a case as a bubble between two figures, its colour a band, its area a size; for one period or two.

use rust_decimal::Decimal;

use super::Chart;
use super::bubble_draw::draw;
use super::bubble_preview::preview;
use super::quantity::{Bands, Quantity, at};
use crate::report::phrase::{capital, list};

/// How two periods are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// From where a case was, hollow, to where it is, filled.
    Arrows,
    /// A picture of each, on the same scales.
    SideBySide,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    X,
    Y,
}

/// A line at a value that others are compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub axis: Axis,
    pub value: Decimal,
    pub label: String,
    /// The period it is of; none for all.
    pub panel: Option<usize>,
}

/// A case in one period. What is not known is none, never nought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub x: Option<Decimal>,
    pub y: Option<Decimal>,
    /// Place in the bands.
    pub band: Option<usize>,
    pub size: Option<Decimal>,
    /// Why something is not known, for the list of what is not drawn.
    pub why: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bubble {
    pub case: String,
    /// One for each period.
    pub standing: Vec<Standing>,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bubbles {
    pub title: String,
    pub x: Quantity,
    pub y: Quantity,
    pub colour: Option<Bands>,
    pub size: Option<Quantity>,
    /// One period or two.
    pub periods: Vec<String>,
    pub join: Join,
    pub bubbles: Vec<Bubble>,
    pub references: Vec<Reference>,
    /// What else is to be known: basis, sources, what was left out before.
    pub notes: Vec<String>,
}

impl Bubbles {
    /// Where a case stands in a period.
    pub(super) fn standing(&self, bubble: usize, period: usize) -> Option<&Standing> {
        self.bubbles[bubble].standing.get(period)
    }

    /// Whether a case can be drawn as a bubble in a period.
    pub(super) fn drawn(&self, bubble: usize, period: usize) -> Option<(f64, f64)> {
        let s = self.standing(bubble, period)?;
        Some((at(s.x?), at(s.y?)))
    }

    /// What became of a case between the periods: better in both, in one, in none; none where it can't be said.
    pub(super) fn change(&self, bubble: usize) -> Option<(Option<bool>, Option<bool>)> {
        let (from, to) = (self.standing(bubble, 0)?, self.standing(bubble, 1)?);
        Some((
            self.x.improved(from.x?, to.x?),
            self.y.improved(from.y?, to.y?),
        ))
    }

    pub(super) fn has_arrows(&self) -> bool {
        self.join == Join::Arrows && self.periods.len() > 1
    }

    /// Whether a change can be for the better on both axes.
    pub(super) fn directed(&self) -> bool {
        use crate::domain::figure::Better::Neither;
        self.x.better != Neither && self.y.better != Neither
    }
}

/// Draws the picture.
pub fn bubble(of: &Bubbles) -> Chart {
    let said = unit(of);
    let svg = draw(of, &said);
    let (head, numeric) = heads(of);
    Chart {
        title: of.title.clone(),
        caveats: caveats(of),
        rows: rows(of),
        head,
        numeric,
        pending: 0,
        svg,
        preview: preview(of),
        unit: said,
    }
}

fn unit(of: &Bubbles) -> String {
    let mut said = format!(
        "A bubble is a case. Across: {}. Upwards: {}.",
        of.x.axis(),
        of.y.axis()
    );
    if let Some(bands) = &of.colour {
        said.push_str(&format!(
            " Shade and letter: {}, from {}.",
            bands.name,
            list(
                &bands
                    .signs()
                    .iter()
                    .zip(&bands.bands)
                    .map(|(sign, band)| format!("{sign} ({band})"))
                    .collect::<Vec<_>>()
            )
        ));
    }
    if let Some(size) = &of.size {
        said.push_str(&format!(" Area: {}.", size.axis()));
    }
    said
}

/// A case with the reason why something of it is not known.
fn named(bubble: &Bubble, s: &Standing) -> String {
    if s.why.is_empty() {
        bubble.case.clone()
    } else {
        format!("{} ({})", bubble.case, s.why)
    }
}

fn caveats(of: &Bubbles) -> Vec<String> {
    let mut all: Vec<String> = [of.x.direction(), of.y.direction()]
        .into_iter()
        .flatten()
        .collect();
    all.dedup();
    for (n, period) in of.periods.iter().enumerate() {
        let of_period = if of.periods.len() > 1 {
            format!(" in {period}")
        } else {
            String::new()
        };
        let mut hidden = Vec::new();
        let (mut no_x, mut no_y) = (Vec::new(), Vec::new());
        let mut no_start = Vec::new();
        for bubble in &of.bubbles {
            let nothing = Standing::default();
            let s = bubble.standing.get(n).unwrap_or(&nothing);
            match (s.x, s.y) {
                (Some(_), Some(_)) => {}
                _ if n == 0 && of.has_arrows() => no_start.push(named(bubble, s)),
                (None, None) => hidden.push(named(bubble, s)),
                (None, Some(_)) => no_x.push(named(bubble, s)),
                (Some(_), None) => no_y.push(named(bubble, s)),
            }
        }
        if !no_start.is_empty() {
            all.push(format!(
                "Without an arrow, as something is not known{of_period}: {}.",
                list(&no_start)
            ));
        }
        for (cases, quantity) in [(&no_x, &of.x), (&no_y, &of.y)] {
            if !cases.is_empty() {
                all.push(format!(
                    "{} is not known{of_period} of {}: drawn hollow along the axis, not at nought.",
                    capital(&quantity.name),
                    list(cases)
                ));
            }
        }
        if !hidden.is_empty() {
            all.push(format!("Not drawn{of_period}: {}.", list(&hidden)));
        }
    }
    let without = |missing: &dyn Fn(&Standing) -> bool| -> Vec<String> {
        of.bubbles
            .iter()
            .filter(|b| {
                b.standing
                    .iter()
                    .any(|s| s.x.is_some() && s.y.is_some() && missing(s))
            })
            .map(|b| b.case.clone())
            .collect()
    };
    if let Some(bands) = &of.colour {
        let cases = without(&|s| s.band.is_none());
        if !cases.is_empty() {
            all.push(format!(
                "{} is not known of {}: white, with a question mark.",
                capital(&bands.name),
                list(&cases)
            ));
        }
    }
    if let Some(size) = &of.size {
        let cases = without(&|s| s.size.is_none());
        if !cases.is_empty() {
            all.push(format!(
                "{} is not known of {}: drawn as a square, whose size says nothing.",
                capital(&size.name),
                list(&cases)
            ));
        }
    }
    all.extend(of.notes.iter().cloned());
    all
}

fn heads(of: &Bubbles) -> (Vec<String>, Vec<bool>) {
    let mut heads = vec![("case".to_owned(), false)];
    if of.periods.len() > 1 {
        heads.push(("period".to_owned(), false));
    }
    heads.push((of.x.head(), true));
    heads.push((of.y.head(), true));
    if let Some(bands) = &of.colour {
        heads.push((bands.name.clone(), false));
    }
    if let Some(size) = &of.size {
        heads.push((size.head(), true));
    }
    heads.push(("not known because".to_owned(), false));
    heads.into_iter().unzip()
}

fn rows(of: &Bubbles) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for bubble in &of.bubbles {
        for (n, s) in bubble.standing.iter().enumerate() {
            let shown = |quantity: &Quantity, value: Option<Decimal>| {
                value.map_or_else(|| "n/a".to_owned(), |v| quantity.plain(v))
            };
            let mut row = vec![bubble.case.clone()];
            if of.periods.len() > 1 {
                row.push(of.periods.get(n).cloned().unwrap_or_default());
            }
            row.push(shown(&of.x, s.x));
            row.push(shown(&of.y, s.y));
            if let Some(bands) = &of.colour {
                row.push(s.band.map_or("n/a", |b| bands.word(b)).to_owned());
            }
            if let Some(size) = &of.size {
                row.push(shown(size, s.size));
            }
            row.push(s.why.clone());
            rows.push(row);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::super::boxes::{assert_apart, assert_kept, invented};
    use super::*;
    use crate::domain::figure::Better;

    fn quantity(name: &str, unit: &str) -> Quantity {
        Quantity {
            name: name.into(),
            unit: unit.into(),
            decimals: 1,
            better: Better::More,
            period: None,
        }
    }

    /// Cases around a middle, as figures are; the sixth has no x, the eighth no y, the tenth neither.
    fn of(cases: usize, periods: usize, join: Join) -> Bubbles {
        let standing = |n: usize, period: usize| {
            let spread = |step: usize, over: usize| Decimal::from((n * step + period * 11) % over);
            let near = |step: usize, over: usize| {
                (spread(step, over) + spread(step + 4, over) + spread(step + 10, over))
                    / Decimal::TEN
            };
            let (no_x, no_y) = (n == 5 || n == 9, n == 7 || n == 9);
            Standing {
                x: (!no_x).then(|| Decimal::from(78) + near(37, 61)),
                y: (!no_y).then(|| Decimal::from(-5) + near(53, 43)),
                band: (n % 9 != 8).then_some((n + period) % 4),
                size: (n % 13 != 12).then(|| Decimal::from(250 + (n * 311) % 2600)),
                why: match n {
                    5 => "across: suppressed".into(),
                    7 => "upwards: conflict, 2 | 3".into(),
                    9 => "across: unknown; upwards: unknown".into(),
                    _ => String::new(),
                },
            }
        };
        let periods: Vec<String> = ["2017/18", "2018/19"][..periods]
            .iter()
            .map(ToString::to_string)
            .collect();
        Bubbles {
            title: "Surplus or deficit against four-hour performance".into(),
            x: quantity("four-hour performance", "%"),
            y: quantity("surplus or deficit", "%"),
            colour: Some(Bands {
                name: "rating".into(),
                bands: ["outstanding", "good", "requires improvement", "inadequate"]
                    .map(str::to_owned)
                    .to_vec(),
            }),
            size: Some(quantity("people", "thousand")),
            bubbles: invented(cases)
                .into_iter()
                .enumerate()
                .map(|(n, case)| Bubble {
                    case,
                    standing: (0..periods.len()).map(|p| standing(n, p)).collect(),
                })
                .collect(),
            periods,
            join,
            references: vec![
                Reference {
                    axis: Axis::X,
                    value: Decimal::new(883, 1),
                    label: "England".into(),
                    panel: None,
                },
                Reference {
                    axis: Axis::Y,
                    value: Decimal::ZERO,
                    label: String::new(),
                    panel: None,
                },
            ],
            notes: Vec::new(),
        }
    }

    #[test]
    fn pictures_are_as_they_were_and_no_label_hides_another() {
        for (name, cases, periods, join) in [
            ("bubble-3", 3, 1, Join::Arrows),
            ("bubble-44", 44, 1, Join::Arrows),
            ("bubble-arrows-3", 3, 2, Join::Arrows),
            ("bubble-arrows-44", 44, 2, Join::Arrows),
            ("bubble-beside-3", 3, 2, Join::SideBySide),
            ("bubble-beside-44", 44, 2, Join::SideBySide),
        ] {
            let of = of(cases, periods, join);
            let chart = bubble(&of);
            assert_eq!(chart, bubble(&of), "{name}");
            assert_apart(&chart.svg);
            assert_kept(name, &chart.svg);
        }
    }

    #[test]
    fn what_is_not_known_is_said_and_never_at_nought() {
        let chart = bubble(&of(12, 1, Join::Arrows));
        let said = |words: &str| {
            assert!(
                chart.caveats.iter().any(|c| c.contains(words)),
                "{words}: {:?}",
                chart.caveats
            );
        };
        said("Four-hour performance is not known of Fir");
        said("(across: suppressed): drawn hollow along the axis, not at nought.");
        said("(upwards: conflict, 2 | 3)");
        said("Not drawn: ");
        said("Rating is not known of ");
        assert!(chart.svg.contains("four-hour performance not known"));
        assert_eq!(chart.rows[5][1], "n/a");
        assert_eq!(chart.rows[9][5], "across: unknown; upwards: unknown");
    }

    /// The radius of a bubble's circle, found by what a pointer over it tells.
    #[test]
    fn areas_are_proportional() {
        let mut of = of(3, 1, Join::Arrows);
        for (bubble, size) in of.bubbles.iter_mut().zip([400, 1600, 100]) {
            bubble.standing[0].size = Some(Decimal::from(size));
        }
        let svg = bubble(&of).svg;
        let radius = |case: &str| {
            let line = svg
                .lines()
                .find(|l| l.starts_with("<circle") && l.contains(case))
                .expect("a bubble");
            let from = line.find(" r=\"").expect("a radius") + 4;
            line[from..]
                .split('"')
                .next()
                .and_then(|r| r.parse::<f64>().ok())
                .expect("a number")
        };
        let all: Vec<f64> = of.bubbles.iter().map(|b| radius(&b.case)).collect();
        for ratio in [all[1] / all[0], all[0] / all[2]] {
            assert!((ratio - 2.0).abs() < 1e-9, "{ratio}");
        }
    }
}
