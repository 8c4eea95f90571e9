//! HTML and XML cut into tags, words and comments. Only what this program writes is read; anything else comes out as words.

/// A piece of a marked-up text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// The tag's name in lower case, its attributes with their values, and whether it is closed at once.
    Open(String, Vec<(String, String)>, bool),
    Close(String),
    Words(String),
    Comment(String),
}

pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        if at > 0 {
            found.push(Piece::Words(unescaped(&rest[..at])));
        }
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            let end = comment.find("-->").unwrap_or(comment.len());
            found.push(Piece::Comment(comment[..end].to_owned()));
            rest = comment.get(end + 3..).unwrap_or_default();
            continue;
        }
        let Some(end) = end_of_tag(rest) else {
            break;
        };
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            found.push(Piece::Close(name.trim().to_lowercase()));
        } else if !tag.starts_with(['!', '?']) {
            let open = open(tag);
            // What stands in these is no markup.
            let raw = match &open {
                Piece::Open(name, _, false) if name == "style" || name == "script" => {
                    Some(format!("</{name}"))
                }
                _ => None,
            };
            found.push(open);
            if let Some(close) = raw {
                let end = rest.find(&close).unwrap_or(rest.len());
                found.push(Piece::Words(rest[..end].to_owned()));
                rest = &rest[end..];
            }
        }
    }
    if !rest.is_empty() {
        found.push(Piece::Words(unescaped(rest)));
    }
    found
}

/// Where a tag ends: a `>` in a value is none.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            _ => {}
        }
    }
    None
}

fn open(tag: &str) -> Piece {
    let closed = tag.ends_with('/');
    let tag = tag.trim_end_matches('/');
    let name_end = tag.find(char::is_whitespace).unwrap_or(tag.len());
    let mut attributes = Vec::new();
    let mut rest = tag[name_end..].trim_start();
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let name = rest[..end].to_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            if let Some(quote) = quote {
                let inner = &after[1..];
                let end = inner.find(quote).unwrap_or(inner.len());
                value = &inner[..end];
                rest = inner.get(end + 1..).unwrap_or_default().trim_start();
            } else {
                let end = after.find(char::is_whitespace).unwrap_or(after.len());
                value = &after[..end];
                rest = after[end..].trim_start();
            }
        }
        if name.is_empty() {
            break;
        }
        attributes.push((name, unescaped(value)));
    }
    Piece::Open(tag[..name_end].to_lowercase(), attributes, closed)
}

/// Words as they are read.
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.char_indices().take(12).find(|(_, c)| *c == ';');
        let known = end.and_then(|(end, _)| Some((end, named(&rest[1..end])?)));
        match known {
            Some((end, c)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn named(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        "shy" => Some('\u{ad}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}
