//! Cases in the order of a figure as bars, the best first; or by their bands, where the figure is one.

use rust_decimal::Decimal;

use super::grid_words::{shortened, unit_sentence};
use super::quantity::{Bands, Quantity, Scale, at, heading, many};
use super::svg::{
    ACCENT, Drawing, Edge, Face, INK, LABEL, LINE, QUIET, SECOND, SMALL, STRONG, Side, cut, width,
};
use super::{Chart, hatch};
use crate::domain::figure::Better;
use crate::report::phrase::capital;

/// A case with its figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) case: String,
    pub(super) value: Decimal,
    /// Place among the bands.
    pub(super) band: Option<usize>,
    pub(super) provisional: bool,
}

/// A case that has no figure to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Without {
    pub(super) case: String,
    /// All values, where sources disagree; else why there is none.
    pub(super) why: String,
    pub(super) conflict: bool,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ranked {
    pub(super) of: Quantity,
    pub(super) bars: Vec<Bar>,
    /// What all are compared with: whose figure, and the figure.
    pub(super) reference: Option<(String, Decimal)>,
    /// The bands that bars are drawn in.
    pub(super) bands: Option<Bands>,
    pub(super) without: Vec<Without>,
    pub(super) notes: Vec<String>,
}

const ROW: f64 = 20.0;
const LABELS: f64 = 230.0;
const LENGTH: f64 = 360.0;
/// Beside a bar, for its value.
const BESIDE: f64 = 78.0;

/// Ranks from 1; cases with the same figure have the same one, and those behind them are counted as if they had not.
fn ranks(bars: &[Bar]) -> Vec<usize> {
    let mut ranks: Vec<usize> = Vec::new();
    for (n, bar) in bars.iter().enumerate() {
        let same = n > 0 && bars[n - 1].value == bar.value;
        ranks.push(if same { ranks[n - 1] } else { n + 1 });
    }
    ranks
}

/// Draws the bars.
pub(super) fn ranked(of: &Ranked) -> Chart {
    let mut bars = of.bars.clone();
    bars.sort_by(|a, b| {
        let by_value = match of.of.better {
            Better::Less => a.value.cmp(&b.value),
            Better::More | Better::Neither => b.value.cmp(&a.value),
        };
        by_value.then_with(|| a.case.cmp(&b.case))
    });
    let ranks = ranks(&bars);
    let title = match &of.of.period {
        Some(period) => format!("{}, {period}, in order", capital(&of.of.name)),
        None => format!("{}, in order", capital(&of.of.name)),
    };
    let svg = drawn(of, &bars, &ranks, &title);
    let mut head = vec!["rank".to_owned(), "case".to_owned(), of.of.head()];
    if let Some(bands) = &of.bands {
        head.push(bands.name.clone());
    }
    head.push("marks".to_owned());
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (bar, rank) in bars.iter().zip(&ranks) {
        let mut row = vec![rank.to_string(), bar.case.clone(), of.of.plain(bar.value)];
        if let Some(bands) = &of.bands {
            row.push(bar.band.map_or("n/a", |b| bands.word(b)).to_owned());
        }
        row.push(if bar.provisional { "provisional" } else { "" }.to_owned());
        rows.push(row);
    }
    if let Some((case, value)) = &of.reference {
        let mut row = vec![String::new(), case.clone(), of.of.plain(*value)];
        row.resize(head.len() - 1, String::new());
        row.push("reference".to_owned());
        rows.push(row);
    }
    for w in &of.without {
        let mut row = vec![String::new(), w.case.clone(), "n/a".to_owned()];
        row.resize(head.len() - 1, String::new());
        row.push(w.why.clone());
        rows.push(row);
    }
    let mut caveats = Vec::new();
    caveats.push(of.of.direction().map_or_else(
        || "Neither way is better: the largest stands first, and a rank is no merit.".to_owned(),
        |way| format!("{way} The best stands first; cases with the same figure share a rank."),
    ));
    if let Some((case, value)) = &of.reference {
        caveats.push(format!("The line is {case}: {}.", of.of.shown(*value)));
    }
    let unbanded = bars.iter().filter(|b| b.band.is_none()).count();
    if let Some(bands) = of.bands.as_ref().filter(|_| unbanded > 0) {
        caveats.push(format!(
            "Of {unbanded} the {} is not known (?).",
            bands.name
        ));
    }
    if bars.iter().any(|b| b.provisional) {
        caveats.push("Hollow bars are provisional.".to_owned());
    }
    caveats.extend(left_out(&of.without));
    caveats.extend(of.notes.iter().cloned());
    Chart {
        pending: 0,
        unit: unit_sentence(&of.of),
        numeric: head
            .iter()
            .enumerate()
            .map(|(n, _)| n == 0 || n == 2)
            .collect(),
        head,
        rows,
        preview: preview(of, &bars, &ranks),
        title,
        caveats,
        svg,
    }
}

