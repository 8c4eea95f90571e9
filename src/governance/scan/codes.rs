//! Codes of participants however they are written: `p03`, `P-03`, `P 03` and `P3` are P03.

/// Whether a code of letters and a number stands in a text, as a word and in any dress.
pub(super) fn stands(text: &str, code: &str) -> bool {
    let at = code.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let (letters, digits) = code.split_at(at);
    let letters = letters.trim_end_matches(is_tie);
    let plain = !letters.is_empty()
        && letters.chars().all(|c| c.is_ascii_alphabetic())
        && digits.bytes().all(|b| b.is_ascii_digit());
    plain && starts(text, letters).any(|at| goes_on(text, at, letters, digits))
}

/// Where these letters begin a word.
fn starts<'a>(text: &'a str, letters: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.char_indices().filter_map(move |(at, _)| {
        let here = text.get(at..at + letters.len())?;
        let before = text[..at].chars().next_back();
        let free = !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '#' | '@' | '_'));
        (free && here.eq_ignore_ascii_case(letters)).then_some(at)
    })
}

/// Whether the number of the code stands behind the letters.
fn goes_on(text: &str, at: usize, letters: &str, digits: &str) -> bool {
    let rest = &text[at + letters.len()..];
    let number = rest.strip_prefix(is_tie).unwrap_or(rest);
    let length = number.bytes().take_while(u8::is_ascii_digit).count();
    let (found, after) = number.split_at(length);
    if length == 0 || after.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return false;
    }
    let in_capitals = text[at..].starts_with(letters);
    let tied = number.len() == rest.len() || rest.starts_with('-');
    // Without its noughts only in capitals and without a blank: `p 3` is a page.
    let short = in_capitals && tied && digits.starts_with('0');
    found == digits && (digits.starts_with('0') || in_capitals || number.len() == rest.len())
        || short && found.trim_start_matches('0') == digits.trim_start_matches('0')
}

fn is_tie(c: char) -> bool {
    matches!(
        c,
        '-' | '_' | ' ' | '\u{a0}' | '\u{2010}' | '\u{2011}' | '.' | '#'
    )
}
