//! `withdraw`: a participant asks to stop, to be left out, or to be erased.

use clap::Args;
use serde::Serialize;

use super::output::{Exit, Table, count};
use super::{CliError, Context, date, io_error};
use crate::domain::Date;
use crate::error::Result;
use crate::governance::erase::{
    self, Erased, Finished, Lock, Request, Theirs, Unassigned, refuse_open, theirs,
};
use crate::governance::reach::{Reach, reach};
use crate::governance::withdraw::{Mode, asked_on, who, withdraw};
use crate::store::Participant;
use crate::study::Study;

#[derive(Args)]
pub(super) struct WithdrawArgs {
    /// The participant; without one, the withdrawals on record
    participant: Option<String>,
    /// How far it reaches: stop (nothing more is collected), exclude (what is there is sealed) or erase
    #[arg(long, value_name = "MODE", requires = "participant")]
    mode: Option<Mode>,
    /// The day on which the participant asked for it; without it, today
    #[arg(long, value_name = "DATE", value_parser = date, requires = "participant")]
    asked: Option<Date>,
    /// For erase: whose the words are under labels that nobody is assigned to: theirs or others
    #[arg(long, value_name = "WHOSE", requires = "participant")]
    unassigned: Option<Unassigned>,
    /// Only show what it reaches
    #[arg(long, requires = "participant")]
    dry_run: bool,
    /// Do it without asking
    #[arg(long, short)]
    yes: bool,
}

#[derive(Serialize)]
struct Withdrawn {
    reach: Reach,
    /// The day on which it was asked for.
    asked: String,
    /// What the change took; null but for an erase.
    erased: Option<Erased>,
    /// What was done after the change; null but for an erase.
    finished: Option<Finished>,
    /// Null where it was only looked at.
    event: Option<i64>,
}

#[derive(Serialize)]
struct Listed {
    withdrawals: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    participant: String,
    mode: String,
    asked: String,
    at: String,
    event: i64,
    reached: serde_json::Value,
}

impl Context {
    pub(super) fn withdraw(&self, args: &WithdrawArgs) -> Result<Exit> {
        let Some(code) = &args.participant else {
            return self.withdrawals();
        };
        let Some(mode) = args.mode else {
            return Err(CliError::refused(
                "it is not said how far the withdrawal reaches",
                format!("see what each reaches with: casebook withdraw {code} --mode stop|exclude|erase --dry-run"),
            )
            .into());
        };
        let study = self.write()?;
        let person = who(&study.store, code, mode)?;
        let asked = asked_on(&study, &person, args.asked)?;
        let theirs = theirs(&study.store, person.id, args.unassigned)?;
        let reach = reach(&study, &person, &theirs, mode)?;
        let mut done = Withdrawn {
            reach,
            asked,
            erased: None,
            finished: None,
            event: None,
        };
        if args.dry_run {
            if mode == Mode::Erase && theirs.open.is_empty() {
                done.erased = Some(erase::rehearse(
                    &study,
                    &Request {
                        person: &person,
                        asked: &done.asked,
                        theirs: &theirs,
                        files: &erase::to_go(&done.reach.files),
                    },
                )?);
            }
            self.show_withdrawn(&done, true)?;
            return Ok(Exit::Done);
        }
        if mode == Mode::Erase {
            refuse_open(&theirs)?;
        }
        if !args.yes {
            self.out.say(&shown(&done, true));
        }
        self.confirm(args.yes, &question(&done.reach))?;
        let exit = if mode == Mode::Erase {
            self.erase(&study, &person, &theirs, &mut done)?
        } else {
            done.event = withdraw(&study, &person, mode, &done.asked, &done.reach)?;
            Exit::Done
        };
        self.show_withdrawn(&done, false)?;
        if mode != Mode::Erase {
            self.done(&format!("{} withdrew: {mode}.", person.code), done.event);
        }
        Ok(exit)
    }

    fn erase(
        &self,
        study: &Study,
        person: &Participant,
        theirs: &Theirs,
        done: &mut Withdrawn,
    ) -> Result<Exit> {
        let lock = Lock::take(study.path())?;
        let files = erase::to_go(&done.reach.files);
        let (erased, event) = erase::erase(
            study,
            &Request {
                person,
                asked: &done.asked,
                theirs,
                files: &files,
            },
        )?;
        done.erased = Some(erased);
        done.event = Some(event);
        // Before the end, so that whatever stops it leaves something to go on with.
        self.forget_name(study, &person.code)?;
        let finished = erase::finish(study, &|line| self.out.say(line))?;
        drop(lock);
        let clean = finished.verified.clean;
        done.finished = Some(finished);
        Ok(if clean { Exit::Done } else { Exit::Damaged })
    }

    /// Erases somebody anew whom an older copy brought back.
    pub(super) fn erase_person_again(
        &self,
        study: &Study,
        code: &str,
        unassigned: Option<Unassigned>,
        yes: bool,
        dry_run: bool,
    ) -> Result<Exit> {
        let person = study.store.participant(code)?;
        let theirs = theirs(&study.store, person.id, unassigned)?;
        let mut done = Withdrawn {
            reach: reach(study, &person, &theirs, Mode::Erase)?,
            asked: asked_on(study, &person, None)?,
            erased: None,
            finished: None,
            event: None,
        };
        if dry_run {
            self.show_withdrawn(&done, true)?;
            return Ok(Exit::Done);
        }
        refuse_open(&theirs)?;
        if !yes {
            self.out.say(&shown(&done, true));
        }
        self.confirm(yes, &question(&done.reach))?;
        let exit = self.erase(study, &person, &theirs, &mut done)?;
        self.show_withdrawn(&done, false)?;
        Ok(exit)
    }

