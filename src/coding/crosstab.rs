//! Coded passages by two dimensions: which row and column each belongs to, for the matrix to count.

use std::collections::HashMap;
use std::str::FromStr;

use super::Error;
use super::quotes::{Names, QuoteRef, Quotes, each_ref};
use super::sections::{Ordered, holds_turns_itself};
use crate::analysis::matrix::{Matrix, Passage, Unit, matrix};
use crate::domain::attribute::Owner;
use crate::domain::filter::Filter;
use crate::domain::section::{Meant, SectionKind, Titled, key, meant};
use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::store::Transcript;
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

const NONE: &str = "(none)";

/// The passages of a table, with their row and column.
pub struct Crosstab {
    by: (Dimension, Dimension),
    rows: Vec<String>,
    cols: Vec<String>,
    passages: Vec<Passage>,
    refs: Vec<QuoteRef>,
    transcripts: HashMap<i64, Transcript>,
    /// Codings that wait for their place in a corrected text, and so are in no cell.
    pending: usize,
}

/// Names along one dimension, with their places.
struct Axis {
    kind: Dimension,
    names: Vec<String>,
    places: HashMap<String, usize>,
    /// Values of an attribute by owner.
    values: HashMap<i64, String>,
    owner: Option<Owner>,
    depth: Option<usize>,
}

impl Axis {
    /// Themes and cases are there whether or not anything is coded: an empty row is a finding.
    fn new(
        study: &Study,
        kind: &Dimension,
        selection: &Selection,
        names: &Names,
        depth: Option<usize>,
    ) -> Result<Self> {
        let mut axis = Self {
            kind: kind.clone(),
            names: Vec::new(),
            places: HashMap::new(),
            values: HashMap::new(),
            owner: None,
            depth,
        };
        match kind {
            Dimension::Theme => {
                for theme in names.book.themes().iter().filter(|t| {
                    selection
                        .themes
                        .as_ref()
                        .is_none_or(|wanted| wanted.contains(&t.id))
                }) {
                    axis.place(&at_depth(&names.book, theme.id, depth));
                }
            }
            Dimension::Case => {
                let used: Vec<i64> = study
                    .store
                    .transcripts()?
                    .into_iter()
                    .filter(|t| {
                        selection
                            .transcripts
                            .as_ref()
                            .is_none_or(|ids| ids.binary_search(&t.id).is_ok())
                    })
                    .filter_map(|t| t.case)
                    .collect();
                for case in study
                    .store
                    .cases()?
                    .into_iter()
                    .filter(|c| used.contains(&c.id))
                {
                    axis.place(&case.slug);
                }
            }
            Dimension::Section => {
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
                let all = study.store.attributes()?;
                let found = all
                    .iter()
                    .find(|a| a.name.eq_ignore_ascii_case(name) && owner.is_none_or(|o| o == a.of));
                let Some(found) = found else {
                    return Err(study
                        .store
                        .attribute(owner.unwrap_or(Owner::Participant), name)
                        .err()
                        .map_or_else(
                            || Error::Refused("no such attribute".into(), None).into(),
                            Into::into,
                        ));
                };
                axis.owner = Some(found.of);
                axis.values = study
                    .store
                    .values(found.of, None)?
                    .into_iter()
                    .filter(|v| v.attribute == found.name)
                    .map(|v| (v.owner, v.value))
                    .collect();
                if let crate::domain::attribute::Type::Ordered(levels) = &found.kind {
                    for level in levels {
                        axis.place(level);
                    }
                } else {
                    let mut values: Vec<String> = axis.values.values().cloned().collect();
                    values.sort();
                    values.dedup();
                    // Numbers by their size, everything else as text.
                    if values.iter().all(|v| v.parse::<f64>().is_ok()) {
                        values.sort_by(|a, b| {
                            a.parse::<f64>()
                                .unwrap_or_default()
                                .total_cmp(&b.parse().unwrap_or_default())
                        });
                    }
                    for value in values {
                        axis.place(&value);
                    }
                }
            }
            _ => {}
        }
        Ok(axis)
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

    fn of(
        &mut self,
        reader: &mut Reader,
        names: &Names,
        transcript: &Transcript,
        q: &QuoteRef,
    ) -> Result<usize> {
        if self.kind == Dimension::Section {
            let section = reader.section(q.coding.revision, q.coding.turn)?;
            return Ok(match section {
                Some(section) => self.place_as(&section.key, &section.title),
                None => self.place(NONE),
            });
        }
        let people = &reader.people;
        let person = q.participant.and_then(|p| people.participants.get(&p));
        let name = match &self.kind {
            Dimension::Case => people.case_slug(transcript.case).map(str::to_owned),
            Dimension::Participant => person.map(|p| p.code.clone()),
            Dimension::Transcript => Some(transcript.slug.clone()),
            Dimension::Phase => people.phase_slug(transcript.phase).map(str::to_owned),
            Dimension::Role => person.and_then(|p| p.role.clone()),
            Dimension::Theme => Some(at_depth(&names.book, q.coding.theme, self.depth)),
            Dimension::Coder => Some(names.coder(q.coding.coder).to_owned()),
            Dimension::Section => None,
            Dimension::Attribute(..) => match self.owner {
                Some(Owner::Case) => transcript.case,
                Some(Owner::Participant) => q.participant,
                _ => Some(transcript.id),
            }
            .and_then(|id| self.values.get(&id).cloned()),
        };
        Ok(self.place(name.as_deref().unwrap_or(NONE)))
    }

    /// Dimensions whose names came up as they were met are put in order: (names, where each old place went).
    fn settle(self) -> (Vec<String>, Vec<usize>) {
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        let met = matches!(
            self.kind,
            Dimension::Participant | Dimension::Transcript | Dimension::Role | Dimension::Coder
        );
        if met {
            order.sort_by(|a, b| {
                let key = |n: usize| {
                    (
                        self.names[n] == NONE,
                        if self.kind == Dimension::Transcript {
                            self.names[n].len()
                        } else {
                            0
                        },
                        self.names[n].clone(),
                    )
                };
                key(*a).cmp(&key(*b))
            });
        }
        let mut went = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            went[*old] = new;
        }
        (order.iter().map(|n| self.names[*n].clone()).collect(), went)
    }
}

