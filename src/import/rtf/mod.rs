//! RTF: what the file shows, read in one pass over its marks.
//!
//! The text is made as it is from Word files. Characters are taken as `\uN` where the file gives them so (what follows for
//! old readers is passed over), else by the code page of their font or of the file. Fields show their results; pictures,
//! comments, headers and hidden text are left out and counted; tracked changes are read as accepted.

use std::collections::HashMap;

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};

use super::blocks::{Blocks, heading_by_level, heading_by_name};
use super::document::{self, Left};
use super::error::{Error, What};
use super::{Draft, count, limits, symbols};

mod characters;
mod charsets;
mod groups;
mod tables;
mod tokens;
mod words;

use tokens::{Token, Tokens};

const FILE: What = What::Rtf;

pub(super) fn read(bytes: &[u8]) -> Result<Draft, Error> {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if !start.trim_ascii_start().starts_with(b"{\\rtf") {
        return Err(Error::NotOne { file: FILE });
    }
    let mut walker = Walker::default();
    let mut tokens = Tokens::new(start.trim_ascii_start());
    while let Some(token) = tokens.next() {
        walker.step(token, &mut tokens)?;
        if walker.over {
            break;
        }
    }
    walker.flush();
    walker.end_surrogate();
    let mut warnings = Vec::new();
    if !walker.over {
        let open = walker.groups.len();
        warnings.push(format!(
            "the file ends too early: {} open",
            count(open, "group is", "groups are")
        ));
    }
    if let Some(page) = walker.unknown_page {
        warnings.push(format!(
            "code page {page} is not known; read as windows-1252"
        ));
    }
    walker.end_paragraph();
    let encoding = walker.page.name().to_owned();
    document::finish(&walker.blocks.finish(), walker.left, encoding, warnings)
}

/// What holds within a group, and ends with it.
#[derive(Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "RTF's properties are switches"
)]
struct State {
    place: Place,
    font: i32,
    /// How many characters for old readers follow each `\u`.
    fallback: u32,
    hidden: bool,
    deleted: bool,
    inserted: bool,
    heading: Option<u8>,
    /// The paragraph is in a table.
    table: bool,
    /// The groups within are the same thing twice.
    twice: bool,
    /// The group began with `\*`: what it is for may be passed over by who doesn't know it.
    starred: bool,
    /// What is open in the blocks is closed down to here when the group ends.
    close_to: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Fonts,
    Styles,
    Mark,
    Header,
    /// Waits for a text box.
    Drawing,
}

/// How far a table has been opened.
#[derive(Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what is open, from the outside in"
)]
struct Table {
    table: bool,
    row: bool,
    cell: bool,
    /// A row was announced and has not ended.
    defined: bool,
}

/// What kind of words came last, so that each run of left-out or changed ones counts once.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    Plain,
    Hidden,
    Deleted,
    Inserted,
}

#[derive(Default)]
struct Font {
    encoding: Option<&'static Encoding>,
    name: String,
}

struct Walker {
    blocks: Blocks,
    left: Left,
    groups: Vec<State>,
    state: State,
    /// One for the text, and one for each note or box that is open.
    tables: Vec<Table>,
    fonts: HashMap<i32, Font>,
    headings: HashMap<i32, u8>,
    page: &'static Encoding,
    default_font: i32,
    unknown_page: Option<i32>,
    /// Characters that are not decoded yet.
    bytes: Vec<u8>,
    /// Characters for old readers that are still to be passed over.
    skip: u32,
    surrogate: Option<u16>,
    /// What stands in front of the next paragraph.
    mark: String,
    /// The font or style that is being described, its name, and its level.
    entry: Option<i32>,
    name: String,
    run: Run,
    header_says: bool,
    over: bool,
}

