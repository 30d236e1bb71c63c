//! How far long work with files is, for people who wait for it.

use crate::files::input::Meter;
use biovm_vm::Context;
use biovm_vm::output::ShowProgress;
use futures_lite::future::or;
use indicatif::{
    HumanBytes, HumanCount, HumanDuration, MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle,
};
use parking_lot::Mutex;
use std::io::{self, Write};
use std::pin::pin;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

/// What takes less is not talked about.
const PATIENCE: Duration = Duration::from_secs(2);
/// The time between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(2);
/// How often to look where nothing happens.
const LOOK: Duration = Duration::from_millis(100);
/// More bars than this only hide what the script prints.
const MOST_BARS: usize = 8;

/// The bars of the process, each in a line of its own.
static BARS: LazyLock<MultiProgress> =
    LazyLock::new(|| MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(10)));
/// How many there are.
static BAR_COUNT: Mutex<usize> = Mutex::new(0);

/// Shows on standard error how much of a file is read or downloaded, once that has taken a while.
pub struct Progress {
    // Nothing is shown where it is `None`, which costs nothing.
    shown: Option<Box<Shown>>,
}

struct Shown {
    context: Arc<Context>,
    name: String,
    meter: Meter,
    /// The bytes that were there when it began.
    begin: u64,
    /// `None` where there are only bytes to count.
    records: Option<u64>,
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
    pub fn of_records(context: &Arc<Context>, name: &str, meter: &Meter) -> Progress {
        Progress::new(context, name, meter, Some(0), Instant::now())
    }

    /// Progress of a file that arrives since `started`.
    pub fn of_bytes(context: &Arc<Context>, name: &str, meter: &Meter, started: Instant) -> Progress {
        Progress::new(context, name, meter, None, started)
    }

    fn new(
        context: &Arc<Context>,
        name: &str,
        meter: &Meter,
        records: Option<u64>,
        started: Instant,
    ) -> Progress {
        let way = match context.progress {
            ShowProgress::Never => return Progress { shown: None },
            ShowProgress::Bar => Way::Bar(None),
            ShowProgress::Lines => Way::Lines(started + PATIENCE),
        };
        let (context, meter, name) = (context.clone(), meter.clone(), name.to_owned());
        let begin = meter.done();
        Progress { shown: Some(Box::new(Shown { context, name, meter, begin, records, started, way })) }
    }

    /// Counts records.
    #[inline]
    pub fn passed(&mut self, records: usize) {
        if let Some(shown) = &mut self.shown {
            shown.records = shown.records.map(|before| before + records as u64);
            shown.show();
        }
    }

    /// Waits for something, and goes on showing meanwhile.
    pub async fn during<T>(&mut self, work: impl Future<Output = T>) -> T {
        if self.shown.is_none() {
            return work.await;
        }
        let mut work = pin!(work);
        loop {
            let look = async {
                smol::Timer::after(LOOK).await;
                None
            };
            match or(async { Some(work.as_mut().await) }, look).await {
                Some(result) => return result,
                None => self.show(),
            }
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
                let Some(bar) = add_bar(&self.context, self.meter.size()) else { return };
                self.way = Way::Bar(Some(bar.clone()));
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
        let now = Instant::now();
        bar.set_position(self.meter.done());
        // The bar began late, so it does not know how fast things have gone.
        let left = self.left(now).map(|left| format!(", {left} left"));
        bar.set_message(self.message(now) + &left.unwrap_or_default());
    }

    /// The records and how many come in a second, or how many bytes do.
    fn message(&self, now: Instant) -> String {
        let seconds = now.duration_since(self.started).as_secs_f64().max(0.001);
        let rate = |count: u64| (count as f64 / seconds) as u64;
        match (self.records, &self.way) {
            (Some(records), _) => {
                format!("{} records, {}/s", HumanCount(records), HumanCount(rate(records)))
            }
            (None, way) => {
                let rate = HumanBytes(rate(self.meter.done().saturating_sub(self.begin)));
                // Several may come at once.
                let name = if let Way::Bar(_) = way { &format!("{}, ", self.name) } else { "" };
                format!("{name}{rate}/s")
            }
        }
    }

    fn line(&self, now: Instant) -> String {
        let (done, message) = (self.meter.done(), self.message(now));
        match (self.meter.size(), self.left(now)) {
            (Some(size), Some(left)) => {
                format!("{} of {}, {message}, {left} left", HumanBytes(done), HumanBytes(size))
            }
            _ => format!("{}, {message}", HumanBytes(done)),
        }
    }

    /// The time that is left, where the size is known.
    fn left(&self, now: Instant) -> Option<String> {
        let (done, size) = (self.meter.done(), self.meter.size()?);
        let so_far = done.checked_sub(self.begin).filter(|so_far| *so_far > 0)?;
        let elapsed = now.duration_since(self.started).as_secs_f64();
        let left = elapsed * size.saturating_sub(done) as f64 / so_far as f64;
        Some(format!("{:#}", HumanDuration(Duration::try_from_secs_f64(left).unwrap_or_default())))
    }

    fn clear(&mut self) {
        if let Way::Bar(bar) = &mut self.way
            && let Some(bar) = bar.take()
        {
            remove_bar(&self.context, &bar);
        }
    }
}

/// A new bar, unless there are enough.
fn add_bar(context: &Context, size: Option<u64>) -> Option<ProgressBar> {
    let mut count = BAR_COUNT.lock();
    if *count >= MOST_BARS {
        return None;
    }
    *count += 1;
    if *count == 1 {
        // What the script prints does not end up in a bar.
        context.output.around_writes(Some(Box::new(|write| BARS.suspend(write))));
    }
    Some(BARS.add(bar(size)))
}

/// Nothing of a bar stays.
fn remove_bar(context: &Context, bar: &ProgressBar) {
    let mut count = BAR_COUNT.lock();
    *count -= 1;
    if *count == 0 {
        context.output.around_writes(None);
    }
    bar.finish_and_clear();
    BARS.remove(bar);
}

fn bar(size: Option<u64>) -> ProgressBar {
    let template = match size {
        Some(_) => "{bar:24} {bytes} of {total_bytes}, {msg}",
        None => "{spinner} {bytes}, {msg}, {elapsed}",
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    // Drawn where it is added.
    ProgressBar::with_draw_target(size, ProgressDrawTarget::hidden()).with_style(style)
}

#[cfg(test)]
mod tests {
    use super::*;
    use biovm_vm::output::Output;
    use std::sync::atomic::Ordering;

    #[test]
    fn the_time_that_is_left_follows_from_the_time_so_far() {
        let context = Arc::new(Context::new([], Output::new(io::sink(), false)));
        // A download that goes on where another one ended.
        let (moved, meter) = Meter::moved(1000, Some(5000));
        let started = Instant::now();
        let way = Way::Bar(None);
        let shown =
            Shown { context, name: "reads.fq".into(), meter, begin: 1000, records: None, started, way };
        assert_eq!(shown.left(started + Duration::from_secs(3)), None);
        moved.store(2000, Ordering::Relaxed);
        assert_eq!(shown.left(started + Duration::from_secs(4)).as_deref(), Some("12s"));
        moved.store(5000, Ordering::Relaxed);
        assert_eq!(shown.left(started + Duration::from_secs(9)).as_deref(), Some("0s"));
    }
}
