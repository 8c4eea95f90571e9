//! Tables written to files: every kind, the same bytes a second time, nothing overwritten that could not be brought back.

use std::fs;
use std::io::{Cursor, Read};

use snapbox::str;

use crate::harness::{Folder, whole};

const MATRIX: &[&str] = &[
    "matrix",
    "--rows",
    "phase",
    "--cols",
    "case",
    "--theme",
    "governance",
];

fn to_file(folder: &Folder, name: &str) {
    let mut args = MATRIX.to_vec();
    args.extend(["-o", name]);
    folder.run(&args).done();
}

/// The cells of a workbook or a CSV, as the program itself reads tables.
fn cells(folder: &Folder, name: &str) -> Vec<Vec<String>> {
    let bytes = fs::read(folder.join(name)).expect("the file");
    casebook::import::sheet::rows(name, &bytes)
        .expect("a table")
        .into_iter()
        .map(|row| row.cells)
        .collect()
}

#[test]
fn a_matrix_is_the_same_table_in_every_kind_of_file() {
    let folder = Folder::invented();
    for name in ["m.md", "m.csv", "m.json", "m.xlsx", "m.html"] {
        to_file(&folder, name);
        let first = fs::read(folder.join(name)).expect("the file");
        to_file(&folder, name);
        assert_eq!(
            first,
            fs::read(folder.join(name)).expect("the file"),
            "{name} differs the second time"
        );
    }
    assert_eq!(cells(&folder, "m.csv"), cells(&folder, "m.xlsx"));
    let on_screen = |form: &str| {
        let mut args = MATRIX.to_vec();
        args.push(form);
        folder.run(&args).done().stdout
    };
    assert_eq!(on_screen("--csv"), folder.read("m.csv"));
    assert_eq!(on_screen("--json"), folder.read("m.json"));
    crate::harness::compare(
        &folder.read("m.md"),
        str![[r#"
# Codings by phase and case

**Study:** Working as one\
**As it stood after:** event 10, 1 May 2021

| phase | alder | alder-vale | birch | birch-coast | cedar | cedar-east | total |
| --- | --: | --: | --: | --: | --: | --: | --: |
| phase-1 | 11 | 0 | 10 | 0 | 7 | 0 | 28 |
| phase-2 | 11 | 4 | 1 | 3 | 1 | 4 | 24 |
| total | 22 | 4 | 11 | 3 | 8 | 4 | 52 |

- Cells count codings.

"#]],
    );
    assert!(
        folder
            .read("m.html")
            .contains("<th scope=\"row\">phase-1</th>")
    );
    let mut workbook = zip::ZipArchive::new(Cursor::new(
        fs::read(folder.join("m.xlsx")).expect("the file"),
    ))
    .expect("a package");
    let mut core = String::new();
    workbook
        .by_name("docProps/core.xml")
        .expect("it is there")
        .read_to_string(&mut core)
        .expect("XML");
    // The day of the study, and nobody's name.
    assert!(core.contains("2021-05-01T00:00:00Z"), "{core}");
    assert!(core.contains("<dc:creator>casebook</dc:creator>"), "{core}");
}

#[test]
fn a_file_that_can_t_be_written_is_refused_with_a_hint() {
    let folder = Folder::invented();
    whole!(
        folder.line("matrix -o m.pdf").refused(),
        str![[r#"
--- stderr
error: a table cannot be written as `.pdf`
hint: end the file's name in `.xlsx`, `.csv`, `.md`, `.html` or `.json`
--- status 1

"#]]
    );
    whole!(
        folder.line("matrix -o nowhere/m.csv").refused(),
        str![[r#"
--- stderr
error: there is no folder `nowhere`
hint: make it first: mkdir "nowhere"
--- status 1

"#]]
    );
    // What the study was imported from is not written over.
    let file = fs::read_dir(folder.join("interviews"))
        .expect("the interviews")
        .map(|e| e.expect("an entry").path())
        .min()
        .expect("an interview");
    fs::copy(&file, folder.join("kept.md")).expect("a copy");
    whole!(
        folder.line("matrix -o kept.md").refused(),
        str![[r#"
--- stderr
error: `kept.md` is the file that T01 was imported from
hint: choose another name for the report
--- status 1

"#]]
    );
    assert_eq!(
        fs::read(file).expect("the interview"),
        fs::read(folder.join("kept.md")).expect("the copy")
    );
}
