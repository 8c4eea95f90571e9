//! Who is writing: a small file beside the study while a change is under way, read only to answer a second writer.
//!
//! It is a courtesy, not a lock: SQLite's own lock decides. One that a crash left behind is never looked at unless the
//! study really is locked.

use std::fs;
use std::path::{Path, PathBuf};

pub(super) struct Hold(PathBuf);

fn file(study: &Path) -> PathBuf {
    let mut name = study.as_os_str().to_owned();
    name.push("-writing");
    PathBuf::from(name)
}

/// Says that `coder` is at `op`. A folder that can't be written only means that nobody is named.
pub(super) fn take(study: &Path, coder: &str, op: &str, at: &str) -> Hold {
    let path = file(study);
    fs::write(
        &path,
        format!("{coder}\n{op}\n{at}\n{}\n", std::process::id()),
    )
    .ok();
    Hold(path)
}

impl Drop for Hold {
    fn drop(&mut self) {
        fs::remove_file(&self.0).ok();
    }
}

/// Who holds the study, as far as it can be told.
pub(super) fn holder(study: &Path) -> String {
    let said = fs::read_to_string(file(study)).unwrap_or_default();
    let lines: Vec<&str> = said.lines().collect();
    match lines[..] {
        [coder, op, at, process] => {
            format!("coder `{coder}` is at `casebook {op}` since {at} (process {process})")
        }
        _ => "another program is writing to it".into(),
    }
}
