//! The bubble chart on a terminal.

use super::bubble::Bubbles;
use super::quantity::{Bands, Scale, many};

/// A grid of characters: the letter of each case's band (a dot without), a number where several stand on one place.
pub(super) fn preview(of: &Bubbles) -> Vec<String> {
    const PLACES: (usize, usize) = (64, 18);
    let signs = of.colour.as_ref().map(Bands::signs);
    let shown: Vec<(f64, f64)> = (0..of.periods.len())
        .flat_map(|p| (0..of.bubbles.len()).filter_map(move |b| of.drawn(b, p)))
        .collect();
    if shown.is_empty() {
        return vec!["No case has both figures.".to_owned()];
    }
    let last = many(PLACES.0 - 1);
    let down = many(PLACES.1 - 1);
    let x = Scale::of(shown.iter().map(|p| p.0), 6, 0.0, last);
    let y = Scale::of(shown.iter().map(|p| p.1), 6, down, 0.0);
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
