//! What the styles of an OpenDocument text say that its text depends on: lists, titles, hidden words, and how many headers
//! and footers say something.

use std::collections::{HashMap, HashSet};

use quick_xml::events::BytesStart;

use super::super::error::Error;
use super::super::numerals::Numeral;
use super::super::xml::{self, Part, Space, Step};

/// Levels of a list.
const LEVELS: usize = 10;

#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// Styles by the style that they are based on.
    bases: HashMap<String, String>,
    hidden: HashSet<String>,
    lists: HashMap<String, List>,
    /// Headers and footers that say something.
    pub headers: usize,
    style: Option<String>,
    list: Option<String>,
    /// Inside a header or footer; whether it has said something.
    header: Option<bool>,
}

#[derive(Debug, Default)]
struct List {
    levels: [Level; LEVELS],
    counters: [Option<u32>; LEVELS],
}

#[derive(Debug, Default)]
struct Level {
    /// None for bullets and levels that show nothing.
    numeral: Option<Numeral>,
    start: Option<u32>,
    prefix: String,
    suffix: String,
    /// How many levels' numbers are shown.
    shown: usize,
}

pub(super) fn read(text: &str, part: Part, sheet: &mut Sheet) -> Result<(), Error> {
    xml::walk(text, part, |step| sheet.step(&step))
}

impl Sheet {
    /// Takes in what stands in front of the body, or in a file of its own.
    pub(super) fn step(&mut self, step: &Step<'_>) {
        match step {
            Step::Open(
                Space::Other,
                "header" | "footer" | "header-left" | "footer-left" | "header-first"
                | "footer-first",
                _,
            ) => self.header = Some(false),
            Step::Close(
                Space::Other,
                "header" | "footer" | "header-left" | "footer-left" | "header-first"
                | "footer-first",
            ) => self.headers += usize::from(self.header.take() == Some(true)),
            Step::Text(text) => {
                if let Some(says) = &mut self.header {
                    *says |= text.contains(char::is_alphabetic);
                }
            }
            Step::Open(Space::Other, "style", tag) => {
                self.style = xml::attribute(tag, "name");
                if let (Some(name), Some(base)) =
                    (&self.style, xml::attribute(tag, "parent-style-name"))
                {
                    self.bases.insert(name.clone(), base);
                }
            }
            Step::Close(Space::Other, "style") => self.style = None,
            Step::Open(Space::Other, "text-properties", tag) => {
                if let Some(name) = &self.style
                    && xml::attribute(tag, "display").is_some_and(|display| display == "none")
                {
                    self.hidden.insert(name.clone());
                }
            }
            Step::Open(Space::Text, "list-style", tag) => self.list = xml::attribute(tag, "name"),
            Step::Close(Space::Text, "list-style") => self.list = None,
            Step::Open(Space::Text, "list-level-style-number", tag) => self.level(tag),
            _ => {}
        }
    }

    fn level(&mut self, tag: &BytesStart<'_>) {
        let Some(name) = self.list.clone() else {
            return;
        };
        let list = self.lists.entry(name).or_default();
        let Some(level) = xml::number(tag, "level")
            .and_then(|n: usize| n.checked_sub(1))
            .and_then(|n| list.levels.get_mut(n))
        else {
            return;
        };
        let text = |name| xml::attribute(tag, name).unwrap_or_default();
        *level = Level {
            numeral: match text("num-format").as_str() {
                "" => None,
                "a" => Some(Numeral::Lower),
                "A" => Some(Numeral::Upper),
                "i" => Some(Numeral::LowerRoman),
                "I" => Some(Numeral::UpperRoman),
                _ => Some(Numeral::Decimal),
            },
            start: xml::number(tag, "start-value"),
            prefix: text("num-prefix"),
            suffix: text("num-suffix"),
            shown: xml::number(tag, "display-levels").unwrap_or(1),
        };
    }

    /// Whether a style, or one that it is based on, is of that name.
    pub(super) fn is(&self, style: &str, name: &str) -> bool {
        let mut style = style;
        // Styles may be based on each other in a circle.
        for _ in 0..10 {
            if style == name {
                return true;
            }
            let Some(base) = self.bases.get(style) else {
                return false;
            };
            style = base;
        }
        false
    }

    pub(super) fn is_hidden(&self, style: &str) -> bool {
        self.hidden.contains(style)
    }

    /// A list begins anew.
    pub(super) fn restart(&mut self, list: &str) {
        if let Some(list) = self.lists.get_mut(list) {
            list.counters = [None; LEVELS];
        }
    }

    /// The mark of the next item of a list at a level (from 0): its number as shown, or `-`.
    pub(super) fn next(&mut self, list: &str, level: usize, start: Option<u32>) -> String {
        const BULLET: &str = "-";
        let level = level.min(LEVELS - 1);
        let Some(list) = self.lists.get_mut(list) else {
            return BULLET.to_owned();
        };
        let own = list.levels[level].start.unwrap_or(1);
        let n = start.unwrap_or(list.counters[level].map_or(own, |n| n.saturating_add(1)));
        list.counters[level] = Some(n);
        list.counters[level + 1..].fill(None);
        let shape = &list.levels[level];
        if shape.numeral.is_none() {
            return BULLET.to_owned();
        }
        let first = (level + 1).saturating_sub(shape.shown.max(1));
        let numbers: Vec<String> = (first..=level)
            .filter_map(|at| {
                let level = &list.levels[at];
                let n = list.counters[at].or(level.start).unwrap_or(1);
                Some(level.numeral?.show(n))
            })
            .collect();
        let mark = format!("{}{}{}", shape.prefix, numbers.join("."), shape.suffix);
        mark.trim().to_owned()
    }
}
