//! What a query means, and how it is written.
//!
//! | written | finds |
//! |---|---|
//! | `trust` | any form of the word, accents or not |
//! | `"home visits"` | the words side by side, in any form |
//! | `"home visits"~3` | in this order, with up to 3 words in between in all |
//! | `=trusted`, `="home visits"` | exactly these forms (upper and lower case are the same) |
//! | `govern*` | words that begin so |
//! | `acountable~1` | words one slip away (a letter too many, too few, another, or two swapped); `~2` two |
//! | `trust NEAR/5 staff` | in either order, at most 5 words apart: `NEAR/1` is side by side |
//! | `a b`, `a AND b`, `a OR b`, `NOT a`, `( )` | in upper case; `NOT` binds before `AND`, `AND` before `OR` |
//!
//! The two sides of a `NEAR` are words or phrases, share no word, and their distance is that of the ends that face
//! each other. `NEAR` has two sides: `a NEAR/5 b NEAR/5 c` could mean several things and is refused.
//!
//! What is written with several words and no quotes, such as `work-life`, `10:30` or `A&E`, is a phrase.

use std::fmt;
use std::str::FromStr;

use super::error::QueryError;

/// A query that has been read. Printing it gives a form that reads as the same query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    pub(super) root: Node,
}

/// There is at least one part in each `And` and `Or` that is not a `Not`, and no `And` directly in an `And`, nor
/// an `Or` in an `Or`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    One(Operand),
    Near {
        left: Operand,
        within: u32,
        right: Operand,
    },
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
}

/// What stands at one place in a text. Words are as they were typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    Words {
        words: Vec<String>,
        /// How many other words may stand in between, in all.
        gap: u32,
        exact: bool,
    },
    Prefix(String),
    Fuzzy {
        word: String,
        distance: u8,
    },
}

/// Reads a query.
///
/// # Errors
/// What cannot be read, with its place and a reason; nothing is left out silently.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    super::parse::query(text).map(|root| Query { root })
}

impl FromStr for Query {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        parse(text)
    }
}

/// Whether the parser would take a bare word for something else.
pub(super) fn is_operator(word: &str) -> bool {
    matches!(word, "AND" | "OR" | "NOT" | "NEAR")
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, nodes: &[Self], operator: &str| {
            for (n, node) in nodes.iter().enumerate() {
                if n > 0 {
                    f.write_str(operator)?;
                }
                if matches!(node, Self::And(_) | Self::Or(_)) {
                    write!(f, "({node})")?;
                } else {
                    write!(f, "{node}")?;
                }
            }
            Ok(())
        };
        match self {
            Self::One(operand) => operand.fmt(f),
            Self::Near {
                left,
                within,
                right,
            } => write!(f, "{left} NEAR/{within} {right}"),
            Self::And(nodes) => list(f, nodes, " AND "),
            Self::Or(nodes) => list(f, nodes, " OR "),
            Self::Not(node) if matches!(**node, Self::And(_) | Self::Or(_)) => {
                write!(f, "NOT ({node})")
            }
            Self::Not(node) => write!(f, "NOT {node}"),
        }
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words { words, gap, exact } => {
                if *exact {
                    f.write_str("=")?;
                }
                match &words[..] {
                    [word] if !is_operator(word) => f.write_str(word)?,
                    _ => write!(f, "\"{}\"", words.join(" "))?,
                }
                if *gap > 0 {
                    write!(f, "~{gap}")?;
                }
                Ok(())
            }
            Self::Prefix(word) => write!(f, "{word}*"),
            Self::Fuzzy { word, distance } => write!(f, "{word}~{distance}"),
        }
    }
}
