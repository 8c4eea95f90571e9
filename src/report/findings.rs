//! The findings in a report: each claim with what supports it and what speaks against it, in people's own words where
//! they may be quoted, the rivals that were examined, and where it was expected to hold.

use std::collections::HashMap;

use super::document::{Block, Inline};
use super::draft::Draft;
use super::gather::{Chooser, Promises, Quotes};
use super::method::filters;
use super::names::Names;
use super::options::{QuoteChoice, ReportOptions, Written};
use super::passage::{Passages, Turns};
use super::phrase::{capital, count, day, list, sentence};
use super::section::printed_of;
use super::source::Source;
use crate::coding::quotes::each_ref_of;
use crate::domain::words::{Bearing, Outcome, Replication, SourceKind, Verdict};
use crate::error::Result;
use crate::evidence::finding::{FindingView, PredictionView, RivalView, findings};
use crate::evidence::finding_strength::{Strength, Timing};
use crate::governance::gate::Audience;
use crate::study::passage::Reader;

/// The findings that a report prints, with the quotes that bear on each.
pub(super) struct Found {
    views: Vec<FindingView>,
    /// Two slots for each finding: what supports it, and what contradicts it.
    pub(super) quotes: Quotes,
    /// How many passages of each slot may be quoted.
    available: Vec<usize>,
    /// Whether only a part of the study is in the report.
    narrowed: bool,
    /// How many people a number must have that is for anyone to read.
    k: u64,
}

const fn slot(n: usize, bears: Bearing) -> usize {
    match bears {
        Bearing::Supports => 2 * n,
        Bearing::Contradicts => 2 * n + 1,
    }
}

/// Reads the findings that are reported; none where there are none. Where the report is limited, evidence counts as far
/// as the limits leave it, and a finding of which they leave nothing is left out.
pub(super) fn found(source: &Source, options: &ReportOptions) -> Result<Option<Found>> {
    let narrowed = filters(source, options).is_some();
    let mut views = findings(&source.study.store, &source.selection, None, false)?;
    views.retain(|f| f.reported && !(narrowed && f.support.is_nothing() && f.against.is_nothing()));
    if views.is_empty() {
        return Ok(None);
    }
    let mut slots: HashMap<i64, Vec<usize>> = HashMap::new();
    for (n, finding) in views.iter().enumerate() {
        for evidence in &finding.evidence {
            for passage in evidence.passages.iter().filter(|p| p.counts()) {
                let all = slots.entry(passage.coding).or_default();
                let slot = slot(n, evidence.bears);
                if !all.contains(&slot) {
                    all.push(slot);
                }
            }
        }
    }
    let ids: Vec<i64> = slots.keys().copied().collect();
    let mut reader = Reader::new(&source.study.store)?;
    let mut chooser = Chooser::new(source, options.audience, options.quotes, 2 * views.len());
    each_ref_of(
        source.study,
        &source.selection,
        &mut reader,
        &ids,
        |reader, transcript, refs| {
            if source.is_silent(transcript.id) {
                return Ok(());
            }
            let ranges = refs.iter().map(|q| (q.coding.turn, q.coding.last_turn));
            let turns = Turns::read(
                source.study,
                reader,
                transcript,
                &source.selection.sealed,
                ranges,
            )?;
            let mut promises = Promises::new(source, options.audience, transcript);
            let mut passages = Passages::default();
            for q in refs {
                for slot in slots.get(&q.coding.id).into_iter().flatten() {
                    turns.passages(*slot, q, &source.selection, |passage| {
                        if !promises.is_off_record(passage.voice) {
                            passages.add(passage);
                        }
                    });
                }
            }
            chooser.offer(reader, transcript, &mut passages, &mut promises)
        },
    )?;
    // What is held back is told once, with the themes that the same passages are coded with.
    let (quotes, available, _) = chooser.finish(&mut reader)?;
    Ok(Some(Found {
        views,
        quotes,
        available,
        narrowed,
        k: source.study.store.people_at_least()?,
    }))
}

impl Found {
    /// Adds what the findings brought to what a report says of itself.
    pub(super) fn tell(&self, source: &Source, audience: Audience, written: &mut Written) {
        written.codings.extend(self.quotes.quoted());
        written.codings.sort_unstable();
        written.codings.dedup();
        written.findings = self.views.iter().map(|f| f.finding).collect();
        written.findings.sort_unstable();
        for f in self.views.iter().filter(|f| f.support.is_nothing()) {
            written.warnings.push(format!(
                "finding {} is in the report and nothing supports it",
                f.finding
            ));
        }
        if audience == Audience::Team {
            return;
        }
        let people = Names::of_people(source, None);
        for f in &self.views {
            let found = naming(f, &people);
            if !found.is_empty() {
                written.warnings.push(format!(
                    "finding {} names a participant in {}, and is printed as it stands",
                    f.finding,
                    list(&found)
                ));
            }
        }
    }
}

