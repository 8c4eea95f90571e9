//! A mapping laid on a table: which column is what.

use super::Error;
use super::found::Findings;
use super::mapping::{Mapping, Sign};
use super::periods;
use crate::domain::period::Period;
use crate::domain::span::printable;
use crate::error::{Result, did_you_mean};
use crate::import::grid::{self, Grid};
use crate::store::{Indicator, Store};

/// Where everything of a mapping stands.
#[derive(Debug)]
pub(super) struct Layout {
    pub heads: Vec<String>,
    /// The row of the heads.
    pub header: u64,
    pub last_row: u64,
    pub case: usize,
    pub name: Option<usize>,
    pub period: PeriodAt,
    pub indicator: IndicatorAt,
    pub values: Vec<ValueAt>,
    pub numerator: Option<usize>,
    pub denominator: Option<usize>,
    /// Whether the numerator is what falls short.
    pub short: bool,
    pub only: Vec<(usize, String)>,
    pub add_over: Vec<usize>,
    pub provisional: Option<usize>,
    pub as_of: Option<usize>,
    pub constant: Vec<usize>,
    pub varies: Vec<usize>,
    /// The column and the aspect of the basis that it says.
    pub basis: Vec<(usize, String)>,
    /// Columns that say of a number whether it is a deficit.
    pub signs: Vec<usize>,
    /// Which columns the mapping uses.
    pub used: Vec<bool>,
}

#[derive(Debug)]
pub(super) enum PeriodAt {
    Column(usize),
    All(Period),
    /// Each column of values has its own.
    Heads,
}

#[derive(Debug)]
pub(super) enum IndicatorAt {
    Column(usize),
    All(Box<Indicator>),
    /// Texts, and columns whose texts stand between them.
    Pattern(Vec<String>, Vec<usize>),
    /// Each column of values has its own.
    Heads,
}

/// A column of values; none where they are reckoned from numerator and denominator.
#[derive(Debug)]
pub(super) struct ValueAt {
    pub column: Option<usize>,
    pub period: Option<Period>,
    pub indicator: Option<Indicator>,
    /// Whether its head says that it holds deficits.
    pub deficit: bool,
}

/// The row of the heads, and what stands in it: the row that the mapping names, or the first with two cells that are filled.
pub(super) fn heads(grid: &Grid, mapping: &Mapping) -> Result<(u64, Vec<String>), Error> {
    let mut found = None;
    grid.rows(|line, row| -> Result<bool, Error> {
        let it = match mapping.header_row {
            Some(wanted) => line == wanted,
            None => row.filled() >= 2,
        };
        if it {
            let heads = (0..row.len()).map(|n| row.cell(n).trim().to_owned());
            found = Some((line, heads.collect()));
        }
        Ok(!it && mapping.header_row.is_none_or(|wanted| line < wanted))
    })?;
    found.ok_or_else(|| match mapping.header_row {
        Some(n) => Error::refused(
            format!("{} {n} holds nothing", grid.unit()),
            "name the row of the column names with --header-row N",
        ),
        None => Error::refused(
            "no row of the table can name its columns",
            "figures stand in columns: a first row of names, then a row for each case",
        ),
    })
}

/// The column of that name: as its head is written, then whatever the capitals, then by letters.
pub(super) fn column(heads: &[String], name: &str) -> Result<usize, Error> {
    let wanted = name.trim();
    let of = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
        (0..heads.len()).filter(|n| fits(&heads[*n])).collect()
    };
    let mut found = of(&|head| head == wanted);
    if found.is_empty() {
        found = of(&|head| !wanted.is_empty() && head.eq_ignore_ascii_case(wanted));
    }
    match found[..] {
        [one] => return Ok(one),
        [first, second, ..] => {
            return Err(Error::refused(
                format!(
                    "two columns are called `{}`: {} and {}",
                    printable(wanted),
                    grid::letters(first),
                    grid::letters(second)
                ),
                format!("name it by its letter, as in: {}", grid::letters(first)),
            ));
        }
        [] => {}
    }
    if wanted.bytes().all(|b| b.is_ascii_uppercase())
        && let Some(n) = grid::column(wanted).filter(|n| *n < heads.len())
    {
        return Ok(n);
    }
    let near = did_you_mean(wanted, heads.iter().map(String::as_str));
    let all: Vec<String> = heads
        .iter()
        .filter(|h| !h.is_empty())
        .take(20)
        .map(|h| printable(h).into_owned())
        .collect();
    Err(Error::refused(
        format!("the table has no column `{}`", printable(wanted)),
        match near {
            Some(near) => format!("did you mean `{}`?", printable(&near)),
            None => format!("its columns are: {}", all.join(", ")),
        },
    ))
}

