//! Consents: what a participant agreed to, form by form; and who withdrew.

use rusqlite::{Row, params};

use super::door::new_uuid;
use super::{Result, Store, Tx};
use crate::domain::words::Attribution;

/// The items of a consent. What the form did not ask for is `None`, and that is no leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Items {
    pub take_part: bool,
    pub record: Option<bool>,
    pub quote: Option<bool>,
    /// How far a quote may be attributed at most.
    pub attribution: Attribution,
    /// That the own system reads what is quoted.
    pub share: Option<bool>,
    pub archive: Option<bool>,
    pub contact: Option<bool>,
    /// The last day on which it holds.
    pub until: Option<String>,
}

/// One version of a participant's consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    pub id: i64,
    pub participant: i64,
    /// From 1 for each participant; the newest one holds.
    pub version: i64,
    pub signed: String,
    pub form: Option<String>,
    pub items: Items,
    pub approval: Option<String>,
    /// By name.
    pub coder: String,
    /// When it was put on record.
    pub at: String,
}

/// What a new version of a consent says.
#[derive(Clone, Debug)]
pub struct NewConsent<'a> {
    pub participant: i64,
    pub version: i64,
    pub signed: &'a str,
    pub form: Option<&'a str>,
    pub items: &'a Items,
    pub approval: Option<&'a str>,
}

/// A withdrawal, as far as promises ask for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    pub id: i64,
    pub participant: i64,
    /// stop, exclude or erase.
    pub mode: String,
    /// The day on which the participant asked for it.
    pub asked: String,
}

const CONSENT: &str = "SELECT c.id, c.participant, c.version, c.signed, c.form, c.take_part, c.record, c.quote, c.attribution, c.share, c.archive, c.contact, c.until, c.approval, k.name, e.at
    FROM consents c JOIN coders k ON k.id = c.coder JOIN events e ON e.id = c.event";

fn consent(r: &Row) -> rusqlite::Result<Consent> {
    Ok(Consent {
        id: r.get(0)?,
        participant: r.get(1)?,
        version: r.get(2)?,
        signed: r.get(3)?,
        form: r.get(4)?,
        items: Items {
            take_part: r.get(5)?,
            record: r.get(6)?,
            quote: r.get(7)?,
            // A word that is not on the list can't come from the study; if it does, the strictest holds.
            attribution: r
                .get::<_, String>(8)?
                .parse()
                .unwrap_or(Attribution::OffRecord),
            share: r.get(9)?,
            archive: r.get(10)?,
            contact: r.get(11)?,
            until: r.get(12)?,
        },
        approval: r.get(13)?,
        coder: r.get(14)?,
        at: r.get(15)?,
    })
}

impl Store {
    /// All consents, each person's from the first version on.
    pub fn consents(&self) -> Result<Vec<Consent>> {
        let mut all = self
            .conn
            .prepare_cached(&format!("{CONSENT} ORDER BY c.participant, c.version"))?;
        Ok(all
            .query_map([], consent)?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// One person's, from the first version on.
    pub fn consents_of(&self, participant: i64) -> Result<Vec<Consent>> {
        let mut all = self.conn.prepare_cached(&format!(
            "{CONSENT} WHERE c.participant = ?1 ORDER BY c.version"
        ))?;
        Ok(all
            .query_map([participant], consent)?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// All withdrawals that stand, in the order in which they were put on record.
    pub fn withdrawn(&self) -> Result<Vec<Withdrawn>> {
        let mut all = self
            .conn
            .prepare_cached("SELECT id, participant, mode, asked FROM withdrawals ORDER BY id")?;
        Ok(all
            .query_map([], |r| {
                Ok(Withdrawn {
                    id: r.get(0)?,
                    participant: r.get(1)?,
                    mode: r.get(2)?,
                    asked: r.get(3)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// The newest withdrawal of a person.
    pub fn withdrawn_of(&self, participant: i64) -> Result<Option<Withdrawn>> {
        let all = self.withdrawn()?;
        Ok(all.into_iter().rfind(|w| w.participant == participant))
    }
}

impl Tx<'_> {
    pub fn add_consent(&self, coder: i64, c: &NewConsent) -> Result<i64> {
        let items = c.items;
        self.conn
            .prepare_cached("INSERT INTO consents (uuid, participant, version, signed, form, take_part, record, quote, attribution, share, archive, contact, until, approval, coder, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)")?
            .execute(params![
                new_uuid(),
                c.participant,
                c.version,
                c.signed,
                c.form,
                items.take_part,
                items.record,
                items.quote,
                items.attribution.word(),
                items.share,
                items.archive,
                items.contact,
                items.until,
                c.approval,
                coder,
                self.event,
            ])?;
        Ok(self.last_id())
    }

    /// Where the signed form is found: the one thing of a consent that is not what was signed.
    pub fn set_form(&self, consent: i64, form: Option<&str>) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE consents SET form = ?2 WHERE id = ?1")?
            .execute(params![consent, form])?;
        Ok(())
    }
}
