//! Findings and the chain of evidence: what bears on a claim, the way down to what was said and up to the reports, and
//! the register of what was written.

use std::collections::BTreeSet;

use serde_json::Value;
use snapbox::str;

use crate::harness::{Folder, STUDY, whole};

/// Two findings of the invented study, with all that a finding can have.
fn with_findings() -> Folder {
    let folder = Folder::invented();
    for args in [
        &[
            "finding",
            "add",
            "Every partner holds a no that nobody has to cast.",
            "--detail",
            "A yes in principle is enough.",
        ][..],
        &[
            "finding",
            "add",
            "Teams with one list decide by themselves.",
        ],
        &[
            "finding",
            "add",
            "The centre is far away.",
            "--not-reported",
            "--at",
            "1",
        ],
        &[
            "finding", "support", "1", "--coding", "2000007", "9000008", "9000009",
        ],
        &[
            "finding",
            "support",
            "1",
            "--coding",
            "5000006",
            "--note",
            "the supposed holder says so",
        ],
        &["finding", "contradict", "1", "--coding", "10000003"],
        &["finding", "rival", "1", "It waits for money."],
        &[
            "finding",
            "contradict",
            "1",
            "--rival",
            "1",
            "--coding",
            "2000007",
        ],
        &[
            "finding",
            "rival",
            "1",
            "--verdict",
            "rejected",
            "--why",
            "The money was there.",
        ],
        &["finding", "rival", "1", "It is the winter."],
        &[
            "finding",
            "looked",
            "1",
            "All passages coded with veto were read again.",
        ],
        &[
            "finding",
            "predict",
            "1",
            "cedar",
            "--literal",
            "There too.",
            "--made",
            "2020-01-20",
        ],
        &[
            "finding",
            "predict",
            "1",
            "birch",
            "--theoretical",
            "Less of it.",
        ],
        &[
            "finding",
            "result",
            "1",
            "cedar",
            "as-predicted",
            "There too, in the chair's words.",
        ],
        &[
            "finding",
            "support",
            "2",
            "--coding",
            "5000015",
            "--transcript",
            "T06",
        ],
    ] {
        folder.run(args).done();
    }
    folder
}

