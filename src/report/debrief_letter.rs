//! What every debrief says, whoever reads it: what the study asked and did, what it heard and found, what can still be
//! done about it, and whom to write to. Made of what is cleared for that reader; nothing is taken from another report.

use super::document::{Block, Inline};
use super::draft::Draft;
use super::gather::Gathered;
use super::names::Names;
use super::phrase::{capital, day, number, plural, sentence};
use super::source::Source;
use crate::error::Result;
use crate::store::{Finding, StudyRow};

/// What may be told to a reader of what researchers wrote, and how small a number of people may be.
pub(super) struct Guard {
    /// Whom and what none of it may name.
    others: Names,
    /// Fewer people than this are `a few`.
    pub(super) k: u64,
    /// Parts that were left out, as they are told to whoever asked for the debrief.
    pub(super) kept: Vec<String>,
}

impl Guard {
    /// For one participant, who may read of themselves and of their own cases; or for the people of some cases, who may
    /// read of nobody.
    pub(super) fn new(
        source: &Source,
        own_cases: &[i64],
        own_code: Option<&str>,
        own_role: Option<&str>,
    ) -> Result<Self> {
        let k = source.study.store.people_at_least()?.max(3);
        let others = Names::of_people(source, own_code)
            .and_cases(source, own_cases)
            .and_rare_roles(source, k, own_role);
        Ok(Self {
            others,
            k,
            kept: Vec::new(),
        })
    }

    /// Whether a text may be told. `what` is what it is, in case it may not.
    pub(super) fn may(&mut self, text: &str, what: impl FnOnce() -> String) -> bool {
        let may = !self.others.are_in(text);
        if !may {
            let kept = format!(
                "{} names another case or participant, or a role that only a few hold, so it is left out",
                what()
            );
            if !self.kept.contains(&kept) {
                self.kept.push(kept);
            }
        }
        may
    }

    /// A number of people that points at nobody, and does not move when one of them withdraws, or says that one has: a
    /// debrief is written once for each reader, on different days.
    pub(super) fn people(&self, n: u64) -> String {
        if n < self.k {
            "a few people".to_owned()
        } else {
            format!("at least {} people", number(n / self.k * self.k))
        }
    }
}

/// The head of a debrief, with the day and the state that it is of.
pub(super) fn title(
    draft: &mut Draft,
    source: &Source,
    subtitle: String,
    reader: String,
) -> Result<()> {
    let mut facts = vec![("For".to_owned(), reader)];
    if let Some(date) = &source.date {
        facts.push(("As of".to_owned(), day(date)));
    }
    facts.push((
        "Version".to_owned(),
        source.study.store.state()?.to_string(),
    ));
    if let Some(by) = &source.row.withdraw_by {
        facts.push(("Please answer by".to_owned(), day(by)));
    }
    draft.push(Block::Title {
        title: source.row.title.clone(),
        subtitle: Some(subtitle),
        facts,
    });
    Ok(())
}

pub(super) fn questions(draft: &mut Draft, source: &Source, guard: &mut Guard) {
    let items: Vec<Vec<Inline>> = (1..)
        .zip(&source.row.questions)
        .filter(|(n, q)| guard.may(q, || format!("question {n}")))
        .map(|(_, q)| vec![Inline::text(q)])
        .collect();
    if items.is_empty() {
        return;
    }
    draft.heading(2, "What the study asked");
    draft.push(if items.len() == 1 {
        Block::Bullets(items)
    } else {
        Block::Numbered(items)
    });
}

