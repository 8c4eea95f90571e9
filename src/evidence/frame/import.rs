//! An edited file of the frame, compared with what is there: what it would change, what was changed in the study
//! meanwhile, and what of it can't be understood. All that fits is written as one event.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use serde::Serialize;

use super::grid::{Charted, summary_basis};
use super::place::ALL;
use super::since::{Asked, History};
use super::table::{STALE, Sheet, event_of, mark, mark_of, read};
use super::words::{self, Said};
use crate::analysis::frame::Basis;
use crate::error::Result;
use crate::evidence::Error;
use crate::store::{Cell, CellDraft, CellThen};
use crate::study::Study;

/// How a file is taken.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrameImportOptions {
    /// Write nothing.
    pub dry_run: bool,
    /// Where a cell was changed in the file and in the study, the file's words stand.
    pub theirs: bool,
    /// What is empty in the file, and was not when it was exported, is cleared.
    pub clear: bool,
}

/// A cell that the file changes, or would.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellChange {
    /// A case's slug; `/` for all cases.
    pub case: String,
    /// A theme's path; `/` for all themes.
    pub theme: String,
    /// As it is in the study, in the form that a file has it: `[not-asked]` is a status. Null where nothing is.
    pub before: Option<String>,
    /// The same of the file; null where it is empty.
    pub after: Option<String>,
    /// When it was changed in the study, and by whom, where that was after the export.
    pub since: Option<ChangedSince>,
}

/// A change in the study since the export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedSince {
    pub coder: String,
    pub at: String,
    pub event: i64,
}

/// What a file changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FrameImport {
    /// The event that the file is of; null where its corner names none.
    pub exported: Option<i64>,
    /// Cells that are written for the first time, written anew, and cleared.
    pub added: Vec<CellChange>,
    pub edited: Vec<CellChange>,
    pub cleared: Vec<CellChange>,
    /// Changed in the file and in the study: left as the study has them.
    pub conflicts: Vec<CellChange>,
    /// Emptied in the file: left as the study has them.
    pub emptied: Vec<CellChange>,
    /// Changed in the study and not in the file: left as the study has them.
    pub newer: usize,
    pub unchanged: usize,
    /// How often findings named the cleared cells as evidence, which goes too.
    pub evidence: i64,
    pub event: Option<i64>,
}

impl FrameImport {
    /// Cells that it writes or clears.
    pub fn changes(&self) -> usize {
        self.added.len() + self.edited.len() + self.cleared.len()
    }
}

/// The mark in the corner of a file.
fn sheet_mark(sheet: &Sheet) -> Option<&str> {
    mark_of(sheet.rows.first()?.1.first()?)
}

/// A cell as the file names it.
type Place = (Option<i64>, Option<i64>);

