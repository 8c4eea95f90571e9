//! Turn sets in a file beside the index, by key: which turns a theme is coded on, which are an interviewer's.
//!
//! The file is derived: when anything about it is wrong, it is made anew. It is written whole and put in place by one
//! rename; reading a set reads the directory and that set only. All numbers are little-endian:
//!
//! ```text
//! magic       8 bytes, with the format's number
//! head length u32
//! checksum    32 bytes, blake3 of the head
//! head        study (u32 length, UTF-8), fingerprint (the same), event i64, number of sets u32,
//!             per set, by key: kind u8, a u32, b u32, offset u64 from the head's end, length u64,
//!             16 bytes of its blake3
//! sets        roaring bitmaps in their portable form
//! ```

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::error::Error;
use super::index::Stamp;
use super::turns::TurnSet;

/// The file's usual name, in the index folder.
pub const FILE: &str = "sets.bin";

const MAGIC: [u8; 8] = *b"cbsets\x00\x01";
const FRONT: usize = 8 + 4 + 32;
/// Far above what a study of a million themes and coders needs; a longer head is a damaged one.
const LONGEST_HEAD: u32 = 1 << 28;

/// Which set: of what kind, and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub kind: u8,
    pub a: u32,
    pub b: u32,
}

#[derive(Clone, Copy)]
struct Entry {
    offset: u64,
    len: u64,
    sum: [u8; 16],
}

/// A file of turn sets, open for reading.
pub struct Sets {
    path: PathBuf,
    file: File,
    stamp: Stamp,
    /// Where the sets begin.
    base: u64,
    entries: BTreeMap<Key, Entry>,
}

impl Sets {
    /// Opens the file; `None` if it is missing, not ours, or its directory is damaged: then it is to be made anew.
    pub fn open(path: &Path) -> Result<Option<Self>, Error> {
        match Self::read(path) {
            Ok(sets) => Ok(sets),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::UnexpectedEof
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(Error::io(path, error)),
        }
    }

    fn read(path: &Path) -> io::Result<Option<Self>> {
        let mut file = File::open(path)?;
        let len = file.metadata()?.len();
        let mut front = [0; FRONT];
        file.read_exact(&mut front)?;
        let (magic, rest) = front.split_at(8);
        let (head_len, sum) = rest.split_at(4);
        let head_len = u32::from_le_bytes(head_len.try_into().unwrap_or_default());
        let base = FRONT as u64 + u64::from(head_len);
        if magic != MAGIC || head_len > LONGEST_HEAD || base > len {
            return Ok(None);
        }
        let mut head = vec![0; head_len as usize];
        file.read_exact(&mut head)?;
        if blake3::hash(&head).as_bytes() != sum {
            return Ok(None);
        }
        let Some((stamp, entries)) = read_head(&head) else {
            return Ok(None);
        };
        Ok(Some(Self {
            path: path.to_owned(),
            file,
            stamp,
            base,
            entries,
        }))
    }

    /// What the sets were made from.
    pub fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// The keys, ascending.
    pub fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        self.entries.keys().copied()
    }

    /// The set of a key; `None` if there is none, which is as good as an empty one.
    pub fn get(&self, key: Key) -> Result<Option<TurnSet>, Error> {
        let Some(entry) = self.entries.get(&key) else {
            return Ok(None);
        };
        let bytes = self.bytes(entry)?;
        let set = TurnSet::from_bytes(&bytes).map_err(|error| Error::damaged(&self.path, error))?;
        Ok(Some(set))
    }

    fn bytes(&self, entry: &Entry) -> Result<Vec<u8>, Error> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(self.base.saturating_add(entry.offset)))
            .map_err(|error| Error::io(&self.path, error))?;
        let mut bytes = Vec::new();
        file.take(entry.len)
            .read_to_end(&mut bytes)
            .map_err(|error| Error::io(&self.path, error))?;
        if bytes.len() as u64 == entry.len && checksum(&bytes) == entry.sum {
            Ok(bytes)
        } else {
            Err(Error::damaged(
                &self.path,
                "a turn set is not as it was written",
            ))
        }
    }
}

/// Writes a file with these sets; of a key that comes twice, the last. Empty sets are left out.
pub fn write(
    path: &Path,
    stamp: &Stamp,
    sets: impl IntoIterator<Item = (Key, TurnSet)>,
) -> Result<(), Error> {
    let mut bodies = BTreeMap::new();
    for (key, set) in sets {
        put(&mut bodies, key, &set);
    }
    write_bodies(path, stamp, &bodies)
}

