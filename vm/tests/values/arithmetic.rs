use super::*;
use biovm_vm::operators::{self, Operator, add_owned, concatenate_owned, negate};

fn apply(left: &Value, symbol: &str, right: &Value) -> String {
    use Operator::*;
    let all = [
        Add,
        Subtract,
        Multiply,
        Divide,
        IntegerDivide,
        Modulo,
        Power,
        Concatenate,
        BitAnd,
        BitXor,
        ShiftLeft,
        ShiftRight,
    ];
    let operator = all.into_iter().find(|operator| operator.symbol() == symbol).expect("an operator");
    shown(operator.apply(left, right))
}

#[track_caller]
fn check(cases: &[(Value, &str, Value, &str)]) {
    for (left, symbol, right, expected) in cases {
        assert_eq!(apply(left, symbol, right), *expected, "{left:?} {symbol} {right:?}");
    }
}

#[test]
fn numbers() {
    check(&[
        (int(2), "+", int(3), "Int 5"),
        (int(2), "+", float(0.5), "Float 2.5"),
        (int(2), "-", int(3), "Int -1"),
        (float(2.0), "*", int(3), "Float 6.0"),
        (int(6), "/", int(2), "Int 3"),
        (int(7), "/", int(2), "Float 3.5"),
        (int(-6), "/", int(3), "Int -2"),
        (int(1), "/", int(3), "Float 0.3333333333333333"),
        (int(6), "/", float(2.0), "Float 3.0"),
        (int(9_007_199_254_740_993), "/", int(2), "Float 4503599627370496.0"),
        (int(i64::MIN), "/", int(3), "Float -3074457345618258400.0"),
        (int(7), "//", int(2), "Int 3"),
        (int(-7), "//", int(2), "Int -3"),
        (float(7.5), "//", int(2), "Float 3.0"),
        (float(1.0), "//", float(0.1), "Float 9.0"),
        (float(f64::INFINITY), "//", int(2), "Float inf"),
        (int(-7), "%", int(3), "Int -1"),
        (int(7), "%", int(-3), "Int 1"),
        (float(7.5), "%", int(2), "Float 1.5"),
        (int(i64::MIN), "%", int(-1), "Int 0"),
        (int(2), "**", int(10), "Int 1024"),
        (int(2), "**", int(-1), "Float 0.5"),
        (int(2), "**", float(0.5), "Float 1.4142135623730951"),
        (int(-1), "**", int(9_999_999_999), "Int -1"),
        (int(1), "**", int(i64::MAX), "Int 1"),
        (int(0), "**", int(0), "Int 1"),
        (int(6), "&", int(3), "Int 2"),
        (int(6), "^", int(3), "Int 5"),
        (int(1), "<<", int(10), "Int 1024"),
        (int(-8), ">>", int(1), "Int -4"),
        (int(-1), "<<", int(63), "Int -9223372036854775808"),
        (int(0), "<<", int(63), "Int 0"),
        (int(5), ">>", int(63), "Int 0"),
    ]);
}

#[test]
fn overflow_and_zero() {
    check(&[
        (int(i64::MAX), "+", int(1), "OverflowError: integer overflow in '+'"),
        (int(i64::MIN), "-", int(1), "OverflowError: integer overflow in '-'"),
        (int(i64::MAX), "*", int(2), "OverflowError: integer overflow in '*'"),
        (int(i64::MIN), "/", int(-1), "OverflowError: integer overflow in '/'"),
        (int(i64::MIN), "//", int(-1), "OverflowError: integer overflow in '//'"),
        (int(2), "**", int(63), "OverflowError: integer overflow in '**'"),
        (int(2), "**", int(9_999_999_999), "OverflowError: integer overflow in '**'"),
        (int(1), "<<", int(63), "OverflowError: integer overflow in '<<'"),
        (int(1), "/", int(0), "DivisionByZero: division by zero"),
        (float(1.0), "/", float(-0.0), "DivisionByZero: division by zero"),
        (int(1), "//", int(0), "DivisionByZero: division by zero"),
        (int(1), "//", float(0.0), "DivisionByZero: division by zero"),
        (int(1), "%", int(0), "DivisionByZero: modulo by zero"),
        (float(1.0), "%", float(0.0), "DivisionByZero: modulo by zero"),
        (int(1), "<<", int(64), "TypeError: '<<' requires a shift count from 0 to 63, got 64"),
        (int(1), ">>", int(-1), "TypeError: '>>' requires a shift count from 0 to 63, got -1"),
    ]);
}

