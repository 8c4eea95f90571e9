//! Hard-wrapped lines → paragraphs, in plain text and Markdown; and back.
//!
//! # The rule
//!
//! Whoever wraps lines at a width puts a word on the next line because it would not have fitted. So a line break is a
//! wrap where the line, a blank, and the first word of the next line are longer together than the width. One such break
//! may be chance, as in a poem; so the file has to show that it was wrapped, and then the paragraph has to.
//!
//! 1. The width is the length that 98 of 100 lines that have a line below them keep to. It is 40 to 120 characters.
//! 2. Seven of ten line breaks within the file's paragraphs are wraps, and five at least.
//! 3. In the paragraph, three of four are. Only those are joined.
//! 4. A line is left alone that begins with what may be a label, is a heading, a rule, an item of a list, a quotation
//!    mark of Markdown, or a row of a table; so are code between fences, paragraphs that are indented from their first
//!    line on, lines behind a line that ends in two blanks, and scripts without blanks between words.
//! 5. The lines of a paragraph below its first are indented alike.
//!
//! Where joining would change who speaks or how often, nothing is joined.

use serde::{Deserialize, Serialize};

use super::labels::{self, Form, Head};
use super::limits::narrow;
use super::markdown;
use super::speakers::{self, Spoken};

/// The widths that texts are wrapped at, in characters.
const LEAST: usize = 40;
const MOST: usize = 120;
/// Wraps that a file has at least.
const FEWEST: usize = 5;

/// A place where two lines were joined: one blank stands there now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u32, String)", into = "(u32, String)")]
pub struct Join {
    /// The blank in the text, in code points.
    pub at: u32,
    /// What stood there: the line break with the blanks around it.
    pub was: String,
}

impl From<(u32, String)> for Join {
    fn from((at, was): (u32, String)) -> Self {
        Self { at, was }
    }
}

impl From<Join> for (u32, String) {
    fn from(join: Join) -> Self {
        (join.at, join.was)
    }
}

/// The joins as they are stored; none where there are none.
pub fn stored(joins: &[Join]) -> Option<String> {
    (!joins.is_empty())
        .then(|| serde_json::to_string(joins).ok())
        .flatten()
}

/// The text as it was before its lines were joined, or `None` if the joins do not belong to it.
pub fn restored(text: &str, stored: &str) -> Option<String> {
    let joins: Vec<Join> = serde_json::from_str(stored).ok()?;
    Some(original(text, &joins))
}

/// The text as it was before these places were joined. Where no blank stands any more, nothing is put back.
pub fn original(text: &str, joins: &[Join]) -> String {
    let mut out = String::with_capacity(text.len() + joins.len() * 4);
    let mut joins = joins.iter().peekable();
    for (point, c) in text.chars().enumerate() {
        match joins.next_if(|join| join.at == narrow(point)) {
            Some(join) if c == ' ' => out.push_str(&join.was),
            _ => out.push(c),
        }
    }
    out
}

/// What became of a text's lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "reflow")]
pub enum Decision {
    /// The format knows paragraphs itself, or the text is made.
    #[default]
    NotNeeded,
    /// `--no-reflow`.
    NotWanted,
    /// The lines keep to no width.
    NoWidth,
    /// Too few line breaks stand where a width would have put them.
    FewWraps {
        width: usize,
    },
    /// Joining would have changed who speaks.
    ChangesSpeakers {
        width: usize,
    },
    Joined {
        width: usize,
        lines: usize,
    },
}

impl std::fmt::Display for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotNeeded => f.write_str("as the format says"),
            Self::NotWanted => f.write_str("as they stand, as --no-reflow says"),
            Self::NoWidth => f.write_str("as they stand: they keep to no width"),
            Self::FewWraps { width } => write!(
                f,
                "as they stand: few end where a width of {width} characters would have ended them"
            ),
            Self::ChangesSpeakers { width } => write!(
                f,
                "as they stand: joined at {width} characters, others would speak"
            ),
            Self::Joined { width, lines } => write!(
                f,
                "{lines} joined with the line before, wrapped at {width} characters"
            ),
        }
    }
}

/// A text with its lines joined.
#[derive(Debug, Default)]
pub(super) struct Reflowed {
    /// None where nothing was joined.
    pub text: Option<String>,
    pub joins: Vec<Join>,
    pub decision: Decision,
    /// Who speaks in the text as it is now, where that was looked at.
    pub spoken: Option<Spoken>,
}

