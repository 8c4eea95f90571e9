//! Participants, by pseudonym, and the cases they speak about.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params};

use super::cases::taken;
use super::door::new_uuid;
use super::{Error, Result, Store, Tx};
use crate::domain::words::Attribution;
use crate::error::did_you_mean;

/// What somebody set for a person with `participant add` or `edit`. It is what holds only where nothing stricter was
/// agreed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// A word of [`Attribution`].
    pub attribution: String,
    pub quotable: bool,
}

/// What of a person's present consent every output asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreed {
    /// The number of the consent's version.
    pub version: i64,
    /// Whether the own system may read what is quoted. What the form did not ask for is no leave.
    pub share: bool,
    /// The last day on which it holds.
    pub until: Option<String>,
    /// Whether that day has passed.
    pub over: bool,
}

/// A person as every output needs them: `attribution` and `quotable` are what holds, the strictest of what was set, of the
/// newest consent and of a withdrawal. Made here and nowhere else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Participant {
    pub id: i64,
    pub code: String,
    pub role: Option<String>,
    /// A case's id.
    pub organisation: Option<i64>,
    /// A word of [`Attribution`].
    pub attribution: String,
    pub quotable: bool,
    /// Ids of the cases this person speaks about.
    pub cases: Vec<i64>,
    /// What is stored when the person is.
    pub set: Setting,
    /// `None` where no consent is on record.
    pub agreed: Option<Agreed>,
}

impl Participant {
    /// A person of whom nothing is known but the pseudonym, at the level that nobody has to set.
    pub fn new(code: &str) -> Self {
        let level = Attribution::Role.word();
        Self {
            code: code.to_owned(),
            attribution: level.to_owned(),
            quotable: true,
            set: Setting {
                attribution: level.to_owned(),
                quotable: true,
            },
            ..Self::default()
        }
    }
}

/// A person with the newest consent and the newest withdrawal, each found by its index.
const PERSON: &str = "SELECT p.id, p.code, p.role, p.organisation, p.attribution, p.quotable,
        c.version, c.take_part, c.quote, c.attribution, c.share, c.until, w.mode
    FROM participants p
    LEFT JOIN consents c ON c.participant = p.id AND c.version = (SELECT max(version) FROM consents WHERE participant = p.id)
    LEFT JOIN withdrawals w ON w.id = (SELECT max(id) FROM withdrawals WHERE participant = p.id)";

/// Those whose words are in no output and no count: off the record by what was set or agreed to, not taking part, or
/// withdrawn with what they said.
pub(super) const SEALED: &str = "SELECT id FROM participants WHERE attribution = 'off-record'
    UNION SELECT c.participant FROM consents c INDEXED BY consents_sealed WHERE (c.take_part = 0 OR c.attribution = 'off-record')
        AND c.version = (SELECT max(version) FROM consents WHERE participant = c.participant)
    UNION SELECT w.participant FROM withdrawals w JOIN participants p ON p.id = w.participant WHERE w.mode <> 'stop'
        AND w.id = (SELECT max(id) FROM withdrawals WHERE participant = w.participant)";

/// A word that is not on the list can't come from the study; if it does, the strictest holds.
fn level(word: &str) -> Attribution {
    word.parse().unwrap_or(Attribution::OffRecord)
}

fn participant(r: &Row, today: &str) -> rusqlite::Result<Participant> {
    let set = Setting {
        attribution: r.get(4)?,
        quotable: r.get(5)?,
    };
    let (mut holds, mut quotable) = (level(&set.attribution), set.quotable);
    let mut agreed = None;
    if let Some(version) = r.get::<_, Option<i64>>(6)? {
        let take_part: bool = r.get(7)?;
        let until: Option<String> = r.get(11)?;
        holds = holds.max(level(&r.get::<_, String>(9)?));
        quotable &= r.get::<_, Option<bool>>(8)? == Some(true);
        if !take_part {
            holds = Attribution::OffRecord;
        }
        agreed = Some(Agreed {
            version,
            share: r.get::<_, Option<bool>>(10)? == Some(true),
            over: until.as_deref().is_some_and(|day| day < today),
            until,
        });
    }
    if r.get::<_, Option<String>>(12)?
        .is_some_and(|mode| mode != "stop")
    {
        holds = Attribution::OffRecord;
    }
    Ok(Participant {
        id: r.get(0)?,
        code: r.get(1)?,
        role: r.get(2)?,
        organisation: r.get(3)?,
        attribution: holds.word().to_owned(),
        quotable,
        cases: Vec::new(),
        set,
        agreed,
    })
}

impl Store {
    pub fn participants(&self) -> Result<Vec<Participant>> {
        let mut all = self
            .conn
            .prepare_cached(&format!("{PERSON} ORDER BY p.code"))?;
        let mut found = all
            .query_map([], |r| participant(r, &self.today))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let mut cases: HashMap<i64, Vec<i64>> = HashMap::new();
        let mut links = self
            .conn
            .prepare_cached("SELECT participant, case_id FROM participant_cases ORDER BY id")?;
        let mut rows = links.query([])?;
        while let Some(r) = rows.next()? {
            cases.entry(r.get(0)?).or_default().push(r.get(1)?);
        }
        for p in &mut found {
            p.cases = cases.remove(&p.id).unwrap_or_default();
        }
        Ok(found)
    }

    pub fn participant(&self, code: &str) -> Result<Participant> {
        if let Some(found) = self.find_participant(code)? {
            return Ok(found);
        }
        let all = self.participants()?;
        Err(Error::Unknown {
            what: "participant",
            name: crate::domain::span::printable(code).into_owned(),
            near: did_you_mean(code, all.iter().map(|p| p.code.as_str())),
            list: "participant list",
        })
    }

