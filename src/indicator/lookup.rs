//! A published lookup: which part belongs to which whole, a row for each. Everything that does not fit is gathered before
//! anything is written: blanks, one code with two names, a name that a case is not known by, a column that should say one
//! thing of a whole and says two.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Error;
use super::found::{Finding, Findings};
use super::layout::column;
use super::systems::Systems;
use crate::domain::Date;
use crate::domain::attribute::{Owner, infer};
use crate::domain::span::printable;
use crate::error::Result;
use crate::import::grid::{Grid, Row, letters};
use crate::store::{Case, CaseLink, OwnerId, Store, Tx};
use crate::study::records::{check_name, set_attributes};

/// What the columns of a lookup are; each by its head or its letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Holds the code or slug of the part.
    pub part: String,
    pub part_name: Option<String>,
    pub part_kind: String,
    /// Holds the code or slug of the whole.
    pub whole: String,
    pub whole_name: Option<String>,
    pub whole_kind: String,
    /// Attributes of the part, of the whole; and what is not read.
    pub of_part: Vec<String>,
    pub of_whole: Vec<String>,
    pub leave_out: Vec<String>,
    /// Whether blanks around what stands in a cell mean nothing.
    pub trim: bool,
    /// From when to when the parts belong to the wholes.
    pub from: Option<Date>,
    pub to: Option<Date>,
    /// What becomes of a part that belongs to another whole on that day: it has moved, or it is in both.
    pub moved: bool,
    pub also: bool,
}

/// A case as a lookup has it.
#[derive(Clone, Debug)]
struct Found {
    /// Of the study, if it is there.
    id: Option<i64>,
    slug: String,
    /// As the file writes it.
    code: String,
    name: Option<String>,
    attributes: BTreeMap<usize, String>,
}

/// A lookup that was read.
#[derive(Debug)]
pub struct Lookup {
    parts: Side,
    wholes: Side,
    /// Of places in `parts` and `wholes`, in the order of the file, each once.
    links: Vec<(usize, usize)>,
    /// Links of its parts to other wholes of that kind, which stand on the day.
    elsewhere: Vec<CaseLink>,
    /// The day as of which it is read.
    day: String,
    heads: Vec<String>,
    pub rows: usize,
    pub found: Vec<Finding>,
}

#[derive(Debug)]
struct Side {
    kind: String,
    code: usize,
    name: Option<usize>,
    attributes: Vec<usize>,
    all: Vec<Found>,
    /// By code without capitals, with the line that it stands in first.
    at: BTreeMap<String, (usize, u64)>,
}

/// What was made of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Linked {
    pub rows: usize,
    pub parts: usize,
    pub wholes: usize,
    pub cases_added: usize,
    pub links_added: usize,
    pub links_there: usize,
    /// Links to other wholes that were ended, as their parts moved.
    pub links_ended: usize,
    /// Parts of more than one whole.
    pub in_several: Vec<String>,
    pub attributes: Vec<String>,
    pub found: Vec<Finding>,
    pub event: Option<i64>,
}

