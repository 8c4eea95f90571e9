//! Readings and their measures: written once, read back, removed whole.
//!
//! A reading's digest is blake3 over its measures in the order of their ids, each as: id, indicator, case and period
//! (eight bytes each, the lowest first), the first letter of its state, then value, numerator, denominator and as-of
//! date (each with its length in four bytes before it; nothing is written as four bytes of 255), then line and column
//! (eight bytes each; nothing is -1).

use std::collections::HashSet;

use rusqlite::{CachedStatement, OptionalExtension, Row, params};

use super::door::new_uuid;
use super::{Error, Result, Store, Tx};
use crate::domain::figure::State;

/// One reading of figures: a file, or figures that were typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its number.
    pub id: i64,
    pub source: String,
    pub as_of: Option<String>,
    pub retrieved: Option<String>,
    pub file: Option<String>,
    pub sheet: Option<String>,
    /// Hexadecimal.
    pub file_sha256: Option<String>,
    /// YAML, as it was used.
    pub mapping: Option<String>,
    pub first_measure: i64,
    /// How many.
    pub measures: i64,
    pub coder: String,
    /// When it was read: UTC, RFC 3339.
    pub at: String,
}

impl Reading {
    /// Whether a measure with that id is one of it.
    pub fn holds(&self, measure: i64) -> bool {
        (self.first_measure..self.first_measure + self.measures).contains(&measure)
    }
}

/// What is said of a reading before its measures are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewReading {
    pub source: String,
    pub as_of: Option<String>,
    pub retrieved: Option<String>,
    pub file: Option<String>,
    pub sheet: Option<String>,
    pub file_sha256: Option<[u8; 32]>,
    pub mapping: Option<String>,
}

/// A measure that is to be written. Decimals are canonical (`figure::canonical`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewMeasure<'a> {
    pub indicator: i64,
    pub case: i64,
    pub period: i64,
    pub state: State,
    pub value: Option<&'a str>,
    pub numerator: Option<&'a str>,
    pub denominator: Option<&'a str>,
    pub as_of: Option<&'a str>,
    pub line: Option<i64>,
    pub col: Option<i64>,
}

/// The value of an indicator for a case in a period, as one reading has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    pub id: i64,
    pub indicator: i64,
    pub case: i64,
    pub period: i64,
    pub state: State,
    /// A decimal (of a percentage: 0 to 100), or the band.
    pub value: Option<String>,
    pub numerator: Option<String>,
    pub denominator: Option<String>,
    /// Where it differs from the reading's.
    pub as_of: Option<String>,
    pub line: Option<i64>,
    pub col: Option<i64>,
}

/// Which measures to list; empty lists narrow nothing.
#[derive(Clone, Debug, Default)]
pub struct MeasureFilter {
    pub indicators: Vec<i64>,
    pub cases: Vec<i64>,
    pub periods: Vec<i64>,
    pub reading: Option<i64>,
}

/// What measures are numbered with: never used twice.
const COUNTER: &str = "measure";

const READING: &str = "SELECT r.id, r.source, r.as_of, r.retrieved, r.file, r.sheet, hex(r.file_sha256), r.mapping, r.first_measure, r.measures, k.name, e.at
    FROM readings r JOIN coders k ON k.id = r.coder JOIN events e ON e.id = r.event";

fn reading(r: &Row) -> rusqlite::Result<Reading> {
    let sha: String = r.get(6)?;
    Ok(Reading {
        id: r.get(0)?,
        source: r.get(1)?,
        as_of: r.get(2)?,
        retrieved: r.get(3)?,
        file: r.get(4)?,
        sheet: r.get(5)?,
        file_sha256: (!sha.is_empty()).then(|| sha.to_lowercase()),
        mapping: r.get(7)?,
        first_measure: r.get(8)?,
        measures: r.get(9)?,
        coder: r.get(10)?,
        at: r.get(11)?,
    })
}

pub(super) const MEASURE: &str =
    "id, indicator, case_id, period, state, value, numerator, denominator, as_of, line, col";

pub(super) fn measure(r: &Row) -> rusqlite::Result<Measure> {
    Ok(Measure {
        id: r.get(0)?,
        indicator: r.get(1)?,
        case: r.get(2)?,
        period: r.get(3)?,
        state: r.get_ref(4)?.as_str()?.parse().map_err(|_| {
            rusqlite::Error::FromSqlConversionFailure(
                4,
                rusqlite::types::Type::Text,
                "no state".into(),
            )
        })?,
        value: r.get(5)?,
        numerator: r.get(6)?,
        denominator: r.get(7)?,
        as_of: r.get(8)?,
        line: r.get(9)?,
        col: r.get(10)?,
    })
}

