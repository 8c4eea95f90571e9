//! Lanes of cohorts, stroke by stroke.

use super::hatch;
use super::quantity::{Bands, heading, many};
use super::svg::{
    ACCENT, Drawing, Edge, FAINT, Face, INK, LABEL, LINE, QUIET, SECOND, SMALL, STRONG, Side, cut,
    width,
};
use super::waves::{Lane, Level, Waves};

const ROW: f64 = 20.0;
const LABELS: f64 = 230.0;
const LENGTH: f64 = 500.0;
const STEPS_HIGH: f64 = 46.0;
const TOP: f64 = 128.0;

pub(super) fn drawn(of: &Waves, bands: &Bands, title: &str) -> String {
    let names: Vec<&str> = match &of.levels {
        Some(_) => of.cohorts.iter().map(String::as_str).collect(),
        None => of.lanes.iter().map(|l| l.case.as_str()).collect(),
    };
    let row = if of.levels.is_some() { 34.0 } else { ROW };
    let labels = names
        .iter()
        .map(|n| width(n, LABEL))
        .fold(90.0, f64::max)
        .min(LABELS);
    let left = 16.0 + labels + 10.0;
    let bottom = TOP + many(names.len()) * row;
    let legend_lines = many(of.cohorts.len().div_ceil(2));
    let high = bottom + 36.0 + legend_lines * 20.0 + 24.0;
    let mut d = Drawing::new(left + LENGTH + 24.0, high);
    heading(&mut d, title);
    let long = (of.to - of.from).max(1.0);
    let place = |at: f64| left + LENGTH * ((at - of.from) / long).clamp(0.0, 1.0);
    let mut free = f64::MIN;
    for (at, words) in &of.ticks {
        let x = place(*at);
        d.line((x, TOP - 4.0), (x, bottom + 5.0), LINE, 0.8);
        let half = width(words, SMALL) / 2.0;
        if x - half > free && x + half < left + LENGTH + 22.0 {
            d.text((x, bottom + 18.0), Side::Middle, SMALL, words);
            free = x + half + 6.0;
        }
    }
    counts(&mut d, of, (left, &place));
    for (n, name) in names.iter().enumerate() {
        let y = TOP + many(n) * row;
        d.line((left, y + row), (left + LENGTH, y + row), FAINT, 1.0);
        d.text(
            (left - 10.0, y + row / 2.0 + 4.0),
            Side::End,
            LABEL,
            &cut(name, LABEL, LABELS),
        );
    }
    if let Some(levels) = &of.levels {
        for (cohort, levels) in levels.iter().enumerate() {
            let y = TOP + many(cohort) * row;
            level_bars(&mut d, (bands, cohort, levels), y, (&place, of.to));
        }
    } else {
        for (n, lane) in of.lanes.iter().enumerate() {
            joining(&mut d, lane, n, &place);
        }
        for (n, lane) in of.lanes.iter().enumerate() {
            lane_bars(&mut d, of, bands, (lane, n), &place);
        }
    }
    if names.is_empty() {
        d.text(
            (24.0, TOP - 20.0),
            Side::Start,
            STRONG,
            "No cohort has a member.",
        );
    }
    legend(&mut d, of, bands, (bottom + 34.0, left + LENGTH + 8.0));
    let last = of.counts.last().map_or(0, |c| c.1);
    d.finish(&format!(
        "{title}. {} lanes, {} cohorts; at the end {last} systems.",
        names.len(),
        of.cohorts.len()
    ))
}

