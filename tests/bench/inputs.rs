//! A corpus in the words of the product: the CSV files that its commands read. The floors read the same ones.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::Fallible;
use crate::corpus::Corpus;

/// How many interviews' codings go into one file: half a million codings, as many as anyone imports at once.
const INTERVIEWS_PER_FILE: u64 = 2_000;

/// The files.
#[derive(Clone)]
pub(crate) struct Inputs {
    dir: PathBuf,
}

impl Inputs {
    pub(crate) fn at(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
        }
    }

    pub(crate) fn cases(&self) -> PathBuf {
        self.dir.join("cases.csv")
    }

    pub(crate) fn participants(&self) -> PathBuf {
        self.dir.join("participants.csv")
    }

    pub(crate) fn transcripts(&self) -> PathBuf {
        self.dir.join("transcripts.csv")
    }

    pub(crate) fn codebook(&self) -> PathBuf {
        self.dir.join("codebook.csv")
    }

    /// Whole transcripts in each, in their order.
    pub(crate) fn codings(&self) -> Fallible<Vec<PathBuf>> {
        crate::corpus::files(&self.dir.join("codings"))
    }

    /// Makes the files of a corpus, unless they are there.
    pub(crate) fn make(dir: &Path, corpus: &Corpus) -> Fallible<Self> {
        let inputs = Self::at(dir);
        let done = dir.join("complete");
        if done.is_file() {
            return Ok(inputs);
        }
        fs::create_dir_all(dir)?;
        let mut sites = BTreeSet::new();
        let mut participants = writer(&inputs.participants(), "id,role,case")?;
        let mut transcripts = writer(&inputs.transcripts(), "file,case,participant")?;
        for row in csv::Reader::from_path(corpus.dir.join("cases.csv"))?.records() {
            let row = row?;
            let (doc, code, site, role) = (
                row[0].parse::<u64>()?,
                &row[1],
                row[4].to_lowercase(),
                &row[5],
            );
            writeln!(participants, "{code},{role},{site}")?;
            writeln!(
                transcripts,
                "{:03}/i{doc:05}.txt,{site},{code}",
                doc / 1_000
            )?;
            sites.insert(site);
        }
        participants.flush()?;
        transcripts.flush()?;
        let mut cases = writer(&inputs.cases(), "slug,name,kind")?;
        for site in sites {
            writeln!(cases, "{site},System {site},system")?;
        }
        cases.flush()?;
        let mut paths = Vec::new();
        for row in csv::Reader::from_path(corpus.dir.join("codes.csv"))?.records() {
            let row = row?;
            let step = row[2]
                .split_once(": ")
                .map_or(&row[2], |(_, step)| step)
                .to_owned();
            paths.push(format!("{}/{}", slug(&row[1]), slug(&step)));
        }
        let mut codebook = writer(&inputs.codebook(), "path,definition")?;
        let mut parents: Vec<&str> = paths
            .iter()
            .filter_map(|p| Some(p.split_once('/')?.0))
            .collect();
        parents.dedup();
        for path in parents.into_iter().chain(paths.iter().map(String::as_str)) {
            writeln!(codebook, "{path},What is said about {path}.")?;
        }
        codebook.flush()?;
        inputs.write_codings(corpus, &paths)?;
        fs::write(done, "")?;
        Ok(inputs)
    }

    fn write_codings(&self, corpus: &Corpus, paths: &[String]) -> Fallible<()> {
        fs::create_dir_all(self.dir.join("codings"))?;
        let mut reader = csv::Reader::from_path(corpus.dir.join("codings.csv"))?;
        let mut row = csv::StringRecord::new();
        let mut out: Option<(u64, BufWriter<fs::File>)> = None;
        // Two that are the same in everything are one: the product takes the second for a slip.
        let mut here: (u64, HashSet<String>) = (0, HashSet::new());
        while reader.read_record(&mut row)? {
            let doc: u64 = row[0].parse()?;
            if here.0 != doc {
                here = (doc, HashSet::new());
            }
            let key = format!("{},{},{},{}", &row[1], &row[2], &row[3], &row[4]);
            if !here.1.insert(key) {
                continue;
            }
            let part = doc / INTERVIEWS_PER_FILE;
            if out.as_ref().is_none_or(|(open, _)| *open != part) {
                if let Some((_, mut full)) = out.take() {
                    full.flush()?;
                }
                out = Some((
                    part,
                    writer(
                        &self.dir.join(format!("codings/{part:03}.csv")),
                        "place,theme,coder",
                    )?,
                ));
            }
            if let Some((_, out)) = &mut out {
                writeln!(
                    out,
                    "T{:02}@{}-{},{},{}",
                    doc + 1,
                    &row[1],
                    &row[2],
                    paths[row[3].parse::<usize>()?],
                    &row[4]
                )?;
            }
        }
        if let Some((_, mut full)) = out {
            full.flush()?;
        }
        Ok(())
    }
}

fn writer(path: &Path, head: &str) -> Fallible<BufWriter<fs::File>> {
    let mut file = BufWriter::new(fs::File::create(path)?);
    writeln!(file, "{head}")?;
    Ok(file)
}

fn slug(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}
