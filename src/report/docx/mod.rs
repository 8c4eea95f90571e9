//! Blocks as a Word file (docx) that any office program opens.
//!
//! The text has Word's own styles, so that whoever gets it can change how it looks in one place. It is written here and
//! not by a library: it goes into the file as it comes, so memory does not grow with the report; nothing in it tells
//! who made it or when; and the same report gives the same bytes. Pictures are left out: older Words show no SVG, and
//! each picture stands beside a table with the same numbers.

mod parts;
mod table;
mod words;

use std::io::{self, Write};

use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::anchor::Anchors;
use super::document::{Block, Inline, Page, Renderer};
use super::runs::{Run, runs};
use super::text::{self, Before};
use words::{attribute, run};

/// How much is held back before it is written, in bytes.
const HELD: usize = 1 << 16;

/// So many headings of level 2 need no table of contents.
const FEW: usize = 4;

/// A table cell that holds nothing but this is a box that can be ticked.
pub const BOX: &str = "☐";

/// Writes a report as a Word file.
pub fn docx<W: Write>(out: W, page: &Page) -> impl Renderer + use<W> {
    Docx {
        zip: ZipWriter::new_stream(out),
        page: Some(page.clone()),
        held: String::with_capacity(2 * HELD),
        anchors: Anchors::default(),
        bookmarks: 0,
        boxes: 0,
        links: Vec::new(),
        numbered: 0,
        titled: false,
        contents: None,
        new_page: false,
    }
}

struct Docx<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    /// Until the text has begun.
    page: Option<Page>,
    held: String,
    anchors: Anchors,
    bookmarks: usize,
    boxes: usize,
    /// Addresses outside the report, each once.
    links: Vec<String>,
    /// Numbered lists so far.
    numbered: usize,
    /// Whether a title has been written: another one begins a new page.
    titled: bool,
    /// The table of contents, until it has been written.
    contents: Option<String>,
    /// Whether the next paragraph begins a page.
    new_page: bool,
}

impl<W: Write> Renderer for Docx<W> {
    fn block(&mut self, block: &Block) -> io::Result<()> {
        self.begin()?;
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
            Block::Paragraph(inlines) => self.paragraph(&Look::of("Normal"), inlines),
            Block::Bullets(items) => {
                let look = Look {
                    list: Some(parts::BULLETS),
                    ..Look::of("ListBullet")
                };
                self.list(items, &look);
            }
            Block::Numbered(items) => {
                if !items.is_empty() {
                    let look = Look {
                        list: Some(parts::FIRST_LIST + self.numbered),
                        ..Look::of("ListNumber")
                    };
                    self.numbered += 1;
                    self.list(items, &look);
                }
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
            Block::Callout { title, body } => self.callout(title, body),
            Block::Picture { .. } => {}
            Block::Rule => {
                self.open(&Look::of("Rule"));
                self.close();
            }
            Block::PageBreak => self.new_page = true,
        }
        if self.held.len() >= HELD {
            self.flush()
        } else {
            Ok(())
        }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.begin()?;
        self.place_contents();
        self.raw(parts::CLOSE);
        self.flush()?;
        let relations = parts::relations(&self.links);
        self.part("word/_rels/document.xml.rels", &relations)?;
        let numbering = parts::numbering(self.numbered);
        self.part("word/numbering.xml", &numbering)?;
        self.zip.finish().map_err(failed)?.into_inner().flush()
    }
}

/// How a paragraph looks.
#[derive(Clone, Copy)]
struct Look {
    style: &'static str,
    /// The list that it is numbered in.
    list: Option<usize>,
    right: bool,
    /// Whether it stays on one page with what follows.
    keep: bool,
}

impl Look {
    const fn of(style: &'static str) -> Self {
        Self {
            style,
            list: None,
            right: false,
            keep: false,
        }
    }

    const fn kept(self, keep: bool) -> Self {
        Self { keep, ..self }
    }
}

