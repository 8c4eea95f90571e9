//! The command line: one file per noun, with its arguments, its verbs and how it shows. The only part that prints.

mod agreement;
mod agreement_disagreements;
mod agreement_sample;
mod agreement_settle;
mod agreement_show;
mod agreement_table;
mod agreement_threshold;
mod assessment;
mod assessment_compare;
mod attribute;
mod autocode;
mod backup;
mod blocks;
mod case_codes;
mod case_links;
mod case_lookup;
mod case_names;
mod cases;
mod chart;
mod chart_figures;
mod chart_grids;
mod check_evidence;
mod checklist;
mod claim;
mod code;
mod cohort;
mod cohort_compare;
mod cohort_count;
mod conflict;
mod consent;
mod contrast;
mod cooccur;
mod copy;
mod debrief;
mod decision;
mod demo;
mod demo_example;
mod disclosure;
mod erase;
mod explained;
mod fieldwork;
mod figures;
mod figures_roll;
mod filters;
mod finding;
mod finding_args;
mod finding_view;
mod frame;
mod frame_file;
mod frame_view;
mod frequency;
mod goal;
mod import;
mod indicator;
mod joint;
mod json;
mod limit;
mod log;
mod manual;
mod mapping;
mod matrix;
mod maturity;
mod measure;
mod measure_import;
mod memo;
mod narrowed;
mod output;
mod participants;
mod parts;
mod passphrase;
mod pending;
mod phase;
mod plan;
mod progress;
mod pseudonym;
mod pseudonym_apply;
mod pseudonym_args;
mod pseudonym_audit;
mod pseudonym_import;
mod pseudonym_key;
mod pseudonym_view;
mod quotes;
mod read_pdf;
mod reading;
mod register;
mod relations;
mod release;
mod released;
mod report;
mod respond;
mod restore;
mod retention;
mod revise;
mod revision_view;
mod sar;
mod saturation;
mod search;
mod section;
mod series;
mod study;
mod suppressed;
mod table_file;
mod theme_diff_view;
mod theme_lint;
mod theme_versions;
mod themes;
mod trace;
mod transcript_edit;
mod transcripts;
mod withdraw;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::error::{Failure, Problem, Result};
use crate::store::Access;
use crate::study::{Session, Study, find_study};
use output::{Exit, Mode, Output, complain};

/// Keep a qualitative case study together
///
/// casebook stores interview transcripts, themes and cases in one file, finds every passage at once,
/// and writes the reports that go back to the participants. Everything can be undone, and is on record.
#[derive(Parser)]
#[command(name = "casebook", version, styles = STYLES, max_term_width = 100, infer_subcommands = false, disable_help_subcommand = true)]
#[command(
    after_help = "Start with:  casebook demo    (an invented study, and the main job run on it)\n             casebook init NAME\nExit status: 0 done · 1 refused, with a reason and a hint · 2 usage · 3 damage found · 70 our bug"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const STYLES: clap::builder::Styles = clap::builder::Styles::styled()
    .header(anstyle::Style::new().bold())
    .usage(anstyle::Style::new().bold())
    .literal(anstyle::AnsiColor::Cyan.on_default());

