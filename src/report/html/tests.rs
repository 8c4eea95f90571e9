//! The page is whole, holds only the tags that are written here, and says what was said.

use proptest::prelude::*;

use super::super::document::contents as headings;
use super::super::runs::{Run, runs};
use super::super::sample::{as_html, block, hostile};
use super::*;

/// A piece of a page, as a reader without any knowledge of ours takes it apart.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Open(String),
    Close(String),
    Words(String),
}

/// Every tag that a page may hold.
const TAGS: &[&str] = &[
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "main",
    "header",
    "h1",
    "h2",
    "h3",
    "h4",
    "p",
    "dl",
    "div",
    "dt",
    "dd",
    "nav",
    "ol",
    "ul",
    "li",
    "a",
    "strong",
    "em",
    "code",
    "br",
    "hr",
    "figure",
    "blockquote",
    "figcaption",
    "span",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "aside",
];

const EMPTY: &[&str] = &["meta", "br", "hr"];

fn pieces(html: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(tag) = rest.find('<') {
        if tag > 0 {
            found.push(Piece::Words(unescaped(&rest[..tag])));
        }
        let end = tag + rest[tag..].find('>').expect("a tag ends");
        let inside = rest[tag + 1..end].trim_end_matches(" /");
        found.push(match inside.strip_prefix('/') {
            Some(name) => Piece::Close(name.to_owned()),
            None => Piece::Open(inside.to_owned()),
        });
        rest = &rest[end + 1..];
    }
    found.push(Piece::Words(unescaped(rest)));
    found
}

fn unescaped(text: &str) -> String {
    let unescaped = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    let bare = unescaped.replace("&amp;", "");
    assert!(!text.contains('>') && !text.contains('"'), "{text}");
    // Whatever still looks like an entity was said, and its `&` was escaped.
    assert_eq!(bare.matches('&').count(), 0, "{text}");
    unescaped.replace("&amp;", "&")
}

/// The inside of `<main>`, checked: known tags, closed in order, links only of three kinds.
fn body(html: &str) -> Result<Vec<Piece>, TestCaseError> {
    let start = html.find("<main>\n").expect("a page has a main part") + "<main>\n".len();
    let end = html.rfind("</main>").expect("a page has a main part");
    let found = pieces(&html[start..end]);
    let mut open = Vec::new();
    for piece in &found {
        match piece {
            Piece::Open(tag) => {
                let name = tag.split(' ').next().unwrap_or_default();
                prop_assert!(TAGS.contains(&name), "{}", tag);
                if let Some((_, to)) = tag.split_once("href=\"") {
                    prop_assert!(
                        ["#", "https://", "mailto:"]
                            .iter()
                            .any(|kind| to.starts_with(kind)),
                        "{}",
                        tag
                    );
                }
                prop_assert!(
                    !tag.contains(" on") && tag.matches('"').count() % 2 == 0,
                    "{}",
                    tag
                );
                if !EMPTY.contains(&name) {
                    open.push(name);
                }
            }
            Piece::Close(name) => prop_assert_eq!(open.pop(), Some(name.as_str())),
            Piece::Words(_) => {}
        }
    }
    prop_assert!(open.is_empty());
    Ok(found)
}

/// The words of each block element, with `\n` for a break.
fn leaves(pieces: &[Piece]) -> Vec<String> {
    let mut leaves = vec![String::new()];
    for piece in pieces {
        match piece {
            Piece::Words(words) => {
                // What we lay out ourselves stands at line ends; what people said holds none.
                let words = words.trim_matches('\n');
                leaves
                    .last_mut()
                    .expect("there is one from the start")
                    .push_str(words);
            }
            Piece::Open(tag) if tag == "br" => leaves
                .last_mut()
                .expect("there is one from the start")
                .push('\n'),
            Piece::Open(tag) | Piece::Close(tag)
                if ["a", "strong", "em", "code"]
                    .contains(&tag.split(' ').next().unwrap_or_default()) => {}
            _ => leaves.push(String::new()),
        }
    }
    leaves.retain(|leaf| !leaf.trim_matches(' ').is_empty());
    leaves
}

