//! Keeping the derived files in step with the study: the full-text index and the sets of turns.
//!
//! SQLite is the truth. Each derived file names the study and the last event that it has seen; what happened since is
//! read from the record. A missing, foreign or newer one is made anew.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

use super::Study;
use crate::domain::span::Codepoints;
use crate::error::{Failure, Result};
use crate::search::sets::{self, Key, Sets};
use crate::search::{self, Doc, Index, Language, Owner, Stamp, TurnSet, Writer};

/// Kinds of sets of turns.
const THEME: u8 = 1;
const INTERVIEWER: Key = Key {
    kind: 2,
    a: 0,
    b: 0,
};

/// Behind by more transcripts than this, the sets are made anew.
const ANEW: usize = 200;
/// Behind by more than this, they are written as they are now; up to it they are only patched as they are read.
const PATCH: usize = 4;
/// Memory for indexing in bulk, and for a few texts.
const BULK_HEAP: usize = 240_000_000;
const SMALL_HEAP: usize = 15_000_000;
/// A note beside the index: up to which event nothing happened that would change it.
const SEEN: &str = "seen";

/// How long one waits for another command that brings the index into step.
const WAIT: Duration = Duration::from_secs(5);

/// What one look at the index found.
enum Look {
    InStep(Index),
    /// Another command is writing to it; what it has so far, where it has anything.
    Busy(Option<Index>),
}

/// Feeds the index while an import is written.
pub(super) enum Feed {
    /// Somebody else is at the index, or nothing is to be written: it catches up later.
    Off,
    On {
        writer: Box<Writer>,
        interviewers: Vec<u32>,
        /// Whether the sets were in step before, so that adding to them keeps them so.
        sets_in_step: bool,
    },
}

impl Feed {
    pub(super) fn turn(
        &mut self,
        id: i64,
        revision: i64,
        language: &str,
        text: &str,
        interviewer: bool,
    ) -> Result<()> {
        if let Self::On {
            writer,
            interviewers,
            ..
        } = self
        {
            writer.add(
                Doc::Turn(narrow(id)),
                Owner::Revision(narrow(revision)),
                language.parse()?,
                text,
            )?;
            if interviewer {
                interviewers.push(narrow(id));
            }
        }
        Ok(())
    }
}

/// Ids of the study as the index has them. Four thousand million turns are more than a study file can hold.
pub(super) fn narrow(id: i64) -> u32 {
    u32::try_from(id).unwrap_or(u32::MAX)
}

fn theme_key(theme: i64, coder: i64) -> Key {
    Key {
        kind: THEME,
        a: narrow(theme),
        b: narrow(coder),
    }
}

/// What the note says, if it was written beside the index with this stamp.
fn seen(folder: &Path, stamp: &Stamp) -> Option<i64> {
    let note = fs::read_to_string(folder.join(SEEN)).ok()?;
    let (at, upto) = note.trim().split_once(' ')?;
    (at.parse() == Ok(stamp.event)).then(|| upto.parse().ok())?
}

impl Study {
    /// The index and sets as they must be to import into them: in step up to now.
    pub(super) fn feed(&self) -> Result<Feed> {
        let Ok(index) = self.index() else {
            return Ok(Feed::Off);
        };
        let sets_in_step = self.sets()?.written_at(self.store.last_event()?);
        match Writer::new(&index, 2, BULK_HEAP) {
            Ok(writer) => Ok(Feed::On {
                writer: Box::new(writer),
                interviewers: Vec::new(),
                sets_in_step,
            }),
            Err(search::Error::Busy) => Ok(Feed::Off),
            Err(e) => Err(e.into()),
        }
    }

    /// Commits what an import fed, now that the study has it.
    pub(super) fn finish(&self, feed: Feed, event: i64) -> Result<()> {
        let Feed::On {
            mut writer,
            interviewers,
            sets_in_step,
        } = feed
        else {
            return Ok(());
        };
        let stamp = self.stamp(event)?;
        writer.commit(&stamp)?;
        writer.finish()?;
        let path = self.index_folder().join(sets::FILE);
        if let (true, Some(before)) = (sets_in_step, Sets::open(&path)?) {
            let spoken = before
                .get(INTERVIEWER)?
                .unwrap_or_default()
                .or(&interviewers.into_iter().collect());
            sets::update(&path, &stamp, [(INTERVIEWER, spoken)])?;
        }
        Ok(())
    }

