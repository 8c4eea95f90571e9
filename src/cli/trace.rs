//! `trace`: the chain of evidence, down from a finding and up from a passage.

use std::fmt::Write;

use clap::Args;
use serde::Serialize;

use super::finding_view::{head, said_by, strength, table, words, words_changed};
use super::output::{Exit, Mode, Table};
use super::{CliError, Context, io_error};
use crate::domain::filter::Filter;
use crate::domain::place::Place;
use crate::domain::span::printable;
use crate::domain::words::Bearing;
use crate::error::Result;
use crate::evidence::finding::{EvidenceView, FindingView, findings};
use crate::evidence::finding_passage::{Passage, SaidBy};
use crate::evidence::trace::{
    CellUse, CodingUse, FindingUse, ReportUse, Upwards, of_cell, of_coding, of_place, reports_of,
};
use crate::study::Study;

#[derive(Args)]
pub(super) struct TraceArgs {
    /// Down: finding N. Up: a place (T01:12), coding:N or cell:CASE,THEME
    #[arg(required = true, num_args = 1..=2, value_name = "WHAT")]
    what: Vec<String>,
    /// With a place: the one place within it where exactly these words stand
    #[arg(long, value_name = "WORDS")]
    quote: Option<String>,
}

/// A finding with the reports that print it.
#[derive(Serialize)]
struct Downwards {
    #[serde(flatten)]
    finding: FindingView,
    reports: Vec<ReportUse>,
}

impl Context {
    pub(super) fn trace(&self, args: &TraceArgs) -> Result<Exit> {
        let (kind, name) = match &args.what[..] {
            [one] => match one.split_once(':') {
                Some((kind @ ("finding" | "coding" | "cell"), name)) => (kind, name),
                _ => ("place", one.as_str()),
            },
            [kind, name] if matches!(kind.as_str(), "finding" | "coding" | "cell") => {
                (kind.as_str(), name.as_str())
            }
            _ => {
                return Err(CliError::refused(
                    format!(
                        "`{}` is nothing that can be followed",
                        printable(&args.what.join(" "))
                    ),
                    "as in: casebook trace finding 1, casebook trace T01:12, casebook trace coding:1000001",
                )
                .into());
            }
        };
        if args.quote.is_some() && kind != "place" {
            return Err(CliError::refused(
                "words are looked for in a place",
                "as in: casebook trace T01:12 --quote \"these words\"",
            )
            .into());
        }
        let number = || {
            name.parse::<i64>().map_err(|_| {
                CliError::refused(
                    format!("`{}` is no number of a {kind}", printable(name)),
                    if kind == "finding" {
                        "see findings and their numbers with: casebook finding list"
                    } else {
                        "see codings and their numbers with: casebook quotes"
                    },
                )
            })
        };
        let study = self.read()?;
        let found = match kind {
            "finding" => return self.trace_down(&study, number()?),
            "coding" => of_coding(&study, number()?)?,
            "cell" => of_cell(&study, name)?,
            _ => {
                let place: Place = name.parse()?;
                of_place(&study, &place, args.quote.as_deref())?
            }
        };
        match self.out.mode {
            Mode::Csv => self.out.table(&found, || up_table(&found), ""),
            _ => self.out.text(&found, || tree(&up(&found))),
        }
        .map_err(io_error)?;
        if found.codings.is_empty() && found.cell.is_none() && found.gone.is_empty() {
            self.out.say("Nothing is coded there.");
        }
        Ok(Exit::Done)
    }

    fn trace_down(&self, study: &Study, id: i64) -> Result<Exit> {
        let id = study.store.the_finding(id)?.id;
        let selection = study.select(&Filter::default())?;
        let Some(finding) = findings(&study.store, &selection, Some(id), true)?.pop() else {
            return Ok(Exit::Done);
        };
        let found = Downwards {
            reports: reports_of(&study.store, id)?,
            finding,
        };
        match self.out.mode {
            Mode::Csv => self.out.table(&found, || table(&found.finding), ""),
            _ => self.out.text(&found, || tree(&down(&found))),
        }
        .map_err(io_error)?;
        self.say_pending(found.finding.pending);
        Ok(Exit::Done)
    }
}

/// A line with what hangs below it; a line may have several, one under the other.
struct Node {
    line: String,
    below: Vec<Node>,
}

impl Node {
    fn new(line: impl Into<String>) -> Self {
        Self {
            line: line.into(),
            below: Vec::new(),
        }
    }

