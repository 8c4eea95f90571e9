//! The few marks of Markdown that matter to turns. Everything else of it is text.

/// The level of a heading: one to six `#` and a blank; 0 of other lines.
pub(super) fn level(line: &str) -> u8 {
    let rest = line.trim_start_matches('#');
    let marks = line.len() - rest.len();
    match u8::try_from(marks) {
        Ok(level @ 1..=6) if rest.is_empty() || rest.starts_with([' ', '\t']) => level,
        _ => 0,
    }
}

/// A line that only divides: three or more of `-`, `*`, `_` or `=`, with blanks or without.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim_end();
    let Some(&mark) = line.as_bytes().first() else {
        return false;
    };
    matches!(mark, b'-' | b'*' | b'_' | b'=')
        && line.bytes().all(|b| b == mark || b == b' ')
        && line.bytes().filter(|&b| b == mark).count() >= 3
}

/// The words between `**…**` or `__…__` at the start of a line, and the place behind the closing mark.
pub(super) fn bold(text: &str) -> Option<(&str, usize)> {
    let mark = if text.starts_with("**") {
        "**"
    } else if text.starts_with("__") {
        "__"
    } else {
        return None;
    };
    let inner = &text[2..];
    let end = inner.find(mark)?;
    (end > 0).then(|| (&inner[..end], end + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_rules() {
        for line in ["# A", "###### A", "##", "#\tA"] {
            assert!(level(line) > 0, "{line}");
        }
        for line in ["#hashtag", "####### A", "A # B", "", "\\# A"] {
            assert_eq!(level(line), 0, "{line}");
        }
        for line in ["---", "* * *", "=====", "___  "] {
            assert!(is_rule(line), "{line}");
        }
        for line in ["--", "--- a", "", "- -", "é"] {
            assert!(!is_rule(line), "{line}");
        }
    }

    #[test]
    fn bold_at_the_start() {
        assert_eq!(bold("**Ada:** hello"), Some(("Ada:", 8)));
        assert_eq!(bold("__Ada__"), Some(("Ada", 7)));
        for text in ["**", "****", "**Ada", "*Ada*", "Ada **b**"] {
            assert_eq!(bold(text), None, "{text}");
        }
    }
}