fn expected(block: &Block) -> Vec<String> {
    let line = |words: &str| text::one_line(words).into_owned();
    let inlines = |inlines: &[Inline]| {
        runs(inlines)
            .into_iter()
            .map(|run| match run {
                Run::Text(words)
                | Run::Strong(words)
                | Run::Emphasis(words)
                | Run::Code(words)
                | Run::Link { text: words, .. } => words.into_owned(),
                Run::Break => "\n".to_owned(),
            })
            .collect::<String>()
    };
    let mut all = match block {
        Block::Title {
            title,
            subtitle,
            facts,
        } => {
            let facts = facts
                .iter()
                .flat_map(|(key, value)| [line(key), line(value)]);
            [
                line(title),
                subtitle.as_deref().map(line).unwrap_or_default(),
            ]
            .into_iter()
            .chain(facts)
            .collect()
        }
        Block::Heading { text, .. } => vec![line(text)],
        Block::Picture { title, caption, .. } => vec![line(title), line(caption)],
        Block::Paragraph(body) => vec![inlines(body)],
        Block::Bullets(items) | Block::Numbered(items) => {
            items.iter().map(|item| inlines(item)).collect()
        }
        Block::Quote {
            text,
            citation,
            note,
        } => {
            let words = text::clean(text);
            let mut all: Vec<String> = Vec::new();
            for (before, words) in text::lines(&words) {
                match all.last_mut() {
                    Some(last) if before == Before::Line => {
                        last.push('\n');
                        last.push_str(words);
                    }
                    _ => all.push(words.to_owned()),
                }
            }
            if !all.is_empty() {
                all.extend(
                    [citation, note]
                        .into_iter()
                        .flatten()
                        .map(|words| line(words)),
                );
            }
            all
        }
        Block::Table {
            caption,
            head,
            rows,
            ..
        } => {
            let cells: Vec<_> = head
                .iter()
                .chain(rows.iter().flatten())
                .map(|words| line(words))
                .collect();
            let caption = caption
                .as_deref()
                .filter(|_| !head.is_empty() || rows.iter().any(|row| !row.is_empty()));
            caption.map(line).into_iter().chain(cells).collect()
        }
        Block::Callout { title, body } => vec![line(title), inlines(body)],
        Block::Rule | Block::PageBreak => Vec::new(),
    };
    all.retain(|leaf| !leaf.is_empty());
    all
}

fn page() -> Page {
    Page::new("A report", "en")
}

fn heading(text: &str, anchor: Option<&str>) -> Block {
    Block::Heading {
        level: 2,
        text: text.into(),
        anchor: anchor.map(Into::into),
    }
}

#[test]
fn an_empty_report_is_a_page() {
    let page = as_html(&[], &Page::new("A <b> & B", "de-CH"));
    assert!(
        page.starts_with(
            "<!DOCTYPE html>\n<html lang=\"de-CH\">\n<head>\n<meta charset=\"utf-8\">\n"
        )
    );
    assert!(page.contains("<title>A &lt;b&gt; &amp; B</title>"));
    assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
    assert!(page.ends_with("<main>\n</main>\n</body>\n</html>\n"));
}

#[test]
fn the_page_stands_by_itself() {
    for elsewhere in [
        "http", "url(", "@import", "src=", "<link", "<script", "</style",
    ] {
        assert!(
            !STYLE.replace("a[href^=\"https:\"]", "").contains(elsewhere),
            "{elsewhere}"
        );
    }
}

