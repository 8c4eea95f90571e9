//! Who speaks under a label: said by the user, or plain from the label; never guessed.

use super::Error;

/// `LABEL=interviewer` or `LABEL=P07`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub label: String,
    /// `None`: an interviewer; otherwise the participant's code.
    pub participant: Option<String>,
}

pub fn parse_assignment(typed: &str) -> Result<Assignment, Error> {
    let fail = || {
        Error::refused(
            format!(
                "`{}` does not say who speaks",
                crate::domain::span::printable(typed)
            ),
            "write it as LABEL=interviewer or LABEL=P07",
        )
    };
    let (label, who) = typed.rsplit_once('=').ok_or_else(fail)?;
    let (label, who) = (label.trim(), who.trim());
    if label.is_empty() || who.is_empty() {
        return Err(fail());
    }
    Ok(Assignment {
        label: label.to_owned(),
        participant: (!who.eq_ignore_ascii_case("interviewer")).then(|| who.to_owned()),
    })
}
