//! Typed attributes and their values.

use rusqlite::params;

use super::{Error, Result, Store, Tx};
use crate::domain::attribute::{Owner, Type, TypeName};
use crate::error::did_you_mean;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub id: i64,
    pub name: String,
    pub of: Owner,
    pub kind: Type,
}

/// Whose value it is: the row's id in the owner's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnerId(pub Owner, pub i64);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeValue {
    pub attribute: String,
    pub owner: i64,
    pub value: String,
}

const fn column(owner: Owner) -> &'static str {
    match owner {
        Owner::Case => "case_id",
        Owner::Participant => "participant_id",
        Owner::Transcript => "transcript_id",
    }
}

impl Store {
    pub fn attributes(&self) -> Result<Vec<Attribute>> {
        let mut all = self.conn.prepare_cached(
            "SELECT id, name, of, type, levels FROM attributes ORDER BY of, name",
        )?;
        let rows = all.query_map([], |r| {
            let levels: Option<String> = r.get(4)?;
            let kind = match r.get::<_, String>(3)?.as_str() {
                "integer" => Type::Integer,
                "decimal" => Type::Decimal,
                "date" => Type::Date,
                "yes-no" => Type::YesNo,
                "ordered" => Type::Ordered(
                    levels
                        .and_then(|l| serde_json::from_str(&l).ok())
                        .unwrap_or_default(),
                ),
                _ => Type::Text,
            };
            Ok(Attribute {
                id: r.get(0)?,
                name: r.get(1)?,
                of: r.get::<_, String>(2)?.parse().unwrap_or(Owner::Case),
                kind,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    pub fn attribute(&self, of: Owner, name: &str) -> Result<Attribute> {
        let all = self.attributes()?;
        let near = did_you_mean(
            name,
            all.iter().filter(|a| a.of == of).map(|a| a.name.as_str()),
        );
        all.into_iter()
            .find(|a| a.of == of && a.name.eq_ignore_ascii_case(name))
            .ok_or_else(|| Error::Unknown {
                what: match of {
                    Owner::Case => "attribute of cases",
                    Owner::Participant => "attribute of participants",
                    Owner::Transcript => "attribute of transcripts",
                },
                name: crate::domain::span::printable(name).into_owned(),
                near,
                list: "attribute list",
            })
    }

    /// All values of one kind of owner, or of one owner, by attribute name.
    pub fn values(&self, of: Owner, id: Option<i64>) -> Result<Vec<AttributeValue>> {
        let column = column(of);
        let sql = format!(
            "SELECT a.name, v.{column}, v.value FROM attribute_values v JOIN attributes a ON a.id = v.attribute
             WHERE v.{column} IS NOT NULL AND (?1 IS NULL OR v.{column} = ?1) ORDER BY v.{column}, a.name"
        );
        let mut all = self.conn.prepare_cached(&sql)?;
        Ok(all
            .query_map([id], |r| {
                Ok(AttributeValue {
                    attribute: r.get(0)?,
                    owner: r.get(1)?,
                    value: r.get(2)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?)
    }

    pub fn attribute_uses(&self, id: i64) -> Result<i64> {
        Ok(self.conn.query_row(
            "SELECT count(*) FROM attribute_values WHERE attribute = ?1",
            [id],
            |r| r.get(0),
        )?)
    }
}

impl Tx<'_> {
    pub fn add_attribute(&self, name: &str, of: Owner, kind: &Type) -> Result<i64> {
        let levels = match kind {
            Type::Ordered(levels) => serde_json::to_string(levels).ok(),
            _ => None,
        };
        self.conn
            .execute(
                "INSERT INTO attributes (name, of, type, levels) VALUES (?1, ?2, ?3, ?4)",
                params![name, of.word(), TypeName::word(kind.name()), levels],
            )
            .map_err(|e| super::cases::taken(e, "attribute", name))?;
        Ok(self.last_id())
    }

    pub fn remove_attribute(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM attribute_values WHERE attribute = ?1", [id])?;
        self.conn
            .execute("DELETE FROM attributes WHERE id = ?1", [id])?;
        Ok(())
    }

    /// Sets a value, already in its canonical form; `None` takes it away.
    pub fn set_value(
        &self,
        OwnerId(of, id): OwnerId,
        attribute: i64,
        value: Option<&str>,
    ) -> Result<()> {
        let column = column(of);
        let Some(value) = value else {
            self.conn
                .prepare_cached(&format!(
                    "DELETE FROM attribute_values WHERE {column} = ?1 AND attribute = ?2"
                ))?
                .execute([id, attribute])?;
            return Ok(());
        };
        let changed = self
            .conn
            .prepare_cached(&format!(
                "UPDATE attribute_values SET value = ?3 WHERE {column} = ?1 AND attribute = ?2"
            ))?
            .execute(params![id, attribute, value])?;
        if changed == 0 {
            self.conn
                .prepare_cached(&format!(
                    "INSERT INTO attribute_values ({column}, attribute, value) VALUES (?1, ?2, ?3)"
                ))?
                .execute(params![id, attribute, value])?;
        }
        Ok(())
    }
}