#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// The study's file; without it, the one *.casebook in this folder or the nearest above
    #[arg(
        long,
        global = true,
        env = "CASEBOOK_STUDY",
        hide_env_values = true,
        value_name = "FILE",
        help_heading = "Global options"
    )]
    study: Option<PathBuf>,
    /// Who is at work; without it, your user name. On commands that only read: only this coder's codings
    #[arg(
        long,
        global = true,
        env = "CASEBOOK_CODER",
        hide_env_values = true,
        value_name = "NAME",
        help_heading = "Global options"
    )]
    coder: Option<String>,
    /// Print data as one JSON document
    #[arg(
        long,
        global = true,
        conflicts_with = "csv",
        help_heading = "Global options"
    )]
    json: bool,
    /// Print tables as CSV
    #[arg(long, global = true, help_heading = "Global options")]
    csv: bool,
    /// Print data, warnings and errors only
    #[arg(long, short, global = true, help_heading = "Global options")]
    quiet: bool,
    /// A reason, kept on record with the change
    #[arg(
        long,
        global = true,
        value_name = "REASON",
        help_heading = "Global options"
    )]
    why: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Start a study
    Init(study::InitArgs),
    /// Write an invented study and run the main job on it, step by step
    Demo(demo::DemoArgs),
    /// Show what is in the study
    Status,
    /// Manage the study's own facts: title, questions, contact
    #[command(subcommand)]
    Study(study::StudyCommand),
    /// Manage cases: systems, places, organisations, and how they belong together
    #[command(subcommand)]
    Case(cases::CaseCommand),
    /// Manage cohorts: named, dated sets of cases, compared and counted on any day
    #[command(subcommand)]
    Cohort(Box<cohort::CohortCommand>),
    /// Manage maturity frameworks: domains and the stages that a case goes through in each
    #[command(subcommand)]
    Maturity(maturity::MaturityCommand),
    /// Manage assessments: at which stage somebody saw a case, side by side and over time
    #[command(subcommand)]
    Assessment(Box<assessment::AssessmentCommand>),
    /// Manage goals: what cases are to become or to do, by when, and when they did
    #[command(subcommand)]
    Goal(goal::GoalCommand),
    /// Manage claims: what was said about when a case reaches a goal, and what became of it
    #[command(subcommand)]
    Claim(claim::ClaimCommand),
    /// Manage phases of fieldwork
    #[command(subcommand)]
    Phase(phase::PhaseCommand),
    /// Manage participants, by pseudonym
    #[command(subcommand)]
    Participant(participants::ParticipantCommand),
    /// Manage consents: what each participant agreed to, form by form
    #[command(subcommand)]
    Consent(consent::ConsentCommand),
    /// Manage limits: stricter levels for one interview, one passage or one quote
    #[command(subcommand)]
    Limit(limit::LimitCommand),
    /// Manage the sampling plan: how many participants are wanted where
    #[command(subcommand)]
    Plan(plan::PlanCommand),
    /// Show how far fieldwork is: who is recruited, interviewed, transcribed, coded and debriefed
    Progress(fieldwork::ProgressArgs),
    /// Manage the key of real names, and what stands for them in the texts
    #[command(subcommand)]
    Pseudonym(Box<pseudonym_args::PseudonymCommand>),
    /// Manage attributes of cases, participants and transcripts
    #[command(subcommand)]
    Attribute(attribute::AttributeCommand),
    /// Import interviews and other texts
    Import(import::ImportArgs),
    /// Manage transcripts
    #[command(subcommand)]
    Transcript(transcripts::TranscriptCommand),
    /// Show headings and interview-guide questions
    #[command(subcommand)]
    Section(section::SectionCommand),
    /// Manage the codebook
    #[command(subcommand)]
    Theme(themes::ThemeCommand),
    /// Code a passage with themes, or many passages from a file
    Code(code::CodeArgs),
    /// Take codings away
    Uncode(code::UncodeArgs),
    /// Code every hit of a search
    Autocode(autocode::AutocodeArgs),
    /// Manage coders
    #[command(subcommand)]
    Coder(code::CoderCommand),
    /// Manage memos: notes on anything
    #[command(subcommand)]
    Memo(memo::MemoCommand),
    /// Search what was said
    Search(search::SearchArgs),
    /// Read coded passages across cases
    Quotes(quotes::QuotesArgs),
    /// Count coded passages in a table
    Matrix(matrix::MatrixArgs),
    /// Count words: how often, by how many, and what sets groups apart
    Frequency(frequency::FrequencyArgs),
    /// Draw a picture
    #[command(subcommand)]
    Chart(chart::ChartCommand),
    /// Show how far coders agree
    Agreement(agreement::AgreementArgs),
    /// Show how much that is new the last interviews brought
    Saturation(Box<saturation::SaturationArgs>),
    /// Manage the frame: what each case says on each theme, summed up
    #[command(subcommand)]
    Frame(frame::FrameCommand),
    /// Manage findings: what the study claims, and what speaks for and against it
    #[command(subcommand)]
    Finding(Box<finding_args::FindingCommand>),
    /// Follow a finding down to what was said, or a passage up to the reports that use it
    Trace(trace::TraceArgs),
    /// Fill a reporting checklist from the study: COREQ or SRQR
    #[command(subcommand)]
    Checklist(checklist::ChecklistCommand),
    /// Manage indicators: defined figures, and how they are rolled up
    #[command(subcommand)]
    Indicator(Box<indicator::IndicatorCommand>),
    /// Manage measures: figures as sources have them
    #[command(subcommand)]
    Measure(Box<measure::MeasureCommand>),
    /// Manage mappings: how columns of files become measures
    #[command(subcommand)]
    Mapping(mapping::MappingCommand),
    /// Manage conflicts: figures on which sources disagree
    #[command(subcommand)]
    Conflict(conflict::ConflictCommand),
    /// Manage readings: the files and typed figures that measures are from
    #[command(subcommand)]
    Reading(reading::ReadingCommand),
    /// Show figures: what holds for each case, how it changed, and roll-ups
    Figures(Box<figures::FiguresArgs>),
    /// Show figures in the order of time, across mergers as you choose
    Series(series::SeriesArgs),
    /// Show cases by themes beside their figures
    Joint(Box<joint::JointArgs>),
    /// Show which themes set cases apart: those that improved, or a cohort
    Contrast(Box<contrast::ContrastArgs>),
    /// Show which themes occur together
    Cooccur(cooccur::CooccurArgs),
    /// Manage declared populations: how many people in the world fit a role in a case
    #[command(subcommand)]
    Population(disclosure::PopulationCommand),
    /// Show what citations would tell of who somebody is
    #[command(subcommand)]
    Disclosure(disclosure::DisclosureCommand),
    /// Write a report
    #[command(subcommand)]
    Report(report::ReportCommand),
    /// Write what goes back to participants: to one, to all, or to the people of a case
    Debrief(debrief::DebriefArgs),
    /// Write down what a participant answered to a finding
    Respond(respond::RespondArgs),
    /// Manage what participants answered in the debrief
    #[command(subcommand)]
    Response(respond::ResponseCommand),
    /// Manage decisions: what participants' answers ask of the researchers
    #[command(subcommand)]
    Decision(decision::DecisionCommand),
    /// Record that a participant withdraws: to stop, to be left out, or to be erased
    Withdraw(withdraw::WithdrawArgs),
    /// Erase earlier texts, and look for what an erase may have left
    #[command(subcommand)]
    Erase(erase::EraseCommand),
    /// Show who did what, and check the record
    Log(log::LogArgs),
    /// Take back the last change, or a change by its number
    Undo(log::UndoArgs),
    /// Look for damage in the study and its index
    Check(study::CheckArgs),
    /// Copy the study to a file, whole, and check the copy
    Backup(backup::BackupArgs),
    /// Restore a study from a backup, under a name of its own
    Restore(restore::RestoreArgs),
    /// See which files with contents of the study were written
    #[command(subcommand)]
    Copy(copy::CopyCommand),
    /// Write all that is held about a person, for that person
    Sar(sar::SarArgs),
    /// Manage how long each class of record is kept
    #[command(subcommand)]
    Retention(retention::RetentionCommand),
    /// Print a completion script for a shell
    Completions(manual::CompletionsArgs),
    /// Write manual pages to a folder
    Man(manual::ManArgs),
    /// Print the reference of all commands as Markdown
    #[command(hide = true)]
    Reference(manual::ReferenceArgs),
    /// Take the lines from a PDF on standard input: `import` calls it, in a process of its own
    #[command(hide = true)]
    ReadPdf(read_pdf::ReadPdfArgs),
}

