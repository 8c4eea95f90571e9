//! Dates and times of Excel: numbers that a cell's format turns into days, clocks or durations.

use jiff::ToSpan as _;
use jiff::civil::Date;

/// What a format makes of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Number,
    Date,
    /// A time of day, or a duration.
    Time,
    DateTime,
}

/// The kind of a format that Excel does not spell out; 27 to 36 and 50 to 58 are those of East Asia.
pub(super) fn built_in(id: u32) -> Kind {
    match id {
        14..=17 | 27..=31 | 34..=36 | 50..=58 => Kind::Date,
        18..=21 | 32 | 33 | 45..=47 => Kind::Time,
        22 => Kind::DateTime,
        _ => Kind::Number,
    }
}

/// The kind of a format code such as `yyyy\-mm\-dd`, `[h]:mm:ss` or `0.00" m"`.
pub(super) fn of_code(code: &str) -> Kind {
    let (mut day, mut clock, mut month) = (false, false, false);
    let mut signs = code.chars();
    while let Some(sign) = signs.next() {
        match sign {
            // Positive numbers come first; the rest is for the others.
            ';' => break,
            '"' => while signs.next().is_some_and(|c| c != '"') {},
            '\\' | '_' | '*' => {
                signs.next();
            }
            // `[Red]` and `[$-409]` say nothing of time; `[h]`, `[mm]` and `[s]` count beyond the day.
            '[' => {
                let inside: String = signs.by_ref().take_while(|&c| c != ']').collect();
                let inside = inside.to_ascii_lowercase();
                clock |= !inside.is_empty()
                    && ["h", "m", "s"]
                        .iter()
                        .any(|unit| inside.trim_start_matches(unit).is_empty());
            }
            'd' | 'D' | 'y' | 'Y' => day = true,
            'h' | 'H' | 's' | 'S' => clock = true,
            'm' | 'M' => month = true,
            'G' | 'g' if signs.as_str().to_ascii_lowercase().starts_with("eneral") => break,
            _ => {}
        }
    }
    match (day, clock, month) {
        (true, true, _) => Kind::DateTime,
        (true, false, _) | (false, false, true) => Kind::Date,
        (false, true, _) => Kind::Time,
        (false, false, false) => Kind::Number,
    }
}

/// A number as the cell means it: a date as `2021-04-30`, a time as `1:02:03`, both as `2021-04-30T01:02:03`; what is none
/// stays a number.
pub(super) fn show(value: f64, kind: Kind, since_1904: bool) -> String {
    const MOST: f64 = 2_958_466.0; // 10000-01-01
    if kind == Kind::Number || !(0.0..MOST).contains(&value) {
        return fifteen_digits(value).to_string();
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "below 3 million days, and rounded"
    )]
    let ms = (value * 86_400_000.0).round() as i64;
    let (days, rest) = (ms / 86_400_000, ms % 86_400_000);
    let duration = kind == Kind::Time;
    if duration || (days == 0 && rest > 0) {
        return clock(ms);
    }
    // Excel's year 1900 has a 29 February; days before it are one later than they seem.
    let first = match (since_1904, days) {
        (true, _) => Date::constant(1904, 1, 1),
        (false, ..=59) => Date::constant(1899, 12, 31),
        (false, _) => Date::constant(1899, 12, 30),
    };
    match first.checked_add(days.days()) {
        Ok(date) if rest == 0 => date.to_string(),
        Ok(date) => {
            let time = clock(rest);
            let zero = if time.find(':') == Some(1) { "0" } else { "" };
            format!("{date}T{zero}{time}")
        }
        Err(_) => value.to_string(),
    }
}

/// A number as far as spreadsheets know it: the sum of 0.1 and 0.2 is 0.3 there.
fn fifteen_digits(value: f64) -> f64 {
    format!("{value:.14e}").parse().unwrap_or(value)
}

/// A date without its midnight.
pub(super) fn iso(date: &str) -> &str {
    let date = date.trim();
    date.strip_suffix("T00:00:00").unwrap_or(date)
}

