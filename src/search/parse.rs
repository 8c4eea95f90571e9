//! Reading a query: characters to tokens, tokens to its tree.

use super::error::QueryError;
use super::query::{Node, Operand};
use super::words::words;

/// The longest query, in code points.
const LONGEST: usize = 20_000;
/// How deep parentheses may be nested.
const DEEPEST: usize = 60;
/// The largest distance of a `NEAR`, and the largest gap of a phrase.
const FARTHEST: u32 = 1000;
/// The shortest word that may be misspelt; below it, half the dictionary is one slip away.
const SHORTEST_FUZZY: usize = 4;

/// A stretch of the query, in code points.
#[derive(Clone, Copy, Debug)]
struct Place {
    at: usize,
    len: usize,
}

#[derive(Clone, Debug)]
enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    Near(u32),
    Operand(Operand),
}

struct Problem {
    place: Place,
    message: String,
    hint: Option<String>,
}

type Result<T> = std::result::Result<T, Problem>;

fn refuse<T>(place: Place, message: impl Into<String>, hint: impl Into<String>) -> Result<T> {
    let hint = Some(hint.into()).filter(|hint| !hint.is_empty());
    Err(Problem {
        place,
        message: message.into(),
        hint,
    })
}

pub(super) fn query(text: &str) -> std::result::Result<Node, QueryError> {
    let chars: Vec<char> = text.chars().collect();
    read(&chars).map_err(|problem| QueryError {
        query: text.to_owned(),
        at: problem.place.at,
        len: problem.place.len,
        message: problem.message,
        hint: problem.hint,
    })
}

fn read(chars: &[char]) -> Result<Node> {
    if chars.len() > LONGEST {
        let place = Place {
            at: LONGEST,
            len: 1,
        };
        return refuse(
            place,
            format!("a query may have {LONGEST} characters at most"),
            "",
        );
    }
    let tokens = Lexer { chars, at: 0 }.tokens()?;
    let end = Place {
        at: chars.len(),
        len: 0,
    };
    if tokens.is_empty() {
        let hint = "give a word, such as trust, or a phrase in quotes";
        return refuse(Place { at: 0, len: 0 }, "the query is empty", hint);
    }
    let mut parser = Parser {
        tokens: &tokens,
        next: 0,
        end,
        depth: 0,
    };
    let part = parser.or()?;
    if let Some((_, place)) = parser.peek() {
        // Only a closing parenthesis ends an expression before the end.
        return refuse(
            place,
            "this `)` closes nothing",
            "remove it, or open it with `(`",
        );
    }
    positive(part)
}

/// A node, and whether it only says what must not be there.
struct Part {
    node: Node,
    /// The place of the `NOT`, if that is all there is.
    only_not: Option<Place>,
}

fn positive(part: Part) -> Result<Node> {
    match part.only_not {
        None => Ok(part.node),
        Some(place) => refuse(
            place,
            "`NOT` alone would find nearly everything; say also what to look for",
            "trust NOT money",
        ),
    }
}

