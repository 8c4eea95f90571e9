//! The gate: whether a passage may be quoted to an audience, and how far it may be attributed. Asked by every output; what
//! it refuses is counted by reason, never silently left out.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use super::limit::Bound;
use crate::domain::words::{Attribution, words};
use crate::error::Result as Asking;
use crate::store::{Participant, Store};

words! {
    /// Who is going to read it.
    Audience, "audience" {
        /// The researchers: everything but what is off the record.
        Team = "team",
        /// A participant, in a debrief.
        Participant = "participant",
        /// The people of one case, in its debrief.
        Case = "case",
        /// Anyone: a report that leaves the house.
        Public = "public",
    }
}

words! {
    /// Why a passage is held back.
    Reason, "reason" {
        NotQuotable = "may not be quoted",
        Background = "background only",
        OffRecord = "off the record",
        NonAttributable = "non-attributable and tied to a case",
        Interviewer = "an interviewer's words",
        /// The day until which the person's consent holds has passed.
        Over = "the consent has run out",
        /// The people of the own case would read it, and the consent doesn't give leave for that.
        NotShared = "not to be shared with the own system",
        /// What stands around it, with the label, fits fewer people than a label must.
        TooFew = "too few people fit",
        /// A summary for which nothing is named.
        NamesNone = "naming no passage",
        /// A summary over nothing that counts.
        NothingBelow = "over nothing that counts",
        /// What a row or column comes to, where a summary in it is held back.
        OverHeldBack = "over a summary that is held back",
    }
}

/// What was held back, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HeldBack(BTreeMap<Reason, usize>);

impl HeldBack {
    pub fn add(&mut self, reason: Reason) {
        *self.0.entry(reason).or_default() += 1;
    }
    pub fn total(&self) -> usize {
        self.0.values().sum()
    }
    pub fn reasons(&self) -> impl Iterator<Item = (Reason, usize)> {
        self.0.iter().map(|(r, n)| (*r, *n))
    }
}

/// Whom something is for: the audience, and which people or person that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct To {
    pub audience: Audience,
    /// The cases of the readers' own system; `None`: any case may be.
    own: Option<HashSet<i64>>,
    /// The one who reads it, by id.
    reader: Option<i64>,
}

impl To {
    /// For an audience of which nobody is named. A case's people may then be anybody's.
    pub fn anyone(audience: Audience) -> Self {
        Self {
            audience,
            own: None,
            reader: None,
        }
    }

    /// For the people of these cases (ids): their own system is all that stands under one top with any of them.
    pub fn cases(store: &Store, cases: &[i64]) -> Asking<Self> {
        Ok(Self {
            audience: Audience::Case,
            own: Some(system(store, cases)?),
            reader: None,
        })
    }

    /// For one participant.
    pub fn participant(store: &Store, person: &Participant) -> Asking<Self> {
        let mut cases = person.cases.clone();
        cases.extend(person.organisation);
        Ok(Self {
            audience: Audience::Participant,
            own: Some(system(store, &cases)?),
            reader: Some(person.id),
        })
    }

    /// For an audience, of which a filter names the cases or the one participant.
    pub fn named(
        store: &Store,
        audience: Audience,
        cases: &[String],
        participants: &[String],
    ) -> Asking<Self> {
        match (audience, cases, participants) {
            (Audience::Case, cases @ [_, ..], _) => {
                let ids = cases
                    .iter()
                    .map(|slug| Ok(store.case(slug)?.id))
                    .collect::<Asking<Vec<_>>>()?;
                Self::cases(store, &ids)
            }
            (Audience::Participant, _, [one]) => Self::participant(store, &store.participant(one)?),
            _ => Ok(Self::anyone(audience)),
        }
    }

    /// Whether words of this person, or from a transcript of this case, are of the readers' own system.
    fn is_own(&self, person: Option<&Participant>, case: Option<i64>) -> bool {
        let Some(own) = &self.own else { return true };
        let mut theirs = person
            .into_iter()
            .flat_map(|p| p.cases.iter().copied().chain(p.organisation));
        case.is_some_and(|case| own.contains(&case)) || theirs.any(|case| own.contains(&case))
    }
}

/// All cases that stand under one top with any of these: a part, what it is part of, and its other parts.
fn system(store: &Store, cases: &[i64]) -> Asking<HashSet<i64>> {
    let mut beside: HashMap<i64, Vec<i64>> = HashMap::new();
    for link in store.case_links()? {
        if link.kind == "part-of" {
            beside.entry(link.case).or_default().push(link.other);
            beside.entry(link.other).or_default().push(link.case);
        }
    }
    let mut found = HashSet::new();
    let mut next = cases.to_vec();
    while let Some(case) = next.pop() {
        if found.insert(case) {
            next.extend(beside.get(&case).into_iter().flatten());
        }
    }
    Ok(found)
}

