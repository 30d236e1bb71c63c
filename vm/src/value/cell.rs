//! A variable that closures share.

use super::{Shared, Value};
use parking_lot::Mutex;

/// A variable that a closure captures and somebody assigns to. It lives outside of registers, so that all who share
/// it see its changes. The lock is hardly ever contended: other threads may read a variable, and only the machine that
/// made it may assign to it while others run.
#[derive(Clone)]
pub struct Variable(Shared<Body>);

struct Body {
    /// The machine that made the variable.
    owner: u32,
    content: Mutex<Value>,
}

impl Variable {
    /// A variable with that content, made by the machine of that identity.
    pub fn new(content: Value, owner: u32) -> Variable {
        Variable(Shared::new(Body { owner, content: Mutex::new(content) }))
    }

    /// The identity of the machine that made it.
    pub fn owner(&self) -> u32 {
        self.0.owner
    }

    /// A number that tells apart variables that live at the same time.
    pub fn address(&self) -> usize {
        self.0.address()
    }

    /// The content.
    pub fn get(&self) -> Value {
        self.0.content.lock().clone()
    }

    /// The content, which becomes nil.
    pub fn take(&self) -> Value {
        self.0.content.lock().take()
    }

    /// Changes the content.
    pub fn set(&self, content: Value) {
        let old = std::mem::replace(&mut *self.0.content.lock(), content);
        // Dropped after the lock is gone: the old content may hold this very variable.
        drop(old);
    }
}
