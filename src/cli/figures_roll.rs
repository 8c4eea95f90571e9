//! How a roll-up shows: each whole with its figure, and its parts.

use super::figures::{cell, direction, gaps, joined, rule_in_words, some, told_by_parts, unit};
use super::output::count;
use crate::indicator::rolled::RolledTable;
use crate::indicator::shown::rounded;
use crate::report::sheet::{Cell, Sheet};

pub(super) fn rolled_sheet(found: &RolledTable) -> Sheet {
    let any_own = found.rows.iter().any(|r| r.own.is_some());
    let mut heads = vec!["case", "period", found.indicator.as_str(), "parts"];
    if any_own {
        heads.push("own");
    }
    heads.push("marks");
    let mut sheet = Sheet::new(format!("{} rolled up", found.indicator), heads);
    for row in &found.rows {
        let rests = row.figure.rests_on.as_ref();
        let mut cells: Vec<Cell> = vec![
            row.case.as_str().into(),
            row.period.as_str().into(),
            cell(&row.figure, found.decimals),
            rests.map_or(0, |r| r.with).into(),
        ];
        if any_own {
            cells.push(match &row.own {
                Some(own) => cell(own, found.decimals),
                None => Cell::Empty,
            });
        }
        let mut marks = Vec::new();
        let reason = row.figure.reason.clone();
        marks.extend(reason.filter(|_| !told_by_parts(&row.figure)));
        if row.figure.provisional {
            marks.push("provisional".to_owned());
        }
        marks.extend(rests.into_iter().flat_map(gaps));
        cells.push(marks.join("; ").into());
        sheet.row(cells);
    }
    let day = match &found.as_of {
        Some(day) => format!("on {day}"),
        None => "on the last day of each period".to_owned(),
    };
    sheet.note(format!(
        "{}: {}, {}; {}. Rolled up from parts ({}), as they stood {day}. Why so: {}",
        found.indicator,
        found.name,
        unit(found.scale, &found.unit),
        direction(found.better, found.scale),
        rule_in_words(found.rule, &found.scores),
        found.why
    ));
    for outside in &found.outside {
        sheet.note(format!(
            "{}: {} with figures in none of these: {}.",
            outside.period,
            count(outside.cases.len(), "case"),
            some(&outside.cases)
        ));
    }
    sheet
}

/// A decimal with all its digits.
fn plain(text: Option<&String>) -> Cell {
    use rust_decimal::prelude::ToPrimitive;
    let number = text.and_then(|t| t.parse::<rust_decimal::Decimal>().ok());
    number.map_or(Cell::Empty, |n| {
        Cell::decimal(n.to_f64(), u8::try_from(n.scale()).unwrap_or(0))
    })
}

pub(super) fn parts_sheet(found: &RolledTable) -> Sheet {
    use rust_decimal::prelude::ToPrimitive;
    let quotient = found
        .rows
        .iter()
        .flat_map(|r| &r.parts)
        .any(|p| p.denominator.is_some());
    let mut heads = vec!["case", "period", "part", found.indicator.as_str()];
    if quotient {
        heads.extend(["numerator", "denominator"]);
    }
    heads.push("marks");
    let mut sheet = Sheet::new("Parts", heads);
    for row in &found.rows {
        for part in &row.parts {
            let digits = u8::try_from(found.decimals).unwrap_or(0);
            let value = match (part.number, &part.value) {
                (Some(n), _) => Cell::decimal(rounded(n, found.decimals).to_f64(), digits),
                (None, Some(word)) => word.as_str().into(),
                (None, None) => Cell::Undefined,
            };
            let mut cells: Vec<Cell> = vec![
                row.case.as_str().into(),
                row.period.as_str().into(),
                part.case.as_str().into(),
                value,
            ];
            if quotient {
                cells.extend([&part.numerator, &part.denominator].map(|n| plain(n.as_ref())));
            }
            let mut marks: Vec<String> = part.reason.iter().map(|r| r.word().to_owned()).collect();
            if !part.lacking.is_empty() {
                marks.push(format!("without {}", some(&joined(&part.lacking))));
            }
            cells.push(marks.join("; ").into());
            sheet.row(cells);
        }
    }
    sheet
}
