//! The reply form: for each finding that its reader was told, boxes to tick and room for words. Its labels are the ones
//! by which it is read when it comes back.

use super::debrief_letter::contact;
use super::document::Block;
use super::docx::BOX;
use super::draft::Draft;
use super::phrase::{day, sentence};
use super::sheet::Sheet;
use super::source::Source;
use crate::domain::filter::Filter;
use crate::error::Result;
use crate::evidence::response_form::{
    COLUMNS, ELSE, FINDING, FORM, FormName, IN_WORDS, LABELS, Reader, WHO, study_name,
};
use crate::store::Finding;
use crate::study::Study;

/// Whom a form asks.
#[derive(Clone, Copy, Debug)]
pub enum Asked<'a> {
    /// By code.
    Participant(&'a str),
    /// The people of a case, by its slug.
    Case(&'a str),
}

fn name(source: &Source, asked: Asked) -> Result<FormName> {
    Ok(FormName {
        study: study_name(&source.row.uuid),
        reader: match asked {
            Asked::Participant(code) => Reader::Participant(code.to_owned()),
            Asked::Case(slug) => Reader::Case(slug.to_owned()),
        },
        version: source.study.store.state()?,
    })
}

/// The form at the end of a debrief.
pub(super) fn add(
    draft: &mut Draft,
    source: &Source,
    asked: Asked,
    findings: &[Finding],
) -> Result<()> {
    draft.push(Block::PageBreak);
    draft.heading(2, "Reply form");
    draft.paragraph("For each finding, please tick one box: by a click, or by an x in its place. You may leave any of them empty. What you write is kept with the study, under the same promises as what was said in it.");
    let mut head = Vec::new();
    if matches!(asked, Asked::Case(_)) {
        head.push(vec![WHO.to_owned(), String::new()]);
    }
    if let Some(to) = contact(source) {
        head.push(vec!["Please send it to".to_owned(), to.to_owned()]);
    }
    if let Some(by) = &source.row.withdraw_by {
        head.push(vec!["By".to_owned(), day(by)]);
    }
    let form = name(source, asked)?.to_string();
    let table = |title: String, beside: String, rows: Vec<Vec<String>>| Block::Table {
        caption: None,
        head: vec![title, beside],
        rows,
        numeric: Vec::new(),
    };
    draft.push(table(FORM.to_owned(), form, head));
    let words = || vec![IN_WORDS.to_owned(), String::new()];
    for finding in findings {
        let mut rows: Vec<Vec<String>> = LABELS
            .iter()
            .map(|(_, label)| vec![(*label).to_owned(), BOX.to_owned()])
            .collect();
        rows.push(words());
        draft.push(table(
            format!("{FINDING} {}", finding.id),
            sentence(&finding.claim),
            rows,
        ));
    }
    draft.push(table(ELSE.to_owned(), String::new(), vec![words()]));
    Ok(())
}

/// The findings that a reader is told, and their form as a table: a row for each, to be filled in a spreadsheet.
pub fn form_sheet(study: &Study, asked: Asked) -> Result<Sheet> {
    let source = Source::read(
        study,
        &Filter::default(),
        crate::governance::gate::Audience::Participant,
    )?;
    let findings = super::debrief::asked_about(&source, asked)?;
    let name = name(&source, asked)?.to_string();
    let mut sheet = Sheet::new("Reply form", COLUMNS);
    for finding in &findings {
        let mut row = vec![
            name.as_str().into(),
            "".into(),
            finding.id.into(),
            finding.claim.as_str().into(),
        ];
        row.resize(COLUMNS.len(), super::sheet::Cell::Empty);
        sheet.row(row);
    }
    let mut row = vec![name.as_str().into(), "".into(), "whole".into()];
    row.resize(COLUMNS.len(), super::sheet::Cell::Empty);
    sheet.row(row);
    Ok(sheet)
}
