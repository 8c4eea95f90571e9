//! Which case a text in a column means: by slug, by code with its days, by name. Each text is looked up once.

use std::collections::HashMap;

use super::mapping::By;
use crate::domain::period::Period;
use crate::error::Result;
use crate::store::{Case, Meaning, Store};

/// What a text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Means {
    /// One case, on every day: its place in [`Cases::all`].
    Case(u32),
    /// Cases with the days on which it means them.
    Dated(Vec<(u32, Option<String>, Option<String>)>),
    Nothing,
}

/// Why a text means no one case in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Unknown,
    /// It means a case on other days: those days in words.
    Outside(String),
    /// It means these cases at once.
    Several(Vec<u32>),
}

/// A case, and from when until when it is meant.
type Held = (u32, Option<String>, Option<String>);

pub(super) struct Cases {
    pub all: Vec<Case>,
    by: HashMap<String, Vec<Held>>,
    fold: bool,
    texts: HashMap<String, u32>,
    known: Vec<Means>,
    last: (String, u32),
}

/// As texts are compared: slugs and names without regard to capitals, names with one blank for several.
fn folded(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

pub(super) fn meanings(store: &Store, by: By, scheme: Option<&str>) -> Result<Vec<Meaning>> {
    Ok(match by {
        By::Slug => store.meanings_of_slugs()?,
        By::Code => store.meanings_of_codes(scheme)?,
        By::Name => store.meanings_of_names()?,
    })
}

impl Cases {
    pub(super) fn new(store: &Store, by: By, scheme: Option<&str>) -> Result<Self> {
        let all = store.cases()?;
        let place: HashMap<i64, u32> = all
            .iter()
            .enumerate()
            .map(|(n, c)| (c.id, u32::try_from(n).unwrap_or(u32::MAX)))
            .collect();
        let fold = by != By::Code;
        let mut by_text: HashMap<String, Vec<_>> = HashMap::new();
        for m in meanings(store, by, scheme)? {
            if let Some(case) = place.get(&m.case) {
                let text = if fold { folded(&m.text) } else { m.text };
                let of = by_text.entry(text).or_default();
                let meaning = (*case, m.from, m.to);
                if !of.contains(&meaning) {
                    of.push(meaning);
                }
            }
        }
        Ok(Self {
            all,
            by: by_text,
            fold,
            texts: HashMap::new(),
            known: Vec::new(),
            last: (String::new(), u32::MAX),
        })
    }

    /// The place of a text among those that were met.
    pub(super) fn text(&mut self, text: &str) -> u32 {
        if self.last.1 != u32::MAX && self.last.0 == text {
            return self.last.1;
        }
        let at = if let Some(at) = self.texts.get(text) {
            *at
        } else {
            let at = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
            self.known.push(self.look_up(text));
            self.texts.insert(text.to_owned(), at);
            at
        };
        self.last.0.clear();
        self.last.0.push_str(text);
        self.last.1 = at;
        at
    }

    fn look_up(&self, text: &str) -> Means {
        let found = if self.fold {
            self.by.get(&folded(text))
        } else {
            self.by.get(text.trim())
        };
        match found.map(Vec::as_slice) {
            None => Means::Nothing,
            Some([(case, None, None)]) => Means::Case(*case),
            Some(several) => Means::Dated(several.to_vec()),
        }
    }

    /// The case that a text means in a period.
    pub(super) fn case(&self, text: u32, period: &Period) -> Result<u32, Why> {
        let dated = match self.known.get(text as usize) {
            Some(Means::Case(case)) => return Ok(*case),
            Some(Means::Dated(dated)) => dated,
            _ => return Err(Why::Unknown),
        };
        let (from, to) = (period.from().to_string(), period.to().to_string());
        let holds: Vec<_> = dated
            .iter()
            .filter(|(_, f, t)| {
                f.as_ref().is_none_or(|f| *f < to) && t.as_ref().is_none_or(|t| *t > from)
            })
            .collect();
        let mut cases: Vec<u32> = holds.iter().map(|(case, ..)| *case).collect();
        cases.sort_unstable();
        cases.dedup();
        match cases[..] {
            [one] => Ok(one),
            [] => Err(Why::Outside(
                dated
                    .iter()
                    .map(|(case, f, t)| {
                        let of = &self.all[*case as usize].slug;
                        match (f, t) {
                            (Some(f), Some(t)) => format!("`{of}` from {f} until {t}"),
                            (Some(f), None) => format!("`{of}` from {f}"),
                            (None, Some(t)) => format!("`{of}` until {t}"),
                            (None, None) => format!("`{of}`"),
                        }
                    })
                    .collect::<Vec<_>>()
                    .join(", "),
            )),
            _ => Err(Why::Several(cases)),
        }
    }

    /// Whether a text means exactly one case on every day.
    pub(super) fn plain(&self, text: u32) -> Option<u32> {
        match self.known.get(text as usize) {
            Some(Means::Case(case)) => Some(*case),
            _ => None,
        }
    }

    pub(super) fn slug(&self, case: u32) -> &str {
        self.all.get(case as usize).map_or("", |c| c.slug.as_str())
    }
}

/// Of the three ways the one by which most of these texts mean a case, and how many do; of two alike slugs before codes
/// before names.
pub(super) fn told(store: &Store, scheme: Option<&str>, texts: &[String]) -> Result<(By, usize)> {
    let mut best = (By::Slug, 0);
    for by in [By::Slug, By::Code, By::Name] {
        let mut cases = Cases::new(store, by, scheme)?;
        let mut n = 0;
        for text in texts {
            let at = cases.text(text);
            n += usize::from(cases.known[at as usize] != Means::Nothing);
        }
        if n > best.1 {
            best = (by, n);
        }
    }
    Ok(best)
}

/// The names by which each case is known, at any time.
pub(super) fn names(store: &Store) -> Result<HashMap<i64, Vec<String>>> {
    let mut known: HashMap<i64, Vec<String>> = HashMap::new();
    for m in store.meanings_of_names()? {
        known.entry(m.case).or_default().push(m.text);
    }
    Ok(known)
}
