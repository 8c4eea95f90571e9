//! Figures, stages, cohorts and claims in reports: what the team reads, and what others may not know of a case that stands
//! under a code name.

use snapbox::str;

use crate::harness::{Folder, Run, whole};

fn lines(folder: &Folder, all: &str) {
    for line in all.lines().map(str::trim).filter(|l| !l.is_empty()) {
        folder.line(line).done();
    }
}

const LADDER: &str = "slug: ladder
name: The ladder
source: An invented body
stages: [bottom, middle, top]
domains:
  - slug: money
    name: Money
    statements:
      middle: [the gap is known]
";

/// Ten systems with official codes, and one under a code name: System Alder, whose figures are 86.4 and 88.1.
fn study() -> Folder {
    let folder = Folder::with_study();
    for n in 1..=10 {
        folder
            .line(&format!(
                "case add s{n} --name Town-{n} --kind system --code E{n}"
            ))
            .done();
    }
    lines(
        &folder,
        "case add alder --name System-Alder --kind system
        indicator add four-hour --name Four-hour --unit attendances --scale percentage --better more --decimals 1 --basis types=all
        indicator add deficit --name Deficit --unit million --scale number --better less --decimals 1
        indicator rule four-hour ratio --over-time sum --why published-so",
    );
    folder.write(
        "four-hour.csv",
        "case,period,value\n\
         s1,2017/18,90\ns1,2018/19,91\ns2,2017/18,89\ns2,2018/19,90\ns3,2017/18,88\ns3,2018/19,89\n\
         alder,2017/18,86.4\nalder,2018/19,88.1\n\
         s4,2017/18,88\ns4,2018/19,87\ns5,2017/18,85\ns5,2018/19,86\ns6,2017/18,85\ns6,2018/19,85\n\
         s7,2017/18,80\ns7,2018/19,84\ns8,2017/18,80\ns8,2018/19,*\n\
         s9,2017/18,80\ns9,2018/19,83.5\ns10,2018/19,82.04p\n",
    );
    folder.write("other.csv", "case,period,value\ns9,2018/19,83\n");
    folder.write(
        "deficit.csv",
        "case,period,value\ns1,2017/18,12\ns1,2018/19,10\ns2,2017/18,3\ns2,2018/19,4\nalder,2017/18,7.7\nalder,2018/19,6.6\n",
    );
    let four = "--case case --period period --value value --indicator four-hour --yes";
    folder
        .run(
            &[
                &[
                    "measure",
                    "import",
                    "four-hour.csv",
                    "--source",
                    "Statistics of June 2019",
                    "--as-of",
                    "2019-06-13",
                ][..],
                &four.split(' ').collect::<Vec<_>>()[..],
            ]
            .concat(),
        )
        .done();
    folder
        .line(&format!(
            "measure import other.csv --source Board-papers {four}"
        ))
        .done();
    folder
        .line("measure import deficit.csv --source Accounts --case case --period period --value value --indicator deficit --yes")
        .done();
    folder.write("ladder.yaml", LADDER);
    lines(
        &folder,
        "maturity import ladder.yaml
        assessment add alder ladder middle --domain money --date 2019-03-04 --by self --assessor The-chair-of-Alderton
        assessment add alder ladder bottom --domain money --date 2019-05-06 --by researcher --assessor Mara
        assessment add s1 ladder top --domain money --date 2019-05-07 --by regulator --source Letter
        cohort add first --name First-wave --date 2017-06-01 --source Announcement
        cohort member first s1
        cohort member first s2
        cohort member first alder --from 2018-05-02 --source Alderton-Gazette
        cohort add second --name Second-wave --date 2018-05-01
        cohort member second alder
        goal add ics --name Integrated --deadline 2021-04-01
        claim add alder ics --said 2019-10-15 --stance plans --planned 2020-04 --source Alderton-Gazette
        claim add s1 ics --said 2019-10-16 --stance plans --planned 2020-06 --source Journal
        claim add s2 ics --said 2019-10-16 --stance waits --source Journal
        goal reached ics s1 2020-06-30
        goal reached ics alder 2021-01-31",
    );
    folder
}

/// A report without its last part, and what was said beside it.
fn report(folder: &Folder, line: &str) -> Run {
    let mut run = folder.line(line).done();
    let from = run
        .stdout
        .find("## Figures")
        .or_else(|| run.stdout.find("## Systems"));
    let to = run
        .stdout
        .find("## How this was done")
        .expect("the last part");
    run.stdout = run.stdout[from.expect("figures")..to].to_owned();
    run
}

