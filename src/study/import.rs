//! Importing files: read and parsed in a thread of their own, written as one event, fed to the index on the way.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use serde::Serialize;

use super::details::Details;
use super::explained::{ExplainedFile, ExplainedRole, RoleBy};
use super::files::expand;
use super::index::Feed;
use super::reading::{Outcome, Parsed, Read, read_file};
use super::rewrite::Rewrite;
use super::sections::new_sections;
use super::speakers::Assignment;
use super::{Error, Study};
use crate::domain::Date;
use crate::domain::attribute::{Owner, Type};
use crate::domain::span::Codepoints;
use crate::domain::words::TranscriptKind;
use crate::error::{Failure, Result};
use crate::import::{self, Column};
use crate::store::{NewTranscript, NewTurn, OwnerId, Participant, Tx};

/// What is said once for all files of an import. What a row of the details says of a file goes before it.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch on the command line"
)]
pub struct ImportOptions {
    pub case: Option<String>,
    pub participants: Vec<String>,
    pub phase: Option<String>,
    pub date: Option<Date>,
    pub kind: Option<TranscriptKind>,
    pub language: Option<String>,
    pub speakers: Vec<Assignment>,
    pub encoding: Option<String>,
    /// Columns of tables that hold answers, and those that become attributes, where the guess is wrong.
    pub questions: Vec<String>,
    pub attributes: Vec<String>,
    /// What reads PDF files; without it they are refused.
    pub pdf: Option<import::PdfReader>,
    /// Whether to tell how each file was read.
    pub explain: bool,
    /// Whether wrapped lines stay as they stand.
    pub no_reflow: bool,
    pub id: Option<String>,
    pub again: bool,
    pub dry_run: bool,
    /// File name → details; the file that they were read from is never imported itself.
    pub details: HashMap<String, Details>,
    pub details_file: Option<PathBuf>,
    /// What rewrites each text before it is stored: its names, say. The file's hash stays the original's.
    pub rewrite: Option<Arc<dyn Rewrite>>,
}

/// How far a long work is.
pub trait Progress: Sync {
    fn total(&self, _steps: u64) {}
    fn step(&self) {}
}

