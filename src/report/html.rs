//! Blocks as one self-contained HTML page that can be sent, read on any screen and printed.
//!
//! Nothing is loaded from anywhere: the style stands inside, and the page's own policy forbids everything else.
//! Lines and lists go through comrak's tree; quotes, tables and the head have elements that Markdown has no words
//! for (`figure`, `caption`, `th scope`), so their tags are written here and their words by comrak's escaping.

use std::fmt;
use std::io::{self, Write};

use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options, format_html};

use super::anchor::Anchors;
use super::document::{Block, Inline, Page, Renderer};
use super::text::{self, Before};
use super::tree::{Grove, Target, options};

/// How much is held back before it is written, in bytes.
const HELD: usize = 1 << 16;

/// So many headings of level 2 need no table of contents.
const FEW: usize = 4;

/// So many rows are kept on one page.
const SHORT: usize = 12;

/// So many columns stand well in the width of the text; so many more in smaller letters.
const UPRIGHT: usize = 6;
const WIDE: usize = 10;
/// More than these fit only with their heads on end.
const BROAD: usize = 18;

pub(super) const STYLE: &str = include_str!("style.css");

/// Writes a report as HTML.
pub fn html<W: Write>(out: W, page: &Page) -> impl Renderer + use<W> {
    let mut html = Html {
        out,
        held: String::with_capacity(2 * HELD),
        options: options(),
        anchors: Anchors::default(),
        contents: contents(page),
        titled: false,
    };
    html.head(page);
    html
}

struct Html<W> {
    out: W,
    held: String,
    options: Options<'static>,
    anchors: Anchors,
    /// The table of contents, until it has been written.
    contents: Option<String>,
    /// Whether a title has been written: another one begins a new page.
    titled: bool,
}

impl<W: Write> Renderer for Html<W> {
    fn block(&mut self, block: &Block) -> io::Result<()> {
        if !matches!(block, Block::Title { .. }) {
            self.place_contents();
        }
        match block {
            Block::Title {
                title,
                subtitle,
                facts,
            } => {
                self.title(title, subtitle.as_deref(), facts);
                self.place_contents();
            }
            Block::Heading {
                level,
                text,
                anchor,
            } => self.heading(*level, text, anchor.as_deref()),
            Block::Paragraph(inlines) => {
                self.through_tree(|grove, root| grove.paragraph(root, inlines))?;
            }
            Block::Bullets(items) => {
                self.through_tree(|grove, root| grove.list(root, items, false))?;
            }
            Block::Numbered(items) => {
                self.through_tree(|grove, root| grove.list(root, items, true))?;
            }
            Block::Quote {
                text,
                citation,
                note,
            } => self.quote(text, citation.as_deref(), note.as_deref()),
            Block::Table {
                caption,
                head,
                rows,
                numeric,
            } => self.table(caption.as_deref(), head, rows, numeric)?,
            Block::Callout { title, body } => self.callout(title, body)?,
            Block::Picture {
                title,
                svg,
                caption,
            } => self.picture(title, svg, caption),
            Block::Rule => self.raw("<hr>\n"),
            Block::PageBreak => self.raw("<div class=\"page-break\"></div>\n"),
        }
        if self.held.len() >= HELD {
            self.flush()
        } else {
            Ok(())
        }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.place_contents();
        self.raw("</main>\n</body>\n</html>\n");
        self.flush()?;
        self.out.flush()
    }
}

