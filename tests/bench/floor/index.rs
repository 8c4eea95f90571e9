//! The floors' index: one field for the words, one for the turn, one to delete by.

use std::fs;
use std::path::Path;

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, IndexWriter, TantivyDocument};

use super::words::Words;
use crate::Fallible;

const TOKENIZER: &str = "floor";

#[derive(Clone, Copy)]
pub(crate) struct Fields {
    pub(crate) text: Field,
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

fn with_words(index: Index) -> (Index, Fields) {
    index
        .tokenizers()
        .register(TOKENIZER, TextAnalyzer::builder(Words::default()).build());
    (index, schema().1)
}

pub(crate) fn create(dir: &Path) -> Fallible<(Index, Fields)> {
    let dir = dir.join("index");
    fs::create_dir_all(&dir)?;
    Ok(with_words(Index::create_in_dir(&dir, schema().0)?))
}

pub(crate) fn open(dir: &Path) -> Fallible<(Index, Fields)> {
    Ok(with_words(Index::open_in_dir(dir.join("index"))?))
}

pub(crate) fn add(
    writer: &IndexWriter,
    fields: Fields,
    turn: i64,
    revision: i64,
    text: &str,
) -> Fallible<()> {
    let mut document = TantivyDocument::default();
    document.add_u64(fields.id, u64::try_from(turn)?);
    document.add_u64(fields.owner, u64::try_from(revision)? * 2);
    document.add_text(fields.text, text);
    writer.add_document(document)?;
    Ok(())
}
