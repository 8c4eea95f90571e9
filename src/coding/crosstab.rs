//! Codings counted by two dimensions, and the passages behind one cell.
//!
//! Counting reads what counting needs: codings in the order of their ids, four numbers of each, whether anybody whom the
//! filter takes speaks there from a set of turns, and rows and columns by what was told for the transcript, the theme or
//! the person before. Words, relations and the passages of a cell need the codings whole and are read by
//! [`each_ref`], which is also the definition that the tests hold the counting to.

use std::collections::HashMap;

use super::Error;
pub use super::axis::Dimension;
pub(super) use super::axis::at_depth;
use super::axis::{Axis, attribute, in_order, values};
use super::quotes::{Names, QuoteRef, Quotes, each_ref, each_turn_ref};
use super::speech::Speech;
use crate::analysis::matrix::{Bases, Matrix, Measure, Passage, Tally, Unit, figures, sorted};
use crate::domain::attribute::Owner;
use crate::domain::filter::Filter;
use crate::domain::section::{Meant, SectionKind, Titled, key, meant};
use crate::domain::span::Codepoints;
use crate::error::{Failure, Result};
use crate::import::count_words;
use crate::store::{Among, Light, Transcript, transcript_of};
use crate::study::passage::Reader;
use crate::study::{Selection, Study};

/// What a table is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimensions {
    pub rows: Dimension,
    pub cols: Dimension,
    pub count: Unit,
    /// Put themes together at this depth of the tree.
    pub depth: Option<usize>,
}

/// A study's codings by two dimensions.
pub struct Crosstab<'a> {
    study: &'a Study,
    asked: Dimensions,
    selection: Selection,
    reader: Reader<'a>,
    by: (Axis, Axis),
    /// The places along the axes in the order of the matrix.
    order: (Vec<usize>, Vec<usize>),
    /// Transcripts that the selection takes, in order of their ids.
    transcripts: Vec<Transcript>,
    pub matrix: Matrix,
}

/// Refuses a table of something by itself: a coding has one theme, one coder, one case, so every cell but those where
/// a thing meets itself would be 0, and would read as "never together".
fn different(asked: &Dimensions) -> Result<()> {
    if asked.rows != asked.cols {
        return Ok(());
    }
    let hint = match asked.rows {
        Dimension::Theme => {
            "themes that occur together, in a case or closer: casebook cooccur --square --relation same-case --count cases"
        }
        Dimension::Coder => "what two coders coded alike: casebook agreement --pairs",
        _ => "choose something else for the columns, as in: --cols theme",
    };
    Err(Error::refused("rows and columns are the same", hint).into())
}

/// Sorts the passages that a filter leaves by two dimensions, and counts them.
pub fn crosstab<'a>(study: &'a Study, filter: &Filter, asked: &Dimensions) -> Result<Crosstab<'a>> {
    different(asked)?;
    let selection = study.select(filter)?;
    let mut reader = Reader::new(&study.store)?;
    let mut transcripts = study.store.transcripts()?;
    if let Some(ids) = &selection.transcripts {
        transcripts.retain(|t| ids.binary_search(&t.id).is_ok());
    }
    transcripts.sort_unstable_by_key(|t| t.id);
    let axis = |kind: &Dimension| Axis::new(study, kind, &selection, &transcripts, asked.depth);
    let mut by = (axis(&asked.rows)?, axis(&asked.cols)?);
    let mut tally = Tally::new(asked.count);
    if selection.relations.is_some() || asked.count == Unit::Words {
        whole(
            study,
            &selection,
            &mut reader,
            asked.count,
            &mut by,
            &mut tally,
        )?;
    } else {
        light(
            study,
            &selection,
            &mut reader,
            &transcripts,
            &mut by,
            &mut tally,
            asked.count,
        )?;
    }
    let (row_order, col_order) = (by.0.order(), by.1.order());
    let named =
        |axis: &Axis, order: &[usize]| order.iter().map(|n| axis.names()[*n].clone()).collect();
    let matrix = tally.matrix(
        (named(&by.0, &row_order), &row_order),
        (named(&by.1, &col_order), &col_order),
        study.pending_in(&selection)?,
    );
    Ok(Crosstab {
        study,
        asked: asked.clone(),
        selection,
        reader,
        by,
        order: (row_order, col_order),
        transcripts,
        matrix,
    })
}

