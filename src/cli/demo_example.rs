//! `demo --example`: an example of the documentation, rebuilt: its files are written out, and the commands of its page
//! run on them. The page is the only place where they stand.

use clap::ValueEnum;

/// The examples, each with a page in `docs/examples` and a folder in `fixtures/examples`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Example {
    /// Figures of 44 systems for two years, and what leaders say of them
    Performance,
    /// Who said when it would be an integrated care system, and what became of it
    Deadline,
    /// The ratings of 44 footprints, of which 13 are known
    Ratings,
    /// Three invented systems in depth, in two phases
    InDepth,
    /// The programme's waves, and how many systems there were on any day
    Waves,
}

macro_rules! files {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_bytes!(concat!("../../fixtures/examples/", $folder, "/", $name)))),+]
    };
}

type Files = &'static [(&'static str, &'static [u8])];

/// What several examples begin with; they have it in a folder of this name.
const SYSTEMS: Files = files!["systems":
    "README.md",
    "cases.csv",
    "codes.csv",
    "mergers.csv",
    "names.csv",
    "places.csv",
    "waves.csv",
];

const DEADLINE: Files = files!["deadline":
    "README.md",
    "claims.csv",
    "codebook.yaml",
    "codings.csv",
    "documents.csv",
    "documents/1-hsj-autumn-2019.txt",
    "documents/2-nhs-england-june-2019.txt",
    "maturity.yaml",
];

const IN_DEPTH: Files = files!["in-depth":
    "README.md",
    "assessments.csv",
    "cases.csv",
    "codebook.yaml",
    "codings-phase-1.csv",
    "codings-phase-2.csv",
    "consents.csv",
    "interviews-phase-1.csv",
    "interviews-phase-2.csv",
    "interviews/phase-1/kestrel-1-chair.txt",
    "interviews/phase-1/kestrel-2-finance.txt",
    "interviews/phase-1/lapwing-1-lead.txt",
    "interviews/phase-1/lapwing-2-councillor.txt",
    "interviews/phase-1/merlin-1-chief-executive.txt",
    "interviews/phase-1/merlin-2-commissioner.txt",
    "interviews/phase-2/kestrel-3-chair-again.txt",
    "interviews/phase-2/kestrel-4-quay.txt",
    "interviews/phase-2/lapwing-3-lead-again.txt",
    "interviews/phase-2/lapwing-4-dale.txt",
    "interviews/phase-2/merlin-3-chief-executive-again.txt",
    "interviews/phase-2/merlin-4-heath.txt",
    "maturity.yaml",
    "participants.csv",
];

const PERFORMANCE: Files = files!["performance":
    "README.md",
    "ae-type-1.yaml",
    "ae.csv",
    "ae.yaml",
    "codebook.yaml",
    "codings.csv",
    "fieldwork-cases.csv",
    "fieldwork-figures.csv",
    "health-index.csv",
    "health-index.yaml",
    "indicators.csv",
    "interviews.csv",
    "interviews/heron-1-chief-executive.txt",
    "interviews/heron-2-director-of-care.txt",
    "interviews/otter-1-system-lead.txt",
    "interviews/otter-2-medical-director.txt",
    "interviews/plover-1-chair.txt",
    "interviews/plover-2-finance.txt",
    "participants.csv",
    "ratings.csv",
    "registered-population.csv",
    "trusts.csv",
];

const RATINGS: Files = files!["ratings":
    "README.md",
    "codebook.yaml",
    "codings.csv",
    "counts.yaml",
    "counts-national-health-executive.csv",
    "counts-public-finance.csv",
    "documents.csv",
    "documents/1-national-health-executive-july-2017.txt",
    "documents/2-public-finance-july-2017.txt",
    "documents/3-local-government-chronicle-july-2017.txt",
    "documents/4-kings-fund-2017.txt",
    "ends.csv",
    "indicators.csv",
    "ratings.csv",
];

const WAVES: Files = files!["waves":
    "README.md",
    "ae-by-system.csv",
    "codebook.yaml",
    "codings.csv",
    "documents.csv",
    "documents/1-nhs-england-june-2017.txt",
    "documents/2-national-health-executive-may-2018.txt",
    "documents/3-hsj-june-2019.txt",
];

