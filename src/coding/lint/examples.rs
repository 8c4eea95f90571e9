//! Where the examples of a codebook stand in the texts: found by the index, never by reading all texts for each.

use std::collections::{HashMap, HashSet};

use crate::coding::codebook::Codebook;
use crate::domain::section::fold;
use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::search::{self, Language, Matcher};
use crate::store::{Store, Theme};
use crate::study::Study;
use crate::study::passage::Reader;

/// Where an example stands.
pub(super) enum Example {
    /// In these places of present texts.
    At(Vec<Stands>),
    Gone,
    Nowhere,
}

pub(super) struct Stands {
    pub(super) transcript: i64,
    pub(super) slug: String,
    pub(super) span: Span,
}

/// A piece of an example.
struct Piece {
    /// As it is looked up: nothing in it steers a query.
    typed: String,
    folded: String,
}

/// Pieces of an example that must stand in a text: what was left out is not looked for.
fn pieces(example: &str) -> Vec<Piece> {
    let parted = example.replace("...", "…");
    let word =
        |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '\u{300}'..='\u{36f}');
    let mut all: Vec<Piece> = parted
        .split(['…', '[', ']', '\n', '/'])
        .map(|piece| Piece {
            typed: piece.replace(|c| !word(c), " "),
            folded: fold(piece),
        })
        .filter(|piece| !piece.folded.is_empty())
        .collect();
    // A word alone stands everywhere; where there is more to go by, it is not looked for.
    if all.iter().any(|p| p.folded.contains(' ')) {
        all.retain(|p| p.folded.contains(' '));
    }
    all
}

/// Looks each example up in the index, and what isn't found in texts as they were before a correction.
pub(super) fn examples(study: &Study, book: &Codebook) -> Result<HashMap<i64, Example>> {
    let with: Vec<(&Theme, Vec<Piece>)> = book
        .themes()
        .iter()
        .filter_map(|t| Some((t, pieces(t.example.as_deref()?))))
        .filter(|(_, pieces)| !pieces.is_empty())
        .collect();
    let mut found = HashMap::new();
    if with.is_empty() {
        return Ok(found);
    }
    let index = study.index()?;
    let languages = study.languages()?;
    let own: Language = study.store.study()?.language.parse()?;
    let mut reader = Reader::of_few(&study.store)?;
    let mut nowhere: Vec<(i64, Vec<Piece>)> = Vec::new();
    for (theme, pieces) in with {
        let mut places = Vec::new();
        let mut all = true;
        for piece in &pieces {
            let Ok(query) = search::parse(&format!("\"{}\"", piece.typed)) else {
                all = false;
                break;
            };
            let mut matcher = Matcher::new(&query, &languages);
            let filter = search::Filter {
                turns: None,
                memos: false,
            };
            let mut here = Vec::new();
            for id in index.turns(&query, &languages, &filter)?.iter() {
                let id = i64::from(id);
                let (Some(transcript), Some(turn)) =
                    (reader.transcript_of_turn(id)?, study.store.turn(id)?)
                else {
                    continue;
                };
                let text = reader
                    .slices(transcript.revision.id, &[turn.span])?
                    .pop()
                    .unwrap_or_default();
                let language = match &transcript.language {
                    Some(other) => other.parse()?,
                    None => own,
                };
                let points = Codepoints::new(&text);
                for span in matcher.find(&text, language).unwrap_or_default() {
                    // The index finds by stems: only the same words are the example.
                    if fold(points.slice(span)) == piece.folded {
                        here.push(Stands {
                            transcript: transcript.id,
                            slug: transcript.slug.clone(),
                            span: Span::new(
                                span.start + turn.span.start,
                                span.end + turn.span.start,
                            ),
                        });
                    }
                }
            }
            all &= !here.is_empty();
            places.extend(here);
        }
        if all {
            found.insert(theme.id, Example::At(places));
        } else {
            nowhere.push((theme.id, pieces));
        }
    }
    let gone = in_older_texts(&study.store, &nowhere)?;
    for (theme, _) in nowhere {
        let example = if gone.contains(&theme) {
            Example::Gone
        } else {
            Example::Nowhere
        };
        found.insert(theme, example);
    }
    Ok(found)
}

/// The themes whose examples stand in a text before it was corrected: each such text is read once.
fn in_older_texts(store: &Store, wanted: &[(i64, Vec<Piece>)]) -> Result<HashSet<i64>> {
    let mut found = HashSet::new();
    if wanted.is_empty() {
        return Ok(found);
    }
    for t in store.transcripts()? {
        if t.revision.number == 1 {
            continue;
        }
        for revision in store.revisions(t.id)? {
            if revision.id == t.revision.id {
                continue;
            }
            let text = format!(" {} ", store.with_text(revision.id, fold)?);
            for (theme, pieces) in wanted {
                if pieces
                    .iter()
                    .all(|p| text.contains(&format!(" {} ", p.folded)))
                {
                    found.insert(*theme);
                }
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_looked_for_in_its_pieces() {
        let check = |example: &str, expected: &[&str]| {
            let found: Vec<String> = pieces(example).into_iter().map(|p| p.folded).collect();
            assert_eq!(found, expected);
        };
        check("Nobody knows.", &["nobody knows"]);
        check("Nobody … knows it", &["knows it"]);
        check(
            "We agreed ... that it [the plan] was late",
            &["we agreed", "that it", "the plan", "was late"],
        );
        check("Nobody", &["nobody"]);
        check("…", &[]);
    }
}
