//! What stands in a cell of figures: a number, however it is written; a band; or a word for what is not known.

use rust_decimal::Decimal;

use super::mapping::{Mapping, Text};

/// The words that stand for what is not known, and how numbers are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    suppressed: Vec<String>,
    missing: Vec<String>,
    provisional: Vec<String>,
    thousands: Option<char>,
    /// Whether a word is itself a plain number, as 999 for what is missing.
    numbers_are_words: bool,
}

/// What a cell says before its number or band is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said<'a> {
    Suppressed,
    Missing,
    /// Whether a mark behind it says that it is provisional.
    Value(&'a str, bool),
}

/// A number as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub value: Decimal,
    /// Whether a sign of per cent stands behind it.
    pub percent: bool,
    /// Whether parentheses make it less than nothing.
    pub parentheses: bool,
    /// The word beside it: whether that is deficit (or surplus).
    pub deficit: Option<bool>,
}

fn words(said: Option<&Vec<Text>>, usual: &[&str]) -> Vec<String> {
    match said {
        Some(words) => words
            .iter()
            .map(|w| w.as_str().trim().to_lowercase())
            .collect(),
        None => usual.iter().map(|w| (*w).to_owned()).collect(),
    }
}

/// Whether a text is digits with a point at most.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && !text.is_empty()
        && text != "."
        && text.bytes().filter(|b| *b == b'.').count() < 2
}

impl Words {
    pub(super) fn of(mapping: &Mapping) -> Self {
        let of = |said: &Option<Vec<Text>>| {
            let mut all = said.iter().flatten();
            all.any(|w| is_plain(w.as_str().trim()))
        };
        Self {
            numbers_are_words: of(&mapping.suppressed) || of(&mapping.missing),
            suppressed: words(mapping.suppressed.as_ref(), &["*"]),
            missing: words(
                mapping.missing.as_ref(),
                &["", "..", "-", "\u{2013}", "n/a", ":"],
            ),
            provisional: words(mapping.provisional.as_ref(), &["p", "(p)"]),
            thousands: match &mapping.thousands {
                Some(sign) => sign.as_str().chars().next(),
                None => Some(','),
            },
        }
    }

    /// What a cell says.
    pub(super) fn read<'a>(&self, cell: &'a str) -> Said<'a> {
        let text = cell.trim();
        // Nearly every cell is a plain number.
        if is_plain(text) && !self.numbers_are_words {
            return Said::Value(text, false);
        }
        let is = |words: &[String], text: &str| words.iter().any(|w| w.eq_ignore_ascii_case(text));
        if is(&self.suppressed, text) {
            return Said::Suppressed;
        }
        if is(&self.missing, text) {
            return Said::Missing;
        }
        for mark in self.provisional.iter().filter(|m| !m.is_empty()) {
            if let Some(at) = text.len().checked_sub(mark.len())
                && let (Some(before), Some(end)) = (text.get(..at), text.get(at..))
                && end.eq_ignore_ascii_case(mark)
                && before
                    .trim_end()
                    .ends_with(|c: char| c.is_ascii_digit() || matches!(c, '%' | ')'))
            {
                return Said::Value(before.trim_end(), true);
            }
        }
        Said::Value(text, false)
    }

    /// Whether a column of marks says that a value is provisional.
    pub(super) fn marks_provisional(&self, cell: &str) -> bool {
        let text = cell.trim();
        text.eq_ignore_ascii_case("provisional")
            || self
                .provisional
                .iter()
                .any(|w| !w.is_empty() && w.eq_ignore_ascii_case(text))
    }

    /// The number that a text is. None: it is no number.
    pub(super) fn number(&self, text: &str) -> Option<Number> {
        let plain = |value| Number {
            value,
            percent: false,
            parentheses: false,
            deficit: None,
        };
        let bytes = text.as_bytes();
        if !bytes.is_empty()
            && bytes.len() <= 28
            && bytes.iter().all(|b| b.is_ascii_digit() || *b == b'.')
            && bytes[0] != b'.'
            && bytes[bytes.len() - 1] != b'.'
        {
            return text.parse().ok().map(plain);
        }
        let (text, deficit) = without_word(text.trim());
        let (text, parentheses) = match text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
            Some(inner) => (inner.trim(), true),
            None => (text, false),
        };
        let (text, percent) = match text.strip_suffix('%') {
            Some(before) => (before.trim_end(), true),
            None => (text, false),
        };
        let text = text.trim_start_matches(['£', '€', '$']).trim();
        let (text, minus) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (rest.trim_start(), true),
            None => (text.strip_prefix('+').unwrap_or(text), false),
        };
        let text = text.trim_start_matches(['£', '€', '$']);
        if minus && parentheses {
            return None;
        }
        let digits = self.without_thousands(text)?;
        if !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            || !digits.starts_with(|c: char| c.is_ascii_digit())
            || digits.ends_with('.')
            || digits.len() > 28
        {
            return None;
        }
        let mut value: Decimal = digits.parse().ok()?;
        if minus || parentheses {
            value = -value;
        }
        Some(Number {
            value,
            percent,
            parentheses,
            deficit,
        })
    }

    /// The digits without what parts thousands, which must part groups of three.
    fn without_thousands(&self, text: &str) -> Option<String> {
        let Some(sign) = self.thousands.filter(|sign| text.contains(*sign)) else {
            return Some(text.to_owned());
        };
        let (whole, rest) = text.split_once('.').map_or((text, ""), |(w, r)| (w, r));
        let mut groups = whole.split(sign);
        let first = groups.next()?;
        let fits =
            (1..=3).contains(&first.len()) && groups.all(|g| g.len() == 3) && !rest.contains(sign);
        fits.then(|| text.replace(sign, ""))
    }
}

