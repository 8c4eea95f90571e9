//! Searching bytes for what was erased without keeping what was erased: windows of sixteen bytes, known by a keyed hash.
//!
//! Windows begin behind a space, or behind one of two bytes that stand often in what is written without spaces: only there
//! is a file looked at closely. One that lies within a word is none: words are looked for in the index's dictionary.
//!
//! Of each window two things are kept: 22 bits of a quick mix, to pass over nearly every place of a file at once, and 16
//! bytes of a keyed blake3 that decide. Neither gives the words back. The key is made for one erase and goes with it.

use std::collections::HashSet;
use std::io::{self, Read};

/// Bytes in a window. A rest of the erased words is found if it is three times as long, begins with a word and has no
/// longer word in it.
pub(super) const WINDOW: usize = 16;

/// The places behind which windows begin.
fn anchors(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    memchr::memchr3_iter(b' ', 0x81, 0x82, bytes).map(|at| at + 1)
}

/// Whether a window says something: blanks, zeros and rules stand everywhere, and a piece of one word is in a dictionary.
fn says(window: &[u8]) -> bool {
    let letters = window
        .iter()
        .filter(|b| b.is_ascii_alphanumeric() || **b >= 0x80)
        .count();
    let one_word = window
        .iter()
        .all(|b| b.is_ascii_alphanumeric() || (0x80..0xe0).contains(b));
    letters * 2 >= WINDOW && !one_word
}

/// Bits of the quick mix.
const BITS: u32 = 22;

/// What is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Probes {
    key: [u8; 32],
    windows: HashSet<[u8; 16]>,
    quick: Vec<u64>,
}

impl Probes {
    /// None yet; `key` is random.
    pub(super) fn new(key: [u8; 32]) -> Self {
        Self {
            key,
            windows: HashSet::new(),
            quick: vec![0; 1 << (BITS - 6)],
        }
    }

    pub(super) fn len(&self) -> usize {
        self.windows.len()
    }

    /// Takes in the windows of a text, one behind the other.
    pub(super) fn add(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut free = 0;
        for at in anchors(bytes) {
            if at < free {
                continue;
            }
            let Some(window) = bytes[at..].first_chunk::<WINDOW>() else {
                return;
            };
            if says(window) {
                let mark = quick(&self.key, window);
                self.quick[mark >> 6] |= 1 << (mark & 63);
                self.windows.insert(slow(&self.key, window));
                free = at + WINDOW;
            }
        }
    }

    /// Leaves out every window that stands in this text, which stays.
    pub(super) fn take_out(&mut self, text: &str) {
        let mut found = Vec::new();
        // What stands before a text in a file is anything.
        if let Some(window) = text.as_bytes().first_chunk::<WINDOW>() {
            found.push(slow(&self.key, window));
        }
        self.each_hit(text.as_bytes(), |hash| found.push(hash));
        for hash in found {
            self.windows.remove(&hash);
        }
    }

    /// In how many places of this something stands that was erased.
    pub(super) fn count(&self, bytes: &[u8]) -> usize {
        let mut hits = 0;
        self.each_hit(bytes, |_| hits += 1);
        hits
    }

    fn each_hit(&self, bytes: &[u8], mut each: impl FnMut([u8; 16])) {
        if self.windows.is_empty() {
            return;
        }
        for at in anchors(bytes) {
            let Some(window) = bytes[at..].first_chunk::<WINDOW>() else {
                return;
            };
            let mark = quick(&self.key, window);
            if self.quick[mark >> 6] & (1 << (mark & 63)) != 0 {
                let hash = slow(&self.key, window);
                if self.windows.contains(&hash) {
                    each(hash);
                }
            }
        }
    }

    /// How many bytes a file has, and in how many places of it something stands that was erased.
    pub(super) fn search(&self, mut file: impl Read) -> io::Result<(u64, usize)> {
        let mut buffer = vec![0; 1 << 20];
        let (mut kept, mut bytes, mut hits) = (0, 0, 0);
        loop {
            let n = file.read(&mut buffer[kept..])?;
            if n == 0 {
                return Ok((bytes, hits));
            }
            bytes += n as u64;
            let filled = kept + n;
            hits += self.count(&buffer[..filled]);
            // A window may begin here and end in what is read next; one that was seen whole, with what stands before it, is
            // not seen again.
            let rest = filled.min(WINDOW);
            buffer.copy_within(filled - rest..filled, 0);
            kept = rest;
        }
    }

