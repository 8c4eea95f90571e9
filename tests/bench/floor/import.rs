//! A folder of interviews into a database and an index: each in its own way, neither waiting for the other.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use rusqlite::{Connection, Transaction, params};
use sha2::{Digest, Sha256};
use tantivy::IndexWriter;

use super::tables::{int, uuid};
use super::{index, tables};
use crate::Fallible;
use crate::corpus::files;
use crate::inputs::Inputs;

/// What indexing may hold in memory, in bytes.
const HEAP: usize = 400_000_000;

/// What stands under one label: code points of the words, the label and the words.
pub(crate) struct Turn<'a> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) who: &'a str,
    pub(crate) words: &'a str,
}

/// The turns of a text that parts them by blank lines, and labels by colons.
pub(crate) fn turns(text: &str) -> impl Iterator<Item = Turn<'_>> {
    let mut at = 0;
    text.trim_end().split("\n\n").map(move |part| {
        let (who, words) = part.split_once(": ").unwrap_or(("", part));
        let start = at + part.len() - words.len();
        let length = if words.is_ascii() {
            words.len()
        } else {
            words.chars().count()
        };
        at = start + length + 2;
        Turn {
            start,
            end: start + length,
            who,
            words,
        }
    })
}

/// Cases, participants and themes, as they are before the texts come.
pub(crate) fn prepare(dir: &Path, inputs: &Inputs) -> Fallible<()> {
    fs::create_dir_all(dir)?;
    let mut conn = tables::open(dir)?;
    tables::create(&conn)?;
    let tx = conn.transaction()?;
    let mut cases = HashMap::new();
    for row in csv::Reader::from_path(inputs.cases())?.records() {
        let row = row?;
        tx.execute(
            "INSERT INTO cases (uuid, slug, name, kind) VALUES (?1, ?2, ?3, ?4)",
            params![uuid(), &row[0], &row[1], &row[2]],
        )?;
        cases.insert(row[0].to_owned(), tx.last_insert_rowid());
    }
    for row in csv::Reader::from_path(inputs.participants())?.records() {
        let row = row?;
        tx.prepare_cached("INSERT INTO participants (uuid, code, role) VALUES (?1, ?2, ?3)")?
            .execute(params![uuid(), &row[0], &row[1]])?;
        let id = tx.last_insert_rowid();
        tx.prepare_cached("INSERT INTO participant_cases (participant, case_id) VALUES (?1, ?2)")?
            .execute(params![id, cases.get(&row[2])])?;
    }
    let mut themes: HashMap<String, i64> = HashMap::new();
    for row in csv::Reader::from_path(inputs.codebook())?.records() {
        let row = row?;
        let (parent, name) = row[0]
            .split_once('/')
            .map_or((None, &row[0]), |(parent, name)| (themes.get(parent), name));
        tx.execute(
            "INSERT INTO themes (uuid, parent, name, definition) VALUES (?1, ?2, ?3, ?4)",
            params![uuid(), parent, name, &row[1]],
        )?;
        themes.insert(row[0].to_owned(), tx.last_insert_rowid());
    }
    tx.commit()?;
    index::create(dir)?;
    Ok(())
}

