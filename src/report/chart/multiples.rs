//! Small multiples: a panel for each case, all on one scale, so that series are compared by eye.

use rust_decimal::Decimal;

use super::Chart;
use super::grid_words::{shortened, unit_sentence};
use super::quantity::{Quantity, at, many};
use crate::report::phrase::capital;

/// A stretch of time on the axis of all panels, in days from any day.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Time {
    pub(super) label: String,
    pub(super) from: f64,
    pub(super) to: f64,
}

/// What is known of a case in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// Place among the times.
    pub(super) time: usize,
    pub(super) value: Decimal,
    pub(super) provisional: bool,
}

/// A series of one case: its own, or that of one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Strand {
    /// The case before it whose figures these are; none: its own.
    pub(super) before: Option<String>,
    /// In the order of time.
    pub(super) known: Vec<Known>,
}

/// A day on which a case came out of others, or went into another.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Break {
    pub(super) day: f64,
    /// `came out of a, b`.
    pub(super) words: String,
}

/// The panel of a case.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Panel {
    pub(super) case: String,
    pub(super) strands: Vec<Strand>,
    pub(super) breaks: Vec<Break>,
    /// Periods in which sources disagree, with all values.
    pub(super) conflicts: Vec<(usize, String)>,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Multiples {
    pub(super) of: Quantity,
    /// Of an indicator of bands: their names, the best first; a value is a place among them.
    pub(super) bands: Vec<String>,
    /// In the order of time.
    pub(super) times: Vec<Time>,
    pub(super) panels: Vec<Panel>,
    /// Faint in every panel: whose series, and the series.
    pub(super) national: Option<(String, Vec<Known>)>,
    /// Cases that were asked for and have no figure at all.
    pub(super) without: Vec<String>,
    pub(super) notes: Vec<String>,
}

impl Multiples {
    /// A value with its unit; of bands its word.
    pub(super) fn shown(&self, value: Decimal) -> String {
        self.word(value)
            .map_or_else(|| self.of.shown(value), str::to_owned)
    }

    fn plain(&self, value: Decimal) -> String {
        self.word(value)
            .map_or_else(|| self.of.plain(value), str::to_owned)
    }

    fn word(&self, value: Decimal) -> Option<&str> {
        let place = usize::try_from(value).ok()?;
        self.bands.get(place).map(String::as_str)
    }

    /// Where a value stands on the upright axis, which has the best band on top.
    pub(super) fn height(&self, value: Decimal) -> f64 {
        if self.bands.is_empty() {
            at(value)
        } else {
            -at(value)
        }
    }

    pub(super) fn middle(&self, known: &Known) -> f64 {
        self.times
            .get(known.time)
            .map_or(0.0, |t| f64::midpoint(t.from, t.to))
    }

    /// Stretches without a gap: each follows at once on the one before, and no merger lies between their middles.
    pub(super) fn runs<'a>(&self, known: &'a [Known], breaks: &[Break]) -> Vec<Vec<&'a Known>> {
        let mut runs: Vec<Vec<&Known>> = Vec::new();
        for k in known {
            let Some(time) = self.times.get(k.time) else {
                continue;
            };
            let follows = runs.last().and_then(|run| run.last()).is_some_and(|last| {
                self.times
                    .get(last.time)
                    .is_some_and(|before| (before.to - time.from).abs() < 0.5)
                    && !breaks
                        .iter()
                        .any(|b| self.middle(last) < b.day && b.day <= self.middle(k))
            });
            match runs.last_mut() {
                Some(run) if follows => run.push(k),
                _ => runs.push(vec![k]),
            }
        }
        runs
    }
}

