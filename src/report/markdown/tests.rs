//! What was said comes out as text: rendered, read back by a reader with and without extensions, and compared.

use comrak::nodes::NodeCode;
use comrak::parse_document;
use proptest::prelude::*;

use super::super::sample::{as_markdown, block, hostile, inlines, quote_of};
use super::super::{runs, text};
use super::*;
use runs::Run;

/// Readers as they are met: plain `CommonMark`, and one with everything that could take plain words for markup.
fn readers() -> [Options<'static>; 2] {
    let mut all = options();
    all.extension.tasklist = true;
    all.extension.footnotes = true;
    all.extension.superscript = true;
    all.extension.subscript = true;
    all.extension.math_dollars = true;
    all.extension.math_code = true;
    all.extension.alerts = true;
    all.extension.description_lists = true;
    all.extension.underline = true;
    all.extension.ofm_comments = true;
    all.extension.front_matter_delimiter = Some("---".to_owned());
    all.parse.relaxed_autolinks = true;
    all.parse.relaxed_tasklist_matching = true;
    [Options::default(), all]
}

/// The text of a node as a reader of the page would see it: breaks as line ends, markup gone.
fn seen(node: Node<'_>) -> String {
    let mut text = String::new();
    for node in node.descendants() {
        match &node.data().value {
            NodeValue::Text(words) => text.push_str(words),
            NodeValue::Code(NodeCode { literal, .. }) => text.push_str(literal),
            NodeValue::LineBreak => text.push('\n'),
            NodeValue::SoftBreak => text.push_str("<soft break>"),
            NodeValue::HtmlInline(markup)
                if markup.starts_with("<a id=") || markup == "</a>" || markup == "<!-- -->" => {}
            NodeValue::HtmlInline(_) | NodeValue::HtmlBlock(_) => text.push_str("<html>"),
            NodeValue::Image(_) | NodeValue::CodeBlock(_) | NodeValue::FootnoteReference(_) => {
                text.push_str("<strange>");
            }
            _ => {}
        }
    }
    text
}

/// The kinds of a document's blocks, with the text of each paragraph, cell or heading in it.
fn read(markdown: &str, options: &Options<'_>) -> Vec<(String, Vec<String>)> {
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, options);
    let mut found = Vec::new();
    for top in root.children() {
        let leaves = top
            .descendants()
            .filter(|node| {
                matches!(
                    node.data().value,
                    NodeValue::Paragraph | NodeValue::Heading(_) | NodeValue::TableCell
                )
            })
            .map(seen)
            .collect();
        let kind = match &top.data().value {
            NodeValue::Heading(heading) => format!("h{}", heading.level),
            NodeValue::HtmlBlock(html) => html.literal.trim().to_owned(),
            NodeValue::List(list) => format!(
                "list {}",
                if list.list_type == comrak::nodes::ListType::Bullet {
                    "-"
                } else {
                    "1"
                }
            ),
            value => value.xml_node_name().to_owned(),
        };
        found.push((kind, leaves));
    }
    found
}

fn said(inlines: &[Inline]) -> Option<String> {
    let runs = runs::runs(inlines);
    let text: String = runs
        .iter()
        .map(|run| match run {
            Run::Text(words)
            | Run::Strong(words)
            | Run::Emphasis(words)
            | Run::Code(words)
            | Run::Link { text: words, .. } => words,
            Run::Break => "\n",
        })
        .collect();
    (!runs.is_empty()).then_some(text)
}

fn paragraphs(words: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for (before, line) in text::lines(&text::clean(words)) {
        match all.last_mut() {
            Some(last) if before == Before::Line => {
                last.push('\n');
                last.push_str(line);
            }
            _ => all.push(line.to_owned()),
        }
    }
    all
}

