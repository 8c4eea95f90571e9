//! `agreement sample`: transcripts to be coded twice.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, Mode, Table, count, terminal_width, thousands};
use super::table_file::TableFile;
use super::{CliError, Context, date, io_error, pair};
use crate::coding::double::{Ask, Progress, SampleView, Stratum, draw_sample, progress};
use crate::domain::Date;
use crate::domain::filter::Filter;
use crate::domain::span::printable;
use crate::error::Result;
use crate::report::sheet::{Cell, Sheet};
use crate::store::Sample;
use crate::study::records::check_name;

#[derive(Args)]
#[command(subcommand_negates_reqs = true)]
pub(super) struct SampleArgs {
    #[command(subcommand)]
    verb: Option<SampleCommand>,
    /// The short name that you will type
    #[arg(value_name = "NAME", required = true)]
    name: Option<String>,
    /// How much is to be coded twice, in per cent of the words: 20%
    #[arg(long, value_name = "SHARE", required = true)]
    share: Option<String>,
    /// A number to draw by: the same one draws the same from the same study
    #[arg(long, value_name = "N", required = true, value_parser = clap::value_parser!(i64).range(0..))]
    seed: Option<i64>,
    /// Spread it over these, with commas: case, role, phase, kind or attr:KEY
    #[arg(long, value_name = "WHAT,…", value_delimiter = ',')]
    stratify: Vec<String>,
    /// Only say what would be drawn
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    filters: SampleFilterArgs,
}

/// The filters that choose transcripts.
#[derive(Args)]
#[command(next_help_heading = "Drawn from (the same kind widens, different kinds narrow)")]
struct SampleFilterArgs {
    /// Only this case, with all that is part of it (can be repeated)
    #[arg(long, value_name = "SLUG")]
    case: Vec<String>,
    /// Only transcripts with this participant (can be repeated)
    #[arg(long, value_name = "ID")]
    participant: Vec<String>,
    /// Only transcripts with participants in this role (can be repeated)
    #[arg(long, value_name = "ROLE")]
    role: Vec<String>,
    /// Only this phase of fieldwork (can be repeated)
    #[arg(long, value_name = "SLUG")]
    phase: Vec<String>,
    /// Only this transcript (can be repeated)
    #[arg(long, value_name = "ID")]
    transcript: Vec<String>,
    /// Only where an attribute of the case, participant or transcript has this value (can be repeated)
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    attr: Vec<(String, String)>,
    /// Read the links between cases as they stood on this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
}

#[derive(Subcommand)]
enum SampleCommand {
    /// List samples
    List,
    /// Show a sample: who has coded which of its transcripts
    Show {
        /// The sample
        name: String,
        #[command(flatten)]
        file: TableFile,
    },
    /// Forget a sample; its transcripts and their codings stay
    Remove {
        /// The sample
        name: String,
        /// Only say what would go
        #[arg(long)]
        dry_run: bool,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
}

#[derive(Serialize)]
struct SampleRow {
    sample: String,
    share: String,
    seed: i64,
    strata: Vec<String>,
    filters: Vec<String>,
    transcripts: usize,
    eligible_transcripts: i64,
    drawn_by: String,
    at: String,
}

#[derive(Serialize)]
struct SampleList {
    samples: Vec<SampleRow>,
}

impl SampleArgs {
    /// Whether nothing is said that drawing asks for.
    fn is_plain(&self) -> bool {
        self.name.is_none()
            && self.share.is_none()
            && self.seed.is_none()
            && self.stratify.is_empty()
            && !self.dry_run
            && self.filters.typed().is_empty()
    }
}

impl SampleFilterArgs {
    fn filter(&self) -> Filter {
        Filter {
            cases: self.case.clone(),
            participants: self.participant.clone(),
            roles: self.role.clone(),
            phases: self.phase.clone(),
            transcripts: self.transcript.clone(),
            attributes: self.attr.clone(),
            as_of: self.as_of,
            ..Filter::default()
        }
    }

    /// As they were typed, for the record.
    fn typed(&self) -> Vec<String> {
        let of = |kind: &str, all: &[String]| -> Vec<String> {
            all.iter().map(|v| format!("{kind}={v}")).collect()
        };
        let mut typed = of("case", &self.case);
        typed.extend(of("participant", &self.participant));
        typed.extend(of("role", &self.role));
        typed.extend(of("phase", &self.phase));
        typed.extend(of("transcript", &self.transcript));
        typed.extend(self.attr.iter().map(|(k, v)| format!("attr:{k}={v}")));
        typed.extend(self.as_of.map(|d| format!("as-of={d}")));
        typed
    }
}

impl Context {
    pub(super) fn agreement_sample(&self, args: &SampleArgs) -> Result<Exit> {
        // Not clap's own check: to it `--json` before the verb would be an option of the noun.
        if args.verb.is_some() && !args.is_plain() {
            return Err(CliError::refused(
                "a name or options for drawing can't stand before a verb of `sample`",
                "draw with: casebook agreement sample NAME --share 20% --seed 1   look with: casebook agreement sample show NAME",
            )
            .into());
        }
        match &args.verb {
            None => self.sample_draw(args),
            Some(SampleCommand::List) => self.sample_list(),
            Some(SampleCommand::Show { name, file }) => self.sample_show(name, file),
            Some(SampleCommand::Remove { name, dry_run, yes }) => {
                self.sample_remove(name, *dry_run, *yes)
            }
        }
    }

