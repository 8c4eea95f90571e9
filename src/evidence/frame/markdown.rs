//! The frame as a table in Markdown, and such a table read back: every character of a cell comes back as it was. Line
//! breaks are `<br>`; what Markdown would read as markup takes a backslash.

/// Writes a table: the first row is the header.
pub(super) fn write(rows: &[Vec<String>]) -> String {
    let mut out = String::new();
    let width = rows.first().map_or(0, Vec::len);
    for (n, row) in rows.iter().enumerate() {
        out.push('|');
        for cell in row {
            out.push(' ');
            escape(&mut out, cell);
            out.push_str(" |");
        }
        out.push('\n');
        if n == 0 {
            out.push('|');
            out.push_str(&" --- |".repeat(width));
            out.push('\n');
        }
    }
    out
}

/// The line on which another table begins, behind the first one.
pub(super) fn second(text: &str) -> Option<u64> {
    let in_table = |line: &str| line.trim_start().starts_with('|');
    (1..)
        .zip(text.lines())
        .skip_while(|(_, line)| !in_table(line))
        .skip_while(|(_, line)| in_table(line))
        .find(|(_, line)| in_table(line))
        .map(|(n, _)| n)
}

/// The first table of a text: its rows with the numbers of their lines, the header first, the rule under it left out.
pub(super) fn read(text: &str) -> Vec<(u64, Vec<String>)> {
    let lines = (1..).zip(text.lines());
    let mut table = lines
        .skip_while(|(_, line)| !line.trim_start().starts_with('|'))
        .take_while(|(_, line)| line.trim_start().starts_with('|'));
    let mut rows = Vec::new();
    rows.extend(table.next().map(|(n, line)| (n, cells(line))));
    for (n, line) in table {
        let is_rule = rows.len() == 1
            && line.contains('-')
            && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '));
        if !is_rule {
            rows.push((n, cells(line)));
        }
    }
    rows
}

const MARKUP: &[char] = &[
    '\\', '`', '*', '_', '[', ']', '<', '>', '|', '&', '~', '$', '^', '#', '!',
];

fn escape(out: &mut String, cell: &str) {
    for c in cell.chars() {
        if c == '\n' {
            out.push_str("<br>");
            continue;
        }
        if MARKUP.contains(&c) {
            out.push('\\');
        }
        out.push(c);
    }
}

/// The cells of a line, read as they were meant.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut found = Vec::new();
    let mut cell = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '|' => found.push(std::mem::take(&mut cell)),
            '\\' => match rest.chars().next().filter(char::is_ascii_punctuation) {
                Some(next) => {
                    cell.push(next);
                    rest = &rest[1..];
                }
                None => cell.push(c),
            },
            '<' => match line_break(rest) {
                Some(length) => {
                    cell.push('\n');
                    rest = &rest[length..];
                }
                None => cell.push(c),
            },
            c => cell.push(c),
        }
    }
    // What stands behind the last bar is a cell only if something stands there.
    if !cell.trim().is_empty() {
        found.push(cell);
    }
    found.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// How much of what follows a `<` makes it a line break: `br>`, `br/>` or `br />`.
fn line_break(rest: &str) -> Option<usize> {
    ["br>", "br/>", "br />"].iter().find_map(|tag| {
        let head = rest.get(..tag.len())?;
        head.eq_ignore_ascii_case(tag).then_some(tag.len())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_people_write_is_read() {
        let text = "Some words.\n\n| case (event 5) | governance |\n|:--|--:|\n|alder|*They* said <BR/>no \\| yes|\n| birch |\n\n| another | table |\n";
        let rows = read(text);
        let cells: Vec<(u64, Vec<&str>)> = rows
            .iter()
            .map(|(n, row)| (*n, row.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(
            cells,
            [
                (3, vec!["case (event 5)", "governance"]),
                (5, vec!["alder", "*They* said \nno | yes"]),
                (6, vec!["birch"]),
            ]
        );
        assert_eq!(second(text), Some(8));
        assert_eq!(second("| a |\n|---|\n| b |\n\n- a list\n"), None);
        assert!(read("no table").is_empty());
        assert_eq!(second("no table"), None);
    }

    proptest! {
        #[test]
        fn every_cell_comes_back(rows in proptest::collection::vec(proptest::collection::vec(r"[\\|<>br/=&;*_` \n-]{0,12}|.{0,12}", 3), 1..5)) {
            let rows: Vec<Vec<String>> = rows.into_iter().map(|row| {
                let mut row: Vec<String> = row.iter().map(|c| c.chars().filter(|c| !c.is_control() || *c == '\n').collect::<String>().trim().to_owned()).collect();
                row.push("x".to_owned());
                row
            }).collect();
            prop_assert_eq!(second(&write(&rows)), None);
            let read: Vec<Vec<String>> = read(&write(&rows)).into_iter().map(|(_, row)| row).collect();
            prop_assert_eq!(read, rows);
        }

        #[test]
        fn any_text_is_read(text in ".{0,80}") {
            read(&text);
            second(&text);
        }
    }
}
