//! What goes back to one participant: what the study asked, what it heard, what this person contributed, where it went,
//! and what can still be done about it.
//!
//! It is written for its reader alone. Nobody else is in it: no other code, role, organisation or words, no case by
//! name but in the reader's own citation, no memo, no coder; and no number that is so small that it points at somebody.

use std::io::Write;

use super::document::{Block, Inline};
use super::draft::Draft;
use super::findings::claims;
use super::method::record;
use super::gather::{Gathered, LONGEST, gather};
use super::options::{QuoteChoice, ReportOptions, Written};
use super::phrase::{count, day, list, number, plural, sentence};
use super::source::{Source, level};
use crate::domain::filter::Speakers;
use crate::domain::words::{Attribution, TranscriptKind};
use crate::error::Result;
use crate::governance::Known;
use crate::governance::gate::{self, Audience};
use crate::store::{Participant, Transcript};
use crate::study::Study;
use crate::study::passage::Reader;

/// Fewer people than this are `a few`.
const FEW: u64 = 3;

/// Writes the debrief of the participant with this code. Of the options, the audience is always the participant, and
/// the filter's own participants and speakers are left aside.
pub fn debrief(
    study: &Study,
    participant: &str,
    options: &ReportOptions,
    out: &mut dyn Write,
) -> Result<Written> {
    let person = study.store.participant(participant)?;
    let mut filter = options.filter.clone();
    filter.participants.clear();
    filter.speakers = Speakers::Participant;
    let everyone = Source::read(study, &filter)?;
    let heard = gather(
        &everyone,
        QuoteChoice::None,
        Audience::Participant,
        &(),
        |_| {},
    )?;
    filter.participants = vec![person.code.clone()];
    let own = Source::read(study, &filter)?;
    let mut theirs = gather(&own, options.quotes, Audience::Participant, &(), |_| {})?;
    let talks = talks(study, &person)?;

    let mut draft = Draft::new(&own.row.title);
    title(&mut draft, &own, &person);
    questions(&mut draft, &own);
    heard_overall(&mut draft, &everyone, &heard);
    let mut own_cases = person.cases.clone();
    own_cases.extend(person.organisation);
    let (told, kept) = claims(&mut draft, &own, &own_cases, &person.code)?;
    let printed = contribution(&mut draft, &own, &theirs, &person, &talks, options.quotes);
    where_it_went(&mut draft, &own, &theirs, &person);
    rights(&mut draft, &own);
    draft.heading(2, "Thank you");
    draft.paragraph("Thank you for your time and for speaking with us. The study could not have been done without the people who took part in it.");
    if let Some(version) = record(&own, Audience::Participant)? {
        draft.push(Block::Paragraph(version));
    }

    let quotes = draft.write(options.format, &mut theirs.quotes, out)?;
    let mut warnings = warnings(&own, &theirs, &person, &talks);
    for finding in kept {
        warnings.push(format!(
            "finding {finding} names another case or participant, so it is left out"
        ));
    }
    Ok(Written {
        quotes,
        held_back: theirs.held_back.clone(),
        // A debrief prints no summary of the frame.
        summaries_held_back: gate::HeldBack::default(),
        themes: printed,
        warnings,
        codings: theirs.quotes.quoted(),
        findings: told,
    })
}

fn warnings(
    source: &Source,
    theirs: &Gathered,
    person: &Participant,
    talks: &[Talk],
) -> Vec<String> {
    let mut warnings = Vec::new();
    if source.row.contact.is_none() {
        warnings.push("the study names nobody whom a participant can write to".to_owned());
    }
    if source.row.withdraw_by.is_none() {
        warnings.push("the study has no day until when a contribution can be withdrawn".to_owned());
    }
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
    warnings
}

fn title(draft: &mut Draft, source: &Source, person: &Participant) {
    let mut facts = vec![("For".to_owned(), format!("participant {}", person.code))];
    if let Some(date) = &source.date {
        facts.push(("As of".to_owned(), day(date)));
    }
    if let Some(by) = &source.row.withdraw_by {
        facts.push(("Please answer by".to_owned(), day(by)));
    }
    draft.push(Block::Title {
        title: source.row.title.clone(),
        subtitle: Some("What we heard from you, and what became of it".to_owned()),
        facts,
    });
    draft.paragraph(
        "You took part in this study. This note says what the study asked and what it has heard so far, what you contributed, where that went, and how you can correct it, add to it, object to it or withdraw it.",
    );
}

fn questions(draft: &mut Draft, source: &Source) {
    let questions = &source.row.questions;
    if questions.is_empty() {
        return;
    }
    draft.heading(2, "What the study asked");
    let items: Vec<Vec<Inline>> = questions.iter().map(|q| vec![Inline::text(q)]).collect();
    draft.push(if items.len() == 1 {
        Block::Bullets(items)
    } else {
        Block::Numbered(items)
    });
}