pub(crate) fn import(dir: &Path, texts: &Path, inputs: &Inputs) -> Fallible<()> {
    let files = files(texts)?;
    std::thread::scope(|scope| {
        let rows =
            scope.spawn(|| write_rows(dir, texts, &files, inputs).map_err(|e| e.to_string()));
        let (index, fields) = index::open(dir)?;
        let mut writer: IndexWriter = index.writer_with_num_threads(2, HEAP)?;
        let mut turn_id = 1;
        for (revision, file) in (1..).zip(&files) {
            for turn in turns(&fs::read_to_string(file)?) {
                index::add(&writer, fields, turn_id, revision, turn.words)?;
                turn_id += 1;
            }
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        rows.join()
            .map_err(|_| "the thread that writes rows is gone")??;
        Ok(())
    })
}

fn write_rows(
    dir: &Path,
    texts: &Path,
    files: &[std::path::PathBuf],
    inputs: &Inputs,
) -> Fallible<()> {
    let mut conn = tables::open(dir)?;
    let tx = conn.transaction()?;
    let cases = ids(&tx, "SELECT slug, id FROM cases")?;
    let participants = ids(&tx, "SELECT code, id FROM participants")?;
    let mut details: HashMap<String, (i64, i64)> = HashMap::new();
    for row in csv::Reader::from_path(inputs.transcripts())?.records() {
        let row = row?;
        details.insert(row[0].to_owned(), (cases[&row[1]], participants[&row[2]]));
    }
    let mut first_turn = 1;
    for (number, file) in (1..).zip(files) {
        let name = file.strip_prefix(texts)?.to_string_lossy().into_owned();
        let (case, participant) = details
            .get(&name)
            .copied()
            .ok_or_else(|| format!("nothing is known of `{name}`"))?;
        first_turn += add_transcript(&tx, number, file, case, participant, first_turn)?.turns;
    }
    tx.commit()?;
    Ok(())
}

/// What was written of a transcript.
pub(crate) struct Added {
    pub(crate) revision: i64,
    pub(crate) turns: i64,
    pub(crate) text: String,
}

/// Writes all rows of one transcript.
pub(crate) fn add_transcript(
    tx: &Transaction,
    number: i64,
    file: &Path,
    case: i64,
    participant: i64,
    first_turn: i64,
) -> Fallible<Added> {
    let text = fs::read_to_string(file)?;
    let hash: [u8; 32] = Sha256::digest(&text).into();
    tx.prepare_cached("INSERT INTO transcripts (uuid, slug, case_id, kind, revision) VALUES (?1, ?2, ?3, 'interview', 1)")?.execute(params![uuid(), format!("T{number:02}"), case])?;
    let transcript = tx.last_insert_rowid();
    tx.prepare_cached(
        "INSERT INTO transcript_participants (transcript, participant) VALUES (?1, ?2)",
    )?
    .execute([transcript, participant])?;
    let mut speakers: Vec<(&str, i64)> = Vec::new();
    let (mut words, mut turn_count) = (0, 0);
    let mut put =
        tx.prepare_cached("INSERT INTO turns (id, start, end, speaker) VALUES (?1, ?2, ?3, ?4)")?;
    for turn in turns(&text) {
        let known = speakers.iter().find(|(label, _)| *label == turn.who);
        let speaker = if let Some((_, id)) = known {
            *id
        } else {
            let (role, who) = if turn.who == "Interviewer" {
                ("interviewer", None)
            } else {
                ("participant", Some(participant))
            };
            tx.prepare_cached("INSERT INTO speakers (transcript, label, role, participant) VALUES (?1, ?2, ?3, ?4)")?.execute(params![transcript, turn.who, role, who])?;
            speakers.push((turn.who, tx.last_insert_rowid()));
            tx.last_insert_rowid()
        };
        put.execute([
            first_turn + turn_count,
            int(turn.start),
            int(turn.end),
            speaker,
        ])?;
        words += turn
            .words
            .split_whitespace()
            .filter(|word| word.contains(char::is_alphanumeric))
            .count();
        turn_count += 1;
    }
    let characters = if text.is_ascii() {
        text.len()
    } else {
        text.chars().count()
    };
    tx.prepare_cached(
        "INSERT INTO revisions (uuid, transcript, number, format, encoding, file_sha256, text_sha256, characters, words, first_turn, turns, text)
         VALUES (?1, ?2, 1, 'txt', 'UTF-8', ?3, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![uuid(), transcript, hash, int(characters), int(words), first_turn, turn_count, text])?;
    Ok(Added {
        revision: tx.last_insert_rowid(),
        turns: turn_count,
        text,
    })
}

/// A small table of names and ids.
pub(crate) fn ids(conn: &Connection, sql: &str) -> Fallible<HashMap<String, i64>> {
    let mut all = conn.prepare(sql)?;
    let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
