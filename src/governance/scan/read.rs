//! A file as a reader has it before them: paragraphs, headings, rows of tables and quotes, and what it says of itself.

use super::markup::{Piece, pieces};
use crate::governance::pseudonym::Names;
use crate::import::parts_of_package;

/// What a paragraph is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Plain,
    Heading,
    /// Somebody's words.
    Quote,
    /// A row of a table.
    Row(Vec<String>),
}

/// A piece of text that stands by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    pub text: String,
    pub kind: Kind,
}

/// A file, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    pub paragraphs: Vec<Paragraph>,
    /// What is not read on the page: metadata, comments, attributes, styles; by what it is.
    pub about: Vec<(String, String)>,
}

impl Document {
    fn put(&mut self, kind: Kind, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            self.paragraphs.push(Paragraph { text, kind });
        }
    }

    /// Where a paragraph is, counted from 1, under the heading above it; a heading that holds a name is not said.
    pub fn place(&self, n: usize, names: Option<&Names>) -> String {
        let heading = self.paragraphs[..=n.min(self.paragraphs.len().saturating_sub(1))]
            .iter()
            .rfind(|p| p.kind == Kind::Heading)
            .filter(|p| names.is_none_or(|names| names.find_bare(&p.text).is_empty()));
        match heading {
            Some(heading) => {
                let short: String = heading.text.chars().take(60).collect();
                format!("paragraph {}, under “{short}”", n + 1)
            }
            None => format!("paragraph {}", n + 1),
        }
    }
}

/// Reads a file by what its bytes are: a Word file or a workbook, HTML or a picture, or else Markdown, as which a table
/// or JSON is read too.
pub fn read(bytes: &[u8]) -> Document {
    if bytes.starts_with(b"PK") {
        return word(bytes);
    }
    let text = String::from_utf8_lossy(bytes);
    let start = text.trim_start().get(..15).unwrap_or_default();
    if start.eq_ignore_ascii_case("<!doctype html>") || start.starts_with("<?xml") {
        return html(&text);
    }
    markdown(&text)
}

fn markdown(text: &str) -> Document {
    let mut document = Document::default();
    let mut paragraph = String::new();
    let mut quote: Option<Vec<String>> = None;
    let end_quote = |quote: &mut Option<Vec<String>>, document: &mut Document| {
        let Some(lines) = quote.take() else { return };
        // A boxed note begins with words in bold, which nobody's words can.
        let plain = lines.first().is_some_and(|l| l.starts_with("**"));
        for part in lines.split(String::is_empty) {
            let words = part.iter().map(|l| bare(l)).collect::<Vec<_>>().join(" ");
            let own = plain || words.starts_with('—');
            document.put(if own { Kind::Plain } else { Kind::Quote }, &words);
        }
    };
    for line in text.lines().chain([""]) {
        if let Some(said) = line.strip_prefix('>') {
            document.put(Kind::Plain, &std::mem::take(&mut paragraph));
            let said = said.strip_prefix(' ').unwrap_or(said);
            quote.get_or_insert_default().push(said.trim().to_owned());
            continue;
        }
        end_quote(&mut quote, &mut document);
        let level = line.chars().take_while(|c| *c == '#').count();
        if line.trim().is_empty() {
            document.put(Kind::Plain, &std::mem::take(&mut paragraph));
        } else if (1..=6).contains(&level) && line[level..].starts_with(' ') {
            document.put(Kind::Plain, &std::mem::take(&mut paragraph));
            document.put(Kind::Heading, &bare(&line[level..]));
        } else if line.starts_with('|') {
            let cells = cells(line);
            if !cells
                .iter()
                .all(|c| c.trim_matches(['-', ':', ' ']).is_empty())
            {
                let text = cells.join(" | ");
                document.put(Kind::Row(cells), &text);
            }
        } else if let Some(comment) = line.trim().strip_prefix("<!--") {
            document.about.push(("comment".into(), comment.to_owned()));
        } else if line.trim_start().starts_with(['-', '*']) {
            // A fact or a bullet stands by itself.
            document.put(Kind::Plain, &std::mem::take(&mut paragraph));
            document.put(Kind::Plain, &bare(line));
        } else {
            paragraph.push(' ');
            paragraph.push_str(&bare(line));
        }
    }
    document
}

/// A line without its marks: what is escaped stands for itself.
fn bare(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            '*' | '`' => {}
            c => out.push(c),
        }
    }
    super::markup::unescaped(&out)
}

/// The cells of a row.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in line.trim().trim_start_matches('|').chars() {
        if c == '|' && !escaped {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            cell.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    if cells.last().is_some_and(|c| c.trim().is_empty()) {
        cells.pop();
    }
    cells.iter().map(|c| bare(c).trim().to_owned()).collect()
}

fn html(text: &str) -> Document {
    let mut document = Document::default();
    let mut words = String::new();
    let mut row: Option<Vec<String>> = None;
    let (mut quotes, mut heading, mut hidden) = (0_usize, false, false);
    for piece in pieces(text) {
        match piece {
            Piece::Words(said) if hidden => document.about.push(("style".into(), said)),
            Piece::Words(said) => words.push_str(&said),
            Piece::Comment(said) => document.about.push(("comment".into(), said)),
            Piece::Open(name, attributes, closed) => {
                end(
                    &mut document,
                    &mut words,
                    row.as_mut(),
                    &name,
                    quotes > 0,
                    heading,
                );
                match name.as_str() {
                    "blockquote" => quotes += 1,
                    "tr" => row = Some(Vec::new()),
                    "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => heading = true,
                    "style" | "script" => hidden = !closed,
                    _ => {}
                }
                keep(&mut document, &name, attributes);
            }
            Piece::Close(name) => {
                end(
                    &mut document,
                    &mut words,
                    row.as_mut(),
                    &name,
                    quotes > 0,
                    heading,
                );
                match name.as_str() {
                    "blockquote" => quotes = quotes.saturating_sub(1),
                    "tr" => {
                        if let Some(cells) = row.take() {
                            let text = cells.join(" | ");
                            document.put(Kind::Row(cells), &text);
                        }
                    }
                    "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => heading = false,
                    "style" | "script" => hidden = false,
                    _ => {}
                }
            }
        }
    }
    document.put(Kind::Plain, &words);
    document
}