/// A number of people that points at nobody.
fn people(n: u64) -> String {
    if n < FEW {
        "a few people".to_owned()
    } else {
        count(n, "person", "people")
    }
}

/// What the study calls its cases, where all are of one kind: `systems`.
fn cases_word(source: &Source) -> String {
    let mut kinds: Vec<&str> = source
        .tops
        .iter()
        .filter_map(|id| source.people.cases.get(id))
        .map(|c| c.kind.as_str())
        .collect();
    kinds.dedup();
    match kinds[..] {
        [kind] => plural(&kind.to_lowercase()),
        _ => "cases".to_owned(),
    }
}

/// The root themes, each with how many people spoke of it, and in how many cases.
fn heard_overall(draft: &mut Draft, source: &Source, heard: &Gathered) {
    let all = u64::try_from(source.participants(&source.transcripts).len()).unwrap_or(u64::MAX);
    if all == 0 {
        return;
    }
    draft.heading(2, "What the study heard");
    let cases = source.tops.len() as u64;
    let word = cases_word(source);
    let mut said = format!("We spoke with {}", people(all));
    if cases > 1 && all >= FEW {
        said.push_str(&format!(" in {} {word}", number(cases)));
    }
    said.push('.');
    let items: Vec<Vec<Inline>> = source
        .roots()
        .filter_map(|theme| {
            let tally = &heard.whole[theme];
            let n = tally.participants.len();
            if n == 0 {
                return None;
            }
            let mut item = vec![Inline::strong(format!("{}.", source.full_title(theme)))];
            if let Some(definition) = &source.themes[theme].definition {
                item.push(Inline::text(format!(" {}", sentence(definition))));
            }
            let within = tally.cases.len();
            let place = match (n >= FEW && cases > 1, within) {
                (false, _) | (true, 0) => String::new(),
                (true, w) if w == cases && w == 2 => format!(" in both {word}"),
                (true, w) if w == cases => format!(" in all {} {word}", number(w)),
                (true, 1) => format!(" in one of the {} {word}", number(cases)),
                (true, w) => format!(" in {} of the {} {word}", number(w), number(cases)),
            };
            let who = people(n);
            let who = if n < FEW {
                "A few people".to_owned()
            } else {
                who
            };
            item.push(Inline::text(format!(" {who}{place} spoke of it.")));
            Some(item)
        })
        .collect();
    if items.is_empty() {
        said.push_str(" What they said has not been sorted into themes yet.");
    } else {
        said.push_str(" What they said was sorted into themes. These are the main ones.");
    }
    draft.paragraph(said);
    draft.bullets(items);
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
                Known::default(),
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
        draft.heading(3, trail(source, *theme));
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

fn where_it_went(draft: &mut Draft, source: &Source, theirs: &Gathered, person: &Participant) {
    if level(person) == Attribution::OffRecord {
        return;
    }
    let mut items = Vec::new();
    for root in source.roots().filter(|t| theirs.whole[*t].codings > 0) {
        let mut below: Vec<String> = Vec::new();
        let mut next: Vec<usize> = source.children(root).collect();
        next.reverse();
        while let Some(theme) = next.pop() {
            if theirs.own[theme].codings > 0 {
                below.push(source.title(theme));
            }
            let mut children: Vec<usize> = source.children(theme).collect();
            children.reverse();
            next.append(&mut children);
        }
        let mut item = vec![Inline::strong(trail(source, root))];
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
        return;
    }
    draft.paragraph("What you said was sorted into these themes, and is part of what the study says about each of them:");
    draft.bullets(items);
}

fn rights(draft: &mut Draft, source: &Source) {
    draft.heading(2, "What you can still do");
    let by = source.row.withdraw_by.as_deref().map(day);
    let to = source
        .row
        .contact
        .as_deref()
        .map(str::trim)
        .filter(|c| !c.is_empty());
    let mut ask = vec![Inline::text(match to {
        Some(_) => "Please write to ",
        None => "Please write to the research team",
    })];
    ask.extend(to.map(Inline::strong));
    ask.push(Inline::text(match &by {
        Some(by) => format!(" by {by}."),
        None => ". The sooner we hear from you, the more can still be changed.".to_owned(),
    }));
    ask.push(Inline::text(
        " You need not give a reason, and nothing that you decide will be held against you.",
    ));
    draft.push(Block::Paragraph(ask));
    let way = |what: &str, how: &str| vec![Inline::strong(what), Inline::text(format!(" {how}"))];
    draft.bullets(vec![
        way("Correct it.", "If something is wrong, or is not what you meant, tell us what it should say."),
        way("Add to it.", "If something is missing, or has changed since we spoke, tell us."),
        way("Object to it.", "If you do not want a passage to be quoted, or want it cited in another way, tell us which one."),
        way("Withdraw it.", match by {
            Some(_) => "You can take back a passage or all that you said. If you tell us by then, it is removed from the study.",
            None => "You can take back a passage or all that you said. It will be removed from the study as far as that is still possible.",
        }),
    ]);
}
