//! `demo`: an invented study, written out and taken through the main job, each step with the command that does it; or an
//! example of the documentation.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::ToSpan;

use super::demo_example::Example;
use super::output::Exit;
use super::{CliError, Context, run_to_status};
use crate::domain::Date;
use crate::error::Result;

#[derive(Args)]
pub(super) struct DemoArgs {
    /// The folder to make; without it, casebook-demo here
    dir: Option<PathBuf>,
    /// One of the examples of the documentation instead, rebuilt from nothing
    #[arg(long, value_enum, value_name = "NAME")]
    example: Option<Example>,
}

macro_rules! study_files {
    ($($name:literal),+ $(,)?) => { &[$(($name, include_bytes!(concat!("../../fixtures/study/", $name)))),+] };
}

/// The invented study, file by file. It is in the program, so that the demo needs nothing else.
const FILES: &[(&str, &[u8])] = study_files![
    "README.md",
    "cases.csv",
    "participants.csv",
    "consents.csv",
    "interviews.csv",
    "alder-01-chair-corrected.txt",
    "survey.csv",
    "codebook.yaml",
    "codings-alder.csv",
    "codings-birch.csv",
    "codings-cedar.csv",
    "interviews/alder-01-chair.txt",
    "interviews/alder-02-chief-executive.md",
    "interviews/alder-03-clinical-lead.docx",
    "interviews/alder-04-finance.txt",
    "interviews/alder-05-social-care.vtt",
    "interviews/alder-06-board-field-note.md",
    "interviews/birch-01-system-lead.txt",
    "interviews/birch-02-councillor.txt",
    "interviews/birch-03-medical-director.srt",
    "interviews/birch-04-voluntary.md",
    "interviews/birch-05-place-director.docx",
    "interviews/cedar-01-chair.txt",
    "interviews/cedar-02-finance.txt",
    "interviews/cedar-03-mental-health.md",
    "interviews/cedar-04-focus-group.txt",
];

/// Stands for a day three months from now: a debrief whose answer was due years ago would puzzle its reader.
const DEADLINE: &str = "DEADLINE";

