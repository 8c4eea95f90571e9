//! Findings with what bears on them: evidence, rival explanations, predictions. And, read only, the cells of the frame
//! that evidence rests on.

use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Params, Row, params};

use super::door::new_uuid;
use super::{Error, Result, Store, Tx};
use crate::domain::words::{Bearing, Outcome, Replication, Verdict};

/// A claim of the study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its number.
    pub id: i64,
    /// Orders it among the others; numbers may be left out.
    pub position: i64,
    pub claim: String,
    pub detail: Option<String>,
    /// Whether reports print it.
    pub reported: bool,
    /// Where and how disconfirming evidence was looked for; none: it was not.
    pub looked: Option<String>,
    pub coder: String,
    /// When it was last written. UTC.
    pub at: String,
}

/// What a piece of evidence is: the row's id in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EvidenceOn {
    Coding(i64),
    Cell(i64),
    Transcript(i64),
}

/// What bears on a finding, or on one of its rivals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub id: i64,
    pub finding: i64,
    /// Where it bears on that rival, not on the claim.
    pub rival: Option<i64>,
    pub bears: Bearing,
    pub on: EvidenceOn,
    pub note: Option<String>,
    pub coder: String,
    /// When it was named or last confirmed.
    pub event: i64,
}

/// A piece of evidence to be written.
#[derive(Clone, Copy, Debug)]
pub struct NewEvidence<'a> {
    pub finding: i64,
    pub rival: Option<i64>,
    pub bears: Bearing,
    pub on: EvidenceOn,
    pub note: Option<&'a str>,
    pub coder: i64,
}

/// Another explanation of the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rival {
    pub id: i64,
    pub finding: i64,
    pub text: String,
    pub verdict: Verdict,
    pub why: Option<String>,
    pub coder: String,
}

/// What a finding predicts for a case, and what was found there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    pub id: i64,
    pub finding: i64,
    pub case: i64,
    pub kind: Replication,
    pub text: String,
    /// The day on which it was written, as it was said.
    pub made: String,
    pub result: Option<Outcome>,
    pub result_text: Option<String>,
    /// When it was entered. UTC.
    pub entered: String,
}

/// A cell of the frame, as evidence shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellRow {
    pub id: i64,
    /// None: what the theme comes to over all cases.
    pub case: Option<i64>,
    /// None: what the case comes to over all themes.
    pub theme: Option<i64>,
    pub status: String,
    pub text: Option<String>,
}

const FINDING: &str =
    "SELECT f.id, f.position, f.claim, f.detail, f.reported, f.looked, k.name, e.at
    FROM findings f JOIN coders k ON k.id = f.coder JOIN events e ON e.id = f.event";
const EVIDENCE: &str =
    "SELECT v.id, v.finding, v.rival, v.bears, v.coding_id, v.cell_id, v.transcript_id, v.note, k.name, v.event
    FROM evidence v JOIN coders k ON k.id = v.coder";
const RIVAL: &str = "SELECT r.id, r.finding, r.text, r.verdict, r.why, k.name
    FROM rivals r JOIN coders k ON k.id = r.coder";
const PREDICTION: &str =
    "SELECT p.id, p.finding, p.case_id, p.kind, p.text, p.made, p.result, p.result_text, e.at
    FROM predictions p JOIN events e ON e.id = p.event";
const CELL: &str = "SELECT id, case_id, theme, status, text FROM frame_cells";

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

fn finding(r: &Row) -> rusqlite::Result<Finding> {
    Ok(Finding {
        id: r.get(0)?,
        position: r.get(1)?,
        claim: r.get(2)?,
        detail: r.get(3)?,
        reported: r.get(4)?,
        looked: r.get(5)?,
        coder: r.get(6)?,
        at: r.get(7)?,
    })
}

fn evidence(r: &Row) -> rusqlite::Result<Evidence> {
    let on = match (
        r.get::<_, Option<i64>>(4)?,
        r.get::<_, Option<i64>>(5)?,
        r.get::<_, Option<i64>>(6)?,
    ) {
        (Some(coding), ..) => EvidenceOn::Coding(coding),
        (_, Some(cell), _) => EvidenceOn::Cell(cell),
        (.., transcript) => EvidenceOn::Transcript(transcript.unwrap_or_default()),
    };
    Ok(Evidence {
        id: r.get(0)?,
        finding: r.get(1)?,
        rival: r.get(2)?,
        bears: word(r, 3)?,
        on,
        note: r.get(7)?,
        coder: r.get(8)?,
        event: r.get(9)?,
    })
}

fn rival(r: &Row) -> rusqlite::Result<Rival> {
    Ok(Rival {
        id: r.get(0)?,
        finding: r.get(1)?,
        text: r.get(2)?,
        verdict: word(r, 3)?,
        why: r.get(4)?,
        coder: r.get(5)?,
    })
}

