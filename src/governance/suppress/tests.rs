//! Tables are attacked by a solver that shares nothing with what hides: it is given what is printed, and asks for the
//! smallest and the largest that each hidden number can be.

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use proptest::prelude::*;

use super::*;

/// A table that owns its numbers.
#[derive(Clone, Debug)]
struct Owned {
    cells: Vec<Vec<u64>>,
    rows: Vec<u64>,
    cols: Vec<u64>,
    total: u64,
}

impl Owned {
    fn adding_up(cells: Vec<Vec<u64>>) -> Self {
        let width = cells.first().map_or(0, Vec::len);
        let rows: Vec<u64> = cells.iter().map(|r| r.iter().sum()).collect();
        Self {
            cols: (0..width)
                .map(|j| cells.iter().map(|r| r[j]).sum())
                .collect(),
            total: rows.iter().sum(),
            rows,
            cells,
        }
    }

    /// People, each in the cells of some rows and columns.
    fn of_people(rows: usize, cols: usize, people: &[(u8, u8)]) -> Self {
        let stands = |set: u8, n: usize| set & (1 << n) != 0;
        let count = |i: Option<usize>, j: Option<usize>| {
            let is = |(r, c): &&(u8, u8)| {
                let in_row = i.map_or(
                    r.trailing_zeros() < u32::try_from(rows).expect("few"),
                    |i| stands(*r, i),
                );
                let in_col = j.map_or(
                    c.trailing_zeros() < u32::try_from(cols).expect("few"),
                    |j| stands(*c, j),
                );
                in_row && in_col
            };
            people.iter().filter(is).count() as u64
        };
        Self {
            cells: (0..rows)
                .map(|i| (0..cols).map(|j| count(Some(i), Some(j))).collect())
                .collect(),
            rows: (0..rows).map(|i| count(Some(i), None)).collect(),
            cols: (0..cols).map(|j| count(None, Some(j))).collect(),
            total: count(None, None),
        }
    }

    fn table(&self) -> Table<'_> {
        Table {
            cells: &self.cells,
            row_totals: &self.rows,
            col_totals: &self.cols,
            total: self.total,
        }
    }
}

fn float(n: u64) -> f64 {
    f64::from(u32::try_from(n).expect("counts are small"))
}

/// What a reader can work out of one hidden number.
fn attack(t: &Owned, hidden: &Hidden, place: Place) -> (f64, f64) {
    let end = |direction: OptimizationDirection, sign: f64| {
        let mut problem = Problem::new(direction);
        let (rows, cols) = (t.rows.len(), t.cols.len());
        let mut vars: Vec<Vec<Variable>> = Vec::new();
        for i in 0..=rows {
            vars.push(
                (0..=cols)
                    .map(|j| {
                        let n = float(at(&t.table(), (i, j)));
                        let range = if is_hidden(hidden, (i, j)) {
                            (1.0, 1000.0)
                        } else {
                            (n, n)
                        };
                        problem.add_var(if (i, j) == place { 1.0 } else { 0.0 }, range)
                    })
                    .collect(),
            );
        }
        let rows_add = t
            .cells
            .iter()
            .zip(&t.rows)
            .all(|(r, n)| r.iter().sum::<u64>() == *n)
            && t.cols.iter().sum::<u64>() == t.total;
        let cols_add = (0..cols).all(|j| t.cells.iter().map(|r| r[j]).sum::<u64>() == t.cols[j])
            && t.rows.iter().sum::<u64>() == t.total;
        let mut bind = |parts: Vec<Variable>, whole: Variable, adds_up: bool| {
            let sum = |first: f64| {
                let parts = parts.iter().map(|v| (*v, 1.0));
                parts.chain([(whole, first)]).collect::<Vec<_>>()
            };
            if adds_up {
                problem.add_constraint(sum(-1.0), ComparisonOp::Eq, 0.0);
            } else {
                problem.add_constraint(sum(-1.0), ComparisonOp::Ge, 0.0);
                for part in &parts {
                    problem.add_constraint([(*part, 1.0), (whole, -1.0)], ComparisonOp::Le, 0.0);
                }
            }
        };
        for row in &vars {
            bind(row[..cols].to_vec(), row[cols], rows_add);
        }
        for (j, whole) in vars[rows].iter().enumerate() {
            let parts = vars[..rows].iter().map(|row| row[j]).collect();
            bind(parts, *whole, cols_add);
        }
        let found = problem.solve().expect("the true table fits");
        let found = found.into_solution().expect("it is small");
        (found.objective() * sign).round() * sign
    };
    (
        end(OptimizationDirection::Minimize, 1.0),
        end(OptimizationDirection::Maximize, 1.0),
    )
}

