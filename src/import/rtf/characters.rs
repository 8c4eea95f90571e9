//! Characters of RTF: by number, by code page, by the font of symbols that they are in.

use encoding_rs::{MACINTOSH, WINDOWS_1252};

use super::super::symbols;
use super::{Place, Walker, charsets};

impl Walker {
    pub(super) fn code_page(&mut self, number: i32) {
        match charsets::page(number) {
            Some(page) => self.page = page,
            None => self.unknown_page = Some(number),
        }
    }

    pub(super) fn charset(&mut self, word: &str, value: i32) {
        if self.state.place != Place::Fonts {
            return;
        }
        let encoding = if word == "cpg" {
            charsets::page(value)
        } else if value == 0 && self.page != MACINTOSH {
            Some(WINDOWS_1252)
        } else {
            charsets::font(value)
        };
        if let Some(font) = self.entry.and_then(|entry| self.fonts.get_mut(&entry)) {
            font.encoding = encoding.or(font.encoding);
            if value == 2 && word == "fcharset" && font.name.is_empty() {
                "Symbol".clone_into(&mut font.name);
            }
        }
    }

    pub(super) fn unicode(&mut self, value: i32) {
        self.skip = self.state.fallback;
        let unit = if value < 0 { value + 0x1_0000 } else { value };
        let Ok(unit) = u32::try_from(unit) else {
            self.wrong();
            return;
        };
        match (self.surrogate.take(), unit) {
            (None, 0xd800..=0xdbff) => self.surrogate = u16::try_from(unit).ok(),
            (Some(high), 0xdc00..=0xdfff) => {
                let low = u16::try_from(unit).unwrap_or_default();
                match char::decode_utf16([high, low]).next() {
                    Some(Ok(sign)) => self.say(sign.encode_utf8(&mut [0; 4])),
                    _ => self.wrong(),
                }
            }
            (Some(_), _) => {
                self.wrong();
                self.unicode(value);
            }
            (None, _) => self.character(unit),
        }
    }

    /// One character by its number; those of symbol fonts stand in the private area.
    pub(super) fn character(&mut self, code: u32) {
        match char::from_u32(code) {
            Some('\u{e000}'..='\u{f8ff}') => self.picture_sign(code),
            Some('\0'..='\u{8}' | '\u{b}'..='\u{1f}') | None => self.wrong(),
            Some(sign) => self.say(sign.encode_utf8(&mut [0; 4])),
        }
    }

    pub(super) fn picture_sign(&mut self, code: u32) {
        let font = self.fonts.get(&self.state.font);
        let name = font.map_or("Symbol", |font| font.name.as_str());
        // In the mark of a list every such sign is a bullet.
        let sign = if self.state.place == Place::Mark {
            Some('•')
        } else {
            symbols::sign(name, code)
        };
        if sign.is_none() && self.shows() {
            self.left.symbols += 1;
        }
        self.say(
            sign.unwrap_or(char::REPLACEMENT_CHARACTER)
                .encode_utf8(&mut [0; 4]),
        );
    }

    pub(super) fn wrong(&mut self) {
        if self.shows() {
            self.left.undecodable += 1;
        }
        self.say("\u{fffd}");
    }

    /// Whether words are shown that stand here.
    pub(super) fn shows(&self) -> bool {
        self.state.place == Place::Text && !self.state.hidden && !self.state.deleted
    }

    /// Half a character of two `\u` whose other half never came.
    pub(super) fn end_surrogate(&mut self) {
        if self.surrogate.take().is_some() {
            self.wrong();
        }
    }

    /// Decodes the characters that have come since.
    pub(super) fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let font = self.fonts.get(&self.state.font);
        if font.is_some_and(|font| symbols::is_symbol_font(&font.name))
            && matches!(self.state.place, Place::Text | Place::Mark)
        {
            for byte in &bytes {
                if *byte == b' ' {
                    self.say(" ");
                } else {
                    self.picture_sign(u32::from(*byte));
                }
            }
        } else {
            let encoding = font.and_then(|font| font.encoding).unwrap_or(self.page);
            let (text, malformed) = encoding.decode_without_bom_handling(&bytes);
            if malformed && self.shows() {
                self.left.undecodable += text.matches('\u{fffd}').count();
            }
            self.say(&text);
        }
        // The room is used again.
        self.bytes = bytes;
        self.bytes.clear();
    }
}
