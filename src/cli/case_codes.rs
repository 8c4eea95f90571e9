//! `case code`: official codes with the days on which they hold; and `case at`: which case a code means on a day.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::Exit;
use super::table_file::TableFile;
use super::{Context, date, filled, io_error};
use crate::domain::Date;
use crate::error::Result;
use crate::indicator::rows::{days, said_days, text};
use crate::indicator::systems::Systems;
use crate::indicator::systems_change::{add_code, import_codes, remove_code};
use crate::report::sheet::{Cell, Sheet};
use crate::store::CaseCode;

#[derive(Subcommand)]
pub(super) enum CaseCodeCommand {
    /// Add an official code to a case
    Add(AddArgs),
    /// List official codes, with the days on which they hold
    List(ListArgs),
    /// Take a code away
    Remove(RemoveArgs),
    /// Import codes from a CSV: case, scheme, code, from, to, source
    Import {
        /// The CSV file
        file: PathBuf,
    },
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// The case
    case: String,
    /// Who gives the code: ONS, ODS …
    #[arg(value_parser = filled)]
    scheme: String,
    /// The code
    #[arg(value_parser = filled)]
    code: String,
    /// The first day on which it holds
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// The first day on which it holds no longer
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
    /// Who says so
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    source: Option<String>,
}

#[derive(Args)]
pub(super) struct ListArgs {
    /// Only of this case
    case: Option<String>,
    /// Only of this scheme
    #[arg(long, value_name = "SCHEME")]
    scheme: Option<String>,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Args)]
pub(super) struct RemoveArgs {
    /// The case
    case: String,
    /// Who gives the code
    scheme: String,
    /// The code
    code: String,
    /// The one that holds from this day, where it held more than once
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
}

#[derive(Args)]
pub(super) struct AtArgs {
    /// The code
    code: String,
    /// On this day; without it, today
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    /// Whose code it is: ONS, ODS …
    #[arg(long, value_name = "SCHEME")]
    scheme: Option<String>,
}

#[derive(Serialize)]
struct CodeView {
    case: String,
    scheme: String,
    code: String,
    from: Option<String>,
    to: Option<String>,
    source: Option<String>,
}

#[derive(Serialize)]
struct CodeList {
    codes: Vec<CodeView>,
}

#[derive(Serialize)]
struct AtView {
    code: String,
    /// Null: it stands at the case itself.
    scheme: Option<String>,
    as_of: String,
    case: String,
    /// What it was called on that day.
    name: String,
    kind: String,
    /// The days on which the code held and its case was there.
    from: Option<String>,
    to: Option<String>,
}

impl Context {
    pub(super) fn case_code(&self, command: CaseCodeCommand) -> Result<Exit> {
        match command {
            CaseCodeCommand::Add(args) => {
                let code = CaseCode {
                    id: 0,
                    case: 0,
                    scheme: args.scheme,
                    code: args.code,
                    from: text(args.from),
                    to: text(args.to),
                    source: args.source,
                };
                days(code.from.as_deref(), code.to.as_deref())?;
                let event = add_code(&self.write()?, &args.case, &code)?;
                self.done(&format!("Added a code of {}.", args.case), event);
                Ok(Exit::Done)
            }
            CaseCodeCommand::List(args) => self.case_code_list(&args),
            CaseCodeCommand::Remove(args) => {
                let event = remove_code(
                    &self.write()?,
                    &args.case,
                    (&args.scheme, &args.code),
                    text(args.from).as_deref(),
                )?;
                self.done(&format!("Removed a code of {}.", args.case), event);
                Ok(Exit::Done)
            }
            CaseCodeCommand::Import { file } => {
                let report = import_codes(&self.write()?, &file)?;
                self.table_report(&report, "code")
            }
        }
    }

    fn case_code_list(&self, args: &ListArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let only = args
            .case
            .as_ref()
            .map(|slug| study.store.case(slug))
            .transpose()?;
        let systems = Systems::read(&study.store)?;
        let mut list = CodeList { codes: Vec::new() };
        for case in systems
            .cases()
            .iter()
            .filter(|c| only.as_ref().is_none_or(|o| o.id == c.id))
        {
            let wanted = |k: &&CaseCode| {
                args.scheme
                    .as_ref()
                    .is_none_or(|s| s.eq_ignore_ascii_case(&k.scheme))
            };
            let codes = systems.codes_of(case.id).filter(wanted);
            list.codes.extend(codes.map(|k| CodeView {
                case: case.slug.clone(),
                scheme: k.scheme.clone(),
                code: k.code.clone(),
                from: k.from.clone(),
                to: k.to.clone(),
                source: k.source.clone(),
            }));
        }
        let mut sheet = Sheet::new(
            "Codes",
            ["case", "scheme", "code", "from", "until", "source"],
        );
        for k in &list.codes {
            sheet.row([
                Cell::from(k.case.as_str()),
                Cell::from(k.scheme.as_str()),
                Cell::from(k.code.as_str()),
                Cell::from(k.from.clone()),
                Cell::from(k.to.clone()),
                Cell::from(k.source.clone()),
            ]);
        }
        self.tables(
            &study,
            &args.file,
            &list,
            &[sheet],
            "No codes. Add one with: casebook case code add CASE ONS E54000050 --from DATE",
        )?;
        Ok(Exit::Done)
    }

    pub(super) fn case_at(&self, args: &AtArgs) -> Result<Exit> {
        let study = self.read()?;
        let day = text(args.as_of).unwrap_or_else(|| study.store.today().to_owned());
        let systems = Systems::read(&study.store)?;
        let found = systems.meant_by(&args.code, args.scheme.as_deref(), &day)?;
        let view = AtView {
            code: found.code,
            scheme: Some(found.scheme).filter(|s| !s.is_empty()),
            case: systems.slug(found.case).to_owned(),
            name: systems.name_on(found.case, &day).to_owned(),
            kind: systems
                .case(found.case)
                .map_or(String::new(), |c| c.kind.clone()),
            as_of: day,
            from: found.from,
            to: found.to,
        };
        self.out
            .text(&view, || {
                format!(
                    "{}  {}\n{} · {}{}, {}\n",
                    view.case,
                    view.name,
                    view.kind,
                    view.scheme
                        .as_ref()
                        .map_or(String::new(), |s| format!("{s} ")),
                    view.code,
                    said_days(view.from.as_deref(), view.to.as_deref())
                )
            })
            .map_err(io_error)?;
        Ok(Exit::Done)
    }
}
