//! Codings along a line: through one transcript, turn by turn, or through the study, interview by interview.

use super::Chart;
use super::svg::{ACCENT, Drawing, FAINT, LABEL, LINE, SMALL, STRONG, Side, cut, marks, width};

/// Where a theme stands on the line, and how much of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Place in `rows`.
    pub row: usize,
    /// From and to, on the line's own scale.
    pub from: f64,
    pub to: f64,
    pub codings: u64,
    /// What a pointer over it tells: a place, never words.
    pub hint: String,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    pub title: String,
    pub unit: String,
    pub rows: Vec<String>,
    pub marks: Vec<Mark>,
    /// Where the line begins and ends.
    pub from: f64,
    pub to: f64,
    /// What a terminal shows under both ends of the line.
    pub ends: (String, String),
    /// Words at places of the line; where there are none, numbers are put there.
    pub ticks: Vec<(f64, String)>,
    pub caveats: Vec<String>,
    pub head: Vec<String>,
    pub table: Vec<Vec<String>>,
    pub numeric: Vec<bool>,
}

const ROW: f64 = 26.0;
const LENGTH: f64 = 640.0;
const LABELS: f64 = 240.0;
const TOP: f64 = 34.0;

/// Draws bars where marks have a length, and dots (their area by the codings) where they have none.
pub fn timeline(of: &Timeline) -> Chart {
    let labels = of
        .rows
        .iter()
        .map(|r| width(r, LABEL))
        .fold(60.0, f64::max)
        .min(LABELS);
    let left = 16.0 + labels + 10.0;
    #[expect(clippy::cast_precision_loss, reason = "a picture has few rows")]
    let bottom = TOP + of.rows.len() as f64 * ROW;
    let mut d = Drawing::new(left + LENGTH + 40.0, bottom + 64.0);
    let long = (of.to - of.from).max(f64::MIN_POSITIVE);
    let place = |at: f64| left + LENGTH * ((at - of.from) / long).clamp(0.0, 1.0);
    for (n, row) in of.rows.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a picture has few rows")]
        let y = TOP + n as f64 * ROW;
        if n.is_multiple_of(2) {
            d.rect((left, y), (LENGTH, ROW), "#f7f9fa", "");
        }
        d.line(
            (left, y + ROW / 2.0),
            (left + LENGTH, y + ROW / 2.0),
            FAINT,
            1.0,
        );
        d.text(
            (left - 10.0, y + 17.0),
            Side::End,
            LABEL,
            &cut(row, LABEL, LABELS),
        );
    }
    let ticks: Vec<(f64, String)> = if of.ticks.is_empty() {
        marks(of.to, 8)
            .into_iter()
            .filter(|m| (of.from..=of.to).contains(m))
            .map(|m| (m, super::svg::number(m)))
            .collect()
    } else {
        of.ticks.clone()
    };
    // A word that would stand in the one before it is left out; its line stays.
    let mut free = f64::MIN;
    for (at, words) in &ticks {
        let x = place(*at);
        d.line((x, TOP - 4.0), (x, bottom + 6.0), LINE, 1.0);
        let half = width(words, SMALL) / 2.0;
        if x - half > free {
            d.text((x, bottom + 22.0), Side::Middle, SMALL, words);
            free = x + half + 6.0;
        }
    }
    let most = of.marks.iter().map(|m| m.codings).max().unwrap_or(1).max(1);
    for mark in &of.marks {
        #[expect(clippy::cast_precision_loss, reason = "a picture has few rows")]
        let y = TOP + mark.row as f64 * ROW + ROW / 2.0;
        let (from, to) = (place(mark.from), place(mark.to));
        if mark.to > mark.from {
            // What is short is still seen.
            d.rect(
                (from, y - 6.0),
                ((to - from).max(2.0), 12.0),
                ACCENT,
                &mark.hint,
            );
        } else {
            #[expect(
                clippy::cast_precision_loss,
                reason = "the share of a dot need not be exact"
            )]
            let share = mark.codings as f64 / most as f64;
            d.circle(
                (from, y),
                (11.0 * share.sqrt()).max(2.0),
                ACCENT,
                &mark.hint,
            );
        }
    }
    d.text((16.0, 20.0), Side::Start, STRONG, &of.title);
    if of.marks.iter().any(|m| m.to <= m.from) {
        let y = bottom + 46.0;
        d.circle((left + 11.0, y - 4.0), 11.0, ACCENT, "");
        d.text(
            (left + 28.0, y),
            Side::Start,
            SMALL,
            &format!("{most} codings; a dot of half the area stands for half as many"),
        );
    }
    let svg = d.finish(&format!("{}. {}", of.title, of.unit));
    Chart {
        pending: 0,
        title: of.title.clone(),
        unit: of.unit.clone(),
        caveats: of.caveats.clone(),
        head: of.head.clone(),
        rows: of.table.clone(),
        numeric: of.numeric.clone(),
        preview: preview(of),
        svg,
    }
}

/// One line for each row, sixty places long: a block where something stands, for dots as high as there is much.
fn preview(of: &Timeline) -> Vec<String> {
    const PLACES: usize = 60;
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = of.marks.iter().map(|m| m.codings).max().unwrap_or(1);
    let room = of
        .rows
        .iter()
        .map(|r| r.chars().count())
        .max()
        .unwrap_or(0)
        .min(40);
    let long = (of.to - of.from).max(f64::MIN_POSITIVE);
    of.rows
        .iter()
        .enumerate()
        .map(|(n, row)| {
            let mut line = ['·'; PLACES];
            let mut dots = [0; PLACES];
            for mark in of.marks.iter().filter(|m| m.row == n) {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    clippy::cast_precision_loss,
                    reason = "clamped to the line"
                )]
                let at = |x: f64| {
                    (((x - of.from) / long).clamp(0.0, 1.0) * (PLACES - 1) as f64).round() as usize
                };
                if mark.to > mark.from {
                    line[at(mark.from)..=at(mark.to)].fill('█');
                } else {
                    dots[at(mark.from)] += mark.codings;
                }
            }
            for (place, codings) in dots.iter().enumerate().filter(|(_, n)| **n > 0) {
                let level = (codings * HEIGHTS.len() as u64).div_ceil(most.max(1));
                let level = usize::try_from(level).unwrap_or(HEIGHTS.len());
                line[place] = HEIGHTS[level.clamp(1, HEIGHTS.len()) - 1];
            }
            let name: String = row.chars().take(40).collect();
            format!("{name:room$}  {}", line.iter().collect::<String>())
        })
        .chain([format!(
            "{:room$}  {}{:>w$}",
            "",
            of.ends.0,
            of.ends.1,
            w = PLACES.saturating_sub(of.ends.0.chars().count())
        )])
        .collect()
}
