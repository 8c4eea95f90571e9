//! `measure`: figures as sources have them.

use std::collections::HashMap;

use clap::{Args, Subcommand};
use rust_decimal::Decimal;
use serde::Serialize;

use super::indicator::word;
use super::measure_import::MeasureImportArgs;
use super::output::Exit;
use super::table_file::TableFile;
use super::{Context, date, filled};
use crate::domain::Date;
use crate::domain::figure::State;
use crate::domain::period::{NoPeriod, Period};
use crate::error::Result;
use crate::indicator::typed::{self, Typed};
use crate::report::sheet::{Cell, Sheet};
use crate::store::{MeasureFilter, NewReading, Store};

#[derive(Subcommand)]
pub(super) enum MeasureCommand {
    /// Add one figure, with its source
    Add(AddArgs),
    /// Import figures from files, by a mapping that is shown first
    Import(Box<MeasureImportArgs>),
    /// List figures as the sources have them
    List(ListArgs),
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// The indicator's short name
    indicator: String,
    /// The case's short name
    case: String,
    /// The period: 2018, 2017/18, 2018-Q1, 2018-03, 2018-03-31 or 2018-03-01..2018-05-31
    #[arg(value_parser = period)]
    period: Period,
    /// The value: a number with a point (a percentage from 0 to 100), or a band
    #[arg(allow_negative_numbers = true)]
    value: Option<String>,
    /// Of a percentage: how many of …
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    numerator: Option<Decimal>,
    /// … how many
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    denominator: Option<Decimal>,
    /// What is known of it: final, provisional, suppressed (not printed) or missing (there is none)
    #[arg(long, value_name = "STATE", value_parser = word::<State>, default_value = "final")]
    state: State,
    /// Where it stands, as one would cite it: publication, title, date
    #[arg(long, value_name = "SOURCE", value_parser = filled)]
    source: String,
    /// The day as of which it stands, where the source says
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    /// The day on which it was looked up
    #[arg(long, value_name = "DATE", value_parser = date)]
    retrieved: Option<Date>,
}

#[derive(Args)]
pub(super) struct ListArgs {
    /// Only of this indicator (can be repeated)
    #[arg(long, value_name = "INDICATOR")]
    indicator: Vec<String>,
    /// Only of this case, without its parts (can be repeated)
    #[arg(long, value_name = "SLUG")]
    case: Vec<String>,
    /// Only of this period (can be repeated)
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    period: Vec<Period>,
    /// Only of this reading
    #[arg(long, value_name = "N")]
    reading: Option<i64>,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Serialize)]
struct MeasureView {
    indicator: String,
    case: String,
    period: String,
    state: State,
    /// A decimal as text (of a percentage: 0 to 100), or the band; null where there is none.
    value: Option<String>,
    numerator: Option<String>,
    denominator: Option<String>,
    as_of: Option<String>,
    reading: i64,
    source: String,
    line: Option<i64>,
    column: Option<i64>,
}

#[derive(Serialize)]
struct MeasureList {
    measures: Vec<MeasureView>,
}

/// A period, as options take it.
pub(super) fn period(typed: &str) -> Result<Period, String> {
    typed.parse().map_err(|e: NoPeriod| {
        let hint = crate::error::Problem::hint(&e).unwrap_or_default();
        format!("{e}; {hint}")
    })
}

impl Context {
    pub(super) fn measure(&self, command: MeasureCommand) -> Result<Exit> {
        match command {
            MeasureCommand::Add(args) => self.measure_add(args),
            MeasureCommand::Import(args) => self.measure_import(&args),
            MeasureCommand::List(args) => self.measure_list(&args),
        }
    }

