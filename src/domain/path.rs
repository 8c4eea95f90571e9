//! A theme's path: names joined by `/`, from the root of the codebook down.

use crate::error::Problem;

#[derive(Debug, thiserror::Error)]
pub enum PathError {
    #[error("`{0}` is no theme path: a step between two `/` is empty")]
    EmptyStep(String),
    #[error("a theme path can't be empty")]
    Empty,
    #[error("a theme name can't hold control characters or be longer than 200 characters")]
    Odd,
}

impl Problem for PathError {
    fn hint(&self) -> Option<String> {
        Some("write it as names joined by `/`, for example `governance/clarity`".into())
    }
}

/// The steps of a path, trimmed. Names keep their case; looking one up ignores it.
pub fn steps(path: &str) -> Result<Vec<String>, PathError> {
    if path.trim().is_empty() {
        return Err(PathError::Empty);
    }
    path.split('/')
        .map(|step| {
            let step = step.trim();
            if step.is_empty() {
                Err(PathError::EmptyStep(
                    crate::domain::span::printable(path).into_owned(),
                ))
            } else if step.chars().any(char::is_control) || step.chars().count() > 200 {
                Err(PathError::Odd)
            } else {
                Ok(step.to_owned())
            }
        })
        .collect()
}
