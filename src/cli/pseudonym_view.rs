//! How hits of names are shown: in the words around them, with what comes into their place.

use std::collections::BTreeMap;

use serde::Serialize;

use super::output::count;
use crate::governance::key::Key;
use crate::governance::pseudonym::{Doubt, NoteHit, Shown, Where, Written};
use crate::report::sheet::{Cell, Sheet};

/// A name where it was found.
#[derive(Serialize)]
pub(super) struct HitView {
    /// By which a doubtful hit is accepted; null: it is sure, or in a note that is left alone.
    number: Option<usize>,
    /// `T01:12`, `T01 label`, `memo 3`
    place: String,
    transcript: Option<String>,
    turn: Option<usize>,
    left: String,
    hit: String,
    right: String,
    entity: u32,
    becomes: String,
    /// Why it may be something else; null: it is sure.
    doubt: Option<Doubt>,
    /// In how many places; a label stands in many.
    places: usize,
    replaced: bool,
}

#[derive(Serialize)]
struct RevisedView {
    transcript: String,
    revision: i64,
    places: usize,
    pending: usize,
}

/// What was found, and what was done.
#[derive(Default, Serialize)]
pub(super) struct ApplyView {
    pub(super) hits: Vec<HitView>,
    /// Hits in memos, findings and the like.
    pub(super) in_notes: usize,
    transcripts: Vec<RevisedView>,
    /// Entity → places.
    entities: BTreeMap<u32, usize>,
    event: Option<i64>,
}

#[derive(Serialize)]
pub(super) struct RevealView<'a> {
    pub(super) transcript: &'a str,
    pub(super) revision: i64,
    /// Names as they stood there.
    pub(super) exact: usize,
    /// Names of which it is not known which form stood there.
    pub(super) likely: usize,
    pub(super) text: &'a str,
}

impl HitView {
    pub(super) fn of_text(
        key: &Key,
        slug: &str,
        shown: &Shown,
        number: Option<usize>,
        replaced: bool,
    ) -> Self {
        let label = matches!(shown.found.at, Where::Label(_));
        let start = shown.found.spans.first().map_or(0, |s| s.start);
        Self {
            number,
            place: match shown.turn {
                Some(turn) => format!("{slug}:{turn}"),
                None if label => format!("{slug} label"),
                None => format!("{slug}@{start}"),
            },
            transcript: Some(slug.to_owned()),
            turn: shown.turn,
            left: shown.left.clone(),
            hit: shown.hit.clone(),
            right: shown.right.clone(),
            entity: shown.found.entity,
            becomes: becomes(key, shown.found.entity, label),
            doubt: shown.found.doubt,
            places: shown.places,
            replaced,
        }
    }

    pub(super) fn of_note(
        key: &Key,
        note: &NoteHit,
        number: Option<usize>,
        replaced: bool,
    ) -> Self {
        Self {
            number,
            place: note.note.place.clone(),
            transcript: None,
            turn: None,
            left: note.left.clone(),
            hit: note.words.clone(),
            right: note.right.clone(),
            entity: note.hit.entity,
            becomes: becomes(key, note.hit.entity, false),
            doubt: note.hit.doubt,
            places: 1,
            replaced,
        }
    }
}

fn becomes(key: &Key, entity: u32, label: bool) -> String {
    let Some(entity) = key.entities.iter().find(|e| e.number == entity) else {
        return String::new();
    };
    match (label, &entity.participant) {
        (false, _) => format!("[{}]", entity.replacement),
        (true, Some(code)) => code.clone(),
        (true, None) => entity.replacement.clone(),
    }
}

impl ApplyView {
    /// Doubtful hits in the texts that are left.
    pub(super) fn doubtful(&self) -> usize {
        self.hits
            .iter()
            .filter(|h| h.number.is_some() && !h.replaced)
            .count()
    }

    pub(super) fn written(&mut self, written: &Written, event: Option<i64>) {
        self.transcripts = written
            .transcripts
            .iter()
            .map(|(slug, revision, places, pending)| RevisedView {
                transcript: slug.clone(),
                revision: *revision,
                places: *places,
                pending: *pending,
            })
            .collect();
        self.entities.clone_from(&written.counts);
        self.event = event;
    }
}

/// How many hits in lower case of one entity are shown: words that are names too stand everywhere.
const LOWER_SHOWN: usize = 3;

/// Every hit in a line of its own. In `whole`, also all that stand in lower case.
pub(super) fn hits_sheet(view: &ApplyView, whole: bool) -> Sheet {
    let mut sheet = Sheet::new(
        "Names",
        ["n", "place", "left", "hit", "becomes", "right", "how"],
    );
    let mut lower: BTreeMap<u32, usize> = BTreeMap::new();
    for hit in &view.hits {
        if hit.doubt == Some(Doubt::LowerCase) && !hit.replaced && !whole {
            let seen = lower.entry(hit.entity).or_default();
            *seen += 1;
            if *seen > LOWER_SHOWN {
                continue;
            }
        }
        let how = match (hit.doubt, hit.replaced) {
            (None, true) if hit.places > 1 => count(hit.places, "place"),
            (None, true) => "sure".into(),
            (None, false) => "left".into(),
            (Some(doubt), true) => format!("accepted: {doubt}"),
            (Some(doubt), false) => format!("left: {doubt}"),
        };
        sheet.row([
            Cell::from(hit.number),
            Cell::from(hit.place.as_str()),
            right_end(&hit.left).into(),
            Cell::from(hit.hit.as_str()),
            Cell::from(hit.becomes.as_str()),
            Cell::from(hit.right.as_str()),
            Cell::from(how),
        ]);
    }
    for (entity, seen) in lower.iter().filter(|(_, seen)| **seen > LOWER_SHOWN) {
        sheet.note(format!(
            "{} more of entity {entity} in lower case are not shown: --also-lower shows and replaces them.",
            super::output::thousands((seen - LOWER_SHOWN) as u64)
        ));
    }
    sheet
}

/// The last words before a hit: a table cuts at the end, and these stand nearest.
pub(super) fn right_end(left: &str) -> String {
    let over = left.chars().count().saturating_sub(24);
    if over == 0 {
        return left.to_owned();
    }
    let rest: String = left.chars().skip(over).collect();
    format!("…{rest}")
}
