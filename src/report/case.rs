//! The report on one case, with all that is part of it.

use std::io::Write;

use super::document::Block;
use super::draft::Draft;
use super::gather::gather;
use super::method::{existed, method, written};
use super::options::{ReportOptions, Written};
use super::phrase::{capital, count, day, number};
use super::section::{glance_counts, linked, partners, phases, roles, themes, transcripts, words};
use super::source::Source;
use super::standing;
use super::summary::nothing_yet;
use crate::error::Result;
use crate::governance::gate::Audience;
use crate::store::Case;
use crate::study::Study;

/// Writes the report on the case of that slug. The filter's own cases are left aside.
pub fn case(
    study: &Study,
    slug: &str,
    options: &ReportOptions,
    out: &mut dyn Write,
) -> Result<Written> {
    let case = study.store.case(slug)?;
    let mut options = options.clone();
    options.filter.cases = vec![case.slug.clone()];
    let source = Source::read(study, &options.filter, options.audience)?;
    let mut gathered = gather(&source, options.quotes, options.audience, &(), |_| {})?;
    let mut draft = Draft::new(format!("{} – {}", case.name, source.row.title));
    title(&mut draft, &source, &case);
    the_case(&mut draft, &source, &case);
    let used = super::figures::of_case(&mut draft, &source, &case)?;
    standing::stages_of_case(&mut draft, &source, &case)?;
    standing::cohorts_of_case(&mut draft, &source, &case, &options)?;
    standing::claims_of_case(&mut draft, &source, &case, &options)?;
    if source.transcripts.is_empty() {
        draft.heading(2, "Transcripts");
        draft.paragraph("No transcript of this case is in the selection.");
    } else {
        draft.heading(2, "Transcripts");
        phases(&mut draft, &source);
        if options.audience == Audience::Team {
            transcripts(&mut draft, &source);
            roles(&mut draft, &source);
        }
    }
    let summaries = super::found::of_case(&mut draft, &source, case.id, &options)?;
    let mut printed = 0;
    if gathered.codings > 0 {
        draft.heading(2, "Themes at a glance");
        glance_counts(&mut draft, &source, &gathered);
        printed = themes(&mut draft, &source, &gathered, options.quotes);
    } else if !source.transcripts.is_empty() {
        draft.heading(2, "Themes");
        draft.paragraph(nothing_yet(&source));
    }
    // That it is about this case stands in its title.
    let mut without = options.clone();
    without.filter.cases.clear();
    method(
        &mut draft,
        &source,
        &gathered,
        &summaries.held_back,
        &without,
    )?;
    super::figures_method::figures(&mut draft, &source, &used)?;
    let quotes = draft.write(options.format, &mut gathered.quotes, out)?;
    let mut written = written(&source, &gathered, quotes, printed);
    summaries.tell(&source, options.audience, &mut written);
    Ok(written)
}

fn title(draft: &mut Draft, source: &Source, case: &Case) {
    let mut facts = Vec::new();
    if let Some(date) = &source.date {
        facts.push(("As of".to_owned(), day(date)));
    }
    if case.kind != "case" {
        facts.push(("Kind".to_owned(), capital(&case.kind)));
    }
    if let Some(code) = &case.code {
        facts.push(("Code".to_owned(), code.clone()));
    }
    if let Some(when) = existed(case.from.as_deref(), case.to.as_deref()) {
        facts.push(("Existed".to_owned(), when));
    }
    let people = source.participants(&source.transcripts).len();
    if people > 0 {
        facts.push((
            "Participants".to_owned(),
            source.few.number("participants", people),
        ));
    }
    if !source.transcripts.is_empty() {
        if !source.few.is(people) {
            facts.push(("Transcripts".to_owned(), number(source.transcripts.len())));
        }
        facts.push(("Words".to_owned(), number(words(&source.transcripts))));
    }
    draft.push(Block::Title {
        title: case.name.clone(),
        subtitle: Some(format!("A case of the study “{}”", source.row.title)),
        facts,
    });
}

/// What the case belongs to and what belongs to it.
fn the_case(draft: &mut Draft, source: &Source, case: &Case) {
    let mut rows = Vec::new();
    let mut add = |what: &str, names: Vec<String>| {
        rows.extend(names.into_iter().map(|name| vec![what.to_owned(), name]));
    };
    add("Part of", linked(source, case.id, "part-of", true));
    for (below, depth) in parts(source, case.id) {
        add(
            if depth == 0 {
                "Has as part"
            } else {
                "Has as part, further down"
            },
            vec![below],
        );
    }
    add("Partner", partners(source, case.id));
    add("Merged into", linked(source, case.id, "merged-into", true));
    add("Taken in", linked(source, case.id, "merged-into", false));
    add("Renamed to", linked(source, case.id, "renamed-to", true));
    add("Formerly", linked(source, case.id, "renamed-to", false));
    if rows.is_empty() {
        return;
    }
    draft.heading(2, "The case");
    let others = rows.len();
    draft.paragraph(format!(
        "{} to {}.",
        count(others, "other case is linked", "other cases are linked"),
        case.name
    ));
    draft.table(None, &["How", "Which"], rows, &[false, false]);
}

/// What is part of a case, directly (0) or through others, each once.
fn parts(source: &Source, case: i64) -> Vec<(String, usize)> {
    let mut found: Vec<(String, usize)> = linked(source, case, "part-of", false)
        .into_iter()
        .map(|name| (name, 0))
        .collect();
    let mut seen = vec![case];
    let mut next: Vec<(i64, usize)> = vec![(case, 0)];
    while let Some((at, depth)) = next.pop() {
        for link in source
            .links
            .iter()
            .filter(|l| l.kind == "part-of" && l.other == at)
        {
            if !seen.contains(&link.case) {
                seen.push(link.case);
                let below = linked(source, link.case, "part-of", false);
                found.extend(below.into_iter().map(|name| (name, depth + 1)));
                next.push((link.case, depth + 1));
            }
        }
    }
    found
}
