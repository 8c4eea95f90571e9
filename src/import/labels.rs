//! What may be a speaker's label at the start of a line. Whether it is one, [`super::verdict`] decides by the whole file.

use super::names::{End, Plain, label, plain};
use super::{clock, markdown};

/// How a label is set off from what is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// `Name: text`
    Colon,
    /// `**Name:** text`, `**Name**: text`
    Bold,
    /// `Name  0:22` alone on its line, `Name [0:22]: text`, `[0:22] Name: text`
    Timed,
    /// `[0:22] Name` alone on its line
    Clocked,
    /// `Name 0:22 text`: only a label that also stands in another form
    Inline,
    /// A name alone on a line that ends in two blanks, or in bold
    Alone,
    /// `Name<tab>text`, as rows of a table are
    Tab,
}

/// A possible label at the start of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head<'t> {
    pub form: Form,
    pub label: &'t str,
    /// Byte in the line where the words begin; the line's length where none follow.
    pub body: usize,
    pub time: Option<i64>,
}

/// Reads the start of a line (without its line break).
pub(super) fn head(line: &str) -> Option<Head<'_>> {
    let start = lead(line);
    let (time, at) = match line.as_bytes().get(start)? {
        b'[' | b'(' | b'\\' | b'0'..=b'9' => {
            let (ms, length) =
                clock::mark(&line[start..]).or_else(|| clock::clock(&line[start..]))?;
            let rest = &line[start + length..];
            let rest = rest
                .strip_prefix(':')
                .unwrap_or(rest)
                .trim_start()
                .trim_start_matches(['-', '–']);
            (Some(ms), line.len() - rest.trim_start().len())
        }
        _ => (None, start),
    };
    let head = if let Some((inner, end)) = markdown::bold(&line[at..]) {
        bold(line, at, inner, end)
    } else {
        plain(&line[at..]).and_then(|found| found.head(line, at))
    }?;
    // A time in front makes any form a timed one; alone behind a time, a name needs no two blanks.
    match (time, head.form) {
        (None, Form::Alone) => {
            (line.ends_with("  ") || line[at..].starts_with(['*', '_'])).then_some(head)
        }
        (Some(_), Form::Inline | Form::Tab) => None,
        (Some(_), Form::Alone) => Some(Head {
            form: Form::Clocked,
            time,
            ..head
        }),
        (Some(_), _) => Some(Head {
            form: Form::Timed,
            time,
            ..head
        }),
        (None, _) => Some(head),
    }
}

/// A name alone on a line that follows a line with its time.
pub(super) fn below_time(line: &str, time: i64) -> Option<Head<'_>> {
    let start = lead(line);
    let found = plain(&line[start..])?.head(line, start)?;
    (found.form == Form::Alone).then_some(Head {
        form: Form::Clocked,
        time: Some(time),
        ..found
    })
}

/// A time in brackets at the start of a body: its milliseconds and the place of the first word behind it.
pub(super) fn time_in_front(line: &str, body: usize) -> (Option<i64>, usize) {
    let Some(rest) = line.get(body..) else {
        return (None, line.len());
    };
    let trimmed = rest.trim_start();
    match clock::mark(trimmed) {
        Some((ms, length)) => (Some(ms), line.len() - trimmed[length..].trim_start().len()),
        None => (None, line.len() - trimmed.len()),
    }
}

/// Whether a line begins with a time, in brackets or bare.
pub(super) fn begins_with_time(line: &str) -> bool {
    let line = line.trim_start();
    clock::mark(line).or_else(|| clock::clock(line)).is_some()
}

/// Where the first word may begin: behind blanks, list marks, and invisible direction marks.
fn lead(line: &str) -> usize {
    let rest = line.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    });
    let rest = ["- ", "* ", "• ", "> "]
        .iter()
        .find_map(|mark| rest.strip_prefix(mark))
        .unwrap_or(rest);
    // Where every turn is numbered, the number is no part of the name: `12. Ada: yes`.
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let rest = match rest[digits..].strip_prefix(['.', ')']) {
        Some(tail) if (1..=4).contains(&digits) && tail.starts_with([' ', '\t']) => tail,
        _ => rest,
    };
    line.len() - rest.trim_start().len()
}

