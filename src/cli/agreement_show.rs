//! `agreement` without a verb: the coefficients between the coders of the study.

use clap::Args;

use super::filters::FilterArgs;
use super::output::{Exit, Mode, Table, count, terminal_width, thousands};
use super::{CliError, Context, io_error};
use crate::analysis::agreement::{Statistic, Value};
use crate::coding::agreement::{Agreement, Asked, ENOUGH_TRANSCRIPTS, Figure, Unit, View, agreement};
use crate::domain::span::printable;
use crate::error::Result;

/// How many disagreements JSON holds unless said.
const DISAGREEMENTS: usize = 20;

#[derive(Args)]
pub(super) struct ShowArgs {
    /// Between these coders; without it, all people who coded a transcript that another coded too
    #[arg(long, value_name = "A,B…", value_delimiter = ',')]
    coders: Vec<String>,
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
            && (self.depth.is_none() && self.bootstrap.is_none() && self.disagreements.is_none())
            && self.filters.is_plain()
    }
}

impl Context {
    pub(super) fn agreement_show(&self, args: &ShowArgs) -> Result<Exit> {
        /// More draws than anybody needs, and what memory holds of a large study.
        const MOST_DRAWS: usize = 20_000;
        let study = self.read()?;
        if args.depth == Some(0) {
            return Err(CliError::refused("depth counts from 1", "as in: --depth 1").into());
        }
        if args.bootstrap.is_some_and(|n| !(100..=MOST_DRAWS).contains(&n)) {
            return Err(CliError::refused(
                format!("intervals are made from 100 to {} draws", thousands(MOST_DRAWS as u64)),
                "as in: --bootstrap 1000",
            )
            .into());
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
                draws: args.bootstrap.unwrap_or(0),
                seed: args.seed,
                disagreements: args.disagreements.unwrap_or(DISAGREEMENTS),
                only: None,
            },
        )?;
        match self.out.mode {
            Mode::Csv => self.out.table(&found, || csv(&found), ""),
            Mode::Text | Mode::Json => self
                .out
                .styled(&found, || text(&found, args.disagreements.is_some())),
        }
        .map_err(io_error)?;
        if study.store.study()?.method == "reflexive" {
            self.out
                .say("The study's method is reflexive: agreement between coders is not asked of it.");
        }
        self.say_pending(found.pending);
        Ok(Exit::Done)
    }
}

fn text(found: &Agreement, list: bool) -> String {
    let mut out = base(found);
    out.push('\n');
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    let mut note = |figure: &Figure, statistic: Statistic, of: &str| {
        if let Some(reason) = figure.reason {
            let what = format!("{statistic} of {of}");
            match reasons.iter_mut().find(|(known, _)| known == reason.word()) {
                Some((_, all)) => all.push(what),
                None => reasons.push((reason.word().to_owned(), vec![what])),
            }
        }
    };
    let statistics = in_order(found.themes.iter().map(|t| t.statistic).chain(
        found.pooled.iter().filter(|p| p.view == View::Tables).map(|p| p.statistic),
    ));
    let mut heads = vec!["theme".to_owned(), ">n".to_owned()];
    heads.extend(found.coders.iter().map(|c| format!(">{c}")));
    heads.extend(statistics.iter().map(|s| format!(">{s}")));
    let mut table = Table::new(&heads.iter().map(String::as_str).collect::<Vec<_>>());
    let mut themes: Vec<&str> = Vec::new();
    for row in &found.themes {
        if themes.last() != Some(&row.theme.as_str()) {
            themes.push(&row.theme);
        }
        note(&row.result, row.statistic, &row.theme);
    }
    for theme in themes {
        let figures = found.themes.iter().filter(|t| t.theme == theme);
        let figures: Vec<_> = figures.map(|t| (t.statistic, &t.result)).collect();
        line(&mut table, theme, &statistics, &figures);
    }
    let tables = found.pooled.iter().filter(|p| p.view == View::Tables);
    let figures: Vec<_> = tables.map(|p| (p.statistic, &p.result)).collect();
    if found.themes.is_empty() {
        note_all(&figures, &mut note);
    }
    line(&mut table, "pooled", &statistics, &figures);
    out.push_str(&table.to_text(terminal_width()));

    let themes_as_values: Vec<_> = found.pooled.iter().filter(|p| p.view == View::Themes).collect();
    if !themes_as_values.is_empty() {
        out.push_str("\nThe theme as one value:\n");
        let mut table = Table::new(&["statistic", ">value", ">of the text"]);
        for row in themes_as_values {
            table.row([
                row.statistic.to_string(),
                shown(&row.result),
                row.result.coverage.map_or(String::new(), share),
            ]);
            note(&row.result, row.statistic, "the themes as values");
        }
        out.push_str(&table.to_text(terminal_width()));
    }
    if !found.pairs.is_empty() {
        out.push('\n');
        out.push_str(&pairs(found).to_text(terminal_width()));
    }
    if !reasons.is_empty() {
        out.push('\n');
    }
    for (reason, what) in reasons {
        out.push_str(&format!("n/a: {reason}: {}\n", some(&what)));
    }
    out.push_str(&ends(found, list));
    out
}

