//! A web page's elements as a tree, built by html5ever as browsers build it.
//!
//! The tree is one list of nodes that name each other by place: it is dropped and walked without recursion, however
//! deep a page is nested. Feeding stops where a page is nested deeper or has more elements than any that was written to
//! be read, because the standard's rules cost time with each open element.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, Namespace, QualName, TokenizerResult, ns};

use super::super::error::{Error, What};
use super::super::limits;

/// Place in the tree's list.
pub(super) type Id = usize;
/// The document itself.
pub(super) const ROOT: Id = 0;
/// Stands for every comment and processing instruction; it is never part of the tree.
const NOTHING: Id = 1;

#[derive(Debug)]
pub(super) struct Node {
    pub what: Kind,
    pub children: Vec<Id>,
    parent: Option<Id>,
    depth: usize,
}

#[derive(Debug)]
pub(super) enum Kind {
    Document,
    Text(StrTendril),
    Element {
        name: QualName,
        /// Only those that say how the element reads.
        attributes: Vec<(LocalName, StrTendril)>,
    },
}

impl Node {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        match &self.what {
            Kind::Element { attributes, .. } => attributes
                .iter()
                .find(|(own, _)| &**own == name)
                .map(|(_, value)| &**value),
            _ => None,
        }
    }
}

/// The tree of a page. `xhtml` is for pages that are XML: there every element may close itself.
pub(super) fn parse(page: &str, xhtml: bool) -> Result<Vec<Node>, Error> {
    const CHUNK: usize = 16 << 10;
    let builder = TreeBuilder::new(
        Sink::default(),
        TreeBuilderOpts {
            scripting_enabled: true,
            ..TreeBuilderOpts::default()
        },
    );
    let tokenizer = Tokenizer::new(Filter { builder, xhtml }, TokenizerOpts::default());
    let input = BufferQueue::default();
    let mut rest = page;
    while !rest.is_empty() {
        let mut end = rest.len().min(CHUNK);
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        input.push_back(StrTendril::from_slice(&rest[..end]));
        rest = &rest[end..];
        // A script that ends or a declared encoding only interrupts.
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        tokenizer.sink.builder.sink.check()?;
    }
    tokenizer.end();
    tokenizer.sink.builder.sink.check()?;
    Ok(tokenizer.sink.builder.sink.nodes.into_inner())
}

/// Stands between the tokens and the tree.
struct Filter {
    builder: TreeBuilder<Id, Sink>,
    xhtml: bool,
}

impl TokenSink for Filter {
    type Handle = Id;
    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Id> {
        if self.builder.sink.refused.get().is_some() {
            return TokenSinkResult::Continue;
        }
        let end = match &token {
            Token::TagToken(tag)
                if self.xhtml && tag.self_closing && tag.kind == TagKind::StartTag =>
            {
                Some(Tag {
                    kind: TagKind::EndTag,
                    name: tag.name.clone(),
                    self_closing: false,
                    attrs: Vec::new(),
                    had_duplicate_attributes: false,
                })
            }
            _ => None,
        };
        match (self.builder.process_token(token, line), end) {
            // `<title/>` is over at once, and so is what it would make of the text behind it.
            (TokenSinkResult::RawData(_) | TokenSinkResult::Plaintext, Some(end)) => {
                self.builder.process_token(Token::TagToken(end), line)
            }
            (TokenSinkResult::Continue, Some(end)) if !is_void(&end.name) => {
                self.builder.process_token(Token::TagToken(end), line)
            }
            (result, _) => result,
        }
    }
    fn end(&self) {
        self.builder.end();
    }
    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Attributes that are kept.
fn matters(name: &str) -> bool {
    matches!(
        name,
        "hidden" | "style" | "start" | "value" | "type" | "reversed" | "role" | "epub:type"
    )
}

struct Sink {
    nodes: RefCell<Vec<Node>>,
    refused: Cell<Option<Refusal>>,
}

#[derive(Clone, Copy)]
enum Refusal {
    Deep,
    Many,
}

impl Default for Sink {
    fn default() -> Self {
        let node = || Node {
            what: Kind::Document,
            children: Vec::new(),
            parent: None,
            depth: 0,
        };
        Self {
            nodes: RefCell::new(vec![node(), node()]),
            refused: Cell::new(None),
        }
    }
}

impl Sink {
    fn check(&self) -> Result<(), Error> {
        let file = What::WebPage;
        match self.refused.get() {
            None => Ok(()),
            Some(Refusal::Deep) => Err(Error::TooDeep {
                file,
                most: limits::HTML_DEPTH,
            }),
            Some(Refusal::Many) => Err(Error::TooManyElements { file }),
        }
    }

