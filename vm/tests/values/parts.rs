use super::*;
use biovm_vm::access::{
    contains, did_you_mean, field, field_or_nil, index, is_iterable, item, item_from, length, set_field,
    set_index,
};
use biovm_vm::error::{Position, TraceFrame};

#[test]
fn indexes() {
    let numbers = || list([int(10), int(20), int(30)]);
    let gene = || record([("name", text("TP53")), ("length", int(20))]);
    let cases = [
        (numbers(), int(0), "Int 10"),
        (numbers(), int(-1), "Int 30"),
        (numbers(), float(1.0), "Int 20"),
        (numbers(), int(3), "IndexOutOfBounds: index 3 out of bounds (len 3)"),
        (numbers(), int(-4), "IndexOutOfBounds: index -4 out of bounds (len 3)"),
        (numbers(), int(i64::MIN), "IndexOutOfBounds: index -9223372036854775808 out of bounds (len 3)"),
        (numbers(), float(2.5), "TypeError: List index requires Int, got Float 2.5"),
        (numbers(), text("a"), "TypeError: cannot index List with Str"),
        (numbers(), Value::Nil, "TypeError: cannot index List with Nil"),
        (progression(5, 5, 3), int(-1), "Int 15"),
        (progression(5, 5, 3), int(3), "IndexOutOfBounds: index 3 out of bounds (len 3)"),
        (tuple([int(1), int(2)]), int(-2), "Int 1"),
        (text("ünï"), int(-1), "Str ï"),
        (text("abc"), int(1), "Str b"),
        (text(""), int(0), "IndexOutOfBounds: index 0 out of bounds (len 0)"),
        (dna("ATG"), int(2), "DNA DNA(G)"),
        (quality("!I"), int(1), "Int 40"),
        (range(5, 8), int(-1), "Int 7"),
        (range(i64::MIN, i64::MAX), int(i64::MAX), "Int -1"),
        (gene(), text("name"), "Str TP53"),
        (gene(), text("nane"), "NameError: key 'nane' not found"),
        (gene(), int(0), "TypeError: cannot index Record with Int"),
        (map([("a", int(1))]), text("a"), "Int 1"),
        (set([int(1)]), int(0), "TypeError: cannot index Set with Int"),
        (Value::Nil, int(0), "TypeError: cannot index Nil with Int"),
        (int(5), range(0, 1), "TypeError: cannot index Int with Range"),
        (error("bad"), int(0), "Str b"),
        (error("bad"), text("kind"), "Str ValueError"),
    ];
    for (object, position, expected) in &cases {
        assert_eq!(shown(index(object, position)), *expected, "{object:?}[{position:?}]");
    }
    let hint = index(&gene(), &text("nane")).err().and_then(|error| error.hint().map(str::to_owned));
    assert_eq!(hint.as_deref(), Some("did you mean 'name'?"));
    let hint = index(&numbers(), &float(2.5)).err().and_then(|error| error.hint().map(str::to_owned));
    assert_eq!(hint.as_deref(), Some("use // for integer division"));
}

#[test]
fn fields() {
    let cases = [
        (record([("a", int(1))]), "a", "Int 1"),
        (record([("a", int(1))]), "b", "NameError: no field 'b' on record"),
        (quality("!I"), "scores", "List [0, 40]"),
        (quality("!I"), "length", "Int 2"),
        (quality("!I"), "mean", "Float 20.0"),
        (quality("!I"), "min", "Int 0"),
        (quality(""), "min", "Nil nil"),
        (quality("!I"), "max", "NameError: no field 'max' on Quality"),
        (tuple([int(1), int(2)]), "1", "Int 2"),
        (list([int(1)]), "0", "Int 1"),
        (tuple([int(1)]), "4", "IndexOutOfBounds: index 4 out of bounds (len 1)"),
        (tuple([int(1)]), "name", "TypeError: cannot access field on Tuple"),
        (text("a"), "size", "TypeError: cannot access field on Str"),
        (Value::Nil, "x", "TypeError: cannot access field on Nil"),
        (error("bad"), "kind", "Str ValueError"),
        (error("bad"), "message", "Str bad"),
        (error("bad"), "line", "Nil nil"),
        (error("bad"), "stack", "List []"),
        (error("bad"), "lines", "NameError: no field 'lines' on Error"),
    ];
    for (object, name, expected) in &cases {
        assert_eq!(shown(field(object, name)), *expected, "{object:?}.{name}");
    }
    let optional = [
        (Value::Nil, "x", "Nil nil"),
        (record([("a", int(1))]), "a", "Int 1"),
        (record([("a", int(1))]), "b", "Nil nil"),
        (tuple([int(1)]), "4", "Nil nil"),
        (quality("I"), "max", "Nil nil"),
        (int(1), "x", "TypeError: cannot access field on Int"),
    ];
    for (object, name, expected) in &optional {
        assert_eq!(shown(field_or_nil(object, name)), *expected, "{object:?}?.{name}");
    }
}

