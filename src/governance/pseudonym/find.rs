//! Where the key's names stand in a text.
//!
//! Names are compared word by word, without capitals and accents, so a name is never found inside a longer word. What
//! is certainly meant is sure; what only may be is a hit with a [`Doubt`], shown and left to whoever looks.

mod doubt;
mod forms;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::ordinary::is_ordinary;
use super::tokens::{Gap, Shape, Token, fold, fold_into, is_title, tokens};
use crate::domain::words::words;
use crate::governance::key::{Entity, EntityKind, Key};

words! {
    /// Why a hit may be something else.
    Doubt, "doubt" {
        /// A name with a capital that stands in lower case.
        LowerCase = "lower-case",
        /// A word that is none's name as well: `Will you …`, `in May`.
        OrdinaryWord = "ordinary-word",
        /// One side of a double name: `Smith-Jones`.
        Hyphenated = "hyphenated",
        /// With an s: `Roberts` is somebody else than Robert. `the Smiths` are sure.
        Plural = "plural",
        /// Beside another name: `Ann Other`, where Ann is known.
        AnotherName = "another-name",
        /// A part of a person's name that is no alias.
        PartOfName = "part-of-name",
        /// A letter or two off.
        Spelling = "spelling",
        /// Its words in one, or one of them in two: `AnnExample`, `Ex-ample`.
        Joined = "joined",
        /// With an ending: `Exampleton` makes `Exampletonian`.
        Derived = "derived",
        /// `A. Example`, or an organisation's first letters.
        Initials = "initials",
        /// As well somebody else's: the entity is the first of them.
        Several = "several",
    }
}

/// A name in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The entity's number in the key.
    pub entity: u32,
    /// In bytes, without what is bent onto the name: of `Ann's`, `Ann`.
    pub span: Range<usize>,
    /// `None`: it is sure.
    pub doubt: Option<Doubt>,
}

impl Hit {
    pub fn sure(&self) -> bool {
        self.doubt.is_none()
    }
}

/// What a pattern was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    /// A name as it stands in the key.
    Name,
    Part,
    Initials,
    /// First letters with a full stop behind each.
    Stops,
    /// The last name first.
    Reversed,
    /// The words of a name in one, or of a part of it.
    Joined,
    JoinedPart,
}

/// A sequence of words that is a name.
struct Pattern {
    entity: u32,
    from: From,
    person: bool,
    /// Places in the vocabulary.
    words: Vec<u32>,
    /// What stands between them.
    gaps: Vec<Gap>,
    /// Of `&` and the like between them: what it is.
    signs: Vec<String>,
    /// Leading titles, which are asked for and stay.
    titles: usize,
    /// It is written in capitals, as abbreviations are.
    capitals: bool,
    /// A part that is a word too, or of two letters: something beside it must say that it is meant.
    weak: bool,
}

/// The names of a key, made ready to be looked for.
pub struct Names {
    vocabulary: HashMap<Box<str>, u32>,
    patterns: Vec<Pattern>,
    /// Patterns by their first word.
    by_first: Vec<Vec<usize>>,
    /// Words that are looked for with slips too, by their first letter.
    near: HashMap<char, Vec<(String, u32)>>,
    /// Words that are looked for in two pieces too: the first piece, the second and whose it is.
    split: HashMap<String, Vec<(String, u32)>>,
    /// What names are replaced by, folded.
    replacements: HashSet<String>,
}

/// A word of a text as far as names know it.
#[derive(Clone, Copy, Default)]
struct Known {
    /// The place in the vocabulary of the word itself, or of the word without its plural's s.
    word: Option<u32>,
    plural: usize,
    /// A word of the vocabulary that this may be a slip of.
    near: Option<u32>,
    /// That word with an ending behind it.
    derived: bool,
    /// Words are looked for that begin with this one.
    split: bool,
    /// Inside a mark that stands for a name already.
    marked: bool,
}

struct Candidate {
    last: usize,
    entity: u32,
    span: Range<usize>,
    doubt: Option<Doubt>,
    /// It is no name as it stands in the key.
    made: bool,
}

impl Names {
    pub fn new(key: &Key) -> Self {
        let mut names = Self {
            vocabulary: HashMap::new(),
            patterns: Vec::new(),
            by_first: Vec::new(),
            near: HashMap::new(),
            split: HashMap::new(),
            replacements: HashSet::new(),
        };
        for entity in &key.entities {
            names.replacements.insert(fold(&entity.replacement));
            names.add(entity);
        }
        for (n, pattern) in names.patterns.iter().enumerate() {
            if let Some(first) = pattern.words.first() {
                names.by_first[*first as usize].push(n);
            }
        }
        for near in names.near.values_mut() {
            near.sort();
            near.dedup();
        }
        names
    }

    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// The names in a text, in its order; they never overlap. What stands in brackets for a name already is passed over.
    pub fn find(&self, text: &str) -> Vec<Hit> {
        self.find_between(text, &[])
    }

