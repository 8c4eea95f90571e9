//! What people said, held against a file: every quote in it must be words that the gate clears for its readers, and no
//! words of somebody who may not be quoted may stand anywhere. The gate is asked again for every passage; what made the
//! file is not.

use std::collections::{HashMap, HashSet};

use super::{Document, Finding, Kind, Rule};
use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::governance::gate::{Asked, Reason, To, ask};
use crate::governance::limit::{Bound, Limits};
use crate::governance::pseudonym::Names;
use crate::store::{Coding, Transcript, transcript_of};
use crate::study::Study;
use crate::study::passage::Reader;

/// So many words in a row are somebody's, and no chance.
const TELLING: usize = 8;
/// Passages of fewer words are said by anyone.
const SHORT: usize = 4;

/// A run of words, as a number.
type Run = u64;

/// The words of a file, ready to be held against what was said.
pub struct Said<'d> {
    document: &'d Document,
    /// Runs of words in the whole file, by how many words they have, with the paragraph where each stands first.
    runs: HashMap<Run, usize>,
    /// Runs of the quotes that nothing has cleared yet, with their paragraphs.
    quoted: HashMap<Run, Vec<usize>>,
    /// Lengths of the runs in `quoted`.
    lengths: HashSet<usize>,
}

impl<'d> Said<'d> {
    pub fn new(document: &'d Document) -> Self {
        let mut runs = HashMap::new();
        let mut quoted: HashMap<Run, Vec<usize>> = HashMap::new();
        let mut lengths = HashSet::new();
        for (n, paragraph) in document.paragraphs.iter().enumerate() {
            let words = words_of(&paragraph.text);
            for length in SHORT..=TELLING {
                for run in words.windows(length) {
                    runs.entry(run_of(run)).or_insert(n);
                }
            }
            if paragraph.kind == Kind::Quote {
                // Words were left out where this stands.
                for part in paragraph.text.split("[…]") {
                    let words = words_of(part);
                    let length = words.len().min(5);
                    if length > 0 {
                        lengths.insert(length);
                        for run in words.windows(length) {
                            quoted.entry(run_of(run)).or_default().push(n);
                        }
                    }
                }
            }
        }
        Self {
            document,
            runs,
            quoted,
            lengths,
        }
    }

    /// Holds the file against the study. `codings`: those that whoever made the file says it quotes, ascending.
    pub fn hold(
        mut self,
        study: &Study,
        to: &To,
        codings: &[i64],
        among_few: bool,
        names: Option<&Names>,
    ) -> Result<Vec<Finding>> {
        let mut found = Vec::new();
        let mut held: HashMap<Run, (usize, String)> = HashMap::new();
        let mut cleared: HashSet<Run> = HashSet::new();
        let limits = Limits::read(&study.store)?;
        let mut reader = Reader::new(&study.store)?;
        let mut transcripts = study.store.transcripts()?;
        transcripts.sort_unstable_by_key(|t| t.id);
        let limited: HashSet<i64> = study.store.limits()?.iter().map(|l| l.transcript).collect();
        let quoted_in: HashSet<i64> = codings.iter().map(|id| transcript_of(*id)).collect();
        for transcript in &transcripts {
            // Where everybody may be quoted and no limit stands, only what is quoted is read.
            let free = !limited.contains(&transcript.id)
                && reader.with(transcript.id)?.to_vec().iter().all(|p| {
                    let asked = Asked {
                        to,
                        person: reader.people.participants.get(p),
                        interviewer: false,
                        bound: Bound::default(),
                        case: transcript.case,
                        among_few,
                    };
                    ask(&asked).is_ok()
                });
            if free && !quoted_in.contains(&transcript.id) {
                continue;
            }
            for coding in study.store.codings_of(transcript.id)? {
                if coding.pending.is_some() || coding.revision != transcript.revision.id {
                    continue;
                }
                let quoted = codings.binary_search(&coding.id).is_ok();
                if free && !quoted {
                    continue;
                }
                for (may, said) in voices(
                    study,
                    &mut reader,
                    &limits,
                    to,
                    among_few,
                    transcript,
                    &coding,
                )? {
                    let words = words_of(&said);
                    match may {
                        Ok(()) if quoted => self.clear(&words, &mut cleared),
                        Ok(()) | Err(Reason::Interviewer) => {}
                        Err(_) => {
                            let place = format!(
                                "{}:{}",
                                transcript.slug,
                                transcript.revision.number_of(coding.turn)
                            );
                            self.meet(&words, &place, &mut held);
                        }
                    }
                }
            }
        }
        let mut open: Vec<usize> = self.quoted.values().flatten().copied().collect();
        open.sort_unstable();
        open.dedup();
        for n in open {
            found.push(Finding {
                rule: Rule::NotCleared,
                place: self.document.place(n, names),
                what: "a quote".into(),
                words: String::new(),
                shown: None,
            });
        }
        let mut places: Vec<(usize, String)> = held
            .into_iter()
            .filter(|(run, _)| !cleared.contains(run))
            .map(|(_, at)| at)
            .collect();
        places.sort();
        places.dedup();
        for (n, of) in places {
            found.push(Finding {
                rule: Rule::HeldBack,
                place: self.document.place(n, names),
                what: format!("words from {of}"),
                words: String::new(),
                shown: None,
            });
        }
        Ok(found)
    }

