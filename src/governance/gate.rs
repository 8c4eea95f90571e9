//! The gate: whether a passage may be quoted to an audience, and how it is cited. Asked by every output; what it
//! refuses is counted by reason, never silently left out.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::words::{Attribution, TranscriptKind, words};
use crate::store::{Participant, Transcript};
use crate::study::People;

words! {
    /// Who is going to read it.
    Audience, "audience" {
        /// The researchers: everything but what is off the record.
        Team = "team",
        /// A participant, in a debrief.
        Participant = "participant",
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

fn level(participant: &Participant) -> Attribution {
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

/// How a passage is cited, made from the person's attribution level: never typed. Never a pseudonym, which would tie the
/// quotes of one person together.
pub fn citation(
    people: &People,
    transcript: &Transcript,
    participant: Option<&Participant>,
) -> String {
    // Whoever belongs to a system is cited by it, also where they were heard about one of its places: fewer people
    // fit the narrower words.
    let own = participant.map(|p| p.cases.as_slice()).unwrap_or_default();
    let case = match (transcript.case, own) {
        (Some(of_transcript), own) if own.contains(&of_transcript) => Some(of_transcript),
        (_, [first, ..]) => Some(*first),
        (of_transcript, []) => of_transcript,
    };
    let case = case
        .and_then(|id| people.cases.get(&id))
        .map(|c| c.name.as_str());
    let with_case = |what: &str| match case {
        Some(case) => format!("{what}, {case}"),
        None => what.to_owned(),
    };
    let kind = transcript.kind.parse().unwrap_or(TranscriptKind::Document);
    let Some(p) = participant else {
        return match kind {
            TranscriptKind::FieldNotes => with_case("Field note"),
            TranscriptKind::Document => with_case("Document"),
            // Nobody has said who speaks, so nobody has agreed to more than this.
            TranscriptKind::Interview => "Interviewee".into(),
            TranscriptKind::FocusGroup => "Focus group participant".into(),
        };
    };
    let role = p
        .role
        .as_deref()
        .map_or_else(|| "Interviewee".to_owned(), capital);
    match level(p) {
        Attribution::Named | Attribution::RoleOrg => {
            match p.organisation.and_then(|id| people.cases.get(&id)) {
                Some(organisation) => with_case(&format!("{role}, {}", organisation.name)),
                None => with_case(&role),
            }
        }
        Attribution::Role => with_case(&role),
        Attribution::Case => with_case("Interviewee"),
        Attribution::NonAttributable | Attribution::Background | Attribution::OffRecord => {
            "Interviewee".into()
        }
    }
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
