//! The index folder: opening, searching, writing.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::directory::{Directory, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::index::IndexSettings;
use tantivy::indexer::LogMergePolicy;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use super::analyser::{Analyser, IndexTokenizer, with_language};
use super::collect::{self, Doc, Filter, Found};
use super::error::Error;
use super::language::Language;
use super::plan::plan;
use super::query::Query;
use super::slot::clause;
use super::turns::TurnSet;

/// Raised when terms or fields change their meaning.
const FORMAT: u32 = 1;

/// The versions of what decides where words end, how they are spelt and what their stems are. A test compares them
/// with the lock file.
const MADE_WITH: [(&str, &str); 4] = [
    ("tantivy", "0.27.0"),
    ("frostem", "1.20260821.8"),
    ("unicode-normalization", "0.1.26"),
    ("unicode-segmentation", "1.13.3"),
];

const TOKENIZER: &str = "casebook";

/// The endings of the files that belong to a segment.
pub(super) const SEGMENT_FILES: [&str; 8] = [
    "idx",
    "pos",
    "term",
    "store",
    "fast",
    "fieldnorm",
    "del",
    "temp",
];

/// The least memory that a writing thread must have, in bytes.
pub(super) const LEAST_HEAP: usize = 15_000_000;

/// What this version writes into its stamps; an index with another one must be rebuilt.
pub fn fingerprint() -> String {
    let parts = MADE_WITH.map(|(name, version)| format!("{name} {version}"));
    format!("casebook {FORMAT}, {}", parts.join(", "))
}

/// What an index, or a file of turn sets, was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The study's uuid.
    pub study: String,
    /// The last event of the study that has been read.
    pub event: i64,
    /// See [`fingerprint`].
    pub fingerprint: String,
}

impl Stamp {
    /// A stamp by this version.
    pub fn new(study: impl Into<String>, event: i64) -> Self {
        Self {
            study: study.into(),
            event,
            fingerprint: fingerprint(),
        }
    }
}

/// What documents are deleted by: all of a revision, or a memo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    Revision(u32),
    Memo(u32),
}

