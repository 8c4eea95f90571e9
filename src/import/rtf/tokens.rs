//! RTF's marks and characters, one after the other.

/// What stands next in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'b> {
    Open,
    Close,
    /// `\word`, `\word12`, `\word-12`
    Word(&'b str, Option<i32>),
    /// `\~`, `\*` and the like.
    Symbol(u8),
    /// `\'e9`
    Byte(u8),
    /// A byte of the text as it stands.
    Text(u8),
}

pub(super) struct Tokens<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Tokens<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Passes over bytes that are no text, as `\bin` announces them.
    pub(super) fn skip(&mut self, n: usize) {
        self.at = self.at.saturating_add(n).min(self.bytes.len());
    }

    /// Whether a control word comes next; blanks may stand before it.
    pub(super) fn is_next(&self, word: &[u8]) -> bool {
        self.bytes
            .get(self.at..)
            .is_some_and(|rest| rest.trim_ascii_start().starts_with(word))
    }

    /// Goes on to the brace that closes the group that is open, which is then next. `\bin` is respected.
    pub(super) fn skip_group(&mut self, most: usize) -> Result<(), TooDeep> {
        let mut depth = 0_usize;
        loop {
            // Runs of letters in a picture's bytes are long.
            while self
                .bytes
                .get(self.at)
                .is_some_and(|b| !matches!(b, b'{' | b'}' | b'\\'))
            {
                self.at += 1;
            }
            let before = self.at;
            match self.next() {
                None => return Ok(()),
                Some(Token::Open) if depth == most => return Err(TooDeep),
                Some(Token::Open) => depth += 1,
                Some(Token::Close) if depth == 0 => {
                    self.at = before;
                    return Ok(());
                }
                Some(Token::Close) => depth -= 1,
                Some(Token::Word("bin", Some(n))) => self.skip(usize::try_from(n).unwrap_or(0)),
                Some(_) => {}
            }
        }
    }

    fn control(&mut self) -> Option<Token<'b>> {
        let rest = &self.bytes[self.at..];
        let letters = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        if letters == 0 {
            let &symbol = rest.first()?;
            self.at += 1;
            if symbol != b'\'' {
                return Some(Token::Symbol(symbol));
            }
            let code = rest
                .get(1..3)
                .filter(|hex| hex.iter().all(u8::is_ascii_hexdigit))
                .and_then(|hex| str::from_utf8(hex).ok())
                .and_then(|hex| u8::from_str_radix(hex, 16).ok());
            // An apostrophe without a code stands for itself.
            return Some(match code {
                Some(code) => {
                    self.at += 2;
                    Token::Byte(code)
                }
                None => Token::Text(b'\''),
            });
        }
        let word = str::from_utf8(&rest[..letters]).unwrap_or_default();
        let tail = &rest[letters..];
        let sign =
            usize::from(tail.first() == Some(&b'-') && tail.get(1).is_some_and(u8::is_ascii_digit));
        let digits = tail[sign..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
        let value = str::from_utf8(&tail[..sign + digits])
            .ok()
            .filter(|text| !text.is_empty())
            .map(|text| text.parse().unwrap_or(0));
        self.at += letters + sign + digits;
        // One blank behind the word belongs to it.
        if self.bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        Some(Token::Word(word, value))
    }
}

/// Groups are nested deeper than is read.
pub(super) struct TooDeep;

impl<'b> Iterator for Tokens<'b> {
    type Item = Token<'b>;
    fn next(&mut self) -> Option<Token<'b>> {
        let &byte = self.bytes.get(self.at)?;
        self.at += 1;
        match byte {
            b'{' => Some(Token::Open),
            b'}' => Some(Token::Close),
            b'\\' => self.control(),
            byte => Some(Token::Text(byte)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_characters() {
        let tokens = |text: &'static str| Tokens::new(text.as_bytes()).collect::<Vec<_>>();
        assert_eq!(
            tokens("{\\b0 a\\'e9\\u-3913?\\~}"),
            [
                Token::Open,
                Token::Word("b", Some(0)),
                Token::Text(b'a'),
                Token::Byte(0xe9),
                Token::Word("u", Some(-3913)),
                Token::Text(b'?'),
                Token::Symbol(b'~'),
                Token::Close
            ]
        );
        assert_eq!(
            tokens("\\'zz"),
            [Token::Text(b'\''), Token::Text(b'z'), Token::Text(b'z')]
        );
        assert_eq!(
            tokens("\\par-"),
            [Token::Word("par", None), Token::Text(b'-')]
        );
        assert_eq!(tokens("\\u99999999999"), [Token::Word("u", Some(0))]);
        assert_eq!(tokens("\\"), []);
        assert_eq!(tokens("\\'"), [Token::Text(b'\'')]);
    }

    #[test]
    fn groups_are_passed_over_whole() {
        let mut tokens = Tokens::new(b"a{b\\}}\\bin2 }}c}d");
        assert!(tokens.skip_group(9).is_ok());
        assert_eq!(tokens.next(), Some(Token::Close));
        assert_eq!(tokens.next(), Some(Token::Text(b'd')));
        assert!(Tokens::new(b"{{{").skip_group(2).is_err());
    }
}
