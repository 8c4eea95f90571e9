//! Files that were made to harm, or were damaged on the way: each is refused with its reason or read with a warning, soon,
//! without filling the memory or the stack.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::error::What;
use super::fixtures::{zip_of, zipped};
use super::properties::holds;
use super::{Error, Imported, Options, limits, read};

const ODT: &str = "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\"><office:body><office:text>";
const ODT_END: &str = "</office:text></office:body></office:document-content>";
const CONTAINER: &[u8] =
    b"<container><rootfiles><rootfile full-path=\"b.opf\"/></rootfiles></container>";
const BOOK: &[u8] = b"<package><manifest><item id=\"a\" href=\"a.xhtml\" media-type=\"application/xhtml+xml\"/></manifest><spine><itemref idref=\"a\"/></spine></package>";

fn open(name: &str, bytes: &[u8]) -> Result<Imported, Error> {
    let began = Instant::now();
    let answer = read(name, bytes, &Options::default());
    // Tests run unoptimised and side by side; what is quadratic takes minutes.
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "{name}: {:?}",
        began.elapsed()
    );
    answer
}

fn refusal(name: &str, bytes: &[u8]) -> Error {
    open(name, bytes)
        .map(|imported| imported.text.len())
        .expect_err(name)
}

fn odt(body: &str) -> Vec<u8> {
    zip_of(&[("content.xml", format!("{ODT}{body}{ODT_END}").as_bytes())])
}

fn epub(page: &[u8]) -> Vec<u8> {
    zip_of(&[
        ("META-INF/container.xml", CONTAINER),
        ("b.opf", BOOK),
        ("a.xhtml", page),
    ])
}

#[test]
fn bombs() {
    let blanks = vec![b' '; (64 << 20) + 1];
    let (odt, epub) = (zip_of(&[("content.xml", &blanks)]), epub(&blanks));
    assert_eq!(
        refusal("a.odt", &odt),
        Error::Bomb {
            file: What::OpenDocument
        }
    );
    assert_eq!(refusal("a.epub", &epub), Error::Bomb { file: What::Ebook });
    let names: Vec<String> = (0..=limits::ZIP_ENTRIES).map(|n| n.to_string()).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    for (name, file) in [("a.odt", What::OpenDocument), ("a.epub", What::Ebook)] {
        assert_eq!(
            refusal(name, &zip_of(&parts)),
            Error::TooManyEntries { file }
        );
    }
}

#[test]
fn billions_of_laughs() {
    let laughs = "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
    let bytes = zip_of(&[(
        "content.xml",
        format!("{laughs}{ODT}<text:p>&b;</text:p>{ODT_END}").as_bytes(),
    )]);
    assert_eq!(
        refusal("a.odt", &bytes),
        Error::DocType {
            file: What::OpenDocument
        }
    );
    let book = format!("{laughs}{}", String::from_utf8_lossy(BOOK));
    let bytes = zip_of(&[
        ("META-INF/container.xml", CONTAINER),
        ("b.opf", book.as_bytes()),
    ]);
    assert_eq!(
        refusal("a.epub", &bytes),
        Error::DocType { file: What::Ebook }
    );
    // A page's own entities are never looked at.
    let page = format!("{laughs}<html><body><p>Ada: &b; and so on</p></body></html>");
    let text = open("a.epub", &epub(page.as_bytes())).expect("a text").text;
    assert!(text.contains("&b; and so on"), "{text}");
}

#[test]
fn nests_of_a_hundred_thousand() {
    const DEEP: usize = 100_000;
    let deep = |open: &str, words: &str, close: &str| {
        format!("{}{words}{}", open.repeat(DEEP), close.repeat(DEEP))
    };
    let xml = odt(&deep(
        "<text:section>",
        "<text:p>a</text:p>",
        "</text:section>",
    ));
    let most = limits::XML_DEPTH;
    assert_eq!(
        refusal("a.odt", &xml),
        Error::TooDeep {
            file: What::OpenDocument,
            most
        }
    );
    let most = limits::HTML_DEPTH;
    let too_deep = Error::TooDeep {
        file: What::WebPage,
        most,
    };
    for element in [
        "div",
        "b",
        "span",
        "ul",
        "table",
        "blockquote",
        "font",
        "svg",
    ] {
        let page = deep(&format!("<{element}>"), "a", &format!("</{element}>"));
        let page = format!("<html><body>{page}");
        // A table closes the one that it stands in: such pages are flat.
        for (name, bytes) in [
            ("a.epub", epub(page.as_bytes())),
            ("a.html", page.into_bytes()),
        ] {
            match open(name, &bytes) {
                Err(error) => assert_eq!(error, too_deep, "{element}"),
                Ok(imported) => assert_eq!(imported.text, "a", "{element}"),
            }
        }
    }
    let most = limits::RTF_DEPTH;
    let too_deep = Error::TooDeep {
        file: What::Rtf,
        most,
    };
    assert_eq!(
        refusal(
            "a.rtf",
            format!("{{\\rtf1 {}", deep("{", "a", "}")).as_bytes()
        ),
        too_deep
    );
    assert_eq!(
        refusal(
            "a.rtf",
            format!("{{\\rtf1 {{\\info {}", deep("{", "a", "}")).as_bytes()
        ),
        too_deep
    );
    let notes = format!("{{\\rtf1 {}", deep("{\\footnote a", "a", "}"));
    assert_eq!(refusal("a.rtf", notes.as_bytes()), too_deep);
}