/// Joins the lines of a text that was wrapped.
pub(super) fn reflow(text: &str) -> Reflowed {
    let no_width = || Reflowed {
        decision: Decision::NoWidth,
        ..Reflowed::default()
    };
    if !worth_a_look(text) {
        return no_width();
    }
    let lines = lines(text);
    let Some(width) = width(&lines) else {
        return no_width();
    };
    let breaks = wraps(text, &lines, width);
    if breaks.is_empty() {
        return Reflowed {
            decision: Decision::FewWraps { width },
            ..Reflowed::default()
        };
    }
    let (joined, joins) = join(text, &lines, &breaks);
    let before = speakers::turns(text, text.len());
    let after = speakers::turns(&joined, joined.len());
    if !speaks(&before).eq(speaks(&after)) {
        return Reflowed {
            decision: Decision::ChangesSpeakers { width },
            spoken: Some(before),
            ..Reflowed::default()
        };
    }
    Reflowed {
        spoken: Some(after),
        text: Some(joined),
        decision: Decision::Joined {
            width,
            lines: joins.len(),
        },
        joins,
    }
}

/// Whether there are lines right below others, and half of those above are short enough to have been wrapped. Most
/// files have a paragraph on each line, and need no closer look.
fn worth_a_look(text: &str) -> bool {
    let (mut short, mut long) = (0, 0);
    let mut above: Option<&str> = None;
    for line in text.split('\n') {
        let line = line.trim_end();
        if let Some(above) = above.filter(|_| !line.is_empty()) {
            // A character has four bytes at the most.
            if above.len() <= MOST || (above.len() <= MOST * 4 && above.chars().count() <= MOST) {
                short += 1;
            } else {
                long += 1;
            }
        }
        above = (!line.is_empty()).then_some(line);
    }
    short >= FEWEST && short >= long
}

/// Who speaks, in order of the turns.
fn speaks(spoken: &Spoken) -> impl Iterator<Item = &str> {
    spoken
        .turns
        .iter()
        .filter_map(|turn| spoken.labels.get(usize::from(turn.label?)))
        .map(String::as_str)
}

/// A line that holds something.
struct Line {
    /// Bytes of its first and behind its last character that is not blank.
    start: usize,
    end: usize,
    /// Characters in front of the first, and up to the last.
    indent: usize,
    length: usize,
    /// It stands right under the line before it in the list.
    follows: bool,
    /// It may not be joined with the line before.
    begins: bool,
    /// Nothing may be joined with it from below.
    ends: bool,
}

fn lines(text: &str) -> Vec<Line> {
    let mut all = Vec::with_capacity(text.len() / 64 + 1);
    let (mut at, mut follows, mut code) = (0, false, false);
    for line in text.split('\n') {
        let filled = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        at += line.len() + 1;
        if filled.is_empty() {
            follows = false;
            continue;
        }
        let fence = filled.starts_with("```") || filled.starts_with("~~~");
        let whole = code || fence || is_alone(line, filled);
        code ^= fence;
        let points = |part: &str| {
            if part.is_ascii() {
                part.len()
            } else {
                part.chars().count()
            }
        };
        let head = labels::head(line);
        let indent = points(line) - points(line.trim_start());
        all.push(Line {
            start,
            end: start + filled.len(),
            indent,
            length: indent + points(filled),
            follows,
            begins: whole || is_item(filled) || head.is_some(),
            ends: whole
                || line.ends_with("  ")
                || filled.ends_with('\\')
                || head.is_some_and(|head| is_label_alone(line, &head)),
        });
        follows = true;
    }
    all
}

/// Headings, rules, rows of tables, quotations, comments of Markdown: never joined with anything.
fn is_alone(line: &str, filled: &str) -> bool {
    markdown::level(filled) > 0
        || markdown::is_rule(filled)
        || filled.starts_with(['|', '>', '<'])
        || filled.contains('\t')
        || filled.contains("   ")
        || line.trim_start_matches(' ').starts_with('\t')
}

/// The mark of a list, or a number as in `3.` or `(3)`.
fn is_item(filled: &str) -> bool {
    let Some((first, _)) = filled.split_once(' ') else {
        return false;
    };
    let bare = first.trim_matches(['(', ')', '.', '[', ']', ':']);
    matches!(
        first,
        "-" | "–" | "—" | "*" | "+" | "•" | "◦" | "▪" | "·" | "‣"
    ) || (bare.len() < first.len()
        && !bare.is_empty()
        && (bare.bytes().all(|b| b.is_ascii_digit()) || bare.len() == 1))
}

/// A label that has its line for itself: the words follow below it.
fn is_label_alone(line: &str, head: &Head<'_>) -> bool {
    line[head.body..].trim().is_empty()
        || matches!(head.form, Form::Alone | Form::Clocked | Form::Tab)
}

