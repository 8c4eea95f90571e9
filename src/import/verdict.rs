//! Which of the possible labels are speakers, decided by the whole file.
//!
//! One line cannot tell: `Note: we left early` and `Nora: we left early` look alike. A file can: its speakers come
//! back, in one form, and most of its paragraphs are theirs.

use std::collections::HashMap;
use std::fmt;

use serde::Serialize;

use super::labels::{Form, Head};
use super::roles::{self, Class};

/// A possible label and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Seen<'t> {
    pub head: Head<'t>,
    /// Nothing follows on the line.
    pub empty: bool,
    /// An address follows on the line.
    pub address: bool,
    /// What follows is more than a name: a sentence, or words on the next line.
    pub speech: bool,
}

/// What a possible label turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict<'t> {
    /// A speaker, under the name by which the file knows them.
    Speaker(&'t str),
    /// Break, Outro, the mark of an answer: the turn before ends, and no turn begins.
    Structure,
    /// A numbered question, which heads a section: the turn before ends.
    Question,
    /// Words like any other.
    Text,
}

/// Why a possible label is a speaker, or is none. The decision is read off the reason, so that what is said of it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Its word is one of those for who asks and who answers.
    RoleWord,
    /// It looks like a name and comes back.
    NameComesBack,
    /// A few words, no name, that keep coming back as speakers do.
    KeepsComingBack,
    /// Once, or in another form than most, but amid speakers and as they are written.
    AmidOthers,
    /// Another way of writing a label that speaks: `Ada Berg (AB)` for `AB`.
    OtherName,
    /// Its word is one of those that never speak.
    NeverSpeaks,
    /// Its word is one of a transcript's head.
    HeaderWord,
    /// A break, an intro, an outro.
    Structure,
    /// A question with its number.
    NumberedQuestion,
    /// The mark of an answer in a text of numbered questions.
    AnswerMark,
    /// `Q1`, `A1`, once.
    ListItem,
    /// Mostly addresses of the web follow on it.
    Address,
    /// Too few of the file's paragraphs begin with anything that could be a speaker.
    NobodySpeaks,
    /// The file marks its speakers in another form.
    OtherForm,
    /// It does not look like a name, is no role word and comes back too seldom.
    UnlikeName,
    /// It stands only once, and most paragraphs have no speaker.
    TooSeldom,
}

impl Reason {
    #[cfg(test)]
    pub(super) const ALL: [Self; 16] = [
        Self::RoleWord,
        Self::NameComesBack,
        Self::KeepsComingBack,
        Self::AmidOthers,
        Self::OtherName,
        Self::NeverSpeaks,
        Self::HeaderWord,
        Self::Structure,
        Self::NumberedQuestion,
        Self::AnswerMark,
        Self::ListItem,
        Self::Address,
        Self::NobodySpeaks,
        Self::OtherForm,
        Self::UnlikeName,
        Self::TooSeldom,
    ];

    pub const fn speaks(self) -> bool {
        matches!(
            self,
            Self::RoleWord
                | Self::NameComesBack
                | Self::KeepsComingBack
                | Self::AmidOthers
                | Self::OtherName
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RoleWord => "speaker: a role word",
            Self::NameComesBack => "speaker: looks like a name and comes back",
            Self::KeepsComingBack => "speaker: keeps coming back as speakers do",
            Self::AmidOthers => "speaker: stands amid others, written as they are",
            Self::OtherName => "speaker: another way of writing one",
            Self::NeverSpeaks => "no speaker: a word that never speaks",
            Self::HeaderWord => "no speaker: a word of a transcript's head",
            Self::Structure => "no speaker: a break, an intro or an outro",
            Self::NumberedQuestion => "no speaker: a numbered question",
            Self::AnswerMark => "no speaker: marks the answer to a numbered question",
            Self::ListItem => "no speaker: an item of a list",
            Self::Address => "no speaker: web addresses follow on it",
            Self::NobodySpeaks => "no speaker: too few paragraphs begin with a label",
            Self::OtherForm => "no speaker: the file writes its speakers in another form",
            Self::UnlikeName => "no speaker: neither a name nor a role word",
            Self::TooSeldom => "no speaker: once, no role word, and most paragraphs have no label",
        })
    }
}

/// What was decided about a file's labels.
pub(super) struct Judgement<'t> {
    /// One for each possible label, in the order in which they were given.
    pub verdicts: Vec<Verdict<'t>>,
    decided: Decided<'t>,
    tallies: HashMap<&'t str, Tally>,
}

