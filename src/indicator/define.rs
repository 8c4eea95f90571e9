//! What makes an indicator sound, and its rule; and indicators from a table.

use std::collections::BTreeMap;
use std::path::Path;

use rust_decimal::Decimal;

use super::Error;
use crate::domain::figure::{Basis, Better, OverTime, Rule, Scale, Shared};
use crate::domain::span::printable;
use crate::error::Result;
use crate::store::{Indicator, Rollup, Store, Tx};
use crate::study::Study;
use crate::study::records::{RefusedRow, Sheet, TableReport, check_name};

/// Digits behind the point that are shown unless somebody says otherwise.
pub fn usual_decimals(scale: Scale) -> u32 {
    u32::from(scale == Scale::Percentage)
}

/// The values that may be read unless somebody says otherwise: least and most.
pub fn usual_bounds(scale: Scale) -> (Option<Decimal>, Option<Decimal>) {
    match scale {
        Scale::Percentage => (Some(Decimal::ZERO), Some(Decimal::ONE_HUNDRED)),
        Scale::Number | Scale::Bands => (None, None),
    }
}

/// `a;b;c`, the best first.
pub fn read_bands(typed: &str) -> Vec<String> {
    typed
        .split(';')
        .map(|b| b.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|b| !b.is_empty())
        .collect()
}

/// Whether an indicator says nothing that contradicts itself.
pub fn check(i: &Indicator) -> Result<(), Error> {
    check_name("indicator", &i.slug)
        .map_err(|e| Error::Refused(e.to_string(), crate::error::Problem::hint(&e)))?;
    for (what, text) in [("name", &i.name), ("unit", &i.unit)] {
        if text.trim().is_empty() {
            return Err(Error::refused(
                format!("indicator `{}` has no {what}", i.slug),
                format!(
                    "say it with --{what}, as in: --{what} \"{}\"",
                    if what == "name" {
                        "A&E within four hours"
                    } else {
                        "attendances"
                    }
                ),
            ));
        }
    }
    if i.scale == Scale::Bands {
        if i.bands.len() < 2 {
            return Err(Error::refused(
                format!("indicator `{}` is in bands and has fewer than two", i.slug),
                "name them in order, the best first: --bands \"outstanding;good;requires improvement;inadequate\"",
            ));
        }
        for (n, band) in i.bands.iter().enumerate() {
            if i.bands[..n].iter().any(|b| same(b, band)) {
                return Err(Error::refused(
                    format!("the band `{}` is named twice", printable(band)),
                    "name each band once, the best first",
                ));
            }
        }
        if i.least.is_some() || i.most.is_some() {
            return Err(Error::refused(
                "bands have no least and no most",
                "leave --least and --most out, or use --scale number",
            ));
        }
    } else if !i.bands.is_empty() {
        return Err(Error::refused(
            format!("indicator `{}` has bands and the scale {}", i.slug, i.scale),
            "bands are for --scale bands",
        ));
    }
    if i.decimals > 6 {
        return Err(Error::refused(
            "that are more decimals than are shown",
            "give --decimals from 0 to 6: values are kept as they were read",
        ));
    }
    if let (Some(least), Some(most)) = (i.least, i.most)
        && least > most
    {
        return Err(Error::refused(
            format!("the least value {least} is more than the most {most}"),
            "give --most a greater number than --least",
        ));
    }
    Ok(())
}

/// Whether two bands are one to a reader.
pub fn same(one: &str, other: &str) -> bool {
    let words = |t: &str| {
        t.split_whitespace()
            .map(str::to_lowercase)
            .collect::<Vec<_>>()
    };
    words(one) == words(other)
}

