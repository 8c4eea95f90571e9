//! The parts of a Word file by what they are for.

use super::super::error::{Error, What};
use super::super::package::{self, Package, resolve};
use super::super::relations::{self, Relation};
use super::super::xml::{self, Step};

/// An opened Word file.
pub(super) struct Parts<'b> {
    package: Package<'b>,
    /// Where the text is.
    document: String,
    /// The parts that the text refers to.
    related: Vec<Relation>,
}

pub(super) fn open(bytes: &[u8]) -> Result<Parts<'_>, Error> {
    let mut package = package::open(bytes, What::Word)?;
    let document = main_part(&mut package)?;
    let related = relations::of(&mut package, &document)?;
    Ok(Parts {
        package,
        document,
        related,
    })
}

impl Parts<'_> {
    pub(super) fn document(&mut self) -> Result<String, Error> {
        const NAME: &str = "word/document.xml";
        self.package
            .text(&self.document, NAME)?
            .ok_or(Error::NoText {
                file: What::Word,
                part: NAME,
            })
    }

    /// The texts of all parts of a kind. `name` is what errors call them.
    pub(super) fn of_kind(&mut self, kind: &str, name: &'static str) -> Result<Vec<String>, Error> {
        let related = self.related.iter().filter(|part| part.kind == kind);
        related
            .filter_map(|part| self.package.text(&part.path, name).transpose())
            .collect()
    }
}

/// Where the text is. Word for the web calls it `document2.xml`: the root's relations say so, or the list of contents.
fn main_part(package: &mut Package<'_>) -> Result<String, Error> {
    if let Some(path) = relations::main_part(package)? {
        return Ok(path);
    }
    let usual = "word/document.xml".to_owned();
    if package.has(&usual) {
        return Ok(usual);
    }
    Ok(by_content(package)?.unwrap_or(usual))
}

/// The part that the list of contents calls the document.
fn by_content(package: &mut Package<'_>) -> Result<Option<String>, Error> {
    const NAME: &str = "[Content_Types].xml";
    let Some(text) = package.text(NAME, NAME)? else {
        return Ok(None);
    };
    let mut found = None;
    xml::walk(&text, package.part(NAME), |step| {
        if let Step::Open(_, "Override", tag) = step
            && found.is_none()
            && xml::attribute(tag, "ContentType")
                .is_some_and(|kind| kind.ends_with("wordprocessingml.document.main+xml"))
        {
            found = xml::attribute(tag, "PartName").map(|path| resolve("", &path));
        }
    })?;
    Ok(found.filter(|path| package.has(path)))
}
