//! `transcript revise`, and `transcript edit --replace`: a changed text, shown before it is written.

use std::path::PathBuf;

use clap::Args;

use super::output::{Exit, count, thousands};
use super::revision_view::{text, view};
use super::{CliError, Context, io_error};
use crate::domain::attribute::Owner;
use crate::domain::place::{Place, Within};
use crate::error::Result;
use crate::import;
use crate::study::draft::Draft;
use crate::study::replace::{Replacement, Which};
use crate::study::revise::{Plan, plan};
use crate::study::{Study, parse_assignment};

#[derive(Args)]
pub(super) struct ReviseArgs {
    /// The transcript
    id: String,
    /// The file with its corrected text
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Who speaks under a label of the new text (can be repeated)
    #[arg(long, value_name = "LABEL=interviewer|ID")]
    speaker: Vec<String>,
    /// The encoding of the file, where it does not say it itself
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Keep the lines of a text as they stand, also where they are clearly wrapped
    #[arg(long)]
    no_reflow: bool,
    #[command(flatten)]
    show: ShowArgs,
}

/// How a changed text is shown and confirmed.
#[derive(Args)]
pub(super) struct ShowArgs {
    /// Only show what would change, and where each coding would go
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    pub(super) yes: bool,
}

/// Words to be replaced in a transcript's text.
#[derive(Args)]
pub(super) struct ReplaceArgs {
    /// Words of the text to be replaced, as they stand there (with --with; can be repeated)
    #[arg(
        long,
        value_name = "WORDS",
        allow_hyphen_values = true,
        requires = "with"
    )]
    pub(super) replace: Vec<String>,
    /// What is put in their stead; "" takes them out
    #[arg(
        long,
        value_name = "WORDS",
        allow_hyphen_values = true,
        requires = "replace"
    )]
    with: Vec<String>,
    /// Replace them wherever they stand, in speakers' labels too
    #[arg(long, requires = "replace")]
    everywhere: bool,
    /// Replace them also inside longer words
    #[arg(long, requires = "replace")]
    inside_words: bool,
    #[command(flatten)]
    pub(super) show: ShowArgs,
}
impl Context {
    pub(super) fn transcript_revise(&self, args: &ReviseArgs) -> Result<Exit> {
        let study = self.open_for(&args.show)?;
        let transcript = study.store.transcript(&args.id)?;
        let assignments = args
            .speaker
            .iter()
            .map(|s| parse_assignment(s))
            .collect::<Result<Vec<_>, _>>()?;
        let options = import::Options {
            encoding: args.encoding.clone(),
            no_reflow: args.no_reflow,
            pdf: super::read_pdf::reader(),
            ..import::Options::default()
        };
        let draft = Draft::of_file(&args.file, &options)?;
        let plan = plan(&study.store, &transcript, draft, &assignments)?;
        self.show_and_revise(&study, "transcript revise", &plan, &args.show)
    }

    pub(super) fn transcript_replace(&self, place: &str, args: &ReplaceArgs) -> Result<Exit> {
        if args.replace.len() != args.with.len() {
            return Err(CliError::refused(
                format!(
                    "--replace is there {} times and --with {} times",
                    args.replace.len(),
                    args.with.len()
                ),
                "say for each what is put in its stead: --replace OLD --with NEW",
            )
            .into());
        }
        let study = self.open_for(&args.show)?;
        let place: Place = place.parse()?;
        let transcript = study.store.transcript(&place.transcript)?;
        let within = match place.within {
            Within::Whole => None,
            _ => Some(study.locate(&place, None)?.span),
        };
        let mut draft = Draft::of_present(&study.store, &transcript)?;
        let mut places = 0;
        for (old, new) in args.replace.iter().zip(&args.with) {
            if within.is_some() && args.replace.len() > 1 {
                return Err(CliError::refused(
                    "in a turn, one thing is replaced at a time",
                    format!("leave the turn out to replace several: {}", transcript.slug),
                )
                .into());
            }
            let replacement = Replacement {
                old: old.clone(),
                new: new.clone(),
            };
            let which = Which {
                within,
                all: args.everywhere,
                inside_words: args.inside_words,
            };
            places += draft.replace(&replacement, which, &transcript.slug)?;
        }
        self.out
            .say(&format!("Replaced in {}.", count(places as u64, "place")));
        let holding: Vec<String> = study
            .store
            .values(Owner::Transcript, Some(transcript.id))?
            .into_iter()
            .filter(|v| {
                args.replace
                    .iter()
                    .any(|old| v.value.contains(old.as_str()))
            })
            .map(|v| v.attribute)
            .collect();
        if let Some(first) = holding.first() {
            draft.warnings.push(format!(
                "{} with these words not changed; take one away with: casebook transcript edit {} --attr {first}=",
                count(holding.len() as u64, "attribute"),
                transcript.slug
            ));
        }
        let plan = plan(&study.store, &transcript, draft, &[])?;
        self.show_and_revise(&study, "transcript edit text", &plan, &args.show)
    }

    /// The study as a command that may only look needs it.
    pub(super) fn open_for(&self, show: &ShowArgs) -> Result<Study> {
        if show.dry_run {
            self.read()
        } else {
            self.write()
        }
    }

    fn show_and_revise(
        &self,
        study: &Study,
        op: &str,
        plan: &Plan,
        show: &ShowArgs,
    ) -> Result<Exit> {
        let slug = plan.transcript.slug.clone();
        if plan.changes_nothing(&study.store)? {
            return Err(CliError::refused(
                format!("the text is the one that {slug} has already"),
                format!("see it with: casebook transcript show {slug}"),
            )
            .into());
        }
        let mut view = view(study, plan)?;
        for warning in &view.warnings {
            self.out.warn(&format!("{slug}: {warning}"));
        }
        let wait = plan.codings.iter().filter(|c| c.to.is_none()).count();
        if !show.dry_run {
            if !show.yes && self.out.mode == super::Mode::Text {
                // What is to be confirmed is seen before it is asked for.
                self.out.write(text(&view).as_bytes()).map_err(io_error)?;
            }
            let pending = if wait > 0 {
                format!(" and leaves {} pending", count(wait as u64, "coding"))
            } else {
                String::new()
            };
            self.confirm(
                show.yes,
                &format!(
                    "Revising {slug} puts {} into revision {}{pending}",
                    count((plan.codings.len() - wait) as u64, "coding"),
                    plan.number
                ),
            )?;
            view.event = study.revise(op, plan)?;
        }
        let asked = !show.dry_run && !show.yes && self.out.mode == super::Mode::Text;
        if !asked {
            self.out.styled(&view, || text(&view)).map_err(io_error)?;
        }
        if show.dry_run {
            self.out.say("Nothing was written.");
        } else {
            self.done(
                &format!("{slug} is at revision {}.", plan.number),
                view.event,
            );
            if wait > 0 {
                self.out.say(&format!(
                    "{} for a place: casebook transcript pending {slug}",
                    if wait == 1 {
                        "1 coding waits".to_owned()
                    } else {
                        format!("{} codings wait", thousands(wait as u64))
                    }
                ));
            }
        }
        Ok(Exit::Done)
    }
}
