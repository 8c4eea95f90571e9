//! A coefficient, or why there is none.

use serde::{Serialize, Serializer};

use crate::domain::words::words;

/// What a coefficient came to. A value is never 1 or 0 because nothing could have been disagreed on: then there is
/// none, and the reason stands in its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    Defined(f64),
    Undefined(Reason),
}

words! {
    /// Why a coefficient is not defined, as it is printed.
    Reason, "reason" {
        NoUnits = "no unit was coded by two coders",
        NotTwoCoders = "it is defined for two coders",
        CodersNotKnown = "the table doesn't say which coder gave a value",
        OneCategory = "all values are the same: no disagreement was to be expected",
        OneCode = "only one theme is coded on the shared text: no disagreement was to be expected",
        NoSharedText = "no text was coded by two coders",
        NothingCoded = "nobody coded it",
        AllCoded = "everybody coded everything: no disagreement was to be expected",
        Overlap = "a coder coded the same place with two themes: they don't exclude each other",
        NotNumbers = "this level of measurement needs numbers",
        BelowZero = "the ratio level needs numbers from 0 up",
        NeedsUnits = "it is defined over units, not over spans",
        NeedsSpans = "it is defined over spans: ask with --unit span",
        NeedsExclusive = "it is defined where themes exclude each other: ask with --exclusive",
    }
}

impl Value {
    /// `number`, where it is one.
    pub fn of(number: f64, otherwise: Reason) -> Self {
        if number.is_finite() {
            Self::Defined(number)
        } else {
            Self::Undefined(otherwise)
        }
    }

    pub fn number(self) -> Option<f64> {
        match self {
            Self::Defined(number) => Some(number),
            Self::Undefined(_) => None,
        }
    }

    pub fn reason(self) -> Option<Reason> {
        match self {
            Self::Defined(_) => None,
            Self::Undefined(reason) => Some(reason),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.number().serialize(to)
    }
}

/// (observed - expected) / (1 - expected): how far above chance.
pub fn chance_corrected(observed: f64, expected: f64) -> f64 {
    (observed - expected) / (1.0 - expected)
}
