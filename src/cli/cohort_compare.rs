//! `cohort compare`: a cohort's figures beside those of the rest, or of another cohort.

use std::collections::BTreeMap;

use clap::Args;

use super::output::count;
use super::table_file::TableFile;
use super::{Context, date};
use crate::domain::Date;
use crate::domain::figure::canonical;
use crate::error::Result;
use crate::indicator::Error;
use crate::indicator::cohort_compare::{Asked, Compared, Comparison, Group, Summary, compare};
use crate::indicator::column::columns;
use crate::indicator::shown::rounded;
use crate::report::sheet::{Cell, Sheet};

#[derive(Args)]
pub(super) struct CompareArgs {
    /// The cohort
    cohort: String,
    /// The figure: an indicator, with @ and a period; without it, the newest period that has figures
    #[arg(long, value_name = "I@P")]
    figure: String,
    /// With these: `rest`, or another cohort
    #[arg(long, value_name = "rest|SLUG", default_value = "rest")]
    with: String,
    /// Cases of this kind; without it, the level of the indicator, or the kinds of the members
    #[arg(long, value_name = "KIND")]
    level: Option<String>,
    /// With the members and systems of this day; without it, the last day of the period
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    #[command(flatten)]
    file: TableFile,
}

impl Context {
    pub(super) fn cohort_compare(&self, args: &CompareArgs) -> Result<()> {
        let study = self.read()?;
        args.file.check(&study)?;
        study.store.cohort(&args.cohort)?;
        let column = columns(&study, std::slice::from_ref(&args.figure), None)?
            .into_iter()
            .next()
            .ok_or_else(|| Error::refused("no figure was named", "as in: --figure I@2017/18"))?;
        let found = compare(
            &study,
            &Asked {
                cohort: &args.cohort,
                with: Some(args.with.as_str()).filter(|w| *w != "rest"),
                column,
                level: args.level.as_deref(),
                as_of: args.as_of,
            },
        )?;
        let sheets = [groups(&found), cases(&found)];
        self.tables(&study, &args.file, &found, &sheets, "")
    }
}

/// The two groups, one above the other.
fn groups(found: &Comparison) -> Sheet {
    let digits = found.figure.decimals;
    let is_bands = found.groups.iter().any(|g| !g.bands.is_empty());
    let mut heads = vec![
        "group".to_owned(),
        "cases".to_owned(),
        "left out".to_owned(),
        "in part".to_owned(),
        "joined later".to_owned(),
    ];
    if is_bands {
        let bands = found.groups.iter().flat_map(|g| &g.bands).map(|(b, _)| b);
        for band in bands {
            if !heads.contains(band) {
                heads.push(band.clone());
            }
        }
    } else {
        heads.extend(["median", "mean", "least", "most"].map(str::to_owned));
    }
    let mut sheet = Sheet::new(
        format!("{} compared with {}", found.cohort, found.with),
        heads,
    );
    for g in &found.groups {
        let later = match g.group {
            Group::Cohort => g.joined_later,
            Group::With => g.joins_later,
        };
        let mut row = vec![
            Cell::from(g.name.as_str()),
            Cell::from(g.cases),
            Cell::from(g.left_out),
            Cell::from(g.in_part),
            Cell::from(later),
        ];
        if is_bands {
            // Of none that is known, no band has none.
            row.extend(g.bands.iter().map(|(_, n)| match g.cases {
                0 => Cell::Undefined,
                _ => Cell::from(*n),
            }));
        } else {
            let told = |value: Option<rust_decimal::Decimal>| match value {
                Some(value) => {
                    Cell::from(format!("{:.*}", digits as usize, rounded(value, digits)))
                }
                None => Cell::Undefined,
            };
            let n = g.numbers;
            row.extend([
                told(n.map(|n| n.median)),
                told(n.map(|n| n.mean)),
                told(n.map(|n| n.least)),
                told(n.map(|n| n.most)),
            ]);
        }
        sheet.row(row);
    }
    let of = &found.figure;
    sheet.note(format!(
        "{} ({}), {}, as of {}; cases of kind {}.",
        of.name,
        of.unit,
        of.period,
        found.as_of,
        found.levels.join(", ")
    ));
    sheet.note(if is_bands {
        "Cases by band; bands are not averaged."
    } else {
        "Each case counts once, whatever its size: the mean is of cases, not of what they count."
    });
    if let Some(by) = &found.difference_of_medians {
        let shown = by
            .parse()
            .map_or_else(|_| by.clone(), |d| canonical(rounded(d, digits)));
        sheet.note(format!(
            "The median of {} less that of {}: {shown}. A difference of groups is no effect of being in one.",
            found.cohort, found.with
        ));
    }
    for note in said_of(found) {
        sheet.note(note);
    }
    for note in &found.notes {
        sheet.note(note.clone());
    }
    sheet
}