#[test]
fn a_language_that_is_none_is_english() {
    for (tag, expected) in [
        ("fr", "fr"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("", "en"),
        ("\"><script>", "en"),
        ("en_GB", "en"),
    ] {
        assert_eq!(language(tag), expected);
    }
}

#[test]
fn blocks_have_the_elements_that_say_what_they_are() {
    let text = |s: &str| Inline::Text(s.to_owned());
    let blocks = [
        Block::Quote {
            text: "One.\nTwo.\n\n<Three>".into(),
            citation: Some("P07, T01:12".into()),
            note: Some("shortened".into()),
        },
        Block::Table {
            caption: Some("Codings".into()),
            head: vec!["Theme".into(), "Hill".into()],
            rows: vec![vec!["a & b".into(), "4".into()], vec!["c".into()]],
            numeric: vec![false, true],
        },
        Block::Callout {
            title: "Consent".into(),
            body: vec![text("Until "), Inline::Strong("May".into())],
        },
        Block::Bullets(vec![
            vec![Inline::Link {
                text: "f".into(),
                to: "#f".into(),
            }],
            vec![text("two"), Inline::Break, text("lines")],
        ]),
    ];
    let html = as_html(&blocks, &page());
    let expected = r##"<figure class="quote">
<blockquote dir="auto">
<p>One.<br>
Two.</p>
<p>&lt;Three&gt;</p>
</blockquote>
<figcaption><span class="citation">P07, T01:12</span> <span class="note">shortened</span></figcaption>
</figure>
<div class="table short">
<table>
<caption>Codings</caption>
<thead>
<tr><th scope="col">Theme</th><th scope="col" class="number">Hill</th></tr>
</thead>
<tbody>
<tr><th scope="row">a &amp; b</th><td class="number">4</td></tr>
<tr><th scope="row">c</th><td class="number"></td></tr>
</tbody>
</table>
</div>
<aside class="callout">
<p class="callout-title">Consent</p>
<p>Until <strong>May</strong></p>
</aside>
<ul>
<li><a href="#f">f</a></li>
<li>two<br />
lines</li>
</ul>
</main>
"##;
    assert!(html.contains(expected), "{html}");
}

#[test]
fn contents_come_with_the_fifth_heading_and_point_at_what_follows() {
    let mut blocks = vec![Block::Title {
        title: "T".into(),
        subtitle: None,
        facts: vec![],
    }];
    blocks.extend(
        ["Who decides?", "Who decides?", "Über uns", "***"].map(|text| heading(text, None)),
    );
    let few = page().with_headings(headings(&blocks));
    assert!(!as_html(&blocks, &few).contains("<nav"));

    blocks.push(Block::Heading {
        level: 3,
        text: "Who decides?".into(),
        anchor: None,
    });
    blocks.push(heading("Finding", Some("finding 1")));
    let html = as_html(&blocks, &page().with_headings(headings(&blocks)));
    let title = html.find("</header>").expect("a title");
    let nav = html
        .find("<nav class=\"contents\" aria-label=\"Contents\">")
        .expect("a table of contents");
    let first = html.find("<h2").expect("a heading");
    assert!(title < nav && nav < first);
    for name in ["who-decides", "who-decides-2", "section", "finding-1"] {
        assert!(
            html.contains(&format!("<a href=\"#{name}\">"))
                && html.contains(&format!("<h2 id=\"{name}\">")),
            "{name}"
        );
    }
    assert!(
        html.contains("<a href=\"#%C3%BCber-uns\">Über uns</a>")
            && html.contains("<h2 id=\"über-uns\">")
    );
    assert!(html.contains("<h3 id=\"who-decides-3\">"));
}

#[test]
fn a_report_without_a_title_has_its_contents_first() {
    let blocks: Vec<_> = ["a", "b", "c", "d", "e"]
        .map(|text| heading(text, None))
        .into();
    let html = as_html(&blocks, &page().with_headings(headings(&blocks)));
    assert!(html.contains("<main>\n<nav"));
}

#[test]
fn broad_tables_and_long_ones_are_marked_for_print() {
    let of = |columns: usize, rows: usize| {
        let table = Block::Table {
            caption: None,
            head: vec!["a".into(); columns],
            rows: vec![vec![]; rows],
            numeric: vec![],
        };
        let html = as_html(&[table], &page());
        html.lines()
            .find(|line| line.starts_with("<div"))
            .expect("a table")
            .to_owned()
    };
    assert_eq!(of(6, 12), "<div class=\"table short\">");
    assert_eq!(of(7, 13), "<div class=\"table wide\">");
    assert_eq!(of(11, 1), "<div class=\"table short wide broad\">");
    assert_eq!(of(19, 13), "<div class=\"table wide broad broadest\">");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_page_says_what_was_said_and_nothing_else(blocks in prop::collection::vec(block(), 0..6)) {
        let html = as_html(&blocks, &page());
        let found = leaves(&body(&html)?);
        let wanted: Vec<_> = blocks.iter().flat_map(expected).collect();
        prop_assert_eq!(found, wanted, "{}", html);
        prop_assert!(!html.contains(|c: char| c.is_control() && c != '\n'));
    }

    #[test]
    fn whatever_the_page_is_called(title in hostile(), language in hostile(), contents in hostile(), names in prop::collection::vec((hostile(), prop::option::of(hostile())), 5..8)) {
        let blocks: Vec<_> = names.iter().map(|(text, anchor)| heading(text, anchor.as_deref())).collect();
        let page = Page { title: title.clone(), language, headings: headings(&blocks), contents };
        let html = as_html(&blocks, &page);
        let found = body(&html)?;
        let (head, _) = html.split_once("<style>").expect("a page has a style");
        let head = pieces(head.strip_prefix("<!DOCTYPE html>\n").expect("a page begins so"));
        let tags = head.iter().filter(|piece| matches!(piece, Piece::Open(_))).count();
        prop_assert_eq!(tags, 7);
        let title = text::one_line(&title).into_owned();
        prop_assert!(title.is_empty() || head.contains(&Piece::Words(title)));
        // Every link leads to a heading, and no two headings share a name.
        let attribute = |start: &str| {
            let tags = found.iter().filter_map(|piece| match piece { Piece::Open(tag) => tag.strip_prefix(start), _ => None });
            tags.map(|rest| rest.trim_end_matches('"').to_owned()).collect::<Vec<_>>()
        };
        let mut ids: Vec<_> = attribute("h2 id=\"").iter().map(|id| {
            let mut href = String::new();
            comrak::html::escape_href(&mut href, id, false).expect("a string takes all that is written to it");
            href
        }).collect();
        for to in attribute("a href=\"#") {
            prop_assert!(ids.contains(&to), "{}", to);
        }
        let count = ids.len();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), count);
    }
}
