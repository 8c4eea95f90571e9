//! The one walk over the codings: counts for every theme, and the quotes that will be printed, each asked of the gate.
//!
//! Codings come transcript by transcript. Where all quotes are wanted each text is read once on the way and the quotes
//! are set aside by theme; where some are, the walk reads no text at all, and only those that were chosen are read
//! afterwards.

use std::collections::HashMap;
use std::path::Path;

use crate::search::IdSet;

use super::options::QuoteChoice;
use super::passage::{Passage, Passages, Turns};
use super::pool::Pool;
use super::quote::{Candidate, cut};
use super::source::{Source, Voice};
use super::spill::{Piece, Spill};
use super::{Error, Renderer};
use crate::coding::quotes::each_ref;
use crate::domain::span::Codepoints;
use crate::error::Result;
use crate::governance::gate::{self, Audience, HeldBack, Reason};
use crate::report::Block;
use crate::store::Transcript;
use crate::study::Progress;
use crate::study::passage::Reader;

/// Quotes longer than this are cut, in code points.
pub(super) const LONGEST: usize = 600;

/// How much was coded.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tally {
    pub(super) codings: u64,
    pub(super) transcripts: IdSet,
    pub(super) participants: IdSet,
    /// Places of cases at the top.
    pub(super) cases: IdSet,
    /// What was added last: codings of one transcript come together, mostly of one person.
    last: Option<(i64, Voice)>,
}

impl Tally {
    pub(super) fn add(&mut self, heard: &Heard, tops: &[usize]) {
        self.codings += 1;
        let transcript = heard.transcript.id;
        if let [only] = heard.voices
            && self.last == Some((transcript, *only))
        {
            return;
        }
        self.last = heard.voices.last().map(|voice| (transcript, *voice));
        self.transcripts.insert(narrow(transcript));
        for p in heard.voices.iter().filter_map(|voice| voice.participant()) {
            self.participants.insert(narrow(p));
        }
        self.cases.extend(tops.iter().map(|top| narrow(*top)));
    }

    fn take_in(&mut self, other: &Self) {
        self.codings += other.codings;
        self.transcripts |= &other.transcripts;
        self.participants |= &other.participants;
        self.cases |= &other.cases;
    }
}

/// Ids of transcripts, people and cases are far below four thousand million.
fn narrow<N: TryInto<u32>>(id: N) -> u32 {
    id.try_into().unwrap_or(u32::MAX)
}

/// What may be done with the words of each voice in one transcript, asked once. What is off the record is in no count.
struct Promises<'s, 'a> {
    source: &'s Source<'a>,
    audience: Audience,
    transcript: i64,
    known: Vec<(Voice, Result<(), Reason>)>,
}

impl<'s, 'a> Promises<'s, 'a> {
    fn new(source: &'s Source<'a>, audience: Audience, transcript: i64) -> Self {
        Self {
            source,
            audience,
            transcript,
            known: Vec::new(),
        }
    }

    fn of(&mut self, voice: Voice) -> Result<(), Reason> {
        if let Some((_, known)) = self.known.iter().find(|(v, _)| *v == voice) {
            return *known;
        }
        let may = if self.source.is_off_record(voice, self.transcript) {
            Err(Reason::OffRecord)
        } else {
            self.source.may_quote(self.audience, voice, self.transcript)
        };
        self.known.push((voice, may));
        may
    }
}

/// One coding that counts, with everyone in it who counts.
pub(super) struct Heard<'t> {
    pub(super) transcript: &'t Transcript,
    pub(super) voices: &'t [Voice],
}

pub(super) struct Gathered {
    /// Of each theme by itself.
    pub(super) own: Vec<Tally>,
    /// Of each theme with all below it.
    pub(super) whole: Vec<Tally>,
    /// Of all themes together.
    pub(super) codings: u64,
    /// The first and the last event that made one of them.
    pub(super) events: Option<(i64, i64)>,
    /// Codings by each coder.
    pub(super) coders: HashMap<i64, u64>,
    /// Passages of each theme that may be quoted, whether chosen or not.
    pub(super) available: Vec<usize>,
    pub(super) held_back: HeldBack,
    /// Codings that wait for their place in a corrected text: counted nowhere else.
    pub(super) pending: usize,
    pub(super) quotes: Quotes,
}

