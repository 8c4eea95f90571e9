//! Saturation after Guest, Namey & Chen (2020): how much that is new the last interviews brought, against the first
//! ones. Pure: it is given the codes of each interview, in order.
//!
//! With a base of `b` interviews and runs of `r`: B is the number of different codes in the first `b`; N the number of
//! codes in a run that no earlier interview had; the ratio is N / B. The base stays what it was while the run moves on
//! by one interview at a time. The first run whose ratio is at most the threshold is the point: `6+2` says that six
//! interviews were enough, as the two after them show.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::chance::Chance;

/// How much new information still counts as none, in percent of the base: exact, so that 1 of 20 is at most 5 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold {
    /// Thousandths of a percent.
    thousandths: u32,
}

impl Threshold {
    const WHOLE: u64 = 100_000;

    /// Whether `new` of `base` is at most this much.
    fn takes(self, new: usize, base: usize) -> bool {
        new as u64 * Self::WHOLE <= u64::from(self.thousandths) * base as u64
    }
}

impl FromStr for Threshold {
    type Err = String;

    /// A percentage from 0 to 100 with at most three decimals.
    fn from_str(typed: &str) -> Result<Self, String> {
        let unfit = || "write a percentage from 0 to 100, as 5 or 2.5".to_owned();
        let typed = typed.trim().trim_end_matches('%').trim_end();
        let (whole, decimals) = typed.split_once('.').unwrap_or((typed, "0"));
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || whole.len() > 3 || decimals.len() > 3 {
            return Err(unfit());
        }
        let thousandths = format!("{whole}{decimals:0<3}")
            .parse()
            .map_err(|_| unfit())?;
        if thousandths > 100_000 {
            return Err(unfit());
        }
        Ok(Self { thousandths })
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.thousandths / 1000, self.thousandths % 1000);
        let text = match rest {
            0 => whole.to_string(),
            _ => format!("{whole}.{rest:03}")
                .trim_end_matches('0')
                .to_owned(),
        };
        f.pad(&text)
    }
}

impl Serialize for Threshold {
    /// The percentage as a number: 5 or 2.5.
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.thousandths % 1000 {
            0 => s.serialize_u32(self.thousandths / 1000),
            _ => s.serialize_f64(f64::from(self.thousandths) / 1000.0),
        }
    }
}

/// What is to be worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// How many interviews the base has; each is worked out with each length of a run.
    pub bases: Vec<usize>,
    pub runs: Vec<usize>,
    pub thresholds: Vec<Threshold>,
    /// How many orders to try, and the seed that they are drawn from.
    pub shuffle: Option<(usize, u64)>,
}

/// What one interview brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Different codes in it.
    pub codes: usize,
    /// Those that no earlier interview had.
    pub new: usize,
    /// Different codes up to it.
    pub total: usize,
}

/// One base with one length of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Assessment {
    pub base: usize,
    pub run: usize,
    /// B: different codes in the base; null where there are fewer interviews.
    pub base_codes: Option<usize>,
    /// Why there is no ratio.
    pub reason: Option<String>,
    pub runs: Vec<Run>,
    /// In the order of the thresholds.
    pub points: Vec<Point>,
}

/// One place of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Run {
    /// How many interviews stand before it.
    pub after: usize,
    /// Its first and last interview, counted from 1.
    pub first: usize,
    pub last: usize,
    /// N: codes in it that no earlier interview had.
    pub new: usize,
    /// N / B.
    pub ratio: f64,
}

/// Where a threshold is first met.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// In percent.
    pub threshold: Threshold,
    /// How many interviews stand before the first run that meets it; null where none does.
    pub after: Option<usize>,
    /// As it is reported: `6+2`.
    pub point: Option<String>,
    /// Why there is none.
    pub reason: Option<String>,
    /// The same in other orders of the interviews.
    pub shuffled: Option<Shuffled>,
}

/// How far a point hangs on the order of the interviews.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shuffled {
    pub orders: usize,
    /// Orders in which no run meets the threshold.
    pub never: usize,
    /// Orders whose base has no code at all; they are in none of the figures below.
    pub undefined: usize,
    /// Interviews before the point in the middle one of the orders, those that never meet it counted as the last; null
    /// where the middle one never does.
    pub median: Option<f64>,
    /// The earliest and the latest point, of the orders that have one.
    pub least: Option<usize>,
    pub most: Option<usize>,
}

