//! What a file is: by its name, and by its first bytes where they say something else.

use std::path::Path;

use super::Format;
use super::error::{Error, What};

/// Endings that are read.
const READ: [(&str, Format); 23] = [
    ("txt", Format::Text),
    ("text", Format::Text),
    ("md", Format::Markdown),
    ("markdown", Format::Markdown),
    ("docx", Format::Docx),
    ("odt", Format::Odt),
    ("ott", Format::Odt),
    ("fodt", Format::Odt),
    ("rtf", Format::Rtf),
    ("epub", Format::Epub),
    ("html", Format::Html),
    ("htm", Format::Html),
    ("xhtml", Format::Html),
    ("vtt", Format::WebVtt),
    ("srt", Format::SubRip),
    ("sbv", Format::Sbv),
    ("lrc", Format::Lrc),
    ("json", Format::Json),
    ("csv", Format::Csv),
    ("tsv", Format::Tsv),
    ("xlsx", Format::Xlsx),
    ("ods", Format::Ods),
    ("pdf", Format::Pdf),
];

const SAVE_AS: &str =
    "open it in the program that made it, save its text as .docx or .txt, and import that";
const TRANSCRIBE: &str = "import its transcript (.vtt, .srt, .docx or .txt)";
const CAPTIONS: &str = "the program that wrote it also writes .vtt, .srt or .txt; import that";
const TABLE: &str =
    "open it in Excel, Numbers or LibreOffice, save it as .xlsx or .csv, and import that";

/// Endings that are known and not read: what they are, and what to do.
const REFUSED: [(&[&str], &str, &str); 17] = [
    (
        &["sxw", "wpd", "wri", "abw"],
        "files of old word processors",
        "open it in LibreOffice and save it as .odt or .docx",
    ),
    (
        &["mht", "mhtml", "webarchive"],
        "web archives",
        "open it in a browser, save the page as .html, and import that",
    ),
    (
        &["mobi", "azw", "azw3", "kfx"],
        "Kindle books",
        "convert it to .epub or .docx with an e-book program such as Calibre, if it has no copy protection",
    ),
    (
        &["pages"],
        "Pages files",
        "export it from Pages as Word (.docx), and import that",
    ),
    (
        &["nvp", "nvpx", "nvcx"],
        "NVivo projects",
        "export its transcripts from NVivo as .docx: Files, select them, right-click, Export",
    ),
    (
        &[
            "atlproj",
            "atlproj22",
            "atlproj23",
            "atlcb",
            "hpr",
            "hpr6",
            "hpr7",
        ],
        "ATLAS.ti projects",
        "export its documents from ATLAS.ti as .docx or .txt: Document Manager, select them, Export",
    ),
    (
        &[
            "mx24", "mx22", "mx20", "mx18", "mx12", "mex24", "mex22", "mqda", "mqbac", "mqtc",
            "mxe",
        ],
        "MAXQDA projects",
        "export its documents from MAXQDA as .docx: Document System, right-click, Export Document",
    ),
    (
        &["qdpx", "qdc"],
        "REFI-QDA projects",
        "unpack it as a ZIP archive and import the texts in its folder `sources`",
    ),
    (
        &["qda", "rqda", "qdp", "f4p", "ded"],
        "projects of other programs for qualitative work",
        "export its transcripts from that program as .docx or .txt, and import those",
    ),
    (
        &["docm", "dotx", "dotm"],
        "Word files with macros and templates",
        "save it as .docx, and import that",
    ),
    (
        &["xls", "xlsm", "xlsb", "xltx", "fods", "numbers"],
        "spreadsheets of this kind",
        TABLE,
    ),
    (&["ppt", "pptx", "odp", "key"], "slides", SAVE_AS),
    (
        &["ass", "ssa", "ttml", "dfxp", "xml"],
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
        &["zip", "7z", "gz", "rar", "tar"],
        "archives",
        "unpack it, and import the texts inside",
    ),
];

