//! What fuzzing found and what it kept, read again by every reader, and as many new cases as there is time for: the
//! same on every run, so that a failure can be had again. `tests/fuzz/checks.rs` says what must hold.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use checks::parts;
use checks::{Form, READERS, Reader};

use crate::harness::root;

#[path = "../fuzz/checks.rs"]
#[expect(unreachable_pub, reason = "the fuzz targets see it as a library")]
mod checks;

/// New cases for each reader, and their greatest length.
const CASES: u32 = 600;
const LENGTH: usize = 16_384;

/// One test for each reader, so that they run side by side.
macro_rules! replayed {
    ($($reader:ident)*) => {
        const REPLAYED: &[&str] = &[$(stringify!($reader)),*];
        $(
            #[test]
            fn $reader() {
                replay(stringify!($reader));
            }
        )*
    };
}

replayed! { txt encoding vtt srt sbv lrc json csv xlsx ods docx odt epub zip html rtf pdf sheet revised }

#[test]
fn every_target_is_replayed_and_every_corpus_has_a_target() {
    let readers: Vec<&str> = READERS.iter().map(|reader| reader.name).collect();
    assert_eq!(readers, REPLAYED);
    let fuzz = root().join("tests/fuzz");
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).expect("the manifest");
    for reader in &readers {
        assert!(
            manifest.contains(&format!("path = \"targets/{reader}.rs\"")),
            "`{reader}` is no target"
        );
    }
    for folder in ["corpus", "regressions"] {
        for path in files(&fuzz.join(folder), false) {
            let name = name(&path);
            let target = name.split('.').next().unwrap_or_default();
            assert!(
                readers.contains(&target) || name == "README.md",
                "`{folder}/{name}` has no target"
            );
        }
    }
}

/// A file name without its folder.
fn name(path: &Path) -> String {
    path.file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned()
}

/// What is in a folder, sorted; with all that is below it, if `deep`. A folder that is not there is empty.
fn files(folder: &Path, deep: bool) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    if !deep {
        return paths;
    }
    paths
        .into_iter()
        .flat_map(|path| {
            if path.is_dir() {
                files(&path, true)
            } else {
                vec![path]
            }
        })
        .collect()
}

fn replay(target: &str) {
    let reader = READERS
        .iter()
        .find(|reader| reader.name == target)
        .expect("a reader");
    let fuzz = root().join("tests/fuzz");
    let mut seeds = Vec::new();
    for path in files(&fuzz.join("regressions").join(target), true) {
        let name = format!("regressions/{target}/{}", name(&path));
        seeds.push((name, fs::read(&path).expect("a finding")));
    }
    let corpus = fuzz.join(format!("corpus/{target}.txt"));
    let corpus = fs::read_to_string(&corpus).expect("every target has a corpus");
    for (line, input) in (1..).zip(corpus.lines()) {
        seeds.push((format!("corpus/{target}.txt:{line}"), unescape(input)));
    }
    seeds.extend(fixtures(reader));
    for (name, bytes) in &seeds {
        run(target, name, bytes);
    }
    let seeds: Vec<&[u8]> = seeds.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    let mut dice = Dice(u64::from(CASES));
    for case in 0..CASES {
        run(
            target,
            &format!("new case {case}"),
            &change(&mut dice, &seeds),
        );
    }
}

/// An input of a kept corpus: `\n` and `\xNN` stand for what can't be seen.
fn unescape(line: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(line.len());
    let mut rest = line.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        rest = behind;
        if first != b'\\' {
            bytes.push(first);
            continue;
        }
        if let Some(behind) = rest.strip_prefix(b"n") {
            bytes.push(b'\n');
            rest = behind;
        } else {
            let digits = rest
                .get(1..3)
                .and_then(|digits| str::from_utf8(digits).ok());
            let digits = digits.filter(|_| rest[0] == b'x');
            let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            bytes.push(byte.expect("run.sh writes `\\n` and `\\xNN` only"));
            rest = &rest[3..];
        }
    }
    bytes
}

#[test]
fn a_kept_input_is_what_it_was() {
    assert_eq!(unescape(r"a\n\x00\x5cn\xff~"), b"a\n\0\\n\xff~");
}