/// What every command is given.
pub(crate) struct Context {
    global: Global,
    /// Whether `--coder` was typed, and not only set in the environment: commands that only read take it as a filter.
    coder_typed: bool,
    out: Output,
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    run(std::env::args_os())
}

/// Runs one command line. Printing and the exit status are all it leaves.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    ExitCode::from(run_to_status(args) as u8)
}

fn run_to_status(args: impl IntoIterator<Item = OsString>) -> Exit {
    let parsed = Cli::command().try_get_matches_from(args).and_then(|m| {
        let typed = m.value_source("coder") == Some(clap::parser::ValueSource::CommandLine);
        Ok((Cli::from_arg_matches(&m)?, typed))
    });
    let (cli, coder_typed) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            // Help and version are data and go to stdout; what can't be read goes to stderr.
            error.print().ok();
            // clap prints what is wrong with a value, and not what it may be.
            if let Some(word) = std::error::Error::source(&error)
                .and_then(|e| e.downcast_ref::<crate::domain::words::UnknownWord>())
                && let Some(hint) = word.hint()
            {
                output::hint(&hint);
            }
            return if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Done
            };
        }
    };
    let mode = match (cli.global.json, cli.global.csv) {
        (true, _) => Mode::Json,
        (_, true) => Mode::Csv,
        _ => Mode::Text,
    };
    let context = Context {
        out: Output {
            mode,
            quiet: cli.global.quiet,
        },
        global: cli.global,
        coder_typed,
    };
    match context.run(cli.command) {
        Ok(exit) => exit,
        Err(failure) if is_broken_pipe(&failure) => Exit::Done,
        Err(failure) => {
            complain(&failure.to_string(), failure.hint().as_deref());
            Exit::of(&failure)
        }
    }
}

