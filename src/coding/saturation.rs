//! Which codes came up in which interview, in which order: what [`crate::analysis::saturation`] works on.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::Error;
use super::quotes::each_ref;
use crate::analysis::saturation::{Ask, Assessment, Threshold, assess, curve};
use crate::domain::coder::is_human;
use crate::domain::filter::Filter;
use crate::domain::words::{SpeakerRole, TranscriptKind, words};
use crate::error::Result;
use crate::store::Transcript;
use crate::study::passage::Reader;
use crate::study::{Codebook, Selection, Study};

words! {
    /// What saturation is worked out for.
    Per, "group of interviews" {
        /// All interviews together.
        Study = "study",
        /// Those of each case.
        Case = "case",
        /// What participants in each role said.
        Role = "role",
    }
}

/// In which order the interviews are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// By the day of the interview; those without one last, as they were imported.
    Date,
    /// As they were imported.
    Import,
    /// As somebody lists them.
    Listed(Vec<String>),
}

/// What is asked, beside the filter.
pub struct Options {
    pub ask: Ask,
    pub per: Per,
    pub order: Order,
    /// The kinds of transcript that are interviews.
    pub kinds: Vec<TranscriptKind>,
    /// Themes put together at this depth of the tree.
    pub depth: Option<usize>,
}

/// Saturation, with all that it rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Saturation {
    pub per: Per,
    pub kinds: Vec<TranscriptKind>,
    /// date, import or list.
    pub order: &'static str,
    pub depth: Option<usize>,
    /// Who coded what is counted.
    pub coders: Vec<String>,
    pub thresholds: Vec<Threshold>,
    pub shuffle: Option<Drawn>,
    /// Interviews without a date, which stand last where the order is that of the dates.
    pub undated: Vec<String>,
    /// Interviews that nobody has coded: they are left out, as they say nothing of what is new.
    pub uncoded: Vec<String>,
    /// Codings that wait for their place in a corrected text, and so are in no figure.
    pub pending: usize,
    pub groups: Vec<Group>,
}

/// The orders that are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Drawn {
    pub orders: usize,
    pub seed: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// A case's slug or a role; null for the whole study.
    pub group: Option<String>,
    pub interviews: usize,
    /// Different codes in them.
    pub codes: usize,
    pub curve: Vec<Interview>,
    pub assessments: Vec<Assessment>,
}

/// One interview in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Interview {
    /// Its place, from 1.
    pub n: usize,
    pub transcript: String,
    pub date: Option<String>,
    /// Different codes in it, those that no earlier one had, and all up to it.
    pub codes: usize,
    pub new: usize,
    pub total: usize,
}

const NONE: &str = "(none)";

pub fn saturation(study: &Study, filter: &Filter, options: &Options) -> Result<Saturation> {
    let mut selection = study.select(filter)?;
    let all = study.store.coders()?;
    // A rule finds the same words everywhere: what it codes says nothing of what people still find.
    let counted: Vec<i64> = match selection.coders.take() {
        Some(asked) => asked,
        None => all
            .iter()
            .filter(|c| is_human(&c.name))
            .map(|c| c.id)
            .collect(),
    };
    selection.coders = Some(counted.clone());
    let mut interviews = interviews(study, &selection, &options.kinds)?;
    let order = in_order(study, &mut interviews, &options.order)?;
    let coded_by = study.store.coders_by_transcript()?;
    let coders_of = |t: &Transcript| {
        let coders = coded_by.get(&t.id).map(Vec::as_slice).unwrap_or_default();
        coders.iter().filter(|c| counted.contains(c))
    };
    let mut uncoded = Vec::new();
    interviews.retain(|t| {
        let coded = coders_of(t).next().is_some();
        if !coded {
            uncoded.push(t.slug.clone());
        }
        coded
    });
    let mut undated: Vec<&Transcript> = interviews.iter().filter(|t| t.date.is_none()).collect();
    undated.sort_by_key(|t| t.id);
    let undated = undated.iter().map(|t| t.slug.clone()).collect();
    let mut coders: BTreeSet<i64> = BTreeSet::new();
    coders.extend(interviews.iter().flat_map(coders_of));
    let coders = all
        .into_iter()
        .filter(|c| coders.contains(&c.id))
        .map(|c| c.name)
        .collect();
    let mut ids: Vec<i64> = interviews.iter().map(|t| t.id).collect();
    ids.sort_unstable();
    selection.transcripts = Some(ids);
    let pending = study.pending_in(&selection)?;
    let found = codes(study, &selection, &interviews, options)?;
    Ok(Saturation {
        per: options.per,
        kinds: options.kinds.clone(),
        order,
        depth: options.depth,
        coders,
        thresholds: options.ask.thresholds.clone(),
        shuffle: options
            .ask
            .shuffle
            .map(|(orders, seed)| Drawn { orders, seed }),
        undated,
        uncoded,
        pending,
        groups: found
            .into_iter()
            .map(|(name, codes)| group(name, &codes, &interviews, &options.ask))
            .collect(),
    })
}

