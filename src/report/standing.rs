//! Where cases stand, in reports: the cohorts they belong to, the stages they were seen at, and what became of what was
//! claimed of them.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::figures::table;
use super::options::ReportOptions;
use super::phrase::{capital, count, day, list, number, plural};
use super::source::Source;
use crate::domain::Date;
use crate::error::Result;
use crate::governance::gate::Audience;
use crate::indicator::assessment::By;
use crate::indicator::assessment_compare::{Compared, compare};
use crate::indicator::claim::{ClaimView, Claims, Wanted, claims};
use crate::indicator::claim_outcome::Outcome;
use crate::indicator::cohort::{is_member, joined_later, since};
use crate::indicator::systems::Systems;
use crate::store::{Case, Cohort, Maturity, Member};

/// Stands where saying it would name the case.
const NOT_SAID: &str = "not printed";

/// The day as of which a report speaks.
fn today(source: &Source) -> Option<Date> {
    source.as_of.or_else(|| {
        let date = source.date.as_deref()?;
        date.get(..10)?.parse().ok()
    })
}

fn ids<'s>(source: &'s Source<'_>) -> BTreeMap<&'s str, i64> {
    let cases = source.people.cases.values();
    cases.map(|c| (c.slug.as_str(), c.id)).collect()
}

/// A case's name by its slug.
fn name_of<'s>(source: &'s Source<'_>, slug: &'s str) -> &'s str {
    let mut all = source.people.cases.values();
    all.find(|c| c.slug == slug)
        .map_or(slug, |c| c.name.as_str())
}

/// The stages at which one case was last seen, framework by framework.
pub(super) fn stages_of_case(draft: &mut Draft, source: &Source, case: &Case) -> Result<()> {
    let store = &source.study.store;
    let as_of = source.as_of.map(|d| d.to_string());
    let open = !source.cloak.is(case.id);
    let mut begun = false;
    for maturity in store.maturities()? {
        let found = compare(store, &maturity, &[case.id], as_of.as_deref())?;
        if found.is_empty() {
            continue;
        }
        if !begun {
            draft.heading(2, "Stage");
            begun = true;
        }
        draft.paragraph(format!(
            "By {}{}, in {}: {}.",
            maturity.name,
            version(&maturity),
            count(maturity.stages.len(), "stage", "stages"),
            list(&maturity.stages)
        ));
        let kinds = kinds(&found);
        let mut head = vec!["Domain".to_owned()];
        head.extend(kinds.iter().map(|by| seen_by(*by)));
        if kinds.len() > 1 {
            head.push("Difference".to_owned());
        }
        let domains = store.maturity_domains(maturity.id)?;
        let domain = |slug: Option<&String>| match slug {
            None => "Overall".to_owned(),
            Some(slug) => domains
                .iter()
                .find(|d| d.slug == *slug)
                .map_or_else(|| slug.clone(), |d| d.name.clone()),
        };
        let rows = found
            .iter()
            .map(|one| {
                let mut row = vec![domain(one.domain.as_ref())];
                row.extend(kinds.iter().map(|by| {
                    let seen = one.seen.iter().find(|s| s.by == *by);
                    match seen {
                        Some(s) if open => {
                            let mut said = format!("{} ({}", s.stage, day(&s.date));
                            if let Some(assessor) = &s.assessor {
                                said.push_str(&format!(", {assessor}"));
                            }
                            if let Some(sure) = &s.confidence {
                                said.push_str(&format!(", confidence {sure}"));
                            }
                            format!("{said})")
                        }
                        Some(s) => {
                            source.cloak.hold("date", 1);
                            source
                                .cloak
                                .hold("assessor", usize::from(s.assessor.is_some()));
                            s.stage.clone()
                        }
                        None => unseen(one, *by),
                    }
                }));
                if kinds.len() > 1 {
                    row.push(differences(one));
                }
                row
            })
            .collect();
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        table(draft, &head, rows);
    }
    Ok(())
}

fn version(maturity: &Maturity) -> String {
    maturity
        .version
        .as_ref()
        .map_or_else(String::new, |v| format!(" ({v})"))
}

fn kinds(found: &[Compared]) -> Vec<By> {
    let all = found.iter().flat_map(|one| {
        let seen = one.seen.iter().map(|s| s.by);
        seen.chain(one.disagree.iter().copied())
    });
    all.collect::<BTreeSet<By>>().into_iter().collect()
}

