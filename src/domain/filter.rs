//! What a reader asked to see: the same filters on search, quotes, matrix and reports.

use crate::domain::Date;
use crate::domain::relation::{Asked, Distance};
use crate::domain::words::words;

words! {
    /// Whose turns count. A label that nobody has assigned counts as a participant's.
    Speakers, "choice of speakers" {
        Participant = "participant",
        Interviewer = "interviewer",
        All = "all",
    }
}

/// As typed: slugs, codes and paths. `study::select` resolves it to what is in the study, or says what is not.
/// Several values of one kind widen (any of them); different kinds narrow (all of them).
#[derive(Clone, Debug)]
pub struct Filter {
    /// Cases, each with all that is part of it.
    pub cases: Vec<String>,
    /// Themes, each with its sub-themes.
    pub themes: Vec<String>,
    pub participants: Vec<String>,
    pub roles: Vec<String>,
    pub phases: Vec<String>,
    pub transcripts: Vec<String>,
    pub coders: Vec<String>,
    pub attributes: Vec<(String, String)>,
    /// Headings and questions, by their words or number.
    pub sections: Vec<String>,
    pub speakers: Speakers,
    /// The day on which the graph of cases is read; without it, links count whenever they stood.
    pub as_of: Option<Date>,
    /// How a passage must stand to those of other themes; every one must hold.
    pub relations: Vec<Asked>,
    /// How far apart they may be, for relations that have a distance.
    pub distance: Option<Distance>,
}

impl Filter {
    /// Whether it leaves only some cases or people, or what may be only theirs.
    pub fn is_narrowed(&self) -> bool {
        !(self.cases.is_empty()
            && self.participants.is_empty()
            && self.roles.is_empty()
            && self.transcripts.is_empty()
            && self.attributes.is_empty()
            && self.sections.is_empty())
    }
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            cases: Vec::new(),
            themes: Vec::new(),
            participants: Vec::new(),
            roles: Vec::new(),
            phases: Vec::new(),
            transcripts: Vec::new(),
            coders: Vec::new(),
            attributes: Vec::new(),
            sections: Vec::new(),
            speakers: Speakers::Participant,
            as_of: None,
            relations: Vec::new(),
            distance: None,
        }
    }
}
