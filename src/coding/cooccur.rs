//! Which themes occur together: reads the codings in the order of the texts, once, and counts them as they come.

mod cell;
mod read;

use std::collections::HashMap;

use serde::Serialize;

use super::Error;
use super::quotes::Quotes;
use super::relations::untimed;
use crate::analysis::cooccur::{Coefficient, Count, Counts, Tally, Tie, coefficient};
use crate::analysis::relation::ruler::most;
use crate::domain::filter::Filter;
use crate::domain::relation::{Distance, Relation};
use crate::domain::span::printable;
use crate::error::Result;
use crate::study::{Codebook, Selection, Study};

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Paths of themes, each with its sub-themes. None: every theme with every other; one: with every other; more: these
    /// among themselves.
    pub themes: &'a [String],
    /// What both codings of a pair must be.
    pub filter: &'a Filter,
    pub tie: Tie,
    pub count: Count,
    /// Themes that are not named are put together at this depth of the tree.
    pub depth: Option<usize>,
}

/// How often a theme is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Used {
    pub theme: String,
    pub n: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pair {
    pub a: String,
    pub b: String,
    #[serde(flatten)]
    pub counts: Coefficient,
    /// The cases that have such a pair, where cases are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cases: Option<Vec<String>>,
}

/// Pairs of themes, the closest first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cooccurrence {
    pub relation: Tie,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance: Option<Distance>,
    pub count: Count,
    pub themes: Vec<Used>,
    /// How many pairs there are to show: those that occur together, and all of several themes that were named.
    pub total: usize,
    pub pairs: Vec<Pair>,
    /// Codings that wait for their place in a corrected text, and so are not counted.
    pub pending: usize,
    /// How many coders' codings are counted. With several, the two codings of a pair may be of different coders.
    pub coders: usize,
    /// Transcripts without times, where a distance is in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untimed: Option<usize>,
}

/// The same as a table of theme by theme.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Square {
    pub relation: Tie,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance: Option<Distance>,
    pub count: Count,
    pub themes: Vec<String>,
    /// How often each theme is used.
    pub n: Vec<u64>,
    /// n12, row to column; none where a theme meets itself.
    pub cells: Vec<Vec<Option<u64>>>,
    /// The coefficient, likewise; none also where it is not defined.
    pub c: Vec<Vec<Option<f64>>>,
    pub pending: usize,
    /// As in [`Cooccurrence`].
    pub coders: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untimed: Option<usize>,
}

/// Themes as they are counted: each, or several put together.
struct Groups {
    names: Vec<String>,
    /// How many of them were named.
    named: usize,
    /// The group of a theme, by its id.
    of: HashMap<i64, u32>,
}

impl Groups {
    fn new(question: &Question, selection: &Selection, book: &Codebook) -> Result<Self> {
        let mut groups = Self {
            names: Vec::new(),
            named: question.themes.len(),
            of: HashMap::new(),
        };
        if groups.named > 1 && question.depth.is_some() {
            return Err(Error::refused(
                "the depth is of nothing: each theme that is named counts with all below it",
                "leave out --depth, or name one theme or none",
            )
            .into());
        }
        for path in question.themes {
            let theme = book.find(path)?;
            let group = groups.add(book.path(theme));
            for id in book.with_below(theme) {
                if groups.of.insert(id, group).is_some() {
                    return Err(Error::refused(
                        format!(
                            "`{}` and another of the themes are part of each other",
                            book.path(theme)
                        ),
                        "name themes of which none stands below another; a theme counts with all below it",
                    )
                    .into());
                }
            }
        }
        if groups.named < 2 {
            let mut known: HashMap<String, u32> = HashMap::new();
            for theme in book.themes() {
                let asked = selection.themes.as_ref();
                if groups.of.contains_key(&theme.id)
                    || asked.is_some_and(|ids| !ids.contains(&theme.id))
                {
                    continue;
                }
                let path = super::crosstab::at_depth(book, theme.id, question.depth);
                let group = match known.get(&path) {
                    Some(group) => *group,
                    None => {
                        let group = groups.add(path.clone());
                        known.insert(path, group);
                        group
                    }
                };
                groups.of.insert(theme.id, group);
            }
        }
        Ok(groups)
    }

    fn add(&mut self, name: String) -> u32 {
        self.names.push(name);
        u32::try_from(self.names.len() - 1).unwrap_or(u32::MAX)
    }

    /// Their themes, ascending, of which a selection takes some.
    fn themes(&self, selection: &Selection) -> Vec<i64> {
        let asked = selection.themes.as_ref();
        let mut all: Vec<i64> = self.of.keys().copied().collect();
        all.retain(|id| asked.is_none_or(|ids| ids.contains(id)));
        all.sort_unstable();
        all
    }

    /// The two groups of every pair that is asked for: once, or both ways where a relation has a direction.
    fn pairs(&self, directed: bool) -> impl Iterator<Item = (u32, u32)> {
        let n = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let one = self.named == 1;
        (0..n)
            .flat_map(move |a| (0..n).map(move |b| (a, b)))
            .filter(move |(a, b)| a != b && (directed || a < b) && (!one || *a == 0 || *b == 0))
    }
}

struct Counted {
    groups: Groups,
    counts: Counts,
    pending: usize,
    untimed: Option<usize>,
    coders: usize,
}