/// The digest while it is made. Bytes are gathered, as hashing few at a time is slow.
struct Digest {
    hasher: blake3::Hasher,
    bytes: Vec<u8>,
}

impl Digest {
    const GATHERED: usize = 1 << 16;

    fn new() -> Self {
        Self {
            hasher: blake3::Hasher::new(),
            bytes: Vec::with_capacity(Self::GATHERED + 256),
        }
    }

    fn add(&mut self, id: i64, m: &NewMeasure) {
        let bytes = &mut self.bytes;
        for n in [id, m.indicator, m.case, m.period] {
            bytes.extend(n.to_le_bytes());
        }
        bytes.extend(m.state.word().bytes().take(1));
        for text in [m.value, m.numerator, m.denominator, m.as_of] {
            let length = text.map_or(u32::MAX, |t| u32::try_from(t.len()).unwrap_or(u32::MAX - 1));
            bytes.extend(length.to_le_bytes());
            bytes.extend(text.unwrap_or_default().bytes());
        }
        for n in [m.line, m.col] {
            bytes.extend(n.unwrap_or(-1).to_le_bytes());
        }
        if bytes.len() > Self::GATHERED {
            self.hasher.update(bytes);
            bytes.clear();
        }
    }

    fn done(mut self) -> [u8; 32] {
        self.hasher.update(&self.bytes);
        *self.hasher.finalize().as_bytes()
    }
}

/// What a reading speaks of, gathered while it is written. What was seen last is most often what comes next.
#[derive(Default)]
struct Seen {
    last: i64,
    all: HashSet<i64>,
}

impl Seen {
    fn add(&mut self, id: i64) {
        if id != self.last {
            self.last = id;
            self.all.insert(id);
        }
    }

    fn sorted(self) -> Vec<i64> {
        let mut ids: Vec<i64> = self.all.into_iter().collect();
        ids.sort_unstable();
        ids
    }
}

/// A reading while its measures are written, one by one. Without [`ReadingWriter::finish`] nothing of it may be kept: let
/// the change fail.
pub struct ReadingWriter<'a> {
    tx: &'a Tx<'a>,
    insert: CachedStatement<'a>,
    first: i64,
    next: i64,
    digest: Digest,
    indicators: Seen,
    cases: Seen,
    periods: Seen,
}

impl ReadingWriter<'_> {
    pub fn add(&mut self, m: &NewMeasure) -> Result<()> {
        self.insert.execute(params![
            self.next,
            m.indicator,
            m.case,
            m.period,
            m.state.word(),
            m.value,
            m.numerator,
            m.denominator,
            m.as_of,
            m.line,
            m.col
        ])?;
        self.digest.add(self.next, m);
        self.next += 1;
        self.indicators.add(m.indicator);
        self.cases.add(m.case);
        self.periods.add(m.period);
        Ok(())
    }

    /// How many measures were written.
    pub fn written(&self) -> i64 {
        self.next - self.first
    }

    /// Writes the reading itself and what it speaks of. Gives its number.
    pub fn finish(self, coder: i64, new: &NewReading) -> Result<i64> {
        let tx = self.tx;
        let n = self.next - self.first;
        if n == 0 {
            return Err(Error::refused(
                "the reading has no measures",
                "look at the file and its mapping with: casebook measure import FILE --dry-run",
            ));
        }
        tx.reserve(COUNTER, n)?;
        tx.conn
            .prepare_cached(
                "INSERT INTO readings (uuid, source, as_of, retrieved, file, sheet, file_sha256, mapping, first_measure, measures, digest, coder, event)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?
            .execute(params![
                new_uuid(),
                new.source,
                new.as_of,
                new.retrieved,
                new.file,
                new.sheet,
                new.file_sha256.as_ref().map(|h| &h[..]),
                new.mapping,
                self.first,
                n,
                &self.digest.done()[..],
                coder,
                tx.event
            ])?;
        let id = tx.last_id();
        for (column, ids) in [
            ("indicator", self.indicators),
            ("case_id", self.cases),
            ("period", self.periods),
        ] {
            let mut put = tx.conn.prepare_cached(&format!(
                "INSERT INTO reading_scopes (reading, {column}) VALUES (?1, ?2)"
            ))?;
            for other in ids.sorted() {
                put.execute([id, other])?;
            }
        }
        Ok(id)
    }
}