impl Layout {
    pub(super) fn of(
        grid: &Grid,
        mapping: &Mapping,
        store: &Store,
        findings: &mut Findings,
    ) -> Result<Self> {
        let (header, heads) = heads(grid, mapping)?;
        let at = |name: &str| column(&heads, name);
        let maybe = |name: &Option<String>| name.as_deref().map(at).transpose();
        let all = |names: &[String]| -> Result<Vec<usize>, Error> {
            names.iter().map(|n| at(n)).collect()
        };
        if mapping.case.column.is_empty() {
            return Err(lacks("which column names the cases", "--case COLUMN").into());
        }
        let period = match (&mapping.period.column, &mapping.period.all) {
            (Some(name), _) => PeriodAt::Column(at(name)?),
            (_, Some(one)) => PeriodAt::All(one.as_str().parse()?),
            _ if !mapping.period.columns.is_empty() => PeriodAt::Heads,
            _ => {
                return Err(lacks(
                    "which period the figures are of",
                    "--period COLUMN, or a period such as --period 2017/18",
                )
                .into());
            }
        };
        let i = &mapping.indicator;
        let indicator = match (&i.all, &i.column, &i.pattern) {
            (Some(slug), ..) => IndicatorAt::All(Box::new(store.indicator(slug)?)),
            (_, Some(name), _) => IndicatorAt::Column(at(name)?),
            (.., Some(pattern)) => {
                let (texts, names) = pieces(pattern)?;
                IndicatorAt::Pattern(texts, all(&names)?)
            }
            _ if !i.columns.is_empty() => IndicatorAt::Heads,
            _ => {
                return Err(lacks(
                    "which indicator the figures are of",
                    "--indicator INDICATOR, or --indicator COLUMN",
                )
                .into());
            }
        };
        let numerator = match &mapping.shortfall {
            Some(name) => Some(at(name)?),
            None => maybe(&mapping.numerator)?,
        };
        let mut values = Vec::new();
        let says_deficit = |n: usize| {
            let head = heads[n].to_lowercase();
            head.contains("deficit") && !head.contains("surplus")
        };
        for head in &mapping.period.columns {
            let n = at(head.as_str())?;
            let named = periods::named_in(&heads[n]);
            let own = periods::read(&heads[n], mapping.period.read_as);
            let period = match (own, &named[..]) {
                (Some(period), _) => Some(period),
                (None, [one]) => Some(one.clone()),
                (None, many) => {
                    let what = if many.is_empty() {
                        "no period"
                    } else {
                        "two periods"
                    };
                    findings.whole(
                        Some(header),
                        Some(n),
                        format!("the column `{}` names {what}", printable(&heads[n])),
                        "each column of values has one period: name the others alone, or call it as in 2017/18",
                    );
                    None
                }
            };
            values.push(ValueAt {
                column: Some(n),
                period,
                indicator: None,
                deficit: says_deficit(n),
            });
        }
        for (head, slug) in &i.columns {
            let n = at(head.as_str())?;
            values.push(ValueAt {
                column: Some(n),
                period: None,
                indicator: Some(store.indicator(slug)?),
                deficit: says_deficit(n),
            });
        }
        if values.is_empty() {
            let column = maybe(&mapping.value)?;
            if column.is_none() && numerator.is_none() {
                return Err(lacks(
                    "which column holds the values",
                    "--value COLUMN, or --numerator COLUMN --denominator COLUMN",
                )
                .into());
            }
            values.push(ValueAt {
                column,
                period: None,
                indicator: None,
                deficit: column.is_some_and(says_deficit),
            });
        }
        let mut basis: Vec<(usize, String)> = Vec::new();
        for (aspect, name) in &mapping.basis {
            basis.push((at(name)?, aspect.clone()));
        }
        for (n, head) in heads.iter().enumerate() {
            if let Some((word, aspect)) = head.split_once(':')
                && word.trim().eq_ignore_ascii_case("basis")
                && !basis.iter().any(|(_, a)| a == aspect.trim())
            {
                basis.push((n, aspect.trim().to_owned()));
            }
        }
        let mut layout = Self {
            header,
            last_row: mapping.last_row.unwrap_or(u64::MAX),
            case: at(&mapping.case.column)?,
            name: maybe(&mapping.case.name)?,
            period,
            indicator,
            values,
            numerator,
            denominator: maybe(&mapping.denominator)?,
            short: mapping.shortfall.is_some(),
            only: mapping
                .only
                .iter()
                .map(|(name, value)| Ok((at(name)?, value.as_str().trim().to_owned())))
                .collect::<Result<_, Error>>()?,
            add_over: all(&mapping.add_over)?,
            provisional: maybe(&mapping.provisional_column)?,
            as_of: maybe(&mapping.as_of)?,
            constant: all(&mapping.constant)?,
            varies: all(&mapping.varies)?,
            basis,
            signs: Vec::new(),
            used: vec![false; heads.len()],
            heads,
        };
        layout.mark_used();
        if mapping.sign.is_none() {
            layout.signs = (0..layout.heads.len())
                .filter(|n| {
                    let head = layout.heads[*n].to_lowercase();
                    !layout.used[*n]
                        && ["deficit", "surplus", "sign", "position"]
                            .iter()
                            .any(|w| head.contains(w))
                })
                .collect();
        }
        layout.check_heads(mapping, findings);
        layout.check_merged(grid, mapping, findings);
        Ok(layout)
    }

