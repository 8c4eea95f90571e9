//! Erasing a person: one change that takes their rows, their words and their history out of the study, and then, stage by
//! stage and repeatable, the files, the index, the log and the free pages, until a search of the bytes finds nothing.

mod again;
mod around;
mod blank;
mod files;
mod history;
mod probes;
mod quoted;
pub mod record;
mod records;
mod revisions;
mod slugs;
mod stages;
mod theirs;
mod verify;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use sha2::{Digest, Sha256};

pub use again::{come_back, refuse_come_back};
pub use files::{Doomed, doomed, to_go};
pub use record::mend;
pub use records::{Records, erase_records};
pub use revisions::{RevisionsGone, erase_revisions, reach_revisions};
pub use stages::{FOUND, Finished, Lock, finish, resume};
pub use theirs::{OpenLabel, Shared, Theirs, Unassigned, theirs};
pub use verify::{Clean, Looked, Place, verify_person};

use super::Error;
use super::withdraw::Mode;
use crate::domain::span::Codepoints;
use crate::error::{Failure, Result};
use crate::import::count_words;
use crate::store::{ERASE, ErasedReason, FileToGo, NewWithdrawal, Participant, Store, Tx};
use crate::study::{Codebook, Study};
use history::Former;
use probes::Probes;
use quoted::Said;
use slugs::Slugs;

/// A text that holds half of what they said, and more runs of five words than this, is likely the same talk.
const ALIKE: usize = 40;

/// Somebody else's text in which their words stood.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Quoting {
    /// `memo 3`, `finding 2 (claim)` …
    pub text: String,
    pub places: usize,
}

/// What the change did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Erased {
    /// Transcripts that are gone.
    pub transcripts: Vec<String>,
    /// Transcripts in which their words are blanked: slug and turns, over all revisions.
    pub blanked: BTreeMap<String, usize>,
    pub codings: usize,
    /// Others' texts that quoted them.
    pub quoting: Vec<Quoting>,
    /// Names that repeat them and stay: of what kind, and how many.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub named: BTreeMap<&'static str, usize>,
    /// Before-images that are gone, and those that hold only others' data now.
    pub images: usize,
    pub images_redacted: usize,
    pub reasons: usize,
    /// Lines of the record that named an erased transcript or repeated the person, and don't any more.
    pub lines: usize,
    /// Files that go, or are left, because of what stands in them.
    pub files: Vec<Doomed>,
    /// Transcripts that nobody linked with them and that share their words.
    pub alike: Vec<String>,
}

/// What is kept of it: counts, and what shows that the record is otherwise as it was.
#[derive(Serialize)]
struct Reached {
    transcripts: usize,
    blanked: usize,
    codings: usize,
    texts: usize,
    images: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<ErasedReason>,
}

/// What is asked for.
pub struct Request<'a> {
    pub person: &'a Participant,
    pub asked: &'a str,
    pub theirs: &'a Theirs,
    /// Files that go afterwards.
    pub files: &'a [FileToGo],
}

/// Erases a person in one change. What is left to do afterwards is on record: see [`finish`].
///
/// # Errors
/// Refused where labels may be theirs that nobody is assigned to.
pub fn erase(study: &Study, request: &Request) -> Result<(Erased, i64)> {
    refuse_open(request.theirs)?;
    let (erased, event) = study.change(ERASE, |tx| write(study, tx, request, true))?;
    Ok((erased, event.unwrap_or_default()))
}

/// Does the same and takes it back: what an erase would do.
pub fn rehearse(study: &Study, request: &Request) -> Result<Erased> {
    study.rehearse(ERASE, |tx| write(study, tx, request, false))
}

