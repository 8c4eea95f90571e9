//! The words of a part, paragraph by paragraph, as they read with every tracked change accepted.

use super::super::error::Error;
use super::styles::{self, Styles};
use super::xml::{self, Space, Step};

/// What a part says.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// Paragraphs and tables that hold something; a table is one block with a row a line.
    pub blocks: Vec<String>,
    /// Footnotes or endnotes, each on one line.
    pub notes: Vec<String>,
    pub left: Left,
}

/// What was not taken, or not as it stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Left {
    pub changes: usize,
    pub comments: usize,
    pub pictures: usize,
    pub objects: usize,
    pub symbols: usize,
}

impl Left {
    pub(super) fn add(&mut self, other: Self) {
        self.changes += other.changes;
        self.comments += other.comments;
        self.pictures += other.pictures;
        self.objects += other.objects;
        self.symbols += other.symbols;
    }
}

pub(super) fn read(xml: &str, part: &'static str, styles: &Styles) -> Result<Body, Error> {
    let mut walker = Walker {
        styles,
        open: vec![Open::Frame(Frame::default())],
        ..Walker::new(styles)
    };
    xml::walk(xml, part, |step| walker.step(&step))?;
    // Elements are balanced here, so the first frame is the last thing open.
    while walker.open.len() > 1 {
        walker.close();
    }
    if let Some(Open::Frame(frame)) = walker.open.pop() {
        walker.body.blocks = frame.finish();
    }
    Ok(walker.body)
}

/// A place for blocks: the whole part, a text box, a note, a cell.
#[derive(Debug, Default)]
struct Frame {
    blocks: Vec<String>,
    /// Words of a paragraph whose end was deleted: the next one goes on with them.
    carry: String,
}

impl Frame {
    fn push(&mut self, block: &str) {
        let block = block.trim_matches('\n');
        if !block.trim().is_empty() {
            self.blocks.push(block.to_owned());
        }
    }
    fn finish(mut self) -> Vec<String> {
        let carry = std::mem::take(&mut self.carry);
        self.push(&carry);
        self.blocks
    }
}

#[derive(Debug, Default)]
struct Paragraph {
    text: String,
    heading: Option<u8>,
    list: bool,
    /// Its end was deleted.
    joins: bool,
    /// Text boxes that hang on it.
    boxes: Vec<String>,
}

impl Paragraph {
    fn finish(&self) -> String {
        let text = self.text.trim_matches('\n');
        match self.heading {
            _ if text.trim().is_empty() => String::new(),
            Some(level) => format!("{} {}", "#".repeat(usize::from(level)), one_line(text)),
            None if self.list => format!("- {}", text.trim_start()),
            None => text.to_owned(),
        }
    }
}

/// What is open, outermost first.
#[derive(Debug)]
enum Open {
    Frame(Frame),
    /// A text box: its blocks go behind the paragraph that it hangs on.
    TextBox(Frame),
    /// A note that is left out (the line above the notes) or taken.
    Note(Frame, bool),
    Paragraph(Paragraph),
    Table(Vec<String>),
    Row {
        cells: Vec<String>,
        deleted: bool,
    },
    Cell(Frame),
}

struct Walker<'s> {
    styles: &'s Styles,
    body: Body,
    open: Vec<Open>,
    /// Elements open inside something that is skipped.
    skipped: usize,
    /// Inside the properties of a paragraph or a row, where `del` and `tab` mean other things.
    properties: bool,
    in_text: bool,
    /// For each open choice, whether one was taken.
    choices: Vec<bool>,
}

impl<'s> Walker<'s> {
    fn new(styles: &'s Styles) -> Self {
        Self {
            styles,
            body: Body::default(),
            open: Vec::new(),
            skipped: 0,
            properties: false,
            in_text: false,
            choices: Vec::new(),
        }
    }

