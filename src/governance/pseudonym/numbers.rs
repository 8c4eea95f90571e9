//! Numbers that are somebody's: telephone, NHS, National Insurance, postcodes, and dates with their year.

use std::ops::Range;

use super::patterns::SignKind;

type Put<'a> = dyn FnMut(SignKind, Range<usize>) + 'a;

/// Telephone and NHS numbers: digits with single blanks, hyphens, dots and brackets between them.
pub(super) fn numbers(line: &str, put: &mut Put) {
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let begins = bytes[at].is_ascii_digit()
            || matches!(bytes[at], b'+' | b'(')
                && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        if !begins || touched(line, at) {
            at += 1;
            continue;
        }
        let end = run(bytes, at);
        let written = &line[at..end];
        let digits: Vec<u8> = written.bytes().filter(u8::is_ascii_digit).collect();
        if !line[end..].starts_with(|c: char| c.is_alphanumeric())
            && let Some(kind) = kind(written, &digits)
        {
            put(kind, at..end);
        }
        at = end.max(at + 1);
    }
}

/// Whether a letter, or a sign that makes a number of it, stands directly before.
fn touched(line: &str, at: usize) -> bool {
    line[..at].chars().next_back().is_some_and(|c| {
        c.is_alphanumeric() || matches!(c, '+' | '/' | '.' | ':' | '£' | '$' | '€' | '-')
    })
}

/// Where a run of digits ends that may be one number.
fn run(bytes: &[u8], from: usize) -> usize {
    let mut end = from;
    let mut at = from;
    let mut between = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'0'..=b'9' => {
                between = 0;
                end = at + 1;
            }
            b'+' if at == from => {}
            b' ' | b'-' | b'(' | b')' if between < 2 => between += 1,
            _ => break,
        }
        at += 1;
    }
    end
}

fn kind(written: &str, digits: &[u8]) -> Option<SignKind> {
    let abroad = match digits {
        [b'4', b'4', rest @ ..] if written.starts_with('+') => Some(rest),
        [b'0', b'0', b'4', b'4', rest @ ..] => Some(rest),
        _ => None,
    };
    if let Some(rest) = abroad {
        let rest = rest.strip_prefix(b"0").unwrap_or(rest);
        return matches!(rest.len(), 9 | 10).then_some(SignKind::Phone);
    }
    if written.starts_with('+') {
        return (8..=15).contains(&digits.len()).then_some(SignKind::Phone);
    }
    let groups: Vec<usize> = written
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .filter(|n| *n > 0)
        .collect();
    let health = groups == [10] || groups == [3, 3, 4];
    if digits.len() == 10
        && health
        && is_nhs(digits)
        && (digits[0] != b'0' || begins_as_day(digits))
    {
        return Some(SignKind::NhsNumber);
    }
    // In Britain: 0, then 1, 2, 3, 7, 8 or 9, ten or eleven digits; a group of one or two is no part of one.
    let british = matches!(digits.len(), 10 | 11)
        && digits[0] == b'0'
        && !matches!(digits[1], b'0' | b'4' | b'6')
        && groups.iter().all(|n| *n > 2)
        && groups[0] > 2;
    british.then_some(SignKind::Phone)
}

/// Scotland's numbers begin with the day of birth.
fn begins_as_day(digits: &[u8]) -> bool {
    let two = |n: usize| (digits[n] - b'0') * 10 + digits[n + 1] - b'0';
    (1..=31).contains(&two(0)) && (1..=12).contains(&two(2))
}

/// Whether the tenth digit of an NHS number is the one that the nine before it ask for (modulus 11).
fn is_nhs(digits: &[u8]) -> bool {
    let value = |d: u8| u32::from(d - b'0');
    if digits.iter().all(|d| *d == digits[0]) {
        return false;
    }
    let sum: u32 = digits[..9]
        .iter()
        .zip((2..=10).rev())
        .map(|(d, weight)| value(*d) * weight)
        .sum();
    match 11 - sum % 11 {
        11 => value(digits[9]) == 0,
        10 => false,
        check => value(digits[9]) == check,
    }
}