    fn measure_add(&self, args: AddArgs) -> Result<Exit> {
        let study = self.write()?;
        let new = Typed {
            indicator: args.indicator,
            case: args.case,
            period: args.period,
            value: args.value,
            numerator: args.numerator,
            denominator: args.denominator,
            state: args.state,
        };
        let reading = NewReading {
            source: args.source,
            as_of: args.as_of.map(|d| d.to_string()),
            retrieved: args.retrieved.map(|d| d.to_string()),
            ..NewReading::default()
        };
        let ((id, kept), event) = study.change("measure add", |tx| {
            let coder = tx.coder(&study.session.coder)?;
            let added = typed::add(tx, coder, &new, &reading)?;
            tx.summary(format!(
                "add a measure of {} for {} in {}",
                new.indicator, new.case, new.period
            ));
            Ok(added)
        })?;
        let said = kept.unwrap_or_else(|| new.state.to_string());
        self.done(
            &format!(
                "{} of {} in {}: {said}, as reading {id}.",
                new.indicator, new.case, new.period
            ),
            event,
        );
        Ok(Exit::Done)
    }

    fn measure_list(&self, args: &ListArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let list = MeasureList {
            measures: views(&study.store, args)?,
        };
        let mut sheet = Sheet::new(
            "Measures",
            [
                "indicator",
                "case",
                "period",
                "value",
                "state",
                "numerator",
                "denominator",
                "as of",
                "reading",
                "line",
            ],
        );
        for m in &list.measures {
            sheet.rows.push(vec![
                m.indicator.as_str().into(),
                m.case.as_str().into(),
                m.period.as_str().into(),
                figure(m.value.as_deref()),
                m.state.word().into(),
                figure(m.numerator.as_deref()),
                figure(m.denominator.as_deref()),
                m.as_of.as_deref().into(),
                m.reading.into(),
                m.line.into(),
            ]);
        }
        self.tables(
            &study,
            &args.file,
            &list,
            &[sheet],
            "No figures. Add one with: casebook measure add INDICATOR CASE PERIOD VALUE --source SOURCE",
        )?;
        Ok(Exit::Done)
    }
}

/// A figure as it is kept: nothing is rounded.
fn figure(text: Option<&str>) -> Cell {
    text.into()
}

fn views(store: &Store, args: &ListArgs) -> Result<Vec<MeasureView>> {
    let mut filter = MeasureFilter {
        reading: args.reading,
        ..MeasureFilter::default()
    };
    for slug in &args.indicator {
        filter.indicators.push(store.indicator(slug)?.id);
    }
    for slug in &args.case {
        filter.cases.push(store.case(slug)?.id);
    }
    for period in &args.period {
        // One that no figure is of is no id of any.
        filter.periods.push(store.find_period(period)?.unwrap_or(0));
    }
    let indicators: HashMap<i64, String> = store
        .indicators()?
        .into_iter()
        .map(|i| (i.id, i.slug))
        .collect();
    let cases: HashMap<i64, String> = store.cases()?.into_iter().map(|c| (c.id, c.slug)).collect();
    let periods: HashMap<i64, String> = store
        .periods()?
        .into_iter()
        .map(|(id, p)| (id, p.label().to_owned()))
        .collect();
    let mut readings = store.readings()?;
    readings.sort_by_key(|r| r.first_measure);
    let mut found = Vec::new();
    store.each_measure(&filter, |m| -> Result<()> {
        let name =
            |names: &HashMap<i64, String>, id: i64| names.get(&id).cloned().unwrap_or_default();
        let at = readings.partition_point(|r| r.first_measure <= m.id);
        let of = at.checked_sub(1).and_then(|n| readings.get(n));
        found.push(MeasureView {
            indicator: name(&indicators, m.indicator),
            case: name(&cases, m.case),
            period: name(&periods, m.period),
            state: m.state,
            value: m.value,
            numerator: m.numerator,
            denominator: m.denominator,
            as_of: m.as_of.or_else(|| of.and_then(|r| r.as_of.clone())),
            reading: of.map_or(0, |r| r.id),
            source: of.map_or_else(String::new, |r| r.source.clone()),
            line: m.line,
            column: m.col,
        });
        Ok(())
    })?;
    Ok(found)
}
