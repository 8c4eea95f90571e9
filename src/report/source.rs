//! What a report reads of a study before it reads any coding: the small tables, the selection, and who is in it.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::cloak::Cloak;
use super::few::Few;
use super::phrase;
use crate::domain::Date;
use crate::domain::filter::Filter;
use crate::domain::words::Attribution;
use crate::error::Result;
use crate::governance::gate::{self, Asked, Audience, Reason, To};
use crate::governance::limit::{Bound, Limits};
use crate::governance::population::Labels;
use crate::governance::{Known, fits_enough};
use crate::store::{CaseLink, Participant, Phase, Reading, StudyRow, Theme, Transcript};
use crate::study::{Codebook, People, Selection, Study};

pub(super) struct Source<'a> {
    pub(super) study: &'a Study,
    pub(super) row: StudyRow,
    /// Which counts of people are too small for the reader.
    pub(super) few: Few,
    pub(super) selection: Selection,
    pub(super) people: People,
    /// How many people fit what a citation can say.
    pub(super) labels: Labels,
    /// What the filter tells of everybody who is quoted.
    pub(super) known: Known,
    /// In the order of their beginning.
    pub(super) phases: Vec<Phase>,
    /// Links between cases that stand on the day of the filter.
    pub(super) links: Vec<CaseLink>,
    /// In the order of the tree; everywhere here a theme is its place in this.
    pub(super) themes: Vec<Theme>,
    paths: Vec<String>,
    parents: Vec<Option<usize>>,
    /// Places by their ids, ascending.
    places: Vec<(i64, usize)>,
    selected: Vec<bool>,
    /// Those that the selection leaves and that may be counted, in the order of their slugs.
    pub(super) transcripts: Vec<Transcript>,
    /// Whom a transcript is with.
    with: HashMap<i64, Vec<i64>>,
    /// Transcripts with nobody but people who are off the record.
    silent: HashSet<i64>,
    off_record: HashSet<i64>,
    /// Whether the filter leaves only some cases or people, or what may be only theirs.
    pub(super) narrowed: bool,
    /// The cases at the top that the transcripts belong to, in the order of their slugs. A report counts and compares
    /// these; what is part of one counts with it.
    pub(super) tops: Vec<i64>,
    /// For each case with transcripts, the places in `tops` of those that it is part of.
    tops_of: HashMap<i64, Vec<usize>>,
    /// What binds passages more strictly than those who speak them.
    pub(super) limits: Limits,
    /// For the people of the cases that the filter names; of no case, for anybody's.
    own: To,
    /// Whether quotes stand in the order of the texts: for the team, and for a reader whose own they all are. To others
    /// their place would tell of whom they are.
    pub(super) in_order: bool,
    /// The study's last change: the day of the report.
    pub(super) date: Option<String>,
    /// The day on which cases are seen, if the filter names one.
    pub(super) as_of: Option<Date>,
    /// What is not said of cases that stand under code names.
    pub(super) cloak: Cloak,
    /// Sources of figures.
    pub(super) readings: Vec<Reading>,
}

