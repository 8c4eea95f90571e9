//! What says who somebody is by its shape alone: addresses, numbers, dates of birth.

use std::ops::Range;

use super::{numbers, spelled};
use crate::domain::words::words;

words! {
    /// What a text holds that may say who somebody is.
    SignKind, "kind of sign" {
        Email = "e-mail",
        Phone = "phone",
        Postcode = "postcode",
        /// Ten digits of which the last is right.
        NhsNumber = "nhs-number",
        NiNumber = "ni-number",
        /// A doctor's or a nurse's number in their register.
        Registration = "registration-number",
        BirthDate = "date-of-birth",
        /// A day with its year, which may be somebody's.
        Date = "date",
        Url = "url",
        /// `@somebody`
        Handle = "handle",
    }
}

/// One of them, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    pub kind: SignKind,
    pub span: Range<usize>,
}

/// All of them in a text, in its order; they never overlap.
pub fn patterns(text: &str) -> Vec<Sign> {
    let mut signs = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line
            .bytes()
            .any(|b| b.is_ascii_digit() || matches!(b, b'@' | b'.'))
            || spelled::may_be_there(line)
        {
            of_line(line, start, &mut signs);
        }
        start += line.len();
    }
    signs.sort_by_key(|s| (s.span.start, std::cmp::Reverse(s.span.end)));
    let mut end = 0;
    signs.retain(|s| {
        let free = s.span.start >= end;
        if free {
            end = s.span.end;
        }
        free
    });
    signs
}

fn of_line(line: &str, start: usize, signs: &mut Vec<Sign>) {
    let mut put = |kind, span: Range<usize>| {
        signs.push(Sign {
            kind,
            span: start + span.start..start + span.end,
        });
    };
    addresses(line, &mut put);
    spelled::addresses(line, &mut put);
    numbers::numbers(line, &mut put);
    spelled::registrations(line, &mut put);
    numbers::dates(line, &mut put);
    numbers::postcodes(line, &mut put);
    numbers::ni_numbers(line, &mut put);
}

/// E-mail addresses, handles and addresses of pages.
fn addresses(line: &str, put: &mut impl FnMut(SignKind, Range<usize>)) {
    if !line.contains(['@', '.']) {
        return;
    }
    // Stretches without blanks or quotation signs, of which any can be part of an address.
    let ends = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '<' | '>' | '"' | '(' | ')' | '[' | ']' | ',' | ';' | '\u{201c}' | '\u{201d}' | '|'
            )
    };
    let mut from = 0;
    for piece in line.split_inclusive(ends) {
        let at = from;
        from += piece.len();
        let piece = piece.trim_end_matches(ends);
        let word = piece.trim_end_matches(['.', ':', '!', '?', '\'', '*', '_']);
        let bare = word.trim_start_matches(['\'', '*', '_', ':']);
        let at = at + (word.len() - bare.len());
        let (word, end) = (bare, at + bare.len());
        if word.len() < 4 {
            continue;
        }
        if let Some((local, domain)) = word.rsplit_once('@') {
            let local_start = local
                .char_indices()
                .rev()
                .take_while(|(_, c)| c.is_alphanumeric() || "._%+-'".contains(*c))
                .last()
                .map_or(local.len(), |(n, _)| n);
            let local = &local[local_start..];
            if !local.is_empty() && is_domain(domain) {
                put(SignKind::Email, at + local_start..end);
            } else if local.is_empty()
                && domain.len() > 2
                && domain.starts_with(|c: char| c.is_ascii_alphabetic())
                && domain
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
            {
                put(SignKind::Handle, end - domain.len() - 1..end);
            }
            continue;
        }
        let lower = word.to_ascii_lowercase();
        let page = ["http://", "https://", "ftp://", "www."]
            .iter()
            .find_map(|begin| lower.find(begin));
        if let Some(begin) = page {
            put(SignKind::Url, at + begin..end);
        } else if is_domain(lower.split('/').next().unwrap_or_default())
            && ENDINGS.contains(
                &lower
                    .split('/')
                    .next()
                    .and_then(|host| host.rsplit('.').next())
                    .unwrap_or_default(),
            )
        {
            put(SignKind::Url, at..end);
        }
    }
}

/// What a host ends with, where nothing else says that it is one.
const ENDINGS: &[&str] = &[
    "com", "org", "net", "uk", "edu", "gov", "nhs", "eu", "ie", "info", "io", "ac", "health",
];

