//! `check --evidence`: whether the chain of evidence holds.

use super::output::{Exit, Mode, Table, complain, count};
use super::{Context, io_error};
use crate::error::Result;
use crate::evidence::finding_check::{Broken, Chain, check};

impl Context {
    pub(super) fn check_evidence(&self) -> Result<Exit> {
        let study = self.read()?;
        let chain = check(&study)?;
        match self.out.mode {
            Mode::Csv => self.out.table(&chain, || table(&chain), ""),
            _ => self.out.text(&chain, || text(&chain)),
        }
        .map_err(io_error)?;
        let Some(first) = chain.problems.first() else {
            return Ok(Exit::Done);
        };
        complain(
            &format!(
                "the chain of evidence is broken in {}",
                count(chain.problems.len() as u64, "place")
            ),
            first
                .finding
                .map(|id| format!("begin with: casebook finding show {id}"))
                .as_deref(),
        );
        Ok(Exit::Refused)
    }
}

fn text(chain: &Chain) -> String {
    let mut out = if chain.holds {
        format!(
            "The chain of evidence holds for {}.\n",
            count(chain.findings as u64, "finding")
        )
    } else {
        format!("{} found:\n", count(chain.problems.len() as u64, "problem"))
    };
    for p in &chain.problems {
        out.push_str(&format!("  {}\n", line(p)));
    }
    if !chain.warnings.is_empty() {
        out.push_str(&format!(
            "{}:\n",
            count(chain.warnings.len() as u64, "warning")
        ));
    }
    for w in &chain.warnings {
        out.push_str(&format!("  {}\n", line(w)));
    }
    out
}

fn line(b: &Broken) -> String {
    match (b.finding, &b.cell) {
        (Some(finding), _) => format!("finding {finding}  {}: {}", b.fault, b.what),
        (None, Some(cell)) => format!("cell {cell}  {}: {}", b.fault, b.what),
        (None, None) => b.what.clone(),
    }
}

fn table(chain: &Chain) -> Table {
    let mut table = Table::new(&["weight", "fault", ">finding", "cell", "what"]);
    let all = chain.problems.iter().map(|b| ("problem", b));
    for (weight, b) in all.chain(chain.warnings.iter().map(|b| ("warning", b))) {
        table.row([
            weight.to_owned(),
            b.fault.to_string(),
            b.finding.map_or_else(String::new, |id| id.to_string()),
            b.cell.clone().unwrap_or_default(),
            b.what.clone(),
        ]);
    }
    table
}
