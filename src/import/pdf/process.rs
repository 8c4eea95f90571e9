//! The parent's side: starts the child, feeds it, and ends it if it takes too long.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::super::limits;
use super::extract::{Extractor, Trouble};
use super::{Error, PdfReader};

/// How long a file may take by the clock on the wall.
const PATIENCE: Duration = Duration::from_secs(60);

/// The lines of a PDF, and who took them: `pdftotext` where it is installed, else the reader that is built in.
pub(super) fn run(reader: &PdfReader, bytes: &[u8]) -> Result<(String, Extractor), Error> {
    for extractor in Extractor::ALL {
        match call(reader, extractor, bytes, PATIENCE)? {
            Ok(text) => return Ok((text, extractor)),
            Err(Trouble::NoProgram) => {}
            Err(Trouble::Encrypted) => return Err(Error::PdfEncrypted),
            Err(Trouble::Damaged) => return Err(Error::PdfDamaged),
            Err(Trouble::NoPages) => return Err(Error::PdfNoPages),
        }
    }
    Err(Error::PdfNoReader)
}

fn call(
    reader: &PdfReader,
    extractor: Extractor,
    bytes: &[u8],
    patience: Duration,
) -> Result<Result<String, Trouble>, Error> {
    let child = Command::new(&reader.program)
        .args(&reader.arguments)
        .arg(extractor.as_str())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|_| Error::PdfNoReader)?;
    let mut child = Ended(child);
    let (Some(mut stdin), Some(stdout), Some(stderr)) = (
        child.0.stdin.take(),
        child.0.stdout.take(),
        child.0.stderr.take(),
    ) else {
        return Err(Error::PdfNoReader);
    };
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // A child that gives up early closes the pipe: what it says is told by its status.
            stdin.write_all(bytes).ok();
        });
        let said = scope.spawn(move || {
            let mut said = Vec::new();
            let mut stderr = stderr;
            stderr.by_ref().take(8192).read_to_end(&mut said).ok();
            // The rest is read and forgotten, or the child would wait for its reader.
            std::io::copy(&mut stderr, &mut std::io::sink()).ok();
            said
        });
        let (send, receive) = channel();
        scope.spawn(move || {
            let most = limits::FILE_BYTES as u64 + 1;
            let mut text = Vec::new();
            stdout.take(most).read_to_end(&mut text).ok();
            send.send(text).ok();
        });
        let text = match receive.recv_timeout(patience) {
            Ok(text) if text.len() > limits::FILE_BYTES => {
                child.0.kill().ok();
                return Err(Error::TextTooLong);
            }
            Ok(text) => text,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                child.0.kill().ok();
                return Err(Error::PdfTooHard);
            }
        };
        let status = child.0.wait().map_err(|_| Error::PdfDamaged)?;
        if status.success() {
            return Ok(Ok(String::from_utf8_lossy(&text).into_owned()));
        }
        let said = said.join().unwrap_or_default();
        if status.code().is_none() {
            // The system ended it: a limit was reached, or it ran into the ground.
            return Err(Error::PdfTooHard);
        }
        Ok(Err(Trouble::said(&String::from_utf8_lossy(&said))))
    })
}

/// A child that does not outlive its caller.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
