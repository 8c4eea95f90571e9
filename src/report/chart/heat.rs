//! A heat map: how much of each theme in each case, as shades with their numbers.

use super::Chart;
use super::svg::{Drawing, FAINT, Face, INK, LABEL, QUIET, SMALL, STEPS, STRONG, Side, cut, width};
use crate::analysis::matrix::Matrix;
use crate::report::phrase::number as grouped;

const CELL: (f64, f64) = (64.0, 24.0);
const EDGE: f64 = 16.0;
/// Labels are no wider than this.
const LABELS: f64 = 260.0;

/// Draws a table of counts. `what` names rows and columns: ("theme", "case").
pub fn heat(matrix: &Matrix, what: (&str, &str)) -> Chart {
    let most = matrix.cells.iter().flatten().copied().max().unwrap_or(0);
    let shades = Shades::of(most);
    let labels = matrix
        .rows
        .iter()
        .map(|r| width(r, LABEL))
        .fold(60.0, f64::max)
        .min(LABELS);
    // Column heads stand upright where they fit, and on a slant where they don't.
    let longest = matrix
        .cols
        .iter()
        .map(|c| width(c, STRONG))
        .fold(0.0, f64::max);
    let slanted = longest > CELL.0 - 6.0;
    let heads = if slanted {
        longest.min(LABELS) * 0.72 + 14.0
    } else {
        22.0
    };
    #[expect(
        clippy::cast_precision_loss,
        reason = "a table has few rows and columns"
    )]
    let (rows, cols) = (matrix.rows.len() as f64, matrix.cols.len() as f64);
    let left = EDGE + labels + 10.0;
    let top = EDGE + heads;
    let beyond = if slanted { heads * 0.8 } else { 0.0 };
    let mut d = Drawing::new(
        (left + cols * CELL.0 + beyond).max(left + 300.0) + EDGE,
        top + rows * CELL.1 + 56.0,
    );
    for (col, name) in matrix.cols.iter().enumerate() {
        let x = left + place(col) * CELL.0 + CELL.0 / 2.0;
        let words = cut(name, STRONG, if slanted { LABELS } else { CELL.0 });
        if slanted {
            let face = Face {
                turned: -45.0,
                ..STRONG
            };
            d.text((x - 4.0, top - 8.0), Side::Start, face, &words);
        } else {
            d.text((x, top - 8.0), Side::Middle, STRONG, &words);
        }
    }
    for (row, name) in matrix.rows.iter().enumerate() {
        let y = top + place(row) * CELL.1;
        d.text(
            (left - 10.0, y + 16.0),
            Side::End,
            LABEL,
            &cut(name, LABEL, LABELS),
        );
        for (col, n) in matrix.cells[row].iter().enumerate() {
            let x = left + place(col) * CELL.0;
            let shade = shades.of_count(*n);
            let hint = format!(
                "{name}, {}: {} {}",
                matrix.cols[col],
                grouped(usize::try_from(*n).unwrap_or(usize::MAX)),
                matrix.count
            );
            d.rect(
                (x + 1.0, y + 1.0),
                (CELL.0 - 2.0, CELL.1 - 2.0),
                shade.map_or(FAINT, |s| STEPS[s]),
                &hint,
            );
            let face = Face {
                colour: match shade {
                    None => QUIET,
                    Some(s) if s >= 3 => "#ffffff",
                    Some(_) => INK,
                },
                ..LABEL
            };
            let shown = if *n == 0 {
                "–".to_owned()
            } else {
                grouped(usize::try_from(*n).unwrap_or(usize::MAX))
            };
            d.text((x + CELL.0 / 2.0, y + 16.0), Side::Middle, face, &shown);
        }
    }
    let y = top + rows * CELL.1 + 24.0;
    let mut x = left;
    for (step, (from, to)) in shades.ranges().into_iter().enumerate() {
        let words = if from == to {
            from.to_string()
        } else {
            format!("{from}–{to}")
        };
        d.rect((x, y), (14.0, 14.0), STEPS[shades.step(step)], "");
        d.text((x + 19.0, y + 11.0), Side::Start, SMALL, &words);
        x += 30.0 + width(&words, SMALL);
    }
    d.text((x, y + 11.0), Side::Start, SMALL, matrix.count.word());
    let title = format!("{} by {}", super::super::phrase::capital(what.0), what.1);
    let unit = format!("A cell counts {}.", matrix.count);
    let svg = d.finish(&format!(
        "{title}. {unit} The table below has every number."
    ));
    let mut head = vec![what.0.to_owned()];
    head.extend(matrix.cols.iter().cloned());
    head.push("total".to_owned());
    let mut table: Vec<Vec<String>> = Vec::new();
    let line = |name: &str, cells: &[u64], total: u64| {
        std::iter::once(name.to_owned())
            .chain(cells.iter().chain([&total]).map(ToString::to_string))
            .collect::<Vec<String>>()
    };
    for (n, name) in matrix.rows.iter().enumerate() {
        table.push(line(name, &matrix.cells[n], matrix.row_totals[n]));
    }
    table.push(line("total", &matrix.col_totals, matrix.total));
    let mut caveats = Vec::new();
    if matrix.pending > 0 {
        caveats.push(format!(
            "Codings that wait for their place in a corrected text, and are not counted: {}.",
            matrix.pending
        ));
    }
    caveats.push(
        "How often a theme was coded says how much was said and coded, not how much it matters."
            .to_owned(),
    );
    Chart {
        pending: matrix.pending,
        title,
        unit,
        caveats,
        numeric: std::iter::once(false)
            .chain(std::iter::repeat_n(true, head.len() - 1))
            .collect(),
        head,
        rows: table,
        svg,
        preview: preview(matrix, &shades),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a table has few rows and columns"
)]
fn place(n: usize) -> f64 {
    n as f64
}

