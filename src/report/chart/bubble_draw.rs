//! How the bubble chart is drawn: panels, strips for what is not known, signs, labels and the legend.

use super::bubble::{Axis, Bubbles, Join, Reference, Standing};
use super::place_labels::{Area, Disc, Ground, Placed, Point, Wanted, place};
use super::quantity::{Scale, at, heading, many};
use super::svg::{
    ACCENT, Drawing, Edge, FAINT, Face, INK, LABEL, LINE, QUIET, SECOND, SMALL, STRONG, Side, cut,
    width,
};

const LEFT: f64 = 76.0;
const EDGE: f64 = 20.0;
const TOP: f64 = 44.0;
/// A strip along an axis, for cases of which the other figure is not known.
const STRIP: f64 = 46.0;
/// Names are no wider than this in the picture.
const NAME: f64 = 150.0;
const LARGEST: f64 = 26.0;
const PLAIN: f64 = 9.0;
/// With more cases than this, two periods stand one above the other.
const BESIDE: usize = 16;
const SIGN: Face = Face {
    size: 10.0,
    bold: true,
    ..LABEL
};

/// What all panels share.
struct Plan {
    x: Scale,
    y: Scale,
    size: (f64, f64),
    most: f64,
    strips: (bool, bool),
}

impl Plan {
    fn radius(&self, of: &Bubbles, s: &Standing) -> f64 {
        match (&of.size, s.size) {
            (None, _) => PLAIN,
            (Some(_), None) => 7.0,
            (Some(_), Some(value)) => (LARGEST * (at(value).max(0.0) / self.most).sqrt()).max(2.5),
        }
    }
}

/// A panel: which periods it shows (an arrow's start, and what is filled), and where its plot stands.
struct Panel {
    from: Option<usize>,
    to: usize,
    at: Point,
}

pub(super) fn draw(of: &Bubbles, said: &str) -> String {
    let arrows = of.join == Join::Arrows && of.periods.len() > 1;
    let shown: Vec<usize> = (0..of.periods.len()).collect();
    let beside = !arrows && shown.len() > 1 && of.bubbles.len() <= BESIDE;
    let plot = if beside {
        (470.0, 420.0)
    } else {
        (880.0, 560.0)
    };
    let values = |pick: &dyn Fn(&Standing) -> Option<f64>, axis: Axis| -> Vec<f64> {
        of.bubbles
            .iter()
            .flat_map(|b| b.standing.iter().filter_map(pick))
            .chain(
                of.references
                    .iter()
                    .filter(|r| r.axis == axis)
                    .map(|r| at(r.value)),
            )
            .collect()
    };
    let xs = values(&|s| s.x.map(at), Axis::X);
    let ys = values(&|s| s.y.map(at), Axis::Y);
    // Strips are where somebody stands in them; in all panels, so that scales stay the same.
    let lone = |f: &dyn Fn(&Standing) -> bool| of.bubbles.iter().any(|b| b.standing.iter().any(f));
    let strips = (
        lone(&|s| s.x.is_none() && s.y.is_some()),
        lone(&|s| s.x.is_some() && s.y.is_none()),
    );
    let plan = Plan {
        x: Scale::of(xs.into_iter(), if beside { 6 } else { 9 }, 0.0, plot.0),
        y: Scale::of(ys.into_iter(), 7, plot.1, 0.0),
        size: plot,
        most: of
            .bubbles
            .iter()
            .flat_map(|b| b.standing.iter().filter_map(|s| s.size.map(at)))
            .fold(f64::MIN_POSITIVE, f64::max),
        strips,
    };
    let side = if strips.0 { STRIP + 8.0 } else { 0.0 };
    let below = if strips.1 { STRIP + 8.0 } else { 0.0 };
    let step = (LEFT + side + plot.0 + EDGE, TOP + plot.1 + below + 52.0);
    let panels: Vec<Panel> = if arrows {
        vec![Panel {
            from: Some(0),
            to: 1,
            at: (LEFT + side, TOP + 14.0),
        }]
    } else {
        shown
            .iter()
            .map(|p| Panel {
                from: None,
                to: *p,
                at: (
                    LEFT + side + if beside { many(*p) * step.0 } else { 0.0 },
                    TOP + 14.0 + if beside { 0.0 } else { many(*p) * step.1 },
                ),
            })
            .collect()
    };
    let wide = if beside {
        step.0 * many(panels.len())
    } else {
        step.0
    };
    let tall = 14.0
        + if beside {
            step.1
        } else {
            step.1 * many(panels.len())
        };
    // The legend's height is known when it is drawn: once for its height, once in its place.
    let mut scratch = Drawing::new(wide, 10.0);
    let mut key = Vec::new();
    for p in &panels {
        panel(&mut scratch, of, &plan, p, &mut key);
    }
    let legend_height = legend(&mut scratch, of, &plan, arrows, 0.0, wide);
    let key_height = number_key(&mut scratch, &key, 0.0, wide);
    let mut d = Drawing::new(wide, tall + legend_height + key_height + 12.0);
    heading(&mut d, &of.title);
    key.clear();
    for p in &panels {
        panel(&mut d, of, &plan, p, &mut key);
    }
    legend(&mut d, of, &plan, arrows, tall, wide);
    number_key(&mut d, &key, tall + legend_height, wide);
    d.finish(&format!("{}. {said}", of.title))
}

