//! What the order of quotes, counts in prose and narrow reports give away: nothing.

use crate::harness::Folder;

/// Four people in each of two cases, cited by their case, and one in each who may be tied to none. `words` are what the
/// two say.
fn two_cases(words: [&str; 2]) -> Folder {
    let folder = Folder::with_study();
    folder.line("theme add trust").done();
    for (c, case) in ["alder", "beech"].into_iter().enumerate() {
        let name = format!("System {case}");
        folder.run(&["case", "add", case, "--name", &name]).done();
        for n in 1..=5 {
            let code = 5 * c + n;
            let level = if n == 3 { "non-attributable" } else { "case" };
            folder
                .line(&format!(
                    "participant add P{code} --case {case} --role nurse --attribution {level}"
                ))
                .done();
            let said = if n == 3 {
                words[c].to_owned()
            } else {
                format!(
                    "On ward {code} nobody would ever have told them what the night shift knew, nor why."
                )
            };
            folder.write(
                &format!("T{code}.txt"),
                format!("I: Well?\n\nP{code}: {said}\n"),
            );
            folder
                .line(&format!(
                    "import T{code}.txt --id T{code} --case {case} --speaker I=interviewer --speaker P{code}=P{code}"
                ))
                .done();
            folder.line(&format!("code T{code}:2 trust")).done();
        }
    }
    folder
}

const HERE: &str =
    "We here were told at the very last moment, and by somebody who had not been there at all.";
const THERE: &str =
    "Nobody there has asked us for two winters what we would do with that money if it came.";

fn quotes(text: &str) -> Vec<&str> {
    text.lines().filter(|l| l.starts_with("> ")).collect()
}

fn cited(text: &str) -> Vec<&str> {
    let lines = text.lines().filter_map(|l| l.strip_prefix("> "));
    lines.filter_map(|l| l.strip_prefix("— ")).collect()
}

#[test]
fn the_order_of_quotes_does_not_tell_whose_they_are() {
    let one = two_cases([HERE, THERE]);
    let other = two_cases([THERE, HERE]);
    for what in ["summary", "theme trust"] {
        let found = [&one, &other].map(|folder| {
            folder
                .line(&format!("report {what} --quotes all -o r.md"))
                .done();
            folder.read("r.md")
        });
        assert_eq!(
            quotes(&found[0]),
            quotes(&found[1]),
            "who says which of two things without a case is seen"
        );
        let cited = cited(&found[0]);
        let cases = cited
            .iter()
            .map(|c| c.contains("alder") || c.contains("beech"));
        assert!(cases.clone().is_sorted_by(|a, b| a >= b), "{cited:?}");
        assert_eq!(cases.filter(|is| !is).count(), 2, "{cited:?}");
    }
    // One of each case, and one of those whose case is not told, which is as a case of its own.
    one.line("report summary --quotes 3 -o r.md").done();
    let text = one.read("r.md");
    assert_eq!(cited(&text).len(), 3, "{text}");
    for (who, there) in cited(&text).iter().zip(["alder", "beech", "Interviewee"]) {
        assert!(who.contains(there), "{:?}", cited(&text));
    }
    // For the team they stand where they were said.
    one.line("report summary --quotes all --audience team -o t.md")
        .done();
    let text = one.read("t.md");
    let places: Vec<usize> = (1..=10)
        .filter_map(|n| text.find(&format!("T{n}:2")))
        .collect();
    assert_eq!(places.len(), 10);
}

/// Six people in each of two cases and two in a third, who have one talk each. One of the third speaks against a finding
/// that five support.
fn three_cases() -> Folder {
    let folder = Folder::with_study();
    folder.line("theme add trust").done();
    folder.line("theme add money").done();
    let mut code = 0;
    for (case, people) in [("alder", 6), ("beech", 6), ("cedar", 2)] {
        let name = format!("System {case}");
        folder.run(&["case", "add", case, "--name", &name]).done();
        for n in 1..=people {
            code += 1;
            folder
                .line(&format!(
                    "participant add P{code} --case {case} --role nurse --attribution case"
                ))
                .done();
            folder.write(
                &format!("T{code}.txt"),
                format!("I: Well?\n\nP{code}: On ward {code} nobody would have told them what the night shift knew.\n"),
            );
            folder
                .line(&format!(
                    "import T{code}.txt --id T{code} --case {case} --speaker I=interviewer --speaker P{code}=P{code}"
                ))
                .done();
            folder.line(&format!("code T{code}:2 trust")).done();
            if n == 1 {
                folder.line(&format!("code T{code}:2 money")).done();
            }
        }
    }
    folder
        .run(&["finding", "add", "Nobody tells the night shift."])
        .done();
    for n in 1..=5 {
        folder
            .line(&format!("finding support 1 --coding {n}000001"))
            .done();
    }
    folder.line("finding contradict 1 --coding 13000001").done();
    folder
}

