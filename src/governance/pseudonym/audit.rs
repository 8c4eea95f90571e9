//! An audit of transcripts: read one after the other, and what looks the same put together.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use super::find::Names;
use super::suspects::{Knowledge, Sureness, Suspect, SuspectKind, Usage, suspects};
use super::texts::around;
use super::tokens::fold;
use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::governance::key::Key;
use crate::import;
use crate::store::{Store, Transcript};

/// How many characters of the study are read to learn how words are written: enough for what is usual.
const LEARNED: usize = 20_000_000;

/// What looks like somebody, wherever it stands.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Doubtful {
    pub kind: SuspectKind,
    pub sure: Sureness,
    /// As it stands where it was first found.
    pub words: String,
    /// The key's entity, where it is a name of one.
    pub entity: Option<u32>,
    /// In how many places.
    pub count: usize,
    /// In how many transcripts.
    pub transcripts: usize,
    pub places: Vec<String>,
    /// What stands around it in the first place.
    pub left: String,
    pub right: String,
}

/// What is asked for.
pub struct Asked<'a> {
    pub key: Option<&'a Key>,
    /// Words that are no names, beside those that the key holds.
    pub ignored: &'a [String],
    pub at_least: Sureness,
    /// Whether memos, findings and the like are looked through for names of the key.
    pub notes: bool,
}

/// Looks transcripts through. The surest first, then what stands in most places.
pub fn audit(
    store: &Store,
    transcripts: &[Transcript],
    asked: &Asked,
    mut step: impl FnMut(),
) -> Result<Vec<Doubtful>> {
    let names = asked.key.map(Names::new);
    let replacements: Option<HashSet<String>> = asked
        .key
        .map(|key| key.entities.iter().map(|e| fold(&e.replacement)).collect());
    let ignored: HashSet<String> = asked
        .key
        .iter()
        .flat_map(|key| &key.ignored)
        .chain(asked.ignored)
        .map(|word| fold(word.trim()))
        .collect();
    let usage = learn(store, transcripts)?;
    let known = Knowledge {
        usage: &usage,
        names: names.as_ref(),
        replacements: replacements.as_ref(),
        ignored: &ignored,
    };
    let roles = unique_roles(store)?;
    let codes: HashSet<String> = store
        .participants()?
        .iter()
        .map(|p| fold(&p.code))
        .collect();
    let mut all = Groups::default();
    for transcript in transcripts {
        let none = Vec::new();
        let roles = transcript
            .case
            .and_then(|case| roles.get(&case))
            .unwrap_or(&none);
        one(store, transcript, roles, &codes, &known, asked, &mut all)?;
        step();
    }
    if let (true, Some(names)) = (asked.notes, &names) {
        for hit in super::texts::find_in_notes(store, names)? {
            let sure = if hit.hit.sure() {
                Sureness::High
            } else {
                Sureness::Medium
            };
            if sure <= asked.at_least {
                let what = Suspect {
                    kind: SuspectKind::Key,
                    sure,
                    span: 0..0,
                    entity: Some(hit.hit.entity),
                };
                let words = (hit.left, hit.words, hit.right);
                all.put(&what, words, hit.note.place, None);
            }
        }
    }
    Ok(all.sorted())
}

/// One transcript: its labels, and its text.
fn one(
    store: &Store,
    transcript: &Transcript,
    roles: &[Vec<String>],
    codes: &HashSet<String>,
    known: &Knowledge,
    asked: &Asked,
    all: &mut Groups,
) -> Result<()> {
    let slug = &transcript.slug;
    let revision = &transcript.revision;
    let turns = store.turns(revision.first_turn, revision.turns)?;
    let speaking: HashSet<i64> = turns.iter().filter_map(|t| t.speaker).collect();
    let mut labels: HashSet<String> = HashSet::new();
    for speaker in store.speakers(Some(transcript.id))? {
        labels.insert(speaker.label.clone());
        if speaking.contains(&speaker.id) && is_telling(&speaker.label, codes, known) {
            let what = Suspect {
                kind: SuspectKind::Label,
                sure: Sureness::High,
                span: 0..0,
                entity: None,
            };
            let words = (String::new(), speaker.label, String::new());
            all.put(&what, words, format!("{slug} label"), Some(transcript.id));
        }
    }
    store.with_text(revision.id, |text| {
        let points = Codepoints::new(text);
        let borders: Vec<usize> = turns
            .iter()
            .flat_map(|t| [points.byte(t.span.start), points.byte(t.span.end)])
            .collect();
        for suspect in suspects(text, &borders, roles, known) {
            if suspect.sure > asked.at_least {
                continue;
            }
            let span = Span::new(
                points.point(suspect.span.start),
                points.point(suspect.span.end),
            );
            let turn = turns.partition_point(|t| t.span.end <= span.start);
            let in_turn = turns.get(turn).is_some_and(|t| t.span.start <= span.start);
            let words = around(&points, span);
            // Before a turn stands its label, which was told of already.
            if !in_turn
                && labels
                    .iter()
                    .any(|l| l.contains(&words.1) || words.1.contains(l))
            {
                continue;
            }
            let place = if in_turn {
                format!("{slug}:{}", turn + 1)
            } else {
                format!("{slug}@{}-{}", span.start, span.end)
            };
            all.put(&suspect, words, place, Some(transcript.id));
        }
    })?;
    Ok(())
}

