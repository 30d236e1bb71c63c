//! Profiles of scripts with a known bottleneck say which it is and what to do first; those of well-written scripts suggest nothing.

use biovm_tests::{advice, executable};
use std::fmt::Write;
use std::path::Path;
use std::sync::Mutex;

/// Who measures wants the computer for itself.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

#[test]
fn the_verdict_and_the_first_suggestion_are_right() {
    let executable = executable::build().unwrap_or_else(|problem| panic!("{problem}"));
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = advice::Data::new(folder.path()).expect("reads can be written");
    let cases = advice::cases().expect("the cases can be read");
    let (planted, good) = cases.iter().partition::<Vec<_>, _>(|case| case.suggestion.is_some());
    assert!(planted.len() >= 10 && good.len() >= 5, "{} and {} cases", planted.len(), good.len());
    let mut problems = String::new();
    for case in &cases {
        if let Err(problem) = check(case, &executable, &data) {
            let _ = writeln!(problems, "{}: {problem}", case.name);
        }
    }
    assert!(problems.is_empty(), "\n{problems}");
}

fn check(case: &advice::Case, executable: &Path, data: &advice::Data) -> Result<(), String> {
    let profile = advice::profile(executable, &case.script, data).map_err(|problem| problem.to_string())?;
    let advice = &profile["advice"];
    let first = &advice["suggestions"][0];
    let suggestion =
        first["kind"].as_str().map(|kind| (kind.to_owned(), first["place"]["line"].as_u64().unwrap_or(0)));
    let verdict = advice["verdict"].as_str().unwrap_or("");
    if case.verdict.as_ref().is_some_and(|expected| expected != verdict) || suggestion != case.suggestion {
        return Err(format!(
            "expected {:?} and {:?}, found\n{advice:#}",
            case.verdict.as_deref().unwrap_or("any verdict"),
            case.suggestion
        ));
    }
    // Either there is something to do, or it is said why not.
    if suggestion.is_some() == advice["nothing"].is_string() {
        return Err(format!("{advice:#}"));
    }
    Ok(())
}

/// What the table of gains compares must do the same.
#[test]
fn scripts_that_follow_the_advice_print_the_same() {
    let executable = executable::build().unwrap_or_else(|problem| panic!("{problem}"));
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = advice::Data::new(folder.path()).expect("reads can be written");
    for case in advice::cases().expect("the cases can be read") {
        let Some(better) = &case.better else {
            assert!(case.suggestion.is_none(), "{} has no better version", case.name);
            continue;
        };
        let output = |script: &Path| {
            let output = advice::run(&executable, script, &data).output().expect("it runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        let printed = output(&case.script);
        assert!(!printed.is_empty(), "{}", case.name);
        assert_eq!(printed, output(better), "{}", case.name);
    }
}