fn panel(d: &mut Drawing, of: &Bubbles, plan: &Plan, p: &Panel, key: &mut Vec<(usize, String)>) {
    let (left, top) = p.at;
    let (w, h) = plan.size;
    let x = plan.x.moved(left, left + w);
    let y = plan.y.moved(top + h, top);
    axes(d, of, plan, p, (&x, &y));
    let mut taken = references(d, of, p, (&x, &y), plan.size);
    let frame = Area::new((left, top), (w, h));
    let mut lines = Vec::new();
    for r in of
        .references
        .iter()
        .filter(|r| r.panel.is_none_or(|n| n == p.to))
    {
        match r.axis {
            Axis::X => lines.push(((x.place(at(r.value)), top), (x.place(at(r.value)), top + h))),
            Axis::Y => lines.push((
                (left, y.place(at(r.value))),
                (left + w, y.place(at(r.value))),
            )),
        }
    }
    // The largest first, so that the small stand on them.
    let mut there: Vec<(usize, Disc)> = (0..of.bubbles.len())
        .filter_map(|b| {
            let place = of.drawn(b, p.to)?;
            let radius = plan.radius(of, of.standing(b, p.to)?);
            Some((
                b,
                Disc {
                    at: (x.place(place.0), y.place(place.1)),
                    radius,
                },
            ))
        })
        .collect();
    there.sort_by(|a, b| b.1.radius.total_cmp(&a.1.radius).then(a.0.cmp(&b.0)));
    if let Some(before) = p.from {
        lines.extend(arrows(d, of, plan, before, &there, (&x, &y)));
    }
    for (b, disc) in &there {
        let Some(s) = of.standing(*b, p.to) else {
            continue;
        };
        mark(d, of, s, *disc, &hint(of, *b, s));
    }
    let outside = signs(d, of, p.to, &there, &mut taken);
    let discs: Vec<Disc> = there.iter().map(|t| t.1).collect();
    let names: Vec<String> = there
        .iter()
        .zip(&outside)
        .map(|((b, _), sign)| named(&of.bubbles[*b].case, sign.as_deref()))
        .collect();
    let wanted: Vec<Wanted> = names
        .iter()
        .enumerate()
        .map(|(disc, name)| Wanted {
            disc,
            size: (width(name, SMALL) + 2.0, 13.0),
        })
        .collect();
    let ground = Ground {
        frame,
        discs: &discs,
        taken: &taken,
        lines: &lines,
        reach: 64.0,
    };
    let placed = place(&wanted, &ground);
    let without: Vec<usize> = (0..names.len()).filter(|n| placed[*n].is_none()).collect();
    for (name, spot) in names.iter().zip(&placed) {
        if let Some(spot) = spot {
            words(d, spot, name);
        }
    }
    numbers(d, of, &without, (&there, &outside), &ground, &placed, key);
    strips(d, of, plan, p, (&x, &y));
}

