//! `progress`: who is recruited, interviewed, transcribed, coded and debriefed; marks of what data don't show.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::blocks::bar;
use super::output::{Exit, Mode, Table, count};
use super::plan::{NO_PLAN, percent, plan_sheet};
use super::table_file::TableFile;
use super::{CliError, Context, date, io_error};
use crate::analysis::progress::Counts;
use crate::coding::progress::{Awaited, By, Fieldwork, Only, Progress, Row, Way, progress, ways};
use crate::domain::Date;
use crate::domain::words::Stage;
use crate::error::Result;
use crate::governance::withdraw::refuse_more;
use crate::report::sheet::{Cell, Sheet};
use crate::store::Milestone;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct ProgressArgs {
    #[command(subcommand)]
    command: Option<ProgressCommand>,
    /// Count by case, by phase or by role
    #[arg(long, value_name = "GROUP")]
    by: Option<By>,
    #[command(flatten)]
    only: OnlyArgs,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Subcommand)]
enum ProgressCommand {
    /// List participants with how far each is
    List(ListArgs),
    /// Show one participant's way, with the transcripts and marks that say so
    Show {
        /// The participant's pseudonym
        id: String,
    },
    /// Mark what transcripts and codings don't show
    Mark(MarkArgs),
    /// Take marks away
    Unmark(UnmarkArgs),
}

#[derive(Args)]
struct OnlyArgs {
    /// Only this case, with all that is part of it (can be repeated)
    #[arg(long, value_name = "SLUG")]
    case: Vec<String>,
    /// Only participants in this role (can be repeated)
    #[arg(long, value_name = "ROLE")]
    role: Vec<String>,
    /// Only what happened in this phase
    #[arg(long, value_name = "SLUG")]
    phase: Option<String>,
}

impl OnlyArgs {
    fn only(&self) -> Only {
        Only {
            cases: self.case.clone(),
            roles: self.role.clone(),
            phase: self.phase.clone(),
        }
    }
}

#[derive(Args)]
struct ListArgs {
    /// Only those who are not known to be there: recruited, interviewed, transcribed, coded, coded-twice or debriefed
    #[arg(long, value_name = "STAGE")]
    without: Option<Awaited>,
    #[command(flatten)]
    only: OnlyArgs,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Args)]
struct MarkArgs {
    /// The participants, and last the stage: invited, recruited, declined, dropped-out, interviewed or debriefed
    #[arg(required = true, num_args = 2.., value_name = "ID… STAGE")]
    what: Vec<String>,
    /// The day on which it was
    #[arg(long, value_name = "DATE", value_parser = date)]
    date: Option<Date>,
    /// The phase in which it was
    #[arg(long, value_name = "SLUG")]
    phase: Option<String>,
}

#[derive(Args)]
struct UnmarkArgs {
    /// The participants, and last the stage
    #[arg(required = true, num_args = 2.., value_name = "ID… STAGE")]
    what: Vec<String>,
    /// The phase that the mark names
    #[arg(long, value_name = "SLUG")]
    phase: Option<String>,
}

#[derive(Serialize)]
struct Ways {
    participants: Vec<Way>,
}

impl Context {
    pub(super) fn progress(&self, args: &ProgressArgs) -> Result<Exit> {
        match &args.command {
            None => self.progress_overview(args.by, &args.only.only(), &args.file),
            Some(ProgressCommand::List(list)) => self.progress_list(list),
            Some(ProgressCommand::Show { id }) => self.progress_show(id),
            Some(ProgressCommand::Mark(mark)) => self.progress_mark(mark),
            Some(ProgressCommand::Unmark(unmark)) => self.progress_unmark(unmark),
        }
    }

    fn progress_overview(&self, by: Option<By>, only: &Only, file: &TableFile) -> Result<Exit> {
        let study = self.read()?;
        file.check(&study)?;
        let work = Fieldwork::read(&study, only)?;
        let found = progress(&work, only, by);
        let planned = found.plan.as_ref().filter(|p| !p.quotas.is_empty());
        let on_screen = self.out.mode == Mode::Text && !file.is_given();
        let mut sheets = vec![match by {
            Some(by) => rows_sheet(&found, by, on_screen),
            None => stages_sheet(&found, on_screen),
        }];
        sheets.extend(planned.map(|p| plan_sheet(p, on_screen)));
        sheets[0].note("A participant is counted at every stage that is known to be reached.");
        let empty = "No participants here. Add one with: casebook participant add P01 --role ROLE --case SLUG";
        self.tables(&study, file, &found, &sheets, empty)?;
        if found.plan.as_ref().is_some_and(|p| p.quotas.is_empty()) {
            self.out.say(NO_PLAN);
        }
        Ok(Exit::Done)
    }

    fn progress_list(&self, args: &ListArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let work = Fieldwork::read(&study, &args.only.only())?;
        let mut found = Ways {
            participants: ways(&work),
        };
        if let Some(stage) = args.without {
            found.participants.retain(|w| stage.of(&w.stages));
        }
        let mut sheet = list_sheet(&found.participants);
        sheet.note(format!(
            "{}. `?`: neither a transcript nor a mark says so.",
            count(found.participants.len(), "participant")
        ));
        self.tables(&study, &args.file, &found, &[sheet], "Nobody here.")?;
        Ok(Exit::Done)
    }

