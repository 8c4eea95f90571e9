//! `chart bubble` and `chart slope`: what is asked of pictures of two figures, and of two periods.

use clap::{Args, ValueEnum};

use super::chart::PictureFile;
use super::date;
use super::figures::WhichArgs;
use super::measure::period;
use crate::domain::Date;
use crate::domain::period::Period;
use crate::error::Result;
use crate::report::chart::{
    Axis, BubbleAsked, Chart, Join, Reference, SlopeAsked, bubble_of, slope_of,
};
use crate::study::Study;

#[derive(Args)]
pub(super) struct BubbleArgs {
    /// What stands across, as in four-hour@2017/18; without a period, the newest that has figures
    #[arg(long, value_name = "INDICATOR[@PERIOD]")]
    x: String,
    /// What stands upwards
    #[arg(long, value_name = "INDICATOR[@PERIOD]")]
    y: String,
    /// Shade and letter of a bubble: an indicator of bands
    #[arg(long, value_name = "INDICATOR[@PERIOD]")]
    colour: Option<String>,
    /// Area of a bubble
    #[arg(long, value_name = "INDICATOR[@PERIOD]")]
    size: Option<String>,
    /// Draw the same indicators in this later period too
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    then: Option<Period>,
    /// How the two periods are joined
    #[arg(long, value_name = "HOW", value_enum, default_value_t = JoinWord::Arrows, requires = "then")]
    join: JoinWord,
    /// A line to compare with, as in x=88.3 or y=-2:England, the words behind the colon being its label (can be repeated)
    #[arg(long, value_name = "AXIS=NUMBER[:LABEL]", value_parser = reference)]
    reference: Vec<Reference>,
    #[command(flatten)]
    which: WhichArgs,
    /// Read links between cases and cohorts as they stood on this day; without it links on the last day of each period
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    #[command(flatten)]
    pub(super) file: PictureFile,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum JoinWord {
    /// One picture, with an arrow from where a case was, hollow, to where it is, filled
    Arrows,
    /// A picture of each period, on the same scales
    SideBySide,
}

#[derive(Args)]
pub(super) struct SlopeArgs {
    /// The indicator's short name
    indicator: String,
    /// The earlier period, on the left
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    from: Period,
    /// The later period, on the right
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    to: Period,
    #[command(flatten)]
    which: WhichArgs,
    /// Read links between cases and cohorts as they stood on this day; without it links on the last day of each period
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    #[command(flatten)]
    pub(super) file: PictureFile,
}

/// `x=88.3`, `y=-2:England`.
fn reference(typed: &str) -> Result<Reference, String> {
    let help = "write an axis and a number, as in x=88.3 or y=-2:England";
    let (axis, rest) = typed
        .split_once('=')
        .ok_or_else(|| format!("it names no axis; {help}"))?;
    let axis = match axis.trim() {
        "x" | "X" => Axis::X,
        "y" | "Y" => Axis::Y,
        _ => return Err(format!("the axis is x or y; {help}")),
    };
    let (number, label) = rest.split_once(':').unwrap_or((rest, ""));
    Ok(Reference {
        axis,
        value: number
            .trim()
            .trim_end_matches('%')
            .trim_end()
            .parse()
            .map_err(|_| format!("what stands behind `=` is no number; {help}"))?,
        label: label.trim().to_owned(),
        panel: None,
    })
}

impl BubbleArgs {
    pub(super) fn chart(&self, study: &Study) -> Result<Chart> {
        bubble_of(
            study,
            &BubbleAsked {
                x: self.x.clone(),
                y: self.y.clone(),
                colour: self.colour.clone(),
                size: self.size.clone(),
                then: self.then.clone(),
                join: match self.join {
                    JoinWord::Arrows => Join::Arrows,
                    JoinWord::SideBySide => Join::SideBySide,
                },
                references: self.reference.clone(),
                which: self.which.which(),
                as_of: self.as_of,
            },
        )
    }
}

impl SlopeArgs {
    pub(super) fn chart(&self, study: &Study) -> Result<Chart> {
        slope_of(
            study,
            &SlopeAsked {
                indicator: self.indicator.clone(),
                from: self.from.clone(),
                to: self.to.clone(),
                which: self.which.which(),
                as_of: self.as_of,
            },
        )
    }
}
