//! Words of a draft replaced by others, with turns, labels, titles and joins kept in their places.

use unicode_normalization::char::is_combining_mark;

use super::Error;
use super::draft::{Draft, moved_joins};
use crate::anchor::Kept;
use crate::domain::section;
use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::store::NewTurn;

/// Words that are replaced by others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    pub old: String,
    pub new: String,
}

/// Which of the places where words stand are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Which {
    /// Only there, in code points.
    pub within: Option<Span>,
    /// All of them; otherwise it must be one.
    pub all: bool,
    /// Also inside longer words.
    pub inside_words: bool,
}

impl Draft {
    /// Replaces words. Turns, sections and joins keep their places around them; a label that is replaced wherever it
    /// stands is renamed. Gives how many places were changed.
    pub fn replace(
        &mut self,
        replacement: &Replacement,
        which: Which,
        slug: &str,
    ) -> Result<usize> {
        let hits = self.hits(replacement, which, slug)?;
        let points = Codepoints::new(&self.text);
        let spans: Vec<Span> = hits
            .iter()
            .map(|at| Span::new(points.point(*at), points.point(at + replacement.old.len())))
            .collect();
        if replacement.new.contains(['\n', '\r']) {
            return Err(Error::refused(
                "a line break can't be put in like this",
                format!(
                    "write the corrected text to a file: casebook transcript revise {slug} FILE"
                ),
            )
            .into());
        }
        let turns = &self.turns;
        let astride = |span: &&Span| {
            turns
                .iter()
                .any(|t| t.span.overlaps(**span) && !t.span.contains(**span))
        };
        if spans.iter().find(astride).is_some() {
            return Err(Error::refused(
                format!("the words reach over the border of a turn in {slug}"),
                format!("replace them in each turn, or write the corrected text to a file: casebook transcript revise {slug} FILE"),
            )
            .into());
        }
        self.rename_labels(replacement, &spans, which, slug)?;
        self.rename_sections(replacement, &spans, which);
        let mut text = String::with_capacity(self.text.len());
        let mut done = 0;
        for at in &hits {
            text.push_str(&self.text[done..*at]);
            text.push_str(&replacement.new);
            done = at + replacement.old.len();
        }
        text.push_str(&self.text[done..]);
        let length = Codepoints::new(&replacement.new).len();
        self.shift(&Shift::new(&spans, std::iter::repeat(length)));
        self.text = text;
        self.trim_turns();
        Ok(hits.len())
    }

    /// Moves turns, sections, joins and what is kept as the text moves.
    pub(super) fn shift(&mut self, shift: &Shift) {
        for turn in &mut self.turns {
            turn.span = shift.span(turn.span);
        }
        for section in &mut self.sections {
            section.span = shift.span(section.span);
        }
        self.reflow = self.reflow.as_deref().and_then(|joins| shift.joins(joins));
        self.kept = self.kept.as_deref().map(|kept| shift.kept(kept));
    }

    /// Bytes where the words stand that are to be replaced.
    fn hits(&self, replacement: &Replacement, which: Which, slug: &str) -> Result<Vec<usize>> {
        if replacement.old.trim().is_empty() {
            return Err(Error::refused(
                "there are no words to be replaced",
                format!(
                    "say which, as in: casebook transcript edit {slug} --replace OLD --with NEW"
                ),
            )
            .into());
        }
        let points = Codepoints::new(&self.text);
        let within = which
            .within
            .map_or(0..self.text.len(), |span| points.bytes(span));
        let mut hits: Vec<usize> = self.text[within.clone()]
            .match_indices(replacement.old.as_str())
            .map(|(at, _)| within.start + at)
            .collect();
        let found = hits.len();
        if !which.inside_words {
            hits.retain(|at| whole_words(&self.text, *at, replacement.old.len()));
        }
        match hits.len() {
            0 if found > 0 => Err(Error::refused(
                format!("the words stand in {slug} only inside longer ones ({found} times)"),
                "to replace them there too: --inside-words",
            )
            .into()),
            0 => Err(Error::refused(
                format!("the words to be replaced do not stand in {slug}"),
                format!("copy them from: casebook transcript show {slug}"),
            )
            .into()),
            1 => Ok(hits),
            _ if which.all => Ok(hits),
            n => {
                let turn = |at: &usize| {
                    let point = points.point(*at);
                    let turn = self.turns.iter().position(|t| t.span.end > point);
                    match turn {
                        Some(n) if self.turns[n].span.start <= point => format!("{slug}:{}", n + 1),
                        _ => format!("{slug}@{point}"),
                    }
                };
                let mut places: Vec<String> = hits.iter().take(6).map(turn).collect();
                places.dedup();
                if n > 6 {
                    places.push("…".into());
                }
                Err(Error::refused(
                    format!("the words stand {n} times in {slug}: {}", places.join(", ")),
                    format!(
                        "name the turn, as in {slug}:12, or replace them everywhere: --everywhere"
                    ),
                )
                .into())
            }
        }
    }

