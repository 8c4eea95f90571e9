//! Stages of a maturity framework: cases by domains, each cell with where the case itself and others saw it.

use super::Chart;
use super::grid_words::shortened;
use super::quantity::{heading, many};
use super::svg::{
    ACCENT, Drawing, Edge, FAINT, Face, INK, LABEL, LINE, QUIET, SECOND, SMALL, STRONG, Side, cut,
    width,
};
use crate::indicator::assessment::By;

/// Where one kind of assessor saw a case in one domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) by: By,
    /// From 1; none where several of that kind on the newest day differ.
    pub(super) stage: Option<usize>,
    /// Stages since its first assessment by that kind; none where there is only one.
    pub(super) moved: Option<i64>,
    pub(super) date: String,
}

/// A case with a cell for each domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) case: String,
    pub(super) cells: Vec<Vec<Seen>>,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stages {
    pub(super) maturity: String,
    /// The first stage first.
    pub(super) stages: Vec<String>,
    pub(super) domains: Vec<String>,
    /// The kinds of assessor that there are, in the order in which they stand in a cell.
    pub(super) kinds: Vec<By>,
    pub(super) lines: Vec<Line>,
    pub(super) as_of: Option<String>,
    pub(super) notes: Vec<String>,
}

const ROW: f64 = 26.0;
const LABELS: f64 = 220.0;
/// Room for the mark of one kind of assessor.
const MARK: f64 = 44.0;
const RADIUS: f64 = 8.0;

impl Stages {
    fn seen<'a>(&self, cell: &'a [Seen], by: By) -> Option<&'a Seen> {
        cell.iter().find(|s| s.by == by)
    }

    fn name(&self, stage: usize) -> &str {
        stage
            .checked_sub(1)
            .and_then(|n| self.stages.get(n))
            .map_or("?", String::as_str)
    }

    /// How full a mark is.
    fn share(&self, stage: usize) -> f64 {
        many(stage) / many(self.stages.len().max(1))
    }
}

/// Draws the grid.
pub(super) fn stages(of: &Stages) -> Chart {
    let title = match &of.as_of {
        Some(day) => format!("{}: stages by {day}", of.maturity),
        None => format!("{}: stages", of.maturity),
    };
    let mut head = vec!["case".to_owned(), "domain".to_owned()];
    for by in &of.kinds {
        head.push(by.word().to_owned());
        head.push(format!("moved ({})", by.word()));
    }
    let mut rows = Vec::new();
    let (mut differ, mut compared, mut unclear) = (0, 0, 0);
    for line in &of.lines {
        for (domain, cell) in of.domains.iter().zip(&line.cells) {
            if cell.is_empty() {
                continue;
            }
            let mut row = vec![line.case.clone(), domain.clone()];
            for by in &of.kinds {
                let seen = of.seen(cell, *by);
                row.push(match seen.map(|s| s.stage) {
                    None => String::new(),
                    Some(None) => "assessors of one day differ".to_owned(),
                    Some(Some(stage)) => format!("{stage} {}", of.name(stage)),
                });
                let moved = seen.and_then(|s| s.moved);
                row.push(moved.map_or(String::new(), |n| format!("{n:+}").replace("+0", "0")));
            }
            unclear += cell.iter().filter(|s| s.stage.is_none()).count();
            let mut stages = cell.iter().filter_map(|s| s.stage);
            let first = stages.next();
            let others: Vec<usize> = stages.collect();
            compared += usize::from(!others.is_empty());
            differ += usize::from(others.iter().any(|s| Some(*s) != first));
            rows.push(row);
        }
    }
    let mut caveats = Vec::new();
    if of.kinds.len() > 1 {
        let kinds: Vec<&str> = of.kinds.iter().map(|k| k.word()).collect();
        caveats.push(format!(
            "In each cell from left to right: {}. Of {compared} cells that more than one of them saw, they differ in {differ}.",
            kinds.join(", ")
        ));
    }
    caveats.push("A stage is a place in an order: the step from one to the next is not everywhere the same, and nothing is averaged.".to_owned());
    if of
        .lines
        .iter()
        .flat_map(|l| l.cells.iter().flatten())
        .any(|s| s.moved.is_some())
    {
        caveats.push("An arrow is the movement since the first assessment by the same kind of assessor; a bar is none.".to_owned());
    }
    if unclear > 0 {
        caveats.push(format!(
            "Where several assessors of one kind differ on their newest day, none is taken (≠): {unclear}."
        ));
    }
    caveats.push("An empty cell was not assessed, which is not the first stage.".to_owned());
    caveats.extend(of.notes.iter().cloned());
    let stage_names: Vec<String> = of
        .stages
        .iter()
        .enumerate()
        .map(|(n, s)| format!("{} {s}", n + 1))
        .collect();
    Chart {
        pending: 0,
        unit: format!(
            "The latest stage of each case in each domain: {}.",
            stage_names.join(", ")
        ),
        caveats,
        numeric: vec![false; head.len()],
        head,
        rows,
        svg: drawn(of, &title),
        preview: preview(of),
        title,
    }
}