    /// Takes quotes away that these words hold.
    fn clear(&mut self, words: &[String], cleared: &mut HashSet<Run>) {
        for length in &self.lengths {
            for run in words.windows(*length) {
                self.quoted.remove(&run_of(run));
            }
        }
        for length in SHORT..=TELLING {
            cleared.extend(words.windows(length).map(run_of));
        }
    }

    /// Marks where words stand that must not.
    fn meet(&self, words: &[String], of: &str, held: &mut HashMap<Run, (usize, String)>) {
        if words.len() < SHORT {
            return;
        }
        for run in words.windows(words.len().min(TELLING)) {
            let run = run_of(run);
            if let Some(n) = self.runs.get(&run) {
                held.entry(run).or_insert_with(|| (*n, of.to_owned()));
            }
        }
    }
}

/// What each voice says in a coding, and whether it may be quoted.
fn voices(
    study: &Study,
    reader: &mut Reader,
    limits: &Limits,
    to: &To,
    among_few: bool,
    transcript: &Transcript,
    coding: &Coding,
) -> Result<Vec<(Result<(), Reason>, String)>> {
    let bound = limits.on(transcript, coding.span, [coding.id]);
    let turns = study
        .store
        .turns(coding.turn, coding.last_turn - coding.turn + 1)?;
    let mut found = Vec::new();
    for turn in &turns {
        let who = reader.participant_of(transcript.id, turn)?;
        let interviewer = reader
            .speaker(turn.speaker)?
            .is_some_and(|s| s.role == "interviewer");
        // Where nobody has said who speaks, it may be anyone whom the transcript is with.
        let people: Vec<Option<i64>> = match who {
            Some(p) => vec![Some(p)],
            None if interviewer => vec![None],
            None => {
                let with = reader.with(transcript.id)?;
                if with.is_empty() {
                    vec![None]
                } else {
                    with.iter().copied().map(Some).collect()
                }
            }
        };
        let may = people.into_iter().try_for_each(|p| {
            ask(&Asked {
                to,
                person: p.and_then(|p| reader.people.participants.get(&p)),
                interviewer,
                bound,
                case: transcript.case,
                among_few,
            })
        });
        let start = turn.span.start.max(coding.span.start);
        let part = Span::new(start, turn.span.end.min(coding.span.end).max(start));
        let text = reader.text(transcript.revision.id)?;
        let words = Codepoints::new(text).slice(part).to_owned();
        if !words.trim().is_empty() {
            found.push((may, words));
        }
    }
    Ok(found)
}

/// Words without capitals and what stands between them.
fn words_of(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn run_of(words: &[String]) -> Run {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    words.hash(&mut hasher);
    hasher.finish()
}
