//! From the study to the values that pictures are drawn from.

use std::collections::{BTreeMap, HashMap};

use jiff::ToSpan as _;

use super::{Accumulated, Agreed, Chart, Mark, Network, Threshold, Timeline, timeline};
use crate::analysis::agreement::Statistic;
use crate::analysis::matrix::Unit;
use crate::analysis::saturation::Ask;
use crate::coding::agreement::{Asked, View, agreement};
use crate::coding::cooccur::{Question, cooccurrence};
use crate::coding::crosstab::{Dimension, Dimensions, crosstab};
use crate::coding::quotes::each_ref;
use crate::coding::saturation::{Options, Order, Per, saturation};
use crate::domain::Date;
use crate::domain::filter::Filter;
use crate::domain::words::TranscriptKind;
use crate::error::Result;
use crate::study::passage::Reader;
use crate::study::{Codebook, Study};

/// A heat map of what the filter leaves, by two dimensions.
pub fn heat_of(
    study: &Study,
    filter: &Filter,
    rows: (&Dimension, &str),
    cols: (&Dimension, &str),
    count: Unit,
    depth: Option<usize>,
) -> Result<Chart> {
    let by = Dimensions {
        rows: rows.0.clone(),
        cols: cols.0.clone(),
        count,
        depth,
    };
    let matrix = crosstab(study, filter, &by)?.matrix;
    Ok(super::heat(&matrix, (rows.1, cols.1)))
}

/// The themes that occur together, as `cooccur` counts them.
pub fn network_of(study: &Study, question: &Question) -> Result<Chart> {
    let found = cooccurrence(study, question, None)?;
    let places: HashMap<&str, usize> = found
        .themes
        .iter()
        .enumerate()
        .map(|(n, t)| (t.theme.as_str(), n))
        .collect();
    let place = |theme: &str| places.get(theme).copied().unwrap_or_default();
    let mut notes = waiting(found.pending);
    if found.coders > 1 {
        notes.push(format!(
            "Codings of {} coders are drawn together: where they differ on a passage, that is a pair too.",
            found.coders
        ));
    }
    notes.extend(found.untimed.filter(|n| *n > 0).map(|n| {
        format!(
            "A distance in seconds can't be had in transcripts without times: {n} are left out."
        )
    }));
    let chart = super::network(&Network {
        pairs: found
            .pairs
            .iter()
            .map(|p| (place(&p.a), place(&p.b), p.counts.n12, p.counts.c))
            .collect(),
        themes: found
            .themes
            .iter()
            .map(|t| (t.theme.clone(), t.n))
            .collect(),
        relation: match found
            .distance
            .filter(|_| found.relation.relation().has_distance())
        {
            Some(distance) => format!("{}, at most {distance} apart", found.relation),
            None => found.relation.to_string(),
        },
        unit: found.count.to_string(),
        directed: found.relation.is_directed(),
        notes,
    });
    Ok(Chart {
        pending: found.pending,
        ..chart
    })
}

/// Interviews in their order, with the codes that each brought, and what else is to be known of them.
pub struct Curve {
    pub interviews: Vec<Accumulated>,
    pub notes: Vec<String>,
    pub pending: usize,
}

/// How codes accumulate over the interviews, in the order of their dates or in another, as a picture.
pub fn accumulation_of(
    study: &Study,
    filter: &Filter,
    order: Order,
    depth: Option<usize>,
) -> Result<Chart> {
    let words = match &order {
        Order::Date => "their dates",
        Order::Import => "their import",
        Order::Listed(_) => "a list",
    };
    let found = accumulated(study, filter, order, depth)?;
    Ok(Chart {
        pending: found.pending,
        ..super::accumulation(&found.interviews, words, &found.notes)
    })
}