/// Who is not drawn, and why.
pub(super) fn left_out(without: &[Without]) -> Vec<String> {
    let mut all = Vec::new();
    let conflicts: Vec<String> = without
        .iter()
        .filter(|w| w.conflict)
        .map(|w| format!("{} ({})", w.case, w.why))
        .collect();
    if !conflicts.is_empty() {
        all.push(format!(
            "Sources disagree, so that no figure stands: {}.",
            conflicts.join(", ")
        ));
    }
    let rest: Vec<String> = without
        .iter()
        .filter(|w| !w.conflict)
        .map(|w| format!("{} ({})", w.case, w.why))
        .collect();
    if !rest.is_empty() {
        all.push(format!(
            "Without a figure, and not drawn: {}.",
            rest.join(", ")
        ));
    }
    all
}

fn drawn(of: &Ranked, bars: &[Bar], ranks: &[usize], title: &str) -> String {
    let labels = bars
        .iter()
        .map(|b| width(&b.case, LABEL))
        .fold(60.0, f64::max)
        .min(LABELS);
    let rank_room = 34.0;
    let band_room = if of.bands.is_some() { 26.0 } else { 0.0 };
    let before = if bars.iter().any(|b| b.value < Decimal::ZERO) {
        BESIDE
    } else {
        0.0
    };
    let left = 12.0 + rank_room + labels + 8.0 + band_room + before;
    let values = bars
        .iter()
        .map(|b| at(b.value))
        .chain(of.reference.iter().map(|r| at(r.1)))
        .chain([0.0]);
    // A bar begins at nought: its length is the figure.
    let scale = Scale::of(values, 6, left, left + LENGTH);
    let top = 62.0;
    let bottom = top + many(bars.len()) * ROW;
    let signs = of.bands.as_ref().map_or(0.0, |_| 30.0);
    let mut d = Drawing::new(left + LENGTH + BESIDE + 8.0, bottom + 34.0 + signs);
    heading(&mut d, &cut(title, STRONG, left + LENGTH));
    for (value, words) in scale.ticks() {
        let x = scale.place(value);
        let is_nought = value.abs() < f64::EPSILON;
        let (colour, wide) = if is_nought { (QUIET, 1.2) } else { (LINE, 1.0) };
        d.line((x, top - 2.0), (x, bottom + 4.0), colour, wide);
        d.text((x, bottom + 18.0), Side::Middle, SMALL, &words);
    }
    for (n, (bar, rank)) in bars.iter().zip(ranks).enumerate() {
        let y = top + many(n) * ROW;
        one_bar(
            &mut d,
            of,
            bar,
            *rank,
            (y, left - before - band_room, &scale),
        );
    }
    if let Some((case, value)) = &of.reference {
        let x = scale.place(at(*value));
        d.dashed((x, top - 6.0), (x, bottom + 4.0), SECOND, 1.8);
        let words = cut(&format!("{case}: {}", of.of.shown(*value)), SMALL, LENGTH);
        // Inside the sheet on both sides.
        let half = width(&words, SMALL) / 2.0;
        let x = x.clamp(12.0 + half, left + LENGTH + BESIDE - half);
        d.text(
            (x, top - 11.0),
            Side::Middle,
            Face {
                colour: INK,
                ..SMALL
            },
            &words,
        );
    }
    // Over the line of reference, so that it runs through no number.
    for (n, bar) in bars.iter().enumerate() {
        value_beside(&mut d, of, bar, (top + many(n) * ROW, &scale));
    }
    if bars.is_empty() {
        d.text(
            (24.0, top - 8.0),
            Side::Start,
            STRONG,
            "No case has a figure.",
        );
    }
    if let Some(bands) = &of.bands {
        legend(&mut d, bands, (16.0, bottom + 30.0), left + LENGTH + BESIDE);
    }
    d.finish(&format!(
        "{title}. {} cases; the first is {}.",
        bars.len(),
        bars.first().map_or("none", |b| b.case.as_str())
    ))
}

