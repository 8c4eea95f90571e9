//! `attribute`: typed properties of cases, participants and transcripts.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, Table, count};
use super::{CliError, Context, filled, io_error};
use crate::domain::attribute::{Owner, Type, TypeName};
use crate::error::Result;

#[derive(Subcommand)]
pub(super) enum AttributeCommand {
    /// Add an attribute
    Add(AddArgs),
    /// List attributes
    List,
    /// Remove an attribute with its values
    Remove {
        /// The attribute
        name: String,
        /// What it belongs to: case, participant or transcript
        #[arg(long, value_name = "OWNER")]
        of: Owner,
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
            AttributeCommand::Remove { name, of, yes } => {
                let study = self.write()?;
                let attribute = study.store.attribute(of, &name)?;
                let uses = study.store.attribute_uses(attribute.id)?;
                self.confirm(
                    yes || uses == 0,
                    &format!(
                        "Removing attribute {} takes {} with it",
                        attribute.name,
                        count(uses, "value")
                    ),
                )?;
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
}
