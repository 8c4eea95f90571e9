//! What is a name and what is not, case by case and for any text.

use proptest::prelude::*;

use super::find::{Doubt, Names};
use crate::governance::key::{Entity, EntityKind, Key};

pub(super) fn entity(number: u32, kind: EntityKind, names: &[&str], replacement: &str) -> Entity {
    Entity {
        number,
        kind,
        real: names[0].into(),
        aliases: names[1..].iter().map(|n| (*n).into()).collect(),
        replacement: replacement.into(),
        participant: None,
        case: None,
        contact: None,
    }
}

pub(super) fn key() -> Key {
    use EntityKind::{Organisation, Person, Place};
    Key {
        entities: vec![
            entity(1, Person, &["Ann Example", "Ann", "Annie"], "P07"),
            entity(
                2,
                Organisation,
                &["Alder Vale General Hospital", "Alder Vale"],
                "Hospital A",
            ),
            entity(3, Person, &["Zoë O’Hara", "Mrs O’Hara"], "P08"),
            entity(4, Person, &["Will Jones", "Will", "Jones"], "P09"),
            entity(5, Place, &["St Bryn"], "Town B"),
            entity(6, Person, &["Anne-Marie Smith"], "P10"),
            entity(7, Organisation, &["AVT", "Marks & Field"], "Trust A"),
            entity(8, Person, &["May"], "P11"),
        ],
        ..Key::default()
    }
}

/// Hits as `word>entity`, with the doubt behind `?`.
fn found(text: &str) -> Vec<String> {
    Names::new(&key())
        .find(text)
        .into_iter()
        .map(|h| {
            let doubt = h.doubt.map(|d| format!("?{d}")).unwrap_or_default();
            format!("{}>{}{doubt}", &text[h.span], h.entity)
        })
        .collect()
}

#[test]
fn whole_words_are_names_and_parts_of_words_are_not() {
    for (text, wanted) in [
        ("Ann said so.", vec!["Ann>1"]),
        ("the Annual report, Annabel, annul, Hannah, ann2", vec![]),
        (
            "I met Ann Example, and Ann\nExample; and Ann   Example",
            vec!["Ann Example>1", "Ann\nExample>1", "Ann   Example>1"],
        ),
        ("ANN EXAMPLE and Annie", vec!["ANN EXAMPLE>1", "Annie>1"]),
        ("Ann\n\nExample", vec!["Ann>1", "Example>1?part-of-name"]),
        (
            "Dr Ann Example, Mrs. Ann Example",
            vec!["Ann Example>1", "Ann Example>1"],
        ),
        (
            "Mrs O'Hara, but not the O'Hara",
            vec!["O'Hara>3", "O'Hara>3?part-of-name"],
        ),
        (
            "ZOE\u{308} O`HARA or Zoe O’Hara",
            vec!["ZOE\u{308} O`HARA>3", "Zoe O’Hara>3"],
        ),
        (
            "at Alder Vale General Hospital in Alder Vale",
            vec!["Alder Vale General Hospital>2", "Alder Vale>2"],
        ),
        ("St. Bryn, St Bryn", vec!["St. Bryn>5", "St Bryn>5"]),
        (
            "Marks and Field, Marks & Field, Marks&Field",
            vec!["Marks>7?part-of-name", "Marks & Field>7", "Marks&Field>7"],
        ),
    ] {
        assert_eq!(found(text), wanted, "{text}");
    }
}

#[test]
fn what_is_bent_onto_a_name_stays_outside_it() {
    for (text, wanted) in [
        ("Ann's, Ann’s and Ann'll", vec!["Ann>1", "Ann>1", "Ann>1"]),
        ("Mr Jones' car, Jones’s car", vec!["Jones>4", "Jones>4"]),
        ("the Joneses and the Anns", vec!["Jones>4", "Ann>1"]),
        (
            "I asked Anns and Mr Joneses",
            vec!["Ann>1?plural", "Jones>4?plural"],
        ),
        (
            "‘Ann’ and 'Ann' and (Ann) and Ann-led",
            vec!["Ann>1", "Ann>1", "Ann>1", "Ann>1"],
        ),
    ] {
        assert_eq!(found(text), wanted, "{text}");
    }
}

