//! What stands on pages and is not said: numbers in the margin, and lines that are drawn at the end of one page and once
//! more at the top of the next. (Headers and footers are told in `edges`.)

use super::page::{Line, Page};

/// Takes off the numbers that count paragraphs or lines in the left margin, and says how many they were.
///
/// They are told from other numbers by their place (in front of everything else, with a gap behind) and by counting:
/// nearly every one is the one before, or comes next.
pub(super) fn margin_numbers(pages: &mut [Page]) -> usize {
    const FEWEST: usize = 5;
    let mut beside = Vec::new();
    let mut columns = 0;
    for line in pages.iter().flat_map(|page| &page.lines) {
        if let Some((number, Some(gap))) = number_in_front(line) {
            beside.push(number);
            columns = columns.max(line.indent + gap);
        }
    }
    let counts = beside
        .windows(2)
        .filter(|pair| {
            (0..=1).contains(&(pair[1] - pair[0])) || pair[1] - pair[0] == 5 || pair[1] == 1
        })
        .count();
    if beside.len() < FEWEST || counts * 10 < (beside.len() - 1) * 9 {
        return 0;
    }
    let all: usize = pages.iter().map(|page| page.lines.len()).sum();
    // Numbers at most lines count lines, and say nothing about paragraphs.
    let of_paragraphs =
        beside.len() * 10 < all * 7 && !beside.windows(2).all(|pair| pair[1] - pair[0] == 5);
    let mut taken = 0;
    for page in pages {
        page.numbered = of_paragraphs;
        let mut kept = Vec::with_capacity(page.lines.len());
        let mut waiting = None;
        for mut line in page.lines.drain(..) {
            match number_in_front(&line) {
                Some((_, Some(gap))) => {
                    taken += 1;
                    line.indent += gap;
                    line.text = line.text.chars().skip(gap).collect();
                    line.numbered = of_paragraphs;
                }
                // Alone in the margin, it belongs to the line that is drawn a little lower.
                Some((_, None)) if line.end() < columns => {
                    taken += 1;
                    waiting = Some(line.apart);
                    continue;
                }
                _ => {}
            }
            if let Some(apart) = waiting.take() {
                line.apart |= apart;
                line.numbered |= of_paragraphs;
            }
            kept.push(line);
        }
        page.lines = kept;
    }
    taken
}

/// The number at the start of a line, and how many characters further on the words begin; none where none follow.
fn number_in_front(line: &Line) -> Option<(i64, Option<usize>)> {
    let digits = line.text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 5 {
        return None;
    }
    let number = line.text[..digits].parse().ok()?;
    let rest = &line.text[digits..];
    let gap = rest.chars().take_while(|c| c.is_whitespace()).count();
    if rest.is_empty() {
        Some((number, None))
    } else {
        (gap >= 2).then_some((number, Some(digits + gap)))
    }
}

/// Takes off a line at the top of a page that is the last of the page before: browsers that print draw a line that does
/// not fit on both pages and let the reader see one of them. Says how many they were.
pub(super) fn shown_twice(pages: &mut [Page]) -> usize {
    // Short lines (`Ada: Yes.`) may well be said twice.
    const LONG: usize = 40;
    let mut taken = 0;
    let mut last: Option<String> = None;
    for page in pages {
        let again = page
            .lines
            .first()
            .is_some_and(|line| Some(&line.text) == last.as_ref() && line.text.len() >= LONG);
        if again {
            page.lines.remove(0);
            taken += 1;
            // What follows goes on where the page before ended.
            if let Some(next) = page.lines.first_mut()
                && !next.apart
            {
                next.numbered = false;
            }
        }
        if let Some(line) = page.lines.last() {
            last = Some(line.text.clone());
        }
    }
    taken
}