/// What a reader has to find for a block.
fn expected(block: &Block, after_list: bool) -> Vec<(String, Vec<String>)> {
    let one = |kind: &str, leaves: Vec<String>| vec![(kind.to_owned(), leaves)];
    let line =
        |words: &str| Some(text::one_line(words).into_owned()).filter(|words| !words.is_empty());
    match block {
        Block::Title {
            title,
            subtitle,
            facts,
        } => {
            let mut all = Vec::new();
            all.extend(line(title).map(|title| ("h1".to_owned(), vec![title])));
            all.extend(
                subtitle
                    .as_deref()
                    .and_then(line)
                    .map(|words| ("paragraph".to_owned(), vec![words])),
            );
            all.extend(said(&fact_lines(facts)).map(|words| ("paragraph".to_owned(), vec![words])));
            all
        }
        Block::Heading {
            level,
            text,
            anchor,
        } => line(text).map_or_else(Vec::new, |words| {
            let blank = if anchor.is_some() { " " } else { "" };
            one(&format!("h{}", (*level).clamp(2, 4)), vec![words + blank])
        }),
        Block::Paragraph(inlines) => {
            said(inlines).map_or_else(Vec::new, |words| one("paragraph", vec![words]))
        }
        Block::Bullets(items) | Block::Numbered(items) if items.is_empty() => Vec::new(),
        Block::Bullets(items) | Block::Numbered(items) => {
            let kind = if matches!(block, Block::Bullets(_)) {
                "list -"
            } else {
                "list 1"
            };
            let mut all = if after_list {
                one("<!-- end of list -->", Vec::new())
            } else {
                Vec::new()
            };
            all.extend(one(
                kind,
                items.iter().filter_map(|item| said(item)).collect(),
            ));
            all
        }
        Block::Quote {
            text,
            citation,
            note,
        } => {
            let mut all = paragraphs(text);
            if all.is_empty() {
                return Vec::new();
            }
            let citation = citation
                .as_deref()
                .and_then(line)
                .map(|words| format!("— {words}"));
            let below: Vec<_> = citation
                .into_iter()
                .chain(note.as_deref().and_then(line))
                .collect();
            all.extend((!below.is_empty()).then(|| below.join("\n")));
            one("block_quote", all)
        }
        Block::Table {
            caption,
            head,
            rows,
            ..
        } => {
            let columns = rows.iter().map(Vec::len).fold(head.len(), usize::max);
            if columns == 0 {
                return Vec::new();
            }
            let mut all = Vec::new();
            all.extend(
                caption
                    .as_deref()
                    .and_then(line)
                    .map(|words| ("paragraph".to_owned(), vec![words])),
            );
            let cells = std::iter::once(head).chain(rows).flat_map(|row| {
                (0..columns).map(|i| row.get(i).and_then(|words| line(words)).unwrap_or_default())
            });
            all.extend(one("table", cells.collect()));
            all
        }
        Block::Callout { title, body } => {
            let all: Vec<_> = line(title).into_iter().chain(said(body)).collect();
            if all.is_empty() {
                Vec::new()
            } else {
                one("block_quote", all)
            }
        }
        Block::Rule => one("thematic_break", Vec::new()),
        Block::Picture { .. } | Block::PageBreak => Vec::new(),
    }
}

/// A reader without tables sees a table as a paragraph; everything else has to be the same.
fn check(blocks: &[Block]) -> Result<(), TestCaseError> {
    let markdown = as_markdown(blocks);
    let mut wanted = Vec::new();
    let mut after_list = false;
    for block in blocks {
        let found = expected(block, after_list);
        if !found.is_empty() {
            after_list = matches!(block, Block::Bullets(_) | Block::Numbered(_));
        }
        wanted.extend(found);
    }
    let tables = blocks
        .iter()
        .any(|block| matches!(block, Block::Table { .. }));
    for (reader, options) in readers().iter().enumerate() {
        if reader == 0 && tables {
            continue;
        }
        prop_assert_eq!(
            &read(&markdown, options),
            &wanted,
            "reader {}\n{}\n{:?}",
            reader,
            &markdown,
            blocks
        );
    }
    Ok(())
}

