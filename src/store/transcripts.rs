//! Transcripts, who they are with, and who speaks under their labels.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params};

use super::cases::taken;
use super::door::new_uuid;
use super::revisions::{NewRevision, NewSection, NewTurn, REVISION, Revision, revision_at};
use super::{Error, Result, Store, Tx};
use crate::error::did_you_mean;

/// Stands among those whom a transcript is with for one who is gone, where words without a label may have been theirs: they
/// are nobody's then, and not the one's who is left.
pub const GONE: i64 = 0;

/// A transcript with what a list shows of it: slugs, and counts of its present revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcript {
    pub id: i64,
    pub slug: String,
    pub case: Option<i64>,
    pub phase: Option<i64>,
    pub kind: String,
    pub date: Option<String>,
    /// Where it differs from the study's.
    pub language: Option<String>,
    /// The kind of source, where `kind` doesn't say it; a word of [`crate::domain::words::SourceKind`].
    pub source: Option<String>,
    /// The present revision, without its text.
    pub revision: Revision,
}

/// A label and who speaks under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    pub id: i64,
    pub transcript: i64,
    pub label: String,
    pub role: String,
    pub participant: Option<i64>,
}

/// A transcript to be written with its first revision.
pub struct NewTranscript<'a> {
    pub slug: String,
    pub case: Option<i64>,
    pub phase: Option<i64>,
    pub kind: &'a str,
    pub date: Option<String>,
    pub language: Option<String>,
    pub format: &'a str,
    pub encoding: &'a str,
    pub file_sha256: [u8; 32],
    pub text_sha256: [u8; 32],
    pub text: &'a str,
    pub characters: u32,
    pub words: u32,
    /// Label, role and participant.
    pub labels: Vec<(String, &'static str, Option<i64>)>,
    pub participants: Vec<i64>,
    pub turns: &'a mut dyn Iterator<Item = NewTurn>,
    pub turn_count: usize,
    pub sections: &'a [NewSection],
    pub reflow: Option<String>,
}

const TRANSCRIPT: &str = "t.id, t.slug, t.case_id, t.phase, t.kind, t.date, t.language, t.source";
const PRESENT: &str =
    "FROM transcripts t JOIN revisions r ON r.transcript = t.id AND r.number = t.revision";

fn transcript(r: &Row) -> rusqlite::Result<Transcript> {
    Ok(Transcript {
        id: r.get(0)?,
        slug: r.get(1)?,
        case: r.get(2)?,
        phase: r.get(3)?,
        kind: r.get(4)?,
        date: r.get(5)?,
        language: r.get(6)?,
        source: r.get(7)?,
        revision: revision_at(r, 8)?,
    })
}

fn speaker(r: &Row) -> rusqlite::Result<Speaker> {
    Ok(Speaker {
        id: r.get(0)?,
        transcript: r.get(1)?,
        label: r.get(2)?,
        role: r.get(3)?,
        participant: r.get(4)?,
    })
}

impl Store {
    /// All transcripts in the order of their slugs (`T2` before `T10`).
    pub fn transcripts(&self) -> Result<Vec<Transcript>> {
        let mut all = self.conn.prepare_cached(&format!(
            "SELECT {TRANSCRIPT}, {REVISION} {PRESENT} ORDER BY length(t.slug), t.slug"
        ))?;
        Ok(all
            .query_map([], transcript)?
            .collect::<rusqlite::Result<_>>()?)
    }

    pub fn transcript_by_id(&self, id: i64) -> Result<Option<Transcript>> {
        let mut one = self.conn.prepare_cached(&format!(
            "SELECT {TRANSCRIPT}, {REVISION} {PRESENT} WHERE t.id = ?1"
        ))?;
        Ok(one.query_row([id], transcript).optional()?)
    }

