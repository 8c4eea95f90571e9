//! Small phrases: numbers with their units, days, lists, and names as a reader sees them.

/// A number with its thousands parted.
pub(super) fn number(n: impl TryInto<u64>) -> String {
    let digits = n.try_into().unwrap_or(0).to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 transcript`, `12 transcripts`.
pub(super) fn count(n: impl TryInto<u64>, one: &str, many: &str) -> String {
    let n = n.try_into().unwrap_or(0);
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// The plural of an English word that the study uses for a kind of thing.
pub(super) fn plural(word: &str) -> String {
    let vowel_before_y = |w: &str| w.ends_with(['a', 'e', 'i', 'o', 'u']);
    if let Some(stem) = word.strip_suffix('y').filter(|stem| !vowel_before_y(stem)) {
        return format!("{stem}ies");
    }
    if ["s", "x", "ch", "sh"].iter().any(|end| word.ends_with(end)) {
        return format!("{word}es");
    }
    format!("{word}s")
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `2020-01-16` or a time that begins so, as `16 January 2020`; what is no day comes back as it is.
pub(super) fn day(date: &str) -> String {
    let Some(found) = date
        .get(..10)
        .and_then(|d| d.parse::<crate::domain::Date>().ok())
    else {
        return date.to_owned();
    };
    let month = usize::try_from(found.month() - 1)
        .ok()
        .and_then(|m| MONTHS.get(m));
    format!("{} {} {}", found.day(), month.unwrap_or(&""), found.year())
}

/// `from 1 April 2020 to 31 March 2021`, or the half of it that is known; empty where nothing is.
pub(super) fn period(from: Option<&str>, to: Option<&str>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("from {} to {}", day(from), day(to)),
        (Some(from), None) => format!("from {}", day(from)),
        (None, Some(to)) => format!("until {}", day(to)),
        (None, None) => String::new(),
    }
}

/// `on 16 January 2020`, or `between … and …`.
pub(super) fn between(first: &str, last: &str) -> String {
    if first == last {
        format!("on {}", day(first))
    } else {
        format!("between {} and {}", day(first), day(last))
    }
}

/// `16 January 2020`, or `… to …`.
pub(super) fn dated(first: &str, last: &str) -> String {
    if first == last {
        day(first)
    } else {
        format!("{} to {}", day(first), day(last))
    }
}

/// `a, b and c`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// Beginnings that keep their hyphen: `co-production`, `short-term-money`.
const JOINED: &[&str] = &[
    "co", "non", "self", "re", "pre", "post", "anti", "inter", "multi", "cross", "sub", "semi",
    "e", "well", "short", "long", "mid", "part", "full", "face", "decision", "work",
];

/// A name that was made for typing, as a reader sees it: `legacy-of-tendering` becomes `Legacy of tendering`. A name
/// with capitals or blanks was made for reading, and stays.
pub(super) fn title(name: &str) -> String {
    let typed = name.contains(['-', '_'])
        && name
            .chars()
            .all(|c| c.is_alphanumeric() && !c.is_uppercase() || matches!(c, '-' | '_'));
    if !typed {
        return capital(name);
    }
    let mut out = String::with_capacity(name.len());
    let mut last = "";
    for part in name.split(['-', '_']).filter(|part| !part.is_empty()) {
        if !out.is_empty() {
            let joined = JOINED.contains(&last) && (out.len() == last.len() || last.len() > 2);
            out.push(if joined { '-' } else { ' ' });
        }
        out.push_str(part);
        last = part;
    }
    if out.is_empty() {
        return name.to_owned();
    }
    capital(&out)
}

/// Ends a sentence that somebody typed, if it is not ended.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?', '…', ':', ';', '”', '"', ')']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_units() {
        assert_eq!(count(1_u32, "word", "words"), "1 word");
        assert_eq!(count(0_u32, "word", "words"), "0 words");
        assert_eq!(count(1_234_567_u32, "word", "words"), "1,234,567 words");
        assert_eq!(number(999_u32), "999");
        assert_eq!(number(1000_usize), "1,000");
        assert_eq!(number(-1_i64), "0");
    }

    #[test]
    fn days_are_read_or_left() {
        assert_eq!(day("2020-01-16"), "16 January 2020");
        assert_eq!(day("2020-12-01T10:00:00Z"), "1 December 2020");
        assert_eq!(day("some day"), "some day");
        assert_eq!(day("2020-13-99"), "2020-13-99");
        assert_eq!(between("2020-01-16", "2020-01-16"), "on 16 January 2020");
        assert_eq!(period(None, Some("2020-01-16")), "until 16 January 2020");
    }

    #[test]
    fn names_are_made_for_reading() {
        for (name, read) in [
            ("legacy-of-tendering", "Legacy of tendering"),
            ("short-term-money", "Short-term money"),
            ("co-production", "Co-production"),
            ("to-the-centre", "To the centre"),
            ("Limits-of consensus", "Limits-of consensus"),
            ("governance", "Governance"),
            ("---", "---"),
            ("", ""),
        ] {
            assert_eq!(title(name), read);
        }
        assert_eq!(plural("system"), "systems");
        assert_eq!(plural("county"), "counties");
        assert_eq!(plural("trust board"), "trust boards");
        assert_eq!(plural("business"), "businesses");
    }

    #[test]
    fn lists_and_sentences() {
        let three = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(list(&three), "a, b and c");
        assert_eq!(list(&three[..1]), "a");
        assert_eq!(list(&[]), "");
        assert_eq!(sentence(" so it is "), "so it is.");
        assert_eq!(sentence("is it?"), "is it?");
    }
}
