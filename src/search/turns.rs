//! Sets of turns, by their ids.

use std::ops::Range;

use roaring::RoaringBitmap;

/// A set of turn ids: small for ranges, small for scattered ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TurnSet(RoaringBitmap);

impl TurnSet {
    pub fn new() -> Self {
        Self::default()
    }

    /// The ids of one range.
    pub fn from_range(range: Range<u32>) -> Self {
        Self::from_ranges(std::iter::once(range))
    }

    /// The ids in any of these ranges, which may overlap and stand in any order.
    pub fn from_ranges(ranges: impl IntoIterator<Item = Range<u32>>) -> Self {
        let mut set = RoaringBitmap::new();
        for range in ranges {
            set.insert_range(range);
        }
        Self(set)
    }

    pub fn insert(&mut self, turn: u32) {
        self.0.insert(turn);
    }

    pub fn contains(&self, turn: u32) -> bool {
        self.0.contains(turn)
    }

    pub fn len(&self) -> u64 {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ids, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter()
    }

    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.0 &= &other.0;
        self
    }

    #[must_use]
    pub fn or(mut self, other: &Self) -> Self {
        self.0 |= &other.0;
        self
    }

    #[must_use]
    pub fn and_not(mut self, other: &Self) -> Self {
        self.0 -= &other.0;
        self
    }

    /// How many ids two sets have in common, without making the set.
    pub fn common(&self, other: &Self) -> u64 {
        self.0.intersection_len(&other.0)
    }

    /// The set of ids that stand in ascending order, none twice.
    pub(super) fn from_ascending(turns: Vec<u32>) -> Self {
        let sorted = RoaringBitmap::from_sorted_iter(turns.iter().copied());
        Self(sorted.unwrap_or_else(|_| turns.into_iter().collect()))
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut set = self.0.clone();
        set.optimize();
        let mut bytes = Vec::with_capacity(set.serialized_size());
        // Writing to memory cannot fail.
        let _ = set.serialize_into(&mut bytes);
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> std::io::Result<Self> {
        RoaringBitmap::deserialize_from(bytes).map(Self)
    }
}

impl FromIterator<u32> for TurnSet {
    fn from_iter<I: IntoIterator<Item = u32>>(turns: I) -> Self {
        Self(turns.into_iter().collect())
    }
}

/// A set laid out for asking about millions of ids one by one: pages of 512 bits, those that are empty or full shared.
pub struct Bits {
    /// The page of each 512 ids.
    table: Vec<u32>,
    pages: Vec<[u64; WORDS]>,
}

const WORDS: usize = 8;
const PAGE: u32 = 512;
const EMPTY: u32 = 0;
const FULL: u32 = 1;

impl Bits {
    pub fn new(set: &TurnSet) -> Self {
        let pages = vec![[0; WORDS], [u64::MAX; WORDS]];
        let Some(highest) = set.0.max() else {
            return Self {
                table: Vec::new(),
                pages,
            };
        };
        let mut bits = Self {
            table: vec![EMPTY; (highest / PAGE) as usize + 1],
            pages,
        };
        // Read from the portable form, where dense parts stand as words already: asking a set of millions for its ranges
        // one by one takes longer than the search that it filters.
        let mut bytes = Vec::with_capacity(set.0.serialized_size());
        // Writing to memory cannot fail.
        let _ = set.0.serialize_into(&mut bytes);
        if bits.read(&bytes).is_none() {
            let mut ids = set.0.iter();
            while let Some(range) = ids.next_range() {
                bits.fill(*range.start(), *range.end());
            }
        }
        bits
    }

    /// Reads roaring's portable form (RoaringFormatSpec): a cookie, keys and cardinalities, and a container for each key:
    /// sorted numbers, runs, or 1,024 words. `None` for anything else.
    fn read(&mut self, bytes: &[u8]) -> Option<()> {
        const PLAIN: u32 = 12_346;
        const RUNS: u32 = 12_347;
        let u16_at = |at: usize| {
            Some(u32::from(u16::from_le_bytes(
                bytes.get(at..at + 2)?.try_into().ok()?,
            )))
        };
        let u32_at = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        let cookie = u32_at(0)?;
        let (size, flags, mut at) = if cookie == PLAIN {
            (u32_at(4)? as usize, None, 8)
        } else if cookie & 0xffff == RUNS {
            let size = (cookie >> 16) as usize + 1;
            (size, Some(4), 4 + size.div_ceil(8))
        } else {
            return None;
        };
        let heads = at;
        at += size * 4;
        if flags.is_none() || size >= 4 {
            at += size * 4; // where each container begins: they stand in order, so it is not needed
        }
        for n in 0..size {
            let base = u16_at(heads + n * 4)? << 16;
            let cardinality = u16_at(heads + n * 4 + 2)? + 1;
            let is_runs = match flags {
                Some(from) => bytes.get(from + n / 8)? >> (n % 8) & 1 == 1,
                None => false,
            };
            if is_runs {
                let runs = u16_at(at)?;
                at += 2;
                for _ in 0..runs {
                    let start = base + u16_at(at)?;
                    self.fill(start, start + u16_at(at + 2)?);
                    at += 4;
                }
            } else if cardinality <= 4096 {
                for _ in 0..cardinality {
                    let id = base + u16_at(at)?;
                    self.page((id / PAGE) as usize)[(id % PAGE / 64) as usize] |= 1 << (id % 64);
                    at += 2;
                }
            } else {
                for (page, part) in (base / PAGE..).zip(bytes.get(at..at + 8192)?.chunks_exact(64))
                {
                    if part.iter().all(|b| *b == 0) {
                        continue;
                    }
                    let words = self.page(page as usize);
                    for (word, eight) in words.iter_mut().zip(part.chunks_exact(8)) {
                        *word = u64::from_le_bytes(eight.try_into().ok()?);
                    }
                }
                at += 8192;
            }
        }
        Some(())
    }

