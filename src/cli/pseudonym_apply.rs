//! `pseudonym apply` and `pseudonym reveal`: names replaced in texts, and had back.

use std::collections::BTreeSet;

use super::output::{Exit, count, thousands};
use super::progress::Bar;
use super::pseudonym_args::{ApplyArgs, RevealArgs};
use super::pseudonym_key::write_private;
use super::pseudonym_view::{ApplyView, HitView, hits_sheet};
use super::report::spare;
use super::{CliError, Context, Mode, io_error};
use crate::error::Result;
use crate::governance::key::Key;
use crate::governance::pseudonym::{
    Doubt, Found, Names, NoteHit, TextHits, Written, find_in_notes, find_in_texts, reveal,
    standing, write,
};
use crate::store::Transcript;
use crate::study::{Progress, Study};

/// Which doubtful hits are to be replaced.
enum Accepted {
    All,
    These(BTreeSet<usize>),
}

/// What is to be done with the names that were found.
struct Chosen {
    texts: Vec<(Transcript, Vec<Found>)>,
    notes: Vec<NoteHit>,
    view: ApplyView,
}

impl Context {
    pub(super) fn pseudonym_apply(&self, args: &ApplyArgs) -> Result<Exit> {
        let accepted = accepted(&args.accept)?;
        let study = if args.dry_run {
            self.read()?
        } else {
            self.write()?
        };
        args.file.check(&study)?;
        let transcripts = wanted(&study, &args.ids, args.all)?;
        let mut open = self.open_key(&study)?;
        let names = Names::new(&open.key);
        let bar = Bar::new("looking", self.out.quiet);
        bar.total(transcripts.len() as u64);
        let texts = find_in_texts(&study.store, &names, transcripts, || bar.step())?;
        drop(bar);
        let notes = find_in_notes(&study.store, &names)?;
        let mut chosen = choose(&open.key, &texts, notes, args, &accepted)?;
        let show = |view: &ApplyView| {
            let sheet = hits_sheet(view, args.also_lower || args.file.is_given());
            self.tables(
                &study,
                &args.file,
                view,
                &[sheet],
                "No names of the key were found.",
            )
        };
        let nothing = chosen.texts.is_empty() && chosen.notes.is_empty();
        if args.dry_run || nothing {
            show(&chosen.view)?;
            self.say_left(&chosen.view, args);
            self.out.say(if args.dry_run {
                "Nothing was written."
            } else {
                "Nothing to change."
            });
            return Ok(Exit::Done);
        }
        let asked = !args.yes && self.out.mode == Mode::Text;
        if asked {
            // What is to be confirmed is seen before it is asked for.
            show(&chosen.view)?;
        }
        self.confirm(args.yes, &question(&chosen))?;
        let (written, event) = study.change("pseudonym apply", |tx| {
            let written = write(tx, &mut open.key, &chosen.texts, &chosen.notes)?;
            tx.summary(summary(&written));
            // The key first: were it lost, nobody would know what stood there.
            open.save()?;
            Ok(written)
        })?;
        chosen.view.written(&written, event);
        if !asked {
            show(&chosen.view)?;
        }
        self.say_left(&chosen.view, args);
        self.say_written(&written, event);
        Ok(Exit::Done)
    }

    /// What was not replaced and may have to be.
    fn say_left(&self, view: &ApplyView, args: &ApplyArgs) {
        let left = view.doubtful();
        if left > 0 && self.out.mode == Mode::Text {
            self.out.say(&format!(
                "{} left as {}: look at them, and name those that are meant with --accept N,… (and the same transcripts).",
                doubtful(left),
                if left == 1 { "it stands" } else { "they stand" }
            ));
        }
        if view.in_notes > 0 && !args.notes {
            self.out.say(&format!(
                "Names stand in {} of what was written about the texts too; --notes replaces them there.",
                count(view.in_notes, "place")
            ));
        }
    }

