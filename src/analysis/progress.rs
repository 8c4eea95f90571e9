//! How far fieldwork is: what is known of each participant, counted by group and against a sampling plan. Pure.
//!
//! What transcripts and codings show is known without a mark; what neither they nor a mark show is unknown, which is
//! another thing than no.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::domain::words::Stage;

/// What is known of one participant.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub role: Option<String>,
    /// The cases this person belongs to, and all that these are part of.
    pub cases: BTreeSet<i64>,
    pub marks: Vec<Mark>,
    pub interviews: Vec<Interview>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub stage: Stage,
    pub phase: Option<i64>,
}

/// A transcript with this person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interview {
    pub phase: Option<i64>,
    /// How many people have coded it.
    pub coders: usize,
}

/// Of which part of the fieldwork.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Study,
    /// What happened in this phase; `None`: what names no phase.
    Phase(Option<i64>),
}

impl Scope {
    fn takes(self, phase: Option<i64>) -> bool {
        match self {
            Self::Study => true,
            Self::Phase(wanted) => wanted == phase,
        }
    }
}

/// How far one participant is. `None`: nothing says so, and nothing says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reached {
    pub invited: Option<bool>,
    pub recruited: Option<bool>,
    pub interviewed: Option<bool>,
    /// Every interview is in the study as a transcript.
    pub transcribed: Option<bool>,
    /// Every one of them is coded, by one person or by two and more.
    pub coded: Option<bool>,
    pub coded_twice: Option<bool>,
    pub debriefed: Option<bool>,
    pub declined: bool,
    pub dropped_out: bool,
}

impl Reached {
    /// Whether this person fills a place of the plan: was interviewed, or is in and has not left.
    pub fn counts(&self) -> bool {
        self.interviewed == Some(true)
            || self.recruited == Some(true) && !self.declined && !self.dropped_out
    }

    /// Whether this person left before an interview, so that nothing more is to come.
    pub fn left(&self) -> bool {
        (self.declined || self.dropped_out) && self.interviewed != Some(true)
    }
}

impl Person {
    /// Whether anything is known that happened there. What is not known of at all counts to what names no phase.
    pub fn is_in(&self, scope: Scope) -> bool {
        let known = self.marks.iter().any(|m| scope.takes(m.phase))
            || self.interviews.iter().any(|i| scope.takes(i.phase));
        match scope {
            Scope::Study => true,
            Scope::Phase(Some(_)) => known,
            Scope::Phase(None) => known || (self.marks.is_empty() && self.interviews.is_empty()),
        }
    }

    pub fn reached(&self, scope: Scope) -> Reached {
        let marked = |stage: Stage| {
            self.marks
                .iter()
                .any(|m| m.stage == stage && scope.takes(m.phase))
        };
        let interviews: Vec<&Interview> = self
            .interviews
            .iter()
            .filter(|i| scope.takes(i.phase))
            .collect();
        let (declined, dropped_out) = (marked(Stage::Declined), marked(Stage::DroppedOut));
        let held = !interviews.is_empty() || marked(Stage::Interviewed);
        // Who said no and was not interviewed all the same is known not to be.
        let or_not = |yes: bool| match (yes, declined) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        };
        let interviewed = or_not(held);
        // An interview that is marked for a phase waits for a transcript of that phase.
        let waits = self.marks.iter().any(|m| {
            m.stage == Stage::Interviewed
                && scope.takes(m.phase)
                && m.phase
                    .is_some_and(|p| !interviews.iter().any(|i| i.phase == Some(p)))
        });
        let transcribed = interviewed.map(|yes| yes && !interviews.is_empty() && !waits);
        let coded_by = |people: usize| {
            transcribed.map(|yes| yes && interviews.iter().all(|i| i.coders >= people))
        };
        Reached {
            invited: (marked(Stage::Invited) || declined).then_some(true),
            recruited: or_not(held || marked(Stage::Recruited)),
            interviewed,
            transcribed,
            coded: coded_by(1),
            coded_twice: coded_by(2),
            debriefed: marked(Stage::Debriefed).then_some(true),
            declined,
            dropped_out,
        }
    }

    fn unknown(&self, scope: Scope) -> bool {
        !self.marks.iter().any(|m| scope.takes(m.phase))
            && !self.interviews.iter().any(|i| scope.takes(i.phase))
    }
}

