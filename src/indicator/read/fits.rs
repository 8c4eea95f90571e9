//! Whether what was read fits: its indicator, its case, its basis, and the table as a whole.

use super::{Reader, Taken, count};
use crate::domain::figure::Scale;
use crate::domain::span::printable;
use crate::import::grid;
use crate::import::grid::{Grid, Row};
use crate::indicator::layout::{IndicatorAt, PeriodAt};
use crate::indicator::mapping::{By, Sign};
use crate::indicator::{periods, sums};
use crate::store::Indicator;

impl Reader<'_> {
    /// What can be said of indicators before any row is read.
    pub(super) fn check_scales(&mut self) {
        let fixed: Vec<Indicator> = match &self.layout.indicator {
            IndicatorAt::All(one) => vec![(**one).clone()],
            IndicatorAt::Heads => self
                .layout
                .values
                .iter()
                .filter_map(|v| v.indicator.clone())
                .collect(),
            _ => Vec::new(),
        };
        for of in fixed {
            self.check_scale(&of);
        }
    }

    pub(super) fn check_scale(&mut self, of: &Indicator) {
        let layout = self.layout;
        if layout.numerator.is_some() && of.scale != Scale::Percentage {
            self.findings.whole(
                Some(layout.header),
                layout.numerator,
                format!(
                    "`{}` is no percentage: it has no numerator and denominator",
                    of.slug
                ),
                "name the column of its value: --value COLUMN",
            );
        }
        if !layout.add_over.is_empty() {
            if of.scale == Scale::Bands {
                self.findings.whole(
                    None,
                    None,
                    format!("`{}` is in bands, and bands are not added up", of.slug),
                    "leave --add-over out, and name the rows that are meant with --where COLUMN=VALUE",
                );
            } else if of.scale == Scale::Percentage && layout.numerator.is_none() {
                self.findings.whole(
                    None,
                    None,
                    format!("`{}` is a percentage, and percentages are not added up", of.slug),
                    "name what is added up: --numerator COLUMN --denominator COLUMN, or --shortfall COLUMN --denominator COLUMN",
                );
            }
        }
    }

    /// What other columns say of the case.
    pub(super) fn about_case(&mut self, line: u64, row: Row, case: u32) -> Option<()> {
        self.constants.note(case, line, row);
        let Some(n) = self.layout.name else {
            return Some(());
        };
        let cell = row.cell(n);
        let name = cell.trim();
        if name.is_empty() {
            return Some(());
        }
        if name.len() != cell.len() && !self.mapping.case.trim {
            self.blanks(line, n, cell);
            return None;
        }
        let key = (case, name.to_owned());
        if self.named.contains(&key) {
            return Some(());
        }
        let known = self
            .names
            .get(&self.cases.all[case as usize].id)
            .is_some_and(|names| {
                names
                    .iter()
                    .any(|k| crate::indicator::define::same(k, name))
            });
        if known {
            self.named.insert(key);
            return Some(());
        }
        let slug = self.cases.slug(case).to_owned();
        self.findings
            .row(format!("name {slug} {name}"), line, n, || {
                (
                    format!("`{}` is no name that `{slug}` is known by", printable(name)),
                    format!(
                        "where it is the same case: casebook case name add {slug} \"{}\"",
                        printable(name)
                    ),
                )
            });
        None
    }

    pub(super) fn level(&mut self, line: u64, indicator: u32, case: u32) -> Option<()> {
        let of = &self.indicators[indicator as usize];
        let Some(level) = &of.level else {
            return Some(());
        };
        let case = self.cases.all.get(case as usize)?;
        if *level == case.kind {
            return Some(());
        }
        let (slug, level, other, kind) = (&of.slug, level, &case.slug, &case.kind);
        self.findings.row(format!("level {slug} {other}"), line, self.layout.case, || {
            (
                format!("`{slug}` is measured at cases of the kind {level}, and `{other}` is of the kind {kind}"),
                format!("change the kind: casebook case edit {other} --kind {level}; or leave such rows out with --where COLUMN=VALUE"),
            )
        });
        None
    }

    pub(super) fn same_basis(&mut self, line: u64, row: Row, indicator: u32) -> Option<()> {
        for (n, aspect) in &self.layout.basis {
            let said = row.cell(*n).trim();
            let of = &self.indicators[indicator as usize];
            let Some(own) = of.basis.get(aspect) else {
                continue;
            };
            if !said.is_empty() && !said.eq_ignore_ascii_case(own) {
                self.findings.row(format!("basis {aspect} {said} {}", of.slug), line, *n, || {
                    (
                        format!("the row is on another basis: {aspect} is `{}`, and of `{}` it is `{own}`", printable(said), of.slug),
                        format!("figures on another basis are another indicator; read these alone: --where \"{}={own}\"", self.layout.heads[*n]),
                    )
                });
                return None;
            }
        }
        Some(())
    }

    pub(super) fn done(mut self, grid: &Grid, by: By) -> Taken {
        let layout = self.layout;
        if let Some((first, n)) = self.tail
            && n > 0
        {
            self.findings.whole(
                Some(first),
                None,
                format!(
                    "what stands from {} {first} on looks like notes under the table",
                    grid.unit()
                ),
                format!("end the table above them: --last-row {}", self.last_figure),
            );
        }
        if self.periods.lengths.len() > 1 {
            let named: Vec<String> = self
                .periods
                .lengths
                .iter()
                .map(|(length, label, line)| {
                    format!("{label} is a {length} ({} {line})", grid.unit())
                })
                .collect();
            let column = match layout.period {
                PeriodAt::Column(n) => Some(n),
                _ => None,
            };
            self.findings.whole(
                None,
                column,
                format!("periods of several lengths stand in one column: {}", named.join(", ")),
                "read them one after the other with --where COLUMN=VALUE, or say what they all stand for: --period-as financial-year",
            );
        }
        if self.mapping.written_as.is_none() {
            for (column, (within, beyond, broken)) in &self.scales {
                // One fraction may be above 1, and one per cent below it: where most are not, somebody must say.
                if *within > 0 && (*beyond == 0 || *broken && within >= beyond) {
                    let which = if *beyond == 0 {
                        "every value"
                    } else {
                        "most of what stands"
                    };
                    let of = if *beyond == 0 { "of" } else { "in" };
                    self.findings.whole(
                        None,
                        Some(*column),
                        format!("{which} {of} `{}` lies between 0 and 1: 0.883 may be 88.3 % or less than one per cent", printable(&layout.heads[*column])),
                        "say --as fraction where 0.883 means 88.3 %, or --as percent",
                    );
                }
            }
        }
        if let Some((line, column)) = grid.error.filter(|(line, column)| {
            *line > layout.header
                && *line <= layout.last_row
                && layout.used.get(*column) == Some(&true)
        }) {
            self.findings.whole(
                Some(line),
                Some(column),
                format!(
                    "the cell {}{line} holds an error in the place of a value",
                    grid::letters(column)
                ),
                "mend the formula in the file, or write there what stands for a missing value",
            );
        }
        let mut notes = Vec::new();
        if grid.unsaved > 0 {
            notes.push(format!(
                "{} without a saved value: read as empty",
                count(grid.unsaved as u64, "formula")
            ));
        }
        self.constants
            .say(&self.cases, layout, grid.unit(), &mut self.findings);
        let mut figures = self.figures;
        let before = figures.len();
        sums::settle(
            &mut figures,
            &sums::About {
                adds: !layout.add_over.is_empty(),
                indicators: &self.indicators,
                cases: &self.cases,
                periods: &self.periods.all,
                unit: grid.unit(),
            },
            &mut self.findings,
            &mut notes,
            &mut self.refused,
        );
        if before > 0 && !self.mapping.period.read_as.is_some_and(|_| true) {
            let months = self.periods.all.len() > 1
                && self
                    .periods
                    .all
                    .iter()
                    .all(|p| periods::length(p) == "day" && p.from().day() == 1);
            if months {
                notes.push("every period is the first day of a month: where months are meant, add --period-as month".into());
            }
        }
        if self.mapping.sign == Some(Sign::DeficitPositive) {
            notes.push(
                "deficits are written without a sign in the file and kept with a minus".into(),
            );
        }
        Taken {
            figures,
            indicators: self.indicators,
            cases: self.cases.all,
            periods: self.periods.all,
            as_of: self.as_of,
            findings: self.findings.done(),
            notes,
            by,
            rows: self.rows,
            left_out: self.left_out,
            refused: self.refused,
        }
    }
}
