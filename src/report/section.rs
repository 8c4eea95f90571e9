//! Parts that several reports have in common.

use super::document::{Block, Inline};
use super::draft::Draft;
use super::few;
use super::gather::{Gathered, Tally};
use super::options::QuoteChoice;
use super::phrase::{capital, count, list, number, period, sentence};
use super::source::Source;
use crate::domain::words::TranscriptKind;
use crate::store::{CaseLink, Transcript};

/// With more cases than this, a table has a row for each case instead of a column.
const MANY: usize = 7;

/// `27 codings in 9 transcripts, from 8 participants in 3 cases`; without the cases where there is only one.
/// `of` names the tally in the register.
pub(super) fn counts(source: &Source, of: &str, tally: &Tally) -> String {
    let people = people_of(tally);
    let mut words = if source.few.bounds(tally.codings, people) {
        "Codings".to_owned()
    } else {
        count(tally.codings, "coding", "codings")
    };
    // Most people have one transcript, whose number would be theirs; nor are there fewer of them than of their cases.
    if source.few.is(people) {
        words.push_str(" from ");
        words.push_str(&source.few.words(of, people));
        return words;
    }
    words.push_str(" in ");
    words.push_str(&count(tally.transcripts.len(), "transcript", "transcripts"));
    let cases = if source.tops.len() > 1 {
        tally.cases.len()
    } else {
        0
    };
    if people > 0 {
        words.push_str(", from ");
        words.push_str(&source.few.words(of, people));
    }
    if cases > 0 {
        words.push_str(if people > 0 { " in " } else { ", in " });
        words.push_str(&count(cases, "case", "cases"));
    }
    words
}

/// How many people are behind a tally.
pub(super) fn people_of(tally: &Tally) -> usize {
    usize::try_from(tally.participants.len()).unwrap_or(usize::MAX)
}

/// How many quotes are printed, where they are not all of `all` passages that may be.
pub(super) fn printed_of(source: &Source, printed: usize, all: usize, people: usize) -> String {
    if source.few.bounds(all, people) {
        return "Not every passage that may be quoted is printed.".to_owned();
    }
    format!(
        "{} of {}.",
        number(printed),
        count(
            all,
            "passage that may be quoted",
            "passages that may be quoted"
        )
    )
}

/// Selected themes with something coded in or below them, each in its section: a root with level 2, its sub-themes
/// below. Says how many there are.
pub(super) fn themes(
    draft: &mut Draft,
    source: &Source,
    gathered: &Gathered,
    choice: QuoteChoice,
) -> usize {
    let mut printed = 0;
    for theme in heard(source, gathered) {
        draft.heading(2 + source.depth(theme), source.full_title(theme));
        one_theme(draft, source, gathered, choice, theme);
        printed += 1;
    }
    printed
}

/// Selected themes with something coded in or below them, in the order of the tree.
pub(super) fn heard<'s>(
    source: &'s Source,
    gathered: &'s Gathered,
) -> impl Iterator<Item = usize> + 's {
    (0..source.themes.len()).filter(|t| source.selected(*t) && gathered.whole[*t].codings > 0)
}

/// A theme's definition, counts and quotes.
pub(super) fn one_theme(
    draft: &mut Draft,
    source: &Source,
    gathered: &Gathered,
    choice: QuoteChoice,
    theme: usize,
) {
    if let Some(definition) = source.themes[theme].definition.as_deref() {
        draft.paragraph(sentence(definition));
    }
    let (own, whole) = (&gathered.own[theme], &gathered.whole[theme]);
    let words = if own == whole {
        format!("{}.", counts(source, &own_theme(source, theme), own))
    } else if own.codings == 0 {
        format!(
            "In its sub-themes: {}.",
            counts(source, &whole_theme(source, theme), whole)
        )
    } else {
        format!(
            "{}. With its sub-themes: {}.",
            counts(source, &own_theme(source, theme), own),
            counts(source, &whole_theme(source, theme), whole)
        )
    };
    draft.push(Block::Paragraph(vec![Inline::emphasis(words)]));
    quotes(draft, source, gathered, choice, theme);
}

