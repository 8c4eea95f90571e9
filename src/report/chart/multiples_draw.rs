//! Small multiples, stroke by stroke.

use super::multiples::{Known, Multiples, Panel, Strand};
use super::quantity::{Scale, heading, many};
use super::svg::{
    ACCENT, Drawing, Edge, FAINT, LABEL, LINE, QUIET, SECOND, SMALL, STRONG, Side, cut, width,
};
use crate::report::phrase::capital;

const PANEL: (f64, f64) = (168.0, 84.0);
const GAP: (f64, f64) = (22.0, 38.0);
const TOP: f64 = 66.0;
const NATIONAL: &str = "#9aa5ae";

pub(super) fn drawn(of: &Multiples, title: &str) -> String {
    let columns = of.panels.len().clamp(1, 4);
    let lines = of.panels.len().div_ceil(columns).max(1);
    let bands: Vec<f64> = (0..of.bands.len()).map(|n| -many(n)).collect();
    let sketch = Scale::of(of.heights().chain(bands), 3, PANEL.1, 0.0);
    let ticks: Vec<(f64, String)> = if of.bands.is_empty() {
        sketch.ticks()
    } else {
        let names = of.bands.iter().enumerate();
        names.map(|(n, b)| (-many(n), b.clone())).collect()
    };
    let labels = ticks
        .iter()
        .map(|t| width(&t.1, SMALL))
        .fold(24.0, f64::max)
        .min(120.0);
    let left = 14.0 + labels + 8.0;
    let wide = left + many(columns) * (PANEL.0 + GAP.0) + 6.0;
    // A study with one or two cases still has room for its title and its legend.
    let wide = wide.max(560.0);
    let high = TOP + many(lines) * (PANEL.1 + GAP.1) + 34.0;
    let mut d = Drawing::new(wide, high);
    heading(
        &mut d,
        &cut(
            &of.of.axis().replacen(&capital(&of.of.name), title, 1),
            STRONG,
            wide - 90.0,
        ),
    );
    legend(&mut d, of, wide);
    let first = of.times.first().map_or(0.0, |t| t.from);
    let last = of.times.last().map_or(1.0, |t| t.to).max(first + 1.0);
    let across = |x: f64, day: f64| {
        x + 6.0 + (PANEL.0 - 12.0) * ((day - first) / (last - first)).clamp(0.0, 1.0)
    };
    for (n, panel) in of.panels.iter().enumerate() {
        let (column, line) = (n % columns, n / columns);
        let x = left + many(column) * (PANEL.0 + GAP.0);
        let y = TOP + many(line) * (PANEL.1 + GAP.1);
        let scale = sketch.moved(y + PANEL.1 - 5.0, y + 5.0);
        d.rect((x, y), PANEL, FAINT, "");
        d.text(
            (x, y - 5.0),
            Side::Start,
            LABEL,
            &cut(&panel.case, LABEL, PANEL.0),
        );
        for (value, words) in &ticks {
            let at = scale.place(*value);
            d.line((x, at), (x + PANEL.0, at), LINE, 0.7);
            if column == 0 {
                d.text(
                    (x - 6.0, at + 4.0),
                    Side::End,
                    SMALL,
                    &cut(words, SMALL, 120.0),
                );
            }
        }
        let place = |k: &Known| (across(x, of.middle(k)), scale.place(of.height(k.value)));
        if let Some((_, known)) = &of.national {
            for run in of.runs(known, &[]) {
                let points: Vec<(f64, f64)> = run.iter().map(|k| place(k)).collect();
                strand(&mut d, &points, NATIONAL, 1.2);
            }
        }
        for b in &panel.breaks {
            let at = across(x, b.day);
            d.dashed((at, y + 1.0), (at, y + PANEL.1 - 1.0), QUIET, 1.0);
        }
        for s in &panel.strands {
            let (colour, thick) = match s.before {
                Some(_) => (SECOND, 1.3),
                None => (ACCENT, 2.0),
            };
            for run in of.runs(&s.known, &panel.breaks) {
                let points: Vec<(f64, f64)> = run.iter().map(|k| place(k)).collect();
                if points.len() > 1 {
                    d.path(&points, colour, thick, "");
                }
            }
            for k in &s.known {
                let alone = of
                    .runs(&s.known, &panel.breaks)
                    .iter()
                    .any(|r| r.len() == 1 && r[0] == k);
                dot(&mut d, of, panel, (s, k), place(k), alone);
            }
        }
        for (time, _) in &panel.conflicts {
            let day = of
                .times
                .get(*time)
                .map_or(first, |t| f64::midpoint(t.from, t.to));
            let (cx, cy) = (across(x, day), y + PANEL.1 - 9.0);
            d.line((cx - 3.5, cy - 3.5), (cx + 3.5, cy + 3.5), QUIET, 1.6);
            d.line((cx - 3.5, cy + 3.5), (cx + 3.5, cy - 3.5), QUIET, 1.6);
        }
        // Under the last panel of each column.
        if n + columns >= of.panels.len() {
            time_axis(&mut d, of, (x, y + PANEL.1 + 14.0));
        }
    }
    if of.panels.is_empty() {
        d.text(
            (24.0, TOP + 10.0),
            Side::Start,
            STRONG,
            "No case has a figure.",
        );
    }
    d.finish(&format!(
        "{title}. {} panels on one scale.",
        of.panels.len()
    ))
}