fn drawn(of: &Stages, title: &str) -> String {
    let labels = of
        .lines
        .iter()
        .map(|l| width(&l.case, LABEL))
        .fold(80.0, f64::max)
        .min(LABELS);
    let left = 16.0 + labels + 12.0;
    let cell = (MARK * many(of.kinds.len().max(1)) + 10.0).max(76.0);
    let top = 92.0;
    let bottom = top + many(of.lines.len()) * ROW;
    let right = left + cell * many(of.domains.len());
    let wide = (right + 16.0).max(620.0);
    let legend_lines = many(of.stages.len().div_ceil(3));
    let high = bottom + 20.0 + legend_lines * 22.0 + 34.0;
    let mut d = Drawing::new(wide, high);
    heading(&mut d, &cut(title, STRONG, wide - 150.0));
    for (n, domain) in of.domains.iter().enumerate() {
        let x = left + cell * many(n);
        let [first, second] = in_two(domain, cell - 8.0);
        let face = STRONG;
        if second.is_empty() {
            d.text((x + cell / 2.0, top - 26.0), Side::Middle, face, &first);
        } else {
            d.text((x + cell / 2.0, top - 40.0), Side::Middle, face, &first);
            d.text((x + cell / 2.0, top - 26.0), Side::Middle, face, &second);
        }
        d.line((x, top - 4.0), (x, bottom), LINE, 1.0);
        if of.kinds.len() > 1 {
            for (m, by) in of.kinds.iter().enumerate() {
                let at = (x + 5.0 + MARK * many(m) + MARK / 2.0, top - 8.0);
                d.text(at, Side::Middle, SMALL, &cut(abbreviated(*by), SMALL, MARK));
            }
        }
    }
    d.line((right, top - 4.0), (right, bottom), LINE, 1.0);
    for (n, line) in of.lines.iter().enumerate() {
        let y = top + many(n) * ROW;
        if n.is_multiple_of(2) {
            d.rect((left, y), (right - left, ROW), FAINT, "");
        }
        d.text(
            (left - 10.0, y + 17.0),
            Side::End,
            LABEL,
            &cut(&line.case, LABEL, LABELS),
        );
        for (m, seen) in line.cells.iter().enumerate() {
            let x = left + cell * many(m) + 5.0;
            for (k, by) in of.kinds.iter().enumerate() {
                let Some(seen) = of.seen(seen, *by) else {
                    continue;
                };
                let hint = format!(
                    "{}, {}: {} by {}, {}",
                    line.case,
                    of.domains.get(m).map_or("", String::as_str),
                    seen.stage.map_or("assessors differ", |s| of.name(s)),
                    by.word(),
                    seen.date
                );
                mark(&mut d, of, seen, (x + MARK * many(k), y), &hint);
            }
        }
    }
    if of.lines.is_empty() {
        d.text(
            (24.0, top + 4.0),
            Side::Start,
            STRONG,
            "No case was assessed.",
        );
    }
    legend(&mut d, of, (bottom + 20.0, wide));
    d.finish(&format!(
        "{title}. {} cases in {} domains.",
        of.lines.len(),
        of.domains.len()
    ))
}

/// A heading of a column, on two lines where one has no room for it.
fn in_two(words: &str, room: f64) -> [String; 2] {
    if width(words, STRONG) <= room {
        return [words.to_owned(), String::new()];
    }
    let mut first = String::new();
    let mut rest = words.split(' ').peekable();
    while let Some(next) = rest.peek() {
        let longer = format!("{first} {next}").trim().to_owned();
        if width(&longer, STRONG) > room {
            break;
        }
        first = longer;
        rest.next();
    }
    if first.is_empty() {
        return [cut(words, STRONG, room), String::new()];
    }
    let rest: Vec<&str> = rest.collect();
    [first, cut(&rest.join(" "), STRONG, room)]
}

