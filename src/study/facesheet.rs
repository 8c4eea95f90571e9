//! Attributes of cases, participants or transcripts from a table: looked through first, then written whole or not at all.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use serde::Serialize;

use super::files::read_whole;
use super::records::check_name;
use super::{Error, Study};
use crate::domain::attribute::{Owner, Type, infer};
use crate::domain::span::printable;
use crate::error::Result;
use crate::import::may_name_somebody;
use crate::import::sheet::{SheetRow, rows};
use crate::store::{OwnerId, Store};

/// What a table would do. It names rows and columns, never what stands in a cell that may be somebody's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Facesheet {
    pub of: Owner,
    /// The column by which rows are matched.
    pub id: String,
    /// Rows below the header.
    pub rows: usize,
    /// Rows whose id is in the study.
    pub matched: usize,
    pub attributes: Vec<FacesheetColumn>,
    /// Columns that are no attributes: without a name, or a fact of its own (`role`, `date`).
    pub left_out: Vec<String>,
    /// Columns that may say who somebody is: left out, unless the study has an attribute of that name.
    pub personal: Vec<String>,
    /// Rows whose id is not in the study.
    pub unknown: Vec<FacesheetRow>,
    /// Ids of the study that have no row.
    pub missing: Vec<String>,
    /// Rows whose id stood in a row before.
    pub doubled: Vec<FacesheetRow>,
    /// Cells that do not fit the type of their attribute.
    pub unfit: Vec<UnfitCell>,
    /// The event, where it was written.
    pub event: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FacesheetColumn {
    pub attribute: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// It is not in the study yet.
    pub new: bool,
    /// Cells that hold a value.
    pub values: usize,
    /// How many of them differ.
    pub different: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FacesheetRow {
    pub row: u64,
    /// Where it is plainly an id, as `P07` is, and not a name.
    pub id: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnfitCell {
    pub row: u64,
    pub column: String,
    pub expected: String,
}

/// What is to be written.
pub struct Plan {
    pub sheet: Facesheet,
    columns: Vec<Column>,
    /// Owner's id, place among the columns, value as it is written.
    values: Vec<(i64, usize, String)>,
}

struct Column {
    place: usize,
    name: String,
    kind: Type,
    known: Option<i64>,
}

/// Columns that are facts of their own, set elsewhere.
const fn own_facts(of: Owner) -> &'static [&'static str] {
    match of {
        Owner::Case => &[
            "slug",
            "id",
            "name",
            "kind",
            "code",
            "from",
            "to",
            "part_of",
            "partner_of",
        ],
        Owner::Participant => &[
            "id",
            "role",
            "organisation",
            "attribution",
            "quotable",
            "case",
        ],
        Owner::Transcript => &[
            "id",
            "file",
            "case",
            "participant",
            "phase",
            "date",
            "kind",
            "language",
            "speakers",
        ],
    }
}

/// Names under which the column of ids is looked for.
const fn id_names(of: Owner) -> &'static [&'static str] {
    match of {
        Owner::Case => &["slug", "id", "case"],
        Owner::Participant => &["id", "participant", "pseudonym"],
        Owner::Transcript => &["id", "transcript"],
    }
}