    /// As it is kept in the study until the erase is done.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut sorted: Vec<&[u8; 16]> = self.windows.iter().collect();
        sorted.sort_unstable();
        let marks: Vec<usize> = (0..1 << BITS)
            .filter(|at| self.quick[at >> 6] & (1 << (at & 63)) != 0)
            .collect();
        let mut out = self.key.to_vec();
        out.extend(
            u32::try_from(sorted.len())
                .unwrap_or(u32::MAX)
                .to_le_bytes(),
        );
        out.extend(sorted.into_iter().flatten());
        for at in marks {
            out.extend(u32::try_from(at).unwrap_or_default().to_le_bytes());
        }
        out
    }

    /// Reads what [`Probes::to_bytes`] wrote; none where it is something else.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (key, rest) = bytes.split_first_chunk::<32>()?;
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let split = usize::try_from(u32::from_le_bytes(*count))
            .ok()?
            .checked_mul(16)?;
        let (windows, marks) = rest.split_at_checked(split)?;
        let mut probes = Self::new(*key);
        probes.windows = windows
            .chunks_exact(16)
            .filter_map(|w| <[u8; 16]>::try_from(w).ok())
            .collect();
        for mark in marks.chunks_exact(4) {
            let at = usize::try_from(u32::from_le_bytes(mark.try_into().ok()?)).ok()?;
            *probes.quick.get_mut(at >> 6)? |= 1 << (at & 63);
        }
        Some(probes)
    }
}

fn quick(key: &[u8; 32], window: &[u8; WINDOW]) -> usize {
    let half = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap_or_default());
    let a = half(&window[..8]) ^ half(&key[..8]);
    let b = half(&window[8..]) ^ half(&key[8..16]);
    let mixed = (a.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ b.rotate_left(29))
        .wrapping_mul(0xbf58_476d_1ce4_e5b9);
    usize::try_from(mixed >> (64 - BITS)).unwrap_or_default()
}

fn slow(key: &[u8; 32], window: &[u8; WINDOW]) -> [u8; 16] {
    let hash = blake3::keyed_hash(key, window);
    let mut short = [0; 16];
    short.copy_from_slice(&hash.as_bytes()[..16]);
    short
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: &str = "nobody may ever read again what was said here that day";

    fn probes() -> Probes {
        let mut probes = Probes::new([7; 32]);
        probes.add(SECRET);
        probes
    }

    #[test]
    fn a_rest_three_times_as_long_as_a_window_is_found_wherever_it_stands() {
        let long = format!("{SECRET}, and none of us can say that it was not so in the end");
        let mut probes = Probes::new([7; 32]);
        probes.add(&long);
        let words = long.match_indices(' ').map(|(at, _)| at);
        for from in words.take_while(|at| at + 3 * WINDOW < long.len()) {
            let rest = &long.as_bytes()[from..from + 3 * WINDOW];
            for at in [0, 5, (1 << 20) - 7, 1 << 20] {
                let mut file = vec![b'.'; at];
                file.extend(rest);
                file.extend([b'.'; 40]);
                let (bytes, hits) = probes.search(file.as_slice()).expect("read");
                assert_eq!(bytes, file.len() as u64);
                assert!(hits > 0, "from {from} at {at}");
            }
        }
        assert_eq!(
            probes
                .search(&b"nothing of the kind stands in here, of course"[..])
                .expect("read")
                .1,
            0
        );
    }

    #[test]
    fn what_stays_is_no_sign_and_nothing_can_be_read() {
        let mut probes = probes();
        let before = probes.len();
        probes.take_out("She said: nobody may ever read again.");
        assert_eq!(probes.len(), before - 1);
        // A text that begins with it, whatever stands before that in a file.
        probes.take_out("what was said here and there");
        assert_eq!(probes.len(), before - 2);
        let bytes = probes.to_bytes();
        assert_eq!(Probes::from_bytes(&bytes), Some(probes));
        for n in 4..SECRET.len() {
            assert!(!bytes.windows(4).any(|w| w == &SECRET.as_bytes()[n - 4..n]));
        }
    }

    #[test]
    fn one_word_is_no_sign() {
        let mut probes = Probes::new([7; 32]);
        probes.add("an interdisciplinarily");
        probes.add("eine Gesundheitsf\u{f6}rderung");
        assert_eq!(probes.len(), 0);
        // A language without spaces has windows all the same.
        probes.add(&"\u{6211}\u{4eec}\u{53bb}\u{5e74}\u{6ca1}\u{6709}\u{62a4}\u{58eb}\u{3002}\u{4eca}\u{5e74}\u{4e5f}\u{6ca1}\u{6709}\u{62a4}\u{58eb}\u{3002}".repeat(2));
        assert!(probes.len() > 0);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Some(probes) = Probes::from_bytes(&bytes) {
                prop_assert!(probes.search(SECRET.as_bytes()).is_ok());
            }
        }
    }
}
