//! A sample of transcripts, spread over strata and drawn by seed. Pure: it is given transcripts with their words and
//! strata, and says which are drawn.
//!
//! The rule, so that anybody can follow it:
//! 1. Within each stratum the transcripts are put into a random order, stratum after stratum, by one stream of chance.
//! 2. Each stratum's plan is the share of its own words (proportional allocation by words).
//! 3. Where the share, of transcripts, comes to at least one per stratum, the first of each is drawn, whatever its length.
//! 4. Each stratum goes on in its order as long as its words stay within its plan.
//! 5. What is missing on the plan as a whole is filled up by largest remainders: the stratum that lacks most words comes
//!    first, and its next transcript is drawn where that brings the whole nearer to the plan.
//! 6. At least one transcript is drawn: the next of the stratum that lacks most.
//!
//! Without step 3 the words drawn are therefore never further from the plan than half of the longest transcript.

use serde::Serialize;

use super::chance::Chance;

/// A planned share, in millionths: 20 % is 200,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u32);

impl Share {
    const WHOLE: u32 = 1_000_000;

    /// A share of millionths; none where it is nothing, or more than the whole.
    pub fn of_millionths(millionths: u32) -> Option<Self> {
        (1..=Self::WHOLE)
            .contains(&millionths)
            .then_some(Self(millionths))
    }

    /// Reads `20%` or `12.5 %`; none for anything else, for nothing and for more than the whole.
    pub fn read(typed: &str) -> Option<Self> {
        let number = typed.trim().strip_suffix('%')?.trim_end();
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(part) || whole.len() > 3 || part.len() > 4 {
            return None;
        }
        let part: u32 = format!("{part:0<4}").parse().ok()?;
        Self::of_millionths(whole.parse::<u32>().ok()? * 10_000 + part)
    }

    /// This share of a number, in millionths of it.
    fn of(self, n: u64) -> i128 {
        i128::from(self.0) * i128::from(n)
    }

    /// This share of a number of things, rounded up.
    fn of_things(self, n: usize) -> usize {
        let millionths = u64::from(self.0) * n as u64;
        usize::try_from(millionths.div_ceil(u64::from(Self::WHOLE))).unwrap_or(usize::MAX)
    }
}

/// Something that can be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    pub words: u64,
    /// The place of its stratum, from 0.
    pub stratum: usize,
}

/// What was drawn of one stratum, beside what was planned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Drawn {
    /// All that could be drawn.
    pub transcripts: usize,
    pub words: u64,
    /// What was drawn.
    pub drawn_transcripts: usize,
    pub drawn_words: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    /// Places of the units that were drawn, ascending.
    pub units: Vec<usize>,
    pub strata: Vec<Drawn>,
    /// Whether the share was large enough for one of each stratum.
    pub covering: bool,
}

/// One stratum while it is drawn from.
struct Pot {
    /// Places of its units, in the order in which they are drawn.
    order: Vec<usize>,
    next: usize,
    /// Its share of its words less those drawn, in millionths of a word.
    lacks: i128,
}

