//! Writes the files that the fuzz target `bytecode` checks along with an input, so that the one that fails can be found:
//! `cargo run -p biovm-tests --bin fuzz-variants -- INPUT FOLDER`.

use biovm_tests::fuzzing::bytecode::variants;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

/// As `fuzz/run` says it to the fuzzer.
const MOST_BYTES: usize = 4096;

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let [input, folder] = arguments.as_slice() else {
        eprintln!("usage: fuzz-variants INPUT FOLDER");
        return ExitCode::from(2);
    };
    match write(Path::new(input), Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot write the variants: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(input: &Path, folder: &Path) -> io::Result<()> {
    let bytes = fs::read(input)?;
    fs::create_dir_all(folder)?;
    for (number, file) in variants(&bytes, MOST_BYTES).enumerate() {
        fs::write(folder.join(format!("variant-{}", number + 1)), file)?;
    }
    Ok(())
}
