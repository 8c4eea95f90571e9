//! `debrief`: what goes back to those who took part, and that it was sent.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::output::{Exit, Mode, complain, count};
use super::progress::Bar;
use super::release::{Readers, ReleaseArgs};
use super::report::{About, format, spare};
use super::{CliError, Context, date, io_error};
use crate::domain::Date;
use crate::domain::filter::Filter;
use crate::domain::words::Stage;
use crate::error::Result;
use crate::governance::gate::{Audience, To};
use crate::governance::pseudonym::Names;
use crate::report::sheet::{Book, Kind, write};
use crate::report::{Asked, Format, Overall, QuoteChoice, ReportOptions, form_sheet};
use crate::store::{Milestone, NotWritten, Participant};
use crate::study::{Progress, Study};

#[derive(Args)]
#[command(group(clap::ArgGroup::new("whom").args(["participants", "case", "all"]).required(true)))]
pub(super) struct DebriefArgs {
    /// The participant; with --sent, all to whom it was sent
    #[arg(value_name = "PARTICIPANT")]
    participants: Vec<String>,
    /// For the people of this case: what the study means for them, naming nobody
    #[arg(long, value_name = "SLUG")]
    case: Option<String>,
    /// For every participant who may be written to, each in a file of its own
    #[arg(long, requires = "output")]
    all: bool,
    /// The file: .md, .html or .docx; without it, Markdown on stdout. With --all, a folder
    #[arg(long, short, value_name = "FILE|FOLDER")]
    output: Option<PathBuf>,
    #[command(flatten)]
    release: ReleaseArgs,
    /// With --all, what the files are: docx, html or md; without it, docx
    #[arg(long, value_name = "FORMAT", requires = "all", value_parser = file_kind)]
    format: Option<Format>,
    /// How many quotes for each theme: a number, all or none; without it, 5 of a participant's own, none for a case
    #[arg(long, value_name = "N|all|none")]
    quotes: Option<String>,
    /// Write the reply form alone, as a table that comes back by `response import`: .csv or .xlsx
    #[arg(long, value_name = "FILE", conflicts_with_all = ["output", "all", "sent"])]
    form: Option<PathBuf>,
    /// Note that it was sent on that day
    #[arg(long, value_name = "DATE", value_parser = date, conflicts_with_all = ["output", "all", "case"])]
    sent: Option<Date>,
}

/// What is written for one participant, and who reads it.
fn about<'a>(study: &Study, person: &'a Participant, args: &'a DebriefArgs) -> Result<About<'a>> {
    Ok(About {
        what: "the debrief",
        kind: "debrief",
        subject: Some(&person.code),
        to: To::participant(&study.store, person)?,
        among_few: true,
        allow: &args.release.allow,
        without_key: args.release.without_key,
    })
}

#[derive(Serialize)]
struct Batch {
    folder: String,
    written: Vec<One>,
    /// Who gets none, and why.
    left_out: Vec<LeftOut>,
    refused: Vec<LeftOut>,
}

#[derive(Serialize)]
struct One {
    participant: String,
    file: String,
}

#[derive(Serialize)]
struct LeftOut {
    participant: String,
    why: String,
}

const fn told(why: NotWritten) -> &'static str {
    match why {
        NotWritten::Withdrawn => "has withdrawn",
        NotWritten::NoPart => "takes no part in the study",
        NotWritten::NoContact => "does not want to be written to again",
        NotWritten::NotAsked => {
            "was not asked, on the consent form, whether they may be written to again"
        }
    }
}

