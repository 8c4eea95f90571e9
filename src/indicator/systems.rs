//! The dated graph of cases: who is there on a day, under which name and codes, what a case became, and which case a
//! code means.

use std::collections::{BTreeSet, HashMap};

use super::Error;
use super::rows::said_days;
use crate::domain::span::printable;
use crate::error::{Result, did_you_mean};
use crate::store::{Case, CaseCode, CaseLink, CaseName, Store};

/// The cases with all that is dated about them, read once. Days are written `YYYY-MM-DD`, and compare as they are written.
pub struct Systems {
    cases: Vec<Case>,
    at: HashMap<i64, usize>,
    links: Vec<CaseLink>,
    names: Vec<CaseName>,
    codes: Vec<CaseCode>,
}

/// What a case became: merged into another, or renamed to it, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Became {
    /// `merged-into` or `renamed-to`.
    pub link: String,
    pub other: i64,
    /// None: nobody knows, and nothing is made of it as of a day.
    pub day: Option<String>,
}

impl Systems {
    pub fn read(store: &Store) -> Result<Self> {
        let cases = store.cases()?;
        Ok(Self {
            at: cases.iter().enumerate().map(|(n, c)| (c.id, n)).collect(),
            cases,
            links: store.case_links()?,
            names: store.case_names()?,
            codes: store.case_codes()?,
        })
    }

    /// All cases, by slug.
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    pub fn links(&self) -> &[CaseLink] {
        &self.links
    }

    pub fn case(&self, id: i64) -> Option<&Case> {
        self.at.get(&id).and_then(|n| self.cases.get(*n))
    }

    pub fn slug(&self, id: i64) -> &str {
        self.case(id).map_or("?", |c| c.slug.as_str())
    }

    pub fn names_of(&self, id: i64) -> impl Iterator<Item = &CaseName> {
        self.names.iter().filter(move |n| n.case == id)
    }

    pub fn codes_of(&self, id: i64) -> impl Iterator<Item = &CaseCode> {
        self.codes.iter().filter(move |k| k.case == id)
    }

    /// What a case became, by day. Where the link has no day, it is the one on which the case ended.
    pub fn became(&self, id: i64) -> Vec<Became> {
        let ended = self.case(id).and_then(|c| c.to.clone());
        let mut all: Vec<Became> = self
            .links
            .iter()
            .filter(|l| l.case == id && matches!(l.kind.as_str(), "merged-into" | "renamed-to"))
            .map(|l| Became {
                link: l.kind.clone(),
                other: l.other,
                day: l.from.clone().or_else(|| ended.clone()),
            })
            .collect();
        all.sort_by(|a, b| (&a.day, a.other).cmp(&(&b.day, b.other)));
        all
    }

    /// The first day on which a case was no longer there: it ended, or had become another.
    pub fn end(&self, id: i64) -> Option<String> {
        let became = self.became(id).into_iter().filter_map(|b| b.day).min();
        let ended = self.case(id).and_then(|c| c.to.clone());
        match (became, ended) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Whether a case is there on a day: it has begun, has not ended, and has not become another.
    pub fn is_there(&self, id: i64, day: &str) -> bool {
        let begun = self
            .case(id)
            .is_some_and(|c| c.from.as_deref().is_none_or(|from| from <= day));
        begun && self.end(id).is_none_or(|end| day < end.as_str())
    }

    /// What stands for a case on a day: itself, or what it had become by then, through any number of mergers. None where it
    /// ended without a successor.
    pub fn stands_for(&self, id: i64, day: &str) -> BTreeSet<i64> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut next = vec![id];
        while let Some(id) = next.pop() {
            if !seen.insert(id) {
                continue;
            }
            let became: Vec<i64> = self
                .became(id)
                .into_iter()
                .filter(|b| b.day.as_deref().is_some_and(|d| d <= day))
                .map(|b| b.other)
                .collect();
            let ended = self
                .case(id)
                .and_then(|c| c.to.as_deref())
                .is_some_and(|to| to <= day);
            if became.is_empty() && !ended {
                found.insert(id);
            }
            next.extend(became);
        }
        found
    }

    /// All that a case is part of on a day, directly or through others.
    pub fn wholes(&self, id: i64, day: &str) -> BTreeSet<i64> {
        let mut found = BTreeSet::new();
        let mut next = vec![id];
        while let Some(id) = next.pop() {
            for l in &self.links {
                if l.case == id
                    && l.kind == "part-of"
                    && l.stands(Some(day))
                    && found.insert(l.other)
                {
                    next.push(l.other);
                }
            }
        }
        found
    }

