//! All quotes, grouped by theme: each text is read once, and what belongs to a theme waits in a file of its own.

use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::path::Path;

use comrak::nodes::NodeValue;
use comrak::{Arena, Options, format_commonmark};
use rusqlite::Connection;

use super::points::Points;
use super::quotes::{quote, rows, say_total};
use super::tables::{self, CODINGS, place};
use crate::Fallible;

/// How many quotes are one tree.
const TREE: usize = 64;

/// Written straight.
pub(crate) fn plain(dir: &Path, to: &Path) -> Fallible<()> {
    summary(dir, to, |out, quotes| {
        for (words, citation) in quotes.drain(..) {
            quote(out, &words)?;
            writeln!(out, "\n{citation}\n")?;
        }
        Ok(())
    })
}

/// Written by comrak, so that whatever people said comes out as text.
pub(crate) fn tree(dir: &Path, to: &Path) -> Fallible<()> {
    let options = Options::default();
    summary(dir, to, |out, quotes| {
        let arena = Arena::new();
        let root = arena.alloc(NodeValue::Document.into());
        for (words, citation) in quotes.drain(..) {
            let block = arena.alloc(NodeValue::BlockQuote.into());
            let said = arena.alloc(NodeValue::Paragraph.into());
            for line in words.lines().filter(|line| !line.is_empty()) {
                if said.first_child().is_some() {
                    said.append(arena.alloc(NodeValue::LineBreak.into()));
                }
                said.append(arena.alloc(NodeValue::Text(line.to_owned().into()).into()));
            }
            let cited = arena.alloc(NodeValue::Paragraph.into());
            cited.append(arena.alloc(NodeValue::Text(citation.into()).into()));
            block.append(said);
            root.append(block);
            root.append(cited);
        }
        let mut text = String::new();
        format_commonmark(root, &options, &mut text)?;
        writeln!(out, "{text}")?;
        Ok(())
    })
}

/// One theme's quotes on their way.
struct Theme {
    name: String,
    waiting: Vec<(String, String)>,
    file: BufWriter<File>,
}

fn summary(
    dir: &Path,
    to: &Path,
    mut write: impl FnMut(&mut BufWriter<File>, &mut Vec<(String, String)>) -> Fallible<()>,
) -> Fallible<()> {
    let conn = tables::open(dir)?;
    let mut themes: Vec<Option<Theme>> = Vec::new();
    for (id, name) in rows(
        &conn,
        "SELECT id, name FROM themes WHERE name <> ?1 ORDER BY id",
        "",
    )? {
        let id = place(id);
        themes.resize_with(id.max(themes.len()) + 1, || None);
        themes[id] = Some(Theme {
            name,
            waiting: Vec::new(),
            file: BufWriter::with_capacity(1 << 16, tempfile::tempfile()?),
        });
    }
    let mut total = 0;
    each_transcript(&conn, |theme, words, citation| {
        total += 1;
        if let Some(Some(theme)) = themes.get_mut(theme) {
            theme.waiting.push((words, citation));
            if theme.waiting.len() == TREE {
                write(&mut theme.file, &mut theme.waiting)?;
            }
        }
        Ok(())
    })?;
    let mut out = File::create(to)?;
    for mut theme in themes.into_iter().flatten() {
        write(&mut theme.file, &mut theme.waiting)?;
        let mut file = theme.file.into_inner()?;
        file.rewind()?;
        writeln!(out, "## {}\n", theme.name)?;
        std::io::copy(&mut file, &mut out)?;
    }
    say_total(total)
}

/// Runs `each` over all codings of what participants said: theme, words, citation.
fn each_transcript(
    conn: &Connection,
    mut each: impl FnMut(usize, String, String) -> Fallible<()>,
) -> Fallible<()> {
    let mut texts = conn.prepare(
        "SELECT t.id, t.slug, ifnull(c.slug, ''), r.first_turn, r.turns, r.text FROM transcripts t JOIN revisions r ON r.transcript = t.id AND r.number = t.revision LEFT JOIN cases c ON c.id = t.case_id ORDER BY t.id",
    )?;
    let mut codings = conn.prepare("SELECT start, end, turn, ifnull(last_turn, turn), theme FROM codings WHERE id BETWEEN ?1 AND ?2")?;
    let mut turns =
        conn.prepare("SELECT speaker FROM turns WHERE id >= ?1 AND id < ?1 + ?2 ORDER BY id")?;
    let mut speakers = conn.prepare("SELECT w.id, p.code FROM speakers w JOIN participants p ON p.id = w.participant WHERE w.transcript = ?1")?;
    let mut rows = texts.query([])?;
    while let Some(r) = rows.next()? {
        let (transcript, slug, case, first, count) = (
            r.get::<_, i64>(0)?,
            r.get_ref(1)?.as_str()?,
            r.get_ref(2)?.as_str()?,
            r.get::<_, i64>(3)?,
            r.get::<_, i64>(4)?,
        );
        let mut points = Points::new(r.get_ref(5)?.as_str()?);
        let people: Vec<(i64, String)> = speakers
            .query_map([transcript], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let said_by: Vec<i64> = turns
            .query_map([first, count], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut here: Vec<(i64, i64, i64, i64, i64)> = codings
            .query_map(
                [transcript * CODINGS, (transcript + 1) * CODINGS - 1],
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)),
            )?
            .collect::<rusqlite::Result<_>>()?;
        here.sort_unstable();
        for (start, end, turn, last, theme) in here {
            let person = (turn..=last).find_map(|turn| {
                people
                    .iter()
                    .find(|(id, _)| said_by.get(place(turn - first)) == Some(id))
            });
            if let Some((_, code)) = person {
                each(
                    place(theme),
                    points.slice(place(start), place(end)).to_owned(),
                    format!("{slug}:{}, {code}, {case}", turn - first + 1),
                )?;
            }
        }
    }
    Ok(())
}
