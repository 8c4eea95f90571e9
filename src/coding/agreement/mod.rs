//! How far the coders of a study agree: which transcripts two of them coded, what is compared there, and what it comes to.
//! The coefficients themselves are in `analysis::agreement`.

mod line;
mod result;
mod scan;

use std::collections::BTreeMap;

use serde::Serialize;

use super::Error;
use crate::analysis::agreement::{Reason, Statistic, Value};
use crate::domain::coder::is_human;
use crate::domain::filter::Filter;
use crate::domain::words::words;
use crate::error::Result;
use crate::search::TurnSet;
use crate::store::{Coder, Transcript};
use crate::study::{Codebook, Selection, Study};
use scan::{Blocks, Plan, Scan};

words! {
    /// What coders are compared by.
    Unit, "unit of comparison" {
        /// A turn is coded or not.
        Turn = "turn",
        /// A sentence is coded or not.
        Sentence = "sentence",
        /// A character is coded or not.
        Character = "character",
        /// Coders chose where passages begin and end: the unitizing coefficients.
        Span = "span",
    }
}

/// So many transcripts, and they are what is drawn again; fewer, and it is turns.
pub const ENOUGH_TRANSCRIPTS: usize = 10;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// By name; empty: all people who coded a transcript that another coded too.
    pub coders: Vec<String>,
    pub unit: Unit,
    /// Empty: those that fit the unit and the number of coders.
    pub statistics: Vec<Statistic>,
    /// Themes are put together at this depth of the tree, from 1.
    pub depth: Option<usize>,
    /// Only transcripts that all of the coders coded.
    pub complete: bool,
    /// Each pair of coders too.
    pub pairs: bool,
    /// The themes exclude each other: also the coefficients over themes as values.
    pub exclusive: bool,
    /// How often to draw again for intervals; 0: no intervals.
    pub draws: usize,
    pub seed: u64,
    /// How many disagreements to list.
    pub disagreements: usize,
    /// Only these transcripts, by id: a sample that was drawn.
    pub only: Option<Vec<i64>>,
}

/// How far coders agree, with the bases of every figure.
#[derive(Clone, Debug, Serialize)]
pub struct Agreement {
    pub coders: Vec<String>,
    pub unit: Unit,
    /// Those that at least two of the coders coded.
    pub transcripts: Vec<String>,
    pub themes: Vec<OfTheme>,
    pub pooled: Vec<Pooled>,
    /// Each pair of coders, where asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<OfPair>,
    /// The first places on which coders disagree.
    pub disagreements: Vec<Disagreement>,
    pub disagreements_total: u64,
    pub double_coded: DoubleCoded,
    pub bootstrap: Option<Bootstrap>,
    pub thresholds: Vec<Threshold>,
    /// Codings that wait for their place in a corrected text, and so count nowhere.
    pub pending: usize,
}

/// A coefficient of one theme.
#[derive(Clone, Debug, Serialize)]
pub struct OfTheme {
    pub theme: String,
    pub statistic: Statistic,
    #[serde(flatten)]
    pub result: Figure,
}

/// A coefficient over all themes.
#[derive(Clone, Debug, Serialize)]
pub struct Pooled {
    pub statistic: Statistic,
    pub view: View,
    #[serde(flatten)]
    pub result: Figure,
}

words! {
    /// What pooled coefficients are over.
    View, "view" {
        /// Units × themes, each coded or not: the sum of the themes' tables.
        Tables = "tables",
        /// Units, whose value is the theme, or none: the themes exclude each other.
        Themes = "themes",
    }
}

/// A coefficient of two coders; `theme` is none where it is pooled.
#[derive(Clone, Debug, Serialize)]
pub struct OfPair {
    pub coders: [String; 2],
    pub theme: Option<String>,
    pub statistic: Statistic,
    #[serde(flatten)]
    pub result: Figure,
}

/// A value with what it is over.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    pub value: Value,
    /// Units that two coders judged; of spans, characters.
    pub n: u64,
    /// Why there is no value.
    pub reason: Option<Reason>,
    pub ci_low: Option<f64>,
    pub ci_high: Option<f64>,
    /// The share of units that each coder coded, in the order of the coders; none for one who judged none of them.
    pub prevalence: Vec<Option<f64>>,
    /// Of `cu-alpha` and `ku-alpha`: the share of the text that they are over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<f64>,
}