fn one_bar(
    d: &mut Drawing,
    of: &Ranked,
    bar: &Bar,
    rank: usize,
    (y, label_end, scale): (f64, f64, &Scale),
) {
    d.text((12.0 + 26.0, y + 14.0), Side::End, SMALL, &rank.to_string());
    d.text(
        (label_end - 8.0, y + 14.0),
        Side::End,
        LABEL,
        &cut(&bar.case, LABEL, LABELS),
    );
    let band = of.bands.as_ref().zip(bar.band);
    match (&of.bands, band) {
        (_, Some((bands, band))) => hatch::letter(d, (label_end, y + 2.0), bands, band),
        (Some(_), None) => d.text((label_end + 9.0, y + 14.0), Side::Middle, SMALL, "?"),
        (None, None) => {}
    }
    let (zero, end) = (scale.place(0.0), scale.place(at(bar.value)));
    // What is small is still seen.
    let (from, long) = (zero.min(end), (end - zero).abs().max(1.0));
    let hint = format!("{}: {}", bar.case, of.of.shown(bar.value));
    let (place, size) = ((from, y + 3.0), (long, ROW - 6.0));
    match band {
        _ if bar.provisional => {
            d.framed(place, size, "#ffffff", &Edge::of(ACCENT, 1.4), &hint);
        }
        Some(band) => hatch::bar(d, place, size, band, &hint),
        None if of.bands.is_some() => {
            d.framed(place, size, "#ffffff", &Edge::broken(QUIET, 1.0), &hint);
        }
        None => d.rect(place, size, ACCENT, &hint),
    }
}

fn value_beside(d: &mut Drawing, of: &Ranked, bar: &Bar, (y, scale): (f64, &Scale)) {
    let (zero, end) = (scale.place(0.0), scale.place(at(bar.value)));
    let (x, side) = if bar.value < Decimal::ZERO {
        (end.min(zero) - 5.0, Side::End)
    } else {
        (end.max(zero) + 5.0, Side::Start)
    };
    d.outlined(
        (x, y + 14.0),
        side,
        SMALL,
        &cut(&of.of.bare(bar.value), SMALL, BESIDE - 8.0),
    );
}

/// The bands with their letters, from the best.
fn legend(d: &mut Drawing, bands: &Bands, from: (f64, f64), most: f64) {
    let name = format!("{}:", bands.name);
    let name = cut(&name, SMALL, most / 3.0);
    d.text((from.0, from.1 + 12.0), Side::Start, SMALL, &name);
    let mut x = from.0 + width(&name, SMALL) + 8.0;
    let each = (most - x) / many(bands.bands.len().max(1));
    for band in 0..bands.bands.len() {
        hatch::letter(d, (x, from.1), bands, band);
        let words = cut(bands.word(band), SMALL, (each - 34.0).max(20.0));
        d.text((x + 23.0, from.1 + 12.0), Side::Start, SMALL, &words);
        x += (width(&words, SMALL) + 40.0).min(each);
    }
}

