//! `measure import`: figures of files, by a mapping that is shown before anything is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::indicator::word;
use super::output::{Exit, Mode, Table, complain, count, thousands};
use super::progress::Bar;
use super::{CliError, Context, date, filled, io_error, pair};
use crate::domain::Date;
use crate::domain::period::Period;
use crate::domain::span::printable;
use crate::error::Result;
use crate::import::grid::{self, Grid};
use crate::indicator::conflict::conflicts;
use crate::indicator::mapping::{By, Mapping, PeriodAs, Sign, Text, WrittenAs};
use crate::indicator::read::{Taken, read};
use crate::indicator::{Finding, bring, guess};
use crate::store::{NewReading, Store};
use crate::study::records::check_name;
use crate::study::{Progress, Study};

#[derive(Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that is typed"
)]
pub(super) struct MeasureImportArgs {
    /// The files: .csv, .tsv, .xlsx or .ods
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Where the figures stand, as one would cite it: publication, title, date
    #[arg(long, value_name = "SOURCE", value_parser = filled)]
    source: String,
    /// The day as of which they stand, where the source says
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    /// The day on which the file was fetched
    #[arg(long, value_name = "DATE", value_parser = date)]
    retrieved: Option<Date>,
    /// A mapping that was kept, or a YAML file with one; options below change it
    #[arg(long, value_name = "NAME|FILE.yaml")]
    mapping: Option<String>,
    /// Keep the mapping under this name for the next file of its kind
    #[arg(long, value_name = "NAME")]
    save: Option<String>,
    #[command(flatten)]
    columns: ColumnArgs,
    #[command(flatten)]
    table: TableArgs,
    /// Only show how the file would be read
    #[arg(long)]
    dry_run: bool,
    /// Do not ask: a mapping that was guessed is right
    #[arg(long, short)]
    yes: bool,
    /// Leave out rows that something stands in the way of, and read the rest
    #[arg(long)]
    skip_refused: bool,
    /// Read a file that was read in the same way before
    #[arg(long)]
    again: bool,
}

/// Which column is what. A column is named by its head, or by its letters.
#[derive(Args)]
#[command(next_help_heading = "What the columns are")]
struct ColumnArgs {
    /// The column that names the case
    #[arg(long, value_name = "COLUMN")]
    case: Option<String>,
    /// What that column holds: slug, code or name; without it, what most of its values are
    #[arg(long, value_name = "WHAT", value_parser = word::<By>)]
    case_by: Option<By>,
    /// Only codes of this scheme
    #[arg(long, value_name = "SCHEME")]
    scheme: Option<String>,
    /// A column of names, each of which must be one that the case is known by
    #[arg(long, value_name = "COLUMN")]
    case_name: Option<String>,
    /// Blanks around the names of cases mean nothing
    #[arg(long)]
    trim: bool,
    /// The column of the period, or the period of all figures
    #[arg(long, value_name = "COLUMN|PERIOD")]
    period: Option<String>,
    /// What a day in that column stands for: day, month, quarter, year or financial-year
    #[arg(long, value_name = "WHAT", value_parser = word::<PeriodAs>)]
    period_as: Option<PeriodAs>,
    /// A column of values whose head is their period (can be repeated)
    #[arg(long, value_name = "COLUMN", conflicts_with = "period")]
    period_column: Vec<String>,
    /// The indicator of all figures, the column that names it, or a pattern such as attendances-{type}
    #[arg(long, value_name = "INDICATOR|COLUMN|PATTERN")]
    indicator: Option<String>,
    /// A column of values of one indicator (can be repeated)
    #[arg(long, value_name = "COLUMN=INDICATOR", value_parser = pair, conflicts_with = "indicator")]
    indicator_column: Vec<(String, String)>,
    /// The column of the value
    #[arg(long, value_name = "COLUMN")]
    value: Option<String>,
    /// Of a percentage: the column of its numerator
    #[arg(long, value_name = "COLUMN")]
    numerator: Option<String>,
    /// Of a percentage: the column of what the numerator falls short by, as breaches of attendances
    #[arg(long, value_name = "COLUMN")]
    shortfall: Option<String>,
    /// Of a percentage: the column of its denominator
    #[arg(long, value_name = "COLUMN")]
    denominator: Option<String>,
    /// Only rows where a column says this (can be repeated)
    #[arg(long = "where", value_name = "COLUMN=VALUE", value_parser = pair)]
    only: Vec<(String, String)>,
    /// Rows that differ in this column alone are parts of one figure, and are added up (can be repeated)
    #[arg(long, value_name = "COLUMN")]
    add_over: Vec<String>,
    /// The column of the day as of which a value stands
    #[arg(long, value_name = "COLUMN")]
    as_of_column: Option<String>,
    /// A column that says which values are provisional
    #[arg(long, value_name = "COLUMN")]
    provisional_column: Option<String>,
    /// A column that says the same of a case in each of its rows (can be repeated)
    #[arg(long, value_name = "COLUMN")]
    constant: Vec<String>,
    /// A column that may say different things of a case (can be repeated)
    #[arg(long, value_name = "COLUMN")]
    varies: Vec<String>,
    /// A column that says an aspect of the basis (can be repeated)
    #[arg(long, value_name = "ASPECT=COLUMN", value_parser = pair)]
    basis: Vec<(String, String)>,
}

