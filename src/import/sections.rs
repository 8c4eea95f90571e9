//! Headings and interview-guide questions as structure: which lines are questions, and how far each section reaches.
//!
//! | line | a question where |
//! |---|---|
//! | `Question 3: …`, `Pergunta 3`, `Frage 3 – …` | the file numbers at least two, and answers follow |
//! | `Q3. …`, `Q3: …` | the same, and nobody speaks under `Q3` |
//! | `3. How …?`, `3) How …?` | it stands alone, ends in a question mark, and an answer follows; at least two |
//!
//! Headings are Markdown's `#`, which the readers of Word files and web pages write too, and lines underlined by `===`
//! or `---`. A heading that asks is a question. In a table the answer stands in the next cell: behind a tab.

use std::ops::Range;

use super::Turn;
use super::limits::narrow;
use crate::domain::section::{Numbered, Numbering, SectionKind, bare, number_of, numbered};
use crate::domain::span::Span;

/// A heading or a question with what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// 1 is the highest; a section ends where one of its level or above begins.
    pub level: u8,
    pub kind: SectionKind,
    /// The title's line without marks of Markdown, in code points.
    pub title: Span,
    /// From the title to the last word of the section.
    pub span: Span,
    /// Places of its turns in [`super::Imported::turns`].
    pub turns: Range<usize>,
}

/// A line that may be a numbered question.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'t> {
    /// Place of the line among those that hold something.
    pub line: usize,
    pub numbered: Numbered<'t>,
    /// It ends in a question mark.
    pub asks: bool,
    /// An answer follows in the same line.
    pub answered: bool,
    /// It begins a paragraph, or the text has none.
    pub opens: bool,
}

/// Reads a line as a numbered question. Every line of every text passes here.
pub(super) fn candidate(line: &str, at: usize, opens: bool) -> Option<Candidate<'_>> {
    let first = line.trim_start().as_bytes().first()?;
    // Most lines begin with a word that no number follows.
    if first.is_ascii_alphabetic() {
        let word = line.trim_start().as_bytes();
        let end = word
            .iter()
            .take(16)
            .position(|b| !b.is_ascii_alphabetic() && *b < 0x80)?;
        let next = word[end..]
            .iter()
            .find(|b| !matches!(b, b' ' | b'\t' | b'#'))?;
        if !next.is_ascii_digit() && *next < 0x80 {
            return None;
        }
    }
    let found = numbered(line)?;
    let answer = answer(line);
    Some(Candidate {
        line: at,
        asks: asks(bare(&line[..answer])),
        answered: answer < line.len(),
        numbered: found,
        opens,
    })
}

/// Where the answer begins in a question's line, which is a row of a table then; the line's length if there is none.
pub(super) fn answer(line: &str) -> usize {
    let mut tabs = line.match_indices('\t').map(|(at, _)| at);
    let asked = |tab: &usize| numbered(&line[..*tab]).is_some_and(|found| !found.words.is_empty());
    let last = line.rfind('\t');
    let Some(tab) = tabs.find(asked).or(last) else {
        return line.len();
    };
    line.len() - line[tab..].trim_start().len()
}

/// Whether words end in a question mark.
fn asks(words: &str) -> bool {
    let words = words
        .trim_end_matches(['"', '”', '’', '»', ')', ']'])
        .trim_end();
    let greek = |c: char| ('\u{370}'..='\u{3ff}').contains(&c);
    words.ends_with(['?', '？', '؟']) || (words.ends_with(';') && words.contains(greek))
}

/// What the engine of speakers knows of the lines.
pub(super) struct Lines<'a> {
    /// Whether a speaker's label begins this line.
    pub speaks: &'a dyn Fn(usize) -> bool,
    /// Whether the words of an answer may begin in this line.
    pub answers: &'a dyn Fn(usize) -> bool,
    /// Whether a line begins a paragraph.
    pub opens: &'a dyn Fn(usize) -> bool,
    /// How many there are.
    pub count: usize,
}

/// Decides which candidates are questions: the places of their lines, ascending.
pub(super) fn questions(candidates: &[Candidate], lines: &Lines) -> Vec<usize> {
    let mut found = marked(candidates, lines, Numbering::Word);
    found.extend(marked(candidates, lines, Numbering::Letter));
    if found.is_empty() {
        return plain(candidates, lines);
    }
    found.sort_unstable();
    found
}

/// `Question 3: …`, `Q3. …`: where most have an answer below them. `Q3: Not yet` in a row of such lines is an answer itself.
fn marked(candidates: &[Candidate], lines: &Lines, numbering: Numbering) -> Vec<usize> {
    let all: Vec<&Candidate> = candidates
        .iter()
        .filter(|c| c.numbered.numbering == numbering)
        .filter(|c| !(lines.speaks)(c.line) && (c.numbered.colon || c.opens || c.answered))
        .collect();
    let first = all.first().map(|c| &c.numbered.number);
    let different = all.iter().any(|c| Some(&c.numbered.number) != first);
    let followed = |c: &Candidate| {
        let next = c.line + 1;
        let another = candidates
            .binary_search_by_key(&next, |other| other.line)
            .is_ok_and(|n| candidates[n].numbered.numbering == numbering);
        c.answered || (!another && (lines.answers)(next))
    };
    let answered = all.iter().filter(|c| followed(c)).count();
    if !different || answered * 2 < all.len() {
        return Vec::new();
    }
    all.iter().map(|c| c.line).collect()
}

