//! What every test here stands on: a folder of its own, a cleared environment, a clock that stands still, and the
//! built program, whose stdout, stderr and exit status are compared whole.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use serde::de::DeserializeOwned;
use tempfile::TempDir;

/// The time at which every test runs.
pub(crate) const CLOCK: &str = "2021-05-01T09:00:00Z";
/// Who is at work in the tests.
pub(crate) const CODER: &str = "mara";
/// The name of the study file in a test's folder.
pub(crate) const STUDY: &str = "study.casebook";

/// A temporary folder in which commands run.
pub(crate) struct Folder {
    dir: TempDir,
}

/// What a command left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// `None` where a signal ended it.
    pub(crate) status: Option<i32>,
}

/// Compares a run, whole, with what stands in the source; `SNAPSHOTS=overwrite` writes it there.
macro_rules! whole {
    ($run:expr, $expected:expr) => {
        $crate::harness::compare(&$run.whole(), $expected)
    };
}
pub(crate) use whole;

pub(crate) fn compare(actual: &str, expected: impl snapbox::IntoData) {
    snapbox::Assert::new()
        .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
        .normalize_paths(false)
        .eq(actual, expected);
}

impl Run {
    /// stdout, stderr and status in one text. A part that is empty is left out, as is status 0.
    pub(crate) fn whole(&self) -> String {
        let mut text = self.stdout.clone();
        if !self.stderr.is_empty() {
            text.push_str("--- stderr\n");
            text.push_str(&self.stderr);
        }
        match self.status {
            Some(0) => {}
            Some(status) => text.push_str(&format!("--- status {status}\n")),
            None => text.push_str("--- killed\n"),
        }
        text
    }

    /// The run, which must have been done without an error.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert_eq!(self.status, Some(0), "{}", self.whole());
        self
    }

    /// The run, which must have been refused as a user's mistake: an error and a hint, and no sign of a crash.
    #[track_caller]
    pub(crate) fn refused(self) -> Self {
        self.refused_with(1)
    }

    /// The run, which must have failed with this status: an error and a hint, and no sign of a crash.
    #[track_caller]
    pub(crate) fn refused_with(self, status: i32) -> Self {
        let whole = self.whole();
        assert_eq!(self.status, Some(status), "{whole}");
        assert!(self.stderr.contains("error: "), "no error is said: {whole}");
        assert!(self.stderr.contains("hint: "), "no hint is given: {whole}");
        self.calm()
    }

    /// The run, which must show nothing of the program's inside, and no control characters.
    #[track_caller]
    pub(crate) fn calm(self) -> Self {
        for sign in [
            "panicked",
            "RUST_BACKTRACE",
            "stack backtrace",
            "src/",
            "Err(",
            "Some(",
        ] {
            assert!(!self.stderr.contains(sign), "`{sign}` in {}", self.whole());
        }
        for c in self.stderr.chars().chain(self.stdout.chars()) {
            assert!(
                c == '\n' || c == '\t' || !c.is_control(),
                "a control character {c:?} in {:?}",
                self.whole()
            );
            assert!(
                !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'),
                "a direction mark {c:?} in {:?}",
                self.whole()
            );
        }
        self
    }

    /// stdout read back as one JSON document of that type.
    #[track_caller]
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_str(&self.stdout) {
            Ok(value) => value,
            Err(error) => panic!("{error} in {}", self.whole()),
        }
    }
}

impl Folder {
    /// Not among the system's temporary files: a study that somebody left there would be taken for this folder's.
    pub(crate) fn empty() -> Self {
        let dir = TempDir::with_prefix_in("it-", env!("CARGO_TARGET_TMPDIR"));
        Self {
            dir: dir.expect("a temporary folder"),
        }
    }

    /// A folder with an empty study.
    pub(crate) fn with_study() -> Self {
        let folder = Self::empty();
        folder
            .run(&["init", "study", "--title", "A small study"])
            .done();
        folder
    }

