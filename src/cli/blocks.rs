//! Bars of block characters, for shares that are seen at a glance; the number always stands beside them.

/// Eighths of a block, from none to seven.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// A bar of at most `width` blocks for `part` of `whole`. What is more than the whole fills it; what is there at all
/// shows; of nothing there is no bar.
pub(super) fn bar(part: usize, whole: usize, width: usize) -> String {
    if part == 0 || whole == 0 {
        return String::new();
    }
    let eighths = (part.min(whole) * width * 8 + whole / 2) / whole;
    let eighths = eighths.clamp(1, width * 8);
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

/// `part` of `whole` in percent with one decimal, as `9.1 %`; `n/a` where there is no whole.
pub(super) fn percent(part: usize, whole: usize) -> String {
    let number = |n: usize| u32::try_from(n).map_or(f64::from(u32::MAX), f64::from);
    match whole {
        0 => "n/a".into(),
        _ => format!("{:.1} %", number(part) / number(whole) * 100.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_share() {
        assert_eq!(bar(0, 8, 4), "");
        assert_eq!(bar(1, 8, 4), "▌");
        assert_eq!(bar(4, 8, 4), "██");
        assert_eq!(bar(8, 8, 4), "████");
        assert_eq!(bar(9, 8, 4), "████");
        assert_eq!(bar(1, 100_000, 4), "▏");
        assert_eq!(bar(3, 0, 4), "");
        assert_eq!(
            (percent(1, 33).as_str(), percent(0, 0).as_str()),
            ("3.0 %", "n/a")
        );
    }
}
