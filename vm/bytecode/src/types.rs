//! The types of the language, by name.

use std::fmt;

macro_rules! types {
    ($($name:ident $text:literal,)*) => {
        /// A type of the language: what `typeof` names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Type { $(#[doc = concat!("`", $text, "`")] $name,)* }

        impl Type {
            /// All types, in the order of their numbers.
            pub const ALL: &'static [Type] = &[$(Type::$name),*];

            /// The name that `typeof` returns.
            pub const fn name(self) -> &'static str {
                match self { $(Type::$name => $text,)* }
            }
        }
    };
}

types! {
    Nil "Nil", Bool "Bool", Int "Int", Float "Float", Str "Str",
    Dna "DNA", Rna "RNA", Protein "Protein", Quality "Quality",
    List "List", Tuple "Tuple", Set "Set", Record "Record", Map "Map", Range "Range",
    Regex "Regex", Function "Function", Stream "Stream", Future "Future",
    Table "Table", Matrix "Matrix", SparseMatrix "SparseMatrix",
    Interval "Interval", Kmer "Kmer", Gene "Gene", Variant "Variant", Genome "Genome", AlignedRead "AlignedRead",
    Enum "Enum", Formula "Formula", Error "Error",
    Timer "Timer", Vector "Vector", Date "Date", Category "Category", Database "Db", Graph "Graph",
}

impl Type {
    /// The type with that name, where there is one. `String`, `Fn` and the like are other names of a type.
    pub fn from_name(name: &str) -> Option<Type> {
        match name {
            "String" => Some(Type::Str),
            "Fn" => Some(Type::Function),
            _ => Type::ALL.iter().copied().find(|candidate| candidate.name() == name),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A set of types, as a parameter accepts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypeSet(u64);

impl TypeSet {
    /// Every type.
    pub const ANY: TypeSet = TypeSet(u64::MAX);
    /// Int and Float.
    pub const NUMBER: TypeSet = TypeSet::of(&[Type::Int, Type::Float]);
    /// What iterates over items: the `Coll` of the specification.
    pub const COLLECTION: TypeSet = TypeSet::of(&[
        Type::List,
        Type::Range,
        Type::Set,
        Type::Tuple,
        Type::Vector,
        Type::Table,
        Type::Stream,
    ]);
    /// DNA, RNA and text of nucleotide letters.
    pub const NUCLEOTIDES: TypeSet = TypeSet::of(&[Type::Dna, Type::Rna, Type::Str]);
    /// Every sequence type, and text of its letters.
    pub const SEQUENCE: TypeSet = TypeSet::of(&[Type::Dna, Type::Rna, Type::Protein, Type::Str]);
    /// Record and Map.
    pub const RECORD: TypeSet = TypeSet::of(&[Type::Record, Type::Map]);

    /// The set of these types.
    pub const fn of(types: &[Type]) -> TypeSet {
        let mut bits = 0;
        let mut index = 0;
        while index < types.len() {
            bits |= 1 << types[index] as u64;
            index += 1;
        }
        TypeSet(bits)
    }

    /// The set of one type.
    pub const fn one(of: Type) -> TypeSet {
        TypeSet(1 << of as u64)
    }

    /// The types of either set.
    pub const fn or(self, other: TypeSet) -> TypeSet {
        TypeSet(self.0 | other.0)
    }

    /// This set and one more type.
    pub const fn and(self, other: Type) -> TypeSet {
        TypeSet(self.0 | 1 << other as u64)
    }

    /// This set without a type.
    pub const fn without(self, other: Type) -> TypeSet {
        TypeSet(self.0 & !(1 << other as u64))
    }

    /// Whether the type is in the set.
    pub const fn contains(self, candidate: Type) -> bool {
        self.0 & (1 << candidate as u64) != 0
    }

    /// The types of the set, in the order of their numbers.
    pub fn iter(self) -> impl Iterator<Item = Type> {
        Type::ALL.iter().copied().filter(move |candidate| self.contains(*candidate))
    }
}

/// `List, Stream, or Table`, as messages say it; `Any` for every type.
impl fmt::Display for TypeSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == TypeSet::ANY {
            return formatter.write_str("Any");
        }
        let names: Vec<_> = self.iter().map(Type::name).collect();
        match names.as_slice() {
            [] => formatter.write_str("nothing"),
            [one] => formatter.write_str(one),
            [one, other] => write!(formatter, "{one} or {other}"),
            [firsts @ .., last] => write!(formatter, "{}, or {last}", firsts.join(", ")),
        }
    }
}
