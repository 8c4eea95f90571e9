//! The slope chart: each case as a line from its figure in one period to that in another, what became better, worse or
//! stayed told by the line's style as well as its colour.

use rust_decimal::Decimal;

use super::Chart;
use super::place_labels::spread;
use super::quantity::{Quantity, Scale, at, heading, many};
use super::svg::{
    ACCENT, Drawing, Edge, FAINT, Face, INK, LINE, QUIET, SECOND, SMALL, STRONG, Side, cut,
};
use crate::domain::figure::Better;
use crate::report::phrase::list;

/// A case's figure in one period: what is not known is none, and has its reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct End {
    pub value: Option<Decimal>,
    pub why: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sloped {
    pub case: String,
    pub ends: [End; 2],
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slope {
    pub of: Quantity,
    /// The earlier and the later.
    pub periods: [String; 2],
    pub cases: Vec<Sloped>,
    /// What else is to be known: basis, rules.
    pub notes: Vec<String>,
}

/// What became of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Became {
    Better,
    Worse,
    More,
    Less,
    Same,
    /// Known in one period only.
    Lone,
    Unknown,
}

impl Became {
    fn word(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::More => "more",
            Self::Less => "less",
            Self::Same => "same",
            Self::Lone => "one period only",
            Self::Unknown => "unknown",
        }
    }

    fn sign(self) -> char {
        match self {
            Self::Better | Self::More => '▲',
            Self::Worse | Self::Less => '▼',
            Self::Same => '=',
            Self::Lone | Self::Unknown => '?',
        }
    }

    /// The character that lines have on a terminal.
    fn stroke(self) -> char {
        match self {
            Self::Better | Self::More => '━',
            Self::Worse | Self::Less => '╌',
            _ => '─',
        }
    }
}

/// From the first of these to the last, a line of each is drawn over the others.
const DRAWN: [Became; 5] = [
    Became::Same,
    Became::Worse,
    Became::Less,
    Became::Better,
    Became::More,
];

fn became(of: &Slope, case: &Sloped) -> Became {
    match (case.ends[0].value, case.ends[1].value) {
        (Some(from), Some(to)) => match of.of.improved(from, to) {
            Some(true) => Became::Better,
            Some(false) => Became::Worse,
            None if from == to => Became::Same,
            None if to > from => Became::More,
            None => Became::Less,
        },
        (None, None) => Became::Unknown,
        _ => Became::Lone,
    }
}

/// Draws the picture.
pub fn slope(of: &Slope) -> Chart {
    let title = format!(
        "{}, {} to {}",
        crate::report::phrase::capital(&of.of.name),
        of.periods[0],
        of.periods[1]
    );
    let unit = format!(
        "A line is a case: {} in {} on the left, in {} on the right.",
        of.of.head(),
        of.periods[0],
        of.periods[1]
    );
    let head = vec![
        "case".to_owned(),
        of.periods[0].clone(),
        of.periods[1].clone(),
        "change".to_owned(),
        "became".to_owned(),
        "not known because".to_owned(),
    ];
    Chart {
        svg: draw(of, &title, &unit),
        caveats: caveats(of),
        rows: rows(of),
        numeric: vec![false, true, true, true, false, false],
        head,
        pending: 0,
        preview: preview(of),
        title,
        unit,
    }
}

fn whys(case: &Sloped) -> String {
    let mut all: Vec<&str> = case
        .ends
        .iter()
        .filter(|e| e.value.is_none())
        .map(|e| e.why.as_str())
        .filter(|w| !w.is_empty())
        .collect();
    all.dedup();
    all.join("; ")
}

fn rows(of: &Slope) -> Vec<Vec<String>> {
    let shown = |value: Option<Decimal>| value.map_or_else(|| "n/a".to_owned(), |v| of.of.plain(v));
    let row = |case: &Sloped| {
        let [from, to] = [case.ends[0].value, case.ends[1].value];
        vec![
            case.case.clone(),
            shown(from),
            shown(to),
            shown(from.zip(to).and_then(|(a, b)| b.checked_sub(a))),
            became(of, case).word().to_owned(),
            whys(case),
        ]
    };
    of.cases.iter().map(row).collect()
}

