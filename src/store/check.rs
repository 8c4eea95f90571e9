//! Looking for damage: SQLite's own check, then what the schema can't say.

use rusqlite::types::ValueRef;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Result, Store};
use crate::domain::span::{Codepoints, Span};

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Damage {
    /// What it was found in: `file`, `text`, `turns`, `codings`, `measures`, `record`, `index` …
    pub area: &'static str,
    /// In slugs, ids and counts.
    pub what: String,
}

impl Store {
    /// Everything that can be said of the file alone. `tick` is called once per transcript, for a progress bar.
    pub fn damage(&self, mut tick: impl FnMut()) -> Result<Vec<Damage>> {
        let mut found = Vec::new();
        let mut add = |area: &'static str, what: String| found.push(Damage { area, what });
        let mut integrity = self.conn.prepare("PRAGMA integrity_check(20)")?;
        for line in integrity.query_map([], |r| r.get::<_, String>(0))? {
            let line = line?;
            if line != "ok" {
                add("file", line);
            }
        }
        let mut keys = self
            .conn
            .prepare("SELECT \"table\", count(*) FROM pragma_foreign_key_check GROUP BY 1")?;
        for row in keys.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?)))? {
            let (table, n) = row?;
            add(
                "file",
                format!("{n} rows of `{table}` point to something that is not there"),
            );
        }
        let counted = self.count("codings")?;
        let kept = self.counter("codings")?;
        if counted != kept {
            add(
                "codings",
                format!("there are {counted}, but {kept} are counted"),
            );
        }
        for transcript in self.transcripts()? {
            tick();
            let revision = &transcript.revision;
            let slug = &transcript.slug;
            let mut one = self
                .conn
                .prepare_cached("SELECT text, text_sha256 FROM revisions WHERE id = ?1")?;
            let mut rows = one.query([revision.id])?;
            let Some(r) = rows.next()? else { continue };
            let (ValueRef::Text(text), ValueRef::Blob(hash)) = (r.get_ref(0)?, r.get_ref(1)?)
            else {
                continue;
            };
            if Sha256::digest(text)[..] != *hash {
                add(
                    "text",
                    format!(
                        "the text of {slug} is not the one that was read (its SHA-256 differs)"
                    ),
                );
            }
            let Ok(text) = std::str::from_utf8(text) else {
                add("text", format!("the text of {slug} is no UTF-8"));
                continue;
            };
            let points = Codepoints::new(text);
            if points.len() != revision.characters {
                add(
                    "text",
                    format!(
                        "{slug} has {} characters, but {} are counted",
                        points.len(),
                        revision.characters
                    ),
                );
            }
            let turns = self.turns(revision.first_turn, revision.turns)?;
            if i64::try_from(turns.len()).ok() != Some(revision.turns) {
                add(
                    "turns",
                    format!(
                        "{slug} has {} turns, but {} are counted",
                        turns.len(),
                        revision.turns
                    ),
                );
            }
            if turns.windows(2).any(|w| w[0].span.end > w[1].span.start)
                || turns.last().is_some_and(|t| t.span.end > points.len())
            {
                add(
                    "turns",
                    format!("turns of {slug} overlap or reach past its end"),
                );
            }
            let span_of = |id: i64| {
                usize::try_from(id - revision.first_turn)
                    .ok()
                    .and_then(|n| turns.get(n))
                    .map_or(Span::new(0, 0), |t| t.span)
            };
            for coding in self.codings_of(transcript.id)? {
                let whole = coding.revision == revision.id;
                if whole && coding.span.end > points.len() {
                    add(
                        "codings",
                        format!("coding {} reaches past the end of {slug}", coding.id),
                    );
                } else if whole
                    && !(span_of(coding.turn).overlaps(coding.span)
                        && span_of(coding.last_turn).overlaps(coding.span))
                {
                    add(
                        "codings",
                        format!(
                            "coding {} does not touch the turns that it names",
                            coding.id
                        ),
                    );
                }
            }
        }
        let misplaced: i64 = self.conn.query_row(
            "SELECT count(*) FROM codings c JOIN revisions r ON r.id = c.revision JOIN transcripts t ON t.id = r.transcript
             WHERE (c.pending IS NULL) <> (r.number = t.revision) OR t.id <> c.id / 1000000",
            [],
            |r| r.get(0),
        )?;
        if misplaced > 0 {
            add(
                "codings",
                format!(
                    "{misplaced} stand on another revision of their transcript than they should"
                ),
            );
        }
        for (reading, _, what) in self.damaged_readings()? {
            match reading {
                Some(n) => add("measures", format!("reading {n}: {what}")),
                None => add("measures", what.to_owned()),
            }
        }
        for (event, what) in self.verify_chain()? {
            add("record", format!("event {event}: {what}"));
        }
        Ok(found)
    }

    /// The whole study as text, one line per row, without the record and what is only derived: two studies with the
    /// same dump are the same. Undo is tested by it.
    pub fn logical_dump(&self) -> Result<String> {
        use std::fmt::Write;
        let mut out = String::new();
        let tables = super::schema::recorded_tables(&self.conn)?;
        for table in tables
            .iter()
            .map(String::as_str)
            .chain(["turns", "sections", "reflows", "measures"])
        {
            let mut all = self
                .conn
                .prepare(&format!("SELECT * FROM {table} ORDER BY id"))?;
            let columns = all.column_count();
            let mut rows = all.query([])?;
            while let Some(r) = rows.next()? {
                write!(out, "{table}").ok();
                for n in 0..columns {
                    match r.get_ref(n)? {
                        ValueRef::Null => write!(out, "|").ok(),
                        ValueRef::Integer(i) => write!(out, "|{i}").ok(),
                        ValueRef::Real(f) => write!(out, "|{f}").ok(),
                        ValueRef::Text(t) => write!(
                            out,
                            "|{}",
                            String::from_utf8_lossy(t)
                                .replace('\\', "\\\\")
                                .replace('\n', "\\n")
                        )
                        .ok(),
                        ValueRef::Blob(b) => write!(out, "|{}", blake3::hash(b).to_hex()).ok(),
                    };
                }
                out.push('\n');
            }
        }
        Ok(out)
    }
}
