//! How long a text may become while it is written.

use crate::error::Error;
use crate::limits::memory;

/// The memory for a text is asked for when it has become this long, and each time when it has doubled.
const FIRST: usize = 1 << 20;

/// What a text that grows may take.
pub(super) struct Room {
    /// The length at which to look again.
    next: usize,
    /// Whether the text ends there.
    is_fixed: bool,
}

impl Room {
    /// So many bytes, and what is being written when they are used up.
    pub(super) fn of(bytes: usize) -> Room {
        Room { next: bytes, is_fixed: true }
    }

    /// What `--max-memory` and the system leave.
    pub(super) fn of_process() -> Room {
        Room { next: FIRST, is_fixed: false }
    }

    /// An error where the text may not become longer than it is.
    #[inline]
    pub(super) fn check(&mut self, output: &str) -> Result<(), Error> {
        if output.len() < self.next { Ok(()) } else { self.ask(output.len()) }
    }

    #[cold]
    fn ask(&mut self, length: usize) -> Result<(), Error> {
        if self.is_fixed {
            return Err(Error::value_error("the text is too long"));
        }
        // A text that grows is copied to a place of twice its size.
        memory::room_for(length.saturating_mul(2))?;
        self.next = length.saturating_mul(2);
        Ok(())
    }
}
