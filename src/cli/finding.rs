//! `finding`: the study's claims, with what speaks for and against them.

use std::collections::BTreeSet;

use serde::Serialize;

use super::finding_args::{
    AddArgs, EditArgs, EvidenceArgs, FindingCommand, PredictArgs, RemoveArgs, RivalArgs,
};
use super::output::{Exit, Table, count};
use super::{CliError, Context, io_error};
use crate::domain::filter::Filter;
use crate::domain::place::Place;
use crate::domain::words::{Bearing, Outcome, Replication, Verdict};
use crate::error::Result;
use crate::evidence::finding::{FindingView, findings};
use crate::evidence::finding_change::{self as change, Target, Typed};
use crate::store::Rival;

#[derive(Serialize)]
struct Added {
    finding: i64,
    event: Option<i64>,
}

#[derive(Serialize)]
struct EvidenceAdded {
    finding: i64,
    bears: Bearing,
    evidence: Vec<i64>,
    /// Evidence that was there already.
    known: usize,
    event: Option<i64>,
}

#[derive(Serialize)]
struct RivalAdded {
    finding: i64,
    rival: i64,
    verdict: Verdict,
    event: Option<i64>,
}

#[derive(Serialize)]
struct FindingList {
    findings: Vec<FindingView>,
}

impl Context {
    pub(super) fn finding(&self, command: &FindingCommand) -> Result<Exit> {
        match command {
            FindingCommand::Add(args) => self.finding_add(args),
            FindingCommand::List => self.finding_list(),
            FindingCommand::Show { finding } => self.finding_show(*finding),
            FindingCommand::Edit(args) => self.finding_edit(args),
            FindingCommand::Remove(args) => self.finding_remove(args),
            FindingCommand::Support(args) => self.finding_evidence(args, Bearing::Supports),
            FindingCommand::Contradict(args) => self.finding_evidence(args, Bearing::Contradicts),
            FindingCommand::Withdraw { finding, evidence } => {
                self.finding_withdraw(*finding, evidence)
            }
            FindingCommand::Confirm { finding, evidence } => {
                self.finding_confirm(*finding, evidence)
            }
            FindingCommand::Rival(args) => self.finding_rival(args),
            FindingCommand::Looked { finding, text } => self.finding_looked(*finding, text),
            FindingCommand::Predict(args) => self.finding_predict(args),
            FindingCommand::Result {
                finding,
                case,
                result,
                text,
            } => self.finding_result(*finding, case, *result, text),
        }
    }

    fn finding_add(&self, args: &AddArgs) -> Result<Exit> {
        if args.at == Some(0) {
            return Err(places());
        }
        let study = self.write()?;
        let (id, event) = study.change("finding add", |tx| {
            let coder = tx.coder(&study.session.coder)?;
            let detail = args.detail.as_deref().and_then(words);
            let id = tx.add_finding(&args.claim, detail, !args.not_reported, args.at, coder)?;
            tx.summary(format!("add finding {id}"));
            Ok(id)
        })?;
        let added = Added { finding: id, event };
        self.out
            .text(&added, || format!("finding {id}\n"))
            .map_err(io_error)?;
        self.done("Added the finding.", event);
        Ok(Exit::Done)
    }

    fn finding_list(&self) -> Result<Exit> {
        let study = self.read()?;
        let selection = study.select(&Filter::default())?;
        // Words stand in JSON alone.
        let words = self.out.mode == super::output::Mode::Json;
        let list = FindingList {
            findings: findings(&study.store, &selection, None, words)?,
        };
        self.out
            .table(
                &list,
                || {
                    let mut table = Table::new(&[
                        ">finding",
                        "claim",
                        "reported",
                        ">passages",
                        ">participants",
                        ">cases",
                        "sources",
                        ">against",
                        "rivals",
                        "flags",
                        "answers",
                    ]);
                    for f in &list.findings {
                        table.row([
                            f.finding.to_string(),
                            f.claim.clone(),
                            if f.reported { "yes" } else { "no" }.to_owned(),
                            f.support.passages.to_string(),
                            f.support.participants.to_string(),
                            f.support.cases.to_string(),
                            joined(&f.support.sources),
                            f.against.passages.to_string(),
                            joined(&f.rivals.iter().map(|r| r.verdict).collect::<Vec<_>>()),
                            joined(&f.flags),
                            f.answers.said(),
                        ]);
                    }
                    table
                },
                "No findings. Add one with: casebook finding add CLAIM",
            )
            .map_err(io_error)?;
        self.say_pending(list.findings.iter().map(|f| f.pending).sum());
        Ok(Exit::Done)
    }