impl Default for Walker {
    fn default() -> Self {
        Self {
            blocks: Blocks::default(),
            left: Left::default(),
            groups: Vec::new(),
            state: State {
                place: Place::Text,
                font: 0,
                fallback: 1,
                hidden: false,
                deleted: false,
                inserted: false,
                heading: None,
                table: false,
                twice: false,
                starred: false,
                close_to: None,
            },
            tables: vec![Table::default()],
            fonts: HashMap::new(),
            headings: HashMap::new(),
            page: WINDOWS_1252,
            default_font: 0,
            unknown_page: None,
            bytes: Vec::new(),
            skip: 0,
            surrogate: None,
            mark: String::new(),
            entry: None,
            name: String::new(),
            run: Run::Plain,
            header_says: false,
            over: false,
        }
    }
}

impl Walker {
    fn step(&mut self, token: Token<'_>, tokens: &mut Tokens<'_>) -> Result<(), Error> {
        match token {
            Token::Text(b'\r' | b'\n' | 0) => {}
            Token::Text(b'\t') => self.word("tab", None, tokens)?,
            Token::Text(byte) | Token::Byte(byte) => {
                if self.skip > 0 {
                    self.skip -= 1;
                } else {
                    self.bytes.push(byte);
                }
            }
            Token::Open => {
                self.flush();
                self.skip = 0;
                if self.groups.len() >= limits::RTF_DEPTH {
                    return Err(too_deep());
                }
                self.groups.push(self.state);
                self.state.starred = false;
                self.state.close_to = None;
                if self.state.place == Place::Styles {
                    self.entry = None;
                    self.name.clear();
                }
                if self.state.twice {
                    self.state.twice = false;
                    // Only the second of the two, in Unicode, is read.
                    if !tokens.is_next(b"\\*\\ud") {
                        self.pass_over(tokens)?;
                    }
                }
            }
            Token::Close => self.close(),
            Token::Symbol(symbol) => {
                if symbol == b'*' {
                    self.flush();
                    self.state.starred = true;
                } else if self.skip > 0 {
                    self.skip -= 1;
                } else {
                    self.symbol(symbol);
                }
            }
            Token::Word("bin", n) => {
                tokens.skip(n.and_then(|n| usize::try_from(n).ok()).unwrap_or(0));
            }
            Token::Word(word, value) => {
                // A character given by its name may be the one for old readers.
                if self.skip > 0 && words::sign(word).is_some() {
                    self.skip -= 1;
                } else {
                    self.flush();
                    self.skip = 0;
                    self.word(word, value, tokens)?;
                }
            }
        }
        Ok(())
    }

    fn symbol(&mut self, symbol: u8) {
        match symbol {
            b'\\' | b'{' | b'}' => {
                self.bytes.push(symbol);
                return;
            }
            b'\t' | b'~' | b'_' | b'-' | b'\r' | b'\n' => self.flush(),
            _ => return,
        }
        match symbol {
            b'\t' => self.say("\t"),
            b'~' => self.say("\u{a0}"),
            b'_' => self.say("\u{2011}"),
            b'-' => self.say("\u{ad}"),
            _ => self.paragraph_ends(),
        }
    }

