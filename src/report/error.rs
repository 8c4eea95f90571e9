//! What can go wrong when a report is written.

use std::io;

use crate::error::{Kind, Problem};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file's name has an ending that is no report format.
    #[error("a report cannot be written as `.{ending}`")]
    Format {
        /// In lower case, without its dot; empty where the name has none.
        ending: String,
    },
    /// The file's name has an ending that no table is written as.
    #[error("a table cannot be written as `.{ending}`")]
    Table {
        /// In lower case, without its dot; empty where the name has none.
        ending: String,
    },
    #[error("a .csv file holds one table, and there are {n}")]
    SeveralTables { n: usize },
    #[error("the table has more rows or columns than a spreadsheet takes")]
    TooLarge,
    /// The file, or what stands in its place, did not take the report.
    #[error("the report could not be written")]
    Write(#[from] io::Error),
}

impl Problem for Error {
    fn kind(&self) -> Kind {
        Kind::User
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Format { .. } => "end the file's name in `.md`, `.html` or `.docx`".to_owned(),
            Self::Table { .. } => {
                "end the file's name in `.xlsx`, `.csv`, `.md`, `.html` or `.json`".to_owned()
            }
            Self::SeveralTables { .. } => {
                "end the file's name in `.xlsx`, `.md`, `.html` or `.json`".to_owned()
            }
            Self::TooLarge => {
                "end the file's name in `.csv`, or narrow the table by a filter".to_owned()
            }
            Self::Write(source) => match source.kind() {
                io::ErrorKind::StorageFull => {
                    "make room on the disk, or choose another folder with `-o`".to_owned()
                }
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    "choose a folder that you may write to with `-o`".to_owned()
                }
                _ => return None,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::Format;
    use super::*;

    #[test]
    fn a_format_is_known_by_its_ending() {
        assert_eq!(
            Format::of(Path::new("a/b.MD")).expect("an ending that is known"),
            Format::Markdown
        );
        assert_eq!(
            Format::of(Path::new("b.v2.html")).expect("an ending that is known"),
            Format::Html
        );
        assert_eq!(
            Format::of(Path::new("b.Docx")).expect("an ending that is known"),
            Format::Docx
        );
        for name in ["b.pdf", "b", ".md"] {
            let error = Format::of(Path::new(name)).expect_err("no report format");
            assert!(matches!(error, Error::Format { .. }), "{name}");
            assert_eq!(
                error.hint().as_deref(),
                Some("end the file's name in `.md`, `.html` or `.docx`")
            );
        }
    }
}