/// Reads a lookup. What stands in its way is in `found`.
///
/// # Errors
/// A column that is not there, two that are called so, and one of which nothing is said.
pub fn read(grid: &Grid, columns: &Columns, store: &Store, today: &str) -> Result<Lookup> {
    let mut heads: Vec<String> = Vec::new();
    grid.rows::<Error>(|_, row| {
        heads = (0..row.len())
            .map(|n| row.cell(n).trim().trim_start_matches('\u{feff}').to_owned())
            .collect();
        Ok(row.is_empty())
    })?;
    let side = |code: &str, name: Option<&String>, kind: &str, more: &[String]| -> Result<Side> {
        Ok(Side {
            kind: kind.to_owned(),
            code: column(&heads, code)?,
            name: name.map(|n| column(&heads, n)).transpose()?,
            attributes: more
                .iter()
                .map(|c| column(&heads, c))
                .collect::<Result<_, _>>()?,
            all: Vec::new(),
            at: BTreeMap::new(),
        })
    };
    let mut parts = side(
        &columns.part,
        columns.part_name.as_ref(),
        &columns.part_kind,
        &columns.of_part,
    )?;
    let mut wholes = side(
        &columns.whole,
        columns.whole_name.as_ref(),
        &columns.whole_kind,
        &columns.of_whole,
    )?;
    let mut said: BTreeSet<usize> = columns
        .leave_out
        .iter()
        .map(|c| column(&heads, c))
        .collect::<Result<_, _>>()?;
    for s in [&parts, &wholes] {
        said.insert(s.code);
        said.extend(s.name);
        said.extend(&s.attributes);
    }
    if let Some(n) = (0..heads.len()).find(|n| !said.contains(n) && !heads[*n].is_empty()) {
        return Err(Error::refused(
            format!("nothing is said of the column `{}`", printable(&heads[n])),
            format!(
                "say what it is: --of-part \"{0}\", --of-whole \"{0}\" or --leave-out \"{0}\"",
                printable(&heads[n])
            ),
        )
        .into());
    }
    let day = columns
        .from
        .map_or_else(|| today.to_owned(), |d| d.to_string());
    let systems = Systems::read(store)?;
    let mut findings = Findings::default();
    let mut links: Vec<(usize, usize)> = Vec::new();
    let mut there: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut rows = 0;
    let mut first = true;
    grid.rows::<crate::error::Failure>(|line, row| {
        if first || row.is_empty() {
            first &= row.is_empty();
            return Ok(true);
        }
        rows += 1;
        if !columns.trim {
            blanks(&mut findings, line, row, &said, &columns.leave_out, &heads);
        }
        let part = one(&mut parts, line, row, &heads, &systems, &day, &mut findings);
        let whole = one(
            &mut wholes,
            line,
            row,
            &heads,
            &systems,
            &day,
            &mut findings,
        );
        if let (Some(part), Some(whole)) = (part, whole)
            && there.insert((part, whole))
        {
            links.push((part, whole));
        }
        Ok(true)
    })?;
    if rows == 0 {
        return Err(Error::refused(
            "the lookup has no row beneath its heads",
            "a lookup has a first row of column names, then a row for each part",
        )
        .into());
    }
    let mut lookup = Lookup {
        parts,
        wholes,
        links,
        elsewhere: Vec::new(),
        day,
        heads,
        rows,
        found: Vec::new(),
    };
    lookup.look_elsewhere(&systems);
    if !columns.also && !columns.moved {
        lookup.say_elsewhere(&systems, &mut findings);
    }
    lookup.says_two_things(grid, &mut findings)?;
    lookup.found = findings.done();
    Ok(lookup)
}

fn blanks(
    findings: &mut Findings,
    line: u64,
    row: Row,
    said: &BTreeSet<usize>,
    out: &[String],
    heads: &[String],
) {
    for n in said {
        let cell = row.cell(*n);
        if cell.trim() != cell && !out.contains(&heads[*n]) {
            findings.row(format!("blank {n} {}", cell.trim()), line, *n, || {
                (
                    format!("`{}` has blanks around it", printable(cell)),
                    "where they mean nothing, add --trim".to_owned(),
                )
            });
        }
    }
}