    fn word(
        &mut self,
        word: &str,
        value: Option<i32>,
        tokens: &mut Tokens<'_>,
    ) -> Result<(), Error> {
        if let Some(sign) = words::sign(word) {
            self.say(sign);
            return Ok(());
        }
        let starred = std::mem::take(&mut self.state.starred);
        if let Some(group) = words::group(word) {
            return self.begin(group, tokens);
        }
        let on = value != Some(0);
        match word {
            "u" => self.unicode(value.unwrap_or(0)),
            "uc" => self.state.fallback = value.and_then(|n| u32::try_from(n).ok()).unwrap_or(1),
            "ansicpg" => self.code_page(value.unwrap_or(0)),
            "mac" => self.page = MACINTOSH,
            "pc" => self.code_page(437),
            "pca" => self.code_page(850),
            "deff" => {
                self.default_font = value.unwrap_or(0);
                self.state.font = self.default_font;
            }
            "f" => match self.state.place {
                Place::Fonts => {
                    self.entry = value;
                    self.name.clear();
                    self.fonts.insert(value.unwrap_or(0), Font::default());
                }
                _ => self.state.font = value.unwrap_or(self.default_font),
            },
            "fcharset" | "cpg" => self.charset(word, value.unwrap_or(0)),
            "s" if self.state.place == Place::Styles => self.entry = value,
            "s" => self.state.heading = self.headings.get(&value.unwrap_or(0)).copied(),
            "outlinelevel" => {
                let level = value.and_then(|n| heading_by_level(&n.to_string()));
                match (self.state.place, self.entry, level) {
                    (Place::Styles, Some(entry), Some(level)) => {
                        self.headings.insert(entry, level);
                    }
                    (Place::Styles, ..) => {}
                    _ => self.state.heading = level,
                }
            }
            "plain" => {
                self.state.font = self.default_font;
                self.state.hidden = false;
                self.state.deleted = false;
                self.state.inserted = false;
            }
            "v" => self.state.hidden = on,
            "deleted" | "mvf" => self.state.deleted = on,
            "revised" | "mvt" => self.state.inserted = on,
            "pard" => {
                self.state.heading = None;
                self.state.table = false;
            }
            "intbl" => self.state.table = on,
            "trowd" => self.table().defined = true,
            "par" | "sect" | "page" | "column" => self.paragraph_ends(),
            "cell" => self.cell_ends(),
            "nestcell" => self.end_paragraph(),
            "row" => self.row_ends(),
            // What nobody here knows and may be passed over.
            _ if starred => self.pass_over(tokens)?,
            _ => {}
        }
        Ok(())
    }

    fn say(&mut self, words: &str) {
        if self.surrogate.is_some() {
            self.end_surrogate();
        }
        match self.state.place {
            Place::Text => self.tell(words),
            Place::Mark => self.mark.push_str(words),
            Place::Header => self.header_says |= words.contains(char::is_alphabetic),
            Place::Fonts | Place::Styles => self.describe(words),
            Place::Drawing => {}
        }
    }

    fn tell(&mut self, words: &str) {
        let run = if self.state.deleted {
            Run::Deleted
        } else if self.state.hidden {
            Run::Hidden
        } else if self.state.inserted {
            Run::Inserted
        } else {
            Run::Plain
        };
        if run != self.run {
            self.run = run;
            match run {
                Run::Hidden => self.left.hidden += 1,
                Run::Deleted | Run::Inserted => self.left.changes += 1,
                Run::Plain => {}
            }
        }
        if matches!(run, Run::Hidden | Run::Deleted) {
            return;
        }
        if self.blocks.paragraph().is_none() {
            self.make_room();
            self.blocks.begin_paragraph();
            let mark = mark(&std::mem::take(&mut self.mark));
            let heading = self.state.heading;
            if let Some(paragraph) = self.blocks.paragraph() {
                paragraph.mark = mark;
                paragraph.heading = heading;
            }
        }
        self.blocks.say(words);
    }

    /// Names in the tables of fonts and styles; each ends in a semicolon.
    fn describe(&mut self, words: &str) {
        for sign in words.chars() {
            if sign != ';' {
                // A name has a few dozen characters.
                if self.name.len() < 256 {
                    self.name.push(sign);
                }
                continue;
            }
            let name = std::mem::take(&mut self.name);
            let name = name.trim();
            match (self.state.place, self.entry.take()) {
                (Place::Fonts, Some(entry)) => {
                    let font = self.fonts.entry(entry).or_default();
                    if font.name.is_empty() || symbols::is_symbol_font(name) {
                        name.clone_into(&mut font.name);
                    }
                }
                (Place::Styles, Some(entry)) => {
                    if let Some(level) = heading_by_name(name) {
                        self.headings.insert(entry, level);
                    }
                }
                _ => {}
            }
        }
    }
}

fn too_deep() -> Error {
    Error::TooDeep {
        file: FILE,
        most: limits::RTF_DEPTH,
    }
}

/// A list item's mark as it is shown; any bullet is `-`.
fn mark(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let shown = text.chars().any(char::is_alphanumeric) && text != "o";
    Some(if shown { text } else { "-" }.to_owned())
}