fn counted(study: &Study, question: &Question) -> Result<Counted> {
    refuse_parts(question)?;
    let mut selection = study.select(question.filter)?;
    let groups = Groups::new(question, &selection, &Codebook::read(&study.store)?)?;
    if question.tie == Tie::Near && question.filter.distance.is_none() {
        return Err(Error::refused(
            "`near` has no distance",
            "say how far apart they may be, as in: --distance 2turns",
        )
        .into());
    }
    // Where every theme counts, none need be looked for.
    if groups.named > 1 || selection.themes.is_some() {
        selection.themes = Some(groups.themes(&selection));
    }
    let mut tally = Tally::new(
        question.tie,
        most(question.filter.distance),
        question.count,
        groups.names.len(),
    );
    let taken = read::Taken::new(study, &selection)?;
    let mut coders = Vec::new();
    read::each_transcript(
        study,
        &selection,
        &groups.of,
        question,
        &taken,
        &mut coders,
        |case, pieces, who| {
            tally.transcript(case, pieces, who, &|turn| taken.takes_turn(turn));
        },
    )?;
    Ok(Counted {
        pending: study.pending_in(&selection)?,
        untimed: untimed(study, &selection, question.filter.distance)?,
        counts: tally.finish(),
        groups,
        coders: coders.len(),
    })
}

/// A shared part is no coding, so it can't be counted as one.
fn refuse_parts(question: &Question) -> Result<()> {
    let relations = &question.filter.relations;
    if relations
        .iter()
        .any(|r| r.relation == Relation::OverlapPart)
    {
        return Err(Error::refused(
            "what occurs together is codings, not parts of them",
            "write --overlap-whole for --overlap-part",
        )
        .into());
    }
    Ok(())
}

/// The pairs of themes that occur together, the closest first; of several themes that were named, all pairs.
pub fn cooccurrence(
    study: &Study,
    question: &Question,
    limit: Option<usize>,
) -> Result<Cooccurrence> {
    let found = counted(study, question)?;
    let (groups, counts) = (&found.groups, &found.counts);
    let mut pairs: Vec<(u32, u32, Coefficient)> = groups
        .pairs(question.tie.is_directed())
        .map(|(a, b)| {
            let n = |group: u32| counts.uses[group as usize];
            (a, b, coefficient(n(a), n(b), counts.pairs(a, b)))
        })
        .filter(|(.., counts)| groups.named > 1 || counts.n12 > 0)
        .collect();
    pairs.sort_by(|(a, b, x), (c, d, y)| {
        let close = |of: &Coefficient| of.c.unwrap_or(-1.0);
        close(y)
            .total_cmp(&close(x))
            .then(y.n12.cmp(&x.n12))
            .then((a, b).cmp(&(c, d)))
    });
    let total = pairs.len();
    pairs.truncate(limit.unwrap_or(usize::MAX));
    let slugs: HashMap<i64, String> = if question.count == Count::Cases {
        let cases = study.store.cases()?.into_iter();
        cases.map(|c| (c.id, c.slug)).collect()
    } else {
        HashMap::new()
    };
    let name = |group: u32| groups.names[group as usize].clone();
    let cases = |a, b| {
        let mut all: Vec<String> = counts
            .having(a, b)
            .filter_map(|id| slugs.get(&id).cloned())
            .collect();
        all.sort();
        all
    };
    Ok(Cooccurrence {
        relation: question.tie,
        distance: question.filter.distance,
        count: question.count,
        themes: groups
            .names
            .iter()
            .zip(&counts.uses)
            .map(|(theme, n)| Used {
                theme: theme.clone(),
                n: *n,
            })
            .collect(),
        total,
        pairs: pairs
            .into_iter()
            .map(|(a, b, counts)| Pair {
                a: name(a),
                b: name(b),
                counts,
                cases: (question.count == Count::Cases).then(|| cases(a, b)),
            })
            .collect(),
        pending: found.pending,
        coders: found.coders,
        untimed: found.untimed,
    })
}

/// Every theme by every other.
pub fn square(study: &Study, question: &Question) -> Result<Square> {
    let found = counted(study, question)?;
    let counts = &found.counts;
    let all = 0..u32::try_from(found.groups.names.len()).unwrap_or(u32::MAX);
    let each = |a: u32| all.clone().map(move |b| (a, b));
    let cell = |(a, b): (u32, u32)| {
        let n = |group: u32| counts.uses[group as usize];
        (a != b).then(|| coefficient(n(a), n(b), counts.pairs(a, b)))
    };
    Ok(Square {
        relation: question.tie,
        distance: question.filter.distance,
        count: question.count,
        n: counts.uses.clone(),
        cells: all
            .clone()
            .map(|a| each(a).map(|at| cell(at).map(|c| c.n12)).collect())
            .collect(),
        c: all
            .clone()
            .map(|a| each(a).map(|at| cell(at)?.c).collect())
            .collect(),
        themes: found.groups.names,
        pending: found.pending,
        coders: found.coders,
        untimed: found.untimed,
    })
}

/// The passages of both themes of a pair, named as `A,B`: those that make the pairs which n12 counts.
pub fn passages(study: &Study, question: &Question, typed: &str) -> Result<Quotes> {
    refuse_parts(question)?;
    let selection = study.select(question.filter)?;
    let groups = Groups::new(question, &selection, &Codebook::read(&study.store)?)?;
    let find = |name: &str| {
        let name = name.trim();
        let place = groups
            .names
            .iter()
            .position(|n| n.eq_ignore_ascii_case(name));
        place.and_then(|n| u32::try_from(n).ok())
    };
    // A name may hold a comma itself: the comma that parts them is one that leaves two known names.
    let pair = typed
        .match_indices(',')
        .find_map(|(at, _)| Some((find(&typed[..at])?, find(&typed[at + 1..])?)))
        .filter(|(a, b)| a != b);
    let Some(pair) = pair else {
        return Err(Error::refused(
            format!("`{}` names no two themes", printable(typed)),
            format!(
                "write A,B with two of: {}",
                super::crosstab::some(&groups.names)
            ),
        )
        .into());
    };
    cell::passages(study, selection, &groups, question, pair)
}
