//! `transcript revise`, and `transcript edit --replace`: a changed text, shown before it is written.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::output::{Exit, Table, count, cut, terminal_width, thousands};
use super::{CliError, Context, io_error};
use crate::anchor::{Change, Grade};
use crate::coding::quotes::Names;
use crate::domain::attribute::Owner;
use crate::domain::place::{Place, Within};
use crate::domain::span::{Codepoints, Span, printable};
use crate::error::Result;
use crate::import;
use crate::study::draft::{Draft, Replacement, Which};
use crate::study::revise::{Plan, PlannedCoding, plan};
use crate::study::{Study, parse_assignment};

#[derive(Args)]
pub(super) struct ReviseArgs {
    /// The transcript
    id: String,
    /// The file with its corrected text
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Who speaks under a label of the new text (can be repeated)
    #[arg(long, value_name = "LABEL=interviewer|ID")]
    speaker: Vec<String>,
    /// The encoding of the file, where it does not say it itself
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Keep the lines of a text as they stand, also where they are clearly wrapped
    #[arg(long)]
    no_reflow: bool,
    #[command(flatten)]
    show: ShowArgs,
}

/// How a changed text is shown and confirmed.
#[derive(Args)]
pub(super) struct ShowArgs {
    /// Only show what would change, and where each coding would go
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    pub(super) yes: bool,
}

/// Words to be replaced in a transcript's text.
#[derive(Args)]
pub(super) struct ReplaceArgs {
    /// Words of the text to be replaced, as they stand there (with --with; can be repeated)
    #[arg(
        long,
        value_name = "WORDS",
        allow_hyphen_values = true,
        requires = "with"
    )]
    pub(super) replace: Vec<String>,
    /// What is put in their stead; "" takes them out
    #[arg(
        long,
        value_name = "WORDS",
        allow_hyphen_values = true,
        requires = "replace"
    )]
    with: Vec<String>,
    /// Replace them wherever they stand, in speakers' labels too
    #[arg(long, requires = "replace")]
    everywhere: bool,
    /// Replace them also inside longer words
    #[arg(long, requires = "replace")]
    inside_words: bool,
    #[command(flatten)]
    pub(super) show: ShowArgs,
}

#[derive(Serialize)]
struct Grades {
    same: usize,
    moved: usize,
    reworded: usize,
    unsure: usize,
    lost: usize,
}

#[derive(Serialize)]
struct ChangeView {
    /// The turn of the new text in which it stands, or the next one.
    turn: usize,
    /// The words that went, and those that came, each with where it stands in its text.
    old: String,
    old_start: u32,
    old_end: u32,
    new: String,
    new_start: u32,
    new_end: u32,
    /// What stands on the same line before and behind, for people.
    #[serde(skip)]
    around: (String, String),
}

#[derive(Serialize)]
struct SpanView {
    start: u32,
    end: u32,
    turn: usize,
    text: String,
}

#[derive(Serialize)]
struct CodingView {
    coding: i64,
    theme: String,
    coder: String,
    grade: Grade,
    /// The revision that it stands on, and where.
    revision: i64,
    from: SpanView,
    to: Option<SpanView>,
    candidates: Vec<SpanView>,
}

#[derive(Serialize)]
struct SpeakerView {
    label: String,
    role: String,
    participant: Option<String>,
    /// The label whose role and participant it takes over.
    was: Option<String>,
    turns: usize,
}

#[derive(Serialize)]
struct Revised {
    transcript: String,
    from: i64,
    to: i64,
    turns: usize,
    words: u32,
    characters: u32,
    speakers: Vec<SpeakerView>,
    changes: Vec<ChangeView>,
    grades: Grades,
    codings: Vec<CodingView>,
    warnings: Vec<String>,
    /// None where it was only shown.
    event: Option<i64>,
}

/// No more changes than this are printed; `--json` has them all.
const CHANGES: usize = 30;

