//! What links point at: names of headings, and the few kinds of address that a report may link to.

use std::collections::HashMap;
use std::fmt::Write;

use super::text;

/// Gives every heading of a report a name of its own. The same headings in the same order get the same names, so a
/// table of contents can be written before the headings are.
#[derive(Default)]
pub(super) struct Anchors {
    /// Each name given, with the last number put behind it.
    used: HashMap<String, u32>,
}

impl Anchors {
    /// The name of the next heading: the one that it asks for, else one made from its words.
    pub(super) fn next(&mut self, words: &str, wanted: Option<&str>) -> String {
        let base = wanted
            .map(name)
            .filter(|n| !n.is_empty())
            .unwrap_or_else(|| {
                let made = name(&text::one_line(words).to_lowercase());
                if made.is_empty() {
                    "section".to_owned()
                } else {
                    made
                }
            });
        let mut unique = base.clone();
        // The number that came last is kept, so that many headings of one name do not count up each time.
        let mut n = self.used.get(&base).copied().unwrap_or(0);
        while n > 0 && self.used.contains_key(&unique) {
            n += 1;
            unique = format!("{base}-{n}");
        }
        self.used.insert(base, n.max(1));
        self.used.entry(unique.clone()).or_insert(1);
        unique
    }
}

/// Letters and digits of any script, `-`, `_` and `.`; what stands between becomes one `-`.
fn name(words: &str) -> String {
    let mut name = String::with_capacity(words.len());
    for c in words.chars() {
        if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') {
            name.push(c);
        } else if !name.ends_with('-') && !name.is_empty() {
            name.push('-');
        }
    }
    name.trim_end_matches('-').to_owned()
}

/// An address that a report may link to, made harmless; nothing if it is of another kind.
pub(super) fn target(to: &str) -> Option<String> {
    if let Some(anchor) = to.strip_prefix('#') {
        let name = name(anchor);
        return (!name.is_empty()).then(|| format!("#{name}"));
    }
    let known = ["https://", "mailto:"].into_iter().find(|scheme| {
        to.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            && to.len() > scheme.len()
    })?;
    let mut address = String::with_capacity(to.len());
    address.push_str(known);
    for b in to.as_bytes()[known.len()..].iter().copied() {
        if b.is_ascii_alphanumeric() || b"-._~:/?#@!$&()*+,;=%".contains(&b) {
            address.push(char::from(b));
        } else {
            write!(address, "%{b:02X}").expect("a string takes all that is written to it");
        }
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_repeatable() {
        let names = || {
            let mut anchors = Anchors::default();
            [
                ("Who decides?", None),
                ("Who decides?", None),
                ("Über uns", None),
                ("", Some("finding 3")),
                ("***", None),
            ]
            .map(|(words, wanted)| anchors.next(words, wanted))
        };
        assert_eq!(
            names(),
            [
                "who-decides",
                "who-decides-2",
                "über-uns",
                "finding-3",
                "section"
            ]
        );
        assert_eq!(names(), names());
    }

    #[test]
    fn only_three_kinds_of_address() {
        assert_eq!(target("#finding-3").as_deref(), Some("#finding-3"));
        assert_eq!(
            target("HTTPS://example.org/a?b=c&d=e").as_deref(),
            Some("https://example.org/a?b=c&d=e")
        );
        assert_eq!(
            target("https://example.org/<a b>\"'[]").as_deref(),
            Some("https://example.org/%3Ca%20b%3E%22%27%5B%5D")
        );
        assert_eq!(
            target("mailto:study@example.org").as_deref(),
            Some("mailto:study@example.org")
        );
        for refused in [
            "javascript:alert(1)",
            "http://example.org",
            "data:text/html,x",
            "//example.org",
            "#",
            "#<>",
            "",
            "ß",
        ] {
            assert_eq!(target(refused), None, "{refused}");
        }
    }
}
