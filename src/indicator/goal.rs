//! Goals: what cases are to become or to do, by when at the latest, and when they did.

use serde::Serialize;

use super::Error;
use super::systems::Systems;
use crate::error::Result;
use crate::store::{Goal, Reached, Store, Tx};
use crate::study::Study;
use crate::study::records::check_name;

/// A case that reached a goal.
#[derive(Clone, Debug, Serialize)]
pub struct ReachedView {
    pub case: String,
    pub date: String,
    pub source: Option<String>,
    /// Whether that was by the deadline; null: there is none.
    pub by_deadline: Option<bool>,
}

#[derive(Clone, Debug, Serialize)]
pub struct GoalView {
    pub goal: String,
    pub name: String,
    pub deadline: Option<String>,
    pub source: Option<String>,
    /// Claims about it.
    pub claims: usize,
    pub reached: Vec<ReachedView>,
}

/// Goals as they are shown: as of a day, those who had reached it and what had been said by then.
pub fn views(store: &Store, only: Option<&str>, as_of: Option<&str>) -> Result<Vec<GoalView>> {
    let systems = Systems::read(store)?;
    let wanted = match only {
        Some(slug) => vec![store.goal(slug)?],
        None => store.goals()?,
    };
    let by_then = |day: &str| as_of.is_none_or(|d| day <= d);
    let mut found = Vec::new();
    for goal in wanted {
        let reached = store
            .goals_reached(Some(goal.id))?
            .into_iter()
            .filter(|r| by_then(&r.date))
            .map(|r| ReachedView {
                case: systems.slug(r.case).to_owned(),
                by_deadline: goal.deadline.as_ref().map(|d| r.date <= *d),
                date: r.date,
                source: r.source,
            })
            .collect();
        let claims = store.claims(Some(goal.id))?;
        found.push(GoalView {
            reached,
            claims: claims.iter().filter(|c| by_then(&c.said)).count(),
            goal: goal.slug,
            name: goal.name,
            deadline: goal.deadline,
            source: goal.source,
        });
    }
    Ok(found)
}

pub fn add(study: &Study, new: &Goal) -> Result<Option<i64>> {
    check_name("goal", &new.slug)?;
    let ((), event) = study.change("goal add", |tx| {
        if let Some(there) = tx.find_goal(&new.slug)? {
            return Err(Error::refused(
                format!("goal `{}` exists already", there.slug),
                format!("change it with: casebook goal edit {}", there.slug),
            )
            .into());
        }
        tx.put_goal(new)?;
        tx.summary(format!("add goal {}", new.slug));
        Ok(())
    })?;
    Ok(event)
}

/// Changes a goal. `edit` is given what it is.
pub fn edit(
    study: &Study,
    slug: &str,
    edit: impl FnOnce(&mut Goal) -> Result<()>,
) -> Result<Option<i64>> {
    let ((), event) = study.change("goal edit", |tx| {
        let before = tx.goal(slug)?;
        let mut after = before.clone();
        edit(&mut after)?;
        check_name("goal", &after.slug)?;
        if after != before {
            tx.put_goal(&after)?;
        }
        tx.summary(format!("edit goal {}", after.slug));
        Ok(())
    })?;
    Ok(event)
}

pub fn remove(study: &Study, goal: &Goal) -> Result<Option<i64>> {
    let ((), event) = study.change("goal remove", |tx| {
        tx.remove_goal(goal.id)?;
        tx.summary(format!("remove goal {}", goal.slug));
        Ok(())
    })?;
    Ok(event)
}

/// A day that has not been yet is nobody's past.
pub(super) fn refuse_future(tx: &Tx, what: &str, day: &str) -> Result<()> {
    let today = tx.today();
    if today.is_empty() || day <= today {
        return Ok(());
    }
    Err(Error::refused(
        format!("{what} on {day}, which is still to come"),
        "put down what has been; what is planned is a claim: casebook claim add",
    )
    .into())
}

/// Puts down on which day a case reached a goal; none: that it did not.
pub fn reached(
    study: &Study,
    goal: &str,
    case: &str,
    day: Option<(&str, Option<&str>)>,
) -> Result<Option<i64>> {
    let ((), event) = study.change("goal reached", |tx| {
        let goal = tx.goal(goal)?;
        let case = tx.case(case)?;
        let before = tx
            .goals_reached(Some(goal.id))?
            .into_iter()
            .find(|r| r.case == case.id);
        match (day, before) {
            (None, None) => {
                return Err(Error::refused(
                    format!("`{}` has not reached `{}`", case.slug, goal.slug),
                    format!("see who has with: casebook goal show {}", goal.slug),
                )
                .into());
            }
            (None, Some(before)) => tx.remove_reached(before.id)?,
            (Some((day, source)), before) => {
                refuse_future(tx, "it would be reached", day)?;
                let after = Reached {
                    id: before.as_ref().map_or(0, |b| b.id),
                    goal: goal.id,
                    case: case.id,
                    date: day.to_owned(),
                    source: source
                        .map(str::to_owned)
                        .or_else(|| before.as_ref().and_then(|b| b.source.clone())),
                };
                if before.as_ref() != Some(&after) {
                    tx.put_reached(&after)?;
                }
            }
        }
        let not = if day.is_none() { "not " } else { "" };
        tx.summary(format!("goal {}: {not}reached by {}", goal.slug, case.slug));
        Ok(())
    })?;
    Ok(event)
}
