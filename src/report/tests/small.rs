//! A small study, made in a folder of its own through the library.

use std::path::Path;

use crate::coding::codebook::add;
use crate::domain::words::TranscriptKind;
use crate::error::Result;
use crate::store::{Case, CaseLink, NewCoding, Participant, Phase, StudyRow, Theme, Tx};
use crate::study::passage::locate_in;
use crate::study::{ImportOptions, Session, Study, parse_assignment};

pub(super) struct Small {
    folder: tempfile::TempDir,
    pub(super) study: Study,
}

impl Small {
    /// A study with a title and nothing else.
    pub(super) fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let session = Session {
            coder: "mara".into(),
            now: "2021-11-03T10:00:00Z".into(),
            why: None,
        };
        let study = Study::create(&folder.path().join("a.casebook"), session).expect("a study");
        let small = Self { folder, study };
        small.change(|tx| {
            Ok(tx.put_study(&StudyRow {
                uuid: String::new(),
                title: "Working as one".into(),
                method: "codebook".into(),
                language: "en".into(),
                contact: None,
                withdraw_by: None,
                started: "2021-11-03T10:00:00Z".into(),
                questions: Vec::new(),
                ..StudyRow::default()
            })?)
        });
        small
    }

    pub(super) fn change<T>(&self, work: impl FnOnce(&Tx) -> Result<T>) -> T {
        self.study.change("test", work).expect("a change").0
    }

    pub(super) fn case(&self, slug: &str, name: &str, kind: &str, links: &[(&str, &str)]) -> i64 {
        self.change(|tx| {
            let id = tx.put_case(&Case {
                slug: slug.into(),
                name: name.into(),
                kind: kind.into(),
                ..Case::default()
            })?;
            for (kind, other) in links {
                let other = tx.case(other)?.id;
                tx.add_case_link(&CaseLink {
                    id: 0,
                    case: id,
                    kind: (*kind).into(),
                    other,
                    from: None,
                    to: None,
                })?;
            }
            Ok(id)
        })
    }

    pub(super) fn phase(&self, slug: &str, name: &str) {
        self.change(|tx| {
            Ok(tx.put_phase(&Phase {
                slug: slug.into(),
                name: name.into(),
                ..Phase::default()
            })?)
        });
    }

    pub(super) fn person(
        &self,
        code: &str,
        case: &str,
        organisation: Option<&str>,
        role: &str,
        level: &str,
    ) {
        self.change(|tx| {
            let organisation = organisation.map(|o| tx.case(o)).transpose()?.map(|c| c.id);
            let mut person = Participant::new(code);
            person.role = Some(role.into());
            person.organisation = organisation;
            person.set.attribution = level.into();
            person.cases = vec![tx.case(case)?.id];
            Ok(tx.put_participant(&person)?)
        });
    }

    /// Imports a text as a file of its own.
    pub(super) fn transcript(&self, id: &str, text: &str, about: &About) {
        let path = self.folder.path().join(format!("{id}.txt"));
        std::fs::write(&path, text).expect("a file");
        self.import(id, &path, about);
    }

    pub(super) fn import(&self, id: &str, path: &Path, about: &About) {
        let options = ImportOptions {
            id: Some(id.into()),
            case: about.case.map(str::to_owned),
            participants: about.people.iter().map(|&p| p.to_owned()).collect(),
            phase: about.phase.map(str::to_owned),
            date: Some(about.date.parse().expect("a date")),
            kind: about.kind,
            speakers: about
                .speakers
                .iter()
                .map(|s| parse_assignment(s).expect("an assignment"))
                .collect(),
            ..ImportOptions::default()
        };
        let report = self
            .study
            .import(&[path.to_owned()], &options, &())
            .expect("an import");
        assert!(report.refused.is_empty(), "{:?}", report.refused);
    }

    pub(super) fn theme(&self, path: &str, definition: &str) {
        let fields = Theme {
            definition: Some(definition.into()).filter(|d: &String| !d.is_empty()),
            ..Theme::default()
        };
        self.change(|tx| add(tx, path, fields));
    }

    /// Codes the one place where these words stand.
    pub(super) fn code(&self, place: &str, quote: Option<&str>, theme: &str, coder: &str) {
        self.change(|tx| {
            let place: crate::domain::place::Place = place.parse()?;
            let transcript = tx.transcript(&place.transcript)?;
            let turns = tx.turns(transcript.revision.first_turn, transcript.revision.turns)?;
            let text = tx.text(transcript.revision.id)?;
            let found = locate_in(
                transcript.clone(),
                &turns,
                &text,
                &crate::domain::span::Codepoints::new(&text),
                &place,
                quote,
            )?;
            let theme = crate::study::Codebook::read(tx)?.find(theme)?;
            let coding = NewCoding {
                transcript: transcript.id,
                revision: transcript.revision.id,
                span: found.span,
                turn: found.turn,
                last_turn: found.last_turn,
                theme,
                coder: tx.coder(coder)?,
            };
            Ok(tx.add_codings(transcript.id, &[coding])?)
        });
    }
}

