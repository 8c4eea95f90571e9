//! Summaries of the frame outside the house: which are printed for whom, what is held back and why, and what says that
//! it is stale.

use std::io::{Cursor, Read as _, Write as _};

use snapbox::str;

use crate::harness::{Folder, compare, whole};

/// Two cases. T01, of alpha: P1 at turn 2, P3 (non-attributable) at turn 4. T02, of beta: P2 (background) at turn 2.
fn small() -> Folder {
    let folder = Folder::with_study();
    folder.write(
        "a.txt",
        "I: How is it?\n\nA: Slow as ever.\n\nI: And why?\n\nC: Nobody asks us.\n\nA: We wait for the board.\n",
    );
    folder.write("b.txt", "I: How is it?\n\nB: The chair decides alone.\n");
    for line in [
        "case add alpha",
        "case add beta",
        "participant add P1 --case alpha --role nurse",
        "participant add P2 --case beta --role chair --attribution background",
        "participant add P3 --case alpha --role porter --attribution non-attributable",
        "import a.txt --case alpha --speaker A=P1 --speaker C=P3",
        "import b.txt --case beta --speaker B=P2",
        "theme add pace",
        "theme add power",
        "code T01:2 pace",
        "code T01:4 power",
        "code T02:2 pace",
    ] {
        folder.line(line).done();
    }
    for (case, theme, text, named) in [
        ("alpha", "pace", "NURSE says slow.", Some("1000001")),
        (
            "alpha",
            "power",
            "PORTER says nobody asks.",
            Some("1000002"),
        ),
        ("beta", "pace", "CHAIR decides.", Some("2000001")),
        ("beta", "power", "UNNAMED.", None),
        ("/", "pace", "OVERALL slow.", None),
        ("alpha", "/", "ALPHA all round.", None),
    ] {
        let mut args = vec!["frame", "set", case, theme, text];
        args.extend(named.iter().flat_map(|id| ["--coding", id]));
        folder.run(&args).done();
    }
    folder
}

/// Which of the summaries a text holds.
fn held(text: &str) -> Vec<&'static str> {
    ["NURSE", "PORTER", "CHAIR", "UNNAMED", "OVERALL", "ALPHA"]
        .into_iter()
        .filter(|word| text.contains(word))
        .collect()
}

