//! What is held about a person, as a page for that person.

use std::io::Write;

use super::document::{Block, Inline, Page};
use super::phrase::{count, day};
use super::{Format, contents};
use crate::error::Result;
use crate::governance::sar::{Held, HeldTranscript, HeldValue};

/// Whether the page holds the person's own turns, or they stand in files of their own beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turns {
    Here,
    InFiles,
}

/// Writes the page.
///
/// # Errors
/// What can't be written.
pub fn subject_access(
    held: &Held,
    turns: Turns,
    format: Format,
    out: &mut dyn Write,
) -> Result<()> {
    let title = format!("What is held about {}", held.participant);
    write(&title, &blocks(held, &title, turns), format, out)
}

/// Writes the person's own turns in one transcript.
///
/// # Errors
/// What can't be written.
pub fn own_turns(
    held: &Held,
    transcript: &HeldTranscript,
    format: Format,
    out: &mut dyn Write,
) -> Result<()> {
    let title = format!("{}: {}", held.participant, transcript.transcript);
    let mut blocks = vec![Block::Title {
        title: title.clone(),
        subtitle: Some(held.study.clone()),
        facts: facts(transcript),
    }];
    texts(&mut blocks, transcript, 2);
    write(&title, &blocks, format, out)
}

fn write(title: &str, blocks: &[Block], format: Format, out: &mut dyn Write) -> Result<()> {
    let page = Page::new(title, "en-GB").with_headings(contents(blocks));
    let mut renderer = format.renderer(out, &page);
    for block in blocks {
        renderer.block(block).map_err(super::Error::from)?;
    }
    renderer.finish().map_err(super::Error::from)?;
    Ok(())
}

fn heading(blocks: &mut Vec<Block>, level: u8, text: impl Into<String>) {
    blocks.push(Block::Heading {
        level,
        text: text.into(),
        anchor: None,
    });
}

fn paragraph(blocks: &mut Vec<Block>, words: impl Into<String>) {
    blocks.push(Block::Paragraph(vec![Inline::text(words)]));
}

/// A section with a table; nothing where it has no row.
fn section(blocks: &mut Vec<Block>, title: &str, head: &[&str], rows: Vec<Vec<String>>) {
    if rows.is_empty() {
        return;
    }
    heading(blocks, 2, title);
    table(blocks, head, rows);
}

fn table(blocks: &mut Vec<Block>, head: &[&str], rows: Vec<Vec<String>>) {
    blocks.push(Block::Table {
        caption: None,
        head: head.iter().map(|h| (*h).to_owned()).collect(),
        rows,
        numeric: Vec::new(),
    });
}

