//! Names replaced and had back, for drafts of every kind.

use proptest::prelude::*;

use super::apply::{look, replace};
use super::find::Names;
use super::find_tests::key;
use super::reveal::reveal;
use crate::domain::span::{Codepoints, Span};
use crate::store::{NewSection, NewTurn};
use crate::study::draft::{Draft, Label};

/// Turns as (label, words), a blank line between.
fn draft(turns: &[(&str, &str)]) -> Draft {
    let mut text = String::new();
    let mut labels: Vec<Label> = Vec::new();
    let mut spans = Vec::new();
    for (label, words) in turns {
        let speaker = labels.iter().position(|l| l.label == *label);
        let speaker = speaker.unwrap_or_else(|| {
            labels.push(Label {
                label: (*label).to_owned(),
                who: Some(("unknown".into(), None)),
            });
            labels.len() - 1
        });
        text.push_str(&format!("{label}: "));
        let start = Codepoints::new(&text).len();
        text.push_str(words);
        spans.push(NewTurn {
            span: Span::new(start, Codepoints::new(&text).len()),
            speaker: Some(speaker),
            time_ms: None,
        });
        text.push_str("\n\n");
    }
    Draft {
        text,
        turns: spans,
        labels,
        sections: Vec::new(),
        reflow: None,
        format: "txt".into(),
        encoding: "UTF-8".into(),
        file_sha256: [0; 32],
        warnings: Vec::new(),
        kept: None,
    }
}

#[test]
fn names_go_from_words_labels_and_titles() {
    let mut d = draft(&[
        ("Int", "Who is Ann?"),
        ("Ann Example", "I am Ann Example’s [Annie], at Alder Vale."),
        ("ann", "ANN’S"),
    ]);
    d.text.insert_str(0, "# At Alder Vale\n\n");
    let moved = |s: Span| Span::new(s.start + 17, s.end + 17);
    for turn in &mut d.turns {
        turn.span = moved(turn.span);
    }
    d.sections.push(NewSection {
        level: 1,
        kind: "heading",
        title: "At Alder Vale".into(),
        key: "at alder vale".into(),
        span: Span::new(0, Codepoints::new(&d.text).len()),
        turns: Some((0, 2)),
    });
    let (mut key, names) = (key(), Names::new(&key()));
    key.entities[0].participant = Some("P07".into());
    let found = look(&names, &d);
    let sure: Vec<_> = found.iter().filter(|f| f.doubt.is_none()).collect();
    assert_eq!(sure.len(), found.len());
    let text = d.text.clone();
    let done = replace(&key, d, &sure, &[]).expect("it fits");
    assert_eq!(
        done.draft.text,
        "# At [Hospital A]\n\nInt: Who is [P07]?\n\nP07: I am [P07]’s [P07], at [Hospital A].\n\nP07: [P07]’S\n\n"
    );
    assert_eq!(done.draft.sections[0].title, "At [Hospital A]");
    assert_eq!(done.draft.labels.len(), 2);
    assert_eq!(done.draft.labels[1].who, None);
    assert_eq!(done.counts.get(&1), Some(&6));
    // Nothing is left to be done, and everything is had back.
    assert!(look(&names, &done.draft).is_empty());
    let back = reveal(&key, &done.draft.text, &done.applied.marks);
    assert_eq!((back.text, back.exact, back.likely), (text, 8, 0));
    let back = reveal(&key, "at [hospital a] with [P01]", &[]);
    assert_eq!(back.text, "at Alder Vale General Hospital with [P01]");
    assert_eq!(back.likely, 1);
}

#[test]
fn a_name_over_the_border_of_turns_is_none() {
    let d = draft(&[("Ann", "Example"), ("Int", "I saw Alder"), ("Vale", "yes")]);
    let names = Names::new(&key());
    let found: Vec<_> = look(&names, &d)
        .iter()
        .map(|f| (f.entity, f.doubt.is_none()))
        .collect();
    // The label, and a last name that stands alone.
    assert_eq!(found, [(1, true), (1, false), (2, false)]);
}

fn turns() -> impl Strategy<Value = Vec<(String, String)>> {
    let words = "x ((Ann Example|Ann|ANN|Annual|ann|Zoe\u{308} O’Hara|O'Hara|Will|Jones|May|Alder Vale|Alder Vale General Hospital|the Joneses|Smith-Jones|St\\. Bryn|AVT|\\[P07\\]|\\[Ann\\]|A\\. Example|Exampel|né|Tharpe|x|of|’s|\\.|,|-|王)( |\n|)){0,12} y";
    proptest::collection::vec(("(Ann Example|Int|Ann|Zoë O’Hara|B2)", words), 1..6)
}

proptest! {
    /// What was replaced comes back to the letter; nothing sure is left, though it may take a second time: a word is judged
    /// by its neighbours, and these may be gone; and the turns are the same ones.
    #[test]
    fn there_and_back(turns in turns(), doubtful: bool) {
        let turns: Vec<(&str, &str)> = turns.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let (key, names) = (key(), Names::new(&key()));
        let d = draft(&turns);
        let found = look(&names, &d);
        let chosen: Vec<_> = found.iter().filter(|f| doubtful || f.doubt.is_none()).collect();
        let (text, count) = (d.text.clone(), d.turns.len());
        let done = replace(&key, d, &chosen, &[]).expect("labels fit");
        let back = reveal(&key, &done.draft.text, &done.applied.marks);
        // Brackets that stood there before hold a replacement too: they are no name that was replaced.
        let without_brackets = text.replace("[P07]", "Ann Example");
        prop_assert_eq!(&back.text, &without_brackets);
        prop_assert_eq!(done.draft.turns.len(), count);
        let points = Codepoints::new(&done.draft.text);
        for turn in &done.draft.turns {
            let said = points.slice(turn.span);
            prop_assert!(said.starts_with('x') && said.ends_with('y'), "{}", said);
        }
        let mut done = done;
        let mut again = look(&names, &done.draft);
        if again.iter().any(|f| f.doubt.is_none()) {
            let sure: Vec<_> = again.iter().filter(|f| f.doubt.is_none()).collect();
            done = replace(&key, done.draft, &sure, &done.applied.marks).expect("fits");
            again = look(&names, &done.draft);
        }
        prop_assert!(!again.iter().any(|f| f.doubt.is_none()), "{:?}", again);
        // In two steps it is the same, and the log of the first moves with the second.
        if !doubtful {
            let second: Vec<_> = again.iter().collect();
            let more = replace(&key, done.draft, &second, &done.applied.marks).expect("fits");
            let back = reveal(&key, &more.draft.text, &more.applied.marks);
            prop_assert_eq!(&back.text, &without_brackets);
        }
    }
}
