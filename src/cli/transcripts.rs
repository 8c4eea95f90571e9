//! `transcript`: list, show, edit, remove.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, Table, count};
use super::parts::{MergeArgs, SplitArgs};
use super::pending::PendingArgs;
use super::revise::ReviseArgs;
use super::transcript_edit::EditArgs;
use super::{CliError, Context, io_error};
use crate::coding::quotes::Names;
use crate::domain::attribute::Owner;
use crate::domain::filter::{Filter, Speakers};
use crate::domain::place::{Place, Within};
use crate::domain::span::{Codepoints, printable};
use crate::error::Result;
use crate::evidence::loss::{Loss, watch};
use crate::import;
use crate::store::{Section, Store, Transcript, Tx};
use crate::study::passage::{Reader, TurnView};

#[derive(Subcommand)]
pub(super) enum TranscriptCommand {
    /// List transcripts
    List(ListArgs),
    /// Show a transcript with its turns
    Show(ShowArgs),
    /// Change what is known of transcripts, or words of a text
    ///
    /// Its text itself never changes: replacing words makes a new revision, as `revise` does.
    Edit(Box<EditArgs>),
    /// Put a corrected text in a transcript's place, with every coding where its words stand now
    ///
    /// First it is shown what changes and where each coding goes. Codings whose words are not found for certain stay
    /// on the old revision until you place them or let them go: casebook transcript pending.
    Revise(ReviseArgs),
    /// List codings that wait for their place in a corrected text; place them or let them go
    Pending(PendingArgs),
    /// Put transcripts behind one another: one interview that came in several files
    Merge(MergeArgs),
    /// Cut a transcript in parts: several interviews that came in one file
    Split(SplitArgs),
    /// Remove a transcript with its codings and memos
    Remove(RemoveArgs),
}

#[derive(Args)]
pub(super) struct ListArgs {
    /// Only this case, with all that is part of it (can be repeated)
    #[arg(long, value_name = "SLUG")]
    case: Vec<String>,
    /// Only this phase (can be repeated)
    #[arg(long, value_name = "SLUG")]
    phase: Vec<String>,
    /// Only with this participant (can be repeated)
    #[arg(long, value_name = "ID")]
    participant: Vec<String>,
}

#[derive(Args)]
pub(super) struct ShowArgs {
    /// The transcript, or some of its turns: T01, T01:12 or T01:12-15
    #[arg(value_name = "PLACE")]
    place: String,
    /// Show the codings under each turn
    #[arg(long)]
    codings: bool,
    /// Show only its headings and questions, each with its turns
    #[arg(long, conflicts_with = "codings")]
    sections: bool,
    /// Show the whole text as it stood in its file, before wrapped lines were joined
    #[arg(long, conflicts_with_all = ["codings", "sections"])]
    original: bool,
    /// Show an earlier revision of its text, by its number
    #[arg(long, value_name = "NUMBER")]
    revision: Option<i64>,
}

#[derive(Args)]
pub(super) struct RemoveArgs {
    /// The transcript
    id: String,
    /// Only say what would go
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

#[derive(Serialize)]
struct Row {
    transcript: String,
    case: Option<String>,
    kind: String,
    phase: Option<String>,
    date: Option<String>,
    revision: i64,
    turns: i64,
    words: i64,
    codings: i64,
    participants: Vec<String>,
}

#[derive(Serialize)]
struct List {
    transcripts: Vec<Row>,
}

#[derive(Serialize)]
struct CodingView {
    coding: i64,
    start: u32,
    end: u32,
    turn: i64,
    theme: String,
    coder: String,
}

#[derive(Serialize)]
struct SectionView {
    number: i64,
    level: i64,
    kind: String,
    title: String,
    start: u32,
    end: u32,
    /// Its first and last turn; null where nobody speaks under it.
    first_turn: Option<i64>,
    last_turn: Option<i64>,
}

#[derive(Serialize)]
struct SectionsShown {
    transcript: String,
    revision: i64,
    sections: Vec<SectionView>,
}

#[derive(Serialize)]
struct OriginalShown {
    transcript: String,
    revision: i64,
    /// Whether it differs from the text that codings point into.
    joined: bool,
    text: String,
}

#[derive(Serialize)]
struct Shown {
    transcript: String,
    revision: i64,
    case: Option<String>,
    attributes: serde_json::Map<String, serde_json::Value>,
    text: String,
    turns: Vec<TurnView>,
    sections: Vec<SectionView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    codings: Option<Vec<CodingView>>,
}

impl Context {
    pub(super) fn transcript(&self, command: TranscriptCommand) -> Result<Exit> {
        match command {
            TranscriptCommand::List(args) => self.transcript_list(&args),
            TranscriptCommand::Show(args) => self.transcript_show(&args),
            TranscriptCommand::Edit(args) => self.transcript_edit(&args),
            TranscriptCommand::Revise(args) => self.transcript_revise(&args),
            TranscriptCommand::Pending(args) => self.transcript_pending(&args),
            TranscriptCommand::Merge(args) => self.transcript_merge(&args),
            TranscriptCommand::Split(args) => self.transcript_split(&args),
            TranscriptCommand::Remove(args) => self.transcript_remove(&args),
        }
    }

