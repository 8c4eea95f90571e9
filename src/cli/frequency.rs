//! `frequency`: which words are said how often, by whom, and what sets groups apart.

use std::path::Path;

use clap::Args;

use super::filters::FilterArgs;
use super::output::{Exit, thousands};
use super::progress::Bar;
use super::quotes::pending_note;
use super::table_file::TableFile;
use super::{CliError, Context};
use crate::analysis::matrix::Measure;
use crate::coding::crosstab::Dimension;
use crate::coding::frequency::{Asked, Frequency, Group, StopWords, frequency};
use crate::domain::filter::{Filter, Speakers};
use crate::domain::span::printable;
use crate::error::Result;
use crate::report::sheet::{Cell, Sheet};
use crate::study::Study;
use crate::study::search::in_context;

#[derive(Args)]
pub(super) struct FrequencyArgs {
    /// Count in groups: case, participant, transcript, phase, role, section, theme (its coded passages), coder or attr:KEY
    #[arg(long, value_name = "WHAT")]
    group_by: Option<String>,
    /// Put themes together at this depth of the tree: 1 for the first step of their paths
    #[arg(long, value_name = "DEPTH", requires = "group_by")]
    depth: Option<usize>,
    /// Take all forms of a word as one: decision, decisions
    #[arg(long)]
    stem: bool,
    /// Words to leave out: none, default (our list for the study's language) or a file with words
    #[arg(long, value_name = "none|default|FILE", default_value = "default")]
    stop_words: String,
    /// Leave out words that a group says less often
    #[arg(long, value_name = "N", default_value_t = 1)]
    least: u64,
    /// So many words of each group
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// The order of the words: count, or keyness (what sets a group apart from the rest); with groups, keyness unless said
    #[arg(long, value_name = "count|keyness")]
    order_by: Option<OrderBy>,
    /// Open one word: each place where it is said, in its context
    #[arg(long, value_name = "WORD", conflicts_with_all = ["group_by", "order_by"])]
    word: Option<String>,
    #[command(flatten)]
    file: TableFile,
    #[command(flatten)]
    filters: FilterArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum OrderBy {
    Count,
    Keyness,
}

impl Context {
    pub(super) fn frequency(&self, args: &FrequencyArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let filter = self.filter(&args.filters);
        if let Some(word) = &args.word {
            return self.open_word(&study, args, word, &filter);
        }
        if args.depth == Some(0) {
            return Err(CliError::refused("depth counts from 1", "as in: --depth 1").into());
        }
        if args.order_by == Some(OrderBy::Keyness) && args.group_by.is_none() {
            return Err(CliError::refused(
                "keyness sets a group apart from the rest, and there are no groups",
                "say which, as in: --group-by role",
            )
            .into());
        }
        let by: Option<Dimension> = match &args.group_by {
            Some(by) => Some(by.parse()?),
            None => None,
        };
        let asked = Asked {
            by,
            depth: args.depth,
            stem: args.stem,
            stop_words: stop_words(&args.stop_words)?,
            least: args.least.max(1),
            limit: args.limit,
            by_keyness: args.group_by.is_some() && args.order_by != Some(OrderBy::Count),
        };
        let bar = Bar::new("counting", self.out.quiet);
        let found = frequency(&study, &filter, &asked, &bar)?;
        drop(bar);
        let sheet = sheet(&found, args, &filter);
        let empty = if found.words == 0 {
            "No words are said there."
        } else if found.groups.iter().all(|g| g.total == 0) {
            "No word is left to list."
        } else {
            "No word is listed, as --limit says."
        };
        self.tables(&study, &args.file, &found, &[sheet], empty)?;
        Ok(Exit::Done)
    }

