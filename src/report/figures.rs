//! What is measured, in reports: the figures of one case with its place among the others, or of all cases side by side.

use std::collections::{BTreeMap, BTreeSet};

use super::Format;
use super::chart::{SlopeAsked, slope_of};
use super::cloak::ORDERED;
use super::compared::{Compared, basis, title};
use super::document::Block;
use super::draft::Draft;
use super::phrase::{capital, count, list, number, plural};
use super::source::Source;
use crate::domain::figure::{Better, Scale};
use crate::error::{Kind, Result};
use crate::indicator::column::one_basis;
use crate::indicator::conflict::conflicts;
use crate::indicator::figures::{Movement, Row, Which};
use crate::store::{Case, Indicator};

/// Indicators side by side in one table.
const BESIDE: usize = 3;
/// Cases that a sentence names; more are counted.
const NAMED: usize = 20;

/// Stands for the figure of a case that it would name.
const NOT_PRINTED: &str = "not printed";

/// The figures of one case. Gives the indicators that are in it.
pub(super) fn of_case(draft: &mut Draft, source: &Source, case: &Case) -> Result<Vec<Indicator>> {
    let mut rows = Vec::new();
    let mut measures = Vec::new();
    let mut used = Vec::new();
    let mut beside = Vec::new();
    let mut among_coded = false;
    for of in source.study.store.indicators()? {
        let Some(found) = Compared::read(source, &of, &case.kind)? else {
            continue;
        };
        let said = said_of(source, &found, case.id);
        let change = match found.periods.len() {
            2 => said.change,
            _ => String::new(),
        };
        let newest = found.periods.last().map_or("", |p| p.label());
        rows.push(vec![
            found.title(),
            match &found.periods[..] {
                [before, _] => format!("{}: {}", before.label(), said.before),
                _ => String::new(),
            },
            format!("{newest}: {}", said.newest),
            change,
            said.place,
        ]);
        measures.push(vec![
            of.name.clone(),
            way(&of).to_owned(),
            basis(&of),
            said.source,
        ]);
        beside.extend(parts_differ(&found, case.id, source));
        among_coded |= found.measured().any(|row| source.cloak.is(row.id));
        used.push(of);
    }
    if rows.is_empty() {
        return Ok(used);
    }
    draft.heading(2, "Figures");
    let open = conflicts(&source.study.store, &[])?
        .iter()
        .filter(|c| c.is_open() && c.case == case.slug)
        .count();
    table(
        draft,
        &["Indicator", "Before", "Newest", "Change", "Place"],
        rows,
    );
    for note in beside {
        draft.note(note);
    }
    if open > 0 && !source.cloak.is(case.id) {
        draft.note(format!(
            "Of {} sources disagree and nothing is decided: all their values are shown, and none is in a change or a place.",
            count(open, "figure", "figures")
        ));
    }
    if source.cloak.is(case.id) {
        draft.note(cloaked());
    } else if among_coded {
        draft.note(AMONG_CODED);
    }
    table(
        draft,
        &["Indicator", "Better is", "Basis", "Source"],
        measures,
    );
    Ok(used)
}

const AMONG_CODED: &str = "Places are among the cases that have an official code.";

fn cloaked() -> String {
    format!(
        "This case has no official code, and its figures would tell which it is. A figure is told as a third of the order where at least {ORDERED} cases are measured, a change as its direction, and nothing that fits fewer than three cases."
    )
}

/// What is said of a case by one indicator.
struct Told {
    before: String,
    newest: String,
    change: String,
    place: String,
    source: String,
    /// What became of it, as far as that may be told; `None`: it may not.
    movement: Option<Movement>,
}

