//! How deeply values may make the native stack nest.

use std::cell::Cell;

/// More than any sensible data needs, and little enough for the stack of any thread.
const DEEPEST: usize = 2_000;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Does work that may come back to itself for a part of the value, as comparing sets of sets does; `None` where it is
/// nested too deeply already.
pub(crate) fn nested<T>(work: impl FnOnce() -> T) -> Option<T> {
    let depth = DEPTH.get();
    if depth >= DEEPEST {
        return None;
    }
    DEPTH.set(depth + 1);
    let result = work();
    DEPTH.set(depth);
    Some(result)
}