    /// The same without regard to brackets.
    pub fn find_bare(&self, text: &str) -> Vec<Hit> {
        self.search(text, &[], false)
    }

    /// The same as [`Names::find`], where no name reaches over a border (bytes, in order).
    pub fn find_between(&self, text: &str, borders: &[usize]) -> Vec<Hit> {
        self.search(text, borders, true)
    }

    fn search(&self, text: &str, borders: &[usize], marks: bool) -> Vec<Hit> {
        if self.is_empty() {
            return Vec::new();
        }
        let tokens = tokens(text, borders);
        let known = self.known(text, &tokens, marks);
        let look = Look {
            names: self,
            text,
            tokens: &tokens,
            known: &known,
        };
        let mut taken = vec![false; tokens.len()];
        let mut hits = Vec::new();
        // What is sure goes before what is not, also before something longer.
        for sure in [true, false] {
            let mut at = 0;
            while at < tokens.len() {
                if let Some(found) = look.at(at, sure, &taken) {
                    taken[at..=found.last].fill(true);
                    at = found.last + 1;
                    hits.push(Hit {
                        entity: found.entity,
                        span: found.span,
                        doubt: found.doubt,
                    });
                } else {
                    at += 1;
                }
            }
        }
        hits.sort_by_key(|h| h.span.start);
        hits
    }

    fn add(&mut self, entity: &Entity) {
        let person = entity.kind == EntityKind::Person;
        for name in entity.names() {
            let words = tokens(name, &[]);
            let titles = words.iter().take_while(|t| is_title(t.of(name))).count();
            self.pattern(entity, name, &words, From::Name, 0);
            if titles > 0 && titles < words.len() {
                // `Dr Ann Example` is Ann Example without the title too; `Mrs Example` needs hers.
                let bare = &words[titles..];
                let from = if bare[1..].iter().any(|t| t.gap == Gap::Blank) {
                    From::Name
                } else {
                    From::Part
                };
                self.pattern(entity, name, bare, from, 0);
            }
            let bare = if titles < words.len() {
                &words[titles..]
            } else {
                &words[..]
            };
            if person {
                self.parts(entity, name, bare);
            } else {
                self.of_organisation(entity, name, bare);
            }
            self.in_pieces(entity, name, bare);
            self.slips(entity, name, bare);
        }
    }

    fn pattern(
        &mut self,
        entity: &Entity,
        name: &str,
        tokens: &[Token],
        from: From,
        titles: usize,
    ) {
        if tokens.is_empty() {
            return;
        }
        let titles = match tokens.iter().take_while(|t| is_title(t.of(name))).count() {
            n if n < tokens.len() => n,
            _ => titles,
        };
        let words: Vec<u32> = tokens.iter().map(|t| self.word(t.of(name))).collect();
        let between = |pair: &[Token]| &name[pair[0].end..pair[1].start];
        let pattern = Pattern {
            entity: entity.number,
            from,
            person: entity.kind == EntityKind::Person,
            gaps: tokens[1..].iter().map(|t| t.gap).collect(),
            signs: tokens.windows(2).map(|p| sign(between(p))).collect(),
            capitals: tokens.len() == 1 && tokens[0].shape == Shape::Capitals,
            weak: from == From::Part
                && tokens.len() == 1
                && forms::is_weak(&fold(tokens[0].of(name))),
            words,
            titles,
        };
        let same = |p: &Pattern| {
            p.entity == pattern.entity && p.words == pattern.words && p.gaps == pattern.gaps
        };
        match self.patterns.iter().position(same) {
            None => self.patterns.push(pattern),
            // A part of the name that is an alias as well is a name.
            Some(n) if from == From::Name => self.patterns[n] = pattern,
            Some(_) => {}
        }
    }

    fn word(&mut self, word: &str) -> u32 {
        let folded = fold(word).into_boxed_str();
        let next = u32::try_from(self.by_first.len()).unwrap_or(u32::MAX);
        *self.vocabulary.entry(folded).or_insert_with(|| {
            self.by_first.push(Vec::new());
            next
        })
    }

