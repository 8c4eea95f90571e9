//! The matrix: which rows and columns it has, and what stands in each cell.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::ground::{Ground, Sealed};
use super::lay::Lay;
use super::shown::held_back;
use super::since::{Asked, History, Since, of_cells};
use crate::analysis::frame::Basis;
use crate::domain::attribute::Owner;
use crate::domain::words::CellStatus;
use crate::error::Result;
use crate::evidence::Error;
use crate::governance::gate::{Audience, HeldBack, Reason, To};
use crate::store::{Case, Cell, CellThen};
use crate::study::{Codebook, Study};

/// What of the frame is asked for.
#[derive(Clone, Debug, Default)]
pub struct FrameFilter {
    /// Cases, each with all that is part of it.
    pub cases: Vec<String>,
    /// Only cases of these kinds.
    pub kinds: Vec<String>,
    /// Only cases with these values of attributes.
    pub attributes: Vec<(String, String)>,
    /// Themes, each with its sub-themes.
    pub themes: Vec<String>,
    /// Themes at this depth of the tree, and those above it that have no sub-themes. 1 is the root.
    pub depth: Option<usize>,
}

/// A row or a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    #[serde(skip)]
    pub id: i64,
    /// A case's slug or a theme's path: what is typed, and what a file identifies it by.
    pub name: String,
    /// The case's name; of a theme, its path again.
    pub title: String,
}

/// A cell as the matrix shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellView {
    /// Null in the summary of a column.
    pub case: Option<String>,
    /// Null in the summary of a row.
    pub theme: Option<String>,
    pub status: CellStatus,
    pub text: Option<String>,
    /// Codings below it now; in the summary of a row or column, its cells.
    pub below: i64,
    /// Why its words are not shown to whom the frame was read for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_back: Option<Reason>,
    /// What came and went since it was written; null where nothing did, or nothing is written.
    pub stale: Option<Since>,
    /// The codings that it names.
    pub links: Vec<i64>,
    pub coder: Option<String>,
    /// When it was last written or confirmed, and the event that did.
    pub at: Option<String>,
    pub event: Option<i64>,
}

impl CellView {
    /// Whether there is a summary that names no coding.
    pub fn unsupported(&self) -> bool {
        self.status == CellStatus::Charted && self.links.is_empty()
    }
}

/// The framework matrix, or the part of it that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Frame {
    /// The study's last event: the state that this is of.
    pub event: i64,
    /// What the frame said then, as a mark that a copy of the study which went on by itself does not have.
    pub mark: String,
    pub rows: Vec<Head>,
    pub cols: Vec<Head>,
    /// By row, then column.
    pub cells: Vec<Vec<CellView>>,
    /// What each case comes to over all themes.
    pub row_summaries: Vec<CellView>,
    /// What each theme comes to over all cases.
    pub col_summaries: Vec<CellView>,
    /// Cells of these rows that stand in no column that is shown.
    pub hidden: usize,
    /// Codings in transcripts of no case: they are below no row.
    pub outside: usize,
    /// Codings that wait for their place in a corrected text, and so are below no cell.
    pub pending: usize,
}

impl Frame {
    /// All cells: row by row, each with its summary last; then the summaries of the columns.
    pub fn all(&self) -> impl Iterator<Item = &CellView> {
        self.cells
            .iter()
            .zip(&self.row_summaries)
            .flat_map(|(row, summary)| row.iter().chain([summary]))
            .chain(&self.col_summaries)
    }

    /// What is held back of its summaries, by reason.
    pub fn held_back(&self) -> HeldBack {
        let mut held = HeldBack::default();
        for reason in self.all().filter_map(|c| c.held_back) {
            held.add(reason);
        }
        held
    }

    /// Whether any row has a summary of its own.
    pub fn has_row_summaries(&self) -> bool {
        self.row_summaries
            .iter()
            .any(|c| c.status != CellStatus::NotCharted)
    }

    /// Whether any column has a summary of its own.
    pub fn has_col_summaries(&self) -> bool {
        self.col_summaries
            .iter()
            .any(|c| c.status != CellStatus::NotCharted)
    }
}

/// Everything that is known of the frame, read once: the small tables, and one scan of the codings.
pub(super) struct Charted {
    pub(super) lay: Lay,
    pub(super) sealed: Sealed,
    pub(super) book: Codebook,
    pub(super) cases: Vec<Case>,
    pub(super) cells: Vec<Cell>,
    links: HashMap<i64, Vec<i64>>,
    ground: Ground,
    bases: HashMap<(i64, i64), Basis>,
}