/// Reads an edited file of the frame and takes it into the study.
///
/// # Errors
/// A file that can't be read; rows, columns or words in it that are unknown (all of them named; nothing is written
/// then); a file of a state that the study has not been in.
pub fn import(study: &Study, path: &Path, options: FrameImportOptions) -> Result<FrameImport> {
    let bytes = std::fs::read(path).map_err(|source| crate::study::Error::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let sheet = read(path, &bytes)?;
    let charted = Charted::read(study)?;
    let (exported, cells) = understood(&charted, path, &sheet)?;
    if let Some(event) = exported
        && event > study.store.last_event()?
    {
        return Err(Error::refused(
            format!("`{}` is of event {event}, and this study has had {}", path.display(), study.store.last_event()?),
            "it is from another study, or from a copy of this one that went on: export it again from here",
        )
        .into());
    }
    if let Some(event) = exported
        && let Some(known) = sheet_mark(&sheet)
        && known != mark(&study.store.cells_at(event)?)
    {
        return Err(Error::refused(
            format!(
                "`{}` is from a copy of this study that went on by itself: at event {event} its frame said something else",
                path.display()
            ),
            "export the frame from here and bring the edits into that file: casebook frame export -o FILE.xlsx",
        )
        .into());
    }
    let then: Option<HashMap<Place, CellThen>> = match exported {
        None => None,
        Some(event) => Some(
            study
                .store
                .cells_at(event)?
                .into_iter()
                .map(|c| ((c.case, c.theme), c))
                .collect(),
        ),
    };
    let (mut report, writes, cleared) = compare(&charted, exported, then.as_ref(), &cells, options);
    for cell in cleared {
        report.evidence += study.store.evidence_on_cell(cell)?;
    }
    if options.dry_run || writes.is_empty() {
        return Ok(report);
    }
    let ((), event) = study.change("frame import", |tx| {
        let coder = tx.coder(&study.session.coder)?;
        let bases = bases_at(study, &charted, exported, &writes)?;
        let (summaries, inner): (Vec<_>, Vec<_>) = writes
            .iter()
            .zip(&bases)
            .partition(|(w, _)| w.0.0.is_none() || w.0.1.is_none());
        // What a row or column comes to was written with its cells as the file has them.
        for ((place, said), basis) in inner.into_iter().chain(summaries) {
            let Some((status, text)) = said else {
                if let Some(cell) = tx.cell(place.0, place.1)? {
                    tx.remove_cell(cell.id)?;
                }
                continue;
            };
            let basis = match basis {
                Some(basis) => *basis,
                None => summary_basis(&tx.cells()?, place.0, place.1),
            };
            tx.put_cell(&CellDraft {
                case: place.0,
                theme: place.1,
                status: *status,
                text: text.as_deref(),
                below: basis.below,
                basis: &basis.digest(),
                coder,
            })?;
        }
        tx.summary(format!(
            "import frame: {} added, {} edited, {} cleared",
            report.added.len(),
            report.edited.len(),
            report.cleared.len()
        ));
        Ok(())
    })?;
    report.event = event;
    Ok(report)
}

/// What lay below each cell when the file was exported: what was coded since then, whoever wrote it has not seen. None
/// for the summary of a row or column.
fn bases_at(
    study: &Study,
    charted: &Charted,
    exported: Option<i64>,
    writes: &[(Place, Said)],
) -> Result<Vec<Option<Basis>>> {
    let mut bases: Vec<Option<Basis>> = writes
        .iter()
        .map(|((case, theme), _)| Some(charted.basis(Some((*case)?), Some((*theme)?))))
        .collect();
    if let Some(event) = exported {
        let history = History::read(study, &charted.lay, &charted.sealed, event)?;
        let asked: Vec<(usize, Asked)> = writes
            .iter()
            .enumerate()
            .filter_map(|(n, ((case, theme), _))| Some((n, (((*case)?, (*theme)?), event))))
            .collect();
        let places: Vec<Asked> = asked.iter().map(|(_, a)| *a).collect();
        for ((n, _), difference) in asked.iter().zip(history.differences(&places)?) {
            bases[*n] = bases[*n].map(|now| difference.before(now));
        }
    }
    Ok(bases)
}

/// The cells of a file, each with what it says.
type FileCells = Vec<(Place, Said)>;

/// The event of a file and its cells. Whatever is unknown in it is named, all of it at once.
fn understood(
    charted: &Charted,
    path: &Path,
    sheet: &Sheet,
) -> Result<(Option<i64>, FileCells), Error> {
    let mut rows = sheet.rows.iter();
    let Some((_, header)) = rows.next().filter(|_| sheet.rows.len() > 1) else {
        return Err(Error::refused(
            format!(
                "`{}` holds no table with a header and rows under it",
                path.display()
            ),
            "the first row names themes and the first column cases; write one with: casebook frame export -o FILE.xlsx",
        ));
    };
    let mut unknown: Vec<String> = Vec::new();
    // Whether a case or a theme is named that is not there: it can be made.
    let mut missing = false;
    let mut columns: Vec<Option<Option<i64>>> = vec![None];
    let mut seen: HashSet<Option<i64>> = HashSet::new();
    for (n, head) in header.iter().enumerate().skip(1) {
        let column = match head.trim() {
            "" => None,
            STALE if charted.book.find(STALE).is_err() => None,
            all if all.starts_with(ALL) => Some(None),
            path => match charted.book.find(path) {
                Ok(id) => Some(Some(id)),
                Err(error) => {
                    missing = true;
                    unknown.push(format!(
                        "column {}: {}",
                        n + 1,
                        with_near(&error.to_string(), error.hint())
                    ));
                    None
                }
            },
        };
        if let Some(theme) = column
            && !seen.insert(theme)
        {
            unknown.push(format!(
                "column {}: `{}` stands there twice",
                n + 1,
                head.trim()
            ));
        }
        columns.push(column);
    }
    let headless: Vec<bool> = header.iter().map(|h| h.trim().is_empty()).collect();
    let mut cells: FileCells = Vec::new();
    let mut known: HashSet<Option<i64>> = HashSet::new();
    for (number, row) in rows {
        let first = row.first().map_or("", |c| c.trim());
        let case = match first {
            "" if row.iter().all(|c| c.trim().is_empty()) => continue,
            "" => {
                unknown.push(format!("row {number}: its first cell names no case"));
                continue;
            }
            all if all.starts_with(ALL) => None,
            slug => match charted
                .cases
                .iter()
                .find(|c| c.slug.eq_ignore_ascii_case(slug))
            {
                Some(case) => Some(case.id),
                None => {
                    let near = crate::error::did_you_mean(
                        slug,
                        charted.cases.iter().map(|c| c.slug.as_str()),
                    );
                    let shown = crate::domain::span::printable(slug);
                    missing = true;
                    unknown.push(match near {
                        Some(near) => {
                            format!("row {number}: no case `{shown}`: did you mean `{near}`?")
                        }
                        None => format!("row {number}: no case `{shown}`"),
                    });
                    continue;
                }
            },
        };
        if !known.insert(case) {
            unknown.push(format!("row {number}: `{first}` stands there twice"));
            continue;
        }
        // A row ends where its last filled cell does: what is missing there has been emptied.
        for n in 1..row.len().max(header.len()) {
            let cell = row.get(n).map_or("", String::as_str);
            let filled = !cell.trim().is_empty();
            if filled && headless.get(n).copied().unwrap_or(true) {
                unknown.push(format!(
                    "row {number}, column {}: no theme stands over it",
                    n + 1
                ));
                continue;
            }
            let Some(Some(theme)) = columns.get(n) else {
                continue;
            };
            if case.is_none() && theme.is_none() {
                if filled {
                    unknown.push(format!(
                        "row {number}, column {}: the whole frame has no summary of its own",
                        n + 1
                    ));
                }
                continue;
            }
            match words::read(cell) {
                Ok(said) => cells.push(((case, *theme), said)),
                Err(why) => unknown.push(format!("row {number}, column {}: {why}", n + 1)),
            }
        }
    }
    if !unknown.is_empty() {
        const SHOWN: usize = 20;
        let more = unknown.len().saturating_sub(SHOWN);
        unknown.truncate(SHOWN);
        if more > 0 {
            unknown.push(format!("and {more} more"));
        }
        return Err(Error::refused(
            format!("`{}` is not taken: {}", path.display(), unknown.join("; ")),
            if missing {
                "mend the file, or make what is missing: casebook case add SLUG   casebook theme add PATH"
            } else {
                "mend the file: each case has one row and each theme one column, and a cell holds a summary or a status"
            },
        ));
    }
    let event = header.first().and_then(|corner| event_of(corner));
    Ok((event, cells))
}

/// What can't be found, with what was perhaps meant.
fn with_near(error: &str, hint: Option<String>) -> String {
    match hint.filter(|h| h.starts_with("did you mean")) {
        Some(hint) => {
            let near = hint.split_once('?').map_or(hint.as_str(), |(near, _)| near);
            format!("{error}: {near}?")
        }
        None => error.to_owned(),
    }
}

/// Sorts the file's cells by what becomes of them: the report, what is to be written, and the cells that go.
fn compare(
    charted: &Charted,
    exported: Option<i64>,
    then: Option<&HashMap<Place, CellThen>>,
    cells: &FileCells,
    options: FrameImportOptions,
) -> (FrameImport, Vec<(Place, Said)>, Vec<i64>) {
    let mut report = FrameImport {
        exported,
        ..FrameImport::default()
    };
    let now: HashMap<Place, &Cell> = charted
        .cells
        .iter()
        .map(|c| ((c.case, c.theme), c))
        .collect();
    let slugs: HashMap<i64, &str> = charted
        .cases
        .iter()
        .map(|c| (c.id, c.slug.as_str()))
        .collect();
    let mut writes: Vec<(Place, Said)> = Vec::new();
    let mut cleared: Vec<i64> = Vec::new();
    for (place, file) in cells {
        let there = now.get(place);
        let present: Said = there.map(|c| (c.status, c.text.clone()));
        // What the cell said when the file was written: unknown where the file doesn't say when, or the record has
        // been erased.
        let before: Option<Said> = then.and_then(|then| match then.get(place) {
            None => Some(None),
            Some(c) => Some(Some((c.status?, c.text.clone()))),
        });
        if *file == present {
            report.unchanged += 1;
            continue;
        }
        if before.as_ref() == Some(file) {
            report.newer += 1;
            continue;
        }
        let since = there
            .filter(|c| exported.is_none_or(|event| c.event > event))
            .map(|c| ChangedSince {
                coder: c.coder.clone(),
                at: c.at.clone(),
                event: c.event,
            });
        let change = CellChange {
            case: place
                .0
                .and_then(|id| slugs.get(&id).copied())
                .unwrap_or(ALL)
                .to_owned(),
            theme: place
                .1
                .map_or_else(|| ALL.to_owned(), |id| charted.book.path(id)),
            before: shown(&present),
            after: shown(file),
            since,
        };
        // Without knowing what was there, only an empty cell is filled.
        let untouched = match &before {
            Some(before) => *before == present,
            None => present.is_none(),
        };
        if !untouched && !options.theirs {
            report.conflicts.push(change);
        } else if file.is_none() && !options.clear {
            report.emptied.push(change);
        } else {
            match (&present, file) {
                (_, None) => {
                    cleared.extend(there.map(|c| c.id));
                    report.cleared.push(change);
                }
                (None, _) => report.added.push(change),
                _ => report.edited.push(change),
            }
            writes.push((*place, file.clone()));
        }
    }
    (report, writes, cleared)
}

/// As a file has it, so that a summary is told from a status.
fn shown(said: &Said) -> Option<String> {
    let (status, text) = said.as_ref()?;
    Some(words::written(*status, text.as_deref()))
}