    fn step(&mut self, step: &Step<'_>) {
        match step {
            Step::Open(..) if self.skipped > 0 => self.skipped += 1,
            Step::Close(..) if self.skipped > 0 => self.skipped -= 1,
            Step::Open(space, name, tag) => self.opens(*space, name, tag),
            Step::Close(space, name) => self.closes(*space, name),
            Step::Text(text) if self.in_text && self.skipped == 0 => {
                self.say(&text.replace(['\n', '\r'], " "));
            }
            Step::Text(_) => {}
        }
    }

    fn opens(&mut self, space: Space, name: &str, tag: &quick_xml::events::BytesStart<'_>) {
        match (space, name) {
            // The properties before a tracked change; the ruby above a word.
            (Space::Word, name) if name.ends_with("Change") || name == "rt" => self.skipped = 1,
            (Space::Word, name) if self.properties => self.property(name, tag),
            (Space::Word, "pPr" | "trPr") => self.properties = true,
            (Space::Word, "del" | "moveFrom") => {
                self.body.left.changes += 1;
                self.skipped = 1;
            }
            (Space::Word, "ins" | "moveTo") => self.body.left.changes += 1,
            (Space::Word, "p") => self.begin_paragraph(),
            (Space::Word, "tbl") => self.open.push(Open::Table(Vec::new())),
            (Space::Word, "tr") => self.open.push(Open::Row {
                cells: Vec::new(),
                deleted: false,
            }),
            (Space::Word, "tc") => self.open.push(Open::Cell(Frame::default())),
            (Space::Word, "txbxContent") => self.open.push(Open::TextBox(Frame::default())),
            (Space::Word, "footnote" | "endnote") => {
                let kind = xml::attribute(tag, "type");
                self.open.push(Open::Note(
                    Frame::default(),
                    kind.is_none_or(|kind| kind == "normal"),
                ));
            }
            (Space::Word, "comment") => {
                self.body.left.comments += 1;
                self.skipped = 1;
            }
            (Space::Word | Space::Math, "t") => self.in_text = true,
            (Space::Word, "tab" | "ptab") => self.say("\t"),
            (Space::Word, "br" | "cr") => self.say("\n"),
            (Space::Word, "noBreakHyphen") => self.say("\u{2011}"),
            (Space::Word, "softHyphen") => self.say("\u{ad}"),
            (Space::Word, "sym") => self.symbol(tag),
            (Space::Word, "object" | "altChunk") => self.body.left.objects += 1,
            (Space::Choice, "AlternateContent") => self.choices.push(false),
            (Space::Choice, "Choice" | "Fallback") => {
                if let Some(taken) = self.choices.last_mut() {
                    if *taken {
                        self.skipped = 1;
                    }
                    *taken = true;
                }
            }
            (Space::Other, "pic" | "imagedata") => self.body.left.pictures += 1,
            _ => {}
        }
    }

    fn closes(&mut self, space: Space, name: &str) {
        match (space, name) {
            (Space::Word, "pPr" | "trPr") => self.properties = false,
            (Space::Word | Space::Math, "t") => self.in_text = false,
            (Space::Word, "p" | "tbl" | "tr" | "tc" | "txbxContent" | "footnote" | "endnote") => {
                self.close();
            }
            (Space::Choice, "AlternateContent") => {
                self.choices.pop();
            }
            _ => {}
        }
    }

    fn property(&mut self, name: &str, tag: &quick_xml::events::BytesStart<'_>) {
        let value = || xml::attribute(tag, "val").unwrap_or_default();
        match self.open.last_mut() {
            Some(Open::Paragraph(paragraph)) => match name {
                "pStyle" => {
                    let look = self.styles.look(&value());
                    paragraph.heading = paragraph.heading.or(look.heading);
                    paragraph.list |= look.list;
                }
                "outlineLvl" => {
                    paragraph.heading = styles::by_level(&value()).or(paragraph.heading);
                }
                "numId" => paragraph.list = value() != "0",
                "del" | "moveFrom" => {
                    self.body.left.changes += 1;
                    paragraph.joins = true;
                }
                "ins" | "moveTo" => self.body.left.changes += 1,
                _ => {}
            },
            Some(Open::Row { deleted, .. }) => match name {
                "del" => {
                    self.body.left.changes += 1;
                    *deleted = true;
                }
                "ins" => self.body.left.changes += 1,
                _ => {}
            },
            _ => {}
        }
    }

