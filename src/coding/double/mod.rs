//! Double coding: two coders on the same transcripts, where they differ, and what they settle.

mod consensus;
mod handle;
mod sample;
mod settle;
mod settled;

use std::collections::{HashMap, HashSet};

use serde::Serialize;

pub use consensus::{Consensus, consensus};
pub use handle::Handle;
pub use sample::{Ask, Progress, SampleView, Stratum, draw_sample, progress};
pub use settle::{Choice, Keep, Settled, Settling, settle};
pub use settled::{SettledList, SettledView, settled};

use super::Error;
use super::quotes::{Names, QuoteRef, each_ref};
use crate::analysis::disagreement::{Compared, Disagreement, Kind, Mark, compare};
use crate::domain::coder::is_human;
use crate::domain::filter::Filter;
use crate::domain::span::{Codepoints, Span, printable};
use crate::error::{Result, did_you_mean};
use crate::store::{Coder, Settlement, Store, Transcript};
use crate::study::passage::{Reader, turns};
use crate::study::{Selection, Shut, Study};

/// Two coders, in the order in which they were named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub first: Coder,
    pub second: Coder,
}

impl Pair {
    /// The two that were named; nobody: the only two people who have coded.
    pub fn of(store: &Store, typed: &[String]) -> Result<Self> {
        let all = store.coders()?;
        let both = match typed {
            [] => only_two(store, all)?,
            [_, _] => typed
                .iter()
                .map(|name| named(&all, name))
                .collect::<Result<Vec<_>, _>>()?,
            _ => {
                return Err(Error::refused(
                    "a disagreement is between two coders",
                    "name two, as in: --coders mara,jo",
                )
                .into());
            }
        };
        match <[Coder; 2]>::try_from(both) {
            Ok([first, second]) if first.id != second.id => Ok(Self { first, second }),
            _ => Err(Error::refused(
                "these are one and the same coder",
                "name two different ones; see them with: casebook coder list",
            )
            .into()),
        }
    }

    /// Whether these are the two, in whichever order.
    pub fn is(&self, one: i64, other: i64) -> bool {
        let mine = (self.first.id, self.second.id);
        mine == (one, other) || mine == (other, one)
    }

    /// As `--coders` takes them.
    pub fn typed(&self) -> String {
        format!("{},{}", self.first.name, self.second.name)
    }
}

fn named(all: &[Coder], name: &str) -> Result<Coder, crate::store::Error> {
    let name = name.trim();
    all.iter()
        .find(|c| c.name.eq_ignore_ascii_case(name))
        .cloned()
        .ok_or_else(|| crate::store::Error::Unknown {
            what: "coder",
            name: printable(name).into_owned(),
            near: did_you_mean(name, all.iter().map(|c| c.name.as_str())),
            list: "coder list",
        })
}

fn only_two(store: &Store, all: Vec<Coder>) -> Result<Vec<Coder>> {
    let coded: HashSet<i64> = store
        .codings_by_coder()?
        .into_iter()
        .map(|(id, ..)| id)
        .collect();
    let people: Vec<Coder> = all
        .into_iter()
        .filter(|c| is_human(&c.name) && coded.contains(&c.id))
        .collect();
    match people.len() {
        2 => Ok(people),
        0 | 1 => Err(Error::refused(
            "fewer than two people have coded",
            "code the same transcripts as somebody else, with: casebook --coder NAME code PLACE THEME",
        )
        .into()),
        n => {
            let shown: Vec<&str> = people.iter().take(8).map(|c| c.name.as_str()).collect();
            Err(Error::refused(
                format!("{n} people have coded: say which two are meant"),
                format!(
                    "name two of {}, as in: --coders {},{}",
                    shown.join(", "),
                    people[0].name,
                    people[1].name
                ),
            )
            .into())
        }
    }
}

/// One transcript that both coded.
pub(crate) struct Both<'r> {
    pub transcript: &'r Transcript,
    /// The codings of both, in the order of the text.
    pub refs: &'r [QuoteRef],
    pub compared: Compared,
    /// Places of the codings among `refs`.
    places: HashMap<i64, usize>,
}