fn is_domain(host: &str) -> bool {
    let mut labels = 0;
    for label in host.split('.') {
        if label.is_empty()
            || label.starts_with('-')
            || !label.chars().all(|c| c.is_alphanumeric() || c == '-')
        {
            return false;
        }
        labels += 1;
    }
    labels > 1
        && host
            .rsplit('.')
            .next()
            .is_some_and(|last| last.len() > 1 && last.chars().all(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> Vec<(SignKind, &str)> {
        patterns(text)
            .into_iter()
            .map(|s| (s.kind, &text[s.span]))
            .collect()
    }

    #[test]
    fn addresses_are_found_without_what_surrounds_them() {
        use SignKind::{Email, Handle, Url};
        for (text, kind, wanted) in [
            (
                "write to ann.example@alder.nhs.uk.",
                Email,
                "ann.example@alder.nhs.uk",
            ),
            ("<mailto:a_b+c@x.org>", Email, "a_b+c@x.org"),
            (
                "see https://example.org/p?q=1, please",
                Url,
                "https://example.org/p?q=1",
            ),
            ("at www.example.co.uk!", Url, "www.example.co.uk"),
            ("alder.nhs.uk/about", Url, "alder.nhs.uk/about"),
            ("she is @ann_ex there", Handle, "@ann_ex"),
        ] {
            assert_eq!(found(text), [(kind, wanted)], "{text}");
        }
        for text in [
            "e.g. this",
            "at 5 @ 3",
            "end.Then",
            "v1.2.3",
            "…. no",
            "a@b",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn numbers_are_told_apart() {
        use SignKind::{BirthDate, Date, NhsNumber, NiNumber, Phone, Postcode};
        for (text, kind, wanted) in [
            ("ring 020 7946 0123 now", Phone, "020 7946 0123"),
            ("(0113) 496 0123", Phone, "(0113) 496 0123"),
            ("on 07700 900123.", Phone, "07700 900123"),
            ("+44 (0)7700 900 123", Phone, "+44 (0)7700 900 123"),
            ("+44-161-496-0000", Phone, "+44-161-496-0000"),
            ("NHS no 943 476 5919", NhsNumber, "943 476 5919"),
            ("9434765919", NhsNumber, "9434765919"),
            ("lives in LS1 4AP", Postcode, "LS1 4AP"),
            ("EC1A 1BB,", Postcode, "EC1A 1BB"),
            ("M11AE", Postcode, "M11AE"),
            ("her NI is QQ 12 34 56 C", NiNumber, ""),
            ("her NI is AB 12 34 56 C", NiNumber, "AB 12 34 56 C"),
            ("AB123456C", NiNumber, "AB123456C"),
            ("born on 12 March 1961 in", BirthDate, "12 March 1961"),
            ("DOB: 12/03/61", BirthDate, "12/03/61"),
            ("on the 3rd of May 2019", Date, "3rd of May 2019"),
            ("on 2021-04-30", Date, "2021-04-30"),
            ("March 12, 1961", Date, "March 12, 1961"),
        ] {
            if wanted.is_empty() {
                assert_eq!(found(text), [], "{text}");
            } else {
                assert_eq!(found(text), [(kind, wanted)], "{text}");
            }
        }
        for text in [
            "in 2019",
            "9434765918",
            "1,000,000",
            "10 11 12",
            "12:30",
            "00:13:05",
            "ZZ9 9ZZ",
            "1234567890",
            "40/13/2019",
            "0.05 0.10 0.15",
            "5 May",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn spans_are_in_order_and_on_characters(text in "[a-zé@./ 0-9+()A-Z\n-]{0,80}") {
            let mut end = 0;
            for sign in patterns(&text) {
                prop_assert!(sign.span.start >= end && sign.span.end > sign.span.start);
                prop_assert!(text.get(sign.span.clone()).is_some());
                end = sign.span.end;
            }
        }

        /// Nine digits and the right tenth are found; any other tenth is not.
        #[test]
        fn a_wrong_check_digit_is_no_nhs_number(nine in proptest::collection::vec(0_u32..10, 9)) {
            prop_assume!(nine[0] != 0);
            let sum: u32 = nine.iter().zip((2..=10).rev()).map(|(d, w)| d * w).sum();
            let right = match 11 - sum % 11 { 11 => 0, n => n };
            for tenth in 0..10 {
                let text: String = nine.iter().chain([&tenth]).map(ToString::to_string).collect();
                let is = patterns(&text).iter().any(|s| s.kind == SignKind::NhsNumber);
                prop_assert_eq!(is, tenth == right);
            }
        }
    }
}