    /// The places of one word, as a search shows them.
    fn open_word(
        &self,
        study: &Study,
        args: &FrequencyArgs,
        word: &str,
        filter: &Filter,
    ) -> Result<Exit> {
        let word = word.trim();
        if word.is_empty() || word.contains(char::is_whitespace) {
            return Err(CliError::refused(
                format!("`{}` is not one word", printable(word)),
                format!(
                    "search for several with: casebook search \"{}\" --kwic",
                    printable(word).replace(['"', '\n'], " ")
                ),
            )
            .into());
        }
        let query = if args.stem {
            word.to_owned()
        } else {
            format!("={word}")
        };
        let found = study.search(&query, filter, 100_000, false)?;
        let mut sheet = Sheet::new(
            format!("Where `{word}` is said"),
            ["place", "who", "left", "keyword", "right"],
        );
        for hit in &found.hits {
            let turn = &hit.turn;
            let who = turn.participant.as_deref().or(turn.speaker.as_deref());
            for (left, keyword, right) in in_context(hit, 40) {
                sheet.row([
                    format!("{}:{}", turn.transcript, turn.turn).into(),
                    Cell::from(who),
                    left.into(),
                    keyword.into(),
                    right.into(),
                ]);
            }
        }
        let places = sheet.rows.len();
        sheet.note(format!(
            "{} in {}.",
            super::output::count(places as u64, "place"),
            super::output::count(found.total, "turn")
        ));
        self.tables(study, &args.file, &found, &[sheet], "Nobody says it there.")?;
        Ok(Exit::Done)
    }
}

fn stop_words(typed: &str) -> Result<StopWords> {
    Ok(match typed {
        "none" => StopWords::None,
        "default" => StopWords::Default,
        path => {
            let fail = |source| CliError::Io {
                what: format!("`{}`", printable(path)),
                source,
            };
            let text = std::fs::read(Path::new(path)).map_err(fail)?;
            let text = String::from_utf8(text).map_err(|_| {
                CliError::refused(
                    format!("`{}` is no text in UTF-8", printable(path)),
                    "save it as plain text in UTF-8, with a word on each line",
                )
            })?;
            StopWords::These(text.lines().map(str::to_owned).collect())
        }
    })
}

fn sheet(found: &Frequency, args: &FrequencyArgs, filter: &Filter) -> Sheet {
    let grouped = args.group_by.as_deref();
    let mut title = "Words by how often they are said".to_owned();
    if let Some(by) = grouped {
        title.push_str(&format!(", by {by}"));
    }
    let mut heads: Vec<&str> = grouped.into_iter().collect();
    heads.extend(["word", "count", "per 1,000", "transcripts", "participants"]);
    if grouped.is_some() {
        heads.extend(["rest", "rest per 1,000", "G2", "log ratio"]);
    }
    let mut sheet = Sheet::new(title, heads);
    for group in &found.groups {
        for row in &group.rows {
            let mut cells: Vec<Cell> = Vec::new();
            cells.extend(group.group.as_deref().map(Cell::from));
            cells.extend([
                row.word.as_str().into(),
                row.count.into(),
                rate(row.per_1000_words),
                row.transcripts.into(),
                row.participants.into(),
            ]);
            if grouped.is_some() {
                cells.extend([
                    row.rest.into(),
                    rate(row.rest_per_1000_words),
                    Cell::decimal(row.keyness.g2, 2),
                    Cell::decimal(row.keyness.log_ratio, 2),
                ]);
            }
            sheet.row(cells);
        }
    }
    sheet.notes = notes(found, args, filter);
    sheet
}

fn rate(value: Option<f64>) -> Cell {
    super::matrix::figure(Measure::PerThousandWords, value)
}

fn notes(found: &Frequency, args: &FrequencyArgs, filter: &Filter) -> Vec<String> {
    let whose = match filter.speakers {
        Speakers::Participant => "everyone but the interviewers",
        Speakers::Interviewer => "interviewers",
        Speakers::All => "everyone",
    };
    let coded = if filter.themes.is_empty() && filter.coders.is_empty() {
        ""
    } else {
        " in passages coded so"
    };
    let words = |n: u64| super::output::count(n, "word");
    let mut notes = vec![format!(
        "Rates are for each 1,000 words said by {whose}{coded}: {}, {} different, in {} by {}.",
        words(found.words),
        thousands(found.types),
        super::output::count(found.transcripts as u64, "transcript"),
        super::output::count(found.participants, "participant"),
    )];
    if args.group_by.is_some() {
        let base = |g: &Group| {
            let name = g.group.as_deref().unwrap_or_default();
            format!("{name} {}", thousands(g.words))
        };
        let shown: Vec<String> = found.groups.iter().take(12).map(base).collect();
        let more = if found.groups.len() > 12 { " …" } else { "" };
        notes.push(format!("Words of each: {}{more}.", shown.join(", ")));
        notes.push("G2 is the log-likelihood against all other words counted here, with a minus where the word is rarer; from 3.84, 6.63, 10.83 and 15.13 a difference so large is rarer than 5, 1, 0.1 and 0.01 % by chance, for one word looked at alone. The log ratio is 1 for twice the rate, 2 for four times; a count of 0 is taken as 0.5.".to_owned());
        if found
            .groups
            .iter()
            .any(|g| g.words == 0 || g.words == found.words)
        {
            notes.push("n/a or no rows: a group without words, or without a rest.".to_owned());
        }
    }
    match (args.stop_words.as_str(), found.stop_words) {
        (_, None) => notes.push(
            "There is no list of stop words for the study's language: none are left out. Give your own with: --stop-words FILE"
                .to_owned(),
        ),
        (_, Some(0)) => {}
        (_, Some(n)) => notes.push(format!(
            "{} left out of the table, not of the rates: --stop-words none shows all.",
            if n == 1 {
                "1 stop word is".to_owned()
            } else {
                format!("{} different stop words are", thousands(n))
            }
        )),
    }
    notes.extend(pending_note(found.pending));
    let listed: usize = found.groups.iter().map(|g| g.total).sum();
    let shown: usize = found.groups.iter().map(|g| g.rows.len()).sum();
    if shown < listed {
        notes.push(format!(
            "{} of {} rows: --limit N shows more.",
            thousands(shown),
            thousands(listed)
        ));
    }
    if found.groups.iter().any(|g| !g.rows.is_empty()) {
        notes.push(format!(
            "Where a word is said: casebook frequency --word WORD{}",
            if args.stem { " --stem" } else { "" }
        ));
    }
    notes
}