impl<W: Write> Html<W> {
    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(self.held.as_bytes())?;
        self.held.clear();
        Ok(())
    }

    /// Markup of ours.
    fn raw(&mut self, markup: &str) {
        self.held.push_str(markup);
    }

    /// Clean words between an opening and a closing tag.
    fn element(&mut self, open: &str, words: &str, close: &str) {
        self.raw(open);
        escape(&mut self.held, words);
        self.raw(close);
    }

    fn head(&mut self, page: &Page) {
        self.raw("<!DOCTYPE html>\n<html lang=\"");
        self.held.push_str(&language(&page.language));
        self.raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
        self.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        self.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        self.raw("<meta name=\"referrer\" content=\"no-referrer\">\n");
        self.element(
            "<title>",
            &text::one_line(&page.title),
            "</title>\n<style>\n",
        );
        self.raw(STYLE);
        self.raw("</style>\n</head>\n<body>\n<main>\n");
    }

    fn place_contents(&mut self) {
        if let Some(contents) = self.contents.take() {
            self.raw(&contents);
        }
    }

    fn title(&mut self, title: &str, subtitle: Option<&str>, facts: &[(String, String)]) {
        self.raw(if self.titled {
            "<header class=\"title another\">\n"
        } else {
            "<header class=\"title\">\n"
        });
        self.titled = true;
        self.element("<h1>", &text::one_line(title), "</h1>\n");
        if let Some(subtitle) = subtitle {
            self.element(
                "<p class=\"subtitle\">",
                &text::one_line(subtitle),
                "</p>\n",
            );
        }
        if !facts.is_empty() {
            self.raw("<dl class=\"facts\">\n");
            for (key, value) in facts {
                self.element("<div><dt>", &text::one_line(key), "</dt>");
                self.element("<dd dir=\"auto\">", &text::one_line(value), "</dd></div>\n");
            }
            self.raw("</dl>\n");
        }
        self.raw("</header>\n");
    }

    fn heading(&mut self, level: u8, words: &str, anchor: Option<&str>) {
        let name = self.anchors.next(words, anchor);
        let words = text::one_line(words);
        if words.is_empty() {
            return;
        }
        let (open, close) = match level {
            ..=2 => ("<h2 id=\"", "</h2>\n"),
            3 => ("<h3 id=\"", "</h3>\n"),
            4.. => ("<h4 id=\"", "</h4>\n"),
        };
        self.element(open, &name, "\">");
        self.element("", &words, close);
    }

    fn quote(&mut self, words: &str, citation: Option<&str>, note: Option<&str>) {
        let words = text::clean(words);
        let start = self.held.len();
        for (before, line) in text::lines(&words) {
            let open = match before {
                Before::Start => "<figure class=\"quote\">\n<blockquote dir=\"auto\">\n<p>",
                Before::Line => "<br>\n",
                Before::Paragraph => "</p>\n<p>",
            };
            self.element(open, line, "");
        }
        if self.held.len() == start {
            return;
        }
        self.raw("</p>\n</blockquote>\n");
        let citation = citation
            .map(text::one_line)
            .filter(|words| !words.is_empty());
        let note = note.map(text::one_line).filter(|words| !words.is_empty());
        if citation.is_some() || note.is_some() {
            self.raw("<figcaption>");
            if let Some(citation) = &citation {
                self.element("<span class=\"citation\">", citation, "</span>");
            }
            if citation.is_some() && note.is_some() {
                self.raw(" ");
            }
            if let Some(note) = &note {
                self.element("<span class=\"note\">", note, "</span>");
            }
            self.raw("</figcaption>\n");
        }
        self.raw("</figure>\n");
    }

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
        let number = |column: usize| numeric.get(column).copied().unwrap_or(false);
        self.raw("<div class=\"table");
        self.raw(if rows.len() <= SHORT { " short" } else { "" });
        self.raw(match columns {
            _ if columns <= UPRIGHT => "",
            _ if columns <= WIDE => " wide",
            _ if columns <= BROAD => " wide broad",
            _ => " wide broad broadest",
        });
        self.raw("\">\n<table>\n");
        if let Some(caption) = caption
            .map(text::one_line)
            .filter(|words| !words.is_empty())
        {
            self.element("<caption>", &caption, "</caption>\n");
        }
        if !head.is_empty() {
            self.raw("<thead>\n<tr>");
            for column in 0..columns {
                let open = if number(column) {
                    "<th scope=\"col\" class=\"number\">"
                } else {
                    "<th scope=\"col\">"
                };
                self.element(open, &text::one_line(cell(head, column)), "</th>");
            }
            self.raw("</tr>\n</thead>\n");
        }
        self.raw("<tbody>\n");
        // The first column says what its row is about, unless it holds numbers or stands alone.
        let named = columns > 1 && !number(0);
        for cells in rows {
            self.raw("<tr>");
            for column in 0..columns {
                let (open, close) = match (column, number(column)) {
                    (0, _) if named => ("<th scope=\"row\">", "</th>"),
                    (_, true) => ("<td class=\"number\">", "</td>"),
                    (_, false) => ("<td>", "</td>"),
                };
                self.element(open, &text::one_line(cell(cells, column)), close);
            }
            self.raw("</tr>\n");
            if self.held.len() >= HELD {
                self.flush()?;
            }
        }
        self.raw("</tbody>\n</table>\n</div>\n");
        Ok(())
    }

    fn picture(&mut self, title: &str, svg: &str, caption: &str) {
        self.raw("<figure class=\"picture\">\n");
        self.element(
            "<p class=\"picture-title\">",
            &text::one_line(title),
            "</p>\n",
        );
        self.raw(svg);
        self.element("<figcaption>", &text::one_line(caption), "</figcaption>\n");
        self.raw("</figure>\n");
    }

    fn callout(&mut self, title: &str, body: &[Inline]) -> io::Result<()> {
        let title = text::one_line(title);
        let start = self.held.len();
        self.raw("<aside class=\"callout\">\n");
        let open = self.held.len();
        if !title.is_empty() {
            self.element("<p class=\"callout-title\">", &title, "</p>\n");
        }
        self.through_tree(|grove, root| grove.paragraph(root, body))?;
        if self.held.len() == open {
            self.held.truncate(start);
        } else {
            self.raw("</aside>\n");
        }
        Ok(())
    }

    fn through_tree(&mut self, build: impl for<'a> FnOnce(Grove<'a>, Node<'a>)) -> io::Result<()> {
        let arena = Arena::with_capacity(16);
        let grove = Grove {
            arena: &arena,
            target: Target::Html,
        };
        let root = grove.node(NodeValue::Document);
        build(grove, root);
        format_html(root, &self.options, &mut self.held).map_err(io::Error::other)
    }
}