/// How the table is written.
#[derive(Args)]
#[command(next_help_heading = "How the table is written")]
struct TableArgs {
    /// The sheet of a workbook
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The row that names the columns; without it, the first
    #[arg(long, value_name = "N")]
    header_row: Option<u64>,
    /// The last row of the table: what follows are notes
    #[arg(long, value_name = "N")]
    last_row: Option<u64>,
    /// What stands in merged cells is of all of them
    #[arg(long)]
    spread: bool,
    /// Numbers are multiplied by this: 0.001 makes millions of thousands
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    factor: Option<String>,
    /// How percentages are written: percent (88.3) or fraction (0.883)
    #[arg(long = "as", value_name = "HOW", value_parser = word::<WrittenAs>)]
    written_as: Option<WrittenAs>,
    /// What a number without a sign is: deficit-positive or as-written
    #[arg(long, value_name = "HOW", value_parser = word::<Sign>)]
    sign: Option<Sign>,
    /// A word for a value that is not printed, instead of `*` (can be repeated)
    #[arg(long, value_name = "WORD", allow_hyphen_values = true)]
    suppressed: Vec<String>,
    /// A word for a value that there is not, instead of `..`, `-`, `n/a` and nothing (can be repeated)
    #[arg(long, value_name = "WORD", allow_hyphen_values = true)]
    missing: Vec<String>,
    /// A mark of a provisional value, instead of `p` and `(p)` (can be repeated)
    #[arg(long, value_name = "MARK", allow_hyphen_values = true)]
    provisional: Vec<String>,
    /// What parts thousands, instead of a comma
    #[arg(long, value_name = "SIGN")]
    thousands: Option<String>,
}

#[derive(Serialize)]
struct ReadView {
    measure: MeasureRow,
    #[serde(flatten)]
    at: At,
}

#[derive(Serialize)]
struct MeasureRow {
    indicator: String,
    case: String,
    period: String,
    value: Option<String>,
    numerator: Option<String>,
    denominator: Option<String>,
    state: &'static str,
}

#[derive(Serialize)]
struct At {
    line: u32,
    column: String,
}

#[derive(Serialize)]
struct FileView {
    file: String,
    sheet: Option<String>,
    /// Null where nothing was written.
    reading: Option<i64>,
    event: Option<i64>,
    /// YAML, as it was used.
    mapping: String,
    /// What of it was guessed, in words.
    guessed: Vec<String>,
    rows: u64,
    left_out: u64,
    measures: usize,
    states: BTreeMap<&'static str, u64>,
    indicators: Vec<String>,
    cases: usize,
    periods: Vec<String>,
    first: Vec<ReadView>,
    notes: Vec<String>,
    /// Values that were not taken.
    refused: u64,
    /// Figures on which this reading and others disagree, and nothing is decided.
    conflicts: usize,
    found: Vec<Finding>,
}