/// Participants at each stage. Each is counted once, and at every stage that is known to be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub participants: usize,
    pub invited: usize,
    /// In, or interviewed: without those who declined or dropped out before an interview.
    pub recruited: usize,
    pub interviewed: usize,
    pub transcribed: usize,
    pub coded: usize,
    pub coded_twice: usize,
    pub debriefed: usize,
    pub declined: usize,
    pub dropped_out: usize,
    /// Of whom nothing is known: neither a transcript nor a mark.
    pub unknown: usize,
}

/// Counts people in a part of the fieldwork.
pub fn counts<'p>(people: impl IntoIterator<Item = &'p Person>, scope: Scope) -> Counts {
    let mut found = Counts::default();
    for person in people.into_iter().filter(|p| p.is_in(scope)) {
        let r = person.reached(scope);
        let yes = |known: Option<bool>| usize::from(known == Some(true));
        found.participants += 1;
        found.invited += yes(r.invited);
        found.recruited += usize::from(r.counts());
        found.interviewed += yes(r.interviewed);
        found.transcribed += yes(r.transcribed);
        found.coded += yes(r.coded);
        found.coded_twice += yes(r.coded_twice);
        found.debriefed += yes(r.debriefed);
        found.declined += usize::from(r.declined);
        found.dropped_out += usize::from(r.dropped_out);
        found.unknown += usize::from(person.unknown(scope));
    }
    found
}

/// A line of the sampling plan; `None`: any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub case: Option<i64>,
    pub phase: Option<i64>,
    pub role: Option<String>,
    pub wanted: usize,
}

/// How far a line of the plan is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Filled {
    pub wanted: usize,
    pub recruited: usize,
    pub interviewed: usize,
    /// Participants that are still missing.
    pub to_recruit: usize,
    pub to_interview: usize,
}

impl Filled {
    fn of(wanted: usize, counts: Counts) -> Self {
        Self {
            wanted,
            recruited: counts.recruited,
            interviewed: counts.interviewed,
            to_recruit: wanted.saturating_sub(counts.recruited),
            to_interview: wanted.saturating_sub(counts.interviewed),
        }
    }
}

impl Place {
    fn takes(&self, person: &Person) -> bool {
        self.case.is_none_or(|c| person.cases.contains(&c))
            && self
                .role
                .as_deref()
                .is_none_or(|role| same_role(Some(role), person.role.as_deref()))
    }

    pub fn filled(&self, people: &[Person]) -> Filled {
        let scope = match self.phase {
            Some(phase) => Scope::Phase(Some(phase)),
            None => Scope::Study,
        };
        Filled::of(
            self.wanted,
            counts(people.iter().filter(|p| self.takes(p)), scope),
        )
    }
}

/// Roles are the same whatever their capitals.
pub fn same_role(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.to_lowercase() == other.to_lowercase(),
        (None, None) => true,
        _ => false,
    }
}

/// The places of all lines together. What one line has too many fills no place of another.
pub fn together(lines: &[Filled]) -> Filled {
    let sum = |of: fn(&Filled) -> usize| lines.iter().map(of).sum();
    Filled {
        wanted: sum(|f| f.wanted),
        recruited: sum(|f| f.wanted - f.to_recruit),
        interviewed: sum(|f| f.wanted - f.to_interview),
        to_recruit: sum(|f| f.to_recruit),
        to_interview: sum(|f| f.to_interview),
    }
}

/// What stands in one row of a table by case, by phase or by role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Group {
    Case(Option<i64>),
    Phase(Option<i64>),
    Role(Option<String>),
}

impl Group {
    /// Its people at each stage, of what happened in a part of the fieldwork; a row of a phase has what happened in that phase.
    pub fn counts(&self, people: &[Person], scope: Scope) -> Counts {
        let takes = |p: &&Person| match self {
            Self::Case(Some(case)) => p.cases.contains(case),
            Self::Case(None) => p.cases.is_empty(),
            Self::Role(role) => same_role(p.role.as_deref(), role.as_deref()),
            Self::Phase(_) => true,
        };
        let scope = match self {
            Self::Phase(phase) => Scope::Phase(*phase),
            _ => scope,
        };
        counts(people.iter().filter(takes), scope)
    }

    /// How many the plan wants in it: what a line says of this group alone. Lines that say more than the group (a case
    /// in a phase, a role in a case) are not added up: their sum is of other people than the row counts.
    pub fn wanted(&self, plan: &[Place]) -> Option<usize> {
        let (case, phase, role) = match self {
            Self::Case(Some(case)) => (Some(*case), None, None),
            Self::Phase(Some(phase)) => (None, Some(*phase), None),
            Self::Role(Some(role)) => (None, None, Some(role.as_str())),
            Self::Case(None) | Self::Phase(None) | Self::Role(None) => return None,
        };
        wanted_of(plan, case, phase, role)
    }
}