impl Both<'_> {
    fn reference(&self, coding: i64) -> Option<&QuoteRef> {
        self.refs.get(*self.places.get(&coding)?)
    }
}

/// Runs `each` over the transcripts that both coded, of these or of all. Codings that wait, and what was said off the
/// record, are left out before anything is compared; nothing else is, so that what a coding disagrees with does not
/// depend on what somebody looks at.
fn each_both(
    study: &Study,
    pair: &Pair,
    transcripts: Option<Vec<i64>>,
    reader: &mut Reader,
    mut each: impl FnMut(&mut Reader, Both) -> Result<()>,
) -> Result<()> {
    let selection = Selection {
        transcripts,
        coders: Some(vec![pair.first.id, pair.second.id]),
        sealed: Shut::read(&study.store)?,
        ..Selection::default()
    };
    each_ref(study, &selection, reader, |reader, transcript, refs| {
        let marks = |coder: i64| -> Vec<Mark> {
            refs.iter()
                .filter(|q| q.coding.coder == coder)
                .map(|q| Mark {
                    span: q.coding.span,
                    theme: q.coding.theme,
                    coding: q.coding.id,
                })
                .collect()
        };
        let (first, second) = (marks(pair.first.id), marks(pair.second.id));
        if first.is_empty() || second.is_empty() {
            return Ok(());
        }
        each(
            reader,
            Both {
                transcript,
                refs,
                compared: compare(&first, &second),
                places: (0..refs.len()).map(|n| (refs[n].coding.id, n)).collect(),
            },
        )
    })
}

/// What a coder has at a place of disagreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Side {
    pub coding: i64,
    pub theme: String,
    pub start: u32,
    pub end: u32,
    pub text: String,
}

/// How a disagreement was settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    pub settlement: i64,
    /// first, second (of the coders as they are listed here), both, neither or other.
    pub keeps: String,
    pub why: String,
    pub coder: String,
    pub at: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DisagreementView {
    /// What `agreement settle` takes.
    pub handle: String,
    pub kind: Kind,
    pub transcript: String,
    pub turn: i64,
    /// From the first start to the last end, with the words there.
    pub start: u32,
    pub end: u32,
    pub text: String,
    pub case: Option<String>,
    pub participant: Option<String>,
    pub first: Option<Side>,
    pub second: Option<Side>,
    /// None where it is open.
    pub settlement: Option<Decision>,
}

/// How many of each kind there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Kinds {
    pub boundary: usize,
    pub theme: usize,
    pub presence: usize,
}

