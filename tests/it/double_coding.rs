//! Double coding: samples drawn and followed, disagreements listed and settled, the consensus, thresholds.

use serde_json::Value;
use snapbox::str;

use crate::harness::{Folder, Run, invented, whole};

const INTERVIEW: &str = "INTERVIEWER: How is it going?\n\nA: Slowly. Nobody trusts the board, and the board trusts nobody.\n\n\
    B: That is unfair. We trust it with the beds, if not with the money.\n\nINTERVIEWER: And the winter?\n\nA: The winter comes every year. It is not a surprise.\n";

/// One interview that mara and jo have coded: they agree once, and disagree in each way.
fn small() -> Folder {
    let folder = Folder::with_study();
    folder.write("a.txt", INTERVIEW);
    folder.line("participant add P1 --role nurse").done();
    folder.line("participant add P2 --role chair").done();
    folder
        .line("import a.txt --speaker A=P1 --speaker B=P2")
        .done();
    for theme in ["pace", "trust", "trust/board", "money"] {
        folder.line(&format!("theme add {theme}")).done();
    }
    for (coder, place, quote, theme) in [
        ("mara", "T01:2", "Nobody trusts the board", "trust"),
        ("mara", "T01:2", "Slowly.", "pace"),
        ("mara", "T01:3", "That is unfair.", "trust"),
        ("mara", "T01:5", "The winter comes every year.", "pace"),
        ("jo", "T01:2", "Nobody trusts the board", "trust"),
        ("jo", "T01:2", "Slowly. Nobody", "pace"),
        ("jo", "T01:3", "That is unfair.", "money"),
    ] {
        code(&folder, coder, place, quote, theme);
    }
    folder
}

fn code(folder: &Folder, coder: &str, place: &str, quote: &str, theme: &str) {
    let args = ["--coder", coder, "code", place, theme, "--quote", quote];
    folder.run(&args).done();
}

fn settle(folder: &Folder, rest: &[&str]) -> Run {
    let mut args = vec!["agreement", "settle"];
    args.extend(rest);
    args.extend(["--why", "we talked it over"]);
    folder.run(&args)
}

/// Handles of what is open, by the list itself.
fn open(folder: &Folder) -> Vec<String> {
    let found: Value = folder
        .line("agreement disagreements --coders mara,jo --open --json")
        .done()
        .json();
    let all = found["disagreements"].as_array().expect("a list");
    all.iter()
        .map(|d| d["handle"].as_str().expect("a handle").to_owned())
        .collect()
}

/// Handle and whether it stands, of each settlement.
fn settled(folder: &Folder) -> Vec<(String, bool)> {
    let found: Value = folder.line("agreement settled --json").done().json();
    let all = found["settled"].as_array().expect("a list");
    all.iter()
        .map(|s| {
            (
                s["handle"].as_str().expect("a handle").to_owned(),
                s["stands"].as_bool().expect("yes or no"),
            )
        })
        .collect()
}

