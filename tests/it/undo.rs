//! Undo brings the study back to the byte of its logical dump, redo brings it forth again, and what something depends
//! on is refused with its name.

use std::collections::BTreeSet;
use std::fmt::Write;

use casebook::store::{Access, Event, EventFilter, Store};
use casebook::study::Codebook;
use snapbox::str;

use crate::harness::{Folder, Seeded, root, whole};

const INTERVIEW: &str = "INTERVIEWER: How is it going?\n\nA: Slowly. Nobody trusts the board, and the board trusts nobody.\n\n\
    B: That is unfair. We trust it with the beds, if not with the money.\n\nINTERVIEWER: And the winter?\n\nA: The winter comes every year. It is not a surprise.\n";
const NOTES: &str = "The meeting began late.\n\nNobody had the papers; the chair read them out.\n\nA vote was not taken, as nobody trusts a vote.\n";

const LADDER: &str = "slug: ladder\nname: Ladder\nsource: us\nstages: [bottom, top]\ndomains:\n  - slug: money\n    statements: {top: enough}\n";

/// A small study that has something of everything: each later command finds what it needs.
fn small() -> Folder {
    let folder = Folder::with_study();
    folder.write("in/a.txt", INTERVIEW);
    folder.write("in/b.md", NOTES);
    folder.write("in/c.txt", INTERVIEW.replace("winter", "summer"));
    folder.write("in/d.txt", NOTES.replace("late", "early"));
    folder.write(
        "cases.csv",
        "slug,name,kind,part_of,beds\nnorth,North,place,,120\nsouth,South,place,north,80\n",
    );
    folder.write(
        "corrected.txt",
        INTERVIEW
            .replace("Slowly. ", "")
            .replace("That is unfair.", "I see no reason to say so.")
            .replace("A:", "Anna:"),
    );
    folder.write("lookup.csv", "part,whole\nR1,Q9\n");
    folder.write("populations.csv", "role,people\nnurse,40\n");
    folder.write("forms.csv", "participant,signed,share\nP7,2021-03-02,no\n");
    folder.write(
        "answers.csv",
        "participant,finding,answer,text\nP1,2,confirm,\nP2,1,remove,The word board.\nP2,whole,,Thank you.\n",
    );
    folder.write("beds.csv", "id,maturity,rooms\nalder,high,12\n");
    folder.write(
        "people.csv",
        "id,role,case,sector\nP1,chair,north,acute\nP2,nurse,,\n",
    );
    folder.write(
        "codebook.yaml",
        "- path: trust\n  definition: Whom one believes.\n- path: trust/board\n- path: money\n",
    );
    folder.write(
        "indicators.csv",
        "slug,name,scale,unit,better\nrating,Rating,number,points,more\n",
    );
    folder.write(
        "figures.csv",
        "case,period,value\nnorth,2017/18,14\nsouth,2017/18,3\n",
    );
    folder.write(
        "mapping.yaml",
        "case: {column: case, by: slug}\nperiod: {column: period}\nvalue: value\n",
    );
    folder.write(
        "names.csv",
        "case,name,from\nnorth,The North End,2020-01-01\n",
    );
    folder.write(
        "codes.csv",
        "case,scheme,code\nnorth,ODS,Q1\nsouth,ODS,Q2\n",
    );
    folder.write(
        "links.csv",
        "case,link,other,from\nsouth,merged-into,valley,2021-04-01\n",
    );
    folder.write(
        "cohorts.csv",
        "cohort,name,case,from\nfirst,First wave,north,2019-02-01\nsecond,Second wave,valley,\n",
    );
    folder.write("ladder.yaml", LADDER);
    folder.write("stairs.yaml", LADDER.replace("ladder", "stairs"));
    folder.write(
        "seen.csv",
        "case,maturity,stage,date,by,assessor\nnorth,ladder,bottom,2020-02-01,regulator,A body\n",
    );
    folder.write(
        "claims.csv",
        "case,goal,said,stance,source\nsouth,ready,2020-02-01,waits,a journal\nnorth,ready,2020-02-01,doubts,a journal\n",
    );
    folder.write("frame.csv", "case,money\nvalley,Enough of it.\n");
    folder.write(
        "codings.csv",
        "place,quote,theme,coder,memo\nT01:2,Slowly,pace,mara,first\nT01:3,unfair,pace,jo,\n",
    );
    folder
}