fn caveats(of: &Slope) -> Vec<String> {
    let mut all: Vec<String> = of.of.direction().into_iter().collect();
    let named = |case: &Sloped| match whys(case) {
        why if why.is_empty() => case.case.clone(),
        why => format!("{} ({why})", case.case),
    };
    for (n, other) in [(0, 1), (1, 0)] {
        let lone: Vec<String> = of
            .cases
            .iter()
            .filter(|c| c.ends[n].value.is_some() && c.ends[other].value.is_none())
            .map(named)
            .collect();
        if !lone.is_empty() {
            all.push(format!(
                "Known in {} only, drawn as a hollow mark without a line: {}.",
                of.periods[n],
                list(&lone)
            ));
        }
    }
    let hidden: Vec<String> = of
        .cases
        .iter()
        .filter(|c| became(of, c) == Became::Unknown)
        .map(named)
        .collect();
    if !hidden.is_empty() {
        all.push(format!("Not drawn: {}.", list(&hidden)));
    }
    all.extend(of.notes.iter().cloned());
    all
}

const WIDTH: f64 = 960.0;
const BETWEEN: (f64, f64) = (330.0, 630.0);
/// From the line's end to where its label begins.
const GAP: f64 = 30.0;
const ROW: f64 = 14.0;
const TOP: f64 = 76.0;

fn draw(of: &Slope, title: &str, said: &str) -> String {
    let ends = |n: usize| of.cases.iter().filter(move |c| c.ends[n].value.is_some());
    let most = ends(0).count().max(ends(1).count());
    let height = (many(most) * ROW * 1.15).max(320.0);
    let bottom = TOP + height;
    let values = of.cases.iter().flat_map(|c| &c.ends);
    let scale = Scale::of(
        values.filter_map(|e| e.value.map(at)),
        6,
        bottom - 8.0,
        TOP + 8.0,
    );
    let mut d = Drawing::new(WIDTH, bottom + 64.0);
    heading(&mut d, title);
    for (value, words) in scale.ticks() {
        let y = scale.place(value);
        d.line((BETWEEN.0, y), (BETWEEN.1, y), FAINT, 1.0);
        let middle = f64::midpoint(BETWEEN.0, BETWEEN.1);
        let face = Face { size: 9.0, ..SMALL };
        d.text((middle, y - 2.0), Side::Middle, face, &words);
    }
    for (x, period, side) in [
        (BETWEEN.0, &of.periods[0], Side::End),
        (BETWEEN.1, &of.periods[1], Side::Start),
    ] {
        d.line((x, TOP), (x, bottom), LINE, 1.0);
        d.text((x, TOP - 12.0), side, STRONG, period);
    }
    let unit = format!("{} ({} case(s))", of.of.axis(), of.cases.len());
    d.text(
        (16.0, 42.0),
        Side::Start,
        SMALL,
        &unit.replace(
            "case(s)",
            if of.cases.len() == 1 { "case" } else { "cases" },
        ),
    );
    for kind in DRAWN {
        for case in of.cases.iter().filter(|c| became(of, c) == kind) {
            if let [Some(from), Some(to)] = [case.ends[0].value, case.ends[1].value] {
                let line = (
                    (BETWEEN.0, scale.place(at(from))),
                    (BETWEEN.1, scale.place(at(to))),
                );
                stroke(&mut d, kind, line, &hint(of, case));
            }
        }
    }
    for n in [0, 1] {
        labels(&mut d, of, &scale, n, bottom);
    }
    legend(&mut d, of, bottom + 30.0);
    d.finish(&format!("{title}. {said}"))
}

fn hint(of: &Slope, case: &Sloped) -> String {
    let shown = |e: &End| {
        e.value
            .map_or_else(|| "not known".to_owned(), |v| of.of.shown(v))
    };
    format!(
        "{}: {} to {}, {}",
        case.case,
        shown(&case.ends[0]),
        shown(&case.ends[1]),
        became(of, case).word()
    )
}

