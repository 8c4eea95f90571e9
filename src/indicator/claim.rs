//! Claims: what was said on a day about when a case reaches a goal, by which source, and what became of it as of a day.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use serde::Serialize;

use super::Error;
use super::assessment::number;
use super::cited::{Cited, Places, SEALED};
use super::claim_outcome::{
    Deadline, Outcome, Seen, Stance, months_between, planned, said_planned, seen,
};
use super::goal::refuse_future;
use super::rows::{Row, each, needed, read};
use super::systems::Systems;
use super::systems_change::said;
use crate::domain::Date;
use crate::error::Result;
use crate::store::{Claim, Goal, Reached, Store, Tx, transcript_of};
use crate::study::Study;
use crate::study::records::{TableReport, day};

/// A claim as it is typed.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub case: String,
    pub goal: String,
    pub said: String,
    pub stance: String,
    pub planned: Option<String>,
    /// The planned time in the source's words.
    pub words: Option<String>,
    pub reason: Option<String>,
    pub source: Option<String>,
    pub coding: Option<i64>,
    pub document: Option<String>,
}

/// A claim as it is shown.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimView {
    pub claim: i64,
    pub goal: String,
    pub case: String,
    /// What stands for the case on the day: itself, or what it had become; empty where it had ended.
    pub now: Vec<String>,
    pub said: String,
    pub stance: Stance,
    pub planned_from: Option<String>,
    pub planned_to: Option<String>,
    pub words: Option<String>,
    pub reason: Option<String>,
    pub source: Option<String>,
    /// The passage that says so.
    pub passage: Option<Cited>,
    pub document: Option<String>,
    #[serde(flatten)]
    pub seen: Seen,
    /// The day on which the goal was reached, by that day; and by which case, where it is a successor.
    pub reached: Option<String>,
    pub reached_as: Option<String>,
    /// By how many months the planned time moved since the case's claim before; null where there is none with a time.
    pub moved_months: Option<i32>,
    /// Whether it is the newest about its goal, of what stands for its case: those are counted.
    pub newest: bool,
}

impl ClaimView {
    /// The planned time as people read it.
    pub fn planned(&self) -> Option<String> {
        let from: Date = self.planned_from.as_ref()?.parse().ok()?;
        let to: Date = self.planned_to.as_ref()?.parse().ok()?;
        Some(said_planned(from, to))
    }

    /// Where it is from: the passage, the document, the source.
    pub fn from(&self) -> String {
        let passage = self.passage.as_ref().map(Cited::said);
        let document = self.document.clone().filter(|d| {
            passage
                .as_ref()
                .is_none_or(|p| p.split(':').next() != Some(d.as_str()))
        });
        [passage, document, self.source.clone()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("; ")
    }
}

/// How many cases there are of each kind, for one goal: each case counts once, by its newest claim, and cases that merged
/// count as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub goal: String,
    /// Cases as of the day.
    pub cases: usize,
    pub stances: BTreeMap<Stance, usize>,
    pub outcomes: BTreeMap<Outcome, usize>,
    pub deadline: BTreeMap<Deadline, usize>,
    /// Cases of which the newest claims differ, of one day or of the cases that merged into it: counted nowhere else.
    pub differ: usize,
}

/// Claims, and what they come to.
#[derive(Clone, Debug, Serialize)]
pub struct Claims {
    pub as_of: String,
    pub claims: Vec<ClaimView>,
    /// In cases.
    pub counts: Vec<Counts>,
    /// Claims that rest on what was said off the record: neither shown nor counted.
    pub held_back: usize,
}

/// Which claims are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub goals: Vec<i64>,
    /// With what these have become and what became them.
    pub cases: Vec<i64>,
}

