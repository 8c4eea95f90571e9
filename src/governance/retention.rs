//! Retention: what of each class of record is due to be deleted, from what is on record. A day that nobody wrote down is
//! said to be unknown, never guessed.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::ToSpan;
use serde::Serialize;

use super::Error;
use super::erase::Records;
use crate::domain::Date;
use crate::domain::words::words;
use crate::error::Result;
use crate::store::{GONE, Kept, RETENTION_DELETE, RetentionRule};
use crate::study::Study;

words! {
    /// A class of record.
    Class, "class of record" {
        /// How a participant is written to: it stands in the key, beside the study.
        Contact = "contact",
        Consent = "consent",
        Transcript = "transcript",
        Response = "response",
        /// The study's file as a whole.
        Study = "study",
    }
}

words! {
    /// What the months are counted from.
    Since, "beginning of a time" {
        Interview = "interview",
        Debrief = "debrief",
        Withdrawal = "withdrawal",
        StudyEnd = "study-end",
    }
}

words! {
    /// How a record stands to its rule.
    Standing, "standing" {
        /// To be deleted.
        Due = "due",
        Later = "later",
        /// It began, and nobody wrote down when.
        Unknown = "unknown",
        /// What its time is counted from has not happened.
        NotBegun = "not-begun",
    }
}

/// From when a record's time counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    On(Date),
    /// It was, but its day is on no record.
    Unknown,
    /// It was not yet, or will not be.
    NotBegun,
}

/// One record under its rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    pub record: Class,
    /// As people call it: `T01`, `P07`, `P07 version 2`.
    pub what: String,
    /// From when its time counts.
    pub start: Option<Date>,
    /// From this day on it is due.
    pub due: Option<Date>,
    pub standing: Standing,
    #[serde(skip)]
    pub id: i64,
}

/// One class with its rule. The unit of the counts is the record of that class: a transcript, a form, a response, a
/// participant (whose contact is kept), the study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClassDue {
    pub record: Class,
    pub months: i64,
    pub since: Since,
    pub basis: String,
    pub due: usize,
    pub later: usize,
    pub unknown: usize,
    pub not_begun: usize,
    /// The next day on which something of it is due.
    pub next: Option<Date>,
}

/// What is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DueList {
    /// The day that it is seen from.
    pub on: Date,
    pub classes: Vec<ClassDue>,
    pub items: Vec<Item>,
    /// Classes of record for which no rule is set.
    pub without: Vec<Class>,
}

/// So many months after a day; the last day of a month where it has no such day.
///
/// # Errors
/// A day past the year 9999.
pub fn after(start: Date, months: i64) -> Result<Date> {
    Ok(start.checked_add(months.months()).map_err(|_| {
        Error::refused(
            format!("{months} months after {start} is past all calendars"),
            "set fewer months",
        )
    })?)
}

/// Where a record stands on a day.
///
/// # Errors
/// As [`after`].
pub fn standing(start: &Start, months: i64, on: Date) -> Result<(Option<Date>, Standing)> {
    Ok(match start {
        Start::Unknown => (None, Standing::Unknown),
        Start::NotBegun => (None, Standing::NotBegun),
        Start::On(day) => {
            let due = after(*day, months)?;
            let standing = if due <= on {
                Standing::Due
            } else {
                Standing::Later
            };
            (Some(due), standing)
        }
    })
}

/// The last of several beginnings: where one is not known or has not been, the last isn't either.
fn last(starts: impl IntoIterator<Item = Start>) -> Start {
    let mut found = Start::NotBegun;
    let mut open = false;
    for start in starts {
        match (start, &found) {
            (Start::NotBegun, _) => open = true,
            (Start::Unknown, _) | (_, Start::Unknown) => found = Start::Unknown,
            (Start::On(day), Start::On(other)) if day <= *other => {}
            (Start::On(day), _) => found = Start::On(day),
        }
    }
    if open { Start::NotBegun } else { found }
}

/// What the beginnings are read from.
struct Ground {
    /// Of each transcript: its day and whom it is with.
    talks: Vec<Talk>,
    debriefs: BTreeMap<i64, String>,
    /// Debriefed on a day that nobody wrote down.
    debriefed: Vec<i64>,
    withdrawals: BTreeMap<i64, String>,
    ended: Option<String>,
}

