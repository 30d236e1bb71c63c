//! The counted pointer behind every value that does not fit into a register.
//!
//! Thinner than `std::sync::Arc`: no weak count, one load to learn whether the holder is the only one, and no
//! atomic write when the last holder goes. The count is the first word of every body, whatever its type, which is
//! what lets [`super::Value`] copy itself without looking at its kind.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering, fence};

/// What stands in memory behind a [`Shared`].
#[repr(C)]
pub(super) struct Body<T> {
    pub(super) count: AtomicUsize,
    content: T,
}

/// A counted pointer to an immutable `T`; the only holder may change it.
#[repr(transparent)]
pub struct Shared<T: 'static + Send + Sync>(NonNull<Body<T>>);

// SAFETY: a `Shared` hands out `&T` to any thread and drops `T` on any thread, so it asks both of `T`; the count is atomic.
unsafe impl<T: Send + Sync> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Shared<T> {}

impl<T: Send + Sync> Shared<T> {
    /// Moves the content to the heap.
    pub fn new(content: T) -> Shared<T> {
        let body = Box::new(Body { count: AtomicUsize::new(1), content });
        Shared(NonNull::from(Box::leak(body)))
    }

    fn body(&self) -> &Body<T> {
        // SAFETY: the pointer comes from a leaked Box that is freed only when the last holder is dropped.
        unsafe { self.0.as_ref() }
    }

    /// Whether this is the only holder.
    pub fn is_unique(&self) -> bool {
        self.body().count.load(Ordering::Acquire) == 1
    }

    /// The content, to change it, where this is the only holder.
    pub fn get_mut(&mut self) -> Option<&mut T> {
        if !self.is_unique() {
            return None;
        }
        // SAFETY: a count of one and `&mut self` mean that no other reference to the content exists.
        Some(unsafe { &mut self.0.as_mut().content })
    }

    /// Whether both point to the same content.
    pub fn same(&self, other: &Shared<T>) -> bool {
        self.0 == other.0
    }

    /// A number that tells apart contents that live at the same time.
    pub fn address(&self) -> usize {
        self.0.as_ptr() as usize
    }
}

impl<T: Send + Sync + Clone> Shared<T> {
    /// The content, to change it; copied first where there are other holders.
    pub fn make_mut(&mut self) -> &mut T {
        if !self.is_unique() {
            *self = Shared::new(self.body().content.clone());
        }
        // SAFETY: this is the only holder now, and `&mut self` keeps it so.
        unsafe { &mut self.0.as_mut().content }
    }

    /// The content itself, moved out where this is the only holder, else copied.
    pub fn into_content(mut self) -> T
    where
        T: Default,
    {
        match self.get_mut() {
            Some(content) => std::mem::take(content),
            None => self.body().content.clone(),
        }
    }
}

impl<T: Send + Sync> Deref for Shared<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        &self.body().content
    }
}

impl<T: Send + Sync> Clone for Shared<T> {
    #[inline(always)]
    fn clone(&self) -> Shared<T> {
        self.body().count.fetch_add(1, Ordering::Relaxed);
        Shared(self.0)
    }
}

impl<T: Send + Sync> Drop for Shared<T> {
    #[inline]
    fn drop(&mut self) {
        let count = &self.body().count;
        if count.load(Ordering::Acquire) != 1 {
            if count.fetch_sub(1, Ordering::Release) != 1 {
                return;
            }
            fence(Ordering::Acquire);
        }
        // SAFETY: this was the last holder, and nobody can make a new one without having one.
        release(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

/// How deep contents may drop contents before the rest waits in a list. Keeps a long chain of values, such as a
/// linked list of a million records, from using up the native stack.
const DROP_DEPTH: usize = 128;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    static WAITING: RefCell<Vec<Box<dyn Waiting>>> = const { RefCell::new(Vec::new()) };
}

trait Waiting {}
impl<T> Waiting for Body<T> {}

fn release<T: Send + Sync + 'static>(body: Box<Body<T>>) {
    if !std::mem::needs_drop::<T>() {
        return drop(body);
    }
    let depth = DEPTH.try_with(Cell::get).unwrap_or(0);
    if depth >= DROP_DEPTH {
        let mut body = Some(body as Box<dyn Waiting>);
        // While the thread ends its locals may be gone; then the plain drop below is all that is left.
        let _ = WAITING.try_with(|waiting| waiting.borrow_mut().extend(body.take()));
        return;
    }
    let _ = DEPTH.try_with(|cell| cell.set(depth + 1));
    drop(body);
    if depth == 0 {
        while let Ok(Some(next)) = WAITING.try_with(|waiting| waiting.borrow_mut().pop()) {
            drop(next);
        }
    }
    let _ = DEPTH.try_with(|cell| cell.set(depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_holder_changes_in_place() {
        let mut first = Shared::new(vec![1]);
        let address = first.address();
        first.make_mut().push(2);
        assert_eq!(first.address(), address);
        let second = first.clone();
        first.make_mut().push(3);
        assert_ne!(first.address(), address);
        assert_eq!((&*first, &*second), (&vec![1, 2, 3], &vec![1, 2]));
        assert!(first.get_mut().is_some());
    }

    #[test]
    fn content_is_dropped_once() {
        struct Counted(std::sync::Arc<AtomicUsize>);
        impl Drop for Counted {
            fn drop(&mut self) {
                self.0.fetch_add(1, Ordering::SeqCst);
            }
        }
        let drops = std::sync::Arc::new(AtomicUsize::new(0));
        let holders: Vec<_> = {
            let first = Shared::new(Counted(drops.clone()));
            (0..4).map(|_| first.clone()).collect()
        };
        assert_eq!(drops.load(Ordering::SeqCst), 0);
        std::thread::scope(|scope| {
            for holder in holders {
                scope.spawn(move || drop(holder));
            }
        });
        assert_eq!(drops.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn long_chain_drops_without_recursion() {
        struct Link {
            _next: Option<Shared<Link>>,
        }
        let mut chain = None;
        for _ in 0..1_000_000 {
            chain = Some(Shared::new(Link { _next: chain }));
        }
        drop(chain);
    }
}
