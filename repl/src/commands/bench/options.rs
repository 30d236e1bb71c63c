//! What can be asked of `biovm bench`, and its help.

use crate::command_line::positive;
use clap::builder::ValueHint;
use clap::{Args, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;

/// Measure how much faster a script is with more threads
///
/// Runs the script again and again with each number of workers, each time in a process of its own, and shows the median
/// time, its spread, the speed-up, and which part of the work Amdahl's law takes for serial. The script must print the same with each
/// number of workers. Arguments of the script that begin with `-` follow `--`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  biovm bench qc.bl sample.fq.gz
  biovm bench qc.bl --workers 1,2,4 --runs 9 --svg speed-up.svg
  biovm bench qc.bl --workers 1..8 --format json -- --min-quality 20")]
pub struct Bench {
    /// How many runs count for each number of workers
    #[arg(long, value_name = "N", value_parser = positive, default_value_t = 5)]
    pub runs: usize,
    /// How many runs come before them and do not count; the first one is always there, for comparing what is printed
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub warmup: usize,
    /// How the result is printed
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = BenchFormat::Text)]
    pub format: BenchFormat,
    /// Draw the speed-up into this file too
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub svg: Option<PathBuf>,
    /// Do not compare what the script prints, for scripts that print times or random numbers
    #[arg(long)]
    pub any_output: bool,
    /// The script
    #[arg(value_hint = ValueHint::FilePath)]
    pub script: PathBuf,
    /// Its arguments
    pub arguments: Vec<OsString>,
}

/// How `biovm bench` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BenchFormat {
    /// A table and a chart
    Text,
    /// JSON, for other programs
    Json,
}
