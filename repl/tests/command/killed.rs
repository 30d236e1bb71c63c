//! Processes that are killed while they write.
#![cfg(unix)]

use crate::support::{Folder, start};
use std::io::{BufRead, BufReader};

/// Writes without end, and says when there is something to lose.
const ENDLESS: &str = r#"
fn* reads() {
  let number = 0
  while true {
    number += 1
    if number == 20000 { println("x" * 100000) }
    yield {id: "read" + str(number), seq: "ACGTACGTAC", quality: "IIIIIIIIII"}
  }
}
reads() |> write_fastq(args()[0])
"#;

fn kill_while_writing(folder: &Folder, path: &str) {
    folder.file("endless.bl", ENDLESS);
    let mut child = start(folder.command(&["run", "endless.bl", path]));
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = Vec::new();
    output.read_until(b'x', &mut line).expect("bytes");
    assert_eq!(line, b"x");
    // SIGKILL, which nobody can do anything about.
    child.kill().expect("it runs");
    child.wait().expect("an end");
}

#[test]
fn a_write_that_is_killed_leaves_nothing_behind() {
    for path in ["out.fq", "out.fq.gz", "out.fq.zst"] {
        let folder = Folder::new();
        kill_while_writing(&folder, path);
        // Other systems know no files without names, and so do some file systems: there it is a hidden one.
        let names: Vec<_> = folder.names().into_iter().filter(|name| !name.ends_with(".part")).collect();
        assert_eq!(names, ["endless.bl"], "{path}");
        if cfg!(target_os = "linux") && knows_files_without_names(&folder) {
            assert_eq!(folder.names(), ["endless.bl"], "{path}");
        }
    }
}

#[test]
fn what_a_killed_write_would_have_replaced_stays() {
    let folder = Folder::new();
    folder.file("out.fq", "before");
    kill_while_writing(&folder, "out.fq");
    assert_eq!(folder.read("out.fq"), b"before");
}

/// Whether the file system of the folder knows files without names. So do those that are usual for temporary files on Linux.
fn knows_files_without_names(folder: &Folder) -> bool {
    let output = std::process::Command::new("stat").args(["-f", "-c", "%T"]).arg(folder.path()).output();
    let kind = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    kind.is_ok_and(|kind| matches!(kind.as_str(), "ext2/ext3" | "tmpfs" | "xfs" | "btrfs"))
}
