use super::*;
use biovm_bytecode::Type;
use biovm_vm::access::{Selection, index, slice};

fn cast_to(value: &Value, to: Type) -> Value {
    biovm_vm::cast::cast(value.clone(), to).expect("a collection")
}

fn cast(value: &Value) -> Value {
    cast_to(value, Type::List)
}

fn bound(value: Option<i64>) -> Value {
    value.map_or(Value::Nil, Value::Int)
}

fn sliced(value: &Value, start: Option<i64>, end: Option<i64>, step: Option<i64>) -> String {
    shown(slice(value, &bound(start), &bound(end), &bound(step)))
}

#[test]
fn slices_of_every_type() {
    let cases = [
        (list([int(1), int(2), int(3)]), Some(1), None, None, "List [2, 3]"),
        (list([int(1), int(2), int(3)]), None, None, Some(-1), "List [3, 2, 1]"),
        (tuple([int(1), int(2), int(3)]), None, Some(-1), None, "Tuple (1, 2)"),
        (text("héllo"), Some(1), Some(3), None, "Str él"),
        (text("héllo"), None, None, Some(-2), "Str olh"),
        (text("hello"), Some(-3), None, None, "Str llo"),
        (text("hello"), None, None, Some(2), "Str hlo"),
        (dna("ATGCA"), Some(1), Some(-1), None, "DNA DNA(TGC)"),
        (rna("AUGCA"), None, None, Some(-1), "RNA RNA(ACGUA)"),
        (quality("ABC"), Some(-2), None, None, "Quality Quality(BC)"),
        (range(10, 20), Some(2), Some(5), None, "Range 12..15"),
        (range(10, 20), None, None, Some(-4), "List [19, 15, 11]"),
        (
            range_inclusive(i64::MAX - 1, i64::MAX),
            Some(1),
            None,
            None,
            "Range 9223372036854775807..=9223372036854775807",
        ),
        (progression(0, 10, 5), Some(1), Some(10), Some(2), "List [10, 30]"),
        (progression(0, 10, 5), None, None, Some(-1), "List [40, 30, 20, 10, 0]"),
        (progression(0, 1, 1_000_000_000_000), Some(-1), None, None, "List [999999999999]"),
        (error("abc"), Some(1), None, None, "Str bc"),
        (list([int(1)]), Some(5), Some(9), None, "List []"),
        (list([int(1)]), None, None, Some(0), "ValueError: slice step cannot be zero"),
        (list([int(1)]), Some(i64::MIN), Some(i64::MAX), Some(i64::MIN), "List []"),
        (list([int(1)]), None, None, Some(i64::MIN), "List [1]"),
        (record([]), None, None, None, "TypeError: cannot slice Record"),
        (Value::Nil, Some(1), None, None, "TypeError: cannot slice Nil"),
    ];
    for (value, start, end, step, expected) in &cases {
        assert_eq!(sliced(value, *start, *end, *step), *expected, "{value:?}[{start:?}:{end:?}:{step:?}]");
    }
    let integral = slice(&text("abcd"), &float(1.0), &float(3.0), &Value::Nil);
    assert_eq!(shown(integral), "Str bc");
    let fraction = slice(&text("abcd"), &float(1.5), &Value::Nil, &Value::Nil);
    assert_eq!(shown(fraction), "TypeError: Str index requires Int, got Float 1.5");
    let wrong = slice(&text("abcd"), &text("a"), &Value::Nil, &Value::Nil);
    assert_eq!(shown(wrong), "TypeError: slice of Str requires Int, got Str");
}

#[test]
fn range_indexes() {
    let letters = || text("abcdef");
    let cases = [
        (range(1, 3), "Str bc"),
        (range_inclusive(1, 3), "Str bcd"),
        (range(-3, -1), "Str de"),
        (range_inclusive(-3, -1), "Str def"),
        (range_inclusive(0, i64::MAX), "Str abcdef"),
        (range(4, 2), "Str "),
    ];
    for (positions, expected) in &cases {
        assert_eq!(shown(index(&letters(), positions)), *expected, "{positions:?}");
    }
    assert_eq!(shown(index(&dna("ATGC"), &range(1, 3))), "DNA DNA(TG)");
}

/// The positions by the definition of Python: walk from the first bound by the step until the second one.
fn naive(start: Option<i64>, end: Option<i64>, step: i64, length: i64) -> Vec<i64> {
    let from_end = |bound: i64| if bound < 0 { bound + length } else { bound };
    let (first, stop) = match step > 0 {
        true => (
            start.map_or(0, |bound| from_end(bound).max(0)),
            end.map_or(length, |bound| from_end(bound).max(0)),
        ),
        false => (
            start.map_or(length - 1, |bound| from_end(bound).min(length - 1)),
            end.map_or(-1, |bound| from_end(bound).max(-1)),
        ),
    };
    let mut positions = Vec::new();
    let mut position = first;
    while if step > 0 { position < stop && position < length } else { position > stop && position >= 0 } {
        positions.push(position);
        position += step;
    }
    positions
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn selections_follow_the_naive_model(
        start in proptest::option::of(-8..8_i64),
        end in proptest::option::of(-8..8_i64),
        step in -4..5_i64,
        length in 0..7_i64,
    ) {
        let Some(selection) = Selection::resolve(start, end, step, length as usize) else {
            prop_assert_eq!(step, 0);
            return Ok(());
        };
        let positions: Vec<i64> = selection.positions().map(|position| position as i64).collect();
        prop_assert_eq!(&positions, &naive(start, end, step, length));

        let values = || Value::list((0..length).map(Value::Int).collect());
        let letters: String = "abcdéfg".chars().take(length as usize).collect();
        let expected: String = positions.iter().filter_map(|position| letters.chars().nth(*position as usize)).collect();
        let slice = |value: &Value| slice(value, &bound(start), &bound(end), &Value::Int(step)).expect("a step");
        prop_assert_eq!(display::brief(&slice(&Value::from(letters))), expected);
        let picked = Value::list(positions.into_iter().map(Value::Int).collect());
        prop_assert!(biovm_vm::compare::equal(&slice(&values()), &picked));
        prop_assert!(biovm_vm::compare::equal(&cast(&slice(&range(0, length))), &picked));
        prop_assert!(biovm_vm::compare::equal(&cast(&slice(&cast_to(&values(), Type::Tuple))), &picked));
        prop_assert!(biovm_vm::compare::equal(&slice(&progression(0, 1, length as usize)), &picked));
    }

    #[test]
    fn letters_follow_the_model_of_text(
        letters in "[ACGT]{0,7}",
        start in proptest::option::of(-8..8_i64),
        end in proptest::option::of(-8..8_i64),
        step in prop_oneof![-3..0_i64, 1..4_i64],
    ) {
        let slice = |value: &Value| slice(value, &bound(start), &bound(end), &Value::Int(step)).expect("a step");
        let expected = display::brief(&slice(&text(&letters)));
        for value in [dna(&letters), protein(&letters), quality(&letters)] {
            let part = slice(&value);
            prop_assert_eq!(part.type_of(), value.type_of());
            prop_assert_eq!(display::brief(&part), &*expected);
        }
    }

    #[test]
    fn extreme_bounds_do_not_overflow(start: Option<i64>, end: Option<i64>, step: i64, length in 0..9_usize) {
        if let Some(selection) = Selection::resolve(start, end, step, length) {
            prop_assert!(selection.count <= length);
            prop_assert!(selection.positions().all(|position| position < length));
        }
    }
}