#[derive(Serialize)]
struct ImportView {
    files: Vec<FileView>,
    dry_run: bool,
}

/// Findings that are shown; the rest is counted.
const FOUND: usize = 15;
/// Rows that are shown as they would be read.
const SHOWN: usize = 6;

impl Context {
    pub(super) fn measure_import(&self, args: &MeasureImportArgs) -> Result<Exit> {
        if let Some(name) = &args.save {
            check_name("mapping", name)?;
        }
        let study = if args.dry_run {
            self.read()?
        } else {
            self.write()?
        };
        let mut all = ImportView {
            files: Vec::new(),
            dry_run: args.dry_run,
        };
        let mut exit = Exit::Done;
        for path in &args.files {
            match self.one_file(&study, args, path) {
                Ok(view) => {
                    if view.refused > 0 || view.found.iter().any(|f| f.whole) {
                        exit = Exit::Refused;
                    }
                    all.files.push(view);
                }
                // One file alone fails as every command does; of several the others go on.
                Err(e) if args.files.len() == 1 => return Err(e),
                Err(e) => {
                    complain(&format!("{}: {e}", shown(path)), e.hint().as_deref());
                    exit = Exit::Refused;
                }
            }
        }
        self.show_imported(&all)?;
        Ok(exit)
    }

    fn one_file(&self, study: &Study, args: &MeasureImportArgs, path: &Path) -> Result<FileView> {
        let file = shown(path);
        let bytes = std::fs::read(path).map_err(|source| CliError::Io {
            what: format!("the file `{}`", printable(&path.display().to_string())),
            source,
        })?;
        let sha256: [u8; 32] = Sha256::digest(&bytes).into();
        let mut mapping = args.mapping(&study.store)?;
        let mut table = the_table(grid::read(&file, bytes)?, &mut mapping)?;
        if mapping.spread {
            table.spread();
        }
        args.put_over(&mut mapping, &table, &study.store)?;
        mapping.check()?;
        let guessed = guess::fill(&table, &mut mapping, &study.store)?;
        let bar = Bar::new("rows read", self.out.quiet);
        bar.total(table.bytes() as u64 / 40_000);
        let taken = read(&table, &mapping, &study.store, &|| bar.step())?;
        drop(bar);
        mapping.case.by = Some(taken.by);
        let yaml = mapping.to_yaml();
        let mut view = view(&file, &table, &taken, yaml.clone(), guessed);
        // With --yes and nothing guessed, the mapping was decided: what was read is the result, not talk before it.
        let asks = args.dry_run || !args.yes || !view.guessed.is_empty();
        if asks {
            self.preview(&view);
        }
        self.left_aside(&view);
        let stops = view.found.iter().any(|f| f.whole)
            || view.refused > 0 && !args.skip_refused
            || view.measures == 0;
        if stops {
            self.stop(&view, args);
        }
        if args.dry_run {
            return Ok(view);
        }
        if stops {
            view.refused = view.refused.max(1);
            return Ok(view);
        }
        let new = NewReading {
            source: args.source.clone(),
            as_of: args.as_of.map(|d| d.to_string()),
            retrieved: args.retrieved.map(|d| d.to_string()),
            file: Some(file),
            sheet: table.sheet.clone(),
            file_sha256: Some(sha256),
            mapping: Some(yaml.clone()),
        };
        if !args.again {
            read_before(&study.store, &sha256, &new)?;
        }
        self.agreed(args, &view)?;
        drop(table);
        let bar = Bar::new("measures written", self.out.quiet);
        bar.total(taken.figures.len() as u64 / 1_000);
        let keep = args.save.as_deref().map(|slug| (slug, yaml.as_str()));
        let (reading, event) = bring::write(study, &taken, &new, keep, &|| bar.step())?;
        view.reading = Some(reading);
        view.event = event;
        view.conflicts = new_conflicts(&study.store, reading)?;
        Ok(view)
    }