/// How many systems, as steps over the lanes, each with its number where there is room.
fn counts(d: &mut Drawing, of: &Waves, (left, place): (f64, &impl Fn(f64) -> f64)) {
    let most = of.counts.iter().map(|c| c.1).max().unwrap_or(0);
    if most == 0 {
        return;
    }
    let base = TOP - 10.0;
    let height = |n: usize| base - STEPS_HIGH * many(n) / many(most);
    d.text((left - 10.0, base - 14.0), Side::End, STRONG, "systems");
    let mut points = Vec::new();
    for (n, (day, count)) in of.counts.iter().enumerate() {
        let from = place(day.at);
        let to = of.counts.get(n + 1).map_or(place(of.to), |c| place(c.0.at));
        let y = height(*count);
        d.rect((from, y), ((to - from).max(0.5), base - y), FAINT, "");
        points.extend([(from, y), (to, y)]);
    }
    d.line((left, base), (left + LENGTH, base), LINE, 1.0);
    d.path(&points, ACCENT, 2.0, "");
    let mut free = f64::MIN;
    for (day, count) in &of.counts {
        let words = count.to_string();
        let x = place(day.at);
        if x > free {
            d.text((x, height(*count) - 4.0), Side::Start, STRONG, &words);
            free = x + width(&words, STRONG) + 4.0;
        }
    }
}

fn lane_bars(
    d: &mut Drawing,
    of: &Waves,
    bands: &Bands,
    (lane, n): (&Lane, usize),
    place: &impl Fn(f64) -> f64,
) {
    let y = TOP + many(n) * ROW;
    if let Some(from) = lane.stands_for {
        let x = place(from);
        let end = place(of.to);
        d.rect(
            (x, y + ROW / 2.0 - 1.5),
            ((end - x).max(1.0), 3.0),
            SECOND,
            &format!("{}: stands for members that became it", lane.case),
        );
    }
    // Cohorts at the same time share the lane.
    let each = (ROW - 4.0) / many(lane.stays.len().max(1));
    for (m, stay) in lane.stays.iter().enumerate() {
        let from = stay
            .from
            .as_ref()
            .map_or(place(of.from), |day| place(day.at));
        let to = stay.to.as_ref().map_or(place(of.to), |day| place(day.at));
        let at = (from, y + 2.0 + many(m) * each);
        let size = ((to - from).max(2.0), each.max(2.0));
        let since = stay.from.as_ref().map_or("not known", |d| d.words.as_str());
        let cohort = of.cohorts.get(stay.cohort).map_or("", String::as_str);
        let hint = format!("{}: {cohort}, since {since}", lane.case);
        if stay.part.is_some() {
            d.framed(at, size, "#ffffff", &Edge::of(ACCENT, 1.4), &hint);
        } else {
            hatch::bar(d, at, size, (bands, stay.cohort), &hint);
        }
        if size.0 >= 14.0 && each >= 12.0 {
            let signs = bands.signs();
            let hollow = stay.part.is_some();
            let (ground, ink) = if hollow {
                ("#ffffff", INK)
            } else {
                (bands.shade(stay.cohort), bands.on(stay.cohort))
            };
            // On a ground of its own, so that stripes do not run through it.
            d.rect((at.0 + 1.5, at.1 + 1.5), (11.0, each - 3.0), ground, "");
            d.text(
                (at.0 + 7.0, at.1 + each / 2.0 + 4.0),
                Side::Middle,
                Face {
                    colour: ink,
                    bold: true,
                    size: 11.0,
                    ..LABEL
                },
                signs.get(stay.cohort).map_or("", String::as_str),
            );
        }
    }
}

/// Lines into the lanes of successors, and broken ones into those of wholes.
fn joining(d: &mut Drawing, lane: &Lane, n: usize, place: &impl Fn(f64) -> f64) {
    let middle = |n: usize| TOP + many(n) * ROW + ROW / 2.0;
    for joins in &lane.joins {
        let x = place(joins.on);
        let (from, to) = ((x, middle(n)), (x, middle(joins.lane)));
        if joins.ends {
            d.line(from, to, SECOND, 2.0);
            d.ring(to, 3.0, SECOND, &Edge::NONE, "");
        } else {
            d.dashed(from, to, QUIET, 1.0);
        }
    }
}

