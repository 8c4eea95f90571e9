//! What participants answered to the findings: each answer with what was decided about it, and how many there are.
//!
//! An answer's words are a participant's words: the gate says who may read them. Whoever is off the record is in no
//! count here either.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;

use super::Error;
use crate::domain::words::{Answer, Stage, Taken};
use crate::error::Result;
use crate::governance::gate::{Audience, Reason, may_quote};
use crate::governance::withdraw::Mode;
use crate::store::{Decision, Milestone, NewResponse, Participant, Response, Store, Tx};

/// An answer as the team sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ResponseView {
    pub response: i64,
    pub participant: String,
    /// Null: to the debrief as a whole.
    pub finding: Option<i64>,
    pub answer: Answer,
    /// Null where nothing was said beside it, or it is held back.
    pub text: Option<String>,
    /// Why its words are not shown.
    pub held_back: Option<Reason>,
    pub received: String,
    /// Whether it was read from a filled form.
    pub from_form: bool,
    /// What it asks of the researchers; null where it asks nothing.
    pub decision: Option<DecisionView>,
    pub coder: String,
}

/// What was decided about an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecisionView {
    pub decision: i64,
    /// Null: it is open.
    pub outcome: Option<Taken>,
    pub why: Option<String>,
    pub coder: String,
    pub at: String,
}

impl From<Decision> for DecisionView {
    fn from(d: Decision) -> Self {
        Self {
            decision: d.id,
            outcome: d.outcome,
            why: d.why,
            coder: d.coder,
            at: d.at,
        }
    }
}

/// How many answered, in participants: each counts once under each thing that they said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Answers {
    /// To whom the debrief with this finding was sent, and who answered to it anyhow.
    pub asked: usize,
    pub answered: usize,
    pub confirmed: usize,
    pub disagreed: usize,
    pub added: usize,
    pub corrected: usize,
    pub asked_to_remove: usize,
    /// Decisions that are not taken yet.
    pub open: usize,
    /// Decisions by what they came to.
    pub decided: BTreeMap<Taken, usize>,
}

impl Answers {
    /// `4 of 9: 3 confirm, 1 disagree`; empty where nobody was asked.
    pub fn said(&self) -> String {
        if self.asked == 0 {
            return String::new();
        }
        let mut out = format!("{} of {}", self.answered, self.asked);
        let kinds: Vec<String> = [
            (self.confirmed, "confirm"),
            (self.disagreed, "disagree"),
            (self.added, "add"),
            (self.corrected, "correct"),
            (self.asked_to_remove, "remove"),
        ]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| format!("{n} {what}"))
        .collect();
        if !kinds.is_empty() {
            out.push_str(": ");
            out.push_str(&kinds.join(", "));
        }
        if self.open > 0 {
            out.push_str(&format!("; {} open", self.open));
        }
        out
    }
}

impl Answers {
    /// The same for anyone to read: with numbers where no number of people is below `k`, in words where one is. Empty
    /// where nobody was asked.
    pub fn told(&self, k: u64) -> String {
        if self.asked == 0 {
            return String::new();
        }
        let mut kinds = vec![
            (self.confirmed, "confirmed it"),
            (self.disagreed, "disagreed"),
            (self.added, "added something"),
            (self.corrected, "corrected something"),
            (self.asked_to_remove, "asked that something be taken out"),
        ];
        kinds.retain(|(n, _)| *n > 0);
        let small = |n: usize| u64::try_from(n).is_ok_and(|n| n < k);
        // One number that is left out could be worked out from the others, so then all are.
        let silent = self.asked - self.answered;
        let exact = !small(self.asked)
            && !small(self.answered)
            && (silent == 0 || !small(silent))
            && kinds.iter().all(|(n, _)| !small(*n));
        let who = |n: usize| match n {
            n if exact => n.to_string(),
            n if n * 2 > self.answered && !small(n) => "most".to_owned(),
            n if small(n) => "a few".to_owned(),
            _ => "some".to_owned(),
        };
        let put = match self.asked {
            n if small(n) => "It was put to a few participants".to_owned(),
            n => format!("It was put to {n} participants"),
        };
        if self.answered == 0 {
            return format!("{put}; nobody has answered.");
        }
        let answered = if exact {
            format!("; {} answered", self.answered)
        } else if small(self.answered) {
            "; a few answered".to_owned()
        } else {
            "; some answered".to_owned()
        };
        let said: Vec<String> = kinds
            .iter()
            .map(|(n, what)| format!("{} {what}", who(*n)))
            .collect();
        match said.split_last() {
            None => format!("{put}{answered}."),
            Some((one, [])) => format!("{put}{answered}: {one}."),
            Some((last, rest)) => format!("{put}{answered}: {} and {last}.", rest.join(", ")),
        }
    }

