//! Quotes set aside by theme while the texts are read in their own order, and read back theme by theme.
//!
//! What is set aside beyond a few megabytes goes to a file without a name beside the study, which the system takes
//! away by itself: words of people are never left in another place than the study's own.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What all themes together may hold back in memory, in bytes.
const BUDGET: usize = 16 << 20;
/// What one theme may hold back at least and at most.
const LEAST: usize = 4 << 10;
const MOST: usize = 256 << 10;

/// A quote as it is set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// Number of its citation among those of the report.
    pub(super) citation: u32,
    /// Where it stands, for those who may look it up; empty for everybody else.
    pub(super) place: &'a str,
    pub(super) text: &'a str,
}

pub(super) struct Spill {
    themes: Vec<Aside>,
    /// What one theme holds back before it is written.
    cap: usize,
    file: Option<File>,
    folder: PathBuf,
    end: u64,
}

#[derive(Default)]
struct Aside {
    held: Vec<u8>,
    /// Where in the file the earlier ones stand, in order: place and length.
    written: Vec<(u64, usize)>,
    count: usize,
}

impl Spill {
    /// For so many themes; `folder` is the study's.
    pub(super) fn new(themes: usize, folder: &Path) -> Self {
        Self::with_cap(themes, folder, (BUDGET / themes.max(1)).clamp(LEAST, MOST))
    }

    fn with_cap(themes: usize, folder: &Path, cap: usize) -> Self {
        Self {
            themes: std::iter::repeat_with(Aside::default)
                .take(themes)
                .collect(),
            cap,
            file: None,
            folder: folder.to_owned(),
            end: 0,
        }
    }

    /// How many quotes of a theme are aside.
    pub(super) fn count(&self, theme: usize) -> usize {
        self.themes.get(theme).map_or(0, |aside| aside.count)
    }

    pub(super) fn push(&mut self, theme: usize, piece: Piece) -> io::Result<()> {
        let Some(aside) = self.themes.get_mut(theme) else {
            return Ok(());
        };
        aside.count += 1;
        aside.held.extend_from_slice(&piece.citation.to_le_bytes());
        for words in [piece.place, piece.text] {
            let len = u32::try_from(words.len()).map_err(io::Error::other)?;
            aside.held.extend_from_slice(&len.to_le_bytes());
            aside.held.extend_from_slice(words.as_bytes());
        }
        if aside.held.len() >= self.cap {
            let file = match &mut self.file {
                Some(file) => file,
                none => none.insert(nameless(&self.folder)?),
            };
            file.seek(SeekFrom::Start(self.end))?;
            file.write_all(&aside.held)?;
            aside.written.push((self.end, aside.held.len()));
            self.end += aside.held.len() as u64;
            aside.held.clear();
        }
        Ok(())
    }

    /// Gives the quotes of a theme to `each`, in the order in which they came.
    pub(super) fn each<E: From<io::Error>>(
        &mut self,
        theme: usize,
        mut each: impl FnMut(Piece) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(aside) = self.themes.get(theme) else {
            return Ok(());
        };
        let mut read = Vec::new();
        for (place, len) in &aside.written {
            if let Some(file) = &mut self.file {
                read.resize(*len, 0);
                file.seek(SeekFrom::Start(*place))?;
                file.read_exact(&mut read)?;
                pieces(&read, &mut each)?;
            }
        }
        pieces(&aside.held, &mut each)
    }
}

/// A file that nobody else sees, on the study's own disk where that can be written.
fn nameless(folder: &Path) -> io::Result<File> {
    tempfile::tempfile_in(folder).or_else(|_| tempfile::tempfile())
}

fn pieces<E: From<io::Error>>(
    mut bytes: &[u8],
    each: &mut impl FnMut(Piece) -> Result<(), E>,
) -> Result<(), E> {
    let torn = || io::Error::new(io::ErrorKind::UnexpectedEof, "a quote set aside is torn");
    while !bytes.is_empty() {
        let (citation, rest) = bytes.split_first_chunk::<4>().ok_or_else(torn)?;
        let (place, rest) = words(rest).ok_or_else(torn)?;
        let (text, rest) = words(rest).ok_or_else(torn)?;
        bytes = rest;
        each(Piece {
            citation: u32::from_le_bytes(*citation),
            place,
            text,
        })?;
    }
    Ok(())
}

fn words(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (len, rest) = bytes.split_first_chunk::<4>()?;
    let (words, rest) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*len)).ok()?)?;
    Some((std::str::from_utf8(words).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_set_aside_comes_back_in_order(
            all in prop::collection::vec((0_usize..3, 0_u32..9, "\\PC{0,6}", "\\PC{0,20}"), 0..60),
            cap in 1_usize..80,
        ) {
            let folder = tempfile::tempdir().expect("a folder");
            let mut spill = Spill::with_cap(3, folder.path(), cap);
            for (theme, citation, place, text) in &all {
                spill.push(*theme, Piece { citation: *citation, place, text }).expect("set aside");
            }
            for theme in 0..3 {
                let mut back = Vec::new();
                spill
                    .each(theme, |piece| {
                        back.push((theme, piece.citation, piece.place.to_owned(), piece.text.to_owned()));
                        io::Result::Ok(())
                    })
                    .expect("read back");
                let kept: Vec<_> = all.iter().filter(|one| one.0 == theme).cloned().collect();
                prop_assert_eq!(spill.count(theme), kept.len());
                prop_assert_eq!(back, kept);
            }
        }
    }

    #[test]
    fn nothing_is_left_in_the_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut spill = Spill::with_cap(1, folder.path(), 1);
        let piece = Piece {
            citation: 0,
            place: "",
            text: "so",
        };
        spill.push(0, piece).expect("set aside");
        assert!(spill.file.is_some());
        drop(spill);
        let left = std::fs::read_dir(folder.path())
            .expect("the folder")
            .count();
        assert_eq!(left, 0);
    }
}