/// Writes the file again with some sets changed; an empty set removes its key. `false` if there is no file of this
/// study to change, or it is damaged: then it is to be made anew.
pub fn update(
    path: &Path,
    stamp: &Stamp,
    changed: impl IntoIterator<Item = (Key, TurnSet)>,
) -> Result<bool, Error> {
    let Some(old) = Sets::open(path)? else {
        return Ok(false);
    };
    if old.stamp.study != stamp.study || old.stamp.fingerprint != stamp.fingerprint {
        return Ok(false);
    }
    let mut bodies = BTreeMap::new();
    for (key, entry) in &old.entries {
        match old.bytes(entry) {
            Ok(bytes) => bodies.insert(*key, bytes),
            Err(Error::Damaged { .. }) => return Ok(false),
            Err(error) => return Err(error),
        };
    }
    for (key, set) in changed {
        put(&mut bodies, key, &set);
    }
    // Some systems do not put a file in the place of one that is open.
    drop(old);
    write_bodies(path, stamp, &bodies)?;
    Ok(true)
}

fn put(bodies: &mut BTreeMap<Key, Vec<u8>>, key: Key, set: &TurnSet) {
    if set.is_empty() {
        bodies.remove(&key);
    } else {
        bodies.insert(key, set.to_bytes());
    }
}

fn write_bodies(path: &Path, stamp: &Stamp, bodies: &BTreeMap<Key, Vec<u8>>) -> Result<(), Error> {
    let fail = |error| Error::io(path, error);
    let head = head(stamp, bodies);
    let Some(head_len) = u32::try_from(head.len())
        .ok()
        .filter(|&len| len <= LONGEST_HEAD)
    else {
        return Err(fail(io::Error::other("too many turn sets")));
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let file = readable().tempfile_in(folder).map_err(fail)?;
    let mut out = BufWriter::new(file);
    let mut write_all = || {
        out.write_all(&MAGIC)?;
        out.write_all(&head_len.to_le_bytes())?;
        out.write_all(blake3::hash(&head).as_bytes())?;
        out.write_all(&head)?;
        for body in bodies.values() {
            out.write_all(body)?;
        }
        out.flush()
    };
    write_all().map_err(fail)?;
    let file = out.into_inner().map_err(|error| fail(error.into_error()))?;
    file.persist(path).map_err(|error| fail(error.error))?;
    Ok(())
}

/// A temporary file is private unless asked otherwise; the sets are for whoever may read the index.
fn readable() -> tempfile::Builder<'static, 'static> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "modes are a matter of Unix"))]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What the umask leaves of it, as with every file that is made.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder
}

fn checksum(bytes: &[u8]) -> [u8; 16] {
    let mut sum = [0; 16];
    sum.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    sum
}

fn head(stamp: &Stamp, bodies: &BTreeMap<Key, Vec<u8>>) -> Vec<u8> {
    let mut head = Vec::new();
    for text in [&stamp.study, &stamp.fingerprint] {
        // A uuid and a line of version numbers.
        head.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
        head.extend(text.as_bytes());
    }
    head.extend(stamp.event.to_le_bytes());
    head.extend(
        u32::try_from(bodies.len())
            .unwrap_or(u32::MAX)
            .to_le_bytes(),
    );
    let mut offset = 0u64;
    for (key, body) in bodies {
        let len = body.len() as u64;
        head.push(key.kind);
        head.extend(key.a.to_le_bytes());
        head.extend(key.b.to_le_bytes());
        head.extend(offset.to_le_bytes());
        head.extend(len.to_le_bytes());
        head.extend(checksum(body));
        offset += len;
    }
    head
}

fn read_head(mut head: &[u8]) -> Option<(Stamp, BTreeMap<Key, Entry>)> {
    let study = text(&mut head)?;
    let fingerprint = text(&mut head)?;
    let event = i64::from_le_bytes(number(&mut head)?);
    let count = u32::from_le_bytes(number(&mut head)?);
    let mut entries = BTreeMap::new();
    for _ in 0..count {
        let [kind] = number(&mut head)?;
        let key = Key {
            kind,
            a: u32::from_le_bytes(number(&mut head)?),
            b: u32::from_le_bytes(number(&mut head)?),
        };
        let entry = Entry {
            offset: u64::from_le_bytes(number(&mut head)?),
            len: u64::from_le_bytes(number(&mut head)?),
            sum: number(&mut head)?,
        };
        entries.insert(key, entry);
    }
    head.is_empty().then_some((
        Stamp {
            study,
            event,
            fingerprint,
        },
        entries,
    ))
}

fn number<const N: usize>(head: &mut &[u8]) -> Option<[u8; N]> {
    let (bytes, rest) = head.split_first_chunk::<N>()?;
    *head = rest;
    Some(*bytes)
}