#[test]
fn fields_of_an_error() {
    let mut raised = Error::value_error("bad").with_hint("be good").with_value(int(7));
    let position = Position { file: "a.bl".into(), line: 3, column: 5, width: 1, text: "x".into() };
    let frame =
        |function: &str, line| TraceFrame { function: function.into(), place: Some(("a.bl".into(), line)) };
    raised.set_origin(Some(position), vec![frame("inner", 3), frame("main", 9)]);
    let caught = Value::Error(raised);
    for (name, expected) in [
        ("value", "Int 7"),
        ("line", "Int 3"),
        ("column", "Int 5"),
        ("file", "Str a.bl"),
        ("hint", "Str be good"),
        ("stack", "List [{function: main, file: a.bl, line: 9}, {function: inner, file: a.bl, line: 3}]"),
    ] {
        assert_eq!(shown(field(&caught, name)), expected, "{name}");
    }
}

#[test]
fn assignments() {
    let done = |mut object: Value, position: Value, value: Value| {
        let other_holder = object.clone();
        let before = display::brief_nested(&other_holder);
        let outcome = set_index(&mut object, &position, value).map(|()| object);
        assert_eq!(display::brief_nested(&other_holder), before);
        shown(outcome)
    };
    let cases = [
        (list([int(1), int(2)]), int(-1), "List [1, x]"),
        (list([int(1), int(2)]), float(0.0), "List [x, 2]"),
        (progression(0, 1, 3), int(1), "List [0, x, 2]"),
        (list([int(1)]), int(1), "IndexOutOfBounds: index 1 out of bounds (len 1)"),
        (list([int(1)]), text("a"), "TypeError: cannot index List with Str"),
        (record([("a", int(1))]), text("a"), "Record {a: x}"),
        (record([("a", int(1))]), text("b"), "Record {a: 1, b: x}"),
        (map([]), text("b"), "Map {b: x}"),
        (record([]), int(1), "TypeError: cannot index Record with Int"),
        (tuple([int(1)]), int(0), "TypeError: cannot assign to an index of Tuple"),
        (text("abc"), int(0), "TypeError: cannot assign to an index of Str"),
        (Value::Nil, int(0), "TypeError: cannot assign to an index of Nil"),
    ];
    for (object, position, expected) in cases {
        assert_eq!(done(object, position, text("x")), expected);
    }
    let fields = [
        (record([("a", int(1))]), "a", "Record {a: x}"),
        (record([("a", int(1))]), "b", "Record {a: 1, b: x}"),
        (list([int(1)]), "0", "List [x]"),
        (list([int(1)]), "1", "IndexOutOfBounds: index 1 out of bounds (len 1)"),
        (tuple([int(1)]), "0", "TypeError: cannot set field '0' on Tuple"),
        (int(1), "a", "TypeError: cannot set field 'a' on Int"),
    ];
    for (mut object, name, expected) in fields {
        assert_eq!(shown(set_field(&mut object, name, text("x")).map(|()| object)), expected);
    }
}

