use super::*;
use biovm_bytecode::Type;
use biovm_vm::cast::{cast, parse_float, parse_int};

#[test]
fn casts() {
    use Type::*;
    let cases = [
        (float(2.9), Int, "Int 2"),
        (float(-2.9), Int, "Int -2"),
        (float(f64::NAN), Int, "TypeError: cannot convert NaN to Int"),
        (float(1e300), Int, "TypeError: cannot convert 1e300 to Int"),
        (float(-9_223_372_036_854_775_808.0), Int, "Int -9223372036854775808"),
        (text("42"), Int, "Int 42"),
        (text("-0x1F"), Int, "Int -31"),
        (text("x"), Int, "TypeError: cannot convert 'x' to Int"),
        (text("2.5"), Int, "TypeError: cannot convert '2.5' to Int"),
        (Value::Bool(true), Int, "Int 1"),
        (Value::Nil, Int, "TypeError: cannot cast Nil to Int"),
        (list([]), Int, "TypeError: cannot cast List to Int"),
        (int(2), Float, "Float 2.0"),
        (text("1e-3"), Float, "Float 0.001"),
        (text("inf"), Float, "Float inf"),
        (text("abc"), Float, "TypeError: cannot convert 'abc' to Float"),
        (int(2), Str, "Str 2"),
        (dna("ATG"), Str, "Str ATG"),
        (error("bad"), Str, "Str bad"),
        (list([dna("A")]), Str, "Str [DNA(A)]"),
        (text(""), Bool, "Bool false"),
        (list([int(0)]), Bool, "Bool true"),
        (text("atg"), Dna, "DNA DNA(ATG)"),
        (rna("AUG"), Dna, "DNA DNA(ATG)"),
        (dna("ATG"), Rna, "RNA RNA(AUG)"),
        (text("ATGU"), Dna, "TypeError: invalid character 'U' at position 4 in DNA"),
        (text("AéT"), Dna, "TypeError: invalid character 'é' at position 2 in DNA"),
        (text("mk*"), Protein, "Protein Protein(MK*)"),
        (dna("ATG"), Protein, "TypeError: cannot cast DNA to Protein"),
        (int(1), Dna, "TypeError: cannot cast Int to DNA"),
        (set([int(1)]), List, "List [1]"),
        (range_inclusive(1, 3), List, "List [1, 2, 3]"),
        (int(1), List, "List [1]"),
        (list([int(1), float(1.0)]), Set, "Set #{1}"),
        (range(0, 2), Tuple, "Tuple (0, 1)"),
        (int(1), Tuple, "TypeError: cannot cast Int to Tuple"),
        (text("ab"), Set, "TypeError: cannot cast Str to Set"),
        (
            range(0, i64::MAX),
            Tuple,
            "ValueError: cannot cast so many items to Tuple: 9223372036854775807, of at most 100000000",
        ),
        (record([("a", int(1))]), Map, "Map {a: 1}"),
        (map([("a", int(1))]), Record, "Record {a: 1}"),
        (list([int(1)]), Table, "TypeError: cannot cast List to Table"),
        // The standard library makes a table of it.
        (list([]), Table, "List []"),
        (quality("II"), Quality, "Quality Quality(II)"),
        (Value::Nil, Nil, "Nil nil"),
        (int(1), Function, "TypeError: cannot cast Int to Function"),
    ];
    for (value, to, expected) in cases {
        let shown_value = format!("{value:?}");
        assert_eq!(shown(cast(value, to)), expected, "{shown_value} as {to}");
    }
    let endless = cast(range(0, i64::MAX), Type::List).expect("a lazy list");
    assert_eq!(biovm_vm::access::length(&endless), Some(i64::MAX as usize));
}

#[test]
fn literals() {
    for (literal, expected) in [
        ("0", Some(0)),
        ("+7", Some(7)),
        ("007", Some(7)),
        ("1_000", Some(1000)),
        ("0xFF", Some(255)),
        ("0b101", Some(5)),
        ("0o17", Some(15)),
        ("-9223372036854775808", Some(i64::MIN)),
        ("9223372036854775808", None),
        ("", None),
        ("-", None),
        ("--1", None),
        ("+-1", None),
        ("0x", None),
        ("0x-1", None),
        ("1__0", None),
        ("_1", None),
        ("1_", None),
        (" 1", None),
        ("１", None),
    ] {
        assert_eq!(parse_int(literal), expected, "{literal:?}");
    }
    for (literal, expected) in [
        ("1", Some(1.0)),
        ("-1.5", Some(-1.5)),
        ("1_0.5_0", Some(10.5)),
        ("2.5e+2", Some(250.0)),
        ("-inf", Some(f64::NEG_INFINITY)),
        ("e5", None),
        (".5", None),
        ("", None),
        ("1_.5", None),
        ("1e_5", None),
        ("0x10", None),
    ] {
        assert_eq!(parse_float(literal), expected, "{literal:?}");
    }
    assert!(parse_float("NaN").is_some_and(f64::is_nan));
}

proptest! {
    #[test]
    fn text_of_numbers_reads_back(integer: i64, value in any::<f64>()) {
        prop_assert_eq!(parse_int(&integer.to_string()), Some(integer));
        let mut written = String::new();
        display::write_float(&mut written, value);
        let read = parse_float(&written).expect("a literal");
        prop_assert!(read == value || read.is_nan() && value.is_nan(), "{} {}", written, read);
        let unsigned = value.abs();
        if unsigned != 0.0 && unsigned.is_finite() {
            prop_assert_eq!(written.contains('e'), !(1e-6..1e21).contains(&unsigned), "{}", written);
        }
    }

    #[test]
    fn literals_never_panic(literal in "[-+_0-9a-fxob.é]{0,8}") {
        let _ = (parse_int(&literal), parse_float(&literal));
    }
}
