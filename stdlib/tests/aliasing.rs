//! Values never change under another name: random programs that share, change and grow values, against a model in which
//! every assignment is a copy. What runs in place must not show.

mod script;

use proptest::prelude::*;
use std::fmt::Write;

#[derive(Clone, Debug)]
enum Model {
    Number(i64),
    List(Vec<Model>),
    Record(Vec<(&'static str, Model)>),
}

impl Model {
    /// As a literal; what a script prints looks the same.
    fn text(&self) -> String {
        match self {
            Model::Number(number) => number.to_string(),
            Model::List(items) => {
                format!("[{}]", items.iter().map(Model::text).collect::<Vec<_>>().join(", "))
            }
            Model::Record(fields) => {
                let fields: Vec<String> =
                    fields.iter().map(|(key, value)| format!("{key}: {}", value.text())).collect();
                format!("{{{}}}", fields.join(", "))
            }
        }
    }

    /// Follows the picks into the value: the part, and how a script writes the way to it.
    fn part(&mut self, picks: &[usize]) -> (&mut Model, String) {
        let mut here = self;
        let mut way = String::new();
        for &pick in picks {
            let parts = match &*here {
                Model::Number(_) => 0,
                Model::List(items) => items.len(),
                Model::Record(fields) => fields.len(),
            };
            if parts == 0 {
                break;
            }
            // Writing to a String cannot fail.
            here = match here {
                Model::List(items) => {
                    let position = pick % items.len();
                    let written =
                        if pick % 2 == 0 { position as i64 } else { position as i64 - items.len() as i64 };
                    let _ = write!(way, "[{written}]");
                    &mut items[position]
                }
                Model::Record(fields) => {
                    let position = pick % fields.len();
                    let (key, value) = &mut fields[position];
                    let _ = if pick % 2 == 0 { write!(way, ".{key}") } else { write!(way, "[\"{key}\"]") };
                    value
                }
                Model::Number(_) => break,
            };
        }
        (here, way)
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// `a = b`
    Share(usize, usize),
    /// `a = b[0].k`
    TakePart(usize, usize, Vec<usize>),
    /// `a[0].k = b`
    SetPart(usize, Vec<usize>, usize),
    /// `a[0].k = 5`, or `+= 5` where a number stands there
    ChangePart(usize, Vec<usize>, i64),
    /// `a = push(a, b)`, `a = a + [b]` or `a += [b]`
    Grow(usize, usize, usize),
    /// `a.k ?= 5`
    SetMissing(usize, usize, i64),
    /// A function changes its parameter, and the result goes to `a`.
    Call(usize, usize),
    /// The list is changed while it is iterated.
    Iterate(usize),
}

const NAMES: [&str; 3] = ["a", "b", "c"];
const KEYS: [&str; 3] = ["p", "q", "r"];

/// Does a step in the model and writes it down; a step that does not fit the values is left out.
fn apply(step: &Step, values: &mut [Model; 3], code: &mut String) {
    let line = match step {
        Step::Share(to, from) => {
            values[*to] = values[*from].clone();
            format!("{} = {}", NAMES[*to], NAMES[*from])
        }
        Step::TakePart(to, from, picks) => {
            let (part, way) = values[*from].part(picks);
            let part = part.clone();
            values[*to] = part;
            format!("{} = {}{way}", NAMES[*to], NAMES[*from])
        }
        Step::SetPart(to, picks, from) => {
            let new = values[*from].clone();
            let (part, way) = values[*to].part(picks);
            *part = new;
            format!("{}{way} = {}", NAMES[*to], NAMES[*from])
        }
        Step::ChangePart(to, picks, number) => {
            let (part, way) = values[*to].part(picks);
            let operator = match part {
                Model::Number(known) => {
                    *known += number;
                    "+="
                }
                other => {
                    *other = Model::Number(*number);
                    "="
                }
            };
            format!("{}{way} {operator} {number}", NAMES[*to])
        }
        Step::Grow(to, from, form) => {
            let item = values[*from].clone();
            let Model::List(items) = &mut values[*to] else { return };
            items.push(item);
            let (to, from) = (NAMES[*to], NAMES[*from]);
            match form {
                0 => format!("{to} = push({to}, {from})"),
                1 => format!("{to} = {to} + [{from}]"),
                _ => format!("{to} += [{from}]"),
            }
        }
        Step::SetMissing(to, key, number) => {
            let Model::Record(fields) = &mut values[*to] else { return };
            if fields.iter().all(|(known, _)| *known != KEYS[*key]) {
                fields.push((KEYS[*key], Model::Number(*number)));
            }
            format!("{}.{} ?= {number}", NAMES[*to], KEYS[*key])
        }
        Step::Call(to, from) => {
            let mut changed = values[*from].clone();
            let Model::List(items) = &mut changed else { return };
            let Some(first) = items.first_mut() else { return };
            *first = Model::Number(77);
            values[*to] = changed;
            format!("{} = change({})", NAMES[*to], NAMES[*from])
        }
        Step::Iterate(name) => {
            let Model::List(items) = &mut values[*name] else { return };
            let Some(last) = items.last().cloned() else { return };
            items[0] = last;
            format!("for item in {0} {{ {0}[0] = item }}", NAMES[*name])
        }
    };
    code.push_str(&line);
    code.push('\n');
}

fn any_step() -> impl Strategy<Value = Step> {
    let name = || 0..NAMES.len();
    let picks = || prop::collection::vec(0..12_usize, 1..4);
    prop_oneof![
        1 => (name(), name()).prop_map(|(to, from)| Step::Share(to, from)),
        1 => (name(), name(), picks()).prop_map(|(to, from, picks)| Step::TakePart(to, from, picks)),
        1 => (name(), picks(), name()).prop_map(|(to, picks, from)| Step::SetPart(to, picks, from)),
        3 => (name(), picks(), 1..9_i64).prop_map(|(to, picks, number)| Step::ChangePart(to, picks, number)),
        1 => (name(), name(), 0..3_usize).prop_map(|(to, from, form)| Step::Grow(to, from, form)),
        1 => (name(), 0..KEYS.len(), 1..9_i64).prop_map(|(to, key, number)| Step::SetMissing(to, key, number)),
        1 => (name(), name()).prop_map(|(to, from)| Step::Call(to, from)),
        1 => name().prop_map(Step::Iterate),
    ]
}

fn any_value() -> impl Strategy<Value = Model> {
    (0..9_i64).prop_map(Model::Number).prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Model::List),
            prop::collection::vec(inner, 1..3)
                .prop_map(|values| Model::Record(KEYS.into_iter().zip(values).collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn names_never_share_what_changes(
        values in [any_value(), any_value(), any_value()],
        steps in prop::collection::vec(any_step(), 1..16),
        in_function: bool,
        captured: bool,
    ) {
        let mut values = values;
        let mut body = String::new();
        let mut expected = String::new();
        for (name, value) in NAMES.iter().zip(&values) {
            let _ = writeln!(body, "let {name} = {}", value.text());
        }
        if captured {
            body.push_str("let see = || [a, b, c]\n");
        }
        for step in &steps {
            apply(step, &mut values, &mut body);
            body.push_str(if captured { "println(str([see()]))\n" } else { "println(str([[a, b, c]]))\n" });
            let shown: Vec<String> = values.iter().map(Model::text).collect();
            let _ = writeln!(expected, "[[{}]]", shown.join(", "));
        }
        let change = "fn change(xs) {\n  xs[0] = 77\n  xs\n}\n";
        let code = match in_function {
            true => format!("{change}fn body() {{\n{body}}}\nbody()\n"),
            false => format!("{change}{body}"),
        };
        let (printed, result) = script::run(&code);
        prop_assert_eq!(result, Ok(()), "{}", code);
        prop_assert_eq!(printed, expected, "{}", code);
    }
}
