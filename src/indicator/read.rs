//! Reading a table of figures by its mapping: every row once, checked, and kept without its texts until it is written.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;

use super::cell::{Said, Words};
use super::constant::Constants;
use super::found::{Finding, Findings};
use super::layout::{IndicatorAt, Layout, PeriodAt, ValueAt, is_deficit_positive};
use super::mapping::{By, Mapping, Sign, WrittenAs};
use super::which_case::{Cases, Why};
use super::{periods, sums, value, which_case};
use crate::domain::Date;
use crate::domain::figure::{Scale, State, canonical};
use crate::domain::period::Period;
use crate::domain::span::printable;
use crate::error::{Result, did_you_mean};
use crate::import::grid::{self, Grid, Row};
use crate::store::{Indicator, Store};

/// A measure that was read, in numbers: places in the lists of [`Taken`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    pub indicator: u32,
    pub case: u32,
    pub period: u32,
    pub state: State,
    pub value: Value,
    pub numerator: Option<Decimal>,
    pub denominator: Option<Decimal>,
    /// From 1; 0: the reading's.
    pub as_of: u32,
    pub line: u32,
    pub column: u16,
    /// Which part of a figure it is, where parts are added up.
    pub part: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    None,
    Number(Decimal),
    /// Its place in the indicator's bands.
    Band(u16),
}

/// What a table gave.
pub struct Taken {
    pub figures: Vec<Figure>,
    pub indicators: Vec<Indicator>,
    pub cases: Vec<crate::store::Case>,
    pub periods: Vec<Period>,
    pub as_of: Vec<String>,
    pub findings: Vec<Finding>,
    /// What was done that a reader should know.
    pub notes: Vec<String>,
    /// How cases were matched.
    pub by: By,
    /// Rows under the heads that hold something.
    pub rows: u64,
    /// Rows that `where` left out.
    pub left_out: u64,
    /// Values that were not taken, for what was found.
    pub refused: u64,
}

impl Taken {
    /// State to how many.
    pub fn states(&self) -> BTreeMap<&'static str, u64> {
        let mut states = BTreeMap::new();
        for f in &self.figures {
            *states.entry(f.state.word()).or_default() += 1;
        }
        states
    }

    /// A value as it is kept.
    pub fn shown(&self, f: &Figure) -> Option<String> {
        match f.value {
            Value::None => None,
            Value::Number(n) => Some(canonical(n)),
            Value::Band(n) => self.indicators[f.indicator as usize]
                .bands
                .get(usize::from(n))
                .cloned(),
        }
    }
}

