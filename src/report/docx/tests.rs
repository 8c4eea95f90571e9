//! Word files, read back part by part: whatever was said is text, every reference leads somewhere, nothing tells who or when.

use std::io::{Cursor, Read};

use proptest::prelude::*;
use quick_xml::events::Event;
use quick_xml::reader::NsReader;

use super::super::document::contents;
use super::super::sample::{block, hostile};
use super::*;

fn page() -> Page {
    Page::new("A study", "en-GB")
}

fn written(blocks: &[Block], page: &Page) -> Vec<u8> {
    let mut out = Vec::new();
    let mut to: Box<dyn Renderer + '_> = Box::new(docx(&mut out, page));
    for block in blocks {
        to.block(block).expect("memory takes all");
    }
    to.finish().expect("memory takes all");
    out
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut text = String::new();
    zip.by_name(name)
        .expect(name)
        .read_to_string(&mut text)
        .expect("UTF-8");
    text
}

/// The paragraphs of a part, each with its style; read by the vocabulary, as Word does. Fails on what is not well formed.
fn paragraphs(xml: &str) -> Vec<(String, String)> {
    let mut reader = NsReader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut found: Vec<(String, String)> = Vec::new();
    let mut in_text = false;
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(tag) => match tag.name().as_ref() {
                "w:p" => found.push(Default::default()),
                "w:pStyle" => {
                    let style = tag.try_get_attribute("w:val").expect("an attribute");
                    found.last_mut().expect("a paragraph").0 =
                        style.expect("a style").value.to_string();
                }
                "w:t" => in_text = true,
                "w:br" => found.last_mut().expect("a paragraph").1.push('\n'),
                _ => {}
            },
            Event::End(tag) if tag.name().as_ref() == "w:t" => in_text = false,
            Event::Text(text) if in_text => {
                found.last_mut().expect("a paragraph").1.push_str(&text);
            }
            Event::GeneralRef(name) if in_text => {
                found.last_mut().expect("a paragraph").1.push(match &*name {
                    "lt" => '<',
                    "gt" => '>',
                    "amp" => '&',
                    other => panic!("an entity that nobody wrote: {other}"),
                });
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

/// What XML can hold of clean words.
fn held(words: &str) -> String {
    words.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

fn said(inlines: &[Inline]) -> String {
    let words = runs(inlines).iter().fold(String::new(), |mut all, run| {
        match run {
            Run::Text(w) | Run::Strong(w) | Run::Emphasis(w) | Run::Code(w) => all.push_str(w),
            Run::Link { text, .. } => all.push_str(text),
            Run::Break => all.push('\n'),
        }
        all
    });
    held(&words)
}

/// The paragraphs that a block should come out as.
fn expected(block: &Block) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut add = |style: &str, words: String| found.push((style.to_owned(), words));
    let line = |words: &str| held(&text::one_line(words));
    match block {
        Block::Title {
            title,
            subtitle,
            facts,
        } => {
            if !line(title).is_empty() {
                add("Title", line(title));
            }
            if let Some(subtitle) = subtitle.as_deref().map(line).filter(|s| !s.is_empty()) {
                add("Subtitle", subtitle);
            }
            for (key, value) in facts {
                let colon = if line(key).is_empty() { "" } else { ": " };
                add("Facts", format!("{}{colon}{}", line(key), line(value)));
            }
        }
        Block::Heading { level, text, .. } => {
            if !line(text).is_empty() {
                let level = (*level).clamp(2, 4) - 1;
                add(&format!("Heading{level}"), line(text));
            }
        }
        Block::Paragraph(inlines) => {
            if !runs(inlines).is_empty() {
                add("Normal", said(inlines));
            }
        }
        Block::Bullets(items) => items.iter().for_each(|i| add("ListBullet", said(i))),
        Block::Numbered(items) => items.iter().for_each(|i| add("ListNumber", said(i))),
        Block::Quote {
            text: words,
            citation,
            note,
        } => {
            let clean = text::clean(words);
            let mut quote: Vec<String> = Vec::new();
            for (before, line) in text::lines(&clean) {
                match (before, quote.last_mut()) {
                    (Before::Line, Some(last)) => {
                        last.push('\n');
                        last.push_str(&held(line));
                    }
                    _ => quote.push(held(line)),
                }
            }
            if quote.is_empty() {
                return found;
            }
            for words in quote {
                add("Quote", words);
            }
            let citation = citation.as_deref().map(line).filter(|w| !w.is_empty());
            let note = note.as_deref().map(line).filter(|w| !w.is_empty());
            let source = [citation.map(|c| format!("— {c}")), note];
            let source: Vec<String> = source.into_iter().flatten().collect();
            if !source.is_empty() {
                add("QuoteSource", source.join(" "));
            }
        }
        Block::Table {
            caption,
            head,
            rows,
            ..
        } => {
            let columns = rows.iter().map(Vec::len).fold(head.len(), usize::max);
            if columns == 0 {
                return found;
            }
            if let Some(caption) = caption.as_deref().map(line).filter(|c| !c.is_empty()) {
                add("Caption", caption);
            }
            let head = (!head.is_empty()).then_some(head);
            for row in head.into_iter().chain(rows) {
                for column in 0..columns {
                    let cell = row.get(column).map_or_else(String::new, |c| line(c));
                    add("TableText", cell);
                }
            }
            add("AfterTable", String::new());
        }
        Block::Callout { title, body } => {
            if !line(title).is_empty() {
                add("CalloutTitle", line(title));
            }
            if !runs(body).is_empty() {
                add("Callout", said(body));
            }
        }
        Block::Rule => add("Rule", String::new()),
        Block::Picture { .. } | Block::PageBreak => {}
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_was_said_comes_out_as_text(blocks in prop::collection::vec(block(), 0..6)) {
        let blocks: Vec<Block> = blocks.into_iter().filter(|b| !matches!(b, Block::PageBreak)).collect();
        let bytes = written(&blocks, &page());
        let xml = part(&bytes, "word/document.xml");
        let wanted: Vec<_> = blocks.iter().flat_map(expected).collect();
        prop_assert_eq!(paragraphs(&xml), wanted);
        // Every list that is named is defined, and every address that is linked to.
        let numbering = part(&bytes, "word/numbering.xml");
        let relations = part(&bytes, "word/_rels/document.xml.rels");
        for (from, to, mark) in [(&xml, &numbering, "w:numId w:val=\""), (&xml, &relations, "r:id=\"")] {
            for piece in from.split(mark).skip(1) {
                let id = piece.split('"').next().unwrap_or_default();
                let there = to.contains(&format!("w:num w:numId=\"{id}\"")) || to.contains(&format!("Id=\"{id}\""));
                prop_assert!(there, "{}", id);
            }
        }
        paragraphs(&relations);
        paragraphs(&numbering);
        // The same report gives the same bytes.
        prop_assert_eq!(written(&blocks, &page()), bytes);
    }

    #[test]
    fn whatever_the_page_is_called(title in hostile(), language in hostile(), names in prop::collection::vec(hostile(), 0..8)) {
        let blocks: Vec<_> = names.iter().map(|text| Block::Heading { level: 2, text: text.clone(), anchor: None }).collect();
        let page = Page { language, ..Page::new(title, "") }.with_headings(contents(&blocks));
        let bytes = written(&blocks, &page);
        for name in ["word/document.xml", "docProps/core.xml", "word/styles.xml", "word/settings.xml", "word/footer1.xml", "[Content_Types].xml", "_rels/.rels"] {
            paragraphs(&part(&bytes, name));
        }
        let xml = part(&bytes, "word/document.xml");
        for piece in xml.split("w:anchor=\"").skip(1) {
            let name = piece.split('"').next().unwrap_or_default();
            let there = xml.contains(&format!("w:name=\"{name}\"/>"));
            prop_assert!(there, "{}", name);
        }
    }
}

fn words(text: &str) -> Vec<Inline> {
    vec![Inline::text(text)]
}

fn sample() -> Vec<Block> {
    vec![
        Block::Title {
            title: "Working as one".to_owned(),
            subtitle: None,
            facts: vec![("For".to_owned(), "participant P09".to_owned())],
        },
        Block::Heading {
            level: 2,
            text: "What was found".to_owned(),
            anchor: None,
        },
        Block::Paragraph(vec![
            Inline::text("Write to "),
            Inline::Link {
                text: "the team".to_owned(),
                to: "mailto:study@example.org".to_owned(),
            },
            Inline::text("."),
        ]),
        Block::Numbered(vec![words("one"), words("two")]),
        Block::PageBreak,
        Block::Table {
            caption: Some("Counts".to_owned()),
            head: vec!["Case".to_owned(), "n".to_owned()],
            rows: vec![vec!["Alder <&>".to_owned(), BOX.to_owned()]],
            numeric: vec![false, true],
        },
        Block::Quote {
            text: "We \u{1}meet\nand part.".to_owned(),
            citation: Some("Interviewee".to_owned()),
            note: None,
        },
    ]
}

#[test]
fn nothing_in_the_file_says_who_made_it_or_when() {
    let bytes = written(&sample(), &page());
    let mut zip = zip::ZipArchive::new(Cursor::new(&bytes)).expect("an archive");
    for n in 0..zip.len() {
        let entry = zip.by_index(n).expect("a part");
        assert_eq!(entry.last_modified(), Some(DateTime::default()));
    }
    let core = part(&bytes, "docProps/core.xml");
    for tag in [
        "creator",
        "lastModifiedBy",
        "created",
        "modified",
        "company",
    ] {
        assert!(!core.contains(tag), "{tag}");
    }
    assert!(core.contains("<dc:title>A study</dc:title><dc:language>en-GB</dc:language>"));
    assert!(part(&bytes, "word/settings.xml").contains("<w:removePersonalInformation/>"));
}

#[test]
fn tables_say_their_head_again_and_boxes_can_be_ticked() {
    let xml = part(&written(&sample(), &page()), "word/document.xml");
    assert_eq!(xml.matches("<w:tblHeader/>").count(), 1);
    assert_eq!(xml.matches("<w14:checkbox>").count(), 1);
    assert_eq!(xml.matches("<w:pageBreakBefore/>").count(), 1);
    assert!(xml.contains("<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"));
}

#[test]
fn the_importer_reads_the_same_words_back() {
    let bytes = written(&sample(), &page());
    let read = crate::import::read_all("a.docx", &bytes, &crate::import::Options::default());
    assert_eq!(
        read.expect("a text")[0].text,
        "# Working as one\n\nFor: participant P09\n\n# What was found\n\nWrite to the team.\n\n1. one\n\n2. two\n\nCounts\n\nCase\tn\nAlder <&>\t☐\n\nWe \u{fffd}meet\nand part.\n\n— Interviewee"
    );
}