#[test]
fn a_case_with_a_code_is_told_whole_to_anyone() {
    let folder = study();
    whole!(
        report(&folder, "report case s1"),
        str![[r#"
## Figures

| Indicator | Before | Newest | Change | Place |
| --- | --- | --- | --- | --- |
| Deficit (million) | 2017/18: 12.0 | 2018/19: 10.0 | -2.0 (better) | 2nd of 2 |
| Four-hour (% of attendances) | 2017/18: 90.0 | 2018/19: 91.0 | +1.0 (better) | 1st of 8 |

*Places are among the cases that have an official code.*

| Indicator | Better is | Basis | Source |
| --- | --- | --- | --- |
| Deficit | less |  | Accounts |
| Four-hour | more | types: all | Statistics of June 2019 |

## Stage

By The ladder, in 3 stages: bottom, middle and top.

| Domain | By the regulator |
| --- | --- |
| Money | top (7 May 2019) |

## Cohorts

| Cohort | Member | Cases in it | Source |
| --- | --- | --- | --- |
| First-wave | from 1 June 2017 | 2 | Announcement |

## What was claimed, and what became of it

As of 1 May 2021.

| Goal | Said on | Stance | Planned | What became of it | Source |
| --- | --- | --- | --- | --- | --- |
| Integrated | 16 October 2019 | plans | 2020-06 | Kept; reached on 30 June 2020 | Journal |

*Deadlines. Integrated: by 1 April 2021.*

## Transcripts

No transcript of this case is in the selection.

--- stderr
warning: there is no transcript in this selection
Held back of cases that have no official code: 1 source.

"#]]
    );
}

#[test]
fn suppressed_provisional_unknown_and_in_conflict_are_said_in_words() {
    let folder = study();
    let figures = |case: &str| {
        let told = report(&folder, &format!("report case {case}")).stdout;
        let row = told.lines().find(|l| l.contains("Four-hour ("));
        row.expect("a row").to_owned()
    };
    let all: Vec<String> = ["s8", "s9", "s10"].into_iter().map(figures).collect();
    whole_text(
        &all.join("\n"),
        str![[r#"
| Four-hour (% of attendances) | 2017/18: 80.0 | 2018/19: suppressed by the source | not known |
| Four-hour (% of attendances) | 2017/18: 80.0 | 2018/19: in conflict: 83.5 or 83.0 | not known |
| Four-hour (% of attendances) | 2017/18: not known | 2018/19: 82.0 (provisional) | not known | 8th of 8 |
"#]],
    );
}

fn whole_text(actual: &str, expected: impl snapbox::IntoData) {
    crate::harness::compare(actual, expected);
}

#[test]
fn the_team_reads_everything_of_a_case_under_a_code_name() {
    let folder = study();
    whole!(
        report(&folder, "report case alder --audience team"),
        str![[r#"
## Figures

| Indicator | Before | Newest | Change | Place |
| --- | --- | --- | --- | --- |
| Deficit (million) | 2017/18: 7.7 | 2018/19: 6.6 | -1.1 (better) | 2nd of 3 |
| Four-hour (% of attendances) | 2017/18: 86.4 | 2018/19: 88.1 | +1.7 (better) | 4th of 9 |

| Indicator | Better is | Basis | Source |
| --- | --- | --- | --- |
| Deficit | less |  | Accounts |
| Four-hour | more | types: all | Statistics of June 2019 |

## Stage

By The ladder, in 3 stages: bottom, middle and top.

| Domain | By the case itself | By researchers | Difference |
| --- | --- | --- | --- |
| Money | middle (4 March 2019, The-chair-of-Alderton) | bottom (6 May 2019, Mara) | The case itself 1 stage further than researchers |

## Cohorts

| Cohort | Member | Cases in it | Remark | Source |
| --- | --- | --- | --- | --- |
| First-wave | from 2 May 2018 | 3 | joined later | Alderton-Gazette |
| Second-wave | from 1 May 2018 | 1 |  |  |

## What was claimed, and what became of it

As of 1 May 2021.

| Goal | Said on | Stance | Planned | What became of it | Source |
| --- | --- | --- | --- | --- | --- |
| Integrated | 15 October 2019 | plans | 2020-04 | Slipped by 9 months; reached on 31 January 2021 | Alderton-Gazette |

*Deadlines. Integrated: by 1 April 2021.*

## Transcripts

No transcript of this case is in the selection.

--- stderr
warning: there is no transcript in this selection

"#]]
    );
}

#[test]
fn others_read_of_it_only_what_fits_several() {
    let folder = study();
    let told = report(&folder, "report case alder");
    whole!(
        told,
        str![[r#"
## Figures

| Indicator | Before | Newest | Change | Place |
| --- | --- | --- | --- | --- |
| Deficit (million) | 2017/18: not printed | 2018/19: not printed: the figure would name the case | not printed |  |
| Four-hour (% of attendances) | 2017/18: not printed | 2018/19: not printed | not printed | middle third of 9 |

*This case has no official code, and its figures would tell which it is. A figure is told as a third of the order where at least 9 cases are measured, a change as its direction, and nothing that fits fewer than three cases.*

| Indicator | Better is | Basis |
| --- | --- | --- |
| Deficit | less |  |
| Four-hour | more | types: all |

## Stage

By The ladder, in 3 stages: bottom, middle and top.

| Domain | By the case itself | By researchers | Difference |
| --- | --- | --- | --- |
| Money | middle | bottom | The case itself 1 stage further than researchers |

## Transcripts

No transcript of this case is in the selection.

--- stderr
warning: there is no transcript in this selection
Held back of cases that have no official code: 2 assessors, 1 claim, 2 cohorts, 2 dates, 2 directions of a change, 4 figures, 3 sources and 1 third of the order.

"#]]
    );
    for audience in ["participant", "case"] {
        let line = format!("report case alder --audience {audience}");
        assert_eq!(report(&folder, &line), told, "{audience}");
    }
}

/// What would tell which system Alder is: figures, days, sources, people.
const TELLING: [&str; 12] = [
    "86.4",
    "88.1",
    "1.7",
    "7.7",
    "6.6",
    "Alderton",
    "Mara",
    "2 May 2018",
    "4 March 2019",
    "15 October 2019",
    "2020-04",
    "31 January 2021",
];

#[test]
fn nothing_that_tells_it_stands_in_any_report_for_others() {
    let folder = study();
    for command in ["report case alder", "report summary"] {
        let team = folder
            .line(&format!("{command} --audience team"))
            .done()
            .stdout;
        assert!(team.contains("86.4") && team.contains("88.1"), "{command}");
        for audience in ["participant", "case", "public"] {
            let line = format!("{command} --audience {audience}");
            let told = folder.line(&line).done().whole();
            for telling in TELLING {
                assert!(!told.contains(telling), "{line}: {telling}\n{told}");
            }
        }
    }
    // In a file as on the screen, in each format.
    for ending in ["md", "html"] {
        let name = format!("summary.{ending}");
        folder.line(&format!("report summary -o {name}")).done();
        let written = folder.read(&name);
        assert!(written.contains("System-Alder") && !written.contains("88.1"));
    }
}

#[test]
fn the_places_of_others_leave_no_gap_where_it_stands() {
    let folder = study();
    let places: Vec<String> = (1..=7)
        .map(|n| {
            let told = report(&folder, &format!("report case s{n}")).stdout;
            let at = told.find(" of 8").expect("a place");
            told[..at].rsplit(' ').next().expect("a word").to_owned()
        })
        .collect();
    assert_eq!(places, ["1st", "2nd", "3rd", "4th", "5th", "6th", "7th"]);
    let team = report(&folder, "report case s4 --audience team").stdout;
    assert!(team.contains("5th of 9"), "{team}");
}

#[test]
fn with_few_measured_not_even_a_third_is_told() {
    let folder = study();
    let told = report(&folder, "report case alder").stdout;
    let row = told
        .lines()
        .find(|l| l.contains("Deficit ("))
        .expect("a row");
    assert!(
        row.contains("not printed: the figure would name the case"),
        "{row}"
    );
    assert!(!row.contains("third"), "{row}");
    let row = told
        .lines()
        .find(|l| l.contains("Four-hour ("))
        .expect("a row");
    assert!(
        row.contains("middle third of 9") && row.contains("not printed"),
        "{row}"
    );
}

#[test]
fn an_official_code_of_any_scheme_makes_a_case_public() {
    let folder = study();
    folder.line("case code add alder ODS QXX").done();
    let told = folder.line("report case alder").done().whole();
    assert!(
        told.contains("88.1") && !told.contains("Held back"),
        "{told}"
    );
}

#[test]
fn the_summary_compares() {
    let folder = study();
    whole!(
        report(&folder, "report summary --audience team"),
        str![[r#"
## Figures of systems

*Deficit (million); better is less. Four-hour (% of attendances); better is more; types: all*

| Case | Deficit, 2017/18 | Deficit, 2018/19 | Deficit: change | Four-hour, 2017/18 | Four-hour, 2018/19 | Four-hour: change |
| --- | --: | --: | --: | --: | --: | --: |
| System-Alder | 7.7 | 6.6 | -1.1 (better) | 86.4 | 88.1 | +1.7 (better) |
| Town-1 | 12.0 | 10.0 | -2.0 (better) | 90.0 | 91.0 | +1.0 (better) |
| Town-10 | not known | not known | not known | not known | 82.0 (provisional) | not known |
| Town-2 | 3.0 | 4.0 | +1.0 (worse) | 89.0 | 90.0 | +1.0 (better) |
| Town-3 | not known | not known | not known | 88.0 | 89.0 | +1.0 (better) |
| Town-4 | not known | not known | not known | 88.0 | 87.0 | -1.0 (worse) |
| Town-5 | not known | not known | not known | 85.0 | 86.0 | +1.0 (better) |
| Town-6 | not known | not known | not known | 85.0 | 85.0 | same |
| Town-7 | not known | not known | not known | 80.0 | 84.0 | +4.0 (better) |
| Town-8 | not known | not known | not known | 80.0 | suppressed by the source | not known |
| Town-9 | not known | not known | not known | 80.0 | in conflict: 83.5 or 83.0 | not known |

*Deficit, 2017/18: not known of 8 of 11 cases.*

*Deficit, 2018/19: not known of 8 of 11 cases.*

*Four-hour, 2017/18: not known of 1 of 11 cases.*

*Four-hour, 2018/19: not known of 2 of 11 cases, of which 1 in conflict and 1 suppressed.*

2 cases improved in all 2 indicators that have a direction (Deficit and Four-hour): System-Alder and Town-1. 3 cases did not.

Not known of 6 cases: Town-10 (Deficit, Four-hour); Town-3 (Deficit); Town-5 (Deficit); Town-7 (Deficit); Town-8 (Deficit, Four-hour); Town-9 (Deficit, Four-hour).

Of 1 figure sources disagree and nothing is decided. Such a figure is in no change, no order and no roll-up.

### Cohorts

| Cohort | Date | Cases | Which | Source |
| --- | --- | --- | --- | --- |
| First-wave | 1 June 2017 | 3 | System-Alder (from 2 May 2018); Town-1; Town-2 | Announcement |
| Second-wave | 1 May 2018 | 1 | System-Alder |  |

### Stages: The ladder

3 stages in all: 1 bottom, 2 middle and 3 top. The latest of each kind of assessor stands; s is how the case saw itself, r researchers, g the regulator, o others.

| Case | Money |
| --- | --- |
| System-Alder | s middle; r bottom |
| Town-1 | g top |

### What was claimed, and what became of it

As of 1 May 2021. A case counts once for each goal, by its newest claim; cases that merged are one.

*Integrated, by 1 April 2021*

| What became of it | Cases | Which |
| --- | --: | --- |
| Kept | 1 | Town-1 |
| Slipped | 1 | System-Alder |
| No date said | 1 | Town-2 |

*Nothing is known of what 8 of the systems said of it.*

--- stderr
warning: there is no transcript in this selection

"#]]
    );
    whole!(
        report(&folder, "report summary"),
        str![[r#"
## Figures of systems

*Deficit (million); better is less. Four-hour (% of attendances); better is more; types: all*

| Case | Deficit, 2017/18 | Deficit, 2018/19 | Deficit: change | Four-hour, 2017/18 | Four-hour, 2018/19 | Four-hour: change |
| --- | --: | --: | --: | --: | --: | --: |
| System-Alder | not printed | not printed: the figure would name the case | not printed | not printed | middle third of 9 | not printed |
| Town-1 | 12.0 | 10.0 | -2.0 (better) | 90.0 | 91.0 | +1.0 (better) |
| Town-10 | not known | not known | not known | not known | 82.0 (provisional) | not known |
| Town-2 | 3.0 | 4.0 | +1.0 (worse) | 89.0 | 90.0 | +1.0 (better) |
| Town-3 | not known | not known | not known | 88.0 | 89.0 | +1.0 (better) |
| Town-4 | not known | not known | not known | 88.0 | 87.0 | -1.0 (worse) |
| Town-5 | not known | not known | not known | 85.0 | 86.0 | +1.0 (better) |
| Town-6 | not known | not known | not known | 85.0 | 85.0 | same |
| Town-7 | not known | not known | not known | 80.0 | 84.0 | +4.0 (better) |
| Town-8 | not known | not known | not known | 80.0 | suppressed by the source | not known |
| Town-9 | not known | not known | not known | 80.0 | in conflict: 83.5 or 83.0 | not known |

*Deficit, 2017/18: not known of 8 of 11 cases.*

*Deficit, 2018/19: not known of 8 of 11 cases.*

*Four-hour, 2017/18: not known of 1 of 11 cases.*

*Four-hour, 2018/19: not known of 2 of 11 cases, of which 1 in conflict and 1 suppressed.*

*Of 1 case with no official code a figure would tell which case it is: they are told as a third of the order where at least 9 are measured, changes as their direction, and nothing that fits fewer than three cases.*

1 case improved in all 2 indicators that have a direction (Deficit and Four-hour): Town-1. 3 cases did not.

Not known of 6 cases: Town-10 (Deficit, Four-hour); Town-3 (Deficit); Town-5 (Deficit); Town-7 (Deficit); Town-8 (Deficit, Four-hour); Town-9 (Deficit, Four-hour).

Not said of 1 case: what became of their figures would tell which they are.

Of 1 figure sources disagree and nothing is decided. Such a figure is in no change, no order and no roll-up.

### Cohorts

| Cohort | Date | Cases | Which | Source |
| --- | --- | --- | --- | --- |
| First-wave | 1 June 2017 | 2 | Town-1; Town-2 | Announcement |

*Cases that have no official code are left out here, in names and numbers, where this would tell which they are.*

### Stages: The ladder

3 stages in all: 1 bottom, 2 middle and 3 top. The latest of each kind of assessor stands; s is how the case saw itself, r researchers, g the regulator, o others.

| Case | Money |
| --- | --- |
| System-Alder | s middle; r bottom |
| Town-1 | g top |

### What was claimed, and what became of it

As of 1 May 2021. A case counts once for each goal, by its newest claim; cases that merged are one.

*Integrated, by 1 April 2021*

| What became of it | Cases | Which |
| --- | --: | --- |
| Kept | 1 | Town-1 |
| No date said | 1 | Town-2 |

*Cases that have no official code are left out here, in names and numbers, where this would tell which they are.*

*Nothing is known of what 8 of the systems said of it.*

--- stderr
warning: there is no transcript in this selection
Held back of cases that have no official code: 1 claim, 2 cohorts, 2 directions of a change, 4 figures, 3 sources and 1 third of the order.

"#]]
    );
}

#[test]
fn the_methods_name_rules_sources_and_decisions() {
    let folder = study();
    folder
        .run(&[
            "conflict",
            "settle",
            "four-hour",
            "s9",
            "2018/19",
            "--take",
            "1",
            "--why",
            "the board papers are a forecast",
        ])
        .done();
    let told = folder.line("report summary").done().stdout;
    let from = told
        .find("### How the figures were made")
        .expect("the part");
    whole_text(
        &told[from..],
        str![[r#"
### How the figures were made

- Four-hour, where it is of a whole by its parts: the sum of the parts' numerators over the sum of their denominators. Nothing is made of parts that are in several at once. Shorter periods are added up. Why: published-so.
- Read from: Board-papers (1 figure).
- Read from: Statistics of June 2019 (21 figures, as of 13 June 2019).
- 1 source of figures is not named, as they would tell which cases stand under code names.
- Sources disagree on Four-hour of Town-9, 2018/19: 83.5 (Statistics of June 2019) was taken, not 83 (Board-papers). Why: the board papers are a forecast.

"#]],
    );
    let told = report(&folder, "report case s9").stdout;
    assert!(told.contains("83.5 (settled)"), "{told}");
}

#[test]
fn a_study_without_figures_has_none_of_it() {
    let folder = Folder::with_study();
    folder.line("case add alder --kind system").done();
    folder
        .line("indicator add four-hour --name F --unit u --scale number --better more")
        .done();
    for line in ["report summary", "report case alder"] {
        let told = folder.line(line).done().whole();
        for word in [
            "Figures",
            "figures",
            "Stage",
            "Cohort",
            "claimed",
            "official code",
        ] {
            assert!(!told.contains(word), "{line}: {word}\n{told}");
        }
    }
}

/// A page has what became of a figure as a picture; for others than the team without the case under a code name.
#[test]
fn a_page_draws_what_became_of_figures() {
    let folder = study();
    for (audience, is_there) in [("team", true), ("public", false)] {
        folder
            .line(&format!(
                "report summary --audience {audience} -o {audience}.html"
            ))
            .done();
        let page = folder.read(&format!("{audience}.html"));
        let picture = page
            .split("<svg ")
            .skip(1)
            .find(|part| part.contains("Four-hour, 2017/18 to 2018/19"))
            .and_then(|part| part.split("</svg>").next())
            .unwrap_or_else(|| panic!("{audience}: no picture"));
        assert_eq!(picture.contains("System-Alder"), is_there, "{audience}");
        assert!(picture.contains("Town-1"), "{audience}");
    }
}
