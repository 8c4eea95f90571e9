//! Entities added, changed and taken away, and what can't be one.

use super::{Entity, EntityKind, Key};
use crate::domain::span::printable;
use crate::governance::Error;
use crate::governance::pseudonym::{Hit, Names, folded_words};

/// An entity before it has a number.
#[derive(Clone, PartialEq, Eq)]
pub struct NewEntity {
    pub kind: EntityKind,
    pub real: String,
    pub aliases: Vec<String>,
    pub replacement: String,
    pub participant: Option<String>,
    pub case: Option<String>,
    pub contact: Option<String>,
}

// As an entity, never printed.
impl std::fmt::Debug for NewEntity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a new entity")
    }
}

impl Key {
    /// An empty key of a study (its uuid, in hex).
    pub fn of(study: &str) -> Self {
        Self {
            study: study.to_owned(),
            ..Self::default()
        }
    }

    /// The entity that somebody calls by its number, its replacement, its participant's code or its case's slug.
    ///
    /// # Errors
    /// [`Error::Refused`]: there is none, or there are several.
    pub fn entity(&self, typed: &str) -> Result<&Entity, Error> {
        let bare = typed.trim().trim_start_matches('[').trim_end_matches(']');
        let number = bare.parse::<u32>().ok();
        let same = |a: &str| a.eq_ignore_ascii_case(bare);
        if let Some(one) = self
            .entities
            .iter()
            .find(|e| Some(e.number) == number || same(&e.replacement))
        {
            return Ok(one);
        }
        let linked: Vec<&Entity> = self
            .entities
            .iter()
            .filter(|e| {
                e.participant.as_deref().is_some_and(same) || e.case.as_deref().is_some_and(same)
            })
            .collect();
        match linked[..] {
            [one] => Ok(one),
            [] => Err(Error::refused(
                // What was typed may be the name itself.
                "the key has no entity of that number, replacement, participant or case",
                "see them with: casebook pseudonym list",
            )),
            ref several => Err(Error::refused(
                format!(
                    "several entities belong to `{}`: {}",
                    printable(bare),
                    numbers(several)
                ),
                "say which by its number",
            )),
        }
    }

    /// Adds an entity. Gives its number.
    ///
    /// # Errors
    /// [`Error::Refused`]: what can't be a name or a replacement, or is one already. It never says the name.
    pub fn add(&mut self, new: NewEntity) -> Result<u32, Error> {
        let used = |n: u32| n + 1;
        let number = self
            .entities
            .iter()
            .map(|e| e.number)
            .chain(
                self.applied
                    .iter()
                    .flat_map(|a| a.marks.iter().map(|m| m.entity)),
            )
            .max()
            .map_or(1, used);
        self.replace(number, new)?;
        Ok(number)
    }

    /// Puts what is said of an entity in the place of what was said, or behind the others.
    ///
    /// # Errors
    /// As [`Key::add`].
    pub fn replace(&mut self, number: u32, new: NewEntity) -> Result<(), Error> {
        let mut entity = Entity {
            number,
            kind: new.kind,
            real: tidy(&new.real),
            aliases: new.aliases.iter().map(|a| tidy(a)).collect(),
            replacement: bare(&new.replacement),
            participant: new.participant,
            case: new.case,
            contact: new.contact,
        };
        let mut known = vec![folded_words(&entity.real)];
        entity.aliases.retain(|alias| {
            let folded = folded_words(alias);
            let new = !known.contains(&folded);
            known.push(folded);
            new
        });
        let others = self.entities.iter().filter(|e| e.number != entity.number);
        check(&entity, others)?;
        match self.entities.iter_mut().find(|e| e.number == entity.number) {
            Some(old) => *old = entity,
            None => self.entities.push(entity),
        }
        Ok(())
    }

    /// In how many places of texts an entity stands, as far as the key knows.
    pub fn places_of(&self, number: u32) -> usize {
        self.applied
            .iter()
            .flat_map(|a| &a.marks)
            .filter(|m| m.entity == number)
            .count()
    }

