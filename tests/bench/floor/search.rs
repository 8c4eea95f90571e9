//! A search in a new process: how many, the best twenty with their words and highlights, as JSON.

use std::io::Write;
use std::path::Path;

use rusqlite::{Connection, Row};
use serde::Serialize;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{FuzzyTermQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{ReloadPolicy, Term};

use super::words::{Forms, Words, next_word};
use super::{index, tables};
use crate::Fallible;

/// What is looked for: stems side by side, the beginning of a word, or a word with one slip.
enum Sought {
    Row(Vec<String>),
    Beginning(String),
    Near(String),
}

impl Sought {
    fn read(kind: &str, query: &str, words: &mut Words) -> Fallible<Self> {
        Ok(match kind {
            "word" | "phrase" => Self::Row(
                query
                    .split_whitespace()
                    .map(|word| words.forms(word).stem.clone())
                    .collect(),
            ),
            "prefix" => Self::Beginning(query.to_owned()),
            "fuzzy" => Self::Near(query.to_owned()),
            _ => return Err(format!("no kind of search: {kind}").into()),
        })
    }

    fn query(&self, field: Field) -> Box<dyn Query> {
        let term = |text: &String| Term::from_field_text(field, text);
        match self {
            Self::Row(stems) => match &stems[..] {
                [stem] => Box::new(TermQuery::new(term(stem), IndexRecordOption::WithFreqs)),
                _ => Box::new(PhraseQuery::new(stems.iter().map(term).collect())),
            },
            Self::Beginning(head) => Box::new(FuzzyTermQuery::new_prefix(term(head), 0, true)),
            Self::Near(word) => Box::new(FuzzyTermQuery::new(term(word), 1, true)),
        }
    }

    fn is(&self, place: usize, forms: &Forms) -> bool {
        let plain = forms.folded.as_deref().unwrap_or(&forms.exact);
        match self {
            Self::Row(stems) => stems[place] == forms.stem,
            Self::Beginning(head) => {
                forms.exact.starts_with(head.as_str())
                    || plain
                        .trim_start_matches(char::is_control)
                        .starts_with(head.as_str())
            }
            Self::Near(word) => strsim::osa_distance(&forms.exact, word) <= 1,
        }
    }

    /// Where it stands in a text: code points, counted from `base`.
    fn highlights(&self, text: &str, base: i64, words: &mut Words) -> Vec<(i64, i64)> {
        let wanted = if let Self::Row(stems) = self {
            stems.len()
        } else {
            1
        };
        let mut found = Vec::new();
        let mut matched = 0;
        let (mut at, mut points) = (0, base);
        while let Some((start, end)) = next_word(text, at) {
            points += count(&text[at..start]);
            let length = count(&text[start..end]);
            let forms = words.forms(&text[start..end]);
            if !self.is(matched, forms) {
                found.truncate(found.len() - matched);
                matched = 0;
            }
            if self.is(matched, forms) {
                found.push((points, points + length));
                matched = (matched + 1) % wanted;
            }
            (at, points) = (end, points + length);
        }
        found.truncate(found.len() - matched);
        found
    }
}

fn count(text: &str) -> i64 {
    tables::int(if text.is_ascii() {
        text.len()
    } else {
        text.chars().count()
    })
}

#[derive(Serialize)]
struct Hit {
    transcript: String,
    turn: i64,
    speaker: String,
    role: String,
    participant: Option<String>,
    case: Option<String>,
    start: i64,
    end: i64,
    text: String,
    time_ms: Option<i64>,
    score: f32,
    highlights: Vec<(i64, i64)>,
}

#[derive(Serialize)]
struct Found<'a> {
    query: &'a str,
    total: usize,
    hits: Vec<Hit>,
}

const TURN: &str = "SELECT t.slug, u.id - r.first_turn + 1, w.label, w.role, p.code, c.slug, u.start, u.end, substr(r.text, u.start + 1, u.end - u.start), u.time_ms
     FROM turns u
     JOIN (SELECT * FROM revisions WHERE first_turn <= ?1 ORDER BY first_turn DESC LIMIT 1) r
     JOIN transcripts t ON t.id = r.transcript
     JOIN speakers w ON w.id = u.speaker
     LEFT JOIN participants p ON p.id = w.participant
     LEFT JOIN cases c ON c.id = t.case_id
     WHERE u.id = ?1";

fn hit(row: &Row) -> rusqlite::Result<Hit> {
    Ok(Hit {
        transcript: row.get(0)?,
        turn: row.get(1)?,
        speaker: row.get(2)?,
        role: row.get(3)?,
        participant: row.get(4)?,
        case: row.get(5)?,
        start: row.get(6)?,
        end: row.get(7)?,
        text: row.get(8)?,
        time_ms: row.get(9)?,
        score: 0.0,
        highlights: Vec::new(),
    })
}

pub(crate) fn search(dir: &Path, kind: &str, query: &str) -> Fallible<()> {
    let mut words = Words::default();
    let sought = Sought::read(kind, query, &mut words)?;
    let (index, fields) = index::open(dir)?;
    let reader = index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()?;
    let searcher = reader.searcher();
    let (best, total) = searcher.search(
        &*sought.query(fields.text),
        &(TopDocs::with_limit(20).order_by_score(), Count),
    )?;
    let conn: Connection = tables::open(dir)?;
    let mut one = conn.prepare(TURN)?;
    let mut hits = Vec::with_capacity(best.len());
    for (score, address) in best {
        let ids = searcher
            .segment_reader(address.segment_ord)
            .fast_fields()
            .u64("id")?;
        let Some(id) = ids.first(address.doc_id) else {
            continue;
        };
        let mut hit = one.query_row([i64::try_from(id)?], hit)?;
        hit.score = score;
        hit.highlights = sought.highlights(&hit.text, hit.start, &mut words);
        hits.push(hit);
    }
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &Found { query, total, hits })?;
    writeln!(out)?;
    Ok(())
}
