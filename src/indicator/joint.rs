//! Joint displays: cases by themes, with figures as columns and as the order of the rows.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Error;
use super::column::Column;
use super::figures::{self, FigureTable, Head, Which, in_order};
use super::shown::{Shown, larger_is_more};
use crate::analysis::matrix::Unit;
use crate::coding::crosstab::{Dimension, Dimensions, crosstab};
use crate::domain::attribute::Owner;
use crate::domain::filter::Filter;
use crate::error::Result;
use crate::study::{Codebook, Study};

#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Each with its sub-themes; none: every theme at the root of the codebook.
    pub themes: Vec<String>,
    pub columns: Vec<Column>,
    /// The place of the column that orders the rows.
    pub order: Option<usize>,
    pub count: Option<Unit>,
    /// Names of attributes of cases.
    pub context: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JointRow {
    pub case: String,
    pub name: String,
    /// One for each attribute that was asked for; null where the case has none.
    pub context: Vec<Option<String>>,
    pub figures: Vec<Shown>,
    /// One for each theme; null where nobody is left who may be heard.
    pub counts: Vec<Option<u64>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Joint {
    pub count: Unit,
    pub themes: Vec<String>,
    pub context: Vec<String>,
    pub columns: Vec<Head>,
    pub order: Option<String>,
    pub as_of: Option<String>,
    pub rows: Vec<JointRow>,
    /// Codings in transcripts that belong to no case, by theme: they are in no row.
    pub without_case: Vec<u64>,
    /// Codings that wait for their place in a corrected text, and so are in no cell.
    pub pending: usize,
    /// The figures of the same rows.
    #[serde(skip)]
    pub table: FigureTable,
}

/// The paths of themes that are asked for; with none, those at the root.
pub(super) fn themes(study: &Study, typed: &[String]) -> Result<Vec<String>> {
    let book = Codebook::read(&study.store)?;
    if typed.is_empty() {
        return Ok(book.children(None).map(|t| book.path(t.id)).collect());
    }
    let mut found: Vec<String> = Vec::new();
    for path in typed {
        let path = book.path(book.find(path)?);
        if !found.contains(&path) {
            found.push(path);
        }
    }
    Ok(found)
}

/// Cases with transcripts in which nobody is left who may be heard, by their slugs.
pub(super) fn unheard(study: &Study, filter: &Filter) -> Result<BTreeSet<String>> {
    let everything = Filter {
        themes: Vec::new(),
        ..filter.clone()
    };
    let selection = study.select(&everything)?;
    let Some(heard) = study.heard(&selection)? else {
        return Ok(BTreeSet::new());
    };
    let taken = |id: i64| {
        let taken = selection.transcripts.as_ref();
        taken.is_none_or(|t| t.binary_search(&id).is_ok())
    };
    let (mut with, mut left) = (BTreeSet::new(), BTreeSet::new());
    for t in study.store.transcripts()? {
        let Some(case) = t.case.filter(|_| taken(t.id)) else {
            continue;
        };
        with.insert(case);
        if heard.binary_search(&t.id).is_ok() {
            left.insert(case);
        }
    }
    let cases = study.store.cases()?.into_iter();
    Ok(cases
        .filter(|c| with.contains(&c.id) && !left.contains(&c.id))
        .map(|c| c.slug)
        .collect())
}

/// Reads the display. The filter says whose words count; its themes are those of the question.
pub fn joint(study: &Study, filter: &Filter, question: &Question) -> Result<Joint> {
    let themes = themes(study, &question.themes)?;
    if themes.is_empty() {
        return Err(Error::refused(
            "the codebook has no themes",
            "add one with: casebook theme add PATH",
        )
        .into());
    }
    let count = question.count.unwrap_or(Unit::Codings);
    let mut cases: Vec<String> = Vec::new();
    let mut counts: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for (n, theme) in themes.iter().enumerate() {
        // A total counts each thing once, however many sub-themes it has: so each theme is a table of its own.
        let filter = Filter {
            themes: vec![theme.clone()],
            ..filter.clone()
        };
        let asked = Dimensions {
            rows: Dimension::Case,
            cols: Dimension::Theme,
            count,
            depth: None,
        };
        let tab = crosstab(study, &filter, &asked)?.matrix;
        for (case, total) in tab.rows.iter().zip(&tab.row_totals) {
            let row = counts.entry(case.clone()).or_insert_with(|| {
                cases.push(case.clone());
                vec![0; themes.len()]
            });
            row[n] = *total;
        }
    }
    let all = Filter {
        themes: themes.clone(),
        ..filter.clone()
    };
    let pending = study.pending_in(&study.select(&all)?)?;
    let known: Vec<String> = study.store.cases()?.into_iter().map(|c| c.slug).collect();
    cases.retain(|c| known.contains(c));
    let without_case = counts.iter().find(|(case, _)| !known.contains(case));
    let without_case = without_case.map_or_else(|| vec![0; themes.len()], |(_, row)| row.clone());
    let mut table = of_cases(study, &cases, question, filter)?;
    if let Some(n) = question.order {
        let of = &question.columns[n].indicator;
        let by = super::roll::Reckoner::of(study, of)?;
        let larger = larger_is_more(of, by.as_ref());
        in_order(&mut table.rows, n, figures::best_is_larger(of, larger));
    }
    let unheard = unheard(study, filter)?;
    let context = context(study, &question.context)?;
    let rows = table
        .rows
        .iter()
        .map(|row| JointRow {
            context: context
                .iter()
                .map(|(_, values)| values.get(&row.id).cloned())
                .collect(),
            counts: if unheard.contains(&row.case) {
                vec![None; themes.len()]
            } else {
                let all = counts.get(&row.case);
                (0..themes.len())
                    .map(|n| Some(all.map_or(0, |all| all[n])))
                    .collect()
            },
            case: row.case.clone(),
            name: row.name.clone(),
            figures: row.figures.clone(),
        })
        .collect();
    Ok(Joint {
        count,
        themes,
        context: context.into_iter().map(|(name, _)| name).collect(),
        order: question.order.map(|n| question.columns[n].name()),
        as_of: table.as_of.clone(),
        columns: table.columns.clone(),
        table,
        rows,
        without_case,
        pending,
    })
}

fn of_cases(
    study: &Study,
    cases: &[String],
    question: &Question,
    filter: &Filter,
) -> Result<FigureTable> {
    let nobody = FigureTable {
        columns: Vec::new(),
        as_of: filter.as_of.map(|d| d.to_string()),
        rows: Vec::new(),
        improved: None,
        notes: Vec::new(),
    };
    if cases.is_empty() {
        return Ok(nobody);
    }
    let question = figures::Question {
        columns: question.columns.clone(),
        which: Which {
            cases: cases.to_vec(),
            ..Which::default()
        },
        as_of: filter.as_of,
        ..figures::Question::default()
    };
    let mut table = figures::table(study, &question)?;
    // Changes have no columns here.
    for row in &mut table.rows {
        row.changes.clear();
    }
    Ok(table)
}

type Values = BTreeMap<i64, String>;

/// Attributes of cases, with the values by case.
fn context(study: &Study, names: &[String]) -> Result<Vec<(String, Values)>> {
    names
        .iter()
        .map(|name| {
            let of = study.store.attribute(Owner::Case, name)?;
            let values = study.store.values(Owner::Case, None)?;
            let values = values
                .into_iter()
                .filter(|v| v.attribute == of.name)
                .map(|v| (v.owner, v.value))
                .collect();
            Ok((of.name, values))
        })
        .collect()
}
