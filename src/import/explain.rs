//! How a file was read, told as values: the same decisions that the reading made, looked at once more.

use std::fmt;

use serde::Serialize;

use super::conventions::Convention;
use super::reflow::Decision;
use super::verdict::Reason;
use super::{Draft, Format, Options, encoding, kind, speakers};

/// How a file was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explained {
    pub format: FormatBy,
    pub encoding: EncodingBy,
    /// How most labels are written; none where nobody speaks.
    pub convention: Option<Convention>,
    /// Paragraphs of the text (or lines, where blank lines are rare).
    pub paragraphs: usize,
    /// Lines that begin with a speaker's label.
    pub labelled: usize,
    /// Lines of a transcript's head, whose labels are no speakers.
    pub header_lines: usize,
    /// What became of its lines.
    pub lines: Decision,
    /// Every possible label, the most frequent first.
    pub labels: Vec<Label>,
}

/// A possible label and what was decided of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    pub label: String,
    /// Lines that begin with it.
    pub count: usize,
    pub speaks: bool,
    pub reason: Reason,
}

/// What a file's format was told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormatBy {
    Name,
    FirstBytes,
}

impl fmt::Display for FormatBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "by the ending of its name",
            Self::FirstBytes => "by its first bytes, which its name contradicts",
        })
    }
}

/// What a file's encoding was told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EncodingBy {
    /// The format has its own way to say it.
    Format,
    ByteOrderMark,
    Option,
    ValidUtf8,
    /// Few places only are not.
    MostlyUtf8,
    Utf16Pattern,
    Letters,
}

impl fmt::Display for EncodingBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => "as the format says",
            Self::ByteOrderMark => "it begins with a byte order mark",
            Self::Option => "as --encoding says",
            Self::ValidUtf8 => "all of it is valid UTF-8",
            Self::MostlyUtf8 => "nearly all of it is valid UTF-8",
            Self::Utf16Pattern => "guessed: every other byte is mostly 0",
            Self::Letters => "guessed: so it gives letters and quotation marks rather than symbols",
        })
    }
}