fn text(head: &mut &[u8]) -> Option<String> {
    let len = u32::from_le_bytes(number(head)?) as usize;
    let (bytes, rest) = head.split_at_checked(len)?;
    *head = rest;
    String::from_utf8(bytes.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(kind: u8, a: u32, b: u32) -> Key {
        Key { kind, a, b }
    }

    fn set(ids: &[u32]) -> TurnSet {
        ids.iter().copied().collect()
    }

    fn open(path: &Path) -> Sets {
        Sets::open(path).expect("readable").expect("our own file")
    }

    fn example(path: &Path) {
        let sets = [
            (key(2, 0, 0), (0..70_000).collect()),
            (key(1, 9, 1), set(&[1, 5, 900_000])),
            (key(1, 9, 2), TurnSet::new()),
            (key(1, 3, 4), set(&[u32::MAX])),
        ];
        write(path, &Stamp::new("study", 12), sets).expect("written");
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE);
        assert!(Sets::open(&path).expect("readable").is_none());
        example(&path);
        let sets = open(&path);
        assert_eq!(*sets.stamp(), Stamp::new("study", 12));
        let keys = [key(1, 3, 4), key(1, 9, 1), key(2, 0, 0)];
        assert_eq!(sets.keys().collect::<Vec<_>>(), keys);
        assert_eq!(
            sets.get(keys[1]).expect("readable"),
            Some(set(&[1, 5, 900_000]))
        );
        assert_eq!(sets.get(key(1, 9, 2)).expect("readable"), None);
        let all = sets.get(keys[2]).expect("readable").expect("a set");
        assert_eq!(all.len(), 70_000);
        let len = std::fs::metadata(&path).expect("a file").len();
        assert!(len < 600, "a range is small: {len}");
    }

    #[test]
    fn some_sets_change_and_the_others_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE);
        let later = Stamp::new("study", 13);
        assert!(!update(&path, &later, []).expect("nothing to change"));
        example(&path);
        assert!(!update(&path, &Stamp::new("other", 13), []).expect("another study"));
        let changed = [(key(1, 3, 4), TurnSet::new()), (key(1, 9, 2), set(&[7]))];
        assert!(update(&path, &later, changed).expect("changed"));
        let sets = open(&path);
        assert_eq!(*sets.stamp(), later);
        let keys = [key(1, 9, 1), key(1, 9, 2), key(2, 0, 0)];
        assert_eq!(sets.keys().collect::<Vec<_>>(), keys);
        assert_eq!(sets.get(keys[1]).expect("readable"), Some(set(&[7])));
        assert_eq!(
            sets.get(keys[2]).expect("readable").map(|all| all.len()),
            Some(70_000)
        );
        let left = std::fs::read_dir(folder.path())
            .expect("the folder")
            .count();
        assert_eq!(left, 1, "no temporary file stays");
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE);
        example(&path);
        let bytes = std::fs::read(&path).expect("a file");
        let whole = || -> Result<bool, Error> {
            let Some(sets) = Sets::open(&path)? else {
                return Ok(false);
            };
            for key in sets.keys() {
                sets.get(key)?;
            }
            Ok(true)
        };
        assert!(whole().expect("sound"));
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 0x10;
            std::fs::write(&path, &other).expect("a changed file");
            assert!(!matches!(whole(), Ok(true)), "byte {at}");
            std::fs::write(&path, &bytes[..at]).expect("a shorter file");
            assert!(!matches!(whole(), Ok(true)), "cut at {at}");
        }
        std::fs::write(&path, &bytes[..bytes.len() - 1]).expect("a shorter file");
        assert!(matches!(whole(), Err(Error::Damaged { .. })));
        assert!(!update(&path, &Stamp::new("study", 13), []).expect("damaged: made anew"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn any_sets_come_back(
            sets in prop::collection::btree_map(
                (0u8..3, 0u32..5, any::<u32>()),
                prop::collection::btree_set(any::<u32>(), 1..50),
                0..12,
            ),
        ) {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join(FILE);
            let sets: BTreeMap<Key, TurnSet> = sets
                .into_iter()
                .map(|((kind, a, b), ids)| (key(kind, a, b), ids.into_iter().collect()))
                .collect();
            write(&path, &Stamp::new("study", -1), sets.clone()).expect("written");
            let read = open(&path);
            prop_assert_eq!(read.keys().collect::<Vec<_>>(), sets.keys().copied().collect::<Vec<_>>());
            for (key, set) in sets {
                prop_assert_eq!(read.get(key).expect("readable"), Some(set));
            }
        }

        #[test]
        fn any_bytes_are_read_or_not(bytes in prop::collection::vec(any::<u8>(), 0..200), ours in any::<bool>()) {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join(FILE);
            let mut bytes = bytes;
            if ours && bytes.len() >= 8 {
                bytes[..8].copy_from_slice(&MAGIC);
            }
            std::fs::write(&path, &bytes).expect("a file");
            prop_assert!(Sets::open(&path).expect("readable").is_none());
        }
    }
}
