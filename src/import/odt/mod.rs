//! OpenDocument texts (LibreOffice, OpenOffice, Google Docs): packed (`.odt`, `.ott`) or as one XML file (`.fodt`).
//!
//! The text is made as it is from Word files. Tracked changes are read as accepted: what was deleted stands apart in these
//! files and is left out. Comments, headers and footers, and pictures are counted.

use super::document;
use super::error::{Error, What};
use super::xml::Part;
use super::{Draft, encoding, manifest, package};

mod body;
mod styles;

const FILE: What = What::OpenDocument;
const CONTENT: &str = "content.xml";
const STYLES: &str = "styles.xml";

pub(super) fn read(bytes: &[u8]) -> Result<Draft, Error> {
    let mut sheet = styles::Sheet::default();
    let text = if bytes.starts_with(b"PK") {
        let mut package = package::open(bytes, FILE)?;
        if manifest::is_locked(&mut package)? {
            return Err(Error::Encrypted { file: FILE });
        }
        if let Some(text) = package.text(STYLES, STYLES)? {
            styles::read(&text, Part::new(FILE, STYLES), &mut sheet)?;
        }
        package.text(CONTENT, CONTENT)?.ok_or(Error::NoText {
            file: FILE,
            part: CONTENT,
        })?
    } else if bytes.trim_ascii_start().starts_with(b"<")
        || encoding_rs::Encoding::for_bom(bytes).is_some()
    {
        encoding::decode(bytes, None)?.text
    } else {
        return Err(Error::NotOne { file: FILE });
    };
    let (gathered, left) = body::read(&text, Part::new(FILE, CONTENT), sheet)?;
    document::finish(&gathered, left, "UTF-8".to_owned(), Vec::new())
}
