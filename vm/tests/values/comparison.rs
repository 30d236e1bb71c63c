use super::*;
use biovm_vm::compare::{equal, hash, order, sort_order};
use biovm_vm::value::Key;
use biovm_vm::{Native, native};
use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hasher};

static FIRST: Native = native("first", |_| Ok(Value::Nil));
static SECOND: Native = native("second", |_| Ok(Value::Nil));

fn hash_of(value: &Value) -> u64 {
    let mut state = DefaultHasher::new();
    hash(value, &mut state);
    state.finish()
}

#[test]
fn equal_values() {
    let pairs = [
        (Value::Nil, Value::Nil),
        (int(1), float(1.0)),
        (float(0.0), float(-0.0)),
        (int(i64::MIN), float(-9_223_372_036_854_775_808.0)),
        (text("ü"), text("ü")),
        (dna("atg"), text("ATG")),
        (text("MK"), protein("MK")),
        (error("division by zero"), text("division by zero")),
        (error("x"), error("x")),
        (list([int(1)]), list([float(1.0)])),
        (list([int(0), int(2), int(4)]), progression(0, 2, 3)),
        (progression(5, 1, 1), progression(5, 7, 1)),
        (progression(5, 1, 0), list([])),
        (tuple([int(1), text("a")]), tuple([int(1), text("a")])),
        (record([("a", int(1)), ("b", int(2))]), record([("b", int(2)), ("a", int(1))])),
        (record([("a", int(1))]), map([("a", float(1.0))])),
        (record([]), map([])),
        (set([int(1), int(2)]), set([int(2), int(1)])),
        (set([set([int(1), int(2)])]), set([set([int(2), float(1.0)])])),
        (range(1, 3), range(1, 3)),
        (quality("II"), quality("II")),
        (list([record([("a", list([Value::Nil]))])]), list([record([("a", list([Value::Nil]))])])),
        (Value::Native(&FIRST), Value::Native(&FIRST)),
    ];
    for (left, right) in &pairs {
        assert!(equal(left, right), "{left:?} == {right:?}");
        assert!(equal(right, left), "{right:?} == {left:?}");
        assert!(equal(left, left), "{left:?} == itself");
    }
}

#[test]
fn unequal_values() {
    let nan = f64::NAN;
    let pairs = [
        (float(nan), float(nan)),
        (int(1), Value::Bool(true)),
        (text(""), Value::Nil),
        (int(0), Value::Bool(false)),
        (int(1), text("1")),
        (int(9_007_199_254_740_993), float(9_007_199_254_740_992.0)),
        (int(i64::MAX), float(9_223_372_036_854_775_808.0)),
        (int(0), float(nan)),
        (dna("ACG"), rna("ACG")),
        (dna("ACG"), text("acg")),
        (list([int(1)]), tuple([int(1)])),
        (list([int(1)]), list([int(1), int(2)])),
        (progression(0, 1, 3), progression(0, 2, 3)),
        (progression(0, 1, 2), list([int(0), text("1")])),
        (record([("a", int(1))]), record([("b", int(1))])),
        (record([("a", int(1))]), record([("a", int(1)), ("b", int(2))])),
        (set([int(1)]), set([int(2)])),
        (set([dna("A")]), set([text("A")])),
        (set([int(1)]), list([int(1)])),
        (range(1, 3), range_inclusive(1, 2)),
        (quality("II"), text("II")),
        (list([float(nan)]), list([float(nan)])),
        (Value::Native(&FIRST), Value::Native(&SECOND)),
        (error("a"), error("b")),
    ];
    for (left, right) in &pairs {
        assert!(!equal(left, right), "{left:?} != {right:?}");
        assert!(!equal(right, left), "{right:?} != {left:?}");
    }
}

