//! The slope chart: one figure of each case in two periods, and which way it went.

use rust_decimal::Decimal;

use super::Chart;
use super::place_labels::spread;
use super::quantity::{Quantity, Scale, at, heading, many};
use super::svg::{
    ACCENT, Drawing, Edge, Face, INK, LABEL, LINE, QUIET, SECOND, SMALL, STRONG, Side, cut, width,
};
use crate::domain::figure::Better;
use crate::report::phrase::{capital, list};

/// A case, or the whole country, at both ends. What is not known is none, never nought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slope {
    pub case: String,
    pub from: Option<Decimal>,
    pub to: Option<Decimal>,
    /// What others are compared with: drawn apart from cases.
    pub reference: bool,
    /// Why an end is not known.
    pub why: String,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slopes {
    pub quantity: Quantity,
    /// Both ends, as they are written.
    pub periods: (String, String),
    pub slopes: Vec<Slope>,
    pub notes: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Better,
    Worse,
    Same,
    /// It changed, and no way is better.
    Changed,
    /// One end is not known.
    Open,
}

impl Way {
    fn word(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Same => "same",
            Self::Changed => "changed",
            Self::Open => "n/a",
        }
    }

    fn sign(self) -> char {
        match self {
            Self::Better => '+',
            Self::Worse => '-',
            Self::Same => '=',
            Self::Changed => '~',
            Self::Open => '?',
        }
    }
}

fn way(of: &Slopes, slope: &Slope) -> Way {
    let (Some(from), Some(to)) = (slope.from, slope.to) else {
        return Way::Open;
    };
    match of.quantity.improved(from, to) {
        _ if from == to => Way::Same,
        Some(true) => Way::Better,
        Some(false) => Way::Worse,
        None => Way::Changed,
    }
}

const TOP: f64 = 74.0;
const BETWEEN: f64 = 330.0;
/// From one label to the next.
const APART: f64 = 15.0;
const NAME: f64 = 200.0;

/// Draws the picture.
pub fn slope(of: &Slopes) -> Chart {
    let title = format!(
        "{}, {} and {}",
        capital(&of.quantity.name),
        of.periods.0,
        of.periods.1
    );
    let mut unit = format!("A line is a case. Upwards: {}.", of.quantity.axis());
    if let Some(direction) = of.quantity.direction() {
        unit.push(' ');
        unit.push_str(&direction);
    }
    Chart {
        svg: draw(of, &title, &unit),
        caveats: caveats(of),
        head: vec![
            "case".into(),
            format!("{} ({})", of.periods.0, of.quantity.unit),
            format!("{} ({})", of.periods.1, of.quantity.unit),
            "change".into(),
            "which is".into(),
            "not known because".into(),
        ],
        numeric: vec![false, true, true, true, false, false],
        rows: of
            .slopes
            .iter()
            .map(|s| {
                let shown =
                    |v: Option<Decimal>| v.map_or_else(|| "n/a".into(), |v| of.quantity.plain(v));
                vec![
                    s.case.clone(),
                    shown(s.from),
                    shown(s.to),
                    shown(s.to.zip(s.from).and_then(|(to, from)| to.checked_sub(from))),
                    way(of, s).word().into(),
                    s.why.clone(),
                ]
            })
            .collect(),
        pending: 0,
        preview: preview(of),
        title,
        unit,
    }
}

fn caveats(of: &Slopes) -> Vec<String> {
    let cases = || of.slopes.iter().filter(|s| !s.reference);
    let named = |s: &Slope| {
        if s.why.is_empty() {
            s.case.clone()
        } else {
            format!("{} ({})", s.case, s.why)
        }
    };
    let mut all = Vec::new();
    if of.quantity.better != Better::Neither {
        let number = |which: Way| cases().filter(|s| way(of, s) == which).count();
        all.push(format!(
            "Better: {}; worse: {}; the same: {}; not known at both ends: {}.",
            number(Way::Better),
            number(Way::Worse),
            number(Way::Same),
            number(Way::Open)
        ));
    }
    for (known, period) in [(true, &of.periods.1), (false, &of.periods.0)] {
        let one: Vec<String> = cases()
            .filter(|s| s.from.is_some() == known && s.to.is_some() != known)
            .map(named)
            .collect();
        if !one.is_empty() {
            all.push(format!(
                "Not known in {period}, drawn hollow at the other end: {}.",
                list(&one)
            ));
        }
    }
    let none: Vec<String> = cases()
        .filter(|s| s.from.is_none() && s.to.is_none())
        .map(named)
        .collect();
    if !none.is_empty() {
        all.push(format!("Not drawn: {}.", list(&none)));
    }
    all.extend(of.notes.iter().cloned());
    all
}

