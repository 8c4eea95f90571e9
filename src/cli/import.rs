//! `import`: files and folders of texts.

use std::path::PathBuf;

use clap::Args;

use super::output::{Exit, Table, count, cut};
use super::progress::Bar;
use super::{Context, complain, date, io_error};
use crate::domain::Date;
use crate::domain::words::TranscriptKind;
use crate::error::Result;
use crate::study::{ImportOptions, ImportReport, ImportedFile, parse_assignment, read_details};

#[derive(Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch on the command line"
)]
pub(super) struct ImportArgs {
    /// Files, and folders to walk through: txt, md, docx, odt, rtf, epub, html, pdf, csv, xlsx, ods, vtt, srt, sbv, lrc, json
    #[arg(required = true, value_name = "FILE|FOLDER")]
    paths: Vec<PathBuf>,
    /// The case that they are about
    #[arg(long, value_name = "SLUG")]
    case: Option<String>,
    /// Who is interviewed (can be repeated)
    #[arg(long, value_name = "ID")]
    participant: Vec<String>,
    /// The phase of fieldwork
    #[arg(long, value_name = "SLUG")]
    phase: Option<String>,
    /// The day of the interview
    #[arg(long, value_name = "DATE", value_parser = date)]
    date: Option<Date>,
    /// What it is: interview, focus-group, field-notes or document
    #[arg(long, value_name = "KIND")]
    kind: Option<TranscriptKind>,
    /// The language, where it differs from the study's
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// Who speaks under a label (can be repeated)
    #[arg(long, value_name = "LABEL=WHO")]
    speaker: Vec<String>,
    /// The files' encoding, where the guess is wrong
    #[arg(long, value_name = "ENCODING")]
    encoding: Option<String>,
    /// A column of a table that holds answers: its name, the beginning of it, or its letter (can be repeated)
    #[arg(long, value_name = "COLUMN")]
    question: Vec<String>,
    /// A column of a table that becomes an attribute of each respondent's transcript (can be repeated)
    #[arg(long, value_name = "COLUMN")]
    attribute: Vec<String>,
    /// The transcript's id, for one file; without it, the next of T01, T02 …
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// A CSV that says of each file: id, case, participant, phase, date, kind, language, speakers
    #[arg(long, value_name = "FILE.csv")]
    details: Option<PathBuf>,
    /// Also a file that is in already
    #[arg(long)]
    again: bool,
    /// Keep the lines of txt and md files that were wrapped at a width; without it, they are joined to paragraphs
    #[arg(long)]
    no_reflow: bool,
    /// Tell how each file was read: its format, encoding and convention, and why each label is a speaker or none
    #[arg(long)]
    explain: bool,
    /// Replace the key's names before anything is stored; the files stay as they are
    #[arg(long)]
    pseudonyms: bool,
    /// Only show what would be read
    #[arg(long)]
    dry_run: bool,
}

impl Context {
    pub(super) fn import(&self, args: &ImportArgs) -> Result<Exit> {
        let mut options = ImportOptions {
            case: args.case.clone(),
            participants: args.participant.clone(),
            phase: args.phase.clone(),
            date: args.date,
            kind: args.kind,
            language: args.language.clone(),
            speakers: args
                .speaker
                .iter()
                .map(|s| parse_assignment(s))
                .collect::<Result<_, _>>()?,
            encoding: args.encoding.clone(),
            questions: args.question.clone(),
            attributes: args.attribute.clone(),
            pdf: super::read_pdf::reader(),
            explain: args.explain,
            no_reflow: args.no_reflow,
            id: args.id.clone(),
            again: args.again,
            dry_run: args.dry_run,
            details: args
                .details
                .as_deref()
                .map(read_details)
                .transpose()?
                .unwrap_or_default(),
            details_file: args.details.clone(),
            rewrite: None,
        };
        let study = if args.dry_run {
            self.read()?
        } else {
            self.write()?
        };
        if args.pseudonyms {
            self.pseudonymise_import(&study, &mut options)?;
        }
        let bar = Bar::new("importing", self.out.quiet);
        let report = study.import(&args.paths, &options, &bar)?;
        drop(bar);
        self.out
            .table(
                &report,
                || table(&report),
                if report.refused.is_empty() {
                    "Nothing was imported."
                } else {
                    ""
                },
            )
            .map_err(io_error)?;
        if args.explain && self.out.mode == super::output::Mode::Text {
            self.out
                .write(super::explained::text(&report).as_bytes())
                .map_err(io_error)?;
        }
        Ok(self.told(&report, args.dry_run))
    }