    /// The participant of that pseudonym, if there is one; without the cost of a suggestion where there is none.
    pub fn find_participant(&self, code: &str) -> Result<Option<Participant>> {
        let mut one = self
            .conn
            .prepare_cached(&format!("{PERSON} WHERE p.code = ?1"))?;
        let Some(mut found) = one
            .query_row([code], |r| participant(r, &self.today))
            .optional()?
        else {
            return Ok(None);
        };
        let mut cases = self.conn.prepare_cached(
            "SELECT case_id FROM participant_cases WHERE participant = ?1 ORDER BY id",
        )?;
        found.cases = cases
            .query_map([found.id], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Some(found))
    }

    /// A participant without the cases, for outputs that show a few.
    pub fn participant_by_id(&self, id: i64) -> Result<Option<Participant>> {
        let mut one = self
            .conn
            .prepare_cached(&format!("{PERSON} WHERE p.id = ?1"))?;
        Ok(one
            .query_row([id], |r| participant(r, &self.today))
            .optional()?)
    }

    /// Pseudonym of one participant by id.
    pub fn code_of(&self, id: i64) -> Result<Option<String>> {
        let mut one = self
            .conn
            .prepare_cached("SELECT code FROM participants WHERE id = ?1")?;
        Ok(one.query_row([id], |r| r.get(0)).optional()?)
    }

    /// Ids of those whose words are in no output and no count, ascending.
    pub fn sealed(&self) -> Result<Vec<i64>> {
        let mut all = self.conn.prepare_cached(&format!("{SEALED} ORDER BY 1"))?;
        Ok(all
            .query_map([], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// What of the study is this person's: (transcripts, speaker labels, values, memos).
    pub fn participant_uses(&self, id: i64) -> Result<[i64; 4]> {
        let sql = "SELECT (SELECT count(*) FROM transcript_participants WHERE participant = ?1), (SELECT count(*) FROM speakers WHERE participant = ?1),
            (SELECT count(*) FROM attribute_values WHERE participant_id = ?1), (SELECT count(*) FROM memos WHERE participant_id = ?1)";
        Ok(self.conn.query_row(sql, [id], |r| {
            Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?])
        })?)
    }
}

impl Tx<'_> {
    pub fn put_participant(&self, p: &Participant) -> Result<i64> {
        let taken = |e: rusqlite::Error| taken(e, "participant", &p.code);
        let id = if p.id == 0 {
            self.conn
                .prepare_cached("INSERT INTO participants (uuid, code, role, organisation, attribution, quotable) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
                .execute(params![new_uuid(), p.code, p.role, p.organisation, p.set.attribution, p.set.quotable])
                .map_err(taken)?;
            self.last_id()
        } else {
            self.conn
                .execute(
                    "UPDATE participants SET code = ?2, role = ?3, organisation = ?4, attribution = ?5, quotable = ?6 WHERE id = ?1",
                    params![p.id, p.code, p.role, p.organisation, p.set.attribution, p.set.quotable],
                )
                .map_err(taken)?;
            p.id
        };
        let mut there = self
            .conn
            .prepare_cached("SELECT id, case_id FROM participant_cases WHERE participant = ?1")?;
        let there = there
            .query_map([id], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?)))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        for (row, case) in &there {
            if !p.cases.contains(case) {
                self.conn
                    .execute("DELETE FROM participant_cases WHERE id = ?1", [row])?;
            }
        }
        for (n, case) in p.cases.iter().enumerate() {
            // Whoever names a case twice means it once.
            let known = there.iter().any(|(_, c)| c == case) || p.cases[..n].contains(case);
            if !known {
                self.conn
                    .prepare_cached(
                        "INSERT INTO participant_cases (participant, case_id) VALUES (?1, ?2)",
                    )?
                    .execute([id, *case])?;
            }
        }
        Ok(id)
    }

    /// Notes of each transcript that is with this person and one other, and has words without a label, that these words stay
    /// nobody's: who is left did not say them because the other is gone.
    pub fn keep_nobodys(&self, id: i64) -> Result<()> {
        self.conn.execute(
            "WITH people AS (SELECT transcript, participant FROM transcript_participants
                             UNION SELECT transcript, participant FROM speakers WHERE participant IS NOT NULL)
             UPDATE transcripts SET nobodys = 1
             WHERE nobodys IS NULL AND id IN (SELECT transcript FROM people WHERE participant = ?1)
               AND (SELECT count(*) FROM people p WHERE p.transcript = transcripts.id) = 2
               AND EXISTS (SELECT 1 FROM revisions r JOIN turns u ON u.id BETWEEN r.first_turn AND r.first_turn + r.turns - 1
                           WHERE r.transcript = transcripts.id AND u.speaker IS NULL)",
            [id],
        )?;
        Ok(())
    }

    /// Removes a participant with consents, values, memos and case links; labels and transcripts that named the person stay,
    /// unassigned.
    pub fn remove_participant(&self, id: i64) -> Result<()> {
        self.keep_nobodys(id)?;
        self.drop_leaning_on_participant(id)?;
        for sql in [
            "DELETE FROM participant_cases WHERE participant = ?1",
            "DELETE FROM transcript_participants WHERE participant = ?1",
            "UPDATE speakers SET participant = NULL, role = 'unknown' WHERE participant = ?1",
            "DELETE FROM attribute_values WHERE participant_id = ?1",
            "DELETE FROM memos WHERE participant_id = ?1",
            "DELETE FROM consents WHERE participant = ?1",
            "DELETE FROM participants WHERE id = ?1",
        ] {
            self.conn.execute(sql, [id])?;
        }
        Ok(())
    }
}
