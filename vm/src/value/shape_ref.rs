//! What a record holds of its shape.

use super::Shape;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::Arc;

/// A shape that lives at least as long as this. Shapes that records share stay for ever and are not counted: threads that make
/// records at the same time would wait for each other's count. Shapes of single records are counted.
pub struct ShapeRef(NonNull<Shape>);

// SAFETY: it gives no more than a shared reference to a shape does, or an `Arc` of it, and a shape is texts behind a lock or unchanging.
unsafe impl Send for ShapeRef {}
// SAFETY: as above.
unsafe impl Sync for ShapeRef {}

impl ShapeRef {
    /// Of a new shape.
    pub(super) fn new(shape: Shape) -> ShapeRef {
        match shape.is_shared() {
            true => ShapeRef(NonNull::from(Box::leak(Box::new(shape)))),
            // SAFETY: the pointer of an `Arc` is never null.
            false => ShapeRef(unsafe { NonNull::new_unchecked(Arc::into_raw(Arc::new(shape)).cast_mut()) }),
        }
    }

    /// Where the shape is.
    #[inline]
    pub fn as_ptr(&self) -> *const Shape {
        self.0.as_ptr()
    }

    /// Whether both are the same shape.
    #[inline]
    pub fn is(&self, other: &ShapeRef) -> bool {
        self.0 == other.0
    }

    /// The shape, where nobody else may see that it changes.
    pub(super) fn get_mut(&mut self) -> Option<&mut Shape> {
        if self.is_shared() {
            return None;
        }
        // SAFETY: the shape is counted, so the pointer came from an `Arc`, and this holds one count of it.
        let mut counted = ManuallyDrop::new(unsafe { Arc::from_raw(self.as_ptr()) });
        let own = Arc::get_mut(&mut counted)?;
        // SAFETY: there is no other count, and this is borrowed for as long as the result.
        Some(unsafe { &mut *std::ptr::from_mut(own) })
    }
}

impl Deref for ShapeRef {
    type Target = Shape;

    #[inline]
    fn deref(&self) -> &Shape {
        // SAFETY: the shape stays for ever, or for as long as this holds one count of it.
        unsafe { self.0.as_ref() }
    }
}

impl Clone for ShapeRef {
    #[inline]
    fn clone(&self) -> ShapeRef {
        if !self.is_shared() {
            // SAFETY: the pointer came from an `Arc`, of which this holds a count.
            unsafe { Arc::increment_strong_count(self.as_ptr()) };
        }
        ShapeRef(self.0)
    }
}

impl Drop for ShapeRef {
    #[inline]
    fn drop(&mut self) {
        if !self.is_shared() {
            // SAFETY: the pointer came from an `Arc`, of which this holds a count.
            unsafe { Arc::decrement_strong_count(self.as_ptr()) };
        }
    }
}