impl Charted {
    pub(super) fn read(study: &Study) -> Result<Self> {
        let lay = Lay::now(&study.store)?;
        let sealed = Sealed::read(study)?;
        let ground = Ground::read(study, &lay, &sealed)?;
        Ok(Self {
            bases: ground.rolled_up(&lay),
            book: Codebook::read(&study.store)?,
            cases: study.store.cases()?,
            cells: study.store.cells()?,
            links: study.store.all_cell_links()?,
            lay,
            sealed,
            ground,
        })
    }

    /// The codings that a cell names.
    pub(super) fn links_of(&self, cell: i64) -> &[i64] {
        self.links.get(&cell).map_or(&[], Vec::as_slice)
    }

    /// What lies below a place now.
    pub(super) fn basis(&self, case: Option<i64>, theme: Option<i64>) -> Basis {
        match (case, theme) {
            (Some(case), Some(theme)) => {
                self.bases.get(&(case, theme)).copied().unwrap_or_default()
            }
            _ => summary_basis(&self.cells, case, theme),
        }
    }

    /// What came and went below each cell that is stale.
    pub(super) fn stale(&self, study: &Study) -> Result<HashMap<i64, Since>> {
        let stale: Vec<&Cell> = self
            .cells
            .iter()
            .filter(|c| Basis::stored(c.below, &c.basis) != Some(self.basis(c.case, c.theme)))
            .collect();
        let mut found = HashMap::new();
        let asked: Vec<(&Cell, Asked)> = stale
            .iter()
            .filter_map(|c| Some((*c, ((c.case?, c.theme?), c.event))))
            .collect();
        if let Some(first) = asked.iter().map(|(_, a)| a.1).min() {
            let history = History::read(study, &self.lay, &self.sealed, first)?;
            let places: Vec<Asked> = asked.iter().map(|(_, a)| *a).collect();
            for ((cell, (place, _)), difference) in asked.iter().zip(history.differences(&places)?)
            {
                let now = self.bases.get(place).map_or(0, |b| b.below);
                found.insert(cell.id, difference.counted(cell.below, now));
            }
        }
        let mut then: HashMap<i64, Vec<CellThen>> = HashMap::new();
        for cell in stale
            .iter()
            .filter(|c| c.case.is_none() || c.theme.is_none())
        {
            let then = match then.entry(cell.event) {
                Entry::Occupied(there) => there.into_mut(),
                Entry::Vacant(free) => free.insert(study.store.cells_at(cell.event)?),
            };
            let under = |case: Option<i64>, theme: Option<i64>| {
                is_under((cell.case, cell.theme), case, theme)
            };
            let was: Vec<&CellThen> = then.iter().filter(|c| under(c.case, c.theme)).collect();
            let is: Vec<&Cell> = self
                .cells
                .iter()
                .filter(|c| under(c.case, c.theme))
                .collect();
            found.insert(cell.id, of_cells(&was, &is));
        }
        Ok(found)
    }

    fn view(
        &self,
        case: Option<&Head>,
        theme: Option<&Head>,
        by_place: &HashMap<(Option<i64>, Option<i64>), &Cell>,
        stale: &HashMap<i64, Since>,
    ) -> CellView {
        let ids = (case.map(|h| h.id), theme.map(|h| h.id));
        let cell = by_place.get(&ids).copied();
        CellView {
            case: case.map(|h| h.name.clone()),
            theme: theme.map(|h| h.name.clone()),
            status: cell.map_or(CellStatus::NotCharted, |c| c.status),
            text: cell.and_then(|c| c.text.clone()),
            below: self.basis(ids.0, ids.1).below,
            held_back: None,
            stale: cell.and_then(|c| stale.get(&c.id)).copied(),
            links: cell
                .and_then(|c| self.links.get(&c.id))
                .cloned()
                .unwrap_or_default(),
            coder: cell.map(|c| c.coder.clone()),
            at: cell.map(|c| c.at.clone()),
            event: cell.map(|c| c.event),
        }
    }
}

/// Whether the cell of a case and a theme stands under the summary of a row or column.
fn is_under(summary: (Option<i64>, Option<i64>), case: Option<i64>, theme: Option<i64>) -> bool {
    case.is_some()
        && theme.is_some()
        && summary.0.is_none_or(|s| case == Some(s))
        && summary.1.is_none_or(|s| theme == Some(s))
}

/// What the summary of a row or column rests on: its cells, each as it was last written.
pub(super) fn summary_basis(cells: &[Cell], case: Option<i64>, theme: Option<i64>) -> Basis {
    let mut basis = Basis::default();
    for c in cells
        .iter()
        .filter(|c| is_under((case, theme), c.case, c.theme))
    {
        basis.add(c.uuid, c.event, None);
    }
    basis
}

