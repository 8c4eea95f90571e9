//! Counting words: tokens between blanks that hold at least one letter or digit.

/// What a byte or a character is to the count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Blank,
    Sign,
    Word,
}

const ASCII: [Class; 128] = {
    let mut table = [Class::Sign; 128];
    let mut byte = 0;
    while byte < 128 {
        let b = byte as u8;
        if b.is_ascii_alphanumeric() {
            table[byte] = Class::Word;
        } else if b.is_ascii_whitespace() || b == 0x0b {
            table[byte] = Class::Blank;
        }
        byte += 1;
    }
    table
};

pub(super) fn words(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let mut count = 0;
    let mut inside = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let class = if byte < 0x80 {
            at += 1;
            ASCII[usize::from(byte)]
        } else {
            let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
            at += c.len_utf8();
            if c.is_whitespace() {
                Class::Blank
            } else if c.is_alphanumeric() {
                Class::Word
            } else {
                Class::Sign
            }
        };
        // A word counts at its first letter or digit; signs neither begin nor end one.
        count += u32::from(class == Class::Word && !inside);
        inside = class == Class::Word || (inside && class == Class::Sign);
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