    fn withdrawals(&self) -> Result<Exit> {
        let study = self.read()?;
        let listed = Listed {
            withdrawals: study
                .store
                .withdrawals()?
                .into_iter()
                .map(|w| Line {
                    participant: w.code,
                    mode: w.mode,
                    asked: w.asked,
                    at: w.at,
                    event: w.event,
                    reached: serde_json::from_str(&w.reached).unwrap_or_default(),
                })
                .collect(),
        };
        self.out
            .table(
                &listed,
                || {
                    let mut table = Table::new(&["participant", "mode", "asked", "at", ">event"]);
                    for w in &listed.withdrawals {
                        table.row([
                            w.participant.clone(),
                            w.mode.clone(),
                            w.asked.clone(),
                            w.at.clone(),
                            w.event.to_string(),
                        ]);
                    }
                    table
                },
                "Nobody withdrew.",
            )
            .map_err(io_error)?;
        Ok(Exit::Done)
    }

    fn show_withdrawn(&self, done: &Withdrawn, before: bool) -> Result<()> {
        self.out
            .text(done, || shown(done, before))
            .map_err(io_error)
    }
}

fn question(reach: &Reach) -> String {
    match reach.mode {
        Mode::Stop => format!("Nothing more is collected from {}", reach.participant),
        Mode::Exclude => format!("{} is left out of everything", reach.participant),
        Mode::Erase => format!(
            "{} is erased, which nothing can take back",
            reach.participant
        ),
    }
}

/// The report as text: what it reaches, then what was done.
fn shown(done: &Withdrawn, before: bool) -> String {
    let reach = &done.reach;
    let mut out = format!(
        "{} · {} · asked for on {}\n",
        reach.participant, reach.mode, done.asked
    );
    for t in &reach.transcripts {
        let what = if t.whole {
            "theirs alone".to_owned()
        } else {
            let listed: Vec<String> = t.turns.iter().take(12).map(ToString::to_string).collect();
            let more = if t.turns.len() > 12 { " …" } else { "" };
            match t.turns.len() {
                0 => "shared; no turn in it is theirs by its label, and nothing in it is changed: look at what it says of them".to_owned(),
                n => format!("shared; {}: {}{more}", count(n, "turn"), listed.join(", ")),
            }
        };
        let earlier = match t.revisions {
            0 | 1 => String::new(),
            n => format!(" ({n} texts)"),
        };
        out.push_str(&format!("  {}{earlier}  {what}\n", t.transcript));
    }
    let mut line = |what: &str, said: String| out.push_str(&format!("{what:<14}{said}\n"));
    line(
        "codings",
        match reach.codings_shared {
            0 => reach.codings.to_string(),
            n => format!("{}, and {n} that touch others' words too", reach.codings),
        },
    );
    line("memos", reach.memos.to_string());
    for c in &reach.cells {
        line(
            "cell",
            format!("{}  {} of its {}", c.cell, c.codings, count(c.of, "coding")),
        );
    }
    for f in &reach.findings {
        let against = if f.against == 0 {
            String::new()
        } else {
            format!("; against it {}, {} left", f.against, f.against_left)
        };
        line(
            "finding",
            format!(
                "{}  support {}, {} left{against}",
                f.finding, f.support, f.support_left
            ),
        );
    }
    line(
        "and",
        format!(
            "{}, {}, {}, {}",
            count(reach.consents, "consent"),
            count(reach.responses, "response"),
            count(reach.values, "value"),
            count(reach.milestones, "milestone")
        ),
    );
    for f in &reach.files {
        let verb = if reach.mode == Mode::Erase && f.goes {
            "goes"
        } else {
            "stays"
        };
        let path = if f.path.is_empty() {
            "somewhere"
        } else {
            super::erase::from_here(&f.path)
        };
        line("file", format!("{}  {path}  {verb}: {}", f.kind, f.why));
    }
    for open in &reach.unassigned {
        line(
            "unassigned",
            format!("a label in {}: may be theirs", open.transcript),
        );
    }
    if let Some(erased) = &done.erased {
        for q in &erased.quoting {
            line(
                "quoted in",
                format!("{} ({})", q.text, count(q.places, "place")),
            );
        }
        for f in &erased.files {
            let verb = if f.goes { "goes" } else { "stays" };
            let path = super::erase::from_here(&f.path);
            line("file", format!("{}  {path}  {verb}: {}", f.kind, f.why));
        }
        for (what, n) in &erased.named {
            let things = match *what {
                "study" => "the study's title".to_owned(),
                "line of the record" if *n > 1 => format!("{n} lines of the record"),
                what => count(*n, what),
            };
            line(
                "named",
                format!("{things}: repeats their words in a name, which stays; rename it"),
            );
        }
        for t in &erased.alike {
            line(
                "alike",
                format!(
                    "{t} shares their words and is linked to somebody else or nobody: look at it"
                ),
            );
        }
        line(
            "record",
            format!(
                "{} erased, {} redacted, {}, {}",
                count(erased.images, "state"),
                erased.images_redacted,
                count(erased.reasons, "reason"),
                count(erased.lines, "line")
            ),
        );
    }
    if before || reach.mode == Mode::Erase {
        line("out of reach", reach.beyond.join("; "));
    }
    if let Some(finished) = &done.finished {
        out.push_str(&super::erase::finished_lines(finished));
    }
    out
}
