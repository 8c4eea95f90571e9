//! One respondent per row: the questions as headings, the answers under them, everything else as attributes.

use std::collections::HashSet;

use super::columns::{Column, Use};
use super::error::TableError;
use super::rows_named;
use super::table::{RESPONDENTS, Row, Table};
use crate::import::made::Made;
use crate::import::words::on_one_line;
use crate::import::{Draft, Error, count, limits};

pub(super) fn read(table: &Table, rows: &[Row], columns: &[Column]) -> Result<Vec<Draft>, Error> {
    if rows.len() > RESPONDENTS {
        return Err(TableError::TooManyRespondents.into());
    }
    let of = |wanted: Use| -> Vec<usize> {
        (0..columns.len())
            .filter(|&c| columns[c].taken_as == wanted)
            .collect()
    };
    let (questions, respondent) = (of(Use::Question), of(Use::Respondent).first().copied());
    let names = attribute_names(columns);
    let mut out = Vec::new();
    let (mut silent, mut nameless, mut again) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    let (mut unanswered, mut total) = (0, 0);
    for row in rows {
        let mut draft = Draft::default();
        let mut made = Made::default();
        let mut open = 0;
        for &column in &questions {
            let answer = row.cell(column);
            if answer.is_empty() {
                open += 1;
                continue;
            }
            let heading = if made.text.is_empty() { "# " } else { "\n\n# " };
            made.push(heading);
            made.push(&columns[column].name);
            for paragraph in paragraphs(answer) {
                made.paragraph(None, paragraph, None, None, &mut draft.turns);
            }
        }
        if draft.turns.is_empty() {
            silent.push(row.number);
            continue;
        }
        unanswered += open;
        total += made.text.len();
        if total > limits::TEXT_CHARACTERS {
            return Err(Error::TextTooLong);
        }
        draft.text = made.text;
        draft.attributes = columns
            .iter()
            .zip(&names)
            .enumerate()
            .filter(|(n, (column, _))| {
                matches!(column.taken_as, Use::Attribute | Use::Respondent)
                    && !row.cell(*n).is_empty()
            })
            .map(|(n, (_, name))| (name.clone(), row.cell(n).to_owned()))
            .collect();
        let name = respondent.map_or("", |column| row.cell(column));
        if name.is_empty() {
            draft.part = Some(format!("{} {}", table.unit(), row.number));
            if respondent.is_some() {
                nameless.push(row.number);
            }
        } else {
            let name = on_one_line(name);
            if !seen.insert(name.to_lowercase()) {
                again.push(row.number);
            }
            draft.part = Some(name);
        }
        out.push(draft);
    }
    let Some(first) = out.first_mut() else {
        return Err(TableError::NoWords {
            column: "columns for answers",
        }
        .into());
    };
    let mut say = |rows: &[u64], one: &str, many: &str, what: &str| {
        if !rows.is_empty() {
            let named = rows_named(rows, table);
            first
                .warnings
                .push(format!("{} {what} ({named})", count(rows.len(), one, many)));
        }
    };
    say(
        &silent,
        "respondent",
        "respondents",
        "without any answer left out",
    );
    say(&nameless, "respondent", "respondents", "without an id");
    say(
        &again,
        "row",
        "rows",
        "of a respondent who has an earlier one",
    );
    if unanswered > 0 {
        first.warnings.push(format!(
            "{} left out with the heading",
            count(unanswered, "unanswered question", "unanswered questions")
        ));
    }
    for (why, many) in [
        ("it may say who somebody is", "that may say who somebody is"),
        ("no row has a value", "without a value"),
    ] {
        let n = columns
            .iter()
            .filter(|c| c.taken_as == Use::LeftOut && c.why == why)
            .count();
        if n > 0 {
            let keep = if why.starts_with("it may") {
                "; --attribute COLUMN keeps one"
            } else {
                ""
            };
            first.warnings.push(format!(
                "{} {many} left out{keep}",
                count(n, "column", "columns")
            ));
        }
    }
    Ok(out)
}

/// What blank lines part; a line break alone stays in its paragraph.
fn paragraphs(answer: &str) -> impl Iterator<Item = &str> {
    let mut rest = answer.trim();
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut at = 0;
        let mut end = rest.len();
        for line in rest.split_inclusive('\n') {
            if line.trim().is_empty() {
                end = at;
                break;
            }
            at += line.len();
        }
        let paragraph = rest[..end].trim();
        rest = rest[end..].trim_start();
        Some(paragraph)
    })
}

/// The columns' names; where two are the same, the later one is numbered, since an attribute has one value.
fn attribute_names(columns: &[Column]) -> Vec<String> {
    let mut taken = HashSet::new();
    columns
        .iter()
        .map(|column| {
            let mut name = column.name.clone();
            if matches!(column.taken_as, Use::Attribute | Use::Respondent) {
                let mut n = 2;
                while !taken.insert(name.to_lowercase()) {
                    name = format!("{} ({n})", column.name);
                    n += 1;
                }
            }
            name
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::paragraphs;

    #[test]
    fn answers_have_paragraphs() {
        let parts: Vec<&str> = paragraphs(" one\ntwo \n \n\nthree\n").collect();
        assert_eq!(parts, ["one\ntwo", "three"]);
        assert_eq!(paragraphs(" \n").count(), 0);
    }

    proptest! {
        #[test]
        fn nothing_of_an_answer_is_lost(answer in "[a-z \n\u{a0}\u{2028}é]{0,30}") {
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            let parts: Vec<&str> = paragraphs(&answer).collect();
            prop_assert_eq!(bare(&parts.concat()), bare(&answer));
            prop_assert!(parts.iter().all(|part| !part.is_empty()));
        }
    }
}
