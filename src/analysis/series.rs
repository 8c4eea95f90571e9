//! A series of figures across mergers and renamings: whose figures stand in it, and where it breaks. Pure: it is given who
//! came before whom and who has figures when, and says what to show.

use std::collections::{BTreeMap, BTreeSet};

use super::rollup::Stretch;
use crate::domain::Date;
use crate::domain::words::words;

words! {
    /// What becomes of a series where its case came out of others.
    Across, "way across a merger" {
        /// Each case in its own life, and a mark where it breaks.
        Broken = "broken",
        /// The figures of the one case before it stand in front, and say so.
        Mapped = "mapped",
        /// Earlier figures are rolled up from those of the cases before it.
        Rebuilt = "rebuilt",
    }
}

/// `before` became `after`, alone or with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Became {
    pub before: i64,
    pub after: i64,
    /// The day of it; unknown where none is on record.
    pub on: Option<Date>,
    /// Whether it was renamed; else it was merged into the other.
    pub renamed: bool,
}

/// The periods that a case has figures of, by their ids.
pub type Known = BTreeMap<i64, BTreeMap<i64, Stretch>>;

/// Where a figure in a series is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    Own,
    /// That of a case that came before.
    Mapped(i64),
    /// To be rolled up from these; `without` came before too and have none for the period, so that nothing is rolled up.
    Rebuilt {
        of: Vec<i64>,
        without: Vec<i64>,
        /// Those of which no source says anything, at any time.
        never: Vec<i64>,
    },
}

/// A stretch of a series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub case: i64,
    /// Periods by their days.
    pub points: Vec<(i64, From)>,
    /// What it came out of.
    pub began: Vec<Became>,
    /// What became of it.
    pub ended: Vec<Became>,
}

/// Why a series can't be had as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Not {
    /// There is a merger in it, and nobody has said what becomes of it.
    Undecided(Vec<Became>),
    /// What came before is not one case.
    Several { case: i64, before: Vec<i64> },
    /// What came before became more than this: its figures are of none of these alone.
    Split { before: i64, after: Vec<i64> },
}

/// The lines of a case's series. Without `across`, only a series with no merger in it is drawn.
pub fn lines(
    case: i64,
    links: &[Became],
    known: &Known,
    across: Option<Across>,
) -> Result<Vec<Line>, Not> {
    let crossed: Vec<Became> = links
        .iter()
        .filter(|l| l.after == case && has_before(l, links, known, &mut BTreeSet::new()))
        .copied()
        .collect();
    match across {
        None if !crossed.is_empty() => Err(Not::Undecided(crossed)),
        None => Ok(vec![own(case, links, known)]),
        Some(Across::Broken) => {
            let mut order = Vec::new();
            with_before(case, links, &mut order);
            Ok(order
                .into_iter()
                .filter(|c| *c == case || known.get(c).is_some_and(|k| !k.is_empty()))
                .map(|c| own(c, links, known))
                .collect())
        }
        Some(Across::Mapped) => {
            whole(case, links, known)?;
            mapped(case, links, known).map(|line| vec![line])
        }
        Some(Across::Rebuilt) => {
            whole(case, links, known)?;
            Ok(vec![rebuilt(case, links, known)])
        }
    }
}

/// Refuses where a case with figures became others besides those that lead to this one.
fn whole(case: i64, links: &[Became], known: &Known) -> Result<(), Not> {
    let mut line = Vec::new();
    with_before(case, links, &mut line);
    for link in links.iter().filter(|l| line.contains(&l.after)) {
        let mut after: Vec<i64> = links
            .iter()
            .filter(|l| l.before == link.before)
            .map(|l| l.after)
            .collect();
        if after.iter().all(|a| line.contains(a))
            || !has_before(link, links, known, &mut BTreeSet::new())
        {
            continue;
        }
        after.sort_unstable();
        after.dedup();
        return Err(Not::Split {
            before: link.before,
            after,
        });
    }
    Ok(())
}