/// The quotes of a theme, with a word where they are not all.
pub(super) fn quotes(
    draft: &mut Draft,
    source: &Source,
    gathered: &Gathered,
    choice: QuoteChoice,
    theme: usize,
) {
    let (printed, all) = (gathered.quotes.count(theme), gathered.available[theme]);
    if choice == QuoteChoice::None || printed == 0 {
        return;
    }
    draft.quotes(theme);
    if printed < all {
        let people = people_of(&gathered.own[theme]);
        draft.note(printed_of(source, printed, all, people));
    }
}

/// A table of themes and cases: in how many transcripts of each case each root theme was coded.
pub(super) fn glance(draft: &mut Draft, source: &Source, gathered: &Gathered) {
    let roots: Vec<usize> = source
        .roots()
        .filter(|t| gathered.whole[*t].codings > 0)
        .collect();
    if roots.is_empty() {
        return;
    }
    let tops: Vec<(usize, crate::search::IdSet)> = (0..source.tops.len())
        .map(|top| {
            let ids = source
                .transcripts_of(top)
                .filter_map(|t| u32::try_from(t.id).ok());
            (top, ids.collect())
        })
        .collect();
    let heads = few::of_cases(source);
    let rows = glance_rows(source, gathered, &roots, &tops, &heads);
    let head_of = |top: usize| few::starred(heads.transcripts[top], heads.no_transcripts[top]);
    let few_in_all = source
        .few
        .is(source.participants(&source.transcripts).len());
    let all = few::starred(source.transcripts.len(), few_in_all);
    let starred = rows.iter().any(|row| row.stars() > 0);
    let note = "A theme counts with its sub-themes. A transcript counts once in a cell, however often the theme was coded in it. It may stand in several cells, so nothing is summed up.";
    let mut stars: Vec<Vec<String>> = Vec::new();
    if tops.len() <= MANY {
        let mut head = vec!["Theme".to_owned()];
        if tops.len() > 1 {
            head.extend(
                tops.iter()
                    .map(|(top, _)| format!("{} ({})", source.top_name(*top), head_of(*top))),
            );
        }
        head.push(format!("All ({all})"));
        let cases: Vec<String> = tops
            .iter()
            .map(|(top, _)| source.top_name(*top).to_owned())
            .collect();
        let titles: Vec<String> = roots.iter().map(|t| source.full_title(*t)).collect();
        // A picture has no stars.
        if !starred {
            let cells = rows
                .iter()
                .map(|row| row.cells.iter().map(|n| *n as u64).collect());
            super::pictures::themes_by_case(draft, &titles, &cases, cells.collect());
        }
        let rows: Vec<Vec<String>> = roots
            .iter()
            .zip(&rows)
            .map(|(&theme, counted)| {
                let mut row = vec![source.full_title(theme)];
                if tops.len() > 1 {
                    row.extend((0..tops.len()).map(|n| counted.cell(n)));
                }
                row.push(counted.total());
                row
            })
            .collect();
        stars.extend(rows.iter().cloned());
        let caption =
            "Transcripts in which each theme was coded; in brackets, all transcripts".to_owned();
        stars.push((0..tops.len()).map(head_of).collect());
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        draft.table(Some(caption), &head, rows, &numeric(head.len(), 1));
        draft.note(note);
        few::note(draft, source, &stars);
        return;
    }
    let parts = roots.chunks(MANY).zip(rows.chunks(MANY));
    for (n, (part, counted)) in parts.enumerate() {
        let mut head = vec!["Case".to_owned(), "Transcripts".to_owned()];
        head.extend(part.iter().map(|&theme| source.full_title(theme)));
        let mut rows: Vec<Vec<String>> = (0..tops.len())
            .map(|top| {
                let mut row = vec![source.top_name(top).to_owned(), head_of(top)];
                row.extend(counted.iter().map(|of_theme| of_theme.cell(top)));
                row
            })
            .collect();
        let mut last = vec!["All".to_owned(), all.clone()];
        last.extend(counted.iter().map(Glanced::total));
        rows.push(last);
        stars.extend(rows.iter().cloned());
        let caption = format!(
            "Transcripts in which each theme was coded{}",
            if n > 0 { ", continued" } else { "" }
        );
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        draft.table(Some(caption), &head, rows, &numeric(head.len(), 1));
    }
    draft.note(note);
    few::note(draft, source, &stars);
}

