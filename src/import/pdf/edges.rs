//! Headers, footers and page numbers: what comes back at the top or the foot of most pages and is not said there.
//!
//! What was said must not be lost for one that looks alike: numbers are taken for page numbers only where they stand as
//! page numbers do, nobody's label begins a header, a header has room between it and the text, and what would be most
//! of the text is none.

use std::collections::{HashMap, HashSet};

use super::page::{Line, Page};

/// How many lines from an edge a header or a footer may have.
const DEEP: usize = 3;

/// How many lines were taken off, by edge, and how many were not since they would have been most of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Taken {
    pub top: usize,
    pub foot: usize,
    pub kept: usize,
}

/// Takes off the lines that come back at the top or the foot of most pages, page by page from the outside inwards.
pub(super) fn headers_and_footers(pages: &mut [Page]) -> Taken {
    let looks: Vec<Vec<Look>> = pages
        .iter()
        .map(|page| page.lines.iter().map(|line| look(&line.text)).collect())
        .collect();
    let labels = Labels::of(pages, &looks);
    let seen = Seen::of(pages, &looks);
    let mut letters = (0, 0);
    let mut found: Vec<[usize; 2]> = Vec::with_capacity(pages.len());
    let mut numbers_only: Vec<[usize; 2]> = Vec::with_capacity(pages.len());
    for (page, looks) in pages.iter().zip(&looks) {
        let of_page = at_edges(page, |at, top| {
            let look = &looks[at];
            seen.often(look, top) && (look.is_number || !labels.begin(&page.lines[at].text))
        });
        let numbers = at_edges(page, |at, top| {
            looks[at].is_number && seen.often(&looks[at], top)
        });
        for (n, line) in page.lines.iter().enumerate() {
            let taken = n < of_page[0] || n + of_page[1] >= page.lines.len();
            let size = line.text.chars().filter(|c| c.is_alphabetic()).count();
            letters.0 += if taken && !looks[n].is_number {
                size
            } else {
                0
            };
            letters.1 += size;
        }
        found.push(of_page);
        numbers_only.push(numbers);
    }
    let mut taken = Taken::default();
    if letters.0 * 2 > letters.1 {
        let count = |all: &[[usize; 2]]| all.iter().flatten().sum::<usize>();
        taken.kept = count(&found) - count(&numbers_only);
        found = numbers_only;
    }
    for (page, [top, foot]) in pages.iter_mut().zip(found) {
        page.lines.truncate(page.lines.len() - foot);
        let apart = page.lines.drain(..top).any(|line| line.apart);
        if let (true, Some(next)) = (apart, page.lines.first_mut()) {
            next.apart = true;
        }
        taken.top += top;
        taken.foot += foot;
    }
    taken
}

/// How many lines at the top and at the foot of a page are such, from the outside inwards.
fn at_edges(page: &Page, is_such: impl Fn(usize, bool) -> bool) -> [usize; 2] {
    let mut found = [0, 0];
    for (own, top) in [(0, true), (1, false)] {
        while found[own] < DEEP
            && found[0] + found[1] < page.lines.len()
            && is_such(edge(page, found[own], top), top)
        {
            found[own] += 1;
        }
    }
    found
}

/// The place of the line that is the `n`th from an edge.
fn edge(page: &Page, n: usize, top: bool) -> usize {
    if top { n } else { page.lines.len() - 1 - n }
}

/// Whether there is room between the `n`th line from an edge, or one soon behind it, and the lines further in.
fn set_off(page: &Page, n: usize, top: bool) -> bool {
    (n..DEEP).any(|n| {
        let inner = if top { n + 1 } else { n };
        n + 1 >= page.lines.len()
            || page.lines[if top { inner } else { edge(page, inner, false) }].apart
    })
}

/// How a line looks on whatever page it stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Look {
    words: String,
    /// It is a page number and nothing more.
    is_number: bool,
}

/// A line without its page number; other numbers are words of it (`Question 1` and `Question 2` are two questions).
fn look(text: &str) -> Look {
    let shape = shape(text);
    if is_page_number(&shape) {
        return Look {
            words: shape,
            is_number: true,
        };
    }
    let pieces = pieces(text);
    let (from, to) = without_page_number(&pieces);
    let mut words = String::with_capacity(text.len());
    for piece in &pieces[from..to] {
        words.push(' ');
        words.extend(piece.text.chars().flat_map(char::to_lowercase));
    }
    // A header with a page number is another line than one without.
    if from > 0 || to < pieces.len() {
        words.push_str(" #");
    }
    Look {
        words,
        is_number: false,
    }
}

/// A word of a line, and how many blanks stand in front of it.
struct Piece<'a> {
    text: &'a str,
    gap: usize,
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    loop {
        let word = rest.trim_start();
        if word.is_empty() {
            return pieces;
        }
        let gap = rest[..rest.len() - word.len()].chars().count();
        let end = word.find(char::is_whitespace).unwrap_or(word.len());
        pieces.push(Piece {
            text: &word[..end],
            gap,
        });
        rest = &word[end..];
    }
}

