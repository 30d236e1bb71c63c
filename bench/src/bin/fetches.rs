//! Many fetches at once: `fetches [COUNT [LIMIT [MILLISECONDS]]]`. A stub on this computer answers each after that time; ideally, COUNT
//! fetches take COUNT / LIMIT times as long.

use biovm_bench::script::Script;
use biovm_tests::stub::{Answer, Stub};
use biovm_vm::Value;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const ROUNDS: usize = 7;

const SCRIPT: &str = r#"
fn fetch_all(work) {
  let fetches = range(work.count) |> map(|number| || http_get(work.url + str(number), {retries: 0}).status)
  fetches |> await_all({limit: work.limit}) |> filter(|status| status == 200) |> len()
}
{prepare: |work| work, run: fetch_all}
"#;

fn main() -> ExitCode {
    let numbers: Result<Vec<u32>, _> = std::env::args().skip(1).map(|word| word.parse()).collect();
    let (count, limit, answer) = match numbers.as_deref() {
        Ok([]) => (1000, 200, 100),
        Ok([count]) => (*count, 200, 100),
        Ok([count, limit]) => (*count, *limit, 100),
        Ok([count, limit, answer]) => (*count, *limit, *answer),
        _ => {
            eprintln!("usage: fetches [COUNT [LIMIT [MILLISECONDS]]]\nexample: fetches 1000 200 100");
            return ExitCode::from(2);
        }
    };
    let (count, limit) = (count.max(1), limit.max(1));
    let time = Duration::from_millis(answer.into());
    let stub = match Stub::start(move |_, _| Answer::Late(time, Box::new(Answer::text("ok")))) {
        Ok(stub) => stub,
        Err(error) => {
            eprintln!("the stub does not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let work = Value::record([
        ("count", Value::Int(count.into())),
        ("limit", Value::Int(limit.into())),
        ("url", Value::text(stub.url("/"))),
    ]);
    let ideal = time * count.div_ceil(limit);
    let mut script = Script::prepare("fetches", SCRIPT, work);
    let mut times = Vec::new();
    for round in 1..=ROUNDS {
        let start = Instant::now();
        let fetched = script.run();
        let took = start.elapsed();
        assert!(
            matches!(fetched, Value::Int(fetched) if fetched == i64::from(count)),
            "not all were fetched"
        );
        println!(
            "round {round}: {took:.3?}, {:.2} times the ideal {ideal:?}",
            took.as_secs_f64() / ideal.as_secs_f64()
        );
        times.push(took);
    }
    times.sort();
    let median = times[ROUNDS / 2];
    println!("median: {median:.3?}, {:.2} times the ideal", median.as_secs_f64() / ideal.as_secs_f64());
    ExitCode::SUCCESS
}
