//! Tables as a document: Markdown or a page of HTML, through the report's own blocks, so that words stay words.

use std::io::Write;

use super::{Book, Sheet};
use crate::report::document::{Block, Inline, Page, contents};
use crate::report::{Error, Format};

pub(super) fn write(book: &Book, format: Format, out: &mut dyn Write) -> Result<(), Error> {
    let mut blocks = vec![Block::Title {
        title: book.title().to_owned(),
        subtitle: None,
        facts: book.facts(),
    }];
    for sheet in book.sheets {
        if book.sheets.len() > 1 {
            blocks.push(Block::Heading {
                level: 2,
                text: sheet.title.clone(),
                anchor: None,
            });
        }
        blocks.extend(table(sheet));
    }
    let page =
        Page::new(book.title(), book.language.clone()).with_headings(contents(blocks.iter()));
    let mut document = format.renderer(out, &page);
    for block in &blocks {
        document.block(block)?;
    }
    Ok(document.finish()?)
}

/// A table and what stands beneath it.
fn table(sheet: &Sheet) -> [Block; 2] {
    [
        Block::Table {
            caption: None,
            head: sheet.heads.clone(),
            rows: sheet.shown(),
            numeric: sheet.numeric(),
        },
        Block::Bullets(
            sheet
                .notes
                .iter()
                .map(|note| vec![Inline::text(note)])
                .collect(),
        ),
    ]
}