impl Progress for () {}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SpeakerCount {
    pub label: String,
    pub role: &'static str,
    pub participant: Option<String>,
    pub turns: u32,
    /// What the role was told by.
    #[serde(skip)]
    pub by: RoleBy,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportedFile {
    pub transcript: String,
    pub file: String,
    /// Which part of its file it is, where a table holds a respondent in each row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    pub format: String,
    pub encoding: String,
    pub turns: usize,
    pub words: u32,
    pub characters: u32,
    /// In how many places it was rewritten, if that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rewritten: Option<usize>,
    pub speakers: Vec<SpeakerCount>,
    /// Headings and numbered questions.
    pub sections: usize,
    pub sha256: String,
    pub warnings: Vec<String>,
    /// How it was read, if that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explained: Option<ExplainedFile>,
    /// What each column of a table was taken as; with the first part of the file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedFile {
    pub file: String,
    pub reason: String,
    pub hint: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    pub imported: Vec<ImportedFile>,
    pub refused: Vec<RefusedFile>,
    /// The event, unless nothing was imported or it was only tried.
    pub event: Option<i64>,
}

impl Study {
    /// Imports files and folders. Files that can't be read are refused by name; the rest is one event.
    pub fn import(
        &self,
        paths: &[PathBuf],
        options: &ImportOptions,
        progress: &dyn Progress,
    ) -> Result<ImportReport> {
        let files = expand(paths, options.details_file.as_deref())?;
        if options.id.is_some() && files.len() != 1 {
            return Err(Error::refused(
                format!("one id can't name {} files", files.len()),
                "leave --id out, or import one file at a time",
            )
            .into());
        }
        let mut unused: HashSet<&String> = options.details.keys().collect();
        for file in &files {
            if let Some((name, _)) = details_of(&options.details, file) {
                unused.remove(name);
            }
        }
        if let Some(name) = unused.into_iter().min() {
            return Err(Error::refused(
                format!("the details name `{name}`, which is not among the files"),
                "write file names as they stand in the folder",
            )
            .into());
        }
        progress.total(files.len() as u64);
        let known = if options.again {
            HashSet::new()
        } else {
            self.store.file_hashes()?
        };
        let (send, receive) = sync_channel::<Read>(64);
        let reading = import::Options {
            encoding: options.encoding.clone(),
            questions: options.questions.clone(),
            attributes: options.attributes.clone(),
            pdf: options.pdf.clone(),
            explain: options.explain,
            no_reflow: options.no_reflow,
        };
        std::thread::scope(|scope| {
            scope.spawn(move || {
                for path in files {
                    let outcome = read_file(&path, &reading, &known);
                    if send.send(Read { path, outcome }).is_err() {
                        return; // the importing side gave up: its error is the one to show
                    }
                }
            });
            if options.dry_run {
                let mut writer = Writer::new(self, options)?;
                for read in receive {
                    writer.take(None, read, &mut Feed::Off)?;
                    progress.step();
                }
                return Ok(writer.told());
            }
            let mut feed = self.feed()?;
            let (mut report, event) = self.change("import", |tx| {
                let mut writer = Writer::new(self, options)?;
                for read in receive {
                    writer.take(Some(tx), read, &mut feed)?;
                    progress.step();
                }
                let report = writer.told();
                if let Some(rewrite) = &options.rewrite {
                    rewrite.finish()?;
                }
                tx.summary(said(&report));
                Ok(report)
            })?;
            report.event = event;
            if let Some(event) = event {
                self.finish(feed, event)?;
            }
            Ok(report)
        })
    }
}

fn said(report: &ImportReport) -> String {
    match &report.imported[..] {
        [] => "import: nothing".into(),
        [one] => format!("import {}", one.transcript),
        [first, .., last] => format!(
            "import {} transcripts ({} to {})",
            report.imported.len(),
            first.transcript,
            last.transcript
        ),
    }
}

/// The row of the details that means this file: by its name, or by its name with folders before it.
fn details_of<'a>(
    details: &'a HashMap<String, Details>,
    path: &Path,
) -> Option<(&'a String, &'a Details)> {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    (0..parts.len())
        .rev()
        .find_map(|from| details.get_key_value(&parts[from..].join("/")))
}

/// Takes files as they come and writes them.
struct Writer<'a> {
    study: &'a Study,
    options: &'a ImportOptions,
    report: ImportReport,
    next: i64,
    seen: HashMap<[u8; 32], String>,
    attributes: HashMap<String, (i64, Type)>,
    language: String,
    /// Participants by pseudonym, lower case: labels are looked up in every file.
    people: HashMap<String, Participant>,
}

impl<'a> Writer<'a> {
    fn new(study: &'a Study, options: &'a ImportOptions) -> Result<Self> {
        Ok(Self {
            study,
            options,
            report: ImportReport::default(),
            next: study.store.highest_number()? + 1,
            seen: HashMap::new(),
            attributes: HashMap::new(),
            language: study.store.study()?.language,
            people: study
                .store
                .participants()?
                .into_iter()
                .map(|p| (p.code.to_lowercase(), p))
                .collect(),
        })
    }

    /// The report, with a word on speakers that were named and speak in none of the files.
    fn told(mut self) -> ImportReport {
        let speaks = |label: &str| {
            self.report
                .imported
                .iter()
                .flat_map(|file| &file.speakers)
                .any(|s| s.label.eq_ignore_ascii_case(label))
        };
        let silent = self
            .options
            .speakers
            .iter()
            .filter(|a| !speaks(&a.label))
            .count();
        if let (true, Some(first)) = (silent > 0, self.report.imported.first_mut()) {
            first.warnings.push(format!(
                "{silent} of the labels named with --speaker stand in no file; the labels that do are in the column `speakers`"
            ));
        }
        self.report
    }