    pub fn transcript(&self, slug: &str) -> Result<Transcript> {
        let mut one = self.conn.prepare_cached(&format!(
            "SELECT {TRANSCRIPT}, {REVISION} {PRESENT} WHERE t.slug = ?1"
        ))?;
        match one.query_row([slug], transcript).optional()? {
            Some(found) => Ok(found),
            None => {
                let mut all = self
                    .conn
                    .prepare("SELECT slug FROM transcripts ORDER BY length(slug), slug")?;
                let all = all
                    .query_map([], |r| r.get::<_, String>(0))?
                    .collect::<rusqlite::Result<Vec<_>>>()?;
                Err(Error::Unknown {
                    what: "transcript",
                    name: crate::domain::span::printable(slug).into_owned(),
                    near: did_you_mean(slug, all.iter().map(String::as_str)),
                    list: "transcript list",
                })
            }
        }
    }

    /// The transcript, at its present revision, that a turn stands in. A turn of an older revision has none.
    pub fn transcript_of_turn(&self, turn: i64) -> Result<Option<Transcript>> {
        let sql = format!(
            "SELECT {TRANSCRIPT}, {REVISION} FROM (SELECT * FROM revisions WHERE first_turn <= ?1 ORDER BY first_turn DESC LIMIT 1) r
             JOIN transcripts t ON t.id = r.transcript AND t.revision = r.number"
        );
        let found = self
            .conn
            .prepare_cached(&sql)?
            .query_row([turn], transcript)
            .optional()?;
        Ok(found.filter(|t| t.revision.has(turn)))
    }

    /// The transcript whose present revision this is.
    pub fn transcript_of_revision(&self, revision: i64) -> Result<Option<Transcript>> {
        let mut one = self.conn.prepare_cached(&format!(
            "SELECT {TRANSCRIPT}, {REVISION} {PRESENT} WHERE r.id = ?1"
        ))?;
        Ok(one.query_row([revision], transcript).optional()?)
    }

    /// First turn and number of turns of each of these transcripts (all, if none are named), in the order of the turns.
    pub fn turn_ranges(&self, transcripts: Option<&[i64]>) -> Result<Vec<(i64, i64, i64)>> {
        let row = |r: &Row| Ok((r.get(0)?, r.get(1)?, r.get(2)?));
        match transcripts {
            None => {
                let mut all = self.conn.prepare_cached(&format!(
                    "SELECT t.id, r.first_turn, r.turns {PRESENT} ORDER BY r.first_turn"
                ))?;
                Ok(all.query_map([], row)?.collect::<rusqlite::Result<_>>()?)
            }
            Some(ids) => {
                let mut one = self.conn.prepare_cached(&format!(
                    "SELECT t.id, r.first_turn, r.turns {PRESENT} WHERE t.id = ?1"
                ))?;
                let mut found = Vec::with_capacity(ids.len());
                for id in ids {
                    found.extend(one.query_row([id], row).optional()?);
                }
                found.sort_unstable_by_key(|(_, first, _)| *first);
                Ok(found)
            }
        }
    }

