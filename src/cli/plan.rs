//! `plan`: how many participants are wanted where.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::blocks::bar;
use super::output::{Exit, Mode, Table, count, terminal_width};
use super::table_file::TableFile;
use super::{CliError, Context, filled, io_error};
use crate::analysis::progress::Filled;
use crate::coding::progress::{Fieldwork, Only, Plan, PlanLine, plan, same_place, ways};
use crate::error::Result;
use crate::report::sheet::{Cell, Sheet};
use crate::store::{Quota, Tx};

#[derive(Subcommand)]
pub(super) enum PlanCommand {
    /// Add to the sampling plan how many participants are wanted
    Add(AddArgs),
    /// List the sampling plan, with how far it is filled
    List(TableFile),
    /// Show a line of the plan, with who fills it
    Show {
        /// The quota's number
        quota: i64,
    },
    /// Change a line of the plan
    Edit(EditArgs),
    /// Remove lines from the plan
    Remove {
        /// The quotas' numbers
        #[arg(required = true)]
        quota: Vec<i64>,
    },
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// In this case, with all that is part of it; without it, in any
    #[arg(long, value_name = "SLUG")]
    case: Option<String>,
    /// In this phase of fieldwork; without it, in any
    #[arg(long, value_name = "SLUG")]
    phase: Option<String>,
    /// In this role; without it, in any
    #[arg(long, value_name = "ROLE", value_parser = filled)]
    role: Option<String>,
    /// How many participants are wanted
    #[arg(long, value_name = "N", value_parser = wanted)]
    wanted: i64,
}

#[derive(Args)]
pub(super) struct EditArgs {
    /// The quota's number
    quota: i64,
    /// Another case
    #[arg(long, value_name = "SLUG")]
    case: Option<String>,
    /// Another phase
    #[arg(long, value_name = "SLUG")]
    phase: Option<String>,
    /// Another role
    #[arg(long, value_name = "ROLE", value_parser = filled)]
    role: Option<String>,
    /// Another number of participants
    #[arg(long, value_name = "N", value_parser = wanted)]
    wanted: Option<i64>,
}

#[derive(Serialize)]
struct LineView {
    #[serde(flatten)]
    line: PlanLine,
    /// Who is interviewed there, and who is only recruited.
    interviewed_participants: Vec<String>,
    recruited_participants: Vec<String>,
}

fn wanted(typed: &str) -> Result<i64, String> {
    match typed.parse() {
        Ok(n) if (1..=1_000_000).contains(&n) => Ok(n),
        _ => Err("write a whole number from 1 to 1,000,000".into()),
    }
}

impl Context {
    pub(super) fn plan(&self, command: PlanCommand) -> Result<Exit> {
        match command {
            PlanCommand::Add(args) => self.plan_add(&args),
            PlanCommand::List(file) => self.plan_list(&file),
            PlanCommand::Show { quota } => self.plan_show(quota),
            PlanCommand::Edit(args) => self.plan_edit(&args),
            PlanCommand::Remove { quota } => {
                let ((), event) = self.write()?.change("plan remove", |tx| {
                    for id in &quota {
                        tx.quota(*id)?;
                        tx.remove_quota(*id)?;
                    }
                    let numbers: Vec<String> = quota.iter().map(ToString::to_string).collect();
                    tx.summary(format!("remove quota {}", numbers.join(", ")));
                    Ok(())
                })?;
                self.done(&format!("Removed {}.", count(quota.len(), "quota")), event);
                Ok(Exit::Done)
            }
        }
    }

    fn plan_add(&self, args: &AddArgs) -> Result<Exit> {
        let study = self.write()?;
        let new_role = match &args.role {
            Some(role) => !study.store.participants()?.iter().any(|p| {
                p.role
                    .as_ref()
                    .is_some_and(|r| r.eq_ignore_ascii_case(role))
            }),
            None => false,
        };
        let (id, event) = study.change("plan add", |tx| {
            let new = Quota {
                id: 0,
                case: place_of(args.case.as_deref(), |slug| Ok(tx.case(slug)?.id))?,
                phase: place_of(args.phase.as_deref(), |slug| Ok(tx.phase(slug)?.id))?,
                role: args.role.clone(),
                wanted: args.wanted,
            };
            same_place(&tx.quotas()?, &new)?;
            let id = tx.put_quota(&new)?;
            tx.summary(format!("add quota {id}: {} wanted", args.wanted));
            Ok(id)
        })?;
        self.done(&format!("Added quota {id}."), event);
        if new_role {
            self.out.say("No participant has that role yet.");
        }
        Ok(Exit::Done)
    }

    fn plan_edit(&self, args: &EditArgs) -> Result<Exit> {
        let ((), event) = self.write()?.change("plan edit", |tx| {
            let before = tx.quota(args.quota)?;
            let after = edited(tx, &before, args)?;
            if after != before {
                same_place(&tx.quotas()?, &after)?;
                tx.put_quota(&after)?;
            }
            tx.summary(format!("edit quota {}", before.id));
            Ok(())
        })?;
        self.done(&format!("Edited quota {}.", args.quota), event);
        Ok(Exit::Done)
    }

    fn plan_list(&self, file: &TableFile) -> Result<Exit> {
        let study = self.read()?;
        file.check(&study)?;
        let found = plan(&Fieldwork::read(&study, &Only::default())?);
        let on_screen = self.out.mode == Mode::Text && !file.is_given();
        let sheet = plan_sheet(&found, on_screen);
        self.tables(&study, file, &found, &[sheet], NO_PLAN)?;
        Ok(Exit::Done)
    }