    /// What is known of each word of a text.
    fn known(&self, text: &str, tokens: &[Token], with_marks: bool) -> Vec<Known> {
        let mut folded = String::new();
        // Capitalised words recur: each is compared once.
        let mut compared: HashMap<String, Option<(u32, bool)>> = HashMap::new();
        let mut all: Vec<Known> = tokens
            .iter()
            .map(|token| {
                folded.clear();
                fold_into(token.of(text), &mut folded);
                let (word, plural) = self.look_up(&folded, token.of(text));
                let slips = word.is_none() && token.shape.is_capital() && folded.len() > 3;
                let near = match compared.get(&folded) {
                    _ if !slips => None,
                    Some(known) => *known,
                    None => {
                        let near = self.near(&folded);
                        compared.insert(folded.clone(), near);
                        near
                    }
                };
                Known {
                    word,
                    plural,
                    near: near.map(|(word, _)| word),
                    derived: near.is_some_and(|(_, derived)| derived),
                    split: token.shape.is_capital() && self.split.contains_key(&folded),
                    marked: false,
                }
            })
            .collect();
        if !with_marks {
            return all;
        }
        for mark in marks(text, |inside| self.replacements.contains(&fold(inside))) {
            let first = tokens.partition_point(|t| t.end <= mark.start);
            for (token, known) in tokens[first..].iter().zip(&mut all[first..]) {
                if token.start >= mark.end {
                    break;
                }
                known.marked = true;
            }
        }
        all
    }

    fn look_up(&self, folded: &str, written: &str) -> (Option<u32>, usize) {
        if let Some(word) = self.vocabulary.get(folded) {
            return (Some(*word), 0);
        }
        for (ending, hissing) in [("s", false), ("es", true)] {
            if let Some(stem) = folded.strip_suffix(ending)
                && ends_with(written, ending)
                && (!hissing || stem.ends_with(['s', 'x', 'z', 'h']))
                && let Some(word) = self.vocabulary.get(stem)
            {
                return (Some(*word), ending.len());
            }
        }
        (None, 0)
    }

    /// The word that this one may be a slip of (one letter off, or two in long words), or was made of by an ending,
    /// which is `true` then.
    fn near(&self, folded: &str) -> Option<(u32, bool)> {
        if is_ordinary(folded) {
            return None;
        }
        let letters = folded.chars().count();
        let near = self.near.get(&folded.chars().next()?);
        near.into_iter()
            .flatten()
            .filter_map(|(word, place)| {
                let length = word.chars().count();
                let allowed = usize::from(length > 3) + usize::from(length > 7);
                if length.abs_diff(letters) > allowed {
                    return None;
                }
                let off = strsim::osa_distance(word, folded);
                (off <= allowed).then_some((off, *place))
            })
            .min()
            .map(|(_, place)| (place, false))
            .or_else(|| Some((self.stem(folded)?, true)))
    }
}

/// A text in which names are looked for.
struct Look<'a> {
    names: &'a Names,
    text: &'a str,
    tokens: &'a [Token],
    known: &'a [Known],
}

