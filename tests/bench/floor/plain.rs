//! The plainest import there is: one loop, one field, the library's own tokenizer.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, params};
use tantivy::schema::{FAST, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, IndexWriter, TantivyDocument};

use super::import::turns;
use super::tables::int;
use crate::Fallible;
use crate::corpus::files;

pub(crate) fn import(dir: &Path, texts: &Path) -> Fallible<()> {
    fs::create_dir_all(dir.join("index"))?;
    let mut schema = Schema::builder();
    let (row, doc, speaker) = (
        schema.add_u64_field("row", FAST),
        schema.add_u64_field("doc", FAST),
        schema.add_text_field("speaker", STRING),
    );
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("default")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let words = schema.add_text_field(
        "text",
        TextOptions::default().set_indexing_options(indexing),
    );
    let index = Index::create_in_dir(dir.join("index"), schema.build())?;
    let mut writer: IndexWriter = index.writer_with_num_threads(2, 400_000_000)?;
    let mut conn = Connection::open(dir.join("plain.db"))?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -64000; PRAGMA temp_store = MEMORY;
         CREATE TABLE docs (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, sha TEXT, words INT, body TEXT);
         CREATE TABLE paras (id INTEGER PRIMARY KEY, doc INT NOT NULL, idx INT NOT NULL, start INT NOT NULL, end INT NOT NULL, speaker TEXT NOT NULL, text TEXT);",
    )?;
    let tx = conn.transaction()?;
    let mut id = 0;
    for (number, file) in (0_u32..).zip(files(texts)?) {
        let text = fs::read_to_string(&file)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        tx.prepare_cached("INSERT INTO docs VALUES (?1, ?2, '', 9000, ?3)")?
            .execute(params![number, name, text])?;
        let mut put =
            tx.prepare_cached("INSERT INTO paras VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL)")?;
        for (n, turn) in (0_u32..).zip(turns(&text)) {
            put.execute(params![
                id,
                number,
                n,
                int(turn.start),
                int(turn.end),
                turn.who
            ])?;
            let mut document = TantivyDocument::default();
            document.add_u64(row, u64::try_from(id)?);
            document.add_u64(doc, number.into());
            document.add_text(speaker, turn.who);
            document.add_text(words, turn.words);
            writer.add_document(document)?;
            id += 1_i64;
        }
    }
    tx.execute_batch("CREATE INDEX paras_doc ON paras (doc, idx)")?;
    tx.commit()?;
    conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}
