//! What a reader must know of the figures in a picture: their basis, and what they are rolled up from.

use crate::domain::figure::Rule;
use crate::indicator::figures::FigureTable;

/// Of the columns from `first` on that are of one indicator with it.
pub(super) fn notes(table: &FigureTable, first: usize) -> Vec<String> {
    let mut notes = Vec::new();
    let Some(head) = table.columns.get(first) else {
        return notes;
    };
    let basis: Vec<String> = head
        .basis
        .iter()
        .map(|(aspect, value)| format!("{aspect}: {value}"))
        .collect();
    if !basis.is_empty() {
        notes.push(format!("Measured on this basis: {}.", basis.join(", ")));
    }
    let places: Vec<usize> = (0..table.columns.len())
        .filter(|n| table.columns[*n].indicator == head.indicator)
        .collect();
    let shown = table
        .rows
        .iter()
        .flat_map(|r| places.iter().filter_map(|n| r.figures.get(*n)))
        .filter(|s| s.value.is_some());
    let (mut rolled, mut gaps) = (0, 0);
    for rests in shown.filter_map(|s| s.rests_on.as_ref()) {
        rolled += 1;
        gaps += usize::from(!rests.complete);
    }
    if rolled > 0 {
        let rule = head.rule.map_or("", Rule::word);
        notes.push(format!(
            "Rolled up from parts by the rule `{rule}`: {rolled}; of these {gaps} without some parts or times."
        ));
    }
    if head.rule == Some(Rule::MeanScore) && rolled > 0 {
        let scores: Vec<String> = head
            .scores
            .iter()
            .map(|(band, score)| format!("{band} = {score}"))
            .collect();
        notes.push(format!(
            "Bands were averaged by scores that the researchers declared: {}.",
            scores.join(", ")
        ));
    }
    if let Some(day) = &table.as_of {
        notes.push(format!(
            "Which case is part of which, as it stood on {day}."
        ));
    }
    notes.extend(table.notes.iter().cloned());
    notes
}
