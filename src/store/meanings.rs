//! What a text in a column of cases may mean: slugs, codes and names, with the days on which they meant it.

use super::{Result, Store};

/// A text that means a case, from a day on until another (exclusive).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    pub text: String,
    pub case: i64,
    pub from: Option<String>,
    pub to: Option<String>,
}

impl Store {
    fn meanings(&self, sql: &str) -> Result<Vec<Meaning>> {
        let mut all = self.conn.prepare_cached(sql)?;
        let rows = all.query_map([], |r| {
            Ok(Meaning {
                text: r.get(0)?,
                case: r.get(1)?,
                from: r.get(2)?,
                to: r.get(3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Every case by its slug.
    pub fn meanings_of_slugs(&self) -> Result<Vec<Meaning>> {
        self.meanings("SELECT slug, id, NULL, NULL FROM cases ORDER BY id")
    }

    /// Every code with its days, of a scheme or of all. The code of a case itself holds as long as the case stands, unless
    /// its days are written down.
    pub fn meanings_of_codes(&self, scheme: Option<&str>) -> Result<Vec<Meaning>> {
        let mut all = match scheme {
            None => self.meanings(
                "SELECT code, case_id, from_date, to_date FROM case_codes
                 UNION ALL SELECT code, id, from_date, to_date FROM cases c WHERE code IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM case_codes k WHERE k.case_id = c.id AND k.code = c.code)",
            )?,
            Some(scheme) => {
                let mut of = self.conn.prepare_cached(
                    "SELECT code, case_id, from_date, to_date FROM case_codes WHERE scheme = ?1",
                )?;
                let rows = of.query_map([scheme], |r| {
                    Ok(Meaning {
                        text: r.get(0)?,
                        case: r.get(1)?,
                        from: r.get(2)?,
                        to: r.get(3)?,
                    })
                })?;
                rows.collect::<rusqlite::Result<_>>()?
            }
        };
        all.sort_by(|a, b| (&a.text, a.case, &a.from).cmp(&(&b.text, b.case, &b.from)));
        Ok(all)
    }

    /// Every name with its days.
    pub fn meanings_of_names(&self) -> Result<Vec<Meaning>> {
        self.meanings(
            "SELECT name, id, NULL, NULL FROM cases
             UNION ALL SELECT name, case_id, from_date, to_date FROM case_names ORDER BY 1, 2",
        )
    }
}
