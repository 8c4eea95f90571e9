//! What participants answered in the debrief, and what was decided about it. And whom the study must not write to.

use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Params, Row, params};

use super::door::new_uuid;
use super::releases::HANDED_OUT;
use super::{Error, Result, Store, Tx};
use crate::domain::words::{Answer, Taken};

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Its number.
    pub id: i64,
    pub participant: i64,
    /// None: to the debrief as a whole.
    pub finding: Option<i64>,
    pub kind: Answer,
    /// In the participant's words.
    pub text: Option<String>,
    /// The day on which it came.
    pub received: String,
    /// SHA-256 of the filled form that it was read from.
    pub form: Option<[u8; 32]>,
    pub coder: String,
}

/// An answer to be written.
#[derive(Clone, Copy, Debug)]
pub struct NewResponse<'a> {
    pub participant: i64,
    pub finding: Option<i64>,
    pub kind: Answer,
    pub text: Option<&'a str>,
    pub received: &'a str,
    pub form: Option<[u8; 32]>,
    pub coder: i64,
}

/// What an answer asks of the researchers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its number.
    pub id: i64,
    pub response: i64,
    /// None: it is open.
    pub outcome: Option<Taken>,
    pub why: Option<String>,
    /// Who took it; of an open one, who wrote the answer down.
    pub coder: String,
    /// When it was taken or opened. UTC.
    pub at: String,
}

/// Why somebody is not written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotWritten {
    /// The consent says no to taking part.
    NoPart,
    Withdrawn,
    /// The newest consent says that there is to be no more contact.
    NoContact,
    /// The newest consent does not say whether there may be.
    NotAsked,
}

const RESPONSE: &str =
    "SELECT r.id, r.participant, r.finding, r.kind, r.text, r.received, r.form, k.name
    FROM responses r JOIN coders k ON k.id = r.coder";
const DECISION: &str = "SELECT d.id, d.response, d.outcome, d.why, k.name, e.at
    FROM decisions d JOIN coders k ON k.id = d.coder JOIN events e ON e.id = d.event";

/// A word of one of the closed lists; the schema's own checks let no other in.
fn word<W>(r: &Row, n: usize) -> rusqlite::Result<W>
where
    W: std::str::FromStr,
    W::Err: std::error::Error + Send + Sync + 'static,
{
    let typed = r.get_ref(n)?.as_str().map_err(rusqlite::Error::from)?;
    typed
        .parse()
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(n, Type::Text, Box::new(e)))
}

fn response(r: &Row) -> rusqlite::Result<Response> {
    Ok(Response {
        id: r.get(0)?,
        participant: r.get(1)?,
        finding: r.get(2)?,
        kind: word(r, 3)?,
        text: r.get(4)?,
        received: r.get(5)?,
        form: r.get(6)?,
        coder: r.get(7)?,
    })
}

fn decision(r: &Row) -> rusqlite::Result<Decision> {
    Ok(Decision {
        id: r.get(0)?,
        response: r.get(1)?,
        outcome: match r.get_ref(2)? {
            rusqlite::types::ValueRef::Null => None,
            _ => Some(word(r, 2)?),
        },
        why: r.get(3)?,
        coder: r.get(4)?,
        at: r.get(5)?,
    })
}

