//! A variable that closures share.

use super::{Shared, Value};
use parking_lot::{Mutex, MutexGuard};
use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicBool, Ordering};

/// A variable that a closure captures and somebody assigns to. It lives outside of registers, so that all who share
/// it see its changes. The lock is hardly ever contended: other threads may read a variable, and only the machine that
/// made it may assign to it while others run.
#[derive(Clone)]
pub struct Variable(Shared<Body>);

struct Body {
    /// The machine that made the variable.
    owner: u32,
    /// Held while the content is touched, once [`CONCURRENT`] is set.
    lock: Mutex<()>,
    content: UnsafeCell<Value>,
}

// SAFETY: `CONCURRENT` says when the content may be touched; values are `Send + Sync`.
unsafe impl Sync for Body {}

/// Whether some machine may read a variable while another one assigns to it: from the first call of an async function on,
/// and from the first time that machines of parallel work may have got values of each other. Until then only one machine may
/// assign to a variable, and no other reads it meanwhile: those of parallel work read variables of the one that waits for
/// them.
static CONCURRENT: AtomicBool = AtomicBool::new(false);

/// From now on variables are locked. Called before another machine gets a variable that its maker may still assign to.
pub(crate) fn lock_variables() {
    CONCURRENT.store(true, Ordering::SeqCst);
}

impl Variable {
    /// A variable with that content, made by the machine of that identity.
    pub fn new(content: Value, owner: u32) -> Variable {
        Variable(Shared::new(Body { owner, lock: Mutex::new(()), content: UnsafeCell::new(content) }))
    }

    /// The identity of the machine that made it.
    pub fn owner(&self) -> u32 {
        self.0.owner
    }

    /// A number that tells apart variables that live at the same time.
    pub fn address(&self) -> usize {
        self.0.address()
    }

    /// Locks the variable, where others may touch it at the same time.
    #[inline(always)]
    fn lock(&self) -> Option<MutexGuard<'_, ()>> {
        CONCURRENT.load(Ordering::Relaxed).then(|| self.0.lock.lock())
    }

    /// Where the content is, while nobody else can touch it; `None` where it has to be locked.
    #[inline(always)]
    pub(crate) fn unlocked(&self) -> Option<*mut Value> {
        (!CONCURRENT.load(Ordering::Relaxed)).then(|| self.0.content.get())
    }

    /// The content.
    #[inline]
    pub fn get(&self) -> Value {
        let _lock = self.lock();
        // SAFETY: nobody assigns at the same time, because of the lock or as `CONCURRENT` says. Copying runs no other code.
        unsafe { (*self.0.content.get()).clone() }
    }

    /// The content, which becomes nil.
    #[inline]
    pub fn take(&self) -> Value {
        self.replace(Value::Nil)
    }

    /// Changes the content.
    #[inline]
    pub fn set(&self, content: Value) {
        // Dropped after the lock is gone: the old content may hold this very variable.
        drop(self.replace(content));
    }

    /// Changes the content and gives the old one.
    #[inline]
    pub(crate) fn replace(&self, content: Value) -> Value {
        let _lock = self.lock();
        // SAFETY: nobody touches it at the same time, because of the lock or as `CONCURRENT` says. Moving runs no other code.
        unsafe { std::mem::replace(&mut *self.0.content.get(), content) }
    }
}
