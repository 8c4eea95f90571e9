//! What people wrote about the texts, wherever it stands: looked through, and changed, as one.

use rusqlite::params;

use super::{Result, Store, Tx};

/// One text of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// As people call it: `memo 3`, `finding 2 (detail)`.
    pub place: String,
    pub text: String,
    /// Its place in the list of fields.
    field: usize,
    id: i64,
}

/// A column that holds somebody's words, and what its place is called.
struct Field {
    table: &'static str,
    column: &'static str,
    /// An expression over a row `x`.
    place: &'static str,
}

const fn field(table: &'static str, column: &'static str, place: &'static str) -> Field {
    Field {
        table,
        column,
        place,
    }
}

/// Every column of free words but the transcripts' texts and what names things: slugs, codes, paths, labels.
const FIELDS: &[Field] = &[
    field("study", "title", "'study (title)'"),
    field("study", "contact", "'study (contact)'"),
    field("questions", "text", "'question ' || x.position"),
    field("cases", "name", "'case ' || x.slug || ' (name)'"),
    field(
        "attribute_values",
        "value",
        "(SELECT a.of || ' ' || coalesce((SELECT slug FROM cases WHERE id = x.case_id), (SELECT code FROM participants WHERE id = x.participant_id), (SELECT slug FROM transcripts WHERE id = x.transcript_id)) || ' (' || a.name || ')' FROM attributes a WHERE a.id = x.attribute)",
    ),
    field(
        "themes",
        "definition",
        "'theme ' || x.name || ' (definition)'",
    ),
    field(
        "themes",
        "full_definition",
        "'theme ' || x.name || ' (full definition)'",
    ),
    field("themes", "include", "'theme ' || x.name || ' (include)'"),
    field("themes", "exclude", "'theme ' || x.name || ' (exclude)'"),
    field("themes", "example", "'theme ' || x.name || ' (example)'"),
    field("memos", "text", "'memo ' || x.id"),
    field("codebook_versions", "note", "'codebook version ' || x.name"),
    field(
        "frame_cells",
        "text",
        "'frame cell ' || coalesce((SELECT slug FROM cases WHERE id = x.case_id), 'all cases') || ' × ' || coalesce((SELECT name FROM themes WHERE id = x.theme), 'all themes')",
    ),
    field("findings", "claim", "'finding ' || x.id || ' (claim)'"),
    field("findings", "detail", "'finding ' || x.id || ' (detail)'"),
    field("findings", "looked", "'finding ' || x.id || ' (looked)'"),
    field("rivals", "text", "'finding ' || x.finding || ' (rival)'"),
    field(
        "rivals",
        "why",
        "'finding ' || x.finding || ' (verdict on a rival)'",
    ),
    field(
        "evidence",
        "note",
        "'finding ' || x.finding || ' (note on evidence)'",
    ),
    field(
        "predictions",
        "text",
        "'finding ' || x.finding || ' (prediction)'",
    ),
    field(
        "predictions",
        "result_text",
        "'finding ' || x.finding || ' (result)'",
    ),
    field("settlements", "why", "'settlement ' || x.id"),
    field(
        "checklist_items",
        "text",
        "x.checklist || ' item ' || x.item",
    ),
    field("limits", "why", "'limit ' || x.id"),
    field("responses", "text", "'response ' || x.id"),
    field("decisions", "why", "'decision ' || x.id"),
];

impl Store {
    /// All of them that hold something, table by table, in the order of their rows.
    pub fn notes(&self) -> Result<Vec<Note>> {
        let mut all = Vec::new();
        for (n, field) in FIELDS.iter().enumerate() {
            let Field {
                table,
                column,
                place,
            } = field;
            let mut rows = self.conn.prepare(&format!(
                "SELECT x.id, {place}, x.{column} FROM {table} x WHERE x.{column} <> '' ORDER BY x.id"
            ))?;
            let notes = rows.query_map([], |r| {
                Ok(Note {
                    id: r.get(0)?,
                    place: r.get(1)?,
                    text: r.get(2)?,
                    field: n,
                })
            })?;
            for note in notes {
                all.push(note?);
            }
        }
        Ok(all)
    }
}

impl Tx<'_> {
    /// Puts another text in the place of a note's. Gives whether the note was still as it was read.
    pub fn put_note(&self, note: &Note, text: &str) -> Result<bool> {
        let Field { table, column, .. } = FIELDS[note.field];
        let changed = self.conn.execute(
            &format!("UPDATE {table} SET {column} = ?1 WHERE id = ?2 AND {column} = ?3"),
            params![text, note.id, note.text],
        )?;
        Ok(changed == 1)
    }
}
