//! The gate: whether a passage may be quoted to an audience, and how it is cited. Asked by every output; what it
//! refuses is counted by reason, never silently left out.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::words::{Attribution, words};
use crate::store::Participant;

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

/// The level that holds for a person.
pub fn level(participant: &Participant) -> Attribution {
    // A word that is not on the list can't come from here; if it does, the strictest holds.
    participant
        .attribution
        .parse()
        .unwrap_or(Attribution::OffRecord)
}

/// Whether the words of this person (or of nobody known) may be shown to that audience.
pub fn may_quote(
    audience: Audience,
    participant: Option<&Participant>,
    interviewer: bool,
) -> Result<(), Reason> {
    if let Some(p) = participant {
        match (level(p), audience) {
            (Attribution::OffRecord, _) => return Err(Reason::OffRecord),
            (_, Audience::Team) => {}
            (Attribution::Background, _) => return Err(Reason::Background),
            _ if !p.quotable => return Err(Reason::NotQuotable),
            _ => {}
        }
    }
    if interviewer && audience != Audience::Team {
        return Err(Reason::Interviewer);
    }
    Ok(())
}

/// The same for a report that is narrowed to some cases or people: there, what stands without role and case would be
/// attributed by where it stands.
pub fn may_quote_among_few(
    audience: Audience,
    participant: Option<&Participant>,
    interviewer: bool,
) -> Result<(), Reason> {
    may_quote(audience, participant, interviewer)?;
    let unnamed = participant.is_some_and(|p| level(p) == Attribution::NonAttributable);
    if unnamed && audience == Audience::Public {
        return Err(Reason::NonAttributable);
    }
    Ok(())
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
