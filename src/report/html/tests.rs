use super::super::document::contents as headings;
use super::super::sample::as_html;
use super::*;

#[test]
fn an_empty_report_is_a_page() {
    let page = as_html(&[], &Page::new("A & B", "en"));
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    assert!(page.contains("<title>A &amp; B</title>"));
    assert!(page.ends_with("<main>\n</main>\n</body>\n</html>\n"));
    let _ = headings(&[]);
}
