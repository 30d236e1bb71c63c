//! What happens at the same moment as the end of an async function.

mod script;

use std::thread;

/// Runs a script on several threads at once, more than there are cores, so that a thread often stops between two steps.
#[track_caller]
fn check_often(text: &str, expected: &str) {
    thread::scope(|scope| {
        let runs: Vec<_> = (0..8).map(|_| scope.spawn(|| script::run(text))).collect();
        for run in runs {
            let (printed, result) = run.join().expect("the script ends");
            assert_eq!((printed.as_str(), result), (expected, Ok(())));
        }
    });
}

#[test]
fn after_an_error_no_further_function_begins() {
    let text = "
        for round in 0..200 {
            try {
                range(0, 20) |> map(|i| || { println(i)
                    sleep(1)
                    error(\"the first\") }) |> await_all({limit: 1})
            } catch e { println(e) }
        }";
    check_often(text, &"0\nthe first\n".repeat(200));
}

#[test]
fn the_error_is_that_of_the_function_that_failed() {
    let text = "
        for round in 0..200 {
            try {
                range(0, 40) |> map(|i| || { sleep(1)
                    if i == 1 { error(\"the second\") } }) |> await_all({limit: 2})
            } catch e { println(e) }
        }";
    check_often(text, &"the second\n".repeat(200));
}
