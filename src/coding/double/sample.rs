//! Drawing transcripts to be coded twice, keeping which they are, and how far their coding has come.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::analysis::sampling::{Draw, Share, Unit, draw};
use crate::coding::Error;
use crate::domain::attribute::Owner;
use crate::domain::coder::is_human;
use crate::domain::filter::Filter;
use crate::domain::span::printable;
use crate::error::Result;
use crate::store::{Sample, Sampled, Transcript};
use crate::study::{People, Study};

/// Something that a sample is spread over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stratum {
    Case,
    /// Of those whom the transcript is with; several stand together.
    Role,
    Phase,
    Kind,
    Attribute(Option<Owner>, String),
}

impl fmt::Display for Stratum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Case => f.write_str("case"),
            Self::Role => f.write_str("role"),
            Self::Phase => f.write_str("phase"),
            Self::Kind => f.write_str("kind"),
            Self::Attribute(Some(owner), name) => write!(f, "attr:{owner}.{name}"),
            Self::Attribute(None, name) => write!(f, "attr:{name}"),
        }
    }
}

impl FromStr for Stratum {
    type Err = Error;

    fn from_str(typed: &str) -> Result<Self, Error> {
        Ok(match typed.trim() {
            "case" => Self::Case,
            "role" => Self::Role,
            "phase" => Self::Phase,
            "kind" => Self::Kind,
            other => match other.strip_prefix("attr:").filter(|k| !k.is_empty()) {
                Some(key) => match key.split_once('.') {
                    Some((owner, name)) if owner.parse::<Owner>().is_ok() => {
                        Self::Attribute(owner.parse().ok(), name.to_owned())
                    }
                    _ => Self::Attribute(None, key.to_owned()),
                },
                None => {
                    return Err(Error::refused(
                        format!("`{}` is nothing to stratify by", printable(other)),
                        "it may be: case, role, phase, kind or attr:KEY, several with commas: --stratify case,role",
                    ));
                }
            },
        })
    }
}

/// What has no value along a dimension.
const NONE: &str = "(none)";

/// What a stratum of a sample holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StratumView {
    /// Its value along each dimension.
    pub stratum: Vec<String>,
    /// All that could be drawn from.
    pub transcripts: usize,
    pub words: u64,
    pub drawn_transcripts: usize,
    pub drawn_words: u64,
    /// Drawn per hundred of the stratum's; none where it has no words.
    pub percent_of_transcripts: Option<f64>,
    pub percent_of_words: Option<f64>,
}

/// A sample as it was drawn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SampleView {
    pub sample: String,
    /// Planned share of the words, as it was typed.
    pub share: String,
    pub seed: i64,
    pub strata: Vec<String>,
    pub filters: Vec<String>,
    /// Transcripts and words that it was drawn from.
    pub eligible_transcripts: usize,
    pub eligible_words: u64,
    /// Transcripts and words that were drawn.
    pub transcripts: usize,
    pub words: u64,
    /// Drawn per hundred of what it was drawn from; none where that has no words.
    pub percent_of_transcripts: Option<f64>,
    pub percent_of_words: Option<f64>,
    /// Whether the share was large enough for at least one transcript of each stratum.
    pub covering: bool,
    /// Transcripts that were not drawn from, as all who speak in them spoke off the record.
    pub off_record: usize,
    pub by_stratum: Vec<StratumView>,
    /// The transcripts that were drawn.
    pub drawn: Vec<DrawnView>,
    pub event: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DrawnView {
    pub transcript: String,
    pub stratum: Vec<String>,
    pub words: u64,
}

/// A sample to be drawn, as it was asked for.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    pub name: &'a str,
    pub share: &'a str,
    pub seed: i64,
    pub strata: &'a [Stratum],
    pub filter: &'a Filter,
    /// The filter as it was typed, for the record.
    pub filters: &'a [String],
}

/// Part of a whole in per cent, to two decimals; none where there is no whole.
fn percent(part: u64, whole: u64) -> Option<f64> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "words of a study are far below 2^52"
    )]
    let hundredths = |n: u64, of: u64| ((n as f64 / of as f64) * 10_000.0).round() / 100.0;
    (whole > 0).then(|| hundredths(part, whole))
}

