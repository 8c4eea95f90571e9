//! The words of codings that cells name: the gate is asked for each, and what it holds back is counted.

use std::collections::HashMap;

use serde::Serialize;

use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::governance::gate::{Asked, Audience, HeldBack, Reason, To, ask, level_of};
use crate::governance::limit::Limits;
use crate::governance::population::Labels;
use crate::governance::{Known, citation, fits_enough};
use crate::store::{Coding, Participant, Transcript, transcript_of};
use crate::study::passage::Reader;
use crate::study::{Codebook, Selection, Shut, Study};

/// A coded passage that a cell names or that lies below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellPassage {
    pub coding: i64,
    pub transcript: String,
    pub turn: i64,
    pub start: u32,
    pub end: u32,
    /// Null where it may not be shown, or waits for its place in a corrected text.
    pub text: Option<String>,
    pub theme: String,
    pub participant: Option<String>,
    /// Whether it waits for its place in a corrected text.
    pub pending: bool,
    /// How it is cited outside the team, in the place of everything else.
    #[serde(skip)]
    pub citation: Option<String>,
}

impl CellPassage {
    /// Where it stands, as it is typed.
    pub fn place(&self) -> String {
        format!("{}:{}", self.transcript, self.turn)
    }

    /// What stands beneath its words: for the team the place and the person, for others what that person agreed to.
    pub fn source(&self) -> String {
        match (&self.citation, &self.participant) {
            (Some(citation), _) => citation.clone(),
            (None, Some(person)) => format!("{}, {person}", self.place()),
            (None, None) => self.place(),
        }
    }
}

/// Stands between words of one person where somebody else's are left out.
const OTHERS: &str = " […] ";

/// For whom passages are read, and what those know by where they stand.
pub struct Release<'a> {
    pub to: &'a To,
    /// Whether they stand in something narrowed to some cases or people.
    pub among_few: bool,
    pub known: Known,
    /// Only voices that this takes; `None`: all.
    pub taken: Option<&'a Selection>,
}

impl<'a> Release<'a> {
    /// For the frame: a row is one case, and what stands in it is known to come from there.
    pub fn in_frame(to: &'a To) -> Self {
        Self {
            to,
            among_few: true,
            known: Known {
                case: true,
                role: false,
            },
            taken: None,
        }
    }

    /// Why none of these voices may be quoted. Outside the frame, what is off the record is in no count, and so in none of
    /// what was held back.
    fn reason(&self, may: &[(Voice, May)]) -> Option<Reason> {
        let told = |reason: &Reason| self.taken.is_none() || *reason != Reason::OffRecord;
        may.iter()
            .filter(|(voice, _)| self.takes(voice))
            .filter_map(|(_, may)| may.err())
            .find(told)
    }

    fn takes(&self, voice: &Voice) -> bool {
        let role = if voice.interviewer {
            "interviewer"
        } else {
            "participant"
        };
        self.taken
            .is_none_or(|selection| selection.takes(role, voice.who))
    }
}

/// Reads passages by their numbers. They come in the order in which they are asked for; each text is read once. For the
/// team they are whole but for what was said off the record; for others, each is the words of one person who may be
/// quoted to them.
pub fn passages(
    study: &Study,
    codings: &[i64],
    release: &Release,
) -> Result<(HashMap<i64, CellPassage>, HeldBack)> {
    let book = Codebook::read(&study.store)?;
    let sealed = Shut::read(&study.store)?;
    let limits = Limits::read(&study.store)?;
    let to = release.to;
    let audience = to.audience;
    let mut reader = Reader::new(&study.store)?;
    let mut held = HeldBack::default();
    let labels = Labels::read(&study.store)?;
    let mut ids = codings.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let mut all: Vec<Coding> = Vec::new();
    for id in ids {
        all.extend(study.store.coding(id)?);
    }
    // By text, so that each is read once.
    all.sort_by_key(|c| (transcript_of(c.id), c.revision, c.id));
    let mut found = HashMap::new();
    for c in &all {
        let transcript = reader.transcript(transcript_of(c.id))?.clone();
        // What waits stands in an older text, and its turn has a number there.
        let revision = if c.revision == transcript.revision.id {
            Some(transcript.revision.clone())
        } else {
            study.store.revision(c.revision)?
        };
        let asking = Asking {
            sealed: &sealed,
            limits: &limits,
            to,
            among_few: release.among_few,
        };
        let mut may = voices(study, &mut reader, &asking, &transcript, c)?;
        let bound = limits.on(&transcript, c.span, [c.id]);
        for (voice, may) in may.iter_mut().filter(|(_, may)| may.is_ok()) {
            let person = voice.who.and_then(|p| reader.people.participants.get(&p));
            *may = person.map_or(Ok(()), |person| {
                let level = level_of(Some(person), bound);
                fits_enough(&labels, &transcript, person, level, audience, release.known)
            });
        }
        let open = may
            .iter()
            .filter(|(voice, _)| release.takes(voice))
            .find_map(|(voice, may)| may.ok().map(|()| *voice));
        if open.is_none()
            && let Some(reason) = release.reason(&may)
        {
            held.add(reason);
        }
        let mut of = open;
        if audience == Audience::Team {
            let people = may.iter().filter(|(_, may)| may.is_ok());
            of = people.map(|(v, _)| *v).find(|v| v.who.is_some()).or(open);
        }
        let text = match open {
            Some(_) if c.pending.is_some() => None,
            None => None,
            Some(_) if audience == Audience::Team => reader
                .open_slices(&sealed, &transcript, std::iter::once(c))?
                .pop(),
            Some(voice) => Some(own_words(&mut reader, &may, voice, c)?).filter(|t| !t.is_empty()),
        };
        let person = of.and_then(|voice| voice.who);
        found.insert(
            c.id,
            CellPassage {
                coding: c.id,
                turn: revision.map_or(0, |r| r.number_of(c.turn)),
                start: c.span.start,
                end: c.span.end,
                text,
                theme: book.path(c.theme),
                participant: reader.people.code(person).map(str::to_owned),
                pending: c.pending.is_some(),
                citation: (audience != Audience::Team).then(|| {
                    let person = person.and_then(|p| reader.people.participants.get(&p));
                    citation(
                        &reader.people,
                        &labels,
                        &transcript,
                        person,
                        level_of(person, bound),
                        audience,
                    )
                }),
                transcript: transcript.slug,
            },
        );
    }
    Ok((found, held))
}

