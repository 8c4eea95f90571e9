//! `report`: what leaves the house.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::filters::FilterArgs;
use super::output::{Exit, count};
use super::progress::Bar;
use super::release::ReleaseArgs;
use super::{CliError, Context, io_error, narrowed};
use crate::error::Result;
use crate::governance::gate::{Audience, HeldBack, To};
use crate::governance::pseudonym::Names;
use crate::report::{Format, QuoteChoice, ReportOptions, Written};
use crate::study::Study;

#[derive(Subcommand)]
pub(super) enum ReportCommand {
    /// Write the summary of the whole study
    Summary(ReportArgs),
    /// Write the report of one case
    Case {
        /// The case
        slug: String,
        #[command(flatten)]
        args: ReportArgs,
    },
    /// Write the report of one theme
    Theme {
        /// The theme's path
        path: String,
        #[command(flatten)]
        args: ReportArgs,
    },
    /// Write the codebook
    Codebook(ReportArgs),
    /// List the reports that were written to files
    List,
}

#[derive(Args)]
pub(super) struct ReportArgs {
    /// The file: .md, .html or .docx; without it, Markdown on stdout
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How many quotes for each theme: a number, all or none
    #[arg(long, value_name = "N|all|none", default_value = "5")]
    quotes: String,
    /// Who will read it: public, participant, case or team
    #[arg(long, value_name = "AUDIENCE", default_value = "public")]
    audience: Audience,
    #[command(flatten)]
    release: ReleaseArgs,
    #[command(flatten)]
    filters: FilterArgs,
}

impl Context {
    pub(super) fn report(&self, command: &ReportCommand) -> Result<Exit> {
        let (args, what, kind) = match command {
            ReportCommand::Summary(args) => (args, "the summary report", "summary"),
            ReportCommand::Case { args, .. } => (args, "the case report", "case"),
            ReportCommand::Theme { args, .. } => (args, "the theme report", "theme"),
            ReportCommand::Codebook(args) => (args, "the codebook", "codebook"),
            ReportCommand::List => return self.report_list(),
        };
        let quotes = match args.quotes.as_str() {
            "all" => QuoteChoice::All,
            "none" | "0" => QuoteChoice::None,
            n => QuoteChoice::Some(n.parse().map_err(|_| {
                CliError::refused(
                    format!(
                        "`{}` is no number of quotes",
                        crate::domain::span::printable(n)
                    ),
                    "give a number, all or none",
                )
            })?),
        };
        let study = self.read()?;
        let options = ReportOptions {
            filter: self.filter(&args.filters),
            quotes,
            audience: args.audience,
            format: format(args.output.as_deref())?,
            version: env!("CARGO_PKG_VERSION"),
        };
        let mut chosen = options.filter.clone();
        if let ReportCommand::Case { slug, .. } = command {
            chosen.cases = vec![study.store.case(slug)?.slug];
        }
        narrowed::refuse(&study, &chosen, args.audience, "a report")?;
        if let Some(path) = &args.output {
            spare(&study, path)?;
        }
        let subject = match command {
            ReportCommand::Case { slug, .. } => Some(study.store.case(slug)?.slug),
            ReportCommand::Theme { path, .. } => {
                let book = crate::study::Codebook::read(&study.store)?;
                Some(book.path(book.find(path)?))
            }
            _ => None,
        };
        let about = About {
            what,
            kind,
            subject: subject.as_deref(),
            to: Self::readers(&study, command, &options)?,
            among_few: kind == "case" || options.filter.is_narrowed(),
            allow: &args.release.allow,
            without_key: args.release.without_key,
        };
        let bar = Bar::new("writing", self.out.quiet);
        self.write_report(
            &study,
            args.output.as_deref(),
            &about,
            |out| match command {
                ReportCommand::Summary(_) => crate::report::summary(&study, &options, out, &bar),
                ReportCommand::Case { slug, .. } => {
                    crate::report::case(&study, slug, &options, out)
                }
                ReportCommand::Theme { path, .. } => {
                    crate::report::theme(&study, path, &options, out)
                }
                ReportCommand::Codebook(_) | ReportCommand::List => {
                    crate::report::codebook(&study, &options, out)
                }
            },
        )
    }

    pub(super) fn write_report(
        &self,
        study: &Study,
        path: Option<&Path>,
        about: &About,
        write: impl FnOnce(&mut dyn Write) -> Result<Written>,
    ) -> Result<Exit> {
        let names = self.names_for_release(study, about)?;
        self.write_checked_report(study, path, (about, names.as_ref()), write)
    }

    /// Writes a report, unless what stands in it then may not leave the house. `names` are those of the key.
    pub(super) fn write_checked_report(
        &self,
        study: &Study,
        path: Option<&Path>,
        (about, names): (&About, Option<&Names>),
        write: impl FnOnce(&mut dyn Write) -> Result<Written>,
    ) -> Result<Exit> {
        let mut sha256 = [0; 32];
        let written = if let Some(path) = path {
            let checked = |written: &Written, bytes: &[u8]| {
                self.may_leave(study, names, about, written, (Some(path), bytes))
            };
            let (written, hash) = write_checked(path, write, checked)?;
            sha256 = hash;
            written
        } else {
            let mut text = Vec::new();
            let written = write(&mut text)?;
            self.may_leave(study, names, about, &written, (None, &text))?;
            self.out.write(&text).map_err(io_error)?;
            written
        };
        for warning in &written.warnings {
            self.out.warn(warning);
        }
        self.say_held_back(&written.held_back, &written.summaries_held_back);
        if let Some(held) = crate::report::code_named(&written.code_named_held_back) {
            self.out.say(&format!(
                "Held back of cases that have no official code: {held}."
            ));
        }
        if let Some(path) = path {
            let event = self.register(study, path, about, &written, sha256);
            self.out.say(&format!(
                "Wrote {} to {} with {}{}.",
                about.what,
                path.display(),
                count(written.quotes as u64, "quote"),
                match written.findings.len() {
                    0 => String::new(),
                    n => format!(" and {}", count(n as u64, "finding")),
                }
            ));
            if let Err(failure) = event {
                self.out.warn(&format!(
                    "the report is written, but not in the register of reports: {failure}"
                ));
            }
        }
        Ok(Exit::Done)
    }

