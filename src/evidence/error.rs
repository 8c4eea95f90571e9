//! What can go wrong with the frame, findings and traces.

use crate::error::Problem;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no finding `{0}`")]
    UnknownFinding(String),
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
            Self::UnknownFinding(_) => {
                Some("see findings and their numbers with: casebook finding list".into())
            }
            Self::Refused(_, hint) => hint.clone(),
        }
    }
}
