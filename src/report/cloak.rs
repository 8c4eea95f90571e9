//! Cases that have no official code stand under a code name, and anyone can look up whose figure is 86.4. For readers outside
//! the team a report says of such a case only what fits several others as well.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::phrase::{count, list};
use super::source::Source;
use crate::error::Result;
use crate::governance::gate::Audience;

/// All that is printed of a code-named case must fit so many cases, itself among them.
const FITS: usize = 3;

/// With fewer cases measured, no third of their order is printed: it would hold fewer than [`FITS`].
pub(super) const ORDERED: usize = 9;

/// What is not said of code-named cases, and how much of it there was.
#[derive(Default)]
pub(super) struct Cloak {
    hidden: BTreeSet<i64>,
    /// Whom all fits that was said of a code-named case so far. Each thing said alone may fit many, and all together one.
    fits: RefCell<BTreeMap<i64, BTreeSet<i64>>>,
    held: RefCell<BTreeMap<&'static str, usize>>,
}

impl Cloak {
    pub(super) fn new(source: &Source, audience: Audience) -> Result<Self> {
        let mut hidden = BTreeSet::new();
        if audience != Audience::Team {
            let coded: BTreeSet<i64> = source
                .study
                .store
                .case_codes()?
                .iter()
                .map(|k| k.case)
                .collect();
            hidden.extend(
                source
                    .people
                    .cases
                    .values()
                    .filter(|c| c.code.is_none() && !coded.contains(&c.id))
                    .map(|c| c.id),
            );
        }
        Ok(Self {
            hidden,
            fits: RefCell::default(),
            held: RefCell::default(),
        })
    }

    /// Whether a case stands under a code name that the reader must not see through.
    pub(super) fn is(&self, case: i64) -> bool {
        self.hidden.contains(&case)
    }

    /// Whether any case stands under one.
    pub(super) fn hides_any(&self) -> bool {
        !self.hidden.is_empty()
    }

    /// Whether something may be said of a case that is true of `fits`: always of one with a code; of another if that, with
    /// all that was said of it before, leaves several it may be. What may not is counted as held back.
    pub(super) fn may_say(&self, case: i64, fits: &BTreeSet<i64>, what: &'static str) -> bool {
        if !self.is(case) {
            return true;
        }
        let mut all = self.fits.borrow_mut();
        let left: BTreeSet<i64> = match all.get(&case) {
            Some(before) => before.intersection(fits).copied().collect(),
            None => fits.clone(),
        };
        if left.len() < FITS {
            self.hold(what, 1);
            return false;
        }
        all.insert(case, left);
        true
    }

    /// Counts what was held back. `what` in the singular.
    pub(super) fn hold(&self, what: &'static str, n: usize) {
        if n > 0 {
            *self.held.borrow_mut().entry(what).or_default() += n;
        }
    }

    /// Something of a case: nothing where it stands under a code name, and is counted.
    pub(super) fn open<T>(&self, case: i64, what: &'static str, of: Option<T>) -> Option<T> {
        if of.is_some() && self.is(case) {
            self.hold(what, 1);
            return None;
        }
        of
    }

    /// What was held back, with how much.
    pub(super) fn held(&self) -> BTreeMap<&'static str, usize> {
        self.held.borrow().clone()
    }
}

/// What was held back of code-named cases: `2 changes and 6 figures`; nothing where nothing was.
pub fn said(held: &BTreeMap<&'static str, usize>) -> Option<String> {
    let all: Vec<String> = held
        .iter()
        .map(|(what, n)| count(*n, what, &many(what)))
        .collect();
    (!all.is_empty()).then(|| list(&all))
}

fn many(what: &str) -> String {
    match what.split_once(" of ") {
        Some((first, rest)) => format!("{}s of {rest}", first),
        None => format!("{what}s"),
    }
}
