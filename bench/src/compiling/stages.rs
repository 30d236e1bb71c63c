//! The way of a script, one stage after the other.

use biovm_bytecode::{codec, verify};
use biovm_compiler::diagnostic::{self, Diagnostic};
use biovm_compiler::resolve::Signatures;
use biovm_compiler::source::SourceText;
use biovm_compiler::{Options, compile, layout, lexer, lower, parser, resolve};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The stages, in order.
pub const STAGES: [&str; 8] = ["text", "lex", "layout", "parse", "resolve", "lower", "verify", "encode"];

/// How long each stage took.
pub type Times = [Duration; STAGES.len()];

/// What the compiler is told about the builtins.
pub fn options() -> Options {
    let signatures = Signatures::new(biovm_stdlib::natives().map(|native| &native.signature));
    Options { signatures, session: None }
}

/// Goes the whole way and looks at the clock in between. Panics where the script has errors: its stages would say
/// nothing.
pub fn measure(text: &str, options: &Options) -> Times {
    let mut clock = Clock { times: [Duration::ZERO; STAGES.len()], next: 0, start: Instant::now() };
    let source = SourceText::new("generated.bl", text);
    clock.tick();
    let lexed = lexer::lex(source.text());
    clock.tick();
    let tokens = layout::remove_insignificant_newlines(lexed.tokens);
    clock.tick();
    let parsed = parser::parse(source.text(), &tokens, &lexed.comments);
    clock.tick();
    assert_none(&parsed.diagnostics, &source);
    clock.start = Instant::now();
    let resolution = resolve::resolve(&parsed.program, &source, &options.signatures, None);
    clock.tick();
    assert_none(&resolution.diagnostics, &source);
    clock.start = Instant::now();
    let (program, diagnostics) = lower::lower(&parsed.program, &source, &resolution, &options.signatures);
    clock.tick();
    assert_none(&diagnostics, &source);
    clock.start = Instant::now();
    verify::verify(&program).expect("the compiler's programs verify");
    clock.tick();
    black_box(codec::encode(&program, false));
    clock.tick();
    clock.times
}

struct Clock {
    times: Times,
    next: usize,
    start: Instant,
}

impl Clock {
    /// A stage has ended and the next one begins.
    fn tick(&mut self) {
        self.times[self.next] = self.start.elapsed();
        self.next += 1;
        self.start = Instant::now();
    }
}

fn assert_none(diagnostics: &[Diagnostic], source: &SourceText) {
    let errors: Vec<Diagnostic> = diagnostics.iter().filter(|each| each.is_error()).cloned().collect();
    assert!(errors.is_empty(), "{}", diagnostic::render(&errors, source, false));
}

/// How long `biovm compile` needs for a script, without reading and writing files: to a bytecode file, or to the report
/// of what is wrong. Also says what that is.
pub fn whole(text: &str, options: &Options) -> (Duration, Option<String>) {
    let start = Instant::now();
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
    (start.elapsed(), problem)
}
