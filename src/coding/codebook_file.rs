//! The codebook as a file: CSV or YAML, both ways, with all its fields.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Error;
use super::codebook::{Codebook, add, colour};
use crate::domain::path::steps;
use crate::domain::words::ThemeKind;
use crate::error::{Problem, Result};
use crate::store::{Theme, Tx};

/// One theme in a codebook file. The keys are the columns of the CSV and the keys of the YAML.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_definition: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
}

pub const COLUMNS: &[&str] = &[
    "path",
    "definition",
    "full_definition",
    "include",
    "exclude",
    "example",
    "kind",
    "colour",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    Csv,
    Yaml,
}

impl FileFormat {
    pub fn of(path: &Path) -> Result<Self> {
        match path
            .extension()
            .map(|e| e.to_string_lossy().to_lowercase())
            .as_deref()
        {
            Some("csv") => Ok(Self::Csv),
            Some("yaml" | "yml") => Ok(Self::Yaml),
            _ => Err(Error::refused(
                format!("`{}` is neither CSV nor YAML by its name", path.display()),
                "name the file codebook.csv or codebook.yaml",
            )
            .into()),
        }
    }
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CodebookReport {
    pub added: Vec<String>,
    pub edited: Vec<String>,
    pub unchanged: usize,
    pub event: Option<i64>,
}

/// Reads entries, and says where one can't be read.
pub fn parse(text: &str, format: FileFormat) -> Result<Vec<Entry>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let entries = match format {
        FileFormat::Yaml => serde_saphyr::from_str::<Vec<Entry>>(text).map_err(|e| {
            Error::refused(
                format!(
                    "the codebook can't be read: {}",
                    first_line(&e.to_string()).trim_start_matches("error: ")
                ),
                format!(
                    "it is a list of themes with the keys: {}",
                    COLUMNS.join(", ")
                ),
            )
        })?,
        FileFormat::Csv => {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let bad = |e: csv::Error| {
                Error::refused(
                    format!("the codebook can't be read: {e}"),
                    format!("its columns may be: {}", COLUMNS.join(", ")),
                )
            };
            let heads = reader.headers().map_err(bad)?.clone();
            if let Some(odd) = heads.iter().find(|h| !COLUMNS.contains(&h.trim())) {
                return Err(Error::refused(
                    format!("the codebook has an unknown column `{odd}`"),
                    format!("its columns may be: {}", COLUMNS.join(", ")),
                )
                .into());
            }
            reader
                .deserialize::<Entry>()
                .collect::<Result<Vec<_>, _>>()
                .map_err(bad)?
        }
    };
    for (n, entry) in entries.iter().enumerate() {
        let at = |problem: &dyn Problem| {
            Error::Refused(
                format!("theme {} of the file: {problem}", n + 1),
                problem.hint(),
            )
        };
        steps(&entry.path).map_err(|e| at(&e))?;
        if let Some(kind) = filled(entry.kind.as_deref()) {
            kind.parse::<ThemeKind>().map_err(|e| at(&e))?;
        }
        if let Some(c) = filled(entry.colour.as_deref()) {
            colour(c).map_err(|e| {
                Error::Refused(format!("theme {} of the file: {e}", n + 1), e.hint())
            })?;
        }
    }
    Ok(entries)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn filled(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|v| !v.is_empty())
}

