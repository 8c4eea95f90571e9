//! What can go wrong with figures, cohorts, maturity and goals.

use crate::error::Problem;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Refused(String, Option<String>),
}

impl Error {
    pub fn refused(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Refused(message.into(), Some(hint.into()))
    }
}

impl Problem for Error {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Refused(_, hint) => hint.clone(),
        }
    }
}
