//! Tests of a value's type.

use super::common::types::*;
use biovm_bytecode::Type;
use biovm_vm::{Call, Error, Native, Value, native, required};

macro_rules! predicates {
    ($($function:ident $name:literal $types:pat, $doc:literal, $example:literal $output:literal;)*) => {
        $(fn $function(call: &mut Call) -> Result<Value, Error> {
            Ok(Value::Bool(matches!(call.argument(0).type_of(), $types)))
        })*

        /// The builtins of this module.
        pub const NATIVES: &[Native] = &[$(
            native($name, $function)
                .section("Type tests")
                .parameters(&[required("x", ANY)])
                .returns(BOOL)
                .doc($doc)
                .example($example, $output)
                .pure(),
        )*];
    };
}

predicates! {
    is_nil "is_nil" Type::Nil, "Whether the value is nil.", "is_nil(nil)" "true";
    is_bool "is_bool" Type::Bool, "Whether the value is true or false.", "is_bool(1)" "false";
    is_int "is_int" Type::Int, "Whether the value is an Int.", "is_int(1.0)" "false";
    is_float "is_float" Type::Float, "Whether the value is a Float.", "is_float(1.0)" "true";
    is_num "is_num" Type::Int | Type::Float, "Whether the value is an Int or a Float.", "is_num(1)" "true";
    is_str "is_str" Type::Str, "Whether the value is a Str.", r#"is_str("a")"# "true";
    is_list "is_list" Type::List, "Whether the value is a List; a Range is none.", "is_list(1..3)" "false";
    is_record "is_record" Type::Record | Type::Map, "Whether the value is a Record or a Map.", "is_record({a: 1})" "true";
    is_map "is_map" Type::Map, "Whether the value is a Map, as grouping makes it; a Record is none.", "is_map({a: 1})" "false";
    is_set "is_set" Type::Set, "Whether the value is a Set.", "is_set(set([1]))" "true";
    is_tuple "is_tuple" Type::Tuple, "Whether the value is a Tuple.", "is_tuple((1, 2))" "true";
    is_range "is_range" Type::Range, "Whether the value is a Range.", "is_range(1..3)" "true";
    is_table "is_table" Type::Table, "Whether the value is a Table.", "is_table([{a: 1}])" "false";
    is_function "is_function" Type::Function, "Whether the value can be called.", "is_function(len)" "true";
    is_stream "is_stream" Type::Stream, "Whether the value is a Stream.", "is_stream([1])" "false";
    is_matrix "is_matrix" Type::Matrix, "Whether the value is a Matrix.", "is_matrix([1])" "false";
    is_sparse "is_sparse" Type::SparseMatrix, "Whether the value is a SparseMatrix.", "is_sparse([1])" "false";
    is_regex "is_regex" Type::Regex, "Whether the value is a Regex.", r#"is_regex("a+")"# "false";
    is_future "is_future" Type::Future, "Whether the value is a Future.", "is_future(1)" "false";
    is_enum "is_enum" Type::Enum, "Whether the value is a variant of an enum.", "is_enum(1)" "false";
    is_vector "is_vector" Type::Vector, "Whether the value is a Vector; a List is none.", "is_vector([1])" "false";
    is_date "is_date" Type::Date, "Whether the value is a Date.", r#"is_date("2024-01-01")"# "false";
    is_error "is_error" Type::Error, "Whether the value is a caught error.", "is_error(1)" "false";
}
