//! What a change takes from claims, assessments, cohorts and their members: the passages and documents that say so.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::words::words;
use crate::store::{Resting, Sources};

words! {
    /// What rests on passages and documents beside findings.
    Rests, "what rests on a source" {
        Claim = "claim",
        Assessment = "assessment",
        Member = "member",
        Cohort = "cohort",
    }
}

/// What lost a passage or a document, or is gone with its only source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LostSource {
    pub what: Rests,
    /// The number of a claim or an assessment.
    pub number: Option<i64>,
    pub cohort: Option<String>,
    /// The case of a member.
    pub case: Option<String>,
    /// Whether it is there no more.
    pub gone: bool,
    pub passages_before: usize,
    pub passages: usize,
    pub documents_before: usize,
    pub documents: usize,
}

/// What rested on more before than after. A claim whose passage goes rests on the document of it, and that it lost its
/// passage is said.
pub(super) fn lost(before: &Resting, after: &Resting) -> Vec<LostSource> {
    fn each<'a, K: Ord>(
        what: Rests,
        before: &'a BTreeMap<K, Sources>,
        after: &'a BTreeMap<K, Sources>,
        name: impl Fn(&K) -> (Option<i64>, Option<String>, Option<String>) + 'a,
    ) -> impl Iterator<Item = LostSource> + 'a {
        before.iter().filter_map(move |(key, was)| {
            let is = after.get(key);
            let now = is.copied().unwrap_or_default();
            let less = now.passages < was.passages || now.documents < was.documents;
            let (number, cohort, case) = name(key);
            (is.is_none() || less).then_some(LostSource {
                what,
                number,
                cohort,
                case,
                gone: is.is_none(),
                passages_before: was.passages,
                passages: now.passages,
                documents_before: was.documents,
                documents: now.documents,
            })
        })
    }
    let number = |id: &i64| (Some(*id), None, None);
    each(Rests::Claim, &before.claims, &after.claims, number)
        .chain(each(
            Rests::Assessment,
            &before.assessments,
            &after.assessments,
            number,
        ))
        .chain(each(
            Rests::Member,
            &before.members,
            &after.members,
            |(cohort, case)| (None, Some(cohort.clone()), Some(case.clone())),
        ))
        .chain(each(
            Rests::Cohort,
            &before.cohorts,
            &after.cohorts,
            |slug| (None, Some(slug.clone()), None),
        ))
        .collect()
}

/// What is lost, as clauses: before it is done, or after.
pub(super) fn said(lost: &[LostSource], done: bool) -> Vec<String> {
    // What is lost in the same way is said once.
    let mut groups: BTreeMap<(Rests, Option<&str>, String), Vec<&LostSource>> = BTreeMap::new();
    for l in lost {
        // Members are counted by their cohort, and cohorts are named.
        groups
            .entry((l.what, l.cohort.as_deref(), part(l)))
            .or_default()
            .push(l);
    }
    groups
        .into_iter()
        .map(|((what, cohort, part), all)| {
            let is_one = all.len() == 1;
            let numbers: Vec<String> = all
                .iter()
                .filter_map(|l| Some(l.number?.to_string()))
                .collect();
            let cohort = cohort.unwrap_or_default();
            let who = match what {
                Rests::Claim | Rests::Assessment => format!(
                    "{what}{} {}",
                    if is_one { "" } else { "s" },
                    super::loss::listed(&numbers)
                ),
                Rests::Member => format!(
                    "{} member{} of cohort {cohort}",
                    all.len(),
                    if is_one { "" } else { "s" }
                ),
                Rests::Cohort => format!("cohort {cohort}"),
            };
            if part.is_empty() {
                let does = match (done, is_one) {
                    (true, _) => "went",
                    (false, true) => "goes",
                    (false, false) => "go",
                };
                return format!("{who} {does} with the only source");
            }
            let does = match (done, is_one) {
                (true, _) => "lost",
                (false, true) => "loses",
                (false, false) => "lose",
            };
            format!("{who} {does} {part}")
        })
        .collect()
}

/// What it loses; nothing where it is gone as a whole.
fn part(l: &LostSource) -> String {
    if l.gone {
        return String::new();
    }
    [
        (l.passages_before, l.passages, "passage"),
        (l.documents_before, l.documents, "document"),
    ]
    .into_iter()
    .filter(|(before, now, _)| now < before)
    .map(|(before, now, what)| match before {
        1 => format!("the {what} that says so"),
        _ => format!("{} of {before} {what}s", before - now),
    })
    .collect::<Vec<_>>()
    .join(" and ")
}