/// Whether a figure of what was before, or of what was before that, belongs into the series.
fn has_before(link: &Became, links: &[Became], known: &Known, seen: &mut BTreeSet<i64>) -> bool {
    if !seen.insert(link.before) {
        return false;
    }
    let in_time = |days: &Stretch| link.on.is_none_or(|on| days.0 < on);
    known
        .get(&link.before)
        .is_some_and(|all| all.values().any(in_time))
        || links
            .iter()
            .filter(|l| l.after == link.before)
            .any(|l| has_before(l, links, known, seen))
}

/// A case, behind all that came before it.
fn with_before(case: i64, links: &[Became], order: &mut Vec<i64>) {
    let mut path = BTreeSet::new();
    walk(case, links, &mut path, order);
}

fn walk(case: i64, links: &[Became], path: &mut BTreeSet<i64>, order: &mut Vec<i64>) {
    if !path.insert(case) {
        return;
    }
    for link in links.iter().filter(|l| l.after == case) {
        walk(link.before, links, path, order);
    }
    order.push(case);
}

fn own(case: i64, links: &[Became], known: &Known) -> Line {
    let points = known.get(&case).into_iter().flatten();
    Line {
        case,
        points: by_days(points.map(|(p, days)| (*p, *days, From::Own)).collect()),
        began: links.iter().filter(|l| l.after == case).copied().collect(),
        ended: links.iter().filter(|l| l.before == case).copied().collect(),
    }
}

fn by_days(mut points: Vec<(i64, Stretch, From)>) -> Vec<(i64, From)> {
    points.sort_by_key(|(period, days, _)| (*days, *period));
    points.into_iter().map(|(p, _, from)| (p, from)).collect()
}

fn mapped(case: i64, links: &[Became], known: &Known) -> Result<Line, Not> {
    let mut line = own(case, links, known);
    let mut points: BTreeMap<i64, (Stretch, From)> = known
        .get(&case)
        .into_iter()
        .flatten()
        .map(|(p, days)| (*p, (*days, From::Own)))
        .collect();
    let mut at = case;
    let mut seen = BTreeSet::from([case]);
    loop {
        let mut before: Vec<&Became> = links.iter().filter(|l| l.after == at).collect();
        // One that has no figures makes the other no less than a part of what came after.
        if !before
            .iter()
            .any(|l| has_before(l, links, known, &mut BTreeSet::new()))
        {
            before.clear();
        }
        let link = match before[..] {
            [] => break,
            [one] => one,
            _ => {
                return Err(Not::Several {
                    case: at,
                    before: before.iter().map(|l| l.before).collect(),
                });
            }
        };
        if !seen.insert(link.before) {
            break;
        }
        for (period, days) in known.get(&link.before).into_iter().flatten() {
            if link.on.is_none_or(|on| days.0 < on) {
                points
                    .entry(*period)
                    .or_insert((*days, From::Mapped(link.before)));
            }
        }
        at = link.before;
    }
    line.points = by_days(
        points
            .into_iter()
            .map(|(p, (days, from))| (p, days, from))
            .collect(),
    );
    Ok(line)
}

fn rebuilt(case: i64, links: &[Became], known: &Known) -> Line {
    let mut line = own(case, links, known);
    let mut before = Vec::new();
    with_before(case, links, &mut before);
    let mut periods: BTreeMap<i64, Stretch> = BTreeMap::new();
    for c in &before {
        periods.extend(known.get(c).into_iter().flatten());
    }
    let mut points = Vec::new();
    for (period, days) in periods {
        let mut path = BTreeSet::new();
        let mut cover = Cover::default();
        cover.add(case, (period, days), (links, known), &mut path);
        let Cover {
            mut of,
            without,
            never,
        } = cover;
        of.sort_unstable();
        of.dedup();
        let from = match of[..] {
            [] => continue,
            [one] if one == case => From::Own,
            _ => From::Rebuilt { of, without, never },
        };
        points.push((period, days, from));
    }
    line.points = by_days(points);
    line
}

