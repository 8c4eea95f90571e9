//! A report before it is written: its blocks, and between them the places where the quotes of a theme will stand.
//! So its headings are known before its first byte, and its quotes never stand in memory together.

use std::io::Write;

use super::document::{Block, Entry, Inline, Page};
use super::gather::Quotes;
use super::{Error, Format};

pub(super) struct Draft {
    title: String,
    steps: Vec<Step>,
}

enum Step {
    Block(Block),
    /// The quotes of a theme.
    Quotes(usize),
    /// The quotes that bear on a finding one way.
    Evidence(usize),
}

impl Draft {
    /// `title` is the title of the page.
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            steps: Vec::new(),
        }
    }

    /// Whether nothing stands in it.
    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Puts another's blocks behind its own.
    pub(super) fn append(&mut self, other: Self) {
        self.steps.extend(other.steps);
    }

    pub(super) fn push(&mut self, block: Block) {
        self.steps.push(Step::Block(block));
    }

    pub(super) fn heading(&mut self, level: usize, text: impl Into<String>) {
        let level = u8::try_from(level).unwrap_or(4);
        self.push(Block::Heading {
            level,
            text: text.into(),
            anchor: None,
        });
    }

    pub(super) fn paragraph(&mut self, words: impl Into<String>) {
        self.push(Block::Paragraph(vec![Inline::text(words)]));
    }

    /// A small remark on what stands above it.
    pub(super) fn note(&mut self, words: impl Into<String>) {
        self.push(Block::Paragraph(vec![Inline::emphasis(words)]));
    }

    /// Bullets of plain words; nothing where there are none.
    pub(super) fn bullets(&mut self, items: Vec<Vec<Inline>>) {
        if !items.is_empty() {
            self.push(Block::Bullets(items));
        }
    }

    /// A table; nothing where it has no row.
    pub(super) fn table(
        &mut self,
        caption: Option<String>,
        head: &[&str],
        rows: Vec<Vec<String>>,
        numeric: &[bool],
    ) {
        if !rows.is_empty() {
            self.push(Block::Table {
                caption,
                head: head.iter().map(|&words| words.to_owned()).collect(),
                rows,
                numeric: numeric.to_vec(),
            });
        }
    }

    /// The place of a theme's quotes.
    pub(super) fn quotes(&mut self, theme: usize) {
        self.steps.push(Step::Quotes(theme));
    }

    /// The place of the quotes that bear on a finding one way.
    pub(super) fn evidence(&mut self, slot: usize) {
        self.steps.push(Step::Evidence(slot));
    }

    /// Writes it, and says how many quotes were printed.
    pub(super) fn write(
        self,
        format: Format,
        quotes: &mut Quotes,
        out: &mut dyn Write,
    ) -> Result<usize, Error> {
        self.write_with(format, quotes, None, out)
    }

    /// The same with the quotes that bear on findings.
    pub(super) fn write_with(
        self,
        format: Format,
        quotes: &mut Quotes,
        mut evidence: Option<&mut Quotes>,
        out: &mut dyn Write,
    ) -> Result<usize, Error> {
        let headings = self
            .steps
            .iter()
            .filter_map(|step| match step {
                Step::Block(block) => Entry::of(block),
                Step::Quotes(_) | Step::Evidence(_) => None,
            })
            .collect();
        let page = Page::new(self.title, "en-GB").with_headings(headings);
        let mut to = format.renderer(out, &page);
        let mut printed = 0;
        for step in &self.steps {
            match step {
                Step::Block(block) => to.block(block)?,
                Step::Quotes(theme) => printed += quotes.print(*theme, to.as_mut())?,
                Step::Evidence(slot) => {
                    if let Some(quotes) = evidence.as_deref_mut() {
                        printed += quotes.print(*slot, to.as_mut())?;
                    }
                }
            }
        }
        to.finish()?;
        Ok(printed)
    }
}