/// The better are whole and broad, the worse broken, the same thin.
fn stroke(d: &mut Drawing, kind: Became, (from, to): ((f64, f64), (f64, f64)), hint: &str) {
    let colour = colour(kind);
    match kind {
        Became::Better | Became::More => d.path(&[from, to], colour, 2.2, hint),
        Became::Worse | Became::Less => d.dashed(from, to, colour, 1.8),
        _ => d.path(&[from, to], colour, 0.9, hint),
    }
    for at in [from, to] {
        d.ring(at, 3.0, colour, &Edge::NONE, hint);
    }
}

fn colour(kind: Became) -> &'static str {
    match kind {
        Became::Better => ACCENT,
        Became::Worse => SECOND,
        Became::More | Became::Less => INK,
        _ => QUIET,
    }
}

/// Names with their figures at one end, moved apart, each with a thin line to where it belongs.
fn labels(d: &mut Drawing, of: &Slope, scale: &Scale, n: usize, bottom: f64) {
    let there: Vec<(&Sloped, f64)> = of
        .cases
        .iter()
        .filter_map(|c| Some((c, scale.place(at(c.ends[n].value?)))))
        .collect();
    let wanted: Vec<f64> = there.iter().map(|t| t.1).collect();
    let places = spread(&wanted, ROW, TOP + 4.0, bottom - 4.0);
    let (edge, way, side) = if n == 0 {
        (BETWEEN.0, -1.0, Side::End)
    } else {
        (BETWEEN.1, 1.0, Side::Start)
    };
    let face = Face {
        colour: INK,
        ..SMALL
    };
    for ((case, y), place) in there.into_iter().zip(places) {
        let kind = became(of, case);
        if kind == Became::Lone {
            d.ring(
                (edge, y),
                4.0,
                "#ffffff",
                &Edge::of(INK, 1.2),
                &hint(of, case),
            );
        }
        d.line(
            (edge + way * 5.0, y),
            (edge + way * (GAP - 4.0), place),
            LINE,
            0.8,
        );
        let value = case.ends[n]
            .value
            .map(|v| of.of.bare(v))
            .unwrap_or_default();
        let mark = if kind == Became::Lone {
            format!(" (not known in {})", of.periods[1 - n])
        } else {
            String::new()
        };
        let room = BETWEEN.0 - GAP - 16.0;
        let rest = super::svg::width(&format!("{value}  {mark}"), face);
        let name = cut(&case.case, face, room - rest);
        let words = if n == 0 {
            format!("{name}{mark}  {value}")
        } else {
            format!("{value}  {name}{mark}")
        };
        d.text((edge + way * GAP, place + 4.0), side, face, &words);
    }
}

fn legend(d: &mut Drawing, of: &Slope, y: f64) {
    let mut x = 24.0;
    let kinds = match of.of.better {
        Better::Neither => [Became::More, Became::Less, Became::Same, Became::Lone],
        _ => [Became::Better, Became::Worse, Became::Same, Became::Lone],
    };
    for kind in kinds {
        let n = of.cases.iter().filter(|c| became(of, c) == kind).count();
        if kind == Became::Lone {
            if n == 0 {
                continue;
            }
            d.ring((x + 20.0, y), 4.0, "#ffffff", &Edge::of(INK, 1.2), "");
        } else {
            stroke(d, kind, ((x, y), (x + 40.0, y)), "");
        }
        let words = format!("{}: {n}", kind.word());
        d.text((x + 50.0, y + 4.0), Side::Start, SMALL, &words);
        x += 80.0 + super::svg::width(&words, SMALL);
    }
}

