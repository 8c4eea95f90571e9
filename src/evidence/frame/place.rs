//! Which cell is meant: a case and a theme, as typed. `/` stands for all cases, or for all themes.

use crate::error::Result;
use crate::evidence::Error;
use crate::store::{Case, Store};
use crate::study::Codebook;

/// What stands for all cases or all themes.
pub const ALL: &str = "/";

/// A place in the frame: a cell, or the summary of a row (no theme) or of a column (no case).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellPlace {
    pub case: Option<Case>,
    /// Its id and its path.
    pub theme: Option<(i64, String)>,
}

impl CellPlace {
    /// Finds what was typed.
    ///
    /// # Errors
    /// An unknown case or theme, or `/` for both: the whole frame has no summary.
    pub fn find(store: &Store, case: &str, theme: &str) -> Result<Self> {
        if case.trim() == ALL && theme.trim() == ALL {
            return Err(Error::refused(
                "the whole frame has no summary of its own",
                "write `/` for the case or for the theme, as in: casebook frame set CASE / TEXT",
            )
            .into());
        }
        let case = match case.trim() {
            ALL => None,
            slug => Some(store.case(slug)?),
        };
        let theme = match theme.trim() {
            ALL => None,
            path => {
                let book = Codebook::read(store)?;
                let id = book.find(path)?;
                Some((id, book.path(id)))
            }
        };
        Ok(Self { case, theme })
    }

    pub fn case_id(&self) -> Option<i64> {
        self.case.as_ref().map(|c| c.id)
    }

    pub fn theme_id(&self) -> Option<i64> {
        self.theme.as_ref().map(|(id, _)| *id)
    }

    /// Both names as they are typed.
    pub fn typed(&self) -> (&str, &str) {
        (
            self.case.as_ref().map_or(ALL, |c| &c.slug),
            self.theme.as_ref().map_or(ALL, |(_, path)| path),
        )
    }

    /// As a sentence has it: `alder × governance`, `alder over all themes`, `governance over all cases`.
    pub fn said(&self) -> String {
        match self.typed() {
            (case, ALL) => format!("{case} over all themes"),
            (ALL, theme) => format!("{theme} over all cases"),
            (case, theme) => format!("{case} × {theme}"),
        }
    }
}
