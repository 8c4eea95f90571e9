//! A table of counts for others than the team: small counts of people hidden, with what would give them away.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::CliError;
use super::matrix::MatrixArgs;
use crate::analysis::matrix::{Matrix, Unit};
use crate::coding::crosstab::{Dimension, Dimensions, crosstab};
use crate::domain::filter::Filter;
use crate::error::Result;
use crate::governance::suppress::{Hidden, Table, suppress};
use crate::report::sheet::{Cell, Sheet};
use crate::report::{narrowed_to, people_left};
use crate::store::K_COUNTS;
use crate::study::Study;

const STAR: &str = "*";

/// What is hidden of a table, and from how many people on a count is printed.
pub(super) struct Suppressed {
    hidden: Hidden,
    k: i64,
}

/// Refuses what can't be shown outside the team: a row for each person, and figures from which counts follow.
pub(super) fn refuse(args: &MatrixArgs, asked: &Dimensions) -> Result<()> {
    let each = [&asked.rows, &asked.cols]
        .into_iter()
        .any(|d| matches!(d, Dimension::Participant | Dimension::Transcript));
    if each {
        return Err(CliError::refused(
            "a table by participant or transcript is for the team: each of its lines is one person's",
            "choose other rows and columns, or add: --audience team",
        )
        .into());
    }
    if args.is_measured() {
        return Err(CliError::refused(
            "shares and rates are for the team: counts that are too small could be worked out from them",
            "leave them out, or add: --audience team",
        )
        .into());
    }
    Ok(())
}

/// What must be hidden. Counts of people are judged by themselves; others by the people behind them, in tables by what
/// people are. Counts of cases are about nobody.
pub(super) fn of(
    study: &Study,
    filter: &Filter,
    asked: &Dimensions,
    matrix: &Matrix,
) -> Result<Suppressed> {
    let k = study.store.study()?.k_counts.unwrap_or(K_COUNTS);
    let table = table(matrix);
    let personal = [&asked.rows, &asked.cols]
        .into_iter()
        .any(|d| matches!(d, Dimension::Role | Dimension::Attribute(..)));
    let limit = u64::try_from(k).unwrap_or(1);
    let hidden = match asked.count {
        Unit::Participants => suppress(&table, None, limit),
        Unit::Cases => suppress(&table, None, 0),
        _ if personal => {
            let by_people = Dimensions {
                count: Unit::Participants,
                ..asked.clone()
            };
            let people = crosstab(study, filter, &by_people)?.matrix;
            let people = in_order(&people, matrix);
            suppress(&table, Some(&self::table(&people)), limit)
        }
        _ => suppress(&table, None, 0),
    };
    Ok(Suppressed { hidden, k })
}

fn table(matrix: &Matrix) -> Table<'_> {
    Table {
        cells: &matrix.cells,
        row_totals: &matrix.row_totals,
        col_totals: &matrix.col_totals,
        total: matrix.total,
    }
}

/// A row or column as reports name it.
fn said(study: &Study, by: &Dimension, name: &str, depth: Option<usize>) -> Result<String> {
    Ok(match by {
        Dimension::Theme if depth.is_some() => format!("theme {name}/*"),
        Dimension::Theme => format!("theme {name}"),
        Dimension::Case => match study.store.find_case(name)? {
            Some(case) => format!("case {}", case.name),
            None => format!("case {name}"),
        },
        Dimension::Role => format!("role {}", name.to_lowercase()),
        Dimension::Phase => match study.store.phase(name) {
            Ok(phase) => format!("phase {}", phase.name),
            Err(_) => format!("phase {name}"),
        },
        Dimension::Attribute(_, key) => format!("{key} {name}"),
        Dimension::Coder => format!("coder {name}"),
        Dimension::Section => format!("section {name}"),
        Dimension::Participant | Dimension::Transcript => name.to_owned(),
    })
}

/// A table with the rows and columns of another, by their names. What it has not counts nobody.
fn in_order(of: &Matrix, like: &Matrix) -> Matrix {
    let place = |names: &[String], name: &String| names.iter().position(|n| n == name);
    let rows: Vec<Option<usize>> = like.rows.iter().map(|n| place(&of.rows, n)).collect();
    let cols: Vec<Option<usize>> = like.cols.iter().map(|n| place(&of.cols, n)).collect();
    Matrix {
        cells: rows
            .iter()
            .map(|r| {
                let cell = |c: &Option<usize>| Some(of.cells[(*r)?][(*c)?]);
                cols.iter().map(|c| cell(c).unwrap_or_default()).collect()
            })
            .collect(),
        row_totals: rows
            .iter()
            .map(|r| r.map_or(0, |r| of.row_totals[r]))
            .collect(),
        col_totals: cols
            .iter()
            .map(|c| c.map_or(0, |c| of.col_totals[c]))
            .collect(),
        ..of.clone()
    }
}

