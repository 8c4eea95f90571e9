//! The ZIP around a Word file: its parts by what they are for, unpacked within limits.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::super::error::Error;
use super::super::limits;
use super::xml::{self, Step};

/// An opened Word file.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Bytes unpacked so far.
    unpacked: u64,
    /// Where the text is.
    document: String,
    /// The parts that the text refers to: kind (`styles`, `footnotes` …) and path.
    related: Vec<(String, String)>,
}

pub(super) fn open(bytes: &[u8]) -> Result<Package<'_>, Error> {
    if !bytes.starts_with(b"PK") {
        return Err(Error::NotDocx);
    }
    if entries(bytes) > limits::ZIP_ENTRIES {
        return Err(Error::TooManyEntries);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Error::NotDocx)?;
    if archive.len() > limits::ZIP_ENTRIES {
        return Err(Error::TooManyEntries);
    }
    if archive
        .has_overlapping_files()
        .map_err(|_| Error::NotDocx)?
    {
        return Err(Error::Overlapping);
    }
    let mut package = Package {
        archive,
        unpacked: 0,
        document: "word/document.xml".to_owned(),
        related: Vec::new(),
    };
    // Word for the web calls it `document2.xml`; the root's relations say so.
    if let Some((_, path)) = package
        .relations("_rels/.rels", "")?
        .into_iter()
        .find(|(kind, _)| kind == "officeDocument")
        && package.archive.index_for_name(&path).is_some()
    {
        package.document = path;
    }
    let (folder, name) = package
        .document
        .rsplit_once('/')
        .unwrap_or(("", &package.document));
    let (folder, relations) = (folder.to_owned(), format!("{folder}/_rels/{name}.rels"));
    package.related = package.relations(relations.trim_start_matches('/'), &folder)?;
    Ok(package)
}

impl Package<'_> {
    pub(super) fn document(&mut self) -> Result<String, Error> {
        let path = self.document.clone();
        self.part(&path, "word/document.xml")?
            .ok_or(Error::NoDocument)
    }

    /// The texts of all parts of a kind. `name` is what errors call them.
    pub(super) fn parts(&mut self, kind: &str, name: &'static str) -> Result<Vec<String>, Error> {
        let paths: Vec<String> = self
            .related
            .iter()
            .filter(|(k, _)| k == kind)
            .map(|(_, path)| path.clone())
            .collect();
        paths
            .iter()
            .filter_map(|path| self.part(path, name).transpose())
            .collect()
    }

    /// A part's text; none where there is no such part.
    fn part(&mut self, path: &str, name: &'static str) -> Result<Option<String>, Error> {
        let damaged = Error::Damaged { part: name };
        let Some(index) = self.archive.index_for_name(path) else {
            return Ok(None);
        };
        let entry = self.archive.by_index(index).map_err(|_| damaged.clone())?;
        // The size that an entry claims is a hint; what is unpacked counts.
        if entry.size() > limits::ENTRY_BYTES {
            return Err(Error::Bomb);
        }
        let most = limits::ENTRY_BYTES.min(limits::TOTAL_BYTES - self.unpacked);
        let mut bytes = Vec::new();
        entry
            .take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| damaged.clone())?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length > most {
            return Err(Error::Bomb);
        }
        self.unpacked += length;
        // XML may be UTF-16, though no word processor is known to write it.
        let text = match encoding_rs::Encoding::for_bom(&bytes) {
            Some((encoding, length)) => encoding
                .decode_without_bom_handling_and_without_replacement(&bytes[length..])
                .map(std::borrow::Cow::into_owned),
            None => String::from_utf8(bytes).ok(),
        };
        text.map(Some).ok_or(damaged)
    }

    /// What a part refers to: the last word of the relation's type, and the path that it leads to.
    fn relations(&mut self, path: &str, folder: &str) -> Result<Vec<(String, String)>, Error> {
        const NAME: &str = "its list of parts";
        let Some(xml) = self.part(path, NAME)? else {
            return Ok(Vec::new());
        };
        let mut out = Vec::new();
        xml::walk(&xml, NAME, |step| {
            if let Step::Open(_, "Relationship", tag) = step
                && let (Some(kind), Some(target)) =
                    (xml::attribute(tag, "Type"), xml::attribute(tag, "Target"))
                && xml::attribute(tag, "TargetMode").is_none_or(|mode| mode != "External")
            {
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                out.push((kind, resolve(folder, &target)));
            }
        })?;
        Ok(out)
    }
}

/// A target relative to a folder; a leading slash means the root.
fn resolve(folder: &str, target: &str) -> String {
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
