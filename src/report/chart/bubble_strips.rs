//! Strips along the axes of a bubble chart, for cases of which one figure is not known.

use super::bubble::Bubbles;
use super::bubble_draw::{NAME, Panel, Plan, STRIP, hint, words};
use super::place_labels::{Area, Disc, Ground, Wanted, place};
use super::quantity::{Scale, at};
use super::svg::{Drawing, Edge, Face, INK, LINE, SMALL, Side, cut, width};

/// Cases of which one figure is not known, hollow, along the axis of the other.
#[expect(
    clippy::many_single_char_names,
    reason = "x, y, w and h are what they are called on a drawing"
)]
pub(super) fn strips(
    d: &mut Drawing,
    of: &Bubbles,
    plan: &Plan,
    p: &Panel,
    (x, y): (&Scale, &Scale),
    key: &mut Vec<(usize, String)>,
) {
    let (left, top) = p.at;
    let (w, h) = plan.size;
    let mut draw = |frame: Area, along: bool, title: &str| {
        let size = (frame.to.0 - frame.from.0, frame.to.1 - frame.from.1);
        d.framed(frame.from, size, "#fbfbfa", &Edge::broken(LINE, 1.0), "");
        let (spot, face) = if along {
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
        d.text(spot, Side::Start, Face { size: 10.0, ..face }, title);
        let said = width(title, SMALL);
        let taken = [if along {
            Area::new(frame.from, (said, 14.0))
        } else {
            Area::new((frame.from.0, frame.to.1 - said), (14.0, said))
        }];
        let lone: Vec<(usize, Disc)> = (0..of.bubbles.len())
            .filter_map(|b| {
                let s = of.standing(b, p.to)?;
                let place = match (along, s.x, s.y) {
                    (true, Some(v), None) => (x.place(at(v)), frame.from.1 + size.1 * 0.62),
                    (false, None, Some(v)) => (frame.from.0 + size.0 * 0.62, y.place(at(v))),
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
        // A strip at the side is too narrow for names: it has numbers, explained beneath.
        let names: Vec<String> = lone
            .iter()
            .map(|(b, _)| {
                let case = &of.bubbles[*b].case;
                if along {
                    return cut(case, SMALL, NAME);
                }
                if !key.iter().any(|k| k.0 == b + 1) {
                    key.push((b + 1, case.clone()));
                }
                (b + 1).to_string()
            })
            .collect();
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
                words(d, &spot, name);
            }
        }
    };
    if plan.strips.1 {
        let title = format!("{} not known", of.y.name);
        draw(Area::new((left, top + h + 8.0), (w, STRIP)), true, &title);
    }
    if plan.strips.0 {
        let title = format!("{} not known", of.x.name);
        draw(
            Area::new((left - STRIP - 8.0, top), (STRIP, h)),
            false,
            &title,
        );
    }
}
