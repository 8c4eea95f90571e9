//! Searching bytes for what was erased without keeping what was erased: windows of sixteen bytes, known by a keyed hash.
//!
//! Of each window two things are kept: 22 bits of a quick mix, to pass over nearly every place of a file at once, and 16
//! bytes of a keyed blake3 that decide. Neither gives the words back. The key is made for one erase and goes with it.

use std::collections::HashSet;
use std::io::{self, Read};

/// Bytes in a window. A rest of the erased words is found if it is twice as long.
pub(super) const WINDOW: usize = 16;

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
        for window in text.as_bytes().chunks_exact(WINDOW) {
            // Blanks, zeros and rules stand everywhere.
            let letters = window
                .iter()
                .filter(|b| b.is_ascii_alphanumeric() || **b >= 0x80);
            if letters.count() * 2 < WINDOW {
                continue;
            }
            if let Ok(window) = <&[u8; WINDOW]>::try_from(window) {
                let at = quick(&self.key, window);
                self.quick[at >> 6] |= 1 << (at & 63);
                self.windows.insert(slow(&self.key, window));
            }
        }
    }

    /// Leaves out every window that stands in this text, which stays.
    pub(super) fn take_out(&mut self, text: &str) {
        let mut found = Vec::new();
        self.each_hit(text.as_bytes(), |hash| found.push(hash));
        for hash in found {
            self.windows.remove(&hash);
        }
    }

    fn each_hit(&self, bytes: &[u8], mut each: impl FnMut([u8; 16])) {
        if self.windows.is_empty() {
            return;
        }
        for window in bytes.windows(WINDOW) {
            let Ok(window) = <&[u8; WINDOW]>::try_from(window) else {
                continue;
            };
            let at = quick(&self.key, window);
            if self.quick[at >> 6] & (1 << (at & 63)) != 0 {
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
            self.each_hit(&buffer[..filled], |_| hits += 1);
            // A window may begin here and end in what is read next; one that was seen whole is not seen again.
            let rest = filled.min(WINDOW - 1);
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
    fn a_rest_twice_as_long_as_a_window_is_found_wherever_it_stands() {
        let probes = probes();
        for from in 0..SECRET.len() - 2 * WINDOW {
            let rest = &SECRET.as_bytes()[from..from + 2 * WINDOW];
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
        probes.take_out("She said: nobody may ever read that.");
        assert_eq!(probes.len(), before - 1);
        let bytes = probes.to_bytes();
        assert_eq!(Probes::from_bytes(&bytes), Some(probes));
        for n in 4..SECRET.len() {
            assert!(!bytes.windows(4).any(|w| w == &SECRET.as_bytes()[n - 4..n]));
        }
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
