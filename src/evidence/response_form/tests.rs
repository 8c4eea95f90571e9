//! Filled forms: what is read in them, and what is refused with its place.

use proptest::prelude::*;

use super::*;

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|&cell| cell.to_owned()).collect()
}

/// A form for finding 3, with these boxes and words.
fn form(boxes: [&str; 5], words: &str) -> Vec<Vec<Vec<String>>> {
    let mut finding = vec![row(&["Finding 3", "Nobody decides."])];
    for ((_, label), tick) in LABELS.iter().zip(boxes) {
        finding.push(row(&[label, tick]));
    }
    finding.push(row(&[IN_WORDS, words]));
    vec![
        vec![row(&["n", "something else"])],
        vec![row(&[FORM, "3F9A2C41 / P09 / 87"]), row(&["By", "May"])],
        finding,
        vec![row(&[ELSE, ""]), row(&[IN_WORDS, ""])],
    ]
}

fn one(kind: Answer, text: Option<&str>) -> NewAnswer {
    NewAnswer {
        finding: Some(3),
        kind,
        text: text.map(str::to_owned),
    }
}

#[test]
fn a_form_says_whose_it_is_and_what_is_ticked() {
    let read = read_tables(&form(["☒", "☐", "", "", ""], "")).expect("a form");
    assert_eq!(
        read.name,
        Some(FormName {
            study: "3f9a2c41".to_owned(),
            reader: Reader::Participant("P09".to_owned()),
            version: 87
        })
    );
    assert_eq!(read.answers, [one(Answer::Confirm, None)]);
    let read = read_tables(&form(["x", "", " X ", "", ""], "and more")).expect("a form");
    assert_eq!(
        read.answers,
        [
            one(Answer::Confirm, None),
            one(Answer::Add, Some("and more"))
        ]
    );
    assert_eq!(read_tables(&form([""; 5], "")).expect("a form").answers, []);
}

#[test]
fn ticks_of_any_usual_kind() {
    for tick in ["x", "X", "✓", "✔", "☒", "☑", "yes", "Yes ", "[x]", "☐ x"] {
        assert_eq!(ticked(tick), Some(true), "{tick}");
    }
    for none in ["", " ", "☐", "no", "[ ]", "-"] {
        assert_eq!(ticked(none), Some(false), "{none}");
    }
    for unclear in ["?", "partly", "see below"] {
        assert_eq!(ticked(unclear), None, "{unclear}");
    }
}

#[test]
fn what_could_mean_two_things_is_refused_with_its_place() {
    let refused = |boxes, words| {
        read_tables(&form(boxes, words))
            .expect_err("unclear")
            .to_string()
    };
    assert_eq!(
        refused(["x", "x", "", "", ""], "hm"),
        "finding 3 has two boxes ticked that do not go together: confirm and disagree"
    );
    assert_eq!(
        refused([""; 5], "But no."),
        "finding 3 has words, and no box is ticked"
    );
    assert_eq!(
        refused(["", "", "", "", "x"], " "),
        "finding 3 has `remove` ticked, and no words that say what"
    );
    assert_eq!(
        refused(["perhaps", "", "", "", ""], ""),
        "in finding 3, what stands beside `confirm` is neither a tick nor nothing"
    );
    let mut twice = form(["x", "", "", "", ""], "");
    twice.push(twice[2].clone());
    assert_eq!(
        read_tables(&twice),
        Err(Unclear::Twice {
            place: "finding 3".to_owned()
        })
    );
    assert_eq!(read_tables(&[]), Err(Unclear::NoForm));
    assert_eq!(
        read_tables(&[vec![row(&[FORM, "P09"])]]),
        Err(Unclear::NoName)
    );
}

#[test]
fn words_to_the_whole_need_no_box() {
    let mut tables = form([""; 5], "");
    tables[3][1][1] = "Thank you.".to_owned();
    let read = read_tables(&tables).expect("a form");
    assert_eq!(
        read.answers,
        [NewAnswer {
            finding: None,
            kind: Answer::Add,
            text: Some("Thank you.".to_owned())
        }]
    );
}

fn rows(all: &[&[&str]]) -> Vec<SheetRow> {
    (1..)
        .zip(all)
        .map(|(number, cells)| SheetRow {
            number,
            cells: row(cells),
        })
        .collect()
}

#[test]
fn a_table_may_hold_many_forms() {
    let read = read_rows(&rows(&[
        &["Participant", "Finding", "Answer", "Text", "Received"],
        &["P07", "3", "Confirm", "", "2021-05-02"],
        &["P07", "whole", "", "Thanks", "2021-05-02"],
        &["P08", "3", "disagree", "Not here", ""],
    ]))
    .expect("forms");
    assert_eq!(read.len(), 2);
    assert_eq!(read[0].who.as_deref(), Some("P07"));
    assert_eq!(read[0].received.as_deref(), Some("2021-05-02"));
    assert_eq!(read[0].answers.len(), 2);
    assert_eq!(read[1].answers, [one(Answer::Disagree, Some("Not here"))]);
}

#[test]
fn a_table_is_refused_by_row() {
    for (table, said) in [
        (
            &[&["finding", "answer"][..], &["3", "confirm"]][..],
            "row 2 (finding 3) names no participant",
        ),
        (
            &[
                &["participant", "finding", "answer"][..],
                &["P07", "third", "confirm"],
            ],
            "row 2 is not known: a form has `Finding N` and `Anything else`",
        ),
        (
            &[
                &["participant", "finding", "answer"][..],
                &["P07", "3", "perhaps"],
            ],
            "row 2 (finding 3) has an answer that is none of: confirm, disagree, add, correct, remove, no-reply",
        ),
        (
            &[
                &["participant", "finding", "confirm", "disagree"][..],
                &["P07", "3", "x", "x"],
            ],
            "row 2 (finding 3) has two boxes ticked that do not go together: confirm and disagree",
        ),
        (
            &[&["participant", "answer"][..]],
            "the table has no column `finding`",
        ),
        (
            &[&["participant", "finding"][..]],
            "the table has no column `answer`",
        ),
    ] {
        assert_eq!(
            read_rows(&rows(table)).expect_err("unclear").to_string(),
            said
        );
    }
}

proptest! {
    #[test]
    fn the_name_of_a_form_comes_back(study in "[0-9a-f]{8}", code in "[A-Za-z0-9._-]{1,12}", case in any::<bool>(), version in 0_i64..1_000_000) {
        let reader = if case { Reader::Case(code) } else { Reader::Participant(code) };
        let name = FormName { study, reader, version };
        prop_assert_eq!(name.to_string().parse::<FormName>(), Ok(name));
    }

    #[test]
    fn nothing_that_stands_in_a_form_is_too_much(tables in prop::collection::vec(prop::collection::vec(prop::collection::vec("(Form|Finding ?[0-9x]*|Anything else|In your words|Confirm|x|☐|\\PC{0,4})", 0..3), 0..4), 0..5)) {
        read_tables(&tables).ok();
        for table in tables {
            let rows: Vec<SheetRow> = (1..).zip(table).map(|(number, cells)| SheetRow { number, cells }).collect();
            read_rows(&rows).ok();
        }
    }
}
