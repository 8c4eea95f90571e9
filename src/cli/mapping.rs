//! `mapping`: how columns of files become measures, kept for the next file of its kind.

use std::path::PathBuf;

use clap::Subcommand;
use serde::Serialize;

use super::measure_import::mapping_text;
use super::output::{Exit, Table};
use super::{CliError, Context, io_error};
use crate::error::Result;
use crate::indicator::mapping::Mapping;
use crate::store::KeptMapping;
use crate::study::records::check_name;

#[derive(Subcommand)]
pub(super) enum MappingCommand {
    /// Keep a mapping of a YAML file under a name
    Add {
        /// A short name to type
        name: String,
        /// The file
        file: PathBuf,
    },
    /// List mappings
    List,
    /// Show a mapping
    Show {
        /// Its name
        name: String,
    },
    /// Remove a mapping; what was read with it stays
    Remove {
        /// Its name
        name: String,
    },
}

#[derive(Serialize)]
struct MappingView {
    mapping: String,
    at: String,
    /// YAML.
    text: String,
}

#[derive(Serialize)]
struct MappingList {
    mappings: Vec<MappingView>,
}

fn view(kept: KeptMapping) -> MappingView {
    MappingView {
        mapping: kept.slug,
        at: kept.at,
        text: kept.text,
    }
}

impl Context {
    pub(super) fn mapping(&self, command: &MappingCommand) -> Result<Exit> {
        match command {
            MappingCommand::Add { name, file } => {
                check_name("mapping", name)?;
                let typed = file.display().to_string();
                if !file.extension().is_some_and(|e| {
                    e.eq_ignore_ascii_case("yaml") || e.eq_ignore_ascii_case("yml")
                }) {
                    return Err(CliError::refused(
                        "a mapping is read from a .yaml file",
                        "write one with options and keep it: casebook measure import FILE … --save NAME",
                    )
                    .into());
                }
                let study = self.write()?;
                let text = Mapping::from_yaml(&mapping_text(&study.store, &typed)?)?.to_yaml();
                let ((), event) = study.change("mapping add", |tx| {
                    tx.put_mapping(name, &text)?;
                    tx.summary(format!("keep mapping {name}"));
                    Ok(())
                })?;
                self.done(&format!("Kept mapping {name}."), event);
            }
            MappingCommand::List => {
                let study = self.read()?;
                let list = MappingList {
                    mappings: study.store.mappings()?.into_iter().map(view).collect(),
                };
                self.out
                    .table(
                        &list,
                        || {
                            let mut table = Table::new(&["mapping", "kept at", ">lines"]);
                            for m in &list.mappings {
                                table.row([
                                    m.mapping.clone(),
                                    m.at.clone(),
                                    m.text.lines().count().to_string(),
                                ]);
                            }
                            table
                        },
                        "No mappings yet. Keep one with: casebook measure import FILE … --save NAME",
                    )
                    .map_err(io_error)?;
            }
            MappingCommand::Show { name } => {
                let study = self.read()?;
                let found = view(study.store.mapping(name)?);
                self.out
                    .text(&found, || found.text.clone())
                    .map_err(io_error)?;
            }
            MappingCommand::Remove { name } => {
                let ((), event) = self.write()?.change("mapping remove", |tx| {
                    let found = tx.mapping(name)?;
                    tx.remove_mapping(found.id)?;
                    tx.summary(format!("remove mapping {}", found.slug));
                    Ok(())
                })?;
                self.done(&format!("Removed mapping {name}."), event);
            }
        }
        Ok(Exit::Done)
    }
}
