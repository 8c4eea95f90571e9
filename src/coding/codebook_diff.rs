//! What became of the codebook between two moments: themes added, removed, renamed, moved, redefined, merged and split,
//! with the codings that went.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::codebook::Codebook;
use crate::analysis::word_changes::{Run, word_changes};
use crate::domain::words::words;
use crate::error::Result;
use crate::store::{Store, Theme};
use crate::study::codebook_then::{Between, Moment, Reshaping, between, codebook_at};

words! {
    /// What became of a theme.
    Became, "change of a theme" {
        Added = "added",
        Removed = "removed",
        Renamed = "renamed",
        Moved = "moved",
        Redefined = "redefined",
        /// It went into another with its codings.
        Merged = "merged",
        /// Another went into it.
        TookIn = "took-in",
        /// Some of its codings went to another theme.
        Split = "split",
        /// It took codings that were split off another.
        SplitOff = "split-off",
    }
}

/// A field of a theme that holds something else now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    pub field: &'static str,
    pub old: Option<String>,
    pub new: Option<String>,
    /// The words that stayed, went and came.
    pub words: Vec<Run>,
}

/// Codings that went from or to another theme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Went {
    /// The event that did it.
    pub event: i64,
    /// The other theme, by its path at the later moment; where it is gone by then, at the earlier one.
    pub theme: String,
    pub codings: usize,
    /// Of these: the coder had the passage under the other theme too, and the two became one.
    pub joined: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ThemeChange {
    /// Its path at the later moment; where it is gone by then, at the earlier one.
    pub theme: String,
    /// Its path at the earlier moment, where that was another.
    pub was: Option<String>,
    pub became: Vec<Became>,
    pub fields: Vec<FieldChange>,
    pub merged_into: Option<Went>,
    pub took_in: Vec<Went>,
    pub split_into: Vec<Went>,
    pub split_off: Vec<Went>,
    /// Codings of the theme itself at the two moments; null where it was not there.
    pub codings_then: Option<i64>,
    pub codings_later: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodebookDiff {
    pub from: Moment,
    pub to: Moment,
    /// Themes of which anything changed: those that are there at the later moment in the order of its tree, then the others.
    pub themes: Vec<ThemeChange>,
    /// Themes at both moments, of which nothing changed but codings.
    pub unchanged: usize,
    /// Themes whose words of that time were erased since.
    pub erased: usize,
}

/// The fields of a theme but its name, as the codebook calls them.
pub fn fields(t: &Theme) -> [(&'static str, Option<&String>); 7] {
    [
        ("definition", t.definition.as_ref()),
        ("full_definition", t.full_definition.as_ref()),
        ("include", t.include.as_ref()),
        ("exclude", t.exclude.as_ref()),
        ("example", t.example.as_ref()),
        ("kind", t.kind.as_ref()),
        ("colour", t.colour.as_ref()),
    ]
}

pub fn codebook_diff(store: &Store, from: Moment, to: Moment) -> Result<CodebookDiff> {
    let (then, later) = (
        codebook_at(store, from.event)?,
        codebook_at(store, to.event)?,
    );
    let between = between(store, from.event, to.event)?;
    Ok(CodebookDiff {
        erased: then.erased.max(later.erased),
        ..compare(&then.book, &later.book, &between, from, to)
    })
}

fn compare(
    then: &Codebook,
    later: &Codebook,
    between: &Between,
    from: Moment,
    to: Moment,
) -> CodebookDiff {
    let old: HashMap<i64, &Theme> = then.themes().iter().map(|t| (t.id, t)).collect();
    let new: HashMap<i64, &Theme> = later.themes().iter().map(|t| (t.id, t)).collect();
    let moves = &mut Moves::of(&between.reshapings, then, later);
    let mut diff = CodebookDiff {
        from,
        to,
        themes: Vec::new(),
        unchanged: 0,
        erased: 0,
    };
    let gone = then.themes().iter().filter(|t| !new.contains_key(&t.id));
    for id in later.themes().iter().chain(gone).map(|t| t.id) {
        let (before, after) = (old.get(&id).copied(), new.get(&id).copied());
        let mut became = Vec::new();
        let merged_into = moves.merged.remove(&id).filter(|_| after.is_none());
        match (before, after) {
            (None, _) => became.push(Became::Added),
            (Some(_), None) if merged_into.is_some() => became.push(Became::Merged),
            (Some(_), None) => became.push(Became::Removed),
            (Some(b), Some(a)) => {
                if b.name != a.name {
                    became.push(Became::Renamed);
                }
                if b.parent != a.parent {
                    became.push(Became::Moved);
                }
            }
        }
        let nothing = Theme::default();
        let fields = after.map_or_else(Vec::new, |after| {
            field_changes(before.unwrap_or(&nothing), after)
        });
        if before.is_some() && !fields.is_empty() {
            became.push(Became::Redefined);
        }
        let [took_in, split_into, split_off] = [
            &mut moves.took_in,
            &mut moves.split_into,
            &mut moves.split_off,
        ]
        .map(|m| m.remove(&id).unwrap_or_default());
        for (some, what) in [
            (!took_in.is_empty(), Became::TookIn),
            (!split_into.is_empty(), Became::Split),
            (!split_off.is_empty(), Became::SplitOff),
        ] {
            if some {
                became.push(what);
            }
        }
        if became.is_empty() {
            diff.unchanged += 1;
            continue;
        }
        let (old_path, new_path) = (
            before.map(|t| then.path(t.id)),
            after.map(|t| later.path(t.id)),
        );
        let count = |of: &BTreeMap<i64, i64>| of.get(&id).copied().unwrap_or_default();
        diff.themes.push(ThemeChange {
            was: old_path
                .clone()
                .filter(|old| new_path.as_ref().is_some_and(|new| new != old)),
            theme: new_path.or(old_path).unwrap_or_default(),
            became,
            fields,
            merged_into,
            took_in,
            split_into,
            split_off,
            codings_then: before.map(|_| count(&between.then)),
            codings_later: after.map(|_| count(&between.later)),
        });
    }
    diff
}

fn field_changes(before: &Theme, after: &Theme) -> Vec<FieldChange> {
    fields(before)
        .into_iter()
        .zip(fields(after))
        .filter(|((_, old), (_, new))| old != new)
        .map(|((field, old), (_, new))| FieldChange {
            field,
            words: word_changes(
                old.map_or("", String::as_str),
                new.map_or("", String::as_str),
            ),
            old: old.cloned(),
            new: new.cloned(),
        })
        .collect()
}

/// What mergings and splittings moved, by theme.
#[derive(Default)]
struct Moves {
    merged: HashMap<i64, Went>,
    took_in: HashMap<i64, Vec<Went>>,
    split_into: HashMap<i64, Vec<Went>>,
    split_off: HashMap<i64, Vec<Went>>,
}

impl Moves {
    fn of(reshapings: &[Reshaping], then: &Codebook, later: &Codebook) -> Self {
        // All codings of one act go to one theme. Where none went, the act's line on the record says to which.
        let told = |r: &Reshaping| {
            let path = r.summary.rsplit_once(" into ").map_or("?", |(_, p)| p);
            path.split_once(": ")
                .map_or(path, |(path, _)| path)
                .to_owned()
        };
        let targets: Vec<Option<i64>> = reshapings
            .iter()
            .map(|r| {
                let path = told(r);
                let by_name = || later.find(&path).or_else(|_| then.find(&path)).ok();
                r.flows.iter().find_map(|f| f.to).or_else(by_name)
            })
            .collect();
        // Where a theme went on into another, that is where it ended.
        let went_on: HashMap<i64, i64> = reshapings
            .iter()
            .zip(&targets)
            .flat_map(|(r, target)| {
                r.removed
                    .iter()
                    .filter_map(|gone| Some((*gone, (*target)?)))
            })
            .collect();
        let end = |mut id: i64| {
            for _ in 0..=went_on.len() {
                match went_on.get(&id) {
                    Some(next) if later.theme(id).is_none() => id = *next,
                    _ => break,
                }
            }
            id
        };
        let name = |id: i64| {
            [later, then]
                .into_iter()
                .find(|book| book.theme(id).is_some())
                .map(|book| book.path(id))
        };
        let mut moves = Self::default();
        for (r, target) in reshapings.iter().zip(targets) {
            let target = target.map(end);
            let mut sources: Vec<i64> = r.flows.iter().map(|f| f.from).collect();
            sources.extend(&r.removed);
            sources.sort_unstable();
            sources.dedup();
            for source in sources {
                let flows = || r.flows.iter().filter(|f| f.from == source);
                let went = |theme: String| Went {
                    event: r.event,
                    theme,
                    codings: flows().map(|f| f.codings).sum(),
                    joined: flows().filter(|f| f.to.is_none()).map(|f| f.codings).sum(),
                };
                let to = went(target.and_then(name).unwrap_or_else(|| told(r)));
                if r.split {
                    moves.split_into.entry(source).or_default().push(to);
                } else {
                    moves.merged.insert(source, to);
                }
                // What came and went in between is told by neither codebook.
                if let (Some(target), Some(source)) = (target, name(source)) {
                    let into = if r.split {
                        &mut moves.split_off
                    } else {
                        &mut moves.took_in
                    };
                    into.entry(target).or_default().push(went(source));
                }
            }
        }
        moves
    }
}

#[cfg(test)]
mod tests;