    /// What was decided about what they asked, in words and without numbers; empty where nothing was asked.
    pub fn decided(&self) -> Vec<&'static str> {
        let mut said: Vec<&'static str> = self
            .decided
            .keys()
            .map(|taken| match taken {
                Taken::Changed => "It was changed in answer to them.",
                Taken::Kept => "It was kept as it stands, for a reason that is on record.",
                Taken::Noted => "What was said against it is noted beside it.",
                Taken::Removed => "What they asked to be taken out was taken out.",
            })
            .collect();
        if self.open > 0 {
            said.push("What becomes of it is not decided yet.");
        }
        said
    }
}

/// All answers of the study, read once.
pub struct Responses {
    people: HashMap<i64, Participant>,
    sealed: HashSet<i64>,
    all: Vec<(Response, Option<Decision>)>,
    /// Who was sent a debrief with each finding.
    sent: HashMap<i64, BTreeSet<i64>>,
    /// Who was sent one at all.
    debriefed: BTreeSet<i64>,
}

impl Responses {
    pub fn read(store: &Store) -> Result<Self> {
        let people: HashMap<i64, Participant> = store
            .participants()?
            .into_iter()
            .map(|p| (p.id, p))
            .collect();
        let sealed: HashSet<i64> = store.sealed()?.into_iter().collect();
        let mut decisions: HashMap<i64, Decision> = store
            .decisions()?
            .into_iter()
            .map(|d| (d.response, d))
            .collect();
        let all = store
            .responses()?
            .into_iter()
            .map(|r| {
                let decision = decisions.remove(&r.id);
                (r, decision)
            })
            .collect();
        let debriefed: BTreeSet<i64> = store
            .milestones()?
            .into_iter()
            .filter(|m| m.stage == Stage::Debriefed.word() && !sealed.contains(&m.participant))
            .map(|m| m.participant)
            .collect();
        let mut sent: HashMap<i64, BTreeSet<i64>> = HashMap::new();
        if !debriefed.is_empty() {
            let codes: HashMap<&str, i64> =
                people.values().map(|p| (p.code.as_str(), p.id)).collect();
            for release in store.releases_with(&[])? {
                if release.kind != "debrief" {
                    continue;
                }
                let reader = release.subject.as_deref().and_then(|code| codes.get(code));
                if let Some(id) = reader.filter(|id| debriefed.contains(id)) {
                    for finding in release.findings {
                        sent.entry(finding).or_default().insert(*id);
                    }
                }
            }
        }
        Ok(Self {
            people,
            sealed,
            all,
            sent,
            debriefed,
        })
    }

