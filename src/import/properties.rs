//! What holds for any input: no panic, and turns that are in order, apart, inside the text, and never begin or end blank.

use proptest::prelude::*;

use super::fixtures::zip_of;
use super::{Imported, Options, read, reflow, words};
use crate::domain::section::SectionKind;
use crate::domain::span::{Codepoints, Span};

const NAMES: [&str; 12] = [
    "a.txt", "a.md", "a.docx", "a.vtt", "a.srt", "a.sbv", "a.lrc", "a.json", "a.odt", "a.rtf",
    "a.epub", "a.html",
];

/// What is true of everything that was read.
pub(super) fn holds(imported: &Imported) -> Result<(), TestCaseError> {
    let text = Codepoints::new(&imported.text);
    let mut last = 0;
    let mut sum = 0;
    let mut seen = 0;
    for turn in &imported.turns {
        prop_assert!(turn.span.start >= last, "turns overlap or are out of order");
        prop_assert!(turn.span.end > turn.span.start && turn.span.end <= text.len());
        let slice = text.slice(turn.span);
        prop_assert!(
            !slice.starts_with(char::is_whitespace) && !slice.ends_with(char::is_whitespace),
            "{:?}",
            slice
        );
        prop_assert_eq!(turn.words, words::words(slice));
        if let Some(label) = turn.label {
            prop_assert!(
                usize::from(label) <= seen,
                "labels are in the order of their first turn"
            );
            seen = seen.max(usize::from(label) + 1);
        }
        last = turn.span.end;
        sum += turn.words;
    }
    let mut open: Vec<(u8, Span)> = Vec::new();
    let mut title = 0;
    for section in &imported.sections {
        prop_assert!(section.level >= 1);
        prop_assert!(section.span.start >= title, "titles are in order");
        prop_assert!(section.span.start <= section.title.start);
        prop_assert!(section.title.end <= section.span.end && section.span.end <= text.len());
        let words = text.slice(section.title);
        prop_assert!(!words.is_empty() && words.trim() == words && !words.contains('\n'));
        while let Some((level, _)) = open.last()
            && *level >= section.level
        {
            open.pop();
        }
        if let Some((_, around)) = open.last() {
            prop_assert!(section.span.end <= around.end, "sections nest");
        }
        open.push((section.level, section.span));
        title = section.title.end;
        for (n, turn) in imported.turns.iter().enumerate() {
            let inside =
                section.span.start <= turn.span.start && turn.span.start < section.span.end;
            prop_assert_eq!(section.turns.contains(&n), inside);
            let apart = section.kind == SectionKind::Heading
                || turn.span.end <= section.title.start
                || section.title.end <= turn.span.start;
            prop_assert!(apart, "a question is no turn");
        }
    }
    prop_assert_eq!(seen, imported.labels.len(), "no label without a turn");
    prop_assert_eq!(sum, imported.words);
    for label in &imported.labels {
        prop_assert_eq!(label.trim(), label.as_str());
        prop_assert!(!label.is_empty());
    }
    let clean = !imported.text.contains('\r') && !imported.text.starts_with('\u{feff}');
    prop_assert!(clean, "line breaks are LF, and there is no BOM");
    Ok(())
}

/// Lines as transcripts have them, in any order.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "(Ada|Ben Berg|INT|P07|采访者|Q|A|Zoë)(: |:|：|  |)[a-zé’ .]{0,20}",
        2 => "\\*\\*(Ada|Ben|Break)(:\\*\\*|\\*\\*:|\\*\\*)( \\[00:01:00\\])?[a-z ]{0,9}",
        2 => "(Ada|Ben Berg) {1,2}[0-9]:[0-5][0-9] {0,2}[a-z]{0,3}",
        1 => "\\[00:0[0-9]:00\\] (Ada|Ben)(: hi)?",
        1 => "00:0[0-9]\\.000 --> 00:0[0-9]\\.000",
        1 => "\\[00:0[0-9]\\.000 --> 00:0[0-9]\\.000\\]  [a-z]{0,5}",
        1 => "<v (Ada|Ben)>[a-z<>&;]{0,9}",
        1 => "#{1,3} [a-z]{0,5}|---|===",
        1 => "(Frage|Pergunta|Date|Note|Outro|Music) ?[0-9]?: ?[a-z]{0,5}",
        2 => "(Question|Q|\\*\\*Frage |# Frage )[1-4][.:][a-z ]{0,5}\\??",
        2 => "[1-9]{1,2}[.)] [a-z]{0,5}\\?",
        3 => "",
        2 => "[ a-z\u{a0}é’😀]{0,20}",
        1 => "\\PC{0,20}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    (proptest::collection::vec(line(), 0..40), "\n|\r\n|\r")
        .prop_map(|(lines, end)| lines.join(&end))
}

/// XML as Word has it, in any order and nesting.
fn xml() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => "(Ada|Ben)?:? ?[a-zé😀]{0,8}".prop_map(|t| format!("<w:r><w:t>{t}</w:t></w:r>")),
        1 => Just("<w:r><w:br/></w:r>".to_owned()),
        1 => Just("<w:r><w:tab/><w:t>&amp;&#8217;</w:t></w:r>".to_owned()),
        1 => Just("<w:pPr><w:pStyle w:val=\"Heading1\"/><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr>".to_owned()),
        1 => Just("<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>".to_owned()),
        1 => Just("<w:trPr><w:del/></w:trPr>".to_owned()),
    ];
    let names = [
        "p",
        "p",
        "p",
        "tbl",
        "tr",
        "tc",
        "txbxContent",
        "ins",
        "del",
        "r",
        "sdt",
        "footnote",
        "pPr",
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        (
            proptest::sample::select(names.to_vec()),
            proptest::collection::vec(inner, 0..6),
        )
            .prop_map(|(name, children)| format!("<w:{name}>{}</w:{name}>", children.concat()))
    })
}

fn docx(body: &str) -> Vec<u8> {
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    zip_of(&[("word/document.xml", document.as_bytes())])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn transcripts_become_turns(text in text(), name in proptest::sample::select(NAMES.to_vec())) {
        if let Ok(imported) = read(name, text.as_bytes(), &Options::default()) {
            holds(&imported)?;
        }
    }

    #[test]
    fn prose_is_stored_as_it_was_read(text in text()) {
        if let Ok(imported) = read("a.txt", text.as_bytes(), &Options::default()) {
            let plain = text.replace("\r\n", "\n").replace('\r', "\n");
            let made = imported.warnings.iter().any(|warning| warning.starts_with("read as captions"));
            let own = reflow::original(&imported.text, &imported.reflow);
            prop_assert!(made || plain.ends_with(&own), "{:?}", imported.text);
        }
    }

    #[test]
    fn any_bytes_under_any_name(bytes in proptest::collection::vec(any::<u8>(), 0..300), name in proptest::sample::select(NAMES.to_vec())) {
        if let Ok(imported) = read(name, &bytes, &Options::default()) {
            holds(&imported)?;
        }
    }

    #[test]
    fn word_files_of_any_shape(body in proptest::collection::vec(xml(), 0..6)) {
        if let Ok(imported) = read("a.docx", &docx(&body.concat()), &Options::default()) {
            holds(&imported)?;
        }
    }

    #[test]
    fn damaged_word_files(body in xml(), at in any::<proptest::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = docx(&body);
        let at = at.index(bytes.len());
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] = byte;
        }
        if let Ok(imported) = read("a.docx", &bytes, &Options::default()) {
            holds(&imported)?;
        }
    }
}
