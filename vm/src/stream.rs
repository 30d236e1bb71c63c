//! Streams: lazy, single-pass sequences of values.

use crate::error::{Error, ErrorKind};
use crate::machine::Machine;
use crate::value::{ForeignValue, Value};
use biovm_bytecode::Type;
use parking_lot::Mutex;
use std::any::Any;

/// Where a stream gets its items.
pub trait StreamSource: Send {
    /// The next item; `None` at the end, after which it is not asked again.
    fn next(&mut self, machine: &mut Machine) -> Result<Option<Value>, Error>;
}

/// A lazy, single-pass sequence of values.
pub struct Stream {
    /// What `println` shows between `<stream ` and `>`.
    label: String,
    state: Mutex<State>,
}

enum State {
    Ready(Box<dyn StreamSource>),
    /// Its source is out while it produces the next item.
    Running,
    Finished,
}

impl Stream {
    /// A stream over a source.
    pub fn value(label: impl Into<String>, source: impl StreamSource + 'static) -> Value {
        Value::foreign(Stream { label: label.into(), state: Mutex::new(State::Ready(Box::new(source))) })
    }

    /// The next item; `None` at the end. Asking a finished stream again gives `None`; see [`Stream::check_fresh`].
    pub fn pull(&self, machine: &mut Machine) -> Result<Option<Value>, Error> {
        // What a source keeps from one item to the next it may have from another machine that works at the same time.
        machine.share_variables();
        // The source leaves its place while it runs: a callback may look at this very stream. The lock must be gone by
        // then, and before the arms below, which take it again.
        let state = std::mem::replace(&mut *self.state.lock(), State::Running);
        let mut source = match state {
            State::Ready(source) => source,
            State::Running => {
                return Err(Error::new(ErrorKind::Stream, "the stream is read by its own callback"));
            }
            State::Finished => {
                *self.state.lock() = State::Finished;
                return Ok(None);
            }
        };
        let result = source.next(machine);
        *self.state.lock() = match result {
            Ok(Some(_)) => State::Ready(source),
            _ => State::Finished,
        };
        result
    }

    /// An error if the stream has been read to its end before.
    pub fn check_fresh(&self) -> Result<(), Error> {
        match *self.state.lock() {
            State::Finished => {
                Err(Error::new(ErrorKind::Stream, format!("stream already consumed: Stream({})", self.label))
                    .with_hint("a stream can be read once; collect() it to read it again"))
            }
            _ => Ok(()),
        }
    }
}

impl ForeignValue for Stream {
    fn type_of(&self) -> Type {
        Type::Stream
    }

    fn text(&self) -> String {
        format!("<stream {}>", self.label)
    }

    fn is_truthy(&self) -> bool {
        true
    }

    fn is_iterable(&self) -> bool {
        true
    }

    fn next(&self, machine: &mut Machine, position: usize) -> Result<Option<Value>, Error> {
        if position == 0 {
            self.check_fresh()?;
        }
        self.pull(machine)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