/// Reads the frame, or the part of it that the filter leaves.
///
/// # Errors
/// Unknown cases, themes or attributes; a depth of 0.
pub fn frame(study: &Study, filter: &FrameFilter) -> Result<Frame> {
    read(study, filter, None)
}

/// The same as an audience may read it: without the words of what is held back from them.
///
/// # Errors
/// As [`frame`].
pub fn frame_for(study: &Study, filter: &FrameFilter, audience: Audience) -> Result<Frame> {
    read(study, filter, Some(audience))
}

fn read(study: &Study, filter: &FrameFilter, audience: Option<Audience>) -> Result<Frame> {
    if filter.depth == Some(0) {
        return Err(Error::refused("depth counts from 1", "as in: --depth 1").into());
    }
    let charted = Charted::read(study)?;
    let rows = rows(study, &charted, filter)?;
    let cols = columns(&charted, filter)?;
    let stale = charted.stale(study)?;
    let by_place: HashMap<(Option<i64>, Option<i64>), &Cell> = charted
        .cells
        .iter()
        .map(|c| ((c.case, c.theme), c))
        .collect();
    let held = match audience {
        Some(audience) => held_back(
            study,
            &charted,
            &To::named(&study.store, audience, &filter.cases, &[])?,
        )?,
        None => HashMap::new(),
    };
    let view = |case: Option<&Head>, theme: Option<&Head>| {
        let mut view = charted.view(case, theme, &by_place, &stale);
        let cell = by_place.get(&(case.map(|h| h.id), theme.map(|h| h.id)));
        view.held_back = cell.and_then(|c| held.get(&c.id)).copied();
        view.text = view.text.filter(|_| view.held_back.is_none());
        view
    };
    let shown: HashSet<i64> = cols.iter().map(|h| h.id).collect();
    let in_rows: HashSet<i64> = rows.iter().map(|h| h.id).collect();
    let hidden = charted
        .cells
        .iter()
        .filter(|c| c.case.is_some_and(|id| in_rows.contains(&id)))
        .filter(|c| c.theme.is_some_and(|id| !shown.contains(&id)))
        .count();
    // That a file was written changes nothing in it: exported twice, it is the same.
    let event = study.store.report_head()?.map_or(0, |head| head.event);
    Ok(Frame {
        event,
        mark: super::table::mark(&study.store.cells_at(event)?),
        cells: rows
            .iter()
            .map(|row| cols.iter().map(|col| view(Some(row), Some(col))).collect())
            .collect(),
        row_summaries: rows.iter().map(|row| view(Some(row), None)).collect(),
        col_summaries: cols.iter().map(|col| view(None, Some(col))).collect(),
        hidden,
        outside: charted.ground.outside,
        pending: study.store.pending_codings(None)?.len(),
        rows,
        cols,
    })
}

/// The rows. Without a filter: the cases that are part of no other and have a transcript, with what is part of them;
/// where a part has a row of its own written, the parts are rows too. Of named cases: they and their parts.
fn rows(study: &Study, charted: &Charted, filter: &FrameFilter) -> Result<Vec<Head>> {
    let above = charted.lay.above_cases();
    let written: HashSet<i64> = charted.cells.iter().filter_map(|c| c.case).collect();
    let own: HashSet<i64> = study
        .store
        .transcript_cases()?
        .into_iter()
        .filter_map(|(_, case)| case)
        .collect();
    let heard: HashSet<i64> = own
        .iter()
        .flat_map(|id| above.get(id).into_iter().flatten().copied())
        .collect();
    let mut below: HashMap<i64, Vec<i64>> = HashMap::new();
    let mut lower: HashSet<i64> = HashSet::new();
    for link in study.store.case_links()? {
        if link.kind != "partner-of" {
            below.entry(link.other).or_default().push(link.case);
            lower.insert(link.case);
        }
    }
    let named = filter
        .cases
        .iter()
        .map(|slug| Ok(study.store.case(slug)?.id))
        .collect::<Result<Vec<i64>>>()?;
    let free = named.is_empty() && filter.kinds.is_empty();
    let place: HashMap<i64, usize> = charted
        .cases
        .iter()
        .enumerate()
        .map(|(n, c)| (c.id, n))
        .collect();
    for parts in below.values_mut() {
        parts.sort_by_key(|id| place.get(id).copied());
    }
    // A written part opens all cases above it.
    let opened: HashSet<i64> = written
        .iter()
        .flat_map(|id| {
            above
                .get(id)
                .into_iter()
                .flatten()
                .filter(move |a| *a != id)
        })
        .copied()
        .collect();
    let mut seen: HashSet<i64> = HashSet::new();
    let mut found: Vec<i64> = Vec::new();
    let mut next: Vec<i64> = if named.is_empty() {
        let tops = charted.cases.iter().map(|c| c.id);
        tops.filter(|id| !lower.contains(id)).collect()
    } else {
        named.clone()
    };
    next.reverse();
    while let Some(id) = next.pop() {
        if !seen.insert(id) {
            continue;
        }
        let open = !free || opened.contains(&id);
        let takes = if free {
            written.contains(&id)
                || if open {
                    own.contains(&id)
                } else {
                    heard.contains(&id)
                }
        } else if filter.kinds.is_empty() {
            named.contains(&id) || written.contains(&id) || own.contains(&id)
        } else {
            written.contains(&id) || heard.contains(&id)
        };
        if takes {
            found.push(id);
        }
        if open {
            next.extend(below.get(&id).into_iter().flatten().rev());
        }
    }
    if named.is_empty() {
        // Cases that are merged into each other in a ring have no top.
        found.extend(
            charted
                .cases
                .iter()
                .map(|c| c.id)
                .filter(|id| written.contains(id) && !seen.contains(id)),
        );
    }
    let mut heads = Vec::new();
    let with_values = with_values(study, filter)?;
    for id in found {
        let Some(case) = place.get(&id).map(|n| &charted.cases[*n]) else {
            continue;
        };
        let fits = (filter.kinds.is_empty()
            || filter
                .kinds
                .iter()
                .any(|k| k.eq_ignore_ascii_case(&case.kind)))
            && with_values.as_ref().is_none_or(|ids| ids.contains(&id));
        if fits {
            heads.push(Head {
                id,
                name: case.slug.clone(),
                title: case.name.clone(),
            });
        }
    }
    Ok(heads)
}

