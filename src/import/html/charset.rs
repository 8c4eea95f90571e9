//! The encoding that a page declares in its first bytes.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The name of the encoding in a `<meta>` or an XML declaration, if there is such an encoding. A page that could be read
/// far enough to find UTF-16 declared isn't UTF-16: the standard takes that for UTF-8.
pub(super) fn declared(bytes: &[u8]) -> Option<&'static str> {
    const HEAD: usize = 4096;
    let head = bytes[..bytes.len().min(HEAD)].to_ascii_lowercase();
    let label = in_xml(&head).or_else(|| in_meta(&head))?;
    let encoding = Encoding::for_label_no_replacement(label)?;
    let name = if [UTF_16LE, UTF_16BE].contains(&encoding) {
        UTF_8.name()
    } else if encoding.name() == "x-user-defined" {
        "windows-1252"
    } else {
        encoding.name()
    };
    Some(name)
}

/// `<?xml version="1.0" encoding="…"?>`
fn in_xml(head: &[u8]) -> Option<&[u8]> {
    let head = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let end = find(head, b"?>")?;
    value(&head[..end], b"encoding")
}

/// `<meta charset="…">`, or `charset=…` within the `content` of one.
fn in_meta(head: &[u8]) -> Option<&[u8]> {
    let mut rest = head;
    while let Some(at) = find(rest, b"<meta") {
        rest = &rest[at + 5..];
        let tag = &rest[..rest.iter().position(|b| *b == b'>').unwrap_or(rest.len())];
        if let Some(label) = value(tag, b"charset") {
            return Some(label);
        }
    }
    None
}

/// What stands behind `key=`, in quotes or without.
fn value<'b>(text: &'b [u8], key: &[u8]) -> Option<&'b [u8]> {
    let rest = text[find(text, key)? + key.len()..].trim_ascii_start();
    let rest = rest.strip_prefix(b"=")?.trim_ascii_start();
    let rest = rest
        .strip_prefix(b"\"")
        .or(rest.strip_prefix(b"'"))
        .unwrap_or(rest);
    let end = rest
        .iter()
        .position(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b';' | b'/' | b'>'))
        .unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::declared;

    #[test]
    fn what_pages_declare() {
        for (page, name) in [
            (&b"<meta charset=utf-8>"[..], Some("UTF-8")),
            (b"<META CHARSET = 'latin1' />", Some("windows-1252")),
            (
                b"<head><meta name=a><meta http-equiv=\"Content-Type\" content=\"text/html; charset=koi8-r\">",
                Some("KOI8-R"),
            ),
            (b"<?xml version='1.0' encoding='ISO-8859-2'?><html>", Some("ISO-8859-2")),
            (b"<meta charset=utf-16>", Some("UTF-8")),
            (b"<meta charset=\"nonsense\">", None),
            (b"<meta charset=>", None),
            (b"charset=utf-8", None),
            (b"", None),
        ] {
            assert_eq!(declared(page), name);
        }
    }
}