    fn plan_show(&self, id: i64) -> Result<Exit> {
        let study = self.read()?;
        let quota = study.store.quota(id)?;
        let mut whole = plan(&Fieldwork::read(&study, &Only::default())?);
        whole.quotas.retain(|q| q.quota == quota.id);
        let Some(line) = whole.quotas.pop() else {
            return Ok(Exit::Done);
        };
        // Those whom the line takes are those whom the same filters leave.
        let there = ways(&Fieldwork::read(
            &study,
            &Only {
                cases: line.case.iter().cloned().collect(),
                roles: Vec::new(),
                phase: line.phase.clone(),
            },
        )?);
        let mut interviewed_participants = Vec::new();
        let mut recruited_participants = Vec::new();
        for w in there {
            let takes = line.role.is_none()
                || crate::analysis::progress::same_role(line.role.as_deref(), w.role.as_deref());
            if takes && w.stages.interviewed == Some(true) {
                interviewed_participants.push(w.participant);
            } else if takes && w.stages.counts() {
                recruited_participants.push(w.participant);
            }
        }
        let view = LineView {
            line,
            interviewed_participants,
            recruited_participants,
        };
        let table = |on_screen| {
            let mut sheet = Sheet::new("Sampling plan", HEADS);
            plan_row(&mut sheet, &view.line);
            if on_screen {
                bars(&mut sheet, &[view.line.filled]);
            }
            Table::of(&sheet)
        };
        match self.out.mode {
            Mode::Csv => self.out.table(&view, || table(false), ""),
            _ => self.out.styled(&view, || {
                let mut out = table(true).to_text(terminal_width());
                for (what, who) in [
                    ("interviewed", &view.interviewed_participants),
                    ("recruited only", &view.recruited_participants),
                ] {
                    if !who.is_empty() {
                        out.push_str(&format!("{what}: {}\n", who.join(", ")));
                    }
                }
                out
            }),
        }
        .map_err(io_error)?;
        Ok(Exit::Done)
    }
}

fn place_of(typed: Option<&str>, find: impl Fn(&str) -> Result<i64>) -> Result<Option<i64>> {
    typed.map(find).transpose()
}

fn edited(tx: &Tx, before: &Quota, args: &EditArgs) -> Result<Quota> {
    if args.case.is_none() && args.phase.is_none() && args.role.is_none() && args.wanted.is_none() {
        return Err(CliError::refused(
            "nothing to change was named",
            format!("as in: casebook plan edit {} --wanted 6", before.id),
        )
        .into());
    }
    Ok(Quota {
        id: before.id,
        case: place_of(args.case.as_deref(), |slug| Ok(tx.case(slug)?.id))?.or(before.case),
        phase: place_of(args.phase.as_deref(), |slug| Ok(tx.phase(slug)?.id))?.or(before.phase),
        role: args.role.clone().or_else(|| before.role.clone()),
        wanted: args.wanted.unwrap_or(before.wanted),
    })
}

const HEADS: [&str; 10] = [
    "quota",
    "case",
    "phase",
    "role",
    "wanted",
    "recruited",
    "interviewed",
    "to recruit",
    "to interview",
    "percent",
];

/// What is said where there is no plan.
pub(super) const NO_PLAN: &str =
    "No sampling plan yet. Add to it with: casebook plan add --case SLUG --wanted N";

fn plan_row(sheet: &mut Sheet, q: &PlanLine) {
    let any = |v: &Option<String>| Cell::from(v.as_deref().unwrap_or("any"));
    let place = [
        Cell::from(q.quota),
        any(&q.case),
        any(&q.phase),
        any(&q.role),
    ];
    sheet.row(place.into_iter().chain(filled_cells(&q.filled)));
}

fn filled_cells(f: &Filled) -> Vec<Cell> {
    let numbers = [
        f.wanted,
        f.recruited,
        f.interviewed,
        f.to_recruit,
        f.to_interview,
    ];
    let mut cells: Vec<Cell> = numbers.map(Cell::from).into();
    cells.push(percent(f.interviewed, f.wanted));
    cells
}

/// `part` of `whole` in percent.
pub(super) fn percent(part: usize, whole: usize) -> Cell {
    let number = |n: usize| u32::try_from(n).map_or(f64::from(u32::MAX), f64::from);
    match whole {
        0 => Cell::Undefined,
        _ => Cell::decimal(number(part) / number(whole) * 100.0, 1),
    }
}

/// A row for each line of the plan, and the places of all together.
pub(super) fn plan_sheet(plan: &Plan, on_screen: bool) -> Sheet {
    let mut sheet = Sheet::new("Sampling plan", HEADS);
    let mut filled: Vec<Filled> = Vec::new();
    for q in &plan.quotas {
        plan_row(&mut sheet, q);
        filled.push(q.filled);
    }
    if plan.quotas.is_empty() {
        return sheet;
    }
    if plan.quotas.len() > 1 {
        let head = [Cell::Empty, "all places".into(), Cell::Empty, Cell::Empty];
        sheet.row(head.into_iter().chain(filled_cells(&plan.places)));
        filled.push(plan.places);
        sheet.note("Who fills places of two lines is counted in both; what one line has too many fills no other.");
    }
    if on_screen {
        bars(&mut sheet, &filled);
    }
    sheet.note("The plan's percentages are of participants interviewed, of those wanted.");
    sheet
}

fn bars(sheet: &mut Sheet, filled: &[Filled]) {
    sheet.heads.push(String::new());
    for (row, f) in sheet.rows.iter_mut().zip(filled) {
        row.push(bar(f.interviewed, f.wanted, 20).into());
    }
}
