//! What was measured, against what was promised.

use std::fmt::Write;

/// One line.
pub(crate) struct Line {
    pub(crate) job: String,
    pub(crate) size: &'static str,
    pub(crate) product: String,
    pub(crate) floor: String,
    /// What is compared with the bar: a ratio, or an amount that `product` says.
    pub(crate) value: Value,
    pub(crate) bar: Option<f64>,
}

/// What a bar is about.
#[derive(Clone, Copy)]
pub(crate) enum Value {
    Ratio(f64),
    Bytes(u64),
    /// Seconds that are bound by themselves, and a ratio that only gives the scale.
    Seconds(f64, f64),
    /// It could not be measured.
    Failed,
}

impl Line {
    fn met(&self) -> Option<bool> {
        let value = match self.value {
            Value::Ratio(ratio) => ratio,
            Value::Seconds(seconds, _) => seconds,
            #[expect(
                clippy::cast_precision_loss,
                reason = "no memory or file is that large"
            )]
            Value::Bytes(bytes) => bytes as f64,
            Value::Failed => return Some(false),
        };
        self.bar.map(|bar| value <= bar)
    }

    fn cells(&self) -> [String; 7] {
        let ratio = match self.value {
            Value::Ratio(ratio) | Value::Seconds(_, ratio) => format!("{ratio:.2}"),
            Value::Bytes(_) => String::new(),
            Value::Failed => "failed".to_owned(),
        };
        let bar = match (self.bar, self.value) {
            (Some(bar), Value::Bytes(_)) => format!("≤ {:.0} MB", bar / 1e6),
            (Some(bar), Value::Seconds(..)) => format!("≤ {bar} s"),
            (Some(bar), _) => format!("≤ {bar}"),
            (None, _) => String::new(),
        };
        let met = match self.met() {
            Some(true) => "met",
            Some(false) => "missed",
            None => "",
        };
        [
            self.job.clone(),
            self.size.to_owned(),
            self.product.clone(),
            self.floor.clone(),
            ratio,
            bar,
            met.to_owned(),
        ]
    }
}

const HEAD: [&str; 7] = ["job", "size", "product", "floor", "ratio", "bar", ""];

/// The table for a terminal.
pub(crate) fn plain(lines: &[Line]) -> String {
    let rows: Vec<[String; 7]> = std::iter::once(HEAD.map(str::to_owned))
        .chain(lines.iter().map(Line::cells))
        .collect();
    let mut widths = [0; 7];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut table = String::new();
    for row in &rows {
        let mut text = String::new();
        for (n, (cell, width)) in row.iter().zip(widths).enumerate() {
            let blanks = " ".repeat(width - cell.chars().count());
            // Numbers to the right, words to the left.
            if (2..6).contains(&n) {
                text.push_str(&blanks);
                text.push_str(cell);
            } else {
                text.push_str(cell);
                text.push_str(&blanks);
            }
            text.push_str("  ");
        }
        table.push_str(text.trim_end());
        table.push('\n');
    }
    table
}

/// The table for `docs/performance.md`.
pub(crate) fn markdown(lines: &[Line]) -> String {
    let mut table = format!("| {} |\n|---|---|--:|--:|--:|--:|---|\n", HEAD.join(" | "));
    for line in lines {
        writeln!(table, "| {} |", line.cells().join(" | ")).ok();
    }
    table
}

/// Seconds, as people read them.
pub(crate) fn seconds(s: f64) -> String {
    if s >= 1.0 {
        format!("{s:.2} s")
    } else {
        format!("{:.1} ms", s * 1e3)
    }
}

/// Bytes, in millions.
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}