/// What is said, and the command that does it.
const STEPS: &[(&str, &[&str])] = &[
    (
        "Start a study. It is one file.",
        &[
            "init",
            "working-as-one",
            "--title",
            "Working as one: collaboration in three health and care systems",
            "--question",
            "How do the systems develop locally?",
            "--question",
            "How do partners reconcile their own role with the system's?",
            "--question",
            "How can collaborations be held to account?",
            "--question",
            "What enables and what inhibits improvement?",
            "--contact",
            "the research team, study@example.org",
            "--withdraw-by",
            DEADLINE,
        ],
    ),
    (
        "Two periods of fieldwork, with a stop between them.",
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
    ),
    (
        "",
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
    ),
    (
        "Three systems under code names, with their partners and a place each.",
        &["case", "import", "cases.csv"],
    ),
    (
        "The people, by pseudonym: who they are by role, and how far they may be quoted.",
        &["participant", "import", "participants.csv"],
    ),
    (
        "What each of them agreed to, by the signed form.",
        &["consent", "import", "consents.csv"],
    ),
    (
        "The interviews, in whatever form the transcribers sent them.",
        &["import", "interviews", "--details", "interviews.csv"],
    ),
    ("The codebook.", &["theme", "import", "codebook.yaml"]),
    (
        "What two coders coded.",
        &["code", "--from", "codings-alder.csv"],
    ),
    ("", &["code", "--from", "codings-birch.csv"]),
    ("", &["code", "--from", "codings-cedar.csv"]),
    (
        "One more passage, by hand.",
        &[
            "code",
            "T07:4",
            "context/history-of-relationships",
            "--memo",
            "Compare with how alder tells it.",
            "--coder",
            "mara",
        ],
    ),
    ("What is in the study now?", &["status"]),
    (
        "Search every word that was said, in any of its forms …",
        &["search", "\"nobody\" NEAR/8 vote*", "--limit", "3"],
    ),
    (
        "… as a concordance …",
        &["search", "outvote* OR veto", "--kwic", "--limit", "8"],
    ),
    (
        "… or counted.",
        &[
            "search",
            "\"data sharing\" OR \"shared record\"",
            "--count-by",
            "case",
        ],
    ),
    (
        "Code what a search finds, as a rule of its own …",
        &[
            "autocode",
            "\"data sharing\"",
            "enablers/shared-data",
            "--name",
            "data-sharing",
        ],
    ),
    ("… and take it back. Everything can be.", &["undo"]),
    (
        "Read the quotes of a theme across cases.",
        &["quotes", "--theme", "consensus/veto", "--limit", "3"],
    ),
    (
        "Which case speaks of what?",
        &[
            "matrix", "--rows", "theme", "--cols", "case", "--depth", "1",
        ],
    ),
    (
        "Say what the study claims, with what supports it and what speaks against it …",
        &[
            "finding",
            "add",
            "Every partner holds a no that nobody has to cast, so what hurts one of them is put off.",
            "--detail",
            "Nothing is voted down. A yes in principle, a request for further work or a board that will not wear it are enough, and everybody in the room knows it.",
        ],
    ),
    (
        "",
        &[
            "finding", "support", "1", "--coding", "2000007", "9000008", "12000005", "14000023",
        ],
    ),
    (
        "",
        &[
            "finding",
            "contradict",
            "1",
            "--coding",
            "10000003",
            "--note",
            "A no counts only for those who have something to withhold.",
        ],
    ),
    (
        "… with another explanation, and what became of it …",
        &[
            "finding",
            "rival",
            "1",
            "What is put off waits for money, and not for anybody's consent.",
        ],
    ),
    (
        "",
        &[
            "finding",
            "rival",
            "1",
            "--verdict",
            "rejected",
            "--why",
            "Those who tell of it say that they held it up themselves.",
        ],
    ),
    (
        "… and where it was expected to hold, before anybody was heard there.",
        &[
            "finding",
            "predict",
            "1",
            "cedar",
            "--literal",
            "With three partners a no is as easily had as with nine.",
            "--made",
            "2020-01-20",
        ],
    ),
    (
        "",
        &[
            "finding",
            "result",
            "1",
            "cedar",
            "as-predicted",
            "A veto that nobody has to cast, in the words of its chair.",
        ],
    ),
    (
        "A second finding, from what was said and what was seen.",
        &[
            "finding",
            "add",
            "Teams that share one list and one room decide by themselves.",
        ],
    ),
    (
        "",
        &[
            "finding", "support", "2", "--coding", "2000016", "5000015", "6000004", "9000029",
            "11000019",
        ],
    ),
    ("How strong are they?", &["finding", "list"]),
    (
        "Hand out a summary report, to read in a browser or to print …",
        &["report", "summary", "-o", "summary-report.html"],
    ),
    (
        "… or as Markdown.",
        &["report", "summary", "-o", "summary-report.md"],
    ),
    (
        "A report on one system.",
        &["report", "case", "birch", "-o", "report-birch.html"],
    ),
    (
        "And a participant's debrief: their own contribution, and nobody else's identity.",
        &["debrief", "P09", "-o", "debrief-P09.html"],
    ),
    (
        "What citations may say of who spoke: a role that only one person in a case has would name that person.",
        &["disclosure", "check"],
    ),
    (
        "Write one for each who may be written to, as Word files with a form to answer on …",
        &["debrief", "--all", "-o", "debriefs"],
    ),
    (
        "… and write down what comes back. Who disagrees opens a decision.",
        &[
            "respond",
            "P09",
            "1",
            "disagree",
            "That was so in the spring; since then we vote.",
        ],
    ),
    ("", &["decision", "list"]),
    (
        "Follow a passage up to the findings and reports that use it; trace finding 1 goes down.",
        &["trace", "T09:14"],
    ),
    ("Who did what?", &["log", "--limit", "6"]),
    ("Is everything sound?", &["check"]),
];

