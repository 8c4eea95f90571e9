//! What stands in a line, put in order: clean, merged, and without white space where Markdown would lose it.

use std::borrow::Cow;

use super::anchor::target;
use super::document::Inline;
use super::text::{self, Before};

/// An [`Inline`] whose words are clean, not empty and on one line. Text may begin or end with a blank inside a line,
/// never at its edges; the others never do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Run<'a> {
    Text(Cow<'a, str>),
    Strong(Cow<'a, str>),
    Emphasis(Cow<'a, str>),
    Code(Cow<'a, str>),
    Link { text: Cow<'a, str>, to: String },
    Break,
}

/// Puts inlines in order. White space at the edge of emphasised words moves out of them; the same kinds side by side
/// become one; breaks at the edges go.
pub(super) fn runs(inlines: &[Inline]) -> Vec<Run<'_>> {
    let mut runs = Vec::with_capacity(inlines.len());
    for inline in inlines {
        match inline {
            Inline::Text(words) => match text::clean(words) {
                Cow::Borrowed(words) => words_of(&mut runs, words, Cow::Borrowed),
                Cow::Owned(words) => {
                    words_of(&mut runs, &words, |line| Cow::Owned(line.to_owned()));
                }
            },
            Inline::Strong(words) => edged(&mut runs, words, Run::Strong),
            Inline::Emphasis(words) => edged(&mut runs, words, Run::Emphasis),
            Inline::Code(words) => edged(&mut runs, words, Run::Code),
            Inline::Link { text, to } => match target(to) {
                Some(to) => edged(&mut runs, text, |text| Run::Link { text, to }),
                None => edged(&mut runs, text, Run::Text),
            },
            Inline::Break => push(&mut runs, Run::Break),
        }
    }
    end_line(&mut runs);
    while runs.last() == Some(&Run::Break) {
        runs.pop();
        end_line(&mut runs);
    }
    runs
}

/// Pushes lines of text with breaks between them; blanks at the edges of the whole stay, for they may part words.
fn words_of<'a, 't>(
    runs: &mut Vec<Run<'a>>,
    words: &'t str,
    keep: impl Fn(&'t str) -> Cow<'a, str>,
) {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_whitespace() && c != '\n');
    if edge(words.chars().next()) {
        push(runs, Run::Text(Cow::Borrowed(" ")));
    } else if words.starts_with('\n') {
        push(runs, Run::Break);
    }
    let mut any = false;
    for (before, line) in text::lines(words) {
        if before != Before::Start {
            push(runs, Run::Break);
        }
        push(runs, Run::Text(keep(line)));
        any = true;
    }
    if any && edge(words.chars().next_back()) {
        push(runs, Run::Text(Cow::Borrowed(" ")));
    } else if words.ends_with('\n') {
        push(runs, Run::Break);
    }
}

/// Pushes words of one line as `make` wants them, with the blanks around them outside.
fn edged<'a>(runs: &mut Vec<Run<'a>>, words: &'a str, make: impl FnOnce(Cow<'a, str>) -> Run<'a>) {
    let line = text::one_line(words);
    let blank = || Run::Text(Cow::Borrowed(" "));
    if words.starts_with(char::is_whitespace) {
        push(runs, blank());
    }
    if line.is_empty() {
        return;
    }
    push(runs, make(line));
    if words.ends_with(char::is_whitespace) {
        push(runs, blank());
    }
}

fn push<'a>(runs: &mut Vec<Run<'a>>, run: Run<'a>) {
    let at_start = matches!(runs.last(), None | Some(Run::Break));
    match (run, runs.last_mut()) {
        (Run::Break, _) => {
            end_line(runs);
            if !matches!(runs.last(), None | Some(Run::Break)) {
                runs.push(Run::Break);
            }
        }
        (Run::Text(words), _) if at_start => {
            let words = match words {
                Cow::Borrowed(words) => Cow::Borrowed(words.trim_start()),
                Cow::Owned(words) => Cow::Owned(words.trim_start().to_owned()),
            };
            if !words.is_empty() {
                runs.push(Run::Text(words));
            }
        }
        (Run::Text(more), Some(Run::Text(words))) => {
            // One blank between two texts is enough.
            let more = if words.ends_with(' ') {
                more.trim_start_matches(' ')
            } else {
                &more
            };
            if !more.is_empty() {
                words.to_mut().push_str(more);
            }
        }
        (Run::Strong(more), Some(Run::Strong(words)))
        | (Run::Emphasis(more), Some(Run::Emphasis(words)))
        | (Run::Code(more), Some(Run::Code(words))) => words.to_mut().push_str(&more),
        (run, _) => runs.push(run),
    }
}

/// Takes white space from the end of the line that is being made.
fn end_line(runs: &mut Vec<Run<'_>>) {
    if let Some(Run::Text(words)) = runs.last_mut() {
        let end = words.trim_end().len();
        match words {
            Cow::Borrowed(words) => *words = &words[..end],
            Cow::Owned(words) => words.truncate(end),
        }
        if end == 0 {
            runs.pop();
        }
    }
}
