//! `indicator`: defined figures, and how they are rolled up.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use rust_decimal::Decimal;
use serde::Serialize;

use super::output::{Exit, Table};
use super::{CliError, Context, filled, io_error, pair};
use crate::domain::figure::{Basis, Better, OverTime, Rule, Scale, Shared, canonical};
use crate::domain::words::UnknownWord;
use crate::error::Result;
use crate::indicator::define::{
    self, check, check_rule, may_become, read_bands, read_scores, rule_in_words, usual_bounds,
    usual_decimals,
};
use crate::store::{Indicator, Rollup, Store};

#[derive(Subcommand)]
pub(super) enum IndicatorCommand {
    /// Add an indicator: a defined figure
    Add(AddArgs),
    /// List indicators
    List,
    /// Show an indicator, with what its figures mean and how they are rolled up
    Show {
        /// The indicator's short name
        slug: String,
    },
    /// Change an indicator
    Edit(EditArgs),
    /// Remove an indicator that has no figures
    Remove {
        /// The indicator's short name
        slug: String,
    },
    /// Import indicators from a CSV: slug, name, scale, unit, better, bands, level, decimals, least, most, definition, source, basis:ASPECT
    Import {
        /// The file
        file: PathBuf,
    },
    /// Say how figures of parts become the figure of their system
    Rule(RuleArgs),
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// A short name to type, as in ae-4h
    slug: String,
    /// The name, as reports print it
    #[arg(long, value_name = "NAME", value_parser = filled)]
    name: String,
    /// What it is counted in: GBP million; of a percentage, of what it is one: attendances
    #[arg(long, value_name = "UNIT", value_parser = filled)]
    unit: String,
    /// How its values are written: number, percentage or bands
    #[arg(long, value_name = "SCALE", value_parser = word::<Scale>)]
    scale: Scale,
    #[command(flatten)]
    more: MoreArgs,
    /// Which way is better: more, less or neither (of bands, more is towards the first)
    #[arg(long, value_name = "WAY", value_parser = word::<Better>)]
    better: Better,
}

#[derive(Args)]
pub(super) struct EditArgs {
    /// The indicator's short name
    slug: String,
    /// Another short name
    #[arg(long, value_name = "SLUG")]
    new_slug: Option<String>,
    /// Another name
    #[arg(long, value_name = "NAME", value_parser = filled)]
    name: Option<String>,
    /// Another unit
    #[arg(long, value_name = "UNIT", value_parser = filled)]
    unit: Option<String>,
    /// Another scale: number, percentage or bands
    #[arg(long, value_name = "SCALE", value_parser = word::<Scale>)]
    scale: Option<Scale>,
    #[command(flatten)]
    more: MoreArgs,
    /// Another way that is better: more, less or neither
    #[arg(long, value_name = "WAY", value_parser = word::<Better>)]
    better: Option<Better>,
}

/// What both adding and editing take.
#[derive(Args)]
struct MoreArgs {
    /// The bands in order, the best first, parted by `;`
    #[arg(long, value_name = "BANDS")]
    bands: Option<String>,
    /// What the figures are measured on, as in funding=without; an empty value takes it away (can be repeated)
    #[arg(long, value_name = "ASPECT=VALUE", value_parser = pair)]
    basis: Vec<(String, String)>,
    /// The kind of case that it is measured at
    #[arg(long, value_name = "KIND", value_parser = filled)]
    level: Option<String>,
    /// Digits behind the point that are shown
    #[arg(long, value_name = "N")]
    decimals: Option<u32>,
    /// The least that a value may be; less is refused when it is read
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    least: Option<Decimal>,
    /// The most that a value may be; more is refused when it is read
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    most: Option<Decimal>,
    /// What exactly is counted
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    define: Option<String>,
    /// Who defines it
    #[arg(long, value_name = "SOURCE", value_parser = filled)]
    source: Option<String>,
}

