//! The lines of pages.

/// One line of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Blanks in front of the first character.
    pub indent: usize,
    /// Without blanks at either end; never empty.
    pub text: String,
    /// There is room above it: a blank line.
    pub apart: bool,
    /// A number stood beside it in the margin.
    pub numbered: bool,
}

impl Line {
    /// The column behind its last character.
    pub(super) fn end(&self) -> usize {
        self.indent + self.text.chars().count()
    }
}

/// One page: its lines from top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    pub lines: Vec<Line>,
    /// The numbers in the margin stand at paragraphs: whoever has none begins none.
    pub numbered: bool,
    /// It had two columns: its lines are half as long.
    pub columns: bool,
}

/// Cuts a laid out text into its pages; each ends with a form feed.
pub(super) fn pages(laid_out: &str) -> Vec<Page> {
    let mut pages: Vec<Page> = laid_out.split('\u{c}').map(page).collect();
    // Behind the last form feed there is nothing.
    if pages.last().is_some_and(|page| page.lines.is_empty()) {
        pages.pop();
    }
    pages
}

fn page(text: &str) -> Page {
    let mut lines = Vec::new();
    let mut apart = true;
    for line in text.lines() {
        let filled = line.trim();
        if filled.is_empty() {
            apart = true;
            continue;
        }
        lines.push(Line {
            indent: line.chars().take_while(|c| c.is_whitespace()).count(),
            text: filled.to_owned(),
            apart,
            numbered: false,
        });
        apart = false;
    }
    Page {
        lines,
        ..Page::default()
    }
}
