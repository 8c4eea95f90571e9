//! YAML between two lines of `---` at the start of a text: attributes, not words that anybody said.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::count;
use super::roles::{self, Class};

/// What stands in front of a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FrontMatter {
    pub attributes: Vec<(String, String)>,
    /// Byte where the text itself begins; 0 where there is no front matter.
    pub body: usize,
    pub warnings: Vec<String>,
}

/// Front matter is a few lines; whatever is longer is a text that begins with a dividing line.
const LONGEST: usize = 64 << 10;

pub(super) fn take(text: &str) -> FrontMatter {
    let Some(rest) = text
        .strip_prefix("---")
        .and_then(|rest| rest.trim_start_matches([' ', '\t']).strip_prefix('\n'))
    else {
        return FrontMatter::default();
    };
    let start = text.len() - rest.len();
    let broken = |why: &str| FrontMatter {
        warnings: vec![format!("{why}; it was kept as text")],
        ..FrontMatter::default()
    };
    // A dividing line and then speech is no front matter, closed or not.
    let first = rest.lines().next().unwrap_or_default();
    let has_key = first.split_once(':').is_some_and(|(key, _)| is_key(key));
    let Some((end, body)) = closing(text, start) else {
        return if has_key {
            broken("the front matter has no closing `---`")
        } else {
            FrontMatter::default()
        };
    };
    let yaml = &text[start..end];
    if yaml.trim().is_empty() {
        return FrontMatter {
            body,
            ..FrontMatter::default()
        };
    }
    match parse(yaml) {
        Ok(entries) if entries.iter().any(|(key, _)| is_speaker(key)) => {
            broken("what looks like front matter has speakers' labels in it")
        }
        Ok(entries) => attributes(entries, body),
        Err(_) if !has_key => FrontMatter::default(),
        Err(line) => broken(&match line {
            // The YAML begins on the second line of the file.
            Some(line) => format!(
                "the front matter cannot be read as YAML (line {})",
                line + 1
            ),
            None => "the front matter cannot be read as YAML".to_owned(),
        }),
    }
}

/// The end of the YAML and the start of the text behind the closing line.
fn closing(text: &str, start: usize) -> Option<(usize, usize)> {
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if at - start > LONGEST {
            return None;
        }
        if matches!(line.trim_end(), "---" | "...") {
            return Some((at, at + line.len()));
        }
        at += line.len();
    }
    None
}

fn is_key(key: &str) -> bool {
    !key.is_empty()
        && key.chars().nth(40).is_none()
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.'))
}

/// `interviewer: A. Berg` in front matter is said by small letters; `Interviewer: Hello` may be speech.
fn is_speaker(key: &str) -> bool {
    key.starts_with(char::is_uppercase) && matches!(roles::class(key), Class::Role | Class::Letter)
}

fn attributes(entries: Vec<(String, Value)>, body: usize) -> FrontMatter {
    let mut attributes = Vec::with_capacity(entries.len());
    let mut nested = 0;
    for (key, value) in entries {
        match value {
            Value::Scalar(text) => attributes.push((key, text)),
            Value::Empty => {}
            Value::List(items) => {
                let words: Vec<String> = items
                    .into_iter()
                    .filter_map(|item| match item {
                        Value::Scalar(text) => Some(text),
                        Value::Empty => None,
                        Value::List(_) | Value::Nested => {
                            nested += 1;
                            None
                        }
                    })
                    .collect();
                if !words.is_empty() {
                    attributes.push((key, words.join(", ")));
                }
            }
            Value::Nested => nested += 1,
        }
    }
    let mut warnings = Vec::new();
    if nested > 0 {
        let entries = count(nested, "nested entry", "nested entries");
        warnings.push(format!(
            "left out of the attributes: {entries} of the front matter"
        ));
    }
    FrontMatter {
        attributes,
        body,
        warnings,
    }
}

/// A value of the front matter, its spelling kept.
#[derive(Debug, PartialEq, Eq)]
enum Value {
    Scalar(String),
    Empty,
    List(Vec<Self>),
    Nested,
}

/// Reads the map; the error is the line of the YAML, from 1, where it is known.
///
/// A first reading finds the shape of every value, a second one takes scalars as they are spelled: `1.10` is a
/// version and `007` an id, and a reading that knows numbers would lose their zeros.
fn parse(yaml: &str) -> Result<Vec<(String, Value)>, Option<u64>> {
    let line = |error: serde_saphyr::Error| error.location().map(|place| place.line());
    let Shapes(shapes) = serde_saphyr::from_str(yaml).map_err(line)?;
    serde_saphyr::with_deserializer_from_str(yaml, |reader| Entries(&shapes).deserialize(reader))
        .map_err(line)
}

