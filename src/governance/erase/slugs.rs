//! Slugs of erased transcripts in lines of the record and in paths: people name a transcript for who speaks in it. One of
//! the program's own, as `T01`, says nothing and stays.

use std::collections::BTreeSet;

use super::quoted::ERASED;

/// The slugs to take out, in lower case.
#[derive(Default)]
pub(super) struct Slugs(BTreeSet<String>);

impl Slugs {
    /// Takes in a slug that may say something.
    pub(super) fn add(&mut self, slug: &str) {
        let own = slug
            .strip_prefix(['T', 't'])
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        if !own && !slug.is_empty() {
            self.0.insert(slug.to_lowercase());
        }
    }

    /// Leaves out a slug that another transcript has, which stays.
    pub(super) fn keep(&mut self, slug: &str) {
        self.0.remove(&slug.to_lowercase());
    }

    /// The text without them; none where it has none of them. A slug within a longer word is another.
    pub(super) fn without(&self, text: &str) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let mut out = String::with_capacity(text.len());
        let mut found = false;
        let mut rest = text;
        while !rest.is_empty() {
            let within = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
            let end = rest.find(|c| !within(c)).unwrap_or(rest.len());
            let word = &rest[..end];
            // A path has the ending of a file behind it, a sentence its full stop.
            let slug = (1..=word.len())
                .rev()
                .filter(|n| *n == word.len() || word.as_bytes()[*n] == b'.')
                .filter(|n| word.is_char_boundary(*n))
                .find(|n| self.0.contains(&word[..*n].to_lowercase()));
            match slug {
                Some(n) => {
                    found = true;
                    out.push_str(ERASED);
                    out.push_str(&word[n..]);
                }
                None => out.push_str(word),
            }
            let next = rest[end..].chars().next().map_or(0, char::len_utf8);
            out.push_str(&rest[end..end + next]);
            rest = &rest[end + next..];
        }
        found.then_some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_and_a_number_stays() {
        let mut slugs = Slugs::default();
        for slug in ["Smith", "T01", "ann-lee", "T02-late", "bo"] {
            slugs.add(slug);
        }
        slugs.keep("Bo");
        for (text, left) in [
            ("import smith", Some("import [erased]")),
            (
                "remove transcript SMITH with 1 coding",
                Some("remove transcript [erased] with 1 coding"),
            ),
            ("/a/sar/ann-lee.md", Some("/a/sar/[erased].md")),
            ("code T02-late:2 money", Some("code [erased]:2 money")),
            ("edit smith.", Some("edit [erased].")),
            ("code T01:2 money", None),
            ("add theme blacksmith", None),
            ("import bo", None),
            ("", None),
            ("\u{e9}\u{6f22}.\u{1f642} x", None),
        ] {
            assert_eq!(slugs.without(text).as_deref(), left, "{text}");
        }
    }
}
