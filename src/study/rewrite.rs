//! Several places of a draft rewritten at once, each with words of its own.

use std::fmt;

use super::Error;
use super::draft::{Draft, Label};
use super::replace::Shift;
use crate::domain::section;
use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::import::{self, Imported};

/// Words that come into the place of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// In code points.
    pub span: Span,
    pub new: String,
}

/// What is rewritten in texts as they are imported.
pub trait Rewrite: fmt::Debug + Send + Sync {
    /// The places of a text that get other words, in its order, and its labels anew.
    fn edits(&self, draft: &Draft) -> Result<(Vec<Edit>, Vec<String>)>;
    /// What is said of a text beside it: a value of its front matter, a label as somebody typed it.
    fn words(&self, words: &str) -> String;
    /// All texts are read; nothing is written yet that would stay if this fails.
    fn finish(&self) -> Result<()>;
}

/// Rewrites a text that was read. Gives in how many places.
pub(super) fn rewrite_import(imported: &mut Imported, rewrite: &dyn Rewrite) -> Result<usize> {
    let draft = Draft::of_import(imported.clone(), [0; 32]);
    let (edits, labels) = rewrite.edits(&draft)?;
    for (_, value) in &mut imported.attributes {
        *value = rewrite.words(value);
    }
    if edits.is_empty() {
        return Ok(0);
    }
    let spans: Vec<Span> = edits.iter().map(|e| e.span).collect();
    let lengths = edits.iter().map(|e| Codepoints::new(&e.new).len());
    let shift = Shift::new(&spans, lengths);
    for section in &mut imported.sections {
        section.span = shift.span(section.span);
        section.title = shift.span(section.title);
    }
    imported
        .reflow
        .retain(|join| !spans.iter().any(|s| s.start <= join.at && join.at < s.end));
    for join in &mut imported.reflow {
        join.at = shift.point(join.at, false);
    }
    let mut after = draft;
    after.rewrite(&edits, &labels)?;
    let points = Codepoints::new(&after.text);
    for (turn, moved) in imported.turns.iter_mut().zip(&after.turns) {
        turn.span = moved.span;
        turn.label = moved.speaker.and_then(|s| u16::try_from(s).ok());
        turn.words = import::count_words(points.slice(turn.span));
    }
    imported.words = imported
        .turns
        .iter()
        .fold(0_u32, |sum, turn| sum.saturating_add(turn.words));
    imported.labels = after.labels.into_iter().map(|l| l.label).collect();
    imported.text = after.text;
    Ok(edits.len())
}

impl Draft {
    /// Puts other words into places, which are in the order of the text, never overlap and never reach over the border of
    /// a turn. `labels` are the speakers' labels anew, in their order; those that become one are one speaker.
    pub fn rewrite(&mut self, edits: &[Edit], labels: &[String]) -> Result<()> {
        let spans: Vec<Span> = edits.iter().map(|e| e.span).collect();
        let points = Codepoints::new(&self.text);
        let mut text = String::with_capacity(self.text.len());
        let mut done = 0;
        for edit in edits {
            let at = points.bytes(edit.span);
            text.push_str(&self.text[done..at.start]);
            text.push_str(&edit.new);
            done = at.end;
        }
        text.push_str(&self.text[done..]);
        self.retitle(edits);
        let lengths = edits.iter().map(|e| Codepoints::new(&e.new).len());
        self.shift(&Shift::new(&spans, lengths));
        self.text = text;
        self.relabel(labels)
    }

    /// The title of a section is its first line, without signs and numbers: what is rewritten there is rewritten in it.
    fn retitle(&mut self, edits: &[Edit]) {
        let points = Codepoints::new(&self.text);
        for s in &mut self.sections {
            let whole = points.slice(s.span);
            let line = whole.split('\n').next().unwrap_or_default();
            let line = Span::new(s.span.start, s.span.start + Codepoints::new(line).len());
            let first = edits.partition_point(|e| e.span.start < line.start);
            let mut from = 0;
            for edit in edits[first..].iter().take_while(|e| line.contains(e.span)) {
                let old = points.slice(edit.span);
                if let Some(at) = s.title[from..].find(old) {
                    let at = from + at;
                    s.title.replace_range(at..at + old.len(), &edit.new);
                    from = at + edit.new.len();
                }
            }
            if from > 0 {
                s.key = section::key(&s.title);
            }
        }
    }

