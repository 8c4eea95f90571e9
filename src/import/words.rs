//! Counting words: tokens between blanks that hold at least one letter or digit.

/// What a byte does to the count: a letter or digit makes a word of its token; everything but a blank keeps the token.
const WORD: u8 = 1;
const KEEP: u8 = 2;

const ASCII: [u8; 128] = {
    let mut table = [KEEP; 128];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            table[byte as usize] = KEEP | WORD;
        } else if byte.is_ascii_whitespace() || byte == 0x0b {
            table[byte as usize] = 0;
        }
        byte += 1;
    }
    table
};

/// A name on one line, with one blank between its words.
pub(super) fn on_one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many words a text has. Every byte of every text passes here, so the inner step has no branch that speech could mislead.
pub fn words(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let mut count = 0;
    // Whether this token has counted.
    let mut counted = 0;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let what = if byte < 0x80 {
            at += 1;
            ASCII[usize::from(byte)]
        } else {
            let Some(c) = text[at..].chars().next() else {
                break;
            };
            at += c.len_utf8();
            if c.is_whitespace() {
                0
            } else {
                KEEP | u8::from(c.is_alphanumeric())
            }
        };
        let word = what & WORD;
        count += u32::from(word & !counted);
        counted = (counted & (what >> 1)) | word;
    }
    count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::words;

    #[test]
    fn a_token_needs_a_letter_or_digit() {
        for (text, expected) in [
            ("", 0),
            ("  - … — ", 0),
            ("don't stop-and-go (now)", 3),
            ("“Ja”, sagte\u{a0}Änne", 3),
            ("3 %", 1),
            ("one\ntwo\tthree", 3),
            ("采访 者", 2),
            ("...so -- well", 2),
        ] {
            assert_eq!(words(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn as_the_definition_says(text in "\\PC*|[a-z .\u{a0}é’\u{2003}\n-]{0,60}") {
            let plain = text.split_whitespace().filter(|t| t.contains(char::is_alphanumeric)).count();
            prop_assert_eq!(words(&text) as usize, plain);
        }
    }
}