impl<'a> Source<'a> {
    pub(super) fn read(study: &'a Study, filter: &Filter, audience: Audience) -> Result<Self> {
        let store = &study.store;
        let selection = study.select(filter)?;
        let people = People::read(store)?;
        let as_of = filter.as_of.map(|day| day.to_string());
        let mut links = store.case_links()?;
        links.retain(|link| link.stands(as_of.as_deref()));
        let book = Codebook::read(store)?;
        let themes = book.themes().to_vec();
        let places: HashMap<i64, usize> =
            themes.iter().enumerate().map(|(n, t)| (t.id, n)).collect();
        let wanted: Option<HashSet<i64>> = selection
            .themes
            .as_ref()
            .map(|ids| ids.iter().copied().collect());
        let with = store.transcript_participants(None)?;
        let off_record: HashSet<i64> = people
            .participants
            .values()
            .filter(|p| level(p) == Attribution::OffRecord)
            .map(|p| p.id)
            .collect();
        let mut transcripts = store.transcripts()?;
        let silent: HashSet<i64> = transcripts
            .iter()
            .filter(|t| {
                let people = with.get(&t.id).map_or(&[][..], Vec::as_slice);
                selection.sealed.covers(&t.revision, people)
            })
            .map(|t| t.id)
            .collect();
        transcripts.retain(|t| {
            !silent.contains(&t.id)
                && selection
                    .transcripts
                    .as_ref()
                    .is_none_or(|ids| ids.binary_search(&t.id).is_ok())
        });
        study.leave_out_sealed_words(&mut transcripts)?;
        let named = filter
            .cases
            .iter()
            .map(|slug| Ok(store.case(slug)?.id))
            .collect::<Result<HashSet<i64>>>()?;
        let row = store.study()?;
        let mut source = Self {
            study,
            few: Few::new(audience, row.k_counts),
            row,
            phases: store.phases()?,
            links,
            paths: themes.iter().map(|t| book.path(t.id)).collect(),
            parents: themes
                .iter()
                .map(|t| places.get(&t.parent?).copied())
                .collect(),
            selected: themes
                .iter()
                .map(|t| wanted.as_ref().is_none_or(|ids| ids.contains(&t.id)))
                .collect(),
            themes,
            places: {
                let mut places: Vec<(i64, usize)> = places.into_iter().collect();
                places.sort_unstable();
                places
            },
            narrowed: !(filter.cases.is_empty()
                && filter.participants.is_empty()
                && filter.roles.is_empty()
                && filter.transcripts.is_empty()
                && filter.attributes.is_empty()
                && filter.sections.is_empty()),
            selection,
            people,
            labels: Labels::read(store)?,
            known: Known {
                case: !filter.cases.is_empty(),
                role: !filter.roles.is_empty(),
            },
            transcripts,
            with,
            silent,
            off_record,
            tops: Vec::new(),
            tops_of: HashMap::new(),
            limits: Limits::read(store)?,
            own: if named.is_empty() {
                To::anyone(Audience::Case)
            } else {
                To::cases(store, &named.iter().copied().collect::<Vec<_>>())?
            },
            in_order: audience == Audience::Team
                || (audience == Audience::Participant && filter.participants.len() == 1),
            date: store.last_change()?,
            as_of: filter.as_of,
            cloak: Cloak::default(),
            readings: store.readings()?,
        };
        source.cloak = Cloak::new(&source, audience)?;
        source.find_tops(&named);
        if audience != Audience::Team {
            source.few.narrow(super::narrow::parts(&source, filter)?);
        }
        Ok(source)
    }

    fn find_tops(&mut self, named: &HashSet<i64>) {
        let mut above: HashMap<i64, Vec<i64>> = HashMap::new();
        for link in self.links.iter().filter(|link| link.kind == "part-of") {
            above.entry(link.case).or_default().push(link.other);
        }
        let cases: BTreeSet<i64> = self.transcripts.iter().filter_map(|t| t.case).collect();
        let found: HashMap<i64, BTreeSet<i64>> = cases
            .into_iter()
            .map(|case| (case, tops_above(case, &above, named)))
            .collect();
        let all: BTreeSet<i64> = found.values().flatten().copied().collect();
        self.tops = all.into_iter().collect();
        self.tops
            .sort_by_key(|id| self.people.cases.get(id).map(|c| c.slug.clone()));
        let at: HashMap<i64, usize> = self
            .tops
            .iter()
            .enumerate()
            .map(|(n, id)| (*id, n))
            .collect();
        self.tops_of = found
            .into_iter()
            .map(|(case, tops)| {
                let mut tops: Vec<usize> =
                    tops.iter().filter_map(|id| at.get(id).copied()).collect();
                tops.sort_unstable();
                (case, tops)
            })
            .collect();
    }

    /// The place of a theme.
    pub(super) fn place(&self, theme: i64) -> Option<usize> {
        self.places
            .binary_search_by_key(&theme, |(id, _)| *id)
            .ok()
            .map(|at| self.places[at].1)
    }

    /// The theme's name as a reader sees it.
    pub(super) fn title(&self, theme: usize) -> String {
        phrase::title(&self.themes[theme].name)
    }