pub(super) fn at_depth(book: &Codebook, theme: i64, depth: Option<usize>) -> String {
    let path = book.path(theme);
    match depth {
        Some(depth) => path.split('/').take(depth).collect::<Vec<_>>().join("/"),
        None => path,
    }
}

/// Sorts the passages that a filter leaves by two dimensions.
pub fn crosstab(
    study: &Study,
    filter: &Filter,
    rows: &Dimension,
    cols: &Dimension,
    depth: Option<usize>,
) -> Result<Crosstab> {
    let selection = study.select(filter)?;
    let names = Names::read(&study.store)?;
    let mut by_row = Axis::new(study, rows, &selection, &names, depth)?;
    let mut by_col = Axis::new(study, cols, &selection, &names, depth)?;
    let mut reader = Reader::new(&study.store)?;
    let mut passages = Vec::new();
    let mut refs = Vec::new();
    let mut transcripts = HashMap::new();
    each_ref(
        study,
        &selection,
        &mut reader,
        |reader, transcript, found| {
            for q in found {
                passages.push(Passage {
                    row: by_row.of(reader, &names, transcript, q)?,
                    col: by_col.of(reader, &names, transcript, q)?,
                    coding: q.coding.id,
                    transcript: transcript.id,
                    first_turn: q.coding.turn,
                    last_turn: q.coding.last_turn,
                    span: q.coding.span,
                    participant: q.participant,
                    case: transcript.case,
                });
                refs.push(*q);
            }
            transcripts.insert(transcript.id, transcript.clone());
            Ok(())
        },
    )?;
    let by = (rows.clone(), cols.clone());
    let (rows, row_went) = by_row.settle();
    let (cols, col_went) = by_col.settle();
    for p in &mut passages {
        p.row = row_went[p.row];
        p.col = col_went[p.col];
    }
    Ok(Crosstab {
        by,
        rows,
        cols,
        passages,
        refs,
        transcripts,
        pending: study.pending_in(&selection)?,
    })
}

