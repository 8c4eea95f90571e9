//! How far fieldwork is, read from the study: transcripts, codings and marks, participant by participant.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;

use super::Error;
use crate::analysis::progress::{
    Counts, Filled, Group, Interview, Mark, Person, Place, Reached, Scope, counts, together,
    wanted_in_all,
};
use crate::domain::coder::is_human;
use crate::domain::filter::Filter;
use crate::domain::words::{Stage, TranscriptKind, words};
use crate::error::Result;
use crate::store::{CaseLink, Participant, Quota, Transcript};
use crate::study::{People, Study};

words! {
    /// What participants are counted by.
    By, "way to group participants" {
        Case = "case",
        Phase = "phase",
        Role = "role",
    }
}

words! {
    /// What may be waited for.
    Awaited, "stage that can be waited for" {
        Recruited = "recruited",
        Interviewed = "interviewed",
        Transcribed = "transcribed",
        Coded = "coded",
        CodedTwice = "coded-twice",
        Debriefed = "debriefed",
    }
}

impl Awaited {
    /// Whether a participant is not known to be there, and has not left before.
    pub fn of(self, r: &Reached) -> bool {
        let there = match self {
            Self::Recruited => r.recruited,
            Self::Interviewed => r.interviewed,
            Self::Transcribed => r.transcribed,
            Self::Coded => r.coded,
            Self::CodedTwice => r.coded_twice,
            Self::Debriefed => r.debriefed,
        };
        there != Some(true) && !r.left()
    }
}

/// Whom and what to look at; nothing named: all.
#[derive(Clone, Debug, Default)]
pub struct Only {
    /// Cases, each with all that is part of it.
    pub cases: Vec<String>,
    pub roles: Vec<String>,
    /// What happened in this phase.
    pub phase: Option<String>,
}

/// The fieldwork of a study at hand. Every table is read once.
pub struct Fieldwork {
    pub participants: Vec<Participant>,
    /// In the same order.
    pub people: Vec<Person>,
    pub scope: Scope,
    pub quotas: Vec<Quota>,
    names: People,
    interviews: HashMap<i64, Vec<Held>>,
    dates: HashMap<(i64, Option<i64>, Stage), Option<String>>,
}

/// A transcript with a participant.
struct Held {
    transcript: Transcript,
    coders: Vec<String>,
}