fn or_none(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

fn yes(value: Option<bool>) -> String {
    match value {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not asked",
    }
    .to_owned()
}

fn pairs(values: &[HeldValue]) -> String {
    values
        .iter()
        .map(|v| format!("{}: {}", v.name, v.value))
        .collect::<Vec<_>>()
        .join("; ")
}

fn facts(transcript: &HeldTranscript) -> Vec<(String, String)> {
    [
        ("Kind", Some(transcript.kind.clone())),
        ("Date", transcript.date.as_deref().map(day)),
        ("Case", transcript.case.clone()),
        ("Phase", transcript.phase.clone()),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
    .collect()
}

/// The person's turns in each text of a transcript, the present one first.
fn texts(blocks: &mut Vec<Block>, transcript: &HeldTranscript, level: u8) {
    let several = transcript.texts.len() > 1;
    for (n, text) in transcript.texts.iter().rev().enumerate() {
        if several {
            heading(
                blocks,
                level,
                match n {
                    0 => format!("The text as it is now (revision {})", text.revision),
                    _ => format!("An earlier text (revision {})", text.revision),
                },
            );
        }
        if text.turns.is_empty() {
            paragraph(blocks, "No turn in it is assigned to you.");
        }
        for turn in &text.turns {
            blocks.push(Block::Quote {
                text: turn.text.clone(),
                citation: Some(format!("{}:{}", transcript.transcript, turn.turn)),
                note: None,
            });
        }
        if text.others > 0 {
            paragraph(
                blocks,
                format!(
                    "{} of the same text {} not yours and {} withheld.",
                    count(text.others, "turn", "turns"),
                    if text.others == 1 { "is" } else { "are" },
                    if text.others == 1 { "is" } else { "are" },
                ),
            );
        }
    }
}

fn blocks(held: &Held, title: &str, turns: Turns) -> Vec<Block> {
    let mut blocks = vec![Block::Title {
        title: title.to_owned(),
        subtitle: Some(held.study.clone()),
        facts: held
            .as_of
            .as_deref()
            .map(|d| ("As of".to_owned(), day(d)))
            .into_iter()
            .collect(),
    }];
    paragraph(
        &mut blocks,
        "This is what the study keeps about you. Other people who took part stand in it under no name and no pseudonym. What is kept and not given here is listed at the end, with the reason.",
    );
    about(&mut blocks, held);
    promises(&mut blocks, held);
    said(&mut blocks, held, turns);
    made_of_it(&mut blocks, held);
    gone_out(&mut blocks, held);
    record(&mut blocks, held);
    heading(&mut blocks, 2, "What was withheld, and why");
    if held.withheld.is_empty() {
        paragraph(&mut blocks, "Nothing.");
    } else {
        table(
            &mut blocks,
            &["What", "How many", "Why"],
            held.withheld
                .iter()
                .map(|w| vec![w.what.clone(), w.count.to_string(), w.why.to_owned()])
                .collect(),
        );
    }
    if let Some(contact) = &held.contact {
        paragraph(
            &mut blocks,
            format!("Questions about any of it: {contact}."),
        );
    }
    blocks
}

fn about(blocks: &mut Vec<Block>, held: &Held) {
    let mut rows = vec![vec!["Pseudonym".to_owned(), held.participant.clone()]];
    let mut add = |name: &str, value: Option<String>| {
        rows.extend(
            value
                .filter(|v| !v.is_empty())
                .map(|v| vec![name.to_owned(), v]),
        );
    };
    add("Role", held.role.clone());
    add("Organisation", held.organisation.clone());
    add("Speaks about", Some(held.cases.join(", ")));
    add("Cited at most as", Some(held.attribution.clone()));
    add("May be quoted", Some(yes(Some(held.quotable))));
    for value in &held.attributes {
        add(&value.name, Some(value.value.clone()));
    }
    if let Some(key) = &held.key {
        add("Name", Some(key.name.clone()));
        add("Also called", Some(key.also.join(", ")));
        add("Written to at", key.contact.clone());
    }
    section(blocks, "About you", &["What", "Kept"], rows);
    section(
        blocks,
        "What happened with you",
        &["Stage", "Day", "Phase"],
        held.milestones
            .iter()
            .map(|m| {
                vec![
                    m.stage.clone(),
                    or_none(m.date.as_ref()),
                    or_none(m.phase.as_ref()),
                ]
            })
            .collect(),
    );
}

fn promises(blocks: &mut Vec<Block>, held: &Held) {
    section(
        blocks,
        "What you agreed to",
        &[
            "Version",
            "Signed",
            "Form",
            "Take part",
            "Record",
            "Quote",
            "Cited at most as",
            "Share",
            "Archive",
            "Contact again",
            "Until",
            "Approved by",
        ],
        held.consents
            .iter()
            .map(|c| {
                vec![
                    c.version.to_string(),
                    c.signed.clone(),
                    or_none(c.form.as_ref()),
                    yes(Some(c.take_part)),
                    yes(c.record),
                    yes(c.quote),
                    c.attribution.clone(),
                    yes(c.share),
                    yes(c.archive),
                    yes(c.contact),
                    or_none(c.until.as_ref()),
                    or_none(c.approval.as_ref()),
                ]
            })
            .collect(),
    );
    section(
        blocks,
        "Stricter limits on what you said",
        &[
            "Transcript",
            "On",
            "Cited at most as",
            "May be quoted",
            "Why",
        ],
        held.limits
            .iter()
            .map(|l| {
                vec![
                    l.transcript.clone(),
                    l.on.to_owned(),
                    or_none(l.level.as_ref()),
                    yes(Some(l.quotable)),
                    or_none(l.why.as_ref()),
                ]
            })
            .collect(),
    );
    section(
        blocks,
        "Your withdrawal",
        &["How", "Asked for on"],
        held.withdrawals
            .iter()
            .map(|w| vec![w.mode.clone(), w.asked.clone()])
            .collect(),
    );
}

fn said(blocks: &mut Vec<Block>, held: &Held, turns: Turns) {
    if held.transcripts.is_empty() {
        return;
    }
    heading(blocks, 2, "What you said");
    if turns == Turns::InFiles {
        table(
            blocks,
            &["Transcript", "Kind", "Date", "Case", "Phase", "Your turns"],
            held.transcripts
                .iter()
                .map(|t| {
                    vec![
                        t.transcript.clone(),
                        t.kind.clone(),
                        or_none(t.date.as_ref()),
                        or_none(t.case.as_ref()),
                        or_none(t.phase.as_ref()),
                        t.texts
                            .last()
                            .map_or(0, |text| text.turns.len())
                            .to_string(),
                    ]
                })
                .collect(),
        );
        paragraph(
            blocks,
            "Your words stand in a file for each transcript, beside this one.",
        );
        return;
    }
    for transcript in &held.transcripts {
        heading(blocks, 3, transcript.transcript.clone());
        let facts: Vec<String> = facts(transcript)
            .into_iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        if !facts.is_empty() {
            paragraph(blocks, facts.join("; "));
        }
        texts(blocks, transcript, 4);
    }
}

fn made_of_it(blocks: &mut Vec<Block>, held: &Held) {
    section(
        blocks,
        "How your words were sorted",
        &["Place", "Theme", "What the theme means", "Your words", "By"],
        held.codings
            .iter()
            .map(|c| {
                vec![
                    format!("{}:{}", c.transcript, c.turn),
                    c.theme.clone(),
                    or_none(c.meaning.as_ref()),
                    c.text.clone(),
                    format!("a {}", c.by),
                ]
            })
            .collect(),
    );
    section(
        blocks,
        "Notes about you",
        &["On", "Written", "Note"],
        held.memos
            .iter()
            .map(|m| vec![m.on.to_owned(), m.at.clone(), m.text.clone()])
            .collect(),
    );
    section(
        blocks,
        "Summaries that rest on your words",
        &["Case", "Theme", "Passages of yours"],
        held.summaries
            .iter()
            .map(|s| {
                vec![
                    or_none(s.case.as_ref()),
                    or_none(s.theme.as_ref()),
                    s.passages.to_string(),
                ]
            })
            .collect(),
    );
    section(
        blocks,
        "Findings for which your words are evidence",
        &["Finding", "What it claims", "For it", "Against it"],
        held.findings
            .iter()
            .map(|f| {
                vec![
                    f.finding.to_string(),
                    f.claim.clone(),
                    f.supports.to_string(),
                    f.contradicts.to_string(),
                ]
            })
            .collect(),
    );
    section(
        blocks,
        "What you answered",
        &[
            "Received",
            "To",
            "Answer",
            "Your words",
            "What became of it",
            "Why",
        ],
        held.responses
            .iter()
            .map(|r| {
                vec![
                    r.received.clone(),
                    r.finding
                        .map_or_else(|| "the whole".to_owned(), |f| format!("finding {f}")),
                    r.kind.clone(),
                    or_none(r.text.as_ref()),
                    r.outcome.clone().unwrap_or_else(|| "open".to_owned()),
                    or_none(r.why.as_ref()),
                ]
            })
            .collect(),
    );
}

fn gone_out(blocks: &mut Vec<Block>, held: &Held) {
    section(
        blocks,
        "Reports that quote you or were written for you",
        &["Report", "As", "Written", "Passages of yours"],
        held.reports
            .iter()
            .map(|r| {
                vec![
                    r.kind.clone(),
                    r.format.clone(),
                    r.at.clone(),
                    r.quoted.to_string(),
                ]
            })
            .collect(),
    );
    section(
        blocks,
        "Other files with contents of the study",
        &["What", "Written"],
        held.copies
            .iter()
            .map(|c| vec![c.kind.clone(), c.at.clone()])
            .collect(),
    );
    if !held.copies.is_empty() {
        paragraph(
            blocks,
            "Backups hold all of the study. Whether your words are in another one of these files is not on record.",
        );
    }
}

fn record(blocks: &mut Vec<Block>, held: &Held) {
    section(
        blocks,
        "What was done with it",
        &["Event", "When", "What", "Rows about you"],
        held.events
            .iter()
            .map(|e| {
                vec![
                    e.event.to_string(),
                    e.at.clone(),
                    e.op.clone(),
                    e.rows.to_string(),
                ]
            })
            .collect(),
    );
    section(
        blocks,
        "How it was before it was changed",
        &["Until", "What", "It said"],
        held.earlier
            .iter()
            .map(|e| vec![e.at.clone(), e.what.clone(), pairs(&e.was)])
            .collect(),
    );
}
