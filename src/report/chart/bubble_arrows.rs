//! Arrows of a bubble chart, from where cases were to where they are.

use super::bubble::Bubbles;
use super::bubble_draw::{Panel, Plan};
use super::place_labels::{Disc, Point};
use super::quantity::Scale;
use super::svg::{ACCENT, Drawing, Edge, QUIET};

/// Cases that are known at the start of arrows only.
pub(super) fn gone(
    of: &Bubbles,
    plan: &Plan,
    p: &Panel,
    (x, y): (&Scale, &Scale),
) -> Vec<(usize, Disc)> {
    let Some(before) = p.from else {
        return Vec::new();
    };
    (0..of.bubbles.len())
        .filter(|b| of.drawn(*b, p.to).is_none())
        .filter_map(|b| {
            let was = of.drawn(b, before)?;
            let at = (x.place(was.0), y.place(was.1));
            let radius = (plan.radius(of, of.standing(b, before)?) * 0.5).max(2.5);
            Some((b, Disc { at, radius }))
        })
        .collect()
}

/// From where cases were to where they are.
pub(super) fn arrows(
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
