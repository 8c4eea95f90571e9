//! Typed attributes of cases, participants and transcripts: a value is checked and written one way for its type,
//! so that equal values are equal text.

use crate::domain::Date;
use crate::domain::words::words;
use crate::error::Problem;

words! {
    /// What an attribute belongs to.
    Owner, "owner of attributes" {
        Case = "case",
        Participant = "participant",
        Transcript = "transcript",
    }
}

words! {
    /// The type of an attribute, without its levels.
    TypeName, "attribute type" {
        Text = "text",
        Integer = "integer",
        Decimal = "decimal",
        Date = "date",
        YesNo = "yes-no",
        Ordered = "ordered",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    Text,
    Integer,
    Decimal,
    Date,
    YesNo,
    /// The levels in order, first level first.
    Ordered(Vec<String>),
}

#[derive(Debug, thiserror::Error)]
#[error("`{value}` is no {expected}")]
pub struct ValueError {
    value: String,
    expected: String,
}

impl Problem for ValueError {}

impl Type {
    pub fn name(&self) -> TypeName {
        match self {
            Self::Text => TypeName::Text,
            Self::Integer => TypeName::Integer,
            Self::Decimal => TypeName::Decimal,
            Self::Date => TypeName::Date,
            Self::YesNo => TypeName::YesNo,
            Self::Ordered(_) => TypeName::Ordered,
        }
    }

    /// The one way to write `value`, or why it does not fit.
    pub fn canonical(&self, value: &str) -> Result<String, ValueError> {
        let value = value.trim();
        let fail = |expected: &str| ValueError {
            value: crate::domain::span::printable(value).into_owned(),
            expected: expected.to_owned(),
        };
        match self {
            Self::Text if value.is_empty() => Err(fail("text: it is empty")),
            Self::Text => Ok(value.to_owned()),
            Self::Integer => value
                .parse::<i64>()
                .map(|n| n.to_string())
                .map_err(|_| fail("whole number")),
            Self::Decimal => decimal(value)
                .ok_or_else(|| fail("decimal number (written with a point, as in -12.5)")),
            Self::Date => value
                .parse::<Date>()
                .map(|d| d.to_string())
                .map_err(|_| fail("date (written as in 2021-04-30)")),
            Self::YesNo => match value.to_lowercase().as_str() {
                "yes" | "y" | "true" | "1" => Ok("yes".into()),
                "no" | "n" | "false" | "0" => Ok("no".into()),
                _ => Err(fail("yes or no")),
            },
            Self::Ordered(levels) => levels
                .iter()
                .find(|level| level.eq_ignore_ascii_case(value))
                .cloned()
                .ok_or_else(|| fail(&format!("level of: {}", levels.join(", ")))),
        }
    }
}

/// A decimal as text: an optional sign, digits, optionally a point and digits. Needless zeros and a `+` go, so that equal
/// numbers are equal text.
fn decimal(value: &str) -> Option<String> {
    let (sign, digits) = match value.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", value.strip_prefix('+').unwrap_or(value)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if digits.is_empty()
        || !all_digits(whole)
        || !all_digits(fraction)
        || (whole.is_empty() && fraction.is_empty())
        || digits.ends_with('.')
    {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    let sign = if whole == "0" && fraction.is_empty() {
        ""
    } else {
        sign
    };
    Some(if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    })
}

/// The type that all `values` fit, from the strictest down: yes-no, integer, decimal, date, text.
pub fn infer<'a>(values: impl Iterator<Item = &'a str> + Clone) -> Type {
    let mut given = values.filter(|v| !v.trim().is_empty()).peekable();
    if given.peek().is_none() {
        return Type::Text;
    }
    let words = |v: &str| {
        matches!(
            v.trim().to_lowercase().as_str(),
            "yes" | "no" | "y" | "n" | "true" | "false"
        )
    };
    if given.clone().all(words) {
        return Type::YesNo;
    }
    [Type::Integer, Type::Decimal, Type::Date]
        .into_iter()
        // What would not come out as it went in (`00123`) is no number.
        .find(|t| {
            let padded = |v: &str| {
                let digits = v.trim().trim_start_matches(['+', '-']);
                digits.starts_with('0') && digits[1..].starts_with(|c: char| c.is_ascii_digit())
            };
            given
                .clone()
                .all(|v| t.canonical(v).is_ok() && (*t == Type::Date || !padded(v)))
        })
        .unwrap_or(Type::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_way_to_write_a_value() {
        let ordered = Type::Ordered(vec!["emerging".into(), "maturing".into()]);
        for (kind, typed, written) in [
            (&Type::Integer, " 12 ", Some("12")),
            (&Type::Integer, "1.5", None),
            (&Type::Decimal, "+007.50", Some("7.5")),
            (&Type::Decimal, "-.5", Some("-0.5")),
            (&Type::Decimal, "-0.00", Some("0")),
            (&Type::Decimal, "1,5", None),
            (&Type::Decimal, "5.", None),
            (&Type::Decimal, "-", None),
            (&Type::Date, "2021-4-3", None),
            (&Type::Date, "2021-04-03", Some("2021-04-03")),
            (&Type::Date, "2021-02-30", None),
            (&Type::YesNo, "Y", Some("yes")),
            (&Type::YesNo, "maybe", None),
            (&ordered, "Maturing", Some("maturing")),
            (&ordered, "thriving", None),
            (&Type::Text, "  ", None),
        ] {
            assert_eq!(kind.canonical(typed).ok().as_deref(), written, "{typed:?}");
        }
    }

    #[test]
    fn infers_the_strictest_type() {
        assert_eq!(infer(["1", "", "20"].into_iter()), Type::Integer);
        assert_eq!(infer(["00123", "1234"].into_iter()), Type::Text);
        assert_eq!(infer(["0", "-0.5"].into_iter()), Type::Decimal);
        assert_eq!(infer(["1", "2.5"].into_iter()), Type::Decimal);
        assert_eq!(infer(["yes", "no"].into_iter()), Type::YesNo);
        assert_eq!(infer(["2020-01-01"].into_iter()), Type::Date);
        assert_eq!(infer(["1", "x"].into_iter()), Type::Text);
        assert_eq!(infer(["", ""].into_iter()), Type::Text);
    }
}