/// What figures mean does not change under them: with measures, scale, bands, unit and basis stay.
pub fn may_become(store: &Store, before: &Indicator, after: &Indicator) -> Result<()> {
    let [readings, _] = store.indicator_uses(before.id)?;
    let changed = [
        ("scale", before.scale != after.scale),
        ("bands", before.bands != after.bands),
        ("unit", before.unit != after.unit),
        ("basis", before.basis != after.basis),
    ];
    let Some((what, _)) = changed.into_iter().find(|(_, changed)| *changed) else {
        return Ok(());
    };
    if readings > 0 {
        return Err(Error::refused(
            format!(
                "indicator `{}` has figures: its {what} is part of what they mean",
                before.slug
            ),
            "figures of another kind are another indicator: casebook indicator add SLUG …",
        )
        .into());
    }
    if let Some(rule) = store.rollup(before.id)? {
        check_rule(store, after, &rule)?;
    }
    Ok(())
}

/// Whether a rule fits its indicator.
pub fn check_rule(store: &Store, of: &Indicator, r: &Rollup) -> Result<()> {
    let rule = r.rule;
    let fits = match rule {
        Rule::Sum => of.scale == Scale::Number,
        Rule::Ratio => of.scale == Scale::Percentage,
        Rule::WeightedMean => of.scale != Scale::Bands,
        Rule::WorstBand | Rule::MedianBand | Rule::MeanScore => of.scale == Scale::Bands,
    };
    if !fits {
        let (why, hint) = match of.scale {
            Scale::Number => ("numbers", "sum, or weighted-mean --by INDICATOR"),
            Scale::Percentage => (
                "percentages",
                "ratio (of the sums of numerators and denominators), or weighted-mean --by INDICATOR",
            ),
            Scale::Bands => (
                "bands",
                "worst-band, median-band, or mean-score with --scores",
            ),
        };
        return Err(Error::refused(
            format!("`{}` is in {why}: {rule} is no rule for them", of.slug),
            format!("a rule for {why} is {hint}"),
        )
        .into());
    }
    match (rule, r.weight) {
        (Rule::WeightedMean, None) => {
            return Err(Error::refused(
                "a weighted mean needs an indicator that weighs",
                "name it with --by INDICATOR, as in: --by population",
            )
            .into());
        }
        (Rule::WeightedMean, Some(weight)) => {
            let by = store.indicators()?.into_iter().find(|i| i.id == weight);
            if by.is_none_or(|i| i.scale != Scale::Number || i.id == of.id) {
                return Err(Error::refused(
                    "what weighs must be another indicator, in numbers",
                    "see them with: casebook indicator list",
                )
                .into());
            }
        }
        (_, Some(_)) => {
            return Err(Error::refused(
                format!("{rule} is not weighted"),
                "leave --by out, or use weighted-mean",
            )
            .into());
        }
        (_, None) => {}
    }
    if rule == Rule::MeanScore {
        let missing = of
            .bands
            .iter()
            .find(|band| !r.scores.keys().any(|k| k == *band));
        if let Some(band) = missing {
            return Err(Error::refused(
                format!("the band `{}` has no score", printable(band)),
                "declare a score for each band: --scores \"outstanding=4;good=3;…\"",
            )
            .into());
        }
    } else if !r.scores.is_empty() {
        return Err(Error::refused(
            format!("{rule} has no scores"),
            "leave --scores out, or use mean-score",
        )
        .into());
    }
    if r.over_time == OverTime::Sum && !matches!(rule, Rule::Sum | Rule::Ratio) {
        return Err(Error::refused(
            format!("shorter periods can't be added up by {rule}"),
            "use --over-time last, or refuse",
        )
        .into());
    }
    Ok(())
}

/// `outstanding=4;good=3`, as the bands of an indicator.
pub fn read_scores(of: &Indicator, typed: &str) -> Result<BTreeMap<String, Decimal>, Error> {
    let mut scores = BTreeMap::new();
    for pair in typed.split(';').filter(|p| !p.trim().is_empty()) {
        let read = pair.split_once('=').and_then(|(band, score)| {
            let band = of.bands.iter().find(|b| same(b, band))?;
            Some((band.clone(), score.trim().parse::<Decimal>().ok()?))
        });
        let Some((band, score)) = read else {
            return Err(Error::refused(
                format!(
                    "`{}` gives no band of `{}` a score",
                    printable(pair.trim()),
                    of.slug
                ),
                format!(
                    "write BAND=SCORE, parted by `;`; the bands are: {}",
                    of.bands.join("; ")
                ),
            ));
        };
        if scores.insert(band.clone(), score).is_some() {
            return Err(Error::refused(
                format!("the band `{}` has two scores", printable(&band)),
                "give each band one score",
            ));
        }
    }
    Ok(scores)
}