/// Draws a share of the units. The order of the units and strata is part of what the seed means: give them in one that
/// can be had again. No units: nothing is drawn.
pub fn draw(units: &[Unit], share: Share, seed: u64) -> Draw {
    let strata = units.iter().map(|u| u.stratum + 1).max().unwrap_or(0);
    let mut drawn = vec![Drawn::default(); strata];
    let mut pots: Vec<Pot> = Vec::with_capacity(strata);
    let mut chance = Chance::from_seed(seed);
    for (n, stratum) in drawn.iter_mut().enumerate() {
        let mut order: Vec<usize> = (0..units.len())
            .filter(|u| units[*u].stratum == n)
            .collect();
        stratum.transcripts = order.len();
        stratum.words = order.iter().map(|u| units[*u].words).sum();
        chance.shuffle(&mut order);
        pots.push(Pot {
            order,
            next: 0,
            lacks: share.of(stratum.words),
        });
    }
    let filled = drawn.iter().filter(|s| s.transcripts > 0).count();
    let covering = share.of_things(units.len()) >= filled;
    // What is still missing on the plan as a whole.
    let mut missing: i128 = pots.iter().map(|p| p.lacks).sum();
    let mut take = |pot: &mut Pot, n: usize, missing: &mut i128| {
        let Some(unit) = pot.order.get(pot.next) else {
            return;
        };
        pot.next += 1;
        let words = units[*unit].words;
        pot.lacks -= in_millionths(words);
        *missing -= in_millionths(words);
        drawn[n].drawn_transcripts += 1;
        drawn[n].drawn_words += words;
    };
    for (n, pot) in pots.iter_mut().enumerate() {
        if covering {
            take(pot, n, &mut missing);
        }
        while pot
            .following(units)
            .is_some_and(|w| in_millionths(w) <= pot.lacks)
        {
            take(pot, n, &mut missing);
        }
    }
    let mut order: Vec<usize> = (0..pots.len()).collect();
    order.sort_by_key(|n| (-pots[*n].lacks, *n));
    for n in order.iter().copied() {
        if pots[n]
            .following(units)
            .is_some_and(|w| in_millionths(w) <= 2 * missing)
        {
            take(&mut pots[n], n, &mut missing);
        }
    }
    if pots.iter().all(|p| p.next == 0)
        && let Some(n) = order.into_iter().find(|n| !pots[*n].order.is_empty())
    {
        take(&mut pots[n], n, &mut missing);
    }
    let mut taken: Vec<usize> = pots
        .iter()
        .flat_map(|p| p.order[..p.next].iter().copied())
        .collect();
    taken.sort_unstable();
    Draw {
        units: taken,
        strata: drawn,
        covering,
    }
}

impl Pot {
    /// Words of the next unit.
    fn following(&self, units: &[Unit]) -> Option<u64> {
        self.order.get(self.next).map(|u| units[*u].words)
    }
}