    /// Whether nobody has answered and nobody was asked.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.debriefed.is_empty()
    }

    /// Answers in the order in which they were written down, those that `wanted` takes.
    pub fn views(&self, wanted: impl Fn(&Response) -> bool) -> Vec<ResponseView> {
        self.all
            .iter()
            .filter(|(r, _)| wanted(r))
            .map(|(r, decision)| {
                let person = self.people.get(&r.participant);
                let refused = may_quote(Audience::Team, person, false).err();
                ResponseView {
                    response: r.id,
                    participant: person.map_or_else(String::new, |p| p.code.clone()),
                    finding: r.finding,
                    answer: r.kind,
                    held_back: refused.filter(|_| r.text.is_some()),
                    text: r.text.clone().filter(|_| refused.is_none()),
                    received: r.received.clone(),
                    from_form: r.form.is_some(),
                    decision: decision.clone().map(DecisionView::from),
                    coder: r.coder.clone(),
                }
            })
            .collect()
    }

    /// How many answered to a finding.
    pub fn of(&self, finding: i64) -> Answers {
        let asked = self.sent.get(&finding).cloned().unwrap_or_default();
        self.count(asked, |r| r.finding == Some(finding))
    }

    /// How many answered at all.
    pub fn overall(&self) -> Answers {
        self.count(self.debriefed.clone(), |_| true)
    }

    fn count(&self, mut asked: BTreeSet<i64>, wanted: impl Fn(&Response) -> bool) -> Answers {
        let mut of: BTreeMap<Answer, BTreeSet<i64>> = BTreeMap::new();
        let mut answers = Answers::default();
        let counted = self
            .all
            .iter()
            .filter(|(r, _)| wanted(r) && !self.sealed.contains(&r.participant));
        for (r, decision) in counted {
            asked.insert(r.participant);
            of.entry(r.kind).or_default().insert(r.participant);
            match decision.as_ref().map(|d| d.outcome) {
                Some(Some(taken)) => *answers.decided.entry(taken).or_default() += 1,
                Some(None) => answers.open += 1,
                None => {}
            }
        }
        let n = |kind: Answer| of.get(&kind).map_or(0, BTreeSet::len);
        let answered: BTreeSet<i64> = of
            .iter()
            .filter(|(kind, _)| **kind != Answer::NoReply)
            .flat_map(|(_, people)| people)
            .copied()
            .collect();
        Answers {
            asked: asked.len(),
            answered: answered.len(),
            confirmed: n(Answer::Confirm),
            disagreed: n(Answer::Disagree),
            added: n(Answer::Add),
            corrected: n(Answer::Correct),
            asked_to_remove: n(Answer::Remove),
            ..answers
        }
    }
}

/// An answer to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAnswer {
    pub finding: Option<i64>,
    pub kind: Answer,
    pub text: Option<String>,
}

impl NewAnswer {
    /// Whether an earlier answer says the same.
    fn same(&self, earlier: &Response) -> bool {
        (self.finding, self.kind, self.text.as_deref())
            == (earlier.finding, earlier.kind, earlier.text.as_deref())
    }
}

/// Whether nobody says both of one finding: that it is so, and that it is not.
fn contradict(one: Answer, other: Answer) -> bool {
    let against = |a| matches!(a, Answer::Disagree | Answer::Correct | Answer::Remove);
    (one == Answer::Confirm && against(other)) || (other == Answer::Confirm && against(one))
}

/// Whether all of these answers of one participant were read from a form before, however its boxes were ticked.
pub fn known(store: &Store, person: &Participant, answers: &[NewAnswer]) -> Result<bool> {
    let earlier = store.responses()?;
    Ok(!answers.is_empty()
        && answers.iter().all(|a| {
            earlier
                .iter()
                .any(|r| r.form.is_some() && r.participant == person.id && a.same(r))
        }))
}

/// What is to be thought of answers before they are written down.
///
/// # Errors
/// Refused where the participant withdrew so that their words go, and where two answers to a finding contradict.
pub fn may_answer(
    store: &Store,
    person: &Participant,
    answers: &[NewAnswer],
    replace: bool,
) -> Result<Option<String>> {
    let mut warning = None;
    if let Some(w) = store.withdrawal_of(person.id)? {
        let withdrew = format!("{} withdrew on {} ({})", person.code, w.asked, w.mode);
        if w.mode != Mode::Stop.word() {
            return Err(Error::refused(
                format!("{withdrew}: nothing of theirs is taken up any more"),
                "leave it out; see who withdrew with: casebook withdraw",
            )
            .into());
        }
        warning = Some(format!(
            "{withdrew}: make sure that the answer is meant to count"
        ));
    }
    for (n, answer) in answers.iter().enumerate() {
        let Some(finding) = answer.finding else {
            continue;
        };
        let beside = answers[..n]
            .iter()
            .find(|a| a.finding == Some(finding) && contradict(a.kind, answer.kind));
        if let Some(beside) = beside {
            return Err(Error::refused(
                format!(
                    "{} answers to finding {finding} both `{}` and `{}`",
                    person.code, beside.kind, answer.kind
                ),
                format!(
                    "ask which is meant, and leave the other out, or write it down by hand: casebook respond {} {finding} {}",
                    person.code, answer.kind
                ),
            )
            .into());
        }
        let earlier = store.responses()?.into_iter().find(|r| {
            r.participant == person.id
                && r.finding == Some(finding)
                && contradict(r.kind, answer.kind)
        });
        if let Some(r) = earlier.filter(|_| !replace) {
            return Err(Error::refused(
                format!(
                    "{} said `{}` to finding {finding} (response {}), and now `{}`",
                    person.code, r.kind, r.id, answer.kind
                ),
                "let the newer take the older's place with --replace, or take the older away with: casebook response remove N"
                    .replace(" N", &format!(" {}", r.id)),
            )
            .into());
        }
    }
    Ok(warning)
}

