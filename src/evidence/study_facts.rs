//! What the study itself can say of how it was done: counts and words of fixed lists, gathered once, for checklists and
//! for what is open.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::response::{Answers, Responses};
use crate::coding::codebook::Codebook;
use crate::coding::quotes::each_ref;
use crate::domain::attribute::Owner;
use crate::domain::coder::is_human;
use crate::domain::filter::Filter;
use crate::domain::words::{Attribution, Method, TranscriptKind};
use crate::error::Result;
use crate::governance::gate::{Asked, Audience, To, ask};
use crate::governance::limit::Limits;
use crate::store::{Participant, transcript_of};
use crate::study::passage::Reader;
use crate::study::{Shut, Study};

/// The attributes of transcripts that checklists read, with what each holds.
pub const TRANSCRIPT_ATTRIBUTES: &[(&str, &str)] = &[
    (
        "interviewer",
        "who held it: initials, as the report names the team",
    ),
    ("mode", "face to face, by telephone, by video …"),
    ("setting", "where it was held: office, home, clinic …"),
    (
        "others-present",
        "who else was there; none, where nobody was",
    ),
    ("guide", "which version of the interview guide was used"),
    ("guide-piloted", "yes or no"),
    ("recorded", "audio, video or no"),
    ("duration", "in minutes"),
    ("field-notes", "yes or no: notes were made during or after"),
    (
        "returned",
        "yes or no: the transcript went back to the participant",
    ),
    (
        "approach",
        "how the participant was approached: letter, e-mail, in person …",
    ),
];

/// The values of one attribute over the transcripts that it is asked of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Transcripts that have each value.
    pub values: BTreeMap<String, usize>,
    /// Transcripts that have none.
    pub missing: usize,
}

impl Told {
    pub fn told(&self) -> usize {
        self.values.values().sum()
    }
}

/// Counts leave out who spoke off the record, and codings that wait for their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub version: &'static str,
    pub method: Method,
    pub questions: usize,
    /// Participants, and those of them who are in a transcript.
    pub participants: usize,
    pub heard: usize,
    /// Left out of all counts.
    pub off_record: usize,
    /// Participants of each role, however it is spelt; under `None` those without.
    pub roles: BTreeMap<Option<String>, usize>,
    /// Participants whose role is not to be said: a checklist is read by anybody.
    pub roles_kept: usize,
    /// Names of participants' attributes, with how many participants have a value.
    pub known_of_participants: BTreeMap<String, usize>,
    pub attribution: BTreeMap<String, usize>,
    pub not_quotable: usize,
    /// Participants who reached each stage.
    pub milestones: BTreeMap<String, i64>,
    /// How many answered to what they were told was found.
    pub answers: Answers,
    /// How many people a number must have that is for anyone to read.
    pub people_at_least: u64,
    /// Cases of each kind.
    pub cases: BTreeMap<String, usize>,
    pub phases: usize,
    pub transcripts: BTreeMap<TranscriptKind, usize>,
    /// The first transcript, and the first without a date: what a command is shown with.
    pub first: Option<String>,
    pub first_undated: Option<String>,
    pub words: i64,
    /// The first and the last day of any transcript, and how many have no date.
    pub days: Option<(String, String)>,
    pub undated: usize,
    /// Interviews and focus groups: what is asked of talks, not of documents.
    pub talks: usize,
    /// Participants who were talked with more than once.
    pub talked_again: usize,
    pub told: HashMap<&'static str, Told>,
    /// Talks whose text has times of a recording; how long each is at least, in minutes.
    pub timed: Vec<i64>,
    /// Texts that were corrected after they came in.
    pub corrected: usize,
    /// Codings by each person, and by rules.
    pub coders: BTreeMap<String, usize>,
    pub by_rule: usize,
    pub pending: usize,
    /// Transcripts that a person coded, and those that two or more did.
    pub coded: usize,
    pub double_coded: usize,
    pub themes: usize,
    pub levels: usize,
    pub defined: usize,
    /// Themes of each kind; under `None` those of which it isn't said.
    pub kinds: BTreeMap<Option<String>, usize>,
    /// Themes at the top level and below it, and how many of each are coded.
    pub major: (usize, usize),
    pub minor: (usize, usize),
    /// Themes below the top level that are coded in one case only.
    pub in_one_case: usize,
    /// Coded passages: all, those whose speaker is a participant of the study, those that may be quoted to anyone.
    pub passages: usize,
    pub passages_of_known: usize,
    pub passages_quotable: usize,
    /// Reported findings: all, with support, with rivals or contrary evidence looked for.
    pub findings: [i64; 3],
    pub versions: usize,
    pub memos: i64,
}

