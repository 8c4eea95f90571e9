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
/// A theme with no more than this is read back whole where its quotes stand in another order than they came in.
const WHOLE: u64 = 64 << 20;

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
    /// Whether they come back in an order that does not tell where they stood.
    sorted: bool,
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
    /// How many bytes of it are in the file.
    in_file: u64,
    /// Where the quotes are sorted, what they are sorted by: far smaller than they are.
    keys: Vec<Key>,
}

/// What a quote is sorted by, and where it is among all of its theme: its first byte and its length.
#[derive(Clone, Copy)]
struct Key {
    citation: u32,
    hash: u64,
    at: u64,
    len: u32,
}

impl Spill {
    /// For so many themes; `folder` is the study's.
    pub(super) fn new(themes: usize, folder: &Path) -> Self {
        Self::with_cap(themes, folder, (BUDGET / themes.max(1)).clamp(LEAST, MOST))
    }

    /// Likewise; they come back by [`Spill::each_by`].
    pub(super) fn sorted(themes: usize, folder: &Path) -> Self {
        Self {
            sorted: true,
            ..Self::new(themes, folder)
        }
    }

    pub(super) fn is_sorted(&self) -> bool {
        self.sorted
    }

    fn with_cap(themes: usize, folder: &Path, cap: usize) -> Self {
        Self {
            themes: std::iter::repeat_with(Aside::default)
                .take(themes)
                .collect(),
            cap,
            sorted: false,
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
        let begun = aside.held.len();
        aside.held.extend_from_slice(&piece.citation.to_le_bytes());
        for words in [piece.place, piece.text] {
            let len = u32::try_from(words.len()).map_err(io::Error::other)?;
            aside.held.extend_from_slice(&len.to_le_bytes());
            aside.held.extend_from_slice(words.as_bytes());
        }
        if self.sorted {
            let hash = blake3::hash(piece.text.as_bytes());
            let first = hash.as_bytes().first_chunk::<8>();
            aside.keys.push(Key {
                citation: piece.citation,
                hash: first.copied().map_or(0, u64::from_be_bytes),
                at: aside.in_file + begun as u64,
                len: u32::try_from(aside.held.len() - begun).map_err(io::Error::other)?,
            });
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
            aside.in_file += aside.held.len() as u64;
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

    /// Gives them by their citations, of which `rank` knows the order, and then by a hash of their words.
    pub(super) fn each_by<E: From<io::Error>>(
        &mut self,
        theme: usize,
        rank: &[u32],
        mut each: impl FnMut(Piece) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(aside) = self.themes.get_mut(theme) else {
            return Ok(());
        };
        let place = |citation: u32| {
            let of = usize::try_from(citation).ok().and_then(|n| rank.get(n));
            of.copied().unwrap_or(u32::MAX)
        };
        aside
            .keys
            .sort_unstable_by_key(|key| (place(key.citation), key.hash, key.at));
        let aside = &self.themes[theme];
        // One that is not too large is read at a stroke, another quote by quote.
        let mut whole = Vec::new();
        if aside.in_file <= WHOLE {
            for (place, len) in &aside.written {
                if let Some(file) = &mut self.file {
                    let begun = whole.len();
                    whole.resize(begun + len, 0);
                    file.seek(SeekFrom::Start(*place))?;
                    file.read_exact(&mut whole[begun..])?;
                }
            }
        }
        let torn = || io::Error::new(io::ErrorKind::UnexpectedEof, "a quote set aside is torn");
        let slice = |bytes: &[u8], at: u64, len: usize| -> Result<Vec<u8>, io::Error> {
            let at = usize::try_from(at).map_err(io::Error::other)?;
            let found = bytes.get(at..).and_then(|rest| rest.get(..len));
            found.map(<[u8]>::to_vec).ok_or_else(torn)
        };
        for key in &aside.keys {
            let len = usize::try_from(key.len).map_err(io::Error::other)?;
            let bytes = if key.at >= aside.in_file {
                slice(&aside.held, key.at - aside.in_file, len)?
            } else if aside.in_file <= WHOLE {
                slice(&whole, key.at, len)?
            } else {
                let mut before = 0;
                let chunk = aside.written.iter().find(|(_, size)| {
                    let within = key.at < before + *size as u64;
                    before += if within { 0 } else { *size as u64 };
                    within
                });
                let (place, _) = chunk.ok_or_else(torn)?;
                let file = self.file.as_mut().ok_or_else(torn)?;
                let mut bytes = vec![0; len];
                file.seek(SeekFrom::Start(place + key.at - before))?;
                file.read_exact(&mut bytes)?;
                bytes
            };
            pieces(&bytes, &mut each)?;
        }
        Ok(())
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

    proptest! {
        /// In whatever order they came.
        #[test]
        fn sorted_quotes_come_back_alike(
            mut all in prop::collection::vec((0_usize..2, 0_u32..4, "[ab]{0,9}"), 0..60),
            cap in 1_usize..80,
        ) {
            let back = |all: &[(usize, u32, String)]| {
                let folder = tempfile::tempdir().expect("a folder");
                let mut spill = Spill { sorted: true, ..Spill::with_cap(2, folder.path(), cap) };
                for (theme, citation, text) in all {
                    spill.push(*theme, Piece { citation: *citation, place: "", text }).expect("set aside");
                }
                let mut found = Vec::new();
                for theme in 0..2 {
                    spill
                        .each_by(theme, &[2, 0, 3, 1], |piece| {
                            found.push((theme, piece.citation, piece.text.to_owned()));
                            io::Result::Ok(())
                        })
                        .expect("read back");
                }
                found
            };
            let first = back(&all);
            prop_assert!(first.is_sorted_by_key(|(theme, citation, _)| (*theme, [2, 0, 3, 1][*citation as usize])));
            all.reverse();
            prop_assert_eq!(&first, &back(&all));
            let mut same = first;
            same.sort();
            all.sort();
            prop_assert_eq!(same, all);
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
