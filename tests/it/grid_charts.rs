//! `chart ranked`, `multiples`, `waves` and `stages`: the whole of what a terminal shows, and that files are written,
//! well-formed and the same twice.

use snapbox::str;

use crate::harness::{Folder, whole};

fn lines(folder: &Folder, all: &str) {
    for line in all.lines().map(str::trim).filter(|l| !l.is_empty()) {
        folder.line(line).done();
    }
}

/// Five systems of one country; east and west merged into coast in 2018; sources disagree on the south; nobody knows of the
/// moor. A rating in bands, three waves, and a framework of two domains.
fn study() -> Folder {
    let folder = Folder::with_study();
    lines(
        &folder,
        "case add land --name Land --kind country
        case add north --name North --kind system --part-of land
        case add south --name South --kind system --part-of land
        case add moor --name Moor --kind system --part-of land
        case add east --name East --kind system --to 2018-04-01
        case add west --name West --kind system --to 2018-04-01
        case add coast --name Coast --kind system --from 2018-04-01 --part-of land
        case link east merged-into coast --from 2018-04-01
        case link west merged-into coast --from 2018-04-01
        indicator add surplus --name Surplus --unit million --scale number --better more --decimals 1
        indicator add rating --name Rating --unit band --scale bands --bands good;fair;poor --better more
        cohort add first --name First --date 2017-06-01
        cohort add second --name Second --date 2018-01-01
        cohort member first east
        cohort member first north --part its-towns
        cohort member second west
        cohort member second south --from 2018-09-01",
    );
    folder.write(
        "surplus.csv",
        "case,year,value,rating\n\
         land,2017/18,1.5,\nnorth,2017/18,4.25,good\nsouth,2017/18,2,fair\neast,2017/18,-3.5,poor\nwest,2017/18,4.25,fair\n\
         north,2018/19,5,good\ncoast,2018/19,-1,fair\nsouth,2018/19,-2,fair\nland,2018/19,2,\n",
    );
    folder
        .line("measure import surplus.csv --source Returns --case case --period year --value value --indicator surplus --yes")
        .done();
    for (case, band) in [("north", "good"), ("south", "fair"), ("east", "poor")] {
        folder
            .line(&format!(
                "measure add rating {case} 2017 {band} --source Raters"
            ))
            .done();
    }
    folder
        .line("measure add surplus south 2018/19 -2.5 --source Another")
        .done();
    folder.write(
        "ladder.yaml",
        "slug: ladder
name: The ladder
source: An invented body
stages: [bottom, low, high, top]
domains:
  - slug: leading
    name: Leading together
  - slug: money
    name: Money
",
    );
    lines(
        &folder,
        "maturity import ladder.yaml
        assessment add north ladder low --domain leading --date 2018-01-01 --by self
        assessment add north ladder top --domain leading --date 2019-01-01 --by self
        assessment add north ladder high --domain leading --date 2019-02-01 --by researcher
        assessment add south ladder high --domain money --date 2018-01-01 --by researcher
        assessment add south ladder bottom --domain money --date 2019-01-01 --by researcher",
    );
    folder
}