impl Store {
    /// All of them, the first first.
    pub fn readings(&self) -> Result<Vec<Reading>> {
        let mut all = self
            .conn
            .prepare_cached(&format!("{READING} ORDER BY r.id"))?;
        Ok(all
            .query_map([], reading)?
            .collect::<rusqlite::Result<_>>()?)
    }

    pub fn reading(&self, id: i64) -> Result<Reading> {
        self.conn
            .prepare_cached(&format!("{READING} WHERE r.id = ?1"))?
            .query_row([id], reading)
            .optional()?
            .ok_or_else(|| Error::Unknown {
                what: "reading",
                name: id.to_string(),
                near: None,
                list: "reading list",
            })
    }

    /// Readings of the file with that SHA-256.
    pub fn readings_of_file(&self, sha256: &[u8; 32]) -> Result<Vec<Reading>> {
        let mut all = self
            .conn
            .prepare_cached(&format!("{READING} WHERE r.file_sha256 = ?1 ORDER BY r.id"))?;
        Ok(all
            .query_map([&sha256[..]], reading)?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// What a reading speaks of: ids of its indicators, cases and periods, each in order.
    pub fn reading_scope(&self, id: i64) -> Result<[Vec<i64>; 3]> {
        let ids = |column: &str| -> Result<Vec<i64>> {
            let mut all = self.conn.prepare_cached(&format!(
                "SELECT {column} FROM reading_scopes WHERE reading = ?1 AND {column} IS NOT NULL ORDER BY {column}"
            ))?;
            Ok(all
                .query_map([id], |r| r.get(0))?
                .collect::<rusqlite::Result<_>>()?)
        };
        Ok([ids("indicator")?, ids("case_id")?, ids("period")?])
    }

    /// How many readings have measures of a case.
    pub fn readings_of_case(&self, case: i64) -> Result<i64> {
        Ok(self
            .conn
            .prepare_cached("SELECT count(*) FROM reading_scopes WHERE case_id = ?1")?
            .query_row([case], |r| r.get(0))?)
    }

    /// Hands the measures that a filter leaves to `each`, one by one, by indicator, case, period and then as they were
    /// read; those of one reading as they stand in it.
    pub fn each_measure<E: From<Error>>(
        &self,
        filter: &MeasureFilter,
        mut each: impl FnMut(Measure) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut sql = format!("SELECT {MEASURE} FROM measures WHERE 1");
        for (column, ids) in [
            ("indicator", &filter.indicators),
            ("case_id", &filter.cases),
            ("period", &filter.periods),
        ] {
            if !ids.is_empty() {
                let list: Vec<String> = ids.iter().map(ToString::to_string).collect();
                sql.push_str(&format!(" AND {column} IN ({})", list.join(", ")));
            }
        }
        if let Some(id) = filter.reading {
            let of = self.reading(id)?;
            sql.push_str(&format!(
                " AND id BETWEEN {} AND {} ORDER BY id",
                of.first_measure,
                of.first_measure + of.measures - 1
            ));
        } else {
            sql.push_str(" ORDER BY indicator, case_id, period, id");
        }
        let mut all = self.conn.prepare(&sql).map_err(Error::from)?;
        let mut rows = all.query([]).map_err(Error::from)?;
        while let Some(r) = rows.next().map_err(Error::from)? {
            each(measure(r).map_err(Error::from)?)?;
        }
        Ok(())
    }

    /// In how many decisions a measure of a reading holds.
    pub fn settled_by(&self, reading: i64) -> Result<i64> {
        Ok(self
            .conn
            .prepare_cached("SELECT count(*) FROM settled_figures WHERE reading = ?1")?
            .query_row([reading], |r| r.get(0))?)
    }

    /// Whatever is not as it was read: the reading (none: measures of none), its event, and what is wrong.
    pub fn damaged_readings(&self) -> Result<Vec<(Option<i64>, i64, &'static str)>> {
        let mut found = Vec::new();
        let mut all = self.conn.prepare(
            "SELECT id, event, first_measure, measures, digest FROM readings ORDER BY id",
        )?;
        let mut rows = all.query([])?;
        let mut held = 0;
        while let Some(r) = rows.next()? {
            let (first, n): (i64, i64) = (r.get(2)?, r.get(3)?);
            held += n;
            let digest: Vec<u8> = r.get(4)?;
            if self.digest_of_measures(first, n)?[..] != digest[..] {
                found.push((
                    Some(r.get(0)?),
                    r.get(1)?,
                    "its measures are not those that were read",
                ));
            }
        }
        found.extend(self.damaged_images_of_readings()?);
        let there: i64 = self
            .conn
            .query_row("SELECT count(*) FROM measures", [], |r| r.get(0))?;
        if there > held {
            found.push((None, 0, "there are measures that belong to no reading"));
        }
        Ok(found)
    }

    /// Readings that were removed (or taken back) and could not come back as they were: the reading, the event that removed
    /// it, and what is wrong.
    fn damaged_images_of_readings(&self) -> Result<Vec<(Option<i64>, i64, &'static str)>> {
        let mut found = Vec::new();
        let mut all = self.conn.prepare(
            "SELECT c.row, c.event, c.before FROM changes c JOIN recorded t ON t.id = c.tab WHERE t.name = 'readings' AND c.op = 3 AND c.before IS NOT NULL AND c.erased IS NULL ORDER BY c.id",
        )?;
        let mut rows = all.query([])?;
        while let Some(r) = rows.next()? {
            let before: serde_json::Value = r
                .get_ref(2)?
                .as_str()
                .ok()
                .and_then(|json| serde_json::from_str(json).ok())
                .unwrap_or_default();
            let mut digest = Digest::new();
            for row in before["@measures"].as_array().into_iter().flatten() {
                let text = |n: usize| row[n].as_str();
                let number = |n: usize| row[n].as_i64();
                let id = |n: usize| number(n).unwrap_or_default();
                let Ok(state) = text(4).unwrap_or_default().parse() else {
                    continue;
                };
                digest.add(
                    id(0),
                    &NewMeasure {
                        indicator: id(1),
                        case: id(2),
                        period: id(3),
                        state,
                        value: text(5),
                        numerator: text(6),
                        denominator: text(7),
                        as_of: text(8),
                        line: number(9),
                        col: number(10),
                    },
                );
            }
            let kept = before["digest"].as_str().unwrap_or_default();
            let reckoned = blake3::Hash::from_bytes(digest.done()).to_hex();
            if !reckoned.eq_ignore_ascii_case(kept) {
                found.push((
                    Some(r.get(0)?),
                    r.get(1)?,
                    "it was removed, and the measures kept to bring it back are not those that were read",
                ));
            }
        }
        Ok(found)
    }

    fn digest_of_measures(&self, first: i64, n: i64) -> Result<[u8; 32]> {
        let mut digest = Digest::new();
        let mut all = self.conn.prepare_cached(&format!(
            "SELECT {MEASURE} FROM measures WHERE id BETWEEN ?1 AND ?1 + ?2 - 1 ORDER BY id"
        ))?;
        let mut rows = all.query([first, n])?;
        while let Some(r) = rows.next()? {
            let Ok(state) = r.get_ref(4)?.as_str().unwrap_or_default().parse() else {
                continue;
            };
            // What is of another kind than it should be is not what was read either.
            let text = |n: usize| r.get_ref(n).ok().and_then(|v| v.as_str().ok());
            let number = |n: usize| r.get_ref(n).ok().and_then(|v| v.as_i64().ok());
            let id = |n: usize| number(n).unwrap_or_default();
            digest.add(
                id(0),
                &NewMeasure {
                    indicator: id(1),
                    case: id(2),
                    period: id(3),
                    state,
                    value: text(5),
                    numerator: text(6),
                    denominator: text(7),
                    as_of: text(8),
                    line: number(9),
                    col: number(10),
                },
            );
        }
        Ok(digest.done())
    }
}

impl<'a> Tx<'a> {
    /// Begins a reading. One at a time.
    pub fn begin_reading(&'a self) -> Result<ReadingWriter<'a>> {
        self.conn
            .prepare_cached("INSERT OR IGNORE INTO counters VALUES (?1, 0)")?
            .execute([COUNTER])?;
        let first = self.counter(COUNTER)? + 1;
        Ok(ReadingWriter {
            tx: self,
            insert: self.conn.prepare_cached(&format!(
                "INSERT INTO measures ({MEASURE}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
            ))?,
            first,
            next: first,
            digest: Digest::new(),
            indicators: Seen::default(),
            cases: Seen::default(),
            periods: Seen::default(),
        })
    }
}

impl Tx<'_> {
    /// Removes a reading with its measures. Decisions that took one of them are the caller's question.
    pub fn remove_reading(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM reading_scopes WHERE reading = ?1", [id])?;
        self.conn
            .execute("DELETE FROM readings WHERE id = ?1", [id])?;
        Ok(())
    }
}
