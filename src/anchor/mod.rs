//! Where the words of one text stand in another: what a coding needs to survive a corrected transcript.
//!
//! [`Words`] cuts a text into words, [`align()`] finds which word of the old text is which word of the new one, and
//! [`place()`] says of a span of the old text where it stands now and how sure that is. Nothing here decides by equal
//! words alone: a word is only matched as part of a run of words that is long enough, or that has its neighbours
//! beside it, so that the same sentence said twice is not taken for one another. Knows no store.
//!
//! The steps, each in its file:
//!
//! 1. `runs`: sequences of four words that stand exactly once in either text are matched and grown as far as the
//!    words agree. The heaviest chain of them that stands in the same order in both texts is the backbone.
//! 2. `align`: what lies between two runs of the backbone is compared word by word (Myers). Runs too short and too
//!    far from any other are given up. What is left over on both sides is searched for passages that moved.
//! 3. `place`: the words of a span that were found, how they stand together, and what was put in their stead.

mod align;
mod place;
mod runs;
mod words;

#[cfg(test)]
mod oracle;

pub use align::{Alignment, Change, Kept, align, align_kept};
pub use place::{Grade, Placed, place};
pub use words::Words;

/// Compares what `docs/anchoring.md` prints between its marks with what was measured; `CASEBOOK_BLESS=1` writes it there.
#[cfg(test)]
fn in_the_docs(measured: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/anchoring.md");
    let page = std::fs::read_to_string(path).expect("the page is there");
    let (before, rest) = page.split_once("<!-- measured -->\n").expect("a mark");
    let (_, after) = rest.split_once("<!-- until here -->").expect("a mark");
    let now = format!("{before}<!-- measured -->\n{measured}<!-- until here -->{after}");
    if now != page && std::env::var_os("CASEBOOK_BLESS").is_some() {
        std::fs::write(path, now).expect("the page can be written");
    } else {
        assert!(
            now == page,
            "docs/anchoring.md is stale; CASEBOOK_BLESS=1 writes it anew. Measured:\n{measured}"
        );
    }
}
