//! The words of an OpenDocument text, paragraph by paragraph.

use quick_xml::events::BytesStart;

use super::super::blocks::{Blocks, Gathered, Note, is_blank};
use super::super::document::Left;
use super::super::error::{Error, What};
use super::super::xml::{self, Part, Space, Step};
use super::styles::Sheet;

pub(super) fn read(text: &str, part: Part, sheet: Sheet) -> Result<(Gathered, Left), Error> {
    let mut walker = Walker {
        sheet,
        blocks: Blocks::default(),
        left: Left::default(),
        skipped: 0,
        in_body: false,
        is_text: false,
        counted: false,
        lists: Vec::new(),
        item: None,
        blank: false,
    };
    xml::walk(text, part, |step| walker.step(&step))?;
    if !walker.is_text {
        return Err(Error::NoText {
            file: What::OpenDocument,
            part: "office:text",
        });
    }
    walker.left.headers += walker.sheet.headers;
    Ok((walker.blocks.finish(), walker.left))
}

/// An item whose first paragraph has not come yet: list, level, and the number that it asks for.
struct Item {
    list: String,
    level: usize,
    start: Option<u32>,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that has been seen or not"
)]
struct Walker {
    sheet: Sheet,
    blocks: Blocks,
    left: Left,
    /// Elements open inside something that is skipped.
    skipped: usize,
    in_body: bool,
    /// There is a text, not a table or slides.
    is_text: bool,
    /// What this frame shows has been counted; a frame may hold one thing in several forms.
    counted: bool,
    /// The styles of the lists that are open.
    lists: Vec<String>,
    item: Option<Item>,
    /// Blanks stood here; they count as one if words follow.
    blank: bool,
}

impl Walker {
    fn step(&mut self, step: &Step<'_>) {
        match step {
            Step::Open(..) if self.skipped > 0 => self.skipped += 1,
            Step::Close(..) if self.skipped > 0 => self.skipped -= 1,
            Step::Open(Space::Office, "body", _) => self.in_body = true,
            Step::Close(Space::Office, "body") => self.in_body = false,
            step if !self.in_body => self.sheet.step(step),
            Step::Open(space, name, tag) => self.opens(*space, name, tag),
            Step::Close(space, name) => self.closes(*space, name),
            Step::Text(text) if self.skipped == 0 => self.text(text),
            Step::Text(_) => {}
        }
    }

    fn opens(&mut self, space: Space, name: &str, tag: &BytesStart<'_>) {
        match (space, name) {
            (Space::Office, "text") => self.is_text = true,
            (Space::Text, "changed-region") => {
                self.left.changes += 1;
                self.skipped = 1;
            }
            (Space::Office, "annotation") => {
                self.left.comments += 1;
                self.skipped = 1;
            }
            (Space::Office, "forms" | "binary-data" | "event-listeners" | "scripts")
            | (Space::Text, "note-citation" | "ruby-text" | "script" | "sequence-decls")
            | (Space::Other, "title" | "desc" | "math") => self.skipped = 1,
            (Space::Text, "section")
                if xml::attribute(tag, "display").is_some_and(|display| display == "none") =>
            {
                self.hide();
            }
            (Space::Text, "span") if self.is_hidden(tag) => self.hide(),
            (Space::Text, "p" | "h") => self.begin_paragraph(name, tag),
            (Space::Text, "s") => {
                let n = xml::number(tag, "c").unwrap_or(1_u32).min(1000);
                self.say(&" ".repeat(n as usize));
            }
            (Space::Text, "tab") => self.say("\t"),
            (Space::Text, "line-break") => {
                self.blank = false;
                self.blocks.say("\n");
            }
            (Space::Text, "list") => {
                let style = xml::attribute(tag, "style-name")
                    .or_else(|| self.lists.last().cloned())
                    .unwrap_or_default();
                let goes_on = xml::attribute(tag, "continue-numbering")
                    .is_some_and(|on| on == "true")
                    || xml::attribute(tag, "continue-list").is_some();
                if self.lists.is_empty() && !goes_on {
                    self.sheet.restart(&style);
                }
                self.lists.push(style);
            }
            (Space::Text, "list-item") => {
                self.item = self.lists.last().map(|list| Item {
                    list: list.clone(),
                    level: self.lists.len() - 1,
                    start: xml::number(tag, "start-value"),
                });
            }
            (Space::Text, "note") => {
                let kind = xml::attribute(tag, "note-class");
                self.say("");
                self.blocks.begin_note(match kind.as_deref() {
                    Some("endnote") => Note::End,
                    _ => Note::Foot,
                });
            }
            (Space::Table, "table") => self.blocks.begin_table(),
            (Space::Table, "table-row") => self.blocks.begin_row(),
            (Space::Table, "table-cell" | "covered-table-cell") => self.blocks.begin_cell(),
            (Space::Draw, "frame") => self.counted = false,
            (Space::Draw, "image") => {
                self.left.pictures += usize::from(!self.counted);
                self.counted = true;
                self.skipped = 1;
            }
            (Space::Draw, "object" | "object-ole" | "plugin" | "applet" | "floating-frame") => {
                self.left.objects += usize::from(!self.counted);
                self.counted = true;
                self.skipped = 1;
            }
            (Space::Draw, name) if is_shape(name) => {
                self.say("");
                self.blocks.begin_box();
            }
            _ => {}
        }
    }

