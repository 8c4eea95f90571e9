//! Consent as data: each signed form is a version, the newest one holds, and what it loosens needs the participant's
//! approval. A consent is what was signed, so nothing of it is edited but where the form is found.

use std::path::Path;

use serde::Serialize;

use super::Error;
use crate::domain::Date;
use crate::domain::attribute::Type;
use crate::domain::span::printable;
use crate::domain::words::Attribution;
use crate::error::{Failure, Result};
use crate::store::{Consent, Items, NewConsent, Participant, Store, Tx};
use crate::study::Study;
use crate::study::records::{Sheet, TableReport, note};

/// What somebody reads off a signed form. What is not given is as it was in the version before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// `YYYY-MM-DD`.
    pub signed: String,
    pub form: Option<String>,
    pub take_part: Option<bool>,
    pub record: Option<bool>,
    pub quote: Option<bool>,
    pub attribution: Option<Attribution>,
    pub share: Option<bool>,
    pub archive: Option<bool>,
    pub contact: Option<bool>,
    /// `Some(None)`: it runs out on no day.
    pub until: Option<Option<String>>,
    pub approval: Option<String>,
}

/// What of an item is another than in the version before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    pub item: &'static str,
    pub was: String,
    pub is: String,
    /// Whether more may be done now.
    pub looser: bool,
}

/// A version that is not on record yet.
#[derive(Clone, Debug)]
pub struct Next {
    pub version: i64,
    pub items: Items,
    /// Against the version before; empty for the first.
    pub changed: Vec<Changed>,
}

/// Yes, no, or not asked for on the form.
pub fn leave(item: Option<bool>) -> &'static str {
    match item {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not asked",
    }
}

/// The items by name, each as it is shown.
pub fn items(of: &Items) -> [(&'static str, String); 8] {
    [
        ("take-part", leave(Some(of.take_part)).into()),
        ("record", leave(of.record).into()),
        ("quote", leave(of.quote).into()),
        ("attribution", of.attribution.word().into()),
        ("share", leave(of.share).into()),
        ("archive", leave(of.archive).into()),
        ("contact", leave(of.contact).into()),
        (
            "until",
            of.until.clone().unwrap_or_else(|| "no such day".into()),
        ),
    ]
}

/// What two versions say differently.
pub fn changes(before: &Items, after: &Items) -> Vec<Changed> {
    let gives = |was: Option<bool>, is: Option<bool>| is == Some(true) && was != Some(true);
    let looser = [
        gives(Some(before.take_part), Some(after.take_part)),
        gives(before.record, after.record),
        gives(before.quote, after.quote),
        after.attribution < before.attribution,
        gives(before.share, after.share),
        gives(before.archive, after.archive),
        gives(before.contact, after.contact),
        match (&before.until, &after.until) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(was), Some(is)) => is > was,
        },
    ];
    items(before)
        .into_iter()
        .zip(items(after))
        .zip(looser)
        .filter(|(((_, was), (_, is)), _)| was != is)
        .map(|(((item, was), (_, is)), looser)| Changed {
            item,
            was,
            is,
            looser,
        })
        .collect()
}

/// The version that a form would be, or why it can't be one.
pub fn next(store: &Store, person: &Participant, given: &Given, today: &str) -> Result<Next> {
    let code = &person.code;
    let signed = &given.signed;
    let refused = |why: String, hint: String| -> Failure { Error::refused(why, hint).into() };
    let see = || format!("see what is on record with: casebook consent show {code}");
    if signed.as_str() > today.get(..10).unwrap_or(today) {
        return Err(refused(
            format!("the form of {code} would be signed on {signed}, which is still to come"),
            "give the day that stands beside the signature: --signed DATE".into(),
        ));
    }
    if let Some(left) = store.withdrawn_of(person.id)?
        && *signed > left.asked
    {
        return Err(refused(
            format!("{code} withdrew on {}, before {signed}", left.asked),
            see(),
        ));
    }
    let versions = store.consents_of(person.id)?;
    let before = versions.last();
    if let Some(later) = before.filter(|b| b.signed > *signed) {
        return Err(refused(
            format!(
                "version {} of the consent of {code} was signed later, on {}: this form would take its place",
                later.version, later.signed
            ),
            "record forms in the order in which they were signed; a wrong one is taken back with: casebook undo EVENT --why REASON"
                .into(),
        ));
    }
    let base = match before {
        Some(b) => b.items.clone(),
        None => Items {
            take_part: true,
            record: None,
            quote: None,
            attribution: person
                .set
                .attribution
                .parse()
                .unwrap_or(Attribution::OffRecord),
            share: None,
            archive: None,
            contact: None,
            until: None,
        },
    };
    let items = Items {
        take_part: given.take_part.unwrap_or(base.take_part),
        record: given.record.or(base.record),
        quote: given.quote.or(base.quote),
        attribution: given.attribution.unwrap_or(base.attribution),
        share: given.share.or(base.share),
        archive: given.archive.or(base.archive),
        contact: given.contact.or(base.contact),
        until: given.until.clone().unwrap_or_else(|| base.until.clone()),
    };
    if let Some(until) = items.until.as_ref().filter(|until| *until < signed) {
        return Err(refused(
            format!(
                "the consent of {code} would run out on {until}, before it was signed on {signed}"
            ),
            "give a later day, or: --until none".into(),
        ));
    }
    let changed = before.map_or_else(Vec::new, |b| changes(&b.items, &items));
    let looser: Vec<&str> = changed
        .iter()
        .filter(|c| c.looser)
        .map(|c| c.item)
        .collect();
    if !looser.is_empty() && given.approval.is_none() {
        return Err(refused(
            format!(
                "this form of {code} is looser than the one before in: {}",
                looser.join(", ")
            ),
            "say how the participant approved it, as in: --approval \"e-mail of 3 May\"".into(),
        ));
    }
    Ok(Next {
        version: before.map_or(0, |b| b.version) + 1,
        items,
        changed,
    })
}

