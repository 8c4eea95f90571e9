//! Words as XML: whatever was said comes out as text.

use std::borrow::Cow;

/// Adds clean words between two tags.
pub(super) fn text(out: &mut String, words: &str) {
    out.push_str(&quick_xml::escape::partial_escape(allowed(words)));
}

/// Adds the value of an attribute.
pub(super) fn attribute(out: &mut String, words: &str) {
    out.push_str(&quick_xml::escape::escape(allowed(words)));
}

/// Words of one kind on one line, cleaned.
pub(super) fn run(out: &mut String, style: Option<&str>, words: &str) {
    if words.is_empty() {
        return;
    }
    out.push_str("<w:r>");
    if let Some(style) = style {
        out.push_str(&format!("<w:rPr><w:rStyle w:val=\"{style}\"/></w:rPr>"));
    }
    out.push_str("<w:t xml:space=\"preserve\">");
    text(out, words);
    out.push_str("</w:t></w:r>");
}

/// Cleaning takes control characters out; these two are no characters at all, and XML has no place for them.
fn allowed(words: &str) -> Cow<'_, str> {
    const NONE: [char; 2] = ['\u{fffe}', '\u{ffff}'];
    if words.contains(NONE) {
        Cow::Owned(words.replace(NONE, "\u{fffd}"))
    } else {
        Cow::Borrowed(words)
    }
}