    pub(super) fn path(&self, theme: usize) -> &str {
        &self.paths[theme]
    }

    /// Whether the filter takes it.
    pub(super) fn selected(&self, theme: usize) -> bool {
        self.selected[theme]
    }

    pub(super) fn parent(&self, theme: usize) -> Option<usize> {
        self.parents[theme]
    }

    pub(super) fn children(&self, theme: usize) -> impl Iterator<Item = usize> {
        (0..self.themes.len()).filter(move |t| self.parents[*t] == Some(theme))
    }

    /// Selected themes that stand under no other selected one.
    pub(super) fn roots(&self) -> impl Iterator<Item = usize> {
        (0..self.themes.len()).filter(|t| self.selected[*t] && self.above(*t).is_none())
    }

    /// The nearest selected theme above it.
    fn above(&self, theme: usize) -> Option<usize> {
        let mut at = self.parents[theme];
        while let Some(parent) = at {
            if self.selected[parent] {
                return at;
            }
            at = self.parents[parent];
        }
        None
    }

    /// How many selected themes stand above it.
    pub(super) fn depth(&self, theme: usize) -> usize {
        std::iter::successors(self.above(theme), |t| self.above(*t)).count()
    }

    /// Its title; where what it belongs to is not in the report, with that before it.
    pub(super) fn full_title(&self, theme: usize) -> String {
        match self.parents[theme] {
            Some(parent) if !self.selected[parent] => {
                format!("{}: {}", self.full_title(parent), self.title(theme))
            }
            _ => self.title(theme),
        }
    }

    /// The name of a case at the top.
    pub(super) fn top_name(&self, top: usize) -> &str {
        self.case_name(self.tops[top])
    }

    pub(super) fn case_name(&self, case: i64) -> &str {
        self.people
            .cases
            .get(&case)
            .map_or("?", |c| c.name.as_str())
    }

    /// The cases at the top that a transcript belongs to.
    pub(super) fn tops_of(&self, case: Option<i64>) -> &[usize] {
        case.and_then(|id| self.tops_of.get(&id))
            .map_or(&[], Vec::as_slice)
    }

    /// Transcripts of one case at the top.
    pub(super) fn transcripts_of(&self, top: usize) -> impl Iterator<Item = &Transcript> {
        self.transcripts
            .iter()
            .filter(move |t| self.tops_of(t.case).contains(&top))
    }

    /// Whether nothing of this transcript may be counted.
    pub(super) fn is_silent(&self, transcript: i64) -> bool {
        self.silent.contains(&transcript)
    }

    pub(super) fn with(&self, transcript: i64) -> &[i64] {
        self.with.get(&transcript).map_or(&[], Vec::as_slice)
    }

