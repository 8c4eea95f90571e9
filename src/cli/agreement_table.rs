//! `agreement table`: the coefficients of a CSV table of ratings, with no study.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::agreement_show::rounded;
use super::output::{Exit, Mode, Table as Shown, count, terminal_width, thousands};
use super::{CliError, Context, io_error};
use crate::analysis::agreement::table::{Shape, Table, read};
use crate::analysis::agreement::two::{Square, Weights};
use crate::analysis::agreement::{Level, Reason, Statistic, Value, errors};
use crate::error::Result;

#[derive(Args)]
pub(super) struct TableArgs {
    /// A CSV file: one row per unit, one column per coder, an empty cell or NA where a coder gave no value
    file: PathBuf,
    /// What rows and columns are: ratings; contingency (the values of two coders against each other); or counts (how many coders gave a unit each value)
    #[arg(long, value_name = "SHAPE", default_value = "ratings")]
    shape: Option<Shape>,
    /// What may be said of two values, for alpha: nominal, ordinal, interval or ratio
    #[arg(long, value_name = "LEVEL", default_value = "nominal")]
    level: Option<Level>,
    /// The values that a coder could give, in their order; without it, those that occur
    #[arg(long, value_name = "A,B…", value_delimiter = ',')]
    values: Vec<String>,
}

#[derive(Serialize)]
struct TableView {
    coders: Vec<String>,
    /// How many there are, whether or not the table tells them apart.
    coder_count: usize,
    /// With at least one value.
    units: u64,
    /// With at least two.
    paired: u64,
    values: Vec<String>,
    level: Level,
    statistics: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    statistic: &'static str,
    value: Value,
    reason: Option<Reason>,
    /// Standard error and 95 % interval, where units are drawn independently from very many.
    se: Option<f64>,
    ci_low: Option<f64>,
    ci_high: Option<f64>,
}

impl Context {
    pub(super) fn agreement_table(&self, args: &TableArgs) -> Result<Exit> {
        /// Larger than any table of ratings that somebody made by hand.
        const LARGEST: u64 = 256 << 20;
        let name = args.file.display().to_string();
        let io = |source| CliError::Io {
            what: format!("`{name}`"),
            source,
        };
        if std::fs::metadata(&args.file).map_err(io)?.len() > LARGEST {
            return Err(CliError::refused(
                format!("`{name}` is larger than a table of ratings may be"),
                "give a CSV file of at most 256 MiB",
            )
            .into());
        }
        let bytes = std::fs::read(&args.file).map_err(io)?;
        let table = read(&bytes, args.shape.unwrap_or(Shape::Ratings), &args.values)?;
        let view = view(&table, args.level.unwrap_or(Level::Nominal));
        match self.out.mode {
            Mode::Csv => self.out.table(&view, || csv(&view), ""),
            Mode::Text | Mode::Json => self.out.styled(&view, || text(&view)),
        }
        .map_err(io_error)?;
        if table.trimmed > 0 {
            self.out.warn(&format!(
                "{} had blanks around the value, which were taken off",
                count(table.trimmed as u64, "cell")
            ));
        }
        Ok(Exit::Done)
    }
}

fn view(table: &Table, level: Level) -> TableView {
    let ratings = &table.ratings;
    let units = ratings.units_with(1);
    let scale = table.scale(level);
    let complete = units <= ratings.units_with(2);
    let mut statistics: Vec<Row> = Statistic::ALL
        .iter()
        .filter(|s| !s.of_spans())
        .map(|statistic| {
            let value = ratings.coefficient(*statistic, &scale);
            // Of two coders, kappa is Conger's coefficient and Scott's is Fleiss's, as long as they judged the same units.
            let error = value.number().and_then(|_| match statistic {
                Statistic::Kappa if complete => ratings.standard_error(Statistic::Conger),
                Statistic::ScottPi if complete => ratings.standard_error(Statistic::Fleiss),
                other => ratings.standard_error(*other),
            });
            row(statistic.word(), value, error, units)
        })
        .collect();
    if let Ok(square) = Square::of(ratings) {
        for (name, weights) in [
            ("kappa-linear", Weights::Linear),
            ("kappa-quadratic", Weights::Quadratic),
        ] {
            // Weights need an order, which names don't have unless somebody gave it.
            if level != Level::Nominal {
                statistics.push(row(
                    name,
                    square.kappa(weights),
                    square.error(weights),
                    units,
                ));
            }
        }
        statistics.push(row("kappa-max", square.largest_kappa(), None, units));
    }
    TableView {
        coders: table.coders.clone(),
        coder_count: ratings.coders(),
        units: whole(units),
        paired: whole(ratings.units_with(2)),
        values: table.values.clone(),
        level,
        statistics,
    }
}

fn row(statistic: &'static str, value: Value, se: Option<f64>, units: f64) -> Row {
    let interval = value
        .number()
        .zip(se)
        .map(|(value, se)| errors::interval(value, se, units))
        .filter(|(low, high)| low.is_finite() && high.is_finite());
    Row {
        statistic,
        value,
        reason: value.reason(),
        se,
        ci_low: interval.map(|i| i.0),
        ci_high: interval.map(|i| i.1),
    }
}

fn text(view: &TableView) -> String {
    let mut table = Shown::new(&["statistic", ">value", ">se", ">95 %", "reason"]);
    let number = |n: f64| rounded(Value::Defined(n));
    for row in &view.statistics {
        let name = match row.statistic {
            "alpha" => format!("alpha ({})", view.level),
            other => other.to_owned(),
        };
        let interval = match (row.ci_low, row.ci_high) {
            (Some(low), Some(high)) => format!("{} to {}", number(low), number(high)),
            _ => String::new(),
        };
        table.row([
            name,
            rounded(row.value),
            row.se.map_or(String::new(), number),
            interval,
            row.reason.map_or(String::new(), |r| r.to_string()),
        ]);
    }
    format!(
        "{}, {} of {} with at least two values, {}.\n\n{}",
        count(view.coder_count as u64, "coder"),
        thousands(view.paired),
        count(view.units, "unit"),
        count(view.values.len() as u64, "value"),
        table.to_text(terminal_width())
    )
}

fn csv(view: &TableView) -> Shown {
    let mut table = Shown::new(&[
        "statistic",
        ">value",
        "reason",
        ">se",
        ">ci_low",
        ">ci_high",
    ]);
    let number = |n: Option<f64>| n.map_or(String::new(), |n| n.to_string());
    for row in &view.statistics {
        table.row([
            row.statistic.to_owned(),
            number(row.value.number()),
            row.reason.map_or(String::new(), |r| r.to_string()),
            number(row.se),
            number(row.ci_low),
            number(row.ci_high),
        ]);
    }
    table
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a sum of counts: whole and not below 0"
)]
fn whole(units: f64) -> u64 {
    units as u64
}
