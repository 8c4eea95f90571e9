//! The words of a part, paragraph by paragraph, as they read with every tracked change accepted.

use quick_xml::events::BytesStart;

use super::super::blocks::{Blocks, Gathered, Note, heading_by_level};
use super::super::document::Left;
use super::super::error::{Error, What};
use super::super::symbols;
use super::super::xml::{self, Part, Space, Step};
use super::numbering::Numbering;
use super::styles::Styles;

pub(super) fn read(
    xml: &str,
    part: &'static str,
    styles: &Styles,
    numbering: &mut Numbering,
) -> Result<(Gathered, Left), Error> {
    let mut walker = Walker {
        styles,
        numbering,
        blocks: Blocks::default(),
        left: Left::default(),
        skipped: 0,
        within: Within::Text,
        items: Vec::new(),
        in_text: false,
        hidden: false,
        choices: Vec::new(),
    };
    xml::walk(xml, Part::new(What::Word, part), |step| walker.step(&step))?;
    Ok((walker.blocks.finish(), walker.left))
}

/// Whose properties are being read: there `del` and `tab` mean other things.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Text,
    Paragraph,
    Row,
    Run,
}

/// What a paragraph's properties say of the list that it is in.
#[derive(Default)]
struct Item {
    list: Option<String>,
    level: Option<usize>,
}

struct Walker<'s> {
    styles: &'s Styles,
    numbering: &'s mut Numbering,
    blocks: Blocks,
    left: Left,
    /// Elements open inside something that is skipped.
    skipped: usize,
    within: Within,
    /// For each open paragraph.
    items: Vec<Item>,
    in_text: bool,
    /// The run is not shown.
    hidden: bool,
    /// For each open choice, whether one was taken.
    choices: Vec<bool>,
}