/// Commands that make, one after the other, every kind of event. A transcript's codings are numbered from its own number, a million and one.
const EVERY_KIND: &[(&str, &[&str])] = &[
    (
        "study edit",
        &[
            "study",
            "edit",
            "--title",
            "Another title",
            "--question",
            "Why?",
            "--question",
            "How?",
            "--contact",
            "us@example.org",
        ],
    ),
    ("study edit", &["study", "edit", "--ended", "2022-09-30"]),
    (
        "retention set",
        &[
            "retention",
            "set",
            "transcript",
            "--months",
            "120",
            "--since",
            "study-end",
            "--basis",
            "the protocol",
        ],
    ),
    (
        "retention set",
        &[
            "retention",
            "set",
            "transcript",
            "--months",
            "60",
            "--since",
            "interview",
            "--basis",
            "the sponsor",
        ],
    ),
    ("retention remove", &["retention", "remove", "transcript"]),
    (
        "attribute add",
        &[
            "attribute",
            "add",
            "maturity",
            "--of",
            "case",
            "--type",
            "ordered",
            "--level",
            "low",
            "--level",
            "high",
        ],
    ),
    (
        "case add",
        &[
            "case",
            "add",
            "alder",
            "--name",
            "System Alder",
            "--attr",
            "maturity=low",
        ],
    ),
    (
        "attribute import",
        &["attribute", "import", "beds.csv", "--of", "case"],
    ),
    (
        "case add",
        &[
            "case",
            "add",
            "vale",
            "--part-of",
            "alder",
            "--from",
            "2019-04-01",
        ],
    ),
    (
        "case edit",
        &[
            "case",
            "edit",
            "vale",
            "--slug",
            "valley",
            "--name",
            "The Valley",
            "--attr",
            "maturity=high",
        ],
    ),
    (
        "case link",
        &[
            "case",
            "link",
            "alder",
            "partner-of",
            "valley",
            "--from",
            "2020-01-01",
        ],
    ),
    (
        "case unlink",
        &["case", "unlink", "alder", "partner-of", "valley"],
    ),
    ("case import", &["case", "import", "cases.csv"]),
    (
        "phase add",
        &[
            "phase",
            "add",
            "first",
            "--from",
            "2020-01-01",
            "--to",
            "2020-06-30",
        ],
    ),
    (
        "phase edit",
        &["phase", "edit", "first", "--name", "The first"],
    ),
    (
        "participant add",
        &[
            "participant",
            "add",
            "P7",
            "--role",
            "chair",
            "--case",
            "alder",
            "--organisation",
            "valley",
        ],
    ),
    (
        "participant edit",
        &[
            "participant",
            "edit",
            "P7",
            "--quotable",
            "no",
            "--attribution",
            "background",
            "--case",
            "valley",
        ],
    ),
    (
        "consent add",
        &[
            "consent",
            "add",
            "P7",
            "--signed",
            "2021-03-01",
            "--quote",
            "yes",
            "--until",
            "2030-01-01",
        ],
    ),
    (
        "consent edit",
        &["consent", "edit", "P7", "--form", "box 1"],
    ),
    ("consent import", &["consent", "import", "forms.csv"]),
    (
        "participant import",
        &["participant", "import", "people.csv"],
    ),
    (
        "import",
        &[
            "import",
            "in",
            "--case",
            "alder",
            "--phase",
            "first",
            "--speaker",
            "A=P7",
        ],
    ),
    (
        "transcript edit",
        &[
            "transcript",
            "edit",
            "T01",
            "--speaker",
            "B=P1",
            "--date",
            "2020-03-01",
            "--case",
            "valley",
            "--participant",
            "P1",
            "--participant",
            "P7",
        ],
    ),
    (
        "theme add",
        &[
            "theme",
            "add",
            "pace",
            "--define",
            "How fast it goes",
            "--colour",
            "#4477aa",
        ],
    ),
    ("theme import", &["theme", "import", "codebook.yaml"]),
    (
        "theme edit",
        &["theme", "edit", "pace", "--include", "Time, delay"],
    ),
    ("code", &["code", "--from", "codings.csv"]),
    (
        "code",
        &[
            "code",
            "T01:2",
            "trust",
            "money",
            "--quote",
            "Nobody trusts the board",
            "--memo",
            "why?",
        ],
    ),
    (
        "plan add",
        &[
            "plan", "add", "--case", "valley", "--phase", "first", "--role", "chair", "--wanted",
            "2",
        ],
    ),
    ("plan edit", &["plan", "edit", "1", "--wanted", "3"]),
    (
        "population set",
        &[
            "population",
            "set",
            "valley",
            "chair",
            "unique",
            "--source",
            "the board's page",
        ],
    ),
    (
        "population import",
        &["population", "import", "populations.csv"],
    ),
    (
        "progress mark",
        &[
            "progress",
            "mark",
            "P7",
            "P1",
            "recruited",
            "--phase",
            "first",
            "--date",
            "2020-01-20",
        ],
    ),
    ("progress mark", &["progress", "mark", "P1", "debriefed"]),
    (
        "progress unmark",
        &["progress", "unmark", "P1", "debriefed"],
    ),
    (
        "autocode",
        &[
            "autocode",
            "nobody",
            "trust/board",
            "--name",
            "nobody",
            "--speaker",
            "all",
        ],
    ),
    (
        "code",
        &[
            "code",
            "T01:2",
            "trust",
            "--quote",
            "Nobody trusts the board",
            "--coder",
            "jo",
        ],
    ),
    (
        "agreement sample",
        &[
            "agreement",
            "sample",
            "first",
            "--share",
            "100%",
            "--seed",
            "1",
            "--stratify",
            "case,kind",
        ],
    ),
    (
        "agreement settle",
        &[
            "agreement",
            "settle",
            "1000004/-",
            "--keep",
            "first",
            "--why",
            "it is money",
        ],
    ),
    (
        "agreement settle",
        &[
            "agreement",
            "settle",
            "1000004/-",
            "--theme",
            "pace",
            "--why",
            "it is not",
            "--again",
        ],
    ),
    ("agreement consensus", &["agreement", "consensus"]),
    (
        "agreement threshold add",
        &[
            "agreement",
            "threshold",
            "add",
            "alpha",
            "0.800",
            "--meaning",
            "rely on it",
            "--source",
            "a book",
        ],
    ),
    (
        "agreement threshold remove",
        &["agreement", "threshold", "remove", "alpha", "0.8"],
    ),
    (
        "memo add",
        &["memo", "add", "--on", "case:alder", "a thought"],
    ),
    ("memo edit", &["memo", "edit", "1", "another thought"]),
    ("memo remove", &["memo", "remove", "1"]),
    (
        "finding add",
        &[
            "finding",
            "add",
            "Nobody trusts the board.",
            "--detail",
            "Not even itself.",
        ],
    ),
    (
        "finding add",
        &[
            "finding",
            "add",
            "The winter is no surprise.",
            "--at",
            "1",
            "--not-reported",
        ],
    ),
    (
        "finding edit",
        &[
            "finding",
            "edit",
            "1",
            "--claim",
            "Few trust the board.",
            "--at",
            "1",
        ],
    ),
    (
        "finding support",
        &[
            "finding",
            "support",
            "1",
            "--coding",
            "1000001",
            "1000003",
            "--transcript",
            "T02",
            "--note",
            "plainly",
        ],
    ),
    (
        "finding rival",
        &["finding", "rival", "1", "They had a bad year."],
    ),
    (
        "finding contradict",
        &[
            "finding",
            "contradict",
            "1",
            "--coding",
            "1000002",
            "--rival",
            "1",
        ],
    ),
    (
        "finding rival",
        &[
            "finding",
            "rival",
            "1",
            "--verdict",
            "holds-partly",
            "--why",
            "it was a bad year",
        ],
    ),
    (
        "finding looked",
        &[
            "finding",
            "looked",
            "1",
            "All that is coded with trust was read again.",
        ],
    ),
    (
        "finding predict",
        &[
            "finding",
            "predict",
            "1",
            "alder",
            "--literal",
            "The same.",
            "--made",
            "2020-01-01",
        ],
    ),
    (
        "finding result",
        &["finding", "result", "1", "alder", "partly", "Some do."],
    ),
    (
        "finding confirm",
        &["finding", "confirm", "1", "--evidence", "1"],
    ),
    (
        "finding withdraw",
        &["finding", "withdraw", "1", "--evidence", "1"],
    ),
    (
        "memo add",
        &["memo", "add", "--on", "finding:2", "think of it again"],
    ),
    (
        "respond",
        &["respond", "P1", "1", "disagree", "Not so in the north."],
    ),
    (
        "respond",
        &["respond", "P7", "2", "correct", "It was the autumn."],
    ),
    (
        "decision take",
        &[
            "decision",
            "take",
            "1",
            "noted",
            "--why",
            "it is told beside it",
        ],
    ),
    ("response import", &["response", "import", "answers.csv"]),
    ("response remove", &["response", "remove", "1"]),
    (
        "debrief sent",
        &["debrief", "--sent", "2020-06-01", "P1", "P7"],
    ),
    ("finding remove", &["finding", "remove", "2", "--yes"]),
    (
        "frame set",
        &[
            "frame",
            "set",
            "alder",
            "pace",
            "Slow, they say.",
            "--coding",
            "1000001",
        ],
    ),
    (
        "frame set",
        &["frame", "set", "valley", "pace", "--status", "not-asked"],
    ),
    ("frame set", &["frame", "set", "alder", "/", "Slow in all."]),
    ("frame set", &["frame", "set", "valley", "trust", "Little."]),
    ("frame import", &["frame", "import", "frame.csv"]),
    ("frame confirm", &["frame", "confirm", "alder", "pace"]),
    ("frame clear", &["frame", "clear", "valley", "pace"]),
    ("theme rename", &["theme", "rename", "trust", "confidence"]),
    ("theme move", &["theme", "move", "money", "confidence"]),
    (
        "theme split",
        &["theme", "split", "pace", "--into", "pace/slow", "1000001"],
    ),
    ("uncode", &["uncode", "1000003"]),
    (
        "limit add",
        &["limit", "add", "T01:3", "case", "--quote", "unfair"],
    ),
    ("limit add", &["limit", "add", "T01", "--not-quotable"]),
    (
        "limit remove",
        &["limit", "remove", "2", "--approval", "a letter"],
    ),
    (
        "transcript revise",
        &["transcript", "revise", "T01", "corrected.txt", "--yes"],
    ),
    (
        "transcript let-go",
        &[
            "transcript",
            "pending",
            "T01",
            "--coding",
            "1000001",
            "--let-go",
        ],
    ),
    (
        "transcript place",
        &[
            "transcript",
            "pending",
            "T01",
            "--coding",
            "1000002",
            "--at",
            "T01:3",
        ],
    ),
    ("limit edit", &["limit", "edit", "1", "T01:3"]),
    (
        "transcript edit text",
        &[
            "transcript",
            "edit",
            "T01",
            "--replace",
            "surprise",
            "--with",
            "wonder",
            "--yes",
        ],
    ),
    (
        "transcript split",
        &[
            "transcript",
            "split",
            "T01",
            "--at",
            "T01:4",
            "--id",
            "T01-late",
        ],
    ),
    (
        "transcript merge",
        &["transcript", "merge", "T01-late", "T03", "--yes"],
    ),
    (
        "theme merge",
        &[
            "theme",
            "merge",
            "confidence/board",
            "confidence/money",
            "confidence",
        ],
    ),
    (
        "theme remove",
        &["theme", "remove", "confidence", "--with-codings", "--yes"],
    ),
    (
        "plan add",
        &["plan", "add", "--phase", "first", "--wanted", "5"],
    ),
    ("plan remove", &["plan", "remove", "1"]),
    ("population remove", &["population", "remove", "1"]),
    (
        "pseudonym apply",
        &[
            "pseudonym",
            "apply",
            "--all",
            "--notes",
            "--accept",
            "all",
            "--yes",
        ],
    ),
    (
        "transcript remove",
        &["transcript", "remove", "T01", "--yes"],
    ),
    (
        "agreement sample remove",
        &["agreement", "sample", "remove", "first", "--yes"],
    ),
    ("withdraw", &["withdraw", "P7", "--mode", "stop", "--yes"]),
    (
        "withdraw",
        &["withdraw", "P7", "--mode", "exclude", "--yes"],
    ),
    (
        "participant remove",
        &["participant", "remove", "P7", "--yes"],
    ),
    ("phase remove", &["phase", "remove", "first", "--yes"]),
    (
        "attribute remove",
        &["attribute", "remove", "maturity", "--of", "case", "--yes"],
    ),
    (
        "theme version add",
        &["theme", "version", "add", "v1", "--note", "first"],
    ),
    (
        "theme version edit",
        &["theme", "version", "edit", "v1", "--name", "one"],
    ),
    (
        "theme version remove",
        &["theme", "version", "remove", "one"],
    ),
    (
        "checklist set",
        &[
            "checklist",
            "set",
            "coreq",
            "2",
            "Two of us hold a doctorate.",
        ],
    ),
    ("checklist clear", &["checklist", "clear", "coreq", "2"]),
    (
        "case name add",
        &[
            "case",
            "name",
            "add",
            "south",
            "The South",
            "--to",
            "2019-04-01",
        ],
    ),
    ("case name import", &["case", "name", "import", "names.csv"]),
    (
        "case name remove",
        &["case", "name", "remove", "north", "The North End"],
    ),
    (
        "case code add",
        &[
            "case",
            "code",
            "add",
            "south",
            "ONS",
            "E1",
            "--from",
            "2019-04-01",
        ],
    ),
    ("case code import", &["case", "code", "import", "codes.csv"]),
    (
        "case code remove",
        &["case", "code", "remove", "north", "ODS", "Q1"],
    ),
    ("case link import", &["case", "link", "import", "links.csv"]),
    (
        "case lookup",
        &[
            "case",
            "lookup",
            "lookup.csv",
            "--part",
            "part",
            "--whole",
            "whole",
        ],
    ),
    (
        "indicator add",
        &[
            "indicator",
            "add",
            "visits",
            "--name",
            "Visits",
            "--unit",
            "attendances",
            "--scale",
            "number",
            "--better",
            "neither",
        ],
    ),
    (
        "indicator import",
        &["indicator", "import", "indicators.csv"],
    ),
    (
        "indicator edit",
        &[
            "indicator",
            "edit",
            "visits",
            "--define",
            "All of them",
            "--most",
            "1000",
        ],
    ),
    (
        "indicator rule",
        &["indicator", "rule", "visits", "sum", "--why", "they add up"],
    ),
    (
        "indicator rule",
        &[
            "indicator",
            "rule",
            "rating",
            "weighted-mean",
            "--by",
            "visits",
            "--why",
            "as theirs is",
        ],
    ),
    (
        "measure add",
        &[
            "measure",
            "add",
            "visits",
            "north",
            "2017/18",
            "12",
            "--source",
            "The board",
        ],
    ),
    (
        "measure import",
        &[
            "measure",
            "import",
            "figures.csv",
            "--case",
            "case",
            "--period",
            "period",
            "--indicator",
            "visits",
            "--value",
            "value",
            "--source",
            "Monthly figures",
            "--save",
            "monthly",
        ],
    ),
    (
        "conflict settle",
        &[
            "conflict",
            "settle",
            "visits",
            "north",
            "2017/18",
            "--take",
            "2",
            "--why",
            "it is later",
        ],
    ),
    (
        "conflict reopen",
        &["conflict", "reopen", "visits", "north", "2017/18"],
    ),
    ("mapping add", &["mapping", "add", "yearly", "mapping.yaml"]),
    ("mapping remove", &["mapping", "remove", "monthly"]),
    ("indicator rule", &["indicator", "rule", "rating", "--none"]),
    ("indicator remove", &["indicator", "remove", "rating"]),
    ("reading remove", &["reading", "remove", "2"]),
    ("theme add", &["theme", "add", "late"]),
    ("code", &["code", "T02:1", "late"]),
    (
        "cohort add",
        &[
            "cohort",
            "add",
            "first",
            "--name",
            "First wave",
            "--date",
            "2019-01-01",
            "--why",
            "an appetite",
        ],
    ),
    (
        "cohort member",
        &[
            "cohort",
            "member",
            "first",
            "south",
            "--part",
            "the coast",
            "--coding",
            "2000003",
        ],
    ),
    (
        "cohort member",
        &["cohort", "member", "first", "south", "--to", "2020-01-01"],
    ),
    ("cohort import", &["cohort", "import", "cohorts.csv"]),
    (
        "cohort edit",
        &[
            "cohort",
            "edit",
            "first",
            "--slug",
            "wave-1",
            "--document",
            "T02",
        ],
    ),
    ("cohort leave", &["cohort", "leave", "wave-1", "north"]),
    ("maturity import", &["maturity", "import", "ladder.yaml"]),
    (
        "assessment add",
        &[
            "assessment",
            "add",
            "south",
            "ladder",
            "top",
            "--domain",
            "money",
            "--date",
            "2020-01-01",
            "--by",
            "self",
            "--coding",
            "2000003",
            "--document",
            "T02",
        ],
    ),
    ("assessment import", &["assessment", "import", "seen.csv"]),
    (
        "assessment edit",
        &[
            "assessment",
            "edit",
            "1",
            "--stage",
            "bottom",
            "--no-evidence",
            "--document",
            "T02",
        ],
    ),
    ("maturity import", &["maturity", "import", "stairs.yaml"]),
    ("maturity remove", &["maturity", "remove", "stairs"]),
    (
        "goal add",
        &["goal", "add", "ready", "--deadline", "2021-04-01"],
    ),
    (
        "goal edit",
        &[
            "goal",
            "edit",
            "ready",
            "--name",
            "is ready",
            "--deadline",
            "2021-05-01",
        ],
    ),
    (
        "goal reached",
        &["goal", "reached", "ready", "south", "2021-01-01"],
    ),
    (
        "goal reached",
        &[
            "goal",
            "reached",
            "ready",
            "south",
            "2021-02-01",
            "--source",
            "a list",
        ],
    ),
    (
        "claim add",
        &[
            "claim",
            "add",
            "south",
            "ready",
            "--said",
            "2020-01-01",
            "--stance",
            "plans",
            "--planned",
            "2020-06",
            "--coding",
            "2000003",
            "--words",
            "by summer",
        ],
    ),
    ("claim import", &["claim", "import", "claims.csv"]),
    ("claim remove", &["claim", "remove", "2"]),
    ("case remove", &["case", "remove", "south", "--yes"]),
    (
        "transcript remove",
        &["transcript", "remove", "T02", "--yes"],
    ),
    ("assessment remove", &["assessment", "remove", "2"]),
    (
        "maturity remove",
        &["maturity", "remove", "ladder", "--yes"],
    ),
    (
        "goal reached",
        &["goal", "reached", "ready", "north", "2021-03-01"],
    ),
    (
        "goal reached",
        &["goal", "reached", "ready", "north", "--not"],
    ),
    ("goal remove", &["goal", "remove", "ready", "--yes"]),
    ("cohort remove", &["cohort", "remove", "wave-1", "--yes"]),
];

