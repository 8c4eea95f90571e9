//! Coding by rule: every hit of a search, as a coder of its own, `auto:NAME`, so that it can be told apart and undone.

use std::collections::HashSet;

use serde::Serialize;

use crate::domain::filter::Filter;
use crate::domain::span::Span;
use crate::domain::words::Spread;
use crate::error::Result;
use crate::search::{self, Language, Matcher};
use crate::store::NewCoding;
use crate::study::Study;
use crate::study::passage::Reader;

use super::codebook::Codebook;
use super::sentence;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AutocodeResult {
    pub rule: String,
    pub theme: String,
    pub spread: Spread,
    /// Turns that the query finds.
    pub turns: u64,
    /// Codings made (or that would be made).
    pub codings: usize,
    /// Passages that the rule had coded already.
    pub known: usize,
    pub event: Option<i64>,
}

/// Codes what `query` finds with `theme`. The rule is named, or called after its theme.
pub fn autocode(
    study: &Study,
    query: &str,
    theme: &str,
    spread: Spread,
    name: Option<&str>,
    filter: &Filter,
    dry_run: bool,
) -> Result<AutocodeResult> {
    let parsed = search::parse(query)?;
    let languages = study.languages()?;
    let study_language: Language = study.store.study()?.language.parse()?;
    let book = Codebook::read(&study.store)?;
    let theme_id = book.find(theme)?;
    let theme = book.path(theme_id);
    let rule = format!("auto:{}", name.unwrap_or(&theme));
    let turns = study.matching_turns(&parsed, &study.select(filter)?)?;
    let mut matcher = Matcher::new(&parsed, &languages);
    let mut reader = Reader::new(&study.store)?;
    let mut ids = turns.iter().peekable();
    let mut planned: Vec<(i64, Vec<NewCoding>)> = Vec::new();
    while let Some(&id) = ids.peek() {
        let Some(transcript) = reader.transcript_of_turn(id.into())? else {
            ids.next();
            continue;
        };
        let language = match &transcript.language {
            Some(own) => own.parse()?,
            None => study_language,
        };
        let revision = &transcript.revision;
        let mut new = Vec::new();
        while let Some(&id) = ids.peek()
            && revision.has(id.into())
        {
            ids.next();
            let Some(turn) = study.store.turn(id.into())? else {
                continue;
            };
            let text = reader
                .slices(revision.id, &[turn.span])?
                .pop()
                .unwrap_or_default();
            let matches = matcher.find(&text, language).unwrap_or_default();
            for span in spans(&text, &matches, spread) {
                let span = Span::new(span.start + turn.span.start, span.end + turn.span.start);
                new.push(NewCoding {
                    transcript: transcript.id,
                    revision: revision.id,
                    span,
                    turn: turn.id,
                    last_turn: turn.id,
                    theme: theme_id,
                    coder: 0,
                });
            }
        }
        planned.push((transcript.id, new));
    }
    let mut result = AutocodeResult {
        rule: rule.clone(),
        theme,
        spread,
        turns: turns.len(),
        codings: 0,
        known: 0,
        event: None,
    };
    let coder_id = study
        .store
        .coders()?
        .into_iter()
        .find(|c| c.name == rule)
        .map(|c| c.id);
    for (transcript, new) in &mut planned {
        let there: HashSet<Span> = study
            .store
            .codings_of(*transcript)?
            .into_iter()
            .filter(|c| c.theme == theme_id && Some(c.coder) == coder_id)
            .map(|c| c.span)
            .collect();
        let all = new.len();
        new.retain(|c| !there.contains(&c.span));
        result.known += all - new.len();
        result.codings += new.len();
    }
    if dry_run || result.codings == 0 {
        return Ok(result);
    }
    let ((), event) = study.change("autocode", |tx| {
        let coder = tx.coder(&rule)?;
        tx.put_rule(coder, query, theme_id, spread.word())?;
        for (transcript, new) in &mut planned {
            for coding in new.iter_mut() {
                coding.coder = coder;
            }
            tx.add_codings(*transcript, new)?;
        }
        tx.summary(format!(
            "autocode {} passages with theme {}",
            result.codings, result.theme
        ));
        Ok(())
    })?;
    result.event = event;
    Ok(result)
}

/// What is coded in a turn whose words match at `matches`: nothing twice.
fn spans(text: &str, matches: &[Span], spread: Spread) -> Vec<Span> {
    match spread {
        Spread::Match => matches.to_vec(),
        Spread::Turn if matches.is_empty() => Vec::new(),
        Spread::Turn => vec![Span::new(
            0,
            crate::domain::span::Codepoints::new(text).len(),
        )],
        Spread::Sentence => {
            let mut found: Vec<Span> = Vec::new();
            for span in matches.iter().map(|m| sentence::around(text, *m)) {
                match found.last_mut() {
                    Some(last) if span.start < last.end => last.end = last.end.max(span.end),
                    _ => found.push(span),
                }
            }
            found
        }
    }
}
