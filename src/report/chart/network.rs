//! A network of themes: which are coded together, on a circle in the codebook's order, the line as broad as the pair is
//! frequent.

use std::f64::consts::TAU;

use super::Chart;
use super::svg::{ACCENT, Drawing, Face, LABEL, QUIET, SMALL, Side, cut, width};

/// What is drawn: themes with their codings, and pairs of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Name and codings, in the order of the circle.
    pub themes: Vec<(String, u64)>,
    /// Two places in `themes`, how often they come together, and Jaccard's coefficient where it is defined.
    pub pairs: Vec<(usize, usize, u64, Option<f64>)>,
    /// What coming together means here: "overlap", "in one turn".
    pub relation: String,
    /// What is counted: codings, turns …
    pub unit: String,
    /// Whether the first of a pair to the second says something else than the second to the first.
    pub directed: bool,
    /// What else a reader has to know.
    pub notes: Vec<String>,
}

/// More lines than these can't be told apart; the table has all.
const LINES: usize = 60;
const RADIUS: f64 = 230.0;
const LABELS: f64 = 240.0;

/// Draws the themes that come together with another; those that never do are named beneath.
pub fn network(of: &Network) -> Chart {
    let mut pairs: Vec<_> = of.pairs.iter().filter(|p| p.2 > 0).collect();
    pairs.sort_by(|a, b| b.2.cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
    let drawn = &pairs[..pairs.len().min(LINES)];
    let mut on: Vec<usize> = drawn.iter().flat_map(|p| [p.0, p.1]).collect();
    on.sort_unstable();
    on.dedup();
    let size = 2.0 * (RADIUS + LABELS + 40.0);
    let centre = (size / 2.0, size / 2.0);
    let mut d = Drawing::new(size, size + 40.0);
    #[expect(clippy::cast_precision_loss, reason = "a picture has few themes")]
    let angle = |theme: usize| {
        let place = on.iter().position(|t| *t == theme).unwrap_or_default() as f64;
        // The first stands at the top.
        TAU * (place / on.len().max(1) as f64) - TAU / 4.0
    };
    let at = |theme: usize, radius: f64| {
        let a = angle(theme);
        (centre.0 + radius * a.cos(), centre.1 + radius * a.sin())
    };
    let most = drawn.first().map_or(1, |p| p.2);
    // The strongest are drawn last, over the others.
    for (a, b, n, c) in drawn.iter().rev().map(|p| **p) {
        let share = share(n, most);
        let colour = if share > 0.5 {
            ACCENT
        } else if share > 0.2 {
            "#6f9bb4"
        } else {
            "#b3c4cf"
        };
        let hint = format!(
            "{} and {}: {n} together{}",
            of.themes[a].0,
            of.themes[b].0,
            c.map_or_else(String::new, |c| format!(", c = {c:.3}"))
        );
        d.curve(
            at(a, RADIUS - 8.0),
            centre,
            at(b, RADIUS - 8.0),
            colour,
            1.0 + 7.0 * share,
            &hint,
        );
    }
    let largest = on.iter().map(|t| of.themes[*t].1).max().unwrap_or(1).max(1);
    for theme in &on {
        let (name, n) = &of.themes[*theme];
        d.circle(
            at(*theme, RADIUS),
            4.0 + 10.0 * share(*n, largest).sqrt(),
            "#1c2126",
            &format!("{name}: {n} {}", of.unit),
        );
        let degrees = angle(*theme).to_degrees();
        let from = at(*theme, RADIUS + 20.0);
        let words = format!("{} ({n})", cut(name, LABEL, LABELS - 40.0));
        // Words on the left are turned round, so that nobody has to read them upside down.
        let left = (degrees + 360.0) % 360.0 > 90.0 && (degrees + 360.0) % 360.0 < 270.0;
        let face = Face {
            turned: if left { degrees + 180.0 } else { degrees },
            ..LABEL
        };
        d.text(
            from,
            if left { Side::End } else { Side::Start },
            face,
            &words,
        );
    }
    if on.is_empty() {
        let words = "No two themes come together here.";
        d.text(
            (centre.0 - width(words, LABEL) / 2.0, centre.1),
            Side::Start,
            Face {
                colour: QUIET,
                ..LABEL
            },
            words,
        );
    }
    let y = size + 14.0;
    d.text(
        (24.0, y),
        Side::Start,
        SMALL,
        &format!(
            "Broadest line: {most} times together. In brackets: {} of the theme.",
            of.unit
        ),
    );
    let title = "Themes that come together".to_owned();
    let unit = format!("Counted are {}; together means: {}.", of.unit, of.relation);
    let mut caveats = Vec::new();
    if pairs.len() > drawn.len() {
        caveats.push(format!(
            "Drawn are the {} most frequent of {} pairs; the table has all.",
            drawn.len(),
            pairs.len()
        ));
    }
    let alone: Vec<&str> = (0..of.themes.len())
        .filter(|t| !pairs.iter().any(|p| p.0 == *t || p.1 == *t) && of.themes[*t].1 > 0)
        .map(|t| of.themes[t].0.as_str())
        .collect();
    if !alone.is_empty() {
        caveats.push(format!(
            "Coded, but never together with another: {}.",
            alone.join(", ")
        ));
    }
    if of.directed {
        caveats.push(
            "The relation has a direction, which the table shows (first theme to second) and a line does not."
                .to_owned(),
        );
    }
    caveats.extend(of.notes.iter().cloned());
    let svg = d.finish(&format!("{title}. {unit}"));
    Chart {
        pending: 0,
        title,
        unit,
        caveats,
        head: ["theme", "and", "together", "c"]
            .map(str::to_owned)
            .to_vec(),
        rows: pairs
            .iter()
            .map(|(a, b, n, c)| {
                vec![
                    of.themes[*a].0.clone(),
                    of.themes[*b].0.clone(),
                    n.to_string(),
                    c.map_or_else(|| "n/a".to_owned(), |c| format!("{c:.4}")),
                ]
            })
            .collect(),
        numeric: vec![false, false, true, true],
        svg,
        preview: preview(of, drawn, most),
    }
}

fn preview(of: &Network, drawn: &[&(usize, usize, u64, Option<f64>)], most: u64) -> Vec<String> {
    let named: Vec<(String, u64)> = drawn
        .iter()
        .take(20)
        .map(|(a, b, n, _)| (format!("{} + {}", of.themes[*a].0, of.themes[*b].0), *n))
        .collect();
    let room = named
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or(0);
    named
        .iter()
        .map(|(name, n)| format!("{name:room$}  {} {n}", super::bar(share(*n, most), 24)))
        .collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a share need not be exact to be drawn"
)]
fn share(n: u64, most: u64) -> f64 {
    n as f64 / most.max(1) as f64
}
