//! Lines of pages → paragraphs.
//!
//! Two lines are one where the first word of the second would not have fitted behind the first: that is why it stands
//! where it stands. A blank line, a number in the margin, a label or the mark of a list begins something new. At the
//! turn of a page, where a blank line says nothing, a paragraph goes on if its last line is full, or if the words go on
//! in small letters without a full stop before.

use std::collections::{HashMap, HashSet};

use super::super::labels::{self, Form};
use super::super::roles::{self, Class};
use super::page::{Line, Page};

/// Paragraphs, with a blank line between.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Joined {
    pub text: String,
    /// Words that were divided at the end of a line.
    pub hyphens: usize,
}

pub(super) fn join(pages: &[Page]) -> Joined {
    let file_width = width(pages.iter().filter(|page| !page.columns), 60);
    let spacing = spacing(pages);
    // Letters differ in width, so a line counts as full somewhat before the edge; sooner where blank lines part the
    // paragraphs, and what stands together belongs together.
    let full = |width: usize| match spacing {
        Spacing::Paragraphs => width * 3 / 4,
        Spacing::None | Spacing::Everywhere => width * 7 / 8,
    };
    let labels = speaking(pages);
    let words = Words::of(pages);
    let mut out = Joined::default();
    let mut before: Option<&Line> = None;
    for page in pages {
        let width = if page.columns {
            width(std::iter::once(page), 30)
        } else {
            file_width
        };
        for (n, line) in page.lines.iter().enumerate() {
            let Some(last) = before.replace(line) else {
                out.text.push_str(&line.text);
                continue;
            };
            let item = is_item(&line.text);
            let wraps = !item && wraps(last, line, full(width));
            let opens = if n == 0 && page.numbered {
                line.numbered
            } else if n == 0 {
                !(wraps || (!item && goes_on(last, line)))
            } else {
                line.numbered || (line.apart && spacing != Spacing::Everywhere)
            };
            if opens || labels.contains(label(line).unwrap_or_default()) {
                out.text.push_str("\n\n");
                out.text.push_str(&line.text);
            } else if wraps || n == 0 {
                words.append(&mut out, &line.text);
            } else {
                out.text.push('\n');
                out.text.push_str(&line.text);
            }
        }
    }
    out
}

/// The width that most lines keep to, in columns.
fn width<'a>(pages: impl Iterator<Item = &'a Page>, least: usize) -> usize {
    let mut ends: Vec<usize> = pages
        .flat_map(|page| page.lines.iter().map(Line::end))
        .collect();
    ends.sort_unstable();
    ends.get(ends.len() * 9 / 10)
        .copied()
        .unwrap_or_default()
        .max(least)
}

/// What blank lines say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spacing {
    /// There are none, or hardly any.
    None,
    /// They part the paragraphs.
    Paragraphs,
    /// Every line has one above it: they say nothing.
    Everywhere,
}

fn spacing(pages: &[Page]) -> Spacing {
    let (mut apart, mut all) = (0, 0);
    for line in pages.iter().flat_map(|page| page.lines.iter().skip(1)) {
        apart += usize::from(line.apart);
        all += 1;
    }
    if all >= 20 && apart * 10 >= all * 9 {
        Spacing::Everywhere
    } else if apart * 10 >= all {
        Spacing::Paragraphs
    } else {
        Spacing::None
    }
}

/// Whether the first word of a line would not have fitted behind the line before.
fn wraps(last: &Line, line: &Line, full: usize) -> bool {
    let word = line
        .text
        .split_whitespace()
        .next()
        .map_or(0, |word| word.chars().count());
    last.end() + 1 + word >= full
}

/// Whether the words of a line go on from those before: in small letters, without the end of a sentence.
fn goes_on(last: &Line, line: &Line) -> bool {
    let end = last
        .text
        .trim_end_matches(['"', '”', '’', '\'', '»', ')', ']']);
    !end.ends_with(['.', '?', '!', '…', ':', '。', '？', '！', '؟'])
        && line.text.starts_with(char::is_lowercase)
}

/// Whether a line begins with the mark of a list.
fn is_item(text: &str) -> bool {
    let Some(first) = text.split_whitespace().next() else {
        return false;
    };
    let number = first.trim_end_matches(['.', ')']);
    matches!(
        first,
        "•" | "-" | "–" | "—" | "*" | "◦" | "▪" | "·" | "‣" | "o"
    ) || (number.len() < first.len()
        && !number.is_empty()
        && number.len() <= 3
        && number.bytes().all(|b| b.is_ascii_digit()))
}

/// The possible label at the start of a line.
fn label(line: &Line) -> Option<&str> {
    let head = labels::head(&line.text)?;
    matches!(
        head.form,
        Form::Colon | Form::Bold | Form::Timed | Form::Clocked
    )
    .then_some(head.label)
}

/// The labels that come back or are known as those of speakers.
fn speaking(pages: &[Page]) -> HashSet<&str> {
    let mut often: HashMap<&str, usize> = HashMap::new();
    for label in pages.iter().flat_map(|page| &page.lines).filter_map(label) {
        *often.entry(label).or_default() += 1;
    }
    often
        .into_iter()
        .filter(|(label, n)| *n > 1 || roles::class(label) == Class::Role)
        .map(|(label, _)| label)
        .collect()
}

/// The words of a file, to tell a word that was divided from one that has a hyphen.
struct Words {
    /// In small letters, with and without hyphens inside.
    all: HashSet<String>,
    /// The file divides words: more of its hyphens at line ends divide one than belong to one.
    divides: bool,
}

impl Words {
    fn of(pages: &[Page]) -> Self {
        let lines = || pages.iter().flat_map(|page| &page.lines);
        let mut words = Self {
            all: HashSet::new(),
            divides: false,
        };
        if !lines().any(|line| line.text.ends_with('-')) {
            return words;
        }
        for line in lines() {
            let parts = line
                .text
                .split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '\'' | '’'));
            for word in parts.filter(|word| !word.ends_with('-')) {
                words.all.insert(word.to_lowercase());
            }
        }
        let (mut divided, mut whole) = (0, 0);
        let all: Vec<&Line> = lines().collect();
        for pair in all.windows(2) {
            if let Some((first, second)) = divided_word(&pair[0].text, &pair[1].text) {
                divided += usize::from(words.knows(first, "", second));
                whole += usize::from(words.knows(first, "-", second));
            }
        }
        words.divides = divided > whole;
        words
    }

    fn knows(&self, first: &str, between: &str, second: &str) -> bool {
        self.all
            .contains(&format!("{first}{between}{second}").to_lowercase())
    }

    /// Puts a line behind a text whose paragraph it goes on with.
    fn append(&self, out: &mut Joined, line: &str) {
        if out.text.ends_with('\u{ad}') {
            out.text.pop();
            out.hyphens += 1;
        } else if let Some((first, second)) = divided_word(&out.text, line) {
            out.hyphens += 1;
            if self.knows(first, "", second) || (self.divides && !self.knows(first, "-", second)) {
                out.text.pop();
            }
        } else {
            out.text.push(' ');
        }
        out.text.push_str(line);
    }
}

/// The two parts of a word that may be divided between two lines: letters and a hyphen, then small letters.
fn divided_word<'t>(first: &'t str, second: &'t str) -> Option<(&'t str, &'t str)> {
    let first = first.strip_suffix('-')?;
    let start = first
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_alphanumeric() || *c == '-')
        .last()
        .map(|(at, _)| at)?;
    let end = second
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(second.len());
    (first.ends_with(char::is_alphabetic) && second.starts_with(char::is_lowercase))
        .then(|| (&first[start..], &second[..end]))
}
