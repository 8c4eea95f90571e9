//! How many people fit a label: among those who were interviewed, and in the world as far as that was declared. A label
//! that fits one person is that person's name to whoever knows the setting.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use crate::error::Result;
use crate::store::{K_LABELS, Population, Store};
use crate::study::People;

/// What a citation says of a person. What is none is not said.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    pub role: Option<String>,
    /// A case's id.
    pub organisation: Option<i64>,
    pub case: Option<i64>,
}

impl Label {
    /// As it is printed: `Chair, System Alder`; where nothing is said, `Interviewee`.
    pub fn words(&self, people: &People) -> String {
        let name = |id: i64| people.cases.get(&id).map(|c| c.name.clone());
        let who = self
            .role
            .as_deref()
            .map_or_else(|| "Interviewee".to_owned(), capital);
        let places = [self.organisation, self.case];
        let places = places.into_iter().flatten().filter_map(name);
        std::iter::once(who)
            .chain(places)
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn folded(&self) -> Self {
        Self {
            role: self.role.as_deref().map(folded),
            ..*self
        }
    }
}

/// How many people fit a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Fit {
    /// Participants, each once.
    pub sample: i64,
    /// In the world, at most, as far as it was declared.
    pub population: Option<i64>,
    /// The smaller of the two; the sample alone where nothing was declared.
    pub k: i64,
    /// To how many a label must fit.
    pub at_least: i64,
}

impl Fit {
    pub fn passes(self) -> bool {
        self.k >= self.at_least
    }
}

/// The labels of the whole study with the number of participants that fit each: made once, whatever is filtered.
#[derive(Clone, Debug)]
pub struct Labels {
    at_least: i64,
    sample: HashMap<Label, i64>,
    /// Of cases and roles in lower case; no case: in each.
    declared: BTreeMap<(Option<i64>, Option<String>), i64>,
    /// The cases that somebody speaks about.
    cases: BTreeSet<i64>,
    /// Of each person who is in a count.
    cases_of: HashMap<i64, Vec<i64>>,
}

impl Labels {
    /// Reads everybody but who is off the record: they are in no count.
    pub fn read(store: &Store) -> Result<Self> {
        let sealed = store.sealed()?;
        let mut heard_about: HashMap<i64, BTreeSet<i64>> = HashMap::new();
        let with = store.transcript_participants(None)?;
        for transcript in store.transcripts()? {
            let people = with.get(&transcript.id).into_iter().flatten();
            for (p, case) in people.zip(std::iter::repeat(transcript.case)) {
                heard_about.entry(*p).or_default().extend(case);
            }
        }
        let everybody = store.participants()?;
        let people = everybody
            .iter()
            .filter(|p| !sealed.contains(&p.id))
            .map(|p| Person {
                id: p.id,
                role: p.role.as_deref().map(folded),
                organisation: p.organisation,
                cases: if p.cases.is_empty() {
                    heard_about.remove(&p.id).unwrap_or_default()
                } else {
                    p.cases.iter().copied().collect()
                },
            });
        let at_least = store.study()?.k_labels.unwrap_or(K_LABELS);
        Ok(Self::of(people, &store.populations()?, at_least))
    }

    pub(crate) fn of(
        people: impl IntoIterator<Item = Person>,
        declared: &[Population],
        at_least: i64,
    ) -> Self {
        let mut sample: HashMap<Label, i64> = HashMap::new();
        let mut all_cases = BTreeSet::new();
        let mut cases_of = HashMap::new();
        for p in people {
            cases_of.insert(p.id, p.cases.iter().copied().collect());
            let cases = p.cases.iter().copied().map(Some).chain([None]);
            let mut labels = BTreeSet::new();
            for case in cases {
                for role in [p.role.clone(), None] {
                    for organisation in [p.organisation, None] {
                        labels.insert(Label {
                            role: role.clone(),
                            organisation,
                            case,
                        });
                    }
                }
            }
            for label in labels {
                *sample.entry(label).or_default() += 1;
            }
            all_cases.extend(p.cases);
        }
        Self {
            at_least,
            sample,
            declared: declared
                .iter()
                .map(|d| ((d.case, d.role.as_deref().map(folded)), d.people))
                .collect(),
            cases: all_cases,
            cases_of,
        }
    }

    /// To how many people a label must fit.
    pub fn at_least(&self) -> i64 {
        self.at_least
    }

    /// The cases that a person speaks about: their own, or else those of their transcripts.
    pub fn cases_of(&self, participant: i64) -> &[i64] {
        self.cases_of.get(&participant).map_or(&[], Vec::as_slice)
    }

    /// How many people fit.
    pub fn fit(&self, label: &Label) -> Fit {
        let label = label.folded();
        let sample = self.sample.get(&label).copied().unwrap_or_default();
        let population = self.population(&label);
        Fit {
            sample,
            population,
            k: population.map_or(sample, |n| n.min(sample)),
            at_least: self.at_least,
        }
    }