/// The case that a row names on one of its sides, by its place among those found.
fn one(
    side: &mut Side,
    line: u64,
    row: Row,
    heads: &[String],
    systems: &Systems,
    day: &str,
    findings: &mut Findings,
) -> Option<usize> {
    let code = row.cell(side.code).trim();
    let name = side
        .name
        .map(|n| row.cell(n).trim().to_owned())
        .filter(|n| !n.is_empty());
    if code.is_empty() {
        findings.row(format!("no code {}", side.code), line, side.code, || {
            (
                format!("nothing stands in `{}`", printable(&heads[side.code])),
                "give the row its code, or take it out of the file".to_owned(),
            )
        });
        return None;
    }
    let key = code.to_lowercase();
    if let Some((at, first)) = side.at.get(&key) {
        let known = &side.all[*at];
        if let (Some(before), Some(now)) = (&known.name, &name)
            && before != now
        {
            findings.row(
                format!("names {key} {now}"),
                line,
                side.name.unwrap_or_default(),
                || {
                    (
                        format!(
                            "`{}` is called `{}` here, and `{}` in line {first}",
                            printable(code),
                            printable(now),
                            printable(before)
                        ),
                        "mend the file: one code has one name in it".to_owned(),
                    )
                },
            );
        }
        let at = *at;
        for n in side.attributes.clone() {
            let cell = row.cell(n).trim();
            if !cell.is_empty() {
                side.all[at]
                    .attributes
                    .entry(n)
                    .or_insert_with(|| cell.to_owned());
            }
        }
        return Some(at);
    }
    let id = match which(code, systems, day) {
        Ok(id) => id,
        Err(e) => {
            findings.row(format!("code {key}"), line, side.code, || {
                (e.to_string(), e.hint().unwrap_or_default())
            });
            return None;
        }
    };
    if let (Some(id), Some(now)) = (id, &name) {
        let own = systems.case(id).map_or("", |c| c.name.as_str());
        if own != now && !systems.names_of(id).any(|n| n.name == *now) {
            let slug = systems.slug(id);
            findings.row(
                format!("unknown name {key}"),
                line,
                side.name.unwrap_or_default(),
                || {
                    (
                        format!(
                            "`{}` is `{slug}`, which is not known as `{}` but as `{}`",
                            printable(code),
                            printable(now),
                            printable(own)
                        ),
                        format!(
                            "where both are the same: casebook case name add {slug} \"{}\"",
                            printable(now)
                        ),
                    )
                },
            );
        }
    }
    if id.is_none()
        && let Err(e) = check_name("case", code)
    {
        findings.row(format!("slug {key}"), line, side.code, || {
            (
                e.to_string(),
                "a code becomes the slug of its case".to_owned(),
            )
        });
        return None;
    }
    let attributes = side
        .attributes
        .iter()
        .map(|n| (*n, row.cell(*n).trim().to_owned()))
        .filter(|(_, v)| !v.is_empty())
        .collect();
    let slug = id.map_or_else(|| code.to_lowercase(), |id| systems.slug(id).to_owned());
    side.at.insert(key, (side.all.len(), line));
    side.all.push(Found {
        id,
        slug,
        code: code.to_owned(),
        name,
        attributes,
    });
    Some(side.all.len() - 1)
}

/// The case that a code or a slug means on a day; none where it means nothing yet.
fn which(code: &str, systems: &Systems, day: &str) -> Result<Option<i64>> {
    if systems
        .codes()
        .iter()
        .any(|k| k.code.eq_ignore_ascii_case(code))
    {
        return Ok(Some(systems.meant_by(code, None, day)?.case));
    }
    Ok(systems
        .cases()
        .iter()
        .find(|c| c.slug.eq_ignore_ascii_case(code))
        .map(|c| c.id))
}

/// Whether a case is another, or part of it, directly or through others.
fn is_below(parts_of: &BTreeMap<i64, Vec<i64>>, whole: i64, case: i64) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = vec![whole];
    while let Some(id) = next.pop() {
        if id == case {
            return true;
        }
        if seen.insert(id) {
            next.extend(parts_of.get(&id).into_iter().flatten());
        }
    }
    false
}

impl Lookup {
    /// Finds what its parts belong to besides, on its day.
    fn look_elsewhere(&mut self, systems: &Systems) {
        let wholes: BTreeMap<i64, BTreeSet<i64>> =
            self.links
                .iter()
                .fold(BTreeMap::new(), |mut all, (part, whole)| {
                    if let Some(id) = self.parts.all[*part].id {
                        all.entry(id)
                            .or_default()
                            .extend(self.wholes.all[*whole].id);
                    }
                    all
                });
        self.elsewhere = systems
            .links()
            .iter()
            .filter(|l| l.kind == "part-of" && l.stands(Some(&self.day)))
            .filter(|l| {
                wholes
                    .get(&l.case)
                    .is_some_and(|here| !here.contains(&l.other))
            })
            .filter(|l| {
                systems
                    .case(l.other)
                    .is_some_and(|c| c.kind.eq_ignore_ascii_case(&self.wholes.kind))
            })
            .cloned()
            .collect();
    }

