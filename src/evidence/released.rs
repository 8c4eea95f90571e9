//! Coded passages as they may leave the team: the words of one person each, cited as that person agreed to, and what was
//! held back. No place, no pseudonym, no coder and no memo goes with them.

use serde::Serialize;

use super::frame::passage::{Release, passages};
use crate::coding::quotes::each_ref;
use crate::domain::filter::Filter;
use crate::error::Result;
use crate::governance::Known;
use crate::governance::gate::{Audience, HeldBack, To};
use crate::study::passage::Reader;
use crate::study::{Selection, Study};

/// A quote for readers outside the team.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Released {
    pub theme: String,
    pub citation: String,
    pub text: String,
}

/// Quotes for an audience, in the order of themes, citations and words, which tells nothing of who said what else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReleasedQuotes {
    pub audience: Audience,
    /// All that may be shown, shown or not.
    pub total: usize,
    /// Codings that wait for their place in a corrected text, and so are not among them.
    pub pending: usize,
    /// Codings that were held back, by reason. What is off the record is in no count, nor in this one.
    pub held_back: HeldBack,
    /// Whether only some cases or people are in it: then a reader is not told why anything was held back.
    #[serde(skip)]
    pub among_few: bool,
    pub quotes: Vec<Released>,
}

/// What a filter narrows tells a reader of whoever is quoted: whether only some are left, and by what.
fn narrowed(filter: &Filter) -> (bool, Known) {
    let few = !(filter.cases.is_empty()
        && filter.participants.is_empty()
        && filter.roles.is_empty()
        && filter.transcripts.is_empty()
        && filter.attributes.is_empty()
        && filter.sections.is_empty());
    // Who is named alone is known by all that a label could say.
    let alone = !(filter.participants.is_empty() && filter.transcripts.is_empty());
    let known = Known {
        case: alone || !filter.cases.is_empty(),
        role: alone || !filter.roles.is_empty(),
    };
    (few, known)
}

/// The quotes that a filter leaves, as an audience may have them: of a case, the people of the cases that it names.
pub fn of_filter(
    study: &Study,
    filter: &Filter,
    audience: Audience,
    limit: Option<usize>,
) -> Result<ReleasedQuotes> {
    let selection = study.select(filter)?;
    let mut ids = Vec::new();
    let mut reader = Reader::new(&study.store)?;
    each_ref(study, &selection, &mut reader, |_, _, found| {
        ids.extend(found.iter().map(|q| q.coding.id));
        Ok(())
    })?;
    let mut found = of(
        study,
        &ids,
        (filter, &selection),
        audience,
        narrowed(filter),
    )?;
    found.quotes.truncate(limit.unwrap_or(usize::MAX));
    Ok(found)
}

/// The quotes behind one cell of a table, likewise: whoever reads them knows what stands at the head of its row and of its
/// column.
pub fn of_cell(
    study: &Study,
    codings: &[i64],
    filter: &Filter,
    audience: Audience,
) -> Result<ReleasedQuotes> {
    let selection = study.select(filter)?;
    let known = Known {
        case: true,
        role: true,
    };
    of(
        study,
        codings,
        (filter, &selection),
        audience,
        (true, known),
    )
}

fn of(
    study: &Study,
    codings: &[i64],
    (filter, selection): (&Filter, &Selection),
    audience: Audience,
    (among_few, known): (bool, Known),
) -> Result<ReleasedQuotes> {
    let to = To::named(&study.store, audience, &filter.cases, &filter.participants)?;
    let release = Release {
        to: &to,
        among_few,
        known,
        taken: Some(selection),
    };
    let (found, held_back) = passages(study, codings, &release)?;
    let mut quotes: Vec<Released> = found
        .into_values()
        .filter_map(|p| {
            Some(Released {
                theme: p.theme,
                citation: p.citation?,
                text: p.text?,
            })
        })
        .collect();
    quotes.sort_unstable();
    quotes.dedup();
    Ok(ReleasedQuotes {
        audience,
        total: quotes.len(),
        pending: study.pending_in(selection)?,
        held_back,
        among_few,
        quotes,
    })
}