/// Claims as of a day: what had been said by then, and what had become of it.
pub fn claims(store: &Store, wanted: &Wanted, as_of: Date) -> Result<Claims> {
    let systems = Systems::read(store)?;
    let mut places = Places::new(store)?;
    let goals: HashMap<i64, Goal> = store.goals()?.into_iter().map(|g| (g.id, g)).collect();
    let mut reached: HashMap<(i64, i64), Reached> = HashMap::new();
    for r in store.goals_reached(None)? {
        reached.insert((r.goal, r.case), r);
    }
    let today = as_of.to_string();
    let mut asked: BTreeSet<i64> = BTreeSet::new();
    for id in &wanted.cases {
        asked.extend(systems.stands_for(*id, &today));
        asked.insert(*id);
    }
    let mut found = Claims {
        as_of: today.clone(),
        claims: Vec::new(),
        counts: Vec::new(),
        held_back: 0,
    };
    let mut before: HashMap<(i64, i64), Date> = HashMap::new();
    let mut standing: Vec<BTreeSet<i64>> = Vec::new();
    for c in store.claims(None)? {
        let Some(goal) = goals.get(&c.goal) else {
            continue;
        };
        let stands = systems.stands_for(c.case, &today);
        let is_asked = wanted.cases.is_empty()
            || wanted.cases.contains(&c.case)
            || stands.iter().any(|id| asked.contains(id));
        if c.said > today
            || !(wanted.goals.is_empty() || wanted.goals.contains(&c.goal))
            || !is_asked
        {
            continue;
        }
        let passage = places.coding(c.coding)?;
        let is_sealed = match &passage {
            Some(p) => p.held_back == Some(SEALED),
            None => false,
        };
        // A passage says where in its own document it is from.
        let whole = c
            .transcript
            .filter(|id| passage.is_none() || c.coding.map(transcript_of) != Some(*id));
        if is_sealed || places.is_shut(whole)? {
            found.held_back += 1;
            continue;
        }
        let document = places.transcript(c.transcript)?;
        let date = |d: &Option<String>| d.as_deref().and_then(|d| d.parse::<Date>().ok());
        let last = date(&c.planned_to);
        let (day, by) = when(&reached, &c, &stands, &today);
        let moved_months = last.and_then(|last| {
            before
                .insert((c.goal, c.case), last)
                .map(|earlier| months_between(earlier, last))
        });
        found.claims.push(ClaimView {
            claim: c.id,
            goal: goal.slug.clone(),
            case: systems.slug(c.case).to_owned(),
            now: stands
                .iter()
                .map(|id| systems.slug(*id).to_owned())
                .collect(),
            stance: c.stance.parse()?,
            seen: seen(last, date(&day), date(&goal.deadline), as_of),
            reached: day,
            reached_as: by
                .filter(|by| *by != c.case)
                .map(|by| systems.slug(by).to_owned()),
            said: c.said,
            planned_from: c.planned_from,
            planned_to: c.planned_to,
            words: c.planned_words,
            reason: c.reason,
            source: c.source,
            passage,
            document,
            moved_months,
            newest: false,
        });
        standing.push(stands);
    }
    count(&mut found, &standing);
    Ok(found)
}

/// When the case of a claim reached its goal, by a day: itself, or what it had become.
fn when(
    reached: &HashMap<(i64, i64), Reached>,
    c: &Claim,
    stands: &BTreeSet<i64>,
    today: &str,
) -> (Option<String>, Option<i64>) {
    let own = std::iter::once(c.case).chain(stands.iter().copied());
    let first = own
        .filter_map(|id| reached.get(&(c.goal, id)))
        .filter(|r| r.date.as_str() <= today)
        .min_by(|a, b| a.date.cmp(&b.date));
    (first.map(|r| r.date.clone()), first.map(|r| r.case))
}

/// Counts cases by their newest claim, goal by goal.
fn count(found: &mut Claims, standing: &[BTreeSet<i64>]) {
    // By goal, by what stands for the case, and by the case that said it: a claim takes the place of one by the same case
    // only, and what one of several that merged had said is not gone because another said something later.
    let mut newest: BTreeMap<(String, i64), BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
    for (n, (c, stands)) in found.claims.iter().zip(standing).enumerate() {
        for id in stands {
            let by_case = newest.entry((c.goal.clone(), *id)).or_default();
            let of_case = by_case.entry(c.case.as_str()).or_default();
            match of_case
                .first()
                .map(|first| found.claims[*first].said.cmp(&c.said))
            {
                Some(std::cmp::Ordering::Greater) => {}
                Some(std::cmp::Ordering::Less) => *of_case = vec![n],
                _ => of_case.push(n),
            }
        }
    }
    let newest: Vec<(String, Vec<usize>)> = newest
        .into_iter()
        .map(|((goal, _), by_case)| {
            // What the merged one itself has said since is its word.
            let own = by_case
                .values()
                .filter_map(|all| found.claims.get(*all.first()?))
                .filter(|c| c.now == [c.case.clone()])
                .map(|c| c.said.clone())
                .max();
            let all = by_case.into_values().flatten().filter(|n| {
                own.as_ref()
                    .is_none_or(|said| found.claims[*n].said >= *said)
            });
            (goal, all.collect())
        })
        .collect();
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    for (goal, of_case) in newest {
        let counted = counts.entry(goal.clone()).or_insert_with(|| Counts {
            goal,
            cases: 0,
            stances: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            deadline: BTreeMap::new(),
            differ: 0,
        });
        counted.cases += 1;
        for n in &of_case {
            found.claims[*n].newest = true;
        }
        let what = |n: &usize| (found.claims[*n].stance, found.claims[*n].seen.outcome);
        let Some(first) = of_case.first() else {
            continue;
        };
        if of_case.iter().any(|n| what(n) != what(first)) {
            counted.differ += 1;
            continue;
        }
        *counted.stances.entry(what(first).0).or_default() += 1;
        *counted.outcomes.entry(what(first).1).or_default() += 1;
        if let Some(deadline) = found.claims[*first].seen.deadline {
            *counted.deadline.entry(deadline).or_default() += 1;
        }
    }
    found.counts = counts.into_values().collect();
}

