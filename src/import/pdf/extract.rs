//! The child's side: the lines of a PDF, laid out as its pages are.

use std::fmt;
use std::io::Read;
use std::process::Command;

/// Who takes the lines from the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extractor {
    /// The program of poppler or xpdf, where it is installed: it knows more fonts and more damage.
    Pdftotext,
    /// The reader that is built in.
    BuiltIn,
}

impl Extractor {
    pub(super) const ALL: [Self; 2] = [Self::Pdftotext, Self::BuiltIn];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pdftotext => "pdftotext",
            Self::BuiltIn => "built-in",
        }
    }
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

impl fmt::Display for Extractor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pdftotext => "`pdftotext`",
            Self::BuiltIn => "the built-in reader",
        })
    }
}

/// Why there are no lines; written by the child as one word for the program that called it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is no such program, or it was built without such a reader.
    NoProgram,
    Encrypted,
    Damaged,
    NoPages,
}

impl Trouble {
    const ALL: [Self; 4] = [
        Self::NoProgram,
        Self::Encrypted,
        Self::Damaged,
        Self::NoPages,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoProgram => "casebook-pdf-no-program",
            Self::Encrypted => "casebook-pdf-encrypted",
            Self::Damaged => "casebook-pdf-damaged",
            Self::NoPages => "casebook-pdf-no-pages",
        }
    }
    /// What a child that failed has said; the second words of each are those of `pdftotext`.
    pub(super) fn said(stderr: &str) -> Self {
        if stderr.contains("Incorrect password") || stderr.contains("Copying of text") {
            return Self::Encrypted;
        }
        if stderr.contains("Wrong page range") {
            return Self::NoPages;
        }
        Self::ALL
            .into_iter()
            .find(|trouble| stderr.contains(trouble.as_str()))
            .unwrap_or(Self::Damaged)
    }
}

/// Sets this process's limits and takes the lines from the PDF on `input`, the standard input. `pdftotext` takes over
/// the process where the system can do that, and then this does not come back; its lines go to the standard output, and
/// the text given back is empty.
pub fn extract(extractor: Extractor, input: &mut dyn Read) -> Result<String, Trouble> {
    limit();
    match extractor {
        Extractor::Pdftotext => pdftotext(),
        Extractor::BuiltIn => {
            let mut bytes = Vec::new();
            input
                .read_to_end(&mut bytes)
                .map_err(|_| Trouble::Damaged)?;
            built_in::lines(&bytes)
        }
    }
}

/// Bounds memory and time of this process and of those that it starts. Where the system has no such bounds, the clock
/// of the caller is the only one.
fn limit() {
    #[cfg(unix)]
    {
        const BYTES: u64 = 1 << 30;
        const SECONDS: u64 = 30;
        for (resource, most) in [
            (rlimit::Resource::AS, BYTES),
            (rlimit::Resource::CPU, SECONDS),
            (rlimit::Resource::CORE, 0),
        ] {
            // What cannot be set (macOS knows no bound of address space) stays as it was.
            rlimit::setrlimit(resource, most, most).ok();
        }
    }
}

fn pdftotext() -> Result<String, Trouble> {
    let mut command = Command::new("pdftotext");
    command.args(["-layout", "-enc", "UTF-8", "-eol", "unix", "-", "-"]);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        // It only comes back if the program could not be started.
        let _not_started = command.exec();
        Err(Trouble::NoProgram)
    }
    #[cfg(not(unix))]
    match command.status() {
        Ok(status) if status.success() => Ok(String::new()),
        // It has said itself what is wrong.
        Ok(_) => Err(Trouble::Damaged),
        Err(_) => Err(Trouble::NoProgram),
    }
}

#[cfg(not(feature = "pdf"))]
mod built_in {
    pub(super) fn lines(_bytes: &[u8]) -> Result<String, super::Trouble> {
        Err(super::Trouble::NoProgram)
    }
}

#[cfg(feature = "pdf")]
mod built_in {
    use std::panic::{self, AssertUnwindSafe};

    use pdf_extract::content::{Content, Operation};
    use pdf_extract::{Document, MediaBox, ObjectId, OutputDev, OutputError, Transform};

