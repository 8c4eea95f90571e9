//! Which paragraph styles are headings or lists. Their ids are in the language of the writer, their names are not.

use std::collections::HashMap;

use super::super::blocks::{heading_by_level, heading_by_name};
use super::super::error::{Error, What};
use super::super::xml::{self, Part, Space, Step};

/// What a style makes of a paragraph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// 1 to 6.
    pub heading: Option<u8>,
    /// The list that it belongs to, by number; `0` takes it out of the list that its style is based on.
    pub list: Option<String>,
    /// From 0.
    pub level: Option<usize>,
}

#[derive(Debug, Default)]
struct Style {
    based_on: Option<String>,
    heading: Option<u8>,
    list: Option<String>,
    level: Option<usize>,
}

#[derive(Debug, Default)]
pub(super) struct Styles(HashMap<String, Style>);

pub(super) fn read(xml: &str) -> Result<Styles, Error> {
    let mut styles = HashMap::new();
    let mut open: Option<(String, Style)> = None;
    let mut skipped = 0_usize;
    xml::walk(
        xml,
        Part::new(What::Word, "word/styles.xml"),
        |step| match step {
            // The properties before a tracked change are no properties any more.
            Step::Open(_, name, _) if skipped > 0 || name.ends_with("Change") => skipped += 1,
            Step::Close(..) if skipped > 0 => skipped -= 1,
            Step::Open(Space::Word, "style", tag) => {
                open = xml::attribute(tag, "styleId").map(|id| (id, Style::default()));
            }
            Step::Open(Space::Word, name, tag) => {
                if let Some((_, style)) = &mut open
                    && let Some(value) = xml::attribute(tag, "val")
                {
                    match name {
                        "name" => style.heading = style.heading.or(heading_by_name(&value)),
                        "basedOn" => style.based_on = Some(value),
                        "outlineLvl" => style.heading = style.heading.or(heading_by_level(&value)),
                        "numId" => style.list = Some(value),
                        "ilvl" => style.level = value.parse().ok(),
                        _ => {}
                    }
                }
            }
            Step::Close(Space::Word, "style") => styles.extend(open.take()),
            _ => {}
        },
    )?;
    Ok(Styles(styles))
}

impl Styles {
    pub(super) fn look(&self, id: &str) -> Look {
        // Without a sheet of styles, the ids that English Word gives are all there is.
        let Some(mut style) = self.0.get(id) else {
            let spaced = id.replace("Heading", "heading ");
            return Look {
                heading: heading_by_name(&spaced),
                ..Look::default()
            };
        };
        let (mut heading, mut list, mut level) = (style.heading, style.list.clone(), style.level);
        // Styles may be based on each other in a circle.
        for _ in 0..10 {
            let Some(base) = style.based_on.as_ref().and_then(|base| self.0.get(base)) else {
                break;
            };
            heading = heading.or(base.heading);
            list = list.or_else(|| base.list.clone());
            level = level.or(base.level);
            style = base;
        }
        Look {
            heading,
            list,
            level,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_outlines_and_bases() {
        let xml = r#"<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
            <w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
            <w:style w:styleId="Frage"><w:name w:val="Frage"/><w:basedOn w:val="berschrift2"/></w:style>
            <w:style w:styleId="Own"><w:name w:val="Own"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
            <w:style w:styleId="Punkte"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
            <w:style w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>
        </w:styles>"#;
        let styles = read(xml).expect("well-formed");
        for (id, heading, list) in [
            ("berschrift2", Some(2), None),
            ("Frage", Some(2), None),
            ("Own", Some(1), None),
            ("Punkte", None, Some("3")),
            ("A", None, None),
            ("Heading3", Some(3), None),
            ("Title", Some(1), None),
            ("Normal", None, None),
        ] {
            let look = styles.look(id);
            assert_eq!(
                (look.heading, look.list.as_deref()),
                (heading, list),
                "{id}"
            );
        }
    }
}
