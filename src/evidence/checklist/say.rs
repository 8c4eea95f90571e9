//! How a study says what it knows: small sentences with their units, made once for both checklists.

use super::{Facts, Filled, Missing};
use crate::domain::words::{Method, TranscriptKind};
use crate::evidence::study_facts::Told;

/// "1 case", "2 cases".
pub(super) fn count(n: impl TryInto<u64>, one: &str) -> String {
    let n = n.try_into().unwrap_or(0);
    match (n, one.strip_suffix('y')) {
        (1, _) => format!("1 {one}"),
        (_, Some(stem)) if !one.ends_with("ay") => format!("{n} {stem}ies"),
        _ => format!("{n} {one}s"),
    }
}

pub(super) fn missing(what: impl Into<String>, command: impl Into<String>) -> Missing {
    Missing {
        what: what.into(),
        command: command.into(),
    }
}

/// What the authors alone can write.
pub(super) fn authors(_: &Facts) -> Filled {
    Filled::default()
}

/// Evidence that is there, and nothing that is missing.
pub(super) fn evidence(lines: impl IntoIterator<Item = String>) -> Filled {
    Filled {
        evidence: lines.into_iter().filter(|l| !l.is_empty()).collect(),
        ..Filled::default()
    }
}

/// `chair 2, nurse 1`: the most first.
pub(super) fn spread<'a>(values: impl Iterator<Item = (&'a str, usize)>) -> String {
    let mut all: Vec<(&str, usize)> = values.collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    all.iter()
        .map(|(name, n)| format!("{name} {n}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// What an attribute of the interviews says, with its base; what is missing where it is not said of all.
pub(super) fn told(facts: &Facts, name: &str, what: &str) -> Filled {
    let told = facts.told(name);
    let command = format!(
        "casebook transcript edit {} --attr {name}=…",
        facts.a_transcript()
    );
    if facts.talks == 0 {
        return Filled {
            missing: vec![missing("interviews", "casebook import FILE…")],
            ..Filled::default()
        };
    }
    let mut filled = Filled::default();
    if told.told() > 0 {
        filled.evidence.push(format!(
            "{what}: {} (of {})",
            values(&told),
            count(facts.talks, "interview")
        ));
    }
    if told.missing > 0 {
        filled.partly = true;
        filled.missing.push(missing(
            format!(
                "the attribute `{name}` of {} of {}",
                told.missing,
                count(facts.talks, "interview")
            ),
            command,
        ));
    }
    filled
}

fn values(told: &Told) -> String {
    spread(told.values.iter().map(|(value, n)| (value.as_str(), *n)))
}

/// Both together: what either says, and what either lacks.
pub(super) fn and(mut a: Filled, b: Filled) -> Filled {
    a.evidence.extend(b.evidence);
    a.missing.extend(b.missing);
    a.partly |= b.partly;
    a.status = a.status.or(b.status);
    a
}

/// Kinds, words and days of the transcripts.
pub(super) fn transcripts(f: &Facts) -> Filled {
    if f.transcripts_in_all() == 0 {
        return Filled {
            missing: vec![missing("transcripts", "casebook import FILE…")],
            ..Filled::default()
        };
    }
    let mut line = format!(
        "{}: {}; {} words together",
        count(f.transcripts_in_all(), "transcript"),
        spread(f.transcripts.iter().map(|(kind, n)| (kind.word(), *n))),
        f.words
    );
    if let Some((first, last)) = &f.days {
        line.push_str(&format!("; dated {first} to {last}"));
    }
    let mut filled = evidence([line]);
    if f.undated > 0 {
        filled.missing.push(missing(
            format!("the date of {}", count(f.undated, "transcript")),
            format!(
                "casebook transcript edit {} --date 2021-04-30",
                f.first_undated.as_deref().unwrap_or("T01")
            ),
        ));
    }
    filled
}

/// How many took part.
pub(super) fn sample(f: &Facts) -> Filled {
    if f.participants == 0 {
        return Filled {
            missing: vec![missing("participants", "casebook participant add P01")],
            ..Filled::default()
        };
    }
    let mut filled = evidence([format!(
        "{}, {} of them in a transcript",
        count(f.participants, "participant"),
        f.heard
    )]);
    if f.heard < f.participants {
        filled.missing.push(missing(
            format!(
                "with which transcript {} stand{}, if with any",
                count(f.participants - f.heard, "participant"),
                if f.participants - f.heard == 1 {
                    "s"
                } else {
                    ""
                }
            ),
            format!(
                "casebook transcript edit {} --participant P01",
                f.a_transcript()
            ),
        ));
    }
    filled
}

/// Who declined or dropped out.
pub(super) fn not_taking_part(f: &Facts) -> Filled {
    let mark = "casebook progress mark P01 declined";
    if f.milestones.is_empty() {
        return Filled {
            missing: vec![missing("who was invited, declined or dropped out", mark)],
            ..Filled::default()
        };
    }
    let (declined, dropped) = (f.at_stage("declined"), f.at_stage("dropped-out"));
    let invited = f.at_stage("invited");
    evidence([format!(
        "{declined} declined, {dropped} dropped out{}",
        if invited > 0 {
            format!(", of {} marked as invited", count(invited, "participant"))
        } else {
            String::new()
        }
    )])
}

/// Who the participants are.
pub(super) fn described(f: &Facts) -> Filled {
    if f.participants == 0 {
        return sample(f);
    }
    let with_role = |(role, n): (&Option<String>, &usize)| Some((role.clone()?, *n));
    let roles: Vec<(String, usize)> = f.roles.iter().filter_map(with_role).collect();
    let mut filled = Filled::default();
    if !roles.is_empty() {
        filled.evidence.push(format!(
            "roles of {}: {}",
            count(roles.iter().map(|(_, n)| n).sum::<usize>(), "participant"),
            spread(roles.iter().map(|(role, n)| (role.as_str(), *n)))
        ));
    }
    if f.roles_kept > 0 {
        filled.evidence.push(format!(
            "role not given, as was agreed: {}",
            count(f.roles_kept, "participant")
        ));
    }
    if !f.known_of_participants.is_empty() {
        filled.evidence.push(format!(
            "also known, of so many participants: {}",
            spread(
                f.known_of_participants
                    .iter()
                    .map(|(k, n)| (k.as_str(), *n))
            )
        ));
    }
    if !f.cases.is_empty() {
        filled.evidence.push(format!(
            "{}: {}",
            count(f.cases.values().sum::<usize>(), "case"),
            spread(f.cases.iter().map(|(kind, n)| (kind.as_str(), *n)))
        ));
    }
    if let Some(without) = f.roles.get(&None) {
        filled.missing.push(missing(
            format!("the role of {}", count(*without, "participant")),
            "casebook participant edit P01 --role ROLE",
        ));
    }
    filled
}

/// Recordings: said, or seen by the times in the texts.
pub(super) fn recorded(f: &Facts) -> Filled {
    let timed = if f.timed.is_empty() {
        Filled::default()
    } else {
        Filled {
            partly: f.timed.len() < f.talks,
            ..evidence([format!(
                "{} of {} have the times of a recording in their text",
                f.timed.len(),
                count(f.talks, "interview")
            )])
        }
    };
    rather(told(f, "recorded", "recorded"), timed)
}

/// The second beside the first. Where the first says nothing, the second stands alone, and what the first lacks is asked
/// for only where the second isn't enough.
fn rather(a: Filled, b: Filled) -> Filled {
    if !a.evidence.is_empty() || b.evidence.is_empty() {
        return and(a, b);
    }
    Filled {
        missing: if b.partly { a.missing } else { Vec::new() },
        ..b
    }
}

/// How long the interviews took.
pub(super) fn duration(f: &Facts) -> Filled {
    let minutes: Vec<i64> = f
        .told("duration")
        .values
        .iter()
        .filter_map(|(value, n)| Some((value.split_whitespace().next()?.parse().ok()?, *n)))
        .flat_map(|(minutes, n)| std::iter::repeat_n(minutes, n))
        .collect();
    let line = |mut all: Vec<i64>, what: &str| {
        all.sort_unstable();
        match (all.first(), all.last()) {
            (Some(first), Some(last)) => Filled {
                partly: all.len() < f.talks,
                ..evidence([format!(
                    "{first} to {last} minutes, median {} ({what} {} of {})",
                    median(&all),
                    all.len(),
                    count(f.talks, "interview")
                )])
            },
            _ => Filled::default(),
        }
    };
    let asked = told(f, "duration", "duration");
    let noted = line(minutes, "as noted for");
    if noted.evidence.is_empty() {
        let timed = line(f.timed.clone(), "at least, by the last turn's time, for");
        return rather(asked, timed);
    }
    Filled {
        missing: asked.missing,
        ..noted
    }
}

/// With a half where two stand in the middle.
fn median(sorted: &[i64]) -> String {
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        return sorted[middle].to_string();
    }
    let sum = sorted[middle - 1] + sorted[middle];
    if sum % 2 == 0 {
        (sum / 2).to_string()
    } else {
        format!("{}.5", sum / 2)
    }
}

/// Who coded, and how much was coded twice.
pub(super) fn coders(f: &Facts) -> Filled {
    if f.coders.is_empty() {
        return Filled {
            missing: vec![missing("codings", "casebook code PLACE THEME")],
            ..Filled::default()
        };
    }
    let mut filled = evidence([
        format!(
            "{} coded; {} of {} were coded by two or more",
            count(f.coders.len(), "person").replace("persons", "people"),
            f.double_coded,
            count(f.coded, "coded transcript")
        ),
        if f.by_rule > 0 {
            format!(
                "{} were made by rules or by consensus",
                count(f.by_rule, "coding")
            )
        } else {
            String::new()
        },
    ]);
    if f.method == Method::CodingReliability && f.double_coded == 0 {
        filled.missing.push(missing(
            "transcripts coded by two people, on which agreement is measured",
            "casebook agreement sample NAME --share 20% --seed 1",
        ));
    }
    filled
}

/// The codebook as a tree.
pub(super) fn tree(f: &Facts) -> Filled {
    if f.themes == 0 {
        return Filled {
            missing: vec![missing("themes", "casebook theme add PATH --define TEXT")],
            ..Filled::default()
        };
    }
    let mut filled = evidence([
        format!(
            "{} on {}, {} at the top; {} defined",
            count(f.themes, "theme"),
            count(f.levels, "level"),
            f.major.0,
            f.defined
        ),
        if f.versions > 0 {
            format!("{} of the codebook named", count(f.versions, "version"))
        } else {
            String::new()
        },
    ]);
    if f.defined < f.themes {
        filled.missing.push(missing(
            format!("the definition of {}", count(f.themes - f.defined, "theme")),
            "casebook theme lint",
        ));
    }
    filled
}

/// Where themes came from.
pub(super) fn derived(f: &Facts) -> Filled {
    if f.themes == 0 {
        return tree(f);
    }
    let kinds: Vec<(String, usize)> = f
        .kinds
        .iter()
        .filter_map(|(kind, n)| Some((kind.clone()?, *n)))
        .collect();
    let mut filled = Filled::default();
    if !kinds.is_empty() {
        filled.evidence.push(format!(
            "of {}: {}",
            count(f.themes, "theme"),
            spread(kinds.iter().map(|(kind, n)| (kind.as_str(), *n)))
        ));
    }
    if let Some(without) = f.kinds.get(&None) {
        filled.partly = true;
        filled.missing.push(missing(
            format!("where {} came from", count(*without, "theme")),
            "casebook theme edit PATH --kind deductive|inductive|structural|in-vivo",
        ));
    }
    filled
}

pub(super) fn software(f: &Facts) -> Filled {
    evidence([format!("casebook {}", f.version)])
}

/// Passages, and how they are cited.
pub(super) fn quotes(f: &Facts) -> Filled {
    if f.passages == 0 {
        return Filled {
            missing: vec![missing("coded passages", "casebook code PLACE THEME")],
            ..Filled::default()
        };
    }
    let mut filled = evidence([
        format!(
            "{}, {} of them by a participant of the study, {} free to be quoted",
            count(f.passages, "coded passage"),
            f.passages_of_known,
            f.passages_quotable
        ),
        format!(
            "each quote is cited by its participant's attribution level: {}",
            spread(f.attribution.iter().map(|(level, n)| (level.as_str(), *n)))
        ),
    ]);
    if f.passages_of_known < f.passages {
        filled.missing.push(missing(
            format!(
                "who speaks in {}",
                count(f.passages - f.passages_of_known, "coded passage")
            ),
            format!(
                "casebook transcript edit {} --speaker LABEL=P01",
                f.a_transcript()
            ),
        ));
    }
    filled
}

/// Whether participants were told what was found, and answered.
pub(super) fn debriefed(f: &Facts) -> Filled {
    let n = f.at_stage("debriefed");
    if n > 0 {
        let mut filled = evidence([format!(
            "{} of {} debriefed on the findings",
            n,
            count(f.participants, "participant")
        )]);
        let answers = &f.answers;
        if answers.asked > 0 {
            filled.evidence.push(answers.told(f.people_at_least));
        }
        if answers.open > 0 {
            filled.missing.push(missing(
                "what was decided about participants' answers",
                "casebook decision list --open",
            ));
        }
        return filled;
    }
    Filled {
        missing: vec![missing(
            "who was given the findings",
            "casebook debrief --sent DATE P01",
        )],
        ..Filled::default()
    }
}

pub(super) fn findings(f: &Facts) -> Filled {
    let [all, supported, examined] = f.findings;
    if all == 0 {
        return Filled {
            missing: vec![missing("findings", "casebook finding add CLAIM")],
            ..Filled::default()
        };
    }
    evidence([format!(
        "{}: {supported} with support, {examined} with other explanations or contrary evidence looked for",
        count(all, "reported finding")
    )])
}

pub(super) fn approach(f: &Facts) -> Filled {
    evidence([match f.method {
        Method::Framework => "the framework method: coded with a codebook, summarised case by case and theme by theme",
        Method::Codebook => "analysis with a codebook",
        Method::CodingReliability => "coding with a fixed codebook by coders whose agreement is measured",
        Method::Reflexive => "reflexive thematic analysis",
    }
    .to_owned()])
}

pub(super) fn field_notes(f: &Facts) -> Filled {
    let notes = f
        .transcripts
        .get(&TranscriptKind::FieldNotes)
        .copied()
        .unwrap_or_default();
    let kept = if notes > 0 {
        evidence([format!(
            "{} kept as transcripts",
            count(notes, "field note")
        )])
    } else {
        Filled::default()
    };
    rather(told(f, "field-notes", "field notes made"), kept)
}