    /// Labels stand outside the turns. Where words of one are replaced, it gets another name; that must be so at all its
    /// turns, or the same person would speak under two.
    fn rename_labels(
        &mut self,
        replacement: &Replacement,
        spans: &[Span],
        which: Which,
        slug: &str,
    ) -> Result<()> {
        let points = Codepoints::new(&self.text);
        // Where a label stands before a turn: the last place of it between the turn before and this one.
        let mut from = 0;
        let mut changed: Vec<bool> = Vec::with_capacity(self.turns.len());
        for turn in &self.turns {
            let before = Span::new(from, turn.span.start);
            from = turn.span.end;
            let label = turn.speaker.map(|s| self.labels[s].label.as_str());
            let at = label.and_then(|label| {
                let gap = points.slice(before);
                let start = before.start + Codepoints::new(&gap[..gap.rfind(label)?]).len();
                Some(Span::new(start, start + Codepoints::new(label).len()))
            });
            // A hit that takes the label's colon with it, or that stands where the label is written otherwise, would change
            // the text and leave the label.
            let gap = points.slice(before);
            let line = gap.rfind('\n').map_or(0, |n| n + 1);
            let line = Span::new(
                before.start + Codepoints::new(&gap[..line]).len(),
                before.end,
            );
            let beside = |s: &&Span| s.overlaps(line) && at.is_none_or(|at| !at.contains(**s));
            if label.is_some() && spans.iter().find(beside).is_some() {
                return Err(Error::refused(
                    format!("the words reach over a speaker's label in {slug}, or stand in one that is written in several ways"),
                    "name the label alone, without its colon; or write the corrected text to a file and: casebook transcript revise",
                )
                .into());
            }
            changed.push(at.is_some_and(|at| spans.iter().any(|s| at.overlaps(*s))));
        }
        for n in 0..self.labels.len() {
            let renamed = replaced(&self.labels[n].label, replacement, which.inside_words);
            if renamed == self.labels[n].label {
                continue;
            }
            let of_label = || {
                self.turns
                    .iter()
                    .zip(&changed)
                    .filter(|(turn, _)| turn.speaker == Some(n))
            };
            if !of_label().any(|(_, changed)| *changed) {
                continue;
            }
            if which.within.is_some() || !of_label().all(|(_, changed)| *changed) {
                return Err(Error::refused(
                    format!(
                        "a speaker's label would change in some turns of {slug} and not in others"
                    ),
                    "replace it everywhere: name the transcript without a turn, with --everywhere",
                )
                .into());
            }
            let label = renamed.trim();
            if label.is_empty() {
                return Err(Error::refused(
                    format!("a speaker's label would be empty in {slug}"),
                    "put something in its stead: a pseudonym, or a role such as Interviewer",
                )
                .into());
            }
            if self
                .labels
                .iter()
                .enumerate()
                .any(|(m, other)| m != n && other.label == label)
            {
                return Err(Error::refused(
                    format!("a speaker's label would be that of another speaker in {slug}"),
                    "two people would become one; choose another label",
                )
                .into());
            }
            label.clone_into(&mut self.labels[n].label);
        }
        Ok(())
    }

