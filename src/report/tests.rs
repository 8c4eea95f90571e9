//! The reports on small studies, as their readers get them.

mod small;
mod whole;

use small::{About, Small, two_systems};
use whole::{CASES, PEOPLE, whole};

use super::options::{QuoteChoice, ReportOptions, Written};
use super::{Format, Overall, case, codebook, debrief, summary, theme};
use crate::domain::words::{Attribution, Bearing};
use crate::error::{Failure, Result};
use crate::governance::gate::{Audience, Reason};
use crate::store::{EvidenceOn, NewEvidence};
use crate::study::Study;

fn options() -> ReportOptions {
    ReportOptions::new(Format::Markdown, "0.1.0")
}

fn all() -> ReportOptions {
    ReportOptions {
        quotes: QuoteChoice::All,
        ..options()
    }
}

fn text(write: impl FnOnce(&mut Vec<u8>) -> Result<Written>) -> (String, Written) {
    let mut out = Vec::new();
    let written = write(&mut out).expect("a report");
    (String::from_utf8(out).expect("text"), written)
}

fn debrief_of(
    study: &Study,
    participant: &str,
    options: &ReportOptions,
    out: &mut Vec<u8>,
) -> Result<Written> {
    debrief(&Overall::read(study, options)?, participant, options, out)
}

/// Every report that there is, on one study.
fn every(small: &Small, options: &ReportOptions) -> Vec<String> {
    let study = &small.study;
    let mut found = vec![
        text(|out| summary(study, options, out, &())).0,
        text(|out| codebook(study, options, out)).0,
    ];
    for one in study.store.cases().expect("cases") {
        found.push(text(|out| case(study, &one.slug, options, out)).0);
    }
    for path in ["governance", "governance/clarity", "accountability"] {
        found.extend(
            theme(study, path, options, &mut Vec::new())
                .ok()
                .map(|_| text(|out| theme(study, path, options, out)).0),
        );
    }
    for one in study.store.participants().expect("participants") {
        found.push(text(|out| debrief_of(study, &one.code, options, out)).0);
    }
    found
}

/// The head of the record and the number of a form are others in each study, as lasting ids are: they are left out.
fn without_ids(text: &str) -> String {
    ["`32:", "| Form | "]
        .iter()
        .fold(text.to_owned(), |text, before| {
            let mut parts = text.split(before);
            let mut out = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                out.push_str(before);
                out.push('…');
                out.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
            }
            out
        })
}

fn golden(name: &str, found: &str) {
    let found = without_ids(found);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/report/tests")
        .join(name);
    if std::env::var_os("SNAPSHOTS").is_some_and(|v| v == "overwrite") {
        std::fs::write(&path, &found).expect("a file to write");
    }
    let expected = std::fs::read_to_string(&path).expect("what it should say");
    assert_eq!(
        found, expected,
        "write it anew with SNAPSHOTS=overwrite, and read what changed"
    );
}

#[test]
fn the_summary_says_this() {
    let small = two_systems();
    let (found, written) = text(|out| summary(&small.study, &all(), out, &()));
    golden("summary.md", &found);
    assert_eq!(written.warnings, [""; 0]);
    assert_eq!(written.themes, 3);
    assert_eq!(written.quotes, found.matches("> — ").count());
}

#[test]
fn the_debrief_says_this() {
    let small = two_systems();
    let (found, written) = text(|out| debrief_of(&small.study, "P01", &options(), out));
    golden("debrief.md", &found);
    assert_eq!(written.warnings, [""; 0]);
    assert_eq!((written.quotes, written.themes), (2, 2));
}

