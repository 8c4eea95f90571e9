//! Sections of the study's texts: written with their revision, found by what somebody types, and told for a turn.

use std::collections::{HashMap, HashSet};

use super::{Error, Study};
use crate::domain::section::{Meant, SectionKind, Titled, key, meant, nearest};
use crate::domain::span::{Codepoints, printable};
use crate::error::{Result, did_you_mean};
use crate::import::Imported;
use crate::store::{NewSection, Section};

/// Said wherever a section is not found.
const LOOK: &str = "see the sections with: casebook section list";

/// The sections of a text that was read, as they are written with its revision.
pub fn new_sections(imported: &Imported, points: &Codepoints) -> Vec<NewSection> {
    imported
        .sections
        .iter()
        .map(|section| {
            let title = points.slice(section.title);
            NewSection {
                level: section.level,
                kind: section.kind.word(),
                title: title.to_owned(),
                key: key(title),
                span: section.span,
                turns: section
                    .turns
                    .clone()
                    .next_back()
                    .map(|last| (section.turns.start, last)),
            }
        })
        .collect()
}

/// The sections of one text, for asking which a turn lies in.
#[derive(Clone, Debug, Default)]
pub struct Sections(Vec<Section>);

impl Sections {
    /// Of one revision, in the order of its text.
    pub fn new(sections: Vec<Section>) -> Self {
        Self(sections)
    }

    /// The innermost section that a turn lies in.
    pub fn of(&self, turn: i64) -> Option<&Section> {
        // They nest, so that the last one to begin before the turn is the innermost.
        self.0.iter().rev().find(|s| holds(s, turn))
    }
}

/// Whether a turn lies in a section.
pub fn holds(section: &Section, turn: i64) -> bool {
    section
        .turns
        .is_some_and(|(first, last)| (first..=last).contains(&turn))
}

/// What `--section` leaves: turns as ranges, ends included, ascending and apart; and the transcripts that have such
/// sections, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionTurns {
    pub ranges: Vec<(i64, i64)>,
    pub transcripts: Vec<i64>,
}

impl SectionTurns {
    pub fn contains(&self, turn: i64) -> bool {
        let after = self.ranges.partition_point(|(first, _)| *first <= turn);
        after > 0 && turn <= self.ranges[after - 1].1
    }

    fn new(sections: impl Iterator<Item = (i64, (i64, i64))>) -> Self {
        let mut transcripts = Vec::new();
        let mut all = Vec::new();
        for (transcript, turns) in sections {
            transcripts.push(transcript);
            all.push(turns);
        }
        transcripts.sort_unstable();
        transcripts.dedup();
        all.sort_unstable();
        let mut ranges: Vec<(i64, i64)> = Vec::new();
        for (first, last) in all {
            match ranges.last_mut() {
                Some(before) if first <= before.1 + 1 => before.1 = before.1.max(last),
                _ => ranges.push((first, last)),
            }
        }
        Self {
            ranges,
            transcripts,
        }
    }
}

impl Study {
    /// The turns of the sections that are typed; several widen.
    pub(super) fn turns_of_sections(&self, typed: &[String]) -> Result<SectionTurns> {
        let all = self.store.all_sections()?;
        let titled: Vec<Titled> = all
            .iter()
            .map(|(_, s)| Titled {
                kind: s.kind.parse().unwrap_or(SectionKind::Heading),
                title: &s.title,
                key: &s.key,
            })
            .collect();
        let mut found = HashSet::new();
        for typed in typed {
            match meant(typed, &titled) {
                Meant::These(places) => found.extend(places),
                Meant::Several(places) => {
                    return Err(Error::refused(
                        format!(
                            "`{}` stands in {} different titles",
                            printable(typed),
                            places.len()
                        ),
                        format!("type more of the title, or a question's number; {LOOK}"),
                    )
                    .into());
                }
                Meant::None => return Err(unknown(typed, &all).into()),
            }
        }
        Ok(SectionTurns::new(found.into_iter().filter_map(|n| {
            let (transcript, section) = &all[n];
            Some((*transcript, section.turns?))
        })))
    }
}

fn unknown(typed: &str, all: &[(i64, Section)]) -> Error {
    if all.is_empty() {
        return Error::refused(
            "no transcript has sections",
            "headings (`# Setting`) and numbered questions (`Question 3: …`) become sections when a text is imported",
        );
    }
    // A heading of one transcript may name a person: only what the interview guide asked, and what comes back, is said.
    let mut first: HashMap<&str, i64> = HashMap::new();
    let mut open: HashSet<&str> = HashSet::new();
    for (transcript, section) in all {
        let before = *first.entry(&section.key).or_insert(*transcript);
        if before != *transcript || section.kind == SectionKind::Question.word() {
            open.insert(&section.key);
        }
    }
    let near = nearest(typed, open.into_iter(), did_you_mean);
    Error::refused(
        format!("no section `{}`", printable(typed)),
        match near {
            Some(near) => format!("did you mean `{}`? Or {LOOK}", printable(&near)),
            None => format!("{LOOK}, or of one text: casebook transcript show T01 --sections"),
        },
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ranges_hold_the_same_turns(sections in proptest::collection::vec((1_i64..4, 1_i64..40, 0_i64..6), 0..9)) {
            let turns = SectionTurns::new(sections.iter().map(|(t, first, n)| (*t, (*first, first + n))));
            for turn in 0..50 {
                let inside = sections.iter().any(|(_, first, n)| (*first..=first + n).contains(&turn));
                prop_assert_eq!(turns.contains(turn), inside, "{}", turn);
            }
            prop_assert!(turns.ranges.windows(2).all(|w| w[0].1 + 1 < w[1].0));
        }
    }
}
