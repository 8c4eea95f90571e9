//! `decision`: what participants' answers ask of the researchers, and what was decided.

use clap::Subcommand;
use serde::Serialize;

use super::output::Exit;
use super::table_file::TableFile;
use super::{CliError, Context, filled};
use crate::domain::words::Taken;
use crate::error::Result;
use crate::evidence::response::{ResponseView, Responses};
use crate::report::sheet::{Cell, Sheet};

#[derive(Subcommand)]
pub(super) enum DecisionCommand {
    /// List decisions: what was asked, and what came of it
    List {
        /// Only those that are not taken yet
        #[arg(long)]
        open: bool,
        /// Only on this finding
        #[arg(long, value_name = "N")]
        finding: Option<i64>,
        #[command(flatten)]
        file: TableFile,
    },
    /// Take a decision, with its reason; taking it again replaces it
    Take {
        /// The decision's number
        decision: i64,
        /// What came of it: changed, kept, noted or removed
        outcome: Taken,
    },
}

#[derive(Serialize)]
struct DecisionList {
    /// Answers that ask for a decision, each with it.
    decisions: Vec<ResponseView>,
    open: usize,
}

impl Context {
    pub(super) fn decision(&self, command: &DecisionCommand) -> Result<Exit> {
        match command {
            DecisionCommand::List {
                open,
                finding,
                file,
            } => self.decision_list(*open, *finding, file),
            DecisionCommand::Take { decision, outcome } => self.decision_take(*decision, *outcome),
        }
    }

    fn decision_list(&self, open: bool, finding: Option<i64>, file: &TableFile) -> Result<Exit> {
        let study = self.read()?;
        file.check(&study)?;
        if let Some(finding) = finding {
            study.store.the_finding(finding)?;
        }
        let is_open = |r: &ResponseView| r.decision.as_ref().is_some_and(|d| d.outcome.is_none());
        let mut found = Responses::read(&study.store)?
            .views(|r| r.kind.asks() && finding.is_none_or(|f| r.finding == Some(f)));
        let list = DecisionList {
            open: found.iter().filter(|r| is_open(r)).count(),
            decisions: {
                found.retain(|r| !open || is_open(r));
                found
            },
        };
        let mut sheet = Sheet::new(
            "Decisions",
            [
                "decision",
                "outcome",
                "finding",
                "participant",
                "answer",
                "text",
                "why",
            ],
        );
        for r in &list.decisions {
            let Some(d) = &r.decision else { continue };
            sheet.row([
                Cell::Whole(d.decision),
                d.outcome.map_or("open", |o| o.word()).into(),
                r.finding.map_or("whole".into(), Cell::Whole),
                r.participant.clone().into(),
                r.answer.word().into(),
                r.held_back
                    .map_or_else(|| r.text.clone().into(), |why| format!("({why})").into()),
                d.why.clone().into(),
            ]);
        }
        if list.open > 0 {
            sheet.note(format!("{} open.", list.open));
        }
        self.tables(
            &study,
            file,
            &list,
            &[sheet],
            "No decisions: they are opened by answers that disagree, correct or ask to remove.",
        )?;
        Ok(Exit::Done)
    }

    fn decision_take(&self, decision: i64, outcome: Taken) -> Result<Exit> {
        // The reason is the global `--why`: it stands with the decision, and reports tell it.
        let why = self
            .global
            .why
            .as_deref()
            .map(|why| {
                filled(why).map_err(|problem| {
                    CliError::refused(
                        format!("the reason can't be taken: {problem}"),
                        "write it in one line: --why TEXT",
                    )
                })
            })
            .transpose()?
            .ok_or_else(|| {
                CliError::refused(
                    "a decision needs its reason",
                    format!("give it: casebook decision take {decision} {outcome} --why TEXT"),
                )
            })?;
        let study = self.write()?;
        let id = study.store.the_decision(decision)?.id;
        let ((), event) = study.change("decision take", |tx| {
            let before = tx.the_decision(id)?;
            if before.outcome != Some(outcome) || before.why.as_deref() != Some(&why) {
                tx.take_decision(id, outcome, &why, tx.coder(&study.session.coder)?)?;
            }
            tx.summary(format!("decide {id}: {outcome}"));
            Ok(())
        })?;
        self.done(&format!("Decision {id}: {outcome}."), event);
        Ok(Exit::Done)
    }
}