    fn stamp(&self, event: i64) -> Result<Stamp> {
        Ok(Stamp::new(self.store.study()?.uuid, event))
    }

    /// The index, caught up with the study.
    pub fn index(&self) -> Result<Index> {
        let began = Instant::now();
        loop {
            match self.look()? {
                Look::Busy(_) if began.elapsed() < WAIT => std::thread::sleep(WAIT / 200),
                Look::InStep(index) | Look::Busy(Some(index)) => return Ok(index),
                Look::Busy(None) => return Err(search::Error::Busy.into()),
            }
        }
    }

    fn look(&self) -> Result<Look> {
        let folder = self.index_folder();
        let index = match Index::open(&folder) {
            Ok(index) => index,
            Err(e) if e.asks_for_rebuild() => return self.rebuild(),
            Err(e) => return Err(e.into()),
        };
        let Some(stamp) = index.stamp()? else {
            return self.rebuild();
        };
        // After the index was opened, so that it is never ahead of what is asked here, whoever writes meanwhile.
        let last = self.store.last_event()?;
        let wanted = self.stamp(last)?;
        if stamp.study != wanted.study
            || stamp.fingerprint != wanted.fingerprint
            || stamp.event > last
        {
            return self.rebuild();
        }
        let seen = seen(&folder, &stamp).unwrap_or(stamp.event);
        if seen == last {
            return Ok(Look::InStep(index));
        }
        let touched = self.store.touched_since(seen)?;
        let mut revisions: BTreeSet<i64> = BTreeSet::new();
        let mut transcripts: BTreeSet<i64> = BTreeSet::new();
        let mut memos: BTreeSet<i64> = BTreeSet::new();
        for (table, row) in &touched {
            match table.as_str() {
                "revisions" => {
                    revisions.insert(*row);
                }
                // A transcript's language or present revision may be another.
                "transcripts" => {
                    transcripts.insert(*row);
                }
                "memos" => {
                    memos.insert(*row);
                }
                // The study's language may be.
                "study" => return self.rebuild(),
                _ => {}
            }
        }
        // What was indexed of a transcript may be a revision that is no longer the present one.
        for id in transcripts {
            revisions.extend(self.store.revisions(id)?.into_iter().map(|r| r.id));
        }
        if revisions.is_empty() && memos.is_empty() {
            // Lost or not written, the record is only read once more.
            fs::write(folder.join(SEEN), format!("{} {last}\n", stamp.event)).ok();
            return Ok(Look::InStep(index));
        }
        let mut writer = match Writer::new(&index, 1, SMALL_HEAP) {
            Ok(writer) => writer,
            // Another command is catching up at this moment: what it has committed so far is what can be searched.
            Err(search::Error::Busy) => return Ok(Look::Busy(Some(index))),
            Err(e) => return Err(e.into()),
        };
        let language = self.store.study()?.language;
        for revision in revisions {
            writer.delete(Owner::Revision(narrow(revision)));
            self.write_revision(&mut writer, revision, &language)?;
        }
        for id in memos {
            writer.delete(Owner::Memo(narrow(id)));
            if let Some(memo) = self.store.memo(id)? {
                writer.add(
                    Doc::Memo(narrow(id)),
                    Owner::Memo(narrow(id)),
                    language.parse()?,
                    &memo.text,
                )?;
            }
        }
        writer.commit(&wanted)?;
        writer.finish()?;
        index.reload()?;
        Ok(Look::InStep(index))
    }

    /// Makes the index anew from the study.
    pub fn rebuild_index(&self) -> Result<Index> {
        match self.rebuild()? {
            Look::InStep(index) => Ok(index),
            Look::Busy(_) => Err(search::Error::Busy.into()),
        }
    }