impl Kinds {
    fn add(&mut self, kind: Kind) {
        match kind {
            Kind::Boundary => self.boundary += 1,
            Kind::Theme => self.theme += 1,
            Kind::Presence => self.presence += 1,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Disagreements {
    pub coders: [String; 2],
    /// Transcripts that both coded, of those that the filters leave.
    pub transcripts: usize,
    /// Pairs of codings with the same theme and span.
    pub agreed: usize,
    /// All that the filters leave, settled or not, listed or not.
    pub total: usize,
    pub kinds: Kinds,
    pub open: usize,
    /// Codings that wait for their place in a corrected text, and so are not compared.
    pub pending: usize,
    pub disagreements: Vec<DisagreementView>,
}

/// What is asked of the list.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub kind: Option<Kind>,
    /// Only what is not settled.
    pub open: bool,
    /// Only the transcripts of this sample.
    pub sample: Option<String>,
}

/// Ids of a sample's transcripts, ascending.
pub fn in_sample(study: &Study, name: &str) -> Result<Vec<i64>> {
    let sample = study.store.sample(name)?;
    let mut ids: Vec<i64> = study
        .store
        .sampled(sample.id)?
        .into_iter()
        .map(|s| s.transcript)
        .collect();
    ids.sort_unstable();
    Ok(ids)
}

/// Transcripts that a selection and a sample leave; none: all.
fn transcripts_of(
    study: &Study,
    selection: &Selection,
    sample: Option<&str>,
) -> Result<Option<Vec<i64>>> {
    let Some(name) = sample else {
        return Ok(selection.transcripts.clone());
    };
    let mut ids = in_sample(study, name)?;
    if let Some(wanted) = &selection.transcripts {
        ids.retain(|id| wanted.binary_search(id).is_ok());
    }
    Ok(Some(ids))
}

/// Lists where two coders differ. A filter leaves a disagreement where it leaves one of its codings.
pub fn disagreements(
    study: &Study,
    pair: &Pair,
    filter: &Filter,
    wanted: &Wanted,
) -> Result<Disagreements> {
    let mut selection = study.select(filter)?;
    selection.transcripts = transcripts_of(study, &selection, wanted.sample.as_deref())?;
    let mut reader = Reader::new(&study.store)?;
    let left = left_by(study, &selection, pair, &mut reader)?;
    let names = Names::read(&study.store)?;
    let settlements = by_transcript(study.store.settlements(None)?);
    let waiting = Selection {
        coders: Some(vec![pair.first.id, pair.second.id]),
        ..selection.clone()
    };
    let mut found = Disagreements {
        coders: [pair.first.name.clone(), pair.second.name.clone()],
        transcripts: 0,
        agreed: 0,
        total: 0,
        kinds: Kinds::default(),
        open: 0,
        pending: study.pending_in(&waiting)?,
        disagreements: Vec::new(),
    };
    each_both(
        study,
        pair,
        selection.transcripts.clone(),
        &mut reader,
        |reader, both| {
            found.transcripts += 1;
            let passes = |m: &Mark| left.contains(&m.coding);
            found.agreed += both
                .compared
                .agreed
                .iter()
                .filter(|a| passes(&a.first) || passes(&a.second))
                .count();
            let of_text = settlements.get(&both.transcript.id);
            let chosen: Vec<&Disagreement> = both
                .compared
                .disagreements
                .iter()
                .filter(|d| [d.first, d.second].iter().flatten().any(passes))
                .filter(|d| wanted.kind.is_none_or(|k| k == d.kind))
                .collect();
            let texts = Texts::read(reader, both.transcript, &chosen)?;
            let shown = shown(reader, &selection.sealed, &both, &chosen)?;
            for ((d, texts), shown) in chosen.into_iter().zip(texts).zip(shown) {
                let settlement = of_text.and_then(|all| {
                    all.iter()
                        .find(|s| stands(s, pair, d, &texts.basis(pair, d)))
                });
                found.total += 1;
                found.kinds.add(d.kind);
                found.open += usize::from(settlement.is_none());
                if wanted.open && settlement.is_some() {
                    continue;
                }
                found
                    .disagreements
                    .push(view(reader, &names, &both, pair, d, shown, settlement));
            }
            Ok(())
        },
    )?;
    Ok(found)
}

/// Codings of the two that a filter leaves.
fn left_by(
    study: &Study,
    selection: &Selection,
    pair: &Pair,
    reader: &mut Reader,
) -> Result<HashSet<i64>> {
    let mut both = vec![pair.first.id, pair.second.id];
    if let Some(wanted) = &selection.coders {
        both.retain(|id| wanted.contains(id));
    }
    let mut left = HashSet::new();
    let narrowed = Selection {
        coders: Some(both),
        ..selection.clone()
    };
    each_ref(study, &narrowed, reader, |_, _, refs| {
        left.extend(refs.iter().map(|q| q.coding.id));
        Ok(())
    })?;
    Ok(left)
}

fn by_transcript(all: Vec<Settlement>) -> HashMap<i64, Vec<Settlement>> {
    let mut found: HashMap<i64, Vec<Settlement>> = HashMap::new();
    for settlement in all {
        found
            .entry(settlement.transcript)
            .or_default()
            .push(settlement);
    }
    found
}

/// The words at a place of disagreement, as they stand in the text: whether it is still the same is told by them.
struct Texts {
    first: String,
    second: String,
}

impl Texts {
    /// Of each disagreement of one transcript.
    fn read(
        reader: &mut Reader,
        transcript: &Transcript,
        all: &[&Disagreement],
    ) -> Result<Vec<Self>> {
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let of = |m: Option<Mark>| m.map_or(Span::new(0, 0), |m| m.span);
        let spans: Vec<Span> = all
            .iter()
            .flat_map(|d| [of(d.first), of(d.second)])
            .collect();
        let mut texts = reader.slices(transcript.revision.id, &spans)?.into_iter();
        let mut next = || texts.next().unwrap_or_default();
        let one = |_: &&Disagreement| Self {
            first: next(),
            second: next(),
        };
        Ok(all.iter().map(one).collect())
    }

    /// Digest of the themes and words at stake, the same whoever is called the first. Where a correction elsewhere in
    /// the text moves the codings, it stays.
    fn basis(&self, pair: &Pair, d: &Disagreement) -> [u8; 32] {
        let mut sides = [
            (pair.first.id, d.first, &self.first),
            (pair.second.id, d.second, &self.second),
        ];
        sides.sort_unstable_by_key(|(coder, ..)| *coder);
        let mut hasher = blake3::Hasher::new();
        for (coder, mark, text) in sides {
            hasher.update(&coder.to_le_bytes());
            hasher.update(&mark.map_or(0, |m| m.theme).to_le_bytes());
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        *hasher.finalize().as_bytes()
    }
}

/// The words of each disagreement of one transcript, of all of it and of both sides, without what was said off the
/// record.
fn shown(
    reader: &mut Reader,
    sealed: &Shut,
    both: &Both,
    all: &[&Disagreement],
) -> Result<Vec<[String; 3]>> {
    let Some(turns) = turns(both.refs.iter().map(|q| &q.coding)) else {
        return Ok(Vec::new());
    };
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let open = reader.open(sealed, both.transcript.id, turns)?;
    let points = Codepoints::new(reader.text(both.transcript.revision.id)?);
    let of = |m: Option<Mark>| m.map_or(Span::new(0, 0), |m| m.span);
    let words = |span: Span| open.words(&points, span).into_owned();
    let one = |d: &&Disagreement| [d.span(), of(d.first), of(d.second)].map(words);
    Ok(all.iter().map(one).collect())
}

/// Whether a settlement still says how this disagreement was settled: the same codings, and they say what they said.
fn stands(settlement: &Settlement, pair: &Pair, d: &Disagreement, basis: &[u8; 32]) -> bool {
    let mut then = settlement.codings.clone();
    let mut now = d.codings();
    then.sort_unstable();
    now.sort_unstable();
    then == now
        && pair.is(settlement.first_coder, settlement.second_coder)
        && settlement.kind == d.kind.word()
        && settlement.basis == *basis
}

/// What a settlement keeps, with the coders in the order of this pair.
fn keeps(settlement: &Settlement, pair: &Pair) -> String {
    let turned = settlement.first_coder != pair.first.id;
    match (&*settlement.keeps, turned) {
        ("first", true) => "second".into(),
        ("second", true) => "first".into(),
        (word, _) => word.to_owned(),
    }
}

fn view(
    reader: &Reader,
    names: &Names,
    both: &Both,
    pair: &Pair,
    d: &Disagreement,
    [whole, first, second]: [String; 3],
    settlement: Option<&Settlement>,
) -> DisagreementView {
    let side = |mark: Option<Mark>, text: String| {
        mark.map(|m| Side {
            coding: m.coding,
            theme: names.book.path(m.theme),
            start: m.span.start,
            end: m.span.end,
            text,
        })
    };
    // Whichever begins first stands for the place.
    let at = [d.first, d.second]
        .into_iter()
        .flatten()
        .min()
        .and_then(|m| both.reference(m.coding));
    DisagreementView {
        handle: Handle::of(d).to_string(),
        kind: d.kind,
        transcript: both.transcript.slug.clone(),
        turn: at.map_or(0, |q| both.transcript.revision.number_of(q.turn)),
        start: d.span().start,
        end: d.span().end,
        text: whole,
        case: reader
            .people
            .case_slug(both.transcript.case)
            .map(str::to_owned),
        participant: at
            .and_then(|q| reader.people.code(q.participant))
            .map(str::to_owned),
        first: side(d.first, first),
        second: side(d.second, second),
        settlement: settlement.map(|s| Decision {
            settlement: s.id,
            keeps: keeps(s, pair),
            why: s.why.clone(),
            coder: s.coder.clone(),
            at: s.at.clone(),
        }),
    }
}
