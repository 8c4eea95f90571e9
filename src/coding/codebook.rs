//! Adding to the codebook.

use super::Error;
use crate::domain::path::steps;
use crate::domain::span::printable;
use crate::error::Result;
use crate::store::{Theme, Tx};
pub use crate::study::Codebook;

/// Adds a theme at `path`, and those above it that are missing. Fails if the path is there.
pub fn add(tx: &Tx, path: &str, fields: Theme) -> Result<i64> {
    let book = Codebook::read(tx)?;
    let steps = steps(path)?;
    let path = steps.join("/");
    if book.find(&path).is_ok() {
        return Err(Error::ThemeTaken(path).into());
    }
    let mut parent = None;
    for n in 1..steps.len() {
        let above = steps[..n].join("/");
        parent = Some(match book.find(&above) {
            Ok(id) => id,
            Err(_) => tx.put_theme(&Theme {
                parent,
                name: steps[n - 1].clone(),
                ..Theme::default()
            })?,
        });
    }
    let name = steps.last().cloned().unwrap_or_default();
    Ok(tx.put_theme(&Theme {
        id: 0,
        parent,
        name,
        ..fields
    })?)
}

/// A colour as the study keeps it: `#rrggbb`, lower case. Takes `#rgb` and leaves out `#` too.
pub fn colour(typed: &str) -> Result<String> {
    let digits = typed.trim().trim_start_matches('#').to_lowercase();
    let hex = digits.chars().all(|c| c.is_ascii_hexdigit());
    match (hex, digits.len()) {
        (true, 6) => Ok(format!("#{digits}")),
        (true, 3) => Ok(format!(
            "#{}",
            digits.chars().flat_map(|c| [c, c]).collect::<String>()
        )),
        _ => Err(Error::refused(
            format!("`{}` is no colour", printable(typed)),
            "write it as #rrggbb, for example #4477aa",
        )
        .into()),
    }
}