    fn push(&self, what: Kind) -> Id {
        let mut nodes = self.nodes.borrow_mut();
        if nodes.len() >= limits::ELEMENTS {
            self.refused.set(Some(Refusal::Many));
        }
        nodes.push(Node {
            what,
            children: Vec::new(),
            parent: None,
            depth: 0,
        });
        nodes.len() - 1
    }

    /// Puts a node or text among a parent's children, at the end or in front of one of them.
    fn insert(&self, parent: Id, before: Option<Id>, child: NodeOrText<Id>) {
        let child = match child {
            NodeOrText::AppendNode(NOTHING) => return,
            NodeOrText::AppendNode(id) => {
                self.detach(id);
                id
            }
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let last = match before {
                    None => nodes[parent].children.last().copied(),
                    Some(sibling) => {
                        let place = place(&nodes[parent].children, sibling);
                        place
                            .checked_sub(1)
                            .and_then(|n| nodes[parent].children.get(n).copied())
                    }
                };
                if let Some(last) = last
                    && let Kind::Text(own) = &mut nodes[last].what
                {
                    own.push_tendril(&text);
                    return;
                }
                drop(nodes);
                self.push(Kind::Text(text))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        let depth = nodes[parent].depth + 1;
        if depth > limits::HTML_DEPTH {
            self.refused.set(Some(Refusal::Deep));
        }
        nodes[child].depth = depth;
        nodes[child].parent = Some(parent);
        match before {
            None => nodes[parent].children.push(child),
            Some(sibling) => {
                let place = place(&nodes[parent].children, sibling);
                nodes[parent].children.insert(place, child);
            }
        }
    }

    fn detach(&self, id: Id) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[id].parent.take() {
            let children = &mut nodes[parent].children;
            let place = place(children, id);
            if place < children.len() {
                children.remove(place);
            }
        }
    }
}

/// Where a child is; looked for from the end, where the builder works. Behind the last where it is missing.
fn place(children: &[Id], id: Id) -> usize {
    children
        .iter()
        .rposition(|own| *own == id)
        .unwrap_or(children.len())
}

/// An element's name, lent to the builder.
#[derive(Debug)]
struct Name(QualName);

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }
    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl TreeSink for Sink {
    type Handle = Id;
    type Output = ();
    type ElemName<'a> = Name;

    fn finish(self) {}
    fn parse_error(&self, _: Cow<'static, str>) {}
    fn get_document(&self) -> Id {
        ROOT
    }
    fn elem_name<'a>(&'a self, target: &'a Id) -> Name {
        match &self.nodes.borrow()[*target].what {
            Kind::Element { name, .. } => Name(name.clone()),
            // The builder asks elements only.
            _ => Name(QualName::new(None, ns!(), LocalName::from(""))),
        }
    }
    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> Id {
        let attributes = attrs
            .into_iter()
            .filter(|attribute| matters(&attribute.name.local))
            .map(|attribute| (attribute.name.local, attribute.value))
            .collect();
        self.push(Kind::Element { name, attributes })
    }
    fn create_comment(&self, _: StrTendril) -> Id {
        NOTHING
    }
    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Id {
        NOTHING
    }
    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        self.insert(*parent, None, child);
    }
    fn append_based_on_parent_node(&self, element: &Id, previous: &Id, child: NodeOrText<Id>) {
        let parent = self.nodes.borrow()[*element].parent;
        match parent {
            Some(parent) => self.insert(parent, Some(*element), child),
            None => self.insert(*previous, None, child),
        }
    }
    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}
    /// A template's contents are not shown; they stand in the template, which is left out.
    fn get_template_contents(&self, target: &Id) -> Id {
        *target
    }
    fn same_node(&self, x: &Id, y: &Id) -> bool {
        x == y
    }
    fn set_quirks_mode(&self, _: QuirksMode) {}
    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        let parent = self.nodes.borrow()[*sibling].parent;
        if let Some(parent) = parent {
            self.insert(parent, Some(*sibling), child);
        }
    }
    fn add_attrs_if_missing(&self, _: &Id, _: Vec<Attribute>) {}
    fn remove_from_parent(&self, target: &Id) {
        self.detach(*target);
    }
    fn reparent_children(&self, node: &Id, new_parent: &Id) {
        let children = std::mem::take(&mut self.nodes.borrow_mut()[*node].children);
        for child in children {
            self.nodes.borrow_mut()[child].parent = None;
            self.insert(*new_parent, None, NodeOrText::AppendNode(child));
        }
    }
}
