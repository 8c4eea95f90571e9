//! What goes back to one participant: what the study asked, heard and found, what this person contributed, what was made
//! of it, and what can still be done about it.
//!
//! It is written for its reader alone, and made of what is cleared for that reader: nobody else is in it, no other code,
//! rare role, organisation or words, no case by name but in the reader's own citation, no memo, no coder; and no number
//! that is so small that it points at somebody.

use std::io::Write;

use super::debrief_form::{self, Asked};
use super::debrief_letter::{
    Guard, claims, debrief_gaps, heard_overall, questions, rights, thanks, title, told,
};
use super::document::{Block, Inline};
use super::draft::Draft;
use super::gather::{Gathered, LONGEST, gather};
use super::method::record;
use super::options::{QuoteChoice, ReportOptions, Written};
use super::phrase::{count, day, list};
use super::source::{Source, level};
use crate::domain::filter::{Filter, Speakers};
use crate::domain::words::{Attribution, TranscriptKind};
use crate::error::Result;
use crate::evidence::finding::findings;
use crate::governance::gate::{self, Audience};
use crate::store::{Finding, Participant, Transcript};
use crate::study::Study;
use crate::study::passage::Reader;

/// What all debriefs say alike, read once however many are written.
pub struct Overall<'a> {
    everyone: Source<'a>,
    heard: Gathered,
    filter: Filter,
}

impl<'a> Overall<'a> {
    /// Of the options the filter counts, without its participants and speakers.
    pub fn read(study: &'a Study, options: &ReportOptions) -> Result<Self> {
        let mut filter = options.filter.clone();
        filter.participants.clear();
        filter.speakers = Speakers::Participant;
        let everyone = Source::read(study, &filter, options.audience)?;
        let heard = gather(
            &everyone,
            QuoteChoice::None,
            Audience::Participant,
            &(),
            |_| {},
        )?;
        Ok(Self {
            everyone,
            heard,
            filter,
        })
    }
}

/// Writes the debrief of the participant with this code. Of the options, the audience is always the participant.
pub fn debrief(
    overall: &Overall,
    participant: &str,
    options: &ReportOptions,
    out: &mut dyn Write,
) -> Result<Written> {
    let Overall {
        everyone,
        heard,
        filter,
    } = overall;
    let study = everyone.study;
    let person = study.store.participant(participant)?;
    let mut filter = filter.clone();
    filter.participants = vec![person.code.clone()];
    let own = Source::read(study, &filter, Audience::Participant)?;
    let mut theirs = gather(&own, options.quotes, Audience::Participant, &(), |_| {})?;
    let talks = talks(study, &person)?;
    let mut guard = guard(&own, &person)?;

    let mut draft = Draft::new(&own.row.title);
    let reader = format!("participant {}", person.code);
    let subtitle = "What we heard from you, and what became of it".to_owned();
    title(&mut draft, &own, subtitle, reader)?;
    draft.paragraph("Dear participant,");
    draft.paragraph(
        "You took part in this study; thank you. This note says what the study asked and what it has heard and found so far, what you contributed and what was made of it, and how you can correct it, add to it, object to it or withdraw it. At its end is a form on which you can answer.",
    );
    questions(&mut draft, &own, &mut guard);
    heard_overall(&mut draft, everyone, heard, &mut guard);
    let findings = told(&own, &mut guard)?;
    claims(&mut draft, &findings);
    let printed = contribution(
        &mut draft,
        &own,
        &theirs,
        &person,
        &talks,
        options.quotes,
        &mut guard,
    );
    where_it_went(&mut draft, &own, &theirs, &person, &findings, &mut guard)?;
    rights(&mut draft, &own, None);
    thanks(&mut draft);
    if let Some(version) = record(&own, Audience::Participant)? {
        draft.push(Block::Paragraph(version));
    }
    debrief_form::add(
        &mut draft,
        &own,
        Asked::Participant(&person.code),
        &findings,
    )?;

    let quotes = draft.write(options.format, &mut theirs.quotes, out)?;
    let mut warnings = debrief_gaps(&own.row);
    own_warnings(&mut warnings, &theirs, &person, &talks);
    warnings.append(&mut guard.kept);
    let mut told: Vec<i64> = findings.iter().map(|f| f.id).collect();
    told.sort_unstable();
    Ok(Written {
        quotes,
        held_back: theirs.held_back.clone(),
        // A debrief of a participant prints no summary of the frame.
        summaries_held_back: gate::HeldBack::default(),
        themes: printed,
        warnings,
        codings: theirs.quotes.quoted(),
        findings: told,
        counts: std::collections::BTreeMap::new(),
        code_named_held_back: std::collections::BTreeMap::new(),
    })
}

fn guard(source: &Source, person: &Participant) -> Result<Guard> {
    let mut own_cases = person.cases.clone();
    own_cases.extend(person.organisation);
    Guard::new(
        source,
        &own_cases,
        Some(&person.code),
        person.role.as_deref(),
    )
}