    fn begin_paragraph(&mut self) {
        let text = self
            .frame()
            .map(|frame| std::mem::take(&mut frame.carry))
            .unwrap_or_default();
        self.open.push(Open::Paragraph(Paragraph {
            text,
            ..Paragraph::default()
        }));
    }

    /// The innermost place for blocks.
    fn frame(&mut self) -> Option<&mut Frame> {
        self.open.iter_mut().rev().find_map(|open| match open {
            Open::Frame(frame)
            | Open::TextBox(frame)
            | Open::Note(frame, _)
            | Open::Cell(frame) => Some(frame),
            _ => None,
        })
    }

    /// Adds words to the innermost paragraph, if that is what is open.
    fn say(&mut self, words: &str) {
        if let Some(Open::Paragraph(paragraph)) = self.open.last_mut() {
            paragraph.text.push_str(words);
        }
    }

    /// A sign of a symbol font. Those have their signs in the private area, where no other font can show them.
    fn symbol(&mut self, tag: &quick_xml::events::BytesStart<'_>) {
        let code = xml::attribute(tag, "char").and_then(|hex| u32::from_str_radix(&hex, 16).ok());
        let sign = code
            .and_then(char::from_u32)
            .filter(|c| !c.is_control() && !matches!(c, '\u{e000}'..='\u{f8ff}'));
        self.body.left.symbols += usize::from(sign.is_none());
        self.say(
            sign.unwrap_or(char::REPLACEMENT_CHARACTER)
                .encode_utf8(&mut [0; 4]),
        );
    }

    /// Closes what is innermost and hands it to what is around it.
    fn close(&mut self) {
        if self.open.len() <= 1 {
            return;
        }
        match self.open.pop() {
            Some(Open::Paragraph(paragraph)) => {
                let text = paragraph.finish();
                if let Some(frame) = self.frame() {
                    if paragraph.joins {
                        frame.carry.push_str(&paragraph.text);
                    } else {
                        frame.push(&text);
                    }
                    for block in &paragraph.boxes {
                        frame.push(block);
                    }
                }
            }
            Some(Open::TextBox(frame)) => {
                let blocks = frame.finish();
                match self.open.last_mut() {
                    Some(Open::Paragraph(paragraph)) => paragraph.boxes.extend(blocks),
                    _ => {
                        if let Some(frame) = self.frame() {
                            frame.blocks.extend(blocks);
                        }
                    }
                }
            }
            Some(Open::Note(frame, true)) => {
                let blocks = frame.finish();
                if !blocks.is_empty() {
                    self.body.notes.push(one_line(&blocks.join("\n")));
                }
            }
            Some(Open::Cell(frame)) => {
                let text = one_line(&frame.finish().join("\n"));
                if let Some(Open::Row { cells, .. }) = self.open.last_mut() {
                    cells.push(text);
                }
            }
            Some(Open::Row {
                cells,
                deleted: false,
            }) => {
                let row = cells.join("\t");
                if let Some(Open::Table(rows)) = self.open.last_mut()
                    && !row.trim().is_empty()
                {
                    rows.push(row.trim_end().to_owned());
                }
            }
            Some(Open::Table(rows)) => {
                if let Some(frame) = self.frame() {
                    frame.push(&rows.join("\n"));
                }
            }
            Some(Open::Frame(_) | Open::Note(..) | Open::Row { .. }) | None => {}
        }
    }
}

/// Breaks and tabs become blanks, so that a row stays a line and a cell a cell.
fn one_line(text: &str) -> String {
    text.split(['\n', '\t'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
