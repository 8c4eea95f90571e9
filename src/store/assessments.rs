//! Assessments: at which stage of a maturity framework somebody saw a case, and what that rests on.

use rusqlite::{OptionalExtension, Row, params};

use super::door::new_uuid;
use super::{Error, Result, Store, Tx};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assessment {
    /// Its number: assessment 3.
    pub id: i64,
    pub maturity: i64,
    /// None: overall, as the assessor gave it.
    pub domain: Option<i64>,
    pub case: i64,
    /// Its place in the framework's stages, from 1.
    pub stage: i64,
    pub date: String,
    /// self, researcher, regulator or other.
    pub by: String,
    pub assessor: Option<String>,
    pub confidence: Option<String>,
    pub why: Option<String>,
    pub source: Option<String>,
}

/// What an assessment rests on: a coding, or a transcript as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestsOn {
    Coding(i64),
    Transcript(i64),
}

const ASSESSMENT: &str = "SELECT a.id, a.maturity, a.domain, a.case_id, a.stage, a.date, a.by_whom, a.assessor, a.confidence, a.why, a.source FROM assessments a";

fn assessment(r: &Row) -> rusqlite::Result<Assessment> {
    Ok(Assessment {
        id: r.get(0)?,
        maturity: r.get(1)?,
        domain: r.get(2)?,
        case: r.get(3)?,
        stage: r.get(4)?,
        date: r.get(5)?,
        by: r.get(6)?,
        assessor: r.get(7)?,
        confidence: r.get(8)?,
        why: r.get(9)?,
        source: r.get(10)?,
    })
}

impl Store {
    /// The assessments by one framework, or all, by case and date.
    pub fn assessments(&self, maturity: Option<i64>) -> Result<Vec<Assessment>> {
        let mut all = self.conn.prepare_cached(&format!(
            "{ASSESSMENT} JOIN cases c ON c.id = a.case_id LEFT JOIN maturity_domains d ON d.id = a.domain
             WHERE ?1 IS NULL OR a.maturity = ?1 ORDER BY c.slug, a.maturity, d.position, a.date, a.by_whom, a.id"
        ))?;
        Ok(all
            .query_map([maturity], assessment)?
            .collect::<rusqlite::Result<_>>()?)
    }

    pub fn assessment(&self, id: i64) -> Result<Assessment> {
        let found = self
            .conn
            .prepare_cached(&format!("{ASSESSMENT} WHERE a.id = ?1"))?
            .query_row([id], assessment)
            .optional()?;
        found.ok_or_else(|| Error::Unknown {
            what: "assessment",
            name: id.to_string(),
            near: None,
            list: "assessment list",
        })
    }

    /// What assessments rest on: the assessment, and the coding or transcript, in the order in which they were named.
    pub fn assessment_links(&self, assessment: Option<i64>) -> Result<Vec<(i64, RestsOn)>> {
        let mut all = self.conn.prepare_cached(
            "SELECT assessment, coding_id, transcript_id FROM assessment_links WHERE ?1 IS NULL OR assessment = ?1 ORDER BY assessment, id",
        )?;
        let rows = all.query_map([assessment], |r| {
            let coding: Option<i64> = r.get(1)?;
            let on = match coding {
                Some(coding) => RestsOn::Coding(coding),
                None => RestsOn::Transcript(r.get(2)?),
            };
            Ok((r.get(0)?, on))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Tx<'_> {
    /// Adds an assessment, or writes it anew where its id is set. Gives the id.
    pub fn put_assessment(&self, coder: i64, a: &Assessment) -> Result<i64> {
        if a.id == 0 {
            self.conn
                .prepare_cached("INSERT INTO assessments (uuid, maturity, domain, case_id, stage, date, by_whom, assessor, confidence, why, source, coder, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)")?
                .execute(params![new_uuid(), a.maturity, a.domain, a.case, a.stage, a.date, a.by, a.assessor, a.confidence, a.why, a.source, coder, self.event])?;
            return Ok(self.last_id());
        }
        self.conn
            .prepare_cached("UPDATE assessments SET stage = ?2, date = ?3, by_whom = ?4, assessor = ?5, confidence = ?6, why = ?7, source = ?8 WHERE id = ?1")?
            .execute(params![a.id, a.stage, a.date, a.by, a.assessor, a.confidence, a.why, a.source])?;
        Ok(a.id)
    }

    pub fn add_assessment_link(&self, assessment: i64, on: RestsOn) -> Result<()> {
        let (coding, transcript) = match on {
            RestsOn::Coding(id) => (Some(id), None),
            RestsOn::Transcript(id) => (None, Some(id)),
        };
        self.conn
            .prepare_cached("INSERT INTO assessment_links (assessment, coding_id, transcript_id) VALUES (?1, ?2, ?3)")?
            .execute(params![assessment, coding, transcript])?;
        Ok(())
    }

    /// Takes all that an assessment rests on away.
    pub fn drop_assessment_links(&self, assessment: i64) -> Result<()> {
        self.conn.execute(
            "DELETE FROM assessment_links WHERE assessment = ?1",
            [assessment],
        )?;
        Ok(())
    }

    pub fn remove_assessment(&self, id: i64) -> Result<()> {
        self.drop_assessment_links(id)?;
        self.conn
            .execute("DELETE FROM assessments WHERE id = ?1", [id])?;
        Ok(())
    }
}