/// What is known of a point in one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Met {
    After(usize),
    Never,
    /// The base has no code.
    Undefined,
}

/// The codes of interviews as rows of bits: an order is tried by going over them once.
struct Bits {
    row: usize,
    words: Vec<u64>,
    interviews: usize,
}

impl Bits {
    fn new(interviews: &[Vec<usize>]) -> Self {
        let codes = interviews.iter().flatten().max().map_or(0, |last| last + 1);
        let row = codes.div_ceil(64);
        let mut words = vec![0; row * interviews.len()];
        for (n, interview) in interviews.iter().enumerate() {
            for code in interview {
                words[n * row + code / 64] |= 1 << (code % 64);
            }
        }
        Self {
            row,
            words,
            interviews: interviews.len(),
        }
    }

    fn of(&self, interview: usize) -> &[u64] {
        &self.words[interview * self.row..(interview + 1) * self.row]
    }

    /// Different codes before each interview of an order, and behind the last one.
    fn totals(&self, order: &[usize], seen: &mut Vec<u64>, totals: &mut Vec<usize>) {
        seen.clear();
        seen.resize(self.row, 0);
        totals.clear();
        totals.push(0);
        let mut total = 0;
        for interview in order {
            for (seen, here) in seen.iter_mut().zip(self.of(*interview)) {
                total += (here & !*seen).count_ones() as usize;
                *seen |= here;
            }
            totals.push(total);
        }
    }
}

/// What each interview brings, in their order. Codes are small numbers; how often one comes in an interview is the same.
pub fn curve(interviews: &[Vec<usize>]) -> Vec<Step> {
    let bits = Bits::new(interviews);
    let order: Vec<usize> = (0..bits.interviews).collect();
    let mut totals = Vec::new();
    bits.totals(&order, &mut Vec::new(), &mut totals);
    order
        .iter()
        .map(|n| Step {
            codes: bits.of(*n).iter().map(|w| w.count_ones() as usize).sum(),
            new: totals[n + 1] - totals[*n],
            total: totals[n + 1],
        })
        .collect()
}

/// Every base with every length of a run. The orders that are tried are drawn from `drawn_from`, which holds each
/// interview once in an order of its own, so that the order asked about does not change them.
pub fn assess(interviews: &[Vec<usize>], drawn_from: &[usize], ask: &Ask) -> Vec<Assessment> {
    let bits = Bits::new(interviews);
    let order: Vec<usize> = (0..bits.interviews).collect();
    let mut seen = Vec::new();
    let mut totals = Vec::new();
    bits.totals(&order, &mut seen, &mut totals);
    let mut all: Vec<Assessment> = ask
        .bases
        .iter()
        .flat_map(|base| ask.runs.iter().map(|run| (*base, *run)))
        .map(|(base, run)| one(&totals, base, run, &ask.thresholds))
        .collect();
    if let Some((orders, seed)) = ask.shuffle {
        let mut chance = Chance::from_seed(seed);
        let mut order = drawn_from.to_vec();
        let mut met: Vec<Vec<Met>> = vec![Vec::new(); all.len() * ask.thresholds.len()];
        for _ in 0..orders {
            chance.shuffle(&mut order);
            bits.totals(&order, &mut seen, &mut totals);
            for (n, a) in all.iter().enumerate() {
                if a.base + a.run > bits.interviews {
                    continue;
                }
                for (t, threshold) in ask.thresholds.iter().enumerate() {
                    met[n * ask.thresholds.len() + t]
                        .push(first(&totals, a.base, a.run, *threshold));
                }
            }
        }
        for (n, a) in all.iter_mut().enumerate() {
            for (t, point) in a.points.iter_mut().enumerate() {
                let met = &met[n * ask.thresholds.len() + t];
                point.shuffled = (!met.is_empty()).then(|| summed_up(met));
            }
        }
    }
    all
}

