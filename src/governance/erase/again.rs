//! People who were erased and are in the study again: a copy from before was put in its place.

use super::record;
use crate::error::Result;
use crate::governance::Error;
use crate::store::Store;

/// The codes of those who were erased and are there.
pub fn come_back(store: &Store) -> Result<Vec<String>> {
    Ok(record::come_back(store)?
        .into_iter()
        .map(|(code, _)| code)
        .collect())
}

/// Nothing is done with a study that holds somebody who was erased.
///
/// # Errors
/// Refused, naming them by their codes.
pub fn refuse_come_back(store: &Store) -> Result<()> {
    let back = record::come_back(store)?;
    let codes: Vec<&str> = back.iter().map(|(code, _)| code.as_str()).collect();
    if codes.is_empty() {
        return Ok(());
    }
    // The record is written before the study is: what it announced may have been stopped in between. A copy from just before
    // looks the same.
    let next = store.last_event()? + 1;
    if back.iter().all(|(_, event)| *event == next) {
        return Err(Error::refused(
            format!(
                "the erase of {} was announced and not done, or a copy from just before was put in the study's place",
                codes.join(", "),
            ),
            "run it again: casebook erase again",
        )
        .into());
    }
    Err(Error::refused(
        format!(
            "the study holds {} again, who {} erased: an older copy was put in its place",
            codes.join(", "),
            if codes.len() == 1 { "was" } else { "were" },
        ),
        "erase them again: casebook erase again",
    )
    .into())
}