impl<'t> Judgement<'t> {
    /// Every possible label, how often it stands, and why it is a speaker or none. The most frequent first, then by name.
    pub(super) fn labels(&self) -> Vec<(&'t str, usize, Reason)> {
        let mut labels: Vec<_> = self
            .decided
            .labels
            .iter()
            .map(|(label, (reason, _))| {
                let n = self.tallies.get(label).map_or(0, Tally::all);
                (*label, n, *reason)
            })
            .collect();
        labels.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        labels
    }
}

/// The way in which a file marks its speakers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    /// Bold or with times: forms that hardly occur by accident.
    Strong,
    Colon,
    Clocked,
    Alone,
    Tab,
}

/// How often a label stands in each form.
#[derive(Clone, Copy)]
struct Tally {
    bold: usize,
    timed: usize,
    colon: usize,
    clocked: usize,
    alone: usize,
    tab: usize,
    inline: usize,
    addresses: usize,
    speech: usize,
    class: Class,
    name_like: bool,
    capital: bool,
    one_word: bool,
}

impl Tally {
    fn new(label: &str) -> Self {
        let class = roles::class(label);
        Self {
            bold: 0,
            timed: 0,
            colon: 0,
            clocked: 0,
            alone: 0,
            tab: 0,
            inline: 0,
            addresses: 0,
            speech: 0,
            class,
            name_like: name_like(label),
            capital: label.chars().next().is_some_and(|c| !c.is_lowercase())
                && label.split_whitespace().count() <= 3,
            one_word: !label.contains(char::is_whitespace),
        }
    }
    fn strong(&self) -> usize {
        self.bold + self.timed
    }
    fn count(&self, way: Way) -> usize {
        match way {
            Way::Strong => self.strong(),
            Way::Colon => self.colon,
            Way::Clocked => self.clocked,
            Way::Alone => self.alone,
            Way::Tab => self.tab,
        }
    }
    /// Why the label can't be a speaker's at all, if so.
    fn impossible(&self, numbered_questions: bool) -> Option<Reason> {
        match self.class {
            Class::Role | Class::Letter => None,
            Class::Answer => numbered_questions.then_some(Reason::AnswerMark),
            Class::Item => (self.marked() <= 1).then_some(Reason::ListItem),
            Class::Other => (self.addresses * 2 >= self.marked().max(1)).then_some(Reason::Address),
            Class::Structure => Some(Reason::Structure),
            Class::Question => Some(Reason::NumberedQuestion),
            Class::Header => Some(Reason::HeaderWord),
            Class::Never => Some(Reason::NeverSpeaks),
        }
    }
    /// Times that it stands anywhere, in any form.
    fn all(&self) -> usize {
        self.marked() + self.clocked + self.alone + self.tab + self.inline
    }
    /// Times that it stands where speakers mostly do.
    fn marked(&self) -> usize {
        self.strong() + self.colon
    }
    /// Whether it may be a speaker in a file where most paragraphs have one: a name, a role, or a word that comes back
    /// (`ada: yes`).
    fn likely(&self) -> bool {
        self.name_like
            || self.role()
            || (self.one_word && self.marked() > 1)
            || (self.capital && self.marked() >= 5)
    }
    /// Whether it is known by its own word.
    fn role(&self) -> bool {
        matches!(self.class, Class::Role | Class::Answer)
    }
    /// Why, in this way, it is a speaker by its own evidence, if it is.
    fn stands(&self, way: Way) -> Option<Reason> {
        let n = self.count(way);
        match way {
            Way::Strong | Way::Colon | Way::Clocked => {
                if (n > 0 && self.role()) || (n > 1 && self.class == Class::Letter) {
                    Some(Reason::RoleWord)
                } else if n > 1 && self.name_like {
                    Some(Reason::NameComesBack)
                } else {
                    // `Finance lead`, `Place director`: a few words that keep coming back as speakers do.
                    (self.capital && n >= if way == Way::Strong { 3 } else { 5 })
                        .then_some(Reason::KeepsComingBack)
                }
            }
            Way::Alone | Way::Tab => (n > 1 && self.name_like).then_some(Reason::NameComesBack),
        }
    }
    /// Why it is no speaker in a file whose way this is, where nothing speaks for it.
    fn fails(&self, way: Way) -> Reason {
        let in_form = self.count(way) > 0 || (way != Way::Tab && self.marked() > 0);
        if !in_form {
            Reason::OtherForm
        } else if !self.likely() {
            Reason::UnlikeName
        } else if self.count(way) == 0 {
            Reason::OtherForm
        } else {
            Reason::TooSeldom
        }
    }
}

