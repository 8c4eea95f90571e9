//! Subject access: all that is held about one person, for that person; others in it under no name and no pseudonym; and a
//! list of what was withheld and why.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;

use super::gate::{To, own_words};
use super::key::{EntityKind, Key};
use super::pseudonym::Names;
use crate::domain::attribute::Owner;
use crate::domain::coder::is_human;
use crate::domain::span::Span;
use crate::error::Result;
use crate::store::{
    Coding, EvidenceOn, Former, LimitOn, Memo, MemoOn, Participant, Revision, Speaker, Transcript,
    Turn,
};
use crate::study::passage::Reader;
use crate::study::{Codebook, Study};

/// What such a file is on the register of copies.
pub const SUBJECT_ACCESS: &str = "subject-access";

/// Stands for anybody else.
pub const ANOTHER: &str = "[another participant]";

/// All that is held about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    pub participant: String,
    /// The study's title.
    pub study: String,
    /// Whom to write to.
    pub contact: Option<String>,
    /// The day of the study's last change.
    pub as_of: Option<String>,
    pub role: Option<String>,
    pub organisation: Option<String>,
    /// The level at which this person may be cited.
    pub attribution: String,
    pub quotable: bool,
    pub cases: Vec<String>,
    pub attributes: Vec<HeldValue>,
    pub consents: Vec<HeldConsent>,
    pub limits: Vec<HeldLimit>,
    pub withdrawals: Vec<HeldWithdrawal>,
    pub milestones: Vec<HeldMilestone>,
    pub transcripts: Vec<HeldTranscript>,
    pub codings: Vec<HeldCoding>,
    pub memos: Vec<HeldMemo>,
    pub summaries: Vec<HeldSummary>,
    pub findings: Vec<HeldFinding>,
    pub responses: Vec<HeldAnswer>,
    pub reports: Vec<HeldReport>,
    pub copies: Vec<HeldCopy>,
    pub events: Vec<HeldEvent>,
    /// How rows about the person stood before they were changed or removed; kept so that it can be undone.
    pub earlier: Vec<HeldEarlier>,
    /// The person's entry in the key; `None` where the key was not opened or has none.
    pub key: Option<HeldKey>,
    pub withheld: Vec<Withheld>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldValue {
    pub name: String,
    pub value: String,
}