#[test]
fn what_is_hidden_in_one_table_is_not_said_elsewhere() {
    let folder = three_cases();
    folder.line("report summary --quotes none -o r.md").done();
    let text = folder.read("r.md");
    assert!(text.contains("| System cedar | \\* | \\* |"), "{text}");
    assert!(text.contains("System cedar (\\*)"), "{text}");
    assert!(!text.contains("System cedar (2)"), "{text}");
    // One of each case spoke of money: nothing of that is said in figures but that they are fewer than 5.
    let money = text
        .lines()
        .find(|l| l.starts_with("| Money"))
        .expect("a row");
    assert_eq!(money, "| Money | \\* | \\* | \\* | \\* |");
    assert!(
        text.contains("*Codings from fewer than 5 participants.*"),
        "{text}"
    );
    assert!(
        text.contains("Against it: words from fewer than 5 participants, all from interviews."),
        "{text}"
    );
    for told in ["1 passage", "1 coding", "3 codings", "3 transcripts"] {
        assert!(!text.contains(told), "{told}: {text}");
    }
    folder.line("report theme money --quotes 1 -o t.md").done();
    let text = folder.read("t.md");
    for told in [
        "3 passages",
        "3 codings",
        "**Codings:**",
        "3 of 14",
        "in 3 cases",
    ] {
        assert!(!text.contains(told), "{told}: {text}");
    }
    // A page has no picture of what its table hides.
    folder.line("report summary --quotes none -o r.html").done();
    assert!(!folder.read("r.html").contains("Themes by case"));
    folder.line("debrief --case cedar -o d.md").done();
    let text = folder.read("d.md");
    assert!(
        text.contains("What was said in your system speaks against it."),
        "{text}"
    );
    assert!(!text.contains("few people in your system"), "{text}");
}

#[test]
fn the_same_people_are_compared_however_they_are_asked_for() {
    let folder = three_cases();
    folder.line("report summary --quotes none -o r1.md").done();
    folder
        .line("report case alder --quotes none -o a1.md")
        .done();
    folder.line("withdraw P2 --mode exclude --yes").done();
    for line in [
        "report summary --quotes none -o r2.md",
        "report summary --quotes none --case alder --case beech --case cedar -o r2.md",
        "report summary --quotes none --coder mara -o r2.md",
        "report summary --quotes none --case alder -o r2.md",
        "report summary --quotes none --role nurse --case alder -o r2.md",
        "matrix --rows case --cols theme --count participants --audience public -o r2.csv",
    ] {
        let found = folder.line(line).refused();
        assert!(
            found.stdout.contains("difference"),
            "{line}: {}",
            found.stdout
        );
    }
    assert!(!folder.join("r2.md").exists() && !folder.join("r2.csv").exists());
}

#[test]
fn a_table_that_was_given_out_is_on_the_register() {
    let folder = three_cases();
    let table = "matrix --rows case --cols theme --count participants --audience public -o m1.csv";
    folder.line(table).done();
    let list: serde_json::Value = folder.line("report list --json").json();
    assert_eq!(list["reports"][0]["kind"], "matrix");
    assert_eq!(list["reports"][0]["counts"]["theme trust"], 14, "{list}");
    folder.line("withdraw P2 --mode exclude --yes").done();
    let found = folder
        .line("report summary --quotes none -o r.md")
        .refused();
    assert!(found.stdout.contains("theme trust"), "{}", found.stdout);
}

#[test]
fn debriefs_do_not_count_who_withdrew() {
    let folder = three_cases();
    let debrief = |name: &str| {
        folder
            .line(&format!("debrief --case beech -o {name}"))
            .done();
        let text = folder.read(name);
        let from = text.find("## What the study heard").expect("a part");
        text[from..]
            .lines()
            .take(6)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let before = debrief("d1.md");
    assert!(
        before[2].starts_with("We spoke with at least 10 people in 3 "),
        "{before:?}"
    );
    folder.line("withdraw P2 --mode exclude --yes").done();
    assert_eq!(before, debrief("d2.md"));
}

#[test]
fn what_is_narrowed_to_one_person_is_for_the_team() {
    let folder = three_cases();
    folder
        .line("participant edit P8 --attribution non-attributable")
        .done();
    for line in [
        "report summary --participant P1 -o n.md",
        "report summary --transcript T1 -o n.md",
        "report theme trust --case cedar -o n.md",
        "report case cedar -o n.md",
        "report case cedar --audience case -o n.md",
        "quotes --participant P1 --audience public",
        "quotes --transcript T1 -o n.md",
        "quotes --case cedar --audience case",
        "matrix --case cedar --rows case --cols theme --audience public",
    ] {
        let found = folder.line(line).refused();
        assert!(
            found.stderr.contains("is for the team"),
            "{line}: {}",
            found.stderr
        );
        assert!(!folder.join("n.md").exists(), "{line}");
    }
    folder
        .line("report summary --participant P1 --audience team -o n.md")
        .done();
    // A case with somebody who may not be tied to it: that words were held back is said, and not of whom.
    folder.line("report case beech -o b.md").done();
    let text = folder.read("b.md");
    assert!(
        text.contains("1 coded passage was held back from quoting. "),
        "{text}"
    );
    assert!(!text.contains("may not be tied"), "{text}");
}