#[test]
fn a_finding_shows_what_bears_on_it() {
    let folder = with_findings();
    whole!(
        folder.line("finding list"),
        str![[r#"
finding  claim                                              reported  passages  participants  cases  sources                        against  rivals          flags                                                           answers
      3  The centre is far away.                            no               0             0      0                                       0                  unsupported, disconfirming-not-looked-for, rivals-not-examined
      1  Every partner holds a no that nobody has to cast.  yes              3             3      2  interview                            1  rejected, open  single-source, rivals-open
      2  Teams with one list decide by themselves.          yes              1             1      1  interview, direct-observation        0                  disconfirming-not-looked-for, rivals-not-examined

"#]]
    );
    whole!(
        folder.line("finding show 1"),
        str![[r#"
finding 1  Every partner holds a no that nobody has to cast.
place 2 of 3 · reported · mara 2021-05-01

A yes in principle is enough.

for      3 passages from 3 participants in 2 cases, 3 transcripts; interview
against  1 passage from 1 participant in 1 case, 1 transcript; interview
  ! single-source: all of its support is of one kind of source
  ! a rival explanation waits for its verdict

For
  evidence 1  T02:14  P02  alder  consensus/veto  mara  coding 2000007
    So I said yes in principle, and in practice I asked for a great deal of further work. I think it was eight months of further work. I'm not proud of that. I knew what I was doing, and so did everybody else.
  evidence 2  T09:14  P08  birch  3:44  consensus/veto  mara  coding 9000008
    Consensus here means that whoever is the least willing sets the pace for everyone else. It's a convoy. You go at the speed of the slowest ship, and the slowest ship has worked out that it needn't start its engine at all.
  evidence 3  T09:14  P08  birch  3:44  consensus/veto  jo  coding 9000009
    Consensus here means that whoever is the least willing sets the pace for everyone else. It's a convoy. You go at the speed of the slowest ship, and the slowest ship has worked out that it needn't start its engine at all.
  evidence 4  T05:18  P05  alder  5:20  consensus/veto  mara  coding 5000006
    Nobody's ever asked us to vote on it! That's what gets me. I've told the chair, put it to the vote, outvote us.
    note: the supposed holder says so

Against
  evidence 5  T10:8  P09  birch  consensus/veto  mara  coding 10000003
    Well, I'd like to see me try. Consensus means anybody can block who's got something the others need. If the North says no then it stops. If the county says no, it stops. If I say no, there's a little pause, and the chair says "that's really valuable", and it goes on to the next slide.

Where disconfirming evidence was looked for
  All passages coded with veto were read again.

Rivals
  rival 1  It waits for money.
    rejected: The money was there.
    evidence 6  T02:14  P02  alder  consensus/veto  mara  coding 2000007
      So I said yes in principle, and in practice I asked for a great deal of further work. I think it was eight months of further work. I'm not proud of that. I knew what I was doing, and so did everybody else.
  rival 2  It is the winter.
    open

Replication
  birch  theoretical: Less of it.
    predicted 2021-05-01  ! written after the data: the first is of 2019-12-17
    no result yet
  cedar  literal: There too.
    predicted 2020-01-20 (entered 2021-05-01), before the first data of 2020-01-30
    as-predicted: There too, in the chair's words.

"#]]
    );
    whole!(
        folder.line("finding show 2"),
        str![[r#"
finding 2  Teams with one list decide by themselves.
place 3 of 3 · reported · mara 2021-05-01

for      1 passage and 1 transcript as a whole from 1 participant in 1 case, 2 transcripts; interview, direct-observation
against  nothing
  ! disconfirming evidence was not looked for
  ! rivals not examined

For
  evidence 7  T05:38  P05  alder  11:03  enablers/place-teams  mara  coding 5000015
    There's the frailty team over the library, and I've a social worker and a half in it, and they've not had a single delayed discharge in the Vale of more than two days since last July. It's because they don't refer. They turn round in their chairs.
  evidence 8  T06 as a whole  direct-observation  alder-vale  2021-05-12  mara

"#]]
    );
    whole!(
        folder.line("finding list --csv"),
        str![[r#"
finding,claim,reported,passages,participants,cases,sources,against,rivals,flags,answers
3,The centre is far away.,no,0,0,0,,0,,"unsupported, disconfirming-not-looked-for, rivals-not-examined",
1,Every partner holds a no that nobody has to cast.,yes,3,3,2,interview,1,"rejected, open","single-source, rivals-open",
2,Teams with one list decide by themselves.,yes,1,1,1,"interview, direct-observation",0,,"disconfirming-not-looked-for, rivals-not-examined",

"#]]
    );
    let table = folder.line("finding show 1 --csv").done().stdout;
    assert_eq!(table.lines().count(), 7, "{table}");
    assert!(table.starts_with("finding,evidence,rival,bears,on,cell,coding,place,"));
    let view: Value = folder.line("finding show 1 --json").done().json();
    assert_eq!(view["place"], 2);
    // Two coders coded the passage of P08: it is one passage.
    assert_eq!(view["support"]["passages"], 3);
    assert_eq!(view["support"]["participants"], 3);
    assert_eq!(view["support"]["cases"], 2);
    assert_eq!(view["support"]["sources"], serde_json::json!(["interview"]));
    assert_eq!(view["against"]["participants"], 1);
    assert_eq!(
        view["flags"],
        serde_json::json!(["single-source", "rivals-open"])
    );
    assert_eq!(view["replication"][0]["timing"], "after-data");
    assert_eq!(view["replication"][1]["timing"], "before-data");
    assert_eq!(
        view["evidence"][0]["passages"][0]["said_by"][0]["attribution"],
        "role"
    );
    folder.line("log verify").done();
    folder.sound();
}

/// In a focus group it counts who says it, not whom the group is with.
#[test]
fn a_focus_group_counts_by_who_speaks() {
    let folder = Folder::invented();
    folder.run(&["finding", "add", "So it is."]).done();
    let quotes: Value = folder.line("quotes --transcript T15 --json").done().json();
    let mut people = BTreeSet::new();
    let mut said = 0;
    for q in quotes["quotes"].as_array().expect("quotes") {
        let who = q["participant"].as_str().expect("a speaker");
        if who == "P16" {
            continue;
        }
        people.insert(who.to_owned());
        said += 1;
        folder
            .line(&format!("finding support 1 --coding {}", q["coding"]))
            .done();
    }
    assert!(said > 5);
    let view: Value = folder.line("finding show 1 --json").done().json();
    assert_eq!(people.len(), 2);
    assert_eq!(view["support"]["participants"], 2, "{people:?}");
    assert_eq!(view["support"]["transcripts"], 1);
    assert_eq!(view["support"]["cases"], 1);
    // As a whole the transcript is with all three.
    folder.line("finding support 1 --transcript T15").done();
    let view: Value = folder.line("finding show 1 --json").done().json();
    assert_eq!(view["support"]["participants"], 3);
    assert_eq!(view["support"]["whole_transcripts"], 1);
}

#[test]
fn kinds_of_source_are_yins_six() {
    let folder = Folder::invented();
    folder.run(&["finding", "add", "So it is."]).done();
    folder
        .line("finding support 1 --transcript T06 --transcript T15 --coding 1000009")
        .done();
    let sources = || {
        folder.line("finding show 1 --json").done().json::<Value>()["support"]["sources"]
            .to_string()
    };
    assert_eq!(sources(), r#"["interview","direct-observation"]"#);
    folder
        .line("transcript edit T06 --source participant-observation")
        .done();
    assert_eq!(sources(), r#"["interview","participant-observation"]"#);
    folder
        .line("transcript edit T01 --source archival-record")
        .done();
    assert_eq!(
        sources(),
        r#"["archival-record","interview","participant-observation"]"#
    );
    folder
        .run(&["transcript", "edit", "T06", "--source", ""])
        .done();
    assert_eq!(
        sources(),
        r#"["archival-record","interview","direct-observation"]"#
    );
    whole!(
        folder.line("transcript edit T06 --source diary"),
        str![[r#"
--- stderr
error: `diary` is no kind of source
hint: it may be one of: document, archival-record, interview, direct-observation, participant-observation, physical-artefact
--- status 1

"#]]
    );
}

#[test]
fn only_what_is_coded_and_counts_is_evidence() {
    let folder = with_findings();
    folder
        .line("participant edit P13 --attribution off-record")
        .done();
    for line in [
        "finding support 1 T02:14",
        "finding support 1 T02:1",
        "finding support 1 --coding 9",
        "finding support 1 --coding 14000023",
        "finding support 1 --transcript T14",
        "finding support 1 --cell alder,governance",
        "finding support 1 --cell alder",
        "finding support 1",
        "finding support 9 --coding 2000007",
        "finding contradict 1 --coding 2000007",
        "finding support 1 --rival 9 --coding 2000007",
        "finding withdraw 1 --evidence 99",
        "finding rival 1 --verdict holds",
        "finding rival 1 --rival 2 --verdict holds",
        "finding rival 2 --verdict open",
        "finding result 1 alder partly x",
        "finding predict 1 cedar --literal x --made 2030-01-01",
        "finding add x --at 0",
    ] {
        folder.line(line).refused();
    }
    whole!(
        folder.run(&[
            "finding",
            "support",
            "1",
            "T02:14",
            "--quote",
            "eight months"
        ]),
        str![[r#"
--- stderr
error: T02:14 is a place; only what is coded there is evidence
hint: name one of its codings: 2000007 (consensus/veto); as in: casebook finding support 1 --coding 2000007
--- status 1

"#]]
    );
    whole!(
        folder.line("finding support 1 --coding 14000023"),
        str![[r#"
--- stderr
error: coding 14000023 is off the record, and no evidence for anything
hint: see what was promised with: casebook participant list
--- status 1

"#]]
    );
    whole!(
        folder.line("finding contradict 1 --coding 2000007"),
        str![[r#"
--- stderr
error: it supports finding 1 already, as evidence 1
hint: take it off first: casebook finding withdraw 1 --evidence 1
--- status 1

"#]]
    );
    whole!(
        folder.line("finding rival 1 --verdict holds"),
        str![[r#"
--- stderr
error: finding 1 has 2 rivals
hint: say which one: --rival N, with N one of 1, 2
--- status 1

"#]]
    );
    whole!(
        folder.line("finding rival 1 --rival 2 --verdict holds"),
        str![[r#"
--- stderr
error: a rival that is `holds` is so for a reason
hint: say it: casebook finding rival 1 --rival 2 --verdict holds --why REASON
--- status 1

"#]]
    );
    // What is there is not added twice.
    let before = folder.dump();
    whole!(
        folder.line("finding support 1 --coding 2000007 9000008"),
        str![[r#"
2 pieces there already
--- stderr
Nothing to change.

"#]]
    );
    assert_eq!(before, folder.dump());
}

/// What is off the record, or waits for its place, is named and neither shown nor counted.
#[test]
fn what_stops_counting_is_said() {
    let folder = with_findings();
    folder
        .line("participant edit P08 --attribution off-record")
        .done();
    let view: Value = folder.line("finding show 1 --json").done().json();
    assert_eq!(view["support"]["passages"], 2);
    assert_eq!(
        view["evidence"][1]["passages"][0]["held_back"],
        "off the record"
    );
    assert_eq!(view["evidence"][1]["passages"][0]["text"], Value::Null);
    for line in [
        "finding show 1",
        "trace finding 1",
        "trace T09:14",
        "trace coding:9000008 --csv",
        "finding show 1 --csv",
    ] {
        let found = folder.line(line).done().stdout;
        assert!(!found.contains("convoy"), "{line}: {found}");
    }
    // Its words are taken out of the text: the coding waits.
    folder
        .run(&["transcript", "edit", "T05", "--replace", "Nobody's ever asked us to vote on it! That's what gets me. I've told the chair, put it to the vote, outvote us.", "--with", "No.", "--yes"])
        .done();
    let view: Value = folder.line("finding show 1 --json").done().json();
    assert_eq!(view["pending"], 1);
    assert_eq!(view["support"]["passages"], 1);
    assert!(
        folder
            .line("finding show 1")
            .done()
            .stderr
            .contains("1 coding waits")
    );
    whole!(
        folder.line("check --evidence"),
        str![[r#"
The chain of evidence holds for 2 findings.
1 warning:
  finding 1  waits: 1 of its codings waits for a place in a corrected text, and counts nowhere

"#]]
    );
}

#[test]
fn a_trace_goes_down_and_up() {
    let folder = with_findings();
    folder
        .line("report summary -o summary.md --quotes all")
        .done();
    folder.line("debrief P02 -o debrief.html").done();
    whole!(
        folder.line("trace finding 1"),
        str![[r#"
finding 1  Every partner holds a no that nobody has to cast.
├─ for: 3 passages from 3 participants in 2 cases, 3 transcripts; interview
│  ├─ evidence 1: coding 2000007  consensus/veto  mara
│  │  └─ T02:14  P02  alder  (interview; role, may be quoted)
│  │     So I said yes in principle, and in practice I asked for a great deal of further work. I think it was eight months of further work. I'm not proud of that. I knew what I was doing, and so did everybody else.
│  ├─ evidence 2: coding 9000008  consensus/veto  mara
│  │  └─ T09:14  P08  birch  3:44  (interview; role, may be quoted)
│  │     Consensus here means that whoever is the least willing sets the pace for everyone else. It's a convoy. You go at the speed of the slowest ship, and the slowest ship has worked out that it needn't start its engine at all.
│  ├─ evidence 3: coding 9000009  consensus/veto  jo
│  │  └─ T09:14  P08  birch  3:44  (interview; role, may be quoted)
│  │     Consensus here means that whoever is the least willing sets the pace for everyone else. It's a convoy. You go at the speed of the slowest ship, and the slowest ship has worked out that it needn't start its engine at all.
│  └─ evidence 4: coding 5000006  consensus/veto  mara
│     └─ T05:18  P05  alder  5:20  (interview; role, may be quoted)
│        Nobody's ever asked us to vote on it! That's what gets me. I've told the chair, put it to the vote, outvote us.
├─ against: 1 passage from 1 participant in 1 case, 1 transcript; interview
│  └─ evidence 5: coding 10000003  consensus/veto  mara
│     └─ T10:8  P09  birch  (interview; role-org, may be quoted)
│        Well, I'd like to see me try. Consensus means anybody can block who's got something the others need. If the North says no then it stops. If the county says no, it stops. If I say no, there's a little pause, and the chair says "that's really valuable", and it goes on to the next slide.
├─ rival 1  It waits for money.
│  │  rejected: The money was there.
│  └─ contradicts evidence 6: coding 2000007  consensus/veto  mara
│     └─ T02:14  P02  alder  (interview; role, may be quoted)
│        So I said yes in principle, and in practice I asked for a great deal of further work. I think it was eight months of further work. I'm not proud of that. I knew what I was doing, and so did everybody else.
├─ rival 2  It is the winter.
│  open
├─ printed in report 1: summary, md, 2021-05-01
└─ printed in report 2: debrief P02, html, 2021-05-01

"#]]
    );
    whole!(
        folder.line("trace T02:14"),
        str![[r#"
T02:14
├─ coding 2000006  competition/hospital-income  mara
│  │  T02:14  P02  alder  (interview; role, may be quoted)
│  │  orthopaedics is one of about three things in an acute hospital that pays for the rest, and if I moved eleven hundred joints a year out of my income line then I'd be moving the margin that pays for the medical take.
│  ├─ quoted in report 1: summary, md, 2021-05-01
│  └─ quoted in report 2: debrief P02, html, 2021-05-01
├─ coding 2000023  competition/hospital-income  jo
│  │  T02:14  P02  alder  (interview; role, may be quoted)
│  │  orthopaedics is one of about three things in an acute hospital that pays for the rest, and if I moved eleven hundred joints a year out of my income line then I'd be moving the margin that pays for the medical take.
│  ├─ quoted in report 1: summary, md, 2021-05-01
│  └─ quoted in report 2: debrief P02, html, 2021-05-01
└─ coding 2000007  consensus/veto  mara
   │  T02:14  P02  alder  (interview; role, may be quoted)
   │  So I said yes in principle, and in practice I asked for a great deal of further work. I think it was eight months of further work. I'm not proud of that. I knew what I was doing, and so did everybody else.
   ├─ supports finding 1 (evidence 1)  Every partner holds a no that nobody has to cast.
   │  ├─ printed in report 1: summary, md, 2021-05-01
   │  └─ printed in report 2: debrief P02, html, 2021-05-01
   ├─ contradicts rival 1 of finding 1 (evidence 6)  Every partner holds a no that nobody has to cast.
   │  ├─ printed in report 1: summary, md, 2021-05-01
   │  └─ printed in report 2: debrief P02, html, 2021-05-01
   ├─ quoted in report 1: summary, md, 2021-05-01
   └─ quoted in report 2: debrief P02, html, 2021-05-01

"#]]
    );
    whole!(
        folder.line("trace coding:10000003"),
        str![[r#"
coding:10000003
└─ coding 10000003  consensus/veto  mara
   │  T10:8  P09  birch  (interview; role-org, may be quoted)
   │  Well, I'd like to see me try. Consensus means anybody can block who's got something the others need. If the North says no then it stops. If the county says no, it stops. If I say no, there's a little pause, and the chair says "that's really valuable", and it goes on to the next slide.
   ├─ contradicts finding 1 (evidence 5)  Every partner holds a no that nobody has to cast.
   │  ├─ printed in report 1: summary, md, 2021-05-01
   │  └─ printed in report 2: debrief P02, html, 2021-05-01
   └─ quoted in report 1: summary, md, 2021-05-01

"#]]
    );
    whole!(
        folder.line("trace T06:1"),
        str![[r#"
T06:1
└─ the transcript as a whole
   └─ supports finding 2 (evidence 8)  Teams with one list decide by themselves.
      ├─ printed in report 1: summary, md, 2021-05-01
      └─ printed in report 2: debrief P02, html, 2021-05-01
--- stderr
Nothing is coded there.

"#]]
    );
    whole!(
        folder.line("trace coding:2000007 --csv"),
        str![[r#"
coding,place,theme,coder,cell,finding,evidence,rival,bears,report,kind,subject
2000007,T02:14,consensus/veto,mara,,1,1,,supports,1,summary,
2000007,T02:14,consensus/veto,mara,,1,1,,supports,2,debrief,P02
2000007,T02:14,consensus/veto,mara,,1,6,1,contradicts,1,summary,
2000007,T02:14,consensus/veto,mara,,1,6,1,contradicts,2,debrief,P02
2000007,T02:14,consensus/veto,mara,,,,,,1,summary,
2000007,T02:14,consensus/veto,mara,,,,,,2,debrief,P02

"#]]
    );
    for line in [
        "trace finding 9",
        "trace coding:9",
        "trace nothing 9",
        "trace T99:1",
        "trace cell:alder,governance",
        "trace finding x",
        "trace T01:999",
    ] {
        folder.line(line).refused();
    }
}

/// What a finding rests on going down, rests under it going up; in every finding, rival and coding.
#[test]
fn down_and_up_agree() {
    let folder = with_findings();
    let mut down = BTreeSet::new();
    for id in [1, 2, 3] {
        let view: Value = folder
            .line(&format!("trace finding {id} --json"))
            .done()
            .json();
        let rivals = view["rivals"].as_array().expect("rivals");
        let own = [(Value::Null, &view["evidence"])];
        let all = own
            .into_iter()
            .chain(rivals.iter().map(|r| (r["rival"].clone(), &r["evidence"])));
        for (rival, evidence) in all {
            for e in evidence.as_array().expect("evidence") {
                for p in e["passages"].as_array().expect("passages") {
                    down.insert(format!(
                        "{} {id} {rival} {} {}",
                        p["coding"], e["evidence"], e["bears"]
                    ));
                }
            }
        }
    }
    let mut up = BTreeSet::new();
    for transcript in 1..=15 {
        let found: Value = folder
            .line(&format!("trace T{transcript:02} --json"))
            .done()
            .json();
        for c in found["codings"].as_array().expect("codings") {
            for f in c["findings"].as_array().expect("findings") {
                up.insert(format!(
                    "{} {} {} {} {}",
                    c["passage"]["coding"], f["finding"], f["rival"], f["evidence"], f["bears"]
                ));
            }
        }
        assert_eq!(
            found["transcript"].as_array().expect("findings").len(),
            usize::from(transcript == 6)
        );
    }
    assert_eq!(down.len(), 7);
    assert_eq!(down, up);
}

#[test]
fn reports_are_registered_and_never_taken_back() {
    let folder = with_findings();
    folder.line("report summary -o one.md").done();
    folder.line("report summary -o two.md").done();
    assert_eq!(
        folder.read("one.md"),
        folder.read("two.md"),
        "the register changes no report"
    );
    folder
        .line("report case birch -o birch.html --quotes none")
        .done();
    folder.line("report summary").done();
    let list: Value = folder.line("report list --json").done().json();
    let all = list["reports"].as_array().expect("reports");
    assert_eq!(all.len(), 3, "what goes to the screen is not registered");
    assert_eq!(all[0]["sha256"], all[1]["sha256"]);
    assert_eq!(all[0]["sha256"], sha256(&folder.read("one.md")));
    assert_eq!(all[0]["findings"], serde_json::json!([1, 2]));
    assert_eq!(all[2]["quoted"], 0);
    whole!(
        folder.line("report list"),
        str![[r#"
report  kind     subject  format  at                    coder  codings  findings  audience  sha256
     1  summary           md      2021-05-01T09:00:00Z  mara       177  1, 2      public    [..]
     2  summary           md      2021-05-01T09:00:00Z  mara       177  1, 2      public    [..]
     3  case     birch    html    2021-05-01T09:00:00Z  mara         0            public    [..]

"#]]
    );
    // Undo takes what came before it.
    let event = all[0]["event"].as_i64().expect("a number");
    whole!(
        folder.line("undo"),
        str![[r#"
Took back event 25: support finding 2 with 2 pieces of evidence
--- stderr
(event 29; to bring it back: casebook undo 29)

"#]]
    );
    whole!(
        folder.line(&format!("undo {event}")),
        str![[r#"
--- stderr
error: event 26 wrote a report: what was handed out can't be taken back
hint: see what was written with: casebook report list
--- status 1

"#]]
    );
    folder.line("log verify").done();
    folder.sound();
}

fn sha256(text: &str) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(text)
        .iter()
        .fold(String::new(), |hex, b| hex + &format!("{b:02x}"))
}

/// The codings on the register are those whose words stand in the report.
#[test]
fn the_register_has_what_is_quoted() {
    let folder = Folder::invented();
    for quotes in ["2", "all"] {
        folder
            .line(&format!("report summary -o summary.md --quotes {quotes}"))
            .done();
        let report = folder.read("summary.md");
        let path = folder.join(STUDY);
        let store =
            casebook::store::Store::open(&path, casebook::store::Access::Read).expect("it opens");
        let quoted = store
            .releases()
            .expect("the register")
            .pop()
            .expect("one")
            .codings;
        let all: Value = folder.line("quotes --json").done().json();
        let (mut inside, mut outside) = (0, 0);
        for q in all["quotes"].as_array().expect("quotes") {
            let words: String = q["text"]
                .as_str()
                .expect("words")
                .chars()
                .take_while(|c| c.is_alphanumeric() || " ,.;'’".contains(*c))
                .take(60)
                .collect();
            // A number at the beginning is escaped, as it would begin a list.
            if words.trim().chars().count() < 30 || words.starts_with(|c: char| c.is_ascii_digit())
            {
                continue;
            }
            let stands = report.contains(words.trim());
            if quoted
                .binary_search(&q["coding"].as_i64().expect("a number"))
                .is_ok()
            {
                inside += 1;
                assert!(
                    stands,
                    "coding {} is not in the report: {words}",
                    q["coding"]
                );
            } else if !stands {
                outside += 1;
            }
        }
        assert!(inside > 30 && outside > 5, "{inside} {outside}");
    }
}

/// Where the study can't be written, the report is written all the same, and says that it is not registered.
#[test]
#[cfg(unix)]
fn a_study_that_cannot_be_written_still_gives_its_reports() {
    use std::os::unix::fs::PermissionsExt;
    let folder = with_findings();
    folder.write("out/keep", "");
    let study = folder.join(STUDY);
    let set = |mode: u32| {
        std::fs::set_permissions(&study, std::fs::Permissions::from_mode(mode)).expect("set");
    };
    let held = rusqlite::Connection::open(&study).expect("it opens");
    held.execute_batch("BEGIN IMMEDIATE").expect("held");
    let run = folder.line("report summary -o out/held.md").done();
    assert!(
        run.stderr
            .contains("not in the register of reports: the study is in use"),
        "{}",
        run.whole()
    );
    held.execute_batch("ROLLBACK").expect("let go");
    drop(held);
    set(0o444);
    let run = folder.line("report summary -o out/report.md").done();
    set(0o644);
    // Root may write to what is read-only.
    if folder.line("report list --json").done().json::<Value>()["reports"]
        .as_array()
        .expect("reports")
        .is_empty()
    {
        whole!(run, str![[r#""#]]);
    }
    assert_eq!(folder.read("out/held.md"), folder.read("out/report.md"));
}

#[test]
fn a_broken_chain_fails_the_check() {
    let folder = with_findings();
    whole!(
        folder.line("check --evidence"),
        str![[r#"
The chain of evidence holds for 2 findings.

"#]]
    );
    folder
        .run(&["finding", "add", "Nothing is behind this."])
        .done();
    folder.line("uncode 5000015").done();
    folder.line("finding withdraw 2 --evidence 8").done();
    whole!(
        folder.line("check --evidence"),
        str![[r#"
2 problems found:
  finding 2  support-gone: is reported and all of its support was taken away (2 in all)
  finding 4  unsupported: is reported and nothing supports it
--- stderr
error: the chain of evidence is broken in 2 places
hint: begin with: casebook finding show 2
--- status 1

"#]]
    );
    let chain: Value = folder.line("check --evidence --json").refused().json();
    assert_eq!(chain["holds"], false);
    assert_eq!(chain["findings"], 3);
    assert_eq!(chain["problems"][0]["fault"], "support-gone");
    assert_eq!(chain["problems"][1]["fault"], "unsupported");
    // What is not reported may rest on nothing.
    folder.line("finding edit 4 --not-reported").done();
    folder.line("finding support 2 --coding 6000004").done();
    folder.line("check --evidence").done();
}

/// A corrected text may turn a passage into its contrary: what it was evidence for says so until somebody has looked.
#[test]
fn evidence_whose_words_were_changed_is_told() {
    let folder = Folder::with_study();
    folder.write(
        "a.txt",
        "INT: How was it?\n\nA: We did not trust them at all. They came late.\n",
    );
    for line in [
        "case add alder",
        "import a.txt --case alder --id T1",
        "theme add trust",
    ] {
        folder.line(line).done();
    }
    folder
        .run(&["code", "T1:2", "trust", "--quote", "We did not trust them"])
        .done();
    folder
        .run(&["code", "T1:2", "trust", "--quote", "They came late."])
        .done();
    folder.run(&["finding", "add", "There is no trust."]).done();
    folder
        .line("finding support 1 --coding 1000001 1000002")
        .done();
    folder.line("check --evidence").done();
    folder.write(
        "b.txt",
        "INT: How was it?\n\nA: We did now trust them at all. They came late.\n",
    );
    folder.line("transcript revise T1 b.txt --yes").done();
    whole!(
        folder.line("finding show 1"),
        str![[r#"
finding 1  There is no trust.
place 1 of 1 · reported · mara 2021-05-01

for      2 passages in 1 case, 1 transcript; interview; who speaks is not said in 2 passages
against  nothing
  ! single-source: all of its support is of one kind of source
  ! disconfirming evidence was not looked for
  ! rivals not examined

For
  evidence 1  T1:2  alder  trust  mara  coding 1000001
    We did now trust them
    ! its words were changed since, event 9
  evidence 2  T1:2  alder  trust  mara  coding 1000002
    They came late.

"#]]
    );
    whole!(
        folder.line("trace finding 1"),
        str![[r#"
finding 1  There is no trust.
└─ for: 2 passages in 1 case, 1 transcript; interview; who speaks is not said in 2 passages
   ├─ evidence 1: coding 1000001  trust  mara
   │  │  ! its words were changed since, event 9
   │  └─ T1:2  alder  (interview)
   │     We did now trust them
   └─ evidence 2: coding 1000002  trust  mara
      └─ T1:2  alder  (interview)
         They came late.

"#]]
    );
    whole!(
        folder.line("trace coding:1000001"),
        str![[r#"
coding:1000001
└─ coding 1000001  trust  mara
   │  T1:2  alder  (interview)
   │  We did now trust them
   └─ supports finding 1 (evidence 1)  There is no trust.
      ! its words were changed since, event 9

"#]]
    );
    whole!(
        folder.line("check --evidence"),
        str![[r#"
1 problem found:
  finding 1  reworded: evidence 1 is coding 1000001, whose words were changed since (event 9); if it still holds: casebook finding confirm 1 --evidence 1
--- stderr
error: the chain of evidence is broken in 1 place
hint: begin with: casebook finding show 1
--- status 1

"#]]
    );
    // Undoing the correction brings the words back.
    folder.line("undo").done();
    folder.line("check --evidence").done();
    whole!(
        folder.line("finding confirm 1"),
        str![[r#"
--- stderr
error: no evidence of finding 1 had its words changed since it was named
hint: see what bears on it with: casebook finding show 1
--- status 1

"#]]
    );
    folder.line("transcript revise T1 b.txt --yes").done();
    whole!(
        folder.line("finding confirm 1"),
        str![[r#"
--- stderr
Confirmed 1 piece of evidence of finding 1.  (event 12; to take it back: casebook undo)

"#]]
    );
    folder.line("check --evidence").done();
    // What is named only now was named with these words.
    folder.line("undo").done();
    folder.line("finding withdraw 1 --evidence 1").done();
    folder.line("finding support 1 --coding 1000001").done();
    folder.line("check --evidence").done();
}

/// A cell is evidence with the codings that it rests on, its row's summary with those of its cells; when what lies below
/// it changes, the check says so.
#[test]
fn cells_of_the_frame_are_evidence() {
    let folder = with_findings();
    for args in [
        &[
            "frame",
            "set",
            "alder",
            "consensus",
            "Nobody votes.",
            "--coding",
            "1000009",
            "--coding",
            "2000007",
        ][..],
        &["frame", "set", "alder", "enablers", "One list."],
        &[
            "frame",
            "set",
            "alder",
            "/",
            "A no for everybody, and one list.",
        ],
        &["finding", "support", "1", "--cell", "alder,consensus"],
        &["finding", "support", "2", "--cell", "alder,/"],
    ] {
        folder.run(args).done();
    }
    let view: Value = folder.line("finding show 1 --json").done().json();
    // One of its two codings supported the finding by itself already.
    assert_eq!(view["support"]["passages"], 4);
    assert_eq!(view["support"]["participants"], 4);
    let view: Value = folder.line("finding show 2 --json").done().json();
    assert_eq!(view["support"]["passages"], 3);
    whole!(
        folder.line("trace finding 2"),
        str![[r#"
finding 2  Teams with one list decide by themselves.
└─ for: 3 passages and 1 transcript as a whole from 3 participants in 1 case, 4 transcripts; interview, direct-observation
   ├─ evidence 7: coding 5000015  enablers/place-teams  mara
   │  └─ T05:38  P05  alder  11:03  (interview; role, may be quoted)
   │     There's the frailty team over the library, and I've a social worker and a half in it, and they've not had a single delayed discharge in the Vale of more than two days since last July. It's because they don't refer. They turn round in their chairs.
   ├─ evidence 8: T06 as a whole, direct-observation
   └─ evidence 10: cell alder,/
      │  A no for everybody, and one list.
      ├─ coding 1000009  consensus/veto  mara
      │  └─ T01:26  P01  alder  (interview; case, may be quoted)
      │     everyone knows where the edge of everyone else's tolerance is, and we don't walk people off it.
      └─ coding 2000007  consensus/veto  mara
         └─ T02:14  P02  alder  (interview; role, may be quoted)
            So I said yes in principle, and in practice I asked for a great deal of further work. I think it was eight months of further work. I'm not proud of that. I knew what I was doing, and so did everybody else.

"#]]
    );
    whole!(
        folder.line("trace coding:1000009"),
        str![[r#"
coding:1000009
└─ coding 1000009  consensus/veto  mara
   │  T01:26  P01  alder  (interview; case, may be quoted)
   │  everyone knows where the edge of everyone else's tolerance is, and we don't walk people off it.
   ├─ in the cell alder,consensus
   │  └─ supports finding 1 (evidence 9)  Every partner holds a no that nobody has to cast.
   └─ in the cell alder,/
      └─ supports finding 2 (evidence 10)  Teams with one list decide by themselves.

"#]]
    );
    whole!(
        folder.line("trace cell:alder,consensus"),
        str![[r#"
cell:alder,consensus
│  Nobody votes.
├─ supports finding 1 (evidence 9)  Every partner holds a no that nobody has to cast.
├─ coding 1000009  consensus/veto  mara
│  │  T01:26  P01  alder  (interview; case, may be quoted)
│  │  everyone knows where the edge of everyone else's tolerance is, and we don't walk people off it.
│  ├─ in the cell alder,consensus
│  │  └─ supports finding 1 (evidence 9)  Every partner holds a no that nobody has to cast.
│  └─ in the cell alder,/
│     └─ supports finding 2 (evidence 10)  Teams with one list decide by themselves.
└─ coding 2000007  consensus/veto  mara
   │  T02:14  P02  alder  (interview; role, may be quoted)
   │  So I said yes in principle, and in practice I asked for a great deal of further work. I think it was eight months of further work. I'm not proud of that. I knew what I was doing, and so did everybody else.
   ├─ supports finding 1 (evidence 1)  Every partner holds a no that nobody has to cast.
   ├─ contradicts rival 1 of finding 1 (evidence 6)  Every partner holds a no that nobody has to cast.
   ├─ in the cell alder,consensus
   │  └─ supports finding 1 (evidence 9)  Every partner holds a no that nobody has to cast.
   └─ in the cell alder,/
      └─ supports finding 2 (evidence 10)  Teams with one list decide by themselves.

"#]]
    );
    let summary = folder.line("report summary --quotes all").done().stdout;
    let finding = summary
        .split("### Teams with one list")
        .nth(1)
        .and_then(|s| s.split("##").next())
        .expect("the finding");
    assert!(
        finding.contains("everyone knows where the edge of everyone else's tolerance is"),
        "{finding}"
    );
    whole!(
        folder.line("check --evidence"),
        str![[r#"
The chain of evidence holds for 2 findings.
1 warning:
  cell alder,enablers  cell-without-codings: says something and names no coding for it

"#]]
    );
    folder.line("code T01:26 consensus/trust").done();
    whole!(
        folder.line("check --evidence"),
        str![[r#"
1 problem found:
  finding 1  stale-cell: rests on the cell alder,consensus, below which codings have changed since it was written
1 warning:
  cell alder,enablers  cell-without-codings: says something and names no coding for it
--- stderr
error: the chain of evidence is broken in 1 place
hint: begin with: casebook finding show 1
--- status 1

"#]]
    );
    folder.line("undo").done();
    folder.line("check --evidence").done();
    folder.line("uncode 1000009").done();
    let view: Value = folder.line("finding show 1 --json").done().json();
    assert_eq!(view["support"]["participants"], 3);
    whole!(
        folder.line("finding support 1 --cell birch,consensus"),
        str![[r#"
--- stderr
error: nothing is written for birch × consensus
hint: write it first with: casebook frame set birch consensus TEXT
--- status 1

"#]]
    );
    folder
        .run(&[
            "frame",
            "set",
            "birch",
            "consensus",
            "--status",
            "not-asked",
        ])
        .done();
    whole!(
        folder.line("finding support 1 --cell birch,consensus"),
        str![[r#"
--- stderr
error: the cell birch,consensus says nothing: it is `not-asked`
hint: write it first with: casebook frame set CASE THEME TEXT
--- status 1

"#]]
    );
    folder.line("log verify").done();
}

#[test]
fn the_summary_is_built_around_findings() {
    let folder = with_findings();
    let before = folder.line("report summary").done().stdout;
    let found: String = before
        .split("## What was found")
        .nth(1)
        .and_then(|rest| rest.split("## Themes at a glance").next())
        .expect("the findings")
        .to_owned();
    crate::harness::compare(
        &found,
        str![[r#"


The study comes to 2 findings. Each stands here with what supports it and what speaks against it.

### Every partner holds a no that nobody has to cast

A yes in principle is enough.

*Supported by words from fewer than 5 participants, all from interviews. Against it: words from fewer than 5 participants, all from interviews.*

> Nobody's ever asked us to vote on it\! That's what gets me. I've told the chair, put it to the vote, outvote us.
> 
> — Interviewee, System Alder

> So I said yes in principle, and in practice I asked for a great deal of further work. I think it was eight months of further work. I'm not proud of that. I knew what I was doing, and so did everybody else.
> 
> — Interviewee, System Alder

> Consensus here means that whoever is the least willing sets the pace for everyone else. It's a convoy. You go at the speed of the slowest ship, and the slowest ship has worked out that it needn't start its engine at all.
> 
> — Interviewee, System Birch

**What speaks against it.** All passages coded with veto were read again.

> Well, I'd like to see me try. Consensus means anybody can block who's got something the others need. If the North says no then it stops. If the county says no, it stops. If I say no, there's a little pause, and the chair says "that's really valuable", and it goes on to the next slide.
> 
> — Interviewee, System Birch

**Rival explanations.**

- It waits for money. **Rejected:** The money was there. (words against it)
- It is the winter. **Not decided yet.**

*Where it was expected to hold, and whether it did*

| Case | What was expected | Written | What was found |
| --- | --- | --- | --- |
| System Birch | Another result: Less of it. | 1 May 2021, after the data | Not examined yet |
| System Cedar | The same: There too. | 20 January 2020, before the data | As predicted: There too, in the chair's words. |

### Teams with one list decide by themselves

*Supported by words from fewer than 5 participants, from interviews and direct observation.*

> There's the frailty team over the library, and I've a social worker and a half in it, and they've not had a single delayed discharge in the Vale of more than two days since last July. It's because they don't refer. They turn round in their chairs.
> 
> — Interviewee, System Alder

**Disconfirming evidence was not looked for.**

**Rival explanations were not examined.**

## Annex: the themes behind the findings

What follows is the material that the findings were drawn from, theme by theme.


"#]],
    );
    // Words that may not be quoted are not, whichever way they come.
    folder.line("participant edit P02 --quotable no").done();
    assert!(
        !folder
            .line("report summary --quotes all")
            .done()
            .stdout
            .contains("eight months of further work")
    );
    // Limited to a case, it counts what is there and names no other.
    let cedar = folder.line("report summary --case cedar").done().stdout;
    assert!(
        !cedar.contains("What was found") && !cedar.contains("System Birch"),
        "nothing of it is from there"
    );
    let birch = folder.line("report summary --case birch").done().stdout;
    assert!(
        birch.contains("Supported by words from fewer than 5 participants")
            && !birch.contains("System Cedar")
    );
    let html = folder
        .run(&["report", "summary", "-o", "s.html", "--audience", "team"])
        .done();
    assert!(html.stderr.contains("2 findings"), "{}", html.whole());
    assert!(folder.read("s.html").contains("Finding 1 in the study."));
}

#[test]
fn a_debrief_tells_the_claims_that_name_nobody() {
    let folder = with_findings();
    folder
        .run(&["finding", "add", "It holds in System Birch, too."])
        .done();
    folder.line("finding support 4 --coding 9000008").done();
    let run = folder.line("debrief P02 -o d.md").done();
    assert!(
        run.stderr
            .contains("finding 4 names another case or participant"),
        "{}",
        run.whole()
    );
    let told = folder.read("d.md");
    assert!(
        told.contains("## What the study found")
            && told.contains("- **Finding 2.** Teams with one list decide by themselves.")
    );
    assert!(!told.contains("Birch") && !told.contains("The centre is far away"));
    let own = folder.line("debrief P09").done().stdout;
    assert!(own.contains("It holds in System Birch, too."));
    let list: Value = folder.line("report list --json").done().json();
    assert_eq!(list["reports"][0]["findings"], serde_json::json!([1, 2]));
    assert_eq!(list["reports"][0]["subject"], "P02");
}

/// What a finding leans on takes its evidence along when it goes, and brings it back.
#[test]
fn evidence_goes_and_comes_with_what_it_is() {
    let folder = with_findings();
    let shown = || folder.line("finding show 1 --json").done().stdout;
    let before = shown();
    for line in [
        "uncode 2000007",
        "theme remove consensus/veto --with-codings --yes",
        "transcript remove T10 --yes",
        "case remove cedar --yes",
    ] {
        let run = folder.line(line);
        if run.status == Some(1) {
            continue;
        }
        assert_ne!(before, shown(), "{line}");
        folder.line("undo").done();
        assert_eq!(before, shown(), "{line}");
    }
    folder
        .run(&["memo", "add", "--on", "finding:1", "think again"])
        .done();
    whole!(
        folder.line("memo list"),
        str![[r#"
memo  on               coder  at                    text
   1  coding:1000004   mara   2021-05-01T09:00:00Z  The envelope: compare the finance lead (T04) and the director of social care (T05), who do not recognise it.
   2  coding:1000016   mara   2021-05-01T09:00:00Z  Friendship as what the hidden deficit protects. Link to T04.
   3  coding:1000019   jo     2021-05-01T09:00:00Z  What is handed on is a ledger of favours, not an affection.
   4  coding:1000025   jo     2021-05-01T09:00:00Z  He denies the word veto later in the same answer sequence; the effect is one.
   5  coding:2000005   mara   2021-05-01T09:00:00Z  The hat metaphor turned into an employment matter: only one of the two hats has a sanction.
   6  coding:2000007   mara   2021-05-01T09:00:00Z  Veto by asking for more work. No one need ever say no.
   7  coding:2000008   mara   2021-05-01T09:00:00Z  See T04, the shadow tariff.
   8  coding:2000030   jo     2021-05-01T09:00:00Z  Repair is personal, so nothing is learnt by the organisations.
   9  coding:3000001   mara   2021-05-01T09:00:00Z  Co-location and one list; no referral, hence no boundary.
  10  coding:3000003   mara   2021-05-01T09:00:00Z  Nine careful people, none of them against: a veto that nobody holds.
  11  coding:3000023   jo     2021-05-01T09:00:00Z  The same event that others give as an example of leadership.
  12  coding:3000029   jo     2021-05-01T09:00:00Z  P03 moves from mockery of the rules to respect for them by way of this one case.
  13  coding:4000002   mara   2021-05-01T09:00:00Z  Appendix F: disclosure without anybody having to know.
  14  coding:4000004   mara   2021-05-01T09:00:00Z  Good relations as an inhibitor: negative case for our first model.
  15  coding:4000016   mara   2021-05-01T09:00:00Z  Envies the council its public vote; nobody else in the health service here does.
  16  coding:4000017   mara   2021-05-01T09:00:00Z  Peace under arms: the shadow tariff keeps competition ready for use.
  17  coding:5000003   mara   2021-05-01T09:00:00Z  Clear versus familiar: perhaps the best line on governance in the case.
  18  coding:5000006   mara   2021-05-01T09:00:00Z  The supposed holder of the veto asks to be outvoted.
  19  coding:5000013   mara   2021-05-01T09:00:00Z  Trust made by presence and not by structure.
  20  coding:5000016   mara   2021-05-01T09:00:00Z  Sharing runs one way: the record repeats the order of the partners.
  21  coding:6000009   mara   2021-05-01T09:00:00Z  An alternative to consensus that is not a vote.
  22  coding:6000011   mara   2021-05-01T09:00:00Z  Test on birch and cedar.
  23  coding:6000012   mara   2021-05-01T09:00:00Z  Awareness as compliance: the row cannot apply to the place at all.
  24  coding:7000003   mara   2021-05-01T09:00:00Z  the hat is in the ear of the listener
  25  coding:7000010   jo     2021-05-01T09:00:00Z  income before purpose; compare the medical director
  26  coding:7000016   mara   2021-05-01T09:00:00Z  avoidance is done by the lead himself
  27  coding:7000035   jo     2021-05-01T09:00:00Z  a list of what may be decided: same wish as cedar?
  28  coding:8000005   mara   2021-05-01T09:00:00Z  reorganisation as memory: many logos, one budget line
  29  coding:8000011   mara   2021-05-01T09:00:00Z  veto defended as the weaker party's only power
  30  coding:8000017   mara   2021-05-01T09:00:00Z  contradicts the system lead: who is hiding behind whom?
  31  coding:9000004   mara   2021-05-01T09:00:00Z  same October meeting as in the system lead's account: the radiator and the pens
  32  coding:9000008   mara   2021-05-01T09:00:00Z  the convoy
  33  coding:9000024   jo     2021-05-01T09:00:00Z  an admission; handle with care in the report
  34  coding:10000003  mara   2021-05-01T09:00:00Z  a veto needs something to withhold: qualifies what P06, P07 and P08 say
  35  coding:10000013  mara   2021-05-01T09:00:00Z  data as a boundary of membership
  36  coding:10000018  mara   2021-05-01T09:00:00Z  command, not consensus
  37  coding:11000004  jo     2021-05-01T09:00:00Z  hats in the open are tolerated; compare "moved his chair" in T08
  38  coding:11000008  mara   2021-05-01T09:00:00Z  negative case for "consensus means veto"
  39  coding:11000029  mara   2021-05-01T09:00:00Z  own case only; works because nothing is used against anybody
  40  coding:12000003  mara   2021-05-01T09:00:00Z  Weakness as design, not as failure: compare the finance director in T13.
  41  coding:12000005  mara   2021-05-01T09:00:00Z  A veto nobody has to cast.
  42  coding:12000007  jo     2021-05-01T09:00:00Z  I read the two working groups as part of the same move: the decision is avoided, then parked.
  43  coding:12000012  mara   2021-05-01T09:00:00Z  The clearest statement in this interview of everyone accountable, no one for the whole.
  44  coding:13000003  mara   2021-05-01T09:00:00Z  Accountability here equals personal liability; P13 uses the word for something else altogether.
  45  coding:13000014  jo     2021-05-01T09:00:00Z  Rare: regret about one's own veto.
  46  coding:13000015  jo     2021-05-01T09:00:00Z  Trust as a precondition of candour, not its result?
  47  coding:13000025  jo     2021-05-01T09:00:00Z  Mara has this as workforce. I think the point is rivalry, the shortage only feeds it.
  48  coding:13000035  jo     2021-05-01T09:00:00Z  Weak centre and many layers go together here.
  49  coding:14000011  mara   2021-05-01T09:00:00Z  Direct answer to T13: legal accountability is complete and still misses the boy.
  50  coding:14000021  jo     2021-05-01T09:00:00Z  A conflict handled well, by leaving; set against the stairs in T15.
  51  coding:14000034  jo     2021-05-01T09:00:00Z  Fear that statute turns accountability upwards.
  52  coding:15000007  mara   2021-05-01T09:00:00Z  Exclusion by definition ("health or care body"); is it governance or data? Left at the parent.
  53  coding:15000022  jo     2021-05-01T09:00:00Z  A rival claim to the public: attendance instead of election.
  54  coding:15000035  mara   2021-05-01T09:00:00Z  One broken rule as the founding story of trust; see also context/history-of-relationships.
  55  finding:1        mara   2021-05-01T09:00:00Z  think again

"#]]
    );
    whole!(
        folder.line("finding remove 1 --dry-run"),
        str![[r#"
--- stderr
Removing finding 1 takes 6 pieces of evidence, 2 rivals, 2 predictions and 1 memo with it; codings stay

"#]]
    );
    folder.line("finding remove 1 --yes").done();
    folder.line("finding show 1").refused();
    folder.line("undo").done();
    assert_eq!(before, shown());
    whole!(
        folder.line("log --object finding:1 --limit 3"),
        str![[r#"
event  at                    coder  what                                     rows  note
   34  2021-05-01T09:00:00Z  mara   undo 33: remove finding 1                  12
   33  2021-05-01T09:00:00Z  mara   remove finding 1                           12  undone by 34
   21  2021-05-01T09:00:00Z  mara   say where finding 1 was put to the test     1

"#]]
    );
    folder.sound();
}

/// A passage that was printed and is no longer coded is still followed to where it was printed.
#[test]
fn what_was_printed_is_found_after_its_coding_went() {
    let folder = Folder::invented();
    folder
        .run(&["report", "summary", "--quotes", "all", "-o", "summary.md"])
        .done();
    let before: serde_json::Value = folder.run(&["trace", "T02", "--json"]).done().json();
    let coding = before["codings"]
        .as_array()
        .expect("codings")
        .iter()
        .find(|c| !c["reports"].as_array().expect("reports").is_empty())
        .expect("one that is quoted")["passage"]["coding"]
        .to_string();
    folder.run(&["uncode", &coding]).done();
    for of in ["T02".to_owned(), format!("coding:{coding}")] {
        let after: serde_json::Value = folder.run(&["trace", &of, "--json"]).done().json();
        assert_eq!(after["gone"][0]["coding"].to_string(), coding, "{of}");
        assert_eq!(after["gone"][0]["reports"][0]["report"], 1, "{of}");
        let said = folder.run(&["trace", &of]).done().stdout;
        assert!(
            said.contains(&format!("coding {coding}  no longer in the study")),
            "{said}"
        );
    }
}
