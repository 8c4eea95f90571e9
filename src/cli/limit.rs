//! `limit`: stricter levels than the person's, for one interview, one passage or one quote.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::Exit;
use super::table_file::TableFile;
use super::{Context, filled, io_error};
use crate::domain::span::printable;
use crate::domain::words::Attribution;
use crate::error::Result;
use crate::evidence::loss::{Loss, watch};
use crate::governance::limit::{asked, place_lost, place_of, the_limit};
use crate::report::sheet::{Cell, Sheet};
use crate::store::{Limit, LimitOn, Store};

#[derive(Subcommand)]
pub(super) enum LimitCommand {
    /// Limit an interview, a passage or a quote: the strictest of all that applies holds
    Add(AddArgs),
    /// List limits
    List(ListArgs),
    /// Show a limit
    Show {
        /// The limit's number
        limit: i64,
    },
    /// Place a limit that has no certain place in a corrected text
    Edit {
        /// The limit's number
        limit: i64,
        /// Where its passage stands now: T01:12, T01:12@5-40 or T01@100-250
        place: String,
        /// The one place within that where exactly these words stand
        #[arg(long, value_name = "WORDS")]
        quote: Option<String>,
    },
    /// Remove a limit, with the participant's approval
    Remove {
        /// The limit's number
        limit: i64,
        /// How the participant approved it; kept as the reason on record
        #[arg(long, value_name = "TEXT", value_parser = filled)]
        approval: String,
    },
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// T01 (an interview), T01:12, T01:12@5-40 or T01@100-250 (a passage), or coding:N (one quote)
    place: String,
    /// The loosest at which it may be cited: role-org, role, case, non-attributable, background or off-record
    level: Option<Attribution>,
    /// The one place within that where exactly these words stand
    #[arg(long, value_name = "WORDS")]
    quote: Option<String>,
    /// It may not be quoted outside the team
    #[arg(long)]
    not_quotable: bool,
}

#[derive(Args)]
pub(super) struct ListArgs {
    /// Only of this transcript (can be repeated)
    #[arg(long, value_name = "ID")]
    transcript: Vec<String>,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Serialize)]
struct LimitView {
    limit: i64,
    /// As people type it; of one without a certain place, the transcript.
    place: String,
    /// interview, passage or quote
    on: &'static str,
    transcript: String,
    /// The turns that it touches, where it is for a passage.
    turn: Option<i64>,
    last_turn: Option<i64>,
    start: Option<u32>,
    end: Option<u32>,
    coding: Option<i64>,
    level: Option<Attribution>,
    quotable: bool,
    /// Whether a corrected text has no certain place for it, so that it holds for the whole transcript.
    lost: bool,
    why: Option<String>,
    coder: String,
    at: String,
}

#[derive(Serialize)]
struct LimitList {
    limits: Vec<LimitView>,
}

#[derive(Serialize)]
struct Added {
    #[serde(flatten)]
    limit: LimitView,
    notes: Vec<String>,
    #[serde(flatten)]
    loss: Loss,
    event: Option<i64>,
}

fn view(store: &Store, limit: Limit) -> Result<Option<LimitView>> {
    let Some(transcript) = store.transcript_by_id(limit.transcript)? else {
        return Ok(None);
    };
    let place = place_of(&limit, &transcript);
    let passage = match limit.on {
        LimitOn::Passage(p) if !limit.lost && p.revision == transcript.revision.id => Some(p),
        _ => None,
    };
    Ok(Some(LimitView {
        limit: limit.id,
        place,
        on: match limit.on {
            LimitOn::Transcript => "interview",
            LimitOn::Passage(_) => "passage",
            LimitOn::Coding(_) => "quote",
        },
        turn: passage.map(|p| transcript.revision.number_of(p.turn)),
        last_turn: passage.map(|p| transcript.revision.number_of(p.last_turn)),
        start: passage.map(|p| p.span.start),
        end: passage.map(|p| p.span.end),
        transcript: transcript.slug,
        coding: if let LimitOn::Coding(id) = limit.on {
            Some(id)
        } else {
            None
        },
        level: limit.level,
        quotable: limit.quotable,
        lost: limit.lost,
        why: limit.why,
        coder: limit.coder,
        at: limit.at,
    }))
}