struct Talk {
    id: i64,
    slug: String,
    date: Option<String>,
    with: Vec<i64>,
}

fn day(text: Option<&String>) -> Start {
    text.and_then(|t| t.parse().ok())
        .map_or(Start::Unknown, Start::On)
}

impl Ground {
    fn read(study: &Study) -> Result<Self> {
        let store = &study.store;
        let mut with: HashMap<i64, Vec<i64>> = store.transcript_participants(None)?;
        Ok(Self {
            talks: store
                .transcripts()?
                .into_iter()
                .map(|t| Talk {
                    with: {
                        let mut people = with.remove(&t.id).unwrap_or_default();
                        people.retain(|p| *p != GONE);
                        people
                    },
                    id: t.id,
                    slug: t.slug,
                    date: t.date,
                })
                .collect(),
            debriefs: store.debrief_days()?,
            debriefed: store.debriefed_some_day()?,
            withdrawals: store.withdrawal_days()?,
            ended: store.study()?.ended,
        })
    }

    fn ended(&self) -> Start {
        self.ended
            .as_ref()
            .map_or(Start::NotBegun, |d| day(Some(d)))
    }

    fn debriefed(&self, person: i64) -> Start {
        if self.debriefed.contains(&person) {
            return Start::Unknown;
        }
        self.debriefs
            .get(&person)
            .map_or(Start::NotBegun, |d| day(Some(d)))
    }

    fn withdrew(&self, person: i64) -> Start {
        self.withdrawals
            .get(&person)
            .map_or(Start::NotBegun, |d| day(Some(d)))
    }

    /// From when the time of what belongs to these people counts. `of` is the transcript that it is, where it is one.
    fn start(&self, since: Since, people: &[i64], of: Option<&Talk>) -> Start {
        let each = |start: &dyn Fn(i64) -> Start| last(people.iter().map(|p| start(*p)));
        match since {
            Since::StudyEnd => self.ended(),
            Since::Interview => match of {
                Some(talk) => day(talk.date.as_ref()),
                None => last(
                    self.talks
                        .iter()
                        .filter(|t| t.with.iter().any(|p| people.contains(p)))
                        .map(|t| day(t.date.as_ref())),
                ),
            },
            Since::Debrief => each(&|p| self.debriefed(p)),
            // What several people said goes when the first of them has withdrawn it.
            Since::Withdrawal => people
                .iter()
                .filter_map(|p| match self.withdrew(*p) {
                    Start::On(day) => Some(day),
                    _ => None,
                })
                .min()
                .map_or(Start::NotBegun, Start::On),
        }
    }
}

/// The rules as they are set.
///
/// # Errors
/// A study that can't be read.
pub fn rules(study: &Study) -> Result<Vec<(Class, Since, RetentionRule)>> {
    let mut rules = Vec::new();
    for rule in study.store.retention()? {
        rules.push((rule.record.parse()?, rule.since.parse()?, rule));
    }
    Ok(rules)
}

/// What is due on a day, class by class, and record by record.
///
/// # Errors
/// A study that can't be read.
pub fn due(study: &Study, on: Date) -> Result<DueList> {
    let rules = rules(study)?;
    let ground = Ground::read(study)?;
    let mut list = DueList {
        on,
        classes: Vec::new(),
        items: Vec::new(),
        without: Class::ALL
            .iter()
            .copied()
            .filter(|c| rules.iter().all(|(class, ..)| class != c))
            .collect(),
    };
    for (class, since, rule) in rules {
        let mut items = Vec::new();
        for (kept, start) in kept(study, &ground, class, since)? {
            let (due, standing) = standing(&start, rule.months, on)?;
            items.push(Item {
                record: class,
                what: kept.name,
                start: match start {
                    Start::On(day) => Some(day),
                    _ => None,
                },
                due,
                standing,
                id: kept.id,
            });
        }
        let count = |wanted| {
            items
                .iter()
                .filter(|i: &&Item| i.standing == wanted)
                .count()
        };
        list.classes.push(ClassDue {
            record: class,
            months: rule.months,
            since,
            basis: rule.basis,
            due: count(Standing::Due),
            later: count(Standing::Later),
            unknown: count(Standing::Unknown),
            not_begun: count(Standing::NotBegun),
            next: items
                .iter()
                .filter(|i| i.standing == Standing::Later)
                .filter_map(|i| i.due)
                .min(),
        });
        list.items.extend(items);
    }
    Ok(list)
}