    use super::super::layout::{self, Glyph};
    use super::Trouble;

    pub(super) fn lines(bytes: &[u8]) -> Result<String, Trouble> {
        // The reader panics on what it does not know; nobody wants to see where.
        panic::set_hook(Box::new(|_| {}));
        panic::catch_unwind(AssertUnwindSafe(|| read(bytes))).unwrap_or(Err(Trouble::Damaged))
    }

    fn read(bytes: &[u8]) -> Result<String, Trouble> {
        let mut document = Document::load_mem(bytes).map_err(|_| Trouble::Damaged)?;
        if document.is_encrypted() && document.decrypt("").is_err() {
            return Err(Trouble::Encrypted);
        }
        let pages = document.get_pages();
        if pages.is_empty() {
            return Err(Trouble::NoPages);
        }
        for page in pages.values() {
            spell_out(&mut document, *page);
        }
        let mut out = String::new();
        for page in pages.into_keys() {
            let mut glyphs = Glyphs::default();
            pdf_extract::output_doc_page(&document, &mut glyphs, page)
                .map_err(|_| Trouble::Damaged)?;
            layout::page(glyphs.all, &mut out);
            out.push('\u{c}');
        }
        Ok(out)
    }

    /// Writes `'` and `"` (to the next line, and show) as the operators that they are short for: the extractor knows only
    /// these, and would leave their words out.
    fn spell_out(document: &mut Document, page: ObjectId) {
        let Ok(content) = document.get_and_decode_page_content(page) else {
            return; // the extractor will say so
        };
        let short = |o: &Operation| matches!(o.operator.as_str(), "'" | "\"");
        if !content.operations.iter().any(short) {
            return;
        }
        let mut operations = Vec::with_capacity(content.operations.len() * 2);
        for operation in content.operations {
            match (operation.operator.as_str(), &operation.operands[..]) {
                ("'", [text]) => {
                    operations.push(Operation::new("T*", Vec::new()));
                    operations.push(Operation::new("Tj", vec![text.clone()]));
                }
                ("\"", [words, letters, text]) => {
                    operations.push(Operation::new("Tw", vec![words.clone()]));
                    operations.push(Operation::new("Tc", vec![letters.clone()]));
                    operations.push(Operation::new("T*", Vec::new()));
                    operations.push(Operation::new("Tj", vec![text.clone()]));
                }
                _ => operations.push(operation),
            }
        }
        if let Ok(content) = (Content { operations }).encode() {
            document.change_page_content(page, content).ok();
        }
    }

    /// Gathers what a page draws inside its bounds: browsers that print draw beyond them too.
    #[derive(Default)]
    struct Glyphs {
        all: Vec<Glyph>,
        /// Left, right, lower and upper bound.
        bounds: Option<(f64, f64, f64, f64)>,
    }

    impl OutputDev for Glyphs {
        fn begin_page(
            &mut self,
            _number: u32,
            media: &MediaBox,
            _art: Option<(f64, f64, f64, f64)>,
        ) -> Result<(), OutputError> {
            self.bounds = Some((media.llx, media.urx, media.lly, media.ury));
            Ok(())
        }
        fn end_page(&mut self) -> Result<(), OutputError> {
            Ok(())
        }
        fn output_character(
            &mut self,
            place: &Transform,
            width: f64,
            _spacing: f64,
            font_size: f64,
            text: &str,
        ) -> Result<(), OutputError> {
            // The side of a square with the area of one letter's box, however it is turned.
            let (x, y) = (place.m31, place.m32);
            if let Some((left, right, lower, upper)) = self.bounds
                && !((left..right).contains(&x) && (lower..upper).contains(&y))
            {
                return Ok(());
            }
            let size = (place.m11 * place.m22 - place.m12 * place.m21).abs().sqrt() * font_size;
            self.all.push(Glyph {
                x,
                y,
                width: width * size,
                size,
                text: text.to_owned(),
            });
            Ok(())
        }
        fn begin_word(&mut self) -> Result<(), OutputError> {
            Ok(())
        }
        fn end_word(&mut self) -> Result<(), OutputError> {
            Ok(())
        }
        fn end_line(&mut self) -> Result<(), OutputError> {
            Ok(())
        }
    }
}