/// Where words of letters and digits stand, in bytes.
fn pieces(line: &str) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut from = None;
    for (at, c) in line.char_indices() {
        if c.is_alphanumeric() {
            from.get_or_insert(at);
        } else if let Some(start) = from.take() {
            all.push(start..at);
        }
    }
    if let Some(start) = from {
        all.push(start..line.len());
    }
    all
}

/// Postcodes of the United Kingdom: with a blank, or in capitals without one.
pub(super) fn postcodes(line: &str, put: &mut Put) {
    if !line.bytes().any(|b| b.is_ascii_digit()) {
        return;
    }
    let pieces = pieces(line);
    let mut after = 0;
    for (n, piece) in pieces.iter().enumerate() {
        if piece.start < after {
            continue;
        }
        let word = &line[piece.clone()];
        if !word.is_ascii() || word.len() > 7 {
            continue;
        }
        let next = pieces
            .get(n + 1)
            .filter(|next| &line[piece.end..next.start] == " ");
        let end = match next {
            Some(next) if is_postcode(word, &line[next.clone()]) => next.end,
            _ if word.len() > 4
                && is_outward(&word[..word.len() - 3])
                && is_inward(&word[word.len() - 3..]) =>
            {
                piece.end
            }
            _ => continue,
        };
        put(SignKind::Postcode, piece.start..end);
        after = end;
    }
}

/// `LS1 4AP`, `ls1 4ap`; not `e1 2nd`.
fn is_postcode(outward: &str, inward: &str) -> bool {
    let capitals = [outward, inward].map(str::to_ascii_uppercase);
    let counts = ["ST", "ND", "RD", "TH"].contains(&capitals[1].get(1..).unwrap_or_default());
    is_outward(&capitals[0])
        && is_inward(&capitals[1])
        && (!counts || inward == capitals[1] && outward == capitals[0])
}

/// `LS1`, `EC1A`
fn is_outward(word: &str) -> bool {
    let letters = word.bytes().take_while(u8::is_ascii_uppercase).count();
    let (area, rest) = word.split_at(letters);
    let rest = rest.as_bytes();
    let district = match rest {
        [a] => a.is_ascii_digit(),
        [a, b] => a.is_ascii_digit() && (b.is_ascii_digit() || b.is_ascii_uppercase()),
        _ => false,
    };
    district && AREAS.split_whitespace().any(|a| a == area)
}

/// `4AP`
fn is_inward(word: &str) -> bool {
    matches!(word.as_bytes(), [n, a, b] if n.is_ascii_digit()
        && [a, b].iter().all(|c| c.is_ascii_uppercase() && !b"CIKMOV".contains(c)))
}

const AREAS: &str = "
AB AL B BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL
GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA
PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV
YO ZE";

/// National Insurance numbers: two letters, six digits, a letter from A to D.
pub(super) fn ni_numbers(line: &str, put: &mut Put) {
    let bytes = line.as_bytes();
    let mut at = 0;
    while at + 9 <= bytes.len() {
        let free = at == 0 || !bytes[at - 1].is_ascii_alphanumeric() && bytes[at - 1] < 0x80;
        if !free || !bytes[at].is_ascii_uppercase() {
            at += 1;
            continue;
        }
        let mut nine = Vec::with_capacity(9);
        let mut end = at;
        while end < bytes.len() && nine.len() < 9 {
            match bytes[end] {
                b' ' if nine.len() > 1 && bytes[end - 1] != b' ' => {}
                b if b.is_ascii_alphanumeric() => nine.push(b),
                _ => break,
            }
            end += 1;
        }
        if nine.len() == 9 && !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) && is_ni(&nine)
        {
            put(SignKind::NiNumber, at..end);
            at = end;
        } else {
            at += 1;
        }
    }
}

fn is_ni(nine: &[u8]) -> bool {
    let letter = |b: u8| b.is_ascii_uppercase() && !b"DFIQUV".contains(&b);
    letter(nine[0])
        && letter(nine[1])
        && nine[1] != b'O'
        && ![b"BG", b"GB", b"NK", b"KN", b"TN", b"NT", b"ZZ"].contains(&&[nine[0], nine[1]])
        && nine[2..8].iter().all(u8::is_ascii_digit)
        && (b'A'..=b'D').contains(&nine[8])
}

