//! COREQ, 32 items after Tong, Sainsbury & Craig 2007, in our own words.

use super::say::{
    and, approach, authors, coders, count, debriefed, derived, described, duration, evidence,
    field_notes, findings, missing, not_taking_part, quotes, recorded, sample, software, told,
    tree,
};
use super::{By, Facts, Filled, Item, Status};
use crate::domain::words::Method;

const TEAM: &str = "Who did it";
const DESIGN: &str = "How it was done";
const FOUND: &str = "What was made of it";

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
    item(TEAM, "who held the interviews", "Which of the authors talked with people", By::Study, |f| told(f, "interviewer", "held by")),
    item(TEAM, "their degrees", "What titles and degrees the researchers hold", By::Authors, authors),
    item(TEAM, "their work", "What they were working as at the time", By::Authors, authors),
    item(TEAM, "their gender", "Whether they are women, men or otherwise", By::Authors, authors),
    item(TEAM, "what prepared them", "Their practice and training in such research", By::Authors, authors),
    item(TEAM, "acquaintance beforehand", "Whether they and the participants knew each other before", By::Authors, authors),
    item(TEAM, "what participants knew of them", "What participants had been told of them, their aims and reasons", By::Authors, authors),
    item(TEAM, "their own stake", "What about the interviewer bears on the talk: leanings, assumptions, interests", By::Authors, authors),
    item(DESIGN, "approach and theory", "Which methodology carries the study", By::Confirm, approach),
    item(DESIGN, "how people were chosen", "By what kind of sampling participants were selected", By::Authors, authors),
    item(DESIGN, "how people were approached", "In person, by letter, telephone, e-mail …", By::Study, |f| told(f, "approach", "approached by")),
    item(DESIGN, "how many took part", "The number of participants", By::Study, sample),
    item(DESIGN, "who did not take part", "How many declined or left, and why", By::Study, lost),
    item(DESIGN, "where it took place", "The place of the talks", By::Study, |f| and(told(f, "setting", "where"), mode(f))),
    item(DESIGN, "who else was there", "Anyone present besides participant and researcher", By::Study, |f| told(f, "others-present", "others present")),
    item(DESIGN, "who the participants are", "What marks the sample: roles, dates, other traits", By::Study, |f| and(described(f), dated(f))),
    item(DESIGN, "the interview guide", "Whether questions and prompts are given, and were tried out", By::Confirm, |f| and(told(f, "guide", "guide"), told(f, "guide-piloted", "tried out before"))),
    item(DESIGN, "talking again", "Whether anyone was interviewed more than once, and how many", By::Study, again),
    item(DESIGN, "recording", "Whether sound or picture was recorded", By::Study, recorded),
    item(DESIGN, "notes in the field", "Whether notes were made during or after the talks", By::Study, field_notes),
    item(DESIGN, "how long it took", "The length of the talks", By::Study, duration),
    item(DESIGN, "saturation", "Whether it was considered that nothing new came", By::Confirm, saturation),
    item(DESIGN, "transcripts given back", "Whether participants could comment on or correct their transcript", By::Study, |f| told(f, "returned", "given back")),
    item(FOUND, "how many coded", "The number of people who coded the material", By::Study, coded),
    item(FOUND, "the coding tree", "Whether the themes and their order are laid out", By::Study, tree),
    item(FOUND, "where themes came from", "Set beforehand or found in the material", By::Study, derived),
    item(FOUND, "the software", "Which program kept the material, if any", By::Study, software),
    item(FOUND, "findings given back", "Whether participants answered to what was found", By::Study, debriefed),
    item(FOUND, "quotes and whose they are", "Whether quotes stand for the findings, each with its source", By::Study, quotes),
    item(FOUND, "fit of material and findings", "Whether what is claimed follows from what is shown", By::Confirm, findings),
    item(FOUND, "the main themes are plain", "Whether the major themes come out clearly", By::Confirm, major),
    item(FOUND, "the minor themes are told", "Whether lesser themes and cases that differ are told", By::Confirm, minor),
];

fn lost(f: &Facts) -> Filled {
    let mut filled = not_taking_part(f);
    if f.at_stage("declined") + f.at_stage("dropped-out") > 0 {
        filled.partly = true;
        filled.missing.push(missing(
            "the reasons, in the authors' words",
            "casebook checklist set coreq 13 TEXT",
        ));
    }
    filled
}

fn mode(f: &Facts) -> Filled {
    let mut filled = told(f, "mode", "how");
    // The place is what the item asks; how it was held is told where it is known.
    filled.missing.clear();
    filled.partly = false;
    filled
}

fn dated(f: &Facts) -> Filled {
    match &f.days {
        Some((first, last)) => evidence([format!("heard from {first} to {last}")]),
        None => Filled::default(),
    }
}

fn again(f: &Facts) -> Filled {
    if f.talks == 0 || f.heard == 0 {
        return sample(f);
    }
    evidence([format!(
        "talked with more than once: {} of {} who are in a transcript",
        f.talked_again,
        count(f.heard, "participant")
    )])
}

fn saturation(f: &Facts) -> Filled {
    if f.method == Method::Reflexive {
        return Filled {
            status: Some((
                Status::NotApplicable,
                "not used: in reflexive thematic analysis meaning is made by the researchers, and nothing is held to run out",
            )),
            ..Filled::default()
        };
    }
    Filled {
        missing: vec![missing(
            "how few new themes the last interviews brought",
            "casebook saturation",
        )],
        ..Filled::default()
    }
}

fn coded(f: &Facts) -> Filled {
    let mut filled = coders(f);
    if f.method == Method::Reflexive {
        filled.missing.clear();
        filled.status = Some((
            Status::NotApplicable,
            "not used: in reflexive thematic analysis a second coder is no measure of quality",
        ));
    }
    filled
}

fn major(f: &Facts) -> Filled {
    if f.themes == 0 {
        return tree(f);
    }
    evidence([format!(
        "{} at the top, {} of them coded, with what stands below them",
        count(f.major.0, "theme"),
        f.major.1
    )])
}

fn minor(f: &Facts) -> Filled {
    if f.themes == 0 {
        return tree(f);
    }
    evidence([format!(
        "{} below the top, {} of them coded, {} in one case only",
        count(f.minor.0, "theme"),
        f.minor.1,
        f.in_one_case
    )])
}
