//! SRQR, 21 items after O'Brien et al. 2014, in our own words. What items 10 to 21 ask is to be checked against the
//! source; docs/checklists.md says so.

use super::say::{
    and, approach, authors, coders, count, debriefed, derived, described, evidence, findings,
    missing, not_taking_part, quotes, recorded, sample, software, told, transcripts, tree,
};
use super::{By, Facts, Filled, Item};

const HEAD: &str = "At the head";
const WHY: &str = "Why";
const HOW: &str = "How";
const FOUND: &str = "What was found";
const MEANS: &str = "What it means";
const ELSE: &str = "Besides";

const fn item(
    part: &'static str,
    topic: &'static str,
    asks: &'static str,
    by: By,
    fill: fn(&Facts) -> Filled,
) -> Item {
    Item {
        part,
        topic,
        asks,
        by,
        fill,
    }
}

#[rustfmt::skip] // A table: one item, one line.
pub(super) static ITEMS: &[Item] = &[
    item(HEAD, "title", "A title that tells the subject and that the study is qualitative", By::Authors, authors),
    item(HEAD, "abstract", "The main points in brief", By::Authors, authors),
    item(WHY, "the problem", "What is known of the matter, and what is not", By::Authors, authors),
    item(WHY, "the question", "What the study wants to know", By::Study, questions),
    item(HOW, "approach and paradigm", "The qualitative approach, its guiding theory, and why it was chosen", By::Confirm, approach),
    item(HOW, "the researchers", "What about them may have shaped the study, and how they dealt with it", By::Authors, authors),
    item(HOW, "context", "Where it took place, and what of that matters", By::Confirm, context),
    item(HOW, "how the sample came about", "How cases, people and documents were chosen, and when enough was enough", By::Confirm, |f| and(sample(f), not_taking_part(f))),
    item(HOW, "ethics", "Approval, consent, and how material is kept safe", By::Confirm, ethics),
    item(HOW, "how material was collected", "Which kinds, when, and how that changed on the way", By::Study, |f| and(transcripts(f), mode(f))),
    item(HOW, "what it was collected with", "Guides and devices, and how they changed on the way", By::Study, |f| and(told(f, "guide", "guide"), recorded(f))),
    item(HOW, "what was studied", "How many participants, documents and events, and what marks them", By::Study, |f| and(sample(f), described(f))),
    item(HOW, "how material was prepared", "Transcribing, checking, coding, making people unrecognisable", By::Confirm, prepared),
    item(HOW, "how it was analysed", "How themes came about, and by whom", By::Study, |f| and(and(tree(f), derived(f)), coders(f))),
    item(HOW, "what makes it trustworthy", "What was done so that it may be believed: giving back, an open record, several eyes", By::Confirm, trust),
    item(FOUND, "what it comes to", "The main findings, and what was made of them", By::Confirm, findings),
    item(FOUND, "what it rests on", "Quotes, notes or pictures that bear the findings out", By::Study, quotes),
    item(MEANS, "what it adds", "How it stands to earlier work, where it holds, and what follows", By::Authors, authors),
    item(MEANS, "its limits", "What limits how far it may be trusted", By::Authors, authors),
    item(ELSE, "interests in conflict", "What might have swayed the study, and how that was handled", By::Authors, authors),
    item(ELSE, "money", "Who paid for it, and what part they had in it", By::Authors, authors),
];

fn questions(f: &Facts) -> Filled {
    if f.questions == 0 {
        return Filled {
            missing: vec![missing(
                "what the study asks",
                "casebook study edit --question TEXT",
            )],
            ..Filled::default()
        };
    }
    evidence([format!(
        "{} in the study; casebook study show prints {}",
        count(f.questions, "question"),
        if f.questions == 1 { "it" } else { "them" }
    )])
}

fn context(f: &Facts) -> Filled {
    if f.cases.is_empty() {
        return Filled {
            missing: vec![missing("cases", "casebook case add SLUG --name NAME")],
            ..Filled::default()
        };
    }
    evidence([format!(
        "{} in {}",
        count(f.cases.values().sum::<usize>(), "case"),
        count(f.phases, "phase")
    )])
}

fn ethics(f: &Facts) -> Filled {
    if f.participants == 0 {
        return sample(f);
    }
    evidence([format!(
        "each of {} stands under a pseudonym and an attribution level; {} may not be quoted",
        count(f.participants, "participant"),
        f.not_quotable
    )])
}

fn mode(f: &Facts) -> Filled {
    let mut filled = told(f, "mode", "how");
    filled.missing.clear();
    filled.partly = false;
    filled
}

fn prepared(f: &Facts) -> Filled {
    and(
        evidence([format!(
            "{} of {} corrected after they came in, with every coding placed anew or looked at",
            f.corrected,
            count(f.transcripts_in_all(), "transcript")
        )]),
        software(f),
    )
}

fn trust(f: &Facts) -> Filled {
    let mut told_back = debriefed(f);
    told_back.missing.clear();
    and(
        and(coders(f), told_back),
        evidence([
            format!(
                "{} written",
                count(u64::try_from(f.memos).unwrap_or_default(), "memo")
            ),
            "every change is on a record that can be verified".to_owned(),
        ]),
    )
}
