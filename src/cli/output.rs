//! How results come out: data on stdout as text, JSON or CSV; talk on stderr. The only place that prints.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::domain::span::printable;
use crate::error::{Failure, Kind};
use crate::report::sheet::harmless;
use crate::report::sheet::{Cell, Sheet};

/// The form of data on stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Text,
    Json,
    Csv,
}

/// Exit statuses, as they stand in the manual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// Done.
    Done = 0,
    /// Refused, with a reason and a hint; or some of several files were.
    Refused = 1,
    /// The command line could not be read.
    Usage = 2,
    /// `check` found damage, or the study is damaged.
    Damaged = 3,
    /// Our bug.
    Bug = 70,
}

impl Exit {
    pub(super) fn of(failure: &Failure) -> Self {
        match failure.kind() {
            Kind::User => Self::Refused,
            Kind::Damage => Self::Damaged,
            Kind::Internal => Self::Bug,
        }
    }
}

/// Where output goes, and in which form.
pub(super) struct Output {
    pub(super) mode: Mode,
    pub(super) quiet: bool,
}

/// A table: prints aligned and cut to the terminal, or as CSV.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    heads: Vec<String>,
    right: Vec<bool>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Column heads; a head that begins with `>` stands over numbers, on the right.
    pub(super) fn new(heads: &[&str]) -> Self {
        Self {
            right: heads.iter().map(|h| h.starts_with('>')).collect(),
            heads: heads
                .iter()
                .map(|h| h.trim_start_matches('>').to_owned())
                .collect(),
            rows: Vec::new(),
        }
    }

    /// A table that can go into a file too, as the screen shows it.
    pub(super) fn of(sheet: &Sheet) -> Self {
        let mut right = sheet.numeric();
        right.resize(sheet.heads.len(), false);
        Self {
            right,
            heads: sheet
                .heads
                .iter()
                .map(|h| printable(h).replace(['\n', '\t'], " "))
                .collect(),
            rows: sheet
                .rows
                .iter()
                .map(|row| row.iter().map(Cell::shown).collect())
                .collect(),
        }
    }

    pub(super) fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Aligned, as a part of a larger text.
    pub(super) fn to_text(&self, width: Option<usize>) -> String {
        self.text(width)
    }

    fn text(&self, width: Option<usize>) -> String {
        let clean: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| {
                row.iter()
                    .map(|c| printable(c).replace(['\n', '\t'], " "))
                    .collect()
            })
            .collect();
        let mut widths: Vec<usize> = self.heads.iter().map(|h| h.width()).collect();
        for row in &clean {
            for (n, cell) in row.iter().enumerate().take(widths.len()) {
                widths[n] = widths[n].max(cell.width());
            }
        }
        if let Some(width) = width {
            fit(&mut widths, &self.right, width);
        }
        let mut out = String::new();
        let line = |cells: &[String], out: &mut String| {
            let mut text = String::new();
            for (n, width) in widths.iter().enumerate() {
                let cell = cut(cells.get(n).map_or("", String::as_str), *width);
                let pad = " ".repeat(width.saturating_sub(cell.width()));
                if self.right[n] {
                    text.push_str(&pad);
                    text.push_str(&cell);
                } else {
                    text.push_str(&cell);
                    text.push_str(&pad);
                }
                text.push_str("  ");
            }
            out.push_str(text.trim_end());
            out.push('\n');
        };
        line(&self.heads, &mut out);
        let head_end = out.len();
        for row in &clean {
            line(row, &mut out);
        }
        let bold = anstyle::Style::new().bold();
        format!(
            "{bold}{}{bold:#}\n{}",
            out[..head_end].trim_end_matches('\n'),
            &out[head_end..]
        )
    }

    fn csv(&self) -> io::Result<Vec<u8>> {
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(&self.heads)?;
        for row in &self.rows {
            // What a spreadsheet would run as a formula is words here, whatever somebody called a theme.
            out.write_record(row.iter().map(|cell| harmless(cell)))?;
        }
        out.into_inner()
            .map_err(|e| io::Error::other(e.to_string()))
    }
}

/// Takes from the widest text columns until the table fits; none gets narrower than 8.
fn fit(widths: &mut [usize], right: &[bool], width: usize) {
    loop {
        let total = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
        let widest = (0..widths.len())
            .filter(|n| !right[*n] && widths[*n] > 8)
            .max_by_key(|n| widths[*n]);
        match widest {
            Some(n) if total > width => widths[n] -= (total - width).min(widths[n] - 8).clamp(1, 4),
            _ => return,
        }
    }
}