/// What a reader is told of a case. Asked once for each case and indicator: what is held back is counted.
fn said_of(source: &Source, found: &Compared, case: i64) -> Told {
    let cloak = &source.cloak;
    let Some(row) = found.row(case) else {
        let none = || "not known".to_owned();
        return Told {
            before: none(),
            newest: none(),
            change: none(),
            place: String::new(),
            source: String::new(),
            movement: Some(Movement::Unknown),
        };
    };
    let change = row.changes.first();
    let movement = change.map_or(Movement::Unknown, |c| c.movement);
    if !cloak.is(case) {
        let all = found.places(|id| !cloak.is(id));
        let before = row.figures.first().filter(|_| row.figures.len() == 2);
        return Told {
            before: before.map_or_else(String::new, |f| found.figure(f)),
            newest: Compared::newest(row).map_or_else(String::new, |f| found.figure(f)),
            change: change.map_or_else(String::new, |c| found.change(c)),
            place: all
                .get(&case)
                .map_or_else(String::new, |p| found.ranked(*p)),
            source: from(source, found, row),
            movement: Some(movement),
        };
    }
    let has = |n: usize| row.figures.get(n).is_some_and(|f| !f.is_unknown());
    cloak.hold("figure", (0..row.figures.len()).filter(|n| has(*n)).count());
    let (newest, place) = newest_cloaked(source, found, row);
    let told = found.periods.len() == 2
        && cloak.may_say(case, &found.moved(movement), "direction of a change");
    let source_of = Some(from(source, found, row)).filter(|s| !s.is_empty());
    Told {
        before: NOT_PRINTED.to_owned(),
        newest,
        change: match movement {
            _ if !told => NOT_PRINTED.to_owned(),
            Movement::Unknown => "not known".to_owned(),
            known => known.to_string(),
        },
        place,
        source: cloak.open(case, "source", source_of).unwrap_or_default(),
        movement: told.then_some(movement),
    }
}

/// The newest figure of a case under a code name: the third of the order that it is in, if so many are measured.
fn newest_cloaked(source: &Source, found: &Compared, row: &Row) -> (String, String) {
    let cloak = &source.cloak;
    let naming = || "not printed: the figure would name the case".to_owned();
    let measured = found.measured().count();
    let Some((third, same)) = found.third(row.id) else {
        let without = |row: &&Row| Compared::newest(row).is_none_or(|f| f.number.is_none());
        let others: BTreeSet<i64> = found.rows.iter().filter(without).map(|r| r.id).collect();
        let words = if cloak.may_say(row.id, &others, "third of the order") {
            "not known".to_owned()
        } else {
            NOT_PRINTED.to_owned()
        };
        return (words, String::new());
    };
    if measured < ORDERED {
        cloak.hold("third of the order", 1);
        return (naming(), String::new());
    }
    if !cloak.may_say(row.id, &same, "third of the order") {
        return (naming(), String::new());
    }
    (
        NOT_PRINTED.to_owned(),
        format!("{} of {measured}", found.third_named(third)),
    )
}

/// Where the newest figure of a case is from.
fn from(source: &Source, found: &Compared, row: &Row) -> String {
    let Some(shown) = Compared::newest(row) else {
        return String::new();
    };
    let read = |n: i64| {
        source
            .readings
            .iter()
            .find(|r| r.id == n)
            .map(|r| r.source.clone())
    };
    if !shown.conflict.is_empty() {
        let all: BTreeSet<String> = shown
            .conflict
            .iter()
            .filter_map(|s| read(s.reading))
            .collect();
        return list(&all.into_iter().collect::<Vec<_>>());
    }
    if let Some(one) = shown.reading.and_then(read) {
        return one;
    }
    match (found.rule, shown.value.is_some()) {
        (Some(rule), true) => format!("rolled up by {rule}"),
        _ => String::new(),
    }
}

/// Where the figure that a source has of a case is not what its parts give.
fn parts_differ(found: &Compared, case: i64, source: &Source) -> Option<String> {
    if source.cloak.is(case) {
        return None;
    }
    let parts = Compared::newest(found.row(case)?)?.parts_give.as_ref()?;
    Some(format!(
        "{}: by the rule, the parts of the case give {}.",
        found.of.name,
        found.figure(parts)
    ))
}

fn way(of: &Indicator) -> &'static str {
    match (of.better, of.bands.is_empty()) {
        (Better::Neither, _) => "not said",
        (Better::More, true) => "more",
        (Better::Less, true) => "less",
        (Better::More, false) => "nearer the first band",
        (Better::Less, false) => "nearer the last band",
    }
}

