//! A mapping: how the columns of a file become measures. It is YAML to whoever keeps it, and options to whoever types it.

use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize};

use super::Error;
use crate::domain::span::printable;

/// How the columns of a file become measures. Columns are named by their head, or by their letters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Mapping {
    /// The sheet of a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The row that names the columns; without it, the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_row: Option<u64>,
    /// The last row that is read: what follows are notes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_row: Option<u64>,
    /// Whether what stands in merged cells counts for all of them.
    #[serde(skip_serializing_if = "is_false")]
    pub spread: bool,
    pub case: CaseFrom,
    pub period: PeriodFrom,
    pub indicator: IndicatorFrom,
    /// The column of the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numerator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator: Option<String>,
    /// What the numerator falls short of the denominator by: breaches of attendances.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<String>,
    /// Only rows where these columns say this.
    #[serde(rename = "where", skip_serializing_if = "BTreeMap::is_empty")]
    pub only: BTreeMap<String, Text>,
    /// Rows that differ in these columns alone are parts of one figure.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_over: Vec<String>,
    /// Numbers are multiplied by it: 0.001 makes millions of thousands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor: Option<Text>,
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    pub written_as: Option<WrittenAs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign: Option<Sign>,
    /// Words for a value that is not printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppressed: Option<Vec<Text>>,
    /// Words for a value that there is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<Text>>,
    /// Marks behind a value that is provisional, and what a column says of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provisional: Option<Vec<Text>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provisional_column: Option<String>,
    /// What parts thousands: a comma unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thousands: Option<Text>,
    /// The column of the day as of which a value stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// Columns that say the same of a case in each of its rows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub constant: Vec<String>,
    /// Columns that may say different things of a case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub varies: Vec<String>,
    /// Aspect of the basis to the column that says it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub basis: BTreeMap<String, String>,
}

/// Which case a row is of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct CaseFrom {
    pub column: String,
    /// What the column holds; without it, it is told by the values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
    /// Of codes: only of this scheme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// A column of names, which must be ones that the case is known by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether blanks around a text mean nothing.
    #[serde(skip_serializing_if = "is_false")]
    pub trim: bool,
}

/// Which period a value is of: one of the three.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct PeriodFrom {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// One for the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all: Option<Text>,
    /// A column of values for each period; its head is the period.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Text>,
    /// What a day or a number stands for.
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    pub read_as: Option<PeriodAs>,
}

/// Which indicator a value is of: one of the four.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct IndicatorFrom {
    /// One for the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What the column says, to the indicator; without it, the column says the indicator itself.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<Text, String>,
    /// `attendances-{type}`: the column `type` in the place of its braces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// A column of values for each indicator.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<Text, String>,
}

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl std::str::FromStr for $name {
            type Err = crate::domain::words::UnknownWord;
            fn from_str(typed: &str) -> Result<Self, Self::Err> {
                match typed {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(crate::domain::words::UnknownWord { what: "choice here", typed: typed.to_owned(), all: &[$($word),+] }),
                }
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $(Self::$variant => $word),+ })
            }
        }
    };
}

choice! {
    /// How a column names cases.
    By { Slug = "slug", Code = "code", Name = "name" }
}
choice! {
    /// How a percentage is written.
    WrittenAs {
        /// 88.3
        Percent = "percent",
        /// 0.883
        Fraction = "fraction",
    }
}
choice! {
    /// What a number without a sign is.
    Sign {
        /// A deficit: it is kept with a minus.
        DeficitPositive = "deficit-positive",
        /// As it stands, whatever the column is called.
        AsWritten = "as-written",
    }
}
choice! {
    /// What a day in a column of periods stands for: the stretch that it lies in.
    PeriodAs {
        Day = "day",
        Month = "month",
        Quarter = "quarter",
        Year = "year",
        FinancialYear = "financial-year",
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(b: &bool) -> bool {
    !b
}

/// A text of the mapping, which YAML may have taken for a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Text(pub String);

impl Text {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Text;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a text or a number")
            }
            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(Text(text.to_owned()))
            }
            fn visit_i64<E>(self, n: i64) -> Result<Text, E> {
                Ok(Text(n.to_string()))
            }
            fn visit_u64<E>(self, n: u64) -> Result<Text, E> {
                Ok(Text(n.to_string()))
            }
            fn visit_f64<E>(self, n: f64) -> Result<Text, E> {
                Ok(Text(n.to_string()))
            }
            fn visit_bool<E>(self, b: bool) -> Result<Text, E> {
                Ok(Text(b.to_string()))
            }
            fn visit_unit<E>(self) -> Result<Text, E> {
                Ok(Text(String::new()))
            }
        }
        from.deserialize_str(Visitor)
    }
}

impl Mapping {
    pub fn from_yaml(text: &str) -> Result<Self, Error> {
        let read: Self = serde_saphyr::from_str(text).map_err(|e| {
            let place = e
                .location()
                .map_or_else(String::new, |at| format!(" (line {})", at.line()));
            let what = e.to_string();
            let first = what
                .lines()
                .find(|l| !l.trim().is_empty())
                .unwrap_or_default();
            Error::refused(
                format!("the mapping can't be read{place}: {}", printable(first)),
                "compare it with one that is kept (casebook mapping show NAME), or make one with options and keep it with --save NAME",
            )
        })?;
        read.check()?;
        Ok(read)
    }

