//! `agreement` without a verb: the coefficients between the coders of the study.

use clap::Args;

use super::filters::FilterArgs;
use super::output::{Exit, Mode, count, thousands};
use super::quotes::pending_note;
use super::table_file::TableFile;
use super::{CliError, Context};
use crate::analysis::agreement::{Reason, Statistic, Value};
use crate::coding::agreement::{
    Agreement, Asked, ENOUGH_TRANSCRIPTS, Figure, Unit, View, agreement,
};
use crate::coding::double::in_sample;
use crate::error::Result;
use crate::report::sheet::{Cell, Sheet};

/// How many disagreements JSON holds unless said.
const DISAGREEMENTS: usize = 20;

#[derive(Args)]
pub(super) struct ShowArgs {
    /// Between these coders; without it, all people who coded a transcript that another coded too
    #[arg(long, value_name = "A,B…", value_delimiter = ',')]
    coders: Vec<String>,
    /// Only the transcripts of this sample
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
    /// What coders are compared by: turn, sentence, character, or span (they chose where passages begin and end)
    #[arg(long, value_name = "UNIT", default_value = "turn")]
    unit: Option<Unit>,
    /// Which coefficients: percent, holsti, kappa, scott-pi, brennan-prediger, fleiss, conger, ac1, alpha; of spans
    /// u-alpha, bar-u-alpha, cu-alpha, ku-alpha (can be repeated, or with commas)
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    statistic: Vec<Statistic>,
    /// Put themes together at this depth of the tree: 1 for the first step of their paths
    #[arg(long, value_name = "DEPTH")]
    depth: Option<usize>,
    /// The themes exclude each other: also take the theme of a unit as one value
    #[arg(long)]
    exclusive: bool,
    /// Only transcripts that all of the coders coded, not those of at least two
    #[arg(long)]
    complete: bool,
    /// Each pair of coders too
    #[arg(long)]
    pairs: bool,
    /// Draw transcripts (turns, where there are fewer than ten) again so often, for 95 % intervals
    #[arg(long, value_name = "TIMES")]
    bootstrap: Option<usize>,
    /// The seed of the draws: the same one gives the same intervals
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// List so many places on which coders disagree (in JSON 20 unless said)
    #[arg(long, value_name = "NUMBER")]
    disagreements: Option<usize>,
    #[command(flatten)]
    file: TableFile,
    #[command(flatten)]
    filters: FilterArgs,
}

impl ShowArgs {
    /// Whether nothing was asked for, so that a verb may follow.
    pub(super) fn is_plain(&self) -> bool {
        let unit = self.unit.is_none_or(|unit| unit == Unit::Turn);
        unit && self.coders.is_empty()
            && self.statistic.is_empty()
            && !(self.exclusive || self.complete || self.pairs)
            && self.seed == 1
            && self.sample.is_none()
            && (self.depth.is_none() && self.bootstrap.is_none() && self.disagreements.is_none())
            && !self.file.is_given()
            && self.filters.is_plain()
    }
}

impl Context {
    pub(super) fn agreement_show(&self, args: &ShowArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        if args.depth == Some(0) {
            return Err(CliError::refused("depth counts from 1", "as in: --depth 1").into());
        }
        let found = agreement(
            &study,
            &self.filter(&args.filters),
            &Asked {
                coders: args.coders.iter().map(|c| c.trim().to_owned()).collect(),
                unit: args.unit.unwrap_or(Unit::Turn),
                statistics: args.statistic.clone(),
                depth: args.depth,
                complete: args.complete,
                pairs: args.pairs,
                exclusive: args.exclusive,
                draws: draws(args.bootstrap)?,
                seed: args.seed,
                disagreements: args.disagreements.unwrap_or(DISAGREEMENTS),
                only: args
                    .sample
                    .as_deref()
                    .map(|name| in_sample(&study, name))
                    .transpose()?,
            },
        )?;
        let sheets = if self.out.mode == Mode::Csv && !args.file.is_given() {
            vec![long(&found)]
        } else {
            sheets(&found, args.disagreements.is_some())
        };
        self.tables(&study, &args.file, &found, &sheets, "")?;
        if study.store.study()?.method == "reflexive" {
            self.out.say(
                "The study's method is reflexive: agreement between coders is not asked of it.",
            );
        }
        Ok(Exit::Done)
    }
}

/// How often to draw again, as it was asked for; 0 for not at all.
pub(super) fn draws(asked: Option<usize>) -> Result<usize> {
    /// More draws than anybody needs, and what memory holds of a large study.
    const MOST: usize = 20_000;
    match asked {
        None => Ok(0),
        Some(n) if (100..=MOST).contains(&n) => Ok(n),
        Some(_) => Err(CliError::refused(
            format!(
                "intervals are made from 100 to {} draws",
                thousands(MOST as u64)
            ),
            "as in: --bootstrap 1000",
        )
        .into()),
    }
}

