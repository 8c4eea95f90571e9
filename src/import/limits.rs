//! What a file may demand at most.
//!
//! A transcript is a few hundred kilobytes; whatever is far beyond is a mistake or an attack, and is refused before it
//! fills the memory.

use super::error::Error;

/// Bytes of a file on disk.
pub(super) const FILE_BYTES: usize = 64 << 20;
/// Code points of a text.
pub(super) const TEXT_CHARACTERS: usize = 50_000_000;
/// Lines that hold something. Every one may become a turn, which costs more memory than its text.
pub(super) const LINES: usize = 4_000_000;
/// Files inside an office file.
pub(super) const ZIP_ENTRIES: usize = 4_096;
/// Bytes of one unpacked file inside an office file.
pub(super) const ENTRY_BYTES: u64 = 64 << 20;
/// Bytes of all unpacked files inside an office file that are read.
pub(super) const TOTAL_BYTES: u64 = 128 << 20;
/// Elements within elements of XML.
pub(super) const XML_DEPTH: usize = 256;
/// Elements within elements of a web page: layouts are nested deeper than documents.
pub(super) const HTML_DEPTH: usize = 512;
/// Groups within groups of an RTF file.
pub(super) const RTF_DEPTH: usize = 1_024;
/// Elements and pieces of text of a web page; each takes memory.
pub(super) const ELEMENTS: usize = 4_000_000;

/// Whether a file of so many bytes is read at all; asked before it is.
pub fn file(bytes: usize) -> Result<(), Error> {
    if bytes > FILE_BYTES {
        Err(Error::FileTooLarge {
            megabytes: bytes >> 20,
        })
    } else {
        Ok(())
    }
}

/// Whether a text can be taken: not empty, not endless.
pub(super) fn text(text: &str) -> Result<(), Error> {
    if text.len() > TEXT_CHARACTERS && text.chars().count() > TEXT_CHARACTERS {
        return Err(Error::TextTooLong);
    }
    // A line that holds something takes two bytes at least, its break included.
    if text.len() > LINES * 2 && text.lines().filter(|line| !line.trim().is_empty()).count() > LINES
    {
        return Err(Error::TooManyLines);
    }
    if text.trim_start().is_empty() {
        Err(Error::Blank)
    } else {
        Ok(())
    }
}

/// Positions are kept in 32 bits; [`FILE_BYTES`] keeps every text far below that.
pub(super) fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
