//! How a passage is cited: made from what was promised to the person, never typed.

use crate::domain::words::{Attribution, TranscriptKind};
use crate::store::{Participant, Transcript};
use crate::study::People;

/// How a passage is cited, made from the level that holds for it ([`super::gate::level_of`]): never typed. Never a
/// pseudonym, which would tie the quotes of one person together.
pub fn citation(
    people: &People,
    transcript: &Transcript,
    participant: Option<&Participant>,
    level: Attribution,
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
            TranscriptKind::FieldNotes if level > Attribution::Case => "Field note".into(),
            TranscriptKind::Document if level > Attribution::Case => "Document".into(),
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
    match level {
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