/// The values behind that picture.
pub fn accumulated(
    study: &Study,
    filter: &Filter,
    order: Order,
    depth: Option<usize>,
) -> Result<Curve> {
    let by_date = order == Order::Date;
    let options = Options {
        ask: Ask {
            bases: Vec::new(),
            runs: Vec::new(),
            thresholds: Vec::new(),
            shuffle: None,
        },
        per: Per::Study,
        order,
        kinds: vec![TranscriptKind::Interview, TranscriptKind::FocusGroup],
        depth,
    };
    let found = saturation(study, filter, &options)?;
    let interviews: Vec<Accumulated> = found
        .groups
        .iter()
        .flat_map(|g| &g.curve)
        .map(|i| Accumulated {
            transcript: i.transcript.clone(),
            date: i.date.clone(),
            new: i.new as u64,
            total: i.total as u64,
        })
        .collect();
    let mut notes = Vec::new();
    if !found.undated.is_empty() && by_date {
        notes.push(format!(
            "Without a date, and so last: {}.",
            found.undated.join(", ")
        ));
    }
    if !found.uncoded.is_empty() {
        notes.push(format!(
            "Not coded, and so left out: {}.",
            found.uncoded.join(", ")
        ));
    }
    notes.push(format!("Codes of: {}.", found.coders.join(", ")));
    notes.extend(waiting(found.pending));
    Ok(Curve {
        interviews,
        notes,
        pending: found.pending,
    })
}

/// One coefficient of agreement, theme by theme. `asked` has it as its only statistic; `named` says whether the coders
/// are.
pub fn agreement_of(
    study: &Study,
    filter: &Filter,
    asked: &Asked,
    statistic: Statistic,
    named: bool,
) -> Result<Chart> {
    let found = agreement(study, filter, asked)?;
    let mut themes: Vec<Agreed> = Vec::new();
    let of = |name: &str, figure: &crate::coding::agreement::Figure| Agreed {
        theme: name.to_owned(),
        value: figure.value.number(),
        reason: figure.reason.map(|r| r.to_string()),
        interval: figure.ci_low.zip(figure.ci_high),
        n: figure.n,
    };
    for line in found.themes.iter().filter(|t| t.statistic == statistic) {
        themes.push(of(&line.theme, &line.result));
    }
    for line in &found.pooled {
        if line.statistic == statistic && line.view == View::Tables {
            themes.push(of("all themes", &line.result));
        }
    }
    let thresholds: Vec<Threshold> = found
        .thresholds
        .iter()
        .filter(|t| t.statistic == statistic.word())
        .filter_map(|t| {
            Some(Threshold {
                at_least: t.at_least.parse().ok()?,
                meaning: t.meaning.clone(),
                source: t.source.clone(),
            })
        })
        .collect();
    let double = &found.double_coded;
    let mut notes = vec![format!(
        "Coded twice: {} of {} transcripts, {} of {} words.",
        double.transcripts, double.of_transcripts, double.words, double.of_words
    )];
    if let Some(drawn) = &found.bootstrap {
        notes.push(match drawn.of {
            Some(what) => format!(
                "The lines are 95 % intervals from {} draws of {what}, seed {}.",
                drawn.draws, drawn.seed
            ),
            None => "There was too little to draw intervals from.".to_owned(),
        });
    }
    if study.store.study()?.method == "reflexive" {
        notes.push(
            "The study's method is reflexive: agreement between coders is not asked of it."
                .to_owned(),
        );
    }
    notes.extend(waiting(found.pending));
    let who = if named {
        found.coders.join(", ")
    } else {
        format!("{} coders", found.coders.len())
    };
    let unit = format!("{who} compared by {}.", found.unit);
    Ok(Chart {
        pending: found.pending,
        ..super::agreement(statistic.word(), &unit, &themes, &thresholds, &notes)
    })
}

/// Codings along time: through one transcript where `transcript` names one, else from interview to interview.
pub fn timeline_of(
    study: &Study,
    filter: &Filter,
    transcript: Option<&str>,
    depth: Option<usize>,
) -> Result<Chart> {
    match transcript {
        Some(slug) => through_transcript(study, filter, slug, depth),
        None => through_study(study, filter, depth),
    }
}

/// Themes in the order of the codebook, put together at a depth: their names, and the place of each theme.
struct Rows {
    names: Vec<String>,
    place: BTreeMap<i64, usize>,
}