impl Context {
    pub(super) fn debrief(&self, args: &DebriefArgs) -> Result<Exit> {
        if let Some(day) = args.sent {
            return self.debrief_sent(&args.participants, day);
        }
        let one = match (&args.case, &args.participants[..]) {
            (None, [_, _, ..]) => {
                return Err(CliError::refused(
                    "a debrief is for one participant",
                    "write those of all with: casebook debrief --all -o FOLDER",
                )
                .into());
            }
            (_, people) => people.first(),
        };
        let study: Study = self.read()?;
        if let Some(path) = &args.form {
            let asked = match (&args.case, one) {
                (Some(slug), _) => Asked::Case(slug),
                (None, code) => Asked::Participant(code.map_or("", String::as_str)),
            };
            return self.debrief_form(&study, asked, path, args);
        }
        self.warn_of_gaps(&study)?;
        if args.all {
            let folder = args.output.clone().unwrap_or_default();
            return self.debrief_all(&study, &folder, args);
        }
        if let Some(path) = &args.output {
            spare(&study, path)?;
        }
        let format = format(args.output.as_deref())?;
        if let Some(slug) = &args.case {
            let slug = study.store.case(slug)?.slug;
            let options = options(Audience::Case, args, QuoteChoice::None, format)?;
            let about = About {
                what: "the debrief",
                kind: "case-debrief",
                subject: Some(&slug),
                to: To::cases(&study.store, &[study.store.case(&slug)?.id])?,
                among_few: true,
                allow: &args.release.allow,
                without_key: args.release.without_key,
            };
            return self.write_report(&study, args.output.as_deref(), &about, |out| {
                crate::report::debrief_case(&study, &slug, &options, out)
            });
        }
        let person = study.store.participant(one.map_or("", String::as_str))?;
        if let Some((_, why)) = study
            .store
            .not_written_to()?
            .into_iter()
            .find(|(id, _)| *id == person.id)
        {
            return Err(CliError::refused(
                format!("{} {}", person.code, told(why)),
                match why {
                    NotWritten::Withdrawn => format!("what is on record: casebook participant show {}", person.code),
                    NotWritten::NoPart => format!("what they agreed to: casebook consent list {}", person.code),
                    _ => format!("if a newer form says otherwise: casebook consent add {} --signed DATE --contact yes", person.code),
                },
            )
            .into());
        }
        let options = options(Audience::Participant, args, QuoteChoice::Some(5), format)?;
        let overall = Overall::read(&study, &options)?;
        let about = about(&study, &person, args)?;
        let names = self.names_for_release(&study, &about)?;
        self.write_debrief(
            &study,
            &overall,
            (&person, names.as_ref()),
            args,
            (args.output.as_deref(), &options),
            &[],
        )
    }

    /// `said`: warnings that were given already.
    fn write_debrief(
        &self,
        study: &Study,
        overall: &Overall,
        (person, names): (&Participant, Option<&Names>),
        args: &DebriefArgs,
        (path, options): (Option<&Path>, &ReportOptions),
        said: &[String],
    ) -> Result<Exit> {
        let about = about(study, person, args)?;
        self.write_checked_report(study, path, (&about, names), |out| {
            let mut written = crate::report::debrief(overall, &person.code, options, out)?;
            written.warnings.retain(|warning| !said.contains(warning));
            Ok(written)
        })
    }

    /// What the study lacks that a debrief should say.
    fn warn_of_gaps(&self, study: &Study) -> Result<()> {
        let facts = study.store.study()?;
        if facts
            .withdraw_by
            .is_some_and(|by| by.as_str() < study.session.now.get(..10).unwrap_or_default())
        {
            self.out.warn("the day until which a contribution can be changed is over; set another with: casebook study edit --withdraw-by DATE");
        }
        if facts.contact.is_none() {
            self.out.warn("the debrief names nobody to write to; set it with: casebook study edit --contact TEXT");
        }
        Ok(())
    }

    fn debrief_all(&self, study: &Study, folder: &Path, args: &DebriefArgs) -> Result<Exit> {
        let format = args.format.unwrap_or(Format::Docx);
        let fail = |source| CliError::Io {
            what: format!("`{}`", folder.display()),
            source,
        };
        std::fs::create_dir_all(folder).map_err(fail)?;
        let options = options(Audience::Participant, args, QuoteChoice::Some(5), format)?;
        let overall = Overall::read(study, &options)?;
        let mut done = Batch {
            folder: folder.display().to_string(),
            written: Vec::new(),
            left_out: Vec::new(),
            refused: Vec::new(),
        };
        let not = study.store.not_written_to()?;
        let with = study.store.transcript_participants(None)?;
        let people = study.store.participants()?;
        // The key is slow to open on purpose: once is enough.
        let names = match people.first() {
            Some(first) => self.names_for_release(study, &about(study, first, args)?)?,
            None => None,
        };
        let bar = Bar::new("writing", self.out.quiet);
        bar.total(people.len() as u64);
        // What is true of the study is said once, and not for each of its people.
        let said = crate::report::debrief_gaps(&study.store.study()?);
        for warning in &said {
            self.out.warn(warning);
        }
        for person in people {
            bar.step();
            let why = not
                .iter()
                .find(|(id, _)| *id == person.id)
                .map(|(_, why)| told(*why))
                .or_else(|| {
                    let heard = with.values().any(|people| people.contains(&person.id));
                    (!heard).then_some("is in no transcript")
                });
            if let Some(why) = why {
                done.left_out.push(LeftOut {
                    participant: person.code,
                    why: why.to_owned(),
                });
                continue;
            }
            let path = folder.join(format!("debrief-{}.{}", person.code, format.ending()));
            let written = spare(study, &path).and_then(|()| {
                self.write_debrief(
                    study,
                    &overall,
                    (&person, names.as_ref()),
                    args,
                    (Some(&path), &options),
                    &said,
                )
            });
            match written {
                Ok(Exit::Done) => done.written.push(One {
                    participant: person.code,
                    file: path.display().to_string(),
                }),
                Ok(_) => done.refused.push(LeftOut {
                    participant: person.code,
                    why: "was not written".to_owned(),
                }),
                Err(failure) => {
                    complain(
                        &format!("{}: {failure}", person.code),
                        failure.hint().as_deref(),
                    );
                    done.refused.push(LeftOut {
                        participant: person.code,
                        why: failure.to_string(),
                    });
                }
            }
        }
        drop(bar);
        if self.out.mode == Mode::Json {
            self.out.text(&done, String::new).map_err(io_error)?;
        }
        for one in &done.left_out {
            self.out
                .say(&format!("Left out: {} {}.", one.participant, one.why));
        }
        self.out.say(&format!(
            "Wrote {} to {}; {} left out. When they are sent: casebook debrief --sent DATE P01 …",
            count(done.written.len() as u64, "debrief"),
            folder.display(),
            count(done.left_out.len() as u64, "participant")
        ));
        Ok(if done.refused.is_empty() {
            Exit::Done
        } else {
            Exit::Refused
        })
    }