/// Who is covered in part, joined later or was left out, in words.
fn said_of(found: &Comparison) -> Vec<String> {
    let mut notes = Vec::new();
    let named = |group: Group| -> &str {
        found
            .groups
            .iter()
            .find(|g: &&Summary| g.group == group)
            .map_or("", |g| g.name.as_str())
    };
    for c in found.cases.iter().filter(|c| c.excluded.is_none()) {
        if let Some(part) = &c.part {
            notes.push(format!(
                "{} is in {} with a part only ({part}); its figure is of the whole.",
                c.case,
                named(c.group)
            ));
        }
        if c.group == Group::Cohort && c.joined_later {
            notes.push(format!(
                "{} joined {} after it was named.",
                c.case, found.cohort
            ));
        }
        if !c.was.is_empty() {
            notes.push(format!(
                "{} stands for {}, which became it.",
                c.case,
                c.was.join(" and ")
            ));
        }
    }
    let joined = |group: Group, when: fn(&Compared) -> bool| {
        let of = |c: &&Compared| c.excluded.is_none() && c.group == group && when(c);
        found.cases.iter().filter(of).count()
    };
    for group in [Group::Cohort, Group::With] {
        for (cases, when, too) in [
            (joined(group, |c| c.joined_within), "within", ", too"),
            (joined(group, |c| c.joined_after), "after", ""),
        ] {
            if cases > 0 {
                notes.push(format!(
                    "{} of {} joined {when} {}: the figure is from before that{too}.",
                    count(cases, "case"),
                    named(group),
                    found.figure.period
                ));
            }
        }
    }
    let mut joins: BTreeMap<(String, String), usize> = BTreeMap::new();
    for c in &found.cases {
        if c.group == Group::With && c.excluded.is_none() {
            for j in &c.joins {
                *joins.entry((j.date.clone(), j.cohort.clone())).or_default() += 1;
            }
        }
    }
    let mut is_in: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut already = 0_usize;
    for c in &found.cases {
        if c.group == Group::With && c.excluded.is_none() && !c.is_in.is_empty() {
            already += 1;
            for j in &c.is_in {
                *is_in.entry((j.date.clone(), j.cohort.clone())).or_default() += 1;
            }
        }
    }
    if already > 0 {
        let all: Vec<String> = is_in
            .iter()
            .map(|((date, cohort), n)| format!("{n} {cohort} ({date})"))
            .collect();
        notes.push(format!(
            "Of {}, {} in another cohort by then, whole or in part: {}. What being in a cohort does, they may have had, too.",
            found.with,
            if already == 1 {
                "1 case is".to_owned()
            } else {
                format!("{already} cases are")
            },
            all.join(", ")
        ));
    }
    if !joins.is_empty() {
        let all: Vec<String> = joins
            .iter()
            .map(|((date, cohort), n)| format!("{n} {cohort} ({date})"))
            .collect();
        notes.push(format!(
            "Of {}, some join a cohort later: {}. They may already have been on the way.",
            found.with,
            all.join(", ")
        ));
    }
    notes
}

/// Every case, with its figure or why it is left out.
fn cases(found: &Comparison) -> Sheet {
    let mut sheet = Sheet::new(
        "Cases",
        ["group", "case", "figure", "left out", "part", "joins later"],
    );
    for c in &found.cases {
        let group = found
            .groups
            .iter()
            .find(|g| g.group == c.group)
            .map_or("", |g| g.name.as_str());
        let joins: Vec<String> = c
            .joins
            .iter()
            .map(|j| format!("{} ({})", j.cohort, j.date))
            .collect();
        sheet.row([
            Cell::from(group),
            Cell::from(c.case.as_str()),
            Cell::from(c.text.as_str()),
            Cell::from(c.excluded.clone()),
            Cell::from(c.part.clone()),
            Cell::from(joins.join(", ")),
        ]);
    }
    sheet
}