/// Writes answers of one participant down, and that they were debriefed, which they must have been to answer. Gives the
/// numbers of the answers, and of the decisions that they open. With `replace` they take the place of earlier ones that
/// say the same or the contrary.
pub fn record(
    tx: &Tx,
    person: &Participant,
    answers: &[NewAnswer],
    received: &str,
    form: Option<[u8; 32]>,
    coder: i64,
    replace: bool,
) -> Result<(Vec<i64>, Vec<i64>)> {
    may_answer(tx, person, answers, replace)?;
    if replace {
        for earlier in tx.responses()? {
            let replaced = answers.iter().any(|a| {
                a.finding == earlier.finding
                    && (a.same(&earlier) || a.finding.is_some() && contradict(a.kind, earlier.kind))
            });
            if earlier.participant == person.id && replaced {
                tx.remove_response(earlier.id)?;
            }
        }
    }
    let (mut made, mut opened) = (Vec::new(), Vec::new());
    for answer in answers {
        if let Some(finding) = answer.finding {
            tx.the_finding(finding)?;
        }
        if answer.kind != Answer::Confirm
            && answer.kind != Answer::NoReply
            && answer.kind != Answer::Disagree
            && answer.text.is_none()
        {
            return Err(Error::refused(
                format!("`{}` says nothing without words", answer.kind),
                "write what the participant said behind it, in quotation marks",
            )
            .into());
        }
        let (response, decision) = tx.add_response(&NewResponse {
            participant: person.id,
            finding: answer.finding,
            kind: answer.kind,
            text: answer.text.as_deref(),
            received,
            form,
            coder,
        })?;
        made.push(response);
        opened.extend(decision);
    }
    let told = Stage::Debriefed.word();
    let known = tx
        .milestones()?
        .iter()
        .any(|m| m.participant == person.id && m.stage == told);
    if !known {
        tx.put_milestone(&Milestone {
            participant: person.id,
            phase: None,
            stage: told.to_owned(),
            // When it was sent is not known; that it was is.
            date: None,
        })?;
    }
    Ok((made, opened))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_only_where_none_is_small() {
        let answers = Answers {
            asked: 30,
            answered: 20,
            confirmed: 14,
            disagreed: 6,
            ..Answers::default()
        };
        assert_eq!(
            answers.told(5),
            "It was put to 30 participants; 20 answered: 14 confirmed it and 6 disagreed."
        );
        let one = Answers {
            confirmed: 19,
            disagreed: 1,
            ..answers.clone()
        };
        assert_eq!(
            one.told(5),
            "It was put to 30 participants; some answered: most confirmed it and a few disagreed."
        );
        assert_eq!(
            one.told(1),
            "It was put to 30 participants; 20 answered: 19 confirmed it and 1 disagreed."
        );
        let few = Answers {
            asked: 3,
            answered: 0,
            ..Answers::default()
        };
        assert_eq!(
            few.told(5),
            "It was put to a few participants; nobody has answered."
        );
        assert_eq!(Answers::default().told(5), "");
    }

    #[test]
    fn no_number_below_k_is_ever_told() {
        for asked in 0..14_usize {
            for answered in 0..=asked {
                for confirmed in 0..=answered {
                    let answers = Answers {
                        asked,
                        answered,
                        confirmed,
                        disagreed: answered - confirmed,
                        ..Answers::default()
                    };
                    let told = answers.told(5);
                    let numbers: Vec<usize> = told
                        .split(|c: char| !c.is_ascii_digit())
                        .filter_map(|n| n.parse().ok())
                        .collect();
                    assert!(numbers.iter().all(|n| *n >= 5), "{told}");
                    // Nor can one be worked out: what is not told of those who were asked is nobody, or five or more.
                    if let [all, some, ..] = numbers[..] {
                        assert!(all == some || all - some >= 5, "{told}");
                    }
                }
            }
        }
    }
}