/// The words of a line between which no page number stands at its start or its end.
fn without_page_number(pieces: &[Piece<'_>]) -> (usize, usize) {
    // Narrower ones stand between words too.
    const GAP: usize = 3;
    let all = pieces.len();
    let may_be = |from: usize, to: usize| {
        let shapes: Vec<String> = pieces[from..to].iter().map(|p| shape(p.text)).collect();
        is_page_number(&shapes.join(" "))
            .then(|| shapes.iter().any(|shape| SURE.contains(&shape.as_str())))
    };
    // No page number has more than `Page 1 of 12`, with bars around it.
    let longest = all.saturating_sub(1).min(6);
    for length in (1..=longest).rev() {
        let from = all - length;
        if may_be(from, all).is_some_and(|sure| sure || pieces[from].gap >= GAP) {
            return (0, from);
        }
    }
    for length in (1..=longest).rev() {
        if may_be(0, length).is_some_and(|sure| sure || pieces[length].gap >= GAP) {
            return (length, all);
        }
    }
    (0, all)
}

/// A line with its numbers made alike.
fn shape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '0'..='9' => {
                if !out.ends_with('#') {
                    out.push('#');
                }
            }
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// Words that make a page number of the number beside them, whatever else the line says.
const SURE: &[&str] = &[
    "page", "p.", "seite", "página", "pagina", "pág.", "sivu", "side", "sida", "|", "#/#",
];

/// Whether a shape is that of a page number and nothing more.
fn is_page_number(shape: &str) -> bool {
    const WORDS: &[&str] = &[
        "p", "of", "von", "de", "di", "van", "af", "av", "sur", "/", "-", "–", "—", "#", "-#-",
        "–#–",
    ];
    shape.contains('#')
        && shape
            .split(' ')
            .all(|word| WORDS.contains(&word) || SURE.contains(&word))
}

/// On how many pages a line stands where.
struct Seen {
    /// At the top and at the foot; and how many of these have room between them and the text.
    edges: [HashMap<Look, (usize, usize)>; 2],
    /// Lines further in.
    inside: HashMap<Look, usize>,
    /// Pages with lines.
    written: usize,
}

impl Seen {
    fn of(pages: &[Page], looks: &[Vec<Look>]) -> Self {
        let mut seen = Self {
            edges: [HashMap::new(), HashMap::new()],
            inside: HashMap::new(),
            written: pages.iter().filter(|page| !page.lines.is_empty()).count(),
        };
        for (page, looks) in pages.iter().zip(looks) {
            for (edges, top) in seen.edges.iter_mut().zip([true, false]) {
                let mut here = HashSet::new();
                for n in 0..DEEP.min(page.lines.len()) {
                    let look = &looks[edge(page, n, top)];
                    if here.insert(look) {
                        let (often, off) = edges.entry(look.clone()).or_default();
                        *often += 1;
                        *off += usize::from(set_off(page, n, top));
                    }
                }
            }
            let inside = DEEP..page.lines.len().saturating_sub(DEEP).max(DEEP);
            for look in looks.get(inside).unwrap_or_default() {
                *seen.inside.entry(look.clone()).or_default() += 1;
            }
        }
        seen
    }

    /// Whether a line comes back at this edge of most pages, apart from the text and not within it.
    fn often(&self, look: &Look, top: bool) -> bool {
        let (n, off) = self.edges[usize::from(!top)]
            .get(look)
            .copied()
            .unwrap_or_default();
        if n * 2 < self.written {
            return false;
        }
        if look.is_number {
            // A line of one page is a page number only by what it says: `1/1`, `Page 1`.
            return n >= 2 || self.written == 1 && look.words != "#";
        }
        let inside = self.inside.get(look).copied().unwrap_or_default();
        n >= 3 && off * 2 > n && inside * 4 <= n
    }
}

/// What stands in front of a colon, and begins what somebody says.
struct Labels<'a>(HashSet<&'a str>);

impl<'a> Labels<'a> {
    /// A label begins lines that are not the same; `Study: the clinic` comes back as it is.
    fn of(pages: &'a [Page], looks: &'a [Vec<Look>]) -> Self {
        let mut first: HashMap<&str, &Look> = HashMap::new();
        let mut labels = HashSet::new();
        for (page, looks) in pages.iter().zip(looks) {
            for (Line { text, .. }, look) in page.lines.iter().zip(looks) {
                if let Some((label, words)) = labelled(text)
                    && (words.is_empty()
                        || is_code(label)
                        || *first.entry(label).or_insert(look) != look)
                {
                    labels.insert(label);
                }
            }
        }
        Self(labels)
    }
    fn begin(&self, text: &str) -> bool {
        labelled(text).is_some_and(|(label, _)| self.0.contains(label))
    }
}

/// A line that may begin with a label, as the label and the words behind it.
fn labelled(text: &str) -> Option<(&str, &str)> {
    const LONGEST: usize = 40;
    let (label, words) = text.split_once(':')?;
    let fits = label.len() <= LONGEST && label.chars().any(char::is_alphabetic);
    (fits && (words.is_empty() || words.starts_with(char::is_whitespace)))
        .then_some((label.trim_end(), words.trim_start()))
}

/// Whether a label is one that stands for a person: `INT`, `P01`, `R`.
fn is_code(label: &str) -> bool {
    label.len() <= 5
        && label
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}