/// Texts that were met, and the periods that they are.
#[derive(Default)]
struct Periods {
    all: Vec<Period>,
    of: HashMap<String, Option<u32>>,
    last: (String, Option<u32>),
    lengths: Vec<(&'static str, String, u64)>,
}

impl Periods {
    fn add(&mut self, period: Period) -> u32 {
        let at = self
            .all
            .iter()
            .position(|p| p.same_days(&period))
            .unwrap_or_else(|| {
                self.all.push(period);
                self.all.len() - 1
            });
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    fn read(&mut self, cell: &str, mapping: &Mapping, line: u64) -> Option<u32> {
        if self.last.0 == cell && self.last.1.is_some() {
            return self.last.1;
        }
        let at = match self.of.get(cell) {
            Some(at) => *at,
            None => {
                let at = periods::read(cell, mapping.period.read_as).map(|p| {
                    let length = periods::length(&p);
                    if !self.lengths.iter().any(|(l, ..)| *l == length) {
                        self.lengths.push((length, p.label().to_owned(), line));
                    }
                    self.add(p)
                });
                self.of.insert(cell.to_owned(), at);
                at
            }
        };
        cell.clone_into(&mut self.last.0);
        self.last.1 = at;
        at
    }
}

struct Reader<'a> {
    mapping: &'a Mapping,
    layout: &'a Layout,
    words: Words,
    by: By,
    cases: Cases,
    /// Text and period to case, of texts whose meaning depends on the day.
    dated: HashMap<(u32, u32), Result<u32, ()>>,
    periods: Periods,
    indicators: Vec<Indicator>,
    by_slug: HashMap<String, Option<u32>>,
    known: Vec<Indicator>,
    as_of: Vec<String>,
    parts: HashMap<String, u32>,
    names: HashMap<i64, Vec<String>>,
    named: HashMap<(u32, String), ()>,
    factor: Option<Decimal>,
    figures: Vec<Figure>,
    findings: Findings,
    constants: Constants,
    rows: u64,
    left_out: u64,
    refused: u64,
    /// Rows at the end of the table whose cells of values are empty: (first, how many).
    tail: Option<(u64, u64)>,
    last_figure: u64,
    /// Of percentages by column of values: how many lie within one of nought, how many do not, whether any is no whole number.
    scales: BTreeMap<usize, (u64, u64, bool)>,
}

/// Reads a table. What stands in the way is in the findings; the figures are those that nothing stands in the way of.
pub fn read(grid: &Grid, mapping: &Mapping, store: &Store, tick: &dyn Fn()) -> Result<Taken> {
    let mut findings = Findings::default();
    let layout = Layout::of(grid, mapping, store, &mut findings)?;
    let by = match mapping.case.by {
        Some(by) => by,
        None => {
            let texts = sample(grid, &layout, layout.case, 400)?;
            which_case::told(store, mapping.case.scheme.as_deref(), &texts)?.0
        }
    };
    let mut reader = Reader {
        words: Words::of(mapping),
        by,
        cases: Cases::new(store, by, mapping.case.scheme.as_deref())?,
        dated: HashMap::new(),
        periods: Periods::default(),
        indicators: Vec::new(),
        by_slug: HashMap::new(),
        known: store.indicators()?,
        as_of: Vec::new(),
        parts: HashMap::new(),
        names: if layout.name.is_some() {
            which_case::names(store)?
        } else {
            HashMap::new()
        },
        named: HashMap::new(),
        factor: mapping
            .factor
            .as_ref()
            .and_then(|f| f.as_str().trim().parse().ok()),
        figures: Vec::new(),
        findings,
        constants: Constants::of(grid, &layout)?,
        rows: 0,
        left_out: 0,
        refused: 0,
        tail: None,
        last_figure: layout.header,
        scales: BTreeMap::new(),
        mapping,
        layout: &layout,
    };
    reader.check_scales();
    grid.rows(|line, row| -> Result<bool> {
        if line > layout.last_row {
            return Ok(false);
        }
        if line > layout.header {
            reader.row(line, row);
            if reader.rows.is_multiple_of(1_000) {
                tick();
            }
        }
        Ok(true)
    })?;
    Ok(reader.done(grid, by))
}

/// Texts of a column under the heads, each once.
pub(super) fn sample(
    grid: &Grid,
    layout: &Layout,
    column: usize,
    most: usize,
) -> Result<Vec<String>> {
    let mut texts: Vec<String> = Vec::new();
    let mut seen = 0;
    grid.rows(|line, row| -> Result<bool> {
        if line > layout.header {
            let text = row.cell(column).trim();
            if !text.is_empty() && !texts.iter().any(|t| t == text) {
                texts.push(text.to_owned());
            }
            seen += 1;
        }
        Ok(seen < most && line <= layout.last_row)
    })?;
    Ok(texts)
}

impl Reader<'_> {
    /// What can be said of indicators before any row is read.
    fn check_scales(&mut self) {
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

    fn check_scale(&mut self, of: &Indicator) {
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

    fn indicator(&mut self, slug: &str) -> Option<u32> {
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

    fn row(&mut self, line: u64, row: Row) {
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

    fn blanks(&mut self, line: u64, column: usize, cell: &str) {
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

    fn period_of(&mut self, line: u64, row: Row, at: &ValueAt) -> Option<u32> {
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

    fn indicator_of(&mut self, line: u64, row: Row, at: &ValueAt) -> Option<u32> {
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

    fn known_indicator(&mut self, line: u64, column: usize, slug: &str) -> Option<u32> {
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

    fn case_of(&mut self, line: u64, text: u32, shown: &str, period: u32) -> Option<u32> {
        if let Some(case) = self.cases.plain(text) {
            return Some(case);
        }
        if let Some(known) = self.dated.get(&(text, period)) {
            if let Ok(case) = known {
                return Some(*case);
            }
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

    fn value(&mut self, line: u64, row: Row, at: &ValueAt, text: u32) {
        let taken = self.taken(line, row, at, text);
        if taken.is_none() {
            self.refused += 1;
        }
    }

    /// One value of a row. None: something stands in its way, which is among the findings by now.
    fn taken(&mut self, line: u64, row: Row, at: &ValueAt, text: u32) -> Option<()> {
        let layout = self.layout;
        let period = self.period_of(line, row, at)?;
        let case = self.case_of(line, text, row.cell(layout.case).trim(), period)?;
        let indicator = self.indicator_of(line, row, at)?;
        self.about_case(line, row, case)?;
        self.level(line, indicator, case)?;
        self.same_basis(line, row, indicator)?;
        let column = at.column.or(layout.numerator).unwrap_or(layout.case);
        let mut figure = Figure {
            indicator,
            case,
            period,
            state: State::Final,
            value: Value::None,
            numerator: None,
            denominator: None,
            as_of: self.as_of(line, row)?,
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u16::try_from(column).unwrap_or(u16::MAX),
            part: self.part(row),
        };
        let mut provisional = layout
            .provisional
            .is_some_and(|n| self.words.marks_provisional(row.cell(n)));
        let mut unknown: Option<State> = None;
        for (n, slot) in [(layout.numerator, 0), (layout.denominator, 1)] {
            let Some(n) = n else { continue };
            match self.words.read(row.cell(n)) {
                Said::Suppressed => unknown = Some(State::Suppressed),
                Said::Missing => unknown = unknown.or(Some(State::Missing)),
                Said::Value(words, p) => {
                    provisional |= p;
                    let number = self.number(line, n, words)?;
                    if slot == 0 {
                        figure.numerator = Some(number.value);
                    } else {
                        figure.denominator = Some(number.value);
                    }
                }
            }
        }
        if layout.short
            && let (Some(short), Some(of)) = (figure.numerator, figure.denominator)
        {
            figure.numerator = Some(self.in_reach(line, column, of.checked_sub(short))?);
        }
        if let Some(n) = at.column {
            match self.words.read(row.cell(n)) {
                Said::Suppressed => unknown = Some(State::Suppressed),
                Said::Missing if figure.numerator.is_some() => {}
                Said::Missing => unknown = unknown.or(Some(State::Missing)),
                Said::Value(words, p) => {
                    provisional |= p;
                    figure.value = self.own_value(line, row, n, words, indicator, at.deficit)?;
                    unknown = None;
                }
            }
        }
        if let Some(state) = unknown {
            figure.state = state;
            figure.value = Value::None;
            figure.numerator = None;
            figure.denominator = None;
        } else if provisional {
            figure.state = State::Provisional;
        }
        self.figures.push(figure);
        Some(())
    }

    fn number(&mut self, line: u64, column: usize, words: &str) -> Option<super::cell::Number> {
        let found = self.words.number(words);
        if found.is_none() {
            self.findings
                .row(format!("number {column}"), line, column, || {
                    (
                        format!("`{}` is no number", printable(words)),
                        "numbers have a point and commas at thousands; a word for what is not known is declared with --missing WORD or --suppressed WORD, a mark of provisional figures with --provisional WORD".into(),
                    )
                });
        }
        found
    }

    /// The value of a cell, as its indicator takes it.
    fn own_value(
        &mut self,
        line: u64,
        row: Row,
        column: usize,
        words: &str,
        indicator: u32,
        head_says_deficit: bool,
    ) -> Option<Value> {
        let of = &self.indicators[indicator as usize];
        if of.scale == Scale::Bands {
            return match value::band(of, words) {
                Ok(band) => {
                    let n = of.bands.iter().position(|b| b == band).unwrap_or_default();
                    Some(Value::Band(u16::try_from(n).unwrap_or(u16::MAX)))
                }
                Err(e) => {
                    let hint = crate::error::Problem::hint(&e).unwrap_or_default();
                    self.findings
                        .row(format!("band {words}"), line, column, || {
                            (e.to_string(), hint)
                        });
                    None
                }
            };
        }
        let scale = of.scale;
        let number = self.number(line, column, words)?;
        let mut n = number.value;
        let deficit_positive = is_deficit_positive(self.mapping);
        let cell_says = number.deficit.or_else(|| self.sign_beside(row));
        if n > Decimal::ZERO && self.mapping.sign.is_none() && cell_says == Some(true) {
            self.findings.row(format!("sign {column}"), line, column, || {
                (
                    format!("it is called a deficit, and {} has the sign of a surplus", canonical(number.value)),
                    "say --sign deficit-positive where such a number is a deficit (it is kept with a minus), or --sign as-written".into(),
                )
            });
            return None;
        }
        if deficit_positive {
            if number.deficit == Some(true) && n < Decimal::ZERO {
                self.findings.row(format!("deficit {column}"), line, column, || {
                    (
                        "it is called a deficit and has a minus, and deficits are said to be written without one".into(),
                        "say --sign as-written where a minus is a deficit".into(),
                    )
                });
                return None;
            }
            if number.parentheses {
                self.findings.row(format!("parentheses {column}"), line, column, || {
                    (
                        "parentheses are a minus, and deficits are said to be written without one".into(),
                        "say --sign as-written where parentheses are deficits".into(),
                    )
                });
                return None;
            }
            // A word beside the number says more than the column as a whole.
            if head_says_deficit && cell_says != Some(false)
                || cell_says == Some(true)
                || cell_says.is_none()
            {
                n = -n;
            }
        }
        if scale == Scale::Percentage {
            n = self.percentage(line, column, n, number.percent)?;
        } else if number.percent {
            let slug = self.indicators[indicator as usize].slug.clone();
            self.findings
                .row(format!("per cent {column}"), line, column, || {
                    (
                        format!("a number of per cent, and `{slug}` is no percentage"),
                        "name another column, or the indicator that it is of".into(),
                    )
                });
            return None;
        }
        if let Some(factor) = self.factor {
            n = self.in_reach(line, column, n.checked_mul(factor))?;
        }
        Some(Value::Number(n))
    }

    /// A number that was reckoned, unless it has more digits than are kept.
    fn in_reach(&mut self, line: u64, column: usize, n: Option<Decimal>) -> Option<Decimal> {
        if n.is_none() {
            self.findings
                .row(format!("reach {column}"), line, column, || {
                    (
                        "the number is too large: more than 28 digits".into(),
                        "look whether the column holds figures, and at --factor".into(),
                    )
                });
        }
        n
    }

    /// What a column of signs says of the row: whether it is a deficit.
    fn sign_beside(&self, row: Row) -> Option<bool> {
        self.layout.signs.iter().find_map(|n| {
            let cell = row.cell(*n).trim();
            if cell.eq_ignore_ascii_case("deficit") {
                Some(true)
            } else if cell.eq_ignore_ascii_case("surplus") {
                Some(false)
            } else {
                None
            }
        })
    }

    fn percentage(&mut self, line: u64, column: usize, n: Decimal, sign: bool) -> Option<Decimal> {
        let fraction = self.mapping.written_as == Some(WrittenAs::Fraction) && !sign;
        if fraction {
            if n.abs() > Decimal::ONE {
                self.findings
                    .row(format!("fraction {column}"), line, column, || {
                        (
                            format!("{} is no fraction of one", canonical(n)),
                            "say --as percent where 88.3 means 88.3 %".into(),
                        )
                    });
                return None;
            }
            return n.checked_mul(Decimal::ONE_HUNDRED);
        }
        let (within, beyond, broken) = self.scales.entry(column).or_default();
        if !sign && !n.is_zero() {
            if n.abs() <= Decimal::ONE {
                *within += 1;
                *broken |= !n.fract().is_zero();
            } else {
                *beyond += 1;
            }
        } else if sign {
            *beyond += 1;
        }
        Some(n)
    }

    fn as_of(&mut self, line: u64, row: Row) -> Option<u32> {
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

    fn part(&mut self, row: Row) -> u32 {
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

    /// What other columns say of the case.
    fn about_case(&mut self, line: u64, row: Row, case: u32) -> Option<()> {
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
        if self.named.contains_key(&key) {
            return Some(());
        }
        let known = self
            .names
            .get(&self.cases.all[case as usize].id)
            .is_some_and(|names| names.iter().any(|k| super::define::same(k, name)));
        if known {
            self.named.insert(key, ());
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

    fn level(&mut self, line: u64, indicator: u32, case: u32) -> Option<()> {
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

    fn same_basis(&mut self, line: u64, row: Row, indicator: u32) -> Option<()> {
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

    fn done(mut self, grid: &Grid, by: By) -> Taken {
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

pub(super) fn count(n: u64, one: &str) -> String {
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{n} {one}s")
    }
}