/// At most `width` columns of a text; `…` stands for the rest.
pub(super) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    for c in text.chars() {
        if short.width() + c.to_string().width() + 1 > width {
            break;
        }
        short.push(c);
    }
    short.push('…');
    short
}

/// "1 case", "2 cases".
pub(super) fn count(n: impl TryInto<i128>, one: &str) -> String {
    let n = n.try_into().unwrap_or_default();
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{} {}", thousands(n), plural(one))
    }
}

fn plural(one: &str) -> String {
    match one {
        "memo" => "memos".into(),
        _ if one.ends_with('y') && !one.ends_with("ay") && !one.ends_with("ey") => {
            format!("{}ies", &one[..one.len() - 1])
        }
        _ if one.ends_with('s') || one.ends_with("ch") => format!("{one}es"),
        _ => format!("{one}s"),
    }
}

/// 12,345
pub(super) fn thousands(n: impl TryInto<i128>) -> String {
    let n: i128 = n.try_into().unwrap_or_default();
    let digits = n.unsigned_abs().to_string();
    let mut out = String::new();
    for (i, d) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(d);
    }
    if n < 0 { format!("-{out}") } else { out }
}

/// The terminal's width; `None` where stdout is a file or a pipe, which has none.
pub(super) fn terminal_width() -> Option<usize> {
    io::stdout().is_terminal().then(|| {
        terminal_size::terminal_size()
            .map_or(100, |(w, _)| usize::from(w.0))
            .max(40)
    })
}

/// A value as one JSON document, safe to show.
pub(super) fn write_json<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    let mut json = serde_json::Serializer::with_formatter(&mut *out, super::json::Safe::default());
    value.serialize(&mut json)?;
    out.write_all(b"\n")?;
    out.flush()
}

impl Output {
    /// A table, or the value behind it.
    pub(super) fn table<T: Serialize>(
        &self,
        value: &T,
        table: impl FnOnce() -> Table,
        empty: &str,
    ) -> io::Result<()> {
        match self.mode {
            Mode::Json => self.json(value),
            Mode::Csv => self.write(&table().csv()?),
            Mode::Text => {
                let table = table();
                if table.is_empty() {
                    if !empty.is_empty() {
                        self.say(empty);
                    }
                    return Ok(());
                }
                self.write(table.text(terminal_width()).as_bytes())
            }
        }
    }

    /// Text for people, or the value behind it. There is no table in it for CSV. What would steer a terminal is taken
    /// out of it, whatever it came from.
    pub(super) fn text<T: Serialize>(
        &self,
        value: &T,
        text: impl FnOnce() -> String,
    ) -> io::Result<()> {
        self.styled(value, || printable(&text()).into_owned())
    }

    /// As [`Output::text`], where the text is clean already and has styles of our own in it.
    pub(super) fn styled<T: Serialize>(
        &self,
        value: &T,
        text: impl FnOnce() -> String,
    ) -> io::Result<()> {
        match self.mode {
            Mode::Json => self.json(value),
            Mode::Text | Mode::Csv => self.write(text().as_bytes()),
        }
    }

    fn json<T: Serialize>(&self, value: &T) -> io::Result<()> {
        write_json(value, &mut io::BufWriter::new(io::stdout().lock()))
    }

    /// Data on stdout. Colours go where stdout is no terminal.
    pub(super) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = anstream::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    /// A line of talk on stderr, unless it should be quiet.
    pub(super) fn say(&self, line: &str) {
        if !self.quiet {
            writeln!(anstream::stderr(), "{}", printable(line)).ok();
        }
    }

    /// A warning, which being quiet does not silence.
    pub(super) fn warn(&self, line: &str) {
        let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
        writeln!(
            anstream::stderr(),
            "{yellow}warning:{yellow:#} {}",
            printable(line)
        )
        .ok();
    }
}

/// `error:` and `hint:` on stderr.
pub(super) fn complain(message: &str, hint: Option<&str>) {
    let red = anstyle::AnsiColor::Red.on_default().bold();
    let mut err = anstream::stderr();
    writeln!(err, "{red}error:{red:#} {}", printable(message)).ok();
    if let Some(hint) = hint {
        self::hint(hint);
    }
}

/// What may be done about it.
pub(super) fn hint(hint: &str) {
    let cyan = anstyle::AnsiColor::Cyan.on_default().bold();
    writeln!(
        anstream::stderr(),
        "{cyan}hint:{cyan:#} {}",
        printable(hint)
    )
    .ok();
}
