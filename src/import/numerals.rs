//! Numbers of list items as they are shown: `3`, `c`, `iii`.

/// How a list writes its numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Numeral {
    #[default]
    Decimal,
    /// `01`, `02` … `10`
    Padded,
    Lower,
    Upper,
    LowerRoman,
    UpperRoman,
}

impl Numeral {
    pub(super) fn show(self, n: u32) -> String {
        match self {
            Self::Decimal => n.to_string(),
            Self::Padded => format!("{n:02}"),
            Self::Lower => letters(n).unwrap_or_else(|| n.to_string()),
            Self::Upper => letters(n).map_or_else(|| n.to_string(), |s| s.to_ascii_uppercase()),
            Self::LowerRoman => roman(n).unwrap_or_else(|| n.to_string()),
            Self::UpperRoman => roman(n).map_or_else(|| n.to_string(), |s| s.to_ascii_uppercase()),
        }
    }
}

/// a … z, aa, bb … as word processors count.
fn letters(n: u32) -> Option<String> {
    let (times, place) = (n.checked_sub(1)? / 26, (n - 1) % 26);
    let letter = char::from(b'a' + u8::try_from(place).ok()?);
    (times < 30).then(|| letter.to_string().repeat(times as usize + 1))
}

fn roman(mut n: u32) -> Option<String> {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if n == 0 || n > 3999 {
        return None;
    }
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while n >= value {
            out.push_str(sign);
            n -= value;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::Numeral::{Decimal, Lower, LowerRoman, Padded, Upper, UpperRoman};

    #[test]
    fn as_lists_show_them() {
        for (numeral, n, shown) in [
            (Decimal, 12, "12"),
            (Padded, 7, "07"),
            (Lower, 1, "a"),
            (Lower, 26, "z"),
            (Lower, 28, "bb"),
            (Upper, 3, "C"),
            (LowerRoman, 1994, "mcmxciv"),
            (UpperRoman, 4, "IV"),
            (UpperRoman, 0, "0"),
            (Lower, 0, "0"),
            (Lower, u32::MAX, "4294967295"),
            (LowerRoman, 4000, "4000"),
        ] {
            assert_eq!(numeral.show(n), shown);
        }
    }
}
