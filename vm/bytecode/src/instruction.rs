//! The instruction table.
//!
//! An instruction is declared once, below: its name, its operands and its meaning. The `Instruction` type,
//! its encoding, its verification, its listing and the reference page of the book all follow from this table.
//!
//! An instruction is eight bytes: the opcode, then its operands. `r[x]` in a meaning is the register `x` of the
//! current frame. A *window* is a run of neighbouring registers: a call finds its callee at the window's start
//! and the arguments behind it, and leaves the result where the callee was.

use crate::operand::*;

macro_rules! instructions {
    ($($(#[doc = $meaning:literal])+ $name:ident { $($operand:ident: $operand_type:ty),* $(,)? })*) => {
        /// One instruction of the register machine.
        // A meaning such as `r[destination]` is no link.
        #[expect(rustdoc::broken_intra_doc_links)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8, align(8))]
        pub enum Instruction {
            $($(#[doc = $meaning])+ $name {
                $(#[doc = concat!("operand `", stringify!($operand), "`")] $operand: $operand_type),*
            },)*
        }

        /// The kind of an instruction, without its operands.
        #[expect(rustdoc::broken_intra_doc_links)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Opcode {
            $($(#[doc = $meaning])+ $name,)*
        }

        impl Opcode {
            /// All opcodes, in the order of their numbers.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$name),*];

            /// The name, as the listing shows it.
            pub const fn name(self) -> &'static str {
                match self { $(Opcode::$name => stringify!($name),)* }
            }

            /// What the instruction does.
            pub const fn meaning(self) -> &'static str {
                match self { $(Opcode::$name => concat!($($meaning),+),)* }
            }

            /// The names and kinds of the operands, in order.
            pub const fn operands(self) -> &'static [(&'static str, OperandKind)] {
                match self {
                    $(Opcode::$name => &[$((stringify!($operand), <$operand_type as Operand>::KIND)),*],)*
                }
            }
        }

        impl Instruction {
            /// The kind of this instruction.
            pub const fn opcode(&self) -> Opcode {
                match self { $(Instruction::$name { .. } => Opcode::$name,)* }
            }

            /// Calls `visit` with the name, kind and number of each operand, in order.
            pub fn visit_operands(&self, mut visit: impl FnMut(&'static str, OperandKind, i64)) {
                match *self {
                    $(Instruction::$name { $($operand),* } => {
                        $(visit(stringify!($operand), <$operand_type as Operand>::KIND, $operand.to_number());)*
                    })*
                }
                // Instructions without operands leave the closure unused.
                let _ = &mut visit;
            }

            /// Builds an instruction from its opcode and the numbers of its operands, taken in order from `next`.
            /// `None` where a number is missing or does not fit.
            pub fn from_operands(opcode: Opcode, mut next: impl FnMut() -> Option<i64>) -> Option<Instruction> {
                let _ = &mut next;
                Some(match opcode {
                    $(Opcode::$name => Instruction::$name {
                        $($operand: <$operand_type as Operand>::from_number(next()?)?),*
                    },)*
                })
            }
        }
    };
}

instructions! {
    // Loads and moves.

    /// r[destination] = r[source]
    Move { destination: Register, source: Register }
    /// r[destination] = r[source]; r[source] = nil. Keeps the only reference the only one, so that writes stay in place.
    Take { destination: Register, source: Register }
    /// r[destination] = nil
    LoadNil { destination: Register }
    /// r[destination] = true
    LoadTrue { destination: Register }
    /// r[destination] = false
    LoadFalse { destination: Register }
    /// r[destination] = value
    LoadInteger { destination: Register, value: Integer }
    /// r[destination] = the constant
    LoadConstant { destination: Register, constant: Constant }
    /// r[destination] = the builtin, as a function value
    LoadNative { destination: Register, native: NativeIndex }
    /// r[destination] = the variable of the top level
    LoadGlobal { destination: Register, global: Global }
    /// r[destination] = the variable of the top level, nil where it has no value yet
    LoadGlobalOrNil { destination: Register, global: Global }
    /// r[destination] = the function that is a module's top level, from the global that holds it, or nil where it has run
    LoadModule { destination: Register, global: Global }
    /// the variable of the top level = r[source], which becomes nil
    StoreGlobal { source: Register, global: Global }
    /// r[destination] = the variable of the top level, which becomes nil
    TakeGlobal { destination: Register, global: Global }
    /// r[destination] = a new cell, shared by this frame and the closures that capture it, holding nil
    NewCell { destination: Register }
    /// r[destination] = the content of the cell r[cell]
    LoadCell { destination: Register, cell: Register }
    /// the content of the cell r[cell] = r[source], which becomes nil
    StoreCell { cell: Register, source: Register }
    /// r[destination] = the content of the cell r[cell], which becomes nil
    TakeCell { destination: Register, cell: Register }
    /// r[destination] = the captured value
    LoadCapture { destination: Register, capture: Capture }
    /// r[destination] = the content of the captured cell
    LoadCaptureCell { destination: Register, capture: Capture }
    /// r[destination] = the content of the captured cell, which becomes nil
    TakeCaptureCell { destination: Register, capture: Capture }
    /// the content of the captured cell = r[source], which becomes nil
    StoreCaptureCell { source: Register, capture: Capture }
    /// r[destination] = a closure of the function over the variables that it captures
    NewClosure { destination: Register, function: FunctionIndex }

    // Arithmetic.

    /// r[destination] = r[left] + r[right]
    Add { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left] - r[right]
    Subtract { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left] * r[right]
    Multiply { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left] / r[right]: an Int where the quotient is exact, else a Float
    Divide { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left] // r[right], truncated toward zero
    IntegerDivide { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left] % r[right], with the sign of r[left]
    Modulo { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left] ** r[right]
    Power { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left] + value
    AddInteger { destination: Register, left: Register, value: ShortInteger }
    /// r[destination] = r[left] - value
    SubtractInteger { destination: Register, left: Register, value: ShortInteger }
    /// r[destination] = r[left] * value
    MultiplyInteger { destination: Register, left: Register, value: ShortInteger }
    /// r[destination] = r[left] % value
    ModuloInteger { destination: Register, left: Register, value: ShortInteger }
    /// r[destination] = r[left] + the constant number
    AddConstant { destination: Register, left: Register, constant: ShortConstant }
    /// r[destination] = r[left] - the constant number
    SubtractConstant { destination: Register, left: Register, constant: ShortConstant }
    /// r[destination] = r[left] * the constant number
    MultiplyConstant { destination: Register, left: Register, constant: ShortConstant }
    /// r[destination] = r[left] / the constant number
    DivideConstant { destination: Register, left: Register, constant: ShortConstant }
    /// r[destination] = r[left] // the constant number
    IntegerDivideConstant { destination: Register, left: Register, constant: ShortConstant }
    /// r[destination] = r[left] % the constant number
    ModuloConstant { destination: Register, left: Register, constant: ShortConstant }
    /// r[destination] = the constant number + r[right]
    ConstantAdd { destination: Register, constant: ShortConstant, right: Register }
    /// r[destination] = the constant number - r[right]
    ConstantSubtract { destination: Register, constant: ShortConstant, right: Register }
    /// r[destination] = the constant number * r[right]
    ConstantMultiply { destination: Register, constant: ShortConstant, right: Register }
    /// r[destination] = the constant number / r[right]
    ConstantDivide { destination: Register, constant: ShortConstant, right: Register }
    /// r[destination] = -r[source]
    Negate { destination: Register, source: Register }
    /// r[destination] = not r[source], a Bool
    Not { destination: Register, source: Register }
    /// r[destination] = whether r[source] is truthy, a Bool
    Truth { destination: Register, source: Register }
    /// r[destination] = r[left] & r[right]
    BitAnd { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left] ^ r[right]
    BitXor { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left] << r[right]
    ShiftLeft { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left] >> r[right]
    ShiftRight { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left] ++ r[right]
    Concatenate { destination: Register, left: Register, right: Register }

    // Comparison.

    /// r[destination] = r[left] == r[right]
    Equal { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left] != r[right]
    NotEqual { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left] < r[right]
    Less { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left] <= r[right]
    LessEqual { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left] > r[right]
    Greater { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left] >= r[right]
    GreaterEqual { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left] in r[right]
    Contains { destination: Register, left: Register, right: Register }

    // Jumps.

    /// go on at the target
    Jump { target: Jump }
    /// go on at the target if r[condition] is truthy
    JumpIfTrue { condition: Register, target: Jump }
    /// go on at the target if r[condition] is falsy
    JumpIfFalse { condition: Register, target: Jump }
    /// go on at the target if r[condition] is nil
    JumpIfNil { condition: Register, target: Jump }
    /// go on at the target if r[condition] is not nil
    JumpIfNotNil { condition: Register, target: Jump }
    /// go on at the target if r[left] == r[right]
    JumpIfEqual { left: Register, right: Register, target: ShortJump }
    /// go on at the target if r[left] != r[right]
    JumpIfNotEqual { left: Register, right: Register, target: ShortJump }
    /// go on at the target if r[left] < r[right]
    JumpIfLess { left: Register, right: Register, target: ShortJump }
    /// go on at the target unless r[left] < r[right]
    JumpUnlessLess { left: Register, right: Register, target: ShortJump }
    /// go on at the target if r[left] <= r[right]
    JumpIfLessEqual { left: Register, right: Register, target: ShortJump }
    /// go on at the target unless r[left] <= r[right]
    JumpUnlessLessEqual { left: Register, right: Register, target: ShortJump }
    /// go on at the target if r[left] > r[right]
    JumpIfGreater { left: Register, right: Register, target: ShortJump }
    /// go on at the target unless r[left] > r[right]
    JumpUnlessGreater { left: Register, right: Register, target: ShortJump }
    /// go on at the target if r[left] >= r[right]
    JumpIfGreaterEqual { left: Register, right: Register, target: ShortJump }
    /// go on at the target unless r[left] >= r[right]
    JumpUnlessGreaterEqual { left: Register, right: Register, target: ShortJump }
    /// go on at the target if r[left] == value
    JumpIfEqualInteger { left: Register, value: ShortInteger, target: ShortJump }
    /// go on at the target if r[left] != value
    JumpIfNotEqualInteger { left: Register, value: ShortInteger, target: ShortJump }
    /// go on at the target if r[left] < value
    JumpIfLessInteger { left: Register, value: ShortInteger, target: ShortJump }
    /// go on at the target if r[left] <= value
    JumpIfLessEqualInteger { left: Register, value: ShortInteger, target: ShortJump }
    /// go on at the target if r[left] > value
    JumpIfGreaterInteger { left: Register, value: ShortInteger, target: ShortJump }
    /// go on at the target if r[left] >= value
    JumpIfGreaterEqualInteger { left: Register, value: ShortInteger, target: ShortJump }
    /// go on at the target unless r[left] < value
    JumpUnlessLessInteger { left: Register, value: ShortInteger, target: ShortJump }
    /// go on at the target unless r[left] <= value
    JumpUnlessLessEqualInteger { left: Register, value: ShortInteger, target: ShortJump }
    /// go on at the target unless r[left] > value
    JumpUnlessGreaterInteger { left: Register, value: ShortInteger, target: ShortJump }
    /// go on at the target unless r[left] >= value
    JumpUnlessGreaterEqualInteger { left: Register, value: ShortInteger, target: ShortJump }
    /// go on at the target if r[left] == nil
    JumpIfEqualNil { left: Register, target: Jump }
    /// go on at the target if r[left] != nil
    JumpIfNotEqualNil { left: Register, target: Jump }
    /// go on at the target if r[left] == the constant
    JumpIfEqualConstant { left: Register, constant: ShortConstant, target: ShortJump }
    /// go on at the target if r[left] != the constant
    JumpIfNotEqualConstant { left: Register, constant: ShortConstant, target: ShortJump }
    /// go on at the target if r[left] < the constant
    JumpIfLessConstant { left: Register, constant: ShortConstant, target: ShortJump }
    /// go on at the target unless r[left] < the constant
    JumpUnlessLessConstant { left: Register, constant: ShortConstant, target: ShortJump }
    /// go on at the target if r[left] <= the constant
    JumpIfLessEqualConstant { left: Register, constant: ShortConstant, target: ShortJump }
    /// go on at the target unless r[left] <= the constant
    JumpUnlessLessEqualConstant { left: Register, constant: ShortConstant, target: ShortJump }
    /// go on at the target if r[left] > the constant
    JumpIfGreaterConstant { left: Register, constant: ShortConstant, target: ShortJump }
    /// go on at the target unless r[left] > the constant
    JumpUnlessGreaterConstant { left: Register, constant: ShortConstant, target: ShortJump }
    /// go on at the target if r[left] >= the constant
    JumpIfGreaterEqualConstant { left: Register, constant: ShortConstant, target: ShortJump }
    /// go on at the target unless r[left] >= the constant
    JumpUnlessGreaterEqualConstant { left: Register, constant: ShortConstant, target: ShortJump }

    // Loops. Three registers from `base`: the state, the state, the loop variable.

    /// r[base] = first Int of the counted loop, r[base + 1] = exclusive end; r[base + 2] = first, or go on at exit if there is none
    CountStart { base: Register, exit: Jump }
    /// the same with the inclusive end r[base + 1]
    CountStartInclusive { base: Register, exit: Jump }
    /// begins a loop over range(r[base], r[base + 1]) as CountStart does and leaves out the next instruction; goes on there unless both are Ints
    RangeStart { base: Register, exit: Jump }
    /// begins a loop over range(r[base], r[base + 1], r[base + 3]) and leaves out the next instruction; goes on there unless all three are Ints
    RangeStartBy { base: Register, exit: Jump }
    /// the next Int into r[base + 2] and on at the target, or fall through after the last; where r[base] is a List, as IterateAgain
    CountNext { base: Register, target: Jump }
    /// the same with the step r[base + 3]
    CountNextBy { base: Register, target: Jump }
    /// r[base] is to be iterated, r[base + 1] = position 0
    IterateStart { base: Register }
    /// the next item of r[base] into r[base + 2], or go on at exit
    IterateNext { base: Register, exit: Jump }
    /// the next item of r[base] into r[base + 2] and on at the target, or fall through after the last, with r[base] = nil
    IterateAgain { base: Register, target: Jump }
    /// the same for the List r[base], which loses its items where it has one holder
    IterateTake { base: Register, target: Jump }
    /// go on at the target unless r[source] is a List, and no type has methods for operators
    JumpUnlessList { source: Register, target: Jump }
    /// go on at the target if r[source] is an Int
    JumpIfInteger { source: Register, target: Jump }
    /// r[total] = r[total] + r[source] where both are Ints and the sum fits; else r[total] is a List that keeps what is still to be added
    AddToTotal { total: Register, source: Register }
    /// the next key and value of the record r[base], or the next two-element item, into r[base + 2] and r[base + 3], or go on at exit
    IterateNextPair { base: Register, exit: Jump }

    // Building values.

    /// r[destination] = a List of the `count` registers from `start`, which become nil
    NewList { destination: Register, start: Register, count: Count }
    /// r[destination] = a List without items, with room for as many as the List r[source] has
    NewListFor { destination: Register, source: Register }
    /// r[destination] = a Tuple of the `count` registers from `start`, which become nil
    NewTuple { destination: Register, start: Register, count: Count }
    /// r[destination] = a Set of the `count` registers from `start`, which become nil
    NewSet { destination: Register, start: Register, count: Count }
    /// r[destination] = a Record with the keys of the shape and the values from `start`, which become nil
    NewRecord { destination: Register, shape: ShapeIndex, start: Register }
    /// r[destination] = a value of the struct or variant with the fields from `start`, which become nil
    NewStructure { destination: Register, structure: StructureIndex, start: Register }
    /// r[destination] = an empty Map
    NewMap { destination: Register }
    /// r[destination] = r[left]..r[right]
    NewRange { destination: Register, left: Register, right: Register }
    /// r[destination] = r[left]..=r[right]
    NewInclusiveRange { destination: Register, left: Register, right: Register }
    /// where r[list] is a List with one holder, it gets r[source], which becomes nil, as its last item, and goes on at the target
    AppendInPlace { list: Register, source: Register, target: ShortJump }
    /// where r[list] is a List with one holder, it loses its last item, if it has one, and goes on at the target
    DropLastInPlace { list: Register, target: Jump }
    /// the List r[list] gets r[source], which becomes nil, as its last item
    Append { list: Register, source: Register }
    /// the List r[list] gets all items of r[source]
    Extend { list: Register, source: Register }
    /// the record or map r[record] gets the key r[key] with r[value]
    Insert { record: Register, key: Register, value: Register }
    /// the record r[record] gets all entries of r[source]
    Merge { record: Register, source: Register }
    /// r[destination] = the Tuple of the items of the List r[source]
    ListToTuple { destination: Register, source: Register }
    /// r[destination] = the Set of the items of the List r[source]
    ListToSet { destination: Register, source: Register }
    /// r[destination] = the texts of the `count` registers from `start`, joined
    Interpolate { destination: Register, start: Register, count: Count }
    /// r[destination] = r[source] as text, by the format specification
    Format { destination: Register, source: Register, specification: ShortConstant }
    /// r[destination] = r[source] as the type
    Cast { destination: Register, source: Register, to: TypeIndex }

    // Parts of values.

    /// r[destination] = r[object][r[index]]
    GetIndex { destination: Register, object: Register, index: Register }
    /// r[destination] = r[object][r[index]], or nil where r[object] is a Record or Map without that key
    GetIndexOrNil { destination: Register, object: Register, index: Register }
    /// r[destination] = the value of the key r[key], where r[object] is a Record or Map and has it; else a mark
    FindKey { destination: Register, object: Register, key: Register }
    /// r[destination] = whether the Record or Map r[object] has the key r[key]; a mark where they are something else
    HasKey { destination: Register, object: Register, key: Register }
    /// go on at the target unless r[found] is the mark of FindKey or HasKey
    JumpIfFound { found: Register, target: Jump }
    /// r[destination] = r[object][r[index]], which only the next instruction reads: an index or field of r[destination], done here too where both are plain
    GetIndexThrough { destination: Register, object: Register, index: Register }
    /// r[object][r[index]] = r[value], which becomes nil; in place where r[object] is the only holder
    SetIndex { object: Register, index: Register, value: Register }
    /// r[destination] = r[object][r[index]], which becomes nil where r[object] is a List with one holder: for updates in place
    TakeIndex { destination: Register, object: Register, index: Register }
    /// r[destination] = the field of r[object]
    GetField { destination: Register, object: Register, field: FieldSite }
    /// r[destination] = the field of r[object], which becomes nil where r[object] is the only holder: for updates in place
    TakeField { destination: Register, object: Register, field: FieldSite }
    /// r[destination] = the field of r[object], or nil where r[object] is nil or has none
    GetFieldOrNil { destination: Register, object: Register, field: FieldSite }
    /// the field of r[object] = r[value], which becomes nil; in place where r[object] is the only holder
    SetField { object: Register, field: FieldSite, value: Register }
    /// r[destination] = the slice of r[object] by start, end and step in the registers from `bounds`; nil where left out
    Slice { destination: Register, object: Register, bounds: Register }
    /// r[destination] = item number `index` of the list, tuple or record r[object], or nil where it has fewer
    GetItemOrNil { destination: Register, object: Register, index: ShortInteger }
    /// r[destination] = the items of r[object] from number `index` on, as a List
    GetRest { destination: Register, object: Register, index: ShortInteger }
    /// r[destination] = the record r[object] without the keys of the shape
    GetOtherFields { destination: Register, object: Register, shape: ShapeIndex }
    /// raises unless r[source] can be taken apart as a list (form 0), a tuple (1) or a record (2), or has fields for `with` (3)
    CheckDestructure { source: Register, form: ShortInteger }

    // Patterns.

    /// r[destination] = whether r[source] lies between r[bounds] and r[bounds + 1], which belongs to the range if r[bounds + 2] is truthy
    MatchRange { destination: Register, source: Register, bounds: Register }
    /// r[destination] = whether r[source] is a List of `count` items, or of at least -1 - `count` items where `count` is negative
    MatchList { destination: Register, source: Register, count: ShortInteger }
    /// r[destination] = whether r[source] is a Tuple of `count` items, or of at least -1 - `count` items where `count` is negative
    MatchTuple { destination: Register, source: Register, count: ShortInteger }
    /// r[destination] = whether r[source] is a Record or Map with all keys of the shape
    MatchFields { destination: Register, source: Register, shape: ShapeIndex }
    /// r[destination] = whether r[source] is a value of the struct or variant
    MatchStructure { destination: Register, source: Register, structure: StructureIndex }
    /// r[destination] = whether r[source] is of the type
    MatchType { destination: Register, source: Register, of: TypeIndex }

    /// r[destination] = r[source]; where that is a List or Tuple of as many items as the shape has keys, a Record of them
    NameItems { destination: Register, source: Register, shape: ShapeIndex }
    /// raises an error with the text r[source]: a TypeError (kind 0) or AssertionFailed (kind 1)
    Raise { source: Register, kind: ShortInteger }
    /// raises the caught error r[source] again, with the constant text before its message
    RaiseWithin { source: Register, prefix: Constant }
    /// raises a TypeError unless r[parameter] is what the annotation demands
    CheckArgument { parameter: Register, annotation: AnnotationIndex }

    // Memories: the results that a function has given before.

    /// r[destination] = a memory without results, which keeps the last `limit` of them, or all where `limit` is 0
    NewMemory { destination: Register, limit: Integer }
    /// r[destination] = a Tuple of the result that the captured memory has for the arguments r[key], a Tuple; nil where it has none
    Recall { destination: Register, key: Register, memory: Capture }
    /// the captured memory keeps r[value] as the result for the arguments r[key], a Tuple
    Remember { key: Register, value: Register, memory: Capture }
    /// raises the NameError of the variable r[start], a Str; of the `count` registers, the others hold names that may have been meant: as keys of records, or as Str
    RaiseUndefined { start: Register, count: Count }

    // Calls.

    /// calls r[base] with the `count` arguments behind it; the result goes to r[base]
    Call { base: Register, count: Count }
    /// calls r[callee], which stays there until the call ends, with the `count` arguments behind r[base]; the result goes to r[base]
    CallRegister { base: Register, count: Count, callee: Register }
    /// the same with a captured variable
    CallCapture { base: Register, count: Count, callee: Capture }
    /// calls the function, which captures nothing, with the `count` arguments behind r[base]; the result goes to r[base]
    CallFunction { base: Register, count: Count, function: FunctionIndex }
    /// calls the builtin with the `count` arguments behind r[base]; the result goes to r[base]
    CallNative { base: Register, count: Count, native: NativeIndex }
    /// r[destination] = the builtin, called with r[argument] alone
    CallDirect { destination: Register, argument: Register, native: NativeIndex }
    /// calls the method `name` of r[base + 1] with `count` arguments, r[base + 1] being the first; r[base] is the function in scope of that name, or nil
    CallMethod { base: Register, count: Count, name: FieldSite }
    /// calls r[base] with the arguments behind it, some of them named or spread as the call site says; the result goes to r[base]
    CallWith { base: Register, site: CallSiteIndex }
    /// the values of the type or struct r[owner], a Str, get the method `name`, which is r[method]
    DefineMethod { owner: Register, method: Register, name: FieldSite }
    /// calls the functions of the List r[list], the last one first, and leaves nil; the first error is raised when all have run
    RunDeferred { list: Register }
    /// ends the call with a Stream as its result; what follows runs as far as the stream is read
    StartGenerator {}
    /// ends the call with a Future as its result; what follows runs on another thread
    StartTask {}
    /// r[source] is the next item of the generator's stream; goes on when the one after it is wanted
    Yield { source: Register }
    /// r[destination] = the result of the Future r[source], when it has one; any other value is its own result
    Await { destination: Register, source: Register }
    /// ends the function with the result r[source]
    Return { source: Register }
    /// ends the function with the result nil
    ReturnNil {}
    /// goes on at the target if argument number `parameter` was given; the code in between computes its default
    JumpIfGiven { parameter: Register, target: Jump }
}