/// Shades and numbers, cut to a line that a terminal shows.
fn preview(matrix: &Matrix, shades: &Shades) -> Vec<String> {
    const SIGNS: [char; 5] = ['░', '▒', '▓', '█', '█'];
    const NAME: usize = 28;
    const COLUMN: usize = 10;
    let fit = |words: &str, room: usize| {
        let cut: String = if words.chars().count() > room {
            words.chars().take(room - 1).chain(['…']).collect()
        } else {
            words.to_owned()
        };
        let pad = room.saturating_sub(unicode_width::UnicodeWidthStr::width(cut.as_str()));
        cut + &" ".repeat(pad)
    };
    let mut lines = vec![format!(
        "{}  {}",
        " ".repeat(NAME),
        matrix
            .cols
            .iter()
            .map(|c| fit(c, COLUMN))
            .collect::<Vec<_>>()
            .join(" ")
    )];
    for (row, name) in matrix.rows.iter().enumerate() {
        let cells: Vec<String> = matrix.cells[row]
            .iter()
            .map(|n| match shades.of_count(*n) {
                None => fit("·", COLUMN),
                Some(s) => fit(
                    &format!("{} {n}", SIGNS[s].to_string().repeat(s + 1)),
                    COLUMN,
                ),
            })
            .collect();
        lines.push(format!("{}  {}", fit(name, NAME), cells.join(" ")));
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// Counts from 1 to the most, in as many ranges of one width as there are shades; fewer where the most is small.
struct Shades {
    most: u64,
    ranges: u64,
}

impl Shades {
    fn of(most: u64) -> Self {
        Self {
            most,
            ranges: most.min(STEPS.len() as u64),
        }
    }

    /// Which range a count falls into; none for nothing.
    fn range(&self, n: u64) -> Option<u64> {
        // n runs from 1 to the most: (n - 1) / most is below 1.
        (n > 0).then(|| (n - 1).min(self.most - 1) * self.ranges / self.most)
    }

    fn of_count(&self, n: u64) -> Option<usize> {
        self.range(n)
            .map(|r| self.step(usize::try_from(r).unwrap_or_default()))
    }

    /// The shade of a range: the last is always the darkest.
    fn step(&self, range: usize) -> usize {
        let ranges = usize::try_from(self.ranges).unwrap_or_default();
        if ranges <= 1 {
            STEPS.len() - 1
        } else {
            range * (STEPS.len() - 1) / (ranges - 1)
        }
    }

    /// First and last count of each range.
    fn ranges(&self) -> Vec<(u64, u64)> {
        (0..self.ranges)
            .map(|r| {
                // The first n with (n - 1) * ranges / most = r.
                let first = |r: u64| (r * self.most).div_ceil(self.ranges) + 1;
                (first(r), first(r + 1) - 1)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_legend_says_which_counts_have_which_shade(most in 1u64..400) {
            let shades = Shades::of(most);
            let ranges = shades.ranges();
            prop_assert_eq!(ranges.first().map(|r| r.0), Some(1));
            prop_assert_eq!(ranges.last().map(|r| r.1), Some(most));
            for pair in ranges.windows(2) {
                prop_assert_eq!(pair[0].1 + 1, pair[1].0);
            }
            for n in 1..=most {
                let (range, _) = ranges.iter().enumerate().find(|(_, (a, b))| (*a..=*b).contains(&n)).expect("in one");
                prop_assert_eq!(shades.of_count(n), Some(shades.step(range)));
            }
            prop_assert_eq!(shades.of_count(0), None);
            prop_assert_eq!(shades.of_count(most), Some(STEPS.len() - 1));
        }
    }
}