fn draw(of: &Slopes, title: &str, unit: &str) -> String {
    let ends: Vec<&Slope> = of
        .slopes
        .iter()
        .filter(|s| s.from.is_some() || s.to.is_some())
        .collect();
    let tallest = ends
        .iter()
        .filter(|s| s.from.is_some())
        .count()
        .max(ends.iter().filter(|s| s.to.is_some()).count());
    let height = (many(tallest) * APART * 1.15).max(280.0);
    let value = |s: &Slope, end: usize| if end == 0 { s.from } else { s.to };
    let words = |s: &Slope, end: usize, v: Decimal| {
        let name = cut(&s.case, LABEL, NAME);
        if end == 0 {
            format!("{name}  {}", of.quantity.shown(v))
        } else {
            format!("{}  {name}", of.quantity.shown(v))
        }
    };
    let room = ends
        .iter()
        .flat_map(|s| (0..2).filter_map(|e| Some(width(&words(s, e, value(s, e)?), STRONG))))
        .fold(90.0, f64::max);
    let left = 16.0 + room + 30.0;
    let columns = [left, left + BETWEEN];
    let scale = Scale::of(
        ends.iter().flat_map(|s| [s.from, s.to]).flatten().map(at),
        8,
        TOP + height,
        TOP,
    );
    let bottom = TOP + height;
    let mut d = Drawing::new(left + BETWEEN + 30.0 + room + 16.0, bottom + 58.0);
    heading(&mut d, title);
    for (x, period) in columns.into_iter().zip([&of.periods.0, &of.periods.1]) {
        d.line((x, TOP - 12.0), (x, bottom + 8.0), LINE, 1.0);
        d.text((x, TOP - 22.0), Side::Middle, STRONG, period);
    }
    for s in &ends {
        if let (Some(from), Some(to)) = (s.from, s.to) {
            let line = [
                (columns[0], scale.place(at(from))),
                (columns[1], scale.place(at(to))),
            ];
            stroke(&mut d, line, way(of, s), s.reference);
        }
    }
    for (end, x) in columns.into_iter().enumerate() {
        let there: Vec<(&Slope, Decimal)> = ends
            .iter()
            .filter_map(|s| Some((*s, value(s, end)?)))
            .collect();
        let wanted: Vec<f64> = there.iter().map(|(_, v)| scale.place(at(*v))).collect();
        let places = spread(&wanted, APART, TOP - 6.0, bottom + 6.0);
        for (((s, v), y), label) in there.iter().zip(&wanted).zip(&places) {
            let out = if end == 0 { -1.0 } else { 1.0 };
            let open = way(of, s) == Way::Open;
            if open {
                d.ring((x, *y), 4.5, "#ffffff", &Edge::of(INK, 1.4), "");
            } else {
                d.circle(
                    (x, *y),
                    4.5,
                    if s.reference { INK } else { colour(way(of, s)) },
                    "",
                );
            }
            d.line((x + out * 6.0, *y), (x + out * 22.0, *label), LINE, 0.8);
            let face = Face {
                bold: s.reference,
                ..LABEL
            };
            let side = if end == 0 { Side::End } else { Side::Start };
            d.text(
                (x + out * 25.0, label + 4.0),
                side,
                face,
                &words(s, end, *v),
            );
        }
    }
    let mut x = 24.0;
    let y = bottom + 38.0;
    let ways: &[(Way, &str)] = if of.quantity.better == Better::Neither {
        &[(Way::Changed, "changed"), (Way::Same, "the same")]
    } else {
        &[
            (Way::Better, "better"),
            (Way::Worse, "worse"),
            (Way::Same, "the same"),
        ]
    };
    for (way, word) in ways {
        stroke(&mut d, [(x, y), (x + 30.0, y)], *way, false);
        d.text((x + 36.0, y + 4.0), Side::Start, SMALL, word);
        x += 56.0 + width(word, SMALL);
    }
    if ends.iter().any(|s| s.reference) {
        stroke(&mut d, [(x, y), (x + 30.0, y)], Way::Changed, true);
        d.text((x + 36.0, y + 4.0), Side::Start, SMALL, "to compare with");
        x += 56.0 + width("to compare with", SMALL);
    }
    if ends.iter().any(|s| way(of, s) == Way::Open) {
        d.ring((x + 6.0, y), 4.5, "#ffffff", &Edge::of(INK, 1.4), "");
        d.text(
            (x + 16.0, y + 4.0),
            Side::Start,
            SMALL,
            "other end not known",
        );
    }
    d.finish(&format!("{title}. {unit}"))
}

