//! How a finding is shown: as text for people, and as a table of its evidence.

use super::output::{Table, count};
use super::transcripts::clock;
use crate::domain::words::{Bearing, SourceKind};
use crate::evidence::finding::{CellView, EvidenceView, FindingView, PredictionView};
use crate::evidence::finding_passage::{Passage, SaidBy};
use crate::evidence::finding_strength::{Strength, Timing};
use crate::evidence::response::ResponseView;

/// A finding whole, of so many.
pub(super) fn text(f: &FindingView, of: usize) -> String {
    let mut out = format!("finding {}  {}\n", f.finding, f.claim);
    out.push_str(&format!(
        "place {} of {of} · {} · {} {}\n",
        f.place,
        if f.reported {
            "reported"
        } else {
            "not reported"
        },
        f.coder,
        f.at.get(..10).unwrap_or_default()
    ));
    if let Some(detail) = &f.detail {
        out.push_str(&format!("\n{detail}\n"));
    }
    out.push_str(&format!(
        "\nfor      {}\nagainst  {}\n",
        strength(&f.support),
        strength(&f.against)
    ));
    for flag in &f.flags {
        out.push_str(&format!("  ! {}\n", flag.said()));
    }
    for (bears, head) in [
        (Bearing::Supports, "For"),
        (Bearing::Contradicts, "Against"),
    ] {
        section(
            &mut out,
            head,
            f.evidence.iter().filter(|e| e.bears == bears),
        );
    }
    if let Some(looked) = &f.looked {
        out.push_str(&format!(
            "\nWhere disconfirming evidence was looked for\n  {looked}\n"
        ));
    }
    if !f.rivals.is_empty() {
        out.push_str("\nRivals\n");
    }
    for r in &f.rivals {
        out.push_str(&format!(
            "  rival {}  {}\n    {}",
            r.rival, r.text, r.verdict
        ));
        if let Some(why) = &r.why {
            out.push_str(&format!(": {why}"));
        }
        out.push('\n');
        for e in &r.evidence {
            out.push_str(&indent(&evidence(e), "  "));
        }
    }
    if !f.replication.is_empty() {
        out.push_str("\nReplication\n");
    }
    for p in &f.replication {
        out.push_str(&prediction(p));
    }
    if f.answers.asked > 0 {
        out.push_str(&format!(
            "\nAnswers of participants\n  {}\n",
            f.answers.said()
        ));
    }
    for r in &f.responses {
        out.push_str(&response(r));
    }
    out
}

/// An answer in the debrief: who, when and what, and what was decided.
fn response(r: &ResponseView) -> String {
    let mut out = format!(
        "  response {}  {}  {}  {}\n",
        r.response, r.participant, r.answer, r.received
    );
    if let Some(text) = &r.text {
        out.push_str(&indent(&crate::domain::span::printable(text), "    "));
    }
    if let Some(why) = r.held_back {
        out.push_str(&format!("    ({why})\n"));
    }
    if let Some(d) = &r.decision {
        match (d.outcome, &d.why) {
            (Some(outcome), why) => out.push_str(&format!(
                "    decision {}  {outcome}: {}\n",
                d.decision,
                why.as_deref().unwrap_or_default()
            )),
            (None, _) => out.push_str(&format!("    ! decision {} is open\n", d.decision)),
        }
    }
    out
}

fn section<'e>(out: &mut String, head: &str, of: impl Iterator<Item = &'e EvidenceView>) {
    let mut of = of.peekable();
    if of.peek().is_some() {
        out.push_str(&format!("\n{head}\n"));
    }
    for e in of {
        out.push_str(&evidence(e));
    }
}

