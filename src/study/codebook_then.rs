//! The codebook as it stood once: at a named version, after an event, at the end of a day. No copy is kept of it; the
//! record says how each theme was before it changed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;

use super::{Codebook, Error};
use crate::domain::Date;
use crate::domain::span::printable;
use crate::error::{Failure, Result};
use crate::store::{EventOp, Store};

/// A point in the study's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// The last event that is in it.
    pub event: i64,
    /// When that was done, UTC.
    pub at: String,
    /// The version that was named, where it was meant by its name.
    pub version: Option<String>,
}

/// Reads `now`, a version's name, an event's number or a day (its end, UTC).
pub fn moment(store: &Store, typed: &str) -> Result<Moment> {
    let last = store.last_event()?;
    let typed = typed.trim();
    let (event, version) = if typed.eq_ignore_ascii_case("now") {
        (last, None)
    } else if let Ok(event) = typed.parse::<i64>() {
        (event, None)
    } else if let Ok(day) = typed.parse::<Date>() {
        let until = store.last_event_until(&day.to_string())?;
        let event = until.ok_or_else(|| {
            Error::refused(
                format!("the study had not begun on {day}"),
                "see when what was done with: casebook log",
            )
        })?;
        (event, None)
    } else {
        let found = store.version(typed)?;
        (found.event, Some(found.name))
    };
    let Some(found) = store.find_event(event)? else {
        return Err(Error::refused(
            format!("no event `{}`", printable(typed)),
            format!("events are numbered from 1 to {last}; see them with: casebook log"),
        )
        .into());
    };
    Ok(Moment {
        event,
        at: found.at,
        version,
    })
}

/// Whether a name can't be told from the other ways in which a moment is written.
pub fn reads_as_a_moment(name: &str) -> bool {
    name.eq_ignore_ascii_case("now") || name.parse::<i64>().is_ok() || name.parse::<Date>().is_ok()
}

/// The codebook as it stood when an event was done.
pub struct CodebookThen {
    pub book: Codebook,
    /// Themes whose words of that time were erased since: they are shown as they stood next, or not at all.
    pub erased: usize,
}

pub fn codebook_at(store: &Store, event: i64) -> Result<CodebookThen> {
    let then = store.themes_at(event)?;
    Ok(CodebookThen {
        book: Codebook::of(then.themes),
        erased: then.erased,
    })
}

/// A merging or splitting that stands, with the codings that went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reshaping {
    pub event: i64,
    /// What the record says of it, in slugs: of the act itself, also where it was undone and brought back.
    pub summary: String,
    pub split: bool,
    /// The themes that went with it.
    pub removed: Vec<i64>,
    pub flows: Vec<Flow>,
}

/// Codings that went from one theme to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    pub from: i64,
    /// None: the coder had the same passage under the other theme already, and the two became one.
    pub to: Option<i64>,
    pub codings: usize,
}

/// What happened to themes and codings between two events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Between {
    /// Codings of each theme, of those that have their place, at the earlier and at the later event.
    pub then: BTreeMap<i64, i64>,
    pub later: BTreeMap<i64, i64>,
    /// In the order in which they were done.
    pub reshapings: Vec<Reshaping>,
}

/// Walks the record back from today to `from`, in one pass over what happened to codings.
pub fn between(store: &Store, from: i64, to: i64) -> Result<Between> {
    let mut reshapings = reshapings(store, from, to)?;
    let ids: HashSet<i64> = reshapings.keys().copied().collect();
    let mut counts: BTreeMap<i64, i64> = store
        .theme_counts()?
        .into_iter()
        .map(|(theme, codings, _)| (theme, codings))
        .collect();
    let mut later: Option<BTreeMap<i64, i64>> = None;
    // Codings met so far, as the change before left them: the theme, and whether they waited for their place.
    let mut state: HashMap<i64, Option<(i64, bool)>> = HashMap::new();
    let mut flows: BTreeMap<(i64, i64, Option<i64>), usize> = BTreeMap::new();
    store.each_coding_change_after::<Failure>(from, |change| {
        if change.event <= to && later.is_none() {
            later = Some(counts.clone());
        }
        let after = match state.get(&change.coding) {
            Some(known) => *known,
            None => store
                .coding(change.coding)?
                .map(|c| (c.theme, c.pending.is_some())),
        };
        if change.there
            && ids.contains(&change.event)
            && let Some((theme, _)) = change.before
            && after.is_none_or(|(now, _)| now != theme)
        {
            *flows
                .entry((change.event, theme, after.map(|(now, _)| now)))
                .or_default() += 1;
        }
        if let Some((theme, false)) = after {
            *counts.entry(theme).or_default() -= 1;
        }
        if let Some((theme, false)) = change.before {
            *counts.entry(theme).or_default() += 1;
        }
        state.insert(change.coding, change.before);
        Ok(())
    })?;
    for ((event, from, to), codings) in flows {
        if let Some(reshaping) = reshapings.get_mut(&event) {
            reshaping.flows.push(Flow { from, to, codings });
        }
    }
    Ok(Between {
        later: later.unwrap_or_else(|| counts.clone()),
        then: counts,
        reshapings: reshapings.into_values().collect(),
    })
}

/// The mergings and splittings after `from` that stand at `to`, without their codings.
fn reshapings(store: &Store, from: i64, to: i64) -> Result<BTreeMap<i64, Reshaping>> {
    let events = store.events_between(0, to)?;
    let by_id: HashMap<i64, &EventOp> = events.iter().map(|e| (e.event, e)).collect();
    // An event and its undoing cancel out, and the undoing of an undoing brings the event back, as an event of its own.
    let mut undone: BTreeSet<i64> = BTreeSet::new();
    let mut found: BTreeMap<i64, Reshaping> = BTreeMap::new();
    for event in events.iter().rev() {
        if undone.contains(&event.event) {
            continue;
        }
        if let Some(target) = event.undoes {
            undone.insert(target);
        }
        let taken_back = event.undoes.and_then(|u| by_id.get(&u));
        let (act, stood) = match taken_back {
            None => (Some(event), false),
            // What an undoing took back was an act, or an undoing: then this brought the act back, unless that was
            // taken back again later. It stood at `from` already where only its undoing came after.
            Some(undoing) => (
                undoing
                    .undoes
                    .filter(|act| undone.insert(*act))
                    .and_then(|act| by_id.get(&act))
                    .copied(),
                undoing.event > from && undoing.undoes.is_some_and(|act| act <= from),
            ),
        };
        let Some(act) = act else { continue };
        if event.event > from && !stood && matches!(act.op.as_str(), "theme merge" | "theme split")
        {
            found.insert(
                event.event,
                Reshaping {
                    event: event.event,
                    summary: act.summary.clone(),
                    split: act.op == "theme split",
                    removed: Vec::new(),
                    flows: Vec::new(),
                },
            );
        }
    }
    let ids: HashSet<i64> = found.keys().copied().collect();
    for (event, theme) in store.themes_removed_in(&ids)? {
        if let Some(reshaping) = found.get_mut(&event) {
            reshaping.removed.push(theme);
        }
    }
    Ok(found)
}