/// A reader that has seen enough (`| head`) is no failure.
fn is_broken_pipe(failure: &Failure) -> bool {
    failure.to_string().contains("Broken pipe")
}

impl Context {
    fn run(&self, command: Command) -> Result<Exit> {
        match command {
            Command::Init(args) => self.init(args),
            Command::Demo(args) => self.demo(&args),
            Command::Status => self.status(),
            Command::Study(command) => self.study_command(command),
            Command::Case(command) => self.case(command),
            Command::Cohort(command) => self.cohort(*command),
            Command::Maturity(command) => self.maturity(command),
            Command::Assessment(command) => self.assessment(*command),
            Command::Goal(command) => self.goal(command),
            Command::Claim(command) => self.claim(command),
            Command::Phase(command) => self.phase(command),
            Command::Participant(command) => self.participant(command),
            Command::Consent(command) => self.consent(command),
            Command::Limit(command) => self.limit(command),
            Command::Plan(command) => self.plan(command),
            Command::Progress(args) => self.progress(&args),
            Command::Pseudonym(command) => self.pseudonym(&command),
            Command::Attribute(command) => self.attribute(command),
            Command::Import(args) => self.import(&args),
            Command::Transcript(command) => self.transcript(command),
            Command::Section(command) => self.section(&command),
            Command::Theme(command) => self.theme(command),
            Command::Code(args) => self.code(&args),
            Command::Uncode(args) => self.uncode(&args),
            Command::Autocode(args) => self.autocode(&args),
            Command::Coder(command) => self.coder(&command),
            Command::Memo(command) => self.memo(command),
            Command::Search(args) => self.search(&args),
            Command::Quotes(args) => self.quotes(&args),
            Command::Matrix(args) => self.matrix(&args),
            Command::Frequency(args) => self.frequency(&args),
            Command::Chart(command) => self.chart(&command),
            Command::Agreement(args) => self.agreement(&args),
            Command::Saturation(args) => self.saturation(&args),
            Command::Frame(command) => self.frame(command),
            Command::Finding(command) => self.finding(&command),
            Command::Trace(args) => self.trace(&args),
            Command::Checklist(command) => self.checklist(command),
            Command::Indicator(command) => self.indicator(*command),
            Command::Measure(command) => self.measure(*command),
            Command::Conflict(command) => self.conflict(&command),
            Command::Mapping(command) => self.mapping(&command),
            Command::Reading(command) => self.reading(&command),
            Command::Figures(args) => self.figures(&args),
            Command::Series(args) => self.series(&args),
            Command::Joint(args) => self.joint(&args),
            Command::Contrast(args) => self.contrast(&args),
            Command::Cooccur(args) => self.cooccur(&args),
            Command::Population(command) => self.population(command),
            Command::Disclosure(command) => self.disclosure(&command),
            Command::Report(command) => self.report(&command),
            Command::Debrief(args) => self.debrief(&args),
            Command::Respond(args) => self.respond(&args),
            Command::Response(command) => self.response(&command),
            Command::Decision(command) => self.decision(&command),
            Command::Withdraw(args) => self.withdraw(&args),
            Command::Erase(command) => self.erase_command(&command),
            Command::Log(args) => self.log(&args),
            Command::Undo(args) => self.undo(&args),
            Command::Check(args) => self.check(&args),
            Command::Backup(args) => self.backup(&args),
            Command::Restore(args) => self.restore(&args),
            Command::Copy(command) => self.copy(&command),
            Command::Sar(args) => self.sar(&args),
            Command::Retention(command) => self.retention(&command),
            Command::Completions(args) => self.completions(&args),
            Command::Man(args) => self.man(&args),
            Command::Reference(args) => self.reference(&args),
            Command::ReadPdf(args) => Self::read_pdf(&args),
        }
    }