/// Counts without reading more of a coding than its turns, theme and coder.
fn light(
    study: &Study,
    selection: &Selection,
    reader: &mut Reader,
    transcripts: &[Transcript],
    by: &mut (Axis, Axis),
    tally: &mut Tally,
    count: Unit,
) -> Result<()> {
    let who = by.0.asks_who() || by.1.asks_who() || count == Unit::Participants;
    let mut speech = Speech::new(study, selection, who)?;
    let mut passages: Vec<Passage> = Vec::new();
    let all_turns = selection.sections.is_none();
    let mut group = |codings: &[Light]| -> Result<()> {
        let Some(any) = codings.first() else {
            return Ok(());
        };
        let Ok(at) = transcripts.binary_search_by_key(&transcript_of(any.id), |t| t.id) else {
            return Ok(());
        };
        let transcript = &transcripts[at];
        speech.begin(transcript, codings)?;
        by.0.begin();
        by.1.begin();
        passages.clear();
        for coding in codings {
            let mut put = |coding: &Light, turn: i64| -> Result<()> {
                let participant = speech.participant(transcript.id, turn);
                passages.push(Passage {
                    row: by.0.of(reader, transcript, coding, participant)?,
                    col: by.1.of(reader, transcript, coding, participant)?,
                    coding: coding.id,
                    first_turn: coding.turn,
                    last_turn: coding.last_turn,
                    span: crate::domain::span::Span::new(0, 0),
                    participant,
                });
                Ok(())
            };
            if count != Unit::Turns {
                if let Some(turn) = speech.first_taken(coding) {
                    put(coding, turn)?;
                }
                continue;
            }
            for turn in coding.turn..=coding.last_turn {
                if speech.takes(turn) && (all_turns || selection.takes_turn(turn)) {
                    put(&in_turn(coding, turn), turn)?;
                }
            }
        }
        tally.add(transcript.id, transcript.case, &passages, true, &mut |_| 0);
        Ok(())
    };
    let coders = selection.coders.as_ref();
    let taken = |c: &Light| {
        (all_turns || selection.takes_turn(c.turn)) && coders.is_none_or(|k| k.contains(&c.coder))
    };
    match (&selection.themes, &selection.transcripts) {
        (Some(themes), _) => {
            let mut all: Vec<Light> = Vec::new();
            for theme in themes {
                study
                    .store
                    .each_light::<Failure>(Among::Theme(*theme), |c| {
                        if taken(&c) {
                            all.push(c);
                        }
                        Ok(())
                    })?;
            }
            all.sort_unstable_by_key(|c| c.id);
            for part in all.chunk_by(|a, b| transcript_of(a.id) == transcript_of(b.id)) {
                group(part)?;
            }
        }
        (None, Some(ids)) => {
            let mut all: Vec<Light> = Vec::new();
            for id in ids {
                all.clear();
                study
                    .store
                    .each_light::<Failure>(Among::Transcript(*id), |c| {
                        if taken(&c) {
                            all.push(c);
                        }
                        Ok(())
                    })?;
                group(&all)?;
            }
        }
        (None, None) => {
            let mut all: Vec<Light> = Vec::new();
            // The first id that is no more of the transcript at hand.
            let mut end = 0;
            study.store.each_light::<Failure>(Among::All, |c| {
                if taken(&c) {
                    if c.id >= end {
                        group(&all)?;
                        all.clear();
                        end = (transcript_of(c.id) + 1) * crate::store::CODINGS_PER_TRANSCRIPT;
                    }
                    all.push(c);
                }
                Ok(())
            })?;
            group(&all)?;
        }
    }
    Ok(())
}

/// Counts codings that had to be read whole.
fn whole(
    study: &Study,
    selection: &Selection,
    reader: &mut Reader,
    count: Unit,
    by: &mut (Axis, Axis),
    tally: &mut Tally,
) -> Result<()> {
    let mut passages = Vec::new();
    each_counted(
        study,
        selection,
        reader,
        count,
        |reader, transcript, found| {
            by.0.begin();
            by.1.begin();
            passages.clear();
            for q in found {
                let (row, col) = placed(by, reader, transcript, count, q)?;
                let coding = counted(count, q);
                passages.push(Passage {
                    row,
                    col,
                    coding: coding.id,
                    first_turn: coding.turn,
                    last_turn: coding.last_turn,
                    span: q.part(),
                    participant: q.participant,
                });
            }
            if count == Unit::Words {
                study.store.with_text(transcript.revision.id, |text| {
                    let points = Codepoints::new(text);
                    tally.add(
                        transcript.id,
                        transcript.case,
                        &passages,
                        false,
                        &mut |span| u64::from(count_words(points.slice(span))),
                    );
                })?;
            } else {
                tally.add(transcript.id, transcript.case, &passages, false, &mut |_| 0);
            }
            Ok(())
        },
    )
}

/// Whether a unit measures passages: then each turn in one stands in the row and column of who speaks it, and those that
/// the filters leave out are in none.
fn measures(count: Unit) -> bool {
    matches!(count, Unit::Turns | Unit::Words)
}

