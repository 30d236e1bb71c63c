//! The scripts that the compiler is measured with are what they are said to be.

use biovm_bench::compiling::generate::{Language, script};
use biovm_bench::compiling::{shapes::SHAPES, stages};

#[test]
fn the_generated_script_compiles_and_is_as_long_in_lua() {
    let text = script(2_000, Language::BioLang);
    let (_, problem) = stages::whole(&text, &stages::options());
    assert_eq!(problem, None);
    let lines = text.lines().count();
    assert!((2_000..2_020).contains(&lines), "{lines} lines");
    assert_eq!(script(2_000, Language::Lua).lines().count(), lines);
    assert_eq!(script(2_000, Language::BioLang), text, "the same in every run");
}

/// A shape that is refused at once would measure nothing; those that are wrong by intention say so in their names.
#[test]
fn small_shapes_compile() {
    let options = stages::options();
    for shape in SHAPES {
        let (_, problem) = stages::whole(&(shape.script)(24), &options);
        let is_wrong = ["errors", "undefined", "misspelt", "unclosed", "invalid"];
        let expected = is_wrong.iter().any(|word| shape.name.contains(word));
        assert_eq!(problem.is_some(), expected, "{}: {problem:?}", shape.name);
    }
}
