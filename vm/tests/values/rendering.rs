use super::*;
use biovm_vm::display::{self, brief, brief_nested, write_print, write_table};
use biovm_vm::native;

fn printed(value: &Value) -> String {
    let mut output = String::new();
    write_print(&mut output, value).expect("room for a short text");
    output
}

fn text_of(value: &Value) -> String {
    display::text(value).expect("room for a short text")
}

fn nested_text(value: &Value) -> String {
    display::nested_text(value).expect("room for a short text")
}

#[test]
fn brief_texts_end_early() {
    let begun = brief(&progression(0, 1, 1 << 60));
    assert!(begun.starts_with("[0, 1, 2, ") && begun.ends_with('…') && begun.len() < 1100, "{begun}");
    assert_eq!(brief_nested(&list([int(1), int(2)])), "[1, 2]");
    // A list that holds another one twice, which holds another one twice …
    let shared = (0..60).fold(list([]), |inner, _| list([inner.clone(), inner]));
    assert!(brief(&shared).len() < 1100);
}

#[test]
fn floats() {
    for (value, expected) in [
        (3.0, "3.0"),
        (-0.0, "-0.0"),
        (0.0, "0.0"),
        (150.0, "150.0"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (0.00001, "0.00001"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (9.99e-7, "9.99e-7"),
        (1e20, "100000000000000000000.0"),
        (1e21, "1e21"),
        (2.5e21, "2.5e21"),
        (-1e100, "-1e100"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
        (f64::NAN, "NaN"),
        (5e-324, "5e-324"),
        (333_332_833_333_500_000.0, "333332833333500000.0"),
    ] {
        assert_eq!(text_of(&float(value)), expected);
    }
}

#[test]
fn every_type() {
    static LEN: biovm_vm::Native = native("len", |_| Ok(Value::Nil));
    let cases = [
        (Value::Nil, "nil"),
        (Value::Bool(true), "true"),
        (int(-5), "-5"),
        (list([text("a"), text("b,c")]), "[a, b,c]"),
        (list([int(1), float(2.5), Value::Nil]), "[1, 2.5, nil]"),
        (list([]), "[]"),
        (progression(0, 2, 3), "[0, 2, 4]"),
        (tuple([int(1), int(2)]), "(1, 2)"),
        (tuple([int(1)]), "(1,)"),
        (tuple([]), "()"),
        (set([int(1), int(2), text("a")]), "#{1, 2, a}"),
        (set([]), "#{}"),
        (record([("b", int(1)), ("a", text("x"))]), "{b: 1, a: x}"),
        (record([]), "{}"),
        (range(1, 5), "1..5"),
        (range_inclusive(1, 5), "1..=5"),
        (Value::Native(&LEN), "<builtin len>"),
        (error("bad"), "bad"),
        (dna("ATG"), "ATG"),
        (rna("AUG"), "AUG"),
        (protein("MK"), "MK"),
        (quality("II"), "II"),
        (
            list([dna("ATG"), rna("AUG"), protein("MK"), quality("II")]),
            "[DNA(ATG), RNA(AUG), Protein(MK), Quality(II)]",
        ),
        (record([("seq", dna("A")), ("tags", tuple([set([int(1)])]))]), "{seq: DNA(A), tags: (#{1},)}"),
        (list([record([("a", int(1))])]), "[{a: 1}]"),
        (list([record([("a", int(1))]), record([("b", int(1))])]), "[{a: 1}, {b: 1}]"),
        (list([record([("a", int(1))]), int(1)]), "[{a: 1}, 1]"),
    ];
    for (value, expected) in &cases {
        assert_eq!(text_of(value), *expected);
        assert_eq!(printed(value), *expected);
    }
    assert_eq!(text_of(&dna(&"A".repeat(100_000))).len(), 100_000);
}

#[test]
fn lists_of_records_are_tables_on_their_own_only() {
    let rows = || {
        list([
            record([("b", int(1)), ("a", dna("AC"))]),
            record([("a", list([record([("x", int(1))]), record([("x", int(2))])])), ("b", text("yy"))]),
        ])
    };
    let table = "Table: 2 rows x 2 cols\n b  | a               \n ---+-----------------\n \
                 1  | DNA(AC)         \n yy | [{x: 1}, {x: 2}]\n";
    assert_eq!(text_of(&rows()), table);
    assert_eq!(printed(&rows()), table);
    let inline = "[{b: 1, a: DNA(AC)}, {a: [{x: 1}, {x: 2}], b: yy}]";
    assert_eq!(nested_text(&rows()), inline);
    assert_eq!(text_of(&tuple([rows()])), format!("({inline},)"));
}

fn table<const N: usize>(columns: [&str; N], rows: &[[&str; N]]) -> String {
    let mut output = String::new();
    write_table(&mut output, &columns, rows.len(), |row, column| rows[row][column].to_owned());
    output
}

#[test]
fn table_layout() {
    assert_eq!(
        table(["a", "b"], &[["1", "x"], ["2", "yy"]]),
        "Table: 2 rows x 2 cols\n a | b \n --+---\n 1 | x \n 2 | yy\n"
    );
    assert_eq!(table(["name"], &[]), "Table: 0 rows x 1 cols\n name\n ----\n");
    assert_eq!(table([], &[]), "Table: 0 rows x 0 cols\n(empty)\n");
    assert_eq!(table(["a"], &[["x\ny\tz"]]), "Table: 1 rows x 1 cols\n a      \n -------\n x\\ny\\tz\n");
    assert_eq!(table(["ü"], &[["éé"]]), "Table: 1 rows x 1 cols\n ü \n --\n éé\n");
}

#[test]
fn tables_cut_cells_and_rows() {
    let (fits, long) = ("x".repeat(40), "x".repeat(41));
    let output = table(["a"], &[[&fits], [&long]]);
    let cut = format!("{}~", "x".repeat(39));
    assert_eq!(
        output,
        format!("Table: 2 rows x 1 cols\n a{}\n {}\n {fits}\n {cut}\n", " ".repeat(39), "-".repeat(40))
    );

    let mut output = String::new();
    write_table(&mut output, &["n"], 25, |row, _| {
        assert!(row < 20, "rows that are not shown are not asked for");
        row.to_string()
    });
    assert!(output.ends_with("\n 19\n # 5 more rows"), "{output}");
    assert_eq!(output.lines().count(), 24);
}

#[test]
fn any_nesting_can_be_written() {
    let depth = 200_000;
    let written = text_of(&nested_lists(depth, int(1)));
    assert_eq!(written.len(), 2 * depth + 1);
    assert!(written.starts_with("[[[[") && written.ends_with("]]]]"));
}