/// Labels that may be theirs are to be assigned first.
pub fn refuse_open(theirs: &Theirs) -> Result<()> {
    let Some(first) = theirs.open.first() else {
        return Ok(());
    };
    let mut transcripts: Vec<&str> = theirs.open.iter().map(|o| o.transcript.as_str()).collect();
    transcripts.dedup();
    Err(Error::refused(
        format!(
            "nobody is assigned to {} label{} in {}: the words may be theirs",
            theirs.open.len(),
            if theirs.open.len() == 1 { "" } else { "s" },
            transcripts.join(", "),
        ),
        format!(
            "say who speaks: casebook transcript edit {} --speaker LABEL=PERSON   or add: --unassigned theirs|others",
            first.transcript
        ),
    )
    .into())
}

fn write(study: &Study, tx: &Tx, request: &Request, keep: bool) -> Result<Erased> {
    let store: &Store = tx;
    let theirs = request.theirs;
    let person = request.person;
    let uuid = store.participant_uuid(person.id)?;
    let mut done = Erased::default();
    tx.keep_nobodys(person.id)?;
    let mut said = Said::default();
    for transcript in &theirs.whole {
        done.transcripts
            .extend(store.transcript_by_id(*transcript)?.map(|t| t.slug));
        let interviewers = store.interviewers()?;
        for revision in store.revisions(*transcript)? {
            let turns = store.turns(revision.first_turn, revision.turns)?;
            store.with_text(revision.id, |text| {
                let points = Codepoints::new(text);
                for turn in &turns {
                    if !turn.speaker.is_some_and(|s| interviewers.contains(&s)) {
                        said.add(points.slice(turn.span));
                    }
                }
            })?;
        }
    }
    tx.thaw()?;
    let mut labels: HashMap<i64, Vec<String>> = HashMap::new();
    for (transcript, shared) in &theirs.shared {
        let (slug, turns, called) = blank_shared(tx, *transcript, shared, &mut said)?;
        labels.insert(*transcript, called);
        done.blanked.insert(slug, turns);
        let mut limits = Vec::new();
        for (id, revision, first, last) in tx.limits_on_passages(*transcript)? {
            if let Some(revision) = store.revision(revision)? {
                let turns = store.turns(first, last - first + 1)?;
                let own = turns
                    .iter()
                    .filter(|t| revision.has(t.id))
                    .all(|t| shared.is_theirs(t.speaker));
                limits.extend((own && !turns.is_empty()).then_some(id));
            }
        }
        for limit in limits {
            tx.remove_limit(limit)?;
        }
    }
    tx.freeze()?;
    done.codings = theirs.codings.len();
    tx.drop_codings(
        &theirs
            .codings
            .iter()
            .copied()
            .filter(|c| !theirs.whole.contains(&crate::store::transcript_of(*c)))
            .collect(),
    )?;
    for transcript in &theirs.whole {
        tx.drop_transcript(*transcript)?;
    }
    tx.drop_person(person.id)?;

    let former = Former::read(store, theirs, labels)?;
    for (table, row) in former.resting() {
        tx.forget_words_of(table, row)?;
    }
    history::said_then(store, &former, &mut said)?;
    let runs = said.len();
    for transcript in store.transcripts()? {
        let shared = store.with_text(transcript.revision.id, |text| said.take_out(text))?;
        if shared > ALIKE && shared * 2 > runs && !theirs.shared.contains_key(&transcript.id) {
            done.alike.push(transcript.slug);
        }
    }
    done.quoting = take_out_quotes(tx, &said)?;

    store.each_name(|what, name| {
        if said.count(name) > 0 {
            *done.named.entry(what).or_default() += 1;
        }
    })?;

    let mut gone: Vec<String> = Vec::new();
    let mut rows: HashSet<(String, i64)> = store.removed_by(tx.event())?.into_iter().collect();
    let mut slugs = Slugs::default();
    for slug in &done.transcripts {
        slugs.add(slug);
    }
    store.each_image_of(&["transcripts"], |past| {
        if former.is_whole(past.row)
            && let Some(slug) = theirs::text(past.image, "slug")
        {
            slugs.add(slug);
        }
        Ok::<(), crate::store::Error>(())
    })?;
    for transcript in store.transcripts()? {
        slugs.keep(&transcript.slug);
    }
    for path in store.paths_written()? {
        let place = crate::study::copies::place_of(store.path(), &path);
        let goes = request
            .files
            .iter()
            .any(|f| f.path == path || std::path::Path::new(&f.path) == place);
        if (goes || !place.exists())
            && let Some(other) = slugs.without(&path)
        {
            tx.put_path(&path, &other)?;
        }
    }
    (done.images, done.images_redacted) = tx.sift_images(|past| {
        let mut fate = former.fate(past, &said, &mut gone);
        if matches!(past.table, "copies" | "releases")
            && let Some(other) = theirs::text(past.image, "path").and_then(|p| slugs.without(p))
        {
            let mut image = past.image.clone();
            image.insert("path".into(), other.into());
            fate = crate::store::Fate::Redact(image);
        }
        if matches!(fate, crate::store::Fate::Erase) {
            rows.insert((past.table.to_owned(), past.row));
        }
        Ok::<_, Failure>(fate)
    })?;
    let mut reasons = store.reasons_that_touched(&rows)?;
    for (event, why) in store.reasons()? {
        if said.count(&why) > 0 {
            reasons.insert(event);
        }
        if reasons.contains(&event) && event != tx.event() {
            gone.push(why);
        }
    }
    reasons.remove(&tx.event());
    let mut lines: BTreeMap<i64, String> = BTreeMap::new();
    for (event, line) in store.summaries()? {
        let quoted = said.without(&line).map(|(left, _)| left);
        let named = slugs.without(quoted.as_deref().unwrap_or(&line)).or(quoted);
        if let Some(left) = named.filter(|_| event != tx.event()) {
            gone.push(line);
            lines.insert(event, left);
        }
    }
    done.reasons = reasons.len();
    done.lines = lines.len();
    let reasons = tx.erase_words(&reasons, &lines)?;
    tx.summary(format!(
        "withdraw {}: erase ({} transcript{}, {} coding{})",
        person.code,
        done.transcripts.len(),
        if done.transcripts.len() == 1 { "" } else { "s" },
        done.codings,
        if done.codings == 1 { "" } else { "s" },
    ));
    let reached = Reached {
        transcripts: done.transcripts.len(),
        blanked: done.blanked.len(),
        codings: done.codings,
        texts: done.quoting.len(),
        images: done.images + done.images_redacted,
        reasons,
    };
    tx.add_withdrawal(&NewWithdrawal {
        participant: person.id,
        uuid,
        code: &person.code,
        mode: Mode::Erase.word(),
        asked: request.asked,
        reached: &serde_json::to_string(&reached).unwrap_or_default(),
    })?;
    let probes = probes(store, &gone)?;
    done.files = files::holding(store, request.files, &probes, &said)?;
    if keep {
        let files: Vec<FileToGo> = request
            .files
            .iter()
            .cloned()
            .chain(to_go(&done.files))
            .collect();
        tx.add_erasing(&files, &probes.to_bytes())?;
        record::append(
            &record::path_of(store.path()),
            &record::Erasure {
                study: store.study()?.uuid,
                participant: uuid::Uuid::from_bytes(uuid).simple().to_string(),
                code: person.code.clone(),
                at: study.session.now.clone(),
                event: tx.event(),
            },
        )?;
    }
    Ok(done)
}

