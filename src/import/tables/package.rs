//! The ZIP around a spreadsheet: its parts, unpacked within limits.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::error::TableError;
use crate::import::limits;

/// An opened spreadsheet.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Bytes unpacked so far.
    unpacked: u64,
}

pub(super) fn open<'b>(bytes: &'b [u8], ending: &'static str) -> Result<Package<'b>, TableError> {
    let other = TableError::NotOne { ending };
    if !bytes.starts_with(b"PK") {
        return Err(other);
    }
    // The number that the last record claims is read before the archive is, since each entry takes memory.
    if claimed(bytes) > limits::ZIP_ENTRIES {
        return Err(TableError::TooManyEntries);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| other.clone())?;
    if archive.len() > limits::ZIP_ENTRIES {
        return Err(TableError::TooManyEntries);
    }
    if archive.has_overlapping_files().map_err(|_| other)? {
        return Err(TableError::Overlapping);
    }
    Ok(Package {
        archive,
        unpacked: 0,
    })
}

impl Package<'_> {
    /// A part's text; none where there is no such part. `name` is what errors call it.
    pub(super) fn text(
        &mut self,
        path: &str,
        name: &'static str,
    ) -> Result<Option<String>, TableError> {
        let damaged = TableError::Damaged { part: name };
        let Some(index) = self.archive.index_for_name(path) else {
            return Ok(None);
        };
        let entry = self.archive.by_index(index).map_err(|_| damaged.clone())?;
        if entry.encrypted() {
            return Err(TableError::Encrypted);
        }
        // The size that an entry claims is a hint; what is unpacked counts.
        if entry.size() > limits::ENTRY_BYTES {
            return Err(TableError::Bomb);
        }
        let most = limits::ENTRY_BYTES.min(limits::TOTAL_BYTES - self.unpacked);
        let mut bytes = Vec::new();
        entry
            .take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| damaged.clone())?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length > most {
            return Err(TableError::Bomb);
        }
        self.unpacked += length;
        let text = match encoding_rs::Encoding::for_bom(&bytes) {
            Some((encoding, length)) => encoding
                .decode_without_bom_handling_and_without_replacement(&bytes[length..])
                .map(std::borrow::Cow::into_owned),
            None => String::from_utf8(bytes).ok(),
        };
        text.map(Some).ok_or(damaged)
    }
}

fn claimed(bytes: &[u8]) -> usize {
    const RECORD: usize = 22;
    let from = bytes.len().saturating_sub(RECORD + usize::from(u16::MAX));
    let tail = &bytes[from..];
    let Some(at) = tail.windows(4).rposition(|window| window == b"PK\x05\x06") else {
        return 0;
    };
    match tail.get(at + 10..at + 12) {
        Some(&[low, high]) => usize::from(u16::from_le_bytes([low, high])),
        _ => 0,
    }
}
