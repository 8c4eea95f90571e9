//! Themes that set some cases apart from others: those that improved from those that did not, or a cohort from the rest.
//! What is compared is whether a theme is there at all in a case's material.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Error;
use super::column::columns;
use super::figures::{self, Which, improved, members};
use crate::analysis::exact::{TwoByTwo, fisher, holm};
use crate::analysis::matrix::Unit;
use crate::coding::crosstab::{Dimension, Dimensions, crosstab};
use crate::domain::filter::Filter;
use crate::domain::period::Period;
use crate::error::Result;
use crate::study::{Codebook, Study};

/// How cases are parted.
#[derive(Clone, Debug)]
pub enum By {
    /// Those that improved in all of these indicators from one period to another, and those that did not.
    Improved {
        indicators: Vec<String>,
        from: Period,
        to: Period,
    },
    /// Members of a cohort, and the others.
    Cohort(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    pub name: String,
    /// Cases with transcripts, by their slugs.
    pub cases: Vec<String>,
}

/// A theme by group: in how many cases it is there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Presence {
    pub theme: String,
    /// In the first group …
    pub first: usize,
    /// … and in the second.
    pub second: usize,
    pub first_cases: Vec<String>,
    pub second_cases: Vec<String>,
    /// Fisher's exact test, two-sided; null where the theme is in every case or in none.
    pub p: Option<f64>,
    /// The same with all themes of the table read together.
    pub p_holm: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Contrast {
    pub groups: [Group; 2],
    /// Cases of which it is not known to which group they belong: they are in neither.
    pub unknown: Vec<String>,
    /// Cases that would be in a group and have no transcripts: that a theme is not there says nothing.
    pub without_transcripts: Vec<String>,
    /// Cases that would be in a group and in whose transcripts nobody is left who may be heard: that says nothing either.
    pub off_record: Vec<String>,
    pub as_of: Option<String>,
    /// How many themes were tested.
    pub tested: usize,
    pub themes: Vec<Presence>,
    pub pending: usize,
}

/// Reads the contrast. Themes that the filter names are compared, each with its sub-themes; with none, every theme.
pub fn contrast(study: &Study, filter: &Filter, by: &By) -> Result<Contrast> {
    let book = Codebook::read(&study.store)?;
    let themes: Vec<String> = if filter.themes.is_empty() {
        book.themes().iter().map(|t| book.path(t.id)).collect()
    } else {
        super::joint::themes(study, &filter.themes)?
    };
    if themes.is_empty() {
        return Err(Error::refused(
            "the codebook has no themes",
            "add one with: casebook theme add PATH",
        )
        .into());
    }
    let asked = Dimensions {
        rows: Dimension::Case,
        cols: Dimension::Theme,
        count: Unit::Codings,
        depth: None,
    };
    let everything = Filter {
        themes: Vec::new(),
        ..filter.clone()
    };
    let tab = crosstab(study, &everything, &asked)?.matrix;
    let coded: BTreeMap<&str, &Vec<u64>> = tab
        .rows
        .iter()
        .map(String::as_str)
        .zip(&tab.cells)
        .collect();
    let all = study.store.cases()?;
    // Of cases that nobody asked for, nothing is left out.
    let wanted = study.store.cases_of(filter)?;
    let unheard = super::joint::unheard(study, filter)?;
    let of_filter: BTreeSet<&str> = all
        .iter()
        .filter(|c| wanted.as_ref().is_none_or(|w| w.contains(&c.id)))
        .map(|c| c.slug.as_str())
        .collect();
    let is_wanted = |slug: &str| of_filter.contains(slug);
    let with_material: Vec<String> = all
        .iter()
        .filter(|c| coded.contains_key(c.slug.as_str()) && !unheard.contains(&c.slug))
        .map(|c| c.slug.clone())
        .collect();
    let verdicts = verdicts(study, filter, by, &with_material)?;
    let of = |wanted: Option<bool>| -> Vec<String> {
        with_material
            .iter()
            .filter(|c| verdicts.of.get(*c).copied().flatten() == wanted)
            .cloned()
            .collect()
    };
    let (first, second) = (of(Some(true)), of(Some(false)));
    if first.is_empty() || second.is_empty() {
        return Err(Error::refused(
            format!(
                "there is nothing to contrast: {} of {} cases with transcripts in `{}`, {} in `{}`",
                first.len(),
                with_material.len(),
                verdicts.names[0],
                second.len(),
                verdicts.names[1]
            ),
            "see which cases are in which with: casebook figures INDICATOR@P INDICATOR@P, or: casebook cohort show SLUG",
        )
        .into());
    }
    let below = |theme: &str, path: &str| {
        path == theme
            || path
                .strip_prefix(theme)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    let mut found: Vec<Presence> = themes
        .into_iter()
        .map(|theme| {
            let cols: Vec<usize> = (0..tab.cols.len())
                .filter(|n| below(&theme, &tab.cols[*n]))
                .collect();
            let there = |case: &&String| cols.iter().any(|n| coded[case.as_str()][*n] > 0);
            let first_cases: Vec<String> = first.iter().filter(there).cloned().collect();
            let second_cases: Vec<String> = second.iter().filter(there).cloned().collect();
            let p = fisher(TwoByTwo {
                with_one: first_cases.len() as u64,
                without_one: (first.len() - first_cases.len()) as u64,
                with_other: second_cases.len() as u64,
                without_other: (second.len() - second_cases.len()) as u64,
            });
            Presence {
                theme,
                first: first_cases.len(),
                second: second_cases.len(),
                first_cases,
                second_cases,
                p,
                p_holm: None,
            }
        })
        .collect();
    let adjusted = holm(&found.iter().map(|f| f.p).collect::<Vec<_>>());
    for (presence, p) in found.iter_mut().zip(adjusted) {
        presence.p_holm = p;
    }
    // What sets the groups apart most stands first; what is not tested, last.
    found.sort_by(|a, b| {
        let p = |f: &Presence| f.p.unwrap_or(2.0);
        p(a).total_cmp(&p(b)).then_with(|| a.theme.cmp(&b.theme))
    });
    let [name, other] = verdicts.names;
    Ok(Contrast {
        groups: [
            Group { name, cases: first },
            Group {
                name: other,
                cases: second,
            },
        ],
        unknown: of(None),
        off_record: verdicts
            .without_material
            .iter()
            .filter(|c| is_wanted(c) && unheard.contains(*c))
            .cloned()
            .collect(),
        without_transcripts: verdicts
            .without_material
            .into_iter()
            .filter(|c| is_wanted(c) && !unheard.contains(c))
            .collect(),
        as_of: filter.as_of.map(|d| d.to_string()),
        tested: found.iter().filter(|f| f.p.is_some()).count(),
        themes: found,
        pending: tab.pending,
    })
}

/// To which group cases belong, by their slugs.
struct Verdicts {
    names: [String; 2],
    of: BTreeMap<String, Option<bool>>,
    without_material: Vec<String>,
}

fn verdicts(study: &Study, filter: &Filter, by: &By, with_material: &[String]) -> Result<Verdicts> {
    match by {
        By::Cohort(slug) => {
            let members = members(study, slug, filter.as_of)?;
            let all = study.store.cases()?;
            let is_member: BTreeMap<String, Option<bool>> = all
                .iter()
                .map(|c| (c.slug.clone(), Some(members.contains(&c.id))))
                .collect();
            let without = |c: &&crate::store::Case| {
                members.contains(&c.id) && !with_material.contains(&c.slug)
            };
            Ok(Verdicts {
                names: [study.store.cohort(slug)?.slug, "the others".to_owned()],
                without_material: all.iter().filter(without).map(|c| c.slug.clone()).collect(),
                of: is_member,
            })
        }
        By::Improved {
            indicators,
            from,
            to,
        } => {
            let typed: Vec<String> = indicators
                .iter()
                .flat_map(|i| [format!("{i}@{from}"), format!("{i}@{to}")])
                .collect();
            let question = figures::Question {
                columns: columns(study, &typed, None)?,
                as_of: filter.as_of,
                ..figures::Question::default()
            };
            directed(&question)?;
            // First all that have figures of their own, to say which of them nobody was asked in; then those with material.
            let everybody = figures::table(study, &question)?;
            let known = |rows: &[figures::Row]| -> BTreeMap<String, Option<bool>> {
                rows.iter().map(|r| (r.case.clone(), improved(r))).collect()
            };
            let everybody = known(&everybody.rows);
            let rows = if with_material.is_empty() {
                BTreeMap::new()
            } else {
                let which = Which {
                    cases: with_material.to_vec(),
                    ..Which::default()
                };
                known(&figures::table(study, &figures::Question { which, ..question })?.rows)
            };
            let with: BTreeSet<&String> = with_material.iter().collect();
            Ok(Verdicts {
                names: ["improved".to_owned(), "not improved".to_owned()],
                without_material: everybody
                    .into_iter()
                    .filter(|(case, verdict)| verdict.is_some() && !with.contains(case))
                    .map(|(case, _)| case)
                    .collect(),
                of: rows,
            })
        }
    }
}

/// Refuses indicators of which nothing says what is better.
fn directed(question: &figures::Question) -> Result<()> {
    let neither =
        |c: &&super::column::Column| c.indicator.better == crate::domain::figure::Better::Neither;
    match question.columns.iter().find(neither) {
        Some(column) => Err(Error::refused(
            format!(
                "`{}` has no direction: nothing says what is better",
                column.indicator.slug
            ),
            format!(
                "say it with: casebook indicator edit {} --better more",
                column.indicator.slug
            ),
        )
        .into()),
        None => Ok(()),
    }
}