fn one(totals: &[usize], base: usize, run: usize, thresholds: &[Threshold]) -> Assessment {
    let interviews = totals.len() - 1;
    let base_codes = totals.get(base).copied();
    let reason = match base_codes {
        _ if interviews < base + run => Some(format!(
            "{interviews} of the {} interviews that it needs",
            base + run
        )),
        Some(0) => Some(format!("no codes in the first {base} interviews")),
        _ => None,
    };
    let runs = match (base_codes, &reason) {
        (Some(base_codes), None) => (base..=interviews - run)
            .map(|after| {
                let new = totals[after + run] - totals[after];
                Run {
                    after,
                    first: after + 1,
                    last: after + run,
                    new,
                    ratio: float(new) / float(base_codes),
                }
            })
            .collect(),
        _ => Vec::new(),
    };
    let point = |threshold: &Threshold| {
        let after = match reason {
            None => match first(totals, base, run, *threshold) {
                Met::After(after) => Some(after),
                Met::Never | Met::Undefined => None,
            },
            Some(_) => None,
        };
        Point {
            threshold: *threshold,
            after,
            point: after.map(|after| format!("{after}+{run}")),
            reason: match (after, &reason) {
                (Some(_), _) => None,
                (None, Some(reason)) => Some(reason.clone()),
                (None, None) => Some(format!("no run of {run} in {interviews} interviews")),
            },
            shuffled: None,
        }
    };
    Assessment {
        base,
        run,
        base_codes,
        points: thresholds.iter().map(point).collect(),
        reason,
        runs,
    }
}

/// The first run that meets a threshold. There are at least as many interviews as base and run need.
fn first(totals: &[usize], base: usize, run: usize, threshold: Threshold) -> Met {
    let base_codes = totals[base];
    if base_codes == 0 {
        return Met::Undefined;
    }
    (base..totals.len() - run)
        .find(|after| threshold.takes(totals[after + run] - totals[*after], base_codes))
        .map_or(Met::Never, Met::After)
}

fn summed_up(met: &[Met]) -> Shuffled {
    let mut points: Vec<usize> = met
        .iter()
        .filter_map(|m| match m {
            Met::After(after) => Some(*after),
            Met::Never | Met::Undefined => None,
        })
        .collect();
    points.sort_unstable();
    let of = |wanted: Met| met.iter().filter(|m| **m == wanted).count();
    let (never, undefined) = (of(Met::Never), of(Met::Undefined));
    let defined = points.len() + never;
    // The two in the middle, which are one where the number is odd. Those that never meet it stand last.
    let median = defined
        .checked_sub(1)
        .and_then(|last| Some((points.get(last / 2)?, points.get(defined / 2)?)))
        .map(|(low, high)| f64::midpoint(float(*low), float(*high)));
    Shuffled {
        orders: met.len(),
        never,
        undefined,
        median,
        least: points.first().copied(),
        most: points.last().copied(),
    }
}