impl<W: Write> Docx<W> {
    /// Begins the file: all parts that are known before the text, then the text.
    fn begin(&mut self) -> io::Result<()> {
        let Some(page) = self.page.take() else {
            return Ok(());
        };
        let title = text::one_line(&page.title);
        for (name, xml) in [
            ("[Content_Types].xml", parts::CONTENT_TYPES),
            ("_rels/.rels", parts::PACKAGE_RELATIONS),
            ("docProps/core.xml", &*parts::core(&title, &page.language)),
            ("word/styles.xml", &*parts::styles(&page.language)),
            ("word/settings.xml", parts::SETTINGS),
            ("word/footer1.xml", parts::FOOTER),
        ] {
            self.part(name, xml)?;
        }
        self.start("word/document.xml")?;
        self.raw(parts::OPEN);
        self.contents = contents(&page);
        Ok(())
    }

    fn place_contents(&mut self) {
        if let Some(contents) = self.contents.take() {
            self.raw(&contents);
        }
    }

    /// Starts a part. All parts are of one time, the first that the format knows.
    fn start(&mut self, name: &str) -> io::Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        self.zip.start_file(name, options).map_err(failed)
    }

    fn part(&mut self, name: &str, xml: &str) -> io::Result<()> {
        self.start(name)?;
        self.zip.write_all(xml.as_bytes())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.zip.write_all(self.held.as_bytes())?;
        self.held.clear();
        Ok(())
    }

    /// Markup of ours.
    fn raw(&mut self, markup: &str) {
        self.held.push_str(markup);
    }

    /// Opens a paragraph.
    fn open(&mut self, look: &Look) {
        self.raw("<w:p><w:pPr><w:pStyle w:val=\"");
        self.raw(look.style);
        self.raw("\"/>");
        if look.keep {
            self.raw("<w:keepNext/>");
        }
        if std::mem::take(&mut self.new_page) {
            self.raw("<w:pageBreakBefore/>");
        }
        if let Some(list) = look.list {
            self.raw(&format!(
                "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"{list}\"/></w:numPr>"
            ));
        }
        if look.right {
            self.raw("<w:jc w:val=\"right\"/>");
        }
        self.raw("</w:pPr>");
    }

    fn close(&mut self) {
        self.raw("</w:p>\n");
    }

    /// A paragraph of clean words on one line; nothing where there are none.
    fn line(&mut self, look: &Look, words: &str) {
        if !words.is_empty() {
            self.open(look);
            run(&mut self.held, None, words);
            self.close();
        }
    }

    fn paragraph(&mut self, look: &Look, inlines: &[Inline]) {
        let runs = runs(inlines);
        if !runs.is_empty() {
            self.open(look);
            self.runs(&runs);
            self.close();
        }
    }

    fn runs(&mut self, runs: &[Run<'_>]) {
        for one in runs {
            match one {
                Run::Text(words) => run(&mut self.held, None, words),
                Run::Strong(words) => run(&mut self.held, Some("Strong"), words),
                Run::Emphasis(words) => run(&mut self.held, Some("Emphasis"), words),
                Run::Code(words) => run(&mut self.held, Some("Code"), words),
                Run::Link { text, to } => self.link(text, to),
                Run::Break => self.raw("<w:r><w:br/></w:r>"),
            }
        }
    }

    /// `to` is clean: an anchor of this report, or an address.
    fn link(&mut self, words: &str, to: &str) {
        if let Some(anchor) = to.strip_prefix('#') {
            self.raw(&format!("<w:hyperlink w:anchor=\"{}\">", bookmark(anchor)));
        } else {
            let known = self.links.iter().position(|link| link == to);
            let n = known.unwrap_or_else(|| {
                self.links.push(to.to_owned());
                self.links.len() - 1
            });
            self.raw("<w:hyperlink r:id=\"");
            attribute(&mut self.held, &parts::link_id(n));
            self.raw("\">");
        }
        run(&mut self.held, Some("Hyperlink"), words);
        self.raw("</w:hyperlink>");
    }

    fn title(&mut self, title: &str, subtitle: Option<&str>, facts: &[(String, String)]) {
        self.new_page |= std::mem::replace(&mut self.titled, true);
        self.line(&Look::of("Title"), &text::one_line(title));
        if let Some(subtitle) = subtitle {
            self.line(&Look::of("Subtitle"), &text::one_line(subtitle));
        }
        for (key, value) in facts {
            let (key, value) = (text::one_line(key), text::one_line(value));
            self.open(&Look::of("Facts"));
            run(&mut self.held, Some("Strong"), &key);
            run(&mut self.held, None, if key.is_empty() { "" } else { ": " });
            run(&mut self.held, None, &value);
            self.close();
        }
    }

    fn heading(&mut self, level: u8, words: &str, anchor: Option<&str>) {
        let name = self.anchors.next(words, anchor);
        let words = text::one_line(words);
        if words.is_empty() {
            return;
        }
        self.open(&Look::of(match level {
            ..=2 => "Heading1",
            3 => "Heading2",
            4.. => "Heading3",
        }));
        let id = self.bookmarks;
        self.bookmarks += 1;
        self.raw(&format!(
            "<w:bookmarkStart w:id=\"{id}\" w:name=\"{}\"/>",
            bookmark(&name)
        ));
        run(&mut self.held, None, &words);
        self.raw(&format!("<w:bookmarkEnd w:id=\"{id}\"/>"));
        self.close();
    }

    /// A list; items without words stay, for somebody counts them.
    fn list(&mut self, items: &[Vec<Inline>], look: &Look) {
        for item in items {
            self.open(look);
            self.runs(&runs(item));
            self.close();
        }
    }

    fn quote(&mut self, words: &str, citation: Option<&str>, note: Option<&str>) {
        let words = text::clean(words);
        let mut any = false;
        for (before, line) in text::lines(&words) {
            match before {
                Before::Line => self.raw("<w:r><w:br/></w:r>"),
                Before::Start | Before::Paragraph => {
                    if any {
                        self.close();
                    }
                    self.open(&Look::of("Quote").kept(citation.is_some() || note.is_some()));
                }
            }
            any = true;
            run(&mut self.held, None, line);
        }
        if !any {
            return;
        }
        self.close();
        let citation = citation.map(text::one_line).unwrap_or_default();
        let note = note.map(text::one_line).unwrap_or_default();
        if citation.is_empty() && note.is_empty() {
            return;
        }
        self.open(&Look::of("QuoteSource"));
        if !citation.is_empty() {
            run(&mut self.held, None, "— ");
            run(&mut self.held, None, &citation);
        }
        if !note.is_empty() {
            if !citation.is_empty() {
                run(&mut self.held, None, " ");
            }
            run(&mut self.held, Some("Emphasis"), &note);
        }
        self.close();
    }

    fn callout(&mut self, title: &str, body: &[Inline]) {
        let (title, body) = (text::one_line(title), runs(body));
        self.line(&Look::of("CalloutTitle").kept(!body.is_empty()), &title);
        if !body.is_empty() {
            self.open(&Look::of("Callout"));
            self.runs(&body);
            self.close();
        }
    }
}

