//! Tables whose cells add up: a circulation from the column of totals through rows and columns to the row of totals and
//! back. Each number is an arc; hidden ones can be more or less, printed ones can't. How much more or less a number can
//! be is the largest flow between its ends through the other hidden ones.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::{Hidden, Place, Table, at, flag, is_hidden, places, wide_enough};

/// Larger than any count.
const ANY: u64 = u64::MAX / 4;

struct Arc {
    place: Place,
    from: usize,
    to: usize,
    value: u64,
    hidden: bool,
    /// What it costs to hide it.
    cost: u64,
}

struct Network {
    arcs: Vec<Arc>,
    /// Of each node, the arcs that leave it and, marked, those that come in.
    at_node: Vec<Vec<(usize, bool)>>,
}

/// Hides as much besides as it takes for every small number.
pub(super) fn protect(table: &Table, hidden: &mut Hidden, small: &[Place], k: u64) {
    let mut network = Network::of(table, hidden);
    for place in small {
        let Some(arc) = network.arcs.iter().position(|arc| arc.place == *place) else {
            continue;
        };
        if !network.is_safe(arc, k) {
            network.widen(arc, k);
        }
    }
    for arc in &network.arcs {
        if arc.hidden {
            *flag(hidden, arc.place) = true;
        }
    }
}

impl Network {
    fn of(table: &Table, hidden: &Hidden) -> Self {
        let (rows, cols) = (table.row_totals.len(), table.col_totals.len());
        let (row_of_totals, col_of_totals) = (rows + cols, rows + cols + 1);
        let mut at_node = vec![Vec::new(); rows + cols + 2];
        let mut arcs = Vec::new();
        for place in places(table) {
            let (i, j) = place;
            let value = at(table, place);
            // What is 0 stays 0, and is printed.
            if value == 0 {
                continue;
            }
            let (from, to, base) = match (i < rows, j < cols) {
                (true, true) => (i, rows + j, 1),
                (true, false) => (col_of_totals, i, 10_000),
                (false, true) => (rows + j, row_of_totals, 10_000),
                (false, false) => (row_of_totals, col_of_totals, 100_000_000),
            };
            at_node[from].push((arcs.len(), true));
            at_node[to].push((arcs.len(), false));
            arcs.push(Arc {
                place,
                from,
                to,
                value,
                hidden: is_hidden(hidden, place),
                cost: base * (10 + value.min(10_000)),
            });
        }
        Self { arcs, at_node }
    }

    /// Whether what can be worked out of a number is wide enough.
    fn is_safe(&self, arc: usize, k: u64) -> bool {
        let Arc {
            from, to, value, ..
        } = self.arcs[arc];
        let less = self.most(arc, from, to, (value - 1).min(k));
        let more = self.most(arc, to, from, k);
        wide_enough(value - less, value + more, k)
    }

    /// The largest flow through hidden numbers between two nodes, at most `wanted`, without one arc.
    fn most(&self, without: usize, source: usize, sink: usize, wanted: u64) -> u64 {
        let mut moved: Vec<i64> = vec![0; self.arcs.len()];
        let mut all = 0;
        while all < wanted {
            let Some(path) = self.path(without, source, sink, &moved) else {
                break;
            };
            let least = path
                .iter()
                .map(|(arc, forward)| self.room(*arc, *forward, &moved))
                .min();
            let push = least.unwrap_or_default().min(wanted - all);
            if push == 0 {
                break;
            }
            for (arc, forward) in path {
                moved[arc] += signed(push, forward);
            }
            all += push;
        }
        all
    }

    /// How much more, or less, a number can still become.
    fn room(&self, arc: usize, forward: bool, moved: &[i64]) -> u64 {
        if forward {
            ANY
        } else {
            // A reader knows that what is hidden is not 0.
            (self.arcs[arc].value - 1).saturating_add_signed(moved[arc])
        }
    }

    /// The shortest path through hidden numbers.
    fn path(
        &self,
        without: usize,
        source: usize,
        sink: usize,
        moved: &[i64],
    ) -> Option<Vec<(usize, bool)>> {
        let mut came: Vec<Option<(usize, bool)>> = vec![None; self.at_node.len()];
        let mut next = VecDeque::from([source]);
        while let Some(node) = next.pop_front() {
            for &(arc, forward) in &self.at_node[node] {
                let a = &self.arcs[arc];
                if arc == without || !a.hidden || self.room(arc, forward, moved) == 0 {
                    continue;
                }
                let there = if forward { a.to } else { a.from };
                if there == source || came[there].is_some() {
                    continue;
                }
                came[there] = Some((arc, forward));
                if there == sink {
                    return Some(self.back(&came, source, sink));
                }
                next.push_back(there);
            }
        }
        None
    }

    fn back(
        &self,
        came: &[Option<(usize, bool)>],
        source: usize,
        sink: usize,
    ) -> Vec<(usize, bool)> {
        let mut path = Vec::new();
        let mut node = sink;
        while node != source
            && let Some((arc, forward)) = came[node]
        {
            path.push((arc, forward));
            node = if forward {
                self.arcs[arc].from
            } else {
                self.arcs[arc].to
            };
        }
        path
    }

    /// Hides the cheapest numbers through which this one can become larger by `k`. There are always some: all its totals
    /// can grow with it.
    fn widen(&mut self, arc: usize, k: u64) {
        let (source, sink) = (self.arcs[arc].to, self.arcs[arc].from);
        let mut moved: Vec<i64> = vec![0; self.arcs.len()];
        let mut all = 0;
        while all < k {
            let Some(path) = self.cheapest(arc, source, sink, &moved) else {
                break;
            };
            let least = path
                .iter()
                .map(|(arc, forward)| self.room(*arc, *forward, &moved))
                .min();
            let push = least.unwrap_or_default().min(k - all);
            if push == 0 {
                break;
            }
            for (arc, forward) in path {
                moved[arc] += signed(push, forward);
                self.arcs[arc].hidden = true;
            }
            all += push;
        }
    }

    fn cheapest(
        &self,
        without: usize,
        source: usize,
        sink: usize,
        moved: &[i64],
    ) -> Option<Vec<(usize, bool)>> {
        let mut came: Vec<Option<(usize, bool)>> = vec![None; self.at_node.len()];
        let mut best = vec![u64::MAX; self.at_node.len()];
        best[source] = 0;
        let mut next = BinaryHeap::from([Reverse((0, source))]);
        while let Some(Reverse((so_far, node))) = next.pop() {
            if node == sink {
                return Some(self.back(&came, source, sink));
            }
            if so_far > best[node] {
                continue;
            }
            for &(arc, forward) in &self.at_node[node] {
                let a = &self.arcs[arc];
                if arc == without || self.room(arc, forward, moved) == 0 {
                    continue;
                }
                // One that is hidden already costs nothing more; of two such ways the shorter is taken.
                let cost = so_far + 1 + if a.hidden { 0 } else { a.cost };
                let there = if forward { a.to } else { a.from };
                if cost < best[there] {
                    best[there] = cost;
                    came[there] = Some((arc, forward));
                    next.push(Reverse((cost, there)));
                }
            }
        }
        None
    }
}

fn signed(push: u64, forward: bool) -> i64 {
    let push = i64::try_from(push).unwrap_or(i64::MAX);
    if forward { push } else { -push }
}
