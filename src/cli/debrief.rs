//! `debrief`: what goes back to those who took part.

use std::path::PathBuf;

use clap::Args;

use super::Context;
use super::output::Exit;
use super::release::ReleaseArgs;
use super::report::{About, format, spare};
use crate::error::Result;
use crate::governance::gate::{Audience, To};
use crate::report::{QuoteChoice, ReportOptions};
use crate::study::Study;

#[derive(Args)]
pub(super) struct DebriefArgs {
    /// The participant
    participant: String,
    /// The file: .md or .html; without it, Markdown on stdout
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    release: ReleaseArgs,
}

impl Context {
    pub(super) fn debrief(&self, args: &DebriefArgs) -> Result<Exit> {
        let study: Study = self.read()?;
        if let Some(path) = &args.output {
            spare(&study, path)?;
        }
        let facts = study.store.study()?;
        if facts
            .withdraw_by
            .is_some_and(|by| by.as_str() < study.session.now.get(..10).unwrap_or_default())
        {
            self.out.warn("the day until which a contribution can be changed is over; set another with: casebook study edit --withdraw-by DATE");
        }
        if facts.contact.is_none() {
            self.out.warn("the debrief names nobody to write to; set it with: casebook study edit --contact TEXT");
        }
        let options = ReportOptions {
            filter: crate::domain::filter::Filter::default(),
            quotes: QuoteChoice::Some(5),
            audience: Audience::Participant,
            format: format(args.output.as_deref())?,
            version: env!("CARGO_PKG_VERSION"),
        };
        let person = study.store.participant(&args.participant)?;
        let about = About {
            what: "the debrief",
            kind: "debrief",
            subject: Some(&person.code),
            to: To::participant(&study.store, &person)?,
            among_few: true,
            allow: &args.release.allow,
        };
        self.write_report(&study, args.output.as_deref(), &about, |out| {
            crate::report::debrief(&study, &args.participant, &options, out)
        })
    }
}
