//! Pictures of a study, drawn here: sober, readable in print and by colour-blind people. Each says its unit, comes with
//! the table that it shows, and is the same to the byte from the same values.
//!
//! A picture is a function from values to a [`Chart`]; who reads the values from the study stands elsewhere. Colour is
//! never the only sign: what a shade says is also printed as a number, and shades differ in lightness.

mod accumulation;
mod agreement;
mod banded;
#[cfg(test)]
mod boxes;
mod bubble;
mod bubble_arrows;
mod bubble_draw;
mod bubble_legend;
mod bubble_preview;
mod bubble_strips;
mod days;
mod figures_read;
mod figures_words;
mod grid_words;
mod hatch;
mod heat;
mod multiples;
mod multiples_draw;
mod multiples_read;
mod network;
mod place_labels;
mod quantity;
mod ranked;
mod ranked_read;
mod read;
mod slope;
mod stages;
mod stages_read;
mod svg;
mod timeline;
mod waves;
mod waves_draw;
mod waves_read;

use serde::Serialize;

use super::document::Block;
use super::sheet::Cell;

pub use accumulation::{Accumulated, accumulation};
pub use agreement::{Agreed, Threshold, agreement};
pub use bubble::{Axis, Bubble, Bubbles, Join, Reference, Standing, bubble};
pub use figures_read::{BubbleAsked, SlopeAsked, bubble_of, slope_of};
pub use heat::heat;
pub use multiples_read::{MultiplesAsked, multiples_of};
pub use network::{Network, network};
pub use quantity::{Bands, Quantity};
pub use ranked_read::{RankedAsked, ranked_of};
pub use read::{
    Curve, accumulated, accumulation_of, agreement_of, heat_of, network_of, timeline_of,
};
pub use slope::{End, Slope, Sloped, slope};
pub use stages_read::stages_of;
pub use timeline::{Mark, Timeline, timeline};
pub use waves_read::{Lanes, waves_of};

/// A picture with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Chart {
    pub title: String,
    /// What is counted or measured, in a sentence.
    pub unit: String,
    /// What a reader has to know so as not to read too much into it.
    pub caveats: Vec<String>,
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// Which columns of the table hold numbers.
    pub numeric: Vec<bool>,
    /// Codings that wait for their place in a corrected text, and so are not drawn.
    pub pending: usize,
    /// The picture: one `<svg>` element.
    pub svg: String,
    /// The picture in block characters, for a terminal; empty where the table says as much.
    pub preview: Vec<String>,
}

impl Chart {
    /// As a part of a report: the picture, what to know about it, and its table.
    pub fn blocks(&self) -> Vec<Block> {
        let mut caption = vec![self.unit.clone()];
        caption.extend(self.caveats.iter().cloned());
        vec![
            Block::Picture {
                title: self.title.clone(),
                svg: self.svg.clone(),
                caption: caption.join(" "),
            },
            Block::Table {
                caption: Some(self.title.clone()),
                head: self.head.clone(),
                rows: self.rows.clone(),
                numeric: self.numeric.clone(),
            },
        ]
    }

    /// As a file of its own.
    pub fn file(&self) -> String {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", self.svg)
    }
}

/// A figure with so many decimals; rounded to nothing, it has no sign.
fn decimal(value: f64, digits: u8) -> String {
    Cell::decimal(value, digits).shown()
}

/// A bar in eighths of a block, `share` of `room` characters long; what is there at all is seen.
fn bar(share: f64, room: u32) -> String {
    const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    if share <= 0.0 {
        return String::new();
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a bar is as long as a line at most"
    )]
    let eighths = (share.min(1.0) * f64::from(room) * 8.0).round().max(1.0) as usize;
    let mut bar = "█".repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        bar.push(EIGHTHS[eighths % 8]);
    }
    bar
}