/// Puts a form on record as the newest version.
pub fn add(tx: &Tx, coder: i64, person: &Participant, given: &Given, next: &Next) -> Result<i64> {
    Ok(tx.add_consent(
        coder,
        &NewConsent {
            participant: person.id,
            version: next.version,
            signed: &given.signed,
            form: given.form.as_deref(),
            items: &next.items,
            approval: given.approval.as_deref(),
        },
    )?)
}

/// What holds for a person today in one respect, and by what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holds {
    pub item: &'static str,
    pub value: String,
    pub why: String,
}

/// What holds for a person, item by item, and why: the strictest of what was set, agreed to and withdrawn.
pub fn holds(store: &Store, person: &Participant) -> Result<Vec<Holds>> {
    let versions = store.consents_of(person.id)?;
    let newest = versions.last();
    let left = store.withdrawn_of(person.id)?.filter(|w| w.mode != "stop");
    let by = |c: &Consent| format!("version {} of the consent", c.version);
    let none = || "no consent is on record".to_owned();
    let level = {
        let set: Attribution = person
            .set
            .attribution
            .parse()
            .unwrap_or(Attribution::OffRecord);
        match (&left, newest) {
            (Some(w), _) => format!("withdrawn on {} ({})", w.asked, w.mode),
            (None, Some(c)) if !c.items.take_part => format!("{}: takes no part", by(c)),
            (None, Some(c)) if c.items.attribution > set => by(c),
            (None, Some(c)) if c.items.attribution == set => {
                format!("as set for the person, and {}", by(c))
            }
            (None, Some(c)) => format!(
                "as set for the person; {} would allow {}",
                by(c),
                c.items.attribution
            ),
            (None, None) => format!("as set for the person; {}", none()),
        }
    };
    let quote = match newest {
        _ if !person.set.quotable => "as set for the person".to_owned(),
        Some(c) if c.items.quote.is_none() => format!("{} did not ask for it", by(c)),
        Some(c) => by(c),
        None => format!("as set for the person; {}", none()),
    };
    let mut all = vec![
        Holds {
            item: "attribution",
            value: person.attribution.clone(),
            why: level,
        },
        Holds {
            item: "quote",
            value: leave(Some(person.quotable)).into(),
            why: quote,
        },
    ];
    if let Some(c) = newest {
        for (item, value) in [
            ("record", c.items.record),
            ("share", c.items.share),
            ("archive", c.items.archive),
            ("contact", c.items.contact),
        ] {
            all.push(Holds {
                item,
                value: leave(Some(value == Some(true))).into(),
                why: match value {
                    Some(_) => by(c),
                    None => format!("{} did not ask for it", by(c)),
                },
            });
        }
        if let Some(until) = &c.items.until {
            let over = person.agreed.as_ref().is_some_and(|a| a.over);
            all.push(Holds {
                item: "until",
                value: until.clone(),
                why: if over {
                    "the day has passed: nothing of this person leaves the team".into()
                } else {
                    by(c)
                },
            });
        }
    }
    Ok(all)
}

/// What is missing or runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gap {
    NoConsent,
    RanOut,
    /// Within the days that were asked for.
    RunsOut,
    NoForm,
}

impl Gap {
    pub const fn said(self) -> &'static str {
        match self {
            Self::NoConsent => "no consent",
            Self::RanOut => "ran out",
            Self::RunsOut => "runs out soon",
            Self::NoForm => "no form named",
        }
    }
}

/// How many days before its last one a consent counts as running out.
pub const SOON: i64 = 90;

/// What is missing of a person's consent on this day.
pub fn gaps(newest: Option<&Consent>, today: &str) -> Vec<Gap> {
    let Some(c) = newest else {
        return vec![Gap::NoConsent];
    };
    let mut found = Vec::new();
    let today = today.get(..10).unwrap_or(today);
    if let Some(until) = &c.items.until {
        if until.as_str() < today {
            found.push(Gap::RanOut);
        } else if today
            .parse::<Date>()
            .ok()
            .and_then(|day| day.checked_add(jiff::Span::new().days(SOON)).ok())
            .is_some_and(|soon| *until <= soon.to_string())
        {
            found.push(Gap::RunsOut);
        }
    }
    if c.form.is_none() {
        found.push(Gap::NoForm);
    }
    found
}

