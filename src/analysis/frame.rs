//! What a cell of the frame rests on, as a number and a digest that don't depend on the order in which they were made:
//! so the bases of parts add up to the basis of the whole, and what came or went can be added or taken away.

/// How many things lie below a cell, and the sum of their hashes (wrapping).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Basis {
    pub below: i64,
    sum: u128,
}

impl Basis {
    /// The basis that was stored: its number and the bytes of its digest. Bytes of another length are no digest, and
    /// the basis equals none that is reckoned.
    pub fn stored(below: i64, digest: &[u8]) -> Option<Self> {
        Some(Self {
            below,
            sum: u128::from_le_bytes(digest.try_into().ok()?),
        })
    }

    /// The digest as it is stored.
    pub fn digest(self) -> [u8; 16] {
        self.sum.to_le_bytes()
    }

    /// One more thing: of a coding its lasting id, its length in code points and the last event that changed its words;
    /// of a cell its lasting id and the event that wrote it.
    pub fn add(&mut self, uuid: [u8; 16], number: i64, reworded: Option<i64>) {
        self.below += 1;
        self.sum = self.sum.wrapping_add(hash(uuid, number, reworded));
    }

    /// One thing less.
    pub fn take(&mut self, uuid: [u8; 16], number: i64, reworded: Option<i64>) {
        self.below -= 1;
        self.sum = self.sum.wrapping_sub(hash(uuid, number, reworded));
    }

    /// All of another basis, which shares nothing with this one.
    pub fn join(&mut self, other: Self) {
        self.below += other.below;
        self.sum = self.sum.wrapping_add(other.sum);
    }
}

/// What was never reworded is hashed without an event: so the two can't be taken for one another.
fn hash(uuid: [u8; 16], number: i64, reworded: Option<i64>) -> u128 {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(&uuid);
    bytes[16..24].copy_from_slice(&number.to_le_bytes());
    let length = match reworded {
        None => 24,
        Some(event) => {
            bytes[24..].copy_from_slice(&event.to_le_bytes());
            32
        }
    };
    let mut sum = [0; 16];
    sum.copy_from_slice(&blake3::hash(&bytes[..length]).as_bytes()[..16]);
    u128::from_le_bytes(sum)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Thing = ([u8; 16], i64, Option<i64>);

    fn of(things: &[Thing]) -> Basis {
        let mut basis = Basis::default();
        for (uuid, number, reworded) in things {
            basis.add(*uuid, *number, *reworded);
        }
        basis
    }

    #[test]
    fn one_length_one_id_or_other_words_make_the_difference() {
        let one = of(&[([1; 16], 5, None)]);
        assert_ne!(one, of(&[([1; 16], 6, None)]));
        assert_ne!(one, of(&[([2; 16], 5, None)]));
        assert_ne!(one, of(&[([1; 16], 5, Some(0))]));
        assert_ne!(of(&[([1; 16], 5, Some(7))]), of(&[([1; 16], 5, Some(8))]));
        assert_ne!(one, of(&[]));
        assert_eq!(Basis::stored(1, &[0; 3]), None);
    }

    proptest! {
        #[test]
        fn order_does_not_matter_and_parts_add_up(things in proptest::collection::vec((any::<[u8; 16]>(), 0i64..500, proptest::option::of(0i64..9)), 0..12), cut in 0usize..12, turn in 0usize..12) {
            let whole = of(&things);
            let mut turned = things.clone();
            turned.rotate_left(turn.min(things.len()));
            turned.reverse();
            prop_assert_eq!(whole, of(&turned));
            let (a, b) = things.split_at(cut.min(things.len()));
            let mut joined = of(a);
            joined.join(of(b));
            prop_assert_eq!(whole, joined);
            for (uuid, number, reworded) in b {
                joined.take(*uuid, *number, *reworded);
            }
            prop_assert_eq!(joined, of(a));
            prop_assert_eq!(Basis::stored(whole.below, &whole.digest()), Some(whole));
        }
    }
}
