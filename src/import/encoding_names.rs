//! The names of encodings, as users type them.

use encoding_rs::Encoding;

use super::error::Error;
use crate::error::did_you_mean;

/// The encoding of a name that a user typed.
pub(super) fn named(name: &str) -> Result<&'static Encoding, Error> {
    let label = name.trim().to_ascii_lowercase();
    let label = ALIASES
        .iter()
        .find(|(alias, _)| *alias == label)
        .map_or(label.as_str(), |(_, label)| label);
    Encoding::for_label_no_replacement(label.as_bytes())
        .filter(|found| found.name() != "x-user-defined")
        .ok_or_else(|| {
            let shown: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
            let known = NAMES.iter().chain(ALIASES.iter().map(|(alias, _)| alias));
            Error::UnknownEncoding {
                suggestion: did_you_mean(label, known.copied()),
                name: shown,
            }
        })
}

/// What people call them.
pub(super) const ALIASES: [(&str, &str); 14] = [
    ("mac-roman", "macintosh"),
    ("macroman", "macintosh"),
    ("mac_roman", "macintosh"),
    ("macos-roman", "macintosh"),
    ("mac-cyrillic", "x-mac-cyrillic"),
    ("ansi", "windows-1252"),
    ("latin-1", "windows-1252"),
    ("latin-9", "iso-8859-15"),
    ("windows1252", "windows-1252"),
    ("win-1252", "windows-1252"),
    ("utf16", "utf-16le"),
    ("utf16le", "utf-16le"),
    ("utf16be", "utf-16be"),
    ("unicode", "utf-16le"),
];

/// What is suggested for a name that nobody knows.
pub(super) const NAMES: [&str; 39] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1252",
    "macintosh",
    "windows-874",
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "latin1",
    "ibm866",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "koi8-r",
    "koi8-u",
    "x-mac-cyrillic",
    "gbk",
    "gb18030",
    "big5",
    "euc-jp",
    "iso-2022-jp",
    "shift_jis",
    "euc-kr",
];