#[test]
fn membership() {
    let cases = [
        (list([int(1), int(2)]), float(2.0), "true"),
        (list([dna("A")]), text("A"), "true"),
        (progression(0, 3, 5), int(9), "true"),
        (progression(0, 3, 5), int(10), "false"),
        (progression(0, 3, 5), int(15), "false"),
        (progression(0, -3, 5), int(-12), "true"),
        (tuple([Value::Nil]), Value::Nil, "true"),
        (set([int(1)]), float(1.0), "true"),
        (set([dna("ATG")]), text("ATG"), "true"),
        (set([text("ATG")]), dna("ATG"), "true"),
        (set([dna("ATG")]), rna("AUG"), "false"),
        (set([protein("MK"), int(1)]), text("MK"), "true"),
        (text("hello"), text("ell"), "true"),
        (text("ATG"), dna("TG"), "true"),
        (error("no such file"), text("such"), "true"),
        (dna("ATG"), dna("TG"), "true"),
        (dna("ATG"), text("TG"), "true"),
        (record([("a", Value::Nil)]), text("a"), "true"),
        (record([("a", Value::Nil)]), int(1), "false"),
        (range(1, 5), int(5), "false"),
        (range_inclusive(1, 5), float(5.0), "true"),
        (range(1, 5), float(2.5), "false"),
        (quality("!I"), int(40), "true"),
        (int(1), int(1), "TypeError: 'in' not supported for Int"),
        (Value::Nil, int(1), "TypeError: 'in' not supported for Nil"),
        (text("a"), int(1), "TypeError: 'in' not supported for Int in Str"),
        (dna("A"), rna("A"), "TypeError: 'in' not supported for RNA in DNA"),
    ];
    for (container, item, expected) in &cases {
        let outcome =
            contains(container, item).map_or_else(|error| error.to_string(), |found| found.to_string());
        assert_eq!(outcome, *expected, "{item:?} in {container:?}");
    }
}

#[test]
fn lengths_and_items() {
    let cases = [
        (text("ünï"), Some(3), "[ü, n, ï]"),
        (text("abc"), Some(3), "[a, b, c]"),
        (dna("ATG"), Some(3), "[A, T, G]"),
        (quality("!I"), Some(2), "[0, 40]"),
        (list([int(1), Value::Nil]), Some(2), "[1, nil]"),
        (tuple([int(1)]), Some(1), "[1]"),
        (set([int(2), int(1)]), Some(2), "[2, 1]"),
        (record([("b", int(1)), ("a", int(2))]), Some(2), "[{key: b, value: 1}, {key: a, value: 2}]"),
        (range(-1, 2), Some(3), "[-1, 0, 1]"),
        (range(2, -1), Some(0), "[]"),
        (progression(3, -1, 3), Some(3), "[3, 2, 1]"),
    ];
    for (value, expected_length, expected) in &cases {
        assert!(is_iterable(value));
        assert_eq!(length(value), *expected_length, "{value:?}");
        let items = Value::list((0..).map_while(|position| item(value, position)).collect());
        assert_eq!(display::brief_nested(&items), *expected);
        let mut cursor = 0;
        let items = Value::list(std::iter::from_fn(|| item_from(value, &mut cursor)).collect());
        assert_eq!(display::brief_nested(&items), *expected);
    }
    for value in [Value::Nil, int(1), float(0.5), Value::Bool(true), error("bad")] {
        assert!(!is_iterable(&value));
        assert!(item(&value, 0).is_none());
    }
    assert!(matches!(item(&dna("A"), 0), Some(Value::Str(_))));
    assert_eq!(length(&error("bad")), Some(3));
    assert_eq!(length(&int(1)), None);
}

#[test]
fn suggestions() {
    let names = ["length", "name", "gc_content", "of"];
    for (word, expected) in [
        ("lenght", Some("length")),
        ("nme", Some("name")),
        ("gc_contnt", Some("gc_content")),
        ("gc_cntnt", Some("gc_content")),
        ("length", None),
        ("on", None),
        ("weight", None),
    ] {
        assert_eq!(did_you_mean(word, names), expected, "{word}");
    }
}
