//! Which cases a filter leaves anything of: where nobody may be heard, that a theme is not there says nothing.

use std::collections::BTreeSet;

use crate::domain::filter::Filter;
use crate::error::Result;
use crate::study::Study;

/// The slugs of cases with a transcript in which at least one turn counts, for a filter; its themes aside. What was said off
/// the record does not count, so a case whose only participant is off the record is not among them.
pub(super) fn cases_heard(study: &Study, filter: &Filter) -> Result<BTreeSet<String>> {
    let bare = Filter {
        themes: Vec::new(),
        ..filter.clone()
    };
    let selection = study.select(&bare)?;
    let turns = study.turns_of(&selection, &study.sets()?)?;
    let ranges = study.store.turn_ranges(selection.transcripts.as_deref())?;
    let heard: BTreeSet<i64> = ranges
        .into_iter()
        .filter(|(_, first, n)| {
            turns.as_ref().map_or(*n > 0, |set| {
                (*first..first + n).any(|turn| u32::try_from(turn).is_ok_and(|t| set.contains(t)))
            })
        })
        .map(|(transcript, _, _)| transcript)
        .collect();
    let cases: BTreeSet<i64> = study
        .store
        .transcripts()?
        .into_iter()
        .filter(|t| heard.contains(&t.id))
        .filter_map(|t| t.case)
        .collect();
    Ok(study
        .store
        .cases()?
        .into_iter()
        .filter(|c| cases.contains(&c.id))
        .map(|c| c.slug)
        .collect())
}