/// Bubbles whose name has no room get a number, explained beneath: the same number in every panel.
fn numbers(
    d: &mut Drawing,
    of: &Bubbles,
    without: &[usize],
    (there, outside): (&[(usize, Disc)], &[Option<String>]),
    ground: &Ground,
    placed: &[Option<Placed>],
    key: &mut Vec<(usize, String)>,
) {
    let mut labels = Vec::new();
    for n in without {
        let (bubble, _) = there[*n];
        let number = bubble + 1;
        if !key.iter().any(|k| k.0 == number) {
            key.push((number, of.bubbles[bubble].case.clone()));
        }
        labels.push(named(&number.to_string(), outside[*n].as_deref()));
    }
    let taken: Vec<Area> = ground
        .taken
        .iter()
        .copied()
        .chain(placed.iter().flatten().map(|p| p.area))
        .collect();
    let wanted: Vec<Wanted> = without
        .iter()
        .zip(&labels)
        .map(|(n, label)| Wanted {
            disc: *n,
            size: (width(label, SMALL) + 2.0, 12.0),
        })
        .collect();
    let ground = Ground {
        taken: &taken,
        reach: 400.0,
        ..*ground
    };
    for (label, spot) in labels.iter().zip(place(&wanted, &ground)) {
        if let Some(spot) = spot {
            words(d, &spot, label);
        }
    }
}

fn named(name: &str, sign: Option<&str>) -> String {
    let name = cut(name, SMALL, NAME);
    match sign {
        Some(sign) => format!("{name} ({sign})"),
        None => name,
    }
}

/// A label where it was placed, with its line.
fn words(d: &mut Drawing, spot: &Placed, label: &str) {
    if let Some((from, to)) = spot.leader {
        d.line(from, to, QUIET, 0.7);
    }
    d.text(
        (
            f64::midpoint(spot.area.from.0, spot.area.to.0),
            spot.area.to.1 - 2.8,
        ),
        Side::Middle,
        Face {
            colour: INK,
            ..SMALL
        },
        label,
    );
}

fn axes(d: &mut Drawing, of: &Bubbles, plan: &Plan, p: &Panel, (x, y): (&Scale, &Scale)) {
    let (left, top) = p.at;
    let (w, h) = plan.size;
    let side = if plan.strips.0 { STRIP + 8.0 } else { 0.0 };
    let below = if plan.strips.1 { STRIP + 8.0 } else { 0.0 };
    if of.periods.len() > 1 {
        let words = match p.from {
            Some(from) => format!(
                "{} (hollow) to {} (filled)",
                of.periods[from], of.periods[p.to]
            ),
            None => of.periods[p.to].clone(),
        };
        d.text((left, top - 8.0), Side::Start, STRONG, &words);
    }
    for (value, words) in x.ticks() {
        let at = x.place(value);
        d.line(
            (at, top),
            (at, top + h + 4.0 + below),
            if value.abs() < 1e-9 { LINE } else { FAINT },
            1.0,
        );
        d.text((at, top + h + 18.0 + below), Side::Middle, SMALL, &words);
    }
    for (value, words) in y.ticks() {
        let at = y.place(value);
        let nought = value.abs() < 1e-9;
        d.line(
            (left - 4.0 - side, at),
            (left + w, at),
            if nought { QUIET } else { FAINT },
            1.0,
        );
        d.text((left - 8.0 - side, at + 4.0), Side::End, SMALL, &words);
    }
    d.framed((left, top), (w, h), "none", &Edge::of(LINE, 1.0), "");
    let strong = Face {
        size: 12.0,
        colour: INK,
        ..LABEL
    };
    d.text(
        (left + w / 2.0, top + h + 38.0 + below),
        Side::Middle,
        strong,
        &of.x.axis(),
    );
    d.text(
        (left - 52.0 - side, top + h / 2.0),
        Side::Middle,
        Face {
            turned: -90.0,
            ..strong
        },
        &of.y.axis(),
    );
}

