//! Signs of symbol fonts. Those fonts have pictures where others have letters; what is common in typed talk is known here.

/// The commonest signs that Word puts in by itself (`:)` becomes a face of Wingdings) or that lists have as bullets.
const WINGDINGS: [(u32, char); 16] = [
    (0x22, '✂'),
    (0x28, '☎'),
    (0x2a, '✉'),
    (0x4a, '☺'),
    (0x4b, '😐'),
    (0x4c, '☹'),
    (0x6c, '●'),
    (0x6e, '■'),
    (0x76, '❖'),
    (0xa7, '▪'),
    (0xa8, '◻'),
    (0xd8, '➢'),
    (0xdf, '←'),
    (0xe0, '→'),
    (0xfb, '✗'),
    (0xfc, '✓'),
];

const SYMBOL: [(u32, char); 20] = [
    (0x2d, '−'),
    (0x61, 'α'),
    (0x62, 'β'),
    (0x63, 'χ'),
    (0x64, 'δ'),
    (0x6d, 'μ'),
    (0x70, 'π'),
    (0x73, 'σ'),
    (0xa3, '≤'),
    (0xa5, '∞'),
    (0xac, '←'),
    (0xad, '↑'),
    (0xae, '→'),
    (0xaf, '↓'),
    (0xb0, '°'),
    (0xb1, '±'),
    (0xb3, '≥'),
    (0xb4, '×'),
    (0xb7, '•'),
    (0xbb, '≈'),
];

/// Whether a font has pictures in the place of letters.
pub(super) fn is_symbol_font(font: &str) -> bool {
    let font = font.trim().to_ascii_lowercase();
    font == "symbol" || font.starts_with("wingdings") || font.starts_with("webdings")
}

/// The character that a font's sign stands for; none where it is a picture without one.
pub(super) fn sign(font: &str, code: u32) -> Option<char> {
    // Symbol fonts have their signs in the private area, each 0xF000 beyond its byte.
    let private = matches!(code, 0xe000..=0xf8ff);
    let table: &[(u32, char)] = match font.trim().to_ascii_lowercase().as_str() {
        "wingdings" => &WINGDINGS,
        "symbol" => &SYMBOL,
        _ => &[],
    };
    let byte = if (0xf000..=0xf0ff).contains(&code) {
        code - 0xf000
    } else {
        code
    };
    if byte < 0x100
        && let Some((_, sign)) = table.iter().find(|(own, _)| *own == byte)
    {
        return Some(*sign);
    }
    char::from_u32(code).filter(|c| !c.is_control() && !private && !is_symbol_font(font))
}

#[cfg(test)]
mod tests {
    use super::sign;

    #[test]
    fn common_signs_are_known() {
        assert_eq!(sign("Wingdings", 0xf04a), Some('☺'));
        assert_eq!(sign("Wingdings", 0x4a), Some('☺'));
        assert_eq!(sign("Symbol", 0xf0b7), Some('•'));
        assert_eq!(sign("Wingdings", 0xf0ff), None);
        assert_eq!(sign("Wingdings", 0x41), None);
        assert_eq!(sign("Arial", 0x2603), Some('☃'));
        assert_eq!(sign("Arial", 0xf041), None);
        assert_eq!(sign("Arial", 0x7), None);
        assert_eq!(sign("", 0xffff_ffff), None);
    }
}
