//! `case lookup`: which part belongs to which system, from a table that somebody published.

use std::path::PathBuf;

use clap::Args;

use super::output::{Exit, count};
use super::{CliError, Context, complain, date, filled, io_error};
use crate::domain::Date;
use crate::domain::span::printable;
use crate::error::Result;
use crate::import::grid;
use crate::indicator::lookup::{Columns, Linked, read};

#[derive(Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(super) struct LookupArgs {
    /// The file: .csv, .tsv, .xlsx or .ods; its first row names the columns
    file: PathBuf,
    /// The sheet of a workbook
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The column of the part's code: a trust's, a practice's. A code that is not known makes a case
    #[arg(long, value_name = "COLUMN")]
    part: String,
    /// The column of the part's name
    #[arg(long, value_name = "COLUMN")]
    part_name: Option<String>,
    /// What kind of case parts are
    #[arg(long, value_name = "KIND", default_value = "organisation", value_parser = filled)]
    part_kind: String,
    /// The column of the code of what it belongs to
    #[arg(long, value_name = "COLUMN")]
    whole: String,
    /// The column of its name
    #[arg(long, value_name = "COLUMN")]
    whole_name: Option<String>,
    /// What kind of case that is
    #[arg(long, value_name = "KIND", default_value = "system", value_parser = filled)]
    whole_kind: String,
    /// A column that says something of the part: it becomes an attribute (can be repeated)
    #[arg(long, value_name = "COLUMN")]
    of_part: Vec<String>,
    /// A column that says something of what the part belongs to, the same in each of its rows (can be repeated)
    #[arg(long, value_name = "COLUMN")]
    of_whole: Vec<String>,
    /// A column that is not read (can be repeated)
    #[arg(long, value_name = "COLUMN")]
    leave_out: Vec<String>,
    /// Blanks around what stands in a cell mean nothing
    #[arg(long)]
    trim: bool,
    /// The first day on which the parts belong there; codes are read as of this day, or of today
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// The first day on which they no longer do
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
    /// A part that is in another system on the day has moved: it is no longer there from --from on
    #[arg(long, requires = "from", conflicts_with = "also")]
    moved: bool,
    /// A part that is in another system on the day is in both
    #[arg(long)]
    also: bool,
    /// Only say what would be made, and what stands in the way
    #[arg(long)]
    dry_run: bool,
}

impl Context {
    pub(super) fn case_lookup(&self, args: &LookupArgs) -> Result<Exit> {
        super::cases::span_of_days(args.from, args.to)?;
        let study = self.write()?;
        let bytes = std::fs::read(&args.file).map_err(io_error)?;
        let name = args.file.to_string_lossy();
        let mut grids = grid::read(&name, bytes)?;
        let sheets: Vec<String> = grids.iter().filter_map(|g| g.sheet.clone()).collect();
        let at = match &args.sheet {
            Some(wanted) => grids.iter().position(|g| {
                g.sheet
                    .as_deref()
                    .is_some_and(|s| s.trim() == wanted.trim())
            }),
            None => (grids.len() == 1).then_some(0),
        };
        let Some(at) = at else {
            return Err(CliError::refused(
                "it is not said which sheet is meant",
                if sheets.is_empty() {
                    "the file is no workbook: leave --sheet out".to_owned()
                } else {
                    format!(
                        "say it with --sheet; there are: {}",
                        printable(&sheets.join(", "))
                    )
                },
            )
            .into());
        };
        let grid = grids.swap_remove(at);
        let columns = Columns {
            part: args.part.clone(),
            part_name: args.part_name.clone(),
            part_kind: args.part_kind.clone(),
            whole: args.whole.clone(),
            whole_name: args.whole_name.clone(),
            whole_kind: args.whole_kind.clone(),
            of_part: args.of_part.clone(),
            of_whole: args.of_whole.clone(),
            leave_out: args.leave_out.clone(),
            trim: args.trim,
            from: args.from,
            to: args.to,
            moved: args.moved,
            also: args.also,
        };
        let today = study.session.now.get(..10).unwrap_or_default().to_owned();
        let mut lookup = read(&grid, &columns, &study.store, &today)?;
        for line in lookup.said() {
            self.out.say(&line);
        }
        for found in &lookup.found {
            self.say_found(found, grid.sheet.is_some());
        }
        if !lookup.found.is_empty() {
            let found = std::mem::take(&mut lookup.found);
            let things = count(found.len() as u64, "thing");
            let linked = Linked {
                rows: lookup.rows,
                found,
                ..Linked::default()
            };
            self.out.text(&linked, String::new).map_err(io_error)?;
            complain(
                &format!("nothing of the lookup was written: {things} to decide first"),
                Some("each is said above with what may be typed"),
            );
            return Ok(Exit::Refused);
        }
        let (mut linked, event) = if args.dry_run {
            (
                study.rehearse("case lookup", |tx| lookup.write(tx, &columns))?,
                None,
            )
        } else {
            study.change("case lookup", |tx| lookup.write(tx, &columns))?
        };
        linked.event = event;
        self.out
            .text(&linked, || {
                let mut text = format!(
                    "{}: {}, {}; {} added, {} added, {} there already\n",
                    count(linked.rows as u64, "row"),
                    count(linked.parts as u64, &args.part_kind),
                    count(linked.wholes as u64, &args.whole_kind),
                    count(linked.cases_added as u64, "case"),
                    count(linked.links_added as u64, "link"),
                    linked.links_there
                );
                if linked.links_ended > 0 {
                    text.push_str(&format!(
                        "{} to other cases of kind {} ended\n",
                        count(linked.links_ended as u64, "link"),
                        args.whole_kind
                    ));
                }
                if !linked.in_several.is_empty() {
                    text.push_str(&format!("in several: {}\n", linked.in_several.join(", ")));
                }
                text
            })
            .map_err(io_error)?;
        if args.dry_run {
            self.out.say("Nothing was written (--dry-run).");
        } else if let Some(event) = linked.event {
            self.out
                .say(&format!("(event {event}; to take it back: casebook undo)"));
        } else {
            self.out.say("Nothing to change: all of it is so already.");
        }
        Ok(Exit::Done)
    }
}