impl Context {
    pub(super) fn limit(&self, command: LimitCommand) -> Result<Exit> {
        match command {
            LimitCommand::Add(args) => self.limit_add(&args),
            LimitCommand::List(args) => self.limit_list(&args),
            LimitCommand::Show { limit } => self.limit_show(limit),
            LimitCommand::Edit {
                limit,
                place,
                quote,
            } => {
                let study = self.write()?;
                let ((), event) = study.change("limit edit", |tx| {
                    place_lost(&study, tx, limit, &place, quote.as_deref())?;
                    tx.summary(format!("place limit {limit}"));
                    Ok(())
                })?;
                self.done(&format!("Limit {limit} has its place again."), event);
                Ok(Exit::Done)
            }
            LimitCommand::Remove { limit, approval } => {
                let mut study = self.write()?;
                study.session.why = Some(match &self.global.why {
                    Some(why) => format!("{approval}; {why}"),
                    None => approval,
                });
                let ((), event) = study.change("limit remove", |tx| {
                    the_limit(tx, limit)?;
                    tx.remove_limit(limit)?;
                    tx.summary(format!("remove limit {limit}"));
                    Ok(())
                })?;
                self.done(&format!("Removed limit {limit}."), event);
                Ok(Exit::Done)
            }
        }
    }

    fn limit_add(&self, args: &AddArgs) -> Result<Exit> {
        let study = self.write()?;
        let ask = asked(
            &study,
            &args.place,
            args.quote.as_deref(),
            args.level,
            args.not_quotable,
        )?;
        let ((id, event), loss) = watch(&study, || {
            study.change("limit add", |tx| {
                let coder = tx.coder(&study.session.coder)?;
                let says = (args.level, !args.not_quotable);
                let why = self.global.why.as_deref();
                let id = tx.add_limit(coder, ask.transcript.id, ask.on, says, why)?;
                tx.summary(format!("add limit {id} on {}", ask.transcript.slug));
                Ok(id)
            })
        })?;
        let Some(limit) = study
            .store
            .limit(id)?
            .map(|limit| view(&study.store, limit))
            .transpose()?
            .flatten()
        else {
            return Ok(Exit::Done);
        };
        let added = Added {
            limit,
            notes: ask.notes,
            loss,
            event,
        };
        self.out
            .text(&added, || format!("limit {id}: {}\n", said(&added.limit)))
            .map_err(io_error)?;
        for note in &added.notes {
            self.out.say(note);
        }
        self.done("Added the limit.", event);
        self.say_loss(&added.loss, true);
        Ok(Exit::Done)
    }

    fn limit_list(&self, args: &ListArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let wanted: Vec<i64> = args
            .transcript
            .iter()
            .map(|slug| Ok(study.store.transcript(slug)?.id))
            .collect::<Result<_>>()?;
        let mut list = LimitList { limits: Vec::new() };
        for limit in study.store.limits()? {
            if wanted.is_empty() || wanted.contains(&limit.transcript) {
                list.limits.extend(view(&study.store, limit)?);
            }
        }
        let mut sheet = Sheet::new(
            "Limits",
            [
                "limit", "place", "on", "level", "quotable", "placed", "why", "coder", "at",
            ],
        );
        for l in &list.limits {
            sheet.row([
                Cell::from(l.limit),
                Cell::from(l.place.as_str()),
                Cell::from(l.on),
                Cell::from(l.level.map(Attribution::word)),
                Cell::from(if l.quotable { "yes" } else { "no" }),
                Cell::from(if l.lost { "no" } else { "yes" }),
                Cell::from(l.why.as_deref()),
                Cell::from(l.coder.as_str()),
                Cell::from(l.at.as_str()),
            ]);
        }
        self.tables(
            &study,
            &args.file,
            &list,
            &[sheet],
            "No limits. Add one with: casebook limit add PLACE LEVEL",
        )?;
        Ok(Exit::Done)
    }

    fn limit_show(&self, id: i64) -> Result<Exit> {
        let study = self.read()?;
        if let Some(view) = view(&study.store, the_limit(&study.store, id)?)? {
            self.out
                .text(&view, || {
                    let mut text = format!(
                        "limit {id}: {}\n{} · {}\n",
                        said(&view),
                        view.coder,
                        view.at
                    );
                    if let Some(why) = &view.why {
                        text.push_str(&format!("why: {}\n", printable(why)));
                    }
                    text
                })
                .map_err(io_error)?;
        }
        Ok(Exit::Done)
    }
}

/// `T01@5-40 is at most background and not quoted`.
fn said(limit: &LimitView) -> String {
    let mut holds = Vec::new();
    match limit.level {
        Some(Attribution::OffRecord) => holds.push("off the record".to_owned()),
        Some(level) => holds.push(format!("at most {level}")),
        None => {}
    }
    if !limit.quotable {
        holds.push("not quoted".to_owned());
    }
    let place = match limit.on {
        "interview" => format!("all of {}", limit.place),
        "passage" if limit.lost => format!(
            "a passage without a certain place, so all of {},",
            limit.place
        ),
        _ => limit.place.clone(),
    };
    format!("{place} is {}", holds.join(" and "))
}
