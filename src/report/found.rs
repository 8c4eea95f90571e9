//! What the frame says, in reports: the summaries of a case, theme by theme, or of all cases.

use std::collections::HashMap;

use super::draft::Draft;
use super::options::ReportOptions;
use super::phrase::number;
use super::source::Source;
use crate::domain::words::CellStatus;
use crate::error::Result;
use crate::evidence::frame::{CellView, FrameFilter, frame};

/// The summaries of one case with all that is part of it; nothing where none is written.
pub(super) fn of_case(
    draft: &mut Draft,
    source: &Source,
    case: i64,
    options: &ReportOptions,
) -> Result<()> {
    let slug = source.people.case_slug(Some(case)).unwrap_or_default();
    let cells = charted(source, options, vec![slug.to_owned()])?;
    let cells: Vec<&CellView> = cells.iter().filter(|c| c.case.is_some()).collect();
    if cells.is_empty() {
        return Ok(());
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
    remark(draft, &cells);
    Ok(())
}

/// The summaries of all cases; nothing where none is written.
pub(super) fn of_all(draft: &mut Draft, source: &Source, options: &ReportOptions) -> Result<()> {
    let cells = charted(source, options, options.filter.cases.clone())?;
    let cells: Vec<&CellView> = cells.iter().collect();
    if cells.is_empty() {
        return Ok(());
    }
    draft.heading(2, "What was found, by case and theme");
    let rows = cells
        .iter()
        .map(|c| vec![case_of(source, c), theme_of(source, c), text_of(c)])
        .collect();
    draft.table(None, &["Case", "Theme", "Summary"], rows, &[false; 3]);
    remark(draft, &cells);
    Ok(())
}

/// The charted cells that a report may show, case by case. A summary is over all that was coded: a report on some
/// people, phases or transcripts has none.
fn charted(source: &Source, options: &ReportOptions, cases: Vec<String>) -> Result<Vec<CellView>> {
    let f = &options.filter;
    let whole = f.participants.is_empty()
        && f.roles.is_empty()
        && f.phases.is_empty()
        && f.transcripts.is_empty()
        && f.coders.is_empty()
        && f.attributes.is_empty()
        && f.sections.is_empty();
    if !whole || source.study.store.cells()?.is_empty() {
        return Ok(Vec::new());
    }
    let filter = FrameFilter {
        cases,
        themes: f.themes.clone(),
        ..FrameFilter::default()
    };
    let found = frame(source.study, &filter)?;
    // What a theme comes to over all cases is not about some of them.
    let some = !filter.cases.is_empty();
    Ok(found
        .all()
        .filter(|c| c.status == CellStatus::Charted)
        .filter(|c| c.case.is_some() || !some)
        .filter(|c| c.theme.is_some() || filter.themes.is_empty())
        .cloned()
        .collect())
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

fn text_of(cell: &CellView) -> String {
    cell.text.clone().unwrap_or_default()
}

/// Says how many were written before what lies below them changed.
fn remark(draft: &mut Draft, cells: &[&CellView]) {
    let stale = cells.iter().filter(|c| c.stale.is_some()).count();
    if stale > 0 {
        draft.note(format!(
            "{} of {} {} written before coded passages came or went, and {} not been looked at again.",
            number(stale),
            number(cells.len()),
            if stale == 1 { "was" } else { "were" },
            if stale == 1 { "has" } else { "have" },
        ));
    }
}