/// Adds to the last of the same kind, for readers cut plain text as they like.
fn merge(all: &mut Vec<(&'static str, String)>, (kind, words): (&'static str, String)) {
    match all.last_mut() {
        Some((last, text)) if kind.is_empty() && last.is_empty() => text.push_str(&words),
        _ if kind.is_empty() && words.is_empty() => {}
        _ => all.push((kind, words)),
    }
}

#[test]
fn a_report_reads_well_in_plain_text() {
    let text = |s: &str| Inline::Text(s.to_owned());
    let blocks = [
        Block::Title {
            title: "What we heard".into(),
            subtitle: Some("Debrief for P07".into()),
            facts: vec![
                ("Study".into(), "Shared waiting lists".into()),
                ("Date".into(), "2024-05-01".into()),
            ],
        },
        Block::Heading {
            level: 2,
            text: "Finding 1: who decides".into(),
            anchor: Some("finding-1".into()),
        },
        Block::Paragraph(vec![
            text("Two of "),
            Inline::Strong("three".into()),
            text(" sites (see "),
            Inline::Link {
                text: "below".into(),
                to: "#finding-1".into(),
            },
            text(")."),
        ]),
        Block::Quote {
            text: "It was the board!\nNobody asked us: not once.\n\n[laughs] 1 * 2".into(),
            citation: Some("P07, T01:12".into()),
            note: Some("shortened".into()),
        },
        Block::Bullets(vec![vec![text("one")], vec![text("two")]]),
        Block::Numbered(vec![vec![text("first")], vec![text("second")]]),
        Block::Table {
            caption: Some("Codings by case".into()),
            head: vec!["Theme".into(), "Hill".into()],
            rows: vec![
                vec!["governance | accountability".into(), "4".into()],
                vec!["trust".into()],
            ],
            numeric: vec![false, true],
        },
        Block::Callout {
            title: "Your consent".into(),
            body: vec![text("Nothing is quoted without it.")],
        },
        Block::Rule,
        Block::PageBreak,
        Block::Paragraph(vec![text("End.")]),
    ];
    let expected = r#"# What we heard

*Debrief for P07*

**Study:** Shared waiting lists\
**Date:** 2024-05-01

## Finding 1: who decides <a id="finding-1"></a>

Two of **three** sites (see [below](#finding-1)).

> It was the board\!\
> Nobody asked us: not once.
> 
> \[laughs\] 1 \* 2
> 
> — P07, T01:12\
> *shortened*

- one
- two

<!-- end of list -->

1. first
2. second

*Codings by case*

| Theme | Hill |
| --- | --: |
| governance \| accountability | 4 |
| trust |  |

> **Your consent**
> 
> Nothing is quoted without it.

-----

End.
"#;
    assert_eq!(as_markdown(&blocks), expected);
}

#[test]
fn harmless_colons_and_stops_are_left_alone() {
    let words = "At 10:30 she said: no. It is C++, R&D and 5% = 3, www or not.";
    let block = Block::Quote {
        text: words.into(),
        citation: None,
        note: None,
    };
    assert_eq!(
        as_markdown(&[block]),
        "> At 10:30 she said: no. It is C++, R\\&D and 5% = 3, www or not.\n"
    );
}

/// comrak writes a link whose text is its address between angle brackets, where a reader may see no link.
#[test]
fn a_link_called_by_its_address_stays_a_link() {
    let link = |address: &str| Inline::Link {
        text: address.into(),
        to: format!("mailto:{address}"),
    };
    let markdown = as_markdown(&[Block::Paragraph(vec![
        link("(a)"),
        Inline::text(" "),
        link("a@b.example"),
    ])]);
    assert_eq!(
        markdown,
        "[(a)](mailto:\\(a\\)) [a\\@b.example](mailto:a@b.example)\n"
    );
}

/// Readers that know these are not at hand here, so that the bytes have to speak for themselves.
#[test]
fn emoji_formulas_and_addresses_are_kept_from_readers_that_know_them() {
    let words = ":smile: :+1: mailto:a@b.example XMPP:a@b.example $x$ a^b^ ==x== https://a.example www.a.example";
    let block = Block::Quote {
        text: words.into(),
        citation: None,
        note: None,
    };
    let expected = "> \\:smile: \\:+1: mailto\\:a\\@b.example XMPP\\:a\\@b.example \\$x\\$ a\\^b\\^ \\=\\=x\\=\\= \
                    https\\://a.example www\\.a.example\n";
    assert_eq!(as_markdown(&[block]), expected);
}

#[test]
fn nothing_makes_nothing() {
    let nothing = [
        Block::Title {
            title: " ".into(),
            subtitle: None,
            facts: vec![],
        },
        Block::Heading {
            level: 2,
            text: "\u{202e}".into(),
            anchor: None,
        },
        Block::Paragraph(vec![
            Inline::Strong(String::new()),
            Inline::Code(" ".into()),
            Inline::Break,
        ]),
        Block::Bullets(vec![]),
        Block::Quote {
            text: "\n\n".into(),
            citation: Some("P07".into()),
            note: None,
        },
        Block::Table {
            caption: Some("c".into()),
            head: vec![],
            rows: vec![vec![]],
            numeric: vec![true],
        },
        Block::Callout {
            title: String::new(),
            body: vec![],
        },
        Block::PageBreak,
    ];
    assert_eq!(as_markdown(&nothing), "");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn a_quote_is_read_as_it_was_said(words in hostile()) {
        check(&[quote_of(&words)])?;
    }

    #[test]
    fn a_line_is_read_as_it_was_said(inlines in inlines()) {
        check(&[Block::Paragraph(inlines)])?;
    }

    #[test]
    fn emphasis_code_and_links_are_where_they_were_put(inlines in inlines()) {
        let markdown = as_markdown(&[Block::Paragraph(inlines.clone())]);
        let mut wanted = Vec::new();
        for run in runs::runs(&inlines) {
            merge(&mut wanted, match run {
                Run::Text(words) => ("", words.into_owned()),
                Run::Strong(words) => ("strong", words.into_owned()),
                Run::Emphasis(words) => ("emphasis", words.into_owned()),
                Run::Code(words) => ("code", words.into_owned()),
                Run::Link { text, to } => ("link", format!("{text} -> {to}")),
                Run::Break => ("", "\n".to_owned()),
            });
        }
        for options in readers() {
            let arena = Arena::new();
            let root = parse_document(&arena, &markdown, &options);
            let mut found = Vec::new();
            for node in root.children().flat_map(comrak::arena_tree::Node::children) {
                merge(&mut found, match &node.data().value {
                    NodeValue::Strong => ("strong", seen(node)),
                    NodeValue::Emph => ("emphasis", seen(node)),
                    NodeValue::Code(_) => ("code", seen(node)),
                    NodeValue::Link(link) => ("link", format!("{} -> {}", seen(node), link.url)),
                    _ => ("", seen(node)),
                });
            }
            prop_assert_eq!(&found, &wanted, "{}", markdown);
        }
    }

    #[test]
    fn a_cell_is_read_as_it_was_said(words in prop::collection::vec(hostile(), 1..4)) {
        check(&[Block::Table { caption: None, head: words.clone(), rows: vec![words], numeric: vec![] }])?;
    }

    #[test]
    fn a_heading_is_read_as_it_was_said(text in hostile(), anchor in prop::option::of(hostile())) {
        check(&[Block::Heading { level: 3, text, anchor }])?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_document_keeps_its_blocks(blocks in prop::collection::vec(block(), 0..7)) {
        check(&blocks)?;
    }
}