    fn say_written(&self, written: &Written, event: Option<i64>) {
        let places: usize = written.counts.values().sum();
        let mut what = vec![count(written.transcripts.len(), "transcript")];
        if written.notes > 0 {
            what.push(count(written.notes, "note"));
        }
        self.done(
            &format!(
                "Replaced names in {} of {}.",
                count(places, "place"),
                what.join(" and ")
            ),
            event,
        );
        let wait: usize = written.transcripts.iter().map(|t| t.3).sum();
        if wait > 0 {
            self.out.say(&format!(
                "{} for a place: casebook transcript pending",
                if wait == 1 {
                    "1 coding waits".to_owned()
                } else {
                    format!("{} codings wait", thousands(wait as u64))
                }
            ));
        }
        let which = match &written.transcripts[..] {
            [] if written.notes == 0 => return,
            [(slug, ..)] => slug,
            _ => "--all",
        };
        self.out.say(&format!(
            "Earlier revisions still hold the names. When you need them no more: casebook erase revisions {which}"
        ));
    }

    pub(super) fn pseudonym_reveal(&self, args: &RevealArgs) -> Result<Exit> {
        let study = self.read()?;
        if let Some(path) = &args.output {
            spare(&study, path)?;
        }
        let transcript = study.store.transcript(&args.id)?;
        let open = self.open_key(&study)?;
        let known = standing(&study.store, &open.key, &transcript)?;
        let text = study.store.text(transcript.revision.id)?;
        let revealed = reveal(&open.key, &text, &known);
        let view = super::pseudonym_view::RevealView {
            transcript: &transcript.slug,
            revision: transcript.revision.number,
            exact: revealed.exact,
            likely: revealed.likely,
            text: &revealed.text,
        };
        match &args.output {
            Some(path) => {
                let sha256 = write_private(path, revealed.text.as_bytes())?;
                self.register_copy(&study, "revealed", path, sha256);
                self.out.say(&format!(
                    "Wrote {} with its names to {}. Whoever reads that file knows who everybody is.",
                    transcript.slug,
                    path.display()
                ));
            }
            None => self
                .out
                .text(&view, || {
                    let mut text = revealed.text.clone();
                    if !text.ends_with('\n') {
                        text.push('\n');
                    }
                    text
                })
                .map_err(io_error)?,
        }
        self.out.say(&format!(
            "{} as it stood there, {} by the entity's first name.",
            count(revealed.exact, "name"),
            thousands(revealed.likely as u64)
        ));
        Ok(Exit::Done)
    }
}

/// The transcripts that are meant, each once, in the order in which they were named.
pub(super) fn wanted(study: &Study, ids: &[String], all: bool) -> Result<Vec<Transcript>> {
    if all {
        return Ok(study.store.transcripts()?);
    }
    let mut found: Vec<Transcript> = Vec::new();
    for id in ids {
        let one = study.store.transcript(id)?;
        if !found.iter().any(|t| t.id == one.id) {
            found.push(one);
        }
    }
    Ok(found)
}

fn accepted(typed: &[String]) -> Result<Accepted> {
    let mut numbers = BTreeSet::new();
    for word in typed.iter().map(|t| t.trim()).filter(|t| !t.is_empty()) {
        if word.eq_ignore_ascii_case("all") {
            return Ok(Accepted::All);
        }
        match word.parse::<usize>() {
            Ok(n) if n > 0 => numbers.insert(n),
            _ => {
                return Err(CliError::refused(
                    format!(
                        "`{}` is no number of a hit",
                        crate::domain::span::printable(word)
                    ),
                    "the numbers stand in the list of: casebook pseudonym apply … --dry-run",
                )
                .into());
            }
        };
    }
    Ok(Accepted::These(numbers))
}