struct Parser<'t> {
    tokens: &'t [(Token, Place)],
    next: usize,
    end: Place,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<(&'t Token, Place)> {
        self.tokens
            .get(self.next)
            .map(|(token, place)| (token, *place))
    }

    fn or(&mut self) -> Result<Part> {
        let first = self.and()?;
        if !matches!(self.peek(), Some((Token::Or, _))) {
            return Ok(first);
        }
        let mut nodes = Vec::new();
        push_flat(&mut nodes, positive(first)?, is_or);
        while let Some((Token::Or, place)) = self.peek() {
            self.next += 1;
            self.expect_operand("OR", place)?;
            let part = self.and()?;
            push_flat(&mut nodes, positive(part)?, is_or);
        }
        Ok(Part {
            node: Node::Or(nodes),
            only_not: None,
        })
    }

    fn and(&mut self) -> Result<Part> {
        let first = self.not()?;
        let mut only_not = first.only_not;
        let mut nodes = Vec::new();
        push_flat(&mut nodes, first.node, is_and);
        loop {
            match self.peek() {
                None | Some((Token::Or | Token::Close, _)) => break,
                Some((Token::And, place)) => {
                    self.next += 1;
                    self.expect_operand("AND", place)?;
                }
                Some(_) => {}
            }
            let part = self.not()?;
            if part.only_not.is_none() {
                only_not = None;
            }
            push_flat(&mut nodes, part.node, is_and);
        }
        let node = if nodes.len() == 1 {
            nodes.swap_remove(0)
        } else {
            Node::And(nodes)
        };
        Ok(Part { node, only_not })
    }

    fn not(&mut self) -> Result<Part> {
        let Some((Token::Not, place)) = self.peek() else {
            return self.near();
        };
        self.next += 1;
        self.expect_operand("NOT", place)?;
        if let Some((Token::Not, again)) = self.peek() {
            return refuse(again, "`NOT` after `NOT` says nothing", "remove both");
        }
        let inner = positive(self.near()?)?;
        Ok(Part {
            node: Node::Not(Box::new(inner)),
            only_not: Some(place),
        })
    }

    fn near(&mut self) -> Result<Part> {
        let first = self.primary()?;
        let Some((&Token::Near(within), place)) = self.peek() else {
            return Ok(first);
        };
        let Node::One(left) = first.node else {
            return near_of_group(place);
        };
        self.next += 1;
        self.expect_operand("NEAR", place)?;
        if let Some((Token::Not, place)) = self.peek() {
            return near_of_group(place);
        }
        let Node::One(right) = self.primary()?.node else {
            return near_of_group(place);
        };
        if let Some((Token::Near(_), again)) = self.peek() {
            return refuse(
                again,
                "`NEAR` has two sides; a chain of three could mean several things",
                format!("{left} NEAR/{within} {right} AND {right} NEAR/{within} …"),
            );
        }
        Ok(Part {
            node: Node::Near {
                left,
                within,
                right,
            },
            only_not: None,
        })
    }

    fn primary(&mut self) -> Result<Part> {
        let Some((token, place)) = self.peek() else {
            return refuse(self.end, "something to look for is missing here", "");
        };
        match token {
            Token::Operand(operand) => {
                self.next += 1;
                Ok(Part {
                    node: Node::One(operand.clone()),
                    only_not: None,
                })
            }
            Token::Open => {
                if self.depth >= DEEPEST {
                    let message = format!("parentheses may be nested {DEEPEST} deep at most");
                    return refuse(place, message, "");
                }
                self.depth += 1;
                self.next += 1;
                if let Some((Token::Close, close)) = self.peek() {
                    return refuse(
                        close,
                        "there is nothing between these parentheses",
                        "remove them",
                    );
                }
                let part = self.or()?;
                if self.peek().is_none() {
                    return refuse(place, "this `(` is not closed", "add `)`");
                }
                self.next += 1;
                self.depth -= 1;
                Ok(part)
            }
            Token::Close => refuse(
                place,
                "this `)` closes nothing",
                "remove it, or open it with `(`",
            ),
            Token::And | Token::Or | Token::Near(_) | Token::Not => {
                let name = match token {
                    Token::And => "AND",
                    Token::Or => "OR",
                    Token::Not => "NOT",
                    _ => "NEAR",
                };
                let message = format!("`{name}` needs something to look for before it");
                refuse(
                    place,
                    message,
                    format!("to search for the word itself, put it in quotes: \"{name}\""),
                )
            }
        }
    }

    /// An operator must be followed by something; said at the operator, where the mistake is.
    fn expect_operand(&self, name: &str, place: Place) -> Result<()> {
        let hint = format!("to search for the word itself, put it in quotes: \"{name}\"");
        match self.peek() {
            None | Some((Token::Close, _)) => refuse(
                place,
                format!("`{name}` needs something to look for after it"),
                hint,
            ),
            Some((Token::And | Token::Or | Token::Near(_), next)) => refuse(
                next,
                format!("two operators in a row, after `{name}`"),
                hint,
            ),
            Some(_) => Ok(()),
        }
    }
}

fn near_of_group<T>(place: Place) -> Result<T> {
    refuse(
        place,
        "`NEAR` stands between words or phrases, not between groups",
        "(a NEAR/5 b) OR (a NEAR/5 c)",
    )
}

fn is_and(node: Node) -> std::result::Result<Vec<Node>, Node> {
    if let Node::And(nodes) = node {
        Ok(nodes)
    } else {
        Err(node)
    }
}

fn is_or(node: Node) -> std::result::Result<Vec<Node>, Node> {
    if let Node::Or(nodes) = node {
        Ok(nodes)
    } else {
        Err(node)
    }
}

fn push_flat(
    nodes: &mut Vec<Node>,
    node: Node,
    same: fn(Node) -> std::result::Result<Vec<Node>, Node>,
) {
    match same(node) {
        Ok(inner) => nodes.extend(inner),
        Err(node) => nodes.push(node),
    }
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
