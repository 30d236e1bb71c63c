//! Functions applied to many items on all cores. Results come in the order of the items, and so does the first error.

use crate::general::common::callback::take_callback;
use crate::general::common::select::{at_positions, divide};
use crate::general::common::types::*;
use crate::general::common::walk::{Walk, into_list, is_stream, is_table};
use crate::general::streams::lazy::{self, pull};
use biovm_bytecode::signature::{OptionField, Parameter};
use biovm_vm::native::option;
use biovm_vm::task::parallel::{self, Plan};
use biovm_vm::value::List;
use biovm_vm::{Call, Error, Machine, Native, Value, access, native, optional, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("par_map", par_map)
        .parallel()
        .section("Parallel")
        .parameters(PARAMETERS)
        .options(OPTIONS)
        .returns(LIST)
        .doc(
            "The results of f for each item, in order, computed on all cores. f may read outer variables, but assign \
             to none. Little work is done on one core. A Stream is drained, a part of it in memory at a time.",
        )
        .example("par_map([1, 2, 3], |x| x * x)", "[1, 4, 9]"),
    native("par_filter", par_filter)
        .parallel()
        .section("Parallel")
        .parameters(PARAMETERS)
        .options(OPTIONS)
        .returns(ANY)
        .doc("The items for which f holds, tested on all cores; a Table gives a Table; a Stream a Stream, in order, \
             with a part of it in memory.")
        .example("par_filter([1, 2, 3, 4], |x| x % 2 == 0)", "[2, 4]"),
    native("par_each", par_each)
        .parallel()
        .section("Parallel")
        .parameters(PARAMETERS)
        .options(OPTIONS)
        .returns(NIL)
        .doc("Calls f for each item, on all cores and in no particular order.")
        .example("par_each([1, 2, 3], |x| gc_content(\"GA\"))", ""),
    native("par_reduce", par_reduce)
        .parallel()
        .section("Parallel")
        .parameters(&[
            required("items", ITEMS),
            required("init", ANY),
            required("f", FUNCTION),
            optional("combine", FUNCTION),
        ])
        .returns(ANY)
        .doc(
            "Combines all items into one value on all cores. f must be associative; where the result is of another \
             kind than the items, f(result, item) starts from init for each part, and combine joins the parts.",
        )
        .example("par_reduce(range(1, 5), 0, |a, b| a + b)", "10"),
];

const PARAMETERS: &[Parameter] =
    &[required("items", ITEMS), required("f", FUNCTION), optional("options", NUMBER.or(RECORD))];

const OPTIONS: &[OptionField] = &[
    option("workers", NUMBER, "at most so many threads; a number instead of the options means this"),
    option("chunk", NUMBER, "so many items are handed out at a time; found by measuring where left out"),
];

/// So many items of a stream are in memory at a time.
const BLOCK: usize = 16 * 1024;

/// So many items are reduced one after the other. Fixed, so that sums of Floats do not depend on the number of cores.
const REDUCED_TOGETHER: usize = 1024;

/// The third argument.
fn plan(call: &Call) -> Result<Plan, Error> {
    if matches!(call.argument(2), Value::Int(_) | Value::Float(_)) {
        let workers = count(call.name(), "workers", &call.argument(2).clone())?;
        return Ok(Plan { workers: Some(workers), chunk: None });
    }
    let option = |name| call.option(name).map(|value| count(call.name(), name, value)).transpose();
    Ok(Plan { workers: option("workers")?, chunk: option("chunk")? })
}

/// A number of at least one.
fn count(builtin: &str, name: &str, value: &Value) -> Result<usize, Error> {
    let wrong = || Error::value_error(format!("{builtin}() requires {name} of at least 1"));
    let number = value.as_integral().ok_or_else(wrong)?;
    usize::try_from(number).ok().filter(|number| *number > 0).ok_or_else(wrong)
}

/// Items that any thread can get at by number.
#[derive(Clone)]
enum Items {
    List(List),
    /// A Table, whose rows are made where they are needed.
    Rows(Value),
}

impl Items {
    fn new(machine: &mut Machine, source: Value) -> Result<Items, Error> {
        match is_table(&source) {
            true => Ok(Items::Rows(source)),
            false => into_list(machine, source).map(Items::List),
        }
    }

    fn len(&self) -> usize {
        match self {
            Items::List(list) => list.len(),
            Items::Rows(table) => access::length(table).unwrap_or(0),
        }
    }

    fn get(&self, machine: &mut Machine, number: usize) -> Result<Value, Error> {
        let item = match self {
            Items::List(list) => list.get(number),
            Items::Rows(Value::Foreign(table)) => table.next(machine, number)?,
            Items::Rows(_) => None,
        };
        Ok(item.unwrap_or(Value::Nil))
    }
}

/// The results of the function for the items.
fn map_items(
    machine: &mut Machine,
    items: &Items,
    function: &Value,
    plan: Plan,
) -> Result<Vec<Value>, Error> {
    let (items, function) = (items.clone(), function.clone());
    parallel::map_chunks(machine, items.len(), plan, move |machine, numbers, results| {
        machine.with_callback(&function, 1, |machine, callback| {
            while let Some(number) = numbers.next(machine) {
                let item = items.get(machine, number)?;
                results.push(callback.call(machine, [item])?);
            }
            Ok(())
        })
    })
}