fn evidence(e: &EvidenceView) -> String {
    let mut out = format!("  evidence {}  ", e.evidence);
    match (&e.cell, &e.transcript) {
        (Some(cell), _) => {
            out.push_str(&format!("cell {}  {}\n", cell.name(), e.coder));
            out.push_str(&format!("    {}\n", cell.said().replace('\n', "\n    ")));
            for p in &e.passages {
                out.push_str(&format!("    {}", indent(&passage(p), "    ").trim_start()));
            }
            if cell.is_withheld() {
                out.push_str("    (its codings are neither quoted nor counted)\n");
            } else if e.passages.is_empty() {
                out.push_str("    (it names no coding)\n");
            }
        }
        (_, Some(t)) => {
            out.push_str(&format!("{} as a whole  {}", t.transcript, t.source));
            for part in [t.case.as_deref(), t.date.as_deref()].into_iter().flatten() {
                out.push_str(&format!("  {part}"));
            }
            out.push_str(&format!("  {}\n", e.coder));
            if let Some(why) = t.held_back {
                out.push_str(&format!("    ({why}; it counts nowhere)\n"));
            }
        }
        _ => match e.passages.first() {
            Some(p) => out.push_str(&passage(p)),
            None => out.push('\n'),
        },
    }
    if let Some(event) = e.reworded {
        out.push_str(&format!("    ! {}\n", words_changed(event)));
    }
    if let Some(note) = &e.note {
        out.push_str(&format!(
            "    note: {}\n",
            note.replace('\n', "\n          ")
        ));
    }
    out
}

/// That the words of evidence are no longer those that were named or confirmed.
pub(super) fn words_changed(event: i64) -> String {
    format!("its words were changed since, event {event}")
}

/// A passage on two lines: where and by whom, and its words.
fn passage(p: &Passage) -> String {
    let mut line = head(p);
    line.push_str(&format!(
        "  {}  {}  coding {}\n",
        p.theme, p.coder, p.coding
    ));
    line.push_str(&words(p, "    "));
    line
}

/// `T01:12  P01  alder  0:12:40`.
pub(super) fn head(p: &Passage) -> String {
    let mut line = p.place.clone();
    let who = said_by(&p.said_by, |s| s.participant.clone());
    if !who.is_empty() {
        line.push_str(&format!("  {who}"));
    }
    if let Some(case) = &p.case {
        line.push_str(&format!("  {case}"));
    }
    if let Some(ms) = p.time_ms {
        line.push_str(&format!("  {}", clock(ms)));
    }
    line
}

/// Its words, or why they are not shown, each line behind `before`.
pub(super) fn words(p: &Passage, before: &str) -> String {
    let mut out = String::new();
    if let Some(text) = &p.text {
        for line in text.lines() {
            out.push_str(&format!("{before}{line}\n"));
        }
    }
    if let Some(why) = p.held_back {
        out.push_str(&format!("{before}({why}; it counts nowhere)\n"));
    }
    out
}

/// Voices, those that say something of themselves.
pub(super) fn said_by(all: &[SaidBy], of: impl Fn(&SaidBy) -> Option<String>) -> String {
    let all: Vec<String> = all.iter().filter_map(of).collect();
    all.join(", ")
}

/// `5 passages from 4 participants in 2 cases, 4 transcripts; interview`.
pub(super) fn strength(s: &Strength) -> String {
    if s.is_nothing() {
        return "nothing".to_owned();
    }
    let mut what = Vec::new();
    if s.passages > 0 {
        what.push(count(s.passages as u64, "passage"));
    }
    if s.whole_transcripts > 0 {
        what.push(format!(
            "{} as a whole",
            count(s.whole_transcripts as u64, "transcript")
        ));
    }
    let mut out = what.join(" and ");
    if s.participants > 0 {
        out.push_str(&format!(
            " from {}",
            count(s.participants as u64, "participant")
        ));
    }
    if s.cases > 0 {
        out.push_str(&format!(" in {}", count(s.cases as u64, "case")));
    }
    out.push_str(&format!(
        ", {}; {}",
        count(s.transcripts as u64, "transcript"),
        sources(&s.sources)
    ));
    if s.speaker_unknown > 0 {
        out.push_str(&format!(
            "; who speaks is not said in {}",
            count(s.speaker_unknown as u64, "passage")
        ));
    }
    out
}

fn sources(all: &[SourceKind]) -> String {
    let all: Vec<&str> = all.iter().map(|s| s.word()).collect();
    all.join(", ")
}

