//! What is found in files of each kind, and what is not.

use super::*;
use crate::governance::key::{Entity, EntityKind, Key};

fn names() -> Names {
    let entity = |number, kind, real: &str, replacement: &str| Entity {
        number,
        kind,
        real: real.into(),
        aliases: Vec::new(),
        replacement: replacement.into(),
        participant: None,
        case: None,
        contact: None,
    };
    Names::new(&Key {
        entities: vec![
            entity(1, EntityKind::Person, "Ann Example", "P07"),
            entity(
                3,
                EntityKind::Organisation,
                "Saltmarsh Infirmary",
                "Hospital A",
            ),
        ],
        ..Key::default()
    })
}

fn watch(names: &Names) -> Watch<'_> {
    Watch {
        names: Some(names),
        codes: vec!["P01".into(), "P07".into()],
        roles: vec!["chief executive".into(), "director of finance".into()],
        contact: Some("study@example.org".into()),
        k_counts: 5,
        paths: vec!["/home/mara/study".into()],
    }
}

/// Rules and what was found, in order.
fn found(text: &str) -> Vec<(Rule, String)> {
    let names = names();
    let found = scan(&read(text.as_bytes()), &watch(&names));
    found.into_iter().map(|f| (f.rule, f.what)).collect()
}

fn one(rule: Rule, what: &str) -> Vec<(Rule, String)> {
    vec![(rule, what.to_owned())]
}

#[test]
fn names_are_found_and_not_said() {
    assert_eq!(
        found("It was Ann Example.\n"),
        one(Rule::RealName, "entity 1")
    );
    assert_eq!(
        found("Annual examples.\n\nAn infirmary.\n"),
        Vec::<(Rule, String)>::new()
    );
    // Parted by marks of Markdown, by a line's end, in a heading, a table, a comment, a quote.
    for text in [
        "It was Saltmarsh\nInfirmary.\n",
        "## Saltmarsh Infirmary\n",
        "It was **Saltmarsh** Infirmary.\n",
        "| Case | n |\n| --- | --: |\n| Saltmarsh Infirmary | 9 |\n",
        "<!-- Saltmarsh Infirmary -->\n",
        "> We at Saltmarsh Infirmary\n>\n> — Interviewee\n",
        "- Saltmarsh&nbsp;Infirmary\n",
        "Saltmarsh\\\nInfirmary\n",
    ] {
        assert_eq!(found(text), one(Rule::RealName, "entity 3"), "{text}");
    }
    let names = names();
    let document = read(b"## Saltmarsh Infirmary\n\nP01 said so.\n");
    for f in scan(&document, &watch(&names)) {
        let printed = serde_json::to_string(&f).expect("a finding is data");
        assert!(!printed.to_lowercase().contains("saltmarsh"), "{printed}");
    }
}

#[test]
fn html_is_read_where_it_is_seen_and_where_it_is_not() {
    for text in [
        "<p>Saltmarsh <em>Infirmary</em></p>",
        "<p>Salt&#109;arsh&nbsp;Infirmary</p>",
        "<img alt=\"Saltmarsh Infirmary\" src=\"a\">",
        "<meta name=\"description\" content=\"Saltmarsh Infirmary\">",
        "<!-- Saltmarsh Infirmary -->",
        "<style>/* Saltmarsh Infirmary */</style>",
        "<svg><text>Saltmarsh Infirmary</text></svg>",
        "<table><tr><td>Saltmarsh Infirmary</td><td>9</td></tr></table>",
        "<blockquote><p>Saltmarsh Infirmary</p></blockquote>",
    ] {
        let page = format!("<!DOCTYPE html>\n<html><body>{text}</body></html>");
        assert_eq!(found(&page), one(Rule::RealName, "entity 3"), "{text}");
    }
    let page = "<!DOCTYPE html><html><head><meta name=\"author\" content=\"Mara\"></head></html>";
    assert_eq!(found(page), one(Rule::Metadata, "who made it"));
}

#[test]
fn codes_stand_as_words() {
    assert_eq!(found("P01 disagreed.\n"), one(Rule::Code, "P01"));
    assert_eq!(found("[P07] disagreed.\n"), one(Rule::Code, "P07"));
    assert_eq!(found("P010, XP01 and p01x.\n"), []);
    assert!(tellable("P07") && tellable("nurse") && !tellable("12") && !tellable("A"));
}

#[test]
fn codes_are_found_however_they_are_written() {
    for text in ["p03", "P-03", "P 03", "P3", "p-03", "P_03", "(p03)"] {
        assert!(codes::stands(&format!("so {text} said"), "P03"), "{text}");
    }
    for text in [
        "p 3", "p. 3", "P030", "XP03", "P03x", "P 3", "#p03", "P 04", "P",
    ] {
        assert!(!codes::stands(&format!("so {text} said"), "P03"), "{text}");
    }
    assert_eq!(found("So p-07 said.\n"), one(Rule::Code, "P07"));
}