/// Dates with day, month and year; of birth, where a word before says so.
pub(super) fn dates(line: &str, put: &mut Put) {
    if !line.bytes().any(|b| b.is_ascii_digit()) {
        return;
    }
    let pieces = pieces(line);
    let mut n = 0;
    while n < pieces.len() {
        let start = pieces[n].start;
        let first = &line[pieces[n].clone()];
        if number(first).is_none() && !ordinal(first) && !is_month(first) {
            n += 1;
            continue;
        }
        let mut from = start.saturating_sub(40);
        while !line.is_char_boundary(from) {
            from += 1;
        }
        let before = line[from..start].to_lowercase();
        let birth = ["born", "birth", "dob", "d.o.b", "birthday"]
            .iter()
            .any(|word| before.contains(word));
        let Some(used) = date(line, &pieces[n..], birth) else {
            n += 1;
            continue;
        };
        let end = pieces[n + used - 1].end;
        put(
            if birth {
                SignKind::BirthDate
            } else {
                SignKind::Date
            },
            start..end,
        );
        n += used;
    }
}

/// How many pieces make a date, if they do. Of birth, the year may have two digits however it is written.
fn date(line: &str, pieces: &[Range<usize>], birth: bool) -> Option<usize> {
    let word = |n: usize| pieces.get(n).map(|p| &line[p.clone()]);
    let between = |n: usize| Some(&line[pieces.get(n)?.end..pieces.get(n + 1)?.start]);
    let (a, b) = (word(0)?, word(1)?);
    if let (Some(first), Some(second)) = (number(a), number(b)) {
        let (c, gap) = (word(2)?, between(0)?);
        if !matches!(gap, "/" | "." | "-") || between(1)? != gap {
            return None;
        }
        let third = number(c)?;
        let follows =
            line[pieces[2].end..].starts_with(gap) && word(3).is_some_and(|w| number(w).is_some());
        let precedes = line[..pieces[0].start].ends_with(['/', '.', '-', ':']);
        if follows || precedes {
            return None;
        }
        let day = |d: u32, m: u32| (1..=31).contains(&d) && (1..=12).contains(&m);
        let short = c.len() == 2 && a.len() < 3 && (gap == "/" || birth);
        let long = c.len() == 4 && a.len() < 3 && is_year(third);
        let iso =
            a.len() == 4 && is_year(first) && b.len() == 2 && c.len() == 2 && day(third, second);
        return (iso || (short || long) && (day(first, second) || day(second, first))).then_some(3);
    }
    // 3rd of May 2019, 12 March 1961
    if ordinal(a) {
        let of = usize::from(b == "of");
        let blank = |n: usize| {
            between(n).is_some_and(|g| matches!(g, " " | ", " | "-" | " \'" | " \u{2019}"))
        };
        let year = word(2 + of)?;
        let long = year.len() == 4 && number(year).is_some_and(is_year);
        let short = birth && year.len() == 2 && number(year).is_some();
        return (is_month(word(1 + of)?) && (0..=of + 1).all(blank) && (long || short))
            .then_some(3 + of);
    }
    // March 12, 1961
    (is_month(a)
        && ordinal(b)
        && between(0)? == " "
        && matches!(between(1)?, " " | ", ")
        && word(2)?.len() == 4
        && number(word(2)?).is_some_and(is_year))
    .then_some(3)
}

fn number(word: &str) -> Option<u32> {
    (word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit()))
        .then(|| word.parse().ok())
        .flatten()
}

fn is_year(n: u32) -> bool {
    (1900..=2100).contains(&n)
}

/// `12`, `3rd`, `third`
fn ordinal(word: &str) -> bool {
    const NAMED: &str = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth \
        fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth";
    if word.len() > 4 && word.bytes().all(|b| b.is_ascii_alphabetic()) {
        let lower = word.to_ascii_lowercase();
        return NAMED.split_whitespace().any(|name| name == lower);
    }
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (n, ending) = word.split_at(digits);
    digits < 3
        && n.parse().is_ok_and(|n: u32| (1..=31).contains(&n))
        && matches!(ending, "" | "st" | "nd" | "rd" | "th")
}

fn is_month(word: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let lower = word.to_lowercase();
    lower.len() > 2
        && MONTHS
            .iter()
            .any(|m| *m == lower || (lower.len() < 5 && m.starts_with(&*lower)))
}