/// The width that the lines keep to which have another below them.
fn width(lines: &[Line]) -> Option<usize> {
    let mut lengths: Vec<usize> = lines
        .windows(2)
        .filter(|pair| pair[1].follows && !pair[0].ends)
        .map(|pair| pair[0].length)
        .collect();
    if lengths.len() < FEWEST {
        return None;
    }
    lengths.sort_unstable();
    let width = lengths[(lengths.len() - 1) * 98 / 100];
    (LEAST..=MOST).contains(&width).then_some(width)
}

/// The lines (by their place in the list) that are joined with the one before.
fn wraps(text: &str, lines: &[Line], width: usize) -> Vec<usize> {
    let is_wrap = |n: usize| {
        let (above, below) = (&lines[n - 1], &lines[n]);
        let first = &text[below.start..below.end];
        let word = first.split_whitespace().next().unwrap_or_default();
        // A little beyond: the width is what nearly all keep to.
        above.length * 4 <= width * 5
            && above.length + 1 + word.chars().count() > width
            && !text[..above.end].ends_with(is_unspaced)
            && !word.starts_with(is_unspaced)
    };
    let (mut all, mut wrapped) = (0, 0);
    let mut joined = Vec::new();
    let mut n = 0;
    while n < lines.len() {
        // A paragraph, or what of one begins with a label or a mark.
        let first = n;
        n += 1;
        while n < lines.len() && lines[n].follows && !lines[n].begins && !lines[n - 1].ends {
            n += 1;
        }
        let inside: Vec<usize> = (first + 1..n).collect();
        let own: Vec<usize> = inside.iter().copied().filter(|&n| is_wrap(n)).collect();
        all += inside.len();
        wrapped += own.len();
        let alike = inside
            .iter()
            .all(|&n| lines[n].indent == lines[first + 1].indent);
        let plain = lines[first].indent < 4 && alike && {
            let hanging = lines[first + 1..n].iter().map(|line| line.indent).min();
            hanging.is_none_or(|hanging| hanging >= lines[first].indent || hanging == 0)
        };
        if plain && own.len() * 4 >= inside.len() * 3 {
            joined.extend(own);
        }
    }
    if wrapped < FEWEST || wrapped * 10 < all * 7 {
        return Vec::new();
    }
    joined
}

/// Letters of scripts that put no blank between words.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

