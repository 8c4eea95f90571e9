//! What goes back to the people of one case: what the study asked, heard and found, and what it means for their system.
//!
//! It names nobody who took part, and says of nobody that they did. Of the frame stand in it the summaries that the gate
//! clears for these readers; of what people said, the passages that it clears for them, if any are asked for; of other
//! cases, nothing by name.

use std::io::Write;

use super::debrief_form::{self, Asked};
use super::debrief_letter::{
    Guard, claims, debrief_gaps, heard_overall, questions, rights, thanks, title, told,
};
use super::document::{Block, Inline};
use super::draft::Draft;
use super::gather::{Gathered, LONGEST, gather};
use super::method::record;
use super::options::{QuoteChoice, ReportOptions, Written};
use super::phrase::{capital, sentence};
use super::source::Source;
use crate::domain::filter::{Filter, Speakers};
use crate::domain::words::{CellStatus, Outcome, Replication};
use crate::error::Result;
use crate::evidence::finding::{EvidenceView, FindingView, findings};
use crate::evidence::frame::{CellView, FrameFilter, frame_for};
use crate::governance::gate::{Audience, HeldBack, Reason};
use crate::store::{Case, Finding};
use crate::study::Study;

/// Writes the debrief of the case of that slug. Of the options, the audience is always the case, and the filter is left
/// aside.
pub fn debrief_case(
    study: &Study,
    slug: &str,
    options: &ReportOptions,
    out: &mut dyn Write,
) -> Result<Written> {
    let case = study.store.case(slug)?;
    let mut filter = Filter {
        speakers: Speakers::Participant,
        ..Filter::default()
    };
    let everyone = Source::read(study, &filter, Audience::Case)?;
    let heard = gather(&everyone, QuoteChoice::None, Audience::Case, &(), |_| {})?;
    filter.cases = vec![case.slug.clone()];
    let own = Source::read(study, &filter, Audience::Case)?;
    let mut theirs = gather(&own, options.quotes, Audience::Case, &(), |_| {})?;
    let mut guard = guard(&own, case.id)?;

    let mut draft = Draft::new(&own.row.title);
    let subtitle = format!("What it found, and what that means for {}", case.name);
    title(&mut draft, &own, subtitle, case.name.clone())?;
    draft.paragraph("Dear colleagues,");
    draft.paragraph(format!(
        "{} is part of this study. This note says what the study asked and what it has heard and found so far, what that may mean for you, and how you can correct it, add to it or object to it. It names nobody who took part. At its end is a form on which you can answer.",
        case.name
    ));
    questions(&mut draft, &own, &mut guard);
    heard_overall(&mut draft, &everyone, &heard, &mut guard);
    let told = told(&own, &mut guard)?;
    claims(&mut draft, &told);
    draft.heading(2, format!("What this means for {}", case.name));
    let any = about_case(&mut draft, &own, &case, &told, &mut guard)?;
    let (summed, summaries_held_back) = summaries(&mut draft, &own, &case, &mut guard)?;
    let themes = quotes(&mut draft, &own, &theirs, options.quotes, &mut guard);
    if !any && !summed && themes == 0 {
        draft.paragraph("Nothing is written yet that may be told to you about it.");
    }
    rights(&mut draft, &own, Some(&case.name));
    thanks(&mut draft);
    if let Some(version) = record(&own, Audience::Case)? {
        draft.push(Block::Paragraph(version));
    }
    debrief_form::add(&mut draft, &own, Asked::Case(&case.slug), &told)?;

    let quotes = draft.write(options.format, &mut theirs.quotes, out)?;
    let mut warnings = debrief_gaps(&own.row);
    warnings.append(&mut guard.kept);
    let mut findings: Vec<i64> = told.iter().map(|f| f.id).collect();
    findings.sort_unstable();
    Ok(Written {
        counts: std::collections::BTreeMap::new(),
        code_named_held_back: std::collections::BTreeMap::new(),
        quotes,
        held_back: theirs.held_back.clone(),
        summaries_held_back,
        themes,
        warnings,
        codings: theirs.quotes.quoted(),
        findings,
    })
}

/// What may be told to the people of a case, with all that is part of it.
pub(super) fn guard(source: &Source, case: i64) -> Result<Guard> {
    let own = source.study.store.with_parts(&[case], None)?;
    Guard::new(source, &own, None, None)
}

/// The findings that are about this case: what was expected and found there, and what of its people bears on them.
fn about_case(
    draft: &mut Draft,
    source: &Source,
    case: &Case,
    told: &[Finding],
    guard: &mut Guard,
) -> Result<bool> {
    let parts = source.study.store.with_parts(&[case.id], None)?;
    let own: Vec<&str> = parts
        .iter()
        .filter_map(|id| source.people.case_slug(Some(*id)))
        .collect();
    let all = findings(&source.study.store, &source.selection, None, false)?;
    let mut items = Vec::new();
    for f in all
        .iter()
        .filter(|f| told.iter().any(|t| t.id == f.finding))
    {
        let said = of_finding(f, &parts, &own, guard);
        if said.is_empty() {
            continue;
        }
        let mut item = vec![Inline::strong(format!("Finding {}.", f.finding))];
        item.extend(said.iter().map(|words| Inline::text(format!(" {words}"))));
        items.push(item);
    }
    let any = !items.is_empty();
    if any {
        draft.paragraph("These findings are about you, or rest on what was said by you:");
        draft.bullets(items);
    }
    Ok(any)
}

