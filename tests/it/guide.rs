//! The guide's examples are run: every ```` ```console ```` block of `docs/guide.md`, command by command, in one folder
//! that begins with the files of the invented study. `CASEBOOK_BLESS=1` writes what comes out into the guide.

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::{Folder, copy, root};

/// A shell just large enough for a guide: it knows `casebook`, `cd`, `cat`, `export` and quotation marks.
pub(crate) struct Shell {
    pub(crate) folder: Folder,
    here: PathBuf,
    exported: Vec<(String, String)>,
}

impl Shell {
    pub(crate) fn new() -> Self {
        let folder = Folder::empty();
        let here = folder.path().to_owned();
        Self {
            folder,
            here,
            exported: Vec::new(),
        }
    }

    /// Sets a variable of the environment, as `export` does.
    pub(crate) fn export(&mut self, name: &str, value: &str) {
        self.exported.push((name.to_owned(), value.to_owned()));
    }

    /// stdout and then stderr of a command line.
    fn run(&mut self, line: &str) -> String {
        let words = split(line).unwrap_or_else(|| panic!("a quotation mark is not closed: {line}"));
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["casebook", ref args @ ..] => {
                let mut command = self.folder.command();
                command
                    .current_dir(&self.here)
                    .envs(self.exported.iter().map(|(k, v)| (k, v)))
                    .args(args);
                let run = self.folder.finish(&mut command);
                assert!(
                    run.status.is_some_and(|s| s <= 3),
                    "{line}: {}",
                    run.whole()
                );
                run.stdout + &run.stderr
            }
            ["cd", to] => {
                self.here.push(to);
                assert!(self.here.is_dir(), "there is no folder for: {line}");
                String::new()
            }
            ["cat", file] => {
                fs::read_to_string(self.here.join(file)).unwrap_or_else(|e| panic!("{line}: {e}"))
            }
            ["export", ref set @ ..] => {
                let pairs = set.iter().filter_map(|s| s.split_once('='));
                self.exported
                    .extend(pairs.map(|(k, v)| (k.to_owned(), v.to_owned())));
                String::new()
            }
            _ => panic!("the guide's shell does not know: {line}"),
        }
    }
}

/// Words as a shell splits them: blanks part, quotation marks keep together. `None` where one is not closed.
fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some('"') | None, '\\') => word.get_or_insert_default().push(chars.next()?),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, '#') if word.is_none() => break,
            (Some(_) | None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// Whether the lines that came out are those that are expected; `...` stands for any lines, and `…` at the end of one for
/// any rest of it.
pub(crate) fn fits(expected: &[&str], actual: &[&str]) -> bool {
    match expected {
        [] => actual.is_empty(),
        ["...", rest @ ..] => (0..=actual.len()).any(|n| fits(rest, &actual[n..])),
        [first, rest @ ..] => {
            actual
                .first()
                .is_some_and(|line| match first.trim_end().strip_suffix('…') {
                    Some(beginning) => line.starts_with(beginning),
                    None => line.trim_end() == first.trim_end(),
                })
                && fits(rest, &actual[1..])
        }
    }
}

/// Runs a guide. Gives it as it should read, and what did not fit.
pub(crate) fn play(guide: &str, shell: &mut Shell) -> (String, Vec<String>) {
    let mut out = String::new();
    let mut wrong = Vec::new();
    let mut lines = guide.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if line != "```console" {
            continue;
        }
        while let Some(line) = lines.next_if(|l| *l != "```") {
            out.push_str(line);
            out.push('\n');
            let Some(mut command) = line.strip_prefix("$ ").map(str::to_owned) else {
                wrong.push(format!("a block begins with its command, not with: {line}"));
                continue;
            };
            while command.ends_with('\\') {
                command.pop();
                let more = lines.next().unwrap_or_default();
                out.push_str(more);
                out.push('\n');
                command.push_str(more.trim_start());
            }
            let mut expected = Vec::new();
            while let Some(line) = lines.next_if(|l| *l != "```" && !l.starts_with("$ ")) {
                expected.push(line);
            }
            let came = shell.run(&command);
            let mut actual: Vec<&str> = came.lines().collect();
            while actual.last().is_some_and(|l| l.is_empty()) {
                actual.pop();
            }
            while expected.last().is_some_and(|l| l.trim().is_empty()) {
                expected.pop();
            }
            let keep = fits(&expected, &actual);
            if !keep {
                wrong.push(format!("$ {command}\n{came}"));
            }
            for line in if keep { expected } else { actual } {
                out.push_str(line.trim_end());
                out.push('\n');
            }
        }
    }
    (out, wrong)
}