impl Context {
    pub(super) fn demo(&self, args: &DemoArgs) -> Result<Exit> {
        let folder = folder(args.dir.as_deref())?;
        if let Some(example) = args.example {
            return self.demo_example(&folder, example);
        }
        let files = FILES
            .iter()
            .map(|(name, bytes)| ((*name).to_owned(), *bytes));
        write_out(&folder, files)?;
        let bold = anstyle::Style::new().bold();
        self.out
            .write(
                format!(
                    "An invented study is now in {}. Everything in it is made up.\n",
                    folder.display()
                )
                .as_bytes(),
            )
            .map_err(super::io_error)?;
        let today = self
            .session()?
            .now
            .get(..10)
            .and_then(|day| day.parse::<Date>().ok());
        let deadline = today.map_or_else(
            || "2030-01-01".to_owned(),
            |day| day.saturating_add(90.days()).to_string(),
        );
        for (say, command) in STEPS {
            let command: Vec<&str> = command
                .iter()
                .map(|word| {
                    if *word == DEADLINE {
                        deadline.as_str()
                    } else {
                        word
                    }
                })
                .collect();
            let typed = command
                .iter()
                .map(|word| quoted(word))
                .collect::<Vec<_>>()
                .join(" ");
            let say = if say.is_empty() {
                String::new()
            } else {
                format!("\n{say}\n")
            };
            self.out
                .write(format!("{say}\n{bold}$ casebook {typed}{bold:#}\n").as_bytes())
                .map_err(super::io_error)?;
            // The study is named, so that a setting of the environment can't lead the demo into a real one.
            let line = ["casebook", "--study", "working-as-one.casebook"]
                .into_iter()
                .chain(command.iter().copied());
            let status = run_to_status(line.map(Into::into));
            if status != Exit::Done {
                return Ok(status);
            }
        }
        self.out
            .write(
                format!(
                    "\nThe reports are in {0}:\n  summary-report.html  report-birch.html  debrief-P09.html  (open them in a browser)\n  summary-report.md\nGo on from here:\n  cd {0}\n  casebook search accountab*\n",
                    folder.display()
                )
                .as_bytes(),
            )
            .map_err(super::io_error)?;
        Ok(Exit::Done)
    }
}

impl Context {
    /// An example of the documentation: its files, and the commands of its page run on them.
    fn demo_example(&self, folder: &Path, example: Example) -> Result<Exit> {
        write_out(folder, example.files())?;
        let bold = anstyle::Style::new().bold();
        self.out
            .write(format!("{}: now in {}.\n", example.title(), folder.display()).as_bytes())
            .map_err(super::io_error)?;
        let commands = example.commands();
        let study = commands.first().and_then(|init| init.words.get(1));
        let study = format!("{}.casebook", study.map_or("study", String::as_str));
        for command in &commands {
            let heading = command.heading.as_ref();
            let heading = heading.map_or_else(String::new, |words| format!("\n{words}\n"));
            let typed = format!("{heading}\n{bold}$ {}{bold:#}\n", command.line);
            self.out.write(typed.as_bytes()).map_err(super::io_error)?;
            let line = ["casebook", "--study", &study]
                .into_iter()
                .chain(command.words.iter().map(String::as_str));
            let status = run_to_status(line.map(Into::into));
            if status != Exit::Done && !command.refused {
                return Ok(status);
            }
        }
        self.out
            .write(
                format!(
                    "\nWhat was made is in {0}. Go on from here:\n  cd {0}\n  casebook status\n",
                    folder.display()
                )
                .as_bytes(),
            )
            .map_err(super::io_error)?;
        Ok(Exit::Done)
    }
}

/// Writes the files to the folder, and goes there.
fn write_out<'a>(
    folder: &Path,
    files: impl Iterator<Item = (String, &'a [u8])>,
) -> Result<(), CliError> {
    for (name, bytes) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|source| failed(parent, source))?;
        }
        std::fs::write(&path, bytes).map_err(|source| failed(&path, source))?;
    }
    std::env::set_current_dir(folder).map_err(|source| failed(folder, source))
}

fn failed(path: &Path, source: std::io::Error) -> CliError {
    CliError::Io {
        what: format!("`{}`", path.display()),
        source,
    }
}

/// The folder for the demo: the named one, which must be free; or the first free of casebook-demo, casebook-demo-2 …
fn folder(named: Option<&Path>) -> Result<PathBuf, CliError> {
    let free = |p: &Path| {
        !p.exists() || std::fs::read_dir(p).is_ok_and(|mut entries| entries.next().is_none())
    };
    match named {
        Some(path) if free(path) => Ok(path.to_owned()),
        Some(path) => Err(CliError::refused(
            format!("`{}` is there already and not empty", path.display()),
            "name a new folder: casebook demo NEW_FOLDER",
        )),
        None => {
            let names = std::iter::once("casebook-demo".to_owned())
                .chain((2..1000).map(|n| format!("casebook-demo-{n}")));
            let mut free = names.map(PathBuf::from).filter(|p| free(p));
            free.next().ok_or_else(|| {
                CliError::refused(
                    "there are a thousand demos here",
                    "name a new folder: casebook demo NEW_FOLDER",
                )
            })
        }
    }
}

/// A word as one would type it in a shell.
fn quoted(word: &str) -> String {
    let plain = !word.is_empty()
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_./:=@,".contains(c));
    if plain {
        word.to_owned()
    } else if word.contains('"') || word.contains('*') {
        format!("'{}'", word.replace('\'', "'\\''"))
    } else {
        format!("\"{word}\"")
    }
}