/// The level that holds for a person.
pub fn level(participant: &Participant) -> Attribution {
    // A word that is not on the list can't come from here; if it does, the strictest holds.
    participant
        .attribution
        .parse()
        .unwrap_or(Attribution::OffRecord)
}

/// The level that holds for a passage: the stricter of its speaker's and of what limits say of it.
pub fn level_of(participant: Option<&Participant>, bound: Bound) -> Attribution {
    participant
        .map_or(Attribution::Named, level)
        .max(bound.level)
}

/// What is asked of the gate: whether words may be shown.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub to: &'a To,
    /// Whose words they are; `None`: nobody knows.
    pub person: Option<&'a Participant>,
    pub interviewer: bool,
    /// What limits say of the passage.
    pub bound: Bound,
    /// The case of its transcript.
    pub case: Option<i64>,
    /// Whether it is to stand in something that is narrowed to some cases or people: there, what stands without role and
    /// case would be attributed by where it stands.
    pub among_few: bool,
}

/// Whether these words may be shown to those whom they are for.
pub fn ask(asked: &Asked) -> Result<(), Reason> {
    let level = level_of(asked.person, asked.bound);
    if level == Attribution::OffRecord {
        return Err(Reason::OffRecord);
    }
    let audience = asked.to.audience;
    if audience == Audience::Team {
        return Ok(());
    }
    if level == Attribution::Background {
        return Err(Reason::Background);
    }
    if !(asked.bound.quotable && asked.person.is_none_or(|p| p.quotable)) {
        return Err(Reason::NotQuotable);
    }
    if asked.interviewer {
        return Err(Reason::Interviewer);
    }
    let agreed = asked.person.and_then(|p| p.agreed.as_ref());
    if agreed.is_some_and(|a| a.over) {
        return Err(Reason::Over);
    }
    // One's own words tell one nothing of anybody.
    if audience == Audience::Participant
        && (asked.to.reader.is_none() || asked.to.reader == asked.person.map(|p| p.id))
    {
        return Ok(());
    }
    let to_some = matches!(audience, Audience::Case | Audience::Participant);
    if to_some && agreed.is_some_and(|a| !a.share) && asked.to.is_own(asked.person, asked.case) {
        return Err(Reason::NotShared);
    }
    if level == Attribution::NonAttributable && (asked.among_few || to_some) {
        return Err(Reason::NonAttributable);
    }
    Ok(())
}

/// Whether words are given to the one who asks for all that is held about them: those that they said themselves, at
/// whatever level, and nobody else's.
pub fn own_words(to: &To, person: Option<i64>) -> bool {
    to.audience == Audience::Participant && to.reader.is_some() && to.reader == person
}

/// Whether the words of this person (or of nobody known) may be shown to that audience, of whom nobody is named, where no
/// limit binds them.
pub fn may_quote(
    audience: Audience,
    participant: Option<&Participant>,
    interviewer: bool,
) -> Result<(), Reason> {
    ask(&Asked {
        to: &To::anyone(audience),
        person: participant,
        interviewer,
        bound: Bound::default(),
        case: None,
        among_few: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(attribution: &str, quotable: bool) -> Participant {
        Participant {
            code: "P01".into(),
            role: Some("chair".into()),
            attribution: attribution.into(),
            quotable,
            ..Participant::default()
        }
    }

    #[test]
    fn the_table_of_who_may_see_what() {
        use Audience::{Public, Team};
        for (level, quotable, team, public) in [
            ("role", true, Ok(()), Ok(())),
            ("role", false, Ok(()), Err(Reason::NotQuotable)),
            ("non-attributable", true, Ok(()), Ok(())),
            ("background", true, Ok(()), Err(Reason::Background)),
            (
                "off-record",
                true,
                Err(Reason::OffRecord),
                Err(Reason::OffRecord),
            ),
            (
                "no such level",
                true,
                Err(Reason::OffRecord),
                Err(Reason::OffRecord),
            ),
        ] {
            let p = person(level, quotable);
            assert_eq!(may_quote(Team, Some(&p), false), team, "{level}");
            assert_eq!(may_quote(Public, Some(&p), false), public, "{level}");
        }
        assert_eq!(may_quote(Public, None, true), Err(Reason::Interviewer));
    }
}