fn put(tx: &Tx, draft: &Draft, coder: i64, again: bool) -> Result<(i64, Row)> {
    let goal = tx.goal(&draft.goal)?;
    let case = tx.case(&draft.case)?;
    let stance: Stance = draft.stance.parse()?;
    refuse_future(tx, "it would be said", &draft.said)?;
    let time = draft.planned.as_deref().map(planned).transpose()?;
    if let Some((_, last)) = time
        && last.to_string() < draft.said
    {
        return Err(Error::refused(
            format!(
                "the planned time ended on {last}, before it was said on {}",
                draft.said
            ),
            "mend the one or the other; what was reached is put down with: casebook goal reached",
        )
        .into());
    }
    if draft.source.is_none() && draft.coding.is_none() && draft.document.is_none() {
        return Err(Error::refused(
            "the claim has no source",
            "say who says so (--source), which coded passage (--coding N) or which document of the study (--document ID)",
        )
        .into());
    }
    let new = Claim {
        id: 0,
        goal: goal.id,
        case: case.id,
        said: draft.said.clone(),
        stance: stance.word().to_owned(),
        planned_from: time.map(|(from, _)| from.to_string()),
        planned_to: time.map(|(_, to)| to.to_string()),
        planned_words: draft.words.clone(),
        reason: draft.reason.clone(),
        source: draft.source.clone(),
        coding: draft
            .coding
            .map(|id| super::cited::coding(tx, id))
            .transpose()?,
        transcript: draft
            .document
            .as_deref()
            .map(|slug| tx.transcript(slug))
            .transpose()?
            .map(|t| t.id),
        coder,
    };
    let name = format!("{} {} {}", case.slug, goal.slug, draft.said);
    let there = tx.claims(Some(goal.id))?.into_iter().find(|c| {
        Claim {
            id: c.id,
            coder: c.coder,
            ..new.clone()
        } == *c
    });
    if let Some(there) = there {
        if again {
            return Ok((
                there.id,
                Row {
                    name,
                    same: true,
                    there: true,
                },
            ));
        }
        return Err(Error::refused(
            format!("claim {} says the same", there.id),
            format!("see it with: casebook claim show {}", there.id),
        )
        .into());
    }
    let id = tx.add_claim(&new)?;
    Ok((
        id,
        Row {
            name,
            same: false,
            there: false,
        },
    ))
}

/// Adds a claim. Gives its number.
pub fn add(study: &Study, draft: &Draft) -> Result<(i64, Option<i64>)> {
    study.change("claim add", |tx| {
        let coder = tx.coder(&study.session.coder)?;
        let (id, _) = put(tx, draft, coder, false)?;
        tx.summary(format!(
            "add claim {id} of case {} on goal {}",
            draft.case, draft.goal
        ));
        Ok(id)
    })
}

pub fn remove(study: &Study, ids: &[i64]) -> Result<Option<i64>> {
    let ((), event) = study.change("claim remove", |tx| {
        for id in ids {
            tx.claim(*id)?;
            tx.remove_claim(*id)?;
        }
        let all: Vec<String> = ids.iter().map(ToString::to_string).collect();
        tx.summary(format!("remove claim {}", all.join(", ")));
        Ok(())
    })?;
    Ok(event)
}

const COLUMNS: &[&str] = &[
    "case", "goal", "said", "stance", "planned", "words", "reason", "source", "coding", "document",
];

/// Imports claims from a CSV. One that is there already, word for word, is left as it is.
pub fn import(study: &Study, path: &Path) -> Result<TableReport> {
    let sheet = read(path, COLUMNS, &["case", "goal", "said", "stance"])?;
    let (mut report, event) = study.change("claim import", |tx| {
        let coder = tx.coder(&study.session.coder)?;
        let report = each(&sheet, |row| {
            let get = |name: &str| sheet.get(row, name).map(str::to_owned);
            let draft = Draft {
                case: needed(&sheet, row, "case")?.to_owned(),
                goal: needed(&sheet, row, "goal")?.to_owned(),
                said: day(Some(needed(&sheet, row, "said")?))?.unwrap_or_default(),
                stance: needed(&sheet, row, "stance")?.to_owned(),
                planned: get("planned"),
                words: get("words"),
                reason: get("reason"),
                source: get("source"),
                coding: sheet.get(row, "coding").map(number).transpose()?,
                document: get("document"),
            };
            Ok(put(tx, &draft, coder, true)?.1)
        });
        tx.summary(said(&report, "claim import"));
        Ok(report)
    })?;
    report.event = event;
    Ok(report)
}