fn nothing_is_given_away(t: &Owned, people: Option<&Owned>, k: u64) {
    let of_people = people.map(Owned::table);
    let hidden = suppress(&t.table(), of_people.as_ref(), k);
    for place in places(&t.table()) {
        let n = at(&t.table(), place);
        let behind = at(&people.unwrap_or(t).table(), place);
        if n == 0 {
            assert!(!is_hidden(&hidden, place), "a 0 stays: {t:?} {hidden:?}");
            continue;
        }
        if behind == 0 || behind >= k {
            continue;
        }
        assert!(is_hidden(&hidden, place), "{place:?} of {t:?} is printed");
        let (lowest, highest) = attack(t, &hidden, place);
        let k = float(k);
        assert!(
            (lowest <= 1.0 && highest >= k) || highest - lowest >= k,
            "{place:?} is from {lowest} to {highest} in {t:?} with {hidden:?}"
        );
    }
}

fn count() -> impl Strategy<Value = u64> {
    prop_oneof![2 => Just(0_u64), 3 => 1_u64..6, 3 => 4_u64..40]
}

fn cells() -> impl Strategy<Value = Vec<Vec<u64>>> {
    (1_usize..6, 1_usize..6)
        .prop_flat_map(|(r, c)| prop::collection::vec(prop::collection::vec(count(), c), r))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn tables_that_add_up_give_nothing_away(cells in cells(), k in 2_u64..8) {
        nothing_is_given_away(&Owned::adding_up(cells), None, k);
    }

    #[test]
    fn tables_of_people_give_nothing_away(
        (rows, cols) in (1_usize..5, 1_usize..5),
        people in prop::collection::vec((any::<u8>(), any::<u8>()), 0..40),
        k in 2_u64..8,
    ) {
        nothing_is_given_away(&Owned::of_people(rows, cols, &people), None, k);
    }

    #[test]
    fn people_of_one_row_each_give_nothing_away(
        (rows, cols) in (1_usize..5, 1_usize..5),
        people in prop::collection::vec((0_u32..4, any::<u8>()), 0..40),
        k in 2_u64..8,
    ) {
        let people: Vec<(u8, u8)> = people.iter().map(|(r, c)| (1 << r, *c)).collect();
        nothing_is_given_away(&Owned::of_people(rows, cols, &people), None, k);
    }

    #[test]
    fn people_of_one_row_and_column_each_give_nothing_away(
        (rows, cols) in (1_usize..5, 1_usize..5),
        people in prop::collection::vec((0_u32..5, 0_u32..5), 0..60),
        k in 2_u64..8,
    ) {
        let people: Vec<(u8, u8)> = people.iter().map(|(r, c)| (1 << r, 1 << c)).collect();
        nothing_is_given_away(&Owned::of_people(rows, cols, &people), None, k);
    }

    /// Codings from few people: the people decide what is small, the codings are what is printed.
    #[test]
    fn what_few_people_said_is_not_given_away(
        (rows, cols) in (1_usize..5, 1_usize..5),
        codings in prop::collection::vec((0_u32..4, 0_u32..4, 0_usize..12), 1..60),
        k in 2_u64..6,
    ) {
        let inside: Vec<_> = codings.iter().filter(|(r, c, _)| (*r as usize) < rows && (*c as usize) < cols).collect();
        let mut cells = vec![vec![0; cols]; rows];
        let mut who = vec![vec![std::collections::BTreeSet::new(); cols + 1]; rows + 1];
        for (r, c, p) in inside {
            let (r, c) = (*r as usize, *c as usize);
            cells[r][c] += 1;
            for place in [(r, c), (r, cols), (rows, c), (rows, cols)] {
                who[place.0][place.1].insert(*p);
            }
        }
        let n = |i: usize, j: usize| who[i][j].len() as u64;
        let people = Owned {
            cells: (0..rows).map(|i| (0..cols).map(|j| n(i, j)).collect()).collect(),
            rows: (0..rows).map(|i| n(i, cols)).collect(),
            cols: (0..cols).map(|j| n(rows, j)).collect(),
            total: n(rows, cols),
        };
        nothing_is_given_away(&Owned::adding_up(cells), Some(&people), k);
    }

    #[test]
    fn a_line_gives_nothing_away(values in prop::collection::vec(count(), 1..8), k in 2_u64..8) {
        let t = Owned::adding_up(values.iter().map(|n| vec![*n]).collect());
        let small: Vec<bool> = values.iter().map(|n| *n > 0 && *n < k).collect();
        let shown = (t.total >= k).then_some(t.total);
        let (cells, whole) = line(&values, &small, shown, true, k);
        let hidden = Hidden {
            row_totals: cells.clone(),
            cells: cells.iter().map(|is| vec![*is]).collect(),
            col_totals: vec![whole || shown.is_none()],
            total: whole || shown.is_none(),
            small: 0,
        };
        for (n, is) in small.iter().enumerate().filter(|(_, is)| **is) {
            let (lowest, highest) = attack(&t, &hidden, (n, 0));
            // Where the total is small itself, it bounds what is beneath it and nothing is printed but zeros.
            prop_assert!(*is && (lowest <= 1.0 && highest >= float(k) || highest - lowest >= float(k)), "{values:?} {cells:?}");
        }
    }
}