    /// Who will read a report: of a case, the people of that case.
    fn readers(study: &Study, command: &ReportCommand, options: &ReportOptions) -> Result<To> {
        let mut cases = options.filter.cases.clone();
        if let ReportCommand::Case { slug, .. } = command {
            cases = vec![slug.clone()];
        }
        let people = &options.filter.participants;
        To::named(&study.store, options.audience, &cases, people)
    }

    /// Says how many quotes and summaries the gate held back, and why.
    pub(super) fn say_held_back(&self, quotes: &HeldBack, summaries: &HeldBack) {
        let told = |held: &HeldBack, what: &str| {
            let reasons: Vec<String> = held
                .reasons()
                .map(|(reason, n)| format!("{n} {reason}"))
                .collect();
            (!reasons.is_empty()).then(|| {
                let n = count(held.total() as u64, what);
                format!("{n} ({})", reasons.join(", "))
            })
        };
        let all: Vec<String> = told(quotes, "quote")
            .into_iter()
            .chain(told(summaries, "summary"))
            .collect();
        if !all.is_empty() {
            self.out.say(&format!("Held back: {}.", all.join(", ")));
        }
    }
}

/// What is written.
pub(super) struct About<'a> {
    /// As it is said: `the summary report`.
    pub(super) what: &'a str,
    /// As the register has it.
    pub(super) kind: &'a str,
    pub(super) subject: Option<&'a str>,
    /// Who will read it.
    pub(super) to: To,
    /// Whether it is narrowed to some cases or people.
    pub(super) among_few: bool,
    /// Words that may stand although they look as though they told something.
    pub(super) allow: &'a [String],
    /// Whether names are not looked for, where there is no key.
    pub(super) without_key: bool,
}

pub(super) fn format(path: Option<&Path>) -> Result<Format> {
    Ok(match path {
        Some(path) => Format::of(path)?,
        None => Format::Markdown,
    })
}

/// Refuses to write over a file that the study was imported from: nothing could bring it back.
pub(super) fn spare(study: &Study, path: &Path) -> Result<()> {
    use sha2::{Digest, Sha256};
    let Ok(there) = std::fs::read(path) else {
        return Ok(());
    };
    let known = study.store.with_file(&Sha256::digest(&there).into())?;
    match known.first() {
        None => Ok(()),
        Some(slug) => Err(CliError::refused(
            format!(
                "`{}` is the file that {slug} was imported from",
                path.display()
            ),
            "choose another name for the report",
        )
        .into()),
    }
}

/// A file that is hashed as it is written.
struct Hashed {
    file: tempfile::NamedTempFile,
    hasher: sha2::Sha256,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let n = self.file.write(bytes)?;
        sha2::Digest::update(&mut self.hasher, &bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Writes a file whole: into one beside it first, which takes its place when all is well. A failure leaves what was there.
/// Gives the file's SHA-256.
pub(super) fn write_through(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> Result<[u8; 32]> {
    Ok(write_and(path, write, |(), _| Ok(()))?.1)
}

/// The same, where the file takes its place only if what was written, read again, is found to be well.
pub(super) fn write_checked<T>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T>,
    check: impl FnOnce(&T, &[u8]) -> Result<()>,
) -> Result<(T, [u8; 32])> {
    write_and(path, write, |made, file| {
        let bytes = std::fs::read(file).map_err(|source| CliError::Io {
            what: format!("`{}`", path.display()),
            source,
        })?;
        check(made, &bytes)
    })
}

fn write_and<T>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T>,
    check: impl FnOnce(&T, &Path) -> Result<()>,
) -> Result<(T, [u8; 32])> {
    let fail = |source| CliError::Io {
        what: format!("`{}`", path.display()),
        source,
    };
    let folder = path
        .parent()
        .filter(|f| !f.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(CliError::refused(
            format!("there is no folder `{}`", folder.display()),
            format!("make it first: mkdir \"{}\"", folder.display()),
        )
        .into());
    }
    let file = Hashed {
        file: tempfile::NamedTempFile::new_in(folder).map_err(fail)?,
        hasher: sha2::Sha256::default(),
    };
    let mut out = std::io::BufWriter::with_capacity(1 << 18, file);
    let made = write(&mut out)?;
    let Hashed { file, hasher } = out.into_inner().map_err(|e| fail(e.into_error()))?;
    check(&made, file.path())?;
    readable(file.as_file()).map_err(fail)?;
    file.persist(path).map_err(|e| fail(e.error))?;
    Ok((made, sha2::Digest::finalize(hasher).into()))
}

/// A temporary file is private; a report is as readable as any file that a program writes.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
