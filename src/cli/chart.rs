//! `chart`: pictures of the study, as files or in block characters, each with its table.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::chart_figures::{BubbleArgs, SlopeArgs};
use super::chart_grids::{MultiplesArgs, RankedArgs, StagesArgs, WavesArgs};
use super::filters::FilterArgs;
use super::output::{Exit, Mode, Table};
use super::relations::RelationArgs;
use super::release::Readers;
use super::report::spare;
use super::{CliError, Context, io_error};
use crate::analysis::agreement::Statistic;
use crate::analysis::cooccur::{Count, Tie};
use crate::analysis::matrix::Unit;
use crate::coding::agreement::Asked;
use crate::coding::cooccur::Question;
use crate::coding::crosstab::Dimension;
use crate::error::Result;
use crate::report::chart::{
    Chart, accumulation_of, agreement_of, heat_of, network_of, timeline_of,
};
use crate::report::{Block, Page, contents};
use crate::study::Study;

#[derive(Subcommand)]
pub(super) enum ChartCommand {
    /// Draw how much of each theme is in each case, as shades with their numbers
    Heat(HeatArgs),
    /// Draw which themes occur together, as a network
    Network(NetworkArgs),
    /// Draw how codes accumulate, interview by interview
    Accumulation(AccumulationArgs),
    /// Draw how far coders agree, theme by theme
    Agreement(AgreementChartArgs),
    /// Draw where themes stand along time: from interview to interview, or through one transcript
    Timeline(TimelineArgs),
    /// Draw cases as bubbles between two figures, in one period or two
    Bubble(BubbleArgs),
    /// Draw what became of a figure from one period to another, a line for each case
    Slope(SlopeArgs),
    /// Draw cases in the order of a figure, the best first; or by bands
    Ranked(RankedArgs),
    /// Draw a panel for each case, all on one scale
    Multiples(MultiplesArgs),
    /// Draw who joined which cohort when, and how many systems that made
    Waves(WavesArgs),
    /// Draw at which stage of a maturity framework cases are, domain by domain
    Stages(StagesArgs),
}

/// Where a picture goes.
#[derive(Args)]
pub(super) struct PictureFile {
    /// The file: .svg for the picture alone, .html or .md with its table; without it, a sketch on the terminal
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct HeatArgs {
    /// What stands in the rows: case, participant, transcript, phase, role, theme, coder, section or attr:KEY
    #[arg(long, value_name = "WHAT", default_value = "theme")]
    rows: String,
    /// What stands in the columns, likewise
    #[arg(long, value_name = "WHAT", default_value = "case")]
    cols: String,
    /// What a cell counts: codings, turns, words, transcripts, participants or cases
    #[arg(long, value_name = "UNIT", default_value = "codings")]
    count: Unit,
    /// Put themes together at this depth of the tree: 1 for the first step of their paths
    #[arg(long, value_name = "DEPTH")]
    depth: Option<usize>,
    #[command(flatten)]
    file: PictureFile,
    #[command(flatten)]
    filters: FilterArgs,
}

#[derive(Args)]
pub(super) struct TimelineArgs {
    /// Through this transcript, turn by turn; without it, through the study by the dates of its transcripts
    #[arg(value_name = "TRANSCRIPT")]
    through: Option<String>,
    /// Put themes together at this depth of the tree: 1 for the first step of their paths
    #[arg(long, value_name = "DEPTH")]
    depth: Option<usize>,
    #[command(flatten)]
    file: PictureFile,
    #[command(flatten)]
    filters: FilterArgs,
}

#[derive(Args)]
pub(super) struct NetworkArgs {
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
    #[command(flatten)]
    file: PictureFile,
    #[command(flatten)]
    filters: FilterArgs,
    #[command(flatten)]
    relations: RelationArgs,
}

#[derive(Args)]
pub(super) struct AccumulationArgs {
    /// The order of the interviews: date, import, or all of them, as in T03,T01,T02
    #[arg(long, value_name = "ORDER", default_value = "date")]
    order: String,
    /// Put themes together at this depth of the tree: 1 for the first step of their paths
    #[arg(long, value_name = "DEPTH")]
    depth: Option<usize>,
    #[command(flatten)]
    file: PictureFile,
    #[command(flatten)]
    filters: FilterArgs,
}

#[derive(Args)]
pub(super) struct AgreementChartArgs {
    /// Between these coders; without it, all people who coded a transcript that another coded too
    #[arg(long, value_name = "A,B…", value_delimiter = ',')]
    coders: Vec<String>,
    /// What coders are compared by: turn, sentence, character, or span (they chose where passages begin and end)
    #[arg(long, value_name = "UNIT", default_value = "turn")]
    unit: crate::coding::agreement::Unit,
    /// The coefficient; alpha unless said, of spans u-alpha
    #[arg(long, value_name = "NAME")]
    statistic: Option<Statistic>,
    /// Put themes together at this depth of the tree: 1 for the first step of their paths
    #[arg(long, value_name = "DEPTH")]
    depth: Option<usize>,
    /// Draw transcripts (turns, where there are fewer than ten) again so often, for 95 % intervals; 0 for none
    #[arg(long, value_name = "TIMES", default_value_t = 1000)]
    bootstrap: usize,
    /// The seed of the draws: the same one gives the same intervals
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    file: PictureFile,
    #[command(flatten)]
    filters: FilterArgs,
}

impl Context {
    pub(super) fn chart(&self, command: &ChartCommand) -> Result<Exit> {
        let study = self.read()?;
        let (chart, file) = match command {
            ChartCommand::Heat(args) => {
                let (rows, cols): (Dimension, Dimension) = (args.rows.parse()?, args.cols.parse()?);
                let chart = heat_of(
                    &study,
                    &self.filter(&args.filters),
                    (&rows, &args.rows),
                    (&cols, &args.cols),
                    args.count,
                    deep(args.depth)?,
                )?;
                (chart, &args.file)
            }
            ChartCommand::Network(args) => {
                let mut filter = self.filter(&args.filters);
                args.relations
                    .put(&mut filter, args.relation.relation().has_distance())?;
                let question = Question {
                    themes: &args.themes,
                    filter: &filter,
                    tie: args.relation,
                    count: args.count,
                    depth: deep(args.depth)?,
                };
                (network_of(&study, &question)?, &args.file)
            }
            ChartCommand::Accumulation(args) => {
                let chart = accumulation_of(
                    &study,
                    &self.filter(&args.filters),
                    super::saturation::order(&args.order),
                    deep(args.depth)?,
                )?;
                (chart, &args.file)
            }
            ChartCommand::Agreement(args) => {
                let statistic = args.statistic.unwrap_or(match args.unit {
                    crate::coding::agreement::Unit::Span => Statistic::UAlpha,
                    _ => Statistic::Alpha,
                });
                let asked = Asked {
                    coders: args.coders.iter().map(|c| c.trim().to_owned()).collect(),
                    unit: args.unit,
                    statistics: vec![statistic],
                    depth: deep(args.depth)?,
                    complete: false,
                    pairs: false,
                    exclusive: false,
                    draws: super::agreement_show::draws(Some(args.bootstrap).filter(|n| *n > 0))?,
                    seed: args.seed,
                    disagreements: 0,
                    only: None,
                };
                let chart =
                    agreement_of(&study, &self.filter(&args.filters), &asked, statistic, true)?;
                (chart, &args.file)
            }
            ChartCommand::Timeline(args) => {
                let chart = timeline_of(
                    &study,
                    &self.filter(&args.filters),
                    args.through.as_deref(),
                    deep(args.depth)?,
                )?;
                (chart, &args.file)
            }
            ChartCommand::Bubble(args) => (args.chart(&study)?, &args.file),
            ChartCommand::Slope(args) => (args.chart(&study)?, &args.file),
            ChartCommand::Ranked(args) => (args.chart(&study)?, &args.file),
            ChartCommand::Multiples(args) => (args.chart(&study)?, &args.file),
            ChartCommand::Waves(args) => (args.chart(&study)?, &args.file),
            ChartCommand::Stages(args) => (args.chart(&study)?, &args.file),
        };
        self.picture(&study, &chart, file)
    }

