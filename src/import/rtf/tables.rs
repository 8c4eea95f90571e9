//! Paragraphs and tables of RTF. The file only says where cells and rows end; what is open is kept here.

use super::{Place, Table, Walker};

impl Walker {
    pub(super) fn table(&mut self) -> &mut Table {
        if self.tables.is_empty() {
            self.tables.push(Table::default());
        }
        let last = self.tables.len() - 1;
        &mut self.tables[last]
    }

    /// Opens the table, row and cell that a paragraph is in, or closes the table that it is behind.
    pub(super) fn make_room(&mut self) {
        let inside = self.state.table || self.table().defined;
        if inside {
            self.open_cell();
        } else {
            self.table_ends();
        }
    }

    pub(super) fn open_cell(&mut self) {
        let Table {
            table, row, cell, ..
        } = *self.table();
        if !table {
            self.blocks.begin_table();
        }
        if !row {
            self.blocks.begin_row();
        }
        if !cell {
            self.blocks.begin_cell();
        }
        let open = self.table();
        (open.table, open.row, open.cell) = (true, true, true);
    }

    pub(super) fn table_ends(&mut self) {
        let Table {
            table, row, cell, ..
        } = std::mem::take(self.table());
        for open in [cell, row, table] {
            if open {
                self.blocks.close();
            }
        }
    }

    pub(super) fn cell_ends(&mut self) {
        // A paragraph that stands in no cell stays one.
        self.end_paragraph();
        self.open_cell();
        self.blocks.close();
        self.table().cell = false;
    }

    pub(super) fn row_ends(&mut self) {
        self.end_paragraph();
        let Table { row, cell, .. } = *self.table();
        for open in [cell, row] {
            if open {
                self.blocks.close();
            }
        }
        let table = self.table();
        (table.row, table.cell, table.defined) = (false, false, false);
    }

    pub(super) fn paragraph_ends(&mut self) {
        self.end_surrogate();
        if self.state.place != Place::Text {
            return;
        }
        if self.state.deleted
            && let Some(paragraph) = self.blocks.paragraph()
        {
            paragraph.joins = true;
        }
        self.end_paragraph();
    }

    pub(super) fn end_paragraph(&mut self) {
        if self.state.place != Place::Text {
            return;
        }
        self.mark.clear();
        let heading = self.state.heading;
        if let Some(paragraph) = self.blocks.paragraph() {
            paragraph.heading = heading.or(paragraph.heading);
            self.blocks.close();
        }
    }
}