fn newest(folder: &Folder) -> Event {
    let store = Store::open(&folder.join(crate::harness::STUDY), Access::Read).expect("it opens");
    let filter = EventFilter {
        limit: Some(1),
        ..EventFilter::default()
    };
    store
        .events(&filter)
        .expect("the record")
        .pop()
        .expect("at least the event of init")
}

fn undo(folder: &Folder, event: i64) -> i64 {
    folder
        .run(&["undo", &event.to_string(), "--why", "a slip of mine"])
        .done();
    newest(folder).event
}

#[test]
fn every_kind_of_event_is_taken_back_and_brought_back() {
    let folder = small();
    let with_key = |args: &[&str]| {
        folder.finish(
            folder
                .command()
                .env("CASEBOOK_PASSPHRASE", "four words for it")
                .args(args),
        )
    };
    for (op, args) in EVERY_KIND {
        if op.starts_with("pseudonym") {
            with_key(&["pseudonym", "add", "Winter", "Season A", "--kind", "other"]).done();
        }
        let before = folder.dump();
        let event = newest(&folder).event;
        with_key(args).done();
        let made = newest(&folder);
        assert_eq!((made.event, &*made.op), (event + 1, *op), "{args:?}");
        let after = folder.dump();
        assert_ne!(before, after, "{args:?} changed nothing");
        let back = undo(&folder, made.event);
        same(&before, &folder.dump(), &format!("undo of {args:?}"));
        let again = undo(&folder, back);
        same(&after, &folder.dump(), &format!("redo of {args:?}"));
        // What was brought back can be taken back again.
        assert!(
            folder
                .run(&["undo", &again.to_string()])
                .refused()
                .stderr
                .contains(&format!("casebook undo {}", made.event))
        );
        let back = undo(&folder, made.event);
        same(&before, &folder.dump(), &format!("second undo of {args:?}"));
        undo(&folder, back);
    }
    folder.sound();
    folder.run(&["log", "verify"]).done();
}

