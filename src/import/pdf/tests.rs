//! Layouts of pages, invented, and what becomes of them.

use proptest::prelude::*;

use super::*;
use crate::domain::span::Codepoints;

/// The turns of a layout as `label: words`, and the warnings.
fn turns(laid_out: &str) -> (Vec<String>, Vec<String>) {
    let draft = from_layout(laid_out).expect("a text");
    let text = Codepoints::new(&draft.text);
    let turns = draft
        .turns
        .iter()
        .map(|turn| {
            let label = turn
                .label
                .map_or("-", |label| draft.labels[usize::from(label)].as_str());
            format!("{label}: {}", text.slice(turn.span))
        })
        .collect();
    (turns, draft.warnings)
}

#[test]
fn wrapped_lines_are_joined_and_short_ones_kept() {
    let (found, _) = turns(
        "INT: How did the new rota come about, and who was asked before it\nwas put up?\n\nP07: Nobody was. It was there on a Monday\nand so we looked at it, all of us, and then went on with what we\nhad to do.\n\nINT: I see.\n\u{c}",
    );
    assert_eq!(
        found,
        [
            "INT: How did the new rota come about, and who was asked before it was put up?",
            "P07: Nobody was. It was there on a Monday\nand so we looked at it, all of us, and then went on with what we had to do.",
            "INT: I see.",
        ]
    );
}

#[test]
fn labels_begin_turns_where_no_blank_line_does() {
    let (found, _) = turns(
        "INT: How did the new rota come about, and who was asked before it\nwas put up on the board in the corridor where everybody goes by?\nP07: Nobody was asked, as far as I can tell, and I was there then.\nINT: I see.\nP07: So we looked.\n\u{c}",
    );
    assert_eq!(found.len(), 4);
    assert_eq!(
        found[0],
        "INT: How did the new rota come about, and who was asked before it was put up on the board in the corridor where everybody goes by?"
    );
}

const NUMBERED: &str = "1     Talk at the clinic\n\n2     Ada: How did the new rota come about, and who was asked before it\n      was put up?\n\n3     Ben: Nobody was.\n\n4     Ada: And then you went on to look at it together, if I have it\n\n                                                                    1/2\n\u{c}      Ada: And then you went on to look at it together, if I have it\n      right?\n\n5     Ben: We did.\n\n6     Ada: Good. And what came of it in the end, when the week was over\n\n7                                                                   2/2\n\u{c}      and the next one came?\n\n7     Ben: Nothing.\n\u{c}";

#[test]
fn numbers_in_the_margin_page_numbers_and_lines_shown_twice_go_and_are_counted() {
    let (found, warnings) = turns(NUMBERED);
    assert_eq!(
        found,
        [
            "Ada: How did the new rota come about, and who was asked before it was put up?",
            "Ben: Nobody was.",
            "Ada: And then you went on to look at it together, if I have it right?",
            "Ben: We did.",
            "Ada: Good. And what came of it in the end, when the week was over and the next one came?",
            "Ben: Nothing.",
        ]
    );
    assert_eq!(
        warnings,
        [
            "left out: 8 numbers in the margin",
            "left out: 2 lines of page headers, footers and page numbers (0 at the top of pages, 2 at the foot)",
            "left out: 1 line at the top of a page that the page before shows too",
            "in no turn: 1 line before the first speaker",
        ]
    );
}

#[test]
fn headers_and_footers_go_and_paragraphs_go_on_over_pages() {
    let page = |n: usize, words: &str| {
        format!(
            "Clinic study                      Interview 3\n\n{words}\n\n        Page {n} of 3\n\u{c}"
        )
    };
    let (found, warnings) = turns(
        &(page(
            1,
            "INT: How did the new rota come about, and who was asked before it,\nand what did the others have to say about it when they came to see",
        ) + &page(2, "what it was?\n\nP07: Nothing.")
            + &page(3, "INT: Thank you.")),
    );
    assert_eq!(
        found,
        [
            "INT: How did the new rota come about, and who was asked before it, and what did the others have to say about it when they came to see what it was?",
            "P07: Nothing.",
            "INT: Thank you.",
        ]
    );
    assert_eq!(
        warnings,
        [
            "left out: 6 lines of page headers, footers and page numbers (3 at the top of pages, 3 at the foot)"
        ]
    );
}

#[test]
fn what_comes_back_within_pages_is_no_header() {
    let text = "Ada: Yes.\n\nBen: No.\n\u{c}Ada: Yes.\n\nBen: Well.\n\u{c}";
    assert_eq!(turns(text).0.len(), 4);
    // Years at the start of lines do not count on.
    let years = "1998  we came\n2011  we left\n1987  we met\n2003  we stayed\n1975  it began\n2020  it was over\n\u{c}";
    assert_eq!(turns(years).1, Vec::<String>::new());
}