    fn debrief_form(
        &self,
        study: &Study,
        asked: Asked,
        path: &Path,
        args: &DebriefArgs,
    ) -> Result<Exit> {
        let kind = Kind::of(path).ok();
        let Some(kind) = kind.filter(|kind| matches!(kind, Kind::Csv | Kind::Xlsx)) else {
            return Err(CliError::refused(
                "the form alone is a table to be filled in",
                "end its name in `.csv` or `.xlsx`; in a Word file it stands at the end of the debrief",
            )
            .into());
        };
        spare(study, path)?;
        let sheets = [form_sheet(study, asked)?];
        let book = Book::of(study, &sheets)?;
        let (subject, to) = match asked {
            Asked::Participant(code) => {
                let person = study.store.participant(code)?;
                let to = To::participant(&study.store, &person)?;
                (person.code, to)
            }
            Asked::Case(slug) => {
                let case = study.store.case(slug)?;
                (case.slug, To::cases(&study.store, &[case.id])?)
            }
        };
        let about = About {
            what: "the reply form",
            kind: "form",
            subject: Some(&subject),
            to,
            among_few: true,
            allow: &args.release.allow,
            without_key: args.release.without_key,
        };
        let readers = Readers::of(about, &[]);
        self.write_copy(study, "form", path, &readers, |out| {
            Ok(write(&book, kind, out)?)
        })?;
        self.out.say(&format!(
            "Wrote the reply form to {}; it comes back by: casebook response import {}",
            path.display(),
            path.display()
        ));
        Ok(Exit::Done)
    }

    fn debrief_sent(&self, codes: &[String], day: Date) -> Result<Exit> {
        let study = self.write()?;
        let today = study.session.now.get(..10).unwrap_or_default().to_owned();
        if day.to_string() > today {
            return Err(CliError::refused(
                format!("{day} is still to come"),
                "give the day on which it was sent: --sent DATE",
            )
            .into());
        }
        let (n, event) = study.change("debrief sent", |tx| {
            let mut marked = 0_u64;
            for code in codes {
                let person = tx.participant(code)?;
                marked += u64::from(tx.put_milestone(&Milestone {
                    participant: person.id,
                    phase: None,
                    stage: Stage::Debriefed.word().to_owned(),
                    date: Some(day.to_string()),
                })?);
            }
            tx.summary(format!(
                "debrief sent to {}",
                count(codes.len() as u64, "participant")
            ));
            Ok(marked)
        })?;
        self.done(
            &format!("Noted that {} were sent.", count(n, "debrief")),
            event,
        );
        Ok(Exit::Done)
    }
}

fn options(
    audience: Audience,
    args: &DebriefArgs,
    usual: QuoteChoice,
    format: Format,
) -> Result<ReportOptions> {
    let quotes = match args.quotes.as_deref() {
        None => usual,
        Some("all") => QuoteChoice::All,
        Some("none" | "0") => QuoteChoice::None,
        Some(n) => QuoteChoice::Some(n.parse().map_err(|_| {
            CliError::refused(
                format!(
                    "`{}` is no number of quotes",
                    crate::domain::span::printable(n)
                ),
                "give a number, all or none",
            )
        })?),
    };
    Ok(ReportOptions {
        filter: Filter::default(),
        quotes,
        audience,
        format,
        version: env!("CARGO_PKG_VERSION"),
    })
}

fn file_kind(typed: &str) -> Result<Format, String> {
    Format::of(Path::new(&format!("debrief.{typed}"))).map_err(|_| "docx, html or md".to_owned())
}
