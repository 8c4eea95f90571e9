//! Who speaks where: one engine for all conventions, over the lines of a text.
//!
//! The conventions are a table of their own (`conventions`).
//!
//! `labels` reads the start of one line, `verdict` decides by the whole file which labels are speakers, and
//! `spoken` cuts the turns. One pass, here, looks at every line once and notes words and positions as it goes; a second one
//! walks over the notes.

use super::conventions::Convention;
use super::labels::{self, Form, Head};
use super::limits::narrow;
use super::roles::{self, Class};
use super::sections::{self, Candidate, Section};
use super::verdict::{self, Reason, Seen, Verdict};
use super::{Turn, clock, markdown, spoken, titles, words};

/// Said where labels outnumber the places for them.
pub(super) const TOO_MANY_LABELS: &str =
    "there are more speaker labels than can be told apart; the rest have none";

/// The turns of a text and who speaks them.
#[derive(Debug, Default)]
pub(super) struct Spoken {
    pub turns: Vec<Turn>,
    pub labels: Vec<String>,
    /// Headings and numbered questions, in the order of the text.
    pub sections: Vec<Section>,
    pub warnings: Vec<String>,
}

/// A line that holds something.
#[derive(Clone, Copy)]
pub(super) struct Line {
    /// Byte of its first character, and the byte behind its last one that is not blank.
    pub start: usize,
    pub end: usize,
    /// Code point of its first character.
    pub point: u32,
    pub ascii: bool,
    pub words: u32,
    /// It stands after a blank line or at the start of the text.
    pub opens: bool,
    /// Of a heading: its level; 0 of everything else.
    pub level: u8,
    pub kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// A heading or a dividing line: in a turn only where the turn goes on behind it.
    Heading,
    /// May begin with a label: place in the list of those.
    Head(usize),
}

/// Cuts a text into turns. Lines from the byte `notes` on are footnotes, which nobody speaks.
pub(super) fn turns(text: &str, notes: usize) -> Spoken {
    let (mut lines, seen, candidates) = scan(text);
    let paragraphs = paragraphs(&lines);
    skip_header(text, &mut lines, &seen);
    let mut verdicts = verdict::judge(&live(&lines, &seen), paragraphs)
        .verdicts
        .into_iter();
    let mut verdicts: Vec<Verdict<'_>> = lines
        .iter()
        .map(|line| match line.kind {
            Kind::Head(_) => verdicts
                .next()
                .filter(|_| line.start < notes)
                .unwrap_or(Verdict::Text),
            _ => Verdict::Text,
        })
        .collect();
    let speaks = verdicts
        .iter()
        .any(|verdict| matches!(verdict, Verdict::Speaker(_)));
    titles::ask(text, &lines, candidates, &mut verdicts, speaks, notes);
    let mut out = if speaks {
        spoken::by_labels(text, &lines, &seen, &verdicts, notes)
    } else {
        spoken::prose(text, &lines, &verdicts)
    };
    out.sections = sections::sections(&titles::titles(text, &lines, &verdicts, notes), &out.turns);
    out
}

/// The speakers of lines that are paragraphs of their own: for each line the name and the byte where its words begin.
pub(super) fn of_paragraphs<'t>(paragraphs: &[&'t str]) -> Vec<Option<(&'t str, usize)>> {
    let heads: Vec<Option<Seen<'t>>> = paragraphs
        .iter()
        .map(|line| labels::head(line).map(|head| seen(line, head)))
        .collect();
    let mut verdicts = verdict::judge(
        &heads.iter().flatten().copied().collect::<Vec<_>>(),
        paragraphs.len(),
    )
    .verdicts
    .into_iter();
    heads
        .iter()
        .map(|head| {
            let head = head.as_ref()?;
            match verdicts.next() {
                Some(Verdict::Speaker(name)) => Some((name, head.head.body)),
                _ => None,
            }
        })
        .collect()
}

fn seen<'t>(line: &str, head: Head<'t>) -> Seen<'t> {
    let body = line[head.body..].trim_end();
    let starts = ["http://", "https://", "<http", "www."];
    let address = starts.iter().any(|start| body.starts_with(start)) && !body.contains(' ');
    let ends = body.trim_end_matches(['"', '”', '’', '\'', '»', ')', ']', '*', '_']);
    let sentence = ends.ends_with(['.', '?', '!', '…', '。', '？', '！', '؟']);
    Seen {
        head,
        empty: body.is_empty(),
        address,
        // Five words are a name with a title at the most.
        speech: body.is_empty() || sentence || body.split_ascii_whitespace().nth(5).is_some(),
    }
}

/// Notes every line that holds something.
fn scan(text: &str) -> (Vec<Line>, Vec<Seen<'_>>, Vec<Candidate<'_>>) {
    let mut lines: Vec<Line> = Vec::with_capacity(text.len() / 96 + 1);
    let mut heads = Vec::new();
    let mut candidates = Vec::new();
    let (mut start, mut point, mut opens) = (0, 0, true);
    while start < text.len() {
        let rest = &text[start..];
        let length = rest.find('\n').unwrap_or(rest.len());
        let line = &rest[..length];
        let filled = line.trim_end();
        let ascii = line.is_ascii();
        if filled.is_empty() {
            opens = true;
        } else {
            let level = markdown::level(line);
            let kind = if level > 0 || markdown::is_rule(line) {
                if let Some(title) = lines.last_mut().filter(|_| !opens) {
                    titles::underline(text, title, filled);
                }
                Kind::Heading
            } else if let Some(head) = labels::head(line) {
                heads.push(seen(line, head));
                Kind::Head(heads.len() - 1)
            } else {
                Kind::Text
            };
            candidates.extend(sections::candidate(filled, lines.len(), opens));
            let words = words::words(filled);
            lines.push(Line {
                start,
                end: start + filled.len(),
                point,
                ascii,
                words,
                opens,
                level,
                kind,
            });
            opens = false;
        }
        point += if ascii {
            narrow(length)
        } else {
            narrow(line.chars().count())
        } + 1;
        start += length + 1;
    }
    below_ranges(text, &mut lines, &mut heads);
    // `[0:22] Yes` is a name only if words follow that have no time of their own.
    let clocked =
        |line: &Line| matches!(line.kind, Kind::Head(n) if heads[n].head.form == Form::Clocked);
    for n in 0..lines.len() {
        if clocked(&lines[n])
            && lines
                .get(n + 1)
                .is_none_or(|next| labels::begins_with_time(&text[next.start..next.end]))
        {
            lines[n].kind = Kind::Text;
        }
    }
    (lines, heads, candidates)
}

