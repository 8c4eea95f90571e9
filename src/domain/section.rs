//! Titles of sections: headings, and the questions of an interview guide. How a title is numbered, and the key by which
//! the same question in several transcripts meets.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use crate::domain::words::words;

words! {
    /// What heads a section.
    SectionKind, "kind of section" {
        Heading = "heading",
        Question = "question",
    }
}

/// Words that number a question, in the languages in which speakers' labels are known (`Pergunta 3: …`).
#[rustfmt::skip]
pub const QUESTION_WORDS: &[&str] = &[
    "question", "frage", "pregunta", "pergunta", "domanda", "vraag", "fråga", "spørsmål", "spørgsmål", "kysymys", "întrebarea", "вопрос",
    "întrebare", "kérdés", "soru", "ερώτηση", "pytanie", "سؤال", "السؤال", "கேள்வி", "问题", "質問",
];

/// How a numbered title says its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// `Question 3: …`, `Pergunta 3`
    Word,
    /// `Q3. …`, `Q3: …`
    Letter,
    /// `3. …`, `3) …`
    Plain,
}

/// A title that begins with a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered<'t> {
    pub numbering: Numbering,
    /// In ASCII digits and small letters: `3`, `3a`, `3.1`.
    pub number: String,
    /// What is asked; empty where the number stands alone.
    pub words: &'t str,
    /// Set off by a colon, as speakers are.
    pub colon: bool,
}

/// Reads the number that a title or a line begins with. Marks of Markdown around it don't count.
pub fn numbered(line: &str) -> Option<Numbered<'_>> {
    let start = bare(line);
    let first = start.chars().next()?;
    if digit(first).is_some() {
        let (number, rest) = number(start)?;
        let rest = rest.strip_prefix(['.', ')'])?;
        let apart = rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || c == '*');
        return (apart && number.len() <= 5).then(|| Numbered {
            numbering: Numbering::Plain,
            number,
            words: bare(rest),
            colon: false,
        });
    }
    if !first.is_alphabetic() {
        return None;
    }
    // The word ends soon, and a number follows: every line of every text is asked this.
    let end = start
        .char_indices()
        .take(16)
        .find(|(_, c)| c.is_whitespace() || c.is_ascii_punctuation() || digit(*c).is_some())
        .map(|(at, _)| at)?;
    let after = start[end..].trim_start_matches(|c: char| c.is_whitespace() || c == '#');
    digit(after.chars().next()?)?;
    let word = &start[..end];
    let letter = matches!(word, "Q" | "q");
    if letter && after.len() != start.len() - end {
        return None; // `Q 3` is a person's initial as soon as a question
    }
    if !letter && !QUESTION_WORDS.contains(&word.to_lowercase().as_str()) {
        return None;
    }
    let (number, rest) = number(after)?;
    let cell = rest.starts_with('\t');
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '*');
    let (colon, words) = match rest.chars().next() {
        None => (false, rest),
        Some(c @ (':' | '：')) => (true, &rest[c.len_utf8()..]),
        Some(c @ ('.' | ')' | '．' | '、')) => (false, &rest[c.len_utf8()..]),
        Some(c @ ('-' | '–' | '—')) if !letter => (false, &rest[c.len_utf8()..]),
        Some(_) if cell => (false, rest),
        Some(_) => return None,
    };
    Some(Numbered {
        numbering: if letter {
            Numbering::Letter
        } else {
            Numbering::Word
        },
        number,
        words: bare(words),
        colon,
    })
}

/// `3`, `3a`, `3.1`, at the start of a text, and what follows.
fn number(text: &str) -> Option<(String, &str)> {
    let mut found = String::new();
    let mut rest = text;
    let take = |found: &mut String, rest: &mut &str| {
        let mut n = 0;
        while let Some(c) = rest.chars().next()
            && let Some(d) = digit(c)
        {
            found.push(d);
            *rest = &rest[c.len_utf8()..];
            n += 1;
        }
        n
    };
    if !(1..=3).contains(&take(&mut found, &mut rest)) {
        return None;
    }
    while let Some(after) = rest.strip_prefix('.')
        && after.starts_with(|c: char| digit(c).is_some())
    {
        found.push('.');
        rest = after;
        if take(&mut found, &mut rest) > 2 {
            return None;
        }
    }
    let mut chars = rest.chars();
    if let Some(c) = chars.next()
        && c.is_ascii_alphabetic()
        && !chars.as_str().starts_with(char::is_alphanumeric)
    {
        found.push(c.to_ascii_lowercase());
        rest = chars.as_str();
    }
    // `03` and `3` are one number.
    let plain = found.trim_start_matches('0');
    if plain.starts_with(|c: char| c.is_ascii_digit()) {
        found = plain.to_owned();
    }
    Some((found, rest))
}

/// A decimal digit as it is written in ASCII.
fn digit(c: char) -> Option<char> {
    let from = match c {
        '0'..='9' => return Some(c),
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        '０'..='９' => '０',
        _ => return None,
    };
    char::from_digit(u32::from(c) - u32::from(from), 10)
}

