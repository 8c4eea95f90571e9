//! `cohort compare`: a cohort's figures beside those of the rest, or of another cohort.

use clap::Args;

use super::Context;
use crate::error::Result;

#[derive(Args)]
pub(super) struct CompareArgs {
    /// The cohort
    cohort: String,
}

impl Context {
    pub(super) fn cohort_compare(&self, args: &CompareArgs) -> Result<()> {
        let study = self.read()?;
        study.store.cohort(&args.cohort)?;
        Ok(())
    }
}