    fn transcript_list(&self, args: &ListArgs) -> Result<Exit> {
        let study = self.read()?;
        let filter = Filter {
            cases: args.case.clone(),
            phases: args.phase.clone(),
            participants: args.participant.clone(),
            speakers: Speakers::All,
            ..Filter::default()
        };
        let selection = study.select(&filter)?;
        let people = crate::study::People::read(&study.store)?;
        let mut codings: std::collections::HashMap<i64, i64> =
            study.store.codings_by_transcript()?.into_iter().collect();
        let with = study.store.transcript_participants(None)?;
        let mut list = List {
            transcripts: Vec::new(),
        };
        for t in study.store.transcripts()? {
            if selection
                .transcripts
                .as_ref()
                .is_some_and(|ids| ids.binary_search(&t.id).is_err())
            {
                continue;
            }
            list.transcripts.push(Row {
                case: people.case_slug(t.case).map(str::to_owned),
                phase: people.phase_slug(t.phase).map(str::to_owned),
                participants: with
                    .get(&t.id)
                    .into_iter()
                    .flatten()
                    .filter_map(|p| people.code(Some(*p)))
                    .map(str::to_owned)
                    .collect(),
                codings: codings.remove(&t.id).unwrap_or_default(),
                transcript: t.slug,
                kind: t.kind,
                date: t.date,
                revision: t.revision.number,
                turns: t.revision.turns,
                words: t.revision.words,
            });
        }
        self.out
            .table(
                &list,
                || {
                    let mut table = Table::new(&[
                        "id",
                        "case",
                        "kind",
                        "phase",
                        "date",
                        "participants",
                        ">turns",
                        ">words",
                        ">codings",
                    ]);
                    for t in &list.transcripts {
                        let or = |v: &Option<String>| v.clone().unwrap_or_default();
                        table.row([
                            t.transcript.clone(),
                            or(&t.case),
                            t.kind.clone(),
                            or(&t.phase),
                            or(&t.date),
                            t.participants.join(", "),
                            t.turns.to_string(),
                            t.words.to_string(),
                            t.codings.to_string(),
                        ]);
                    }
                    table
                },
                "No transcripts here. Import some with: casebook import FOLDER",
            )
            .map_err(io_error)?;
        Ok(Exit::Done)
    }

    /// The whole text with its lines as they stood in the file.
    fn original_show(&self, store: &Store, place: &Place, transcript: &Transcript) -> Result<Exit> {
        if place.within != Within::Whole {
            return Err(CliError::refused(
                "the original is shown whole",
                format!(
                    "leave the turn out, as in: casebook transcript show {} --original",
                    transcript.slug
                ),
            )
            .into());
        }
        let revision = &transcript.revision;
        let text = store.text(revision.id)?;
        let joins = store.reflow(revision.id)?;
        let shown = OriginalShown {
            transcript: transcript.slug.clone(),
            revision: revision.number,
            joined: joins.is_some(),
            text: joins
                .and_then(|joins| import::reflow::restored(&text, &joins))
                .unwrap_or(text),
        };
        self.out
            .text(&shown, || {
                let end = if shown.text.ends_with('\n') { "" } else { "\n" };
                format!("{}{end}", shown.text)
            })
            .map_err(io_error)?;
        if !shown.joined {
            self.out
                .say("No lines were joined: the text stands as it was read.");
        }
        Ok(Exit::Done)
    }

