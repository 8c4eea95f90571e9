//! `assessment`: at which stage of a maturity framework somebody saw a case.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::assessment_compare::{CompareArgs, MovementArgs};
use super::output::{Exit, count};
use super::table_file::TableFile;
use super::{Context, date, filled, io_error};
use crate::domain::Date;
use crate::error::Result;
use crate::indicator::assessment::{
    AssessmentView, By, Confidence, Draft, Edit, add, edit, import, remove, views,
};
use crate::indicator::cited::Cited;
use crate::indicator::rows::text;
use crate::report::sheet::{Cell, Sheet};

#[derive(Subcommand)]
pub(super) enum AssessmentCommand {
    /// Put down at which stage somebody saw a case; --why says why
    Add(Box<AddArgs>),
    /// List assessments
    List(ListArgs),
    /// Show an assessment with what it rests on
    Show {
        /// Its number
        assessment: i64,
    },
    /// Change an assessment; --why says why it is seen so
    Edit(Box<EditArgs>),
    /// Remove assessments
    Remove {
        /// Their numbers
        #[arg(required = true)]
        assessment: Vec<i64>,
    },
    /// Import assessments from a CSV: case, maturity, domain, stage, date, by, assessor, confidence, why, source, coding, document
    Import {
        /// The CSV file
        file: PathBuf,
    },
    /// Show the latest assessments of each kind of assessor side by side
    Compare(CompareArgs),
    /// Show how cases moved between two days: forward, back or not
    Movement(MovementArgs),
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// The case
    case: String,
    /// The maturity framework
    maturity: String,
    /// The stage, by its name
    stage: String,
    /// In this domain; without it, overall, as the assessor gave it
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// The day as of which it was seen
    #[arg(long, value_name = "DATE", value_parser = date)]
    date: Date,
    /// Who assessed: self, researcher, regulator or other
    #[arg(long, value_name = "WHO")]
    by: By,
    /// Which body or coder: never a participant's name
    #[arg(long, value_name = "NAME", value_parser = filled)]
    assessor: Option<String>,
    /// How sure the assessor is: high, moderate or low
    #[arg(long, value_name = "LEVEL")]
    confidence: Option<Confidence>,
    /// The publication, title and date that it stands in
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    source: Option<String>,
    /// A coding that it rests on (can be repeated)
    #[arg(long, value_name = "N")]
    coding: Vec<i64>,
    /// A document of the study that it rests on as a whole (can be repeated)
    #[arg(long, value_name = "TRANSCRIPT")]
    document: Vec<String>,
}

#[derive(Args)]
pub(super) struct ListArgs {
    /// Only by this framework
    #[arg(long, value_name = "SLUG")]
    maturity: Option<String>,
    /// Only of this case (can be repeated)
    #[arg(long, value_name = "SLUG")]
    case: Vec<String>,
    /// Only by this kind of assessor: self, researcher, regulator or other
    #[arg(long, value_name = "WHO")]
    by: Option<By>,
    /// Only those until this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Args)]
pub(super) struct EditArgs {
    /// Its number
    assessment: i64,
    /// Another stage
    #[arg(long, value_name = "STAGE")]
    stage: Option<String>,
    /// Another day
    #[arg(long, value_name = "DATE", value_parser = date)]
    date: Option<Date>,
    /// Another kind of assessor: self, researcher, regulator or other
    #[arg(long, value_name = "WHO")]
    by: Option<By>,
    /// Another body or coder
    #[arg(long, value_name = "NAME", value_parser = filled)]
    assessor: Option<String>,
    /// Another confidence: high, moderate or low
    #[arg(long, value_name = "LEVEL")]
    confidence: Option<Confidence>,
    /// Another source
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    source: Option<String>,
    /// One more coding that it rests on (can be repeated)
    #[arg(long, value_name = "N")]
    coding: Vec<i64>,
    /// One more document that it rests on (can be repeated)
    #[arg(long, value_name = "TRANSCRIPT")]
    document: Vec<String>,
    /// Take away all that it rests on, before what is named here
    #[arg(long)]
    no_evidence: bool,
}

#[derive(Serialize)]
struct AssessmentList {
    assessments: Vec<AssessmentView>,
}

impl Context {
    pub(super) fn assessment(&self, command: AssessmentCommand) -> Result<Exit> {
        match command {
            AssessmentCommand::Add(args) => self.assessment_add(*args)?,
            AssessmentCommand::List(args) => self.assessment_list(&args)?,
            AssessmentCommand::Show { assessment } => self.assessment_show(assessment)?,
            AssessmentCommand::Edit(args) => {
                let change = Edit {
                    stage: args.stage,
                    date: text(args.date),
                    by: args.by,
                    assessor: args.assessor,
                    confidence: args.confidence,
                    why: self.global.why.clone(),
                    source: args.source,
                    codings: args.coding,
                    documents: args.document,
                    no_evidence: args.no_evidence,
                };
                let event = edit(&self.write()?, args.assessment, &change)?;
                self.done(&format!("Edited assessment {}.", args.assessment), event);
            }
            AssessmentCommand::Remove { assessment } => {
                let event = remove(&self.write()?, &assessment)?;
                self.done(
                    &format!("Removed {}.", count(assessment.len(), "assessment")),
                    event,
                );
            }
            AssessmentCommand::Import { file } => {
                let report = import(&self.write()?, &file)?;
                return self.table_report(&report, "assessment");
            }
            AssessmentCommand::Compare(args) => self.assessment_compare(&args)?,
            AssessmentCommand::Movement(args) => self.assessment_movement(&args)?,
        }
        Ok(Exit::Done)
    }