    /// The smallest number that what was declared leaves for the label.
    fn population(&self, label: &Label) -> Option<i64> {
        let places: BTreeSet<i64> = [label.organisation, label.case]
            .into_iter()
            .flatten()
            .collect();
        if places.is_empty() {
            return self.everywhere(label.role.as_ref()?);
        }
        places
            .into_iter()
            .filter_map(|place| self.in_place(place, label.role.as_ref()))
            .min()
    }

    fn in_place(&self, place: i64, role: Option<&String>) -> Option<i64> {
        let of = |case, role: Option<&String>| self.declared.get(&(case, role.cloned())).copied();
        let with_role = role.and_then(|_| of(Some(place), role).or_else(|| of(None, role)));
        let of_any = of(Some(place), None);
        with_role.into_iter().chain(of_any).min()
    }

    /// All who have the role in the cases that the study is about. In a case for which nothing was declared, there are
    /// as many as were interviewed.
    fn everywhere(&self, role: &String) -> Option<i64> {
        let mut declared = false;
        let all = self.cases.iter().map(|case| {
            let there = self.in_place(*case, Some(role));
            declared |= there.is_some();
            let heard = || Label {
                role: Some(role.clone()),
                organisation: None,
                case: Some(*case),
            };
            there.unwrap_or_else(|| self.sample.get(&heard()).copied().unwrap_or_default())
        });
        let all = all.sum();
        declared.then_some(all)
    }
}

/// What a label can say of somebody.
#[derive(Clone, Debug, Default)]
pub(crate) struct Person {
    pub(crate) id: i64,
    /// In lower case.
    pub(crate) role: Option<String>,
    pub(crate) organisation: Option<i64>,
    pub(crate) cases: BTreeSet<i64>,
}

/// A role by which two spellings are known to be one.
pub(crate) fn folded(role: &str) -> String {
    role.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALDER: i64 = 1;
    const BIRCH: i64 = 2;

    fn person(role: &str, cases: &[i64]) -> Person {
        Person {
            id: 0,
            role: Some(role.into()),
            organisation: None,
            cases: cases.iter().copied().collect(),
        }
    }

    fn label(role: Option<&str>, case: Option<i64>) -> Label {
        Label {
            role: role.map(str::to_owned),
            organisation: None,
            case,
        }
    }

    fn declared(case: Option<i64>, role: Option<&str>, people: i64) -> Population {
        Population {
            id: 0,
            case,
            role: role.map(str::to_owned),
            people,
            source: None,
        }
    }

    #[test]
    fn each_participant_counts_once_in_each_label() {
        let people = [
            person("chair", &[ALDER, BIRCH]),
            person("chair", &[ALDER]),
            person("nurse", &[ALDER]),
        ];
        let labels = Labels::of(people, &[], 3);
        let k = |role, case| labels.fit(&label(role, case)).k;
        assert_eq!(k(Some("Chair"), Some(ALDER)), 2);
        assert_eq!(k(Some(" chair "), None), 2);
        assert_eq!(k(None, Some(ALDER)), 3);
        assert_eq!(k(None, Some(BIRCH)), 1);
        assert_eq!(k(Some("nurse"), Some(BIRCH)), 0);
    }

    #[test]
    fn what_is_declared_can_only_lower() {
        let people = || (0..4).map(|_| person("nurse", &[ALDER]));
        let k = |all: &[Population]| {
            let fit = Labels::of(people(), all, 3).fit(&label(Some("nurse"), Some(ALDER)));
            (fit.population, fit.k)
        };
        assert_eq!(k(&[]), (None, 4));
        assert_eq!(
            k(&[declared(Some(ALDER), Some("Nurse"), 60)]),
            (Some(60), 4)
        );
        assert_eq!(k(&[declared(Some(ALDER), Some("nurse"), 2)]), (Some(2), 2));
        assert_eq!(k(&[declared(None, Some("nurse"), 1)]), (Some(1), 1));
        // What is said of one case holds there, against what is said of each.
        let both = [
            declared(None, Some("nurse"), 1),
            declared(Some(ALDER), Some("nurse"), 9),
        ];
        assert_eq!(k(&both), (Some(9), 4));
        // Nobody can be one of more nurses than there are people.
        let both = [
            declared(Some(ALDER), None, 3),
            declared(Some(ALDER), Some("nurse"), 9),
        ];
        assert_eq!(k(&both), (Some(3), 3));
    }

    #[test]
    fn a_role_alone_is_as_wide_as_the_cases_together() {
        let people = [
            person("chair", &[ALDER]),
            person("chair", &[BIRCH]),
            person("chair", &[BIRCH]),
        ];
        let unique = [declared(None, Some("chair"), 1)];
        let fit = Labels::of(people, &unique, 3).fit(&label(Some("chair"), None));
        // Two chairs of Birch were interviewed, one after the other; there is one at a time.
        assert_eq!((fit.sample, fit.population, fit.k), (3, Some(2), 2));
        assert!(!fit.passes());
    }
}
