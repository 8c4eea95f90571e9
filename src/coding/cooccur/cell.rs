//! The passages behind a pair of themes.

use std::collections::{BTreeMap, HashMap};

use super::read::{Taken, ruler_of};
use super::{Groups, Question};
use crate::analysis::cooccur::{Count, Tie};
use crate::analysis::relation::index::Index;
use crate::analysis::relation::ruler::most;
use crate::analysis::relation::{Relation, Segment};
use crate::coding::quotes::{Names, QuoteRef, Quotes, each_ref};
use crate::error::Result;
use crate::store::Transcript;
use crate::study::passage::Reader;
use crate::study::{Selection, Study};

/// What two passages of a pair have in common, by which n12 counts them: a transcript or a case, and something in it.
type Common = (i64, i64);

pub(super) fn passages(
    study: &Study,
    mut selection: Selection,
    groups: &Groups,
    question: &Question,
    (a, b): (u32, u32),
) -> Result<Quotes> {
    let mut themes = groups.themes(&selection);
    themes.retain(|id| groups.of.get(id).is_some_and(|g| [a, b].contains(g)));
    selection.themes = Some(themes);
    let mut reader = Reader::new(&study.store)?;
    let mut all: Vec<(QuoteRef, Segment)> = Vec::new();
    let mut transcripts: HashMap<i64, Transcript> = HashMap::new();
    each_ref(
        study,
        &selection,
        &mut reader,
        |reader, transcript, found| {
            let ruler = if question.tie.relation().has_distance() {
                Some(ruler_of(study, reader, question, transcript.id)?)
            } else {
                None
            };
            for q in found {
                let turns = (q.coding.turn, q.coding.last_turn);
                let segment = Segment {
                    id: q.coding.id,
                    theme: q.coding.theme,
                    span: q.coding.span,
                    turns,
                    measured: ruler.as_ref().and_then(|r| r.measure(q.coding.span, turns)),
                };
                all.push((*q, segment));
            }
            transcripts.insert(transcript.id, transcript.clone());
            Ok(())
        },
    )?;
    let taken = Taken::new(study, &selection)?;
    let mut together: BTreeMap<Common, Vec<usize>> = BTreeMap::new();
    for (n, (q, _)) in all.iter().enumerate() {
        let case = transcripts.get(&q.transcript).and_then(|t| t.case);
        for common in commons(question, case, q, &taken) {
            together.entry(common).or_default().push(n);
        }
    }
    // In what they have in common, any two of a case make a pair.
    let relation = match question.tie.relation() {
        Relation::SameCase => Relation::SameTranscript,
        other => other,
    };
    let mut shown = vec![false; all.len()];
    for members in together.values() {
        let of = |group: u32| -> Vec<(usize, Segment)> {
            let these = members.iter().map(|n| (*n, all[*n].1));
            these
                .filter(|(_, s)| groups.of.get(&s.theme) == Some(&group))
                .collect()
        };
        let (first, second) = (of(a), of(b));
        for (these, others, relation) in [
            (&first, &second, relation),
            (&second, &first, relation.turned()),
        ] {
            let others: Vec<Segment> = others.iter().map(|(_, s)| *s).collect();
            let index = Index::new(relation, most(question.filter.distance), &others);
            for (n, segment) in these {
                shown[*n] |= index.holds(segment);
            }
        }
    }
    let names = Names::read(&study.store)?;
    let mut found = Quotes {
        total: 0,
        pending: study.pending_in(&selection)?,
        quotes: Vec::new(),
    };
    let taken: Vec<&QuoteRef> = all
        .iter()
        .zip(&shown)
        .filter(|(_, shown)| **shown)
        .map(|((q, _), _)| q)
        .collect();
    for part in taken.chunk_by(|a, b| a.transcript == b.transcript) {
        let Some(transcript) = transcripts.get(&part[0].transcript) else {
            continue;
        };
        let codings = part.iter().map(|q| &q.coding);
        let texts = reader.open_slices(&selection.sealed, transcript, codings)?;
        for (q, text) in part.iter().zip(texts) {
            found
                .quotes
                .push(names.quote(&mut reader, transcript, q, &text)?);
        }
    }
    found.total = found.quotes.len();
    Ok(found)
}

/// What a passage may have in common with another of the pair, none where it counts nowhere.
fn commons(question: &Question, case: Option<i64>, q: &QuoteRef, taken: &Taken) -> Vec<Common> {
    let wide = question.tie == Tie::SameCase;
    if case.is_none() && (wide || question.count == Count::Cases) {
        return Vec::new();
    }
    let here = match case {
        Some(case) if wide => case,
        _ => q.transcript,
    };
    match question.count {
        Count::Codings | Count::Cases => vec![(here, 0)],
        Count::Participants => q.participant.map(|p| (here, p)).into_iter().collect(),
        Count::Transcripts => vec![(q.transcript, 0)],
        Count::Turns => (q.coding.turn..=q.coding.last_turn)
            .filter(|turn| taken.takes_turn(*turn))
            .map(|turn| (q.transcript, turn))
            .collect(),
    }
}
