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
