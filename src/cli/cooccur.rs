//! `cooccur`: which themes occur together, how often and how closely.

use clap::Args;

use super::filters::FilterArgs;
use super::output::{Exit, Mode, count, thousands};
use super::quotes::pending_note;
use super::relations::{RelationArgs, untimed_note};
use super::released::AudienceArg;
use super::table_file::TableFile;
use super::{CliError, Context, io_error};
use crate::analysis::cooccur::{Count, Flag, Tie};
use crate::coding::cooccur::{Cooccurrence, Question, Square, cooccurrence, passages, square};
use crate::error::Result;
use crate::evidence::released::of_cell;
use crate::governance::Known;
use crate::governance::gate::Audience;
use crate::report::sheet::{Cell, Sheet};

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
    audience: AudienceArg,
    #[command(flatten)]
    file: TableFile,
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
        args.file.check(&study)?;
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
        if args.cell.is_none() {
            args.audience.of_quotes_only()?;
        }
        if let Some(cell) = &args.cell {
            let found = passages(&study, &question, cell)?;
            let audience = args.audience.of(args.file.is_given());
            if audience != Audience::Team {
                let ids: Vec<i64> = found.quotes.iter().map(|q| q.coding).collect();
                let found = of_cell(&study, &ids, &filter, audience, Known::default())?;
                let file = (&args.file, &args.audience);
                self.released(&study, file, &found, &format!("Quotes of {cell}"))?;
                return Ok(Exit::Done);
            }
            if args.file.is_given() {
                let sheet = super::quotes::sheet(&found, &format!("Quotes of {cell}"));
                self.tables(&study, &args.file, &found, &[sheet], "")?;
            } else {
                match self.out.mode {
                    Mode::Csv => self.out.table(&found, || super::quotes::table(&found), ""),
                    _ => self.out.text(&found, || super::quotes::text(&found)),
                }
                .map_err(io_error)?;
                self.out
                    .say(&format!("{}.", count(found.total as u64, "quote")));
                self.say_pending(found.pending);
            }
            self.say_untimed(&study, &filter)?;
        } else if args.square {
            let found = square(&study, &question)?;
            let mut sheet = by_theme(&found);
            notes(
                &mut sheet,
                args,
                (found.pending, found.coders),
                found.untimed,
            );
            self.tables(&study, &args.file, &found, &[sheet], "There are no themes.")?;
        } else {
            let found = cooccurrence(&study, &question, args.limit)?;
            let mut sheet = pairs(&found);
            if found.pairs.len() < found.total {
                sheet.note(format!(
                    "{}, {} shown.",
                    count(found.total as u64, "pair"),
                    thousands(found.pairs.len() as u64)
                ));
            }
            notes(
                &mut sheet,
                args,
                (found.pending, found.coders),
                found.untimed,
            );
            let empty = if found.total == 0 {
                "No two themes occur together there."
            } else {
                "No pair is shown, as --limit says."
            };
            self.tables(&study, &args.file, &found, &[sheet], empty)?;
        }
        Ok(Exit::Done)
    }
}

/// What a reader must know beneath the numbers.
fn notes(
    sheet: &mut Sheet,
    args: &CooccurArgs,
    (pending, coders): (usize, usize),
    untimed: Option<usize>,
) {
    sheet.note(said(args));
    sheet.notes.extend(several_coders(coders));
    sheet.notes.extend(pending_note(pending));
    sheet.notes.extend(untimed.and_then(untimed_note));
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

fn pairs(found: &Cooccurrence) -> Sheet {
    let mut heads = vec![
        "a", "b", "n1", "n2", "n12", "c", "n12/n1", "n12/n2", "flags",
    ];
    if found.count == Count::Cases {
        heads.push("cases");
    }
    let mut sheet = Sheet::new("Themes that occur together", heads);
    for pair in &found.pairs {
        let of = &pair.counts;
        let flags: Vec<&str> = of
            .flags
            .iter()
            .map(|f: &Flag| f.word())
            .chain(of.reason)
            .collect();
        let share = |value: Option<f64>| Cell::decimal(value, 4);
        let mut row: Vec<Cell> = vec![
            pair.a.as_str().into(),
            pair.b.as_str().into(),
            of.n1.into(),
            of.n2.into(),
            of.n12.into(),
            share(of.c),
            share(of.share1),
            share(of.share2),
            flags.join(", ").into(),
        ];
        row.extend(pair.cases.as_ref().map(|c| c.join(", ").into()));
        sheet.row(row);
    }
    sheet
}

fn by_theme(found: &Square) -> Sheet {
    let heads = ["theme", "n"]
        .into_iter()
        .chain(found.themes.iter().map(String::as_str));
    let mut sheet = Sheet::new("Themes by themes", heads);
    for ((name, n), cells) in found.themes.iter().zip(&found.n).zip(&found.cells) {
        let cells = cells.iter().map(|cell| Cell::from(*cell));
        sheet.row([name.as_str().into(), (*n).into()].into_iter().chain(cells));
    }
    sheet
}

/// Two coders who differ on a passage make a pair of it.
pub(crate) fn several_coders(coders: usize) -> Option<String> {
    (coders > 1).then(|| {
        format!("Codings of {coders} coders are counted together: where they differ on a passage, that is a pair too. --by NAME counts one coder's.")
    })
}
