//! Writes the seeds of the fuzz targets: `cargo run -p biovm-tests --bin fuzz-seeds -- FOLDER`.

use biovm_tests::fuzzing::seeds;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: fuzz-seeds FOLDER");
        return ExitCode::from(2);
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    match seeds::write(&root, Path::new(&folder)) {
        Ok(count) => {
            println!("{count} scripts in {}", Path::new(&folder).display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cannot write the seeds: {error}");
            ExitCode::FAILURE
        }
    }
}
