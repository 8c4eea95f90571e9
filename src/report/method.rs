//! How a report was made: what was read, by whom it was coded, what was held back, and which filters were in force.

use super::document::{Block, Inline};
use super::draft::Draft;
use super::gather::{Gathered, LONGEST, Tally};
use super::options::{QuoteChoice, ReportOptions, Written};
use super::phrase::{between, capital, count, dated, day, list, number, period};
use super::section::{kinds_told, words};
use super::source::Source;
use crate::domain::coder::{CONSENSUS, RULE, is_human};
use crate::domain::filter::Speakers;
use crate::error::{Failure, Result};
use crate::governance::gate::{Audience, HeldBack, Reason};

/// The section `How this was done`.
pub(super) fn method(
    draft: &mut Draft,
    source: &Source,
    gathered: &Gathered,
    summaries: &HeldBack,
    options: &ReportOptions,
) -> Result<()> {
    draft.heading(2, "How this was done");
    let mut items: Vec<String> = Vec::new();
    items.push(match source.row.method.as_str() {
        "framework" => "The material was analysed by the framework method: it was coded with a codebook and summarised case by case and theme by theme.",
        "coding-reliability" => "The material was coded with a fixed codebook by coders whose agreement is measured.",
        "reflexive" => "The material was analysed by reflexive thematic analysis: themes are the researchers' reading of it.",
        _ => "The material was coded with a codebook: passages of the transcripts were each given one or more themes.",
    }.to_owned());
    if !source.transcripts.is_empty() {
        let mut words_of = format!(
            "The report rests on {}, together {}.",
            kinds_told(source),
            count(words(&source.transcripts), "word", "words")
        );
        if let Some((first, last)) = Source::days(&source.transcripts) {
            words_of.push_str(&format!(" They date from {}.", dated(first, last)));
        }
        items.push(words_of);
    }
    if !source.themes.is_empty() {
        let roots = source.themes.iter().filter(|t| t.parent.is_none()).count();
        let unused = (0..source.themes.len())
            .filter(|t| source.selected(*t) && gathered.own[*t].codings == 0)
            .count();
        let mut book = format!(
            "The codebook has {}, {} of them at its top level.",
            count(source.themes.len(), "theme", "themes"),
            number(roots)
        );
        if unused > 0 && gathered.codings > 0 {
            book.push_str(&format!(
                " {} no coding of {} own here.",
                count(unused, "theme has", "themes have"),
                if unused == 1 { "its" } else { "their" }
            ));
        }
        items.push(book);
    }
    items.extend(coding(source, gathered, options.audience)?);
    items.extend(quoting(source, gathered, options.quotes));
    // Why would tell of whoever is left that there is somebody with such a promise.
    let why = !source.narrowed || options.audience == Audience::Team;
    items.extend(held_back(gathered, why));
    items.extend(summaries_held_back(summaries, why));
    items.extend(revisions(source));
    if gathered.pending > 0 {
        items.push(format!(
            "{} for a place in a transcript that was corrected after it was coded, and {} neither counted nor quoted here.",
            count(gathered.pending, "coding waits", "codings wait"),
            if gathered.pending == 1 { "is" } else { "are" }
        ));
    }
    items.extend(filters(source, options));
    let mut made = format!("Made with casebook {}", options.version);
    if let Some(date) = &source.date {
        made.push_str(&format!(" from the study as it stood on {}", day(date)));
    }
    items.push(format!("{made}."));
    let mut items: Vec<Vec<Inline>> = items
        .into_iter()
        .map(|words| vec![Inline::text(words)])
        .collect();
    items.extend(record(source, options.audience)?);
    draft.push(Block::Bullets(items));
    Ok(())
}

