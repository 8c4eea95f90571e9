//! `chart`: what a sketch shows, that pictures are well-formed, the same twice, and say what they count.

use crate::harness::{Folder, whole};
use snapbox::str;

#[test]
fn a_heat_map_is_sketched_on_the_terminal() {
    let study = Folder::invented();
    whole!(
        study.run(&[
            "chart", "heat", "--depth", "1", "--case", "alder", "--case", "birch"
        ]),
        str![[r#"
Theme by case

                              alder      alder-vale birch      birch-coa…
competition                   ▓▓▓ 16     ·          ████ 18    ░ 3
context                       ████ 23    ░ 4        ▓▓▓ 14     ░ 3
governance                    ████ 22    ░ 4        ▒▒ 11      ░ 3
consensus                     █████ 28   ░ 6        █████ 27   ▒▒ 8
accountability                █████ 24   ▒▒ 7       ████ 23    ░ 4
conflicts-of-interest         ████ 18    ░ 3        ▓▓▓ 16     ░ 5
enablers                      ▓▓▓ 17     ░ 6        ▓▓▓ 16     ░ 6
inhibitors                    ████ 23    ░ 5        ▓▓▓ 15     ░ 3
--- stderr
A cell counts codings.
How often a theme was coded says how much was said and coded, not how much it matters.

"#]]
    );
}

#[test]
fn a_timeline_runs_through_a_transcript_or_through_the_study() {
    let study = Folder::invented();
    whole!(
        study.run(&["chart", "timeline", "T01", "--theme", "governance"]),
        str![[r#"
Themes through T01

governance          ·······██···················································
governance/clarity  ·········███················································
governance/layers   ················██··········································
                    T01:1                                                 T01:56
--- stderr
A bar covers the turns that a coding touches; the line runs from the first turn to the last.

"#]]
    );
    whole!(
        study.run(&["chart", "timeline", "--depth", "1"]),
        str![[r#"
Themes from interview to interview

competition            ··▃▅··█▂·▆▇·······························▄·▅▄·········▃·▃··
context                ··▅▄··▆▇·▂▂·······························▃·▄▄····█▄···▃·▃··
governance             ··▄▅··▅▇·▃▄·······························▁·▅▁····▆▄···▃·▄··
consensus              ··▆▆··██·██·······························▅·▅▆····▇▆···█·▃··
accountability         ··█▆··██·▄▄·······························█·▆▅····▃▇···▄·▄··
conflicts-of-interest  ··▃▃··██·▅▄·······························▃·▃▅····▁▃···▅·▆··
enablers               ··▂▃··▅█·▄▂·······························▅··▇····▆▆···▆·▇··
inhibitors             ··▂▃··██·▃▄·······························▅·▇▃····▄▅···▃·▅··
                       2019-12-10                                        2021-07-08
--- stderr
The area of a dot is the number of codings in the interviews of that day.

"#]]
    );
}

#[test]
fn a_chart_is_its_table_in_csv_and_json() {
    let study = Folder::invented();
    whole!(
        study.run(&["chart", "heat", "--depth", "1", "--csv"]),
        str![[r#"
theme,alder,alder-vale,birch,birch-coast,cedar,cedar-east,total
competition,16,0,18,3,12,3,52
context,23,4,14,3,8,3,55
governance,22,4,11,3,8,4,52
consensus,28,6,27,8,20,3,92
accountability,24,7,23,4,20,4,82
conflicts-of-interest,18,3,16,5,12,6,60
enablers,17,6,16,6,11,7,63
inhibitors,23,5,15,3,13,5,64
total,171,35,140,35,104,35,520
--- stderr
A cell counts codings.
How often a theme was coded says how much was said and coded, not how much it matters.

"#]]
    );
    let json: serde_json::Value = study
        .run(&["chart", "heat", "--depth", "1", "--json"])
        .done()
        .json();
    assert_eq!(json["title"], "Theme by case");
    assert!(
        json["svg"]
            .as_str()
            .expect("a picture")
            .starts_with("<svg ")
    );
    assert_eq!(
        json["head"].as_array().expect("heads").len(),
        json["rows"][0].as_array().expect("a row").len()
    );
}

#[test]
fn themes_that_come_together_codes_that_accumulate_and_coders_that_agree_are_sketched() {
    let study = Folder::invented();
    whole!(
        study.run(&["chart", "network", "--depth", "1"]),
        str![[r#"
Themes that come together

accountability + conflicts-of-interest  ████████████████████████ 2
competition + inhibitors                ████████████ 1
context + consensus                     ████████████ 1
context + inhibitors                    ████████████ 1
governance + consensus                  ████████████ 1
governance + accountability             ████████████ 1
governance + enablers                   ████████████ 1
consensus + accountability              ████████████ 1
consensus + conflicts-of-interest       ████████████ 1
accountability + enablers               ████████████ 1
--- stderr
Counted are codings; together means: overlap.
Codings of 2 coders are drawn together: where they differ on a passage, that is a pair too.

"#]]
    );
    whole!(
        study.run(&["chart", "accumulation"]),
        str![[r#"
Codes found, interview by interview

T01  ███████████████████████▌ 17 (+17)
T07  ███████████████████████████████▊ 23 (+6)
T02  █████████████████████████████████████▎ 27 (+4)
T08  █████████████████████████████████████▎ 27 (+0)
T12  ██████████████████████████████████████▋ 28 (+1)
T03  ██████████████████████████████████████▋ 28 (+0)
T09  ████████████████████████████████████████ 29 (+1)
T13  ████████████████████████████████████████ 29 (+0)
T14  ████████████████████████████████████████ 29 (+0)
T04  ████████████████████████████████████████ 29 (+0)
T10  ████████████████████████████████████████ 29 (+0)
T05  ████████████████████████████████████████ 29 (+0)
T11  ████████████████████████████████████████ 29 (+0)
T15  ████████████████████████████████████████ 29 (+0)
--- stderr
Counted are different codes. Interviews stand in order of their dates.
Codes of: jo, mara.

"#]]
    );
    whole!(
        study.run(&["chart", "agreement", "--depth", "1", "--bootstrap", "200"]),
        str![[r#"
alpha by theme

competition            ·························━━━━●━━━━·······  0.74
context                ············━━━━━━●━━━━━·················  0.45
governance             ················━━━━━●━━━━━━·············  0.53
consensus              ····················━━━●━━━━·············  0.58
accountability         ················━━━━━●━━━━···············  0.52
conflicts-of-interest  ·······················━━━●━━━━··········  0.66
enablers               ·············━━━━━━━●━━━━━━··············  0.49
inhibitors             ··················━━━━━━●━━━━━···········  0.60
all themes             ·····················━━●━················  0.57
                       0                                       1
--- stderr
jo, mara compared by turn.
Coded twice: 15 of 15 transcripts, 33993 of 33993 words.
The lines are 95 % intervals from 200 draws of transcripts, seed 1.

"#]]
    );
}

/// Every picture as every file: written, well-formed, and the same from the same state.
#[test]
fn pictures_are_well_formed_and_the_same_twice() {
    let study = Folder::invented();
    for (name, command) in [
        ("heat", vec!["chart", "heat"]),
        ("timeline", vec!["chart", "timeline"]),
        ("through", vec!["chart", "timeline", "T01"]),
        ("network", vec!["chart", "network"]),
        (
            "near",
            vec![
                "chart",
                "network",
                "--relation",
                "near",
                "--distance",
                "2turns",
            ],
        ),
        ("accumulation", vec!["chart", "accumulation"]),
        (
            "agreement",
            vec!["chart", "agreement", "--bootstrap", "200"],
        ),
    ] {
        for ending in ["svg", "html", "md"] {
            let (one, two) = (format!("{name}-1.{ending}"), format!("{name}-2.{ending}"));
            study.run(&[&command[..], &["-o", &one]].concat()).done();
            study.run(&[&command[..], &["-o", &two]].concat()).done();
            let (first, second) = (study.read(&one), study.read(&two));
            assert_eq!(first, second, "{name}.{ending}");
            if ending == "svg" {
                let mut reader = quick_xml::Reader::from_str(&first);
                let mut elements = 0;
                loop {
                    match reader.read_event().expect("well-formed") {
                        quick_xml::events::Event::Eof => break,
                        quick_xml::events::Event::Start(_) | quick_xml::events::Event::Empty(_) => {
                            elements += 1;
                        }
                        _ => {}
                    }
                }
                assert!(elements > 20, "{name} is nearly empty");
                // Nothing is loaded, and nothing runs.
                for forbidden in ["<script", "href", "url(", "onload", "<image"] {
                    assert!(!first.contains(forbidden), "{forbidden} in {name}");
                }
            } else {
                let known = ["governance/clarity", "T01"]
                    .iter()
                    .any(|w| first.contains(w));
                assert!(known, "{name}.{ending} has no table");
            }
        }
    }
}

#[test]
fn what_cant_be_drawn_is_refused() {
    let study = Folder::invented();
    whole!(
        study.run(&["chart", "heat", "-o", "a.png"]).refused(),
        str![[r#"
--- stderr
error: `a.png` names no kind of picture that casebook draws
hint: give it one of these endings: .svg, .html, .md
--- status 1

"#]]
    );
    whole!(
        study.run(&["chart", "heat", "--rows", "mood"]).refused(),
        str![[r#"
--- stderr
error: `mood` is nothing that a table can be made by
hint: it may be: case, participant, transcript, phase, role, theme, coder, section or attr:KEY
--- status 1

"#]]
    );
    whole!(
        study.run(&["chart", "timeline", "T99"]).refused(),
        str![[r#"
--- stderr
error: no transcript `T99`
hint: did you mean `T09`?
--- status 1

"#]]
    );
    whole!(
        study.run(&["chart", "heat", "--depth", "0"]).refused(),
        str![[r#"
--- stderr
error: depth counts from 1
hint: as in: --depth 1
--- status 1

"#]]
    );
}

/// An empty study has nothing to draw, and says so without failing.
#[test]
fn an_empty_study_draws_an_empty_picture() {
    let study = Folder::with_study();
    for command in [&["chart", "heat"][..], &["chart", "timeline"]] {
        study.run(command).done().calm();
        study.run(&[command, &["-o", "empty.svg"]].concat()).done();
        assert!(study.read("empty.svg").contains("</svg>"));
    }
}