#[test]
fn what_may_be_something_else_is_doubtful() {
    for (text, wanted) in [
        ("so ann said", vec!["ann>1?lower-case"]),
        (
            "Will you? I asked Will. he will. WILL WE",
            vec![
                "Will>4?ordinary-word",
                "Will>4",
                "will>4?lower-case",
                "WILL>4?ordinary-word",
            ],
        ),
        ("Then Will's plan. Will’s plan", vec!["Will>4", "Will>4"]),
        (
            "in May we met Dr May and May’s team",
            vec!["May>8?ordinary-word", "May>8", "May>8"],
        ),
        (
            "Ann-Louise, Barry-Jones, Jones-Barry",
            vec![
                "Ann>1?hyphenated",
                "Jones>4?hyphenated",
                "Jones>4?hyphenated",
            ],
        ),
        (
            "Anne-Marie Smith, Anne Marie Smith, Anne-Marie",
            vec![
                "Anne-Marie Smith>6",
                "Anne Marie Smith>6",
                "Anne-Marie>6?part-of-name",
            ],
        ),
        (
            "with Ann Tharpe and Bob Jones",
            vec!["Ann>1?another-name", "Jones>4?another-name"],
        ),
        (
            "the Alder Vael team; A. Example and A Example",
            vec![
                "Alder Vael>2?spelling",
                "A. Example>1?initials",
                "A Example>1?initials",
            ],
        ),
        ("Ann Exmaple came", vec!["Ann>1", "Exmaple>1?spelling"]),
        (
            "to AVGH or AVT or Avt or avt",
            vec![
                "AVGH>2?initials",
                "AVT>7",
                "Avt>7?ordinary-word",
                "avt>7?lower-case",
            ],
        ),
        ("Zoe was there", vec!["Zoe>3?part-of-name"]),
    ] {
        assert_eq!(found(text), wanted, "{text}");
    }
}

#[test]
fn marks_are_passed_over() {
    assert_eq!(found("[P07]’s [Hospital A] and [Ann laughs]"), ["Ann>1"]);
    let names = Names::new(&key());
    let mut key = key();
    key.entities[0].aliases.push("Hospital A".into());
    assert!(names.find("[Hospital A]").is_empty());
    assert!(Names::new(&key).find("[Hospital A]").is_empty());
    assert!(Names::new(&Key::default()).find("Ann").is_empty());
}

#[test]
fn names_of_two_people_are_told_to_be() {
    let mut key = key();
    key.entities
        .push(entity(9, EntityKind::Person, &["Zoë Barnes"], "P12"));
    let hits = Names::new(&key).find("then Zoe came");
    assert_eq!(hits[0].doubt, Some(Doubt::Several));
    assert_eq!(hits[0].entity, 3);
}

#[test]
fn scripts_without_blanks_have_names_too() {
    let key = Key {
        entities: vec![
            entity(1, EntityKind::Person, &["王芳"], "P01"),
            entity(2, EntityKind::Person, &["محمد علي"], "P02"),
        ],
        ..Key::default()
    };
    let names = Names::new(&key);
    for (text, wanted) in [("我叫王芳。", "王芳"), ("قال محمد علي ذلك", "محمد علي")]
    {
        let hits = names.find(text);
        assert_eq!(hits.len(), 1, "{text}");
        assert_eq!(&text[hits[0].span.clone()], wanted);
        assert!(hits[0].sure());
    }
}

/// A key of names that hide: ordinary words, two letters, hyphens, accents.
fn hiding() -> Key {
    use EntityKind::{Organisation, Person, Place};
    Key {
        entities: vec![
            entity(1, Person, &["Ann Quillfeather"], "P01"),
            entity(2, Person, &["Zoë Brontëwick"], "P02"),
            entity(3, Person, &["Will May"], "P03"),
            entity(4, Person, &["Siobhan O'Dwyerlyn"], "P04"),
            entity(5, Person, &["Jean-Luc Marchbankson"], "P05"),
            entity(6, Person, &["Xu Li"], "P06"),
            entity(
                7,
                Organisation,
                &["Grimthorpe Royal Infirmary", "GRI"],
                "Hospital A",
            ),
            entity(8, Place, &["Wobbleton"], "Town A"),
            entity(9, Person, &["He Young"], "P09"),
        ],
        ..Key::default()
    }
}

fn hidden(text: &str) -> Vec<String> {
    Names::new(&hiding())
        .find(text)
        .into_iter()
        .map(|h| {
            let doubt = h.doubt.map(|d| format!("?{d}")).unwrap_or_default();
            format!("{}>{}{doubt}", &text[h.span], h.entity)
        })
        .collect()
}