/// Draws the panels.
pub(super) fn multiples(of: &Multiples) -> Chart {
    let title = format!("{}, case by case", capital(&of.of.name));
    let mut rows = Vec::new();
    let national = of.national.iter().flat_map(|(case, known)| {
        known
            .iter()
            .map(move |k| (case.as_str(), k, "the grey line".to_owned()))
    });
    for panel in &of.panels {
        for strand in &panel.strands {
            for k in &strand.known {
                let mark = strand
                    .before
                    .as_ref()
                    .map_or(String::new(), |before| format!("that of {before}"));
                rows.push(row(of, &panel.case, k, mark));
            }
        }
        for (time, values) in &panel.conflicts {
            let label = of.times.get(*time).map_or("", |t| t.label.as_str());
            rows.push(
                [&panel.case, label, "n/a", values]
                    .map(str::to_owned)
                    .to_vec(),
            );
        }
    }
    rows.extend(national.map(|(case, k, mark)| row(of, case, k, mark)));
    let mut caveats: Vec<String> = of.of.direction().into_iter().collect();
    caveats.push("All panels have one scale. A line breaks where nothing is known; what is not known is not drawn, and is not nought.".to_owned());
    if !of.bands.is_empty() {
        caveats.push("Bands have an order and no distances: the best stands on top.".to_owned());
    }
    if let Some((case, _)) = &of.national {
        caveats.push(format!("The grey line in each is {case}."));
    }
    if of.is_any(|k| k.provisional) {
        caveats.push("Hollow dots are provisional.".to_owned());
    }
    let breaks: Vec<String> = of
        .panels
        .iter()
        .flat_map(|p| {
            p.breaks
                .iter()
                .map(move |b| format!("{} {}", p.case, b.words))
        })
        .collect();
    if !breaks.is_empty() {
        caveats.push(format!(
            "Series break at upright broken lines, and figures on both sides are not of the same whole: {}.",
            breaks.join("; ")
        ));
    }
    let conflicts: usize = of.panels.iter().map(|p| p.conflicts.len()).sum();
    if conflicts > 0 {
        caveats.push(format!(
            "Where sources disagree no figure stands; a cross marks the period: {conflicts}, listed in the table."
        ));
    }
    if !of.without.is_empty() {
        caveats.push(format!(
            "Without any figure, and so without a panel: {}.",
            of.without.join(", ")
        ));
    }
    caveats.extend(of.notes.iter().cloned());
    Chart {
        pending: 0,
        unit: unit_sentence(&of.of),
        caveats,
        head: vec![
            "case".to_owned(),
            "period".to_owned(),
            of.of.head(),
            "marks".to_owned(),
        ],
        rows,
        numeric: vec![false, false, of.bands.is_empty(), false],
        svg: super::multiples_draw::drawn(of, &title),
        preview: preview(of),
        title,
    }
}

impl Multiples {
    pub(super) fn is_any(&self, takes: impl Fn(&Known) -> bool) -> bool {
        self.panels
            .iter()
            .flat_map(|p| &p.strands)
            .flat_map(|s| &s.known)
            .any(takes)
    }

    /// All values that are drawn.
    pub(super) fn heights(&self) -> impl Iterator<Item = f64> {
        let own = self
            .panels
            .iter()
            .flat_map(|p| &p.strands)
            .flat_map(|s| &s.known);
        let national = self.national.iter().flat_map(|(_, known)| known);
        own.chain(national).map(|k| self.height(k.value))
    }
}

fn row(of: &Multiples, case: &str, known: &Known, mark: String) -> Vec<String> {
    let label = of.times.get(known.time).map_or("", |t| t.label.as_str());
    let mut marks = Vec::new();
    if known.provisional {
        marks.push("provisional".to_owned());
    }
    if !mark.is_empty() {
        marks.push(mark);
    }
    vec![
        case.to_owned(),
        label.to_owned(),
        of.plain(known.value),
        marks.join("; "),
    ]
}