    /// A mapping that was guessed is asked about; at a terminal any.
    fn agreed(&self, args: &MeasureImportArgs, view: &FileView) -> Result<()> {
        use std::io::IsTerminal;
        if args.yes || view.guessed.is_empty() && !std::io::stdin().is_terminal() {
            return Ok(());
        }
        if view.guessed.is_empty() {
            return self.confirm(
                false,
                &format!("{} would be read so", count(view.measures, "measure")),
            );
        }
        self.confirm(
            false,
            &format!(
                "Parts of the mapping are a guess ({})",
                view.guessed.join("; ")
            ),
        )
    }

    /// The mapping and the first rows, before anything is written.
    fn preview(&self, view: &FileView) {
        let out = &self.out;
        out.say(&format!(
            "{}{}: {} read so",
            view.file,
            view.sheet
                .as_ref()
                .map_or_else(String::new, |s| format!(", sheet {s}")),
            count(view.rows, "row")
        ));
        for line in view.mapping.lines() {
            out.say(&format!("  {line}"));
        }
        for guess in &view.guessed {
            out.say(&format!("guessed: {guess}"));
        }
        let mut table = Table::new(&["indicator", "case", "period", ">value", "state", "read at"]);
        for r in &view.first {
            let m = &r.measure;
            table.row([
                m.indicator.clone(),
                m.case.clone(),
                m.period.clone(),
                m.value.clone().unwrap_or_default(),
                m.state.to_owned(),
                format!("{}{}", r.at.column, r.at.line),
            ]);
        }
        if !table.is_empty() {
            // It is talk: without the style of a table's head.
            let text = table
                .to_text(None)
                .replace("\u{1b}[1m", "")
                .replace("\u{1b}[0m", "");
            for line in text.lines() {
                out.say(line);
            }
        }
        let states: Vec<String> = view
            .states
            .iter()
            .map(|(state, n)| format!("{} {state}", thousands(*n)))
            .collect();
        out.say(&format!(
            "{}{}: {}, {}, {}",
            count(view.measures, "measure"),
            if states.is_empty() {
                String::new()
            } else {
                format!(" ({})", states.join(", "))
            },
            count(view.indicators.len(), "indicator"),
            count(view.cases, "case"),
            span(&view.periods),
        ));
    }

    /// What of the file is not read, or not as it stands: said with or without a preview.
    fn left_aside(&self, view: &FileView) {
        let out = &self.out;
        if view.left_out > 0 {
            out.say(&format!(
                "{} left out by --where",
                count(view.left_out, "row")
            ));
        }
        for note in &view.notes {
            out.say(note);
        }
        for f in view.found.iter().take(FOUND) {
            self.say_found(f, view.sheet.is_some());
        }
        if view.found.len() > FOUND {
            out.warn(&format!(
                "{} more of other kinds; --json lists all",
                count(view.found.len() - FOUND, "finding")
            ));
        }
    }

    pub(super) fn say_found(&self, f: &Finding, sheet: bool) {
        let unit = if sheet { "row" } else { "line" };
        let place = match (f.line, &f.column) {
            (Some(line), Some(column)) => format!("{unit} {line}, column {column}: "),
            (Some(line), None) => format!("{unit} {line}: "),
            (None, Some(column)) => format!("column {column}: "),
            (None, None) => String::new(),
        };
        let more = if f.rows > 1 {
            format!("  (and {} more)", count(f.rows - 1, unit))
        } else {
            String::new()
        };
        self.out.warn(&format!("{place}{}{more}", f.reason));
        if let Some(hint) = &f.hint {
            super::output::hint(hint);
        }
    }