/// What to search the bytes for: what went and stands in nothing that stays.
fn probes(store: &Store, gone: &[String]) -> Result<Probes> {
    let mut key = [0; 32];
    for half in key.chunks_exact_mut(16) {
        half.copy_from_slice(uuid::Uuid::new_v4().as_bytes());
    }
    let mut probes = Probes::new(key);
    for words in gone {
        probes.add(words);
    }
    store.each_string(|_, _, text| probes.take_out(text))?;
    Ok(probes)
}

/// Blanks their words and labels in every revision of a transcript that stays. Gives its slug, how many turns were
/// theirs, and how they were called.
fn blank_shared(
    tx: &Tx,
    transcript: i64,
    shared: &theirs::Shared,
    said: &mut Said,
) -> Result<(String, usize, Vec<String>)> {
    let slug = tx
        .transcript_by_id(transcript)?
        .map(|t| t.slug)
        .unwrap_or_default();
    let speakers = tx.speakers(Some(transcript))?;
    let called: Vec<String> = speakers
        .iter()
        .filter(|s| shared.speakers.contains(&s.id))
        .map(|s| s.label.clone())
        .collect();
    let mut taken: Vec<String> = speakers.iter().map(|s| s.label.clone()).collect();
    let mut named: HashMap<String, String> = HashMap::new();
    for speaker in speakers.iter().filter(|s| shared.speakers.contains(&s.id)) {
        let label = blank::blank_label(&speaker.label, &taken);
        tx.put_blanked_label(speaker.id, &label)?;
        taken.push(label.clone());
        named.insert(speaker.label.clone(), label);
    }
    let mut turns_theirs = 0;
    for revision in tx.revisions(transcript)? {
        let turns = theirs::spoken(&tx.turns(revision.first_turn, revision.turns)?, shared);
        turns_theirs += turns.iter().filter(|t| t.theirs).count();
        let text = tx.text(revision.id)?;
        let points = Codepoints::new(&text);
        for turn in turns.iter().filter(|t| t.theirs) {
            said.add(points.slice(turn.span));
        }
        let places = blank::places(&text, &turns, &called);
        if places.is_empty() {
            continue;
        }
        for section in tx.sections(revision.id)? {
            let at = points.byte(section.span.start);
            if blank::is_title(&text, &places, at, &section.title) {
                tx.put_blanked_title(revision.id, section.number, &blank::blocks(&section.title))?;
            }
        }
        // Of the same length in characters, or the text would move.
        let after = blank::blanked(&text, &places, |words| {
            named
                .get(words)
                .filter(|l| l.chars().count() == words.chars().count())
                .cloned()
        });
        tx.put_blanked_text(
            revision.id,
            &after,
            Sha256::digest(after.as_bytes()).into(),
            i64::from(count_words(&after)),
        )?;
    }
    Ok((slug, turns_theirs, called))
}

