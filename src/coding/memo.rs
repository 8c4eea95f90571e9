//! What a memo is on, as typed.

use super::Error;
use super::codebook::Codebook;
use crate::error::Result;
use crate::store::{MemoOn, Store};

/// Reads `study`, `case:SLUG`, `participant:ID`, `transcript:ID`, `theme:PATH`, `coding:N` or `finding:N`.
pub fn object(store: &Store, typed: &str) -> Result<MemoOn> {
    let unknown = || Error::UnknownObject(crate::domain::span::printable(typed).into_owned());
    if typed == "study" {
        return Ok(MemoOn::Study);
    }
    let (kind, name) = typed.split_once(':').ok_or_else(unknown)?;
    Ok(match kind {
        "case" => MemoOn::Case(store.case(name)?.id),
        "participant" => MemoOn::Participant(store.participant(name)?.id),
        "transcript" => MemoOn::Transcript(store.transcript(name)?.id),
        "theme" => MemoOn::Theme(Codebook::read(store)?.find(name)?),
        "coding" => {
            let id = name.parse().map_err(|_| unknown())?;
            MemoOn::Coding(store.coding(id)?.ok_or(Error::UnknownCoding(id))?.id)
        }
        "finding" => MemoOn::Finding(store.the_finding(name.parse().map_err(|_| unknown())?)?.id),
        _ => return Err(unknown().into()),
    })
}
