//! Machines that run at the same time as others, and what they must leave alone.

use super::{Machine, data, next_identity};
use crate::error::{Error, ErrorKind, Position};
use crate::value::{Value, Variable};

impl Machine {
    /// A machine for another thread, with the variables of the top level as they are now. It may not assign to them,
    /// nor to other variables that it did not make itself.
    pub(crate) fn fork(&mut self) -> Machine {
        self.fork_with_room(256, 16)
    }

    /// The same, with room for so many registers and frames until it needs more.
    pub(super) fn fork_with_room(&mut self, registers: usize, frames: usize) -> Machine {
        let mut fork = Machine::with_room(self.context.clone(), registers, frames);
        fork.cancelled = self.cancelled.clone();
        // Both together look for an interrupt as soon as one would have: else machines that make machines never would.
        fork.countdown = (self.countdown / 2).max(1);
        self.countdown -= self.countdown / 2;
        fork.globals = self.globals.clone();
        fork.methods = self.methods.clone();
        fork.overloads = self.overloads;
        fork.is_parallel = true;
        fork.profiler = self.fork_recorder();
        fork
    }

    /// Runs something as if on a machine of its own: variables that exist already may be read only.
    pub(crate) fn as_parallel<T>(&mut self, work: impl FnOnce(&mut Machine) -> T) -> T {
        let identity = std::mem::replace(&mut self.identity, next_identity());
        let was_parallel = std::mem::replace(&mut self.is_parallel, true);
        let result = work(self);
        (self.identity, self.is_parallel) = (identity, was_parallel);
        result
    }

    /// Called where machines that work at the same time may get values of each other: by a stream that all of them read, or the
    /// results that a function remembers. With a closure goes a variable that its maker still assigns to.
    #[inline]
    pub(crate) fn share_variables(&self) {
        if self.is_parallel {
            crate::value::lock_variables();
        }
    }

    /// The variable in a cell, where this machine may assign to it.
    pub(super) fn assignable<'v>(&self, cell: &'v Value) -> Result<&'v Variable, Error> {
        let variable = data::variable(cell)?;
        match self.is_parallel && variable.owner() != self.identity {
            false => Ok(variable),
            true => Err(self.shared_variable()),
        }
    }

    /// Refuses an assignment to a variable that parallel code shares with others. Which one that is, its position says;
    /// see [`name_variable`].
    #[cold]
    #[inline(never)]
    pub(super) fn shared_variable(&self) -> Error {
        Error::new(ErrorKind::Parallel, format!("cannot assign to {UNNAMED} in a parallel callback"))
            .with_hint("return a value from the callback and combine the results, for example with reduce()")
    }
}

/// What stands for the variable until the position of the error is known, and where no text of the script is at hand.
const UNNAMED: &str = "a captured variable";

/// Puts the name of the variable into the message of an error that [`Machine::shared_variable`] has made.
#[cold]
pub(super) fn name_variable(error: &mut Error, place: &Position) {
    let text = place.text.chars().skip(place.column - 1);
    let name: String = text.take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    if !name.is_empty() {
        let named = format!("captured variable '{name}'");
        *error = error.clone().map_message(|message| message.replacen(UNNAMED, &named, 1));
    }
}
