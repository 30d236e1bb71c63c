//! Sorting and reversing.

use crate::general::common::callback::{check_arity, wants_two};
use crate::general::common::select::at_positions;
use crate::general::common::sorting::{
    comparator_says_before, merge_sort, permute, positions_by_keys, sort_values, sorted_positions,
};
use crate::general::common::types::*;
use crate::general::common::walk::{into_items, into_list, is_table};
use biovm_bytecode::signature::OptionField;
use biovm_vm::machine::{Callback, Comparator};
use biovm_vm::native::{option, options_parameter};
use biovm_vm::value::{Quality, Sequence};
use biovm_vm::{Call, Error, Machine, Native, Value, access, native, optional, required};

const DESCENDING: &[OptionField] = &[option("desc", BOOL, "largest first; nil stays last")];

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("sort", sort)
        .section("Collections")
        .parameters(&[required("items", ITEMS), optional("f", FUNCTION), options_parameter()])
        .options(DESCENDING)
        .returns(LIST.or(TABLE))
        .doc(
            "The items in ascending order, equal ones in their old order, nil last. f is a comparator, f(a, b) negative, \
             zero or positive, or true for a first; with one parameter it is a key. A Table is sorted by its rows.",
        )
        .example("sort([3, 1, 2], |a, b| b - a)", "[3, 2, 1]"),
    native("sort_by", sort_by)
        .section("Collections")
        .parameters(&[required("items", ITEMS), required("key", FUNCTION.or(STR)), options_parameter()])
        .options(DESCENDING)
        .returns(LIST.or(TABLE))
        .doc(
            "The items by a key: the name of a field or column, or a function of the item, called once for each; a \
             function of two is a comparator.",
        )
        .example(r#"sort_by(["ccc", "a", "bb"], len, desc: true)"#, "[ccc, bb, a]"),
    native("reverse", reverse)
        .section("Collections")
        .parameters(&[required("x", ITEMS)])
        .returns(ANY)
        .doc("The items, characters or letters from last to first; a Table gives a Table. Sequences are not complemented.")
        .example("reverse([1, 2, 3])", "[3, 2, 1]")
        .pure(),
];

/// How to compare.
enum Order {
    /// As the language compares.
    Natural,
    /// By the results of a function of the item.
    Key(Value),
    /// By a function of two items.
    Comparator(Value),
}

fn order_of(call: &mut Call, function: Value) -> Result<Order, Error> {
    if wants_two(call, &function) {
        check_arity(call, &function, 2)?;
        return Ok(Order::Comparator(function));
    }
    check_arity(call, &function, 1)?;
    Ok(Order::Key(function))
}

fn is_descending(call: &Call) -> bool {
    call.option("desc").is_some_and(Value::is_truthy)
}

fn sort(call: &mut Call) -> Result<Value, Error> {
    let order = match call.take(1) {
        Value::Nil => Order::Natural,
        function => order_of(call, function)?,
    };
    sorted(call, &order)
}

fn sort_by(call: &mut Call) -> Result<Value, Error> {
    match call.take(1) {
        Value::Str(name) => {
            let descending = is_descending(call);
            let source = call.take(0);
            let machine = call.machine();
            if is_table(&source) {
                let column = access::field(&source, &name)?;
                let keys = into_items(machine, column)?;
                let positions = positions_by_keys(machine, keys, descending)?;
                return at_positions(machine, source, &positions);
            }
            let items = into_items(machine, source)?;
            let keys = items.iter().map(|item| access::field(item, &name)).collect::<Result<Vec<_>, _>>()?;
            Ok(Value::list(permute(items, &positions_by_keys(machine, keys, descending)?)))
        }
        function => {
            let order = order_of(call, function)?;
            sorted(call, &order)
        }
    }
}