#[test]
fn deep_nesting_is_compared_hashed_and_ordered() {
    let deep = |innermost| nested_lists(200_000, int(innermost));
    let (one, other, larger) = (deep(1), deep(1), deep(2));
    assert!(equal(&one, &other));
    assert!(!equal(&one, &larger));
    assert_eq!(hash_of(&one), hash_of(&other));
    assert_eq!(order(&one, &larger).ok().flatten(), Some(Ordering::Less));

    let deep_set = || (0..5_000).fold(set([]), |inner, _| set([inner]));
    let (one, other) = (deep_set(), deep_set());
    // Compared by identity below a great depth; what matters is that the process lives on.
    let _ = equal(&one, &other);
    assert!(equal(&one, &one));
}

#[test]
fn a_sequence_and_its_text_are_two_members() {
    let Value::Set(members) = set([dna("ATG"), text("ATG"), rna("AUG"), dna("ATG"), error("ATG")]) else {
        unreachable!()
    };
    assert_eq!(members.len(), 3);
    assert!(Key(int(1)) == Key(float(1.0)));
    assert!(Key(dna("A")) != Key(text("A")));
    assert!(Key(list([dna("A")])) != Key(list([text("A")])) && equal(&list([dna("A")]), &list([text("A")])));
    assert!(Key(record([("k", text("A"))])) != Key(map([("k", dna("A"))])));
}

#[test]
fn orders() {
    use Ordering::{Equal, Greater, Less};
    let nan = || float(f64::NAN);
    let cases = [
        (int(1), int(2), Some(Less)),
        (int(2), float(1.5), Some(Greater)),
        (int(9_007_199_254_740_993), float(9_007_199_254_740_992.0), Some(Greater)),
        (int(-1), float(-0.5), Some(Less)),
        (int(0), float(f64::NEG_INFINITY), Some(Greater)),
        (nan(), int(1), None),
        (nan(), nan(), None),
        (Value::Nil, int(1), None),
        (text("a"), Value::Nil, None),
        (Value::Nil, Value::Nil, None),
        (text("Z"), text("a"), Some(Less)),
        (text("z"), text("é"), Some(Less)),
        (Value::Bool(false), Value::Bool(true), Some(Less)),
        (dna("AC"), dna("AT"), Some(Less)),
        (dna("AC"), text("AB"), Some(Greater)),
        (text("AC"), dna("AC"), Some(Equal)),
        (error("a"), text("b"), Some(Less)),
        (list([int(1), int(2)]), list([int(1), int(3)]), Some(Less)),
        (list([int(1)]), list([int(1), int(3)]), Some(Less)),
        (list([list([int(2)]), int(0)]), list([list([int(1), int(9)]), int(1)]), Some(Greater)),
        (progression(0, 1, 3), list([int(0), int(1), int(2)]), Some(Equal)),
        (tuple([int(1), text("b")]), tuple([int(1), text("a")]), Some(Greater)),
        (list([]), list([int(1)]), Some(Less)),
        (list([int(30), int(1)]), int(20), Some(Greater)),
        (int(20), list([float(20.0), int(1)]), Some(Equal)),
        (list([nan()]), list([int(1)]), None),
    ];
    for (left, right, expected) in &cases {
        assert_eq!(order(left, right).ok(), Some(*expected), "{left:?} against {right:?}");
        assert_eq!(
            order(right, left).ok(),
            Some(expected.map(Ordering::reverse)),
            "{right:?} against {left:?}"
        );
    }
}

#[test]
fn values_without_an_order() {
    let cases = [
        (int(1), text("1"), "cannot compare Int and Str"),
        (Value::Bool(true), int(1), "cannot compare Bool and Int"),
        (dna("A"), rna("A"), "cannot compare DNA and RNA"),
        (list([]), int(1), "cannot compare List and Int"),
        (list([int(1)]), tuple([int(1)]), "cannot compare List and Tuple"),
        (list([int(1), int(1)]), list([int(1), text("a")]), "cannot compare Int and Str"),
        (record([]), record([]), "cannot compare Record and Record"),
        (set([]), set([]), "cannot compare Set and Set"),
    ];
    for (left, right, message) in &cases {
        for outcome in [order(left, right).map(drop), sort_order(left, right).map(drop)] {
            assert_eq!(outcome.err().map(|error| error.to_string()), Some(format!("TypeError: {message}")));
        }
    }
}

