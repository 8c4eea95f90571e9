//! What leaves the team is about no one person: narrowed so far, it is refused.

use super::CliError;
use crate::domain::filter::Filter;
use crate::error::Result;
use crate::governance::gate::Audience;
use crate::report::people_left;
use crate::store::K_LABELS;
use crate::study::Study;

/// Refuses a selection for others than the team that names people or transcripts, or leaves fewer people than a label
/// must fit. `what` is what was asked for: `a report`.
pub(super) fn refuse(study: &Study, filter: &Filter, audience: Audience, what: &str) -> Result<()> {
    // Who is the reader may have all of their own.
    let own = audience == Audience::Participant
        && filter.participants.len() == 1
        && filter.transcripts.is_empty();
    if audience == Audience::Team || own {
        return Ok(());
    }
    for (named, option) in [
        (&filter.participants, "--participant"),
        (&filter.transcripts, "--transcript"),
    ] {
        if !named.is_empty() {
            return Err(CliError::refused(
                format!(
                    "{what} by {option} is for the team: it would tie together what one person said"
                ),
                "choose another filter, or add: --audience team",
            )
            .into());
        }
    }
    if !filter.is_narrowed() && filter.phases.is_empty() {
        return Ok(());
    }
    let k = study.store.study()?.k_labels.unwrap_or(K_LABELS);
    let people = i64::try_from(people_left(study, filter)?).unwrap_or(i64::MAX);
    if people > 0 && people < k {
        return Err(CliError::refused(
            format!("{what} of fewer than {k} participants is for the team: readers would know whose words and counts they are"),
            "take in more with other filters, or add: --audience team",
        )
        .into());
    }
    Ok(())
}
