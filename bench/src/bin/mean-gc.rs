//! The mean GC share of a FASTQ file, `mean-gc FILE`: the loop over noodles that `run-fastq` compares with.

use biovm_bench::native;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: mean-gc FILE");
        return ExitCode::from(2);
    };
    let (reads, mean) = native::streamed_gc(Path::new(&path));
    println!("{reads} {mean:.4}");
    ExitCode::SUCCESS
}