#[test]
fn the_guide_is_true() {
    let path = root().join("docs/guide.md");
    let guide = fs::read_to_string(&path).expect("docs/guide.md");
    let mut shell = Shell::new();
    copy(&root().join("fixtures/study"), shell.folder.path());
    let (played, wrong) = play(&guide, &mut shell);
    if std::env::var_os("CASEBOOK_BLESS").is_some_and(|v| v == "1") {
        fs::write(&path, played).expect("the guide is written");
        return;
    }
    assert!(
        wrong.is_empty(),
        "docs/guide.md does not say what comes out; CASEBOOK_BLESS=1 writes it there:\n\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_guides_shell_works() {
    let mut shell = Shell::new();
    fs::create_dir(shell.folder.join("sub")).expect("a folder");
    shell.folder.write("sub/hello.txt", "one\ntwo\nthree\n");
    let guide = "Text.\n\n```console\n$ cd sub\n$ cat hello.txt\none\n...\nthree\n$ casebook init \"a b\" --title 'It''s'\nold\n$ casebook study \\\n  show\n```\n\n```sh\n$ not run\n```\n";
    let (played, wrong) = play(guide, &mut shell);
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(
        played.contains("one\n...\nthree\n$ casebook init"),
        "what fits stays as it was: {played}"
    );
    assert!(
        played.contains("Made a b.casebook\n") && !played.contains("old\n"),
        "{played}"
    );
    assert!(
        played.contains("$ casebook study \\\n  show\nIts\n"),
        "{played}"
    );
    let (again, wrong) = play(&played, &mut again(&shell));
    assert_eq!((again, wrong), (played, Vec::new()));
}

/// A second shell in a folder like the first one was.
fn again(shell: &Shell) -> Shell {
    let new = Shell::new();
    copy(&shell.folder.join("sub"), &new.folder.join("sub"));
    for entry in fs::read_dir(new.folder.join("sub")).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path
            .file_name()
            .is_some_and(|n| n.to_string_lossy().contains(".casebook"))
        {
            if path.is_dir() {
                fs::remove_dir_all(path)
            } else {
                fs::remove_file(path)
            }
            .expect("removed");
        }
    }
    new
}

#[test]
fn words_are_split_as_a_shell_splits_them() {
    let words = |line: &str| split(line).map(|w| w.join("|"));
    assert_eq!(words("a  b").as_deref(), Some("a|b"));
    assert_eq!(
        words("a \"b c\" 'd \"e\"'").as_deref(),
        Some("a|b c|d \"e\"")
    );
    assert_eq!(words("--x=\"b c\"d ''").as_deref(), Some("--x=b cd|"));
    assert_eq!(words("a # rest").as_deref(), Some("a"));
    assert_eq!(words("a\\ b \"\\\"\"").as_deref(), Some("a b|\""));
    assert_eq!(words("a \"b"), None);
}

/// Every link from one page of the documentation to another leads somewhere.
#[test]
fn links_between_pages_lead_somewhere() {
    let mut wrong = Vec::new();
    let mut check = |page: &Path| {
        let text = fs::read_to_string(page).expect("a page");
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split([')', ' ']).next().unwrap_or_default();
            let file = target.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains("://") || file.starts_with("mailto:") {
                continue;
            }
            if !page.parent().expect("a folder").join(file).exists() {
                wrong.push(format!("{}: {target}", page.display()));
            }
        }
    };
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("docs") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "md") {
                check(&path);
            }
        }
    }
    for page in ["README.md"] {
        if root().join(page).exists() {
            check(&root().join(page));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
