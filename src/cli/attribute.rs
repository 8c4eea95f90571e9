//! `attribute`: typed properties of cases, participants and transcripts.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, Table, count};
use super::{CliError, Context, filled, io_error};
use crate::domain::attribute::{Owner, Type, TypeName};
use crate::error::Result;
use crate::study::{Facesheet, FacesheetRow};

#[derive(Subcommand)]
pub(super) enum AttributeCommand {
    /// Add an attribute
    Add(AddArgs),
    /// List attributes
    List,
    /// Take attributes from a table: a row for each case, participant or transcript, a column for each attribute
    Import(ImportArgs),
    /// Remove an attribute with its values
    Remove {
        /// The attribute
        name: String,
        /// What it belongs to: case, participant or transcript
        #[arg(long, value_name = "OWNER")]
        of: Owner,
        /// Only say what would go
        #[arg(long)]
        dry_run: bool,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// Its name
    name: String,
    /// What it belongs to: case, participant or transcript
    #[arg(long, value_name = "OWNER")]
    of: Owner,
    /// Its type: text, integer, decimal, date, yes-no or ordered
    #[arg(long = "type", value_name = "TYPE", default_value = "text")]
    kind: TypeName,
    /// The levels of an ordered one, lowest first (can be repeated)
    #[arg(long, value_name = "LEVEL", value_parser = filled)]
    level: Vec<String>,
}

#[derive(Args)]
pub(super) struct ImportArgs {
    /// The table: .csv, .tsv, .xlsx or .ods; its first row names the columns
    file: PathBuf,
    /// What the rows are: case, participant or transcript
    #[arg(long, value_name = "OWNER")]
    of: Owner,
    /// The column that holds the ids; without it, `id`, `slug` and the like
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,
    /// Leave out rows whose id is not in the study
    #[arg(long)]
    skip_unknown: bool,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

#[derive(Serialize)]
struct AttributeView {
    attribute: String,
    of: Owner,
    #[serde(rename = "type")]
    kind: TypeName,
    levels: Vec<String>,
    values: i64,
}

#[derive(Serialize)]
struct AttributeList {
    attributes: Vec<AttributeView>,
}

impl Context {
    pub(super) fn attribute(&self, command: AttributeCommand) -> Result<Exit> {
        match command {
            AttributeCommand::Add(args) => {
                let name = args.name.trim().to_owned();
                if name.is_empty()
                    || name.contains(['=', '.'])
                    || name.chars().any(char::is_control)
                {
                    return Err(CliError::refused(
                        "that can't be an attribute's name",
                        "leave out `=` and `.`",
                    )
                    .into());
                }
                let kind = match args.kind {
                    TypeName::Text => Type::Text,
                    TypeName::Integer => Type::Integer,
                    TypeName::Decimal => Type::Decimal,
                    TypeName::Date => Type::Date,
                    TypeName::YesNo => Type::YesNo,
                    TypeName::Ordered => Type::Ordered(args.level.clone()),
                };
                if args.level.is_empty() == matches!(kind, Type::Ordered(_)) {
                    return Err(CliError::refused(
                        "an ordered attribute needs levels, and only an ordered one has them",
                        "as in: --type ordered --level emerging --level maturing",
                    )
                    .into());
                }
                let (_, event) = self.write()?.change("attribute add", |tx| {
                    tx.summary(format!("add attribute {name} of {}", args.of));
                    Ok(tx.add_attribute(&name, args.of, &kind)?)
                })?;
                self.done(&format!("Added attribute {name} of {}s.", args.of), event);
            }
            AttributeCommand::List => {
                let study = self.read()?;
                let mut list = AttributeList {
                    attributes: Vec::new(),
                };
                for a in study.store.attributes()? {
                    let values = study.store.attribute_uses(a.id)?;
                    let kind = a.kind.name();
                    let levels = if let Type::Ordered(levels) = a.kind {
                        levels
                    } else {
                        Vec::new()
                    };
                    list.attributes.push(AttributeView {
                        attribute: a.name,
                        of: a.of,
                        kind,
                        levels,
                        values,
                    });
                }
                self.out
                    .table(
                        &list,
                        || {
                            let mut table =
                                Table::new(&["attribute", "of", "type", "levels", ">values"]);
                            for a in &list.attributes {
                                table.row([
                                    a.attribute.clone(),
                                    a.of.to_string(),
                                    a.kind.to_string(),
                                    a.levels.join(" < "),
                                    a.values.to_string(),
                                ]);
                            }
                            table
                        },
                        "No attributes yet. Add one with: casebook attribute add NAME --of case",
                    )
                    .map_err(io_error)?;
            }
            AttributeCommand::Import(args) => return self.attribute_import(&args),
            AttributeCommand::Remove {
                name,
                of,
                dry_run,
                yes,
            } => {
                let study = self.write()?;
                let attribute = study.store.attribute(of, &name)?;
                let uses = study.store.attribute_uses(attribute.id)?;
                let what = format!(
                    "Removing attribute {} takes {} with it",
                    attribute.name,
                    count(uses, "value")
                );
                if dry_run {
                    self.out.say(&what);
                    return Ok(Exit::Done);
                }
                self.confirm(yes || uses == 0, &what)?;
                let ((), event) = study.change("attribute remove", |tx| {
                    tx.remove_attribute(attribute.id)?;
                    tx.summary(format!("remove attribute {} of {of}", attribute.name));
                    Ok(())
                })?;
                self.done(&format!("Removed attribute {}.", attribute.name), event);
            }
        }
        Ok(Exit::Done)
    }

