//! Blocks as comrak's tree.
//!
//! The same builders serve both formats. For Markdown, what readers would take for markup although comrak's writer
//! does not escape it goes in as [`NodeValue::Raw`] with its backslash; nothing else is ever raw but what this file
//! writes itself.

use comrak::nodes::{
    ListDelimType, ListType, Node, NodeCode, NodeHeading, NodeLink, NodeList, NodeTable, NodeValue,
    TableAlignment,
};
use comrak::{Arena, Options};

use super::document::Inline;
use super::escape::{Place, guarded};
use super::runs::{Run, runs};
use super::text::{self, Before};

/// What the tree will be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Markdown,
    Html,
}

/// A tree that is being built, and what for.
#[derive(Clone, Copy)]
pub(super) struct Grove<'a> {
    pub(super) arena: &'a Arena<'a>,
    pub(super) target: Target,
}

/// Writing options: extensions that are on are escaped for.
pub(super) fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.table = true;
    options.extension.strikethrough = true;
    options
}

/// Parts two things that would grow together, and shows nothing.
const NOTHING: &str = "<!-- -->";

impl<'a> Grove<'a> {
    pub(super) fn node(self, value: NodeValue) -> Node<'a> {
        self.arena.alloc(value.into())
    }

    fn add(self, parent: Node<'a>, value: NodeValue) -> Node<'a> {
        let node = self.node(value);
        parent.append(node);
        node
    }

    fn raw(self, parent: Node<'a>, markup: impl Into<String>) {
        self.add(parent, NodeValue::Raw(markup.into()));
    }

    pub(super) fn heading(self, parent: Node<'a>, level: u8, words: &str, anchor: Option<&str>) {
        let words = text::one_line(words);
        if words.is_empty() {
            return;
        }
        let heading = self.add(
            parent,
            NodeValue::Heading(NodeHeading {
                level,
                setext: false,
                closed: false,
            }),
        );
        self.words(heading, &words, Place::Line);
        if let Some(anchor) = anchor {
            // A name holds letters, digits, `-`, `_` and `.` only.
            self.raw(heading, format!(" <a id=\"{anchor}\"></a>"));
        }
    }

    /// A paragraph, if there is something in it.
    pub(super) fn paragraph(self, parent: Node<'a>, inlines: &[Inline]) {
        let runs = runs(inlines);
        if !runs.is_empty() {
            let paragraph = self.add(parent, NodeValue::Paragraph);
            self.inlines(paragraph, &runs);
        }
    }

    /// A list with one paragraph in each item; nothing if it has no item. Empty items stay, for somebody counts them.
    pub(super) fn list(self, parent: Node<'a>, items: &[Vec<Inline>], numbered: bool) {
        if items.is_empty() {
            return;
        }
        let shape = NodeList {
            list_type: if numbered {
                ListType::Ordered
            } else {
                ListType::Bullet
            },
            marker_offset: 0,
            padding: if numbered { 3 } else { 2 },
            start: 1,
            delimiter: ListDelimType::Period,
            bullet_char: b'-',
            tight: true,
            is_task_list: false,
        };
        let list = self.add(parent, NodeValue::List(shape));
        for item in items {
            let place = self.add(list, NodeValue::Item(shape));
            self.paragraph(place, item);
        }
    }

    /// Somebody's words with their line breaks; nothing if there are none.
    pub(super) fn quote(
        self,
        parent: Node<'a>,
        words: &str,
        citation: Option<&str>,
        note: Option<&str>,
    ) {
        let words = text::clean(words);
        let quote = self.node(NodeValue::BlockQuote);
        let mut paragraph = None;
        for (before, line) in text::lines(&words) {
            let within = match (before, paragraph) {
                (Before::Line, Some(within)) => {
                    self.add(within, NodeValue::LineBreak);
                    within
                }
                _ => self.add(quote, NodeValue::Paragraph),
            };
            self.words(within, line, Place::Line);
            paragraph = Some(within);
        }
        if paragraph.is_none() {
            return;
        }
        let citation = citation
            .map(text::one_line)
            .filter(|words| !words.is_empty());
        let note = note.map(text::one_line).filter(|words| !words.is_empty());
        if citation.is_some() || note.is_some() {
            let below = self.add(quote, NodeValue::Paragraph);
            if let Some(citation) = &citation {
                self.add(below, NodeValue::Text("— ".into()));
                self.words(below, citation, Place::Inner);
            }
            if citation.is_some() && note.is_some() {
                self.add(below, NodeValue::LineBreak);
            }
            if let Some(note) = &note {
                let emphasis = self.add(below, NodeValue::Emph);
                self.words(emphasis, note, Place::Inner);
            }
        }
        parent.append(quote);
    }

    /// A table of one row of words on one line each, or of several; the first is the head.
    pub(super) fn table<'r>(
        self,
        parent: Node<'a>,
        rows: impl IntoIterator<Item = &'r [String]>,
        numeric: &[bool],
    ) {
        let columns = numeric.len();
        let alignments = numeric
            .iter()
            .map(|right| {
                if *right {
                    TableAlignment::Right
                } else {
                    TableAlignment::None
                }
            })
            .collect();
        let shape = NodeTable {
            alignments,
            num_columns: columns,
            num_rows: 0,
            num_nonempty_cells: 0,
        };
        let table = self.add(parent, NodeValue::Table(Box::new(shape)));
        for (n, cells) in rows.into_iter().enumerate() {
            let row = self.add(table, NodeValue::TableRow(n == 0));
            for column in 0..columns {
                let cell = self.add(row, NodeValue::TableCell);
                if let Some(words) = cells.get(column) {
                    self.words(cell, &text::one_line(words), Place::Cell);
                }
            }
        }
    }

    pub(super) fn callout(self, parent: Node<'a>, title: &str, body: &[Inline]) {
        let callout = self.node(NodeValue::BlockQuote);
        self.paragraph(callout, &[Inline::strong(title)]);
        self.paragraph(callout, body);
        if callout.first_child().is_some() {
            parent.append(callout);
        }
    }

    pub(super) fn rule(self, parent: Node<'a>) {
        self.add(parent, NodeValue::ThematicBreak);
    }

    /// A comment that keeps two lists from becoming one.
    pub(super) fn end_of_list(self, parent: Node<'a>) {
        let paragraph = self.add(parent, NodeValue::Paragraph);
        self.raw(paragraph, "<!-- end of list -->");
    }

    fn inlines(self, parent: Node<'a>, runs: &[Run<'_>]) {
        let mut before = None;
        for run in runs {
            if self.target == Target::Markdown
                && before.is_some_and(|before| entangled(before, run))
            {
                self.raw(parent, NOTHING);
            }
            match run {
                Run::Text(words) => {
                    let place = if matches!(before, None | Some(Run::Break)) {
                        Place::Line
                    } else {
                        Place::Inner
                    };
                    self.words(parent, words, place);
                }
                Run::Strong(words) => {
                    self.words(self.add(parent, NodeValue::Strong), words, Place::Inner);
                }
                Run::Emphasis(words) => {
                    self.words(self.add(parent, NodeValue::Emph), words, Place::Inner);
                }
                Run::Code(words) => {
                    self.add(
                        parent,
                        NodeValue::Code(NodeCode {
                            num_backticks: 1,
                            literal: words.to_string(),
                        }),
                    );
                }
                Run::Link { text, to } => {
                    // In a Markdown address `&copy` would be read as a letter.
                    let url = if self.target == Target::Markdown {
                        to.replace('&', "&amp;")
                    } else {
                        to.clone()
                    };
                    let link = self.add(
                        parent,
                        NodeValue::Link(Box::new(NodeLink {
                            url,
                            title: String::new(),
                        })),
                    );
                    // A text that is the address itself would be written between angle brackets, unescaped.
                    self.add(link, NodeValue::Text("".into()));
                    self.words(link, text, Place::Inner);
                }
                Run::Break => {
                    self.add(parent, NodeValue::LineBreak);
                }
            }
            before = Some(run);
        }
    }

    /// Clean words of one line.
    fn words(self, parent: Node<'a>, words: &str, place: Place) {
        let mut written = 0;
        if self.target == Target::Markdown {
            let bytes = words.as_bytes();
            for at in 0..bytes.len() {
                if guarded(bytes, at, place) {
                    if written < at {
                        self.add(
                            parent,
                            NodeValue::Text(words[written..at].to_owned().into()),
                        );
                    }
                    self.raw(parent, format!("\\{}", char::from(bytes[at])));
                    written = at + 1;
                }
            }
        }
        if written < words.len() {
            self.add(parent, NodeValue::Text(words[written..].to_owned().into()));
        }
    }
}

/// Whether Markdown would misread two runs side by side. It sees no emphasis in `a**.b**` or `**b.**a`: with a letter
/// outside, the words inside have to end with a letter or digit too. And two emphases share no border.
fn entangled(left: &Run<'_>, right: &Run<'_>) -> bool {
    let misread = |inside: Option<char>, outside: Option<char>| {
        inside.is_some_and(|c| !c.is_alphanumeric())
            && outside.is_some_and(|c| !c.is_whitespace() && !c.is_ascii_punctuation())
    };
    match (left, right) {
        (Run::Strong(_) | Run::Emphasis(_), Run::Strong(_) | Run::Emphasis(_)) => true,
        (Run::Strong(inside) | Run::Emphasis(inside), Run::Text(outside)) => {
            misread(inside.chars().next_back(), outside.chars().next())
        }
        (Run::Text(outside), Run::Strong(inside) | Run::Emphasis(inside)) => {
            misread(inside.chars().next(), outside.chars().next_back())
        }
        _ => false,
    }
}
