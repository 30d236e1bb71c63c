//! Verbs on rows.

use super::build::take_table;
use super::columns::names_from;
use crate::general::common::select::divide;
use crate::general::common::sorting::{is_before, positions_by_keys, sorted_positions};
use crate::general::common::types::*;
use biovm_vm::value::{Key, Str};
use biovm_vm::{Call, Error, Native, Value, access, compare, native, optional, required};
use rustc_hash::FxHashSet;
use std::cmp::Ordering;

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("arrange", arrange)
        .section("Tables")
        .parameters(&[required("t", ROWS)])
        .rest(NAMES)
        .returns(TABLE)
        .doc(
            "The Table sorted by columns, equal rows in their old order; \"-x\", or \"desc\" behind a name, sorts that \
             column downwards. nil is last both ways.",
        )
        .example(r#"arrange(to_table({a: [1, 3, 2]}), "-a").a"#, "[3, 2, 1]"),
    native("desc", desc)
        .section("Tables")
        .parameters(&[required("name", STR)])
        .returns(STR)
        .doc("The column in falling order, for arrange(): the name with - before it.")
        .example(r#"arrange(to_table({a: [1, 3, 2]}), desc("a")).a"#, "[3, 2, 1]")
        .pure(),
    native("distinct", distinct)
        .section("Tables")
        .parameters(&[required("t", ROWS)])
        .rest(NAMES)
        .returns(TABLE)
        .doc("The first of all rows that are equal, or that are equal in these columns.")
        .example(r#"distinct(to_table({a: [1, 1, 2], b: [1, 2, 3]}), "a").b"#, "[1, 3]"),
    native("drop_null", drop_null)
        .section("Tables")
        .parameters(&[required("t", ROWS)])
        .rest(NAMES)
        .returns(TABLE)
        .doc("The rows without nil in these columns, or in any.")
        .example("drop_null(to_table({a: [1, nil, 3]})).a", "[1, 3]"),
    native("filter_by", filter_by)
        .section("Tables")
        .parameters(&[required("x", ROWS), required("field", STR), required("op", STR), required("value", ANY)])
        .returns(TABLE.or(LIST))
        .doc(
            "The rows or records whose field compares so with the value: == != > >= < <= contains starts_with ends_with \
             in. Values that cannot be compared do not match; an unknown operator is a ValueError.",
        )
        .example(r#"filter_by(to_table({a: [1, 2, 3]}), "a", ">=", 2).a"#, "[2, 3]"),
    native("multi_filter_by", multi_filter_by)
        .section("Tables")
        .parameters(&[required("x", ROWS), required("field", STR), required("op", STR), required("value", ANY)])
        .rest(ANY)
        .returns(TABLE.or(LIST))
        .doc("The rows or records that fulfil all conditions: field, operator and value of each, as filter_by() has them.")
        .example(r#"multi_filter_by(to_table({a: [1, 2, 3]}), "a", ">", 1, "a", "<", 3).a"#, "[2]"),
    native("count_where", count_where)
        .section("Tables")
        .parameters(&[required("x", ROWS), required("field", STR), required("op", STR), required("value", ANY)])
        .returns(INT)
        .doc("The number of rows or records whose field compares so with the value, as filter_by() has it.")
        .example(r#"count_where(to_table({a: [1, 2, 3]}), "a", ">=", 2)"#, "2"),
    native("case_when", case_when)
        .section("Tables")
        .parameters(&[required("condition", ANY), optional("value", ANY)])
        .rest(ANY)
        .returns(ANY)
        .doc(
            "The value behind the first condition that holds: case_when(condition, value, …, default). Functions are \
             called when their turn comes; nil where no condition holds and there is no default.",
        )
        .example(r#"case_when(1 > 2, "a", 2 > 1, "b", "c")"#, "b"),
];

/// The sort columns among the arguments, and whether each falls.
fn sort_columns(call: &Call) -> Result<Vec<(Str, bool)>, Error> {
    let mut columns: Vec<(Str, bool)> = Vec::new();
    for name in names_from(call, 1)? {
        match (name.as_str(), columns.last_mut()) {
            ("desc", Some(last)) => last.1 = true,
            ("asc", Some(last)) => last.1 = false,
            (text, _) => match text.strip_prefix('-') {
                Some(rest) => columns.push((Str::from(rest), true)),
                None => columns.push((name, false)),
            },
        }
    }
    Ok(columns)
}

fn arrange(call: &mut Call) -> Result<Value, Error> {
    let columns = sort_columns(call)?;
    let table = take_table(call, 0)?;
    if let [(name, falls)] = columns.as_slice() {
        let keys = table.require(name)?.iter().collect();
        return Ok(Value::foreign(table.select_rows(&positions_by_keys(call.machine(), keys, *falls)?)));
    }
    let mut keys = Vec::with_capacity(columns.len());
    for (name, falls) in &columns {
        keys.push((table.require(name)?.iter().collect::<Vec<_>>(), *falls));
    }
    let machine = call.machine();
    let order = sorted_positions(table.row_count(), |a, b| {
        for (cells, falls) in &keys {
            if machine.sort_order(&cells[a], &cells[b])? != Ordering::Equal {
                return is_before(machine, &cells[a], &cells[b], *falls);
            }
        }
        Ok::<_, Error>(false)
    })?;
    Ok(Value::foreign(table.select_rows(&order)))
}

fn desc(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::from(format!("-{}", call.text(0)?)))
}

/// The named columns of a table as cells; all columns where none are named.
fn cells_of(table: &super::Table, names: &[Str]) -> Result<Vec<Vec<Value>>, Error> {
    if names.is_empty() {
        return Ok(table.columns().iter().map(|column| column.iter().collect()).collect());
    }
    names.iter().map(|name| Ok(table.require(name)?.iter().collect())).collect()
}

fn distinct(call: &mut Call) -> Result<Value, Error> {
    let names = names_from(call, 1)?;
    let table = take_table(call, 0)?;
    let cells = cells_of(&table, &names)?;
    let mut seen = FxHashSet::default();
    let is_new = |row: &usize| {
        let key = match cells.as_slice() {
            [column] => column[*row].clone(),
            columns => Value::tuple(columns.iter().map(|column| column[*row].clone()).collect()),
        };
        seen.insert(Key(key))
    };
    let rows: Vec<usize> = (0..table.row_count()).filter(is_new).collect();
    Ok(Value::foreign(table.select_rows(&rows)))
}

fn drop_null(call: &mut Call) -> Result<Value, Error> {
    let names = names_from(call, 1)?;
    let table = take_table(call, 0)?;
    let cells = cells_of(&table, &names)?;
    let is_whole = |row: &usize| !cells.iter().any(|column| matches!(column[*row], Value::Nil));
    let rows: Vec<usize> = (0..table.row_count()).filter(is_whole).collect();
    Ok(Value::foreign(table.select_rows(&rows)))
}

/// A condition on a field.
struct Condition {
    field: Str,
    operator: Operator,
    value: Value,
}

#[derive(Clone, Copy)]
enum Operator {
    Equal,
    NotEqual,
    Order(fn(Ordering) -> bool),
    Contains,
    StartsWith,
    EndsWith,
    In,
}

impl Operator {
    fn parse(builtin: &str, text: &str) -> Result<Operator, Error> {
        Ok(match text {
            "==" => Operator::Equal,
            "!=" => Operator::NotEqual,
            ">" => Operator::Order(Ordering::is_gt),
            ">=" => Operator::Order(Ordering::is_ge),
            "<" => Operator::Order(Ordering::is_lt),
            "<=" => Operator::Order(Ordering::is_le),
            "contains" => Operator::Contains,
            "starts_with" => Operator::StartsWith,
            "ends_with" => Operator::EndsWith,
            "in" => Operator::In,
            _ => {
                return Err(Error::value_error(format!("{builtin}() has no operator '{text}'"))
                    .with_hint("its operators are == != > >= < <= contains starts_with ends_with in"));
            }
        })
    }

    /// Whether `cell operator value` holds; false where the two cannot be compared.
    fn holds(self, cell: &Value, value: &Value) -> bool {
        let texts = || Some((letters(cell)?, letters(value)?));
        match self {
            Operator::Equal => compare::equal(cell, value),
            Operator::NotEqual => !compare::equal(cell, value),
            Operator::Order(fits) => compare::order(cell, value).is_ok_and(|order| order.is_some_and(fits)),
            Operator::Contains => access::contains(cell, value).unwrap_or(false),
            Operator::In => access::contains(value, cell).unwrap_or(false),
            Operator::StartsWith => texts().is_some_and(|(cell, value)| cell.starts_with(value)),
            Operator::EndsWith => texts().is_some_and(|(cell, value)| cell.ends_with(value)),
        }
    }
}

fn letters(value: &Value) -> Option<&str> {
    match value {
        Value::Sequence(sequence) => Some(sequence.as_str()),
        value => value.as_text(),
    }
}

/// The conditions among the arguments: triples of field, operator and value.
fn conditions(call: &Call) -> Result<Vec<Condition>, Error> {
    let name = call.name();
    let triples = &call.arguments()[1..];
    if !triples.len().is_multiple_of(3) {
        return Err(Error::new(
            biovm_vm::ErrorKind::Arity,
            format!(
                "{name}() requires field, operator and value of each condition, got {} arguments",
                triples.len()
            ),
        ));
    }
    let text = |value: &Value| match value {
        Value::Str(text) => Ok(text.clone()),
        other => Err(Error::type_error(format!("{name}() requires Str, got {}", other.type_of()))),
    };
    let condition = |triple: &[Value]| match triple {
        [field, operator, value] => Ok(Condition {
            field: text(field)?,
            operator: Operator::parse(name, &text(operator)?)?,
            value: value.clone(),
        }),
        _ => Err(Error::type_error(format!("{name}() requires field, operator and value"))),
    };
    triples.chunks(3).map(condition).collect()
}

fn matching(call: &mut Call) -> Result<Value, Error> {
    let conditions = conditions(call)?;
    let source = call.take(0);
    if crate::general::common::walk::is_table(&source) {
        for condition in &conditions {
            access::field(&source, &condition.field)?;
        }
    }
    let (kept, _) = divide(call.machine(), source, false, |_, row| {
        for condition in &conditions {
            let cell = access::field_or_nil(row, &condition.field)?;
            if !condition.operator.holds(&cell, &condition.value) {
                return Ok(false);
            }
        }
        Ok(true)
    })?;
    Ok(kept)
}

fn filter_by(call: &mut Call) -> Result<Value, Error> {
    matching(call)
}

fn multi_filter_by(call: &mut Call) -> Result<Value, Error> {
    matching(call)
}

fn count_where(call: &mut Call) -> Result<Value, Error> {
    Ok(Value::from(access::length(&matching(call)?).unwrap_or(0)))
}

fn case_when(call: &mut Call) -> Result<Value, Error> {
    let arguments = call.arguments().to_vec();
    // A function is called only when its turn comes; one that takes an argument gets nil.
    let force = |call: &mut Call, value: &Value| {
        if !value.is_function() {
            return Ok(value.clone());
        }
        let takes_one = call.machine().arity(value).is_some_and(|(least, _)| least > 0);
        let nothing = if takes_one { vec![Value::Nil] } else { Vec::new() };
        call.machine().call(value, nothing)
    };
    for pair in arguments.chunks(2) {
        match pair {
            [condition, value] if force(call, condition)?.is_truthy() => return force(call, value),
            [default] => return force(call, default),
            _ => {}
        }
    }
    Ok(Value::Nil)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(operator: &str, cell: Value, value: Value) -> bool {
        Operator::parse("filter_by", operator).unwrap().holds(&cell, &value)
    }

    #[test]
    fn operators_compare_by_the_language() {
        assert!(holds("==", Value::Int(1), Value::Float(1.0)));
        assert!(holds("!=", Value::Int(1), Value::text("1")));
        assert!(holds("<", Value::Int(1), Value::Float(1.5)));
        assert!(!holds("<", Value::Nil, Value::Int(1)));
        assert!(!holds(">", Value::text("a"), Value::Int(1)));
        assert!(holds("contains", Value::text("chr1"), Value::text("hr")));
        assert!(holds("starts_with", Value::text("chr1"), Value::text("chr")));
        assert!(holds("in", Value::Int(2), Value::list(vec![Value::Int(1), Value::Int(2)])));
        assert!(Operator::parse("filter_by", "=~").is_err());
    }
}
