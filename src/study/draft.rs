//! A text with its turns before it is a revision: read from a file, or made from the present revision.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::Error;
use super::files::read_whole;
use super::sections::new_sections;
use crate::anchor::Kept;
use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::import::{self, Imported};
use crate::store::{NewSection, NewTurn, Section, Store, Transcript};

/// Who speaks under a label of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub label: String,
    /// Role and participant, where that is known; the revision finds out otherwise.
    pub who: Option<(String, Option<i64>)>,
}

/// A text with its turns.
#[derive(Clone, Debug)]
pub struct Draft {
    pub text: String,
    /// In the order of the text; `speaker` is a place in `labels`.
    pub turns: Vec<NewTurn>,
    pub labels: Vec<Label>,
    pub sections: Vec<NewSection>,
    /// Where hard-wrapped lines were joined, as JSON.
    pub reflow: Option<String>,
    pub format: String,
    pub encoding: String,
    pub file_sha256: [u8; 32],
    pub warnings: Vec<String>,
    /// What of the present revision's text stands in this one unchanged, where that is known: the draft was made from it.
    pub kept: Option<Vec<Kept>>,
}

impl Draft {
    /// Reads a file as it would be imported.
    pub fn of_file(path: &Path, options: &import::Options) -> Result<Self> {
        let bytes = read_whole(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let mut imported = import::read_all(&name, &bytes, options)?;
        match (imported.pop(), imported.is_empty()) {
            (Some(only), true) => Ok(Self::of_import(only, Sha256::digest(&bytes).into())),
            _ => Err(Error::refused(
                "the file holds several transcripts",
                "save the corrected text of this one as a file of its own (.txt or .docx)",
            )
            .into()),
        }
    }

    pub(super) fn of_import(imported: Imported, file_sha256: [u8; 32]) -> Self {
        Self {
            sections: new_sections(&imported, &Codepoints::new(&imported.text)),
            turns: imported
                .turns
                .iter()
                .map(|t| NewTurn {
                    span: t.span,
                    speaker: t.label.map(usize::from),
                    time_ms: t.time_ms,
                })
                .collect(),
            labels: imported
                .labels
                .into_iter()
                .map(|label| Label { label, who: None })
                .collect(),
            reflow: import::reflow::stored(&imported.reflow),
            format: imported.format.to_string(),
            encoding: imported.encoding,
            text: imported.text,
            warnings: imported.warnings,
            kept: None,
            file_sha256,
        }
    }

    /// A transcript's present revision, to be changed.
    pub fn of_present(store: &Store, transcript: &Transcript) -> Result<Self> {
        let revision = &transcript.revision;
        let speakers = store.speakers(Some(transcript.id))?;
        let mut labels: Vec<(i64, Label)> = Vec::new();
        let mut turns = Vec::new();
        for turn in store.turns(revision.first_turn, revision.turns)? {
            let speaker = match turn.speaker {
                None => None,
                Some(id) => match labels.iter().position(|(known, _)| *known == id) {
                    Some(n) => Some(n),
                    None => speakers.iter().find(|s| s.id == id).map(|s| {
                        let who = Some((s.role.clone(), s.participant));
                        let label = s.label.clone();
                        labels.push((id, Label { label, who }));
                        labels.len() - 1
                    }),
                },
            };
            turns.push(NewTurn {
                span: turn.span,
                speaker,
                time_ms: turn.time_ms,
            });
        }
        Ok(Self {
            text: store.text(revision.id)?,
            turns,
            labels: labels.into_iter().map(|(_, label)| label).collect(),
            sections: store
                .sections(revision.id)?
                .into_iter()
                .map(|s| kept(s, revision.first_turn))
                .collect(),
            reflow: store.reflow(revision.id)?,
            format: revision.format.clone(),
            encoding: revision.encoding.clone(),
            file_sha256: store.file_sha256(revision.id)?,
            warnings: Vec::new(),
            kept: Some(vec![Kept {
                old: 0,
                new: 0,
                length: revision.characters,
            }]),
        })
    }

    pub fn characters(&self) -> u32 {
        Codepoints::new(&self.text).len()
    }

    /// Words in all turns together.
    pub fn words(&self) -> u32 {
        let points = Codepoints::new(&self.text);
        self.turns.iter().fold(0, |sum: u32, turn| {
            sum.saturating_add(import::count_words(points.slice(turn.span)))
        })
    }

    /// The part of a draft that some of its turns make up, with what stands around them: `from` and `to` in code points.
    #[must_use]
    pub fn part(&self, turns: std::ops::Range<usize>, from: u32, to: u32) -> Self {
        let points = Codepoints::new(&self.text);
        let raw = points.slice(Span::new(from, to));
        let trimmed = raw.trim_start_matches(['\n', ' ']);
        let from = from + Codepoints::new(&raw[..raw.len() - trimmed.len()]).len();
        let text = trimmed.trim_end_matches(['\n', ' ']).to_owned();
        let end = from + Codepoints::new(&text).len();
        let mut used: Vec<usize> = Vec::new();
        let moved = |span: Span| Span::new(span.start.max(from) - from, span.end.min(end) - from);
        let of_part: Vec<NewTurn> = self.turns[turns.clone()]
            .iter()
            .map(|turn| NewTurn {
                span: moved(turn.span),
                speaker: turn.speaker.map(|s| {
                    used.iter().position(|u| *u == s).unwrap_or_else(|| {
                        used.push(s);
                        used.len() - 1
                    })
                }),
                time_ms: turn.time_ms,
            })
            .collect();
        let sections = self
            .sections
            .iter()
            .filter(|s| s.span.start < end && s.span.end > from)
            .map(|s| NewSection {
                span: moved(s.span),
                turns: s.turns.and_then(|(first, last)| {
                    let (first, last) = (first.max(turns.start), (last + 1).min(turns.end));
                    (first < last).then(|| (first - turns.start, last - 1 - turns.start))
                }),
                ..s.clone()
            })
            .collect();
        Self {
            labels: used.iter().map(|u| self.labels[*u].clone()).collect(),
            turns: of_part,
            sections,
            reflow: moved_joins(self.reflow.as_deref(), |at| {
                (from <= at && at < end).then(|| at - from)
            }),
            text,
            format: self.format.clone(),
            encoding: self.encoding.clone(),
            file_sha256: self.file_sha256,
            warnings: Vec::new(),
            kept: None,
        }
    }

    /// Where [`Draft::part`] begins in the whole, once its leading blanks are gone.
    pub fn part_start(&self, from: u32, to: u32) -> u32 {
        let points = Codepoints::new(&self.text);
        let raw = points.slice(Span::new(from, to));
        let blank = raw.len() - raw.trim_start_matches(['\n', ' ']).len();
        from + Codepoints::new(&raw[..blank]).len()
    }

    /// Puts another text behind this one, a blank line between. Labels that name the same person are one; a label that
    /// names somebody else here gets `mark` behind it. Gives where the other text begins.
    pub fn append(&mut self, other: &Self, mark: &str) -> u32 {
        self.text.push_str("\n\n");
        let offset = self.characters();
        self.text.push_str(&other.text);
        let before = self.turns.len();
        let places: Vec<usize> = other
            .labels
            .iter()
            .map(|label| {
                if let Some(n) = self.labels.iter().position(|l| l == label) {
                    return n;
                }
                let taken = self.labels.iter().any(|l| l.label == label.label);
                self.labels.push(Label {
                    label: if taken {
                        format!("{} ({mark})", label.label)
                    } else {
                        label.label.clone()
                    },
                    who: label.who.clone(),
                });
                self.labels.len() - 1
            })
            .collect();
        let moved = |span: Span| Span::new(span.start + offset, span.end + offset);
        self.turns.extend(other.turns.iter().map(|turn| NewTurn {
            span: moved(turn.span),
            speaker: turn.speaker.map(|s| places[s]),
            time_ms: turn.time_ms,
        }));
        self.sections
            .extend(other.sections.iter().map(|s| NewSection {
                span: moved(s.span),
                turns: s.turns.map(|(first, last)| (first + before, last + before)),
                ..s.clone()
            }));
        let theirs = moved_joins(other.reflow.as_deref(), |at| Some(at + offset));
        self.reflow = match (self.reflow.take(), theirs) {
            (Some(own), Some(theirs)) => {
                joins(&own).zip(joins(&theirs)).and_then(|(mut own, more)| {
                    own.extend(more);
                    serde_json::to_string(&own).ok()
                })
            }
            (own, theirs) => own.or(theirs),
        };
        self.kept = None;
        offset
    }
}

fn kept(section: Section, first_turn: i64) -> NewSection {
    let place = |id: i64| usize::try_from(id - first_turn).unwrap_or_default();
    NewSection {
        level: u8::try_from(section.level).unwrap_or(u8::MAX),
        kind: if section.kind == "question" {
            "question"
        } else {
            "heading"
        },
        title: section.title,
        key: section.key,
        span: section.span,
        turns: section
            .turns
            .map(|(first, last)| (place(first), place(last))),
    }
}

/// Joins of re-flowed lines: where in the text, and what stood there.
fn joins(stored: &str) -> Option<Vec<(u32, String)>> {
    serde_json::from_str(stored).ok()
}

/// Joins where their text went; without those that went nowhere.
pub(super) fn moved_joins(stored: Option<&str>, to: impl Fn(u32) -> Option<u32>) -> Option<String> {
    let kept: Vec<(u32, String)> = joins(stored?)?
        .into_iter()
        .filter_map(|(at, was)| Some((to(at)?, was)))
        .collect();
    if kept.is_empty() {
        return None;
    }
    serde_json::to_string(&kept).ok()
}