/// `3. How …?`: only where the file goes question by question. A list of questions in one piece is a guide, and what
/// somebody counts up while speaking is speech.
fn plain(candidates: &[Candidate], lines: &Lines) -> Vec<usize> {
    let all: Vec<&Candidate> = candidates
        .iter()
        .filter(|c| c.numbered.numbering == Numbering::Plain && c.asks)
        .collect();
    let is_one = |line: usize| all.binary_search_by_key(&line, |c| c.line).is_ok();
    let alone: Vec<&Candidate> = all
        .iter()
        .filter(|c| c.opens && !(lines.speaks)(c.line))
        .filter(|c| {
            let touches_before = !(lines.opens)(c.line) && c.line > 0 && is_one(c.line - 1);
            let touches_next = is_one(c.line + 1) && !(lines.opens)(c.line + 1);
            c.answered || (!touches_before && !touches_next)
        })
        .copied()
        .collect();
    let answered = alone
        .iter()
        .filter(|c| c.answered || (!is_one(c.line + 1) && (lines.answers)(c.line + 1)))
        .count();
    let ascends = alone
        .windows(2)
        .filter(|pair| order(&pair[0].numbered.number) < order(&pair[1].numbered.number))
        .count();
    if answered < 2 || answered * 2 <= alone.len() || ascends * 2 < alone.len() - 1 {
        return Vec::new();
    }
    alone
        .iter()
        .filter(|c| {
            // Nobody need have answered it.
            let end = c.line + 1 == lines.count;
            c.answered || is_one(c.line + 1) || end || (lines.answers)(c.line + 1)
        })
        .map(|c| c.line)
        .collect()
}

fn order(number: &str) -> u32 {
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_default()
}

/// A line that heads a section.
#[derive(Clone, Copy, Debug)]
pub(super) struct Title<'t> {
    pub text: &'t str,
    /// Code point of the line's first character.
    pub point: u32,
    /// The level that its marks say; none for a question, which stands below the heading that it is under.
    pub level: Option<u8>,
    /// Code point behind the last word before the next line that heads a section, or before the end.
    pub until: u32,
}

/// Sections from the lines that head them, in the order of the text.
pub(super) fn sections(titles: &[Title], turns: &[Turn]) -> Vec<Section> {
    let mut found: Vec<Section> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for title in titles {
        let words = bare(title.text);
        if words.is_empty() {
            // Marks without words head nothing: what follows belongs to the section before.
            for above in &open {
                found[above.place].span.end = title.until;
            }
            continue;
        }
        let number = number_of(words);
        let level = title
            .level
            .unwrap_or_else(|| below(&open, number.as_deref()).saturating_add(1));
        open.retain(|above| above.level < level);
        let before = title.text.len() - title.text.trim_start_matches(is_mark).len();
        let start = title.point + points(&title.text[..before]);
        found.push(Section {
            level,
            kind: if title.level.is_none() || is_question(words) {
                SectionKind::Question
            } else {
                SectionKind::Heading
            },
            title: Span::new(start, start + points(words)),
            span: Span::new(title.point, title.until),
            turns: 0..0,
        });
        open.push(Open {
            place: found.len() - 1,
            level,
            marked: title.level.is_some(),
            number,
        });
        for above in &open {
            found[above.place].span.end = title.until;
        }
    }
    for section in &mut found {
        let at = |point: u32| turns.partition_point(|turn| turn.span.start < point);
        section.turns = at(section.span.start)..at(section.span.end);
    }
    found
}

/// A section that goes on.
struct Open {
    place: usize,
    level: u8,
    /// Its level comes from marks: a heading's.
    marked: bool,
    number: Option<String>,
}

/// The level below which a question stands: that of the heading it is under, or of the question that it is a part of
/// (`3a` and `3.1` of `3`).
fn below(open: &[Open], number: Option<&str>) -> u8 {
    let mut level = 0;
    for above in open {
        let part = matches!((number, &above.number), (Some(number), Some(whole))
            if number.len() > whole.len() && number.starts_with(whole.as_str()) && !number[whole.len()..].starts_with(|c: char| c.is_ascii_digit()));
        if above.marked || part {
            level = above.level;
        }
        if !above.marked {
            break;
        }
    }
    level
}

/// Whether a heading, without its marks, asks.
pub(super) fn is_question(words: &str) -> bool {
    asks(words) || numbered(words).is_some_and(|found| found.numbering != Numbering::Plain)
}

fn is_mark(c: char) -> bool {
    c.is_whitespace() || matches!(c, '#' | '*' | '_')
}

fn points(text: &str) -> u32 {
    narrow(text.chars().count())
}
