//! Words that single somebody out: a small number before a class of people, or the only one of it.

use super::{Document, Kind, Rule, Watch};

const PEOPLE: [&str; 6] = [
    "participant",
    "participants",
    "interviewee",
    "interviewees",
    "respondent",
    "respondents",
];

const NUMBERS: [&str; 10] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
];

/// Looks at one paragraph that is nobody's words.
pub(super) fn look(
    document: &Document,
    n: usize,
    watch: &Watch,
    mut put: impl FnMut(Rule, String),
) {
    let paragraph = &document.paragraphs[n];
    if let Kind::Row(cells) = &paragraph.kind {
        for (column, cell) in cells.iter().enumerate() {
            if number(cell).is_some_and(|n| n > 0 && n < watch.k_counts)
                && head(document, n, column).is_some_and(|h| {
                    let head = h.to_lowercase();
                    head == "people" || PEOPLE.contains(&head.as_str())
                })
            {
                put(Rule::SmallCount, format!("{cell} people"));
            }
        }
    }
    in_brackets(&paragraph.text, watch, &mut put);
    let words: Vec<String> = paragraph
        .text
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, ':' | '’' | '\'' | '-')))
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect();
    let clean = |w: &str| w.trim_end_matches(':').to_owned();
    let classes = classes(&watch.roles);
    for at in 0..words.len() {
        let rest = &words[at..];
        let longest = classes
            .iter()
            .filter(|class| {
                rest.len() >= class.len() && rest.iter().zip(*class).all(|(w, c)| clean(w) == *c)
            })
            .map(Vec::len)
            .max();
        let Some(length) = longest else { continue };
        let class = rest[..length]
            .iter()
            .map(|w| clean(w))
            .collect::<Vec<_>>()
            .join(" ");
        let before = at.checked_sub(1).map(|b| words[b].as_str());
        let two_before = at.checked_sub(2).map(|b| words[b].as_str());
        // `fewer than 5 participants` is what hides a number.
        let fewer = two_before == Some("than");
        if let Some(word) = before {
            let small = number(word).is_some_and(|n| n > 0 && n < watch.k_counts);
            if small && !fewer {
                put(Rule::SmallCount, format!("{word} {class}"));
            } else if word == "only" || (word == "single" && two_before == Some("a")) {
                put(Rule::SingleOut, format!("{word} {class}"));
            }
        }
        // Of roles there are few, so that these words are about somebody; of participants anybody says them.
        if !PEOPLE.contains(&class.as_str()) {
            let words_before = |n: usize| at.checked_sub(n).map(|b| words[b].as_str());
            let other = before == Some("other")
                && matches!(two_before, Some("the" | "my" | "their" | "his" | "her"));
            if matches!(before, Some("both" | "either" | "neither")) {
                put(
                    Rule::SingleOut,
                    format!("{} {class}", before.unwrap_or_default()),
                );
            } else if other {
                put(Rule::SingleOut, format!("other {class}"));
            } else if let (Some("the" | "these" | "our" | "their"), Some("of"), Some(of)) =
                (before, two_before, words_before(3))
            {
                // `two of the managers`, `both of the chairs`
                let small = number(of).is_some_and(|n| n > 0 && n < watch.k_counts);
                if small && words_before(4) != Some("than") {
                    put(
                        Rule::SmallCount,
                        format!("{of} of {} {class}", before.unwrap_or_default()),
                    );
                } else if matches!(of, "both" | "either" | "neither") {
                    put(
                        Rule::SingleOut,
                        format!("{of} of {} {class}", before.unwrap_or_default()),
                    );
                }
            }
        }
        // `Participants: 3`, as a fact.
        if at == 0
            && rest[length - 1].ends_with(':')
            && let Some(next) = rest.get(length)
            && number(next).is_some_and(|n| n > 0 && n < watch.k_counts)
        {
            put(Rule::SmallCount, format!("{next} {class}"));
        }
    }
}

/// `manager (1)`
fn in_brackets(text: &str, watch: &Watch, put: &mut impl FnMut(Rule, String)) {
    for (at, _) in text.match_indices('(') {
        let Some((inside, _)) = text[at + 1..].split_once(')') else {
            break;
        };
        let counted = inside
            .trim()
            .trim_start_matches('n')
            .trim_start_matches([' ', '=']);
        if !number(&counted.to_lowercase()).is_some_and(|n| n > 0 && n < watch.k_counts) {
            continue;
        }
        let before: Vec<String> = text[..at]
            .split_whitespace()
            .rev()
            .take(6)
            .map(str::to_lowercase)
            .collect();
        let longest = classes(&watch.roles)
            .into_iter()
            .filter(|class| {
                let same = class
                    .iter()
                    .rev()
                    .zip(&before)
                    .all(|(c, w)| w.trim_matches(|c: char| !c.is_alphanumeric()) == c);
                before.len() >= class.len() && same
            })
            .max_by_key(Vec::len);
        if let Some(class) = longest {
            put(
                Rule::SmallCount,
                format!("{} ({})", class.join(" "), inside.trim()),
            );
        }
    }
}

fn number(word: &str) -> Option<i64> {
    let by_name = NUMBERS.iter().position(|n| *n == word);
    by_name
        .and_then(|n| i64::try_from(n).ok())
        .or_else(|| word.replace(',', "").parse().ok())
}

/// The head of a column: the first of the rows that stand together.
fn head(document: &Document, n: usize, column: usize) -> Option<&str> {
    let first = document.paragraphs[..n]
        .iter()
        .rposition(|p| !matches!(p.kind, Kind::Row(_)))
        .map_or(0, |before| before + 1);
    match &document.paragraphs.get(first)?.kind {
        Kind::Row(cells) if first < n => cells.get(column).map(String::as_str),
        _ => None,
    }
}

/// Classes of people in one and in many, as words.
fn classes(roles: &[String]) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = PEOPLE.iter().map(|w| vec![(*w).to_owned()]).collect();
    for role in roles {
        let words: Vec<String> = role
            .to_lowercase()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        let many = |at: usize| {
            let mut words = words.clone();
            if let Some(word) = words.get_mut(at) {
                word.push('s');
            }
            words
        };
        if !words.is_empty() {
            // `chief executives`, `directors of finance`
            all.extend([words.clone(), many(words.len() - 1), many(0)]);
        }
    }
    all
}