/// The head of the study's record, so that whoever has the report can tell later whether the record up to there is still
/// the same. For a participant or the people of a case it is what tells one version from another.
pub(super) fn record(source: &Source, audience: Audience) -> Result<Option<Vec<Inline>>> {
    Ok(source
        .study
        .store
        .report_head()?
        .map(|head| match audience {
            Audience::Participant | Audience::Case => vec![
                Inline::text("Made from the study's record at "),
                Inline::Code(head.short()),
                Inline::text("."),
            ],
            Audience::Team | Audience::Public => vec![
                Inline::text(format!("Record: event {}, ", head.event)),
                Inline::Code(head.whole()),
                Inline::text("."),
            ],
        }))
}

/// Who coded how much, and when.
fn coding(source: &Source, gathered: &Gathered, audience: Audience) -> Result<Option<String>> {
    if gathered.codings == 0 {
        return Ok(None);
    }
    let all = source.study.store.coders()?;
    let at_work = |fits: fn(&str) -> bool| {
        all.iter()
            .filter(|c| gathered.coders.contains_key(&c.id) && fits(&c.name))
            .map(|c| c.name.clone())
            .collect::<Vec<String>>()
    };
    let (people, rules) = (at_work(is_human), at_work(|name| name.starts_with(RULE)));
    let consensus = at_work(|name| name.eq_ignore_ascii_case(CONSENSUS));
    let mut by = Vec::new();
    if !people.is_empty() {
        by.push(count(people.len(), "coder", "coders"));
    }
    if !rules.is_empty() {
        by.push(count(
            rules.len(),
            "rule that codes by itself",
            "rules that code by themselves",
        ));
    }
    if !consensus.is_empty() {
        by.push("the consensus of coders".to_owned());
    }
    let mut heard = Tally::default();
    for tally in &gathered.own {
        heard.take_in(tally);
    }
    let voices = usize::try_from(heard.participants.len()).unwrap_or(usize::MAX);
    let mut words = if source.few.bounds(gathered.codings, voices) {
        format!("The passages were coded by {}", list(&by))
    } else {
        format!(
            "There are {} by {}",
            count(gathered.codings, "coding", "codings"),
            list(&by)
        )
        .replacen("There are 1 ", "There is 1 ", 1)
    };
    if audience == Audience::Team && !people.is_empty() {
        words.push_str(&format!(" ({})", list(&people)));
    }
    if let Some((first, last)) = gathered.events {
        let day = |event| Ok::<_, Failure>(source.study.store.find_event(event)?.map(|e| e.at));
        if let (Some(first), Some(last)) = (day(first)?, day(last)?) {
            let day = |at: &str| at.get(..10).unwrap_or(at).to_owned();
            words.push_str(&format!(
                "; coding was done {}",
                between(&day(&first), &day(&last))
            ));
        }
    }
    words.push('.');
    if people.len() + rules.len() + consensus.len() > 1 {
        words.push_str(" A passage that two of them coded with one theme counts as two codings and is printed once.");
    }
    Ok(Some(words))
}

/// Which quotes are printed, and how.
fn quoting(source: &Source, gathered: &Gathered, choice: QuoteChoice) -> Option<String> {
    let available: usize = gathered.available.iter().sum();
    if available == 0 {
        return None;
    }
    let mut heard = crate::search::IdSet::new();
    for tally in &gathered.own {
        heard |= &tally.participants;
    }
    let people = usize::try_from(heard.len()).unwrap_or(usize::MAX);
    let which = match choice {
        QuoteChoice::None => return None,
        QuoteChoice::Some(n) if source.few.bounds(available, people) => format!(
            "At most {} printed for each theme.",
            count(n, "quote is", "quotes are")
        ),
        QuoteChoice::Some(n) => format!(
            "At most {} printed for each theme, spread over cases and participants, from {}.",
            count(n, "quote is", "quotes are"),
            count(
                available,
                "passage that may be quoted",
                "passages that may be quoted"
            )
        ),
        QuoteChoice::All => "Every passage that may be quoted is printed.".to_owned(),
    };
    Some(format!(
        "{which} Interviewers' words are never quoted. A quote of more than {LONGEST} characters is cut, where that can be done at the end of a sentence; […] stands where words were left out."
    ))
}