    fn assessment_add(&self, args: AddArgs) -> Result<()> {
        let (id, event) = add(
            &self.write()?,
            &Draft {
                case: args.case,
                maturity: args.maturity,
                stage: args.stage,
                domain: args.domain,
                date: args.date.to_string(),
                by: args.by.word().to_owned(),
                assessor: args.assessor,
                confidence: args.confidence.map(|c| c.word().to_owned()),
                why: self.global.why.clone(),
                source: args.source,
                codings: args.coding,
                documents: args.document,
            },
        )?;
        self.done(&format!("Added assessment {id}."), event);
        Ok(())
    }

    fn assessment_list(&self, args: &ListArgs) -> Result<()> {
        let study = self.read()?;
        args.file.check(&study)?;
        let maturity = args
            .maturity
            .as_ref()
            .map(|slug| study.store.maturity(slug))
            .transpose()?;
        let cases = args
            .case
            .iter()
            .map(|slug| Ok(study.store.case(slug)?.id))
            .collect::<Result<Vec<i64>>>()?;
        let as_of = text(args.as_of);
        let list = AssessmentList {
            assessments: views(&study.store, maturity.map(|m| m.id), |a| {
                (cases.is_empty() || cases.contains(&a.case))
                    && args.by.is_none_or(|by| a.by == by.word())
                    && as_of.as_ref().is_none_or(|d| a.date <= *d)
            })?,
        };
        let mut sheet = Sheet::new(
            "Assessments",
            [
                "assessment",
                "case",
                "framework",
                "domain",
                "stage",
                "date",
                "by",
                "assessor",
                "confidence",
                "rests on",
                "source",
            ],
        );
        for a in &list.assessments {
            sheet.row([
                Cell::from(a.assessment),
                Cell::from(a.case.as_str()),
                Cell::from(a.maturity.as_str()),
                Cell::from(domain(a.domain.as_deref())),
                Cell::from(a.stage.as_str()),
                Cell::from(a.date.as_str()),
                Cell::from(a.by.as_str()),
                Cell::from(a.assessor.clone()),
                Cell::from(a.confidence.clone()),
                Cell::from(rests_on(a)),
                Cell::from(a.source.clone()),
            ]);
        }
        self.tables(
            &study,
            &args.file,
            &list,
            &[sheet],
            "No assessments. Add one with: casebook assessment add CASE MATURITY STAGE --date DATE --by researcher",
        )
    }

    fn assessment_show(&self, id: i64) -> Result<()> {
        let study = self.read()?;
        study.store.assessment(id)?;
        let Some(a) = views(&study.store, None, |a| a.id == id)?.pop() else {
            return Ok(());
        };
        self.out
            .text(&a, || {
                let mut out = format!(
                    "assessment {}  {}\n{}, {}: {} (stage {} of {})\n{} by {}",
                    a.assessment,
                    a.case,
                    a.maturity,
                    domain(a.domain.as_deref()),
                    a.stage,
                    a.stage_number,
                    a.stages,
                    a.date,
                    a.by
                );
                for more in [
                    a.assessor.clone(),
                    a.confidence.as_ref().map(|c| format!("confidence {c}")),
                ]
                .into_iter()
                .flatten()
                {
                    out.push_str(&format!(" · {more}"));
                }
                out.push('\n');
                for (what, said) in [("why", &a.why), ("source", &a.source)] {
                    if let Some(said) = said {
                        out.push_str(&format!("  {what}: {said}\n"));
                    }
                }
                let on = rests_on(&a);
                if !on.is_empty() {
                    out.push_str(&format!("  rests on {on}\n"));
                }
                out
            })
            .map_err(io_error)
    }
}

/// A domain as it is read; none is overall.
pub(super) fn domain(slug: Option<&str>) -> &str {
    slug.unwrap_or("overall")
}

fn rests_on(a: &AssessmentView) -> String {
    a.passages
        .iter()
        .map(Cited::said)
        .chain(a.documents.iter().cloned())
        .collect::<Vec<_>>()
        .join(", ")
}
