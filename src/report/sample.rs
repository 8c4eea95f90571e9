//! Words and documents that tests throw at the renderers.

use proptest::prelude::*;

use super::document::{Block, Inline, Page, Renderer};
use super::{html, markdown};

/// What breaks Markdown, HTML or a terminal, and what people ordinarily say, in any order.
pub(super) fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "*", "**", "_", "__", "`", "``", "```", "~~", "~", "|", "||", "\\", "<", ">", "&", "!", "#", "##", "-", "--", "---",
            "+", "=", "==", "===", "[", "]", "(", ")", "{", "}", "@", "$", "$$", "^", "%", "%%", ":", "::", ":::", "\"", "'", "1.",
            "2)", "10.", "1234567890.", ".", "...", "/", "//", ";", ",", "?",
        ]).prop_map(str::to_owned),
        3 => prop::sample::select(vec![" ", "  ", "    ", "\t", "\n", "\n\n", "\r\n", "\r", "\u{a0}", "\u{3000}", "\u{2028}", "\u{85}", "\\\n", " \n "]).prop_map(str::to_owned),
        3 => prop::sample::select(vec!["a", "b", "so", "Yes", "www", "x1", "42", "ä", "é", "医", "…", "“", "”", "–", "🙂", "e\u{301}", "م"]).prop_map(str::to_owned),
        2 => prop::sample::select(vec![
            "<script>alert(1)</script>", "<!-- x -->", "-->", "<b", "</p>", "&amp;", "&copy;", "&#65;", "&#x41;", "http://a.example/b_c*d",
            "https://a.example", "HTTP://A.b", "www.a.example", "WWW.a.b/c", "ftp://a.b", "mailto:a@b.example", "xmpp:a@b.example/c",
            "a.b@c.example", "<a@b.example>", "<https://a.example>", "[a](b)", "![a](javascript:x)", "[a]: b", "[^1]", "[^1]: c", "- [ ] x",
            ":smile:", ":+1:", "| a | b |", "|--|--|", ":--|--:", "--|--", "---|", "a | b", "$x$", "> [!NOTE]", "# h", "***", "____",
            "==x==", "%%x%%", "<?php", "<![CDATA[", "]]>", "&lt;b&gt;", "C++", "R&D", "10:30:45", "e-mail: a@b.c.",
        ]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["\0", "\u{1}", "\u{7f}", "\u{9b}", "\u{1b}[31m", "\u{202e}", "\u{2066}", "\u{200f}", "\u{feff}", "\u{200b}", "\u{fffd}", "\u{e000}"]).prop_map(str::to_owned),
        1 => "\\PC",
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

pub(super) fn inlines() -> impl Strategy<Value = Vec<Inline>> {
    let target = prop_oneof![
        Just("#finding-1".to_owned()),
        Just("https://a.example/b?c=d&copy=e".to_owned()),
        Just("mailto:a@b.example".to_owned()),
        Just("javascript:alert(1)".to_owned()),
        hostile().prop_map(|s| format!("#{s}")),
        hostile().prop_map(|s| format!("https://{s}")),
        hostile().prop_map(|s| format!("mailto:{s}")),
    ];
    let one = prop_oneof![
        4 => hostile().prop_map(Inline::Text),
        2 => hostile().prop_map(Inline::Strong),
        2 => hostile().prop_map(Inline::Emphasis),
        1 => hostile().prop_map(Inline::Code),
        1 => (hostile(), target).prop_map(|(text, to)| Inline::Link { text: if text.len() % 3 == 0 { to.clone() } else { text }, to }),
        1 => Just(Inline::Break),
    ];
    prop::collection::vec(one, 0..6)
}

pub(super) fn block() -> impl Strategy<Value = Block> {
    let words = || prop::option::of(hostile());
    let items = || prop::collection::vec(inlines(), 0..4);
    prop_oneof![
        (
            hostile(),
            words(),
            prop::collection::vec((hostile(), hostile()), 0..3)
        )
            .prop_map(|(title, subtitle, facts)| Block::Title {
                title,
                subtitle,
                facts
            }),
        (0_u8..7, hostile(), words()).prop_map(|(level, text, anchor)| Block::Heading {
            level,
            text,
            anchor
        }),
        inlines().prop_map(Block::Paragraph),
        items().prop_map(Block::Bullets),
        items().prop_map(Block::Numbered),
        (hostile(), words(), words()).prop_map(|(text, citation, note)| Block::Quote {
            text,
            citation,
            note
        }),
        (
            words(),
            prop::collection::vec(hostile(), 0..4),
            prop::collection::vec(prop::collection::vec(hostile(), 0..4), 0..4),
            prop::collection::vec(any::<bool>(), 0..4)
        )
            .prop_map(|(caption, head, rows, numeric)| Block::Table {
                caption,
                head,
                rows,
                numeric
            }),
        (hostile(), inlines()).prop_map(|(title, body)| Block::Callout { title, body }),
        Just(Block::Rule),
        Just(Block::PageBreak),
    ]
}

/// The same words in every place that a quote has.
pub(super) fn quote_of(text: &str) -> Block {
    Block::Quote {
        text: text.to_owned(),
        citation: Some(text.to_owned()),
        note: Some(text.to_owned()),
    }
}

pub(super) fn as_markdown(blocks: &[Block]) -> String {
    let mut out = Vec::new();
    write(Box::new(markdown(&mut out)), blocks);
    String::from_utf8(out).expect("text")
}

pub(super) fn as_html(blocks: &[Block], page: &Page) -> String {
    let mut out = Vec::new();
    write(Box::new(html(&mut out, page)), blocks);
    String::from_utf8(out).expect("text")
}

fn write(mut renderer: Box<dyn Renderer + '_>, blocks: &[Block]) {
    for block in blocks {
        renderer
            .block(block)
            .expect("a vector takes all that is written to it");
    }
    renderer
        .finish()
        .expect("a vector takes all that is written to it");
}