/// What was held back, with numbers by reason.
fn held_back(gathered: &Gathered, why: bool) -> Option<String> {
    let held = &gathered.held_back;
    if held.total() == 0 {
        return None;
    }
    let who = |reason: Reason| match reason {
        Reason::NotQuotable => "from people who did not agree to be quoted",
        Reason::Background => "from people who spoke for background only",
        Reason::OffRecord => "off the record",
        Reason::Interviewer => "in an interviewer's words",
        Reason::NonAttributable => {
            "from people whose words may not be tied to a case, as this report is about some only"
        }
        Reason::Over => "from people whose consent has run out",
        Reason::NotShared => "from people who gave no leave that their own system reads it",
        Reason::TooFew => {
            "from people whom too few others resemble for their words to stand in what is about some only"
        }
        Reason::NamesNone | Reason::NothingBelow | Reason::OverHeldBack => reason.word(),
    };
    if !why {
        let n = count(held.total(), "coded passage was", "coded passages were");
        return Some(format!(
            "{n} held back from quoting. A passage counts once for each theme that it was coded with."
        ));
    }
    let reasons: Vec<(Reason, usize)> = held.reasons().collect();
    let why = match reasons[..] {
        [(reason, _)] => format!(
            "because {} {}",
            if held.total() == 1 {
                "it is"
            } else {
                "they are"
            },
            who(reason)
        ),
        _ => {
            let each: Vec<String> = reasons
                .iter()
                .map(|(reason, n)| format!("{} {}", number(*n), who(*reason)))
                .collect();
            list(&each)
        }
    };
    Some(format!(
        "{} held back from quoting: {why}. A passage counts once for each theme that it was coded with.",
        count(held.total(), "coded passage was", "coded passages were"),
    ).replace(": because", " because"))
}

/// Which summaries of the frame were held back. What is off the record is in no count.
fn summaries_held_back(held: &HeldBack, with_why: bool) -> Option<String> {
    let why = |reason: Reason| match reason {
        Reason::NotQuotable => "on people who did not agree to be quoted",
        Reason::Background => "on people who spoke for background only",
        Reason::NonAttributable => "on people whose words may not be tied to a case",
        Reason::Over => "on people whose consent has run out",
        Reason::NotShared => "on people who gave no leave that their own system reads it",
        Reason::Interviewer => "on what interviewers say",
        Reason::OffRecord => "on what was said off the record",
        Reason::TooFew => "on people whom too few others resemble",
        Reason::NamesNone => "on no passage that is named",
        Reason::NothingBelow => "on nothing that is coded now",
        Reason::OverHeldBack => "on a summary that is held back itself",
    };
    let told: Vec<(Reason, usize)> = held
        .reasons()
        .filter(|(reason, _)| *reason != Reason::OffRecord)
        .collect();
    let all: usize = told.iter().map(|(_, n)| n).sum();
    let each: Vec<String> = told
        .iter()
        .map(|(reason, n)| {
            let rests = if *n == 1 { "rests" } else { "rest" };
            format!("{} {rests} {}", number(*n), why(*reason))
        })
        .collect();
    (all > 0).then(|| {
        format!(
            "{} of the frame {} held back{}.",
            count(all, "summary", "summaries"),
            if all == 1 { "was" } else { "were" },
            if with_why {
                format!(": {}", list(&each))
            } else {
                String::new()
            }
        )
    })
}