    /// The filter of a command that only reads, with the coder if one was typed.
    fn filter(&self, filters: &filters::FilterArgs) -> crate::domain::filter::Filter {
        let mut filter = filters.filter();
        if let (true, Some(coder)) = (self.coder_typed, &self.global.coder) {
            filter.coders.push(coder.clone());
        }
        filter
    }

    /// The same with relations to other themes.
    fn related(
        &self,
        filters: &filters::FilterArgs,
        relations: &relations::RelationArgs,
    ) -> Result<crate::domain::filter::Filter> {
        let mut filter = self.filter(filters);
        relations.put(&mut filter, false)?;
        Ok(filter)
    }

    /// Where a distance is in seconds, transcripts without times can't be measured: whoever looks is told.
    fn say_untimed(&self, study: &Study, filter: &crate::domain::filter::Filter) -> Result<()> {
        let selection = study.select(filter)?;
        let untimed = crate::coding::relations::untimed(study, &selection, filter.distance)?;
        if let Some(note) = untimed.and_then(relations::untimed_note) {
            self.out.say(&note);
        }
        Ok(())
    }

    fn session(&self) -> Result<Session> {
        let coder = match &self.global.coder {
            Some(name) => name.trim().to_owned(),
            None => ["USER", "USERNAME", "LOGNAME"]
                .iter()
                .find_map(|v| std::env::var(v).ok())
                .filter(|n| !n.trim().is_empty())
                .unwrap_or_else(|| "researcher".into()),
        };
        if coder.starts_with("auto:") {
            return Err(CliError::refused(
                "`auto:` stands before the names of rules, not of people",
                "code by rule with: casebook autocode QUERY THEME",
            )
            .into());
        }
        if coder.is_empty() || coder.chars().any(char::is_control) || coder.chars().count() > 80 {
            return Err(CliError::refused(
                "that can't be a coder's name",
                "give a short name, as in: --coder mara",
            )
            .into());
        }
        // A set clock, so that tests and the guide come out the same every time.
        let now = match std::env::var("CASEBOOK_CLOCK") {
            Ok(set) => set,
            Err(_) => jiff::Timestamp::now()
                .strftime("%Y-%m-%dT%H:%M:%SZ")
                .to_string(),
        };
        Ok(Session {
            coder,
            now,
            why: self.global.why.clone(),
        })
    }