fn abbreviated(by: By) -> &'static str {
    match by {
        By::OneSelf => "self",
        By::Researcher => "res.",
        By::Regulator => "reg.",
        By::Other => "other",
    }
}

/// The sign of a stage: of a case's own view a circle, of others' a square, as full as the stage is far.
fn sign(d: &mut Drawing, (at, share): ((f64, f64), f64), own: bool, hint: &str) {
    let edge = Edge::of(ACCENT, 1.4);
    if own {
        d.ring(at, RADIUS, "#ffffff", &edge, hint);
        d.slice(at, RADIUS, share, ACCENT);
    } else {
        let side = RADIUS * 2.0 - 1.0;
        let corner = (at.0 - side / 2.0, at.1 - side / 2.0);
        d.framed(corner, (side, side), "#ffffff", &edge, hint);
        let full = side * share;
        d.rect((corner.0, corner.1 + side - full), (side, full), ACCENT, "");
    }
}

fn mark(d: &mut Drawing, of: &Stages, seen: &Seen, (x, y): (f64, f64), hint: &str) {
    let at = (x + RADIUS + 3.0, y + ROW / 2.0);
    let own = seen.by == By::OneSelf;
    let Some(stage) = seen.stage else {
        let side = RADIUS * 2.0;
        let edge = Edge::broken(QUIET, 1.0);
        d.framed(
            (at.0 - RADIUS, at.1 - RADIUS),
            (side, side),
            "#ffffff",
            &edge,
            hint,
        );
        d.text((at.0, at.1 + 4.5), Side::Middle, STRONG, "≠");
        return;
    };
    sign(d, (at, of.share(stage)), own, hint);
    let number = (at.0 + RADIUS + 3.0, at.1 + 4.0);
    d.text(
        number,
        Side::Start,
        Face {
            colour: INK,
            ..SMALL
        },
        &stage.to_string(),
    );
    if let Some(moved) = seen.moved {
        moved_sign(d, (at.0 + RADIUS + 15.5, at.1), moved);
    }
}

/// An arrow up or down, or a bar where nothing moved.
fn moved_sign(d: &mut Drawing, (x, y): (f64, f64), moved: i64) {
    match moved.signum() {
        1 => d.arrow((x, y + 6.5), (x, y - 6.5), SECOND, 1.5),
        -1 => d.arrow((x, y - 6.5), (x, y + 6.5), INK, 1.5),
        _ => d.line((x - 3.5, y), (x + 3.5, y), QUIET, 1.5),
    }
}

fn legend(d: &mut Drawing, of: &Stages, (y, wide): (f64, f64)) {
    let third = (wide - 32.0) / 3.0;
    let own = of.kinds.contains(&By::OneSelf);
    for (n, stage) in of.stages.iter().enumerate() {
        let at = (16.0 + third * many(n % 3), y + 22.0 * many(n / 3));
        sign(d, ((at.0 + 9.0, at.1 + 8.0), of.share(n + 1)), own, "");
        let words = cut(&format!("{} {stage}", n + 1), SMALL, third - 30.0);
        d.text((at.0 + 24.0, at.1 + 12.0), Side::Start, SMALL, &words);
    }
    let y = y + 22.0 * many(of.stages.len().div_ceil(3)) + 4.0;
    let mut x = 16.0;
    let mut item = |d: &mut Drawing, words: &str, sign: &dyn Fn(&mut Drawing, (f64, f64))| {
        let long = width(words, SMALL);
        if x + 24.0 + long > wide {
            return;
        }
        sign(d, (x + 9.0, y + 8.0));
        d.text((x + 24.0, y + 12.0), Side::Start, SMALL, words);
        x += 24.0 + long + 12.0;
    };
    for by in &of.kinds {
        let own = *by == By::OneSelf;
        let words = if own { "self" } else { by.word() };
        item(d, words, &|d, at| sign(d, (at, 0.5), own, ""));
    }
    let any = |of_sign: i64| {
        of.lines
            .iter()
            .flat_map(|l| l.cells.iter().flatten())
            .any(|s| s.moved.is_some_and(|n| n.signum() == of_sign))
    };
    for (sign, words) in [(1, "went forward"), (-1, "went back"), (0, "did not move")] {
        if any(sign) {
            item(d, words, &|d, at| moved_sign(d, at, sign));
        }
    }
}

