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

/// The least memory that a writing thread must have, in bytes.
const LEAST_HEAP: usize = 15_000_000;

/// What this version writes into its stamps; an index with another one must be rebuilt.
pub fn fingerprint() -> String {
    let mut text = format!("casebook {FORMAT}");
    for (name, version) in MADE_WITH {
        text.push_str(&format!(", {name} {version}"));
    }
    text
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
struct Fields {
    text: Field,
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
    dir: PathBuf,
    index: tantivy::Index,
    fields: Fields,
    reader: IndexReader,
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
            index,
            fields,
            reader,
        })
    }

    /// The stamp of the last commit; `None` if nothing has been committed, or by something else.
    pub fn stamp(&self) -> Result<Option<Stamp>, Error> {
        let meta = self.index.load_metas().map_err(|error| self.fail(error))?;
        Ok(meta
            .payload
            .and_then(|payload| serde_json::from_str(&payload).ok()))
    }

    /// Sees what has been committed since the index was opened.
    pub fn reload(&self) -> Result<(), Error> {
        self.reader.reload().map_err(|error| self.fail(error))
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

    fn fail(&self, error: tantivy::TantivyError) -> Error {
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
        let segment = [
            "idx",
            "pos",
            "term",
            "store",
            "fast",
            "fieldnorm",
            "del",
            "temp",
        ]
        .contains(&extension);
        if segment || ["meta.json", ".managed.json", super::sets::FILE].contains(&name) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// Writes to an index. There is one at a time, in any process.
pub struct Writer {
    dir: PathBuf,
    writer: IndexWriter,
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
            .index
            .writer_with_num_threads(threads, heap)
            .map_err(|error| index.fail(error))?;
        writer.set_merge_policy(Box::new(merge_policy(index.is_empty())));
        Ok(Self {
            dir: index.dir.clone(),
            writer,
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
        let added = self.writer.add_document(document);
        added
            .map(drop)
            .map_err(|error| Error::from_library(&self.dir, error))
    }

    /// Deletes the documents of an owner that were added before, committed or not.
    pub fn delete(&mut self, owner: Owner) {
        self.writer
            .delete_term(Term::from_field_u64(self.fields.owner, owner.number()));
    }

    /// Makes what has been added and deleted lasting, and says what it was made from.
    pub fn commit(&mut self, stamp: &Stamp) -> Result<(), Error> {
        let fail = |error| Error::from_library(&self.dir, error);
        let payload =
            serde_json::to_string(stamp).map_err(|error| Error::Library(error.to_string()))?;
        let mut commit = self.writer.prepare_commit().map_err(fail)?;
        commit.set_payload(&payload);
        commit
            .commit()
            .map(drop)
            .map_err(|error| Error::from_library(&self.dir, error))
    }

    /// Ends writing; waits for segments that are being merged. What is not committed is lost.
    pub fn finish(self) -> Result<(), Error> {
        let Self { dir, writer, .. } = self;
        writer
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