/// The transcripts that are interviews, of those that the selection takes: by kind, and with somebody who may be counted.
fn interviews(
    study: &Study,
    selection: &Selection,
    kinds: &[TranscriptKind],
) -> Result<Vec<Transcript>> {
    let with = study.store.transcript_participants(None)?;
    let taken = |t: &Transcript| {
        let people = with.get(&t.id).map(Vec::as_slice).unwrap_or_default();
        let counts = |p: &i64| {
            !selection.sealed.contains(p)
                && selection
                    .participants
                    .as_ref()
                    .is_none_or(|wanted| wanted.contains(p))
        };
        kinds.iter().any(|k| k.word() == t.kind)
            && !selection.sealed.covers(&t.revision, &[])
            && selection
                .transcripts
                .as_ref()
                .is_none_or(|ids| ids.binary_search(&t.id).is_ok())
            && (people.is_empty() || people.iter().any(counts))
    };
    let mut found = study.store.transcripts()?;
    found.retain(taken);
    Ok(found)
}

/// Puts interviews in order, and says which it is.
fn in_order(study: &Study, interviews: &mut [Transcript], order: &Order) -> Result<&'static str> {
    Ok(match order {
        Order::Date => {
            interviews.sort_by(|a, b| {
                let key = |t: &Transcript| (t.date.is_none(), t.date.clone(), t.id);
                key(a).cmp(&key(b))
            });
            "date"
        }
        Order::Import => {
            interviews.sort_by_key(|t| t.id);
            "import"
        }
        Order::Listed(names) => {
            let mut places: HashMap<i64, usize> = HashMap::new();
            for name in names {
                let t = study.store.transcript(name)?;
                if !interviews.iter().any(|i| i.id == t.id) {
                    return Err(Error::refused(
                        format!("`{}` is not among the interviews", t.slug),
                        "leave it out of --order, or widen --kind or the filters so that it is among them",
                    )
                    .into());
                }
                if places.insert(t.id, places.len()).is_some() {
                    return Err(Error::refused(
                        format!("`{}` stands twice in the order", t.slug),
                        "name each interview once",
                    )
                    .into());
                }
            }
            let missing: Vec<&str> = interviews
                .iter()
                .filter(|t| !places.contains_key(&t.id))
                .map(|t| t.slug.as_str())
                .take(5)
                .collect();
            if !missing.is_empty() {
                return Err(Error::refused(
                    format!(
                        "the order leaves out {} of {} interviews",
                        interviews.len() - places.len(),
                        interviews.len()
                    ),
                    format!(
                        "name all of them (not there: {}{}), or say which count with --transcript",
                        missing.join(", "),
                        if interviews.len() - places.len() > 5 {
                            " …"
                        } else {
                            ""
                        }
                    ),
                )
                .into());
            }
            interviews.sort_by_key(|t| places.get(&t.id).copied());
            "list"
        }
    })
}

/// The codes of a group's interviews, by the interview's place among all. Codes are numbers that stand for paths.
type Codes = BTreeMap<usize, BTreeSet<usize>>;