/// A line for each case, from a hollow mark to a filled one, all on one scale.
fn preview(of: &Slope) -> Vec<String> {
    const ROOM: usize = 40;
    let values = of.cases.iter().flat_map(|c| &c.ends);
    let last = many(ROOM - 1);
    let scale = Scale::of(values.filter_map(|e| e.value.map(at)), 4, 0.0, last);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the line"
    )]
    let place = |v: Decimal| scale.place(at(v)).round().clamp(0.0, last) as usize;
    let shown = |e: &End| e.value.map_or_else(|| "n/a".to_owned(), |v| of.of.bare(v));
    let wide = |n: usize| {
        let all = of.cases.iter().map(|c| shown(&c.ends[n]).chars().count());
        all.max().unwrap_or(3).max(of.periods[n].chars().count())
    };
    let names = of.cases.iter().map(|c| c.case.chars().count());
    let name = names.max().unwrap_or(4).clamp(4, 30);
    let (one, two) = (wide(0), wide(1));
    let ticks = scale.ticks();
    let (least, greatest) = (
        ticks.first().map_or("", |t| t.1.as_str()),
        ticks.last().map_or("", |t| t.1.as_str()),
    );
    let mut lines = vec![format!(
        "{:name$}  {:>one$}  {:>two$}    {least}{greatest:>rest$}",
        "case",
        of.periods[0],
        of.periods[1],
        rest = ROOM.saturating_sub(least.chars().count())
    )];
    for case in &of.cases {
        let kind = became(of, case);
        let mut track = [' '; ROOM];
        let [from, to] = [case.ends[0].value.map(place), case.ends[1].value.map(place)];
        if let (Some(a), Some(b)) = (from, to) {
            for cell in &mut track[a.min(b)..=a.max(b)] {
                *cell = kind.stroke();
            }
        }
        if let Some(a) = from {
            track[a] = '○';
        }
        if let Some(b) = to {
            track[b] = '●';
        }
        let label: String = case.case.chars().take(name).collect();
        let track: String = track.iter().collect();
        let line = format!(
            "{label:name$}  {:>one$}  {:>two$}  {} {}",
            shown(&case.ends[0]),
            shown(&case.ends[1]),
            kind.sign(),
            track.trim_end()
        );
        lines.push(line.trim_end().to_owned());
    }
    let key = match of.of.better {
        Better::Neither => "▲ ━ more, ▼ ╌ less",
        _ => "▲ ━ better, ▼ ╌ worse",
    };
    lines.push(format!(
        "○ {}, ● {}; {key}, = same, ? not known in both",
        of.periods[0], of.periods[1]
    ));
    lines
}

#[cfg(test)]
mod tests {
    use super::super::boxes::{assert_apart, assert_kept, invented};
    use super::*;

    fn of(cases: usize, better: Better) -> Slope {
        let end = |n: usize, step: usize, gap: usize| {
            let known = n % 11 != gap;
            End {
                value: known.then(|| Decimal::from(820 + (n * step) % 140) / Decimal::TEN),
                why: if known { "" } else { "suppressed" }.to_owned(),
            }
        };
        Slope {
            of: Quantity {
                name: "four-hour performance".into(),
                unit: "%".into(),
                decimals: 1,
                better,
                period: None,
            },
            periods: ["2017/18".into(), "2018/19".into()],
            cases: invented(cases)
                .into_iter()
                .enumerate()
                .map(|(n, case)| Sloped {
                    case,
                    ends: [end(n, 37, 5), end(n, 53, 7)],
                })
                .collect(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn pictures_are_as_they_were_and_no_label_hides_another() {
        for (name, many) in [("slope-3", 3), ("slope-44", 44)] {
            let chart = slope(&of(many, Better::More));
            assert_eq!(chart, slope(&of(many, Better::More)));
            assert_apart(&chart.svg);
            assert_kept(name, &chart.svg);
        }
    }

    #[test]
    fn what_is_better_depends_on_the_indicator() {
        let word = |better| slope(&of(3, better)).rows[1][4].clone();
        assert_eq!(word(Better::More), "better");
        assert_eq!(word(Better::Less), "worse");
        assert_eq!(word(Better::Neither), "more");
    }

    #[test]
    fn who_is_known_at_one_end_only_is_marked_and_named() {
        let mut of = of(3, Better::More);
        of.cases[0].ends[1] = End {
            value: None,
            why: "suppressed".into(),
        };
        of.cases[2].ends = [End::default(), End::default()];
        let chart = slope(&of);
        let said = |words: &str| chart.caveats.iter().any(|c| c.contains(words));
        assert!(said("Known in 2017/18 only"), "{:?}", chart.caveats);
        assert!(said("(suppressed)"), "{:?}", chart.caveats);
        assert!(said("Not drawn: Cedar"), "{:?}", chart.caveats);
        assert!(chart.svg.contains("not known in 2018/19"));
        assert_eq!(chart.rows[0][4], "one period only");
        assert_eq!(chart.rows[2][1..5], ["n/a", "n/a", "n/a", "unknown"]);
    }
}