impl Rows {
    fn new(book: &Codebook, depth: Option<usize>) -> Self {
        let mut rows = Self {
            names: Vec::new(),
            place: BTreeMap::new(),
        };
        for theme in book.themes() {
            let path = book.path(theme.id);
            let name = match depth {
                Some(depth) => path.split('/').take(depth).collect::<Vec<_>>().join("/"),
                None => path,
            };
            let place = rows.names.iter().position(|n| *n == name);
            let place = place.unwrap_or_else(|| {
                rows.names.push(name);
                rows.names.len() - 1
            });
            rows.place.insert(theme.id, place);
        }
        rows
    }

    /// Leaves only rows with marks, and says where each went.
    fn used(&mut self, marks: &mut [Mark]) {
        let mut new = vec![None; self.names.len()];
        let mut names = Vec::new();
        for (old, name) in self.names.iter().enumerate() {
            if marks.iter().any(|m| m.row == old) {
                new[old] = Some(names.len());
                names.push(name.clone());
            }
        }
        for mark in marks {
            mark.row = new[mark.row].unwrap_or_default();
        }
        self.names = names;
    }
}

fn through_transcript(
    study: &Study,
    filter: &Filter,
    slug: &str,
    depth: Option<usize>,
) -> Result<Chart> {
    let transcript = study.store.transcript(slug)?;
    let filter = Filter {
        transcripts: vec![transcript.slug.clone()],
        ..filter.clone()
    };
    let selection = study.select(&filter)?;
    let mut rows = Rows::new(&Codebook::read(&study.store)?, depth);
    let first = transcript.revision.first_turn;
    let mut reader = Reader::new(&study.store)?;
    // Bars of one theme that touch or overlap are one: two coders' codings of a passage would hide each other.
    let mut bars: BTreeMap<(usize, i64, i64), u64> = BTreeMap::new();
    each_ref(study, &selection, &mut reader, |_, _, found| {
        for q in found {
            let row = rows.place.get(&q.coding.theme).copied().unwrap_or_default();
            let (from, to) = (q.coding.turn - first + 1, q.coding.last_turn - first + 1);
            *bars.entry((row, from, to)).or_default() += 1;
        }
        Ok(())
    })?;
    let mut marks: Vec<Mark> = bars
        .iter()
        .map(|((row, from, to), n)| Mark {
            row: *row,
            from: exact(*from) - 0.5,
            to: exact(*to) + 0.5,
            codings: *n,
            hint: if from == to {
                format!("{}:{from}, {n} codings", transcript.slug)
            } else {
                format!("{}:{from}-{to}, {n} codings", transcript.slug)
            },
        })
        .collect();
    rows.used(&mut marks);
    let mut table: Vec<(usize, i64, i64, u64)> = marks
        .iter()
        .zip(&bars)
        .map(|(m, ((_, from, to), n))| (m.row, *from, *to, *n))
        .collect();
    table.sort_unstable();
    let pending = study.pending_in(&selection)?;
    let chart = timeline(&Timeline {
        title: format!("Themes through {}", transcript.slug),
        unit: "A bar covers the turns that a coding touches; the line runs from the first turn to the last."
            .to_owned(),
        marks,
        from: 0.5,
        to: exact(transcript.revision.turns.max(1)) + 0.5,
        ends: (
            format!("{}:1", transcript.slug),
            format!("{}:{}", transcript.slug, transcript.revision.turns),
        ),
        ticks: super::svg::marks(exact(transcript.revision.turns.max(1)), 8)
            .into_iter()
            .map(|m| m.max(1.0))
            .filter(|m| *m <= exact(transcript.revision.turns.max(1)))
            .map(|m| (m, super::svg::number(m)))
            .collect(),
        caveats: waiting(pending),
        head: ["theme", "first turn", "last turn", "codings"]
            .map(str::to_owned)
            .to_vec(),
        table: table
            .into_iter()
            .map(|(row, from, to, n)| {
                vec![
                    rows.names[row].clone(),
                    from.to_string(),
                    to.to_string(),
                    n.to_string(),
                ]
            })
            .collect(),
        rows: rows.names,
        numeric: vec![false, true, true, true],
    });
    Ok(Chart { pending, ..chart })
}