    fn stop(&self, view: &FileView, args: &MeasureImportArgs) {
        let whole = view.found.iter().filter(|f| f.whole).count();
        let (what, hint) = if whole > 0 {
            (
                format!(
                    "nothing of {} was read: {} to decide first",
                    view.file,
                    if whole == 1 {
                        "one thing is".to_owned()
                    } else {
                        format!("{whole} things are")
                    }
                ),
                "each is said above with what may be typed".to_owned(),
            )
        } else if view.refused == 0 {
            (
                format!("{} holds no figure that is read so", view.file),
                "look at the mapping above; --where may leave every row out".to_owned(),
            )
        } else {
            (
                format!(
                    "nothing of {} was read: something stands in the way of {}",
                    view.file,
                    count(view.refused, "value")
                ),
                if args.skip_refused {
                    "look at the mapping above".to_owned()
                } else {
                    "settle it as said above, or leave such rows out with --skip-refused".to_owned()
                },
            )
        };
        complain(&what, Some(&hint));
    }

    fn show_imported(&self, all: &ImportView) -> Result<()> {
        if self.out.mode == Mode::Json {
            return self.out.text(all, String::new).map_err(io_error);
        }
        let written: Vec<&FileView> = all.files.iter().filter(|f| f.reading.is_some()).collect();
        if self.out.mode == Mode::Csv || !written.is_empty() {
            self.out
                .table(
                    all,
                    || {
                        let mut table = Table::new(&[
                            ">reading",
                            "file",
                            "indicators",
                            ">cases",
                            "periods",
                            ">measures",
                            ">refused",
                        ]);
                        for f in &all.files {
                            table.row([
                                f.reading.map_or_else(String::new, |n| n.to_string()),
                                f.file.clone(),
                                f.indicators.join(", "),
                                f.cases.to_string(),
                                span(&f.periods),
                                f.measures.to_string(),
                                f.refused.to_string(),
                            ]);
                        }
                        table
                    },
                    "",
                )
                .map_err(io_error)?;
        }
        for f in &written {
            if f.refused > 0 {
                complain(
                    &format!("{} left out of {}", count(f.refused, "value"), f.file),
                    Some("each is said above with what may be typed"),
                );
            }
            if f.conflicts > 0 {
                self.out.warn(&format!(
                    "sources disagree on {} of {}; see them with: casebook conflict list",
                    count(f.conflicts, "figure"),
                    f.file
                ));
            }
            if let (Some(n), Some(event)) = (f.reading, f.event) {
                self.out.say(&format!(
                    "Read {} as reading {n}.  (event {event}; to take it back: casebook undo)",
                    f.file
                ));
            }
        }
        if all.dry_run {
            self.out.say("Nothing was written (--dry-run).");
        }
        Ok(())
    }
}

/// The file's name without its folder.
fn shown(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |n| n.to_string_lossy().into_owned(),
    )
}

/// The sheet that is meant.
fn the_table(mut grids: Vec<Grid>, mapping: &mut Mapping) -> Result<Grid> {
    let names: Vec<String> = grids.iter().filter_map(|g| g.sheet.clone()).collect();
    let at = match &mapping.sheet {
        Some(wanted) => grids.iter().position(|g| {
            g.sheet
                .as_ref()
                .is_some_and(|s| s.trim().eq_ignore_ascii_case(wanted.trim()))
        }),
        None if grids.len() == 1 => Some(0),
        None => {
            return Err(CliError::refused(
                format!(
                    "the workbook has {}: {}",
                    count(grids.len(), "sheet"),
                    printable(&names.join(", "))
                ),
                format!("say which: --sheet \"{}\"", printable(&names[0])),
            )
            .into());
        }
    };
    let Some(at) = at else {
        return Err(CliError::refused(
            format!(
                "there is no sheet `{}`",
                printable(mapping.sheet.as_deref().unwrap_or_default())
            ),
            if names.is_empty() {
                "the file is no workbook: leave --sheet out".to_owned()
            } else {
                format!("its sheets are: {}", printable(&names.join(", ")))
            },
        )
        .into());
    };
    let found = grids.swap_remove(at);
    mapping.sheet.clone_from(&found.sheet);
    Ok(found)
}