/// A place where one coder coded and another did not.
#[derive(Clone, Debug, Serialize)]
pub struct Disagreement {
    pub transcript: String,
    pub turn: i64,
    pub last_turn: i64,
    pub theme: String,
    pub coded_by: Vec<String>,
    pub not_coded_by: Vec<String>,
    /// Units; of spans, characters.
    pub n: u32,
}

/// How much of the study at least two of the coders coded.
#[derive(Clone, Debug, Serialize)]
pub struct DoubleCoded {
    pub transcripts: usize,
    pub of_transcripts: usize,
    pub words: i64,
    pub of_words: i64,
}

/// What the study asks of a statistic, and who says so.
#[derive(Clone, Debug, Serialize)]
pub struct Threshold {
    pub statistic: String,
    pub at_least: String,
    pub meaning: String,
    pub source: String,
}

/// How intervals were made.
#[derive(Clone, Debug, Serialize)]
pub struct Bootstrap {
    pub draws: usize,
    pub seed: u64,
    /// What is drawn: transcripts or turns; none where there was too little to draw from.
    pub of: Option<&'static str>,
}

/// Compares the coders of a study.
pub fn agreement(study: &Study, filter: &Filter, asked: &Asked) -> Result<Agreement> {
    let mut filter = filter.clone();
    filter.coders.extend(asked.coders.iter().cloned());
    let mut selection = study.select(&filter)?;
    if let Some(only) = &asked.only {
        let within = |id: &i64| {
            selection
                .transcripts
                .as_ref()
                .is_none_or(|t| t.binary_search(id).is_ok())
        };
        selection.transcripts = Some(sorted(only.iter().copied().filter(within)));
    }
    let coders = who(study, &selection, asked.complete)?;
    let named = selection.coders.is_some();
    let book = Codebook::read(&study.store)?;
    let columns = Columns::of(&book, &selection, asked.depth);
    let mut all = study.store.transcripts()?;
    study.leave_out_sealed_words(&mut all)?;
    let mut transcripts: Vec<&Transcript> = all
        .iter()
        .filter(|t| {
            let ids = selection.transcripts.as_ref();
            ids.is_none_or(|ids| ids.binary_search(&t.id).is_ok())
        })
        .collect();
    transcripts.sort_unstable_by_key(|t| t.id);
    let turns = turns(study, &selection)?;
    let mut plan = Plan {
        unit: asked.unit,
        columns: columns.by_theme.clone(),
        column_count: columns.names.len(),
        coders: sorted((0..).zip(&coders).map(|(bit, coder)| (coder.id, bit))),
        teams: teams(coders.len(), asked.pairs),
        complete: asked.complete,
        exclusive: asked.exclusive,
        blocks: if asked.draws > 0 {
            Blocks::Transcripts
        } else {
            Blocks::None
        },
        limit: asked.disagreements,
        narrowed: selection.transcripts.is_some(),
        transcripts: &transcripts,
        turns: turns.as_ref(),
    };
    let mut scan = Scan::run(study, &plan)?;
    // Too few transcripts to draw from: turns are drawn, which a second pass keeps apart. Spans have no turns.
    if asked.draws > 0 && scan.transcripts.len() < ENOUGH_TRANSCRIPTS {
        if asked.unit == Unit::Span {
            plan.blocks = Blocks::None;
        } else {
            plan.blocks = Blocks::Turns;
            scan = Scan::run(study, &plan)?;
        }
    }
    if scan.transcripts.is_empty() && !named {
        return Err(nobody(study)?.into());
    }
    let found = result::Found {
        asked,
        coders: &coders,
        named,
        columns: &columns,
        wanted: selection.themes.is_some(),
        plan: &plan,
        scan: &scan,
    };
    let pending = study.pending_in(&selection)?;
    found.agreement(study, &all, pending)
}