/// The transcripts with one theme, in each case and in all.
struct Glanced {
    cells: Vec<usize>,
    hidden: Vec<bool>,
    total: usize,
    no_total: bool,
}

impl Glanced {
    fn cell(&self, case: usize) -> String {
        few::starred(self.cells[case], self.hidden[case])
    }

    fn total(&self) -> String {
        few::starred(self.total, self.no_total)
    }

    fn stars(&self) -> usize {
        let all = self.hidden.iter().chain([&self.no_total]);
        all.filter(|is| **is).count()
    }
}

/// A transcript is mostly one person's, so numbers of transcripts are hidden by the people behind them. Where the number
/// of all of a case is, so is each part of it.
fn glance_rows(
    source: &Source,
    gathered: &Gathered,
    roots: &[usize],
    tops: &[(usize, crate::search::IdSet)],
    heads: &few::CaseCounts,
) -> Vec<Glanced> {
    let size = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let row = |theme: usize| {
        let tally = &gathered.whole[theme];
        let cells: Vec<usize> = tops
            .iter()
            .map(|(_, of)| size(tally.transcripts.intersection_len(of)))
            .collect();
        let small: Vec<bool> = tops
            .iter()
            .zip(&cells)
            .map(|((top, _), cell)| {
                let here = source
                    .transcripts_of(*top)
                    .filter(|t| u32::try_from(t.id).is_ok_and(|id| tally.transcripts.contains(id)));
                let spoke =
                    |p: &i64| u32::try_from(*p).is_ok_and(|p| tally.participants.contains(p));
                let people = source.participants(here).into_iter().filter(spoke).count();
                *cell > 0 && (source.few.is(people) || heads.no_transcripts[*top])
            })
            .collect();
        let total = size(tally.transcripts.len());
        let few_in_all = source.few.is(people_of(tally));
        let (hidden, too) =
            source
                .few
                .hidden_beside(&cells, &small, (!few_in_all).then_some(total));
        Glanced {
            cells,
            hidden,
            total,
            no_total: few_in_all || too,
        }
    };
    roots.iter().map(|theme| row(*theme)).collect()
}

/// Columns of numbers after the first few of words.
pub(super) fn numeric(columns: usize, words: usize) -> Vec<bool> {
    (0..columns).map(|column| column >= words).collect()
}

