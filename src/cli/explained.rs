//! How files were read, as `import --explain` shows it.

use super::output::Table;
use crate::domain::span::printable;
use crate::study::{ImportReport, ImportedFile};

/// Labels of one file that are shown; a long text may begin many lines with what could be one.
const SHOWN: usize = 40;

/// What is said of every file of a report that was asked to explain itself.
pub(super) fn text(report: &ImportReport) -> String {
    report.imported.iter().map(file).collect()
}

fn file(file: &ImportedFile) -> String {
    let Some(explained) = &file.explained else {
        return String::new();
    };
    let read = &explained.read;
    let mut out = format!("\n{}\n", file.transcript);
    let mut fact = |name: &str, value: String| {
        out += &format!("  {name:<12}{}\n", printable(&value));
    };
    fact("format", format!("{}, {}", file.format, read.format));
    fact("encoding", format!("{}, {}", file.encoding, read.encoding));
    let convention = match read.convention {
        Some(convention) => format!(
            "{convention}: before {} of {}",
            read.labelled,
            super::output::count(read.paragraphs, "paragraph")
        ),
        None if read.paragraphs == 0 => "as its cues or columns say".to_owned(),
        None => format!(
            "none: nobody speaks in {}",
            super::output::count(read.paragraphs, "paragraph")
        ),
    };
    fact("convention", convention);
    fact("lines", read.lines.to_string());
    if read.header_lines > 0 {
        let lines = super::output::count(read.header_lines, "line");
        fact("head", format!("{lines}, whose labels are no speakers"));
    }
    for warning in &file.warnings {
        fact("note", warning.clone());
    }
    if !read.labels.is_empty() {
        let mut labels = Table::new(&["  label", ">lines", "decision"]);
        for label in read.labels.iter().take(SHOWN) {
            labels.row([
                format!("  {}", printable(&label.label)),
                label.count.to_string(),
                label.reason.to_string(),
            ]);
        }
        out += &labels.to_text(None);
        if read.labels.len() > SHOWN {
            out += &format!(
                "  and {} more; see them all with --json\n",
                read.labels.len() - SHOWN
            );
        }
    }
    if !explained.roles.is_empty() {
        let mut roles = Table::new(&["  speaker", "role", "because"]);
        for role in &explained.roles {
            roles.row([
                format!("  {}", printable(&role.label)),
                role.role.to_owned(),
                role.by.to_string(),
            ]);
        }
        out += &roles.to_text(None);
    }
    out
}