/// The kinds of event that the source can make are those that are tried above, the two that speak for themselves, and
/// the one that is never taken back.
#[test]
fn no_kind_of_event_is_forgotten() {
    let mut said = BTreeSet::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                if path.file_name().is_some_and(|n| n != "tests") {
                    folders.push(path);
                }
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source file");
            // What a test in the source calls its own change is no kind of event.
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for (at, call) in text.match_indices(".change(") {
                if let Some((op, _)) = text[at + call.len()..]
                    .trim_start()
                    .strip_prefix('"')
                    .and_then(|rest| rest.split_once('"'))
                {
                    said.insert(op.to_owned());
                }
            }
        }
    }
    let tried: BTreeSet<String> = EVERY_KIND
        .iter()
        .map(|(op, _)| (*op).to_owned())
        .chain(
            [
                "init",
                "undo",
                casebook::store::REPORT_WRITE,
                casebook::store::COPY_WRITE,
                casebook::store::RETENTION_DELETE,
            ]
            .map(str::to_owned),
        )
        .collect();
    let missing: Vec<_> = said.difference(&tried).collect();
    assert!(said.len() > 20, "the calls are written otherwise now");
    assert!(missing.is_empty(), "undo is not tried for {missing:?}");
}

/// What is in the study, to choose from.
struct Stock {
    cases: Vec<String>,
    phases: Vec<String>,
    people: Vec<String>,
    transcripts: Vec<String>,
    themes: Vec<String>,
    codings: Vec<String>,
    memos: Vec<String>,
    findings: Vec<String>,
}

