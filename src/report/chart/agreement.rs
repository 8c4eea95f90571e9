//! Agreement by theme: a coefficient as a dot, its interval as a line through it, and what the study asks for.

use super::Chart;
use super::svg::{
    ACCENT, Drawing, FAINT, Face, LABEL, LINE, QUIET, SECOND, SMALL, STRONG, Side, cut, width,
};

/// A theme's coefficient.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreed {
    pub theme: String,
    /// None where it is not defined; `reason` says why.
    pub value: Option<f64>,
    pub reason: Option<String>,
    /// Lower and upper end of its interval.
    pub interval: Option<(f64, f64)>,
    /// Units compared.
    pub n: u64,
}

/// What the study asks of the coefficient.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    pub at_least: f64,
    pub meaning: String,
    pub source: String,
}

const ROW: f64 = 26.0;
const LENGTH: f64 = 460.0;
const LABELS: f64 = 240.0;
const TOP: f64 = 44.0;

/// Draws one coefficient for every theme. `statistic` is its name, `unit` what was compared and how.
pub fn agreement(
    statistic: &str,
    unit: &str,
    themes: &[Agreed],
    thresholds: &[Threshold],
    notes: &[String],
) -> Chart {
    let labels = themes
        .iter()
        .map(|t| width(&t.theme, LABEL))
        .fold(60.0, f64::max)
        .min(LABELS);
    let left = 16.0 + labels + 10.0;
    #[expect(clippy::cast_precision_loss, reason = "a picture has few rows")]
    let bottom = TOP + themes.len() as f64 * ROW;
    // Disagreement beyond chance is below 0 and is shown as far as it goes.
    let lowest = themes
        .iter()
        .flat_map(|t| [t.value, t.interval.map(|i| i.0)])
        .flatten()
        .fold(0.0, f64::min);
    let from = (lowest * 5.0).floor() / 5.0;
    let place = |v: f64| left + LENGTH * (v - from) / (1.0 - from);
    let mut d = Drawing::new(left + LENGTH + 90.0, bottom + 62.0);
    d.text(
        (16.0, 20.0),
        Side::Start,
        STRONG,
        &format!("{statistic} by theme"),
    );
    let mut at = from;
    while at < 1.001 {
        let x = place(at);
        d.line(
            (x, TOP - 4.0),
            (x, bottom + 4.0),
            if at.abs() < 0.001 { QUIET } else { LINE },
            1.0,
        );
        d.text(
            (x, bottom + 20.0),
            Side::Middle,
            SMALL,
            &super::svg::number(at),
        );
        at += 0.2;
    }
    for threshold in thresholds {
        let x = place(threshold.at_least);
        d.dashed((x, TOP - 10.0), (x, bottom + 4.0), SECOND, 1.5);
        d.text(
            (x, TOP - 14.0),
            Side::Middle,
            SMALL,
            &super::svg::number(threshold.at_least),
        );
    }
    for (n, theme) in themes.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a picture has few rows")]
        let y = TOP + n as f64 * ROW + ROW / 2.0;
        d.line((left, y), (left + LENGTH, y), FAINT, 1.0);
        d.text(
            (left - 10.0, y + 4.0),
            Side::End,
            LABEL,
            &cut(&theme.theme, LABEL, LABELS),
        );
        let Some(value) = theme.value else {
            d.text(
                (left + LENGTH + 12.0, y + 4.0),
                Side::Start,
                Face {
                    colour: QUIET,
                    ..LABEL
                },
                "n/a",
            );
            continue;
        };
        if let Some((low, high)) = theme.interval {
            d.line((place(low), y), (place(high), y), ACCENT, 2.0);
            for end in [low, high] {
                d.line((place(end), y - 4.0), (place(end), y + 4.0), ACCENT, 2.0);
            }
        }
        d.circle(
            (place(value), y),
            5.0,
            ACCENT,
            &format!(
                "{}: {}, {} units",
                theme.theme,
                super::decimal(value, 3),
                theme.n
            ),
        );
        d.text(
            (left + LENGTH + 12.0, y + 4.0),
            Side::Start,
            LABEL,
            &super::decimal(value, 2),
        );
    }
    if !thresholds.is_empty() {
        d.dashed(
            (left, bottom + 44.0),
            (left + 24.0, bottom + 44.0),
            SECOND,
            1.5,
        );
        d.text(
            (left + 30.0, bottom + 48.0),
            Side::Start,
            SMALL,
            "what the study asks for",
        );
    }
    let title = format!("{statistic} by theme");
    let mut caveats: Vec<String> = thresholds
        .iter()
        .map(|t| {
            format!(
                "From {}: {} ({}).",
                super::svg::number(t.at_least),
                t.meaning,
                t.source
            )
        })
        .collect();
    caveats.extend(notes.iter().cloned());
    let with = themes.iter().any(|t| t.interval.is_some());
    let svg = d.finish(&format!("{title}. {unit}"));
    let mut head = vec!["theme", "value"];
    if with {
        head.extend(["from", "to"]);
    }
    head.extend(["units", "why not"]);
    Chart {
        pending: 0,
        title,
        unit: unit.to_owned(),
        caveats,
        numeric: head
            .iter()
            .map(|h| !["theme", "why not"].contains(h))
            .collect(),
        rows: themes
            .iter()
            .map(|t| {
                let shown =
                    |v: Option<f64>| v.map_or_else(|| "n/a".to_owned(), |v| super::decimal(v, 3));
                let mut row = vec![t.theme.clone(), shown(t.value)];
                if with {
                    row.extend([
                        shown(t.interval.map(|i| i.0)),
                        shown(t.interval.map(|i| i.1)),
                    ]);
                }
                row.extend([t.n.to_string(), t.reason.clone().unwrap_or_default()]);
                row
            })
            .collect(),
        head: head.iter().map(ToString::to_string).collect(),
        svg,
        preview: preview(themes, from),
    }
}

/// A line for each theme from the lowest value to 1: the interval, and the value in it.
fn preview(themes: &[Agreed], from: f64) -> Vec<String> {
    const PLACES: usize = 41;
    let room = themes
        .iter()
        .map(|t| t.theme.chars().count())
        .max()
        .unwrap_or(0)
        .min(40);
    let mut lines: Vec<String> = themes
        .iter()
        .map(|t| {
            let mut line = ['·'; PLACES];
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "clamped to the line"
            )]
            let at = |v: f64| {
                (((v - from) / (1.0 - from)).clamp(0.0, 1.0) * (PLACES - 1) as f64).round() as usize
            };
            if let Some((low, high)) = t.interval {
                line[at(low)..=at(high)].fill('━');
            }
            if let Some(value) = t.value {
                line[at(value)] = '●';
            }
            let name: String = t.theme.chars().take(40).collect();
            let shown = t
                .value
                .map_or_else(|| "n/a".to_owned(), |v| super::decimal(v, 2));
            format!("{name:room$}  {}  {shown}", line.iter().collect::<String>())
        })
        .collect();
    if !lines.is_empty() {
        lines.push(format!(
            "{:room$}  {:<w$}1",
            "",
            super::svg::number(from),
            w = PLACES - 1
        ));
    }
    lines
}
