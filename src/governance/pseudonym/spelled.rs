//! Addresses that are written as they are said (`ann at example dot org`), and numbers in a register, which a word before
//! them gives away.

use std::ops::Range;

use super::ordinary::is_ordinary;
use super::patterns::SignKind;

type Put<'a> = dyn FnMut(SignKind, Range<usize>) + 'a;

/// Whether an address in words may be in a line; quick.
pub(super) fn may_be_there(line: &str) -> bool {
    line.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| word.eq_ignore_ascii_case("dot"))
}

/// Words between blanks, without the signs around them.
fn pieces(line: &str) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut from = 0;
    for piece in line.split_inclusive(char::is_whitespace) {
        let word = piece.trim();
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if !bare.is_empty() {
            let start = from + (bare.as_ptr() as usize - piece.as_ptr() as usize);
            all.push(start..start + bare.len());
        }
        from += piece.len();
    }
    all
}

/// `ann dot example at x dot org`, `ann (at) x (dot) org`
pub(super) fn addresses(line: &str, put: &mut Put) {
    if !may_be_there(line) {
        return;
    }
    let pieces = pieces(line);
    let word = |n: usize| pieces.get(n).map(|p| line[p.clone()].to_lowercase());
    let is = |n: usize, wanted: &str| word(n).is_some_and(|w| w == wanted);
    let named = |n: usize| {
        word(n).is_some_and(|w| w.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c)))
    };
    let mut n = 1;
    while n + 3 < pieces.len() {
        let host = is(n, "at") && named(n - 1) && named(n + 1) && is(n + 2, "dot") && named(n + 3);
        // `look at the dot com`
        if !host || word(n + 1).is_some_and(|w| is_ordinary(&w) && w != "nhs" && !is_host(&w)) {
            n += 1;
            continue;
        }
        let mut first = n - 1;
        while first >= 2 && is(first - 1, "dot") && named(first - 2) {
            first -= 2;
        }
        let mut last = n + 3;
        while is(last + 1, "dot") && named(last + 2) {
            last += 2;
        }
        put(SignKind::Email, pieces[first].start..pieces[last].end);
        n = last + 1;
    }
}

/// Words that are hosts' names too.
fn is_host(word: &str) -> bool {
    matches!(word, "google" | "teams" | "me" | "live" | "post")
}

/// `GMC number 7123456`, `NMC PIN 12A3456E`
pub(super) fn registrations(line: &str, put: &mut Put) {
    const BETWEEN: [&str; 12] = [
        "number",
        "no",
        "no.",
        "num",
        "reg",
        "registration",
        "registered",
        "ref",
        "reference",
        "pin",
        "is",
        "my",
    ];
    if !["GMC", "NMC", "GDC", "GPhC", "gmc", "nmc"]
        .iter()
        .any(|r| line.contains(r))
    {
        return;
    }
    let pieces = pieces(line);
    for (n, piece) in pieces.iter().enumerate() {
        let word = line[piece.clone()].to_ascii_uppercase();
        let (length, pin) = match word.as_str() {
            "GMC" | "GPHC" => (7, false),
            "NMC" => (0, true),
            "GDC" => (6, false),
            _ => continue,
        };
        let number = pieces[n + 1..]
            .iter()
            .take(5)
            .find(|p| !BETWEEN.contains(&&*line[(*p).clone()].to_lowercase()));
        let Some(number) = number else { continue };
        let written = &line[number.clone()];
        let right = if pin {
            is_pin(written.as_bytes())
        } else {
            written.len() == length && written.bytes().all(|b| b.is_ascii_digit())
        };
        if right {
            put(SignKind::Registration, number.clone());
        }
    }
}

/// Of a nurse: two digits, a letter, four digits and a letter.
fn is_pin(pin: &[u8]) -> bool {
    pin.len() == 8
        && pin.iter().enumerate().all(|(n, b)| match n {
            2 | 7 => b.is_ascii_alphabetic(),
            _ => b.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::super::patterns::{SignKind, patterns};

    #[test]
    fn what_is_said_is_found_as_what_is_written() {
        use SignKind::{BirthDate, Email, Postcode, Registration};
        for (text, kind, wanted) in [
            (
                "write to annq at nhs dot net.",
                Email,
                "annq at nhs dot net",
            ),
            (
                "jane dot roe (at) x [dot] co [dot] uk",
                Email,
                "jane dot roe (at) x [dot] co [dot] uk",
            ),
            ("GMC number 7123456", Registration, "7123456"),
            ("her NMC PIN is 12A3456E", Registration, "12A3456E"),
            ("DOB 03.04.61", BirthDate, "03.04.61"),
            ("DOB 1961-04-03", BirthDate, "1961-04-03"),
            ("born 3rd April '61", BirthDate, "3rd April '61"),
            (
                "born on the third of April 1961",
                BirthDate,
                "third of April 1961",
            ),
            ("ls1 4ap is home", Postcode, "ls1 4ap"),
        ] {
            let found = patterns(text);
            let said: Vec<_> = found
                .iter()
                .map(|s| (s.kind, &text[s.span.clone()]))
                .collect();
            assert_eq!(said, [(kind, wanted)], "{text}");
        }
        for text in [
            "look at the dot com boom",
            "at e1 2nd floor, dot",
            "GMC meeting of 7123 people",
            "version 03.04.61",
            "the third of May",
        ] {
            assert_eq!(patterns(text), [], "{text}");
        }
    }
}