impl Context {
    pub(super) fn transcript_revise(&self, args: &ReviseArgs) -> Result<Exit> {
        let study = self.open_for(&args.show)?;
        let transcript = study.store.transcript(&args.id)?;
        let assignments = args
            .speaker
            .iter()
            .map(|s| parse_assignment(s))
            .collect::<Result<Vec<_>, _>>()?;
        let options = import::Options {
            encoding: args.encoding.clone(),
            no_reflow: args.no_reflow,
            pdf: super::read_pdf::reader(),
            ..import::Options::default()
        };
        let draft = Draft::of_file(&args.file, &options)?;
        let plan = plan(&study.store, &transcript, draft, &assignments)?;
        self.show_and_revise(&study, "transcript revise", &plan, &args.show)
    }

    pub(super) fn transcript_replace(&self, place: &str, args: &ReplaceArgs) -> Result<Exit> {
        if args.replace.len() != args.with.len() {
            return Err(CliError::refused(
                format!(
                    "--replace is there {} times and --with {} times",
                    args.replace.len(),
                    args.with.len()
                ),
                "say for each what is put in its stead: --replace OLD --with NEW",
            )
            .into());
        }
        let study = self.open_for(&args.show)?;
        let place: Place = place.parse()?;
        let transcript = study.store.transcript(&place.transcript)?;
        let within = match place.within {
            Within::Whole => None,
            _ => Some(study.locate(&place, None)?.span),
        };
        let mut draft = Draft::of_present(&study.store, &transcript)?;
        let mut places = 0;
        for (old, new) in args.replace.iter().zip(&args.with) {
            if within.is_some() && args.replace.len() > 1 {
                return Err(CliError::refused(
                    "in a turn, one thing is replaced at a time",
                    format!("leave the turn out to replace several: {}", transcript.slug),
                )
                .into());
            }
            let replacement = Replacement {
                old: old.clone(),
                new: new.clone(),
            };
            let which = Which {
                within,
                all: args.everywhere,
                inside_words: args.inside_words,
            };
            places += draft.replace(&replacement, which, &transcript.slug)?;
        }
        self.out
            .say(&format!("Replaced in {}.", count(places as u64, "place")));
        let holding: Vec<String> = study
            .store
            .values(Owner::Transcript, Some(transcript.id))?
            .into_iter()
            .filter(|v| {
                args.replace
                    .iter()
                    .any(|old| v.value.contains(old.as_str()))
            })
            .map(|v| v.attribute)
            .collect();
        if let Some(first) = holding.first() {
            draft.warnings.push(format!(
                "{} with these words not changed; take one away with: casebook transcript edit {} --attr {first}=",
                count(holding.len() as u64, "attribute"),
                transcript.slug
            ));
        }
        let plan = plan(&study.store, &transcript, draft, &[])?;
        self.show_and_revise(&study, "transcript edit text", &plan, &args.show)
    }

    /// The study as a command that may only look needs it.
    pub(super) fn open_for(&self, show: &ShowArgs) -> Result<Study> {
        if show.dry_run {
            self.read()
        } else {
            self.write()
        }
    }

    fn show_and_revise(
        &self,
        study: &Study,
        op: &str,
        plan: &Plan,
        show: &ShowArgs,
    ) -> Result<Exit> {
        let slug = plan.transcript.slug.clone();
        if plan.changes_nothing(&study.store)? {
            return Err(CliError::refused(
                format!("the text is the one that {slug} has already"),
                format!("see it with: casebook transcript show {slug}"),
            )
            .into());
        }
        let mut view = view(study, plan)?;
        for warning in &view.warnings {
            self.out.warn(&format!("{slug}: {warning}"));
        }
        let wait = plan.codings.iter().filter(|c| c.to.is_none()).count();
        if !show.dry_run {
            if !show.yes && self.out.mode == super::Mode::Text {
                // What is to be confirmed is seen before it is asked for.
                self.out.write(text(&view).as_bytes()).map_err(io_error)?;
            }
            let pending = if wait > 0 {
                format!(" and leaves {} pending", count(wait as u64, "coding"))
            } else {
                String::new()
            };
            self.confirm(
                show.yes,
                &format!(
                    "Revising {slug} puts {} into revision {}{pending}",
                    count((plan.codings.len() - wait) as u64, "coding"),
                    plan.number
                ),
            )?;
            view.event = study.revise(op, plan)?;
        }
        let asked = !show.dry_run && !show.yes && self.out.mode == super::Mode::Text;
        if !asked {
            self.out.styled(&view, || text(&view)).map_err(io_error)?;
        }
        if show.dry_run {
            self.out.say("Nothing was written.");
        } else {
            self.done(
                &format!("{slug} is at revision {}.", plan.number),
                view.event,
            );
            if wait > 0 {
                self.out.say(&format!(
                    "{} for a place: casebook transcript pending {slug}",
                    if wait == 1 {
                        "1 coding waits".to_owned()
                    } else {
                        format!("{} codings wait", thousands(wait as u64))
                    }
                ));
            }
        }
        Ok(Exit::Done)
    }
}

