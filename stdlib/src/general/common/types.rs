//! The type sets that many signatures use.

use biovm_bytecode::{Type, TypeSet};

/// Every type.
pub const ANY: TypeSet = TypeSet::ANY;
/// No value.
pub const NIL: TypeSet = TypeSet::one(Type::Nil);
/// `true` or `false`.
pub const BOOL: TypeSet = TypeSet::one(Type::Bool);
/// Int.
pub const INT: TypeSet = TypeSet::one(Type::Int);
/// Float.
pub const FLOAT: TypeSet = TypeSet::one(Type::Float);
/// Int and Float. Where a builtin wants an Int it takes a Float without a fraction, so this is the set for sizes too.
pub const NUMBER: TypeSet = TypeSet::NUMBER;
/// Str.
pub const STR: TypeSet = TypeSet::one(Type::Str);
/// List.
pub const LIST: TypeSet = TypeSet::one(Type::List);
/// Set.
pub const SET: TypeSet = TypeSet::one(Type::Set);
/// Record and Map.
pub const RECORD: TypeSet = TypeSet::RECORD;
/// Map.
pub const MAP: TypeSet = TypeSet::one(Type::Map);
/// Function.
pub const FUNCTION: TypeSet = TypeSet::one(Type::Function);
/// Stream.
pub const STREAM: TypeSet = TypeSet::one(Type::Stream);
/// Table.
pub const TABLE: TypeSet = TypeSet::one(Type::Table);
/// A table, or what can be read as one: a list or stream of records.
pub const ROWS: TypeSet = TypeSet::of(&[Type::List, Type::Stream, Type::Table]);
/// DNA, RNA and Protein, and text.
pub const TEXTUAL: TypeSet = TypeSet::SEQUENCE;
/// Everything that `for` iterates.
pub const ITEMS: TypeSet = TypeSet::COLLECTION.or(TypeSet::RECORD).or(TypeSet::SEQUENCE).and(Type::Quality);
/// What may hold numbers: the `NumColl` of the specification.
pub const NUMBERS: TypeSet = TypeSet::of(&[
    Type::Quality,
    Type::List,
    Type::Tuple,
    Type::Set,
    Type::Range,
    Type::Stream,
    Type::Vector,
]);
/// A field or column, or the names of several.
pub const NAMES: TypeSet = TypeSet::of(&[Type::Str, Type::List]);
