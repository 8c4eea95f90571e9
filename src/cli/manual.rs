//! `completions`, `man`, `reference`: what the program says of itself, made from the program.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::output::Exit;
use super::{Cli, Context, io_error};
use crate::error::Result;

#[derive(Args)]
pub(super) struct CompletionsArgs {
    /// The shell: bash, zsh, fish, powershell or elvish
    shell: Shell,
}

#[derive(Args)]
pub(super) struct ManArgs {
    /// The folder to write to
    folder: PathBuf,
}

#[derive(Args)]
pub(super) struct ReferenceArgs {}

impl Context {
    pub(super) fn completions(&self, args: &CompletionsArgs) -> Result<Exit> {
        let mut script = Vec::new();
        clap_complete::generate(args.shell, &mut Cli::command(), "casebook", &mut script);
        self.out.write(&script).map_err(io_error)?;
        Ok(Exit::Done)
    }

    pub(super) fn man(&self, args: &ManArgs) -> Result<Exit> {
        std::fs::create_dir_all(&args.folder).map_err(io_error)?;
        clap_mangen::generate_to(Cli::command(), &args.folder).map_err(io_error)?;
        self.out.say(&format!(
            "Wrote the manual pages to {}.",
            args.folder.display()
        ));
        Ok(Exit::Done)
    }

    pub(super) fn reference(&self, _: &ReferenceArgs) -> Result<Exit> {
        self.out.write(reference().as_bytes()).map_err(io_error)?;
        Ok(Exit::Done)
    }
}

/// The reference of all commands as Markdown: `docs/reference.md` is this, and a test compares them.
pub(crate) fn reference() -> String {
    let mut out = Vec::new();
    let mut root = Cli::command();
    root.build();
    writeln!(out, "# Reference\n\nEvery command, made from the program by `casebook reference`. Do not edit it by hand.\n").ok();
    section(&root, "casebook", &mut out);
    schema(crate::store::SCHEMA, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

fn section(command: &clap::Command, path: &str, out: &mut Vec<u8>) {
    let mut own = command.clone().bin_name(path.to_owned()).term_width(100);
    let help = own.render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    writeln!(
        out,
        "## {path}\n\n```text\n{}\n```\n",
        help.join("\n").trim_end()
    )
    .ok();
    for sub in command
        .get_subcommands()
        .filter(|s| !s.is_hide_set() && s.get_name() != "help")
    {
        section(sub, &format!("{path} {}", sub.get_name()), out);
    }
}

/// The tables of the study file with their reasons, out of the comments of the schema itself.
fn schema(sql: &str, out: &mut Vec<u8>) {
    writeln!(out, "# The study file\n\nA study is an SQLite file (format {}). Any SQLite program can read it; only casebook writes it. The view `quotations` has every coding with its words, the view `figures` every measure with its source.\n", crate::store::VERSION).ok();
    let mut reason: Vec<&str> = Vec::new();
    let mut inside = false;
    for line in sql.lines() {
        if let Some(comment) = line.strip_prefix("--") {
            reason.push(comment.trim());
        } else if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            let name = rest.split([' ', '(']).next().unwrap_or_default();
            let why = reason
                .iter()
                .filter(|l| !l.starts_with("---"))
                .copied()
                .collect::<Vec<_>>()
                .join(" ");
            writeln!(
                out,
                "## `{name}`\n\n{}\n\n| column | type | what it is |\n| --- | --- | --- |",
                why.trim()
            )
            .ok();
            inside = true;
        } else if inside && line.starts_with(')') {
            writeln!(out).ok();
            inside = false;
        } else if inside {
            column(line, out);
        }
        if !line.starts_with("--") {
            reason.clear();
        }
    }
}

/// One column as a row of the table; constraints that stand on lines of their own are left to `schema.sql`.
fn column(line: &str, out: &mut Vec<u8>) {
    let (code, comment) = line.split_once("--").unwrap_or((line, ""));
    let mut words = code.split_whitespace();
    if let (true, Some(name), Some(kind)) = (
        line.starts_with("    ") && !line.starts_with("     "),
        words.next(),
        words.next(),
    ) && name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
    {
        let points_to = code
            .split_once("REFERENCES ")
            .map_or(String::new(), |(_, to)| {
                format!(
                    " → `{}`",
                    to.split(['(', ' ', ',']).next().unwrap_or_default()
                )
            });
        writeln!(
            out,
            "| `{name}` | {}{points_to} | {} |",
            kind.trim_end_matches(',').to_lowercase(),
            comment.trim().replace('|', "\\|")
        )
        .ok();
    }
}