/// Counts of transcripts, people and words by phase, and those in none.
pub(super) fn phases(draft: &mut Draft, source: &Source) {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut counted: Vec<(String, usize, usize)> = Vec::new();
    let named = source
        .phases
        .iter()
        .map(|phase| (Some(phase.id), Some(phase)));
    for (id, phase) in named.chain([(None, None)]) {
        let within: Vec<&Transcript> = source
            .transcripts
            .iter()
            .filter(|t| t.phase == id)
            .collect();
        if within.is_empty() {
            continue;
        }
        let when = match phase {
            Some(phase) if phase.from.is_some() || phase.to.is_some() => {
                capital(&period(phase.from.as_deref(), phase.to.as_deref()))
            }
            _ => Source::days(within.iter().copied())
                .map(|(first, last)| super::phrase::dated(first, last))
                .unwrap_or_default(),
        };
        rows.push(vec![
            phase.map_or_else(|| "No phase given".to_owned(), |p| p.name.clone()),
            when,
            kinds(within.iter().copied()),
            String::new(),
            number(words(within.iter().copied())),
        ]);
        let of = phase.map_or_else(|| "phase none".to_owned(), |p| format!("phase {}", p.name));
        counted.push((
            of,
            source.participants(within.iter().copied()).len(),
            within.len(),
        ));
    }
    let all = source.participants(&source.transcripts).len();
    let people: Vec<usize> = counted.iter().map(|(_, people, _)| *people).collect();
    let of_transcripts: Vec<usize> = counted.iter().map(|(_, _, n)| *n).collect();
    let hidden = source.few.hidden(&people, all);
    let no_kinds = source
        .few
        .hidden_with(&of_transcripts, &hidden, source.transcripts.len());
    for (n, row) in rows.iter_mut().enumerate() {
        row[3] = source.few.cell(&counted[n].0, people[n], hidden[n]);
        if no_kinds[n] {
            row[2] = few::starred(0_u64, true);
        }
    }
    let stars = rows.clone();

    let several = rows.len() > 1;
    draft.table(
        Some("Fieldwork by phase".to_owned()),
        &["Phase", "When", "Transcripts", "Participants", "Words"],
        rows,
        &[false, false, false, true, true],
    );
    if several {
        draft.note("A participant who was heard in more than one phase counts in each.");
    }
    few::note(draft, source, &stars);
}

/// Words of transcripts, everybody's but what was said off the record.
pub(super) fn words<'t>(transcripts: impl IntoIterator<Item = &'t Transcript>) -> i64 {
    transcripts.into_iter().map(|t| t.revision.words).sum()
}

/// `13 interviews, 1 focus group and 1 field note`.
pub(super) fn kinds<'t>(transcripts: impl IntoIterator<Item = &'t Transcript>) -> String {
    let mut counts = [0_usize; TranscriptKind::ALL.len()];
    for t in transcripts {
        let kind = t.kind.parse().unwrap_or(TranscriptKind::Document);
        if let Some(at) = TranscriptKind::ALL.iter().position(|k| *k == kind) {
            counts[at] += 1;
        }
    }
    let said: Vec<String> = TranscriptKind::ALL
        .iter()
        .zip(counts)
        .filter(|(_, n)| *n > 0)
        .map(|(kind, n)| match kind {
            TranscriptKind::Interview => count(n, "interview", "interviews"),
            TranscriptKind::FocusGroup => count(n, "focus group", "focus groups"),
            TranscriptKind::FieldNotes => count(n, "field note", "field notes"),
            TranscriptKind::Document => count(n, "document", "documents"),
        })
        .collect();
    list(&said)
}