    fn study_path(&self) -> Result<PathBuf> {
        match &self.global.study {
            Some(path) => Ok(path.clone()),
            None => {
                let here = std::env::current_dir().map_err(|source| CliError::Io {
                    what: "this folder".into(),
                    source,
                })?;
                Ok(find_study(&here)?)
            }
        }
    }

    fn open(&self, access: Access) -> Result<Study> {
        let study = self.open_without_erased(access)?;
        if access == Access::Write {
            for warning in crate::study::folder_warnings(study.path()) {
                self.out.warn(&warning);
            }
        }
        Ok(study)
    }

    /// Opens to read.
    fn read(&self) -> Result<Study> {
        self.open(Access::Read)
    }

    /// Opens to change.
    fn write(&self) -> Result<Study> {
        self.open(Access::Write)
    }

    /// Says what was done and how to take it back.
    fn done(&self, what: &str, event: Option<i64>) {
        match event {
            Some(event) => self.out.say(&format!(
                "{what}  (event {event}; to take it back: casebook undo)"
            )),
            None => self.out.say("Nothing to change."),
        }
    }

    /// Asks at a terminal; elsewhere `--yes` must have said so.
    fn confirm(&self, yes: bool, what: &str) -> Result<()> {
        use std::io::{BufRead, IsTerminal, Write};
        if yes {
            return Ok(());
        }
        if !io::stdin().is_terminal() {
            // The question begins with a capital; an error does not.
            let mut letters = what.chars();
            let first = letters
                .next()
                .map(|c| c.to_lowercase().to_string())
                .unwrap_or_default();
            return Err(CliError::refused(
                format!(
                    "{first}{}: not done, as nobody was there to confirm it",
                    letters.as_str()
                ),
                "add --yes to confirm, or --dry-run to see what it would do",
            )
            .into());
        }
        let mut err = anstream::stderr();
        write!(err, "{what}. Go on? [y/N] ")
            .and_then(|()| err.flush())
            .map_err(io_error)?;
        let mut answer = String::new();
        io::stdin()
            .lock()
            .read_line(&mut answer)
            .map_err(io_error)?;
        if answer.trim().eq_ignore_ascii_case("y") || answer.trim().eq_ignore_ascii_case("yes") {
            Ok(())
        } else {
            Err(CliError::Refused("not done".into(), None).into())
        }
    }
}

/// What can go wrong here and nowhere else.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    #[error("{what} can't be read or written: {source}")]
    Io { what: String, source: io::Error },
    #[error("{0}")]
    Refused(String, Option<String>),
}

impl CliError {
    pub(crate) fn refused(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Refused(message.into(), Some(hint.into()))
    }
}

impl Problem for CliError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Io { source, .. } => Some(match source.kind() {
                io::ErrorKind::NotFound => "check that the file or its folder is there".into(),
                io::ErrorKind::StorageFull => "make room on the disk, then try again".into(),
                _ => "check that the folder exists and may be written".into(),
            }),
            Self::Refused(_, hint) => hint.clone(),
        }
    }
}

fn io_error(source: io::Error) -> Failure {
    CliError::Io {
        what: "the output".into(),
        source,
    }
    .into()
}

/// `KEY=VALUE`, as options take it.
fn pair(typed: &str) -> Result<(String, String), String> {
    match typed.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => {
            Ok((key.trim().to_owned(), value.to_owned()))
        }
        _ => Err("write it as KEY=VALUE".into()),
    }
}

/// Words that are there: a name, a title, a question.
fn filled(typed: &str) -> Result<String, String> {
    match typed.trim() {
        "" => Err("it is empty".into()),
        words if words.chars().any(char::is_control) => {
            Err("it holds a line break or another control character".into())
        }
        words => Ok(words.to_owned()),
    }
}

/// A date, as options take it.
fn date(typed: &str) -> Result<crate::domain::Date, String> {
    typed
        .parse()
        .map_err(|_| "dates are written as in 2021-04-30".into())
}
