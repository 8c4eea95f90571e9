//! Web pages: what a reader of the page sees, as paragraphs.
//!
//! Block elements are paragraphs, `<br>` is a line break, `<pre>` keeps its lines; headings, lists and tables read as in a
//! Word file. The head, scripts, styles and what the page itself hides are left out. Deleted text (`<del>`) is out, inserted
//! text in. Notes that say so (`role="doc-footnote"`, `epub:type="footnote"`) stand at the end.

use super::blocks::{Blocks, Gathered};
use super::document::{self, Left};
use super::{Draft, Error, Options, encoding, limits};

mod charset;
mod tree;
mod walk;

pub(super) fn read(bytes: &[u8], options: &Options) -> Result<Draft, Error> {
    let decoded = decode(bytes, options)?;
    limits::text(&decoded.text)?;
    let mut page = Page::default();
    // An XML declaration says that elements may close themselves.
    page.add(
        &decoded.text,
        decoded.text.trim_start().starts_with("<?xml"),
    )?;
    let (gathered, left) = page.finish();
    document::finish(&gathered, left, decoded.encoding, decoded.warnings)
}

/// A page's characters: what the user says about their encoding comes before what the page says.
pub(super) fn decode(bytes: &[u8], options: &Options) -> Result<encoding::Decoded, Error> {
    let declared = charset::declared(bytes);
    encoding::decode(bytes, options.encoding.as_deref().or(declared))
}

/// One page or several, one after the other.
#[derive(Default)]
pub(super) struct Page {
    blocks: Blocks,
    left: Left,
}

impl Page {
    pub(super) fn add(&mut self, page: &str, xhtml: bool) -> Result<(), Error> {
        let tree = tree::parse(page, xhtml)?;
        walk::walk(&tree, &mut self.blocks, &mut self.left);
        Ok(())
    }
    pub(super) fn finish(self) -> (Gathered, Left) {
        (self.blocks.finish(), self.left)
    }
}
