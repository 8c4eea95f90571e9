//! Groups of RTF: where they begin, what they turn out to be for, and what ends with them.

use super::super::blocks::{Blocks, Note};
use super::super::error::Error;
use super::super::limits;
use super::tokens::Tokens;
use super::words::Group;
use super::{Place, Table, Walker, too_deep};

impl Walker {
    pub(super) fn close(&mut self) {
        self.flush();
        self.skip = 0;
        if self.state.place == Place::Header
            && self.groups.last().is_some_and(|g| g.place != Place::Header)
        {
            self.left.headers += usize::from(std::mem::take(&mut self.header_says));
        }
        if let Some(depth) = self.state.close_to {
            self.end_surrogate();
            self.end_paragraph();
            self.blocks.close_to(depth);
            if self.tables.len() > 1 {
                self.tables.pop();
            }
        }
        match self.groups.pop() {
            Some(state) => self.state = state,
            None => self.over = true,
        }
        self.over |= self.groups.is_empty();
    }

    /// Leaves out the rest of the group, whose closing brace comes next.
    pub(super) fn pass_over(&mut self, tokens: &mut Tokens<'_>) -> Result<(), Error> {
        tokens
            .skip_group(limits::RTF_DEPTH.saturating_sub(self.groups.len()))
            .map_err(|_| too_deep())
    }

    /// The group turns out to be for something.
    pub(super) fn begin(&mut self, group: Group, tokens: &mut Tokens<'_>) -> Result<(), Error> {
        let drawn = self.state.place == Place::Drawing;
        let text = self.state.place == Place::Text;
        match group {
            Group::Text | Group::Unicode => {}
            Group::Skipped => self.pass_over(tokens)?,
            Group::Twice => self.state.twice = true,
            Group::Fonts => self.state.place = Place::Fonts,
            Group::Styles => self.state.place = Place::Styles,
            Group::Drawing if text => self.state.place = Place::Drawing,
            Group::Mark if text => {
                self.state.place = Place::Mark;
                self.mark.clear();
            }
            Group::Header => {
                self.state.place = Place::Header;
                self.header_says = false;
            }
            Group::Note if text => {
                let end = tokens.is_next(b"\\ftnalt");
                self.part(|blocks| blocks.begin_note(if end { Note::End } else { Note::Foot }));
            }
            Group::TextBox if text || drawn => {
                self.state.place = Place::Text;
                self.part(Blocks::begin_box);
            }
            Group::Comment => {
                self.left.comments += 1;
                self.pass_over(tokens)?;
            }
            Group::Picture => {
                self.left.pictures += usize::from(text || drawn);
                self.pass_over(tokens)?;
            }
            Group::Object => self.left.objects += usize::from(text),
            Group::Drawing | Group::Mark | Group::Note | Group::TextBox => {
                self.pass_over(tokens)?;
            }
        }
        Ok(())
    }

    /// A note or a box begins: paragraphs and tables of its own, until the group ends.
    fn part(&mut self, begin: impl FnOnce(&mut Blocks)) {
        self.end_surrogate();
        self.state.close_to = Some(self.blocks.depth());
        self.state.table = false;
        self.state.heading = None;
        begin(&mut self.blocks);
        self.tables.push(Table::default());
    }
}
