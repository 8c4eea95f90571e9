//! The summary of a study: what it asks, where and with whom, what was heard, and how it was done.

use std::collections::BTreeSet;
use std::io::Write;

use super::document::{Block, Inline};
use super::draft::Draft;
use super::few;
use super::findings::{found, section};
use super::gather::{Gathered, gather};
use super::method::{method, written};
use super::options::{ReportOptions, Written};
use super::phrase::{between, capital, count, day, list, number};
use super::pictures::how_the_coding_went;
use super::section::{glance, kinds_told, linked, partners, phases, roles, themes, words};
use super::source::Source;
use super::standing;
use crate::error::Result;
use crate::store::Indicator;
use crate::study::{Progress, Study};

/// Writes the summary of the study, or of what the filter leaves of it.
pub fn summary(
    study: &Study,
    options: &ReportOptions,
    out: &mut dyn Write,
    progress: &dyn Progress,
) -> Result<Written> {
    let source = Source::read(study, &options.filter, options.audience)?;
    let mut gathered = gather(&source, options.quotes, options.audience, progress, |_| {})?;
    let mut draft = Draft::new(&source.row.title);
    title(&mut draft, &source);
    the_study(&mut draft, &source, options);
    cases(&mut draft, &source);
    let used = systems(&mut draft, &source, options)?;
    fieldwork(&mut draft, &source);
    let mut findings = found(&source, options)?;
    if let Some(findings) = &findings {
        section(&mut draft, &source, findings, options);
        draft.push(Block::PageBreak);
        draft.heading(2, "Annex: the themes behind the findings");
        draft.paragraph(
            "What follows is the material that the findings were drawn from, theme by theme.",
        );
    }
    let summaries = super::found::of_all(&mut draft, &source, options)?;
    let printed = heard(&mut draft, &source, &gathered, options);
    let people = source.participants(&source.transcripts).len();
    // A curve has as many steps as there are interviews.
    if gathered.codings > 0 && !source.few.is(people) {
        how_the_coding_went(&mut draft, &source, options)?;
    }
    method(
        &mut draft,
        &source,
        &gathered,
        &summaries.held_back,
        options,
    )?;
    super::figures_method::figures(&mut draft, &source, &used)?;
    let evidence = findings.as_mut().map(|f| &mut f.quotes);
    let quotes = draft.write_with(options.format, &mut gathered.quotes, evidence, out)?;
    let mut written = written(&source, &gathered, quotes, printed);
    summaries.tell(&source, options.audience, &mut written);
    if let Some(findings) = &findings {
        findings.tell(&source, options.audience, &mut written);
    }
    Ok(written)
}

fn title(draft: &mut Draft, source: &Source) {
    let mut facts = Vec::new();
    if let Some(date) = &source.date {
        facts.push(("As of".to_owned(), day(date)));
    }
    let method = match source.row.method.as_str() {
        "framework" => "Framework analysis",
        "coding-reliability" => "Coding with measured agreement",
        "reflexive" => "Reflexive thematic analysis",
        _ => "Codebook analysis",
    };
    facts.push(("Method".to_owned(), method.to_owned()));
    if !source.tops.is_empty() {
        facts.push(("Cases".to_owned(), number(source.tops.len())));
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
        title: source.row.title.clone(),
        subtitle: Some("Summary of the study".to_owned()),
        facts,
    });
}

fn the_study(draft: &mut Draft, source: &Source, options: &ReportOptions) {
    let questions = &source.row.questions;
    let limits = super::method::filters(source, options);
    if questions.is_empty() && limits.is_none() && !source.transcripts.is_empty() {
        return;
    }
    draft.heading(2, "The study");
    match &questions[..] {
        [] => {}
        [one] => {
            draft.paragraph("The study asks one question:");
            draft.push(Block::Bullets(vec![vec![Inline::text(one)]]));
        }
        all => {
            draft.paragraph("The study asks:");
            draft.push(Block::Numbered(
                all.iter().map(|q| vec![Inline::text(q)]).collect(),
            ));
        }
    }
    if let Some(limits) = limits {
        draft.push(Block::Callout {
            title: "Not the whole study".to_owned(),
            body: vec![Inline::text(limits)],
        });
    }
    if source.transcripts.is_empty() {
        draft.paragraph(if source.selection.transcripts.is_some() {
            "No transcript is in this selection."
        } else {
            "No transcript has been brought in yet."
        });
    }
}