/// The parts of a finding that name one of these people.
fn naming(f: &FindingView, people: &Names) -> Vec<String> {
    let any = |texts: &[Option<&str>]| texts.iter().flatten().any(|text| people.are_in(text));
    let mut rivals = f.rivals.iter();
    let mut predictions = f.replication.iter();
    [
        ("its claim", any(&[Some(&f.claim)])),
        ("its detail", any(&[f.detail.as_deref()])),
        (
            "what was looked for against it",
            any(&[f.looked.as_deref()]),
        ),
        (
            "a rival",
            rivals.any(|r| any(&[Some(&r.text), r.why.as_deref()])),
        ),
        (
            "a prediction",
            predictions.any(|p| any(&[Some(&p.text), p.result_text.as_deref()])),
        ),
    ]
    .into_iter()
    .filter(|(_, named)| *named)
    .map(|(part, _)| part.to_owned())
    .collect()
}

/// The findings, one after the other.
pub(super) fn section(draft: &mut Draft, source: &Source, found: &Found, options: &ReportOptions) {
    draft.heading(2, "What was found");
    let n = count(found.views.len(), "finding", "findings");
    draft.paragraph(format!(
        "The study comes to {n}. Each stands here with what supports it and what speaks against it.{}",
        if found.narrowed {
            " Passages and people are counted as far as this report is limited to them."
        } else {
            ""
        }
    ));
    for (n, finding) in found.views.iter().enumerate() {
        one(draft, source, found, n, finding, options);
    }
}

fn one(
    draft: &mut Draft,
    source: &Source,
    found: &Found,
    n: usize,
    finding: &FindingView,
    options: &ReportOptions,
) {
    draft.heading(3, finding.claim.trim_end_matches('.'));
    if let Some(detail) = &finding.detail {
        for paragraph in detail.split("\n\n") {
            draft.paragraph(paragraph.trim());
        }
    }
    let mut line = Vec::new();
    if finding.support.is_nothing() {
        line.push("Nothing supports it yet.".to_owned());
    } else {
        line.push(format!(
            "Supported by {}.",
            strength(
                source,
                &format!("finding {} for", finding.finding),
                &finding.support
            )
        ));
    }
    if !finding.against.is_nothing() {
        line.push(format!(
            "Against it: {}.",
            strength(
                source,
                &format!("finding {} against", finding.finding),
                &finding.against
            )
        ));
    }
    if options.audience == Audience::Team {
        line.push(format!("Finding {} in the study.", finding.finding));
    }
    draft.note(line.join(" "));
    let behind = finding.support.participants;
    let slot = slot(n, Bearing::Supports);
    quotes(draft, source, found, (slot, behind), options.quotes);
    against(draft, source, (found, n), finding, options.quotes);
    rivals(draft, source, &finding.rivals);
    replication(draft, source, found, &finding.replication);
    answers(draft, found, finding, options.audience);
}

/// What participants said to it, in numbers and never in their words: those were said to the researchers.
fn answers(draft: &mut Draft, found: &Found, finding: &FindingView, audience: Audience) {
    let a = &finding.answers;
    let k = if audience == Audience::Team {
        1
    } else {
        found.k
    };
    // A report on some people or cases would tell of those alone what is counted of all.
    if a.asked == 0 || found.narrowed {
        return;
    }
    let mut said = vec![a.told(k)];
    said.extend(a.decided().into_iter().map(str::to_owned));
    draft.push(Block::Paragraph(vec![
        Inline::strong("What participants said to it."),
        Inline::text(format!(" {}", said.join(" "))),
    ]));
}

/// `7 passages from 5 participants in 3 cases, all from interviews`.
/// `of` names the count in the register.
fn strength(source: &Source, of: &str, s: &Strength) -> String {
    let mut what = Vec::new();
    let people = s.participants;
    let few = source.few.is(people);
    if source.few.bounds(s.passages + s.whole_transcripts, people) {
        what.push("words".to_owned());
    } else if s.passages > 0 {
        what.push(count(s.passages, "passage", "passages"));
    }
    if s.whole_transcripts > 0 && !few {
        what.push(count(
            s.whole_transcripts,
            "transcript as a whole",
            "transcripts as a whole",
        ));
    }
    let mut words = list(&what);
    if s.participants > 0 {
        words.push_str(" from ");
        words.push_str(&source.few.words(of, s.participants));
    }
    // There are no fewer people than cases.
    if s.cases > 0 && source.tops.len() > 1 && !few {
        words.push_str(" in ");
        words.push_str(&count(s.cases, "case", "cases"));
    }
    let kinds: Vec<String> = s.sources.iter().map(|k| kind(*k).to_owned()).collect();
    words.push_str(if kinds.len() == 1 {
        ", all from "
    } else {
        ", from "
    });
    words.push_str(&list(&kinds));
    words
}

