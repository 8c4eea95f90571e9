//! Maturity frameworks: domains, stages and what is true of a case at each.

use rusqlite::{OptionalExtension, Row, params};

use super::cases::taken;
use super::door::new_uuid;
use super::{Error, Result, Store, Tx};
use crate::error::did_you_mean;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Maturity {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub version: Option<String>,
    pub source: String,
    /// The first stage first.
    pub stages: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MaturityDomain {
    pub id: i64,
    pub slug: String,
    pub name: String,
    /// What is true of a case: the stage, from 1, and the sentence.
    pub statements: Vec<(i64, String)>,
}

const MATURITY: &str = "SELECT id, slug, name, version, source, stages FROM maturities";

fn maturity(r: &Row) -> rusqlite::Result<Maturity> {
    let stages: String = r.get(5)?;
    Ok(Maturity {
        id: r.get(0)?,
        slug: r.get(1)?,
        name: r.get(2)?,
        version: r.get(3)?,
        source: r.get(4)?,
        stages: serde_json::from_str(&stages).unwrap_or_default(),
    })
}

impl Store {
    pub fn maturities(&self) -> Result<Vec<Maturity>> {
        let mut all = self
            .conn
            .prepare_cached(&format!("{MATURITY} ORDER BY slug"))?;
        Ok(all
            .query_map([], maturity)?
            .collect::<rusqlite::Result<_>>()?)
    }

    pub fn find_maturity(&self, slug: &str) -> Result<Option<Maturity>> {
        Ok(self
            .conn
            .prepare_cached(&format!("{MATURITY} WHERE slug = ?1"))?
            .query_row([slug], maturity)
            .optional()?)
    }

    pub fn maturity(&self, slug: &str) -> Result<Maturity> {
        if let Some(found) = self.find_maturity(slug)? {
            return Ok(found);
        }
        let all = self.maturities()?;
        Err(Error::Unknown {
            what: "maturity framework",
            name: crate::domain::span::printable(slug).into_owned(),
            near: did_you_mean(slug, all.iter().map(|m| m.slug.as_str())),
            list: "maturity list",
        })
    }

    /// The domains of a framework, in its order, with their statements by stage.
    pub fn maturity_domains(&self, maturity: i64) -> Result<Vec<MaturityDomain>> {
        let mut domains = self.conn.prepare_cached(
            "SELECT id, slug, name FROM maturity_domains WHERE maturity = ?1 ORDER BY position",
        )?;
        let mut found: Vec<MaturityDomain> = domains
            .query_map([maturity], |r| {
                Ok(MaturityDomain {
                    id: r.get(0)?,
                    slug: r.get(1)?,
                    name: r.get(2)?,
                    statements: Vec::new(),
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        let mut statements = self.conn.prepare_cached(
            "SELECT stage, text FROM maturity_statements WHERE domain = ?1 ORDER BY stage, id",
        )?;
        for domain in &mut found {
            domain.statements = statements
                .query_map([domain.id], |r| Ok((r.get(0)?, r.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
        }
        Ok(found)
    }

    /// How many assessments are by a framework.
    pub fn assessments_by(&self, maturity: i64) -> Result<i64> {
        Ok(self.conn.query_row(
            "SELECT count(*) FROM assessments WHERE maturity = ?1",
            [maturity],
            |r| r.get(0),
        )?)
    }
}

impl Tx<'_> {
    /// Adds a framework with its domains and statements. Gives the id.
    pub fn add_maturity(&self, m: &Maturity, domains: &[MaturityDomain]) -> Result<i64> {
        let stages = serde_json::to_string(&m.stages).unwrap_or_default();
        self.conn
            .prepare_cached("INSERT INTO maturities (uuid, slug, name, version, source, stages) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
            .execute(params![new_uuid(), m.slug, m.name, m.version, m.source, stages])
            .map_err(|e| taken(e, "maturity framework", &m.slug))?;
        let id = self.last_id();
        self.add_domains(id, domains)?;
        Ok(id)
    }

    fn add_domains(&self, maturity: i64, domains: &[MaturityDomain]) -> Result<()> {
        for (n, domain) in domains.iter().enumerate() {
            let position = i64::try_from(n).unwrap_or(i64::MAX).saturating_add(1);
            self.conn
                .prepare_cached("INSERT INTO maturity_domains (maturity, position, slug, name) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![maturity, position, domain.slug, domain.name])
                .map_err(|e| taken(e, "domain", &domain.slug))?;
            self.add_statements(self.last_id(), &domain.statements)?;
        }
        Ok(())
    }

    fn add_statements(&self, domain: i64, statements: &[(i64, String)]) -> Result<()> {
        let mut add = self.conn.prepare_cached(
            "INSERT INTO maturity_statements (domain, stage, text) VALUES (?1, ?2, ?3)",
        )?;
        for (stage, text) in statements {
            add.execute(params![domain, stage, text])?;
        }
        Ok(())
    }

    /// Removes a framework with its domains, statements and all assessments by it.
    pub fn remove_maturity(&self, id: i64) -> Result<()> {
        for sql in [
            "DELETE FROM assessment_links WHERE assessment IN (SELECT id FROM assessments WHERE maturity = ?1)",
            "DELETE FROM assessments WHERE maturity = ?1",
            "DELETE FROM maturity_statements WHERE domain IN (SELECT id FROM maturity_domains WHERE maturity = ?1)",
            "DELETE FROM maturity_domains WHERE maturity = ?1",
            "DELETE FROM maturities WHERE id = ?1",
        ] {
            self.conn.execute(sql, [id])?;
        }
        Ok(())
    }
}