    fn with(line: impl Into<String>, below: Vec<Node>) -> Self {
        Self {
            line: line.into(),
            below,
        }
    }
}

fn tree(root: &Node) -> String {
    fn put(out: &mut String, node: &Node, first: &str, rest: &str) {
        let bar = if node.below.is_empty() { "" } else { "│  " };
        for (n, line) in printable(&node.line).lines().enumerate() {
            let before = if n == 0 {
                first.to_owned()
            } else {
                format!("{rest}{bar}")
            };
            writeln!(out, "{}", format!("{before}{line}").trim_end()).ok();
        }
        let last = node.below.len().saturating_sub(1);
        for (n, below) in node.below.iter().enumerate() {
            let (corner, under) = if n == last {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            put(
                out,
                below,
                &format!("{rest}{corner}"),
                &format!("{rest}{under}"),
            );
        }
    }
    let mut out = String::new();
    put(&mut out, root, "", "");
    out
}

fn down(found: &Downwards) -> Node {
    let f = &found.finding;
    let mut below = Vec::new();
    for (bears, head, how_much) in [
        (Bearing::Supports, "for", &f.support),
        (Bearing::Contradicts, "against", &f.against),
    ] {
        let all: Vec<Node> = f
            .evidence
            .iter()
            .filter(|e| e.bears == bears)
            .map(evidence)
            .collect();
        if !all.is_empty() {
            below.push(Node::with(format!("{head}: {}", strength(how_much)), all));
        }
    }
    for r in &f.rivals {
        let why = r
            .why
            .as_ref()
            .map_or_else(String::new, |w| format!(": {w}"));
        let all = r
            .evidence
            .iter()
            .map(|e| {
                let mut node = evidence(e);
                node.line = format!("{} {}", e.bears, node.line);
                node
            })
            .collect();
        below.push(Node::with(
            format!("rival {}  {}\n{}{why}", r.rival, r.text, r.verdict),
            all,
        ));
    }
    below.extend(reports(&found.reports, "printed in"));
    Node::with(format!("finding {}  {}", f.finding, f.claim), below)
}

fn evidence(e: &EvidenceView) -> Node {
    let head = format!("evidence {}", e.evidence);
    match (&e.cell, &e.transcript) {
        (Some(cell), _) => Node::with(
            format!("{head}: cell {}\n{}", cell.name(), cell.said()),
            e.passages
                .iter()
                .map(|p| Node::with(coding(p), vec![said(p)]))
                .collect(),
        ),
        (_, Some(t)) => Node::new(format!("{head}: {} as a whole, {}", t.transcript, t.source)),
        _ => match e.passages.first() {
            Some(p) => Node::with(
                format!("{head}: {}{}", coding(p), since(e.reworded)),
                vec![said(p)],
            ),
            None => Node::new(head),
        },
    }
}

/// On a line of its own: that the words of evidence are no longer those that were named.
fn since(reworded: Option<i64>) -> String {
    reworded.map_or_else(String::new, |event| format!("\n! {}", words_changed(event)))
}

fn coding(p: &Passage) -> String {
    format!("coding {}  {}  {}", p.coding, p.theme, p.coder)
}

/// Where it was said and by whom, what was promised, and the words.
fn said(p: &Passage) -> Node {
    let promised = said_by(&p.said_by, |s: &SaidBy| {
        let level = s.attribution.as_ref()?;
        let may = match s.quotable {
            Some(false) => "may not be quoted",
            _ => "may be quoted",
        };
        Some(match level.as_str() {
            "background" => level.clone(),
            _ => format!("{level}, {may}"),
        })
    });
    let mut line = head(p);
    if promised.is_empty() {
        line.push_str(&format!("  ({})", p.source));
    } else {
        line.push_str(&format!("  ({}; {promised})", p.source));
    }
    line.push('\n');
    line.push_str(&words(p, ""));
    Node::new(line)
}

fn reports(all: &[ReportUse], how: &str) -> Vec<Node> {
    all.iter()
        .map(|r| {
            let subject = r
                .subject
                .as_ref()
                .map_or_else(String::new, |s| format!(" {s}"));
            Node::new(format!(
                "{how} report {}: {}{subject}, {}, {}",
                r.report,
                r.kind,
                r.format,
                r.at.get(..10).unwrap_or_default()
            ))
        })
        .collect()
}

fn used(all: &[FindingUse]) -> Vec<Node> {
    all.iter()
        .map(|f| {
            let what = match f.rival {
                Some(rival) => format!("rival {rival} of finding {}", f.finding),
                None => format!("finding {}", f.finding),
            };
            Node::with(
                format!(
                    "{} {what} (evidence {})  {}{}",
                    f.bears,
                    f.evidence,
                    f.claim,
                    since(f.reworded)
                ),
                reports(&f.reports, "printed in"),
            )
        })
        .collect()
}

fn cell(c: &CellUse) -> Node {
    Node::with(format!("in the cell {}", c.cell.name()), used(&c.findings))
}

fn up(found: &Upwards) -> Node {
    let mut below: Vec<Node> = found.codings.iter().map(up_coding).collect();
    let mut line = found.of.clone();
    if let Some(cell) = &found.cell {
        if cell.cell.text.is_some() || cell.cell.held_back.is_some() {
            line.push_str(&format!("\n{}", cell.cell.said()));
        }
        let mut all = used(&cell.findings);
        all.append(&mut below);
        below = all;
    }
    if !found.transcript.is_empty() {
        below.push(Node::with(
            "the transcript as a whole",
            used(&found.transcript),
        ));
    }
    below.extend(found.gone.iter().map(|g| {
        Node::with(
            format!("coding {}  no longer in the study", g.coding),
            reports(&g.reports, "quoted in"),
        )
    }));
    Node::with(line, below)
}

fn up_coding(c: &CodingUse) -> Node {
    let mut below = used(&c.findings);
    below.extend(c.cells.iter().map(cell));
    below.extend(reports(&c.reports, "quoted in"));
    let mut line = format!("{}\n{}", coding(&c.passage), said(&c.passage).line);
    if below.is_empty() {
        line.push_str("used by nothing");
    }
    Node::with(line, below)
}

/// A row for each use; a coding that nothing uses has one too.
fn up_table(found: &Upwards) -> Table {
    let mut table = Table::new(&[
        ">coding",
        "place",
        "theme",
        "coder",
        "cell",
        ">finding",
        ">evidence",
        ">rival",
        "bears",
        ">report",
        "kind",
        "subject",
    ]);
    let mut put = |of: [String; 4], cell: &str, f: Option<&FindingUse>, r: Option<&ReportUse>| {
        let number = |n: Option<i64>| n.map_or_else(String::new, |n| n.to_string());
        table.row(of.into_iter().chain([
            cell.to_owned(),
            number(f.map(|f| f.finding)),
            number(f.map(|f| f.evidence)),
            number(f.and_then(|f| f.rival)),
            f.map_or_else(String::new, |f| f.bears.to_string()),
            number(r.map(|r| r.report)),
            r.map_or_else(String::new, |r| r.kind.clone()),
            r.and_then(|r| r.subject.clone()).unwrap_or_default(),
        ]));
    };
    let nothing = || [const { String::new() }; 4];
    let mut each = |of: [String; 4], cell: &str, all: &[FindingUse]| {
        for f in all {
            if f.reports.is_empty() {
                put(of.clone(), cell, Some(f), None);
            }
            for r in &f.reports {
                put(of.clone(), cell, Some(f), Some(r));
            }
        }
    };
    if let Some(cell) = &found.cell {
        each(nothing(), &cell.cell.name(), &cell.findings);
    }
    for c in &found.codings {
        let p = &c.passage;
        let of = [
            p.coding.to_string(),
            p.place.clone(),
            p.theme.clone(),
            p.coder.clone(),
        ];
        each(of.clone(), "", &c.findings);
        for cell in &c.cells {
            each(of.clone(), &cell.cell.name(), &cell.findings);
        }
    }
    each(nothing(), "", &found.transcript);
    for c in &found.codings {
        let p = &c.passage;
        let of = [
            p.coding.to_string(),
            p.place.clone(),
            p.theme.clone(),
            p.coder.clone(),
        ];
        for cell in c.cells.iter().filter(|cell| cell.findings.is_empty()) {
            put(of.clone(), &cell.cell.name(), None, None);
        }
        for r in &c.reports {
            put(of.clone(), "", None, Some(r));
        }
        if c.findings.is_empty() && c.cells.is_empty() && c.reports.is_empty() {
            put(of, "", None, None);
        }
    }
    for g in &found.gone {
        for r in &g.reports {
            let [_, place, theme, coder] = nothing();
            put(
                [g.coding.to_string(), place, theme, coder],
                "",
                None,
                Some(r),
            );
        }
    }
    table
}
