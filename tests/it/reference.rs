//! The reference is what the program says of itself, and what it says keeps to the rules: a short first line in the
//! imperative, a sentence for every option.

use std::collections::BTreeSet;
use std::fs;

use crate::harness::{Folder, root};

fn reference() -> String {
    Folder::empty().run(&["reference"]).done().stdout
}

/// Every command by its path, with its help.
fn commands() -> Vec<(String, String)> {
    let reference = reference();
    let mut all = Vec::new();
    // What stands behind the commands, as the schema, is not of this form.
    for section in reference
        .split("\n## ")
        .filter(|s| s.starts_with("casebook"))
    {
        let (path, help) = section.split_once("\n\n```text\n").expect("a help text");
        all.push((
            path.to_owned(),
            help.split("\n```").next().expect("its end").to_owned(),
        ));
    }
    assert!(all.len() > 50, "the reference is made otherwise now");
    all
}

#[test]
fn the_reference_is_up_to_date() {
    let path = root().join("docs/reference.md");
    let made = reference();
    if std::env::var_os("CASEBOOK_BLESS").is_some_and(|v| v == "1") {
        fs::write(&path, made).expect("the reference is written");
        return;
    }
    let there = fs::read_to_string(&path).expect("docs/reference.md; CASEBOOK_BLESS=1 writes it");
    assert!(
        there == made,
        "docs/reference.md is stale; CASEBOOK_BLESS=1 writes it anew"
    );
}

/// What is made up of other commands need not be shown; what does something must.
#[test]
fn every_command_is_in_the_guide_or_the_reference() {
    let guide = fs::read_to_string(root().join("docs/guide.md")).expect("docs/guide.md");
    let reference =
        fs::read_to_string(root().join("docs/reference.md")).expect("docs/reference.md");
    for (path, _) in commands() {
        assert!(
            guide.contains(&path) || reference.contains(&format!("## {path}\n")),
            "`{path}` is in no document"
        );
    }
    // The guide is the way through: the nouns and verbs of a study's life are all on it.
    for path in [
        "init",
        "phase add",
        "case import",
        "participant import",
        "import",
        "transcript list",
        "theme import",
        "code",
        "search",
        "quotes",
        "matrix",
        "autocode",
        "report summary",
        "debrief",
        "log",
        "undo",
        "check",
        "backup",
    ] {
        assert!(
            guide.contains(&format!("casebook {path}")),
            "`casebook {path}` is not in the guide"
        );
    }
}