    fn finding_show(&self, finding: i64) -> Result<Exit> {
        let study = self.read()?;
        let found = study.store.the_finding(finding)?;
        let selection = study.select(&Filter::default())?;
        let mut all = findings(&study.store, &selection, Some(found.id), true)?;
        let total = study.store.findings()?.len();
        let Some(view) = all.pop() else {
            return Ok(Exit::Done);
        };
        match self.out.mode {
            super::output::Mode::Csv => {
                self.out
                    .table(&view, || super::finding_view::table(&view), "")
            }
            _ => self
                .out
                .text(&view, || super::finding_view::text(&view, total)),
        }
        .map_err(io_error)?;
        self.say_pending(view.pending);
        Ok(Exit::Done)
    }

    fn finding_edit(&self, args: &EditArgs) -> Result<Exit> {
        if args.at == Some(0) {
            return Err(places());
        }
        let study = self.write()?;
        let ((), event) = study.change("finding edit", |tx| {
            let before = tx.the_finding(args.finding)?;
            let mut after = before.clone();
            if let Some(claim) = &args.claim {
                after.claim.clone_from(claim);
            }
            if let Some(detail) = &args.detail {
                after.detail = words(detail).map(str::to_owned);
            }
            if args.reported || args.not_reported {
                after.reported = args.reported;
            }
            if after != before {
                tx.put_finding(&after, tx.coder(&study.session.coder)?)?;
            }
            if let Some(at) = args.at {
                tx.place_finding(before.id, at)?;
            }
            tx.summary(format!("edit finding {}", before.id));
            Ok(())
        })?;
        self.done(&format!("Edited finding {}.", args.finding), event);
        Ok(Exit::Done)
    }

    fn finding_remove(&self, args: &RemoveArgs) -> Result<Exit> {
        let study = self.write()?;
        let id = study.store.the_finding(args.finding)?.id;
        let evidence = study.store.evidence_of(Some(id))?.len();
        let rivals = study.store.rivals(Some(id))?.len();
        let predictions = study.store.predictions(Some(id))?.len();
        let on = crate::store::MemoOn::Finding(id);
        let memos = study.store.memos()?.iter().filter(|m| m.on == on).count();
        let answers = study.store.responses()?;
        let answers = answers.iter().filter(|r| r.finding == Some(id)).count();
        let mut goes = vec![
            format!("{} of evidence", count(evidence as u64, "piece")),
            count(rivals as u64, "rival"),
            count(predictions as u64, "prediction"),
            count(memos as u64, "memo"),
        ];
        if answers > 0 {
            goes.push(count(answers as u64, "answer"));
        }
        let last = goes.pop().unwrap_or_default();
        let what = format!(
            "Removing finding {id} takes {} and {last} with it; codings stay",
            goes.join(", ")
        );
        if args.dry_run {
            self.out.say(&what);
            return Ok(Exit::Done);
        }
        self.confirm(
            args.yes || evidence + rivals + predictions + memos + answers == 0,
            &what,
        )?;
        let ((), event) = study.change("finding remove", |tx| {
            tx.remove_finding(id)?;
            tx.summary(format!("remove finding {id}"));
            Ok(())
        })?;
        self.done(&format!("Removed finding {id}."), event);
        Ok(Exit::Done)
    }