const COLUMNS: &[&str] = &[
    "participant",
    "signed",
    "form",
    "take-part",
    "record",
    "quote",
    "attribution",
    "share",
    "archive",
    "contact",
    "until",
    "approval",
];

/// A yes or no as people type it.
pub fn yes_no(item: &str, typed: &str) -> Result<bool, Error> {
    Type::YesNo
        .canonical(typed)
        .map(|word| word == "yes")
        .map_err(|_| {
            Error::refused(
                format!("`{}` is neither yes nor no for `{item}`", printable(typed)),
                format!("write it as in: --{item} no"),
            )
        })
}

/// A day, or `none`.
pub fn until(typed: &str) -> Result<Option<String>, Error> {
    if typed == "none" {
        return Ok(None);
    }
    day("until", typed).map(Some)
}

fn day(item: &str, typed: &str) -> Result<String, Error> {
    typed.parse::<Date>().map(|d| d.to_string()).map_err(|_| {
        Error::refused(
            format!("`{}` is no date for `{item}`", printable(typed)),
            "dates are written as in 2021-04-30",
        )
    })
}

fn row(sheet: &Sheet, row: &[String]) -> Result<Given> {
    let get = |name: &str| sheet.get(row, name);
    let leave = |item: &str| get(item).map(|word| yes_no(item, word)).transpose();
    Ok(Given {
        signed: day(
            "signed",
            get("signed").ok_or_else(|| {
                Error::refused(
                    "there is no day of the signature",
                    "fill the column `signed`",
                )
            })?,
        )?,
        form: get("form").map(str::to_owned),
        take_part: leave("take-part")?,
        record: leave("record")?,
        quote: leave("quote")?,
        attribution: get("attribution").map(str::parse).transpose()?,
        share: leave("share")?,
        archive: leave("archive")?,
        contact: leave("contact")?,
        until: get("until").map(until).transpose()?,
        approval: get("approval").map(str::to_owned),
    })
}

/// What an import of forms did or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    pub rows: Vec<ImportedRow>,
    #[serde(flatten)]
    pub report: TableReport,
}

/// A row that became, or would become, a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportedRow {
    pub line: u64,
    pub participant: String,
    pub version: i64,
    pub signed: String,
    pub changed: Vec<Changed>,
}

/// Puts the forms of a CSV on record as one event: columns named as the options of `consent add`, and `participant`. A row
/// that is on record already, to the item, is left; one that does not fit is named, and the others go in.
pub fn import(study: &Study, path: &Path, dry_run: bool) -> Result<Imported> {
    let sheet = Sheet::read(path, "participant")?;
    if let Some((_, unknown)) = sheet.others(COLUMNS).first() {
        return Err(Error::refused(
            format!("`{}` is no item of a consent", printable(unknown)),
            format!("the columns may be: {}", COLUMNS.join(", ")),
        )
        .into());
    }
    let work = |tx: &Tx| {
        let coder = tx.coder(&study.session.coder)?;
        let mut found = Imported::default();
        for (line, cells) in &sheet.rows {
            let done = (|| -> Result<()> {
                let code = sheet.get(cells, "participant").unwrap_or_default();
                let person = tx.participant(code)?;
                let given = row(&sheet, cells)?;
                let versions = tx.consents_of(person.id)?;
                if versions.iter().any(|c| is_there(c, &given)) {
                    found.report.unchanged += 1;
                    return Ok(());
                }
                let next = next(tx, &person, &given, &study.session.now)?;
                add(tx, coder, &person, &given, &next)?;
                found.rows.push(ImportedRow {
                    line: *line,
                    participant: person.code.clone(),
                    version: next.version,
                    signed: given.signed,
                    changed: next.changed,
                });
                found.report.added.push(person.code);
                Ok(())
            })();
            note(&mut found.report, *line, done);
        }
        tx.summary(format!("consent import: {} added", found.rows.len()));
        Ok(found)
    };
    let (mut found, event) = if dry_run {
        (study.rehearse("consent import", work)?, None)
    } else {
        study.change("consent import", work)?
    };
    found.report.event = event;
    Ok(found)
}

/// Whether a version is what a row says: the same day, and every item that the row gives.
fn is_there(c: &Consent, given: &Given) -> bool {
    let items = &c.items;
    let same = |given: Option<bool>, is: Option<bool>| given.is_none() || given == is;
    c.signed == given.signed
        && (given.form.is_none() || given.form == c.form)
        && given.take_part.is_none_or(|v| v == items.take_part)
        && same(given.record, items.record)
        && same(given.quote, items.quote)
        && given.attribution.is_none_or(|v| v == items.attribution)
        && same(given.share, items.share)
        && same(given.archive, items.archive)
        && same(given.contact, items.contact)
        && given.until.as_ref().is_none_or(|v| *v == items.until)
}
