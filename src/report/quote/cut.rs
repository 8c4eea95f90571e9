//! Cutting a long quote, so that what is left still ends like something said.

use unicode_segmentation::UnicodeSegmentation;

/// What marks that there was more.
pub const CUT: &str = " […]";

/// A sentence end is taken only if it keeps at least one part in so many of what there is room for: `Yes.` is no
/// fair short form of a long answer.
const FAIR: usize = 4;

/// The text, if it is no longer than `max_chars` code points; else its beginning with [`CUT`] after it, together
/// no longer than that, and `true`. The cut is at the last sentence end that fits, or, where there is none that
/// keeps a fair share, between words; only a single long word is cut inside, never inside what is seen as one
/// character. With room for nothing else, the mark stands alone.
pub fn cut(text: &str, max_chars: usize) -> (String, bool) {
    if text.char_indices().nth(max_chars).is_none() {
        return (text.to_owned(), false);
    }
    let room = max_chars.saturating_sub(CUT.chars().count());
    let limit = text
        .char_indices()
        .nth(room)
        .map_or(text.len(), |(byte, _)| byte);
    let fair = text
        .char_indices()
        .nth(room.div_ceil(FAIR))
        .map_or(text.len(), |(byte, _)| byte);
    let end = sentence_end(text, fair, limit)
        .or_else(|| word_end(text, limit))
        .unwrap_or_else(|| letter_end(text, limit));
    let kept = text[..end].trim_end();
    if kept.is_empty() {
        return (CUT.trim_start().to_owned(), true);
    }
    (format!("{kept}{CUT}"), true)
}

/// The last sentence end from `from` to `limit`, in bytes.
fn sentence_end(text: &str, from: usize, limit: usize) -> Option<usize> {
    let mut end = None;
    let mut at = 0;
    while let Some(mark) =
        text[at..limit].find(['.', '!', '?', '…', '。', '！', '？', '؟', '।', '\n'])
    {
        let start = at + mark;
        let rest = &text[start..];
        let closed = rest.trim_start_matches(ends).trim_start_matches(closes);
        at = text.len() - closed.len();
        if rest.starts_with('\n') {
            at = start + 1;
            // A speaker's own paragraph ends what went before.
            if at >= from
                && text[..start].ends_with(|c: char| !c.is_whitespace())
                && closed_line(&text[..start])
            {
                end = Some(start);
            }
            continue;
        }
        if at > limit {
            break;
        }
        if at >= from && ends_sentence(&text[..start], &text[start..at], closed) {
            end = Some(at);
        }
    }
    end
}

/// Whether a line ends in a way that needs no more words.
fn closed_line(line: &str) -> bool {
    !line.ends_with([',', ';', ':', '-', '–', '—'])
}

fn ends(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '।')
}

fn closes(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | ')' | ']' | '”' | '’' | '»' | '«' | '›' | '“' | '」' | '』' | '）'
    )
}

/// Whether marks between `before` and `after` end a sentence.
fn ends_sentence(before: &str, marks: &str, after: &str) -> bool {
    if marks.starts_with(['。', '！', '？', '।']) {
        return true;
    }
    // `4.5`, `example.org`.
    if !after.is_empty() && !after.starts_with(char::is_whitespace) {
        return false;
    }
    let next = after.trim_start().chars().next();
    // `… and then` goes on.
    if next.is_some_and(char::is_lowercase) {
        return false;
    }
    marks.trim_end_matches(closes) != "." || !abbreviated(before, next)
}

/// Words that take a full stop and go on, in the languages that reports have been written in so far. In lower case.
const ABBREVIATIONS: &[&str] = &[
    "dr", "mr", "mrs", "ms", "mx", "prof", "st", "rev", "hon", "sr", "jr", "gen", "col", "sgt",
    "vs", "etc", "cf", "al", "fig", "figs", "no", "nos", "vol", "pp", "ed", "eds", "approx",
    "dept", "est", "inc", "ltd", "co", "corp", "govt", "jan", "feb", "mar", "apr", "jun", "jul",
    "aug", "sep", "sept", "oct", "nov", "dec", "hr", "fr", "bzw", "usw", "ca", "evtl", "ggf",
    "inkl", "mio", "nr", "str", "vgl", "zzgl", "mme", "mlle", "env", "sra", "sig", "ecc", "dhr",
    "mevr", "bijv", "enz", "resp",
];