    /// The title of a section is its first line: what is replaced there is replaced in the title, and in the key by which
    /// the section is found.
    fn rename_sections(&mut self, replacement: &Replacement, spans: &[Span], which: Which) {
        let points = Codepoints::new(&self.text);
        for s in &mut self.sections {
            let whole = points.slice(s.span);
            let line = whole.split('\n').next().unwrap_or_default();
            let line = Span::new(s.span.start, s.span.start + Codepoints::new(line).len());
            if !spans.iter().any(|span| line.contains(*span)) {
                continue;
            }
            s.title = replaced(&s.title, replacement, which.inside_words);
            s.key = section::key(&s.title);
        }
    }

    /// Turns begin and end on a character that is not blank; what holds nothing is no turn.
    fn trim_turns(&mut self) {
        let points = Codepoints::new(&self.text);
        let mut kept: Vec<Option<usize>> = Vec::with_capacity(self.turns.len());
        let mut turns = Vec::with_capacity(self.turns.len());
        for turn in &self.turns {
            let said = points.slice(turn.span);
            let start = said.len() - said.trim_start().len();
            let span = Span::new(
                turn.span.start + Codepoints::new(&said[..start]).len(),
                turn.span.start + Codepoints::new(said.trim_end()).len(),
            );
            if said.trim().is_empty() {
                kept.push(None);
            } else {
                kept.push(Some(turns.len()));
                turns.push(NewTurn { span, ..*turn });
            }
        }
        let empty = self.turns.len() - turns.len();
        if empty > 0 {
            self.warnings.push(format!(
                "{empty} of the turns hold nothing any more and are left out"
            ));
            for section in &mut self.sections {
                section.turns = section.turns.and_then(|(first, last)| {
                    let mut there = kept[first..=last].iter().flatten();
                    let first = *there.next()?;
                    Some((first, there.next_back().copied().unwrap_or(first)))
                });
            }
        }
        self.turns = turns;
    }
}

/// A label or a title with words replaced as they are in the text.
fn replaced(text: &str, replacement: &Replacement, inside_words: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (at, _) in text.match_indices(replacement.old.as_str()) {
        if inside_words || whole_words(text, at, replacement.old.len()) {
            out.push_str(&text[done..at]);
            out.push_str(&replacement.new);
            done = at + replacement.old.len();
        }
    }
    out.push_str(&text[done..]);
    out
}

/// Whether the words at a byte stand by themselves: no letter or digit touches them. Scripts that write no blanks
/// between words have no such boundary, so there every place counts.
fn whole_words(text: &str, at: usize, length: usize) -> bool {
    let joins = |a: Option<char>, b: Option<char>| {
        let word = |c: char| c.is_alphanumeric() && !unspaced(c);
        let (Some(a), Some(b)) = (a, b) else {
            return false;
        };
        // An accent that stands by itself, or a joiner, belongs to the letter before it.
        let clings = is_combining_mark(b) || matches!(b, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}');
        clings || a == '\u{200d}' || (word(a) || is_combining_mark(a)) && word(b)
    };
    let (before, rest) = text.split_at(at);
    let (hit, after) = rest.split_at(length);
    !joins(before.chars().next_back(), hit.chars().next())
        && !joins(hit.chars().next_back(), after.chars().next())
}

/// Han, Kana, Thai, Lao, Khmer, Burmese: written without blanks between words.
pub fn unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// How positions move when spans, in order, are replaced by something else.
pub struct Shift<'a> {
    spans: &'a [Span],
    lengths: Vec<u32>,
    /// How far what stands behind the first n spans moves.
    moved: Vec<i64>,
}

impl<'a> Shift<'a> {
    /// `lengths`: of what comes into each span's place, in code points.
    pub fn new(spans: &'a [Span], lengths: impl Iterator<Item = u32>) -> Self {
        let lengths: Vec<u32> = lengths.take(spans.len()).collect();
        let mut moved = Vec::with_capacity(spans.len() + 1);
        let mut by = 0;
        moved.push(by);
        for (span, length) in spans.iter().zip(&lengths) {
            by += i64::from(*length) - i64::from(span.len());
            moved.push(by);
        }
        Self {
            spans,
            lengths,
            moved,
        }
    }