    /// What a case was called on a day: the dated name that held then, otherwise its own.
    pub fn name_on(&self, id: i64, day: &str) -> &str {
        let dated = self
            .names_of(id)
            .filter(|n| n.from.is_some() || n.to.is_some())
            .filter(|n| {
                n.from.as_deref().is_none_or(|from| from <= day)
                    && n.to.as_deref().is_none_or(|to| day < to)
            })
            .max_by(|a, b| a.from.cmp(&b.from));
        match dated {
            Some(name) => &name.name,
            None => self.case(id).map_or("?", |c| c.name.as_str()),
        }
    }

    /// The codes of all cases, with those that stand at the case itself, which have no scheme; each from and until the days on
    /// which both it holds and its case is there.
    pub fn codes(&self) -> Vec<CaseCode> {
        let mut all = self.codes.clone();
        for case in &self.cases {
            if let Some(code) = &case.code
                && !self
                    .codes_of(case.id)
                    .any(|k| k.code.eq_ignore_ascii_case(code))
            {
                all.push(CaseCode {
                    case: case.id,
                    code: code.clone(),
                    ..CaseCode::default()
                });
            }
        }
        for code in &mut all {
            let begun = self.case(code.case).and_then(|c| c.from.clone());
            let ended = self.end(code.case);
            code.from = code.from.take().max(begun);
            code.to = match (code.to.take(), ended) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        all
    }

    /// What a code means on a day. `scheme` where one is named.
    ///
    /// # Errors
    /// Refused where nobody has the code, where it did not hold that day (saying when it held and what followed it), and
    /// where it means two cases.
    pub fn meant_by(&self, code: &str, scheme: Option<&str>, day: &str) -> Result<CaseCode> {
        let all = self.codes();
        let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
        let known: Vec<&CaseCode> = all
            .iter()
            .filter(|k| same(&k.code, code.trim()) && scheme.is_none_or(|s| same(&k.scheme, s)))
            .collect();
        if known.is_empty() {
            let of = scheme.map_or(String::new(), |s| format!(" of `{}`", printable(s)));
            let near = did_you_mean(code, all.iter().map(|k| k.code.as_str()));
            return Err(Error::refused(
                format!("no case has the code `{}`{of}", printable(code)),
                match near {
                    Some(near) => {
                        format!("did you mean `{near}`? See all with: casebook case code list")
                    }
                    None => "see all with: casebook case code list".to_owned(),
                },
            )
            .into());
        }
        let holding: Vec<&CaseCode> = known.iter().copied().filter(|k| k.holds(day)).collect();
        let cases: BTreeSet<i64> = holding.iter().map(|k| k.case).collect();
        if cases.len() > 1 {
            let which: Vec<String> = holding
                .iter()
                .map(|k| format!("{} ({})", self.slug(k.case), scheme_of(k)))
                .collect();
            return Err(Error::refused(
                format!(
                    "`{}` means {} cases on {day}: {}",
                    printable(code),
                    cases.len(),
                    which.join(", ")
                ),
                format!(
                    "say whose code it is, as in: --scheme {}",
                    holding.first().map_or("ONS", |k| scheme_of(k))
                ),
            )
            .into());
        }
        if let Some(found) = holding.first() {
            return Ok((*found).clone());
        }
        let held: Vec<String> = known
            .iter()
            .map(|k| {
                format!(
                    "{}'s {}",
                    self.slug(k.case),
                    said_days(k.from.as_deref(), k.to.as_deref())
                )
            })
            .collect();
        Err(Error::refused(
            format!(
                "`{}` did not hold on {day}: it was {}",
                printable(code),
                held.join(", ")
            ),
            self.followed(&all, &known, day),
        )
        .into())
    }

    /// What followed a code that no longer held on a day, or what was there before one that did not hold yet.
    fn followed(&self, all: &[CaseCode], known: &[&CaseCode], day: &str) -> String {
        let over: Vec<&&CaseCode> = known
            .iter()
            .filter(|k| k.to.as_deref().is_some_and(|to| to <= day))
            .collect();
        let mut said: Vec<String> = Vec::new();
        for k in &over {
            for id in self.stands_for(k.case, day) {
                let code = all.iter().find(|o| {
                    o.case == id && o.scheme.eq_ignore_ascii_case(&k.scheme) && o.holds(day)
                });
                let how = if id == k.case {
                    format!("{} was recoded", self.slug(id))
                } else {
                    format!("{} became {}", self.slug(k.case), self.slug(id))
                };
                said.push(match code {
                    Some(code) => format!("{how}: casebook case at {} --as-of {day}", code.code),
                    None => format!("{how}: casebook case show {}", self.slug(id)),
                });
            }
        }
        said.dedup();
        if said.is_empty() {
            let slug = known.first().map_or("SLUG", |k| self.slug(k.case));
            return format!("see the codes of that case with: casebook case code list {slug}");
        }
        format!("what followed: {}", said.join("; "))
    }
}

/// Whose code it is; one that stands at the case itself is nobody's.
fn scheme_of(k: &CaseCode) -> &str {
    if k.scheme.is_empty() {
        "no scheme"
    } else {
        &k.scheme
    }
}
