//! Pages with two columns: the left one is read before the right one.

use super::page::{Line, Page};

/// Blanks that part two columns at least.
const GUTTER: usize = 3;
/// Lines with words on both sides that a page of two columns has at least.
const FEWEST: usize = 8;

/// Reads pages that have two columns one column after the other; says how many they are.
pub(super) fn split(pages: &mut [Page]) -> usize {
    let mut split = 0;
    for page in pages {
        let Some(column) = gutter(page) else {
            continue;
        };
        split += 1;
        page.columns = true;
        let (mut left, mut right) = (Vec::new(), Vec::new());
        // Room above counts for the side on which the last line stood further up.
        let (mut left_apart, mut right_apart) = (true, true);
        for line in page.lines.drain(..) {
            left_apart |= line.apart;
            right_apart |= line.apart;
            let (before, behind) = cut(&line, column);
            if let Some(mut line) = before {
                line.apart = left_apart;
                left_apart = false;
                left.push(line);
            } else {
                left_apart = true;
            }
            if let Some(mut line) = behind {
                line.apart = right_apart;
                right_apart = false;
                right.push(line);
            } else {
                right_apart = true;
            }
        }
        left.append(&mut right);
        page.lines = left;
    }
    split
}

/// The column at which the right side of a page begins: in its middle, with blanks in front on nearly every line.
fn gutter(page: &Page) -> Option<usize> {
    let width = page.lines.iter().map(Line::end).max()?;
    let mut starts = vec![0_usize; width + 1];
    for line in &page.lines {
        let mut blanks = 0;
        for (n, c) in line.text.chars().enumerate() {
            if c.is_whitespace() {
                blanks += 1;
            } else {
                if blanks >= GUTTER {
                    starts[line.indent + n] += 1;
                }
                blanks = 0;
            }
        }
    }
    let middle = width * 3 / 10..=width * 7 / 10;
    let column = middle.max_by_key(|&column| starts[column])?;
    let sides = |line: &Line| {
        let (before, behind) = cut(line, column);
        (before.is_some(), behind.is_some())
    };
    let both = page
        .lines
        .iter()
        .filter(|line| sides(line) == (true, true))
        .count();
    let across = page
        .lines
        .iter()
        .filter(|line| line.end() > column && line.indent < column && sides(line) != (true, true))
        .count();
    // Names at the left and words at the right are a table, whose left side holds little.
    let left: usize = page
        .lines
        .iter()
        .filter_map(|line| cut(line, column).0)
        .map(|line| line.text.split_whitespace().count())
        .sum();
    (both >= FEWEST && both * 2 >= page.lines.len() && across * 10 <= both && left >= both * 4)
        .then_some(column)
}

/// What of a line stands left and right of a column; a line that runs across it is all left.
fn cut(line: &Line, column: usize) -> (Option<Line>, Option<Line>) {
    if line.indent >= column {
        let indent = line.indent - column;
        return (
            None,
            Some(Line {
                indent,
                ..line.clone()
            }),
        );
    }
    let at = line
        .text
        .char_indices()
        .nth(column - line.indent)
        .map(|(at, _)| at);
    let Some(at) = at else {
        return (Some(line.clone()), None);
    };
    let (before, behind) = line.text.split_at(at);
    if behind.starts_with(char::is_whitespace) || !before.ends_with("  ") {
        return (Some(line.clone()), None);
    }
    let left = Line {
        text: before.trim_end().to_owned(),
        ..line.clone()
    };
    let right = Line {
        indent: 0,
        text: behind.to_owned(),
        numbered: false,
        ..line.clone()
    };
    (Some(left), Some(right))
}
