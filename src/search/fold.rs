//! One spelling for every way to write a word: the exact form, and the form without accents.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A longer word is cut; nobody says one, and the index has a limit of its own.
const LONGEST: usize = 160;

/// The exact form: NFKC, lower case, one kind of apostrophe, no invisible characters. Never empty for a word,
/// and never with a control character in it.
pub(super) fn exact_form(word: &str, form: &mut String) {
    form.clear();
    if word.is_ascii() {
        form.push_str(word);
        form.make_ascii_lowercase();
    } else {
        let composed: String = word
            .nfkc()
            .filter(|c| !is_invisible(*c))
            .map(one_apostrophe)
            .collect();
        // Lower case can undo the composition (`İ`) and must see the whole word (`ς`).
        form.extend(composed.to_lowercase().nfkc());
    }
    cut(form);
}

fn one_apostrophe(c: char) -> char {
    if matches!(c, '’' | '‘' | 'ʼ' | '＇') {
        '\''
    } else {
        c
    }
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn cut(form: &mut String) {
    if form.len() > LONGEST {
        let end = (0..=LONGEST)
            .rev()
            .find(|&at| form.is_char_boundary(at))
            .unwrap_or(0);
        form.truncate(end);
    }
}

/// The form without accents, of an exact form: `café` → `cafe`, `straße` → `strasse`, `ё` → `е`. Marks that make
/// another letter stay: `й` is not `и`, and the marks of Indic scripts and of kana are left alone.
pub(super) fn folded(exact: &str) -> String {
    if exact.is_ascii() {
        return exact.to_owned();
    }
    let mut plain = String::with_capacity(exact.len());
    let mut base = ' ';
    for c in exact.nfd() {
        if is_combining_mark(c) {
            if !is_accent(base, c) {
                plain.push(c);
            }
            continue;
        }
        base = c;
        match c {
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'þ' => plain.push_str("th"),
            'ø' => plain.push('o'),
            'đ' | 'ð' => plain.push('d'),
            'ł' => plain.push('l'),
            'ħ' => plain.push('h'),
            'ı' => plain.push('i'),
            'ς' => plain.push('σ'),
            // The Arabic stretching stroke.
            '\u{640}' => {}
            _ => plain.push(c),
        }
    }
    let mut form: String = plain.nfc().collect();
    cut(&mut form);
    if form.is_empty() {
        exact.to_owned()
    } else {
        form
    }
}

fn is_accent(base: char, mark: char) -> bool {
    match mark {
        '\u{300}'..='\u{36f}' if ('\u{400}'..='\u{52f}').contains(&base) => {
            matches!(mark, '\u{300}' | '\u{301}') || (base == 'е' && mark == '\u{308}')
        }
        // Latin and Greek accents; the vowel signs of Arabic and Hebrew.
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{652}' | '\u{670}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exact(word: &str) -> String {
        let mut form = String::new();
        exact_form(word, &mut form);
        form
    }

    #[test]
    fn exact_forms() {
        for (word, form) in [
            ("Don’t", "don't"),
            ("CAFÉ", "café"),
            ("cafe\u{301}", "café"),
            ("ﬁnance", "finance"),
            ("co\u{ad}operate", "cooperate"),
            ("ΟΔΟΣ", "οδος"),
            ("½", "1⁄2"),
        ] {
            assert_eq!(exact(word), form);
        }
        assert_eq!(exact(&"é".repeat(500)).len(), LONGEST);
    }

    #[test]
    fn folded_forms() {
        for (word, form) in [
            ("Über", "uber"),
            ("straße", "strasse"),
            ("łódź", "lodz"),
            ("œuvre", "oeuvre"),
            ("İstanbul", "istanbul"),
            ("άνθρωπος", "ανθρωποσ"),
            ("ёлка", "елка"),
            ("край", "край"),
            ("がっこう", "がっこう"),
            ("हिन्दी", "हिन्दी"),
            ("한국어", "한국어"),
            ("plain", "plain"),
        ] {
            assert_eq!(folded(&exact(word)), form);
        }
    }

    proptest! {
        #[test]
        fn forms_are_stable_and_hold_no_control_character(word in "\\PC{1,12}") {
            let form = exact(&word);
            prop_assert!(!form.chars().any(char::is_control));
            prop_assert_eq!(exact(&form), form.clone());
            let plain = folded(&form);
            prop_assert!(!plain.chars().any(char::is_control));
            prop_assert_eq!(folded(&plain), plain.clone());
        }
    }
}
