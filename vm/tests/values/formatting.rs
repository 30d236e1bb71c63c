use super::*;
use biovm_vm::format::format_value;

fn formatted(value: &Value, specification: &str) -> String {
    format_value(value, specification).unwrap_or_else(|error| error.to_string())
}

#[track_caller]
fn check(cases: &[(Value, &str, &str)]) {
    for (value, specification, expected) in cases {
        assert_eq!(formatted(value, specification), *expected, "{value:?}:{specification}");
    }
}

#[test]
fn padding_and_alignment() {
    check(&[
        (int(7), "", "7"),
        (int(7), "03", "007"),
        (int(-7), "04", "-007"),
        (int(7), "4", "   7"),
        (int(7), "<4", "7   "),
        (int(7), "^5", "  7  "),
        (int(7), "*^6", "**7***"),
        (text("ab"), "5", "ab   "),
        (text("ab"), ">5", "   ab"),
        (text("ab"), "é^4", "éabé"),
        (text("<"), "<<3", "<<<"),
        (text("ab"), "1", "ab"),
        (text("ünï"), "5", "ünï  "),
        (int(7), "<03", "700"),
        (int(7), "*>05", "****7"),
        (Value::Bool(true), ">6", "  true"),
        (Value::Nil, "5", "nil  "),
        (dna("ATG"), ">5", "  ATG"),
        (list([int(1)]), "5", "[1]  "),
        (error("bad"), ">4", " bad"),
    ]);
}

#[test]
fn numbers() {
    check(&[
        (float(0.48251), ".1%", "48.3%"),
        (float(0.5), "%", "50.000000%"),
        (int(1), ".0%", "100%"),
        (float(2.5), "", "2.5"),
        (float(3.0), "", "3.0"),
        (float(1e21), "8", "    1e21"),
        (float(2.0), ".2", "2.00"),
        (int(2), ".2", "2.00"),
        (float(2.71898), "f", "2.718980"),
        (float(2.71898), "8.2f", "    2.72"),
        (float(-2.71898), "08.2f", "-0002.72"),
        (int(9_007_199_254_740_993), ".1f", "9007199254740993.0"),
        (float(0.000_012_345_6), ".4e", "1.2346e-05"),
        (float(123_456.0), "e", "1.234560e+05"),
        (float(0.0), "e", "0.000000e+00"),
        (float(1e100), ".1e", "1.0e+100"),
        (float(0.0001), "g", "0.0001"),
        (float(0.00001), "g", "1e-05"),
        (float(123_456.0), "g", "123456"),
        (float(1_234_567.0), "g", "1.23457e+06"),
        (float(9.9999), ".2g", "10"),
        (float(99.99), ".2g", "1e+02"),
        (int(0), "g", "0"),
        (int(1_234_567), ",", "1,234,567"),
        (int(-123), ",", "-123"),
        (int(1234), "010,", "00,001,234"),
        (int(1234), "08,", "0,001,234"),
        (int(1234), "07,", "001,234"),
        (float(1_234_567.891), ",.2f", "1,234,567.89"),
        (float(1_234.5), ",", "1,234.5"),
        (float(0.25), ",.1%", "25.0%"),
        (int(5), "+", "+5"),
        (int(-5), "+", "-5"),
        (int(5), " d", " 5"),
        (int(5), "-d", "5"),
        (float(4.0), "d", "4"),
        (int(255), "x", "ff"),
        (int(255), "X", "FF"),
        (int(-5), "b", "-101"),
        (int(8), "o", "10"),
        (int(5), "08b", "00000101"),
        (int(i64::MIN), "x", "-8000000000000000"),
        (float(f64::NAN), "06.1f", "   NaN"),
        (float(f64::NEG_INFINITY), ",.1f", "-inf"),
        (float(f64::INFINITY), "+e", "+inf"),
        (float(f64::NAN), ".1%", "NaN%"),
    ]);
}

#[test]
fn text_is_cut() {
    check(&[
        (text("sequence"), ".3", "seq"),
        (text("sequence"), ">5.3s", "  seq"),
        (text("üñ"), ".1s", "ü"),
        (text("ab"), ".5", "ab"),
        (int(5), "3s", "  5"),
        (list([int(1), int(2)]), ".2", "[1"),
    ]);
}

#[test]
fn what_does_not_fit() {
    check(&[
        (text("a"), "d", "TypeError: format 'd' requires Int, got Str"),
        (text("a"), ".2f", "TypeError: format '.2f' requires Int or Float, got Str"),
        (Value::Nil, ".2f", "TypeError: format '.2f' requires Int or Float, got Nil"),
        (Value::Bool(true), "d", "TypeError: format 'd' requires Int, got Bool"),
        (float(2.5), "d", "TypeError: format 'd' requires Int, got Float 2.5"),
        (float(2.5), "x", "TypeError: format 'x' requires Int, got Float 2.5"),
        (text("a"), "05", "TypeError: format '05': '0' requires Int or Float, got Str"),
        (text("a"), "+", "TypeError: format '+': a sign requires Int or Float, got Str"),
        (text("a"), ",", "TypeError: format ',': ',' requires Int or Float, got Str"),
    ]);
    for specification in [
        "q",
        "dd",
        ".",
        ".f",
        "5 5",
        "1.2.3",
        "<<<",
        ",,",
        ".2d",
        ",x",
        ".9999f",
        "99999999999999999999999",
        "é",
    ] {
        let message = formatted(&int(1), specification);
        let expected = format!("TypeError: invalid format specification '{specification}': ");
        assert!(message.starts_with(&expected), "{message}");
    }
}

fn any_specification() -> impl Strategy<Value = String> {
    prop_oneof!["[<>^*é0]{0,2}[-+ ]?0?[0-9]{0,3},?(\\.[0-9]{1,3})?[dfeg%xXbos]?", "\\PC{0,6}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn formatting_never_panics(value in any_plain_value(), specification in any_specification()) {
        let _ = format_value(&value, &specification);
    }

    #[test]
    fn numbers_fill_their_width(value in any::<f64>(), width in 1..40_usize, grouped: bool) {
        let comma = if grouped { "," } else { "" };
        let output = formatted(&float(value), &format!("0{width}{comma}.2f"));
        prop_assert!(output.chars().count() >= width);
        if value.is_finite() {
            let read: f64 = output.replace(',', "").parse().expect("a number");
            let expected: f64 = format!("{value:.2}").parse().expect("a number");
            prop_assert_eq!(read, expected);
        }
    }
}