fn seen_by(by: By) -> String {
    match by {
        By::OneSelf => "By the case itself",
        By::Researcher => "By researchers",
        By::Regulator => "By the regulator",
        By::Other => "By others",
    }
    .to_owned()
}

fn unseen(one: &Compared, by: By) -> String {
    if one.disagree.contains(&by) {
        "several of one day differ".to_owned()
    } else {
        "not known".to_owned()
    }
}

fn differences(one: &Compared) -> String {
    let said = |by: By| match by {
        By::OneSelf => "the case itself",
        By::Researcher => "researchers",
        By::Regulator => "the regulator",
        By::Other => "others",
    };
    let all: Vec<String> = one
        .differences
        .iter()
        .map(|d| match d.stages {
            0 => format!("{} as {}", said(d.of), said(d.from)),
            n => format!(
                "{} {} {} than {}",
                said(d.of),
                count(n.unsigned_abs(), "stage", "stages"),
                if n > 0 { "further" } else { "less far" },
                said(d.from)
            ),
        })
        .collect();
    capital(&all.join("; "))
}

/// Whom a cohort holds on the day, or ever.
fn held<'m>(source: &Source, cohort: &Cohort, members: &'m [Member]) -> Vec<&'m Member> {
    let day = source.as_of.map(|d| d.to_string());
    members
        .iter()
        .filter(|m| m.cohort == cohort.id)
        .filter(|m| day.as_deref().is_none_or(|d| is_member(cohort, m, d)))
        .collect()
}

/// The cohorts that one case belongs to.
pub(super) fn cohorts_of_case(
    draft: &mut Draft,
    source: &Source,
    case: &Case,
    options: &ReportOptions,
) -> Result<()> {
    let store = &source.study.store;
    let cloak = &source.cloak;
    let members = store.cohort_members(None)?;
    let mut rows = Vec::new();
    for cohort in store.cohorts()? {
        let all = held(source, &cohort, &members);
        let Some(member) = all.iter().find(|m| m.case == case.id) else {
            continue;
        };
        let of: BTreeSet<i64> = all.iter().map(|m| m.case).collect();
        if !cloak.may_say(case.id, &of, "cohort") {
            continue;
        }
        let since = since(&cohort, member).map(|from| {
            let until = member.to.as_deref();
            super::phrase::period(Some(from), until)
        });
        let mut remarks = Vec::new();
        if let Some(part) = cloak.open(case.id, "part", member.part.clone()) {
            remarks.push(format!("only {part}"));
        }
        if !cloak.is(case.id) && joined_later(&cohort, member) {
            remarks.push("joined later".to_owned());
        }
        // What was written down of a passage may have its words.
        if member.coding.is_none() || options.audience == Audience::Team {
            remarks.extend(cloak.open(case.id, "reason", member.why.clone()));
        }
        let sources = member.source.clone().or_else(|| cohort.source.clone());
        rows.push(vec![
            cohort.name.clone(),
            cloak.open(case.id, "date", since).unwrap_or_default(),
            number(of.len()),
            remarks.join("; "),
            cloak.open(case.id, "source", sources).unwrap_or_default(),
        ]);
    }
    if !rows.is_empty() {
        draft.heading(2, "Cohorts");
        let head = ["Cohort", "Member", "Cases in it", "Remark", "Source"];
        table(draft, &head, rows);
    }
    Ok(())
}

/// Claims of which one and the same may be said: of one goal, with one stance and one outcome.
fn alike(found: &Claims, ids: &BTreeMap<&str, i64>, like: &ClaimView) -> BTreeSet<i64> {
    found
        .claims
        .iter()
        .filter(|c| (&c.goal, c.stance) == (&like.goal, like.stance))
        .filter(|c| c.seen.outcome == like.seen.outcome)
        .filter_map(|c| ids.get(c.case.as_str()).copied())
        .collect()
}

