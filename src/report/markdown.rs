//! Blocks as `CommonMark` with tables.
//!
//! Each block is a small tree of its own that comrak writes; quotes and tables, which a report has by the hundred
//! thousand, are written directly where `escape` vouches for the same bytes. Between blocks stands an empty line,
//! so that no block depends on the one before, but for two lists in a row, which a comment keeps apart.

use std::io::{self, Write};

use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options, format_commonmark};

use super::anchor::Anchors;
use super::document::{Block, Inline, Renderer};
use super::escape::{self, Place};
use super::text::{self, Before};
use super::tree::{Grove, Target, options};

/// How much is held back before it is written, in bytes.
const HELD: usize = 1 << 16;

/// Writes a report as Markdown.
pub fn markdown<W: Write>(out: W) -> impl Renderer {
    Markdown {
        out,
        held: String::with_capacity(2 * HELD),
        options: options(),
        anchors: Anchors::default(),
        begun: false,
        after_list: false,
        sent: 0,
        shortcut: true,
    }
}

struct Markdown<W> {
    out: W,
    held: String,
    options: Options<'static>,
    anchors: Anchors,
    /// Whether a block has been written.
    begun: bool,
    /// Whether the last block written was a list.
    after_list: bool,
    /// How many bytes have gone out.
    sent: usize,
    /// Off only where tests compare the two ways.
    shortcut: bool,
}

impl<W: Write> Renderer for Markdown<W> {
    fn block(&mut self, block: &Block) -> io::Result<()> {
        let is_list = matches!(block, Block::Bullets(_) | Block::Numbered(_));
        let before = self.held.len();
        if self.begun {
            self.held.push('\n');
        }
        let start = self.sent + self.held.len();
        self.write(block, is_list && self.after_list)?;
        if self.sent + self.held.len() == start {
            // There was nothing in it.
            self.held.truncate(before);
            return Ok(());
        }
        self.begun = true;
        self.after_list = is_list;
        if self.held.len() >= HELD {
            self.flush()?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.flush()?;
        self.out.flush()
    }
}

impl<W: Write> Markdown<W> {
    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(self.held.as_bytes())?;
        self.sent += self.held.len();
        self.held.clear();
        Ok(())
    }

    fn write(&mut self, block: &Block, apart: bool) -> io::Result<()> {
        match block {
            Block::Quote {
                text,
                citation,
                note,
            } => {
                if self.shortcut
                    && quote(&mut self.held, text, citation.as_deref(), note.as_deref())
                {
                    return Ok(());
                }
                self.through_tree(|grove, root| {
                    grove.quote(root, text, citation.as_deref(), note.as_deref());
                })
            }
            Block::Table {
                caption,
                head,
                rows,
                numeric,
            } => self.table(caption.as_deref(), head, rows, numeric),
            Block::Title {
                title,
                subtitle,
                facts,
            } => self.through_tree(|grove, root| {
                grove.heading(root, 1, title, None);
                if let Some(subtitle) = subtitle {
                    grove.paragraph(root, &[Inline::emphasis(subtitle)]);
                }
                grove.paragraph(root, &fact_lines(facts));
            }),
            Block::Heading {
                level,
                text,
                anchor,
            } => {
                let name = anchor
                    .as_deref()
                    .map(|anchor| self.anchors.next(text, Some(anchor)));
                self.through_tree(|grove, root| {
                    grove.heading(root, (*level).clamp(2, 4), text, name.as_deref());
                })
            }
            Block::Paragraph(inlines) => {
                self.through_tree(|grove, root| grove.paragraph(root, inlines))
            }
            Block::Bullets(items) | Block::Numbered(items) => self.through_tree(|grove, root| {
                if apart && !items.is_empty() {
                    grove.end_of_list(root);
                }
                grove.list(root, items, matches!(block, Block::Numbered(_)));
            }),
            Block::Callout { title, body } => {
                self.through_tree(|grove, root| grove.callout(root, title, body))
            }
            Block::Rule => self.through_tree(|grove, root| grove.rule(root)),
            Block::Picture { .. } | Block::PageBreak => Ok(()),
        }
    }

