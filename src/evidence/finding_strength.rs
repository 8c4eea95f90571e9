//! How much stands behind a claim: passages, and how many people, cases, transcripts and kinds of source they come from.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::domain::span::Span;
use crate::domain::words::{SourceKind, Verdict, words};

/// One thing that bears on a claim: a passage, or a transcript as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Where it stands; none for a transcript as a whole.
    pub span: Option<Span>,
    pub transcript: i64,
    /// Who speaks in it; in a focus group therefore the one who says it. Whom a transcript as a whole is with.
    pub participants: Vec<i64>,
    /// The cases at the top that it belongs to.
    pub cases: Vec<i64>,
    pub source: SourceKind,
}

/// How much bears on a claim one way. Every number counts each thing once: codings that share words, by whomever and
/// with whatever theme, are one passage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Strength {
    pub passages: usize,
    /// Transcripts that are evidence as a whole.
    pub whole_transcripts: usize,
    /// Independent participants: people, not passages.
    pub participants: usize,
    /// Cases at the top, with all that is part of them.
    pub cases: usize,
    pub transcripts: usize,
    /// The kinds of source (Yin's six).
    pub sources: Vec<SourceKind>,
    /// Passages of interviews in which nobody has said who speaks, and which so add no participant.
    pub speaker_unknown: usize,
}

impl Strength {
    pub fn of(seen: &[Seen]) -> Self {
        let mut spans = Vec::new();
        let mut unknown = Vec::new();
        let mut whole = BTreeSet::new();
        let mut participants: BTreeSet<i64> = BTreeSet::new();
        let mut cases: BTreeSet<i64> = BTreeSet::new();
        let mut transcripts = BTreeSet::new();
        let mut sources = BTreeSet::new();
        for one in seen {
            match one.span {
                Some(span) => {
                    spans.push((one.transcript, span));
                    if one.participants.is_empty() && one.source == SourceKind::Interview {
                        unknown.push((one.transcript, span));
                    }
                }
                None => {
                    whole.insert(one.transcript);
                }
            }
            participants.extend(&one.participants);
            cases.extend(&one.cases);
            transcripts.insert(one.transcript);
            sources.insert(one.source);
        }
        Self {
            passages: stretches(spans),
            whole_transcripts: whole.len(),
            participants: participants.len(),
            cases: cases.len(),
            transcripts: transcripts.len(),
            sources: sources.into_iter().collect(),
            speaker_unknown: stretches(unknown),
        }
    }

    /// Whether anything is there at all.
    pub fn is_nothing(&self) -> bool {
        self.transcripts == 0
    }
}

/// How many stretches of text these spans of transcripts are: those that share words are one.
fn stretches(mut spans: Vec<(i64, Span)>) -> usize {
    spans.sort_unstable();
    let mut count = 0;
    let mut last: Option<(i64, u32)> = None;
    for (transcript, span) in spans {
        match &mut last {
            Some((of, end)) if *of == transcript && span.start < *end => *end = span.end.max(*end),
            _ => {
                count += 1;
                last = Some((transcript, span.end));
            }
        }
    }
    count
}

words! {
    /// What a reader of a finding should know before believing it.
    Flag, "flag" {
        /// Nothing that counts supports it.
        Unsupported = "unsupported",
        /// All of its support is of one kind of source.
        SingleSource = "single-source",
        /// All of its support comes from one person.
        OneParticipant = "one-participant",
        /// Nothing contradicts it, no rival was thought of, and nobody has said where it was looked for.
        NotLookedFor = "disconfirming-not-looked-for",
        /// No rival explanation is recorded.
        RivalsNotExamined = "rivals-not-examined",
        /// A rival explanation waits for its verdict.
        RivalsOpen = "rivals-open",
        /// A rival explanation holds, wholly or in part.
        RivalHolds = "rival-holds",
    }
}

impl Flag {
    /// As a sentence.
    pub const fn said(self) -> &'static str {
        match self {
            Self::Unsupported => "nothing that counts supports it",
            Self::SingleSource => "single-source: all of its support is of one kind of source",
            Self::OneParticipant => "all of its support comes from one participant",
            Self::NotLookedFor => "disconfirming evidence was not looked for",
            Self::RivalsNotExamined => "rivals not examined",
            Self::RivalsOpen => "a rival explanation waits for its verdict",
            Self::RivalHolds => "a rival explanation holds, wholly or in part",
        }
    }
}

/// What there is to say of a finding with this support, these contradictions and these rivals.
pub fn flags(
    support: &Strength,
    against: &Strength,
    rivals: &[Verdict],
    looked: bool,
) -> Vec<Flag> {
    let any = |of: &[Verdict]| rivals.iter().any(|v| of.contains(v));
    [
        (Flag::Unsupported, support.is_nothing()),
        (Flag::SingleSource, support.sources.len() == 1),
        (
            Flag::OneParticipant,
            // Whoever wrote what was seen or read is another source than the one who was heard.
            support.participants == 1
                && support.speaker_unknown == 0
                && support.sources == [SourceKind::Interview],
        ),
        (
            Flag::NotLookedFor,
            against.is_nothing() && rivals.is_empty() && !looked,
        ),
        (Flag::RivalsNotExamined, rivals.is_empty()),
        (Flag::RivalsOpen, any(&[Verdict::Open])),
        (
            Flag::RivalHolds,
            any(&[Verdict::Holds, Verdict::HoldsPartly]),
        ),
    ]
    .into_iter()
    .filter_map(|(flag, is)| is.then_some(flag))
    .collect()
}