    fn finding_evidence(&self, args: &EvidenceArgs, bears: Bearing) -> Result<Exit> {
        let study = self.write()?;
        let finding = study.store.the_finding(args.finding)?.id;
        let verb = match bears {
            Bearing::Supports => "support",
            Bearing::Contradicts => "contradict",
        };
        if let Some(place) = &args.place {
            let place: Place = place.parse()?;
            return Err(change::only_codings(
                &study,
                finding,
                verb,
                &place,
                args.quote.as_deref(),
            )?
            .into());
        }
        let on = change::find(
            &study,
            &Typed {
                codings: args.coding.clone(),
                cells: args.cell.clone(),
                transcripts: args.transcript.clone(),
            },
        )?;
        if on.is_empty() {
            return Err(CliError::refused(
                "it is not said what the evidence is",
                format!("name a coding, a cell of the frame or a transcript: casebook finding {verb} {finding} --coding N"),
            )
            .into());
        }
        let rival = args
            .rival
            .map(|r| change::rival_of(&study.store, finding, Some(r)))
            .transpose()?
            .map(|r| r.id);
        let ((added, known), event) = study.change(
            match bears {
                Bearing::Supports => "finding support",
                Bearing::Contradicts => "finding contradict",
            },
            |tx| {
                let coder = tx.coder(&study.session.coder)?;
                let target = Target { finding, rival };
                let (added, known) =
                    change::add(tx, target, bears, &on, args.note.as_deref(), coder)?;
                tx.summary(format!(
                    "{verb} {} with {} of evidence",
                    match rival {
                        Some(rival) => format!("rival {rival} of finding {finding}"),
                        None => format!("finding {finding}"),
                    },
                    count(added.len() as u64, "piece")
                ));
                Ok((added, known))
            },
        )?;
        let done = EvidenceAdded {
            finding,
            bears,
            known,
            evidence: added,
            event,
        };
        self.out
            .text(&done, || {
                let added: Vec<String> = done.evidence.iter().map(ToString::to_string).collect();
                if added.is_empty() {
                    return format!("{} there already\n", count(known as u64, "piece"));
                }
                format!("evidence {}\n", added.join(", "))
            })
            .map_err(io_error)?;
        self.done(&format!("Named what {bears} finding {finding}."), event);
        Ok(Exit::Done)
    }

    fn finding_withdraw(&self, finding: i64, evidence: &[i64]) -> Result<Exit> {
        let study = self.write()?;
        let (n, event) = study.change("finding withdraw", |tx| {
            let finding = tx.the_finding(finding)?;
            let gone: BTreeSet<i64> = evidence.iter().copied().collect();
            for id in &gone {
                tx.remove_evidence(change::evidence_of(tx, &finding, *id)?.id)?;
            }
            tx.summary(format!(
                "withdraw {} of evidence from finding {}",
                count(gone.len() as u64, "piece"),
                finding.id
            ));
            Ok(gone.len())
        })?;
        self.done(
            &format!(
                "Took {} of evidence off finding {finding}.",
                count(n as u64, "piece")
            ),
            event,
        );
        Ok(Exit::Done)
    }

    fn finding_confirm(&self, finding: i64, evidence: &[i64]) -> Result<Exit> {
        let study = self.write()?;
        let (n, event) = study.change("finding confirm", |tx| {
            let finding = tx.the_finding(finding)?;
            let n = change::confirm(tx, &finding, evidence)?;
            tx.summary(format!(
                "confirm {} of evidence of finding {}",
                count(n as u64, "piece"),
                finding.id
            ));
            Ok(n)
        })?;
        self.done(
            &format!(
                "Confirmed {} of evidence of finding {finding}.",
                count(n as u64, "piece")
            ),
            event,
        );
        Ok(Exit::Done)
    }

    fn finding_rival(&self, args: &RivalArgs) -> Result<Exit> {
        let study = self.write()?;
        let finding = study.store.the_finding(args.finding)?.id;
        let why = self.global.why.as_deref();
        let adds = args.rival.is_none() && args.text.is_some();
        if args.text.is_none() && args.verdict.is_none() && !args.remove {
            return Err(CliError::refused(
                "it is not said what the rival explanation is, nor what became of it",
                format!("as in: casebook finding rival {finding} TEXT, or casebook finding rival {finding} --verdict rejected --why REASON"),
            )
            .into());
        }
        let (rival, event) = study.change("finding rival", |tx| {
            let coder = tx.coder(&study.session.coder)?;
            if args.remove {
                let rival = change::rival_of(tx, finding, args.rival)?;
                tx.remove_rival(rival.id)?;
                tx.summary(format!("remove rival {} of finding {finding}", rival.id));
                return Ok(rival);
            }
            let before = if adds {
                let text = args.text.as_deref().unwrap_or_default();
                let id = tx.add_rival(finding, text, coder)?;
                tx.summary(format!("add rival {id} to finding {finding}"));
                change::rival_of(tx, finding, Some(id))?
            } else {
                let rival = change::rival_of(tx, finding, args.rival)?;
                tx.summary(format!("edit rival {} of finding {finding}", rival.id));
                rival
            };
            let mut after: Rival = before.clone();
            if let Some(text) = &args.text {
                after.text.clone_from(text);
            }
            if let Some(verdict) = args.verdict {
                after = change::with_verdict(after, verdict, why)?;
            }
            if after != before {
                tx.put_rival(&after, coder)?;
            }
            Ok(after)
        })?;
        let view = RivalAdded {
            finding,
            rival: rival.id,
            verdict: rival.verdict,
            event,
        };
        self.out
            .text(&view, || format!("rival {}\n", view.rival))
            .map_err(io_error)?;
        let said = match (args.remove, adds, args.verdict) {
            (true, ..) => "Removed the rival.".to_owned(),
            (_, true, None) => "Added the rival.".to_owned(),
            (.., Some(verdict)) => format!("The rival is {verdict}."),
            _ => "Edited the rival.".to_owned(),
        };
        self.done(&said, event);
        Ok(Exit::Done)
    }

