//! Pictures in reports: themes by case, how codes accumulated, how far coders agreed. Only a page has pictures; each
//! stands over the table that says the same.

use super::chart::{Accumulated, accumulated, accumulation, agreement_of, heat};
use super::document::Block;
use super::draft::Draft;
use super::options::ReportOptions;
use super::source::Source;
use crate::analysis::agreement::Statistic;
use crate::analysis::matrix::{Matrix, Unit};
use crate::coding::agreement::{Asked, Unit as Compared};
use crate::coding::saturation::Order;
use crate::error::{Kind, Result};
use crate::report::Format;

/// Draws again so often for the intervals of a report, from this seed: a report made twice is the same.
const DRAWS: usize = 1000;
const SEED: u64 = 1;

/// Transcripts with each theme in each case, over the table that has the same numbers.
pub(super) fn themes_by_case(
    draft: &mut Draft,
    themes: &[String],
    cases: &[String],
    cells: Vec<Vec<u64>>,
) {
    if themes.is_empty() || cases.len() < 2 {
        return;
    }
    let chart = heat(
        &Matrix {
            rows: themes.to_vec(),
            cols: cases.to_vec(),
            count: Unit::Transcripts,
            cells,
            // The picture has no totals; the table beneath has.
            row_totals: vec![0; themes.len()],
            col_totals: vec![0; cases.len()],
            total: 0,
            pending: 0,
            figures: None,
        },
        ("theme", "case"),
    );
    draft.push(Block::Picture {
        title: "Themes by case".to_owned(),
        svg: chart.svg,
        caption: "A cell counts transcripts; the table beneath has every number.".to_owned(),
    });
}

/// How codes accumulated over the interviews, and how far coders agreed. A reflexive study is not asked for either.
/// Coders and interviews are not named: a report may be for anybody.
pub(super) fn how_the_coding_went(
    draft: &mut Draft,
    source: &Source,
    options: &ReportOptions,
) -> Result<()> {
    if options.format != Format::Html || source.row.method == "reflexive" {
        return Ok(());
    }
    let mut blocks = Vec::new();
    let interviews: Vec<Accumulated> =
        accumulated(source.study, &options.filter, Order::Date, None)?
            .interviews
            .into_iter()
            .enumerate()
            .map(|(n, interview)| Accumulated {
                transcript: (n + 1).to_string(),
                date: None,
                ..interview
            })
            .collect();
    // A curve through two points shows nothing.
    if interviews.len() > 2 {
        blocks.extend(accumulation(&interviews, "their dates", &[]).blocks());
    }
    let asked = Asked {
        coders: Vec::new(),
        unit: Compared::Turn,
        statistics: vec![Statistic::Alpha],
        depth: Some(1),
        complete: false,
        pairs: false,
        exclusive: false,
        draws: DRAWS,
        seed: SEED,
        disagreements: 0,
        only: None,
    };
    match agreement_of(
        source.study,
        &options.filter,
        &asked,
        Statistic::Alpha,
        false,
    ) {
        Ok(chart) => blocks.extend(chart.blocks()),
        // Nobody coded what another did: there is nothing to draw, and nothing wrong.
        Err(failure) if failure.kind() == Kind::User => {}
        Err(failure) => return Err(failure),
    }
    if !blocks.is_empty() {
        draft.heading(2, "How the coding went");
        for block in blocks {
            draft.push(block);
        }
    }
    Ok(())
}
