//! Bubble and slope charts: what a sketch shows, what a file holds, and what is refused.

use snapbox::str;

use crate::harness::{Folder, whole};

/// Five systems with waiting, money, a rating and people; of some of them something is not known.
fn systems() -> Folder {
    let folder = Folder::with_study();
    for line in "case add alder --name Alder --kind system
        case add birch --name Birch --kind system
        case add cedar --name Cedar --kind system
        case add dogwood --name Dogwood --kind system
        case add elm --name Elm --kind system
        indicator add wait --name Waiting --unit attendances --scale percentage --better more --level system --decimals 1 --basis types=all
        indicator add money --name Balance --unit million --scale number --better more --level system --decimals 1
        indicator add people --name People --unit thousand --scale number --better neither --level system --decimals 0
        indicator add type-1 --name Type-1 --unit attendances --scale percentage --better more --level system --basis types=1
        indicator add rating --name Rating --unit band --scale bands --bands outstanding;good;poor --better less --level system
        indicator add empty --name Empty --unit things --scale number --better more --level system
        measure add wait alder 2017/18 85 --source S
        measure add wait birch 2017/18 90.5 --source S
        measure add wait cedar 2017/18 80 --source S
        measure add wait cedar 2017/18 81 --source T
        measure add wait dogwood 2017/18 --state suppressed --source S
        measure add wait elm 2017/18 92 --source S
        measure add wait alder 2018/19 88 --source S
        measure add wait birch 2018/19 89 --source S
        measure add wait cedar 2018/19 82 --source S
        measure add wait elm 2018/19 92 --source S
        measure add money alder 2017/18 -4 --source S
        measure add money birch 2017/18 2.5 --source S
        measure add money cedar 2017/18 1 --source S
        measure add money dogwood 2017/18 -1 --source S
        measure add money alder 2018/19 1.5 --source S
        measure add money birch 2018/19 3 --source S
        measure add money cedar 2018/19 2 --source S
        measure add type-1 alder 2017/18 80 --source S
        measure add people alder 2017/18 1200 --source S
        measure add people birch 2017/18 400 --source S
        measure add people cedar 2017/18 300 --source S
        measure add people dogwood 2017/18 900 --source S
        measure add rating alder 2017/18 good --source S
        measure add rating birch 2017/18 outstanding --source S
        measure add rating alder 2018/19 outstanding --source S"
        .lines()
    {
        folder.line(line.trim()).done();
    }
    folder
}

