//! What in one text still looks as though it said who somebody is. Nothing here knows a study.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::find::{Doubt, Names, marks};
use super::ordinary::{is_calendar, is_of_organisations, is_ordinary};
use super::patterns::{SignKind, patterns};
use super::tokens::{Gap, Shape, Token, fold, fold_into, is_title, tokens};
use crate::domain::words::words;

words! {
    /// How sure it is that something says who somebody is.
    Sureness, "degree of sureness" {
        High = "high",
        Medium = "medium",
        Low = "low",
    }
}

words! {
    /// What it looks like.
    SuspectKind, "kind of suspect" {
        /// A name of the key.
        Key = "name-in-key",
        Person = "person",
        Label = "speaker-label",
        Organisation = "organisation",
        Place = "place",
        Email = "e-mail",
        Phone = "phone",
        Postcode = "postcode",
        NhsNumber = "nhs-number",
        NiNumber = "ni-number",
        Registration = "registration-number",
        BirthDate = "date-of-birth",
        Date = "date",
        Url = "url",
        Handle = "handle",
        /// A role that only one participant has in the case.
        JobTitle = "job-title",
        /// A word with a capital where none is expected.
        Capital = "capitalised",
        Abbreviation = "abbreviation",
        /// A bracket that has no other.
        Bracket = "bracket",
        /// Brackets that look like a replacement which the key doesn't know.
        UnknownMark = "unknown-replacement",
    }
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    pub kind: SuspectKind,
    pub sure: Sureness,
    /// In bytes.
    pub span: Range<usize>,
    /// The key's entity, where it is one's name.
    pub entity: Option<u32>,
}

/// How words are written in a study: what stands in lower case too is no name.
#[derive(Default)]
pub struct Usage {
    /// Folded word → how often in lower case, and how often with a capital that no sentence asks for.
    words: HashMap<Box<str>, (u32, u32)>,
}

impl Usage {
    /// Reads a text's words.
    pub fn read(&mut self, text: &str, borders: &[usize]) {
        let mut folded = String::new();
        for token in tokens(text, borders) {
            let (lower, capital) = match token.shape {
                Shape::Lower => (1, 0),
                Shape::Capital if !token.starts => (0, 1),
                _ => continue,
            };
            folded.clear();
            fold_into(token.of(text), &mut folded);
            let count = match self.words.get_mut(folded.as_str()) {
                Some(count) => count,
                None => self.words.entry(folded.as_str().into()).or_default(),
            };
            *count = (count.0 + lower, count.1 + capital);
        }
    }

    /// Whether a word is one that people write in lower case.
    fn is_usual(&self, folded: &str) -> bool {
        self.words
            .get(folded)
            .is_some_and(|(lower, capital)| *lower > 0 && lower * 4 >= *capital)
    }

    fn never_lower(&self, folded: &str) -> bool {
        self.words.get(folded).is_none_or(|(lower, _)| *lower == 0)
    }
}

/// What an audit knows beside the text.
pub struct Knowledge<'a> {
    pub usage: &'a Usage,
    pub names: Option<&'a Names>,
    /// Replacements of the key, folded; `None`: there is no key.
    pub replacements: Option<&'a HashSet<String>>,
    /// Folded words and runs of words that are no names.
    pub ignored: &'a HashSet<String>,
}

/// Everything in a text that looks so, in its order; `borders` are those of turns and labels, `roles` folded job titles
/// that only one person has.
pub fn suspects(
    text: &str,
    borders: &[usize],
    roles: &[Vec<String>],
    known: &Knowledge,
) -> Vec<Suspect> {
    let mut found: Vec<Suspect> = Vec::new();
    if let Some(names) = known.names {
        for hit in names.find_between(text, borders) {
            let sure = match hit.doubt {
                None => Sureness::High,
                Some(Doubt::LowerCase | Doubt::OrdinaryWord) => Sureness::Low,
                Some(_) => Sureness::Medium,
            };
            found.push(Suspect {
                kind: SuspectKind::Key,
                sure,
                span: hit.span,
                entity: Some(hit.entity),
            });
        }
    }
    for sign in patterns(text) {
        found.push(of_sign(sign.kind, sign.span));
    }
    let tokens = tokens(text, borders);
    brackets(text, known, &mut found);
    titles_of_jobs(text, &tokens, roles, &mut found);
    runs(text, &tokens, known, &mut found);
    // What is known better stands before what only looks so.
    found.sort_by_key(|s| (s.sure, s.kind, s.span.start));
    let mut taken: Vec<Suspect> = Vec::with_capacity(found.len());
    let mut by_start: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    for suspect in found {
        let before = by_start.range(..suspect.span.end).next_back();
        if before.is_some_and(|(_, end)| *end > suspect.span.start) {
            continue;
        }
        // What is ignored covers what is in it.
        by_start.insert(suspect.span.start, suspect.span.end);
        let words = fold(text[suspect.span.clone()].trim());
        if known.ignored.contains(&words) {
            continue;
        }
        taken.push(suspect);
    }
    taken.sort_by_key(|s| s.span.start);
    taken
}

