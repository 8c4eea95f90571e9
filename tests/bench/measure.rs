//! Whole processes, timed in turn: A B A B …, so that both meet the same machine.

use std::fs;
use std::io::{Read, Seek};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::Fallible;

/// One of the two: what is done before each run, untimed, and what is run. Both are told the number of the run.
pub(crate) struct Side<'a> {
    pub(crate) before: Box<dyn Fn(u32) -> Fallible<()> + 'a>,
    pub(crate) command: Box<dyn Fn(u32) -> Fallible<Command> + 'a>,
    /// Exit statuses that are as they should be.
    pub(crate) accepts: &'static [i32],
}

impl<'a> Side<'a> {
    pub(crate) fn of(command: impl Fn(u32) -> Fallible<Command> + 'a) -> Self {
        Self {
            before: Box::new(|_| Ok(())),
            command: Box::new(command),
            accepts: &[0],
        }
    }

    pub(crate) fn before(mut self, before: impl Fn(u32) -> Fallible<()> + 'a) -> Self {
        self.before = Box::new(before);
        self
    }

    pub(crate) fn accepting(mut self, accepts: &'static [i32]) -> Self {
        self.accepts = accepts;
        self
    }
}

/// What one side costs: medians over its runs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    /// Seconds.
    pub(crate) wall: f64,
    /// Seconds of all threads; 0 where the system does not say.
    pub(crate) cpu: f64,
    /// Bytes, of one run; `None` where there is no `/usr/bin/time`.
    pub(crate) peak: Option<u64>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) product: Cost,
    pub(crate) floor: Cost,
    /// Median of the ratios pair by pair.
    pub(crate) ratio: f64,
}

/// How often at most one side runs before it is the other's turn. Short runs go in batches, because CPU time is told in
/// hundredths of a second; those that change what they work on stay few.
pub(crate) fn pair(product: &Side, floor: &Side, batch: u32) -> Fallible<Pair> {
    let sides = [product, floor];
    let mut runs = [0_u32; 2];
    let mut costs = [Cost::default(); 2];
    let mut slowest = 0.0_f64;
    for (n, side) in sides.iter().enumerate() {
        let (wall, peak) = watched(side, runs[n])?;
        runs[n] += 1;
        costs[n].peak = peak;
        slowest = slowest.max(wall);
    }
    let rounds = if slowest < 5.0 {
        5
    } else if slowest < 30.0 {
        3
    } else {
        1
    };
    let mut again = 1;
    while again < batch && slowest * f64::from(again) < 0.25 {
        again += 1;
    }
    let mut walls = [Vec::new(), Vec::new()];
    let mut ratios = Vec::new();
    for _ in 0..rounds {
        let mut here = [0.0; 2];
        for (n, side) in sides.iter().enumerate() {
            let mut batch = Vec::new();
            for _ in 0..again {
                (side.before)(runs[n])?;
                let mut command = (side.command)(runs[n])?;
                runs[n] += 1;
                let before = children_cpu();
                batch.push(timed(&mut command, side.accepts)?);
                costs[n].cpu += children_cpu() - before;
            }
            here[n] = median(&mut batch);
            walls[n].extend(batch);
        }
        ratios.push(here[0] / here[1]);
    }
    for (n, cost) in costs.iter_mut().enumerate() {
        cost.wall = median(&mut walls[n]);
        cost.cpu /= f64::from(rounds * again);
    }
    Ok(Pair {
        product: costs[0],
        floor: costs[1],
        ratio: median(&mut ratios),
    })
}

/// One run of one side, timed.
pub(crate) fn once(side: &Side) -> Fallible<Cost> {
    let before = children_cpu();
    let (wall, peak) = watched(side, 0)?;
    Ok(Cost {
        wall,
        cpu: children_cpu() - before,
        peak,
    })
}

/// Runs a command and gives what it wrote on stdout.
pub(crate) fn output(command: &mut Command) -> Fallible<Vec<u8>> {
    let done = command
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("{command:?}: {e}"))?;
    if done.status.success() {
        return Ok(done.stdout);
    }
    Err(format!(
        "{command:?}: {}\n{}",
        done.status,
        String::from_utf8_lossy(&done.stderr)
    )
    .into())
}

fn timed(command: &mut Command, accepts: &[i32]) -> Fallible<f64> {
    // A file and no pipe: nobody reads while it runs.
    let mut said = tempfile::tempfile()?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(said.try_clone()?);
    let start = Instant::now();
    let status = command.status().map_err(|e| format!("{command:?}: {e}"))?;
    let wall = start.elapsed().as_secs_f64();
    if status.code().is_some_and(|code| accepts.contains(&code)) {
        return Ok(wall);
    }
    let mut words = Vec::new();
    said.rewind()?;
    said.read_to_end(&mut words)?;
    Err(format!("{command:?}: {status}\n{}", String::from_utf8_lossy(&words)).into())
}

/// A run whose memory is watched, by a program that can ask the system.
fn watched(side: &Side, run: u32) -> Fallible<(f64, Option<u64>)> {
    const TIME: &str = "/usr/bin/time";
    (side.before)(run)?;
    let command = (side.command)(run)?;
    if !cfg!(target_os = "linux") || !Path::new(TIME).is_file() {
        let mut command = command;
        return Ok((timed(&mut command, side.accepts)?, None));
    }
    let note = std::env::temp_dir().join(format!("casebook-bench-{}", std::process::id()));
    let mut outer = Command::new(TIME);
    outer
        .args(["-q", "-f", "%M", "-o"])
        .arg(&note)
        .arg(command.get_program())
        .args(command.get_args());
    let wall = timed(&mut outer, side.accepts)?;
    let kilobytes = fs::read_to_string(&note)?.trim().parse::<u64>()?;
    fs::remove_file(&note)?;
    Ok((wall, Some(kilobytes * 1024)))
}

/// Seconds of CPU of all children that have ended. The kernel adds them up exactly and tells them in hundredths, so the
/// difference over many runs is exact enough.
fn children_cpu() -> f64 {
    let Ok(stat) = fs::read_to_string("/proc/self/stat") else {
        return 0.0;
    };
    // The program's name, in brackets, may hold anything; the numbers follow it.
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let ticks = |n: usize| {
        fields
            .get(n)
            .and_then(|f| f.parse::<u32>().ok())
            .map_or(0.0, f64::from)
    };
    (ticks(13) + ticks(14)) / 100.0
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