/// Who is compared: those who are named, in that order; or all people, by name.
fn who(study: &Study, selection: &Selection, complete: bool) -> Result<Vec<Coder>> {
    /// A pattern of coders is the bits of one number.
    const MOST: usize = 64;
    let all = study.store.coders()?;
    let coders: Vec<Coder> = match &selection.coders {
        Some(ids) => {
            let mut named: Vec<Coder> = Vec::new();
            for id in ids {
                if let Some(coder) = all.iter().find(|c| c.id == *id)
                    && !named.contains(coder)
                {
                    named.push(coder.clone());
                }
            }
            named
        }
        None => all.into_iter().filter(|c| is_human(&c.name)).collect(),
    };
    // Who never coded can't be missed in a transcript.
    let coders = if complete && selection.coders.is_none() {
        let active = study.store.codings_by_coder()?;
        let codes = |c: &Coder| active.iter().any(|(id, ..)| *id == c.id);
        coders.into_iter().filter(codes).collect()
    } else {
        coders
    };
    if coders.len() < 2 && selection.coders.is_some() {
        return Err(Error::refused(
            "agreement is between at least two coders",
            "name them, as in: --coders A,B (see who they are with: casebook coder list)",
        )
        .into());
    }
    if coders.len() > MOST {
        return Err(Error::refused(
            format!(
                "{} coders are more than can be compared at once",
                coders.len()
            ),
            format!("name at most {MOST} of them: --coders A,B"),
        )
        .into());
    }
    Ok(coders)
}

fn nobody(study: &Study) -> Result<Error> {
    let people = study.store.coders()?;
    let active = study.store.codings_by_coder()?;
    let people = people
        .iter()
        .filter(|c| is_human(&c.name) && active.iter().any(|(id, ..)| *id == c.id))
        .count();
    Ok(if people == 0 {
        Error::refused(
            "nobody has coded, so there is nothing to compare",
            "code with: casebook code PLACE THEME   and then as another coder: casebook --coder NAME code PLACE THEME",
        )
    } else if people == 1 {
        Error::refused(
            "only one person has coded, so there is nothing to compare",
            "a second coder codes as: casebook --coder NAME code PLACE THEME",
        )
    } else {
        Error::refused(
            "no transcript is coded by two people, so there is nothing to compare",
            "see who coded what with: casebook matrix --rows transcript --cols coder",
        )
    })
}

/// The main team, and all pairs where they are asked for and are not the same.
fn teams(coders: usize, pairs: bool) -> Vec<u64> {
    let all = (0..coders).fold(0, |all, bit| all | 1_u64 << bit);
    let mut found = vec![all];
    if pairs {
        for first in 0..coders {
            found.extend((first + 1..coders).map(|second| 1_u64 << first | 1_u64 << second));
        }
    }
    found
}

/// The turns that the filters leave, whatever is coded there.
fn turns(study: &Study, selection: &Selection) -> Result<Option<TurnSet>> {
    let bare = Selection {
        themes: None,
        coders: None,
        ..selection.clone()
    };
    study.turns_of(&bare, &study.sets()?)
}

/// The themes that are compared, some put together at a depth.
struct Columns {
    names: Vec<String>,
    /// The column of each theme's id, ascending.
    by_theme: Vec<(i64, usize)>,
}

impl Columns {
    fn of(book: &Codebook, selection: &Selection, depth: Option<usize>) -> Self {
        let mut found = Self {
            names: Vec::new(),
            by_theme: Vec::new(),
        };
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let wanted = |id| {
            selection
                .themes
                .as_ref()
                .is_none_or(|themes| themes.contains(&id))
        };
        for theme in book.themes().iter().filter(|t| wanted(t.id)) {
            let path = book.path_of(theme.id);
            let name = match depth {
                Some(depth) => path.split('/').take(depth).collect::<Vec<_>>().join("/"),
                None => path.to_owned(),
            };
            let column = *places.entry(name.clone()).or_insert_with(|| {
                found.names.push(name);
                found.names.len() - 1
            });
            found.by_theme.push((theme.id, column));
        }
        found.by_theme.sort_unstable();
        found
    }
}

fn sorted<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all
}
