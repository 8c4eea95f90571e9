//! What is open in a study of its method: what `status` says of it. What a method does not ask for is not asked.

use serde::Serialize;

use crate::domain::words::Method;
use crate::error::Result;
use crate::store::Store;

/// Something that a study of this method asks for and has not got, or not all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Open {
    /// In words, with its number and base.
    pub what: String,
    pub open: i64,
    pub of: i64,
    /// The command that shows or does it.
    pub command: &'static str,
}

/// What is open, the nearest first. Nothing is said of what a study has none of yet: no themes lack no definition.
pub fn open_work(store: &Store, method: Method) -> Result<Vec<Open>> {
    let transcripts = store.count("transcripts")?;
    let themes = store.count("themes")?;
    let coding = || -> Result<Option<Open>> {
        let open = store.transcripts_not_coded()?;
        Ok(some(
            open,
            transcripts,
            "transcripts not coded",
            "casebook transcript list",
        ))
    };
    let defining = || -> Result<Option<Open>> {
        let open = store.themes_not_defined()?;
        Ok(some(
            open,
            themes,
            "themes not defined",
            "casebook theme lint --only empty-fields",
        ))
    };
    let found = match method {
        Method::Codebook => vec![coding()?, defining()?],
        Method::Framework => {
            let (charted, all) = store.frame_charted()?;
            vec![
                coding()?,
                defining()?,
                some(
                    all - charted,
                    all,
                    "cells of the frame not charted",
                    "casebook frame",
                ),
            ]
        }
        Method::CodingReliability => {
            let (coded, twice) = store.transcripts_coded_by_people()?;
            let double = if coded > 0 && twice == 0 {
                Some(Open {
                    what: "no transcript is coded by two people, so agreement can't be measured"
                        .to_owned(),
                    open: coded,
                    of: coded,
                    command: "casebook agreement sample NAME --share 20% --seed 1",
                })
            } else {
                some(
                    coded - twice,
                    coded,
                    "coded transcripts coded by one person only",
                    "casebook agreement --coders A,B",
                )
            };
            vec![coding()?, defining()?, double]
        }
        // Neither agreement nor saturation: what counts is thinking, and memos are where it is kept.
        Method::Reflexive => {
            let open = store.themes_without_memo()?;
            vec![
                coding()?,
                some(
                    open,
                    themes,
                    "themes without a memo",
                    "casebook memo add --on theme:PATH TEXT",
                ),
            ]
        }
    };
    let (undecided, all) = store.open_decisions()?;
    let deciding = some(
        undecided,
        all,
        "decisions on participants' answers not taken",
        "casebook decision list --open",
    );
    Ok(found.into_iter().flatten().chain(deciding).collect())
}

fn some(open: i64, of: i64, what: &str, command: &'static str) -> Option<Open> {
    (open > 0).then(|| Open {
        what: format!("{open} of {of} {what}"),
        open,
        of,
        command,
    })
}
