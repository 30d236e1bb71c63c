//! Which allocations are charged to what.
//!
//! The first are charged one by one. Later ones are charged together to what made the last of them, and how many bytes go
//! together is drawn at random: each byte may be the last with equal chance, so that large shares are right, and what
//! allocates nothing is charged nothing.

use crate::machine::allocator::{self, Allocated};

/// What goes together is about so small a part of all. Up to that many charges are exact.
const PARTS: u64 = 8192;

/// What a machine has allocated, and has not been charged yet.
pub(crate) struct Allocations {
    /// The counts of the thread up to which all was charged.
    from: Allocated,
    /// What was left when the machine stopped, perhaps on another thread.
    carried: Allocated,
    /// The next charge is due when the thread has allocated that many bytes.
    due: u64,
    /// So many bytes go together.
    together: u64,
    charges: u64,
    /// What was charged, and was not taken out yet.
    all: Allocated,
    /// The bytes that were charged since the beginning.
    charged: u64,
    /// How many times of bookkeeping lie around.
    bookkeeping: u32,
    /// The state of a small generator.
    random: u64,
}

impl Allocations {
    pub(crate) fn new() -> Allocations {
        Allocations {
            from: Allocated::default(),
            carried: Allocated::default(),
            due: u64::MAX,
            together: 1,
            charges: 0,
            all: Allocated::default(),
            charged: 0,
            bookkeeping: 0,
            random: 0x9e37_79b9_7f4a_7c15,
        }
    }

    /// The machine begins to run, or goes on, on this thread.
    pub(crate) fn begin(&mut self) {
        let now = allocator::allocated();
        let carried = std::mem::take(&mut self.carried);
        self.from = now - carried;
        self.due = now.bytes.wrapping_add(self.together.saturating_sub(carried.bytes));
    }

    /// The machine stops.
    pub(crate) fn pause(&mut self) {
        self.carried = allocator::allocated() - self.from;
    }

    /// When the thread has allocated that many bytes, they are to be charged.
    #[inline(always)]
    pub(crate) fn due(&self) -> u64 {
        self.due
    }

    /// Whether they are to be charged now.
    #[inline(always)]
    pub(crate) fn is_due(&self) -> bool {
        allocator::allocated_bytes() >= self.due
    }

    /// The bytes that are to be charged, where it is time for that.
    pub(crate) fn take(&mut self) -> Option<u64> {
        if !self.is_due() {
            return None;
        }
        let now = allocator::allocated();
        let new = now - self.from;
        self.all += new;
        self.charged += new.bytes;
        self.from = now;
        self.charges += 1;
        self.together = self.draw();
        self.due = now.bytes.wrapping_add(self.together);
        Some(new.bytes)
    }

    /// How many bytes go together the next time: intervals between events that do not depend on each other.
    fn draw(&mut self) -> u64 {
        if self.charges < PARTS {
            return 1;
        }
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let mean = (self.charged / PARTS).max(1) as f64;
        let part = ((self.random >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        1 + (-part.ln() * mean) as u64
    }

    /// What this thread allocates from now on is nobody's: bookkeeping. Such times may lie within each other.
    pub(crate) fn begin_bookkeeping(&mut self) -> Allocated {
        self.bookkeeping += 1;
        allocator::allocated()
    }

    /// Up to now; `before` is what the beginning gave.
    pub(crate) fn end_bookkeeping(&mut self, before: Allocated) {
        self.bookkeeping -= 1;
        if self.bookkeeping == 0 {
            let new = allocator::allocated() - before;
            self.from += new;
            self.due = self.due.saturating_add(new.bytes);
        }
    }

    /// Takes out what was charged.
    pub(crate) fn take_all(&mut self) -> Allocated {
        std::mem::take(&mut self.all)
    }
}
