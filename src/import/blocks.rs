//! Gathering the blocks of a document while its reader walks over it: paragraphs, headings, list items, tables, text
//! boxes and notes, in whatever order and nesting a file has them.
//!
//! A table is one block with a row a line and tabs between its cells; a table of one cell is a frame around paragraphs.
//! A text box stands behind the paragraph that it hangs on. Notes are gathered apart, each on one line.

/// What is being gathered, outermost first.
#[derive(Debug)]
pub(super) struct Blocks {
    open: Vec<Open>,
    notes: Vec<String>,
    endnotes: Vec<String>,
}

/// Where the words of a note go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Note {
    Foot,
    End,
    /// The line above the notes, and the like.
    LeftOut,
}

/// Blocks of the text, footnotes, endnotes.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub blocks: Vec<String>,
    pub notes: Vec<String>,
    pub endnotes: Vec<String>,
}

#[derive(Debug, Default)]
pub(super) struct Paragraph {
    pub text: String,
    /// 1 to 6.
    pub heading: Option<u8>,
    /// What stands in front of a list item, without the blank behind it: `-`, `3.`, `b)`.
    pub mark: Option<String>,
    /// Its end was deleted: the next paragraph goes on with its words.
    pub joins: bool,
    /// Text boxes that hang on it.
    boxes: Vec<String>,
}

/// A place for blocks: the whole text, a text box, a note, a cell.
#[derive(Debug, Default)]
struct Frame {
    blocks: Vec<String>,
    /// Words of a paragraph whose end was deleted.
    carry: String,
}

#[derive(Debug)]
enum Open {
    Frame(Frame),
    TextBox(Frame),
    Note(Frame, Note),
    Paragraph(Paragraph),
    Table(Table),
    Row {
        cells: Vec<Vec<String>>,
        deleted: bool,
    },
    Cell(Frame),
}

#[derive(Debug, Default)]
struct Table {
    rows: Vec<String>,
    /// The blocks of the only cell so far.
    only: Option<Vec<String>>,
    cells: usize,
}

impl Default for Blocks {
    fn default() -> Self {
        Self {
            open: vec![Open::Frame(Frame::default())],
            notes: Vec::new(),
            endnotes: Vec::new(),
        }
    }
}

impl Blocks {
    pub(super) fn begin_paragraph(&mut self) {
        let text = self
            .frame()
            .map(|frame| std::mem::take(&mut frame.carry))
            .unwrap_or_default();
        self.open.push(Open::Paragraph(Paragraph {
            text,
            ..Paragraph::default()
        }));
    }
    pub(super) fn begin_box(&mut self) {
        self.open.push(Open::TextBox(Frame::default()));
    }
    pub(super) fn begin_note(&mut self, note: Note) {
        self.open.push(Open::Note(Frame::default(), note));
    }
    pub(super) fn begin_table(&mut self) {
        self.open.push(Open::Table(Table::default()));
    }
    pub(super) fn begin_row(&mut self) {
        self.open.push(Open::Row {
            cells: Vec::new(),
            deleted: false,
        });
    }
    pub(super) fn begin_cell(&mut self) {
        self.open.push(Open::Cell(Frame::default()));
    }

    /// The paragraph that is innermost, if that is what is open.
    pub(super) fn paragraph(&mut self) -> Option<&mut Paragraph> {
        match self.open.last_mut() {
            Some(Open::Paragraph(paragraph)) => Some(paragraph),
            _ => None,
        }
    }

    /// Adds words to the innermost paragraph, if that is what is open.
    pub(super) fn say(&mut self, words: &str) {
        if let Some(paragraph) = self.paragraph() {
            paragraph.text.push_str(words);
        }
    }

    /// The innermost row goes, if that is what is open.
    pub(super) fn delete_row(&mut self) -> bool {
        if let Some(Open::Row { deleted, .. }) = self.open.last_mut() {
            *deleted = true;
            return true;
        }
        false
    }

