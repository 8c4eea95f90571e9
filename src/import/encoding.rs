//! Bytes → text, with LF as the only line break and no BOM.
//!
//! What the file says about itself comes first (a BOM), then what the user says, then what can be proved (UTF-8, the
//! pattern of NULs in UTF-16). The rest is a guess, and said to be one. Nothing is normalised.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::Error;
use super::explain::EncodingBy;
use super::{count, encoding_names::named, latin, signs};

/// A decoded file.
#[derive(Debug)]
pub(super) struct Decoded {
    pub text: String,
    /// The encoding's name in the WHATWG's list.
    pub encoding: String,
    /// What it was told by.
    pub by: EncodingBy,
    pub warnings: Vec<String>,
}

pub(super) fn decode(bytes: &[u8], wanted: Option<&str>) -> Result<Decoded, Error> {
    let wanted = wanted.map(named).transpose()?;
    let mut warnings = Vec::new();
    let (encoding, by, text) = if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        if wanted.is_some_and(|wanted| wanted != encoding) {
            let name = encoding.name();
            warnings.push(format!(
                "the file's byte order mark says {name}; --encoding was not used"
            ));
        }
        let text = strictly(encoding, bytes, length, &mut warnings);
        (encoding, EncodingBy::ByteOrderMark, text)
    } else if let Some(wanted) = wanted {
        let text = strictly(wanted, bytes, 0, &mut warnings);
        (wanted, EncodingBy::Option, text)
    } else if let Some(utf16) = utf16_without_bom(bytes) {
        warnings.push(guessed(utf16));
        let text = strictly(utf16, bytes, 0, &mut warnings);
        (utf16, EncodingBy::Utf16Pattern, text)
    } else if let Ok(text) = str::from_utf8(bytes) {
        if bytes.contains(&0) {
            return Err(Error::Binary);
        }
        (UTF_8, EncodingBy::ValidUtf8, text.to_owned())
    } else if bytes.contains(&0) {
        return Err(Error::Binary);
    } else if let Some(mixed) = Mixed::of(bytes) {
        let encoding = mixed.encoding;
        warnings.push(format!(
            "{} and {}: each was read as what it is",
            count(mixed.utf8, "line is UTF-8", "lines are UTF-8"),
            count(
                mixed.others,
                &format!("is {}", encoding.name()),
                &format!("are {}", encoding.name())
            ),
        ));
        (encoding, EncodingBy::Letters, mixed.text)
    } else if mostly_utf8(bytes) {
        let text = strictly(UTF_8, bytes, 0, &mut warnings);
        (UTF_8, EncodingBy::MostlyUtf8, text)
    } else {
        let encoding = guess(bytes);
        warnings.push(guessed(encoding));
        let text = strictly(encoding, bytes, 0, &mut warnings);
        (encoding, EncodingBy::Letters, text)
    };
    let mut text = line_breaks(text);
    // Programs that write a byte order mark before one that is there leave several.
    let marks = text.len() - text.trim_start_matches('\u{feff}').len();
    text.drain(..marks);
    signs::check(&text, &mut warnings)?;
    Ok(Decoded {
        text,
        encoding: encoding.name().to_owned(),
        by,
        warnings,
    })
}

fn guessed(encoding: &'static Encoding) -> String {
    format!(
        "encoding guessed as {}; --encoding NAME overrides",
        encoding.name()
    )
}