/// The findings that a form asks about.
pub(super) fn asked_about(source: &Source, asked: Asked) -> Result<Vec<Finding>> {
    let mut guard = match asked {
        Asked::Participant(code) => guard(source, &source.study.store.participant(code)?)?,
        Asked::Case(slug) => super::debrief_case::guard(source, source.study.store.case(slug)?.id)?,
    };
    told(source, &mut guard)
}

fn own_warnings(
    warnings: &mut Vec<String>,
    theirs: &Gathered,
    person: &Participant,
    talks: &[Talk],
) {
    if talks.is_empty() {
        warnings.push(format!("no transcript is with {}", person.code));
    } else if talks.iter().all(|talk| talk.words == 0) {
        warnings.push(format!(
            "no turn in the transcripts is assigned to {}",
            person.code
        ));
    }
    if theirs.pending > 0 {
        warnings.push(format!(
            "{} for a place in a corrected text and could not be quoted",
            count(theirs.pending, "coding waits", "codings wait")
        ));
    }
}

/// One transcript that the person is in.
struct Talk {
    transcript: Transcript,
    /// The person's own words.
    words: usize,
    minutes: Option<i64>,
}

fn talks(study: &Study, person: &Participant) -> Result<Vec<Talk>> {
    let store = &study.store;
    let with = store.transcript_participants(None)?;
    let mut reader = Reader::new(store)?;
    let mut found = Vec::new();
    for transcript in store.transcripts()? {
        if !with
            .get(&transcript.id)
            .is_some_and(|people| people.contains(&person.id))
        {
            continue;
        }
        let revision = &transcript.revision;
        let turns = store.turns(revision.first_turn, revision.turns)?;
        let mut own = Vec::new();
        for turn in &turns {
            if reader.participant_of(transcript.id, turn)? == Some(person.id) {
                own.push(turn.span);
            }
        }
        let words = reader
            .slices(revision.id, &own)?
            .iter()
            .flat_map(|words| words.split_whitespace())
            .filter(|word| word.contains(char::is_alphanumeric))
            .count();
        // A recording ends a little after its last turn has begun.
        let minutes = turns
            .iter()
            .filter_map(|t| t.time_ms)
            .max()
            .map(|ms| ms / 60_000 + 1);
        found.push(Talk {
            transcript,
            words,
            minutes,
        });
    }
    found.sort_by(|a, b| {
        (&a.transcript.date, a.transcript.id).cmp(&(&b.transcript.date, b.transcript.id))
    });
    Ok(found)
}

fn said(talk: &Talk) -> String {
    let mut line = match talk
        .transcript
        .kind
        .parse()
        .unwrap_or(TranscriptKind::Document)
    {
        TranscriptKind::Interview => "An interview",
        TranscriptKind::FocusGroup => "A group discussion",
        TranscriptKind::FieldNotes => "Our notes of an observation",
        TranscriptKind::Document => "A document",
    }
    .to_owned();
    if let Some(date) = &talk.transcript.date {
        line.push_str(&format!(" on {}", day(date)));
    }
    if let Some(minutes) = talk.minutes {
        line.push_str(&format!(
            ", about {} long",
            count(minutes, "minute", "minutes")
        ));
    }
    if talk.words > 0 {
        line.push_str(&format!(
            "; you spoke {}",
            count(talk.words, "word", "words")
        ));
    }
    line.push('.');
    if talk.transcript.revision.number > 1 {
        line.push_str(" Its text was corrected since, and is quoted as it stands now.");
    }
    line
}

/// What the person gave, with the quotes as a report would print them. Says how many themes have quotes.
fn contribution(
    draft: &mut Draft,
    source: &Source,
    theirs: &Gathered,
    person: &Participant,
    talks: &[Talk],
    choice: QuoteChoice,
    guard: &mut Guard,
) -> usize {
    draft.heading(2, "What you contributed");
    if talks.is_empty() {
        draft.paragraph("No interview or other text of yours is in the study at present.");
        return 0;
    }
    draft.bullets(
        talks
            .iter()
            .map(|talk| vec![Inline::text(said(talk))])
            .collect(),
    );
    let refused = match (level(person), person.quotable) {
        (Attribution::OffRecord, _) => Some(
            "You spoke with us off the record. What you said is not quoted, is in no count and stands in no report.",
        ),
        (Attribution::Background, _) => Some(
            "You spoke with us for background. What you said helps us to understand what we heard elsewhere; your words are not quoted anywhere.",
        ),
        (_, false) => Some(
            "You asked us not to quote you. Your words count among what we heard; they are not quoted anywhere.",
        ),
        _ => None,
    };
    if let Some(refused) = refused {
        draft.push(Block::Callout {
            title: "Your words are not quoted".to_owned(),
            body: vec![Inline::text(refused)],
        });
        return 0;
    }
    let mut citations: Vec<String> = talks
        .iter()
        .map(|talk| {
            let bound = source.limits.on_whole(&talk.transcript);
            // As everybody else will read it.
            crate::governance::citation(
                &source.people,
                &source.labels,
                &talk.transcript,
                Some(person),
                gate::level_of(Some(person), bound),
                Audience::Public,
            )
        })
        .collect();
    citations.sort();
    citations.dedup();
    let cited = citations
        .iter()
        .map(|c| format!("“{c}”"))
        .collect::<Vec<_>>();
    draft.push(Block::Callout {
        title: "How your words are cited".to_owned(),
        body: vec![
            Inline::text("Your words may be quoted. They are cited as: "),
            Inline::strong(cited.join(" or ")),
            Inline::text("."),
        ],
    });
    let themes: Vec<usize> = (0..source.themes.len())
        .filter(|t| theirs.quotes.count(*t) > 0)
        .collect();
    if choice == QuoteChoice::None {
        return 0;
    }
    if themes.is_empty() {
        draft.paragraph("No passage of yours has been chosen for quoting so far.");
        return 0;
    }
    let printed: usize = themes.iter().map(|t| theirs.quotes.count(*t)).sum();
    let available: usize = themes.iter().map(|t| theirs.available[*t]).sum();
    let which = if printed < available {
        "These are examples of passages that may be quoted, under the theme that each was coded with."
    } else {
        "These are the passages that may be quoted, under the theme that each was coded with."
    };
    draft.paragraph(format!(
        "{which} They stand here as a report would print them: a quote of more than {LONGEST} characters is cut, and […] marks where words were left out."
    ));
    for theme in &themes {
        draft.heading(3, told_trail(source, *theme, guard));
        draft.quotes(*theme);
    }
    themes.len()
}

