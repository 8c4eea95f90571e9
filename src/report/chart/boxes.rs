//! For tests: where the words of a picture stand, as far as can be said without a font; and pictures that are kept.

use std::path::Path;

use super::svg::{Face, LABEL, width};

/// Left, top, right, bottom, and the words.
pub(super) type Words = (f64, f64, f64, f64, String);

/// The words of a picture with the boxes they stand in. Words that are turned are left out.
pub(super) fn words(svg: &str) -> Vec<Words> {
    svg.lines()
        .filter(|line| line.starts_with("<text ") && !line.contains("rotate("))
        .map(|line| {
            let of = |name: &str| {
                let from = line.find(&format!(" {name}=\""))? + name.len() + 3;
                let to = line[from..].find('"')? + from;
                Some(&line[from..to])
            };
            let number = |name: &str| of(name).and_then(|n| n.parse::<f64>().ok()).expect(name);
            let (x, y, size) = (number("x"), number("y"), number("font-size"));
            let shown = line
                .split_once('>')
                .and_then(|(_, rest)| rest.split_once("</text>"))
                .map(|(words, _)| words.to_owned())
                .expect("words");
            let face = Face {
                size,
                bold: line.contains("font-weight"),
                ..LABEL
            };
            // A font is narrower than is reckoned when room is made.
            let wide = width(&shown, face) * 0.93;
            let left = match of("text-anchor") {
                Some("middle") => x - wide / 2.0,
                Some("end") => x - wide,
                _ => x,
            };
            (left, y - size * 0.75, left + wide, y + size * 0.2, shown)
        })
        .collect()
}

/// Panics where words hide others, or stand outside the sheet.
pub(super) fn assert_apart(svg: &str) {
    let size = svg
        .split_once("viewBox=\"0 0 ")
        .and_then(|(_, rest)| rest.split_once('"'))
        .and_then(|(size, _)| size.split_once(' '))
        .and_then(|(w, h)| Some((w.parse::<f64>().ok()?, h.parse::<f64>().ok()?)))
        .expect("a size");
    let all = words(svg);
    assert!(!all.is_empty(), "no words");
    for (n, a) in all.iter().enumerate() {
        assert!(
            a.0 >= -0.5 && a.1 >= -0.5 && a.2 <= size.0 + 0.5 && a.3 <= size.1 + 0.5,
            "{a:?} is outside of {size:?}"
        );
        for b in &all[n + 1..] {
            let apart = a.2 <= b.0 || b.2 <= a.0 || a.3 <= b.1 || b.3 <= a.1;
            assert!(apart, "{a:?} and {b:?} hide each other");
        }
    }
}

/// Compares with the picture that is kept in `snapshots`; `SNAPSHOTS=overwrite` keeps this one.
pub(super) fn assert_kept(name: &str, svg: &str) {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/report/chart/snapshots")
        .join(format!("{name}.svg"));
    snapbox::Assert::new()
        .action_env("SNAPSHOTS")
        .normalize_paths(false)
        .eq(
            snapbox::Data::text(svg).raw(),
            snapbox::Data::read_from(&beside, Some(snapbox::data::DataFormat::Text)).raw(),
        );
}

/// Invented systems: so many, with names short and long.
pub(super) fn invented(many: usize) -> Vec<String> {
    const FIRST: [&str; 11] = [
        "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Juniper", "Larch",
        "Maple",
    ];
    const SECOND: [&str; 4] = [
        "Vale",
        "and the Coast",
        "Heath, Little Heath and the Northern Hundreds beyond the Moor",
        "Hills",
    ];
    (0..many)
        .map(|n| {
            let place = SECOND[(n / FIRST.len() + n % FIRST.len()) % SECOND.len()];
            format!("{} {place}", FIRST[n % FIRST.len()])
        })
        .collect()
}
