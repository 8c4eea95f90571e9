//! How a passage is cited: made from what was promised to the person, never typed, and never so narrow that it fits
//! fewer people than the study asks for.

use super::gate::Audience;
use super::population::{Label, Labels};
use crate::domain::words::{Attribution, TranscriptKind};
use crate::store::{Participant, Transcript};
use crate::study::People;

/// What a reader knows of whoever is quoted before reading the citation, because the output is about nothing else. A
/// label that leaves it out hides nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The case: the report is about it, or the words stand in its row.
    pub case: bool,
    /// The role: the report is narrowed to some.
    pub role: bool,
}

/// How a passage is cited, made from the person's attribution level: never typed. Never a pseudonym, which would tie the
/// quotes of one person together. `level` is what holds for the passage. Outside the team, the finest label that the level
/// allows and that enough people fit.
pub fn citation(
    people: &People,
    labels: &Labels,
    transcript: &Transcript,
    participant: Option<&Participant>,
    level: Attribution,
    audience: Audience,
    known: Known,
) -> String {
    cited(
        people,
        labels,
        transcript,
        participant,
        level,
        audience,
        known,
    )
    .0
}

/// The same, with the case that it names.
pub fn cited(
    people: &People,
    labels: &Labels,
    transcript: &Transcript,
    participant: Option<&Participant>,
    level: Attribution,
    audience: Audience,
    known: Known,
) -> (String, Option<i64>) {
    let Some(p) = participant else {
        let case = transcript.case.and_then(|id| people.cases.get(&id));
        let with_case = |what: &str| match case {
            Some(case) => (format!("{what}, {}", case.name), Some(case.id)),
            None => (what.to_owned(), None),
        };
        let alone = |what: &str| (what.to_owned(), None);
        let kind = transcript.kind.parse().unwrap_or(TranscriptKind::Document);
        return match kind {
            TranscriptKind::FieldNotes if level > Attribution::Case => alone("Field note"),
            TranscriptKind::Document if level > Attribution::Case => alone("Document"),
            TranscriptKind::FieldNotes => with_case("Field note"),
            TranscriptKind::Document => with_case("Document"),
            // Nobody has said who speaks, so nobody has agreed to more than this.
            TranscriptKind::Interview => alone("Interviewee"),
            TranscriptKind::FocusGroup => alone("Focus group participant"),
        };
    };
    let case = cited_case(p, transcript);
    let rungs = ladder(p, case, level);
    let label = match audience {
        Audience::Team => rungs.into_iter().next(),
        _ => rungs.into_iter().find(|label| {
            let told = known_label(label, p, case, known);
            labels.fit(&told).passes()
        }),
    };
    let label = label.unwrap_or_default();
    (label.words(people), label.case)
}

/// Whoever belongs to a system is cited by it, also where they were heard about one of its places: fewer people fit the
/// narrower words.
pub fn cited_case(participant: &Participant, transcript: &Transcript) -> Option<i64> {
    match (transcript.case, participant.cases.as_slice()) {
        (Some(of_transcript), own) if own.contains(&of_transcript) => Some(of_transcript),
        (_, [first, ..]) => Some(*first),
        (of_transcript, []) => of_transcript,
    }
}

/// The labels that a level allows, finest first. The last, which says nothing, is left out.
pub fn ladder(participant: &Participant, case: Option<i64>, level: Attribution) -> Vec<Label> {
    let role = participant.role.clone();
    let label = |role: Option<&String>, organisation, case| Label {
        role: role.cloned(),
        organisation,
        case,
    };
    let organisation = participant.organisation;
    let mut rungs = match level {
        Attribution::Named | Attribution::RoleOrg => vec![
            label(role.as_ref(), organisation, case),
            label(role.as_ref(), None, case),
            label(role.as_ref(), None, None),
            label(None, None, case),
        ],
        Attribution::Role => vec![
            label(role.as_ref(), None, case),
            label(role.as_ref(), None, None),
            label(None, None, case),
        ],
        Attribution::Case => vec![label(None, None, case)],
        Attribution::NonAttributable | Attribution::Background | Attribution::OffRecord => {
            Vec::new()
        }
    };
    rungs.retain(|rung| *rung != Label::default());
    rungs.dedup();
    rungs
}

/// What a label tells a reader who knows more than it says.
pub(super) fn known_label(
    label: &Label,
    participant: &Participant,
    case: Option<i64>,
    known: Known,
) -> Label {
    let mut narrowed = label.clone();
    if known.case {
        narrowed.case = narrowed.case.or(case);
    }
    if known.role && narrowed.role.is_none() {
        narrowed.role.clone_from(&participant.role);
    }
    narrowed
}