    /// Closes what is innermost and hands it to what is around it.
    pub(super) fn close(&mut self) {
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
                    frame.blocks.extend(paragraph.boxes);
                }
            }
            Some(Open::TextBox(frame)) => {
                let blocks = frame.finish();
                match self.open.last_mut() {
                    Some(Open::Paragraph(paragraph)) => paragraph.boxes.extend(blocks),
                    _ => self.take(blocks),
                }
            }
            Some(Open::Note(frame, note)) => {
                let text = one_line(&frame.finish().join("\n"));
                match note {
                    Note::Foot if !text.is_empty() => self.notes.push(text),
                    Note::End if !text.is_empty() => self.endnotes.push(text),
                    _ => {}
                }
            }
            Some(Open::Cell(frame)) => {
                let blocks = frame.finish();
                match self.open.last_mut() {
                    Some(Open::Row { cells, .. }) => cells.push(blocks),
                    // A cell without a row, in a file that no office program wrote.
                    _ => self.take(blocks),
                }
            }
            Some(Open::Row { cells, deleted }) => match self.open.last_mut() {
                _ if deleted => {}
                Some(Open::Table(table)) => table.push(cells),
                _ => self.take(cells.into_iter().flatten().collect()),
            },
            Some(Open::Table(table)) => {
                let blocks = table.finish();
                self.take(blocks);
            }
            Some(Open::Frame(_)) | None => {}
        }
    }

    /// Closes whatever is open, down to a depth that [`Self::depth`] told.
    pub(super) fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth.max(1) {
            self.close();
        }
    }
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(super) fn finish(mut self) -> Gathered {
        self.close_to(1);
        let blocks = match self.open.pop() {
            Some(Open::Frame(frame)) => frame.finish(),
            _ => Vec::new(),
        };
        Gathered {
            blocks,
            notes: self.notes,
            endnotes: self.endnotes,
        }
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

    fn take(&mut self, blocks: Vec<String>) {
        if let Some(frame) = self.frame() {
            frame.blocks.extend(blocks);
        }
    }
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

impl Paragraph {
    fn finish(&self) -> String {
        let text = self.text.trim_matches('\n');
        if text.trim().is_empty() {
            return String::new();
        }
        // A number in front of a heading is part of it; a bullet there is decoration.
        let mark = self
            .mark
            .as_deref()
            .filter(|mark| !mark.is_empty() && (self.heading.is_none() || *mark != "-"));
        match (self.heading, mark) {
            (Some(level), Some(mark)) => {
                format!("{} {mark} {}", hashes(level), one_line(text))
            }
            (Some(level), None) => format!("{} {}", hashes(level), one_line(text)),
            (None, Some(mark)) => format!("{mark} {}", text.trim_start()),
            (None, None) => text.to_owned(),
        }
    }
}

impl Table {
    fn push(&mut self, mut cells: Vec<Vec<String>>) {
        if cells.is_empty() {
            return;
        }
        self.cells += cells.len();
        let row: Vec<String> = cells
            .iter()
            .map(|cell| one_line(&cell.join("\n")))
            .collect();
        let row = row.join("\t");
        if !row.trim().is_empty() {
            self.rows.push(row.trim_end().to_owned());
        }
        self.only = if self.cells == 1 { cells.pop() } else { None };
    }
    fn finish(self) -> Vec<String> {
        match self.only {
            Some(blocks) => blocks,
            None if self.rows.is_empty() => Vec::new(),
            None => vec![self.rows.join("\n")],
        }
    }
}

fn hashes(level: u8) -> String {
    "#".repeat(usize::from(level.clamp(1, 6)))
}

/// The level of a heading by the name of its style, which is English in every edition of Word.
pub(super) fn heading_by_name(name: &str) -> Option<u8> {
    let name = name.to_ascii_lowercase();
    if name == "title" {
        return Some(1);
    }
    name.strip_prefix("heading ")?
        .trim()
        .parse::<u8>()
        .ok()
        .filter(|level| (1..=9).contains(level))
        .map(|level| level.min(6))
}

/// Outline levels count from 0; 9 is body text.
pub(super) fn heading_by_level(value: &str) -> Option<u8> {
    value
        .parse::<u8>()
        .ok()
        .filter(|level| *level < 9)
        .map(|level| (level + 1).min(6))
}

/// What HTML and OpenDocument take for blanks, of which several are one; a no-break space is a character like others, and
/// XML knows no form feed.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c')
}

/// Breaks and tabs become blanks, so that a row stays a line and a cell a cell.
pub(super) fn one_line(text: &str) -> String {
    text.split(['\n', '\t'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
