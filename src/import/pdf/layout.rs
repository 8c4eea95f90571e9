//! What a page draws → lines of text with blanks for distances, as `pdftotext -layout` writes them.

/// A character, or a few that are drawn as one. Places are in points, `y` upwards.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Glyph {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub size: f64,
    pub text: String,
}

/// Writes the lines of one page.
pub(super) fn page(mut glyphs: Vec<Glyph>, out: &mut String) {
    glyphs.retain(|glyph| {
        [glyph.x, glyph.y, glyph.width, glyph.size]
            .iter()
            .all(|n| n.is_finite())
            && !glyph.text.trim().is_empty()
    });
    glyphs.sort_by(|a, b| b.y.total_cmp(&a.y));
    let lines = lines(&glyphs);
    let left = glyphs.iter().map(|glyph| glyph.x).fold(f64::MAX, f64::min);
    let pitch = pitch(&lines);
    let letter = letter(&glyphs);
    let mut above: Option<f64> = None;
    for line in &lines {
        let y = line[0].y;
        if above.is_some_and(|above| above - y > pitch * 1.35) {
            out.push('\n');
        }
        above = Some(y);
        write_line(line, left, letter, out);
        out.push('\n');
    }
}

/// Glyphs that stand at one height, from left to right.
fn lines(glyphs: &[Glyph]) -> Vec<Vec<&Glyph>> {
    let mut lines: Vec<Vec<&Glyph>> = Vec::new();
    for glyph in glyphs {
        match lines.last_mut() {
            Some(line) if line[0].y - glyph.y < glyph.size.max(line[0].size) * 0.4 => {
                line.push(glyph);
            }
            _ => lines.push(vec![glyph]),
        }
    }
    for line in &mut lines {
        line.sort_by(|a, b| a.x.total_cmp(&b.x));
    }
    lines
}

/// The distance between lines of one paragraph: the lower quarter of all.
fn pitch(lines: &[Vec<&Glyph>]) -> f64 {
    let mut steps: Vec<f64> = lines
        .windows(2)
        .map(|pair| pair[0][0].y - pair[1][0].y)
        .collect();
    steps.sort_by(f64::total_cmp);
    steps.get(steps.len() / 4).copied().unwrap_or_default()
}

/// The mean width of a letter; never nothing.
fn letter(glyphs: &[Glyph]) -> f64 {
    let (sum, n) = glyphs
        .iter()
        .filter(|glyph| glyph.width > 0.0)
        .fold((0.0, 0.0), |(sum, n), glyph| (sum + glyph.width, n + 1.0));
    if n > 0.0 { (sum / n).max(0.5) } else { 5.0 }
}

fn write_line(line: &[&Glyph], left: f64, letter: f64, out: &mut String) {
    // Wider than any page in letters: a glyph may stand anywhere.
    const WIDEST: f64 = 400.0;
    let mut columns = 0_u32;
    let mut last: Option<&Glyph> = None;
    for glyph in line {
        let wanted = ((glyph.x - left) / letter).round().min(WIDEST);
        let gap = last.map(|last| glyph.x - last.x - last.width);
        // Bold is often the same letter drawn twice.
        if last.is_some_and(|last| last.text == glyph.text && glyph.x - last.x < glyph.size * 0.1) {
            continue;
        }
        let least = match gap {
            Some(gap) if gap > glyph.size * 0.7 => 2,
            Some(gap) if gap > glyph.size * 0.15 => 1,
            _ => 0,
        };
        let mut blanks = 0;
        // Words keep one blank between them, however wide; what stands further off keeps its column.
        while blanks < least || ((gap.is_none() || least == 2) && f64::from(columns) < wanted) {
            out.push(' ');
            columns += 1;
            blanks += 1;
        }
        for c in glyph.text.chars().filter(|c| !c.is_control()) {
            out.push(c);
            columns += 1;
        }
        last = Some(glyph);
    }
}