    fn attribute_import(&self, args: &ImportArgs) -> Result<Exit> {
        let study = if args.dry_run {
            self.read()?
        } else {
            self.write()?
        };
        let plan = study.plan_facesheet(&args.file, args.of, args.id.as_deref())?;
        if args.dry_run {
            self.facesheet(&plan.sheet)?;
            self.out.say("Nothing was written.");
            // It ends as the import itself would.
            crate::study::refuse_facesheet(&plan.sheet, args.skip_unknown)?;
            return Ok(Exit::Done);
        }
        // At a terminal the types are shown before anything is written; elsewhere the import was asked for as it stands.
        let asks = !args.yes && std::io::stdin().is_terminal();
        if asks {
            self.facesheet(&plan.sheet)?;
            self.confirm(
                false,
                &format!(
                    "This writes {}",
                    count(plan.sheet.attributes.len(), "attribute")
                ),
            )?;
        }
        let done = study.import_facesheet(plan, args.skip_unknown)?;
        if !asks {
            self.facesheet(&done)?;
        }
        self.done(
            &format!(
                "Took {} of {}.",
                count(done.attributes.len(), "attribute"),
                count(done.matched, done.of.word())
            ),
            done.event,
        );
        Ok(Exit::Done)
    }

    /// The columns as a table; what does not match, said.
    fn facesheet(&self, sheet: &Facesheet) -> Result<()> {
        self.out
            .table(
                sheet,
                || {
                    let mut table =
                        Table::new(&["attribute", "type", "new", ">values", ">different"]);
                    for column in &sheet.attributes {
                        table.row([
                            column.attribute.clone(),
                            column.kind.clone(),
                            if column.new { "yes" } else { "no" }.to_owned(),
                            column.values.to_string(),
                            column.different.to_string(),
                        ]);
                    }
                    table
                },
                "",
            )
            .map_err(io_error)?;
        let of = sheet.of.word();
        let rows = |rows: &[FacesheetRow]| {
            some(rows.iter().map(|r| match &r.id {
                Some(id) => format!("row {} ({id})", r.row),
                None => format!("row {}", r.row),
            }))
        };
        if !sheet.unknown.is_empty() {
            self.out.warn(&format!(
                "{} with an id that no {of} has: {}",
                count(sheet.unknown.len(), "row"),
                rows(&sheet.unknown)
            ));
        }
        if !sheet.doubled.is_empty() {
            self.out.warn(&format!(
                "{} with an id that stood before: {}",
                count(sheet.doubled.len(), "row"),
                rows(&sheet.doubled)
            ));
        }
        if !sheet.missing.is_empty() {
            self.out.warn(&format!(
                "{} without a row: {}",
                count(sheet.missing.len(), of),
                some(sheet.missing.iter().cloned())
            ));
        }
        if !sheet.unfit.is_empty() {
            self.out.warn(&format!(
                "{} that can't be taken: {}",
                count(sheet.unfit.len(), "value"),
                some(
                    sheet.unfit.iter().map(|u| format!(
                        "row {}, column {} is no {}",
                        u.row, u.column, u.expected
                    ))
                )
            ));
        }
        if let Some(first) = sheet.personal.first() {
            self.out.warn(&format!(
                "left out, as they may say who somebody is: {}; to keep one all the same, add it first: casebook attribute add \"{first}\" --of {of}",
                some(sheet.personal.iter().cloned())
            ));
        }
        if !sheet.left_out.is_empty() {
            self.out.warn(&format!(
                "left out, as they are no attributes: {}",
                some(sheet.left_out.iter().cloned())
            ));
        }
        Ok(())
    }
}

/// The first of many, and how many more there are.
fn some(all: impl ExactSizeIterator<Item = String>) -> String {
    const SHOWN: usize = 12;
    let more = all.len().saturating_sub(SHOWN);
    let shown: Vec<String> = all.take(SHOWN).collect();
    if more > 0 {
        format!("{}, and {more} more", shown.join(", "))
    } else {
        shown.join(", ")
    }
}