    fn rebuild(&self) -> Result<Look> {
        let last = self.store.last_event()?;
        let made = Index::create(&self.index_folder())
            .and_then(|index| Ok((Writer::new(&index, 2, BULK_HEAP)?, index)));
        let (mut writer, index) = match made {
            Ok(made) => made,
            // Another command is at it.
            Err(search::Error::Busy) => return Ok(Look::Busy(None)),
            Err(e) => return Err(e.into()),
        };
        let language = self.store.study()?.language;
        for transcript in self.store.transcripts()? {
            self.write_revision(&mut writer, transcript.revision.id, &language)?;
        }
        for memo in self.store.memos()? {
            writer.add(
                Doc::Memo(narrow(memo.id)),
                Owner::Memo(narrow(memo.id)),
                language.parse()?,
                &memo.text,
            )?;
        }
        writer.commit(&self.stamp(last)?)?;
        writer.finish()?;
        index.reload()?;
        Ok(Look::InStep(index))
    }

    /// Writes the turns of a revision, if it is a transcript's present one.
    fn write_revision(
        &self,
        writer: &mut Writer,
        revision: i64,
        study_language: &str,
    ) -> Result<()> {
        let Some(transcript) = self.store.transcript_of_revision(revision)? else {
            return Ok(());
        };
        let language: Language = transcript
            .language
            .as_deref()
            .unwrap_or(study_language)
            .parse()?;
        let turns = self
            .store
            .turns(transcript.revision.first_turn, transcript.revision.turns)?;
        self.store.with_text(revision, |text| {
            let points = Codepoints::new(text);
            for turn in &turns {
                writer.add(
                    Doc::Turn(narrow(turn.id)),
                    Owner::Revision(narrow(revision)),
                    language,
                    points.slice(turn.span),
                )?;
            }
            Ok::<(), Failure>(())
        })?
    }

    /// The sets of turns, caught up with the study.
    pub fn sets(&self) -> Result<TurnSets> {
        let last = self.store.last_event()?;
        let wanted = self.stamp(last)?;
        let path = self.index_folder().join(sets::FILE);
        let fits = |s: &Sets| {
            s.stamp().study == wanted.study
                && s.stamp().fingerprint == wanted.fingerprint
                && s.stamp().event <= last
        };
        let Some(sets) = Sets::open(&path)?.filter(fits) else {
            return self.rebuild_sets(&wanted);
        };
        let mut transcripts: BTreeSet<i64> = BTreeSet::new();
        if sets.stamp().event < last {
            for (table, row) in self.store.touched_since(sets.stamp().event)? {
                match table.as_str() {
                    "codings" | "speakers" | "transcripts" => {
                        transcripts.insert(row);
                    }
                    "revisions" => match self.store.revision(row)? {
                        Some(revision) => {
                            transcripts.insert(revision.transcript);
                        }
                        // Its turns are gone, and nothing says any more which they were.
                        None => return self.rebuild_sets(&wanted),
                    },
                    _ => {}
                }
            }
        }
        if transcripts.len() > ANEW {
            return self.rebuild_sets(&wanted);
        }
        let mut found = TurnSets {
            written: Some(sets),
            cleared: Vec::new(),
            now: BTreeMap::new(),
        };
        let behind = transcripts.len();
        let interviewers = if transcripts.is_empty() {
            std::collections::HashSet::new()
        } else {
            self.store.interviewers()?
        };
        let mut now: HashMap<Key, Vec<u32>> = HashMap::new();
        for id in transcripts {
            let Some(transcript) = self.store.transcript_by_id(id)? else {
                continue;
            };
            let revision = &transcript.revision;
            for known in self.store.revisions(id)? {
                found
                    .cleared
                    .push(narrow(known.first_turn)..narrow(known.first_turn + known.turns));
            }
            self.store.each_turn_speaker(
                revision.first_turn,
                Some(revision.turns),
                |turn, speaker| {
                    if speaker.is_some_and(|s| interviewers.contains(&s)) {
                        now.entry(INTERVIEWER).or_default().push(narrow(turn));
                    }
                },
            )?;
            for coding in self
                .store
                .codings_of(id)?
                .into_iter()
                .filter(|c| c.revision == revision.id)
            {
                now.entry(theme_key(coding.theme, coding.coder))
                    .or_default()
                    .extend(narrow(coding.turn)..=narrow(coding.last_turn));
            }
        }
        found.now = now
            .into_iter()
            .map(|(key, turns)| (key, turns.into_iter().collect()))
            .collect();
        if behind > PATCH {
            let keys: BTreeSet<Key> = found.keys();
            let mut all = Vec::with_capacity(keys.len());
            for key in keys {
                all.push((key, found.get(key)?));
            }
            // A folder that can't be written: they are patched again next time.
            if let Some(written) = sets::write(&path, &wanted, all)
                .and_then(|()| Sets::open(&path))
                .ok()
                .flatten()
            {
                return Ok(TurnSets {
                    written: Some(written),
                    cleared: Vec::new(),
                    now: BTreeMap::new(),
                });
            }
        }
        Ok(found)
    }

