//! The codebook, for print: every theme in the order of the tree, with all that says when to use it, and how much was
//! coded with it.

use std::io::Write;

use super::document::{Block, Inline};
use super::draft::Draft;
use super::few;
use super::gather::{Tally, gather};
use super::method::{filters, record, written};
use super::options::{QuoteChoice, ReportOptions, Written};
use super::phrase::{day, number};
use super::section::{counts, numeric, own_theme, whole_theme};
use super::source::Source;
use super::theme::fields;
use crate::error::Result;
use crate::study::Study;

/// Writes the codebook: the themes that the filter takes, with counts of what it leaves. No quotes stand in it.
pub fn codebook(study: &Study, options: &ReportOptions, out: &mut dyn Write) -> Result<Written> {
    let source = Source::read(study, &options.filter, options.audience)?;
    let mut gathered = gather(&source, QuoteChoice::None, options.audience, &(), |_| {})?;
    let chosen: Vec<usize> = (0..source.themes.len())
        .filter(|t| source.selected(*t))
        .collect();
    let mut draft = Draft::new(format!("Codebook – {}", source.row.title));
    let mut facts = Vec::new();
    if let Some(date) = &source.date {
        facts.push(("As of".to_owned(), day(date)));
    }
    facts.push(("Themes".to_owned(), number(chosen.len())));
    facts.push(("Codings".to_owned(), number(gathered.codings)));
    draft.push(Block::Title {
        title: source.row.title.clone(),
        subtitle: Some("Codebook".to_owned()),
        facts,
    });
    if let Some(limits) = filters(&source, options) {
        draft.push(Block::Callout {
            title: "Not the whole study".to_owned(),
            body: vec![Inline::text(limits)],
        });
    }
    if chosen.is_empty() {
        draft.paragraph("The codebook has no theme yet.");
    }
    if chosen.len() > 1 {
        overview(&mut draft, &source, &chosen, &gathered.own);
    }
    for theme in &chosen {
        draft.heading(2 + source.depth(*theme), source.full_title(*theme));
        let about = &source.themes[*theme];
        let mut line = vec![Inline::Code(source.path(*theme).to_owned())];
        if let Some(kind) = &about.kind {
            line.push(Inline::text(format!(" · {kind}")));
        }
        let (own, whole) = (&gathered.own[*theme], &gathered.whole[*theme]);
        line.push(Inline::text(if own.codings == 0 {
            " · not coded by itself".to_owned()
        } else {
            format!(" · {}", counts(&source, &own_theme(&source, *theme), own))
        }));
        if own != whole {
            line.push(Inline::text(format!(
                "; with its sub-themes {}",
                counts(&source, &whole_theme(&source, *theme), whole)
            )));
        }
        draft.push(Block::Paragraph(line));
        let fields = fields(about);
        if fields.is_empty() {
            draft.push(Block::Paragraph(vec![Inline::emphasis("Not defined yet.")]));
        }
        for block in fields {
            draft.push(block);
        }
    }
    if let Some(words) = record(&source, options.audience)? {
        draft.push(Block::Paragraph(words));
    }
    let quotes = draft.write(options.format, &mut gathered.quotes, out)?;
    let mut done = written(&source, &gathered, quotes, chosen.len());
    // A codebook is worth printing before anything is coded.
    done.warnings.clear();
    Ok(done)
}

/// All themes at a glance.
fn overview(draft: &mut Draft, source: &Source, chosen: &[usize], own: &[Tally]) {
    draft.heading(2, "All themes");
    let lines: Vec<few::Line> = chosen
        .iter()
        .map(|t| {
            let path = source.path(*t).to_owned();
            (own_theme(source, *t), path, &own[*t])
        })
        .collect();
    let all = lines.iter().map(|(.., tally)| tally.codings).sum();
    let rows = few::rows(source, &lines, few::Whole::of_report(source, all), false);
    let stars = rows.clone();
    draft.table(
        Some("Codings of each theme by itself".to_owned()),
        &["Theme", "Codings", "Transcripts", "Participants"],
        rows,
        &numeric(4, 1),
    );
    few::note(draft, source, &stars);
}
