//! `transcript merge`, `transcript split`.

use clap::Args;
use serde::Serialize;

use super::output::{Exit, Table, count};
use super::{CliError, Context, io_error};
use crate::domain::place::{Place, Within};
use crate::error::Result;
use crate::study::parts::{Merged, Split};

#[derive(Args)]
pub(super) struct MergeArgs {
    /// The transcript that the others are put behind; it keeps its id, case and date
    into: String,
    /// The others, in their order
    #[arg(required = true, value_name = "ID")]
    parts: Vec<String>,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

#[derive(Args)]
pub(super) struct SplitArgs {
    /// The transcript; it keeps its first part
    id: String,
    /// The turn with which the next part begins, as in T01:40 (can be repeated)
    #[arg(long, required = true, value_name = "TURN")]
    at: Vec<String>,
    /// Ids of the new transcripts, in their order; without them, the next numbers
    #[arg(long = "id", value_name = "ID")]
    ids: Vec<String>,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
}

#[derive(Serialize)]
struct MergedView<'a> {
    transcript: &'a str,
    merged: &'a [String],
    revision: i64,
    turns: usize,
    codings: usize,
    warnings: &'a [String],
    event: Option<i64>,
}

#[derive(Serialize)]
struct PartView<'a> {
    transcript: &'a str,
    turns: usize,
    codings: usize,
}

#[derive(Serialize)]
struct SplitView<'a> {
    transcripts: Vec<PartView<'a>>,
    pending: usize,
    event: Option<i64>,
}

impl Context {
    pub(super) fn transcript_merge(&self, args: &MergeArgs) -> Result<Exit> {
        let study = if args.dry_run {
            self.read()?
        } else {
            self.write()?
        };
        let first = study.store.transcript(&args.into)?;
        let mut others = Vec::with_capacity(args.parts.len());
        for id in &args.parts {
            let other = study.store.transcript(id)?;
            if other.id == first.id
                || others
                    .iter()
                    .any(|o: &crate::store::Transcript| o.id == other.id)
            {
                return Err(CliError::refused(
                    format!("{} is there twice", other.slug),
                    "name each transcript once",
                )
                .into());
            }
            others.push(other);
        }
        let planned = study.plan_merge(&first, &others)?;
        for warning in &planned.warnings {
            self.out.warn(warning);
        }
        if args.dry_run {
            self.show_merged(&planned)?;
            self.out.say("Nothing was written.");
            return Ok(Exit::Done);
        }
        self.confirm(
            args.yes,
            &format!(
                "Merging puts {} behind {} with {}; they are no transcripts of their own then",
                planned.parts.join(", "),
                planned.transcript,
                count(planned.codings as u64, "coding")
            ),
        )?;
        let merged = study.merge_transcripts(&args.into, &args.parts)?;
        for warning in merged
            .warnings
            .iter()
            .filter(|w| !planned.warnings.contains(w))
        {
            self.out.warn(warning);
        }
        self.show_merged(&merged)?;
        self.done(
            &format!("{} is at revision {}.", merged.transcript, merged.revision),
            merged.event,
        );
        Ok(Exit::Done)
    }

    fn show_merged(&self, merged: &Merged) -> Result<()> {
        let view = MergedView {
            transcript: &merged.transcript,
            merged: &merged.parts,
            revision: merged.revision,
            turns: merged.turns,
            codings: merged.codings,
            warnings: &merged.warnings,
            event: merged.event,
        };
        self.out
            .text(&view, || {
                format!(
                    "{} + {}: {}, {} came along\n",
                    merged.transcript,
                    merged.parts.join(" + "),
                    count(merged.turns as u64, "turn"),
                    count(merged.codings as u64, "coding")
                )
            })
            .map_err(io_error)?;
        Ok(())
    }

    pub(super) fn transcript_split(&self, args: &SplitArgs) -> Result<Exit> {
        let study = if args.dry_run {
            self.read()?
        } else {
            self.write()?
        };
        let slug = study.store.transcript(&args.id)?.slug;
        let mut cuts = Vec::with_capacity(args.at.len());
        for typed in &args.at {
            let place: Place = typed.parse()?;
            match place.within {
                Within::Turns(a, b) if a == b && place.transcript.eq_ignore_ascii_case(&slug) => {
                    cuts.push(a);
                }
                _ => {
                    return Err(CliError::refused(
                        format!("`{place}` is no turn of {slug}"),
                        format!("name the turn with which the next part begins, as in {slug}:40"),
                    )
                    .into());
                }
            }
        }
        let split = if args.dry_run {
            study.plan_split(&slug, &cuts, &args.ids)?
        } else {
            study.split_transcript(&slug, &cuts, &args.ids)?
        };
        self.show_split(&split)?;
        if args.dry_run {
            self.out.say("Nothing was written.");
            return Ok(Exit::Done);
        }
        self.done(&format!("Split {slug}."), split.event);
        if split.pending > 0 {
            self.out.say(&format!(
                "{} over a cut: casebook transcript pending {slug}",
                if split.pending == 1 {
                    "1 coding reaches".to_owned()
                } else {
                    format!("{} codings reach", split.pending)
                }
            ));
        }
        Ok(Exit::Done)
    }

    fn show_split(&self, split: &Split) -> Result<()> {
        let view = SplitView {
            transcripts: split
                .parts
                .iter()
                .map(|p| PartView {
                    transcript: &p.transcript,
                    turns: p.turns,
                    codings: p.codings,
                })
                .collect(),
            pending: split.pending,
            event: split.event,
        };
        self.out
            .table(
                &view,
                || {
                    let mut table = Table::new(&["transcript", ">turns", ">codings"]);
                    for p in &split.parts {
                        table.row([
                            p.transcript.clone(),
                            p.turns.to_string(),
                            p.codings.to_string(),
                        ]);
                    }
                    table
                },
                "",
            )
            .map_err(io_error)?;
        Ok(())
    }
}
