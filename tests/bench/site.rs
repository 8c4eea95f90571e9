//! One study of one size, twice: the product's and the floor's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Fallible;
use crate::corpus::Corpus;
use crate::inputs::Inputs;
use crate::measure::output;

/// The programs that are run.
pub(crate) struct Programs {
    pub(crate) product: PathBuf,
    /// This one.
    pub(crate) floor: PathBuf,
    pub(crate) empty: PathBuf,
}

pub(crate) struct Site<'a> {
    pub(crate) size: &'static str,
    pub(crate) dir: PathBuf,
    pub(crate) corpus: Corpus,
    pub(crate) inputs: Inputs,
    pub(crate) programs: &'a Programs,
}

impl Site<'_> {
    /// A command of the product on its study.
    pub(crate) fn product(&self, arguments: &[&str]) -> Command {
        product(&self.programs.product, &self.study(), arguments)
    }

    /// A command of the product on the study in another folder.
    pub(crate) fn product_in(&self, dir: &Path, arguments: &[&str]) -> Command {
        product(&self.programs.product, &study_in(dir), arguments)
    }

    /// A floor on its folder.
    pub(crate) fn floor(&self, job: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.programs.floor);
        command
            .args(["floor", job])
            .arg(self.floor_dir())
            .args(arguments);
        command
    }

    pub(crate) fn study(&self) -> PathBuf {
        study_in(&self.dir.join("product"))
    }

    pub(crate) fn index(&self) -> PathBuf {
        let mut name = self.study().into_os_string();
        name.push("-index");
        name.into()
    }

    pub(crate) fn floor_dir(&self) -> PathBuf {
        self.dir.join("floor")
    }

    pub(crate) fn texts(&self) -> PathBuf {
        self.corpus.dir.join("text")
    }

    /// Studies with cases, participants and themes, and no texts: what an import begins with.
    pub(crate) fn prepare(&self) -> Fallible<()> {
        let (ours, bare) = (self.dir.join("product-empty"), self.dir.join("floor-empty"));
        for dir in [&ours, &bare] {
            if dir.exists() {
                fs::remove_dir_all(dir)?;
            }
        }
        fs::create_dir_all(&ours)?;
        let run = |arguments: &[&str]| {
            output(&mut product(
                &self.programs.product,
                &study_in(&ours),
                arguments,
            ))
        };
        // `init` names its file itself.
        let mut init = Command::new(&self.programs.product);
        init.args(["--coder", "bench", "init"])
            .arg(study_in(&ours))
            .env_remove("CASEBOOK_STUDY");
        output(&mut init)?;
        run(&["case", "import", &text(&self.inputs.cases())])?;
        run(&["participant", "import", &text(&self.inputs.participants())])?;
        run(&["theme", "import", &text(&self.inputs.codebook())])?;
        let mut floor = Command::new(&self.programs.floor);
        floor
            .args(["floor", "prepare"])
            .arg(&bare)
            .arg(self.inputs.cases().parent().unwrap_or(&bare));
        output(&mut floor)?;
        Ok(())
    }

    /// Makes the product's study what it was before the import.
    pub(crate) fn reset_product(&self) -> Fallible<()> {
        replace(&self.dir.join("product-empty"), &self.dir.join("product"))
    }

    pub(crate) fn reset_floor(&self) -> Fallible<()> {
        replace(&self.dir.join("floor-empty"), &self.dir.join("floor"))
    }
}

fn product(program: &Path, study: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .arg("--study")
        .arg(study)
        // In the environment: typed, it would be a filter where nothing is written.
        .env("CASEBOOK_CODER", "bench")
        .args(arguments);
    command
}

fn study_in(dir: &Path) -> PathBuf {
    dir.join("study.casebook")
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Makes a folder the copy of another.
pub(crate) fn replace(from: &Path, to: &Path) -> Fallible<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    copy(from, to)
}

fn copy(from: &Path, to: &Path) -> Fallible<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The bytes of a file, or of all files in a folder.
pub(crate) fn bytes(path: &Path) -> Fallible<u64> {
    if !path.is_dir() {
        return Ok(fs::metadata(path)
            .map_err(|e| format!("`{}`: {e}", path.display()))?
            .len());
    }
    let mut sum = 0;
    for entry in fs::read_dir(path)? {
        sum += bytes(&entry?.path())?;
    }
    Ok(sum)
}