#[test]
fn sorting_puts_nan_and_nil_last() {
    let mut values = vec![Value::Nil, float(f64::NAN), int(2), Value::Nil, float(-1.5), float(f64::INFINITY)];
    values.sort_by(|left, right| sort_order(left, right).expect("all comparable"));
    assert_eq!(display::brief(&Value::list(values)), "[-1.5, 2, inf, NaN, nil, nil]");

    let mut values = vec![list([int(1), int(3)]), int(1), list([int(1), int(2)]), int(2), list([int(0)])];
    values.sort_by(|left, right| sort_order(left, right).expect("all comparable"));
    assert_eq!(display::brief(&Value::list(values)), "[[0], 1, [1, 2], [1, 3], 2]");
}

/// Values that can all be compared with each other.
fn any_sortable() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        3 => (-2..3_i64).prop_map(Value::Int),
        2 => (-4..5_i64).prop_map(|half| Value::Float(half as f64 / 2.0)),
        1 => any::<i64>().prop_map(Value::Int),
        1 => any::<i64>().prop_map(|value| Value::Float(value as f64)),
        1 => Just(Value::Float(f64::NAN)),
        1 => Just(Value::Nil),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| prop::collection::vec(inner, 1..4).prop_map(Value::list))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn equality_is_reflexive_symmetric_and_hashed(left in any_plain_value(), right in any_plain_value()) {
        prop_assert!(equal(&left, &left.clone()));
        prop_assert_eq!(equal(&left, &right), equal(&right, &left));
        if Key(left.clone()) == Key(right.clone()) {
            prop_assert_eq!(hash_of(&left), hash_of(&right));
        }
    }

    #[test]
    fn sets_hold_what_differs(items in prop::collection::vec(any_plain_value(), 0..12)) {
        let mut distinct: Vec<&Value> = Vec::new();
        for item in &items {
            if !distinct.iter().any(|known| Key((*known).clone()) == Key(item.clone())) {
                distinct.push(item);
            }
        }
        let set: Set = items.iter().cloned().collect();
        prop_assert_eq!(set.len(), distinct.len());
        for (member, first) in set.iter().zip(distinct) {
            prop_assert!(Key(member.clone()) == Key(first.clone()), "{:?} stands where {:?} came first", member, first);
        }
        let backwards: Set = items.iter().rev().cloned().collect();
        prop_assert!(equal(&Value::Set(set), &Value::Set(backwards)));
    }

    #[test]
    fn sorting_is_a_total_order(first in any_sortable(), second in any_sortable(), third in any_sortable()) {
        let compare = |left: &Value, right: &Value| sort_order(left, right).expect("all comparable");
        prop_assert_eq!(compare(&first, &first), Ordering::Equal);
        prop_assert_eq!(compare(&first, &second), compare(&second, &first).reverse());
        if compare(&first, &second).is_le() && compare(&second, &third).is_le() {
            prop_assert!(compare(&first, &third).is_le(), "{:?} {:?} {:?}", first, second, third);
        }
    }

    #[test]
    fn int_and_float_compare_exactly(int in any::<i64>(), float in any::<f64>()) {
        let expected = if float.is_nan() {
            None
        } else if float.abs() >= 1e19 {
            Some(0.0.partial_cmp(&float).expect("not NaN"))
        } else {
            let whole = float.trunc() as i128;
            Some(i128::from(int).cmp(&whole).then(0.0.partial_cmp(&(float - float.trunc())).expect("not NaN")))
        };
        prop_assert_eq!(order(&Value::Int(int), &Value::Float(float)).expect("numbers"), expected);
    }
}