/// Draws a sample and keeps it; `dry_run` only says what would be drawn.
pub fn draw_sample(study: &Study, ask: &Ask, dry_run: bool) -> Result<SampleView> {
    let Some(share) = Share::read(ask.share) else {
        return Err(Error::refused(
            format!("`{}` is no share", printable(ask.share)),
            "write it in per cent of the words, above 0 and up to 100, as in: --share 20%",
        )
        .into());
    };
    if !dry_run
        && let Some(there) = study
            .store
            .samples()?
            .iter()
            .find(|s| s.name.eq_ignore_ascii_case(ask.name))
    {
        return Err(Error::refused(
            format!("sample `{}` exists already", there.name),
            format!(
                "choose another name, or see it with: casebook agreement sample show {}",
                there.name
            ),
        )
        .into());
    }
    let (eligible, off_record) = eligible(study, ask.filter)?;
    if eligible.is_empty() {
        return Err(Error::refused(
            "there are no transcripts to draw from",
            "see what there is with: casebook transcript list   and leave out filters that take too much away",
        )
        .into());
    }
    let values = values(study, &eligible, ask.strata)?;
    // Strata stand in the order of their values, transcripts in that of their list: so a seed means the same again.
    let mut places: BTreeMap<&[String], usize> = values.iter().map(|v| (v.as_slice(), 0)).collect();
    for (n, place) in places.values_mut().enumerate() {
        *place = n;
    }
    let units: Vec<Unit> = eligible
        .iter()
        .zip(&values)
        .map(|(t, v)| Unit {
            words: words_of(t),
            stratum: places.get(v.as_slice()).copied().unwrap_or_default(),
        })
        .collect();
    let drawn = draw(&units, share, u64::try_from(ask.seed).unwrap_or_default());
    let names: Vec<Vec<String>> = places.keys().map(|k| k.to_vec()).collect();
    let mut view = view(ask, &eligible, &values, &names, &drawn);
    view.off_record = off_record;
    if dry_run {
        return Ok(view);
    }
    let transcripts: Vec<Sampled> = drawn
        .units
        .iter()
        .map(|n| Sampled {
            transcript: eligible[*n].id,
            stratum: values[*n].clone(),
        })
        .collect();
    let sample = Sample {
        id: 0,
        name: ask.name.to_owned(),
        share: ask.share.trim().to_owned(),
        seed: ask.seed,
        strata: view.strata.clone(),
        filters: view.filters.clone(),
        eligible: i64::try_from(view.eligible_transcripts).unwrap_or(i64::MAX),
        words: i64::try_from(view.eligible_words).unwrap_or(i64::MAX),
        coder: String::new(),
        at: String::new(),
    };
    let ((), event) = study.change("agreement sample", |tx| {
        tx.add_sample(&sample, &transcripts)?;
        tx.summary(format!(
            "draw sample {}: {} of {} transcripts",
            sample.name,
            transcripts.len(),
            sample.eligible
        ));
        Ok(())
    })?;
    view.event = event;
    Ok(view)
}

fn words_of(transcript: &Transcript) -> u64 {
    u64::try_from(transcript.revision.words).unwrap_or_default()
}

/// The transcripts that a filter leaves, and how many of them are left out as everybody in them spoke off the record.
fn eligible(study: &Study, filter: &Filter) -> Result<(Vec<Transcript>, usize)> {
    let selection = study.select(filter)?;
    let with = study.store.transcript_participants(None)?;
    let mut all = study.store.transcripts()?;
    all.retain(|t| {
        selection
            .transcripts
            .as_ref()
            .is_none_or(|ids| ids.binary_search(&t.id).is_ok())
    });
    let before = all.len();
    all.retain(|t| {
        with.get(&t.id)
            .is_none_or(|w| !selection.sealed.covers(&t.revision, w))
    });
    let off_record = before - all.len();
    Ok((all, off_record))
}

/// The value of each transcript along each dimension.
fn values(study: &Study, all: &[Transcript], strata: &[Stratum]) -> Result<Vec<Vec<String>>> {
    let people = People::read(&study.store)?;
    let with = study.store.transcript_participants(None)?;
    let none = || NONE.to_owned();
    let mut found: Vec<Vec<String>> = vec![Vec::new(); all.len()];
    for stratum in strata {
        let attribute = match stratum {
            Stratum::Attribute(owner, name) => Some(attribute(study, *owner, name)?),
            _ => None,
        };
        for (t, values) in all.iter().zip(&mut found) {
            let theirs = with.get(&t.id).map(Vec::as_slice).unwrap_or_default();
            values.push(match (stratum, &attribute) {
                (Stratum::Case, _) => people.case_slug(t.case).map_or_else(none, str::to_owned),
                (Stratum::Phase, _) => people.phase_slug(t.phase).map_or_else(none, str::to_owned),
                (Stratum::Kind, _) => t.kind.clone(),
                (Stratum::Role, _) => together(
                    theirs
                        .iter()
                        .filter_map(|p| people.participants.get(p)?.role.clone()),
                ),
                (Stratum::Attribute(..), Some((owner, of))) => {
                    let value = |id: &i64| of.get(id).cloned();
                    match owner {
                        Owner::Case => together(t.case.iter().filter_map(value)),
                        Owner::Transcript => together([t.id].iter().filter_map(value)),
                        Owner::Participant => together(theirs.iter().filter_map(value)),
                    }
                }
                (Stratum::Attribute(..), None) => none(),
            });
        }
    }
    Ok(found)
}

/// Several values as one: in order, each once.
fn together(values: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = values.collect();
    all.sort();
    all.dedup();
    if all.is_empty() {
        NONE.to_owned()
    } else {
        all.join(" + ")
    }
}

