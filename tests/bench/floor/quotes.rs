//! The quotes of a theme from people in one role, as Markdown.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use rusqlite::{Connection, params};

use super::points::Points;
use super::tables::{self, CODINGS, place};
use crate::Fallible;

/// A passage without its words.
struct Passage {
    start: i64,
    end: i64,
    turn: i64,
    last: i64,
    coder: i64,
    theme: i64,
}

pub(crate) fn quotes(dir: &Path, theme: &str, role: &str, to: &Path) -> Fallible<()> {
    let conn = tables::open(dir)?;
    let mut out = BufWriter::with_capacity(1 << 20, File::create(to)?);
    writeln!(out, "# {theme}, {role}\n")?;
    let themes: Vec<(i64, String)> = rows(
        &conn,
        "SELECT id, name FROM themes WHERE name = ?1 OR parent = (SELECT id FROM themes WHERE name = ?1 AND parent IS NULL) ORDER BY id",
        theme,
    )?;
    let coders: HashMap<i64, String> =
        rows(&conn, "SELECT id, name FROM coders WHERE name <> ?1", "")?
            .into_iter()
            .collect();
    // Who speaks in that role, transcript by transcript.
    let mut speakers = conn.prepare("SELECT w.transcript, w.id, p.code FROM participants p JOIN speakers w ON w.participant = p.id WHERE p.role = ?1 ORDER BY w.transcript")?;
    let speakers: Vec<(i64, i64, String)> = speakers
        .query_map([role], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut of_theme = conn.prepare("SELECT start, end, turn, ifnull(last_turn, turn), coder, theme FROM codings INDEXED BY codings_theme WHERE theme = ?1 AND id BETWEEN ?2 AND ?3")?;
    let mut who = conn.prepare("SELECT speaker FROM turns WHERE id = ?1")?;
    let mut text = conn.prepare(
        "SELECT t.slug, c.slug, r.first_turn, r.text FROM transcripts t JOIN revisions r ON r.transcript = t.id AND r.number = t.revision LEFT JOIN cases c ON c.id = t.case_id WHERE t.id = ?1",
    )?;
    let mut total = 0;
    for group in speakers.chunk_by(|a, b| a.0 == b.0) {
        let transcript = group[0].0;
        let mut found: Vec<(Passage, &str)> = Vec::new();
        for (theme, _) in &themes {
            let mut codings = of_theme.query(params![
                theme,
                transcript * CODINGS,
                (transcript + 1) * CODINGS - 1
            ])?;
            while let Some(r) = codings.next()? {
                let passage = Passage {
                    start: r.get(0)?,
                    end: r.get(1)?,
                    turn: r.get(2)?,
                    last: r.get(3)?,
                    coder: r.get(4)?,
                    theme: r.get(5)?,
                };
                for turn in passage.turn..=passage.last {
                    let speaker: i64 = who.query_row([turn], |r| r.get(0))?;
                    if let Some((_, _, code)) = group.iter().find(|(_, id, _)| *id == speaker) {
                        found.push((passage, code));
                        break;
                    }
                }
            }
        }
        if found.is_empty() {
            continue;
        }
        total += found.len();
        found.sort_unstable_by_key(|(p, _)| (p.start, p.end, p.theme));
        let mut one = text.query([transcript])?;
        let Some(r) = one.next()? else { continue };
        let (slug, case, first, body) = (
            r.get_ref(0)?.as_str()?,
            r.get::<_, Option<String>>(1)?,
            r.get::<_, i64>(2)?,
            r.get_ref(3)?.as_str()?,
        );
        let mut points = Points::new(body);
        for (p, code) in &found {
            quote(&mut out, points.slice(place(p.start), place(p.end)))?;
            let (case, theme) = (
                case.as_deref().unwrap_or_default(),
                themes
                    .iter()
                    .find(|(id, _)| *id == p.theme)
                    .map_or("", |(_, name)| name),
            );
            writeln!(
                out,
                "\n{slug}:{}, {code}, {case}, {theme}, {}\n",
                p.turn - first + 1,
                coders.get(&p.coder).map_or("", String::as_str)
            )?;
        }
    }
    out.flush()?;
    say_total(total)
}

/// Says how many quotes were written.
pub(crate) fn say_total(total: usize) -> Fallible<()> {
    writeln!(std::io::stdout(), "{{\"total\":{total}}}")?;
    Ok(())
}

/// Somebody's words as a quotation, line by line.
pub(crate) fn quote(out: &mut impl Write, words: &str) -> std::io::Result<()> {
    for line in words.lines() {
        out.write_all(b"> ")?;
        out.write_all(line.as_bytes())?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// A small table of ids and names.
pub(crate) fn rows(conn: &Connection, sql: &str, parameter: &str) -> Fallible<Vec<(i64, String)>> {
    let mut all = conn.prepare(sql)?;
    let rows = all.query_map([parameter], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