fn cell(cells: &[String], column: usize) -> &str {
    cells.get(column).map_or("", String::as_str)
}

/// Clean words as text of a page, or as the value of an attribute.
pub(super) fn escape(out: &mut String, words: &str) {
    let written: fmt::Result = comrak::html::escape(out, words);
    written.expect("a string takes all that is written to it");
}

/// A language tag, or English where it is none.
fn language(tag: &str) -> String {
    let is_tag = !tag.is_empty()
        && tag.len() <= 35
        && tag.split('-').all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        });
    if is_tag {
        tag.to_owned()
    } else {
        "en".to_owned()
    }
}

/// The table of contents, if the report is long enough for one.
fn contents(page: &Page) -> Option<String> {
    // All headings get their names in order, so that these are the names that they will have.
    let mut anchors = Anchors::default();
    let named = page.headings.iter().map(|heading| {
        (
            heading,
            anchors.next(&heading.text, heading.anchor.as_deref()),
        )
    });
    let shown: Vec<_> = named
        .filter(|(heading, _)| heading.level <= 2)
        .map(|(heading, name)| (name, text::one_line(&heading.text)))
        .filter(|(_, words)| !words.is_empty())
        .collect();
    if shown.len() <= FEW {
        return None;
    }
    let mut out = String::from("<nav class=\"contents\" aria-label=\"");
    let heading = text::one_line(&page.contents);
    escape(&mut out, &heading);
    out.push_str("\">\n<p>");
    escape(&mut out, &heading);
    out.push_str("</p>\n<ol>\n");
    for (name, words) in shown {
        out.push_str("<li><a href=\"#");
        let written = comrak::html::escape_href(&mut out, &name, false);
        written.expect("a string takes all that is written to it");
        out.push_str("\">");
        escape(&mut out, &words);
        out.push_str("</a></li>\n");
    }
    out.push_str("</ol>\n</nav>\n");
    Some(out)
}

#[cfg(test)]
mod tests;
