//! A bar on stderr for work that lasts longer than a second; nothing for quicker work, or where stderr is no terminal.

use std::io::IsTerminal;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::study::Progress;

pub(super) struct Bar {
    what: &'static str,
    began: Instant,
    bar: ProgressBar,
    shown: OnceLock<()>,
    hidden: bool,
}

impl Bar {
    pub(super) fn new(what: &'static str, quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        Self {
            what,
            began: Instant::now(),
            bar,
            shown: OnceLock::new(),
            hidden: quiet || !std::io::stderr().is_terminal(),
        }
    }
}

impl Progress for Bar {
    fn total(&self, steps: u64) {
        self.bar.set_length(steps);
    }

    fn step(&self) {
        self.bar.inc(1);
        if !self.hidden && self.began.elapsed() > Duration::from_secs(1) {
            self.shown.get_or_init(|| {
                if let Ok(style) =
                    ProgressStyle::with_template("{msg} {bar:32} {pos}/{len}  {eta} left")
                {
                    self.bar.set_style(style);
                }
                self.bar.set_message(self.what);
                self.bar
                    .set_draw_target(ProgressDrawTarget::stderr_with_hz(8));
            });
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