/// Runs `each` over the codings that a selection leaves, as a unit counts them: whole, or turn by turn.
fn each_counted(
    study: &Study,
    selection: &Selection,
    reader: &mut Reader,
    count: Unit,
    each: impl FnMut(&mut Reader, &Transcript, &[QuoteRef]) -> Result<()>,
) -> Result<()> {
    if measures(count) {
        each_turn_ref(study, selection, reader, each)
    } else {
        each_ref(study, selection, reader, each)
    }
}

/// A coding as if it stood in one of its turns alone.
fn in_turn(coding: &Light, turn: i64) -> Light {
    Light {
        turn,
        last_turn: turn,
        ..*coding
    }
}

/// What a unit counts of a coding that was read whole.
fn counted(count: Unit, q: &QuoteRef) -> Light {
    let coding = Light {
        id: q.coding.id,
        turn: q.coding.turn,
        last_turn: q.coding.last_turn,
        theme: q.coding.theme,
        coder: q.coding.coder,
    };
    if measures(count) {
        in_turn(&coding, q.turn)
    } else {
        coding
    }
}

/// Where a coding falls, of which all is known.
fn placed(
    by: &mut (Axis, Axis),
    reader: &mut Reader,
    transcript: &Transcript,
    count: Unit,
    q: &QuoteRef,
) -> Result<(usize, usize)> {
    let coding = counted(count, q);
    Ok((
        by.0.of(reader, transcript, &coding, q.participant)?,
        by.1.of(reader, transcript, &coding, q.participant)?,
    ))
}

