//! `search`: finding what was said.

use clap::Args;

use super::filters::FilterArgs;
use super::output::{Exit, Table, count, terminal_width};
use super::transcripts::clock;
use super::{CliError, Context, io_error};
use crate::domain::span::printable;
use crate::error::Result;
use crate::study::search::{CountBy, Hit, SearchResult, in_context};

/// The query language, for the help and the reference.
const QUERY_HELP: &str = "The query language:
  winter pressure      both words, in any of their forms (pressured, pressures), whatever their accents
  \"winter pressure\"    the phrase
  \"call vote\"~3        in this order, with up to 3 words in between in all
  winter NEAR/5 beds   at most 5 words apart, in either order
  govern*              words that begin so
  acountable~1         words that differ by one letter (~2: two)
  =trusts              exactly this form
  AND OR NOT ( )       in capitals";

#[derive(Args)]
#[command(after_help = QUERY_HELP)]
pub(super) struct SearchArgs {
    /// What to look for
    query: String,
    /// Show each hit in one line, in its context
    #[arg(long)]
    kwic: bool,
    /// Count hits by case, theme, participant, transcript, role or phase
    #[arg(long, value_name = "WHAT")]
    count_by: Option<CountBy>,
    /// How many hits to show; the total counts all
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Search memos too
    #[arg(long)]
    memos: bool,
    #[command(flatten)]
    filters: FilterArgs,
}

impl Context {
    pub(super) fn search(&self, args: &SearchArgs) -> Result<Exit> {
        let study = self.read()?;
        let filter = self.filter(&args.filters);
        if let Some(by) = args.count_by {
            let result = study.count_hits(&args.query, &filter, by)?;
            self.out
                .table(
                    &result,
                    || {
                        let mut table = Table::new(&[by.word(), ">turns"]);
                        for c in result.counts.iter().flatten() {
                            table.row([c.name.clone(), c.turns.to_string()]);
                        }
                        table
                    },
                    "Nothing found.",
                )
                .map_err(io_error)?;
            self.out
                .say(&format!("{} in all.", count(result.total, "turn")));
            return Ok(Exit::Done);
        }
        if args.limit > 100_000 {
            return Err(CliError::refused(
                "that is more hits than can be shown at once",
                "ask for at most 100000: --limit 100000",
            )
            .into());
        }
        let result = study.search(&args.query, &filter, args.limit, args.memos)?;
        if args.kwic || self.out.mode == super::output::Mode::Csv {
            let width = terminal_width().map_or(50, |w| w.saturating_sub(30) / 2);
            self.out
                .table(
                    &result,
                    || kwic(&result, width, self.out.mode == super::output::Mode::Csv),
                    "",
                )
                .map_err(io_error)?;
        } else {
            self.out
                .styled(&result, || hits(&result))
                .map_err(io_error)?;
        }
        if result.total == 0 {
            self.out.say("Nothing found.");
        } else {
            self.out.say(&format!(
                "{}{}.",
                count(result.total, "turn"),
                if (result.hits.len() as u64) < result.total {
                    format!(", {} shown", result.hits.len())
                } else {
                    String::new()
                }
            ));
        }
        Ok(Exit::Done)
    }
}

fn hits(result: &SearchResult) -> String {
    let mut text = String::new();
    for hit in &result.hits {
        let turn = &hit.turn;
        let who = turn
            .participant
            .as_ref()
            .or(turn.speaker.as_ref())
            .map_or(String::new(), |s| format!("  {}", printable(s)));
        let case = turn
            .case
            .as_ref()
            .map_or(String::new(), |c| format!("  {c}"));
        let time = turn
            .time_ms
            .map_or(String::new(), |ms| format!("  {}", clock(ms)));
        text.push_str(&format!(
            "{}:{}{who}{case}{time}\n{}\n\n",
            turn.transcript,
            turn.turn,
            marked(hit)
        ));
    }
    for memo in result.memos.iter().flatten() {
        text.push_str(&format!(
            "memo {} on {}  {}\n{}\n\n",
            memo.memo,
            memo.on,
            memo.coder,
            printable(&memo.text)
        ));
    }
    text
}

/// The turn's text with the words that matched in bold, without hostile characters.
fn marked(hit: &Hit) -> String {
    let bold = anstyle::Style::new().bold().underline();
    let mut out = String::new();
    let mut spans = hit.highlights.iter().peekable();
    for (at, c) in (hit.turn.start..).zip(printable(&hit.turn.text).chars()) {
        if spans.peek().is_some_and(|(start, _)| *start == at) {
            out.push_str(&bold.render().to_string());
        }
        out.push(c);
        if spans.peek().is_some_and(|(_, end)| *end == at + 1) {
            out.push_str(&bold.render_reset().to_string());
            spans.next();
        }
    }
    out
}

fn kwic(result: &SearchResult, width: usize, csv: bool) -> Table {
    let mut table = Table::new(&["place", "who", ">left", "keyword", "right"]);
    for hit in &result.hits {
        let who = hit
            .turn
            .participant
            .as_ref()
            .or(hit.turn.speaker.as_ref())
            .cloned()
            .unwrap_or_default();
        for (left, keyword, right) in in_context(hit, if csv { 80 } else { width }) {
            table.row([
                format!("{}:{}", hit.turn.transcript, hit.turn.turn),
                who.clone(),
                left,
                keyword,
                right,
            ]);
        }
    }
    table
}
