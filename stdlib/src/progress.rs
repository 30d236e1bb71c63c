//! How far reading is, for people who wait for it.

use crate::files::input::Meter;
use biovm_vm::Context;
use biovm_vm::output::ShowProgress;
use indicatif::{HumanBytes, HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Reading that takes less is not talked about.
const PATIENCE: Duration = Duration::from_secs(2);
/// The time between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(2);

/// Shows on standard error how much of a file is read, once that has taken a while.
pub struct Progress {
    // Nothing is shown where it is `None`, which costs nothing.
    shown: Option<Box<Shown>>,
}

struct Shown {
    context: Arc<Context>,
    name: String,
    meter: Meter,
    records: u64,
    started: Instant,
    way: Way,
}

enum Way {
    /// A bar that is redrawn; it appears late.
    Bar(Option<ProgressBar>),
    /// Line after line; the time of the next.
    Lines(Instant),
}

impl Progress {
    /// Progress of a file that is read as the meter says, shown as the context wants it.
    pub fn new(context: &Arc<Context>, name: &str, meter: &Meter) -> Progress {
        let started = Instant::now();
        let way = match context.progress {
            ShowProgress::Never => return Progress { shown: None },
            ShowProgress::Bar => Way::Bar(None),
            ShowProgress::Lines => Way::Lines(started + PATIENCE),
        };
        let (context, meter, name) = (context.clone(), meter.clone(), name.to_owned());
        Progress { shown: Some(Box::new(Shown { context, name, meter, records: 0, started, way })) }
    }

    /// Counts records.
    #[inline]
    pub fn passed(&mut self, records: usize) {
        if let Some(shown) = &mut self.shown {
            shown.records += records as u64;
            shown.show();
        }
    }

    /// Shows how far it is, also where nothing has come for a while.
    pub fn show(&mut self) {
        if let Some(shown) = &mut self.shown {
            shown.show();
        }
    }

    /// Reading has ended; nothing of a bar stays.
    pub fn finish(&mut self) {
        if let Some(mut shown) = self.shown.take() {
            shown.clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

impl Shown {
    fn show(&mut self) {
        let now = Instant::now();
        match &mut self.way {
            Way::Bar(None) if now < self.started + PATIENCE => {}
            Way::Bar(None) => {
                let bar = bar(self.meter.size());
                self.way = Way::Bar(Some(bar.clone()));
                // What the script prints does not end up in the bar.
                let suspended = bar.clone();
                self.context.output.around_writes(Some(Box::new(move |write| suspended.suspend(write))));
                self.update(&bar);
            }
            Way::Bar(Some(bar)) => {
                let bar = bar.clone();
                self.update(&bar);
            }
            Way::Lines(next) if now < *next => {}
            Way::Lines(next) => {
                *next = now + BETWEEN_LINES;
                // Where nobody can read it, it is not worth an error.
                let _ = writeln!(io::stderr(), "{}: {}", self.name, self.line(now));
            }
        }
    }

    fn update(&self, bar: &ProgressBar) {
        bar.set_position(self.meter.done());
        bar.set_message(self.message(Instant::now()));
    }

    /// The records and how many come in a second.
    fn message(&self, now: Instant) -> String {
        let seconds = now.duration_since(self.started).as_secs_f64().max(0.001);
        let rate = (self.records as f64 / seconds) as u64;
        format!("{} records, {}/s", HumanCount(self.records), HumanCount(rate))
    }

    fn line(&self, now: Instant) -> String {
        let (done, message) = (self.meter.done(), self.message(now));
        match self.meter.size() {
            Some(size) if done > 0 => {
                let elapsed = now.duration_since(self.started).as_secs_f64();
                let left = elapsed * size.saturating_sub(done) as f64 / done as f64;
                let left = HumanDuration(Duration::try_from_secs_f64(left).unwrap_or_default());
                format!("{} of {}, {message}, {left:#} left", HumanBytes(done), HumanBytes(size))
            }
            _ => format!("{}, {message}", HumanBytes(done)),
        }
    }

    fn clear(&mut self) {
        if let Way::Bar(bar) = &mut self.way
            && let Some(bar) = bar.take()
        {
            self.context.output.around_writes(None);
            bar.finish_and_clear();
        }
    }
}

fn bar(size: Option<u64>) -> ProgressBar {
    let target = ProgressDrawTarget::stderr_with_hz(10);
    let template = match size {
        Some(_) => "{bar:24} {bytes} of {total_bytes}, {msg}, {eta} left",
        None => "{spinner} {bytes}, {msg}, {elapsed}",
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(size, target).with_style(style)
}