#[test]
fn a_summary_is_printed_where_all_that_it_names_may_be() {
    let folder = small();
    whole!(
        folder.line("report summary --quotes none -o public.md"),
        str![[r#"
--- stderr
Held back: 5 summaries (1 background only, 1 non-attributable and tied to a case, 1 naming no passage, 2 over a summary that is held back).
Wrote the summary report to public.md with 0 quotes.

"#]]
    );
    let public = folder.read("public.md");
    assert_eq!(held(&public), ["NURSE"]);
    compare(
        public
            .lines()
            .find(|l| l.contains("of the frame"))
            .unwrap_or_default(),
        str![
            "- 5 summaries of the frame were held back: 1 rests on people who spoke for background only, 1 rests on people whose words may not be tied to a case, 1 rests on no passage that is named and 2 rest on a summary that is held back itself."
        ],
    );
    folder
        .line("report summary --audience participant -o one.md")
        .done();
    assert_eq!(held(&folder.read("one.md")), ["NURSE"]);
    let team = folder
        .line("report summary --audience team -o team.md")
        .done();
    assert_eq!(held(&folder.read("team.md")).len(), 6);
    assert!(!team.stderr.contains("Held back"), "{}", team.stderr);
    // Fewer than three people are in each case, and a report on so few is for the team unless the study asks for less.
    folder.line("report case beta -o beta.md").refused();
    folder.line("study edit --k-labels 1").done();
    whole!(
        folder.line("report case beta --quotes none -o beta.md"),
        str![[r#"
--- stderr
Held back: 2 summaries (1 background only, 1 naming no passage).
Wrote the case report to beta.md with 0 quotes.

"#]]
    );
    assert!(held(&folder.read("beta.md")).is_empty());
    folder.line("report case alpha -o alpha.md").done();
    assert_eq!(held(&folder.read("alpha.md")), ["NURSE"]);
    // With nothing else in its column and its row, what they come to is printed, too.
    folder.line("frame clear beta pace").done();
    folder.line("frame clear alpha power").done();
    folder.line("report summary -o public.md").done();
    assert_eq!(
        held(&folder.read("public.md")),
        ["NURSE", "OVERALL", "ALPHA"]
    );
    // It names one passage that may be shown, and one that may not.
    folder.line("code T01:4 pace").done();
    folder
        .run(&[
            "frame",
            "set",
            "alpha",
            "pace",
            "NURSE says slow.",
            "--coding",
            "1000001",
            "--coding",
            "1000003",
        ])
        .done();
    folder.line("report summary -o public.md").done();
    assert!(held(&folder.read("public.md")).is_empty());
}

#[test]
fn what_rests_on_words_off_the_record_alone_is_printed_for_nobody() {
    let folder = small();
    folder
        .line("participant edit P1 --attribution off-record")
        .done();
    folder.line("report summary -o public.md").done();
    let public = folder.read("public.md");
    assert!(held(&public).is_empty(), "{public}");
    assert!(!public.contains("off the record"), "{public}");
    whole!(
        folder.line("report summary --audience team --quotes none -o team.md"),
        str![[r#"
--- stderr
Held back: 1 summary (1 off the record).
Wrote the summary report to team.md with 0 quotes.

"#]]
    );
    assert_eq!(
        held(&folder.read("team.md")),
        ["PORTER", "CHAIR", "UNNAMED", "OVERALL", "ALPHA"]
    );
    folder.run(&["finding", "add", "Slow."]).done();
    folder.line("finding support 1 --cell alpha,pace").done();
    for command in [
        "finding show 1",
        "finding show 1 --json",
        "finding show 1 --csv",
        "trace finding 1",
        "trace cell:alpha,pace",
        "trace cell:alpha,pace --json",
        "trace T01:2 --json",
    ] {
        let run = folder.line(command).done();
        assert!(!run.whole().contains("NURSE"), "{}", run.whole());
    }
    whole!(
        folder.line("trace cell:alpha,pace"),
        str![[r#"
cell:alpha,pace
│  off the record
├─ supports finding 1 (evidence 1)  Slow.
└─ coding 1000001  pace  mara
   │  T01:2  alpha  (interview)
   │  (off the record; it counts nowhere)
   ├─ in the cell alpha,pace
   │  └─ supports finding 1 (evidence 1)  Slow.
   ├─ in the cell alpha,/
   └─ in the cell /,pace

"#]]
    );
    // A cell that names none, over words off the record alone.
    folder
        .run(&["frame", "set", "alpha", "pace", "NURSE says slow."])
        .done();
    folder
        .line("report summary --audience team -o team.md")
        .done();
    assert!(!folder.read("team.md").contains("NURSE"));
    // What else counts below it lets the team read it.
    folder.line("participant edit P1 --attribution role").done();
    folder
        .line("report summary --audience team -o team.md")
        .done();
    assert!(folder.read("team.md").contains("NURSE"));
}

#[test]
fn the_page_of_the_frame_asks_as_reports_do() {
    let folder = small();
    whole!(
        folder.line("frame export -o f.html"),
        str![[r#"
--- stderr
Held back: 5 summaries (1 background only, 1 non-attributable and tied to a case, 1 naming no passage, 2 over a summary that is held back).
Wrote 2 cases × 2 themes to f.html.

"#]]
    );
    let page = folder.read("f.html");
    assert_eq!(held(&page), ["NURSE"]);
    compare(
        page.split("<tbody>").nth(1).unwrap_or_default(),
        str![[r#"

<tr><th scope="row">alpha</th><td><p dir="auto">NURSE says slow.</p></td><td><p class="why">held back: non-attributable and tied to a case</p></td><td class="sum"><p class="why">held back: over a summary that is held back</p></td></tr>
<tr><th scope="row">beta</th><td><p class="why">held back: background only</p></td><td><p class="why">held back: naming no passage</p></td><td class="sum"><p class="none">○ not charted, 2 cells</p></td></tr>
<tr class="sum"><th scope="row">All cases</th><td><p class="why">held back: over a summary that is held back</p></td><td><p class="none">○ not charted, 2 cells</p></td><td class="sum"></td></tr>
</tbody>
</table>
</div>
<div class="foot">
<p>5 summaries are held back.</p>
</div>
</main>
</body>
</html>

"#]],
    );
    whole!(
        folder.line("frame export --audience team -o f.html"),
        str![[r#"
--- stderr
Wrote 2 cases × 2 themes to f.html.

"#]]
    );
    assert_eq!(held(&folder.read("f.html")).len(), 6);
    // A file to edit is the team's: what was left out of it would come back as cleared.
    whole!(
        folder.line("frame export --audience public -o f.xlsx"),
        str![[r#"
--- stderr
error: a file to edit holds every summary: it is for the team only
hint: write it as: -o FILE.html
--- status 1

"#]]
    );
    folder.line("frame export -o f.csv").done();
    assert_eq!(held(&folder.read("f.csv")).len(), 6);
    folder
        .line("participant edit P1 --attribution off-record")
        .done();
    folder.line("frame export -o f.json").done();
    assert!(!folder.read("f.json").contains("NURSE"));
    folder.line("frame export -o f.html --audience team").done();
    assert!(!folder.read("f.html").contains("NURSE"));
}

#[test]
fn a_stale_summary_says_so_where_it_is_printed() {
    let folder = small();
    folder.line("code T01:5 pace").done();
    whole!(
        folder.line("report case alpha --audience team --quotes none -o alpha.md"),
        str![[r#"
--- stderr
warning: 1 summary was written before what it rests on changed; see which: casebook frame list --stale
Wrote the case report to alpha.md with 0 quotes.

"#]]
    );
    let alpha = folder.read("alpha.md");
    let part = alpha.split("## What was found").nth(1).unwrap_or_default();
    compare(
        part.split("\n## ").next().unwrap_or_default(),
        str![[r#"
, by theme

| Theme | Summary |
| --- | --- |
| Pace | NURSE says slow. ▲ written before 1 coding changed |
| Power | PORTER says nobody asks. |
| All themes | ALPHA all round. |

*▲ 1 of 3 was written before coded passages came or went, and has not been looked at again.*

"#]],
    );
    // What a row comes to is stale when a cell of it was written anew.
    folder.line("frame confirm alpha pace").done();
    folder
        .line("report case alpha --audience team -o alpha.md")
        .done();
    compare(
        folder
            .read("alpha.md")
            .lines()
            .find(|l| l.contains("ALPHA"))
            .unwrap_or_default(),
        str!["| All themes | ALPHA all round. ▲ written before 1 cell changed |"],
    );
}

#[test]
fn who_is_named_in_a_report_for_others_is_told() {
    let folder = small();
    for args in [
        &["finding", "add", "Pace is not all (P10)."][..],
        &[
            "finding",
            "add",
            "The chair, P2, decides.",
            "--detail",
            "So says p3.",
        ],
        &["finding", "support", "1", "--coding", "1000001"],
        &["finding", "support", "2", "--coding", "2000001"],
        &["finding", "looked", "2", "P1 was asked."],
        &["finding", "rival", "2", "It is only P2's way."],
        &[
            "finding",
            "predict",
            "2",
            "alpha",
            "--literal",
            "P1 will say so.",
        ],
        &[
            "frame",
            "set",
            "alpha",
            "pace",
            "P1 says NURSE is slow.",
            "--coding",
            "1000001",
        ],
    ] {
        folder.run(args).done();
    }
    whole!(
        folder.line("report summary --quotes none -o public.md"),
        str![[r#"
rule              what  words  place
participant-code  P2    P2     paragraph 28, under “The chair, P2, decides”
participant-code  P3    P3     paragraph 29, under “The chair, P2, decides”
participant-code  P1    P1     paragraph 31, under “The chair, P2, decides”
participant-code  P2    P2     paragraph 33, under “The chair, P2, decides”
participant-code  P1    P1     paragraph 36, under “The chair, P2, decides”
participant-code  P1    P1     paragraph 41, under “What was found, by case and theme”
--- stderr
error: the summary report may not leave the house: 6 things found, and nothing was written
hint: mend what is found; where it is no matter: --allow "P2" --why "REASON"
--- status 1

"#]]
    );
    // Where they are no people, it is said once more.
    let run = folder
        .run(&[
            "report",
            "summary",
            "--allow",
            "P1",
            "--allow",
            "P2",
            "--allow",
            "P3",
            "--why",
            "they are car parks",
        ])
        .done();
    assert!(
        run.stderr
            .contains("warning: finding 2 names a participant in its claim"),
        "{}",
        run.stderr
    );
    let team = folder
        .line("report summary --audience team -o team.md")
        .done();
    assert!(!team.stderr.contains("names"), "{}", team.stderr);
}

#[test]
fn a_withheld_cell_is_nobodys_evidence() {
    let folder = small();
    for args in [
        &["finding", "add", "Slow."][..],
        &["finding", "support", "1", "--cell", "alpha,pace"],
        &["finding", "contradict", "1", "--cell", "alpha,/"],
    ] {
        folder.run(args).done();
    }
    let of_finding = || {
        let text = folder
            .line("report summary --audience team --quotes all")
            .done()
            .stdout;
        let part = text.split("### Slow").nth(1).unwrap_or_default();
        part.split("\n## ").next().unwrap_or_default().to_owned()
    };
    assert_eq!(of_finding().matches("Slow as ever").count(), 2);
    folder
        .line("frame set alpha pace --status withheld --coding 1000001")
        .done();
    assert!(!of_finding().contains("Slow as ever"));
    whole!(
        folder.line("finding show 1"),
        str![[r#"
finding 1  Slow.
place 1 of 1 · reported · mara 2021-05-01

for      nothing
against  1 passage from 1 participant in 1 case, 1 transcript; interview
  ! nothing that counts supports it
  ! rivals not examined

For
  evidence 1  cell alpha,pace  mara
    withheld
    (its codings are neither quoted nor counted)

Against
  evidence 2  cell alpha,/  mara
    ALPHA all round.
    T01:4  P3  alpha  power  mara  coding 1000002
        Nobody asks us.

"#]]
    );
    for command in [
        "finding show 1 --csv",
        "finding show 1 --json",
        "trace finding 1",
        "trace cell:alpha,pace",
        "trace cell:alpha,/",
        "frame show alpha pace",
        "frame export --quotes 5 --audience team -o f.html",
    ] {
        let run = folder.line(command).done();
        assert!(!run.whole().contains("Slow as ever"), "{}", run.whole());
    }
    assert!(!folder.read("f.html").contains("Slow as ever"));
    // By itself it bears on what it did.
    folder.line("finding support 1 --coding 1000001").done();
    assert!(of_finding().contains("Slow as ever"));
}

/// An exported workbook in which a cell holds an error, as Excel makes one of `-trust` typed into it.
fn with_error(bytes: &[u8], cell: &str) -> Vec<u8> {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..package.len() {
        let mut part = package.by_index(n).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut text = Vec::new();
        part.read_to_end(&mut text).expect("its bytes");
        if name == "xl/worksheets/sheet1.xml" {
            let sheet = String::from_utf8(text).expect("XML");
            let at = sheet
                .find(&format!("<c r=\"{cell}\""))
                .expect("the cell is there");
            let end = at + sheet[at..].find("</c>").expect("it ends") + 4;
            let error = format!("<c r=\"{cell}\" t=\"e\"><v>#NAME?</v></c>");
            text = [&sheet[..at], &error, &sheet[end..]].concat().into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default())
            .expect("a part");
        out.write_all(&text).expect("memory");
    }
    out.finish().expect("a package").into_inner()
}

#[test]
fn an_error_of_a_spreadsheet_is_no_summary_that_was_cleared() {
    let folder = small();
    folder.line("frame export -o f.xlsx").done();
    let bytes = std::fs::read(folder.join("f.xlsx")).expect("the workbook");
    folder.write("edited.xlsx", with_error(&bytes, "B2"));
    whole!(
        folder.line("frame import edited.xlsx --clear"),
        str![[r#"
--- stderr
error: `edited.xlsx`: the cell B2 holds an error (such as #NAME?) in the place of a summary
hint: type its words again as text, with an apostrophe in front of a - or =, and import the file again
--- status 1

"#]]
    );
    assert!(
        folder
            .line("frame show alpha pace")
            .stdout
            .contains("NURSE says slow.")
    );
}