    fn transcript_show(&self, args: &ShowArgs) -> Result<Exit> {
        let study = self.read()?;
        let store = &study.store;
        let place: Place = args.place.parse()?;
        let mut transcript = store.transcript(&place.transcript)?;
        if let Some(number) = args.revision {
            let all = store.revisions(transcript.id)?;
            let last = all.len();
            let found = all.into_iter().find(|r| r.number == number);
            transcript.revision = found.ok_or_else(|| {
                CliError::refused(
                    format!("{} has no revision {number}", transcript.slug),
                    format!("its revisions are 1 to {last}; see when they were made with: casebook log --object transcript:{}", transcript.slug),
                )
            })?;
        }
        let revision = &transcript.revision;
        let (first, count) = match place.within {
            Within::Whole => (revision.first_turn, revision.turns),
            Within::Turns(a, b) => {
                if args.revision.is_none() {
                    study.locate(&place, None)?; // says so where there are fewer turns
                } else if i64::from(b) > revision.turns {
                    return Err(CliError::refused(
                        format!(
                            "revision {} of {} has {} turns",
                            revision.number, transcript.slug, revision.turns
                        ),
                        "name turns that it has",
                    )
                    .into());
                }
                (revision.first_turn + i64::from(a) - 1, i64::from(b - a) + 1)
            }
            Within::TurnSpan(..) | Within::Span(_) => {
                return Err(CliError::refused(
                    "turns are shown whole",
                    format!(
                        "name turns, as in: casebook transcript show {}:1-3",
                        transcript.slug
                    ),
                )
                .into());
            }
        };
        if args.original {
            return self.original_show(store, &place, &transcript);
        }
        let view = |s: Section| SectionView {
            number: s.number,
            level: s.level,
            kind: s.kind,
            title: s.title,
            start: s.span.start,
            end: s.span.end,
            first_turn: s.turns.map(|(first, _)| revision.number_of(first)),
            last_turn: s.turns.map(|(_, last)| revision.number_of(last)),
        };
        let sections: Vec<SectionView> =
            store.sections(revision.id)?.into_iter().map(view).collect();
        if args.sections {
            return self.sections_show(&SectionsShown {
                transcript: transcript.slug.clone(),
                revision: revision.number,
                sections,
            });
        }
        let mut reader = Reader::new(store)?;
        let text = store.text(transcript.revision.id)?;
        let points = Codepoints::new(&text);
        let mut turns = Vec::new();
        for turn in store.turns(first, count)? {
            turns.push(reader.view_with(&transcript, &turn, points.slice(turn.span).to_owned())?);
        }
        let codings = if args.codings {
            let names = Names::read(store)?;
            let mut found = store.codings_of(transcript.id)?;
            found.extend(store.pending_codings(Some(transcript.id))?);
            found.retain(|c| c.revision == transcript.revision.id);
            found.sort_unstable_by_key(|c| (c.span, c.id));
            let view = |c: &crate::store::Coding| CodingView {
                coding: c.id,
                start: c.span.start,
                end: c.span.end,
                turn: transcript.revision.number_of(c.turn),
                theme: names.book.path(c.theme),
                coder: names.coder(c.coder).to_owned(),
            };
            Some(found.iter().map(view).collect())
        } else {
            None
        };
        let attributes = store
            .values(Owner::Transcript, Some(transcript.id))?
            .into_iter()
            .map(|v| (v.attribute, v.value.into()))
            .collect();
        let case = reader.people.case_slug(transcript.case).map(str::to_owned);
        let shown = Shown {
            transcript: transcript.slug.clone(),
            revision: transcript.revision.number,
            case,
            attributes,
            turns,
            sections,
            codings,
            text,
        };
        self.out
            .text(&shown, || {
                let mut out = format!(
                    "{}  {}{}\n",
                    transcript.slug,
                    transcript.kind,
                    transcript
                        .date
                        .as_ref()
                        .map_or(String::new(), |d| format!(" · {d}"))
                );
                let whole = place.within == Within::Whole;
                let mut titles = shown.sections.iter().peekable();
                for turn in &shown.turns {
                    while let Some(title) = titles.next_if(|s| s.start < turn.start) {
                        // Of a part of the text, the headings directly over its turns.
                        if whole || title.first_turn == Some(turn.turn) {
                            out.push_str(&heading(title));
                        }
                    }
                    // A heading within a turn stands in its words.
                    while titles.next_if(|s| s.start < turn.end).is_some() {}
                    let who = turn
                        .participant
                        .as_ref()
                        .or(turn.speaker.as_ref())
                        .map_or(String::new(), |s| format!("  {}", printable(s)));
                    let time = turn
                        .time_ms
                        .map_or(String::new(), |ms| format!("  {}", clock(ms)));
                    out.push_str(&format!(
                        "\n{}:{}{who}{time}\n{}\n",
                        shown.transcript,
                        turn.turn,
                        printable(&turn.text)
                    ));
                    for c in shown
                        .codings
                        .iter()
                        .flatten()
                        .filter(|c| c.turn == turn.turn)
                    {
                        let (from, to) = (
                            c.start.saturating_sub(turn.start),
                            c.end.saturating_sub(turn.start),
                        );
                        out.push_str(&format!(
                            "    [{from}-{to}] {}  {}  coding {}\n",
                            c.theme, c.coder, c.coding
                        ));
                    }
                }
                if whole {
                    titles.for_each(|title| out.push_str(&heading(title)));
                }
                out
            })
            .map_err(io_error)?;
        Ok(Exit::Done)
    }

