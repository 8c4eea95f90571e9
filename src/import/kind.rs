//! What a file is: by its name, and by its first bytes where they say something else.

use std::path::Path;

use super::Format;
use super::error::Error;

/// Endings that are read.
const READ: [(&str, Format); 8] = [
    ("txt", Format::Text),
    ("text", Format::Text),
    ("md", Format::Markdown),
    ("markdown", Format::Markdown),
    ("docx", Format::Docx),
    ("vtt", Format::WebVtt),
    ("srt", Format::SubRip),
    ("pdf", Format::Pdf),
];

const SAVE_AS: &str =
    "open it in the program that made it, save its text as .docx or .txt, and import that";
const TRANSCRIBE: &str = "import its transcript (.vtt, .srt, .docx or .txt)";
const CAPTIONS: &str = "the program that wrote it also writes .vtt, .srt or .txt; import that";
const TABLE: &str =
    "copy the cells that hold a transcript into a .docx or .txt file, and import that";

/// Endings that are known and not read: what they are, and what to do.
const REFUSED: [(&[&str], &str, &str); 13] = [
    (&["rtf"], "RTF files", SAVE_AS),
    (
        &["odt", "ott", "fodt", "sxw"],
        "OpenDocument files",
        SAVE_AS,
    ),
    (
        &["htm", "html", "xhtml", "mht", "mhtml"],
        "web pages",
        SAVE_AS,
    ),
    (&["epub", "mobi", "azw3"], "e-books", SAVE_AS),
    (
        &["pages"],
        "Pages files",
        "export it from Pages as Word (.docx), and import that",
    ),
    (
        &["docm", "dotx", "dotm"],
        "Word files with macros and templates",
        "save it as .docx, and import that",
    ),
    (
        &["xls", "xlsx", "xlsm", "ods", "numbers", "csv", "tsv"],
        "tables",
        TABLE,
    ),
    (&["ppt", "pptx", "odp", "key"], "slides", SAVE_AS),
    (
        &["json", "lrc", "ass", "ssa", "sbv", "ttml", "dfxp", "xml"],
        "data and caption files of this kind",
        CAPTIONS,
    ),
    (
        &[
            "mp3", "wav", "m4a", "aac", "ogg", "oga", "opus", "flac", "wma", "aif", "aiff", "amr",
        ],
        "sound recordings",
        TRANSCRIBE,
    ),
    (
        &[
            "mp4", "mov", "mkv", "avi", "webm", "wmv", "m4v", "mpg", "mpeg",
        ],
        "films",
        TRANSCRIBE,
    ),
    (
        &[
            "png", "jpg", "jpeg", "gif", "tif", "tiff", "heic", "webp", "bmp", "svg",
        ],
        "pictures",
        TRANSCRIBE,
    ),
    (
        &[
            "zip", "7z", "gz", "rar", "tar", "qdpx", "qda", "nvp", "nvpx", "atlproj", "mx24",
            "mx22", "mx20",
        ],
        "archives and projects of other programs",
        "unpack it, and import the texts inside",
    ),
];

/// First bytes that say what a file is, whatever its name.
const MAGIC: [(&[u8], &str, &str); 11] = [
    (b"{\\rtf", "RTF files", SAVE_AS),
    (b"\x89PNG\r\n", "pictures", TRANSCRIBE),
    (b"\xff\xd8\xff", "pictures", TRANSCRIBE),
    (b"GIF8", "pictures", TRANSCRIBE),
    (b"ID3", "sound recordings", TRANSCRIBE),
    (b"OggS", "sound recordings", TRANSCRIBE),
    (b"fLaC", "sound recordings", TRANSCRIBE),
    (b"RIFF", "sound recordings", TRANSCRIBE),
    (b"\x1aE\xdf\xa3", "films", TRANSCRIBE),
    (
        b"SQLite format 3\0",
        "databases",
        "open it in the program that made it, and export its texts as .docx or .txt",
    ),
    (
        b"\x1f\x8b",
        "archives and projects of other programs",
        "unpack it, and import the texts inside",
    ),
];

/// The container of Word before 2007, and of Word files with a password.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// How a PDF begins.
const PDF: &[u8] = b"%PDF-";

/// The format of a file, or why it is not read.
pub(super) fn of(file_name: &str, bytes: &[u8]) -> Result<Format, Error> {
    let extension = extension(file_name);
    let by_name = READ
        .iter()
        .find(|(ending, _)| Some(*ending) == extension.as_deref())
        .map(|(_, format)| *format);
    if let Some(refusal) = by_magic(bytes, by_name) {
        return Err(refusal);
    }
    match (by_name, extension) {
        (Some(_), _) if bytes.is_empty() => Err(Error::Empty),
        (Some(format), _) => Ok(format),
        (None, Some(extension)) => Err(by_extension(extension)),
        (None, None) => Err(Error::NoExtension),
    }
}

