//! A variable that closures share.

use super::{Shared, Value};
use parking_lot::Mutex;

/// A variable that a closure captures and somebody assigns to. It lives outside of registers, so that all who share
/// it see its changes. The lock is never contended: closures that go to other threads take copies of their variables.
#[derive(Clone)]
pub struct Variable(Shared<Mutex<Value>>);

impl Variable {
    /// A variable with that content.
    pub fn new(content: Value) -> Variable {
        Variable(Shared::new(Mutex::new(content)))
    }

    /// The content.
    pub fn get(&self) -> Value {
        self.0.lock().clone()
    }

    /// The content, which becomes nil.
    pub fn take(&self) -> Value {
        self.0.lock().take()
    }

    /// Changes the content.
    pub fn set(&self, content: Value) {
        let old = std::mem::replace(&mut *self.0.lock(), content);
        // Dropped after the lock is gone: the old content may hold this very variable.
        drop(old);
    }
}