/// Calls `use_block` with parts of the collection, in order: streams come in blocks, everything else as one.
fn blocks(
    machine: &mut Machine,
    source: Value,
    mut use_block: impl FnMut(&mut Machine, Items) -> Result<(), Error>,
) -> Result<(), Error> {
    if !is_stream(&source) {
        let items = Items::new(machine, source)?;
        return use_block(machine, items);
    }
    let mut walk = Walk::new(machine, source)?;
    loop {
        let items = pull(&mut walk, machine, BLOCK)?;
        if items.is_empty() {
            return Ok(());
        }
        use_block(machine, Items::List(List::from(items)))?;
    }
}

fn par_map(call: &mut Call) -> Result<Value, Error> {
    let plan = plan(call)?;
    let function = take_callback(call, 1, 1)?;
    let source = call.take(0);
    let mut results = Vec::new();
    blocks(call.machine(), source, |machine, items| {
        let mapped = map_items(machine, &items, &function, plan)?;
        if results.is_empty() {
            results = mapped;
        } else {
            results.extend(mapped);
        }
        Ok(())
    })?;
    Ok(Value::list(results))
}

fn par_filter(call: &mut Call) -> Result<Value, Error> {
    let plan = plan(call)?;
    let function = take_callback(call, 1, 1)?;
    let source = call.take(0);
    let machine = call.machine();
    if is_stream(&source) {
        return filter_stream(machine, source, function, plan);
    }
    let items = Items::new(machine, source.clone())?;
    let decisions = map_items(machine, &items, &function, plan)?;
    if let Items::Rows(table) = items {
        // The rows have been made once already.
        let holding = decisions.iter().enumerate().filter(|(_, decision)| decision.is_truthy());
        let positions: Vec<usize> = holding.map(|(position, _)| position).collect();
        return at_positions(machine, table, &positions);
    }
    drop(items);
    let mut decisions = decisions.into_iter();
    let decide =
        |_: &mut Machine, _: &Value| Ok(decisions.next().is_some_and(|decision| decision.is_truthy()));
    Ok(divide(machine, source, false, decide)?.0)
}

/// A stream of the items that the function keeps, which are tested a block at a time when somebody reads it.
fn filter_stream(machine: &mut Machine, source: Value, function: Value, plan: Plan) -> Result<Value, Error> {
    let mut kept = Vec::new().into_iter();
    lazy::stage(machine, "par_filter", source, move |walk, machine| {
        loop {
            if let Some(item) = kept.next() {
                return Ok(Some(item));
            }
            let items = List::from(pull(walk, machine, BLOCK)?);
            if items.is_empty() {
                return Ok(None);
            }
            let decisions = map_items(machine, &Items::List(items.clone()), &function, plan)?;
            let decided = items.into_vec().into_iter().zip(decisions);
            let holding = decided.filter(|(_, holds)| holds.is_truthy()).map(|(item, _)| item);
            kept = holding.collect::<Vec<_>>().into_iter();
        }
    })
}

fn par_each(call: &mut Call) -> Result<Value, Error> {
    let plan = plan(call)?;
    let function = take_callback(call, 1, 1)?;
    let source = call.take(0);
    blocks(call.machine(), source, |machine, items| {
        let function = function.clone();
        parallel::map(machine, items.len(), plan, move |machine, number| {
            let item = items.get(machine, number)?;
            machine.call(&function, [item]).map(drop)
        })
        .map(drop)
    })?;
    Ok(Value::Nil)
}

fn par_reduce(call: &mut Call) -> Result<Value, Error> {
    let function = take_callback(call, 2, 2)?;
    let combine = match call.is_nil(3) {
        true => None,
        false => Some(take_callback(call, 3, 2)?),
    };
    let init = call.take(1);
    let source = call.take(0);
    let mut parts = Vec::new();
    blocks(call.machine(), source, |machine, items| {
        let count = items.len().div_ceil(REDUCED_TOGETHER);
        let (function, combine, init) = (function.clone(), combine.clone(), init.clone());
        parts.extend(parallel::map(machine, count, Plan::default(), move |machine, part| {
            let first = part * REDUCED_TOGETHER;
            let mut numbers = first..items.len().min(first + REDUCED_TOGETHER);
            let mut result = match &combine {
                Some(_) => init.clone(),
                None => items.get(machine, numbers.next().unwrap_or(first))?,
            };
            for number in numbers {
                let item = items.get(machine, number)?;
                result = machine.call(&function, [result, item])?;
            }
            Ok(result)
        })?);
        Ok(())
    })?;
    let machine = call.machine();
    let join = combine.as_ref().unwrap_or(&function);
    let mut parts = parts.into_iter();
    let mut result = match combine {
        Some(_) => parts.next().unwrap_or(init),
        None => init,
    };
    for part in parts {
        result = machine.call(join, [result, part])?;
    }
    Ok(result)
}