#[derive(Args)]
pub(super) struct RuleArgs {
    /// The indicator's short name
    slug: String,
    /// sum, ratio, weighted-mean, worst-band, median-band or mean-score
    #[arg(value_parser = word::<Rule>, required_unless_present = "none")]
    rule: Option<Rule>,
    /// Of a weighted mean: the indicator that weighs
    #[arg(long, value_name = "INDICATOR")]
    by: Option<String>,
    /// Of a mean of scores: a score for each band, as in "outstanding=4;good=3"
    #[arg(long, value_name = "SCORES")]
    scores: Option<String>,
    /// What of a part that is in several systems at once: refuse, each or leave-out
    #[arg(long, value_name = "WAY", value_parser = word::<Shared>)]
    shared: Option<Shared>,
    /// How shorter periods become a longer one: refuse, sum or last
    #[arg(long, value_name = "WAY", value_parser = word::<OverTime>)]
    over_time: Option<OverTime>,
    /// Take the rule away: its figures are not rolled up any more
    #[arg(long, conflicts_with_all = ["rule", "by", "scores", "shared", "over_time"])]
    none: bool,
}

#[derive(Serialize)]
struct RuleView {
    rule: Rule,
    by: Option<String>,
    scores: BTreeMap<String, String>,
    shared: Shared,
    over_time: OverTime,
    why: String,
}

#[derive(Serialize)]
struct IndicatorView {
    indicator: String,
    name: String,
    scale: Scale,
    unit: String,
    better: Better,
    bands: Vec<String>,
    basis: Basis,
    level: Option<String>,
    decimals: u32,
    least: Option<String>,
    most: Option<String>,
    definition: Option<String>,
    source: Option<String>,
    rule: Option<RuleView>,
    /// Readings that have measures of it.
    readings: i64,
}

#[derive(Serialize)]
struct IndicatorList {
    indicators: Vec<IndicatorView>,
}

/// A word of a closed list, as options take it.
pub(super) fn word<T: std::str::FromStr<Err = UnknownWord>>(typed: &str) -> Result<T, UnknownWord> {
    typed.parse()
}

fn view(
    store: &Store,
    i: Indicator,
    rule: Option<Rollup>,
    slugs: &BTreeMap<i64, String>,
) -> Result<IndicatorView> {
    let [readings, _] = store.indicator_uses(i.id)?;
    Ok(IndicatorView {
        rule: rule.map(|r| RuleView {
            rule: r.rule,
            by: r.weight.and_then(|w| slugs.get(&w).cloned()),
            scores: r
                .scores
                .into_iter()
                .map(|(band, score)| (band, canonical(score)))
                .collect(),
            shared: r.shared,
            over_time: r.over_time,
            why: r.why,
        }),
        readings,
        indicator: i.slug,
        name: i.name,
        scale: i.scale,
        unit: i.unit,
        better: i.better,
        bands: i.bands,
        basis: i.basis,
        level: i.level,
        decimals: i.decimals,
        least: i.least.map(canonical),
        most: i.most.map(canonical),
        definition: i.definition,
        source: i.source,
    })
}

fn basis_in_words(basis: &Basis) -> String {
    basis
        .iter()
        .map(|(aspect, value)| format!("{aspect}={value}"))
        .collect::<Vec<_>>()
        .join(", ")
}

impl Context {
    pub(super) fn indicator(&self, command: IndicatorCommand) -> Result<Exit> {
        match command {
            IndicatorCommand::Add(args) => self.indicator_add(args),
            IndicatorCommand::List => self.indicator_list(),
            IndicatorCommand::Show { slug } => self.indicator_show(&slug),
            IndicatorCommand::Edit(args) => self.indicator_edit(args),
            IndicatorCommand::Remove { slug } => {
                let ((), event) = self.write()?.change("indicator remove", |tx| {
                    define::remove(tx, &slug)?;
                    tx.summary(format!("remove indicator {slug}"));
                    Ok(())
                })?;
                self.done(&format!("Removed indicator {slug}."), event);
                Ok(Exit::Done)
            }
            IndicatorCommand::Import { file } => {
                let report = define::import(&self.write()?, &file)?;
                self.table_report(&report, "indicator")
            }
            IndicatorCommand::Rule(args) => self.indicator_rule(&args),
        }
    }