#[test]
fn many_flat_things_take_no_time() {
    const MANY: usize = 20_000;
    let page = format!(
        "<html><body>{}",
        "<p>Ada: <b>hello</b><br></p><img>".repeat(MANY)
    );
    assert_eq!(
        open("a.html", page.as_bytes()).expect("a text").turns.len(),
        MANY
    );
    let text = format!(
        "{{\\rtf1 {}}}",
        "Ada: \\b hello\\b0\\par {\\pict 00}".repeat(MANY)
    );
    assert_eq!(
        open("a.rtf", text.as_bytes()).expect("a text").turns.len(),
        MANY
    );
    let text = odt(&"<text:p>Ada: <text:s text:c=\"3\"/>hello</text:p>".repeat(MANY));
    assert_eq!(open("a.odt", &text).expect("a text").turns.len(), MANY);
    // A blank that is repeated a billion times is one that somebody typed wrongly.
    let text = odt("<text:p>Ada:<text:s text:c=\"4294967295\"/>hello</text:p>");
    assert!(open("a.odt", &text).is_ok_and(|imported| imported.text.len() < 2_000));
}

#[test]
fn names_that_lead_out() {
    let bytes = zip_of(&[
        ("META-INF/container.xml", b"<c><rootfile full-path=\"../../b.opf\"/></c>"),
        (
            "b.opf",
            b"<p><item id=\"a\" href=\"../../../etc/passwd\" media-type=\"text/html\"/><item id=\"b\" href=\"/etc/shadow\" media-type=\"text/html\"/><itemref idref=\"a\"/><itemref idref=\"b\"/></p>",
        ),
        ("../../../etc/passwd", b"<p>never read</p>"),
        ("etc/shadow", b"<p>Only what is inside</p>"),
    ]);
    let imported = open("a.epub", &bytes).expect("a text");
    assert_eq!(imported.text, "Only what is inside");
    assert_eq!(
        imported.warnings,
        ["1 page that the book names and doesn't hold"]
    );
    let bytes = zip_of(&[("../content.xml", ODT.as_bytes())]);
    let missing = Error::NoText {
        file: What::OpenDocument,
        part: "content.xml",
    };
    assert_eq!(refusal("a.odt", &bytes), missing);
}

#[test]
fn halves_and_wrong_signs() {
    assert_eq!(
        refusal("a.odt", b"PK\x03\x04"),
        Error::NotOne {
            file: What::OpenDocument
        }
    );
    assert_eq!(
        refusal("a.odt", b"Ada: hello"),
        Error::NotOne {
            file: What::OpenDocument
        }
    );
    assert_eq!(
        refusal("a.rtf", b"Ada: hello"),
        Error::NotOne { file: What::Rtf }
    );
    let damaged = Error::Damaged {
        file: What::OpenDocument,
        part: "content.xml",
    };
    assert_eq!(
        refusal("a.odt", &zip_of(&[("content.xml", ODT.as_bytes())])),
        damaged
    );
    assert_eq!(
        refusal("a.odt", &zip_of(&[("content.xml", b"<a>\xff</a>")])),
        damaged
    );
    assert_eq!(refusal("a.odt", &odt("<text:p>&#xD800;</text:p>")), damaged);
    let table = "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\"><office:body/></office:document-content>";
    assert_eq!(
        refusal("a.odt", &zip_of(&[("content.xml", table.as_bytes())])),
        Error::NoText {
            file: What::OpenDocument,
            part: "office:text"
        }
    );
    let page = open(
        "a.html",
        b"<meta charset=utf-8><p>Ada: caf\xe9 and &#xD800;",
    )
    .expect("a text");
    assert_eq!(page.text, "Ada: caf\u{fffd} and \u{fffd}");
    assert_eq!(
        page.warnings,
        ["1 place that is not UTF-8 became U+FFFD, the first at byte 31"]
    );
    let lone = open(
        "a.rtf",
        b"{\\rtf1 Ada: a \\u-10179?b \\u-8704?c \\u-10179?\\u233?\\par}",
    )
    .expect("a text");
    assert_eq!(lone.text, "Ada: a \u{fffd}b \u{fffd}c \u{fffd}é");
    assert_eq!(
        lone.warnings,
        ["3 signs that cannot be decoded became U+FFFD"]
    );
    let page = open("a.rtf", b"{\\rtf1\\ansi\\ansicpg437 Ada: a\\'e9\\par}").expect("a text");
    assert_eq!(page.text, "Ada: aé");
    assert_eq!(
        page.warnings,
        ["code page 437 is not known; read as windows-1252"]
    );
}