    fn take(&mut self, tx: Option<&Tx>, read: Read, feed: &mut Feed) -> Result<()> {
        let file = read.path.display().to_string();
        let parsed = match read.outcome {
            Outcome::Failed(refused) => {
                self.report.refused.push(refused);
                return Ok(());
            }
            Outcome::Known(hash) => {
                let there = self.study.store.with_file(&hash)?;
                // A table may have become thousands.
                let there = match &there[..] {
                    [first, .., last] if there.len() > 4 => format!("{first} to {last}"),
                    _ => there.join(", "),
                };
                self.refuse_known(file, &there);
                return Ok(());
            }
            Outcome::Parsed(parts) => parts,
        };
        let Some(hash) = parsed.first().map(|first| first.file_sha256) else {
            return Ok(());
        };
        if !self.options.again
            && let Some(there) = self.seen.get(&hash).cloned()
        {
            self.refuse_known(file, &there);
            return Ok(());
        }
        let none = Details::default();
        let details =
            details_of(&self.options.details, &read.path).map_or(&none, |(_, found)| found);
        let id = details.id.clone().or_else(|| self.options.id.clone());
        if id.is_some() && parsed.len() > 1 {
            self.report.refused.push(RefusedFile {
                file,
                reason: format!("one id can't name its {} transcripts", parsed.len()),
                hint: Some("leave the id out; each transcript gets the next free one".into()),
            });
            return Ok(());
        }
        let mut slugs = Vec::new();
        for mut part in parsed {
            let rewritten = match &self.options.rewrite {
                Some(rewrite) => Some(part.rewrite(&**rewrite)?),
                None => None,
            };
            let slug = match &id {
                Some(id) => id.clone(),
                None => {
                    let id = format!("T{:02}", self.next);
                    self.next += 1;
                    id
                }
            };
            check_slug(&slug)?;
            let mut done = self.write(tx, &slug, file.clone(), details, part, feed)?;
            done.rewritten = rewritten;
            self.report.imported.push(done);
            slugs.push(slug);
        }
        let there = match &slugs[..] {
            [first, .., last] => format!("{first} to {last}"),
            _ => slugs.concat(),
        };
        self.seen.insert(hash, there);
        Ok(())
    }

    fn refuse_known(&mut self, file: String, there: &str) {
        self.report.refused.push(RefusedFile {
            file,
            reason: format!("it is in already, as {there}"),
            hint: Some("to import it once more all the same: --again".into()),
        });
    }