/// Cases by domains: a circle as full as the stage is far, its number, and an arrow.
fn preview(of: &Stages) -> Vec<String> {
    const CIRCLES: [char; 5] = ['○', '◔', '◑', '◕', '●'];
    let names = of
        .lines
        .iter()
        .map(|l| l.case.chars().count())
        .max()
        .unwrap_or(0)
        .min(32);
    let one = |seen: Option<&Seen>| -> String {
        let Some(seen) = seen else {
            return "–".to_owned();
        };
        let Some(stage) = seen.stage else {
            return "≠".to_owned();
        };
        let quarters = (0..CIRCLES.len())
            .rev()
            .find(|n| of.share(stage) * 4.0 >= many(*n) - 0.01)
            .unwrap_or(0);
        let arrow = match seen.moved.map(i64::signum) {
            Some(1) => "↑",
            Some(-1) => "↓",
            Some(_) => "=",
            None => "",
        };
        format!("{}{stage}{arrow}", CIRCLES[quarters])
    };
    let cells: Vec<Vec<String>> = of
        .lines
        .iter()
        .map(|l| {
            l.cells
                .iter()
                .map(|cell| {
                    if cell.is_empty() {
                        return "–".to_owned();
                    }
                    let marks: Vec<String> =
                        of.kinds.iter().map(|k| one(of.seen(cell, *k))).collect();
                    marks.join(" ")
                })
                .collect()
        })
        .collect();
    let heads: Vec<String> = of.domains.iter().map(|d| shortened(d, 16)).collect();
    let wide: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(n, head)| {
            let most = cells
                .iter()
                .filter_map(|row| row.get(n))
                .map(|c| c.chars().count());
            most.max().unwrap_or(0).max(head.chars().count())
        })
        .collect();
    let row = |name: &str, all: &[String]| {
        let mut line = format!("{:names$}", shortened(name, names));
        for (cell, wide) in all.iter().zip(&wide) {
            line.push_str(&format!("  {cell:wide$}"));
        }
        line.trim_end().to_owned()
    };
    let mut lines = vec![row("", &heads)];
    for (line, cells) in of.lines.iter().zip(&cells) {
        lines.push(row(&line.case, cells));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::boxes::{assert_apart, assert_kept, invented};
    use super::*;

    fn of(count: usize) -> Stages {
        let seen = |by: By, n: usize, moved: Option<i64>| Seen {
            by,
            stage: (n != 5).then_some(n % 4 + 1),
            moved,
            date: "2019-06-01".to_owned(),
        };
        Stages {
            maturity: "Maturity of systems".to_owned(),
            stages: ["emerging", "developing", "maturing", "thriving"]
                .map(str::to_owned)
                .to_vec(),
            domains: [
                "overall",
                "system leadership and partnerships",
                "finance",
                "integrated care models",
                "track record",
            ]
            .map(str::to_owned)
            .to_vec(),
            kinds: vec![By::OneSelf, By::Researcher],
            lines: invented(count)
                .into_iter()
                .enumerate()
                .map(|(n, case)| Line {
                    case,
                    cells: (0..5)
                        .map(|m| match (n + m) % 6 {
                            0 => Vec::new(),
                            1 => vec![seen(By::Researcher, n + 1, Some(0))],
                            k => vec![
                                seen(By::OneSelf, n + k, Some([1, -1, 0][(n + m) % 3])),
                                seen(By::Researcher, n * k, None),
                            ],
                        })
                        .collect(),
                })
                .collect(),
            as_of: None,
            notes: Vec::new(),
        }
    }

    #[test]
    fn pictures_are_as_they_were_and_no_label_hides_another() {
        for many in [3, 44] {
            let chart = stages(&of(many));
            assert_apart(&chart.svg);
            assert_kept(&format!("stages-{many}"), &chart.svg);
        }
    }

    #[test]
    fn a_cell_has_both_views_and_says_where_assessors_differ() {
        let chart = stages(&of(3));
        assert_eq!(
            chart.head,
            [
                "case",
                "domain",
                "self",
                "moved (self)",
                "researcher",
                "moved (researcher)"
            ]
        );
        assert_eq!(
            chart.preview[0].trim_start(),
            "overall  system leadersh…  finance  integrated care…  track record"
        );
        let line = chart
            .preview
            .iter()
            .find(|l| l.contains('≠'))
            .expect("one differs");
        assert!(line.contains('◕') || line.contains('●'), "{line}");
        assert!(
            chart.caveats.iter().any(|c| c.contains("(≠)")),
            "{:?}",
            chart.caveats
        );
        // What was not assessed has no row, and is no first stage.
        assert!(
            chart
                .rows
                .iter()
                .all(|r| !r[2].is_empty() || !r[4].is_empty())
        );
    }
}
