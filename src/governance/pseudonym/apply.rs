//! Names in a draft replaced by what stands for them: first the places, to be shown; then the draft without them, and
//! what the key must know to put them back.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::find::{Doubt, Hit, Names};
use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::governance::key::{Applied, Entity, Key, Mark};
use crate::study::draft::Draft;
use crate::study::replace::Shift;
use crate::study::rewrite::Edit;

/// Where in a text a name stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// In a turn, by its place from 0.
    Turn(usize),
    /// In a speaker's label, by its place in the draft: wherever that label stands.
    Label(usize),
    /// Between turns: headings, and what stands before the first.
    Between,
}

/// A name in a draft, or in one of its labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub entity: u32,
    pub at: Where,
    /// In code points of the text, in its order; of a label: of all its places.
    pub spans: Vec<Span>,
    /// `None`: it is sure.
    pub doubt: Option<Doubt>,
    /// In bytes of the label, where it is one's.
    in_label: std::ops::Range<usize>,
}

/// A draft with replacements, and what was replaced.
pub struct Replaced {
    pub draft: Draft,
    pub applied: Applied,
    /// What came into which place of the draft as it was, and its labels anew.
    pub edits: Vec<Edit>,
    pub labels: Vec<String>,
    /// Entity → in how many places.
    pub counts: BTreeMap<u32, usize>,
}

/// The names in a draft, in the order of the text; labels where they first stand.
pub fn look(names: &Names, draft: &Draft) -> Vec<Found> {
    let points = Codepoints::new(&draft.text);
    let labels = label_places(draft, &points);
    let mut borders: Vec<usize> = Vec::with_capacity(draft.turns.len() * 4);
    let spans = draft.turns.iter().map(|t| t.span);
    for span in spans.chain(labels.iter().map(|(_, span)| *span)) {
        let bytes = points.bytes(span);
        borders.extend([bytes.start, bytes.end]);
    }
    borders.sort_unstable();
    let mut found: Vec<Found> = Vec::new();
    for hit in names.find_between(&draft.text, &borders) {
        let span = Span::new(points.point(hit.span.start), points.point(hit.span.end));
        let turn = draft.turns.partition_point(|t| t.span.end <= span.start);
        let in_turn = draft.turns.get(turn).is_some_and(|t| t.span.contains(span));
        if labels_hold(&labels, span) {
            continue;
        }
        found.push(Found {
            entity: hit.entity,
            at: if in_turn {
                Where::Turn(turn)
            } else {
                Where::Between
            },
            spans: vec![span],
            doubt: hit.doubt,
            in_label: 0..0,
        });
    }
    for (n, label) in draft.labels.iter().enumerate() {
        for hit in in_label(names, &label.label) {
            let spans: Vec<Span> = labels
                .iter()
                .filter(|(of, _)| *of == n)
                .map(|(_, span)| inside(&label.label, *span, &hit))
                .collect();
            if spans.is_empty() {
                continue;
            }
            found.push(Found {
                entity: hit.entity,
                at: Where::Label(n),
                spans,
                doubt: hit.doubt,
                in_label: hit.span,
            });
        }
    }
    found.sort_by_key(|f| f.spans.first().copied());
    found
}

/// A label is no sentence: a capital, or none, says nothing against a name there.
fn in_label(names: &Names, label: &str) -> Vec<Hit> {
    let mut hits = names.find(label);
    for hit in &mut hits {
        if matches!(hit.doubt, Some(Doubt::LowerCase | Doubt::OrdinaryWord)) {
            hit.doubt = None;
        }
    }
    hits
}

/// Where in the text a hit in a label at `place` stands.
fn inside(label: &str, place: Span, hit: &Hit) -> Span {
    let points = Codepoints::new(label);
    Span::new(
        place.start + points.point(hit.span.start),
        place.start + points.point(hit.span.end),
    )
}

fn labels_hold(labels: &[(usize, Span)], span: Span) -> bool {
    let n = labels.partition_point(|(_, l)| l.end <= span.start);
    labels.get(n).is_some_and(|(_, l)| l.contains(span))
}

/// Where the labels stand: each before its turn, behind the turn before.
fn label_places(draft: &Draft, points: &Codepoints) -> Vec<(usize, Span)> {
    let mut places = Vec::with_capacity(draft.turns.len());
    let mut from = 0;
    for turn in &draft.turns {
        let between = Span::new(from, turn.span.start);
        from = turn.span.end;
        let Some(speaker) = turn.speaker else {
            continue;
        };
        let Some(label) = draft.labels.get(speaker) else {
            continue;
        };
        let gap = points.slice(between);
        let Some(at) = gap.rfind(label.label.as_str()) else {
            continue;
        };
        let start = between.start + Codepoints::new(&gap[..at]).len();
        let end = start + Codepoints::new(&label.label).len();
        places.push((speaker, Span::new(start, end)));
    }
    places
}

