//! The decisions that were made on disagreements, and whether they still stand.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Pair, Texts, each_both, stands};
use crate::domain::coder::CONSENSUS;
use crate::error::Result;
use crate::store::{Coder, Settlement};
use crate::study::Study;
use crate::study::passage::Reader;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettledView {
    pub settlement: i64,
    pub handle: String,
    pub kind: String,
    pub transcript: String,
    /// The coders, the first one first.
    pub coders: [String; 2],
    /// first, second, both, neither or other.
    pub keeps: String,
    pub why: String,
    /// Who settled it, and when.
    pub coder: String,
    pub at: String,
    /// Whether it still holds: a coding at stake may be gone, be moved, or say something else by now.
    pub stands: bool,
    /// Codings of the consensus that were made by it.
    pub consensus: Vec<i64>,
    pub event: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettledList {
    pub total: usize,
    /// Those that no longer hold.
    pub reopened: usize,
    pub settled: Vec<SettledView>,
}

/// The settlements, oldest first: all, those of two coders, or those on one transcript.
pub fn settled(study: &Study, pair: Option<&Pair>, transcript: Option<i64>) -> Result<SettledList> {
    let coders = study.store.coders()?;
    let name = |id: i64| {
        coders
            .iter()
            .find(|c| c.id == id)
            .map_or_else(String::new, |c| c.name.clone())
    };
    let mut all = study.store.settlements(transcript)?;
    all.retain(|s| pair.is_none_or(|p| p.is(s.first_coder, s.second_coder)));
    let standing = standing(study, &all, &coders)?;
    let consensus = coders.iter().find(|c| c.name == CONSENSUS).map(|c| c.id);
    let mut reader = Reader::of_few(&study.store)?;
    let mut views = Vec::with_capacity(all.len());
    for s in all {
        let made = study
            .store
            .codings_of(s.transcript)?
            .into_iter()
            .filter(|c| c.event == s.event && Some(c.coder) == consensus)
            .map(|c| c.id)
            .collect();
        views.push(SettledView {
            settlement: s.id,
            handle: handle(study, &s)?,
            kind: s.kind.clone(),
            transcript: reader.transcript(s.transcript)?.slug.clone(),
            coders: [name(s.first_coder), name(s.second_coder)],
            keeps: s.keeps.clone(),
            why: s.why.clone(),
            coder: s.coder.clone(),
            at: s.at.clone(),
            stands: standing.contains(&s.id),
            consensus: made,
            event: s.event,
        });
    }
    Ok(SettledList {
        total: views.len(),
        reopened: views.iter().filter(|v| !v.stands).count(),
        settled: views,
    })
}

/// The codings at stake as they were named. Where the one coding is gone, it counts as the first coder's.
fn handle(study: &Study, s: &Settlement) -> Result<String> {
    Ok(match s.codings[..] {
        [a, b] => format!("{a}/{b}"),
        [one] => match study.store.coding(one)? {
            Some(c) if c.coder == s.second_coder => format!("none/{one}"),
            _ => format!("{one}/none"),
        },
        _ => "none/none".into(),
    })
}

/// Ids of the settlements that still say how things stand.
fn standing(study: &Study, all: &[Settlement], coders: &[Coder]) -> Result<Vec<i64>> {
    let mut by_pair: BTreeMap<(i64, i64), Vec<&Settlement>> = BTreeMap::new();
    for s in all {
        by_pair
            .entry((s.first_coder, s.second_coder))
            .or_default()
            .push(s);
    }
    let mut found = Vec::new();
    let mut reader = Reader::new(&study.store)?;
    for ((first, second), mine) in by_pair {
        let coder = |id: i64| coders.iter().find(|c| c.id == id).cloned();
        let (Some(first), Some(second)) = (coder(first), coder(second)) else {
            continue;
        };
        let pair = Pair { first, second };
        let mut transcripts: Vec<i64> = mine.iter().map(|s| s.transcript).collect();
        transcripts.sort_unstable();
        transcripts.dedup();
        each_both(
            study,
            &pair,
            Some(transcripts),
            &mut reader,
            |reader, both| {
                let here: Vec<_> = mine
                    .iter()
                    .filter(|s| s.transcript == both.transcript.id)
                    .collect();
                let at_stake: Vec<_> = both
                    .compared
                    .disagreements
                    .iter()
                    .filter(|d| {
                        let mut now = d.codings();
                        now.sort_unstable();
                        here.iter().any(|s| {
                            let mut then = s.codings.clone();
                            then.sort_unstable();
                            then == now
                        })
                    })
                    .collect();
                let texts = Texts::read(reader, both.transcript, &at_stake)?;
                for (d, texts) in at_stake.into_iter().zip(texts) {
                    let basis = texts.basis(&pair, d);
                    found.extend(
                        here.iter()
                            .filter(|s| stands(s, &pair, d, &basis))
                            .map(|s| s.id),
                    );
                }
                Ok(())
            },
        )?;
    }
    Ok(found)
}
