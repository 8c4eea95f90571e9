//! The relations that a filter asks for, as the study has them: ids of themes, and where the others may stand.

use super::{Codebook, Error, Study};
use crate::domain::filter::Filter;
use crate::domain::relation::{Distance, Relation};
use crate::error::Result;

/// How a passage must stand to others. The others are codings by the coders of the filter, whoever speaks, and under
/// whatever heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relations {
    /// Every one must hold.
    pub all: Vec<RelationTo>,
    pub distance: Option<Distance>,
    /// Where the others may stand, by case, phase and transcript, ascending; `None`: anywhere.
    pub transcripts: Option<Vec<i64>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationTo {
    pub relation: Relation,
    /// It must not hold.
    pub not: bool,
    /// The others' themes with their sub-themes, ascending; `None`: any.
    pub themes: Option<Vec<i64>>,
}

impl RelationTo {
    pub fn takes(&self, theme: i64) -> bool {
        let themes = self.themes.as_ref();
        themes.is_none_or(|t| t.binary_search(&theme).is_ok())
    }
}

impl Study {
    pub(super) fn relations(&self, filter: &Filter) -> Result<Option<Relations>> {
        if filter.relations.is_empty() {
            return Ok(None);
        }
        let book = Codebook::read(&self.store)?;
        let mut all = Vec::new();
        for asked in &filter.relations {
            if asked.relation == Relation::Near && filter.distance.is_none() {
                return Err(Error::refused(
                    "`near` has no distance",
                    "say how far apart they may be, as in: --distance 2turns",
                )
                .into());
            }
            let mut themes = Vec::new();
            for path in &asked.themes {
                themes.extend(book.with_below(book.find(path)?));
            }
            themes.sort_unstable();
            themes.dedup();
            all.push(RelationTo {
                relation: asked.relation,
                not: asked.not,
                themes: (!asked.themes.is_empty()).then_some(themes),
            });
        }
        // What says who speaks, in what words or under which heading is of A alone.
        let others = Filter {
            cases: filter.cases.clone(),
            phases: filter.phases.clone(),
            transcripts: filter.transcripts.clone(),
            as_of: filter.as_of,
            ..Filter::default()
        };
        Ok(Some(Relations {
            all,
            distance: filter.distance,
            transcripts: self.store.resolve(&others)?.transcripts,
        }))
    }
}
