//! The instruction loop.

use super::calls::{Arranged, function_arity};
use super::data;
use super::frame::{Current, FieldCache};
use super::overload::{self, Overloads, has_parts};
use super::{Machine, is_nothing};
use crate::error::{Error, ErrorKind};
use crate::value::{ListBody, Value};
use crate::{access, compare, operators};
use biovm_bytecode::Instruction;
use std::cmp::Ordering;
use std::sync::Arc;

/// Puts a value into a register.
///
/// # Safety
/// The slot is a valid register.
#[inline(always)]
pub(super) unsafe fn put(slot: *mut Value, value: Value) {
    // SAFETY: by the caller.
    unsafe {
        if (*slot).is_counted() {
            drop_old(slot);
        }
        Value::write_words(slot, value);
    }
}

/// Out of line, so that the loop stays small where registers hold plain numbers.
#[inline(never)]
unsafe fn drop_old(slot: *mut Value) {
    // SAFETY: by the caller of `put`; the slot is written right after.
    unsafe { std::ptr::drop_in_place(slot) }
}

/// An operator on values that the loop does not handle itself. Out of line, as everything that is rare: what the loop
/// calls in many places would cost it processor registers.
#[cold]
#[inline(never)]
unsafe fn slow_binary(
    destination: *mut Value,
    left: &Value,
    right: &Value,
    operator: fn(&Value, &Value) -> Result<Value, Error>,
) -> Result<(), Error> {
    let result = operator(left, right)?;
    // SAFETY: the destination is a valid register.
    unsafe { put(destination, result) };
    Ok(())
}

#[inline(never)]
fn slow_order(left: &Value, right: &Value, accepts: fn(Ordering) -> bool) -> Result<bool, Error> {
    Ok(compare::order(left, right)?.is_some_and(accepts))
}

#[inline(never)]
fn slow_equal(left: &Value, right: &Value, overloads: Overloads) -> Result<bool, Error> {
    if overloads.equality && (has_parts(left) || has_parts(right)) {
        return Err(overload::ask());
    }
    Ok(compare::equal(left, right))
}

impl Machine {
    /// Makes the last frame the current one: its registers and its next instruction.
    #[inline(always)]
    fn select_frame(&mut self) -> (*mut Value, *const Instruction) {
        // SAFETY: there is a frame, and it points to a program that the machine holds.
        unsafe {
            let frame = self.frames.last_mut().unwrap_unchecked();
            let program = Arc::as_ptr(&(*frame.program).program);
            let constants = (*program).constants.as_ptr();
            self.current = Current { frame, program, constants };
            (self.stack.as_mut_ptr().add(frame.base), frame.next)
        }
    }

