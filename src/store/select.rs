//! From a filter's slugs, codes and paths to the rows that they mean. Every unknown name is an error, never nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::{Error, Result, Store};
use crate::domain::attribute::Owner;
use crate::domain::filter::Filter;
use crate::error::did_you_mean;

/// What a filter leaves of transcripts and participants; `None` where it says nothing of them. Themes are resolved by
/// whoever knows the tree.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// Transcripts' ids, ascending.
    pub transcripts: Option<Vec<i64>>,
    /// Participants' ids, ascending: only their turns count.
    pub participants: Option<Vec<i64>>,
    /// Coders' ids.
    pub coders: Option<Vec<i64>>,
}

impl Store {
    /// The cases that a filter names, with all that is part of them; `None`: it names none, and takes all.
    pub fn cases_of(&self, filter: &Filter) -> Result<Option<Vec<i64>>> {
        if filter.cases.is_empty() {
            return Ok(None);
        }
        let as_of = filter.as_of.map(|d| d.to_string());
        let named = filter.cases.iter().map(|c| Ok(self.case(c)?.id));
        let named = named.collect::<Result<Vec<_>>>()?;
        Ok(Some(self.with_parts(&named, as_of.as_deref())?))
    }

    pub fn resolve(&self, filter: &Filter) -> Result<Resolved> {
        let as_of = filter.as_of.map(|d| d.to_string());
        let mut transcripts: Option<BTreeSet<i64>> = None;
        let mut participants: Option<BTreeSet<i64>> = None;
        if !filter.cases.is_empty() {
            let cases = self.cases_of(filter)?.unwrap_or_default();
            narrow(&mut transcripts, self.transcripts_of_cases(&cases)?);
        }
        if !filter.phases.is_empty() {
            let mut found = BTreeSet::new();
            for slug in &filter.phases {
                found.extend(self.ids(
                    "SELECT id FROM transcripts WHERE phase = ?1",
                    self.phase(slug)?.id,
                )?);
            }
            narrow(&mut transcripts, found);
        }
        if !filter.transcripts.is_empty() {
            narrow(
                &mut transcripts,
                filter
                    .transcripts
                    .iter()
                    .map(|t| Ok(self.transcript(t)?.id))
                    .collect::<Result<_>>()?,
            );
        }
        if !filter.participants.is_empty() {
            narrow(
                &mut participants,
                filter
                    .participants
                    .iter()
                    .map(|p| Ok(self.participant(p)?.id))
                    .collect::<Result<_>>()?,
            );
        }
        if !filter.roles.is_empty() {
            let all = self.participants()?;
            let mut found = BTreeSet::new();
            for role in &filter.roles {
                let before = found.len();
                found.extend(
                    all.iter()
                        .filter(|p| {
                            p.role
                                .as_deref()
                                .is_some_and(|r| r.eq_ignore_ascii_case(role))
                        })
                        .map(|p| p.id),
                );
                if found.len() == before
                    && !all.iter().any(|p| {
                        p.role
                            .as_deref()
                            .is_some_and(|r| r.eq_ignore_ascii_case(role))
                    })
                {
                    let near = did_you_mean(role, all.iter().filter_map(|p| p.role.as_deref()));
                    return Err(Error::Unknown {
                        what: "role",
                        name: crate::domain::span::printable(role).into_owned(),
                        near,
                        list: "participant list",
                    });
                }
            }
            narrow(&mut participants, found);
        }
        // Several values of one attribute widen, as several cases do; another attribute narrows.
        let mut valued: BTreeMap<i64, (Owner, BTreeSet<i64>)> = BTreeMap::new();
        for (key, value) in &filter.attributes {
            let (attribute, of, owners) = self.with_value(key, value)?;
            valued
                .entry(attribute)
                .or_insert((of, BTreeSet::new()))
                .1
                .extend(owners);
        }
        for (of, owners) in valued.into_values() {
            match of {
                Owner::Case => {
                    let cases: Vec<i64> = owners.into_iter().collect();
                    let cases = self.with_parts(&cases, as_of.as_deref())?;
                    narrow(&mut transcripts, self.transcripts_of_cases(&cases)?);
                }
                Owner::Participant => narrow(&mut participants, owners),
                Owner::Transcript => narrow(&mut transcripts, owners),
            }
        }
        let coders = if filter.coders.is_empty() {
            None
        } else {
            let all = self.coders()?;
            let mut found = Vec::new();
            for name in &filter.coders {
                let near = did_you_mean(name, all.iter().map(|c| c.name.as_str()));
                let unknown = || Error::Unknown {
                    what: "coder",
                    name: crate::domain::span::printable(name).into_owned(),
                    near,
                    list: "coder list",
                };
                found.push(
                    all.iter()
                        .find(|c| c.name.eq_ignore_ascii_case(name))
                        .ok_or_else(unknown)?
                        .id,
                );
            }
            Some(found)
        };
        Ok(Resolved {
            transcripts: transcripts.map(|s| s.into_iter().collect()),
            participants: participants.map(|s| s.into_iter().collect()),
            coders,
        })
    }

    /// `KEY=VALUE` on whatever has an attribute of that name; `participant.KEY=VALUE` says which, where several do.
    /// Gives the attribute, what it is of, and who has that value.
    fn with_value(&self, key: &str, value: &str) -> Result<(i64, Owner, BTreeSet<i64>)> {
        let (owner, name) = match key.split_once('.') {
            Some((owner, name)) if owner.parse::<Owner>().is_ok() => {
                (owner.parse::<Owner>().ok(), name)
            }
            _ => (None, key),
        };
        let all = self.attributes()?;
        let fitting: Vec<_> = all
            .iter()
            .filter(|a| a.name.eq_ignore_ascii_case(name) && owner.is_none_or(|o| o == a.of))
            .collect();
        let attribute = match fitting[..] {
            [one] => one,
            [] => {
                let near = did_you_mean(name, all.iter().map(|a| a.name.as_str()));
                return Err(Error::Unknown {
                    what: "attribute",
                    name: crate::domain::span::printable(name).into_owned(),
                    near,
                    list: "attribute list",
                });
            }
            [first, ..] => {
                return Err(Error::refused(
                    format!("`{name}` is an attribute of more than one kind of thing"),
                    format!(
                        "say which, as in: --attr {}.{}={value}",
                        first.of, first.name
                    ),
                ));
            }
        };
        let value = attribute.kind.canonical(value).map_err(|e| {
            Error::refused(
                format!("attribute `{}`: {e}", attribute.name),
                "see the attribute's type with: casebook attribute list",
            )
        })?;
        let owners = self
            .values(attribute.of, None)?
            .into_iter()
            .filter(|v| v.attribute == attribute.name && v.value.eq_ignore_ascii_case(&value))
            .map(|v| v.owner)
            .collect();
        Ok((attribute.id, attribute.of, owners))
    }

    fn transcripts_of_cases(&self, cases: &[i64]) -> Result<BTreeSet<i64>> {
        let mut found = BTreeSet::new();
        for case in cases {
            found.extend(self.ids("SELECT id FROM transcripts WHERE case_id = ?1", *case)?);
        }
        Ok(found)
    }

    fn ids(&self, sql: &str, of: i64) -> Result<Vec<i64>> {
        let mut all = self.conn.prepare_cached(sql)?;
        Ok(all
            .query_map([of], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?)
    }
}

fn narrow(to: &mut Option<BTreeSet<i64>>, found: BTreeSet<i64>) {
    *to = Some(match to.take() {
        Some(before) => before.intersection(&found).copied().collect(),
        None => found,
    });
}
