//! A million measures in a CSV: imported, beside the same rows written by bare rusqlite.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use crate::Fallible;
use crate::book::Book;
use crate::measure::{Side, output, pair};
use crate::random::Random;
use crate::site::{Programs, text};

/// 500 cases, 20 indicators, 100 months.
const CASES: u32 = 500;
const INDICATORS: u32 = 20;
const MONTHS: u32 = 100;

/// Writes the table and the studies into a folder, and measures.
pub(crate) fn figures(book: &mut Book, programs: &Programs, base: &Path) -> Fallible<()> {
    let dir = base.join("figures");
    fs::create_dir_all(&dir)?;
    let file = dir.join("figures.csv");
    make(&dir, &file)?;
    let study = dir.join("study.casebook");
    let product = |arguments: &[&str]| {
        let mut command = Command::new(&programs.product);
        command
            .arg("--study")
            .arg(&study)
            .args(["--coder", "bench", "--quiet"])
            .args(arguments);
        command
    };
    let clean = || -> Fallible<()> {
        for entry in fs::read_dir(&dir)? {
            let path = entry?.path();
            let name = text(
                &path
                    .file_name()
                    .map(std::path::PathBuf::from)
                    .unwrap_or_default(),
            );
            if name.starts_with("study.") {
                if path.is_dir() {
                    fs::remove_dir_all(path)?;
                } else {
                    fs::remove_file(path)?;
                }
            }
        }
        let mut init = Command::new(&programs.product);
        init.args(["--quiet", "init"]).arg(dir.join("study"));
        output(&mut init)?;
        output(&mut product(&[
            "case",
            "import",
            &text(&dir.join("cases.csv")),
        ]))?;
        output(&mut product(&[
            "indicator",
            "import",
            &text(&dir.join("indicators.csv")),
        ]))?;
        Ok(())
    };
    let import = || {
        product(&[
            "measure",
            "import",
            &text(&file),
            "--case",
            "case",
            "--period",
            "period",
            "--indicator",
            "indicator",
            "--value",
            "value",
            "--source",
            "a benchmark",
            "--yes",
        ])
    };
    let floor = || {
        let mut command = Command::new(&programs.floor);
        command.args(["floor", "figures"]).arg(&dir).arg(&file);
        command
    };
    let measured = pair(
        &Side::of(|_| Ok(import())).before(|_| clean()),
        &Side::of(|_| Ok(floor())).before(|_| {
            for ending in ["", "-wal", "-shm"] {
                fs::remove_file(dir.join(format!("floor.db{ending}"))).ok();
            }
            Ok(())
        }),
        1,
    );
    book.pair("1,000,000 measures imported", "", measured, Some(2.0));
    Ok(())
}

/// A month of the hundred.
pub(crate) fn month(n: u32) -> String {
    format!("{}-{:02}", 2010 + n / 12, n % 12 + 1)
}

fn make(dir: &Path, file: &Path) -> Fallible<()> {
    let mut cases = BufWriter::new(File::create(dir.join("cases.csv"))?);
    writeln!(cases, "slug,name,kind")?;
    for n in 0..CASES {
        writeln!(cases, "c{n},Case {n},trust")?;
    }
    cases.flush()?;
    let mut indicators = BufWriter::new(File::create(dir.join("indicators.csv"))?);
    writeln!(indicators, "slug,name,scale,unit,better")?;
    for n in 0..INDICATORS {
        writeln!(indicators, "i{n},Indicator {n},number,visits,neither")?;
    }
    indicators.flush()?;
    let mut random = Random::new(6);
    let mut out = BufWriter::new(File::create(file)?);
    writeln!(out, "period,case,indicator,value")?;
    for month_n in 0..MONTHS {
        let period = month(month_n);
        for case in 0..CASES {
            for indicator in 0..INDICATORS {
                let value = random.below(1_000_000);
                writeln!(
                    out,
                    "{period},c{case},i{indicator},{}.{}",
                    value / 10,
                    value % 10
                )?;
            }
        }
    }
    out.flush()?;
    Ok(())
}