/// A line of blocks for each case, as high as its figures stand between the least and the most of all.
fn preview(of: &Multiples) -> Vec<String> {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let (least, most) = of
        .heights()
        .fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
    let names = of
        .panels
        .iter()
        .map(|p| p.case.chars().count())
        .max()
        .unwrap_or(0)
        .min(40);
    let line = |name: &str, known: &[Known], conflicts: &[(usize, String)]| {
        let mut blocks = vec![' '; of.times.len()];
        for k in known {
            let share = if most > least {
                (of.height(k.value) - least) / (most - least)
            } else {
                1.0
            };
            let level = (0..HEIGHTS.len())
                .rev()
                .find(|n| share * 7.0 >= many(*n) - 0.5)
                .unwrap_or(0);
            if let Some(block) = blocks.get_mut(k.time) {
                *block = HEIGHTS[level];
            }
        }
        for (time, _) in conflicts {
            if let Some(block) = blocks.get_mut(*time) {
                *block = '×';
            }
        }
        let ends = match (known.first(), known.last()) {
            (Some(a), Some(b)) if a != b => {
                format!("{} … {}", of.shown(a.value), of.shown(b.value))
            }
            (Some(a), _) => of.shown(a.value),
            _ => String::new(),
        };
        let blocks: String = blocks.into_iter().collect();
        format!("{:names$}  {blocks}  {ends}", shortened(name, names))
            .trim_end()
            .to_owned()
    };
    let mut lines = Vec::new();
    for panel in &of.panels {
        for strand in &panel.strands {
            match &strand.before {
                None => lines.push(line(&panel.case, &strand.known, &panel.conflicts)),
                Some(before) => lines.push(line(&format!("  {before}"), &strand.known, &[])),
            }
        }
    }
    if let Some((case, known)) = &of.national {
        lines.push(line(case, known, &[]));
    }
    if let (Some(first), Some(last)) = (of.times.first(), of.times.last()) {
        lines.push(format!("{:names$}  {} to {}", "", first.label, last.label));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::boxes::{assert_apart, assert_kept, invented};
    use super::*;
    use crate::domain::figure::Better;

    fn of(many: usize) -> Multiples {
        let times: Vec<Time> = (0..12)
            .map(|n| Time {
                label: format!("2018-{:02}", n + 1),
                from: f64::from(n) * 30.0,
                to: f64::from(n + 1) * 30.0,
            })
            .collect();
        let known = |seed: usize, gap: usize| -> Vec<Known> {
            (0..12)
                .filter(|n| *n != gap && *n != gap + 2)
                .map(|time| Known {
                    time,
                    value: Decimal::new(
                        i64::try_from(880 + (seed * 17 + time * 29) % 90).expect("small"),
                        1,
                    ),
                    provisional: time > 9,
                })
                .collect()
        };
        Multiples {
            of: Quantity {
                name: "seen within four hours".into(),
                unit: "%".into(),
                decimals: 1,
                better: Better::More,
                period: None,
            },
            bands: Vec::new(),
            times,
            panels: invented(many)
                .into_iter()
                .enumerate()
                .map(|(n, case)| Panel {
                    case,
                    strands: if n == 1 {
                        vec![
                            Strand {
                                before: Some("Old Elm".into()),
                                known: known(50, 20).into_iter().take(5).collect(),
                            },
                            Strand {
                                before: None,
                                known: known(n, 20).into_iter().skip(5).collect(),
                            },
                        ]
                    } else {
                        vec![Strand {
                            before: None,
                            known: known(n, if n % 3 == 0 { 4 } else { 20 }),
                        }]
                    },
                    breaks: if n == 1 {
                        vec![Break {
                            day: 150.0,
                            words: "came out of old-elm on 2018-06-01".into(),
                        }]
                    } else {
                        Vec::new()
                    },
                    conflicts: if n == 0 {
                        vec![(4, "sources disagree: 90.1 | 90.4".into())]
                    } else {
                        Vec::new()
                    },
                })
                .collect(),
            national: Some(("The whole country".into(), known(7, 20))),
            without: vec!["Nettle Marsh".into()],
            notes: Vec::new(),
        }
    }

    #[test]
    fn pictures_are_as_they_were_and_no_label_hides_another() {
        for many in [3, 44] {
            let chart = multiples(&of(many));
            assert_apart(&chart.svg);
            assert_kept(&format!("multiples-{many}"), &chart.svg);
        }
    }

    #[test]
    fn a_line_breaks_where_nothing_is_known() {
        let of = of(1);
        let runs = of.runs(&of.panels[0].strands[0].known, &[]);
        let places: Vec<Vec<usize>> = runs
            .iter()
            .map(|r| r.iter().map(|k| k.time).collect())
            .collect();
        assert_eq!(places, [vec![0, 1, 2, 3], vec![5], vec![7, 8, 9, 10, 11]]);
        let merged = Break {
            day: of.times[9].from,
            words: "came out of two".into(),
        };
        let runs = of.runs(&of.panels[0].strands[0].known, &[merged]);
        let last: Vec<usize> = runs
            .last()
            .map_or(Vec::new(), |r| r.iter().map(|k| k.time).collect());
        assert_eq!(last, [9, 10, 11], "nor is it drawn across a merger");
        // The month that sources disagree on is no figure.
        let chart = multiples(&of);
        assert!(chart.preview[0].contains('×'), "{:?}", chart.preview);
        assert_eq!(
            chart.rows[10],
            [
                "Alder Vale",
                "2018-05",
                "n/a",
                "sources disagree: 90.1 | 90.4"
            ]
        );
    }

    #[test]
    fn bands_stand_with_the_best_on_top() {
        let mut of = of(1);
        of.bands = ["good", "fair", "poor"].map(str::to_owned).to_vec();
        of.of.unit = String::new();
        of.national = None;
        of.panels[0].conflicts.clear();
        of.panels[0].strands[0].known = [(0, 2), (1, 0)]
            .map(|(time, place)| Known {
                time,
                value: Decimal::from(place),
                provisional: false,
            })
            .to_vec();
        let chart = multiples(&of);
        assert_apart(&chart.svg);
        assert!(chart.preview[0].contains("▁█"), "{:?}", chart.preview);
        assert_eq!(chart.rows[0][2], "poor");
        assert!(
            chart.preview[0].ends_with("poor … good"),
            "{:?}",
            chart.preview
        );
    }
}