impl Fieldwork {
    pub fn read(study: &Study, only: &Only) -> Result<Self> {
        let store = &study.store;
        let names = People::read(store)?;
        let wholes = wholes(&store.case_links()?);
        let humans: HashMap<i64, String> = store
            .coders()?
            .into_iter()
            .filter(|c| is_human(&c.name))
            .map(|c| (c.id, c.name))
            .collect();
        let coded_by = store.coders_by_transcript()?;
        let with = store.transcript_participants(None)?;
        let mut interviews: HashMap<i64, Vec<Held>> = HashMap::new();
        let is_interview = |t: &Transcript| {
            let kinds = [TranscriptKind::Interview, TranscriptKind::FocusGroup];
            kinds.iter().any(|k| k.word() == t.kind)
        };
        for transcript in store.transcripts()?.into_iter().filter(is_interview) {
            let coders = coded_by.get(&transcript.id).into_iter().flatten();
            let mut coders: Vec<String> = coders.filter_map(|c| humans.get(c)).cloned().collect();
            coders.sort();
            for person in with.get(&transcript.id).into_iter().flatten() {
                interviews.entry(*person).or_default().push(Held {
                    transcript: transcript.clone(),
                    coders: coders.clone(),
                });
            }
        }
        let mut marks: HashMap<i64, Vec<Mark>> = HashMap::new();
        let mut dates = HashMap::new();
        for m in store.milestones()? {
            let stage: Stage = m.stage.parse()?;
            marks.entry(m.participant).or_default().push(Mark {
                stage,
                phase: m.phase,
            });
            dates.insert((m.participant, m.phase, stage), m.date);
        }
        let mut participants = store.participants()?;
        participants.sort_by_key(|p| (p.code.len(), p.code.to_lowercase()));
        let person = |p: &Participant| {
            let held = interviews.get(&p.id).map(Vec::as_slice).unwrap_or_default();
            let own = p.cases.iter().copied();
            let of_transcripts = held.iter().filter_map(|h| h.transcript.case);
            Person {
                role: p.role.clone(),
                cases: own
                    .chain(of_transcripts)
                    .flat_map(|c| wholes.get(&c).into_iter().flatten().copied().chain([c]))
                    .collect(),
                marks: marks.get(&p.id).cloned().unwrap_or_default(),
                interviews: held
                    .iter()
                    .map(|h| Interview {
                        phase: h.transcript.phase,
                        coders: h.coders.len(),
                    })
                    .collect(),
            }
        };
        let mut people: Vec<Person> = participants.iter().map(person).collect();
        let scope = match &only.phase {
            Some(slug) => Scope::Phase(Some(store.phase(slug)?.id)),
            None => Scope::Study,
        };
        let cases = only
            .cases
            .iter()
            .map(|c| Ok(store.case(c)?.id))
            .collect::<Result<Vec<i64>>>()?;
        let in_role = store
            .resolve(&Filter {
                roles: only.roles.clone(),
                ..Filter::default()
            })?
            .participants;
        let keep: Vec<bool> = participants
            .iter()
            .zip(&people)
            .map(|(p, person)| {
                (cases.is_empty() || cases.iter().any(|c| person.cases.contains(c)))
                    && in_role.as_ref().is_none_or(|ids| ids.contains(&p.id))
                    && person.is_in(scope)
            })
            .collect();
        let mut kept = keep.iter();
        participants.retain(|_| kept.next().is_some_and(|k| *k));
        let mut kept = keep.iter();
        people.retain(|_| kept.next().is_some_and(|k| *k));
        Ok(Self {
            participants,
            people,
            scope,
            quotas: store.quotas()?,
            names,
            interviews,
            dates,
        })
    }

    fn places(&self) -> Vec<Place> {
        self.quotas.iter().map(place).collect()
    }

    fn case_name(&self, case: i64) -> String {
        let slug = self.names.case_slug(Some(case));
        slug.unwrap_or_default().to_owned()
    }

    fn phase_name(&self, phase: i64) -> String {
        let slug = self.names.phase_slug(Some(phase));
        slug.unwrap_or_default().to_owned()
    }
}

/// What each case is part of or became, directly or through others, whenever the links stood.
fn wholes(links: &[CaseLink]) -> HashMap<i64, Vec<i64>> {
    let mut above: HashMap<i64, Vec<i64>> = HashMap::new();
    for link in links.iter().filter(|l| l.kind != "partner-of") {
        above.entry(link.case).or_default().push(link.other);
    }
    above
        .keys()
        .map(|case| {
            let mut found: Vec<i64> = Vec::new();
            let mut next = above[case].clone();
            while let Some(id) = next.pop() {
                if !found.contains(&id) {
                    found.push(id);
                    next.extend(above.get(&id).into_iter().flatten());
                }
            }
            (*case, found)
        })
        .collect()
}

fn place(q: &Quota) -> Place {
    Place {
        case: q.case,
        phase: q.phase,
        role: q.role.clone(),
        wanted: usize::try_from(q.wanted).unwrap_or_default(),
    }
}

/// A line of the plan with what fills it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanLine {
    pub quota: i64,
    pub case: Option<String>,
    pub phase: Option<String>,
    pub role: Option<String>,
    #[serde(flatten)]
    pub filled: Filled,
    /// Interviewed, of those wanted.
    pub percent: Option<f64>,
}

/// The plan, and its places together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    pub quotas: Vec<PlanLine>,
    /// Places of all lines; who fills places of two lines is counted in both.
    pub places: Filled,
    pub percent: Option<f64>,
}