/// One form that was signed. What it did not ask for is null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldConsent {
    pub version: i64,
    pub signed: String,
    pub form: Option<String>,
    pub take_part: bool,
    pub record: Option<bool>,
    pub quote: Option<bool>,
    pub attribution: String,
    pub share: Option<bool>,
    pub archive: Option<bool>,
    pub contact: Option<bool>,
    pub until: Option<String>,
    pub approval: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldLimit {
    pub transcript: String,
    /// transcript, passage or quote.
    pub on: &'static str,
    pub level: Option<String>,
    pub quotable: bool,
    pub why: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldWithdrawal {
    pub mode: String,
    pub asked: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldMilestone {
    pub stage: String,
    pub date: Option<String>,
    pub phase: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldTranscript {
    pub transcript: String,
    pub kind: String,
    pub date: Option<String>,
    pub case: Option<String>,
    pub phase: Option<String>,
    /// Each text of it that is kept; the last is the present one.
    pub texts: Vec<HeldText>,
}

/// One text of a transcript: the person's own turns in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldText {
    pub revision: i64,
    pub turns: Vec<HeldTurn>,
    /// Turns of the same text that are not the person's, and are withheld.
    pub others: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldTurn {
    pub turn: i64,
    pub text: String,
}

/// A theme given to words of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldCoding {
    pub coding: i64,
    pub transcript: String,
    pub turn: i64,
    pub theme: String,
    /// What the codebook says of the theme.
    pub meaning: Option<String>,
    /// The person's own words in it.
    pub text: String,
    /// researcher or rule: who it was is withheld.
    pub by: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldMemo {
    /// What it is on, in a word: participant, coding, transcript …
    pub on: &'static str,
    pub at: String,
    pub text: String,
}

/// A summary of the frame that rests on words of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldSummary {
    pub case: Option<String>,
    pub theme: Option<String>,
    /// How many passages of the person it names.
    pub passages: usize,
}

/// A finding for which words of the person are evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldFinding {
    pub finding: i64,
    pub claim: String,
    /// How many passages or transcripts of the person support it, and contradict it.
    pub supports: usize,
    pub contradicts: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldAnswer {
    /// None: to the debrief as a whole.
    pub finding: Option<i64>,
    pub kind: String,
    pub text: Option<String>,
    pub received: String,
    /// None: still open.
    pub outcome: Option<String>,
    pub why: Option<String>,
}

/// A report that quotes the person, or was written for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldReport {
    pub kind: String,
    pub format: String,
    pub at: String,
    /// How many of their coded passages it quotes.
    pub quoted: usize,
}

/// A file with contents of the study; whether the person's words are in it is not on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldCopy {
    pub kind: String,
    pub at: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldEvent {
    pub event: i64,
    pub at: String,
    pub op: String,
    /// How many rows about the person it touched.
    pub rows: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldEarlier {
    /// When it ended.
    pub at: String,
    /// participant, attribute, milestone, consent, response …
    pub what: String,
    pub was: Vec<HeldValue>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldKey {
    pub name: String,
    pub also: Vec<String>,
    pub contact: Option<String>,
}

/// What is held and not given, or can't be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Withheld {
    pub what: String,
    pub count: usize,
    pub why: &'static str,
}

/// Takes others out of words that are given to somebody.
struct Mask {
    /// Others' codes, in lower case.
    codes: HashSet<String>,
    /// How others are called in transcripts, as it is written there.
    labels: HashSet<String>,
    names: Option<Names>,
    /// Places that may be somebody's name and were left.
    doubtful: usize,
}

impl Mask {
    fn new(
        person: &Participant,
        everyone: &[Participant],
        speakers: &[Speaker],
        key: Option<&Key>,
    ) -> Self {
        let mut called: HashMap<&str, BTreeSet<i64>> = HashMap::new();
        for speaker in speakers {
            if let Some(who) = speaker.participant {
                called.entry(speaker.label.trim()).or_default().insert(who);
            }
        }
        let names = key.map(|key| {
            Names::new(&Key {
                study: key.study.clone(),
                entities: key
                    .entities
                    .iter()
                    .filter(|e| {
                        e.kind == EntityKind::Person && !is_them(e.participant.as_deref(), person)
                    })
                    .cloned()
                    .collect(),
                ..Key::default()
            })
        });
        Self {
            codes: everyone
                .iter()
                .filter(|p| p.id != person.id)
                .map(|p| p.code.to_lowercase())
                .collect(),
            // What several people are called, or this one too, is nobody's name: `Interviewee`. Nor is one letter.
            labels: called
                .into_iter()
                .filter(|(label, who)| {
                    label.chars().nth(1).is_some() && who.len() == 1 && !who.contains(&person.id)
                })
                .map(|(label, _)| label.to_owned())
                .collect(),
            names,
            doubtful: 0,
        }
    }

    /// The words without others in them, and whether there was anybody.
    fn apply(&mut self, text: &str) -> (String, bool) {
        let mut found: Vec<std::ops::Range<usize>> = words(text)
            .filter(|range| {
                let word = &text[range.clone()];
                self.labels.contains(word) || self.codes.contains(&word.to_lowercase())
            })
            .collect();
        // What stands in brackets for a person already is a pseudonym too: the brackets go with it.
        for range in &mut found {
            if text[..range.start].ends_with('[') && text[range.end..].starts_with(']') {
                *range = range.start - 1..range.end + 1;
            }
        }
        for hit in self.names.iter().flat_map(|names| names.find(text)) {
            if hit.sure() {
                found.push(hit.span);
            } else {
                self.doubtful += 1;
            }
        }
        found.sort_by_key(|range| (range.start, range.end));
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for range in &found {
            if range.start < at {
                continue;
            }
            out.push_str(&text[at..range.start]);
            out.push_str(ANOTHER);
            at = range.end;
        }
        out.push_str(&text[at..]);
        (out, !found.is_empty())
    }
}

fn is_them(code: Option<&str>, person: &Participant) -> bool {
    code.is_some_and(|code| code.eq_ignore_ascii_case(&person.code))
}

/// The runs of letters, digits and hyphens in a text, in bytes; and the parts between hyphens of those that have some.
fn words(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut runs = Vec::new();
    let mut begun: Option<usize> = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if c.is_alphanumeric() || c == '-' || c == '_' {
            begun.get_or_insert(at);
        } else if let Some(from) = begun.take() {
            runs.push(from..at);
            let run = &text[from..at];
            if run.contains('-') {
                let mut start = from;
                for part in run.split('-') {
                    runs.push(start..start + part.len());
                    start += part.len() + 1;
                }
            }
        }
    }
    runs.into_iter().filter(|r| !r.is_empty())
}

/// Whether the code stands in a text as a word.
fn names_code(text: &str, code: &str) -> bool {
    words(text).any(|range| text[range].eq_ignore_ascii_case(code))
}

/// One text of a transcript with the turns that are the person's.
struct Own {
    revision: Revision,
    turns: Vec<Turn>,
    others: usize,
    interviewers: usize,
    unassigned: usize,
}

impl Own {
    fn has(&self, turn: i64) -> bool {
        self.turns.binary_search_by_key(&turn, |t| t.id).is_ok()
    }
}

/// Gathers all that is held about a person. With the key open, others' names are taken out of what is given.
///
/// # Errors
/// An unknown participant; a study that can't be read.
pub fn held(study: &Study, code: &str, key: Option<&Key>) -> Result<Held> {
    let store = &study.store;
    let person = store.participant(code)?;
    let to = To::participant(store, &person)?;
    let mut reader = Reader::new(store)?;
    let everyone = store.participants()?;
    let mut mask = Mask::new(&person, &everyone, &store.speakers(None)?, key);
    let book = Codebook::read(store)?;
    let row = store.study()?;
    let mut withheld: BTreeMap<(&'static str, &'static str), usize> = BTreeMap::new();

    let with = store.transcript_participants(None)?;
    let mut labels: HashSet<i64> = HashSet::new();
    for speaker in store.speakers(None)? {
        if speaker.participant == Some(person.id) {
            labels.insert(speaker.transcript);
        }
    }
    let theirs: Vec<Transcript> = store
        .transcripts()?
        .into_iter()
        .filter(|t| {
            labels.contains(&t.id) || with.get(&t.id).is_some_and(|p| p.contains(&person.id))
        })
        .collect();
    let alone = |t: &Transcript| with.get(&t.id).is_some_and(|p| p.as_slice() == [person.id]);

    let mut transcripts = Vec::new();
    let mut codings = Vec::new();
    let mut own_codings: Vec<i64> = Vec::new();
    // Those in which nobody else speaks.
    let mut theirs_alone: Vec<i64> = Vec::new();
    let coders: HashMap<i64, String> = store
        .coders()?
        .into_iter()
        .map(|c| (c.id, c.name))
        .collect();
    for transcript in &theirs {
        let mut texts = Vec::new();
        let mut owns = Vec::new();
        for revision in store.revisions(transcript.id)? {
            let own = own(&mut reader, &to, transcript.id, revision)?;
            let spans: Vec<Span> = own.turns.iter().map(|t| t.span).collect();
            let words = reader.slices(own.revision.id, &spans)?;
            texts.push(HeldText {
                revision: own.revision.number,
                turns: own
                    .turns
                    .iter()
                    .zip(words)
                    .map(|(turn, words)| HeldTurn {
                        turn: own.revision.number_of(turn.id),
                        text: mask.apply(&words).0,
                    })
                    .collect(),
                others: own.others,
            });
            if own.revision.number == transcript.revision.number {
                for (what, why, n) in [
                    (
                        "turns of other participants in the same transcripts",
                        "they are others' words, given in confidence",
                        own.others - own.interviewers - own.unassigned,
                    ),
                    (
                        "turns of interviewers in the same transcripts",
                        "they are the researchers' words",
                        own.interviewers,
                    ),
                    (
                        "turns of which nobody has said who speaks",
                        "they may be others' words; the researchers can assign them",
                        own.unassigned,
                    ),
                ] {
                    add(&mut withheld, what, why, n);
                }
            }
            owns.push(own);
        }
        for coding in store.codings_of(transcript.id)? {
            let Some(own) = owns.iter().find(|o| o.revision.id == coding.revision) else {
                continue;
            };
            if !(coding.turn..=coding.last_turn).any(|turn| own.has(turn)) {
                continue;
            }
            own_codings.push(coding.id);
            if (coding.turn..=coding.last_turn).all(|turn| own.has(turn)) {
                theirs_alone.push(coding.id);
            }
            codings.push(HeldCoding {
                coding: coding.id,
                transcript: transcript.slug.clone(),
                turn: own.revision.number_of(coding.turn),
                theme: mask.apply(&book.path(coding.theme)).0,
                meaning: book
                    .theme(coding.theme)
                    .and_then(|t| t.definition.as_deref())
                    .map(|text| mask.apply(text).0),
                text: mask.apply(&own_part(&mut reader, own, &coding)?).0,
                by: match coders.get(&coding.coder) {
                    Some(name) if is_human(name) => "researcher",
                    _ => "rule",
                },
            });
        }
        transcripts.push(HeldTranscript {
            transcript: transcript.slug.clone(),
            kind: transcript.kind.clone(),
            date: transcript.date.clone(),
            case: reader.people.case_slug(transcript.case).map(str::to_owned),
            phase: reader
                .people
                .phase_slug(transcript.phase)
                .map(str::to_owned),
            texts,
        });
    }
    if !codings.is_empty() {
        add(
            &mut withheld,
            "names of those who coded the person's words",
            "they are about the researchers",
            codings.len(),
        );
    }
    own_codings.sort_unstable();
    theirs_alone.sort_unstable();

    let memos = memos(
        study,
        &person,
        &theirs,
        &alone,
        &theirs_alone,
        &mut mask,
        &mut withheld,
    )?;
    let on_shared = |memo: &Memo| matches!(memo.on, MemoOn::Coding(id) if own_codings.binary_search(&id).is_ok() && theirs_alone.binary_search(&id).is_err());
    add(
        &mut withheld,
        "notes on passages in which others speak too",
        "they are about others too",
        store
            .memos()?
            .iter()
            .filter(|memo| on_shared(memo) && !names_code(&memo.text, &person.code))
            .count(),
    );
    let (summaries, findings) = rests_on(
        study,
        &mut reader,
        &book,
        &theirs,
        &own_codings,
        &mut mask,
        &mut withheld,
    )?;
    let said_of = named_by_others(study, &person, &theirs, &mut reader)?;
    add(
        &mut withheld,
        "turns of others that name the person's pseudonym",
        "they are others' words, given in confidence",
        said_of,
    );

    let rows = store.rows_about(person.id)?;
    let mut touched = rows.clone();
    for transcript in theirs.iter().filter(|t| alone(t)) {
        touched.push(("transcripts".to_owned(), transcript.id));
        for revision in store.revisions(transcript.id)? {
            touched.push(("revisions".to_owned(), revision.id));
        }
    }
    let touches = store.touches(&touched, person.id)?;
    let events: HashSet<i64> = touches.iter().map(|t| t.event).collect();
    add(
        &mut withheld,
        "reasons that were given for changes of what is held about the person",
        "they are the researchers' words, and may be about others too",
        store
            .reasons()?
            .iter()
            .filter(|(event, _)| events.contains(event))
            .count(),
    );
    for transcript in &theirs {
        add(
            &mut withheld,
            "what was noted of the person's transcripts as attributes",
            "it is about the talk and who led it",
            store.values(Owner::Transcript, Some(transcript.id))?.len(),
        );
    }
    let earlier: Vec<HeldEarlier> = store
        .former(&rows, person.id)?
        .into_iter()
        .filter_map(|former| before(former, &mut mask))
        .collect();
    let slugs: HashMap<i64, &str> = theirs.iter().map(|t| (t.id, t.slug.as_str())).collect();
    let limits = limits(
        study,
        &person,
        &theirs,
        &alone,
        &own_codings,
        &slugs,
        &mut mask,
    )?;
    let key_entry = key.and_then(|key| {
        key.entities
            .iter()
            .find(|e| is_them(e.participant.as_deref(), &person))
            .map(|e| HeldKey {
                name: e.real.clone(),
                also: e.aliases.clone(),
                contact: e.contact.clone(),
            })
    });
    add(
        &mut withheld,
        "places where a word may be somebody else's name",
        "they were left as they stand: look through them before this is handed over",
        mask.doubtful,
    );

    Ok(Held {
        participant: person.code.clone(),
        study: row.title,
        contact: row.contact,
        as_of: store
            .last_change()?
            .and_then(|at| at.get(..10).map(str::to_owned)),
        role: person.role.clone(),
        organisation: reader
            .people
            .case_slug(person.organisation)
            .map(str::to_owned),
        attribution: person.attribution.clone(),
        quotable: person.quotable,
        cases: person
            .cases
            .iter()
            .filter_map(|id| reader.people.case_slug(Some(*id)).map(str::to_owned))
            .collect(),
        attributes: store
            .values(Owner::Participant, Some(person.id))?
            .into_iter()
            .map(|v| HeldValue {
                name: v.attribute,
                value: mask.apply(&v.value).0,
            })
            .collect(),
        consents: store
            .consents_of(person.id)?
            .into_iter()
            .map(|c| HeldConsent {
                version: c.version,
                signed: c.signed,
                form: c.form.map(|text| mask.apply(&text).0),
                take_part: c.items.take_part,
                record: c.items.record,
                quote: c.items.quote,
                attribution: c.items.attribution.word().to_owned(),
                share: c.items.share,
                archive: c.items.archive,
                contact: c.items.contact,
                until: c.items.until,
                approval: c.approval.map(|text| mask.apply(&text).0),
            })
            .collect(),
        limits,
        withdrawals: store
            .withdrawn()?
            .into_iter()
            .filter(|w| w.participant == person.id)
            .map(|w| HeldWithdrawal {
                mode: w.mode,
                asked: w.asked,
            })
            .collect(),
        milestones: store
            .milestones()?
            .into_iter()
            .filter(|m| m.participant == person.id)
            .map(|m| HeldMilestone {
                stage: m.stage,
                date: m.date,
                phase: reader.people.phase_slug(m.phase).map(str::to_owned),
            })
            .collect(),
        transcripts,
        reports: store
            .releases_with(&own_codings)?
            .into_iter()
            .filter(|r| !r.codings.is_empty() || is_them(r.subject.as_deref(), &person))
            .map(|r| HeldReport {
                kind: r.kind,
                format: r.format,
                at: r.at,
                quoted: r.codings.len(),
            })
            .collect(),
        codings,
        memos,
        summaries,
        findings,
        responses: store
            .responses_held(person.id)?
            .into_iter()
            .map(|r| HeldAnswer {
                finding: r.finding,
                kind: r.kind,
                text: r.text.map(|text| mask.apply(&text).0),
                received: r.received,
                outcome: r.outcome,
                why: r.why.map(|why| mask.apply(&why).0),
            })
            .collect(),
        copies: store
            .copies()?
            .into_iter()
            // Who asked what is held about them is nobody else's business; and asked twice, the answer is the same.
            .filter(|c| c.kind != SUBJECT_ACCESS)
            .map(|c| HeldCopy {
                kind: c.kind,
                at: c.at,
            })
            .collect(),
        events: touches
            .into_iter()
            .map(|t| HeldEvent {
                event: t.event,
                at: t.at,
                op: t.op,
                rows: t.rows,
            })
            .collect(),
        earlier,
        key: key_entry,
        withheld: withheld
            .into_iter()
            .map(|((what, why), count)| Withheld {
                what: what.to_owned(),
                count,
                why,
            })
            .collect(),
    })
}

fn add(
    withheld: &mut BTreeMap<(&'static str, &'static str), usize>,
    what: &'static str,
    why: &'static str,
    n: usize,
) {
    if n > 0 {
        *withheld.entry((what, why)).or_default() += n;
    }
}

/// The turns of one text that the gate gives to the one who spoke them.
fn own(reader: &mut Reader, to: &To, transcript: i64, revision: Revision) -> Result<Own> {
    let mut own = Own {
        turns: Vec::new(),
        others: 0,
        interviewers: 0,
        unassigned: 0,
        revision,
    };
    for turn in reader.turns(&own.revision)? {
        let person = reader.participant_of(transcript, &turn)?;
        if own_words(to, person) {
            own.turns.push(turn);
            continue;
        }
        own.others += 1;
        if person.is_none() {
            let interviewer = reader
                .speaker(turn.speaker)?
                .is_some_and(|s| s.role == "interviewer");
            if interviewer {
                own.interviewers += 1;
            } else {
                own.unassigned += 1;
            }
        }
    }
    Ok(own)
}

/// What of a coded passage the person said; a mark where somebody else speaks in between.
fn own_part(reader: &mut Reader, own: &Own, coding: &Coding) -> Result<String> {
    let spans: Vec<Span> = own
        .turns
        .iter()
        .filter(|t| t.span.overlaps(coding.span))
        .map(|t| {
            Span::new(
                t.span.start.max(coding.span.start),
                t.span.end.min(coding.span.end),
            )
        })
        .collect();
    Ok(reader
        .slices(own.revision.id, &spans)?
        .join(&format!(" {} ", crate::study::passage::LEFT_OUT)))
}

/// Notes about the person: on the person, on what they said, on transcripts with nobody else; and any that names their
/// pseudonym. One that names somebody else is withheld.
fn memos(
    study: &Study,
    person: &Participant,
    theirs: &[Transcript],
    alone: &dyn Fn(&Transcript) -> bool,
    own_codings: &[i64],
    mask: &mut Mask,
    withheld: &mut BTreeMap<(&'static str, &'static str), usize>,
) -> Result<Vec<HeldMemo>> {
    let solo: HashSet<i64> = theirs.iter().filter(|t| alone(t)).map(|t| t.id).collect();
    let shared: HashSet<i64> = theirs.iter().filter(|t| !alone(t)).map(|t| t.id).collect();
    let mut given = Vec::new();
    let about = |memo: &Memo| match memo.on {
        MemoOn::Participant(id) => id == person.id,
        MemoOn::Transcript(id) => solo.contains(&id),
        MemoOn::Coding(id) => own_codings.binary_search(&id).is_ok(),
        _ => false,
    };
    for memo in study.store.memos()? {
        if matches!(memo.on, MemoOn::Transcript(id) if shared.contains(&id)) {
            add(
                withheld,
                "notes on transcripts with several people",
                "they are about others too",
                1,
            );
            continue;
        }
        if !about(&memo) && !names_code(&memo.text, &person.code) {
            continue;
        }
        let (text, others) = mask.apply(&memo.text);
        if others {
            add(
                withheld,
                "notes about the person",
                "they name others too",
                1,
            );
            continue;
        }
        given.push(HeldMemo {
            on: match memo.on {
                MemoOn::Study => "study",
                MemoOn::Case(_) => "case",
                MemoOn::Participant(_) => "participant",
                MemoOn::Transcript(_) => "transcript",
                MemoOn::Theme(_) => "theme",
                MemoOn::Coding(_) => "coding",
                MemoOn::Finding(_) => "finding",
            },
            at: memo.at,
            text,
        });
    }
    Ok(given)
}

/// What of the frame and of the findings rests on what the person said.
fn rests_on(
    study: &Study,
    reader: &mut Reader,
    book: &Codebook,
    theirs: &[Transcript],
    own_codings: &[i64],
    mask: &mut Mask,
    withheld: &mut BTreeMap<(&'static str, &'static str), usize>,
) -> Result<(Vec<HeldSummary>, Vec<HeldFinding>)> {
    use crate::domain::words::Bearing;
    let store = &study.store;
    let mut cells: BTreeMap<i64, (HeldSummary, bool)> = BTreeMap::new();
    let mut findings: BTreeMap<i64, (BTreeSet<i64>, BTreeSet<i64>)> = BTreeMap::new();
    let note = |on: EvidenceOn, findings: &mut BTreeMap<i64, (BTreeSet<i64>, BTreeSet<i64>)>| {
        for evidence in store.evidence_on(on)? {
            let (supports, contradicts) = findings.entry(evidence.finding).or_default();
            match evidence.bears {
                Bearing::Supports => supports.insert(evidence.id),
                Bearing::Contradicts => contradicts.insert(evidence.id),
            };
        }
        Ok::<_, crate::error::Failure>(())
    };
    for coding in own_codings {
        for cell in store.cells_on_coding(*coding)? {
            let entry = cells.entry(cell.id).or_insert_with(|| {
                let summary = HeldSummary {
                    case: reader.people.case_slug(cell.case).map(str::to_owned),
                    theme: cell.theme.map(|theme| mask.apply(&book.path(theme)).0),
                    passages: 0,
                };
                (summary, cell.text.is_some())
            });
            entry.0.passages += 1;
        }
        note(EvidenceOn::Coding(*coding), &mut findings)?;
    }
    for cell in cells.keys() {
        note(EvidenceOn::Cell(*cell), &mut findings)?;
    }
    for transcript in theirs {
        note(EvidenceOn::Transcript(transcript.id), &mut findings)?;
    }
    add(
        withheld,
        "texts of summaries that rest on what the person said",
        "they sum up what others said too",
        cells.values().filter(|(_, text)| *text).count(),
    );
    let mut told = Vec::new();
    for (id, (supports, contradicts)) in findings {
        let Some(finding) = store.finding(id)? else {
            continue;
        };
        told.push(HeldFinding {
            finding: id,
            claim: mask.apply(&finding.claim).0,
            supports: supports.len(),
            contradicts: contradicts.len(),
        });
    }
    Ok((cells.into_values().map(|(cell, _)| cell).collect(), told))
}

/// How many turns of others name the person's pseudonym.
fn named_by_others(
    study: &Study,
    person: &Participant,
    theirs: &[Transcript],
    reader: &mut Reader,
) -> Result<usize> {
    let store = &study.store;
    let own: HashSet<i64> = theirs.iter().map(|t| t.id).collect();
    let mut found = 0;
    for transcript in store.transcripts()? {
        let revision = &transcript.revision;
        if !store.with_text(revision.id, |text| names_code(text, &person.code))? {
            continue;
        }
        let turns = reader.turns(revision)?;
        let spans: Vec<Span> = turns.iter().map(|t| t.span).collect();
        let words = reader.slices(revision.id, &spans)?;
        for (turn, words) in turns.iter().zip(words) {
            let theirs = own.contains(&transcript.id)
                && reader.participant_of(transcript.id, turn)? == Some(person.id);
            found += usize::from(!theirs && names_code(&words, &person.code));
        }
    }
    Ok(found)
}

fn limits(
    study: &Study,
    person: &Participant,
    theirs: &[Transcript],
    alone: &dyn Fn(&Transcript) -> bool,
    own_codings: &[i64],
    slugs: &HashMap<i64, &str>,
    mask: &mut Mask,
) -> Result<Vec<HeldLimit>> {
    let solo: HashSet<i64> = theirs.iter().filter(|t| alone(t)).map(|t| t.id).collect();
    let mut reader = Reader::of_few(&study.store)?;
    let mut told = Vec::new();
    for limit in study.store.limits()? {
        let Some(slug) = slugs.get(&limit.transcript) else {
            continue;
        };
        let (on, theirs) = match limit.on {
            LimitOn::Transcript => ("transcript", true),
            LimitOn::Coding(id) => ("quote", own_codings.binary_search(&id).is_ok()),
            LimitOn::Passage(passage) => {
                let mut any = solo.contains(&limit.transcript);
                for turn in passage.turn..=passage.last_turn {
                    if let (false, Some(turn)) = (any, study.store.turn(turn)?) {
                        any = reader.participant_of(limit.transcript, &turn)? == Some(person.id);
                    }
                }
                ("passage", any)
            }
        };
        if theirs {
            told.push(HeldLimit {
                transcript: (*slug).to_owned(),
                on,
                level: limit.level.map(|l| l.word().to_owned()),
                quotable: limit.quotable,
                why: limit.why.map(|why| mask.apply(&why).0),
            });
        }
    }
    Ok(told)
}

/// How a row stood, without numbers that mean nothing to anybody.
fn before(former: Former, mask: &mut Mask) -> Option<HeldEarlier> {
    let what = match former.table.as_str() {
        "participants" => "participant",
        "attribute_values" => "attribute",
        "milestones" => "milestone",
        "consents" => "consent",
        "responses" => "response",
        "decisions" => "decision",
        "memos" => "memo",
        // Which case, transcript or label it was is told by what stands now and by the events.
        _ => return None,
    };
    let was: Vec<HeldValue> = former
        .before
        .iter()
        .filter(|(name, value)| {
            !matches!(
                name.as_str(),
                "id" | "uuid" | "participant" | "participant_id" | "event" | "coder" | "form"
            ) && !name.ends_with("_id")
                && !value.is_null()
        })
        .map(|(name, value)| {
            let text = match value {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            HeldValue {
                name: name.clone(),
                value: mask.apply(&text).0,
            }
        })
        .collect();
    (!was.is_empty()).then(|| HeldEarlier {
        at: former.at,
        what: what.to_owned(),
        was,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mask() -> Mask {
        let person = |id, code: &str| Participant {
            id,
            ..Participant::new(code)
        };
        let everyone = [person(1, "P07"), person(2, "P08"), person(3, "GP-2")];
        let called = |id, label: &str, who| Speaker {
            id,
            transcript: 1,
            label: label.into(),
            role: String::new(),
            participant: Some(who),
        };
        let speakers = [
            called(1, "Bo", 2),
            called(2, "Interviewee", 2),
            called(3, "Interviewee", 1),
        ];
        Mask::new(&everyone[0], &everyone, &speakers, None)
    }

    #[test]
    fn others_are_taken_out_and_the_reader_stays() {
        let mut mask = mask();
        for (text, given) in [
            ("P07 met P08.", "P07 met [another participant]."),
            ("as [P08] said", "as [another participant] said"),
            (
                "p08's view, and GP-2's",
                "[another participant]'s view, and [another participant]'s",
            ),
            ("P08-P07", "[another participant]-P07"),
            ("So it is, Bo.", "So it is, [another participant]."),
            ("Bob and bo, Interviewee", "Bob and bo, Interviewee"),
            ("P081, XP08, P0 8", "P081, XP08, P0 8"),
            ("", ""),
        ] {
            assert_eq!(mask.apply(text).0, given);
            assert_eq!(mask.apply(text).1, text != given);
        }
    }

    proptest! {
        #[test]
        fn no_code_of_another_is_left(text in "([ .,\\[\\]'\\-]|P07|P08|p08|GP-2|é|word){0,12}") {
            let (given, _) = mask().apply(&text);
            prop_assert!(!names_code(&given, "P08"), "{given}");
            prop_assert!(!names_code(&given, "GP-2"), "{given}");
            prop_assert_eq!(given.matches("P07").count() , text.matches("P07").count());
        }
    }
}
