//! `progress`: who is recruited, interviewed, transcribed, coded and debriefed; marks of what data don't show.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::blocks::{bar, percent};
use super::output::{Exit, Mode, Table, count, terminal_width};
use super::plan::plan_table;
use super::{CliError, Context, date, io_error};
use crate::analysis::progress::Counts;
use crate::coding::progress::{Awaited, By, Fieldwork, Only, Progress, Row, Way, progress, ways};
use crate::domain::Date;
use crate::domain::span::printable;
use crate::domain::words::Stage;
use crate::error::Result;
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
            None => self.progress_overview(args.by, &args.only.only()),
            Some(ProgressCommand::List(list)) => self.progress_list(list),
            Some(ProgressCommand::Show { id }) => self.progress_show(id),
            Some(ProgressCommand::Mark(mark)) => self.progress_mark(mark),
            Some(ProgressCommand::Unmark(unmark)) => self.progress_unmark(unmark),
        }
    }

    fn progress_overview(&self, by: Option<By>, only: &Only) -> Result<Exit> {
        let study = self.read()?;
        let work = Fieldwork::read(&study, only)?;
        let found = progress(&work, only, by);
        match self.out.mode {
            Mode::Csv => self.out.table(&found, || rows_table(&found, false), ""),
            _ => self.out.styled(&found, || overview(&found)),
        }
        .map_err(io_error)?;
        if found.total.counts.participants == 0 {
            self.out.say("No participants here. Add one with: casebook participant add P01 --role ROLE --case SLUG");
        } else if found.plan.as_ref().is_some_and(|p| p.quotas.is_empty()) {
            self.out.say(
                "No sampling plan yet. Add to it with: casebook plan add --case SLUG --wanted N",
            );
        }
        Ok(Exit::Done)
    }

    fn progress_list(&self, args: &ListArgs) -> Result<Exit> {
        let study = self.read()?;
        let work = Fieldwork::read(&study, &args.only.only())?;
        let mut found = Ways {
            participants: ways(&work),
        };
        if let Some(stage) = args.without {
            found.participants.retain(|w| stage.of(&w.stages));
        }
        self.out
            .table(&found, || list_table(&found.participants), "Nobody here.")
            .map_err(io_error)?;
        self.out.say(&format!(
            "{}. `?`: neither a transcript nor a mark says so.",
            count(found.participants.len(), "participant")
        ));
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
            Mode::Csv => self
                .out
                .table(&way, || list_table(std::slice::from_ref(&way)), ""),
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

fn overview(found: &Progress) -> String {
    let width = terminal_width();
    let total = &found.total.counts;
    if total.participants == 0 {
        return String::new();
    }
    let mut out = format!(
        "{}{}, each counted at every stage that is known to be reached\n\n",
        count(total.participants, "participant"),
        found
            .phase
            .as_ref()
            .map_or(String::new(), |p| format!(" in {}", printable(p)))
    );
    if found.by.is_some() {
        out.push_str(&rows_table(found, true).to_text(width));
    } else {
        let mut table = Table::new(&["stage", ">participants", ">share", ""]);
        for (stage, n) in stages(total) {
            table.row([
                stage.to_owned(),
                n.to_string(),
                percent(n, total.participants),
                bar(n, total.participants, 30),
            ]);
        }
        out.push_str(&table.to_text(width));
    }
    if let Some(plan) = found.plan.as_ref().filter(|p| !p.quotas.is_empty()) {
        out.push_str("\nThe sampling plan, with who is interviewed of those wanted:\n\n");
        out.push_str(&plan_table(plan, true).to_text(width));
    }
    out
}

fn rows_table(found: &Progress, with_bars: bool) -> Table {
    let head = found.by.map_or("group", By::word);
    let mut heads = vec![
        head,
        ">participants",
        ">invited",
        ">recruited",
        ">interviewed",
        ">transcribed",
        ">coded",
        ">coded twice",
        ">debriefed",
        ">declined",
        ">dropped out",
        ">unknown",
        ">wanted",
        ">to recruit",
        ">to interview",
        ">of wanted",
    ];
    if with_bars {
        heads.push("");
    }
    let mut table = Table::new(&heads);
    for r in found.rows.iter().chain([&found.total]) {
        let c = &r.counts;
        let mut cells = vec![
            r.group.clone().unwrap_or_else(|| "total".into()),
            c.participants.to_string(),
        ];
        cells.extend(stages(c).iter().map(|(_, n)| n.to_string()));
        cells.extend(against_plan(r, with_bars));
        table.row(cells);
    }
    table
}

fn against_plan(r: &Row, with_bars: bool) -> Vec<String> {
    let or = |n: Option<usize>| n.map_or("n/a".to_owned(), |n| n.to_string());
    let mut cells = vec![or(r.wanted), or(r.to_recruit), or(r.to_interview)];
    cells.push(percent(r.counts.interviewed, r.wanted.unwrap_or_default()));
    if with_bars {
        cells.push(bar(r.counts.interviewed, r.wanted.unwrap_or_default(), 10));
    }
    cells
}

fn known(known: Option<bool>) -> &'static str {
    match known {
        Some(true) => "yes",
        Some(false) => "no",
        None => "?",
    }
}

fn list_table(ways: &[Way]) -> Table {
    let mut table = Table::new(&[
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
    ]);
    for w in ways {
        let s = &w.stages;
        table.row([
            w.participant.as_str(),
            w.role.as_deref().unwrap_or_default(),
            &w.cases.join(", "),
            known(s.invited),
            known(s.recruited),
            known(s.interviewed),
            known(s.transcribed),
            known(s.coded),
            known(s.coded_twice),
            known(s.debriefed),
            match (s.declined, s.dropped_out) {
                (_, true) => "dropped out",
                (true, false) => "declined",
                (false, false) => "",
            },
        ]);
    }
    table
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
        phase
            .iter()
            .chain(date)
            .map(|w| format!("  {w}"))
            .collect::<String>()
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
