//! Which of the possible labels are speakers, decided by the whole file.
//!
//! One line cannot tell: `Note: we left early` and `Nora: we left early` look alike. A file can: its speakers come
//! back, in one form, and most of its paragraphs are theirs.

use std::collections::HashMap;

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
    /// Whether the label can be a speaker's at all.
    fn possible(&self, numbered_questions: bool) -> bool {
        match self.class {
            Class::Role | Class::Letter => true,
            Class::Answer => !numbered_questions,
            Class::Item => self.colon + self.strong() > 1,
            Class::Other => self.addresses * 2 < (self.colon + self.strong()).max(1),
            Class::Structure | Class::Question | Class::Header | Class::Never => false,
        }
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
    /// Whether, in this way, it is a speaker by its own evidence.
    fn stands(&self, way: Way) -> bool {
        let n = self.count(way);
        match way {
            Way::Strong | Way::Colon | Way::Clocked => {
                (n > 0 && self.role())
                    || (n > 1 && (self.name_like || self.class == Class::Letter))
                    // `Finance lead`, `Place director`: a few words that keep coming back as speakers do.
                    || (self.capital && n >= if way == Way::Strong { 3 } else { 5 })
            }
            Way::Alone | Way::Tab => n > 1 && self.name_like,
        }
    }
}

/// Judges every possible label of a file that has so many paragraphs. The answer has one verdict for each in `seen`.
pub(super) fn judge<'t>(seen: &[Seen<'t>], paragraphs: usize) -> Vec<Verdict<'t>> {
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
            Form::Inline => {}
        }
        tally.addresses += usize::from(*address);
        tally.speech += usize::from(*speech);
    }
    let numbered = tallies
        .values()
        .filter(|tally| tally.class == Class::Question)
        .count()
        > 1;
    let speakers = speakers(&tallies, paragraphs, numbered);
    let verdict = |Seen { head, empty, .. }: &Seen<'t>| {
        let Some(tally) = tallies.get(head.label) else {
            return Verdict::Text;
        };
        if let Some((way, names)) = &speakers
            && let Some(name) = names.get(head.label)
            && fits(head.form, *way)
        {
            return Verdict::Speaker(name);
        }
        let marked = matches!(head.form, Form::Bold | Form::Timed | Form::Colon);
        match tally.class {
            Class::Structure if speakers.is_some() && marked => Verdict::Structure,
            Class::Question if numbered && marked => Verdict::Question,
            Class::Answer if numbered && marked && *empty => Verdict::Structure,
            _ => Verdict::Text,
        }
    };
    seen.iter().map(verdict).collect()
}

/// The file's way of marking speakers, and for each of their labels the name that stands for it; none where nobody speaks.
fn speakers<'t>(
    tallies: &HashMap<&'t str, Tally>,
    paragraphs: usize,
    numbered: bool,
) -> Option<(Way, HashMap<&'t str, &'t str>)> {
    let possible = || tallies.iter().filter(|(_, tally)| tally.possible(numbered));
    let total = |way: Way| -> usize {
        possible()
            .filter(|(_, tally)| tally.stands(way))
            .map(|(_, tally)| tally.count(way))
            .sum()
    };
    let (way, n) = [Way::Strong, Way::Colon, Way::Clocked, Way::Alone, Way::Tab]
        .into_iter()
        .map(|way| (way, total(way)))
        // The stronger form wins a tie.
        .rev()
        .max_by_key(|(_, n)| *n)?;
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
    let standing = || possible().filter(|(_, tally)| tally.stands(way));
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
        return None;
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
    let mut names: HashMap<&'t str, &'t str> = possible()
        .filter(|(_, tally)| tally.stands(way) || single(tally) || by_role(tally))
        .map(|(label, _)| (*label, *label))
        .collect();
    let aliases: Vec<(&'t str, &'t str)> = possible()
        .filter_map(|(label, _)| {
            let (full, short) = with_brackets(label)?;
            [short, full]
                .into_iter()
                .find_map(|name| names.get_key_value(name))
                .map(|(name, _)| (*label, *name))
        })
        .collect();
    names.extend(aliases);
    (!names.is_empty()).then_some((way, names))
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