/// Removes an indicator that nothing leans on.
pub fn remove(tx: &Tx, slug: &str) -> Result<()> {
    let found = tx.indicator(slug)?;
    let [readings, weighs] = tx.indicator_uses(found.id)?;
    if readings > 0 {
        return Err(Error::refused(
            format!("indicator `{}` has figures in {readings} reading{}", found.slug, if readings == 1 { "" } else { "s" }),
            format!("remove those first: casebook reading remove N   (see them with: casebook measure list --indicator {})", found.slug),
        )
        .into());
    }
    if weighs > 0 {
        return Err(Error::refused(
            format!("indicator `{}` weighs in another's rule", found.slug),
            "take that rule away first: casebook indicator rule SLUG --none   (see rules with: casebook indicator list)",
        )
        .into());
    }
    tx.remove_indicator(found.id)?;
    Ok(())
}

const COLUMNS: &[&str] = &[
    "slug",
    "name",
    "scale",
    "unit",
    "better",
    "bands",
    "level",
    "decimals",
    "least",
    "most",
    "definition",
    "source",
];

/// Imports indicators from a CSV: `slug`, `name`, `scale`, `unit`, `better`, `bands` (parted by `;`), `level`, `decimals`,
/// `least`, `most`, `definition`, `source`, and a column `basis:ASPECT` for each aspect. Rows that don't fit are listed;
/// the rest goes in.
pub fn import(study: &Study, path: &Path) -> Result<TableReport> {
    let sheet = Sheet::read(path, "slug")?;
    let others = sheet.others(COLUMNS);
    let mut aspects: Vec<&str> = Vec::new();
    for (_, head) in &others {
        match head.split_once(':') {
            Some((basis, aspect))
                if basis.eq_ignore_ascii_case("basis") && !aspect.trim().is_empty() =>
            {
                aspects.push(head);
            }
            _ => {
                return Err(Error::refused(
                    format!("indicators have no column `{}`", printable(head)),
                    format!(
                        "the columns are: {}, and basis:ASPECT for each aspect of the basis",
                        COLUMNS.join(", ")
                    ),
                )
                .into());
            }
        }
    }
    let (mut report, event) = study.change("indicator import", |tx| {
        let mut report = TableReport::default();
        let mut seen: Vec<String> = Vec::new();
        for (line, row) in &sheet.rows {
            let done = (|| -> Result<()> {
                let get = |name: &str| sheet.get(row, name);
                let slug = get("slug").unwrap_or_default();
                if seen.iter().any(|s| s.eq_ignore_ascii_case(slug)) {
                    return Err(Error::refused(
                        format!("`{}` stands further up already", printable(slug)),
                        "keep one row per indicator",
                    )
                    .into());
                }
                let before = tx.find_indicator(slug)?;
                let after = of_row(&sheet, row, &aspects, before.as_ref())?;
                check(&after)?;
                seen.push(slug.to_owned());
                match &before {
                    Some(b) if *b == after => report.unchanged += 1,
                    Some(b) => {
                        may_become(tx, b, &after)?;
                        tx.put_indicator(&after)?;
                        report.edited.push(after.slug);
                    }
                    None => {
                        tx.put_indicator(&after)?;
                        report.added.push(after.slug);
                    }
                }
                Ok(())
            })();
            if let Err(e) = done {
                report.refused.push(RefusedRow {
                    line: *line,
                    reason: e.to_string(),
                    hint: e.hint(),
                });
            }
        }
        tx.summary(format!(
            "indicator import: {} added, {} edited",
            report.added.len(),
            report.edited.len()
        ));
        Ok(report)
    })?;
    report.event = event;
    Ok(report)
}