#[test]
fn what_is_held_back_is_counted_by_reason_and_never_printed() {
    let small = two_systems();
    let (found, written) = text(|out| summary(&small.study, &all(), out, &()));
    // P03 speaks for background, in two passages. P04 is off the record: in no count.
    assert_eq!(
        written.held_back.reasons().collect::<Vec<_>>(),
        [(Reason::Background, 2)]
    );
    for hidden in [
        "terms of reference",
        "stays in the room",
        "Strictly between us",
        "Really?",
    ] {
        for report in every(&small, &all()) {
            assert!(!report.contains(hidden), "{hidden}");
        }
    }
    assert!(found.contains("2 coded passages were held back from quoting because they are from people who spoke for background only."));
    // So few people, and mostly one transcript of each: the number is left out.
    assert!(!found.contains("**Transcripts:**"));
    assert!(!found.contains("1 June 2021"));
    // The team may read what was said for background, and still nothing that is off the record.
    let team = ReportOptions {
        audience: Audience::Team,
        ..all()
    };
    let (found, written) = text(|out| summary(&small.study, &team, out, &()));
    assert_eq!(written.held_back.total(), 0);
    // Of four transcripts, one is with nobody but P04.
    assert!(found.contains("**Transcripts:** 3"));
    assert!(found.contains("terms of reference"));
    assert!(found.contains("· T03:2"));
    assert!(!found.contains("stays in the room") && !found.contains("Strictly between us"));
}

#[test]
fn a_passage_over_several_people_is_a_passage_of_each() {
    let small = two_systems();
    let (found, _) = text(|out| theme(&small.study, "accountability", &all(), out));
    // Coded from P03 over P04 to P05: only P05 may be quoted.
    assert!(found.contains("> We ask the place director, who asks us.\n"));
    assert!(found.contains("**Participants:** fewer than 5 of fewer than 5"));
    small.transcript(
        "T05",
        "Moderator: And you?\n\nP01: It is a matter of trust.\n\nP02: It is not.\n\nP01: It is money, then.\n",
        &About { case: Some("alder"), people: &["P01", "P02"], date: "2021-07-01", speakers: &["Moderator=interviewer"], ..About::default() },
    );
    small.code("T05:1-4", None, "geography", "mara");
    let (found, written) = text(|out| theme(&small.study, "geography", &all(), out));
    assert!(
        found.contains("> It is a matter of trust.\n> \n> \\[…\\] It is money, then.\n"),
        "{found}"
    );
    assert!(found.contains("> It is not.\n"));
    assert!(!found.contains("And you?"));
    assert_eq!(written.quotes, 2);
    assert!(!found.contains("**Codings:**"));
}

#[test]
fn where_nobody_is_named_the_strictest_promise_holds() {
    let small = two_systems();
    let about = About {
        case: Some("alder"),
        people: &["P01", "P04"],
        date: "2021-07-01",
        ..About::default()
    };
    small.transcript(
        "T05",
        "Interviewer: So?\n\nSpeaker 2: Not even here.\n\nSpeaker 3: Nor there.\n",
        &about,
    );
    small.code("T05:2", None, "geography", "mara");
    let about = About {
        people: &["P01", "P03"],
        ..about
    };
    small.transcript(
        "T06",
        "Interviewer: So?\n\nSpeaker 2: Not at all.\n\nSpeaker 3: Nor ever.\n",
        &about,
    );
    small.code("T06:2", None, "geography", "mara");
    let (found, written) = text(|out| theme(&small.study, "geography", &all(), out));
    assert!(!found.contains("Not even here") && !found.contains("Not at all"));
    assert_eq!(
        written.held_back.reasons().collect::<Vec<_>>(),
        [(Reason::Background, 1)]
    );
    assert!(found.contains("**Codings:** 1"));
}

#[test]
fn what_two_coders_coded_is_printed_once() {
    let small = two_systems();
    let (found, _) = text(|out| theme(&small.study, "governance/clarity", &all(), out));
    assert_eq!(found.matches("envelope").count(), 1);
    let team = ReportOptions {
        audience: Audience::Team,
        ..all()
    };
    let (found, _) = text(|out| theme(&small.study, "governance/clarity", &team, out));
    assert_eq!(found.matches("envelope").count(), 1);
    assert!(found.contains("**Codings:** 4"));
}

