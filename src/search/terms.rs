//! Which terms of a segment's dictionary a slot stands for, and the query for those that are many.

use tantivy::index::{InvertedIndexReader, SegmentReader};
use tantivy::postings::TermInfo;
use tantivy::query::{
    BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, DocId, Score, TantivyError};

use super::analyser::SEARCH;
use super::slot::Slot;

/// The postings of every term that a slot stands for; there is no limit to how many.
pub(super) fn term_infos(
    index: &InvertedIndexReader,
    slot: &Slot,
) -> std::io::Result<Vec<TermInfo>> {
    let dictionary = index.terms();
    let mut found = Vec::new();
    match slot {
        Slot::Terms(terms) => {
            for term in terms {
                found.extend(dictionary.get(term)?);
            }
        }
        Slot::Prefix(heads) => {
            for head in heads {
                for head in [head.clone(), format!("{SEARCH}{head}")] {
                    let mut stream = dictionary
                        .range()
                        .ge(&head)
                        .lt(end_of(&head))
                        .without_keys()
                        .into_stream()?;
                    while stream.advance() {
                        found.push(stream.value().clone());
                    }
                }
            }
        }
        Slot::Fuzzy(targets) => {
            for target in targets {
                let mut stream = dictionary.search(target).without_keys().into_stream()?;
                while stream.advance() {
                    found.push(stream.value().clone());
                }
            }
        }
    }
    if !matches!(slot, Slot::Terms(_)) {
        // Two beginnings, or two targets, can stand for the same term.
        found.sort_unstable_by_key(|info| info.postings_range.start);
        found.dedup();
    }
    Ok(found)
}

/// The first bytes after everything that begins with `head`. The last byte of UTF-8 is never the highest.
fn end_of(head: &str) -> Vec<u8> {
    let mut end = head.as_bytes().to_vec();
    if let Some(last) = end.last_mut() {
        *last = last.saturating_add(1);
    }
    end
}

/// The documents with any word of a slot, all with the same score: that a rare word begins alike says nothing about
/// how well it fits.
#[derive(Clone, Debug)]
pub(super) struct AnyWord {
    pub(super) field: Field,
    pub(super) slot: Slot,
}

impl Query for AnyWord {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for AnyWord {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let index = reader.inverted_index(self.field)?;
        let mut docs = BitSet::with_max_value(reader.max_doc());
        for info in term_infos(&index, &self.slot)? {
            let mut postings =
                index.read_block_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
            while !postings.docs().is_empty() {
                for &doc in postings.docs() {
                    docs.insert(doc);
                }
                postings.advance();
            }
        }
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(docs), boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        if self.scorer(reader, 1.0)?.seek(doc) == doc {
            Ok(Explanation::new("one of many words", 1.0))
        } else {
            Err(TantivyError::InvalidArgument(format!(
                "document {doc} does not match"
            )))
        }
    }
}
