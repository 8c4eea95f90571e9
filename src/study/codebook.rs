//! The codebook: themes as a tree, found by their paths.

use std::collections::HashMap;

use crate::domain::path::steps;
use crate::domain::span::printable;
use crate::error::{Result, did_you_mean};
use crate::store::{Error, Store, Theme};

/// All themes, read once.
pub struct Codebook {
    /// In the order of the tree: a parent before its children, siblings in the order in which they were made.
    themes: Vec<Theme>,
    paths: HashMap<i64, String>,
}

impl Codebook {
    pub fn read(store: &Store) -> Result<Self> {
        Ok(Self::of(store.themes()?))
    }

    pub fn of(themes: Vec<Theme>) -> Self {
        let mut below: HashMap<Option<i64>, Vec<Theme>> = HashMap::new();
        for theme in themes {
            below.entry(theme.parent).or_default().push(theme);
        }
        let mut book = Self {
            themes: Vec::new(),
            paths: HashMap::new(),
        };
        let mut next: Vec<Theme> = below.remove(&None).unwrap_or_default();
        next.reverse();
        while let Some(theme) = next.pop() {
            let path = match theme.parent.and_then(|p| book.paths.get(&p)) {
                Some(parent) => format!("{parent}/{}", theme.name),
                None => theme.name.clone(),
            };
            book.paths.insert(theme.id, path);
            let mut children = below.remove(&Some(theme.id)).unwrap_or_default();
            children.reverse();
            next.append(&mut children);
            book.themes.push(theme);
        }
        book
    }

    pub fn themes(&self) -> &[Theme] {
        &self.themes
    }

    pub fn theme(&self, id: i64) -> Option<&Theme> {
        self.themes.iter().find(|t| t.id == id)
    }

    /// The path of a theme; `?` for one that is not there.
    pub fn path(&self, id: i64) -> String {
        self.path_of(id).to_owned()
    }

    pub fn path_of(&self, id: i64) -> &str {
        self.paths.get(&id).map_or("?", String::as_str)
    }

    /// How deep it stands; 0 at the root.
    pub fn depth(&self, id: i64) -> usize {
        self.paths.get(&id).map_or(0, |p| p.matches('/').count())
    }

    /// The path of the theme whose own name is nearest to what was typed.
    fn nearest_name(&self, typed: &str) -> Option<String> {
        let name = did_you_mean(typed, self.themes.iter().map(|t| t.name.as_str()))?;
        let theme = self.themes.iter().find(|t| t.name == name)?;
        Some(self.path(theme.id))
    }

    /// The theme of a path, whatever its capitals.
    pub fn find(&self, path: &str) -> Result<i64> {
        let wanted = steps(path)?.join("/").to_lowercase();
        match self.paths.iter().find(|(_, p)| p.to_lowercase() == wanted) {
            Some((id, _)) => Ok(*id),
            None => {
                // A name without its parents is a slip more often than a new theme.
                let by_name = self
                    .themes
                    .iter()
                    .find(|t| t.name.to_lowercase() == wanted)
                    .map(|t| self.path(t.id));
                let mut all: Vec<&str> = self.paths.values().map(String::as_str).collect();
                all.sort_unstable();
                Err(Error::Unknown {
                    what: "theme",
                    name: printable(path).into_owned(),
                    near: by_name
                        .or_else(|| did_you_mean(path, all))
                        .or_else(|| self.nearest_name(&wanted)),
                    list: "theme list",
                }
                .into())
            }
        }
    }

    /// A theme and all that stand below it.
    pub fn with_below(&self, id: i64) -> Vec<i64> {
        let mut found = vec![id];
        // Parents stand before their children, so one pass finds them all.
        for theme in &self.themes {
            if theme.parent.is_some_and(|p| found.contains(&p)) {
                found.push(theme.id);
            }
        }
        found
    }

    pub fn children(&self, id: Option<i64>) -> impl Iterator<Item = &Theme> {
        self.themes.iter().filter(move |t| t.parent == id)
    }

    /// The first theme on the way up: itself, where it is at the root.
    pub fn root_of(&self, id: i64) -> i64 {
        let mut at = id;
        while let Some(parent) = self.theme(at).and_then(|t| t.parent) {
            at = parent;
        }
        at
    }
}