/// The theme with what it belongs to: `Governance: Clarity`.
fn trail(source: &Source, theme: usize) -> String {
    match source.parent(theme) {
        Some(parent) => format!("{}: {}", trail(source, parent), source.title(theme)),
        None => source.title(theme),
    }
}

/// The same, where it names nobody else.
fn told_trail(source: &Source, theme: usize, guard: &mut Guard) -> String {
    let trail = trail(source, theme);
    if guard.may(&trail, || format!("the theme {}", source.path(theme))) {
        trail
    } else {
        "Another theme".to_owned()
    }
}

fn where_it_went(
    draft: &mut Draft,
    source: &Source,
    theirs: &Gathered,
    person: &Participant,
    told: &[Finding],
    guard: &mut Guard,
) -> Result<()> {
    if level(person) == Attribution::OffRecord {
        return Ok(());
    }
    let mut items = Vec::new();
    for root in source.roots().filter(|t| theirs.whole[*t].codings > 0) {
        let mut below: Vec<String> = Vec::new();
        let mut next: Vec<usize> = source.children(root).collect();
        next.reverse();
        while let Some(theme) = next.pop() {
            let title = source.title(theme);
            if theirs.own[theme].codings > 0
                && guard.may(&title, || format!("the theme {}", source.path(theme)))
            {
                below.push(title);
            }
            let mut children: Vec<usize> = source.children(theme).collect();
            children.reverse();
            next.append(&mut children);
        }
        let mut item = vec![Inline::strong(told_trail(source, root, guard))];
        if !below.is_empty() {
            let also = if theirs.own[root].codings > 0 {
                "also "
            } else {
                ""
            };
            item.push(Inline::text(format!(", {also}under {}", list(&below))));
        }
        items.push(item);
    }
    draft.heading(2, "Where it went");
    if items.is_empty() {
        draft.paragraph("What you said has not been sorted into themes yet.");
        return Ok(());
    }
    draft.paragraph("What you said was sorted into these themes, and is part of what the study says about each of them:");
    draft.bullets(items);
    findings_on(draft, source, told)
}

/// Which findings rest on what the person said, in passages; of nobody else's.
fn findings_on(draft: &mut Draft, source: &Source, told: &[Finding]) -> Result<()> {
    let mut own = findings(&source.study.store, &source.selection, None, false)?;
    own.retain(|f| told.iter().any(|t| t.id == f.finding));
    let items: Vec<Vec<Inline>> = own
        .iter()
        .filter_map(|f| {
            let passages = |n: usize| count(n, "passage", "passages");
            let said = match (f.support.passages, f.against.passages) {
                (0, 0) => return None,
                (n, 0) => format!(": {} of yours support it", passages(n)),
                (0, n) => format!(": {} of yours speak against it", passages(n)),
                (a, b) => format!(
                    ": {} of yours support it, and {} speak against it",
                    passages(a),
                    passages(b)
                ),
            };
            let said = said
                .replace(
                    "1 passage of yours support ",
                    "1 passage of yours supports ",
                )
                .replace("1 passage of yours speak ", "1 passage of yours speaks ")
                .replace("and 1 passage speak ", "and 1 passage speaks ");
            Some(vec![
                Inline::strong(format!("Finding {}", f.finding)),
                Inline::text(format!("{said}.")),
            ])
        })
        .collect();
    if !items.is_empty() {
        draft.paragraph("What you said bears on these findings, among what else we heard:");
        draft.bullets(items);
    }
    Ok(())
}