/// Quotes by theme, ready to be printed.
pub(super) struct Quotes {
    spill: Spill,
    citations: Vec<String>,
}

impl Quotes {
    pub(super) fn count(&self, theme: usize) -> usize {
        self.spill.count(theme)
    }

    /// Prints the quotes of a theme and says how many they were.
    pub(super) fn print(&mut self, theme: usize, to: &mut dyn Renderer) -> Result<usize, Error> {
        let mut block = Block::Quote {
            text: String::new(),
            citation: Some(String::new()),
            note: None,
        };
        let mut printed = 0;
        let citations = &self.citations;
        self.spill.each::<Error>(theme, |piece| {
            if let Block::Quote {
                text,
                citation: Some(citation),
                ..
            } = &mut block
            {
                text.clear();
                text.push_str(piece.text);
                citation.clear();
                let who = usize::try_from(piece.citation)
                    .ok()
                    .and_then(|n| citations.get(n));
                citation.push_str(who.map_or("", String::as_str));
                if !piece.place.is_empty() {
                    citation.push_str(" · ");
                    citation.push_str(piece.place);
                }
            }
            to.block(&block)?;
            printed += 1;
            Ok(())
        })?;
        Ok(printed)
    }
}

/// A passage that was chosen, and where it is.
#[derive(Clone, Copy)]
struct Chosen {
    transcript: i64,
    passage: Passage,
}

/// Walks the codings of the source's selection. `each` sees every one that counts.
pub(super) fn gather(
    source: &Source,
    choice: QuoteChoice,
    audience: Audience,
    progress: &dyn Progress,
    mut each: impl FnMut(&Heard),
) -> Result<Gathered> {
    let themes = source.themes.len();
    let folder = source.study.path().parent().unwrap_or(Path::new("."));
    let mut desk = Desk {
        source,
        audience,
        spill: Spill::new(themes, folder),
        citations: Citations::default(),
        text: String::new(),
    };
    let pick = match choice {
        QuoteChoice::Some(n) => n,
        QuoteChoice::None | QuoteChoice::All => 0,
    };
    let mut pools: Vec<Pool<Chosen>> = vec![Pool::new(pick); themes];
    let mut own = vec![Tally::default(); themes];
    let mut codings = 0;
    let mut events: Option<(i64, i64)> = None;
    let mut coders: HashMap<i64, u64> = HashMap::new();
    let mut available = vec![0; themes];
    let mut held_back = HeldBack::default();
    let mut order = 0_i64;
    let mut passages = Passages::default();
    let mut reader = Reader::new(&source.study.store)?;
    progress.total(source.transcripts.len() as u64);
    each_ref(
        source.study,
        &source.selection,
        &mut reader,
        |reader, transcript, found| {
            if source.is_silent(transcript.id) {
                return Ok(());
            }
            progress.step();
            passages.clear();
            let tops = source.tops_of(transcript.case);
            let ranges = found.iter().map(|q| (q.coding.turn, q.coding.last_turn));
            let mut promises = Promises::new(source, audience, transcript.id);
            let turns = Turns::read(source.study, reader, transcript, ranges)?;
            let mut voices: Vec<Voice> = Vec::new();
            for q in found {
                let Some(theme) = source.place(q.coding.theme) else {
                    continue;
                };
                voices.clear();
                turns.passages(theme, q, &source.selection, |passage| {
                    if promises.of(passage.voice) == Err(Reason::OffRecord) {
                        return;
                    }
                    voices.push(passage.voice);
                    passages.add(passage);
                });
                if voices.is_empty() {
                    continue;
                }
                let heard = Heard {
                    transcript,
                    voices: &voices,
                };
                own[theme].add(&heard, tops);
                codings += 1;
                let event = q.coding.event;
                events = Some(events.map_or((event, event), |(a, b)| (a.min(event), b.max(event))));
                *coders.entry(q.coding.coder).or_default() += 1;
                each(&heard);
            }
            if choice == QuoteChoice::None {
                return Ok(());
            }
            passages.all.retain(|p| match promises.of(p.voice) {
                Ok(()) => true,
                Err(reason) => {
                    held_back.add(reason);
                    false
                }
            });
            for p in &passages.all {
                available[p.theme] += 1;
            }
            if choice == QuoteChoice::All {
                return desk.set_aside(reader, transcript, &passages.all);
            }
            for p in &passages.all {
                order += 1;
                let candidate = Candidate {
                    case: tops.first().and_then(|top| i64::try_from(*top).ok()),
                    participant: p.voice.participant(),
                    length: p.length(),
                    order,
                };
                pools[p.theme].add(
                    candidate,
                    Chosen {
                        transcript: transcript.id,
                        passage: *p,
                    },
                );
            }
            Ok(())
        },
    )?;
    let mut chosen: Vec<(Candidate, Chosen)> = pools.into_iter().flat_map(Pool::chosen).collect();
    chosen.sort_by_key(|(candidate, _)| candidate.order);
    for of_one in chosen.chunk_by(|a, b| a.1.transcript == b.1.transcript) {
        let transcript = reader.transcript(of_one[0].1.transcript)?.clone();
        let passages: Vec<Passage> = of_one.iter().map(|(_, chosen)| chosen.passage).collect();
        desk.set_aside(&mut reader, &transcript, &passages)?;
    }
    let mut whole = own.clone();
    // Parents stand before their children.
    for theme in (0..themes).rev() {
        if let Some(parent) = source.parent(theme) {
            let below = whole[theme].clone();
            whole[parent].take_in(&below);
        }
    }
    Ok(Gathered {
        own,
        whole,
        codings,
        events,
        coders,
        available,
        held_back,
        pending: source.study.pending_in(&source.selection)?,
        quotes: Quotes {
            spill: desk.spill,
            citations: desk.citations.all,
        },
    })
}