/// What the gate says.
pub(super) type May = std::result::Result<(), Reason>;

/// Who speaks a turn, and its words.
#[derive(Clone, Copy)]
pub(super) struct Voice {
    who: Option<i64>,
    label: Option<i64>,
    interviewer: bool,
    words: Span,
}

/// What stays the same for all passages that the gate is asked of.
pub(super) struct Asking<'a> {
    pub(super) sealed: &'a Shut,
    pub(super) limits: &'a Limits,
    pub(super) to: &'a To,
    pub(super) among_few: bool,
}

/// Who speaks in each turn of a coding, and whether it may be shown.
pub(super) fn voices(
    study: &Study,
    reader: &mut Reader,
    asking: &Asking,
    transcript: &Transcript,
    coding: &Coding,
) -> Result<Vec<(Voice, May)>> {
    let turns = study
        .store
        .turns(coding.turn, coding.last_turn - coding.turn + 1)?;
    let bound = asking.limits.on(transcript, coding.span, [coding.id]);
    let may = |person: Option<&Participant>, interviewer: bool| {
        ask(&Asked {
            to: asking.to,
            person,
            interviewer,
            bound,
            case: transcript.case,
            among_few: asking.among_few,
        })
    };
    let mut found = Vec::with_capacity(turns.len());
    for turn in &turns {
        let who = reader.participant_of(transcript.id, turn)?;
        let interviewer = reader
            .speaker(turn.speaker)?
            .is_some_and(|s| s.role == "interviewer");
        let may = if reader.is_sealed(asking.sealed, transcript.id, turn)? {
            Err(Reason::OffRecord)
        } else if who.is_some() || interviewer {
            let person = who.and_then(|p| reader.people.participants.get(&p));
            may(person, interviewer)
        } else {
            // Nobody has said who speaks: it may be anyone whom the transcript is with.
            let with = reader.with(transcript.id)?.to_vec();
            may(None, false).and(
                with.iter()
                    .try_for_each(|p| may(reader.people.participants.get(p), false)),
            )
        };
        let voice = Voice {
            who,
            label: turn.speaker,
            interviewer: interviewer && who.is_none(),
            words: turn.span,
        };
        found.push((voice, may));
    }
    Ok(found)
}

/// What one voice says in a coding, without labels and others' words.
fn own_words(
    reader: &mut Reader,
    turns: &[(Voice, May)],
    voice: Voice,
    coding: &Coding,
) -> Result<String> {
    let points = Codepoints::new(reader.text(coding.revision)?);
    let mut said = String::new();
    let mut others = false;
    for (turn, may) in turns {
        let start = turn.words.start.max(coding.span.start);
        let part = Span::new(start, turn.words.end.min(coding.span.end).max(start));
        let words = points.slice(part).trim();
        // Two labels that nobody has assigned may be two people.
        let same = turn.who == voice.who && (turn.who.is_some() || turn.label == voice.label);
        if words.is_empty() || !same || *may == Err(Reason::OffRecord) {
            others |= !words.is_empty() && !said.is_empty();
            continue;
        }
        if !said.is_empty() {
            said.push_str(if others { OTHERS } else { "\n\n" });
        }
        others = false;
        said.push_str(words);
    }
    Ok(said)
}
