//! The consensus as codings: what both coded alike, and what they settled.

use std::collections::{BTreeSet, HashSet};

use serde::Serialize;

use super::settle::{Passage, implied, of_consensus};
use super::{Pair, Texts, by_transcript, each_both, in_sample, stands};
use crate::coding::Error;
use crate::domain::coder::CONSENSUS;
use crate::error::Result;
use crate::store::{Coding, NewCoding, Transcript, Tx};
use crate::study::Study;
use crate::study::passage::Reader;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Consensus {
    pub coders: Vec<String>,
    /// Transcripts that both coded.
    pub transcripts: usize,
    /// Pairs of codings with the same theme and span.
    pub agreed: usize,
    /// Disagreements that are settled.
    pub settled: usize,
    /// Disagreements that are open: the consensus has nothing there yet.
    pub open: usize,
    /// Codings that the consensus got now, and those that it had.
    pub coded: usize,
    pub known: usize,
    /// Codings of the consensus, in these transcripts, that neither agreement nor a settlement of these two holds (any more).
    pub unsupported: Vec<i64>,
    pub event: Option<i64>,
}

/// Codes as `consensus` what two coders agreed on, and what their settlements say. What it has already is not coded twice.
pub fn consensus(study: &Study, pair: &Pair, sample: Option<&str>) -> Result<Consensus> {
    if [&pair.first, &pair.second]
        .iter()
        .any(|c| c.name.eq_ignore_ascii_case(CONSENSUS))
    {
        return Err(Error::refused(
            "`consensus` is made of what two others agreed on",
            "name two coders, as in: --coders mara,jo",
        )
        .into());
    }
    let transcripts = sample.map(|name| in_sample(study, name)).transpose()?;
    let (mut found, event) = study.change("agreement consensus", |tx| {
        let mut found = Consensus {
            coders: vec![pair.first.name.clone(), pair.second.name.clone()],
            ..Consensus::default()
        };
        let settlements = by_transcript(tx.settlements(None)?);
        let coder = tx.coders()?.into_iter().find(|c| c.name == CONSENSUS);
        let mut reader = Reader::new(tx)?;
        let mut planned: Vec<(Transcript, Vec<Passage>)> = Vec::new();
        each_both(study, pair, transcripts, &mut reader, |reader, both| {
            found.transcripts += 1;
            found.agreed += both.compared.agreed.len();
            let mut wanted: BTreeSet<Passage> = BTreeSet::new();
            for agreed in &both.compared.agreed {
                wanted.extend(both.reference(agreed.first.coding).map(|q| Passage {
                    span: q.coding.span,
                    theme: q.coding.theme,
                    turns: (q.coding.turn, q.coding.last_turn),
                }));
            }
            // Events whose codings stand for another passage than either coder's.
            let mut others: HashSet<i64> = HashSet::new();
            let all: Vec<_> = both.compared.disagreements.iter().collect();
            let texts = Texts::read(reader, both.transcript, &all)?;
            for (d, texts) in all.into_iter().zip(texts) {
                let basis = texts.basis(pair, d);
                let of_text = settlements.get(&both.transcript.id).into_iter().flatten();
                let Some(s) = of_text.into_iter().find(|s| stands(s, pair, d, &basis)) else {
                    found.open += 1;
                    continue;
                };
                found.settled += 1;
                match implied(&both, d, &super::keeps(s, pair)) {
                    Some(passages) => wanted.extend(passages),
                    None => {
                        others.insert(s.event);
                    }
                }
            }
            let there: Vec<Coding> = tx
                .codings_of(both.transcript.id)?
                .into_iter()
                .filter(|c| coder.as_ref().is_some_and(|k| k.id == c.coder))
                .collect();
            let has: HashSet<_> = there.iter().map(|c| (c.span, c.theme)).collect();
            let held: HashSet<_> = wanted.iter().map(|p| (p.span, p.theme)).collect();
            let unsupported = there
                .iter()
                .filter(|c| !held.contains(&(c.span, c.theme)) && !others.contains(&c.event))
                .map(|c| c.id);
            found.unsupported.extend(unsupported);
            found.known += there
                .iter()
                .filter(|c| others.contains(&c.event) && !held.contains(&(c.span, c.theme)))
                .count();
            let all = wanted.len();
            wanted.retain(|p| !has.contains(&(p.span, p.theme)));
            found.known += all - wanted.len();
            found.coded += wanted.len();
            if !wanted.is_empty() {
                planned.push((both.transcript.clone(), wanted.into_iter().collect()));
            }
            Ok(())
        })?;
        write(tx, &planned)?;
        tx.summary(format!(
            "consensus of {}: {} passages coded",
            pair.typed(),
            found.coded
        ));
        Ok(found)
    })?;
    found.event = event;
    Ok(found)
}

fn write(tx: &Tx, planned: &[(Transcript, Vec<Passage>)]) -> Result<()> {
    if planned.is_empty() {
        return Ok(()); // not even a coder is made
    }
    let coder = tx.coder(CONSENSUS)?;
    for (transcript, passages) in planned {
        let new: Vec<NewCoding> = passages
            .iter()
            .map(|p| of_consensus(transcript, *p, coder))
            .collect();
        tx.add_codings(transcript.id, &new)?;
    }
    Ok(())
}
