//! How the bubble chart is drawn: panels, arrows, signs in bubbles, lines of reference and labels.

use super::bubble::{Axis, Bubbles, Reference, Standing};
use super::bubble_arrows::{arrows, gone};
use super::bubble_legend::{legend, number_key};
use super::bubble_strips::strips;
use super::place_labels::{Area, Disc, Ground, Placed, Point, Wanted, place};
use super::quantity::{Scale, at, heading, many};
use super::svg::{
    ACCENT, Drawing, Edge, FAINT, Face, INK, LABEL, LINE, QUIET, SECOND, SMALL, STRONG, Side, cut,
    width,
};

const LEFT: f64 = 76.0;
pub(super) const EDGE: f64 = 20.0;
const TOP: f64 = 44.0;
/// A strip along an axis, for cases of which the other figure is not known.
pub(super) const STRIP: f64 = 46.0;
/// Names are no wider than this in the picture.
pub(super) const NAME: f64 = 150.0;
pub(super) const LARGEST: f64 = 26.0;
const PLAIN: f64 = 9.0;
/// With more cases than this, two periods stand one above the other.
const BESIDE: usize = 16;
pub(super) const SIGN: Face = Face {
    size: 10.0,
    bold: true,
    ..LABEL
};

/// What all panels share.
pub(super) struct Plan {
    pub(super) x: Scale,
    pub(super) y: Scale,
    pub(super) size: (f64, f64),
    pub(super) most: f64,
    pub(super) strips: (bool, bool),
}

impl Plan {
    pub(super) fn radius(&self, of: &Bubbles, s: &Standing) -> f64 {
        match (&of.size, s.size) {
            (None, _) => PLAIN,
            (Some(_), None) => 7.0,
            (Some(_), Some(value)) => (LARGEST * (at(value).max(0.0) / self.most).sqrt()).max(2.5),
        }
    }
}

/// A panel: which periods it shows (an arrow's start, and what is filled), and where its plot stands.
pub(super) struct Panel {
    pub(super) from: Option<usize>,
    pub(super) to: usize,
    pub(super) at: Point,
}

pub(super) fn draw(of: &Bubbles, said: &str) -> String {
    let arrows = of.has_arrows();
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

#[expect(
    clippy::many_single_char_names,
    reason = "x, y, w and h are what they are called on a drawing"
)]
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
    let mut outside = signs(d, of, p.to, &there, &mut taken);
    for (b, disc) in gone(of, plan, p, (&x, &y)) {
        let case = &of.bubbles[b].case;
        d.ring(disc.at, disc.radius, "none", &Edge::broken(INK, 1.2), case);
        there.push((b, disc));
        outside.push(None);
    }
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
    strips(d, of, plan, p, (&x, &y), key);
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
pub(super) fn words(d: &mut Drawing, spot: &Placed, label: &str) {
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

#[expect(
    clippy::many_single_char_names,
    reason = "x, y, w and h are what they are called on a drawing"
)]
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
#[expect(
    clippy::many_single_char_names,
    reason = "x, y, w and h are what they are called on a drawing"
)]
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

pub(super) fn hint(of: &Bubbles, bubble: usize, s: &Standing) -> String {
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
