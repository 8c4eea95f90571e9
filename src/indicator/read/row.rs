//! A row of figures: whose it is, of what, and when.

use super::Reader;
use crate::domain::Date;
use crate::domain::span::printable;
use crate::error::did_you_mean;
use crate::import::grid::Row;
use crate::indicator::layout::{IndicatorAt, PeriodAt, ValueAt};
use crate::indicator::mapping::By;
use crate::indicator::which_case::Why;

impl Reader<'_> {
    pub(super) fn row(&mut self, line: u64, row: Row) {
        let layout = self.layout;
        let has_value = layout
            .values
            .iter()
            .filter_map(|v| v.column)
            .chain(layout.numerator)
            .chain(layout.denominator)
            .any(|n| !row.cell(n).trim().is_empty());
        let filled = if has_value { 3 } else { row.filled() };
        if filled == 0 {
            return;
        }
        if filled <= 2 {
            // A note under the table, or a row of which nothing is known: which of them is seen at the end.
            let (first, n) = self.tail.unwrap_or((line, 0));
            self.tail = Some((first, n + 1));
            return;
        }
        // What had looked like notes has rows under it.
        if let Some((first, n)) = self.tail.take() {
            self.rows += n;
            self.refused += n;
            self.findings.row("few".into(), first, layout.case, || {
                (
                    "the row has one or two cells and no value, and there are figures under it"
                        .into(),
                    "end the table above it with --last-row N, or take the row out".into(),
                )
            });
        }
        self.rows += 1;
        self.last_figure = line;
        if layout
            .only
            .iter()
            .any(|(n, wanted)| row.cell(*n).trim() != wanted)
        {
            self.left_out += 1;
            return;
        }
        let cell = row.cell(layout.case);
        let trimmed = cell.trim();
        if trimmed.is_empty() {
            self.refused += 1;
            self.findings.row("no case".into(), line, layout.case, || {
                (
                    "the row has a value and names no case".into(),
                    "take the row out of the file, or end the table above it with --last-row N"
                        .into(),
                )
            });
            return;
        }
        if trimmed.len() != cell.len() && !self.mapping.case.trim {
            self.refused += 1;
            self.blanks(line, layout.case, cell);
            return;
        }
        let text = self.cases.text(trimmed);
        let layout = self.layout;
        for at in &layout.values {
            self.value(line, row, at, text);
        }
    }

    pub(super) fn blanks(&mut self, line: u64, column: usize, cell: &str) {
        self.findings.row(
            format!("blanks {column} {}", cell.trim()),
            line,
            column,
            || {
                (
                    format!(
                        "`{}` has blanks around it",
                        printable(cell).replace('\n', " ")
                    ),
                    "where they mean nothing, add --trim".into(),
                )
            },
        );
    }

    pub(super) fn period_of(&mut self, line: u64, row: Row, at: &ValueAt) -> Option<u32> {
        match &self.layout.period {
            PeriodAt::All(one) => Some(self.periods.add(one.clone())),
            PeriodAt::Heads => at.period.clone().map(|p| self.periods.add(p)),
            PeriodAt::Column(n) => {
                let cell = row.cell(*n);
                let found = self.periods.read(cell, self.mapping, line);
                if found.is_none() {
                    let n = *n;
                    let read_as = self.mapping.period.read_as;
                    self.findings.row(format!("period {cell}"), line, n, || {
                        let typed = printable(cell.trim()).into_owned();
                        match read_as {
                            Some(read_as) => (
                                format!("`{typed}` is no {read_as}, and lies in no one of them"),
                                "say what the column holds: --period-as day, month, quarter, year or financial-year".into(),
                            ),
                            None => (
                                format!("`{typed}` is no period"),
                                "periods are written 2018, 2017/18, 2018-Q1, 2018-03 or 2018-03-31; of names of months: --period-as month".into(),
                            ),
                        }
                    });
                }
                found
            }
        }
    }

    pub(super) fn indicator(&mut self, slug: &str) -> Option<u32> {
        if let Some(at) = self.by_slug.get(slug) {
            return *at;
        }
        let found = self
            .known
            .iter()
            .find(|i| i.slug.eq_ignore_ascii_case(slug))
            .cloned();
        let at = found.map(|of| {
            if let Some(at) = self.indicators.iter().position(|i| i.id == of.id) {
                return u32::try_from(at).unwrap_or(u32::MAX);
            }
            if matches!(
                self.layout.indicator,
                IndicatorAt::Column(_) | IndicatorAt::Pattern(..)
            ) {
                self.check_scale(&of);
            }
            self.indicators.push(of);
            u32::try_from(self.indicators.len() - 1).unwrap_or(u32::MAX)
        });
        self.by_slug.insert(slug.to_owned(), at);
        at
    }

    pub(super) fn indicator_of(&mut self, line: u64, row: Row, at: &ValueAt) -> Option<u32> {
        let layout = self.layout;
        match &layout.indicator {
            IndicatorAt::All(one) => self.indicator(&one.slug),
            IndicatorAt::Heads => at.indicator.as_ref().and_then(|i| self.indicator(&i.slug)),
            IndicatorAt::Column(n) => {
                let cell = row.cell(*n).trim();
                let words = &self.mapping.indicator.words;
                let slug = words
                    .iter()
                    .find(|(word, _)| word.as_str() == cell)
                    .map_or(cell, |(_, slug)| slug.as_str());
                self.known_indicator(line, *n, slug)
            }
            IndicatorAt::Pattern(texts, columns) => {
                let mut slug = texts[0].clone();
                for (column, text) in columns.iter().zip(&texts[1..]) {
                    slug.push_str(row.cell(*column).trim());
                    slug.push_str(text);
                }
                self.known_indicator(line, columns[0], &slug)
            }
        }
    }

    pub(super) fn known_indicator(&mut self, line: u64, column: usize, slug: &str) -> Option<u32> {
        let found = self.indicator(slug);
        if found.is_none() {
            let near = did_you_mean(slug, self.known.iter().map(|i| i.slug.as_str()));
            self.findings
                .row(format!("indicator {slug}"), line, column, || {
                    (
                        format!("no indicator `{}`", printable(slug)),
                        match near {
                            Some(near) => format!("did you mean `{near}`? What the column says can be given its indicator in a mapping: words: {{{}: {near}}}", printable(slug)),
                            None => "add it with: casebook indicator add SLUG …; or leave such rows out with --where COLUMN=VALUE".into(),
                        },
                    )
                });
        }
        found
    }

    pub(super) fn case_of(
        &mut self,
        line: u64,
        text: u32,
        shown: &str,
        period: u32,
    ) -> Option<u32> {
        if let Some(case) = self.cases.plain(text) {
            return Some(case);
        }
        if let Some(Ok(case)) = self.dated.get(&(text, period)) {
            return Some(*case);
        }
        let of = self.periods.all.get(period as usize)?;
        let found = self.cases.case(text, of);
        self.dated
            .insert((text, period), found.as_ref().map(|c| *c).map_err(|_| ()));
        let why = match found {
            Ok(case) => return Some(case),
            Err(why) => why,
        };
        let typed = printable(shown).into_owned();
        let key = match why {
            Why::Unknown => format!("case {typed}"),
            _ => format!("case {typed} {of}"),
        };
        let cases = &self.cases;
        let by = self.by;
        self.findings.row(key, line, self.layout.case, || match why {
            Why::Unknown => (
                format!("`{typed}` means no case"),
                match by {
                    By::Code => format!("say whose code it is: casebook case code add CASE SCHEME {typed}; or add the case first"),
                    By::Name => format!("say whose name it is: casebook case name add CASE \"{typed}\"; or add the case first"),
                    By::Slug => format!("add the case first: casebook case add SLUG --name NAME --code {typed}; or say what the column holds: --case-by slug, code or name"),
                },
            ),
            Why::Outside(days) => (
                format!("`{typed}` meant no case in {of}: it meant {days}"),
                format!("look at its days with: casebook case at {typed} --as-of {}; a code of another time is added with: casebook case code add", of.from()),
            ),
            Why::Several(several) => {
                let slugs: Vec<&str> = several.iter().map(|c| cases.slug(*c)).collect();
                (
                    format!("`{typed}` meant more than one case in {of}: {}", slugs.join(", ")),
                    format!("end it at one of them: casebook case code list {}", slugs.first().copied().unwrap_or_default()),
                )
            }
        });
        None
    }

    pub(super) fn as_of(&mut self, line: u64, row: Row) -> Option<u32> {
        let Some(n) = self.layout.as_of else {
            return Some(0);
        };
        let cell = row.cell(n).trim();
        if cell.is_empty() {
            return Some(0);
        }
        let day = cell.split_once('T').map_or(cell, |(day, _)| day);
        if day.parse::<Date>().is_err() {
            self.findings.row(format!("day {cell}"), line, n, || {
                (
                    format!("`{}` is no day", printable(cell)),
                    "days are written as in 2018-05-31".into(),
                )
            });
            return None;
        }
        let at = self.as_of.iter().position(|d| d == day).unwrap_or_else(|| {
            self.as_of.push(day.to_owned());
            self.as_of.len() - 1
        });
        u32::try_from(at + 1).ok()
    }

    pub(super) fn part(&mut self, row: Row) -> u32 {
        if self.layout.add_over.is_empty() {
            return 0;
        }
        let texts: Vec<&str> = self
            .layout
            .add_over
            .iter()
            .map(|n| row.cell(*n).trim())
            .collect();
        let next = u32::try_from(self.parts.len() + 1).unwrap_or(u32::MAX);
        *self.parts.entry(texts.join("\u{1f}")).or_insert(next)
    }
}