impl Crosstab<'_> {
    /// Adds the figures of a measure to the matrix.
    pub fn measure(&mut self, measure: Measure) -> Result<()> {
        let words = if measure == Measure::PerThousandWords {
            Some(self.words()?)
        } else {
            None
        };
        self.matrix.figures = Some(figures(&self.matrix, measure, words));
        Ok(())
    }

    /// Words said by whom the selection takes, for each row, column and cell. Themes and coders have no words of their
    /// own: there a base is that of the other dimension.
    fn words(&mut self) -> Result<Bases> {
        let (row_order, col_order) = &self.order;
        let (rows, cols) = (row_order.len(), col_order.len());
        let mut cells = vec![vec![0u64; cols]; rows];
        let (mut by_row, mut by_col, mut total) = (vec![0u64; rows], vec![0u64; cols], 0u64);
        let who = self.by.0.asks_who() || self.by.1.asks_who();
        let mut speech = Speech::new(self.study, &self.selection, who)?;
        for transcript in &self.transcripts {
            speech.begin_whole(transcript)?;
            let revision = &transcript.revision;
            let mut turns = self
                .study
                .store
                .turns(revision.first_turn, revision.turns)?;
            turns.retain(|t| speech.takes(t.id) && self.selection.takes_turn(t.id));
            if turns.is_empty() {
                continue;
            }
            let said: Vec<u64> = self.study.store.with_text(revision.id, |text| {
                let points = Codepoints::new(text);
                let words = |t: &crate::store::Turn| u64::from(count_words(points.slice(t.span)));
                turns.iter().map(words).collect()
            })?;
            for (turn, said) in turns.iter().zip(said) {
                let participant = speech.participant(transcript.id, turn.id);
                total += said;
                let mut of =
                    |axis: &Axis| axis.of_words(&mut self.reader, transcript, turn.id, participant);
                let row = of(&self.by.0)?;
                let col = of(&self.by.1)?;
                if let Some(row) = row {
                    by_row[row] += said;
                }
                if let Some(col) = col {
                    by_col[col] += said;
                }
                if let (Some(row), Some(col)) = (row, col) {
                    cells[row][col] += said;
                }
            }
        }
        let (own_row, own_col) = (self.by.0.parts_texts(), self.by.1.parts_texts());
        let row = |n: &usize| if own_row { by_row[*n] } else { total };
        let col = |n: &usize| if own_col { by_col[*n] } else { total };
        let cell = |r: &usize, c: &usize| match (own_row, own_col) {
            (true, true) => cells[*r][*c],
            (true, false) => by_row[*r],
            (false, true) => by_col[*c],
            (false, false) => total,
        };
        Ok(Bases {
            cells: row_order
                .iter()
                .map(|r| col_order.iter().map(|c| cell(r, c)).collect())
                .collect(),
            row_totals: row_order.iter().map(row).collect(),
            col_totals: col_order.iter().map(col).collect(),
            total,
        })
    }

    /// Puts the rows in another order: `total`, the largest first, or `attr:KEY`, an attribute of what stands in the
    /// rows, in the order of its values.
    pub fn order_by(&mut self, typed: &str) -> Result<()> {
        let names = &self.matrix.rows;
        let mut order: Vec<usize> = (0..names.len()).collect();
        if typed == "total" {
            order.sort_by_key(|n| std::cmp::Reverse(self.matrix.row_totals[*n]));
        } else {
            let by: Dimension = typed.parse()?;
            let Dimension::Attribute(owner, name) = by else {
                return Err(Error::refused(
                    format!(
                        "rows can't be put in the order of `{}`",
                        crate::domain::span::printable(typed)
                    ),
                    "write --order-by total or --order-by attr:KEY",
                )
                .into());
            };
            let of = match self.asked.rows {
                Dimension::Case => Owner::Case,
                Dimension::Participant => Owner::Participant,
                Dimension::Transcript => Owner::Transcript,
                _ => {
                    return Err(Error::refused(
                        "what stands in these rows has no attributes",
                        "put cases, participants or transcripts into the rows, as in: --rows case",
                    )
                    .into());
                }
            };
            let found = attribute(self.study, Some(owner.unwrap_or(of)), &name)?;
            if found.of != of {
                return Err(Error::refused(
                    format!(
                        "`{}` is no attribute of what stands in the rows",
                        found.name
                    ),
                    "see which there are with: casebook attribute list",
                )
                .into());
            }
            let values = values(self.study, &found)?;
            let ranks: HashMap<String, usize> =
                in_order(&found, values.values().cloned().collect())
                    .into_iter()
                    .zip(0..)
                    .collect();
            let people = &self.reader.people;
            let of_name: HashMap<&str, i64> = match of {
                Owner::Case => people
                    .cases
                    .values()
                    .map(|c| (c.slug.as_str(), c.id))
                    .collect(),
                Owner::Participant => people
                    .participants
                    .values()
                    .map(|p| (p.code.as_str(), p.id))
                    .collect(),
                Owner::Transcript => {
                    let all = self.transcripts.iter();
                    all.map(|t| (t.slug.as_str(), t.id)).collect()
                }
            };
            // What has no value stands behind the others.
            order.sort_by_key(|n| {
                let owner = of_name.get(names[*n].as_str());
                owner
                    .and_then(|id| ranks.get(values.get(id)?))
                    .copied()
                    .unwrap_or(usize::MAX)
            });
        }
        self.matrix = sorted(self.matrix.clone(), &order);
        self.order.0 = order.iter().map(|n| self.order.0[*n]).collect();
        Ok(())
    }

    /// The quotes behind a cell, named as `ROW,COLUMN`.
    pub fn cell(mut self, typed: &str) -> Result<Quotes> {
        let find = |names: &[String], by: &Dimension, name: &str| {
            let name = name.trim();
            let whole = names.iter().position(|n| n.eq_ignore_ascii_case(name));
            // A question is long: its number or a part of it will do.
            match by {
                Dimension::Section => whole.or_else(|| the_section(names, name)),
                _ => whole,
            }
        };
        let (rows, cols) = (&self.matrix.rows, &self.matrix.cols);
        // A name may hold a comma itself: the comma that parts row from column is one that leaves two known names.
        let place = typed.match_indices(',').find_map(|(at, _)| {
            Some((
                find(rows, &self.asked.rows, &typed[..at])?,
                find(cols, &self.asked.cols, &typed[at + 1..])?,
            ))
        });
        let Some((row, col)) = place else {
            return Err(Error::refused(
                format!("`{}` names no cell", crate::domain::span::printable(typed)),
                format!(
                    "write ROW,COLUMN with a row of: {} and a column of: {}",
                    some(rows),
                    some(cols)
                ),
            )
            .into());
        };
        let wanted = (self.order.0[row], self.order.1[col]);
        let names = Names::read(&self.study.store)?;
        let mut found = Quotes {
            total: 0,
            pending: self.matrix.pending,
            quotes: Vec::new(),
        };
        let by = &mut self.by;
        let (count, sealed) = (self.asked.count, &self.selection.sealed);
        each_counted(
            self.study,
            &self.selection,
            &mut self.reader,
            count,
            |reader, transcript, refs| {
                by.0.begin();
                by.1.begin();
                let mut here: Vec<&QuoteRef> = Vec::new();
                for q in refs {
                    // A coding stands once in a cell, however many turns of it do.
                    let known = here.last().is_some_and(|last| last.coding == q.coding);
                    if !known && placed(by, reader, transcript, count, q)? == wanted {
                        here.push(q);
                    }
                }
                let codings = here.iter().map(|q| &q.coding);
                let texts = reader.open_slices(sealed, transcript, codings)?;
                for (q, text) in here.iter().zip(texts) {
                    found.total += 1;
                    found
                        .quotes
                        .push(names.quote(reader, transcript, q, &text)?);
                }
                Ok(())
            },
        )?;
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
