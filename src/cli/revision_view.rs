//! A revision as it is shown: what changed, who speaks, and where each coding goes.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::output::{Table, count, cut, terminal_width};
use crate::anchor::{Change, Grade};
use crate::coding::quotes::Names;
use crate::domain::span::{Codepoints, Span, printable};
use crate::error::Result;
use crate::study::Study;
use crate::study::revise::{Plan, PlannedCoding};

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
pub(super) struct Revised {
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
    pub(super) warnings: Vec<String>,
    /// None where it was only shown.
    pub(super) event: Option<i64>,
}

/// No more changes than this are printed; `--json` has them all.
const CHANGES: usize = 30;

/// A plan as it is shown.
pub(super) fn view(study: &Study, plan: &Plan) -> Result<Revised> {
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

/// The same for people.
pub(super) fn text(view: &Revised) -> String {
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
    // What waited is always listed, also where it finds its place.
    for c in view
        .codings
        .iter()
        .filter(|c| c.grade != Grade::Same || c.revision != view.from)
    {
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
