//! PDF files, through the program and the process that it starts for them: with the reader that is built in, and with
//! `pdftotext` where this machine has it.

use std::fmt::Write as _;

use snapbox::str;

use crate::harness::{Folder, Run, whole};

/// A PDF whose pages have these lines, each with its place in points: left, and up from the foot.
fn pdf(pages: &[Vec<(u32, u32, &str)>]) -> Vec<u8> {
    let mut objects = vec!["<< /Type /Catalog /Pages 2 0 R >>".to_owned()];
    let kids: Vec<String> = (0..pages.len())
        .map(|n| format!("{} 0 R", 4 + n * 2))
        .collect();
    objects.push(format!(
        "<< /Type /Pages /Kids [{}] /Count {} >>",
        kids.join(" "),
        pages.len()
    ));
    objects.push(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"
            .to_owned(),
    );
    for (n, lines) in pages.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
            5 + n * 2
        ));
        let mut drawn = String::new();
        for (x, y, text) in lines {
            let text = text.replace('(', "\\(").replace(')', "\\)");
            // A line that begins with an apostrophe is shown by the operator of that name: on the line below.
            match text.strip_prefix('\'') {
                Some(text) => writeln!(drawn, "BT /F1 10 Tf 12 TL {x} {} Td ({text}) ' ET", y + 12),
                None => writeln!(drawn, "BT /F1 10 Tf {x} {y} Td ({text}) Tj ET"),
            }
            .expect("a string");
        }
        objects.push(format!(
            "<< /Length {} >>\nstream\n{drawn}endstream",
            drawn.len()
        ));
    }
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", n + 1).bytes());
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    out.extend(
        format!(
            "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
            objects.len() + 1
        )
        .bytes(),
    );
    out
}

/// A talk over two pages with numbers in the margin, a page number each, and a paragraph that goes on over the turn.
fn talk() -> Vec<u8> {
    pdf(&[
        vec![
            (40, 780, "1"),
            (
                80,
                780,
                "INT: How did the new rota come about, and who was asked before it was",
            ),
            (80, 768, "put up?"),
            (40, 744, "2"),
            (80, 744, "P07: Nobody was."),
            (40, 720, "3"),
            (80, 720, "INT: I see."),
            (40, 696, "4"),
            (
                80,
                696,
                "P07: It was there on a Monday, and so all of us looked at it and went on",
            ),
            (500, 40, "1/2"),
        ],
        vec![
            (80, 780, "with what we had to do."),
            (40, 756, "5"),
            (80, 756, "INT: Thank you."),
            (40, 732, "6"),
            (80, 732, "P07: Not at all."),
            // Beyond the foot of the page: nobody sees it.
            (80, 0, ""),
            (500, 40, "2/2"),
        ],
    ])
}

/// Imports one file with the reader that is built in: no other program is found.
fn built_in(folder: &Folder, name: &str) -> Run {
    let nothing = folder.join("no programs");
    std::fs::create_dir_all(&nothing).expect("a folder");
    folder.finish(
        folder
            .command()
            .args(["import", "--dry-run", name])
            .env("PATH", nothing),
    )
}

#[test]
fn a_talk_on_pages_becomes_turns() {
    let folder = Folder::with_study();
    folder.write("talk.pdf", talk());
    whole!(
        built_in(&folder, "talk.pdf").calm(),
        str![[r#"
id   file      format  encoding  turns  words  speakers
T01  talk.pdf  pdf     UTF-8         6     48  INT (interviewer) 3, P07 (unknown) 3
--- stderr
warning: T01: the lines were taken from the pages by the built-in reader and joined to paragraphs by their width; compare the text with the PDF before coding
warning: T01: left out: 6 numbers in the margin
warning: T01: left out: 2 lines of page headers, footers and page numbers (0 at the top of pages, 2 at the foot)
1 transcript would be imported; nothing was written.

"#]]
    );
    let installed = std::process::Command::new("pdftotext").arg("-v").output();
    if installed.is_ok() {
        let run = folder.finish(
            folder
                .command()
                .args(["import", "talk.pdf"])
                .env("PATH", std::env::var_os("PATH").unwrap_or_default()),
        );
        assert!(run.stderr.contains("by `pdftotext`"), "{}", run.whole());
        whole!(
            folder.line("transcript show T01"),
            str![[r#"
T01  interview

T01:1  INT
How did the new rota come about, and who was asked before it was put up?

T01:2  P07
Nobody was.

T01:3  INT
I see.

T01:4  P07
It was there on a Monday, and so all of us looked at it and went on with what we had to do.

T01:5  INT
Thank you.

T01:6  P07
Not at all.

"#]]
        );
    }
}

/// Some programs show lines by `'`, which the extractor behind the built-in reader doesn't know.
#[test]
fn lines_shown_in_short_are_read_too() {
    let folder = Folder::with_study();
    let lines = vec![
        (80, 780, "INT: How did it go?"),
        (80, 744, "'P07: Nobody was asked about it."),
        (80, 708, "INT: I see."),
        (80, 672, "'P07: That is all."),
    ];
    folder.write("short.pdf", pdf(&[lines]));
    let run = built_in(&folder, "short.pdf").done();
    assert!(
        run.stdout.contains("INT (interviewer) 2, P07 (unknown) 2"),
        "{}",
        run.whole()
    );
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let folder = Folder::with_study();
    let whole_file = talk();
    folder.write("scan.pdf", pdf(&[Vec::new(), Vec::new()]));
    folder.write("none.pdf", pdf(&[]));
    folder.write("torn.pdf", &whole_file[..whole_file.len() / 3]);
    folder.write("letter.pdf", "Dear all,\n");
    for (name, reason) in [
        (
            "scan.pdf",
            "the PDF holds pictures of its pages and no text",
        ),
        ("none.pdf", "the PDF has no pages"),
        ("torn.pdf", "the PDF is damaged"),
        ("letter.pdf", "the file is called `.pdf` but is no PDF"),
    ] {
        let run = built_in(&folder, name).refused();
        assert!(
            run.stderr.contains(&format!("error: {name}: {reason}\n")),
            "{}",
            run.whole()
        );
        folder.line(&format!("import --dry-run {name}")).refused();
    }
}

/// Whatever is in the file, the program itself stands.
#[test]
fn damaged_files_do_no_harm() {
    let folder = Folder::with_study();
    let good = talk();
    for n in 0..12 {
        let mut bad = good.clone();
        for k in 0..8 {
            let at = (n * 7919 + k * 104_729) % bad.len();
            bad[at] = bad[at].wrapping_mul(31).wrapping_add(7);
        }
        bad[..5].copy_from_slice(b"%PDF-");
        folder.write("bad.pdf", &bad);
        let run = built_in(&folder, "bad.pdf").calm();
        assert!(matches!(run.status, Some(0 | 1)), "{}", run.whole());
    }
}