/// First bytes that say what a file is, whatever its name.
const MAGIC: [(&[u8], &str, &str); 11] = [
    (b"\x89PNG\r\n", "pictures", TRANSCRIBE),
    (b"\xff\xd8\xff", "pictures", TRANSCRIBE),
    (b"GIF8", "pictures", TRANSCRIBE),
    (b"ID3", "sound recordings", TRANSCRIBE),
    (b"OggS", "sound recordings", TRANSCRIBE),
    (b"fLaC", "sound recordings", TRANSCRIBE),
    (b"RIFF", "sound recordings", TRANSCRIBE),
    (b"\x1aE\xdf\xa3", "films", TRANSCRIBE),
    (
        b"\x01\x0f\0\0",
        "NVivo projects",
        "export its transcripts from NVivo as .docx: Files, select them, right-click, Export",
    ),
    (
        b"SQLite format 3\0",
        "databases",
        "open it in the program that made it, and export its texts as .docx or .txt",
    ),
    (
        b"\x1f\x8b",
        "archives",
        "unpack it, and import the texts inside",
    ),
];

/// The container of Word before 2007, and of Word files with a password.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// How a PDF begins.
const PDF: &[u8] = b"%PDF-";

/// The format of a file, or why it is not read. Formats that say in their first bytes what they are go before the name:
/// programs save RTF and web pages as `.doc`, and people rename files.
pub(super) fn of(file_name: &str, bytes: &[u8]) -> Result<Format, Error> {
    let extension = extension(file_name);
    let by_name = by_ending(extension.as_deref());
    if let Some(format) = by_first_bytes(bytes) {
        return Ok(format);
    }
    // A project of another program is a database or an archive like others; only its name says whose it is.
    if let Some(extension) = extension.as_deref().filter(|own| refused(own).is_some()) {
        return Err(by_extension(extension.to_owned()));
    }
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

/// Said where a file is something else than its name says.
pub(super) fn other_than_named(file_name: &str, format: Format) -> Option<String> {
    let by_name = by_ending(extension(file_name).as_deref());
    (by_name != Some(format))
        .then(|| format!("the file's name says something else, yet it is {format}; read as such"))
}

fn by_ending(extension: Option<&str>) -> Option<Format> {
    READ.iter()
        .find(|(ending, _)| Some(*ending) == extension)
        .map(|(_, format)| *format)
}

/// Formats that begin in a way that nothing else does.
fn by_first_bytes(bytes: &[u8]) -> Option<Format> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii_start().starts_with(b"{\\rtf") {
        return Some(Format::Rtf);
    }
    if bytes.starts_with(PDF) {
        return Some(Format::Pdf);
    }
    // Such a ZIP says first of all, and unpacked, what it is.
    if let Some(kind) = package_type(bytes) {
        if kind.starts_with(b"application/vnd.oasis.opendocument.text") {
            return Some(Format::Odt);
        }
        if kind.starts_with(b"application/vnd.oasis.opendocument.spreadsheet") {
            return Some(Format::Ods);
        }
        if kind.starts_with(b"application/epub+zip") {
            return Some(Format::Epub);
        }
    }
    let head = &bytes[..bytes.len().min(256)];
    let head = head.trim_ascii_start().to_ascii_lowercase();
    (head.starts_with(b"<!doctype html") || head.starts_with(b"<html")).then_some(Format::Html)
}

