//! Many codings from a CSV: `place`, and then `quote`, or places that say the span themselves. All of it or nothing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use serde::Serialize;

use super::Error;
use super::codebook::Codebook;
use crate::domain::place::Place;
use crate::domain::span::{Codepoints, Span};
use crate::error::{Problem, Result};
use crate::store::{MemoOn, NewCoding};
use crate::study::Study;
use crate::study::passage::locate_in;

const COLUMNS: &[&str] = &["place", "quote", "theme", "coder", "memo"];

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BulkResult {
    pub coded: usize,
    /// Rows that were there already.
    pub known: usize,
    pub memos: usize,
    pub event: Option<i64>,
}

struct Row {
    line: u64,
    place: Place,
    quote: Option<String>,
    theme: i64,
    coder: Option<String>,
    memo: Option<String>,
}

/// Codes the rows of a CSV file. A row that can't be coded stops all, and says which line it is.
pub fn code_from(study: &Study, path: &Path) -> Result<BulkResult> {
    let rows = read(study, path)?;
    // `T9` before `T10`: transcripts in the order of their ids mostly, so that pages fill from one end.
    let mut by_transcript: BTreeMap<(usize, String), Vec<Row>> = BTreeMap::new();
    for row in rows {
        by_transcript
            .entry((row.place.transcript.len(), row.place.transcript.clone()))
            .or_default()
            .push(row);
    }
    let (mut result, event) = study.change("code", |tx| {
        let mut result = BulkResult::default();
        let mut coders: HashMap<String, i64> = HashMap::new();
        for ((_, slug), rows) in by_transcript {
            let transcript = tx
                .transcript(&slug)
                .map_err(|e| at(path, rows.first().map_or(0, |r| r.line), &e))?;
            let turns = tx.turns(transcript.revision.first_turn, transcript.revision.turns)?;
            let text = tx.text(transcript.revision.id)?;
            let points = Codepoints::new(&text);
            let mut known: HashSet<(Span, i64, i64)> = tx
                .codings_of(transcript.id)?
                .into_iter()
                .map(|c| (c.span, c.theme, c.coder))
                .collect();
            let mut new = Vec::new();
            let mut memos = Vec::new();
            for row in rows {
                let found = locate_in(
                    transcript.clone(),
                    &turns,
                    &text,
                    &points,
                    &row.place,
                    row.quote.as_deref(),
                )
                .map_err(|e| at(path, row.line, &e))?;
                let name = row.coder.as_deref().unwrap_or(&study.session.coder);
                let coder = match coders.get(name) {
                    Some(id) => *id,
                    None => {
                        let id = tx.coder(name)?;
                        coders.insert(name.to_owned(), id);
                        id
                    }
                };
                if !known.insert((found.span, row.theme, coder)) {
                    result.known += 1;
                    continue;
                }
                if let Some(memo) = row.memo {
                    memos.push((new.len(), coder, memo));
                }
                new.push(NewCoding {
                    transcript: transcript.id,
                    revision: transcript.revision.id,
                    span: found.span,
                    turn: found.turn,
                    last_turn: found.last_turn,
                    theme: row.theme,
                    coder,
                });
            }
            let ids = tx.add_codings(transcript.id, &new)?;
            result.coded += new.len();
            for (n, coder, memo) in memos {
                tx.add_memo(
                    coder,
                    MemoOn::Coding(ids.start + i64::try_from(n).unwrap_or_default()),
                    &memo,
                )?;
                result.memos += 1;
            }
        }
        tx.summary(format!("code {} passages from a file", result.coded));
        Ok(result)
    })?;
    result.event = event;
    Ok(result)
}

fn at(path: &Path, line: u64, problem: &dyn Problem) -> Error {
    Error::Refused(
        format!("line {line} of `{}`: {problem}", path.display()),
        problem.hint(),
    )
}

fn read(study: &Study, path: &Path) -> Result<Vec<Row>> {
    let book = Codebook::read(&study.store)?;
    let bytes = std::fs::read(path).map_err(|source| crate::study::Error::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    let bad = |e: &csv::Error| {
        Error::refused(
            format!("`{}` is no CSV that can be read: {e}", path.display()),
            "save it as CSV, in UTF-8, with a first row of column names",
        )
    };
    let heads: Vec<String> = reader
        .headers()
        .map_err(|e| bad(&e))?
        .iter()
        .map(|h| h.trim().to_lowercase())
        .collect();
    if let Some(odd) = heads.iter().find(|h| !COLUMNS.contains(&h.as_str())) {
        return Err(Error::refused(
            format!("`{}` has an unknown column `{odd}`", path.display()),
            format!("columns may be: {}", COLUMNS.join(", ")),
        )
        .into());
    }
    let column = |name: &str| heads.iter().position(|h| h == name);
    let (Some(place), Some(theme)) = (column("place"), column("theme")) else {
        return Err(Error::refused(
            format!("`{}` needs the columns `place` and `theme`", path.display()),
            format!("columns may be: {}", COLUMNS.join(", ")),
        )
        .into());
    };
    let (quote, coder, memo) = (column("quote"), column("coder"), column("memo"));
    let mut themes: HashMap<String, i64> = HashMap::new();
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|e| bad(&e))? {
        let line = record.position().map_or(0, csv::Position::line);
        let get = |column: Option<usize>| {
            column
                .and_then(|c| record.get(c))
                .map(str::trim)
                .filter(|v| !v.is_empty())
        };
        let typed = get(Some(theme)).unwrap_or_default();
        let theme = match themes.get(typed) {
            Some(id) => *id,
            None => {
                let id = book.find(typed).map_err(|e| {
                    Error::Refused(
                        format!("line {line} of `{}`: {e}", path.display()),
                        e.hint(),
                    )
                })?;
                themes.insert(typed.to_owned(), id);
                id
            }
        };
        rows.push(Row {
            line,
            place: get(Some(place))
                .unwrap_or_default()
                .parse::<Place>()
                .map_err(|e| at(path, line, &e))?,
            quote: get(quote).map(str::to_owned),
            theme,
            coder: get(coder).map(str::to_owned),
            memo: get(memo).map(str::to_owned),
        });
    }
    Ok(rows)
}