/// Whether a file in a folder is worth opening, judged by its name alone: an ending that is read, and neither hidden
/// nor a lock file of Word (`~$…`).
pub fn looks_importable(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    !name.starts_with('.')
        && !name.starts_with("~$")
        && extension(name).is_some_and(|ending| READ.iter().any(|(read, _)| *read == ending))
}

/// The ending in lower case; a hidden file's whole name is no ending.
fn extension(name: &str) -> Option<String> {
    Some(Path::new(name).extension()?.to_str()?.to_ascii_lowercase())
}

fn by_magic(bytes: &[u8], by_name: Option<Format>) -> Option<Error> {
    if bytes.starts_with(OLE) {
        // The name of the stream that holds an encrypted package stands in the container's directory in UTF-16.
        let name: Vec<u8> = "EncryptedPackage"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let encrypted = bytes.windows(name.len()).any(|window| window == name);
        return Some(if encrypted {
            Error::Encrypted
        } else {
            Error::LegacyDoc
        });
    }
    if let Some((_, what, instead)) = MAGIC.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        return Some(Error::NotRead { what, instead });
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some(Error::NotRead {
            what: "films and sound recordings",
            instead: TRANSCRIBE,
        });
    }
    // Mail programs and printers put lines in front.
    let head = &bytes[..bytes.len().min(1024)];
    let is_pdf = bytes.starts_with(PDF)
        || by_name == Some(Format::Pdf) && head.windows(PDF.len()).any(|window| window == PDF);
    if is_pdf && by_name != Some(Format::Pdf) {
        return Some(Error::NotRead {
            what: "PDF files under another name",
            instead: "rename it to end in .pdf, and import that",
        });
    }
    if by_name == Some(Format::Pdf) && !is_pdf && !bytes.is_empty() {
        return Some(Error::NotPdf);
    }
    if bytes.starts_with(b"PK\x03\x04") && by_name.is_some_and(|format| format != Format::Docx) {
        return Some(Error::NotRead {
            what: "ZIP archives and office files under another name",
            instead: SAVE_AS,
        });
    }
    let head = &bytes[..bytes.len().min(256)];
    let head = head.trim_ascii_start().to_ascii_lowercase();
    if head.starts_with(b"<!doctype html") || head.starts_with(b"<html") {
        return Some(Error::NotRead {
            what: "web pages",
            instead: SAVE_AS,
        });
    }
    None
}

fn by_extension(extension: String) -> Error {
    if matches!(extension.as_str(), "doc" | "dot" | "wps") {
        return Error::LegacyDoc;
    }
    match REFUSED
        .iter()
        .find(|(endings, ..)| endings.contains(&extension.as_str()))
    {
        Some((_, what, instead)) => Error::NotRead { what, instead },
        // What follows the last point of a name may be half a sentence, or a person; only a plausible ending is repeated.
        None if extension.len() <= 8 && extension.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            Error::UnknownExtension { extension }
        }
        None => Error::NoExtension,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Problem as _;

    #[test]
    fn what_is_not_read_says_what_to_do() {
        let mut encrypted = OLE.to_vec();
        encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        for (name, bytes, expected) in [
            ("a.txt", &b""[..], "the file is empty"),
            (
                "a.pdf",
                b"Dear all",
                "the file is called `.pdf` but is no PDF",
            ),
            (
                "a.txt",
                b"%PDF-1.7",
                "PDF files under another name are not read",
            ),
            ("a.docx", b"{\\rtf1", "RTF files are not read"),
            ("a.docx", b"  <HTML><body>", "web pages are not read"),
            ("a.odt", b"PK\x03\x04", "OpenDocument files are not read"),
            (
                "a.txt",
                b"PK\x03\x04",
                "ZIP archives and office files under another name are not read",
            ),
            ("a.doc", OLE, "this is an old Word file (`.doc`)"),
            ("a.docx", OLE, "this is an old Word file (`.doc`)"),
            (
                "a.docx",
                &encrypted,
                "the Word file is protected by a password",
            ),
            ("a.pages", b"PK\x03\x04", "Pages files are not read"),
            ("a.mp3", b"ID3\x04", "sound recordings are not read"),
            (
                "a.m4a",
                b"\0\0\0\x20ftypM4A ",
                "films and sound recordings are not read",
            ),
            ("a.xlsx", b"PK\x03\x04", "tables are not read"),
            ("a.xyz", b"x", "files that end in `.xyz` are not read"),
            (
                "talk with J. Doe",
                b"x",
                "the file's name has no ending that says what it is",
            ),
            (
                "notes",
                b"x",
                "the file's name has no ending that says what it is",
            ),
        ] {
            let error = of(name, bytes).expect_err(name);
            assert_eq!(error.to_string(), expected, "{name}");
            assert!(error.hint().is_some_and(|hint| hint.len() > 20), "{name}");
        }
        assert_eq!(of("A.TXT", b"x"), Ok(Format::Text));
        assert_eq!(of("a.pdf", b"\n%PDF-1.4"), Ok(Format::Pdf));
    }
}