impl Facts {
    pub fn read(study: &Study) -> Result<Self> {
        let store = &study.store;
        let row = store.study()?;
        let all = store.participants()?;
        let sealed = Shut::read(store)?;
        let people: Vec<&Participant> = all.iter().filter(|p| !sealed.contains(&p.id)).collect();
        let mut facts = Self {
            version: env!("CARGO_PKG_VERSION"),
            method: row.method.parse().unwrap_or(Method::Codebook),
            questions: row.questions.len(),
            participants: people.len(),
            heard: 0,
            off_record: sealed.people().len(),
            roles: counted(
                people
                    .iter()
                    .filter(|p| role_may_be_said(p))
                    .map(|p| p.role.as_deref().map(|r| spelt(r, &people))),
            ),
            roles_kept: people.iter().filter(|p| !role_may_be_said(p)).count(),
            known_of_participants: BTreeMap::new(),
            attribution: counted(people.iter().map(|p| p.attribution.clone())),
            not_quotable: people.iter().filter(|p| !p.quotable).count(),
            milestones: store.participants_by_milestone()?,
            answers: Responses::read(store)?.overall(),
            people_at_least: store.people_at_least()?,
            cases: counted(store.cases()?.into_iter().map(|c| c.kind)),
            phases: store.phases()?.len(),
            transcripts: BTreeMap::new(),
            first: None,
            first_undated: None,
            words: 0,
            days: None,
            undated: 0,
            talks: 0,
            talked_again: 0,
            told: HashMap::new(),
            timed: Vec::new(),
            corrected: 0,
            coders: BTreeMap::new(),
            by_rule: 0,
            pending: store.pending_codings(None)?.len(),
            coded: 0,
            double_coded: 0,
            themes: 0,
            levels: 0,
            defined: 0,
            kinds: BTreeMap::new(),
            major: (0, 0),
            minor: (0, 0),
            in_one_case: 0,
            passages: 0,
            passages_of_known: 0,
            passages_quotable: 0,
            findings: store.finding_counts()?,
            versions: store.versions()?.len(),
            memos: store.count("memos")?,
        };
        let known = store.values(Owner::Participant, None)?;
        facts.known_of_participants = counted(
            known
                .into_iter()
                .filter(|v| !sealed.contains(&v.owner))
                .map(|v| v.attribute),
        );
        facts.of_transcripts(study, &sealed)?;
        facts.of_codings(study)?;
        Ok(facts)
    }

    fn of_transcripts(&mut self, study: &Study, sealed: &Shut) -> Result<()> {
        let store = &study.store;
        let with = store.transcript_participants(None)?;
        let times = store.last_times()?;
        let mut values: HashMap<(i64, String), String> = HashMap::new();
        for v in store.values(Owner::Transcript, None)? {
            values.insert((v.owner, v.attribute.to_lowercase()), v.value);
        }
        let mut talks_of: HashMap<i64, usize> = HashMap::new();
        let mut heard: BTreeSet<i64> = BTreeSet::new();
        let mut days: Vec<String> = Vec::new();
        let mut transcripts = store.transcripts()?;
        study.leave_out_sealed_words(&mut transcripts)?;
        for t in transcripts {
            let here: Vec<i64> = with.get(&t.id).into_iter().flatten().copied().collect();
            // Whom nobody may know of is not in a count, nor is the talk with them alone.
            if sealed.covers(&t.revision, &here) {
                continue;
            }
            let kind = t.kind.parse().unwrap_or(TranscriptKind::Document);
            *self.transcripts.entry(kind).or_default() += 1;
            self.first.get_or_insert_with(|| t.slug.clone());
            heard.extend(here.iter().filter(|p| !sealed.contains(p)));
            match t.date {
                Some(day) => days.push(day),
                None => {
                    self.undated += 1;
                    self.first_undated.get_or_insert_with(|| t.slug.clone());
                }
            }
            self.words += t.revision.words;
            self.corrected += usize::from(t.revision.number > 1);
            if !matches!(kind, TranscriptKind::Interview | TranscriptKind::FocusGroup) {
                continue;
            }
            self.talks += 1;
            for p in here.iter().filter(|p| !sealed.contains(p)) {
                *talks_of.entry(*p).or_default() += 1;
            }
            for (name, _) in TRANSCRIPT_ATTRIBUTES {
                let told = self.told.entry(name).or_default();
                match values.get(&(t.id, (*name).to_owned())) {
                    Some(value) => *told.values.entry(value.trim().to_owned()).or_default() += 1,
                    None => told.missing += 1,
                }
            }
            if let Some(ms) = times.get(&t.id) {
                self.timed.push(ms / 60_000);
            }
        }
        days.sort_unstable();
        self.days = days.first().cloned().zip(days.last().cloned());
        self.timed.sort_unstable();
        self.heard = heard.len();
        self.talked_again = talks_of.values().filter(|n| **n > 1).count();
        Ok(())
    }