    fn say_elsewhere(&self, systems: &Systems, findings: &mut Findings) {
        for l in &self.elsewhere {
            let slug = systems.slug(l.case);
            let first = self
                .parts
                .all
                .iter()
                .position(|p| p.id == Some(l.case))
                .and_then(|at| self.parts.at.values().find(|(n, _)| *n == at))
                .map_or(0, |(_, line)| *line);
            findings.row("elsewhere".to_owned(), first, self.wholes.code, || {
                (
                    format!(
                        "`{slug}` is part of `{}` on {}, and of another here",
                        systems.slug(l.other),
                        self.day
                    ),
                    "where such parts moved on --from, add --moved; where they are in both, add --also".to_owned(),
                )
            });
        }
    }

    /// A column that was said to be of the whole, or of the part, and says two things of one.
    fn says_two_things(&self, grid: &Grid, findings: &mut Findings) -> Result<()> {
        for (side, option) in [(&self.wholes, "--of-whole"), (&self.parts, "--of-part")] {
            for n in &side.attributes {
                let mut differing: BTreeSet<usize> = BTreeSet::new();
                let mut example: Option<(u64, String, String, String)> = None;
                let mut first = true;
                grid.rows::<crate::error::Failure>(|line, row| {
                    if first || row.is_empty() {
                        first &= row.is_empty();
                        return Ok(true);
                    }
                    let cell = row.cell(*n).trim();
                    let Some((at, _)) = side.at.get(&row.cell(side.code).trim().to_lowercase())
                    else {
                        return Ok(true);
                    };
                    let known = side.all[*at].attributes.get(n);
                    if let Some(known) = known.filter(|k| !cell.is_empty() && *k != cell) {
                        differing.insert(*at);
                        if example.is_none() {
                            example = Some((
                                line,
                                side.all[*at].slug.clone(),
                                known.clone(),
                                cell.to_owned(),
                            ));
                        }
                    }
                    Ok(true)
                })?;
                let Some((line, slug, one, other)) = example else {
                    continue;
                };
                findings.whole(
                    Some(line),
                    Some(*n),
                    format!(
                        "`{}` says different things of one case, at {} of {} cases: of `{slug}` first `{}`, then `{}`",
                        printable(&self.heads[*n]),
                        differing.len(),
                        side.all.len(),
                        printable(&one),
                        printable(&other)
                    ),
                    format!(
                        "the file is scrambled there: mend it, or say --leave-out \"{}\" in the place of {option}",
                        printable(&self.heads[*n])
                    ),
                );
            }
        }
        Ok(())
    }