fn note_all(
    figures: &[(Statistic, &Figure)],
    note: &mut impl FnMut(&Figure, Statistic, &str),
) {
    for (statistic, figure) in figures {
        note(figure, *statistic, "all themes");
    }
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
    let names: Vec<String> = found.coders.iter().map(|c| printable(c).into_owned()).collect();
    format!(
        "{} by {}, on {} of {}{of_words}.\nn counts {}; under each coder's name stands the share of them that the coder coded.\n",
        names.join(", "),
        found.unit,
        thousands(double.transcripts as u64),
        count(double.of_transcripts as u64, "transcript"),
        units(found.unit),
    )
}

fn units(unit: Unit) -> &'static str {
    match unit {
        Unit::Turn => "turns",
        Unit::Sentence => "sentences",
        Unit::Character | Unit::Span => "characters",
    }
}

fn line(table: &mut Table, name: &str, statistics: &[Statistic], figures: &[(Statistic, &Figure)]) {
    let Some((_, any)) = figures.first() else {
        return;
    };
    let mut cells = vec![name.to_owned(), thousands(any.n)];
    cells.extend(any.prevalence.iter().map(|p| p.map_or("-".into(), share)));
    for statistic in statistics {
        let figure = figures.iter().find(|(s, _)| s == statistic);
        cells.push(figure.map_or(String::new(), |(_, figure)| shown(figure)));
    }
    table.row(cells);
}

fn pairs(found: &Agreement) -> Table {
    let statistics = in_order(found.pairs.iter().map(|p| p.statistic));
    let mut heads = vec!["coders".to_owned(), "theme".to_owned(), ">n".to_owned()];
    heads.extend(statistics.iter().map(|s| format!(">{s}")));
    let mut table = Table::new(&heads.iter().map(String::as_str).collect::<Vec<_>>());
    for rows in found
        .pairs
        .chunk_by(|a, b| a.coders == b.coders && a.theme == b.theme)
    {
        let first = &rows[0];
        let mut cells = vec![
            first.coders.join(" · "),
            first.theme.clone().unwrap_or_else(|| "pooled".into()),
            thousands(first.result.n),
        ];
        cells.extend(rows.iter().map(|row| shown(&row.result)));
        table.row(cells);
    }
    table
}