/// The records of a class, each with the beginning of its time.
fn kept(study: &Study, ground: &Ground, class: Class, since: Since) -> Result<Vec<(Kept, Start)>> {
    let store = &study.store;
    let of_people = |kept: Vec<Kept>| -> Vec<(Kept, Start)> {
        kept.into_iter()
            .map(|k| {
                let start = ground.start(since, &k.participants, None);
                (k, start)
            })
            .collect()
    };
    let everyone = || -> Result<Vec<Kept>> {
        Ok(store
            .participants()?
            .into_iter()
            .map(|p| Kept {
                id: p.id,
                name: p.code,
                participants: vec![p.id],
            })
            .collect())
    };
    Ok(match class {
        Class::Contact => of_people(everyone()?),
        Class::Consent => of_people(store.kept_consents()?),
        Class::Response => of_people(store.kept_responses()?),
        Class::Transcript => ground
            .talks
            .iter()
            .map(|talk| {
                let kept = Kept {
                    id: talk.id,
                    name: talk.slug.clone(),
                    participants: talk.with.clone(),
                };
                (kept, ground.start(since, &talk.with, Some(talk)))
            })
            .collect(),
        Class::Study => {
            let people: Vec<i64> = everyone()?.iter().map(|k| k.id).collect();
            let whole = Kept {
                id: 1,
                name: "the study".into(),
                participants: people.clone(),
            };
            let start = match since {
                Since::Interview => last(ground.talks.iter().map(|t| day(t.date.as_ref()))),
                _ => ground.start(since, &people, None),
            };
            vec![(whole, start)]
        }
    })
}

/// Sets the rule of a class. Gives the event; none where it stands so already.
///
/// # Errors
/// An empty basis; more months than there are.
pub fn set(
    study: &Study,
    class: Class,
    months: i64,
    since: Since,
    basis: &str,
) -> Result<Option<i64>> {
    let same = |rule: &RetentionRule| {
        rule.months == months && rule.since == since.word() && rule.basis == basis
    };
    if study
        .store
        .retention()?
        .iter()
        .any(|r| r.record == class.word() && same(r))
    {
        return Ok(None);
    }
    let ((), event) = study.change("retention set", |tx| {
        tx.summary(format!("keep {class} for {months} months since {since}"));
        Ok(tx.put_retention(&RetentionRule {
            record: class.word().to_owned(),
            months,
            since: since.word().to_owned(),
            basis: basis.to_owned(),
            event: tx.event(),
        })?)
    })?;
    Ok(event)
}

/// Takes the rule of a class away.
///
/// # Errors
/// A class that has none.
pub fn remove(study: &Study, class: Class) -> Result<Option<i64>> {
    let ((), event) = study.change("retention remove", |tx| {
        tx.summary(format!("remove the rule for {class}"));
        if tx.remove_retention(class.word())? {
            Ok(())
        } else {
            Err(without(class))
        }
    })?;
    Ok(event)
}

/// That a class has no rule.
pub fn without(class: Class) -> crate::error::Failure {
    Error::refused(
        format!("no rule is set for {class}"),
        format!(
            "set one with: casebook retention set {class} --months N --since study-end --basis TEXT"
        ),
    )
    .into()
}

/// What of a class goes, and what is due and stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doomed {
    /// As people call them.
    pub what: Vec<String>,
    pub records: Records,
    /// Due, and kept all the same: forms of people whose words are still in the study. What they say holds for those words.
    pub kept: Vec<String>,
}