/// A table without the columns that are empty in all rows.
pub(super) fn table(draft: &mut Draft, head: &[&str], rows: Vec<Vec<String>>) {
    let full: Vec<usize> = (0..head.len())
        .filter(|n| *n == 0 || rows.iter().any(|row| !row[*n].is_empty()))
        .collect();
    let head: Vec<&str> = full.iter().map(|n| head[*n]).collect();
    let rows = rows
        .into_iter()
        .map(|row| full.iter().map(|n| row[*n].clone()).collect())
        .collect();
    draft.table(None, &head, rows, &vec![false; head.len()]);
}

/// The figures of all cases, kind by kind. Gives the indicators that are in it.
pub(super) fn of_all(
    draft: &mut Draft,
    source: &Source,
    only: &BTreeSet<i64>,
    format: Format,
) -> Result<Vec<Indicator>> {
    let mut used: Vec<Indicator> = Vec::new();
    for (kind, mut found) in by_kind(source, only)? {
        found.retain(|one| !one.shown.is_empty());
        if found.is_empty() {
            continue;
        }
        draft.heading(3, format!("Figures of {}", plural(&kind)));
        one_kind(draft, source, &found);
        if format == Format::Html {
            for one in &found {
                from_one_to_the_next(draft, source, one)?;
            }
        }
        for one in found {
            if used.iter().all(|u| u.id != one.all.of.id) {
                used.push(one.all.of);
            }
        }
    }
    used.sort_by_key(|of| of.id);
    let open = conflicts(&source.study.store, &[])?
        .iter()
        .filter(|c| c.is_open())
        .count();
    if open > 0 {
        draft.paragraph(format!(
            "Of {} sources disagree and nothing is decided. Such a figure is in no change, no order and no roll-up.",
            count(open, "figure", "figures")
        ));
    }
    Ok(used)
}

/// An indicator with what is told of each case.
struct Column {
    all: Compared,
    shown: BTreeMap<i64, Told>,
}

/// Kinds of cases that are compared, with their indicators: those with figures that are not parts of others with figures,
/// unless the fieldwork was in them. `only`: what is told of these; of none, of all.
fn by_kind(source: &Source, only: &BTreeSet<i64>) -> Result<Vec<(String, Vec<Column>)>> {
    let indicators = source.study.store.indicators()?;
    if indicators.is_empty() {
        return Ok(Vec::new());
    }
    let cases = &source.people.cases;
    let kind_of = |id: &i64| cases.get(id).map(|c| c.kind.as_str());
    let visited: BTreeSet<&str> = source.tops.iter().filter_map(kind_of).collect();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases.values() {
        *kinds.entry(&case.kind).or_default() += 1;
    }
    // A country beside its systems is no comparison.
    let several = kinds.values().any(|n| *n > 1);
    let mut wanted: BTreeSet<&str> = kinds
        .iter()
        .filter(|(_, n)| !several || **n > 1)
        .map(|(kind, _)| *kind)
        .collect();
    wanted.extend(visited.iter().copied());
    let below: BTreeSet<(&str, &str)> = source
        .links
        .iter()
        .filter(|l| l.kind == "part-of")
        .filter_map(|l| Some((kind_of(&l.case)?, kind_of(&l.other)?)))
        .filter(|(part, whole)| part != whole)
        .collect();
    let mut measured: BTreeMap<&str, Vec<Compared>> = BTreeMap::new();
    for kind in &wanted {
        for of in &indicators {
            if let Some(found) = Compared::read(source, of, kind)? {
                measured.entry(kind).or_default().push(found);
            }
        }
    }
    let is_part = |kind: &str| {
        below
            .iter()
            .any(|(part, whole)| *part == kind && measured.contains_key(whole))
    };
    let kept: BTreeSet<String> = measured
        .keys()
        .filter(|kind| visited.contains(**kind) || !is_part(kind))
        .map(|kind| (*kind).to_owned())
        .collect();
    Ok(measured
        .into_iter()
        .filter(|(kind, _)| kept.contains(*kind))
        .map(|(kind, found)| {
            let columns = found.into_iter().map(|all| {
                let some = |row: &&Row| row.figures.iter().any(|f| !f.is_unknown());
                let shown = all.rows.iter().filter(some).map(|row| row.id);
                let shown = shown.filter(|id| only.is_empty() || only.contains(id));
                let shown = shown.map(|id| (id, said_of(source, &all, id))).collect();
                Column { all, shown }
            });
            (kind.to_owned(), columns.collect())
        })
        .collect())
}