/// Numbers the doubtful hits, and takes those that are sure or accepted.
fn choose(
    key: &Key,
    texts: &[TextHits],
    notes: Vec<NoteHit>,
    args: &ApplyArgs,
    accepted: &Accepted,
) -> Result<Chosen> {
    let mut next = 0;
    let mut several = None;
    let mut takes = |doubt: Option<Doubt>| -> (Option<usize>, bool) {
        let Some(doubt) = doubt else {
            return (None, true);
        };
        next += 1;
        let named = match accepted {
            Accepted::All => doubt != Doubt::Several,
            Accepted::These(numbers) => numbers.contains(&next),
        };
        if named && doubt == Doubt::Several {
            several.get_or_insert(next);
        }
        (
            Some(next),
            named || (doubt == Doubt::LowerCase && args.also_lower),
        )
    };
    let mut chosen = Chosen {
        texts: Vec::new(),
        notes: Vec::new(),
        view: ApplyView::default(),
    };
    for text in texts {
        let mut taken = Vec::new();
        for shown in &text.hits {
            let (number, take) = takes(shown.found.doubt);
            if take {
                taken.push(shown.found.clone());
            }
            let hit = HitView::of_text(key, &text.transcript.slug, shown, number, take);
            chosen.view.hits.push(hit);
        }
        if !taken.is_empty() {
            chosen.texts.push((text.transcript.clone(), taken));
        }
    }
    for note in notes {
        chosen.view.in_notes += 1;
        let (number, take) = if args.notes {
            takes(note.hit.doubt)
        } else {
            (None, false)
        };
        chosen
            .view
            .hits
            .push(HitView::of_note(key, &note, number, take));
        if take {
            chosen.notes.push(note);
        }
    }
    if let Some(n) = several {
        return Err(CliError::refused(
            format!("hit {n} is a name of several entities"),
            "say whose it is by making it an alias: casebook pseudonym edit ENTITY --alias NAME",
        )
        .into());
    }
    if let Accepted::These(numbers) = accepted
        && let Some(last) = numbers.last()
        && *last > next
    {
        return Err(CliError::refused(
            format!("there is no doubtful hit {last}; there are {next}"),
            "the numbers are those of the same transcripts: see them with --dry-run",
        )
        .into());
    }
    Ok(chosen)
}

fn question(chosen: &Chosen) -> String {
    let places: usize = chosen
        .texts
        .iter()
        .flat_map(|(_, found)| found)
        .map(|f| f.spans.len())
        .sum::<usize>()
        + chosen.notes.len();
    let mut what = Vec::new();
    if !chosen.texts.is_empty() {
        what.push(format!(
            "makes a new revision of {}",
            count(chosen.texts.len(), "transcript")
        ));
    }
    if !chosen.notes.is_empty() {
        what.push("changes what was written about them".into());
    }
    format!(
        "Replacing names in {} {}",
        count(places, "place"),
        what.join(" and ")
    )
}

fn doubtful(n: usize) -> String {
    if n == 1 {
        "1 doubtful hit is".into()
    } else {
        format!("{} doubtful hits are", thousands(n as u64))
    }
}

/// Counts by the entities' numbers: the record never says a name, nor what stands for it.
fn summary(written: &Written) -> String {
    let mut of: Vec<String> = written
        .counts
        .iter()
        .take(12)
        .map(|(entity, n)| format!("entity {entity}: {n}"))
        .collect();
    if written.counts.len() > 12 {
        of.push(format!("{} more entities", written.counts.len() - 12));
    }
    let wait: usize = written.transcripts.iter().map(|t| t.3).sum();
    let what = match &written.transcripts[..] {
        [] => String::new(),
        [one] => format!("{} to revision {}", one.0, one.1),
        several => count(several.len(), "transcript"),
    };
    let notes = match written.notes {
        0 => String::new(),
        n => count(n, "note"),
    };
    let whole: Vec<String> = [what, notes]
        .into_iter()
        .filter(|w| !w.is_empty())
        .collect();
    format!(
        "pseudonymise {}; places: {}; codings pending: {wait}",
        whole.join(" and "),
        of.join(", ")
    )
}
