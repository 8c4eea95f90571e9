//! How one coded passage can stand to another: a word for each relation, and how far apart two may be.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::words::words;
use crate::error::Problem;

words! {
    /// How a passage A = [a1, a2) stands to a passage B = [b1, b2). The manual defines each (`docs/relations.md`).
    Relation, "relation" {
        /// a1 = b1 and a2 = b2.
        SameSpan = "same-span",
        /// As `overlap-whole`; what is shown is only the part that the two share.
        OverlapPart = "overlap-part",
        /// They share at least one character: a1 < b2 and b1 < a2.
        OverlapWhole = "overlap-whole",
        /// b1 ≤ a1 and a2 ≤ b2.
        Within = "within",
        /// a1 ≤ b1 and b2 ≤ a2.
        Encloses = "encloses",
        /// A begins first and B ends last: a1 < b1 < a2 < b2.
        Overlaps = "overlaps",
        /// B begins first and A ends last: b1 < a1 < b2 < a2.
        OverlappedBy = "overlapped-by",
        /// A stands after B: b2 ≤ a1, no farther than the distance.
        Follows = "follows",
        /// A stands before B: a2 ≤ b1, no farther than the distance.
        Precedes = "precedes",
        /// They overlap, or one follows the other no farther than the distance.
        Near = "near",
        /// Some turn is touched by both.
        SameTurn = "same-turn",
        SameTranscript = "same-transcript",
        /// Their transcripts are of one case.
        SameCase = "same-case",
        /// No coding of another theme shares a character with A.
        Alone = "alone",
    }
}

impl Relation {
    /// Whether a distance bears on it.
    pub const fn has_distance(self) -> bool {
        matches!(self, Self::Follows | Self::Precedes | Self::Near)
    }

    /// What it is seen from the other side: A stands so to B when B stands like this to A.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::Within => Self::Encloses,
            Self::Encloses => Self::Within,
            Self::Overlaps => Self::OverlappedBy,
            Self::OverlappedBy => Self::Overlaps,
            Self::Follows => Self::Precedes,
            Self::Precedes => Self::Follows,
            same => same,
        }
    }
}

words! {
    /// What lies between two passages is counted in.
    Step, "unit of distance" {
        Characters = "characters",
        Words = "words",
        Sentences = "sentences",
        Turns = "turns",
        Seconds = "seconds",
    }
}

/// How far apart two passages may be: at most so many units may lie between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Distance {
    pub most: u32,
    pub step: Step,
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no distance")]
pub struct NoDistance(String);

impl Problem for NoDistance {
    fn hint(&self) -> Option<String> {
        Some(format!(
            "write a number with a unit, as in 2turns; units are: {}",
            Step::WORDS.join(", ")
        ))
    }
}

impl FromStr for Distance {
    type Err = NoDistance;

    /// `2turns`, `1 turn`, `30words`.
    fn from_str(typed: &str) -> Result<Self, NoDistance> {
        let bad = || NoDistance(super::span::printable(typed).into_owned());
        let trimmed = typed.trim();
        let digits = trimmed
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(trimmed.len());
        let (number, unit) = trimmed.split_at(digits);
        let unit = unit.trim();
        let step = Step::ALL
            .iter()
            .find(|s| s.word() == unit || s.word().strip_suffix('s') == Some(unit))
            .ok_or_else(bad)?;
        Ok(Self {
            most: number.parse().map_err(|_| bad())?,
            step: *step,
        })
    }
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.step.word();
        let word = if self.most == 1 {
            word.trim_end_matches('s')
        } else {
            word
        };
        write!(f, "{} {word}", self.most)
    }
}

impl Serialize for Distance {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// A relation that a filter asks for, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub relation: Relation,
    /// The passages for which it does not hold.
    pub not: bool,
    /// The paths of B's themes, each with its sub-themes; none for [`Relation::Alone`] means any other theme.
    pub themes: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_is_a_number_with_a_unit() {
        for (typed, shown) in [
            ("2turns", "2 turns"),
            ("1turn", "1 turn"),
            ("1 sentences", "1 sentence"),
            ("30words", "30 words"),
            ("200characters", "200 characters"),
            (" 20 seconds ", "20 seconds"),
            ("0turns", "0 turns"),
        ] {
            let read: Distance = typed.parse().expect("a distance");
            assert_eq!(read.to_string(), shown);
        }
        for typed in [
            "",
            "2",
            "turns",
            "-1turns",
            "2 miles",
            "2.5words",
            "99999999999words",
            "2 turnss",
        ] {
            assert!(typed.parse::<Distance>().is_err(), "{typed}");
        }
    }

    #[test]
    fn turning_twice_is_no_turn() {
        for relation in Relation::ALL {
            assert_eq!(relation.turned().turned(), *relation);
        }
    }
}
