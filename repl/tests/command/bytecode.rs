//! Bytecode files: written, run, listed, damaged.

use crate::support::Folder;

const SCRIPT: &str = "\
## Twice the number.
fn double(n) { n * 2 }
let words = [\"a\", \"b\"] |> map(|w| upper(w))
println(words)
println(double(21))
println(dna\"ACGT\")
println({gc: 0.5, id: \"r1\"})
double(nil)
";
const OUTPUT: &str = "[A, B]\n42\nACGT\n{gc: 0.5, id: r1}\n";

#[test]
fn a_compiled_script_runs_like_its_source() {
    let folder = Folder::new();
    folder.file("qc.bl", SCRIPT);
    assert_eq!(folder.run(&["compile", "qc.bl"]).succeeded(), "");
    assert_eq!(folder.names(), ["qc.bl", "qc.blc"]);
    let from_source = folder.run(&["run", "qc.bl"]);
    assert_eq!(from_source.output, OUTPUT);
    assert!(from_source.failed(1).contains("at line 2, column 18 (qc.bl)"), "{from_source:?}");
    assert_eq!(folder.run(&["exec", "qc.blc"]), from_source);
}

#[test]
fn documentation_survives_compilation() {
    let script = "\
## Twice the number.
fn double(n) { n * 2 }
## A read.
struct Read { id }
println(help(double) + \"; \" + help(\"double\") + \"; \" + help(\"Read\") + \"; \" + help(Read))
";
    let folder = Folder::new();
    folder.file("docs.bl", script);
    let double = "fn double(n)\n\nTwice the number.; ";
    let expected = format!("{double}{double}struct Read {{ id }}\n\nA read.; struct Read(id)\n\nA read.\n");
    assert_eq!(folder.run(&["run", "docs.bl"]).succeeded(), expected);
    for options in [&["compile", "docs.bl"][..], &["compile", "--strip", "docs.bl"]] {
        folder.run(options).succeeded();
        assert_eq!(folder.run(&["exec", "docs.blc"]).succeeded(), expected);
    }
}

#[test]
fn a_stripped_file_is_smaller_and_still_runs() {
    let folder = Folder::new();
    folder.file("qc.bl", SCRIPT);
    folder.run(&["compile", "qc.bl", "-o", "full.blc"]).succeeded();
    folder.run(&["compile", "--strip", "-o", "small.blc", "qc.bl"]).succeeded();
    assert!(folder.read("small.blc").len() < folder.read("full.blc").len());
    let outcome = folder.run(&["exec", "small.blc"]);
    assert_eq!(outcome.output, OUTPUT);
    assert!(outcome.failed(1).starts_with("TypeError: "), "{outcome:?}");
    assert!(!outcome.messages.contains("at line"), "{outcome:?}");
}

#[test]
fn arguments_reach_the_compiled_script() {
    let folder = Folder::new();
    folder.file("args.bl", "println(args())");
    folder.run(&["compile", "args.bl"]).succeeded();
    assert_eq!(folder.run(&["exec", "args.blc", "-x", "--time", "y"]).succeeded(), "[-x, --time, y]\n");
    assert_eq!(folder.run(&["exec", "args.blc"]).succeeded(), "[]\n");
}

#[test]
fn scripts_and_bytecode_files_are_not_confused() {
    let folder = Folder::new();
    folder.file("qc.bl", "println(1)");
    folder.run(&["compile", "qc.bl"]).succeeded();
    let source_to_exec = folder.run(&["exec", "qc.bl"]);
    assert!(source_to_exec.failed(1).ends_with("hint: run it with: biovm run qc.bl\n"), "{source_to_exec:?}");
    for command in ["run", "check", "ast", "tokens", "compile"] {
        let outcome = folder.run(&[command, "qc.blc", "-o", "x"][..if command == "compile" { 4 } else { 2 }]);
        assert!(outcome.failed(1).ends_with("hint: run it with: biovm exec qc.blc\n"), "{outcome:?}");
    }
    folder.file("noise.blc", [0, 159, 146, 150]);
    let noise = folder.run(&["exec", "noise.blc"]);
    assert_eq!(noise.failed(1), "FormatError: noise.blc: not a biovm bytecode file\n");
}

#[test]
fn a_listing_shows_instructions_between_source_lines() {
    let folder = Folder::new();
    folder.file("qc.bl", SCRIPT);
    folder.run(&["compile", "qc.bl"]).succeeded();
    let from_file = folder.run(&["disasm", "qc.blc"]);
    let listing = from_file.succeeded();
    assert!(listing.contains("double(n)") && listing.contains("; 5: println(double(21))"), "{listing}");
    assert_eq!(folder.run(&["disasm", "qc.bl"]).succeeded(), listing);
}

#[test]
fn no_damaged_file_is_run() {
    let folder = Folder::new();
    folder.file("qc.bl", SCRIPT);
    folder.run(&["compile", "qc.bl"]).succeeded();
    let intact = folder.read("qc.blc");
    // Each position would take long in processes; the loader itself is tested more closely in its own crate.
    let step = (intact.len() / 24).max(1);
    for position in (0..intact.len()).step_by(step) {
        let mut damaged = intact.clone();
        damaged[position] ^= 0x11;
        folder.file("damaged.blc", damaged);
        for command in ["exec", "disasm"] {
            let outcome = folder.run(&[command, "damaged.blc"]);
            assert!(outcome.failed(1).contains("damaged.blc"), "byte {position}: {outcome:?}");
            assert_eq!(outcome.output, "", "byte {position}");
        }
    }
    for length in [0, 5, 7, 12, 30, intact.len() - 1] {
        folder.file("cut.blc", &intact[..length]);
        let outcome = folder.run(&["exec", "cut.blc"]);
        assert!(outcome.failed(1).contains("cut.blc"), "{length} bytes: {outcome:?}");
    }
}

#[test]
fn a_file_of_another_version_is_refused() {
    let folder = Folder::new();
    folder.file("qc.bl", "println(1)");
    folder.run(&["compile", "qc.bl"]).succeeded();
    let mut other = folder.read("qc.blc");
    other[6] = other[6].wrapping_add(1);
    folder.file("other.blc", other);
    let outcome = folder.run(&["exec", "other.blc"]);
    let report = outcome.failed(1);
    assert!(report.contains("version") && report.contains("compile the script again"), "{report}");
}

#[test]
fn nothing_half_written_is_left() {
    let folder = Folder::new();
    folder.file("good.bl", "println(1)");
    folder.file("bad.bl", "let x = (");
    folder.file("out.blc", "precious");
    assert!(!folder.run(&["compile", "bad.bl", "-o", "out.blc"]).failed(1).is_empty());
    assert_eq!(folder.read("out.blc"), b"precious");
    folder.run(&["compile", "bad.bl"]).failed(1);
    folder.run(&["compile", "missing.bl"]).failed(1);
    let outcome = folder.run(&["compile", "good.bl", "-o", "no/such/folder/x.blc"]);
    assert!(outcome.failed(1).starts_with("IOError: cannot write no/such/folder/x.blc: "), "{outcome:?}");
    std::fs::create_dir(folder.path().join("folder")).expect("a folder");
    folder.run(&["compile", "good.bl", "-o", "folder"]).failed(1);
    folder.run(&["compile", "good.bl", "-o", "good.bl"]).failed(2);
    folder.run(&["compile", "good.bl", "-o", "./good.bl"]).failed(2);
    assert_eq!(folder.read("good.bl"), b"println(1)");
    assert_eq!(folder.names(), ["bad.bl", "folder", "good.bl", "out.blc"]);
}

#[test]
fn a_script_can_come_from_standard_input() {
    let folder = Folder::new();
    folder.run_with_input(&["compile", "-", "-o", "piped.blc"], "println(7)").succeeded();
    assert_eq!(folder.run(&["exec", "piped.blc"]).succeeded(), "7\n");
}

#[cfg(unix)]
#[test]
fn a_bytecode_file_is_as_public_as_any_other() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let source = folder.file("qc.bl", "println(1)");
    folder.run(&["compile", "qc.bl"]).succeeded();
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("qc.blc")), mode(&source));
}