fn one_kind(draft: &mut Draft, source: &Source, found: &[Column]) {
    let slug = |id: &i64| source.people.cases.get(id).map(|c| c.slug.as_str());
    let mut cases: Vec<i64> = found
        .iter()
        .flat_map(|c| c.shown.keys().copied())
        .collect::<BTreeSet<i64>>()
        .into_iter()
        .collect();
    cases.sort_by_key(|id| slug(id));
    for chunk in chunks(found) {
        let mut head = vec!["Case".to_owned()];
        for one in &chunk {
            let name = &one.all.of.name;
            head.extend(one.all.periods.iter().map(|p| format!("{name}, {p}")));
            if one.all.periods.len() == 2 {
                head.push(format!("{name}: change"));
            }
        }
        let rows = cases
            .iter()
            .map(|id| {
                let mut row = vec![source.case_name(*id).to_owned()];
                row.extend(chunk.iter().flat_map(|one| cells(one, *id)));
                row
            })
            .collect();
        let caption = chunk
            .iter()
            .map(|one| {
                let basis = basis(&one.all.of);
                let better = match one.all.of.better {
                    Better::Neither => String::new(),
                    _ => format!("; better is {}", way(&one.all.of)),
                };
                let basis = if basis.is_empty() {
                    String::new()
                } else {
                    format!("; {basis}")
                };
                format!("{}{better}{basis}", title(&one.all.of))
            })
            .collect::<Vec<_>>()
            .join(". ");
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        let numeric: Vec<bool> = (0..head.len()).map(|n| n > 0).collect();
        draft.table(Some(caption), &head, rows, &numeric);
    }
    for line in unknown(found, cases.len()) {
        draft.note(line);
    }
    let hidden = cases.iter().filter(|id| source.cloak.is(**id)).count();
    if hidden > 0 {
        draft.note(format!(
            "Of {} with no official code a figure would tell which case it is: they are told as a third of the order where at least {ORDERED} are measured, changes as their direction, and nothing that fits fewer than three cases.",
            count(hidden, "case", "cases")
        ));
    }
    improved(draft, source, found, &cases);
}

/// What became of a figure between its two periods, drawn: of cases that anybody may know by it, from three on.
fn from_one_to_the_next(draft: &mut Draft, source: &Source, one: &Column) -> Result<()> {
    let [from, to] = &one.all.periods[..] else {
        return Ok(());
    };
    let cases: Vec<String> = one
        .shown
        .keys()
        .filter(|id| !source.cloak.is(**id))
        .filter_map(|id| source.people.cases.get(id).map(|c| c.slug.clone()))
        .collect();
    if one.all.of.scale == Scale::Bands || cases.len() < 3 {
        return Ok(());
    }
    let asked = SlopeAsked {
        indicator: one.all.of.slug.clone(),
        from: from.clone(),
        to: to.clone(),
        which: Which {
            cases,
            ..Which::default()
        },
        as_of: None,
    };
    match slope_of(source.study, &asked) {
        Ok(chart) => {
            // The table above has every number.
            for block in chart.blocks() {
                if let Block::Picture { .. } = block {
                    draft.push(block);
                }
            }
            Ok(())
        }
        // Nothing to draw is nothing wrong.
        Err(failure) if failure.kind() == Kind::User => Ok(()),
        Err(failure) => Err(failure),
    }
}

/// Indicators that may stand in one table: of one basis, and so many.
fn chunks(found: &[Column]) -> Vec<Vec<&Column>> {
    let mut all: Vec<Vec<&Column>> = Vec::new();
    for one in found {
        let fits = |chunk: &&mut Vec<&Column>| {
            let of = chunk.iter().map(|c| &c.all.of).chain([&one.all.of]);
            chunk.len() < BESIDE && one_basis(of).is_ok()
        };
        match all.last_mut().filter(fits) {
            Some(chunk) => chunk.push(one),
            None => all.push(vec![one]),
        }
    }
    all
}

fn cells(one: &Column, case: i64) -> Vec<String> {
    let two = one.all.periods.len() == 2;
    let Some(told) = one.shown.get(&case) else {
        return vec!["not known".to_owned(); if two { 3 } else { 1 }];
    };
    // Of a code-named case the place stands for the figure; of others the figures say it.
    let newest = if told.newest == NOT_PRINTED && !told.place.is_empty() {
        &told.place
    } else {
        &told.newest
    };
    if two {
        vec![told.before.clone(), newest.clone(), told.change.clone()]
    } else {
        vec![newest.clone()]
    }
}

