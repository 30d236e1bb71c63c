//! The general standard library at its edges.

mod script;

/// What `println(expression)` prints, or the error.
fn shown(expression: &str) -> String {
    let (printed, result) = script::run(&format!("println({expression})"));
    match result {
        Ok(()) => printed.trim_end_matches('\n').to_owned(),
        // Reports of the compiler go on with the place.
        Err(error) => error.lines().next().unwrap_or_default().to_owned(),
    }
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(expression, expected)| (expression, expected, shown(expression)))
        .filter(|(_, expected, got)| got != *expected)
        .map(|(expression, expected, got)| format!("{expression}\n  gives {got:?}\n  not   {expected:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[track_caller]
fn check_script(text: &str, expected: &str) {
    let (printed, result) = script::run(text);
    assert_eq!((printed.as_str(), result), (expected, Ok(())));
}

#[test]
fn core() {
    check(&[
        ("len([1, 2])", "2"),
        ("len({a: 1})", "1"),
        ("len(5)", "TypeError: len() not supported for Int"),
        ("len()", "ArityError: len() expected 1 arguments, got 0"),
        ("len(to_stream([1]))", "TypeError: len() not supported for Stream"),
        ("range(4)", "[0, 1, 2, 3]"),
        ("range(0, 1.2)", "[0, 1]"),
        ("range(0, 10.0, 5)", "[0, 5]"),
        ("range(3, 0)", "[]"),
        ("range(3, 0, -1)", "[3, 2, 1]"),
        ("range(0, 1, 0.5)", "[0.0, 0.5]"),
        ("range(0.5, 3)", "[0.5, 1.5, 2.5]"),
        ("range(0, 3, 0)", "ValueError: range() requires a step other than 0"),
        ("range(0, 10000000000)[9999999999]", "9999999999"),
        ("range(0, 3) == [0, 1, 2]", "true"),
        ("type(1..3) + type(len) + type(nil)", "RangeFunctionNil"),
        ("int(\"4.7\")", "4"),
        ("int(\"x\")", "TypeError: cannot convert 'x' to Int"),
        ("int(float(\"nan\"))", "TypeError: cannot convert NaN to Int"),
        ("to_int(\"x\")", "nil"),
        ("float(true)", "1.0"),
        ("compare(nil, 1)", "1"),
        ("compare(1, \"a\")", "TypeError: cannot compare Int and Str"),
        ("into({a: 1}, \"list\")", "[[a, 1]]"),
        ("into([1, 1], \"Set\")", "#{1}"),
        ("into(5, \"list\")", "[5]"),
        ("into(5, \"thing\")", "ValueError: into() cannot convert to 'thing'"),
        ("try_call(|| 1 / 0).error", "division by zero"),
        ("try_call(|x, y| x + y, [1, 2])", "{ok: true, value: 3}"),
        ("error(\"bad\")", "Error: bad"),
        ("str(dna\"ACGT\")", "ACGT"),
        ("help(5)", "Int: 5"),
        ("is_record({a: 1}) && !is_map({a: 1})", "true"),
        ("bench(|x| x, [1], 0).mean_ns", "0"),
        ("type(timer_start())", "Timer"),
        ("timer_elapsed(5)", "TypeError: timer_elapsed() requires Timer, got Int"),
        ("memory_usage().rss_bytes > 0", "true"),
    ]);
    check_script("assert(true)\nprint(1, 2)\nprint()\nprintln()\nprintln(\"a\", nil)", "1 2\na nil\n");
    let (_, result) = script::run("assert(1 > 2, \"one\")");
    assert_eq!(result, Err("AssertionFailed: one".to_owned()));
}

#[test]
fn transforms() {
    check(&[
        ("map(1..=3, |x| x * 2)", "[2, 4, 6]"),
        ("map({a: 1}, |e| e.key + str(e.value))", "[a1]"),
        ("map(\"ab\", upper)", "[A, B]"),
        (
            "map(nil, |x| x) |> str() |> contains(\"x\")",
            "TypeError: map() requires Str, DNA, RNA, Protein, Quality, List, Tuple, Set, Record, Map, Range, Stream, Table, or Vector, got Nil",
        ),
        ("map([1], |a, b| a)", "ArityError: map() callback gets 1 argument, but <fn anonymous> expects 2"),
        ("map([1, 0], |x| 1 / x)", "DivisionByZero: division by zero"),
        ("filter({a: 1, b: 2}, |e| e.value > 1)", "{b: 2}"),
        ("filter(set([1, 2]), |x| x > 1)", "#{2}"),
        ("filter(1..5, |x| x % 2 == 0)", "[2, 4]"),
        ("type(filter(to_table([{a: 1}]), |r| r.a > 1))", "Table"),
        ("partition(1..5, |x| x > 2)", "[[3, 4], [1, 2]]"),
        ("flat_map([1, 2], |x| x)", "[1, 2]"),
        ("flatten([1, [2, [3, [4]]]], 2)", "[1, 2, 3, [4]]"),
        ("flatten([1, [2]], 0)", "[1, [2]]"),
        ("enumerate([\"a\"], 1)", "[[1, a]]"),
        ("zip([1, 2], 3..9, \"ab\")", "[[1, 3, a], [2, 4, b]]"),
        ("zip([1])", "ArityError: zip() expected at least 2 arguments, got 1"),
    ]);
    check_script("let n = 0\n[1, 2, 3] |> each(|x| { n = n + x })\nprintln(n)", "6\n");
    // The source is not changed by working on it in place.
    check_script(
        "let xs = [3, 1, 2]\nlet ys = xs |> map(|x| x * 2)\nprintln(xs, ys, sort(xs), reverse(xs), push(xs, 4), pop(xs), xs)",
        "[3, 1, 2] [6, 2, 4] [1, 2, 3] [2, 1, 3] [3, 1, 2, 4] [3, 1] [3, 1, 2]\n",
    );
}

#[test]
fn folds() {
    check(&[
        ("reduce([1, 2, 3], |a, b| a + b)", "6"),
        ("reduce([1, 2, 3], 10, |a, b| a + b)", "16"),
        ("reduce([], |a, b| a + b, 5)", "5"),
        ("reduce([], |a, b| a + b)", "ValueError: reduce() of an empty collection requires an initial value"),
        ("reduce([1], 1, 2)", "TypeError: reduce() requires Function, got Int"),
        (
            "reduce([1], |a| a)",
            "ArityError: reduce() callback gets 2 arguments, but <fn anonymous> expects 1",
        ),
        ("scan([1, 2, 3], |a, b| a * b, 1)", "[1, 2, 6]"),
        ("[any([]), all([]), none([])]", "[false, true, true]"),
        ("any([0, nil, 3])", "true"),
        ("find([1, 2], |x| x > 5)", "nil"),
        ("find_index([1, 2], |x| x > 5)", "-1"),
        ("count([1, 2, 2])", "3"),
        ("count(to_stream([1, 2, 2]))", "3"),
        ("count([1, 2, 2], |x| x > 1)", "2"),
        ("count(\"banana\", \"an\")", "2"),
        ("count(dna\"GATTACA\", \"A\")", "3"),
        ("count_if(1..10, |x| x > 4)", "5"),
    ]);
}

#[test]
fn order() {
    check(&[
        ("sort([3, 1.5, 2])", "[1.5, 2, 3]"),
        ("sort([2, nil, 1])", "[1, 2, nil]"),
        ("sort([2, nil, float(\"nan\"), 1], desc: true)", "[2, 1, NaN, nil]"),
        ("sort([true, false])", "[false, true]"),
        ("sort([1, \"a\"])", "TypeError: cannot compare Str and Int"),
        ("sort([{gc: 0.1}, {gc: 0.5}], |a, b| b.gc - a.gc)[0].gc", "0.5"),
        ("sort([1, 2, 3], |a, b| a > b)", "[3, 2, 1]"),
        ("sort([\"bb\", \"a\"], len)", "[a, bb]"),
        (
            "sort([3, 1, 2], |a, b| \"x\")",
            "TypeError: sort() comparator must return a number or a Bool, got Str",
        ),
        ("len(sort(range(0, 1000), |a, b| 1))", "1000"),
        ("len(sort(range(0, 1000), |a, b| -1))", "1000"),
        ("sort([3, 1], |a, b| error(\"no\"))", "Error: no"),
        ("sort(range(0, 5), desc: true)", "[4, 3, 2, 1, 0]"),
        ("sort(kmers(dna\"GATTACA\", 3))[0] == \"ACA\"", "true"),
        ("sort_by([{n: 2}, {n: 1}], \"n\") |> map(|r| r.n)", "[1, 2]"),
        ("sort_by([{n: 2}, {m: 1}], \"n\")", "NameError: no field 'n' on record"),
        ("sort_by(to_table({n: [2, 1]}), \"n\").n", "[1, 2]"),
        ("sort_by([1, 3, 2], |x| x, desc: true)", "[3, 2, 1]"),
        ("sort_by([1, 3, 2], |a, b| b - a)", "[3, 2, 1]"),
        ("sort_by([1], |x| x, {up: true})", "TypeError: sort_by() has no option 'up'"),
        ("sort(to_table({n: [2, 3, 1]}), |a, b| a.n - b.n).n", "[1, 2, 3]"),
        ("reverse(\"añb\")", "bña"),
        ("reverse(dna\"ACG\")", "GCA"),
        ("reverse(range(0, 3))", "[2, 1, 0]"),
        ("reverse(1..4)", "[3, 2, 1]"),
        ("reverse(0..1000000000000)[0]", "999999999999"),
        ("reverse(to_table({n: [1, 2]})).n", "[2, 1]"),
    ]);
}

#[test]
fn ends_and_parts() {
    check(&[
        ("[first([]), last([]), first([7]), last(1..=3)]", "[nil, nil, 7, 3]"),
        ("last({a: 1, b: 2}).key", "b"),
        ("last(to_table({a: [1, 2]})).a", "2"),
        ("last(to_stream([1, 2]))", "2"),
        ("take([1, 2], 5)", "[1, 2]"),
        ("take([1, 2], -1)", "ValueError: take() requires n of at least 0, got -1"),
        ("take([1, 2], 1.5)", "TypeError: take() requires Int, got Float 1.5"),
        ("take(\"héllo\", 2)", "hé"),
        ("take(dna\"ACGT\", 2)", "AC"),
        ("take(set([1, 2]), 1)", "[1]"),
        ("head(1..100)", "[1, 2, 3, 4, 5]"),
        ("tail(range(0, 10), 3)", "[7, 8, 9]"),
        ("tail(to_stream(1..10), 3)", "[7, 8, 9]"),
        ("tail(to_table({a: [1, 2, 3]}), 2).a", "[2, 3]"),
        ("drop([1, 2, 3])", "[2, 3]"),
        ("skip([1, 2, 3], 9)", "[]"),
        ("slice([1, 2, 3, 4], 1, 3)", "[2, 3]"),
        ("slice([1, 2, 3, 4], 10 / 5)", "[3, 4]"),
        ("slice([1, 2, 3, 4], -2)", "[3, 4]"),
        ("slice([1, 2, 3], 2, 1)", "[]"),
        ("slice([1, 2, 3], 0, 99)", "[1, 2, 3]"),
        ("slice(\"héllo\", 1, 3)", "él"),
        ("slice(1..10, 2, 4)", "3..5"),
        ("slice(dna\"ACGT\", 1, 3)", "CG"),
        ("slice(to_table({a: [1, 2, 3]}), 1, 99).a", "[2, 3]"),
        ("slice(to_stream(1..10), 2, 4) |> collect()", "[3, 4]"),
        ("slice(range(0, 100), 10, 12)", "[10, 11]"),
        ("take_while(\"aab\", |c| c == \"a\")", "aa"),
        ("drop_while(1..5, |x| x < 3)", "[3, 4]"),
        ("drop_while(to_table({a: [1, 2, 3]}), |r| r.a < 2).a", "[2, 3]"),
    ]);
}

#[test]
fn building_and_searching() {
    check(&[
        ("append([], 1)", "[1]"),
        ("pop([])", "[]"),
        ("push(1, 2)", "TypeError: push() requires List, got Int"),
        ("concat(\"a\", \"b\", \"c\")", "abc"),
        ("concat(dna\"A\", dna\"C\")", "AC"),
        ("concat(to_table({a: [1]}), to_table({a: [2]})).a", "[1, 2]"),
        (
            "concat(to_table({a: [1]}), to_table({b: [2]}))",
            "ValueError: concat() requires tables with the same columns",
        ),
        ("repeat([1, 2], 2)", "[1, 2, 1, 2]"),
        ("repeat(\"ab\", -1) == \"\"", "true"),
        ("repeat(dna\"AC\", 2)", "ACAC"),
        (
            "repeat(\"ab\", 999999999999)",
            "ValueError: repeat() of 999999999999 copies would take more than 1 GB of memory",
        ),
        ("repeat([], 9223372036854775807)", "[]"),
        ("chars(\"\")", "[]"),
        ("to_list(set([2, 1]))", "[2, 1]"),
        ("len(to_list(0..1000000000000))", "1000000000000"),
        ("contains([1, 2], 2.0)", "true"),
        ("contains(\"abc\", \"bc\")", "true"),
        ("contains({a: 1}, \"a\")", "true"),
        ("contains(to_table({a: [1]}), \"a\")", "true"),
        ("contains(to_stream([1, 2, 3]), 2)", "true"),
        ("index_of(\"añb\", \"b\")", "2"),
        ("index_of([1, 2], 5)", "-1"),
        ("index_of(dna\"GATTACA\", \"tta\")", "2"),
    ]);
}

#[test]
fn pieces_and_groups() {
    check(&[
        ("chunk([], 2)", "[]"),
        ("chunk([1], 0)", "ValueError: chunk() requires size of at least 1, got 0"),
        ("chunk(\"ACGTA\", 2)", "[AC, GT, A]"),
        ("chunk(range(0, 5), 2)", "[[0, 1], [2, 3], [4]]"),
        ("chunk(to_table({a: [1, 2, 3]}), 2) |> map(|t| t.a)", "[[1, 2], [3]]"),
        ("window([1, 2], 3)", "[]"),
        ("window(1..6, 2, 2)", "[[1, 2], [3, 4]]"),
        ("window(\"ACGT\", 3)", "[ACG, CGT]"),
        ("unique([1, 1.0, \"1\", nil, nil])", "[1, 1, nil]"),
        ("unique([{a: 1}, {a: 1}])", "[{a: 1}]"),
        ("unique([1, 2, 3], |x| x % 2)", "[1, 2]"),
        ("frequencies([1, 1.0, 1])", "{1: 2, 1.0: 1}"),
        ("frequencies(\"GATTACA\")", "{G: 1, A: 3, T: 2, C: 1}"),
        ("frequencies(dna\"GAT\")", "{G: 1, A: 1, T: 1}"),
        ("group_by([{k: \"a\", n: 1}, {n: 2}], \"k\") |> keys()", "[a, nil]"),
        ("type(group_by([1], |x| x))", "Map"),
        ("group_by(to_table({k: [\"a\", \"b\", \"a\"], n: [1, 2, 3]}), \"k\").a.n", "[1, 3]"),
        ("group_by(to_table({k: [1]}), \"z\")", "NameError: no column 'z' on Table"),
        ("group_by(to_table({k: [1], m: [2]}), [\"k\", \"m\"]) |> keys()", "[1\t2]"),
        ("jaccard([], [])", "0.0"),
    ]);
}

#[test]
fn records_and_sets() {
    check(&[
        ("keys(to_table({b: [1], a: [2]}))", "[b, a]"),
        ("get({a: 1}, \"b\")", "nil"),
        ("get([1, 2], 5, 0)", "0"),
        ("get([1, 2], -1)", "2"),
        ("has_key({a: 1}, 5)", "TypeError: has_key() requires Str, got Int"),
        ("merge({a: 1}, {b: 2}, {a: 3})", "{a: 3, b: 2}"),
        ("remove_key({a: 1}, \"z\")", "{a: 1}"),
        ("type(map_values(group_by([1], |x| x), len))", "Map"),
        ("set([1, 1.0, 2])", "#{1, 2}"),
        ("set()", "#{}"),
        ("union(set([1]), set([2]))", "#{1, 2}"),
        ("intersection(set([1, 2]), [2])", "[2]"),
        ("symmetric_difference(set([1, 2]), set([2, 3]))", "#{1, 3}"),
        ("is_superset(set([1, 2]), set([1]))", "true"),
    ]);
    check_script("let r = {a: 1}\nlet s = set_key(r, \"b\", 2)\nprintln(r, s)", "{a: 1} {a: 1, b: 2}\n");
}

#[test]
fn text() {
    check(&[
        ("split(\"\", \",\")", "[]"),
        ("len(split(\"\", \",\"))", "1"),
        ("split(\"a-b-c\", \"-\", 1)", "[a, b-c]"),
        ("split(\"aé\", \"\")", "[a, é]"),
        ("join([])", ""),
        (
            "join(\"abc\")",
            "TypeError: join() requires List, Tuple, Set, Record, Map, Range, Stream, Table, or Vector, got Str",
        ),
        ("join(to_stream([1, 2]), \"+\")", "1+2"),
        ("join([dna\"AC\", dna\"GT\"], \"-\")", "AC-GT"),
        ("replace(\"abc\", \"\", \"-\")", "a-b-c"),
        ("starts_with(dna\"ATGC\", \"ATG\")", "true"),
        ("ends_with(\"a\", [1])", "TypeError: ends_with() requires a List of Str, got Int in it"),
        ("substr(\"héllo\", 1)", "éllo"),
        ("substr(\"hello\", -3, -1)", "ll"),
        ("char_at(\"abc\", 5)", "nil"),
        ("pad_left(\"héy\", 5)", "  héy"),
        ("pad_left(\"hello\", 3)", "hello"),
        ("pad_right(7, 3, \"0\")", "700"),
        ("trim(\"\\t a \\n\")", "a"),
        ("upper(dna\"ACG\")", "ACG"),
        ("upper(5)", "TypeError: upper() requires Str, DNA, RNA, or Protein, got Int"),
        ("chr(-1)", "ValueError: chr() requires a code point, got -1"),
        ("format(\"{} {1} {name:>5}|{{}}\", 1, 2, {name: \"x\"})", "1 2     x|{}"),
        ("format(\"{}\")", "ValueError: format() requires an argument 1, got 0"),
        ("format(\"{:.2f}\", 3.14159)", "3.14"),
        ("sprintf(\"%5.1f|%-4s|%03d|%%\", 2.25, \"a\", 7)", "  2.2|a   |007|%"),
        ("sprintf(\"%d\")", "ValueError: sprintf() got too few arguments"),
        ("upper(try_call(|| error(\"bad\")).error)", "BAD"),
    ]);
    check_script("try { error(\"bad\") } catch e { println(upper(e), len(e), type(e)) }", "BAD 3 Error\n");
}

#[test]
fn math() {
    check(&[
        ("round(150.4, 0)", "150"),
        ("round(150.4)", "150"),
        ("round(2.675, 2)", "2.68"),
        ("round(48.26, 1)", "48.3"),
        ("round(1.04, 1)", "1.0"),
        ("round(-2.5)", "-3"),
        ("round(1234, -2)", "1200"),
        ("round(5, 2)", "5.0"),
        ("round(float(\"nan\"))", "NaN"),
        ("round(3.14159, digits: 2)", "3.14"),
        ("floor(-0.5)", "-1"),
        ("ceil(-0.5)", "0"),
        ("floor(1e300)", "1e300"),
        ("abs(-9223372036854775807 - 1)", "OverflowError: integer overflow in 'abs'"),
        ("min(3, 1.5)", "1.5"),
        ("min([])", "ValueError: min() requires at least one item"),
        ("min([1, nil])", "TypeError: min() cannot compare Nil"),
        ("max([1, float(\"nan\"), 2])", "NaN"),
        ("max([\"a\", \"b\"])", "b"),
        ("max(range(0, 10))", "9"),
        ("min(range(5, 0, -1))", "1"),
        ("min({a: 1})", "TypeError: min() requires a collection or several values, got Record"),
        ("min(1..5)", "1"),
        ("sqrt(16)", "4.0"),
        ("sqrt(-1)", "NaN"),
        ("log(0)", "-inf"),
        ("log(100, 10)", "2.0"),
        ("pow(2, 64)", "18446744073709552000.0"),
        ("pow(2, -1)", "0.5"),
        ("sign(0.0)", "0.0"),
        ("clamp(5, 10, 0)", "ValueError: clamp() requires lo <= hi, got 10 and 0"),
        ("divmod(7.5, 2)", "[3, 1.5]"),
        ("idiv(1, 0)", "DivisionByZero: division by zero"),
        ("factorial(21) > factorial(20)", "true"),
        ("factorial(-1)", "ValueError: factorial() requires n of at least 0, got -1"),
        ("choose(52, 5)", "2598960"),
        ("sqrt(\"a\")", "TypeError: sqrt() requires Int or Float, got Str"),
    ]);
}

#[test]
fn statistics() {
    check(&[
        ("sum([])", "0"),
        ("sum([9223372036854775807, 1])", "OverflowError: integer overflow in 'sum'"),
        ("sum(range(0, 1000000000))", "499999999500000000"),
        ("sum([0.1] |> repeat(10))", "1.0"),
        ("sum([1, \"a\"])", "TypeError: sum() requires numbers, got Str"),
        ("sum([1, nil], skip_nil: true)", "1"),
        ("sum([1, nil], {skip_nil: true})", "1"),
        ("mean([1, nil])", "TypeError: mean() requires numbers, got Nil"),
        ("mean([])", "ValueError: mean() requires at least one number"),
        ("[0.5, 0.25] |> mean() * 100", "37.5"),
        ("mean(to_stream([1, 2]))", "1.5"),
        ("mean(1..4)", "2.0"),
        ("median([1, 2, 3, float(\"nan\")])", "NaN"),
        ("median([4, 1])", "2.5"),
        ("variance([1])", "ValueError: variance() requires at least 2 numbers, got 1"),
        ("stdev(to_stream([1, 2, 3, 4, 5])) == stdev([1, 2, 3, 4, 5])", "true"),
        ("quantile([1, 2, 3], [0, 0.5, 1])", "[1.0, 2.0, 3.0]"),
        ("quantile([1], 2)", "ValueError: quantile() requires q from 0 to 1, got 2.0"),
        ("summary([1, \"a\", nil])", "{count: 1, min: 1, max: 1, mean: 1.0, median: 1.0, sd: 0.0}"),
        ("summary([\"a\"])", "{count: 1, numeric: 0}"),
        ("cor([1, 2], [1])", "ValueError: cor() requires as many x as y, got 2 and 1"),
        ("cor([1, 1], [1, 2])", "NaN"),
        ("kendall([1, 2], [float(\"nan\"), 1]).coefficient", "NaN"),
        ("round(kendall([1, 2, 3, 4], [1, 2, 4, 3]).p_value, 3)", "0.333"),
        ("cumsum([1, 2.5])", "[1.0, 3.5]"),
        ("diff([1, 4, 9], 2)", "[8]"),
        ("normalize([5, 5], \"minmax\")", "[0.0, 0.0]"),
        ("normalize([1, 2], \"other\")", "ValueError: normalize() has no method 'other'"),
        ("mode([\"b\", \"a\"])", "a"),
        ("weighted_mean([1, 2], [1])", "ValueError: weighted_mean() got 2 numbers and 1 weights"),
        ("prod([])", "1"),
    ]);
}

#[test]
fn tables() {
    check(&[
        ("colnames(to_table([{id: \"a\", gc: 1}, {gc: 2, len: 3}]))", "[id, gc, len]"),
        ("to_table([])", "Table: 0 rows x 0 cols\n(empty)"),
        ("to_table([1])", "TypeError: to_table() requires records, got Int"),
        ("to_table({a: [1, 2], b: [3]}).b", "[3, nil]"),
        ("to_table([{a: 1}, {a: 0.5}]).a", "[1.0, 0.5]"),
        ("to_table([{a: 1}])[0]", "{a: 1}"),
        ("to_table([{a: 1}])[5]", "IndexOutOfBounds: index 5 out of bounds (len 1)"),
        ("to_table([{a: 1}]).b", "NameError: no column 'b' on Table"),
        ("[to_table([{a: 1}])]", "[<table 1x1>]"),
        ("to_table([{a: 1}]) == to_table([{a: 1.0}])", "true"),
        ("to_table(to_stream([{a: 1}])).num_rows", "1"),
        ("map(to_table([{a: 1}, {a: 2}]), |r| r.a)", "[1, 2]"),
        ("len(to_table([{a: 1}, {a: 2}]) |> filter(|r| r.a > 1))", "1"),
        ("col([{a: 1}, {b: 2}], \"a\")", "[1]"),
        ("select(to_table({a: [1]}), \"z\")", "NameError: no column 'z' on Table"),
        ("select(to_table({a: [1]}), \"a\", \"a\")", "ValueError: select() got column 'a' twice"),
        ("select(to_table({a: [1], b: [2]}), [\"b\"]) |> colnames()", "[b]"),
        (
            "rename(to_table({a: [1], b: [2]}), \"a\", \"b\")",
            "ValueError: rename() would make two columns 'b'",
        ),
        ("rename(to_table({a: [1], b: [2]}), {a: \"b\", b: \"a\"}) |> colnames()", "[b, a]"),
        ("mutate(to_table({a: [1, 2]}), {b: |r| r.a + 1, c: |r| r.b * 2}).c", "[4, 6]"),
        (
            "mutate(to_table({a: [1, 2]}), \"b\", [1])",
            "ValueError: column 'b' requires 2 values, one for each row, got 1",
        ),
        ("mutate(to_table({a: [1, 2]}), \"b\", \"x\").b", "[x, x]"),
        ("arrange(to_table({a: [1, nil, 3]}), \"-a\").a", "[3, 1, nil]"),
        ("arrange(to_table({a: [1, 1, 0], b: [1, 2, 3]}), \"a\", \"b\", \"desc\").b", "[3, 2, 1]"),
        ("distinct(to_table({a: [1, 1.0, 2]})).a", "[1.0, 2.0]"),
        ("drop_null(to_table({a: [1, nil], b: [nil, 2]}), \"a\").a", "[1]"),
        ("summarize({}, |k, v| {})", "Table: 0 rows x 0 cols\n(empty)"),
        ("summarize({a: 1}, |k, v| 1)", "TypeError: summarize() callback must return a Record, got Int"),
        ("count_by([{k: 1}, {k: 1}, {k: 2}], \"k\")[0]", "{key: 1, count: 2}"),
        ("type(count_by([{k: 1}], \"k\", typed: true)[0].key)", "Int"),
        ("describe(to_table({a: [1, 2, nil]})).dtype", "[int]"),
        ("case_when(false, 1)", "nil"),
        ("filter_by(to_table({a: [1, 2]}), \"a\", \"~\", 1)", "ValueError: filter_by() has no operator '~'"),
        ("filter_by([{a: \"x\"}, {a: nil}], \"a\", \">\", 1)", "[]"),
    ]);
    check_script(
        "let t = to_table({a: [1, 2]})\nlet u = t\nt.b = [3, 4]\nprintln(t.b, u.columns)",
        "[3, 4] [a]\n",
    );
    check_script("let n = 0\nfor row in to_table({a: [1, 2]}) { n = n + row.a }\nprintln(n)", "3\n");
}

#[test]
fn streams() {
    check(&[
        ("to_stream([1, 2, 3]) |> map(|x| x * 2) |> filter(|x| x > 2) |> collect()", "[4, 6]"),
        ("to_stream([1, 2, 3]) |> map(|x| 1 / (x - 2)) |> collect()", "DivisionByZero: division by zero"),
        ("to_stream(1..10) |> take(2)", "<stream take>"),
        ("to_stream(1..10) |> take(2) |> collect()", "[1, 2]"),
        ("to_stream(1..10) |> drop(7) |> collect()", "[8, 9]"),
        ("to_stream(1..10) |> head(2)", "[1, 2]"),
        ("to_stream(1..10) |> take_while(|x| x < 3) |> collect()", "[1, 2]"),
        ("to_stream(1..6) |> chunk(2) |> collect()", "[[1, 2], [3, 4], [5]]"),
        ("to_stream(1..6) |> window(3) |> collect()", "[[1, 2, 3], [2, 3, 4], [3, 4, 5]]"),
        ("to_stream(1..9) |> window(2, 3) |> collect()", "[[1, 2], [4, 5], [7, 8]]"),
        ("to_stream([1, 1, 2]) |> unique() |> collect()", "[1, 2]"),
        ("to_stream([1, 2]) |> flat_map(|x| [x, x]) |> collect()", "[1, 1, 2, 2]"),
        ("to_stream([1, 2]) |> scan(0, |a, x| a + x) |> collect()", "[1, 3]"),
        ("to_stream([5]) |> enumerate() |> collect()", "[[0, 5]]"),
        ("zip(to_stream([1, 2]), [3]) |> collect()", "[[1, 3]]"),
        ("to_stream([3, 1]) |> sort()", "[1, 3]"),
        ("to_stream([3, 1]) |> max()", "3"),
        ("to_stream([3, 1]) |> frequencies()", "{3: 1, 1: 1}"),
        ("next(to_stream([]), 5)", "5"),
        ("stream_batch([1, 2, 3], 0, sum)", "ValueError: stream_batch() requires n of at least 1, got 0"),
    ]);
    check_script(
        "let s = to_stream([1, 2, 3])\nprintln(next(s), stream_take(s, 1), collect(s), next(s), count(s))",
        "1 [2] [3] nil 0\n",
    );
    let (_, result) = script::run("let s = to_stream([1])\ncollect(s)\ncollect(s)");
    assert_eq!(result, Err("StreamError: stream already consumed: Stream(list)".to_owned()));
    check_script(
        "let n = 0\nlet s = to_stream(1..4) |> map(|x| { n = n + x\n x })\nprintln(n)\nlet xs = collect(s)\nprintln(n)",
        "0\n6\n",
    );
}