/// What a value is, before it is known how it is spelled.
#[derive(Clone)]
enum Shape {
    Scalar,
    Empty,
    List(Vec<Self>),
    Nested,
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_bool<E>(self, _: bool) -> Result<Shape, E> {
        Ok(Shape::Scalar)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Shape, E> {
        Ok(Shape::Scalar)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Shape, E> {
        Ok(Shape::Scalar)
    }
    fn visit_i128<E>(self, _: i128) -> Result<Shape, E> {
        Ok(Shape::Scalar)
    }
    fn visit_u128<E>(self, _: u128) -> Result<Shape, E> {
        Ok(Shape::Scalar)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Shape, E> {
        Ok(Shape::Scalar)
    }
    fn visit_str<E>(self, _: &str) -> Result<Shape, E> {
        Ok(Shape::Scalar)
    }
    fn visit_bytes<E>(self, _: &[u8]) -> Result<Shape, E> {
        Ok(Shape::Nested)
    }
    fn visit_unit<E>(self) -> Result<Shape, E> {
        Ok(Shape::Empty)
    }
    fn visit_none<E>(self) -> Result<Shape, E> {
        Ok(Shape::Empty)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Shape, D::Error> {
        deserializer.deserialize_any(self)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Shape, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Shape::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shape, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Shape::Nested)
    }
}

/// The shapes of a map's values, in order.
struct Shapes(Vec<Shape>);

impl<'de> Deserialize<'de> for Shapes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;
        impl<'de> Visitor<'de> for Map {
            type Value = Shapes;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shapes, A::Error> {
                let mut shapes = Vec::new();
                while let Some((IgnoredAny, shape)) = map.next_entry()? {
                    shapes.push(shape);
                }
                Ok(Shapes(shapes))
            }
        }
        deserializer.deserialize_map(Map)
    }
}

/// Reads a map whose values have these shapes.
struct Entries<'s>(&'s [Shape]);

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = Vec<(String, Value)>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = Vec<(String, Value)>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::with_capacity(self.0.len());
        let mut shapes = self.0.iter();
        while let Some(key) = map.next_key::<String>()? {
            let shape = shapes.next().unwrap_or(&Shape::Nested);
            entries.push((key, map.next_value_seed(Spelled(shape))?));
        }
        Ok(entries)
    }
}

/// Reads one value of a known shape.
struct Spelled<'s>(&'s Shape);

impl<'de> DeserializeSeed<'de> for Spelled<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self.0 {
            Shape::Scalar => String::deserialize(deserializer).map(Value::Scalar),
            Shape::List(items) => deserializer.deserialize_seq(Items(items)),
            Shape::Empty => IgnoredAny::deserialize(deserializer).map(|_| Value::Empty),
            Shape::Nested => IgnoredAny::deserialize(deserializer).map(|_| Value::Nested),
        }
    }
}

struct Items<'s>(&'s [Shape]);

impl<'de> Visitor<'de> for Items<'_> {
    type Value = Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::with_capacity(self.0.len());
        for shape in self.0 {
            match seq.next_element_seed(Spelled(shape))? {
                Some(item) => items.push(item),
                None => break,
            }
        }
        Ok(Value::List(items))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, attributes: &[(&str, &str)], body: &str, warnings: &[&str]) {
        let front = take(text);
        let found: Vec<(&str, &str)> = front
            .attributes
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        assert_eq!(found, attributes, "{text:?}");
        assert_eq!(&text[front.body..], body, "{text:?}");
        assert_eq!(front.warnings, warnings, "{text:?}");
    }

    #[test]
    fn attributes_keep_their_spelling() {
        check(
            "---\ntitle: A talk\nversion: 1.10\nid: 007\ndate: 2026-03-01\nok: yes\nnothing:\nquoted: \"a: b\"\n---\nAda: hi",
            &[
                ("title", "A talk"),
                ("version", "1.10"),
                ("id", "007"),
                ("date", "2026-03-01"),
                ("ok", "yes"),
                ("quoted", "a: b"),
            ],
            "Ada: hi",
            &[],
        );
    }

    #[test]
    fn lists_are_joined_and_maps_left_out() {
        check(
            "---\ntags: [a, 1.0]\nspeakers:\n  - Ada\n  - Ben\nplace:\n  town: X\n---\n",
            &[("tags", "a, 1.0"), ("speakers", "Ada, Ben")],
            "",
            &["left out of the attributes: 1 nested entry of the front matter"],
        );
    }

    #[test]
    fn what_is_no_front_matter_stays() {
        let text = "---\ntitle: [a\n---\nAda: hi";
        check(
            text,
            &[],
            text,
            &["the front matter cannot be read as YAML (line 2); it was kept as text"],
        );
        let text = "---\ntitle: a\nAda: hi";
        check(
            text,
            &[],
            text,
            &["the front matter has no closing `---`; it was kept as text"],
        );
        let text = "---\nInterviewer: hello\nP01: hello\n---\n";
        check(
            text,
            &[],
            text,
            &["what looks like front matter has speakers' labels in it; it was kept as text"],
        );
        for text in [
            "---\nWe met, and talked.\n---\nMore",
            "--- a\nb: c\n---\n",
            "Ada: hi\n---\na: b\n---\n",
            "---",
            "---\n",
        ] {
            check(text, &[], text, &[]);
        }
        check("---\n---\nAda: hi", &[], "Ada: hi", &[]);
        check(
            "---\ninterviewer: A.\n...\nAda: hi",
            &[("interviewer", "A.")],
            "Ada: hi",
            &[],
        );
    }

    proptest! {
        #[test]
        fn hostile_front_matter_is_no_panic(yaml in "[a-c:\\[\\]{}&*!|>'\"#%@ \n\t-]{0,60}") {
            let text = format!("---\n{yaml}\n---\nend");
            prop_assert!(text.is_char_boundary(take(&text).body));
        }
    }
}
