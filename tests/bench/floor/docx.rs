//! Word files with nothing around them: unpacked by zip, walked over by quick-xml, the words of `w:t` with a blank line
//! between paragraphs.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::Fallible;
use crate::corpus::files;
use crate::inputs::Inputs;

/// Reads all files of a folder and says how many paragraphs they have.
pub(crate) fn read(folder: &Path) -> Fallible<()> {
    let mut paragraphs = 0;
    for file in files(folder)? {
        let text = words(&file)?;
        // Looked at, so that nothing of the work is left out.
        paragraphs += text.trim_end().split("\n\n").count();
    }
    writeln!(std::io::stdout(), "{{\"total\":{paragraphs}}}")?;
    Ok(())
}

/// Reads all files, and then imports their texts as the floor of texts does: one after the other.
pub(crate) fn import(dir: &Path, docs: &Path, texts: &Path, inputs: &Inputs) -> Fallible<()> {
    read(docs)?;
    super::import::import(dir, texts, inputs)
}

fn words(file: &Path) -> Fallible<String> {
    let mut archive = zip::ZipArchive::new(BufReader::new(File::open(file)?))?;
    let mut xml = String::new();
    archive
        .by_name("word/document.xml")?
        .read_to_string(&mut xml)?;
    let mut reader = Reader::from_str(&xml);
    let (mut text, mut inside) = (String::new(), false);
    loop {
        match reader.read_event()? {
            Event::Start(tag) if tag.name().as_ref() == "w:t" => inside = true,
            Event::End(tag) => match tag.name().as_ref() {
                "w:t" => inside = false,
                "w:p" => text.push_str("\n\n"),
                _ => {}
            },
            Event::Text(said) if inside => text.push_str(&said.xml10_content()),
            Event::GeneralRef(name) if inside => text.push_str(match name.as_ref() {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                other => return Err(format!("`&{other};` stands in no file made here").into()),
            }),
            Event::Eof => return Ok(text),
            _ => {}
        }
    }
}