#[test]
fn negation() {
    assert_eq!(shown(negate(&int(3))), "Int -3");
    assert_eq!(shown(negate(&float(0.0))), "Float -0.0");
    assert_eq!(shown(negate(&int(i64::MIN))), "OverflowError: integer overflow in '-'");
    assert_eq!(shown(negate(&text("a"))), "TypeError: cannot negate Str");
}

#[test]
fn joining() {
    let ab = || record([("a", int(1)), ("b", int(2))]);
    check(&[
        (text("a"), "+", text("b"), "Str ab"),
        (error("bad"), "+", text("!"), "Str bad!"),
        (text("> "), "+", error("bad"), "Str > bad"),
        (error("a"), "++", error("b"), "Str ab"),
        (dna("AT"), "+", dna("GC"), "DNA DNA(ATGC)"),
        (rna("AU"), "++", rna("GC"), "RNA RNA(AUGC)"),
        (protein("M"), "++", protein("K"), "Protein Protein(MK)"),
        (list([int(1)]), "+", list([int(2)]), "List [1, 2]"),
        (progression(0, 1, 2), "++", progression(2, 1, 2), "List [0, 1, 2, 3]"),
        (tuple([int(1)]), "++", tuple([int(2)]), "Tuple (1, 2)"),
        (ab(), "++", record([("c", int(4)), ("a", int(3))]), "Record {a: 3, b: 2, c: 4}"),
        (set([int(1), int(2)]), "+", set([int(3), float(2.0)]), "Set #{1, 2, 3}"),
        (set([int(1), int(2)]), "-", set([int(2), int(3)]), "Set #{1}"),
        (set([int(1), int(2)]), "&", set([int(2), int(3)]), "Set #{2}"),
        (set([int(1), int(2)]), "^", set([int(2), int(3)]), "Set #{1, 3}"),
    ]);
}

#[test]
fn repetition() {
    let too_much = "ValueError: repeating Str 100000001 times would take more than 100 MB";
    check(&[
        (text("ab"), "*", int(3), "Str ababab"),
        (int(2), "*", text("ü"), "Str üü"),
        (dna("AT"), "*", float(2.0), "DNA DNA(ATAT)"),
        (list([int(1), int(2)]), "*", int(2), "List [1, 2, 1, 2]"),
        (progression(0, 1, 2), "*", int(2), "List [0, 1, 0, 1]"),
        (text("ab"), "*", int(0), "Str "),
        (text(""), "*", int(i64::MAX), "Str "),
        (text("a"), "*", int(100_000_001), too_much),
        (text("a"), "*", int(-1), "ValueError: cannot repeat Str -1 times"),
        (text("a"), "*", float(1.5), "TypeError: '*' requires Int, got Float 1.5"),
        (tuple([int(1)]), "*", int(2), "TypeError: cannot apply '*' to Tuple and Int"),
    ]);
}