impl Look<'_> {
    /// The name that begins with a word: the longest.
    fn at(&self, at: usize, sure: bool, taken: &[bool]) -> Option<Candidate> {
        let known = self.known[at];
        if taken[at] || known.marked {
            return None;
        }
        let mut best: Option<Candidate> = None;
        let firsts = [known.word, known.near.filter(|_| !sure)];
        for first in firsts.into_iter().flatten() {
            for n in &self.names.by_first[first as usize] {
                let pattern = &self.names.patterns[*n];
                let Some(found) = self.matched(pattern, at, taken) else {
                    continue;
                };
                if found.doubt.is_none() != sure {
                    continue;
                }
                let Some(before) = &mut best else {
                    best = Some(found);
                    continue;
                };
                if found.last == before.last && found.entity != before.entity {
                    // A name as such before what was made of one.
                    if (found.doubt, found.made) < (before.doubt, before.made) {
                        best = Some(found);
                    } else if (found.doubt, found.made) == (before.doubt, before.made) {
                        before.entity = before.entity.min(found.entity);
                        before.doubt = Some(Doubt::Several);
                    }
                } else if (found.last, std::cmp::Reverse(found.doubt))
                    > (before.last, std::cmp::Reverse(before.doubt))
                {
                    best = Some(found);
                }
            }
        }
        if !sure
            && let Some(found) = self.in_pieces(at, taken)
            && best.as_ref().is_none_or(|b| b.last < found.last)
        {
            return Some(found);
        }
        best
    }

    /// A word that is written as two: `Ex-ample`.
    fn in_pieces(&self, at: usize, taken: &[bool]) -> Option<Candidate> {
        let (first, second) = (self.tokens.get(at)?, self.tokens.get(at + 1)?);
        let tied = match second.gap {
            Gap::Hyphen => true,
            Gap::Blank => !self.line_between(at),
            _ => false,
        };
        if !self.known[at].split || !tied || taken[at + 1] || self.known[at + 1].marked {
            return None;
        }
        let (left, right) = (fold(first.of(self.text)), fold(second.of(self.text)));
        let whose: Vec<u32> = self.names.split[&left]
            .iter()
            .filter(|(wanted, _)| *wanted == right)
            .map(|(_, entity)| *entity)
            .collect();
        let usual = is_ordinary(&left) && (first.starts || is_ordinary(&right));
        let entity = whose.iter().copied().min().filter(|_| !usual)?;
        Some(Candidate {
            last: at + 1,
            entity,
            span: first.start..second.end,
            doubt: Some(if whose.iter().all(|w| *w == entity) {
                Doubt::Joined
            } else {
                Doubt::Several
            }),
            made: true,
        })
    }

    fn matched(&self, pattern: &Pattern, at: usize, taken: &[bool]) -> Option<Candidate> {
        let length = pattern.words.len();
        let last = at + length - 1;
        let tokens = self.tokens.get(at..=last)?;
        let known = &self.known[at..=last];
        let mut slip = false;
        for (n, word) in pattern.words.iter().enumerate() {
            let here = known[n];
            if here.marked || taken[at + n] {
                return None;
            }
            let bent = here.plural > 0 && n + 1 < length;
            if here.word == Some(*word) && !bent {
                continue;
            }
            if here.near != Some(*word) {
                return None;
            }
            slip = true;
        }
        for (n, gap) in pattern.gaps.iter().enumerate() {
            let (left, right) = (&tokens[n], &tokens[n + 1]);
            let fits = match pattern.from {
                From::Stops => right.gap == Gap::Dot,
                // `Example, Ann`
                From::Reversed if self.text[left.end..right.start].trim_end() == "," => {
                    !self.line_between(at + n)
                }
                _ => self.fits(*gap, &pattern.signs[n], left, right),
            };
            if !fits {
                return None;
            }
        }
        let plural = if slip { 0 } else { known[length - 1].plural };
        let start = tokens[pattern.titles].start;
        let end = self.without_plural(&tokens[length - 1], plural);
        let doubt = self.doubt(pattern, at, last, slip, plural)?;
        Some(Candidate {
            last,
            entity: pattern.entity,
            span: start..end,
            doubt,
            made: pattern.from != From::Name,
        })
    }

    /// Whether what stands between two words may stand there in the name.
    fn fits(&self, wanted: Gap, wanted_sign: &str, left: &Token, right: &Token) -> bool {
        match (wanted, right.gap) {
            (Gap::Other, Gap::Other) => {
                let between = &self.text[left.end..right.start];
                sign(between) == wanted_sign && !between.contains("\n\n")
            }
            (a, b) if a == b => true,
            (Gap::Blank | Gap::Hyphen | Gap::Dot, Gap::Blank | Gap::Hyphen | Gap::Dot) => {
                // A full stop belongs to what is short; after a longer word a sentence ends.
                right.gap != Gap::Dot
                    || left.end - left.start < 3
                    || !right.starts
                    || is_title(left.of(self.text))
            }
            _ => false,
        }
    }

    /// Where a word ends without its plural's s.
    fn without_plural(&self, token: &Token, plural: usize) -> usize {
        let word = token.of(self.text);
        let kept = word.chars().count().saturating_sub(plural);
        word.char_indices()
            .nth(kept)
            .map_or(token.end, |(at, _)| token.start + at)
    }

    /// Whether a line ends behind a word.
    fn line_between(&self, n: usize) -> bool {
        let (left, right) = (self.tokens[n], self.tokens[n + 1]);
        self.text[left.end..right.start].contains('\n')
    }
}

/// Whether a word ends so as it is written, accents and all.
fn ends_with(word: &str, ending: &str) -> bool {
    word.len()
        .checked_sub(ending.len())
        .and_then(|at| word.get(at..))
        .is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

/// What stands between two words, without blanks: `&`.
fn sign(between: &str) -> String {
    between.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Brackets whose inside is as wanted, as bytes with the brackets.
pub(super) fn marks<'a>(
    text: &'a str,
    wanted: impl Fn(&str) -> bool + 'a,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut open = None;
    text.bytes().enumerate().filter_map(move |(at, byte)| {
        match byte {
            b'[' => open = Some(at),
            b'\n' => open = None,
            b']' => {
                let from = open.take()?;
                if wanted(&text[from + 1..at]) {
                    return Some(from..at + 1);
                }
            }
            _ => {}
        }
        None
    })
}
