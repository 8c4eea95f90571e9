//! Which lines head sections: headings by their marks or underlined, and questions where the file asks them.

use super::sections::{self, Candidate, Title};
use super::speakers::{Kind, Line, points};
use super::verdict::Verdict;
use crate::domain::section::bare;

/// Numbered questions are structure: their lines get that verdict.
pub(super) fn ask(
    text: &str,
    lines: &[Line],
    mut candidates: Vec<Candidate>,
    verdicts: &mut [Verdict<'_>],
    speaks: bool,
    notes: usize,
) {
    // Headings are questions or not by themselves.
    for (line, verdict) in lines.iter().zip(verdicts.iter_mut()) {
        if line.level > 0
            && line.start < notes
            && sections::is_question(bare(&text[line.start..line.end]))
        {
            *verdict = Verdict::Question;
        }
    }
    if candidates.is_empty() {
        return;
    }
    candidates.retain(|c| lines[c.line].kind != Kind::Heading && lines[c.line].start < notes);
    if lines.iter().skip(1).all(|line| !line.opens) {
        for candidate in &mut candidates {
            candidate.opens = true;
        }
    }
    let speaker = |n: usize| matches!(verdicts.get(n), Some(Verdict::Speaker(_)));
    let questions = sections::questions(
        &candidates,
        &sections::Lines {
            speaks: &speaker,
            answers: &|n| {
                speaker(n)
                    || (!speaks
                        && lines
                            .get(n)
                            .is_some_and(|line| line.kind != Kind::Heading && line.start < notes))
            },
            opens: &|n| lines.get(n).is_some_and(|line| line.opens),
            count: lines.partition_point(|line| line.start < notes),
        },
    );
    for candidate in &candidates {
        let n = candidate.line;
        if questions.binary_search(&n).is_ok() {
            verdicts[n] = Verdict::Question;
        } else if verdicts[n] == Verdict::Question {
            verdicts[n] = Verdict::Text;
        }
    }
}

/// The lines that head sections.
pub(super) fn titles<'t>(
    text: &'t str,
    lines: &[Line],
    verdicts: &[Verdict<'_>],
    notes: usize,
) -> Vec<Title<'t>> {
    let body = lines.partition_point(|line| line.start < notes);
    let mut found: Vec<Title<'t>> = Vec::new();
    for (line, verdict) in lines[..body].iter().zip(verdicts) {
        if line.level > 0 || *verdict == Verdict::Question {
            let whole = &text[line.start..line.end];
            let end = if line.level > 0 {
                whole.len()
            } else {
                sections::answer(whole)
            };
            found.push(Title {
                text: &whole[..end],
                point: line.point,
                level: (line.level > 0).then_some(line.level),
                until: 0,
            });
        }
        if let Some(title) = found.last_mut() {
            title.until = line.point + points(&text[line.start..line.end], line.ascii);
        }
    }
    found
}

/// A line that begins a paragraph and is underlined is a heading: by `===` of the first level, by `---` of the second.
/// A sentence over a dividing line is none.
pub(super) fn underline(text: &str, title: &mut Line, rule: &str) {
    const LONGEST: usize = 100;
    let level = match rule.as_bytes() {
        [b'=', rest @ ..] if rest.iter().all(|b| *b == b'=') => 1,
        [b'-', rest @ ..] if rest.iter().all(|b| *b == b'-') => 2,
        _ => return,
    };
    let words = &text[title.start..title.end];
    let sentence = words.ends_with(['.', ',', ';', '!', '…', '"', '”', '»', ')', '।', '。']);
    if title.opens && title.kind == Kind::Text && words.len() <= LONGEST && !sentence {
        title.kind = Kind::Heading;
        title.level = level;
    }
}
