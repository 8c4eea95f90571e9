//! A million measures rolled up to their systems, month by month, beside the SQL that somebody would write by hand.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Fallible;
use crate::book::Book;
use crate::measure::{Side, output, pair};
use crate::random::Random;
use crate::site::{Programs, text};

/// 500 trusts in 44 systems, 2,000 days.
const TRUSTS: u32 = 500;
const SYSTEMS: u32 = 44;
const DAYS: i64 = 2_000;

/// Makes the study, once, and measures.
pub(crate) fn rollup(book: &mut Book, programs: &Programs, base: &Path) -> Fallible<()> {
    let dir = base.join("rollup");
    fs::create_dir_all(&dir)?;
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
    let built = dir.join("built");
    if !built.is_file() {
        for old in ["study.casebook", "study.casebook-wal", "study.casebook-shm"] {
            fs::remove_file(dir.join(old)).ok();
        }
        let file = dir.join("days.csv");
        make(&dir, &file)?;
        let mut init = Command::new(&programs.product);
        init.args(["--quiet", "init"]).arg(dir.join("study"));
        output(&mut init)?;
        for arguments in [
            &["case", "import", &text(&dir.join("cases.csv"))][..],
            &[
                "indicator",
                "add",
                "seen",
                "--name",
                "Seen",
                "--unit",
                "visits",
                "--scale",
                "percentage",
                "--better",
                "more",
                "--level",
                "trust",
            ],
            &[
                "indicator",
                "rule",
                "seen",
                "ratio",
                "--over-time",
                "sum",
                "--why",
                "a benchmark",
            ],
            &[
                "measure",
                "import",
                &text(&file),
                "--case",
                "case",
                "--period",
                "day",
                "--indicator",
                "seen",
                "--numerator",
                "within",
                "--denominator",
                "all",
                "--source",
                "a benchmark",
                "--yes",
            ],
        ] {
            output(&mut product(arguments))?;
        }
        fs::write(&built, "")?;
    }
    let measured = pair(
        &Side::of(|_| {
            let mut command = product(&[
                "--csv", "figures", "roll", "seen", "--to", "system", "--by", "month",
            ]);
            command.stdout(Stdio::null());
            Ok(command)
        }),
        &Side::of(|_| {
            let mut command = Command::new(&programs.floor);
            command.args(["floor", "rollup"]).arg(&study);
            command.stdout(Stdio::null());
            Ok(command)
        }),
        1,
    );
    book.pair("1,000,000 measures rolled up", "", measured, Some(2.0));
    Ok(())
}

fn make(dir: &Path, file: &Path) -> Fallible<()> {
    let mut cases = BufWriter::new(File::create(dir.join("cases.csv"))?);
    writeln!(cases, "slug,name,kind,part_of")?;
    for n in 0..SYSTEMS {
        writeln!(cases, "s{n},System {n},system,")?;
    }
    for n in 0..TRUSTS {
        writeln!(cases, "t{n},Trust {n},trust,s{}", n % SYSTEMS)?;
    }
    cases.flush()?;
    let mut random = Random::new(7);
    let mut out = BufWriter::new(File::create(file)?);
    writeln!(out, "day,case,within,all")?;
    let first = jiff::civil::date(2014, 4, 1);
    for day in 0..DAYS {
        let day = first.checked_add(jiff::Span::new().days(day))?;
        for trust in 0..TRUSTS {
            let all = 100 + random.below(900);
            let within = random.below(all);
            writeln!(out, "{day},t{trust},{within},{all}")?;
        }
    }
    out.flush()?;
    Ok(())
}