/// The cases that were compared, with their parts and partners.
fn cases(draft: &mut Draft, source: &Source) {
    if source.tops.is_empty() {
        return;
    }
    draft.heading(
        2,
        if source.tops.len() == 1 {
            "The case"
        } else {
            "The cases"
        },
    );
    let mut columns: Vec<(&str, Vec<String>)> = Vec::new();
    let each = |of: &dyn Fn(i64) -> String| {
        source
            .tops
            .iter()
            .map(|id| of(*id))
            .collect::<Vec<String>>()
    };
    columns.push(("Case", each(&|id| source.case_name(id).to_owned())));
    columns.push((
        "Kind",
        each(&|id| {
            source
                .people
                .cases
                .get(&id)
                .filter(|c| c.kind != "case")
                .map_or_else(String::new, |c| capital(&c.kind))
        }),
    ));
    columns.push((
        "Code",
        each(&|id| {
            source
                .people
                .cases
                .get(&id)
                .and_then(|c| c.code.clone())
                .unwrap_or_default()
        }),
    ));
    columns.push((
        "Parts",
        each(&|id| linked(source, id, "part-of", false).join("; ")),
    ));
    columns.push(("Partners", each(&|id| partners(source, id).join("; "))));
    columns.push((
        "Became",
        each(&|id| {
            let mut all = linked(source, id, "merged-into", true);
            all.extend(linked(source, id, "renamed-to", true));
            all.join("; ")
        }),
    ));
    let tops = 0..source.tops.len();
    let few = &source.few;
    let counts = few::of_cases(source);
    columns.push((
        "Transcripts",
        tops.clone()
            .map(|top| few::starred(counts.transcripts[top], counts.no_transcripts[top]))
            .collect(),
    ));
    columns.push((
        "Participants",
        tops.map(|top| {
            let of = format!("case {}", source.top_name(top));
            few.cell(&of, counts.people[top], counts.no_people[top])
        })
        .collect(),
    ));
    columns.retain(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
    let head: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let numeric: Vec<bool> = head
        .iter()
        .map(|name| matches!(*name, "Transcripts" | "Participants"))
        .collect();
    let rows: Vec<Vec<String>> = (0..source.tops.len())
        .map(|row| {
            columns
                .iter()
                .map(|(_, cells)| cells[row].clone())
                .collect()
        })
        .collect();
    let stars = rows.clone();
    draft.table(None, &head, rows, &numeric);
    few::note(draft, source, &stars);
    if source.tops.len() > 1 {
        draft.note(
            "What is part of a case counts with it. A participant may count in more than one case.",
        );
    }
}

/// What is measured and claimed of the cases, side by side; nothing where nothing is. Gives the indicators that are shown.
fn systems(draft: &mut Draft, source: &Source, options: &ReportOptions) -> Result<Vec<Indicator>> {
    let store = &source.study.store;
    let named = options
        .filter
        .cases
        .iter()
        .map(|slug| Ok(store.case(slug)?.id));
    let only: BTreeSet<i64> = named.collect::<Result<_>>()?;
    let mut part = Draft::new("");
    let used = super::figures::of_all(&mut part, source, &only, options.format)?;
    standing::cohorts(&mut part, source, &only)?;
    standing::stages(&mut part, source, &only)?;
    standing::claims_by_outcome(&mut part, source, &only)?;
    if !part.is_empty() {
        draft.heading(2, "Systems and their figures");
        draft.append(part);
    }
    Ok(used)
}

fn fieldwork(draft: &mut Draft, source: &Source) {
    if source.transcripts.is_empty() {
        return;
    }
    draft.heading(2, "Who was heard, and when");
    let people = source.participants(&source.transcripts).len();
    let mut said = format!("The study draws on {}", kinds_told(source));
    if people > 0 {
        said.push_str(&format!(
            " with {}",
            source.few.words("participants", people)
        ));
    }
    if let Some((first, last)) = Source::days(&source.transcripts) {
        said.push_str(&format!(", {}", between(first, last)));
    }
    said.push('.');
    draft.paragraph(said);
    if !source.phases.is_empty() {
        phases(draft, source);
    }
    roles(draft, source);
}

/// The themes: a table of all, then each with its quotes. Says how many have a section.
fn heard(
    draft: &mut Draft,
    source: &Source,
    gathered: &Gathered,
    options: &ReportOptions,
) -> usize {
    if gathered.codings == 0 {
        if !source.transcripts.is_empty() {
            draft.heading(2, "Themes");
            draft.paragraph(nothing_yet(source));
        }
        return 0;
    }
    draft.heading(2, "Themes at a glance");
    let roots: Vec<String> = source
        .roots()
        .filter(|t| gathered.whole[*t].codings > 0)
        .map(|t| source.full_title(t))
        .collect();
    if roots.len() <= 12 {
        draft.paragraph(format!(
            "{}: {}.",
            count(roots.len(), "main theme", "main themes"),
            list(&roots)
        ));
    }
    glance(draft, source, gathered);
    themes(draft, source, gathered, options.quotes)
}

/// What there is to say where nothing was coded.
pub(super) fn nothing_yet(source: &Source) -> &'static str {
    if source.themes.is_empty() {
        "The codebook has no theme yet, so nothing has been coded."
    } else {
        "Nothing has been coded yet."
    }
}
