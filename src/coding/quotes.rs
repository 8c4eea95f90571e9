//! Coded passages, filtered: first as references, which are small, then with their words, text by text.

use serde::Serialize;

use super::codebook::Codebook;
use super::relations::Related;
use crate::domain::span::{Codepoints, Span};
use crate::error::{Failure, Result};
use crate::store::{Coding, MemoOn, Store, Transcript, Turn, transcript_of};
use crate::study::passage::{self, Open, Reader};
use crate::study::{Selection, Study};
use std::collections::HashMap;

/// A coded passage without its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuoteRef {
    pub coding: Coding,
    pub transcript: i64,
    /// Who speaks in the turn that it stands for.
    pub participant: Option<i64>,
    pub interviewer: bool,
    /// The first turn it touches that the filter takes; read turn by turn, each that it takes.
    pub turn: i64,
    /// The words of that turn, without its label.
    pub words: Span,
}

impl QuoteRef {
    /// What of it stands in its turn.
    pub fn part(&self) -> Span {
        let (span, words) = (self.coding.span, self.words);
        let start = span.start.max(words.start);
        Span::new(start, span.end.min(words.end).max(start))
    }
}

/// A coded passage as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quote {
    pub coding: i64,
    pub transcript: String,
    /// The revision that is quoted: the transcript's present one.
    pub revision: i64,
    pub turn: i64,
    pub start: u32,
    pub end: u32,
    pub text: String,
    pub theme: String,
    pub coder: String,
    pub case: Option<String>,
    pub participant: Option<String>,
    pub memo: Option<String>,
    /// The heading or question that it stands under, the innermost.
    pub section: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quotes {
    /// All that the filters leave, shown or not.
    pub total: usize,
    /// Codings that wait for their place in a corrected text, and so are not among them.
    pub pending: usize,
    pub quotes: Vec<Quote>,
}

/// Runs `each` over the codings that a selection leaves, transcript by transcript, each with whom it stands for. Memory
/// holds the codings of the selected themes, or of one transcript where no theme is named.
pub fn each_ref(
    study: &Study,
    selection: &Selection,
    reader: &mut Reader,
    each: impl FnMut(&mut Reader, &Transcript, &[QuoteRef]) -> Result<()>,
) -> Result<()> {
    each_taken(study, selection, reader, Taken::First, each)
}

/// The same, where a coding comes once for each turn in it that the selection takes: whoever measures it counts no
/// word of anybody else.
pub fn each_turn_ref(
    study: &Study,
    selection: &Selection,
    reader: &mut Reader,
    each: impl FnMut(&mut Reader, &Transcript, &[QuoteRef]) -> Result<()>,
) -> Result<()> {
    each_taken(study, selection, reader, Taken::Each, each)
}

/// Of the turns of a coding that a selection takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    First,
    Each,
}

fn each_taken(
    study: &Study,
    selection: &Selection,
    reader: &mut Reader,
    turns: Taken,
    mut each: impl FnMut(&mut Reader, &Transcript, &[QuoteRef]) -> Result<()>,
) -> Result<()> {
    let wanted = |id: i64| {
        selection
            .transcripts
            .as_ref()
            .is_none_or(|t| t.binary_search(&id).is_ok())
    };
    let taken = |c: &Coding| {
        selection.takes_turn(c.turn)
            && selection
                .coders
                .as_ref()
                .is_none_or(|k| k.contains(&c.coder))
    };
    let related = Related::new(study, selection)?;
    let related = related.as_ref();
    let mut group: Vec<Coding> = Vec::new();
    match (&selection.themes, &selection.transcripts) {
        (Some(themes), _) => {
            let mut all: Vec<Coding> = Vec::new();
            for theme in themes {
                if selection.transcripts.is_some() {
                    let found = study.store.codings_in(*theme, wanted)?;
                    all.extend(found.into_iter().filter(taken));
                    continue;
                }
                study.store.each_coding::<Failure>(Some(*theme), |c| {
                    if taken(&c) {
                        all.push(c);
                    }
                    Ok(())
                })?;
            }
            all.sort_unstable_by_key(|c| transcript_of(c.id));
            for part in all.chunk_by(|a, b| transcript_of(a.id) == transcript_of(b.id)) {
                one_transcript(study, selection, related, reader, part, turns, &mut each)?;
            }
        }
        (None, Some(transcripts)) => {
            for id in transcripts {
                group.clear();
                group.extend(study.store.codings_of(*id)?.into_iter().filter(taken));
                one_transcript(study, selection, related, reader, &group, turns, &mut each)?;
            }
        }
        (None, None) => {
            study.store.each_coding::<Failure>(None, |c| {
                if taken(&c) {
                    if group
                        .first()
                        .is_some_and(|g| transcript_of(g.id) != transcript_of(c.id))
                    {
                        one_transcript(
                            study, selection, related, reader, &group, turns, &mut each,
                        )?;
                        group.clear();
                    }
                    group.push(c);
                }
                Ok(())
            })?;
            one_transcript(study, selection, related, reader, &group, turns, &mut each)?;
        }
    }
    Ok(())
}