    /// Takes an entity away, with all that is kept of it. What stands in texts for it can't be had back then.
    pub fn remove(&mut self, number: u32) {
        self.entities.retain(|e| e.number != number);
        for text in &mut self.applied {
            text.marks.retain(|m| m.entity != number);
        }
        self.applied.retain(|a| !a.marks.is_empty());
    }
}

fn numbers(entities: &[&Entity]) -> String {
    let all: Vec<String> = entities.iter().map(|e| e.number.to_string()).collect();
    all.join(", ")
}

/// Without blanks around it and with single ones in it.
fn tidy(typed: &str) -> String {
    typed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A replacement without the brackets that somebody typed with it.
pub(super) fn bare(typed: &str) -> String {
    let typed = tidy(typed);
    typed
        .strip_prefix('[')
        .and_then(|t| t.strip_suffix(']'))
        .map_or(typed.clone(), tidy)
}

fn check<'a>(
    entity: &Entity,
    others: impl Iterator<Item = &'a Entity> + Clone,
) -> Result<(), Error> {
    for name in entity.names() {
        let letters = name.chars().filter(|c| c.is_alphanumeric()).count();
        let refused = match letters {
            0 => Some("a name is empty, or has no letter in it"),
            1 => Some("a name has only one letter"),
            _ if name.chars().any(char::is_control) => Some("a name holds a control character"),
            _ if name.chars().count() > 200 => Some("a name is longer than 200 characters"),
            _ => None,
        };
        if let Some(why) = refused {
            return Err(Error::refused(
                why,
                "give the name in full, as it stands in the texts",
            ));
        }
        let folded = folded_words(name);
        if let Some(other) = others
            .clone()
            .find(|e| e.names().any(|n| folded_words(n) == folded))
        {
            return Err(Error::refused(
                format!("a name is one of entity {} already", other.number),
                format!(
                    "leave it out, or take it away there: casebook pseudonym edit {} --no-alias NAME",
                    other.number
                ),
            ));
        }
    }
    check_replacement(entity, others)
}