#[test]
fn a_part_of_a_name_behind_a_title_is_the_name() {
    assert_eq!(
        found("It was Mr. Example.\n"),
        one(Rule::RealName, "entity 1")
    );
    assert_eq!(found("At Saltmarsh.\n"), one(Rule::Spelling, "entity 3"));
}

#[test]
fn telling_numbers_but_whom_to_write_to() {
    assert_eq!(
        found("Please write to study@example.org by 31 March 2021.\n"),
        []
    );
    assert_eq!(
        found("Write to ann@example.org.\n"),
        one(Rule::Sign, "e-mail")
    );
    assert_eq!(
        found("It lies at /home/mara/study/a.md\n"),
        one(Rule::Metadata, "a path of this computer")
    );
}

#[test]
fn few_people_are_singled_out() {
    for (text, rule, what) in [
        (
            "One of the two chief executives disagreed.",
            Rule::SmallCount,
            "two chief executives",
        ),
        (
            "It was the only chief executive.",
            Rule::SingleOut,
            "only chief executive",
        ),
        (
            "both directors of finance",
            Rule::SingleOut,
            "both directors of finance",
        ),
        (
            "so the other chief executive left",
            Rule::SingleOut,
            "other chief executive",
        ),
        (
            "just one of the chief executives",
            Rule::SmallCount,
            "one of the chief executives",
        ),
        (
            "a Chief Executive (1) and",
            Rule::SmallCount,
            "chief executive (1)",
        ),
        (
            "From 3 participants in 2 cases.",
            Rule::SmallCount,
            "3 participants",
        ),
        (
            "4 directors of finance said so.",
            Rule::SmallCount,
            "4 directors of finance",
        ),
        (
            "**Participants:** 4\\\n",
            Rule::SmallCount,
            "4 participants",
        ),
        (
            "| Case | Participants |\n| --- | --: |\n| Alder | 4 |",
            Rule::SmallCount,
            "4 people",
        ),
    ] {
        assert_eq!(found(&format!("{text}\n")), one(rule, what), "{text}");
    }
    for text in [
        "From fewer than 5 participants.",
        "12 participants in 2 cases, with 3 transcripts.",
        "**Participants:** 12\\\n",
        "| Case | Participants | Codings |\n| --- | --: | --: |\n| Alder | \\* | 4 |",
        "> I was one of two chief executives then.\n>\n> — Interviewee",
        "One chief reason.",
        "Most of the chief executives (12), and one of the participants; the other participants.",
        "Fewer than three of the chief executives",
    ] {
        assert_eq!(found(&format!("{text}\n")), [], "{text}");
    }
}

#[test]
fn what_is_certain_is_not_allowed_and_the_rest_may_be() {
    let names = names();
    let document = read(b"Ann Example and P01.\n");
    let found = scan(&document, &watch(&names));
    let allowed = ["ann  example".to_owned(), "p01".to_owned()];
    let left: Vec<Rule> = found
        .iter()
        .filter(|f| !f.is_allowed(&allowed))
        .map(|f| f.rule)
        .collect();
    assert_eq!(left, [Rule::RealName]);
}

#[test]
fn what_may_be_allowed_says_what_to_type() {
    let names = names();
    let document = read(
        b"Ann Example, Exmaple, @page, ann.example@x.org, P01 and the only chief executive.\n",
    );
    let found = scan(&document, &watch(&names));
    let shown: Vec<Option<&str>> = found.iter().map(|f| f.shown.as_deref()).collect();
    assert_eq!(
        shown,
        [
            None,
            Some("entity 1"),
            Some("entity 1"),
            Some("@page"),
            None,
            Some("P01"),
            Some("only chief executive"),
        ]
    );
    // What is shown is what is taken.
    for finding in found.iter().filter(|f| f.shown.is_some()) {
        let typed: Vec<String> = finding.shown.iter().cloned().collect();
        assert!(finding.is_allowed(&typed), "{}", finding.what);
    }
    assert!(!found[0].is_allowed(&["entity 1".to_owned()]));
}

#[test]
fn any_bytes_are_read() {
    for bytes in [
        &b"PK\x03\x04 torn"[..],
        b"",
        b"<!DOCTYPE html><p",
        b"<!doctype html><a b='",
        b"> ",
        b"|",
        b"\\",
        b"# ",
        b"&#xffffffff;",
    ] {
        read(bytes);
    }
}