/// Whoever knows how tables are hidden, and tries out all studies of at most six people in two rows and two columns, finds
/// none that tells more of a small number than that it is small. Each person stands in any of the cells.
#[test]
fn who_tries_out_all_tables_learns_nothing() {
    use std::collections::{BTreeMap, BTreeSet};
    const K: u64 = 3;
    const PEOPLE: usize = 6;
    type Seen = Vec<Option<u64>>;
    let mut found: BTreeMap<Seen, (BTreeSet<Vec<u64>>, bool)> = BTreeMap::new();
    let mut worlds: Vec<Vec<u8>> = vec![Vec::new()];
    while let Some(world) = worlds.pop() {
        if world.len() < PEOPLE {
            for set in world.last().copied().unwrap_or(1)..16 {
                worlds.push(world.iter().copied().chain([set]).collect());
            }
        }
        let stands = |mask: u8| world.iter().filter(|set| **set & mask != 0).count() as u64;
        let t = Owned {
            cells: vec![vec![stands(1), stands(2)], vec![stands(4), stands(8)]],
            rows: vec![stands(3), stands(12)],
            cols: vec![stands(5), stands(10)],
            total: stands(15),
        };
        let hidden = suppress(&t.table(), None, K);
        let all: Vec<Place> = places(&t.table()).collect();
        let seen = all
            .iter()
            .map(|p| (!is_hidden(&hidden, *p)).then(|| at(&t.table(), *p)))
            .collect();
        let once = !t.table().rows_add_up() && !t.table().cols_add_up();
        let entry = found.entry(seen).or_default();
        entry
            .0
            .insert(all.iter().map(|p| at(&t.table(), *p)).collect());
        // Larger studies are only there to be thought of.
        entry.1 |= once && world.len() + 2 < PEOPLE;
    }
    let mut attacked = 0;
    for (seen, (worlds, _)) in found.iter().filter(|(_, (_, asked))| *asked) {
        for place in (0..seen.len()).filter(|n| seen[*n].is_none()) {
            let small: BTreeSet<u64> = worlds.iter().map(|w| w[place]).filter(|n| *n < K).collect();
            if small.is_empty() {
                continue;
            }
            attacked += 1;
            assert!(
                (1..K).all(|n| small.contains(&n)),
                "{place} of {seen:?} can only be {small:?}"
            );
        }
    }
    assert!(attacked > 20, "{attacked}");
}

#[test]
fn a_total_of_people_does_not_tell_of_the_one_that_is_hidden() {
    // The last of three cases has 4, one of whom is in the first as well.
    let t = Owned {
        cells: vec![vec![6], vec![5], vec![4]],
        rows: vec![6, 5, 4],
        cols: vec![14],
        total: 14,
    };
    let hidden = suppress(&t.table(), None, 5);
    assert!(hidden.cells[2][0] && hidden.col_totals[0] && hidden.total);
    let (cells, whole) = line(&[6, 5, 4], &[false, false, true], Some(14), false, 5);
    assert_eq!((cells, whole), (vec![false, true, true], false));
}

#[test]
fn the_second_number_that_would_give_away_the_first() {
    let t = Owned::adding_up(vec![vec![3, 9, 20], vec![30, 11, 14], vec![8, 17, 16]]);
    let hidden = suppress(&t.table(), None, 5);
    // The cheapest ring: 3 with 9 beside it, 11 below that, 8 or 30 beneath.
    assert_eq!(hidden.small, 1);
    assert!(hidden.cells[0][0]);
    assert_eq!(hidden.count(), 4);
    assert!(!hidden.total);
}

#[test]
fn nothing_small_nothing_hidden() {
    let t = Owned::adding_up(vec![vec![0, 9], vec![30, 0]]);
    assert_eq!(suppress(&t.table(), None, 5).count(), 0);
}

/// A table of 200 rows and 50 columns with much to hide is done while somebody waits.
#[test]
fn large_tables_are_quick() {
    let cells: Vec<Vec<u64>> = (0..200_u64)
        .map(|i| {
            (0..50_u64)
                .map(|j| (i * 7919 + j * 104_729) % 97 % 31)
                .collect()
        })
        .collect();
    let t = Owned::adding_up(cells);
    let before = std::time::Instant::now();
    let hidden = suppress(&t.table(), None, 5);
    assert!(hidden.small > 500);
    assert!(before.elapsed().as_secs() < 20, "{:?}", before.elapsed());
}
