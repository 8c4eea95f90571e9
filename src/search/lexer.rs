//! Reading a query: from its characters to its tokens.

use super::query::Operand;
use super::words::words;

/// The largest distance of a `NEAR`, and the largest gap of a phrase.
const FARTHEST: u32 = 1000;
/// The shortest word that may be misspelt; below it, half the dictionary is one slip away.
const SHORTEST_FUZZY: usize = 4;

/// A stretch of the query, in code points.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) len: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    Near(u32),
    Operand(Operand),
}

pub(super) struct Problem {
    pub(super) place: Place,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

pub(super) type Result<T> = std::result::Result<T, Problem>;

pub(super) fn refuse<T>(
    place: Place,
    message: impl Into<String>,
    hint: impl Into<String>,
) -> Result<T> {
    let hint = Some(hint.into()).filter(|hint| !hint.is_empty());
    Err(Problem {
        place,
        message: message.into(),
        hint,
    })
}

/// The tokens of a query, each with its place.
pub(super) fn tokens(chars: &[char]) -> Result<Vec<(Token, Place)>> {
    Lexer { chars, at: 0 }.tokens()
}

struct Lexer<'c> {
    chars: &'c [char],
    at: usize,
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '＂')
}

fn ends_chunk(c: char) -> bool {
    c.is_whitespace() || is_quote(c) || matches!(c, '(' | ')')
}

impl Lexer<'_> {
    fn tokens(mut self) -> Result<Vec<(Token, Place)>> {
        let mut tokens = Vec::new();
        while let Some(&c) = self.chars.get(self.at) {
            let start = self.at;
            let token = match c {
                _ if c.is_whitespace() => {
                    self.at += 1;
                    continue;
                }
                '(' => self.single(Token::Open),
                ')' => self.single(Token::Close),
                '=' if self.chars.get(start + 1).copied().is_some_and(is_quote) => {
                    self.at += 1;
                    self.phrase(true)?
                }
                _ if is_quote(c) => self.phrase(false)?,
                _ => self.chunk()?,
            };
            tokens.push((
                token,
                Place {
                    at: start,
                    len: self.at - start,
                },
            ));
        }
        Ok(tokens)
    }

    fn single(&mut self, token: Token) -> Token {
        self.at += 1;
        token
    }

    /// A phrase in quotes and, directly after it, its gap.
    fn phrase(&mut self, exact: bool) -> Result<Token> {
        let open = self.at;
        let Some(len) = self.chars[open + 1..].iter().position(|c| is_quote(*c)) else {
            return refuse(
                Place { at: open, len: 1 },
                "this quote is not closed",
                "add `\"` where the phrase ends",
            );
        };
        let inside = &self.chars[open + 1..open + 1 + len];
        self.at = open + len + 2;
        let whole = Place {
            at: open,
            len: len + 2,
        };
        if let Some(star) = inside.iter().position(|c| *c == '*') {
            let place = Place {
                at: open + 1 + star,
                len: 1,
            };
            return refuse(
                place,
                "`*` does not work inside quotes",
                "govern* NEAR/1 board",
            );
        }
        let words = words_of(inside);
        if words.is_empty() {
            return refuse(whole, "there is no word between these quotes", "");
        }
        let mut gap = 0;
        match self.chars.get(self.at) {
            Some('~') => {
                let tilde = self.at;
                let end = self.chunk_end(tilde + 1);
                let place = Place {
                    at: tilde,
                    len: end - tilde,
                };
                gap = match number(&self.chars[tilde + 1..end]) {
                    Some(gap) if gap <= FARTHEST => gap,
                    _ => {
                        let message = "`~` after a phrase needs a number: how many words may stand in between";
                        return refuse(place, message, format!("\"…\"~3 (at most {FARTHEST})"));
                    }
                };
                if words.len() == 1 {
                    return refuse(
                        place,
                        "one word has nothing in between; for a misspelt word, leave the quotes out",
                        "",
                    );
                }
                self.at = end;
            }
            Some('*') => {
                let place = Place {
                    at: self.at,
                    len: 1,
                };
                return refuse(
                    place,
                    "`*` does not work after a phrase",
                    "govern* NEAR/1 board",
                );
            }
            _ => {}
        }
        Ok(Token::Operand(Operand::Words { words, gap, exact }))
    }

    fn chunk_end(&self, from: usize) -> usize {
        let rest = &self.chars[from..];
        from + rest
            .iter()
            .position(|c| ends_chunk(*c))
            .unwrap_or(rest.len())
    }

    /// Anything up to white space, a parenthesis or a quote.
    fn chunk(&mut self) -> Result<Token> {
        let start = self.at;
        let end = self.chunk_end(start);
        self.at = end;
        let chunk = &self.chars[start..end];
        let text: String = chunk.iter().collect();
        let whole = Place {
            at: start,
            len: end - start,
        };
        match text.as_str() {
            "AND" => return Ok(Token::And),
            "OR" => return Ok(Token::Or),
            "NOT" => return Ok(Token::Not),
            _ => {}
        }
        if text == "NEAR" || text.starts_with("NEAR/") {
            return match text
                .strip_prefix("NEAR/")
                .and_then(|n| number(&n.chars().collect::<Vec<_>>()))
            {
                Some(within @ 1..=FARTHEST) => Ok(Token::Near(within)),
                _ => refuse(
                    whole,
                    format!("`NEAR` needs a distance in words, from 1 to {FARTHEST}"),
                    "a NEAR/5 b; to search for the word itself, put it in quotes: \"NEAR\"",
                ),
            };
        }
        let (exact, body_at) = if chunk[0] == '=' {
            (true, start + 1)
        } else {
            (false, start)
        };
        let body = &self.chars[body_at..end];
        if let Some(wrong) = misunderstood(body, whole) {
            return Err(wrong);
        }
        let mark = body.iter().position(|c| matches!(c, '*' | '~'));
        let Some(mark) = mark else {
            let words = words_of(body);
            return match (words.is_empty(), exact) {
                (false, _) => Ok(Token::Operand(Operand::Words {
                    words,
                    gap: 0,
                    exact,
                })),
                (true, true) => refuse(whole, "`=` needs a word directly after it", "=trusted"),
                (true, false) => no_word(&text, whole),
            };
        };
        let place = Place {
            at: body_at + mark,
            len: 1,
        };
        let sign = body[mark];
        if exact {
            return refuse(
                place,
                format!("`=` takes the word as it is, `{sign}` does not"),
                "leave one of them out",
            );
        }
        if sign == '*' {
            prefix(body, mark, place)
        } else {
            fuzzy(body, mark, place)
        }
    }
}

