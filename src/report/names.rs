//! Names in what researchers wrote: a claim or a summary is printed as it stands, and may name whom a report must not.

use std::collections::HashMap;

use super::source::Source;

/// Names, to be found as whole words.
pub(super) struct Names(Vec<String>);

impl Names {
    /// The codes of all participants but this one.
    pub(super) fn of_people(source: &Source, but: Option<&str>) -> Self {
        let people = source.people.participants.values();
        Self(
            people
                .filter(|p| but != Some(p.code.as_str()))
                .map(|p| plain(&p.code))
                .collect(),
        )
    }

    /// With the names and the slugs of all cases but these.
    pub(super) fn and_cases(mut self, source: &Source, but: &[i64]) -> Self {
        for case in source.people.cases.values() {
            if !but.contains(&case.id) {
                self.0.push(plain(&case.name));
                self.0.push(plain(&case.slug));
            }
        }
        self
    }

    /// With the roles that fewer than `few` people hold, but this one: whoever knows the setting knows who that is.
    pub(super) fn and_rare_roles(mut self, source: &Source, few: u64, but: Option<&str>) -> Self {
        let mut holders: HashMap<String, u64> = HashMap::new();
        for p in source.people.participants.values() {
            if let Some(role) = &p.role {
                *holders.entry(plain(role)).or_default() += 1;
            }
        }
        let own = but.map(plain);
        let rare = holders
            .into_iter()
            .filter(|(role, n)| *n < few && Some(role) != own.as_ref() && !role.trim().is_empty());
        self.0.extend(rare.map(|(role, _)| role));
        self
    }

    /// Whether one of them stands in a text.
    pub(super) fn are_in(&self, text: &str) -> bool {
        let text = plain(text);
        self.0.iter().any(|name| text.contains(name.as_str()))
    }
}

/// Lower case, with one blank for all that is no letter or digit, and a blank at both ends: so words are found as words.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    format!(" {} ", words.join(" ").to_lowercase())
}