    /// Writes a picture to its file, or sketches it.
    pub(super) fn picture(&self, study: &Study, chart: &Chart, to: &PictureFile) -> Result<Exit> {
        let Some(path) = &to.output else {
            match self.out.mode {
                Mode::Text => {
                    let mut text = format!("{}\n\n", chart.title);
                    for line in &chart.preview {
                        text.push_str(line);
                        text.push('\n');
                    }
                    self.out.text(chart, || text)
                }
                _ => self.out.table(chart, || table(chart), ""),
            }
            .map_err(io_error)?;
            self.out.say(&chart.unit);
            for caveat in &chart.caveats {
                self.out.say(caveat);
            }
            return Ok(Exit::Done);
        };
        let ending = path
            .extension()
            .map(|e| e.to_string_lossy().to_lowercase())
            .unwrap_or_default();
        let format = match ending.as_str() {
            "svg" => None,
            "html" | "htm" | "md" | "markdown" => Some(crate::report::Format::of(path)?),
            _ => {
                return Err(CliError::refused(
                    format!(
                        "`{}` names no kind of picture that casebook draws",
                        path.display()
                    ),
                    "give it one of these endings: .svg, .html, .md",
                )
                .into());
            }
        };
        spare(study, path)?;
        self.write_copy(study, "chart", path, &Readers::Team, |out| {
            let Some(format) = format else {
                return out.write_all(chart.file().as_bytes()).map_err(io_error);
            };
            let row = study.store.study()?;
            let mut blocks = vec![Block::Title {
                title: chart.title.clone(),
                subtitle: Some(row.title.clone()),
                facts: Vec::new(),
            }];
            blocks.extend(chart.blocks());
            let page = Page::new(&chart.title, &row.language).with_headings(contents(&blocks));
            let mut renderer = format.renderer(out, &page);
            for block in &blocks {
                renderer.block(block).map_err(io_error)?;
            }
            renderer.finish().map_err(io_error)
        })?;
        self.out
            .say(&format!("Drew {} to {}.", chart.title, path.display()));
        Ok(Exit::Done)
    }
}

fn deep(depth: Option<usize>) -> Result<Option<usize>> {
    match depth {
        Some(0) => Err(CliError::refused("depth counts from 1", "as in: --depth 1").into()),
        depth => Ok(depth),
    }
}

/// The table under a picture.
fn table(chart: &Chart) -> Table {
    let heads: Vec<String> = chart
        .head
        .iter()
        .enumerate()
        .map(|(n, head)| {
            if chart.numeric.get(n) == Some(&true) {
                format!(">{head}")
            } else {
                head.clone()
            }
        })
        .collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = Table::new(&heads);
    for row in &chart.rows {
        table.row(row.clone());
    }
    table
}
