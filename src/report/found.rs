//! What the frame says, in reports: the summaries of a case, theme by theme, or of all cases. Those that the reader may
//! not see are left out and counted; those that are stale say so.

use std::collections::HashMap;

use super::draft::Draft;
use super::names::Names;
use super::options::{ReportOptions, Written};
use super::phrase::{count, number};
use super::source::Source;
use crate::domain::words::CellStatus;
use crate::error::Result;
use crate::evidence::frame::{CellView, FrameFilter, Since, frame_for};
use crate::governance::gate::{Audience, HeldBack};

/// The summaries that a report may print, and what of them it does not.
#[derive(Default)]
pub(super) struct Summaries {
    cells: Vec<CellView>,
    pub(super) held_back: HeldBack,
}

impl Summaries {
    /// Adds what the frame brought to what a report says of itself.
    pub(super) fn tell(&self, source: &Source, audience: Audience, written: &mut Written) {
        written.summaries_held_back = self.held_back.clone();
        let stale = self.cells.iter().filter(|c| c.stale.is_some()).count();
        if stale > 0 {
            written.warnings.push(format!(
                "{} written before what {} on changed; see which: casebook frame list --stale",
                count(stale, "summary was", "summaries were"),
                if stale == 1 { "it rests" } else { "they rest" }
            ));
        }
        if audience == Audience::Team {
            return;
        }
        let people = Names::of_people(source, None);
        let text = |c: &&CellView| c.text.as_deref().is_some_and(|text| people.are_in(text));
        let naming = self.cells.iter().filter(text).count();
        if naming > 0 {
            written.warnings.push(format!(
                "{} a participant, and {} printed as {}",
                count(naming, "summary names", "summaries name"),
                if naming == 1 { "is" } else { "are" },
                if naming == 1 {
                    "it stands"
                } else {
                    "they stand"
                }
            ));
        }
    }
}

/// The summaries of one case with all that is part of it; nothing where none is written.
pub(super) fn of_case(
    draft: &mut Draft,
    source: &Source,
    case: i64,
    options: &ReportOptions,
) -> Result<Summaries> {
    let slug = source.people.case_slug(Some(case)).unwrap_or_default();
    let found = charted(source, options, vec![slug.to_owned()])?;
    let cells = &found.cells;
    if cells.is_empty() {
        return Ok(found);
    }
    draft.heading(2, "What was found, by theme");
    let others = cells.iter().any(|c| c.case.as_deref() != Some(slug));
    let rows = cells
        .iter()
        .map(|c| {
            let mut row = vec![theme_of(source, c), text_of(c)];
            if others {
                row.insert(0, case_of(source, c));
            }
            row
        })
        .collect();
    let head: &[&str] = if others {
        &["Case", "Theme", "Summary"]
    } else {
        &["Theme", "Summary"]
    };
    draft.table(None, head, rows, &[false; 3][..head.len()]);
    remark(draft, cells);
    Ok(found)
}

/// The summaries of all cases; nothing where none is written.
pub(super) fn of_all(
    draft: &mut Draft,
    source: &Source,
    options: &ReportOptions,
) -> Result<Summaries> {
    let found = charted(source, options, options.filter.cases.clone())?;
    let cells = &found.cells;
    if cells.is_empty() {
        return Ok(found);
    }
    draft.heading(2, "What was found, by case and theme");
    let rows = cells
        .iter()
        .map(|c| vec![case_of(source, c), theme_of(source, c), text_of(c)])
        .collect();
    draft.table(None, &["Case", "Theme", "Summary"], rows, &[false; 3]);
    remark(draft, cells);
    Ok(found)
}

/// The charted cells that a report may show, case by case. A summary is over all that was coded: a report on some
/// people, phases or transcripts has none.
fn charted(source: &Source, options: &ReportOptions, cases: Vec<String>) -> Result<Summaries> {
    let f = &options.filter;
    let whole = f.participants.is_empty()
        && f.roles.is_empty()
        && f.phases.is_empty()
        && f.transcripts.is_empty()
        && f.coders.is_empty()
        && f.attributes.is_empty()
        && f.sections.is_empty();
    if !whole || source.study.store.cells()?.is_empty() {
        return Ok(Summaries::default());
    }
    let filter = FrameFilter {
        cases,
        themes: f.themes.clone(),
        ..FrameFilter::default()
    };
    let found = frame_for(source.study, &filter, options.audience)?;
    // What a theme comes to over all cases is not about some of them.
    let some = !filter.cases.is_empty();
    let mut summaries = Summaries::default();
    let all = found
        .all()
        .filter(|c| c.status == CellStatus::Charted)
        .filter(|c| c.case.is_some() || !some)
        .filter(|c| c.theme.is_some() || filter.themes.is_empty());
    for cell in all {
        match cell.held_back {
            Some(reason) => summaries.held_back.add(reason),
            None => summaries.cells.push(cell.clone()),
        }
    }
    Ok(summaries)
}

fn case_of(source: &Source, cell: &CellView) -> String {
    let names: HashMap<&str, &str> = source
        .people
        .cases
        .values()
        .map(|c| (c.slug.as_str(), c.name.as_str()))
        .collect();
    match &cell.case {
        None => "All cases".to_owned(),
        Some(slug) => names
            .get(slug.as_str())
            .copied()
            .unwrap_or_default()
            .to_owned(),
    }
}

fn theme_of(source: &Source, cell: &CellView) -> String {
    match &cell.theme {
        None => "All themes".to_owned(),
        Some(path) => (0..source.themes.len())
            .find(|t| source.path(*t) == path)
            .map_or_else(|| path.clone(), |t| source.full_title(t)),
    }
}

/// Its words, with a mark where it is stale.
fn text_of(cell: &CellView) -> String {
    let mut text = cell.text.clone().unwrap_or_default();
    if let Some(since) = &cell.stale {
        let inner = cell.case.is_some() && cell.theme.is_some();
        text.push_str(&format!(" ▲ {}", before(since, inner)));
    }
    text
}

/// `written before 3 codings changed`; of what a row or column comes to, cells.
fn before(since: &Since, inner: bool) -> String {
    let changed = since.added
        + since.removed
        + since.changed
        + usize::try_from(since.moved.unsigned_abs()).unwrap_or(usize::MAX);
    match (changed, inner) {
        (0, true) => "written when other codings were below it".to_owned(),
        (0, false) => "written when other cells were below it".to_owned(),
        (n, true) => format!("written before {} changed", count(n, "coding", "codings")),
        (n, false) => format!("written before {} changed", count(n, "cell", "cells")),
    }
}

/// Says how many were written before what lies below them changed.
fn remark(draft: &mut Draft, cells: &[CellView]) {
    let stale = cells.iter().filter(|c| c.stale.is_some()).count();
    if stale > 0 {
        draft.note(format!(
            "▲ {} of {} {} written before coded passages came or went, and {} not been looked at again.",
            number(stale),
            number(cells.len()),
            if stale == 1 { "was" } else { "were" },
            if stale == 1 { "has" } else { "have" },
        ));
    }
}
