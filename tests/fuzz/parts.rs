//! Archives from fuzzed bytes: a text of parts, each behind a line `--- path`, becomes a sound ZIP. So a fuzzer that
//! changes the text changes XML, and not checksums; and a kept input can be read.

use std::io::{Cursor, Write as _};

use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// A format that is a ZIP of parts.
pub struct Package {
    /// The part that bytes without a line `--- path` are.
    pub main: &'static str,
    /// Parts that stand there unless the input has them.
    pub around: &'static [(&'static str, &'static str)],
}

/// Word: every kind of part is related, whether it is there or not.
pub const DOCX: Package = Package {
    main: "word/document.xml",
    around: &[(
        "word/_rels/document.xml.rels",
        "<Relationships>\
         <Relationship Type=\"r/styles\" Target=\"styles.xml\"/>\
         <Relationship Type=\"r/numbering\" Target=\"numbering.xml\"/>\
         <Relationship Type=\"r/footnotes\" Target=\"footnotes.xml\"/>\
         <Relationship Type=\"r/endnotes\" Target=\"endnotes.xml\"/>\
         <Relationship Type=\"r/comments\" Target=\"comments.xml\"/>\
         <Relationship Type=\"r/header\" Target=\"header1.xml\"/>\
         <Relationship Type=\"r/footer\" Target=\"footer1.xml\"/>\
         </Relationships>",
    )],
};

/// OpenDocument.
pub const ODT: Package = Package {
    main: "content.xml",
    around: &[("mimetype", "application/vnd.oasis.opendocument.text")],
};

/// Tables of OpenDocument.
pub const ODS: Package = Package {
    main: "content.xml",
    around: &[("mimetype", "application/vnd.oasis.opendocument.spreadsheet")],
};

/// Tables of Excel: a workbook of two sheets, whether they are there or not.
pub const XLSX: Package = Package {
    main: "xl/worksheets/sheet1.xml",
    around: &[
        (
            "xl/workbook.xml",
            "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>\
             <sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/><sheet name=\"B\" sheetId=\"2\" r:id=\"r2\"/>\
             </sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships>\
             <Relationship Id=\"r1\" Type=\"r/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
             <Relationship Id=\"r2\" Type=\"r/worksheet\" Target=\"/xl/worksheets/sheet2.xml\"/>\
             <Relationship Id=\"r3\" Type=\"r/sharedStrings\" Target=\"sharedStrings.xml\"/>\
             <Relationship Id=\"r4\" Type=\"r/styles\" Target=\"styles.xml\"/>\
             </Relationships>",
        ),
    ],
};

/// A book whose spine names four pages, whether they are there or not.
pub const EPUB: Package = Package {
    main: "OEBPS/one.xhtml",
    around: &[
        ("mimetype", "application/epub+zip"),
        (
            "META-INF/container.xml",
            "<container><rootfiles><rootfile full-path=\"OEBPS/content.opf\"/></rootfiles></container>",
        ),
        (
            "OEBPS/content.opf",
            "<package><manifest>\
             <item id=\"a\" href=\"one.xhtml\" media-type=\"application/xhtml+xml\"/>\
             <item id=\"b\" href=\"two.xhtml\" media-type=\"application/xhtml+xml\"/>\
             <item id=\"c\" href=\"../three.html\" media-type=\"text/html\"/>\
             <item id=\"d\" href=\"fo%75r.xhtml\" media-type=\"application/xhtml+xml\"/>\
             </manifest><spine>\
             <itemref idref=\"a\"/><itemref idref=\"b\"/><itemref idref=\"c\"/><itemref idref=\"d\"/>\
             </spine></package>",
        ),
    ],
};

/// More parts than that only cost time.
const MOST: usize = 24;

const MARK: &[u8] = b"--- ";

impl Package {
    /// The archive of a text of parts. A part whose name no archive can take is left out.
    pub fn zip(&self, data: &[u8]) -> Vec<u8> {
        let mut parts = split(data, self.main);
        for (path, content) in self.around {
            if !parts.iter().any(|(name, _)| name == path) {
                parts.push(((*path).to_owned(), content.as_bytes()));
            }
        }
        zip_of(&parts)
    }
}

/// The parts of a text: path and content.
fn split<'d>(data: &'d [u8], main: &str) -> Vec<(String, &'d [u8])> {
    let mut parts = Vec::new();
    let mut name = main.to_owned();
    let (mut from, mut at) = (0, 0);
    while at < data.len() {
        let line = &data[at..];
        let end = line
            .iter()
            .position(|&byte| byte == b'\n')
            .map_or(data.len(), |n| at + n + 1);
        if line.starts_with(MARK) && parts.len() < MOST {
            if at > 0 {
                parts.push((std::mem::take(&mut name), &data[from..at]));
            }
            let path = String::from_utf8_lossy(&data[at + MARK.len()..end]);
            path.trim().clone_into(&mut name);
            from = end;
        }
        at = end;
    }
    parts.push((name, &data[from..]));
    parts
}

/// An archive without compression.
pub fn zip_of<B: AsRef<[u8]>>(parts: &[(String, B)]) -> Vec<u8> {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in parts {
        if zip.start_file(path.as_str(), stored).is_ok() {
            zip.write_all(content.as_ref())
                .expect("memory takes everything");
        }
    }
    zip.finish().expect("memory takes everything").into_inner()
}
