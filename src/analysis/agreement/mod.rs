//! How far coders agree: the published coefficients, over units that were judged and over spans that were chosen.
//!
//! Pure: ratings or spans in, values out. Every function names its source. Where sources or programs differ,
//! `docs/agreement.md` says which is followed and why.
//!
//! - [`Ratings`]: units × coders, with missing values; [`coefficients`](Ratings::coefficient), [`alpha`](Ratings::alpha)
//! - [`unitizing`]: Krippendorff's family for spans that coders cut themselves
//! - [`bootstrap`]: intervals, from a seed
//! - [`sweep`]: passages on a line to how long each pattern of coders lasts

pub mod alpha;
pub mod bootstrap;
mod coefficients;
pub mod errors;
pub mod older;
#[cfg(test)]
mod published;
mod ratings;
pub mod sweep;
pub mod table;
pub mod two;
pub mod unitizing;
mod value;

pub use alpha::{Level, Scale};
pub use ratings::Ratings;
pub use value::{Reason, Value, chance_corrected};

use crate::domain::words::words;

words! {
    /// A coefficient of agreement.
    Statistic, "statistic of agreement" {
        /// The share of pairs of values that are the same.
        Percent = "percent",
        /// Holsti 1969.
        Holsti = "holsti",
        /// Cohen 1960, two coders.
        Kappa = "kappa",
        /// Scott 1955, two coders.
        ScottPi = "scott-pi",
        /// Brennan & Prediger 1981: Bennett's S, Randolph's kappa.
        BrennanPrediger = "brennan-prediger",
        /// Fleiss 1971; with missing values as Gwet has it.
        Fleiss = "fleiss",
        /// Conger 1980: Cohen's kappa for any number of coders.
        Conger = "conger",
        /// Gwet 2008.
        Ac1 = "ac1",
        /// Krippendorff's alpha.
        Alpha = "alpha",
        /// Krippendorff's alpha for unitizing: where, and what.
        UAlpha = "u-alpha",
        /// The same for where alone (printed |u).
        BarUAlpha = "bar-u-alpha",
        /// The same for what alone, on text that two coders coded.
        CuAlpha = "cu-alpha",
        /// One theme of it.
        KuAlpha = "ku-alpha",
    }
}

impl Statistic {
    /// Whether it is about spans that coders cut themselves.
    pub const fn of_spans(self) -> bool {
        matches!(
            self,
            Self::UAlpha | Self::BarUAlpha | Self::CuAlpha | Self::KuAlpha
        )
    }
}