impl Stock {
    fn of(folder: &Folder) -> Self {
        let store =
            Store::open(&folder.join(crate::harness::STUDY), Access::Read).expect("it opens");
        let book = Codebook::read(&store).expect("a codebook");
        let mut codings = Vec::new();
        store
            .each_coding_even_pending::<casebook::store::Error>(None, |c| {
                codings.push(c.id.to_string());
                Ok(())
            })
            .expect("codings");
        // Where there is none of a kind, a name that is not there: the command is refused, and nothing changes.
        let or = |mut names: Vec<String>, none: &str| {
            if names.is_empty() {
                names.push(none.to_owned());
            }
            names
        };
        Self {
            cases: or(
                store
                    .cases()
                    .expect("cases")
                    .into_iter()
                    .map(|c| c.slug)
                    .collect(),
                "nowhere",
            ),
            phases: or(
                store
                    .phases()
                    .expect("phases")
                    .into_iter()
                    .map(|p| p.slug)
                    .collect(),
                "never",
            ),
            people: or(
                store
                    .participants()
                    .expect("people")
                    .into_iter()
                    .map(|p| p.code)
                    .collect(),
                "P0",
            ),
            transcripts: or(
                store
                    .transcripts()
                    .expect("transcripts")
                    .into_iter()
                    .map(|t| t.slug)
                    .collect(),
                "T00",
            ),
            themes: or(
                book.themes().iter().map(|t| book.path(t.id)).collect(),
                "nothing",
            ),
            codings: or(codings, "1"),
            findings: or(
                store
                    .findings()
                    .expect("findings")
                    .into_iter()
                    .map(|f| f.id.to_string())
                    .collect(),
                "1",
            ),
            memos: or(
                store
                    .memos()
                    .expect("memos")
                    .into_iter()
                    .map(|m| m.id.to_string())
                    .collect(),
                "99",
            ),
        }
    }
}

