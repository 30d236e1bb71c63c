//! The programs that are measured.

/// A program that exists in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its name, which is that of its files.
    pub name: &'static str,
    /// What its time says.
    pub kind: Kind,
}

/// What the time of a program says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// How fast the machine is: every language does the same steps.
    Machine,
    /// How fast a script is that uses what its language comes with. It does not count for the mean.
    Builtins,
    /// How long starting and ending takes. It does not count for the mean.
    Start,
}

const fn machine(name: &'static str) -> Program {
    Program { name, kind: Kind::Machine }
}

const fn builtins(name: &'static str) -> Program {
    Program { name, kind: Kind::Builtins }
}

/// All programs, in the order of the table.
pub const PROGRAMS: [Program; 24] = [
    machine("fib"),
    machine("integer_loop"),
    machine("while_loop"),
    machine("mandelbrot"),
    machine("nbody"),
    machine("spectral_norm"),
    machine("fannkuch"),
    machine("sieve"),
    machine("queens"),
    machine("binary_trees"),
    machine("matrix_multiply"),
    machine("record_scan"),
    machine("string_building"),
    machine("string_counting"),
    machine("closures"),
    machine("sort_comparator"),
    machine("push_pop"),
    machine("map_filter_sum"),
    machine("list_building"),
    machine("gc_loop"),
    machine("kmer_loop"),
    builtins("gc_reads"),
    builtins("kmer_frequencies"),
    Program { name: "empty", kind: Kind::Start },
];

/// The programs about a file of reads, which take its path. `bench/run-fastq` compares them; there are no such programs in Lua.
pub const READ_PROGRAMS: [&str; 2] = ["analysis", "parallel_gc"];