/// The fixtures that damage is done to, unpacked or packed as they are read.
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/import");
    [
        "interview.odt",
        "changes.odt",
        "flat.fodt",
        "interview.epub",
        "interview.html",
        "page.html",
        "interview.rtf",
        "changes.rtf",
        "strict.docx",
        "interview.docx",
    ]
    .iter()
    .map(|name| {
        let path = folder.join(name);
        let bytes = if path.is_dir() {
            zipped(&path)
        } else {
            std::fs::read(&path).expect("a fixture")
        };
        ((*name).to_owned(), bytes)
    })
    .collect()
}

/// Pieces of web pages in any order.
fn page() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            4 => "(Ada|Ben)?:? ?[a-zé😀]{0,8}",
            8 => "</?(p|div|b|i|a|table|tr|td|th|ul|ol|li|pre|h1|br|q|del|ins|form|select|option|template|svg|math|script|style|title|body|html|head|caption|tbody|frameset|textarea|button|ruby|rt)( hidden| start=9| role=doc-footnote| style='display:none')?/?>",
            1 => "&(amp|lt|nbsp|#8217|#xD800|nonsense);?",
            1 => "<!--|-->|<!DOCTYPE|<\\?xml|<!\\[CDATA\\[|\\]\\]>",
        ],
        0..60,
    )
    .prop_map(|pieces| pieces.concat())
}

/// Pieces of RTF in any order.
fn rtf() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            4 => "(Ada|Ben)?:? ?[a-z]{0,8}",
            8 => "\\\\(par|pard|cell|row|trowd|intbl|nestcell|line|tab|plain|deleted|deleted0|v|v0|uc0|uc2|u8217|u-10179|u-8704|bin3|f0|f1|s1|outlinelevel0|mac|ansicpg932|deff1|ftnalt) ?",
            3 => "\\{(\\\\(footnote|\\*\\\\unknown|listtext|shp|\\*\\\\shpinst|shptxt|pict|upr|\\*\\\\ud|header|fonttbl|stylesheet|field|fldrslt|annotation|object|result))?",
            4 => "\\}",
            2 => "\\\\'[0-9a-f]{0,2}|\\\\[~*_\\\\{}-]|\\\\",
        ],
        0..80,
    )
    .prop_map(|pieces| format!("{{\\rtf1 {}", pieces.concat()))
}

/// Pieces of an OpenDocument text in any nesting.
fn open_document() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => "(Ada|Ben)?:? ?[a-zé😀 ]{0,8}",
        1 => Just("<text:s text:c=\"2\"/><text:tab/><text:line-break/>".to_owned()),
        1 => Just("<draw:image/>".to_owned()),
    ];
    let names = [
        "text:p",
        "text:p",
        "text:h",
        "text:span",
        "text:list",
        "text:list-item",
        "text:note",
        "text:section",
        "text:changed-region",
        "table:table",
        "table:table-row",
        "table:table-cell",
        "draw:frame",
        "draw:text-box",
        "office:annotation",
        "office:body",
        "office:text",
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        (
            proptest::sample::select(names.to_vec()),
            proptest::collection::vec(inner, 0..6),
        )
            .prop_map(|(name, children)| format!("<{name}>{}</{name}>", children.concat()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn pages_of_any_shape(page in page(), xhtml in any::<bool>()) {
        let bytes = if xhtml { epub(page.as_bytes()) } else { page.into_bytes() };
        if let Ok(imported) = read(if xhtml { "a.epub" } else { "a.html" }, &bytes, &Options::default()) {
            holds(&imported)?;
        }
    }

    #[test]
    fn rtf_of_any_shape(rtf in rtf()) {
        if let Ok(imported) = read("a.rtf", rtf.as_bytes(), &Options::default()) {
            holds(&imported)?;
        }
    }

    #[test]
    fn open_documents_of_any_shape(body in open_document()) {
        if let Ok(imported) = read("a.odt", &odt(&body), &Options::default()) {
            holds(&imported)?;
        }
    }

    #[test]
    fn random_bytes_behind_the_right_beginning(bytes in proptest::collection::vec(any::<u8>(), 0..300), which in 0..4_usize) {
        let (name, begins): (&str, &[u8]) =
            [("a.rtf", &b"{\\rtf1 "[..]), ("a.html", b"<html>"), ("a.fodt", b"<?xml version='1.0'?>"), ("a.epub", b"PK\x03\x04")][which];
        if let Ok(imported) = read(name, &[begins, &bytes].concat(), &Options::default()) {
            holds(&imported)?;
        }
    }

    #[test]
    fn damaged_files(which in any::<proptest::sample::Index>(), hits in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6), cut in any::<bool>()) {
        let fixtures = fixtures();
        let (name, bytes) = which.get(&fixtures);
        let mut bytes = bytes.clone();
        for (at, byte) in &hits {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        if cut {
            let at = hits[0].0.index(bytes.len());
            bytes.truncate(at);
        }
        if let Ok(imported) = read(name, &bytes, &Options::default()) {
            holds(&imported)?;
        }
    }
}
