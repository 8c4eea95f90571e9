//! People who were erased and are in the study again: a copy from before was put in its place.

use super::record;
use crate::error::Result;
use crate::governance::Error;
use crate::store::Store;

/// The codes of those who were erased and are there.
pub fn come_back(store: &Store) -> Result<Vec<String>> {
    record::come_back(store)
}

/// Nothing is done with a study that holds somebody who was erased.
///
/// # Errors
/// Refused, naming them by their codes.
pub fn refuse_come_back(store: &Store) -> Result<()> {
    let codes = come_back(store)?;
    if codes.is_empty() {
        return Ok(());
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
