//! What a disagreement is called: the codings at stake, `1000003/1000017`, or `1000003/none` where the other coded nothing.

use std::fmt;
use std::str::FromStr;

use crate::analysis::disagreement::Disagreement;
use crate::coding::Error;
use crate::domain::span::printable;

/// The first coder's coding and the second's; at least one is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle {
    pub first: Option<i64>,
    pub second: Option<i64>,
}

impl Handle {
    pub(super) fn of(d: &Disagreement) -> Self {
        Self {
            first: d.first.map(|m| m.coding),
            second: d.second.map(|m| m.coding),
        }
    }

    pub(super) fn codings(self) -> Vec<i64> {
        [self.first, self.second].into_iter().flatten().collect()
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |coding: Option<i64>| coding.map_or("none".to_owned(), |c| c.to_string());
        f.pad(&format!("{}/{}", side(self.first), side(self.second)))
    }
}

impl FromStr for Handle {
    type Err = Error;

    fn from_str(typed: &str) -> Result<Self, Error> {
        let side = |typed: &str| match typed.trim() {
            "none" | "-" => Some(None),
            number => number.parse().ok().filter(|n| *n > 0).map(Some),
        };
        let read = || {
            let (first, second) = typed.split_once('/')?;
            Some(Self {
                first: side(first)?,
                second: side(second)?,
            })
        };
        match read() {
            Some(handle) if handle.first.is_some() || handle.second.is_some() => Ok(handle),
            _ => Err(Error::refused(
                format!("`{}` names no disagreement", printable(typed)),
                "copy it from: casebook agreement disagreements   as in 1000003/1000017, or 1000003/none where only one coded",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_forms_are_read_and_printed_back() {
        for typed in ["1000003/1000017", "1000003/none", "none/1000017"] {
            assert_eq!(
                typed.parse::<Handle>().expect("a handle").to_string(),
                typed
            );
        }
        for typed in [
            "",
            "/",
            "none/none",
            "1000003",
            "1/2/3",
            "0/5",
            "-4/5",
            "1/",
            "a/b",
        ] {
            assert!(typed.parse::<Handle>().is_err(), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(typed in ".*") {
            if let Ok(handle) = typed.parse::<Handle>() {
                prop_assert_eq!(handle.to_string().parse::<Handle>().expect("prints what it reads"), handle);
            }
        }
    }
}