    fn write(
        &mut self,
        tx: Option<&Tx>,
        slug: &str,
        file: String,
        details: &Details,
        parsed: Parsed,
        feed: &mut Feed,
    ) -> Result<ImportedFile> {
        let store = &self.study.store;
        let Parsed {
            file_sha256,
            text_sha256,
            characters,
            imported,
        } = parsed;
        let mut warnings = imported.warnings.clone();
        let front = |key: &str| {
            imported
                .attributes
                .iter()
                .find(|(k, _)| k.eq_ignore_ascii_case(key))
                .map(|(_, v)| v.clone())
        };
        let phase = match details.phase.as_ref().or(self.options.phase.as_ref()) {
            Some(slug) => Some(store.phase(slug)?.id),
            None => None,
        };
        let codes = if details.participants.is_empty() {
            &self.options.participants
        } else {
            &details.participants
        };
        let mut participants = codes
            .iter()
            .map(|code| store.participant(code))
            .collect::<Result<Vec<_>, _>>()?;
        // A respondent whose id is a participant's pseudonym is that participant.
        if let Some(part) = &imported.part
            && let Some(person) = self.people.get(&part.to_lowercase())
            && !participants.iter().any(|p| p.id == person.id)
        {
            participants.push(person.clone());
        }
        let case = match details.case.as_ref().or(self.options.case.as_ref()) {
            Some(slug) => Some(store.case(slug)?.id),
            // Someone who speaks about one case speaks about it here.
            None => match participants.first().map(|p| &p.cases[..]) {
                Some([only]) => Some(*only),
                _ => None,
            },
        };
        let date = match (&details.date, self.options.date) {
            (Some(typed), _) => Some(typed.parse::<Date>().map_err(|_| {
                Error::refused(
                    format!("`{typed}` is no date"),
                    "dates are written as in 2021-04-30",
                )
            })?),
            (None, Some(date)) => Some(date),
            (None, None) => {
                front("date").and_then(|d| d.get(..10).and_then(|d| d.parse::<Date>().ok()))
            }
        };
        let kind = match (&details.kind, self.options.kind) {
            (Some(word), _) => word.parse::<TranscriptKind>()?,
            (None, Some(kind)) => kind,
            (None, None) => front("kind")
                .and_then(|k| k.parse().ok())
                .unwrap_or(TranscriptKind::Interview),
        };
        let language = details
            .language
            .as_ref()
            .or(self.options.language.as_ref())
            .cloned();
        if let Some(language) = &language {
            language.parse::<crate::search::Language>()?;
        }
        let assignments: Vec<&Assignment> = details
            .speakers
            .iter()
            .chain(&self.options.speakers)
            .collect();
        let mut counts = vec![0_u32; imported.labels.len()];
        for turn in &imported.turns {
            if let Some(label) = turn.label {
                counts[usize::from(label)] += 1;
            }
        }
        let mut speakers = Vec::new();
        let mut labels = Vec::new();
        for (n, label) in imported.labels.iter().enumerate() {
            let said = assignments.iter().find(|a| a.label == *label).or_else(|| {
                assignments
                    .iter()
                    .find(|a| a.label.eq_ignore_ascii_case(label))
            });
            let (role, who, by) = match said {
                Some(Assignment {
                    role, participant, ..
                }) => (
                    role.word(),
                    match participant {
                        Some(code) => Some(store.participant(code)?),
                        None => None,
                    },
                    RoleBy::Assignment,
                ),
                // A label that is a participant's code says itself who speaks.
                None => match self.people.get(&label.to_lowercase()) {
                    Some(p) => ("participant", Some(p.clone()), RoleBy::ParticipantId),
                    None => match import::interviewer_word(label) {
                        Some(word) => ("interviewer", None, RoleBy::InterviewerWord(word)),
                        None => ("unknown", None, RoleBy::Nothing),
                    },
                },
            };
            labels.push((label.clone(), role, who.as_ref().map(|p| p.id)));
            speakers.push(SpeakerCount {
                label: label.clone(),
                role,
                participant: who.map(|p| p.code),
                turns: counts[n],
                by,
            });
        }
        for assignment in &details.speakers {
            if !imported
                .labels
                .iter()
                .any(|l| l.eq_ignore_ascii_case(&assignment.label))
            {
                warnings.push(format!(
                    "a speaker named in the details does not speak in {slug}"
                ));
            }
        }
        let unassigned: Vec<usize> = labels
            .iter()
            .enumerate()
            .filter(|(_, l)| l.1 == "unknown")
            .map(|(n, _)| n)
            .collect();
        if let ([person], false) = (
            &participants[..],
            labels
                .iter()
                .any(|l| l.2 == participants.first().map(|p| p.id)),
        ) {
            match unassigned[..] {
                [only] => {
                    labels[only].1 = "participant";
                    labels[only].2 = Some(person.id);
                    speakers[only].role = "participant";
                    speakers[only].by = RoleBy::OnlyOneLeft;
                    speakers[only].participant = Some(person.code.clone());
                }
                [] => {}
                _ => warnings.push(format!("{} labels are not assigned to anyone; say who speaks with --speaker LABEL=interviewer or LABEL={}", unassigned.len(), person.code)),
            }
        }
        let mut with: Vec<i64> = participants.iter().map(|p| p.id).collect();
        with.extend(
            labels
                .iter()
                .filter_map(|l| l.2)
                .filter(|id| !participants.iter().any(|p| p.id == *id)),
        );
        with.sort_unstable();
        with.dedup();
        // Nothing more is collected from somebody who withdrew.
        for id in &with {
            if let Some(w) = store.withdrawal_of(*id)? {
                return Err(Error::refused(
                    format!(
                        "`{file}` is with {}, who withdrew on {} ({})",
                        w.code, w.asked, w.mode
                    ),
                    format!(
                        "leave it out of the import; if the withdrawal was a mistake: casebook undo {} --why \"a slip of mine\"",
                        w.event
                    ),
                )
                .into());
            }
        }
        let format = imported.format.to_string();
        if let Some(tx) = tx {
            let points = Codepoints::new(&imported.text);
            let mut turns = imported.turns.iter().map(|t| NewTurn {
                span: t.span,
                speaker: t.label.map(usize::from),
                time_ms: t.time_ms,
            });
            let interviewers: Vec<bool> = labels.iter().map(|l| l.1 == "interviewer").collect();
            let (id, revision, first_turn) = tx.add_transcript(NewTranscript {
                slug: slug.to_owned(),
                case,
                phase,
                kind: kind.word(),
                date: date.map(|d| d.to_string()),
                language: language.clone(),
                format: &format,
                encoding: &imported.encoding,
                file_sha256,
                text_sha256,
                text: &imported.text,
                characters,
                words: imported.words,
                labels,
                participants: with,
                turns: &mut turns,
                turn_count: imported.turns.len(),
                sections: &new_sections(&imported, &points),
                reflow: import::reflow::stored(&imported.reflow),
            })?;
            self.keep_attributes(tx, id, &imported.attributes)?;
            let language = language.as_ref().unwrap_or(&self.language);
            for (turn_id, turn) in (first_turn..).zip(&imported.turns) {
                let interviewer = turn.label.is_some_and(|l| interviewers[usize::from(l)]);
                feed.turn(
                    turn_id,
                    revision,
                    language,
                    points.slice(turn.span),
                    interviewer,
                )?;
            }
        }
        let explained = imported.explained.map(|read| ExplainedFile {
            read,
            roles: speakers
                .iter()
                .map(|speaker| ExplainedRole {
                    label: speaker.label.clone(),
                    role: speaker.role,
                    by: speaker.by,
                })
                .collect(),
        });
        Ok(ImportedFile {
            explained,
            transcript: slug.to_owned(),
            file,
            part: imported.part,
            format,
            encoding: imported.encoding,
            turns: imported.turns.len(),
            words: imported.words,
            characters,
            rewritten: None,
            speakers,
            sections: imported.sections.len(),
            sha256: imported.sha256,
            warnings,
            columns: imported.columns,
        })
    }

