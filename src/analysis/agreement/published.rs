//! Every published figure at hand, to the digit in which it was printed. The tables and the figures stand, with their
//! sources, in `fixtures/agreement/`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::older::{Disagreement, disagreement};
use super::table::{Shape, Table, read};
use super::two::{Square, Weights};
use super::unitizing::{Unit, Unitizing};
use super::{Level, Ratings, Reason, Scale, Statistic, Value, chance_corrected, errors};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/agreement")
}

fn lines(name: &str) -> Vec<Vec<String>> {
    csv::Reader::from_path(folder().join(name))
        .expect("a fixture")
        .records()
        .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
        .collect()
}

fn table(name: &str) -> Table {
    let bytes = std::fs::read(folder().join(format!("{name}.csv"))).expect("a table");
    let shape = match () {
        () if bytes.starts_with(b"A \\ B") => Shape::Contingency,
        () if bytes.starts_with(b"unit,n(") => Shape::Counts,
        () => Shape::Ratings,
    };
    read(&bytes, shape, &[]).expect("a table that can be read")
}

/// Equal to the last digit printed, however that digit was rounded. Sixteen digits are more than any sum keeps.
fn same(printed: &str, found: f64) -> bool {
    let digits = printed.split_once('.').map_or(0, |(_, after)| after.len());
    let printed: f64 = printed.parse().expect("a number");
    let step = 10_f64.powi(-i32::try_from(digits).expect("few digits"));
    (printed - found).abs() <= (step * 0.500_001).max(1e-14)
}

fn figure(table: &Table, name: &str) -> Option<f64> {
    let ratings = &table.ratings;
    let square = || Square::of(ratings).ok();
    // Errors of a table of two coders were published with n where those of raw ratings have n - 1.
    let units = ratings.units_with(1);
    let by = match table.shape {
        Shape::Contingency => ((units - 1.0) / units).sqrt(),
        Shape::Ratings | Shape::Counts => 1.0,
    };
    let error = |name: &str| {
        let statistic = match name {
            // Of two coders, kappa is Conger's, and Scott's is Fleiss's.
            "kappa" => Statistic::Conger,
            "scott-pi" => Statistic::Fleiss,
            other => other.parse().expect("a statistic"),
        };
        Some(ratings.standard_error(statistic)? * by)
    };
    if let Ok(statistic) = name.parse::<Statistic>() {
        return ratings.coefficient(statistic, &Scale::nominal()).number();
    }
    if let Some(level) = name.strip_prefix("alpha ") {
        let level: Level = level.parse().expect("a level");
        return ratings.alpha(&table.scale(level)).number();
    }
    if let Some(category) = name.strip_prefix("category_kappa ") {
        return ratings.fleiss_of_category(category.parse::<u32>().ok()? - 1);
    }
    if let Some((end, of)) = name.split_once(' ')
        && let Ok(statistic) = of.parse::<Statistic>()
    {
        let value = ratings.coefficient(statistic, &Scale::nominal()).number()?;
        let interval = errors::interval(value, error(of)?, units);
        return match end {
            "se" => error(of),
            "low" => Some(interval.0),
            _ => Some(interval.1),
        };
    }
    let large = |ends: f64| {
        let square = square()?;
        Some(
            square.kappa(Weights::Same).number()?
                + ends * 1.959_964 * square.error(Weights::Same)?,
        )
    };
    let percent = ratings.percent().number()?;
    match name {
        "observed" => Some(percent),
        // Kappa is (observed - expected) / (1 - expected), so this is what it took for expected.
        "expected" => {
            let statistic = if ratings.coders() == 2 {
                Statistic::Kappa
            } else {
                Statistic::Fleiss
            };
            let kappa = ratings.coefficient(statistic, &Scale::nominal()).number()?;
            Some((percent - kappa) / (1.0 - kappa))
        }
        "kappa_max" => square()?.largest_kappa().number(),
        "ase" => square()?.error(Weights::Same),
        "ase0" => square()?.error_by_chance(),
        "z" => Some(square()?.kappa(Weights::Same).number()? / square()?.error_by_chance()?),
        "ci95 low" => large(-1.0),
        "ci95 high" => large(1.0),
        "weighted_linear" | "weighted_equal_R_levels" => square()?.kappa(Weights::Linear).number(),
        "weighted_quadratic" | "weighted_squared_R_levels" => {
            square()?.kappa(Weights::Quadratic).number()
        }
        "weighted_ase" => square()?.error(Weights::Linear),
        "fleiss_z" => ratings.fleiss_z(),
        // Units on which all agree, and von Eye's chance for it.
        "agreement_all_coders_equal" => Some(all_equal(ratings)),
        "brennan_prediger_von_eye" => {
            let coders = i32::try_from(ratings.coders()).ok()?;
            let categories = f64::from(u32::try_from(ratings.categories()).ok()?);
            Some(chance_corrected(
                all_equal(ratings),
                categories.powi(1 - coders),
            ))
        }
        _ => None,
    }
}