/// The cases that have all the values that are asked for.
fn with_values(study: &Study, filter: &FrameFilter) -> Result<Option<HashSet<i64>>> {
    let mut found: Option<HashSet<i64>> = None;
    for (name, value) in &filter.attributes {
        let attribute = study.store.attribute(Owner::Case, name)?;
        let value = attribute.kind.canonical(value).map_err(|e| {
            Error::refused(
                format!("attribute `{}`: {e}", attribute.name),
                "see its type with: casebook attribute list",
            )
        })?;
        let with: HashSet<i64> = study
            .store
            .values(Owner::Case, None)?
            .into_iter()
            .filter(|v| v.attribute == attribute.name && v.value.eq_ignore_ascii_case(&value))
            .map(|v| v.owner)
            .collect();
        found = Some(match found {
            Some(before) => before.intersection(&with).copied().collect(),
            None => with,
        });
    }
    Ok(found)
}

/// The columns, in the order of the codebook. Without a filter: the themes at the root; where something below one is
/// charted, its sub-themes are columns instead, and it itself only if it is charted or coded. Of named themes: those
/// with no sub-themes, and those that are charted or coded themselves.
fn columns(charted: &Charted, filter: &FrameFilter) -> Result<Vec<Head>> {
    let book = &charted.book;
    let named = filter
        .themes
        .iter()
        .map(|path| book.find(path))
        .collect::<Result<Vec<i64>>>()?;
    let within: Option<HashSet<i64>> =
        (!named.is_empty()).then(|| named.iter().flat_map(|id| book.with_below(*id)).collect());
    let written: HashSet<i64> = charted.cells.iter().filter_map(|c| c.theme).collect();
    let opened: HashSet<i64> = written
        .iter()
        .flat_map(|id| charted.lay.above_theme(*id).into_iter().skip(1))
        .collect();
    let parents: HashSet<i64> = book.themes().iter().filter_map(|t| t.parent).collect();
    let takes = |id: i64| {
        let depth = book.depth(id) + 1;
        let bare = !parents.contains(&id);
        let itself = || written.contains(&id) || charted.ground.has_theme(id);
        match (&within, filter.depth) {
            (Some(within), _) if !within.contains(&id) => false,
            (_, Some(limit)) => depth == limit || (depth < limit && (bare || itself())),
            (Some(_), None) => bare || itself(),
            (None, None) => {
                // All above it are open, or it is a root.
                let reached = charted
                    .lay
                    .above_theme(id)
                    .into_iter()
                    .skip(1)
                    .all(|above| opened.contains(&above));
                reached && (!opened.contains(&id) || itself())
            }
        }
    };
    Ok(book
        .themes()
        .iter()
        .filter(|t| takes(t.id))
        .map(|t| Head {
            id: t.id,
            name: book.path(t.id),
            title: book.path(t.id),
        })
        .collect())
}