    fn indicator_add(&self, args: AddArgs) -> Result<Exit> {
        let (least, most) = usual_bounds(args.scale);
        let mut new = Indicator {
            id: 0,
            slug: args.slug,
            name: args.name,
            scale: args.scale,
            unit: args.unit,
            better: args.better,
            bands: Vec::new(),
            basis: Basis::new(),
            level: None,
            decimals: usual_decimals(args.scale),
            least,
            most,
            definition: None,
            source: None,
        };
        put_more(&mut new, args.more);
        check(&new)?;
        let ((), event) = self.write()?.change("indicator add", |tx| {
            if let Some(there) = tx.find_indicator(&new.slug)? {
                return Err(CliError::refused(
                    format!("indicator `{}` exists already", there.slug),
                    format!(
                        "change it with: casebook indicator edit {}; a figure on another basis is another indicator",
                        there.slug
                    ),
                )
                .into());
            }
            tx.put_indicator(&new)?;
            tx.summary(format!("add indicator {}", new.slug));
            Ok(())
        })?;
        self.done(&format!("Added indicator {}.", new.slug), event);
        Ok(Exit::Done)
    }

    fn indicator_edit(&self, args: EditArgs) -> Result<Exit> {
        let (slug, event) = self.write()?.change("indicator edit", |tx| {
            let before = tx.indicator(&args.slug)?;
            let mut after = before.clone();
            if let Some(slug) = args.new_slug {
                after.slug = slug;
            }
            if let Some(name) = args.name {
                after.name = name;
            }
            if let Some(unit) = args.unit {
                after.unit = unit;
            }
            if let Some(better) = args.better {
                after.better = better;
            }
            if let Some(scale) = args.scale.filter(|s| *s != after.scale) {
                after.scale = scale;
                after.bands.clear();
                (after.least, after.most) = usual_bounds(scale);
                after.decimals = usual_decimals(scale);
            }
            put_more(&mut after, args.more);
            check(&after)?;
            if after != before {
                may_become(tx, &before, &after)?;
                tx.put_indicator(&after)?;
            }
            tx.summary(format!("edit indicator {}", after.slug));
            Ok(after.slug)
        })?;
        self.done(&format!("Edited indicator {slug}."), event);
        Ok(Exit::Done)
    }

    fn indicator_list(&self) -> Result<Exit> {
        let study = self.read()?;
        let all = study.store.indicators()?;
        let slugs: BTreeMap<i64, String> = all.iter().map(|i| (i.id, i.slug.clone())).collect();
        let mut rules: BTreeMap<i64, Rollup> = study
            .store
            .rollups()?
            .into_iter()
            .map(|r| (r.indicator, r))
            .collect();
        let mut list = IndicatorList {
            indicators: Vec::new(),
        };
        for i in all {
            let rule = rules.remove(&i.id);
            list.indicators.push(view(&study.store, i, rule, &slugs)?);
        }
        self.out
            .table(
                &list,
                || {
                    let mut table = Table::new(&[
                        "indicator",
                        "name",
                        "scale",
                        "unit",
                        "better",
                        "basis",
                        "level",
                        "rule",
                        ">readings",
                    ]);
                    for i in &list.indicators {
                        table.row([
                            i.indicator.clone(),
                            i.name.clone(),
                            i.scale.to_string(),
                            i.unit.clone(),
                            i.better.to_string(),
                            basis_in_words(&i.basis),
                            i.level.clone().unwrap_or_default(),
                            i.rule.as_ref().map_or_else(String::new, |r| r.rule.to_string()),
                            i.readings.to_string(),
                        ]);
                    }
                    table
                },
                "No indicators yet. Add one with: casebook indicator add SLUG --name NAME --unit UNIT --scale number --better more",
            )
            .map_err(io_error)?;
        Ok(Exit::Done)
    }

