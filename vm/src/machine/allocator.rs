//! What a thread allocates while somebody profiles.
//!
//! An executable that wants to know makes [`CountingAllocator`] its global allocator. It hands everything on to that of the
//! system, and looks at one flag; only while a profile is made, it counts.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ops::{AddAssign, Sub};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The allocator of the system, which can be asked what a thread has allocated.
#[derive(Clone, Copy, Debug, Default)]
pub struct CountingAllocator;

/// What was allocated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Allocated {
    /// In bytes, whether or not they were given back. What grows in its place counts by what it grows.
    pub(crate) bytes: u64,
    /// How many times.
    pub(crate) count: u64,
}

impl Sub for Allocated {
    type Output = Allocated;

    /// What was allocated since. Threads begin at any number, so that numbers may wrap around.
    fn sub(self, other: Allocated) -> Allocated {
        Allocated { bytes: self.bytes.wrapping_sub(other.bytes), count: self.count.wrapping_sub(other.count) }
    }
}

impl AddAssign for Allocated {
    fn add_assign(&mut self, other: Allocated) {
        self.bytes = self.bytes.wrapping_add(other.bytes);
        self.count = self.count.wrapping_add(other.count);
    }
}

/// How many profiles are being made.
static PROFILES: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    // Cells that need neither a beginning nor an end: the allocator is also asked while threads begin and end.
    static BYTES: Cell<u64> = const { Cell::new(0) };
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

#[cold]
#[inline(never)]
fn count(bytes: usize) {
    BYTES.set(BYTES.get().wrapping_add(bytes as u64));
    COUNT.set(COUNT.get().wrapping_add(1));
}

#[inline(always)]
fn note(bytes: usize) {
    if PROFILES.load(Ordering::Relaxed) != 0 {
        count(bytes);
    }
}

// SAFETY: all that is done is done by the allocator of the system, with the arguments of the caller. Counting does not allocate.
unsafe impl GlobalAlloc for CountingAllocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: by the caller.
        unsafe { System.alloc(layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: by the caller.
        unsafe { System.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(size.saturating_sub(layout.size()));
        // SAFETY: by the caller.
        unsafe { System.realloc(block, layout, size) }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: by the caller.
        unsafe { System.dealloc(block, layout) }
    }
}

/// Counts from now on, until the last of those that count is dropped.
pub(crate) struct Counting {
    /// Whether the process has an allocator that counts.
    pub(crate) is_possible: bool,
}

impl Counting {
    pub(crate) fn begin() -> Counting {
        PROFILES.fetch_add(1, Ordering::Relaxed);
        let before = allocated();
        drop(std::hint::black_box(Box::new(0_u64)));
        Counting { is_possible: allocated() != before }
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        PROFILES.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What this thread has allocated while somebody counted.
#[inline]
pub(crate) fn allocated() -> Allocated {
    Allocated { bytes: BYTES.get(), count: COUNT.get() }
}

/// The bytes of that.
#[inline(always)]
pub(crate) fn allocated_bytes() -> u64 {
    BYTES.get()
}
