//! The ZIP around an office file: its parts, unpacked within limits.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::error::{Error, What};
use super::limits;
use super::xml::Part;

/// An opened office file.
pub(super) struct Package<'b> {
    file: What,
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Bytes unpacked so far.
    unpacked: u64,
}

pub(super) fn open(bytes: &[u8], file: What) -> Result<Package<'_>, Error> {
    let other = Error::NotOne { file };
    if !bytes.starts_with(b"PK") {
        return Err(other);
    }
    if entries(bytes) > limits::ZIP_ENTRIES {
        return Err(Error::TooManyEntries { file });
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| other.clone())?;
    if archive.len() > limits::ZIP_ENTRIES {
        return Err(Error::TooManyEntries { file });
    }
    if archive.has_overlapping_files().map_err(|_| other)? {
        return Err(Error::Overlapping { file });
    }
    Ok(Package {
        file,
        archive,
        unpacked: 0,
    })
}

impl Package<'_> {
    /// A part as errors name it.
    pub(super) fn part(&self, name: &'static str) -> Part {
        Part::new(self.file, name)
    }
    pub(super) fn has(&self, path: &str) -> bool {
        self.archive.index_for_name(path).is_some()
    }

    /// A part as it is; none where there is no such part. `name` is what errors call it.
    pub(super) fn bytes(
        &mut self,
        path: &str,
        name: &'static str,
    ) -> Result<Option<Vec<u8>>, Error> {
        let file = self.file;
        let damaged = self.part(name).damaged();
        let Some(index) = self.archive.index_for_name(path) else {
            return Ok(None);
        };
        let entry = self.archive.by_index(index).map_err(|_| damaged.clone())?;
        if entry.encrypted() {
            return Err(Error::Encrypted { file });
        }
        // The size that an entry claims is a hint; what is unpacked counts.
        if entry.size() > limits::ENTRY_BYTES {
            return Err(Error::Bomb { file });
        }
        let most = limits::ENTRY_BYTES.min(limits::TOTAL_BYTES - self.unpacked);
        let mut bytes = Vec::new();
        entry
            .take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| damaged)?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length > most {
            return Err(Error::Bomb { file });
        }
        self.unpacked += length;
        Ok(Some(bytes))
    }

    /// A part's text.
    pub(super) fn text(&mut self, path: &str, name: &'static str) -> Result<Option<String>, Error> {
        let Some(bytes) = self.bytes(path, name)? else {
            return Ok(None);
        };
        text(bytes).map(Some).ok_or(self.part(name).damaged())
    }
}

/// All parts of an office file with their names, unpacked within the same limits.
pub fn parts_of_package(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let mut package = open(bytes, What::Word)?;
    let names: Vec<String> = package
        .archive
        .file_names()
        .map(|name| name.map(std::borrow::Cow::into_owned))
        .collect::<Result<_, _>>()
        .map_err(|_| Error::NotOne { file: What::Word })?;
    let mut parts = Vec::with_capacity(names.len());
    for name in names {
        if let Some(part) = package.bytes(&name, "a part")? {
            parts.push((name, part));
        }
    }
    parts.sort();
    Ok(parts)
}

/// XML's text. It may be UTF-16, though no word processor is known to write it.
fn text(bytes: Vec<u8>) -> Option<String> {
    match encoding_rs::Encoding::for_bom(&bytes) {
        Some((encoding, length)) => encoding
            .decode_without_bom_handling_and_without_replacement(&bytes[length..])
            .map(std::borrow::Cow::into_owned),
        None => String::from_utf8(bytes).ok(),
    }
}

/// A target relative to a folder; a leading slash means the root. What would lead out of the root stays in it, and the
/// answer is only ever looked up among the archive's own names: nothing is unpacked to a disk.
pub(super) fn resolve(folder: &str, target: &str) -> String {
    let (folder, target) = target
        .strip_prefix('/')
        .map_or((folder, target), |target| ("", target));
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}

/// The number of entries that the archive's last record claims; read before the archive is, since each takes memory.
fn entries(bytes: &[u8]) -> usize {
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

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn targets() {
        assert_eq!(resolve("word", "styles.xml"), "word/styles.xml");
        assert_eq!(resolve("", "word/document.xml"), "word/document.xml");
        assert_eq!(resolve("word", "/word/styles2.xml"), "word/styles2.xml");
        assert_eq!(resolve("word", "../customXml/a.xml"), "customXml/a.xml");
        assert_eq!(resolve("", "../../a.xml"), "a.xml");
    }
}