    fn rebuild_sets(&self, stamp: &Stamp) -> Result<TurnSets> {
        let mut all: HashMap<Key, Vec<u32>> = HashMap::new();
        self.store.each_coding::<Failure>(None, |c| {
            all.entry(theme_key(c.theme, c.coder))
                .or_default()
                .extend(narrow(c.turn)..=narrow(c.last_turn));
            Ok(())
        })?;
        let interviewers = self.store.interviewers()?;
        let spoken = all.entry(INTERVIEWER).or_default();
        self.store.each_turn_speaker(0, None, |turn, speaker| {
            if speaker.is_some_and(|s| interviewers.contains(&s)) {
                spoken.push(narrow(turn));
            }
        })?;
        let all: BTreeMap<Key, TurnSet> = all
            .into_iter()
            .map(|(key, turns)| (key, turns.into_iter().collect()))
            .collect();
        let folder = self.index_folder();
        fs::create_dir_all(&folder).ok();
        let path = folder.join(sets::FILE);
        // A folder that can't be written: keep them for this once.
        let written = sets::write(&path, stamp, all.clone())
            .and_then(|()| Sets::open(&path))
            .ok()
            .flatten();
        let now = if written.is_some() {
            BTreeMap::new()
        } else {
            all
        };
        Ok(TurnSets {
            written,
            cleared: Vec::new(),
            now,
        })
    }
}

/// The sets of turns as they are now: as they were written, less the transcripts touched since, plus what these hold now.
pub struct TurnSets {
    written: Option<Sets>,
    cleared: Vec<Range<u32>>,
    now: BTreeMap<Key, TurnSet>,
}

impl TurnSets {
    fn get(&self, key: Key) -> Result<TurnSet> {
        let written = match &self.written {
            Some(sets) => sets.get(key)?.unwrap_or_default(),
            None => TurnSet::new(),
        };
        let kept = if self.cleared.is_empty() {
            written
        } else {
            written.and_not(&TurnSet::from_ranges(self.cleared.iter().cloned()))
        };
        Ok(match self.now.get(&key) {
            Some(now) => kept.or(now),
            None => kept,
        })
    }

    fn keys(&self) -> BTreeSet<Key> {
        let written = self.written.iter().flat_map(Sets::keys);
        written.chain(self.now.keys().copied()).collect()
    }

    /// Turns in which an interviewer speaks.
    pub fn interviewer(&self) -> Result<TurnSet> {
        self.get(INTERVIEWER)
    }

    /// Turns that hold a coding of any of these themes (all themes, if none are named) by any of these coders.
    pub fn coded(&self, themes: Option<&[i64]>, coders: Option<&[i64]>) -> Result<TurnSet> {
        let mut found = TurnSet::new();
        for key in self.keys() {
            let wanted = key.kind == THEME
                && themes.is_none_or(|t| t.contains(&i64::from(key.a)))
                && coders.is_none_or(|c| c.contains(&i64::from(key.b)));
            if wanted {
                found = found.or(&self.get(key)?);
            }
        }
        Ok(found)
    }

    /// Whether the file itself is that of `event`, with nothing patched.
    fn written_at(&self, event: i64) -> bool {
        self.cleared.is_empty()
            && self.now.is_empty()
            && self
                .written
                .as_ref()
                .is_some_and(|s| s.stamp().event == event)
    }
}