fn prediction(r: &Row) -> rusqlite::Result<Prediction> {
    Ok(Prediction {
        id: r.get(0)?,
        finding: r.get(1)?,
        case: r.get(2)?,
        kind: word(r, 3)?,
        text: r.get(4)?,
        made: r.get(5)?,
        result: match r.get_ref(6)? {
            rusqlite::types::ValueRef::Null => None,
            _ => Some(word(r, 6)?),
        },
        result_text: r.get(7)?,
        entered: r.get(8)?,
    })
}

fn cell(r: &Row) -> rusqlite::Result<CellRow> {
    Ok(CellRow {
        id: r.get(0)?,
        case: r.get(1)?,
        theme: r.get(2)?,
        status: r.get(3)?,
        text: r.get(4)?,
    })
}

impl Store {
    fn rows<T>(
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

    /// All findings in the order of the report.
    pub fn findings(&self) -> Result<Vec<Finding>> {
        self.rows(&format!("{FINDING} ORDER BY f.position, f.id"), [], finding)
    }

    pub fn finding(&self, id: i64) -> Result<Option<Finding>> {
        Ok(self
            .conn
            .prepare_cached(&format!("{FINDING} WHERE f.id = ?1"))?
            .query_row([id], finding)
            .optional()?)
    }

    /// A finding that must be there.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is none of that number.
    pub fn the_finding(&self, id: i64) -> Result<Finding> {
        self.finding(id)?.ok_or_else(|| Error::Unknown {
            what: "finding",
            name: id.to_string(),
            near: None,
            list: "finding list",
        })
    }

    /// Evidence of one finding, rivals' too, or of all findings; in the order in which it was given.
    pub fn evidence_of(&self, finding: Option<i64>) -> Result<Vec<Evidence>> {
        match finding {
            Some(id) => self.rows(
                &format!("{EVIDENCE} WHERE v.finding = ?1 ORDER BY v.id"),
                [id],
                evidence,
            ),
            None => self.rows(&format!("{EVIDENCE} ORDER BY v.id"), [], evidence),
        }
    }

    /// Evidence that is this, in the order in which it was given.
    pub fn evidence_on(&self, on: EvidenceOn) -> Result<Vec<Evidence>> {
        let (column, id) = match on {
            EvidenceOn::Coding(id) => ("coding_id", id),
            EvidenceOn::Cell(id) => ("cell_id", id),
            EvidenceOn::Transcript(id) => ("transcript_id", id),
        };
        self.rows(
            &format!("{EVIDENCE} WHERE v.{column} = ?1 ORDER BY v.id"),
            [id],
            evidence,
        )
    }

    /// Rivals of one finding, or of all.
    pub fn rivals(&self, finding: Option<i64>) -> Result<Vec<Rival>> {
        match finding {
            Some(id) => self.rows(
                &format!("{RIVAL} WHERE r.finding = ?1 ORDER BY r.id"),
                [id],
                rival,
            ),
            None => self.rows(&format!("{RIVAL} ORDER BY r.id"), [], rival),
        }
    }

    /// Predictions of one finding, or of all, in the order of the cases' slugs.
    pub fn predictions(&self, finding: Option<i64>) -> Result<Vec<Prediction>> {
        let by_case = "ORDER BY (SELECT slug FROM cases c WHERE c.id = p.case_id), p.id";
        match finding {
            Some(id) => self.rows(
                &format!("{PREDICTION} WHERE p.finding = ?1 {by_case}"),
                [id],
                prediction,
            ),
            None => self.rows(&format!("{PREDICTION} {by_case}"), [], prediction),
        }
    }

    /// The first day of a case's data, with all that is part of it: (transcripts, the earliest day of one).
    pub fn first_day_of_case(&self, case: i64) -> Result<(usize, Option<String>)> {
        let parts = self.with_parts(&[case], None)?;
        let mut count = 0;
        let mut first: Option<String> = None;
        let mut days = self
            .conn
            .prepare_cached("SELECT date FROM transcripts WHERE case_id = ?1")?;
        for part in parts {
            let mut rows = days.query([part])?;
            while let Some(r) = rows.next()? {
                count += 1;
                if let Some(day) = r.get::<_, Option<String>>(0)? {
                    first = Some(first.map_or(day.clone(), |f| f.min(day)));
                }
            }
        }
        Ok((count, first))
    }

    pub fn cell_row(&self, id: i64) -> Result<Option<CellRow>> {
        Ok(self
            .conn
            .prepare_cached(&format!("{CELL} WHERE id = ?1"))?
            .query_row([id], cell)
            .optional()?)
    }

    /// The cell of a case and a theme, or of a whole row or column.
    pub fn cell_row_at(&self, case: Option<i64>, theme: Option<i64>) -> Result<Option<CellRow>> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "{CELL} WHERE ifnull(case_id, 0) = ifnull(?1, 0) AND ifnull(theme, 0) = ifnull(?2, 0)"
            ))?
            .query_row([case, theme], cell)
            .optional()?)
    }

    /// The codings that a cell rests on, in its order; of a row or column, those of its cells too. Those of a cell that
    /// is `withheld` are nobody's evidence.
    pub fn codings_under(&self, cell: &CellRow) -> Result<Vec<i64>> {
        if cell.status == "withheld" {
            return Ok(Vec::new());
        }
        let own = "SELECT coding FROM frame_links WHERE cell = ?1 ORDER BY id";
        let mut found: Vec<i64> = self.rows(own, [cell.id], |r| r.get(0))?;
        let (sql, id) = match (cell.case, cell.theme) {
            (Some(case), None) => (
                "SELECT l.coding FROM frame_cells c JOIN frame_links l ON l.cell = c.id WHERE ifnull(c.case_id, 0) = ?1 AND c.theme IS NOT NULL AND c.status <> 'withheld' ORDER BY l.id",
                case,
            ),
            (None, Some(theme)) => (
                "SELECT l.coding FROM frame_cells c JOIN frame_links l ON l.cell = c.id WHERE c.theme = ?1 AND c.case_id IS NOT NULL AND c.status <> 'withheld' ORDER BY l.id",
                theme,
            ),
            _ => return Ok(found),
        };
        for coding in self.rows(sql, [id], |r| r.get::<_, i64>(0))? {
            if !found.contains(&coding) {
                found.push(coding);
            }
        }
        Ok(found)
    }

    /// The cells that name a coding.
    pub fn cells_on_coding(&self, coding: i64) -> Result<Vec<CellRow>> {
        self.rows(
            "SELECT c.id, c.case_id, c.theme, c.status, c.text FROM frame_links l JOIN frame_cells c ON c.id = l.cell WHERE l.coding = ?1 ORDER BY c.id",
            [coding],
            cell,
        )
    }

    /// Cells that say something and name no coding for it.
    pub fn cells_without_codings(&self) -> Result<Vec<CellRow>> {
        self.rows(
            &format!("{CELL} c WHERE status = 'charted' AND case_id IS NOT NULL AND theme IS NOT NULL AND NOT EXISTS (SELECT 1 FROM frame_links l WHERE l.cell = c.id) ORDER BY id"),
            [],
            cell,
        )
    }

    /// How many pieces of support for a finding's claim were ever taken off, by hand or with what they were.
    pub fn support_taken_off(&self, finding: i64) -> Result<i64> {
        Ok(self.conn.query_row(
            "SELECT count(DISTINCT row) FROM changes WHERE tab = (SELECT id FROM recorded WHERE name = 'evidence') AND op = 3
             AND json_extract(before, '$.finding') = ?1 AND json_extract(before, '$.bears') = 'supports' AND json_extract(before, '$.rival') IS NULL",
            [finding],
            |r| r.get(0),
        )?)
    }
}