/// Lines to compare with, and where their words stand.
fn references(
    d: &mut Drawing,
    of: &Bubbles,
    p: &Panel,
    (x, y): (&Scale, &Scale),
    (w, h): (f64, f64),
) -> Vec<Area> {
    let (left, top) = p.at;
    let face = Face {
        colour: "#8a4b00",
        bold: true,
        ..SMALL
    };
    let mut taken: Vec<Area> = Vec::new();
    for r in of
        .references
        .iter()
        .filter(|r| r.panel.is_none_or(|n| n == p.to))
    {
        let label = reference_words(of, r);
        let size = (width(&label, face) + 4.0, 14.0);
        let mut area = match r.axis {
            Axis::X => {
                let at = x.place(at(r.value));
                d.dashed((at, top), (at, top + h), SECOND, 1.5);
                // On whichever side of its line there is room.
                let from = if at + 4.0 + size.0 < left + w {
                    at + 4.0
                } else {
                    at - 4.0 - size.0
                };
                Area::new((from.max(left), top + 3.0), size)
            }
            Axis::Y => {
                let at = y.place(at(r.value));
                d.dashed((left, at), (left + w, at), SECOND, 1.5);
                let up = if at - 16.0 > top { at - 16.0 } else { at + 2.0 };
                Area::new((left + w - size.0 - 3.0, up), size)
            }
        };
        while taken.iter().any(|t| t.overlaps(&area)) && area.to.1 + 15.0 < top + h {
            area = Area::new((area.from.0, area.from.1 + 15.0), size);
        }
        d.text(
            (area.from.0 + 2.0, area.to.1 - 3.0),
            Side::Start,
            face,
            &label,
        );
        taken.push(area);
    }
    taken
}

fn reference_words(of: &Bubbles, r: &Reference) -> String {
    let quantity = match r.axis {
        Axis::X => &of.x,
        Axis::Y => &of.y,
    };
    format!("{} {}", r.label, quantity.shown(r.value))
        .trim()
        .to_owned()
}

/// From where cases were to where they are.
fn arrows(
    d: &mut Drawing,
    of: &Bubbles,
    plan: &Plan,
    before: usize,
    there: &[(usize, Disc)],
    (x, y): (&Scale, &Scale),
) -> Vec<(Point, Point)> {
    let mut lines = Vec::new();
    for (b, disc) in there {
        let (Some(was), Some(s)) = (of.drawn(*b, before), of.standing(*b, before)) else {
            continue;
        };
        let from = (x.place(was.0), y.place(was.1));
        // A start as large as an end would hide the end of others: starts are drawn at half their width.
        let radius = (plan.radius(of, s) * 0.5).max(2.5);
        let both = of.change(*b) == Some((Some(true), Some(true)));
        let (colour, wide) = if both && of.directed() {
            (ACCENT, 2.4)
        } else {
            (QUIET, 1.0)
        };
        d.ring(from, radius, "none", &Edge::of(colour, 1.2), "");
        let (dx, dy) = (disc.at.0 - from.0, disc.at.1 - from.1);
        let all = dx.hypot(dy);
        if all > radius + disc.radius + 1.0 {
            let start = (from.0 + dx * radius / all, from.1 + dy * radius / all);
            let end = (
                disc.at.0 - dx * disc.radius / all,
                disc.at.1 - dy * disc.radius / all,
            );
            d.arrow(start, end, colour, wide);
            lines.push((start, end));
        }
    }
    lines
}

/// A bubble, or a square where its size is not known.
fn mark(d: &mut Drawing, of: &Bubbles, s: &Standing, disc: Disc, hint: &str) {
    let (fill, edge) = match (&of.colour, s.band) {
        (None, _) => (ACCENT, Edge::of("#ffffff", 1.0)),
        (Some(bands), Some(band)) => (bands.shade(band), Edge::of(INK, 0.8)),
        (Some(_), None) => ("#ffffff", Edge::broken(INK, 1.0)),
    };
    if of.size.is_some() && s.size.is_none() {
        let r = disc.radius;
        d.framed(
            (disc.at.0 - r, disc.at.1 - r),
            (2.0 * r, 2.0 * r),
            fill,
            &edge,
            hint,
        );
    } else {
        d.ring(disc.at, disc.radius, fill, &edge, hint);
    }
}

