//! Sets.

use super::common::types::*;
use super::common::walk::into_items;
use biovm_bytecode::TypeSet;
use biovm_vm::value::Set;
use biovm_vm::{Call, Error, Native, Value, native, optional, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("set", set)
        .section("Sets")
        .parameters(&[optional("items", ITEMS)])
        .returns(SET)
        .doc("The distinct items, in the order of first occurrence; set() is empty.")
        .example("set([2, 1, 2])", "#{2, 1}"),
    native("union", union)
        .section("Sets")
        .parameters(&[required("a", SETS), required("b", SETS)])
        .returns(SETS)
        .doc("The distinct items of either: a Set where both are Sets, else a List.")
        .example("union([1, 2], [2, 3])", "[1, 2, 3]")
        .pure(),
    native("intersection", intersection)
        .section("Sets")
        .parameters(&[required("a", SETS), required("b", SETS)])
        .returns(SETS)
        .doc("The distinct items of a that are in b too: a Set where both are Sets, else a List.")
        .example("intersection([1, 2, 3], [3, 2])", "[2, 3]")
        .pure(),
    native("difference", difference)
        .section("Sets")
        .parameters(&[required("a", SETS), required("b", SETS)])
        .returns(SETS)
        .doc("The distinct items of a that are not in b: a Set where both are Sets, else a List.")
        .example("difference([1, 2, 3], [2])", "[1, 3]")
        .pure(),
    native("symmetric_difference", symmetric_difference)
        .section("Sets")
        .parameters(&[required("a", SETS), required("b", SETS)])
        .returns(SETS)
        .doc("The distinct items of exactly one of them: a Set where both are Sets, else a List.")
        .example("symmetric_difference([1, 2], [2, 3])", "[1, 3]")
        .pure(),
    native("is_subset", is_subset)
        .section("Sets")
        .parameters(&[required("a", SETS), required("b", SETS)])
        .returns(BOOL)
        .doc("Whether every item of a is in b.")
        .example("is_subset([1, 2], [2, 1, 3])", "true")
        .pure(),
    native("is_superset", is_superset)
        .section("Sets")
        .parameters(&[required("a", SETS), required("b", SETS)])
        .returns(BOOL)
        .doc("Whether every item of b is in a.")
        .example("is_superset([1, 2], [3])", "false")
        .pure(),
    native("add", add)
        .in_place()
        .section("Sets")
        .parameters(&[required("set", SET), required("x", ANY)])
        .returns(SET)
        .doc("The Set with x as a member.")
        .example("add(set([1]), 2)", "#{1, 2}")
        .pure(),
    native("discard", discard)
        .in_place()
        .section("Sets")
        .parameters(&[required("set", SET), required("x", ANY)])
        .returns(SET)
        .doc("The Set without x; unchanged where x is no member.")
        .example("discard(set([1, 2]), 1)", "#{2}")
        .pure(),
];

const SETS: TypeSet = SET.or(LIST);

fn set(call: &mut Call) -> Result<Value, Error> {
    match call.take(0) {
        Value::Nil => Ok(Value::Set(Set::from_iter([]))),
        set @ Value::Set(_) => Ok(set),
        source => Ok(Value::Set(into_items(call.machine(), source)?.into_iter().collect())),
    }
}

/// Both arguments as sets, and whether the result is one.
fn operands(call: &mut Call) -> Result<(Set, Set, bool), Error> {
    let mut are_sets = true;
    let mut operand = |call: &mut Call, position| match call.take(position) {
        Value::Set(set) => Ok::<_, Error>(set),
        source => {
            are_sets = false;
            Ok(into_items(call.machine(), source)?.into_iter().collect())
        }
    };
    let (a, b) = (operand(call, 0)?, operand(call, 1)?);
    Ok((a, b, are_sets))
}

fn result(members: Vec<Value>, is_set: bool) -> Value {
    if is_set { Value::Set(members.into_iter().collect()) } else { Value::list(members) }
}

fn union(call: &mut Call) -> Result<Value, Error> {
    let (mut a, b, is_set) = operands(call)?;
    for item in b.iter() {
        a.insert(item.clone());
    }
    Ok(if is_set { Value::Set(a) } else { Value::list(a.iter().cloned().collect()) })
}

fn intersection(call: &mut Call) -> Result<Value, Error> {
    let (a, b, is_set) = operands(call)?;
    Ok(result(a.iter().filter(|item| b.contains(item)).cloned().collect(), is_set))
}

fn difference(call: &mut Call) -> Result<Value, Error> {
    let (a, b, is_set) = operands(call)?;
    Ok(result(a.iter().filter(|item| !b.contains(item)).cloned().collect(), is_set))
}

fn symmetric_difference(call: &mut Call) -> Result<Value, Error> {
    let (a, b, is_set) = operands(call)?;
    let only_a = a.iter().filter(|item| !b.contains(item));
    let only_b = b.iter().filter(|item| !a.contains(item));
    Ok(result(only_a.chain(only_b).cloned().collect(), is_set))
}

fn is_subset(call: &mut Call) -> Result<Value, Error> {
    let (a, b, _) = operands(call)?;
    Ok(Value::Bool(a.iter().all(|item| b.contains(item))))
}

fn is_superset(call: &mut Call) -> Result<Value, Error> {
    let (a, b, _) = operands(call)?;
    Ok(Value::Bool(b.iter().all(|item| a.contains(item))))
}

fn change(call: &mut Call, change: impl FnOnce(&mut Set, Value)) -> Result<Value, Error> {
    let item = call.take(1);
    match call.take(0) {
        Value::Set(mut set) => {
            change(&mut set, item);
            Ok(Value::Set(set))
        }
        other => Err(Error::type_error(format!("{}() requires Set, got {}", call.name(), other.type_of()))),
    }
}

fn add(call: &mut Call) -> Result<Value, Error> {
    change(call, |set, item| set.insert(item))
}

fn discard(call: &mut Call) -> Result<Value, Error> {
    change(call, |set, item| set.remove(&item))
}