/// What was claimed of one case, and what became of it.
pub(super) fn claims_of_case(
    draft: &mut Draft,
    source: &Source,
    case: &Case,
    options: &ReportOptions,
) -> Result<()> {
    let store = &source.study.store;
    let Some(as_of) = today(source) else {
        return Ok(());
    };
    let wanted = Wanted {
        goals: Vec::new(),
        cases: vec![case.id],
    };
    let found = claims(store, &wanted, as_of)?;
    if found.claims.is_empty() {
        return Ok(());
    }
    let (cloak, ids) = (&source.cloak, ids(source));
    let all = claims(store, &Wanted::default(), as_of)?;
    let goals = store.goals()?;
    let goal = |slug: &str| {
        let found = goals.iter().find(|g| g.slug == slug);
        found.map_or_else(|| slug.to_owned(), |g| g.name.clone())
    };
    let mut rows = Vec::new();
    for c in &found.claims {
        let of = ids.get(c.case.as_str()).copied().unwrap_or(case.id);
        // What became of another case may tell which this one is.
        let hidden = cloak.is(of) || cloak.is(case.id);
        let mut row = vec![goal(&c.goal)];
        if hidden {
            if !cloak.may_say(case.id, &alike(&all, &ids, c), "claim") {
                continue;
            }
            cloak.hold("date", 1 + usize::from(c.planned_from.is_some()));
            cloak.hold("source", 1);
            row.extend([
                String::new(),
                String::new(),
                c.stance.to_string(),
                String::new(),
                capital(&outcome(c.seen.outcome)),
                String::new(),
                String::new(),
            ]);
        } else {
            let other = Some(c.case.as_str()).filter(|s| *s != case.slug);
            row.extend([
                other.map_or_else(String::new, |s| name_of(source, s).to_owned()),
                day(&c.said),
                c.stance.to_string(),
                c.planned().unwrap_or_default(),
                became(source, c),
                words_of(c, options.audience),
                from(c, options.audience),
            ]);
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Ok(());
    }
    draft.heading(2, "What was claimed, and what became of it");
    if !cloak.is(case.id) {
        draft.paragraph(format!("As of {}.", day(&as_of.to_string())));
    }
    let head = [
        "Goal",
        "Said of",
        "Said on",
        "Stance",
        "Planned",
        "What became of it",
        "In words",
        "Source",
    ];
    table(draft, &head, rows);
    let deadlines: Vec<String> = goals
        .iter()
        .filter(|g| found.claims.iter().any(|c| c.goal == g.slug))
        .filter_map(|g| Some(format!("{}: by {}", g.name, day(g.deadline.as_ref()?))))
        .collect();
    if !deadlines.is_empty() {
        draft.note(format!("Deadlines. {}.", deadlines.join("; ")));
    }
    Ok(())
}

/// What became of a claim, with the day and the case that reached the goal.
fn became(source: &Source, c: &ClaimView) -> String {
    let mut said = c.seen.said();
    if let Some(reached) = &c.reached {
        said.push_str(&format!("; reached on {}", day(reached)));
        if let Some(by) = &c.reached_as {
            said.push_str(&format!(" as {}", name_of(source, by)));
        }
    }
    if let Some(moved) = c.moved_months.filter(|n| *n != 0) {
        said.push_str(&format!(
            "; planned {} {} than before",
            count(moved.unsigned_abs(), "month", "months"),
            if moved > 0 { "later" } else { "earlier" }
        ));
    }
    capital(&said)
}

/// A claim's own words and its reason. Those from a passage of the study are the team's.
fn words_of(c: &ClaimView, audience: Audience) -> String {
    let theirs = c.passage.is_some() || c.document.is_some();
    if theirs && audience != Audience::Team {
        return String::new();
    }
    let words = c.words.as_ref().map(|w| format!("“{w}”"));
    let all: Vec<String> = words.into_iter().chain(c.reason.clone()).collect();
    all.join("; ")
}

/// Where a claim is from: for the team with the place of the passage.
fn from(c: &ClaimView, audience: Audience) -> String {
    match audience {
        Audience::Team => c.from(),
        Audience::Participant | Audience::Case | Audience::Public => {
            c.source.clone().unwrap_or_default()
        }
    }
}

fn outcome(of: Outcome) -> String {
    match of {
        Outcome::NoDate => "no date said".to_owned(),
        other => other.to_string(),
    }
}

/// The cohorts of the study, with who is in them.
pub(super) fn cohorts(draft: &mut Draft, source: &Source, only: &BTreeSet<i64>) -> Result<()> {
    let store = &source.study.store;
    let members = store.cohort_members(None)?;
    let mut rows = Vec::new();
    for cohort in store.cohorts()? {
        let all = held(source, &cohort, &members);
        let of: BTreeSet<i64> = all.iter().map(|m| m.case).collect();
        let named: Vec<&&Member> = all
            .iter()
            .filter(|m| only.is_empty() || only.contains(&m.case))
            .collect();
        if named.is_empty() {
            continue;
        }
        let open = |m: &&&&Member| source.cloak.may_say(m.case, &of, "cohort");
        let shown: Vec<&&&Member> = named.iter().filter(open).collect();
        let unnamed = named.len() - shown.len();
        let mut who: Vec<String> = shown
            .iter()
            .map(|m| {
                let name = source.case_name(m.case);
                let mut remarks = Vec::new();
                if !source.cloak.is(m.case) {
                    remarks.extend(m.part.clone().map(|part| format!("only {part}")));
                    if let Some(from) = m.from.as_deref().filter(|_| joined_later(&cohort, m)) {
                        remarks.push(format!("from {}", day(from)));
                    }
                }
                if remarks.is_empty() {
                    name.to_owned()
                } else {
                    format!("{name} ({})", remarks.join(", "))
                }
            })
            .collect();
        if unnamed > 0 {
            who.push(format!("{} not named", count(unnamed, "case", "cases")));
        }
        let hidden = shown.iter().any(|m| source.cloak.is(m.case));
        let of_cohort = |what: &'static str, value: Option<String>| {
            if hidden && value.is_some() {
                source.cloak.hold(what, 1);
                return NOT_SAID.to_owned();
            }
            value.unwrap_or_default()
        };
        rows.push(vec![
            cohort.name.clone(),
            of_cohort("date", cohort.date.as_deref().map(day)),
            number(all.len()),
            who.join("; "),
            of_cohort("source", cohort.source.clone()),
        ]);
    }
    if !rows.is_empty() {
        draft.heading(3, "Cohorts");
        table(draft, &["Cohort", "Date", "Cases", "Which", "Source"], rows);
    }
    Ok(())
}

