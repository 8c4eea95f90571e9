//! What the shades, letters, areas, arrows and numbers of a bubble chart say.

use super::bubble::Bubbles;
use super::bubble_draw::{EDGE, LARGEST, Plan, SIGN};
use super::place_labels::Point;
use super::quantity::many;
use super::svg::{ACCENT, Drawing, Edge, Face, INK, QUIET, SMALL, STRONG, Side, cut, width};

/// What shades, letters, areas and lines say. Returns how tall it is.
pub(super) fn legend(
    d: &mut Drawing,
    of: &Bubbles,
    plan: &Plan,
    arrows: bool,
    top: f64,
    wide: f64,
) -> f64 {
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
        let ends = |b: usize| of.drawn(b, 0).is_some() && of.drawn(b, 1).is_none();
        if (0..of.bubbles.len()).any(ends) {
            let at = row.take(190.0);
            d.ring((at.0 + 5.0, at.1), 4.0, "none", &Edge::broken(INK, 1.2), "");
            let words = format!("not known in {}", of.periods[1]);
            d.text((at.0 + 16.0, at.1 + 4.0), Side::Start, SMALL, &words);
        }
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
pub(super) fn number_key(d: &mut Drawing, key: &[(usize, String)], top: f64, wide: f64) -> f64 {
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