/// Ends a paragraph where a tag does: all but those that stand within a line.
fn end(
    document: &mut Document,
    words: &mut String,
    row: Option<&mut Vec<String>>,
    tag: &str,
    quoted: bool,
    heading: bool,
) {
    const WITHIN: [&str; 16] = [
        "em", "strong", "b", "i", "a", "code", "span", "abbr", "small", "sub", "sup", "bdi", "bdo",
        "cite", "time", "wbr",
    ];
    if WITHIN.contains(&tag) {
        return;
    }
    if tag == "br" {
        words.push(' ');
        return;
    }
    let said = std::mem::take(words);
    match row {
        Some(cells) if matches!(tag, "td" | "th") => {
            // Opened with nothing before it, closed with what stands in it.
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            if !said.is_empty() {
                cells.push(said);
            }
        }
        Some(_) => words.push_str(&said),
        None if quoted => document.put(Kind::Quote, &said),
        None if heading => document.put(Kind::Heading, &said),
        None => document.put(Kind::Plain, &said),
    }
}

fn keep(document: &mut Document, tag: &str, attributes: Vec<(String, String)>) {
    let get = |wanted: &str| attributes.iter().find(|(name, _)| name == wanted);
    if tag == "meta"
        && let (Some((_, name)), Some((_, content))) = (get("name"), get("content"))
    {
        document.about.push((name.clone(), content.clone()));
        return;
    }
    for (name, value) in attributes {
        if !matches!(
            name.as_str(),
            "class" | "style" | "d" | "points" | "viewbox" | "xmlns"
        ) {
            document.about.push((format!("{name} of {tag}"), value));
        }
    }
}

/// A Word file: its text by paragraphs, and every other part.
fn word(bytes: &[u8]) -> Document {
    let mut document = Document::default();
    let Ok(parts) = parts_of_package(bytes) else {
        document
            .about
            .push(("Company".into(), "a file that can't be read".into()));
        return document;
    };
    for (name, bytes) in parts {
        document.about.push(("name of a part".into(), name.clone()));
        let text = String::from_utf8_lossy(&bytes);
        if name == "word/document.xml" {
            word_text(&mut document, &text);
        } else if name.starts_with("xl/worksheets/") || name == "xl/sharedStrings.xml" {
            for piece in pieces(&text) {
                if let Piece::Words(said) | Piece::Comment(said) = piece {
                    document.put(Kind::Plain, &said);
                }
            }
        } else {
            other_part(&mut document, &text);
        }
    }
    document
}

fn word_text(document: &mut Document, text: &str) {
    let mut words = String::new();
    let mut style = String::new();
    let mut row: Option<Vec<String>> = None;
    let mut cell = String::new();
    for piece in pieces(text) {
        match piece {
            Piece::Words(said) => words.push_str(&said),
            Piece::Comment(said) => document.about.push(("comment".into(), said)),
            Piece::Open(name, attributes, _) => match name.as_str() {
                "w:tr" => row = Some(Vec::new()),
                "w:tc" => cell.clear(),
                "w:p" => {
                    words.clear();
                    style.clear();
                }
                "w:pstyle" => {
                    style = attributes.into_iter().map(|(_, v)| v).collect();
                }
                "w:br" | "w:tab" | "w:cr" => words.push(' '),
                _ => {
                    for (name, value) in attributes {
                        if !name.starts_with("xmlns") && value.contains(char::is_alphabetic) {
                            document.about.push((name, value));
                        }
                    }
                }
            },
            Piece::Close(name) => match name.as_str() {
                "w:p" if row.is_some() => {
                    cell.push(' ');
                    cell.push_str(&words);
                }
                "w:p" => {
                    let kind = match style.as_str() {
                        "Quote" => Kind::Quote,
                        s if s.starts_with("Heading") || s == "Title" => Kind::Heading,
                        _ => Kind::Plain,
                    };
                    document.put(kind, &words);
                }
                "w:tc" => {
                    if let Some(cells) = &mut row {
                        cells.push(cell.trim().to_owned());
                    }
                }
                "w:tr" => {
                    if let Some(cells) = row.take() {
                        let text = cells.join(" | ");
                        document.put(Kind::Row(cells), &text);
                    }
                }
                _ => {}
            },
        }
    }
}

fn other_part(document: &mut Document, text: &str) {
    let mut within = String::new();
    for piece in pieces(text) {
        match piece {
            Piece::Open(name, attributes, _) => {
                for (name, value) in attributes {
                    if !name.starts_with("xmlns") && value.contains(char::is_alphabetic) {
                        document.about.push((name, value));
                    }
                }
                within = match name.rsplit(':').next().unwrap_or_default() {
                    "company" => "Company".into(),
                    "manager" => "Manager".into(),
                    "lastmodifiedby" => "lastModifiedBy".into(),
                    name => name.to_owned(),
                };
            }
            Piece::Words(said) | Piece::Comment(said) if !said.trim().is_empty() => {
                document.about.push((within.clone(), said));
            }
            _ => {}
        }
    }
}