/// The stages at which cases were last seen: a row for each case, a column for each domain.
pub(super) fn stages(draft: &mut Draft, source: &Source, only: &BTreeSet<i64>) -> Result<()> {
    let store = &source.study.store;
    let as_of = source.as_of.map(|d| d.to_string());
    let ids: Vec<i64> = only.iter().copied().collect();
    for maturity in store.maturities()? {
        let found = compare(store, &maturity, &ids, as_of.as_deref())?;
        if found.is_empty() {
            continue;
        }
        draft.heading(3, format!("Stages: {}", maturity.name));
        draft.paragraph(format!(
            "{} in all{}: {}. The latest of each kind of assessor stands; s is how the case saw itself, r researchers, g the regulator, o others.",
            count(maturity.stages.len(), "stage", "stages"),
            version(&maturity),
            list(&numbered(&maturity))
        ));
        let domains = store.maturity_domains(maturity.id)?;
        let mut columns: Vec<(Option<String>, String)> = Vec::new();
        if found.iter().any(|one| one.domain.is_none()) {
            columns.push((None, "Overall".to_owned()));
        }
        for domain in &domains {
            if found
                .iter()
                .any(|one| one.domain.as_ref() == Some(&domain.slug))
            {
                columns.push((Some(domain.slug.clone()), domain.name.clone()));
            }
        }
        let mut cases: Vec<&str> = found.iter().map(|one| one.case.as_str()).collect();
        cases.dedup();
        let cell = |case: &str, domain: &Option<String>| {
            let here = found.iter().find(|o| o.case == case && o.domain == *domain);
            here.map_or_else(|| "not known".to_owned(), |one| seen(one, &maturity))
        };
        let rows: Vec<Vec<String>> = cases
            .iter()
            .map(|case| {
                let mut row = vec![name_of(source, case).to_owned()];
                row.extend(columns.iter().map(|(domain, _)| cell(case, domain)));
                row
            })
            .collect();
        let mut head = vec!["Case"];
        head.extend(columns.iter().map(|(_, name)| name.as_str()));
        table(draft, &head, rows);
    }
    Ok(())
}

/// `1 emerging`, `2 developing` …
fn numbered(maturity: &Maturity) -> Vec<String> {
    let all = maturity.stages.iter().enumerate();
    all.map(|(n, stage)| format!("{} {stage}", n + 1)).collect()
}

/// `s 3, r 2`; of one kind of assessor the stage in words.
fn seen(one: &Compared, maturity: &Maturity) -> String {
    let letter = |by: By| match by {
        By::OneSelf => "s",
        By::Researcher => "r",
        By::Regulator => "g",
        By::Other => "o",
    };
    let differ = one
        .disagree
        .iter()
        .map(|by| (*by, "several differ".to_owned()));
    let mut all: BTreeMap<By, String> = differ.collect();
    for s in &one.seen {
        let name = usize::try_from(s.stage_number - 1)
            .ok()
            .and_then(|n| maturity.stages.get(n));
        all.insert(s.by, name.unwrap_or(&s.stage).clone());
    }
    let each = all
        .iter()
        .map(|(by, stage)| format!("{} {stage}", letter(*by)));
    each.collect::<Vec<_>>().join("; ")
}

