//! Tables: Word's own, as wide as the text, with a head that stands again on each page.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::super::text;
use super::words::run;
use super::{BOX, Docx, HELD, Look, parts};

/// A column gets room as if its words were at least, and at most, so wide.
const NARROW: usize = 5;
const WIDE: usize = 60;

impl<W: Write> Docx<W> {
    pub(super) fn table(
        &mut self,
        caption: Option<&str>,
        head: &[String],
        rows: &[Vec<String>],
        numeric: &[bool],
    ) -> io::Result<()> {
        let columns = rows.iter().map(Vec::len).fold(head.len(), usize::max);
        if columns == 0 {
            return Ok(());
        }
        if let Some(caption) = caption {
            self.line(&Look::of("Caption"), &text::one_line(caption));
        }
        if self.new_page {
            // A table can't begin a page by itself.
            self.open(&Look::of("AfterTable"));
            self.close();
        }
        let widths = widths(columns, head, rows);
        self.raw("<w:tbl><w:tblPr><w:tblStyle w:val=\"ReportTable\"/><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblLook w:val=\"0020\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"0\" w:lastColumn=\"0\" w:noHBand=\"1\" w:noVBand=\"1\"/></w:tblPr><w:tblGrid>");
        for width in &widths {
            self.raw(&format!("<w:gridCol w:w=\"{width}\"/>"));
        }
        self.raw("</w:tblGrid>\n");
        if !head.is_empty() {
            self.row(head, &widths, numeric, true);
        }
        for cells in rows {
            self.row(cells, &widths, numeric, false);
            if self.held.len() >= HELD {
                self.flush()?;
            }
        }
        // A table without a row is none to Word.
        if head.is_empty() && rows.is_empty() {
            self.row(&[], &widths, numeric, false);
        }
        self.raw("</w:tbl>\n");
        // Two tables without anything between them would grow together.
        self.open(&Look::of("AfterTable"));
        self.close();
        Ok(())
    }

    /// A row, which is not torn by the end of a page.
    fn row(&mut self, cells: &[String], widths: &[usize], numeric: &[bool], head: bool) {
        self.raw("<w:tr><w:trPr><w:cantSplit/>");
        if head {
            self.raw("<w:tblHeader/>");
        }
        self.raw("</w:trPr>");
        for (column, width) in widths.iter().enumerate() {
            self.raw(&format!(
                "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>"
            ));
            let look = Look {
                right: numeric.get(column).copied().unwrap_or(false),
                ..Look::of("TableText").kept(head)
            };
            let words = cells
                .get(column)
                .map(|cell| text::one_line(cell))
                .unwrap_or_default();
            self.open(&look);
            if words == BOX && !head {
                self.tick();
            } else {
                run(&mut self.held, None, &words);
            }
            self.raw("</w:p></w:tc>");
        }
        self.raw("</w:tr>\n");
    }

    /// A box that Word ticks by a click; programs that can't show it as a sign, over which an x can be typed.
    fn tick(&mut self) {
        self.boxes += 1;
        let id = self.boxes;
        self.raw(&format!("<w:sdt><w:sdtPr><w:id w:val=\"{id}\"/><w14:checkbox><w14:checked w14:val=\"0\"/><w14:checkedState w14:val=\"2612\" w14:font=\"MS Gothic\"/><w14:uncheckedState w14:val=\"2610\" w14:font=\"MS Gothic\"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:rPr><w:rFonts w:ascii=\"MS Gothic\" w:hAnsi=\"MS Gothic\" w:eastAsia=\"MS Gothic\" w:hint=\"eastAsia\"/></w:rPr><w:t>{BOX}</w:t></w:r></w:sdtContent></w:sdt>"));
    }
}

/// The width of each column, by how wide its words are; together as wide as the text.
fn widths(columns: usize, head: &[String], rows: &[Vec<String>]) -> Vec<usize> {
    let mut room = vec![NARROW; columns];
    let longest_word = |cell: &String| cell.split_whitespace().map(UnicodeWidthStr::width).max();
    for (column, cell) in head.iter().enumerate() {
        room[column] = room[column].max(longest_word(cell).unwrap_or(0) + 2);
    }
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            room[column] = room[column].max(cell.width().min(WIDE));
        }
    }
    let all: usize = room.iter().sum();
    room.iter()
        .map(|room| room * parts::WIDTH / all.max(1))
        .collect()
}
