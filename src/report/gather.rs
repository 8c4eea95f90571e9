//! The one walk over the codings: counts for every theme, and the quotes that will be printed, each asked of the gate.
//!
//! Codings come transcript by transcript. Where all quotes are wanted each text is read once on the way and the quotes
//! are set aside by theme; where some are, the walk reads no text at all, and only those that were chosen are read
//! afterwards.

use std::collections::{HashMap, HashSet};
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
use crate::domain::words::Attribution;
use crate::error::Result;
use crate::governance::cited;
use crate::governance::gate::{Audience, HeldBack, Reason};
use crate::governance::limit::Bound;
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

    pub(super) fn take_in(&mut self, other: &Self) {
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
pub(super) struct Promises<'s, 'a> {
    source: &'s Source<'a>,
    audience: Audience,
    transcript: &'s Transcript,
    known: Vec<(Voice, Bound, Result<(), Reason>)>,
}

impl<'s, 'a> Promises<'s, 'a> {
    pub(super) fn new(
        source: &'s Source<'a>,
        audience: Audience,
        transcript: &'s Transcript,
    ) -> Self {
        Self {
            source,
            audience,
            transcript,
            known: Vec::new(),
        }
    }

    /// Of the words of one voice, where limits bind them so.
    pub(super) fn of(&mut self, voice: Voice, bound: Bound) -> Result<(), Reason> {
        let same = |(v, b, _): &&(Voice, Bound, _)| (*v, *b) == (voice, bound);
        if let Some((_, _, known)) = self.known.iter().find(same) {
            return *known;
        }
        let may = if self.source.is_off_record(voice, self.transcript.id) {
            Err(Reason::OffRecord)
        } else {
            self.source
                .may_quote(self.audience, voice, self.transcript, bound)
        };
        self.known.push((voice, bound, may));
        may
    }

    /// Of the words of a voice, whatever limits say.
    pub(super) fn is_off_record(&mut self, voice: Voice) -> bool {
        self.of(voice, Bound::default()) == Err(Reason::OffRecord)
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

/// Quotes by theme (or another slot that they stand in), ready to be printed.
pub(super) struct Quotes {
    spill: Spill,
    citations: Vec<String>,
    /// The place of each citation among all, where quotes stand by them.
    rank: Vec<u32>,
    /// The codings that each comes from, with its slot.
    codings: Vec<(usize, i64)>,
    printed: HashSet<usize>,
}

impl Quotes {
    /// The codings of all quotes that were printed, ascending.
    pub(super) fn quoted(&self) -> Vec<i64> {
        let mut ids: Vec<i64> = self
            .codings
            .iter()
            .filter(|(slot, _)| self.printed.contains(slot))
            .map(|(_, id)| *id)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

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
        self.printed.insert(theme);
        let citations = &self.citations;
        let each = |piece: Piece| {
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
        };
        if self.spill.is_sorted() {
            self.spill.each_by::<Error>(theme, &self.rank, each)?;
        } else {
            self.spill.each::<Error>(theme, each)?;
        }
        Ok(printed)
    }
}

/// A passage that was chosen, and where it is.
#[derive(Clone)]
struct Chosen {
    transcript: i64,
    passage: Passage,
    /// The codings that it comes from, but its own.
    also: Vec<i64>,
}

/// What may be quoted in each slot, and which of it will be.
pub(super) struct Chooser<'s, 'a> {
    desk: Desk<'s, 'a>,
    choice: QuoteChoice,
    pools: Vec<Pool<Chosen>>,
    order: i64,
    available: Vec<usize>,
    held_back: HeldBack,
}

impl<'s, 'a> Chooser<'s, 'a> {
    pub(super) fn new(
        source: &'s Source<'a>,
        audience: Audience,
        choice: QuoteChoice,
        slots: usize,
    ) -> Self {
        let folder = source.study.path().parent().unwrap_or(Path::new("."));
        let pick = match choice {
            QuoteChoice::Some(n) => n,
            QuoteChoice::None | QuoteChoice::All => 0,
        };
        Self {
            desk: Desk {
                source,
                audience,
                spill: if source.in_order {
                    Spill::new(slots, folder)
                } else {
                    Spill::sorted(slots, folder)
                },
                citations: Citations::default(),
                codings: Vec::new(),
                text: String::new(),
            },
            choice,
            pools: vec![Pool::new(pick); slots],
            order: 0,
            available: vec![0; slots],
            held_back: HeldBack::default(),
        }
    }

    /// Offers the passages of one transcript, in the order of its text. Those that may not be quoted are held back.
    pub(super) fn offer(
        &mut self,
        reader: &mut Reader,
        transcript: &Transcript,
        passages: &mut Passages,
        promises: &mut Promises,
    ) -> Result<()> {
        if self.choice == QuoteChoice::None {
            return Ok(());
        }
        let held_back = &mut self.held_back;
        let mut all = std::mem::take(&mut passages.all);
        all.retain(|p| {
            let bound = bound(self.desk.source, transcript, p, passages.also(p));
            match promises.of(p.voice, bound) {
                Ok(()) => true,
                Err(reason) => {
                    held_back.add(reason);
                    false
                }
            }
        });
        passages.all = all;
        for p in &passages.all {
            self.available[p.theme] += 1;
        }
        if self.choice == QuoteChoice::All {
            return self.desk.set_aside(reader, transcript, &passages.all, |n| {
                passages.also(&passages.all[n])
            });
        }
        let source = self.desk.source;
        let tops = source.tops_of(transcript.case);
        let here = tops.first().and_then(|top| i64::try_from(*top).ok());
        self.desk.citations.new_transcript();
        for p in &passages.all {
            self.order += 1;
            // Outside the team nothing decides that a reader is not told: neither a case that the citation leaves out,
            // nor which passage stands first.
            let (case, order) = if source.in_order {
                (here, self.order)
            } else {
                let citation = self.desk.cite(transcript, p, passages.also(p));
                let named = self.desk.citations.case(citation);
                (named, anywhere(p.coding))
            };
            let candidate = Candidate {
                case,
                participant: p.voice.participant(),
                length: p.length(),
                order,
            };
            self.pools[p.theme].add(candidate, || Chosen {
                transcript: transcript.id,
                passage: *p,
                also: passages.also(p).to_vec(),
            });
        }
        Ok(())
    }

    /// Reads the words of what was chosen. Gives the quotes, how many passages of each slot may be quoted, and what was
    /// held back.
    pub(super) fn finish(mut self, reader: &mut Reader) -> Result<(Quotes, Vec<usize>, HeldBack)> {
        let mut chosen: Vec<(Candidate, Chosen)> =
            self.pools.into_iter().flat_map(Pool::chosen).collect();
        chosen.sort_by_key(|(candidate, chosen)| {
            let apart = if self.desk.source.in_order {
                0
            } else {
                chosen.transcript
            };
            (apart, candidate.order)
        });
        for of_one in chosen.chunk_by(|a, b| a.1.transcript == b.1.transcript) {
            let transcript = reader.transcript(of_one[0].1.transcript)?.clone();
            let passages: Vec<Passage> = of_one.iter().map(|(_, chosen)| chosen.passage).collect();
            self.desk
                .set_aside(reader, &transcript, &passages, |n| &of_one[n].1.also)?;
        }
        let quotes = Quotes {
            spill: self.desk.spill,
            rank: self.desk.citations.rank(),
            citations: self.desk.citations.all,
            codings: self.desk.codings,
            printed: HashSet::new(),
        };
        Ok((quotes, self.available, self.held_back))
    }
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
    let mut chooser = Chooser::new(source, audience, choice, themes);
    let mut own = vec![Tally::default(); themes];
    let mut codings = 0;
    let mut events: Option<(i64, i64)> = None;
    let mut coders: HashMap<i64, u64> = HashMap::new();
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
            let mut promises = Promises::new(source, audience, transcript);
            let turns = Turns::read(
                source.study,
                reader,
                transcript,
                &source.selection.sealed,
                ranges,
            )?;
            let mut voices: Vec<Voice> = Vec::new();
            for q in found {
                let Some(theme) = source.place(q.coding.theme) else {
                    continue;
                };
                voices.clear();
                turns.passages(theme, q, &source.selection, |passage| {
                    if promises.is_off_record(passage.voice) {
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
            chooser.offer(reader, transcript, &mut passages, &mut promises)
        },
    )?;
    let (quotes, available, held_back) = chooser.finish(&mut reader)?;
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
        quotes,
    })
}

/// What limits say of a passage and of the codings that it comes from.
fn bound(source: &Source, transcript: &Transcript, passage: &Passage, also: &[i64]) -> Bound {
    let codings = std::iter::once(passage.coding).chain(also.iter().copied());
    source.limits.on(transcript, passage.span, codings)
}

/// Where quotes are made ready and set aside.
struct Desk<'s, 'a> {
    source: &'s Source<'a>,
    audience: Audience,
    spill: Spill,
    citations: Citations,
    /// The codings of what is aside, with its slot.
    codings: Vec<(usize, i64)>,
    text: String,
}

/// A number that says nothing of where a coding stands, and is the same however often it is asked for.
fn anywhere(coding: i64) -> i64 {
    let hash = blake3::hash(&coding.to_le_bytes());
    let first = hash.as_bytes().first_chunk::<8>();
    first.copied().map_or(0, i64::from_le_bytes)
}

impl Desk<'_, '_> {
    /// The citation of a passage of the present transcript.
    fn cite(&mut self, transcript: &Transcript, passage: &Passage, also: &[i64]) -> u32 {
        let bound = bound(self.source, transcript, passage, also);
        let level = self.source.level(passage.voice, transcript.id, bound);
        self.citations
            .of(self.source, transcript, passage.voice, level, self.audience)
    }

    /// Reads the words of passages of one transcript. `also` gives the further codings of the nth.
    fn set_aside<'p>(
        &mut self,
        reader: &mut Reader,
        transcript: &Transcript,
        passages: &[Passage],
        also: impl Fn(usize) -> &'p [i64],
    ) -> Result<()> {
        if passages.is_empty() {
            return Ok(());
        }
        let source = self.source;
        let ranges = passages.iter().map(Passage::turns);
        let turns = Turns::read(
            source.study,
            reader,
            transcript,
            &source.selection.sealed,
            ranges,
        )?;
        self.citations.new_transcript();
        source
            .study
            .store
            .with_text(transcript.revision.id, |text| -> Result<(), Error> {
                let points = Codepoints::new(text);
                for (n, p) in passages.iter().enumerate() {
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
                        Audience::Participant | Audience::Case | Audience::Public => String::new(),
                    };
                    let bound = bound(source, transcript, p, also(n));
                    let level = source.level(p.voice, transcript.id, bound);
                    let citation =
                        self.citations
                            .of(source, transcript, p.voice, level, self.audience);
                    // Bytes are never fewer than code points, so most quotes need no counting.
                    let short = self.text.len() <= LONGEST;
                    let cut = if short {
                        None
                    } else {
                        Some(cut(&self.text, LONGEST).0)
                    };
                    let text = cut.as_deref().unwrap_or(&self.text);
                    self.codings.push((p.theme, p.coding));
                    self.codings.extend(also(n).iter().map(|id| (p.theme, *id)));
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
    /// The case that each names.
    cases: Vec<Option<i64>>,
    known: HashMap<(String, Option<i64>), u32>,
    /// Of the present transcript.
    here: Vec<(Voice, Attribution, u32)>,
}

impl Citations {
    fn new_transcript(&mut self) {
        self.here.clear();
    }

    fn case(&self, citation: u32) -> Option<i64> {
        let at = usize::try_from(citation).ok()?;
        self.cases.get(at).copied().flatten()
    }

    /// The place of each in the order of their words, those that name no case last.
    fn rank(&self) -> Vec<u32> {
        let key = |n: usize| (self.cases[n].is_none(), self.all[n].as_str());
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        order.sort_by_key(|n| key(*n));
        let mut rank = vec![0; order.len()];
        let mut place = 0;
        for (n, at) in order.iter().enumerate() {
            // The same words of two cases of one name are one to a reader.
            if n > 0 && key(order[n - 1]) != key(*at) {
                place += 1;
            }
            rank[*at] = place;
        }
        rank
    }

    fn of(
        &mut self,
        source: &Source,
        transcript: &Transcript,
        voice: Voice,
        level: Attribution,
        audience: Audience,
    ) -> u32 {
        let same = |(v, l, _): &&(Voice, Attribution, u32)| (*v, *l) == (voice, level);
        if let Some((_, _, known)) = self.here.iter().find(same) {
            return *known;
        }
        let participant = voice
            .participant()
            .and_then(|p| source.people.participants.get(&p));
        let words = cited(
            &source.people,
            &source.labels,
            transcript,
            participant,
            level,
            audience,
        );
        let next = narrow(self.all.len());
        let number = *self.known.entry(words).or_insert_with_key(|(words, case)| {
            self.all.push(words.clone());
            self.cases.push(*case);
            next
        });
        self.here.push((voice, level, number));
        number
    }
}