/// What of a class is due on a day and goes when it is deleted. The contacts stand in the key and not here; the study as a
/// whole is not deleted from within.
///
/// # Errors
/// A class that has no rule; one that is not deleted like this.
pub fn doomed(study: &Study, class: Class, on: Date) -> Result<Doomed> {
    let list = due(study, on)?;
    if list.without.contains(&class) {
        return Err(without(class));
    }
    let store = &study.store;
    let mut items: Vec<Item> = list
        .items
        .into_iter()
        .filter(|i| i.record == class && i.standing == Standing::Due)
        .collect();
    let mut kept = Vec::new();
    let people = |all: Vec<Kept>, items: &[Item]| -> HashSet<i64> {
        all.into_iter()
            .filter(|k| items.iter().any(|i| i.id == k.id))
            .flat_map(|k| k.participants)
            .collect()
    };
    let ids = |items: &[Item]| items.iter().map(|i| i.id).collect::<HashSet<i64>>();
    let records = match class {
        Class::Transcript => Records::Transcripts(ids(&items)),
        Class::Response => Records::Responses {
            people: people(store.kept_responses()?, &items),
            responses: ids(&items),
        },
        Class::Consent => {
            let mut speaking: HashSet<i64> = store
                .transcript_participants(None)?
                .into_values()
                .flatten()
                .collect();
            speaking.extend(
                store
                    .speakers(None)?
                    .into_iter()
                    .filter_map(|s| s.participant),
            );
            let of: HashMap<i64, Vec<i64>> = store
                .kept_consents()?
                .into_iter()
                .map(|k| (k.id, k.participants))
                .collect();
            items.retain(|item| {
                let bound = of
                    .get(&item.id)
                    .is_some_and(|people| people.iter().any(|p| speaking.contains(p)));
                if bound {
                    kept.push(item.what.clone());
                }
                !bound
            });
            Records::Consents {
                people: people(store.kept_consents()?, &items),
                forms: ids(&items),
            }
        }
        Class::Contact | Class::Study => {
            return Err(Error::refused(
                "the study as a whole is deleted by deleting its files",
                "delete the study, its index, its key and its copies; see where these are: casebook copy list",
            )
            .into());
        }
    };
    Ok(Doomed {
        what: items.into_iter().map(|i| i.what).collect(),
        records,
        kept,
    })
}

/// Notes on the record that so many records of a class were deleted, as its rule asks, and does it: both or neither.
/// Nothing takes that back.
///
/// # Errors
/// A study that can't be written to, and what `delete` says.
pub fn carried_out_with(
    study: &Study,
    class: Class,
    deleted: usize,
    delete: impl FnOnce() -> Result<()>,
) -> Result<Option<i64>> {
    let ((), event) = study.change(RETENTION_DELETE, |tx| {
        tx.summary(format!("delete what was due: {deleted} {class}"));
        tx.retention_carried_out(class.word())?;
        delete()
    })?;
    Ok(event)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn on(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn months_end_with_their_month() {
        for (start, months, due) in [
            ("2021-01-31", 1, "2021-02-28"),
            ("2020-01-31", 1, "2020-02-29"),
            ("2020-02-29", 12, "2021-02-28"),
            ("2021-05-01", 120, "2031-05-01"),
            ("2021-05-01", 0, "2021-05-01"),
        ] {
            assert_eq!(after(on(start), months).expect("a day"), on(due));
        }
        assert!(after(on("9000-01-01"), 12_000).is_err());
    }

    #[test]
    fn the_last_day_is_known_only_where_all_are() {
        let a = Start::On(on("2021-01-01"));
        let b = Start::On(on("2021-02-01"));
        assert_eq!(last([a.clone(), b.clone()]), b);
        assert_eq!(last([b.clone(), a.clone()]), b);
        assert_eq!(last([a.clone(), Start::Unknown, b]), Start::Unknown);
        assert_eq!(last([Start::NotBegun, a.clone()]), Start::NotBegun);
        assert_eq!(last([a, Start::NotBegun, Start::Unknown]), Start::NotBegun);
        assert_eq!(last([]), Start::NotBegun);
    }

    proptest! {
        /// What is due stays due on every later day, and nothing is due before its day.
        #[test]
        fn due_once_is_due_from_then_on(months in 0_i64..600, days in 0_i64..40_000, later in 0_i64..4_000) {
            let start = on("1990-01-31");
            let seen = on("1990-01-31").checked_add(days.days()).expect("a day");
            let (due, now) = standing(&Start::On(start), months, seen).expect("a day");
            prop_assert_eq!(now == Standing::Due, due.expect("a day") <= seen);
            let (_, then) = standing(&Start::On(start), months, seen.checked_add(later.days()).expect("a day")).expect("a day");
            prop_assert!(now != Standing::Due || then == Standing::Due);
        }
    }
}