/// The plan of a study, against all its participants.
pub fn plan(work: &Fieldwork) -> Plan {
    let quotas: Vec<PlanLine> = work
        .quotas
        .iter()
        .map(|q| {
            let filled = place(q).filled(&work.people);
            PlanLine {
                quota: q.id,
                case: q.case.map(|c| work.case_name(c)),
                phase: q.phase.map(|p| work.phase_name(p)),
                role: q.role.clone(),
                filled,
                percent: percent(filled.interviewed, Some(filled.wanted)),
            }
        })
        .collect();
    let places = together(&quotas.iter().map(|q| q.filled).collect::<Vec<_>>());
    Plan {
        quotas,
        places,
        percent: percent(places.interviewed, Some(places.wanted)),
    }
}

/// A row of the table of progress.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// A case, a phase or a role; null for the whole.
    pub group: Option<String>,
    #[serde(flatten)]
    pub counts: Counts,
    /// What the plan wants of this group; null where it doesn't say.
    pub wanted: Option<usize>,
    pub to_recruit: Option<usize>,
    pub to_interview: Option<usize>,
    /// Interviewed, of those wanted.
    pub percent: Option<f64>,
}

/// How far fieldwork is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Progress {
    pub by: Option<By>,
    /// The phase that is looked at; null for the whole study.
    pub phase: Option<String>,
    pub rows: Vec<Row>,
    /// Every participant once.
    pub total: Row,
    /// Null where only some are looked at: a plan is for all.
    pub plan: Option<Plan>,
}

const NONE: &str = "(none)";

/// Counts participants, in all and by `by`. A plan is compared where nobody is left out.
pub fn progress(work: &Fieldwork, only: &Only, by: Option<By>) -> Progress {
    let whole = only.cases.is_empty() && only.roles.is_empty() && only.phase.is_none();
    let places = if whole { work.places() } else { Vec::new() };
    let rows = by.map_or_else(Vec::new, |by| {
        groups(work, by)
            .into_iter()
            .map(|group| {
                let name = match &group {
                    Group::Case(case) => case.map(|c| work.case_name(c)),
                    Group::Phase(phase) => phase.map(|p| work.phase_name(p)),
                    Group::Role(role) => role.clone(),
                };
                let counts = group.counts(&work.people, work.scope);
                row(
                    Some(name.unwrap_or_else(|| NONE.into())),
                    counts,
                    group.wanted(&places),
                )
            })
            .collect()
    });
    Progress {
        by,
        phase: only.phase.clone(),
        rows,
        total: row(
            None,
            counts(&work.people, work.scope),
            wanted_in_all(&places),
        ),
        plan: whole.then(|| plan(work)),
    }
}

fn row(group: Option<String>, counts: Counts, wanted: Option<usize>) -> Row {
    Row {
        group,
        counts,
        wanted,
        to_recruit: wanted.map(|w| w.saturating_sub(counts.recruited)),
        to_interview: wanted.map(|w| w.saturating_sub(counts.interviewed)),
        percent: percent(counts.interviewed, wanted),
    }
}

/// The groups in order: those that have somebody, and those that the plan names; what has no name is last.
fn groups(work: &Fieldwork, by: By) -> Vec<Group> {
    match by {
        By::Case => {
            let mut found: BTreeSet<i64> = work
                .people
                .iter()
                .flat_map(|p| p.cases.iter().copied())
                .collect();
            found.extend(work.quotas.iter().filter_map(|q| q.case));
            let mut found: Vec<i64> = found.into_iter().collect();
            found.sort_by_key(|c| work.case_name(*c).to_lowercase());
            let mut groups: Vec<Group> = found.into_iter().map(|c| Group::Case(Some(c))).collect();
            if work.people.iter().any(|p| p.cases.is_empty()) {
                groups.push(Group::Case(None));
            }
            groups
        }
        By::Phase => {
            let mut phases: Vec<_> = work.names.phases.values().collect();
            phases.sort_by_key(|p| (p.from.is_none(), p.from.clone(), p.slug.clone()));
            let asked = |phase: Option<i64>| match work.scope {
                Scope::Study => true,
                Scope::Phase(only) => only == phase,
            };
            let mut groups: Vec<Group> = phases
                .into_iter()
                .filter(|p| asked(Some(p.id)))
                .map(|p| Group::Phase(Some(p.id)))
                .collect();
            if asked(None) && work.people.iter().any(|p| p.is_in(Scope::Phase(None))) {
                groups.push(Group::Phase(None));
            }
            groups
        }
        By::Role => {
            let mut seen: HashSet<String> = HashSet::new();
            let of_people = work.people.iter().filter_map(|p| p.role.as_ref());
            let of_plan = work.quotas.iter().filter_map(|q| q.role.as_ref());
            let mut roles: Vec<String> = of_people
                .chain(of_plan)
                .filter(|r| seen.insert(r.to_lowercase()))
                .cloned()
                .collect();
            roles.sort_by_key(|r| (r.to_lowercase(), r.clone()));
            let mut groups: Vec<Group> = roles.into_iter().map(|r| Group::Role(Some(r))).collect();
            if work.people.iter().any(|p| p.role.is_none()) {
                groups.push(Group::Role(None));
            }
            groups
        }
    }
}