    fn sections_show(&self, shown: &SectionsShown) -> Result<Exit> {
        let table = || {
            let mut table = Table::new(&[">number", "kind", "section", "turns"]);
            for s in &shown.sections {
                let indent = "  ".repeat(usize::try_from(s.level - 1).unwrap_or(0).min(6));
                table.row([
                    s.number.to_string(),
                    s.kind.clone(),
                    format!("{indent}{}", s.title),
                    match (s.first_turn, s.last_turn) {
                        (Some(a), Some(b)) if a == b => format!("{}:{a}", shown.transcript),
                        (Some(a), Some(b)) => format!("{}:{a}-{b}", shown.transcript),
                        _ => String::new(),
                    },
                ]);
            }
            table
        };
        self.out
            .table(
                shown,
                table,
                "No sections here. Headings (# Setting) and numbered questions (Question 3: …) become sections at import.",
            )
            .map_err(io_error)?;
        Ok(Exit::Done)
    }

    fn transcript_remove(&self, args: &RemoveArgs) -> Result<Exit> {
        let study = self.write()?;
        let transcript = study.store.transcript(&args.id)?;
        let (codings, memos) = study.store.transcript_uses(transcript.id)?;
        let what = format!(
            "Removing transcript {} takes {} and {} with it",
            transcript.slug,
            count(codings, "coding"),
            count(memos, "memo")
        );
        let remove = |tx: &Tx| watch(&study, || Ok(tx.remove_transcript(transcript.id)?));
        let view = |loss, event| Removed {
            transcript: &transcript.slug,
            codings,
            memos,
            loss,
            event,
        };
        if args.dry_run || !args.yes {
            let ((), loss) = study.rehearse("transcript remove", remove)?;
            if args.dry_run {
                let view = view(loss, None);
                self.out.text(&view, String::new).map_err(io_error)?;
                self.out.say(&what);
                self.say_loss(&view.loss, false);
                return Ok(Exit::Done);
            }
            self.confirm(false, &Self::with_loss(&what, &loss))?;
        }
        let (((), loss), event) = study.change("transcript remove", |tx| {
            tx.summary(format!(
                "remove transcript {} with {}",
                transcript.slug,
                count(codings, "coding")
            ));
            remove(tx)
        })?;
        let view = view(loss, event);
        self.out.text(&view, String::new).map_err(io_error)?;
        self.done(&format!("Removed transcript {}.", transcript.slug), event);
        self.say_loss(&view.loss, true);
        Ok(Exit::Done)
    }
}

/// A transcript that is gone, or would be.
#[derive(Serialize)]
struct Removed<'a> {
    transcript: &'a str,
    codings: i64,
    memos: i64,
    #[serde(flatten)]
    loss: Loss,
    event: Option<i64>,
}

/// A heading or question where it stands.
fn heading(section: &SectionView) -> String {
    let marks = "#".repeat(usize::try_from(section.level).unwrap_or(1).min(6));
    format!("\n{marks} {}\n", printable(&section.title))
}

/// 1:02:03 or 2:03
pub(super) fn clock(ms: i64) -> String {
    let s = ms / 1000;
    let (h, m, s) = (s / 3600, s / 60 % 60, s % 60);
    if h > 0 {
        format!("{h}:{m:02}:{s:02}")
    } else {
        format!("{m}:{s:02}")
    }
}