/// A cohort's members as steps: as high as they are many, hollow as far as they are covered in part.
fn level_bars(
    d: &mut Drawing,
    (bands, cohort, levels): (&Bands, usize, &[Level]),
    y: f64,
    (place, end): (&impl Fn(f64) -> f64, f64),
) {
    let most = levels.iter().map(|l| l.members).max().unwrap_or(0).max(1);
    let name = bands.word(cohort);
    let mut free = f64::MIN;
    for (n, level) in levels.iter().enumerate() {
        if level.members == 0 {
            continue;
        }
        let from = place(level.from);
        let to = levels
            .get(n + 1)
            .map_or(place(end), |next| place(next.from));
        let room = 26.0;
        let high = |n: usize| room * many(n) / many(most);
        let whole = level.members - level.in_part.min(level.members);
        let base = y + 31.0;
        let hint = format!(
            "{name}: {} members, {} in part",
            level.members, level.in_part
        );
        let wide = (to - from).max(2.0);
        hatch::bar(
            d,
            (from, base - high(whole)),
            (wide, high(whole)),
            (bands, cohort),
            &hint,
        );
        if level.in_part > 0 {
            d.framed(
                (from, base - high(level.members)),
                (wide, high(level.in_part)),
                "#ffffff",
                &Edge::of(ACCENT, 1.2),
                &hint,
            );
        }
        let words = level.members.to_string();
        if from > free && wide > width(&words, STRONG) + 6.0 {
            let ground = width(&words, STRONG) + 4.0;
            d.rect((from + 2.0, base - 15.0), (ground, 14.0), "#ffffff", "");
            d.text((from + 4.0, base - 4.0), Side::Start, STRONG, &words);
            free = from + ground + 4.0;
        }
    }
}

fn legend(d: &mut Drawing, of: &Waves, bands: &Bands, (y, wide): (f64, f64)) {
    let half = wide / 2.0;
    for cohort in 0..of.cohorts.len() {
        let at = (16.0 + half * many(cohort % 2), y + 20.0 * many(cohort / 2));
        hatch::bar(d, (at.0 + 22.0, at.1), (30.0, 16.0), (bands, cohort), "");
        hatch::letter(d, at, bands, cohort);
        let words = cut(bands.word(cohort), SMALL, half - 74.0);
        d.text((at.0 + 58.0, at.1 + 12.0), Side::Start, SMALL, &words);
    }
    let y = y + 20.0 * many(of.cohorts.len().div_ceil(2)) + 4.0;
    let mut x = 16.0;
    let mut item = |d: &mut Drawing, words: &str, sign: fn(&mut Drawing, f64, f64)| {
        let long = width(words, SMALL);
        if x + 27.0 + long > wide {
            return;
        }
        sign(d, x, y);
        d.text((x + 27.0, y + 12.0), Side::Start, SMALL, words);
        x += 27.0 + long + 16.0;
    };
    if of
        .lanes
        .iter()
        .flat_map(|l| &l.stays)
        .any(|s| s.part.is_some())
    {
        item(d, "in part", |d, x, y| {
            d.framed(
                (x, y + 1.0),
                (22.0, 14.0),
                "#ffffff",
                &Edge::of(ACCENT, 1.4),
                "",
            );
        });
    }
    if of.levels.is_some() {
        return;
    }
    let joins = || of.lanes.iter().flat_map(|l| &l.joins);
    if joins().any(|j| j.ends) {
        item(d, "became", |d, x, y| {
            d.line((x + 8.0, y + 1.0), (x + 8.0, y + 13.0), SECOND, 2.0);
            d.ring((x + 8.0, y + 13.0), 3.0, SECOND, &Edge::NONE, "");
        });
        item(d, "stands for what became it", |d, x, y| {
            d.rect((x, y + 7.0), (22.0, 3.0), SECOND, "");
        });
    }
    if joins().any(|j| !j.ends) {
        item(d, "counts with its whole", |d, x, y| {
            d.dashed((x + 11.0, y), (x + 11.0, y + 16.0), QUIET, 1.0);
        });
    }
}