fn all_equal(ratings: &Ratings) -> f64 {
    let equal: f64 = ratings
        .rows()
        .filter(|(row, _)| row.iter().all(|v| *v == row[0]))
        .map(|(_, weight)| weight)
        .sum();
    equal / ratings.units_with(1)
}

#[test]
fn figures_as_they_were_printed() {
    let mut wrong = Vec::new();
    let mut tables = BTreeMap::new();
    let figures = lines("figures.csv");
    for row in &figures {
        let [name, what, printed, within, _source] = &row[..] else {
            panic!("a short row")
        };
        // Two sources calculated on with rounded figures; how far off they can be stands beside theirs.
        let within = |found: f64| match within.parse::<f64>() {
            Ok(within) => (printed.parse::<f64>().expect("a number") - found).abs() <= within,
            Err(_) => same(printed, found),
        };
        let table = tables.entry(name.clone()).or_insert_with(|| table(name));
        match figure(table, what) {
            Some(found) if within(found) => {}
            found => wrong.push(format!("{name} {what}: printed {printed}, found {found:?}")),
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        figures.len(),
        wrong.join("\n")
    );
    // A table without a figure would prove nothing.
    for file in std::fs::read_dir(folder()).expect("the folder") {
        let name = file
            .expect("a file")
            .file_name()
            .to_string_lossy()
            .into_owned();
        let stem = name.trim_end_matches(".csv").to_owned();
        assert!(
            name == "README.md"
                || ["figures", "spans", "spans-figures"].contains(&stem.as_str())
                || tables.contains_key(&stem),
            "{name} is in no test"
        );
    }
}

/// A text's length, and the units of each of its coders: code, start, end.
type Text = (u32, BTreeMap<String, Vec<(String, u32, u32)>>);

#[test]
fn spans_as_derived_and_as_two_programs_have_them() {
    let mut texts: BTreeMap<String, Text> = BTreeMap::new();
    for row in lines("spans.csv") {
        let text = texts.entry(row[0].clone()).or_default();
        text.0 = row[1].parse().expect("a length");
        let units = text.1.entry(row[2].clone()).or_default();
        if !row[3].is_empty() {
            units.push((
                row[3].clone(),
                row[4].parse().expect("a start"),
                row[5].parse().expect("an end"),
            ));
        }
    }
    let mut wrong = Vec::new();
    for row in lines("spans-figures.csv") {
        let (length, coders) = &texts[&row[0]];
        let mut codes: Vec<&str> = coders
            .values()
            .flatten()
            .map(|(code, ..)| code.as_str())
            .collect();
        codes.sort_unstable();
        codes.dedup();
        let code_of = |code: &str| codes.iter().position(|c| *c == code).expect("a code");
        let units: Vec<Vec<Unit>> = coders
            .values()
            .map(|units| {
                let mut units: Vec<Unit> = units
                    .iter()
                    .map(|(code, start, end)| Unit {
                        start: *start,
                        end: *end,
                        code: code_of(code),
                    })
                    .collect();
                units.sort_by_key(|u| u.start);
                units
            })
            .collect();
        let mut all = Unitizing::new(codes.len());
        all.add(
            &units.iter().map(Vec::as_slice).collect::<Vec<_>>(),
            *length,
        );
        let found = match row[1].split_once(' ') {
            Some(("ku", code)) => all.ku(code_of(code)).number(),
            Some((_, code)) => all.coverage_of(code_of(code)).map(|c| c * 100.0),
            None => match row[1].as_str() {
                "u" => all.u().number(),
                "bu" => all.bar_u().number(),
                "cu" => all.cu().number(),
                "coverage_percent" => all.coverage().map(|c| c * 100.0),
                _ => by_character(&units, *length).number(),
            },
        };
        let right = match found {
            Some(found) => row[2] != "n/a" && same(&row[2], found),
            None => row[2] == "n/a",
        };
        if !right {
            wrong.push(format!(
                "{} {}: {} against {found:?}",
                row[0], row[1], row[2]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Nominal alpha over characters, coded or not, by the sweep.
fn by_character(coders: &[Vec<Unit>], length: u32) -> Value {
    let mut stretches = Vec::new();
    for (n, units) in coders.iter().enumerate() {
        stretches.extend(units.iter().map(|u| super::sweep::Stretch {
            start: u.start,
            end: u.end,
            coder: 1 << n,
        }));
    }
    let mut ratings = Ratings::new(coders.len(), 2);
    let mut left = length;
    let row = |who: u64| {
        (0..coders.len())
            .map(|n| Some(u32::from(who >> n & 1 == 1)))
            .collect::<Vec<_>>()
    };
    super::sweep::patterns(&mut stretches, &mut Vec::new(), |from, to, who| {
        ratings.push(&row(who), f64::from(to - from));
        left -= to - from;
    });
    ratings.push(&row(0), f64::from(left));
    ratings.alpha(&Scale::nominal())
}

/// NVivo's help, "Run a Coding Comparison query": 1,000 characters, 50 coded by both, 150 by one of them, 800 by neither.
#[test]
fn nvivo_one_percentage_and_three_kappas() {
    for (first, second, printed) in [(75, 75, "0.3143"), (50, 100, "0.3182"), (0, 150, "0.3478")] {
        let ratings = Ratings::from_contingency(&[vec![800, second], vec![first, 50]]);
        assert_eq!(ratings.percent(), Value::Defined(0.85));
        let kappa = ratings.kappa().number().expect("a kappa");
        assert!(same(printed, kappa), "{first}/{second}: {kappa}");
    }
}

/// ATLAS.ti's manual, "Inter-coder agreement": ten segments. The pair tells an alpha from a kappa.
#[test]
fn atlas_ti_ten_segments() {
    let mut ratings = Ratings::new(2, 2);
    for (a, b) in "1100000000".chars().zip("0110010100".chars()) {
        ratings.push(&[a.to_digit(2), b.to_digit(2)], 1.0);
    }
    let number = |value: Value| value.number().expect("a value");
    let (percent, kappa) = (number(ratings.percent()), number(ratings.kappa()));
    assert!(same("0.60", percent) && same("0.0909", kappa));
    assert!(same("0.0952", number(ratings.alpha(&Scale::nominal()))));
    assert!(same("0.56", (percent - kappa) / (1.0 - kappa)));
}

/// MAXQDA's manual, "Intercoder agreement": 14 of 15 segments and ten codes, chance as Brennan & Prediger have it.
#[test]
fn maxqda_fourteen_of_fifteen() {
    let mut ratings = Ratings::new(2, 10);
    ratings.push(&[Some(1), Some(1)], 14.0);
    ratings.push(&[Some(2), Some(3)], 1.0);
    assert!(same(
        "0.9259",
        ratings.brennan_prediger().number().expect("a value")
    ));
    assert!(same("0.9333", ratings.percent().number().expect("a value")));
}

/// Krippendorff 2004, p. 254: two codes that may overlap, on a line from 150 to 450. The coefficient over both codes is
/// printed as 0.8591, from rounded parts; unrounded it is 0.8587.
#[test]
fn the_older_alpha_for_spans() {
    let unit = |start: u32, long: u32| Unit {
        start: start - 150,
        end: start + long - 150,
        code: 0,
    };
    let c = disagreement(
        &[
            vec![unit(225, 70), unit(370, 30)],
            vec![unit(220, 80), unit(355, 20), unit(400, 20)],
        ],
        300,
    );
    let both = vec![unit(180, 60), unit(300, 50)];
    let k = disagreement(&[both.clone(), both], 300);
    assert!(
        same("0.0144", c.observed) && same("0.0532", c.expected),
        "{c:?}"
    );
    assert!(
        same("0.049", k.expected) && k.observed.abs() < 1e-12,
        "{k:?}"
    );
    let alpha = |of: &[Disagreement]| Disagreement::alpha(of).number().expect("a value");
    assert!(
        same("0.7286", alpha(&[c])) && same("1.0", alpha(&[k])) && same("0.8587", alpha(&[c, k]))
    );
    // Its print, from the rounded parts.
    assert!(same("0.8591", 1.0 - 0.0144 / (0.0532 + 0.0490)));
}

/// Twenty-four units, two coders, one value: programs give 1, NaN or an error.
#[test]
fn one_value_everywhere_is_no_agreement_above_chance() {
    let mut ratings = Ratings::new(2, 1);
    ratings.push(&[Some(0), Some(0)], 24.0);
    let nominal = Scale::nominal();
    for statistic in Statistic::ALL.iter().filter(|s| !s.of_spans()) {
        let expected = match statistic {
            Statistic::Percent | Statistic::Holsti => Value::Defined(1.0),
            _ => Value::Undefined(Reason::OneCategory),
        };
        assert_eq!(
            ratings.coefficient(*statistic, &nominal),
            expected,
            "{statistic}"
        );
    }
}