    /// A position: inside a replaced span it falls on its beginning (`end`: behind what replaced it).
    pub fn point(&self, point: u32, end: bool) -> u32 {
        let before = self.spans.partition_point(|s| s.end <= point);
        let shift =
            |point: u32| u32::try_from(i64::from(point) + self.moved[before]).unwrap_or_default();
        match self.spans.get(before) {
            Some(span) if span.start < point => {
                shift(span.start) + if end { self.lengths[before] } else { 0 }
            }
            _ => shift(point),
        }
    }

    pub fn span(&self, span: Span) -> Span {
        Span::new(self.point(span.start, false), self.point(span.end, true))
    }

    /// What is still unchanged after this, of what was before it.
    fn kept(&self, kept: &[Kept]) -> Vec<Kept> {
        let mut left = Vec::with_capacity(kept.len() + self.spans.len());
        for k in kept {
            let end = k.new + k.length;
            let mut from = k.new;
            let mut keep = |from: u32, to: u32| {
                if from < to {
                    left.push(Kept {
                        old: k.old + (from - k.new),
                        new: self.point(from, false),
                        length: to - from,
                    });
                }
            };
            let first = self.spans.partition_point(|s| s.end <= k.new);
            for span in self.spans[first..].iter().take_while(|s| s.start < end) {
                keep(from, span.start);
                from = span.end.max(from);
            }
            keep(from, end);
        }
        left
    }