impl Owner {
    fn number(self) -> u64 {
        match self {
            Self::Revision(id) => u64::from(id) * 2,
            Self::Memo(id) => u64::from(id) * 2 + 1,
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Fields {
    pub(super) text: Field,
    id: Field,
    owner: Field,
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let fields = Fields {
        text: schema.add_text_field(
            "text",
            TextOptions::default().set_indexing_options(indexing),
        ),
        id: schema.add_u64_field("id", FAST),
        owner: schema.add_u64_field("owner", INDEXED),
    };
    (schema.build(), fields)
}

/// An index that is open for searching: a snapshot of the last commit, until [`Index::reload`].
pub struct Index {
    pub(super) dir: PathBuf,
    pub(super) inner: tantivy::Index,
    pub(super) fields: Fields,
    pub(super) reader: IndexReader,
}

impl Index {
    /// Opens the index in a folder.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Outdated`] and [`Error::Damaged`] ask for [`Index::create`] and a rebuild.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let fail = |error| Error::from_library(dir, error);
        let directory = MmapDirectory::open(dir).map_err(|error| fail(error.into()))?;
        Self::with(dir, tantivy::Index::open(directory).map_err(fail)?)
    }

    /// Makes an empty index in a folder, which is made too if need be. An index that is there is removed first, and
    /// the turn sets with it.
    ///
    /// # Errors
    /// [`Error::Busy`] if another process is writing to the index that is there.
    pub fn create(dir: &Path) -> Result<Self, Error> {
        let fail = |error| Error::from_library(dir, error);
        fs::create_dir_all(dir).map_err(|error| Error::io(dir, error))?;
        let directory = MmapDirectory::open(dir).map_err(|error| fail(error.into()))?;
        let lock = directory.acquire_lock(&INDEX_WRITER_LOCK);
        let _lock = lock.map_err(|error| fail(tantivy::TantivyError::LockFailure(error, None)))?;
        remove_index(dir).map_err(|error| Error::io(dir, error))?;
        let index = tantivy::Index::create(directory, schema().0, IndexSettings::default())
            .map_err(fail)?;
        Self::with(dir, index)
    }

    fn with(dir: &Path, index: tantivy::Index) -> Result<Self, Error> {
        let (schema, fields) = schema();
        if index.schema() != schema {
            return Err(Error::Outdated(dir.to_owned()));
        }
        index.tokenizers().register(
            TOKENIZER,
            TextAnalyzer::builder(IndexTokenizer::default()).build(),
        );
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into();
        let reader = reader.map_err(|error| Error::from_library(dir, error))?;
        Ok(Self {
            dir: dir.to_owned(),
            inner: index,
            fields,
            reader,
        })
    }

    /// The stamp of the last commit; `None` if nothing has been committed, or by something else.
    pub fn stamp(&self) -> Result<Option<Stamp>, Error> {
        let meta = self.inner.load_metas().map_err(|error| self.fail(error))?;
        Ok(meta
            .payload
            .and_then(|payload| serde_json::from_str(&payload).ok()))
    }

    /// Sees what has been committed since the index was opened.
    pub fn reload(&self) -> Result<(), Error> {
        self.reader.reload().map_err(|error| self.fail(error))
    }

    /// Reads every byte of the index and compares the checksums.
    ///
    /// # Errors
    /// [`Error::Damaged`] names the first file that is not as it was written.
    pub fn verify(&self) -> Result<(), Error> {
        let damaged = self
            .inner
            .validate_checksum()
            .map_err(|error| self.fail(error))?;
        match damaged.iter().min() {
            None => Ok(()),
            Some(file) => Err(Error::damaged(
                &self.dir,
                format!("`{}` is not as it was written", file.display()),
            )),
        }
    }

    /// How many documents there are.
    pub fn len(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many documents match, and the best `limit` of them. The languages are those of the study's texts.
    pub fn search(
        &self,
        query: &Query,
        languages: &[Language],
        filter: &Filter,
        limit: usize,
    ) -> Result<Found, Error> {
        let found = collect::search(
            &self.reader.searcher(),
            &*self.plan(query, languages),
            filter,
            limit,
        );
        found.map_err(|error| self.fail(error))
    }

    /// All turns that match.
    pub fn turns(
        &self,
        query: &Query,
        languages: &[Language],
        filter: &Filter,
    ) -> Result<TurnSet, Error> {
        let found = collect::turns(
            &self.reader.searcher(),
            &*self.plan(query, languages),
            filter,
        );
        found.map_err(|error| self.fail(error))
    }

    fn plan(&self, query: &Query, languages: &[Language]) -> Box<dyn tantivy::query::Query> {
        let clause = clause(&query.root, languages, &mut Analyser::default());
        plan(&clause, self.fields.text)
    }

    pub(super) fn fail(&self, error: tantivy::TantivyError) -> Error {
        Error::from_library(&self.dir, error)
    }
}

/// Removes the files of an index, whoever made it; other files stay.
fn remove_index(dir: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let extension = path
            .extension()
            .and_then(|extension| extension.to_str())
            .unwrap_or_default();
        let segment = SEGMENT_FILES.contains(&extension);
        if segment || ["meta.json", ".managed.json", super::sets::FILE].contains(&name) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// Writes to an index. There is one at a time, in any process.
pub struct Writer {
    dir: PathBuf,
    inner: IndexWriter,
    fields: Fields,
}

impl Writer {
    /// Begins to write, with so many threads that share so many bytes of memory.
    ///
    /// # Errors
    /// [`Error::Busy`] if another writer is at work.
    pub fn new(index: &Index, threads: usize, heap: usize) -> Result<Self, Error> {
        let threads = threads.clamp(1, 8);
        let heap = heap.max(threads * LEAST_HEAP);
        let writer: IndexWriter = index
            .inner
            .writer_with_num_threads(threads, heap)
            .map_err(|error| index.fail(error))?;
        writer.set_merge_policy(Box::new(merge_policy(index.is_empty())));
        Ok(Self {
            dir: index.dir.clone(),
            inner: writer,
            fields: index.fields,
        })
    }

    /// Adds a document; found after [`Writer::commit`] only.
    pub fn add(
        &mut self,
        doc: Doc,
        owner: Owner,
        language: Language,
        text: &str,
    ) -> Result<(), Error> {
        let mut document = TantivyDocument::default();
        document.add_u64(self.fields.id, doc.number());
        document.add_u64(self.fields.owner, owner.number());
        document.add_text(self.fields.text, with_language(text, language));
        let added = self.inner.add_document(document);
        added
            .map(drop)
            .map_err(|error| Error::from_library(&self.dir, error))
    }

    /// Deletes the documents of an owner that were added before, committed or not.
    pub fn delete(&mut self, owner: Owner) {
        self.inner
            .delete_term(Term::from_field_u64(self.fields.owner, owner.number()));
    }

    /// Makes what has been added and deleted lasting, and says what it was made from.
    pub fn commit(&mut self, stamp: &Stamp) -> Result<(), Error> {
        let fail = |error| Error::from_library(&self.dir, error);
        let payload =
            serde_json::to_string(stamp).map_err(|error| Error::Library(error.to_string()))?;
        let mut commit = self.inner.prepare_commit().map_err(fail)?;
        commit.set_payload(&payload);
        commit
            .commit()
            .map(drop)
            .map_err(|error| Error::from_library(&self.dir, error))
    }

    /// Ends writing; waits for segments that are being merged. What is not committed is lost.
    pub fn finish(self) -> Result<(), Error> {
        let Self { dir, inner, .. } = self;
        inner
            .wait_merging_threads()
            .map_err(|error| Error::from_library(&dir, error))
    }
}

/// A new index is merged as it grows. In one that is there, only small segments are: whoever adds one interview
/// should not wait while a hundred others are moved.
fn merge_policy(is_new: bool) -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    if !is_new {
        policy.set_min_layer_size(1_000);
        policy.set_max_docs_before_merge(20_000);
    }
    policy
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    const EN: Language = Language::ENGLISH;

    fn total(index: &Index, query: &str) -> u64 {
        let query = parse(query).expect("a query");
        index
            .search(&query, &[EN], &Filter::ALL, 0)
            .expect("a search")
            .total
    }

    fn writer(index: &Index) -> Writer {
        Writer::new(index, 1, 0).expect("nobody else writes")
    }

    /// Adds one turn and commits it as that event.
    fn add(index: &Index, turn: u32, text: &str, event: i64) {
        let mut writer = writer(index);
        writer
            .add(Doc::Turn(turn), Owner::Revision(turn), EN, text)
            .expect("an added turn");
        writer
            .commit(&Stamp::new("study", event))
            .expect("a commit");
        writer.finish().expect("an end");
    }

    #[test]
    fn versions_are_those_of_the_lock_file() {
        let lock = include_str!("../../Cargo.lock");
        for (name, version) in MADE_WITH {
            let entry = format!("name = \"{name}\"\nversion = \"{version}\"");
            assert!(
                lock.contains(&entry),
                "the index must be rebuilt for another {name}: change `MADE_WITH`"
            );
        }
    }

    #[test]
    fn a_stamp_lasts_and_what_is_not_committed_is_lost() {
        let folder = tempfile::tempdir().expect("a folder");
        let index = Index::create(folder.path()).expect("a new index");
        assert_eq!(index.stamp().expect("readable"), None);
        add(&index, 1, "trust", 7);
        let mut lost = writer(&index);
        lost.add(Doc::Turn(2), Owner::Revision(2), EN, "trust")
            .expect("an added turn");
        drop(lost);
        drop(index);

        let index = Index::open(folder.path()).expect("an index");
        let stamp = index.stamp().expect("readable").expect("a stamp");
        assert_eq!(stamp, Stamp::new("study", 7));
        assert_eq!(stamp.fingerprint, fingerprint());
        assert_eq!(total(&index, "trust"), 1);
        index.verify().expect("sound");
    }

    #[test]
    fn one_writer_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let index = Index::create(folder.path()).expect("a new index");
        let first = writer(&index);
        assert!(matches!(Writer::new(&index, 1, 0), Err(Error::Busy)));
        assert!(matches!(Index::create(folder.path()), Err(Error::Busy)));
        drop(first);
        drop(writer(&index));
    }

    #[test]
    fn owners_are_deleted_whole_and_can_come_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let index = Index::create(folder.path()).expect("a new index");
        let mut writer = writer(&index);
        for turn in 0..6 {
            writer
                .add(Doc::Turn(turn), Owner::Revision(turn / 3), EN, "trust")
                .expect("an added turn");
        }
        // The same number as a revision's must not be deleted with it.
        writer
            .add(Doc::Memo(1), Owner::Memo(1), EN, "trust in a memo")
            .expect("an added memo");
        writer.commit(&Stamp::new("study", 1)).expect("a commit");
        index.reload().expect("a reload");
        assert_eq!(total(&index, "trust"), 7);
        writer.delete(Owner::Revision(1));
        writer
            .add(Doc::Turn(9), Owner::Revision(1), EN, "trust")
            .expect("an added turn");
        writer.commit(&Stamp::new("study", 2)).expect("a commit");
        writer.finish().expect("an end");
        assert_eq!(total(&index, "trust"), 7, "a snapshot stays as it is");
        index.reload().expect("a reload");
        assert_eq!(total(&index, "trust"), 5);
        let query = parse("trust").expect("a query");
        let turns = index.turns(&query, &[EN], &Filter::ALL).expect("turns");
        assert_eq!(turns.iter().collect::<Vec<_>>(), [0, 1, 2, 9]);
    }

    #[test]
    fn many_small_commits_leave_few_segments() {
        let folder = tempfile::tempdir().expect("a folder");
        let index = Index::create(folder.path()).expect("a new index");
        for turn in 0..20 {
            add(&index, turn, "trust", i64::from(turn));
        }
        index.reload().expect("a reload");
        assert_eq!(total(&index, "trust"), 20);
        let segments = index.reader.searcher().segment_readers().len();
        assert!(segments < 10, "{segments} segments");
    }

    #[test]
    fn what_is_missing_strange_or_damaged_asks_for_a_rebuild() {
        let folder = tempfile::tempdir().expect("a folder");
        let empty = folder.path().join("empty");
        fs::create_dir(&empty).expect("a folder");
        for dir in [&empty, &folder.path().join("none")] {
            assert!(matches!(Index::open(dir), Err(Error::Missing(_))));
        }

        let strange = folder.path().join("strange");
        fs::create_dir(&strange).expect("a folder");
        let mut schema = Schema::builder();
        schema.add_text_field("body", TextOptions::default());
        tantivy::Index::create_in_dir(&strange, schema.build()).expect("an index");
        assert!(matches!(Index::open(&strange), Err(Error::Outdated(_))));

        let sound = folder.path().join("sound");
        add(&Index::create(&sound).expect("a new index"), 1, "trust", 1);
        let names: Vec<_> = fs::read_dir(&sound)
            .expect("the folder")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|kind| kind != "lock"))
            .collect();
        assert!(names.len() > 4);
        for path in names {
            let bytes = fs::read(&path).expect("a file");
            for len in [0, bytes.len() / 2, bytes.len() - 1] {
                fs::write(&path, &bytes[..len]).expect("a shorter file");
                let found = Index::open(&sound).and_then(|index| index.verify());
                if let Err(error) = &found {
                    assert!(error.asks_for_rebuild(), "{}: {error:?}", path.display());
                }
                // The library's list of its files is only for tidying up, and the last byte of the other is a line
                // break.
                let harmless = path.ends_with(".managed.json")
                    || (path.ends_with("meta.json") && len == bytes.len() - 1);
                assert!(
                    found.is_err() || harmless,
                    "{} may not be cut",
                    path.display()
                );
            }
            fs::write(&path, &bytes).expect("the whole file");
        }
        Index::open(&sound)
            .and_then(|index| index.verify())
            .expect("whole again");
        let anew = Index::create(&sound).expect("a new index in its place");
        assert!(anew.is_empty());
        assert_eq!(anew.stamp().expect("readable"), None);
    }
}
