//! A clause as a query of the search library.

use tantivy::Term;
use tantivy::query::{BooleanQuery, EmptyQuery, Occur, Query, TermQuery};
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
    // The library has a phrase of its own, but its scorer must not be asked about an earlier document than the one it
    // stands at, and its own exclusion of one clause by another does that.
    Box::new(PlaceQuery {
        field,
        places: Places::Row(row.clone()),
    })
}

fn one_term(field: Field, term: &str) -> Box<dyn Query> {
    let term = Term::from_field_text(field, term);
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}
