//! The invented study of `fixtures/study`, whole: three systems, sixteen people, fifteen transcripts, two coders.

use std::path::Path;

use super::small::{About, Small};
use crate::coding::bulk::code_from;
use crate::coding::codebook_file::{FileFormat, import, parse};
use crate::domain::words::TranscriptKind;

/// Code, case, organisation, role.
pub(super) const PEOPLE: &[(&str, &str, &str, &str)] = &[
    ("P01", "alder", "", "independent chair"),
    ("P02", "alder", "alder-royal", "trust chief executive"),
    ("P03", "alder", "alder-ccg", "clinical lead"),
    (
        "P04",
        "alder",
        "alder-ccg",
        "commissioning finance director",
    ),
    (
        "P05",
        "alder",
        "alder-council",
        "director of adult social care",
    ),
    ("P06", "birch", "birch-commissioner", "system lead"),
    ("P07", "birch", "birch-county", "cabinet member for health"),
    ("P08", "birch", "birch-north-hospital", "medical director"),
    (
        "P09",
        "birch",
        "birch-voluntary",
        "voluntary alliance chief officer",
    ),
    ("P10", "birch", "birch-commissioner", "place director"),
    ("P11", "cedar", "", "system chair"),
    (
        "P12",
        "cedar",
        "cedar-university-hospital",
        "hospital finance director",
    ),
    (
        "P13",
        "cedar",
        "cedar-mental-health",
        "mental health chief executive",
    ),
    ("P14", "cedar", "cedar-borough", "council officer"),
    (
        "P15",
        "cedar",
        "cedar-university-hospital",
        "director of nursing",
    ),
    ("P16", "cedar", "cedar-together", "voluntary sector lead"),
];

/// Name and kind of each case, and what it is part of or partner of.
pub(super) const CASES: &[(&str, &str, &str, &str)] = &[
    ("alder", "System Alder", "system", ""),
    ("birch", "System Birch", "system", ""),
    ("cedar", "System Cedar", "system", ""),
    ("alder-vale", "Alder Vale", "place", "alder"),
    ("birch-coast", "Birch Coast", "place", "birch"),
    ("cedar-east", "Cedar East", "place", "cedar"),
    ("alder-royal", "Alder Royal", "organisation", "alder"),
    (
        "alder-community",
        "Alder Community",
        "organisation",
        "alder",
    ),
    ("alder-council", "Alder Council", "organisation", "alder"),
    ("alder-ccg", "Alder Commissioner", "organisation", "alder"),
    (
        "birch-north-hospital",
        "Birch North Hospital",
        "organisation",
        "birch",
    ),
    (
        "birch-south-hospital",
        "Birch South Hospital",
        "organisation",
        "birch",
    ),
    ("birch-county", "Birch County", "organisation", "birch"),
    (
        "birch-commissioner",
        "Birch Commissioner",
        "organisation",
        "birch",
    ),
    (
        "birch-voluntary",
        "Birch Voluntary",
        "organisation",
        "birch",
    ),
    (
        "cedar-university-hospital",
        "Cedar University Hospital",
        "organisation",
        "cedar",
    ),
    (
        "cedar-mental-health",
        "Cedar Mental Health",
        "organisation",
        "cedar",
    ),
    ("cedar-borough", "Cedar Borough", "organisation", "cedar"),
    (
        "cedar-gp-federation",
        "Cedar GP Federation",
        "organisation",
        "cedar",
    ),
    ("cedar-together", "Cedar Together", "organisation", "cedar"),
];

type File = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static [&'static str],
);