fn join(text: &str, lines: &[Line], breaks: &[usize]) -> (String, Vec<Join>) {
    let mut out = String::with_capacity(text.len());
    let mut joins = Vec::with_capacity(breaks.len());
    let (mut from, mut points) = (0, 0);
    for &n in breaks {
        let (end, start) = (lines[n - 1].end, lines[n].start);
        out.push_str(&text[from..end]);
        points += text[from..end].chars().count();
        joins.push(Join {
            at: narrow(points),
            was: text[end..start].to_owned(),
        });
        out.push(' ');
        points += 1;
        from = start;
    }
    out.push_str(&text[from..]);
    (out, joins)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Words wrapped at a width, as an editor does it.
    fn wrap(words: &str, width: usize, hanging: &str) -> String {
        let mut out = String::new();
        let mut length = 0;
        for word in words.split_whitespace() {
            if length > 0 && length + 1 + word.chars().count() > width {
                out.push('\n');
                out.push_str(hanging);
                length = hanging.len();
            } else if length > 0 {
                out.push(' ');
                length += 1;
            }
            out.push_str(word);
            length += word.chars().count();
        }
        out
    }

    const ONE: &str = "Ada: It began with a list on the door of the ward, which nobody had asked for and everybody read, so that by noon all of us knew who was to go and who was to stay behind.";
    const TWO: &str = "Ben: They had put it up in the night, I think, and then gone home, and when they came back in the morning there was nothing left to be said about it by any of us.";

    #[track_caller]
    fn stays(text: &str) -> Decision {
        let done = reflow(text);
        assert_eq!((done.text, done.joins), (None, Vec::new()), "{text}");
        done.decision
    }

    #[test]
    fn wrapped_turns_become_lines_and_come_back() {
        for hanging in ["", "     "] {
            let text = format!("{}\n\n{}\n", wrap(ONE, 72, hanging), wrap(TWO, 72, hanging));
            // Six lines are too few to be sure; twice as many are not.
            let text = text.repeat(2);
            let done = reflow(&text);
            let joined = done.text.expect("joined");
            assert_eq!(joined, format!("{ONE}\n\n{TWO}\n").repeat(2));
            assert_eq!(original(&joined, &done.joins), text);
            assert_eq!(done.joins.len(), 8);
            assert!(matches!(done.decision, Decision::Joined { lines: 8, .. }));
            let stored = stored(&done.joins).expect("some");
            assert_eq!(restored(&joined, &stored), Some(text));
        }
    }

    #[test]
    fn what_is_no_wrapping_stays() {
        // A poem, notes, a list, a table, code; each long enough to be judged.
        let poem = "The list was on the door that night\nand no one knew the hand,\nand no one asked whose list it was\nor what the man had planned\nwhen he went out, with all his keys,\nto the far end of the ward,\nand wrote us down.\n";
        stays(poem);
        stays(&poem.repeat(6));
        stays(
            &"- came in late\n- nobody at the desk, as it seems to me\n- list is gone\n".repeat(6),
        );
        stays(&"INT: Yes.\nP07: Not as far as I can tell, no.\nINT: Well then, go on, as you were saying?\nP07: We left.\n".repeat(5));
        stays(&"one    two    three    four    five    six    seven    eight\n".repeat(12));
        stays(&"| one | two | three and then some more words in it |\n".repeat(12));
        let code = format!("```\n{}\n```\n", wrap(ONE, 60, ""));
        stays(&code.repeat(4));
        stays("");
        stays("one line");
        // Long lines, a paragraph each.
        stays(&format!("{ONE}\n{TWO}\n").repeat(8));
    }

    #[test]
    fn what_else_stands_in_a_wrapped_file_stays() {
        let wrapped = format!("{}\n\n", wrap(ONE, 72, "")).repeat(4);
        for other in [
            "# A heading that is rather long, so that it fills the whole of its line\nand what is below it\n",
            "- an item that is so long that nothing would fit behind it on the line\n- another\n",
            "A line that ends in two blanks, as Markdown wants it for a hard line  \nbreak is kept\n",
            "Ben Berg  0:22\nYes.\n",
            "Roses\nare\nred\n",
        ] {
            let text = format!("{wrapped}{other}\n{wrapped}");
            let done = reflow(&text);
            let joined = done.text.expect("joined");
            assert!(joined.contains(other), "{other}: {joined}");
            assert_eq!(original(&joined, &done.joins), text);
        }
    }

    #[test]
    fn scripts_without_blanks_stay() {
        let line = "我们在医院的门上看到了一张名单，没有人知道是谁写的，也没有人问过这件事情，大家都在看这张名单。\n";
        stays(&line.repeat(12));
    }

    #[test]
    fn every_decision_has_its_words() {
        assert_eq!(
            stays(&format!("{ONE}\n{TWO}\n").repeat(8)),
            Decision::NoWidth
        );
        let ragged = "A first line of some length that is here\nshort one\nand a line that is a bit longer than that\nno\n".repeat(6);
        assert!(matches!(stays(&ragged), Decision::FewWraps { .. }));
        for decision in [
            Decision::NotNeeded,
            Decision::NotWanted,
            Decision::NoWidth,
            Decision::FewWraps { width: 72 },
            Decision::ChangesSpeakers { width: 72 },
            Decision::Joined {
                width: 72,
                lines: 3,
            },
        ] {
            assert!(decision.to_string().len() > 10);
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "([A-Za-zé]{1,9}|[a-z]{30}:|ß|字|- |# |```|  |\t|\n|\n\n|\n   |Ada: | ){0,240}") {
            let done = reflow(&text);
            if let Some(joined) = &done.text {
                prop_assert_eq!(original(joined, &done.joins), text);
            }
        }

        /// Wrapped text, which is joined, comes back; and each join is a blank in the text.
        #[test]
        fn wrapped_text_comes_back(
            turns in prop::collection::vec("(Ada|Ben): ([a-zé]{1,9}[,.]? ){20,60}", 4..8),
            width in 45_usize..100,
            hanging in " {0,8}",
        ) {
            let text = turns
                .iter()
                .map(|turn| wrap(turn, width, &hanging) + "\n\n")
                .collect::<String>();
            let done = reflow(&text);
            if let Some(joined) = &done.text {
                prop_assert_eq!(original(joined, &done.joins), text.clone());
                let points: Vec<char> = joined.chars().collect();
                for join in &done.joins {
                    prop_assert_eq!(points.get(join.at as usize), Some(&' '));
                    prop_assert_eq!(join.was.matches('\n').count(), 1);
                }
            } else {
                prop_assert!(!matches!(done.decision, Decision::NotNeeded));
            }
        }
    }
}
