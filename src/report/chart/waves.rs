//! Waves: when cases joined cohorts, how they merged on the way, and how many systems that made on any day.

use super::Chart;
use super::grid_words::shortened;
use super::quantity::{Bands, many};

/// A day on the axis, with how it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Day {
    pub(super) at: f64,
    pub(super) words: String,
}

/// A case in a cohort for a time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stay {
    /// Place among the cohorts.
    pub(super) cohort: usize,
    /// None: nobody knows since when.
    pub(super) from: Option<Day>,
    /// None: it is still in it at the end of the picture.
    pub(super) to: Option<Day>,
    /// The part of the case that is covered; none: the whole.
    pub(super) part: Option<String>,
    /// What it had become when it left: it counts there from then on.
    pub(super) became: Option<String>,
}

/// A line from one lane into another.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Joins {
    /// Place of the other among the lanes.
    pub(super) lane: usize,
    pub(super) on: f64,
    /// Merged or renamed; else it goes on, as a part that counts with its whole.
    pub(super) ends: bool,
}

/// What stands in one lane.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lane {
    pub(super) case: String,
    pub(super) stays: Vec<Stay>,
    /// From when on it stands for members that became it.
    pub(super) stands_for: Option<f64>,
    pub(super) joins: Vec<Joins>,
}

/// How many members of a cohort there were from a day on, and how many of them in part.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Level {
    pub(super) from: f64,
    pub(super) members: usize,
    pub(super) in_part: usize,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Waves {
    /// The first first.
    pub(super) cohorts: Vec<String>,
    pub(super) lanes: Vec<Lane>,
    /// With a lane for each cohort in place of one for each case: its levels.
    pub(super) levels: Option<Vec<Vec<Level>>>,
    /// How many systems there are in any of them, from each day on which that changes.
    pub(super) counts: Vec<(Day, usize)>,
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) ticks: Vec<(f64, String)>,
    pub(super) notes: Vec<String>,
}

/// Draws the lanes.
pub(super) fn waves(of: &Waves) -> Chart {
    let title = "Who joined when".to_owned();
    let bands = Bands {
        name: "cohort".to_owned(),
        bands: of.cohorts.clone(),
    };
    let mut rows = Vec::new();
    for lane in &of.lanes {
        for stay in &lane.stays {
            let day = |d: &Option<Day>| d.as_ref().map_or(String::new(), |d| d.words.clone());
            rows.push(vec![
                lane.case.clone(),
                of.cohorts.get(stay.cohort).cloned().unwrap_or_default(),
                day(&stay.from),
                day(&stay.to),
                stay.part.clone().unwrap_or_default(),
                stay.became.clone().unwrap_or_default(),
            ]);
        }
    }
    let mut caveats = Vec::new();
    if !of.counts.is_empty() {
        let counts: Vec<String> = of
            .counts
            .iter()
            .map(|(day, n)| format!("{} {n}", day.words))
            .collect();
        caveats.push(format!(
            "Systems in any of the cohorts, from each day on: {}. What merged counts once, a part counts with its whole where that is a member.",
            counts.join(", ")
        ));
    }
    let stays = || of.lanes.iter().flat_map(|l| &l.stays);
    let in_part = stays().filter(|s| s.part.is_some()).count();
    if in_part > 0 {
        caveats.push(format!("Hollow: only a part is covered, of {in_part}."));
    }
    let undated = stays().filter(|s| s.from.is_none()).count();
    if undated > 0 {
        caveats.push(format!(
            "Of {undated} it is not known since when; their bars begin at the edge."
        ));
    }
    caveats.push("The picture ends soon after the last day that is on record: a bar that reaches its edge goes on.".to_owned());
    caveats.extend(of.notes.iter().cloned());
    Chart {
        pending: 0,
        unit: "A bar runs from the day on which a case joined a cohort.".to_owned(),
        caveats,
        head: ["case", "cohort", "from", "until", "part", "became"]
            .map(str::to_owned)
            .to_vec(),
        rows,
        numeric: vec![false; 6],
        svg: super::waves_draw::drawn(of, &bands, &title),
        preview: preview(of, &bands),
        title,
    }
}

