//! The codes of the front end's diagnostics. A code never changes its meaning.
//!
//! `E00xx` come from the lexer, `E01xx` from the parser; later stages continue with `E02xx`.

/// A character that has no meaning here.
pub const UNEXPECTED_CHARACTER: &str = "E0001";
/// A string, f-string or sequence literal without end.
pub const UNTERMINATED_STRING: &str = "E0002";
/// A number that is none, or that does not fit.
pub const INVALID_NUMBER: &str = "E0003";
/// A `\u{…}` that names no character.
pub const INVALID_ESCAPE: &str = "E0004";
/// A letter outside the alphabet of a sequence literal.
pub const INVALID_SEQUENCE: &str = "E0005";
/// A regex without end, with unknown flags, or with a pattern that is none.
pub const INVALID_REGEX: &str = "E0006";
/// A brace of an f-string at the wrong place.
pub const INVALID_INTERPOLATION: &str = "E0007";
/// The text is larger than the front end can address.
pub const SOURCE_TOO_LARGE: &str = "E0008";

/// A statement that would end a `parallel for` loop.
pub const LEAVES_PARALLEL_LOOP: &str = "E0331";
/// Something else was expected.
pub const UNEXPECTED_TOKEN: &str = "E0101";
/// Two statements without a separator.
pub const MISSING_SEPARATOR: &str = "E0102";
/// Brackets, blocks or operators nested too deeply.
pub const TOO_DEEP: &str = "E0103";
/// `break` or `continue` where there is no loop to leave.
pub const OUTSIDE_LOOP: &str = "E0104";
/// `yield` outside of a generator.
pub const OUTSIDE_GENERATOR: &str = "E0105";
/// The left side of an assignment is none.
pub const INVALID_TARGET: &str = "E0106";
/// A closing bracket is missing.
pub const UNCLOSED: &str = "E0107";
/// A name that nothing declares.
pub const UNDEFINED: &str = "E0201";
/// An assignment to a `const`.
pub const CONST_ASSIGNED: &str = "E0202";
/// An assignment to a builtin.
pub const BUILTIN_ASSIGNED: &str = "E0203";
/// A call that a known function or builtin cannot take.
pub const WRONG_ARGUMENTS: &str = "E0204";
/// A type name that means nothing.
pub const UNKNOWN_TYPE: &str = "E0205";
/// An `impl` without a method that its trait demands.
pub const MISSING_METHOD: &str = "E0206";
/// Alternatives of a pattern that bind different names.
pub const UNEQUAL_ALTERNATIVES: &str = "E0290";
/// A part of the language that this version does not run yet.
pub const NOT_SUPPORTED: &str = "E0301";
/// More functions, registers or constants than bytecode can name.
pub const TOO_LARGE: &str = "E0302";
/// An import of a module that is not there.
pub const MODULE_NOT_FOUND: &str = "E0340";
/// A module that imports itself, or one that imports it.
pub const CIRCULAR_IMPORT: &str = "E0341";
/// A module that is there but cannot be read as a script.
pub const MODULE_UNREADABLE: &str = "E0342";
/// A name that a module does not have.
pub const NOT_IN_MODULE: &str = "E0343";
/// A name that a module keeps for itself.
pub const PRIVATE_NAME: &str = "E0344";
/// Modules that import each other in too long a chain, or too many of them.
pub const TOO_MANY_MODULES: &str = "E0345";
/// A decorator that nothing declares.
pub const UNKNOWN_DECORATOR: &str = "E0350";
/// Arguments that a decorator of the language does not take.
pub const DECORATOR_ARGUMENTS: &str = "E0351";
/// A decorator before something that it cannot decorate.
pub const MISPLACED_DECORATOR: &str = "E0352";
/// A `type` that leads back to itself.
pub const CYCLIC_ALIAS: &str = "E0353";
/// An assignment to a captured variable in code that runs in parallel.
pub const PARALLEL_ASSIGNMENT: &str = "E0360";
/// The body of a `guard` that reaches its end.
pub const GUARD_FALLS_THROUGH: &str = "E0361";
/// Two parameters or fields of one name.
pub const REPEATED_PARAMETER: &str = "E0370";
/// A `let` that shadows a variable and reads it.
pub const LOST_UPDATE: &str = "W0001";
/// A variable that is never read.
pub const UNUSED: &str = "W0002";
/// A literal that contradicts its annotation.
pub const CONTRADICTED_ANNOTATION: &str = "W0004";
/// Two functions of one name in one scope.
pub const FUNCTION_REPLACED: &str = "W0003";
/// A pipeline with parameters that nothing can call.
pub const UNREACHABLE_PIPELINE: &str = "W0350";
/// An annotation with a type that nothing declares.
pub const UNKNOWN_ANNOTATION: &str = "W0006";
/// A statement that nothing reaches.
pub const UNREACHABLE: &str = "W0005";
