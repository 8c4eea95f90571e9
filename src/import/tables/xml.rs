//! Walking over a part's XML: elements by their local names, text with its entities, nothing that a spreadsheet has not.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::error::TableError;
use crate::import::limits;

/// What the walk meets.
pub(super) enum Step<'a> {
    Open(&'a str, &'a BytesStart<'a>),
    Close(&'a str),
    Text(&'a str),
}

/// Walks over a whole part, as long as the visitor is content. `part` is its name in errors.
pub(super) fn walk(
    xml: &str,
    part: &'static str,
    mut visit: impl FnMut(Step<'_>) -> Result<(), TableError>,
) -> Result<(), TableError> {
    let damaged = || TableError::Damaged { part };
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut depth = 0_usize;
    loop {
        match reader.read_event().map_err(|_| damaged())? {
            Event::Start(tag) => {
                depth += 1;
                if depth > limits::XML_DEPTH {
                    return Err(TableError::TooDeep);
                }
                visit(Step::Open(tag.local_name().as_ref(), &tag))?;
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                visit(Step::Close(tag.local_name().as_ref()))?;
            }
            Event::Text(text) => visit(Step::Text(&text.xml10_content()))?,
            Event::CData(text) => visit(Step::Text(&text.xml10_content()))?,
            Event::GeneralRef(name) => {
                let sign = match name.as_ref() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => name.resolve_char_ref().ok().flatten(),
                };
                let mut buffer = [0; 4];
                let sign = sign.ok_or_else(damaged)?;
                visit(Step::Text(sign.encode_utf8(&mut buffer)))?;
            }
            // Entities are declared in a document type; no spreadsheet program writes one.
            Event::DocType(_) => return Err(TableError::DocType),
            Event::Eof if depth > 0 => return Err(damaged()),
            Event::Eof => return Ok(()),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// The value of an attribute, by its name without prefix, or with one where that is asked for; none where it is missing
/// or cannot be read.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let prefixed = name.contains(':');
    let found = tag.attributes().with_checks(false).flatten().find(|a| {
        if prefixed {
            a.key.as_ref() == name
        } else {
            a.key.local_name().as_ref() == name
        }
    })?;
    found
        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
        .ok()
        .map(std::borrow::Cow::into_owned)
}

/// A number in an attribute.
pub(super) fn number<N: std::str::FromStr>(tag: &BytesStart<'_>, name: &str) -> Option<N> {
    attribute(tag, name)?.trim().parse().ok()
}