    fn sample_draw(&self, args: &SampleArgs) -> Result<Exit> {
        let (Some(name), Some(share), Some(seed)) = (&args.name, &args.share, args.seed) else {
            return Err(CliError::refused(
                "a sample needs a name, a share and a seed",
                "as in: casebook agreement sample first --share 20% --seed 1 --stratify case,role",
            )
            .into());
        };
        check_name("sample", name)?;
        let strata = args
            .stratify
            .iter()
            .map(|s| s.parse::<Stratum>())
            .collect::<Result<Vec<_>, _>>()?;
        for (n, one) in strata.iter().enumerate() {
            if strata[..n].contains(one) {
                return Err(CliError::refused(
                    format!("`{one}` is named twice"),
                    "name each of what it is stratified by once",
                )
                .into());
            }
        }
        let study = if args.dry_run {
            self.read()?
        } else {
            self.write()?
        };
        let view = draw_sample(
            &study,
            &Ask {
                name,
                share,
                seed,
                strata: &strata,
                filter: &args.filters.filter(),
                filters: &args.filters.typed(),
            },
            args.dry_run,
        )?;
        match self.out.mode {
            Mode::Csv => self.out.table(&view, || drawn_table(&view), ""),
            _ => self.out.styled(&view, || drawn_text(&view)),
        }
        .map_err(io_error)?;
        if !view.covering {
            self.out.say(&format!(
                "{} is too little for a transcript of each stratum: the largest remainders decided.",
                view.share
            ));
        }
        if view.off_record > 0 {
            self.out.say(&format!(
                "{} off the record {} not drawn from.",
                count(view.off_record, "transcript"),
                if view.off_record == 1 { "was" } else { "were" }
            ));
        }
        if args.dry_run {
            self.out.say("Nothing was kept.");
        } else {
            self.done(
                &format!(
                    "Drew sample {name}: {}.",
                    count(view.transcripts, "transcript")
                ),
                view.event,
            );
        }
        Ok(Exit::Done)
    }

    fn sample_list(&self) -> Result<Exit> {
        let study = self.read()?;
        let mut list = SampleList {
            samples: Vec::new(),
        };
        for s in study.store.samples()? {
            let transcripts = study.store.sampled(s.id)?.len();
            list.samples.push(row(s, transcripts));
        }
        self.out
            .table(
                &list,
                || {
                    let mut table = Table::new(&[
                        "sample",
                        ">transcripts",
                        ">of",
                        ">share",
                        ">seed",
                        "strata",
                        "filters",
                        "by",
                        "at",
                    ]);
                    for s in &list.samples {
                        table.row([
                            s.sample.clone(),
                            s.transcripts.to_string(),
                            s.eligible_transcripts.to_string(),
                            s.share.clone(),
                            s.seed.to_string(),
                            s.strata.join(", "),
                            s.filters.join(", "),
                            s.drawn_by.clone(),
                            s.at.clone(),
                        ]);
                    }
                    table
                },
                "No samples yet. Draw one with: casebook agreement sample NAME --share 20% --seed 1 --stratify case,role",
            )
            .map_err(io_error)?;
        Ok(Exit::Done)
    }

    fn sample_show(&self, name: &str, file: &TableFile) -> Result<Exit> {
        let study = self.read()?;
        file.check(&study)?;
        let found = progress(&study, name)?;
        if self.out.mode == Mode::Text && !file.is_given() {
            self.out
                .styled(&found, || progress_text(&found))
                .map_err(io_error)?;
        } else {
            self.tables(&study, file, &found, &[progress_sheet(&found)], "")?;
        }
        Ok(Exit::Done)
    }

