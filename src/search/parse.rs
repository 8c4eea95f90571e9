//! Reading a query: from its tokens to its tree.

use super::error::QueryError;
use super::lexer::{Place, Result, Token, refuse, tokens};
use super::query::Node;

/// The longest query, in code points.
const LONGEST: usize = 20_000;
/// How deep parentheses may be nested.
const DEEPEST: usize = 60;
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
    let tokens = tokens(chars)?;
    let end = Place {
        at: chars.len(),
        len: 0,
    };
    if tokens.is_empty() {
        let hint = "give a word, such as trust, or a phrase in quotes";
        let place = Place {
            at: 0,
            len: chars.len(),
        };
        return refuse(place, "the query is empty", hint);
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

#[cfg(test)]
mod tests {
    use crate::search::parse;

    #[test]
    fn what_is_read_and_how_it_is_printed() {
        for (query, printed) in [
            ("trust", "trust"),
            ("  trust   staff ", "trust AND staff"),
            ("a b OR c d", "(a AND b) OR (c AND d)"),
            ("a AND (b OR c)", "a AND (b OR c)"),
            ("a (b c) d", "a AND b AND c AND d"),
            ("a OR (b OR c)", "a OR b OR c"),
            ("NOT a b", "NOT a AND b"),
            ("a NOT (b OR c)", "a AND NOT (b OR c)"),
            ("a AND (NOT b AND NOT c)", "a AND NOT b AND NOT c"),
            ("a NOT b NEAR/2 c", "a AND NOT b NEAR/2 c"),
            ("and or not near", "and AND or AND not AND near"),
            ("\"AND\" \"NEAR\" =OR", "\"AND\" AND \"NEAR\" AND =\"OR\""),
            ("“home visits”", "\"home visits\""),
            ("\"home, visits!\"~0", "\"home visits\""),
            ("\"home visits\"~3", "\"home visits\"~3"),
            ("=\"Home visits\"~3", "=\"Home visits\"~3"),
            ("\"trust\"", "trust"),
            ("=Trusted", "=Trusted"),
            ("govern*", "govern*"),
            ("acountable~", "acountable~1"),
            ("acountable~2", "acountable~2"),
            ("don’t", "don’t"),
            ("work-life", "\"work life\""),
            ("10:30", "\"10 30\""),
            ("A&E", "\"A E\""),
            ("and/or", "\"and or\""),
            ("[inaudible]", "inaudible"),
            ("a\"b c\"d", "a AND \"b c\" AND d"),
            ("word(s)", "word AND s"),
            ("(a) NEAR/3 (b)", "a NEAR/3 b"),
            ("\"a b\"~2 NEAR/1 =c", "\"a b\"~2 NEAR/1 =c"),
            ("信頼", "\"信 頼\""),
        ] {
            let read = parse(query).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(read.to_string(), printed, "{query}");
            assert_eq!(parse(printed), Ok(read), "{printed}");
        }
    }

    #[test]
    fn what_is_refused_and_where() {
        for (query, under, says) in [
            ("", "", "empty"),
            ("  ", "  ", "empty"),
            ("trust *", "*", "before it"),
            ("*word", "*", "before it"),
            ("wo*rd", "*", "not inside"),
            ("wo**", "*", "not inside"),
            ("work-lif*", "*", "one word"),
            ("\"home vis*\"", "*", "inside quotes"),
            ("\"home visits\"*", "*", "after a phrase"),
            ("~1", "~", "before it"),
            ("trust ~", "~", "before it"),
            ("accountable~3", "~3", "`~1` or `~2`"),
            ("accountable~x", "~x", "`~1` or `~2`"),
            ("a~b", "~b", "`~1` or `~2`"),
            ("act~1", "~1", "4 letters"),
            ("work-life~1", "~1", "one word"),
            ("\"a b\"~", "~", "needs a number"),
            ("\"a b\"~x", "~x", "needs a number"),
            ("\"a b\"~1001", "~1001", "needs a number"),
            ("\"word\"~2", "~2", "nothing in between"),
            ("\"home visits", "\"", "not closed"),
            ("\"home\" visits\"", "\"", "not closed"),
            ("\"\"", "\"\"", "no word"),
            ("\"...\"", "\"...\"", "no word"),
            ("(a OR b", "(", "not closed"),
            ("a OR b)", ")", "closes nothing"),
            (")", ")", "closes nothing"),
            ("a ()", ")", "nothing between"),
            ("a AND", "AND", "after it"),
            ("AND a", "AND", "before it"),
            ("a AND OR b", "OR", "two operators"),
            ("a OR", "OR", "after it"),
            ("(a OR) b", "OR", "after it"),
            ("NOT", "NOT", "after it"),
            ("NOT a", "NOT", "alone"),
            ("(NOT a) (NOT b)", "NOT", "alone"),
            ("a OR NOT b", "NOT", "alone"),
            ("a NOT NOT b", "NOT", "says nothing"),
            ("a NOT (NOT b)", "NOT", "alone"),
            ("a NEAR b", "NEAR", "needs a distance"),
            ("a NEAR/0 b", "NEAR/0", "needs a distance"),
            ("a NEAR/x b", "NEAR/x", "needs a distance"),
            (
                "a NEAR/99999999999 b",
                "NEAR/99999999999",
                "needs a distance",
            ),
            ("a NEAR/5", "NEAR/5", "after it"),
            ("NEAR/5 a", "NEAR/5", "before it"),
            ("a NEAR/5 (b OR c)", "NEAR/5", "between words or phrases"),
            ("(a b) NEAR/5 c", "NEAR/5", "between words or phrases"),
            ("a NEAR/5 NOT b", "NOT", "between words or phrases"),
            ("a NEAR/5 b NEAR/5 c", "NEAR/5", "chain"),
            ("a & b", "&", "no letter or digit"),
            ("a || b", "||", "no letter or digit"),
            ("a -b", "-", "`NOT`"),
            ("+a", "+", "not needed"),
            ("=", "=", "needs a word"),
            ("=*", "*", "leave"),
            ("=govern*", "*", "does not"),
        ] {
            let error = parse(query).expect_err(query);
            let place: String = query.chars().skip(error.at).take(error.len).collect();
            assert_eq!(place, under, "{error}");
            let shown = format!(
                "{} {}",
                error.message,
                error.hint.clone().unwrap_or_default()
            );
            assert!(shown.contains(says), "{shown} should say: {says}");
        }
    }

    #[test]
    fn hostile_lengths_are_refused() {
        for query in [
            "(".repeat(15_000),
            format!("a {}", "NOT (".repeat(3000)),
            "a ".repeat(12_000),
        ] {
            assert!(parse(&query).is_err());
        }
        let deep = format!("{}a{}", "(".repeat(60), ")".repeat(60));
        assert_eq!(parse(&deep), parse("a"));
        let long = "a ".repeat(9_000);
        assert!(parse(&long).is_ok());
    }
}
