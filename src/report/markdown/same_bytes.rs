//! However a report is written, the bytes are the same: directly, block by block through the tree, or as one tree that
//! comrak writes at once.

use proptest::prelude::*;

use super::super::sample::{as_markdown, block, hostile, quote_of};
use super::*;

fn through_tree_only(blocks: &[Block]) -> String {
    let mut out = Vec::new();
    let mut renderer = Box::new(Markdown {
        out: &mut out,
        held: String::new(),
        options: options(),
        anchors: Anchors::default(),
        begun: false,
        after_list: false,
        sent: 0,
        shortcut: false,
    });
    for block in blocks {
        renderer
            .block(block)
            .expect("a vector takes all that is written to it");
    }
    renderer
        .finish()
        .expect("a vector takes all that is written to it");
    String::from_utf8(out).expect("text")
}

/// All blocks in one tree, written by comrak at once.
fn one_tree(blocks: &[Block]) -> String {
    let arena = Arena::new();
    let grove = Grove {
        arena: &arena,
        target: Target::Markdown,
    };
    let root = grove.node(NodeValue::Document);
    for block in blocks {
        match block {
            Block::Quote {
                text,
                citation,
                note,
            } => grove.quote(root, text, citation.as_deref(), note.as_deref()),
            Block::Table {
                head,
                rows,
                numeric,
                ..
            } => {
                let columns = rows.iter().map(Vec::len).fold(head.len(), usize::max);
                let numeric: Vec<bool> = (0..columns)
                    .map(|i| numeric.get(i).copied().unwrap_or(false))
                    .collect();
                if columns > 0 {
                    grove.table(
                        root,
                        std::iter::once(head.as_slice()).chain(rows.iter().map(Vec::as_slice)),
                        &numeric,
                    );
                }
            }
            Block::Paragraph(inlines) => grove.paragraph(root, inlines),
            Block::Callout { title, body } => grove.callout(root, title, body),
            Block::Heading { level, text, .. } => {
                grove.heading(root, (*level).clamp(2, 4), text, None);
            }
            _ => {}
        }
    }
    root.validate().expect("a tree as comrak wants it");
    let mut out = String::new();
    format_commonmark(root, &options(), &mut out)
        .expect("a string takes all that is written to it");
    out
}

#[test]
fn a_long_table_goes_out_as_it_comes() {
    let rows = vec![vec!["x".repeat(100), "1".to_owned()]; 2000];
    let table = Block::Table {
        caption: None,
        head: vec!["a".into(), "b".into()],
        rows,
        numeric: vec![false, true],
    };
    let blocks = [table, Block::Rule];
    let markdown = as_markdown(&blocks);
    assert_eq!(markdown.lines().count(), 2004);
    assert!(markdown.ends_with("|\n\n-----\n"));
    assert_eq!(markdown, through_tree_only(&blocks));
}

/// Larger than what is held back at a time.
#[test]
fn a_long_report_is_the_same_both_ways() {
    let blocks: Vec<_> = (0..3000_u32)
        .map(|i| {
            quote_of(&format!(
                "It was {i} days *before* anyone came.\n\n{i}. {}",
                "and so on ".repeat((i % 7) as usize)
            ))
        })
        .collect();
    assert_eq!(as_markdown(&blocks), through_tree_only(&blocks));
    assert_eq!(as_markdown(&blocks), one_tree(&blocks));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn the_shortcut_writes_what_comrak_writes(words in hostile(), cells in prop::collection::vec(hostile(), 1..4)) {
        let table = Block::Table { caption: None, head: cells.clone(), rows: vec![cells; 2], numeric: vec![true] };
        let blocks = [quote_of(&words), table, quote_of(&words)];
        prop_assert_eq!(as_markdown(&blocks), through_tree_only(&blocks));
        prop_assert_eq!(as_markdown(&blocks), one_tree(&blocks));
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn blocks_do_not_depend_on_their_neighbours(blocks in prop::collection::vec(block(), 0..7)) {
        let alike: Vec<_> = blocks.into_iter().map(|block| match block {
            Block::Table { head, rows, numeric, .. } => Block::Table { caption: None, head, rows, numeric },
            Block::Heading { level, text, .. } => Block::Heading { level, text, anchor: None },
            block => block,
        }).filter(|block| matches!(block, Block::Quote { .. } | Block::Table { .. } | Block::Paragraph(_) | Block::Callout { .. } | Block::Heading { .. })).collect();
        prop_assert_eq!(as_markdown(&alike), one_tree(&alike));
    }
}
