//! What stands in a cell of a file: the summary in its own words, a status in square brackets, or nothing. What would
//! read as something else takes a backslash, so that every summary comes back as it was.

use super::write::summary_text;
use crate::domain::words::CellStatus;

/// What a cell says: its status, and its summary where it is charted. A cell without a row says nothing.
pub(super) type Said = Option<(CellStatus, Option<String>)>;

/// As a file has it.
pub(super) fn written(status: CellStatus, text: Option<&str>) -> String {
    match (status, text) {
        (CellStatus::NotCharted, _) => String::new(),
        (CellStatus::Charted, text) => {
            let text = text.unwrap_or_default();
            if bracketed(text.trim_start_matches('\\')).is_some() {
                format!("\\{text}")
            } else {
                text.to_owned()
            }
        }
        (status, _) => format!("[{status}]"),
    }
}

/// Reads it back.
///
/// # Errors
/// A word in square brackets that is no status, or text that can't be a summary; without the words themselves.
pub(super) fn read(cell: &str) -> Result<Said, String> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(None);
    }
    if let Some(word) = bracketed(cell) {
        return match word.parse::<CellStatus>() {
            Ok(CellStatus::Charted | CellStatus::NotCharted) | Err(_) => {
                let near = crate::error::did_you_mean(
                    word,
                    CellStatus::WORDS
                        .iter()
                        .copied()
                        .filter(|w| !w.ends_with("charted")),
                );
                Err(match near {
                    Some(near) => format!("`[{word}]` is no status: did you mean `[{near}]`?"),
                    None => format!("`[{word}]` is no status; as a summary write `\\[{word}]`"),
                })
            }
            Ok(status) => Ok(Some((status, None))),
        };
    }
    let text = match cell.strip_prefix('\\') {
        Some(rest) if bracketed(rest.trim_start_matches('\\')).is_some() => rest,
        _ => cell,
    };
    summary_text(text)
        .map(|text| Some((CellStatus::Charted, Some(text))))
        .map_err(|error| error.to_string())
}

/// One word of small letters and hyphens in square brackets.
fn bracketed(cell: &str) -> Option<&str> {
    let word = cell.strip_prefix('[')?.strip_suffix(']')?;
    let fits = !word.is_empty()
        && word.len() <= 24
        && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    fits.then_some(word)
}

/// A cell of a CSV as the writer of tables leaves it: words that a spreadsheet would run get an apostrophe there. One
/// that begins with apostrophes before such a sign itself gets one more, so that both come back.
pub(super) fn guarded(cell: &str) -> String {
    if cell.starts_with('\'') && runs(cell) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// Reads it back.
pub(super) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if runs(cell) => rest,
        _ => cell,
    }
}

/// Whether, without apostrophes in front, a spreadsheet could take it for a formula.
fn runs(cell: &str) -> bool {
    cell.trim_start_matches('\'')
        .trim_start()
        .starts_with(['=', '+', '-', '@'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn statuses_and_summaries_are_told_apart() {
        for (cell, said) in [
            ("", None),
            ("[not-asked]", Some((CellStatus::NotAsked, None))),
            (" [withheld] ", Some((CellStatus::Withheld, None))),
            (
                "\\[not-asked]",
                Some((CellStatus::Charted, Some("[not-asked]".to_owned()))),
            ),
            (
                "\\\\[x]",
                Some((CellStatus::Charted, Some("\\[x]".to_owned()))),
            ),
            (
                "[Not asked]",
                Some((CellStatus::Charted, Some("[Not asked]".to_owned()))),
            ),
            (
                "\\alpha",
                Some((CellStatus::Charted, Some("\\alpha".to_owned()))),
            ),
        ] {
            assert_eq!(read(cell).expect(cell), said, "{cell}");
        }
        assert_eq!(
            read("[not-askd]").expect_err("no status"),
            "`[not-askd]` is no status: did you mean `[not-asked]`?"
        );
        assert!(read("[charted]").is_err() && read("[not-charted]").is_err());
        assert!(read("a\0b").is_err());
    }

    proptest! {
        #[test]
        fn every_summary_comes_back(typed in r"[\\\[\]'=+@|a-c\n -]{1,14}|\\{0,3}\[[a-z-]{0,12}\]|.{1,20}") {
            if let Ok(text) = summary_text(&typed) {
                let cell = written(CellStatus::Charted, Some(&text));
                prop_assert_eq!(read(&cell), Ok(Some((CellStatus::Charted, Some(text)))));
            }
        }

        #[test]
        fn apostrophes_come_back(cell in "'{0,3} {0,1}[=+@a5-]{0,3}") {
            // What the writer of tables does, in its strictest form: every sign that could begin a formula.
            let guarded = guarded(&cell);
            let written = if guarded.trim_start().starts_with(['=', '+', '-', '@']) { format!("'{guarded}") } else { guarded };
            prop_assert_eq!(unguarded(&written), cell);
        }
    }
}