    /// Keeps what a file's front matter says as text attributes of the transcript; its date and kind are the
    /// transcript's own.
    fn keep_attributes(
        &mut self,
        tx: &Tx,
        transcript: i64,
        attributes: &[(String, String)],
    ) -> Result<()> {
        for (name, value) in attributes
            .iter()
            .filter(|(n, v)| !v.trim().is_empty() && !matches!(n.as_str(), "date" | "kind"))
        {
            if !self.attributes.contains_key(name) {
                let known = tx
                    .attributes()?
                    .into_iter()
                    .find(|a| a.of == Owner::Transcript && a.name.eq_ignore_ascii_case(name));
                let known = match known {
                    Some(a) => (a.id, a.kind),
                    None => (
                        tx.add_attribute(name, Owner::Transcript, &Type::Text)?,
                        Type::Text,
                    ),
                };
                self.attributes.insert(name.clone(), known);
            }
            if let Some((id, kind)) = self.attributes.get(name)
                && let Ok(value) = kind.canonical(value)
            {
                tx.set_value(OwnerId(Owner::Transcript, transcript), *id, Some(&value))?;
            }
        }
        Ok(())
    }
}

/// An id of a transcript must be typeable as part of a place.
pub(super) fn check_slug(slug: &str) -> Result<(), Failure> {
    let fine = !slug.is_empty()
        && slug.chars().count() <= 64
        && slug
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && slug.starts_with(char::is_alphanumeric);
    if fine {
        return Ok(());
    }
    Err(Error::refused(
        format!("`{}` can't be an id", crate::domain::span::printable(slug)),
        "an id has letters, digits, `-`, `_` or `.`, begins with a letter or digit and is at most 64 long, as in T01 or alder-chair",
    )
    .into())
}