/// One participant's way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Way {
    pub participant: String,
    pub role: Option<String>,
    pub cases: Vec<String>,
    /// true and false where it is known, null where it is not.
    pub stages: Reached,
    pub marks: Vec<WayMark>,
    pub transcripts: Vec<WayTranscript>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WayMark {
    pub stage: Stage,
    pub phase: Option<String>,
    pub date: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WayTranscript {
    pub transcript: String,
    pub kind: String,
    pub phase: Option<String>,
    pub date: Option<String>,
    /// The people who have coded it.
    pub coders: Vec<String>,
}

/// The way of each participant, in the order of their ids.
pub fn ways(work: &Fieldwork) -> Vec<Way> {
    work.participants
        .iter()
        .zip(&work.people)
        .map(|(p, person)| {
            let in_scope = |phase: Option<i64>| match work.scope {
                Scope::Study => true,
                Scope::Phase(only) => only == phase,
            };
            let mut marks: Vec<&Mark> = person.marks.iter().filter(|m| in_scope(m.phase)).collect();
            marks.sort_by_key(|m| m.stage);
            let held = work.interviews.get(&p.id).map(Vec::as_slice);
            let mut cases: Vec<String> = p.cases.iter().map(|c| work.case_name(*c)).collect();
            cases.sort();
            Way {
                participant: p.code.clone(),
                role: p.role.clone(),
                cases,
                stages: person.reached(work.scope),
                marks: marks
                    .into_iter()
                    .map(|m| WayMark {
                        stage: m.stage,
                        phase: m.phase.map(|p| work.phase_name(p)),
                        date: work.dates.get(&(p.id, m.phase, m.stage)).cloned().flatten(),
                    })
                    .collect(),
                transcripts: held
                    .unwrap_or_default()
                    .iter()
                    .filter(|h| in_scope(h.transcript.phase))
                    .map(|h| WayTranscript {
                        transcript: h.transcript.slug.clone(),
                        kind: h.transcript.kind.clone(),
                        phase: h.transcript.phase.map(|p| work.phase_name(p)),
                        date: h.transcript.date.clone(),
                        coders: h.coders.clone(),
                    })
                    .collect(),
            }
        })
        .collect()
}

/// The places of a plan that are said twice, before a line goes in.
pub fn same_place(quotas: &[Quota], new: &Quota) -> Result<(), Error> {
    let same = quotas.iter().find(|q| {
        q.id != new.id
            && q.case == new.case
            && q.phase == new.phase
            && crate::analysis::progress::same_role(q.role.as_deref(), new.role.as_deref())
    });
    match same {
        Some(q) => Err(Error::refused(
            format!("quota {} is for the same participants", q.id),
            format!(
                "change how many are wanted: casebook plan edit {} --wanted {}",
                q.id, new.wanted
            ),
        )),
        None => Ok(()),
    }
}

fn percent(part: usize, whole: Option<usize>) -> Option<f64> {
    let number = |n: usize| u32::try_from(n).map_or(f64::from(u32::MAX), f64::from);
    let whole = whole.filter(|w| *w > 0)?;
    Some(number(part) / number(whole) * 100.0)
}