/// A number without the word `deficit` or `surplus` beside it, and whether that was deficit.
fn without_word(text: &str) -> (&str, Option<bool>) {
    for (word, deficit) in [("deficit", true), ("surplus", false)] {
        if let Some(head) = text.get(..word.len())
            && head.eq_ignore_ascii_case(word)
        {
            let rest = text[word.len()..].trim_start_matches([':', ' ', '\u{a0}', 'o', 'f']);
            return (rest.trim(), Some(deficit));
        }
        if let Some(at) = text.len().checked_sub(word.len())
            && let (Some(before), Some(tail)) = (text.get(..at), text.get(at..))
            && tail.eq_ignore_ascii_case(word)
        {
            return (before.trim(), Some(deficit));
        }
    }
    (text, None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn usual() -> Words {
        Words::of(&Mapping::default())
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, value) in [
            ("88.3", "88.3"),
            ("21289.0", "21289.0"),
            ("-3.5", "-3.5"),
            ("\u{2212}3.5", "-3.5"),
            ("(3.5)", "-3.5"),
            ("1,234,567.8", "1234567.8"),
            ("£12.5", "12.5"),
            ("-£12.5", "-12.5"),
            ("88.3%", "88.3"),
            ("88.3 %", "88.3"),
            ("+4", "4"),
            ("12.3 deficit", "12.3"),
            ("Deficit of 12.3", "12.3"),
        ] {
            let read = usual().number(text).expect(text);
            assert_eq!(read.value, value.parse().expect("a decimal"), "{text}");
        }
        assert_eq!(
            usual().number("4 surplus").expect("a number").deficit,
            Some(false)
        );
        assert!(usual().number("(4)").expect("a number").parentheses);
    }

    #[test]
    fn what_is_no_number() {
        for text in [
            "", "x", "1,23", "12,3456", "1.2.3", ".", "1.", "(-3)", "1e5", "½", "12 34", "--3",
            "NaN", "deficit",
        ] {
            assert_eq!(usual().number(text), None, "{text}");
        }
    }

    #[test]
    fn words_for_what_is_not_known() {
        let w = usual();
        for (cell, said) in [
            ("*", Said::Suppressed),
            (" ", Said::Missing),
            ("..", Said::Missing),
            ("N/A", Said::Missing),
            ("-", Said::Missing),
            ("88.3p", Said::Value("88.3", true)),
            ("88.3 (p)", Said::Value("88.3", true)),
            ("88.3%p", Said::Value("88.3%", true)),
            ("stop", Said::Value("stop", false)),
            (" 5 ", Said::Value("5", false)),
        ] {
            assert_eq!(w.read(cell), said, "{cell}");
        }
        let own = Words::of(&Mapping {
            missing: Some(vec!["none".into()]),
            ..Mapping::default()
        });
        assert_eq!(own.read("None"), Said::Missing);
        assert_eq!(own.read("-"), Said::Value("-", false));
    }

    #[test]
    fn a_number_may_be_a_word_for_what_is_not_known() {
        let own = Words::of(&Mapping {
            missing: Some(vec!["999".into(), "-9".into()]),
            suppressed: Some(vec!["0".into()]),
            ..Mapping::default()
        });
        for (cell, said) in [
            ("999", Said::Missing),
            ("-9", Said::Missing),
            ("0", Said::Suppressed),
            ("5", Said::Value("5", false)),
            ("99", Said::Value("99", false)),
        ] {
            assert_eq!(own.read(cell), said, "{cell}");
        }
    }

    proptest! {
        #[test]
        fn any_cell_is_read(text in "\\PC{0,20}") {
            if let Said::Value(value, _) = usual().read(&text) {
                usual().number(value);
            }
        }

        #[test]
        fn a_decimal_reads_as_itself(n in -1_000_000_000_i64..1_000_000_000, scale in 0_u32..8) {
            let value = Decimal::new(n, scale);
            prop_assert_eq!(usual().number(&value.to_string()).expect("a number").value, value);
        }
    }
}