fn random_command(random: &mut Seeded, stock: &Stock) -> Vec<String> {
    let names = ["red", "green", "blue", "grey", "Trust", "money"];
    let name = *random.pick(&names);
    let other = *random.pick(&names);
    let case = random.pick(&stock.cases).as_str();
    let case2 = random.pick(&stock.cases).as_str();
    let phase = random.pick(&stock.phases).as_str();
    let person = random.pick(&stock.people).as_str();
    let transcript = random.pick(&stock.transcripts).as_str();
    let transcript2 = random.pick(&stock.transcripts).as_str();
    let theme = random.pick(&stock.themes).as_str();
    let theme2 = random.pick(&stock.themes).as_str();
    let coding = random.pick(&stock.codings).as_str();
    let coding2 = random.pick(&stock.codings).as_str();
    let memo = random.pick(&stock.memos).as_str();
    let finding = random.pick(&stock.findings).as_str();
    let number = format!("P{}", random.below(6));
    let place = format!("{transcript}:{}", 1 + random.below(6));
    let label = format!(
        "{}={}",
        random.pick(&["A", "B", "INTERVIEWER"]),
        random.pick(&["interviewer", person])
    );
    let path = format!("{theme}/{name}");
    let file = *random.pick(&["in/a.txt", "in/b.md", "in/c.txt", "in/d.txt"]);
    let object = random
        .pick(&[
            "study".to_owned(),
            format!("case:{case}"),
            format!("participant:{person}"),
            format!("transcript:{transcript}"),
            format!("theme:{theme}"),
            format!("coding:{coding}"),
            format!("finding:{finding}"),
        ])
        .clone();
    let value = format!(
        "{}={}",
        random.pick(&["beds", "sector", "size"]),
        random.pick(&["12", "acute", ""])
    );
    let query = *random.pick(&["nobody", "trust*", "board OR winter", "\"the board\""]);
    let spread = *random.pick(&["turn", "sentence", "match"]);
    let disagreement = match random.below(3) {
        0 => format!("{coding}/{coding2}"),
        1 => format!("-/{coding}"),
        _ => format!("{coding}/-"),
    };
    let command: Vec<&str> = match random.below(88) {
        0 => vec!["case", "add", name, "--name", "A name"],
        1 => vec!["case", "add", name, "--part-of", case, "--attr", &value],
        2 => vec!["case", "edit", case, "--slug", name],
        3 => vec!["case", "edit", case, "--name", other, "--attr", &value],
        4 => vec![
            "case",
            "link",
            case,
            *random.pick(&["part-of", "partner-of", "merged-into"]),
            case2,
        ],
        5 => vec![
            "case",
            "unlink",
            case,
            *random.pick(&["part-of", "partner-of", "merged-into"]),
            case2,
        ],
        6 => vec!["case", "remove", case, "--yes"],
        7 => vec!["case", "import", "cases.csv"],
        8 => vec!["phase", "add", name],
        9 => vec!["phase", "edit", phase, "--name", other],
        10 => vec!["phase", "remove", phase, "--yes"],
        11 => vec![
            "participant",
            "add",
            &number,
            "--role",
            name,
            "--case",
            case,
        ],
        12 => vec![
            "participant",
            "edit",
            person,
            "--organisation",
            case,
            "--case",
            case2,
            "--attr",
            &value,
        ],
        13 => vec!["participant", "remove", person, "--yes"],
        14 => vec!["participant", "import", "people.csv"],
        15 => vec![
            "attribute",
            "add",
            *random.pick(&["beds", "sector", "size"]),
            "--of",
            *random.pick(&["case", "participant", "transcript"]),
        ],
        16 => vec![
            "attribute",
            "remove",
            *random.pick(&["beds", "sector", "size"]),
            "--of",
            *random.pick(&["case", "participant"]),
            "--yes",
        ],
        17 => vec!["study", "edit", "--title", name, "--question", other],
        18 | 19 => vec!["import", file, "--again", "--case", case, "--phase", phase],
        20 => vec!["import", "in", "--participant", person],
        21 => vec!["transcript", "edit", transcript, "--speaker", &label],
        22 => vec![
            "transcript",
            "edit",
            transcript,
            "--case",
            case,
            "--participant",
            person,
            "--attr",
            &value,
        ],
        23 => vec!["transcript", "remove", transcript, "--yes"],
        24 => vec!["theme", "add", &path, "--define", "what"],
        25 => vec!["theme", "add", name],
        26 => vec![
            "theme",
            "edit",
            theme,
            "--include",
            name,
            "--exclude",
            other,
        ],
        27 => vec!["theme", "rename", theme, name],
        28 => vec!["theme", "move", theme, *random.pick(&["/", theme2])],
        29 => vec!["theme", "merge", theme, theme2],
        30 => vec!["theme", "split", theme, "--into", &path, coding],
        31 => vec!["theme", "remove", theme, "--with-codings", "--yes"],
        32 => vec!["theme", "import", "codebook.yaml"],
        33 | 34 => vec!["code", &place, theme, theme2, "--memo", name],
        35 => vec!["code", &place, theme],
        36 => vec!["uncode", coding, coding2],
        37 => vec![
            "autocode",
            query,
            theme,
            "--spread",
            spread,
            "--name",
            name,
            "--speaker",
            "all",
        ],
        38 => vec!["memo", "add", "--on", &object, "a thought"],
        40 | 41 => vec!["transcript", "revise", transcript, file, "--yes"],
        42 => vec![
            "transcript",
            "edit",
            transcript,
            "--replace",
            *random.pick(&["the", "trust", "Nobody", "A"]),
            "--with",
            name,
            "--everywhere",
            "--yes",
        ],
        43 => vec![
            "transcript",
            "pending",
            "--coding",
            coding,
            *random.pick(&["--accept", "--let-go"]),
        ],
        44 => vec!["transcript", "pending", "--coding", coding, "--at", &place],
        45 => vec!["transcript", "split", transcript, "--at", &place],
        46 => vec!["transcript", "merge", transcript, transcript2, "--yes"],
        47 => vec!["finding", "add", name, "--at", *random.pick(&["1", "2"])],
        48 => vec![
            "finding",
            "edit",
            finding,
            "--claim",
            other,
            "--at",
            *random.pick(&["1", "9"]),
        ],
        49 | 50 => vec![
            "finding",
            *random.pick(&["support", "contradict"]),
            finding,
            "--coding",
            coding,
            "--transcript",
            transcript,
        ],
        51 => vec![
            "finding",
            "rival",
            finding,
            name,
            "--verdict",
            "holds",
            "--why",
            other,
        ],
        52 => vec!["finding", "predict", finding, case, "--literal", name],
        53 => vec!["finding", "result", finding, case, "partly", name],
        54 => match random.below(3) {
            0 => vec!["finding", "remove", finding, "--yes"],
            1 => vec!["finding", "withdraw", finding, "--evidence", "1"],
            _ => vec!["finding", "looked", finding, *random.pick(&["", name])],
        },
        55 => match random.below(3) {
            0 => vec!["population", "set", case, name, "4"],
            1 => vec!["population", "remove", *random.pick(&["1", "2"])],
            _ => vec![
                "plan", "add", "--case", case, "--role", name, "--wanted", "3",
            ],
        },
        56 => vec![
            "plan",
            *random.pick(&["remove", "show"]),
            *random.pick(&["1", "2"]),
        ],
        57 => vec![
            "progress",
            *random.pick(&["mark", "mark", "unmark"]),
            person,
            *random.pick(&["recruited", "debriefed"]),
            "--phase",
            phase,
        ],
        58 => match random.below(3) {
            0 => vec!["theme", "version", "remove", name],
            _ => vec!["theme", "version", "add", name, "--note", other],
        },
        59 => match random.below(3) {
            0 => vec!["checklist", "clear", "coreq", "3"],
            _ => vec!["checklist", "set", "coreq", "3", name],
        },
        60 | 61 => vec!["frame", "set", case, theme, name, "--coding", coding],
        62 => vec![
            "frame",
            "set",
            *random.pick(&[case, "/"]),
            theme2,
            *random.pick(&[name, "--no-coding"]),
        ],
        63 => vec!["frame", "confirm", case, theme],
        64 => vec!["frame", "clear", *random.pick(&[case, "/"]), theme],
        65 => vec!["frame", "set", case2, "/", "--status", "withheld"],
        66 | 67 => vec!["code", &place, theme, "--coder", "jo"],
        68 => vec![
            "agreement",
            "sample",
            name,
            "--share",
            *random.pick(&["20%", "60%", "100%"]),
            "--seed",
            "7",
            "--stratify",
            *random.pick(&["case", "role,kind", "phase"]),
        ],
        69 => vec![
            "agreement",
            "settle",
            &disagreement,
            "--keep",
            *random.pick(&["first", "second", "both", "neither"]),
            "--why",
            other,
            *random.pick(&["--again", "--quiet"]),
        ],
        70 => vec!["agreement", "consensus", "--coders", "mara,jo"],
        71 => vec!["agreement", "sample", "remove", name, "--yes"],
        72 => vec![
            "respond",
            person,
            finding,
            *random.pick(&["confirm", "disagree", "correct"]),
            name,
        ],
        73 => vec![
            "decision",
            "take",
            *random.pick(&["1", "2"]),
            *random.pick(&["kept", "changed"]),
            "--why",
            name,
        ],
        74 => vec!["response", "remove", *random.pick(&["1", "2", "3"])],
        75 => vec!["response", "import", "answers.csv"],
        76 => vec!["case", "name", "add", case, name, "--to", "2019-04-01"],
        77 => vec!["case", "code", "add", case, "ONS", name],
        78 => vec!["case", "name", "remove", case, name],
        79 => vec!["cohort", "add", name],
        80 => vec!["cohort", "member", name, case, "--coding", coding],
        81 => vec!["maturity", "import", "ladder.yaml"],
        82 => vec![
            "assessment",
            "add",
            case,
            "ladder",
            "top",
            "--date",
            "2020-01-01",
            "--by",
            "self",
            "--coding",
            coding,
            "--document",
            transcript,
        ],
        83 => vec!["goal", "add", name],
        84 => vec![
            "claim",
            "add",
            case,
            name,
            "--said",
            "2020-01-01",
            "--stance",
            "plans",
            "--coding",
            coding,
        ],
        85 => vec!["goal", "reached", name, case, "2020-02-01"],
        86 => vec!["cohort", "leave", name, case],
        _ => match random.below(2) {
            0 => vec!["memo", "edit", memo, name],
            _ => vec!["memo", "remove", memo],
        },
    };
    command.into_iter().map(str::to_owned).collect()
}