/// The filters in force, in words that fit the reader: nobody outside the study learns a pseudonym from them.
pub(super) fn filters(source: &Source, options: &ReportOptions) -> Option<String> {
    let filter = &options.filter;
    let team = options.audience == Audience::Team;
    let mut said = Vec::new();
    let mut add = |what: &str, values: &[String]| {
        if !values.is_empty() {
            said.push(format!("{what}: {}", list(values)));
        }
    };
    let case = |slug: &String| {
        source
            .study
            .store
            .case(slug)
            .map_or_else(|_| slug.clone(), |c| c.name)
    };
    let phase = |slug: &String| {
        source
            .study
            .store
            .phase(slug)
            .map_or_else(|_| slug.clone(), |p| p.name)
    };
    add(
        "cases, with all that is part of them",
        &filter.cases.iter().map(case).collect::<Vec<_>>(),
    );
    add(
        "phases",
        &filter.phases.iter().map(phase).collect::<Vec<_>>(),
    );
    add("themes, with their sub-themes", &filter.themes);
    add("roles", &filter.roles);
    add(
        "attributes",
        &filter
            .attributes
            .iter()
            .map(|(key, value)| format!("{key} is {value}"))
            .collect::<Vec<_>>(),
    );
    if team {
        // A heading may name somebody, and is typed as it stands.
        add("headings and questions", &filter.sections);
        add("participants", &filter.participants);
        add("transcripts", &filter.transcripts);
        add("coders", &filter.coders);
    } else {
        for (values, one, many) in [
            (
                &filter.participants,
                "chosen participant",
                "chosen participants",
            ),
            (
                &filter.transcripts,
                "chosen transcript",
                "chosen transcripts",
            ),
            (&filter.coders, "of the coders", "of the coders"),
            (
                &filter.sections,
                "chosen heading or question",
                "chosen headings or questions",
            ),
        ] {
            if !values.is_empty() {
                said.push(count(values.len(), one, many));
            }
        }
    }
    match filter.speakers {
        Speakers::Participant => {}
        Speakers::Interviewer => said.push("what interviewers say".to_owned()),
        Speakers::All => said.push("what anyone says, interviewers too".to_owned()),
    }
    if let Some(as_of) = filter.as_of {
        said.push(format!(
            "cases as they stood on {}",
            day(&as_of.to_string())
        ));
    }
    if said.is_empty() {
        None
    } else {
        Some(format!("This report is limited to {}.", said.join("; ")))
    }
}

/// Which texts were corrected after they came in: the report rests on their present revisions.
fn revisions(source: &Source) -> Option<String> {
    /// More transcripts than this are counted, not named.
    const NAMED: usize = 12;
    let revised: Vec<String> = source
        .transcripts
        .iter()
        .filter(|t| t.revision.number > 1)
        .map(|t| format!("{} (revision {})", t.slug, t.revision.number))
        .collect();
    match revised.len() {
        0 => None,
        1..=NAMED => Some(format!(
            "Transcripts are counted and quoted as they stand now; corrected since they came in: {}.",
            revised.join(", ")
        )),
        many => Some(format!(
            "Transcripts are counted and quoted as they stand now; {many} of them were corrected since they came in."
        )),
    }
}

/// What whoever asked for the report should know.
pub(super) fn written(
    source: &Source,
    gathered: &Gathered,
    quotes: usize,
    themes: usize,
) -> Written {
    let mut warnings = Vec::new();
    if gathered.pending > 0 {
        warnings.push(format!(
            "{} for a place in a corrected text and could not be quoted",
            count(gathered.pending, "coding waits", "codings wait")
        ));
    }
    if source.transcripts.is_empty() {
        warnings.push("there is no transcript in this selection".to_owned());
    } else if gathered.codings == 0 {
        warnings.push("nothing is coded in this selection".to_owned());
    }
    Written {
        quotes,
        held_back: gathered.held_back.clone(),
        summaries_held_back: HeldBack::default(),
        code_named_held_back: source.cloak.held(),
        themes,
        warnings,
        codings: gathered.quotes.quoted(),
        findings: Vec::new(),
        counts: source.few.printed(),
    }
}

/// When a case existed, as a fact under a title.
pub(super) fn existed(from: Option<&str>, to: Option<&str>) -> Option<String> {
    let when = period(from, to);
    (!when.is_empty()).then(|| capital(&when))
}
