//! What was measured so far.

use std::collections::HashMap;
use std::error::Error;

use crate::Fallible;
use crate::measure::Pair;
use crate::table::{Line, Value, megabytes, seconds};

/// Everything measured so far.
pub(crate) struct Book {
    pub(crate) lines: Vec<Line>,
    /// What the product took, for comparing sizes: (job, size) → wall seconds.
    walls: HashMap<(String, &'static str), f64>,
    /// Groups that are measured.
    pub(crate) groups: Vec<String>,
}

impl Book {
    pub(crate) fn new(groups: Vec<String>) -> Self {
        Self {
            lines: Vec::new(),
            walls: HashMap::new(),
            groups,
        }
    }

    pub(crate) fn wants(&self, group: &str) -> bool {
        self.groups.iter().any(|g| g == group)
    }

    pub(crate) fn line(
        &mut self,
        job: &str,
        size: &'static str,
        [product, floor]: [String; 2],
        value: Value,
        bar: Option<f64>,
    ) {
        tell(&format!("{size:2} {job}: {product} {floor}"));
        self.lines.push(Line {
            job: job.to_owned(),
            size,
            product,
            floor,
            value,
            bar,
        });
    }

    /// A pair by wall time.
    pub(crate) fn pair(
        &mut self,
        job: &str,
        size: &'static str,
        measured: Fallible<Pair>,
        bar: Option<f64>,
    ) -> Option<Pair> {
        match measured {
            Ok(pair) => {
                self.line(
                    job,
                    size,
                    [seconds(pair.product.wall), seconds(pair.floor.wall)],
                    Value::Ratio(pair.ratio),
                    bar,
                );
                self.walls.insert((job.to_owned(), size), pair.product.wall);
                Some(pair)
            }
            Err(error) => {
                self.fail(job, size, &*error, bar);
                None
            }
        }
    }

    /// What could not be measured. That is a line too: the others are still worth knowing.
    pub(crate) fn fail(
        &mut self,
        job: &str,
        size: &'static str,
        error: &dyn Error,
        bar: Option<f64>,
    ) {
        tell(&format!("{job}, {size}: {error}"));
        self.line(
            job,
            size,
            [String::new(), String::new()],
            Value::Failed,
            bar,
        );
    }

    /// A pair by CPU time.
    pub(crate) fn pair_cpu(
        &mut self,
        job: &str,
        size: &'static str,
        measured: Fallible<Pair>,
        bar: f64,
    ) {
        match measured {
            Ok(pair) => self.line(
                job,
                size,
                [seconds(pair.product.cpu), seconds(pair.floor.cpu)],
                Value::Ratio(pair.product.cpu / pair.floor.cpu),
                Some(bar),
            ),
            Err(error) => self.fail(job, size, &*error, Some(bar)),
        }
    }

    pub(crate) fn peaks(&mut self, job: &str, size: &'static str, pair: &Pair, bar: Option<f64>) {
        let show = |peak: Option<u64>| peak.map_or_else(String::new, megabytes);
        if let Some(peak) = pair.product.peak {
            self.line(
                job,
                size,
                [show(Some(peak)), show(pair.floor.peak)],
                Value::Bytes(peak),
                bar,
            );
        }
    }

    /// What one job takes on two sizes.
    fn compare(&mut self, job: &str, big: &'static str, small: &'static str, bar: f64) {
        let wall = |size| self.walls.get(&(job.to_owned(), size)).copied();
        if let (Some(b), Some(s)) = (wall(big), wall(small)) {
            self.line(
                &format!("{job}, to {small}"),
                big,
                [seconds(b), seconds(s)],
                Value::Ratio(b / s),
                Some(bar),
            );
        }
    }

    /// What only several sizes together tell.
    pub(crate) fn across(&mut self) {
        for job in ["one coding added", "one interview added"] {
            self.compare(job, "L", "S", 2.0);
        }
        self.compare("report summary, all quotes", "L", "M", 15.0);
        for job in crate::analysis::GROWING {
            self.compare(job, "L", "M", 16.0);
        }
    }
}

/// Says how far it is.
pub(crate) fn tell(what: &str) {
    use std::io::Write;
    writeln!(std::io::stderr(), "{what}").ok();
}
