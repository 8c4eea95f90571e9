//! `pseudonym`: its verbs and their options.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::table_file::TableFile;
use crate::governance::key::EntityKind;

#[derive(Subcommand)]
pub(super) enum PseudonymCommand {
    /// Add a real name and what stands for it
    Add(AddArgs),
    /// Add many names from a table: real, replacement, kind, aliases (; between), participant, case, contact
    Import(ImportArgs),
    /// Write the key's names to a CSV, unencrypted
    Export(ExportArgs),
    /// List what stands for names; the names themselves only with --reveal
    List {
        /// Show the real names too
        #[arg(long)]
        reveal: bool,
    },
    /// Show who a participant, a case or an entity is
    Who {
        /// A number, a replacement, a participant or a case
        #[arg(value_name = "ENTITY")]
        entity: String,
        /// Show the real name
        #[arg(long)]
        reveal: bool,
    },
    /// Change what the key says of an entity
    Edit(EditArgs),
    /// Remove an entity from the key
    Remove {
        /// Its number or replacement
        #[arg(value_name = "ENTITY")]
        entity: String,
        /// Only say what would be lost
        #[arg(long)]
        dry_run: bool,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
    /// Change the key's passphrase
    Passphrase,
    /// Replace the key's names in transcripts
    Apply(ApplyArgs),
    /// Show a transcript with the real names back
    Reveal(RevealArgs),
    /// List what in transcripts still looks as though it said who somebody is
    Audit(AuditArgs),
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// The real name; - reads it from standard input, so that it stands in no shell's history
    pub(super) real: String,
    /// What is written instead, in brackets: P07, "Hospital A"
    pub(super) replacement: String,
    /// What it is a name of: person, organisation, place, case or other
    #[arg(long, value_name = "KIND", default_value = "person")]
    pub(super) kind: EntityKind,
    /// Another name or spelling of the same (can be repeated)
    #[arg(long, value_name = "NAME")]
    pub(super) alias: Vec<String>,
    /// The participant that it is
    #[arg(long, value_name = "ID")]
    pub(super) participant: Option<String>,
    /// The case that it is
    #[arg(long, value_name = "SLUG")]
    pub(super) case: Option<String>,
    /// Where the person is written to
    #[arg(long, value_name = "TEXT")]
    pub(super) contact: Option<String>,
    /// Also where the replacement stands in the texts already, without brackets
    #[arg(long)]
    pub(super) anyway: bool,
    /// Begin another key, where the one that was used is lost
    #[arg(long)]
    pub(super) begin: bool,
}

#[derive(Args)]
pub(super) struct ImportArgs {
    /// The table: .csv, .tsv, .xlsx or .ods
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Only say what would be added
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Also where a replacement stands in the texts already, without brackets
    #[arg(long)]
    pub(super) anyway: bool,
    /// Begin another key, where the one that was used is lost
    #[arg(long)]
    pub(super) begin: bool,
}

#[derive(Args)]
pub(super) struct ExportArgs {
    /// The file, which holds the names for all to read
    #[arg(value_name = "FILE.csv")]
    pub(super) file: PathBuf,
    /// Only say what would be written
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    pub(super) yes: bool,
}

#[derive(Args)]
pub(super) struct EditArgs {
    /// Its number or replacement
    #[arg(value_name = "ENTITY")]
    pub(super) entity: String,
    /// Another real name; - reads it from standard input
    #[arg(long, value_name = "NAME")]
    pub(super) real: Option<String>,
    /// Another replacement
    #[arg(long, value_name = "TEXT")]
    pub(super) replacement: Option<String>,
    /// Another kind: person, organisation, place, case or other
    #[arg(long, value_name = "KIND")]
    pub(super) kind: Option<EntityKind>,
    /// One more name or spelling (can be repeated)
    #[arg(long, value_name = "NAME")]
    pub(super) alias: Vec<String>,
    /// One that is taken away (can be repeated)
    #[arg(long, value_name = "NAME")]
    pub(super) no_alias: Vec<String>,
    /// The participant that it is; "" for none
    #[arg(long, value_name = "ID")]
    pub(super) participant: Option<String>,
    /// The case that it is; "" for none
    #[arg(long, value_name = "SLUG")]
    pub(super) case: Option<String>,
    /// Where the person is written to; "" for nowhere
    #[arg(long, value_name = "TEXT")]
    pub(super) contact: Option<String>,
    /// Also where the replacement stands in the texts already, without brackets
    #[arg(long)]
    pub(super) anyway: bool,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
#[derive(Args)]
pub(super) struct ApplyArgs {
    /// The transcripts
    #[arg(value_name = "ID", required_unless_present_any = ["all", "notes"])]
    pub(super) ids: Vec<String>,
    /// All transcripts
    #[arg(long, conflicts_with = "ids")]
    pub(super) all: bool,
    /// Also memos, frame cells, findings, definitions and all else that was written about the texts
    #[arg(long)]
    pub(super) notes: bool,
    /// Doubtful hits to replace too, by their numbers in the list, or all
    #[arg(long, value_name = "N,…|all", value_delimiter = ',')]
    pub(super) accept: Vec<String>,
    /// Replace names that stand in lower case too
    #[arg(long)]
    pub(super) also_lower: bool,
    /// Only show what would be replaced
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    pub(super) yes: bool,
    #[command(flatten)]
    pub(super) file: TableFile,
}

#[derive(Args)]
pub(super) struct RevealArgs {
    /// The transcript
    #[arg(value_name = "ID")]
    pub(super) id: String,
    /// Write it to a file, which holds the names for all to read
    #[arg(long, short, value_name = "FILE.txt")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct AuditArgs {
    /// The transcripts; without any, all
    #[arg(value_name = "ID")]
    pub(super) ids: Vec<String>,
    /// Only those of this case, with all that is part of it
    #[arg(long, value_name = "SLUG")]
    pub(super) case: Option<String>,
    /// A word that is no name: kept in the key, and passed over from now on (can be repeated)
    #[arg(long, value_name = "WORD")]
    pub(super) ignore: Vec<String>,
    /// Only what is at least so sure: high, medium or low
    #[arg(long, value_name = "HOW", default_value = "low")]
    pub(super) at_least: crate::governance::pseudonym::Sureness,
    /// Look without the key, also where there is one
    #[arg(long)]
    pub(super) no_key: bool,
    #[command(flatten)]
    pub(super) file: TableFile,
}
