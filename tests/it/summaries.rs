//! Summaries of the frame outside the house: which are printed for whom, what is held back and why, and what says that
//! it is stale.

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
        str!["- 5 summaries of the frame were held back: 1 rests on people who spoke for background only, 1 rests on people whose words may not be tied to a case, 1 rests on no passage that is named and 2 rest on a summary that is held back itself."],
    );
    folder
        .line("report summary --audience participant -o one.md")
        .done();
    assert_eq!(held(&folder.read("one.md")), ["NURSE"]);
    let team = folder
        .line("report summary --audience team -o team.md")
        .done();
    assert_eq!(held(&folder.read("team.md")).len(), 6);
    assert!(!team.stderr.contains("summar"), "{}", team.stderr);
    whole!(
        folder.line("report case beta --quotes none -o beta.md"),
        str![]
    );
    assert!(held(&folder.read("beta.md")).is_empty());
    folder.line("report case alpha -o alpha.md").done();
    assert_eq!(held(&folder.read("alpha.md")), ["NURSE"]);
    // With nothing else in its column and its row, what they come to is printed, too.
    folder.line("frame clear beta pace --yes");
    folder.line("frame clear alpha power --yes");
    folder.line("report summary -o public.md").done();
    assert_eq!(
        held(&folder.read("public.md")),
        ["NURSE", "OVERALL", "ALPHA"]
    );
    // It names one passage that may be shown, and one that may not.
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
            "1000002",
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
    whole!(folder.line("frame export -o f.html"), str![[r#"
--- stderr
Held back: 5 summaries (1 background only, 1 non-attributable and tied to a case, 1 naming no passage, 2 over a summary that is held back).
Wrote 2 cases × 2 themes to f.html.

"#]]);
    let page = folder.read("f.html");
    assert_eq!(held(&page), ["NURSE"]);
    compare(page.split("<tbody>").nth(1).unwrap_or_default(), str![[r#"

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

"#]]);
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