impl Example {
    /// The page, as it stands in the documentation.
    fn page(self) -> &'static str {
        match self {
            Self::Performance => include_str!("../../docs/examples/performance.md"),
            Self::Deadline => include_str!("../../docs/examples/deadline.md"),
            Self::Ratings => include_str!("../../docs/examples/ratings.md"),
            Self::InDepth => include_str!("../../docs/examples/in-depth.md"),
            Self::Waves => include_str!("../../docs/examples/waves.md"),
        }
    }

    /// Its files, each with its path in the folder. They are in the program, so that an example needs nothing else.
    pub(super) fn files(self) -> impl Iterator<Item = (String, &'static [u8])> {
        let (own, shared): (Files, Files) = match self {
            Self::Performance => (PERFORMANCE, SYSTEMS),
            Self::Deadline => (DEADLINE, SYSTEMS),
            Self::Ratings => (RATINGS, SYSTEMS),
            Self::InDepth => (IN_DEPTH, &[]),
            Self::Waves => (WAVES, SYSTEMS),
        };
        let own = own.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes));
        let shared = shared
            .iter()
            .map(|(name, bytes)| (format!("systems/{name}"), *bytes));
        own.chain(shared)
    }

    /// What its page is called.
    pub(super) fn title(self) -> &'static str {
        let first = self.page().lines().next().unwrap_or_default();
        first.trim_start_matches("# ")
    }

    /// What its page has one type, in order.
    pub(super) fn commands(self) -> Vec<Typed> {
        commands(self.page())
    }
}

/// A command as a page has it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// The heading that it is the first one under.
    pub heading: Option<String>,
    /// As it is typed, `casebook` before it; a line that goes on is one.
    pub line: String,
    /// Its words, without `casebook`.
    pub words: Vec<String>,
    /// The page shows that it is refused, so that it is no failure.
    pub refused: bool,
}

/// The `casebook` commands in the ```` ```console ```` blocks of a page. What else is typed there only shows a file.
fn commands(page: &str) -> Vec<Typed> {
    let mut all: Vec<Typed> = Vec::new();
    let mut heading = None;
    let mut inside = false;
    // Whether the lines that follow are what a command of ours said.
    let mut ours = false;
    let mut lines = page.lines();
    while let Some(text) = lines.next() {
        match (inside, text) {
            (false, "```console") => inside = true,
            (true, "```") => inside = false,
            (false, _) => {
                if let Some(words) = text.strip_prefix("## ") {
                    heading = Some(words.to_owned());
                }
            }
            (true, _) => {
                let Some(typed) = text.strip_prefix("$ ") else {
                    if let Some(last) = all.last_mut().filter(|_| ours) {
                        last.refused |= text.starts_with("error: ");
                    }
                    continue;
                };
                let mut line = typed.to_owned();
                while line.ends_with('\\') {
                    line.pop();
                    line.push_str(lines.next().unwrap_or_default().trim_start());
                }
                let mut words = split(&line);
                ours = words.first().is_some_and(|word| word == "casebook");
                if ours {
                    words.remove(0);
                    all.push(Typed {
                        heading: heading.take(),
                        line,
                        words,
                        refused: false,
                    });
                }
            }
        }
    }
    all
}

/// Words as a shell splits them: blanks part, quotation marks keep together.
fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some('"') | None, '\\') => word.get_or_insert_default().extend(chars.next()),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (Some(_) | None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_from_a_page() {
        let page = "# P\n\n## One\n\nText.\n\n```console\n$ casebook init \"a b\" \\\n    --title 'It is'\nMade it\n$ cat x.csv\nerror: not ours\n```\n\n```sh\n$ casebook code Y\n```\n\n## Two\n\n```console\n$ casebook code X\nerror: no\nhint: so\n$ casebook check\n```\n";
        let read = commands(page);
        let said: Vec<_> = read
            .iter()
            .map(|c| (c.heading.as_deref(), c.words.join("|"), c.refused))
            .collect();
        assert_eq!(
            said,
            [
                (Some("One"), "init|a b|--title|It is".to_owned(), false),
                (Some("Two"), "code|X".to_owned(), true),
                (None, "check".to_owned(), false),
            ]
        );
        assert_eq!(
            read.first().map(|c| c.line.as_str()),
            Some("casebook init \"a b\" --title 'It is'")
        );
    }

    #[test]
    fn every_page_begins_with_its_study() {
        for example in Example::value_variants() {
            let commands = example.commands();
            let first = commands.first().expect("a command");
            assert_eq!(first.words.first().map(String::as_str), Some("init"));
            assert!(first.words.len() > 1, "{example:?}");
            assert!(!example.title().is_empty());
        }
    }
}