fn one_transcript(
    study: &Study,
    selection: &Selection,
    related: Option<&Related>,
    reader: &mut Reader,
    codings: &[Coding],
    taken: Taken,
    each: &mut impl FnMut(&mut Reader, &Transcript, &[QuoteRef]) -> Result<()>,
) -> Result<()> {
    let left;
    let codings = match related {
        Some(related) => {
            left = related.leave(reader, codings)?;
            &left
        }
        None => codings,
    };
    let Some(any) = codings.first() else {
        return Ok(());
    };
    let transcript = reader.transcript(transcript_of(any.id))?.clone();
    // Turns of one revision lie together; those of another may lie anywhere.
    let mut parts: Vec<(i64, i64, i64)> = Vec::new();
    for c in codings {
        match parts.iter_mut().find(|part| part.0 == c.revision) {
            Some(part) => *part = (part.0, part.1.min(c.turn), part.2.max(c.last_turn)),
            None => parts.push((c.revision, c.turn, c.last_turn)),
        }
    }
    let parts = parts
        .into_iter()
        .map(|(_, first, last)| Ok((first, study.store.turns(first, last - first + 1)?)))
        .collect::<Result<Vec<(i64, Vec<Turn>)>>>()?;
    let at = |id: i64| {
        parts.iter().find_map(|(first, turns)| {
            turns
                .get(usize::try_from(id - first).ok()?)
                .filter(|turn| turn.id == id)
        })
    };
    // A transcript has few speakers, and many codings of each.
    let mut known: Vec<(Option<i64>, Who)> = Vec::new();
    let mut found: Vec<QuoteRef> = Vec::with_capacity(codings.len());
    for coding in codings {
        for id in coding.turn..=coding.last_turn {
            let Some(turn) = at(id) else { continue };
            if taken == Taken::Each && !selection.takes_turn(id) {
                continue;
            }
            if selection.sealed.has_turn(id) {
                continue;
            }
            let (interviewer, participant, sealed) =
                match known.iter().find(|(speaker, _)| *speaker == turn.speaker) {
                    Some((_, who)) => *who,
                    None => {
                        let who = who(reader, selection, &transcript, turn)?;
                        known.push((turn.speaker, who));
                        who
                    }
                };
            let role = if interviewer {
                "interviewer"
            } else {
                "participant"
            };
            if !sealed && selection.takes(role, participant) {
                found.push(QuoteRef {
                    coding: *coding,
                    transcript: transcript.id,
                    participant,
                    interviewer,
                    turn: id,
                    words: turn.span,
                });
                if taken == Taken::First {
                    break;
                }
            }
        }
    }
    found.sort_unstable_by_key(|q| (q.coding.span, q.coding.theme, q.coding.id, q.turn));
    if found.is_empty() {
        Ok(())
    } else {
        each(reader, &transcript, &found)
    }
}

/// Whether an interviewer speaks, which participant, and whether off the record.
type Who = (bool, Option<i64>, bool);

fn who(
    reader: &mut Reader,
    selection: &Selection,
    transcript: &Transcript,
    turn: &Turn,
) -> Result<Who> {
    let interviewer = reader
        .speaker(turn.speaker)?
        .is_some_and(|s| s.role == "interviewer");
    Ok((
        interviewer,
        reader.participant_of(transcript.id, turn)?,
        reader.is_sealed(&selection.sealed, transcript.id, turn)?,
    ))
}

/// Runs `each` over some codings that a selection leaves, transcript by transcript. Those that are gone, or wait for
/// their place, are left out.
pub fn each_ref_of(
    study: &Study,
    selection: &Selection,
    reader: &mut Reader,
    ids: &[i64],
    mut each: impl FnMut(&mut Reader, &Transcript, &[QuoteRef]) -> Result<()>,
) -> Result<()> {
    let mut codings = Vec::with_capacity(ids.len());
    for id in ids {
        codings.extend(study.store.coding(*id)?.filter(|c| c.pending.is_none()));
    }
    codings.sort_unstable_by_key(|c| c.id);
    codings.dedup();
    for part in codings.chunk_by(|a, b| transcript_of(a.id) == transcript_of(b.id)) {
        one_transcript(
            study,
            selection,
            None,
            reader,
            part,
            Taken::First,
            &mut each,
        )?;
    }
    Ok(())
}

