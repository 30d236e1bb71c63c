//! Modules that exist only in memory: the compiler asks a loader, and knows no files.

use biovm_compiler::diagnostic::code;
use biovm_compiler::module::{LoadError, Located, ModuleLoader};
use biovm_compiler::source::SourceText;
use biovm_compiler::{Compiled, Options, compile};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Modules by name.
struct Shelf {
    modules: Vec<(&'static str, &'static str)>,
    read: Mutex<Vec<String>>,
}

impl ModuleLoader for Shelf {
    fn locate(&self, path: &str, _importer: Option<&Path>) -> Result<Located, LoadError> {
        match self.modules.iter().any(|(name, _)| *name == path) {
            true => {
                Ok(Located { key: PathBuf::from(path), file: format!("{path}.bl"), name: path.to_owned() })
            }
            false => Err(LoadError::NotFound { hint: "not on the shelf".to_owned() }),
        }
    }

    fn read(&self, module: &Located) -> Result<String, LoadError> {
        self.read.lock().unwrap().push(module.name.clone());
        let text = self.modules.iter().find(|(name, _)| *name == module.name).map(|(_, text)| *text);
        text.map(str::to_owned).ok_or(LoadError::Unreadable { message: "gone".to_owned(), hint: None })
    }

    fn script(&self) -> Option<PathBuf> {
        Some(PathBuf::from("main"))
    }
}

fn shelf(modules: &[(&'static str, &'static str)]) -> Arc<Shelf> {
    Arc::new(Shelf { modules: modules.to_vec(), read: Mutex::default() })
}

fn try_compile(text: &str, shelf: &Arc<Shelf>, options: Options) -> Result<Compiled, Vec<String>> {
    let source = SourceText::new("main.bl", text);
    let options = Options { loader: Some(shelf.clone()), ..options };
    compile(&source, &options).map_err(|errors| {
        let place = |error: &biovm_compiler::diagnostic::Diagnostic| {
            let source = error.source.as_deref().unwrap_or(&source);
            format!("{}:{} {}", source.name(), source.position(error.span.start), error.code)
        };
        errors.iter().map(place).collect()
    })
}

#[test]
fn each_module_is_read_once() {
    let shelf = shelf(&[
        ("a", "import \"c\"\nfn a() { c() }"),
        ("b", "from \"c\" import c as again\nfn b() { again() }"),
        ("c", "fn c() { 1 }"),
    ]);
    let text = "import \"a\"\nimport \"b\"\nfn f() { import \"c\" as c\n c.c() }\na() + b() + f()";
    let compiled =
        try_compile(text, &shelf, Options::default()).unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(*shelf.read.lock().unwrap(), ["a", "c", "b"]);
    biovm_bytecode::verify::verify(&compiled.program).expect("it verifies");
    let sources = compiled.program.debug.expect("there are sources").sources;
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    // The script comes first, then the modules as they were finished.
    assert_eq!(names, ["main.bl", "c.bl", "a.bl", "b.bl"]);
}

#[test]
fn positions_name_their_source() {
    let shelf = shelf(&[("a", "fn a(x) {\n  x + 1\n}")]);
    let compiled = try_compile("import \"a\"\nlet y = 2", &shelf, Options::default())
        .unwrap_or_else(|errors| panic!("{errors:?}"));
    let functions = &compiled.program.functions;
    assert!(functions[0].spans.iter().all(|span| span.source == 0));
    let a = functions.iter().find(|function| function.name == "a").expect("the function");
    assert!(!a.spans.is_empty() && a.spans.iter().all(|span| span.source == 1));
}

#[test]
fn globals_of_modules_have_names_that_no_script_can_write() {
    let shelf = shelf(&[("a", "let x = 1\nfn get() { x }")]);
    let options = Options { session: Some(vec!["_".to_owned()]), ..Options::default() };
    let first = try_compile("import \"a\"", &shelf, options).unwrap_or_else(|errors| panic!("{errors:?}"));
    let globals = first.program.globals;
    assert_eq!(globals, ["_", "module a", "a::get", "a::x", "x", "get"]);

    // A later entry has the module at hand, and does not read it again.
    let options = Options { session: Some(globals.clone()), modules: first.modules, ..Options::default() };
    let next = try_compile("from \"a\" import x as y", &shelf, options)
        .unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(next.program.globals[..globals.len()], globals);
    assert_eq!(next.program.globals[globals.len()..], ["y"]);
    assert_eq!(*shelf.read.lock().unwrap(), ["a"]);
}

#[test]
fn errors_are_reported_once_and_where_they_are() {
    let shelf = shelf(&[
        ("wrong", "nowhere\nfn ("),
        ("asks", "println_\nimport \"wrong\""),
        ("asks_too", "import \"wrong\"\nimport \"missing\"\nundefined"),
        ("main", ""),
        ("round", "import \"main\""),
        ("unused", "const K = 1\nK = 2\n"),
    ]);
    let errors = |text: &str| match try_compile(text, &shelf, Options::default()) {
        Ok(_) => panic!("it compiles"),
        Err(errors) => errors,
    };
    let expected = [format!("wrong.bl:2:5 {}", code::UNCLOSED)];
    // What the importers say would be guesses, as long as nobody knows the names of their modules.
    assert_eq!(errors("import \"asks\"\nimport \"wrong\"\nfn f() { nobody }"), expected);
    let missing = format!("asks_too.bl:2:8 {}", code::MODULE_NOT_FOUND);
    assert_eq!(errors("import \"asks_too\""), [expected[0].clone(), missing]);
    assert_eq!(errors("import \"round\""), [format!("round.bl:1:8 {}", code::CIRCULAR_IMPORT)]);
    assert_eq!(errors("1\nimport \"main\""), [format!("main.bl:2:8 {}", code::CIRCULAR_IMPORT)]);
    assert_eq!(errors("import \"unused\" as u"), [format!("unused.bl:2:1 {}", code::CONST_ASSIGNED)]);
    assert_eq!(errors("from \"asks\" import a"), expected);
}

#[test]
fn imports_are_found_wherever_a_statement_can_stand() {
    let shelf = shelf(&[("a", "fn a() { 1 }")]);
    let import = "import \"a\"";
    for text in [
        format!("fn f(x = {{ {import}\n a() }}) {{ x }}"),
        format!("let f = |x| {{ {import}\n a() }}"),
        format!("match 1 {{ 1 => {{ {import}\n a() }} }}"),
        format!("for x in [1] {{ {import}\n a() }} else {{ {import} }}"),
        format!("try {{ {import}\n a() }} catch e {{ {import}\n a() }}"),
        format!("struct S {{ x = {{ {import}\n a() }} }}"),
        format!("impl Int {{ fn m(self) {{ {import}\n a() }} }}"),
        format!("trait T {{ fn m(self) {{ {import}\n a() }} }}"),
        format!("[{{ {import}\n a() }}, {{k: if true {{ {import}\n a() }} else {{ 2 }}}}]"),
        format!("unless false {{ {import} }} else {{ {import} }}"),
        format!("while false {{ {import} }}"),
        format!("given {{ true => {{ {import}\n a() }} }}"),
        format!("1 |> then n -> {{ {import}\n a() }}"),
        format!("fn f() where (|| {{ {import}\n a() }})() {{ 1 }}"),
        format!("let {{k = {{ {import}\n a() }}}} = {{k: 1}}"),
    ] {
        let compiled = try_compile(&text, &shelf, Options::default());
        let compiled = compiled.unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        assert!(compiled.program.functions.iter().any(|function| function.name == "a"), "{text}");
        biovm_bytecode::verify::verify(&compiled.program).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
}
