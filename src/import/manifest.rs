//! The list of parts of an OpenDocument file.

use super::error::Error;
use super::package::Package;
use super::xml::{self, Step};

/// Whether any part is encrypted.
pub(super) fn is_locked(package: &mut Package<'_>) -> Result<bool, Error> {
    const NAME: &str = "META-INF/manifest.xml";
    let Some(text) = package.text(NAME, NAME)? else {
        return Ok(false);
    };
    let mut locked = false;
    xml::walk(&text, package.part(NAME), |step| {
        locked |= matches!(step, Step::Open(_, "encryption-data", _));
    })?;
    Ok(locked)
}
