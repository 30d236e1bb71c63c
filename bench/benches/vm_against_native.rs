//! Each case on the machine and natively. Compiling and preparing are not measured.

use biovm_bench::{CASES, Size};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;

fn measure(criterion: &mut Criterion) {
    for (name, make) in CASES {
        let mut case = make(Size::Full);
        let mut group = criterion.benchmark_group(name);
        group.sample_size(20).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
        group.bench_function("vm", |bencher| bencher.iter(|| black_box(case.run_script())));
        group.bench_function("native", |bencher| bencher.iter(|| black_box(case.run_native())));
        group.finish();
    }
}

criterion_group!(benches, measure);
criterion_main!(benches);
