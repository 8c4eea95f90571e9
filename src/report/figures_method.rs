//! How the figures in a report were made: by which rules parts became their systems, from which sources they were read, and
//! how it was decided where sources disagreed.

use std::collections::BTreeMap;

use super::compared::title;
use super::document::Inline;
use super::draft::Draft;
use super::phrase::{count, day, list};
use super::source::Source;
use crate::domain::figure::{OverTime, Rule, Shared, canonical};
use crate::error::Result;
use crate::indicator::conflict::conflicts;
use crate::store::{Indicator, Rollup};

/// What a source must speak of to be named, if code-named cases are in it: fewer cases, and it tells which they are.
const MANY: usize = super::cloak::ORDERED;

/// The part `How the figures were made`; `used` are the indicators that the report shows.
pub(super) fn figures(draft: &mut Draft, source: &Source, used: &[Indicator]) -> Result<()> {
    if used.is_empty() {
        return Ok(());
    }
    draft.heading(3, "How the figures were made");
    let store = &source.study.store;
    let mut items = Vec::new();
    for of in used {
        if let Some(definition) = &of.definition {
            items.push(format!(
                "{}: {}.",
                title(of),
                definition.trim_end_matches('.')
            ));
        }
    }
    let all = store.indicators()?;
    for rule in store.rollups()? {
        if let Some(of) = used.iter().find(|of| of.id == rule.indicator) {
            items.push(rolled(of, &rule, &all));
        }
    }
    items.extend(readings(source, used)?);
    items.extend(settled(source, used)?);
    draft.bullets(items.into_iter().map(|i| vec![Inline::text(i)]).collect());
    Ok(())
}

/// A rule in words.
fn rolled(of: &Indicator, by: &Rollup, all: &[Indicator]) -> String {
    let weight = by.weight.and_then(|id| all.iter().find(|i| i.id == id));
    let mut said = match by.rule {
        Rule::Sum => "the sum of the parts".to_owned(),
        Rule::Ratio => {
            "the sum of the parts' numerators over the sum of their denominators".to_owned()
        }
        Rule::WeightedMean => format!(
            "the mean of the parts, weighted by {}",
            weight.map_or("an indicator that is gone", |i| i.name.as_str())
        ),
        Rule::WorstBand => "the worst band among the parts".to_owned(),
        Rule::MedianBand => {
            "the band in the middle of the parts; between two, the worse".to_owned()
        }
        Rule::MeanScore => {
            let scores = of.bands.iter().filter_map(|band| {
                let score = by.scores.get(band)?;
                Some(format!("{band} {}", canonical(*score)))
            });
            format!(
                "the mean of scores that were declared for the bands ({})",
                scores.collect::<Vec<_>>().join(", ")
            )
        }
    };
    said = format!("{}, where it is of a whole by its parts: {said}", of.name);
    said.push_str(match by.shared {
        Shared::Refuse => ". Nothing is made of parts that are in several at once",
        Shared::Each => ". A part that is in several at once counts whole in each",
        Shared::LeaveOut => ". A part that is in several at once counts in none",
    });
    said.push_str(match by.over_time {
        OverTime::Refuse => "",
        OverTime::Sum => ". Shorter periods are added up",
        OverTime::Last => ". Of shorter periods the last stands",
    });
    format!("{said}. Why: {}.", by.why.trim_end_matches('.'))
}

/// The sources, each once for a day that it speaks of.
fn readings(source: &Source, used: &[Indicator]) -> Result<Vec<String>> {
    let mut found: BTreeMap<(String, Option<String>, Option<String>), i64> = BTreeMap::new();
    let mut left_out = 0;
    for reading in &source.readings {
        let [indicators, cases, _] = source.study.store.reading_scope(reading.id)?;
        if !used.iter().any(|of| indicators.contains(&of.id)) {
            continue;
        }
        if cases.len() < MANY && cases.iter().any(|id| source.cloak.is(*id)) {
            left_out += 1;
            continue;
        }
        let key = (
            reading.source.clone(),
            reading.as_of.clone(),
            reading.retrieved.clone(),
        );
        *found.entry(key).or_default() += reading.measures;
    }
    let mut lines: Vec<String> = found
        .into_iter()
        .map(|((name, as_of, retrieved), measures)| {
            let mut facts = vec![count(
                u64::try_from(measures).unwrap_or(0),
                "figure",
                "figures",
            )];
            facts.extend(as_of.map(|d| format!("as of {}", day(&d))));
            facts.extend(retrieved.map(|d| format!("retrieved on {}", day(&d))));
            format!("Read from: {name} ({}).", facts.join(", "))
        })
        .collect();
    if left_out > 0 {
        source.cloak.hold("source", left_out);
        lines.push(format!(
            "{} of figures {} not named, as they would tell which cases stand under code names.",
            count(left_out, "source", "sources"),
            if left_out == 1 { "is" } else { "are" }
        ));
    }
    Ok(lines)
}

/// What was decided where sources disagreed, with the reasons.
fn settled(source: &Source, used: &[Indicator]) -> Result<Vec<String>> {
    let ids: Vec<i64> = used.iter().map(|of| of.id).collect();
    let cases = &source.people.cases;
    let mut lines = Vec::new();
    let mut left_out = 0;
    for c in conflicts(&source.study.store, &ids)? {
        let Some(decided) = c.settled.as_ref().filter(|s| s.holds) else {
            continue;
        };
        let Some(case) = cases.values().find(|k| k.slug == c.case) else {
            continue;
        };
        if source.cloak.is(case.id) {
            left_out += 1;
            continue;
        }
        let of = used.iter().find(|of| of.slug == c.indicator);
        let taken = c.sides.iter().find(|s| s.reading == decided.reading);
        let others: Vec<String> = c
            .sides
            .iter()
            .filter(|s| s.stands && s.reading != decided.reading)
            .map(|s| format!("{} ({})", s.value.as_deref().unwrap_or(s.state), s.source))
            .collect();
        lines.push(format!(
            "Sources disagree on {} of {}, {}: {} ({}) was taken, not {}. Why: {}.",
            of.map_or(c.indicator.as_str(), |of| of.name.as_str()),
            case.name,
            c.period,
            decided.value.as_deref().unwrap_or("no value"),
            taken.map_or("", |s| s.source.as_str()),
            list(&others),
            decided.why.trim_end_matches('.')
        ));
    }
    if left_out > 0 {
        source.cloak.hold("decision", left_out);
        lines.push(format!(
            "{} between sources that disagree on cases under code names {} not told.",
            count(left_out, "decision", "decisions"),
            if left_out == 1 { "is" } else { "are" }
        ));
    }
    Ok(lines)
}