/// Groups by name, in order; what has none is last.
fn codes(
    study: &Study,
    selection: &Selection,
    interviews: &[Transcript],
    options: &Options,
) -> Result<Vec<(Option<String>, Codes)>> {
    let book = Codebook::read(&study.store)?;
    let mut reader = Reader::new(&study.store)?;
    let mut groups = Groups::default();
    if options.per == Per::Study {
        groups.of(Some(String::new()));
    }
    let mut places: HashMap<i64, usize> = HashMap::new();
    for (place, t) in interviews.iter().enumerate() {
        places.insert(t.id, place);
        // An interview in which nothing of this was coded is one that brought nothing new.
        match options.per {
            Per::Study => {
                groups.interview(Some(String::new()), place);
            }
            Per::Case => {
                groups.interview(reader.people.case_slug(t.case).map(str::to_owned), place);
            }
            Per::Role => {
                let with = reader.with(t.id)?.to_vec();
                let taken = with
                    .iter()
                    .filter(|p| selection.takes(SpeakerRole::Participant.word(), Some(**p)));
                for person in taken {
                    groups.interview(role_of(&reader, Some(*person)), place);
                }
                // Whoever spoke is not known: no role has it, but it is an interview all the same.
                if with.is_empty() {
                    groups.interview(None, place);
                }
            }
        }
    }
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut number_of: HashMap<i64, usize> = HashMap::new();
    each_ref(
        study,
        selection,
        &mut reader,
        |reader, transcript, found| {
            let Some(place) = places.get(&transcript.id) else {
                return Ok(());
            };
            for q in found {
                let code = *number_of.entry(q.coding.theme).or_insert_with(|| {
                    let path = at_depth(&book, q.coding.theme, options.depth);
                    let next = numbers.len();
                    *numbers.entry(path).or_insert(next)
                });
                let name = match options.per {
                    Per::Study => Some(String::new()),
                    Per::Case => reader.people.case_slug(transcript.case).map(str::to_owned),
                    Per::Role => role_of(reader, q.participant),
                };
                groups.interview(name, *place).insert(code);
            }
            Ok(())
        },
    )?;
    Ok(groups.settle(options.per))
}

/// Groups as they come up.
#[derive(Default)]
struct Groups(BTreeMap<(bool, String), Codes>);

impl Groups {
    fn of(&mut self, name: Option<String>) -> &mut Codes {
        self.0
            .entry((name.is_none(), name.unwrap_or_default()))
            .or_default()
    }

    fn interview(&mut self, name: Option<String>, place: usize) -> &mut BTreeSet<usize> {
        self.of(name).entry(place).or_default()
    }

    fn settle(self, per: Per) -> Vec<(Option<String>, Codes)> {
        let name = |(none, name): (bool, String)| match per {
            Per::Study => None,
            _ if none => Some(NONE.to_owned()),
            _ => Some(name),
        };
        self.0
            .into_iter()
            .map(|(key, codes)| (name(key), codes))
            .collect()
    }
}

fn role_of(reader: &Reader, participant: Option<i64>) -> Option<String> {
    let person = reader.people.participants.get(&participant?)?;
    person.role.clone()
}

fn at_depth(book: &Codebook, theme: i64, depth: Option<usize>) -> String {
    let path = book.path(theme);
    match depth {
        Some(depth) => path.split('/').take(depth).collect::<Vec<_>>().join("/"),
        None => path,
    }
}

fn group(name: Option<String>, codes: &Codes, interviews: &[Transcript], ask: &Ask) -> Group {
    let sets: Vec<Vec<usize>> = codes
        .values()
        .map(|s| s.iter().copied().collect())
        .collect();
    let of: Vec<&Transcript> = codes.keys().map(|place| &interviews[*place]).collect();
    // The orders are drawn from that of the import, so that they are the same whichever order is asked about.
    let mut drawn_from: Vec<usize> = (0..of.len()).collect();
    drawn_from.sort_by_key(|n| of[*n].id);
    let steps = curve(&sets);
    Group {
        group: name,
        interviews: of.len(),
        codes: steps.last().map_or(0, |s| s.total),
        assessments: assess(&sets, &drawn_from, ask),
        curve: (1..)
            .zip(of)
            .zip(steps)
            .map(|((n, t), step)| Interview {
                n,
                transcript: t.slug.clone(),
                date: t.date.clone(),
                codes: step.codes,
                new: step.new,
                total: step.total,
            })
            .collect(),
    }
}