fn preview(of: &Ranked, bars: &[Bar], ranks: &[usize]) -> Vec<String> {
    const ROOM: u32 = 40;
    let most = bars
        .iter()
        .map(|b| at(b.value).abs())
        .fold(0.0, f64::max)
        .max(f64::MIN_POSITIVE);
    let negative = bars.iter().any(|b| b.value < Decimal::ZERO);
    let room = if negative { ROOM / 2 } else { ROOM };
    let names = bars
        .iter()
        .map(|b| b.case.chars().count())
        .max()
        .unwrap_or(0)
        .min(40);
    let signs = of.bands.as_ref().map(Bands::signs).unwrap_or_default();
    let places = bars.len().to_string().len();
    bars.iter()
        .zip(ranks)
        .map(|(bar, rank)| {
            let name = shortened(&bar.case, names);
            let letter = match (&of.bands, bar.band) {
                (None, _) => String::new(),
                (Some(_), band) => format!(
                    "{}  ",
                    band.and_then(|b| signs.get(b)).map_or("?", String::as_str)
                ),
            };
            let block = super::bar(at(bar.value).abs() / most, room);
            let wide = room as usize;
            let drawn = match (negative, bar.value < Decimal::ZERO) {
                (true, true) => {
                    // From the right: whole blocks only, as eighths fill from the left.
                    let whole = block.chars().filter(|c| *c == '█').count().max(1);
                    format!("{:>wide$}│", "█".repeat(whole))
                }
                (true, false) => format!("{:wide$}│{block}", ""),
                (false, _) => block,
            };
            let mark = if bar.provisional { " provisional" } else { "" };
            format!(
                "{rank:>places$}  {name:names$}  {letter}{drawn} {}{mark}",
                of.of.bare(bar.value)
            )
        })
        .chain(
            of.reference
                .iter()
                .map(|(case, value)| format!("{:places$}  {case}: {}", "", of.of.shown(*value))),
        )
        .collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::boxes::{assert_apart, assert_kept, invented};
    use super::*;

    pub(in super::super) fn of(many: usize, bands: bool) -> Ranked {
        let names = invented(many);
        Ranked {
            of: Quantity {
                name: "surplus or deficit".into(),
                unit: "GBP million".into(),
                decimals: 1,
                better: Better::More,
                period: Some("2017/18".into()),
            },
            bars: names
                .iter()
                .enumerate()
                .map(|(n, case)| Bar {
                    case: case.clone(),
                    value: Decimal::new((i64::try_from(n).expect("few") * 37) % 400 - 130, 1),
                    band: (n % 7 != 6).then_some(n % 4),
                    provisional: n == 1,
                })
                .collect(),
            reference: Some(("The whole country".into(), Decimal::new(-3, 1))),
            bands: bands.then(|| Bands {
                name: "rating of July 2017".into(),
                bands: [
                    "outstanding",
                    "advanced",
                    "making progress",
                    "needs most improvement",
                ]
                .map(str::to_owned)
                .to_vec(),
            }),
            without: vec![
                Without {
                    case: "Nettle Marsh".into(),
                    why: "no-record".into(),
                    conflict: false,
                },
                Without {
                    case: "Oak Fold".into(),
                    why: "5 | 6".into(),
                    conflict: true,
                },
            ],
            notes: Vec::new(),
        }
    }

    #[test]
    fn pictures_are_as_they_were_and_no_label_hides_another() {
        for (name, many, bands) in [("ranked-3", 3, false), ("ranked-44", 44, true)] {
            let chart = ranked(&of(many, bands));
            assert_apart(&chart.svg);
            assert_kept(name, &chart.svg);
        }
    }

    #[test]
    fn the_best_stands_first_and_equals_share_a_rank() {
        let mut few = of(3, false);
        few.bars[0].value = few.bars[1].value;
        few.bars[2].value = Decimal::new(-400, 1);
        let rows = ranked(&few).rows;
        let first: Vec<&str> = rows.iter().map(|r| r[0].as_str()).collect();
        assert_eq!(first, ["1", "1", "3", "", "", ""]);
        few.of.better = Better::Less;
        let chart = ranked(&few);
        assert_eq!(chart.rows[0][2], "-40.0");
        assert_eq!(chart.rows[4][3], "no-record");
        assert!(
            chart.caveats.iter().any(|c| c.contains("Oak Fold (5 | 6)")),
            "{:?}",
            chart.caveats
        );
        // On a terminal, what is below nought stands on the other side.
        assert!(chart.preview[0].contains("█│ −40.0"), "{:?}", chart.preview);
    }

    #[test]
    fn bars_begin_at_nought_and_go_to_its_two_sides() {
        let chart = ranked(&of(44, false));
        let hint = |svg: &str, words: &str| {
            let line = svg.lines().find(|l| l.contains(words)).expect("a bar");
            let number = |name: &str| {
                let from = line.find(&format!(" {name}=\"")).expect(name) + name.len() + 3;
                line[from..]
                    .split('"')
                    .next()
                    .and_then(|n| n.parse::<f64>().ok())
                    .expect("a number")
            };
            (number("x"), number("x") + number("width"))
        };
        let below = hint(&chart.svg, "Alder Vale: −13.0");
        let above = hint(&chart.svg, "Juniper Vale: ");
        assert!((below.1 - above.0).abs() < 0.02, "{below:?} {above:?}");
    }
}
