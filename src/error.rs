//! What can go wrong, in the terms of the person who has to mend it.
//!
//! Every area has its own error enum (by `thiserror`): lower case, no full stop, the thing it happened to in
//! backticks. Each implements [`Problem`], which says whose problem it is and what to type next. [`Failure`]
//! carries any of them up to the command line, which prints `error:` and `hint:` and picks the exit status.

use std::fmt;

/// Whose problem it is; decides the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The user can mend it: exit status 1.
    User,
    /// The study or its index is damaged: exit status 3.
    Damage,
    /// Our bug: exit status 70.
    Internal,
}

/// An error that knows its kind and, where there is one, a hint that can be typed.
pub trait Problem: std::error::Error + Send + Sync + 'static {
    fn kind(&self) -> Kind {
        Kind::User
    }
    fn hint(&self) -> Option<String> {
        None
    }
}

/// Any [`Problem`], on its way to the user.
pub struct Failure(Box<dyn Problem>);

pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    pub fn kind(&self) -> Kind {
        self.0.kind()
    }
    pub fn hint(&self) -> Option<String> {
        self.0.hint()
    }
}

impl<P: Problem> From<P> for Failure {
    fn from(problem: P) -> Self {
        Self(Box::new(problem))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// The nearest of `candidates` to what was typed, if it is near enough to be a slip of the hand.
pub fn did_you_mean<'a>(
    typed: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let typed = without_zeros(&typed.to_lowercase());
    let near = |c: &str| strsim::jaro_winkler(&typed, &without_zeros(&c.to_lowercase()));
    candidates
        .into_iter()
        .map(|c| (near(c), c))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, c)| c.to_owned())
}

/// `T01` is `T1` to a hand in a hurry: zeros that begin a number don't count.
fn without_zeros(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '0' && !out.ends_with(|before: char| before.is_ascii_digit()) {
            continue;
        }
        out.push(c);
    }
    out
}