    fn told(&self, report: &ImportReport, dry_run: bool) -> Exit {
        // Thousands of files would bury what matters: the first warnings stand for the rest.
        const SHOWN: usize = 20;
        if self.out.mode == super::output::Mode::Text {
            let warnings: Vec<_> = report
                .imported
                .iter()
                .flat_map(|i| i.warnings.iter().map(move |w| (&i.transcript, w)))
                .collect();
            for (transcript, warning) in warnings.iter().take(SHOWN) {
                self.out.warn(&format!("{transcript}: {warning}"));
            }
            if warnings.len() > SHOWN {
                self.out.warn(&format!(
                    "and {} more; see them all with --json",
                    warnings.len() - SHOWN
                ));
            }
        }
        if dry_run && self.out.mode == super::output::Mode::Text {
            for file in report.imported.iter().filter(|i| !i.columns.is_empty()) {
                self.out.say(&columns(file));
            }
        }
        let n = report.imported.len() as u64;
        let replaced: Option<usize> = report.imported.iter().map(|i| i.rewritten).sum();
        if let Some(replaced) = replaced.filter(|_| n > 0) {
            let would = if dry_run { "would be" } else { "were" };
            self.out.say(&format!(
                "Names {would} replaced in {}; the files still hold them. What may be left: casebook pseudonym audit",
                count(replaced, "place")
            ));
        }
        match (dry_run, report.event) {
            (true, _) => self.out.say(&format!(
                "{} would be imported; nothing was written.",
                count(n, "transcript")
            )),
            (false, Some(event)) => self.out.say(&format!(
                "Imported {}.  (event {event}; to take it back: casebook undo)",
                count(n, "transcript")
            )),
            (false, None) => {}
        }
        if report.refused.is_empty() {
            return Exit::Done;
        }
        for refused in report.refused.iter().take(SHOWN) {
            complain(
                &format!("{}: {}", refused.file, refused.reason),
                refused.hint.as_deref(),
            );
        }
        if report.refused.len() > SHOWN {
            complain(
                &format!(
                    "and {} more files; see them all with --json",
                    report.refused.len() - SHOWN
                ),
                None,
            );
        }
        Exit::Refused
    }
}

/// What each column of a table would become, and why.
fn columns(file: &ImportedFile) -> String {
    const SHOWN: usize = 40;
    let wide = file
        .columns
        .iter()
        .take(SHOWN)
        .map(|c| c.column.len())
        .max()
        .unwrap_or(0);
    let mut out = format!("Columns of {}:", name(file));
    for c in file.columns.iter().take(SHOWN) {
        out += &format!(
            "\n  {:wide$}  {:10}  {}  ({})",
            c.column,
            c.taken_as.word(),
            cut(&crate::domain::span::printable(&c.name), 60),
            c.why
        );
    }
    if file.columns.len() > SHOWN {
        let more = file.columns.len() - SHOWN;
        out += &format!("\n  and {more} more; see them all with --json");
    }
    out
}

/// The file's name without its folders.
fn name(file: &ImportedFile) -> String {
    std::path::Path::new(&file.file)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn table(report: &ImportReport) -> Table {
    let mut table = Table::new(&[
        "id", "file", "format", "encoding", ">turns", ">words", "speakers",
    ]);
    for i in &report.imported {
        let speakers: Vec<String> = i
            .speakers
            .iter()
            .map(|s| {
                let who = s
                    .participant
                    .as_deref()
                    .filter(|p| *p != s.label)
                    .unwrap_or(s.role);
                if who == s.label || s.participant.as_deref() == Some(&s.label) {
                    format!("{} {}", s.label, s.turns)
                } else {
                    format!("{} ({who}) {}", s.label, s.turns)
                }
            })
            .collect();
        let name = match &i.part {
            Some(part) => format!("{}, {part}", name(i)),
            None => name(i),
        };
        table.row([
            i.transcript.clone(),
            name,
            i.format.clone(),
            i.encoding.clone(),
            i.turns.to_string(),
            i.words.to_string(),
            speakers.join(", "),
        ]);
    }
    table
}
