#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| biovm_tests::fuzzing::readers::check(bytes));