/// Says where two dumps part, not all that they hold.
#[track_caller]
fn same(before: &str, after: &str, what: &str) {
    if before == after {
        return;
    }
    let mut said = String::new();
    let old: BTreeSet<&str> = before.lines().collect();
    let new: BTreeSet<&str> = after.lines().collect();
    for line in old.difference(&new) {
        writeln!(said, "- {line}").expect("a line");
    }
    for line in new.difference(&old) {
        writeln!(said, "+ {line}").expect("a line");
    }
    panic!("{what}: the study differs:\n{said}");
}

/// One history: commands as they come, each refused one changing nothing; then all undone, newest first, with redo on
/// the way.
fn history(seed: u64, length: usize) {
    let folder = small();
    for args in EVERY_KIND
        .iter()
        .map(|(_, args)| args)
        .take(usize::try_from(seed % 2).expect("0 or 1") * 21)
    {
        folder.run(args).done();
    }
    let mut random = Seeded::new(seed);
    let mut told = vec![format!("seed {seed}")];
    let mut events: Vec<(i64, String, String)> = Vec::new();
    let mut before = folder.dump();
    for _ in 0..length {
        let command = random_command(&mut random, &Stock::of(&folder));
        let last = newest(&folder).event;
        let run = folder.run(&command).calm();
        told.push(format!("{} -> {:?}", command.join(" "), run.status));
        let after = folder.dump();
        match run.status {
            Some(0) => {}
            Some(1) => {
                // A table or folder of which some did not fit is in all the same, and says so.
                if !run.stderr.contains("the rest is in") && !run.stderr.contains("Imported") {
                    same(&before, &after, &format!("refused {command:?}"));
                }
                assert!(run.stderr.contains("error: "), "{}", run.whole());
            }
            _ => panic!("{}\n{}", told.join("\n"), run.whole()),
        }
        let now = newest(&folder).event;
        assert_eq!(
            now > last,
            before != after,
            "an event without a change, or a change without an event: {}\n{}",
            told.join("\n"),
            run.whole()
        );
        if now > last {
            events.push((now, before, after.clone()));
        }
        before = after;
    }
    folder.sound();
    for (n, (event, before, after)) in events.iter().enumerate().rev() {
        let story = || format!("{}\nundo of event {event}", told.join("\n"));
        let back = undo(&folder, *event);
        same(before, &folder.dump(), &story());
        if n % 4 == 0 {
            undo(&folder, back);
            same(after, &folder.dump(), &format!("{}: redo", story()));
            undo(&folder, *event);
            same(before, &folder.dump(), &format!("{}: undo again", story()));
        }
    }
    folder.sound();
    folder.run(&["log", "verify"]).done();
}

#[test]
fn random_histories_are_taken_back_step_by_step() {
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || {
                for seed in 0..4 {
                    history(2 * seed + half, 40);
                }
            });
        }
    });
}

