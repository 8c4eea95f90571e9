//! What stands between the words of a cue: voices, colours, times of single words, entities.

use super::words;

/// A line without tags, and the speakers that its tags name.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub text: String,
    /// Byte in `text` from which somebody speaks.
    voices: Vec<(usize, String)>,
}

impl Line {
    /// The words of each voice; those in front of the first one have none.
    pub(super) fn parts(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        let starts = std::iter::once((0, None)).chain(
            self.voices
                .iter()
                .map(|(at, name)| (*at, Some(name.as_str()))),
        );
        let ends = self
            .voices
            .iter()
            .map(|(at, _)| *at)
            .chain(std::iter::once(self.text.len()));
        starts
            .zip(ends)
            .map(|((start, name), end)| (name, self.text.get(start..end).unwrap_or_default()))
    }
}

/// Takes off what is no word: `<v Name>`, `<c.colour>`, `<00:01.000>`, `<i>`, `{\an8}`; decodes `&amp;`.
pub(super) fn plain(line: &str) -> Line {
    let mut out = Line::default();
    let mut rest = line.trim();
    let mut ruby = false;
    while let Some(at) = rest.find(['<', '&', '{']) {
        out.text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((tag, behind)) = tag(rest) {
            if let Some(name) = voice(tag) {
                // Blanks between two voices belong to neither.
                out.voices.push((out.text.len(), name));
            }
            // How a word is read stands above it on the screen, and behind it in a text.
            match tag.split(['.', ' ']).next() {
                Some("rt") if !ruby => {
                    out.text.push_str(" (");
                    ruby = true;
                }
                Some("/rt" | "/ruby") if ruby => {
                    out.text.push(')');
                    ruby = false;
                }
                _ => {}
            }
            rest = behind;
        } else if let Some((sign, behind)) = entity(rest) {
            out.text.push(sign);
            rest = behind;
        } else {
            let length = rest.chars().next().map_or(0, char::len_utf8);
            out.text.push_str(&rest[..length]);
            rest = &rest[length..];
        }
    }
    out.text.push_str(rest);
    let kept = out.text.trim_end().len();
    out.text.truncate(kept);
    let lead = out.text.len() - out.text.trim_start().len();
    out.text.drain(..lead);
    for (at, _) in &mut out.voices {
        *at = at.saturating_sub(lead).min(out.text.len());
    }
    out
}

/// Bytes within a tag.
const LONGEST_TAG: usize = 300;

/// A tag at the start: its inside and what follows it. `a < b` has none.
fn tag(text: &str) -> Option<(&str, &str)> {
    // A tag is short and holds no other: a lone bracket must not be looked for to the end of a long line each time.
    let cut = |rest: &str, open: u8, close: u8| {
        let end = rest
            .bytes()
            .take(LONGEST_TAG)
            .position(|b| b == close || b == open)?;
        (rest.as_bytes()[end] == close).then_some(end)
    };
    let (rest, end) = if let Some(rest) = text.strip_prefix("{\\") {
        (rest, cut(rest, b'{', b'}')?)
    } else {
        let rest = text.strip_prefix('<')?;
        let inside = rest.strip_prefix('/').unwrap_or(rest);
        if !inside.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '>') {
            return None;
        }
        (rest, cut(rest, b'<', b'>')?)
    };
    Some((&rest[..end], &rest[end + 1..]))
}

/// The name in `v Name`, `v.loud Name`.
fn voice(tag: &str) -> Option<String> {
    let (kind, name) = tag.split_once(char::is_whitespace)?;
    if kind != "v" && !kind.starts_with("v.") {
        return None;
    }
    let decoded = plain(name).text;
    let name = words::on_one_line(&decoded);
    (!name.is_empty()).then_some(name)
}

fn entity(text: &str) -> Option<(char, &str)> {
    const NAMED: [(&str, char); 8] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("nbsp", '\u{a0}'),
        ("quot", '"'),
        ("apos", '\''),
        ("lrm", '\u{200e}'),
        ("rlm", '\u{200f}'),
    ];
    let rest = text.strip_prefix('&')?;
    let end = rest.bytes().take(9).position(|b| b == b';')?;
    let (name, behind) = rest.split_at(end);
    let sign = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control())?
        }
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((sign, &behind[1..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::plain;

    #[test]
    fn tags_go_and_signs_stay() {
        for (line, text) in [
            (
                "this<00:05:04.199><c> will</c><c.x><00:05:04.379><c> do</c></c>",
                "this will do",
            ),
            ("<i>a</i> <font color=\"#fff\">b</font> {\\an8}c", "a b c"),
            ("1 < 2 > 0 & {so} <", "1 < 2 > 0 & {so} <"),
            (
                "a &amp; b &lt;c&gt; &#x2019; &#233; &#0; &bogus;",
                "a & b <c> ’ é &#0; &bogus;",
            ),
            ("  </c> a <b", "a <b"),
            ("<<i>a", "<a"),
            (
                "<ruby>a<rt>b</rt></ruby> <ruby>c<rt>d</ruby>.",
                "a (b) c (d).",
            ),
        ] {
            assert_eq!(plain(line).text, text, "{line}");
        }
    }

    #[test]
    fn voices_are_kept_apart() {
        let line = plain("so <v.loud Ada  Berg>yes</v> <v Ben &amp; Co>no");
        let parts: Vec<_> = line.parts().collect();
        let expected = [
            (None, "so "),
            (Some("Ada Berg"), "yes "),
            (Some("Ben & Co"), "no"),
        ];
        assert_eq!(parts, expected);
    }

    proptest! {
        #[test]
        fn any_line(line in "[<>/&;#x0-9v ié{}\\\\]{0,40}") {
            let plain = plain(&line);
            let parts: String = plain.parts().map(|(_, words)| words).collect();
            prop_assert_eq!(parts, plain.text);
        }
    }
}