/// Judges every possible label of a file that has so many paragraphs.
pub(super) fn judge<'t>(seen: &[Seen<'t>], paragraphs: usize) -> Judgement<'t> {
    let mut tallies: HashMap<&'t str, Tally> = HashMap::new();
    for Seen {
        head,
        address,
        speech,
        ..
    } in seen
    {
        let tally = tallies
            .entry(head.label)
            .or_insert_with(|| Tally::new(head.label));
        match head.form {
            Form::Bold => tally.bold += 1,
            Form::Timed => tally.timed += 1,
            Form::Colon => tally.colon += 1,
            Form::Clocked => tally.clocked += 1,
            Form::Alone => tally.alone += 1,
            Form::Tab => tally.tab += 1,
            Form::Inline => tally.inline += 1,
        }
        tally.addresses += usize::from(*address);
        tally.speech += usize::from(*speech);
    }
    let numbered = tallies
        .values()
        .filter(|tally| tally.class == Class::Question)
        .count()
        > 1;
    let decided = decide(&tallies, paragraphs, numbered);
    let verdict = |Seen { head, empty, .. }: &Seen<'t>| {
        let Some(tally) = tallies.get(head.label) else {
            return Verdict::Text;
        };
        if let Some(way) = decided.way
            && let Some((reason, name)) = decided.labels.get(head.label)
            && reason.speaks()
            && fits(head.form, way)
        {
            return Verdict::Speaker(name);
        }
        let marked = matches!(head.form, Form::Bold | Form::Timed | Form::Colon);
        match tally.class {
            Class::Structure if decided.way.is_some() && marked => Verdict::Structure,
            Class::Question if numbered && marked => Verdict::Question,
            Class::Answer if numbered && marked && *empty => Verdict::Structure,
            _ => Verdict::Text,
        }
    };
    let verdicts = seen.iter().map(verdict).collect();
    Judgement {
        verdicts,
        decided,
        tallies,
    }
}

/// A file's way of marking its speakers, and what was decided of each label.
struct Decided<'t> {
    /// None where nobody speaks.
    way: Option<Way>,
    /// For each label the reason, and the name under which it is known: its own, but for [`Reason::OtherName`].
    labels: HashMap<&'t str, (Reason, &'t str)>,
}

