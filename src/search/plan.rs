//! A clause as a query of the search library.

use tantivy::Term;
use tantivy::query::{BooleanQuery, EmptyQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::near::{PlaceQuery, Places};
use super::slot::{Clause, Row, Slot};
use super::terms::AnyWord;

pub(super) fn plan(clause: &Clause, field: Field) -> Box<dyn Query> {
    match clause {
        Clause::Row(row) => plan_row(row, field),
        Clause::Near {
            left,
            within,
            right,
        } => Box::new(PlaceQuery {
            field,
            places: Places::Near {
                left: left.clone(),
                within: *within,
                right: right.clone(),
            },
        }),
        Clause::And(wanted, unwanted) => {
            let wanted = wanted
                .iter()
                .map(|clause| (Occur::Must, plan(clause, field)));
            let unwanted = unwanted
                .iter()
                .map(|clause| (Occur::MustNot, plan(clause, field)));
            Box::new(BooleanQuery::new(wanted.chain(unwanted).collect()))
        }
        Clause::Or(clauses) => any(clauses.iter().map(|clause| plan(clause, field)).collect()),
    }
}

fn any(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match queries.len() {
        0 => Box::new(EmptyQuery),
        1 => queries.swap_remove(0),
        _ => Box::new(BooleanQuery::new(
            queries
                .into_iter()
                .map(|query| (Occur::Should, query))
                .collect(),
        )),
    }
}

fn plan_row(row: &Row, field: Field) -> Box<dyn Query> {
    if let [slot] = &row.slots[..] {
        return match slot {
            Slot::Terms(terms) => any(terms.iter().map(|term| one_term(field, term)).collect()),
            slot => Box::new(AnyWord {
                field,
                slot: slot.clone(),
            }),
        };
    }
    // Side by side, the library's own phrase is quickest. The terms of a document are all of one language, so a phrase
    // in several languages is one of several phrases.
    let by_language = languages_of(row).filter(|_| row.gap == 0);
    let Some(languages) = by_language else {
        return Box::new(PlaceQuery {
            field,
            places: Places::Row(row.clone()),
        });
    };
    let phrase = |n: usize| -> Box<dyn Query> {
        let terms = row.slots.iter().filter_map(|slot| match slot {
            Slot::Terms(terms) => terms.get(n.min(terms.len() - 1)),
            _ => None,
        });
        Box::new(PhraseQuery::new(
            terms
                .map(|term| Term::from_field_text(field, term))
                .collect(),
        ))
    };
    any((0..languages).map(phrase).collect())
}

/// How many languages the terms of a row are in, if each slot has as many terms.
fn languages_of(row: &Row) -> Option<usize> {
    let mut counts = row.slots.iter().map(|slot| match slot {
        Slot::Terms(terms) if !terms.is_empty() => Some(terms.len()),
        _ => None,
    });
    let first = counts.next()??;
    counts.all(|count| count == Some(first)).then_some(first)
}

fn one_term(field: Field, term: &str) -> Box<dyn Query> {
    let term = Term::from_field_text(field, term);
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}
