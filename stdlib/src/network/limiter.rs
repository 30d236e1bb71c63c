//! How fast a service may be asked.

use parking_lot::Mutex;
use smol::lock::{Semaphore, SemaphoreGuard};
use std::fmt;
use std::time::{Duration, Instant};

/// How many requests to a service may be under way at the same time.
const MOST_AT_ONCE: usize = 4;

/// The one limiter of a service, which all threads and tasks of the process share.
pub struct Limiter {
    /// When the next request may begin.
    next: Mutex<Option<Instant>>,
    places: Semaphore,
}

impl Limiter {
    /// A limiter that has seen no request.
    pub const fn new() -> Limiter {
        Limiter { next: Mutex::new(None), places: Semaphore::new(MOST_AT_ONCE) }
    }

    /// Waits for this request's turn. It is under way until the guard is dropped.
    pub async fn turn(&self, interval: Duration) -> SemaphoreGuard<'_> {
        let place = self.places.acquire().await;
        loop {
            let now = Instant::now();
            let wait = {
                let mut next = self.next.lock();
                match *next {
                    Some(time) if time > now => time - now,
                    _ => {
                        *next = Some(now + interval);
                        return place;
                    }
                }
            };
            smol::Timer::after(wait).await;
        }
    }

    /// The service has asked for a pause.
    pub fn pause(&self, time: Duration) {
        let until = Instant::now() + time;
        let mut next = self.next.lock();
        if next.is_none_or(|next| next < until) {
            *next = Some(until);
        }
    }
}

impl Default for Limiter {
    fn default() -> Limiter {
        Limiter::new()
    }
}

/// A limiter, and the time between two requests.
#[derive(Clone, Copy)]
pub struct Pace {
    /// That of the service.
    pub limiter: &'static Limiter,
    /// From the beginning of a request to that of the next.
    pub interval: Duration,
}

impl fmt::Debug for Pace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Pace({:?})", self.interval)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_keep_their_distance_and_pauses() {
        let limiter = Limiter::new();
        let interval = Duration::from_millis(20);
        let started = Instant::now();
        smol::block_on(async {
            let turns = (0..5).map(|_| async { drop(limiter.turn(interval).await) });
            let tasks: Vec<_> = turns.collect();
            for task in tasks {
                task.await;
            }
        });
        assert!(started.elapsed() >= interval * 4);
        limiter.pause(Duration::from_millis(100));
        let paused = Instant::now();
        smol::block_on(async { drop(limiter.turn(interval).await) });
        assert!(paused.elapsed() >= Duration::from_millis(100));
    }
}
