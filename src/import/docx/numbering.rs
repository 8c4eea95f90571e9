//! What Word shows in front of list items. The file says only which list and level an item belongs to; the numbers are
//! counted here, as Word counts them: each list on, deeper levels anew below each item.

use std::collections::HashMap;

use super::super::error::{Error, What};
use super::super::numerals::Numeral;
use super::super::xml::{self, Part, Space, Step};

/// Levels of a list.
const LEVELS: usize = 9;

#[derive(Clone, Debug)]
struct Level {
    start: u32,
    numeral: Numeral,
    /// `%1.%2`, each `%` a level's number; a bullet has none.
    text: String,
    bullet: bool,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            start: 1,
            numeral: Numeral::Decimal,
            text: String::new(),
            bullet: false,
        }
    }
}

#[derive(Debug, Default)]
struct List {
    abstract_id: String,
    /// Level and number that this list begins with instead of its pattern's.
    starts: Vec<(usize, u32)>,
}

/// The lists of a file, and how far each has been counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    patterns: HashMap<String, Vec<Level>>,
    lists: HashMap<String, List>,
    /// Counters by pattern: lists of one pattern go on with each other's numbers.
    counters: HashMap<String, [Option<u32>; LEVELS]>,
    /// Lists whose own starts have been set.
    begun: Vec<String>,
}

pub(super) fn read(text: &str) -> Result<Numbering, Error> {
    let mut out = Numbering::default();
    let (mut pattern, mut list) = (None::<String>, None::<String>);
    let mut level = None::<usize>;
    xml::walk(
        text,
        Part::new(What::Word, "word/numbering.xml"),
        |step| match step {
            Step::Open(Space::Word, "abstractNum", tag) => {
                pattern = xml::attribute(tag, "abstractNumId");
                level = None;
            }
            Step::Open(Space::Word, "num", tag) => {
                list = xml::attribute(tag, "numId");
                level = None;
            }
            Step::Close(Space::Word, "abstractNum") => pattern = None,
            Step::Close(Space::Word, "num") => list = None,
            Step::Open(Space::Word, "lvl" | "lvlOverride", tag) => {
                level = xml::number(tag, "ilvl").filter(|level| *level < LEVELS);
            }
            Step::Open(Space::Word, name, tag) => {
                let Some(value) = xml::attribute(tag, "val") else {
                    return;
                };
                match (&list, &pattern) {
                    (Some(id), _) => {
                        let list = out.lists.entry(id.clone()).or_default();
                        match (name, level, value.parse()) {
                            ("abstractNumId", ..) => list.abstract_id = value,
                            ("startOverride", Some(level), Ok(start)) => {
                                list.starts.push((level, start));
                            }
                            _ => {}
                        }
                    }
                    (None, Some(id)) => {
                        let levels = out.patterns.entry(id.clone()).or_default();
                        if let Some(n) = level {
                            levels.resize_with(levels.len().max(n + 1), Level::default);
                            levels[n].property(name, value);
                        }
                    }
                    (None, None) => {}
                }
            }
            _ => {}
        },
    )?;
    Ok(out)
}

impl Level {
    fn property(&mut self, name: &str, value: String) {
        match name {
            "start" => self.start = value.parse().unwrap_or(1),
            "numFmt" => {
                self.bullet = matches!(value.as_str(), "bullet" | "none");
                self.numeral = match value.as_str() {
                    "decimalZero" => Numeral::Padded,
                    "lowerLetter" => Numeral::Lower,
                    "upperLetter" => Numeral::Upper,
                    "lowerRoman" => Numeral::LowerRoman,
                    "upperRoman" => Numeral::UpperRoman,
                    _ => Numeral::Decimal,
                };
            }
            "lvlText" => self.text = value,
            _ => {}
        }
    }
}

impl Numbering {
    /// The mark of the next item of a list at a level: its number as shown, or `-` for bullets and lists that the file
    /// doesn't describe.
    pub(super) fn next(&mut self, list_id: &str, level: usize) -> String {
        const BULLET: &str = "-";
        let level = level.min(LEVELS - 1);
        let Some(list) = self.lists.get(list_id) else {
            return BULLET.to_owned();
        };
        let Some(levels) = self.patterns.get(&list.abstract_id) else {
            return BULLET.to_owned();
        };
        let counters = self.counters.entry(list.abstract_id.clone()).or_default();
        if !list.starts.is_empty() && !self.begun.iter().any(|begun| begun == list_id) {
            for (level, start) in &list.starts {
                counters[*level] = start.checked_sub(1);
                counters[*level + 1..].fill(None);
            }
            self.begun.push(list_id.to_owned());
        }
        let start = |n: usize| levels.get(n).map_or(1, |level| level.start);
        counters[level] = Some(counters[level].map_or(start(level), |n| n.saturating_add(1)));
        counters[level + 1..].fill(None);
        let Some(shape) = levels.get(level).filter(|shape| !shape.bullet) else {
            return BULLET.to_owned();
        };
        let mut out = String::new();
        let mut rest = shape.text.as_str();
        while let Some(at) = rest.find('%') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let Some(digit) = rest.bytes().next().filter(u8::is_ascii_digit) else {
                out.push('%');
                continue;
            };
            rest = &rest[1..];
            let n = usize::from(digit - b'0').saturating_sub(1);
            let numeral = levels
                .get(n)
                .map_or(Numeral::Decimal, |level| level.numeral);
            out.push_str(&numeral.show(counters.get(n).copied().flatten().unwrap_or(start(n))));
        }
        out.push_str(rest);
        // A private sign is a bullet of a symbol font; no text at all is a list that shows nothing.
        let shown = out.trim();
        if shown.is_empty() || shown.contains(|c| matches!(c, '\u{e000}'..='\u{f8ff}')) {
            BULLET.to_owned()
        } else {
            shown.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_counted_as_word_counts_them() {
        let xml = r#"<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
            <w:abstractNum w:abstractNumId="4">
              <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
              <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>
            </w:abstractNum>
            <w:abstractNum w:abstractNumId="5"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl></w:abstractNum>
            <w:num w:numId="1"><w:abstractNumId w:val="4"/></w:num>
            <w:num w:numId="2"><w:abstractNumId w:val="5"/></w:num>
            <w:num w:numId="3"><w:abstractNumId w:val="4"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>
        </w:numbering>"#;
        let mut numbering = read(xml).expect("well-formed");
        for (list, level, mark) in [
            ("1", 0, "1."),
            ("1", 1, "1.a)"),
            ("2", 0, "-"),
            ("1", 1, "1.b)"),
            ("1", 0, "2."),
            ("1", 1, "2.a)"),
            ("3", 0, "7."),
            ("3", 0, "8."),
            ("1", 77, "-"),
            ("9", 0, "-"),
        ] {
            assert_eq!(numbering.next(list, level), mark, "{list} {level}");
        }
    }
}
