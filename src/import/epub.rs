//! E-books: the pages of the spine, in its order, read as web pages.
//!
//! What is not in the spine, or in it only beside the text (covers, tables of contents), is left out. A book whose pages
//! are locked is refused; fonts that are merely scrambled don't matter.

use super::document;
use super::error::{Error, What};
use super::html::{self, Page};
use super::package::{self, Package, resolve};
use super::xml::{self, Step};
use super::{Draft, Options, count};

const CONTAINER: &str = "META-INF/container.xml";
const BOOK: &str = "the list of its pages";

pub(super) fn read(bytes: &[u8]) -> Result<Draft, Error> {
    let mut package = package::open(bytes, What::Ebook)?;
    if is_locked(&mut package)? {
        return Err(Error::Encrypted { file: What::Ebook });
    }
    let book = book(&mut package)?;
    let pages = spine(&mut package, &book)?;
    let mut page = Page::default();
    let mut missing = 0;
    let mut warnings = Vec::new();
    for path in pages {
        let Some(bytes) = package.bytes(&path, "one of its pages")? else {
            missing += 1;
            continue;
        };
        let decoded = html::decode(&bytes, &Options::default())?;
        page.add(&decoded.text, true)?;
        for warning in decoded.warnings {
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
    }
    if missing > 0 {
        warnings.push(format!(
            "{} the book names and doesn't hold",
            count(missing, "page that", "pages that")
        ));
    }
    let (gathered, left) = page.finish();
    document::finish(&gathered, left, "UTF-8".to_owned(), warnings)
}

/// Whether anything but fonts is encrypted.
fn is_locked(package: &mut Package<'_>) -> Result<bool, Error> {
    const NAME: &str = "META-INF/encryption.xml";
    if package.has("META-INF/sinf.xml") {
        return Ok(true);
    }
    let Some(text) = package.text(NAME, NAME)? else {
        return Ok(false);
    };
    let (mut locked, mut scrambled) = (false, false);
    xml::walk(&text, package.part(NAME), |step| match step {
        Step::Open(_, "EncryptedData", _) => scrambled = false,
        Step::Open(_, "EncryptionMethod", tag) => {
            scrambled |= xml::attribute(tag, "Algorithm").is_some_and(|name| {
                name == "http://www.idpf.org/2008/embedding"
                    || name == "http://ns.adobe.com/pdf/enc#RC"
            });
        }
        Step::Close(_, "EncryptedData") => locked |= !scrambled,
        _ => {}
    })?;
    Ok(locked)
}

/// The path of the book's own list of files.
fn book(package: &mut Package<'_>) -> Result<String, Error> {
    let missing = Error::NoText {
        file: What::Ebook,
        part: CONTAINER,
    };
    let text = package.text(CONTAINER, CONTAINER)?.ok_or(missing.clone())?;
    let mut path = None;
    xml::walk(&text, package.part(CONTAINER), |step| {
        if let Step::Open(_, "rootfile", tag) = step
            && path.is_none()
        {
            path = xml::attribute(tag, "full-path").map(|path| resolve("", &path));
        }
    })?;
    path.ok_or(missing)
}

/// The paths of the pages to read, in their order.
fn spine(package: &mut Package<'_>, book: &str) -> Result<Vec<String>, Error> {
    let text = package.text(book, BOOK)?.ok_or(Error::NoText {
        file: What::Ebook,
        part: BOOK,
    })?;
    let folder = book.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut items = std::collections::HashMap::new();
    let mut order = Vec::new();
    xml::walk(&text, package.part(BOOK), |step| match step {
        Step::Open(_, "item", tag) => {
            let kind = xml::attribute(tag, "media-type").unwrap_or_default();
            let is_page = matches!(
                kind.as_str(),
                "application/xhtml+xml" | "text/html" | "text/x-oeb1-document"
            );
            let is_contents = xml::attribute(tag, "properties")
                .is_some_and(|words| words.split(' ').any(|word| word == "nav"));
            if let (Some(id), Some(path)) = (xml::attribute(tag, "id"), xml::attribute(tag, "href"))
                && is_page
                && !is_contents
            {
                items.insert(id, resolve(folder, &percent(&path)));
            }
        }
        Step::Open(_, "itemref", tag) => {
            let beside = xml::attribute(tag, "linear").is_some_and(|linear| linear == "no");
            order.extend(xml::attribute(tag, "idref").filter(|_| !beside));
        }
        _ => {}
    })?;
    // A page stands once in a book, whatever its spine says.
    Ok(order.iter().filter_map(|id| items.remove(id)).collect())
}

/// `%20` and the like, as they stand in addresses; a fragment goes.
fn percent(path: &str) -> String {
    let path = path.split('#').next().unwrap_or_default();
    let mut out = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let code = tail
            .get(..2)
            .and_then(|hex| str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code.filter(|_| byte == b'%') {
            Some(code) => {
                out.push(code);
                rest = &tail[2..];
            }
            None => {
                out.push(byte);
                rest = tail;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn addresses() {
        assert_eq!(percent("text/ch%201.xhtml#a"), "text/ch 1.xhtml");
        assert_eq!(percent("%C3%A9.xhtml"), "é.xhtml");
        assert_eq!(percent("%ff%"), "%ff%");
        assert_eq!(percent("100%"), "100%");
    }
}
