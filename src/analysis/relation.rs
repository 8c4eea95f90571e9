//! How coded passages of one transcript stand to each other: what each relation means, and an index that answers for
//! one passage whether it stands so to any of many.
//!
//! A = [a1, a2) and B = [b1, b2) are spans; touching ones don't overlap. Which word means what is in
//! `docs/relations.md`.

pub mod index;
pub mod ruler;

pub use crate::domain::relation::{Distance, Relation, Step};
use crate::domain::span::Span;

/// A coded passage, as far as relations ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// A passage does not stand in a relation to itself.
    pub id: i64,
    pub theme: i64,
    pub span: Span,
    /// First and last turn that it touches.
    pub turns: (i64, i64),
    /// Where it begins and ends on the [`ruler::Ruler`] of the distance; none where it can't be measured.
    pub measured: Option<(i64, i64)>,
}

/// Whether A stands so to B: the definition. What is between transcripts is the caller's to know: two passages of one
/// transcript are of the same case, if the transcript is of any.
///
/// `most` is what may lie between them, in the units of the ruler. Of [`Relation::Alone`] this is what breaks it.
pub fn stands(relation: Relation, most: i64, a: &Segment, b: &Segment) -> bool {
    let (s, t) = (a.span, b.span);
    a.id != b.id
        && match relation {
            Relation::SameSpan => s == t,
            Relation::OverlapPart | Relation::OverlapWhole => s.overlaps(t),
            Relation::Within => t.contains(s),
            Relation::Encloses => s.contains(t),
            Relation::Overlaps => s.start < t.start && t.start < s.end && s.end < t.end,
            Relation::OverlappedBy => t.start < s.start && s.start < t.end && t.end < s.end,
            Relation::Follows => {
                t.end <= s.start && between(b, a).is_some_and(|between| between <= most)
            }
            Relation::Precedes => {
                s.end <= t.start && between(a, b).is_some_and(|between| between <= most)
            }
            Relation::Near => {
                (s.overlaps(t) && a.measured.is_some() && b.measured.is_some())
                    || stands(Relation::Follows, most, a, b)
                    || stands(Relation::Precedes, most, a, b)
            }
            Relation::SameTurn => a.turns.0 <= b.turns.1 && b.turns.0 <= a.turns.1,
            Relation::SameTranscript | Relation::SameCase => true,
            Relation::Alone => a.theme != b.theme && s.overlaps(t),
        }
}

/// How much lies between a passage and one that comes after it.
fn between(first: &Segment, then: &Segment) -> Option<i64> {
    let (_, to) = first.measured?;
    let (from, _) = then.measured?;
    Some(from.saturating_sub(to).max(0))
}

#[cfg(test)]
mod tests;
