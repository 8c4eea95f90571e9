//! Measures out of a CSV: the same parser, the same table and index, one prepared insert, one transaction.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::params;

use super::tables;
use crate::Fallible;

pub(crate) fn load(dir: &Path, file: &Path) -> Fallible<()> {
    let mut conn = tables::open(dir)?;
    tables::create_of(&conn, &["measures"])?;
    let tx = conn.transaction()?;
    {
        let mut insert = tx.prepare("INSERT INTO measures (indicator, case_id, period, state, value, line, col) VALUES (?1, ?2, ?3, 'final', ?4, ?5, 4)")?;
        let mut reader = csv::Reader::from_path(file)?;
        let mut ids: [HashMap<String, i64>; 3] = Default::default();
        let mut record = csv::StringRecord::new();
        let mut line = 1_i64;
        while reader.read_record(&mut record)? {
            line += 1;
            let mut of = [0_i64; 3];
            for (n, id) in of.iter_mut().enumerate() {
                let text = &record[n];
                *id = match ids[n].get(text) {
                    Some(id) => *id,
                    None => {
                        let next = tables::int(ids[n].len()) + 1;
                        ids[n].insert(text.to_owned(), next);
                        next
                    }
                };
            }
            insert.execute(params![of[2], of[1], of[0], &record[3], line])?;
        }
    }
    tx.commit()?;
    Ok(())
}