impl Walker<'_> {
    fn step(&mut self, step: &Step<'_>) {
        match step {
            Step::Open(..) if self.skipped > 0 => self.skipped += 1,
            Step::Close(..) if self.skipped > 0 => self.skipped -= 1,
            Step::Open(space, name, tag) => self.opens(*space, name, tag),
            Step::Close(space, name) => self.closes(*space, name),
            Step::Text(text) if self.in_text && self.skipped == 0 => {
                if text.contains(['\n', '\r']) {
                    self.say(&text.replace(['\n', '\r'], " "));
                } else {
                    self.say(text);
                }
            }
            Step::Text(_) => {}
        }
    }

    fn opens(&mut self, space: Space, name: &str, tag: &BytesStart<'_>) {
        match (space, name) {
            // The properties before a tracked change; the ruby above a word.
            (Space::Word, name) if name.ends_with("Change") || name == "rt" => self.skipped = 1,
            (Space::Word, name) if self.within != Within::Text => self.property(name, tag),
            (Space::Word, "pPr") => self.within = Within::Paragraph,
            (Space::Word, "trPr") => self.within = Within::Row,
            (Space::Word, "rPr") => self.within = Within::Run,
            (Space::Word, "r") => self.hidden = false,
            (Space::Word, "del" | "moveFrom") => {
                self.left.changes += 1;
                self.skipped = 1;
            }
            (Space::Word, "ins" | "moveTo") => self.left.changes += 1,
            (Space::Word, "p") => {
                self.blocks.begin_paragraph();
                self.items.push(Item::default());
            }
            (Space::Word, "tbl") => self.blocks.begin_table(),
            (Space::Word, "tr") => self.blocks.begin_row(),
            (Space::Word, "tc") => self.blocks.begin_cell(),
            (Space::Word, "txbxContent") => self.blocks.begin_box(),
            (Space::Word, "footnote" | "endnote") => {
                let kind = xml::attribute(tag, "type");
                self.blocks.begin_note(match kind.as_deref() {
                    None | Some("normal") if name == "footnote" => Note::Foot,
                    None | Some("normal") => Note::End,
                    Some(_) => Note::LeftOut,
                });
            }
            (Space::Word, "comment") => {
                self.left.comments += 1;
                self.skipped = 1;
            }
            (Space::Word | Space::Math, "t") => self.in_text = true,
            (Space::Word, "tab" | "ptab") => self.say("\t"),
            (Space::Word, "br" | "cr") => self.say("\n"),
            (Space::Word, "noBreakHyphen") => self.say("\u{2011}"),
            (Space::Word, "softHyphen") => self.say("\u{ad}"),
            (Space::Word, "sym") => self.symbol(tag),
            (Space::Choice, "AlternateContent") => self.choices.push(false),
            (Space::Choice, "Choice" | "Fallback") => {
                if let Some(taken) = self.choices.last_mut() {
                    if *taken {
                        self.skipped = 1;
                    }
                    *taken = true;
                }
            }
            (Space::Other, "pic" | "imagedata") => self.left.pictures += 1,
            // The words of a diagram or a chart are in parts of their own.
            (Space::Word, "object" | "altChunk") | (Space::Other, "relIds" | "chart") => {
                self.left.objects += 1;
            }
            _ => {}
        }
    }

    fn closes(&mut self, space: Space, name: &str) {
        match (space, name) {
            (Space::Word, "pPr") => {
                self.within = Within::Text;
            }
            (Space::Word, "trPr") => self.within = Within::Text,
            // A paragraph's properties hold those of its mark.
            (Space::Word, "rPr") if self.within == Within::Run => self.within = Within::Text,
            (Space::Word, "r") => self.hidden = false,
            (Space::Word | Space::Math, "t") => self.in_text = false,
            (Space::Word, "p") => {
                self.number();
                self.blocks.close();
            }
            (Space::Word, "tbl" | "tr" | "tc" | "txbxContent" | "footnote" | "endnote") => {
                self.blocks.close();
            }
            (Space::Choice, "AlternateContent") => {
                self.choices.pop();
            }
            _ => {}
        }
    }

    fn property(&mut self, name: &str, tag: &BytesStart<'_>) {
        let value = || xml::attribute(tag, "val").unwrap_or_default();
        match self.within {
            Within::Paragraph => {
                let Some(paragraph) = self.blocks.paragraph() else {
                    return;
                };
                let item = self.items.last_mut();
                match name {
                    "pStyle" => {
                        let look = self.styles.look(&value());
                        paragraph.heading = paragraph.heading.or(look.heading);
                        if let Some(item) = item {
                            item.list = item.list.take().or(look.list);
                            item.level = item.level.or(look.level);
                        }
                    }
                    "outlineLvl" => {
                        paragraph.heading = heading_by_level(&value()).or(paragraph.heading);
                    }
                    "numId" => {
                        if let Some(item) = item {
                            item.list = Some(value());
                        }
                    }
                    "ilvl" => {
                        if let Some(item) = item {
                            item.level = value().parse().ok();
                        }
                    }
                    "del" | "moveFrom" => {
                        self.left.changes += 1;
                        paragraph.joins = true;
                    }
                    "ins" | "moveTo" => self.left.changes += 1,
                    _ => {}
                }
            }
            Within::Row => match name {
                "del" if self.blocks.delete_row() => self.left.changes += 1,
                "ins" => self.left.changes += 1,
                _ => {}
            },
            Within::Run => {
                if name == "vanish" && !matches!(value().as_str(), "0" | "false" | "off") {
                    self.hidden = true;
                    self.left.hidden += 1;
                }
            }
            Within::Text => {}
        }
    }

    /// Gives the paragraph that ends the number of its place in its list.
    fn number(&mut self) {
        let item = self.items.pop().unwrap_or_default();
        if let Some(list) = item.list.filter(|list| list != "0")
            && let Some(paragraph) = self.blocks.paragraph()
            && !paragraph.joins
        {
            paragraph.mark = Some(self.numbering.next(&list, item.level.unwrap_or(0)));
        }
    }

    fn say(&mut self, words: &str) {
        if !self.hidden {
            self.blocks.say(words);
        }
    }

    /// A sign of a symbol font. Those have their signs in the private area, where no other font can show them.
    fn symbol(&mut self, tag: &BytesStart<'_>) {
        let code = xml::attribute(tag, "char").and_then(|hex| u32::from_str_radix(&hex, 16).ok());
        let font = xml::attribute(tag, "font").unwrap_or_default();
        let sign = code.and_then(|code| symbols::sign(&font, code));
        self.left.symbols += usize::from(sign.is_none());
        self.say(
            sign.unwrap_or(char::REPLACEMENT_CHARACTER)
                .encode_utf8(&mut [0; 4]),
        );
    }
}
