//! A program that reads its command line and does nothing: what starting costs at least.
#![expect(
    dead_code,
    reason = "the arguments are read by clap and by nobody else"
)]

use std::path::PathBuf;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[arg(long, global = true)]
    study: Option<PathBuf>,
    #[arg(long, global = true)]
    json: bool,
    /// Given by `cargo bench` to whatever it runs.
    #[arg(long, hide = true)]
    bench: bool,
    #[command(subcommand)]
    command: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    Init {
        path: Option<PathBuf>,
    },
    Import {
        files: Vec<PathBuf>,
        #[arg(long)]
        coder: Option<String>,
    },
    Search {
        query: String,
        #[arg(long)]
        theme: Vec<String>,
        #[arg(long)]
        case: Vec<String>,
        #[arg(long, default_value_t = 20)]
        limit: usize,
    },
    Code {
        place: String,
        themes: Vec<String>,
    },
    Matrix {
        rows: String,
        cols: String,
    },
    Agreement {
        coders: Vec<String>,
    },
    Report {
        #[arg(long)]
        theme: Vec<String>,
        #[arg(short, long)]
        output: Option<PathBuf>,
    },
    #[command(external_subcommand)]
    Other(Vec<String>),
}

fn main() {
    drop(Cli::parse());
}