/// All references that a selection leaves, in the order of transcripts and texts.
pub fn refs(study: &Study, selection: &Selection, reader: &mut Reader) -> Result<Vec<QuoteRef>> {
    let mut all = Vec::new();
    each_ref(study, selection, reader, |_, _, found| {
        all.extend_from_slice(found);
        Ok(())
    })?;
    Ok(all)
}

/// Names of coders, paths of themes and memos on codings, for showing quotes.
pub struct Names {
    pub book: Codebook,
    coders: HashMap<i64, String>,
    memos: HashMap<i64, String>,
}

impl Names {
    pub fn read(store: &Store) -> Result<Self> {
        let mut memos: HashMap<i64, String> = HashMap::new();
        for memo in store.memos()? {
            if let MemoOn::Coding(id) = memo.on {
                memos
                    .entry(id)
                    .and_modify(|m| *m = format!("{m}\n{}", memo.text))
                    .or_insert(memo.text);
            }
        }
        Ok(Self {
            book: Codebook::read(store)?,
            coders: store
                .coders()?
                .into_iter()
                .map(|c| (c.id, c.name))
                .collect(),
            memos,
        })
    }

    pub fn coder(&self, id: i64) -> &str {
        self.coders.get(&id).map_or("?", String::as_str)
    }

    pub fn memo(&self, coding: i64) -> Option<&str> {
        self.memos.get(&coding).map(String::as_str)
    }

    /// The path of a theme; `?` for one that is not there.
    pub fn path(&self, theme: i64) -> &str {
        self.book.path_of(theme)
    }

    /// The quote of a reference, with its words.
    pub fn quote(
        &self,
        reader: &mut Reader,
        transcript: &Transcript,
        found: &QuoteRef,
        text: &str,
    ) -> Result<Quote> {
        let section = reader.section(found.coding.revision, found.coding.turn)?;
        Ok(Quote {
            section: section.map(|s| s.title.clone()),
            coding: found.coding.id,
            transcript: transcript.slug.clone(),
            revision: transcript.revision.number,
            turn: transcript.revision.number_of(found.turn),
            start: found.coding.span.start,
            end: found.coding.span.end,
            text: text.to_owned(),
            theme: self.book.path(found.coding.theme),
            coder: self.coder(found.coding.coder).to_owned(),
            case: reader.people.case_slug(transcript.case).map(str::to_owned),
            participant: reader.people.code(found.participant).map(str::to_owned),
            memo: self.memos.get(&found.coding.id).cloned(),
        })
    }
}

/// Gives each quote that a selection leaves to `each`, reading every text once. What was said off the record in the midst
/// of a passage is left out.
pub fn each_quote(
    study: &Study,
    selection: &Selection,
    mut each: impl FnMut(&Reader, &Transcript, &QuoteRef, &str) -> Result<()>,
) -> Result<()> {
    let mut reader = Reader::new(&study.store)?;
    each_ref(
        study,
        selection,
        &mut reader,
        |reader, transcript, found| {
            let here = || {
                let present = transcript.revision.id;
                found.iter().filter(move |q| q.coding.revision == present)
            };
            let open = match passage::turns(here().map(|q| &q.coding)) {
                Some(turns) => reader.open(&selection.sealed, transcript.id, turns)?,
                None => Open::default(),
            };
            study.store.with_text(transcript.revision.id, |text| {
                let points = Codepoints::new(text);
                for q in here() {
                    each(reader, transcript, q, &open.words(&points, q.coding.span))?;
                }
                Ok(())
            })?
        },
    )
}

/// The quotes that a selection leaves: the first `limit`, and how many there are in all.
pub fn quotes(study: &Study, selection: &Selection, limit: Option<usize>) -> Result<Quotes> {
    let names = Names::read(&study.store)?;
    let mut reader = Reader::new(&study.store)?;
    let mut result = Quotes {
        total: 0,
        pending: study.pending_in(selection)?,
        quotes: Vec::new(),
    };
    each_ref(
        study,
        selection,
        &mut reader,
        |reader, transcript, found| {
            let room = limit.unwrap_or(usize::MAX) - result.quotes.len();
            let shown = &found[..found.len().min(room)];
            result.total += found.len();
            if !shown.is_empty() {
                let codings = shown.iter().map(|q| &q.coding);
                let texts = reader.open_slices(&selection.sealed, transcript, codings)?;
                for (q, text) in shown.iter().zip(texts) {
                    result
                        .quotes
                        .push(names.quote(reader, transcript, q, &text)?);
                }
            }
            Ok(())
        },
    )?;
    Ok(result)
}