/// What the study calls its cases, where all are of one kind: `systems`.
pub(super) fn cases_word(source: &Source) -> String {
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

/// What was done, and the root themes, each with how many people spoke of it, and in how many cases.
pub(super) fn heard_overall(
    draft: &mut Draft,
    source: &Source,
    heard: &Gathered,
    guard: &mut Guard,
) {
    let all = u64::try_from(source.participants(&source.transcripts).len()).unwrap_or(u64::MAX);
    if all == 0 {
        return;
    }
    draft.heading(2, "What the study heard");
    let cases = source.tops.len() as u64;
    let word = cases_word(source);
    let mut said = format!("We spoke with {}", guard.people(all));
    if cases > 1 && all >= guard.k {
        said.push_str(&format!(" in {} {word}", number(cases)));
    }
    said.push('.');
    let items: Vec<Vec<Inline>> = source
        .roots()
        .filter_map(|theme| {
            let tally = &heard.whole[theme];
            let n = tally.participants.len();
            let title = source.full_title(theme);
            if n == 0 || !guard.may(&title, || format!("the theme {}", source.path(theme))) {
                return None;
            }
            let mut item = vec![Inline::strong(format!("{title}."))];
            if let Some(definition) = &source.themes[theme].definition
                && guard.may(definition, || {
                    format!("the definition of {}", source.path(theme))
                })
            {
                item.push(Inline::text(format!(" {}", sentence(definition))));
            }
            // Where all but a few spoke of it, the number would tell how few did not.
            let who = match n {
                n if n < guard.k => "Few people".to_owned(),
                n if n == all => "Everyone".to_owned(),
                n if all - n < guard.k => "Nearly everyone".to_owned(),
                n => capital(&guard.people(n)),
            };
            let within = tally.cases.len();
            let place = match (n >= guard.k && cases > 1, within) {
                (false, _) | (true, 0) => String::new(),
                (true, w) if w == cases && w == 2 => format!(", in both {word}"),
                (true, w) if w == cases => format!(", in all {} {word}", number(w)),
                (true, 1) => format!(", in one of the {} {word}", number(cases)),
                (true, w) => format!(", in {} of the {} {word}", number(w), number(cases)),
            };
            item.push(Inline::text(format!(" {who} spoke of it{place}.")));
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

/// The findings that a reader may be told, in the order of the report: those that are reported, and name nobody else.
pub(super) fn told(source: &Source, guard: &mut Guard) -> Result<Vec<Finding>> {
    let mut all = source.study.store.findings()?;
    all.retain(|f| f.reported && guard.may(&f.claim, || format!("finding {}", f.id)));
    Ok(all)
}

/// The claims alone, in plain words, each with its number.
pub(super) fn claims(draft: &mut Draft, findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    draft.heading(2, "What the study found");
    draft.paragraph("This is what we conclude so far from all that we heard and read. The numbers are those of the reply form at the end.");
    draft.bullets(findings.iter().map(claim).collect());
}

fn claim(finding: &Finding) -> Vec<Inline> {
    vec![
        Inline::strong(format!("Finding {}.", finding.id)),
        Inline::text(format!(" {}", sentence(&finding.claim))),
    ]
}

/// Whom to write to.
pub(super) fn contact<'s>(source: &'s Source<'_>) -> Option<&'s str> {
    let to = source.row.contact.as_deref().map(str::trim);
    to.filter(|c| !c.is_empty())
}

/// How to correct, add, object and withdraw, until when, and how to be left in peace. `case`: for the people of this case,
/// of whom it is not said who took part.
pub(super) fn rights(draft: &mut Draft, source: &Source, case: Option<&str>) {
    draft.heading(2, "What you can still do");
    let by = source.row.withdraw_by.as_deref().map(day);
    let to = contact(source);
    let mut ask = vec![Inline::text(match to {
        Some(_) => "Please write to ",
        None => "Please write to the research team",
    })];
    ask.extend(to.map(Inline::strong));
    ask.push(Inline::text(match &by {
        Some(by) => format!(" by {by}, or send the reply form back."),
        None => ", or send the reply form back. The sooner we hear from you, the more can still be changed.".to_owned(),
    }));
    ask.push(Inline::text(
        " You need not give a reason, and nothing that you decide will be held against you.",
    ));
    draft.push(Block::Paragraph(ask));
    let way = |what: &str, how: &str| vec![Inline::strong(what), Inline::text(format!(" {how}"))];
    let add = way(
        "Add to it.",
        "If something is missing, or has changed since we spoke, tell us.",
    );
    draft.bullets(match case {
        None => vec![
            way("Correct it.", "If something is wrong, or is not what you meant, tell us what it should say."),
            add,
            way("Object to it.", "If you do not want a passage to be quoted, or want it cited in another way, tell us which one."),
            way("Withdraw it.", match by {
                Some(_) => "You can take back a passage or all that you said. If you tell us by then, it is removed from the study.",
                None => "You can take back a passage or all that you said. It will be removed from the study as far as that is still possible.",
            }),
        ],
        Some(name) => vec![
            way("Correct it.", "If something is wrong, tell us what it should say."),
            add,
            way("Object to it.", &format!("If something that is said here of {name} should not be said, tell us what and why.")),
            way("Withdraw.", "Whoever took part can take back what they said, a passage or all of it, by writing to us themselves. We tell nobody who did."),
        ],
    });
    draft.paragraph(match case {
        None => "If you do not want to hear from us again about this study, tell us so in a word, and we will not write again. That changes nothing about what you contributed.",
        Some(_) => "If you do not want to hear from us again about this study, tell us so in a word, and we will not write again.",
    });
}

pub(super) fn thanks(draft: &mut Draft) {
    draft.heading(2, "Thank you");
    draft.paragraph("Thank you for your time and your openness. The study could not have been done without the people who took part in it.");
}

/// What a study lacks that its debriefs should say.
pub fn debrief_gaps(study: &StudyRow) -> Vec<String> {
    let mut warnings = Vec::new();
    if study.contact.is_none() {
        warnings.push("the study names nobody whom a participant can write to".to_owned());
    }
    if study.withdraw_by.is_none() {
        warnings.push("the study has no day until when a contribution can be withdrawn".to_owned());
    }
    warnings
}
