//! Parts of a collection that are a collection of the same kind.

use super::walk::{Walk, into_items, is_stream};
use biovm_vm::value::{List, Record, Set};
use biovm_vm::{Error, Machine, Value, access};

/// The items from `start` to `end`, 0-based and half-open; both lie inside. Tables give tables, text gives text,
/// other collections give lists.
pub fn part(machine: &mut Machine, source: Value, start: usize, end: usize) -> Result<Value, Error> {
    match source {
        Value::List(mut list) => {
            if let Some((first, step, _)) = super::walk::progression(&list) {
                let first = first.saturating_add(step.saturating_mul(start as i64));
                return Ok(Value::List(List::progression(first, step, end - start)));
            }
            if list.is_unique() {
                let items = list.make_mut();
                items.truncate(end);
                items.drain(..start);
                return Ok(Value::List(list));
            }
            Ok(Value::list(list.as_slice().unwrap_or_default()[start..end].to_vec()))
        }
        Value::Range(bounds) => {
            Ok(Value::List(List::progression(bounds.start.saturating_add(start as i64), 1, end - start)))
        }
        source @ (Value::Tuple(_) | Value::Set(_) | Value::Record(_)) => {
            let mut items = into_items(machine, source)?;
            items.truncate(end);
            items.drain(..start);
            Ok(Value::list(items))
        }
        source => access::slice(&source, &Value::from(start), &Value::from(end), &Value::Nil),
    }
}

/// The items at these positions. Tables give tables, other collections lists.
pub fn at_positions(machine: &mut Machine, source: Value, positions: &[usize]) -> Result<Value, Error> {
    if let Value::Foreign(foreign) = &source
        && let Some(selected) = foreign.select(positions)
    {
        return Ok(selected);
    }
    let items = into_items(machine, source)?;
    Ok(Value::list(positions.iter().map(|&position| items[position].clone()).collect()))
}

/// The items for which `decide` holds, as a collection of the same kind, and the others. `others` says whether anybody
/// wants those.
pub fn divide(
    machine: &mut Machine,
    source: Value,
    others: bool,
    mut decide: impl FnMut(&mut Machine, &Value) -> Result<bool, Error>,
) -> Result<(Value, Value), Error> {
    if let Value::Foreign(foreign) = &source
        && !is_stream(&source)
        && foreign.select(&[]).is_some()
    {
        let foreign = foreign.clone();
        let (mut kept, mut rest) = (Vec::new(), Vec::new());
        let mut walk = Walk::new(machine, source)?;
        let mut position = 0;
        while let Some(row) = walk.next(machine)? {
            if decide(machine, &row)? {
                kept.push(position);
            } else if others {
                rest.push(position);
            }
            position += 1;
        }
        let select = |positions: &[usize]| foreign.select(positions).unwrap_or_default();
        return Ok((select(&kept), select(&rest)));
    }
    if let Value::Record(record) = &source {
        let record = record.clone();
        let class = record.shape().class();
        let (mut kept, mut rest) = (Record::empty(class), Record::empty(class));
        let mut walk = Walk::new(machine, source)?;
        for (key, value) in record.iter() {
            let Some(entry) = walk.next(machine)? else { break };
            if decide(machine, &entry)? {
                kept.insert(key.clone(), value.clone());
            } else if others {
                rest.insert(key.clone(), value.clone());
            }
        }
        return Ok((Value::Record(kept), Value::Record(rest)));
    }
    let is_set = matches!(source, Value::Set(_));
    let (mut kept, mut rest) = (Vec::new(), Vec::new());
    let mut walk = Walk::new(machine, source)?;
    while let Some(item) = walk.next(machine)? {
        if decide(machine, &item)? {
            kept.push(item);
        } else if others {
            rest.push(item);
        }
    }
    let wrap = |items: Vec<Value>| match is_set {
        true => Value::Set(items.into_iter().collect::<Set>()),
        false => Value::list(items),
    };
    Ok((wrap(kept), wrap(rest)))
}

/// The items of a list or tuple of two.
pub fn as_pair(value: &Value) -> Option<[Value; 2]> {
    match value {
        Value::List(list) if list.len() == 2 => Some([list.get(0)?, list.get(1)?]),
        Value::Tuple(items) => match &items[..] {
            [first, second] => Some([first.clone(), second.clone()]),
            _ => None,
        },
        _ => None,
    }
}