/// Letters of bands in their bubbles; where one would stand on another or does not fit, it goes with the name.
fn signs(
    d: &mut Drawing,
    of: &Bubbles,
    period: usize,
    there: &[(usize, Disc)],
    taken: &mut Vec<Area>,
) -> Vec<Option<String>> {
    let mut outside = vec![None; there.len()];
    let Some(bands) = &of.colour else {
        return outside;
    };
    let all = bands.signs();
    for (n, (b, disc)) in there.iter().enumerate() {
        let band = of.standing(*b, period).and_then(|s| s.band);
        let sign = band.and_then(|b| all.get(b)).map_or("?", String::as_str);
        let half = (width(sign, SIGN) / 2.0, 5.0);
        // What stands on it, drawn later, may hide its middle: then the letter moves to where it is seen.
        let far = (disc.radius - 6.0).max(0.0);
        let turns = [
            (0.0, 0.0),
            (-1.0, 0.0),
            (1.0, 0.0),
            (0.0, -1.0),
            (0.0, 1.0),
            (-0.7, -0.7),
            (0.7, -0.7),
            (-0.7, 0.7),
            (0.7, 0.7),
        ];
        let free = (disc.radius >= 6.0)
            .then(|| {
                turns
                    .iter()
                    .map(|(dx, dy)| (disc.at.0 + dx * far, disc.at.1 + dy * far))
                    .find(|middle| {
                        let area = Area::around(*middle, half);
                        let hidden = there[n + 1..].iter().any(|(_, over)| {
                            let near = area.nearest(over.at);
                            (near.0 - over.at.0).hypot(near.1 - over.at.1) < over.radius
                        });
                        !hidden && !taken.iter().any(|t| t.overlaps(&area))
                    })
            })
            .flatten();
        match free {
            Some(middle) => {
                let colour = band.map_or(INK, |b| bands.on(b));
                d.text(
                    (middle.0, middle.1 + 3.6),
                    Side::Middle,
                    Face { colour, ..SIGN },
                    sign,
                );
                taken.push(Area::around(middle, half));
            }
            None => outside[n] = Some(sign.to_owned()),
        }
    }
    outside
}

fn hint(of: &Bubbles, bubble: usize, s: &Standing) -> String {
    let mut words = of.bubbles[bubble].case.clone();
    if let Some(x) = s.x {
        words.push_str(&format!("; {}: {}", of.x.name, of.x.shown(x)));
    }
    if let Some(y) = s.y {
        words.push_str(&format!("; {}: {}", of.y.name, of.y.shown(y)));
    }
    if let Some(bands) = &of.colour {
        words.push_str(&format!(
            "; {}: {}",
            bands.name,
            s.band.map_or("not known", |b| bands.word(b))
        ));
    }
    if let (Some(size), Some(value)) = (&of.size, s.size) {
        words.push_str(&format!("; {}: {}", size.name, size.shown(value)));
    }
    words
}

