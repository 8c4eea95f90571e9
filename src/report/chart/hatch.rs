//! Stripes that tell the bands of a picture apart where their shades do not: in grey, on a bad printer.

use super::quantity::{Bands, many};
use super::svg::{Drawing, Edge, Face, LABEL, QUIET, Side};

/// Room between the stripes of a band: none for the best, closer with each that follows. None: no stripes.
fn gap(band: usize) -> Option<f64> {
    (band > 0).then(|| (20.0 - 5.0 * many(band)).max(4.0))
}

/// One line, to and fro between the upper and the lower edge, that makes slanting stripes.
fn stripes(d: &mut Drawing, at: (f64, f64), size: (f64, f64), gap: f64, colour: &'static str) {
    let (x, y) = at;
    let (wide, high) = size;
    let slant = high * 0.6;
    let mut points = Vec::new();
    let mut from = x;
    let mut up = true;
    while from + slant <= x + wide {
        let (start, end) = ((from, y + high), (from + slant, y));
        points.extend(if up { [start, end] } else { [end, start] });
        up = !up;
        from += gap;
    }
    if !points.is_empty() {
        d.path(&points, colour, 0.9, "");
    }
}

/// A bar in the sign of a band: its shade and its stripes.
pub(super) fn bar(
    d: &mut Drawing,
    at: (f64, f64),
    size: (f64, f64),
    (bands, band): (&Bands, usize),
    hint: &str,
) {
    d.framed(at, size, bands.shade(band), &Edge::of(QUIET, 0.7), hint);
    if let Some(gap) = gap(band) {
        stripes(d, at, size, gap, bands.on(band));
    }
}

/// A band's letter in a box of its shade.
pub(super) fn letter(d: &mut Drawing, at: (f64, f64), bands: &Bands, band: usize) {
    let signs = bands.signs();
    d.framed(
        at,
        (18.0, 16.0),
        bands.shade(band),
        &Edge::of(QUIET, 0.7),
        "",
    );
    d.text(
        (at.0 + 9.0, at.1 + 12.0),
        Side::Middle,
        Face {
            colour: bands.on(band),
            bold: true,
            size: 11.0,
            ..LABEL
        },
        signs.get(band).map_or("", String::as_str),
    );
}