    fn mark_used(&mut self) {
        let mut used: Vec<usize> = vec![self.case];
        used.extend(self.name);
        used.extend(self.numerator);
        used.extend(self.denominator);
        used.extend(self.provisional);
        used.extend(self.as_of);
        used.extend(self.values.iter().filter_map(|v| v.column));
        used.extend(self.only.iter().map(|(n, _)| *n));
        used.extend(&self.add_over);
        used.extend(self.basis.iter().map(|(n, _)| *n));
        if let PeriodAt::Column(n) = &self.period {
            used.push(*n);
        }
        match &self.indicator {
            IndicatorAt::Column(n) => used.push(*n),
            IndicatorAt::Pattern(_, columns) => used.extend(columns),
            IndicatorAt::All(_) | IndicatorAt::Heads => {}
        }
        for n in used {
            self.used[n] = true;
        }
    }

    /// Heads that name another period than the one that is meant, or two.
    fn check_heads(&self, mapping: &Mapping, findings: &mut Findings) {
        let columns = self
            .values
            .iter()
            .filter_map(|v| v.column)
            .chain(self.numerator)
            .chain(self.denominator);
        if !matches!(self.period, PeriodAt::Heads) {
            for n in columns {
                let named = periods::named_in(&self.heads[n]);
                let head = printable(&self.heads[n]);
                match (&self.period, &named[..]) {
                    (_, [_, _, ..]) => findings.whole(
                        Some(self.header),
                        Some(n),
                        format!("the column `{head}` names two periods"),
                        "a value is of one period: part the column, or name the stretch of both in its head, as in 2017-04-01..2019-03-31",
                    ),
                    (PeriodAt::All(all), [one]) if one != all => findings.whole(
                        Some(self.header),
                        Some(n),
                        format!("the column `{head}` names {one}, and the figures are said to be of {all}"),
                        format!("say --period {one}, or name another column"),
                    ),
                    _ => {}
                }
            }
        }
        if mapping.sign.is_none()
            && let Some(v) = self.values.iter().find(|v| v.deficit)
            && let Some(n) = v.column
        {
            findings.whole(
                Some(self.header),
                Some(n),
                format!(
                    "the column `{}` holds deficits: whether 12.3 is one of 12.3, or a surplus, is not said",
                    printable(&self.heads[n])
                ),
                "say --sign deficit-positive where 12.3 is a deficit (it is kept as -12.3), or --sign as-written",
            );
        }
    }

    /// Merged cells that reach into columns that are read.
    fn check_merged(&self, grid: &Grid, mapping: &Mapping, findings: &mut Findings) {
        if mapping.spread {
            return;
        }
        let touching = grid.merged.iter().find(|range| {
            range.last.0 >= self.header
                && range.first.0 <= self.last_row
                && self
                    .used
                    .iter()
                    .enumerate()
                    .any(|(n, used)| *used && (range.first.1..=range.last.1).contains(&n))
        });
        if let Some(range) = touching {
            findings.whole(
                Some(range.first.0),
                Some(range.first.1),
                format!("the cells {range} are merged: which rows their value is of is not said"),
                "add --spread where it is of all of them, or --last-row N where they stand under the table",
            );
        }
    }
}

/// The head of a column, as it is read.
pub(super) fn lacks(what: &str, option: &str) -> Error {
    Error::refused(
        format!("the mapping does not say {what}"),
        format!("say it with {option}"),
    )
}

/// The texts and columns of `attendances-{type}`.
fn pieces(pattern: &str) -> Result<(Vec<String>, Vec<String>), Error> {
    let broken = || {
        Error::refused(
            format!("the pattern `{}` can't be read", printable(pattern)),
            "put a column's name in braces, as in attendances-{type}",
        )
    };
    let (mut texts, mut names) = (Vec::new(), Vec::new());
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}').ok_or_else(broken)?;
        if name.trim().is_empty() {
            return Err(broken());
        }
        texts.push(before.to_owned());
        names.push(name.trim().to_owned());
        rest = after;
    }
    if names.is_empty() {
        return Err(broken());
    }
    texts.push(rest.to_owned());
    Ok((texts, names))
}

/// What declares how signs are read.
pub(super) fn is_deficit_positive(mapping: &Mapping) -> bool {
    mapping.sign == Some(Sign::DeficitPositive)
}