/// Cases of which one figure is not known, hollow, along the axis of the other.
fn strips(d: &mut Drawing, of: &Bubbles, plan: &Plan, p: &Panel, (x, y): (&Scale, &Scale)) {
    let (left, top) = p.at;
    let (w, h) = plan.size;
    let mut draw = |frame: Area, along: bool, words: &str| {
        let size = (frame.to.0 - frame.from.0, frame.to.1 - frame.from.1);
        d.framed(frame.from, size, "#fbfbfa", &Edge::broken(LINE, 1.0), "");
        let (at, face) = if along {
            ((frame.from.0 + 4.0, frame.from.1 + 11.0), SMALL)
        } else {
            (
                (frame.from.0 + 11.0, frame.to.1 - 4.0),
                Face {
                    turned: -90.0,
                    ..SMALL
                },
            )
        };
        d.text(at, Side::Start, Face { size: 10.0, ..face }, words);
        let said = width(words, SMALL);
        let taken = [if along {
            Area::new(frame.from, (said, 14.0))
        } else {
            Area::new((frame.from.0, frame.to.1 - said), (14.0, said))
        }];
        let lone: Vec<(usize, Disc)> = (0..of.bubbles.len())
            .filter_map(|b| {
                let s = of.standing(b, p.to)?;
                let place = match (along, s.x, s.y) {
                    (true, Some(v), None) => (x.place(at_value(v)), frame.from.1 + size.1 * 0.62),
                    (false, None, Some(v)) => (frame.from.0 + size.0 * 0.62, y.place(at_value(v))),
                    _ => return None,
                };
                Some((
                    b,
                    Disc {
                        at: place,
                        radius: 5.0,
                    },
                ))
            })
            .collect();
        for (b, disc) in &lone {
            if let Some(s) = of.standing(*b, p.to) {
                d.ring(
                    disc.at,
                    disc.radius,
                    "none",
                    &Edge::of(INK, 1.2),
                    &hint(of, *b, s),
                );
            }
        }
        let discs: Vec<Disc> = lone.iter().map(|l| l.1).collect();
        let names: Vec<String> = lone
            .iter()
            .map(|(b, _)| {
                cut(
                    &of.bubbles[*b].case,
                    SMALL,
                    if along { NAME } else { 200.0 },
                )
            })
            .collect();
        // A strip at the side is too narrow for names: they go over the plot's edge into the list beneath the picture.
        if along {
            let wanted: Vec<Wanted> = names
                .iter()
                .enumerate()
                .map(|(disc, n)| Wanted {
                    disc,
                    size: (width(n, SMALL), 12.0),
                })
                .collect();
            let ground = Ground {
                frame,
                discs: &discs,
                taken: &taken,
                lines: &[],
                reach: 40.0,
            };
            for (name, spot) in names.iter().zip(place(&wanted, &ground)) {
                if let Some(spot) = spot {
                    words_at(d, &spot, name);
                }
            }
        }
    };
    if plan.strips.1 {
        let words = format!("{} not known", of.y.name);
        draw(Area::new((left, top + h + 8.0), (w, STRIP)), true, &words);
    }
    if plan.strips.0 {
        let words = format!("{} not known", of.x.name);
        draw(
            Area::new((left - STRIP - 8.0, top), (STRIP, h)),
            false,
            &words,
        );
    }
}

fn words_at(d: &mut Drawing, spot: &Placed, label: &str) {
    words(d, spot, label);
}

fn at_value(value: rust_decimal::Decimal) -> f64 {
    at(value)
}

