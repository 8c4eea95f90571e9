//! From a page's tree to blocks.

use super::super::blocks::{Blocks, Note, is_blank};
use super::super::document::Left;
use super::super::numerals::Numeral;
use super::tree::{Id, Kind, Node, ROOT};

/// What an element is for the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Inline,
    Block,
    Heading(u8),
    Pre,
    List,
    Item,
    Table,
    Row,
    Cell,
    /// A box of notes, each item of which is one.
    Notes,
    Note(Note),
    Quote,
    Inserted,
    Break,
    LeftOut(Reason),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// Never shown: scripts, styles, the head.
    Machinery,
    Hidden,
    Deleted,
    Picture,
    Object,
}

pub(super) fn walk(tree: &[Node], blocks: &mut Blocks, left: &mut Left) {
    let mut walker = Walker {
        tree,
        blocks,
        left,
        lists: Vec::new(),
        heading: None,
        mark: None,
        pre: 0,
        notes: 0,
    };
    // An element on its way in, and the same one on its way out.
    let mut path = vec![(ROOT, None)];
    while let Some((id, leaving)) = path.pop() {
        let Some(node) = tree.get(id) else {
            continue;
        };
        if let Some(role) = leaving {
            walker.leave(role);
            continue;
        }
        match &node.what {
            Kind::Text(text) => walker.text(text),
            Kind::Document => path.extend(node.children.iter().rev().map(|child| (*child, None))),
            Kind::Element { name, .. } => {
                let role = role(tree, node, &name.local, walker.notes > 0);
                walker.enter(role, node, &name.local);
                if !matches!(role, Role::LeftOut(_)) {
                    path.push((id, Some(role)));
                    path.extend(node.children.iter().rev().map(|child| (*child, None)));
                }
            }
        }
    }
    walker.end_paragraph();
}

fn role(tree: &[Node], node: &Node, name: &str, in_notes: bool) -> Role {
    if is_hidden(node) {
        let says = says_something(tree, node);
        return Role::LeftOut(if says {
            Reason::Hidden
        } else {
            Reason::Machinery
        });
    }
    if let Some(role) = by_meaning(node) {
        return role;
    }
    match name {
        "head" | "script" | "style" | "title" | "template" | "noscript" | "select" | "datalist"
        | "rt" | "rp" | "input" | "progress" | "meter" => Role::LeftOut(Reason::Machinery),
        "img" | "svg" | "picture" | "canvas" | "map" => Role::LeftOut(Reason::Picture),
        "iframe" | "object" | "embed" | "applet" | "audio" | "video" => {
            Role::LeftOut(Reason::Object)
        }
        "del" => Role::LeftOut(Reason::Deleted),
        "ins" => Role::Inserted,
        "br" => Role::Break,
        "q" => Role::Quote,
        "h1" => Role::Heading(1),
        "h2" => Role::Heading(2),
        "h3" => Role::Heading(3),
        "h4" => Role::Heading(4),
        "h5" => Role::Heading(5),
        "h6" => Role::Heading(6),
        "pre" | "textarea" | "listing" | "xmp" | "plaintext" => Role::Pre,
        "ol" | "ul" | "menu" | "dir" => Role::List,
        "li" if in_notes => Role::Note(Note::Foot),
        "li" => Role::Item,
        "table" => Role::Table,
        "tr" => Role::Row,
        "td" | "th" => Role::Cell,
        "address" | "article" | "aside" | "blockquote" | "body" | "center" | "dd" | "details"
        | "dialog" | "div" | "dl" | "dt" | "fieldset" | "figcaption" | "figure" | "footer"
        | "form" | "header" | "hgroup" | "hr" | "html" | "legend" | "main" | "nav" | "p"
        | "search" | "section" | "summary" | "caption" | "thead" | "tbody" | "tfoot"
        | "optgroup" | "option" => Role::Block,
        _ => Role::Inline,
    }
}