/// Checks one input, and says which it was if something does not hold.
fn run(target: &str, name: &str, bytes: &[u8]) {
    if catch_unwind(AssertUnwindSafe(|| checks::check(target, bytes))).is_err() {
        let shown = &bytes[..bytes.len().min(2 * LENGTH)];
        panic!("`{target}`, {name}: \"{}\"", shown.escape_ascii());
    }
}

/// The import fixtures of a reader's format, as its target takes them.
fn fixtures(reader: &Reader) -> Vec<(String, Vec<u8>)> {
    files(&root().join("fixtures/import"), false)
        .into_iter()
        .filter(|path| {
            let ending = path.extension().and_then(|ending| ending.to_str());
            ending.is_some_and(|ending| reader.seeds.contains(&ending))
        })
        .map(|path| {
            let bytes = if path.is_dir() {
                let parts: Vec<(String, Vec<u8>)> = files(&path, true)
                    .iter()
                    .map(|part| {
                        let inside = part.strip_prefix(&path).expect("inside");
                        (
                            inside.to_string_lossy().replace('\\', "/"),
                            fs::read(part).expect("a part"),
                        )
                    })
                    .collect();
                match reader.form {
                    Form::Parts(_) => join(&parts),
                    _ => parts::zip_of(&parts),
                }
            } else {
                fs::read(&path).expect("a fixture")
            };
            (name(&path), bytes)
        })
        .collect()
}

/// A text of parts, as `parts.rs` takes it apart.
fn join(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (path, content) in parts {
        if !out.is_empty() && !out.ends_with(b"\n") {
            out.push(b'\n');
        }
        out.extend_from_slice(b"--- ");
        out.extend_from_slice(path.as_bytes());
        out.push(b'\n');
        out.extend_from_slice(content);
    }
    out
}

/// Numbers that look random and are the same on every run (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `n`; 0 if there is nothing below it.
    fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n.max(1)).expect("64 bits");
        usize::try_from(self.next() % n).expect("less than a length")
    }

    fn range(&mut self, length: usize, most: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        start..(start + self.below(most + 1)).min(length)
    }
}

/// Pieces that readers look for, of all formats: a reader must bear the marks of the others.
const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "  ",
    "\u{a0}",
    "\u{2028}",
    "\u{200f}",
    "\u{feff}",
    "\0",
    ":",
    "：",
    "Ada: ",
    "**Ben:** ",
    "INT: ",
    "Ada  0:22\n",
    "[00:01:00] ",
    "00:00:01.000 --> 00:00:02.000\n",
    "WEBVTT\n\n",
    "<v Ada>",
    "</v>",
    "{\\an8}",
    "&amp;",
    "&#xD800;",
    "# ",
    "---\n",
    "- ",
    "é",
    "采",
    "😀",
    checks::SAID,
    "<",
    ">",
    "/>",
    "</",
    "\"",
    "<w:p>",
    "</w:p>",
    "<w:tc>",
    "<w:del>",
    "--- word/document.xml\n",
    "PK\u{3}\u{4}",
];

/// A seed with a few changes.
fn change(dice: &mut Dice, seeds: &[&[u8]]) -> Vec<u8> {
    let mut bytes = seeds
        .get(dice.below(seeds.len()))
        .map_or_else(Vec::new, |seed| seed.to_vec());
    bytes.truncate(LENGTH);
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(7) {
            0 if !bytes.is_empty() => {
                let at = dice.below(bytes.len());
                bytes[at] ^= 1 << dice.below(8);
            }
            1 => {
                let range = dice.range(bytes.len(), 40);
                bytes.drain(range);
            }
            2 => {
                let range = dice.range(bytes.len(), 80);
                let again = bytes[range].to_vec();
                bytes.splice(at..at, again);
            }
            3 => {
                let other = seeds
                    .get(dice.below(seeds.len()))
                    .copied()
                    .unwrap_or_default();
                let range = dice.range(other.len(), 200);
                bytes.splice(at..at, other[range].iter().copied());
            }
            4 => {
                bytes.truncate(at);
            }
            _ => {
                let piece = PIECES[dice.below(PIECES.len())];
                bytes.splice(at..at, piece.bytes());
            }
        }
    }
    bytes.truncate(LENGTH);
    bytes
}
