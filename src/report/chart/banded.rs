//! Cases by their bands, where the figure is one: groups in their order, and no order within them.

use super::Chart;
use super::hatch;
use super::quantity::{Bands, heading, many};
use super::ranked::{Without, left_out};
use super::svg::{Drawing, Edge, LABEL, LINE, QUIET, SMALL, STRONG, Side, cut, width};
use crate::report::phrase::capital;

/// What is drawn of an indicator of bands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Banded {
    pub(super) bands: Bands,
    pub(super) period: String,
    /// Each with its band's place, and whether that is provisional.
    pub(super) cases: Vec<(String, usize, bool)>,
    pub(super) without: Vec<Without>,
    pub(super) notes: Vec<String>,
}

/// Draws cases by their bands, the best first; within one there is no order but that of names.
pub(super) fn banded(of: &Banded) -> Chart {
    let mut groups: Vec<Vec<(&str, bool)>> = vec![Vec::new(); of.bands.bands.len()];
    for (case, band, provisional) in &of.cases {
        if let Some(group) = groups.get_mut(*band) {
            group.push((case, *provisional));
        }
    }
    for group in &mut groups {
        group.sort_unstable();
    }
    let title = format!("{}, {}", capital(&of.bands.name), of.period);
    let svg = banded_svg(of, &groups, &title);
    let mut rows = Vec::new();
    for (band, group) in groups.iter().enumerate() {
        for (case, provisional) in group {
            let marks = if *provisional { "provisional" } else { "" };
            rows.push(
                [of.bands.word(band), case, marks]
                    .map(str::to_owned)
                    .to_vec(),
            );
        }
    }
    for w in &of.without {
        rows.push(["n/a", &w.case, &w.why].map(str::to_owned).to_vec());
    }
    let known = of.cases.len();
    let mut caveats = vec![
        "The best band stands first. Within a band there is no rank: cases stand by their names."
            .to_owned(),
    ];
    if of.cases.iter().any(|c| c.2) {
        caveats.push("Names in brackets are provisional.".to_owned());
    }
    caveats.extend(left_out(&of.without));
    caveats.extend(of.notes.iter().cloned());
    let counts = groups
        .iter()
        .enumerate()
        .map(|(band, group)| format!("{} {}", of.bands.word(band), group.len()));
    Chart {
        pending: 0,
        unit: format!(
            "Counted are cases: {}. Known of {known}, not known of {}.",
            counts.collect::<Vec<_>>().join(", "),
            of.without.len()
        ),
        caveats,
        head: ["band", "case", "marks"].map(str::to_owned).to_vec(),
        rows,
        numeric: vec![false; 3],
        preview: banded_preview(of, &groups),
        title,
        svg,
    }
}

fn bracketed(case: &str, provisional: bool) -> String {
    if provisional {
        format!("({case})")
    } else {
        case.to_owned()
    }
}

fn banded_svg(of: &Banded, groups: &[Vec<(&str, bool)>], title: &str) -> String {
    const COLUMNS: usize = 3;
    const COLUMN: f64 = 186.0;
    const HEAD: f64 = 196.0;
    let wide = 16.0 + HEAD + 3.0 * COLUMN + 8.0;
    let lines = |group: &[(&str, bool)]| group.len().div_ceil(COLUMNS).max(1);
    let high = |group: &[(&str, bool)]| many(lines(group)) * 18.0 + 14.0;
    let unknown: Vec<(&str, bool)> = of
        .without
        .iter()
        .map(|w| (w.case.as_str(), false))
        .collect();
    let all: f64 = groups.iter().map(|g| high(g)).sum::<f64>()
        + if unknown.is_empty() {
            0.0
        } else {
            high(&unknown)
        };
    let mut d = Drawing::new(wide, 40.0 + all + 12.0);
    heading(&mut d, &cut(title, STRONG, wide - 60.0));
    let mut y = 40.0;
    let named = groups
        .iter()
        .enumerate()
        .map(|(band, group)| (Some(band), group.as_slice()))
        .chain((!unknown.is_empty()).then_some((None, unknown.as_slice())));
    for (band, group) in named {
        let high = high(group);
        d.line((16.0, y), (wide - 16.0, y), LINE, 1.0);
        let size = (30.0, high - 8.0);
        let words = match band {
            Some(band) => {
                hatch::bar(&mut d, (16.0, y + 4.0), size, (&of.bands, band), "");
                hatch::letter(
                    &mut d,
                    (22.0, y + 4.0 + (high - 24.0) / 2.0),
                    &of.bands,
                    band,
                );
                of.bands.word(band)
            }
            None => {
                d.framed(
                    (16.0, y + 4.0),
                    size,
                    "#ffffff",
                    &Edge::broken(QUIET, 1.0),
                    "",
                );
                "not known"
            }
        };
        let words = cut(words, STRONG, HEAD - 48.0 - 30.0);
        d.text((54.0, y + 20.0), Side::Start, STRONG, &words);
        d.text(
            (54.0 + width(&words, STRONG) + 6.0, y + 20.0),
            Side::Start,
            SMALL,
            &group.len().to_string(),
        );
        for (n, (case, provisional)) in group.iter().enumerate() {
            let (column, line) = (n % COLUMNS, n / COLUMNS);
            d.text(
                (
                    16.0 + HEAD + many(column) * COLUMN,
                    y + 20.0 + many(line) * 18.0,
                ),
                Side::Start,
                LABEL,
                &cut(&bracketed(case, *provisional), LABEL, COLUMN - 12.0),
            );
        }
        y += high;
    }
    d.finish(&format!(
        "{title}. {} cases in {} bands.",
        of.cases.len(),
        groups.len()
    ))
}

fn banded_preview(of: &Banded, groups: &[Vec<(&str, bool)>]) -> Vec<String> {
    let most = groups.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let names = of
        .bands
        .bands
        .iter()
        .map(|b| b.chars().count())
        .max()
        .unwrap_or(0);
    let mut lines = Vec::new();
    for ((band, group), sign) in groups.iter().enumerate().zip(of.bands.signs()) {
        let share = many(group.len()) / many(most);
        lines.push(format!(
            "{sign}  {:names$}  {} {}",
            of.bands.word(band),
            super::bar(share, 30),
            group.len()
        ));
        for (case, provisional) in group {
            lines.push(format!("   {}", bracketed(case, *provisional)));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::boxes::{assert_apart, assert_kept, invented};
    use super::super::ranked::tests::of;
    use super::*;

    #[test]
    fn bands_have_no_rank_within() {
        let mut of = Banded {
            bands: of(1, true).bands.expect("bands"),
            period: "2017-07".into(),
            cases: invented(44)
                .into_iter()
                .enumerate()
                .map(|(n, case)| (case, [0, 1, 1, 2, 1, 3][n % 6], n == 4))
                .collect(),
            without: of(1, true).without,
            notes: Vec::new(),
        };
        let chart = banded(&of);
        assert_apart(&chart.svg);
        assert_kept("banded-44", &chart.svg);
        assert_eq!(chart.head, ["band", "case", "marks"]);
        assert_eq!(chart.rows.len(), 46);
        of.cases.truncate(3);
        of.without.clear();
        let chart = banded(&of);
        assert_apart(&chart.svg);
        assert_kept("banded-3", &chart.svg);
        assert_eq!(
            chart.preview[0].trim_end(),
            "O  outstanding             ███████████████ 1"
        );
    }
}
