//! Lists.

use super::{Shared, Value};

/// A list of values.
#[derive(Clone)]
pub struct List(Shared<ListBody>);

/// How a list is stored; a script cannot tell.
#[derive(Clone)]
pub enum ListBody {
    /// The items themselves.
    Values(Vec<Value>),
    /// `start`, `start + step` …: what the builtin `range` gives, without its items in memory.
    Progression {
        /// The first item.
        start: i64,
        /// The distance from one item to the next, never 0.
        step: i64,
        /// The number of items.
        count: usize,
    },
}

impl Drop for ListBody {
    /// Many lists hold numbers alone. To see that here takes less than to ask each of them to drop itself.
    fn drop(&mut self) {
        let ListBody::Values(values) = self else { return };
        for value in values.iter_mut().filter(|value| value.is_counted()) {
            drop(value.take());
        }
        // SAFETY: what is not counted needs no drop.
        unsafe { values.set_len(0) };
    }
}

impl Default for ListBody {
    fn default() -> ListBody {
        ListBody::Values(Vec::new())
    }
}

impl List {
    /// The Ints `start`, `start + step` … `count` of them. The caller has made sure that the last one fits an Int.
    pub fn progression(start: i64, step: i64, count: usize) -> List {
        List(Shared::new(ListBody::Progression { start, step, count }))
    }

    /// How the list is stored.
    #[inline(always)]
    pub fn body(&self) -> &ListBody {
        &self.0
    }

    /// The number of items.
    #[inline]
    pub fn len(&self) -> usize {
        match self.body() {
            ListBody::Values(values) => values.len(),
            ListBody::Progression { count, .. } => *count,
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at a position.
    #[inline]
    pub fn get(&self, position: usize) -> Option<Value> {
        match self.body() {
            ListBody::Values(values) => values.get(position).cloned(),
            ListBody::Progression { start, step, count } => {
                (position < *count).then(|| Value::Int(start + step * position as i64))
            }
        }
    }

    /// The items, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Value> + ExactSizeIterator + '_ {
        (0..self.len()).map(|position| self.get(position).unwrap_or_default())
    }

    /// The items where they stand in memory, else `None`.
    pub fn as_slice(&self) -> Option<&[Value]> {
        match self.body() {
            ListBody::Values(values) => Some(values),
            ListBody::Progression { .. } => None,
        }
    }

    /// The items, to change them in place, where nobody else holds them.
    #[inline(always)]
    pub fn values_mut(&mut self) -> Option<&mut [Value]> {
        self.items_mut().map(Vec::as_mut_slice)
    }

    /// The same, to add to them.
    #[inline(always)]
    pub fn items_mut(&mut self) -> Option<&mut Vec<Value>> {
        match self.0.get_mut() {
            Some(ListBody::Values(values)) => Some(values),
            _ => None,
        }
    }

    /// The items, to change them; copied first where there are other holders.
    pub fn make_mut(&mut self) -> &mut Vec<Value> {
        if matches!(self.body(), ListBody::Progression { .. }) {
            *self = List::from(self.iter().collect::<Vec<_>>());
        }
        match self.0.make_mut() {
            ListBody::Values(values) => values,
            ListBody::Progression { .. } => unreachable!("made into values above"),
        }
    }

    /// The items themselves, moved out where nobody else holds them.
    pub fn into_vec(self) -> Vec<Value> {
        match &mut self.0.into_content() {
            ListBody::Values(values) => std::mem::take(values),
            ListBody::Progression { start, step, count } => {
                (0..*count as i64).map(|position| Value::Int(*start + *step * position)).collect()
            }
        }
    }

    /// Whether both are the same object in memory; a quick way to equality.
    pub fn same(&self, other: &List) -> bool {
        self.0.same(&other.0)
    }

    /// A number that tells apart those that live at the same time.
    pub(super) fn address(&self) -> usize {
        self.0.address()
    }

    /// Whether nobody else holds the items.
    pub fn is_unique(&self) -> bool {
        self.0.is_unique()
    }
}

impl From<Vec<Value>> for List {
    fn from(values: Vec<Value>) -> List {
        List(Shared::new(ListBody::Values(values)))
    }
}

impl FromIterator<Value> for List {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> List {
        List::from(items.into_iter().collect::<Vec<_>>())
    }
}