fn prediction(p: &PredictionView) -> String {
    let mut out = format!("  {}  {}: {}\n", p.case, p.kind, p.text);
    out.push_str(&format!("    predicted {}", p.made));
    if p.entered != p.made {
        out.push_str(&format!(" (entered {})", p.entered));
    }
    out.push_str(&match (p.timing, &p.first_data) {
        (Timing::BeforeData, Some(day)) => format!(", before the first data of {day}\n"),
        (Timing::BeforeData, None) => ", before there is any data\n".to_owned(),
        (Timing::AfterData, day) => format!(
            "  ! written after the data: the first is of {}\n",
            day.as_deref().unwrap_or("?")
        ),
        (Timing::NotKnown, _) => {
            "; whether before the data: n/a, as none of its transcripts has a date\n".to_owned()
        }
    });
    match (p.result, &p.result_text) {
        (Some(result), Some(text)) => out.push_str(&format!("    {result}: {text}\n")),
        (Some(result), None) => out.push_str(&format!("    {result}\n")),
        (None, _) => out.push_str("    no result yet\n"),
    }
    out
}

fn indent(text: &str, by: &str) -> String {
    text.lines().fold(String::new(), |mut out, line| {
        out.push_str(by);
        out.push_str(line);
        out.push('\n');
        out
    })
}

/// A finding's evidence, row by row.
pub(super) fn table(f: &FindingView) -> Table {
    let mut table = Table::new(HEADS);
    rows(&mut table, f);
    table
}

const HEADS: &[&str] = &[
    ">finding",
    ">evidence",
    ">rival",
    "bears",
    "on",
    "cell",
    ">coding",
    "place",
    ">time_ms",
    "participant",
    "attribution",
    "quotable",
    "case",
    "source",
    "theme",
    "coder",
    "held_back",
    "text",
    "note",
    ">reworded",
];

fn rows(table: &mut Table, f: &FindingView) {
    let own = f.evidence.iter().map(|e| (None, e));
    let rivals = f
        .rivals
        .iter()
        .flat_map(|r| r.evidence.iter().map(move |e| (Some(r.rival), e)));
    for (rival, e) in own.chain(rivals) {
        let before = [
            f.finding.to_string(),
            e.evidence.to_string(),
            rival.map_or_else(String::new, |r| r.to_string()),
            e.bears.to_string(),
            e.on.to_owned(),
            e.cell.as_ref().map_or_else(String::new, CellView::name),
        ];
        let note = e.note.clone().unwrap_or_default();
        let reworded = e.reworded.map_or_else(String::new, |n| n.to_string());
        for p in &e.passages {
            let quotable = |s: &SaidBy| s.quotable.map(|q| if q { "yes" } else { "no" }.to_owned());
            table.row(before.clone().into_iter().chain([
                p.coding.to_string(),
                p.place.clone(),
                p.time_ms.map_or_else(String::new, |ms| ms.to_string()),
                said_by(&p.said_by, |s| s.participant.clone()),
                said_by(&p.said_by, |s| s.attribution.clone()),
                said_by(&p.said_by, quotable),
                p.case.clone().unwrap_or_default(),
                p.source.to_string(),
                p.theme.clone(),
                p.coder.clone(),
                p.held_back.unwrap_or_default().to_owned(),
                p.text.clone().unwrap_or_default(),
                note.clone(),
                reworded.clone(),
            ]));
        }
        if e.passages.is_empty() {
            let t = e.transcript.as_ref();
            let withheld = e
                .cell
                .as_ref()
                .filter(|c| c.is_withheld())
                .map(|_| "withheld");
            table.row(
                before.clone().into_iter().chain([
                    String::new(),
                    t.map_or_else(String::new, |t| t.transcript.clone()),
                    String::new(),
                    t.map_or_else(String::new, |t| t.participants.join(", ")),
                    String::new(),
                    String::new(),
                    t.and_then(|t| t.case.clone()).unwrap_or_default(),
                    t.map_or_else(String::new, |t| t.source.to_string()),
                    String::new(),
                    e.coder.clone(),
                    t.and_then(|t| t.held_back)
                        .or(withheld)
                        .unwrap_or_default()
                        .to_owned(),
                    e.cell
                        .as_ref()
                        .and_then(|c| c.text.clone())
                        .unwrap_or_default(),
                    note,
                    reworded,
                ]),
            );
        }
    }
}