/// Replaces what was chosen of what [`look`] found. `before` is what was replaced in the text already.
pub fn replace(
    key: &Key,
    mut draft: Draft,
    chosen: &[&Found],
    before: &[Mark],
) -> Result<Replaced> {
    let points = Codepoints::new(&draft.text);
    let entities: BTreeMap<u32, &Entity> = key.entities.iter().map(|e| (e.number, e)).collect();
    let mut edits: Vec<(Edit, u32)> = Vec::new();
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    let mut labels: Vec<Vec<(std::ops::Range<usize>, &str)>> = vec![Vec::new(); draft.labels.len()];
    for found in chosen {
        let Some(entity) = entities.get(&found.entity) else {
            continue;
        };
        *counts.entry(found.entity).or_default() += found.spans.len();
        let bare = match found.at {
            Where::Label(n) => {
                // A participant's code as a label says who speaks.
                let new = entity.participant.as_deref().unwrap_or(&entity.replacement);
                if let Some(label) = labels.get_mut(n) {
                    label.push((found.in_label.clone(), new));
                }
                Some(new)
            }
            _ => None,
        };
        for span in &found.spans {
            let bytes = points.bytes(*span);
            let bracketed = draft.text[..bytes.start].ends_with('[')
                && draft.text[bytes.end..].starts_with(']');
            let new = match bare {
                Some(new) => new.to_owned(),
                None if bracketed => entity.replacement.clone(),
                None => format!("[{}]", entity.replacement),
            };
            edits.push((Edit { span: *span, new }, found.entity));
        }
    }
    edits.sort_by_key(|(edit, _)| edit.span);
    let spans: Vec<Span> = edits.iter().map(|(e, _)| e.span).collect();
    let forms: Vec<String> = spans.iter().map(|s| points.slice(*s).to_owned()).collect();
    let (edits, owners): (Vec<Edit>, Vec<u32>) = edits.into_iter().unzip();
    let length = |e: &Edit| Codepoints::new(&e.new).len();
    let shift = Shift::new(&spans, edits.iter().map(length));
    let mut marks: Vec<Mark> = before
        .iter()
        .filter(|m| !spans.iter().any(|s| s.overlaps(m.span)))
        .map(|m| Mark {
            span: shift.span(m.span),
            ..m.clone()
        })
        .collect();
    for ((edit, owner), form) in edits.iter().zip(&owners).zip(forms) {
        let start = shift.point(edit.span.start, false);
        marks.push(Mark {
            span: Span::new(start, start + length(edit)),
            entity: *owner,
            form,
        });
    }
    marks.sort_by_key(|m| m.span);
    let renamed: Vec<String> = draft
        .labels
        .iter()
        .zip(&labels)
        .map(|(label, edits)| renamed(&label.label, edits))
        .collect();
    for (label, new) in draft.labels.iter_mut().zip(&renamed) {
        // A label that is a participant's code now says who speaks; what was said of it before stays.
        if label.label != *new
            && label
                .who
                .as_ref()
                .is_some_and(|(role, _)| role == "unknown")
        {
            label.who = None;
        }
    }
    draft.rewrite(&edits, &renamed)?;
    Ok(Replaced {
        applied: Applied {
            text: hash(&draft.text),
            marks,
        },
        draft,
        edits,
        labels: renamed,
        counts,
    })
}

fn renamed(label: &str, edits: &[(std::ops::Range<usize>, &str)]) -> String {
    let mut new = String::with_capacity(label.len());
    let mut done = 0;
    for (at, replacement) in edits {
        new.push_str(&label[done..at.start]);
        new.push_str(replacement);
        done = at.end;
    }
    new.push_str(&label[done..]);
    new
}

/// What is said of a text beside it, with the sure names replaced: between brackets, or as a label.
pub fn replace_in_words(key: &Key, names: &Names, words: &str, label: bool) -> String {
    let hits = if label {
        in_label(names, words)
    } else {
        names.find(words)
    };
    let mut new = String::with_capacity(words.len());
    let mut done = 0;
    for hit in hits.into_iter().filter(Hit::sure) {
        let Some(entity) = key.entities.iter().find(|e| e.number == hit.entity) else {
            continue;
        };
        new.push_str(&words[done..hit.span.start]);
        if label {
            new.push_str(entity.participant.as_deref().unwrap_or(&entity.replacement));
        } else {
            new.push_str(&format!("[{}]", entity.replacement));
        }
        done = hit.span.end;
    }
    new.push_str(&words[done..]);
    new
}

/// By what the key knows a text again.
pub fn hash(text: &str) -> String {
    Sha256::digest(text)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            hex.push_str(&format!("{byte:02x}"));
            hex
        })
}
