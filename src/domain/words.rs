//! The closed lists of words: each an enum that prints, parses and serialises as the word that people type.

use crate::error::{Problem, did_you_mean};

/// A word that is not on its list.
#[derive(Debug, thiserror::Error)]
#[error("`{typed}` is no {what}")]
pub struct UnknownWord {
    pub what: &'static str,
    pub typed: String,
    pub all: &'static [&'static str],
}

impl Problem for UnknownWord {
    fn hint(&self) -> Option<String> {
        // The nearest word by its letters would turn this answer into its contrary.
        let agrees =
            self.all.contains(&"disagree") && self.typed.to_lowercase().starts_with("agree");
        let near = if agrees {
            Some("confirm".to_owned())
        } else {
            did_you_mean(&self.typed, self.all.iter().copied())
        };
        Some(match near {
            Some(near) => format!(
                "did you mean `{near}`? It may be one of: {}",
                self.all.join(", ")
            ),
            None => format!("it may be one of: {}", self.all.join(", ")),
        })
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            pub const WORDS: &'static [&'static str] = &[$($word),+];
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::domain::words::UnknownWord;
            fn from_str(typed: &str) -> Result<Self, Self::Err> {
                match typed {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::domain::words::UnknownWord { what: $what, typed: typed.to_owned(), all: Self::WORDS }),
                }
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.word())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// How a case stands to another.
    LinkKind, "kind of link" {
        PartOf = "part-of",
        PartnerOf = "partner-of",
        MergedInto = "merged-into",
        RenamedTo = "renamed-to",
    }
}

words! {
    /// What a transcript is of.
    TranscriptKind, "kind of transcript" {
        Interview = "interview",
        FocusGroup = "focus-group",
        FieldNotes = "field-notes",
        Document = "document",
    }
}

words! {
    /// Who speaks under a label.
    SpeakerRole, "role of a speaker" {
        Participant = "participant",
        Interviewer = "interviewer",
        Unknown = "unknown",
    }
}

words! {
    /// How far a person's words may be attributed, from the loosest to the strictest. The order is the meaning:
    /// of two levels that apply, the greater one rules.
    Attribution, "attribution level" {
        /// Name, role and organisation, with the person's approval. The name is not in the study: it cites like `role-org`.
        Named = "named",
        /// Role and organisation.
        RoleOrg = "role-org",
        /// Role class and case.
        Role = "role",
        /// Only the case.
        Case = "case",
        /// The Chatham House Rule: content, but neither identity nor affiliation.
        NonAttributable = "non-attributable",
        /// May shape the analysis; never quoted.
        Background = "background",
        /// In no output and no count of an output.
        OffRecord = "off-record",
    }
}

words! {
    /// What kind of study it is; decides what it is asked for.
    Method, "method" {
        Framework = "framework",
        Codebook = "codebook",
        CodingReliability = "coding-reliability",
        Reflexive = "reflexive",
    }
}

words! {
    /// Where a theme came from.
    ThemeKind, "kind of theme" {
        Deductive = "deductive",
        Inductive = "inductive",
        Structural = "structural",
        InVivo = "in-vivo",
    }
}

words! {
    /// How far around a hit `autocode` codes.
    Spread, "spread" {
        Turn = "turn",
        Sentence = "sentence",
        Match = "match",
    }
}

words! {
    /// What a cell of the frame says, or why it says nothing. That it is not charted is never stored: it has no row then.
    CellStatus, "status of a cell" {
        NotCharted = "not-charted",
        /// A summary is written.
        Charted = "charted",
        /// The question was not put there.
        NotAsked = "not-asked",
        /// It was put, and nothing was said to it.
        AskedNoData = "asked-no-data",
        NotApplicable = "not-applicable",
        /// Something was said that may not be written down.
        Withheld = "withheld",
    }
}

words! {
    /// What kind of source a transcript is: Yin's six.
    SourceKind, "kind of source" {
        Document = "document",
        ArchivalRecord = "archival-record",
        Interview = "interview",
        DirectObservation = "direct-observation",
        ParticipantObservation = "participant-observation",
        PhysicalArtefact = "physical-artefact",
    }
}

impl SourceKind {
    /// What a transcript of this kind is, where nobody has said otherwise.
    pub const fn of(kind: TranscriptKind) -> Self {
        match kind {
            TranscriptKind::Interview | TranscriptKind::FocusGroup => Self::Interview,
            TranscriptKind::FieldNotes => Self::DirectObservation,
            TranscriptKind::Document => Self::Document,
        }
    }
}

words! {
    /// Which way a piece of evidence bears on a claim.
    Bearing, "bearing" {
        Supports = "supports",
        Contradicts = "contradicts",
    }
}

words! {
    /// What became of a rival explanation.
    Verdict, "verdict" {
        Open = "open",
        Rejected = "rejected",
        Holds = "holds",
        HoldsPartly = "holds-partly",
    }
}

words! {
    /// What a finding lets expect in another case: the same result, or another for a reason.
    Replication, "kind of replication" {
        Literal = "literal",
        Theoretical = "theoretical",
    }
}

words! {
    /// What was found where something was predicted.
    Outcome, "result" {
        AsPredicted = "as-predicted",
        Partly = "partly",
        Contrary = "contrary",
        NotKnown = "not-known",
    }
}

words! {
    /// What happened with a participant, where transcripts and codings don't show it.
    Stage, "stage of fieldwork" {
        Invited = "invited",
        Recruited = "recruited",
        /// Said no.
        Declined = "declined",
        /// Was in, and left.
        DroppedOut = "dropped-out",
        Interviewed = "interviewed",
        Debriefed = "debriefed",
    }
}

words! {
    /// What a participant says to a finding, or to the debrief as a whole.
    Answer, "answer" {
        Confirm = "confirm",
        Disagree = "disagree",
        /// Something that is missing.
        Add = "add",
        /// Something that should read otherwise.
        Correct = "correct",
        /// Asks that something be taken out.
        Remove = "remove",
        /// The time for an answer is over, and none came.
        NoReply = "no-reply",
    }
}

impl Answer {
    /// Whether the researchers have to decide what becomes of it.
    pub const fn asks(self) -> bool {
        matches!(self, Self::Disagree | Self::Correct | Self::Remove)
    }
}

words! {
    /// What the researchers did about an answer.
    Taken, "outcome of a decision" {
        /// The finding, or what is told of it, was changed.
        Changed = "changed",
        /// It stays as it was.
        Kept = "kept",
        /// It stays, and the answer is reported beside it.
        Noted = "noted",
        /// What the participant asked about was taken out.
        Removed = "removed",
    }
}