fn strand(d: &mut Drawing, points: &[(f64, f64)], colour: &'static str, thick: f64) {
    match points {
        [] => {}
        [one] => d.line((one.0 - 4.0, one.1), (one.0 + 4.0, one.1), colour, thick),
        points => d.path(points, colour, thick, ""),
    }
}

/// A dot where a figure stands alone, where it is provisional, and where there are few; else the line says enough.
fn dot(
    d: &mut Drawing,
    of: &Multiples,
    panel: &Panel,
    (strand, known): (&Strand, &Known),
    at: (f64, f64),
    alone: bool,
) {
    if !alone && !known.provisional && of.times.len() > 14 {
        return;
    }
    let colour = if strand.before.is_some() {
        SECOND
    } else {
        ACCENT
    };
    let label = of.times.get(known.time).map_or("", |t| t.label.as_str());
    let case = strand.before.as_ref().unwrap_or(&panel.case);
    let hint = format!("{case}, {label}: {}", of.shown(known.value));
    if known.provisional {
        d.ring(at, 3.0, "#ffffff", &Edge::of(colour, 1.4), &hint);
    } else {
        d.ring(
            at,
            if alone { 3.2 } else { 2.4 },
            colour,
            &Edge::NONE,
            &hint,
        );
    }
}

/// The first and the last period, as far as there is room for both.
fn time_axis(d: &mut Drawing, of: &Multiples, at: (f64, f64)) {
    let (Some(first), Some(last)) = (of.times.first(), of.times.last()) else {
        return;
    };
    if of.times.len() == 1 {
        let words = cut(&first.label, SMALL, PANEL.0);
        d.text((at.0 + PANEL.0 / 2.0, at.1), Side::Middle, SMALL, &words);
        return;
    }
    let room = PANEL.0 / 2.0 - 4.0;
    d.text(at, Side::Start, SMALL, &cut(&first.label, SMALL, room));
    let end = (at.0 + PANEL.0, at.1);
    d.text(end, Side::End, SMALL, &cut(&last.label, SMALL, room));
}

fn legend(d: &mut Drawing, of: &Multiples, most: f64) {
    let mut x = 16.0;
    let y = 40.0;
    if let Some((case, _)) = &of.national {
        d.line((x, y - 4.0), (x + 18.0, y - 4.0), NATIONAL, 1.6);
        let words = cut(case, SMALL, 150.0);
        d.text((x + 23.0, y), Side::Start, SMALL, &words);
        x += 23.0 + width(&words, SMALL) + 18.0;
    }
    let has = |takes: fn(&Strand) -> bool| of.panels.iter().flat_map(|p| &p.strands).any(takes);
    let mut item = |d: &mut Drawing, words: &str, sign: fn(&mut Drawing, f64, f64)| {
        let long = width(words, SMALL);
        if x + 23.0 + long > most {
            return;
        }
        sign(d, x, y - 4.0);
        d.text((x + 23.0, y), Side::Start, SMALL, words);
        x += 23.0 + long + 18.0;
    };
    if has(|s| s.before.is_some()) {
        item(d, "a case before it", |d, x, y| {
            d.line((x, y), (x + 18.0, y), SECOND, 1.4);
        });
    }
    if of.panels.iter().any(|p| !p.breaks.is_empty()) {
        item(d, "merged or renamed", |d, x, y| {
            d.dashed((x + 9.0, y - 7.0), (x + 9.0, y + 7.0), QUIET, 1.0);
        });
    }
    if of.is_any(|k| k.provisional) {
        item(d, "provisional", |d, x, y| {
            d.ring((x + 9.0, y), 3.0, "#ffffff", &Edge::of(ACCENT, 1.4), "");
        });
    }
    if of.panels.iter().any(|p| !p.conflicts.is_empty()) {
        item(d, "sources disagree", |d, x, y| {
            d.line((x + 5.5, y - 3.5), (x + 12.5, y + 3.5), QUIET, 1.6);
            d.line((x + 5.5, y + 3.5), (x + 12.5, y - 3.5), QUIET, 1.6);
        });
    }
}
