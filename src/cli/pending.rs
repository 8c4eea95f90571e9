//! `transcript pending`: codings that wait for their place in a corrected text.

use clap::Args;
use serde::Serialize;

use super::output::{Exit, Table, count};
use super::{CliError, Context, io_error};
use crate::coding::code::uncode;
use crate::coding::quotes::Names;
use crate::domain::place::{Place, Within};
use crate::error::Result;
use crate::store::{Coding, Pending, transcript_of};
use crate::study::Study;
use crate::study::pending::{Waiting, settle, waiting};

#[derive(Args)]
pub(super) struct PendingArgs {
    /// The transcript; without it, all of them
    id: Option<String>,
    /// One of the codings, to be placed or let go
    #[arg(long, value_name = "CODING")]
    coding: Option<i64>,
    /// Where it stands now: T01:12, T01:12@5-40 or T01@100-250
    #[arg(long, value_name = "PLACE", requires = "coding", conflicts_with_all = ["accept", "let_go"])]
    at: Option<String>,
    /// The one place within that where exactly these words stand
    #[arg(long, value_name = "WORDS", requires = "at")]
    quote: Option<String>,
    /// Put it where it is likeliest to stand, as listed
    #[arg(long, requires = "coding", conflicts_with = "let_go")]
    accept: bool,
    /// Take it away, with its memos
    #[arg(long, requires = "coding")]
    let_go: bool,
}

#[derive(Serialize)]
struct CandidateView {
    start: u32,
    end: u32,
    turn: i64,
    text: String,
}

#[derive(Serialize)]
struct WaitingView {
    coding: i64,
    transcript: String,
    theme: String,
    coder: String,
    grade: &'static str,
    /// The revision that it waits on, and where it stands there.
    revision: i64,
    turn: i64,
    start: u32,
    end: u32,
    text: String,
    candidates: Vec<CandidateView>,
}

#[derive(Serialize)]
struct PendingList {
    total: usize,
    pending: Vec<WaitingView>,
    /// Limits without a certain place in the present text: each holds for all of its transcript.
    limits: Vec<LostLimit>,
}

#[derive(Serialize)]
struct LostLimit {
    limit: i64,
    transcript: String,
}

#[derive(Serialize)]
struct Settled {
    coding: i64,
    placed: bool,
    transcript: String,
    start: Option<u32>,
    end: Option<u32>,
    event: Option<i64>,
}

impl Context {
    pub(super) fn transcript_pending(&self, args: &PendingArgs) -> Result<Exit> {
        match args.coding {
            Some(coding) if args.at.is_some() || args.accept || args.let_go => {
                self.settle_one(coding, args)
            }
            _ => self.list_pending(args),
        }
    }

    fn list_pending(&self, args: &PendingArgs) -> Result<Exit> {
        let study = self.read()?;
        let names = Names::read(&study.store)?;
        let transcripts = match &args.id {
            Some(id) => vec![study.store.transcript(id)?],
            None => {
                let mut ids: Vec<i64> = study
                    .store
                    .pending_codings(None)?
                    .iter()
                    .map(|c| transcript_of(c.id))
                    .collect();
                ids.dedup();
                let mut found = Vec::new();
                for id in ids {
                    found.extend(study.store.transcript_by_id(id)?);
                }
                found
            }
        };
        let mut pending = Vec::new();
        for transcript in &transcripts {
            let view = |w: Waiting| WaitingView {
                coding: w.coding.id,
                transcript: transcript.slug.clone(),
                theme: names.book.path(w.coding.theme),
                coder: names.coder(w.coding.coder).to_owned(),
                grade: w.coding.pending.map_or("", Pending::word),
                revision: w.revision,
                turn: w.turn,
                start: w.coding.span.start,
                end: w.coding.span.end,
                text: w.text,
                candidates: w
                    .candidates
                    .into_iter()
                    .map(|c| CandidateView {
                        start: c.span.start,
                        end: c.span.end,
                        turn: c.turn,
                        text: c.text,
                    })
                    .collect(),
            };
            pending.extend(
                waiting(&study.store, transcript)?
                    .into_iter()
                    .filter(|w| args.coding.is_none_or(|id| w.coding.id == id))
                    .map(view),
            );
        }
        if let (Some(id), true) = (args.coding, pending.is_empty()) {
            return Err(not_pending(&study, id)?.into());
        }
        let mut limits = Vec::new();
        for limit in study.store.limits()?.into_iter().filter(|l| l.lost) {
            let of = study.store.transcript_by_id(limit.transcript)?;
            let wanted =
                |slug: &str| args.id.is_none() || transcripts.iter().any(|t| t.slug == slug);
            limits.extend(of.filter(|t| wanted(&t.slug)).map(|t| LostLimit {
                limit: limit.id,
                transcript: t.slug,
            }));
        }
        let list = PendingList {
            total: pending.len(),
            pending,
            limits,
        };
        self.out
            .table(
                &list,
                || {
                    let mut table = Table::new(&[
                        ">coding",
                        "theme",
                        "coder",
                        "grade",
                        "was at",
                        "words",
                        "may stand at",
                    ]);
                    for w in &list.pending {
                        let places: Vec<String> = w
                            .candidates
                            .iter()
                            .map(|c| format!("{}@{}-{} “{}”", w.transcript, c.start, c.end, c.text))
                            .collect();
                        table.row([
                            w.coding.to_string(),
                            w.theme.clone(),
                            w.coder.clone(),
                            w.grade.to_owned(),
                            format!("{}:{} (revision {})", w.transcript, w.turn, w.revision),
                            w.text.clone(),
                            places.join("; "),
                        ]);
                    }
                    table
                },
                "No codings wait.",
            )
            .map_err(io_error)?;
        let some = |w: &&WaitingView| !w.candidates.is_empty();
        let first = list.pending.iter().find(some).or(list.pending.first());
        if let Some(first) = first {
            self.out.say(&format!(
                "Place one: casebook transcript pending {} --coding {} {}--at PLACE; let it go: --let-go",
                first.transcript,
                first.coding,
                if some(&first) { "--accept, or " } else { "" }
            ));
        }
        for lost in &list.limits {
            self.out.say(&format!(
                "Limit {} has no certain place and holds for all of {}. Place it: casebook limit edit {} PLACE",
                lost.limit, lost.transcript, lost.limit
            ));
        }
        Ok(Exit::Done)
    }

