//! `reading`: what figures were read from, each whole.

use std::collections::BTreeMap;

use clap::Subcommand;
use serde::Serialize;

use super::output::{Exit, Table, count};
use super::{CliError, Context, io_error};
use crate::error::Result;
use crate::store::{MeasureFilter, Reading, Store};

#[derive(Subcommand)]
pub(super) enum ReadingCommand {
    /// List readings: files and typed figures, with their sources
    List,
    /// Show a reading: what it speaks of, and how it was read
    Show {
        /// The reading's number
        reading: i64,
    },
    /// Remove a reading with all its figures
    Remove {
        /// The reading's number
        reading: i64,
    },
}

#[derive(Serialize)]
struct ReadingView {
    reading: i64,
    source: String,
    as_of: Option<String>,
    retrieved: Option<String>,
    file: Option<String>,
    sheet: Option<String>,
    sha256: Option<String>,
    /// How many.
    measures: i64,
    indicators: Vec<String>,
    /// How many cases it speaks of.
    cases: usize,
    periods: Vec<String>,
    coder: String,
    at: String,
}

#[derive(Serialize)]
struct ReadingList {
    readings: Vec<ReadingView>,
}

#[derive(Serialize)]
struct WholeReading {
    #[serde(flatten)]
    reading: ReadingView,
    /// State to how many measures.
    states: BTreeMap<&'static str, i64>,
    /// The mapping as it was used, YAML.
    mapping: Option<String>,
}

struct Names {
    indicators: BTreeMap<i64, String>,
    periods: Vec<(i64, String)>,
}

impl Names {
    fn read(store: &Store) -> Result<Self> {
        Ok(Self {
            indicators: store
                .indicators()?
                .into_iter()
                .map(|i| (i.id, i.slug))
                .collect(),
            periods: store
                .periods()?
                .into_iter()
                .map(|(id, p)| (id, p.label().to_owned()))
                .collect(),
        })
    }

    fn view(&self, store: &Store, r: &Reading) -> Result<ReadingView> {
        let [indicators, cases, periods] = store.reading_scope(r.id)?;
        let mut indicators: Vec<String> = indicators
            .iter()
            .filter_map(|id| self.indicators.get(id).cloned())
            .collect();
        indicators.sort();
        Ok(ReadingView {
            reading: r.id,
            source: r.source.clone(),
            as_of: r.as_of.clone(),
            retrieved: r.retrieved.clone(),
            file: r.file.clone(),
            sheet: r.sheet.clone(),
            sha256: r.file_sha256.clone(),
            measures: r.measures,
            indicators,
            cases: cases.len(),
            periods: self
                .periods
                .iter()
                .filter(|(id, _)| periods.contains(id))
                .map(|(_, label)| label.clone())
                .collect(),
            coder: r.coder.clone(),
            at: r.at.clone(),
        })
    }
}

/// The first and the last of several, as one says it.
fn span(periods: &[String]) -> String {
    match periods {
        [] => String::new(),
        [one] => one.clone(),
        [first, .., last] => format!("{first} to {last} ({})", count(periods.len(), "period")),
    }
}

impl Context {
    pub(super) fn reading(&self, command: &ReadingCommand) -> Result<Exit> {
        match command {
            ReadingCommand::List => self.reading_list(),
            ReadingCommand::Show { reading } => self.reading_show(*reading),
            ReadingCommand::Remove { reading } => {
                let id = *reading;
                let (n, event) = self.write()?.change("reading remove", |tx| {
                    let found = tx.reading(id)?;
                    let decided = tx.settled_by(id)?;
                    if decided > 0 {
                        return Err(CliError::refused(
                            format!(
                                "reading {id} holds in {} where sources disagree",
                                count(decided, "decision")
                            ),
                            "take those back first: casebook conflict reopen INDICATOR CASE PERIOD   (see them with: casebook conflict list --settled)",
                        )
                        .into());
                    }
                    tx.remove_reading(id)?;
                    tx.summary(format!(
                        "remove reading {id} with {}",
                        count(found.measures, "measure")
                    ));
                    Ok(found.measures)
                })?;
                self.done(
                    &format!("Removed reading {id} with {}.", count(n, "measure")),
                    event,
                );
                Ok(Exit::Done)
            }
        }
    }

    fn reading_list(&self) -> Result<Exit> {
        let study = self.read()?;
        let names = Names::read(&study.store)?;
        let mut list = ReadingList {
            readings: Vec::new(),
        };
        for r in study.store.readings()? {
            list.readings.push(names.view(&study.store, &r)?);
        }
        self.out
            .table(
                &list,
                || {
                    let mut table = Table::new(&[
                        ">reading", "source", "as of", "file", "indicators", ">cases", "periods", ">measures",
                    ]);
                    for r in &list.readings {
                        table.row([
                            r.reading.to_string(),
                            r.source.clone(),
                            r.as_of.clone().unwrap_or_default(),
                            r.file.clone().unwrap_or_default(),
                            r.indicators.join(", "),
                            r.cases.to_string(),
                            span(&r.periods),
                            r.measures.to_string(),
                        ]);
                    }
                    table
                },
                "No readings yet. Bring figures in with: casebook measure import FILE --source SOURCE",
            )
            .map_err(io_error)?;
        Ok(Exit::Done)
    }

    fn reading_show(&self, id: i64) -> Result<Exit> {
        let study = self.read()?;
        let found = study.store.reading(id)?;
        let mut states: BTreeMap<&'static str, i64> = BTreeMap::new();
        let filter = MeasureFilter {
            reading: Some(id),
            ..MeasureFilter::default()
        };
        study.store.each_measure(&filter, |m| -> Result<()> {
            *states.entry(m.state.word()).or_default() += 1;
            Ok(())
        })?;
        let whole = WholeReading {
            reading: Names::read(&study.store)?.view(&study.store, &found)?,
            states,
            mapping: found.mapping,
        };
        self.out
            .text(&whole, || {
                let r = &whole.reading;
                let mut text = format!("reading {}  {}\n", r.reading, r.source);
                let mut line = |what: &str, said: Option<&str>| {
                    if let Some(said) = said.filter(|s| !s.is_empty()) {
                        text.push_str(&format!("  {what}: {said}\n"));
                    }
                };
                line("as of", r.as_of.as_deref());
                line("retrieved", r.retrieved.as_deref());
                line("file", r.file.as_deref());
                line("sheet", r.sheet.as_deref());
                line("sha256", r.sha256.as_deref());
                line("indicators", Some(&r.indicators.join(", ")));
                line("periods", Some(&span(&r.periods)));
                line("cases", Some(&r.cases.to_string()));
                let states: Vec<String> = whole
                    .states
                    .iter()
                    .map(|(s, n)| format!("{n} {s}"))
                    .collect();
                line("measures", Some(&states.join(", ")));
                line("read", Some(&format!("{} by {}", r.at, r.coder)));
                if let Some(mapping) = &whole.mapping {
                    text.push_str("  mapping:\n");
                    for l in mapping.lines() {
                        text.push_str(&format!("    {l}\n"));
                    }
                }
                text
            })
            .map_err(io_error)?;
        Ok(Exit::Done)
    }
}
