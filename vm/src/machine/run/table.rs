//! Which handler runs which instruction.

use super::*;
use biovm_bytecode::instruction::Opcode;

/// The handler of the instruction.
///
/// # Safety
/// `next` points to an instruction.
#[inline(always)]
pub(super) unsafe fn handler(next: *const Instruction) -> Handler {
    // SAFETY: by the caller; an instruction begins with its opcode, and the table has an entry for each.
    unsafe { *TABLE.get_unchecked(usize::from(*next.cast::<u8>())) }
}

static TABLE: [Handler; Opcode::ALL.len()] = {
    let mut table: [Handler; Opcode::ALL.len()] = [control::build; Opcode::ALL.len()];
    macro_rules! handlers {
        ($($opcode:ident: $handler:path,)*) => {
            $(table[Opcode::$opcode as usize] = $handler;)*
        };
    }
    handlers! {
        Move: moves::move_,
        Take: moves::take,
        LoadNil: moves::load_nil,
        LoadTrue: moves::load_true,
        LoadFalse: moves::load_false,
        LoadInteger: moves::load_integer,
        LoadConstant: moves::load_constant,
        LoadGlobal: moves::load_global,
        StoreGlobal: moves::store_global,
        LoadCapture: moves::load_capture,
        LoadCell: moves::load_cell,
        StoreCell: moves::store_cell,
        LoadCaptureCell: moves::load_capture_cell,
        StoreCaptureCell: moves::store_capture_cell,
        Add: arithmetic::add,
        Subtract: arithmetic::subtract,
        Multiply: arithmetic::multiply,
        Divide: arithmetic::divide,
        IntegerDivide: arithmetic::integer_divide,
        Modulo: arithmetic::modulo,
        AddInteger: arithmetic::add_integer,
        SubtractInteger: arithmetic::subtract_integer,
        MultiplyInteger: arithmetic::multiply_integer,
        ModuloInteger: arithmetic::modulo_integer,
        AddConstant: arithmetic::add_constant,
        SubtractConstant: arithmetic::subtract_constant,
        MultiplyConstant: arithmetic::multiply_constant,
        DivideConstant: arithmetic::divide_constant,
        Negate: arithmetic::negate,
        Not: arithmetic::not,
        Truth: arithmetic::truth,
        Concatenate: arithmetic::concatenate,
        Equal: compare::equal,
        NotEqual: compare::not_equal,
        Less: compare::less,
        LessEqual: compare::less_equal,
        Greater: compare::greater,
        GreaterEqual: compare::greater_equal,
        Jump: compare::jump,
        JumpIfTrue: compare::jump_if_true,
        JumpIfFalse: compare::jump_if_false,
        JumpIfNil: compare::jump_if_nil,
        JumpIfNotNil: compare::jump_if_not_nil,
        JumpIfEqual: compare::jump_if_equal,
        JumpIfNotEqual: compare::jump_if_not_equal,
        JumpIfLess: compare::jump_if_less,
        JumpUnlessLess: compare::jump_unless_less,
        JumpIfLessEqual: compare::jump_if_less_equal,
        JumpUnlessLessEqual: compare::jump_unless_less_equal,
        JumpIfGreater: compare::jump_if_greater,
        JumpUnlessGreater: compare::jump_unless_greater,
        JumpIfGreaterEqual: compare::jump_if_greater_equal,
        JumpUnlessGreaterEqual: compare::jump_unless_greater_equal,
        JumpIfEqualInteger: compare::jump_if_equal_integer,
        JumpIfNotEqualInteger: compare::jump_if_not_equal_integer,
        JumpIfLessInteger: compare::jump_if_less_integer,
        JumpIfLessEqualInteger: compare::jump_if_less_equal_integer,
        JumpIfGreaterInteger: compare::jump_if_greater_integer,
        JumpIfGreaterEqualInteger: compare::jump_if_greater_equal_integer,
        JumpUnlessLessInteger: compare::jump_unless_less_integer,
        JumpUnlessLessEqualInteger: compare::jump_unless_less_equal_integer,
        JumpUnlessGreaterInteger: compare::jump_unless_greater_integer,
        JumpUnlessGreaterEqualInteger: compare::jump_unless_greater_equal_integer,
        CountStart: loops::count_start,
        CountStartInclusive: loops::count_start_inclusive,
        CountNext: loops::count_next,
        IterateNext: loops::iterate_next,
        IterateNextPair: loops::iterate_next_pair,
        Extend: control::extend,
        GetIndex: parts::get_index,
        GetIndexThrough: parts::get_index_through,
        AppendInPlace: parts::append_in_place,
        Slice: text::slice,
        FindKey: text::find_key,
        HasKey: text::has_key,
        Contains: text::contains,
        JumpIfFound: text::jump_if_found,
        SetIndex: parts::set_index,
        TakeIndex: parts::take_index,
        TakeField: parts::take_field,
        GetField: parts::get_field,
        SetField: parts::set_field,
        Call: control::call,
        CallFunction: control::call_function,
        CallNative: control::call_native,
        CallDirect: direct::call_direct,
        CallRegister: direct::call_register,
        CallCapture: direct::call_capture,
        DropLastInPlace: parts::drop_last_in_place,
        CallMethod: control::call_otherwise,
        CallWith: control::call_otherwise,
        RunDeferred: control::run_deferred,
        StartGenerator: control::suspend,
        StartTask: control::suspend,
        Yield: control::yield_,
        Await: control::await_,
        Return: control::return_,
        ReturnNil: control::return_nil,
        JumpIfGiven: control::jump_if_given,
    }
    table
};