/// Takes their words out of what others wrote. Gives where they stood.
fn take_out_quotes(tx: &Tx, said: &Said) -> Result<Vec<Quoting>> {
    let mut found: Vec<(&'static str, &'static str, i64, String, usize)> = Vec::new();
    tx.each_free_text(|table, column, row, text| {
        if let Some((mut left, places)) = said.without(text) {
            // A name that no other has, and that can be typed.
            if column == "name" && matches!(table, "themes" | "attributes" | "case_names") {
                left = format!("erased-{row}");
            }
            found.push((table, column, row, left, places));
        }
        Ok::<(), crate::store::Error>(())
    })?;
    let book = Codebook::read(tx)?;
    let mut quoting = Vec::new();
    for (table, column, row, left, places) in found {
        tx.put_free_text(table, column, row, &left)?;
        quoting.push(Quoting {
            text: name_of(&book, table, column, row),
            places,
        });
    }
    quoting.sort();
    Ok(quoting)
}

fn name_of(book: &Codebook, table: &str, column: &str, row: i64) -> String {
    match table {
        "memos" => format!("memo {row}"),
        "frame_cells" => format!("cell {row} of the frame"),
        "findings" => format!("finding {row} ({column})"),
        "themes" => format!("theme {} ({})", book.path(row), column.replace('_', " ")),
        "rivals" => format!("rival {row}"),
        "responses" => format!("response {row}"),
        "evidence" => format!("evidence {row} (note)"),
        "checklist_items" => "a checklist".into(),
        _ => format!("{} {row}", table.trim_end_matches('s').replace('_', " ")),
    }
}
