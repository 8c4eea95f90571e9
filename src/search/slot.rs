//! A query in the terms of the index: the same for finding in the index and for finding in one text.

use super::analyser::{Analyser, Forms, search_form};
use super::fuzzy::Target;
use super::language::Language;
use super::query::{Node, Operand};

/// What may stand at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// One of these terms: an exact form, or the stem in each language. A document has one language, so that at most
    /// one of the stems can be in it.
    Terms(Vec<String>),
    /// An exact or a search form that begins with one of these.
    Prefix(Vec<String>),
    /// An exact or a search form near one of these.
    Fuzzy(Vec<Target>),
}

/// Slots in a row, with at most `gap` other words in between in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) slots: Vec<Slot>,
    pub(super) gap: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Clause {
    Row(Row),
    Near {
        left: Row,
        within: u32,
        right: Row,
    },
    /// All of the first and none of the second. There is a first.
    And(Vec<Clause>, Vec<Clause>),
    Or(Vec<Clause>),
}

impl Slot {
    /// Whether a word is found by it.
    pub(super) fn matches(&self, forms: &Forms) -> bool {
        match self {
            Self::Terms(terms) => terms
                .iter()
                .any(|term| *term == forms.exact || *term == forms.stem),
            Self::Prefix(heads) => {
                let begins = |form: &str| heads.iter().any(|head| form.starts_with(head.as_str()));
                begins(&forms.exact) || begins(forms.plain())
            }
            Self::Fuzzy(targets) => {
                let near = |form: &str| targets.iter().any(|target| target.is_near(form));
                near(&forms.exact) || near(forms.plain())
            }
        }
    }
}

/// The clause of a query for texts in these languages; none given is as if the texts had none.
pub(super) fn clause(node: &Node, languages: &[Language], analyser: &mut Analyser) -> Clause {
    let mut known: Vec<Language> = languages.to_vec();
    known.sort_unstable();
    known.dedup();
    if known.is_empty() {
        known.push(Language::NONE);
    }
    lower(node, &known, analyser)
}

fn lower(node: &Node, languages: &[Language], analyser: &mut Analyser) -> Clause {
    match node {
        Node::One(operand) => Clause::Row(row(operand, languages, analyser)),
        Node::Near {
            left,
            within,
            right,
        } => Clause::Near {
            left: row(left, languages, analyser),
            within: *within,
            right: row(right, languages, analyser),
        },
        Node::And(nodes) => {
            let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
            for node in nodes {
                match node {
                    Node::Not(node) => unwanted.push(lower(node, languages, analyser)),
                    node => wanted.push(lower(node, languages, analyser)),
                }
            }
            Clause::And(wanted, unwanted)
        }
        Node::Or(nodes) => Clause::Or(
            nodes
                .iter()
                .map(|node| lower(node, languages, analyser))
                .collect(),
        ),
        // The parser lets a `NOT` stand beside something else only, so it has been taken up above. If it ever stood
        // alone, it would find nothing.
        Node::Not(node) => Clause::And(Vec::new(), vec![lower(node, languages, analyser)]),
    }
}

fn row(operand: &Operand, languages: &[Language], analyser: &mut Analyser) -> Row {
    match operand {
        Operand::Words { words, gap, exact } => {
            let slots = words
                .iter()
                .map(|word| {
                    let mut terms: Vec<String> = Vec::new();
                    for &language in languages {
                        let forms = analyser.forms(word, language);
                        let term = if *exact { &forms.exact } else { &forms.stem };
                        if !terms.contains(term) {
                            terms.push(term.clone());
                        }
                    }
                    Slot::Terms(terms)
                })
                .collect();
            Row { slots, gap: *gap }
        }
        Operand::Prefix(word) => alone(Slot::Prefix(search_forms(word, languages, analyser))),
        Operand::Fuzzy { word, distance } => {
            let words = search_forms(word, languages, analyser);
            alone(Slot::Fuzzy(
                words
                    .iter()
                    .map(|word| Target::new(word, *distance))
                    .collect(),
            ))
        }
    }
}

fn alone(slot: Slot) -> Row {
    Row {
        slots: vec![slot],
        gap: 0,
    }
}

/// What a word, or its beginning, looks like among the search forms: with and without the small word in front.
fn search_forms(word: &str, languages: &[Language], analyser: &mut Analyser) -> Vec<String> {
    let exact = analyser.forms(word, Language::NONE).exact.clone();
    let mut forms = vec![search_form(&exact, Language::NONE)];
    for &language in languages {
        let form = search_form(&exact, language);
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    forms
}