/// What an element says of itself beyond its name: notes, and the marks that lead to them and back.
fn by_meaning(node: &Node) -> Option<Role> {
    let meanings = [node.attribute("role"), node.attribute("epub:type")];
    let mut words = meanings
        .into_iter()
        .flatten()
        .flat_map(str::split_ascii_whitespace);
    words.find_map(|word| match word {
        "doc-footnote" | "footnote" => Some(Role::Note(Note::Foot)),
        "doc-endnote" | "endnote" | "rearnote" => Some(Role::Note(Note::End)),
        "doc-endnotes" | "footnotes" | "endnotes" | "rearnotes" => Some(Role::Notes),
        "doc-noteref" | "noteref" | "doc-backlink" | "backlink" => {
            Some(Role::LeftOut(Reason::Machinery))
        }
        _ => None,
    })
}

fn is_hidden(node: &Node) -> bool {
    if node.attribute("hidden").is_some() {
        return true;
    }
    let Some(style) = node.attribute("style") else {
        return false;
    };
    style.split(';').any(|rule| {
        let Some((name, value)) = rule.split_once(':') else {
            return false;
        };
        let value = value.trim();
        let value = value.strip_suffix("!important").unwrap_or(value).trim();
        let is = |own: &str, word: &str| {
            name.trim().eq_ignore_ascii_case(own) && value.eq_ignore_ascii_case(word)
        };
        is("display", "none") || is("visibility", "hidden") || is("mso-hide", "all")
    })
}

fn says_something(tree: &[Node], node: &Node) -> bool {
    let mut path: Vec<Id> = node.children.clone();
    while let Some(node) = path.pop().and_then(|id| tree.get(id)) {
        match &node.what {
            Kind::Text(text) if !text.trim().is_empty() => return true,
            Kind::Element { name, .. } if matches!(&*name.local, "script" | "style") => {}
            _ => path.extend(&node.children),
        }
    }
    false
}

/// A list that is open.
struct List {
    /// None for bullets.
    numeral: Option<Numeral>,
    next: i64,
    step: i64,
}

struct Walker<'b> {
    tree: &'b [Node],
    blocks: &'b mut Blocks,
    left: &'b mut Left,
    lists: Vec<List>,
    heading: Option<u8>,
    /// What stands in front of the next paragraph.
    mark: Option<String>,
    pre: usize,
    notes: usize,
}