#[test]
fn every_part_of_a_persons_name_is_looked_for() {
    for (text, wanted) in [
        ("Mr May blocks it.", vec!["May>3"]),
        ("so Cllr. May and Lady Will said", vec!["May>3", "Will>3"]),
        ("Will's office said no.", vec!["Will>3"]),
        ("Will said that no.", vec!["Will>3?part-of-name"]),
        (
            "and Will and May",
            vec!["Will>3?part-of-name", "May>3?part-of-name"],
        ),
        ("William May said no.", vec!["May>3?part-of-name"]),
        (
            "Mr Li said no. Xu said no.",
            vec!["Li>6", "Xu>6?part-of-name"],
        ),
        ("Li Xu said no. XU LI too", vec!["Li Xu>6", "XU LI>6"]),
        (
            "Quillfeather, Ann and Dr Quillfeather",
            vec!["Quillfeather, Ann>1", "Quillfeather>1"],
        ),
        (
            "with A.Q. and A. Q. of theirs",
            vec!["A.Q>1?initials", "A. Q>1?initials"],
        ),
        (
            "AnnQuillfeather, annquillfeather and JeanLuc, ODwyerlyn",
            vec![
                "AnnQuillfeather>1",
                "annquillfeather>1?joined",
                "JeanLuc>5?joined",
                "ODwyerlyn>4?joined",
            ],
        ),
        (
            "Ann\u{2060}Quillfeather, Ann \u{200b}Quillfeather, \u{feff}Quill\u{2060}feather",
            vec![
                "Ann\u{2060}Quillfeather>1",
                "Ann \u{200b}Quillfeather>1",
                "Quill\u{2060}feather>1?part-of-name",
            ],
        ),
        (
            "Quill feather, Quill-feather, Wobble ton",
            vec![
                "Quill feather>1?joined",
                "Quill-feather>1?joined",
                "Wobble ton>8?joined",
            ],
        ),
        (
            "Zoey is Wobbletonian, in Grimthorpian style",
            vec![
                "Zoey>2?derived",
                "Wobbletonian>8?derived",
                "Grimthorpian>7?derived",
            ],
        ),
        ("so quillfeather said", vec!["quillfeather>1?part-of-name"]),
    ] {
        assert_eq!(hidden(text), wanted, "{text}");
    }
}

#[test]
fn words_that_are_names_too_are_left_where_nothing_says_so() {
    for text in [
        "Will you? May I? He said that he's there. He's there, and that is his.",
        "in May 2021, on 3 May, since May; the will of young people; many may",
        "WILL YOU? Young people will. May be. The Will2. It may. Many.",
        "Dr Young-Barnes",
    ] {
        let found = hidden(text);
        assert!(
            found.iter().all(|f| f.contains("hyphenated")),
            "{text}: {found:?}"
        );
    }
    // Another person of that name.
    assert_eq!(hidden("so Dr Will Tharpe"), ["Will>3?another-name"]);
}

#[test]
fn organisations_are_looked_for_by_what_is_theirs() {
    for (text, wanted) in [
        ("Grimthorpe said no.", vec!["Grimthorpe>7?part-of-name"]),
        (
            "at the Royal Infirmary",
            vec!["Royal Infirmary>7?part-of-name"],
        ),
        ("G.R.I. said, and GRI", vec!["G.R.I>7?initials", "GRI>7"]),
        (
            "the royal infirmary, an Infirmary, the Royal family",
            vec![],
        ),
    ] {
        assert_eq!(hidden(text), wanted, "{text}");
    }
}

proptest! {
    /// Hits are in order, never overlap, stand on characters, and hold whole words.
    #[test]
    fn hits_are_whole_words_in_order(text in "(Ann|Example|Zoë|Zoe\u{308}|O|Hara|Will|will|Jones|May|Alder|Vale|Vael|s|[a-z]{1,3}| |\n|’|'|-|\\.|\\[|\\]|P07|é|王){0,40}") {
        let mut end = 0;
        for hit in Names::new(&key()).find(&text) {
            prop_assert!(hit.span.start >= end);
            prop_assert!(text.get(hit.span.clone()).is_some());
            let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() && c != '王');
            prop_assert!(!letter(text[..hit.span.start].chars().next_back()) || text[hit.span.start..].starts_with('王'));
            let rest = &text[hit.span.end..];
            let bent = rest.starts_with('s') || rest.starts_with("es");
            prop_assert!(bent || !letter(rest.chars().next()));
            end = hit.span.end;
        }
    }

    /// However it is written, a full name standing by itself between ordinary words is found, and surely.
    #[test]
    fn a_name_is_found_in_every_dress(blank in "( |\n|  |\u{a0})", capitals: bool, nfd: bool, before in "[a-z]{2,5}", after in "(,|\\.| [a-z]{2,4}|’s|'s|\\))") {
        use unicode_normalization::UnicodeNormalization;
        let mut name = format!("Zoë{blank}O’Hara");
        if capitals { name = name.to_uppercase(); }
        if nfd { name = name.nfd().collect(); }
        let text = format!("and {before} {name}{after}");
        let hits = Names::new(&key()).find(&text);
        prop_assert_eq!(hits.len(), 1, "{:?}", hits);
        prop_assert!(hits[0].sure());
        prop_assert_eq!(&text[hits[0].span.clone()], &*name);
    }

    #[test]
    fn any_text_can_be_searched(text in "\\PC{0,60}") {
        for hit in Names::new(&key()).find(&text) {
            prop_assert!(text.get(hit.span).is_some());
        }
    }
}