    fn progress_show(&self, id: &str) -> Result<Exit> {
        let study = self.read()?;
        let code = study.store.participant(id)?.code;
        let work = Fieldwork::read(&study, &Only::default())?;
        let Some(way) = ways(&work).into_iter().find(|w| w.participant == code) else {
            return Ok(Exit::Done);
        };
        match self.out.mode {
            Mode::Csv => self.out.table(
                &way,
                || Table::of(&list_sheet(std::slice::from_ref(&way))),
                "",
            ),
            _ => self.out.text(&way, || way_text(&way)),
        }
        .map_err(io_error)?;
        Ok(Exit::Done)
    }

    fn progress_mark(&self, args: &MarkArgs) -> Result<Exit> {
        let (people, stage) = people_and_stage(&args.what)?;
        let mut marked = Vec::new();
        let ((), event) = self.write()?.change("progress mark", |tx| {
            let phase = match &args.phase {
                Some(slug) => Some(tx.phase(slug)?),
                None => None,
            };
            for id in people {
                let person = tx.participant(id)?;
                // That somebody declined or left is what their withdrawal says.
                if !matches!(stage, Stage::Declined | Stage::DroppedOut) {
                    refuse_more(tx, person.id, &format!("`{stage}`"))?;
                }
                let new = tx.put_milestone(&Milestone {
                    participant: person.id,
                    phase: phase.as_ref().map(|p| p.id),
                    stage: stage.word().to_owned(),
                    date: args.date.map(|d| d.to_string()),
                })?;
                if new && !marked.contains(&person.code) {
                    marked.push(person.code);
                }
            }
            tx.summary(format!("mark {} {stage}", in_short(&marked)));
            Ok(())
        })?;
        self.done(
            &format!("Marked {} as {stage}.", count(marked.len(), "participant")),
            event,
        );
        Ok(Exit::Done)
    }

    fn progress_unmark(&self, args: &UnmarkArgs) -> Result<Exit> {
        let (people, stage) = people_and_stage(&args.what)?;
        let mut unmarked = Vec::new();
        let ((), event) = self.write()?.change("progress unmark", |tx| {
            let phase = match &args.phase {
                Some(slug) => Some(tx.phase(slug)?),
                None => None,
            };
            for id in people {
                let person = tx.participant(id)?;
                if unmarked.contains(&person.code) {
                    continue;
                }
                if !tx.remove_milestone(person.id, phase.as_ref().map(|p| p.id), stage.word())? {
                    return Err(CliError::refused(
                        format!(
                            "`{}` has no mark `{stage}`{}",
                            person.code,
                            phase
                                .as_ref()
                                .map_or(" without a phase".into(), |p| format!(
                                    " in phase `{}`",
                                    p.slug
                                ))
                        ),
                        format!("see the marks with: casebook progress show {}", person.code),
                    )
                    .into());
                }
                unmarked.push(person.code);
            }
            tx.summary(format!("take mark {stage} from {}", in_short(&unmarked)));
            Ok(())
        })?;
        self.done(
            &format!(
                "Took the mark {stage} from {}.",
                count(unmarked.len(), "participant")
            ),
            event,
        );
        Ok(Exit::Done)
    }
}

/// The last word is the stage.
fn people_and_stage(typed: &[String]) -> Result<(&[String], Stage)> {
    let Some((stage, people)) = typed.split_last().filter(|(_, people)| !people.is_empty()) else {
        return Err(CliError::refused(
            "a participant or a stage is missing",
            "as in: casebook progress mark P07 recruited",
        )
        .into());
    };
    Ok((people, stage.parse()?))
}

/// Some pseudonyms for the record: all of a few, of many how many they are.
fn in_short(codes: &[String]) -> String {
    match codes {
        [] => "nobody".into(),
        few if few.len() <= 5 => few.join(", "),
        many => count(many.len(), "participant"),
    }
}