fn decide<'t>(tallies: &HashMap<&'t str, Tally>, paragraphs: usize, numbered: bool) -> Decided<'t> {
    let nobody = || Decided {
        way: None,
        labels: tallies
            .iter()
            .map(|(label, tally)| {
                let reason = tally.impossible(numbered).unwrap_or(Reason::NobodySpeaks);
                (*label, (reason, *label))
            })
            .collect(),
    };
    let possible = || {
        tallies
            .iter()
            .filter(|(_, tally)| tally.impossible(numbered).is_none())
    };
    let total = |way: Way| -> usize {
        possible()
            .filter(|(_, tally)| tally.stands(way).is_some())
            .map(|(_, tally)| tally.count(way))
            .sum()
    };
    let (way, n) = [Way::Strong, Way::Colon, Way::Clocked, Way::Alone, Way::Tab]
        .into_iter()
        .map(|way| (way, total(way)))
        // The stronger form wins a tie.
        .rev()
        .max_by_key(|(_, n)| *n)
        .unwrap_or((Way::Colon, 0));
    let labelled: usize = possible()
        .filter(|(_, tally)| tally.likely())
        .map(|(_, tally)| tally.marked())
        .sum();
    // Most paragraphs begin with something that looks like a label.
    let different = possible()
        .filter(|(_, tally)| tally.likely() && tally.marked() > 0)
        .count();
    // Speakers come back; the terms of a glossary and the fields of a form do not.
    let comes_back = different <= 3 || labelled >= different * 2;
    let mostly = labelled * 2 >= paragraphs && labelled >= 2 && comes_back;
    let standing = || possible().filter(|(_, tally)| tally.stands(way).is_some());
    // `Interviewer: A. Berg` over a long text is a line of its head, not the speaker of all the rest.
    let role = standing().any(|(_, tally)| tally.role())
        && (paragraphs <= if n > 1 { 3 } else { 1 }
            || standing().any(|(_, tally)| tally.speech > 0));
    // Talk takes two; words that come back now and then (`The plan: …`) are no speaker.
    let often = n >= 2 && n * if standing().count() > 1 { 20 } else { 3 } >= paragraphs;
    let enough = match way {
        Way::Strong | Way::Colon => role || mostly || often,
        Way::Clocked => n >= 2 && (role || n * 4 >= paragraphs),
        Way::Alone => n >= 3 && n * 4 >= paragraphs,
        Way::Tab => n >= 4 && n * 2 >= paragraphs,
    };
    if !enough {
        return nobody();
    }
    let way = if n == 0 && mostly { Way::Colon } else { way };
    let bold: usize = standing().map(|(_, tally)| tally.bold).sum();
    let timed: usize = standing().map(|(_, tally)| tally.timed).sum();
    // Amid others, once is enough, but in their form: where names are bold, `And [01:49:00]` is half a sentence.
    let single = |tally: &Tally| match way {
        Way::Colon => tally.marked() > 0 && tally.likely() && mostly,
        Way::Strong => {
            tally.likely()
                && if bold >= timed {
                    tally.bold > 0
                } else {
                    tally.timed > 0
                }
        }
        Way::Clocked => tally.strong() + tally.clocked > 0 && tally.likely(),
        Way::Alone | Way::Tab => tally.strong() > 0 && tally.likely() && mostly,
    };
    let by_role = |tally: &Tally| tally.role() && tally.marked() > 0 && way != Way::Tab;
    let mut labels: HashMap<&'t str, (Reason, &'t str)> = tallies
        .iter()
        .map(|(label, tally)| {
            let reason = tally
                .impossible(numbered)
                .or_else(|| tally.stands(way))
                .or_else(|| by_role(tally).then_some(Reason::RoleWord))
                .or_else(|| single(tally).then_some(Reason::AmidOthers))
                .unwrap_or_else(|| tally.fails(way));
            (*label, (reason, *label))
        })
        .collect();
    let aliases: Vec<(&'t str, &'t str)> = possible()
        .filter_map(|(label, _)| {
            let (full, short) = with_brackets(label)?;
            [short, full]
                .into_iter()
                .find_map(|name| {
                    labels
                        .get_key_value(name)
                        .filter(|(_, (reason, _))| reason.speaks())
                })
                .map(|(name, _)| (*label, *name))
        })
        .collect();
    for (label, name) in aliases {
        labels.insert(label, (Reason::OtherName, name));
    }
    if labels.values().any(|(reason, _)| reason.speaks()) {
        Decided {
            way: Some(way),
            labels,
        }
    } else {
        nobody()
    }
}

/// Whether a form can mark a speaker in a file of this way.
fn fits(form: Form, way: Way) -> bool {
    match form {
        Form::Bold | Form::Timed | Form::Colon => true,
        Form::Clocked => matches!(way, Way::Clocked | Way::Strong),
        Form::Alone => matches!(way, Way::Alone | Way::Strong),
        Form::Inline => way == Way::Strong,
        Form::Tab => way == Way::Tab,
    }
}

/// `Ada Berg (AB)` → `Ada Berg`, `AB`.
fn with_brackets(label: &str) -> Option<(&str, &str)> {
    let (full, rest) = label.split_once('(')?;
    let short = rest.trim_end().strip_suffix(')')?;
    Some((full.trim(), short.trim()))
}

/// Whether every word begins as names do: with a capital, a digit, or a letter that knows no case; small words between are free.
fn name_like(label: &str) -> bool {
    #[rustfmt::skip]
    const SMALL: &[&str] = &[
        "de", "da", "do", "dos", "das", "di", "du", "del", "della", "van", "von", "der", "den", "ter", "ten", "zu", "zur", "la", "le", "el", "al",
        "bin", "ibn", "y", "e", "of", "and", "the", "from", "und", "et",
    ];
    let open = |word: &str| {
        let first = word
            .trim_start_matches(['(', '\'', '’', '&', '#', '-', '/', '+'])
            .chars()
            .next();
        first.is_none_or(|c| !c.is_lowercase())
    };
    let mut words = label.split_whitespace();
    words.next().is_some_and(open)
        && words.all(|word| open(word) || SMALL.contains(&word) || word.starts_with('('))
}