    /// One scan of the codings, as `quotes` sees them.
    fn of_codings(&mut self, study: &Study) -> Result<()> {
        let store = &study.store;
        let coders: HashMap<i64, String> = store
            .coders()?
            .into_iter()
            .map(|c| (c.id, c.name))
            .collect();
        let mut by_coder: HashMap<i64, usize> = HashMap::new();
        let mut who: HashMap<i64, BTreeSet<i64>> = HashMap::new();
        let mut cases_of: HashMap<i64, BTreeSet<Option<i64>>> = HashMap::new();
        let selection = study.select(&Filter::default())?;
        let limits = Limits::read(store)?;
        let anyone = To::anyone(Audience::Public);
        let mut reader = Reader::new(store)?;
        each_ref(
            study,
            &selection,
            &mut reader,
            |reader, transcript, found| {
                for q in found {
                    let c = &q.coding;
                    self.passages += 1;
                    self.passages_of_known += usize::from(q.participant.is_some());
                    let person = q
                        .participant
                        .and_then(|id| reader.people.participants.get(&id));
                    let open = ask(&Asked {
                        to: &anyone,
                        person,
                        interviewer: q.interviewer,
                        bound: limits.on(transcript, c.span, [c.id]),
                        case: transcript.case,
                        among_few: false,
                    })
                    .is_ok();
                    self.passages_quotable += usize::from(open);
                    *by_coder.entry(c.coder).or_default() += 1;
                    cases_of.entry(c.theme).or_default().insert(transcript.case);
                    if coders.get(&c.coder).is_some_and(|name| is_human(name)) {
                        who.entry(transcript_of(c.id)).or_default().insert(c.coder);
                    }
                }
                Ok(())
            },
        )?;
        for (id, codings) in by_coder {
            match coders.get(&id) {
                Some(name) if is_human(name) => {
                    self.coders.insert(name.clone(), codings);
                }
                _ => self.by_rule += codings,
            }
        }
        self.coded = who.len();
        self.double_coded = who.values().filter(|w| w.len() > 1).count();
        let book = Codebook::read(store)?;
        for t in book.themes() {
            self.themes += 1;
            self.levels = self.levels.max(book.depth(t.id) + 1);
            self.defined += usize::from(t.definition.is_some());
            *self.kinds.entry(t.kind.clone()).or_default() += 1;
            let used = book
                .with_below(t.id)
                .iter()
                .any(|id| cases_of.contains_key(id));
            let part = if t.parent.is_none() {
                &mut self.major
            } else {
                &mut self.minor
            };
            part.0 += 1;
            part.1 += usize::from(used);
            let own = cases_of.get(&t.id).map_or(0, BTreeSet::len);
            self.in_one_case += usize::from(t.parent.is_some() && own == 1);
        }
        Ok(())
    }

    /// A transcript that a command can be shown with: the first; where there is none yet, as one is called by default.
    pub fn a_transcript(&self) -> &str {
        self.first.as_deref().unwrap_or("T01")
    }

    pub fn transcripts_in_all(&self) -> usize {
        self.transcripts.values().sum()
    }

    /// What is told of an attribute; nothing, where no talk is in the study.
    pub fn told(&self, name: &str) -> Told {
        self.told.get(name).cloned().unwrap_or_default()
    }

    pub fn at_stage(&self, stage: &str) -> i64 {
        self.milestones.get(stage).copied().unwrap_or_default()
    }
}

fn counted<K: Ord>(all: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    for key in all {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// Whether a participant agreed to be known by role.
fn role_may_be_said(person: &Participant) -> bool {
    matches!(
        person.attribution.parse(),
        Ok(Attribution::Named | Attribution::RoleOrg | Attribution::Role)
    )
}

/// A role as the first participant who has it spells it: `Chair` and `chair` are one.
fn spelt(role: &str, people: &[&Participant]) -> String {
    people
        .iter()
        .filter_map(|p| p.role.as_deref())
        .find(|r| r.eq_ignore_ascii_case(role))
        .unwrap_or(role)
        .to_owned()
}
