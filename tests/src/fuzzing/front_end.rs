//! Any bytes as a script: whatever they are, the compiler ends with a program that verifies, or with errors that have
//! a place in the text.

use biovm_bytecode::program::Program;
use biovm_bytecode::{codec, disassemble, verify};
use biovm_compiler::diagnostic::{self, Diagnostic};
use biovm_compiler::resolve::Signatures;
use biovm_compiler::source::SourceText;
use biovm_compiler::span::Span;
use biovm_compiler::{Options, compile, dump, is_incomplete, layout, lexer, parse_partially};
use std::sync::OnceLock;

/// Checks the whole way. Bytes that are no text are read with replacement characters in their place.
pub fn check(bytes: &[u8]) {
    let source = SourceText::new("any.bl", String::from_utf8_lossy(bytes));
    check_tokens(source.text());
    check_tree(&source);
    is_incomplete(source.text());
    // As a script, and as an entry of a session in which earlier ones have declared some names.
    check_program(&source, None);
    check_program(&source, Some(["x", "f", "reads"].map(String::from).to_vec()));
}

/// Tokens and comments stand in the text one behind the other, and nothing but blanks is between them.
fn check_tokens(text: &str) {
    let lexed = lexer::lex(text);
    check_places(&lexed.diagnostics, text);
    let tokens = lexed.tokens.iter().map(|lexeme| lexeme.span);
    let mut spans: Vec<Span> = tokens.chain(lexed.comments.iter().map(|comment| comment.span)).collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let mut end = 0;
    for span in spans {
        assert!(span.start >= end, "tokens overlap at byte {}", span.start);
        assert!(text.get(span.range()).is_some(), "a token of {:?} is no part of the text", span.range());
        if lexed.diagnostics.is_empty() {
            check_gap(text, end, span.start);
        }
        end = span.end;
    }
    if lexed.diagnostics.is_empty() {
        check_gap(text, end, text.len() as u32);
    }
    let count = lexed.tokens.len();
    assert!(layout::remove_insignificant_newlines(lexed.tokens).len() <= count, "layout adds tokens");
}

fn check_gap(text: &str, start: u32, end: u32) {
    let gap = &text[start as usize..end as usize];
    let is_blank = gap.chars().all(|found| matches!(found, ' ' | '\t' | '\u{feff}'));
    // The colon before a format specification is part of no token.
    assert!(is_blank || gap == ":", "the lexer loses {gap:?}");
}

/// A tree can be shown, and errors have a place, whatever the text.
fn check_tree(source: &SourceText) {
    let parsed = parse_partially(source);
    check_places(&parsed.diagnostics, source.text());
    assert!(parsed.diagnostics.len() <= diagnostic::MAX_ERRORS);
    dump::compact(&parsed.program);
    dump::tree(&parsed.program, source);
    dump::tokens(source);
}

fn check_program(source: &SourceText, session: Option<Vec<String>>) {
    match compile(source, &Options { signatures: signatures().clone(), session, ..Options::default() }) {
        Ok(compiled) => {
            assert!(compiled.warnings.iter().all(|warning| !warning.is_error()), "an error is no warning");
            check_places(&compiled.warnings, source.text());
            diagnostic::render(&compiled.warnings, source, false);
            check_file(compiled.program);
        }
        Err(errors) => {
            assert!(errors.iter().any(Diagnostic::is_error), "refused without an error");
            assert!(errors.len() <= diagnostic::MAX_ERRORS);
            check_places(&errors, source.text());
            diagnostic::render(&errors, source, true);
        }
    }
}

/// What the compiler makes verifies, and a bytecode file keeps all of it.
fn check_file(mut program: Program) {
    if let Err(refusal) = verify::verify(&program) {
        panic!("the compiler's program is refused: {refusal}");
    }
    disassemble::disassemble(&program);
    assert_same(&program, &codec::encode(&program, false));
    let stripped = codec::encode(&program, true);
    program.debug = None;
    for function in &mut program.functions {
        function.spans.clear();
    }
    assert_same(&program, &stripped);
}

fn assert_same(program: &Program, file: &[u8]) {
    match codec::decode(file) {
        Ok(decoded) => assert!(decoded == *program, "a bytecode file is read as another program"),
        Err(error) => panic!("the compiler's bytecode file is refused: {error}"),
    }
}

fn check_places(diagnostics: &[Diagnostic], text: &str) {
    for diagnostic in diagnostics {
        let secondary = diagnostic.secondary.iter().map(|label| label.span);
        for span in secondary.chain([diagnostic.span]) {
            assert!(text.get(span.range()).is_some(), "{:?} is no part of the text", span.range());
        }
    }
}

/// The builtins that the command has.
fn signatures() -> &'static Signatures {
    static SIGNATURES: OnceLock<Signatures> = OnceLock::new();
    SIGNATURES.get_or_init(|| Signatures::new(biovm_stdlib::natives().map(|native| &native.signature)))
}
