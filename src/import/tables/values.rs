//! What stands in cells, read alike from both kinds of spreadsheets.

use super::first_sheet;
use crate::import::Format;
use crate::import::fixtures::zip_of;

fn cells(bytes: &[u8], format: Format) -> Vec<Vec<String>> {
    let rows = first_sheet(bytes, format).expect("a table").0;
    rows.into_iter().map(|row| row.cells).collect()
}

const BOOK: &str = "<workbook><sheets><sheet name=\"Old\" state=\"hidden\" r:id=\"r1\" xmlns:r=\"x\"/><sheet name=\"Now\" r:id=\"r2\" xmlns:r=\"x\"/></sheets></workbook>";
const RELATIONS: &str = "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"hidden.xml\"/><Relationship Id=\"r2\" Type=\"x/worksheet\" Target=\"/xl/sheet.xml\"/><Relationship Id=\"r3\" Type=\"x/sharedStrings\" Target=\"texts.xml\"/><Relationship Id=\"r4\" Type=\"x/styles\" Target=\"styles.xml\"/><Relationship Id=\"r5\" Type=\"x/hyperlink\" Target=\"https://example.org\" TargetMode=\"External\"/></Relationships>";
const STYLES: &str = "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy\\-mm\\-dd hh:mm\"/><numFmt numFmtId=\"171\" formatCode=\"#,##0.00\\ &quot;€&quot;\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/><xf numFmtId=\"46\"/><xf numFmtId=\"10\"/><xf numFmtId=\"171\"/></cellXfs></styleSheet>";
const TEXTS: &str = "<sst count=\"9\" uniqueCount=\"2\"><si><t>id</t></si><si><r><t>Ada </t></r><r><t>&amp; Ben</t></r><rPh><t>x</t></rPh></si></sst>";
const HIDDEN: &str = "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>a</t></is></c><c><v>1</v></c></row><row><c><v>1</v></c><c><v>2</v></c></row></sheetData></worksheet>";
const SHEET: &str = "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c><c t=\"inlineStr\"><is><t>day</t></is></c></row>\
    <row><c t=\"s\"><v>1</v></c><c s=\"1\"><v>44316</v></c><c s=\"2\"><v>44316.4375</v></c><c s=\"3\"><v>1.085416666666667</v></c>\
    <c s=\"4\"><v>0.07</v></c><c s=\"5\"><v>12.5</v></c><c t=\"b\"><v>1</v></c><c><f>0.1+0.2</f><v>0.30000000000000004</v></c>\
    <c t=\"str\"><f>A1</f><v>two\nlines</v></c><c t=\"e\"><f>A0</f><v>#REF!</v></c><c t=\"d\"><v>2021-04-30T00:00:00</v></c></row></sheetData></worksheet>";

const CONTENT: &str = "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" xmlns:calcext=\"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0\">\
    <office:automatic-styles><style:style style:name=\"ta1\" style:family=\"table\"><style:table-properties table:display=\"true\"/></style:style><style:style style:name=\"ta2\" style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style></office:automatic-styles>\
    <office:body><office:spreadsheet>\
    <table:table table:name=\"Old\" table:style-name=\"ta2\"><table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"2\"><text:p>a</text:p></table:table-cell></table:table-row></table:table>\
    <table:table table:name=\"Now\" table:style-name=\"ta1\"><table:table-row><table:table-cell><text:p>id</text:p></table:table-cell><table:table-cell><text:p>day</text:p></table:table-cell></table:table-row>\
    <table:table-row><table:table-cell office:value-type=\"string\"><draw:frame><draw:text-box><text:p>drawn</text:p></draw:text-box></draw:frame><text:p>Ada\n   <text:span>&amp; Ben</text:span></text:p></table:table-cell>\
    <table:table-cell office:value-type=\"date\" office:date-value=\"2021-04-30\"><text:p>30.04.21</text:p></table:table-cell>\
    <table:table-cell office:value-type=\"date\" office:date-value=\"2021-04-30T10:30:00\"><text:p>30.04.21 10:30</text:p></table:table-cell>\
    <table:table-cell office:value-type=\"time\" office:time-value=\"PT26H03M00S\"><text:p>26:03</text:p></table:table-cell>\
    <table:table-cell office:value-type=\"percentage\" office:value=\"0.07\" calcext:value-type=\"percentage\"><text:p>7 %</text:p></table:table-cell>\
    <table:table-cell office:value-type=\"currency\" office:currency=\"EUR\" office:value=\"12.5\"><text:p>12,50 €</text:p></table:table-cell>\
    <table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"><text:p>WAHR</text:p></table:table-cell>\
    <table:table-cell table:formula=\"of:=0.1+0.2\" office:value-type=\"float\" office:value=\"0.30000000000000004\"><text:p>0.3</text:p></table:table-cell>\
    <table:table-cell table:formula=\"of:=[.A1]\" office:value-type=\"string\"><text:p>two</text:p><text:p>lines</text:p></table:table-cell>\
    <table:table-cell table:formula=\"of:=[.A0]\" office:value-type=\"string\" calcext:value-type=\"error\"><text:p>#REF!</text:p></table:table-cell>\
    <table:table-cell office:value-type=\"date\" office:date-value=\"2021-04-30T00:00:00\"><text:p>30.04.21</text:p></table:table-cell></table:table-row></table:table>\
    </office:spreadsheet></office:body></office:document-content>";

#[test]
fn values_are_alike_in_both() {
    let excel = zip_of(&[
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/texts.xml", TEXTS.as_bytes()),
        ("xl/hidden.xml", HIDDEN.as_bytes()),
        ("xl/sheet.xml", SHEET.as_bytes()),
    ]);
    let open = zip_of(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("content.xml", CONTENT.as_bytes()),
    ]);
    let values = [
        "Ada & Ben",
        "2021-04-30",
        "2021-04-30T10:30:00",
        "26:03:00",
        "0.07",
        "12.5",
        "true",
        "0.3",
        "two\nlines",
        "",
        "2021-04-30",
    ];
    for (bytes, format) in [(excel, Format::Xlsx), (open, Format::Ods)] {
        let found = cells(&bytes, format);
        assert_eq!(found[0], ["id", "day"], "{format}");
        assert_eq!(found[1], values, "{format}");
    }
}