/// Refuses a file that is in already, read in the same way.
fn read_before(store: &Store, sha256: &[u8; 32], new: &NewReading) -> Result<()> {
    let same = store
        .readings_of_file(sha256)?
        .into_iter()
        .find(|r| r.mapping == new.mapping && r.sheet == new.sheet);
    match same {
        Some(r) => Err(CliError::refused(
            format!(
                "the file was read in the same way already, as reading {}",
                r.id
            ),
            "to read it once more, add --again; to see it: casebook reading show N",
        )
        .into()),
        None => Ok(()),
    }
}

/// How many figures of a reading others contradict.
fn new_conflicts(store: &Store, reading: i64) -> Result<usize> {
    if !store.has_company(reading)? {
        return Ok(0);
    }
    let [indicators, ..] = store.reading_scope(reading)?;
    Ok(conflicts(store, &indicators)?
        .iter()
        .filter(|c| c.is_open() && c.sides.iter().any(|s| s.stands && s.reading == reading))
        .count())
}

fn span(periods: &[String]) -> String {
    match periods {
        [] => "no period".into(),
        [one] => one.clone(),
        [first, .., last] => format!("{first} to {last} ({})", count(periods.len(), "period")),
    }
}

fn view(
    file: &str,
    table: &Grid,
    taken: &Taken,
    mapping: String,
    guessed: Vec<String>,
) -> FileView {
    let mut cases: Vec<u32> = taken.figures.iter().map(|f| f.case).collect();
    cases.sort_unstable();
    cases.dedup();
    let mut used: Vec<u32> = taken.figures.iter().map(|f| f.period).collect();
    used.sort_unstable();
    used.dedup();
    let mut periods: Vec<&Period> = used.iter().map(|n| &taken.periods[*n as usize]).collect();
    periods.sort_by_key(|p| (p.from(), p.to()));
    let mut indicators: Vec<u32> = taken.figures.iter().map(|f| f.indicator).collect();
    indicators.sort_unstable();
    indicators.dedup();
    let mut indicators: Vec<String> = indicators
        .iter()
        .map(|n| taken.indicators[*n as usize].slug.clone())
        .collect();
    indicators.sort();
    let first = taken
        .figures
        .iter()
        .take(SHOWN)
        .map(|f| ReadView {
            measure: MeasureRow {
                indicator: taken.indicators[f.indicator as usize].slug.clone(),
                case: taken.cases[f.case as usize].slug.clone(),
                period: taken.periods[f.period as usize].label().to_owned(),
                value: taken.shown(f),
                numerator: f.numerator.map(crate::domain::figure::canonical),
                denominator: f.denominator.map(crate::domain::figure::canonical),
                state: f.state.word(),
            },
            at: At {
                line: f.line,
                column: grid::letters(usize::from(f.column)),
            },
        })
        .collect();
    FileView {
        file: file.to_owned(),
        sheet: table.sheet.clone(),
        reading: None,
        event: None,
        mapping,
        guessed,
        rows: taken.rows,
        left_out: taken.left_out,
        measures: taken.figures.len(),
        states: taken.states(),
        indicators,
        cases: cases.len(),
        periods: periods.iter().map(|p| p.label().to_owned()).collect(),
        first,
        notes: taken.notes.clone(),
        refused: taken.refused,
        conflicts: 0,
        found: taken.findings.clone(),
    }
}

impl MeasureImportArgs {
    /// The mapping to begin with: one that was kept, one of a file, or none.
    fn mapping(&self, store: &Store) -> Result<Mapping> {
        let mut mapping = match &self.mapping {
            None => Mapping::default(),
            Some(name) => Mapping::from_yaml(&mapping_text(store, name)?)?,
        };
        if self.table.sheet.is_some() {
            mapping.sheet.clone_from(&self.table.sheet);
        }
        mapping.spread |= self.table.spread;
        Ok(mapping)
    }