/// The same of the whole report: without numbers where they would tell how few the people are.
pub(super) fn kinds_told(source: &Source) -> String {
    let told = kinds(&source.transcripts);
    let people = source.participants(&source.transcripts).len();
    if !source.few.is(people) {
        return told;
    }
    let mut kinds: Vec<&str> = source.transcripts.iter().map(|t| t.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let said: Vec<String> = kinds
        .into_iter()
        .map(|kind| super::phrase::plural(&kind.replace('-', " ")))
        .collect();
    // `field notes` is a plural already.
    list(&said).replace("noteses", "notes")
}

/// How many people were heard, by role where that may be told.
pub(super) fn roles(draft: &mut Draft, source: &Source) {
    let people = source.participants(&source.transcripts);
    let mut roles: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    let mut others = 0_usize;
    for p in &people {
        match source.role(*p) {
            Some(role) => *roles.entry(capital(role)).or_default() += 1,
            None => others += 1,
        }
    }
    if roles.is_empty() {
        return;
    }
    let mut rows: Vec<(String, usize)> = roles.into_iter().collect();
    rows.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    if others > 0 {
        rows.push(("Role not given".to_owned(), others));
    }
    let each: Vec<usize> = rows.iter().map(|(_, n)| *n).collect();
    let hidden = source.few.hidden(&each, people.len());
    let mut rows: Vec<Vec<String>> = rows
        .into_iter()
        .zip(hidden)
        .map(|((role, n), hidden)| {
            let of = format!("role {}", role.to_lowercase());
            let cell = source.few.cell(&of, n, hidden);
            vec![role, cell]
        })
        .collect();
    rows.push(vec![
        "All".to_owned(),
        source.few.number("participants", people.len()),
    ]);
    let stars = rows.clone();
    draft.table(
        Some("Participants by role, over all cases".to_owned()),
        &["Role", "Participants"],
        rows,
        &[false, true],
    );
    few::note(draft, source, &stars);
}

/// What is linked to a case: the names of those on the other side, with the days of the link.
pub(super) fn linked(source: &Source, case: i64, kind: &str, towards: bool) -> Vec<String> {
    let mut found: Vec<(&str, &CaseLink)> = source
        .links
        .iter()
        .filter(|link| link.kind == kind)
        .filter(|link| (if towards { link.case } else { link.other }) == case)
        .map(|link| {
            (
                source.case_name(if towards { link.other } else { link.case }),
                link,
            )
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(b.0).then_with(|| a.1.id.cmp(&b.1.id)));
    found
        .into_iter()
        .map(|(name, link)| {
            let when = period(link.from.as_deref(), link.to.as_deref());
            if when.is_empty() {
                name.to_owned()
            } else {
                format!("{name} ({when})")
            }
        })
        .collect()
}

/// Partners on either side of the link.
pub(super) fn partners(source: &Source, case: i64) -> Vec<String> {
    let mut all = linked(source, case, "partner-of", false);
    all.extend(linked(source, case, "partner-of", true));
    all.sort();
    all.dedup();
    all
}

/// A table of root themes with all their counts.
pub(super) fn glance_counts(draft: &mut Draft, source: &Source, gathered: &Gathered) {
    let lines: Vec<few::Line> = source
        .roots()
        .filter(|t| gathered.whole[*t].codings > 0)
        .map(|t| {
            (
                whole_theme(source, t),
                source.full_title(t),
                &gathered.whole[t],
            )
        })
        .collect();
    let rows = few::rows(
        source,
        &lines,
        few::Whole::of_report(source, gathered.codings),
        false,
    );
    let stars = rows.clone();
    draft.table(
        Some(COUNTED.to_owned()),
        &["Theme", "Codings", "Transcripts", "Participants"],
        rows,
        &numeric(4, 1),
    );
    few::note(draft, source, &stars);
}

/// What the register calls the people of a theme and of all below it.
pub(super) fn whole_theme(source: &Source, theme: usize) -> String {
    format!("theme {}/*", source.path(theme))
}

/// What the register calls the people of a theme by itself.
pub(super) fn own_theme(source: &Source, theme: usize) -> String {
    format!("theme {}", source.path(theme))
}

/// What stands over a table of counts.
const COUNTED: &str = "Codings of each theme and its sub-themes, and the transcripts and participants that they come from";

/// Every transcript with its date and size, for those who may look it up.
pub(super) fn transcripts(draft: &mut Draft, source: &Source) {
    let rows = source
        .transcripts
        .iter()
        .map(|t| {
            vec![
                t.slug.clone(),
                kinds([t]).trim_start_matches("1 ").to_owned(),
                t.phase
                    .and_then(|id| source.people.phases.get(&id))
                    .map_or_else(String::new, |p| p.name.clone()),
                t.date
                    .as_deref()
                    .map(super::phrase::day)
                    .unwrap_or_default(),
                number(t.revision.words),
            ]
        })
        .collect();
    draft.table(
        None,
        &["Transcript", "Kind", "Phase", "Date", "Words"],
        rows,
        &[false, false, false, false, true],
    );
}