    pub fn to_yaml(&self) -> String {
        serde_saphyr::to_string(self).unwrap_or_default()
    }

    /// Whether it says nothing that contradicts itself.
    pub fn check(&self) -> Result<(), Error> {
        let one = |what: &str, said: &[bool], hint: &str| {
            if said.iter().filter(|s| **s).count() > 1 {
                Err(Error::refused(
                    format!("the mapping says the {what} in two ways"),
                    hint,
                ))
            } else {
                Ok(())
            }
        };
        let p = &self.period;
        one(
            "period",
            &[p.column.is_some(), p.all.is_some(), !p.columns.is_empty()],
            "say one of: column (of the period), all (one for the file), columns (one of values for each period)",
        )?;
        let i = &self.indicator;
        one(
            "indicator",
            &[
                i.all.is_some(),
                i.column.is_some(),
                i.pattern.is_some(),
                !i.columns.is_empty(),
            ],
            "say one of: all, column, pattern, columns (one of values for each indicator)",
        )?;
        let wide = !p.columns.is_empty() || !i.columns.is_empty();
        if !p.columns.is_empty() && !i.columns.is_empty() {
            return Err(Error::refused(
                "columns of values can't be both one for each period and one for each indicator",
                "read the file once for each indicator, with the columns of its periods",
            ));
        }
        if wide
            && (self.value.is_some()
                || self.numerator.is_some()
                || self.denominator.is_some()
                || self.shortfall.is_some())
        {
            return Err(Error::refused(
                "where each column has values, there is no one column of the value",
                "leave value, numerator, denominator and shortfall out",
            ));
        }
        one(
            "numerator",
            &[self.numerator.is_some(), self.shortfall.is_some()],
            "name the numerator, or what it falls short by",
        )?;
        let part = self.numerator.is_some() || self.shortfall.is_some();
        if part != self.denominator.is_some() {
            return Err(Error::refused(
                "a numerator (or shortfall) and a denominator go together",
                "name both columns: --numerator COLUMN --denominator COLUMN",
            ));
        }
        if let Some(factor) = &self.factor
            && !factor
                .as_str()
                .trim()
                .parse::<Decimal>()
                .is_ok_and(|f| !f.is_zero())
        {
            return Err(Error::refused(
                format!("`{}` is no factor", printable(factor.as_str())),
                "write a number with a point, as in 0.001, which makes millions of thousands",
            ));
        }
        if self
            .thousands
            .as_ref()
            .is_some_and(|t| t.as_str().chars().count() > 1 || t.as_str() == ".")
        {
            return Err(Error::refused(
                "what parts thousands is one sign, and not the point",
                "write thousands: \",\" or \" \" or \"'\"; decimals are written with a point",
            ));
        }
        if self.case.scheme.is_some() && self.case.by.is_some_and(|by| by != By::Code) {
            return Err(Error::refused(
                "only codes have a scheme",
                "leave the scheme out, or match cases by code",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_reads_as_it_was_written() {
        let text = "case:\n  column: org_code\n  by: code\nperiod:\n  column: period\n  as: month\nindicator:\n  all: ae-4h\nshortfall: breaches\ndenominator: attendances\nwhere:\n  type: 1\n  fy: 2017/18\nadd-over: [site]\nfactor: 0.001\nas: fraction\nsign: deficit-positive\nsuppressed: [\"*\"]\nmissing: [\"..\", \"-\", \"\"]\n";
        let mapping = Mapping::from_yaml(text).expect("a mapping");
        assert_eq!(mapping.only["type"].as_str(), "1");
        assert_eq!(mapping.factor.as_ref().expect("a factor").as_str(), "0.001");
        assert_eq!(mapping.written_as, Some(WrittenAs::Fraction));
        let again = Mapping::from_yaml(&mapping.to_yaml()).expect("its own YAML");
        assert_eq!(again, mapping);
        let wide = Mapping::from_yaml("case: {column: A}\nperiod: {columns: [2015, 2016, 2017/18, 2018-03]}\nindicator: {all: x}\n").expect("a mapping");
        let heads: Vec<&str> = wide.period.columns.iter().map(Text::as_str).collect();
        assert_eq!(heads, ["2015", "2016", "2017/18", "2018-03"]);
        assert_eq!(Mapping::from_yaml(&wide.to_yaml()).expect("its own"), wide);
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        for text in [
            "case: {column: a}\nperiod: {column: b, all: 2018}\n",
            "case: {column: a}\nindicator: {all: b, pattern: \"c-{d}\"}\n",
            "case: {column: a}\nnumerator: n\n",
            "case: {column: a}\nperiod: {columns: [2018]}\nvalue: v\n",
            "case: {column: a}\nfactor: 0\n",
            "case: {column: a}\nthousands: \".\"\n",
            "case: {column: a, by: slug, scheme: ODS}\n",
            "case: {column: a}\nvalu: b\n",
            "case: [",
            "as: per-mille\n",
        ] {
            assert!(Mapping::from_yaml(text).is_err(), "{text}");
        }
    }
}
