//! Floors: what the product's work costs with no product around it.
//!
//! Each does one job of the product's on the product's rows and fields with bare rusqlite and bare tantivy: no record of
//! what was done, no undo, no checks, no other format than the one at hand, no second language.

mod analysis;
mod codings;
mod docx;
mod figures;
mod import;
mod index;
mod plain;
mod points;
mod quotes;
mod rollup;
mod search;
mod small;
mod summary;
mod tables;
mod words;

use std::path::Path;

use crate::Fallible;
use crate::inputs::Inputs;

/// Does one job, as the command line names it.
pub(crate) fn run(arguments: &[String]) -> Fallible<()> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["prepare", dir, inputs] => import::prepare(Path::new(dir), &Inputs::at(Path::new(inputs))),
        ["import", dir, texts, inputs] => import::import(
            Path::new(dir),
            Path::new(texts),
            &Inputs::at(Path::new(inputs)),
        ),
        ["docx-read", docs] => docx::read(Path::new(docs)),
        ["docx-import", dir, docs, texts, inputs] => docx::import(
            Path::new(dir),
            Path::new(docs),
            Path::new(texts),
            &Inputs::at(Path::new(inputs)),
        ),
        ["import-plain", dir, texts] => plain::import(Path::new(dir), Path::new(texts)),
        ["cooccur", dir] => analysis::cooccur(Path::new(dir)),
        ["matrix", dir] => analysis::matrix(Path::new(dir)),
        ["agreement", dir] => analysis::agreement(Path::new(dir)),
        ["trace", study] => analysis::trace(Path::new(study)),
        ["frame", study] => analysis::frame(Path::new(study)),
        ["figures", dir, file] => figures::load(Path::new(dir), Path::new(file)),
        ["rollup", study] => rollup::roll(Path::new(study)),
        ["codings", dir, file] => codings::load(Path::new(dir), Path::new(file)),
        ["search", dir, kind, query] => search::search(Path::new(dir), kind, query),
        ["quotes", dir, theme, role, to] => {
            quotes::quotes(Path::new(dir), theme, role, Path::new(to))
        }
        ["summary", dir, to] => summary::plain(Path::new(dir), Path::new(to)),
        ["summary-tree", dir, to] => summary::tree(Path::new(dir), Path::new(to)),
        ["code", dir, transcript, start, end, theme, coder] => small::code(
            Path::new(dir),
            transcript,
            start.parse()?,
            end.parse()?,
            theme,
            coder,
        ),
        ["interview", dir, file, case, participant] => {
            small::interview(Path::new(dir), Path::new(file), case, participant)
        }
        _ => Err(format!("there is no such floor: {}", arguments.join(" ")).into()),
    }
}