fn in_millionths(words: u64) -> i128 {
    i128::from(words) * i128::from(Share::WHOLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn share(typed: &str) -> Share {
        Share::read(typed).expect("a share")
    }

    #[test]
    fn shares_are_read_as_they_are_typed() {
        for (typed, millionths) in [
            ("20%", Some(200_000)),
            (" 12.5 % ", Some(125_000)),
            ("0.0001%", Some(1)),
            ("100%", Some(1_000_000)),
            ("100.0001%", None),
            ("0%", None),
            ("0.00001%", None),
            ("20", None),
            ("0.2", None),
            ("-5%", None),
            ("%", None),
            (".5%", None),
            ("1e1%", None),
            ("٢٠%", None),
        ] {
            assert_eq!(Share::read(typed).map(|s| s.0), millionths, "{typed}");
        }
    }

    /// Ten interviews of a thousand words and two of ten thousand: a quarter of each kind's words, not three of twelve.
    #[test]
    fn long_transcripts_do_not_swell_the_sample() {
        let units: Vec<Unit> = (0..12)
            .map(|n| Unit {
                words: if n < 10 { 1_000 } else { 10_000 },
                stratum: usize::from(n >= 10),
            })
            .collect();
        let drawn = draw(&units, share("50%"), 1);
        assert!(drawn.covering);
        assert_eq!(
            drawn.strata,
            [
                Drawn {
                    transcripts: 10,
                    words: 10_000,
                    drawn_transcripts: 5,
                    drawn_words: 5_000
                },
                Drawn {
                    transcripts: 2,
                    words: 20_000,
                    drawn_transcripts: 1,
                    drawn_words: 10_000
                },
            ]
        );
    }

    /// The draws of one seed stand for ever: a change here would change everybody's samples.
    #[test]
    fn a_seed_draws_the_same_for_ever() {
        let units: Vec<Unit> = (0..20)
            .map(|n| Unit {
                words: 900 + 37 * n,
                stratum: usize::try_from(n).expect("small") % 3,
            })
            .collect();
        let drawn = draw(&units, share("20%"), 2021);
        assert_eq!(drawn.units, [5, 11, 15, 16]);
    }

    #[test]
    fn nothing_is_drawn_of_nothing_and_one_of_little() {
        assert_eq!(draw(&[], share("20%"), 1).units, Vec::<usize>::new());
        let long = Unit {
            words: 5_000,
            stratum: 2,
        };
        let drawn = draw(&[long; 4], share("1%"), 1);
        assert_eq!(drawn.units.len(), 1);
        let none = Unit {
            words: 0,
            stratum: 0,
        };
        assert!(!draw(&[none; 3], share("1%"), 1).units.is_empty());
    }

    fn some_units() -> impl Strategy<Value = Vec<Unit>> {
        proptest::collection::vec((0u64..4_000, 0usize..6), 1..40).prop_map(|all| {
            all.into_iter()
                .map(|(words, stratum)| Unit { words, stratum })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn the_share_is_kept_and_the_strata_are_covered(units in some_units(), millionths in 1u32..=1_000_000, seed: u64) {
            let share = Share::of_millionths(millionths).expect("within bounds");
            let drawn = draw(&units, share, seed);
            // Nothing twice, nothing that is not there, and the sums are those of the units.
            prop_assert!(drawn.units.windows(2).all(|w| w[0] < w[1]));
            prop_assert!(!drawn.units.is_empty() && drawn.units.len() <= units.len());
            for (n, stratum) in drawn.strata.iter().enumerate() {
                let mine: Vec<u64> = drawn.units.iter().filter(|u| units[**u].stratum == n).map(|u| units[*u].words).collect();
                prop_assert_eq!(stratum.drawn_transcripts, mine.len());
                prop_assert_eq!(stratum.drawn_words, mine.iter().sum::<u64>());
                if drawn.covering && stratum.transcripts > 0 {
                    prop_assert!(stratum.drawn_transcripts > 0, "stratum {} has none", n);
                }
            }
            let plan = share.of(units.iter().map(|u| u.words).sum());
            let got: i128 = in_millionths(drawn.strata.iter().map(|s| s.drawn_words).sum());
            let longest = in_millionths(units.iter().map(|u| u.words).max().unwrap_or(0));
            if millionths == Share::WHOLE {
                prop_assert_eq!(drawn.units.len(), units.len());
            }
            // Too little never by more than half of the longest.
            prop_assert!(2 * (plan - got) <= longest, "{} of {}", got, plan);
            // Too much neither, but for what the first of each stratum, or the one transcript at least, exceed.
            let first: i128 = drawn.strata.iter().filter(|s| s.drawn_transcripts == 1)
                .map(|s| (in_millionths(s.drawn_words) - share.of(s.words)).max(0)).sum();
            prop_assert!(2 * (got - plan) <= longest + 2 * first, "{} of {}", got, plan);
            if !drawn.covering && drawn.units.len() > 1 {
                prop_assert!(2 * (got - plan) <= longest, "{} of {}", got, plan);
            }
        }

        #[test]
        fn the_same_seed_draws_the_same(units in some_units(), millionths in 1u32..=1_000_000, seed: u64) {
            let share = Share::of_millionths(millionths).expect("within bounds");
            prop_assert_eq!(draw(&units, share, seed), draw(&units, share, seed));
        }
    }

    /// Which transcripts are drawn depends on the seed, and each comes up about as often as its neighbours.
    #[test]
    fn every_transcript_has_its_chance() {
        let units = [Unit {
            words: 1_000,
            stratum: 0,
        }; 10];
        let mut seen = [0u32; 10];
        for seed in 0..2_000 {
            for unit in draw(&units, share("20%"), seed).units {
                seen[unit] += 1;
            }
        }
        assert_eq!(seen.iter().sum::<u32>(), 4_000);
        assert!(seen.iter().all(|n| (330..470).contains(n)), "{seen:?}");
    }
}