/// What shades, letters, areas and lines say. Returns how tall it is.
fn legend(d: &mut Drawing, of: &Bubbles, plan: &Plan, arrows: bool, top: f64, wide: f64) -> f64 {
    let left = 24.0;
    let mut row = Flow {
        x: left,
        y: top + 14.0,
        left,
        right: wide - EDGE,
        step: 24.0,
    };
    if let Some(bands) = &of.colour {
        let name = format!("{}:", bands.name);
        let at = row.take(width(&name, SMALL) + 10.0);
        d.text((at.0, at.1 + 4.0), Side::Start, SMALL, &name);
        let signs = bands.signs();
        for (n, band) in bands.bands.iter().enumerate() {
            let at = row.take(width(band, SMALL) + 40.0);
            d.ring(
                (at.0 + 9.0, at.1),
                9.0,
                bands.shade(n),
                &Edge::of(INK, 0.8),
                "",
            );
            d.text(
                (at.0 + 9.0, at.1 + 3.6),
                Side::Middle,
                Face {
                    colour: bands.on(n),
                    ..SIGN
                },
                &signs[n],
            );
            d.text((at.0 + 23.0, at.1 + 4.0), Side::Start, SMALL, band);
        }
        if of.bubbles.iter().any(|b| {
            b.standing
                .iter()
                .any(|s| s.band.is_none() && s.x.is_some() && s.y.is_some())
        }) {
            let at = row.take(width("not known", SMALL) + 40.0);
            d.ring(
                (at.0 + 9.0, at.1),
                9.0,
                "#ffffff",
                &Edge::broken(INK, 1.0),
                "",
            );
            d.text((at.0 + 9.0, at.1 + 3.6), Side::Middle, SIGN, "?");
            d.text((at.0 + 23.0, at.1 + 4.0), Side::Start, SMALL, "not known");
        }
        row.next();
    }
    if let Some(size) = &of.size {
        row.y += 14.0;
        row.step = 48.0;
        let name = format!("area: {}:", size.axis());
        let at = row.take(width(&name, SMALL) + 10.0);
        d.text((at.0, at.1 + 4.0), Side::Start, SMALL, &name);
        for value in samples(plan.most) {
            let radius = LARGEST * (value / plan.most).sqrt();
            let words = rust_decimal::Decimal::try_from(value)
                .map(|v| size.shown(v.normalize()))
                .unwrap_or_default();
            let at = row.take(2.0 * radius + width(&words, SMALL) + 24.0);
            d.ring(
                (at.0 + radius, at.1),
                radius,
                "none",
                &Edge::of(INK, 1.0),
                "",
            );
            d.text(
                (at.0 + 2.0 * radius + 6.0, at.1 + 4.0),
                Side::Start,
                SMALL,
                &words,
            );
        }
        if of.bubbles.iter().any(|b| {
            b.standing
                .iter()
                .any(|s| s.size.is_none() && s.x.is_some() && s.y.is_some())
        }) {
            let at = row.take(width("not known", SMALL) + 40.0);
            d.framed(
                (at.0, at.1 - 7.0),
                (14.0, 14.0),
                "none",
                &Edge::of(INK, 1.0),
                "",
            );
            d.text((at.0 + 20.0, at.1 + 4.0), Side::Start, SMALL, "not known");
        }
        row.next();
        row.y -= 10.0;
        row.step = 24.0;
    }
    if arrows {
        let at = row.take(190.0);
        d.ring((at.0 + 5.0, at.1), 4.0, "none", &Edge::of(QUIET, 1.2), "");
        d.arrow((at.0 + 9.0, at.1), (at.0 + 42.0, at.1), QUIET, 1.0);
        d.text(
            (at.0 + 48.0, at.1 + 4.0),
            Side::Start,
            SMALL,
            "from the first to the second period",
        );
        row.take(60.0);
        if of.directed() {
            let at = row.take(180.0);
            d.ring((at.0 + 5.0, at.1), 4.0, "none", &Edge::of(ACCENT, 1.2), "");
            d.arrow((at.0 + 9.0, at.1), (at.0 + 42.0, at.1), ACCENT, 2.4);
            d.text(
                (at.0 + 48.0, at.1 + 4.0),
                Side::Start,
                SMALL,
                "better in both",
            );
        }
        row.next();
    }
    row.y - 14.0 - top + 6.0
}

/// Two or three round numbers up to the most.
fn samples(most: f64) -> Vec<f64> {
    let power = 10f64.powf(most.log10().floor());
    let large = [5.0, 2.0, 1.0]
        .iter()
        .map(|n| n * power)
        .find(|v| *v <= most * 1.0001)
        .unwrap_or(most);
    vec![large / 5.0, large]
}

/// Places one after the other, in as many lines as are needed.
struct Flow {
    x: f64,
    y: f64,
    left: f64,
    right: f64,
    step: f64,
}

impl Flow {
    fn take(&mut self, wide: f64) -> Point {
        if self.x > self.left && self.x + wide > self.right {
            self.next();
        }
        let at = (self.x, self.y);
        self.x += wide;
        at
    }

    fn next(&mut self) {
        if self.x > self.left {
            self.x = self.left;
            self.y += self.step;
        }
    }
}

/// Which case each number is. Returns how tall it is.
fn number_key(d: &mut Drawing, key: &[(usize, String)], top: f64, wide: f64) -> f64 {
    if key.is_empty() {
        return 0.0;
    }
    let mut key = key.to_vec();
    key.sort();
    let column = 290.0;
    let columns = [3.0, 2.0, 1.0]
        .into_iter()
        .find(|n| n * column <= wide - 40.0)
        .unwrap_or(1.0);
    let per = (many(key.len()) / columns).ceil().max(1.0);
    for (n, (number, case)) in key.iter().enumerate() {
        let (col, row) = ((many(n) / per).floor(), many(n) % per);
        let at = (24.0 + col * column, top + 16.0 + row * 16.0);
        d.text((at.0 + 18.0, at.1), Side::End, STRONG, &number.to_string());
        d.text(
            (at.0 + 24.0, at.1),
            Side::Start,
            SMALL,
            &cut(case, SMALL, column - 40.0),
        );
    }
    per * 16.0 + 14.0
}
