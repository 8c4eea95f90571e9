//! A corpus as Word files, and the job of importing them.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use zip::write::SimpleFileOptions;

use crate::Fallible;
use crate::book::{Book, tell};
use crate::corpus::files;
use crate::measure::{Side, output, pair};
use crate::site::{Site, replace, text};
use crate::table::{Value, seconds};

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
const OPEN: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#;
const CLOSE: &str = "</w:body></w:document>";

/// Before and behind the words of a run, where a file is made as Word makes it.
const RUN: &str = r#"<w:r w:rsidRPr="00AB12CD"><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/><w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="en-GB"/></w:rPr><w:t xml:space="preserve">"#;
const RUN_END: &str = r#"</w:t></w:r><w:proofErr w:type="spellStart"/>"#;
const PLAIN: &str = r#"<w:r><w:t xml:space="preserve">"#;
const PLAIN_END: &str = "</w:t></w:r>";
/// Words in a run then.
const WORDS: usize = 4;

/// Word files beside the bare reader and the floor of texts, one after the other.
pub(crate) fn docx(book: &mut Book, site: &Site) -> Fallible<()> {
    files_of(book, site, "Word files", false)?;
    files_of(book, site, "Word files with runs of four words", true)
}

fn files_of(book: &mut Book, site: &Site, what: &str, runs: bool) -> Fallible<()> {
    let name = if runs { "docx-runs" } else { "docx" };
    let (docs, details) = (site.dir.join(name), site.dir.join("docx.csv"));
    make(site, &docs, &details, runs)?;
    let (ours, bare) = (site.dir.join("product-docx"), site.dir.join("floor-docx"));
    let product = || {
        Side::of(|_| {
            Ok(site.product_in(
                &ours,
                &["import", &text(&docs), "--details", &text(&details)],
            ))
        })
        .before(|_| replace(&site.dir.join("product-empty"), &ours))
    };
    let floor = |job: &[&str]| {
        let mut command = Command::new(&site.programs.floor);
        command.arg("floor").args(job);
        command
    };
    let reader = Side::of(|_| Ok(floor(&["docx-read", &text(&docs)])));
    let both = [
        "docx-import",
        &text(&bare),
        &text(&docs),
        &text(&site.texts()),
        &text(&site.dir.join("inputs")),
    ];
    let floors =
        Side::of(|_| Ok(floor(&both))).before(|_| replace(&site.dir.join("floor-empty"), &bare));
    let job = &format!("import of {what}, to the bare reader and the floor of texts");
    let measured = pair(&product(), &floors, 1);
    let Some(imported) = book.pair(job, site.size, measured, Some(1.5)) else {
        return Ok(());
    };
    book.line(
        &format!("import of {what}, CPU of all threads"),
        site.size,
        [seconds(imported.product.cpu), seconds(imported.floor.cpu)],
        Value::Ratio(imported.product.cpu / imported.floor.cpu),
        None,
    );
    book.peaks(
        &format!("import of {what}, peak memory"),
        site.size,
        &imported,
        None,
    );
    same_turns(site, &ours, floor(&["docx-read", &text(&docs)]))?;
    // What of the floor is reading.
    let alone = pair(&product(), &reader, 1)?;
    book.line(
        &format!("import of {what}, to the bare reader"),
        site.size,
        [seconds(alone.product.wall), seconds(alone.floor.wall)],
        Value::Ratio(alone.ratio),
        None,
    );
    for dir in [&ours, &bare] {
        fs::remove_dir_all(dir)?;
    }
    Ok(())
}

/// Says so where the product finds other turns than there are paragraphs.
fn same_turns(site: &Site, dir: &Path, mut reader: Command) -> Fallible<()> {
    let said: serde_json::Value = serde_json::from_slice(&output(
        &mut site.product_in(dir, &["transcript", "list", "--json"]),
    )?)?;
    let turns: u64 = said["transcripts"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|t| t["turns"].as_u64())
        .sum();
    let said: serde_json::Value = serde_json::from_slice(&output(&mut reader)?)?;
    if said["total"] != turns {
        tell(&format!(
            "Word files, {}: the product finds {turns} turns, the floor {} paragraphs",
            site.size, said["total"]
        ));
    }
    Ok(())
}

/// Makes the files, unless they are there, and their details.
fn make(site: &Site, docs: &Path, details: &Path, runs: bool) -> Fallible<()> {
    let texts = site.texts();
    let done = docs.with_extension("complete");
    if !done.is_file() {
        for file in files(&texts)? {
            let to = docs.join(file.strip_prefix(&texts)?).with_extension("docx");
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder)?;
            }
            write(&to, &fs::read_to_string(&file)?, runs)?;
        }
        fs::write(&done, "")?;
    }
    let rows = fs::read_to_string(site.inputs.transcripts())?;
    fs::write(details, rows.replace(".txt,", ".docx,"))?;
    Ok(())
}

fn write(to: &Path, text: &str, runs: bool) -> Fallible<()> {
    let mut xml = String::with_capacity(text.len() * 2);
    xml.push_str(OPEN);
    for paragraph in text.trim_end().split("\n\n") {
        let words = paragraph
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        xml.push_str("<w:p>");
        if runs {
            let words: Vec<&str> = words.split_inclusive(' ').collect();
            for run in words.chunks(WORDS) {
                xml.extend([RUN, &run.concat(), RUN_END]);
            }
        } else {
            xml.extend([PLAIN, &words, PLAIN_END]);
        }
        xml.push_str("</w:p>");
    }
    xml.push_str(CLOSE);
    let mut archive = zip::ZipWriter::new(BufWriter::new(File::create(to)?));
    for (name, part) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELATIONS),
        ("word/document.xml", &xml),
    ] {
        archive.start_file(name, SimpleFileOptions::default())?;
        archive.write_all(part.as_bytes())?;
    }
    archive.finish()?.flush()?;
    Ok(())
}