    fn settle_one(&self, id: i64, args: &PendingArgs) -> Result<Exit> {
        let study = self.write()?;
        let coding = match study.store.coding(id)? {
            Some(coding) if coding.pending.is_some() => coding,
            _ => return Err(not_pending(&study, id)?.into()),
        };
        let Some(transcript) = study.store.transcript_by_id(transcript_of(id))? else {
            return Err(not_pending(&study, id)?.into());
        };
        if args.let_go {
            let ((), event) = study.change("transcript let-go", |tx| {
                uncode(tx, &[id])?;
                tx.summary(format!("let coding {id} on {} go", transcript.slug));
                Ok(())
            })?;
            return self.settled(&transcript.slug, &coding, None, event);
        }
        let place: Place = match &args.at {
            Some(typed) => typed.parse()?,
            None => {
                let candidate = waiting(&study.store, &transcript)?
                    .into_iter()
                    .find(|w| w.coding.id == id)
                    .and_then(|w| w.candidates.into_iter().next());
                let Some(candidate) = candidate else {
                    return Err(CliError::refused(
                        format!("nothing says where coding {id} may stand"),
                        format!(
                            "say it: casebook transcript pending {} --coding {id} --at {}:12 --quote \"WORDS\"",
                            transcript.slug, transcript.slug
                        ),
                    )
                    .into());
                };
                Place {
                    transcript: transcript.slug.clone(),
                    within: Within::Span(candidate.span),
                }
            }
        };
        let found = study.locate(&place, args.quote.as_deref())?;
        let ((), event) = study.change("transcript place", |tx| {
            settle(tx, &coding, &found)?;
            tx.summary(format!(
                "place coding {id} at {}@{}",
                transcript.slug, found.span
            ));
            Ok(())
        })?;
        self.settled(&transcript.slug, &coding, Some(found.span), event)
    }

    fn settled(
        &self,
        slug: &str,
        coding: &Coding,
        span: Option<crate::domain::span::Span>,
        event: Option<i64>,
    ) -> Result<Exit> {
        let settled = Settled {
            coding: coding.id,
            placed: span.is_some(),
            transcript: slug.to_owned(),
            start: span.map(|s| s.start),
            end: span.map(|s| s.end),
            event,
        };
        self.out
            .text(&settled, || match span {
                Some(span) => format!("coding {} stands at {slug}@{span}\n", coding.id),
                None => format!("coding {} is gone\n", coding.id),
            })
            .map_err(io_error)?;
        let left = self
            .read()?
            .store
            .pending_codings(Some(transcript_of(coding.id)))?;
        self.done(
            &format!(
                "{} left pending in {slug}.",
                count(left.len() as u64, "coding")
            ),
            event,
        );
        Ok(Exit::Done)
    }
}

fn not_pending(study: &Study, id: i64) -> Result<CliError> {
    let why = if study.store.coding(id)?.is_some() {
        format!("coding {id} has its place: it is not pending")
    } else {
        format!("there is no coding {id}")
    };
    Ok(CliError::refused(
        why,
        "see those that wait with: casebook transcript pending",
    ))
}