#[test]
fn wrong_operands() {
    check(&[
        (int(1), "+", text("a"), "TypeError: cannot add Int and Str"),
        (Value::Nil, "+", int(1), "TypeError: cannot add Nil and Int"),
        (Value::Bool(true), "+", int(1), "TypeError: cannot add Bool and Int"),
        (list([]), "+", int(1), "TypeError: cannot add List and Int"),
        (dna("A"), "+", rna("A"), "TypeError: cannot add DNA and RNA"),
        (dna("A"), "+", text("A"), "TypeError: cannot add DNA and Str"),
        (tuple([]), "+", tuple([]), "TypeError: cannot add Tuple and Tuple"),
        (list([]), "-", list([]), "TypeError: cannot apply '-' to List and List"),
        (text("a"), "/", int(2), "TypeError: cannot apply '/' to Str and Int"),
        (text("a"), "++", int(2), "TypeError: cannot apply '++' to Str and Int"),
        (float(1.0), "&", int(2), "TypeError: cannot apply '&' to Float and Int"),
        (int(1), "<<", float(1.0), "TypeError: cannot apply '<<' to Int and Float"),
        (Value::Nil, "%", Value::Nil, "TypeError: cannot apply '%' to Nil and Nil"),
        (text("a"), "*", text("b"), "TypeError: cannot apply '*' to Str and Str"),
    ]);
    let hint = |left: Value, right: Value| {
        operators::add(&left, &right)
            .err()
            .and_then(|error| error.hint().map(str::to_owned))
            .unwrap_or_default()
    };
    assert_eq!(
        hint(int(1), text("a")),
        "use str() to convert numbers to strings, or int()/float() to convert strings to numbers"
    );
    assert!(hint(list([]), int(1)).contains("push()"));
    assert!(hint(Value::Nil, int(1)).contains("??"));
}

#[test]
fn appending_keeps_other_holders() {
    for (left, right, expected) in [
        (text("ab"), text("c"), "abc"),
        (dna("AT"), dna("G"), "DNA(ATG)"),
        (list([int(1)]), list([int(2)]), "[1, 2]"),
        (set([int(1)]), set([int(2)]), "#{1, 2}"),
    ] {
        let before = display::brief_nested(&left);
        let other_holder = left.clone();
        let joined = add_owned(left, &right).expect("the types fit");
        assert_eq!(display::brief_nested(&joined), expected);
        assert_eq!(display::brief_nested(&other_holder), before);
    }
    let own = list([int(1)]);
    let twice = concatenate_owned(own.clone(), &own).expect("two lists");
    assert_eq!(display::brief(&twice), "[1, 1]");
}

#[test]
fn appending_in_a_loop_is_linear() {
    let (mut letters, mut numbers, mut bases) = (text(""), list([]), dna(""));
    for number in 0..200_000 {
        letters = add_owned(letters, &text("x")).expect("texts");
        numbers = concatenate_owned(numbers, &list([int(number)])).expect("lists");
        bases = add_owned(bases, &dna("A")).expect("sequences");
    }
    for value in [&letters, &numbers, &bases] {
        assert_eq!(biovm_vm::access::length(value), Some(200_000));
    }
}

proptest! {
    #[test]
    fn quotient_and_remainder_fit(left in any::<i64>(), right in any::<i64>(), small in -9..10_i64) {
        for right in [right, small] {
            let (left, right) = (int(left), int(right));
            let Ok(quotient) = operators::integer_divide(&left, &right) else { continue };
            let remainder = operators::modulo(&left, &right).expect("not zero");
            let product = operators::multiply(&quotient, &right).expect("at most left");
            let sum = operators::add(&product, &remainder).expect("left");
            prop_assert!(biovm_vm::compare::equal(&sum, &left));
        }
    }

    #[test]
    fn float_quotient_and_remainder_fit(left in -1e9..1e9, right in -1e3..1e3) {
        prop_assume!(right != 0.0);
        let as_float = |value: Result<Value, Error>| value.ok().and_then(|value| value.as_float()).expect("a number");
        let quotient = as_float(operators::integer_divide(&float(left), &float(right)));
        let remainder = as_float(operators::modulo(&float(left), &float(right)));
        prop_assert_eq!(quotient.fract(), 0.0);
        prop_assert!((quotient * right + remainder - left).abs() <= left.abs() * 1e-12);
    }

    #[test]
    fn operators_never_panic(left in any_plain_value(), right in any_plain_value()) {
        for symbol in ["+", "-", "*", "/", "//", "%", "**", "++", "&", "^", "<<", ">>"] {
            // Repetitions below the limit are still large.
            if symbol != "*" {
                apply(&left, symbol, &right);
            }
        }
    }
}