    fn closes(&mut self, space: Space, name: &str) {
        match (space, name) {
            (Space::Text, "p" | "h" | "note")
            | (Space::Table, "table" | "table-row" | "table-cell" | "covered-table-cell") => {
                self.blank = false;
                self.blocks.close();
            }
            (Space::Draw, name) if is_shape(name) => self.blocks.close(),
            (Space::Text, "list") => {
                self.lists.pop();
                self.item = None;
            }
            (Space::Text, "list-item") => self.item = None,
            _ => {}
        }
    }

    fn begin_paragraph(&mut self, name: &str, tag: &BytesStart<'_>) {
        let style = xml::attribute(tag, "style-name").unwrap_or_default();
        if self.sheet.is_hidden(&style) {
            self.hide();
            return;
        }
        self.blank = false;
        self.blocks.begin_paragraph();
        let mark = self
            .item
            .take()
            .map(|item| self.sheet.next(&item.list, item.level, item.start));
        let heading = if name == "h" {
            let level = xml::number(tag, "outline-level")
                .unwrap_or(1_u32)
                .clamp(1, 6);
            Some(u8::try_from(level).unwrap_or(6))
        } else if self.sheet.is(&style, "Title") {
            Some(1)
        } else {
            None
        };
        if let Some(paragraph) = self.blocks.paragraph() {
            paragraph.mark = mark;
            paragraph.heading = heading;
        }
    }

    fn is_hidden(&self, tag: &BytesStart<'_>) -> bool {
        xml::attribute(tag, "style-name").is_some_and(|style| self.sheet.is_hidden(&style))
    }

    fn hide(&mut self) {
        self.left.hidden += 1;
        self.skipped = 1;
    }

    /// Words as they stand in the XML, where any blanks are one, and none at the start of a line.
    fn text(&mut self, text: &str) {
        if self.blocks.paragraph().is_none() {
            return;
        }
        let mut rest = text;
        while !rest.is_empty() {
            let word = rest.trim_start_matches(is_blank);
            self.blank |= word.len() < rest.len();
            let end = word.find(is_blank).unwrap_or(word.len());
            if end > 0 {
                self.say(&word[..end]);
            }
            rest = &word[end..];
        }
    }

    fn say(&mut self, words: &str) {
        let blank = std::mem::take(&mut self.blank);
        if let Some(paragraph) = self.blocks.paragraph() {
            if blank && !paragraph.text.is_empty() && !paragraph.text.ends_with('\n') {
                paragraph.text.push(' ');
            }
            paragraph.text.push_str(words);
        }
    }
}

/// Drawn things that may hold paragraphs.
fn is_shape(name: &str) -> bool {
    matches!(
        name,
        "text-box"
            | "custom-shape"
            | "rect"
            | "ellipse"
            | "circle"
            | "polygon"
            | "polyline"
            | "regular-polygon"
            | "path"
            | "line"
            | "connector"
            | "caption"
            | "measure"
    )
}