impl Store {
    fn answers<T>(
        &self,
        sql: &str,
        with: impl Params,
        read: fn(&Row) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut all = self.conn.prepare_cached(sql)?;
        Ok(all
            .query_map(with, read)?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// All answers, in the order in which they were written down.
    pub fn responses(&self) -> Result<Vec<Response>> {
        self.answers(&format!("{RESPONSE} ORDER BY r.id"), [], response)
    }

    /// An answer that must be there.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is none of that number.
    pub fn the_response(&self, id: i64) -> Result<Response> {
        self.conn
            .prepare_cached(&format!("{RESPONSE} WHERE r.id = ?1"))?
            .query_row([id], response)
            .optional()?
            .ok_or_else(|| Error::Unknown {
                what: "response",
                name: id.to_string(),
                near: None,
                list: "response list",
            })
    }

    /// How many answers were read from a file of that hash.
    pub fn responses_of_form(&self, form: &[u8; 32]) -> Result<i64> {
        Ok(self.conn.query_row(
            "SELECT count(*) FROM responses WHERE form = ?1",
            [form],
            |r| r.get(0),
        )?)
    }

    /// All decisions, in the order in which they were opened.
    pub fn decisions(&self) -> Result<Vec<Decision>> {
        self.answers(&format!("{DECISION} ORDER BY d.id"), [], decision)
    }

    /// A decision that must be there.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is none of that number.
    pub fn the_decision(&self, id: i64) -> Result<Decision> {
        self.conn
            .prepare_cached(&format!("{DECISION} WHERE d.id = ?1"))?
            .query_row([id], decision)
            .optional()?
            .ok_or_else(|| Error::Unknown {
                what: "decision",
                name: id.to_string(),
                near: None,
                list: "decision list",
            })
    }

    /// Decisions that are open, and all.
    pub fn open_decisions(&self) -> Result<(i64, i64)> {
        Ok(self.conn.query_row(
            "SELECT count(*) FILTER (WHERE outcome IS NULL), count(*) FROM decisions",
            [],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?)
    }

    /// The number of the last event but those that only say that something was handed out: two reports of one number
    /// are of the same study.
    pub fn state(&self) -> Result<i64> {
        Ok(self.conn.query_row(
            "SELECT ifnull(max(id), 0) FROM events WHERE op NOT IN (?1, ?2)",
            HANDED_OUT,
            |r| r.get(0),
        )?)
    }

    /// Findings that were written anew after that event.
    pub fn findings_changed_since(&self, event: i64) -> Result<Vec<i64>> {
        self.answers(
            "SELECT id FROM findings WHERE event > ?1 ORDER BY id",
            [event],
            |r| r.get(0),
        )
    }

    /// What a finding claimed before each change of it after `event`, the oldest first.
    pub fn claims_since(&self, finding: i64, event: i64) -> Result<Vec<String>> {
        self.answers(
            "SELECT json_extract(c.before, '$.claim') FROM changes c JOIN recorded r ON r.id = c.tab
             WHERE r.name = 'findings' AND c.row = ?1 AND c.event > ?2 AND json_extract(c.before, '$.claim') IS NOT NULL ORDER BY c.id",
            [finding, event],
            |r| r.get(0),
        )
    }

    /// How many people a count must have to be printed for the readers of a case.
    pub fn people_at_least(&self) -> Result<u64> {
        let set: Option<i64> = self
            .conn
            .query_row("SELECT k_counts FROM study", [], |r| r.get(0))?;
        Ok(set.and_then(|k| u64::try_from(k).ok()).unwrap_or(5))
    }

    /// Who is not to be written to, and why: participants by id, in order. Of somebody without a consent on record nothing
    /// is known that forbids it.
    pub fn not_written_to(&self) -> Result<Vec<(i64, NotWritten)>> {
        let mut all = self.conn.prepare_cached(
            "SELECT p.id, EXISTS (SELECT 1 FROM withdrawals w WHERE w.participant = p.id), c.contact, c.take_part
             FROM participants p LEFT JOIN consents c ON c.participant = p.id
                AND c.version = (SELECT max(n.version) FROM consents n WHERE n.participant = p.id)
             WHERE EXISTS (SELECT 1 FROM withdrawals w WHERE w.participant = p.id) OR (c.id IS NOT NULL AND (c.contact IS NOT 1 OR c.take_part = 0))
             ORDER BY p.id",
        )?;
        let rows = all.query_map([], |r| {
            let apart = r.get::<_, Option<bool>>(3)? == Some(false);
            let why = match (r.get(1)?, r.get::<_, Option<bool>>(2)?) {
                (true, _) => NotWritten::Withdrawn,
                (false, _) if apart => NotWritten::NoPart,
                (false, Some(_)) => NotWritten::NoContact,
                (false, None) => NotWritten::NotAsked,
            };
            Ok((r.get(0)?, why))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Tx<'_> {
    /// Writes an answer down, and opens the decision that it asks for. Gives the numbers of both.
    pub fn add_response(&self, new: &NewResponse) -> Result<(i64, Option<i64>)> {
        self.conn
            .prepare_cached("INSERT INTO responses (uuid, participant, finding, kind, text, received, form, coder, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
            .execute(params![
                new_uuid(),
                new.participant,
                new.finding,
                new.kind.word(),
                new.text,
                new.received,
                new.form,
                new.coder,
                self.event
            ])?;
        let response = self.last_id();
        if !new.kind.asks() {
            return Ok((response, None));
        }
        self.conn
            .prepare_cached(
                "INSERT INTO decisions (uuid, response, coder, event) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![new_uuid(), response, new.coder, self.event])?;
        Ok((response, Some(self.last_id())))
    }

    /// Removes an answer with what was decided about it.
    pub fn remove_response(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM decisions WHERE response = ?1", [id])?;
        self.conn
            .execute("DELETE FROM responses WHERE id = ?1", [id])?;
        Ok(())
    }

    /// Takes a decision, or takes it anew.
    pub fn take_decision(&self, id: i64, outcome: Taken, why: &str, coder: i64) -> Result<()> {
        self.conn.execute(
            "UPDATE decisions SET outcome = ?2, why = ?3, coder = ?4, event = ?5 WHERE id = ?1",
            params![id, outcome.word(), why, coder, self.event],
        )?;
        Ok(())
    }
}