    fn through_tree(&mut self, build: impl for<'a> FnOnce(Grove<'a>, Node<'a>)) -> io::Result<()> {
        let arena = Arena::with_capacity(16);
        let grove = Grove {
            arena: &arena,
            target: Target::Markdown,
        };
        let root = grove.node(NodeValue::Document);
        build(grove, root);
        if root.first_child().is_none() {
            return Ok(());
        }
        format_commonmark(root, &self.options, &mut self.held).map_err(io::Error::other)
    }

    /// A table row by row, so that a long one needs no more memory than a short one.
    fn table(
        &mut self,
        caption: Option<&str>,
        head: &[String],
        rows: &[Vec<String>],
        numeric: &[bool],
    ) -> io::Result<()> {
        let columns = rows.iter().map(Vec::len).fold(head.len(), usize::max);
        if columns == 0 {
            return Ok(());
        }
        let numeric: Vec<bool> = (0..columns)
            .map(|i| numeric.get(i).copied().unwrap_or(false))
            .collect();
        if let Some(caption) = caption {
            let before = self.held.len();
            self.through_tree(|grove, root| grove.paragraph(root, &[Inline::emphasis(caption)]))?;
            if self.held.len() > before {
                self.held.push('\n');
            }
        }
        self.row(head, &numeric)?;
        self.held.push('|');
        for right in &numeric {
            self.held.push_str(if *right { " --: |" } else { " --- |" });
        }
        self.held.push('\n');
        for cells in rows {
            self.row(cells, &numeric)?;
            if self.held.len() >= HELD {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn row(&mut self, cells: &[String], numeric: &[bool]) -> io::Result<()> {
        if self.shortcut && row(&mut self.held, cells, numeric.len()) {
            return Ok(());
        }
        let before = self.held.len();
        self.through_tree(|grove, root| grove.table(root, [cells], numeric))?;
        // Written as the head of a table; what follows its line is the rule below a head.
        let line = self.held[before..]
            .find('\n')
            .map_or(self.held.len(), |end| before + end + 1);
        self.held.truncate(line);
        Ok(())
    }
}

/// Facts as lines of one paragraph.
fn fact_lines(facts: &[(String, String)]) -> Vec<Inline> {
    let mut lines = Vec::with_capacity(3 * facts.len());
    for (key, value) in facts {
        let (key, value) = (text::one_line(key), text::one_line(value));
        if !key.is_empty() {
            lines.push(Inline::Strong(format!("{key}:")));
        }
        lines.push(Inline::Text(format!(" {value}")));
        lines.push(Inline::Break);
    }
    lines
}

/// Writes a quote without a tree, or declines and leaves `out` as it was.
fn quote(out: &mut String, words: &str, citation: Option<&str>, note: Option<&str>) -> bool {
    let start = out.len();
    for (before, line) in text::lines(words) {
        out.push_str(match before {
            Before::Start => "> ",
            Before::Line => "\\\n> ",
            Before::Paragraph => "\n> \n> ",
        });
        if !escape::line(out, line, Place::Line) {
            out.truncate(start);
            return false;
        }
    }
    if out.len() == start {
        return true;
    }
    let citation = citation
        .map(text::one_line)
        .filter(|words| !words.is_empty());
    let note = note.map(text::one_line).filter(|words| !words.is_empty());
    if citation.is_some() || note.is_some() {
        out.push_str("\n> \n> ");
    }
    let mut whole = true;
    if let Some(citation) = &citation {
        out.push_str("— ");
        whole &= escape::line(out, citation, Place::Inner);
    }
    if citation.is_some() && note.is_some() {
        out.push_str("\\\n> ");
    }
    if let Some(note) = &note {
        out.push('*');
        whole &= escape::line(out, note, Place::Inner);
        out.push('*');
    }
    if !whole {
        out.truncate(start);
        return false;
    }
    out.push('\n');
    true
}

/// Writes a row of a table without a tree, or declines and leaves `out` as it was.
fn row(out: &mut String, cells: &[String], columns: usize) -> bool {
    let start = out.len();
    out.push('|');
    for column in 0..columns {
        out.push(' ');
        if let Some(words) = cells.get(column)
            && !escape::line(out, &text::one_line(words), Place::Cell)
        {
            out.truncate(start);
            return false;
        }
        out.push_str(" |");
    }
    out.push('\n');
    true
}

#[cfg(test)]
mod same_bytes;
#[cfg(test)]
mod tests;