/// What stands in the first entry of a ZIP, where that is called `mimetype`.
fn package_type(bytes: &[u8]) -> Option<&[u8]> {
    bytes
        .strip_prefix(b"PK\x03\x04")?
        .get(26..)?
        .strip_prefix(b"mimetype")
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
        return Some(match by_name {
            Some(Format::Xlsx | Format::Ods) if encrypted => Error::Encrypted { file: What::Excel },
            _ if encrypted => Error::Encrypted { file: What::Word },
            // Only the name tells an old sheet from an old text.
            Some(Format::Xlsx | Format::Ods | Format::Csv | Format::Tsv) => Error::NotRead {
                what: "spreadsheets of this kind",
                instead: TABLE,
            },
            _ => Error::LegacyDoc,
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
    // Mail programs and printers put lines in front of what is called a PDF and is one.
    if by_name == Some(Format::Pdf)
        && !bytes.is_empty()
        && !bytes[..bytes.len().min(1024)]
            .windows(PDF.len())
            .any(|window| window == PDF)
    {
        return Some(Error::NotPdf);
    }
    let packed = matches!(
        by_name,
        None | Some(Format::Docx | Format::Odt | Format::Epub | Format::Xlsx | Format::Ods)
    );
    if bytes.starts_with(b"PK\x03\x04") && !packed {
        return Some(Error::NotRead {
            what: "ZIP archives and office files under another name",
            instead: "give it the ending that it was saved with (.docx, .odt, .epub), and import it again",
        });
    }
    package_type(bytes)?
        .starts_with(b"application/vnd.oasis.opendocument.presentation")
        .then_some(Error::NotRead {
            what: "slides",
            instead: SAVE_AS,
        })
}

/// What is known of an ending that is not read, and what to do.
fn refused(extension: &str) -> Option<(&'static str, &'static str)> {
    REFUSED
        .iter()
        .find(|(endings, ..)| endings.contains(&extension))
        .map(|(_, what, instead)| (*what, *instead))
}

fn by_extension(extension: String) -> Error {
    if matches!(extension.as_str(), "doc" | "dot" | "wps") {
        return Error::LegacyDoc;
    }
    match refused(&extension) {
        Some((what, instead)) => Error::NotRead { what, instead },
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
            ("a.nvpx", b"SQLite format 3\0", "NVivo projects are not read"),
            ("a.nvp", b"x", "NVivo projects are not read"),
            ("a.txt", b"\x01\x0f\0\0", "NVivo projects are not read"),
            ("a.mx24", b"SQLite format 3\0", "MAXQDA projects are not read"),
            ("a.mqda", b"x", "MAXQDA projects are not read"),
            ("a.atlproj", b"PK\x03\x04", "ATLAS.ti projects are not read"),
            ("a.qdpx", b"PK\x03\x04", "REFI-QDA projects are not read"),
            ("a.xls", OLE, "spreadsheets of this kind are not read"),
            (
                "a.odt",
                b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\0\0\0mimetypeapplication/vnd.oasis.opendocument.presentation",
                "slides are not read",
            ),
            ("a.mp3", b"ID3\x04", "sound recordings are not read"),
            (
                "a.m4a",
                b"\0\0\0\x20ftypM4A ",
                "sound recordings are not read",
            ),
            (
                "a.docx",
                b"\0\0\0\x20ftypM4A ",
                "films and sound recordings are not read",
            ),
            ("a.xls", b"x", "spreadsheets of this kind are not read"),
            (
                "a.csv",
                b"PK\x03\x04",
                "ZIP archives and office files under another name are not read",
            ),
            (
                "a.xlsx",
                &encrypted,
                "the Excel file is protected by a password",
            ),
            ("a.xlsx", OLE, "spreadsheets of this kind are not read"),
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

    #[test]
    fn what_says_itself_what_it_is_goes_before_the_name() {
        let packed = |kind: &str| {
            let mut bytes = b"PK\x03\x04".to_vec();
            bytes.extend([0; 26]);
            bytes.extend(b"mimetype");
            bytes.extend(kind.as_bytes());
            bytes
        };
        for (name, bytes, format) in [
            ("a.doc", b"{\\rtf1".to_vec(), Format::Rtf),
            ("a.docx", b"\n{\\rtf1".to_vec(), Format::Rtf),
            ("a.doc", b"  <HTML><body>".to_vec(), Format::Html),
            (
                "a.txt",
                b"\xef\xbb\xbf<!DOCTYPE html>".to_vec(),
                Format::Html,
            ),
            ("a.txt", b"%PDF-1.7".to_vec(), Format::Pdf),
            ("a.zip", packed("application/epub+zip"), Format::Epub),
            (
                "a.docx",
                packed("application/vnd.oasis.opendocument.text"),
                Format::Odt,
            ),
            (
                "a.xlsx",
                packed("application/vnd.oasis.opendocument.spreadsheet"),
                Format::Ods,
            ),
        ] {
            assert_eq!(of(name, &bytes), Ok(format), "{name}");
            assert!(other_than_named(name, format).is_some(), "{name}");
        }
        for (name, format) in [
            ("a.htm", Format::Html),
            ("a.fodt", Format::Odt),
            ("a.rtf", Format::Rtf),
        ] {
            assert_eq!(of(name, b"x"), Ok(format));
            assert_eq!(other_than_named(name, format), None);
        }
    }
}
