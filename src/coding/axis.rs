//! What a table is made by: its dimensions, and the names along one of them with where each coding falls.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use super::Error;
use super::sections::{Ordered, holds_turns_itself};
use crate::domain::attribute::{Owner, Type};
use crate::error::Result;
use crate::store::{Attribute, Light, Transcript};
use crate::study::passage::Reader;
use crate::study::{Codebook, Selection, Study};

/// Something that passages are sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dimension {
    Case,
    Participant,
    Transcript,
    Phase,
    Role,
    Theme,
    Coder,
    /// The innermost heading or question.
    Section,
    Attribute(Option<Owner>, String),
}

impl FromStr for Dimension {
    type Err = Error;
    fn from_str(typed: &str) -> Result<Self, Error> {
        Ok(match typed {
            "case" => Self::Case,
            "participant" => Self::Participant,
            "transcript" => Self::Transcript,
            "phase" => Self::Phase,
            "role" => Self::Role,
            "theme" => Self::Theme,
            "coder" => Self::Coder,
            "section" => Self::Section,
            _ => match typed.strip_prefix("attr:").filter(|k| !k.is_empty()) {
                Some(key) => match key.split_once('.') {
                    Some((owner, name)) if owner.parse::<Owner>().is_ok() => {
                        Self::Attribute(owner.parse().ok(), name.to_owned())
                    }
                    _ => Self::Attribute(None, key.to_owned()),
                },
                None => {
                    return Err(Error::refused(
                        format!(
                            "`{}` is nothing that a table can be made by",
                            crate::domain::span::printable(typed)
                        ),
                        "it may be: case, participant, transcript, phase, role, theme, coder, section or attr:KEY",
                    ));
                }
            },
        })
    }
}

/// The name of what has none: the row of codings in transcripts without a case, and the like.
pub(super) const NONE: &str = "(none)";

/// What a place along a dimension follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// The same for all codings of a transcript.
    Transcript,
    /// Whoever speaks.
    Person,
    Section,
    Theme,
    Coder,
}

/// Names along one dimension, with their places.
pub(super) struct Axis {
    kind: Dimension,
    by: By,
    names: Vec<String>,
    places: HashMap<String, usize>,
    /// Values of an attribute by owner.
    values: HashMap<i64, String>,
    owner: Option<Owner>,
    depth: Option<usize>,
    book: Codebook,
    coders: HashMap<i64, String>,
    /// The place of the transcript at hand; of each theme, coder and person that came up.
    here: Option<usize>,
    known: HashMap<Option<i64>, usize>,
    /// Themes and coders have small ids, and every coding asks: their places by id.
    small: Vec<Option<usize>>,
}