/// The table of contents: a line for each heading of level 2, that leads there. Without page numbers, which only Word
/// could count, and would ask for leave to.
fn contents(page: &Page) -> Option<String> {
    // All headings get their names in order, so that these are the names that they will have.
    let mut anchors = Anchors::default();
    let named = page.headings.iter().map(|heading| {
        let name = anchors.next(&heading.text, heading.anchor.as_deref());
        (heading, name)
    });
    let shown: Vec<_> = named
        .filter(|(heading, _)| heading.level <= 2)
        .map(|(heading, name)| (name, text::one_line(&heading.text)))
        .filter(|(_, words)| !words.is_empty())
        .collect();
    if shown.len() <= FEW {
        return None;
    }
    let paragraph = |style: &str| format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>");
    let mut out = paragraph("TOCHeading");
    run(&mut out, None, &text::one_line(&page.contents));
    out.push_str("</w:p>\n");
    for (name, words) in shown {
        out.push_str(&paragraph("TOC1"));
        out.push_str(&format!("<w:hyperlink w:anchor=\"{}\">", bookmark(&name)));
        run(&mut out, None, &words);
        out.push_str("</w:hyperlink></w:p>\n");
    }
    out.push_str(&paragraph("AfterTable"));
    out.push_str("</w:p>\n");
    Some(out)
}

/// Where a link leads: a name that Word takes, whatever the heading is called.
fn bookmark(anchor: &str) -> String {
    let hash = blake3::hash(anchor.as_bytes()).to_hex();
    format!("h{}", &hash[..20])
}

fn failed(error: zip::result::ZipError) -> io::Error {
    match error {
        zip::result::ZipError::Io(error) => error,
        error => io::Error::other(error.to_string()),
    }
}

#[cfg(test)]
mod tests;
