//! The report on one theme: what it means, where it was heard, and in whose words.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use super::document::{Block, Inline};
use super::draft::Draft;
use super::few;
use super::gather::{Gathered, Heard, Tally, gather};
use super::method::{method, written};
use super::options::{ReportOptions, Written};
use super::phrase::{capital, day, number, sentence};
use super::section::{
    counts, heard, numeric, one_theme, own_theme, people_of, quotes, whole_theme,
};
use super::source::{Source, Voice};
use crate::error::Result;
use crate::governance::gate::HeldBack;
use crate::store::Theme;
use crate::study::{Codebook, Study};

/// Tables of where a theme was heard: cases by their places, roles, phases.
#[derive(Default)]
struct Where {
    cases: BTreeMap<usize, Tally>,
    roles: BTreeMap<Option<String>, Tally>,
    phases: BTreeMap<Option<i64>, Tally>,
}

/// Writes the report on the theme of that path, with its sub-themes. The filter's own themes are left aside.
pub fn theme(
    study: &Study,
    path: &str,
    options: &ReportOptions,
    out: &mut dyn Write,
) -> Result<Written> {
    let book = Codebook::read(&study.store)?;
    let id = book.find(path)?;
    let mut options = options.clone();
    options.filter.themes = vec![book.path(id)];
    let source = Source::read(study, &options.filter, options.audience)?;
    let mut found = Where::default();
    let mut gathered = gather(&source, options.quotes, options.audience, &(), |heard| {
        let tops = source.tops_of(heard.transcript.case);
        for top in tops {
            found.cases.entry(*top).or_default().add(heard, tops);
        }
        found
            .phases
            .entry(heard.transcript.phase)
            .or_default()
            .add(heard, tops);
        let people = heard.voices.iter().filter_map(|voice| voice.participant());
        let roles: BTreeSet<Option<String>> = people.map(|p| source.role(p).map(capital)).collect();
        for role in roles {
            let of_role: Vec<Voice> = heard
                .voices
                .iter()
                .filter(|voice| {
                    voice
                        .participant()
                        .is_some_and(|p| source.role(p).map(capital) == role)
                })
                .copied()
                .collect();
            let heard = Heard {
                transcript: heard.transcript,
                voices: &of_role,
            };
            found.roles.entry(role).or_default().add(&heard, tops);
        }
    })?;
    let at = source.place(id).unwrap_or_default();
    let mut draft = Draft::new(format!("{} – {}", source.full_title(at), source.row.title));
    title(&mut draft, &source, &gathered, at);
    definition(&mut draft, &source.themes[at]);
    if gathered.whole[at].codings == 0 {
        draft.heading(2, "Where it was heard");
        draft.paragraph("Nothing has been coded with this theme here.");
    } else {
        tables(&mut draft, &source, &found, at, &gathered.whole[at]);
        sub_themes(&mut draft, &source, &gathered, at);
        if gathered.quotes.count(at) > 0 {
            draft.heading(2, "In their words");
            quotes(&mut draft, &source, &gathered, options.quotes, at);
        }
        for theme in heard(&source, &gathered).filter(|t| *t != at) {
            draft.heading(1 + source.depth(theme), source.title(theme));
            one_theme(&mut draft, &source, &gathered, options.quotes, theme);
        }
    }
    let printed = heard(&source, &gathered).count();
    // That it is about this theme stands in its title.
    let mut without = options.clone();
    without.filter.themes.clear();
    let none = HeldBack::default();
    method(&mut draft, &source, &gathered, &none, &without)?;
    let quotes = draft.write(options.format, &mut gathered.quotes, out)?;
    Ok(written(&source, &gathered, quotes, printed))
}

fn title(draft: &mut Draft, source: &Source, gathered: &Gathered, at: usize) {
    let mut facts = vec![("Path".to_owned(), source.path(at).to_owned())];
    if let Some(date) = &source.date {
        facts.push(("As of".to_owned(), day(date)));
    }
    let whole = &gathered.whole[at];
    if whole.codings > 0 {
        let behind = people_of(whole);
        if !source.few.bounds(whole.codings, behind) {
            facts.push(("Codings".to_owned(), number(whole.codings)));
        }
        if !source.few.is(behind) {
            facts.push((
                "Transcripts".to_owned(),
                format!(
                    "{} of {}",
                    number(whole.transcripts.len()),
                    number(source.transcripts.len())
                ),
            ));
        }
        let people = source.participants(&source.transcripts).len();
        if people > 0 {
            facts.push((
                "Participants".to_owned(),
                format!(
                    "{} of {}",
                    source.few.number(
                        &whole_theme(source, at),
                        whole.participants.len().try_into().unwrap_or(usize::MAX)
                    ),
                    source.few.number("participants", people)
                ),
            ));
        }
    }
    draft.push(Block::Title {
        title: source.full_title(at),
        subtitle: Some(format!("A theme of the study “{}”", source.row.title)),
        facts,
    });
}

