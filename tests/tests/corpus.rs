//! Every input that fuzzing has kept goes the way of its target once more; a panic says what is wrong.

use biovm_tests::fuzzing::TARGETS;
use std::panic;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

/// Programs of damaged files may nest calls of builtins, as the command's large stack allows.
const STACK_SIZE: usize = 64 << 20;
/// Inputs are small, so one that takes this long does something that grows too fast.
const MOST_TIME: Duration = Duration::from_secs(10);

#[test]
fn the_corpus_of_every_target_passes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for (target, check) in TARGETS {
        let inputs = inputs(&root.join(target)).expect("the corpus can be read");
        assert!(!inputs.is_empty(), "no corpus for {target}");
        for path in inputs {
            let bytes = fs::read(&path).expect("an input");
            let name = path.display();
            let start = Instant::now();
            let thread = thread::Builder::new().stack_size(STACK_SIZE).spawn(move || check(&bytes));
            if let Err(reason) = thread.expect("a thread").join() {
                eprintln!("{target} fails on {name}");
                panic::resume_unwind(reason);
            }
            assert!(start.elapsed() < MOST_TIME, "{target} takes {:?} on {name}", start.elapsed());
        }
    }
}

fn inputs(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}