fn colour(way: Way) -> &'static str {
    match way {
        Way::Better => ACCENT,
        Way::Worse => SECOND,
        Way::Same | Way::Changed | Way::Open => QUIET,
    }
}

/// Better is broad and whole, worse is broken, the same is thin: told apart without colour.
fn stroke(d: &mut Drawing, line: [(f64, f64); 2], way: Way, reference: bool) {
    let [from, to] = line;
    match way {
        _ if reference => d.line(from, to, INK, 3.2),
        Way::Better => d.line(from, to, ACCENT, 2.2),
        Way::Worse => d.dashed(from, to, SECOND, 1.8),
        Way::Same | Way::Changed | Way::Open => d.line(from, to, QUIET, 0.9),
    }
}

/// A line for each case, by how much it changed.
fn preview(of: &Slopes) -> Vec<String> {
    const NAME: usize = 32;
    let change = |s: &Slope| s.to.zip(s.from).and_then(|(to, from)| to.checked_sub(from));
    let most = of
        .slopes
        .iter()
        .filter_map(change)
        .map(|c| at(c.abs()))
        .fold(f64::MIN_POSITIVE, f64::max);
    let room = |f: &dyn Fn(&Slope) -> usize| of.slopes.iter().map(f).max().unwrap_or(0);
    let shown = |v: Option<Decimal>| v.map_or_else(|| "n/a".to_owned(), |v| of.quantity.bare(v));
    let name = |s: &Slope| s.case.chars().take(NAME).collect::<String>();
    let (names, values) = (
        room(&|s| name(s).chars().count()),
        room(&|s| {
            shown(s.from)
                .chars()
                .count()
                .max(shown(s.to).chars().count())
        }),
    );
    of.slopes
        .iter()
        .map(|s| {
            let bar = change(s).map_or_else(String::new, |c| super::bar(at(c.abs()) / most, 24));
            let line = format!(
                "{:names$}  {:>values$} {} {:>values$}  {} {bar}",
                name(s),
                shown(s.from),
                '→',
                shown(s.to),
                way(of, s).sign(),
            );
            line.trim_end().to_owned()
        })
        .chain(["+ better, - worse, = the same, ~ changed, ? not known at both ends".to_owned()])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Option<Decimal> {
        text.parse().ok()
    }

    fn slopes() -> Slopes {
        let one = |case: &str, from: &str, to: &str, reference| Slope {
            case: case.into(),
            from: d(from),
            to: d(to),
            reference,
            why: String::new(),
        };
        Slopes {
            quantity: Quantity {
                name: "waiting over a day".into(),
                unit: "%".into(),
                decimals: 1,
                better: Better::Less,
                period: None,
            },
            periods: ("2017/18".into(), "2018/19".into()),
            slopes: vec![
                one("Westmarch", "4.1", "3.2", false),
                one("Eastmarch", "4.0", "4.6", false),
                one("Northmarch", "4.0", "4.0", false),
                one("Southmarch", "5.2", "", false),
                one("Middlemarch", "", "", false),
                one("The country", "4.2", "4.3", true),
            ],
            notes: Vec::new(),
        }
    }

    #[test]
    fn the_way_is_that_of_the_indicator() {
        let chart = slope(&slopes());
        let ways: Vec<&str> = chart.rows.iter().map(|r| r[4].as_str()).collect();
        assert_eq!(ways, ["better", "worse", "same", "n/a", "n/a", "worse"]);
        assert_eq!(chart.rows[0][3], "-0.9");
        assert_eq!(
            chart.caveats,
            [
                "Better: 1; worse: 1; the same: 1; not known at both ends: 2.",
                "Not known in 2018/19, drawn hollow at the other end: Southmarch.",
                "Not drawn: Middlemarch.",
            ]
        );
    }

    #[test]
    fn what_is_not_known_is_not_drawn_at_nought() {
        let chart = slope(&slopes());
        assert!(!chart.svg.contains("Middlemarch"));
        assert_eq!(chart.svg.matches("Southmarch").count(), 1);
        assert_eq!(chart.svg.matches("Westmarch").count(), 2);
        assert_eq!(chart, slope(&slopes()));
    }
}