/// Of how many cases each figure is not known, and why.
fn unknown(found: &[Column], cases: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for one in found {
        for (n, period) in one.all.periods.iter().enumerate() {
            let shown = one
                .all
                .rows
                .iter()
                .filter(|r| one.shown.contains_key(&r.id));
            let figures: Vec<_> = shown.filter_map(|row| row.figures.get(n)).collect();
            let known = figures.iter().filter(|f| f.value.is_some()).count();
            if known >= cases {
                continue;
            }
            let mut why = Vec::new();
            let conflicts = figures.iter().filter(|f| !f.conflict.is_empty()).count();
            let suppressed =
                |f: &&&crate::indicator::shown::Shown| f.reason.as_deref() == Some("suppressed");
            let suppressed = figures.iter().filter(suppressed).count();
            for (n, what) in [(conflicts, "in conflict"), (suppressed, "suppressed")] {
                if n > 0 {
                    why.push(format!("{} {what}", number(n)));
                }
            }
            let why = if why.is_empty() {
                String::new()
            } else {
                format!(", of which {}", list(&why))
            };
            lines.push(format!(
                "{}, {period}: not known of {} of {}{why}.",
                one.all.of.name,
                number(cases - known),
                count(cases, "case", "cases")
            ));
        }
    }
    lines
}

/// Who improved in all indicators that have a direction, and of whom that is not known.
fn improved(draft: &mut Draft, source: &Source, found: &[Column], cases: &[i64]) {
    let directed: Vec<&Column> = found.iter().filter(|c| c.all.has_direction()).collect();
    if directed.is_empty() {
        return;
    }
    let (mut all, mut unknown, mut not, mut silent) = (Vec::new(), Vec::new(), 0, 0);
    for case in cases {
        let told: Vec<Option<Movement>> = directed
            .iter()
            .map(|c| {
                c.shown
                    .get(case)
                    .map_or(Some(Movement::Unknown), |t| t.movement)
            })
            .collect();
        let any = |wanted: &[Movement]| told.iter().flatten().any(|m| wanted.contains(m));
        let name = source.case_name(*case).to_owned();
        if any(&[Movement::Worse, Movement::Same]) {
            not += 1;
        } else if told.iter().any(Option::is_none) {
            silent += 1;
        } else if any(&[Movement::Unknown, Movement::Changed]) {
            let lacks: Vec<String> = directed
                .iter()
                .zip(&told)
                .filter(|(_, m)| **m == Some(Movement::Unknown))
                .map(|(c, _)| c.all.of.name.clone())
                .collect();
            unknown.push(format!("{name} ({})", lacks.join(", ")));
        } else {
            all.push(name);
        }
    }
    let of: Vec<String> = directed.iter().map(|c| c.all.of.name.clone()).collect();
    if silent < cases.len() {
        let some = |n: usize, one: &str, many: &str| match n {
            0 => format!("no {one}"),
            n => count(n, one, many),
        };
        let which = match &of[..] {
            [one] => format!("the one indicator that has a direction ({one})"),
            more => format!(
                "all {} indicators that have a direction ({})",
                more.len(),
                list(more)
            ),
        };
        let mut said = format!(
            "{} in {which}",
            capital(&some(all.len(), "case improved", "cases improved"))
        );
        if !all.is_empty() {
            said.push_str(&format!(": {}", list(&all)));
        }
        if not > 0 {
            said.push_str(&format!(". {} not", count(not, "case did", "cases did")));
        }
        draft.paragraph(format!("{said}."));
    }
    if !unknown.is_empty() {
        let n = unknown.len();
        let mut said = format!("Not known of {}", count(n, "case", "cases"));
        if n <= NAMED {
            said.push_str(&format!(": {}", unknown.join("; ")));
        }
        draft.paragraph(format!("{said}."));
    }
    if silent > 0 {
        draft.paragraph(format!(
            "Not said of {}: what became of their figures would tell which they are.",
            count(silent, "case", "cases")
        ));
    }
}
