//! The forms that are made of a key's name: its parts, turned round, in one word, in two pieces, first letters, slips.

use super::{From, Names};
use crate::governance::key::{Entity, EntityKind};
use crate::governance::pseudonym::ordinary::{is_generic, is_of_organisations};
use crate::governance::pseudonym::tokens::{Gap, Shape, Token, fold, tokens};

/// Whether a folded part of a name says nothing by itself: a word, or two letters.
pub(super) fn is_weak(folded: &str) -> bool {
    folded.chars().nth(2).is_none() || is_generic(folded)
}

/// Words that are tied by hyphens or apostrophes, as one.
fn groups<'t>(words: &'t [Token]) -> Vec<&'t [Token]> {
    let mut all: Vec<&'t [Token]> = Vec::new();
    let mut from = 0;
    for to in 1..=words.len() {
        if to == words.len() || matches!(words[to].gap, Gap::Blank | Gap::Dot) {
            all.push(&words[from..to]);
            from = to;
        }
    }
    all
}

/// Words as they are written, with what stands between them.
fn written<'a>(name: &'a str, words: &[Token]) -> &'a str {
    match (words.first(), words.last()) {
        (Some(first), Some(last)) => &name[first.start..last.end],
        _ => "",
    }
}

fn joined(name: &str, words: &[Token]) -> String {
    words.iter().map(|t| t.of(name)).collect()
}

impl Names {
    /// A form that isn't written in the key.
    fn form(&mut self, entity: &Entity, form: &str, from: From) {
        self.pattern(entity, form, &tokens(form, &[]), from, 0);
    }

    /// Of a person: first and last names by themselves, in one word, turned round, and initials.
    pub(super) fn parts(&mut self, entity: &Entity, name: &str, words: &[Token]) {
        if words.len() < 2 {
            return;
        }
        for word in words {
            if word.shape.is_capital() && word.of(name).chars().nth(1).is_some() {
                self.pattern(entity, name, std::slice::from_ref(word), From::Part, 0);
            }
        }
        let groups = groups(words);
        for group in &groups {
            // `Anne-Marie` of Anne-Marie Smith.
            if group.len() > 1 && group.len() < words.len() {
                self.pattern(entity, name, group, From::Part, 0);
                self.in_one(entity, name, group, From::JoinedPart);
            }
        }
        self.in_one(entity, name, words, From::Joined);
        let (first, last) = (groups[0], groups[groups.len() - 1]);
        if groups.len() > 1 {
            let (first, last) = (written(name, first), written(name, last));
            self.form(entity, &format!("{last} {first}"), From::Reversed);
            if groups.len() > 2 {
                self.form(entity, &format!("{first} {last}"), From::Name);
                let before = &words[..words.len() - groups[groups.len() - 1].len()];
                let before = written(name, before);
                self.form(entity, &format!("{last} {before}"), From::Reversed);
            }
            let letters: String = groups
                .iter()
                .filter_map(|g| g[0].of(name).chars().next())
                .collect();
            self.stops(entity, &letters);
        }
        let (first, last) = (&words[0], &words[words.len() - 1]);
        if let Some(letter) = first.of(name).chars().next()
            && first.shape.is_capital()
            && last.shape.is_capital()
        {
            let short = format!("{letter} {}", last.of(name));
            self.form(entity, &short, From::Initials);
        }
    }