fn stages(c: &Counts) -> [(&'static str, usize); 10] {
    [
        ("invited", c.invited),
        ("recruited", c.recruited),
        ("interviewed", c.interviewed),
        ("transcribed", c.transcribed),
        ("coded", c.coded),
        ("coded twice", c.coded_twice),
        ("debriefed", c.debriefed),
        ("declined", c.declined),
        ("dropped out", c.dropped_out),
        ("nothing known", c.unknown),
    ]
}

/// What is added to a table on the screen, where a bar is seen before the number.
fn with_bars(sheet: &mut Sheet, width: usize, shares: impl Iterator<Item = (usize, usize)>) {
    sheet.heads.push(String::new());
    for (row, (part, whole)) in sheet.rows.iter_mut().zip(shares) {
        row.push(bar(part, whole, width).into());
    }
}

/// Every stage with its share of the participants.
fn stages_sheet(found: &Progress, on_screen: bool) -> Sheet {
    let total = &found.total.counts;
    let title = match &found.phase {
        Some(phase) => format!("Progress in {phase}"),
        None => "Progress".to_owned(),
    };
    let mut sheet = Sheet::new(title, ["stage", "participants", "percent"]);
    if total.participants == 0 {
        return sheet;
    }
    for (stage, n) in stages(total) {
        sheet.row([stage.into(), n.into(), percent(n, total.participants)]);
    }
    if on_screen {
        let shares = stages(total)
            .into_iter()
            .map(|(_, n)| (n, total.participants));
        with_bars(&mut sheet, 30, shares);
    }
    sheet.note(format!(
        "Percentages are of {}{}.",
        count(total.participants, "participant"),
        found
            .phase
            .as_ref()
            .map_or(String::new(), |p| format!(" in {p}"))
    ));
    sheet
}

/// A row for each group, and one for all. What the plan does not say of any group has no columns on the screen.
fn rows_sheet(found: &Progress, by: By, on_screen: bool) -> Sheet {
    let mut heads = vec![by.word(), "participants"];
    heads.extend(stages(&found.total.counts).iter().map(|(stage, _)| *stage));
    let rows: Vec<&Row> = found.rows.iter().chain([&found.total]).collect();
    let planned = rows.iter().any(|r| r.wanted.is_some()) || !on_screen;
    if planned {
        heads.extend(["wanted", "to recruit", "to interview", "percent"]);
    }
    let mut sheet = Sheet::new(format!("Progress by {by}"), heads);
    if found.total.counts.participants == 0 {
        return sheet;
    }
    for r in &rows {
        let mut cells: Vec<Cell> = vec![
            r.group.as_deref().unwrap_or("total").into(),
            r.counts.participants.into(),
        ];
        cells.extend(stages(&r.counts).iter().map(|(_, n)| Cell::from(*n)));
        if planned {
            let or = |n: Option<usize>| n.map_or(Cell::Undefined, Cell::from);
            cells.extend([r.wanted, r.to_recruit, r.to_interview].map(or));
            cells.push(Cell::decimal(r.percent, 1));
        }
        sheet.row(cells);
    }
    if planned && on_screen {
        let shares = rows
            .iter()
            .map(|r| (r.counts.interviewed, r.wanted.unwrap_or_default()));
        with_bars(&mut sheet, 10, shares);
    }
    sheet.note("The total counts each participant once.");
    if planned {
        sheet.note("Percentages are of participants interviewed, of those wanted; n/a: the plan has no line for this group alone.");
    }
    sheet
}

fn known(known: Option<bool>) -> &'static str {
    match known {
        Some(true) => "yes",
        Some(false) => "no",
        None => "?",
    }
}

fn list_sheet(ways: &[Way]) -> Sheet {
    let heads = [
        "id",
        "role",
        "cases",
        "invited",
        "recruited",
        "interviewed",
        "transcribed",
        "coded",
        "coded twice",
        "debriefed",
        "left",
    ];
    let mut sheet = Sheet::new("Participants", heads);
    for w in ways {
        let s = &w.stages;
        let left = match (s.declined, s.dropped_out) {
            (_, true) => "dropped out",
            (true, false) => "declined",
            (false, false) => "",
        };
        let known = [
            s.invited,
            s.recruited,
            s.interviewed,
            s.transcribed,
            s.coded,
            s.coded_twice,
            s.debriefed,
        ]
        .map(|k| known(k).into());
        sheet.row(
            [
                w.participant.clone().into(),
                w.role.clone().into(),
                w.cases.join(", ").into(),
            ]
            .into_iter()
            .chain(known)
            .chain([left.into()]),
        );
    }
    sheet
}

fn way_text(w: &Way) -> String {
    let mut out = w.participant.clone();
    for more in w.role.iter().chain(&w.cases) {
        out.push_str(&format!("  {more}"));
    }
    out.push('\n');
    let s = &w.stages;
    for (stage, how) in [
        ("invited", s.invited),
        ("recruited", s.recruited),
        ("interviewed", s.interviewed),
        ("transcribed", s.transcribed),
        ("coded", s.coded),
        ("coded twice", s.coded_twice),
        ("debriefed", s.debriefed),
    ] {
        out.push_str(&format!("{stage:<13}{}\n", known(how)));
    }
    let when = |phase: &Option<String>, date: &Option<String>| {
        phase.iter().chain(date).fold(String::new(), |mut text, w| {
            text.push_str("  ");
            text.push_str(w);
            text
        })
    };
    for t in &w.transcripts {
        let coders = match &t.coders[..] {
            [] => "not coded".to_owned(),
            coders => format!("coded by {}", coders.join(", ")),
        };
        out.push_str(&format!(
            "\ntranscript {}  {}{}  {coders}",
            t.transcript,
            t.kind,
            when(&t.phase, &t.date)
        ));
    }
    for m in &w.marks {
        out.push_str(&format!("\nmark {}{}", m.stage, when(&m.phase, &m.date)));
    }
    if !(w.transcripts.is_empty() && w.marks.is_empty()) {
        out.push('\n');
    }
    out
}
