//! Searching the study: a query, a filter, and the passages that answer.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::Codebook;
use super::index::narrow;
use super::passage::{Reader, TurnView};
use super::{Selection, Study};
use crate::domain::filter::Filter;
use crate::domain::span::Span;
use crate::domain::words::words;
use crate::error::Result;
use crate::search::{self, Doc, Language, Matcher, TurnSet};
use crate::store::MemoOn;

words! {
    /// What hits are counted by.
    CountBy, "thing to count by" {
        Case = "case",
        Theme = "theme",
        Participant = "participant",
        Transcript = "transcript",
        Role = "role",
        Phase = "phase",
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    #[serde(flatten)]
    pub turn: TurnView,
    pub score: f32,
    /// Spans of the words that matched, in the transcript's code points.
    pub highlights: Vec<(u32, u32)>,
    /// The heading or question that it stands under, the innermost.
    pub section: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MemoHit {
    pub memo: i64,
    pub on: String,
    pub coder: String,
    pub text: String,
    pub score: f32,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Counted {
    pub name: String,
    /// Turns that match.
    pub turns: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SearchResult {
    pub query: String,
    /// All turns that match, shown or not.
    pub total: u64,
    pub hits: Vec<Hit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memos: Option<Vec<MemoHit>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted_by: Option<CountBy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<Vec<Counted>>,
}

impl Study {
    /// Languages that the texts are in: the study's, and those of transcripts that have their own.
    pub fn languages(&self) -> Result<Vec<Language>> {
        let mut all: Vec<Language> = vec![self.store.study()?.language.parse()?];
        for other in self.store.other_languages()? {
            let other = other.parse()?;
            if !all.contains(&other) {
                all.push(other);
            }
        }
        Ok(all)
    }

    /// Finds turns, the best first. With `memos`, notes are searched as well, and listed apart.
    pub fn search(
        &self,
        typed: &str,
        filter: &Filter,
        limit: usize,
        memos: bool,
    ) -> Result<SearchResult> {
        let query = search::parse(typed)?;
        let languages = self.languages()?;
        let selection = self.select(filter)?;
        let index = self.index()?;
        let sets = self.sets()?;
        let turns = self.turns_of(&selection, &sets)?;
        let found = index.search(
            &query,
            &languages,
            &search::Filter {
                turns,
                memos: false,
            },
            limit,
        )?;
        let mut matcher = Matcher::new(&query, &languages);
        let mut reader = Reader::of_few(&self.store)?;
        let study_language: Language = self.store.study()?.language.parse()?;
        let mut hits = Vec::with_capacity(found.hits.len());
        for hit in found.hits {
            let Doc::Turn(id) = hit.doc else { continue };
            let (Some(transcript), Some(turn)) = (
                reader.transcript_of_turn(id.into())?,
                self.store.turn(id.into())?,
            ) else {
                continue;
            };
            let view = reader.view(&transcript, &turn)?;
            let language = match &transcript.language {
                Some(own) => own.parse()?,
                None => study_language,
            };
            let highlights = matcher.find(&view.text, language).unwrap_or_default();
            let highlights = highlights
                .into_iter()
                .map(|s| (s.start + view.start, s.end + view.start))
                .collect();
            let section = reader.section(transcript.revision.id, turn.id)?;
            hits.push(Hit {
                section: section.map(|s| s.title.clone()),
                turn: view,
                score: hit.score,
                highlights,
            });
        }
        let memos = if memos {
            Some(self.search_memos(&query, &languages, limit)?)
        } else {
            None
        };
        Ok(SearchResult {
            query: typed.to_owned(),
            total: found.total,
            hits,
            memos,
            counted_by: None,
            counts: None,
        })
    }

    fn search_memos(
        &self,
        query: &search::Query,
        languages: &[Language],
        limit: usize,
    ) -> Result<Vec<MemoHit>> {
        let found = self.index()?.search(
            query,
            languages,
            &search::Filter {
                turns: Some(TurnSet::new()),
                memos: true,
            },
            limit,
        )?;
        let mut hits = Vec::new();
        for hit in found.hits {
            let Doc::Memo(id) = hit.doc else { continue };
            if let Some(memo) = self.store.memo(id.into())? {
                hits.push(MemoHit {
                    memo: memo.id,
                    on: self.name_of(memo.on)?,
                    coder: memo.coder,
                    text: memo.text,
                    score: hit.score,
                });
            }
        }
        Ok(hits)
    }

    /// Every turn that matches.
    pub fn matching_turns(&self, query: &search::Query, selection: &Selection) -> Result<TurnSet> {
        let turns = self.turns_of(selection, &self.sets()?)?;
        Ok(self.index()?.turns(
            query,
            &self.languages()?,
            &search::Filter {
                turns,
                memos: false,
            },
        )?)
    }

    /// How many turns match, by something; the most first.
    pub fn count_hits(&self, typed: &str, filter: &Filter, by: CountBy) -> Result<SearchResult> {
        let query = search::parse(typed)?;
        let found = self.matching_turns(&query, &self.select(filter)?)?;
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        if by == CountBy::Theme {
            let book = Codebook::read(&self.store)?;
            let sets = self.sets()?;
            for theme in book.themes() {
                let n = sets.coded(Some(&[theme.id]), None)?.common(&found);
                if n > 0 {
                    counts.insert(book.path(theme.id), n);
                }
            }
        } else {
            self.count_by_speaker_or_transcript(&found, by, &mut counts)?;
        }
        let mut counts: Vec<Counted> = counts
            .into_iter()
            .map(|(name, turns)| Counted { name, turns })
            .collect();
        counts.sort_by(|a, b| b.turns.cmp(&a.turns).then_with(|| a.name.cmp(&b.name)));
        Ok(SearchResult {
            query: typed.to_owned(),
            total: found.len(),
            hits: Vec::new(),
            memos: None,
            counted_by: Some(by),
            counts: Some(counts),
        })
    }

    fn count_by_speaker_or_transcript(
        &self,
        found: &TurnSet,
        by: CountBy,
        counts: &mut BTreeMap<String, u64>,
    ) -> Result<()> {
        let people = super::People::read(&self.store)?;
        let speakers: HashMap<i64, Option<i64>> = match by {
            CountBy::Participant | CountBy::Role => self
                .store
                .speakers(None)?
                .into_iter()
                .map(|s| (s.id, s.participant))
                .collect(),
            _ => HashMap::new(),
        };
        let with = self.store.transcript_participants(None)?;
        for transcript in self.store.transcripts()? {
            let (first, n) = (transcript.revision.first_turn, transcript.revision.turns);
            let here = TurnSet::from_range(narrow(first)..narrow(first + n));
            let hits = here.common(found);
            if hits == 0 {
                continue;
            }
            let mut add = |name: Option<&str>, n: u64| {
                *counts
                    .entry(name.unwrap_or("(none)").to_owned())
                    .or_default() += n;
            };
            match by {
                CountBy::Case => add(people.case_slug(transcript.case), hits),
                CountBy::Phase => add(people.phase_slug(transcript.phase), hits),
                CountBy::Transcript => add(Some(&transcript.slug), hits),
                _ => {
                    let only = match with.get(&transcript.id).map(Vec::as_slice) {
                        Some([one]) => Some(*one),
                        _ => None,
                    };
                    self.store
                        .each_turn_speaker(first, Some(n), |turn, speaker| {
                            if found.contains(narrow(turn)) {
                                let who =
                                    speaker.map_or(only, |s| speakers.get(&s).copied().flatten());
                                let person = who.and_then(|id| people.participants.get(&id));
                                add(
                                    if by == CountBy::Role {
                                        person.and_then(|p| p.role.as_deref())
                                    } else {
                                        person.map(|p| p.code.as_str())
                                    },
                                    1,
                                );
                            }
                        })?;
                }
            }
        }
        Ok(())
    }

    /// What a memo is on, as people write it: `study`, `case:alder`, `theme:governance/clarity` …
    pub fn name_of(&self, on: MemoOn) -> Result<String> {
        let people = || super::People::read(&self.store);
        Ok(match on {
            MemoOn::Study => "study".into(),
            MemoOn::Case(id) => format!("case:{}", people()?.case_slug(Some(id)).unwrap_or("?")),
            MemoOn::Participant(id) => {
                format!("participant:{}", people()?.code(Some(id)).unwrap_or("?"))
            }
            MemoOn::Transcript(id) => format!(
                "transcript:{}",
                self.store
                    .transcript_by_id(id)?
                    .map_or_else(|| "?".into(), |t| t.slug)
            ),
            MemoOn::Theme(id) => format!("theme:{}", Codebook::read(&self.store)?.path(id)),
            MemoOn::Coding(id) => format!("coding:{id}"),
            MemoOn::Finding(id) => format!("finding:{id}"),
        })
    }
}

/// The words around the first highlight of a hit, for a concordance: left, keyword, right.
pub fn in_context(hit: &Hit, width: usize) -> Vec<(String, String, String)> {
    let text: Vec<char> = hit.turn.text.chars().collect();
    let flat = |range: &[char]| {
        range
            .iter()
            .map(|c| if c.is_whitespace() { ' ' } else { *c })
            .collect::<String>()
    };
    hit.highlights
        .iter()
        .map(|(start, end)| {
            let span = Span::new(start - hit.turn.start, end - hit.turn.start);
            let (from, to) = (
                (span.start as usize).min(text.len()),
                (span.end as usize).min(text.len()),
            );
            let left = from.saturating_sub(width)..from;
            let right = to..(to + width).min(text.len());
            (flat(&text[left]), flat(&text[from..to]), flat(&text[right]))
        })
        .collect()
}