/// Tells how a file was read whose text is known.
pub(super) fn explain(
    file_name: &str,
    bytes: &[u8],
    format: Format,
    options: &Options,
    draft: &Draft,
) -> Explained {
    let evidence = match format {
        Format::Text
        | Format::Markdown
        | Format::Docx
        | Format::Odt
        | Format::Rtf
        | Format::Epub
        | Format::Html
        | Format::Pdf => speakers::evidence(&draft.text),
        // Their text is made: who speaks is said by cues and columns.
        _ => speakers::Evidence::default(),
    };
    let encoding = match format {
        Format::Text | Format::Markdown | Format::WebVtt | Format::SubRip => {
            encoding::decode(bytes, options.encoding.as_deref())
                .map_or(EncodingBy::Format, |decoded| decoded.by)
        }
        _ => EncodingBy::Format,
    };
    Explained {
        format: if kind::other_than_named(file_name, format).is_some() {
            FormatBy::FirstBytes
        } else {
            FormatBy::Name
        },
        encoding,
        convention: evidence.convention,
        paragraphs: evidence.paragraphs,
        labelled: evidence.labelled,
        header_lines: evidence.header_lines,
        lines: draft.reflow.clone(),
        labels: evidence
            .labels
            .into_iter()
            .map(|(label, count, reason)| Label {
                label: label.to_owned(),
                count,
                speaks: reason.speaks(),
                reason,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Imported, read};
    use super::*;

    fn told(name: &str, bytes: &[u8]) -> (Imported, Explained) {
        let options = Options {
            explain: true,
            ..Options::default()
        };
        let imported = read(name, bytes, &options).expect("it is read");
        let explained = imported.explained.clone().expect("it was asked");
        (imported, explained)
    }

    /// What is said of each label of a text.
    fn reasons(text: &str) -> Vec<(String, usize, Reason)> {
        let (_, explained) = told("a.md", text.as_bytes());
        explained
            .labels
            .into_iter()
            .map(|label| (label.label, label.count, label.reason))
            .collect()
    }

    #[track_caller]
    fn says(text: &str, label: &str, count: usize, reason: Reason) {
        let all = reasons(text);
        assert!(
            all.contains(&(label.to_owned(), count, reason)),
            "{label}: {all:?}"
        );
    }

    /// Its first line is too long for a head.
    const TALK: &str = "INT: How was it, when all of you came together for the first time and nobody knew yet what was to become of it?\n\nAda: Fine.\n\nINT: And then?\n\nAda: We left.\n\n";

    #[test]
    fn every_reason_is_given_where_it_holds() {
        says(TALK, "INT", 2, Reason::RoleWord);
        says(TALK, "Ada", 2, Reason::NameComesBack);
        let with = |more: &str| format!("{TALK}{more}");
        says(
            &with("Ben Berg: Me too."),
            "Ben Berg",
            1,
            Reason::AmidOthers,
        );
        says(
            &with("Ada (A): Oh.\n\nA: Yes.\n\nA: No."),
            "Ada (A)",
            1,
            Reason::OtherName,
        );
        says(&with("Note: we left."), "Note", 1, Reason::NeverSpeaks);
        says(
            &with("Duration: an hour."),
            "Duration",
            1,
            Reason::HeaderWord,
        );
        says(&with("Break: ten minutes."), "Break", 1, Reason::Structure);
        says(
            &with("Question 3: why?"),
            "Question 3",
            1,
            Reason::NumberedQuestion,
        );
        says(&with("Q1: why?"), "Q1", 1, Reason::ListItem);
        says(
            &with("Site: https://example.org/a"),
            "Site",
            1,
            Reason::HeaderWord,
        );
        says(
            &with("Mirror: https://example.org/a"),
            "Mirror",
            1,
            Reason::Address,
        );
        says(
            &with("what it came to: nothing."),
            "what it came to",
            1,
            Reason::UnlikeName,
        );
        says(
            &"Finance lead: Yes, we did it.\n\nthe rest: No.\n\n".repeat(5),
            "Finance lead",
            5,
            Reason::KeepsComingBack,
        );
        says(
            "Question 1: Why?\n\nAnswer: Because.\n\nQuestion 2: How?\n\nAnswer: So.\n",
            "Answer",
            2,
            Reason::AnswerMark,
        );
        says(
            &("A long walk home.\n\n".repeat(20) + "Ada: left.\n"),
            "Ada",
            1,
            Reason::NobodySpeaks,
        );
        says(
            "**Ada:** One.\n\n**Ben:** Two.\n\n**Ada:** Three.\n\n**Ben:** Four.\n\nCem: five.\n",
            "Cem",
            1,
            Reason::OtherForm,
        );
        let often =
            "INT: So?\n\nAda: We left.\n\nWe went.\n\nIt was late.\n\nIt rained.\n\nSo it was.\n\n"
                .repeat(3);
        says(&(often + "Cem: five."), "Cem", 1, Reason::TooSeldom);
    }

    #[test]
    fn what_is_said_is_what_was_done() {
        for text in [
            TALK,
            "Date: today\nInterviewer: A. Berg\n\nQ: So?\n\nR: Yes.\n\nQ: No?\n\nR: No.\n",
            "Ada  0:01\nYes.\n\nBen  0:05\nNo.\n\nAda  0:09\nWell.\n",
            "Nobody: speaks here at length.\n\nIt goes on.\n\nAnd on.\n\nAnd on.\n",
        ] {
            let (imported, explained) = told("a.txt", text.as_bytes());
            let mut speaking: Vec<&str> = explained
                .labels
                .iter()
                .filter(|label| label.speaks)
                .map(|label| label.label.as_str())
                .collect();
            speaking.sort_unstable();
            let mut labels: Vec<&str> = imported.labels.iter().map(String::as_str).collect();
            labels.sort_unstable();
            assert_eq!(speaking, labels, "{text}");
            assert_eq!(explained.convention.is_some(), !labels.is_empty());
        }
    }

    #[test]
    fn head_convention_format_and_encoding_are_told() {
        let (_, explained) = told(
            "a.txt",
            b"Date: today\nDuration: 1 h\n\nAda: Yes.\n\nBen: No.\n\nAda: Well.\n\nBen: So.\n",
        );
        assert_eq!(explained.header_lines, 2);
        assert_eq!(explained.convention, Some(Convention::NameColon));
        assert_eq!((explained.labelled, explained.paragraphs), (4, 5));
        assert_eq!(explained.format, FormatBy::Name);
        assert_eq!(explained.encoding, EncodingBy::ValidUtf8);
        let (_, bom) = told("a.txt", b"\xef\xbb\xbfAda: Yes.");
        assert_eq!(bom.encoding, EncodingBy::ByteOrderMark);
        let (_, guessed) = told("a.txt", b"Ada: Caf\xe9 and na\xefve.");
        assert_eq!(guessed.encoding, EncodingBy::Letters);
        let (_, page) = told("a.txt", b"<html><body><p>Ada: Yes.</p></body></html>");
        assert_eq!(page.format, FormatBy::FirstBytes);
        assert_eq!(page.encoding, EncodingBy::Format);
        assert_eq!(
            read("a.txt", b"Ada: Yes.", &Options::default()).map(|read| read.explained),
            Ok(None)
        );
    }
}
