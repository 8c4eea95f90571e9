//! What limits say of a passage: one interview, one passage or one quote may be bound more strictly than its speaker.

use std::collections::HashMap;

use crate::domain::span::Span;
use crate::domain::words::Attribution;
use crate::error::Result;
use crate::store::{Limit, LimitOn, Store, Transcript};

/// What holds for a passage whoever speaks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bound {
    /// The loosest that it may be cited at.
    pub level: Attribution,
    pub quotable: bool,
}

impl Default for Bound {
    /// Nothing.
    fn default() -> Self {
        Self {
            level: Attribution::Named,
            quotable: true,
        }
    }
}

impl Bound {
    /// What a limit says.
    pub fn of(limit: &Limit) -> Self {
        Self {
            level: limit.level.unwrap_or(Attribution::Named),
            quotable: limit.quotable,
        }
    }

    /// The stricter of two in each.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            level: self.level.max(other.level),
            quotable: self.quotable && other.quotable,
        }
    }
}

/// All limits of a study, by transcript.
#[derive(Clone, Debug, Default)]
pub struct Limits(HashMap<i64, Vec<Limit>>);

impl Limits {
    pub fn read(store: &Store) -> Result<Self> {
        let mut of: HashMap<i64, Vec<Limit>> = HashMap::new();
        for limit in store.limits()? {
            of.entry(limit.transcript).or_default().push(limit);
        }
        Ok(Self(of))
    }

    /// What holds for a span of a transcript's present text that is quoted by these codings. A quote that shares a
    /// character with a limited passage is bound by it; a passage without a certain place in the text binds all of it.
    pub fn on(
        &self,
        transcript: &Transcript,
        span: Span,
        codings: impl IntoIterator<Item = i64> + Clone,
    ) -> Bound {
        let Some(here) = self.0.get(&transcript.id) else {
            return Bound::default();
        };
        here.iter()
            .filter(|limit| match limit.on {
                LimitOn::Transcript => true,
                LimitOn::Passage(p) => {
                    limit.lost || p.revision != transcript.revision.id || p.span.overlaps(span)
                }
                LimitOn::Coding(id) => codings.clone().into_iter().any(|c| c == id),
            })
            .fold(Bound::default(), |bound, limit| bound.and(Bound::of(limit)))
    }

    /// What holds for all of a transcript: as far as it goes, no passage of it is bound less.
    pub fn on_whole(&self, transcript: &Transcript) -> Bound {
        let here = self.0.get(&transcript.id).map_or(&[][..], Vec::as_slice);
        here.iter()
            .filter(|limit| match limit.on {
                LimitOn::Transcript => true,
                LimitOn::Passage(p) => limit.lost || p.revision != transcript.revision.id,
                LimitOn::Coding(_) => false,
            })
            .fold(Bound::default(), |bound, limit| bound.and(Bound::of(limit)))
    }
}
