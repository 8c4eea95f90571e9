//! What a withdrawal reaches: said before anything is done.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::erase::{Doomed, Theirs, doomed};
use super::withdraw::Mode;
use crate::domain::words::Bearing;
use crate::error::Result;
use crate::store::{EvidenceOn, Participant, PersonsRows, transcript_of};
use crate::study::{Codebook, Study};

/// A transcript with the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReachedTranscript {
    pub transcript: String,
    /// Whether it is theirs alone; otherwise only their turns are.
    pub whole: bool,
    /// Their turns in the present text, by number; empty where it is whole.
    pub turns: Vec<i64>,
    pub revisions: usize,
}

/// A cell of the frame that names passages of theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReachedCell {
    /// `CASE,THEME`.
    pub cell: String,
    /// How many of the codings that it names are theirs.
    pub codings: usize,
    pub of: usize,
}

/// A finding that rests on passages of theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReachedFinding {
    pub finding: i64,
    /// Pieces of evidence that support the claim, and those that are left.
    pub support: usize,
    pub support_left: usize,
    /// The same against it.
    pub against: usize,
    pub against_left: usize,
}

/// What a withdrawal reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reach {
    pub participant: String,
    pub mode: Mode,
    pub transcripts: Vec<ReachedTranscript>,
    /// Codings on their words alone, and those that touch others' words too.
    pub codings: usize,
    pub codings_shared: usize,
    pub memos: usize,
    pub cells: Vec<ReachedCell>,
    pub findings: Vec<ReachedFinding>,
    pub consents: i64,
    pub responses: i64,
    pub values: i64,
    pub milestones: i64,
    /// Files that were written with data of theirs, as far as the study knows.
    pub files: Vec<Doomed>,
    /// Labels that nobody is assigned to: they may be theirs.
    pub unassigned: Vec<super::erase::OpenLabel>,
    /// What no command reaches.
    pub beyond: Vec<&'static str>,
}

/// What is kept of it on record.
#[derive(Serialize)]
pub struct Counts {
    transcripts: usize,
    codings: usize,
    memos: usize,
    cells: usize,
    findings: usize,
    files: usize,
}

impl Reach {
    pub fn counts(&self) -> Counts {
        Counts {
            transcripts: self.transcripts.len(),
            codings: self.codings + self.codings_shared,
            memos: self.memos,
            cells: self.cells.len(),
            findings: self.findings.len(),
            files: self.files.len(),
        }
    }
}

/// What no command reaches.
const BEYOND: &[&str] = &[
    "the files that transcripts were imported from",
    "copies, backups and printed reports that the study does not know of",
    "what others say about the person in their own words",
    "names that were given to themes, phases, attributes and cases, and lines of the record that hold them",
    "recordings and signed forms",
];

/// Looks at what a withdrawal reaches. Nothing is changed.
pub fn reach(study: &Study, person: &Participant, theirs: &Theirs, mode: Mode) -> Result<Reach> {
    let store = &study.store;
    let mut transcripts = Vec::new();
    for id in &theirs.whole {
        if let Some(t) = store.transcript_by_id(*id)? {
            transcripts.push(ReachedTranscript {
                transcript: t.slug,
                whole: true,
                turns: Vec::new(),
                revisions: store.revisions(*id)?.len(),
            });
        }
    }
    for (id, shared) in &theirs.shared {
        let Some(t) = store.transcript_by_id(*id)? else {
            continue;
        };
        let turns = store.turns(t.revision.first_turn, t.revision.turns)?;
        transcripts.push(ReachedTranscript {
            whole: false,
            turns: turns
                .iter()
                .filter(|turn| shared.is_theirs(turn.speaker))
                .map(|turn| t.revision.number_of(turn.id))
                .collect(),
            revisions: store.revisions(*id)?.len(),
            transcript: t.slug,
        });
    }
    transcripts.sort_by(|a, b| {
        let key = |t: &ReachedTranscript| (t.transcript.len(), t.transcript.clone());
        key(a).cmp(&key(b))
    });
    let all: BTreeSet<i64> = theirs
        .codings
        .union(&theirs.codings_shared)
        .copied()
        .collect();
    let PersonsRows {
        consents,
        responses,
        values,
        memos: on_person,
        milestones,
    } = store.rows_of_person(person.id)?;
    let mut memos = usize::try_from(on_person).unwrap_or_default();
    for memo in store.memos()? {
        memos += usize::from(match memo.on {
            crate::store::MemoOn::Transcript(id) => theirs.whole.contains(&id),
            crate::store::MemoOn::Coding(id) => theirs.codings.contains(&id),
            _ => false,
        });
    }
    Ok(Reach {
        participant: person.code.clone(),
        mode,
        transcripts,
        codings: theirs.codings.len(),
        codings_shared: theirs.codings_shared.len(),
        memos,
        // Who only stops takes nothing away.
        cells: if mode == Mode::Stop {
            Vec::new()
        } else {
            cells(study, theirs)?
        },
        findings: if mode == Mode::Stop {
            Vec::new()
        } else {
            findings(study, theirs)?
        },
        consents,
        responses,
        values,
        milestones,
        files: doomed(store, &person.code, &all)?,
        unassigned: theirs.open.clone(),
        beyond: BEYOND.to_vec(),
    })
}

fn cells(study: &Study, theirs: &Theirs) -> Result<Vec<ReachedCell>> {
    let store = &study.store;
    let links = store.all_cell_links()?;
    let book = Codebook::read(store)?;
    let slugs: BTreeMap<i64, String> = store.cases()?.into_iter().map(|c| (c.id, c.slug)).collect();
    let mut found = Vec::new();
    for cell in store.cells()? {
        let named = links.get(&cell.id).map(Vec::as_slice).unwrap_or_default();
        let codings = named.iter().filter(|c| theirs.codings.contains(c)).count();
        if codings > 0 {
            let case = cell
                .case
                .and_then(|id| slugs.get(&id))
                .map_or("/", String::as_str);
            let theme = cell.theme.map_or("/", |id| book.path_of(id));
            found.push(ReachedCell {
                cell: format!("{case},{theme}"),
                codings,
                of: named.len(),
            });
        }
    }
    Ok(found)
}

fn findings(study: &Study, theirs: &Theirs) -> Result<Vec<ReachedFinding>> {
    let mut found: BTreeMap<i64, ReachedFinding> = BTreeMap::new();
    let mut touched = BTreeSet::new();
    for evidence in study.store.evidence_of(None)? {
        if evidence.rival.is_some() {
            continue;
        }
        let goes = match evidence.on {
            EvidenceOn::Coding(id) => {
                theirs.codings.contains(&id) || theirs.whole.contains(&transcript_of(id))
            }
            EvidenceOn::Transcript(id) => theirs.whole.contains(&id),
            EvidenceOn::Cell(_) => false,
        };
        if goes {
            touched.insert(evidence.finding);
        }
        let of = found.entry(evidence.finding).or_insert(ReachedFinding {
            finding: evidence.finding,
            support: 0,
            support_left: 0,
            against: 0,
            against_left: 0,
        });
        let (all, left) = match evidence.bears {
            Bearing::Supports => (&mut of.support, &mut of.support_left),
            Bearing::Contradicts => (&mut of.against, &mut of.against_left),
        };
        *all += 1;
        *left += usize::from(!goes);
    }
    Ok(found
        .into_values()
        .filter(|f| touched.contains(&f.finding))
        .collect())
}
