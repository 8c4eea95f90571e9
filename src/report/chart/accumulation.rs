//! How codes accumulate, interview by interview: all so far as a line, the new ones as bars.

use super::Chart;
use super::svg::{ACCENT, Drawing, Face, LINE, QUIET, SECOND, SMALL, STRONG, Side, cut, marks};

/// One interview in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accumulated {
    pub transcript: String,
    pub date: Option<String>,
    /// Codes that no interview before it had.
    pub new: u64,
    /// Different codes in all interviews up to it.
    pub total: u64,
}

const PLOT: (f64, f64) = (640.0, 280.0);
const LEFT: f64 = 56.0;
const TOP: f64 = 40.0;

/// Draws the curve. `order` says in which order the interviews stand, `notes` what else a reader should know.
pub fn accumulation(interviews: &[Accumulated], order: &str, notes: &[String]) -> Chart {
    let most = interviews.last().map_or(0, |i| i.total);
    #[expect(clippy::cast_precision_loss, reason = "a codebook has few codes")]
    let marks = marks(most as f64, 5);
    let top = marks.last().copied().unwrap_or(1.0);
    #[expect(clippy::cast_precision_loss, reason = "a study has few interviews")]
    let step = PLOT.0 / (interviews.len().max(1) as f64);
    let mut d = Drawing::new(LEFT + PLOT.0 + 40.0, TOP + PLOT.1 + 84.0);
    let height = |n: f64| TOP + PLOT.1 - PLOT.1 * n / top;
    for mark in &marks {
        let y = height(*mark);
        d.line((LEFT, y), (LEFT + PLOT.0, y), LINE, 1.0);
        d.text(
            (LEFT - 8.0, y + 4.0),
            Side::End,
            SMALL,
            &super::svg::number(*mark),
        );
    }
    d.text((LEFT - 40.0, 20.0), Side::Start, STRONG, "Different codes");
    let mut points = Vec::new();
    // Every label where there is room for it, else every so many.
    let every = (interviews.len() / 30) + 1;
    for (n, i) in interviews.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a study has few interviews")]
        let x = LEFT + step * (n as f64 + 0.5);
        #[expect(clippy::cast_precision_loss, reason = "a codebook has few codes")]
        let (new, total) = (i.new as f64, i.total as f64);
        let wide = (step * 0.6).min(28.0);
        let hint = format!("{}: {} new, {} so far", i.transcript, i.new, i.total);
        if i.new > 0 {
            d.rect(
                (x - wide / 2.0, height(new)),
                (wide, PLOT.1 * new / top),
                SECOND,
                &hint,
            );
        }
        points.push((x, height(total)));
        if n.is_multiple_of(every) {
            let face = Face {
                turned: -45.0,
                ..SMALL
            };
            d.text(
                (x + 4.0, TOP + PLOT.1 + 16.0),
                Side::End,
                face,
                &cut(&i.transcript, SMALL, 70.0),
            );
        }
    }
    d.path(&points, ACCENT, 2.5, "");
    for (point, i) in points.iter().zip(interviews) {
        d.circle(
            *point,
            3.0,
            ACCENT,
            &format!("{}: {} so far", i.transcript, i.total),
        );
    }
    let y = TOP + PLOT.1 + 74.0;
    d.line((LEFT, y - 4.0), (LEFT + 22.0, y - 4.0), ACCENT, 2.5);
    d.circle((LEFT + 11.0, y - 4.0), 3.0, ACCENT, "");
    d.text((LEFT + 28.0, y), Side::Start, SMALL, "all so far");
    d.rect((LEFT + 110.0, y - 10.0), (12.0, 12.0), SECOND, "");
    d.text(
        (LEFT + 128.0, y),
        Side::Start,
        SMALL,
        "new in this interview",
    );
    if interviews.is_empty() {
        d.text(
            (LEFT + 20.0, TOP + 40.0),
            Side::Start,
            Face {
                colour: QUIET,
                ..STRONG
            },
            "No interview is coded.",
        );
    }
    let title = "Codes found, interview by interview".to_owned();
    let unit = format!("Counted are different codes. Interviews stand in order of {order}.");
    let svg = d.finish(&format!(
        "{title}. {unit} {most} codes after {} interviews.",
        interviews.len()
    ));
    let dated = interviews.iter().any(|i| i.date.is_some());
    let mut head = vec!["interview"];
    if dated {
        head.push("date");
    }
    head.extend(["new", "so far"]);
    Chart {
        pending: 0,
        title,
        unit,
        caveats: notes.to_vec(),
        numeric: head.iter().map(|h| ["new", "so far"].contains(h)).collect(),
        head: head.iter().map(ToString::to_string).collect(),
        rows: interviews
            .iter()
            .map(|i| {
                let mut row = vec![i.transcript.clone()];
                if dated {
                    row.push(i.date.clone().unwrap_or_default());
                }
                row.extend([i.new.to_string(), i.total.to_string()]);
                row
            })
            .collect(),
        svg,
        preview: preview(interviews, most),
    }
}

fn preview(interviews: &[Accumulated], most: u64) -> Vec<String> {
    let room = interviews
        .iter()
        .map(|i| i.transcript.chars().count())
        .max()
        .unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "a codebook has few codes")]
    interviews
        .iter()
        .map(|i| {
            format!(
                "{:room$}  {} {} (+{})",
                i.transcript,
                super::bar(i.total as f64 / most.max(1) as f64, 40),
                i.total,
                i.new
            )
        })
        .collect()
}