fn through_study(study: &Study, filter: &Filter, depth: Option<usize>) -> Result<Chart> {
    let selection = study.select(filter)?;
    let mut rows = Rows::new(&Codebook::read(&study.store)?, depth);
    let mut reader = Reader::new(&study.store)?;
    let mut dots: BTreeMap<(usize, String), u64> = BTreeMap::new();
    let mut undated: (u64, u64) = (0, 0);
    each_ref(study, &selection, &mut reader, |_, transcript, found| {
        let Some(date) = &transcript.date else {
            undated = (undated.0 + 1, undated.1 + found.len() as u64);
            return Ok(());
        };
        for q in found {
            let row = rows.place.get(&q.coding.theme).copied().unwrap_or_default();
            *dots.entry((row, date.clone())).or_default() += 1;
        }
        Ok(())
    })?;
    let mut marks: Vec<Mark> = dots
        .iter()
        .filter_map(|((row, date), n)| {
            let at = exact(days(date.parse().ok()?));
            Some(Mark {
                row: *row,
                from: at,
                to: at,
                codings: *n,
                hint: format!("{date}: {n} codings"),
            })
        })
        .collect();
    rows.used(&mut marks);
    let dates: Vec<Date> = dots.keys().filter_map(|(_, d)| d.parse().ok()).collect();
    let (first, last) = match (dates.iter().min(), dates.iter().max()) {
        (Some(first), Some(last)) => (*first, *last),
        _ => (Date::constant(2000, 1, 1), Date::constant(2000, 1, 1)),
    };
    // A little room, so that the first and the last dot are whole.
    let room = (exact(days(last) - days(first)) * 0.04).max(3.0);
    let mut caveats = Vec::new();
    if undated.0 > 0 {
        caveats.push(format!(
            "Not drawn, as they have no date: transcripts {}, codings {}.",
            undated.0, undated.1
        ));
    }
    let pending = study.pending_in(&selection)?;
    caveats.extend(waiting(pending));
    let mut table: Vec<Vec<String>> = Vec::new();
    for (mark, ((_, date), n)) in marks.iter().zip(&dots) {
        table.push(vec![
            rows.names[mark.row].clone(),
            date.clone(),
            n.to_string(),
        ]);
    }
    let marks_are_there = !marks.is_empty();
    let chart = timeline(&Timeline {
        title: "Themes from interview to interview".to_owned(),
        unit: "The area of a dot is the number of codings in the interviews of that day."
            .to_owned(),
        marks,
        from: exact(days(first)) - room,
        to: exact(days(last)) + room,
        ends: if marks_are_there {
            (first.to_string(), last.to_string())
        } else {
            (String::new(), String::new())
        },
        ticks: months(first, last),
        caveats,
        head: ["theme", "date", "codings"].map(str::to_owned).to_vec(),
        table,
        rows: rows.names,
        numeric: vec![false, false, true],
    });
    Ok(Chart { pending, ..chart })
}

fn waiting(pending: usize) -> Vec<String> {
    if pending == 0 {
        return Vec::new();
    }
    vec![format!(
        "Codings that wait for their place in a corrected text, and are not counted: {pending}."
    )]
}

#[expect(
    clippy::cast_precision_loss,
    reason = "days and turns are small numbers"
)]
fn exact(n: i64) -> f64 {
    n as f64
}

/// Days since some day; only differences matter.
fn days(date: Date) -> i64 {
    i64::from((date - Date::constant(1900, 1, 1)).get_days())
}

/// The first days of months between two days, at most a dozen: every month, quarter, half year, year …
fn months(first: Date, last: Date) -> Vec<(f64, String)> {
    let Ok(mut from) = Date::new(first.year(), 1, 1) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    while from <= last {
        if from >= first {
            all.push(from);
        }
        let Ok(next) = from.checked_add(1.month()) else {
            break;
        };
        from = next;
    }
    let kept = [1, 3, 6, 12, 24, 60, 120, 600].map(|every| {
        all.iter()
            .filter(|d| (i32::from(d.year()) * 12 + i32::from(d.month()) - 1) % every == 0)
            .collect::<Vec<_>>()
    });
    kept.iter()
        .find(|k| k.len() <= 12)
        .into_iter()
        .flatten()
        .map(|d| (exact(days(**d)), d.strftime("%b %Y").to_string()))
        .collect()
}