impl Axis {
    /// Themes and cases are there whether or not anything is coded: an empty row is a finding. `transcripts` are those
    /// that the selection takes.
    pub(super) fn new(
        study: &Study,
        kind: &Dimension,
        selection: &Selection,
        transcripts: &[Transcript],
        depth: Option<usize>,
    ) -> Result<Self> {
        let mut axis = Self {
            kind: kind.clone(),
            by: By::Transcript,
            names: Vec::new(),
            places: HashMap::new(),
            values: HashMap::new(),
            owner: None,
            depth,
            book: Codebook::of(Vec::new()),
            coders: HashMap::new(),
            here: None,
            known: HashMap::new(),
            small: Vec::new(),
        };
        match kind {
            Dimension::Theme => {
                axis.by = By::Theme;
                axis.book = Codebook::read(&study.store)?;
                let wanted = |id: &i64| {
                    let themes = selection.themes.as_ref();
                    themes.is_none_or(|wanted| wanted.contains(id))
                };
                let themes = axis.book.themes().iter().map(|t| t.id);
                for theme in themes.filter(wanted).collect::<Vec<_>>() {
                    axis.place(&at_depth(&axis.book, theme, depth));
                }
            }
            Dimension::Case => {
                let used: HashSet<i64> = transcripts.iter().filter_map(|t| t.case).collect();
                for case in study.store.cases()? {
                    if used.contains(&case.id) {
                        axis.place(&case.slug);
                    }
                }
            }
            Dimension::Section => {
                axis.by = By::Section;
                let ordered = Ordered::read(study, selection, |part, n| {
                    holds_turns_itself(selection, part, n)
                })?;
                for (title, places) in &ordered.titles {
                    axis.place_as(&ordered.all[places[0]].1.key, title);
                }
            }
            Dimension::Phase => {
                for phase in study.store.phases()? {
                    axis.place(&phase.slug);
                }
            }
            Dimension::Attribute(owner, name) => {
                let found = attribute(study, *owner, name)?;
                if found.of == Owner::Participant {
                    axis.by = By::Person;
                }
                axis.owner = Some(found.of);
                axis.values = values(study, &found)?;
                for value in in_order(&found, axis.values.values().cloned().collect()) {
                    axis.place(&value);
                }
            }
            Dimension::Coder => {
                axis.by = By::Coder;
                axis.coders = study
                    .store
                    .coders()?
                    .into_iter()
                    .map(|c| (c.id, c.name))
                    .collect();
            }
            Dimension::Participant | Dimension::Role => axis.by = By::Person,
            Dimension::Transcript => {}
        }
        Ok(axis)
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    fn place(&mut self, name: &str) -> usize {
        self.place_as(name, name)
    }

    /// The place of what is known by `key` and shown as `name`.
    fn place_as(&mut self, key: &str, name: &str) -> usize {
        if let Some(n) = self.places.get(key) {
            return *n;
        }
        self.names.push(name.to_owned());
        self.places.insert(key.to_owned(), self.names.len() - 1);
        self.names.len() - 1
    }

    /// Another transcript begins.
    pub(super) fn begin(&mut self) {
        self.here = None;
    }

    /// Where a coding falls that stands for this participant's words.
    #[inline]
    pub(super) fn of(
        &mut self,
        reader: &mut Reader,
        transcript: &Transcript,
        coding: &Light,
        participant: Option<i64>,
    ) -> Result<usize> {
        match self.by {
            By::Transcript => {
                if let Some(place) = self.here {
                    return Ok(place);
                }
            }
            By::Theme | By::Coder => {
                let id = if self.by == By::Theme {
                    coding.theme
                } else {
                    coding.coder
                };
                let at = usize::try_from(id).unwrap_or_default();
                if let Some(Some(place)) = self.small.get(at) {
                    return Ok(*place);
                }
                let name = if self.by == By::Theme {
                    at_depth(&self.book, id, self.depth)
                } else {
                    self.coders
                        .get(&id)
                        .cloned()
                        .unwrap_or_else(|| "?".to_owned())
                };
                let place = self.place(&name);
                if self.small.len() <= at {
                    self.small.resize(at + 1, None);
                }
                self.small[at] = Some(place);
                return Ok(place);
            }
            By::Person => {
                if let Some(place) = self.known.get(&participant) {
                    return Ok(*place);
                }
            }
            By::Section => {
                let section = reader.section(transcript.revision.id, coding.turn)?;
                return Ok(match section {
                    Some(section) => self.place_as(&section.key, &section.title),
                    None => self.place(NONE),
                });
            }
        }
        let name = self.named(reader, transcript, participant);
        let place = self.place(name.as_deref().unwrap_or(NONE));
        if self.by == By::Transcript {
            self.here = Some(place);
        } else {
            self.known.insert(participant, place);
        }
        Ok(place)
    }

    /// What follows from a transcript, or from whoever speaks.
    fn named(
        &self,
        reader: &Reader,
        transcript: &Transcript,
        participant: Option<i64>,
    ) -> Option<String> {
        let people = &reader.people;
        let person = participant.and_then(|p| people.participants.get(&p));
        match &self.kind {
            Dimension::Case => people.case_slug(transcript.case).map(str::to_owned),
            Dimension::Participant => person.map(|p| p.code.clone()),
            Dimension::Transcript => Some(transcript.slug.clone()),
            Dimension::Phase => people.phase_slug(transcript.phase).map(str::to_owned),
            Dimension::Role => person.and_then(|p| p.role.clone()),
            Dimension::Attribute(..) => match self.owner {
                Some(Owner::Case) => transcript.case,
                Some(Owner::Participant) => participant,
                _ => Some(transcript.id),
            }
            .and_then(|id| self.values.get(&id).cloned()),
            Dimension::Theme | Dimension::Coder | Dimension::Section => None,
        }
    }

    /// Where words fall that somebody says, if that is among the names; not what themes and coders are asked.
    pub(super) fn of_words(
        &self,
        reader: &mut Reader,
        transcript: &Transcript,
        turn: i64,
        participant: Option<i64>,
    ) -> Result<Option<usize>> {
        if self.by == By::Section {
            let section = reader.section(transcript.revision.id, turn)?;
            let key = section.map_or(NONE, |s| s.key.as_str());
            return Ok(self.places.get(key).copied());
        }
        let name = self.named(reader, transcript, participant);
        Ok(self.places.get(name.as_deref().unwrap_or(NONE)).copied())
    }

    /// Whether it takes knowing who speaks to tell a place.
    pub(super) fn asks_who(&self) -> bool {
        self.by == By::Person
    }

    /// Whether every word belongs to one name: themes and coders have no words of their own.
    pub(super) fn parts_texts(&self) -> bool {
        !matches!(self.by, By::Theme | By::Coder)
    }

    /// Dimensions whose names came up as they were met are put in order: where each stands, by its place as it was met.
    pub(super) fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        let met = matches!(
            self.kind,
            Dimension::Participant | Dimension::Transcript | Dimension::Role | Dimension::Coder
        );
        if met {
            order.sort_by_key(|n| {
                let name = &self.names[*n];
                let length = if self.kind == Dimension::Transcript {
                    name.len()
                } else {
                    0
                };
                (name == NONE, length, name.clone())
            });
        }
        order
    }
}

