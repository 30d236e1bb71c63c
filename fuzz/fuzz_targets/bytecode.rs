#![no_main]

use biovm_tests::fuzzing::bytecode::{check_with_variants, with_envelope};
use biovm_tests::fuzzing::mutation::{cross, mutate};
use libfuzzer_sys::{fuzz_crossover, fuzz_mutator, fuzz_target, fuzzer_mutate};

/// The `-max_len` of `fuzz/run`.
const MOST_BYTES: usize = 4096;

fuzz_target!(|bytes: &[u8]| check_with_variants(bytes, MOST_BYTES));

// Mostly another program; now and then any other bytes, in an envelope that fits.
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    if !seed.is_multiple_of(16)
        && let Some(file) = mutate(&data[..size], max_size, seed)
    {
        data[..file.len()].copy_from_slice(&file);
        return file.len();
    }
    let size = fuzzer_mutate(data, size, max_size);
    if !seed.is_multiple_of(64)
        && let Some(file) = with_envelope(&data[..size])
    {
        data[..size].copy_from_slice(&file);
    }
    size
});

fuzz_crossover!(|data1: &[u8], data2: &[u8], out: &mut [u8], seed: u32| {
    match cross(data1, data2, out.len(), seed) {
        Some(file) => {
            out[..file.len()].copy_from_slice(&file);
            file.len()
        }
        None => 0,
    }
});