/// Adds what is new and edits what is there; a field that the file leaves empty stays as it is. Nothing is removed.
pub fn import(tx: &Tx, entries: &[Entry]) -> Result<CodebookReport> {
    let mut report = CodebookReport::default();
    for entry in entries {
        let given = |v: &Option<String>| filled(v.as_deref()).map(str::to_owned);
        let fields = Theme {
            definition: given(&entry.definition),
            full_definition: given(&entry.full_definition),
            include: given(&entry.include),
            exclude: given(&entry.exclude),
            example: given(&entry.example),
            kind: given(&entry.kind),
            colour: entry
                .colour
                .as_deref()
                .and_then(|c| filled(Some(c)))
                .map(colour)
                .transpose()?,
            ..Theme::default()
        };
        let book = Codebook::read(tx)?;
        let path = steps(&entry.path)?.join("/");
        let Ok(id) = book.find(&path) else {
            add(tx, &path, fields)?;
            report.added.push(path);
            continue;
        };
        let Some(before) = book.theme(id) else {
            continue;
        };
        let keep = |new: Option<String>, old: &Option<String>| new.or_else(|| old.clone());
        let after = Theme {
            definition: keep(fields.definition, &before.definition),
            full_definition: keep(fields.full_definition, &before.full_definition),
            include: keep(fields.include, &before.include),
            exclude: keep(fields.exclude, &before.exclude),
            example: keep(fields.example, &before.example),
            kind: keep(fields.kind, &before.kind),
            colour: keep(fields.colour, &before.colour),
            ..before.clone()
        };
        if after == *before {
            report.unchanged += 1;
        } else {
            tx.put_theme(&after)?;
            report.edited.push(book.path(id));
        }
    }
    tx.summary(format!(
        "theme import: {} added, {} edited",
        report.added.len(),
        report.edited.len()
    ));
    Ok(report)
}

/// The whole codebook as entries, in the order of the tree.
pub fn entries(book: &Codebook) -> Vec<Entry> {
    book.themes()
        .iter()
        .map(|t| Entry {
            path: book.path(t.id),
            definition: t.definition.clone(),
            full_definition: t.full_definition.clone(),
            include: t.include.clone(),
            exclude: t.exclude.clone(),
            example: t.example.clone(),
            kind: t.kind.clone(),
            colour: t.colour.clone(),
        })
        .collect()
}

/// The entries as a file.
pub fn write(entries: &[Entry], format: FileFormat) -> Result<String> {
    let failed = |e: &dyn std::fmt::Display| {
        Error::Refused(format!("the codebook can't be written: {e}"), None)
    };
    match format {
        FileFormat::Yaml => Ok(serde_saphyr::to_string(&entries).map_err(|e| failed(&e))?),
        FileFormat::Csv => {
            let mut out = csv::Writer::from_writer(Vec::new());
            out.write_record(COLUMNS).map_err(|e| failed(&e))?;
            for e in entries {
                let fields = [
                    Some(&e.path),
                    e.definition.as_ref(),
                    e.full_definition.as_ref(),
                    e.include.as_ref(),
                    e.exclude.as_ref(),
                    e.example.as_ref(),
                    e.kind.as_ref(),
                    e.colour.as_ref(),
                ];
                out.write_record(fields.map(|f| f.map_or("", String::as_str)))
                    .map_err(|e| failed(&e))?;
            }
            let bytes = out.into_inner().map_err(|e| failed(&e))?;
            Ok(String::from_utf8(bytes).map_err(|e| failed(&e))?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let entries = vec![
            Entry {
                path: "a".into(),
                definition: Some("says: \"this\", and\nmore".into()),
                colour: Some("#4477aa".into()),
                ..Entry::default()
            },
            Entry {
                path: "a/b c".into(),
                include: Some("- when".into()),
                exclude: Some("never: # not".into()),
                kind: Some("inductive".into()),
                ..Entry::default()
            },
        ];
        for format in [FileFormat::Csv, FileFormat::Yaml] {
            let text = write(&entries, format).expect("written");
            let back: Vec<Entry> = parse(&text, format)
                .expect("read")
                .into_iter()
                .map(|e| Entry {
                    definition: e.definition.filter(|v| !v.is_empty()),
                    full_definition: e.full_definition.filter(|v| !v.is_empty()),
                    include: e.include.filter(|v| !v.is_empty()),
                    exclude: e.exclude.filter(|v| !v.is_empty()),
                    example: e.example.filter(|v| !v.is_empty()),
                    kind: e.kind.filter(|v| !v.is_empty()),
                    colour: e.colour.filter(|v| !v.is_empty()),
                    ..e
                })
                .collect();
            assert_eq!(back, entries, "{format:?}");
        }
    }
}