/// How many the plan wants in all, where a line says it.
pub fn wanted_in_all(plan: &[Place]) -> Option<usize> {
    wanted_of(plan, None, None, None)
}

fn wanted_of(
    plan: &[Place],
    case: Option<i64>,
    phase: Option<i64>,
    role: Option<&str>,
) -> Option<usize> {
    plan.iter()
        .find(|p| p.case == case && p.phase == phase && same_role(p.role.as_deref(), role))
        .map(|p| p.wanted)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mark(stage: Stage, phase: Option<i64>) -> Mark {
        Mark { stage, phase }
    }

    fn interview(phase: Option<i64>, coders: usize) -> Interview {
        Interview { phase, coders }
    }

    fn person(marks: &[Mark], interviews: &[Interview]) -> Person {
        Person {
            marks: marks.to_vec(),
            interviews: interviews.to_vec(),
            ..Person::default()
        }
    }

    /// invited, recruited, interviewed, transcribed, coded, coded twice, debriefed; y, n or ?.
    fn shown(person: &Person, scope: Scope) -> String {
        let r = person.reached(scope);
        [
            r.invited,
            r.recruited,
            r.interviewed,
            r.transcribed,
            r.coded,
            r.coded_twice,
            r.debriefed,
        ]
        .map(|known| match known {
            Some(true) => 'y',
            Some(false) => 'n',
            None => '?',
        })
        .into_iter()
        .collect()
    }

    #[test]
    fn what_is_known_and_what_is_not() {
        use Stage::{Debriefed, Declined, DroppedOut, Interviewed, Invited, Recruited};
        for (marks, interviews, expected) in [
            // Nothing is known, and that is not no.
            (vec![], vec![], "???????"),
            (vec![mark(Invited, None)], vec![], "y??????"),
            (vec![mark(Recruited, None)], vec![], "?y?????"),
            (vec![mark(Declined, None)], vec![], "ynnnnn?"),
            (
                vec![mark(Recruited, None), mark(DroppedOut, None)],
                vec![],
                "?y?????",
            ),
            // Marked as interviewed: the transcript is waited for.
            (vec![mark(Interviewed, None)], vec![], "?yynnn?"),
            // A transcript shows what no mark says.
            (vec![], vec![interview(None, 0)], "?yyynn?"),
            (vec![], vec![interview(Some(1), 1)], "?yyyyn?"),
            (vec![], vec![interview(Some(1), 2)], "?yyyyy?"),
            // Two transcripts with one coder each are not coded twice; one that is not coded leaves the person uncoded.
            (
                vec![],
                vec![interview(None, 1), interview(None, 1)],
                "?yyyyn?",
            ),
            (
                vec![],
                vec![interview(None, 3), interview(None, 0)],
                "?yyynn?",
            ),
            // The second interview is marked, and its transcript not yet in.
            (
                vec![mark(Interviewed, Some(2))],
                vec![interview(Some(1), 2)],
                "?yynnn?",
            ),
            (
                vec![mark(Interviewed, Some(1)), mark(Debriefed, None)],
                vec![interview(Some(1), 2)],
                "?yyyyyy",
            ),
            // Said no at first, and was interviewed all the same.
            (
                vec![mark(Declined, Some(1))],
                vec![interview(Some(2), 1)],
                "yyyyyn?",
            ),
        ] {
            let person = person(&marks, &interviews);
            assert_eq!(shown(&person, Scope::Study), expected, "{person:?}");
        }
    }

    #[test]
    fn a_phase_has_what_happened_in_it() {
        let p = person(
            &[mark(Stage::DroppedOut, Some(2))],
            &[interview(Some(1), 2)],
        );
        assert_eq!(shown(&p, Scope::Phase(Some(1))), "?yyyyy?");
        assert_eq!(shown(&p, Scope::Phase(Some(2))), "???????");
        assert!(!p.is_in(Scope::Phase(None)) && !p.is_in(Scope::Phase(Some(3))));
        assert!(p.reached(Scope::Phase(Some(2))).left());
        assert!(p.reached(Scope::Study).counts(), "the interview was held");
        assert!(person(&[], &[]).is_in(Scope::Phase(None)));
    }

    fn place(case: Option<i64>, phase: Option<i64>, role: Option<&str>, wanted: usize) -> Place {
        Place {
            case,
            phase,
            role: role.map(str::to_owned),
            wanted,
        }
    }

    #[test]
    fn what_the_plan_wants_of_a_group() {
        let plan = [
            place(Some(1), None, None, 5),
            place(Some(1), None, Some("chair"), 1),
            place(Some(2), None, Some("chair"), 1),
            place(Some(2), None, Some("nurse"), 3),
            place(None, Some(7), None, 9),
            place(Some(3), Some(7), None, 4),
            place(None, None, Some("Chair"), 2),
        ];
        for (group, expected) in [
            (Group::Case(Some(1)), Some(5)),
            // Said role by role only, and of the case in a phase only.
            (Group::Case(Some(2)), None),
            (Group::Case(Some(3)), None),
            (Group::Case(None), None),
            (Group::Phase(Some(7)), Some(9)),
            (Group::Phase(None), None),
            (Group::Role(Some("chair".into())), Some(2)),
            (Group::Role(Some("nurse".into())), None),
            (Group::Role(None), None),
        ] {
            assert_eq!(group.wanted(&plan), expected, "{group:?}");
        }
        assert_eq!(wanted_in_all(&plan), None);
        assert_eq!(wanted_in_all(&[place(None, None, None, 12)]), Some(12));
    }

    #[test]
    fn what_one_line_has_too_many_fills_no_other() {
        let people: Vec<Person> = (0..4)
            .map(|n| Person {
                role: Some(if n == 3 { "nurse" } else { "CHAIR" }.into()),
                ..person(&[mark(Stage::Recruited, None)], &[])
            })
            .collect();
        let lines = [
            place(None, None, Some("chair"), 2).filled(&people),
            place(None, None, Some("nurse"), 4).filled(&people),
        ];
        assert_eq!((lines[0].recruited, lines[0].to_recruit), (3, 0));
        let all = together(&lines);
        assert_eq!((all.wanted, all.recruited, all.to_recruit), (6, 3, 3));
        assert_eq!((all.interviewed, all.to_interview), (0, 6));
    }

    fn people() -> impl Strategy<Value = Vec<Person>> {
        let phase = proptest::option::of(1..3_i64);
        let marks = proptest::collection::vec(
            (0..Stage::ALL.len(), phase.clone()).prop_map(|(n, p)| mark(Stage::ALL[n], p)),
            0..4,
        );
        let interviews =
            proptest::collection::vec((phase, 0..3_usize).prop_map(|(p, n)| interview(p, n)), 0..3);
        let one = (
            proptest::option::of("[ab]"),
            proptest::collection::btree_set(1..4_i64, 0..3),
            marks,
            interviews,
        )
            .prop_map(|(role, cases, marks, interviews)| Person {
                role,
                cases,
                marks,
                interviews,
            });
        proptest::collection::vec(one, 0..9)
    }

    proptest! {
        /// Each stage stands on the one before it, in every part of the fieldwork.
        #[test]
        fn nobody_is_ahead_of_himself(people in people()) {
            for scope in [Scope::Study, Scope::Phase(None), Scope::Phase(Some(1))] {
                let c = counts(&people, scope);
                prop_assert!(c.participants >= c.recruited);
                prop_assert!(c.recruited >= c.interviewed);
                prop_assert!(c.interviewed >= c.transcribed);
                prop_assert!(c.transcribed >= c.coded);
                prop_assert!(c.coded >= c.coded_twice);
                prop_assert!(c.participants - c.unknown >= c.recruited.max(c.declined).max(c.dropped_out).max(c.debriefed));
            }
        }

        /// Everybody has one role or none, so the rows by role add up to the whole; and stands in some phase's row.
        #[test]
        fn rows_by_role_add_up(people in people()) {
            let all = counts(&people, Scope::Study);
            let rows = [None, Some("a"), Some("B")].map(|r| Group::Role(r.map(str::to_owned)).counts(&people, Scope::Study));
            for of in [|c: &Counts| c.participants, |c: &Counts| c.recruited, |c: &Counts| c.coded, |c: &Counts| c.declined, |c: &Counts| c.unknown] {
                prop_assert_eq!(rows.iter().map(of).sum::<usize>(), of(&all));
            }
            for p in &people {
                prop_assert!([None, Some(1), Some(2)].iter().any(|phase| p.is_in(Scope::Phase(*phase))));
            }
        }

        #[test]
        fn what_is_missing_is_what_is_wanted_less_what_is_there(people in people(), wanted in 1..9_usize, phase in proptest::option::of(1..3_i64)) {
            let line = place(Some(2), phase, Some("a"), wanted).filled(&people);
            prop_assert_eq!(line.to_recruit, wanted - line.recruited.min(wanted));
            prop_assert!(line.to_interview >= line.to_recruit);
        }
    }
}