#[test]
fn each_kind_of_disagreement_is_listed() {
    let folder = small();
    whole!(
        folder.line("agreement disagreements --coders mara,jo --open"),
        str![[r#"
1000002/1000006  boundary  T01:2  P1
  mara  pace  @34-41  “Slowly.”
  jo    pace  @34-48  “Slowly. Nobody”

1000003/1000007  theme  T01:3  P2
  mara  trust  @100-115  “That is unfair.”
  jo    money  @100-115  “That is unfair.”

1000004/none  presence  T01:5  P1
  mara  pace  @200-228  “The winter comes every year.”
  jo    -

--- stderr
3 disagreements between mara and jo in 1 transcript that both coded: boundary 1, theme 1, presence 1; 3 open. They agree on 1 pair of codings.
Settle one with: casebook agreement settle HANDLE --keep first|second|both|neither --why TEXT

"#]]
    );
    whole!(
        folder.line("agreement disagreements --kind theme --json"),
        str![[r#"
{
  "coders": [
    "jo",
    "mara"
  ],
  "transcripts": 1,
  "agreed": 1,
  "total": 1,
  "kinds": {
    "boundary": 0,
    "theme": 1,
    "presence": 0
  },
  "open": 1,
  "pending": 0,
  "disagreements": [
    {
      "handle": "1000007/1000003",
      "kind": "theme",
      "transcript": "T01",
      "turn": 3,
      "start": 100,
      "end": 115,
      "text": "That is unfair.",
      "case": null,
      "participant": "P2",
      "first": {
        "coding": 1000007,
        "theme": "money",
        "start": 100,
        "end": 115,
        "text": "That is unfair."
      },
      "second": {
        "coding": 1000003,
        "theme": "trust",
        "start": 100,
        "end": 115,
        "text": "That is unfair."
      },
      "settlement": null
    }
  ]
}
--- stderr
1 disagreement between jo and mara in 1 transcript that both coded: boundary 0, theme 1, presence 0; 1 open. They agree on 1 pair of codings.

"#]]
    );
    whole!(
        folder.line("agreement disagreements --kind boundary --csv"),
        str![[r#"
handle,kind,transcript,turn,start,end,text,case,participant,first_coder,first_coding,first_theme,first_start,first_end,second_coder,second_coding,second_theme,second_start,second_end,settlement,keeps,why,settled_by,settled_at
1000006/1000002,boundary,T01,2,34,48,Slowly. Nobody,,P1,jo,1000006,pace,34,48,mara,1000002,pace,34,41,,,,,
--- stderr
1 disagreement between jo and mara in 1 transcript that both coded: boundary 1, theme 0, presence 0; 1 open. They agree on 1 pair of codings.

"#]]
    );
    folder
        .line("agreement disagreements --coders mara,jo -o open.md")
        .done();
    whole!(
        Run {
            stdout: folder.read("open.md"),
            stderr: String::new(),
            status: Some(0)
        },
        str![[r#"
# Disagreements of mara and jo

**Study:** A small study\
**As it stood after:** event 15, 1 May 2021

| handle | kind | transcript | turn | start | end | text | case | participant | first\_coder | first\_coding | first\_theme | first\_start | first\_end | second\_coder | second\_coding | second\_theme | second\_start | second\_end | settlement | keeps | why | settled\_by | settled\_at |
| --- | --- | --- | --: | --: | --: | --- | --- | --- | --- | --: | --- | --: | --: | --- | --: | --- | --: | --: | --- | --- | --- | --- | --- |
| 1000002/1000006 | boundary | T01 | 2 | 34 | 48 | Slowly. Nobody |  | P1 | mara | 1000002 | pace | 34 | 41 | jo | 1000006 | pace | 34 | 48 |  |  |  |  |  |
| 1000003/1000007 | theme | T01 | 3 | 100 | 115 | That is unfair. |  | P2 | mara | 1000003 | trust | 100 | 115 | jo | 1000007 | money | 100 | 115 |  |  |  |  |  |
| 1000004/none | presence | T01 | 5 | 200 | 228 | The winter comes every year. |  | P1 | mara | 1000004 | pace | 200 | 228 | jo |  |  |  |  |  |  |  |  |  |

- 3 disagreements between mara and jo in 1 transcript that both coded: boundary 1, theme 1, presence 1; 3 open. They agree on 1 pair of codings.

"#]]
    );
    // A filter leaves a disagreement where it leaves one of its codings, and changes no handle.
    whole!(
        folder.line("agreement disagreements --coders mara,jo --theme money"),
        str![[r#"
1000003/1000007  theme  T01:3  P2
  mara  trust  @100-115  “That is unfair.”
  jo    money  @100-115  “That is unfair.”

--- stderr
1 disagreement between mara and jo in 1 transcript that both coded: boundary 0, theme 1, presence 0; 1 open. They agree on 0 pairs of codings.

"#]]
    );
    whole!(
        folder.line("agreement disagreements --coders mara,jo --participant P1 --by jo"),
        str![[r#"
1000002/1000006  boundary  T01:2  P1
  mara  pace  @34-41  “Slowly.”
  jo    pace  @34-48  “Slowly. Nobody”

--- stderr
1 disagreement between mara and jo in 1 transcript that both coded: boundary 1, theme 0, presence 0; 1 open. They agree on 1 pair of codings.

"#]]
    );
}

#[test]
fn disagreements_are_worked_through_to_a_consensus() {
    let folder = small();
    let before = folder.dump();
    whole!(
        settle(&folder, &["1000002/1000006", "--keep", "both"]),
        str![[r#"
1000002/1000006  boundary  T01  keep both
  consensus  pace  T01@34-48  coding 1000008
--- stderr
Settled.  (event 16; to take it back: casebook undo)

"#]]
    );
    whole!(
        settle(&folder, &["1000003/1000007", "--theme", "trust/board"]),
        str![[r#"
1000003/1000007  theme  T01  keep other
  consensus  trust/board  T01@100-115  coding 1000009
--- stderr
Settled.  (event 17; to take it back: casebook undo)

"#]]
    );
    whole!(
        settle(&folder, &["none/1000004", "--keep", "first"]),
        str![[r#"
none/1000004  presence  T01  keep jo
  consensus  -
--- stderr
Settled.  (event 18; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("agreement settled"),
        str![[r#"
settlement  handle           kind      transcript  between   kept   consensus  by    at                    stands  why
         1  1000002/1000006  boundary  T01         mara, jo  both   1000008    mara  2021-05-01T09:00:00Z  yes     we talked it over
         2  1000003/1000007  theme     T01         mara, jo  other  1000009    mara  2021-05-01T09:00:00Z  yes     we talked it over
         3  none/1000004     presence  T01         jo, mara  jo                mara  2021-05-01T09:00:00Z  yes     we talked it over

"#]]
    );
    // What was settled one way is settled another way, and only the other way is coded then.
    whole!(
        settle(&folder, &["1000002/1000006", "--keep", "first"]),
        str![[r#"
--- stderr
error: `1000002/1000006` was settled already, by mara as event 16
hint: see how with: casebook agreement settled   to settle it anew, add --again
--- status 1

"#]]
    );
    settle(&folder, &["1000002/1000006", "--keep", "first", "--again"]).done();
    whole!(
        folder.line("agreement consensus"),
        str![[r#"
consensus                    number
transcripts that both coded       1
pairs of codings that agree       1
disagreements settled             3
disagreements open                0
codings made now                  1
codings there already             2
--- stderr
Coded 1 passage as consensus.  (event 20; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("agreement consensus"),
        str![[r#"
consensus                    number
transcripts that both coded       1
pairs of codings that agree       1
disagreements settled             3
disagreements open                0
codings made now                  0
codings there already             3
--- stderr
Nothing to change.

"#]]
    );
    whole!(
        folder.line("quotes --by consensus"),
        str![[r#"
T01:2  P1  pace  consensus  coding 1000010
Slowly.

T01:2  P1  trust  consensus  coding 1000011
Nobody trusts the board

T01:3  P2  trust/board  consensus  coding 1000009
That is unfair.

--- stderr
3 quotes.

"#]]
    );
    whole!(
        folder.line("agreement disagreements --coders mara,jo --kind boundary"),
        str![[r#"
1000002/1000006  boundary  T01:2  P1
  mara  pace  @34-41  “Slowly.”
  jo    pace  @34-48  “Slowly. Nobody”
  settled: keep mara, by mara on 2021-05-01: we talked it over

--- stderr
1 disagreement between mara and jo in 1 transcript that both coded: boundary 1, theme 0, presence 0; 0 open. They agree on 1 pair of codings.

"#]]
    );
    // Nothing of it counts when two are compared: agreement stays what it was.
    assert!(open(&folder).is_empty());
    assert_eq!(settled(&folder).len(), 3);
    folder.sound();
    for _ in 0..5 {
        folder.line("undo").done();
    }
    assert_eq!(before, folder.dump());
}

#[test]
fn what_changes_later_is_open_again() {
    let folder = small();
    settle(&folder, &["1000002/1000006", "--keep", "second"]).done();
    settle(&folder, &["1000003/1000007", "--keep", "first"]).done();
    let both = [
        ("1000002/1000006".to_owned(), true),
        ("1000003/1000007".to_owned(), true),
    ];
    assert_eq!(settled(&folder), both);
    // A correction elsewhere moves the codings, and changes nothing of what was settled.
    let replace = |word: &str, with: &str| {
        folder
            .run(&[
                "transcript",
                "edit",
                "T01",
                "--replace",
                word,
                "--with",
                with,
                "--yes",
            ])
            .done();
    };
    replace("How is it going?", "And how is it going these days?");
    assert_eq!(settled(&folder), both);
    // Other words, another theme, a coding that is gone: each opens what it is about.
    replace("That is unfair.", "That is quite unfair.");
    let second_reopened = [both[0].clone(), ("1000003/1000007".to_owned(), false)];
    assert_eq!(settled(&folder), second_reopened);
    assert_eq!(open(&folder), ["1000003/1000007", "1000004/none"]);
    folder.line("undo").done();
    assert_eq!(settled(&folder), both);
    folder.line("theme merge money pace").done();
    whole!(
        folder.line("agreement settled"),
        str![[r#"
settlement  handle           kind      transcript  between   kept  consensus  by    at                    stands  why
         1  1000002/1000006  boundary  T01         mara, jo  jo    1000008    mara  2021-05-01T09:00:00Z  yes     we talked it over
         2  1000003/1000007  theme     T01         mara, jo  mara  1000009    mara  2021-05-01T09:00:00Z  no      we talked it over
--- stderr
1 settlement stands no longer: a coding was changed or taken away since, and what it was about is open again.

"#]]
    );
    assert_eq!(open(&folder), ["1000003/1000007", "1000004/none"]);
    folder.line("undo").done();
    assert_eq!(settled(&folder), both);
    folder.line("uncode 1000007").done();
    assert_eq!(settled(&folder), second_reopened);
    assert_eq!(open(&folder), ["1000003/none", "1000004/none"]);
    // What the consensus has from a decision that no longer stands is told.
    let found: Value = folder.line("agreement consensus --json").done().json();
    assert_eq!(found["unsupported"], serde_json::json!([1_000_009]));
    folder.line("undo").done();
    // Settled anew, the old decision makes room, with what the consensus had from it.
    settle(&folder, &["1000003/none", "--keep", "neither"]).done();
    assert_eq!(
        settled(&folder),
        [both[0].clone(), ("1000003/none".to_owned(), true)]
    );
    whole!(
        folder.line("agreement consensus"),
        str![[r#"
consensus                    number
transcripts that both coded       1
pairs of codings that agree       1
disagreements settled             2
disagreements open                1
codings made now                  1
codings there already             1
--- stderr
Coded 1 passage as consensus.  (event 27; to take it back: casebook undo)
See what is open with: casebook agreement disagreements --coders jo,mara --open

"#]]
    );
    folder.sound();
}

#[test]
fn settlements_follow_their_codings_into_another_transcript() {
    let folder = small();
    settle(&folder, &["1000003/1000007", "--keep", "first"]).done();
    folder
        .line("transcript split T01 --at T01:3 --id T02")
        .done();
    assert_eq!(settled(&folder), [("2000001/2000003".to_owned(), true)]);
    let back = folder.dump();
    folder.line("transcript merge T01 T02 --yes").done();
    let there = settled(&folder);
    assert_eq!((there.len(), there[0].1), (1, true), "{there:?}");
    folder.line("undo").done();
    assert_eq!(back, folder.dump());
    folder.line("transcript remove T02 --yes").done();
    assert!(settled(&folder).is_empty());
    folder.sound();
}

#[test]
fn what_was_said_off_the_record_is_not_compared() {
    let folder = small();
    folder
        .line("participant edit P2 --attribution off-record")
        .done();
    let run = folder
        .line("agreement disagreements --coders mara,jo")
        .done();
    assert!(!run.stdout.contains("unfair"), "{}", run.whole());
    assert_eq!(open(&folder), ["1000002/1000006", "1000004/none"]);
    whole!(
        settle(&folder, &["1000003/1000007", "--keep", "first"]),
        str![[r#"
--- stderr
error: `1000003/1000007` is no disagreement as things stand: a coding may have found another partner since
hint: see what there is with: casebook agreement disagreements --coders mara,jo --transcript T01
--- status 1

"#]]
    );
}

#[test]
fn what_waits_for_its_place_is_counted_apart() {
    let folder = small();
    folder.write("b.txt", INTERVIEW.replace("Slowly. ", ""));
    folder.line("transcript revise T01 b.txt --yes").done();
    let found: Value = folder
        .line("agreement disagreements --coders mara,jo --json")
        .done()
        .json();
    let waiting: Value = folder.line("transcript pending T01 --json").done().json();
    assert_eq!(found["pending"], waiting["total"]);
    assert!(found["pending"].as_u64().is_some_and(|n| n > 0));
    let id = waiting["pending"][0]["coding"].to_string();
    whole!(
        settle(&folder, &[&format!("{id}/none"), "--keep", "first"]),
        str![[r#"
--- stderr
error: coding 1000002 waits for its place in a corrected text
hint: give it one first: casebook transcript pending
--- status 1

"#]]
    );
}

#[test]
fn what_can_not_be_settled_is_refused() {
    let folder = small();
    folder.line("code T01:5 money --coder sam").done();
    folder.write("b.txt", INTERVIEW);
    folder.line("import b.txt --again").done();
    folder.line("code T02:2 money --coder jo").done();
    let before = folder.dump();
    whole!(
        folder.line("agreement disagreements"),
        str![[r#"
--- stderr
error: 3 people have coded: say which two are meant
hint: name two of jo, mara, sam, as in: --coders jo,mara
--- status 1

"#]]
    );
    whole!(
        folder.line("agreement disagreements --coders mara,mara"),
        str![[r#"
--- stderr
error: these are one and the same coder
hint: name two different ones; see them with: casebook coder list
--- status 1

"#]]
    );
    whole!(
        folder.line("agreement disagreements --coders mara,joe"),
        str![[r#"
--- stderr
error: no coder `joe`
hint: did you mean `jo`?
--- status 1

"#]]
    );
    whole!(
        folder.line("agreement settle 1000004/none --keep first"),
        str![[r#"
--- stderr
error: a settlement needs its reason
hint: say why, as in: casebook agreement settle 1000004/none --keep first --why "the definition leaves it out"
--- status 1

"#]]
    );
    // Two others have coded that transcript: which of them coded nothing there?
    whole!(
        settle(&folder, &["1000004/none", "--keep", "first"]),
        str![[r#"
--- stderr
error: `1000004/none` does not say who the other coder is
hint: name both, as in: --coders mara,OTHER
--- status 1

"#]]
    );
    for (rest, said) in [
        (vec!["1000004", "--keep", "first"], "names no disagreement"),
        (
            vec!["none/none", "--keep", "first"],
            "names no disagreement",
        ),
        (
            vec!["1000001/1000005", "--keep", "first"],
            "both coded the same",
        ),
        (
            vec!["1000001/1000007", "--keep", "first"],
            "as things stand",
        ),
        (
            vec!["1000001/1000002", "--keep", "first"],
            "one and the same coder",
        ),
        (
            vec!["1000001/9000001", "--keep", "first"],
            "no coding `9000001`",
        ),
        (
            vec!["1000003/2000001", "--keep", "first"],
            "not on one transcript",
        ),
        (
            vec!["1000004/none", "--keep", "both", "--coders", "mara,jo"],
            "no two codings to keep",
        ),
        (
            vec!["1000004/none", "--keep", "first", "--coders", "jo,sam"],
            "not between these two",
        ),
        (
            vec!["1000002/1000006", "--theme", "pace"],
            "different spans",
        ),
        (vec!["1000003/1000007", "--at", "T01:3"], "different themes"),
        (
            vec!["1000003/1000007", "--at", "T02:3", "--theme", "pace"],
            "is not on T01",
        ),
        (
            vec!["1000003/1000007", "--at", "T01:3", "--theme", "haste"],
            "no theme `haste`",
        ),
    ] {
        let run = settle(&folder, &rest).refused();
        assert!(run.stderr.contains(said), "{rest:?}: {}", run.whole());
    }
    assert_eq!(before, folder.dump());
    settle(
        &folder,
        &["none/1000004", "--keep", "second", "--coders", "mara,jo"],
    )
    .done();
    assert_eq!(settled(&folder), [("none/1000004".to_owned(), true)]);
    let run = folder
        .line("agreement consensus --coders consensus,jo")
        .refused();
    assert!(run.stderr.contains("agreed on"), "{}", run.whole());
}

#[test]
fn a_sample_is_drawn_kept_and_followed() {
    let folder = Folder::invented();
    let before = folder.dump();
    whole!(
        folder.line("agreement sample first --share 25% --seed 7 --stratify phase --dry-run"),
        str![[r#"
phase    transcripts  drawn  of transcripts   words  drawn words  of words
phase-1            8      2           25.0%  17,496        4,057     23.2%
phase-2            7      2           28.6%  16,497        4,368     26.5%
total             15      4           26.7%  33,993        8,425     24.8%

planned 25% of the words, drawn 24.8% of the words and 26.7% of the transcripts
T02 T06 T08 T10
--- stderr
Nothing was kept.

"#]]
    );
    assert_eq!(before, folder.dump());
    let drawn: Value = folder
        .line("agreement sample first --share 25% --seed 7 --stratify phase --json")
        .done()
        .json();
    whole!(
        folder.line("agreement sample list"),
        str![[r#"
sample  transcripts  of  share  seed  strata  filters  by    at
first             4  15    25%     7  phase            mara  2021-05-01T09:00:00Z

"#]]
    );
    whole!(
        folder.line("agreement sample show first"),
        str![[r#"
transcript  phase    words  coded by  coders
T02         phase-1   2093         2  jo, mara
T06         phase-2   2178         2  jo, mara
T08         phase-1   1964         2  jo, mara
T10         phase-2   2190         2  jo, mara

Drawn by mara on 2021-05-01 from 15 transcripts with 33,993 words; seed 7, stratified by phase.
Planned 25% of the words, drawn 24.8%, coded by two people so far 24.8%.
4 transcripts: 4 coded by two people or more, 0 by one, 0 by nobody yet.

"#]]
    );
    // The same seed draws the same from the same study; another seed may not.
    let again: Value = folder
        .line("agreement sample second --share 25% --seed 7 --stratify phase --json")
        .done()
        .json();
    assert_eq!(drawn["drawn"], again["drawn"]);
    let others = (8..16).filter(|seed| {
        let other: Value = folder
            .line(&format!(
                "agreement sample x --share 25% --seed {seed} --stratify phase --dry-run --json"
            ))
            .done()
            .json();
        other["drawn"] != drawn["drawn"]
    });
    assert!(others.count() > 4);
    whole!(
        folder.line("agreement sample alone --share 30% --seed 1 --case alder --stratify role,attr:sector --csv"),
        str![[r#"
transcript,role,attr:sector,words
T04,director of finance,commissioning,2520
T06,(none),(none),2178
--- stderr
30% is too little for a transcript of each stratum: the largest remainders decided.
Drew sample alone: 2 transcripts.  (event 13; to take it back: casebook undo)

"#]]
    );
    let only: Value = folder
        .line("agreement disagreements --sample alone --json")
        .done()
        .json();
    assert_eq!(only["transcripts"], 2);
    whole!(
        folder.line("agreement sample first --share 20% --seed 1"),
        str![[r#"
--- stderr
error: sample `first` exists already
hint: choose another name, or see it with: casebook agreement sample show first
--- status 1

"#]]
    );
    // Global options may stand anywhere.
    let listed = folder.line("agreement sample list --json").done();
    for line in [
        "--json agreement sample list",
        "agreement --json sample list",
        "agreement sample --json list",
    ] {
        assert_eq!(folder.line(line), listed, "{line}");
    }
    folder.line("agreement sample remove second --yes").done();
    folder.line("agreement sample remove first").refused();
    folder.sound();
}

#[test]
fn the_progress_of_a_sample_counts_people() {
    let folder = small();
    folder.write("b.txt", "A: One word.\n");
    folder.write("c.txt", "A: Another word here.\n");
    folder.line("import b.txt c.txt").done();
    folder.line("code T02:1 pace").done();
    folder
        .line("agreement sample all --share 100% --seed 0 --stratify kind")
        .done();
    folder.line("agreement consensus").done();
    folder
        .run(&["autocode", "word", "pace", "--name", "words"])
        .done();
    whole!(
        folder.line("agreement sample show all"),
        str![[r#"
transcript  kind       words  coded by  coders
T01         interview     41         2  jo, mara
T02         interview      3         1  mara
T03         interview      4         0

Drawn by mara on 2021-05-01 from 3 transcripts with 48 words; seed 0, stratified by kind.
Planned 100% of the words, drawn 100.0%, coded by two people so far 85.4%.
3 transcripts: 1 coded by two people or more, 1 by one, 1 by nobody yet.

"#]]
    );
    whole!(
        folder.line("agreement sample show all --csv"),
        str![[r#"
transcript,kind,words,coded by,coders
T01,interview,41,2,"jo, mara"
T02,interview,3,1,mara
T03,interview,4,0,
--- stderr
Drawn by mara on 2021-05-01 from 3 transcripts with 48 words; seed 0, stratified by kind.
Planned 100% of the words, drawn 100.0%, coded by two people so far 85.4%.
3 transcripts: 1 coded by two people or more, 1 by one, 1 by nobody yet.

"#]]
    );
    // What goes from the study goes from the sample; undo brings it back.
    folder.line("transcript remove T02 --yes").done();
    let shown: Value = folder
        .line("agreement sample show all --json")
        .done()
        .json();
    assert_eq!(
        (&shown["transcripts"], &shown["eligible_transcripts"]),
        (&2.into(), &3.into())
    );
    folder.line("undo").done();
    let shown: Value = folder
        .line("agreement sample show all --json")
        .done()
        .json();
    assert_eq!(shown["transcripts"], 3);
}

#[test]
fn what_can_not_be_drawn_is_refused() {
    let folder = invented();
    for (line, said) in [
        ("agreement sample s --share 20 --seed 1", "no share"),
        ("agreement sample s --share 120% --seed 1", "no share"),
        ("agreement sample s --share 0% --seed 1", "no share"),
        (
            "agreement sample s --share 20% --seed 1 --stratify theme",
            "nothing to stratify by",
        ),
        (
            "agreement sample s --share 20% --seed 1 --stratify case,case",
            "named twice",
        ),
        (
            "agreement sample s --share 20% --seed 1 --stratify attr:shoe",
            "no attribute of participants `shoe`",
        ),
        (
            "agreement sample s/t --share 20% --seed 1",
            "can't name a sample",
        ),
        (
            "agreement sample s --share 20% --seed 1 --case nowhere",
            "no case `nowhere`",
        ),
        ("agreement sample show nothing", "no sample `nothing`"),
        (
            "agreement sample s list",
            "can't stand before a verb of `sample`",
        ),
        (
            "agreement disagreements --sample nothing",
            "no sample `nothing`",
        ),
    ] {
        let run = folder.line(line).refused();
        assert!(run.stderr.contains(said), "{line}: {}", run.whole());
    }
    let empty = Folder::with_study();
    whole!(
        empty.line("agreement sample s --share 20% --seed 1"),
        str![[r#"
--- stderr
error: there are no transcripts to draw from
hint: see what there is with: casebook transcript list   and leave out filters that take too much away
--- status 1

"#]]
    );
    whole!(
        empty.line("agreement disagreements"),
        str![[r#"
--- stderr
error: fewer than two people have coded
hint: code the same transcripts as somebody else, with: casebook --coder NAME code PLACE THEME
--- status 1

"#]]
    );
    whole!(
        empty.line("agreement settled"),
        str![[r#"
--- stderr
Nothing is settled. See what is open with: casebook agreement disagreements --open

"#]]
    );
    whole!(
        empty.line("agreement sample list"),
        str![[r#"
--- stderr
No samples yet. Draw one with: casebook agreement sample NAME --share 20% --seed 1 --stratify case,role

"#]]
    );
}

#[test]
fn thresholds_are_the_studys_own() {
    let folder = Folder::with_study();
    whole!(
        folder.line("agreement threshold list"),
        str![[r#"
--- stderr
The study asks nothing of a statistic. Add what it asks with: casebook agreement threshold add STATISTIC AT_LEAST --meaning TEXT --source TEXT

"#]]
    );
    for (at_least, meaning) in [("0.667", "tentative conclusions"), ("0.800", "rely on it")] {
        folder
            .run(&[
                "agreement",
                "threshold",
                "add",
                "alpha",
                at_least,
                "--meaning",
                meaning,
                "--source",
                "Krippendorff",
            ])
            .done();
    }
    whole!(
        folder.line("agreement threshold list"),
        str![[r#"
statistic  at least  meaning                source
alpha         0.800  rely on it             Krippendorff
alpha         0.667  tentative conclusions  Krippendorff
--- stderr
2 thresholds.

"#]]
    );
    whole!(
        folder.line("agreement threshold add alpha 0.8 --meaning x --source y"),
        str![[r#"
--- stderr
error: alpha has a threshold at 0.800 already
hint: take that away first: casebook agreement threshold remove alpha 0.800
--- status 1

"#]]
    );
    whole!(
        folder.line("agreement threshold add alpha 80% --meaning x --source y"),
        str![[r#"
--- stderr
error: `80%` is no value that a statistic can take
hint: write a decimal from -1 to 1, with at most six places, as in: 0.800
--- status 1

"#]]
    );
    let unknown = folder.line("agreement threshold add alfa 0.8 --meaning x --source y");
    assert_eq!(unknown.status, Some(2), "{}", unknown.whole());
    whole!(
        folder.line("agreement threshold remove alpha 0.8"),
        str![[r#"
--- stderr
Removed the threshold alpha 0.8.  (event 4; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("agreement threshold remove alpha 0.8"),
        str![[r#"
--- stderr
error: alpha has no threshold at 0.8
hint: see what there is with: casebook agreement threshold list
--- status 1

"#]]
    );
    folder.sound();
}