    /// The people in these transcripts who may be counted, in the order of their ids.
    pub(super) fn participants<'t>(
        &self,
        transcripts: impl IntoIterator<Item = &'t Transcript>,
    ) -> BTreeSet<i64> {
        let chosen = self.selection.participants.as_ref();
        transcripts
            .into_iter()
            .flat_map(|t| self.with(t.id))
            .filter(|p| !self.off_record.contains(p) && chosen.is_none_or(|c| c.contains(p)))
            .copied()
            .collect()
    }

    /// Likewise, whomever the filter names.
    pub(super) fn countable<'t>(
        &self,
        transcripts: impl IntoIterator<Item = &'t Transcript>,
    ) -> BTreeSet<i64> {
        transcripts
            .into_iter()
            .flat_map(|t| self.with(t.id))
            .filter(|p| !self.off_record.contains(p))
            .copied()
            .collect()
    }

    /// Whether a passage stands in no count. Where nobody has said who speaks, it may be anyone whom the transcript
    /// is with.
    pub(super) fn is_off_record(&self, who: Voice, transcript: i64) -> bool {
        match who {
            Voice::Participant(p) => self.off_record.contains(&p),
            Voice::Interviewer => false,
            Voice::Unknown => self
                .with(transcript)
                .iter()
                .any(|p| self.off_record.contains(p)),
        }
    }

    /// Whether a passage may be quoted: the gate, asked for everyone who may have spoken it.
    pub(super) fn may_quote(
        &self,
        audience: Audience,
        who: Voice,
        transcript: &Transcript,
        bound: Bound,
    ) -> Result<(), Reason> {
        let anyone = To::anyone(audience);
        let to = match audience {
            Audience::Case => &self.own,
            Audience::Team | Audience::Participant | Audience::Public => &anyone,
        };
        let ask = |p: Option<&i64>| {
            gate::ask(&Asked {
                to,
                person: p.and_then(|p| self.people.participants.get(p)),
                interviewer: false,
                bound,
                case: transcript.case,
                among_few: self.narrowed,
            })
        };
        match who {
            Voice::Interviewer => Err(Reason::Interviewer),
            Voice::Participant(p) => {
                ask(Some(&p))?;
                self.people.participants.get(&p).map_or(Ok(()), |person| {
                    let level = gate::level_of(Some(person), bound);
                    fits_enough(
                        &self.labels,
                        transcript,
                        person,
                        level,
                        audience,
                        self.known,
                    )
                })
            }
            Voice::Unknown => {
                ask(None)?;
                self.with(transcript.id)
                    .iter()
                    .try_for_each(|p| ask(Some(p)))
            }
        }
    }

    /// The level at which a passage is cited: the strictest of everyone who may have spoken it, and of its limits.
    pub(super) fn level(&self, who: Voice, transcript: i64, bound: Bound) -> Attribution {
        let of = |p: &i64| gate::level_of(self.people.participants.get(p), bound);
        match who {
            Voice::Interviewer => bound.level,
            Voice::Participant(p) => of(&p),
            Voice::Unknown => {
                let all = self.with(transcript).iter().map(of);
                all.fold(bound.level, Attribution::max)
            }
        }
    }

    /// The role that a count may name: only of those who have agreed to be known by it.
    pub(super) fn role(&self, participant: i64) -> Option<&str> {
        let p = self.people.participants.get(&participant)?;
        let may = matches!(
            level(p),
            Attribution::Named | Attribution::RoleOrg | Attribution::Role
        );
        p.role.as_deref().filter(|_| may)
    }

    /// First and last day of these transcripts.
    pub(super) fn days<'t>(
        transcripts: impl IntoIterator<Item = &'t Transcript>,
    ) -> Option<(&'t str, &'t str)> {
        let mut days: Option<(&str, &str)> = None;
        for day in transcripts.into_iter().filter_map(|t| t.date.as_deref()) {
            days = Some(days.map_or((day, day), |(first, last)| (first.min(day), last.max(day))));
        }
        days
    }
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Voice {
    Participant(i64),
    Interviewer,
    /// A label that nobody has assigned, or a text where nobody speaks.
    Unknown,
}

impl Voice {
    pub(super) fn new(participant: Option<i64>, interviewer: bool) -> Self {
        match participant {
            Some(p) => Self::Participant(p),
            None if interviewer => Self::Interviewer,
            None => Self::Unknown,
        }
    }

    pub(super) fn participant(self) -> Option<i64> {
        match self {
            Self::Participant(p) => Some(p),
            Self::Interviewer | Self::Unknown => None,
        }
    }
}

/// A word that is not on the list can't come from the study; if it does, the strictest holds.
pub(super) fn level(participant: &Participant) -> Attribution {
    participant
        .attribution
        .parse()
        .unwrap_or(Attribution::OffRecord)
}

/// What a case is part of, at the top. A case that the filter names is a top itself.
fn tops_above(case: i64, above: &HashMap<i64, Vec<i64>>, named: &HashSet<i64>) -> BTreeSet<i64> {
    let mut tops = BTreeSet::new();
    let mut seen = HashSet::new();
    let mut next = vec![case];
    while let Some(at) = next.pop() {
        if !seen.insert(at) {
            continue;
        }
        match above.get(&at) {
            Some(parents) if !named.contains(&at) => next.extend(parents),
            _ => {
                tops.insert(at);
            }
        }
    }
    if tops.iter().any(|top| named.contains(top)) {
        tops.retain(|top| named.contains(top));
    }
    if tops.is_empty() {
        // Cases that are part of one another in a ring.
        tops.insert(case);
    }
    tops
}
