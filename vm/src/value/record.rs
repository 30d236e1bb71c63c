//! Records and maps.

use super::{Class, Shape, ShapeRef, Shared, Str, Value};

/// An ordered mapping from text to values: a shape and one value for each of its keys.
#[derive(Clone)]
pub struct Record(Shared<Body>);

#[derive(Clone)]
struct Body {
    shape: ShapeRef,
    values: Vec<Value>,
}

impl Body {
    /// Adds a key that the shape lacks. A struct with a field that it does not declare is a plain record.
    fn add_key(&mut self, key: Str) {
        if let Class::Structure(structure) = self.shape.class()
            && structure.fields.iter().all(|field| *field != *key)
        {
            self.shape = Shape::of(Class::Record, self.shape.keys().cloned());
        }
        Shape::with(&mut self.shape, key);
    }
}

impl Record {
    /// An empty one.
    pub fn empty(class: Class) -> Record {
        Record(Shared::new(Body { shape: class.empty(), values: Vec::new() }))
    }

    /// A record of a known shape, with one value for each key; nil for those that are missing. The machine reads the value of
    /// a field unchecked once it has found it in a shape, so a shape always comes with all of its values.
    pub fn with_shape(shape: ShapeRef, mut values: Vec<Value>) -> Record {
        debug_assert_eq!(shape.len(), values.len());
        if values.len() != shape.len() {
            values.resize(shape.len(), Value::Nil);
        }
        Record(Shared::new(Body { shape, values }))
    }

    /// A Record with these entries; later ones win but keep the place of the first.
    pub fn from_entries(entries: impl IntoIterator<Item = (Str, Value)>) -> Record {
        let mut record = Record::empty(Class::Record);
        for (key, value) in entries {
            record.insert(key, value);
        }
        record
    }

    /// The same entries as a record of another class.
    pub fn into_class(self, class: Class) -> Record {
        if self.shape().class() == class {
            return self;
        }
        let shape = Shape::of(class, self.keys().cloned());
        Record::with_shape(shape, self.0.values.clone())
    }

    /// The shape.
    #[inline(always)]
    pub fn shape(&self) -> &ShapeRef {
        &self.0.shape
    }

    /// Whether it is the payload of a variant, which is no record to scripts: only patterns take it apart.
    #[inline]
    pub fn is_variant(&self) -> bool {
        self.shape().class().is_variant()
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.0.values.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.values.is_empty()
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Str> + ExactSizeIterator {
        self.0.shape.keys()
    }

    /// The values, in the order of the keys.
    #[inline(always)]
    pub fn values(&self) -> &[Value] {
        &self.0.values
    }

    /// The entries, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Str, &Value)> + ExactSizeIterator {
        self.keys().zip(self.values())
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.shape().position(key).map(|position| &self.values()[position])
    }

    /// The value of a key whose hash may be known.
    #[inline]
    pub fn get_text(&self, key: &Str) -> Option<&Value> {
        self.shape().position_of(key).map(|position| &self.values()[position])
    }

    /// The values, to change them in place; copied first where there are other holders.
    #[inline]
    pub fn values_mut(&mut self) -> &mut [Value] {
        &mut self.0.make_mut().values
    }

    /// The values, to change them in place, where nobody else holds them.
    #[inline(always)]
    pub fn unique_values_mut(&mut self) -> Option<&mut [Value]> {
        self.0.get_mut().map(|body| body.values.as_mut_slice())
    }

    /// Sets a key; a new one comes last.
    pub fn insert(&mut self, key: Str, value: Value) {
        let body = self.0.make_mut();
        match body.shape.position_of(&key) {
            Some(position) => body.values[position] = value,
            None => {
                body.add_key(key);
                body.values.push(value);
            }
        }
    }

    /// The value of a key, to change it; inserted first where it is missing.
    pub fn entry(&mut self, key: &str, missing: impl FnOnce() -> Value) -> &mut Value {
        let body = self.0.make_mut();
        let position = match body.shape.position(key) {
            Some(position) => position,
            None => {
                body.add_key(Str::from(key));
                body.values.push(missing());
                body.values.len() - 1
            }
        };
        &mut body.values[position]
    }

    /// The record without these keys.
    pub fn without(&self, mut drop_key: impl FnMut(&str) -> bool) -> Record {
        let mut kept = Record::empty(self.shape().class());
        for (key, value) in self.iter().filter(|(key, _)| !drop_key(key)) {
            kept.insert(key.clone(), value.clone());
        }
        kept
    }

    /// Whether both are the same object in memory; a quick way to equality.
    pub fn same(&self, other: &Record) -> bool {
        self.0.same(&other.0)
    }

    /// A number that tells apart those that live at the same time.
    pub(super) fn address(&self) -> usize {
        self.0.address()
    }

    /// Whether nobody else holds the entries.
    pub fn is_unique(&self) -> bool {
        self.0.is_unique()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_share_a_shape() {
        let first = Record::from_entries([("id".into(), Value::Int(1)), ("gc".into(), Value::Nil)]);
        let second = Record::from_entries([("id".into(), Value::Int(2)), ("gc".into(), Value::Nil)]);
        let third = Record::from_entries([("gc".into(), Value::Int(2)), ("id".into(), Value::Nil)]);
        assert!(first.shape().is(second.shape()));
        assert!(!first.shape().is(third.shape()));
    }

    #[test]
    fn many_keys_leave_the_shared_shapes() {
        let mut counts = Record::empty(Class::Map);
        for number in 0..10_000 {
            counts.insert(Str::from(number.to_string()), Value::Int(number));
        }
        assert_eq!(counts.len(), 10_000);
        assert!(!counts.shape().is_shared());
        assert!(matches!(counts.get("9999"), Some(Value::Int(9999))));
        let copy = counts.clone();
        counts.insert(Str::from("new"), Value::Nil);
        assert_eq!((copy.len(), counts.len()), (10_000, 10_001));
        assert!(copy.get("new").is_none());
    }
}
