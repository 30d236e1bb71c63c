//! Compiling a generated script of 50,000 lines: the whole way, and its stages.

use biovm_bench::compiling::generate::{Language, script};
use biovm_bench::compiling::stages::{self, STAGES};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::time::Duration;

const LINES: usize = 50_000;

fn measure(criterion: &mut Criterion) {
    let options = stages::options();
    let text = script(LINES, Language::BioLang);
    let mut group = criterion.benchmark_group("compile");
    group.sample_size(20).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(5));
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("whole", |bencher| {
        bencher.iter_custom(|count| (0..count).map(|_| stages::whole(&text, &options).0).sum());
    });
    for (stage, name) in STAGES.iter().enumerate() {
        group.bench_function(*name, |bencher| {
            bencher.iter_custom(|count| (0..count).map(|_| stages::measure(&text, &options)[stage]).sum());
        });
    }
    group.finish();
}

criterion_group!(benches, measure);
criterion_main!(benches);