    /// Writes cases that are not there yet, links that are not there yet, and attributes.
    ///
    /// # Errors
    /// As linking refuses: what would make a case part of itself.
    pub fn write(&self, tx: &Tx, columns: &Columns) -> Result<Linked> {
        let mut done = Linked {
            rows: self.rows,
            parts: self.parts.all.len(),
            wholes: self.wholes.all.len(),
            ..Linked::default()
        };
        let wholes = self.cases(tx, &self.wholes, &mut done)?;
        let parts = self.cases(tx, &self.parts, &mut done)?;
        let (from, to) = (
            columns.from.map(|d| d.to_string()),
            columns.to.map(|d| d.to_string()),
        );
        if columns.moved {
            for l in &self.elsewhere {
                tx.remove_case_link(l.id)?;
                if l.from
                    .as_deref()
                    .is_none_or(|from| from < self.day.as_str())
                {
                    tx.add_case_link(&CaseLink {
                        id: 0,
                        to: Some(self.day.clone()),
                        ..l.clone()
                    })?;
                }
                done.links_ended += 1;
            }
        }
        let mut stands: BTreeSet<(i64, i64)> = BTreeSet::new();
        let mut parts_of: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for l in tx.case_links()? {
            if l.kind == "part-of" {
                parts_of.entry(l.other).or_default().push(l.case);
                if l.stands(Some(&self.day)) {
                    stands.insert((l.case, l.other));
                }
            }
        }
        let mut wholes_of: BTreeMap<usize, usize> = BTreeMap::new();
        for (part, whole) in &self.links {
            *wholes_of.entry(*part).or_default() += 1;
            let (case, other) = (parts[*part], wholes[*whole]);
            if stands.contains(&(case, other)) {
                done.links_there += 1;
                continue;
            }
            if is_below(&parts_of, case, other) {
                return Err(Error::refused(
                    format!(
                        "`{}` can't be part of `{}`: that is part of it already",
                        self.parts.all[*part].slug, self.wholes.all[*whole].slug
                    ),
                    format!(
                        "see the links with: casebook case show {}",
                        self.wholes.all[*whole].slug
                    ),
                )
                .into());
            }
            tx.add_case_link(&CaseLink {
                id: 0,
                case,
                kind: "part-of".into(),
                other,
                from: from.clone(),
                to: to.clone(),
            })?;
            parts_of.entry(other).or_default().push(case);
            done.links_added += 1;
        }
        done.in_several = wholes_of
            .iter()
            .filter(|(_, n)| **n > 1)
            .map(|(part, _)| self.parts.all[*part].slug.clone())
            .collect();
        tx.summary(format!(
            "case lookup: {} added, {} linked",
            done.cases_added, done.links_added
        ));
        Ok(done)
    }

    /// The cases of one side, made where they are not there.
    fn cases(&self, tx: &Tx, side: &Side, done: &mut Linked) -> Result<Vec<i64>> {
        for n in &side.attributes {
            let name = &self.heads[*n];
            let there = tx
                .attributes()?
                .iter()
                .any(|a| a.of == Owner::Case && a.name.eq_ignore_ascii_case(name));
            if !there {
                let kind = infer(
                    side.all
                        .iter()
                        .filter_map(|c| c.attributes.get(n))
                        .map(String::as_str),
                );
                tx.add_attribute(name, Owner::Case, &kind)?;
                done.attributes.push(name.clone());
            }
        }
        let mut ids = Vec::with_capacity(side.all.len());
        for found in &side.all {
            let id = match found.id {
                Some(id) => id,
                // A whole may be a part elsewhere in the same file.
                None => match tx.find_case(&found.slug)? {
                    Some(case) => case.id,
                    None => {
                        done.cases_added += 1;
                        tx.put_case(&Case {
                            slug: found.slug.clone(),
                            name: found.name.clone().unwrap_or_else(|| found.slug.clone()),
                            kind: side.kind.clone(),
                            code: Some(found.code.clone()),
                            ..Case::default()
                        })?
                    }
                },
            };
            let values: Vec<(String, String)> = found
                .attributes
                .iter()
                .map(|(n, v)| (self.heads[*n].clone(), v.clone()))
                .collect();
            set_attributes(tx, OwnerId(Owner::Case, id), &values)?;
            ids.push(id);
        }
        Ok(ids)
    }

    /// How its columns are read, a line each, for whoever is about to agree.
    pub fn said(&self) -> Vec<String> {
        let column = |n: usize| format!("{} (`{}`)", letters(n), printable(&self.heads[n]));
        [("part", &self.parts), ("whole", &self.wholes)]
            .into_iter()
            .map(|(what, side)| {
                let name = side
                    .name
                    .map_or(String::new(), |n| format!(", its name in {}", column(n)));
                let more = if side.attributes.is_empty() {
                    String::new()
                } else {
                    let all: Vec<String> = side.attributes.iter().map(|n| column(*n)).collect();
                    format!(", of it {}", all.join(", "))
                };
                format!(
                    "{what}: {} by its code in {}{name}{more}",
                    side.kind,
                    column(side.code)
                )
            })
            .collect()
    }
}