    /// A folder of its own with the invented study in it, imported and coded: a copy of one that is made once.
    pub(crate) fn invented() -> Self {
        let folder = Self::empty();
        copy(template().path(), folder.path());
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).expect("a folder for it");
        }
        fs::write(&path, contents).expect("the file is written");
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.join(name)).expect("a file that can be read")
    }

    /// The program with its environment, ready for arguments.
    pub(crate) fn command(&self) -> Command {
        program_in(self.path())
    }

    pub(crate) fn run<S: AsRef<OsStr>>(&self, args: &[S]) -> Run {
        self.finish(self.command().args(args))
    }

    /// A command as one types it, split at blanks: for lines without quotation marks.
    pub(crate) fn line(&self, line: &str) -> Run {
        self.run(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs a command that [`Folder::command`] gave. The folder's own path reads `[FOLDER]`.
    pub(crate) fn finish(&self, command: &mut Command) -> Run {
        let output = command.output().expect("the program runs");
        let own = self.path().to_string_lossy();
        let text = |bytes: Vec<u8>| {
            String::from_utf8(bytes)
                .expect("output is UTF-8")
                .replace(&*own, "[FOLDER]")
        };
        Run {
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            status: output.status.code(),
        }
    }

    /// As [`Folder::finish`], where stdout goes elsewhere.
    pub(crate) fn finish_quietly(&self, command: &mut Command) -> Run {
        let output = command
            .stderr(Stdio::piped())
            .spawn()
            .and_then(std::process::Child::wait_with_output)
            .expect("the program runs");
        let stderr = String::from_utf8(output.stderr).expect("output is UTF-8");
        Run {
            stdout: String::new(),
            stderr,
            status: output.status.code(),
        }
    }

    /// Starts a command and does not wait for it.
    pub(crate) fn start<S: AsRef<OsStr>>(&self, args: &[S]) -> Child {
        self.command()
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts")
    }

    /// The study's logical dump: what undo and a refused command must leave as it was.
    pub(crate) fn dump(&self) -> String {
        dump(&self.join(STUDY))
    }

    /// `check`, which must find nothing.
    #[track_caller]
    pub(crate) fn sound(&self) {
        self.run(&["check"]).done();
    }
}

/// The logical dump of a study file.
pub(crate) fn dump(study: &Path) -> String {
    let store = casebook::store::Store::open(study, casebook::store::Access::Read)
        .expect("the study opens");
    store.logical_dump().expect("a dump")
}

/// The program with a cleared environment, to run in `folder`.
pub(crate) fn program_in(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_casebook"));
    command
        .current_dir(folder)
        .env_clear()
        .envs([
            ("CASEBOOK_CLOCK", CLOCK),
            ("CASEBOOK_CODER", CODER),
            ("NO_COLOR", "1"),
        ])
        .stdin(Stdio::null());
    // Where temporary files go on a machine that sets it.
    if let Some(tmp) = std::env::var_os("TMPDIR") {
        command.env("TMPDIR", tmp);
    }
    command
}

/// The root of the package.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The commands that make the invented study from its files.
pub(crate) const MAKE: &[&[&str]] = &[
    &[
        "init",
        "study",
        "--title",
        "Working as one",
        "--question",
        "How do the systems develop locally?",
        "--contact",
        "the research team, study@example.org",
        "--withdraw-by",
        "2022-03-31",
    ],
    &[
        "phase",
        "add",
        "phase-1",
        "--name",
        "Phase 1",
        "--from",
        "2019-12-01",
        "--to",
        "2020-03-31",
    ],
    &[
        "phase",
        "add",
        "phase-2",
        "--name",
        "Phase 2",
        "--from",
        "2021-01-01",
        "--to",
        "2021-09-30",
    ],
    &["case", "import", "cases.csv"],
    &["participant", "import", "participants.csv"],
    &["import", "interviews", "--details", "interviews.csv"],
    &["theme", "import", "codebook.yaml"],
    &["code", "--from", "codings-alder.csv"],
    &["code", "--from", "codings-birch.csv"],
    &["code", "--from", "codings-cedar.csv"],
];

/// The invented study, made once; nothing runs in it afterwards, so that it can be copied at any moment.
fn template() -> &'static Folder {
    static MADE: OnceLock<Folder> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = Folder::empty();
        copy(&root().join("fixtures/study"), folder.path());
        for args in MAKE {
            folder.run(args).done();
        }
        // A search brings the index into step, so that whoever shares it only reads it.
        folder
            .run(&["search", "trust", "--theme", "governance", "--limit", "1"])
            .done();
        folder
    })
}

/// The invented study, for tests that change nothing.
pub(crate) fn invented() -> &'static Folder {
    static SHARED: OnceLock<Folder> = OnceLock::new();
    SHARED.get_or_init(Folder::invented)
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder to copy") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copied file");
        }
    }
}

/// Numbers that look random and are the same every time (xorshift64*).
pub(crate) struct Seeded(u64);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() >> 33).expect("31 bits fit") % n.max(1)
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}