/// The cases whose figures together are that of a case in a period: itself, or else those before it, each likewise.
#[derive(Default)]
struct Cover {
    of: Vec<i64>,
    without: Vec<i64>,
    never: Vec<i64>,
}

impl Cover {
    fn add(
        &mut self,
        case: i64,
        (period, days): (i64, Stretch),
        (links, known): (&[Became], &Known),
        path: &mut BTreeSet<i64>,
    ) {
        if !path.insert(case) {
            return;
        }
        let own = known.get(&case).filter(|all| !all.is_empty());
        if own.is_some_and(|all| all.contains_key(&period)) {
            self.of.push(case);
            return;
        }
        let found = (self.of.len(), self.without.len());
        let measured_before = self.never.len();
        for link in links {
            if link.after == case && link.on.is_none_or(|on| days.0 < on) {
                self.add(link.before, (period, days), (links, known), path);
            }
        }
        // What came before may stand for it; where nothing does, it lacks this one if it has any, and else is not measured.
        if found == (self.of.len(), self.without.len()) {
            if own.is_some() {
                self.without.push(case);
                self.never.truncate(measured_before);
            } else if measured_before == self.never.len() {
                self.never.push(case);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn became(before: i64, after: i64, on: &str, renamed: bool) -> Became {
        Became {
            before,
            after,
            on: Some(day(on)),
            renamed,
        }
    }

    /// Financial years from `first` on, each its own period.
    fn years(first: i16, n: i16) -> BTreeMap<i64, Stretch> {
        let start = |y: i16| Date::new(y, 4, 1).expect("a day");
        (first..first + n)
            .map(|y| (i64::from(y), (start(y), start(y + 1))))
            .collect()
    }

    /// 45, 46 and 47 become 49 in August 2018, which is called 50 from 2020 on.
    fn north() -> (Vec<Became>, Known) {
        let links = vec![
            became(45, 49, "2018-08-01", false),
            became(46, 49, "2018-08-01", false),
            became(47, 49, "2018-08-01", false),
            became(49, 50, "2020-04-01", true),
        ];
        let known = Known::from([
            (45, years(2016, 2)),
            (46, years(2016, 2)),
            (47, years(2016, 2)),
            (49, years(2018, 2)),
            (50, years(2020, 1)),
        ]);
        (links, known)
    }

    #[test]
    fn a_series_across_a_merger_must_be_decided() {
        let (links, known) = north();
        assert_eq!(
            lines(50, &links, &known, None),
            Err(Not::Undecided(vec![links[3]]))
        );
        assert_eq!(lines(45, &links, &known, None).expect("one").len(), 1);
    }

    #[test]
    fn broken_shows_each_in_its_own_life() {
        let (links, known) = north();
        let found = lines(50, &links, &known, Some(Across::Broken)).expect("lines");
        let cases: Vec<i64> = found.iter().map(|l| l.case).collect();
        assert_eq!(cases, [45, 46, 47, 49, 50]);
        assert!(
            found
                .iter()
                .flat_map(|l| &l.points)
                .all(|(_, f)| *f == From::Own)
        );
        assert_eq!(found[3].began.len(), 3);
        assert_eq!(found[3].ended, [links[3]]);
    }

    #[test]
    fn mapped_needs_one_before() {
        let (links, known) = north();
        assert_eq!(
            lines(50, &links, &known, Some(Across::Mapped)),
            Err(Not::Several {
                case: 49,
                before: vec![45, 46, 47]
            })
        );
        let renamed = &links[3..];
        let found = lines(50, renamed, &known, Some(Across::Mapped)).expect("a line");
        assert_eq!(
            found[0].points,
            [
                (2018, From::Mapped(49)),
                (2019, From::Mapped(49)),
                (2020, From::Own)
            ]
        );
    }

    #[test]
    fn rebuilt_rolls_up_what_was_before() {
        let (links, mut known) = north();
        let found = lines(50, &links, &known, Some(Across::Rebuilt)).expect("a line");
        let told = |of: &[i64], without: &[i64], never: &[i64]| From::Rebuilt {
            of: of.to_vec(),
            without: without.to_vec(),
            never: never.to_vec(),
        };
        let rebuilt = |of: &[i64], without: &[i64]| told(of, without, &[]);
        assert_eq!(
            found[0].points,
            [
                (2016, rebuilt(&[45, 46, 47], &[])),
                (2017, rebuilt(&[45, 46, 47], &[])),
                (2018, rebuilt(&[49], &[])),
                (2019, rebuilt(&[49], &[])),
                (2020, From::Own),
            ]
        );
        // One that lacks a year it should have is named, and what is never measured besides.
        known.insert(46, years(2017, 1));
        known.remove(&47);
        let found = lines(50, &links, &known, Some(Across::Rebuilt)).expect("a line");
        assert_eq!(found[0].points[0], (2016, told(&[45], &[46], &[47])));
        assert_eq!(found[0].points[1], (2017, told(&[45, 46], &[], &[47])));
        // What 46 was called before has no figures, and stands for none that 46 lacks.
        let mut links = links;
        links.push(became(44, 46, "2017-01-01", true));
        let found = lines(50, &links, &known, Some(Across::Rebuilt)).expect("a line");
        assert_eq!(found[0].points[0], (2016, told(&[45], &[46], &[47])));
    }

    #[test]
    fn what_became_of_several_is_of_none_of_them() {
        let links = vec![
            became(1, 2, "2019-01-01", false),
            became(1, 3, "2019-01-01", false),
            became(2, 4, "2020-01-01", false),
            became(3, 4, "2020-01-01", false),
        ];
        let known = Known::from([(1, years(2016, 2)), (4, years(2020, 1))]);
        for across in [Across::Mapped, Across::Rebuilt] {
            assert_eq!(
                lines(2, &links, &known, Some(across)),
                Err(Not::Split {
                    before: 1,
                    after: vec![2, 3]
                })
            );
        }
        assert!(lines(2, &links, &known, Some(Across::Broken)).is_ok());
        // Both went into 4, so that all of it is there again.
        assert!(lines(4, &links, &known, Some(Across::Rebuilt)).is_ok());
    }

    #[test]
    fn one_of_two_does_not_stand_for_both() {
        let links = vec![
            became(1, 3, "2019-01-01", false),
            became(2, 3, "2019-01-01", false),
        ];
        let known = Known::from([(1, years(2016, 2)), (3, years(2019, 1))]);
        assert!(matches!(
            lines(3, &links, &known, Some(Across::Mapped)),
            Err(Not::Several { .. })
        ));
    }

    proptest! {
        #[test]
        fn nothing_panics_and_no_period_stands_twice(links in proptest::collection::vec((0i64..6, 0i64..6, 2014i16..2022, any::<bool>()), 0..10), measured in proptest::collection::vec((0i64..6, 2012i16..2022, 1i16..5), 0..6), case in 0i64..6) {
            let links: Vec<Became> = links.into_iter().filter(|l| l.0 != l.1).map(|(before, after, year, dated)| Became {
                before, after, renamed: dated,
                on: dated.then(|| Date::new(year, 4, 1).expect("a day")),
            }).collect();
            let known: Known = measured.into_iter().map(|(c, first, n)| (c, years(first, n))).collect();
            for across in [None, Some(Across::Broken), Some(Across::Mapped), Some(Across::Rebuilt)] {
                let Ok(found) = lines(case, &links, &known, across) else { continue };
                for line in &found {
                    let periods: Vec<i64> = line.points.iter().map(|(p, _)| *p).collect();
                    let mut sorted = periods.clone();
                    sorted.sort_unstable();
                    sorted.dedup();
                    prop_assert_eq!(&periods, &sorted);
                }
                // The case's own figures are always there.
                let own = known.get(&case).map_or(0, BTreeMap::len);
                let shown = found.iter().filter(|l| l.case == case).flat_map(|l| &l.points).filter(|(_, f)| *f == From::Own).count();
                prop_assert_eq!(shown, own);
            }
        }
    }
}