    fn sample_remove(&self, name: &str, dry_run: bool, yes: bool) -> Result<Exit> {
        let study = self.write()?;
        let sample = study.store.sample(name)?;
        let what = format!(
            "Removing sample {} forgets which {} it holds",
            sample.name,
            count(study.store.sampled(sample.id)?.len(), "transcript")
        );
        if dry_run {
            self.out.say(&what);
            return Ok(Exit::Done);
        }
        self.confirm(yes, &what)?;
        let ((), event) = study.change("agreement sample remove", |tx| {
            tx.remove_sample(sample.id)?;
            tx.summary(format!("remove sample {}", sample.name));
            Ok(())
        })?;
        self.done(&format!("Removed sample {}.", sample.name), event);
        Ok(Exit::Done)
    }
}

fn row(s: Sample, transcripts: usize) -> SampleRow {
    SampleRow {
        sample: s.name,
        share: s.share,
        seed: s.seed,
        strata: s.strata,
        filters: s.filters,
        transcripts,
        eligible_transcripts: s.eligible,
        drawn_by: s.coder,
        at: s.at,
    }
}

/// To one decimal; `n/a` where there is nothing to take a part of.
fn percent(value: Option<f64>) -> String {
    value.map_or("n/a".into(), |v| format!("{v:.1}%"))
}

/// A line of text per stratum, planned and drawn, and the transcripts behind it.
fn drawn_text(view: &SampleView) -> String {
    let mut heads: Vec<String> = view.strata.clone();
    heads.extend(
        [
            ">transcripts",
            ">drawn",
            ">of transcripts",
            ">words",
            ">drawn words",
            ">of words",
        ]
        .map(str::to_owned),
    );
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = Table::new(&heads);
    for s in &view.by_stratum {
        if view.strata.is_empty() {
            break; // one stratum, which is the total
        }
        table.row(s.stratum.iter().cloned().chain([
            s.transcripts.to_string(),
            s.drawn_transcripts.to_string(),
            percent(s.percent_of_transcripts),
            thousands(s.words),
            thousands(s.drawn_words),
            percent(s.percent_of_words),
        ]));
    }
    let total = [
        view.eligible_transcripts.to_string(),
        view.transcripts.to_string(),
        percent(view.percent_of_transcripts),
        thousands(view.eligible_words),
        thousands(view.words),
        percent(view.percent_of_words),
    ];
    let named = view.strata.iter().enumerate().map(|(n, _)| {
        if n == 0 {
            "total".to_owned()
        } else {
            String::new()
        }
    });
    table.row(named.chain(total));
    let drawn: Vec<&str> = view.drawn.iter().map(|d| d.transcript.as_str()).collect();
    format!(
        "{}\nplanned {} of the words, drawn {} of the words and {} of the transcripts\n{}\n",
        table.to_text(terminal_width()),
        view.share,
        percent(view.percent_of_words),
        percent(view.percent_of_transcripts),
        drawn.join(" ")
    )
}

fn drawn_table(view: &SampleView) -> Table {
    let mut heads = vec!["transcript".to_owned()];
    heads.extend(view.strata.clone());
    heads.push("words".into());
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = Table::new(&heads);
    for d in &view.drawn {
        let start = std::iter::once(d.transcript.clone());
        table.row(
            start
                .chain(d.stratum.iter().cloned())
                .chain([d.words.to_string()]),
        );
    }
    table
}

fn progress_sheet(found: &Progress) -> Sheet {
    let heads = std::iter::once("transcript")
        .chain(found.strata.iter().map(String::as_str))
        .chain(["words", "coded by", "coders"]);
    let mut sheet = Sheet::new(format!("Sample {}", found.sample), heads);
    for s in &found.sampled {
        let mut cells: Vec<Cell> = vec![s.transcript.clone().into()];
        cells.extend(s.stratum.iter().map(|v| Cell::from(v.clone())));
        cells.extend::<[Cell; 3]>([
            s.words.into(),
            s.coders.len().into(),
            s.coders.join(", ").into(),
        ]);
        sheet.row(cells);
    }
    sheet.notes = progress_notes(found);
    sheet
}

/// How it was drawn, and what it has come to.
fn progress_notes(found: &Progress) -> Vec<String> {
    let mut how = format!("seed {}", found.seed);
    if !found.strata.is_empty() {
        how.push_str(&format!(", stratified by {}", found.strata.join(", ")));
    }
    if !found.filters.is_empty() {
        how.push_str(&format!(", only {}", found.filters.join(", ")));
    }
    vec![
        format!(
            "Drawn by {} on {} from {} with {}; {how}.",
            found.drawn_by,
            found.at.get(..10).unwrap_or(&found.at),
            count(found.eligible_transcripts, "transcript"),
            count(found.eligible_words, "word"),
        ),
        format!(
            "Planned {} of the words, drawn {}, coded by two people so far {}.",
            found.share,
            percent(found.percent_of_words),
            percent(found.twice_percent_of_words),
        ),
        format!(
            "{}: {} coded by two people or more, {} by one, {} by nobody yet.",
            count(found.transcripts, "transcript"),
            found.twice,
            found.once,
            found.not_yet
        ),
    ]
}

fn progress_text(found: &Progress) -> String {
    let table = Table::of(&progress_sheet(found)).to_text(terminal_width());
    let notes = progress_notes(found).join("\n");
    format!("{table}\n{}\n", printable(&notes))
}