/// The tables: themes by statistic; then, where asked for, themes as values, pairs of coders, and disagreements.
fn sheets(found: &Agreement, list: bool) -> Vec<Sheet> {
    let mut all = vec![main(found)];
    all.extend(themes_as_values(found));
    all.extend(pairs(found));
    if list {
        all.push(disagreements(found));
    }
    all
}

fn main(found: &Agreement) -> Sheet {
    let tables = || found.pooled.iter().filter(|p| p.view == View::Tables);
    let statistics = in_order(
        found
            .themes
            .iter()
            .map(|t| t.statistic)
            .chain(tables().map(|p| p.statistic)),
    );
    let drawn = found.bootstrap.as_ref().is_some_and(|b| b.of.is_some());
    let mut heads = vec!["theme".to_owned(), "n".to_owned()];
    heads.extend(found.coders.iter().cloned());
    for statistic in &statistics {
        heads.push(statistic.to_string());
        if drawn {
            heads.extend(["low", "high"].map(str::to_owned));
        }
    }
    let mut sheet = Sheet::new(format!("Agreement by {}", found.unit), heads);
    let mut line = |name: &str, figures: &[(Statistic, &Figure)]| {
        let Some((_, any)) = figures.first() else {
            return;
        };
        let mut cells = vec![name.into(), any.n.into()];
        cells.extend(any.prevalence.iter().map(|p| Cell::decimal(*p, 3)));
        for statistic in &statistics {
            let figure = figures.iter().find(|(s, _)| s == statistic).map(|f| f.1);
            cells.push(figure.map_or(Cell::Empty, |f| Cell::decimal(f.value.number(), 3)));
            if drawn {
                let ends = |end: fn(&Figure) -> Option<f64>| {
                    figure.map_or(Cell::Empty, |f| Cell::decimal(end(f), 3))
                };
                cells.extend([ends(|f| f.ci_low), ends(|f| f.ci_high)]);
            }
        }
        sheet.rows.push(cells);
    };
    for rows in found.themes.chunk_by(|a, b| a.theme == b.theme) {
        let figures: Vec<_> = rows.iter().map(|t| (t.statistic, &t.result)).collect();
        line(&rows[0].theme, &figures);
    }
    let figures: Vec<_> = tables().map(|p| (p.statistic, &p.result)).collect();
    line("all themes", &figures);
    sheet.note(base(found));
    sheet.notes.extend(undefined(found));
    sheet.notes.extend(notes(found));
    sheet
}

fn themes_as_values(found: &Agreement) -> Option<Sheet> {
    let rows = found.pooled.iter().filter(|p| p.view == View::Themes);
    let mut sheet = Sheet::new(
        "The theme as one value",
        ["statistic", "value", "low", "high", "share of the text"],
    );
    for row in rows {
        let number = |n: Option<f64>| n.map_or(Cell::Empty, |n| Cell::decimal(n, 3));
        sheet.row([
            row.statistic.word().into(),
            Cell::decimal(row.result.value.number(), 3),
            number(row.result.ci_low),
            number(row.result.ci_high),
            number(row.result.coverage),
        ]);
    }
    (!sheet.rows.is_empty()).then_some(sheet)
}

fn pairs(found: &Agreement) -> Option<Sheet> {
    let statistics = in_order(found.pairs.iter().map(|p| p.statistic));
    let heads = ["coder", "and coder", "theme", "n"].map(str::to_owned);
    let mut sheet = Sheet::new(
        "Pairs of coders",
        heads
            .into_iter()
            .chain(statistics.iter().map(ToString::to_string)),
    );
    for rows in found
        .pairs
        .chunk_by(|a, b| a.coders == b.coders && a.theme == b.theme)
    {
        let [first, second] = &rows[0].coders;
        let theme = rows[0].theme.as_deref().unwrap_or("all themes");
        let start = [
            first.as_str().into(),
            second.as_str().into(),
            theme.into(),
            rows[0].result.n.into(),
        ];
        let values = rows
            .iter()
            .map(|row| Cell::decimal(row.result.value.number(), 3));
        sheet.row(start.into_iter().chain(values));
    }
    (!sheet.rows.is_empty()).then_some(sheet)
}

fn disagreements(found: &Agreement) -> Sheet {
    let mut sheet = Sheet::new(
        "Disagreements",
        ["place", "theme", "coded by", "not by", units(found.unit)],
    );
    for d in &found.disagreements {
        let place = if d.last_turn > d.turn {
            format!("{}:{}-{}", d.transcript, d.turn, d.last_turn)
        } else {
            format!("{}:{}", d.transcript, d.turn)
        };
        sheet.row([
            place.into(),
            d.theme.as_str().into(),
            d.coded_by.join(", ").into(),
            d.not_coded_by.join(", ").into(),
            d.n.into(),
        ]);
    }
    sheet.note(format!(
        "{} of {}; neighbouring {} on which the same coders differ are one.",
        thousands(found.disagreements.len() as u64),
        count(found.disagreements_total, "disagreement"),
        units(found.unit),
    ));
    sheet
}

