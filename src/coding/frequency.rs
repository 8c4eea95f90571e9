//! Words by how often they are said, of all texts that a filter leaves or by groups of them, with how many transcripts
//! and participants use them and what sets a group apart from the rest.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use serde::Serialize;

use super::axis::{Axis, Dimension};
use super::speech::Speech;
use super::stop_words;
use crate::analysis::keyness::{Keyness, Rate, keyness};
use crate::domain::filter::Filter;
use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::search::{IdSet, Language, Lexicon, Met};
use crate::store::{Light, Transcript};
use crate::study::passage::Reader;
use crate::study::{Progress, Selection, Study};

/// Words that are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StopWords {
    None,
    /// Our own list of the study's language, where there is one.
    Default,
    These(Vec<String>),
}

#[derive(Clone, Debug)]
pub struct Asked {
    pub by: Option<Dimension>,
    /// Put themes together at this depth of the tree.
    pub depth: Option<usize>,
    /// All forms of a word are one.
    pub stem: bool,
    pub stop_words: StopWords,
    /// Words that a group says less often are left out.
    pub least: u64,
    /// So many words of each group.
    pub limit: usize,
    /// By what sets a group apart, not by how often it is said.
    pub by_keyness: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Frequency {
    pub stemmed: bool,
    /// All words that were counted, those left out of the table among them: the base of a rate without groups.
    pub words: u64,
    /// Different words among them.
    pub types: usize,
    /// Transcripts in which they are said, and participants who say them.
    pub transcripts: usize,
    pub participants: u64,
    /// How many different words were left out as stop words; `null` where the language has no list.
    pub stop_words: Option<usize>,
    /// Codings that wait for their place in a corrected text, where only coded words are counted: theirs are not.
    pub pending: usize,
    /// One without a name, where no groups are asked for.
    pub groups: Vec<Group>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    pub group: Option<String>,
    /// All words said there: the base of its rates.
    pub words: u64,
    pub transcripts: usize,
    pub participants: u64,
    /// How many words there are to list; the rows are the first of them.
    pub total: usize,
    pub rows: Vec<WordRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WordRow {
    /// As it is said most often.
    pub word: String,
    pub count: u64,
    pub per_1000_words: Option<f64>,
    /// Transcripts in which it is said, and participants who say it.
    pub transcripts: u32,
    pub participants: u64,
    /// The same of all words that are not of the group; `null` without groups.
    pub rest: Option<u64>,
    pub rest_per_1000_words: Option<f64>,
    #[serde(flatten)]
    pub keyness: Keyness,
}

/// A word in a group.
#[derive(Clone, Default)]
struct Used {
    count: u64,
    transcripts: u32,
    /// The transcript that was counted last.
    last: i64,
    people: IdSet,
}

#[derive(Default)]
struct Counted {
    words: u64,
    used: HashMap<u32, Used>,
    transcripts: HashSet<i64>,
    people: IdSet,
    /// Where and by whom the last word was said, so that not every word has to be entered.
    last: Option<(i64, Option<u32>)>,
}

impl Counted {
    fn add(&mut self, word: u32, transcript: i64, participant: Option<u32>) {
        self.words += 1;
        let used = self.used.entry(word).or_default();
        used.count += 1;
        if used.last != transcript {
            used.last = transcript;
            used.transcripts += 1;
        }
        if let Some(participant) = participant {
            used.people.insert(participant);
        }
        if self.last != Some((transcript, participant)) {
            self.last = Some((transcript, participant));
            self.transcripts.insert(transcript);
            self.people.extend(participant);
        }
    }
}

/// Counts the words that a filter leaves. With themes or coders among the filters, only words that stand in a passage
/// coded so.
pub fn frequency(
    study: &Study,
    filter: &Filter,
    asked: &Asked,
    progress: &dyn Progress,
) -> Result<Frequency> {
    let selection = study.select(filter)?;
    let mut reader = Reader::new(&study.store)?;
    let mut transcripts = study.store.transcripts()?;
    if let Some(ids) = &selection.transcripts {
        transcripts.retain(|t| ids.binary_search(&t.id).is_ok());
    }
    transcripts.sort_unstable_by_key(|t| t.id);
    let mut axis = match &asked.by {
        Some(by) => Some(Axis::new(study, by, &selection, &transcripts, asked.depth)?),
        None => None,
    };
    let mut speech = Speech::new(study, &selection, true)?;
    let study_language: Language = study.store.study()?.language.parse()?;
    let mut lexicon = Lexicon::new(asked.stem);
    let mut all = Counted::default();
    let mut groups: Vec<Counted> = Vec::new();
    // How often each form is said, for the one that stands for its stem.
    let mut forms: Vec<(u64, u32)> = Vec::new();
    progress.total(transcripts.len() as u64);
    for transcript in &transcripts {
        progress.step();
        speech.begin_whole(transcript)?;
        let revision = &transcript.revision;
        let mut turns = study.store.turns(revision.first_turn, revision.turns)?;
        turns.retain(|t| speech.takes(t.id) && selection.takes_turn(t.id));
        if turns.is_empty() {
            continue;
        }
        let language = match &transcript.language {
            Some(own) => own.parse()?,
            None => study_language,
        };
        let coded = coded(
            study,
            &selection,
            transcript,
            &speech,
            axis.as_mut(),
            &mut reader,
        )?;
        // Which group each turn is of, where its words are all of one.
        let mut of_turn = Vec::with_capacity(turns.len());
        if let Some(axis) = &mut axis
            && axis.parts_texts()
        {
            axis.begin();
            for turn in &turns {
                let participant = speech.participant(transcript.id, turn.id);
                let at = Light {
                    id: 0,
                    turn: turn.id,
                    last_turn: turn.id,
                    theme: 0,
                    coder: 0,
                };
                of_turn.push(axis.of(&mut reader, transcript, &at, participant)?);
            }
        }
        let places = axis.as_ref().map_or(0, |axis| axis.names().len());
        groups.resize_with(groups.len().max(places), Counted::default);
        study.store.with_text(revision.id, |text| {
            let points = Codepoints::new(text);
            let scope = coded.scope.map(|spans| bytes(&points, &spans));
            let themes: Vec<(usize, Vec<Range<usize>>)> = coded
                .groups
                .into_iter()
                .map(|(place, spans)| (place, bytes(&points, &spans)))
                .collect();
            for (n, turn) in turns.iter().enumerate() {
                let participant = speech
                    .participant(transcript.id, turn.id)
                    .and_then(|p| u32::try_from(p).ok());
                let range = points.bytes(turn.span);
                let start = range.start;
                lexicon.each(&text[range], language, |at, met: Met| {
                    let at = start + at;
                    if scope.as_ref().is_some_and(|scope| !holds(scope, at)) {
                        return;
                    }
                    let form = met.form as usize;
                    if forms.len() <= form {
                        forms.resize(form + 1, (0, 0));
                    }
                    forms[form] = (forms[form].0 + 1, met.word);
                    all.add(met.word, transcript.id, participant);
                    let own = of_turn.get(n).copied();
                    let others = themes
                        .iter()
                        .filter(|(_, spans)| holds(spans, at))
                        .map(|(place, _)| *place);
                    for place in own.into_iter().chain(others) {
                        groups[place].add(met.word, transcript.id, participant);
                    }
                });
            }
        })?;
    }
    let labels = labels(&lexicon, &forms);
    let (left_out, stops) = stopped(&labels, &asked.stop_words, study_language);
    let listed = |group: Option<&str>, counted: &Counted| {
        let rest = group.map(|_| &all);
        list(group, counted, rest, &labels, &stops, asked)
    };
    Ok(Frequency {
        stemmed: asked.stem,
        words: all.words,
        types: all.used.len(),
        transcripts: all.transcripts.len(),
        participants: all.people.len(),
        stop_words: left_out,
        pending: if selection.themes.is_some() || selection.coders.is_some() {
            study.pending_in(&selection)?
        } else {
            0
        },
        groups: match &axis {
            None => vec![listed(None, &all)],
            Some(axis) => axis
                .order()
                .into_iter()
                .map(|n| match groups.get(n) {
                    Some(group) => listed(Some(&axis.names()[n]), group),
                    None => listed(Some(&axis.names()[n]), &Counted::default()),
                })
                .collect(),
        },
    })
}

/// Where coded passages stand in a transcript.
#[derive(Default)]
struct Coded {
    /// Words outside are not counted; `None`: all are.
    scope: Option<Vec<Span>>,
    /// By place along the axis of themes.
    groups: Vec<(usize, Vec<Span>)>,
}

fn coded(
    study: &Study,
    selection: &Selection,
    transcript: &Transcript,
    speech: &Speech,
    axis: Option<&mut Axis>,
    reader: &mut Reader,
) -> Result<Coded> {
    let narrow = selection.themes.is_some() || selection.coders.is_some();
    let by_coding = axis.filter(|axis| !axis.parts_texts());
    if !narrow && by_coding.is_none() {
        return Ok(Coded::default());
    }
    let mut codings = study.store.codings_of(transcript.id)?;
    codings.retain(|c| {
        let light = Light {
            id: c.id,
            turn: c.turn,
            last_turn: c.last_turn,
            theme: c.theme,
            coder: c.coder,
        };
        let themes = selection.themes.as_ref();
        let coders = selection.coders.as_ref();
        themes.is_none_or(|t| t.contains(&c.theme))
            && coders.is_none_or(|k| k.contains(&c.coder))
            && selection.takes_turn(c.turn)
            && speech.first_taken(&light).is_some()
    });
    let mut found = Coded {
        scope: narrow.then(|| codings.iter().map(|c| c.span).collect()),
        groups: Vec::new(),
    };
    if let Some(axis) = by_coding {
        for c in &codings {
            let light = Light {
                id: c.id,
                turn: c.turn,
                last_turn: c.last_turn,
                theme: c.theme,
                coder: c.coder,
            };
            let place = axis.of(reader, transcript, &light, None)?;
            match found.groups.iter_mut().find(|(of, _)| *of == place) {
                Some((_, spans)) => spans.push(c.span),
                None => found.groups.push((place, vec![c.span])),
            }
        }
    }
    Ok(found)
}

/// Spans as bytes of their text, apart and in order.
fn bytes(points: &Codepoints, spans: &[Span]) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = spans.iter().map(|s| points.bytes(*s)).collect();
    all.sort_unstable_by_key(|r| r.start);
    let mut apart: Vec<Range<usize>> = Vec::new();
    for range in all {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

/// Whether a word that begins there stands in one of these.
fn holds(ranges: &[Range<usize>], at: usize) -> bool {
    let after = ranges.partition_point(|r| r.start <= at);
    after > 0 && at < ranges[after - 1].end
}

/// The form that stands for each word: the one said most often, of several the first in the alphabet.
fn labels<'l>(lexicon: &'l Lexicon, forms: &[(u64, u32)]) -> HashMap<u32, &'l str> {
    let mut best: HashMap<u32, (u64, &str)> = HashMap::new();
    for (form, (count, word)) in (0u32..).zip(forms) {
        if *count == 0 {
            continue;
        }
        let text = lexicon.form(form);
        let known = best.entry(*word).or_insert((*count, text));
        if *count > known.0 || (*count == known.0 && text < known.1) {
            *known = (*count, text);
        }
    }
    best.into_iter()
        .map(|(word, (_, text))| (word, text))
        .collect()
}

/// How many different words are left out, and which: those that go by a form on the list.
fn stopped(
    labels: &HashMap<u32, &str>,
    stop: &StopWords,
    language: Language,
) -> (Option<usize>, HashSet<u32>) {
    let list: HashSet<String> = match stop {
        StopWords::None => HashSet::new(),
        StopWords::Default => match stop_words::of(language.code()) {
            Some(words) => words.map(str::to_owned).collect(),
            None => return (None, HashSet::new()),
        },
        StopWords::These(words) => {
            // As a search would have them.
            let mut theirs = Lexicon::new(false);
            let mut met = Vec::new();
            for word in words {
                theirs.each(word, language, |_, m| met.push(m.form));
            }
            met.into_iter().map(|m| theirs.form(m).to_owned()).collect()
        }
    };
    let found: HashSet<u32> = labels
        .iter()
        .filter(|(_, label)| list.contains(**label))
        .map(|(word, _)| *word)
        .collect();
    (Some(found.len()), found)
}

/// The words of a group, the first ones. `all`: the group and the rest together.
fn list(
    group: Option<&str>,
    counted: &Counted,
    all: Option<&Counted>,
    labels: &HashMap<u32, &str>,
    stops: &HashSet<u32>,
    asked: &Asked,
) -> Group {
    let rate = |count: u64, words: u64| {
        #[expect(
            clippy::cast_precision_loss,
            reason = "no study has more than 2^53 words"
        )]
        (words > 0).then(|| count as f64 * 1000.0 / words as f64)
    };
    let mut rows: Vec<WordRow> = counted
        .used
        .iter()
        .filter(|(word, used)| used.count >= asked.least && !stops.contains(word))
        .map(|(word, used)| {
            let rest = all.map(|all| Rate {
                count: all.used.get(word).map_or(0, |u| u.count) - used.count,
                words: all.words - counted.words,
            });
            let here = Rate {
                count: used.count,
                words: counted.words,
            };
            WordRow {
                word: labels.get(word).copied().unwrap_or_default().to_owned(),
                count: used.count,
                per_1000_words: rate(used.count, counted.words),
                transcripts: used.transcripts,
                participants: used.people.len(),
                rest: rest.map(|r| r.count),
                rest_per_1000_words: rest.and_then(|r| rate(r.count, r.words)),
                keyness: rest.map_or_else(Keyness::default, |rest| keyness(here, rest)),
            }
        })
        .collect();
    rows.sort_by(|a, b| {
        let key = |row: &WordRow| row.keyness.g2.unwrap_or(f64::NEG_INFINITY);
        let by_key = if asked.by_keyness {
            key(b).total_cmp(&key(a))
        } else {
            std::cmp::Ordering::Equal
        };
        by_key
            .then(b.count.cmp(&a.count))
            .then_with(|| a.word.cmp(&b.word))
    });
    let total = rows.len();
    rows.truncate(asked.limit);
    Group {
        group: group.map(str::to_owned),
        words: counted.words,
        transcripts: counted.transcripts.len(),
        participants: counted.people.len(),
        total,
        rows,
    }
}