impl Suppressed {
    /// Puts stars in the table: a first column of names, then the cells and the total, and a last row of totals.
    pub(super) fn put(&self, sheet: &mut Sheet) {
        let hidden = &self.hidden;
        let rows = hidden.cells.iter().zip(&hidden.row_totals);
        let lines: Vec<Vec<bool>> = rows
            .map(|(cells, total)| cells.iter().chain([total]).copied().collect())
            .chain([hidden
                .col_totals
                .iter()
                .chain([&hidden.total])
                .copied()
                .collect()])
            .collect();
        for (row, stars) in sheet.rows.iter_mut().zip(lines) {
            for (cell, star) in row.iter_mut().skip(1).zip(stars) {
                if star {
                    *cell = Cell::from(STAR);
                }
            }
        }
        if hidden.count() > 0 {
            sheet.note(format!(
                "* stands for fewer than {} people, or for a number from which such a one could be worked out. 0 is nobody, and stays.",
                self.k
            ));
        }
    }

    /// The counts of people that are printed, as reports name them in the register.
    pub(super) fn counts(
        &self,
        study: &Study,
        filter: &Filter,
        asked: &Dimensions,
        matrix: &Matrix,
    ) -> Result<BTreeMap<String, u64>> {
        let mut counts = BTreeMap::new();
        if asked.count != Unit::Participants {
            return Ok(counts);
        }
        let rows = matrix
            .rows
            .iter()
            .map(|name| said(study, &asked.rows, name, asked.depth));
        let rows = rows.collect::<Result<Vec<String>>>()?;
        let cols = matrix
            .cols
            .iter()
            .map(|name| said(study, &asked.cols, name, asked.depth));
        let cols = cols.collect::<Result<Vec<String>>>()?;
        let within = narrowed_to(study, filter)?;
        let themes = filter.themes.join(" ");
        // Everybody of a case, or in all, is who a report counts too; fewer are those with a coding.
        let everybody = |by: &Dimension, name: &str| {
            let mut filter = filter.clone();
            match by {
                Dimension::Case => filter.cases.push(name.to_owned()),
                Dimension::Role => filter.roles.push(name.to_owned()),
                _ => return None,
            }
            people_left(study, &filter).ok()
        };
        let all = people_left(study, filter)?;
        let mut keep = |parts: [&str; 2], n: u64, hidden: bool, of_all: Option<usize>| {
            if hidden || n == 0 {
                return;
            }
            let coded = of_all.is_some_and(|all| all as u64 != n);
            // A theme stands first, as in reports; what the filter takes stands last.
            let mut parts: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
            parts.sort_by_key(|part| !part.starts_with("theme "));
            if !themes.is_empty() {
                parts.insert(0, &themes);
            }
            parts.extend((!within.is_empty()).then_some(within.as_str()));
            if parts.is_empty() {
                parts.push("participants");
            }
            if coded {
                parts.insert(0, "coded");
            }
            counts.insert(parts.join(" "), n);
        };
        for (i, row) in rows.iter().enumerate() {
            for (j, col) in cols.iter().enumerate() {
                keep(
                    [row, col],
                    matrix.cells[i][j],
                    self.hidden.cells[i][j],
                    None,
                );
            }
            let of_all = everybody(&asked.rows, &matrix.rows[i]);
            keep(
                [row, ""],
                matrix.row_totals[i],
                self.hidden.row_totals[i],
                of_all,
            );
        }
        for (j, col) in cols.iter().enumerate() {
            let of_all = everybody(&asked.cols, &matrix.cols[j]);
            keep(
                ["", col],
                matrix.col_totals[j],
                self.hidden.col_totals[j],
                of_all,
            );
        }
        keep(["", ""], matrix.total, self.hidden.total, Some(all));
        Ok(counts)
    }

    /// The table as JSON, null where a number is hidden.
    pub(super) fn json(&self, matrix: &Matrix) -> Value {
        let hidden = &self.hidden;
        let line = |values: &[u64], stars: &[bool]| -> Vec<Option<u64>> {
            let both = values.iter().zip(stars);
            both.map(|(n, star)| (!star).then_some(*n)).collect()
        };
        let cells = matrix.cells.iter().zip(&hidden.cells);
        json!({
            "rows": matrix.rows,
            "cols": matrix.cols,
            "count": matrix.count,
            "cells": cells.map(|(row, stars)| line(row, stars)).collect::<Vec<_>>(),
            "row_totals": line(&matrix.row_totals, &hidden.row_totals),
            "col_totals": line(&matrix.col_totals, &hidden.col_totals),
            "total": (!hidden.total).then_some(matrix.total),
            "pending": matrix.pending,
            "k_counts": self.k,
            "suppressed": hidden.count(),
        })
    }
}