impl Tx<'_> {
    /// Adds a finding at the `at`th place of the report, counted from 1; without one, behind all others.
    pub fn add_finding(
        &self,
        claim: &str,
        detail: Option<&str>,
        reported: bool,
        at: Option<usize>,
        coder: i64,
    ) -> Result<i64> {
        let position: i64 = self.conn.query_row(
            "SELECT ifnull(max(position), 0) + 1 FROM findings",
            [],
            |r| r.get(0),
        )?;
        self.conn.execute(
            "INSERT INTO findings (uuid, position, claim, detail, reported, coder, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![new_uuid(), position, claim, detail, reported, coder, self.event],
        )?;
        let id = self.last_id();
        if let Some(at) = at {
            self.place_finding(id, at)?;
        }
        Ok(id)
    }

    /// Puts a finding at the `at`th place of the report, counted from 1. Rows whose place stays are not touched.
    pub fn place_finding(&self, id: i64, at: usize) -> Result<()> {
        let mut order: Vec<(i64, i64)> = self
            .findings()?
            .into_iter()
            .map(|f| (f.id, f.position))
            .collect();
        let Some(from) = order.iter().position(|(other, _)| *other == id) else {
            return Ok(());
        };
        let moved = order.remove(from);
        order.insert(at.saturating_sub(1).min(order.len()), moved);
        let mut last = 0;
        for (id, position) in order {
            // Gaps stay, so that as few rows as can be are written.
            let wanted = if position > last { position } else { last + 1 };
            let wanted = if id == moved.0 { last + 1 } else { wanted };
            if wanted != position {
                self.conn
                    .prepare_cached("UPDATE findings SET position = ?2 WHERE id = ?1")?
                    .execute([id, wanted])?;
            }
            last = wanted;
        }
        Ok(())
    }

    /// Writes a finding's own words; who wrote them last, and when, goes with it.
    pub fn put_finding(&self, f: &Finding, coder: i64) -> Result<()> {
        self.conn.execute(
            "UPDATE findings SET claim = ?2, detail = ?3, reported = ?4, looked = ?5, coder = ?6, event = ?7 WHERE id = ?1",
            params![f.id, f.claim, f.detail, f.reported, f.looked, coder, self.event],
        )?;
        Ok(())
    }

    /// Removes a finding with all that bears on it, what was answered to it and the memos on it.
    pub fn remove_finding(&self, id: i64) -> Result<()> {
        self.drop_leaning_on_finding(id)?;
        for sql in [
            "DELETE FROM evidence WHERE finding = ?1",
            "DELETE FROM rivals WHERE finding = ?1",
            "DELETE FROM predictions WHERE finding = ?1",
            "DELETE FROM memos WHERE finding_id = ?1",
            "DELETE FROM findings WHERE id = ?1",
        ] {
            self.conn.execute(sql, [id])?;
        }
        Ok(())
    }

    pub fn add_evidence(&self, new: &NewEvidence) -> Result<i64> {
        let id = |wanted: fn(EvidenceOn) -> Option<i64>| wanted(new.on);
        self.conn
            .prepare_cached("INSERT INTO evidence (uuid, finding, rival, bears, coding_id, cell_id, transcript_id, note, coder, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?
            .execute(params![
                new_uuid(),
                new.finding,
                new.rival,
                new.bears.word(),
                id(|on| if let EvidenceOn::Coding(id) = on { Some(id) } else { None }),
                id(|on| if let EvidenceOn::Cell(id) = on { Some(id) } else { None }),
                id(|on| if let EvidenceOn::Transcript(id) = on { Some(id) } else { None }),
                new.note,
                new.coder,
                self.event
            ])?;
        Ok(self.last_id())
    }

    /// Says of evidence that it still holds, as of this event. Who named it stays what it was.
    pub fn confirm_evidence(&self, id: i64) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE evidence SET event = ?2 WHERE id = ?1")?
            .execute([id, self.event])?;
        Ok(())
    }

    pub fn remove_evidence(&self, id: i64) -> Result<()> {
        self.conn
            .prepare_cached("DELETE FROM evidence WHERE id = ?1")?
            .execute([id])?;
        Ok(())
    }

    pub fn add_rival(&self, finding: i64, text: &str, coder: i64) -> Result<i64> {
        self.conn.execute(
            "INSERT INTO rivals (uuid, finding, text, coder, event) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![new_uuid(), finding, text, coder, self.event],
        )?;
        Ok(self.last_id())
    }

    pub fn put_rival(&self, r: &Rival, coder: i64) -> Result<()> {
        self.conn.execute(
            "UPDATE rivals SET text = ?2, verdict = ?3, why = ?4, coder = ?5, event = ?6 WHERE id = ?1",
            params![r.id, r.text, r.verdict.word(), r.why, coder, self.event],
        )?;
        Ok(())
    }

    /// Removes a rival with its evidence.
    pub fn remove_rival(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM evidence WHERE rival = ?1", [id])?;
        self.conn
            .execute("DELETE FROM rivals WHERE id = ?1", [id])?;
        Ok(())
    }

    /// Writes what a finding predicts for a case, in place of what it predicted before.
    pub fn put_prediction(
        &self,
        finding: i64,
        case: i64,
        kind: Replication,
        text: &str,
        made: &str,
    ) -> Result<()> {
        let there: Option<i64> = self
            .conn
            .query_row(
                "SELECT id FROM predictions WHERE finding = ?1 AND case_id = ?2",
                [finding, case],
                |r| r.get(0),
            )
            .optional()?;
        match there {
            Some(id) => self.conn.execute(
                "UPDATE predictions SET kind = ?2, text = ?3, made = ?4, event = ?5 WHERE id = ?1",
                params![id, kind.word(), text, made, self.event],
            )?,
            None => self.conn.execute(
                "INSERT INTO predictions (uuid, finding, case_id, kind, text, made, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![new_uuid(), finding, case, kind.word(), text, made, self.event],
            )?,
        };
        Ok(())
    }

    /// Writes what was found where something was predicted. When it was predicted stays what it was.
    pub fn put_result(&self, prediction: i64, result: Outcome, text: &str) -> Result<()> {
        self.conn.execute(
            "UPDATE predictions SET result = ?2, result_text = ?3 WHERE id = ?1",
            params![prediction, result.word(), text],
        )?;
        Ok(())
    }

    pub fn remove_prediction(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM predictions WHERE id = ?1", [id])?;
        Ok(())
    }
}