/// Where quotes are made ready and set aside.
struct Desk<'s, 'a> {
    source: &'s Source<'a>,
    audience: Audience,
    spill: Spill,
    citations: Citations,
    text: String,
}

impl Desk<'_, '_> {
    /// Reads the words of passages of one transcript.
    fn set_aside(
        &mut self,
        reader: &mut Reader,
        transcript: &Transcript,
        passages: &[Passage],
    ) -> Result<()> {
        if passages.is_empty() {
            return Ok(());
        }
        let source = self.source;
        let ranges = passages.iter().map(Passage::turns);
        let turns = Turns::read(source.study, reader, transcript, ranges)?;
        self.citations.new_transcript();
        source
            .study
            .store
            .with_text(transcript.revision.id, |text| -> Result<(), Error> {
                let points = Codepoints::new(text);
                for p in passages {
                    turns.words(p, &points, &mut self.text);
                    // A passage that holds nothing but a label, or white space, says nothing.
                    if self.text.trim().is_empty() {
                        continue;
                    }
                    let place = match self.audience {
                        // Who belongs to the study may look a passage up; to others its place would tie a person's words together.
                        Audience::Team => format!(
                            "{}:{}",
                            transcript.slug,
                            transcript.revision.number_of(p.turn)
                        ),
                        Audience::Participant | Audience::Public => String::new(),
                    };
                    let citation = self.citations.of(source, transcript, p.voice);
                    // Bytes are never fewer than code points, so most quotes need no counting.
                    let short = self.text.len() <= LONGEST;
                    let cut = if short {
                        None
                    } else {
                        Some(cut(&self.text, LONGEST).0)
                    };
                    let text = cut.as_deref().unwrap_or(&self.text);
                    self.spill.push(
                        p.theme,
                        Piece {
                            citation,
                            place: &place,
                            text,
                        },
                    )?;
                }
                Ok(())
            })??;
        Ok(())
    }
}

/// Citations, each kept once.
#[derive(Default)]
struct Citations {
    all: Vec<String>,
    known: HashMap<String, u32>,
    /// Of the present transcript.
    here: Vec<(Voice, u32)>,
}

impl Citations {
    fn new_transcript(&mut self) {
        self.here.clear();
    }

    fn of(&mut self, source: &Source, transcript: &Transcript, voice: Voice) -> u32 {
        if let Some((_, known)) = self.here.iter().find(|(v, _)| *v == voice) {
            return *known;
        }
        let participant = voice
            .participant()
            .and_then(|p| source.people.participants.get(&p));
        let words = gate::citation(&source.people, transcript, participant);
        let next = narrow(self.all.len());
        let number = *self.known.entry(words).or_insert_with_key(|words| {
            self.all.push(words.clone());
            next
        });
        self.here.push((voice, number));
        number
    }
}