#[test]
fn what_something_depends_on_is_refused_and_named() {
    let folder = small();
    folder.line("case add alder").done();
    folder
        .run(&["import", "in/a.txt", "--case", "alder"])
        .done();
    folder.line("theme add trust").done();
    folder.line("code T01:2 trust").done();
    let before = folder.dump();
    whole!(
        folder.line("undo 2"),
        str![[r#"
--- stderr
error: event 2 can't be undone: 1 later depends on it: 3 (import T01)
hint: undo the later ones first, newest first: casebook undo 3
--- status 1

"#]]
    );
    whole!(
        folder.line("undo 3"),
        str![[r#"
--- stderr
error: event 3 can't be undone: 1 later depends on it: 5 (code T01@34-95 with trust)
hint: undo the later ones first, newest first: casebook undo 5
--- status 1

"#]]
    );
    whole!(
        folder.line("undo 4"),
        str![[r#"
--- stderr
error: event 4 can't be undone: 1 later depends on it: 5 (code T01@34-95 with trust)
hint: undo the later ones first, newest first: casebook undo 5
--- status 1

"#]]
    );
    whole!(
        folder.line("undo 99"),
        str![[r#"
--- stderr
error: no event `99`
hint: see what there is with: casebook log
--- status 1

"#]]
    );
    same(&before, &folder.dump(), "refused undos");
    whole!(
        folder.line("undo"),
        str![[r#"
Took back event 5: code T01@34-95 with trust
--- stderr
(event 6; to bring it back: casebook undo 6)

"#]]
    );
    whole!(
        folder.line("undo 4"),
        str![[r#"
Took back event 4: add theme trust
--- stderr
(event 7; to bring it back: casebook undo 7)

"#]]
    );
    whole!(
        folder.line("undo 4"),
        str![[r#"
--- stderr
error: event 4 was undone already, by event 7
hint: to bring it back: casebook undo 7
--- status 1

"#]]
    );
    whole!(
        folder.line("log"),
        str![[r#"
event  at                    coder  what                               rows  note
    7  2021-05-01T09:00:00Z  mara   undo 4: add theme trust               1
    6  2021-05-01T09:00:00Z  mara   undo 5: code T01@34-95 with trust     2
    5  2021-05-01T09:00:00Z  mara   code T01@34-95 with trust             2  undone by 6
    4  2021-05-01T09:00:00Z  mara   add theme trust                       1  undone by 7
    3  2021-05-01T09:00:00Z  mara   import T01                            5
    2  2021-05-01T09:00:00Z  mara   add case alder                        1
    1  2021-05-01T09:00:00Z  mara   init the study                        1

"#]]
    );
    whole!(
        folder.line("log verify"),
        str![[r#"
The record holds: 7 events, each as it was written.

"#]]
    );
}

#[test]
fn the_start_of_a_study_is_not_undone() {
    let folder = Folder::with_study();
    whole!(
        folder.line("undo"),
        str![[r#"
--- stderr
error: there is nothing to undo
hint: see what was done with: casebook log
--- status 1

"#]]
    );
    whole!(
        folder.line("undo 1"),
        str![[r#"
--- stderr
error: event 1 is the beginning of the study: it can't be undone
hint: to start anew, make another study: casebook init NAME
--- status 1

"#]]
    );
    folder.sound();
}

/// Changes made behind the program's back, with the triggers out of the way, are found by `log verify`.
#[test]
fn tampering_is_found() {
    for (what, sql) in [
        (
            "a row edited",
            "UPDATE cases SET name = 'Another' WHERE slug = 'alder'",
        ),
        (
            "a row added",
            "INSERT INTO phases (uuid, slug, name) VALUES (randomblob(16), 'x', 'X')",
        ),
        ("a row removed", "DELETE FROM memos WHERE id = 2"),
        (
            "a coding moved",
            "UPDATE codings SET start = start + 1 WHERE id = 1000001",
        ),
        (
            "an event rewritten",
            "UPDATE events SET coder = 'somebody' WHERE id = 3",
        ),
        (
            "an event removed",
            "PRAGMA foreign_keys = OFF; DELETE FROM events WHERE id = 4",
        ),
        (
            "the last event removed",
            "PRAGMA foreign_keys = OFF; DELETE FROM events WHERE id = (SELECT max(id) FROM events)",
        ),
        (
            "a before-image changed",
            "UPDATE changes SET before = replace(before, 'pace', 'race') WHERE before LIKE '%pace%'",
        ),
        ("a change removed", "DELETE FROM changes WHERE id = 5"),
        (
            "a text changed",
            "UPDATE revisions SET text = replace(text, 'Slowly', 'Fastly')",
        ),
        ("a turn removed", "DELETE FROM turns WHERE id = 2"),
    ] {
        let folder = small();
        for (_, args) in EVERY_KIND.iter().take_while(|(op, _)| *op != "plan add") {
            folder.run(args).done();
        }
        folder.line("memo add --on study another").done();
        folder.line("theme edit pace --exclude nothing").done();
        folder.line("log verify").done();
        let raw = rusqlite::Connection::open(folder.join(crate::harness::STUDY)).expect("it opens");
        let triggers: Vec<String> = raw
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
            .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
            .expect("the triggers");
        for trigger in triggers {
            raw.execute_batch(&format!("DROP TRIGGER \"{trigger}\""))
                .expect("dropped");
        }
        raw.execute_batch(sql).expect("tampered with");
        drop(raw);
        let verified = folder.line("log verify").calm();
        let checked = folder.line("check").calm();
        // The text is covered by its hash and the turns by their number, which `check` compares.
        let found = verified.status == Some(3) || checked.status == Some(3);
        assert!(
            found,
            "{what} is not found:\n{}\n{}",
            verified.whole(),
            checked.whole()
        );
        if !matches!(what, "a text changed" | "a turn removed") {
            assert_eq!(verified.status, Some(3), "{what}: {}", verified.whole());
        }
    }
}

#[test]
fn a_dependant_that_was_brought_back_is_named_as_itself() {
    let folder = small();
    folder.run(&["import", "in/a.txt"]).done();
    folder.line("theme add trust").done();
    folder.line("code T01:2 trust").done();
    folder.line("undo 4").done();
    folder.line("undo 5").done();
    whole!(
        folder.line("undo 3"),
        str![[r#"
--- stderr
error: event 3 can't be undone: 1 later depends on it: 4 (code T01@34-95 with trust)
hint: undo the later ones first, newest first: casebook undo 4
--- status 1

"#]]
    );
    folder.line("undo 4").done();
    folder.line("undo 3").done();
    folder.sound();
}