words! {
    /// Whether a prediction was there before the data that it is held against.
    Timing, "timing" {
        /// Its case has no data yet, or all of it is of a later day.
        BeforeData = "before-data",
        /// It was written on the day of the first data, or later.
        AfterData = "after-data",
        /// None of the case's transcripts has a date.
        NotKnown = "not-known",
    }
}

/// `made` and `first` are days; `transcripts` counts those of the case with all that is part of it.
pub fn timing(made: &str, transcripts: usize, first: Option<&str>) -> Timing {
    match (transcripts, first) {
        (0, _) => Timing::BeforeData,
        (_, None) => Timing::NotKnown,
        (_, Some(first)) if made < first => Timing::BeforeData,
        _ => Timing::AfterData,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A passage of ten code points; those with numbers ten apart share no word.
    fn seen(at: u32, transcript: i64, people: &[i64], case: i64) -> Seen {
        Seen {
            span: Some(Span::new(at, at + 10)),
            transcript,
            participants: people.to_vec(),
            cases: vec![case],
            source: SourceKind::Interview,
        }
    }

    #[test]
    fn people_are_counted_and_not_passages() {
        // A focus group (transcript 2) with two voices; one coding that two people share; one of them heard twice.
        let all = [
            seen(10, 1, &[7], 1),
            seen(20, 1, &[7], 1),
            seen(30, 2, &[8], 1),
            seen(40, 2, &[9, 8], 1),
            seen(45, 2, &[9, 8], 1),
            seen(40, 3, &[], 2),
        ];
        let strength = Strength::of(&all);
        assert_eq!(
            strength,
            Strength {
                passages: 5,
                whole_transcripts: 0,
                participants: 3,
                cases: 2,
                transcripts: 3,
                sources: vec![SourceKind::Interview],
                speaker_unknown: 1,
            }
        );
        let mut notes = seen(60, 4, &[], 2);
        notes.source = SourceKind::DirectObservation;
        let whole = Seen {
            span: None,
            participants: vec![7, 10],
            ..notes.clone()
        };
        let strength = Strength::of(&[notes, whole]);
        assert_eq!(
            (
                strength.passages,
                strength.whole_transcripts,
                strength.participants,
                strength.speaker_unknown
            ),
            (1, 1, 2, 0),
            "whoever writes field notes is no unknown speaker"
        );
    }

    #[test]
    fn flags_say_what_is_missing() {
        let two = Strength::of(&[seen(1, 1, &[7], 1), seen(2, 2, &[8], 1)]);
        let one = Strength::of(&[seen(1, 1, &[7], 1)]);
        let none = Strength::default();
        let said = |support, against, rivals: &[Verdict], looked| {
            flags(support, against, rivals, looked)
                .iter()
                .map(|f| f.word())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(
            said(&none, &none, &[], false),
            "unsupported disconfirming-not-looked-for rivals-not-examined"
        );
        assert_eq!(
            said(&one, &none, &[], true),
            "single-source one-participant rivals-not-examined"
        );
        assert_eq!(
            said(&two, &one, &[], false),
            "single-source rivals-not-examined"
        );
        assert_eq!(
            said(&two, &none, &[Verdict::Rejected], false),
            "single-source"
        );
        assert_eq!(
            said(&two, &none, &[Verdict::Open, Verdict::HoldsPartly], false),
            "single-source rivals-open rival-holds"
        );
    }

    #[test]
    fn a_prediction_of_the_day_itself_is_none() {
        assert_eq!(
            timing("2020-01-13", 1, Some("2020-01-14")),
            Timing::BeforeData
        );
        assert_eq!(
            timing("2020-01-14", 1, Some("2020-01-14")),
            Timing::AfterData
        );
        assert_eq!(timing("2021-01-14", 0, None), Timing::BeforeData);
        assert_eq!(timing("2019-01-14", 2, None), Timing::NotKnown);
    }

    proptest! {
        #[test]
        fn more_evidence_never_counts_less(
            all in prop::collection::vec((0_u32..60, 0_i64..4, prop::collection::vec(0_i64..5, 0..3), 0_i64..3), 0..30),
            split in 0_usize..30,
        ) {
            let all: Vec<Seen> = all.iter().map(|(c, t, p, k)| seen(*c, *t, p, *k)).collect();
            let some = Strength::of(&all[..split.min(all.len())]);
            let whole = Strength::of(&all);
            prop_assert!(some.participants <= whole.participants);
            prop_assert!(some.cases <= whole.cases && some.transcripts <= whole.transcripts);
            let mut turned = all.clone();
            turned.reverse();
            prop_assert_eq!(&Strength::of(&turned), &whole);
            // Letter by letter: a passage begins at a letter that is taken, and shares no span with the one before.
            let mut counted = 0;
            for transcript in 0..4 {
                let spans: Vec<Span> = all.iter().filter(|s| s.transcript == transcript).filter_map(|s| s.span).collect();
                counted += (0..80)
                    .filter(|at| spans.iter().any(|s| s.start == *at))
                    .filter(|at| !spans.iter().any(|s| s.start < *at && *at < s.end))
                    .count();
            }
            prop_assert_eq!(whole.passages, counted);
        }
    }
}