/// Claims by what became of them, goal by goal; each case counts once, by its newest.
pub(super) fn claims_by_outcome(
    draft: &mut Draft,
    source: &Source,
    only: &BTreeSet<i64>,
) -> Result<()> {
    let store = &source.study.store;
    let Some(as_of) = today(source) else {
        return Ok(());
    };
    let wanted = Wanted {
        goals: Vec::new(),
        cases: only.iter().copied().collect(),
    };
    let found = claims(store, &wanted, as_of)?;
    if found.claims.is_empty() {
        return Ok(());
    }
    draft.heading(3, "What was claimed, and what became of it");
    draft.paragraph(format!(
        "As of {}. A case counts once for each goal, by its newest claim; cases that merged are one.",
        day(&as_of.to_string())
    ));
    let (ids, systems) = (ids(source), Systems::read(store)?);
    let today = as_of.to_string();
    let mut unknown = Vec::new();
    for goal in store.goals()? {
        let Some(counts) = found.counts.iter().find(|c| c.goal == goal.slug) else {
            continue;
        };
        let mut rows = Vec::new();
        for (of, n) in &counts.outcomes {
            let here = found
                .claims
                .iter()
                .filter(|c| c.newest && c.goal == goal.slug && c.seen.outcome == *of);
            let mut who = BTreeSet::new();
            for c in here {
                for now in &c.now {
                    let id = ids.get(now.as_str()).copied().unwrap_or_default();
                    let said = ids.get(c.case.as_str()).copied().unwrap_or_default();
                    let hidden = source.cloak.is(id) || source.cloak.is(said);
                    let fits = alike(&found, &ids, c);
                    if !hidden || source.cloak.may_say(id, &fits, "claim") {
                        who.insert(name_of(source, now).to_owned());
                    }
                }
            }
            let mut which: Vec<String> = who.into_iter().collect();
            let unnamed = n.saturating_sub(which.len());
            if unnamed > 0 {
                which.push(format!("{} not named", count(unnamed, "case", "cases")));
            }
            rows.push(vec![capital(&outcome(*of)), number(*n), which.join("; ")]);
        }
        if counts.differ > 0 {
            rows.push(vec![
                "Claims of one day differ".to_owned(),
                number(counts.differ),
                String::new(),
            ]);
        }
        let deadline = goal.deadline.as_deref();
        let caption = match deadline {
            Some(date) => format!("{}, by {}", goal.name, day(date)),
            None => goal.name.clone(),
        };
        let head = ["What became of it", "Cases", "Which"];
        draft.table(Some(caption), &head, rows, &[false, true, false]);
        if only.is_empty() {
            unknown.extend(silent(source, &found, &systems, &goal.slug, &today));
        }
    }
    for line in unknown {
        draft.note(line);
    }
    Ok(())
}

/// Of how many cases of the kinds that said something nothing is known.
fn silent(
    source: &Source,
    found: &Claims,
    systems: &Systems,
    goal: &str,
    today: &str,
) -> Option<String> {
    let said: BTreeSet<&str> = found
        .claims
        .iter()
        .filter(|c| c.goal == goal)
        .flat_map(|c| c.now.iter().map(String::as_str))
        .collect();
    let cases = || source.people.cases.values();
    let kinds: BTreeSet<&str> = cases()
        .filter(|c| said.contains(c.slug.as_str()))
        .map(|c| c.kind.as_str())
        .collect();
    let there = cases()
        .filter(|c| kinds.contains(c.kind.as_str()))
        .filter(|c| {
            systems.is_there(c.id, today) && systems.stands_for(c.id, today).contains(&c.id)
        });
    let none: Vec<i64> = there
        .filter(|c| !said.contains(c.slug.as_str()))
        .map(|c| c.id)
        .collect();
    let kinds: Vec<String> = kinds.iter().map(|k| plural(k)).collect();
    (!none.is_empty()).then(|| {
        format!(
            "Nothing is known of what {} of the {} said of it.",
            number(none.len()),
            list(&kinds)
        )
    })
}