    /// What was typed goes before what the mapping says.
    fn put_over(&self, m: &mut Mapping, table: &Grid, store: &Store) -> Result<()> {
        let c = &self.columns;
        let t = &self.table;
        let put = |to: &mut Option<String>, from: &Option<String>| {
            if from.is_some() {
                to.clone_from(from);
            }
        };
        m.header_row = t.header_row.or(m.header_row);
        m.last_row = t.last_row.or(m.last_row);
        if let Some(case) = &c.case {
            m.case.column.clone_from(case);
            m.case.by = c.case_by;
        }
        m.case.by = c.case_by.or(m.case.by);
        put(&mut m.case.scheme, &c.scheme);
        put(&mut m.case.name, &c.case_name);
        m.case.trim |= c.trim;
        let heads = guess::heads(table, m)?;
        if let Some(typed) = &c.period {
            m.period.column = None;
            m.period.all = None;
            m.period.columns.clear();
            let is_column = heads.iter().any(|h| h.eq_ignore_ascii_case(typed.trim()));
            if !is_column && typed.parse::<Period>().is_ok() {
                m.period.all = Some(Text(typed.trim().to_owned()));
            } else {
                m.period.column = Some(typed.clone());
            }
        }
        if !c.period_column.is_empty() {
            m.period.column = None;
            m.period.all = None;
            m.period.columns = c.period_column.iter().map(|n| Text(n.clone())).collect();
        }
        m.period.read_as = c.period_as.or(m.period.read_as);
        if let Some(typed) = &c.indicator {
            m.indicator = crate::indicator::mapping::IndicatorFrom::default();
            if typed.contains('{') {
                m.indicator.pattern = Some(typed.clone());
            } else if heads.iter().any(|h| h == typed) && store.find_indicator(typed)?.is_none() {
                m.indicator.column = Some(typed.clone());
            } else {
                m.indicator.all = Some(store.indicator(typed)?.slug);
            }
        }
        if !c.indicator_column.is_empty() {
            m.indicator = crate::indicator::mapping::IndicatorFrom::default();
            m.indicator.columns = c
                .indicator_column
                .iter()
                .map(|(column, slug)| (Text(column.clone()), slug.trim().to_owned()))
                .collect();
        }
        put(&mut m.value, &c.value);
        put(&mut m.numerator, &c.numerator);
        put(&mut m.shortfall, &c.shortfall);
        put(&mut m.denominator, &c.denominator);
        for (column, value) in &c.only {
            m.only.insert(column.clone(), Text(value.trim().to_owned()));
        }
        if !c.add_over.is_empty() {
            m.add_over.clone_from(&c.add_over);
        }
        put(&mut m.as_of, &c.as_of_column);
        put(&mut m.provisional_column, &c.provisional_column);
        m.constant.extend(c.constant.iter().cloned());
        m.varies.extend(c.varies.iter().cloned());
        for (aspect, column) in &c.basis {
            m.basis.insert(aspect.clone(), column.trim().to_owned());
        }
        if let Some(factor) = &t.factor {
            m.factor = Some(Text(factor.clone()));
        }
        m.written_as = t.written_as.or(m.written_as);
        m.sign = t.sign.or(m.sign);
        let words = |to: &mut Option<Vec<Text>>, from: &[String]| {
            if !from.is_empty() {
                *to = Some(from.iter().map(|w| Text(w.clone())).collect());
            }
        };
        words(&mut m.suppressed, &t.suppressed);
        words(&mut m.missing, &t.missing);
        words(&mut m.provisional, &t.provisional);
        if let Some(sign) = &t.thousands {
            m.thousands = Some(Text(sign.clone()));
        }
        Ok(())
    }
}

/// The YAML of a mapping: of a file, where the name ends like one, or of one that was kept.
pub(super) fn mapping_text(store: &Store, name: &str) -> Result<String> {
    let path = Path::new(name);
    let is_file = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("yaml") || e.eq_ignore_ascii_case("yml"));
    if !is_file {
        return Ok(store.mapping(name)?.text);
    }
    std::fs::read_to_string(path).map_err(|source| {
        CliError::Io {
            what: format!("the file `{}`", printable(name)),
            source,
        }
        .into()
    })
}