/// What stands under the tables: how intervals were made, what the study asks for, and the disagreements.
fn ends(found: &Agreement, list: bool) -> String {
    let mut out = String::new();
    if let Some(bootstrap) = &found.bootstrap {
        out.push_str(&match bootstrap.of {
            Some(of) => format!(
                "\nIn brackets: 95 % of {} draws of {of}, seed {}.\n",
                thousands(bootstrap.draws as u64),
                bootstrap.seed
            ),
            None => format!(
                "\nNo intervals: passages are drawn by whole transcripts, and fewer than {ENOUGH_TRANSCRIPTS} are coded twice.\n"
            ),
        });
    }
    if !found.thresholds.is_empty() {
        out.push_str("\nThe study's thresholds:\n");
        for t in &found.thresholds {
            out.push_str(&format!(
                "{} from {}: {} ({})\n",
                printable(&t.statistic),
                printable(&t.at_least),
                printable(&t.meaning),
                printable(&t.source)
            ));
        }
    }
    if list && !found.disagreements.is_empty() {
        out.push_str(&format!(
            "\n{} of {}:\n",
            thousands(found.disagreements.len() as u64),
            count(found.disagreements_total, "disagreement")
        ));
        let mut table = Table::new(&["place", "theme", "coded by", "not by", ">n"]);
        for d in &found.disagreements {
            let place = if d.last_turn > d.turn {
                format!("{}:{}-{}", d.transcript, d.turn, d.last_turn)
            } else {
                format!("{}:{}", d.transcript, d.turn)
            };
            table.row([
                place,
                d.theme.clone(),
                d.coded_by.join(", "),
                d.not_coded_by.join(", "),
                d.n.to_string(),
            ]);
        }
        out.push_str(&table.to_text(terminal_width()));
    }
    out
}

/// One row per figure, for other programs: nothing is rounded.
fn csv(found: &Agreement) -> Table {
    let mut heads: Vec<String> = ["coders", "theme", "view", "statistic", "value", "n", "reason", "ci_low", "ci_high", "coverage"]
        .map(str::to_owned)
        .to_vec();
    heads.extend(found.coders.iter().map(|c| format!("coded by {c}")));
    let mut table = Table::new(&heads.iter().map(String::as_str).collect::<Vec<_>>());
    let number = |n: Option<f64>| n.map_or(String::new(), |n| n.to_string());
    let mut put = |coders: &str, theme: &str, view: &str, statistic: Statistic, f: &Figure, all: bool| {
        let mut cells = vec![
            coders.to_owned(),
            theme.to_owned(),
            view.to_owned(),
            statistic.to_string(),
            number(f.value.number()),
            f.n.to_string(),
            f.reason.map_or(String::new(), |r| r.to_string()),
            number(f.ci_low),
            number(f.ci_high),
            number(f.coverage),
        ];
        // Shares are by coder, of all of them; a pair's are its own.
        cells.extend((0..found.coders.len()).map(|n| {
            number(f.prevalence.get(n).copied().flatten().filter(|_| all))
        }));
        table.row(cells);
    };
    let all = found.coders.join(" · ");
    for row in &found.themes {
        put(&all, &row.theme, "tables", row.statistic, &row.result, true);
    }
    for row in &found.pooled {
        put(&all, "", row.view.word(), row.statistic, &row.result, true);
    }
    for row in &found.pairs {
        let theme = row.theme.as_deref().unwrap_or_default();
        put(&row.coders.join(" · "), theme, "tables", row.statistic, &row.result, false);
    }
    table
}

fn shown(figure: &Figure) -> String {
    let value = rounded(figure.value);
    match (figure.ci_low, figure.ci_high) {
        (Some(low), Some(high)) => format!(
            "{value} [{}, {}]",
            rounded(Value::Defined(low)),
            rounded(Value::Defined(high))
        ),
        _ => value,
    }
}

/// Three decimals; `n/a` where there is none.
pub(super) fn rounded(value: Value) -> String {
    match value {
        Value::Defined(number) => {
            let text = format!("{number:.3}");
            // Nothing below nothing is not printed with a sign.
            if text == "-0.000" { "0.000".into() } else { text }
        }
        Value::Undefined(_) => "n/a".into(),
    }
}

fn share(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

#[expect(clippy::cast_precision_loss, reason = "counts of words are far below 2^53")]
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
    let shown: Vec<String> = all.iter().take(SHOWN).map(|w| printable(w).into_owned()).collect();
    match all.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