#[test]
fn help_keeps_to_its_rules() {
    let mut wrong = Vec::new();
    for (path, help) in commands() {
        let first = help.lines().next().unwrap_or_default();
        if first.ends_with('.') || first.is_empty() || first.len() > 140 {
            wrong.push(format!("{path}: its first line is `{first}`"));
        }
        let verb = first.split(' ').next().unwrap_or_default();
        // "Adds", "Listing": not the imperative. `Pass` and the like would be let off here.
        if verb.ends_with('s') && !verb.ends_with("ss")
            || verb.ends_with("ing")
            || !verb.starts_with(char::is_uppercase)
        {
            wrong.push(format!("{path}: `{verb}` is no imperative"));
        }
        if !help.contains("\nUsage: casebook") {
            wrong.push(format!("{path}: no usage"));
        }
        // An option or argument stands alone on its line, its help below it, further in.
        let lines: Vec<&str> = help.lines().collect();
        for (n, line) in lines.iter().enumerate() {
            let entry = line.trim_start();
            let indent = line.len() - entry.len();
            let is_entry = indent > 0
                && indent < 8
                && (entry.starts_with('-') || entry.starts_with('<') || entry.starts_with('['));
            if !is_entry || entry.contains("  ") {
                continue;
            }
            let text = lines.get(n + 1).copied().unwrap_or_default();
            if text.trim().is_empty() || text.len() - text.trim_start().len() <= indent {
                wrong.push(format!("{path}: `{entry}` has no help"));
            } else if text.trim_end().ends_with('.') {
                wrong.push(format!("{path}: the help of `{entry}` ends in a full stop"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn help_is_printed_on_stdout_and_is_no_failure() {
    let folder = Folder::empty();
    for (path, _) in commands() {
        let args: Vec<&str> = path.split(' ').skip(1).chain(["--help"]).collect();
        let run = folder.run(&args).done().calm();
        assert!(run.stderr.is_empty(), "{path}");
        // The short form is a part of the long one, and shorter.
        let args: Vec<&str> = path.split(' ').skip(1).chain(["-h"]).collect();
        assert!(
            folder.run(&args).done().stdout.len() <= run.stdout.len(),
            "{path}"
        );
    }
    let version = folder.run(&["--version"]).done();
    assert_eq!(
        version.stdout,
        format!("casebook {}\n", env!("CARGO_PKG_VERSION"))
    );
}

/// The nouns have the same verbs.
#[test]
fn nouns_have_the_same_verbs() {
    let paths: BTreeSet<String> = commands().into_iter().map(|(path, _)| path).collect();
    for noun in ["case", "phase", "participant", "theme", "memo"] {
        for verb in ["add", "list", "show", "edit", "remove"] {
            assert!(
                paths.contains(&format!("casebook {noun} {verb}")),
                "there is no `{noun} {verb}`"
            );
        }
    }
    for path in [
        "transcript list",
        "transcript show",
        "transcript edit",
        "transcript remove",
        "attribute add",
        "attribute list",
        "attribute remove",
    ] {
        assert!(
            paths.contains(&format!("casebook {path}")),
            "there is no `{path}`"
        );
    }
}

#[test]
fn completions_and_manual_pages_are_written() {
    let folder = Folder::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = folder.run(&["completions", shell]).done().stdout;
        assert!(
            script.contains("transcript") && script.contains("debrief"),
            "{shell}"
        );
    }
    folder.run(&["man", "pages"]).done();
    let pages = fs::read_dir(folder.join("pages"))
        .expect("the pages")
        .count();
    assert!(pages >= commands().len(), "{pages} pages");
    assert!(folder.read("pages/casebook.1").contains(".TH"));
}

/// Whoever is asked is told of `--dry-run`; so whatever asks has it.
#[test]
fn whatever_asks_can_be_looked_at_first() {
    let asking: Vec<_> = commands()
        .into_iter()
        .filter(|(_, help)| help.contains("--yes"))
        .collect();
    assert!(asking.len() > 8, "{}", asking.len());
    for (path, help) in asking {
        assert!(
            help.contains("--dry-run"),
            "`{path}` asks and has no --dry-run"
        );
    }
}

/// Hints name commands: each `casebook NOUN VERB` in the source is one that can be typed.
#[test]
fn every_command_that_the_program_names_is_there() {
    let mut all: BTreeSet<String> = commands().into_iter().map(|(path, _)| path).collect();
    // These are typed by nobody, and in no help.
    all.extend(["casebook reference", "casebook read-pdf"].map(str::to_owned));
    // What the program says of itself in a sentence.
    let prose = ["writes", "draws"];
    // `agreement sample NAME` draws one, `agreement sample list` is a verb.
    let takes_names = ["casebook agreement sample"];
    let has_verbs = |noun: &str| all.iter().any(|p| p.starts_with(&format!("{noun} ")));
    let word = |w: &str| {
        let end = w
            .find(|c: char| !(c.is_ascii_lowercase() || c == '-'))
            .unwrap_or(w.len());
        w[..end].to_owned()
    };
    let mut folders = vec![root().join("src")];
    let mut seen = 0;
    let mut unknown = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|e| e != "rs") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("a source file");
            let named = text
                .lines()
                .filter(|l| !l.trim_start().starts_with("//"))
                .flat_map(|l| {
                    let hints = l.split("casebook ").skip(1);
                    let lists = l
                        .split("list: \"")
                        .skip(1)
                        .map(|r| r.split('"').next().unwrap_or_default());
                    hints.chain(lists)
                });
            for typed in named {
                let mut so_far = "casebook".to_owned();
                for w in typed.split(' ') {
                    let w = word(w);
                    let other = prose.contains(&w.as_str()) || takes_names.contains(&&*so_far);
                    if w.is_empty() || w.starts_with('-') || other || !has_verbs(&so_far) {
                        break;
                    }
                    so_far = format!("{so_far} {w}");
                    if !all.contains(&so_far) {
                        unknown.push(format!("{}: {typed}", path.display()));
                        break;
                    }
                    seen += 1;
                }
            }
        }
    }
    assert!(unknown.is_empty(), "no commands: {unknown:#?}");
    assert!(seen > 300, "{seen}");
}

/// A value that is on no list is answered with the list.
#[test]
fn a_word_that_is_not_on_its_list_is_answered_with_the_list() {
    let folder = Folder::with_study();
    for (line, one) in [
        ("theme lint --only nope", "example-not-found"),
        ("finding rival 1 --verdict bogus", "rejected"),
        ("saturation --kind nope", "focus-group"),
        ("cooccur --relation bogus", "same-turn"),
        ("quotes --near x --distance 5miles", "words"),
        ("participant add P1 --attribution secret", "off-record"),
    ] {
        let run = folder.line(line);
        assert_eq!(run.status, Some(2), "{line}: {}", run.whole());
        assert!(run.stderr.contains(one), "{line}: {}", run.whole());
    }
    let run = folder.line("saturation --kind nope");
    assert!(
        run.stderr
            .ends_with("hint: it may be one of: interview, focus-group, field-notes, document\n"),
        "{}",
        run.whole()
    );
}