/// What is known of a transcript.
#[derive(Clone, Copy, Default)]
pub(super) struct About<'a> {
    pub(super) case: Option<&'a str>,
    pub(super) people: &'a [&'a str],
    pub(super) phase: Option<&'a str>,
    pub(super) date: &'a str,
    pub(super) kind: Option<TranscriptKind>,
    pub(super) speakers: &'a [&'a str],
}

/// Two systems with a chair each, a group with somebody who is off the record, and one on background.
pub(super) fn two_systems() -> Small {
    let small = Small::empty();
    small.change(|tx| {
        let mut row = tx.study()?;
        row.questions = vec![
            "How do the systems develop locally?".into(),
            "How can collaborations be held to account?".into(),
        ];
        row.contact = Some("the study team, study@example.org".into());
        row.withdraw_by = Some("2021-12-31".into());
        Ok(tx.put_study(&row)?)
    });
    small.case("alder", "System Alder", "system", &[]);
    small.case("birch", "System Birch", "system", &[]);
    small.case("alder-vale", "Alder Vale", "place", &[("part-of", "alder")]);
    small.case(
        "alder-royal",
        "Alder Royal",
        "organisation",
        &[("partner-of", "alder")],
    );
    small.case(
        "birch-county",
        "Birch County",
        "organisation",
        &[("partner-of", "birch")],
    );
    small.phase("phase-1", "Phase 1");
    small.phase("phase-2", "Phase 2");
    small.person("P01", "alder", None, "independent chair", "role");
    small.person(
        "P02",
        "birch",
        Some("birch-county"),
        "cabinet member",
        "role-org",
    );
    small.person(
        "P03",
        "alder",
        Some("alder-royal"),
        "nursing director",
        "background",
    );
    small.person(
        "P04",
        "alder",
        Some("alder-royal"),
        "strategy lead",
        "off-record",
    );
    small.person("P05", "alder", None, "borough officer", "case");
    small.theme(
        "governance",
        "How decisions are arranged between the partners",
    );
    small.theme(
        "governance/clarity",
        "Whether people can say who decides what.",
    );
    small.theme("accountability", "Who answers to whom.");
    small.theme("geography", "Distance and boundaries.");
    small.transcript(
        "T01",
        "INTERVIEWER: Who decides?\n\nP01: Anyone could draw it on an envelope. The board is at the top.\n\nINTERVIEWER: Really?\n\nP01: Well, mostly. I answer to nobody in particular.\n",
        &About { case: Some("alder"), people: &["P01"], phase: Some("phase-1"), date: "2020-01-16", ..About::default() },
    );
    small.transcript(
        "T02",
        "Interviewer: Who decides?\n\nCouncillor: We all do, so nobody does. * _really_ | <script>alert(1)</script> https://example.org/plan_2020 `code` a@b.example\n",
        &About { case: Some("birch"), phase: Some("phase-1"), date: "2020-02-25", people: &["P02"], speakers: &["Councillor=P02"], ..About::default() },
    );
    small.transcript(
        "T03",
        "Moderator: And here?\n\nP03: I never saw the terms of reference.\n\nP04: This stays in the room.\n\nP05: We ask the place director, who asks us.\n",
        &About {
            case: Some("alder-vale"),
            people: &["P03", "P04", "P05"],
            phase: Some("phase-2"),
            date: "2021-05-12",
            kind: Some(TranscriptKind::FocusGroup),
            speakers: &["Moderator=interviewer"],
        },
    );
    small.transcript(
        "T04",
        "Interviewer: So?\n\nP04: Strictly between us, nobody reads the minutes.\n",
        &About {
            case: Some("alder"),
            people: &["P04"],
            phase: Some("phase-2"),
            date: "2021-06-01",
            ..About::default()
        },
    );
    small.code("T01:2", None, "governance/clarity", "mara");
    small.code(
        "T01",
        Some("Anyone could draw it on an envelope."),
        "governance/clarity",
        "jo",
    );
    small.code(
        "T01",
        Some("I answer to nobody in particular."),
        "accountability",
        "mara",
    );
    small.code("T02:2", None, "governance", "mara");
    small.code("T02", Some("nobody does"), "accountability", "mara");
    small.code("T03:2", None, "governance/clarity", "mara");
    small.code("T03:3", None, "governance", "mara");
    small.code("T03:2-4", None, "accountability", "jo");
    small.code("T03:4", None, "governance/clarity", "mara");
    small.code("T04:2", None, "governance", "mara");
    small
}