impl Crosstab {
    pub fn count(&self, study: &Study, unit: Unit) -> Result<Matrix> {
        // Words need the texts: read once each, and only for that unit.
        let mut texts: HashMap<i64, String> = HashMap::new();
        if unit == Unit::Words {
            for (id, transcript) in &self.transcripts {
                texts.insert(*id, study.store.text(transcript.revision.id)?);
            }
        }
        let mut points: HashMap<i64, Codepoints> = texts
            .iter()
            .map(|(id, text)| (*id, Codepoints::new(text)))
            .collect();
        let mut words = |transcript: i64, span: Span| {
            points.get_mut(&transcript).map_or(0, |p| {
                p.slice(span)
                    .split_whitespace()
                    .filter(|w| w.contains(char::is_alphanumeric))
                    .count() as u64
            })
        };
        Ok(matrix(
            self.rows.clone(),
            self.cols.clone(),
            unit,
            &self.passages,
            self.pending,
            &mut words,
        ))
    }

    /// The quotes behind a cell, named as `ROW,COLUMN`.
    pub fn cell(&self, study: &Study, typed: &str) -> Result<Quotes> {
        let find = |names: &[String], by: &Dimension, name: &str| {
            let name = name.trim();
            let whole = names.iter().position(|n| n.eq_ignore_ascii_case(name));
            // A question is long: its number or a part of it will do.
            match by {
                Dimension::Section => whole.or_else(|| the_section(names, name)),
                _ => whole,
            }
        };
        // A name may hold a comma itself: the comma that parts row from column is one that leaves two known names.
        let place = typed.match_indices(',').find_map(|(at, _)| {
            Some((
                find(&self.rows, &self.by.0, &typed[..at])?,
                find(&self.cols, &self.by.1, &typed[at + 1..])?,
            ))
        });
        let Some((row, col)) = place else {
            return Err(Error::refused(
                format!("`{}` names no cell", crate::domain::span::printable(typed)),
                format!(
                    "write ROW,COLUMN with a row of: {} and a column of: {}",
                    some(&self.rows),
                    some(&self.cols)
                ),
            )
            .into());
        };
        let names = Names::read(&study.store)?;
        let mut reader = Reader::new(&study.store)?;
        let mut found = Quotes {
            total: 0,
            pending: self.pending,
            quotes: Vec::new(),
        };
        for (passage, q) in self.passages.iter().zip(&self.refs) {
            if let ((r, c), Some(transcript)) = (
                (passage.row, passage.col),
                self.transcripts.get(&q.transcript),
            ) && (r, c) == (row, col)
            {
                let text = reader
                    .slices(transcript.revision.id, &[q.coding.span])?
                    .pop()
                    .unwrap_or_default();
                found.total += 1;
                found
                    .quotes
                    .push(names.quote(&mut reader, transcript, q, &text)?);
            }
        }
        Ok(found)
    }
}

/// The one title that somebody means by a part of it, or by its number.
fn the_section(titles: &[String], typed: &str) -> Option<usize> {
    let keys: Vec<String> = titles.iter().map(|t| key(t)).collect();
    let all: Vec<Titled> = titles
        .iter()
        .zip(&keys)
        .map(|(title, key)| Titled {
            kind: SectionKind::Question,
            title,
            key,
        })
        .collect();
    match meant(typed, &all) {
        Meant::These(places) if places.len() == 1 => places.first().copied(),
        _ => None,
    }
}

/// A title as the head of a column: cut after a word.
pub fn shortened(title: &str) -> String {
    const LONGEST: usize = 24;
    if title.chars().count() <= LONGEST {
        return title.to_owned();
    }
    let mut short = String::new();
    let mut length = 0;
    for word in title.split_whitespace() {
        let more = word.chars().count() + usize::from(length > 0);
        if length + more >= LONGEST {
            break;
        }
        if length > 0 {
            short.push(' ');
        }
        short.push_str(word);
        length += more;
    }
    if short.is_empty() {
        short = title.chars().take(LONGEST - 1).collect();
    }
    short + "…"
}

pub(super) fn some(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(8).map(|n| shortened(n)).collect();
    if names.len() > 8 {
        format!("{} …", shown.join(", "))
    } else {
        shown.join(", ")
    }
}
