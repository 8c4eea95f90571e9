//! `chart ranked`, `multiples`, `waves` and `stages`: what is asked of pictures of cases in rows, panels and lanes.

use clap::Args;

use super::chart::PictureFile;
use super::date;
use super::figures::WhichArgs;
use super::indicator::word;
use crate::domain::Date;
use crate::error::Result;
use crate::indicator::column::By;
use crate::report::chart::{
    Chart, Lanes, MultiplesAsked, RankedAsked, multiples_of, ranked_of, stages_of, waves_of,
};
use crate::study::Study;

#[derive(Args)]
pub(super) struct RankedArgs {
    /// The figure that bars are long by, as in four-hour@2017/18; of an indicator of bands cases stand by band
    #[arg(value_name = "INDICATOR[@PERIOD]", required_unless_present = "bands")]
    figure: Option<String>,
    /// Draw bars in the bands of this indicator; alone, cases stand by band, with no rank within one
    #[arg(long, value_name = "INDICATOR@PERIOD")]
    bands: Option<String>,
    #[command(flatten)]
    which: WhichArgs,
    /// Read links between cases and cohorts as they stood on this day; without it links on the last day of the period
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    #[command(flatten)]
    pub(super) file: PictureFile,
}

#[derive(Args)]
pub(super) struct MultiplesArgs {
    /// The indicator's short name
    indicator: String,
    #[command(flatten)]
    which: WhichArgs,
    /// Put together by month, quarter, year, financial-quarter or financial-year
    #[arg(long, value_name = "STRETCH", value_parser = word::<By>)]
    by: Option<By>,
    /// Read what is part of what as it stood on this day; without it, on the last day of each period
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    #[command(flatten)]
    pub(super) file: PictureFile,
}

#[derive(Args)]
pub(super) struct WavesArgs {
    /// Only this cohort (can be repeated)
    #[arg(long, value_name = "SLUG")]
    cohort: Vec<String>,
    /// What has a lane: each case, or each cohort; without it cases, as long as there are at most sixty
    #[arg(long, value_name = "WHAT", value_parser = word::<Lanes>)]
    lanes: Option<Lanes>,
    #[command(flatten)]
    pub(super) file: PictureFile,
}

#[derive(Args)]
pub(super) struct StagesArgs {
    /// The maturity framework
    maturity: String,
    /// Only this case (can be repeated)
    #[arg(long, value_name = "SLUG")]
    case: Vec<String>,
    /// The latest assessments until this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    #[command(flatten)]
    pub(super) file: PictureFile,
}

impl WavesArgs {
    pub(super) fn chart(&self, study: &Study) -> Result<Chart> {
        waves_of(study, &self.cohort, self.lanes)
    }
}

impl StagesArgs {
    pub(super) fn chart(&self, study: &Study) -> Result<Chart> {
        let as_of = self.as_of.map(|d| d.to_string());
        stages_of(study, &self.maturity, &self.case, as_of.as_deref())
    }
}

impl RankedArgs {
    pub(super) fn chart(&self, study: &Study) -> Result<Chart> {
        ranked_of(
            study,
            &RankedAsked {
                figure: self.figure.clone(),
                bands: self.bands.clone(),
                which: self.which.which(),
                as_of: self.as_of,
            },
        )
    }
}

impl MultiplesArgs {
    pub(super) fn chart(&self, study: &Study) -> Result<Chart> {
        multiples_of(
            study,
            &MultiplesAsked {
                indicator: self.indicator.clone(),
                which: self.which.which(),
                by: self.by,
                as_of: self.as_of,
            },
        )
    }
}