/// Whether a full stop after `before` belongs to its last word. A word that is both (`no.`, `co.`) is taken as
/// abbreviated only where the text goes on with a digit or a capital, as `No. 4` does; after it nothing may follow.
fn abbreviated(before: &str, next: Option<char>) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '“' | '„' | '«'))
        .next()
        .unwrap_or_default();
    if word.is_empty() {
        return false;
    }
    // `e.g.`, `U.S.`, `J. Smith`: a single letter before the stop, but not the pronoun of `so did I.`
    let last = word.rsplit('.').next().unwrap_or_default();
    let single = last.chars().count() == 1 && last.starts_with(char::is_alphabetic);
    if single {
        return word != "I";
    }
    let lower = word.to_lowercase();
    if lower == "no" {
        return next.is_some_and(|c| c.is_ascii_digit());
    }
    // `am 3. Mai`: an ordinal, where a letter follows a short number.
    let ordinal = word.len() <= 2
        && word.bytes().all(|b| b.is_ascii_digit())
        && next.is_some_and(char::is_alphabetic);
    ordinal || ABBREVIATIONS.contains(&lower.as_str())
}

/// The last place between words up to `limit`, in bytes.
fn word_end(text: &str, limit: usize) -> Option<usize> {
    if text[limit..].starts_with(char::is_whitespace) && !text[..limit].trim().is_empty() {
        return Some(limit);
    }
    text[..limit]
        .trim_start()
        .rfind(char::is_whitespace)
        .map(|at| at + (text.len() - text.trim_start().len()))
}

/// The last place between graphemes up to `limit`, in bytes.
fn letter_end(text: &str, limit: usize) -> usize {
    text.grapheme_indices(true)
        .map(|(at, _)| at)
        .take_while(|at| *at <= limit)
        .last()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, max: usize, expected: &str) {
        assert_eq!(cut(text, max), (expected.to_owned(), true), "{text}");
    }

    #[test]
    fn what_fits_stays() {
        assert_eq!(
            cut("As it was said.", 15),
            ("As it was said.".to_owned(), false)
        );
        assert_eq!(cut("", 0), (String::new(), false));
        assert_eq!(cut("äöü", 3), ("äöü".to_owned(), false));
    }

    #[test]
    fn cuts_at_the_last_sentence_end() {
        check(
            "We met. We talked. Nothing came of it.",
            30,
            "We met. We talked. […]",
        );
        check(
            "“Why?” she asked. Nobody could say it.",
            30,
            "“Why?” she asked. […]",
        );
        check(
            "So we left (all of us!) Then it rained.",
            30,
            "So we left (all of us!) […]",
        );
        check(
            "我们开会了。没有结果。后来大家都走了。",
            16,
            "我们开会了。没有结果。 […]",
        );
    }

    #[test]
    fn abbreviations_numbers_and_lower_case_are_no_ends() {
        check(
            "Late. Then Dr. Okafor, e.g. in room 4.5 of the ward",
            44,
            "Late. Then Dr. Okafor, e.g. in room 4.5 […]",
        );
        check(
            "It took 4.5 hours in the U.S. Army and more time than that",
            40,
            "It took 4.5 hours in the U.S. Army […]",
        );
        check(
            "They waited… and then they waited more and more",
            30,
            "They waited… and then they […]",
        );
        check(
            "Everyone agreed and so did I. Then we went on with it.",
            36,
            "Everyone agreed and so did I. […]",
        );
        check(
            "Das war am 3. Mai in der Klinik im Norden der Stadt",
            30,
            "Das war am 3. Mai in der […]",
        );
    }

    #[test]
    fn a_short_beginning_is_no_fair_cut() {
        check(
            "Yes. The board had decided it long before anybody asked us about it",
            50,
            "Yes. The board had decided it long before […]",
        );
    }

    #[test]
    fn without_sentences_between_words_and_without_words_between_letters() {
        check("one two three four five", 16, "one two […]");
        check("abcdefghijklmnop", 10, "abcdef […]");
        check(
            "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}",
            9,
            "e\u{301}e\u{301} […]",
        );
        check("anything", 3, "[…]");
        check("anything", 0, "[…]");
    }

    proptest! {
        #[test]
        fn always_a_beginning_and_never_too_long(text in "(\\PC|[ .!?…\n]|Dr\\. |[a-z]{1,8}[ .]){0,60}", max in 0_usize..80) {
            let (short, was_cut) = cut(&text, max);
            prop_assert_eq!(was_cut, text.chars().count() > max);
            if was_cut {
                prop_assert!(short.chars().count() <= max.max(3));
                let kept = short.strip_suffix("[…]").expect("a cut is marked").trim_end();
                prop_assert!(text.starts_with(kept));
                prop_assert!(kept.is_empty() || short.ends_with(CUT));
                prop_assert_eq!(cut(&text, max), (short.clone(), true));
            } else {
                prop_assert_eq!(short, text);
            }
        }

        #[test]
        fn words_stay_whole(words in prop::collection::vec("[a-z]{1,9}", 1..40), max in 14_usize..80) {
            let text = words.join(" ");
            let (short, was_cut) = cut(&text, max);
            if was_cut {
                let kept = short.strip_suffix(CUT).expect("a cut is marked");
                prop_assert!(text[kept.len()..].starts_with(' '));
            }
        }
    }
}
