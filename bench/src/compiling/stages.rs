//! The way of a script, one stage after the other.

use super::clock;
use biovm_bytecode::{codec, verify};
use biovm_compiler::diagnostic::{self, Diagnostic};
use biovm_compiler::lower::{Target, Unit};
use biovm_compiler::module::Imports;
use biovm_compiler::resolve::{Signatures, Surroundings};
use biovm_compiler::source::SourceText;
use biovm_compiler::{Options, compile, layout, lexer, lower, parser, resolve};
use std::hint::black_box;
use std::time::Duration;

/// The stages, in order.
pub const STAGES: [&str; 8] = ["text", "lex", "layout", "parse", "resolve", "lower", "verify", "encode"];

/// How long each stage took.
pub type Times = [Duration; STAGES.len()];

/// What the compiler is told about the builtins.
pub fn options() -> Options {
    let signatures = Signatures::new(biovm_stdlib::natives().map(|native| &native.signature));
    Options { signatures, ..Options::default() }
}

/// Goes the whole way and looks at the clock in between. Panics where the script has errors: its stages would say
/// nothing.
pub fn measure(text: &str, options: &Options) -> Times {
    let mut watch = Clock { times: [Duration::ZERO; STAGES.len()], next: 0, start: clock::of_this_thread() };
    let source = SourceText::new("generated.bl", text);
    watch.tick();
    let lexed = lexer::lex(source.text());
    watch.tick();
    let tokens = layout::remove_insignificant_newlines(lexed.tokens);
    watch.tick();
    let parsed = parser::parse(source.text(), &tokens, &lexed.comments);
    watch.tick();
    assert_none(&parsed.diagnostics, &source);
    watch.start = clock::of_this_thread();
    let mut target = Target::new(&source, Vec::new());
    let surroundings = Surroundings {
        signatures: &options.signatures,
        imports: &Imports::default(),
        first_function: target.program.functions.len(),
        globals: Vec::new(),
        session: None,
        structures: &[],
        module: None,
    };
    let resolution = resolve::resolve(&parsed.program, &source, surroundings);
    watch.tick();
    assert_none(&resolution.diagnostics, &source);
    watch.start = clock::of_this_thread();
    let unit =
        Unit { tree: &parsed.program, source: &source, resolution: &resolution, number: 0, optimises: true };
    let lowered = lower::lower(unit, &options.signatures, &mut target);
    watch.tick();
    assert_none(&lowered.diagnostics, &source);
    watch.start = clock::of_this_thread();
    verify::verify(&target.program).expect("the compiler's programs verify");
    watch.tick();
    black_box(codec::encode(&target.program, false));
    watch.tick();
    watch.times
}

struct Clock {
    times: Times,
    next: usize,
    start: Duration,
}

impl Clock {
    /// A stage has ended and the next one begins.
    fn tick(&mut self) {
        self.times[self.next] = clock::of_this_thread() - self.start;
        self.next += 1;
        self.start = clock::of_this_thread();
    }
}

fn assert_none(diagnostics: &[Diagnostic], source: &SourceText) {
    let errors: Vec<Diagnostic> = diagnostics.iter().filter(|each| each.is_error()).cloned().collect();
    assert!(errors.is_empty(), "{}", diagnostic::render(&errors, source, false));
}

/// How long `biovm compile` needs for a script, without reading and writing files: to a bytecode file, or to the report
/// of what is wrong. Also says what that is.
pub fn whole(text: &str, options: &Options) -> (Duration, Option<String>) {
    let start = clock::of_this_thread();
    let source = SourceText::new("generated.bl", text);
    let problem = match compile(&source, options) {
        Ok(compiled) => {
            black_box(diagnostic::render(&compiled.warnings, &source, false));
            verify::verify(&compiled.program).expect("the compiler's programs verify");
            black_box(codec::encode(&compiled.program, false));
            None
        }
        Err(errors) => {
            black_box(diagnostic::render(&errors, &source, false));
            errors.first().map(|error| error.message.clone())
        }
    };
    (clock::of_this_thread() - start, problem)
}