#[test]
fn bubbles_on_a_terminal() {
    let folder = systems();
    whole!(
        folder.line("chart bubble --x wait@2017/18 --y money@2017/18 --colour rating@2017/18 --size people@2017/18 --reference x=88.3:Land"),
        str![[r#"
Balance against Waiting, 2017/18

 4 │
   │
   │
   │                                                          O
   │
   │
   │
   │
   │
   │
   │
   │
   │
   │
   │
   │
   │
−4 │G
   └────────────────────────────────────────────────────────────────
    85                                                            91
across: Waiting, 2017/18 (%)
upwards: Balance, 2017/18 (million)
Rating, 2017/18: O outstanding, G good, P poor; ? not known
A number stands where so many cases are.
--- stderr
A bubble is a case. Across: Waiting, 2017/18 (%). Upwards: Balance, 2017/18 (million). Shade and letter: Rating, 2017/18, from O (outstanding), G (good) and P (poor). Area: People, 2017/18 (thousand).
Waiting: more is better.
Balance: more is better.
Waiting is not known of Cedar (across: conflict, 80 | 81; shade: without any record) and Dogwood (across: suppressed; shade: without any record): drawn hollow along the axis, not at nought.
Balance is not known of Elm (upwards: without any record; area: without any record; shade: without any record): drawn hollow along the axis, not at nought.
Measured on this basis: types: all.

"#]]
    );
    whole!(
        folder.line("chart bubble --x wait@2017/18 --y money@2017/18 --size people@2017/18 --then 2018/19 --csv"),
        str![[r#"
case,period,"Waiting, %","Balance, million","People, thousand",not known because
Alder,2017/18,85.0,-4.0,1200,
Alder,2018/19,88.0,1.5,1200,
Birch,2017/18,90.5,2.5,400,
Birch,2018/19,89.0,3.0,400,
Cedar,2017/18,n/a,1.0,300,"across: conflict, 80 | 81"
Cedar,2018/19,82.0,2.0,300,
Dogwood,2017/18,n/a,-1.0,900,across: suppressed
Dogwood,2018/19,n/a,n/a,900,across: without any record; upwards: without any record
Elm,2017/18,92.0,n/a,n/a,upwards: without any record; area: without any record
Elm,2018/19,92.0,n/a,n/a,upwards: without any record; area: without any record
--- stderr
A bubble is a case. Across: Waiting (%). Upwards: Balance (million). Area: People (thousand).
Waiting: more is better.
Balance: more is better.
Without an arrow, as something is not known in 2017/18: Cedar (across: conflict, 80 | 81), Dogwood (across: suppressed) and Elm (upwards: without any record; area: without any record).
Balance is not known in 2018/19 of Elm (upwards: without any record; area: without any record): drawn hollow along the axis, not at nought.
Not drawn in 2018/19: Dogwood (across: without any record; upwards: without any record).
Measured on this basis: types: all.
People has no figures for 2018/19: that of 2017/18 stands in both periods.

"#]]
    );
}

#[test]
fn slopes_on_a_terminal() {
    let folder = systems();
    whole!(
        folder.line("chart slope wait --from 2017/18 --to 2018/19"),
        str![[r#"
Waiting, 2017/18 to 2018/19

case     2017/18  2018/19    80                                    95
Alder       85.0     88.0  ▲              ○━━━━━━━●
Birch       90.5     89.0  ▼                        ●╌╌╌○
Cedar        n/a     82.0  ?      ●
Dogwood      n/a      n/a  ?
Elm         92.0     92.0  =                                ●
○ 2017/18, ● 2018/19; ▲ ━ better, ▼ ╌ worse, = same, ? not known in both
--- stderr
A line is a case: Waiting, % in 2017/18 on the left, in 2018/19 on the right.
Waiting: more is better.
Known in 2018/19 only, drawn as a hollow mark without a line: Cedar (conflict, 80 | 81).
Not drawn: Dogwood (suppressed; without any record).
Measured on this basis: types: all.

"#]]
    );
}

#[test]
fn files_are_the_same_twice_and_load_nothing() {
    let folder = systems();
    let bubble = "chart bubble --x wait@2017/18 --y money@2017/18 --colour rating@2017/18 --size people@2017/18 --then 2018/19 --reference x=88.3 --reference y=0";
    let beside = format!("{bubble} --join side-by-side");
    for (name, line, words) in [
        ("bubble", bubble, "conflict, 80 | 81"),
        ("beside", &beside, "conflict, 80 | 81"),
        (
            "slope",
            "chart slope wait --from 2017/18 --to 2018/19",
            "conflict, 80 | 81",
        ),
    ] {
        for ending in ["svg", "html", "md"] {
            let (one, two) = (format!("{name}-1.{ending}"), format!("{name}-2.{ending}"));
            folder.line(&format!("{line} -o {one}")).done();
            folder.line(&format!("{line} -o {two}")).done();
            let (first, second) = (folder.read(&one), folder.read(&two));
            assert_eq!(first, second, "{name}.{ending}");
            if ending == "svg" {
                assert!(first.contains("aria-label=\"") && first.contains("Alder"));
                for forbidden in ["<script", "href", "url(", "onload", "<image"] {
                    assert!(!first.contains(forbidden), "{forbidden} in {name}");
                }
            } else {
                // Markdown escapes what would part cells.
                assert!(
                    first.contains(words) || first.contains(&words.replace('|', "\\|")),
                    "{name}.{ending}: {first}"
                );
            }
        }
    }
}

#[test]
fn what_cant_be_drawn_is_refused() {
    let folder = systems();
    for (line, said) in [
        (
            "chart bubble --x nothing@2017/18 --y money@2017/18",
            "error: no indicator `nothing`",
        ),
        (
            "chart bubble --x rating@2017/18 --y money@2017/18",
            "error: `rating` has bands, which are no measure for an axis\nhint: bands can be shown as colour: --colour rating@2017/18",
        ),
        (
            "chart bubble --x wait@2017/18 --y money@2017/18 --size rating@2017/18",
            "error: `rating` has bands, which are no measure for a size",
        ),
        (
            "chart bubble --x wait@2017/18 --y money@2017/18 --colour people@2017/18",
            "error: `people` has no bands to colour by",
        ),
        (
            "chart bubble --x wait@2017/18 --y empty",
            "error: `empty` has no figures yet",
        ),
        (
            "chart bubble --x wait@2017/18 --y money@2016/17",
            "error: no case has both wait@2017/18 and money@2016/17",
        ),
        (
            "chart bubble --x wait@2017/18 --y type-1@2017/18",
            "error: `wait` and `type-1` are measured on different bases: `types` is `all` of the one and `1` of the other",
        ),
        (
            "chart bubble --x wait@2018/19 --y money@2018/19 --then 2017/18",
            "error: 2017/18 does not come after wait@2018/19",
        ),
        (
            "chart bubble --x wait@2017/18 --y money@2017/18 --reference x=many",
            "what stands behind `=` is no number; write an axis and a number, as in x=88.3 or y=-2:England",
        ),
        (
            "chart bubble --x wait@2017/18 --y money@2017/18 --reference z=3",
            "the axis is x or y",
        ),
        (
            "chart slope rating --from 2017/18 --to 2018/19",
            "error: `rating` has bands, which are no measure for an axis",
        ),
        (
            "chart slope wait --from 2018/19 --to 2017/18",
            "error: 2017/18 does not come after 2018/19",
        ),
        (
            "chart slope empty --from 2017/18 --to 2018/19",
            "error: no case has a figure of `empty` in 2017/18 or 2018/19",
        ),
    ] {
        let told = folder.line(line).whole();
        assert!(
            told.contains("error: ") && told.contains(said),
            "{line}: {told}"
        );
    }
}