fn of_sign(kind: SignKind, span: Range<usize>) -> Suspect {
    use Sureness::{High, Low, Medium};
    let (kind, sure) = match kind {
        SignKind::Email => (SuspectKind::Email, High),
        SignKind::Phone => (SuspectKind::Phone, High),
        SignKind::Postcode => (SuspectKind::Postcode, High),
        SignKind::NhsNumber => (SuspectKind::NhsNumber, High),
        SignKind::NiNumber => (SuspectKind::NiNumber, High),
        SignKind::Registration => (SuspectKind::Registration, High),
        SignKind::BirthDate => (SuspectKind::BirthDate, High),
        SignKind::Date => (SuspectKind::Date, Low),
        SignKind::Url => (SuspectKind::Url, Medium),
        SignKind::Handle => (SuspectKind::Handle, Medium),
    };
    Suspect {
        kind,
        sure,
        span,
        entity: None,
    }
}

/// Brackets without another in their paragraph, and brackets that look like a replacement that nobody knows.
fn brackets(text: &str, known: &Knowledge, found: &mut Vec<Suspect>) {
    let mut open: Vec<usize> = Vec::new();
    let mut put = |kind, sure, span| {
        found.push(Suspect {
            kind,
            sure,
            span,
            entity: None,
        });
    };
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => open.push(at),
            b']' => match open.pop() {
                None => put(SuspectKind::Bracket, Sureness::Medium, at..at + 1),
                Some(from) => {
                    let inside = &text[from + 1..at];
                    if let Some(replacements) = known.replacements
                        && looks_like_replacement(inside)
                        && !replacements.contains(&fold(inside))
                    {
                        put(SuspectKind::UnknownMark, Sureness::Low, from..at + 1);
                    }
                }
            },
            b'\n' if text[at..].starts_with("\n\n") => {
                for from in open.drain(..) {
                    put(SuspectKind::Bracket, Sureness::Medium, from..from + 1);
                }
            }
            _ => {}
        }
    }
    for from in open {
        put(SuspectKind::Bracket, Sureness::Medium, from..from + 1);
    }
}

/// `Hospital B`, `P12`; not `inaudible 02:36`, `Laughter`, `00:13`.
fn looks_like_replacement(inside: &str) -> bool {
    let words: Vec<&str> = inside.split_whitespace().collect();
    let Some((first, last)) = words.first().zip(words.last()) else {
        return false;
    };
    let numbered = last.chars().all(|c| c.is_ascii_digit() || c.is_uppercase())
        && last.len() < 4
        && words.len() > 1;
    let code = words.len() == 1
        && first.len() < 6
        && first.starts_with(|c: char| c.is_ascii_uppercase())
        && first.ends_with(|c: char| c.is_ascii_digit());
    words.len() < 5
        && !inside.contains([':', '.', '?', '!'])
        && first.starts_with(char::is_uppercase)
        && (numbered || code)
}

/// Job titles that only one person has.
fn titles_of_jobs(text: &str, tokens: &[Token], roles: &[Vec<String>], found: &mut Vec<Suspect>) {
    if roles.is_empty() {
        return;
    }
    for at in 0..tokens.len() {
        for role in roles {
            let Some(here) = tokens.get(at..at + role.len()) else {
                continue;
            };
            let mut words = here.iter().zip(role);
            let tied = here[1..]
                .iter()
                .all(|t| matches!(t.gap, Gap::Blank | Gap::Hyphen));
            if tied && words.all(|(token, word)| fold(token.of(text)) == *word) {
                found.push(Suspect {
                    kind: SuspectKind::JobTitle,
                    sure: Sureness::Medium,
                    span: here[0].start..here[here.len() - 1].end,
                    entity: None,
                });
            }
        }
    }
}