/// CRLF and CR become LF.
fn line_breaks(text: String) -> String {
    if !text.contains('\r') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find('\r') {
        out.push_str(&rest[..at]);
        out.push('\n');
        rest = &rest[at + 1..];
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    out.push_str(rest);
    out
}

/// Decodes, each undecodable place becoming U+FFFD, with a warning that counts them and names the first.
fn strictly(
    encoding: &'static Encoding,
    bytes: &[u8],
    skip: usize,
    warnings: &mut Vec<String>,
) -> String {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let body = &bytes[skip..];
    let mut text = String::with_capacity(
        decoder
            .max_utf8_buffer_length_without_replacement(body.len())
            .unwrap_or(body.len()),
    );
    let (mut at, mut bad, mut first) = (0, 0, 0);
    loop {
        let (result, read) =
            decoder.decode_to_string_without_replacement(&body[at..], &mut text, true);
        at += read;
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => text.reserve(body.len() - at + 16),
            DecoderResult::Malformed(length, after) => {
                if bad == 0 {
                    first = skip + at.saturating_sub(usize::from(length) + usize::from(after));
                }
                bad += 1;
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
    if bad > 0 {
        let places = count(bad, "place that is", "places that are");
        warnings.push(format!(
            "{places} not {} became U+FFFD, the first at byte {first}",
            encoding.name()
        ));
    }
    text
}

/// UTF-16 tells by its NULs: in most scripts blanks and line breaks have one, all on the same side.
fn utf16_without_bom(bytes: &[u8]) -> Option<&'static Encoding> {
    // Half a character at the end is a file that was cut; in a short one it is a sign of something else.
    if bytes.len() % 2 == 1 && bytes.len() < 64 {
        return None;
    }
    let sample = &bytes[..bytes.len().min(64 << 10) & !1];
    let (mut even, mut odd) = (0_usize, 0_usize);
    for pair in sample.chunks_exact(2) {
        even += usize::from(pair[0] == 0);
        odd += usize::from(pair[1] == 0);
    }
    let units = sample.len() / 2;
    // Five in a hundred: a text of Chinese has that many line breaks and figures. What could be UTF-8 as well is UTF-16 only
    // if half of it is NULs; with fewer, somebody's text has a stray one.
    let least = if str::from_utf8(sample).is_ok() {
        2
    } else {
        20
    };
    let side = |own: usize, other: usize| own > 0 && own * least >= units && other * 50 <= own;
    let encoding = if side(odd, even) {
        UTF_16LE
    } else if side(even, odd) {
        UTF_16BE
    } else {
        return None;
    };
    let (text, malformed) = encoding.decode_without_bom_handling(sample);
    let odd_ones = text
        .chars()
        .filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0c'))
        .count();
    (!malformed || text.matches('\u{fffd}').count() < 4).then_some(())?;
    (odd_ones * 100 < units.max(100)).then_some(encoding)
}

/// A text that was put together from two encodings: some of its lines are UTF-8 with signs beyond ASCII, others are of an
/// encoding of single bytes and hold nothing of UTF-8.
struct Mixed {
    encoding: &'static Encoding,
    text: String,
    utf8: usize,
    others: usize,
}

impl Mixed {
    fn of(bytes: &[u8]) -> Option<Self> {
        let lines = || bytes.split_inclusive(|b| matches!(b, b'\n' | b'\r'));
        let other = |line: &&[u8]| str::from_utf8(line).is_err();
        let utf8 = lines()
            .filter(|line| !line.is_ascii() && !other(line))
            .count();
        let others: Vec<&[u8]> = lines().filter(other).collect();
        // A line of both is UTF-8 that was damaged.
        let both = |line: &&[u8]| line.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
        // Letters beyond ASCII stand in words; stray bytes stand anywhere.
        let in_words = |line: &&[u8]| {
            line.windows(2)
                .any(|w| w[0].is_ascii_alphabetic() && !w[1].is_ascii())
        };
        if utf8 == 0 || others.is_empty() || others.iter().any(both) || !others.iter().all(in_words)
        {
            return None;
        }
        let encoding = guess(&others.concat());
        if !encoding.is_single_byte() {
            return None;
        }
        let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
        for line in lines() {
            match str::from_utf8(line) {
                Ok(line) => text.push_str(line),
                Err(_) => {
                    let (line, damaged) = encoding.decode_without_bom_handling(line);
                    // What is no letter and no mark of print is a stray byte in a text of UTF-8.
                    let said = |c: char| {
                        c.is_ascii()
                            || c.is_alphabetic()
                            || "‘’“”„–—…«»§°£€ª º".contains(c)
                            || c == '\u{a0}'
                    };
                    if damaged || !line.chars().all(said) {
                        return None;
                    }
                    text.push_str(&line);
                }
            }
        }
        Some(Self {
            encoding,
            text,
            utf8,
            others: others.len(),
        })
    }
}

/// A UTF-8 file with a few bytes cut or pasted wrongly is still a UTF-8 file.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= bad * 10
}

/// The likeliest encoding of bytes that are no Unicode.
fn guess(bytes: &[u8]) -> &'static Encoding {
    const SAMPLE: usize = 1 << 20;
    // What begins a little before the first sign beyond ASCII begins with a whole character.
    let first = bytes.iter().position(|b| !b.is_ascii()).unwrap_or(0);
    let sample = &bytes[first.saturating_sub(64)..bytes.len().min(first + SAMPLE)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(sample, sample.len() < SAMPLE);
    let detected = detector.guess(None, Utf8Detection::Deny);
    if latin::is_sparse(sample) {
        latin::best(sample, &[detected, WINDOWS_1252, MACINTOSH])
    } else {
        detected
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::encoding_names::{ALIASES, NAMES};
    use super::*;

    /// Every sign of it stands in Windows-1252 and in Mac Roman.
    const SPOKEN: &str =
        "Ada: “I don’t know – it’s the café’s…”\nBen: Ça va, Zoë? Naïve, ‘señor’. Ärger über Öl.\n";

    fn check(bytes: &[u8], encoding: &str, text: &str) {
        let decoded = decode(bytes, None).expect("a text");
        assert_eq!(
            (decoded.encoding.as_str(), decoded.text.as_str()),
            (encoding, text)
        );
    }

    fn utf16(text: &str, to: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to).collect()
    }

    #[test]
    fn what_the_bytes_prove() {
        check(SPOKEN.as_bytes(), "UTF-8", SPOKEN);
        check(format!("\u{feff}{SPOKEN}").as_bytes(), "UTF-8", SPOKEN);
        check(
            &utf16(&format!("\u{feff}{SPOKEN}"), u16::to_le_bytes),
            "UTF-16LE",
            SPOKEN,
        );
        check(
            &utf16(&format!("\u{feff}{SPOKEN}"), u16::to_be_bytes),
            "UTF-16BE",
            SPOKEN,
        );
        check(&utf16(SPOKEN, u16::to_le_bytes), "UTF-16LE", SPOKEN);
        check(&utf16(SPOKEN, u16::to_be_bytes), "UTF-16BE", SPOKEN);
        check(b"a\r\nb\rc\n\r\nd\r", "UTF-8", "a\nb\nc\n\nd\n");
    }

    #[test]
    fn what_has_to_be_guessed_is_said() {
        for (encoding, bytes) in [
            ("windows-1252", WINDOWS_1252.encode(SPOKEN).0.into_owned()),
            ("macintosh", MACINTOSH.encode(SPOKEN).0.into_owned()),
            (
                "macintosh",
                MACINTOSH.encode(&SPOKEN.replace('\n', "\r")).0.into_owned(),
            ),
        ] {
            let decoded = decode(&bytes, None).expect("a text");
            assert_eq!(
                (decoded.encoding.as_str(), decoded.text.as_str()),
                (encoding, SPOKEN)
            );
            assert_eq!(
                decoded.warnings,
                [format!(
                    "encoding guessed as {encoding}; --encoding NAME overrides"
                )]
            );
        }
        for (encoding, text) in [
            (
                encoding_rs::WINDOWS_1251,
                "Интервьюер: Как вы узнали об этом?\nОтвет: От соседей, конечно.\n",
            ),
            (
                encoding_rs::SHIFT_JIS,
                "聞き手：こんにちは。\n話し手：よろしくお願いします。\n",
            ),
            (
                encoding_rs::WINDOWS_1250,
                "Ala: Część, jak się masz? Źdźbło, żółw, łąka.\n",
            ),
        ] {
            let decoded = decode(&encoding.encode(text).0, None).expect("a text");
            assert_eq!(
                (decoded.encoding.as_str(), decoded.text.as_str()),
                (encoding.name(), text)
            );
        }
    }

    #[test]
    fn a_text_of_two_encodings_is_read_line_by_line() {
        let mut bytes = "Ada: naïve café\r\nAda: plain\r\nAda: “señor”\r\n"
            .as_bytes()
            .to_vec();
        bytes.extend(b"Ben: na\xefve caf\xe9\r\nBen: \x93se\xf1or\x94, and so on\r\n");
        let decoded = decode(&bytes, None).expect("a text");
        assert_eq!(
            decoded.text,
            "Ada: naïve café\nAda: plain\nAda: “señor”\nBen: naïve café\nBen: “señor”, and so on\n"
        );
        assert_eq!(
            decoded.warnings,
            ["2 lines are UTF-8 and 2 are windows-1252: each was read as what it is"]
        );
        // One damaged place in a line of UTF-8 is no other encoding.
        let decoded = decode(b"Ada: caf\xc3\xa9\nBen: caf\xc3\xa9 \xe9\n", None).expect("a text");
        assert!(!decoded.warnings.iter().any(|w| w.contains("each was read")));
    }

    #[test]
    fn one_apostrophe_is_enough() {
        for encoding in [WINDOWS_1252, MACINTOSH] {
            for text in [
                "Ada: I don’t know.",
                "Ada: “No.”",
                "Ada: my café",
                "Ada: wait – no",
                "Ada: well…",
            ] {
                let decoded = decode(&encoding.encode(text).0, None).expect("a text");
                assert_eq!(
                    (decoded.encoding.as_str(), decoded.text.as_str()),
                    (encoding.name(), text)
                );
            }
        }
    }

    #[test]
    fn what_cannot_be_decoded_is_counted() {
        let mut bytes = SPOKEN.as_bytes().to_vec();
        bytes.extend(b"\xe2\x80!");
        let decoded = decode(&bytes, None).expect("a text");
        assert_eq!(decoded.text, format!("{SPOKEN}\u{fffd}!"));
        let at = SPOKEN.len();
        assert_eq!(
            decoded.warnings,
            [format!(
                "1 place that is not UTF-8 became U+FFFD, the first at byte {at}"
            )]
        );
        let lone = [0xff, 0xfe, b'a', 0, 0x3d, 0xd8, b'b', 0];
        let decoded = decode(&lone, None).expect("a text");
        assert_eq!(decoded.text, "a\u{fffd}b");
        assert_eq!(
            decoded.warnings,
            ["1 place that is not UTF-16LE became U+FFFD, the first at byte 4"]
        );
    }

    #[test]
    fn the_user_decides_unless_the_file_says_otherwise() {
        assert_eq!(
            decode(b"caf\x8e", Some("MacRoman")).expect("a text").text,
            "café"
        );
        assert_eq!(
            decode("é".as_bytes(), Some("latin1")).expect("a text").text,
            "Ã©"
        );
        let bom = decode("\u{feff}é".as_bytes(), Some("latin1")).expect("a text");
        assert_eq!((bom.text.as_str(), bom.warnings.len()), ("é", 1));
        let error = decode(b"", Some("windwos-1252")).expect_err("no such encoding");
        let suggestion = Some("windows-1252".to_owned());
        assert_eq!(
            error,
            Error::UnknownEncoding {
                name: "windwos-1252".to_owned(),
                suggestion
            }
        );
        for (_, label) in ALIASES {
            assert!(Encoding::for_label(label.as_bytes()).is_some(), "{label}");
        }
        for name in NAMES {
            assert!(named(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn programs_are_refused_and_strays_kept() {
        for bytes in [
            &b"\x7fELF\x02\x01\x01\0\0\0"[..],
            b"a\0b",
            b"\x01\x02\x03\x04",
            &[0; 64],
            b"\x01\0\x02\0\x03\0\x04\0",
            b"a stray \0 in words",
        ] {
            assert_eq!(
                decode(bytes, None).expect_err("no text"),
                Error::Binary,
                "{bytes:?}"
            );
        }
        let escape = decode(b"Ada: \x1b[31mred\x1b[0m and so on", None).expect("a text");
        assert_eq!(escape.text, "Ada: \u{1b}[31mred\u{1b}[0m and so on");
        assert_eq!(
            escape.warnings,
            ["2 control characters were kept in the text"]
        );
        let bidi = decode("Ada: \u{202e}abc".as_bytes(), None).expect("a text");
        assert_eq!(
            bidi.warnings,
            ["1 sign that changes the direction of writing was kept in the text"]
        );
    }

    proptest! {
        #[test]
        fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200), wanted in proptest::option::of(0..NAMES.len())) {
            if let Ok(decoded) = decode(&bytes, wanted.map(|n| NAMES[n])) {
                prop_assert!(!decoded.text.contains('\r') && !decoded.text.contains('\0'));
            }
        }
        #[test]
        fn utf8_comes_back(text in "[^\0\r\u{feff}\u{1}-\u{8}\u{b}-\u{1f}\u{7f}-\u{9f}]{0,100}") {
            prop_assert_eq!(decode(text.as_bytes(), None).map(|decoded| decoded.text), Ok(text));
        }
    }
}