    pub fn speaker(&self, id: i64) -> Result<Option<Speaker>> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT id, transcript, label, role, participant FROM speakers WHERE id = ?1",
            )?
            .query_row([id], speaker)
            .optional()?)
    }

    /// The labels of one transcript, or of all, in order of appearance.
    pub fn speakers(&self, transcript: Option<i64>) -> Result<Vec<Speaker>> {
        match transcript {
            Some(id) => {
                let mut of_one = self.conn.prepare_cached("SELECT id, transcript, label, role, participant FROM speakers WHERE transcript = ?1 ORDER BY id")?;
                Ok(of_one
                    .query_map([id], speaker)?
                    .collect::<rusqlite::Result<_>>()?)
            }
            None => {
                let mut all = self.conn.prepare_cached(
                    "SELECT id, transcript, label, role, participant FROM speakers ORDER BY id",
                )?;
                Ok(all
                    .query_map([], speaker)?
                    .collect::<rusqlite::Result<_>>()?)
            }
        }
    }

    /// Ids of labels under which an interviewer speaks.
    pub fn interviewers(&self) -> Result<std::collections::HashSet<i64>> {
        let mut all = self
            .conn
            .prepare_cached("SELECT id FROM speakers WHERE role = 'interviewer'")?;
        Ok(all
            .query_map([], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Languages of transcripts that have their own.
    pub fn other_languages(&self) -> Result<Vec<String>> {
        let mut all = self.conn.prepare_cached(
            "SELECT DISTINCT language FROM transcripts WHERE language IS NOT NULL ORDER BY 1",
        )?;
        Ok(all
            .query_map([], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// SHA-256 of every file that was imported.
    pub fn file_hashes(&self) -> Result<std::collections::HashSet<[u8; 32]>> {
        let mut all = self
            .conn
            .prepare_cached("SELECT file_sha256 FROM revisions")?;
        Ok(all
            .query_map([], |r| r.get::<_, [u8; 32]>(0))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Who each transcript is with: by label or by being named at import. Transcript → participants' ids, ascending. [`GONE`] stands
    /// for whom it was with until somebody was removed or erased.
    pub fn transcript_participants(
        &self,
        transcript: Option<i64>,
    ) -> Result<HashMap<i64, Vec<i64>>> {
        let sql = "SELECT transcript, participant FROM transcript_participants WHERE ?1 IS NULL OR transcript = ?1
             UNION SELECT transcript, participant FROM speakers WHERE participant IS NOT NULL AND (?1 IS NULL OR transcript = ?1) ORDER BY 1, 2";
        let mut all = self.conn.prepare_cached(sql)?;
        let mut found: HashMap<i64, Vec<i64>> = HashMap::new();
        let mut rows = all.query([transcript])?;
        while let Some(r) = rows.next()? {
            found.entry(r.get(0)?).or_default().push(r.get(1)?);
        }
        let mut gone = self.conn.prepare_cached(
            "SELECT id FROM transcripts WHERE nobodys = 1 AND (?1 IS NULL OR id = ?1)",
        )?;
        let mut rows = gone.query([transcript])?;
        while let Some(r) = rows.next()? {
            found.entry(r.get(0)?).or_default().insert(0, GONE);
        }
        Ok(found)
    }

    /// Slugs of transcripts whose file had these bytes.
    pub fn with_file(&self, sha256: &[u8; 32]) -> Result<Vec<String>> {
        let mut all = self.conn.prepare_cached("SELECT DISTINCT t.slug FROM revisions r JOIN transcripts t ON t.id = r.transcript WHERE r.file_sha256 = ?1 ORDER BY t.slug")?;
        Ok(all
            .query_map([&sha256[..]], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// The highest number among slugs of the form `T12`.
    pub fn highest_number(&self) -> Result<i64> {
        let sql = "SELECT ifnull(max(CAST(substr(slug, 2) AS INTEGER)), 0) FROM transcripts WHERE slug GLOB 'T[0-9]*' AND substr(slug, 2) NOT GLOB '*[^0-9]*' AND length(slug) < 12";
        Ok(self.conn.query_row(sql, [], |r| r.get(0))?)
    }

    /// What hangs on a transcript: (codings, memos on it or on its codings).
    pub fn transcript_uses(&self, id: i64) -> Result<(i64, i64)> {
        let (from, to) = super::codings::range(id);
        let sql = "SELECT (SELECT count(*) FROM codings WHERE id BETWEEN ?2 AND ?3), (SELECT count(*) FROM memos WHERE transcript_id = ?1 OR coding_id BETWEEN ?2 AND ?3)";
        Ok(self
            .conn
            .query_row(sql, [id, from, to], |r| Ok((r.get(0)?, r.get(1)?)))?)
    }
}

impl Tx<'_> {
    /// Writes a transcript with its first revision. Gives its id, the revision's and the first turn's.
    pub fn add_transcript(&self, new: NewTranscript) -> Result<(i64, i64, i64)> {
        self.conn
            .prepare_cached("INSERT INTO transcripts (uuid, slug, case_id, phase, kind, date, language, revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1)")?
            .execute(params![new_uuid(), new.slug, new.case, new.phase, new.kind, new.date, new.language])
            .map_err(|e| taken(e, "transcript", &new.slug))?;
        let id = self.last_id();
        let mut speakers = Vec::with_capacity(new.labels.len());
        for (label, role, participant) in &new.labels {
            speakers.push(self.add_speaker(id, label, role, *participant)?);
        }
        if new.participants.contains(&GONE) {
            self.conn
                .execute("UPDATE transcripts SET nobodys = 1 WHERE id = ?1", [id])?;
        }
        for participant in new.participants.iter().filter(|p| **p != GONE) {
            self.conn.prepare_cached("INSERT OR IGNORE INTO transcript_participants (transcript, participant) VALUES (?1, ?2)")?.execute([id, *participant])?;
        }
        let (revision, first_turn) = self.add_revision(
            id,
            NewRevision {
                number: 1,
                format: new.format,
                encoding: new.encoding,
                file_sha256: new.file_sha256,
                text_sha256: new.text_sha256,
                text: new.text,
                characters: new.characters,
                words: new.words,
                speakers,
                turns: new.turns,
                turn_count: new.turn_count,
                sections: new.sections,
                reflow: new.reflow,
            },
        )?;
        Ok((id, revision, first_turn))
    }

    /// A label of a transcript and who speaks under it. Gives its id.
    pub fn add_speaker(
        &self,
        transcript: i64,
        label: &str,
        role: &str,
        participant: Option<i64>,
    ) -> Result<i64> {
        self.conn
            .prepare_cached("INSERT INTO speakers (transcript, label, role, participant) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![transcript, label, role, participant])?;
        Ok(self.last_id())
    }

    /// Writes what may be edited of a transcript: slug, case, phase, kind, date, language.
    pub fn put_transcript(&self, t: &Transcript) -> Result<()> {
        self.conn
            .execute("UPDATE transcripts SET slug = ?2, case_id = ?3, phase = ?4, kind = ?5, date = ?6, language = ?7, source = ?8 WHERE id = ?1", params![t.id, t.slug, t.case, t.phase, t.kind, t.date, t.language, t.source])
            .map_err(|e| taken(e, "transcript", &t.slug))?;
        Ok(())
    }

    pub fn assign_speaker(&self, id: i64, role: &str, participant: Option<i64>) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE speakers SET role = ?2, participant = ?3 WHERE id = ?1")?
            .execute(params![id, role, participant])?;
        Ok(())
    }

    /// Names who a transcript is with, whether or not a label says so.
    pub fn set_transcript_participants(&self, transcript: i64, participants: &[i64]) -> Result<()> {
        // Who is named already keeps the row: naming the same people again is no change.
        let mut named = self.conn.prepare_cached(
            "SELECT participant FROM transcript_participants WHERE transcript = ?1",
        )?;
        let there = named
            .query_map([transcript], |r| r.get::<_, i64>(0))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        for gone in there.iter().filter(|p| !participants.contains(p)) {
            self.conn.execute(
                "DELETE FROM transcript_participants WHERE transcript = ?1 AND participant = ?2",
                [transcript, *gone],
            )?;
        }
        let nobodys = participants.contains(&GONE).then_some(1);
        self.conn.execute(
            "UPDATE transcripts SET nobodys = ?2 WHERE id = ?1 AND nobodys IS NOT ?2",
            params![transcript, nobodys],
        )?;
        for new in participants
            .iter()
            .filter(|p| **p != GONE && !there.contains(p))
        {
            self.conn.execute("INSERT OR IGNORE INTO transcript_participants (transcript, participant) VALUES (?1, ?2)", [transcript, *new])?;
        }
        Ok(())
    }

    /// Removes a transcript with everything that hangs on it: codings, memos, limits, values, speakers, revisions,
    /// turns.
    pub fn remove_transcript(&self, id: i64) -> Result<()> {
        let (from, to) = super::codings::range(id);
        self.conn.execute(
            "DELETE FROM memos WHERE transcript_id = ?1 OR coding_id BETWEEN ?2 AND ?3",
            [id, from, to],
        )?;
        self.conn
            .execute("DELETE FROM limits WHERE transcript = ?1", [id])?;
        self.drop_leaning_on_codings(from, to)?;
        self.drop_leaning_on_transcript(id)?;
        self.conn
            .execute("DELETE FROM codings WHERE id BETWEEN ?1 AND ?2", [from, to])?;
        for sql in [
            "DELETE FROM attribute_values WHERE transcript_id = ?1",
            "DELETE FROM transcript_participants WHERE transcript = ?1",
            "DELETE FROM revisions WHERE transcript = ?1",
            "DELETE FROM speakers WHERE transcript = ?1",
            "DELETE FROM transcripts WHERE id = ?1",
        ] {
            self.conn.execute(sql, [id])?;
        }
        Ok(())
    }
}