    fn relabel(&mut self, labels: &[String]) -> Result<()> {
        let mut kept: Vec<Label> = Vec::with_capacity(self.labels.len());
        let mut places = Vec::with_capacity(self.labels.len());
        for (old, new) in self.labels.drain(..).zip(labels) {
            let Some(n) = kept.iter().position(|k| k.label == *new) else {
                places.push(kept.len());
                kept.push(Label {
                    label: new.clone(),
                    who: old.who,
                });
                continue;
            };
            places.push(n);
            let person = |who: &Option<(String, Option<i64>)>| who.as_ref().and_then(|w| w.1);
            match (person(&kept[n].who), person(&old.who)) {
                (Some(a), Some(b)) if a != b => {
                    return Err(Error::refused(
                        "two labels of different participants would become one",
                        "say first who speaks: casebook transcript edit ID --speaker LABEL=PARTICIPANT",
                    )
                    .into());
                }
                (None, Some(_)) => kept[n].who = old.who,
                _ => {}
            }
        }
        for turn in &mut self.turns {
            turn.speaker = turn.speaker.and_then(|s| places.get(s).copied());
        }
        self.labels = kept;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::anchor::Kept;
    use crate::store::NewTurn;

    fn draft(text: &str, turns: &[(u32, u32, usize)], labels: &[(&str, Option<i64>)]) -> Draft {
        let turn = |(start, end, speaker): &(u32, u32, usize)| NewTurn {
            span: Span::new(*start, *end),
            speaker: Some(*speaker),
            time_ms: None,
        };
        Draft {
            text: text.into(),
            turns: turns.iter().map(turn).collect(),
            labels: labels
                .iter()
                .map(|(label, person)| Label {
                    label: (*label).into(),
                    who: Some(("participant".into(), *person)),
                })
                .collect(),
            sections: Vec::new(),
            reflow: None,
            format: "txt".into(),
            encoding: "UTF-8".into(),
            file_sha256: [0; 32],
            warnings: Vec::new(),
            kept: Some(vec![Kept {
                old: 0,
                new: 0,
                length: Codepoints::new(text).len(),
            }]),
        }
    }

    fn edit(start: u32, end: u32, new: &str) -> Edit {
        Edit {
            span: Span::new(start, end),
            new: new.into(),
        }
    }

    #[test]
    fn two_labels_of_one_person_become_one() {
        let text = "Ann: I am Ann.\n\nAnn E: Yes.";
        let turns = [(5, 14, 0), (23, 27, 1)];
        let mut d = draft(text, &turns, &[("Ann", Some(7)), ("Ann E", None)]);
        let edits = [
            edit(0, 3, "P07"),
            edit(10, 13, "[P07]"),
            edit(16, 21, "P07"),
        ];
        d.rewrite(&edits, &["P07".into(), "P07".into()])
            .expect("fits");
        assert_eq!(d.text, "P07: I am [P07].\n\nP07: Yes.");
        assert_eq!(d.labels.len(), 1);
        assert_eq!(d.labels[0].who, Some(("participant".into(), Some(7))));
        let said: Vec<&str> = d
            .turns
            .iter()
            .map(|t| {
                assert_eq!(t.speaker, Some(0));
                Codepoints::new(&d.text).slice(t.span)
            })
            .collect();
        assert_eq!(said, ["I am [P07].", "Yes."]);
        let mut d = draft(text, &turns, &[("Ann", Some(7)), ("Ann E", Some(8))]);
        assert!(d.rewrite(&edits, &["P07".into(), "P07".into()]).is_err());
    }

    proptest! {
        /// Turns say what they said, with the words of each place for its own; what is kept is unchanged.
        #[test]
        fn turns_keep_their_words(parts in proptest::collection::vec(("[abé ]{0,5}", "[xy]{1,3}", "[é\\[\\]A-C]{0,5}", "[ab.]{1,3}"), 1..8)) {
            let (mut text, mut wanted) = (String::new(), String::new());
            let (mut turns, mut now, mut edits) = (Vec::new(), Vec::new(), Vec::new());
            let length = |t: &str| Codepoints::new(t).len();
            for (before, old, new, after) in &parts {
                text.push_str("Q: ");
                wanted.push_str("Q: ");
                let (start, there) = (length(&text), wanted.len());
                text.push_str(before);
                let at = length(&text);
                text.push_str(old);
                edits.push(Edit { span: Span::new(at, length(&text)), new: new.clone() });
                text.push_str(after);
                wanted.push_str(&format!("{before}{new}{after}"));
                turns.push((start, length(&text), 0));
                now.push(wanted[there..].to_owned());
                text.push('\n');
                wanted.push('\n');
            }
            let mut d = draft(&text, &turns, &[("Q", None)]);
            d.rewrite(&edits, &["Q".into()]).expect("fits");
            prop_assert_eq!(&d.text, &wanted);
            let points = Codepoints::new(&d.text);
            let said: Vec<String> = d.turns.iter().map(|t| points.slice(t.span).to_owned()).collect();
            prop_assert_eq!(said, now);
            let old = Codepoints::new(&text);
            for k in d.kept.as_deref().unwrap_or_default() {
                prop_assert_eq!(old.slice(Span::new(k.old, k.old + k.length)), points.slice(Span::new(k.new, k.new + k.length)));
            }
        }
    }
}