/// The indicator of a row; what it does not say stays as it was.
fn of_row(
    sheet: &Sheet,
    row: &[String],
    aspects: &[&str],
    before: Option<&Indicator>,
) -> Result<Indicator> {
    let get = |name: &str| sheet.get(row, name);
    let text = |name: &str, old: Option<&Option<String>>| {
        get(name)
            .map(str::to_owned)
            .or_else(|| old.cloned().flatten())
    };
    let number = |name: &str| -> Result<Option<Decimal>> {
        get(name)
            .map(|t| {
                t.parse::<Decimal>().map_err(|_| {
                    Error::refused(
                        format!("`{}` in the column `{name}` is no number", printable(t)),
                        "write it with digits and a point, as in 12.5",
                    )
                    .into()
                })
            })
            .transpose()
    };
    let scale: Scale = match (get("scale"), before) {
        (Some(word), _) => word.parse()?,
        (None, Some(b)) => b.scale,
        (None, None) => {
            return Err(Error::refused(
                "the row says no scale",
                format!("the scale is one of: {}", Scale::WORDS.join(", ")),
            )
            .into());
        }
    };
    let better: Better = match (get("better"), before) {
        (Some(word), _) => word.parse()?,
        (None, Some(b)) => b.better,
        (None, None) => Better::Neither,
    };
    let decimals = match number("decimals")? {
        Some(n) => u32::try_from(n).unwrap_or(99),
        None => before.map_or_else(|| usual_decimals(scale), |b| b.decimals),
    };
    let mut basis: Basis = before.map(|b| b.basis.clone()).unwrap_or_default();
    for head in aspects {
        if let (Some(value), Some((_, aspect))) = (get(head), head.split_once(':')) {
            basis.insert(aspect.trim().to_owned(), value.to_owned());
        }
    }
    let (least, most) = match before {
        Some(b) if b.scale == scale => (b.least, b.most),
        _ => usual_bounds(scale),
    };
    Ok(Indicator {
        id: before.map_or(0, |b| b.id),
        slug: before.map_or_else(
            || get("slug").unwrap_or_default().to_owned(),
            |b| b.slug.clone(),
        ),
        name: get("name")
            .map(str::to_owned)
            .or_else(|| before.map(|b| b.name.clone()))
            .unwrap_or_default(),
        scale,
        unit: get("unit")
            .map(str::to_owned)
            .or_else(|| before.map(|b| b.unit.clone()))
            .unwrap_or_default(),
        better,
        bands: match get("bands") {
            Some(typed) => read_bands(typed),
            None => before
                .filter(|b| b.scale == scale)
                .map(|b| b.bands.clone())
                .unwrap_or_default(),
        },
        basis,
        level: text("level", before.map(|b| &b.level)),
        decimals,
        least: number("least")?.or(least),
        most: number("most")?.or(most),
        definition: text("definition", before.map(|b| &b.definition)),
        source: text("source", before.map(|b| &b.source)),
    })
}

/// A rule in one line, as people read it: `weighted-mean by population; shared parts: refuse; over time: refuse`.
pub fn rule_in_words(store: &Store, r: &Rollup) -> Result<String> {
    let mut words = r.rule.word().to_owned();
    if let Some(weight) = r.weight {
        let by = store.indicators()?.into_iter().find(|i| i.id == weight);
        words.push_str(&format!(" by {}", by.map_or_else(String::new, |i| i.slug)));
    }
    if !r.scores.is_empty() {
        let scores: Vec<String> = r.scores.iter().map(|(b, s)| format!("{b}={s}")).collect();
        words.push_str(&format!(" ({})", scores.join("; ")));
    }
    if r.shared != Shared::Refuse {
        words.push_str(&format!("; shared parts: {}", r.shared));
    }
    if r.over_time != OverTime::Refuse {
        words.push_str(&format!("; over time: {}", r.over_time));
    }
    Ok(words)
}