    fn fill(&mut self, first: u32, last: u32) {
        for page in first / PAGE..=last / PAGE {
            let start = page * PAGE;
            let (from, to) = (
                first.max(start) - start,
                last.min(start + (PAGE - 1)) - start,
            );
            if (from, to) == (0, PAGE - 1) {
                self.table[page as usize] = FULL;
                continue;
            }
            let words = self.page(page as usize);
            for (n, word) in (0u32..).zip(words.iter_mut()) {
                let (low, high) = (from.max(n * 64), to.min(n * 64 + 63));
                if low <= high {
                    *word |= (u64::MAX >> (63 - (high - low))) << (low - n * 64);
                }
            }
        }
    }

    fn page(&mut self, page: usize) -> &mut [u64; WORDS] {
        if self.table[page] == EMPTY {
            // There are fewer pages than ids.
            self.table[page] = u32::try_from(self.pages.len()).unwrap_or(EMPTY);
            self.pages.push([0; WORDS]);
        }
        &mut self.pages[self.table[page] as usize]
    }

    pub fn contains(&self, turn: u32) -> bool {
        let Some(&page) = self.table.get((turn / PAGE) as usize) else {
            return false;
        };
        let word = self.pages[page as usize][(turn % PAGE / 64) as usize];
        word >> (turn % 64) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn ranges() -> impl Strategy<Value = Vec<Range<u32>>> {
        let near = (0u32..5000, 0u32..1500).prop_map(|(start, len)| start..start + len);
        let far = (0u32..u32::MAX - 2000, 0u32..3).prop_map(|(start, len)| start..start + len);
        prop::collection::vec(prop_oneof![4 => near, 1 => far], 0..8)
    }

    fn plain(ranges: &[Range<u32>]) -> BTreeSet<u32> {
        ranges.iter().cloned().flatten().collect()
    }

    #[test]
    fn the_highest_id() {
        let set: TurnSet = [u32::MAX, 0].into_iter().collect();
        let bits = Bits::new(&set);
        assert!(bits.contains(u32::MAX) && bits.contains(0) && !bits.contains(u32::MAX - 1));
        assert!(!Bits::new(&TurnSet::new()).contains(0));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn bits_are_the_set(ranges in ranges(), others in prop::collection::vec(any::<u32>(), 0..20)) {
            let set = TurnSet::from_ranges(ranges.clone());
            let bits = Bits::new(&set);
            let expected = plain(&ranges);
            for id in (0..7000).chain(others).chain(expected.iter().copied()) {
                prop_assert_eq!(bits.contains(id), expected.contains(&id));
            }
        }

        #[test]
        fn operations_are_those_of_sets(a in ranges(), b in ranges()) {
            let (x, y) = (TurnSet::from_ranges(a.clone()), TurnSet::from_ranges(b.clone()));
            let (a, b) = (plain(&a), plain(&b));
            let all = |set: TurnSet| -> Vec<u32> { set.iter().collect() };
            prop_assert_eq!(all(x.clone().and(&y)), a.intersection(&b).copied().collect::<Vec<_>>());
            prop_assert_eq!(all(x.clone().or(&y)), a.union(&b).copied().collect::<Vec<_>>());
            prop_assert_eq!(all(x.clone().and_not(&y)), a.difference(&b).copied().collect::<Vec<_>>());
            prop_assert_eq!(x.common(&y), a.intersection(&b).count() as u64);
            prop_assert_eq!(x.len(), a.len() as u64);
            prop_assert_eq!(TurnSet::from_bytes(&x.to_bytes()).expect("our own bytes"), x);
        }
    }
}