fn sorted(call: &mut Call, order: &Order) -> Result<Value, Error> {
    let descending = is_descending(call);
    let name = call.name();
    let source = call.take(0);
    let machine = call.machine();
    let table = is_table(&source).then(|| source.clone());
    let items = into_items(machine, source)?;
    if let Some(table) = table {
        let positions = match order {
            Order::Natural => positions_by_keys(machine, items, descending)?,
            Order::Key(function) => {
                let keys = keys(machine, &items, function)?;
                positions_by_keys(machine, keys, descending)?
            }
            Order::Comparator(function) => {
                positions_by_comparator(machine, name, &items, function, descending)?
            }
        };
        return at_positions(machine, table, &positions);
    }
    let sorted = match order {
        Order::Natural => sort_values(machine, items, descending)?,
        Order::Key(function) => {
            let keys = keys(machine, &items, function)?;
            let positions = positions_by_keys(machine, keys, descending)?;
            permute(items, &positions)
        }
        Order::Comparator(function) => {
            let positions = positions_by_comparator(machine, name, &items, function, descending)?;
            permute(items, &positions)
        }
    };
    Ok(Value::list(sorted))
}

fn keys(machine: &mut Machine, items: &[Value], function: &Value) -> Result<Vec<Value>, Error> {
    machine.with_callback(function, 1, |machine, callback| {
        items.iter().map(|item| callback.call(machine, [item.clone()])).collect()
    })
}

/// The positions of the items as a comparator orders them.
fn positions_by_comparator(
    machine: &mut Machine,
    name: &str,
    items: &[Value],
    function: &Value,
    descending: bool,
) -> Result<Vec<usize>, Error> {
    let plain = Comparator::of(function);
    let plain = plain.as_ref().and_then(|plain| plain.prepare(items));
    machine.with_callback(function, 2, |machine, callback| {
        if let Some(plain) = plain {
            return sorted_positions(items.len(), |a, b| {
                let (first, second) = if descending { (b, a) } else { (a, b) };
                match plain.is_before(machine, first, second) {
                    Some(before) => before,
                    None => is_first(machine, name, callback, &items[a], &items[b], descending),
                }
            });
        }
        // The items move along, so that those compared next lie close together.
        let numbered = items.iter().cloned().enumerate().map(|(position, item)| (item, position)).collect();
        let sorted =
            merge_sort(numbered, |(a, _), (b, _)| is_first(machine, name, callback, a, b, descending))?;
        Ok(sorted.into_iter().map(|(_, position)| position).collect())
    })
}

/// Whether a comparator puts `a` strictly before `b`, or behind it where the order is turned round.
fn is_first(
    machine: &mut Machine,
    name: &str,
    comparator: &Callback,
    a: &Value,
    b: &Value,
    descending: bool,
) -> Result<bool, Error> {
    let (a, b) = if descending { (b, a) } else { (a, b) };
    let result = comparator.call(machine, [a.clone(), b.clone()])?;
    comparator_says_before(&result).ok_or_else(|| {
        let got = result.type_of();
        Error::type_error(format!("{name}() comparator must return a number or a Bool, got {got}"))
    })
}

fn reverse(call: &mut Call) -> Result<Value, Error> {
    let backwards = Value::Int(-1);
    let source = match call.take(0) {
        range @ Value::Range(_) => Value::List(into_list(call.machine(), range)?),
        source => source,
    };
    match source {
        Value::List(mut list) => {
            if let Some((first, step, count)) = crate::general::common::walk::progression(&list)
                && count > 0
                && step != i64::MIN
            {
                let last = first.saturating_add(step.saturating_mul(count as i64 - 1));
                return Ok(Value::List(biovm_vm::value::List::progression(last, -step, count)));
            }
            list.make_mut().reverse();
            Ok(Value::List(list))
        }
        Value::Str(text) => Ok(Value::from(text.chars().rev().collect::<String>())),
        Value::Sequence(sequence) => {
            let letters: Vec<u8> = sequence.letters().iter().rev().copied().collect();
            Ok(Value::Sequence(Sequence::from_valid(sequence.alphabet(), letters.into())))
        }
        Value::Quality(quality) => {
            let letters: Vec<u8> = quality.letters().iter().rev().copied().collect();
            Ok(Value::Quality(Quality::from_valid(letters.into())))
        }
        table if is_table(&table) => access::slice(&table, &Value::Nil, &Value::Nil, &backwards),
        source => {
            let mut items = into_items(call.machine(), source)?;
            items.reverse();
            Ok(Value::list(items))
        }
    }
}
