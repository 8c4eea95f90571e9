//! What the parts of a Microsoft office file say of each other.

use super::error::Error;
use super::package::{Package, resolve};
use super::xml::{self, Step};

/// What one part says of another.
pub(super) struct Relation {
    pub id: String,
    /// The last word of its type: `styles`, `worksheet` …
    pub kind: String,
    /// Within the package.
    pub path: String,
}

/// What a part refers to inside the package; the package itself is the part without a name.
pub(super) fn of(package: &mut Package<'_>, part: &str) -> Result<Vec<Relation>, Error> {
    const NAME: &str = "its list of parts";
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let list = resolve(folder, &format!("_rels/{name}.rels"));
    let Some(text) = package.text(&list, NAME)? else {
        return Ok(Vec::new());
    };
    let mut out = Vec::new();
    xml::walk(&text, package.part(NAME), |step| {
        if let Step::Open(_, "Relationship", tag) = step
            && let (Some(kind), Some(target)) =
                (xml::attribute(tag, "Type"), xml::attribute(tag, "Target"))
            && xml::attribute(tag, "TargetMode").is_none_or(|mode| mode != "External")
        {
            out.push(Relation {
                id: xml::attribute(tag, "Id").unwrap_or_default(),
                kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                path: resolve(folder, &target),
            });
        }
    })?;
    Ok(out)
}

/// The part that the package is about, where it says so and has it.
pub(super) fn main_part(package: &mut Package<'_>) -> Result<Option<String>, Error> {
    let related = of(package, "")?.into_iter();
    Ok(related
        .filter(|relation| relation.kind == "officeDocument")
        .map(|relation| relation.path)
        .find(|path| package.has(path)))
}
