//! The listing and the reference page.

mod support;

use biovm_bytecode::disassemble::{disassemble, instruction_text};
use biovm_bytecode::operand::{Integer, Register};
use biovm_bytecode::program::{Constant, DebugInfo, Function, Source, SourceSpan};
use biovm_bytecode::reference::instruction_reference;
use biovm_bytecode::{Instruction, Opcode, Program};
use support::sample;

const SAMPLE: &str = r#"3 functions, 5 constants, 1 shape, 1 builtin, 1 global, 1 call site

constants
  k0  -3
  k1  0.5
  k2  dna"ACGT"
  k3  "a text that is longer than the listing shows it"
  k4  /A+/i

shapes
  s0  {read, gc}

builtins
  n0  println

globals
  g0  total

call sites
  a0  (limit: _, ..._)

function 0: top level
  4 registers
  errors in 2..6 -> 8, the error in r3
  ; 1: let total = 0
  0  LoadInteger   r0, 0
  1  StoreGlobal   r0, g0 (= total)
  ; 3: println(gc(dna"ACGT"))
  2  LoadConstant  r2, k2 (= dna"ACGT")
  3  CallFunction  r1, count 1, f1 (= gc)
  4  Take          r2, r1
  5  CallNative    r1, count 1, n0 (= println)
  6  NewClosure    r3, f2 (= lambda)
  7  CallWith      r1, a0 (= (limit: _, ..._))
  8  ReturnNil

function 1: gc(read, limit = 0.5)
  4 registers
  ; 2: fn gc(read, limit = 0.5) { read.gc > limit }
  0  JumpIfGiven        r1, -> 2
  1  LoadConstant       r1, k1 (= 0.5)
  2  GetField           r2, r0, .gc
  3  JumpUnlessGreater  r2, r1, -> 5
  4  NewRecord          r2, s0 (= {read, gc}), r2
  5  Return             r2

function 2: lambda(...read)
  2 registers
  capture c0 from register r0 of the maker
  0  LoadCapture   r1, c0
  1  Cast          r1, r1, Str
  2  LoadConstant  r1, k3 (= "a text that is longer than the l…")
  3  Return        r1
"#;

#[test]
fn the_listing_shows_tables_functions_and_source_lines() {
    assert_eq!(disassemble(&sample()), SAMPLE);
}

#[test]
fn a_stripped_program_is_listed_without_source_lines() {
    let mut stripped = sample();
    stripped.debug = None;
    stripped.functions.iter_mut().for_each(|function| function.spans.clear());
    let without_lines: String =
        SAMPLE.split_inclusive('\n').filter(|line| !line.starts_with("  ; ")).collect();
    assert_eq!(disassemble(&stripped), without_lines);
}

#[test]
fn an_empty_program_has_a_listing() {
    assert_eq!(
        disassemble(&Program::default()),
        "0 functions, 0 constants, 0 shapes, 0 builtins, 0 globals, 0 call sites\n"
    );
}

#[test]
fn numbers_line_up() {
    let code = vec![Instruction::ReturnNil {}; 11];
    let constants = (0..11).map(Constant::Int).collect();
    let functions = vec![Function { code, ..Function::default() }];
    let listing = disassemble(&Program { functions, constants, ..Program::default() });
    for line in ["  k9   9\n", "  k10  10\n", "   9  ReturnNil\n", "  10  ReturnNil\n"] {
        assert!(listing.contains(line), "{line:?} is not in\n{listing}");
    }
}

#[test]
fn lines_of_imported_modules_are_named() {
    let sources = [("main.bl", "import math"), ("math.bl", "\n\nlet tau = 6\r\n")];
    let sources = sources.map(|(name, text)| Source { name: name.to_owned(), text: text.to_owned() });
    let load = Instruction::LoadInteger { destination: Register(0), value: Integer(6) };
    let spans = [(0, 0, 6), (1, 2, 5), (1, 6, 9), (0, 7, 11)];
    let spans = spans.map(|(source, start, end)| SourceSpan { source, start, end }).to_vec();
    let code = vec![load, load, load, Instruction::ReturnNil {}];
    let top = Function { register_count: 1, code, spans, ..Function::default() };
    let debug = Some(DebugInfo { sources: sources.to_vec() });
    let listing = disassemble(&Program { functions: vec![top], debug, ..Program::default() });
    let expected = "\
  ; 1: import math
  0  LoadInteger  r0, 6
  ; math.bl:3: let tau = 6
  1  LoadInteger  r0, 6
  2  LoadInteger  r0, 6
  ; 1: import math
  3  ReturnNil
";
    assert!(listing.ends_with(expected), "{listing}");
}

/// A listing is for programs that are refused, too.
#[test]
fn whatever_is_out_of_range_is_a_bare_number() {
    let function = Function::default();
    let shown: Vec<_> = Opcode::ALL
        .iter()
        .filter_map(|opcode| Instruction::from_operands(*opcode, || Some(30_000)))
        .map(|instruction| instruction_text(&Program::default(), &function, 5, &instruction))
        .collect();
    assert_eq!(shown.len(), Opcode::ALL.len());
    for expected in [
        "LoadConstant r30000, k30000",
        "LoadNative r30000, n30000",
        "LoadGlobal r30000, g30000",
        "NewClosure r30000, f30000",
        "LoadCapture r30000, c30000",
        "JumpIfTrue r30000, -> 30006",
        "NewRecord r30000, s30000, r30000",
        "Cast r30000, r30000, type 30000",
        "GetField r30000, r30000, field 30000",
        "CallWith r30000, a30000",
        "ReturnNil",
    ] {
        assert!(shown.iter().any(|text| text == expected), "{expected} is not in {shown:#?}");
    }
}

/// Control characters of a file that nobody trusts do not reach the terminal.
#[test]
fn the_listing_is_printable() {
    let mut program = sample();
    let evil = "\u{1b}[2J\r\n\0";
    program.constants.push(Constant::Str(evil.to_owned()));
    program.constants.push(Constant::Regex(evil.to_owned(), evil.to_owned()));
    program.names.iter_mut().for_each(|name| name.push_str(evil));
    program.natives[0].push_str(evil);
    program.globals[0].push_str(evil);
    program.functions[1].signature.push_str(evil);
    program.functions[2].name.push_str(evil);
    let debug = program.debug.as_mut().expect("the sample has sources");
    debug.sources[0].text.replace_range(..4, "\u{1b}[2J");
    debug.sources[0].name.push_str(evil);
    let listing = disassemble(&program);
    assert!(!listing.chars().any(|each| each.is_control() && each != '\n'), "{listing:?}");
    assert_eq!(listing.lines().count(), SAMPLE.lines().count() + 2);
}

#[test]
fn the_reference_has_a_row_for_each_instruction() {
    let page = instruction_reference();
    let rows: Vec<_> = page.lines().collect();
    assert_eq!(rows.len(), Opcode::ALL.len() + 2);
    assert_eq!(rows[0], "| Number | Instruction | Operands | Meaning |");
    assert_eq!(
        rows[2],
        "| 0 | `Move` | `destination`: register, `source`: register | r[destination] = r[source] |"
    );
    for (row, opcode) in rows[2..].iter().zip(Opcode::ALL) {
        assert!(row.contains(&format!("| `{}` |", opcode.name())), "{row}");
        assert_eq!(row.replace("\\|", "").matches('|').count(), 5, "{row}");
    }
}
