//! Word: the paragraphs of a docx, one after the other, with a blank line between.
//!
//! Headings begin with `#`, list items with `- `; a table is a line for each row with tabs between its cells; breaks in
//! a paragraph are line breaks; text boxes stand behind the paragraph that they hang on; footnotes and endnotes stand
//! at the end, numbered. Tracked changes are read as accepted. What Word shows and this text has not (comments, headers,
//! pictures) is counted.

use super::document::Left;
use super::{Draft, Error, document};

mod body;
mod numbering;
mod parts;
mod styles;
pub(super) mod tables;

pub(super) fn read(bytes: &[u8]) -> Result<Draft, Error> {
    let mut parts = parts::open(bytes)?;
    let styles = match parts.of_kind("styles", "word/styles.xml")?.first() {
        Some(xml) => styles::read(xml)?,
        None => styles::Styles::default(),
    };
    let mut numbering = match parts.of_kind("numbering", "word/numbering.xml")?.first() {
        Some(xml) => numbering::read(xml)?,
        None => numbering::Numbering::default(),
    };
    let mut left = Left::default();
    let mut read = |xml: &str, name: &'static str| {
        let (gathered, part) = body::read(xml, name, &styles, &mut numbering)?;
        Ok::<_, Error>((gathered, part))
    };
    let text = parts.document()?;
    let (mut gathered, part) = read(&text, "word/document.xml")?;
    drop(text);
    left.add(part);
    for (kind, name) in [
        ("footnotes", "word/footnotes.xml"),
        ("endnotes", "word/endnotes.xml"),
    ] {
        for xml in parts.of_kind(kind, name)? {
            let (notes, part) = read(&xml, name)?;
            left.add(part);
            gathered.notes.extend(notes.notes);
            gathered.endnotes.extend(notes.endnotes);
        }
    }
    for xml in parts.of_kind("comments", "word/comments.xml")? {
        left.comments += read(&xml, "word/comments.xml")?.1.comments;
    }
    for (kind, name) in [("header", "a header"), ("footer", "a footer")] {
        for xml in parts.of_kind(kind, name)? {
            // A page number says nothing.
            let says = |block: &String| block.contains(char::is_alphabetic);
            left.headers += usize::from(read(&xml, name)?.0.blocks.iter().any(says));
        }
    }
    document::finish(&gathered, left, "UTF-8".to_owned(), Vec::new())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use zip::write::SimpleFileOptions;

    use super::super::error::What;
    use super::super::fixtures::zip_of;
    use super::super::limits;
    use super::*;

    const FILE: What = What::Word;

    const OPEN: &str = "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>";
    const CLOSE: &str = "</w:body></w:document>";

    fn refusal(bytes: &[u8]) -> Error {
        read(bytes).map(|draft| draft.text).expect_err("a refusal")
    }

    fn document(body: &str) -> Vec<u8> {
        zip_of(&[(
            "word/document.xml",
            format!("{OPEN}{body}{CLOSE}").as_bytes(),
        )])
    }

    #[test]
    fn what_is_no_word_file() {
        assert_eq!(refusal(b"Ada: hello"), Error::NotOne { file: FILE });
        assert_eq!(
            refusal(b"PK\x03\x04 and nothing"),
            Error::NotOne { file: FILE }
        );
        assert_eq!(
            refusal(&zip_of(&[("a.xml", b"<a/>")])),
            Error::NoText {
                file: FILE,
                part: "word/document.xml"
            }
        );
        let damaged = Error::Damaged {
            file: FILE,
            part: "word/document.xml",
        };
        for xml in ["<a><b></a>", "<a>", "<a>&nbsp;</a>", "<a>\u{1}<</a>"] {
            assert_eq!(
                refusal(&zip_of(&[("word/document.xml", xml.as_bytes())])),
                damaged,
                "{xml}"
            );
        }
        assert_eq!(
            refusal(&zip_of(&[("word/document.xml", b"<a>\xff</a>")])),
            damaged
        );
    }

    #[test]
    fn what_would_fill_the_memory() {
        let zeros = vec![b' '; (64 << 20) + 1];
        assert_eq!(
            refusal(&zip_of(&[("word/document.xml", &zeros)])),
            Error::Bomb { file: FILE }
        );
        let deep = format!("{}{}", "<w:p>".repeat(300), "</w:p>".repeat(300));
        assert_eq!(
            refusal(&document(&deep)),
            Error::TooDeep {
                file: FILE,
                most: 256
            }
        );
        let names: Vec<String> = (0..=limits::ZIP_ENTRIES).map(|n| n.to_string()).collect();
        let parts: Vec<(&str, &[u8])> =
            names.iter().map(|name| (name.as_str(), &b""[..])).collect();
        assert_eq!(
            refusal(&zip_of(&parts)),
            Error::TooManyEntries { file: FILE }
        );
    }

    #[test]
    fn two_files_in_one_place_are_a_bomb() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("word/document.xml", SimpleFileOptions::default())
            .expect("a new part");
        zip.write_all(format!("{OPEN}{CLOSE}").as_bytes())
            .expect("memory");
        zip.shallow_copy_file("word/document.xml", "word/styles.xml")
            .expect("a copy");
        assert_eq!(
            refusal(&zip.finish().expect("a whole archive").into_inner()),
            Error::Overlapping { file: FILE }
        );
    }

    #[test]
    fn a_part_in_utf16_is_read() {
        let xml = format!("\u{feff}{OPEN}<w:p><w:r><w:t>Grüße</w:t></w:r></w:p>{CLOSE}");
        let bytes: Vec<u8> = xml.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(
            read(&zip_of(&[("word/document.xml", &bytes)]))
                .expect("a text")
                .text,
            "Grüße"
        );
    }

    #[test]
    fn words_that_look_like_marks_stay_words() {
        let draft = read(&document(
            "<w:p><w:r><w:t># not a heading</w:t><w:t> a</w:t><w:t>\nb &lt;c&gt; &#x1F600;</w:t></w:r></w:p>",
        ));
        assert_eq!(draft.expect("a text").text, "# not a heading a b <c> 😀");
    }
}
