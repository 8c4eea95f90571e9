//! Taking deleted words out of the index's files, and proof that none is left: a deleted document is no longer found, but
//! its words stay in the dictionary of its segment until the segment is written anew.

use std::collections::{BTreeMap, HashSet};
use std::fs;

use tantivy::indexer::NoMergePolicy;
use tantivy::schema::IndexRecordOption;
use tantivy::tokenizer::{TextAnalyzer, TokenStream};
use tantivy::{DocSet, IndexWriter, TERMINATED};

use super::analyser::{IndexTokenizer, with_language};
use super::collect::Doc;
use super::error::Error;
use super::index::{Index, LEAST_HEAP, SEGMENT_FILES};
use super::language::Language;

/// What a look at the whole dictionary found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Terms in the dictionaries of all segments.
    pub terms: u64,
    /// Terms for which no text stands that holds them.
    pub unfounded: u64,
}

impl Index {
    /// Writes every segment anew that has deleted documents, and removes the files that belong to none.
    ///
    /// # Errors
    /// [`Error::Busy`] if another writer is at work.
    pub fn purge(&self) -> Result<(), Error> {
        let fail = |error| self.fail(error);
        let mut writer: IndexWriter = self
            .inner
            .writer_with_num_threads(1, LEAST_HEAP)
            .map_err(fail)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        let spoilt: Vec<_> = self
            .inner
            .searchable_segment_metas()
            .map_err(fail)?
            .into_iter()
            .filter(tantivy::SegmentMeta::has_deletes)
            .map(|meta| meta.id())
            .collect();
        if !spoilt.is_empty() {
            writer.merge(&spoilt).wait().map_err(fail)?;
        }
        // Readers hold on to files; ours lets go of them here.
        self.reload()?;
        writer.garbage_collect_files().wait().map_err(fail)?;
        let living: HashSet<String> = self
            .inner
            .searchable_segment_metas()
            .map_err(fail)?
            .iter()
            .map(|meta| meta.id().uuid_string())
            .collect();
        let io = |error| Error::io(&self.dir, error);
        for entry in fs::read_dir(&self.dir).map_err(io)? {
            let path = entry.map_err(io)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let ending = path.extension().unwrap_or_default().to_string_lossy();
            let segment = name.split('.').next().unwrap_or_default();
            if SEGMENT_FILES.contains(&&*ending) && !living.contains(segment) {
                fs::remove_file(&path).map_err(io)?;
            }
        }
        writer.wait_merging_threads().map_err(fail)
    }

    /// Looks at every term of every dictionary: it must stand in the text of a document that is there, as `text` gives
    /// it today.
    pub fn unfounded<E: From<Error>>(
        &self,
        mut text: impl FnMut(Doc) -> Result<Option<(Language, String)>, E>,
    ) -> Result<Terms, E> {
        let mut found = Terms::default();
        let mut tokenizer = TextAnalyzer::builder(IndexTokenizer::default()).build();
        for segment in self.reader.searcher().segment_readers() {
            // Each term is asked of the first document that has it, and each such document is read once.
            let mut asked: BTreeMap<u32, Vec<Vec<u8>>> = BTreeMap::new();
            let mut list = || -> tantivy::Result<()> {
                let index = segment.inverted_index(self.fields.text)?;
                let mut terms = index.terms().stream()?;
                while terms.advance() {
                    found.terms += 1;
                    let mut docs = index
                        .read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
                    let mut doc = docs.doc();
                    while doc != TERMINATED && segment.is_deleted(doc) {
                        doc = docs.advance();
                    }
                    if doc == TERMINATED {
                        found.unfounded += 1;
                    } else {
                        asked.entry(doc).or_default().push(terms.key().to_vec());
                    }
                }
                Ok(())
            };
            list().map_err(|error| self.fail(error))?;
            let numbers = segment
                .fast_fields()
                .u64("id")
                .map_err(|error| self.fail(error))?;
            for (doc, terms) in asked {
                let number = numbers.first(doc).and_then(Doc::numbered);
                let now = match number {
                    Some(number) => text(number)?,
                    None => None,
                };
                let mut held: HashSet<Vec<u8>> = HashSet::new();
                if let Some((language, words)) = now {
                    let words = with_language(&words, language);
                    let mut tokens = tokenizer.token_stream(&words);
                    while tokens.advance() {
                        held.insert(tokens.token().text.as_bytes().to_vec());
                    }
                }
                found.unfounded += terms.iter().filter(|t| !held.contains(*t)).count() as u64;
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::index::{Owner, Stamp, Writer};
    use super::*;

    const EN: Language = Language::ENGLISH;

    /// The words of the dictionaries' own files, as they can be read.
    fn is_term(index: &Index, word: &str) -> bool {
        index
            .reader
            .searcher()
            .segment_readers()
            .iter()
            .any(|segment| {
                let field = segment.inverted_index(index.fields.text).expect("a field");
                field.terms().get(word).expect("readable").is_some()
            })
    }

    fn founded(index: &Index, texts: &HashMap<u32, &str>) -> Terms {
        index
            .unfounded(|doc| {
                Ok::<_, Error>(match doc {
                    Doc::Turn(n) => texts.get(&n).map(|t| (EN, (*t).to_owned())),
                    Doc::Memo(_) => None,
                })
            })
            .expect("readable")
    }

    #[test]
    fn a_deleted_word_is_a_term_until_the_segments_are_written_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let index = Index::create(folder.path()).expect("an index");
        let mut texts = HashMap::from([
            (1, "the quibblewort speaks"),
            (2, "the board speaks"),
            (3, "again"),
        ]);
        for (n, text) in [(1, texts[&1]), (2, texts[&2]), (3, texts[&3])] {
            let mut writer = Writer::new(&index, 1, 0).expect("a writer");
            writer
                .add(Doc::Turn(n), Owner::Revision(n), EN, text)
                .expect("added");
            writer
                .commit(&Stamp::new("study", i64::from(n)))
                .expect("committed");
            writer.finish().expect("done");
        }
        index.reload().expect("seen");
        assert_eq!(founded(&index, &texts).unfounded, 0);
        let mut writer = Writer::new(&index, 1, 0).expect("a writer");
        writer.delete(Owner::Revision(1));
        writer
            .add(Doc::Turn(1), Owner::Revision(1), EN, "the speaks")
            .expect("added");
        writer.commit(&Stamp::new("study", 4)).expect("committed");
        writer.finish().expect("done");
        index.reload().expect("seen");
        texts.insert(1, "the speaks");
        let before = is_term(&index, "quibblewort");
        index.purge().expect("purged");
        index.reload().expect("seen");
        assert!(
            !is_term(&index, "quibblewort"),
            "it was there before: {before}"
        );
        let terms = founded(&index, &texts);
        assert_eq!((terms.unfounded, terms.terms > 4), (0, true));
        assert_eq!(index.len(), 3);
        assert_eq!(index.stamp().expect("readable").map(|s| s.event), Some(4));
        index.verify().expect("sound");
        // A word that no text has any more is found out.
        texts.insert(2, "the board is silent");
        assert!(founded(&index, &texts).unfounded > 0);
    }
}
