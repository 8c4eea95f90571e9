//! The bubble chart: a case as a bubble between two figures, its colour a band, its area a size; for one period or two.

use rust_decimal::Decimal;

use super::Chart;
use super::bubble_draw::draw;
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
        for bubble in &of.bubbles {
            let nothing = Standing::default();
            let s = bubble.standing.get(n).unwrap_or(&nothing);
            match (s.x, s.y) {
                (Some(_), Some(_)) => {}
                (None, None) => hidden.push(named(bubble, s)),
                (None, Some(_)) => no_x.push(named(bubble, s)),
                (Some(_), None) => no_y.push(named(bubble, s)),
            }
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

/// A grid of characters: the letter of each case's band (a dot without), a number where several stand on one place.
fn preview(of: &Bubbles) -> Vec<String> {
    const PLACES: (usize, usize) = (64, 18);
    let signs = of.colour.as_ref().map(Bands::signs);
    let shown: Vec<(f64, f64)> = (0..of.periods.len())
        .flat_map(|p| (0..of.bubbles.len()).filter_map(move |b| of.drawn(b, p)))
        .collect();
    if shown.is_empty() {
        return vec!["No case has both figures.".to_owned()];
    }
    let last = super::quantity::many(PLACES.0 - 1);
    let down = super::quantity::many(PLACES.1 - 1);
    let x = super::quantity::Scale::of(shown.iter().map(|p| p.0), 6, 0.0, last);
    let y = super::quantity::Scale::of(shown.iter().map(|p| p.1), 6, down, 0.0);
    let mut lines = Vec::new();
    for (p, period) in of.periods.iter().enumerate() {
        let mut grid: Vec<Vec<(char, u32)>> = vec![vec![('·', 0); PLACES.0]; PLACES.1];
        for b in 0..of.bubbles.len() {
            let Some(place) = of.drawn(b, p) else {
                continue;
            };
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "clamped to the grid"
            )]
            let (col, row) = (
                x.place(place.0).round().clamp(0.0, last) as usize,
                y.place(place.1).round().clamp(0.0, down) as usize,
            );
            let sign = match (&signs, of.standing(b, p).and_then(|s| s.band)) {
                (Some(signs), Some(band)) => signs
                    .get(band)
                    .and_then(|s| s.chars().next())
                    .unwrap_or('?'),
                (Some(_), None) => '?',
                (None, _) => '●',
            };
            let cell = &mut grid[row][col];
            *cell = (sign, cell.1 + 1);
        }
        if of.periods.len() > 1 {
            lines.push(period.clone());
        }
        let (top, bottom) = (y.ticks(), y.ticks());
        let (top, bottom) = (
            top.last().map(|t| t.1.clone()).unwrap_or_default(),
            bottom.first().map(|t| t.1.clone()).unwrap_or_default(),
        );
        let room = top.chars().count().max(bottom.chars().count());
        for (n, row) in grid.iter().enumerate() {
            let mark = match n {
                0 => top.as_str(),
                n if n == PLACES.1 - 1 => bottom.as_str(),
                _ => "",
            };
            let cells: String = row
                .iter()
                .map(|(sign, n)| match n {
                    0 => ' ',
                    1 => *sign,
                    2..=9 => char::from_digit(*n, 10).unwrap_or('#'),
                    _ => '#',
                })
                .collect();
            lines.push(format!("{mark:>room$} │{}", cells.trim_end()));
        }
        let ticks = x.ticks();
        let left = ticks.first().map(|t| t.1.clone()).unwrap_or_default();
        let right = ticks.last().map(|t| t.1.clone()).unwrap_or_default();
        lines.push(format!("{:room$} └{}", "", "─".repeat(PLACES.0)));
        lines.push(format!(
            "{:room$}  {left}{right:>w$}",
            "",
            w = PLACES.0.saturating_sub(left.chars().count())
        ));
    }
    lines.push(format!("across: {}", of.x.axis()));
    lines.push(format!("upwards: {}", of.y.axis()));
    if let (Some(bands), Some(signs)) = (&of.colour, signs) {
        let key: Vec<String> = signs
            .iter()
            .zip(&bands.bands)
            .map(|(s, b)| format!("{s} {b}"))
            .collect();
        lines.push(format!("{}: {}; ? not known", bands.name, key.join(", ")));
    }
    lines.push("A number stands where so many cases are.".to_owned());
    lines
}