/// Words with capitals where none is expected, alone and in runs.
fn runs(text: &str, tokens: &[Token], known: &Knowledge, found: &mut Vec<Suspect>) {
    let marks: Vec<Range<usize>> = marks(text, |inside| {
        looks_like_replacement(inside)
            || known
                .replacements
                .is_some_and(|r| r.contains(&fold(inside)))
    })
    .collect();
    let tokens: Vec<Token> = tokens
        .iter()
        .filter(|t| {
            let n = marks.partition_point(|m| m.end <= t.start);
            marks.get(n).is_none_or(|m| m.start > t.start)
        })
        .map(|t| Token {
            // What stands in brackets is a remark: its capital says nothing.
            starts: t.starts || text[..t.start].ends_with('['),
            ..*t
        })
        .collect();
    let tokens = &tokens[..];
    let mut at = 0;
    while at < tokens.len() {
        if !tokens[at].shape.is_capital() {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < tokens.len() {
            let tied = |t: &Token| {
                matches!(t.gap, Gap::Blank | Gap::Hyphen)
                    || t.gap == Gap::Apostrophe && t.shape.is_capital()
                    || t.gap == Gap::Dot && !t.starts
            };
            if tokens[end].shape.is_capital() && tied(&tokens[end]) {
                end += 1;
            } else if tokens.get(end + 1).is_some_and(|next| {
                // `University of Alder`, `Alder and Vale Trust`
                tied(&tokens[end])
                    && tied(next)
                    && next.shape.is_capital()
                    && matches!(
                        tokens[end].of(text),
                        "of" | "and" | "the" | "for" | "upon" | "on"
                    )
                    && is_of_organisations(&fold(tokens[end - 1].of(text)))
            }) {
                end += 2;
            } else {
                break;
            }
        }
        run(text, tokens, at..end, known, found);
        at = end;
    }
}

fn run(
    text: &str,
    tokens: &[Token],
    range: Range<usize>,
    known: &Knowledge,
    found: &mut Vec<Suspect>,
) {
    let says_nothing = |n: usize| {
        let word = tokens[n].of(text);
        let folded = fold(word);
        word.chars().count() < 2
            || word.bytes().any(|b| b.is_ascii_digit())
            || is_ordinary(&folded)
            || is_calendar(&folded)
            || known.ignored.contains(&folded)
            || (tokens[n].shape == Shape::Capital && known.usage.is_usual(&folded))
    };
    let (mut from, mut to) = (range.start, range.end);
    let titled = is_title(tokens[from].of(text));
    if titled {
        from += 1;
    }
    let institution_at = |n: usize| is_of_organisations(&fold(tokens[n].of(text)));
    let institution = (from..to).any(institution_at);
    // What a sentence begins with, and what is ordinary at either end, is no part of a name; but of an organisation's
    // name it may be: `Environmental Agency`.
    let goes = |n: usize| {
        says_nothing(n)
            && !institution_at(n)
            && (!institution || tokens[n].starts || tokens[n].shape != Shape::Capital)
    };
    while from < to && goes(from) {
        from += 1;
    }
    while to > from && goes(to - 1) {
        to -= 1;
    }
    if from >= to {
        return;
    }
    let words = to - from;
    let folded: Vec<String> = (from..to).map(|n| fold(tokens[n].of(text))).collect();
    let only_institution = folded
        .iter()
        .all(|w| is_of_organisations(w) || is_ordinary(w));
    let starts = tokens[from].starts;
    let before = from
        .checked_sub(1)
        .map(|n| fold(tokens[n].of(text)))
        .unwrap_or_default();
    // `CPUs` too
    let short = |n: usize| {
        let mut letters = tokens[n].of(text).chars();
        tokens[n].shape == Shape::Capitals || letters.by_ref().take(2).all(char::is_uppercase)
    };
    let capitals = (from..to).all(short);
    let shouted = capitals
        && from
            .checked_sub(1)
            .is_some_and(|n| tokens[n].shape == Shape::Capitals);
    let (kind, sure) = if titled && from == range.start + 1 {
        (SuspectKind::Person, Sureness::High)
    } else if only_institution {
        return;
    } else if institution && words > 1 {
        (SuspectKind::Organisation, Sureness::High)
    } else if capitals {
        if words > 2 || shouted || starts && words > 1 {
            return;
        }
        (SuspectKind::Abbreviation, Sureness::Low)
    } else if words > 1 {
        let sure = if starts && words == 2 && !known.usage.never_lower(&folded[0]) {
            Sureness::Low
        } else {
            Sureness::Medium
        };
        (SuspectKind::Person, sure)
    } else if starts {
        // A sentence's first word: a name only if the study writes it so elsewhere.
        let elsewhere = known
            .usage
            .words
            .get(folded[0].as_str())
            .is_some_and(|(lower, capital)| *lower == 0 && *capital > 0);
        if !elsewhere {
            return;
        }
        (SuspectKind::Capital, Sureness::Low)
    } else if matches!(&*before, "in" | "near" | "around" | "outside") {
        (SuspectKind::Place, Sureness::Medium)
    } else if known.usage.never_lower(&folded[0]) {
        (SuspectKind::Capital, Sureness::Medium)
    } else {
        (SuspectKind::Capital, Sureness::Low)
    };
    found.push(Suspect {
        kind,
        sure,
        span: tokens[from].start..tokens[to - 1].end,
        entity: None,
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::governance::pseudonym::find_tests::key;

    fn found(text: &str, with_key: bool, ignored: &[&str]) -> Vec<(SuspectKind, Sureness, String)> {
        let mut usage = Usage::default();
        usage.read(text, &[]);
        let names = Names::new(&key());
        let replacements: HashSet<String> = key()
            .entities
            .iter()
            .map(|e| fold(&e.replacement))
            .collect();
        let ignored: HashSet<String> = ignored.iter().map(|w| fold(w)).collect();
        let known = Knowledge {
            usage: &usage,
            names: with_key.then_some(&names),
            replacements: with_key.then_some(&replacements),
            ignored: &ignored,
        };
        let roles = [vec!["medical".to_owned(), "director".to_owned()]];
        suspects(text, &[], &roles, &known)
            .into_iter()
            .map(|s| (s.kind, s.sure, text[s.span].to_owned()))
            .collect()
    }

    #[test]
    fn what_looks_like_a_name_is_told_by_what_it_looks_like() {
        use Sureness::{High, Low, Medium};
        use SuspectKind as K;
        for (text, wanted) in [
            ("then Dr Quill spoke", vec![(K::Person, High, "Quill")]),
            (
                "We met Councillor Bo Quill there",
                vec![(K::Person, High, "Bo Quill")],
            ),
            (
                "at Alder Vale General Hospital, yes",
                vec![(K::Organisation, High, "Alder Vale General Hospital")],
            ),
            (
                "the University of Quillford",
                vec![(K::Organisation, High, "University of Quillford")],
            ),
            ("so Tamsin and I went", vec![(K::Capital, Medium, "Tamsin")]),
            (
                "we live in Quillford now",
                vec![(K::Place, Medium, "Quillford")],
            ),
            (
                "I asked Tamsin Quill",
                vec![(K::Person, Medium, "Tamsin Quill")],
            ),
            ("the AVQ does", vec![(K::Abbreviation, Low, "AVQ")]),
            (
                "as the medical director said",
                vec![(K::JobTitle, Medium, "medical director")],
            ),
            (
                "ring 020 7946 0123 [now",
                vec![(K::Phone, High, "020 7946 0123"), (K::Bracket, Medium, "[")],
            ),
            (
                "I said so. Then he went to the NHS in May, on Monday, with the Hospital Board",
                vec![],
            ),
            ("They like Oranges. I like oranges", vec![]),
            ("[Inaudible 02:36] [Laughter] well [P07]", vec![]),
        ] {
            let wanted: Vec<_> = wanted
                .into_iter()
                .map(|(k, s, w)| (k, s, w.to_owned()))
                .collect();
            assert_eq!(found(text, false, &[]), wanted, "{text}");
        }
    }

    #[test]
    fn with_the_key_its_names_and_foreign_marks_are_told() {
        use SuspectKind as K;
        let kinds = |text: &str| -> Vec<(SuspectKind, Sureness)> {
            found(text, true, &[])
                .into_iter()
                .map(|(k, s, _)| (k, s))
                .collect()
        };
        assert_eq!(kinds("so Ann came"), [(K::Key, Sureness::High)]);
        assert_eq!(kinds("so Exampel came"), [(K::Key, Sureness::Medium)]);
        assert_eq!(kinds("so ann came"), [(K::Key, Sureness::Low)]);
        assert_eq!(
            kinds("[Hospital A] [Hospital B] [P99]"),
            [(K::UnknownMark, Sureness::Low); 2]
        );
        assert!(
            found(
                "so Tamsin and Quill Lodge",
                false,
                &["tamsin", "Quill lodge"]
            )
            .is_empty()
        );
    }

    proptest! {
        #[test]
        fn suspects_are_in_order_and_on_characters(text in "(Dr|Ann|Quill|é|[a-z]{1,4}|\\[|\\]|Hospital|of|NHS|020 7946 0123|’s|\\.|\n| ){0,30}", with_key: bool) {
            let mut usage = Usage::default();
            usage.read(&text, &[]);
            let names = Names::new(&key());
            let empty = HashSet::new();
            let known = Knowledge { usage: &usage, names: with_key.then_some(&names), replacements: with_key.then_some(&empty), ignored: &empty };
            let mut end = 0;
            for s in suspects(&text, &[], &[], &known) {
                prop_assert!(s.span.start >= end && s.span.end > s.span.start);
                prop_assert!(text.get(s.span.clone()).is_some());
                end = s.span.end;
            }
        }
    }
}