/// Whether a label says who somebody is: no code, no initials, no role.
fn is_telling(label: &str, codes: &HashSet<String>, known: &Knowledge) -> bool {
    let folded = fold(label.trim());
    let letters = label.chars().filter(|c| c.is_alphabetic()).count();
    let digits = label.chars().any(|c| c.is_ascii_digit());
    let words: Vec<String> = super::folded_words(label);
    letters > 2
        && (!digits || letters >= 4)
        && !codes.contains(&folded)
        && !known.ignored.contains(&folded)
        && !known.replacements.is_some_and(|r| r.contains(&folded))
        && import::interviewer_word(label).is_none()
        && !words
            .iter()
            .all(|w| super::ordinary::is_ordinary(w) || w.bytes().all(|b| b.is_ascii_digit()))
}

/// How the study writes its words; the transcripts at hand first.
fn learn(store: &Store, transcripts: &[Transcript]) -> Result<Usage> {
    let mut usage = Usage::default();
    let mut read = 0;
    let mut seen: HashSet<i64> = HashSet::new();
    let others = store.transcripts()?;
    for transcript in transcripts.iter().chain(&others) {
        if read >= LEARNED {
            break;
        }
        if !seen.insert(transcript.id) {
            continue;
        }
        let revision = &transcript.revision;
        let turns = store.turns(revision.first_turn, revision.turns)?;
        read += store.with_text(revision.id, |text| {
            let points = Codepoints::new(text);
            let borders: Vec<usize> = turns.iter().map(|t| points.byte(t.span.start)).collect();
            usage.read(text, &borders);
            text.len()
        })?;
    }
    Ok(usage)
}

/// Case → roles that only one of its participants has, as folded words.
fn unique_roles(store: &Store) -> Result<HashMap<i64, Vec<Vec<String>>>> {
    let mut people: BTreeMap<(i64, Vec<String>), usize> = BTreeMap::new();
    for participant in store.participants()? {
        let Some(role) = &participant.role else {
            continue;
        };
        let words = super::folded_words(role);
        if words.is_empty() {
            continue;
        }
        for case in participant.cases {
            *people.entry((case, words.clone())).or_default() += 1;
        }
    }
    let mut roles: HashMap<i64, Vec<Vec<String>>> = HashMap::new();
    for ((case, words), n) in people {
        if n == 1 {
            roles.entry(case).or_default().push(words);
        }
    }
    Ok(roles)
}

/// Places that say the same, put together.
#[derive(Default)]
struct Groups {
    places: HashMap<(SuspectKind, Option<u32>, String), usize>,
    all: Vec<(Doubtful, Option<i64>)>,
}

impl Groups {
    fn put(
        &mut self,
        what: &Suspect,
        (left, words, right): (String, String, String),
        place: String,
        transcript: Option<i64>,
    ) {
        let key = (what.kind, what.entity, fold(&words));
        let Some(n) = self.places.get(&key) else {
            self.places.insert(key, self.all.len());
            self.all.push((
                Doubtful {
                    kind: what.kind,
                    sure: what.sure,
                    words,
                    entity: what.entity,
                    count: 1,
                    transcripts: usize::from(transcript.is_some()),
                    places: vec![place],
                    left,
                    right,
                },
                transcript,
            ));
            return;
        };
        let (group, last) = &mut self.all[*n];
        group.count += 1;
        if transcript.is_some() && *last != transcript {
            group.transcripts += 1;
            *last = transcript;
        }
        group.sure = group.sure.min(what.sure);
        if group.places.last() != Some(&place) {
            group.places.push(place);
        }
    }

    fn sorted(self) -> Vec<Doubtful> {
        let mut all: Vec<Doubtful> = self.all.into_iter().map(|(group, _)| group).collect();
        // Stable, so that what stands first in the study comes first of what is alike.
        all.sort_by_key(|d| (d.sure, d.kind, std::cmp::Reverse(d.count)));
        all
    }
}
