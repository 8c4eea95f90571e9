//! Which files an import means: those named, and those in folders that are named, in an order that people expect.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::Error;

/// Files as named, folders walked through; in the order of their names, `2` before `10`.
pub(super) fn expand(paths: &[PathBuf], leave_out: Option<&Path>) -> Result<Vec<PathBuf>, Error> {
    let skip = leave_out.and_then(|p| std::fs::canonicalize(p).ok());
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut found = Vec::new();
            walk(path, &mut found)?;
            found.retain(|f| skip.is_none() || std::fs::canonicalize(f).ok() != skip);
            found.sort_by_cached_key(|p| natural(&p.to_string_lossy()));
            files.append(&mut found);
        } else {
            files.push(path.clone());
        }
    }
    let mut seen = HashSet::new();
    files.retain(|f| seen.insert(f.clone()));
    if files.is_empty() {
        return Err(Error::refused(
            "there are no files to import",
            "name files, or a folder that holds some",
        ));
    }
    Ok(files)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    let unreadable = |source| Error::Unreadable {
        path: folder.to_owned(),
        source,
    };
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name();
        let hidden = name.to_string_lossy().starts_with(['.', '~']);
        let kind = entry.file_type().map_err(unreadable)?;
        if hidden || kind.is_symlink() {
            continue;
        }
        if kind.is_dir() {
            walk(&entry.path(), found)?;
        } else {
            found.push(entry.path());
        }
    }
    Ok(())
}

/// A key that sorts numbers in names by their value.
fn natural(name: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut digits = String::new();
    for c in name.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
        } else {
            if !digits.is_empty() {
                parts.push((
                    std::mem::take(&mut text),
                    std::mem::take(&mut digits).parse().unwrap_or(u64::MAX),
                ));
            }
            text.push(c);
        }
    }
    parts.push((text, 0));
    parts
}

/// Why the bytes of a file are not to be had.
pub(super) enum Unread {
    /// A folder, or something that never ends.
    NoFile,
    TooLarge(crate::import::Error),
    Io(std::io::Error),
}

/// The bytes of a file: one of a size that is read at all.
pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>, Unread> {
    let about = std::fs::metadata(path).map_err(Unread::Io)?;
    if !about.is_file() {
        return Err(Unread::NoFile);
    }
    crate::import::check_size(usize::try_from(about.len()).unwrap_or(usize::MAX))
        .map_err(Unread::TooLarge)?;
    std::fs::read(path).map_err(Unread::Io)
}

/// The bytes of the one file that a command is about.
pub(super) fn read_whole(path: &Path) -> crate::error::Result<Vec<u8>> {
    bytes_of(path).map_err(|why| match why {
        Unread::NoFile => Error::refused(
            format!("`{}` is no file", path.display()),
            "name a file that is written and saved",
        )
        .into(),
        Unread::TooLarge(error) => error.into(),
        Unread::Io(source) => Error::Unreadable {
            path: path.to_owned(),
            source,
        }
        .into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_sort_by_their_value() {
        let mut names = vec!["i10.txt", "i9.txt", "a.txt", "i9b.txt", "i2/x10", "i2/x9"];
        names.sort_by_cached_key(|name| natural(name));
        assert_eq!(
            names,
            ["a.txt", "i2/x9", "i2/x10", "i9.txt", "i9b.txt", "i10.txt"]
        );
    }
}