/// A title without the marks of Markdown and the blanks around it.
pub fn bare(title: &str) -> &str {
    let mark = |c: char| c.is_whitespace() || matches!(c, '#' | '*' | '_');
    title.trim_matches(mark)
}

/// What the same title has in common wherever it stands: its words without case, accents, punctuation and leading number.
/// A title that is nothing but a number has `#` and that number. Empty for a title without letter and digit.
pub fn key(title: &str) -> String {
    let title = bare(title);
    let Some(found) = numbered(title) else {
        return match number(title) {
            Some((number, "")) => format!("#{number}"),
            // `2.1 Aims`
            Some((number, rest)) if number.contains('.') && rest.starts_with(' ') => fold(rest),
            _ => fold(title),
        };
    };
    let words = fold(found.words);
    if words.is_empty() {
        format!("#{}", found.number)
    } else {
        words
    }
}

/// The number that a title begins with, or is: `Question 3: …`, `3. …`, `3`.
pub fn number_of(title: &str) -> Option<String> {
    let title = bare(title);
    if let Some(found) = numbered(title) {
        return Some(found.number);
    }
    match number(title) {
        Some((number, "")) => Some(number),
        _ => None,
    }
}

/// Words in small letters without accents and punctuation, one blank between.
pub fn fold(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.nfkd() {
        if ('\u{300}'..='\u{36f}').contains(&c) {
            continue;
        }
        for c in c.to_lowercase() {
            match c {
                'ß' => plain.push_str("ss"),
                'æ' => plain.push_str("ae"),
                'œ' => plain.push_str("oe"),
                'ø' => plain.push('o'),
                'ł' => plain.push('l'),
                'đ' => plain.push('d'),
                'ı' => plain.push('i'),
                'ς' => plain.push('σ'),
                // What lowering a capital leaves (`İ`), and what is written or not (`don't`, `don’t`, `dont`).
                '\u{307}' | '\'' | '’' => {}
                c if c.is_alphanumeric() => plain.push(c),
                _ => plain.push(' '),
            }
        }
    }
    let mut folded = String::with_capacity(plain.len());
    for word in plain.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded.nfc().collect()
}

/// Which of `all` titles somebody means by what they typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// Their places.
    These(Vec<usize>),
    /// Their words stand in several different titles: one place of each.
    Several(Vec<usize>),
    None,
}

/// A section that may be meant.
#[derive(Clone, Copy, Debug)]
pub struct Titled<'t> {
    pub kind: SectionKind,
    pub title: &'t str,
    pub key: &'t str,
}

/// Finds sections by what was typed: a number (`3`, `Question 3`) takes all of that number, and questions before headings;
/// words take the sections whose title they are, or the one title that they are part of.
pub fn meant(typed: &str, all: &[Titled]) -> Meant {
    let these = |fits: &dyn Fn(&Titled) -> bool| -> Vec<usize> {
        (0..all.len()).filter(|n| fits(&all[*n])).collect()
    };
    let wanted = key(typed);
    if wanted.is_empty() {
        return Meant::None;
    }
    if let Some(number) = wanted.strip_prefix('#') {
        let of_number = |t: &Titled| number_of(t.title).as_deref() == Some(number);
        let questions = these(&|t| t.kind == SectionKind::Question && of_number(t));
        let found = if questions.is_empty() {
            these(&of_number)
        } else {
            // The same question may be a heading elsewhere, or have another number.
            let keys: HashSet<&str> = questions.iter().map(|n| all[*n].key).collect();
            these(&|t| keys.contains(t.key))
        };
        return if found.is_empty() {
            Meant::None
        } else {
            Meant::These(found)
        };
    }
    let whole = these(&|t| t.key == wanted);
    if !whole.is_empty() {
        return Meant::These(whole);
    }
    let part = |t: &Titled| format!(" {} ", t.key).contains(&format!(" {wanted} "));
    let mut found = these(&part);
    if found.is_empty() {
        // Half a word at the end: it may still be being typed.
        found = these(&|t: &Titled| format!(" {}", t.key).contains(&format!(" {wanted}")));
    }
    let mut different: Vec<usize> = Vec::new();
    for n in &found {
        if !different.iter().any(|d| all[*d].key == all[*n].key) {
            different.push(*n);
        }
    }
    match different.len() {
        0 => Meant::None,
        1 => Meant::These(found),
        _ => Meant::Several(different),
    }
}