/// A line for each case, fifty places long, with the sign of its cohort where it is a member.
fn preview(of: &Waves, bands: &Bands) -> Vec<String> {
    const PLACES: usize = 50;
    let signs = bands.signs();
    let long = (of.to - of.from).max(1.0);
    // The place on the line that a day falls into.
    let place = |at: f64| {
        let share = (at - of.from) / long;
        (0..PLACES)
            .rev()
            .find(|n| share * many(PLACES) >= many(*n))
            .unwrap_or(0)
    };
    let names: Vec<&str> = match &of.levels {
        Some(_) => of.cohorts.iter().map(String::as_str).collect(),
        None => of.lanes.iter().map(|l| l.case.as_str()).collect(),
    };
    let room = names
        .iter()
        .map(|n| n.chars().count())
        .max()
        .unwrap_or(0)
        .clamp(7, 40);
    let mut lines = Vec::new();
    // Each count where it begins; the last of those that would stand in one place.
    let mut steps = vec![' '; PLACES + 8];
    for (day, count) in of.counts.iter().rev() {
        let at = place(day.at);
        let words: Vec<char> = count.to_string().chars().collect();
        let end = at + words.len();
        if steps
            .get(at..=end)
            .is_some_and(|s| s.iter().all(|c| *c == ' '))
        {
            for (n, c) in words.into_iter().enumerate() {
                steps[at + n] = c;
            }
        }
    }
    if !of.counts.is_empty() {
        let steps: String = steps.into_iter().collect();
        lines.push(
            format!("{:room$}  {steps}", "systems")
                .trim_end()
                .to_owned(),
        );
    }
    let sign = |cohort: usize| {
        signs
            .get(cohort)
            .and_then(|s| s.chars().last())
            .unwrap_or('?')
    };
    for (n, name) in names.iter().enumerate() {
        let mut blocks = ['·'; PLACES];
        if let Some(levels) = &of.levels {
            for level in levels.get(n).into_iter().flatten() {
                let fill = if level.members == 0 { '·' } else { sign(n) };
                blocks[place(level.from)..].fill(fill);
            }
        } else if let Some(lane) = of.lanes.get(n) {
            if let Some(from) = lane.stands_for {
                blocks[place(from)..].fill('─');
            }
            for stay in &lane.stays {
                let from = stay.from.as_ref().map_or(0, |d| place(d.at));
                let to = stay
                    .to
                    .as_ref()
                    .map_or(PLACES, |d| place(d.at))
                    .max(from + 1);
                let fill = if stay.part.is_some() {
                    '░'
                } else {
                    sign(stay.cohort)
                };
                blocks[from..to.min(PLACES)].fill(fill);
                if stay.part.is_some() {
                    blocks[from] = sign(stay.cohort);
                }
            }
        }
        let blocks: String = blocks.into_iter().collect();
        let became = of
            .lanes
            .get(n)
            .filter(|_| of.levels.is_none())
            .and_then(|l| l.stays.iter().find_map(|s| s.became.as_ref()))
            .map_or(String::new(), |b| format!("  → {b}"));
        lines.push(format!("{:room$}  {blocks}{became}", shortened(name, room)));
    }
    let ends = of.ticks.first().zip(of.ticks.last());
    if let Some((first, last)) = ends {
        lines.push(format!("{:room$}  {} to {}", "", first.1, last.1));
    }
    for (cohort, sign) in signs.iter().enumerate() {
        lines.push(format!("{sign} = {}", bands.word(cohort)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::boxes::{assert_apart, assert_kept, invented};
    use super::*;

    fn day(at: f64) -> Day {
        Day {
            at,
            words: format!("day {at}"),
        }
    }

    fn of(count: usize, levels: bool) -> Waves {
        let lanes: Vec<Lane> = invented(count)
            .into_iter()
            .enumerate()
            .map(|(n, case)| {
                let from = [0.0, 90.0, 300.0, 301.0, 480.0, 640.0, 700.0][n * 7 / count];
                Lane {
                    case,
                    stays: if n == 2 {
                        Vec::new()
                    } else {
                        vec![Stay {
                            cohort: n * 7 / count,
                            from: (n != 4).then(|| day(from)),
                            to: (n == 1).then(|| day(400.0)),
                            part: (n % 5 == 3).then(|| "its north".to_owned()),
                            became: (n == 1).then(|| "the third".to_owned()),
                        }]
                    },
                    stands_for: (n == 2).then_some(400.0),
                    joins: match n {
                        1 => vec![Joins {
                            lane: 2,
                            on: 400.0,
                            ends: true,
                        }],
                        0 => vec![Joins {
                            lane: 2,
                            on: 410.0,
                            ends: false,
                        }],
                        _ => Vec::new(),
                    },
                }
            })
            .collect();
        let level = |from: f64, members: usize| Level {
            from,
            members,
            in_part: usize::from(members > 5),
        };
        Waves {
            cohorts: (1..=7)
                .map(|n| format!("Wave {n} of the programme"))
                .collect(),
            lanes,
            levels: levels.then(|| {
                (0..7)
                    .map(|n| {
                        vec![
                            level(f64::from(n) * 90.0, 4),
                            level(400.0 + f64::from(n), 8),
                        ]
                    })
                    .collect()
            }),
            counts: [(0.0, 10), (90.0, 14), (300.0, 18), (301.0, 17), (640.0, 42)]
                .map(|(at, n)| (day(at), n))
                .to_vec(),
            from: -20.0,
            to: 760.0,
            ticks: vec![(0.0, "Jun 2017".into()), (365.0, "Jun 2018".into())],
            notes: Vec::new(),
        }
    }

    #[test]
    fn pictures_are_as_they_were_and_no_label_hides_another() {
        for (name, many, levels) in [
            ("waves-3", 3, false),
            ("waves-44", 44, false),
            ("waves-cohorts", 44, true),
        ] {
            let chart = waves(&of(many, levels));
            assert_apart(&chart.svg);
            assert_kept(name, &chart.svg);
        }
    }

    #[test]
    fn a_count_without_room_stands_in_the_words_below() {
        let chart = waves(&of(44, false));
        assert!(!chart.svg.contains(">17</text>"), "no room for it");
        assert!(
            chart.caveats[0].contains("day 301 17"),
            "{:?}",
            chart.caveats
        );
        assert_eq!(chart.rows[1][5], "the third");
        assert_eq!(chart.rows.len(), 43);
        assert!(
            chart.preview[2].ends_with("→ the third"),
            "{:?}",
            chart.preview
        );
    }
}