fn of_finding(f: &FindingView, parts: &[i64], own: &[&str], guard: &mut Guard) -> Vec<String> {
    let mut said = Vec::new();
    // As the selection leaves it: what is not of this case counts nowhere here.
    for (strength, way, also) in [
        (&f.support, "supports it", ""),
        (&f.against, "speaks against it", "also "),
    ] {
        let people = strength.participants as u64;
        if people >= guard.k {
            let people = guard.people(people);
            said.push(format!("What {people} in your system said {way}."));
        } else if people > 0 {
            // Of one it would be wrong to say that they are a few, and to say anything else only then would tell.
            let also = if said.is_empty() { "" } else { also };
            said.push(format!("What was said in your system {also}{way}."));
        }
    }
    let on_cell = |e: &&EvidenceView| {
        let case = e.cell.as_ref().and_then(|c| c.case.as_deref());
        case.is_some_and(|slug| own.contains(&slug))
    };
    if said.is_empty() && f.evidence.iter().any(|e| on_cell(&e)) {
        said.push("It rests in part on what was summed up of your system.".to_owned());
    }
    for p in f.replication.iter().filter(|p| parts.contains(&p.case_id)) {
        let what = || format!("what finding {} predicts for {}", f.finding, p.case);
        if guard.may(&p.text, what) {
            said.push(format!(
                "We expected {}: {}",
                match p.kind {
                    Replication::Literal => "the same there",
                    Replication::Theoretical => "another result there",
                },
                sentence(&p.text)
            ));
        }
        let found = match p.result {
            Some(Outcome::AsPredicted) => "That is what we found.",
            Some(Outcome::Partly) => "We found it in part.",
            Some(Outcome::Contrary) => "We found the contrary.",
            Some(Outcome::NotKnown) | None => continue,
        };
        said.push(found.to_owned());
        if let Some(text) = &p.result_text
            && guard.may(text, || {
                format!("what was found of finding {} in {}", f.finding, p.case)
            })
        {
            said.push(capital(&sentence(text)));
        }
    }
    said
}

/// The summaries of the case and its parts that these readers may see, and name nobody else. Says whether there were
/// any, and what was held back.
fn summaries(
    draft: &mut Draft,
    source: &Source,
    case: &Case,
    guard: &mut Guard,
) -> Result<(bool, HeldBack)> {
    let mut held_back = HeldBack::default();
    if source.study.store.cells()?.is_empty() {
        return Ok((false, held_back));
    }
    let filter = FrameFilter {
        cases: vec![case.slug.clone()],
        ..FrameFilter::default()
    };
    let found = frame_for(source.study, &filter, Audience::Case)?;
    // A row sums up its cells: where one of them is left out, so is what it comes to.
    let mut over_left_out = Vec::new();
    let mut shown = Vec::new();
    let charted = |c: &&CellView| c.status == CellStatus::Charted && c.case.is_some();
    for cell in found.all().filter(charted) {
        if let Some(reason) = cell.held_back {
            held_back.add(reason);
            continue;
        }
        let Some(text) = cell.text.as_deref() else {
            continue;
        };
        let theme = match &cell.theme {
            None => "All themes".to_owned(),
            Some(path) => (0..source.themes.len())
                .find(|t| source.path(*t) == path)
                .map_or_else(|| path.clone(), |t| source.full_title(t)),
        };
        let what = || {
            format!(
                "the summary of {},{}",
                cell.case.as_deref().unwrap_or_default(),
                cell.theme.as_deref().unwrap_or("/")
            )
        };
        if guard.may(&format!("{theme} {text}"), what) {
            shown.push((cell, theme, text));
        } else {
            over_left_out.push(&cell.case);
        }
    }
    let mut rows = Vec::new();
    let mut stale = 0;
    for (cell, theme, text) in shown {
        if cell.theme.is_none() && over_left_out.contains(&&cell.case) {
            held_back.add(Reason::OverHeldBack);
            continue;
        }
        stale += usize::from(cell.stale.is_some());
        rows.push(vec![theme, text.to_owned()]);
    }
    if stale > 0 {
        guard.kept.push(format!(
            "{stale} of the summaries in it were written before what they rest on changed; see which: casebook frame list --stale"
        ));
    }
    let any = !rows.is_empty();
    if any {
        draft.heading(3, "Theme by theme");
        draft.table(None, &["Theme", "What we understood"], rows, &[false; 2]);
    }
    Ok((any, held_back))
}

/// Passages that these readers may see, theme by theme. Says how many themes have any.
fn quotes(
    draft: &mut Draft,
    source: &Source,
    theirs: &Gathered,
    choice: QuoteChoice,
    guard: &mut Guard,
) -> usize {
    let themes: Vec<usize> = (0..source.themes.len())
        .filter(|t| choice != QuoteChoice::None && theirs.quotes.count(*t) > 0)
        .filter(|t| {
            guard.may(&source.full_title(*t), || {
                format!("the theme {}", source.path(*t))
            })
        })
        .collect();
    if themes.is_empty() {
        return 0;
    }
    draft.heading(3, "In people’s own words");
    draft.paragraph(format!(
        "These passages may be shown to you by leave of those who said them. One of more than {LONGEST} characters is cut, and […] marks where words were left out."
    ));
    for theme in &themes {
        draft.heading(4, source.full_title(*theme));
        draft.quotes(*theme);
    }
    themes.len()
}
