//! Walking over the XML of office files: names with their meaning, text with its entities, and nothing that a part may not have.

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use super::error::{Error, What};
use super::limits;

/// The vocabularies that matter; both editions of the standard have their own addresses for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// `w:`, the words.
    Word,
    /// `m:`, formulas.
    Math,
    /// `mc:`, the same thing twice for old and new readers.
    Choice,
    /// `office:`, `text:`, `table:` and `draw:` of OpenDocument.
    Office,
    Text,
    Table,
    Draw,
    Other,
}

/// What the walk meets.
pub(super) enum Step<'a> {
    Open(Space, &'a str, &'a BytesStart<'a>),
    Close(Space, &'a str),
    Text(&'a str),
}

/// A part, as errors name it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub file: What,
    pub name: &'static str,
}

impl Part {
    pub(super) const fn new(file: What, name: &'static str) -> Self {
        Self { file, name }
    }
    pub(super) const fn damaged(self) -> Error {
        Error::Damaged {
            file: self.file,
            part: self.name,
        }
    }
}

/// Walks over a whole part.
pub(super) fn walk(xml: &str, part: Part, mut visit: impl FnMut(Step<'_>)) -> Result<(), Error> {
    try_walk(xml, part, |step| {
        visit(step);
        Ok(())
    })
}

/// Walks over a whole part, as long as the visitor is content.
pub(super) fn try_walk(
    xml: &str,
    part: Part,
    mut visit: impl FnMut(Step<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut reader = NsReader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut depth = 0_usize;
    loop {
        let (resolved, event) = reader.read_resolved_event().map_err(|_| part.damaged())?;
        let space = match resolved {
            ResolveResult::Bound(Namespace(address)) => space(address),
            _ => Space::Other,
        };
        match event {
            Event::Start(tag) => {
                depth += 1;
                if depth > limits::XML_DEPTH {
                    return Err(Error::TooDeep {
                        file: part.file,
                        most: limits::XML_DEPTH,
                    });
                }
                visit(Step::Open(space, tag.local_name().as_ref(), &tag))?;
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                visit(Step::Close(space, tag.local_name().as_ref()))?;
            }
            Event::Text(text) => visit(Step::Text(&text.xml10_content()))?,
            Event::CData(text) => visit(Step::Text(&text.xml10_content()))?,
            Event::GeneralRef(name) => {
                let mut buffer = [0; 4];
                match sign(&name) {
                    Some(sign) => visit(Step::Text(sign.encode_utf8(&mut buffer)))?,
                    None => return Err(part.damaged()),
                }
            }
            // Entities are declared inside a document type; office programs write none, e-books only its name.
            Event::DocType(text) if text.contains('[') => {
                return Err(Error::DocType { file: part.file });
            }
            Event::Eof if depth > 0 => return Err(part.damaged()),
            Event::Eof => return Ok(()),
            Event::Empty(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => {}
        }
    }
}

/// The value of an attribute, by its name without prefix, or with one where two vocabularies have the same name for
/// different things (`office:value-type`, `calcext:value-type`); none where it is missing or cannot be read.
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

fn space(address: &str) -> Space {
    match address {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        | "http://purl.oclc.org/ooxml/wordprocessingml/main" => Space::Word,
        "http://schemas.openxmlformats.org/officeDocument/2006/math"
        | "http://purl.oclc.org/ooxml/officeDocument/math" => Space::Math,
        "http://schemas.openxmlformats.org/markup-compatibility/2006" => Space::Choice,
        "urn:oasis:names:tc:opendocument:xmlns:office:1.0" => Space::Office,
        "urn:oasis:names:tc:opendocument:xmlns:text:1.0" => Space::Text,
        "urn:oasis:names:tc:opendocument:xmlns:table:1.0" => Space::Table,
        "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" => Space::Draw,
        _ => Space::Other,
    }
}

fn sign(name: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    match name.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => name.resolve_char_ref().ok().flatten(),
    }
}
