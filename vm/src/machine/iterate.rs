//! Instructions that may run code of the script: iteration, because streams ask their callbacks for the next item, and
//! deferred expressions.

use super::{Machine, data, item};
use crate::error::Error;
use crate::value::Value;
use biovm_bytecode::operand::Register;

impl Machine {
    /// Puts the next item of the loop whose state begins at `base` into the loop variable, or its two parts into two.
    /// Returns whether there was one.
    #[inline(never)]
    pub(super) fn iterate_next(&mut self, base: Register, is_pair: bool) -> Result<bool, Error> {
        let Some(frame) = self.frames.last() else { return Err(data::damaged()) };
        let state = frame.base + base.index();
        let end = frame.end();
        let Value::Int(position) = self.stack[state + 1] else { return Err(data::damaged()) };
        let mut cursor = position as usize;
        let (first, second) = match &self.stack[state] {
            Value::Record(record) if is_pair => match data::entry(record, cursor) {
                Some((key, value)) => {
                    cursor += 1;
                    (key, Some(value))
                }
                None => return Ok(false),
            },
            source => {
                let source = source.clone();
                let saved = std::mem::replace(&mut self.top, end);
                let found = item(self, &source, &mut cursor);
                self.top = saved;
                match (found?, is_pair) {
                    (None, _) => return Ok(false),
                    (Some(found), false) => (found, None),
                    (Some(found), true) => {
                        let (first, second) = data::pair(&found)?;
                        (first, Some(second))
                    }
                }
            }
        };
        self.stack[state + 1] = Value::Int(cursor as i64);
        self.stack[state + 2] = first;
        if let Some(second) = second {
            self.stack[state + 3] = second;
        }
        Ok(true)
    }

    /// Adds all items of `source` to the List in the register.
    #[inline(never)]
    pub(super) fn extend(&mut self, list: Register, source: Register) -> Result<(), Error> {
        let Some(frame) = self.frames.last() else { return Err(data::damaged()) };
        let (base, end) = (frame.base, frame.end());
        let source = self.stack[base + source.index()].clone();
        let saved = std::mem::replace(&mut self.top, end);
        let items = data::collect(self, source);
        self.top = saved;
        match &mut self.stack[base + list.index()] {
            Value::List(list) => list.make_mut().extend(items?),
            _ => return Err(data::damaged()),
        }
        Ok(())
    }

    /// Calls the functions of the List in the register, the last one first. An error does not keep the others from
    /// running; the first one is raised at the end.
    #[inline(never)]
    pub(super) fn run_deferred(&mut self, list: Register) -> Result<(), Error> {
        let Some(frame) = self.frames.last() else { return Err(data::damaged()) };
        let (base, end) = (frame.base, frame.end());
        let Value::List(functions) = self.stack[base + list.index()].take() else { return Ok(()) };
        let saved = std::mem::replace(&mut self.top, end);
        let mut result = Ok(());
        for function in functions.iter().rev() {
            let outcome = self.call(&function, []).map(|_| ());
            result = result.and(outcome);
        }
        self.top = saved;
        result
    }
}
