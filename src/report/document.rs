//! A report as values: blocks, and what is inside them.
//!
//! Strings here are words, never markup: any character may stand in any of them. How each is cleaned (control
//! characters, line breaks) is said in `text`.

use std::io;

/// Something inside a line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Words; a line break in them becomes a [`Inline::Break`].
    Text(String),
    Strong(String),
    Emphasis(String),
    /// What is typed or stored, letter for letter: a command, an id.
    Code(String),
    /// `to` is `#anchor`, `https:…` or `mailto:…`; with anything else the text stands there without a link.
    Link {
        text: String,
        to: String,
    },
    Break,
}

impl Inline {
    pub fn text(words: impl Into<String>) -> Self {
        Self::Text(words.into())
    }
    pub fn strong(words: impl Into<String>) -> Self {
        Self::Strong(words.into())
    }
    pub fn emphasis(words: impl Into<String>) -> Self {
        Self::Emphasis(words.into())
    }
}

/// A piece of a report that stands by itself. One that has nothing in it is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// The head of the report.
    Title {
        title: String,
        subtitle: Option<String>,
        /// Small lines under the title: a key and its value.
        facts: Vec<(String, String)>,
    },
    Heading {
        /// 2 to 4; anything else counts as the nearest of these.
        level: u8,
        text: String,
        /// What `#anchor` links name; letters, digits, `-`, `_` and `.`.
        anchor: Option<String>,
    },
    Paragraph(Vec<Inline>),
    Bullets(Vec<Vec<Inline>>),
    Numbered(Vec<Vec<Inline>>),
    /// Somebody's words. Line breaks stay; empty lines part paragraphs.
    Quote {
        text: String,
        /// Whose words, and where they stand.
        citation: Option<String>,
        /// What a reader should know about the quote.
        note: Option<String>,
    },
    Table {
        caption: Option<String>,
        head: Vec<String>,
        /// A row may be shorter than the head, or longer; the table is as wide as its widest row.
        rows: Vec<Vec<String>>,
        /// Which columns hold numbers and are set to the right; a column not named here does not.
        numeric: Vec<bool>,
    },
    /// A picture that a table beneath it repeats in numbers. Markdown has no pictures that travel with it and writes nothing.
    Picture {
        title: String,
        /// One `<svg>` element, made by `chart`.
        svg: String,
        caption: String,
    },
    Callout {
        title: String,
        body: Vec<Inline>,
    },
    Rule,
    /// On paper, what follows begins a page. Markdown knows no pages and writes nothing.
    PageBreak,
}

/// Takes a report block by block and writes it as it comes, so that memory does not grow with the report.
pub trait Renderer {
    fn block(&mut self, block: &Block) -> io::Result<()>;
    /// Writes what is still held back, and flushes. A renderer that is dropped without it leaves a torn report.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// What has to be known of a report before its first block is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What a browser shows in its tab, and a PDF as its title.
    pub title: String,
    /// The language of the text, as a BCP 47 tag: `en`, `de-CH`.
    pub language: String,
    /// The report's headings, in its order, as [`contents`] collects them. More than four of level 2 make a table
    /// of contents; none at all is a report without one.
    pub headings: Vec<Entry>,
    /// What stands over the table of contents, in the report's language.
    pub contents: String,
}

impl Page {
    pub fn new(title: impl Into<String>, language: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            language: language.into(),
            headings: Vec::new(),
            contents: "Contents".to_owned(),
        }
    }

    #[must_use]
    pub fn with_headings(mut self, headings: Vec<Entry>) -> Self {
        self.headings = headings;
        self
    }
}

/// A heading, as a table of contents needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub level: u8,
    pub text: String,
    pub anchor: Option<String>,
}

impl Entry {
    /// The entry of a heading; nothing for any other block.
    pub fn of(block: &Block) -> Option<Self> {
        match block {
            Block::Heading {
                level,
                text,
                anchor,
            } => Some(Self {
                level: *level,
                text: text.clone(),
                anchor: anchor.clone(),
            }),
            _ => None,
        }
    }
}

/// The headings of a report, in order.
pub fn contents<'a>(blocks: impl IntoIterator<Item = &'a Block>) -> Vec<Entry> {
    blocks.into_iter().filter_map(Entry::of).collect()
}