/// Who was compared, by what, and on how much of the study.
fn base(found: &Agreement) -> String {
    let double = &found.double_coded;
    let of_words = if double.of_words > 0 {
        format!(
            " ({} of {} words, {})",
            thousands(double.words),
            thousands(double.of_words),
            share(ratio(double.words, double.of_words))
        )
    } else {
        String::new()
    };
    format!(
        "Between {} on {} of {}{of_words}. n counts {}; under a coder's name stands the share of them that the coder coded.",
        found.coders.join(", "),
        thousands(double.transcripts as u64),
        count(double.of_transcripts as u64, "transcript"),
        units(found.unit),
    )
}

/// Why figures are not defined, each reason once.
fn undefined(found: &Agreement) -> Vec<String> {
    let mut reasons: Vec<(Reason, Vec<String>)> = Vec::new();
    let themes = found
        .themes
        .iter()
        .map(|t| (&t.result, t.statistic, t.theme.as_str()));
    let pooled = found.pooled.iter().map(|p| {
        let of = match p.view {
            View::Tables => "all themes",
            View::Themes => "the themes as values",
        };
        (&p.result, p.statistic, of)
    });
    for (figure, statistic, of) in themes.chain(pooled) {
        if let Some(reason) = figure.reason {
            let what = format!("{statistic} of {of}");
            match reasons.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, all)) => all.push(what),
                None => reasons.push((reason, vec![what])),
            }
        }
    }
    reasons
        .into_iter()
        .map(|(reason, what)| format!("n/a for {}: {reason}.", some(&what)))
        .collect()
}

/// How intervals were made, what the study asks for, how many disagreements there are, and what waits.
fn notes(found: &Agreement) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(bootstrap) = &found.bootstrap {
        notes.push(match bootstrap.of {
            Some(of) => format!(
                "Low and high: the middle 95 % of {} draws of {of}, seed {}.",
                thousands(bootstrap.draws as u64),
                bootstrap.seed
            ),
            None => format!(
                "No intervals: spans are drawn by whole transcripts, and fewer than {ENOUGH_TRANSCRIPTS} are coded twice."
            ),
        });
    }
    notes.extend(found.thresholds.iter().map(|t| {
        format!(
            "The study asks: {} from {}: {} ({}).",
            t.statistic, t.at_least, t.meaning, t.source
        )
    }));
    notes.push(format!(
        "{} of disagreement.",
        count(found.disagreements_total, "place")
    ));
    notes.extend(pending_note(found.pending));
    notes
}

/// One row per figure, for other programs: nothing is rounded.
fn long(found: &Agreement) -> Sheet {
    let heads = [
        "coders",
        "theme",
        "view",
        "statistic",
        "value",
        "n",
        "reason",
        "ci_low",
        "ci_high",
        "coverage",
    ];
    let shares = found.coders.iter().map(|c| format!("coded by {c}"));
    let mut sheet = Sheet::new(
        "Agreement",
        heads.map(str::to_owned).into_iter().chain(shares),
    );
    let number = |n: Option<f64>| n.map_or(Cell::Empty, |n| n.to_string().into());
    let mut put =
        |coders: &str, theme: &str, view: View, statistic: Statistic, f: &Figure, all: bool| {
            let cells = [
                coders.into(),
                theme.into(),
                view.word().into(),
                statistic.word().into(),
                number(f.value.number()),
                f.n.into(),
                f.reason.map(Reason::word).into(),
                number(f.ci_low),
                number(f.ci_high),
                number(f.coverage),
            ];
            // The columns are of all coders; a pair's shares are in its own table.
            let shares = f.prevalence.iter().filter(|_| all).map(|p| number(*p));
            sheet.row(cells.into_iter().chain(shares));
        };
    let all = found.coders.join(" · ");
    for row in &found.themes {
        put(
            &all,
            &row.theme,
            View::Tables,
            row.statistic,
            &row.result,
            true,
        );
    }
    for row in &found.pooled {
        put(&all, "", row.view, row.statistic, &row.result, true);
    }
    for row in &found.pairs {
        let theme = row.theme.as_deref().unwrap_or_default();
        put(
            &row.coders.join(" · "),
            theme,
            View::Tables,
            row.statistic,
            &row.result,
            false,
        );
    }
    sheet.notes.push(base(found));
    sheet.notes.extend(notes(found));
    sheet
}

fn units(unit: Unit) -> &'static str {
    match unit {
        Unit::Turn => "turns",
        Unit::Sentence => "sentences",
        Unit::Character | Unit::Span => "characters",
    }
}

/// Three decimals; `n/a` where there is none.
pub(super) fn rounded(value: Value) -> String {
    Cell::decimal(value.number(), 3).shown()
}

fn share(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of words are far below 2^53"
)]
fn ratio(part: i64, whole: i64) -> f64 {
    part as f64 / whole as f64
}

fn in_order(all: impl Iterator<Item = Statistic>) -> Vec<Statistic> {
    let mut found = Vec::new();
    for statistic in all {
        if !found.contains(&statistic) {
            found.push(statistic);
        }
    }
    found
}

fn some(all: &[String]) -> String {
    const SHOWN: usize = 6;
    let shown = &all[..all.len().min(SHOWN)];
    match all.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