/// Whose an attribute is, and its values by owner.
fn attribute(
    study: &Study,
    owner: Option<Owner>,
    name: &str,
) -> Result<(Owner, HashMap<i64, String>)> {
    let all = study.store.attributes()?;
    let found = all
        .iter()
        .find(|a| a.name.eq_ignore_ascii_case(name) && owner.is_none_or(|o| o == a.of));
    let found = match found {
        Some(found) => found.clone(),
        None => study
            .store
            .attribute(owner.unwrap_or(Owner::Participant), name)?,
    };
    let values = study
        .store
        .values(found.of, None)?
        .into_iter()
        .filter(|v| v.attribute == found.name)
        .map(|v| (v.owner, v.value))
        .collect();
    Ok((found.of, values))
}

fn view(
    ask: &Ask,
    eligible: &[Transcript],
    values: &[Vec<String>],
    names: &[Vec<String>],
    drawn: &Draw,
) -> SampleView {
    let eligible_words = eligible.iter().map(words_of).sum();
    let words = drawn.strata.iter().map(|s| s.drawn_words).sum();
    SampleView {
        sample: ask.name.to_owned(),
        share: ask.share.trim().to_owned(),
        seed: ask.seed,
        strata: ask.strata.iter().map(ToString::to_string).collect(),
        filters: ask.filters.to_vec(),
        eligible_transcripts: eligible.len(),
        eligible_words,
        transcripts: drawn.units.len(),
        words,
        percent_of_transcripts: percent(drawn.units.len() as u64, eligible.len() as u64),
        percent_of_words: percent(words, eligible_words),
        covering: drawn.covering,
        off_record: 0,
        by_stratum: names
            .iter()
            .zip(&drawn.strata)
            .map(|(name, s)| StratumView {
                stratum: name.clone(),
                transcripts: s.transcripts,
                words: s.words,
                drawn_transcripts: s.drawn_transcripts,
                drawn_words: s.drawn_words,
                percent_of_transcripts: percent(s.drawn_transcripts as u64, s.transcripts as u64),
                percent_of_words: percent(s.drawn_words, s.words),
            })
            .collect(),
        drawn: drawn
            .units
            .iter()
            .map(|n| DrawnView {
                transcript: eligible[*n].slug.clone(),
                stratum: values[*n].clone(),
                words: words_of(&eligible[*n]),
            })
            .collect(),
        event: None,
    }
}

/// How far the coding of a sample has come.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Progress {
    pub sample: String,
    pub share: String,
    pub seed: i64,
    pub strata: Vec<String>,
    pub filters: Vec<String>,
    pub drawn_by: String,
    pub at: String,
    /// What it was drawn from, then.
    pub eligible_transcripts: i64,
    pub eligible_words: u64,
    /// What it holds, now.
    pub transcripts: usize,
    pub words: u64,
    /// Its words per hundred of those that it was drawn from.
    pub percent_of_words: Option<f64>,
    /// Coded by at least two people, by one, by nobody.
    pub twice: usize,
    pub once: usize,
    pub not_yet: usize,
    /// Words of the transcripts that two people have coded, and their share of those that it was drawn from.
    pub twice_words: u64,
    pub twice_percent_of_words: Option<f64>,
    pub sampled: Vec<SampledView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SampledView {
    pub transcript: String,
    pub stratum: Vec<String>,
    pub words: u64,
    /// The people who have coded it; not rules, and not the consensus.
    pub coders: Vec<String>,
}

/// Who has coded which transcript of a sample.
pub fn progress(study: &Study, name: &str) -> Result<Progress> {
    let sample = study.store.sample(name)?;
    let coders: HashMap<i64, String> = study
        .store
        .coders()?
        .into_iter()
        .filter(|c| is_human(&c.name))
        .map(|c| (c.id, c.name))
        .collect();
    let mut sampled = Vec::new();
    for one in study.store.sampled(sample.id)? {
        let Some(transcript) = study.store.transcript_by_id(one.transcript)? else {
            continue; // the schema's keys do not allow it
        };
        let mut names: Vec<String> = study
            .store
            .coders_of(one.transcript)?
            .iter()
            .filter_map(|(id, _)| coders.get(id).cloned())
            .collect();
        names.sort();
        sampled.push(SampledView {
            transcript: transcript.slug.clone(),
            stratum: one.stratum,
            words: words_of(&transcript),
            coders: names,
        });
    }
    let by = |fits: fn(usize) -> bool| sampled.iter().filter(move |s| fits(s.coders.len()));
    let words: u64 = sampled.iter().map(|s| s.words).sum();
    let twice_words: u64 = by(|n| n >= 2).map(|s| s.words).sum();
    let eligible_words = u64::try_from(sample.words).unwrap_or_default();
    Ok(Progress {
        twice: by(|n| n >= 2).count(),
        once: by(|n| n == 1).count(),
        not_yet: by(|n| n == 0).count(),
        twice_words,
        twice_percent_of_words: percent(twice_words, eligible_words),
        transcripts: sampled.len(),
        words,
        percent_of_words: percent(words, eligible_words),
        sampled,
        sample: sample.name,
        share: sample.share,
        seed: sample.seed,
        strata: sample.strata,
        filters: sample.filters,
        drawn_by: sample.coder,
        at: sample.at,
        eligible_transcripts: sample.eligible,
        eligible_words,
    })
}