    /// Of an organisation or a place: the words that are its own, the name without them, and its first letters.
    pub(super) fn of_organisation(&mut self, entity: &Entity, name: &str, words: &[Token]) {
        if let [word] = words
            && word.shape == Shape::Capitals
        {
            self.stops(entity, word.of(name));
        }
        if words.len() < 2 {
            return;
        }
        let own = |word: &Token| {
            word.shape.is_capital()
                && word.of(name).chars().nth(2).is_some()
                && !is_generic(&fold(word.of(name)))
        };
        for word in words.iter().filter(|w| own(w)) {
            self.pattern(entity, name, std::slice::from_ref(word), From::Part, 0);
        }
        let leading = words.iter().take_while(|w| own(w)).count();
        for without in [usize::from(leading > 0), leading] {
            let rest = &words[without..];
            if without > 0 && rest.len() > 1 && rest[0].shape.is_capital() {
                self.pattern(entity, name, rest, From::Part, 0);
            }
        }
        self.in_one(entity, name, words, From::Joined);
        if words.len() > 2 {
            let letters: String = words
                .iter()
                .filter(|t| t.shape.is_capital())
                .filter_map(|t| t.of(name).chars().next())
                .collect();
            if letters.chars().count() > 2 {
                self.form(entity, &letters, From::Initials);
                self.stops(entity, &letters);
            }
        }
    }

    /// `AnnExample`
    fn in_one(&mut self, entity: &Entity, name: &str, words: &[Token], from: From) {
        let joined = joined(name, words);
        let folded = fold(&joined);
        if words.len() > 1 && folded.chars().count() > 4 && !is_generic(&folded) {
            self.form(entity, &joined, from);
        }
    }

    /// `A.E.`
    fn stops(&mut self, entity: &Entity, letters: &str) {
        let apart: Vec<String> = letters.chars().map(String::from).collect();
        if (2..7).contains(&apart.len()) {
            self.form(entity, &apart.join(" "), From::Stops);
        }
    }

    /// Words that somebody may write as two.
    pub(super) fn in_pieces(&mut self, entity: &Entity, name: &str, words: &[Token]) {
        for word in words {
            let folded = fold(word.of(name));
            if !word.shape.is_capital() || folded.chars().count() < 6 || is_generic(&folded) {
                continue;
            }
            let cuts = folded.char_indices().map(|(at, _)| at).skip(3);
            for cut in cuts {
                let (first, second) = folded.split_at(cut);
                if second.chars().nth(2).is_some() {
                    let whose = self.split.entry(first.to_owned()).or_default();
                    whose.push((second.to_owned(), entity.number));
                }
            }
        }
    }

    /// Words in which slips are looked for.
    pub(super) fn slips(&mut self, entity: &Entity, name: &str, words: &[Token]) {
        let organisation = !matches!(entity.kind, EntityKind::Person | EntityKind::Place);
        for word in words {
            let folded = fold(word.of(name));
            if word.shape == Shape::Lower
                || (word.shape == Shape::Capitals && organisation)
                || folded.chars().count() < 4
                || if words.len() > 1 {
                    is_of_organisations(&folded)
                } else {
                    is_generic(&folded)
                }
            {
                continue;
            }
            if let (Some(first), Some(place)) = (
                folded.chars().next(),
                self.vocabulary.get(&*folded).copied(),
            ) {
                self.near.entry(first).or_default().push((folded, place));
            }
        }
    }

    /// The word that this one was made of by an ending: `Exampletonian`, `Zoey`.
    pub(super) fn stem(&self, folded: &str) -> Option<u32> {
        const ENDINGS: [(&str, usize); 20] = [
            ("ians", 5),
            ("ian", 5),
            ("eans", 5),
            ("ean", 5),
            ("ans", 5),
            ("an", 5),
            ("ites", 5),
            ("ite", 5),
            ("ers", 5),
            ("er", 5),
            ("esque", 4),
            ("ish", 5),
            ("ese", 5),
            ("ism", 5),
            ("like", 4),
            ("gate", 4),
            ("ies", 3),
            ("ie", 3),
            ("ey", 3),
            ("y", 3),
        ];
        ENDINGS.iter().find_map(|(ending, least)| {
            let stem = folded.strip_suffix(ending)?;
            let long = stem.chars().count() >= *least && !is_generic(stem);
            long.then(|| {
                let silent = || self.vocabulary.get(&*format!("{stem}e"));
                self.vocabulary.get(stem).or_else(silent).copied()
            })?
        })
    }
}