const fn kind(source: SourceKind) -> &'static str {
    match source {
        SourceKind::Document => "documents",
        SourceKind::ArchivalRecord => "archival records",
        SourceKind::Interview => "interviews",
        SourceKind::DirectObservation => "direct observation",
        SourceKind::ParticipantObservation => "participant observation",
        SourceKind::PhysicalArtefact => "physical artefacts",
    }
}

/// The quotes of a slot, with a word where they are not all.
/// `people`: how many are behind them.
fn quotes(
    draft: &mut Draft,
    source: &Source,
    found: &Found,
    (slot, people): (usize, usize),
    choice: QuoteChoice,
) {
    let (printed, all) = (found.quotes.count(slot), found.available[slot]);
    if choice == QuoteChoice::None || printed == 0 {
        return;
    }
    draft.evidence(slot);
    if printed < all {
        draft.note(printed_of(source, printed, all, people));
    }
}

fn against(
    draft: &mut Draft,
    source: &Source,
    (found, n): (&Found, usize),
    finding: &FindingView,
    choice: QuoteChoice,
) {
    let lead = |words: &str, rest: String| {
        Block::Paragraph(vec![
            Inline::strong(words),
            Inline::text(if rest.is_empty() {
                rest
            } else {
                format!(" {rest}")
            }),
        ])
    };
    let slot = slot(n, Bearing::Contradicts);
    let looked = finding.looked.as_deref().map_or_else(String::new, sentence);
    if finding.against.is_nothing() {
        match (&*looked, finding.rivals.is_empty()) {
            ("", true) => draft.push(lead("Disconfirming evidence was not looked for.", looked)),
            ("", false) => {}
            _ => draft.push(lead("Nothing was found that speaks against it.", looked)),
        }
        return;
    }
    draft.push(lead("What speaks against it.", looked));
    let behind = finding.against.participants;
    quotes(draft, source, found, (slot, behind), choice);
}

fn rivals(draft: &mut Draft, source: &Source, rivals: &[RivalView]) {
    if rivals.is_empty() {
        draft.push(Block::Paragraph(vec![Inline::strong(
            "Rival explanations were not examined.",
        )]));
        return;
    }
    draft.push(Block::Paragraph(vec![Inline::strong(
        if rivals.len() == 1 {
            "A rival explanation."
        } else {
            "Rival explanations."
        },
    )]));
    let items = rivals
        .iter()
        .map(|r| {
            let verdict = match r.verdict {
                Verdict::Open => "Not decided yet.",
                Verdict::Rejected => "Rejected:",
                Verdict::Holds => "It holds:",
                Verdict::HoldsPartly => "It holds in part:",
            };
            let mut item = vec![
                Inline::text(format!("{} ", sentence(&r.text))),
                Inline::strong(verdict),
            ];
            if let Some(why) = &r.why {
                item.push(Inline::text(format!(" {}", sentence(why))));
            }
            let mut rests = Vec::new();
            for (strength, way) in [(&r.support, "for"), (&r.against, "against")] {
                if source.few.bounds(strength.passages, strength.participants) {
                    rests.push(format!("words {way} it"));
                } else if strength.passages > 0 {
                    rests.push(format!(
                        "{} {way} it",
                        count(strength.passages, "passage", "passages")
                    ));
                }
            }
            if !rests.is_empty() {
                item.push(Inline::text(format!(" ({})", list(&rests))));
            }
            item
        })
        .collect();
    draft.bullets(items);
}

fn replication(draft: &mut Draft, source: &Source, found: &Found, all: &[PredictionView]) {
    let within = |p: &&PredictionView| {
        // A report on some cases names no other.
        !found.narrowed
            || source.tops.contains(&p.case_id)
            || !source.tops_of(Some(p.case_id)).is_empty()
    };
    let rows: Vec<Vec<String>> = all
        .iter()
        .filter(within)
        .map(|p| {
            let expected = match p.kind {
                Replication::Literal => "The same: ",
                Replication::Theoretical => "Another result: ",
            };
            let mut when = day(&p.made);
            when.push_str(match p.timing {
                Timing::BeforeData => ", before the data",
                Timing::AfterData => ", after the data",
                Timing::NotKnown => "; whether before the data is not known",
            });
            let result = match p.result {
                Some(Outcome::AsPredicted) => "as predicted",
                Some(Outcome::Partly) => "partly",
                Some(Outcome::Contrary) => "contrary",
                Some(Outcome::NotKnown) => "not known",
                None => "not examined yet",
            };
            let mut was = capital(result);
            if let Some(text) = &p.result_text {
                was.push_str(&format!(": {text}"));
            }
            vec![
                source.case_name(p.case_id).to_owned(),
                format!("{expected}{}", p.text),
                when,
                was,
            ]
        })
        .collect();
    draft.table(
        Some("Where it was expected to hold, and whether it did".to_owned()),
        &["Case", "What was expected", "Written", "What was found"],
        rows,
        &[false; 4],
    );
}
