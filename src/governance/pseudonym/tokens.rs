//! A text as words with what stands between them: what names are looked for in.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::study::replace::unspaced;

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `ann`
    Lower,
    /// `Ann`, `McArthur`, `A`
    Capital,
    /// `ANN`
    Capitals,
    /// A number, or a script that has no capitals.
    Plain,
}

impl Shape {
    pub(super) fn is_capital(self) -> bool {
        matches!(self, Self::Capital | Self::Capitals)
    }
}

/// What stands between a word and the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing but blanks and at most one line break.
    Blank,
    Hyphen,
    Apostrophe,
    /// A full stop, and blanks perhaps.
    Dot,
    /// Nothing: scripts without blanks.
    Touch,
    Other,
}

/// A word: where it stands, in bytes, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) shape: Shape,
    /// What stands before it.
    pub(super) gap: Gap,
    /// Whether a sentence begins with it, so that its capital says nothing.
    pub(super) starts: bool,
}

impl Token {
    pub(super) fn of<'a>(&self, text: &'a str) -> &'a str {
        &text[self.start..self.end]
    }
}

/// The words of a text. No name reaches over a border (bytes, in order).
pub(super) fn tokens(text: &str, borders: &[usize]) -> Vec<Token> {
    let mut all: Vec<Token> = Vec::with_capacity(text.len() / 5);
    let mut borders = borders.iter().copied().peekable();
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        if !begins_word(first) {
            continue;
        }
        let mut end = start + first.len_utf8();
        if !unspaced(first) {
            while let Some((at, c)) = chars.peek().copied() {
                if (begins_word(c) && !unspaced(c)) || clings(c) {
                    end = at + c.len_utf8();
                    chars.next();
                } else {
                    break;
                }
            }
        }
        let from = all.last().map_or(0, |t| t.end);
        let mut border = all.is_empty();
        while borders.next_if(|b| *b <= start).is_some() {
            border = true;
        }
        let between = &text[from..start];
        let gap = if border { Gap::Other } else { gap(between) };
        all.push(Token {
            start,
            end,
            shape: shape(&text[start..end]),
            gap,
            starts: border || starts(between, all.last().map(|t| t.of(text))),
        });
    }
    all
}

fn begins_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || (!c.is_ascii() && c.is_alphanumeric())
}

/// Accents that stand by themselves, and what is invisible, belong to the letter before.
fn clings(c: char) -> bool {
    !c.is_ascii() && (is_combining_mark(c) || invisible(c))
}

fn invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
    )
}

fn shape(word: &str) -> Shape {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let Some(first) = letters.next() else {
        return Shape::Plain;
    };
    if first.is_uppercase() {
        let mut more = letters.peekable();
        if more.peek().is_some() && more.all(char::is_uppercase) {
            Shape::Capitals
        } else {
            Shape::Capital
        }
    } else if first.is_lowercase() {
        Shape::Lower
    } else {
        Shape::Plain
    }
}

pub(super) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '_')
}

pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2bc}' | '`' | '\u{b4}')
}

pub(super) fn gap(between: &str) -> Gap {
    let seen: String;
    let between = if between.is_ascii() {
        between
    } else {
        seen = between.chars().filter(|c| !invisible(*c)).collect();
        &seen
    };
    let mut chars = between.chars();
    let Some(first) = chars.next() else {
        return Gap::Touch;
    };
    let rest = chars.as_str();
    let blank = |s: &str| {
        s.chars().all(char::is_whitespace) && s.bytes().filter(|b| *b == b'\n').count() < 2
    };
    match first {
        _ if blank(between) => Gap::Blank,
        // A word that was cut at the end of a line.
        c if is_hyphen(c) && (rest.is_empty() || (rest.starts_with('\n') && blank(rest))) => {
            Gap::Hyphen
        }
        c if is_apostrophe(c) && rest.is_empty() => Gap::Apostrophe,
        '.' if blank(rest) => Gap::Dot,
        _ => Gap::Other,
    }
}

/// Whether a sentence begins after this.
fn starts(between: &str, before: Option<&str>) -> bool {
    let Some(before) = before else { return true };
    if between.starts_with('.')
        && between[1..].chars().all(char::is_whitespace)
        && (before.chars().count() == 1 || is_title(before))
    {
        return false;
    }
    // `nhs.uk`, `4:30`: no blank, no sentence.
    let open = |c: char| matches!(c, '"' | '\u{201c}' | '\u{2018}' | '\u{ab}' | '\u{201e}');
    if between.contains(open) {
        return true;
    }
    let stop = |c: char| matches!(c, '.' | '!' | '?' | '\u{2026}' | ':' | ';');
    let blank = between.chars().next_back().is_some_and(|c| !stop(c));
    (blank && between.contains(stop))
        || between.contains("\n\n")
        // A line that begins with a bullet, a quotation sign or a heading's signs.
        || between
            .rfind('\n')
            .is_some_and(|n| !between[n..].trim().is_empty())
}

/// Before a name, and never part of it.
pub(super) fn is_title(word: &str) -> bool {
    const TITLES: &[&str] = &[
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "professor",
        "sir",
        "dame",
        "lord",
        "lady",
        "rev",
        "reverend",
        "father",
        "councillor",
        "cllr",
        "baroness",
        "baron",
        "captain",
        "sister",
        "nurse",
        "doctor",
        "madam",
        "judge",
        "senator",
        "herr",
        "frau",
        "monsieur",
        "madame",
        "senhor",
        "senhora",
        "señor",
        "señora",
        "dona",
        "dom",
    ];
    word.len() <= 10 && {
        let lower = word.to_lowercase();
        word.starts_with(char::is_uppercase) && TITLES.contains(&&*lower)
    }
}

/// A word without capitals, accents and what is invisible, put behind `out`.
pub(super) fn fold_into(word: &str, out: &mut String) {
    if word.is_ascii() {
        out.extend(word.bytes().map(|b| char::from(b.to_ascii_lowercase())));
        return;
    }
    for c in word.chars().flat_map(char::to_lowercase).nfkd() {
        match c {
            _ if is_combining_mark(c) || invisible(c) => {}
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'þ' => out.push_str("th"),
            'ı' => out.push('i'),
            _ => out.push(c),
        }
    }
}

pub(super) fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    fold_into(word, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(&str, Gap, bool)> {
        tokens(text, &[])
            .iter()
            .map(|t| (t.of(text), t.gap, t.starts))
            .collect()
    }

    #[test]
    fn words_and_what_is_between_them() {
        assert_eq!(
            words("Dr. Zoe\u{308} O’Hara-Smith\nsaid: “Will A.\u{a0}go. No"),
            [
                ("Dr", Gap::Other, true),
                ("Zoe\u{308}", Gap::Dot, false),
                ("O", Gap::Blank, false),
                ("Hara", Gap::Apostrophe, false),
                ("Smith", Gap::Hyphen, false),
                ("said", Gap::Blank, false),
                ("Will", Gap::Other, true),
                ("A", Gap::Blank, false),
                ("go", Gap::Dot, false),
                ("No", Gap::Dot, true),
            ]
        );
    }

    #[test]
    fn letters_are_compared_without_capitals_and_accents() {
        for (a, b) in [
            ("Zoë", "zoe"),
            ("ZOE\u{308}", "zoe"),
            ("Søren", "soren"),
            ("Łukasz", "lukasz"),
            ("Weiß", "weiss"),
            ("A\u{ad}nn", "ann"),
            ("İpek", "ipek"),
            ("ﬁona", "fiona"),
        ] {
            assert_eq!(fold(a), b);
        }
    }

    #[test]
    fn a_border_is_no_part_of_a_name() {
        let text = "Ann Example";
        assert_eq!(tokens(text, &[])[1].gap, Gap::Blank);
        assert_eq!(tokens(text, &[4])[1].gap, Gap::Other);
        assert_eq!(tokens(text, &[3])[1].gap, Gap::Other);
    }
}