impl Walker<'_> {
    fn enter(&mut self, role: Role, node: &Node, name: &str) {
        match role {
            Role::Inline => {}
            Role::Inserted => self.left.changes += 1,
            Role::Quote => self.say("“"),
            Role::Break => self.line_break(),
            Role::Block => self.end_paragraph(),
            Role::Pre => {
                self.end_paragraph();
                self.pre += 1;
            }
            Role::Heading(level) => {
                self.end_paragraph();
                self.heading = Some(level);
            }
            Role::List => {
                self.end_paragraph();
                self.lists.push(list(self.tree, node, name));
            }
            Role::Item => {
                self.end_paragraph();
                self.mark = Some(
                    self.lists
                        .last_mut()
                        .map_or_else(|| "-".to_owned(), |list| list.mark(node.attribute("value"))),
                );
            }
            Role::Table => {
                self.end_paragraph();
                self.mark = None;
                self.blocks.begin_table();
            }
            Role::Row => {
                self.end_paragraph();
                self.blocks.begin_row();
            }
            Role::Cell => {
                self.end_paragraph();
                self.mark = None;
                self.blocks.begin_cell();
            }
            Role::Notes => {
                self.end_paragraph();
                self.notes += 1;
            }
            Role::Note(note) => {
                self.end_paragraph();
                self.mark = None;
                self.blocks.begin_note(note);
            }
            Role::LeftOut(reason) => match reason {
                Reason::Machinery => {}
                Reason::Hidden => self.left.hidden += 1,
                Reason::Deleted => self.left.changes += 1,
                Reason::Picture => self.left.pictures += 1,
                Reason::Object => self.left.objects += 1,
            },
        }
    }

    fn leave(&mut self, role: Role) {
        match role {
            Role::Inline | Role::Inserted | Role::Break | Role::LeftOut(_) => {}
            Role::Quote => self.say("”"),
            Role::Block => self.end_paragraph(),
            Role::Pre => {
                self.end_paragraph();
                self.pre -= 1;
            }
            Role::Heading(_) => {
                self.end_paragraph();
                self.heading = None;
            }
            Role::List => {
                self.end_paragraph();
                self.lists.pop();
            }
            Role::Item => {
                self.end_paragraph();
                self.mark = None;
            }
            Role::Table | Role::Row | Role::Cell | Role::Note(_) => {
                self.end_paragraph();
                self.blocks.close();
            }
            Role::Notes => {
                self.end_paragraph();
                self.notes -= 1;
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.pre > 0 {
            self.say(&text.replace("\r\n", "\n").replace('\r', "\n"));
            return;
        }
        let mut rest = text;
        while !rest.is_empty() {
            let blank = rest.len() - rest.trim_start_matches(is_blank).len();
            if blank > 0 {
                self.blank();
                rest = &rest[blank..];
                continue;
            }
            let word = rest.find(is_blank).unwrap_or(rest.len());
            self.say(&rest[..word]);
            rest = &rest[word..];
        }
    }

    /// One blank for any number of them, and none at the start of a line.
    fn blank(&mut self) {
        if let Some(paragraph) = self.blocks.paragraph()
            && !paragraph.text.is_empty()
            && !paragraph.text.ends_with([' ', '\n'])
        {
            paragraph.text.push(' ');
        }
    }

    fn line_break(&mut self) {
        self.begin_paragraph();
        if let Some(paragraph) = self.blocks.paragraph() {
            let end = paragraph.text.trim_end_matches(' ').len();
            paragraph.text.truncate(end);
            paragraph.text.push('\n');
        }
    }

    fn say(&mut self, words: &str) {
        self.begin_paragraph();
        self.blocks.say(words);
    }

    fn begin_paragraph(&mut self) {
        if self.blocks.paragraph().is_none() {
            self.blocks.begin_paragraph();
            if let Some(paragraph) = self.blocks.paragraph() {
                paragraph.heading = self.heading;
                paragraph.mark = self.mark.take();
            }
        }
    }

    fn end_paragraph(&mut self) {
        if let Some(paragraph) = self.blocks.paragraph() {
            let end = paragraph.text.trim_end_matches([' ', '\n']).len();
            paragraph.text.truncate(end);
            self.blocks.close();
        }
    }
}

fn list(tree: &[Node], node: &Node, name: &str) -> List {
    let numeral = (name == "ol").then(|| match node.attribute("type") {
        Some("a") => Numeral::Lower,
        Some("A") => Numeral::Upper,
        Some("i") => Numeral::LowerRoman,
        Some("I") => Numeral::UpperRoman,
        _ => Numeral::Decimal,
    });
    let reversed = node.attribute("reversed").is_some();
    let items = node.children.iter().filter_map(|id| tree.get(*id));
    let items = items
        .filter(|child| matches!(&child.what, Kind::Element { name, .. } if &*name.local == "li"))
        .count();
    let items = i64::try_from(items).unwrap_or(1);
    let first = if reversed { items } else { 1 };
    List {
        numeral,
        next: number(node.attribute("start")).unwrap_or(first),
        step: if reversed { -1 } else { 1 },
    }
}

fn number(value: Option<&str>) -> Option<i64> {
    value?.trim().parse::<i32>().ok().map(i64::from)
}

impl List {
    fn mark(&mut self, value: Option<&str>) -> String {
        let Some(numeral) = self.numeral else {
            return "-".to_owned();
        };
        let n = number(value).unwrap_or(self.next);
        self.next = n.saturating_add(self.step);
        match u32::try_from(n) {
            Ok(n) => format!("{}.", numeral.show(n)),
            Err(_) => format!("{n}."),
        }
    }
}