    fn finding_looked(&self, finding: i64, text: &str) -> Result<Exit> {
        let study = self.write()?;
        let ((), event) = study.change("finding looked", |tx| {
            let before = tx.the_finding(finding)?;
            let mut after = before.clone();
            after.looked = words(text).map(str::to_owned);
            if after != before {
                tx.put_finding(&after, tx.coder(&study.session.coder)?)?;
            }
            tx.summary(format!("say where finding {finding} was put to the test"));
            Ok(())
        })?;
        self.done("Kept where disconfirming evidence was looked for.", event);
        Ok(Exit::Done)
    }

    fn finding_predict(&self, args: &PredictArgs) -> Result<Exit> {
        let study = self.write()?;
        let finding = study.store.the_finding(args.finding)?.id;
        let case = study.store.case(&args.case)?;
        if args.remove {
            let there = change::prediction_of(&study.store, finding, case.id, &case.slug)?;
            let ((), event) = study.change("finding predict", |tx| {
                tx.remove_prediction(there.id)?;
                tx.summary(format!(
                    "remove what finding {finding} predicts for {}",
                    case.slug
                ));
                Ok(())
            })?;
            self.done("Took the prediction away.", event);
            return Ok(Exit::Done);
        }
        let today = study.session.now.get(..10).unwrap_or_default();
        let made = args
            .made
            .map_or_else(|| today.to_owned(), |day| day.to_string());
        if made.as_str() > today {
            return Err(CliError::refused(
                format!("{made} is still to come"),
                "give the day on which the prediction was written down, or leave --made out",
            )
            .into());
        }
        let kind = if args.theoretical {
            Replication::Theoretical
        } else {
            Replication::Literal
        };
        let text = args.text.as_deref().unwrap_or_default();
        let ((), event) = study.change("finding predict", |tx| {
            // The same said again was not entered anew.
            let there = tx.predictions(Some(finding))?;
            let same = there
                .iter()
                .any(|p| (p.case, p.kind, &*p.text, &*p.made) == (case.id, kind, text, &*made));
            if !same {
                tx.put_prediction(finding, case.id, kind, text, &made)?;
            }
            tx.summary(format!("predict finding {finding} for {}", case.slug));
            Ok(())
        })?;
        let (transcripts, first) = study.store.first_day_of_case(case.id)?;
        let timing =
            crate::evidence::finding_strength::timing(&made, transcripts, first.as_deref());
        if timing == crate::evidence::finding_strength::Timing::AfterData {
            self.out.warn(&format!(
                "it was written after the data: the first of {} is of {}",
                case.slug,
                first.unwrap_or_default()
            ));
        }
        self.done(&format!("Kept what is expected in {}.", case.slug), event);
        Ok(Exit::Done)
    }

    fn finding_result(
        &self,
        finding: i64,
        case: &str,
        result: Outcome,
        text: &str,
    ) -> Result<Exit> {
        let study = self.write()?;
        let finding = study.store.the_finding(finding)?.id;
        let case = study.store.case(case)?;
        let ((), event) = study.change("finding result", |tx| {
            let there = change::prediction_of(tx, finding, case.id, &case.slug)?;
            if (there.result, there.result_text.as_deref()) != (Some(result), Some(text)) {
                tx.put_result(there.id, result, text)?;
            }
            tx.summary(format!(
                "result of finding {finding} in {}: {result}",
                case.slug
            ));
            Ok(())
        })?;
        self.done(&format!("Kept what was found in {}.", case.slug), event);
        Ok(Exit::Done)
    }
}

fn places() -> crate::error::Failure {
    CliError::refused(
        "places among the findings count from 1",
        "see them with: casebook finding list",
    )
    .into()
}

/// Words that are there; none where only white space is.
fn words(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|t| !t.is_empty())
}

fn joined<T: ToString>(all: &[T]) -> String {
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    all.join(", ")
}