#[test]
fn hostile_words_come_out_as_words() {
    let small = two_systems();
    let said =
        "* _really_ | <script>alert(1)</script> https://example.org/plan_2020 `code` a@b.example";
    let html = ReportOptions {
        format: Format::Html,
        ..all()
    };
    let (found, _) = text(|out| summary(&small.study, &html, out, &()));
    assert!(found.contains("* _really_ | &lt;script&gt;alert(1)&lt;/script&gt; https://example.org/plan_2020 `code` a@b.example"));
    assert!(!found.contains("<script") && !found.contains("<a href=\"http"));
    let (found, _) = text(|out| summary(&small.study, &all(), out, &()));
    let page = comrak::markdown_to_html(&found, &{
        let mut options = comrak::Options::default();
        options.extension.autolink = true;
        options.extension.table = true;
        options
    });
    let shown = said.replace('<', "&lt;").replace('>', "&gt;");
    assert!(page.contains(&shown), "{page}");
}

#[test]
fn the_same_study_gives_the_same_bytes() {
    for format in [Format::Markdown, Format::Html] {
        let options = ReportOptions {
            format,
            ..options()
        };
        let small = two_systems();
        assert!(every(&small, &options) == every(&small, &options));
        let whole = whole();
        let summary = || text(|out| summary(&whole.study, &options, out, &())).0;
        assert!(summary() == summary());
    }
}

#[test]
fn a_debrief_names_nobody_else() {
    let small = whole();
    for (code, _, organisation, role) in PEOPLE {
        let (found, written) = text(|out| debrief_of(&small.study, code, &all(), out));
        assert!(written.quotes > 0, "{code}");
        // What the person said is the person's own, whomever it speaks of.
        let found: Vec<&str> = found
            .lines()
            .filter(|line| {
                !line.starts_with("> ") || line.starts_with("> — ") || line.contains("cited")
            })
            .collect();
        let found = found.join("\n").to_lowercase();
        for (other, _, their_organisation, their_role) in PEOPLE {
            if other == code {
                continue;
            }
            assert!(
                !found.contains(&other.to_lowercase()),
                "{other} in the debrief of {code}"
            );
            assert!(
                role.contains(their_role) || !found.contains(their_role),
                "{their_role} in the debrief of {code}"
            );
            let name = CASES
                .iter()
                .find(|c| c.0 == *their_organisation)
                .map(|c| c.1.to_lowercase());
            if let Some(name) = name.filter(|_| their_organisation != organisation) {
                assert!(!found.contains(&name), "{name} in the debrief of {code}");
            }
        }
        for coder in ["mara", "jo"] {
            assert!(
                !found
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|word| word == coder),
                "a coder in the debrief of {code}"
            );
        }
    }
}

#[test]
fn a_debrief_never_gives_a_number_that_points_at_somebody() {
    let small = two_systems();
    for (code, said) in [
        ("P03", "You spoke with us for background."),
        ("P04", "You spoke with us off the record."),
    ] {
        let (found, written) = text(|out| debrief_of(&small.study, code, &all(), out));
        assert!(found.contains(said) && !found.contains("> — "), "{found}");
        assert_eq!(written.quotes, 0);
    }
    small.code("T01:2", None, "geography", "mara");
    let (found, _) = text(|out| debrief_of(&small.study, "P02", &all(), out));
    assert!(
        found.contains("**Geography.** Distance and boundaries. Few people spoke of it."),
        "{found}"
    );
    assert!(!found.contains("1 person") && !found.contains("2 people"));
}

#[test]
fn an_empty_study_has_sensible_reports() {
    let small = Small::empty();
    let (found, written) = text(|out| summary(&small.study, &all(), out, &()));
    assert!(found.contains("No transcript has been brought in yet."));
    assert!(!found.contains('|'), "no empty tables: {found}");
    assert_eq!(
        written.warnings,
        ["there is no transcript in this selection"]
    );
    let (found, _) = text(|out| codebook(&small.study, &all(), out));
    assert!(found.contains("The codebook has no theme yet."));
    small.case("alder", "System Alder", "system", &[]);
    small.person("P01", "alder", None, "chair", "role");
    let (found, _) = text(|out| case(&small.study, "alder", &all(), out));
    assert!(found.contains("No transcript of this case is in the selection."));
    let (found, written) = text(|out| debrief_of(&small.study, "P01", &all(), out));
    assert!(found.contains("No interview or other text of yours is in the study at present."));
    assert_eq!(written.warnings.len(), 3, "{:?}", written.warnings);
    small.theme("governance", "");
    let (found, _) = text(|out| theme(&small.study, "governance", &all(), out));
    assert!(found.contains("Nothing has been coded with this theme here."));
    for (report, name) in every(&small, &all()).iter().zip(0..) {
        let headings: Vec<&str> = report.lines().filter(|l| !l.is_empty()).collect();
        assert!(
            headings
                .windows(2)
                .all(|pair| !(pair[0].starts_with("## ") && pair[1].starts_with("## "))),
            "report {name} has an empty section: {report}"
        );
    }
}