impl Plain {
    fn head(self, line: &str, at: usize) -> Option<Head<'_>> {
        let label = label(&line[at..at + self.label])?;
        let form = match self.end {
            End::Colon => Form::Colon,
            End::TimeColon | End::TimeAlone => Form::Timed,
            End::TimeInline => Form::Inline,
            End::Tab => Form::Tab,
            End::Line => Form::Alone,
        };
        if let (End::Colon, None) = (self.end, self.time) {
            let (time, body) = time_in_front(line, at + self.body);
            return Some(Head {
                form,
                label,
                body,
                time,
            });
        }
        let body = line.len() - line[at + self.body..].trim_start().len();
        Some(Head {
            form,
            label,
            body,
            time: self.time,
        })
    }
}

/// A label in bold; the colon and the time may stand inside the marks or behind them.
fn bold<'t>(line: &'t str, at: usize, inner: &'t str, end: usize) -> Option<Head<'t>> {
    // `**[0:22] Name:**` has the time inside.
    let (inner_time, inner) = match clock::mark(inner.trim_start()) {
        Some((ms, length)) => (Some(ms), inner.trim_start()[length..].trim_start()),
        None => (None, inner.trim_start()),
    };
    let found = plain(inner)?;
    if !inner[found.body..].trim().is_empty() {
        return None;
    }
    let label = label(&inner[..found.label])?;
    let behind = at + end;
    let rest = &line[behind..];
    let closed = matches!(found.end, End::Colon | End::TimeColon);
    if let Some(rest) = rest.trim_start().strip_prefix(':').filter(|_| !closed) {
        let (time, body) = time_in_front(line, line.len() - rest.len());
        return Some(Head {
            form: Form::Bold,
            label,
            body,
            time: time.or(found.time).or(inner_time),
        });
    }
    if closed {
        let (time, body) = time_in_front(line, behind);
        return Some(Head {
            form: Form::Bold,
            label,
            body,
            time: time.or(found.time).or(inner_time),
        });
    }
    // No colon anywhere: a time behind the name, or nothing but the name on the line.
    let trimmed = rest.trim_start();
    if trimmed.is_empty() {
        let form = if found.time.or(inner_time).is_some() {
            Form::Timed
        } else {
            Form::Alone
        };
        return Some(Head {
            form,
            label,
            body: line.len(),
            time: found.time.or(inner_time),
        });
    }
    let (ms, length) = clock::mark(trimmed).or_else(|| clock::clock(trimmed))?;
    let rest = &trimmed[length..];
    match rest.trim_start().strip_prefix(':') {
        Some(rest) => Some(Head {
            form: Form::Timed,
            label,
            body: line.len() - rest.trim_start().len(),
            time: Some(ms),
        }),
        None if rest.trim().is_empty() => Some(Head {
            form: Form::Timed,
            label,
            body: line.len(),
            time: Some(ms),
        }),
        None => Some(Head {
            form: Form::Inline,
            label,
            body: line.len() - rest.trim_start().len(),
            time: Some(ms),
        }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(line: &str, form: Form, label: &str, body: &str, time: Option<i64>) {
        let found = head(line).unwrap_or_else(|| panic!("a head in {line:?}"));
        assert_eq!(
            (found.form, found.label, &line[found.body..], found.time),
            (form, label, body, time),
            "{line:?}"
        );
    }

    #[test]
    fn conventions() {
        use Form::{Alone, Bold, Clocked, Colon, Inline, Tab, Timed};
        check("Name: text", Colon, "Name", "text", None);
        check("INTERVIEWER: text", Colon, "INTERVIEWER", "text", None);
        check("  INT:  text", Colon, "INT", "text", None);
        check("INT.: text", Colon, "INT.", "text", None);
        check("Int:text", Colon, "Int", "text", None);
        check("Q:", Colon, "Q", "", None);
        check("Intervieweur : oui", Colon, "Intervieweur", "oui", None);
        check("采访者：你好", Colon, "采访者", "你好", None);
        check(
            "Adam Jonas (AJ): Welcome",
            Colon,
            "Adam Jonas (AJ)",
            "Welcome",
            None,
        );
        check("Name: [00:01:00] text", Colon, "Name", "text", Some(60_000));
        check("12. P07: yes", Colon, "P07", "yes", None);
        check("3)\tAda: yes", Colon, "Ada", "yes", None);
        check("- P07: yes", Colon, "P07", "yes", None);
        check("Dr. A. Berg: yes", Colon, "Dr. A. Berg", "yes", None);
        check("**Name:** text", Bold, "Name", "text", None);
        check("**Name**: text", Bold, "Name", "text", None);
        check("__Name:__ text", Bold, "Name", "text", None);
        check(
            "**Name:** [00:01:00] text",
            Bold,
            "Name",
            "text",
            Some(60_000),
        );
        check(
            "**Name:** \\[04:07\\] text",
            Bold,
            "Name",
            "text",
            Some(247_000),
        );
        check("**Name [00:01]:** text", Bold, "Name", "text", Some(1_000));
        check("**[00:01] Name:** text", Bold, "Name", "text", Some(1_000));
        check("**Name**  0:22", Timed, "Name", "", Some(22_000));
        check("Ada Berg  0:22  ", Timed, "Ada Berg", "", Some(22_000));
        check("Ada Berg 1:00:22", Timed, "Ada Berg", "", Some(3_622_000));
        check("Ada Berg\t0:22", Timed, "Ada Berg", "", Some(22_000));
        check("Berg, Ada   0:22", Timed, "Berg, Ada", "", Some(22_000));
        check(
            "Ada Berg 0:22 well",
            Inline,
            "Ada Berg",
            "well",
            Some(22_000),
        );
        check("Name [00:01:00]: text", Timed, "Name", "text", Some(60_000));
        check("Name (00:01:00): text", Timed, "Name", "text", Some(60_000));
        check(
            "[00:12:03] Speaker 1",
            Clocked,
            "Speaker 1",
            "",
            Some(723_000),
        );
        check(
            "[00:12:03] Name: text",
            Timed,
            "Name",
            "text",
            Some(723_000),
        );
        check("00:12:03 Name: text", Timed, "Name", "text", Some(723_000));
        check("(00:12) - Name: text", Timed, "Name", "text", Some(12_000));
        check(
            "[00:12] **Name:** text",
            Timed,
            "Name",
            "text",
            Some(12_000),
        );
        check("Ada Berg  ", Alone, "Ada Berg", "", None);
        check("**Ada Berg**", Alone, "Ada Berg", "", None);
        check("Ada\twell", Tab, "Ada", "well", None);
    }

    #[test]
    fn not_labels() {
        for line in [
            "",
            "   ",
            "http://a.example",
            "10:30",
            "Ada Berg",
            "It was late, she said: no",
            "We saw it. Then: no",
            "std::io",
            "I think that what we all of us need: time",
            "**bold** words here",
            "**bold words: here** and on",
            "# Ada: b",
            "“Ada: b”",
            "at 10:3",
            "[inaudible] yes",
            "*",
            "**",
            "[",
            "\\",
            "[0:22",
            "7: x",
            "12.5 Ada: b",
            "12345. Ada: b",
            "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: x",
        ] {
            assert_eq!(head(line), None, "{line:?}");
        }
    }

    proptest! {
        #[test]
        fn any_line_is_read_without_panic(line in "[ *_\\[\\]():\\\\0-9A-Zéß\u{200f}：\t.-]{0,40}|\\PC{0,80}") {
            if let Some(found) = head(&line) {
                prop_assert!(line.is_char_boundary(found.body));
                prop_assert!(!found.label.is_empty() && found.label.trim() == found.label);
                prop_assert!(line[found.body..].is_empty() || !line[found.body..].starts_with(char::is_whitespace));
            }
        }
    }
}