#[test]
fn cases_stand_in_the_order_of_a_figure() {
    let folder = study();
    whole!(
        folder.line("chart ranked surplus@2017/18 --bands rating@2017 --as-of 2018-01-01"),
        str![[r#""#]]
    );
    // Sources disagree on one, nobody knows of another: neither is drawn, both are named.
    whole!(folder.line("chart ranked surplus@2018/19"), str![[r#""#]]);
    whole!(
        folder.line("chart ranked surplus@2018/19 --csv"),
        str![[r#""#]]
    );
}

#[test]
fn bands_alone_have_no_ranks() {
    let folder = study();
    whole!(
        folder.line("chart ranked --bands rating@2017 --as-of 2018-01-01"),
        str![[r#""#]]
    );
    let alone = folder
        .line("chart ranked rating@2017 --as-of 2018-01-01")
        .done();
    let bands = folder
        .line("chart ranked --bands rating@2017 --as-of 2018-01-01")
        .done();
    assert_eq!(alone.stdout, bands.stdout);
}

#[test]
fn each_case_has_a_panel() {
    let folder = study();
    whole!(folder.line("chart multiples surplus"), str![[r#""#]]);
    whole!(
        folder.line("chart multiples surplus --case coast --csv"),
        str![[r#""#]]
    );
}

#[test]
fn cases_join_in_waves() {
    let folder = study();
    whole!(folder.line("chart waves"), str![[r#""#]]);
    whole!(folder.line("chart waves --lanes cohort"), str![[r#""#]]);
    whole!(
        folder.line("chart waves --cohort first --csv"),
        str![[r#""#]]
    );
}

#[test]
fn stages_stand_side_by_side() {
    let folder = study();
    whole!(folder.line("chart stages ladder"), str![[r#""#]]);
    whole!(
        folder.line("chart stages ladder --as-of 2018-06-01 --csv"),
        str![[r#""#]]
    );
}

#[test]
fn what_cant_be_drawn_is_refused() {
    let folder = study();
    folder
        .line("case add trust --name Trust --kind trust --part-of north")
        .done();
    folder
        .line("measure add surplus trust 2017/18 1 --source Returns")
        .done();
    for (line, expected) in [
        ("chart ranked", str![[r#""#]]),
        ("chart ranked surplus@2017/18", str![[r#""#]]),
        (
            "chart ranked surplus@2017/18 --bands surplus@2018/19",
            str![[r#""#]],
        ),
        (
            "chart ranked rating@2017 --bands rating@2017",
            str![[r#""#]],
        ),
        ("chart ranked surplos", str![[r#""#]]),
        ("chart multiples surplus --by month", str![[r#""#]]),
        ("chart waves --cohort third", str![[r#""#]]),
        ("chart waves --lanes country", str![[r#""#]]),
        ("chart stages leader", str![[r#""#]]),
        ("chart stages ladder --case nobody", str![[r#""#]]),
    ] {
        whole!(folder.line(line), expected);
    }
}

#[test]
fn files_are_well_formed_and_the_same_twice() {
    let folder = study();
    for (name, line) in [
        ("ranked", "chart ranked surplus@2018/19"),
        ("banded", "chart ranked rating@2017"),
        ("multiples", "chart multiples surplus"),
        ("waves", "chart waves"),
        ("cohorts", "chart waves --lanes cohort"),
        ("stages", "chart stages ladder"),
    ] {
        for ending in ["svg", "html", "md"] {
            let (one, two) = (format!("{name}-1.{ending}"), format!("{name}-2.{ending}"));
            folder.line(&format!("{line} -o {one}")).done();
            folder.line(&format!("{line} -o {two}")).done();
            let first = folder.read(&one);
            assert_eq!(first, folder.read(&two), "{name}.{ending}");
            assert!(
                first.contains("North"),
                "{name}.{ending} has neither label nor table"
            );
            if ending != "svg" {
                continue;
            }
            let mut reader = quick_xml::Reader::from_str(&first);
            while !matches!(
                reader.read_event().expect("well-formed"),
                quick_xml::events::Event::Eof
            ) {}
            for forbidden in ["<script", "href", "url(", "onload", "<image"] {
                assert!(!first.contains(forbidden), "{forbidden} in {name}");
            }
        }
    }
}

/// Nothing there is no failure.
#[test]
fn an_empty_study_draws_an_empty_picture() {
    let folder = Folder::with_study();
    folder.write(
        "ladder.yaml",
        "slug: ladder\nname: The ladder\nsource: Nobody\nstages: [a, b]\ndomains:\n  - slug: d\n    name: D\n",
    );
    folder.line("maturity import ladder.yaml").done();
    for line in ["chart waves", "chart stages ladder"] {
        folder.line(line).done().calm();
        folder.line(&format!("{line} -o empty.svg")).done();
        assert!(folder.read("empty.svg").contains("</svg>"));
    }
}
