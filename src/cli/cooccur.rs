//! `cooccur`: which themes occur together, how often and how closely.

use clap::Args;

use super::filters::FilterArgs;
use super::output::{Exit, Mode, Table, count, thousands};
use super::relations::RelationArgs;
use super::{CliError, Context, io_error};
use crate::analysis::cooccur::{Count, Flag, Tie};
use crate::coding::cooccur::{Cooccurrence, Question, Square, cooccurrence, passages, square};
use crate::error::Result;

#[derive(Args)]
#[command(
    after_help = "c = n12 / (n1 + n2 - n12), from 0 (never together) to 1 (always). n1 and n2 say how often each theme is used, n12 how often\nboth together; --count says what is counted.\nunequal: one theme is used more than 5 times as often as the other. out-of-range: n12 is more than n1 or n2, as codings lie upon each other."
)]
pub(super) struct CooccurArgs {
    /// Themes, each with its sub-themes: two or more with each other, one with all others, none for all
    #[arg(value_name = "THEME")]
    themes: Vec<String>,
    /// What makes a pair: overlap, same-span, within, encloses, overlaps, overlapped-by, follows, precedes, near,
    /// same-turn, same-transcript or same-case
    #[arg(long, value_name = "RELATION", default_value = "overlap")]
    relation: Tie,
    /// What is counted: codings, turns, transcripts, participants or cases
    #[arg(long, value_name = "UNIT", default_value = "codings")]
    count: Count,
    /// Put themes together at this depth of the tree: 1 for the first step of their paths
    #[arg(long, value_name = "DEPTH")]
    depth: Option<usize>,
    /// How many pairs to show, the closest first; the total counts all
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Show a table of theme by theme, with n12 in its cells
    #[arg(long, conflicts_with_all = ["limit", "cell"])]
    square: bool,
    /// Show the passages of both themes behind a pair
    #[arg(long, value_name = "THEME,THEME", conflicts_with = "limit")]
    cell: Option<String>,
    #[command(flatten)]
    filters: FilterArgs,
    #[command(flatten)]
    relations: RelationArgs,
}

impl Context {
    pub(super) fn cooccur(&self, args: &CooccurArgs) -> Result<Exit> {
        if args.depth == Some(0) {
            return Err(CliError::refused("depth counts from 1", "as in: --depth 1").into());
        }
        let study = self.read()?;
        let mut filter = self.filter(&args.filters);
        args.relations
            .put(&mut filter, args.relation.relation().has_distance())?;
        let question = Question {
            themes: &args.themes,
            filter: &filter,
            tie: args.relation,
            count: args.count,
            depth: args.depth,
        };
        if let Some(cell) = &args.cell {
            let found = passages(&study, &question, cell)?;
            match self.out.mode {
                Mode::Csv => self.out.table(&found, || super::quotes::table(&found), ""),
                _ => self.out.text(&found, || super::quotes::text(&found)),
            }
            .map_err(io_error)?;
            self.out
                .say(&format!("{}.", count(found.total as u64, "quote")));
            self.say_pending(found.pending);
            self.say_untimed(&study, &filter)?;
            return Ok(Exit::Done);
        }
        let pending = if args.square {
            let found = square(&study, &question)?;
            self.out
                .table(&found, || by_theme(&found), "There are no themes.")
                .map_err(io_error)?;
            found.pending
        } else {
            let found = cooccurrence(&study, &question, args.limit)?;
            self.out
                .table(
                    &found,
                    || pairs(&found),
                    "No two themes occur together there.",
                )
                .map_err(io_error)?;
            if found.pairs.len() < found.total {
                self.out.say(&format!(
                    "{}, {} shown.",
                    count(found.total as u64, "pair"),
                    thousands(found.pairs.len() as u64)
                ));
            }
            found.pending
        };
        self.out.say(&said(args));
        self.say_pending(pending);
        self.say_untimed(&study, &filter)?;
        Ok(Exit::Done)
    }
}

/// What the numbers count.
fn said(args: &CooccurArgs) -> String {
    let how = match args.relation {
        Tie::Overlap => "overlap",
        Tie::SameSpan => "have the same span",
        Tie::Within => "stand so that the first lies within the second",
        Tie::Encloses => "stand so that the first encloses the second",
        Tie::Overlaps => "overlap, the first ahead",
        Tie::OverlappedBy => "overlap, the second ahead",
        Tie::Follows => "stand so that the first follows the second",
        Tie::Precedes => "stand so that the first precedes the second",
        Tie::Near => "are near each other",
        Tie::SameTurn => "share a turn",
        Tie::SameTranscript => "share a transcript",
        Tie::SameCase => "share a case",
    };
    let distance = match args.relations.distance {
        Some(distance) if args.relation.relation().has_distance() => {
            format!(" ({distance} between at most)")
        }
        _ => String::new(),
    };
    match args.count {
        Count::Codings => {
            format!("n1 and n2 count codings, n12 pairs of them that {how}{distance}.")
        }
        unit => format!("Counted are {unit}; n12 those with two codings that {how}{distance}."),
    }
}

/// A share to four places.
fn share(value: Option<f64>) -> String {
    value.map_or_else(|| "n/a".to_owned(), |v| format!("{v:.4}"))
}

fn pairs(found: &Cooccurrence) -> Table {
    let cases = found.count == Count::Cases;
    let mut heads = vec![
        "a", "b", ">n1", ">n2", ">n12", ">c", ">n12/n1", ">n12/n2", "flags",
    ];
    if cases {
        heads.push("cases");
    }
    let mut table = Table::new(&heads);
    for pair in &found.pairs {
        let of = &pair.counts;
        let flags: Vec<&str> = of
            .flags
            .iter()
            .map(|f: &Flag| f.word())
            .chain(of.reason)
            .collect();
        let mut row = vec![
            pair.a.clone(),
            pair.b.clone(),
            of.n1.to_string(),
            of.n2.to_string(),
            of.n12.to_string(),
            share(of.c),
            share(of.share1),
            share(of.share2),
            flags.join(", "),
        ];
        if cases {
            row.push(pair.cases.clone().unwrap_or_default().join(", "));
        }
        table.row(row);
    }
    table
}

fn by_theme(found: &Square) -> Table {
    let mut heads = vec!["theme".to_owned(), ">n".to_owned()];
    heads.extend(found.themes.iter().map(|name| format!(">{name}")));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = Table::new(&heads);
    for ((name, n), cells) in found.themes.iter().zip(&found.n).zip(&found.cells) {
        let cells = cells
            .iter()
            .map(|cell| cell.map_or_else(String::new, |n| n.to_string()));
        table.row([name.clone(), n.to_string()].into_iter().chain(cells));
    }
    table
}