/// A name that stands below the line with its time. The line with the time divides; nobody says it.
fn below_ranges<'t>(text: &'t str, lines: &mut [Line], heads: &mut Vec<Seen<'t>>) {
    for n in 1..lines.len() {
        let (above, below) = (lines[n - 1], lines[n]);
        let head = clock::range(&text[above.start..above.end])
            .filter(|_| above.kind == Kind::Text && !below.opens)
            .and_then(|time| labels::below_time(&text[below.start..below.end], time));
        if let Some(head) = head {
            lines[n - 1].kind = Kind::Heading;
            lines[n].kind = Kind::Head(heads.len());
            heads.push(seen(&text[below.start..below.end], head));
        }
    }
}

/// How many paragraphs a text has: blocks between blank lines, or lines where blank lines are rare.
fn paragraphs(lines: &[Line]) -> usize {
    let filled = lines
        .iter()
        .filter(|line| line.kind != Kind::Heading)
        .count();
    let mut blocks = 0;
    let mut counted = false;
    for line in lines {
        counted &= !line.opens;
        if line.kind != Kind::Heading && !counted {
            blocks += 1;
            counted = true;
        }
    }
    if blocks * 8 < filled { filled } else { blocks }
}

/// A transcript's head (`Date: …`, `Interviewer: …`, `Duration: …`) looks like speakers and is none: the short lines
/// at the start of a text, down to the last one that only a head has, and to the end of its paragraph.
/// How many lines that is.
fn skip_header(text: &str, lines: &mut [Line], seen: &[Seen<'_>]) -> usize {
    const SHORT: usize = 100;
    const LINES: usize = 30;
    let is_header = |line: &Line| match line.kind {
        Kind::Head(n) => roles::class(seen[n].head.label) == Class::Header,
        _ => false,
    };
    let run = lines
        .iter()
        .take(LINES)
        .take_while(|line| text[line.start..line.end].len() <= SHORT)
        .count();
    let Some(last) = lines[..run].iter().rposition(is_header) else {
        return 0;
    };
    let end = lines[last + 1..]
        .iter()
        .position(|line| line.opens)
        .map_or(lines.len(), |n| last + 1 + n);
    for line in &mut lines[..end] {
        if matches!(line.kind, Kind::Head(_)) {
            line.kind = Kind::Text;
        }
    }
    end
}

/// What a text's labels were judged by, and how.
#[derive(Debug, Default)]
pub(super) struct Evidence<'t> {
    /// The convention of most labels that speak.
    pub convention: Option<Convention>,
    pub paragraphs: usize,
    /// Lines that begin with a label that speaks.
    pub labelled: usize,
    /// Lines of the head.
    pub header_lines: usize,
    /// As [`verdict::Judgement::labels`] gives them.
    pub labels: Vec<(&'t str, usize, Reason)>,
}

/// Judges a text as [`turns`] does, and tells what it saw.
pub(super) fn evidence(text: &str) -> Evidence<'_> {
    let (mut lines, seen, _) = scan(text);
    let paragraphs = paragraphs(&lines);
    let header_lines = skip_header(text, &mut lines, &seen);
    let judgement = verdict::judge(&live(&lines, &seen), paragraphs);
    let heads = lines.iter().filter_map(|line| match line.kind {
        Kind::Head(n) => Some((line, seen.get(n)?.head)),
        _ => None,
    });
    let mut often: Vec<(Convention, usize)> = Convention::TABLE
        .iter()
        .map(|(convention, ..)| (*convention, 0))
        .collect();
    for ((line, head), verdict) in heads.zip(&judgement.verdicts) {
        if matches!(verdict, Verdict::Speaker(_)) {
            // The whole line: two blanks at its end are part of the convention.
            let rest = &text[line.start..];
            let length = rest.find('\n').unwrap_or(rest.len());
            let own = Convention::of(&rest[..length], &head);
            for (convention, n) in &mut often {
                *n += usize::from(*convention == own);
            }
        }
    }
    Evidence {
        convention: often
            .iter()
            .rev()
            .max_by_key(|(_, n)| *n)
            .filter(|(_, n)| *n > 0)
            .map(|(convention, _)| *convention),
        paragraphs,
        labelled: often.iter().map(|(_, n)| n).sum(),
        header_lines,
        labels: judgement.labels(),
    }
}

/// The possible labels of lines that still count as such.
fn live<'t>(lines: &[Line], seen: &[Seen<'t>]) -> Vec<Seen<'t>> {
    lines
        .iter()
        .filter_map(|line| match line.kind {
            Kind::Head(n) => seen.get(n).copied(),
            _ => None,
        })
        .collect()
}

pub(super) fn points(text: &str, ascii: bool) -> u32 {
    if ascii {
        narrow(text.len())
    } else {
        narrow(text.chars().count())
    }
}
