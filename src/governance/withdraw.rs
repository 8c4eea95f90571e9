//! Withdrawing: a participant asks to stop, to be left out, or to be erased.

use super::Error;
use super::reach::Reach;
use crate::domain::Date;
use crate::domain::words::words;
use crate::error::Result;
use crate::store::{NewWithdrawal, Participant, Store};
use crate::study::Study;

words! {
    /// How far a withdrawal reaches.
    Mode, "way of withdrawing" {
        /// No further contact and nothing more is collected; what is there stays.
        Stop = "stop",
        /// What is there is sealed: it is shown, quoted and counted nowhere.
        Exclude = "exclude",
        /// Everything of the person goes, with every trace.
        Erase = "erase",
    }
}

/// The day on which it was asked for, `asked` or today, if it can be so.
///
/// # Errors
/// Refused where it lies in the future or before the first consent.
pub fn asked_on(study: &Study, person: &Participant, asked: Option<Date>) -> Result<String> {
    let today = study.session.now.get(..10).unwrap_or_default().to_owned();
    let Some(asked) = asked.map(|d| d.to_string()) else {
        return Ok(today);
    };
    if asked > today {
        return Err(Error::refused(
            format!("{asked} is in the future"),
            "give the day on which the participant asked for it, as in: --asked 2021-04-30",
        )
        .into());
    }
    if let Some(first) = study.store.first_consent(person.id)?
        && asked < first
    {
        return Err(Error::refused(
            format!(
                "{} withdrew before the first consent was signed ({first})",
                person.code
            ),
            format!("see the dates with: casebook consent show {}", person.code),
        )
        .into());
    }
    Ok(asked)
}

/// The participant of that code, who may withdraw in that way.
///
/// # Errors
/// Refused where nobody has the code, where they were erased, or where they withdrew as far already.
pub fn who(store: &Store, code: &str, mode: Mode) -> Result<Participant> {
    let Some(person) = store.find_participant(code)? else {
        if let Some(erased) = store
            .withdrawals()?
            .into_iter()
            .find(|w| w.mode == Mode::Erase.word() && w.code.eq_ignore_ascii_case(code))
        {
            return Err(Error::refused(
                format!("{} was erased (event {})", erased.code, erased.event),
                format!(
                    "look for what may be left with: casebook erase verify {}",
                    erased.code
                ),
            )
            .into());
        }
        return Ok(store.participant(code)?);
    };
    if let Some(before) = store.withdrawal_of(person.id)?
        && mode != Mode::Erase
        && before.mode.parse::<Mode>().is_ok_and(|m| m >= mode)
    {
        return Err(Error::refused(
            format!(
                "{} withdrew already: {} (event {})",
                person.code, before.mode, before.event
            ),
            format!(
                "to take that back: casebook undo {} --why \"a slip of mine\"",
                before.event
            ),
        )
        .into());
    }
    Ok(person)
}

/// Nothing more is collected from somebody who withdrew. `what` is that which would be, as in "an answer".
///
/// # Errors
/// Refused where they did.
pub fn refuse_more(store: &Store, participant: i64, what: &str) -> Result<()> {
    let Some(w) = store.withdrawal_of(participant)? else {
        return Ok(());
    };
    Err(Error::refused(
        format!(
            "{what} would be collected from {}, who withdrew on {} ({})",
            w.code, w.asked, w.mode
        ),
        format!(
            "leave it out; if the withdrawal was a mistake: casebook undo {}",
            w.event
        ),
    )
    .into())
}

/// Puts a withdrawal on record that leaves everything in the study: `stop` or `exclude`. Gives the event.
pub fn withdraw(
    study: &Study,
    person: &Participant,
    mode: Mode,
    asked: &str,
    reach: &Reach,
) -> Result<Option<i64>> {
    let reached = serde_json::to_string(&reach.counts()).unwrap_or_default();
    let uuid = study.store.participant_uuid(person.id)?;
    let ((), event) = study.change("withdraw", |tx| {
        tx.add_withdrawal(&NewWithdrawal {
            participant: person.id,
            uuid,
            code: &person.code,
            mode: mode.word(),
            asked,
            reached: &reached,
        })?;
        tx.summary(format!("withdraw {}: {mode}", person.code));
        Ok(())
    })?;
    Ok(event)
}