#[test]
fn filters_are_in_force_and_said() {
    let small = two_systems();
    let mut options = all();
    options.filter.cases = vec!["alder".into()];
    options.filter.participants = vec!["P01".into()];
    let (found, written) = text(|out| summary(&small.study, &options, out, &()));
    assert!(found.contains("This report is limited to cases, with all that is part of them: System Alder; 1 chosen participant."));
    assert!(!found.contains("P01") && !found.contains("nobody does"));
    assert_eq!(written.quotes, 2);
    options.audience = Audience::Team;
    let (found, _) = text(|out| summary(&small.study, &options, out, &()));
    assert!(found.contains("participants: P01"));
}

#[test]
fn every_coded_passage_that_may_be_quoted_is_printed() {
    let small = whole();
    let (found, written) = text(|out| summary(&small.study, &all(), out, &()));
    assert_eq!(written.quotes, found.matches("> — ").count());
    assert_eq!(written.held_back.total(), 0);
    let (few, five) = text(|out| summary(&small.study, &options(), out, &()));
    assert!(five.quotes < written.quotes);
    let quotes = few.split("\n\n").filter(|block| block.starts_with("> "));
    assert_eq!(quotes.clone().count(), five.quotes);
    for quote in quotes {
        assert!(
            found.contains(quote),
            "a quote that is chosen is one of all: {quote}"
        );
    }
    let none = ReportOptions {
        quotes: QuoteChoice::None,
        ..options()
    };
    let (found, written) = text(|out| summary(&small.study, &none, out, &()));
    assert!(!found.contains("> ") && written.quotes == 0);
}

/// Every level for everybody, each beside every other, with and without leave to quote.
#[test]
fn nobody_who_has_not_agreed_is_quoted() {
    let words = [
        "Anyone could draw",
        "so nobody does",
        "never saw",
        "This stays",
        "We ask the place",
    ];
    let levels = Attribution::ALL;
    let small = two_systems();
    // Whichever way the words come: also as evidence for and against a finding.
    small.change(|tx| {
        let coder = tx.coder("mara")?;
        let for_it = tx.add_finding("It is so.", None, true, None, coder)?;
        let against = tx.add_finding("It is not so.", None, true, None, coder)?;
        let mut codings = Vec::new();
        tx.each_coding::<Failure>(None, |c| {
            codings.push(c.id);
            Ok(())
        })?;
        for coding in codings {
            for (finding, bears) in [(for_it, Bearing::Supports), (against, Bearing::Contradicts)] {
                tx.add_evidence(&NewEvidence {
                    finding,
                    rival: None,
                    bears,
                    on: EvidenceOn::Coding(coding),
                    note: None,
                    coder,
                })?;
            }
        }
        Ok(())
    });
    let mut seen = false;
    for (turn, leave) in (0..levels.len()).flat_map(|turn| [(turn, true), (turn, false)]) {
        let level = |person: usize| levels[(person + turn) % levels.len()];
        small.change(|tx| {
            for (n, mut p) in tx.participants()?.into_iter().enumerate() {
                p.set.attribution = level(n).word().into();
                p.set.quotable = leave;
                tx.put_participant(&p)?;
            }
            Ok(())
        });
        for report in every(&small, &all()) {
            for (n, words) in words.iter().enumerate() {
                let may = leave && level(n) < Attribution::Background;
                assert!(may || !report.contains(words), "{words} at {}", level(n));
                seen |= report.split("## Annex").next().is_some_and(|findings| {
                    findings.contains("## What was found") && findings.contains(words)
                });
            }
        }
    }
    assert!(seen, "nothing was quoted as evidence, so nothing was tried");
}