/// The attribute that is meant by a name.
pub(super) fn attribute(study: &Study, owner: Option<Owner>, name: &str) -> Result<Attribute> {
    let all = study.store.attributes()?;
    let found = all
        .into_iter()
        .find(|a| a.name.eq_ignore_ascii_case(name) && owner.is_none_or(|o| o == a.of));
    match found {
        Some(found) => Ok(found),
        // Refused in the words of whoever looks attributes up, with what may have been meant.
        None => Ok(study
            .store
            .attribute(owner.unwrap_or(Owner::Participant), name)?),
    }
}

/// Values of an attribute, by owner.
pub(super) fn values(study: &Study, attribute: &Attribute) -> Result<HashMap<i64, String>> {
    Ok(study
        .store
        .values(attribute.of, None)?
        .into_iter()
        .filter(|v| v.attribute == attribute.name)
        .map(|v| (v.owner, v.value))
        .collect())
}

/// Values in their order, each once: levels as they were defined, numbers by their size, everything else as text.
pub(super) fn in_order(attribute: &Attribute, mut values: Vec<String>) -> Vec<String> {
    if let Type::Ordered(levels) = &attribute.kind {
        return levels.clone();
    }
    values.sort();
    values.dedup();
    if values.iter().all(|v| v.parse::<f64>().is_ok()) {
        values.sort_by(|a, b| {
            a.parse::<f64>()
                .unwrap_or_default()
                .total_cmp(&b.parse().unwrap_or_default())
        });
    }
    values
}

pub(super) fn at_depth(book: &Codebook, theme: i64, depth: Option<usize>) -> String {
    let path = book.path(theme);
    match depth {
        Some(depth) => path.split('/').take(depth).collect::<Vec<_>>().join("/"),
        None => path,
    }
}