/// Exact for every number of codes that a study can have.
fn float(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn ask(bases: &[usize], runs: &[usize], thresholds: &[&str]) -> Ask {
        Ask {
            bases: bases.to_vec(),
            runs: runs.to_vec(),
            thresholds: thresholds
                .iter()
                .map(|t| t.parse().expect("a threshold"))
                .collect(),
            shuffle: None,
        }
    }

    /// Interviews that bring so many new codes each, and repeat one of those before.
    fn bringing(new: &[usize]) -> Vec<Vec<usize>> {
        let mut next = 0;
        new.iter()
            .map(|n| {
                let codes = (next..next + n).chain(next.checked_sub(1)).collect();
                next += n;
                codes
            })
            .collect()
    }

    fn straight(interviews: &[Vec<usize>], ask: &Ask) -> Vec<Assessment> {
        let order: Vec<usize> = (0..interviews.len()).collect();
        assess(interviews, &order, ask)
    }

    /// The worked run: new codes 16, 9, 5, 3, 2, 1, 1, 0, 0, 0 with a base of 4 and runs of 2.
    #[test]
    fn the_worked_run() {
        let interviews = bringing(&[16, 9, 5, 3, 2, 1, 1, 0, 0, 0]);
        let all = straight(&interviews, &ask(&[4], &[2], &["5", "0"]));
        let [a] = &all[..] else {
            panic!("one base and one run: {all:?}")
        };
        assert_eq!(a.base_codes, Some(33));
        let shown: Vec<String> = a
            .runs
            .iter()
            .map(|r| {
                format!(
                    "{}–{}: {}/33 = {:.1} %",
                    r.first,
                    r.last,
                    r.new,
                    r.ratio * 100.0
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                "5–6: 3/33 = 9.1 %",
                "6–7: 2/33 = 6.1 %",
                "7–8: 1/33 = 3.0 %",
                "8–9: 0/33 = 0.0 %",
                "9–10: 0/33 = 0.0 %"
            ]
        );
        let points: Vec<_> = a.points.iter().map(|p| p.point.as_deref()).collect();
        assert_eq!(points, [Some("6+2"), Some("7+2")]);
        let totals: Vec<usize> = curve(&interviews).iter().map(|s| s.total).collect();
        assert_eq!(totals, [16, 25, 30, 33, 35, 36, 37, 37, 37, 37]);
    }

    #[test]
    fn what_is_not_defined_says_why() {
        let few = straight(&bringing(&[3, 2, 1, 0, 0]), &ask(&[4], &[2], &["5"]));
        assert_eq!(
            (few[0].base_codes, few[0].reason.as_deref()),
            (Some(6), Some("5 of the 6 interviews that it needs"))
        );
        assert!(few[0].runs.is_empty() && few[0].points[0].after.is_none());
        let none = straight(&vec![Vec::new(); 6], &ask(&[4], &[2], &["5"]));
        assert_eq!(none[0].base_codes, Some(0));
        assert_eq!(
            none[0].points[0].reason.as_deref(),
            Some("no codes in the first 4 interviews")
        );
        let never = straight(&bringing(&[1, 1, 1, 1, 1, 1]), &ask(&[4], &[2], &["5"]));
        assert_eq!(never[0].reason, None);
        assert_eq!(
            never[0].points[0].reason.as_deref(),
            Some("no run of 2 in 6 interviews")
        );
        assert_eq!(straight(&[], &ask(&[4], &[2], &["5"]))[0].base_codes, None);
    }

    /// A ratio that is exactly the threshold meets it, whatever binary fractions would say.
    #[test]
    fn thresholds_are_exact() {
        for (threshold, new, base, takes) in [
            ("5", 1, 20, true),
            ("5", 3, 59, false),
            ("0", 0, 7, true),
            ("0", 1, 100_000, false),
            ("2.5", 1, 40, true),
            ("33.333", 1, 3, false),
            ("100", 3, 3, true),
            ("100%", 4, 3, false),
        ] {
            let threshold: Threshold = threshold.parse().expect("a threshold");
            assert_eq!(
                threshold.takes(new, base),
                takes,
                "{new}/{base} at {threshold}"
            );
        }
        for unfit in ["", "-1", "101", "1.2345", "5,5", "x", ".5", "5.", "1e1"] {
            assert!(unfit.parse::<Threshold>().is_err(), "{unfit}");
        }
        let shown = |t: &str| t.parse::<Threshold>().map(|t| t.to_string());
        assert_eq!(shown("2.50"), Ok("2.5".into()));
        assert_eq!(shown("005"), Ok("5".into()));
    }

    /// The orders that never get there stand behind all others.
    #[test]
    fn the_middle_order_may_be_one_that_never_gets_there() {
        use Met::{After, Never, Undefined};
        let sums = |met: &[Met]| {
            let s = summed_up(met);
            (s.never, s.undefined, s.median, s.least, s.most)
        };
        assert_eq!(
            sums(&[After(6), After(4), After(5)]),
            (0, 0, Some(5.0), Some(4), Some(6))
        );
        assert_eq!(
            sums(&[After(4), After(7), Never, Undefined]),
            (1, 1, Some(7.0), Some(4), Some(7))
        );
        assert_eq!(
            sums(&[After(4), After(5), After(8), Never]),
            (1, 0, Some(6.5), Some(4), Some(8))
        );
        assert_eq!(sums(&[After(4), Never]), (1, 0, None, Some(4), Some(4)));
        assert_eq!(sums(&[Undefined]), (0, 1, None, None, None));
    }

    #[test]
    fn the_same_seed_tries_the_same_orders() {
        let interviews = bringing(&[5, 0, 3, 0, 1, 2, 0, 4, 0, 0, 1, 0]);
        let order: Vec<usize> = (0..interviews.len()).collect();
        let with = |seed| {
            let ask = Ask {
                shuffle: Some((200, seed)),
                ..ask(&[4, 5], &[2, 3], &["5", "0"])
            };
            assess(&interviews, &order, &ask)
        };
        assert_eq!(with(7), with(7));
        assert_ne!(with(7), with(8));
    }

    /// By the words of the method, with sets of codes and no shortcut.
    fn by_hand(
        interviews: &[BTreeSet<usize>],
        base: usize,
        run: usize,
    ) -> Option<(usize, Vec<usize>)> {
        let union = |some: &[BTreeSet<usize>]| -> BTreeSet<usize> {
            some.iter().flatten().copied().collect()
        };
        if interviews.len() < base + run {
            return None;
        }
        let news = (base..=interviews.len() - run)
            .map(|at| {
                union(&interviews[at..at + run])
                    .difference(&union(&interviews[..at]))
                    .count()
            })
            .collect();
        Some((union(&interviews[..base]).len(), news))
    }

    fn sets() -> impl Strategy<Value = Vec<BTreeSet<usize>>> {
        proptest::collection::vec(
            proptest::collection::btree_set(prop_oneof![0..6_usize, 0..150_usize], 0..7),
            0..14,
        )
    }

    proptest! {
        #[test]
        fn every_figure_is_that_of_the_sets(interviews in sets(), base in 1..7_usize, run in 1..4_usize, percent in 0..40_u32) {
            let lists: Vec<Vec<usize>> = interviews.iter().map(|s| s.iter().copied().collect()).collect();
            let found = straight(&lists, &ask(&[base], &[run], &[&percent.to_string()]));
            let a = &found[0];
            match by_hand(&interviews, base, run) {
                None => prop_assert!(a.reason.is_some() && a.runs.is_empty()),
                Some((0, _)) => {
                    prop_assert_eq!(a.base_codes, Some(0));
                    prop_assert!(a.reason.is_some() && a.runs.is_empty());
                }
                Some((codes, news)) => {
                    prop_assert_eq!(a.base_codes, Some(codes));
                    let got: Vec<usize> = a.runs.iter().map(|r| r.new).collect();
                    prop_assert_eq!(&got, &news);
                    let point = news
                        .iter()
                        .position(|n| *n * 100 <= percent as usize * codes)
                        .map(|at| at + base);
                    prop_assert_eq!(a.points[0].after, point);
                }
            }
        }

        #[test]
        fn the_curve_is_that_of_the_sets(interviews in sets()) {
            let lists: Vec<Vec<usize>> = interviews.iter().map(|s| s.iter().copied().collect()).collect();
            let mut seen: BTreeSet<usize> = BTreeSet::new();
            for (step, set) in curve(&lists).iter().zip(&interviews) {
                let before = seen.len();
                seen.extend(set);
                let expected = Step { codes: set.len(), new: seen.len() - before, total: seen.len() };
                prop_assert_eq!(*step, expected);
            }
        }

        /// With one order tried, the figures are those of that order.
        #[test]
        fn a_shuffled_point_is_the_point_of_that_order(interviews in sets(), seed in 0..1000_u64) {
            let lists: Vec<Vec<usize>> = interviews.iter().map(|s| s.iter().copied().collect()).collect();
            let start: Vec<usize> = (0..lists.len()).collect();
            let shuffled = Ask { shuffle: Some((1, seed)), ..ask(&[3], &[2], &["10"]) };
            let found = assess(&lists, &start, &shuffled);
            let mut order = start;
            Chance::from_seed(seed).shuffle(&mut order);
            let there: Vec<Vec<usize>> = order.iter().map(|n| lists[*n].clone()).collect();
            let other = straight(&there, &ask(&[3], &[2], &["10"]));
            match &found[0].points[0].shuffled {
                None => prop_assert!(lists.len() < 5),
                Some(s) => {
                    prop_assert_eq!(s.least, other[0].points[0].after);
                    prop_assert_eq!(s.never + s.undefined, usize::from(s.least.is_none()));
                }
            }
        }
    }
}
