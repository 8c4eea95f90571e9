//! Word: the paragraphs of a docx, one after the other, with a blank line between.
//!
//! Headings begin with `#`, list items with `- `; a table is a line for each row with tabs between its cells; breaks in
//! a paragraph are line breaks; text boxes stand behind the paragraph that they hang on; footnotes and endnotes stand
//! at the end, numbered. Tracked changes are read as accepted. What Word shows and this text has not (comments, headers,
//! pictures) is counted.

use super::{Draft, Error, count, limits, signs, speakers};

mod body;
mod package;
mod styles;
mod xml;

use body::Left;

pub(super) fn read(bytes: &[u8]) -> Result<Draft, Error> {
    let mut package = package::open(bytes)?;
    let styles = match package.parts("styles", "word/styles.xml")?.first() {
        Some(xml) => styles::read(xml)?,
        None => styles::Styles::default(),
    };
    let document = package.document()?;
    let body = body::read(&document, "word/document.xml", &styles)?;
    drop(document);
    let mut left = body.left;
    let mut notes = Vec::new();
    for (kind, name) in [
        ("footnotes", "word/footnotes.xml"),
        ("endnotes", "word/endnotes.xml"),
    ] {
        for xml in package.parts(kind, name)? {
            let part = body::read(&xml, name, &styles)?;
            left.add(part.left);
            notes.extend(part.notes);
        }
    }
    for xml in package.parts("comments", "word/comments.xml")? {
        left.comments += body::read(&xml, "word/comments.xml", &styles)?
            .left
            .comments;
    }
    let mut headers = 0;
    for (kind, name) in [("header", "a header"), ("footer", "a footer")] {
        for xml in package.parts(kind, name)? {
            headers += usize::from(!body::read(&xml, name, &styles)?.blocks.is_empty());
        }
    }
    let mut text = body.blocks.join("\n\n");
    let end = text.len();
    for (n, note) in notes.iter().enumerate() {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&format_note(n, note));
    }
    limits::text(&text)?;
    let mut warnings = Vec::new();
    signs::check(&text, &mut warnings)?;
    let spoken = speakers::turns(&text, end);
    warnings.extend(warn(
        left,
        headers,
        if spoken.labels.is_empty() {
            0
        } else {
            notes.len()
        },
    ));
    warnings.extend(spoken.warnings);
    Ok(Draft {
        text,
        turns: spoken.turns,
        sections: spoken.sections,
        labels: spoken.labels,
        attributes: Vec::new(),
        encoding: "UTF-8".to_owned(),
        warnings,
    })
}

fn format_note(n: usize, note: &str) -> String {
    format!("[{}] {note}", n + 1)
}

fn warn(left: Left, headers: usize, notes: usize) -> Vec<String> {
    let mut out = Vec::new();
    let mut say = |n: usize, one: &str, many: &str, what: &str| {
        if n > 0 {
            out.push(format!("{} {what}", count(n, one, many)));
        }
    };
    say(
        left.changes,
        "tracked change",
        "tracked changes",
        "read as accepted",
    );
    say(left.comments, "comment", "comments", "left out");
    say(
        headers,
        "header or footer",
        "headers and footers",
        "left out",
    );
    say(left.pictures, "picture", "pictures", "left out");
    say(
        left.objects,
        "embedded object",
        "embedded objects",
        "left out",
    );
    say(
        left.symbols,
        "sign of a symbol font",
        "signs of symbol fonts",
        "became U+FFFD",
    );
    say(
        notes,
        "footnote",
        "footnotes",
        "at the end of the text, in no turn",
    );
    out
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use zip::write::SimpleFileOptions;

    use super::super::fixtures::zip_of;
    use super::*;

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
        assert_eq!(refusal(b"Ada: hello"), Error::NotDocx);
        assert_eq!(refusal(b"PK\x03\x04 and nothing"), Error::NotDocx);
        assert_eq!(refusal(&zip_of(&[("a.xml", b"<a/>")])), Error::NoDocument);
        let damaged = Error::Damaged {
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
            Error::Bomb
        );
        let deep = format!("{}{}", "<w:p>".repeat(300), "</w:p>".repeat(300));
        assert_eq!(refusal(&document(&deep)), Error::TooDeep);
        let names: Vec<String> = (0..=limits::ZIP_ENTRIES).map(|n| n.to_string()).collect();
        let parts: Vec<(&str, &[u8])> =
            names.iter().map(|name| (name.as_str(), &b""[..])).collect();
        assert_eq!(refusal(&zip_of(&parts)), Error::TooManyEntries);
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
            Error::Overlapping
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
