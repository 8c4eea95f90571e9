//! The bubble chart, with few and with many cases: the pictures that were looked at, kept; and what is never drawn.

use std::path::Path;

use rust_decimal::Decimal;

use super::bubble::{Axis, Bubble, Bubbles, Join, Reference, Standing, bubble};
use super::quantity::{Bands, Quantity};
use crate::domain::figure::Better;

/// Numbers that look like chance and are the same each time.
struct Numbers(u64);

impl Numbers {
    /// Between two hundredths, as a decimal.
    fn next(&mut self, from: i64, to: i64) -> Decimal {
        let mut sum = 0;
        for _ in 0..3 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            sum += i64::try_from((self.0 >> 33) % 1000).expect("below 1000");
        }
        Decimal::new(from + (to - from) * sum / 3000, 2)
    }
}

fn quantity(name: &str, unit: &str, better: Better) -> Quantity {
    Quantity {
        name: name.into(),
        unit: unit.into(),
        decimals: 1,
        better,
        period: None,
    }
}

fn bubbles(cases: usize, periods: &[&str], join: Join) -> Bubbles {
    let mut numbers = Numbers(44);
    let bubbles = (1..=cases)
        .map(|n| Bubble {
            case: format!("System {n} of the {}", ["Dales", "Coast", "Marsh"][n % 3]),
            standing: periods
                .iter()
                .map(|_| Standing {
                    x: Some(numbers.next(7800, 9800)),
                    y: Some(numbers.next(-700, 500)),
                    band: Some(n % 4),
                    size: Some(numbers.next(20, 400)),
                    why: String::new(),
                })
                .collect(),
        })
        .collect();
    Bubbles {
        title: "Performance and finances".into(),
        x: quantity("4-hour performance", "%", Better::More),
        y: quantity("surplus or deficit", "%", Better::More),
        colour: Some(Bands {
            name: "average rating".into(),
            bands: ["outstanding", "good", "requires improvement", "inadequate"]
                .map(Into::into)
                .to_vec(),
        }),
        size: Some(quantity("allocation", "GBP billion", Better::Neither)),
        periods: periods.iter().map(ToString::to_string).collect(),
        join,
        bubbles,
        references: vec![
            Reference {
                axis: Axis::X,
                value: Decimal::new(883, 1),
                label: "The country".into(),
                panel: None,
            },
            Reference {
                axis: Axis::Y,
                value: Decimal::new(-9, 1),
                label: "The country".into(),
                panel: None,
            },
        ],
        notes: Vec::new(),
    }
}

/// Compares with the picture that is kept; `SNAPSHOTS=overwrite` keeps this one.
fn kept(name: &str, svg: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/report/chart/snapshots")
        .join(name);
    snapbox::Assert::new().action_env("SNAPSHOTS").eq(
        snapbox::Data::text(svg).raw(),
        snapbox::Data::read_from(&path, Some(snapbox::data::DataFormat::Text)).raw(),
    );
}

#[test]
fn pictures_of_three_and_of_44() {
    let two = ["2017/18", "2018/19"];
    kept(
        "bubble-3.svg",
        &bubble(&bubbles(3, &two[..1], Join::Arrows)).svg,
    );
    kept(
        "bubble-44.svg",
        &bubble(&bubbles(44, &two[..1], Join::Arrows)).svg,
    );
    kept(
        "bubble-44-arrows.svg",
        &bubble(&bubbles(44, &two, Join::Arrows)).svg,
    );
    kept(
        "bubble-3-beside.svg",
        &bubble(&bubbles(3, &two, Join::SideBySide)).svg,
    );
}

#[test]
fn every_case_has_its_name_or_its_number() {
    let of = bubbles(44, &["2017/18"], Join::Arrows);
    let svg = bubble(&of).svg;
    for b in &of.bubbles {
        // Once as what a pointer tells, and once where it is read: at the bubble or in the key.
        assert!(
            svg.matches(&format!(">{}", b.case)).count() >= 2,
            "{}",
            b.case
        );
    }
}

#[test]
fn what_is_not_known_is_said_and_never_nought() {
    let mut of = bubbles(3, &["2017/18"], Join::Arrows);
    of.bubbles[0].standing[0].y = None;
    of.bubbles[1].standing[0] = Standing {
        why: "suppressed".into(),
        ..Standing::default()
    };
    let chart = bubble(&of);
    assert_eq!(
        chart.caveats[2..],
        [
            "Surplus or deficit is not known of System 1 of the Coast: drawn hollow along the axis, not at nought.",
            "Not drawn: System 2 of the Marsh (suppressed).",
        ]
    );
    assert_eq!(
        chart.rows[1][1..],
        ["n/a", "n/a", "n/a", "n/a", "suppressed"]
    );
    assert!(!chart.svg.contains("System 2"));
    assert!(chart.svg.contains("surplus or deficit not known"));
}

#[test]
fn better_in_both_is_said() {
    let mut of = bubbles(3, &["2017/18", "2018/19"], Join::Arrows);
    for (n, (x, y)) in [(1, 1), (1, -1), (0, 1)].into_iter().enumerate() {
        let was = of.bubbles[n].standing[0].clone();
        of.bubbles[n].standing[1].x = was.x.map(|v| v + Decimal::from(x));
        of.bubbles[n].standing[1].y = was.y.map(|v| v + Decimal::from(y));
    }
    let chart = bubble(&of);
    assert!(
        chart.caveats.contains(
            &"Better in both in 2018/19 than in 2017/18: System 1 of the Coast.".to_owned()
        ),
        "{:?}",
        chart.caveats
    );
}