fn check_replacement<'a>(
    entity: &Entity,
    others: impl Iterator<Item = &'a Entity>,
) -> Result<(), Error> {
    let others: Vec<&Entity> = others.collect();
    let replacement = &entity.replacement;
    let unfit = replacement
        .chars()
        .any(|c| c.is_control() || matches!(c, '[' | ']' | ':'));
    if !replacement.chars().any(char::is_alphanumeric) {
        return Err(Error::refused(
            "the replacement is empty",
            "say what is to stand instead of the name: P07, Hospital A",
        ));
    }
    if unfit || replacement.chars().count() > 80 {
        return Err(Error::refused(
            "the replacement can't be written between brackets",
            "it has no bracket, colon or line break and at most 80 characters, as in: Hospital A",
        ));
    }
    if replacement.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Error::refused(
            "a number can't be a replacement",
            "entities are called by their numbers; say what it is, as in: Hospital 1",
        ));
    }
    let same = |a: &str, b: &str| folded_words(a) == folded_words(b);
    if let Some(other) = others.iter().find(|e| same(&e.replacement, replacement)) {
        return Err(Error::refused(
            format!("entity {} has that replacement already", other.number),
            "two names of one person are aliases: casebook pseudonym edit N --alias NAME; two people need two replacements",
        ));
    }
    let mut all: Vec<Entity> = others.iter().map(|e| (*e).clone()).collect();
    all.push(entity.clone());
    let names = Names::new(&Key {
        entities: all,
        ..Key::default()
    });
    // Brackets would protect it; a space before takes away the capital of a sentence's beginning.
    if let Some(hit) = names
        .find_bare(&format!("the {replacement}"))
        .into_iter()
        .find(Hit::sure)
    {
        return Err(Error::refused(
            format!(
                "the replacement is, or holds, a real name (of entity {})",
                hit.entity
            ),
            "choose one that is nobody's: P07, Hospital A",
        ));
    }
    // A name must not be somebody else's replacement either.
    if let Some(other) = others
        .iter()
        .find(|e| entity.names().any(|n| same(&e.replacement, n)))
    {
        return Err(Error::refused(
            format!("a name is what stands for entity {}", other.number),
            "give that entity another replacement first",
        ));
    }
    if entity.kind == EntityKind::Person
        && let Some(code) = &entity.participant
        && let Some(other) = others.iter().find(|e| {
            e.kind == EntityKind::Person
                && e.participant
                    .as_deref()
                    .is_some_and(|p| p.eq_ignore_ascii_case(code))
        })
    {
        return Err(Error::refused(
            format!("`{}` is entity {} already", printable(code), other.number),
            format!(
                "two names of one person are aliases: casebook pseudonym edit {} --alias NAME",
                other.number
            ),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(real: &str, aliases: &[&str], replacement: &str) -> NewEntity {
        NewEntity {
            kind: EntityKind::Person,
            real: real.into(),
            aliases: aliases.iter().map(|a| (*a).into()).collect(),
            replacement: replacement.into(),
            participant: None,
            case: None,
            contact: None,
        }
    }

    fn key() -> Key {
        let mut key = Key::of("00ff");
        key.add(new("Ann Example", &["Ann", "ann", "Ann  Example"], "[P07]"))
            .expect("a first");
        key.add(new("Bo Sample", &[], "P08")).expect("a second");
        key
    }

    #[test]
    fn names_and_replacements_are_kept_tidy() {
        let key = key();
        assert_eq!(key.entities[0].aliases, ["Ann"]);
        assert_eq!(key.entities[0].replacement, "P07");
        for typed in ["2", "P08", "p08", "[P08]"] {
            assert_eq!(key.entity(typed).expect("it is there").number, 2);
        }
        assert!(key.entity("Bo Sample").is_err());
    }

    #[test]
    fn what_can_not_be_is_refused_without_the_name() {
        for (entity, why) in [
            (new("", &[], "P09"), "a name is empty"),
            (new("X", &[], "P09"), "only one letter"),
            (new("Cy Trial", &["Q"], "P09"), "only one letter"),
            (new("Cy Trial", &[], " "), "the replacement is empty"),
            (new("Cy Trial", &[], "a: b"), "between brackets"),
            (new("Cy Trial", &[], "12"), "a number can't be"),
            (new("Cy Trial", &[], "p07"), "entity 1 has that replacement"),
            (new("Cy Trial", &["ANN"], "P09"), "one of entity 1 already"),
            (new("Cy Trial", &[], "Bo Sample"), "real name (of entity 2)"),
            (
                new("Cy Trial", &[], "Ann’s friend"),
                "real name (of entity 1)",
            ),
            (new("Cy Trial", &[], "Cy Trial"), "real name (of entity 3)"),
            (new("P07", &[], "P09"), "what stands for entity 1"),
        ] {
            let mut key = key();
            let refused = key.add(entity).expect_err(why).to_string();
            assert!(refused.contains(why), "{refused}");
            for name in ["Trial", "Sample", "Ann"] {
                assert!(!refused.contains(name), "{refused}");
            }
            assert_eq!(key.entities.len(), 2);
        }
    }

    #[test]
    fn a_number_is_not_used_again_while_a_text_holds_it() {
        let mut key = key();
        key.keep_applied(super::super::Applied {
            text: "aa".into(),
            marks: vec![(0, 5, 2, "Bo".to_owned()).into()],
        });
        assert_eq!(key.places_of(2), 1);
        key.entities.retain(|e| e.number != 2);
        assert_eq!(key.add(new("Cy Trial", &[], "P09")).ok(), Some(3));
        key.remove(2);
        assert!(key.applied.is_empty());
    }
}