/// A plan as it is shown.
fn view(study: &Study, plan: &Plan) -> Result<Revised> {
    let store = &study.store;
    let names = Names::read(store)?;
    let present = &plan.transcript.revision;
    let old = store.text(present.id)?;
    let old_points = Codepoints::new(&old);
    let new_points = Codepoints::new(&plan.draft.text);
    let turns = &plan.draft.turns;
    let turn_at = |point: u32| {
        turns
            .partition_point(|t| t.span.end <= point)
            .min(turns.len() - 1)
            + 1
    };
    let changes = plan
        .changes
        .iter()
        .map(|Change { old, new }| ChangeView {
            turn: turn_at(new.start),
            old: old_points.slice(*old).to_owned(),
            old_start: old.start,
            old_end: old.end,
            new: new_points.slice(*new).to_owned(),
            new_start: new.start,
            new_end: new.end,
            around: around(&new_points, *new),
        })
        .collect();
    // Codings that waited stand on older texts.
    let mut texts: HashMap<i64, (String, i64, i64)> = HashMap::new();
    for PlannedCoding { coding: c, .. } in &plan.codings {
        if c.revision != present.id
            && !texts.contains_key(&c.revision)
            && let Some(r) = store.revision(c.revision)?
        {
            texts.insert(c.revision, (store.text(r.id)?, r.number, r.first_turn));
        }
    }
    // Thousands may stand on one of them: it is measured once.
    let older: HashMap<i64, (Codepoints, i64, i64)> = texts
        .iter()
        .map(|(id, (text, number, first))| (*id, (Codepoints::new(text), *number, *first)))
        .collect();
    let mut codings = Vec::with_capacity(plan.codings.len());
    for planned in &plan.codings {
        let c = &planned.coding;
        let span_view = |span: Span| SpanView {
            start: span.start,
            end: span.end,
            turn: turn_at(span.start),
            text: new_points.slice(span).to_owned(),
        };
        let (text, revision, first_turn) = match older.get(&c.revision) {
            Some((points, number, first)) => (points.slice(c.span).to_owned(), *number, *first),
            None => (
                old_points.slice(c.span).to_owned(),
                present.number,
                present.first_turn,
            ),
        };
        codings.push(CodingView {
            coding: c.id,
            theme: names.book.path(c.theme),
            coder: names.coder(c.coder).to_owned(),
            grade: planned.grade,
            revision,
            from: SpanView {
                start: c.span.start,
                end: c.span.end,
                turn: usize::try_from(c.turn - first_turn + 1).unwrap_or_default(),
                text,
            },
            to: planned.to.map(|(span, ..)| span_view(span)),
            candidates: planned.candidates.iter().map(|s| span_view(*s)).collect(),
        });
    }
    let speakers = plan
        .speakers
        .iter()
        .map(|s| {
            Ok(SpeakerView {
                label: s.label.clone(),
                role: s.role.clone(),
                participant: match s.participant {
                    Some(id) => store.code_of(id)?,
                    None => None,
                },
                was: s.was.clone(),
                turns: s.turns,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Revised {
        transcript: plan.transcript.slug.clone(),
        from: present.number,
        to: plan.number,
        turns: turns.len(),
        words: plan.draft.words(),
        characters: new_points.len(),
        speakers,
        changes,
        grades: Grades {
            same: plan.count(Grade::Same),
            moved: plan.count(Grade::Moved),
            reworded: plan.count(Grade::Reworded),
            unsure: plan.count(Grade::Unsure),
            lost: plan.count(Grade::Lost),
        },
        codings,
        warnings: plan.draft.warnings.clone(),
        event: None,
    })
}

fn text(view: &Revised) -> String {
    let width = terminal_width().unwrap_or(100);
    let bold = anstyle::Style::new().bold();
    let mut out = String::new();
    writeln!(
        out,
        "{bold}{}  revision {} → {}{bold:#}  {}, {}",
        printable(&view.transcript),
        view.from,
        view.to,
        count(view.turns as u64, "turn"),
        count(view.words, "word")
    )
    .ok();
    out.push('\n');
    changes(view, width, &mut out);
    let renamed = view.speakers.iter().filter(|s| s.was.is_some());
    for speaker in renamed {
        writeln!(
            out,
            "speaker {} ({}) was {}",
            printable(&speaker.label),
            speaker.participant.as_ref().unwrap_or(&speaker.role),
            printable(speaker.was.as_deref().unwrap_or_default())
        )
        .ok();
    }
    let new: Vec<String> = view
        .speakers
        .iter()
        .filter(|s| s.role == "unknown")
        .map(|s| printable(&s.label).into_owned())
        .collect();
    if !new.is_empty() {
        writeln!(
            out,
            "not known who speaks: {} (say it with --speaker LABEL=ID)",
            new.join(", ")
        )
        .ok();
    }
    let Grades {
        same,
        moved,
        reworded,
        unsure,
        lost,
    } = view.grades;
    if view.codings.is_empty() {
        out.push_str("no codings\n");
        return out;
    }
    writeln!(
        out,
        "{bold}{}{bold:#}: {same} same, {moved} moved, {reworded} reworded, {unsure} unsure, {lost} lost",
        count(view.codings.len() as u64, "coding")
    )
    .ok();
    let mut table = Table::new(&[">coding", "theme", "grade", "from", "to", "words"]);
    for c in view.codings.iter().filter(|c| c.grade != Grade::Same) {
        let words = match &c.to {
            Some(to) if to.text != c.from.text => differing(&c.from.text, &to.text),
            _ => short(&c.from.text),
        };
        let to = match (&c.to, &c.candidates[..]) {
            (Some(to), _) => format!(":{}", to.turn),
            (None, []) => "–".to_owned(),
            (None, places) => places
                .iter()
                .map(|p| format!(":{}?", p.turn))
                .collect::<Vec<_>>()
                .join(" "),
        };
        table.row([
            c.coding.to_string(),
            c.theme.clone(),
            c.grade.to_string(),
            format!(":{}", c.from.turn),
            to,
            words,
        ]);
    }
    if !table.is_empty() {
        out.push('\n');
        out.push_str(&table.to_text(terminal_width()));
    }
    out
}

/// Words on one line, the middle left out where they are many.
fn short(text: &str) -> String {
    let line = printable(text).replace(['\n', '\t'], " ");
    let letters: Vec<char> = line.chars().collect();
    if letters.len() <= 48 {
        return line;
    }
    let head: String = letters[..24].iter().collect();
    let tail: String = letters[letters.len() - 20..].iter().collect();
    format!("{} … {}", head.trim_end(), tail.trim_start())
}

/// A few words before and behind a span, of its own line.
fn around(points: &Codepoints, span: Span) -> (String, String) {
    const LETTERS: u32 = 20;
    let before = points.slice(Span::new(span.start.saturating_sub(LETTERS), span.start));
    let behind = points.slice(Span::new(
        span.end,
        span.end.saturating_add(LETTERS).min(points.len()),
    ));
    let line = before.rsplit('\n').next().unwrap_or_default();
    let before = if line.len() == before.len() && span.start > LETTERS {
        // Not from the middle of a word.
        line.split_once(' ').map_or("", |(_, rest)| rest)
    } else {
        line
    };
    let line = behind.split('\n').next().unwrap_or_default();
    let behind = if line.len() == behind.len() && span.end + LETTERS < points.len() {
        line.rsplit_once(' ').map_or("", |(rest, _)| rest)
    } else {
        line
    };
    (before.to_owned(), behind.to_owned())
}

/// The changes, each with a few words around it: what went in red and brackets, what came in green and braces. A change
/// that comes again and again (a label that was renamed) is shown where it comes first, and counted.
fn changes(view: &Revised, width: usize, out: &mut String) {
    /// As often as this, it is shown each time.
    const EACH: usize = 3;
    let red = anstyle::AnsiColor::Red.on_default();
    let green = anstyle::AnsiColor::Green.on_default();
    let line = |text: &str| printable(text).replace('\n', "¶").replace('\t', " ");
    let mut often: HashMap<(&str, &str), usize> = HashMap::new();
    for change in &view.changes {
        *often.entry((&change.old, &change.new)).or_default() += 1;
    }
    let mut told: HashSet<(&str, &str)> = HashSet::new();
    let mut shown = 0;
    let mut more = 0_u64;
    for change in &view.changes {
        let same = (change.old.as_str(), change.new.as_str());
        let times = often.get(&same).copied().unwrap_or(1);
        if times > EACH && !told.insert(same) {
            continue;
        }
        if shown == CHANGES {
            more += 1;
            continue;
        }
        shown += 1;
        let place = format!("{}:{}", view.transcript, change.turn);
        let (before, behind) = &change.around;
        let again = if times > EACH {
            format!("  (and {} more times)", times - 1)
        } else {
            String::new()
        };
        let taken =
            place.len() + 12 + before.chars().count() + behind.chars().count() + again.len();
        let room = width.saturating_sub(taken).max(24);
        let half = if change.old.is_empty() || change.new.is_empty() {
            room
        } else {
            room / 2
        };
        write!(out, "  {place}  {}", printable(before)).ok();
        if !change.old.is_empty() {
            write!(out, "{red}[-{}-]{red:#}", cut(&line(&change.old), half)).ok();
        }
        if !change.new.is_empty() {
            write!(
                out,
                "{green}{{+{}+}}{green:#}",
                cut(&line(&change.new), half)
            )
            .ok();
        }
        writeln!(out, "{}{again}", printable(behind)).ok();
    }
    if more > 0 {
        writeln!(
            out,
            "  … and {}; --json has them all",
            count(more, "change")
        )
        .ok();
    }
    if view.changes.is_empty() {
        out.push_str("  no word changed\n");
    }
    out.push('\n');
}

/// What differs between a passage's words as they were and as they are, on one line.
fn differing(old: &str, new: &str) -> String {
    const AROUND: usize = 16;
    let flat = |text: &str| printable(text).replace(['\n', '\t'], " ");
    let (old, new) = (flat(old), flat(new));
    let (old, new): (Vec<&str>, Vec<&str>) = (
        old.split_inclusive(' ').collect(),
        new.split_inclusive(' ').collect(),
    );
    let before = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let behind = old[before..]
        .iter()
        .rev()
        .zip(new[before..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let mut head = old[..before].concat();
    if head.chars().count() > AROUND {
        let tail: Vec<char> = head.chars().collect();
        head = format!(
            "…{}",
            tail[tail.len() - AROUND..].iter().collect::<String>()
        );
    }
    let tail = old[old.len() - behind..].concat();
    let went = old[before..old.len() - behind].concat();
    let came = new[before..new.len() - behind].concat();
    format!(
        "{head}[-{}-]{{+{}+}} {}",
        cut(went.trim(), 28),
        cut(came.trim(), 28),
        cut(&tail, AROUND)
    )
    .replace("[--]", "")
    .replace("{++}", "")
    .trim_end()
    .to_owned()
}
