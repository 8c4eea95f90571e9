//! Characters that nobody sees: a text may have a few, a program has many.

use super::count;
use super::error::Error;

/// Refuses a text with many control characters, and counts the few that it keeps.
pub(super) fn check(text: &str, warnings: &mut Vec<String>) -> Result<(), Error> {
    let (controls, bidi) = invisible(text);
    if controls > 0 {
        // A handful in a short text is a stray, not a program.
        let many = (controls > 8 && controls * 1000 > text.len()) || controls * 8 > text.len();
        if many || text.contains('\0') {
            return Err(Error::Binary);
        }
        warnings.push(format!(
            "{} kept in the text",
            count(controls, "control character was", "control characters were")
        ));
    }
    if bidi > 0 {
        warnings.push(format!(
            "{} kept in the text",
            count(
                bidi,
                "sign that changes the direction of writing was",
                "signs that change the direction of writing were"
            )
        ));
    }
    Ok(())
}

/// Control characters (but tabs, line breaks, and the form feeds that part pages), and signs that turn the writing round.
/// It looks at bytes: every text passes here.
fn invisible(text: &str) -> (usize, usize) {
    let bytes = text.as_bytes();
    let control = |b: u8| {
        u8::from((b < 0x20 && b != b'\t' && b != b'\n' && b != b'\r' && b != 0x0c) || b == 0x7f)
    };
    let mut controls: usize = bytes
        .chunks(128)
        .map(|chunk| usize::from(chunk.iter().map(|b| control(*b)).sum::<u8>()))
        .sum();
    let mut bidi = 0;
    if !text.is_ascii() {
        for (at, &byte) in bytes.iter().enumerate() {
            if byte == 0xc2 {
                controls += usize::from(matches!(bytes.get(at + 1), Some(0x80..=0x9f)));
            } else if byte == 0xe2 {
                // U+202A to U+202E, U+2066 to U+2069.
                bidi += usize::from(matches!(
                    bytes.get(at + 1..at + 3),
                    Some([0x80, 0xaa..=0xae] | [0x81, 0xa6..=0xa9])
                ));
            }
        }
    }
    (controls, bidi)
}