    fn indicator_show(&self, slug: &str) -> Result<Exit> {
        let study = self.read()?;
        let found = study.store.indicator(slug)?;
        let rule = study.store.rollup(found.id)?;
        let words = rule
            .as_ref()
            .map(|r| rule_in_words(&study.store, r))
            .transpose()?;
        let slugs = study
            .store
            .indicators()?
            .into_iter()
            .map(|i| (i.id, i.slug))
            .collect();
        let v = view(&study.store, found, rule, &slugs)?;
        self.out
            .text(&v, || {
                let mut text = format!(
                    "{}  {}\n{} · {} · better: {}\n",
                    v.indicator, v.name, v.scale, v.unit, v.better
                );
                let mut line = |what: &str, said: Option<&str>| {
                    if let Some(said) = said.filter(|s| !s.is_empty()) {
                        text.push_str(&format!("  {what}: {said}\n"));
                    }
                };
                line("bands", Some(&v.bands.join("; ")));
                line("basis", Some(&basis_in_words(&v.basis)));
                line("level", v.level.as_deref());
                line("least", v.least.as_deref());
                line("most", v.most.as_deref());
                line("decimals", Some(&v.decimals.to_string()));
                line("definition", v.definition.as_deref());
                line("source", v.source.as_deref());
                line(
                    "rule",
                    Some(words.as_deref().unwrap_or("none: it is never rolled up")),
                );
                line("why", v.rule.as_ref().map(|r| r.why.as_str()));
                text.push_str(&format!(
                    "{}\n",
                    super::output::count(v.readings, "reading")
                ));
                text
            })
            .map_err(io_error)?;
        Ok(Exit::Done)
    }

    fn indicator_rule(&self, args: &RuleArgs) -> Result<Exit> {
        let study = self.write()?;
        let Some(rule) = args.rule else {
            let (slug, event) = study.change("indicator rule", |tx| {
                let of = tx.indicator(&args.slug)?;
                tx.remove_rollup(of.id)?;
                tx.summary(format!("no rule for indicator {}", of.slug));
                Ok(of.slug)
            })?;
            self.done(&format!("{slug} is no longer rolled up."), event);
            return Ok(Exit::Done);
        };
        let why = self.reason(
            "how figures are rolled up changes them: say why it is done so",
            &format!("casebook indicator rule {} {rule} --why \"…\"", args.slug),
        )?;
        let (slug, event) = study.change("indicator rule", |tx| {
            let of = tx.indicator(&args.slug)?;
            let new = Rollup {
                indicator: of.id,
                rule,
                weight: args
                    .by
                    .as_ref()
                    .map(|by| tx.indicator(by))
                    .transpose()?
                    .map(|i| i.id),
                scores: args
                    .scores
                    .as_ref()
                    .map(|typed| read_scores(&of, typed))
                    .transpose()?
                    .unwrap_or_default(),
                shared: args.shared.unwrap_or(Shared::Refuse),
                over_time: args.over_time.unwrap_or(OverTime::Refuse),
                why: why.clone(),
            };
            check_rule(tx, &of, &new)?;
            tx.put_rollup(&new)?;
            tx.summary(format!("indicator {} is rolled up by {rule}", of.slug));
            Ok(of.slug)
        })?;
        self.done(&format!("{slug} is rolled up by {rule}."), event);
        Ok(Exit::Done)
    }

    /// The reason that was given with `--why`, where none may be left out.
    pub(super) fn reason(&self, without: &str, typed: &str) -> Result<String> {
        match self.global.why.as_deref().map(str::trim) {
            Some(why) if !why.is_empty() => Ok(why.to_owned()),
            _ => Err(CliError::refused(without, typed).into()),
        }
    }
}

fn put_more(i: &mut Indicator, more: MoreArgs) {
    if let Some(bands) = &more.bands {
        i.bands = read_bands(bands);
    }
    for (aspect, value) in more.basis {
        if value.trim().is_empty() {
            i.basis.remove(&aspect);
        } else {
            i.basis.insert(aspect, value.trim().to_owned());
        }
    }
    i.level = more.level.or(i.level.take());
    i.decimals = more.decimals.unwrap_or(i.decimals);
    i.least = more.least.or(i.least);
    i.most = more.most.or(i.most);
    i.definition = more.define.or(i.definition.take());
    i.source = more.source.or(i.source.take());
}
