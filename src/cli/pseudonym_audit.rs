//! `pseudonym audit`: what in transcripts still looks as though it said who somebody is.

use std::collections::HashSet;

use serde::Serialize;

use super::output::{Exit, count, thousands};
use super::progress::Bar;
use super::pseudonym_apply::wanted;
use super::pseudonym_args::AuditArgs;
use super::{CliError, Context};
use crate::domain::filter::Filter;
use crate::error::Result;
use crate::governance::key::path_of;
use crate::governance::pseudonym::{Asked, Doubtful, Sureness, audit};
use crate::report::sheet::{Cell, Sheet};
use crate::study::{Progress, Study};

#[derive(Serialize)]
struct AuditView {
    /// How many transcripts were looked through.
    transcripts: usize,
    /// Whether the key's names were looked for.
    with_key: bool,
    suspects: Vec<Doubtful>,
}

impl Context {
    pub(super) fn pseudonym_audit(&self, args: &AuditArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let transcripts = narrowed(&study, args)?;
        let there = path_of(study.path()).exists();
        let open = if there && (!args.no_key || !args.ignore.is_empty()) {
            Some(self.open_key(&study)?)
        } else {
            None
        };
        let open = match open {
            None if !args.ignore.is_empty() => {
                return Err(CliError::refused(
                    "what is ignored is kept in the key, and there is none",
                    "begin one: casebook pseudonym add NAME REPLACEMENT; the list can be narrowed with --at-least medium",
                )
                .into());
            }
            Some(mut open) if !args.ignore.is_empty() => {
                for word in args
                    .ignore
                    .iter()
                    .map(|w| w.trim())
                    .filter(|w| !w.is_empty())
                {
                    if !open
                        .key
                        .ignored
                        .iter()
                        .any(|w| w.eq_ignore_ascii_case(word))
                    {
                        open.key.ignored.push(word.to_owned());
                    }
                }
                open.key.ignored.sort();
                open.save()?;
                Some(open)
            }
            other => other,
        };
        let bar = Bar::new("looking", self.out.quiet);
        bar.total(transcripts.len() as u64);
        let asked = Asked {
            key: open.as_ref().map(|o| &o.key).filter(|_| !args.no_key),
            ignored: &[],
            at_least: args.at_least,
            notes: args.ids.is_empty() && args.case.is_none(),
        };
        let suspects = audit(&study.store, &transcripts, &asked, || bar.step())?;
        drop(bar);
        let view = AuditView {
            transcripts: transcripts.len(),
            with_key: asked.key.is_some(),
            suspects,
        };
        let empty = format!(
            "Nothing in {} looks like a name or an address. That is no proof that there is none: read them.",
            count(transcripts.len(), "transcript")
        );
        self.tables(&study, &args.file, &view, &[sheet(&view)], &empty)?;
        if !view.suspects.is_empty() {
            self.say_counts(&view);
        }
        Ok(Exit::Done)
    }

    fn say_counts(&self, view: &AuditView) {
        let of = |sure: Sureness| {
            let n = view.suspects.iter().filter(|s| s.sure == sure).count();
            format!("{} {sure}", thousands(n as u64))
        };
        let places: usize = view.suspects.iter().map(|s| s.count).sum();
        self.out.say(&format!(
            "{} in {} of {}: {}.",
            count(view.suspects.len(), "suspect"),
            count(places, "place"),
            count(view.transcripts, "transcript"),
            Sureness::ALL
                .iter()
                .map(|s| of(*s))
                .collect::<Vec<_>>()
                .join(", ")
        ));
        if !view.with_key {
            self.out
                .say("The key was not asked; with it, its names are found in every form.");
        }
        self.out.say("To put a name into the key: casebook pseudonym add NAME REPLACEMENT; what is none is passed over with --ignore WORD.");
    }
}

/// The transcripts that are named, or all, or those of a case.
fn narrowed(study: &Study, args: &AuditArgs) -> Result<Vec<crate::store::Transcript>> {
    let mut transcripts = wanted(study, &args.ids, args.ids.is_empty())?;
    if let Some(case) = &args.case {
        let filter = Filter {
            cases: vec![case.clone()],
            ..Filter::default()
        };
        if let Some(ids) = study.select(&filter)?.transcripts {
            let there: HashSet<i64> = ids.into_iter().collect();
            transcripts.retain(|t| there.contains(&t.id));
        }
    }
    Ok(transcripts)
}

fn sheet(view: &AuditView) -> Sheet {
    const PLACES: usize = 3;
    let mut sheet = Sheet::new(
        "What may say who somebody is",
        ["sure", "kind", "words", "count", "places", "left", "right"],
    );
    for s in &view.suspects {
        let mut places = s
            .places
            .iter()
            .take(PLACES)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        if s.places.len() > PLACES {
            places.push_str(", …");
        }
        sheet.row([
            Cell::from(s.sure.word()),
            Cell::from(s.kind.word()),
            Cell::from(s.words.as_str()),
            Cell::from(s.count),
            Cell::from(places),
            Cell::from(super::pseudonym_view::right_end(&s.left)),
            Cell::from(s.right.as_str()),
        ]);
    }
    sheet
}