/// The words of a key that come nearest to what was typed: as many as were typed. `near` picks among such.
pub fn nearest<'k>(
    typed: &str,
    keys: impl Iterator<Item = &'k str>,
    near: impl Fn(&str, Vec<&'k str>) -> Option<String>,
) -> Option<String> {
    let wanted = key(typed);
    let length = wanted.split(' ').count();
    let mut parts: Vec<&str> = Vec::new();
    for key in keys {
        let starts: Vec<usize> = std::iter::once(0)
            .chain(key.match_indices(' ').map(|(at, _)| at + 1))
            .collect();
        for (n, start) in starts.iter().enumerate() {
            let end = starts.get(n + length).map_or(key.len(), |next| next - 1);
            parts.push(&key[*start..end]);
        }
    }
    parts.sort_unstable();
    parts.dedup();
    near(&wanted, parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_of_titles() {
        for (line, expected) in [
            ("Question 3: How?", Some((Numbering::Word, "3", "How?"))),
            ("QUESTION 3 – How?", Some((Numbering::Word, "3", "How?"))),
            ("**Question 3:** How?", Some((Numbering::Word, "3", "How?"))),
            ("**Question 3: How?**", Some((Numbering::Word, "3", "How?"))),
            ("Question #3. How?", Some((Numbering::Word, "3", "How?"))),
            ("Question 3", Some((Numbering::Word, "3", ""))),
            (
                "Pergunta 05: Quais?",
                Some((Numbering::Word, "5", "Quais?")),
            ),
            ("السؤال ٣: لماذا؟", Some((Numbering::Word, "3", "لماذا؟"))),
            ("问题3：为什么？", Some((Numbering::Word, "3", "为什么？"))),
            ("Q3. How?", Some((Numbering::Letter, "3", "How?"))),
            ("Q3a: How?", Some((Numbering::Letter, "3a", "How?"))),
            ("Q3", Some((Numbering::Letter, "3", ""))),
            ("Q3\tHow?", Some((Numbering::Letter, "3", "How?"))),
            ("3. How?", Some((Numbering::Plain, "3", "How?"))),
            ("3) How?", Some((Numbering::Plain, "3", "How?"))),
            ("**3.** How?", Some((Numbering::Plain, "3", "How?"))),
            ("## 3.1. Aims", Some((Numbering::Plain, "3.1", "Aims"))),
            ("Question 3 was hard", None),
            ("Q3 was hard", None),
            ("Q 3: x", None),
            ("3.5 million", None),
            ("2021. It was", None),
            ("1000. It was", None),
            ("Questions: 3", None),
            ("P07: yes", None),
            ("Queen 3: x", None),
            ("", None),
            ("**", None),
        ] {
            let found = numbered(line);
            assert_eq!(
                found
                    .as_ref()
                    .map(|n| (n.numbering, n.number.as_str(), n.words)),
                expected,
                "{line}"
            );
        }
    }

    #[test]
    fn the_same_question_meets() {
        for titles in [
            &[
                "Question 3: How did it begin?",
                "3. How did it begin?",
                "# how did it BEGIN",
                "Q3. How did  it begin:",
                "**7) How did it begin?**",
                "How did it begin",
            ][..],
            &["Fråga 2: Är du glad?", "2. Ar du glad"],
            &["Question 3", "Pergunta 3:", "Q3.", "## 3", "3."],
            &["Why don’t they?", "Why don't they", "why dont they"],
            &["## 2.1 Aims", "Aims"],
            &["Straße", "STRASSE"],
            &["Цель №3", "цель №3."],
        ] {
            let first = key(titles[0]);
            assert!(!first.is_empty());
            for title in titles {
                assert_eq!(key(title), first, "{title}");
            }
        }
        assert_ne!(key("Question 3"), key("Question 4"));
        assert_ne!(key("Question 3: Why?"), key("Question 3"));
        assert_eq!(key("# ---"), "");
    }

    #[test]
    fn what_is_meant() {
        let titles = [
            (SectionKind::Heading, "# 3. Setting"),
            (SectionKind::Question, "Question 3: How did it begin?"),
            (SectionKind::Question, "Question 4: How did it end?"),
            (SectionKind::Question, "3. How did it begin?"),
            (SectionKind::Heading, "## Governance and trust"),
            (SectionKind::Heading, "# How did it end"),
        ];
        let keys: Vec<String> = titles.iter().map(|(_, t)| key(t)).collect();
        let all: Vec<Titled> = titles
            .iter()
            .zip(&keys)
            .map(|((kind, title), key)| Titled {
                kind: *kind,
                title,
                key,
            })
            .collect();
        for (typed, expected) in [
            ("3", Meant::These(vec![1, 3])),
            ("question 4", Meant::These(vec![2, 5])),
            ("Q3", Meant::These(vec![1, 3])),
            ("How did it begin?", Meant::These(vec![1, 3])),
            ("Question 9: how did it begin", Meant::These(vec![1, 3])),
            ("begin", Meant::These(vec![1, 3])),
            ("how did it", Meant::Several(vec![1, 2])),
            ("TRUST", Meant::These(vec![4])),
            ("govern", Meant::These(vec![4])),
            ("rust", Meant::None),
            ("9", Meant::None),
            ("?", Meant::None),
        ] {
            assert_eq!(meant(typed, &all), expected, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn any_title_is_read(title in "(Question |Q|Pergunta |## |\\*\\*)?[0-9٣]{0,4}[.:) ]{0,2}\\PC{0,30}") {
            let key = key(&title);
            // A key is its own key, unless it begins with what reads as a number.
            if numbered(&key).is_none() && number(&key).is_none() && !key.starts_with('#') {
                prop_assert_eq!(fold(&key), key);
            }
            number_of(&title);
            meant(&title, &[Titled { kind: SectionKind::Heading, title: &title, key: &title }]);
        }
    }
}
