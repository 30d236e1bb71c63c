//! A long script as people write them: functions, loops, pipes, records, text, matches, comments. The same in every run,
//! and in Lua with the same work on the same number of lines.

use std::fmt::Write;

/// A language in which the script is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Ours.
    BioLang,
    /// Lua 5.4, to compare with its compiler.
    Lua,
}

/// A piece of script in both languages, in which `@` stands for the number of the piece, `§` and `$` for an Int and a
/// Float that vary.
struct Piece {
    biolang: &'static str,
    lua: &'static str,
}

macro_rules! piece {
    ($name:literal) => {
        Piece {
            biolang: include_str!(concat!("pieces/", $name, ".bl")),
            lua: include_str!(concat!("pieces/", $name, ".lua")),
        }
    };
}

const PIECES: [Piece; 8] = [
    piece!("windows"),
    piece!("reads"),
    piece!("classify"),
    piece!("effect"),
    piece!("counts"),
    piece!("sample"),
    piece!("load"),
    piece!("primes"),
];

/// What the pieces call and biovm does not have, so that every name is known.
const PRELUDE: Piece = piece!("prelude");

impl Piece {
    fn text(&self, language: Language) -> &'static str {
        match language {
            Language::BioLang => self.biolang,
            Language::Lua => self.lua,
        }
    }
}

/// A script of at least that many lines; at most a piece more.
pub fn script(lines: usize, language: Language) -> String {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut text = PRELUDE.text(language).to_owned();
    let mut count = text.lines().count();
    for number in 0.. {
        if count >= lines {
            break;
        }
        let piece = &PIECES[next(&mut state) as usize % PIECES.len()];
        // Both languages draw the same numbers, however many each of them needs.
        let mut numbers = state ^ number;
        fill(&mut text, piece.text(language), number, &mut numbers);
        count += piece.biolang.lines().count();
    }
    text
}

fn fill(text: &mut String, template: &str, number: u64, numbers: &mut u64) {
    for letter in template.chars() {
        // Writing to a String cannot fail.
        let _ = match letter {
            '@' => write!(text, "{number}"),
            '§' => write!(text, "{}", next(numbers) % 1000 + 1),
            '$' => write!(text, "{}.{}", next(numbers) % 100, next(numbers) % 9 + 1),
            _ => text.write_char(letter),
        };
    }
}

/// The upper half of a linear congruential generator.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}
