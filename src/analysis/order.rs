//! One order for things that come in several orders: questions as interviews ask them.

use std::collections::{HashMap, HashSet};

/// What each sequence holds, once each: in the order of the first sequence; what a later one adds stands behind what
/// stands before it there, or before what follows it there, or at the end.
pub fn merged<'k>(sequences: impl IntoIterator<Item = Vec<&'k str>>) -> Vec<&'k str> {
    let mut all = Chain::default();
    for sequence in sequences {
        // What comes back stands where it came first.
        let mut seen = HashSet::new();
        let sequence: Vec<&str> = sequence.into_iter().filter(|k| seen.insert(*k)).collect();
        let mut before: Option<usize> = None;
        for (n, key) in sequence.iter().enumerate() {
            if let Some(place) = all.places.get(key) {
                before = Some(*place);
                continue;
            }
            let behind = before.or_else(|| {
                let next = sequence[n + 1..].iter().find_map(|k| all.places.get(k))?;
                Some(all.links[*next].0)
            });
            before = Some(all.insert(key, behind.unwrap_or(all.links[END].0)));
        }
    }
    let mut found = Vec::with_capacity(all.keys.len());
    let mut at = all.links[END].1;
    while at != END {
        found.push(all.keys[at]);
        at = all.links[at].1;
    }
    found
}

/// The place before the first and behind the last.
const END: usize = 0;

/// Keys as a ring of links: one is put between two others without moving the rest.
struct Chain<'k> {
    keys: Vec<&'k str>,
    /// The places before and behind each.
    links: Vec<(usize, usize)>,
    places: HashMap<&'k str, usize>,
}

impl Default for Chain<'_> {
    fn default() -> Self {
        Self {
            keys: vec![""],
            links: vec![(END, END)],
            places: HashMap::new(),
        }
    }
}

impl<'k> Chain<'k> {
    fn insert(&mut self, key: &'k str, behind: usize) -> usize {
        let new = self.keys.len();
        let next = self.links[behind].1;
        self.keys.push(key);
        self.links.push((behind, next));
        self.links[behind].1 = new;
        self.links[next].0 = new;
        self.places.insert(key, new);
        new
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_later_one_adds_finds_its_place() {
        for (sequences, expected) in [
            (vec!["1 2 3"], "1 2 3"),
            (vec!["1 3", "1 2 3"], "1 2 3"),
            (vec!["2 3", "1 2"], "1 2 3"),
            (vec!["1 2", "7 8"], "1 2 7 8"),
            (vec!["1 2", "8 9 2"], "1 8 9 2"),
            (vec!["2 1", "1 2"], "2 1"),
            (vec!["1 1 2", "", "2 3"], "1 2 3"),
            (vec![], ""),
        ] {
            let all = sequences.iter().map(|s| s.split_whitespace().collect());
            assert_eq!(merged(all).join(" "), expected, "{sequences:?}");
        }
    }

    proptest! {
        #[test]
        fn each_stands_once_and_the_first_keeps_its_order(sequences in proptest::collection::vec(proptest::collection::vec("[a-h]", 0..6), 0..5)) {
            let all = merged(sequences.iter().map(|s| s.iter().map(String::as_str).collect()));
            let mut sorted = all.clone();
            sorted.sort_unstable();
            let mut there: Vec<&str> = sequences.iter().flatten().map(String::as_str).collect();
            there.sort_unstable();
            there.dedup();
            prop_assert_eq!(sorted, there);
            if let Some(first) = sequences.first() {
                let mut seen: Vec<&str> = Vec::new();
                for key in first {
                    if !seen.contains(&key.as_str()) {
                        seen.push(key);
                    }
                }
                let kept: Vec<&str> = all.into_iter().filter(|k| seen.contains(k)).collect();
                prop_assert_eq!(kept, seen);
            }
        }
    }
}
