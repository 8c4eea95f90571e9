//! `read-pdf`: what `import` calls to have a PDF read in a process of its own, which may fall over without harm.

use std::io::Write as _;

use clap::Args;

use super::output::Exit;
use super::{Context, io_error};
use crate::error::Result;
use crate::import::{PdfExtractor, PdfReader, extract_pdf};

const NAME: &str = "read-pdf";

#[derive(Args)]
pub(super) struct ReadPdfArgs {
    /// Who takes the lines from the pages: pdftotext or built-in
    #[arg(value_name = "EXTRACTOR")]
    extractor: String,
}

/// This program, as the one that reads PDF files.
pub(super) fn reader() -> Option<PdfReader> {
    Some(PdfReader {
        program: std::env::current_exe().ok()?,
        arguments: vec![NAME.to_owned()],
    })
}

impl Context {
    pub(super) fn read_pdf(args: &ReadPdfArgs) -> Result<Exit> {
        let Some(extractor) = PdfExtractor::named(&args.extractor) else {
            return Ok(Exit::Usage);
        };
        match extract_pdf(extractor, &mut std::io::stdin().lock()) {
            Ok(text) => {
                std::io::stdout()
                    .write_all(text.as_bytes())
                    .map_err(io_error)?;
                Ok(Exit::Done)
            }
            Err(trouble) => {
                // A word for the program that called, not for people.
                writeln!(std::io::stderr(), "{}", trouble.as_str()).map_err(io_error)?;
                Ok(Exit::Refused)
            }
        }
    }
}