/// Milliseconds as `h:mm:ss`, with thousandths where there are some.
fn clock(ms: i64) -> String {
    let (seconds, rest) = (ms / 1000, ms % 1000);
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest == 0 {
        format!("{h}:{m:02}:{s:02}")
    } else {
        format!("{h}:{m:02}:{s:02}.{rest:03}")
    }
}

/// A duration as OpenDocument writes it, `PT01H02M03.5S`, as a time.
pub(super) fn duration(text: &str) -> Option<String> {
    let mut ms = 0_f64;
    let mut rest = text.strip_prefix("PT")?;
    while !rest.is_empty() {
        let unit = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let number: f64 = rest[..unit].replace(',', ".").parse().ok()?;
        ms += number
            * match &rest[unit..=unit] {
                "H" => 3_600_000.0,
                "M" => 60_000.0,
                "S" => 1_000.0,
                _ => return None,
            };
        rest = &rest[unit + 1..];
    }
    if !(0.0..1e15).contains(&ms) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked, and rounded")]
    let ms = ms.round() as i64;
    Some(clock(ms))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formats_tell_what_a_number_is() {
        for (code, kind) in [
            ("General", Kind::Number),
            ("0.00", Kind::Number),
            ("0.00\" days\"", Kind::Number),
            ("#,##0\\ \"€\";[Red]-#,##0", Kind::Number),
            ("[$-409]0.0E+00", Kind::Number),
            ("0.0%", Kind::Number),
            ("yyyy\\-mm\\-dd", Kind::Date),
            ("[$-F800]dddd, mmmm dd, yyyy", Kind::Date),
            ("mmm", Kind::Date),
            ("dd/mm/yyyy hh:mm", Kind::DateTime),
            ("[h]:mm:ss", Kind::Time),
            ("mm:ss.0", Kind::Time),
            ("[mm]", Kind::Time),
            ("h:mm AM/PM", Kind::Time),
            ("", Kind::Number),
            ("[", Kind::Number),
            ("\"", Kind::Number),
        ] {
            assert_eq!(of_code(code), kind, "{code}");
        }
    }

    #[test]
    fn numbers_become_dates() {
        for (value, kind, shown) in [
            (45_943.541, Kind::DateTime, "2025-10-13T12:59:02.400"),
            (44_316.0, Kind::Date, "2021-04-30"),
            (44_316.25, Kind::Date, "2021-04-30T06:00:00"),
            (59.0, Kind::Date, "1900-02-28"),
            (61.0, Kind::Date, "1900-03-01"),
            (1.0, Kind::Date, "1900-01-01"),
            (0.043_090_277_777_777_776, Kind::Time, "1:02:03"),
            (0.000_509_259_259_259, Kind::Time, "0:00:44"),
            (1.5, Kind::Time, "36:00:00"),
            (0.5, Kind::DateTime, "12:00:00"),
            (34.0, Kind::Number, "34"),
            (0.1, Kind::Number, "0.1"),
            (0.1 + 0.2, Kind::Number, "0.3"),
            (-3.0, Kind::Date, "-3"),
            (1e300, Kind::Number, &1e300_f64.to_string()),
        ] {
            assert_eq!(show(value, kind, false), shown);
        }
        assert_eq!(show(42_854.0, Kind::Date, true), "2021-04-30");
    }

    #[test]
    fn midnight_goes() {
        assert_eq!(iso("2021-04-30T00:00:00"), "2021-04-30");
        assert_eq!(iso("2021-04-30T10:30:00"), "2021-04-30T10:30:00");
    }

    #[test]
    fn durations() {
        for (text, shown) in [
            ("PT01H02M03S", Some("1:02:03")),
            ("PT00H00M43.81S", Some("0:00:43.810")),
            ("PT5M", Some("0:05:00")),
            ("P1D", None),
            ("PTxS", None),
            ("PT-1S", None),
            ("PTNaNS", None),
        ] {
            assert_eq!(duration(text).as_deref(), shown, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_number_and_code(value: f64, code in "[\\[\\]hmsdy\";\\\\é _*0G]{0,12}", since in any::<bool>()) {
            prop_assert!(!show(value, of_code(&code), since).is_empty());
        }
        #[test]
        fn any_duration(text in "P?T?[0-9HMS.,é-]{0,12}") {
            let _ = duration(&text);
        }
    }
}
