//! Coded passages as a document: for the team every quote with its place, theme and coder; for others with its citation.

use std::io::Write;

use super::{Block, Error, Format, Page};
use crate::coding::quotes::{Names, each_quote};
use crate::domain::span::printable;
use crate::error::Result;
use crate::evidence::released::ReleasedQuotes;
use crate::governance::gate::Audience;
use crate::study::{Selection, Study};

/// Writes the quotes that a selection leaves, the first `limit` of them, in the order of the texts. Gives how many were
/// written. Streams: one text is in memory at a time.
pub fn quotes(
    study: &Study,
    selection: &Selection,
    limit: Option<usize>,
    format: Format,
    out: &mut dyn Write,
) -> Result<usize> {
    let row = study.store.study()?;
    let names = Names::read(&study.store)?;
    let title = format!("Quotes: {}", row.title);
    let mut document = format.renderer(out, &Page::new(title.clone(), row.language));
    let themes: Vec<String> = selection
        .themes
        .iter()
        .flatten()
        .map(|t| names.book.path(*t))
        .collect();
    let mut facts = vec![("For".to_owned(), "the research team only".to_owned())];
    if !themes.is_empty() {
        facts.push(("Themes".into(), themes.join(", ")));
    }
    document
        .block(&Block::Title {
            title,
            subtitle: None,
            facts,
        })
        .map_err(Error::Write)?;
    let mut written = 0;
    each_quote(study, selection, |reader, transcript, q, text| {
        if limit.is_some_and(|n| written >= n) {
            return Ok(());
        }
        written += 1;
        let mut citation = format!(
            "{}:{}",
            transcript.slug,
            transcript.revision.number_of(q.turn)
        );
        if transcript.revision.number > 1 {
            citation.push_str(&format!(" (revision {})", transcript.revision.number));
        }
        for part in [
            reader.people.code(q.participant),
            reader.people.case_slug(transcript.case),
        ]
        .into_iter()
        .flatten()
        {
            citation.push_str(" · ");
            citation.push_str(part);
        }
        citation.push_str(&format!(
            " · {} · {}",
            names.path(q.coding.theme),
            names.coder(q.coding.coder)
        ));
        document
            .block(&Block::Quote {
                text: printable(text).into_owned(),
                citation: Some(citation),
                note: names.memo(q.coding.id).map(str::to_owned),
            })
            .map_err(Error::Write)?;
        Ok(())
    })?;
    document.finish().map_err(Error::Write)?;
    Ok(written)
}

/// Writes quotes that were released, under their themes.
pub fn released(
    study: &Study,
    found: &ReleasedQuotes,
    format: Format,
    out: &mut dyn Write,
) -> Result<()> {
    let row = study.store.study()?;
    let title = format!("Quotes: {}", row.title);
    let mut document = format.renderer(out, &Page::new(title.clone(), row.language));
    let readers = match found.audience {
        Audience::Team => "the research team only",
        Audience::Participant => "one participant only",
        Audience::Case => "the people of the case only",
        Audience::Public => "anyone",
    };
    document
        .block(&Block::Title {
            title,
            subtitle: None,
            facts: vec![("For".to_owned(), readers.to_owned())],
        })
        .map_err(Error::Write)?;
    for of_theme in found.quotes.chunk_by(|a, b| a.theme == b.theme) {
        document
            .block(&Block::Heading {
                level: 2,
                text: printable(&of_theme[0].theme).into_owned(),
                anchor: None,
            })
            .map_err(Error::Write)?;
        for q in of_theme {
            document
                .block(&Block::Quote {
                    text: printable(&q.text).into_owned(),
                    citation: Some(q.citation.clone()),
                    note: None,
                })
                .map_err(Error::Write)?;
        }
    }
    document.finish().map_err(Error::Write)?;
    Ok(())
}