impl Study {
    /// Looks a table through, without writing anything.
    pub fn plan_facesheet(&self, path: &Path, of: Owner, id: Option<&str>) -> Result<Plan> {
        let bytes = read_whole(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        plan(&self.store, &rows(&name, &bytes)?, of, id)
    }

    /// Writes what was planned as one event. Nothing is written if anything is in the way: a value that does not fit, an
    /// id that stands twice, or, unless they are skipped, one that the study does not have.
    pub fn import_facesheet(&self, plan: Plan, skip_unknown: bool) -> Result<Facesheet> {
        let mut sheet = plan.sheet;
        refuse(&sheet, skip_unknown)?;
        let ((), event) = self.change("attribute import", |tx| {
            let mut ids = Vec::with_capacity(plan.columns.len());
            for column in &plan.columns {
                ids.push(match column.known {
                    Some(id) => id,
                    None => tx.add_attribute(&column.name, sheet.of, &column.kind)?,
                });
            }
            for (owner, column, value) in &plan.values {
                tx.set_value(OwnerId(sheet.of, *owner), ids[*column], Some(value))?;
            }
            tx.summary(format!(
                "import {} attributes of {} {}s",
                plan.columns.len(),
                sheet.matched,
                sheet.of
            ));
            Ok(())
        })?;
        sheet.event = event;
        Ok(sheet)
    }
}

/// Why a table can't be written, if it can't: a value that does not fit, an id that stands twice, or, unless they are
/// skipped, one that the study does not have.
pub fn refuse(sheet: &Facesheet, skip_unknown: bool) -> Result<(), Error> {
    let places = |rows: &[u64]| {
        let shown: Vec<String> = rows.iter().take(8).map(u64::to_string).collect();
        let more = if rows.len() > 8 { " …" } else { "" };
        let row = if rows.len() == 1 { "row" } else { "rows" };
        format!("{row} {}{more}", shown.join(", "))
    };
    if let Some(first) = sheet.unfit.first() {
        return Err(Error::refused(
            format!(
                "{} of the table can't be taken: row {}, column `{}` is no {}",
                if sheet.unfit.len() == 1 {
                    "1 value".to_owned()
                } else {
                    format!("{} values", sheet.unfit.len())
                },
                first.row,
                first.column,
                first.expected
            ),
            "mend the values, or the attribute's type; see them all with: --dry-run",
        ));
    }
    if !sheet.doubled.is_empty() {
        let rows: Vec<u64> = sheet.doubled.iter().map(|r| r.row).collect();
        return Err(Error::refused(
            format!("an id stands in several rows: again in {}", places(&rows)),
            format!("keep one row per {}", sheet.of),
        ));
    }
    if !sheet.unknown.is_empty() && !skip_unknown {
        let rows: Vec<u64> = sheet.unknown.iter().map(|r| r.row).collect();
        return Err(Error::refused(
            format!("no {} of the study is named in {}", sheet.of, places(&rows)),
            format!(
                "see what there is with: casebook {} list   or leave such rows out with: --skip-unknown",
                sheet.of
            ),
        ));
    }
    Ok(())
}

fn plan(store: &Store, table: &[SheetRow], of: Owner, id: Option<&str>) -> Result<Plan> {
    let Some((header, rows)) = table.split_first() else {
        return Err(Error::refused("the table is empty", "its first row names the columns").into());
    };
    let heads = &header.cells;
    let id_place = id_column(heads, of, id)?;
    let there = owners(store, of)?;
    let mut sheet = Facesheet {
        of,
        id: heads[id_place].clone(),
        rows: rows.len(),
        matched: 0,
        attributes: Vec::new(),
        left_out: Vec::new(),
        personal: Vec::new(),
        unknown: Vec::new(),
        missing: Vec::new(),
        doubled: Vec::new(),
        unfit: Vec::new(),
        event: None,
    };
    // The owner of each row that counts.
    let mut matched: Vec<(&SheetRow, i64)> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    for row in rows {
        let typed = row.cells.get(id_place).map_or("", String::as_str);
        let told = || FacesheetRow {
            row: row.number,
            id: is_id(typed).then(|| typed.to_owned()),
        };
        if !typed.is_empty() && !seen.insert(typed.to_lowercase()) {
            sheet.doubled.push(told());
        } else if let Some((owner, _)) = there.get(&typed.to_lowercase()) {
            matched.push((row, *owner));
        } else {
            sheet.unknown.push(told());
        }
    }
    sheet.matched = matched.len();
    sheet.missing = there
        .iter()
        .filter(|(id, _)| !seen.contains(*id))
        .map(|(_, (_, slug))| slug.clone())
        .collect();
    let columns = columns(store, heads, id_place, &matched, &mut sheet)?;
    let mut values = Vec::new();
    for (n, column) in columns.iter().enumerate() {
        let mut different: HashSet<String> = HashSet::new();
        let mut filled = 0;
        for (row, owner) in &matched {
            let Some(cell) = row.cells.get(column.place).filter(|c| !c.is_empty()) else {
                continue;
            };
            filled += 1;
            match column.kind.canonical(cell) {
                Ok(value) => {
                    different.insert(value.clone());
                    values.push((*owner, n, value));
                }
                Err(_) => sheet.unfit.push(UnfitCell {
                    row: row.number,
                    column: column.name.clone(),
                    expected: expected(&column.kind),
                }),
            }
        }
        sheet.attributes.push(FacesheetColumn {
            attribute: column.name.clone(),
            kind: column.kind.name().to_string(),
            new: column.known.is_none(),
            values: filled,
            different: different.len(),
        });
    }
    sheet.unfit.sort_by_key(|cell| cell.row);
    Ok(Plan {
        sheet,
        columns,
        values,
    })
}

/// Every owner by its id in small letters: the row's id, and how the study writes it.
fn owners(store: &Store, of: Owner) -> Result<BTreeMap<String, (i64, String)>> {
    let all: Vec<(String, i64)> = match of {
        Owner::Case => store.cases()?.into_iter().map(|c| (c.slug, c.id)).collect(),
        Owner::Participant => store
            .participants()?
            .into_iter()
            .map(|p| (p.code, p.id))
            .collect(),
        Owner::Transcript => store
            .transcripts()?
            .into_iter()
            .map(|t| (t.slug, t.id))
            .collect(),
    };
    Ok(all
        .into_iter()
        .map(|(slug, id)| (slug.to_lowercase(), (id, slug)))
        .collect())
}

fn id_column(heads: &[String], of: Owner, typed: Option<&str>) -> Result<usize, Error> {
    let find = |name: &str| {
        heads
            .iter()
            .position(|h| h.eq_ignore_ascii_case(name.trim()))
    };
    let found = match typed {
        Some(name) => find(name),
        None => id_names(of).iter().find_map(|name| find(name)),
    };
    found.ok_or_else(|| {
        let what = match typed {
            Some(name) => format!("the table has no column `{}`", printable(name)),
            None => format!("the table has no column with the ids of {of}s"),
        };
        Error::refused(
            what,
            format!(
                "its first row names the columns; say which holds the ids with --id COLUMN, or call it `{}`",
                id_names(of)[0]
            ),
        )
    })
}

/// The columns that are attributes, with the type that the study has for them, or else the one that their values fit.
fn columns(
    store: &Store,
    heads: &[String],
    id: usize,
    matched: &[(&SheetRow, i64)],
    sheet: &mut Facesheet,
) -> Result<Vec<Column>> {
    let known: HashMap<String, _> = store
        .attributes()?
        .into_iter()
        .filter(|a| a.of == sheet.of)
        .map(|a| (a.name.to_lowercase(), a))
        .collect();
    let width = matched
        .iter()
        .map(|(row, _)| row.cells.len())
        .max()
        .unwrap_or(0);
    let mut found: Vec<Column> = Vec::new();
    for place in (0..heads.len().max(width)).filter(|n| *n != id) {
        let head = heads.get(place).map_or("", String::as_str);
        let cells = || {
            matched
                .iter()
                .filter_map(move |(row, _)| row.cells.get(place))
                .map(String::as_str)
        };
        if head.is_empty() {
            if cells().any(|cell| !cell.is_empty()) {
                sheet
                    .left_out
                    .push(format!("column {} (without a name)", place + 1));
            }
            continue;
        }
        let attribute = known.get(&head.to_lowercase());
        let own = own_facts(sheet.of)
            .iter()
            .any(|fact| head.eq_ignore_ascii_case(fact));
        if attribute.is_none() && own {
            sheet.left_out.push(head.to_owned());
            continue;
        }
        if attribute.is_none() && sheet.of != Owner::Case && may_name_somebody(head) {
            sheet.personal.push(head.to_owned());
            continue;
        }
        if head.contains(['=', '.'])
            || head.chars().any(char::is_control)
            || head.chars().count() > 200
        {
            return Err(Error::refused(
                format!("the name of column {} can't be an attribute's", place + 1),
                "leave out `=`, `.` and line breaks, and keep it short",
            )
            .into());
        }
        if found.iter().any(|c| c.name.eq_ignore_ascii_case(head)) {
            return Err(Error::refused(
                format!("two columns are called `{}`", printable(head)),
                "give each column a name of its own",
            )
            .into());
        }
        found.push(Column {
            place,
            name: attribute.map_or(head, |a| &a.name).to_owned(),
            kind: attribute.map_or_else(|| infer(cells()), |a| a.kind.clone()),
            known: attribute.map(|a| a.id),
        });
    }
    if found.is_empty() {
        return Err(Error::refused(
            "the table has no column but ids that could be an attribute",
            format!(
                "facts such as a role or a date are set with: casebook {} edit",
                sheet.of
            ),
        )
        .into());
    }
    Ok(found)
}

fn expected(kind: &Type) -> String {
    match kind {
        Type::Text => "text".into(),
        Type::Integer => "whole number".into(),
        Type::Decimal => "decimal number (written with a point, as in -12.5)".into(),
        Type::Date => "date (written as in 2021-04-30)".into(),
        Type::YesNo => "yes or no".into(),
        Type::Ordered(levels) => format!("level of: {}", levels.join(", ")),
    }
}

/// Whether a cell is plainly an id, so that it may be said: a name has no digit.
fn is_id(cell: &str) -> bool {
    check_name("row", cell).is_ok() && cell.contains(|c: char| c.is_ascii_digit())
}
