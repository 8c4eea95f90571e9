//! What a report is narrowed to, said alike however it was asked for, so that what two reports count can be compared.

use std::collections::BTreeSet;

use super::source::Source;
use crate::domain::filter::Filter;
use crate::error::Result;
use crate::governance::gate::Audience;
use crate::store::Transcript;
use crate::study::{Selection, Study};

/// How many people are left by a filter, of those who may be counted.
pub fn people_left(study: &Study, filter: &Filter) -> Result<usize> {
    let source = Source::read(study, filter, Audience::Team)?;
    Ok(source.participants(&source.transcripts).len())
}

/// What a filter narrows counts to, as the register has it: the same for the same people, however they were asked for.
pub fn narrowed_to(study: &Study, filter: &Filter) -> Result<String> {
    parts(&Source::read(study, filter, Audience::Team)?, filter)
}

/// What a filter takes of each kind, but themes: a count names its own.
const KINDS: [fn(&mut Filter) -> &mut Vec<String>; 6] = [
    |f| &mut f.cases,
    |f| &mut f.participants,
    |f| &mut f.roles,
    |f| &mut f.phases,
    |f| &mut f.transcripts,
    |f| &mut f.coders,
];

/// Who and what a selection leaves to be counted.
#[derive(PartialEq)]
struct Left {
    transcripts: BTreeSet<i64>,
    people: BTreeSet<i64>,
    /// None where it is everybody's codings.
    coders: Option<BTreeSet<i64>>,
}

fn left(source: &Source, all: &[Transcript], selection: &Selection, coders: usize) -> Left {
    let taken = |t: &&Transcript| {
        let chosen = selection.transcripts.as_ref();
        !source.is_silent(t.id) && chosen.is_none_or(|ids| ids.binary_search(&t.id).is_ok())
    };
    let taken: Vec<&Transcript> = all.iter().filter(taken).collect();
    let chosen = selection.participants.as_ref();
    let by = selection.coders.iter().flatten().copied();
    let by: BTreeSet<i64> = by.collect();
    Left {
        people: source
            .countable(taken.iter().copied())
            .into_iter()
            .filter(|p| chosen.is_none_or(|c| c.contains(p)))
            .collect(),
        transcripts: taken.iter().map(|t| t.id).collect(),
        coders: (selection.coders.is_some() && by.len() < coders).then_some(by),
    }
}

/// The filters without which other people or transcripts would be counted: `case System Alder role nurse`; empty where
/// all of the study is left, whatever was named.
pub(super) fn parts(source: &Source, filter: &Filter) -> Result<String> {
    let named = [
        &filter.cases,
        &filter.participants,
        &filter.roles,
        &filter.phases,
        &filter.transcripts,
        &filter.coders,
    ];
    if named.iter().all(|values| values.is_empty())
        && filter.attributes.is_empty()
        && filter.sections.is_empty()
    {
        return Ok(String::new());
    }
    let store = &source.study.store;
    let all = store.transcripts()?;
    let coders = store.coders()?.len();
    let of = |filter: &Filter| -> Result<Left> {
        let selection = source.study.select(filter)?;
        Ok(left(source, &all, &selection, coders))
    };
    let wanted = of(filter)?;
    let mut least = filter.clone();
    let without = |least: &mut Filter, change: &dyn Fn(&mut Filter)| -> Result<bool> {
        let mut fewer = least.clone();
        change(&mut fewer);
        let same = of(&fewer)? == wanted;
        if same {
            *least = fewer;
        }
        Ok(same)
    };
    without(&mut least, &|f| f.attributes.clear())?;
    for kind in KINDS {
        let values = kind(&mut least);
        values.sort();
        values.dedup();
        let values = values.clone();
        if values.is_empty() || without(&mut least, &|f| kind(f).clear())? {
            continue;
        }
        for value in values {
            if kind(&mut least).len() > 1 {
                without(&mut least, &|f| kind(f).retain(|x| *x != value))?;
            }
        }
    }
    said(source, &least)
}

fn said(source: &Source, filter: &Filter) -> Result<String> {
    let store = &source.study.store;
    let mut said = Vec::new();
    for slug in &filter.cases {
        said.push(format!("case {}", store.case(slug)?.name));
    }
    said.extend(
        filter
            .participants
            .iter()
            .map(|code| format!("participant {code}")),
    );
    said.extend(
        filter
            .roles
            .iter()
            .map(|role| format!("role {}", role.to_lowercase())),
    );
    for slug in &filter.phases {
        said.push(format!("phase {}", store.phase(slug)?.name));
    }
    said.extend(
        filter
            .transcripts
            .iter()
            .map(|slug| format!("transcript {slug}")),
    );
    said.extend(filter.coders.iter().map(|name| format!("coder {name}")));
    said.extend(
        filter
            .attributes
            .iter()
            .map(|(key, value)| format!("{key} {value}")),
    );
    said.extend(filter.sections.iter().map(|name| format!("section {name}")));
    Ok(said.join(" "))
}
