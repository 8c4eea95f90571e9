//! Places in texts, as people type them.
//!
//! `T01` the transcript · `T01:12` a turn · `T01:12-15` turns · `T01:12@5-40` characters of that turn ·
//! `T01@100-250` characters of the transcript.

use std::fmt;
use std::str::FromStr;

use crate::domain::span::Span;
use crate::error::Problem;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub transcript: String,
    pub within: Within,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    Whole,
    /// First and last turn, both numbered from 1, both included.
    Turns(u32, u32),
    /// Characters counted within one turn.
    TurnSpan(u32, Span),
    /// Characters counted within the transcript.
    Span(Span),
}

#[derive(Debug, thiserror::Error)]
#[error("`{typed}` is no place: {why}")]
pub struct PlaceError {
    typed: String,
    why: &'static str,
}

impl Problem for PlaceError {
    fn hint(&self) -> Option<String> {
        Some("places are written T01, T01:12 (a turn), T01:12-15 (turns), T01:12@5-40 (characters of a turn) or T01@100-250".into())
    }
}

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(typed: &str) -> Result<Self, PlaceError> {
        let fail = |why| PlaceError {
            typed: crate::domain::span::printable(typed).into_owned(),
            why,
        };
        let (head, chars) = match typed.split_once('@') {
            Some((head, chars)) => (
                head,
                Some(range(chars).ok_or_else(|| fail("after `@` stand two numbers, as in @5-40"))?),
            ),
            None => (typed, None),
        };
        let (transcript, turns) = match head.split_once(':') {
            Some((id, turns)) => {
                let (a, b) = match turns.split_once('-') {
                    Some(_) => range(turns).ok_or_else(|| {
                        fail("after `:` stand one turn or two, as in :12 or :12-15")
                    })?,
                    None => turns
                        .parse()
                        .map(|n| (n, n))
                        .map_err(|_| fail("after `:` stands a turn's number"))?,
                };
                if a == 0 {
                    return Err(fail("turns are numbered from 1"));
                }
                if b < a {
                    return Err(fail("the last turn stands before the first"));
                }
                (id, Some((a, b)))
            }
            None => (head, None),
        };
        if transcript.is_empty() {
            return Err(fail("it begins with a transcript's id"));
        }
        let span = match chars {
            Some((a, b)) if b <= a => return Err(fail("the span ends before it begins")),
            Some((a, b)) => Some(Span::new(a, b)),
            None => None,
        };
        let within = match (turns, span) {
            (None, None) => Within::Whole,
            (None, Some(span)) => Within::Span(span),
            (Some((a, b)), None) => Within::Turns(a, b),
            (Some((a, b)), Some(span)) if a == b => Within::TurnSpan(a, span),
            _ => return Err(fail("characters are counted within one turn, not several")),
        };
        Ok(Self {
            transcript: transcript.to_owned(),
            within,
        })
    }
}

fn range(text: &str) -> Option<(u32, u32)> {
    let (a, b) = text.split_once('-')?;
    Some((a.parse().ok()?, b.parse().ok()?))
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let t = &self.transcript;
        match self.within {
            Within::Whole => write!(f, "{t}"),
            Within::Turns(a, b) if a == b => write!(f, "{t}:{a}"),
            Within::Turns(a, b) => write!(f, "{t}:{a}-{b}"),
            Within::TurnSpan(n, s) => write!(f, "{t}:{n}@{s}"),
            Within::Span(s) => write!(f, "{t}@{s}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_every_form_and_prints_it_back() {
        for typed in ["T01", "T01:12", "T01:12-15", "T01:12@5-40", "T01@100-250"] {
            assert_eq!(typed.parse::<Place>().expect("a place").to_string(), typed);
        }
    }

    #[test]
    fn refuses_what_is_no_place() {
        for typed in [
            "",
            ":3",
            "T01:",
            "T01:0",
            "T01:5-3",
            "T01@5",
            "T01@9-9",
            "T01@9-3",
            "T01:1-2@0-4",
            "T01:-",
            "T01:x",
            "T01@99999999999-3",
        ] {
            assert!(typed.parse::<Place>().is_err(), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(typed in ".*") {
            if let Ok(place) = typed.parse::<Place>() {
                prop_assert_eq!(place.to_string().parse::<Place>().expect("prints what it parses"), place);
            }
        }
    }
}