/// File, case, phase, people, date, speakers.
const FILES: &[File] = &[
    (
        "alder-01-chair.txt",
        "alder",
        "phase-1",
        &["P01"],
        "2019-12-10",
        &[],
    ),
    (
        "alder-02-chief-executive.md",
        "alder",
        "phase-1",
        &["P02"],
        "2020-01-16",
        &[],
    ),
    (
        "alder-03-clinical-lead.docx",
        "alder",
        "phase-1",
        &["P03"],
        "2020-02-04",
        &["INT=interviewer", "R=P03"],
    ),
    (
        "alder-04-finance.txt",
        "alder",
        "phase-2",
        &["P04"],
        "2021-02-18",
        &["Finance lead=P04"],
    ),
    (
        "alder-05-social-care.vtt",
        "alder",
        "phase-2",
        &["P05"],
        "2021-04-22",
        &["Speaker 2=P05"],
    ),
    (
        "alder-06-board-field-note.md",
        "alder-vale",
        "phase-2",
        &[],
        "2021-05-12",
        &[],
    ),
    (
        "birch-01-system-lead.txt",
        "birch",
        "phase-1",
        &["P06"],
        "2019-12-17",
        &["Q=interviewer", "A=P06"],
    ),
    (
        "birch-02-councillor.txt",
        "birch",
        "phase-1",
        &["P07"],
        "2020-01-21",
        &["Councillor=P07"],
    ),
    (
        "birch-03-medical-director.srt",
        "birch",
        "phase-1",
        &["P08"],
        "2020-02-25",
        &[],
    ),
    (
        "birch-04-voluntary.md",
        "birch",
        "phase-2",
        &["P09"],
        "2021-03-09",
        &[],
    ),
    (
        "birch-05-place-director.docx",
        "birch-coast",
        "phase-2",
        &["P10"],
        "2021-06-15",
        &[],
    ),
    (
        "cedar-01-chair.txt",
        "cedar",
        "phase-1",
        &["P11"],
        "2020-01-30",
        &[],
    ),
    (
        "cedar-02-finance.txt",
        "cedar",
        "phase-1",
        &["P12"],
        "2020-03-03",
        &[],
    ),
    (
        "cedar-03-mental-health.md",
        "cedar",
        "phase-2",
        &["P13"],
        "2021-02-02",
        &["INT=interviewer"],
    ),
    (
        "cedar-04-focus-group.txt",
        "cedar-east",
        "phase-2",
        &["P14", "P15", "P16"],
        "2021-07-08",
        &["Moderator=interviewer"],
    ),
];

pub(super) fn whole() -> Small {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/study");
    let small = Small::empty();
    small.change(|tx| {
        let mut row = tx.study()?;
        row.title = "Working as one: collaboration in three health and care systems".into();
        row.questions = [
            "How do the systems develop locally?",
            "How do partners reconcile their own organisation’s role with the system’s?",
            "How can collaborations be held to account?",
            "What enables and what inhibits improvement?",
        ]
        .map(str::to_owned)
        .to_vec();
        row.contact = Some("the study team, study@example.org".into());
        row.withdraw_by = Some("2021-12-31".into());
        Ok(tx.put_study(&row)?)
    });
    for (slug, name, kind, above) in CASES {
        let link = if *kind == "place" {
            "part-of"
        } else {
            "partner-of"
        };
        let links: &[(&str, &str)] = &[(link, above)];
        small.case(slug, name, kind, if above.is_empty() { &[] } else { links });
    }
    small.phase("phase-1", "Phase 1");
    small.phase("phase-2", "Phase 2");
    for (code, case, organisation, role) in PEOPLE {
        let organisation = Some(*organisation).filter(|o| !o.is_empty());
        small.person(code, case, organisation, role, "role");
    }
    for (n, (file, case, phase, people, date, speakers)) in FILES.iter().enumerate() {
        let kind = match (n, people.len()) {
            (_, 0) => TranscriptKind::FieldNotes,
            (_, 1) => TranscriptKind::Interview,
            _ => TranscriptKind::FocusGroup,
        };
        let about = About {
            case: Some(case),
            people,
            phase: Some(phase),
            date,
            kind: Some(kind),
            speakers,
        };
        small.import(
            &format!("T{:02}", n + 1),
            &folder.join("interviews").join(file),
            &about,
        );
    }
    let codebook = std::fs::read_to_string(folder.join("codebook.yaml")).expect("a codebook");
    let entries = parse(&codebook, FileFormat::Yaml).expect("a codebook that can be read");
    small.change(|tx| import(tx, &entries));
    for case in ["alder", "birch", "cedar"] {
        code_from(&small.study, &folder.join(format!("codings-{case}.csv"))).expect("codings");
    }
    small
}