    /// Joins of re-flowed lines, without those inside what was replaced.
    fn joins(&self, stored: &str) -> Option<String> {
        let inside = |at: u32| self.spans.iter().any(|s| s.start <= at && at < s.end);
        moved_joins(Some(stored), |at| {
            (!inside(at)).then(|| self.point(at, false))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::draft::Label;
    use super::*;

    fn draft(text: &str, turns: &[(u32, u32, usize)], labels: &[&str]) -> Draft {
        Draft {
            text: text.into(),
            turns: turns
                .iter()
                .map(|(start, end, speaker)| NewTurn {
                    span: Span::new(*start, *end),
                    speaker: Some(*speaker),
                    time_ms: None,
                })
                .collect(),
            labels: labels
                .iter()
                .map(|l| Label {
                    label: (*l).into(),
                    who: None,
                })
                .collect(),
            sections: Vec::new(),
            reflow: None,
            format: "txt".into(),
            encoding: "UTF-8".into(),
            file_sha256: [0; 32],
            warnings: Vec::new(),
            kept: None,
        }
    }

    const ALL: Which = Which {
        within: None,
        all: true,
        inside_words: false,
    };

    fn said(draft: &Draft) -> Vec<String> {
        let points = Codepoints::new(&draft.text);
        draft
            .turns
            .iter()
            .map(|t| points.slice(t.span).to_owned())
            .collect()
    }

    fn replacement(old: &str, new: &str) -> Replacement {
        Replacement {
            old: old.into(),
            new: new.into(),
        }
    }

    #[test]
    fn a_name_is_replaced_in_labels_and_words_and_not_inside_others() {
        let mut d = draft(
            "Ann: I am Ann.\n\nBo: Annabel? Ann’s?",
            &[(5, 14, 0), (20, 35, 1)],
            &["Ann", "Bo"],
        );
        assert_eq!(
            d.replace(&replacement("Ann", "P07"), ALL, "T01").ok(),
            Some(3)
        );
        assert_eq!(d.text, "P07: I am P07.\n\nBo: Annabel? P07’s?");
        assert_eq!(said(&d), ["I am P07.", "Annabel? P07’s?"]);
        assert_eq!(d.labels[0].label, "P07");
    }

    #[test]
    fn a_label_changes_everywhere_or_nowhere() {
        let mut d = draft("Ann: yes\n\nAnn: no", &[(5, 8, 0), (15, 17, 0)], &["Ann"]);
        let which = Which {
            within: Some(Span::new(0, 9)),
            ..ALL
        };
        let refused = d.replace(&replacement("Ann", "Bo"), which, "T01");
        assert!(refused.is_err_and(|e| e.to_string().contains("in some turns of T01")));
    }

    #[test]
    fn a_label_is_renamed_by_whole_words_and_never_becomes_another() {
        let text = "Ann: I met Annabel.\n\nAnn Annabel: Cafe\u{301} or cafe?";
        let turns = [(5, 19, 0), (34, 47, 1)];
        let labels = ["Ann", "Ann Annabel"];
        let mut d = draft(text, &turns, &labels);
        assert_eq!(
            d.replace(&replacement("Ann", "P07"), ALL, "T01").ok(),
            Some(2)
        );
        assert_eq!(
            d.text,
            "P07: I met Annabel.\n\nP07 Annabel: Cafe\u{301} or cafe?"
        );
        assert_eq!(d.labels[1].label, "P07 Annabel");
        let mut d = draft(text, &turns, &labels);
        let refused = d.replace(&replacement("Cafe", "tea"), ALL, "T01");
        assert!(refused.is_err_and(|e| e.to_string().contains("only inside longer ones")));
        for (new, why) in [
            ("Ann Annabel", "another speaker"),
            ("", "would be empty"),
            ("A\nB", "line break"),
        ] {
            let mut d = draft(text, &turns, &["Ann", "Ann Annabel"]);
            let refused = d.replace(&replacement("Ann", new), ALL, "T01");
            assert!(refused.is_err_and(|e| e.to_string().contains(why)), "{why}");
        }
        let mut d = draft(text, &turns, &labels);
        let refused = d.replace(&replacement("Annabel.\n\nAnn", "x"), ALL, "T01");
        assert!(refused.is_err_and(|e| e.to_string().contains("border of a turn")));
    }

    #[test]
    fn a_turn_that_is_emptied_goes() {
        let mut d = draft("A: um\n\nB: yes um", &[(3, 5, 0), (10, 16, 1)], &["A", "B"]);
        assert_eq!(d.replace(&replacement("um", ""), ALL, "T01").ok(), Some(2));
        assert_eq!(said(&d), ["yes"]);
        assert_eq!(d.warnings.len(), 1);
    }

    proptest! {
        /// Turns say after a replacement what they said before with the words replaced.
        #[test]
        fn turns_keep_their_words(said_before in proptest::collection::vec("[abé ]{0,8}x[ab ]{0,6}", 1..6), new in "[yz]{0,3}") {
            let mut text = String::new();
            let mut turns = Vec::new();
            for (n, words) in said_before.iter().enumerate() {
                text.push_str("Q: ");
                let words = words.trim();
                let start = Codepoints::new(&text).len();
                text.push_str(words);
                turns.push((start, Codepoints::new(&text).len(), n % 2));
                text.push_str("\n\n");
            }
            let mut d = draft(&text, &turns, &["Q", "R"]);
            let which = Which { inside_words: true, ..ALL };
            d.kept = Some(vec![Kept { old: 0, new: 0, length: Codepoints::new(&text).len() }]);
            d.replace(&replacement("x", &new), which, "T01").expect("there is an x");
            // What is said to be unchanged is, and nothing else but the words themselves is left out of it.
            let (old, now) = (Codepoints::new(&text), Codepoints::new(&d.text));
            let mut rest = 0;
            for k in d.kept.as_deref().unwrap_or_default() {
                prop_assert!(k.old == rest || old.slice(Span::new(rest, k.old)).chars().all(|c| c == 'x'));
                prop_assert_eq!(old.slice(Span::new(k.old, k.old + k.length)), now.slice(Span::new(k.new, k.new + k.length)));
                rest = k.old + k.length;
            }
            let wanted: Vec<String> = said_before
                .iter()
                .map(|w| w.trim().replace('x', &new).trim().to_owned())
                .filter(|w| !w.is_empty())
                .collect();
            prop_assert_eq!(said(&d), wanted);
        }
    }
}