/// The fields that say when to use a theme.
pub(super) fn fields(theme: &Theme) -> Vec<Block> {
    [
        (None, &theme.definition),
        (Some("In full: "), &theme.full_definition),
        (Some("Use it when: "), &theme.include),
        (Some("Do not use it for: "), &theme.exclude),
        (Some("Example: "), &theme.example),
    ]
    .into_iter()
    .filter_map(|(name, value)| {
        let value = value.as_deref().map(str::trim).filter(|v| !v.is_empty())?;
        let name = name.map(|name| Inline::strong(name.trim_end()));
        let blank = name.as_ref().map(|_| Inline::text(" "));
        let words = Inline::text(sentence(value));
        Some(Block::Paragraph(
            name.into_iter().chain(blank).chain([words]).collect(),
        ))
    })
    .collect()
}

fn definition(draft: &mut Draft, theme: &Theme) {
    let blocks = fields(theme);
    if blocks.is_empty() {
        return;
    }
    draft.heading(2, "What it means");
    for block in blocks {
        draft.push(block);
    }
}

fn tables(draft: &mut Draft, source: &Source, found: &Where, at: usize, whole: &Tally) {
    draft.heading(2, "Where it was heard");
    let path = source.path(at).to_owned();
    let mut put = |by: &str, lines: Vec<few::Line>| {
        let rows = few::rows(source, &lines, few::Whole::of(whole), by == "Role");
        let stars = rows.clone();
        let caption = format!(
            "Codings of the theme and its sub-themes by {}",
            by.to_lowercase()
        );
        draft.table(
            Some(caption),
            &[by, "Codings", "Transcripts", "Participants"],
            rows,
            &numeric(4, 1),
        );
        few::note(draft, source, &stars);
    };
    put(
        "Case",
        found
            .cases
            .iter()
            .map(|(top, tally)| {
                let name = source.top_name(*top).to_owned();
                (format!("theme {path}/* case {name}"), name, tally)
            })
            .collect(),
    );
    if found.roles.keys().any(Option::is_some) {
        let named = found.roles.iter().filter(|(role, _)| role.is_some());
        let unnamed = found.roles.iter().filter(|(role, _)| role.is_none());
        put(
            "Role",
            named
                .chain(unnamed)
                .map(|(role, tally)| {
                    let name = role.clone().unwrap_or_else(|| "Role not given".to_owned());
                    (
                        format!("theme {path}/* role {}", name.to_lowercase()),
                        name,
                        tally,
                    )
                })
                .collect(),
        );
    }
    if found.phases.keys().any(Option::is_some) {
        let order = source.phases.iter().map(|p| Some(p.id)).chain([None]);
        put(
            "Phase",
            order
                .filter_map(|id| {
                    let tally = found.phases.get(&id)?;
                    let name = id
                        .and_then(|id| source.people.phases.get(&id))
                        .map_or_else(|| "No phase given".to_owned(), |p| p.name.clone());
                    Some((format!("theme {path}/* phase {name}"), name, tally))
                })
                .collect(),
        );
    }
}

fn sub_themes(draft: &mut Draft, source: &Source, gathered: &Gathered, at: usize) {
    let lines: Vec<few::Line> = source
        .children(at)
        .map(|t| (whole_theme(source, t), source.title(t), &gathered.whole[t]))
        .collect();
    let rows = few::rows(source, &lines, few::Whole::of(&gathered.whole[at]), false);
    if rows.is_empty() {
        return;
    }
    draft.heading(2, "Its sub-themes");
    if gathered.own[at].codings > 0 {
        draft.paragraph(format!(
            "By itself the theme has {}.",
            counts(source, &own_theme(source, at), &gathered.own[at])
        ));
    }
    let caption = "Codings of each sub-theme, with what is below it".to_owned();
    draft.table(
        Some(caption),
        &["Sub-theme", "Codings", "Transcripts", "Participants"],
        rows,
        &numeric(4, 1),
    );
}