    /// Runs the last frame, which is an entry frame, until it ends.
    pub(super) fn execute(&mut self) -> Result<Value, Error> {
        // SAFETY: the verifier has proved that every register, constant, jump, capture, field site
        // and function that an instruction names is in range, and that code does not run past its end. `push_frame` has
        // made room for all registers of the frame. `registers` is computed again after everything that may use the
        // stack through `self`.
        unsafe {
            let mut registers: *mut Value;
            let mut next: *const Instruction;

            // What changes only with the frame is kept in the machine: the loop has registers of the processor for its
            // own three pointers and no more.
            macro_rules! frame {
                () => {
                    (*self.current.frame)
                };
            }
            macro_rules! function {
                () => {
                    (&*(*self.current.frame).function)
                };
            }
            macro_rules! program {
                () => {
                    (&*self.current.program)
                };
            }
            macro_rules! constant {
                ($constant:expr) => {
                    &*self.current.constants.add($constant.index())
                };
            }
            macro_rules! load_frame {
                () => {
                    (registers, next) = self.select_frame()
                };
            }
            macro_rules! save_frame {
                () => {
                    frame!().next = next
                };
            }
            // All errors leave the inner loop by one exit: what each would do for itself would cost the loop processor
            // registers.
            macro_rules! throw {
                ($error:expr) => {
                    break $error
                };
            }
            macro_rules! attempt {
                ($result:expr) => {
                    match $result {
                        Ok(value) => value,
                        Err(error) => throw!(error),
                    }
                };
            }
            macro_rules! register {
                ($register:expr) => {
                    (*registers.add($register.index()))
                };
            }
            macro_rules! set {
                ($register:expr, $value:expr) => {{
                    let value = $value;
                    put(registers.add($register.index()), value)
                }};
            }
            macro_rules! set_number {
                ($write:ident, $register:expr, $value:expr) => {{
                    let value = $value;
                    let slot = registers.add($register.index());
                    if (*slot).is_counted() {
                        drop_old(slot);
                    }
                    Value::$write(slot, value)
                }};
            }
            macro_rules! jump {
                ($target:expr) => {
                    next = next.offset($target.0 as isize)
                };
            }
            macro_rules! poll {
                () => {
                    if let Err(error) = self.poll() {
                        throw!(error);
                    }
                };
            }
            macro_rules! set_slot {
                ($slot:expr, $value:expr) => {
                    put(registers.offset($slot as isize - frame!().base as isize), $value)
                };
            }
            // After everything that may have run other frames or made the stack grow.
            macro_rules! reload_registers {
                () => {
                    registers = self.select_frame().0
                };
            }
            // `$left op $right` for two Ints, for numbers of which one is a Float, and for everything else.
            macro_rules! arithmetic {
                ($destination:expr, $left:expr, $right:expr, $checked:ident, $float:tt, $slow:expr) => {{
                    let (left, right) = ($left, $right);
                    match (left, right) {
                        (Value::Int(a), Value::Int(b)) => match a.$checked(*b) {
                            Some(result) => set_number!(write_int, $destination, result),
                            None => throw!(overflow(stringify!($float))),
                        },
                        (Value::Float(a), Value::Float(b)) => set_number!(write_float, $destination, *a $float *b),
                        (Value::Float(a), Value::Int(b)) => set_number!(write_float, $destination, *a $float *b as f64),
                        (Value::Int(a), Value::Float(b)) => set_number!(write_float, $destination, *a as f64 $float *b),
                        _ => attempt!(slow_binary(registers.add($destination.index()), left, right, $slow)),
                    }
                }};
            }
            macro_rules! arithmetic_integer {
                ($destination:expr, $left:expr, $value:expr, $checked:ident, $float:tt, $slow:expr) => {{
                    let left = &register!($left);
                    match left {
                        Value::Int(a) => match a.$checked(i64::from($value.0)) {
                            Some(result) => set_number!(write_int, $destination, result),
                            None => throw!(overflow(stringify!($float))),
                        },
                        Value::Float(a) => set_number!(write_float, $destination, *a $float f64::from($value.0)),
                        _ => {
                            let right = Value::Int(i64::from($value.0));
                            attempt!(slow_binary(registers.add($destination.index()), left, &right, $slow))
                        }
                    }
                }};
            }
            macro_rules! slow_binary {
                ($destination:expr, $left:expr, $right:expr, $operator:expr) => {{
                    let destination = registers.add($destination.index());
                    attempt!(slow_binary(destination, &register!($left), &register!($right), $operator))
                }};
            }
            // Whether `$left op $right` holds.
            macro_rules! holds {
                ($left:expr, $right:expr, $operator:tt, $accepts:expr) => {{
                    let (left, right) = ($left, $right);
                    match (left, right) {
                        (Value::Int(a), Value::Int(b)) => a $operator b,
                        (Value::Float(a), Value::Float(b)) => a $operator b,
                        _ => attempt!(slow_order(left, right, $accepts)),
                    }
                }};
            }
            macro_rules! equal {
                ($left:expr, $right:expr) => {{
                    let (left, right) = ($left, $right);
                    match (left, right) {
                        (Value::Int(a), Value::Int(b)) => a == b,
                        _ => attempt!(slow_equal(left, right, self.overloads)),
                    }
                }};
            }
            // A jump that may go back; a loop is never without a look at the interrupt flag.
            macro_rules! jump_anywhere {
                ($target:expr) => {{
                    if $target.0 < 0 {
                        poll!();
                    }
                    jump!($target);
                }};
            }
            macro_rules! jump_when {
                ($condition:expr, $target:expr) => {
                    if $condition {
                        jump_anywhere!($target);
                    }
                };
            }
            // Starts the closure or builtin at `$slot`; the arguments stand behind it.
            macro_rules! call_value {
                ($slot:expr, $count:expr) => {{
                    let (slot, count): (usize, usize) = ($slot, $count);
                    match &self.stack[slot] {
                        Value::Closure(closure) => {
                            let callee = std::ptr::from_ref(closure.function());
                            let captures = closure.captures().as_ptr();
                            let owner =
                                match std::ptr::eq(Arc::as_ptr(closure.program()), self.current.program) {
                                    true => frame!().program,
                                    false => {
                                        let program = closure.program().clone();
                                        self.program_state(&program)
                                    }
                                };
                            save_frame!();
                            attempt!(self.bind(&*callee, slot + 1, count));
                            attempt!(self.push_frame(owner, callee, captures, slot + 1, false));
                            load_frame!();
                        }
                        _ => {
                            save_frame!();
                            let top = (frame!().base + function!().register_count).max(slot + 1 + count);
                            let result = self.call_outside(slot, count, top);
                            reload_registers!();
                            let result = attempt!(result);
                            set_slot!(slot, result);
                        }
                    }
                }};
            }

            // Ends the current frame. The result goes to the register below, where the caller put the function.
            macro_rules! leave {
                ($result:expr) => {{
                    let result = $result;
                    let is_entry = frame!().is_entry;
                    for index in 0..function!().register_count {
                        let slot = registers.add(index);
                        if (*slot).is_counted() {
                            drop_old(slot);
                            slot.write(Value::Nil);
                        }
                    }
                    self.frames.pop();
                    if is_entry {
                        return Ok(result);
                    }
                    put(registers.sub(1), result);
                    load_frame!();
                }};
            }

            load_frame!();
            loop {
                let error = loop {
                    let instruction = *next;
                    next = next.add(1);
                    match instruction {
                        Instruction::Move { destination, source } => {
                            set!(destination, register!(source).clone())
                        }
                        Instruction::Take { destination, source } => {
                            set!(destination, register!(source).take())
                        }
                        Instruction::LoadNil { destination } => set!(destination, Value::Nil),
                        Instruction::LoadTrue { destination } => set_number!(write_bool, destination, true),
                        Instruction::LoadFalse { destination } => set_number!(write_bool, destination, false),
                        Instruction::LoadInteger { destination, value } => {
                            set_number!(write_int, destination, i64::from(value.0));
                        }
                        Instruction::LoadConstant { destination, constant } => {
                            set!(destination, (constant!(constant)).clone());
                        }
                        Instruction::LoadGlobal { destination, global } => {
                            let value = self.globals[global.index()].clone();
                            if is_nothing(&value) {
                                throw!(unset(&program!().globals[global.index()]));
                            }
                            set!(destination, value);
                        }
                        Instruction::StoreGlobal { source, global } => {
                            let slot = &mut self.globals[global.index()];
                            // In parallel code the first value of a variable is its declaration, in a module say.
                            if self.is_parallel && !is_nothing(slot) {
                                throw!(self.shared_variable());
                            }
                            *slot = register!(source).take();
                        }
                        Instruction::LoadCapture { destination, capture } => {
                            set!(destination, (*frame!().captures.add(capture.index())).clone());
                        }
                        Instruction::Add { destination, left, right } => {
                            arithmetic!(destination, &register!(left), &register!(right), checked_add, +, {
                                // Text and lists grow in place where the sum replaces its left side.
                                if destination == left && left != right {
                                    let sum = registers.add(left.index());
                                    attempt!(data::add_into(&mut *sum, &register!(right)));
                                    continue;
                                }
                                operators::add
                            });
                        }
                        Instruction::Subtract { destination, left, right } => {
                            arithmetic!(destination, &register!(left), &register!(right), checked_sub, -, operators::subtract);
                        }
                        Instruction::Multiply { destination, left, right } => {
                            arithmetic!(destination, &register!(left), &register!(right), checked_mul, *, operators::multiply);
                        }
                        Instruction::Divide { destination, left, right } => {
                            match (&register!(left), &register!(right)) {
                                (Value::Float(a), Value::Float(b)) if *b != 0.0 => {
                                    set_number!(write_float, destination, a / b)
                                }
                                (left, right) => {
                                    attempt!(slow_binary(
                                        registers.add(destination.index()),
                                        left,
                                        right,
                                        operators::divide
                                    ));
                                }
                            }
                        }
                        Instruction::IntegerDivide { destination, left, right } => {
                            match (&register!(left), &register!(right)) {
                                (Value::Int(a), Value::Int(b)) if *b > 0 => {
                                    set_number!(write_int, destination, a / b)
                                }
                                (left, right) => {
                                    attempt!(slow_binary(
                                        registers.add(destination.index()),
                                        left,
                                        right,
                                        operators::integer_divide
                                    ));
                                }
                            }
                        }
                        Instruction::Modulo { destination, left, right } => {
                            match (&register!(left), &register!(right)) {
                                (Value::Int(a), Value::Int(b)) if *b > 0 => {
                                    set_number!(write_int, destination, a % b)
                                }
                                (left, right) => {
                                    attempt!(slow_binary(
                                        registers.add(destination.index()),
                                        left,
                                        right,
                                        operators::modulo
                                    ));
                                }
                            }
                        }
                        Instruction::AddInteger { destination, left, value } => {
                            arithmetic_integer!(destination, left, value, checked_add, +, operators::add);
                        }
                        Instruction::SubtractInteger { destination, left, value } => {
                            arithmetic_integer!(destination, left, value, checked_sub, -, operators::subtract);
                        }
                        Instruction::MultiplyInteger { destination, left, value } => {
                            arithmetic_integer!(destination, left, value, checked_mul, *, operators::multiply);
                        }
                        Instruction::ModuloInteger { destination, left, value } => match &register!(left) {
                            Value::Int(a) if value.0 > 0 => {
                                set_number!(write_int, destination, a % i64::from(value.0))
                            }
                            left => {
                                let right = Value::Int(i64::from(value.0));
                                attempt!(slow_binary(
                                    registers.add(destination.index()),
                                    left,
                                    &right,
                                    operators::modulo
                                ));
                            }
                        },
                        Instruction::AddConstant { destination, left, constant } => {
                            let right = constant!(constant);
                            arithmetic!(destination, &register!(left), right, checked_add, +, operators::add);
                        }
                        Instruction::SubtractConstant { destination, left, constant } => {
                            let right = constant!(constant);
                            arithmetic!(destination, &register!(left), right, checked_sub, -, operators::subtract);
                        }
                        Instruction::MultiplyConstant { destination, left, constant } => {
                            let right = constant!(constant);
                            arithmetic!(destination, &register!(left), right, checked_mul, *, operators::multiply);
                        }
                        Instruction::DivideConstant { destination, left, constant } => {
                            let right = constant!(constant);
                            match (&register!(left), right) {
                                (Value::Float(a), Value::Float(b)) if *b != 0.0 => {
                                    set_number!(write_float, destination, a / b)
                                }
                                (left, right) => {
                                    attempt!(slow_binary(
                                        registers.add(destination.index()),
                                        left,
                                        right,
                                        operators::divide
                                    ));
                                }
                            }
                        }
                        Instruction::Negate { destination, source } => match &register!(source) {
                            Value::Float(value) => set_number!(write_float, destination, -value),
                            value => {
                                let result = attempt!(operators::negate(value));
                                set!(destination, result);
                            }
                        },
                        Instruction::Not { destination, source } => {
                            set_number!(write_bool, destination, !register!(source).is_truthy());
                        }
                        Instruction::Truth { destination, source } => {
                            set_number!(write_bool, destination, register!(source).is_truthy());
                        }
                        Instruction::Concatenate { destination, left, right } => {
                            if self.overloads.joining && overload::structure(&register!(left)).is_some() {
                                throw!(overload::ask());
                            }
                            if destination == left && left != right {
                                attempt!(data::concatenate_into(&mut register!(left), &register!(right)));
                            } else {
                                slow_binary!(destination, left, right, operators::concatenate);
                            }
                        }

                        Instruction::Equal { destination, left, right } => {
                            set_number!(write_bool, destination, equal!(&register!(left), &register!(right)));
                        }
                        Instruction::NotEqual { destination, left, right } => {
                            set_number!(
                                write_bool,
                                destination,
                                !equal!(&register!(left), &register!(right))
                            );
                        }
                        Instruction::Less { destination, left, right } => {
                            set_number!(
                                write_bool,
                                destination,
                                holds!(&register!(left), &register!(right), <, Ordering::is_lt)
                            );
                        }
                        Instruction::LessEqual { destination, left, right } => {
                            set_number!(
                                write_bool,
                                destination,
                                holds!(&register!(left), &register!(right), <=, Ordering::is_le)
                            );
                        }
                        Instruction::Greater { destination, left, right } => {
                            set_number!(
                                write_bool,
                                destination,
                                holds!(&register!(left), &register!(right), >, Ordering::is_gt)
                            );
                        }
                        Instruction::GreaterEqual { destination, left, right } => {
                            set_number!(
                                write_bool,
                                destination,
                                holds!(&register!(left), &register!(right), >=, Ordering::is_ge)
                            );
                        }
                        Instruction::Jump { target } => {
                            // Before the jump: an interrupt is reported where it happened.
                            jump_anywhere!(target);
                        }
                        Instruction::JumpIfTrue { condition, target } => {
                            jump_when!(register!(condition).is_truthy(), target);
                        }
                        Instruction::JumpIfFalse { condition, target } => {
                            jump_when!(!register!(condition).is_truthy(), target);
                        }
                        Instruction::JumpIfNil { condition, target } => {
                            jump_when!(matches!(register!(condition), Value::Nil), target);
                        }
                        Instruction::JumpIfNotNil { condition, target } => {
                            jump_when!(!matches!(register!(condition), Value::Nil), target);
                        }
                        Instruction::JumpIfEqual { left, right, target } => {
                            jump_when!(equal!(&register!(left), &register!(right)), target);
                        }
                        Instruction::JumpIfNotEqual { left, right, target } => {
                            jump_when!(!equal!(&register!(left), &register!(right)), target);
                        }
                        Instruction::JumpIfLess { left, right, target } => {
                            jump_when!(
                                holds!(&register!(left), &register!(right), <, Ordering::is_lt),
                                target
                            );
                        }
                        Instruction::JumpUnlessLess { left, right, target } => {
                            jump_when!(
                                !holds!(&register!(left), &register!(right), <, Ordering::is_lt),
                                target
                            );
                        }
                        Instruction::JumpIfLessEqual { left, right, target } => {
                            jump_when!(
                                holds!(&register!(left), &register!(right), <=, Ordering::is_le),
                                target
                            );
                        }
                        Instruction::JumpUnlessLessEqual { left, right, target } => {
                            jump_when!(
                                !holds!(&register!(left), &register!(right), <=, Ordering::is_le),
                                target
                            );
                        }
                        Instruction::JumpIfGreater { left, right, target } => {
                            jump_when!(
                                holds!(&register!(left), &register!(right), >, Ordering::is_gt),
                                target
                            );
                        }
                        Instruction::JumpUnlessGreater { left, right, target } => {
                            jump_when!(
                                !holds!(&register!(left), &register!(right), >, Ordering::is_gt),
                                target
                            );
                        }
                        Instruction::JumpIfGreaterEqual { left, right, target } => {
                            jump_when!(
                                holds!(&register!(left), &register!(right), >=, Ordering::is_ge),
                                target
                            );
                        }
                        Instruction::JumpUnlessGreaterEqual { left, right, target } => {
                            jump_when!(
                                !holds!(&register!(left), &register!(right), >=, Ordering::is_ge),
                                target
                            );
                        }
                        Instruction::JumpIfEqualInteger { left, value, target } => {
                            jump_when!(equal!(&register!(left), &Value::Int(i64::from(value.0))), target);
                        }
                        Instruction::JumpIfNotEqualInteger { left, value, target } => {
                            jump_when!(!equal!(&register!(left), &Value::Int(i64::from(value.0))), target);
                        }
                        Instruction::JumpUnlessLessInteger { left, value, target } => {
                            let right = &Value::Int(i64::from(value.0));
                            jump_when!(!holds!(&register!(left), right, <, Ordering::is_lt), target);
                        }
                        Instruction::JumpUnlessLessEqualInteger { left, value, target } => {
                            let right = &Value::Int(i64::from(value.0));
                            jump_when!(!holds!(&register!(left), right, <=, Ordering::is_le), target);
                        }
                        Instruction::JumpUnlessGreaterInteger { left, value, target } => {
                            let right = &Value::Int(i64::from(value.0));
                            jump_when!(!holds!(&register!(left), right, >, Ordering::is_gt), target);
                        }
                        Instruction::JumpUnlessGreaterEqualInteger { left, value, target } => {
                            let right = &Value::Int(i64::from(value.0));
                            jump_when!(!holds!(&register!(left), right, >=, Ordering::is_ge), target);
                        }

                        Instruction::CountStart { base, exit } => {
                            let state = registers.add(base.index());
                            let (first, end) = attempt!(data::count_bounds(&*state, &*state.add(1)));
                            match end.checked_sub(1).filter(|last| first <= *last) {
                                Some(last) => {
                                    put(state, Value::Int(first));
                                    put(state.add(1), Value::Int(last));
                                    put(state.add(2), Value::Int(first));
                                }
                                None => jump_anywhere!(exit),
                            }
                        }
                        Instruction::CountStartInclusive { base, exit } => {
                            let state = registers.add(base.index());
                            let (first, last) = attempt!(data::count_bounds(&*state, &*state.add(1)));
                            if first <= last {
                                put(state, Value::Int(first));
                                put(state.add(1), Value::Int(last));
                                put(state.add(2), Value::Int(first));
                            } else {
                                jump_anywhere!(exit);
                            }
                        }
                        Instruction::CountNext { base, target } => {
                            let state = registers.add(base.index());
                            // Only damaged code puts something else than Ints there.
                            if let (Value::Int(current), Value::Int(last)) = (&*state, &*state.add(1))
                                && current < last
                            {
                                let following = current + 1;
                                Value::write_int(state, following);
                                if (*state.add(2)).is_counted() {
                                    drop_old(state.add(2));
                                }
                                Value::write_int(state.add(2), following);
                                poll!();
                                jump!(target);
                            }
                        }
                        Instruction::IterateNext { base, exit } => {
                            let state = registers.add(base.index());
                            if let (Value::List(list), Value::Int(position)) = (&*state, &*state.add(1)) {
                                let position = *position;
                                let found = match list.body() {
                                    ListBody::Values(values) => values.get(position as usize).cloned(),
                                    ListBody::Progression { start, step, count } => ((position as usize)
                                        < *count)
                                        .then(|| Value::Int(start + step * position)),
                                };
                                match found {
                                    Some(found) => {
                                        Value::write_int(state.add(1), position + 1);
                                        put(state.add(2), found);
                                        poll!();
                                    }
                                    None => jump_anywhere!(exit),
                                }
                                continue;
                            }
                            save_frame!();
                            let more = self.iterate_next(base, false);
                            reload_registers!();
                            match attempt!(more) {
                                true => poll!(),
                                false => jump_anywhere!(exit),
                            }
                        }
                        Instruction::IterateNextPair { base, exit } => {
                            save_frame!();
                            let more = self.iterate_next(base, true);
                            reload_registers!();
                            match attempt!(more) {
                                true => poll!(),
                                false => jump_anywhere!(exit),
                            }
                        }

                        Instruction::Extend { list, source } => {
                            save_frame!();
                            let result = self.extend(list, source);
                            reload_registers!();
                            attempt!(result);
                        }
                        Instruction::GetIndex { destination, object, index } => {
                            if let (Value::List(list), Value::Int(position)) =
                                (&register!(object), &register!(index))
                                && let ListBody::Values(values) = list.body()
                                && (*position as usize) < values.len()
                            {
                                set!(destination, values.get_unchecked(*position as usize).clone());
                            } else {
                                let found = attempt!(access::index(&register!(object), &register!(index)));
                                set!(destination, found);
                            }
                        }
                        Instruction::SetIndex { object, index, value } => {
                            let value = register!(value).take();
                            if let (Value::List(list), Value::Int(position)) =
                                (&mut register!(object), &register!(index))
                                && (*position as usize) < list.len()
                            {
                                list.make_mut()[*position as usize] = value;
                            } else {
                                attempt!(access::set_index(&mut register!(object), &register!(index), value));
                            }
                        }
                        Instruction::GetField { destination, object, field } => {
                            if let Value::Record(record) = &register!(object) {
                                let site = function!().first_cache + field.index();
                                let cache = (&*frame!().program).caches.get_unchecked(site);
                                let known = cache.get();
                                let shape = record.shape();
                                if std::ptr::eq(known.shape, Arc::as_ptr(shape)) {
                                    set!(destination, record.values().get_unchecked(known.position).clone());
                                    continue;
                                }
                                let name = &function!().field_names[field.index()];
                                if let Some(position) = shape.position(name)
                                    && !shape.class().is_variant()
                                {
                                    if shape.is_shared() {
                                        cache.set(FieldCache { shape: Arc::as_ptr(shape), position });
                                    }
                                    set!(destination, record.values()[position].clone());
                                    continue;
                                }
                            }
                            let name = &function!().field_names[field.index()];
                            let found = attempt!(access::field(&register!(object), name));
                            set!(destination, found);
                        }
                        Instruction::SetField { object, field, value } => {
                            let value = register!(value).take();
                            if let Value::Record(record) = &mut register!(object) {
                                let site = function!().first_cache + field.index();
                                let cache = (&*frame!().program).caches.get_unchecked(site);
                                let known = cache.get();
                                if std::ptr::eq(known.shape, Arc::as_ptr(record.shape())) {
                                    record.values_mut()[known.position] = value;
                                    continue;
                                }
                                let name = &function!().field_names[field.index()];
                                if let Some(position) = record.shape().position(name)
                                    && !record.is_variant()
                                {
                                    if record.shape().is_shared() {
                                        cache
                                            .set(FieldCache { shape: Arc::as_ptr(record.shape()), position });
                                    }
                                    record.values_mut()[position] = value;
                                    continue;
                                }
                            }
                            let name = &function!().field_names[field.index()];
                            attempt!(access::set_field(&mut register!(object), name, value));
                        }
                        Instruction::Call { base, count } => {
                            poll!();
                            call_value!(frame!().base + base.index(), count.index());
                        }
                        Instruction::CallFunction { base, count, function: index } => {
                            poll!();
                            let slot = frame!().base + base.index();
                            let callee = program!().functions.get_unchecked(index.index());
                            save_frame!();
                            attempt!(self.bind(callee, slot + 1, count.index()));
                            attempt!(self.push_frame(
                                frame!().program,
                                callee,
                                std::ptr::null(),
                                slot + 1,
                                false
                            ));
                            load_frame!();
                        }
                        Instruction::CallNative { base, count, native } => {
                            let native = program!().natives[native.index()];
                            let slot = frame!().base + base.index();
                            save_frame!();
                            let top = frame!().base + function!().register_count;
                            let result = self.call_native(native, slot + 1, count.index(), top);
                            reload_registers!();
                            let result = attempt!(result);
                            set!(base, result);
                        }
                        Instruction::CallMethod { base, count, name } => {
                            poll!();
                            let slot = frame!().base + base.index();
                            let name = &function!().field_names[name.index()];
                            save_frame!();
                            match attempt!(self.resolve_method(slot, name)) {
                                true => call_value!(slot, count.index()),
                                false => {
                                    // The receiver only says where the function is: the arguments move over it.
                                    self.stack[slot + 1..slot + 1 + count.index()].rotate_left(1);
                                    self.stack[slot + count.index()] = Value::Nil;
                                    call_value!(slot, count.index() - 1);
                                }
                            }
                        }
                        Instruction::CallWith { base, site } => {
                            poll!();
                            let slot = frame!().base + base.index();
                            let site = &program!().call_sites[site.index()];
                            save_frame!();
                            let with_receiver = match site.method {
                                Some(name) => {
                                    let name = &program!().names[name as usize];
                                    attempt!(self.resolve_method(slot, name))
                                }
                                None => true,
                            };
                            let top = frame!().base + function!().register_count;
                            let arranged =
                                self.arrange_arguments(site, &program!().names, slot, !with_receiver, top);
                            reload_registers!();
                            let count = match attempt!(arranged) {
                                Arranged::Arguments(count) => count,
                                Arranged::Called(result) => {
                                    set_slot!(slot, result);
                                    continue;
                                }
                            };
                            match &self.stack[slot] {
                                Value::Closure(closure) => {
                                    let callee = &*std::ptr::from_ref(closure.function());
                                    // Missing arguments with defaults are marked, so the number is right by now, but for
                                    // a rest parameter that still has to be collected.
                                    if callee.has_rest {
                                        call_value!(slot, count);
                                    } else if count != callee.parameters.len() {
                                        throw!(function_arity(callee, count));
                                    } else {
                                        let captures = closure.captures().as_ptr();
                                        let owner = closure.program().clone();
                                        let owner = self.program_state(&owner);
                                        attempt!(self.push_frame(owner, callee, captures, slot + 1, false));
                                        load_frame!();
                                    }
                                }
                                _ => call_value!(slot, count),
                            }
                        }
                        Instruction::RunDeferred { list } => {
                            save_frame!();
                            let result = self.run_deferred(list);
                            reload_registers!();
                            attempt!(result);
                        }
                        Instruction::StartGenerator {} | Instruction::StartTask {} => {
                            save_frame!();
                            let result =
                                self.start_suspended(matches!(instruction, Instruction::StartTask {}));
                            leave!(attempt!(result));
                        }
                        Instruction::Yield { source } => {
                            let item = register!(source).take();
                            save_frame!();
                            attempt!(self.yield_frame());
                            return Ok(item);
                        }
                        Instruction::Await { destination, source } => {
                            save_frame!();
                            let value = register!(source).clone();
                            let top = frame!().base + function!().register_count;
                            let result = self.await_value(value, top);
                            reload_registers!();
                            set!(destination, attempt!(result));
                        }
                        Instruction::Return { source } => {
                            let result = register!(source).take();
                            leave!(result);
                        }
                        Instruction::ReturnNil {} => leave!(Value::Nil),
                        Instruction::JumpIfGiven { parameter, target } => {
                            jump_when!(!is_nothing(&register!(parameter)), target);
                        }
                        // What builds values and takes them apart, and neither jumps nor calls.
                        other => attempt!(self.build(other, registers)),
                    }
                };
                save_frame!();
                match self.unwind(error) {
                    Ok(()) => load_frame!(),
                    Err(error) => return Err(error),
                }
            }
        }
    }
}

#[cold]
fn overflow(operator: &str) -> Error {
    Error::new(ErrorKind::Overflow, format!("integer overflow in '{operator}'"))
        .with_hint("use Floats where exact Ints are not needed, such as 2.0 ** 64")
}

#[cold]
pub(super) fn unset(name: &str) -> Error {
    match name {
        "" => Error::name_error("a variable is used before its 'let' ran"),
        name => Error::name_error(format!("undefined variable '{name}'"))
            .with_hint(format!("'{name}' is declared, but its declaration has not run yet")),
    }
}
