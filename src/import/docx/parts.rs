//! The parts of a Word file by what they are for.

use super::super::error::{Error, What};
use super::super::package::{self, Package, resolve};
use super::super::xml::{self, Part, Step};

/// An opened Word file.
pub(super) struct Parts<'b> {
    package: Package<'b>,
    /// Where the text is.
    document: String,
    /// The parts that the text refers to: kind (`styles`, `footnotes` …) and path.
    related: Vec<(String, String)>,
}

pub(super) fn open(bytes: &[u8]) -> Result<Parts<'_>, Error> {
    let mut package = package::open(bytes, What::Word)?;
    let document = main_part(&mut package)?;
    let (folder, name) = document.rsplit_once('/').unwrap_or(("", &document));
    let list = format!("{folder}/_rels/{name}.rels");
    let related = relations(&mut package, list.trim_start_matches('/'), folder)?;
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
        let paths = self.related.iter().filter(|(k, _)| k == kind);
        paths
            .filter_map(|(_, path)| self.package.text(path, name).transpose())
            .collect()
    }
}

/// Where the text is. Word for the web calls it `document2.xml`: the root's relations say so, or the list of contents.
fn main_part(package: &mut Package<'_>) -> Result<String, Error> {
    let related = relations(package, "_rels/.rels", "")?;
    let main = related
        .into_iter()
        .find(|(kind, _)| kind == "officeDocument");
    if let Some((_, path)) = main
        && package.has(&path)
    {
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
    xml::walk(&text, Part::new(What::Word, NAME), |step| {
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

/// What a part refers to: the last word of the relation's type, and the path that it leads to.
fn relations(
    package: &mut Package<'_>,
    path: &str,
    folder: &str,
) -> Result<Vec<(String, String)>, Error> {
    const NAME: &str = "its list of parts";
    let Some(text) = package.text(path, NAME)? else {
        return Ok(Vec::new());
    };
    let mut out = Vec::new();
    xml::walk(&text, Part::new(What::Word, NAME), |step| {
        if let Step::Open(_, "Relationship", tag) = step
            && let (Some(kind), Some(target)) =
                (xml::attribute(tag, "Type"), xml::attribute(tag, "Target"))
            && xml::attribute(tag, "TargetMode").is_none_or(|mode| mode != "External")
        {
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            out.push((kind, resolve(folder, &target)));
        }
    })?;
    Ok(out)
}
