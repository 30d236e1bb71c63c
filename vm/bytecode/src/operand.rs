//! The operands of instructions: small typed numbers that the verifier can prove in range.

/// What an operand names; decides how it is verified and listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperandKind {
    /// A register of the current frame.
    Register,
    /// A distance in instructions, counted from the instruction after the jump.
    Jump,
    /// An entry of the program's constant table.
    Constant,
    /// An entry of the program's function table.
    Function,
    /// An entry of the program's table of imported builtins.
    Native,
    /// A variable of the top level, shared by all functions.
    Global,
    /// A variable that the running closure captured.
    Capture,
    /// An entry of the function's table of field names; the machine keeps an inline cache for each.
    FieldSite,
    /// An entry of the program's table of call sites with named or spread arguments.
    CallSite,
    /// An entry of the program's table of record shapes.
    Shape,
    /// An entry of the program's table of structs and variants of enums.
    Structure,
    /// A number of registers.
    Count,
    /// A literal integer.
    Integer,
    /// A type of the language, as the target of a cast.
    Type,
    /// An entry of the program's table of annotations.
    Annotation,
}

impl OperandKind {
    /// The kind in words, as the reference says it.
    pub const fn name(self) -> &'static str {
        match self {
            OperandKind::Register => "register",
            OperandKind::Jump => "jump",
            OperandKind::Constant => "constant",
            OperandKind::Function => "function",
            OperandKind::Native => "builtin",
            OperandKind::Global => "global",
            OperandKind::Capture => "capture",
            OperandKind::FieldSite => "field",
            OperandKind::CallSite => "call site",
            OperandKind::Shape => "shape",
            OperandKind::Structure => "structure",
            OperandKind::Count => "count",
            OperandKind::Integer => "integer",
            OperandKind::Type => "type",
            OperandKind::Annotation => "annotation",
        }
    }

    /// Whether the number may be negative.
    pub const fn is_signed(self) -> bool {
        matches!(self, OperandKind::Jump | OperandKind::Integer)
    }
}

/// An operand type: a newtype over a small integer.
pub trait Operand: Copy {
    /// What the operand names.
    const KIND: OperandKind;
    /// The operand as a plain number.
    fn to_number(self) -> i64;
    /// The operand from a plain number; `None` where it does not fit.
    fn from_number(number: i64) -> Option<Self>;
}

macro_rules! operands {
    ($($(#[$doc:meta])* $name:ident($integer:ty) is $kind:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(transparent)]
        pub struct $name(pub $integer);

        impl $name {
            /// The operand as an index.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl Operand for $name {
            const KIND: OperandKind = OperandKind::$kind;
            fn to_number(self) -> i64 {
                i64::from(self.0)
            }
            fn from_number(number: i64) -> Option<Self> {
                <$integer>::try_from(number).ok().map(Self)
            }
        }
    )*};
}

operands! {
    /// A register of the current frame.
    Register(u16) is Register;
    /// A jump over at most 2³¹ instructions.
    Jump(i32) is Jump;
    /// A jump that shares its instruction with two registers; the compiler falls back to [`Jump`] where it is too short.
    ShortJump(i16) is Jump;
    /// A constant of the program.
    Constant(u32) is Constant;
    /// A constant with a small index.
    ShortConstant(u16) is Constant;
    /// A function of the program.
    FunctionIndex(u16) is Function;
    /// A builtin that the program imports by name.
    NativeIndex(u16) is Native;
    /// A variable of the top level.
    Global(u32) is Global;
    /// A captured variable of the running closure.
    Capture(u16) is Capture;
    /// A place that reads or writes a field by name.
    FieldSite(u16) is FieldSite;
    /// A call with named or spread arguments.
    CallSiteIndex(u16) is CallSite;
    /// A record shape.
    ShapeIndex(u16) is Shape;
    /// A struct, or a variant of an enum.
    StructureIndex(u16) is Structure;
    /// A number of registers or arguments.
    Count(u16) is Count;
    /// A literal integer.
    Integer(i32) is Integer;
    /// A literal integer that shares its instruction with two registers.
    ShortInteger(i16) is Integer;
    /// The number of a [`crate::Type`].
    TypeIndex(u16) is Type;
    /// A type as a parameter declares it.
    AnnotationIndex(u16) is Annotation;
}

/// Where the jump at that index of the code goes on; outside the code, or even negative, in a program that does not
/// verify.
pub const fn jump_target(index: usize, distance: i64) -> i64 {
    (index as i64).saturating_add(1).saturating_add(distance)
}

impl Register {
    /// The register `distance` places further.
    pub const fn offset(self, distance: u16) -> Register {
        Register(self.0.wrapping_add(distance))
    }
}