fn number(digits: &[char]) -> Option<u32> {
    let plain = !digits.is_empty() && digits.iter().all(char::is_ascii_digit);
    plain
        .then(|| digits.iter().collect::<String>().parse().ok())
        .flatten()
}

fn words_of(chars: &[char]) -> Vec<String> {
    let text: String = chars.iter().collect();
    words(&text).map(|range| text[range].to_owned()).collect()
}

/// What means something in other search boxes and would mean something else here.
fn misunderstood(body: &[char], whole: Place) -> Option<Problem> {
    let followed = body.get(1).is_some_and(|c| c.is_alphanumeric());
    let rest: String = body.iter().skip(1).collect();
    let (message, hint) = match body.first()? {
        '-' | '!' | '−' if followed => (
            "to leave a word out, write `NOT` before it",
            format!("NOT {rest}"),
        ),
        '+' if followed => ("every word is asked for anyway; `+` is not needed", rest),
        _ => return None,
    };
    Some(Problem {
        place: Place {
            at: whole.at,
            len: 1,
        },
        message: message.into(),
        hint: Some(hint),
    })
}

fn no_word<T>(text: &str, place: Place) -> Result<T> {
    let hint = match text {
        "&" | "&&" | "+" => "AND",
        "|" | "||" => "OR",
        "!" | "-" => "NOT",
        _ => "",
    };
    refuse(
        place,
        format!("there is no letter or digit in `{text}`"),
        hint,
    )
}

fn prefix(body: &[char], mark: usize, place: Place) -> Result<Token> {
    if mark == 0 {
        return refuse(
            place,
            "`*` needs the beginning of a word before it",
            "govern*",
        );
    }
    if mark + 1 < body.len() {
        return refuse(
            place,
            "`*` stands at the end of a word, not inside it",
            "govern*",
        );
    }
    let word = one_word(&body[..mark], place, '*')?;
    Ok(Token::Operand(Operand::Prefix(word)))
}

fn fuzzy(body: &[char], mark: usize, place: Place) -> Result<Token> {
    if mark == 0 {
        return refuse(place, "`~` needs a word directly before it", "acountable~1");
    }
    let after = &body[mark + 1..];
    let place = Place {
        at: place.at,
        len: 1 + after.len(),
    };
    let distance = match after {
        [] | ['1'] => 1,
        ['2'] => 2,
        _ => {
            return refuse(
                place,
                "a word may be one or two slips away: `~1` or `~2`",
                "acountable~1",
            );
        }
    };
    let word = one_word(&body[..mark], place, '~')?;
    if word.chars().filter(|c| c.is_alphanumeric()).count() < SHORTEST_FUZZY {
        let message = format!(
            "`~` needs a word of {SHORTEST_FUZZY} letters or more; too many are near a shorter one"
        );
        return refuse(place, message, "");
    }
    Ok(Token::Operand(Operand::Fuzzy { word, distance }))
}

fn one_word(body: &[char], place: Place, sign: char) -> Result<String> {
    let mut words = words_of(body);
    match words.len() {
        1 => Ok(words.swap_remove(0)),
        0 => refuse(
            place,
            format!("`{sign}` needs a word directly before it"),
            "",
        ),
        _ => {
            let text: String = body.iter().collect();
            refuse(
                place,
                format!(
                    "`{sign}` works on one word, and `{text}` is {}",
                    words.len()
                ),
                "",
            )
        }
    }
}