#[test]
fn what_is_said_at_the_edges_of_pages_stays() {
    // Numbered questions are not one header with a page number.
    let asked = (1..=6)
        .map(|n| {
            format!(
                "Question {n}\n\nINT: What of it{}?\nP01: Nothing.\n\u{c}",
                "a".repeat(n)
            )
        })
        .collect::<Vec<_>>()
        .concat();
    let draft = from_layout(&asked).expect("a text");
    assert_eq!(draft.text.matches("Question ").count(), 6);
    assert!(
        draft
            .warnings
            .iter()
            .all(|warning| !warning.starts_with("left out"))
    );
    // The same answer at the foot of each page.
    let answered = (1..=4)
        .map(|n| format!("INT: What of it{}?\n\nP01: Yes.\n\u{c}", "a".repeat(n)))
        .collect::<Vec<_>>()
        .concat();
    let draft = from_layout(&answered).expect("a text");
    assert_eq!(draft.text.matches("P01: Yes.").count(), 4);
    // Lines alike but for a number, on full pages.
    let alike = (0..120)
        .map(|n| {
            let turn = if n % 40 == 39 { "\u{c}" } else { "" };
            format!("INT: this is what was said in line number {n} and more\n{turn}")
        })
        .collect::<Vec<_>>()
        .concat();
    let draft = from_layout(&alike).expect("a text");
    assert_eq!(draft.text.matches("this is what was said").count(), 120);
    // A refrain within the running lines, without room between it and what follows.
    let refrain = (1..=4)
        .map(|n| {
            format!(
                "and so we went on\nand on{}, all of us\nuntil it was over\n\u{c}",
                "a".repeat(n)
            )
        })
        .collect::<Vec<_>>()
        .concat();
    let draft = from_layout(&refrain).expect("a text");
    assert_eq!(draft.text.matches("and so we went on").count(), 4);
}

#[test]
fn what_would_be_the_whole_text_is_no_header() {
    let same = "INT: hello there\nR: yes\n\u{c}".repeat(50);
    let (found, _) = turns(&same);
    assert_eq!(found.len(), 100);
    let draft = from_layout(&"The clinic\n\nis small\n\n3\n\u{c}".repeat(5)).expect("a text");
    assert_eq!(draft.text.matches("is small").count(), 5);
    assert!(!draft.text.contains('3'));
    assert_eq!(
        draft.warnings[..2],
        [
            "left out: 5 lines of page headers, footers and page numbers (0 at the top of pages, 5 at the foot)",
            "10 lines come back on most pages as headers and footers do, and were kept: they are most of the text"
        ]
    );
}

#[test]
fn page_numbers_within_headers() {
    for header in [
        "Study: the clinic             #",
        "#         Study: the clinic",
        "The clinic, Interview 3 | #",
        "https://clinic.example/3 #/12",
        "Page # of 12   The clinic",
        "The clinic 3, p. #",
    ] {
        let text = (1..=5)
            .map(|n| {
                format!(
                    "{}\n\nINT: What came of it all in the end{}?\nP01: A good deal of it was never put up on the board.\n\u{c}",
                    header.replace('#', &n.to_string()),
                    "a".repeat(n)
                )
            })
            .collect::<Vec<_>>()
            .concat();
        let draft = from_layout(&text).expect("a text");
        assert!(
            !draft.text.to_lowercase().contains("the clinic"),
            "{header}: {}",
            draft.text
        );
        assert_eq!(draft.text.matches("P01: ").count(), 5, "{header}");
    }
}

#[test]
fn words_divided_at_the_end_of_a_line() {
    let divided = "The committee looked at the proposal, and so it was that the com-\nmittee put it off for a year and a half, as it does. The govern-\nment was well-known for its long-term view, and so for a long-\nterm view we had to wait.\n\u{c}";
    let draft = from_layout(divided).expect("a text");
    assert_eq!(
        draft.text,
        "The committee looked at the proposal, and so it was that the committee put it off for a year and a half, as it does. The govern-ment was well-known for its long-term view, and so for a long-term view we had to wait."
    );
    assert_eq!(
        draft.warnings,
        ["joined: 3 words that were divided at the end of a line"]
    );
}

#[test]
fn two_columns_are_read_one_after_the_other_and_said() {
    let mut page = String::new();
    for n in 0..10 {
        page += &format!("left words of line {n:02} here        right words of line {n:02} here\n");
    }
    let draft = from_layout(&(page + "\u{c}")).expect("a text");
    let last_left = draft.text.find("left words of line 09").expect("there");
    let first_right = draft.text.find("right words of line 00").expect("there");
    assert!(last_left < first_right, "{}", draft.text);
    assert_eq!(
        draft.warnings,
        [
            "1 page has two columns, which were read one after the other; look whether the order is right"
        ]
    );
    // Names beside words are no columns.
    let table =
        "Ada:                             It was put up on the board in there.\n".repeat(12);
    assert_eq!(from_layout(&table).expect("a text").warnings.len(), 0);
}

#[test]
fn pages_without_text_are_refused() {
    assert_eq!(from_layout("\u{c}\u{c}").err(), Some(Error::PdfNoText));
    assert_eq!(from_layout("").err(), Some(Error::PdfNoPages));
    let none = read(b"%PDF-1.4", &Options::default());
    assert_eq!(none.err(), Some(Error::PdfNoReader));
    let lost = Options {
        pdf: Some(PdfReader {
            program: "/nowhere/casebook".into(),
            arguments: Vec::new(),
        }),
        ..Options::default()
    };
    assert_eq!(read(b"%PDF-1.4", &lost).err(), Some(Error::PdfNoReader));
}

proptest! {
    #[test]
    fn any_layout_keeps_its_words(text in "([A-Za-z]{1,9}[ .:]|  |\n|\n\n|\u{c}|    |ß|—){0,160}") {
        // Neither digits nor hyphens: nothing is furniture but what comes back on pages.
        let Ok(draft) = from_layout(&text) else { return Ok(()) };
        let words = |text: &str| {
            let mut all: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            all.sort_unstable();
            all
        };
        if draft.warnings.iter().all(|warning| !warning.starts_with("left out:") || warning.contains("label")) {
            prop_assert_eq!(words(&draft.text), words(&text));
        }
    }

    #[test]
    fn any_layout_is_read_without_panic(text in "([0-9]{1,3}|\\PC{1,6}|  |-\n|\n|\u{c}|     ){0,200}") {
        from_layout(&text).ok();
    }
}
