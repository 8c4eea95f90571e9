//! What changed between two short texts, word by word: for definitions, which people compare by eye.

use std::collections::HashMap;

use imara_diff::{Algorithm, Diff, Token};
use serde::Serialize;

/// A run of words that stayed, went or came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Run {
    Same(String),
    Went(String),
    Came(String),
}

/// The runs of words, in order; what came stands behind what went. Words are what blanks part, so line breaks count
/// as blanks.
pub fn word_changes(old: &str, new: &str) -> Vec<Run> {
    let (old, new): (Vec<&str>, Vec<&str>) = (
        old.split_whitespace().collect(),
        new.split_whitespace().collect(),
    );
    let mut known: HashMap<&str, u32> = HashMap::new();
    let mut numbers = Vec::with_capacity(old.len() + new.len());
    for word in old.iter().chain(&new) {
        let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
        numbers.push(Token(*known.entry(word).or_insert(next)));
    }
    let (before, after) = numbers.split_at(old.len());
    let mut diff = Diff::default();
    diff.compute_with(Algorithm::Myers, before, after, 0);
    let mut runs = Vec::new();
    let mut push = |make: fn(String) -> Run, words: &[&str]| {
        if !words.is_empty() {
            runs.push(make(words.join(" ")));
        }
    };
    let mut at = 0;
    for hunk in diff.hunks() {
        let (went, came) = (
            hunk.before.start as usize..hunk.before.end as usize,
            hunk.after.start as usize..hunk.after.end as usize,
        );
        push(Run::Same, &old[at..went.start]);
        at = went.end;
        push(Run::Went, &old[went]);
        push(Run::Came, &new[came]);
    }
    push(Run::Same, &old[at..]);
    runs
}

/// The runs on one line: `[-went-]{+came+}`.
pub fn marked(runs: &[Run]) -> String {
    let mut out = String::new();
    let mut before: Option<&Run> = None;
    for run in runs {
        // What came stands close behind what it came for.
        let close = matches!((before, run), (Some(Run::Went(_)), Run::Came(_)));
        if before.is_some() && !close {
            out.push(' ');
        }
        match run {
            Run::Same(words) => out.push_str(words),
            Run::Went(words) => out.push_str(&format!("[-{words}-]")),
            Run::Came(words) => out.push_str(&format!("{{+{words}+}}")),
        }
        before = Some(run);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(old: &str, new: &str, expected: &str) {
        assert_eq!(marked(&word_changes(old, new)), expected);
    }

    #[test]
    fn words_that_went_and_came() {
        check(
            "Who decides here",
            "Who decides, and where",
            "Who [-decides here-]{+decides, and where+}",
        );
        check("one two", "one two", "one two");
        check("", "new words", "{+new words+}");
        check("old words", "", "[-old words-]");
        check("a b c", "a c", "a [-b-] c");
        check("a\nb", "a b", "a b");
        check("", "", "");
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_it(old in "[a-c ]{0,30}", new in "[a-c ]{0,30}") {
            let runs = word_changes(&old, &new);
            let read = |left: bool| {
                runs.iter()
                    .filter_map(|run| match run {
                        Run::Same(w) => Some(w.as_str()),
                        Run::Went(w) if left => Some(w.as_str()),
                        Run::Came(w) if !left => Some(w.as_str()),
                        _ => None,
                    })
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(read(true), flat(&old));
            prop_assert_eq!(read(false), flat(&new));
        }
    }
}
