//! JSON that is safe to show: what could steer a terminal or turn the direction of writing is escaped. Read back, the
//! value is the same.

use std::io;

use serde_json::ser::{Formatter, PrettyFormatter};

use crate::domain::span::printable;

/// The pretty form, with more characters escaped than JSON asks for.
#[derive(Default)]
pub(super) struct Safe(PrettyFormatter<'static>);

impl Formatter for Safe {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if matches!(printable(fragment), std::borrow::Cow::Borrowed(_)) {
            return out.write_all(fragment.as_bytes());
        }
        let mut bytes = [0; 4];
        for c in fragment.chars() {
            let hostile = matches!(
                printable(c.encode_utf8(&mut bytes)),
                std::borrow::Cow::Owned(_)
            );
            if hostile {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
            } else {
                out.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())?;
            }
        }
        Ok(())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    #[test]
    fn what_is_escaped_reads_back_as_it_was() {
        for text in [
            "plain \u{e9}\n\"x\"",
            "a\u{1b}[31m\u{9b}\u{7f}b",
            "\u{202e}turned\u{202c}",
            "",
        ] {
            let mut out = Vec::new();
            let mut json = serde_json::Serializer::with_formatter(&mut out, Safe::default());
            vec![text].serialize(&mut json).expect("written");
            let written = String::from_utf8(out).expect("UTF-8");
            assert!(
                matches!(printable(&written), std::borrow::Cow::Borrowed(_)),
                "{written:?}"
            );
            assert_eq!(
                serde_json::from_str::<Vec<String>>(&written).expect("JSON"),
                [text]
            );
        }
    }
}
